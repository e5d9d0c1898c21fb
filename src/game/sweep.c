/* game/sweep.c -- reach forward, payoffs backward.
 *
 * In:     a game, cell values, log probabilities of all option slots.
 * Out:    reach of every node, belief inside every set, every player's value at
 *         every node, Q of every slot.
 * Method: one pass over the nodes in their own (topological) order pushes reach
 *         along the edges; one pass in reverse order pulls values.
 *           forward   reach(child) += reach(n) p(edge)
 *           belief(n) = reach(n) / sum of reach over the set of n
 *           backward  value(n, a) = sum of p (row(a) + value(child, a))
 *                     Q(slot)    += belief(n) (row(o) + value(child, o))
 * Numerics: reach is a mantissa and a binary exponent of 32 bits.  Adding two
 *         such numbers scales both to the larger exponent by powers of two made
 *         from bits, so only the addition rounds, and no branch is taken.  The
 *         mantissa is brought back to [0.5, 1) when the node itself is passed.
 *         Scaling by layer would not do: inside one layer reach can spread over
 *         more than the 308 decades of a double, and in sequential equilibria
 *         it is the unlikely part that beliefs are made of.
 * Order:  additions into a child follow the parents' ids, additions into Q the
 *         nodes' ids downward.  A version that pulls along in-edges, layer by
 *         layer and with any number of threads, reproduces the bits by keeping
 *         to these orders.
 * Cost:   O(nodes + edges x players), no allocation.  Sets may lie in several
 *         layers (games that cannot be timed): beliefs are made only when the
 *         forward pass is over, Q is complete only when the backward one is.
 * Not here: tangents (tangent.c). */
#include "game/sweep_impl.h"

#include <stdlib.h>

/* ---- storage ------------------------------------------------------------ */

typedef struct carver {
  unsigned char *at; /* NULL while only measuring */
  size_t used;
  bool overflow;
} carver;

/* The next [n x width] elements of `size` bytes, on a cache line of its own. */
static void *carve(carver *c, size_t n, size_t width, size_t size)
{
  if (width && n > SIZE_MAX / 16 / size / width) {
    c->overflow = true;
    return NULL;
  }
  size_t bytes = (n * width * size + 63) / 64 * 64;
  if (c->used > SIZE_MAX / 2 - bytes) {
    c->overflow = true;
    return NULL;
  }
  void *here = c->at ? c->at + c->used : NULL;
  c->used += bytes;
  return here;
}

static uint32_t decision_nodes(const dm_game *game)
{
  uint32_t count = 0;
  for (uint32_t n = 0; n < game->n_nodes; n++)
    count += game->node_set[n] < DM_NODE_CHANCE;
  return count;
}

static void lay_out(dm_sweep *sweep, carver *c, uint32_t n_decisions)
{
  const dm_game *g = sweep->game;
  size_t players = g->n_players;
  sweep->cell_value = carve(c, g->n_cells, 1, sizeof(double));
  sweep->row_value = carve(c, g->n_rows, players, sizeof(double));
  sweep->p = carve(c, g->n_slots, 1, sizeof(double));
  sweep->p_mant = carve(c, g->n_slots, 1, sizeof(double));
  sweep->p_exp = carve(c, g->n_slots, 1, sizeof(int32_t));
  sweep->q = carve(c, g->n_slots, 1, sizeof(double));
  sweep->reach = carve(c, g->n_nodes, 1, sizeof(double));
  sweep->reach_exp = carve(c, g->n_nodes, 1, sizeof(int32_t));
  sweep->belief = carve(c, g->n_nodes, 1, sizeof(double));
  sweep->value = carve(c, g->n_nodes, players, sizeof(double));
  sweep->set_reach = carve(c, g->n_sets, 1, sizeof(double));
  sweep->set_exp = carve(c, g->n_sets, 1, sizeof(int32_t));
  sweep->set_first = carve(c, (size_t)g->n_sets + 1, 1, sizeof(uint32_t));
  sweep->set_node = carve(c, n_decisions, 1, sizeof(dm_node_id));
  sweep->d_reach = carve(c, g->n_nodes, 1, sizeof(double));
  sweep->d_value = carve(c, g->n_nodes, players, sizeof(double));
  sweep->d_set = carve(c, g->n_sets, 1, sizeof(double));
  sweep->d_log_p = carve(c, g->n_slots, 1, sizeof(double));
  sweep->layer_set = carve(c, (size_t)g->n_layers + 1, 1, sizeof(uint32_t));
  sweep->set_order = carve(c, g->n_sets, 1, sizeof(dm_set_id));
}

