/* Tangents against central differences; their two parts; substitution. */
#include "unit.h"

#include "random_game.h"

#include "game/sweep.h"
#include "num/expo.h"

#include <math.h>

typedef struct bench {
  dm_game game;
  dm_sweep *sweep;
  double *log_p, *move, *moved, *up, *down, *got;
} bench;

static void set_up(bench *b, uint64_t seed, uint32_t players, double spread)
{
  random_game_options o = {
      .seed = seed, .players = players, .layers = 7, .width = 12, .payoff = 3};
  random_game(&o, &b->game);
  b->sweep = dm_sweep_new(&b->game);
  ASSERT_NOT_NULL(b->sweep);
  ASSERT_TRUE(b->game.n_sets > 5);
  size_t n = b->game.n_slots;
  double **array[] = {&b->log_p, &b->move, &b->moved,
                      &b->up,    &b->down, &b->got};
  for (size_t i = 0; i < sizeof array / sizeof array[0]; i++)
    *array[i] = calloc(n, sizeof(double));
  uint64_t random = seed + 99;
  for (size_t i = 0; i < n; i++) {
    b->log_p[i] = spread * (2.0 * random_unit(&random) - 1.0);
    b->move[i] = 2.0 * random_unit(&random) - 1.0;
  }
  for (uint32_t s = 0; s < b->game.n_sets; s++) {
    uint32_t at = b->game.set_slot[s];
    uint32_t count = b->game.set_slot[s + 1] - at;
    dm_log_softmax(b->log_p + at, count, b->log_p + at);
    double mean = 0.0;
    for (uint32_t i = at; i < at + count; i++)
      mean += exp(b->log_p[i]) * b->move[i];
    for (uint32_t i = at; i < at + count; i++)
      b->move[i] -= mean;
  }
}

static void tear_down(bench *b)
{
  dm_sweep_free(b->sweep);
  dm_game_clear(&b->game);
  free(b->log_p);
  free(b->move);
  free(b->moved);
  free(b->up);
  free(b->down);
  free(b->got);
}

/* Q at log p moved by h along `move`, brought back to sum 1. */
static void q_at(bench *b, double h, double *q)
{
  for (size_t i = 0; i < b->game.n_slots; i++)
    b->moved[i] = b->log_p[i] + h * b->move[i];
  for (uint32_t s = 0; s < b->game.n_sets; s++) {
    uint32_t at = b->game.set_slot[s];
    dm_log_softmax(b->moved + at, b->game.set_slot[s + 1] - at, b->moved + at);
  }
  dm_sweep_run(b->sweep, b->moved);
  memcpy(q, dm_sweep_q(b->sweep), b->game.n_slots * sizeof *q);
}

TEST(tangent_is_the_derivative)
{
  for (uint64_t seed = 1; seed <= 40; seed++) {
    bench b;
    /* Every second game has strategies that spread over e^-30. */
    set_up(&b, seed, 1 + (uint32_t)(seed % 4), seed % 2 ? 1.0 : 15.0);
    double h = 1e-5;
    q_at(&b, h, b.up);
    q_at(&b, -h, b.down);
    dm_sweep_run(b.sweep, b.log_p);
    dm_sweep_tangent(b.sweep, b.move, b.got);
    double largest = 0.0;
    for (size_t i = 0; i < b.game.n_slots; i++) {
      ASSERT_NEAR(b.got[i], (b.up[i] - b.down[i]) / (2.0 * h), 2e-8);
      largest = fmax(largest, fabs(b.got[i]));
    }
    ASSERT_TRUE(largest > 1e-3);
    tear_down(&b);
  }
}

TEST(tangent_is_linear)
{
  bench b;
  set_up(&b, 77, 3, 2.0);
  dm_sweep_run(b.sweep, b.log_p);
  dm_sweep_tangent(b.sweep, b.move, b.up);
  for (size_t i = 0; i < b.game.n_slots; i++)
    b.moved[i] = -4.0 * b.move[i];
  dm_sweep_tangent(b.sweep, b.moved, b.got);
  for (size_t i = 0; i < b.game.n_slots; i++)
    ASSERT_NEAR(b.got[i], -4.0 * b.up[i], 1e-12);
  tear_down(&b);
}

/* rhs = x - k s C (dQ - belief part of dQ) must bring x back. */
TEST(substitution_inverts_what_values_do)
{
  for (uint64_t seed = 1; seed <= 20; seed++) {
    bench b;
    set_up(&b, seed, 2, 1.5);
    const dm_game *g = &b.game;
    ASSERT_TRUE(dm_sweep_timed(b.sweep));
    dm_sweep_run(b.sweep, b.log_p);
    const double k = 3.0;
    dm_sweep_tangent(b.sweep, b.move, b.up);
    dm_sweep_belief_tangent(b.sweep, b.move, b.down);
    for (uint32_t s = 0; s < g->n_sets; s++) {
      double scale = k * dm_sweep_cells(b.sweep)[g->set_sharp[s]];
      double mean = 0.0;
      for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
        mean += b.up[i] - b.down[i];
      mean /= g->set_slot[s + 1] - g->set_slot[s];
      for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
        b.moved[i] = b.move[i] - scale * (b.up[i] - b.down[i] - mean);
    }
    dm_sweep_backsolve(b.sweep, k, b.moved, b.got);
    ASSERT_NEAR_ARRAY(b.got, b.move, g->n_slots, 1e-9);
    tear_down(&b);
  }
}

/* Two sets that precede one another on different paths cannot be put in layers;
 * sweeps and tangents hold there too. */
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
  tree_finish(t, &b.game, NULL);
  b.sweep = dm_sweep_new(&b.game);
  ASSERT_FALSE(dm_sweep_timed(b.sweep));
  double log_p[4] = {log(0.3), log(0.7), log(0.6), log(0.4)};
  double move[4] = {0.7, -0.3, -0.4, 0.6}, up[4], down[4], got[4], moved[4];
  b.log_p = log_p;
  b.move = move;
  b.moved = moved;
  q_at(&b, 1e-5, up);
  q_at(&b, -1e-5, down);
  dm_sweep_run(b.sweep, log_p);
  dm_sweep_tangent(b.sweep, move, got);
  for (int i = 0; i < 4; i++)
    ASSERT_NEAR(got[i], (up[i] - down[i]) / 2e-5, 1e-8);
  /* Set 0: first node reached by 0.5, second by 0.5 x 0.4. */
  double belief = 0.5 / 0.7;
  ASSERT_NEAR(dm_sweep_q(b.sweep)[0], belief * 1.0 + (1 - belief) * 1.0, 1e-14);
  dm_sweep_free(b.sweep);
  dm_game_clear(&b.game);
}

TEST_MAIN(
    CASE(tangent_is_the_derivative), CASE(tangent_is_linear),
    CASE(substitution_inverts_what_values_do),
    CASE(a_game_that_cannot_be_timed))
