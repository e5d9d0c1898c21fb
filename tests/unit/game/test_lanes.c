/* Each lane against a sweep of its own, bit by bit, in lanes that differ as much
 * as they can. */
#include "unit.h"

#include "random_game.h"

#include "game/lanes.h"
#include "game/sweep.h"
#include "num/expo.h"

#include <math.h>

enum { L = DM_LANES };

typedef struct draw {
  double *log_p, *move, *got, *want;
  double *param;
  double k;
} draw;

typedef struct bench {
  dm_game game;
  dm_lanes *lanes;
  dm_sweep *sweep;
  draw lane[L];
  double *log_p, *move, *out;
  double *base; /* the game's own values, given back at the end */
} bench;

/* Every number of the game but 0 and 1 becomes a parameter; returns the values
 * that the game came with. */
static double *open_parameters(dm_game *g)
{
  double *old = g->param_base;
  double *base = calloc(g->n_cells, sizeof *base);
  for (uint32_t i = 2; i < g->n_cells; i++) {
    base[i] = g->cell[i].value;
    g->cell[i] = (dm_cell){.op = DM_CELL_PARAM, .a = i};
  }
  g->param_base = base;
  g->n_params = g->n_cells;
  return old;
}

/* Chances of an edge may become 0 or tiny: sums need not be 1 for this test,
 * only alike in both. */
static void draw_parameters(const dm_game *g, draw *d, uint64_t *seed)
{
  d->param = calloc(g->n_params, sizeof *d->param);
  for (uint32_t i = 0; i < g->n_params; i++) {
    double u = random_unit(seed);
    double factor = u < 0.02 ? 0.0 : u < 0.04 ? 1e-290 : 0.5 + u;
    d->param[i] = g->param_base[i] * factor;
  }
}

static void draw_strategies(
    const dm_game *g, draw *d, double spread, uint64_t *seed)
{
  for (uint32_t i = 0; i < g->n_slots; i++) {
    d->log_p[i] = spread * (2.0 * random_unit(seed) - 1.0);
    d->move[i] = 2.0 * random_unit(seed) - 1.0;
  }
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t at = g->set_slot[s];
    dm_log_softmax(d->log_p + at, g->set_slot[s + 1] - at, d->log_p + at);
  }
}

static void set_up(bench *b, uint64_t seed, uint32_t players)
{
  random_game_options o = {
      .seed = seed, .players = players, .layers = 9, .width = 14, .payoff = 3};
  random_game(&o, &b->game);
  b->base = open_parameters(&b->game);
  b->lanes = dm_lanes_new(&b->game);
  b->sweep = dm_sweep_new(&b->game);
  ASSERT_NOT_NULL(b->lanes);
  size_t n = b->game.n_slots;
  b->log_p = calloc(n * L, sizeof(double));
  b->move = calloc(n * L, sizeof(double));
  b->out = calloc(n * L, sizeof(double));
  for (int l = 0; l < L; l++) {
    draw *d = &b->lane[l];
    double **array[] = {&d->log_p, &d->move, &d->got, &d->want};
    for (int i = 0; i < 4; i++)
      *array[i] = calloc(n, sizeof(double));
    d->k = 0.5 + l;
  }
}

static void tear_down(bench *b)
{
  for (int l = 0; l < L; l++) {
    free(b->lane[l].log_p);
    free(b->lane[l].move);
    free(b->lane[l].got);
    free(b->lane[l].want);
    free(b->lane[l].param);
  }
  free(b->log_p);
  free(b->move);
  free(b->out);
  dm_lanes_free(b->lanes);
  dm_sweep_free(b->sweep);
  free(b->game.param_base);
  b->game.param_base = b->base;
  dm_game_clear(&b->game);
}

static void same(const bench *b, int l, const double *lanes)
{
  const draw *d = &b->lane[l];
  for (uint32_t i = 0; i < b->game.n_slots; i++)
    ASSERT_SAME_BITS(lanes[(size_t)i * L + (size_t)l], d->want[i]);
}

static void fill(bench *b)
{
  for (int l = 0; l < L; l++)
    for (uint32_t i = 0; i < b->game.n_slots; i++) {
      b->log_p[(size_t)i * L + (size_t)l] = b->lane[l].log_p[i];
      b->move[(size_t)i * L + (size_t)l] = b->lane[l].move[i];
    }
}

