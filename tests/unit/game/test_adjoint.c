/* Reverse sweeps: transposes of the tangents, and derivatives by cells. */
#include "unit.h"

#include "parametric.h"
#include "random_game.h"

#include "game/adjoint.h"
#include "num/expo.h"
#include "num/sum.h"

#include <math.h>

typedef struct bench {
  dm_game source;
  parametric x;
  const dm_game *game;
  dm_sweep *sweep;
  double *log_p, *u, *v, *jv, *jtu, *moved, *end, *value;
  dm_weights weights;
} bench;

static void draw(double *x, size_t n, uint64_t *seed)
{
  for (size_t i = 0; i < n; i++)
    x[i] = 2.0 * random_unit(seed) - 1.0;
}

static void bind(bench *b, uint64_t seed, double spread)
{
  b->game = &b->source;
  if (spread >= 0.0) {
    parametric_make(&b->x, &b->source);
    b->game = &b->x.game;
  }
  b->sweep = dm_sweep_new(b->game);
  ASSERT_NOT_NULL(b->sweep);
  size_t n = b->game->n_slots;
  double **array[] = {&b->log_p, &b->u, &b->v, &b->jv, &b->jtu, &b->moved};
  uint64_t random = seed + 99;
  for (size_t i = 0; i < sizeof array / sizeof array[0]; i++)
    *array[i] = calloc(n, sizeof(double));
  b->end = calloc(b->game->n_ends, sizeof(double));
  draw(b->log_p, n, &random);
  draw(b->u, n, &random);
  draw(b->v, n, &random);
  draw(b->end, b->game->n_ends, &random);
  b->value = calloc(b->game->n_players, sizeof(double));
  draw(b->value, b->game->n_players, &random);
  b->weights = (dm_weights){.end = b->end, .value = b->value};
  for (size_t i = 0; i < n; i++)
    b->log_p[i] *= fabs(spread);
  for (uint32_t s = 0; s < b->game->n_sets; s++) {
    uint32_t at = b->game->set_slot[s];
    uint32_t count = b->game->set_slot[s + 1] - at;
    dm_log_softmax(b->log_p + at, count, b->log_p + at);
  }
}

static void set_up(bench *b, uint64_t seed, uint32_t players, double spread)
{
  random_game_options o = {
      .seed = seed, .players = players, .layers = 7, .width = 12, .payoff = 3};
  memset(b, 0, sizeof *b);
  random_game(&o, &b->source);
  bind(b, seed, spread);
}

static void tear_down(bench *b)
{
  dm_sweep_free(b->sweep);
  if (b->game != &b->source)
    parametric_clear(&b->x);
  dm_game_clear(&b->source);
  double *array[] = {b->log_p, b->u,     b->v,   b->jv,
                     b->jtu,   b->moved, b->end, b->value};
  for (size_t i = 0; i < sizeof array / sizeof array[0]; i++)
    free(array[i]);
}

/* <u, J v> = <J^T u, v> as closely as sums of their terms can be rounded.
 * Whether there was anything to compare. */
static bool expect_transposed(const bench *b)
{
  const size_t n = b->game->n_slots;
  double left = dm_dot(b->u, b->jv, n);
  double right = dm_dot(b->jtu, b->v, n);
  double size = sqrt(dm_dot(b->u, b->u, n) * dm_dot(b->jv, b->jv, n));
  ASSERT_NEAR(left, right, 1e-12 * fmax(size, 1.0));
  return size > 1e-2;
}

static bool expect_both_transposed(bench *b)
{
  dm_sweep_run(b->sweep, b->log_p);
  dm_sweep_tangent(b->sweep, b->v, b->jv);
  dm_sweep_adjoint(b->sweep, b->u, NULL, b->jtu, NULL);
  ASSERT_TRUE(expect_transposed(b));
  dm_sweep_belief_tangent(b->sweep, b->v, b->jv);
  dm_sweep_belief_adjoint(b->sweep, b->u, b->jtu);
  return expect_transposed(b);
}

