/* game/tangent.c -- how Q moves when strategies move.
 *
 * In:     the point of the last dm_sweep_run; d_log_p, one number a slot.
 * Out:    d_q, one number a slot.
 * Method: the derivative of the two sweeps, line by line.  With L = log reach,
 *           forward   dL(child) = sum over in-edges of w (dL(n) + d_log_p),
 *                     w = reach(n) p / reach(child): weights that sum to 1
 *           set       dS = sum over its nodes of belief dL
 *           backward  dv(n, a) = sum over edges of p (d_log_p t + dv(child, a))
 *                     dQ(slot) += belief ((dL - dS) t + dv(child, o))
 *         where t = row + value(child).  Logarithmic derivatives keep their
 *         size however small reach is; that is why they, not reach, are moved.
 * Cost:   as one run: O(nodes + edges x players), no allocation.
 * Where a set has no reach at all (chances of exactly 0), its beliefs are
 * uniform by convention and do not move. */
#include "game/sweep_impl.h"

static void forward_tangent(dm_sweep *sweep, const double *restrict d_log_p)
{
  const dm_game *g = sweep->game;
  const uint32_t *restrict edge_child = g->edge_child;
  const uint32_t *restrict edge_slot = g->edge_slot;
  const double *restrict reach = sweep->reach;
  const int32_t *restrict reach_exp = sweep->reach_exp;
  double *restrict d_reach = sweep->d_reach;
  const uint32_t n_inner = sweep->n_inner;
  for (uint32_t n = 0; n < n_inner; n++)
    d_reach[n] = 0.0;
  for (uint32_t s = 0; s < g->n_sets; s++)
    sweep->d_set[s] = 0.0;
  for (uint32_t n = 0; n < n_inner; n++) {
    uint32_t set = g->node_set[n];
    double m = reach[n];
    if (set >= DM_NODE_END || m == 0.0)
      continue;
    int32_t e = reach_exp[n];
    double dl = d_reach[n] / m;
    d_reach[n] = dl;
    if (set == DM_NODE_CHANCE) {
      for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
        uint32_t child = edge_child[i];
        double p = sweep->cell_value[edge_slot[i]];
        /* The child of a zero chance may have no reach, so no exponent. */
        if (p == 0.0 || child >= n_inner)
          continue;
        double w =
            p < DM_CHANCE_LEAST
                ? m * (p * 0x1p512) * dm_pow2_low(e - 512 - reach_exp[child])
                : dm_shifted(m * p, e - reach_exp[child]);
        d_reach[child] += w * dl;
      }
      continue;
    }
    sweep->d_set[set] += sweep->belief[n] * dl;
    uint32_t slot = g->set_slot[set];
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++, slot++) {
      uint32_t child = edge_child[i];
      if (child >= n_inner)
        continue;
      double w = dm_shifted(
          m * sweep->p[slot], e + sweep->p_exp[slot] - reach_exp[child]);
      d_reach[child] += w * (dl + d_log_p[slot]);
    }
  }
}

