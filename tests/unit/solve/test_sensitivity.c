/* Derivatives of odds against central differences of equilibria solved again,
 * and what is said where branches turn. */
#include "unit.h"

#include "games.h"
#include "parametric.h"
#include "random_game.h"

#include "num/sum.h"
#include "solve/sensitivity.h"
#include "solve/solver.h"

#include <math.h>

typedef struct bench {
  dm_game source;
  parametric x;
  dm_sweep *sweep;
  double *base, *log_p, *moved, *param, *got, *end, *value;
  dm_weights weights;
  double k;
  dm_sensitivity how;
} bench;

/* `source` is set; solves it at its base values. */
static void bind(bench *b, double k)
{
  parametric_make(&b->x, &b->source);
  const dm_game *g = &b->x.game;
  b->k = k;
  b->sweep = dm_sweep_new(g);
  ASSERT_NOT_NULL(b->sweep);
  b->log_p = calloc(g->n_slots, sizeof(double));
  b->moved = calloc(g->n_slots, sizeof(double));
  b->param = calloc(g->n_params, sizeof(double));
  b->got = calloc(g->n_params, sizeof(double));
  b->end = calloc(g->n_ends, sizeof(double));
  b->value = calloc(g->n_players, sizeof(double));
  b->weights = (dm_weights){.end = b->end, .value = b->value};
  memcpy(b->param, g->param_base, g->n_params * sizeof(double));
  dm_solve_options how = dm_solve_defaults();
  dm_solve_result result;
  how.k_end = k;
  how.tol_residual = 1e-12;
  ASSERT_OK(dm_solve_logit(b->sweep, &how, b->log_p, &result));
  ASSERT_INT(result.verdict, DM_SOLVED);
}

static void tear_down(bench *b)
{
  dm_sweep_free(b->sweep);
  parametric_clear(&b->x);
  dm_game_clear(&b->source);
  double *array[] = {b->log_p, b->moved, b->param, b->got, b->end, b->value};
  for (size_t i = 0; i < sizeof array / sizeof array[0]; i++)
    free(array[i]);
}

/* The answer at b->param and scale k, solved from the base equilibrium. */
static double again(bench *b, double k)
{
  const dm_game *g = &b->x.game;
  dm_solve_options how = dm_solve_defaults();
  dm_solve_result result;
  how.k_end = k;
  how.tol_residual = 1e-13;
  how.start_log_p = b->log_p;
  dm_sweep_refill(b->sweep, b->param);
  ASSERT_OK(dm_solve_logit(b->sweep, &how, b->moved, &result));
  ASSERT_INT(result.verdict, DM_SOLVED);
  dm_sweep_run(b->sweep, b->moved);
  double sum = 0.0;
  for (uint32_t n = 0; n < g->n_nodes; n++)
    if (g->node_set[n] >= DM_NODE_END)
      sum += b->end[g->node_set[n] - DM_NODE_END] * dm_sweep_reach(b->sweep, n);
  for (uint32_t a = 0; a < g->n_players; a++)
    sum += b->value[a] * dm_sweep_value(b->sweep, 0, a);
  return sum;
}

/* Central differences of fourth order, by parameter i, or by k. */
static double difference(bench *b, uint32_t i)
{
  const double h = 1e-3;
  const double weight[4] = {-1.0 / 12, 2.0 / 3, -2.0 / 3, 1.0 / 12};
  double sum = 0.0;
  for (int j = 0; j < 4; j++) {
    double by = (double[]){2.0, 1.0, -1.0, -2.0}[j] * h;
    if (i < b->x.game.n_params)
      b->param[i] += by;
    sum += weight[j] * again(b, i < b->x.game.n_params ? b->k : b->k + by);
    if (i < b->x.game.n_params)
      b->param[i] = b->x.param[i];
  }
  dm_sweep_refill(b->sweep, b->param);
  return sum / h;
}

static void expect_agreement(bench *b)
{
  const uint32_t n = b->x.game.n_params;
  ASSERT_OK(dm_sensitivity_run(
      b->sweep, b->log_p, b->k, &b->weights, b->got, &b->how));
  ASSERT_UINT(b->how.doubt, 0);
  double largest = dm_max_abs(b->got, n);
  ASSERT_TRUE(largest > 1e-3);
  for (uint32_t i = 0; i < n; i++) {
    double want = difference(b, i);
    ASSERT_NEAR(b->got[i], want, 1e-6 * fabs(want) + 1e-9 * (1.0 + largest));
  }
  double by_k = difference(b, n);
  ASSERT_NEAR(b->how.by_k, by_k, 1e-6 * fabs(by_k) + 1e-9 * (1.0 + largest));
  ASSERT_NEAR(b->how.answer, again(b, b->k), 1e-12);
}

TEST(random_games)
{
  for (uint64_t seed = 1; seed <= 24; seed++) {
    bench b = {0};
    random_game_options o = {
        .seed = seed,
        .players = 1 + (uint32_t)(seed % 4),
        .layers = 5 + (uint32_t)(seed % 3),
        .width = 6,
        .payoff = 2};
    random_game(&o, &b.source);
    bind(&b, 1.0);
    uint64_t random = seed;
    for (uint32_t i = 0; seed % 3 != 1 && i < b.source.n_ends; i++)
      b.end[i] = random_unit(&random);
    for (uint32_t a = 0; seed % 3 != 2 && a < b.source.n_players; a++)
      b.value[a] = 2.0 * random_unit(&random) - 1.0;
    expect_agreement(&b);
    tear_down(&b);
  }
}

