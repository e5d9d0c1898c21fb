/* Who remembers what: trees by hand, merged situations, and random games
 * against the definition, path by path. */
#include "unit.h"

#include "random_game.h"

#include "game/recall.h"

/* Player 0 picks, player 1 picks, player 0 picks again: in one set or in a set
 * for each of its own first picks, and for each of the other's. */
static void make_twice(dm_game *game, bool keeps_own, bool keeps_other)
{
  tree *t = tree_new(2, 1);
  uint32_t first = tree_set(t, 0, 2, 1.0);
  uint32_t other = tree_set(t, 1, 2, 1.0);
  uint32_t later[2][2];
  for (uint32_t i = 0; i < 2; i++)
    for (uint32_t j = 0; j < 2; j++) {
      bool fresh = (i == 0 || keeps_own) && (j == 0 || keeps_other);
      later[i][j] = fresh ? tree_set(t, 0, 2, 1.0)
                          : later[keeps_own ? i : 0][keeps_other ? j : 0];
    }
  uint32_t root = tree_move(t, first);
  for (uint32_t i = 0; i < 2; i++) {
    uint32_t middle = tree_move(t, other);
    tree_edge(t, root, middle, 0.0, NULL);
    for (uint32_t j = 0; j < 2; j++) {
      uint32_t n = tree_move(t, later[i][j]);
      tree_edge(t, middle, n, 0.0, NULL);
      tree_leaf(t, n, 0, 0.0, NULL);
      tree_leaf(t, n, 0, 0.0, NULL);
    }
  }
  tree_finish(t, game, NULL);
}

TEST(remembers_its_picks)
{
  for (int keeps_other = 0; keeps_other < 2; keeps_other++) {
    dm_game game;
    dm_recall r;
    make_twice(&game, true, keeps_other != 0);
    ASSERT_OK(dm_recall_find(&game, &r));
    for (uint32_t a = 0; a < 2; a++) {
      ASSERT_UINT(r.kind[a], DM_RECALL_PERFECT);
      ASSERT_UINT(r.set[a], DM_RECALL_NONE);
    }
    ASSERT_UINT(r.last[0], DM_RECALL_NONE);
    ASSERT_UINT(r.last[1], DM_RECALL_NONE);
    /* Sets 2 .. were made for first pick 0, then for first pick 1. */
    uint32_t half = (game.n_sets - 2) / 2;
    for (uint32_t s = 2; s < game.n_sets; s++)
      ASSERT_UINT(r.last[s], game.set_slot[0] + (s - 2) / half);
    dm_recall_clear(&r);
    dm_game_clear(&game);
  }
}

TEST(forgets_its_pick)
{
  dm_game game;
  dm_recall r;
  make_twice(&game, false, true);
  ASSERT_OK(dm_recall_find(&game, &r));
  ASSERT_UINT(r.kind[0], DM_RECALL_IMPERFECT);
  ASSERT_TRUE(r.set[0] == 2 || r.set[0] == 3);
  ASSERT_UINT(r.kind[1], DM_RECALL_PERFECT);
  for (uint32_t s = 0; s < game.n_sets; s++)
    ASSERT_UINT(r.last[s], DM_RECALL_NONE);
  dm_recall_clear(&r);
  dm_game_clear(&game);
}

/* The same set with and without an own set before it: forgets that it was
 * asked.  The set spans two layers. */
static void make_forgets_set(dm_game *game)
{
  tree *t = tree_new(1, 1);
  uint32_t first = tree_set(t, 0, 1, 1.0);
  uint32_t later = tree_set(t, 0, 2, 1.0);
  uint32_t root = tree_chance(t);
  uint32_t a = tree_move(t, first);
  uint32_t b = tree_move(t, later);
  uint32_t c = tree_move(t, later);
  tree_edge(t, root, a, 0.5, NULL);
  tree_edge(t, root, b, 0.5, NULL);
  tree_edge(t, a, c, 0.0, NULL);
  for (uint32_t i = 0; i < 2; i++) {
    tree_leaf(t, b, 0, 0.0, NULL);
    tree_leaf(t, c, 0, 0.0, NULL);
  }
  tree_finish(t, game, NULL);
}

TEST(forgets_that_it_was_asked)
{
  dm_game game;
  dm_recall r;
  make_forgets_set(&game);
  ASSERT_OK(dm_recall_find(&game, &r));
  ASSERT_UINT(r.kind[0], DM_RECALL_IMPERFECT);
  ASSERT_UINT(r.set[0], 1);
  dm_recall_clear(&r);
  dm_game_clear(&game);
}