/* Lists the nodes of each set by counting. */
static void list_sets(dm_sweep *sweep)
{
  const dm_game *g = sweep->game;
  uint32_t *first = sweep->set_first;
  for (uint32_t n = 0; n < g->n_nodes; n++)
    if (g->node_set[n] < DM_NODE_CHANCE)
      first[g->node_set[n] + 1]++;
  for (uint32_t s = 0; s < g->n_sets; s++)
    first[s + 1] += first[s];
  /* Filling moves first[s] to the end of s, which is the start of s + 1. */
  for (uint32_t n = 0; n < g->n_nodes; n++)
    if (g->node_set[n] < DM_NODE_CHANCE)
      sweep->set_node[first[g->node_set[n]]++] = n;
  for (uint32_t s = g->n_sets; s > 0; s--)
    first[s] = first[s - 1];
  first[0] = 0;
}

static uint32_t layer_of(const dm_game *g, dm_node_id n)
{
  uint32_t low = 0;
  uint32_t high = g->n_layers;
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (g->layer_node[middle] <= n)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* Sorts the sets by the layer of their last node, by counting. */
static void order_sets(dm_sweep *sweep)
{
  const dm_game *g = sweep->game;
  uint32_t *first = sweep->layer_set;
  sweep->timed = true;
  for (int fill = 0; fill < 2; fill++) {
    for (uint32_t s = 0; s < g->n_sets; s++) {
      const dm_node_id *node = sweep->set_node + sweep->set_first[s];
      uint32_t last = sweep->set_first[s + 1] - sweep->set_first[s] - 1;
      uint32_t layer = layer_of(g, node[last]);
      if (layer_of(g, node[0]) != layer)
        sweep->timed = false;
      if (fill)
        sweep->set_order[first[layer]++] = s;
      else
        first[layer + 1]++;
    }
    for (uint32_t l = 0; !fill && l < g->n_layers; l++)
      first[l + 1] += first[l];
  }
  for (uint32_t l = g->n_layers; l > 0; l--)
    first[l] = first[l - 1];
  first[0] = 0;
}

dm_sweep *dm_sweep_new(const dm_game *game)
{
  dm_sweep *sweep = calloc(1, sizeof *sweep);
  if (!sweep)
    return NULL;
  sweep->game = game;
  uint32_t n_decisions = decision_nodes(game);
  carver c = {0};
  lay_out(sweep, &c, n_decisions);
  size_t bytes = c.used;
  if (!c.overflow)
    sweep->block = calloc(1, bytes + 64);
  if (!sweep->block) {
    free(sweep);
    return NULL;
  }
  sweep->block_bytes = bytes + 64;
  size_t off = (size_t)((uintptr_t)sweep->block % 64);
  c = (carver){.at = (unsigned char *)sweep->block + (off ? 64 - off : 0)};
  lay_out(sweep, &c, n_decisions);
  list_sets(sweep);
  order_sets(sweep);
  for (uint32_t n = 0; n < game->n_nodes; n++)
    sweep->belief[n] = 1.0;
  dm_sweep_refill(sweep, game->param_base);
  return sweep;
}

void dm_sweep_free(dm_sweep *sweep)
{
  if (!sweep)
    return;
  free(sweep->block);
  free(sweep);
}

void dm_sweep_refill(dm_sweep *sweep, const double *param)
{
  const dm_game *g = sweep->game;
  dm_cells_run(g, param, sweep->cell_value);
  size_t n = (size_t)g->n_rows * g->n_players;
  for (size_t i = 0; i < n; i++)
    sweep->row_value[i] = sweep->cell_value[g->row_cell[i]];
}

/* ---- forward ------------------------------------------------------------ */

static void split_slots(dm_sweep *sweep, const double *log_p)
{
  for (uint32_t i = 0; i < sweep->game->n_slots; i++) {
    int32_t e;
    double m = dm_exp_split(log_p[i], &e);
    sweep->p_mant[i] = m;
    sweep->p_exp[i] = m == 0.0 ? DM_REACH_LOW : e;
    sweep->p[i] = m * dm_pow2_low(e);
  }
}

/* Mantissa to [0.5, 1), or 0 with the lowest exponent. */
static inline void normalise(double *m, int32_t *e)
{
  double x = *m;
  int32_t exp = *e;
  if (x < 0x1p-1022) {
    if (x == 0.0) {
      *e = DM_REACH_LOW;
      return;
    }
    x *= 0x1p54; /* a chance of 1e-300 times a small mantissa */
    exp -= 54;
  }
  uint64_t u = dm_bits(x);
  exp += (int32_t)(u >> 52) - 1022;
  *e = exp < DM_REACH_LOW + 1 ? DM_REACH_LOW + 1 : exp;
  *m = dm_from_bits(
      (u & UINT64_C(0x000fffffffffffff)) | UINT64_C(0x3fe0000000000000));
}

static void forward(dm_sweep *sweep)
{
  const dm_game *g = sweep->game;
  const uint32_t *restrict edge_child = g->edge_child;
  const uint32_t *restrict edge_slot = g->edge_slot;
  double *restrict reach = sweep->reach;
  int32_t *restrict reach_exp = sweep->reach_exp;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    reach[n] = 0.0;
    reach_exp[n] = DM_REACH_LOW;
  }
  for (uint32_t s = 0; s < g->n_sets; s++) {
    sweep->set_reach[s] = 0.0;
    sweep->set_exp[s] = DM_REACH_LOW;
  }
  reach[0] = 0.5;
  reach_exp[0] = 1;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    normalise(&reach[n], &reach_exp[n]);
    uint32_t set = g->node_set[n];
    if (set >= DM_NODE_END)
      continue;
    double m = reach[n];
    int32_t e = reach_exp[n];
    const double *restrict mant = sweep->cell_value;
    bool decision = set != DM_NODE_CHANCE;
    if (decision) {
      dm_reach_add(&sweep->set_reach[set], &sweep->set_exp[set], m, e);
      mant = sweep->p_mant;
    }
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      uint32_t slot = edge_slot[i];
      uint32_t child = edge_child[i];
      double dm = m * mant[slot];
      int32_t de = decision ? e + sweep->p_exp[slot] : e;
      de = dm == 0.0 ? DM_REACH_LOW : de;
      dm_reach_add(&reach[child], &reach_exp[child], dm, de);
    }
  }
}

