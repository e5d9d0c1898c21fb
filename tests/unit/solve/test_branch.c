/* Where branches cross, and where the other one leads. */
#include "unit.h"

#include "games.h"

#include "solve/certificate.h"
#include "solve/solver.h"

#include <math.h>

enum { MOST = 16, SLOTS_MOST = 400 };

typedef struct crossings {
  uint32_t n, n_slots, turns;
  double k[MOST];
  double log_p[MOST][SLOTS_MOST];
  double direction[MOST][SLOTS_MOST];
} crossings;

static bool note(void *data, const dm_path_point *point)
{
  crossings *c = data;
  c->turns += point->kind == DM_POINT_TURN;
  if (point->kind != DM_POINT_BRANCH || c->n == MOST)
    return true;
  ASSERT_NOT_NULL(point->direction);
  double length = 0.0;
  for (uint32_t i = 0; i < c->n_slots; i++) {
    c->log_p[c->n][i] = point->log_p[i];
    c->direction[c->n][i] = point->direction[i];
    length += point->direction[i] * point->direction[i];
  }
  ASSERT_NEAR(length, 1.0, 1e-12);
  c->k[c->n++] = point->k;
  return true;
}

static dm_solve_result principal(
    const dm_game *game, double k_end, crossings *c, double *log_p)
{
  dm_sweep *sweep = dm_sweep_new(game);
  ASSERT_TRUE(game->n_slots <= SLOTS_MOST);
  c->n_slots = game->n_slots;
  dm_solve_options options = dm_solve_defaults();
  options.k_end = k_end;
  options.point = note;
  options.point_data = c;
  dm_solve_result result;
  ASSERT_OK(dm_solve_logit(sweep, &options, log_p, &result));
  dm_sweep_free(sweep);
  return result;
}

/* Follows crossing i to the side of `sign`; the certificate must agree. */
static void other(
    const dm_game *game, const crossings *c, uint32_t i, double sign,
    double k_end, double *p)
{
  dm_sweep *sweep = dm_sweep_new(game);
  double log_p[SLOTS_MOST];
  dm_path_point from = {
      .kind = DM_POINT_BRANCH,
      .k = c->k[i],
      .log_p = c->log_p[i],
      .direction = c->direction[i]};
  dm_solve_options options = dm_solve_defaults();
  options.k_end = k_end;
  dm_solve_result result;
  ASSERT_OK(dm_solve_branch(sweep, &options, &from, sign, log_p, &result));
  ASSERT_STR(dm_verdict_text(result.verdict), "solved");
  ASSERT_SAME_BITS(result.k, k_end);
  dm_certificate cert;
  ASSERT_OK(
      dm_certificate_verify(game, dm_sweep_cells(sweep), log_p, k_end, &cert));
  ASSERT_TRUE(cert.residual < 1e-9);
  dm_certificate_clear(&cert);
  for (uint32_t s = 0; s < game->n_slots; s++)
    p[s] = exp(log_p[s]);
  dm_sweep_free(sweep);
}

/* p = logistic(k (1 - 10 p)) and 10 k p (1 - p) = 1 together. */
static double pitchfork_of_chicken(double *p_out)
{
  double low = 0.2, high = 0.5;
  for (int i = 0; i < 200; i++) {
    double p = 0.5 * (low + high);
    double k = 1.0 / (10.0 * p * (1.0 - p));
    if (p < 1.0 / (1.0 + exp(-k * (1.0 - 10.0 * p))))
      low = p;
    else
      high = p;
  }
  *p_out = low;
  return 1.0 / (10.0 * low * (1.0 - low));
}

TEST(chicken_is_left_by_two_branches)
{
  dm_game game;
  game_chicken(&game);
  double log_p[4], p[4], q[4], p_stand;
  crossings c = {0};
  ASSERT_INT(principal(&game, 2.0, &c, log_p).verdict, DM_SOLVED);
  ASSERT_UINT(c.n, 1);
  ASSERT_NEAR(c.k[0], pitchfork_of_chicken(&p_stand), 1e-8);
  ASSERT_NEAR(c.k[0], 0.489181791, 1e-8);
  ASSERT_NEAR(exp(c.log_p[0][1]), p_stand, 1e-8);
  /* The answer itself stays symmetric; the direction is not. */
  ASSERT_NEAR(log_p[1], log_p[3], 1e-9);
  ASSERT_NEAR(c.direction[0][0], -c.direction[0][2], 1e-6);
  other(&game, &c, 0, 1.0, 2.0, p);
  other(&game, &c, 0, -1.0, 2.0, q);
  ASSERT_NEAR(fmin(p[1], p[3]), 1.6522877873845427e-07, 1e-12);
  ASSERT_NEAR(p[1], q[3], 1e-9);
  ASSERT_NEAR(p[3], q[1], 1e-9);
  ASSERT_TRUE(fabs(p[1] - p[3]) > 0.8);
  dm_game_clear(&game);
}

/* Three alike: two eigenvalues vanish at once, so that no determinant changes
 * its sign. */
