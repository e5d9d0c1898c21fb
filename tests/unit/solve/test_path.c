/* Curves of equilibria: what is met on them, where they lead. */
#include "unit.h"

#include "games.h"
#include "random_game.h"

#include "solve/certificate.h"
#include "solve/solver.h"

#include <math.h>

enum { SEEN_MOST = 64, SLOTS_MOST = 64 };

typedef struct seen {
  uint32_t n, n_slots;
  dm_path_point at[SEEN_MOST];
  double p[SEEN_MOST][SLOTS_MOST];
  uint32_t calls, stop_after; /* 0: never */
} seen;

static bool note(void *data, const dm_path_point *point)
{
  seen *s = data;
  s->calls++;
  if (point->kind != DM_POINT_STEP && s->n < SEEN_MOST) {
    s->at[s->n] = *point;
    for (uint32_t i = 0; i < s->n_slots; i++)
      s->p[s->n][i] = exp(point->log_p[i]);
    s->n++;
  }
  return s->stop_after == 0 || s->calls < s->stop_after;
}

/* One solve with everything noted. */
static dm_solve_result run(
    const dm_game *game, dm_solve_options options, seen *s, double *log_p)
{
  dm_sweep *sweep = dm_sweep_new(game);
  ASSERT_NOT_NULL(sweep);
  s->n_slots = game->n_slots;
  ASSERT_TRUE(game->n_slots <= SLOTS_MOST);
  options.point = note;
  options.point_data = s;
  dm_solve_result result;
  ASSERT_OK(dm_solve_logit(sweep, &options, log_p, &result));
  dm_sweep_free(sweep);
  return result;
}

/* ---- from a start --------------------------------------------------------- */

/* P(stand) of both in the equilibria of chicken at k = 2: solutions of
 * a = f(f(a)), f(x) = logistic(2 (1 - 10 x)), by bisection between sign changes. */
static double reply(double x)
{
  return 1.0 / (1.0 + exp(-2.0 * (1.0 - 10.0 * x)));
}

static uint32_t chicken_at_2(double root[8])
{
  uint32_t n = 0;
  const int cells = 4001;
  for (int i = 0; i < cells; i++) {
    double low = (double)i / cells;
    double high = (double)(i + 1) / cells;
    double sign = low - reply(reply(low));
    if (!(sign * (high - reply(reply(high))) <= 0.0))
      continue;
    for (int j = 0; j < 100; j++) {
      double middle = 0.5 * (low + high);
      if (sign * (middle - reply(reply(middle))) > 0.0)
        low = middle;
      else
        high = middle;
    }
    root[n++] = low;
  }
  return n;
}

TEST(three_equilibria_of_chicken_from_three_starts)
{
  dm_game game;
  game_chicken(&game);
  double root[8];
  ASSERT_UINT(chicken_at_2(root), 3);
  const double start[3][2] = {{0.02, 0.9}, {0.2, 0.21}, {0.9, 0.02}};
  for (int i = 0; i < 3; i++) {
    double from[4], log_p[4];
    for (int a = 0; a < 2; a++) {
      from[2 * a] = log(1.0 - start[i][a]);
      from[2 * a + 1] = log(start[i][a]);
    }
    dm_solve_options options = dm_solve_defaults();
    options.homotopy = DM_FROM_START;
    options.start_log_p = from;
    options.k_end = 2.0;
    seen s = {0};
    dm_solve_result result = run(&game, options, &s, log_p);
    ASSERT_INT(result.verdict, DM_SOLVED);
    ASSERT_SAME_BITS(result.k, 2.0);
    ASSERT_TRUE(result.residual <= 1e-10);
    ASSERT_NEAR(exp(log_p[1]), root[i], 1e-9);
    ASSERT_NEAR(exp(log_p[3]), reply(root[i]), 1e-9);
    ASSERT_UINT(s.n, 1);
    ASSERT_INT(s.at[0].kind, DM_POINT_END);
  }
  dm_game_clear(&game);
}