/* ---- backward ----------------------------------------------------------- */

static inline double belief_of(const dm_sweep *sweep, uint32_t n, uint32_t set)
{
  double total = sweep->set_reach[set];
  if (total == 0.0)
    return 1.0 / (double)(sweep->set_first[set + 1] - sweep->set_first[set]);
  return sweep->reach[n] *
         dm_pow2_low(sweep->reach_exp[n] - sweep->set_exp[set]) / total;
}

/* Values of players first .. first + width - 1.  `width` is a constant where
 * this is expanded, so the sums stay in registers. */
static inline void backward_group(
    dm_sweep *sweep, const uint32_t first, const uint32_t width)
{
  const dm_game *g = sweep->game;
  const size_t stride = g->n_players;
  const uint32_t *restrict edge_child = g->edge_child;
  const uint32_t *restrict edge_slot = g->edge_slot;
  const uint32_t *restrict edge_row = g->edge_row;
  const double *restrict row_value = sweep->row_value + first;
  double *restrict value = sweep->value + first;
  double *restrict q = sweep->q;
  for (uint32_t n = g->n_nodes; n-- > 0;) {
    uint32_t set = g->node_set[n];
    if (set >= DM_NODE_END)
      continue;
    double sum[DM_GROUP] = {0};
    uint32_t begin = g->node_edge[n];
    uint32_t end = g->node_edge[n + 1];
    bool decision = set != DM_NODE_CHANCE;
    const double *restrict prob = decision ? sweep->p : sweep->cell_value;
    uint32_t owner = decision ? g->set_player[set] - first : DM_NODE_CHANCE;
    double belief = 0.0;
    if (owner < width) {
      belief = belief_of(sweep, n, set);
      sweep->belief[n] = belief;
    }
    for (uint32_t i = begin; i < end; i++) {
      uint32_t slot = edge_slot[i];
      const double *child = value + edge_child[i] * stride;
      const double *row = row_value + edge_row[i] * stride;
      double p = prob[slot];
      for (uint32_t a = 0; a < width; a++)
        sum[a] += p * (row[a] + child[a]);
      if (owner < width)
        q[slot] += belief * (row[owner] + child[owner]);
    }
    for (uint32_t a = 0; a < width; a++)
      value[n * stride + a] = sum[a];
  }
}