static void compare_run(bench *b, int l)
{
  const dm_game *g = &b->game;
  draw *d = &b->lane[l];
  uint32_t lane = (uint32_t)l;
  dm_sweep_refill(b->sweep, d->param);
  dm_sweep_run(b->sweep, d->log_p);
  memcpy(d->want, dm_sweep_q(b->sweep), g->n_slots * sizeof(double));
  same(b, l, dm_lanes_q(b->lanes));
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    ASSERT_SAME_BITS(
        dm_lanes_reach(b->lanes, n, lane), dm_sweep_reach(b->sweep, n));
    for (uint32_t a = 0; a < g->n_players; a++)
      ASSERT_SAME_BITS(
          dm_lanes_value(b->lanes, n, a, lane), dm_sweep_value(b->sweep, n, a));
  }
  for (uint32_t s = 0; s < g->n_sets; s++)
    ASSERT_SAME_BITS(
        dm_lanes_set_reach(b->lanes, s, lane), dm_sweep_set_reach(b->sweep, s));
}

/* The sweep stands at lane l's point. */
static void compare_tangents(bench *b, int l, int kind)
{
  draw *d = &b->lane[l];
  if (kind == 0)
    dm_sweep_tangent(b->sweep, d->move, d->want);
  else if (kind == 1)
    dm_sweep_belief_tangent(b->sweep, d->move, d->want);
  else
    dm_sweep_backsolve(b->sweep, d->k, d->move, d->want);
  same(b, l, b->out);
}

static void compare_all(bench *b)
{
  double k[L];
  for (int l = 0; l < L; l++)
    k[l] = b->lane[l].k;
  fill(b);
  dm_lanes_run(b->lanes, b->log_p);
  for (int kind = 0; kind < 3; kind++) {
    if (kind == 0)
      dm_lanes_tangent(b->lanes, b->move, b->out);
    else if (kind == 1)
      dm_lanes_belief_tangent(b->lanes, b->move, b->out);
    else
      dm_lanes_backsolve(b->lanes, k, b->move, b->out);
    for (int l = 0; l < L; l++) {
      compare_run(b, l);
      compare_tangents(b, l, kind);
    }
  }
}

TEST(lanes_are_sweeps)
{
  static const double spread[] = {1.0, 3.0, 40.0, 250.0, 700.0, 3000.0, 2e5};
  for (uint64_t seed = 1; seed <= 30; seed++) {
    bench b;
    set_up(&b, seed, 1 + (uint32_t)(seed % 10));
    uint64_t random = seed + 1000;
    for (int l = 0; l < L; l++)
      draw_parameters(&b.game, &b.lane[l], &random);
    for (int l = 0; l < L; l++)
      dm_lanes_refill(b.lanes, (uint32_t)l, b.lane[l].param);
    for (int round = 0; round < 3; round++) {
      for (int l = 0; l < L; l++) {
        /* All lanes alike, then each of its own kind. */
        int kind = round == 0 ? (int)(seed % 2) : (round * 3 + l) % 7;
        draw_strategies(&b.game, &b.lane[l], spread[kind], &random);
      }
      compare_all(&b);
    }
    tear_down(&b);
  }
}

/* One lane moves on, with new parameters; the others are passed in as before and
 * give what they gave. */
TEST(lanes_need_not_be_in_step)
{
  bench b;
  set_up(&b, 7, 3);
  uint64_t random = 5;
  for (int l = 0; l < L; l++) {
    draw_parameters(&b.game, &b.lane[l], &random);
    dm_lanes_refill(b.lanes, (uint32_t)l, b.lane[l].param);
    draw_strategies(&b.game, &b.lane[l], 2.0, &random);
  }
  compare_all(&b);
  free(b.lane[2].param);
  draw_parameters(&b.game, &b.lane[2], &random);
  dm_lanes_refill(b.lanes, 2, b.lane[2].param);
  draw_strategies(&b.game, &b.lane[2], 1500.0, &random);
  compare_all(&b);
  tear_down(&b);
}

/* What is no number stays in its lane. */
TEST(a_spoilt_lane_spoils_no_other)
{
  bench b;
  set_up(&b, 11, 2);
  uint64_t random = 6;
  for (int l = 0; l < L; l++) {
    draw_parameters(&b.game, &b.lane[l], &random);
    dm_lanes_refill(b.lanes, (uint32_t)l, b.lane[l].param);
    draw_strategies(&b.game, &b.lane[l], 30.0, &random);
  }
  fill(&b);
  for (uint32_t i = 0; i < b.game.n_slots; i++)
    b.log_p[(size_t)i * L + 1] = i % 2 ? (double)NAN : -HUGE_VAL;
  dm_lanes_run(b.lanes, b.log_p);
  for (int l = 0; l < L; l++)
    if (l != 1)
      compare_run(&b, l);
  dm_lanes_tangent(b.lanes, b.move, b.out);
  for (int l = 0; l < L; l++) {
    if (l == 1)
      continue;
    compare_run(&b, l);
    compare_tangents(&b, l, 0);
  }
  tear_down(&b);
}

TEST_MAIN(
    CASE(lanes_are_sweeps), CASE(lanes_need_not_be_in_step),
    CASE(a_spoilt_lane_spoils_no_other))