TEST(products_are_transposed)
{
  uint32_t moved = 0;
  for (uint64_t seed = 1; seed <= 60; seed++) {
    bench b;
    /* Up to more players than are added side by side; spreads of e^-30, and
     * of e^-800, where reach has exponents. */
    double spread = seed % 3 == 0 ? 1.0 : seed % 3 == 1 ? 15.0 : 400.0;
    set_up(&b, seed, 1 + (uint32_t)(seed % 5), spread);
    moved += expect_both_transposed(&b);
    /* What the tangents count on is as it was. */
    memcpy(b.moved, b.jv, b.game->n_slots * sizeof *b.jv);
    dm_sweep_belief_tangent(b.sweep, b.v, b.jv);
    for (uint32_t i = 0; i < b.game->n_slots; i++)
      ASSERT_SAME_BITS(b.jv[i], b.moved[i]);
    dm_sweep_tangent(b.sweep, b.v, b.moved);
    dm_sweep_adjoint(b.sweep, b.u, &b.weights, b.jtu, NULL);
    dm_sweep_tangent(b.sweep, b.v, b.jv);
    for (uint32_t i = 0; i < b.game->n_slots; i++)
      ASSERT_SAME_BITS(b.jv[i], b.moved[i]);
    tear_down(&b);
  }
  /* In some, beliefs are all but certain. */
  ASSERT_TRUE(moved > 40);
}

TEST(substitution_is_transposed)
{
  for (uint64_t seed = 1; seed <= 30; seed++) {
    bench b;
    set_up(&b, seed, 1 + (uint32_t)(seed % 4), seed % 2 ? 1.0 : 15.0);
    ASSERT_TRUE(dm_sweep_timed(b.sweep));
    dm_sweep_run(b.sweep, b.log_p);
    dm_sweep_backsolve(b.sweep, 1.5, b.v, b.jv);
    dm_sweep_foresolve(b.sweep, 1.5, b.u, b.jtu);
    ASSERT_TRUE(expect_transposed(&b));
    tear_down(&b);
  }
}

static double answer(bench *b, const double *log_p)
{
  dm_sweep_run(b->sweep, log_p);
  double sum = dm_dot(b->u, dm_sweep_q(b->sweep), b->game->n_slots);
  for (uint32_t n = 0; n < b->game->n_nodes; n++)
    if (b->game->node_set[n] >= DM_NODE_END)
      sum += b->end[b->game->node_set[n] - DM_NODE_END] *
             dm_sweep_reach(b->sweep, n);
  for (uint32_t a = 0; a < b->game->n_players; a++)
    sum += b->value[a] * dm_sweep_value(b->sweep, 0, a);
  return sum;
}

/* Strategies are moved as they are: sums in a set need not be 1. */
TEST(derivatives_by_log_p)
{
  for (uint64_t seed = 1; seed <= 10; seed++) {
    bench b;
    set_up(&b, seed, 2, 1.0);
    (void)answer(&b, b.log_p);
    dm_sweep_adjoint(b.sweep, b.u, &b.weights, b.jtu, NULL);
    for (uint32_t i = 0; i < b.game->n_slots; i++) {
      const double h = 1e-5;
      memcpy(b.moved, b.log_p, b.game->n_slots * sizeof *b.moved);
      b.moved[i] = b.log_p[i] + h;
      double up = answer(&b, b.moved);
      b.moved[i] = b.log_p[i] - h;
      double down = answer(&b, b.moved);
      ASSERT_NEAR(b.jtu[i], (up - down) / (2.0 * h), 2e-8);
    }
    tear_down(&b);
  }
}

TEST(derivatives_by_parameters)
{
  for (uint64_t seed = 1; seed <= 10; seed++) {
    bench b;
    set_up(&b, seed, 3, 1.0);
    const dm_game *g = b.game;
    double *bar = calloc(g->n_cells, sizeof *bar);
    double *got = calloc(g->n_params, sizeof *got);
    double *param = calloc(g->n_params, sizeof *param);
    double largest = 0.0;
    (void)answer(&b, b.log_p);
    dm_sweep_adjoint(b.sweep, b.u, &b.weights, b.jtu, bar);
    dm_cells_adjoint(g, dm_sweep_cells(b.sweep), bar, got);
    memcpy(param, g->param_base, g->n_params * sizeof *param);
    for (uint32_t i = 0; i < g->n_params; i++) {
      const double h = 1e-5;
      param[i] = g->param_base[i] + h;
      dm_sweep_refill(b.sweep, param);
      double up = answer(&b, b.log_p);
      param[i] = g->param_base[i] - h;
      dm_sweep_refill(b.sweep, param);
      double down = answer(&b, b.log_p);
      param[i] = g->param_base[i];
      ASSERT_NEAR(got[i], (up - down) / (2.0 * h), 1e-7 * (1.0 + fabs(got[i])));
      largest = fmax(largest, fabs(got[i]));
    }
    ASSERT_TRUE(largest > 1e-2);
    free(bar);
    free(got);
    free(param);
    tear_down(&b);
  }
}