/* One curve through all three: the number of crossings is odd. */
TEST(one_start_goes_on_through_all_crossings)
{
  dm_game game;
  game_chicken(&game);
  double root[8];
  (void)chicken_at_2(root);
  /* Both stand with 0.5: by symmetry the curve is symmetric; off it, it is
   * not. */
  const double from[4] = {log(0.5), log(0.5), log(0.45), log(0.55)};
  double log_p[4];
  dm_solve_options options = dm_solve_defaults();
  options.homotopy = DM_FROM_START;
  options.start_log_p = from;
  options.k_end = 2.0;
  options.most_crossings = 9;
  seen s = {0};
  dm_solve_result result = run(&game, options, &s, log_p);
  ASSERT_INT(result.verdict, DM_SOLVED);
  ASSERT_TRUE(s.n % 2 == 1);
  for (uint32_t i = 0; i < s.n; i++) {
    ASSERT_INT(s.at[i].kind, DM_POINT_AT);
    ASSERT_TRUE(s.at[i].residual <= 1e-10);
    double least = 1.0;
    for (int j = 0; j < 3; j++)
      least = fmin(least, fabs(s.p[i][1] - root[j]));
    ASSERT_TRUE(least < 1e-9);
  }
  ASSERT_NEAR(exp(log_p[1]), s.p[s.n - 1][1], 1e-15);
  dm_game_clear(&game);
}

TEST(a_start_that_is_an_equilibrium_is_the_answer)
{
  dm_game game;
  game_horse(&game);
  double log_p[6], again[6];
  dm_solve_options options = dm_solve_defaults();
  options.k_end = 3.0;
  seen s = {0};
  ASSERT_INT(run(&game, options, &s, log_p).verdict, DM_SOLVED);
  options.homotopy = DM_FROM_START;
  options.start_log_p = log_p;
  seen t = {0};
  dm_solve_result result = run(&game, options, &t, again);
  ASSERT_INT(result.verdict, DM_SOLVED);
  ASSERT_NEAR_ARRAY(again, log_p, 6, 1e-9);
  dm_game_clear(&game);
}

TEST(random_starts_reach_certified_equilibria)
{
  int solved = 0;
  for (uint64_t seed = 1; seed <= 20; seed++) {
    random_game_options o = {
        .seed = seed,
        .players = 1 + (uint32_t)(seed % 3),
        .layers = 5,
        .width = 6,
        .payoff = 3.0};
    dm_game game;
    random_game(&o, &game);
    double from[SLOTS_MOST] = {0}, log_p[SLOTS_MOST];
    ASSERT_TRUE(game.n_slots <= SLOTS_MOST);
    uint64_t bits = seed * 977u + 1u;
    for (uint32_t i = 0; i < game.n_slots; i++) {
      bits = bits * UINT64_C(6364136223846793005) + 1442695040888963407u;
      from[i] = 8.0 * (double)(bits >> 11) * 0x1p-53;
    }
    dm_solve_options options = dm_solve_defaults();
    options.homotopy = DM_FROM_START;
    options.start_log_p = from;
    options.k_end = 4.0;
    seen s = {0};
    dm_solve_result result = run(&game, options, &s, log_p);
    if (result.verdict != DM_SOLVED) {
      /* A ring that does not cross t = 1. */
      ASSERT_TRUE(result.steps < options.max_steps);

      ASSERT_UINT(s.n, 0);
      dm_game_clear(&game);
      continue;
    }
    solved++;
    double *cell = calloc(game.n_cells, sizeof *cell);
    dm_cells_run(&game, game.param_base, cell);
    dm_certificate c;
    ASSERT_OK(dm_certificate_verify(&game, cell, log_p, 4.0, &c));
    ASSERT_TRUE(c.residual < 1e-9);
    dm_certificate_clear(&c);
    free(cell);
    dm_game_clear(&game);
  }
  ASSERT_TRUE(solved >= 12);
}

