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
 * Numerics: reach is a double in [2^-255, 2) and a binary exponent, a multiple
 *         of 256.  Nearly always a child and what is added to it have the same
 *         exponent, and an edge costs one product, one sum and a branch that is
 *         not taken; else both are brought into range and scaled by powers of
 *         two, so only the addition rounds.  A child starts with the exponent
 *         that it had in the last run, a guess that saves time and moves no
 *         bit: a zero takes whatever comes.
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
#include <string.h>

/* ---- storage ------------------------------------------------------------ */

void *dm_carve(dm_carver *c, size_t n, size_t width, size_t size)
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

uint32_t dm_inner_nodes(const dm_game *game)
{
  uint32_t n = game->n_nodes;
  while (n > 0 && game->node_set[n - 1] >= DM_NODE_END)
    n--;
  return n;
}

static uint32_t decision_nodes(const dm_game *game)
{
  uint32_t count = 0;
  for (uint32_t n = 0; n < game->n_nodes; n++)
    count += game->node_set[n] < DM_NODE_CHANCE;
  return count;
}

static void lay_out(dm_sweep *sweep, dm_carver *c)
{
  const dm_game *g = sweep->game;
  size_t players = g->n_players;
  size_t values = (size_t)sweep->n_inner + 1;
  sweep->set_first = dm_carve(c, (size_t)g->n_sets + 1, 1, sizeof(uint32_t));
  sweep->set_node = dm_carve(c, decision_nodes(g), 1, sizeof(dm_node_id));
  if (sweep->parts & (DM_SWEEP_TANGENTS | DM_SWEEP_LISTS)) {
    sweep->layer_set =
        dm_carve(c, (size_t)g->n_layers + 1, 1, sizeof(uint32_t));
    sweep->set_order = dm_carve(c, g->n_sets, 1, sizeof(dm_set_id));
  }
  if (sweep->parts & DM_SWEEP_LISTS)
    return;
  sweep->cell_value = dm_carve(c, g->n_cells, 1, sizeof(double));
  sweep->row_value = dm_carve(c, g->n_rows, players, sizeof(double));
  sweep->p = dm_carve(c, g->n_slots, 1, sizeof(double));
  sweep->p_exp = dm_carve(c, g->n_slots, 1, sizeof(int32_t));
  sweep->q = dm_carve(c, g->n_slots, 1, sizeof(double));
  sweep->reach = dm_carve(c, sweep->n_reach, 1, sizeof(double));
  sweep->reach_exp = dm_carve(c, sweep->n_reach, 1, sizeof(int32_t));
  sweep->value = dm_carve(c, values, players, sizeof(double));
  sweep->set_reach = dm_carve(c, g->n_sets, 1, sizeof(double));
  sweep->set_exp = dm_carve(c, g->n_sets, 1, sizeof(int32_t));
  if (!(sweep->parts & DM_SWEEP_TANGENTS))
    return;
  sweep->belief = dm_carve(c, sweep->n_inner, 1, sizeof(double));
  sweep->d_reach = dm_carve(c, sweep->n_inner, 1, sizeof(double));
  sweep->d_value = dm_carve(c, values, players, sizeof(double));
  sweep->d_set = dm_carve(c, g->n_sets, 1, sizeof(double));
  sweep->d_log_p = dm_carve(c, g->n_slots, 1, sizeof(double));
}

static void bind(dm_sweep *sweep, const dm_game *game, unsigned parts)
{
  sweep->game = game;
  sweep->parts = parts;
  sweep->n_inner = dm_inner_nodes(game);
  sweep->n_reach = parts & DM_SWEEP_ENDS ? game->n_nodes : sweep->n_inner;
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

/* Sorts the sets by the layer of their last node, by counting; where no tangent
 * is asked for, only sees whether each lies in one. */
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
      if (!first)
        continue;
      if (fill)
        sweep->set_order[first[layer]++] = s;
      else
        first[layer + 1]++;
    }
    for (uint32_t l = 0; first && !fill && l < g->n_layers; l++)
      first[l + 1] += first[l];
  }
  if (!first)
    return;
  for (uint32_t l = g->n_layers; l > 0; l--)
    first[l] = first[l - 1];
  first[0] = 0;
}

