/* game/game.h -- the game: a layered, directed acyclic graph of situations.
 *
 * Structure only.  Nodes are numbered in topological order, layer by layer
 * (layer l holds nodes layer_node[l] .. layer_node[l + 1] - 1; every edge leads
 * to a later layer).  A node is an ending (no edges), a chance node, or a
 * decision node of an information set; every node of a set has the same
 * number of edges, edge k of the node being option k of the set.
 *
 * Numbers live in cells.  A cell is a short expression over parameters; equal
 * cells are one.  A chance edge names the cell of its chance; any edge may name
 * a payoff row (0: none), which has one cell per player.  Payoffs add up along
 * a path, as seen from the start (discounting is inside the cells).  Changing a
 * parameter rewrites the table of cell values and nothing else, so chances of
 * 0 and 1 keep their edges.
 *
 * Unknowns are strategies: one probability per option slot.  Slots of set s are
 * set_slot[s] .. set_slot[s + 1] - 1, in the order of the options.
 *
 * A set's sharpness cell already carries the discount of its period (sharpness
 * / discount^(t-1)), so the logit rule at scale k is
 *   p(slot) proportional to exp(k * sharpness(set) * Q(slot)).
 *
 * Source of the model: McKelvey and Palfrey, "Quantal response equilibria for
 * extensive form games", Experimental Economics 1 (1998). */
#ifndef DM_GAME_GAME_H
#define DM_GAME_GAME_H

#include "base/arena.h"

typedef uint32_t dm_node_id;
typedef uint32_t dm_set_id;
typedef uint32_t dm_slot_id;
typedef uint32_t dm_cell_id;
typedef uint32_t dm_row_id;

/* node_set values at and above DM_NODE_END name an ending class:
 * DM_NODE_END + class; DM_NODE_CHANCE marks nature's nodes. */
#define DM_NODE_CHANCE UINT32_C(0x7fffffff)
#define DM_NODE_END    UINT32_C(0x80000000)

typedef enum dm_cell_op {
  DM_CELL_NUMBER, /* value */
  DM_CELL_PARAM,  /* a: parameter */
  DM_CELL_ADD,    /* a + b */
  DM_CELL_SUB,    /* a - b */
  DM_CELL_MUL,    /* a * b */
  DM_CELL_DIV,    /* a / b */
  DM_CELL_MIN,
  DM_CELL_MAX
} dm_cell_op;

typedef struct dm_cell {
  double value;  /* DM_CELL_NUMBER only */
  uint32_t a, b; /* earlier cells, or the parameter */
  uint8_t op;    /* dm_cell_op */
} dm_cell;

typedef struct dm_game {
  uint32_t n_players, n_layers, n_nodes, n_edges;
  uint32_t n_sets, n_slots, n_cells, n_rows, n_params, n_ends;

  uint32_t *layer_node; /* [n_layers + 1] */
  uint32_t *node_edge;  /* [n_nodes + 1] first edge of each node */
  uint32_t *node_set;   /* [n_nodes] set, DM_NODE_CHANCE, DM_NODE_END + class */

  uint32_t *edge_child; /* [n_edges] node */
  uint32_t *edge_slot;  /* [n_edges] slot of a decision, cell of a chance */
  uint32_t *edge_row;   /* [n_edges] payoff row, 0 for none */

  uint32_t *set_slot;   /* [n_sets + 1] */
  uint32_t *set_player; /* [n_sets] 0-based */
  uint32_t *set_sharp;  /* [n_sets] cell */
  uint32_t *set_layer;  /* [n_sets] layer of its first node; all its nodes lie
                           there unless the game cannot be timed */

  dm_cell *cell;      /* [n_cells], operands before their users; cell 0 is the
                           number 0, cell 1 the number 1 */
  uint32_t *row_cell; /* [n_rows x n_players], row-major; row 0 is zeros */
  double *param_base; /* [n_params] base values */

  size_t bytes; /* held by the arrays above */
} dm_game;

/** Releases the arrays (made with dm_block_free storage) and zeroes *game. */
void dm_game_clear(dm_game *game);

/** Checks every index, the layering, that sets are consistent and lie in one
 *  layer, and that chances of each chance node sum to 1 within 1e-9 under
 *  `cell_value`.  On failure *why (static storage) says what is wrong. */
dm_status dm_game_check(
    const dm_game *game, const double *cell_value,
    const char **why) DM_MUST_USE;

/** Evaluates all cells for `param` [n_params] into `cell_value` [n_cells]. */
void dm_cells_run(const dm_game *game, const double *param, double *cell_value);

/* ---- building ---------------------------------------------------------- */

typedef struct dm_cell_pool {
  DM_VEC(dm_cell) cell;
  struct dm_table *index;
  dm_arena *arena;
} dm_cell_pool;

/** Cells 0 and 1 are made at once.  Folding: 0 and 1 are absorbed (x+0, x*1,
 *  x*0), two numbers are NOT folded further, so that base values and draws take
 *  the same path; ADD and MUL sort their operands. */
void dm_cells_init(dm_cell_pool *pool, dm_arena *arena);
dm_cell_id dm_cells_number(dm_cell_pool *pool, double value);
dm_cell_id dm_cells_param(dm_cell_pool *pool, uint32_t param);
dm_cell_id dm_cells_op(
    dm_cell_pool *pool, dm_cell_op op, dm_cell_id a, dm_cell_id b);

#endif