TEST(a_homotopy_needs_a_start)
{
  dm_game game;
  game_chicken(&game);
  dm_sweep *sweep = dm_sweep_new(&game);
  dm_solve_options options = dm_solve_defaults();
  options.homotopy = DM_FROM_START;
  double log_p[4];
  dm_solve_result result;
  ASSERT_STATUS(dm_solve_logit(sweep, &options, log_p, &result), DM_E_RANGE);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
}

/* ---- floors ---------------------------------------------------------------- */

/* Chicken with least probabilities, solved by bisection on the symmetric line:
 * p = (1 - 2 e) logistic(k (1 - 10 p)) + e. */
TEST(floors_of_a_symmetric_game)
{
  dm_game game;
  game_chicken(&game);
  const double e = 0.03, k = 0.4;
  const double floor[4] = {e, e, e, e};
  double log_p[4];
  dm_solve_options options = dm_solve_defaults();
  options.k_end = k;
  options.floor = floor;
  seen s = {0};
  dm_solve_result result = run(&game, options, &s, log_p);
  ASSERT_INT(result.verdict, DM_SOLVED);
  double low = 0.0, high = 1.0;
  for (int i = 0; i < 200; i++) {
    double p = 0.5 * (low + high);
    double want = (1.0 - 2.0 * e) / (1.0 + exp(-k * (1.0 - 10.0 * p))) + e;
    if (p < want)
      low = p;
    else
      high = p;
  }
  ASSERT_NEAR(exp(log_p[1]), low, 1e-9);
  ASSERT_NEAR(exp(log_p[3]), low, 1e-9);
  dm_game_clear(&game);
}

/* The horse with trembles of different sizes, against a fixed point by plain
 * iteration on the three probabilities, with beliefs by hand. */
TEST(floors_shape_beliefs_off_the_path)
{
  dm_game game;
  game_horse(&game);
  const double k = 1.5;
  const double floor[6] = {0.0, 0.1, 0.02, 0.01, 1e-9, 0.2};
  double q[3] = {0.5, 0.5, 0.5}; /* first option of each, with floors */
  for (int it = 0; it < 20000; it++) {
    double d3 = q[0] * (1.0 - q[1]); /* the left node of player 3 */
    double d1 = 1.0 - q[0];
    double left = d3 / (d3 + d1);
    double u1 = q[1] * 1.0 + (1.0 - q[1]) * q[2] * 4.0 - q[2] * 3.0;
    double u2 = 1.0 - q[2] * 4.0;
    double u3 = (1.0 - left) * 2.0 - left;
    double u[3] = {u1, u2, u3};
    for (int a = 0; a < 3; a++) {
      double rest = 1.0 - floor[2 * a] - floor[2 * a + 1];
      double want = rest / (1.0 + exp(-k * u[a])) + floor[2 * a];
      q[a] += 0.05 * (want - q[a]);
    }
  }
  double log_p[6];
  dm_solve_options options = dm_solve_defaults();
  options.k_end = k;
  options.floor = floor;
  seen s = {0};
  dm_solve_result result = run(&game, options, &s, log_p);
  ASSERT_INT(result.verdict, DM_SOLVED);
  for (int a = 0; a < 3; a++) {
    ASSERT_NEAR(exp(log_p[2 * a]), q[a], 1e-8);
    ASSERT_NEAR(exp(log_p[2 * a]) + exp(log_p[2 * a + 1]), 1.0, 1e-14);
  }
  dm_game_clear(&game);
}

