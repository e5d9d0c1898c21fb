/* solve/zero_sum.c -- do the two players' payoffs add up to one constant?
 *
 * In:     a two-player game, cell values.
 * Out:    yes, or the reason why not.
 * Method: the least and the largest sum of both players' payoffs over all paths
 *         to each node, in one pass; they must agree over all endings.  Paths
 *         of chance 0 are none.
 * Tolerance: 1e-12 of the largest |payoff total| met, since payoffs along a
 *         path add up with rounding.
 * Cost:   O(edges), 16 bytes a node. */
#include "solve/zero_sum.h"

#include <math.h>
#include <stdlib.h>

#define TOLERANCE 1e-12

typedef struct span {
  double low, high;
} span;

static void widen(span *s, double low, double high)
{
  s->low = low < s->low ? low : s->low;
  s->high = high > s->high ? high : s->high;
}

/* Spreads the spans over the game; returns that of all endings together, and
 * the largest |payoff| of any edge in *scale. */
static span spread(
    const dm_game *g, const double *cell, span *at, double *scale)
{
  span all = {(double)INFINITY, -(double)INFINITY};
  for (uint32_t n = 0; n < g->n_nodes; n++)
    at[n] = all;
  at[0] = (span){0.0, 0.0};
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    if (at[n].low > at[n].high)
      continue;
    if (g->node_set[n] >= DM_NODE_END)
      widen(&all, at[n].low, at[n].high);
    for (uint32_t e = g->node_edge[n]; e < g->node_edge[n + 1]; e++) {
      if (g->node_set[n] == DM_NODE_CHANCE && cell[g->edge_slot[e]] == 0.0)
        continue;
      const uint32_t *row = &g->row_cell[(size_t)g->edge_row[e] * 2];
      double a = cell[row[0]];
      double b = cell[row[1]];
      *scale = fmax(*scale, fmax(fabs(a), fabs(b)));
      widen(&at[g->edge_child[e]], at[n].low + (a + b), at[n].high + (a + b));
    }
  }
  return all;
}

dm_status dm_zero_sum_check(
    const dm_game *game, const double *cell, const char **why)
{
  *why = "";
  if (game->n_players != 2) {
    *why = "this method is for two players";
    return DM_E_RANGE;
  }
  span *at = malloc(game->n_nodes * sizeof *at);
  if (!at)
    return DM_E_MEMORY;
  double scale = 0.0;
  span all = spread(game, cell, at, &scale);
  free(at);
  if (all.high - all.low <= TOLERANCE * scale * game->n_layers)
    return DM_OK;
  *why = "the two players' payoffs do not add up to the same at every ending";
  return DM_E_RANGE;
}

bool dm_zero_sum(const dm_game *game, const double *cell, const char **why)
{
  dm_status status = dm_zero_sum_check(game, cell, why);
  if (status == DM_E_MEMORY)
    *why = "out of memory";
  return status == DM_OK;
}
