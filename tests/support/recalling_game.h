/* tests/support/recalling_game.h -- random trees in which everybody remembers
 * its own play, up to three players.  Included after unit.h. */
#ifndef DM_TESTS_RECALLING_GAME_H
#define DM_TESTS_RECALLING_GAME_H

#include "random_game.h"

/* A random tree in which everybody recalls: a set is a player, its own history
 * and one of two signals, so that sets span layers. */
typedef struct grower {
  tree *t;
  uint64_t seed;
  uint32_t players;
  uint32_t known[256][3]; /* player, history, signal of a set */
} grower;

static inline uint32_t grown_set(grower *w, uint32_t player, uint32_t history)
{
  uint32_t signal = random_below(&w->seed, 2);
  for (uint32_t s = 0; s < w->t->n_sets; s++)
    if (w->known[s][0] == player && w->known[s][1] == history &&
        w->known[s][2] == signal)
      return s;
  uint32_t s = tree_set(w->t, player, 2 + random_below(&w->seed, 2), 1.0);
  ASSERT_TRUE(s < 256);
  w->known[s][0] = player;
  w->known[s][1] = history;
  w->known[s][2] = signal;
  return s;
}

static inline uint32_t grow(
    grower *w, uint32_t depth, const uint32_t history[3])
{
  tree *t = w->t;
  double u = random_unit(&w->seed);
  if (depth == 0 || (depth < 4 && u < 0.15))
    return tree_end(t, random_below(&w->seed, 3));
  uint32_t player = random_below(&w->seed, w->players);
  bool chance = u > 0.8;
  uint32_t s = chance ? 0 : grown_set(w, player, history[player]);
  uint32_t n = chance ? tree_chance(t) : tree_move(t, s);
  uint32_t count = chance ? 2 : t->set_options[s];
  for (uint32_t i = 0; i < count; i++) {
    uint32_t next[3] = {history[0], history[1], history[2]};
    if (!chance)
      next[player] = 1 + 3 * s + i;
    double pay[3];
    for (uint32_t a = 0; a < 3; a++)
      pay[a] = random_unit(&w->seed);
    uint32_t child = grow(w, depth - 1, next);
    tree_edge(t, n, child, i ? 0.75 : 0.25, pay);
  }
  return n;
}

static inline void make_recalling(
    dm_game *game, uint64_t seed, uint32_t players, uint32_t depth)
{
  grower w = {
      .t = tree_new(players, 3), .seed = seed * 77 + 5, .players = players};
  uint32_t none[3] = {0};
  (void)grow(&w, depth, none);
  tree_finish(w.t, game, NULL);
}

#endif