/* Far below rounding of 1, and with an option that is never wanted. */
TEST(a_tiny_floor_is_kept)
{
  tree *t = tree_new(1, 1);
  uint32_t root = tree_move(t, tree_set(t, 0, 2, 1.0));
  tree_leaf(t, root, 0, 0.0, (double[]){1.0});
  tree_leaf(t, root, 0, 0.0, (double[]){0.0});
  dm_game game;
  tree_finish(t, &game, NULL);
  const double floor[2] = {0.0, 1e-200};
  double log_p[2];
  dm_solve_options options = dm_solve_defaults();
  options.k_end = 5000.0;
  options.floor = floor;
  seen s = {0};
  ASSERT_INT(run(&game, options, &s, log_p).verdict, DM_SOLVED);
  ASSERT_NEAR(log_p[1], log(1e-200), 1e-12);
  ASSERT_NEAR(log_p[0], 0.0, 1e-15);
  const double wrong[2] = {0.5, 0.5};
  options.floor = wrong;
  dm_sweep *sweep = dm_sweep_new(&game);
  dm_solve_result result;
  ASSERT_STATUS(dm_solve_logit(sweep, &options, log_p, &result), DM_E_RANGE);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
}

/* ---- on the way ------------------------------------------------------------ */

TEST(lands_wherever_it_is_asked_to)
{
  dm_game game;
  game_horse(&game);
  const double at[4] = {0.0, 0.5, 0.5, 3.75};
  double log_p[6], alone[6];
  dm_solve_options options = dm_solve_defaults();
  options.k_end = 9.0;
  options.at = at;
  options.n_at = 4;
  seen s = {0};
  ASSERT_INT(run(&game, options, &s, log_p).verdict, DM_SOLVED);
  ASSERT_UINT(s.n, 4);
  const double want[4] = {0.0, 0.5, 3.75, 9.0};
  for (uint32_t i = 0; i < s.n; i++) {
    ASSERT_INT(s.at[i].kind, i == 3 ? DM_POINT_END : DM_POINT_AT);
    ASSERT_SAME_BITS(s.at[i].k, want[i]);
    ASSERT_TRUE(s.at[i].residual <= 1e-10);
    dm_solve_options one = dm_solve_defaults();
    one.k_end = want[i];
    seen t = {0};
    ASSERT_INT(run(&game, one, &t, alone).verdict, DM_SOLVED);
    for (int j = 0; j < 6; j++)
      ASSERT_NEAR(s.p[i][j], exp(alone[j]), 1e-9);
  }
  const double wrong[2] = {1.0, 0.5};
  options.at = wrong;
  options.n_at = 2;
  dm_sweep *sweep = dm_sweep_new(&game);
  dm_solve_result result;
  ASSERT_STATUS(dm_solve_logit(sweep, &options, log_p, &result), DM_E_RANGE);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
}

TEST(whoever_is_told_may_stop_the_walk)
{
  dm_game game;
  game_horse(&game);
  double log_p[6];
  dm_solve_options options = dm_solve_defaults();
  options.k_end = 100.0;
  seen s = {.stop_after = 3};
  dm_solve_result result = run(&game, options, &s, log_p);
  ASSERT_INT(result.verdict, DM_STOPPED);
  ASSERT_UINT(s.calls, 3);
  ASSERT_TRUE(result.k > 0.0 && result.k < 100.0);
  ASSERT_TRUE(result.residual < 1e-3);
  dm_game_clear(&game);
}

/* P(first) of the row player in a coordination game, from its own odds. */
static double there_and_back(double k, double p)
{
  double q = 1.0 / (1.0 + exp(3.0 * k * (1.0 - p)));
  return 1.0 / (1.0 + exp(-k * (7.5 * q - 2.0 * (1.0 - q))));
}

static int count_equilibria(double k)
{
  int n = 0;
  const int cells = 200000;
  double before = -there_and_back(k, 0.0);
  for (int i = 1; i <= cells; i++) {
    double p = (double)i / cells;
    double now = p - there_and_back(k, p);
    n += before < 0.0 ? now >= 0.0 : now < 0.0;
    before = now;
  }
  return n;
}

