/* game/adjoint.c -- the sweeps in reverse mode.
 *
 * In:     the point of the last dm_sweep_run; weights of Q, endings, values.
 * Out:    derivatives of the weighted sum by log p and by cells.
 * Method: the reverse of tangent.c, line by line.  With q' a weight of Q, V' of
 *         values, L' of log reach, t = row + value(child):
 *           with the edges    V'(child, a) += p V'(n, a), and
 *                             V'(child, owner) += belief q'
 *                             log_p' += p sum over a of V'(n, a) t(a)
 *                             L'(n)  += belief sum over options of q' t(owner)
 *           sets              L'(n)  -= belief x (sum of L' over the set)
 *           against the edges L'(n)  += w L'(child), log_p' += w L'(child),
 *                             w = reach(n) p / reach(child)
 *         An ending of weight e puts reach(n) p e into L' of its parents.
 *         Cells take what their chances and payoffs get on the way.
 * Numerics: L' is a derivative by log reach, so it is of the size of its part
 *         in the answer; nothing is divided by a small reach but by way of w.
 * Order:  nodes upward, then downward; edges in their own order.
 * Source: Griewank and Walther, "Evaluating Derivatives", 2nd ed. 2008, ch. 3.
 * Cost:   as dm_sweep_tangent: O(nodes + edges x players), no allocation. */
#include "game/adjoint.h"

#include "game/sweep_impl.h"

#include <math.h>
#include <string.h>

static void clear(dm_sweep *sweep, double *log_p_bar)
{
  const dm_game *g = sweep->game;
  size_t values = ((size_t)sweep->n_inner + 1) * g->n_players;
  memset(sweep->d_value, 0, values * sizeof *sweep->d_value);
  memset(sweep->d_reach, 0, sweep->n_inner * sizeof *sweep->d_reach);
  memset(sweep->d_set, 0, g->n_sets * sizeof *sweep->d_set);
  if (log_p_bar)
    memset(log_p_bar, 0, g->n_slots * sizeof *log_p_bar);
}

/* Tangents count on zeros at endings. */
static void leave_zeros(dm_sweep *sweep)
{
  const dm_game *g = sweep->game;
  const size_t row = g->n_players * sizeof *sweep->d_value;
  for (uint32_t n = 0; n < sweep->n_inner; n++)
    if (g->node_set[n] >= DM_NODE_END)
      memset(sweep->d_value + (size_t)n * g->n_players, 0, row);
  memset(sweep->d_value + (size_t)sweep->n_inner * g->n_players, 0, row);
}

/* ---- with the edges: values ------------------------------------------------ */

static void chance_values(dm_sweep *sweep, uint32_t n, double *cell_bar)
{
  const dm_game *g = sweep->game;
  const size_t players = g->n_players;
  const double *v_bar = sweep->d_value + n * players;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    size_t child = dm_value_at(g->edge_child[i], sweep->n_inner) * players;
    double p = sweep->cell_value[g->edge_slot[i]];
    double *below = sweep->d_value + child;
    for (size_t a = 0; a < players; a++)
      below[a] += p * v_bar[a];
    if (!cell_bar)
      continue;
    const size_t row = g->edge_row[i] * players;
    for (size_t a = 0; a < players; a++) {
      cell_bar[g->edge_slot[i]] +=
          v_bar[a] * (sweep->row_value[row + a] + sweep->value[child + a]);
      cell_bar[g->row_cell[row + a]] += p * v_bar[a];
    }
  }
}

/* The values' part at a decision, without what Q itself puts in: log_p' out. */
static void move_values(
    dm_sweep *sweep, uint32_t n, double *log_p_bar, double *cell_bar)
{
  const dm_game *g = sweep->game;
  const size_t players = g->n_players;
  const double *v_bar = sweep->d_value + n * players;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    uint32_t slot = g->edge_slot[i];
    size_t child = dm_value_at(g->edge_child[i], sweep->n_inner) * players;
    const size_t row = g->edge_row[i] * players;
    double p = dm_plain_p(sweep->p, sweep->p_exp, slot);
    double sum = 0.0;
    for (size_t a = 0; a < players; a++) {
      sum += v_bar[a] * (sweep->row_value[row + a] + sweep->value[child + a]);
      sweep->d_value[child + a] += p * v_bar[a];
      if (cell_bar)
        cell_bar[g->row_cell[row + a]] += p * v_bar[a];
    }
    log_p_bar[slot] += p * sum;
  }
}

/* Q's own part at a decision: into values of the owner below. */
static void own_values(
    dm_sweep *sweep, uint32_t n, uint32_t owner, const double *q_bar,
    double *cell_bar)
{
  const dm_game *g = sweep->game;
  const size_t players = g->n_players;
  double belief = sweep->belief[n];
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    double part = belief * q_bar[g->edge_slot[i]];
    sweep->d_value
        [dm_value_at(g->edge_child[i], sweep->n_inner) * players + owner] +=
        part;
    if (cell_bar)
      cell_bar[g->row_cell[g->edge_row[i] * players + owner]] += part;
  }
}