static inline void backward_tangent(
    dm_sweep *sweep, const double *restrict d_log_p, double *restrict d_q,
    const uint32_t first, const uint32_t width, const size_t stride)
{
  const dm_game *g = sweep->game;
  const uint32_t n_inner = sweep->n_inner;
  const uint32_t *restrict edge_child = g->edge_child;
  const uint32_t *restrict edge_slot = g->edge_slot;
  const uint32_t *restrict edge_row = g->edge_row;
  const double *restrict row_value = sweep->row_value + first;
  const double *restrict value = sweep->value + first;
  double *restrict d_value = sweep->d_value + first;
  for (uint32_t n = sweep->n_inner; n-- > 0;) {
    uint32_t set = g->node_set[n];
    if (set >= DM_NODE_END)
      continue;
    double sum[DM_GROUP] = {0};
    uint32_t begin = g->node_edge[n];
    uint32_t end = g->node_edge[n + 1];
    if (set == DM_NODE_CHANCE) {
      for (uint32_t i = begin; i < end; i++) {
        const double *child =
            d_value + dm_value_at(edge_child[i], n_inner) * stride;
        double p = sweep->cell_value[edge_slot[i]];
        for (uint32_t a = 0; a < width; a++)
          sum[a] += p * child[a];
      }
    } else {
      uint32_t owner = g->set_player[set] - first;
      double belief = sweep->belief[n];
      double shift =
          sweep->reach[n] == 0.0 ? 0.0 : sweep->d_reach[n] - sweep->d_set[set];
      for (uint32_t i = begin; i < end; i++) {
        uint32_t slot = edge_slot[i];
        const double *child =
            value + dm_value_at(edge_child[i], n_inner) * stride;
        const double *d_child =
            d_value + dm_value_at(edge_child[i], n_inner) * stride;
        const double *row = row_value + edge_row[i] * stride;
        double p = dm_plain_p(sweep->p, sweep->p_exp, slot);
        double d = d_log_p[slot];
        for (uint32_t a = 0; a < width; a++)
          sum[a] += p * (d * (row[a] + child[a]) + d_child[a]);
        if (owner < width)
          d_q[slot] +=
              belief * (shift * (row[owner] + child[owner]) + d_child[owner]);
      }
    }
    for (uint32_t a = 0; a < width; a++)
      d_value[n * stride + a] = sum[a];
  }
}

void dm_sweep_tangent(dm_sweep *sweep, const double *d_log_p, double *d_q)
{
  const uint32_t players = sweep->game->n_players;
  forward_tangent(sweep, d_log_p);
  for (uint32_t i = 0; i < sweep->game->n_slots; i++)
    d_q[i] = 0.0;
  for (uint32_t first = 0; first < players; first += DM_GROUP) {
    switch (players - first) {
#define CASE(w)                                                                \
  case w:                                                                      \
    backward_tangent(sweep, d_log_p, d_q, first, w, first == 0 ? w : players); \
    break;
      DM_WIDTHS(CASE)
#undef CASE
    default:
      backward_tangent(sweep, d_log_p, d_q, first, DM_GROUP, players);
      break;
    }
  }
}

void dm_sweep_belief_tangent(
    dm_sweep *sweep, const double *d_log_p, double *d_q)
{
  const dm_game *g = sweep->game;
  const uint32_t n_inner = sweep->n_inner;
  const size_t stride = g->n_players;
  forward_tangent(sweep, d_log_p);
  for (uint32_t i = 0; i < g->n_slots; i++)
    d_q[i] = 0.0;
  for (uint32_t n = sweep->n_inner; n-- > 0;) {
    uint32_t set = g->node_set[n];
    if (set >= DM_NODE_CHANCE || sweep->reach[n] == 0.0)
      continue;
    uint32_t owner = g->set_player[set];
    double weight = sweep->belief[n] * (sweep->d_reach[n] - sweep->d_set[set]);
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++)
      d_q[g->edge_slot[i]] +=
          weight *
          (sweep->row_value[g->edge_row[i] * stride + owner] +
           sweep->value
               [dm_value_at(g->edge_child[i], n_inner) * stride + owner]);
  }
}

/* ---- backward substitution ----------------------------------------------- */

/* What the nodes of a layer add to their sets' dQ, from their children. */
static void gather(dm_sweep *sweep, uint32_t layer, double *restrict d_q)
{
  const dm_game *g = sweep->game;
  const uint32_t n_inner = sweep->n_inner;
  const size_t stride = g->n_players;
  for (uint32_t n = g->layer_node[layer + 1]; n-- > g->layer_node[layer];) {
    uint32_t set = g->node_set[n];
    if (set >= DM_NODE_CHANCE)
      continue;
    const double *d_value = sweep->d_value + g->set_player[set];
    double belief = sweep->belief[n];
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++)
      d_q[g->edge_slot[i]] +=
          belief * d_value[dm_value_at(g->edge_child[i], n_inner) * stride];
  }
}

