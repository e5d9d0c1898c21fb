/* Two-player games with perfect recall, for the tests of regret minimisation
 * and of linear programs.  Included after unit.h. */
#ifndef DM_TESTS_SOLVE_ZERO_GAMES_H
#define DM_TESTS_SOLVE_ZERO_GAMES_H

#include "random_game.h"

#include "base/table.h"
#include "solve/certificate.h"

#include <math.h>

static inline double *zero_cells(const dm_game *game)
{
  double *cell = calloc((size_t)game->n_cells + 1, sizeof *cell);
  ASSERT_NOT_NULL(cell);
  dm_cells_run(game, game->param_base, cell);
  return cell;
}

static inline void zero_end(tree *t, uint32_t from, double chance, double pay)
{
  tree_leaf(t, from, 0, chance, (double[]){pay, -pay});
}

/* Kuhn (1950): sets 2c and 2c + 1 of the first player with card c (opening,
 * and facing a bet), 6 + 2c and 6 + 2c + 1 of the second (after a check, after
 * a bet).  Option 0: check or fold; 1: bet or call. */
static inline void zero_kuhn(dm_game *game)
{
  tree *t = tree_new(2, 1);
  for (uint32_t player = 0; player < 2; player++)
    for (uint32_t i = 0; i < 6; i++)
      (void)tree_set(t, player, 2, 1.0);
  uint32_t root = tree_chance(t);
  for (uint32_t a = 0; a < 3; a++) {
    for (uint32_t b = 0; b < 3; b++) {
      if (a == b)
        continue;
      double sign = a > b ? 1.0 : -1.0;
      uint32_t open = tree_move(t, 2 * a);
      uint32_t checked = tree_move(t, 6 + 2 * b);
      uint32_t faced = tree_move(t, 2 * a + 1);
      uint32_t bet = tree_move(t, 6 + 2 * b + 1);
      tree_edge(t, root, open, 1.0 / 6.0, NULL);
      tree_edge(t, open, checked, 0.0, NULL);
      tree_edge(t, open, bet, 0.0, NULL);
      zero_end(t, checked, 0.0, sign);
      tree_edge(t, checked, faced, 0.0, NULL);
      zero_end(t, faced, 0.0, -1.0);
      zero_end(t, faced, 0.0, 2.0 * sign);
      zero_end(t, bet, 0.0, 1.0);
      zero_end(t, bet, 0.0, 2.0 * sign);
    }
  }
  tree_finish(t, game, NULL);
}

/* Rows against columns, chosen at once; pay [rows x cols] to the first. */
static inline void zero_matrix(
    uint32_t rows, uint32_t cols, const double *pay, dm_game *game)
{
  tree *t = tree_new(2, 1);
  uint32_t first = tree_set(t, 0, rows, 1.0);
  uint32_t second = tree_set(t, 1, cols, 1.0);
  uint32_t root = tree_move(t, first);
  for (uint32_t i = 0; i < rows; i++) {
    uint32_t n = tree_move(t, second);
    tree_edge(t, root, n, 0.0, NULL);
    for (uint32_t j = 0; j < cols; j++)
      zero_end(t, n, 0.0, pay[i * cols + j]);
  }
  tree_finish(t, game, NULL);
}

/* ---- random trees -------------------------------------------------------- */

enum { ZERO_DEPTH = 7 };

/* What is seen of the move at each depth is fixed in advance, so equal
 * histories of observations are one information set, and nobody forgets. */
typedef struct zero_random {
  tree *t;
  uint64_t seed;
  uint32_t depth;
  bool general; /* payoffs of their own for both */
  uint8_t actor[ZERO_DEPTH];
  bool seen[ZERO_DEPTH][2];
  dm_table sets;
  dm_arena arena;
} zero_random;

typedef struct zero_history {
  uint8_t of[2][ZERO_DEPTH]; /* what each player noticed, 0xff: nothing */
} zero_history;

static inline uint32_t zero_set(
    zero_random *r, uint32_t depth, const zero_history *h)
{
  uint8_t key[ZERO_DEPTH + 2];
  memset(key, 0xfe, sizeof key);
  memcpy(key, h->of[r->actor[depth]], depth);
  key[ZERO_DEPTH] = (uint8_t)depth;
  key[ZERO_DEPTH + 1] = r->actor[depth];
  bool fresh = false;
  uint32_t id = dm_table_intern(&r->sets, key, sizeof key, &fresh);
  if (fresh)
    (void)tree_set(r->t, r->actor[depth], 1 + random_below(&r->seed, 3), 1.0);
  return id;
}

