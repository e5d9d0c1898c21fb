/* The card and dice games that the benches measure on: their sizes and values,
 * by both methods. */
#include "unit.h"

#include "solve/certificate.h"
#include "solve/zero_sum.h"

#include "../../../bench/support/poker.c"

#include <math.h>
#include <stdlib.h>

typedef struct table {
  dm_game game;
  double *cell, *p;
} table;

static void open_table(table *t, poker_kind kind, uint32_t sides)
{
  const char *why = NULL;
  ASSERT_OK(poker_build(kind, sides, &t->game));
  t->cell = calloc(t->game.n_cells, sizeof *t->cell);
  t->p = calloc(t->game.n_slots, sizeof *t->p);
  ASSERT_NOT_NULL(t->cell);
  ASSERT_NOT_NULL(t->p);
  dm_cells_run(&t->game, t->game.param_base, t->cell);
  ASSERT_OK(dm_game_check(&t->game, t->cell, &why));
}

static void close_table(table *t)
{
  free(t->cell);
  free(t->p);
  dm_game_clear(&t->game);
}

/* Exact value, if there is a library for it; what the average guarantees after
 * some iterations must hold it. */
static void value_is(table *t, double want, uint64_t iterations, double near)
{
  const char *why = NULL;
  double value[2], gain[2], found[2];
  if (dm_lp_available()) {
    ASSERT_OK(dm_lp_solve(&t->game, t->cell, t->p, value, &why));
    ASSERT_NEAR(value[0], want, 1e-10);
  }
  dm_cfr *cfr = NULL;
  ASSERT_OK(dm_cfr_new(&t->game, t->cell, &cfr, &why));
  dm_cfr_run(cfr, iterations);
  ASSERT_TRUE(0.5 * dm_cfr_exploitability(cfr, gain) < near);
  dm_cfr_value(cfr, found);
  ASSERT_TRUE(found[0] + gain[0] >= want - 1e-12);
  ASSERT_TRUE(found[0] - gain[1] <= want + 1e-12);
  dm_cfr_average(cfr, t->p);
  for (uint32_t i = 0; i < t->game.n_slots; i++)
    t->p[i] = log(t->p[i]);
  dm_certificate c;
  ASSERT_OK(
      dm_certificate_verify(&t->game, t->cell, t->p, (double)INFINITY, &c));
  ASSERT_NEAR(c.gain[0], gain[0], 1e-12);
  ASSERT_NEAR(c.gain[1], gain[1], 1e-12);
  dm_certificate_clear(&c);
  /* The game and what is held for it. */
  size_t held = t->game.bytes + dm_cfr_bytes(cfr);
  if (t->game.n_nodes > 5000)
    ASSERT_TRUE(held <= 40 * (size_t)t->game.n_nodes);
  dm_cfr_free(cfr);
}

TEST(kuhn)
{
  table t = {.cell = NULL};
  open_table(&t, POKER_KUHN, 0);
  ASSERT_UINT(t.game.n_nodes, 58);
  ASSERT_UINT(t.game.n_sets, 12);
  value_is(&t, -1.0 / 18.0, 1000, 2e-4);
  close_table(&t);
}

/* Sizes and value as in the field's reference implementations. */
TEST(leduc)
{
  table t = {.cell = NULL};
  open_table(&t, POKER_LEDUC, 0);
  ASSERT_UINT(t.game.n_nodes, 9457);
  ASSERT_UINT(t.game.n_sets, 936);
  value_is(&t, -0.085606424078, 1000, 2e-4);
  close_table(&t);
}

/* Suits never matter: not to tell them apart loses nothing. */
TEST(leduc_by_ranks)
{
  table t = {.cell = NULL};
  open_table(&t, POKER_LEDUC_RANKS, 0);
  ASSERT_UINT(t.game.n_nodes, 9457);
  ASSERT_UINT(t.game.n_sets, 288);
  value_is(&t, -0.085606424078, 1000, 2e-4);
  close_table(&t);
}

TEST(liars_dice)
{
  static const double value[] = {1.0 / 9.0, 1.0 / 16.0, 1.0 / 125.0};
  for (uint32_t sides = 3; sides <= 5; sides++) {
    table t = {.cell = NULL};
    open_table(&t, POKER_DICE, sides);
    value_is(&t, value[sides - 3], 1000, 3e-4);
    close_table(&t);
  }
}

TEST(liars_dice_of_six_sides)
{
  table t = {.cell = NULL};
  open_table(&t, POKER_DICE, 6);
  ASSERT_UINT(t.game.n_nodes, 294883);
  ASSERT_UINT(t.game.n_sets, 24576);
  dm_cfr *cfr = NULL;
  const char *why = NULL;
  double gain[2], found[2];
  ASSERT_OK(dm_cfr_new(&t.game, t.cell, &cfr, &why));
  dm_cfr_run(cfr, 1000);
  ASSERT_TRUE(0.5 * dm_cfr_exploitability(cfr, gain) < 1.3e-4);
  dm_cfr_value(cfr, found);
  ASSERT_TRUE(found[0] + gain[0] >= -7.0 / 258.0);
  ASSERT_TRUE(found[0] - gain[1] <= -7.0 / 258.0);
  ASSERT_TRUE(t.game.bytes + dm_cfr_bytes(cfr) <= 40 * (size_t)t.game.n_nodes);
  dm_cfr_free(cfr);
  close_table(&t);
}

TEST_MAIN(
    CASE(kuhn), CASE(leduc), CASE(leduc_by_ranks), CASE(liars_dice),
    CASE(liars_dice_of_six_sides))