/* x holds dQ of set s; turns it into the solution, and notes d_log_p. */
static void finish_set(
    dm_sweep *sweep, uint32_t s, double k, const double *rhs, double *x)
{
  const dm_game *g = sweep->game;
  uint32_t begin = g->set_slot[s];
  uint32_t end = g->set_slot[s + 1];
  double scale = k * sweep->cell_value[g->set_sharp[s]];
  double sum = 0.0;
  for (uint32_t i = begin; i < end; i++)
    sum += x[i];
  double mean = sum / (double)(end - begin);
  double shift = 0.0;
  for (uint32_t i = begin; i < end; i++) {
    x[i] = rhs[i] + scale * (x[i] - mean);
    shift += dm_plain_p(sweep->p, sweep->p_exp, i) * x[i];
  }
  for (uint32_t i = begin; i < end; i++)
    sweep->d_log_p[i] = x[i] - shift;
}

static inline void layer_values(
    dm_sweep *sweep, uint32_t layer, const uint32_t first, const uint32_t width,
    const size_t stride)
{
  const dm_game *g = sweep->game;
  const uint32_t n_inner = sweep->n_inner;
  const double *restrict row_value = sweep->row_value + first;
  const double *restrict value = sweep->value + first;
  double *restrict d_value = sweep->d_value + first;
  for (uint32_t n = g->layer_node[layer + 1]; n-- > g->layer_node[layer];) {
    uint32_t set = g->node_set[n];
    if (set >= DM_NODE_END)
      continue;
    double sum[DM_GROUP] = {0};
    uint32_t end = g->node_edge[n + 1];
    if (set == DM_NODE_CHANCE) {
      for (uint32_t i = g->node_edge[n]; i < end; i++) {
        const double *child =
            d_value + dm_value_at(g->edge_child[i], n_inner) * stride;
        double p = sweep->cell_value[g->edge_slot[i]];
        for (uint32_t a = 0; a < width; a++)
          sum[a] += p * child[a];
      }
    } else {
      for (uint32_t i = g->node_edge[n]; i < end; i++) {
        uint32_t slot = g->edge_slot[i];
        const double *child =
            value + dm_value_at(g->edge_child[i], n_inner) * stride;
        const double *d_child =
            d_value + dm_value_at(g->edge_child[i], n_inner) * stride;
        const double *row = row_value + g->edge_row[i] * stride;
        double p = dm_plain_p(sweep->p, sweep->p_exp, slot);
        double d = sweep->d_log_p[slot];
        for (uint32_t a = 0; a < width; a++)
          sum[a] += p * (d * (row[a] + child[a]) + d_child[a]);
      }
    }
    for (uint32_t a = 0; a < width; a++)
      d_value[n * stride + a] = sum[a];
  }
}

void dm_sweep_backsolve(dm_sweep *sweep, double k, const double *rhs, double *x)
{
  const dm_game *g = sweep->game;
  const uint32_t players = g->n_players;
  for (uint32_t i = 0; i < g->n_slots; i++)
    x[i] = 0.0;
  for (uint32_t layer = g->n_layers; layer-- > 0;) {
    gather(sweep, layer, x);
    for (uint32_t i = sweep->layer_set[layer]; i < sweep->layer_set[layer + 1];
         i++)
      finish_set(sweep, sweep->set_order[i], k, rhs, x);
    for (uint32_t first = 0; first < players; first += DM_GROUP) {
      switch (players - first) {
#define CASE(w)                                                                \
  case w:                                                                      \
    layer_values(sweep, layer, first, w, first == 0 ? w : players);            \
    break;
        DM_WIDTHS(CASE)
#undef CASE
      default:
        layer_values(sweep, layer, first, DM_GROUP, players);
        break;
      }
    }
  }
}