/* Between two folds there are three equilibria, outside one. */
TEST(a_branch_that_turns_back_and_forth)
{
  double pay[4][2] = {{7.5, 0}, {0, 0}, {0, 0}, {2, 3}};
  dm_game game;
  game_matrix(&game, pay);
  double log_p[4];
  dm_solve_options options = dm_solve_defaults();
  options.k_end = 2.0;
  seen s = {0};
  ASSERT_INT(run(&game, options, &s, log_p).verdict, DM_SOLVED);
  ASSERT_UINT(s.n, 3);
  ASSERT_INT(s.at[0].kind, DM_POINT_TURN);
  ASSERT_INT(s.at[1].kind, DM_POINT_TURN);
  double late = s.at[0].k;
  double early = s.at[1].k;
  ASSERT_TRUE(early < late);
  ASSERT_INT(count_equilibria(early - 1e-6), 1);
  ASSERT_INT(count_equilibria(early + 1e-6), 3);
  ASSERT_INT(count_equilibria(late - 1e-6), 3);
  ASSERT_INT(count_equilibria(late + 1e-6), 1);
  dm_game_clear(&game);
}

/* ---- the limit --------------------------------------------------------------- */

static double certified_regret(const dm_game *game, const double *log_p)
{
  double *cell = calloc(game->n_cells, sizeof *cell);
  dm_cells_run(game, game->param_base, cell);
  dm_certificate c;
  ASSERT_OK(dm_certificate_verify(game, cell, log_p, 1.0, &c));
  double most = 0.0;
  for (uint32_t a = 0; a < game->n_players; a++)
    most = fmax(most, c.regret[a]);
  dm_certificate_clear(&c);
  free(cell);
  return most;
}

TEST(the_horse_to_the_limit)
{
  dm_game game;
  game_horse(&game);
  const double tols[3] = {1e-3, 4e-8, 4e-10};
  double k_before = 0.0;
  for (int i = 0; i < 3; i++) {
    double log_p[6];
    dm_solve_options options = dm_solve_defaults();
    options.limit = true;
    options.k_end = 1e15;
    options.tol_regret = tols[i];
    seen s = {0};
    dm_solve_result result = run(&game, options, &s, log_p);
    ASSERT_INT(result.verdict, DM_SOLVED);
    ASSERT_TRUE(result.k > k_before);
    k_before = result.k;
    ASSERT_INT(s.at[s.n - 1].kind, DM_POINT_END);
    ASSERT_TRUE(s.at[s.n - 1].regret <= tols[i]);
    ASSERT_TRUE(certified_regret(&game, log_p) <= 1.01 * tols[i]);
    ASSERT_TRUE(exp(log_p[0]) > 0.99 && exp(log_p[2]) > 0.99);
  }
  dm_game_clear(&game);
}

/* Odds of an option that is never right fall without bound, those of a mixed
 * pair stay; regret falls like 1 / k and k grows by whole orders a step. */
TEST(mixed_and_pure_side_by_side)
{
  tree *t = tree_new(2, 2);
  uint32_t row = tree_set(t, 0, 3, 1.0);
  uint32_t column = tree_set(t, 1, 2, 1.0);
  uint32_t root = tree_move(t, row);
  const double pay[3][2][2] = {
      {{2, -2}, {-1, 1}}, {{-1, 1}, {1, -1}}, {{-9, 9}, {-8, 8}}};
  for (int i = 0; i < 3; i++) {
    uint32_t n = tree_move(t, column);
    tree_edge(t, root, n, 0.0, NULL);
    for (int j = 0; j < 2; j++)
      tree_leaf(t, n, 0, 0.0, pay[i][j]);
  }
  dm_game game;
  tree_finish(t, &game, NULL);
  double log_p[5];
  dm_solve_options options = dm_solve_defaults();
  options.limit = true;
  options.k_end = 1e15;
  options.tol_regret = 1e-8;
  seen s = {0};
  dm_solve_result result = run(&game, options, &s, log_p);
  ASSERT_INT(result.verdict, DM_SOLVED);
  ASSERT_TRUE(result.steps < 100);
  ASSERT_NEAR(exp(log_p[0]), 0.4, 1e-6);
  ASSERT_NEAR(exp(log_p[3]), 0.4, 1e-6);
  ASSERT_TRUE(log_p[2] < -1e6);
  ASSERT_TRUE(certified_regret(&game, log_p) <= 1.01e-8);
  dm_game_clear(&game);
}