static void backward(dm_sweep *sweep)
{
  const uint32_t players = sweep->game->n_players;
  for (uint32_t i = 0; i < sweep->game->n_slots; i++)
    sweep->q[i] = 0.0;
  for (uint32_t first = 0; first < players; first += DM_GROUP) {
    switch (players - first) {
    case 1:
      backward_group(sweep, first, 1);
      break;
    case 2:
      backward_group(sweep, first, 2);
      break;
    case 3:
      backward_group(sweep, first, 3);
      break;
    case 4:
      backward_group(sweep, first, 4);
      break;
    case 5:
      backward_group(sweep, first, 5);
      break;
    case 6:
      backward_group(sweep, first, 6);
      break;
    case 7:
      backward_group(sweep, first, 7);
      break;
    default:
      backward_group(sweep, first, DM_GROUP);
      break;
    }
  }
}

void dm_sweep_run(dm_sweep *sweep, const double *log_p)
{
  split_slots(sweep, log_p);
  forward(sweep);
  backward(sweep);
}

/* ---- reading ------------------------------------------------------------ */

const double *dm_sweep_q(const dm_sweep *sweep)
{
  return sweep->q;
}

const double *dm_sweep_belief(const dm_sweep *sweep)
{
  return sweep->belief;
}

const double *dm_sweep_p(const dm_sweep *sweep)
{
  return sweep->p;
}

const double *dm_sweep_cells(const dm_sweep *sweep)
{
  return sweep->cell_value;
}

const dm_game *dm_sweep_game(const dm_sweep *sweep)
{
  return sweep->game;
}

bool dm_sweep_timed(const dm_sweep *sweep)
{
  return sweep->timed;
}

double dm_sweep_value(const dm_sweep *sweep, dm_node_id n, uint32_t a)
{
  return sweep->value[(size_t)n * sweep->game->n_players + a];
}

double dm_sweep_reach(const dm_sweep *sweep, dm_node_id n)
{
  return sweep->reach[n] * dm_pow2_low(sweep->reach_exp[n]);
}

double dm_sweep_log_reach(const dm_sweep *sweep, dm_node_id n)
{
  return dm_log_split(sweep->reach[n], sweep->reach_exp[n]);
}

double dm_sweep_set_reach(const dm_sweep *sweep, dm_set_id s)
{
  return sweep->set_reach[s] * dm_pow2_low(sweep->set_exp[s]);
}

const dm_node_id *dm_sweep_set_nodes(
    const dm_sweep *sweep, dm_set_id s, uint32_t *count)
{
  *count = sweep->set_first[s + 1] - sweep->set_first[s];
  return sweep->set_node + sweep->set_first[s];
}

size_t dm_sweep_held(const dm_game *game)
{
  dm_sweep sweep = {.game = game};
  carver c = {0};
  lay_out(&sweep, &c, decision_nodes(game));
  return c.overflow ? SIZE_MAX : c.used;
}

size_t dm_sweep_bytes(const dm_sweep *sweep)
{
  const dm_game *g = sweep->game;
  const size_t reach = sizeof(double) + sizeof(int32_t);
  const size_t id = sizeof(uint32_t);
  const size_t values = g->n_players * sizeof(double);
  /* Per node: reach is cleared, read and written; node_set and node_edge are
   * read twice; belief and values are written.  Per edge: child and slot are
   * read twice, the row once, the child's reach is read and written, its values
   * are read.  Per slot: log p in, mantissa, exponent, p out and in again, Q
   * cleared, read and written.  Rows and cells stay in cache. */
  size_t node = 3 * reach + 4 * id + sizeof(double) + reach + values;
  size_t edge = 5 * id + 2 * reach + values;
  size_t slot = 8 * sizeof(double) + 2 * sizeof(int32_t);
  return g->n_nodes * node + g->n_edges * edge + g->n_slots * slot;
}