TEST(a_crossing_of_more_than_two_branches)
{
  tree *t = tree_new(3, 8);
  uint32_t set[3];
  for (uint32_t a = 0; a < 3; a++)
    set[a] = tree_set(t, a, 2, 1.0);
  uint32_t root = tree_move(t, set[0]);
  for (uint32_t i = 0; i < 2; i++) {
    uint32_t second = tree_move(t, set[1]);
    tree_edge(t, root, second, 0.0, NULL);
    for (uint32_t j = 0; j < 2; j++) {
      uint32_t third = tree_move(t, set[2]);
      tree_edge(t, second, third, 0.0, NULL);
      for (uint32_t m = 0; m < 2; m++) {
        uint32_t stand[3] = {i, j, m};
        double pay[3];
        for (int a = 0; a < 3; a++)
          pay[a] = !stand[a] ? 0.0 : i + j + m == 1 ? 2.0 : -6.0;
        tree_leaf(t, third, 4 * i + 2 * j + m, 0.0, pay);
      }
    }
  }
  dm_game game;
  tree_finish(t, &game, NULL);
  double log_p[6];
  crossings c = {0};
  ASSERT_INT(principal(&game, 6.0, &c, log_p).verdict, DM_SOLVED);
  ASSERT_TRUE(c.n >= 1);
  /* On the symmetric branch p = logistic(k u), u = 2 r - 6 (1 - r) with
   * r = (1 - p)^2; it is crossed where k p (1 - p) du/dp_other = 1. */
  double p = exp(c.log_p[0][1]);
  double u = 8.0 * (1.0 - p) * (1.0 - p) - 6.0;
  ASSERT_NEAR(p, 1.0 / (1.0 + exp(-c.k[0] * u)), 1e-6);
  ASSERT_NEAR(c.k[0] * p * (1.0 - p) * 8.0 * (1.0 - p), 1.0, 1e-6);
  dm_game_clear(&game);
}

/* Forty games at once, of which one is chicken: too many unknowns for a matrix. */
TEST(a_crossing_in_a_large_game)
{
  tree *t = tree_new(2, 1);
  uint32_t root = tree_chance(t);
  for (int g = 0; g < 40; g++) {
    double pay[4][2] = {{0, 0}, {-1, 1}, {1, -1}, {-10, -10}};
    /* The others: to stand is a loss whatever the other does. */
    if (g != 17)
      for (int i = 0; i < 4; i++)
        for (int a = 0; a < 2; a++)
          pay[i][a] = a == 0 ? -(i / 2) * (1.0 + 0.01 * g) : -(i % 2);
    uint32_t row = tree_set(t, 0, 2, 1.0);
    uint32_t column = tree_set(t, 1, 2, 1.0);
    uint32_t first = tree_move(t, row);
    tree_edge(t, root, first, 1.0 / 40.0, NULL);
    for (int i = 0; i < 2; i++) {
      uint32_t n = tree_move(t, column);
      tree_edge(t, first, n, 0.0, NULL);
      for (int j = 0; j < 2; j++)
        tree_leaf(t, n, 0, 0.0, pay[2 * i + j]);
    }
  }
  dm_game game;
  tree_finish(t, &game, NULL);
  double *log_p = calloc(game.n_slots, sizeof *log_p);
  double *p = calloc(game.n_slots, sizeof *p);
  double p_stand;
  static crossings c;
  c = (crossings){0};
  ASSERT_INT(principal(&game, 2.0, &c, log_p).verdict, DM_SOLVED);
  ASSERT_UINT(c.n, 1);
  ASSERT_NEAR(c.k[0], pitchfork_of_chicken(&p_stand), 1e-6);
  other(&game, &c, 0, 1.0, 2.0, p);
  ASSERT_NEAR(fmin(p[69], p[71]), 1.6522877873845427e-07, 1e-11);
  free(log_p);
  free(p);
  dm_game_clear(&game);
}

/* A game without symmetry has none. */
TEST(no_crossing_is_made_up)
{
  dm_game game;
  game_horse(&game);
  double log_p[6];
  crossings c = {0};
  ASSERT_INT(principal(&game, 1000.0, &c, log_p).verdict, DM_SOLVED);
  ASSERT_UINT(c.n, 0);
  dm_game_clear(&game);
}

TEST(a_branch_needs_a_direction)
{
  dm_game game;
  game_chicken(&game);
  dm_sweep *sweep = dm_sweep_new(&game);
  dm_solve_options options = dm_solve_defaults();
  double log_p[4] = {0};
  dm_path_point from = {.k = 1.0, .log_p = log_p};
  dm_solve_result result;
  ASSERT_STATUS(
      dm_solve_branch(sweep, &options, &from, 1.0, log_p, &result), DM_E_RANGE);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
}

TEST_MAIN(
    CASE(chicken_is_left_by_two_branches),
    CASE(a_crossing_of_more_than_two_branches),
    CASE(a_crossing_in_a_large_game), CASE(no_crossing_is_made_up),
    CASE(a_branch_needs_a_direction))