/* Piccione and Rubinstein's driver passes the same crossing twice. */
static void make_driver(dm_game *game, bool merged)
{
  tree *t = tree_new(1, 3);
  uint32_t set = tree_set(t, 0, 2, 1.0);
  uint32_t root = tree_move(t, set);
  uint32_t next = tree_move(t, set);
  uint32_t stop = tree_end(t, 0);
  tree_edge(t, root, next, 0.0, NULL);
  tree_edge(t, root, stop, 0.0, NULL);
  tree_leaf(t, next, 1, 0.0, (double[]){1.0});
  if (merged)
    tree_edge(t, next, stop, 0.0, (double[]){4.0});
  else
    tree_leaf(t, next, 2, 0.0, (double[]){4.0});
  tree_finish(t, game, NULL);
}

TEST(absent_minded_driver)
{
  for (int merged = 0; merged < 2; merged++) {
    dm_game game;
    dm_recall r;
    make_driver(&game, merged != 0);
    ASSERT_OK(dm_recall_find(&game, &r));
    ASSERT_UINT(r.kind[0], DM_RECALL_ABSENT);
    ASSERT_UINT(r.set[0], 0);
    ASSERT_UINT(r.last[0], DM_RECALL_NONE);
    dm_recall_clear(&r);
    dm_game_clear(&game);
  }
}

/* Two first picks lead to one situation, in which the other moves; whether the
 * first player moves again after it makes the difference. */
static void make_merged(dm_game *game, bool again)
{
  tree *t = tree_new(2, 1);
  uint32_t first = tree_set(t, 0, 2, 1.0);
  uint32_t other = tree_set(t, 1, 2, 1.0);
  uint32_t later = again ? tree_set(t, 0, 2, 1.0) : 0;
  uint32_t root = tree_move(t, first);
  uint32_t n = tree_move(t, other);
  tree_edge(t, root, n, 0.0, NULL);
  tree_edge(t, root, n, 0.0, NULL);
  if (again) {
    uint32_t m = tree_move(t, later);
    tree_edge(t, n, m, 0.0, NULL);
    tree_leaf(t, m, 0, 0.0, NULL);
    tree_leaf(t, m, 0, 0.0, NULL);
  } else {
    tree_leaf(t, n, 0, 0.0, NULL);
  }
  tree_leaf(t, n, 0, 0.0, NULL);
  tree_finish(t, game, NULL);
}

TEST(merged_situations)
{
  for (int again = 0; again < 2; again++) {
    dm_game game;
    dm_recall r;
    make_merged(&game, again != 0);
    ASSERT_OK(dm_recall_find(&game, &r));
    ASSERT_UINT(r.kind[0], again ? DM_RECALL_IMPERFECT : DM_RECALL_PERFECT);
    ASSERT_UINT(r.set[0], again ? 2 : DM_RECALL_NONE);
    ASSERT_UINT(r.kind[1], DM_RECALL_PERFECT);
    dm_recall_clear(&r);
    dm_game_clear(&game);
  }
}

/* A set in two layers can be remembered perfectly: the other player's move
 * comes in between on one path only. */
TEST(a_set_in_two_layers)
{
  tree *t = tree_new(2, 1);
  uint32_t other = tree_set(t, 1, 2, 1.0);
  uint32_t wide = tree_set(t, 0, 2, 1.0);
  uint32_t third = tree_set(t, 0, 2, 1.0);
  uint32_t root = tree_chance(t);
  uint32_t n = tree_move(t, other);
  uint32_t a = tree_move(t, wide);
  uint32_t b = tree_move(t, wide);
  uint32_t c = tree_move(t, third);
  uint32_t d = tree_move(t, third);
  tree_edge(t, root, n, 0.5, NULL);
  tree_edge(t, root, a, 0.5, NULL);
  tree_edge(t, n, b, 0.0, NULL);
  tree_leaf(t, n, 0, 0.0, NULL);
  tree_edge(t, a, c, 0.0, NULL);
  tree_leaf(t, a, 0, 0.0, NULL);
  tree_edge(t, b, d, 0.0, NULL);
  tree_leaf(t, b, 0, 0.0, NULL);
  for (uint32_t i = 0; i < 2; i++) {
    tree_leaf(t, c, 0, 0.0, NULL);
    tree_leaf(t, d, 0, 0.0, NULL);
  }
  dm_game game;
  dm_recall r;
  tree_finish(t, &game, NULL);
  ASSERT_OK(dm_recall_find(&game, &r));
  ASSERT_UINT(r.kind[0], DM_RECALL_PERFECT);
  ASSERT_UINT(r.kind[1], DM_RECALL_PERFECT);
  ASSERT_UINT(r.last[wide], DM_RECALL_NONE);
  ASSERT_UINT(r.last[third], game.set_slot[wide]);
  dm_recall_clear(&r);
  dm_game_clear(&game);
}