/* Q's own part at a decision: into the reach of the node and of its set. */
static void own_reach(
    dm_sweep *sweep, uint32_t n, uint32_t set, const double *q_bar)
{
  const dm_game *g = sweep->game;
  const size_t players = g->n_players;
  const uint32_t owner = g->set_player[set];
  if (sweep->reach[n] == 0.0)
    return;
  double sum = 0.0;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++)
    sum +=
        q_bar[g->edge_slot[i]] *
        (sweep->row_value[g->edge_row[i] * players + owner] +
         sweep->value
             [dm_value_at(g->edge_child[i], sweep->n_inner) * players + owner]);
  sweep->d_reach[n] = sweep->belief[n] * sum;
  sweep->d_set[set] += sweep->d_reach[n];
}

/* ---- against the edges: reach ------------------------------------------------ */

static double of_ending(const double *end_bar, const dm_game *g, uint32_t n)
{
  return end_bar ? end_bar[g->node_set[n] - DM_NODE_END] : 0.0;
}

static double chance_reach(
    dm_sweep *sweep, uint32_t n, const double *end_bar, double *cell_bar)
{
  const dm_game *g = sweep->game;
  const double m = sweep->reach[n];
  const int32_t e = sweep->reach_exp[n];
  double total = 0.0;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    uint32_t child = g->edge_child[i];
    uint32_t cell = g->edge_slot[i];
    double p = sweep->cell_value[cell];
    double part; /* by the chance itself */
    if (g->node_set[child] >= DM_NODE_END)
      part = dm_reach_plain(m, e) * of_ending(end_bar, g, child);
    else if (sweep->reach[child] == 0.0)
      part = (double)NAN;
    else
      part = dm_shifted(m * sweep->d_reach[child], e - sweep->reach_exp[child]);
    if (p != 0.0)
      total += p * part;
    if (cell_bar)
      cell_bar[cell] += part;
  }
  return total;
}

static double move_reach(
    dm_sweep *sweep, uint32_t n, const double *end_bar, double *log_p_bar)
{
  const dm_game *g = sweep->game;
  const uint32_t n_inner = sweep->n_inner;
  const double m = sweep->reach[n];
  const int32_t e = sweep->reach_exp[n];
  double total = 0.0;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    uint32_t child = g->edge_child[i];
    uint32_t slot = g->edge_slot[i];
    double part;
    if (child >= n_inner || g->node_set[child] >= DM_NODE_END) {
      if (!end_bar)
        continue;
      part = of_ending(end_bar, g, child) *
             dm_reach_plain(m * sweep->p[slot], e + sweep->p_exp[slot]);
    } else {
      part = dm_shifted(
                 m * sweep->p[slot],
                 e + sweep->p_exp[slot] - sweep->reach_exp[child]) *
             sweep->d_reach[child];
    }
    log_p_bar[slot] += part;
    total += part;
  }
  return total;
}

/* d_reach holds what Q puts into each node, d_set the sums of it; leaves in
 * d_reach the derivative by log reach over the mantissa of reach. */
static void reach_pass(
    dm_sweep *sweep, const double *end_bar, double *log_p_bar, double *cell_bar)
{
  const dm_game *g = sweep->game;
  for (uint32_t n = sweep->n_inner; n-- > 0;) {
    uint32_t set = g->node_set[n];
    double m = sweep->reach[n];
    if (set >= DM_NODE_END || m == 0.0)
      continue;
    double sum;
    if (set == DM_NODE_CHANCE)
      sum = chance_reach(sweep, n, end_bar, cell_bar);
    else
      sum = sweep->d_reach[n] - sweep->belief[n] * sweep->d_set[set] +
            move_reach(sweep, n, end_bar, log_p_bar);
    sweep->d_reach[n] = sum / m;
  }
}

/* ---- the whole ---------------------------------------------------------------- */

void dm_sweep_adjoint(
    dm_sweep *sweep, const double *q_bar, const dm_weights *weights,
    double *log_p_bar, double *cell_bar)
{
  const dm_game *g = sweep->game;
  const double *end_bar = weights ? weights->end : NULL;
  const double *value_bar = weights ? weights->value : NULL;
  clear(sweep, log_p_bar);
  if (value_bar)
    memcpy(sweep->d_value, value_bar, g->n_players * sizeof *value_bar);
  for (uint32_t n = 0; (q_bar || value_bar) && n < sweep->n_inner; n++) {
    uint32_t set = g->node_set[n];
    if (set >= DM_NODE_END)
      continue;
    if (set == DM_NODE_CHANCE) {
      chance_values(sweep, n, cell_bar);
      continue;
    }
    if (q_bar) {
      own_reach(sweep, n, set, q_bar);
      own_values(sweep, n, g->set_player[set], q_bar, cell_bar);
    }
    move_values(sweep, n, log_p_bar, cell_bar);
  }
  reach_pass(sweep, end_bar, log_p_bar, cell_bar);
  leave_zeros(sweep);
}

