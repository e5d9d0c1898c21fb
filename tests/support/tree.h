/* tests/support/tree.h -- small games for tests, written as trees.
 *
 *   tree *t = tree_new(2, 3);                  players, ending classes
 *   uint32_t s = tree_set(t, 0, 2, 1.0);       player, options, sharpness
 *   uint32_t root = tree_move(t, s);           the first node is the root
 *   tree_edge(t, root, tree_end(t, 0), 0.0, (double[]){3, 1});
 *   ...
 *   dm_game game;
 *   tree_finish(t, &game);                     frees t
 *
 * Edges of a node are its options in the order of the calls; the chance counts
 * only at chance nodes; payoffs NULL are none.  Nodes may share children.  Node
 * ids are given again by layer (longest path from the root), within a layer in
 * order of creation; tree_finish can tell the new id of every node.  Included
 * after unit.h. */
#ifndef DM_TESTS_TREE_H
#define DM_TESTS_TREE_H

#include "game/game.h"

#include <stdlib.h>
#include <string.h>

enum { TREE_MOST = 4096, TREE_PLAYERS = 12 };

typedef struct tree_arc {
  uint32_t from, to;
  double chance;
  double pay[TREE_PLAYERS];
} tree_arc;

typedef struct tree {
  uint32_t n_players, n_ends, n_nodes, n_arcs, n_sets;
  uint32_t kind[TREE_MOST]; /* as dm_game.node_set */
  uint32_t set_player[TREE_MOST], set_options[TREE_MOST];
  double set_sharp[TREE_MOST];
  tree_arc arc[TREE_MOST];
} tree;

static inline tree *tree_new(uint32_t n_players, uint32_t n_ends)
{
  tree *t = calloc(1, sizeof *t);
  ASSERT_NOT_NULL(t);
  ASSERT_TRUE(n_players <= TREE_PLAYERS);
  t->n_players = n_players;
  t->n_ends = n_ends;
  return t;
}

static inline uint32_t tree_set(
    tree *t, uint32_t player, uint32_t options, double sharpness)
{
  ASSERT_TRUE(t->n_sets < TREE_MOST);
  t->set_player[t->n_sets] = player;
  t->set_options[t->n_sets] = options;
  t->set_sharp[t->n_sets] = sharpness;
  return t->n_sets++;
}

static inline uint32_t tree_node(tree *t, uint32_t kind)
{
  ASSERT_TRUE(t->n_nodes < TREE_MOST);
  t->kind[t->n_nodes] = kind;
  return t->n_nodes++;
}

static inline uint32_t tree_move(tree *t, uint32_t set)
{
  return tree_node(t, set);
}

static inline uint32_t tree_chance(tree *t)
{
  return tree_node(t, DM_NODE_CHANCE);
}

static inline uint32_t tree_end(tree *t, uint32_t class)
{
  return tree_node(t, DM_NODE_END + class);
}

static inline void tree_edge(
    tree *t, uint32_t from, uint32_t to, double chance, const double *pay)
{
  ASSERT_TRUE(t->n_arcs < TREE_MOST);
  tree_arc *arc = &t->arc[t->n_arcs++];
  arc->from = from;
  arc->to = to;
  arc->chance = chance;
  for (uint32_t a = 0; pay && a < t->n_players; a++)
    arc->pay[a] = pay[a];
}

/* An ending at the end of an edge with payoffs. */
static inline void tree_leaf(
    tree *t, uint32_t from, uint32_t class, double chance, const double *pay)
{
  tree_edge(t, from, tree_end(t, class), chance, pay);
}

static inline void *tree_grab(dm_arena *arena, size_t n, size_t size)
{
  void *block = dm_arena_resize(arena, NULL, n * size + 1);
  memset(block, 0, n * size + 1);
  return block;
}

/* Longest distance from the root, by passes until nothing moves. */
static inline uint32_t tree_depths(const tree *t, uint32_t *depth)
{
  uint32_t deepest = 0;
  for (bool moved = true; moved;) {
    moved = false;
    for (uint32_t i = 0; i < t->n_arcs; i++) {
      uint32_t want = depth[t->arc[i].from] + 1;
      if (depth[t->arc[i].to] < want) {
        ASSERT_TRUE(want < t->n_nodes);
        depth[t->arc[i].to] = want;
        moved = true;
      }
      deepest = want > deepest ? want : deepest;
    }
  }
  return deepest;
}