dm_sweep *dm_sweep_new_for(const dm_game *game, unsigned parts)
{
  dm_sweep *sweep = calloc(1, sizeof *sweep);
  if (!sweep)
    return NULL;
  bind(sweep, game, parts);
  dm_carver c = {0};
  lay_out(sweep, &c);
  size_t bytes = c.used;
  if (!c.overflow)
    sweep->block = calloc(1, bytes + 64);
  if (!sweep->block) {
    free(sweep);
    return NULL;
  }
  sweep->block_bytes = bytes + 64;
  size_t off = (size_t)((uintptr_t)sweep->block % 64);
  c = (dm_carver){.at = (unsigned char *)sweep->block + (off ? 64 - off : 0)};
  lay_out(sweep, &c);
  list_sets(sweep);
  order_sets(sweep);
  for (uint32_t n = 0; sweep->belief && n < sweep->n_inner; n++)
    sweep->belief[n] = 1.0;
  if (!(parts & DM_SWEEP_LISTS))
    dm_sweep_refill(sweep, game->param_base);
  return sweep;
}

dm_sweep *dm_sweep_new(const dm_game *game)
{
  return dm_sweep_new_for(game, DM_SWEEP_ALL);
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

void dm_reach_merge(double *m, int32_t *e, double dm, int32_t de)
{
  if (dm == 0.0)
    return;
  dm_reach_settle(&dm, &de);
  de = de < DM_REACH_LOW ? DM_REACH_LOW : de;
  if (*m == 0.0) {
    *m = dm;
    *e = de;
    return;
  }
  dm_reach_settle(m, e);
  int32_t top = *e > de ? *e : de;
  *m = *m * dm_pow2_low(*e - top) + dm * dm_pow2_low(de - top);
  *e = top;
}

static void split_slots(dm_sweep *sweep, const double *restrict log_p)
{
  double *restrict p = sweep->p;
  int32_t *restrict p_exp = sweep->p_exp;
  const uint32_t n = sweep->game->n_slots;
  for (uint32_t i = 0; i < n; i++)
    p[i] = dm_chance_split(log_p[i], &p_exp[i]);
}

/* From a node of nature.  A chance may be as small as a double can be. */
static void push_chance(dm_sweep *sweep, uint32_t n)
{
  const dm_game *g = sweep->game;
  double m = sweep->reach[n];
  int32_t e = sweep->reach_exp[n];
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    double p = sweep->cell_value[g->edge_slot[i]];
    uint32_t child = g->edge_child[i];
    int32_t de = e;
    if (p < DM_CHANCE_LEAST) {
      p *= 0x1p512;
      de -= 512;
    }
    if (child < sweep->n_reach)
      dm_reach_add(&sweep->reach[child], &sweep->reach_exp[child], m * p, de);
  }
}

static void forward(dm_sweep *sweep)
{
  const dm_game *g = sweep->game;
  const uint32_t *restrict edge_child = g->edge_child;
  const double *restrict p = sweep->p;
  const int32_t *restrict p_exp = sweep->p_exp;
  double *restrict reach = sweep->reach;
  int32_t *restrict reach_exp = sweep->reach_exp;
  const uint32_t n_reach = sweep->n_reach;
  memset(reach, 0, n_reach * sizeof *reach);
  memset(sweep->set_reach, 0, g->n_sets * sizeof *sweep->set_reach);
  if (n_reach > 0) {
    reach[0] = 1.0;
    reach_exp[0] = 0;
  }
  for (uint32_t n = 0; n < sweep->n_inner; n++) {
    dm_reach_settle(&reach[n], &reach_exp[n]);
    uint32_t set = g->node_set[n];
    if (set >= DM_NODE_CHANCE) {
      if (set == DM_NODE_CHANCE)
        push_chance(sweep, n);
      continue;
    }
    double m = reach[n];
    int32_t e = reach_exp[n];
    dm_reach_add(&sweep->set_reach[set], &sweep->set_exp[set], m, e);
    uint32_t slot = g->set_slot[set];
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++, slot++) {
      uint32_t child = edge_child[i];
      if (child < n_reach)
        dm_reach_add(
            &reach[child], &reach_exp[child], m * p[slot], e + p_exp[slot]);
    }
  }
}

/* ---- backward ----------------------------------------------------------- */

static inline double belief_of(const dm_sweep *sweep, uint32_t n, uint32_t set)
{
  double total = sweep->set_reach[set];
  if (total == 0.0)
    return 1.0 / (double)(sweep->set_first[set + 1] - sweep->set_first[set]);
  return dm_shifted(
             sweep->reach[n], sweep->reach_exp[n] - sweep->set_exp[set]) /
         total;
}