/* k_end is the most: where regret cannot fall so far, the walk ends there. */
TEST(k_end_bounds_the_limit)
{
  dm_game game;
  game_horse(&game);
  double log_p[6];
  dm_solve_options options = dm_solve_defaults();
  options.limit = true;
  options.k_end = 2.0;
  options.tol_regret = 1e-8;
  seen s = {0};
  dm_solve_result result = run(&game, options, &s, log_p);
  ASSERT_INT(result.verdict, DM_SOLVED);
  ASSERT_SAME_BITS(result.k, 2.0);
  dm_game_clear(&game);
}

TEST(work_is_bounded)
{
  dm_game game;
  game_horse(&game);
  double log_p[6];
  dm_solve_options options = dm_solve_defaults();
  options.k_end = 100.0;
  seen all = {0};
  dm_solve_result whole = run(&game, options, &all, log_p);
  ASSERT_INT(whole.verdict, DM_SOLVED);
  double passes = (double)whole.sweeps + (double)whole.tangents;
  options.max_work = 0.5 * passes * game.n_edges;
  seen half = {0};
  dm_solve_result result = run(&game, options, &half, log_p);
  ASSERT_INT(result.verdict, DM_WORKED_OUT);
  /* What is spent is spent: no second attempt. */
  ASSERT_UINT(result.attempt, 0);
  ASSERT_TRUE(result.k > 0.0 && result.k < 100.0);
  ASSERT_TRUE(result.tangents < whole.tangents);
  dm_game_clear(&game);
}

TEST(of_two_attempts_the_further_end_is_told)
{
  dm_game game;
  game_horse(&game);
  double log_p[6];
  dm_solve_options options = dm_solve_defaults();
  options.k_end = 100.0;
  options.max_steps = 4;
  seen s = {0};
  dm_solve_result result = run(&game, options, &s, log_p);
  ASSERT_INT(result.verdict, DM_WORKED_OUT);
  /* The second one makes smaller steps, and gets less far in as many. */
  ASSERT_UINT(result.steps, 8);
  ASSERT_UINT(result.attempt, 0);
  dm_sweep *sweep = dm_sweep_new(&game);
  dm_solve_result again;
  double same[6];
  options.max_work = 1.0; /* one attempt */
  options.max_steps = 4;
  ASSERT_OK(dm_solve_logit(sweep, &options, same, &again));
  ASSERT_INT(again.verdict, DM_WORKED_OUT);
  ASSERT_TRUE(again.k < result.k);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
}

TEST_MAIN(
    CASE(work_is_bounded), CASE(of_two_attempts_the_further_end_is_told),
    CASE(lands_wherever_it_is_asked_to),
    CASE(whoever_is_told_may_stop_the_walk),
    CASE(a_branch_that_turns_back_and_forth), CASE(the_horse_to_the_limit),
    CASE(mixed_and_pure_side_by_side), CASE(k_end_bounds_the_limit),
    CASE(three_equilibria_of_chicken_from_three_starts),
    CASE(one_start_goes_on_through_all_crossings),
    CASE(a_start_that_is_an_equilibrium_is_the_answer),
    CASE(random_starts_reach_certified_equilibria),
    CASE(a_homotopy_needs_a_start), CASE(floors_of_a_symmetric_game),
    CASE(floors_shape_beliefs_off_the_path), CASE(a_tiny_floor_is_kept))
