/* game/tree.h -- a layered game from a plain tree.
 *
 * Whoever reads or makes a tree gives its nodes with parents first; the layers
 * are found here.  Information sets lie in one layer each wherever the game
 * can be timed: two sets that precede one another on different paths cannot,
 * nor can a set that a path meets twice; those span layers, all others do not.
 * Within a layer nodes stand by information set, then in the tree's order. */
#ifndef DM_GAME_TREE_H
#define DM_GAME_TREE_H

#include "game/game.h"

#define DM_TREE_ROOT UINT32_MAX

/* Everything borrowed.  Endings that nothing tells apart may be given as one
 * node each class: an ending's node here is its edge, see merge_ends. */
typedef struct dm_tree {
  uint32_t n_players, n_nodes, n_sets, n_ends, n_rows;
  const uint32_t *parent;   /* [n_nodes] an earlier node; of node 0
                               DM_TREE_ROOT.  Children of a node stand in the
                               order of its options */
  const uint32_t *node_set; /* [n_nodes] as in dm_game */
  const uint32_t *row;      /* [n_nodes] payoff row of the edge into it */
  const uint32_t *cell;     /* [n_nodes] chance of the edge into it, where the
                               parent is nature's */
  const uint32_t *set_slot; /* [n_sets + 1] */
  const uint32_t *set_player, *set_sharp; /* [n_sets] */
  const uint32_t *row_cell;               /* [n_rows x n_players] */
  const dm_cell *cells;
  uint32_t n_cells;
  bool merge_ends; /* one node in the last layer for each ending class */
} dm_tree;

/** Makes *out, whose arrays the caller clears with dm_game_clear; new_id
 *  [n_nodes] tells where each node went.  The tree is trusted to be one (node
 *  0 the only root, as many children as options).  DM_E_MEMORY, DM_E_LIMIT.
 *  O(nodes), no recursion. */
dm_status dm_tree_game(const dm_tree *tree, dm_game *out, uint32_t *new_id)
    DM_MUST_USE;

#endif
