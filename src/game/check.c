/* game/check.c -- is this a game?
 *
 * A game may come from a file that somebody else wrote, so nothing is believed:
 * every index is checked before it is followed, every count against its array's
 * declared bounds.  What passes here can be swept without a further test.
 *
 * Two checks are about numbers: chances, and payoffs whose sums along a path
 * would leave the range in which they can be squared without overflow. */
#include "game/game.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Largest payoff total along a path: its square is finite with room left. */
#define PAYOFF_MOST 1e150
#define CHANCE_TOL  1e-9

typedef struct checker {
  const dm_game *game;
  const double *cell_value;
  double *bound;       /* [n_nodes] largest |payoff| from here on */
  uint32_t *set_first; /* [n_sets] first layer seen, UINT32_MAX: none */
  unsigned char *seen; /* [n_nodes] some edge leads here */
} checker;

static const char *check_shape(const dm_game *g)
{
  if (g->n_nodes == 0 || g->n_layers == 0)
    return "the game has no node";
  if (g->n_players == 0 && g->n_sets > 0)
    return "information sets without players";
  if (!g->layer_node || !g->node_edge || !g->node_set)
    return "node arrays are missing";
  if (g->n_edges && (!g->edge_child || !g->edge_slot || !g->edge_row))
    return "edge arrays are missing";
  if (!g->set_slot ||
      (g->n_sets && (!g->set_player || !g->set_sharp || !g->set_layer)))
    return "set arrays are missing";
  if (g->n_cells < 2 || !g->cell || g->n_rows == 0 ||
      (g->n_players && !g->row_cell))
    return "cells 0 and 1 or row 0 are missing";
  if (g->n_params && !g->param_base)
    return "parameter values are missing";
  if (g->n_sets >= DM_NODE_CHANCE || g->n_ends >= DM_NODE_END)
    return "too many information sets or endings";
  return NULL;
}

/* at[0] = 0, at[count] = total, each step at least `least`. */
static bool rises(
    const uint32_t *at, uint32_t count, uint32_t total, uint32_t least)
{
  if (at[0] != 0 || at[count] != total)
    return false;
  for (uint32_t i = 0; i < count; i++)
    if (at[i + 1] < at[i] || at[i + 1] - at[i] < least)
      return false;
  return true;
}

static const char *check_cells(const dm_game *g)
{
  if (g->cell[0].op != DM_CELL_NUMBER || g->cell[0].value != 0.0 ||
      g->cell[1].op != DM_CELL_NUMBER || g->cell[1].value != 1.0)
    return "cells 0 and 1 are not the numbers 0 and 1";
  for (uint32_t i = 0; i < g->n_cells; i++) {
    const dm_cell *cell = &g->cell[i];
    if (cell->op > DM_CELL_MAX)
      return "a cell has an unknown operation";
    if (cell->op == DM_CELL_NUMBER)
      continue;
    if (cell->op == DM_CELL_PARAM) {
      if (cell->a >= g->n_params)
        return "a cell names a parameter that does not exist";
    } else if (cell->a >= i || cell->b >= i) {
      return "a cell reads a later cell";
    }
  }
  return NULL;
}

static const char *check_rows(const checker *c)
{
  const dm_game *g = c->game;
  size_t n = (size_t)g->n_rows * g->n_players;
  for (size_t i = 0; i < n; i++) {
    uint32_t cell = g->row_cell[i];
    if (cell >= g->n_cells)
      return "a payoff row names a cell that does not exist";
    if (i < g->n_players && cell != 0)
      return "row 0 is not all zero";
    if (!(fabs(c->cell_value[cell]) <= PAYOFF_MOST))
      return "a payoff is not a finite number of moderate size";
  }
  return NULL;
}

static const char *check_sets(const checker *c)
{
  const dm_game *g = c->game;
  if (!rises(g->set_slot, g->n_sets, g->n_slots, 1))
    return "option slots of information sets do not follow one another";
  for (uint32_t s = 0; s < g->n_sets; s++) {
    if (g->set_player[s] >= g->n_players)
      return "an information set has a player that does not exist";
    if (g->set_sharp[s] >= g->n_cells)
      return "an information set has a sharpness that does not exist";
    double sharp = c->cell_value[g->set_sharp[s]];
    if (!(sharp >= 0.0 && sharp <= PAYOFF_MOST))
      return "a sharpness is negative or not finite";
  }
  return NULL;
}