/* Two sets that precede one another on different paths: no preconditioner. */
TEST(a_game_that_cannot_be_timed)
{
  bench b = {0};
  tree *t = tree_new(2, 2);
  uint32_t set[2] = {tree_set(t, 0, 2, 1.0), tree_set(t, 1, 2, 1.3)};
  uint32_t root = tree_chance(t);
  for (int i = 0; i < 2; i++) {
    uint32_t one = tree_move(t, set[i]);
    uint32_t two = tree_move(t, set[1 - i]);
    tree_edge(t, root, one, 0.5, NULL);
    tree_leaf(t, one, 0, 0.0, (double[]){1.1, 0.5});
    tree_edge(t, one, two, 0.0, NULL);
    tree_leaf(t, two, 1, 0.0, (double[]){2.2 - i, 0.0});
    tree_leaf(t, two, 0, 0.0, (double[]){-1.2, 3.1 * i});
  }
  tree_finish(t, &b.source, NULL);
  bind(&b, 1.0);
  ASSERT_FALSE(dm_sweep_timed(b.sweep));
  b.end[1] = 1.0;
  expect_agreement(&b);
  tear_down(&b);
}

/* Both meet at 0 or at 1, pay 1 each.  Branches cross where k = 2: log odds
 * x = k (2 p - 1), both alike, of slope c = k / 2 at even odds.  So mu is
 * (1, 1) / (1 - c) times a part of a_z, and what it was before the values' part
 * was inverted (1, 1 - c) / (1 - c). */
static void meeting(bench *b, double k)
{
  memset(b, 0, sizeof *b);
  double pay[4][2] = {{1, 1}, {0, 0}, {0, 0}, {1, 1}};
  game_matrix(&b->source, pay);
  bind(b, 1.0);
  const dm_game *g = &b->x.game;
  /* The branch of even odds is an equilibrium at every k. */
  for (uint32_t i = 0; i < g->n_slots; i++)
    b->log_p[i] = -log(2.0);
  b->end[0] = 1.0;
  ASSERT_OK(
      dm_sensitivity_run(b->sweep, b->log_p, k, &b->weights, b->got, &b->how));
}

TEST(no_trust_where_branches_cross)
{
  for (int i = 0; i < 2; i++) {
    bench b;
    meeting(&b, i == 0 ? 1.0 : 1.5);
    ASSERT_UINT(b.how.doubt, 0);
    ASSERT_STR(dm_doubt_text(b.how.doubt), "");
    double left = i == 0 ? 0.5 : 0.25; /* 1 - c */
    double want = sqrt((1.0 + left * left) / 2.0) / left;
    ASSERT_NEAR(b.how.growth, want, 1e-9);
    tear_down(&b);
  }
  const double near[] = {1.999, 1.99999, 2.0, 2.001};
  for (int i = 0; i < 4; i++) {
    bench b;
    meeting(&b, near[i]);
    ASSERT_TRUE((b.how.doubt & (DM_DOUBT_TURN | DM_DOUBT_LINEAR)) != 0);
    ASSERT_TRUE((b.how.doubt & DM_DOUBT_POINT) == 0);
    ASSERT_TRUE(strlen(dm_doubt_text(b.how.doubt)) > 0);
    tear_down(&b);
  }
}

TEST(no_trust_off_the_equilibrium)
{
  bench b = {0};
  game_chicken(&b.source);
  bind(&b, 1.0);
  b.end[3] = 1.0;
  b.log_p[0] -= 1e-3;
  ASSERT_OK(
      dm_sensitivity_run(b.sweep, b.log_p, 1.0, &b.weights, b.got, &b.how));
  ASSERT_TRUE((b.how.doubt & DM_DOUBT_POINT) != 0);
  ASSERT_TRUE(b.how.off > 1e-4);
  tear_down(&b);
}

TEST(an_answer_that_nothing_moves)
{
  bench b = {0};
  game_chicken(&b.source);
  bind(&b, 1.0);
  for (uint32_t i = 0; i < 4; i++)
    b.end[i] = 1.0;
  ASSERT_OK(
      dm_sensitivity_run(b.sweep, b.log_p, 1.0, &b.weights, b.got, &b.how));
  ASSERT_UINT(b.how.doubt, 0);
  ASSERT_UINT(b.how.products, 0);
  ASSERT_NEAR(b.how.answer, 1.0, 1e-15);
  for (uint32_t i = 0; i < b.x.game.n_params; i++)
    ASSERT_NEAR(b.got[i], 0.0, 1e-14);
  tear_down(&b);
}

TEST_MAIN(
    CASE(random_games), CASE(a_game_that_cannot_be_timed),
    CASE(no_trust_where_branches_cross), CASE(no_trust_off_the_equilibrium),
    CASE(an_answer_that_nothing_moves))