void dm_sweep_belief_adjoint(
    dm_sweep *sweep, const double *q_bar, double *log_p_bar)
{
  const dm_game *g = sweep->game;
  memset(sweep->d_reach, 0, sweep->n_inner * sizeof *sweep->d_reach);
  memset(sweep->d_set, 0, g->n_sets * sizeof *sweep->d_set);
  memset(log_p_bar, 0, g->n_slots * sizeof *log_p_bar);
  for (uint32_t n = 0; n < sweep->n_inner; n++)
    if (g->node_set[n] < DM_NODE_CHANCE)
      own_reach(sweep, n, g->node_set[n], q_bar);
  reach_pass(sweep, NULL, log_p_bar, NULL);
}

/* ---- forward substitution ------------------------------------------------------ */

/* x holds log_p' of set s; turns it into the solution, and leaves in d_log_p
 * the weights of Q that go with it. */
static void finish_set(
    dm_sweep *sweep, uint32_t s, double k, const double *rhs, double *x)
{
  const dm_game *g = sweep->game;
  const uint32_t begin = g->set_slot[s];
  const uint32_t end = g->set_slot[s + 1];
  const double scale = k * sweep->cell_value[g->set_sharp[s]];
  double total = 0.0;
  for (uint32_t i = begin; i < end; i++)
    total += x[i];
  double sum = 0.0;
  for (uint32_t i = begin; i < end; i++) {
    x[i] = rhs[i] + x[i] - dm_plain_p(sweep->p, sweep->p_exp, i) * total;
    sum += x[i];
  }
  const double mean = sum / (double)(end - begin);
  for (uint32_t i = begin; i < end; i++)
    sweep->d_log_p[i] = scale * (x[i] - mean);
}

void dm_sweep_foresolve(dm_sweep *sweep, double k, const double *rhs, double *x)
{
  const dm_game *g = sweep->game;
  clear(sweep, x);
  for (uint32_t layer = 0; layer < g->n_layers; layer++) {
    uint32_t end = g->layer_node[layer + 1];
    if (end > sweep->n_inner)
      end = sweep->n_inner;
    for (uint32_t n = g->layer_node[layer]; n < end; n++) {
      if (g->node_set[n] == DM_NODE_CHANCE)
        chance_values(sweep, n, NULL);
      else if (g->node_set[n] < DM_NODE_CHANCE)
        move_values(sweep, n, x, NULL);
    }
    for (uint32_t i = sweep->layer_set[layer]; i < sweep->layer_set[layer + 1];
         i++)
      finish_set(sweep, sweep->set_order[i], k, rhs, x);
    for (uint32_t n = g->layer_node[layer]; n < end; n++) {
      uint32_t set = g->node_set[n];
      if (set < DM_NODE_CHANCE)
        own_values(sweep, n, g->set_player[set], sweep->d_log_p, NULL);
    }
  }
  leave_zeros(sweep);
}

/* ---- cells ------------------------------------------------------------------------ */

/* A factor of 0 lets nothing through, not even what is no number. */
static double through(double bar, double factor)
{
  return factor == 0.0 ? 0.0 : bar * factor;
}

static void one_of(
    const dm_cell *cell, const double *value, double *bar, double x)
{
  double a = value[cell->a];
  double b = value[cell->b];
  if (a == b) {
    double none = x == 0.0 ? 0.0 : (double)NAN;
    bar[cell->a] += none;
    bar[cell->b] += none;
  } else {
    bool first = cell->op == DM_CELL_MIN ? a < b : a > b;
    bar[first ? cell->a : cell->b] += x;
  }
}

void dm_cells_adjoint(
    const dm_game *game, const double *cell_value, double *cell_bar,
    double *param_bar)
{
  memset(param_bar, 0, game->n_params * sizeof *param_bar);
  for (uint32_t i = game->n_cells; i-- > 0;) {
    const dm_cell *cell = &game->cell[i];
    const double x = cell_bar[i];
    switch ((dm_cell_op)cell->op) {
    case DM_CELL_NUMBER:
      break;
    case DM_CELL_PARAM:
      param_bar[cell->a] += x;
      break;
    case DM_CELL_ADD:
      cell_bar[cell->a] += x;
      cell_bar[cell->b] += x;
      break;
    case DM_CELL_SUB:
      cell_bar[cell->a] += x;
      cell_bar[cell->b] -= x;
      break;
    case DM_CELL_MUL:
      cell_bar[cell->a] += through(x, cell_value[cell->b]);
      cell_bar[cell->b] += through(x, cell_value[cell->a]);
      break;
    case DM_CELL_DIV:
      cell_bar[cell->a] += x / cell_value[cell->b];
      cell_bar[cell->b] -= through(x, cell_value[i]) / cell_value[cell->b];
      break;
    case DM_CELL_MIN:
    case DM_CELL_MAX:
      one_of(cell, cell_value, cell_bar, x);
      break;
    }
  }
}