static inline void tree_arrays(const tree *t, dm_game *g, dm_arena *arena)
{
  const size_t id = sizeof(uint32_t);
  g->n_players = t->n_players;
  g->n_nodes = t->n_nodes;
  g->n_edges = t->n_arcs;
  g->n_sets = t->n_sets;
  g->n_rows = t->n_arcs + 1;
  g->n_ends = t->n_ends;
  for (uint32_t s = 0; s < t->n_sets; s++)
    g->n_slots += t->set_options[s];
  g->layer_node = tree_grab(arena, g->n_layers + 1, id);
  g->node_edge = tree_grab(arena, g->n_nodes + 1, id);
  g->node_set = tree_grab(arena, g->n_nodes, id);
  g->edge_child = tree_grab(arena, g->n_edges, id);
  g->edge_slot = tree_grab(arena, g->n_edges, id);
  g->edge_row = tree_grab(arena, g->n_edges, id);
  g->set_slot = tree_grab(arena, g->n_sets + 1, id);
  g->set_player = tree_grab(arena, g->n_sets, id);
  g->set_sharp = tree_grab(arena, g->n_sets, id);
  g->set_layer = tree_grab(arena, g->n_sets, id);
  g->row_cell = tree_grab(arena, (size_t)g->n_rows * g->n_players, id);
  g->param_base = tree_grab(arena, 1, sizeof(double));
}

static inline void tree_fill(
    const tree *t, dm_game *g, const uint32_t *depth, uint32_t *new_id,
    dm_cell_pool *pool)
{
  uint32_t next = 0;
  for (uint32_t layer = 0; layer < g->n_layers; layer++) {
    g->layer_node[layer] = next;
    for (uint32_t n = 0; n < t->n_nodes; n++)
      if (depth[n] == layer)
        new_id[n] = next++;
  }
  g->layer_node[g->n_layers] = next;
  for (uint32_t s = 0; s < t->n_sets; s++) {
    g->set_slot[s + 1] = g->set_slot[s] + t->set_options[s];
    g->set_player[s] = t->set_player[s];
    g->set_sharp[s] = dm_cells_number(pool, t->set_sharp[s]);
    g->set_layer[s] = UINT32_MAX;
  }
  for (uint32_t n = 0; n < t->n_nodes; n++) {
    g->node_set[new_id[n]] = t->kind[n];
    if (t->kind[n] < DM_NODE_CHANCE && depth[n] < g->set_layer[t->kind[n]])
      g->set_layer[t->kind[n]] = depth[n];
  }
  for (uint32_t i = 0; i < t->n_arcs; i++)
    g->node_edge[new_id[t->arc[i].from] + 1]++;
  for (uint32_t n = 0; n < t->n_nodes; n++)
    g->node_edge[n + 1] += g->node_edge[n];
  uint32_t used[TREE_MOST] = {0};
  for (uint32_t i = 0; i < t->n_arcs; i++) {
    const tree_arc *arc = &t->arc[i];
    uint32_t set = t->kind[arc->from];
    uint32_t k = used[arc->from]++;
    uint32_t e = g->node_edge[new_id[arc->from]] + k;
    g->edge_child[e] = new_id[arc->to];
    g->edge_slot[e] = set == DM_NODE_CHANCE ? dm_cells_number(pool, arc->chance)
                                            : g->set_slot[set] + k;
    g->edge_row[e] = i + 1;
    for (uint32_t a = 0; a < t->n_players; a++)
      g->row_cell[(i + 1) * t->n_players + a] =
          dm_cells_number(pool, arc->pay[a]);
  }
}

/* new_id: NULL, or [n_nodes] out.  The game passes dm_game_check, or the test
 * fails. */
static inline void tree_finish(tree *t, dm_game *game, uint32_t *new_id)
{
  dm_arena arena;
  dm_arena_init(&arena, 0);
  if (setjmp(arena.jump) != 0)
    FAIL("memory ran out");
  memset(game, 0, sizeof *game);
  uint32_t *depth = tree_grab(&arena, t->n_nodes, sizeof *depth);
  uint32_t *ids = tree_grab(&arena, t->n_nodes, sizeof *ids);
  game->n_layers = tree_depths(t, depth) + 1;
  tree_arrays(t, game, &arena);
  dm_cell_pool pool;
  dm_cells_init(&pool, &arena);
  tree_fill(t, game, depth, ids, &pool);
  game->n_cells = pool.cell.n;
  game->cell = pool.cell.at;
  if (new_id)
    memcpy(new_id, ids, t->n_nodes * sizeof *ids);
  void *kept[] = {game->layer_node, game->node_edge,  game->node_set,
                  game->edge_child, game->edge_slot,  game->edge_row,
                  game->set_slot,   game->set_player, game->set_sharp,
                  game->set_layer,  game->row_cell,   game->param_base,
                  game->cell};
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
    (void)dm_arena_detach(&arena, kept[i]);
  double *value = calloc(game->n_cells, sizeof *value);
  const char *why = NULL;
  dm_cells_run(game, game->param_base, value);
  if (dm_game_check(game, value, &why) != DM_OK)
    FAIL("tree_finish: %s", why);
  free(value);
  dm_arena_clear(&arena);
  free(t);
}

#endif
