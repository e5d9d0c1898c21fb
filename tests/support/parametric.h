/* tests/support/parametric.h -- a game whose numbers are replaced by
 * expressions of the same value over parameters: every kind of cell, some
 * parameters in several of them.  Included after unit.h. */
#ifndef DM_TESTS_PARAMETRIC_H
#define DM_TESTS_PARAMETRIC_H

#include "game/game.h"

#include <stdlib.h>
#include <string.h>

typedef struct parametric {
  dm_game game; /* arrays of the source, but for those below */
  dm_cell *cell;
  double *param;
  uint32_t *row_cell, *edge_slot, *set_sharp;
} parametric;

static inline uint32_t parametric_add(
    parametric *x, dm_cell_op op, uint32_t a, uint32_t b, double value)
{
  x->cell[x->game.n_cells] =
      (dm_cell){.op = (uint8_t)op, .a = a, .b = b, .value = value};
  return x->game.n_cells++;
}

static inline uint32_t parametric_param(parametric *x, double base)
{
  x->param[x->game.n_params] = base;
  return parametric_add(x, DM_CELL_PARAM, x->game.n_params++, 0, 0.0);
}

/* A cell of the given value; `shared` is a parameter of value 2. */
static inline uint32_t parametric_number(
    parametric *x, uint32_t i, double value, uint32_t shared)
{
  uint32_t p;
  switch (i % 7) {
  case 0:
    p = parametric_param(x, value / 2.0);
    return parametric_add(x, DM_CELL_MUL, p, shared, 0.0);
  case 1:
    p = parametric_param(x, value * 2.0);
    return parametric_add(x, DM_CELL_DIV, p, shared, 0.0);
  case 2:
    p = parametric_param(x, value - 2.0);
    return parametric_add(x, DM_CELL_ADD, p, shared, 0.0);
  case 3:
    p = parametric_param(x, 2.0 - value);
    return parametric_add(x, DM_CELL_SUB, shared, p, 0.0);
  case 4:
    p = parametric_param(x, value);
    return parametric_add(
        x, DM_CELL_MIN, p, parametric_param(x, value + 1.0), 0.0);
  case 5:
    p = parametric_param(x, value);
    return parametric_add(
        x, DM_CELL_MAX, parametric_param(x, value - 1.0), p, 0.0);
  default:
    return parametric_param(x, value);
  }
}

static inline uint32_t *parametric_map(
    const uint32_t *from, size_t n, const uint32_t *now)
{
  uint32_t *to = calloc(n + 1, sizeof *to);
  for (size_t i = 0; i < n; i++)
    to[i] = now[from[i]];
  return to;
}

/* `source` has cells of numbers only, and stays the owner of its arrays. */
static inline void parametric_make(parametric *x, const dm_game *source)
{
  const dm_game *g = source;
  memset(x, 0, sizeof *x);
  x->game = *g;
  x->game.n_cells = x->game.n_params = 0;
  x->cell = calloc(4 * (size_t)g->n_cells + 4, sizeof *x->cell);
  x->param = calloc(2 * (size_t)g->n_cells + 4, sizeof *x->param);
  uint32_t *now = calloc(g->n_cells, sizeof *now);
  now[0] = parametric_add(x, DM_CELL_NUMBER, 0, 0, 0.0);
  now[1] = parametric_add(x, DM_CELL_NUMBER, 0, 0, 1.0);
  uint32_t shared = parametric_param(x, 2.0);
  for (uint32_t i = 2; i < g->n_cells; i++) {
    ASSERT_INT(g->cell[i].op, DM_CELL_NUMBER);
    now[i] = parametric_number(x, i, g->cell[i].value, shared);
  }
  x->row_cell =
      parametric_map(g->row_cell, (size_t)g->n_rows * g->n_players, now);
  x->set_sharp = parametric_map(g->set_sharp, g->n_sets, now);
  x->edge_slot = calloc(g->n_edges + 1, sizeof *x->edge_slot);
  for (uint32_t n = 0; n < g->n_nodes; n++)
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++)
      x->edge_slot[i] = g->node_set[n] == DM_NODE_CHANCE ? now[g->edge_slot[i]]
                                                         : g->edge_slot[i];
  x->game.cell = x->cell;
  x->game.param_base = x->param;
  x->game.row_cell = x->row_cell;
  x->game.edge_slot = x->edge_slot;
  x->game.set_sharp = x->set_sharp;
  free(now);
}

static inline void parametric_clear(parametric *x)
{
  free(x->cell);
  free(x->param);
  free(x->row_cell);
  free(x->edge_slot);
  free(x->set_sharp);
}

#endif