/* Two sets that precede one another on different paths. */
TEST(a_game_that_cannot_be_timed)
{
  bench b = {0};
  tree *t = tree_new(2, 1);
  uint32_t set[2] = {tree_set(t, 0, 2, 1.0), tree_set(t, 1, 2, 1.0)};
  uint32_t root = tree_chance(t);
  for (int i = 0; i < 2; i++) {
    uint32_t one = tree_move(t, set[i]);
    uint32_t two = tree_move(t, set[1 - i]);
    tree_edge(t, root, one, 0.5, NULL);
    tree_leaf(t, one, 0, 0.0, (double[]){1.0, 0.5});
    tree_edge(t, one, two, 0.0, NULL);
    tree_leaf(t, two, 0, 0.0, (double[]){2.0 - i, 0.0});
    tree_leaf(t, two, 0, 0.0, (double[]){-1.0, 3.0 * i});
  }
  tree_finish(t, &b.source, NULL);
  bind(&b, 5, -1.0);
  ASSERT_FALSE(dm_sweep_timed(b.sweep));
  ASSERT_TRUE(expect_both_transposed(&b));
  tear_down(&b);
}

/* Chance c of a move that ends the game with the class of weight 1. */
TEST(a_chance_of_zero)
{
  for (int behind = 0; behind < 2; behind++) {
    bench b = {0};
    tree *t = tree_new(1, 2);
    uint32_t root = tree_chance(t);
    tree_leaf(t, root, 0, 1.0, (double[]){1.0});
    if (behind) {
      uint32_t move = tree_move(t, tree_set(t, 0, 2, 1.0));
      tree_edge(t, root, move, 0.0, NULL);
      tree_leaf(t, move, 1, 0.0, (double[]){1.0});
      tree_leaf(t, move, 0, 0.0, (double[]){2.0});
    } else {
      tree_leaf(t, root, 1, 0.0, (double[]){1.0});
    }
    tree_finish(t, &b.source, NULL);
    bind(&b, 5, -1.0);
    double bar[8] = {0};
    ASSERT_TRUE(b.game->n_cells <= 8);
    b.end[0] = 0.0;
    b.end[1] = 1.0;
    b.value[0] = 0.0;
    dm_sweep_run(b.sweep, b.log_p);
    dm_sweep_adjoint(b.sweep, NULL, &b.weights, b.jtu, bar);
    if (behind)
      ASSERT_NAN(bar[0]);
    else
      ASSERT_NEAR(bar[0], 1.0, 0.0);
    tear_down(&b);
  }
}

TEST(cells_that_have_no_derivative)
{
  dm_cell cell[] = {
      {.op = DM_CELL_NUMBER, .value = 0.0},
      {.op = DM_CELL_NUMBER, .value = 1.0},
      {.op = DM_CELL_PARAM, .a = 0},
      {.op = DM_CELL_MIN, .a = 1, .b = 2},
      {.op = DM_CELL_MUL, .a = 0, .b = 3},
  };
  dm_game g = {.n_cells = 5, .n_params = 1, .cell = cell};
  double value[5], got;
  dm_cells_run(&g, (double[]){1.0}, value);
  double bar[5] = {0, 0, 0, 1.0, 0};
  dm_cells_adjoint(&g, value, bar, &got);
  ASSERT_NAN(got);
  /* Times 0: whatever it is, it does not matter. */
  double none[5] = {0, 0, 0, 0, 1.0};
  dm_cells_adjoint(&g, value, none, &got);
  ASSERT_NEAR(got, 0.0, 0.0);
}

TEST_MAIN(
    CASE(products_are_transposed), CASE(substitution_is_transposed),
    CASE(derivatives_by_log_p), CASE(derivatives_by_parameters),
    CASE(a_game_that_cannot_be_timed), CASE(a_chance_of_zero),
    CASE(cells_that_have_no_derivative))