/* Edges of one node, after node_edge and the sets have been found in order. */
static const char *check_edges(checker *c, uint32_t n, uint32_t next_layer)
{
  const dm_game *g = c->game;
  uint32_t set = g->node_set[n];
  uint32_t begin = g->node_edge[n];
  uint32_t end = g->node_edge[n + 1];
  double chance = 0.0;
  for (uint32_t i = begin; i < end; i++) {
    uint32_t child = g->edge_child[i];
    if (child >= g->n_nodes || child < next_layer)
      return "an edge does not lead to a later layer";
    if (g->edge_row[i] >= g->n_rows)
      return "an edge names a payoff row that does not exist";
    c->seen[child] = 1;
    if (set != DM_NODE_CHANCE) {
      if (g->edge_slot[i] != g->set_slot[set] + (i - begin))
        return "edges of a decision are not the options of its set in order";
      continue;
    }
    if (g->edge_slot[i] >= g->n_cells)
      return "a chance edge names a cell that does not exist";
    double p = c->cell_value[g->edge_slot[i]];
    if (!(p >= 0.0 && p <= 1.0 + CHANCE_TOL))
      return "a chance is outside 0 to 1";
    chance += p;
  }
  if (set == DM_NODE_CHANCE && !(fabs(chance - 1.0) <= CHANCE_TOL))
    return "chances of a node do not add up to 1";
  return NULL;
}

static const char *check_node(checker *c, uint32_t n, uint32_t layer)
{
  const dm_game *g = c->game;
  uint32_t set = g->node_set[n];
  uint32_t count = g->node_edge[n + 1] - g->node_edge[n];
  if (set >= DM_NODE_END) {
    if (set - DM_NODE_END >= g->n_ends)
      return "an ending has a class that does not exist";
    return count ? "an ending has edges" : NULL;
  }
  if (count == 0)
    return "a node that is no ending has no edge";
  if (set != DM_NODE_CHANCE) {
    if (set >= g->n_sets)
      return "a node belongs to an information set that does not exist";
    if (count != g->set_slot[set + 1] - g->set_slot[set])
      return "nodes of an information set differ in their number of options";
    if (c->set_first[set] == UINT32_MAX)
      c->set_first[set] = layer;
  }
  return check_edges(c, n, g->layer_node[layer + 1]);
}

static const char *check_nodes(checker *c)
{
  const dm_game *g = c->game;
  if (!rises(g->layer_node, g->n_layers, g->n_nodes, 0))
    return "layers do not follow one another";
  if (!rises(g->node_edge, g->n_nodes, g->n_edges, 0))
    return "edges of nodes do not follow one another";
  for (uint32_t layer = 0; layer < g->n_layers; layer++) {
    for (uint32_t n = g->layer_node[layer]; n < g->layer_node[layer + 1]; n++) {
      const char *why = check_node(c, n, layer);
      if (why)
        return why;
    }
  }
  for (uint32_t n = 1; n < g->n_nodes; n++)
    if (!c->seen[n])
      return "a node is reached by no edge";
  for (uint32_t s = 0; s < g->n_sets; s++) {
    if (c->set_first[s] == UINT32_MAX)
      return "an information set has no node";
    if (c->set_first[s] != g->set_layer[s])
      return "an information set does not start in the layer it names";
  }
  return NULL;
}

/* Payoffs add up along paths: the largest total is bounded from the end. */
static const char *check_totals(checker *c)
{
  const dm_game *g = c->game;
  for (uint32_t n = g->n_nodes; n-- > 0;) {
    double most = 0.0;
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      const uint32_t *row = g->row_cell + (size_t)g->edge_row[i] * g->n_players;
      double largest = 0.0;
      for (uint32_t a = 0; a < g->n_players; a++)
        largest = fmax(largest, fabs(c->cell_value[row[a]]));
      most = fmax(most, largest + c->bound[g->edge_child[i]]);
    }
    c->bound[n] = most;
    if (!(most <= PAYOFF_MOST))
      return "payoffs along a path add up to too large a number";
  }
  return NULL;
}

static const char *check_all(checker *c)
{
  const char *why = check_cells(c->game);
  if (!why)
    why = check_rows(c);
  if (!why)
    why = check_sets(c);
  if (!why)
    why = check_nodes(c);
  if (!why)
    why = check_totals(c);
  return why;
}

dm_status dm_game_check(
    const dm_game *game, const double *cell_value, const char **why)
{
  *why = check_shape(game);
  if (*why)
    return DM_E_INPUT;
  checker c = {.game = game, .cell_value = cell_value};
  dm_status status = DM_E_MEMORY;
  c.bound = calloc(game->n_nodes, sizeof *c.bound);
  c.set_first = calloc((size_t)game->n_sets + 1, sizeof *c.set_first);
  c.seen = calloc(game->n_nodes, sizeof *c.seen);
  if (!c.bound || !c.set_first || !c.seen) {
    *why = "memory ran out";
    goto done;
  }
  memset(c.set_first, 0xff, ((size_t)game->n_sets + 1) * sizeof *c.set_first);
  *why = check_all(&c);
  status = *why ? DM_E_INPUT : DM_OK;
done:
  free(c.bound);
  free(c.set_first);
  free(c.seen);
  return status;
}