/* Values of players first .. first + width - 1.  `width` and often `stride` are
 * constants where this is expanded, so the sums stay in registers. */
static inline void backward_group(
    dm_sweep *sweep, const uint32_t first, const uint32_t width,
    const size_t stride)
{
  const dm_game *g = sweep->game;
  const uint32_t *restrict edge_child = g->edge_child;
  const uint32_t *restrict edge_slot = g->edge_slot;
  const uint32_t *restrict edge_row = g->edge_row;
  const double *restrict row_value = sweep->row_value + first;
  const uint32_t n_inner = sweep->n_inner;
  double *restrict value = sweep->value + first;
  double *restrict q = sweep->q;
  for (uint32_t n = n_inner; n-- > 0;) {
    uint32_t set = g->node_set[n];
    if (set >= DM_NODE_END)
      continue;
    double sum[DM_GROUP] = {0};
    uint32_t begin = g->node_edge[n];
    uint32_t end = g->node_edge[n + 1];
    bool decision = set != DM_NODE_CHANCE;
    uint32_t owner = decision ? g->set_player[set] - first : DM_NODE_CHANCE;
    double belief = 0.0;
    if (owner < width) {
      belief = belief_of(sweep, n, set);
      if (sweep->belief)
        sweep->belief[n] = belief;
    }
    for (uint32_t i = begin; i < end; i++) {
      uint32_t slot = edge_slot[i];
      const double *child =
          value + dm_value_at(edge_child[i], n_inner) * stride;
      const double *row = row_value + edge_row[i] * stride;
      double p = decision ? dm_plain_p(sweep->p, sweep->p_exp, slot)
                          : sweep->cell_value[slot];
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
#define CASE(w)                                                                \
  case w:                                                                      \
    backward_group(sweep, first, w, first == 0 ? w : players);                 \
    break;
      DM_WIDTHS(CASE)
#undef CASE
    default:
      backward_group(sweep, first, DM_GROUP, players);
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
  return sweep
      ->value[dm_value_at(n, sweep->n_inner) * sweep->game->n_players + a];
}

double dm_sweep_reach(const dm_sweep *sweep, dm_node_id n)
{
  return dm_reach_plain(sweep->reach[n], sweep->reach_exp[n]);
}

double dm_sweep_log_reach(const dm_sweep *sweep, dm_node_id n)
{
  double m = sweep->reach[n];
  int32_t e = sweep->reach_exp[n];
  dm_reach_settle(&m, &e);
  return dm_log_split(m, e);
}

double dm_sweep_set_reach(const dm_sweep *sweep, dm_set_id s)
{
  return dm_reach_plain(sweep->set_reach[s], sweep->set_exp[s]);
}

const dm_node_id *dm_sweep_set_nodes(
    const dm_sweep *sweep, dm_set_id s, uint32_t *count)
{
  *count = sweep->set_first[s + 1] - sweep->set_first[s];
  return sweep->set_node + sweep->set_first[s];
}

size_t dm_sweep_held_for(const dm_game *game, unsigned parts)
{
  dm_sweep sweep = {0};
  bind(&sweep, game, parts);
  dm_carver c = {0};
  lay_out(&sweep, &c);
  return c.overflow ? SIZE_MAX : c.used;
}

size_t dm_sweep_held(const dm_game *game)
{
  return dm_sweep_held_for(game, DM_SWEEP_ALL);
}

size_t dm_sweep_bytes(const dm_sweep *sweep)
{
  const dm_game *g = sweep->game;
  const size_t reach = sizeof(double) + sizeof(int32_t);
  const size_t id = sizeof(uint32_t);
  const size_t values = g->n_players * sizeof(double);
  /* Per node whose reach is kept: it is cleared, read and written, and read
   * again.  Per node that is no ending at the end: node_set and node_edge are
   * read twice, values are written; with tangents, beliefs.  Per edge: the child
   * is read twice, slot and row once, the child's reach is read and written, its
   * values are read.  Per slot: log p in, p and its exponent out and in, p in
   * again, Q cleared, read and written.  Rows and cells stay in cache. */
  size_t kept = 3 * sizeof(double) + 2 * sizeof(int32_t);
  size_t node = 4 * id + values + (sweep->belief ? sizeof(double) : 0);
  size_t edge = 4 * id + 2 * reach + values;
  size_t slot = 7 * sizeof(double) + 2 * sizeof(int32_t);
  return sweep->n_reach * kept + sweep->n_inner * node + g->n_edges * edge +
         g->n_slots * slot;
}
