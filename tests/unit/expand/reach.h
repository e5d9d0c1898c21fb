/* Reach and value of small games by plain recursion over the edges, with
 * nothing of the library's sweeps. */
#ifndef DM_TESTS_EXPAND_REACH_H
#define DM_TESTS_EXPAND_REACH_H

#include "unit.h"
#include "corebuild.h"
#include "expand/expand.h"

#include <math.h>

/* The value of a cell, by recursion. */
static inline double reach_cell(
    const dm_game *g, const double *param, uint32_t c)
{
  const dm_cell *x = &g->cell[c];
  if (x->op == DM_CELL_NUMBER)
    return x->value;
  if (x->op == DM_CELL_PARAM)
    return param[x->a];
  double a = reach_cell(g, param, x->a), b = reach_cell(g, param, x->b);
  switch (x->op) {
  case DM_CELL_ADD:
    return a + b;
  case DM_CELL_SUB:
    return a - b;
  case DM_CELL_MUL:
    return a * b;
  case DM_CELL_DIV:
    return a / b;
  case DM_CELL_MIN:
    return fmin(a, b);
  default:
    return fmax(a, b);
  }
}

/* Odds of edge k of node n under evenly spread picks. */
static inline double reach_odds(
    const dm_game *g, const double *param, uint32_t n, uint32_t k)
{
  uint32_t count = g->node_edge[n + 1] - g->node_edge[n];
  if (g->node_set[n] == DM_NODE_CHANCE)
    return reach_cell(g, param, g->edge_slot[g->node_edge[n] + k]);
  return 1.0 / count;
}

/* Chance from node n that class `end` ends the game. */
static inline double reach_end(
    const dm_game *g, const double *param, uint32_t n, uint32_t end)
{
  if (g->node_set[n] >= DM_NODE_END)
    return g->node_set[n] - DM_NODE_END == end ? 1 : 0;
  double sum = 0;
  for (uint32_t e = g->node_edge[n]; e < g->node_edge[n + 1]; e++)
    sum += reach_odds(g, param, n, e - g->node_edge[n]) *
           reach_end(g, param, g->edge_child[e], end);
  return sum;
}

/* Expected payoff of a player from node n. */
static inline double reach_value(
    const dm_game *g, const double *param, uint32_t n, uint32_t player)
{
  if (g->node_set[n] >= DM_NODE_END)
    return 0;
  double sum = 0;
  for (uint32_t e = g->node_edge[n]; e < g->node_edge[n + 1]; e++) {
    uint32_t cell =
        g->row_cell[(size_t)g->edge_row[e] * g->n_players + player];
    sum += reach_odds(g, param, n, e - g->node_edge[n]) *
           (reach_cell(g, param, cell) +
            reach_value(g, param, g->edge_child[e], player));
  }
  return sum;
}

/* Chance that an outcome ends the game in a period, 0: in any. */
static inline double reach_outcome(
    const dm_expansion *e, const double *param, uint32_t outcome,
    uint32_t period)
{
  double sum = 0;
  for (uint32_t i = 0; i < e->game.n_ends; i++)
    if (e->end_outcome[i] == outcome &&
        (period == 0 || e->end_period[i] == period))
      sum += reach_end(&e->game, param, 0, i);
  return sum;
}

/* Expands and checks what every game must hold. */
static inline dm_expansion *reach_expand(const dm_core *core)
{
  dm_expansion *e = NULL;
  ASSERT_OK(dm_expand(core, NULL, NULL, &e));
  const dm_game *g = &e->game;
  ASSERT_UINT(g->n_layers > 0, 1);
  ASSERT_UINT(g->layer_node[g->n_layers], g->n_nodes);
  ASSERT_UINT(g->node_edge[g->n_nodes], g->n_edges);
  double *cell = malloc(g->n_cells * sizeof *cell);
  ASSERT_NOT_NULL(cell);
  const char *why = "";
  dm_cells_run(g, g->param_base, cell);
  if (dm_game_check(g, cell, &why) != DM_OK)
    FAIL("the game does not hold together: %s", why);
  free(cell);
  double sum = 0;
  for (uint32_t i = 0; i < g->n_ends; i++)
    sum += reach_end(g, g->param_base, 0, i);
  ASSERT_NEAR(sum, 1, 1e-12);
  uint64_t nodes = 0, edges = 0, sets = 0, starts = 0;
  for (uint32_t t = 0; t <= core->n_periods; t++) {
    nodes += e->size[t].situations;
    edges += e->size[t].edges;
    sets += e->size[t].sets;
    starts += e->size[t].starts;
  }
  ASSERT_UINT(nodes, g->n_nodes);
  ASSERT_UINT(edges, g->n_edges);
  ASSERT_UINT(sets, g->n_sets);
  ASSERT_UINT(starts, e->n_starts);
  return e;
}

#endif
