/* tests/support/random_game.h -- games drawn from a seed: chance nodes, sets of
 * several nodes, shared children, payoffs on inner edges, three options at
 * most.  Included after unit.h. */
#ifndef DM_TESTS_RANDOM_GAME_H
#define DM_TESTS_RANDOM_GAME_H

#include "tree.h"

typedef struct random_game_options {
  uint64_t seed;
  uint32_t players, layers, width;
  double payoff; /* payoffs lie in +-payoff */
} random_game_options;

static inline double random_unit(uint64_t *seed)
{
  *seed ^= *seed << 13;
  *seed ^= *seed >> 7;
  *seed ^= *seed << 17;
  return (double)(*seed >> 11) * 0x1p-53;
}

static inline uint32_t random_below(uint64_t *seed, uint32_t n)
{
  return (uint32_t)(random_unit(seed) * n);
}

static inline uint32_t random_node(
    tree *t, uint64_t *seed, const uint32_t set[4])
{
  return random_unit(seed) < 0.2 ? tree_chance(t)
                                 : tree_move(t, set[random_below(seed, 4)]);
}

/* Some of a layer's sets may end up without a node: those are dropped. */
static inline void random_drop_empty_sets(tree *t)
{
  uint32_t used[TREE_MOST];
  memset(used, 0xff, sizeof used);
  uint32_t kept = 0;
  for (uint32_t s = 0; s < t->n_sets; s++) {
    bool any = false;
    for (uint32_t n = 0; n < t->n_nodes; n++)
      any = any || t->kind[n] == s;
    if (!any)
      continue;
    used[s] = kept;
    t->set_player[kept] = t->set_player[s];
    t->set_options[kept] = t->set_options[s];
    t->set_sharp[kept++] = t->set_sharp[s];
  }
  for (uint32_t n = 0; n < t->n_nodes; n++)
    if (t->kind[n] < DM_NODE_CHANCE)
      t->kind[n] = used[t->kind[n]];
  t->n_sets = kept;
}

static inline void random_edges(
    tree *t, const random_game_options *o, uint64_t *seed, uint32_t node,
    double ends, const uint32_t set[4], uint32_t next[], uint32_t *n_next)
{
  bool chance = t->kind[node] == DM_NODE_CHANCE;
  uint32_t count = chance ? 3 : t->set_options[t->kind[node]];
  double first = 0.2 + 0.3 * random_unit(seed);
  double part[3] = {first, 0.3, 0.7 - first};
  for (uint32_t i = 0; i < count; i++) {
    double pay[TREE_PLAYERS] = {0};
    if (random_unit(seed) < 0.6)
      for (uint32_t a = 0; a < o->players; a++)
        pay[a] = o->payoff * (2.0 * random_unit(seed) - 1.0);
    double u = random_unit(seed);
    uint32_t child;
    if (u < ends) {
      child = tree_end(t, random_below(seed, t->n_ends));
    } else if (*n_next == 0 || (u < 0.7 && *n_next < o->width)) {
      child = random_node(t, seed, set);
      next[(*n_next)++] = child;
    } else {
      child = next[random_below(seed, *n_next)];
    }
    tree_edge(t, node, child, chance ? part[i] : 0.0, pay);
  }
}

static inline void random_game(const random_game_options *o, dm_game *game)
{
  enum { MOST = 64 };
  ASSERT_TRUE(o->width <= MOST);
  tree *t = tree_new(o->players, 3);
  uint64_t seed = o->seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
  uint32_t here[MOST], next[MOST];
  uint32_t n_here = 1;
  here[0] = tree_chance(t);
  for (uint32_t layer = 0; layer < o->layers && n_here > 0; layer++) {
    uint32_t set[4];
    for (uint32_t i = 0; i < 4; i++) {
      /* One after the other: the order of arguments is the compiler's. */
      double sharp = 0.5 + random_unit(&seed);
      uint32_t options = 2 + random_below(&seed, 2);
      set[i] = tree_set(t, random_below(&seed, o->players), options, sharp);
    }
    uint32_t n_next = 0;
    double ends = layer + 1 == o->layers ? 1.0 : layer < 3 ? 0.0 : 0.15;
    for (uint32_t i = 0; i < n_here; i++)
      random_edges(t, o, &seed, here[i], ends, set, next, &n_next);
    memcpy(here, next, sizeof here);
    n_here = n_next;
  }
  random_drop_empty_sets(t);
  tree_finish(t, game, NULL);
}

#endif