static inline void zero_leaf(zero_random *r, uint32_t from, double chance)
{
  double pay[2];
  pay[0] = 4.0 * random_unit(&r->seed) - 2.0;
  pay[1] = r->general ? 4.0 * random_unit(&r->seed) - 2.0 : 0.75 - pay[0];
  if (!r->general && random_below(&r->seed, 4) == 0)
    pay[1] = 0.75 - (pay[0] = 0.0);
  tree_leaf(r->t, from, 0, chance, pay);
}

static inline uint32_t zero_node(
    zero_random *r, uint32_t depth, const zero_history *h)
{
  bool nature = r->actor[depth] == 2;
  uint32_t node =
      nature ? tree_chance(r->t) : tree_move(r->t, zero_set(r, depth, h));
  uint32_t count = nature ? 2 : r->t->set_options[r->t->kind[node]];
  double part = 0.1 + 0.8 * random_unit(&r->seed);
  for (uint32_t i = 0; i < count; i++) {
    double chance = nature ? (i == 0 ? part : 1.0 - part) : 0.0;
    if (depth + 1 == r->depth ||
        (depth > 2 && random_below(&r->seed, 5) == 0)) {
      zero_leaf(r, node, chance);
      continue;
    }
    zero_history next = *h;
    for (uint32_t a = 0; a < 2; a++)
      next.of[a][depth] = r->seen[depth][a] ? (uint8_t)i : 0xff;
    tree_edge(r->t, node, zero_node(r, depth + 1, &next), chance, NULL);
  }
  return node;
}

/* Payoffs add up to 0.75 everywhere unless `general`. */
static inline void zero_random_tree(
    uint64_t seed, uint32_t depth, bool general, dm_game *game)
{
  ASSERT_TRUE(depth <= ZERO_DEPTH);
  zero_random r = {
      .t = tree_new(2, 1),
      .seed = seed * UINT64_C(0x9e3779b97f4a7c15) + 1,
      .depth = depth,
      .general = general};
  dm_arena_init(&r.arena, 0);
  if (setjmp(r.arena.jump) != 0)
    FAIL("memory ran out");
  dm_table_init(&r.sets, &r.arena, ZERO_DEPTH + 2);
  for (uint32_t d = 0; d < depth; d++) {
    r.actor[d] = (uint8_t)random_below(&r.seed, 3);
    for (uint32_t a = 0; a < 2; a++)
      r.seen[d][a] = r.actor[d] == a || random_below(&r.seed, 2) == 0;
  }
  zero_history none;
  memset(&none, 0xff, sizeof none);
  (void)zero_node(&r, 0, &none);
  dm_arena_clear(&r.arena);
  tree_finish(r.t, game, NULL);
}

/* ---- judging ------------------------------------------------------------- */

/* The certificate's gains and values of a profile of probabilities. */
static inline void zero_judge(
    const dm_game *game, const double *cell, const double *p, double gain[2],
    double value[2])
{
  double *log_p = calloc((size_t)game->n_slots + 1, sizeof *log_p);
  ASSERT_NOT_NULL(log_p);
  for (uint32_t i = 0; i < game->n_slots; i++)
    log_p[i] = log(p[i]);
  dm_certificate c;
  ASSERT_OK(dm_certificate_verify(game, cell, log_p, (double)INFINITY, &c));
  for (int a = 0; a < 2; a++) {
    gain[a] = c.gain[a];
    value[a] = c.value[a];
  }
  dm_certificate_clear(&c);
  free(log_p);
}

/* Every set's probabilities are not negative and sum to 1. */
static inline void zero_is_profile(const dm_game *game, const double *p)
{
  for (uint32_t s = 0; s < game->n_sets; s++) {
    double sum = 0.0;
    for (uint32_t i = game->set_slot[s]; i < game->set_slot[s + 1]; i++) {
      ASSERT_TRUE(p[i] >= 0.0);
      sum += p[i];
    }
    ASSERT_NEAR(sum, 1.0, 1e-12);
  }
}

#endif