/* ---- against the definition ---------------------------------------------- */

enum { DEPTH = 16, OWN_MOST = 64 };

typedef struct walker {
  const dm_game *game;
  uint32_t player;
  bool known[OWN_MOST];              /* [n_sets] */
  uint32_t length[OWN_MOST];         /* [n_sets] */
  uint32_t history[OWN_MOST][DEPTH]; /* [n_sets] own slots */
  bool forgets, twice;
} walker;

/* Every path: own is the player's slots on it so far. */
static void walk(walker *w, uint32_t node, uint32_t *own, uint32_t n_own)
{
  const dm_game *g = w->game;
  uint32_t s = g->node_set[node];
  bool mine = s < DM_NODE_CHANCE && g->set_player[s] == w->player;
  ASSERT_TRUE(n_own < DEPTH);
  if (mine) {
    for (uint32_t i = 0; i < n_own; i++)
      w->twice =
          w->twice || (own[i] >= g->set_slot[s] && own[i] < g->set_slot[s + 1]);
    if (w->known[s] && (w->length[s] != n_own ||
                        memcmp(w->history[s], own, n_own * sizeof *own) != 0))
      w->forgets = true;
    w->known[s] = true;
    w->length[s] = n_own;
    memcpy(w->history[s], own, n_own * sizeof *own);
  }
  for (uint32_t i = g->node_edge[node]; i < g->node_edge[node + 1]; i++) {
    if (mine)
      own[n_own] = g->edge_slot[i];
    walk(w, g->edge_child[i], own, n_own + mine);
  }
}

/* Renames some sets so that a few span layers. */
static void mix_sets(dm_game *g, uint64_t seed)
{
  for (uint32_t n = g->n_nodes; n-- > 0;) {
    uint32_t s = g->node_set[n];
    if (s >= DM_NODE_CHANCE || random_unit(&seed) > 0.4)
      continue;
    for (uint32_t u = 0; u < g->n_sets; u++) {
      uint32_t count = g->set_slot[u + 1] - g->set_slot[u];
      if (g->set_player[u] != g->set_player[s] ||
          count != g->set_slot[s + 1] - g->set_slot[s] ||
          random_unit(&seed) > 0.4)
        continue;
      g->node_set[n] = u;
      for (uint32_t k = 0; k < count; k++)
        g->edge_slot[g->node_edge[n] + k] = g->set_slot[u] + k;
      break;
    }
  }
}

TEST(agrees_with_the_definition)
{
  uint32_t count[3] = {0};
  for (uint64_t seed = 1; seed <= 400; seed++) {
    random_game_options o = {
        .seed = seed,
        .players = 3,
        .layers = 2 + (uint32_t)(seed % 4),
        .width = 1 + (uint32_t)(seed % 7),
        .payoff = 1};
    dm_game game;
    dm_recall r;
    random_game(&o, &game);
    if (seed % 2)
      mix_sets(&game, seed);
    ASSERT_TRUE(game.n_sets <= OWN_MOST);
    ASSERT_OK(dm_recall_find(&game, &r));
    for (uint32_t a = 0; a < 3; a++) {
      walker w = {.game = &game, .player = a};
      uint32_t own[DEPTH + 1] = {0};
      walk(&w, 0, own, 0);
      uint32_t want = w.twice     ? DM_RECALL_ABSENT
                      : w.forgets ? DM_RECALL_IMPERFECT
                                  : DM_RECALL_PERFECT;
      ASSERT_UINT(r.kind[a], want);
      count[want]++;
      ASSERT_TRUE((r.set[a] == DM_RECALL_NONE) == (want == DM_RECALL_PERFECT));
      for (uint32_t s = 0; s < game.n_sets; s++) {
        if (game.set_player[s] != a)
          continue;
        bool some = want == DM_RECALL_PERFECT && w.known[s] && w.length[s];
        ASSERT_UINT(
            r.last[s], some ? w.history[s][w.length[s] - 1] : DM_RECALL_NONE);
      }
    }
    dm_recall_clear(&r);
    dm_game_clear(&game);
  }
  for (uint32_t k = 0; k < 3; k++)
    ASSERT_TRUE(count[k] > 20);
}

TEST_MAIN(
    CASE(remembers_its_picks), CASE(forgets_its_pick),
    CASE(forgets_that_it_was_asked), CASE(absent_minded_driver),
    CASE(merged_situations), CASE(a_set_in_two_layers),
    CASE(agrees_with_the_definition))
