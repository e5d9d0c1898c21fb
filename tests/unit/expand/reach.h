/* Reach and value of small games by plain recursion over the edges, with
 * nothing of the library's sweeps. */
#ifndef DM_TESTS_EXPAND_REACH_H
#define DM_TESTS_EXPAND_REACH_H

#include "unit.h"
#include "corebuild.h"
#include "expand/expand.h"

#include <math.h>

/* The values of all cells; the caller frees. */
static inline double *reach_cells(const dm_game *g, const double *param)
{
  double *value = calloc(g->n_cells, sizeof *value);
  ASSERT_NOT_NULL(value);
  for (uint32_t c = 0; c < g->n_cells; c++) {
    const dm_cell *x = &g->cell[c];
    if (x->op == DM_CELL_NUMBER) {
      value[c] = x->value;
      continue;
    }
    if (x->op == DM_CELL_PARAM) {
      value[c] = param[x->a];
      continue;
    }
    double a = value[x->a], b = value[x->b];
    switch (x->op) {
    case DM_CELL_ADD:
      value[c] = a + b;
      break;
    case DM_CELL_SUB:
      value[c] = a - b;
      break;
    case DM_CELL_MUL:
      value[c] = a * b;
      break;
    case DM_CELL_DIV:
      value[c] = a / b;
      break;
    case DM_CELL_MIN:
      value[c] = fmin(a, b);
      break;
    default:
      value[c] = fmax(a, b);
      break;
    }
  }
  return value;
}

/* Odds of edge e of node n under evenly spread picks. */
static inline double reach_odds(
    const dm_game *g, const double *cell, uint32_t n, uint32_t e)
{
  uint32_t count = g->node_edge[n + 1] - g->node_edge[n];
  return g->node_set[n] == DM_NODE_CHANCE ? cell[g->edge_slot[e]] : 1.0 / count;
}

/* Chance from node n that class `end` ends the game. */
static inline double reach_end(
    const dm_game *g, const double *cell, uint32_t n, uint32_t end)
{
  if (g->node_set[n] >= DM_NODE_END)
    return g->node_set[n] - DM_NODE_END == end ? 1 : 0;
  double sum = 0;
  for (uint32_t e = g->node_edge[n]; e < g->node_edge[n + 1]; e++)
    sum +=
        reach_odds(g, cell, n, e) * reach_end(g, cell, g->edge_child[e], end);
  return sum;
}

/* What edge e pays a player. */
static inline double reach_pay(
    const dm_game *g, const double *cell, uint32_t e, uint32_t player)
{
  return cell[g->row_cell[(size_t)g->edge_row[e] * g->n_players + player]];
}

/* Expected payoff of a player from node n. */
static inline double reach_from(
    const dm_game *g, const double *cell, uint32_t n, uint32_t player)
{
  if (g->node_set[n] >= DM_NODE_END)
    return 0;
  double sum = 0;
  for (uint32_t e = g->node_edge[n]; e < g->node_edge[n + 1]; e++)
    sum += reach_odds(g, cell, n, e) *
           (reach_pay(g, cell, e, player) +
            reach_from(g, cell, g->edge_child[e], player));
  return sum;
}

/* Expected payoff of a player; `param` NULL: base values. */
static inline double reach_value(
    const dm_expansion *e, const double *param, uint32_t player)
{
  double *cell = reach_cells(&e->game, param ? param : e->game.param_base);
  double value = reach_from(&e->game, cell, 0, player);
  free(cell);
  return value;
}

/* Chance that an outcome ends the game in a period, 0: in any. */
static inline double reach_outcome(
    const dm_expansion *e, const double *param, uint32_t outcome,
    uint32_t period)
{
  double *cell = reach_cells(&e->game, param ? param : e->game.param_base);
  double sum = 0;
  for (uint32_t i = 0; i < e->game.n_ends; i++)
    if (e->end_outcome[i] == outcome &&
        (period == 0 || e->end_period[i] == period))
      sum += reach_end(&e->game, cell, 0, i);
  free(cell);
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
  double *own = reach_cells(g, g->param_base);
  ASSERT_MEM(own, cell, g->n_cells * sizeof *cell);
  free(own);
  free(cell);
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
