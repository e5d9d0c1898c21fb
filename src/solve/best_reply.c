/* solve/best_reply.c -- one player's best reply, by backward induction over its
 * information sets.
 *
 * In:     the raw game, cell values, probabilities p of all option slots, a
 *         player with perfect recall.
 * Out:    its expected payoff when it replies best at every set at once.
 * Method: c(n) is the product of the chances and of the others' picks on the
 *         way to node n, added over the ways.  All ways to a node of one of its
 *         sets hold the same own picks, so at set s, its own moves towards s
 *         given, node n has weight c(n), and the best option is that with the
 *         largest sum over the nodes of s of
 *           c(n) (payoff on the edge + value(child)).
 *         Values of other nodes are expectations.  A set needs the values of
 *         all children of all its nodes.  Where each set lies in one layer,
 *         layers from the last to the first give such an order.  Else
 *         Kahn's order: a node waits for its edges, a set for all edges of its
 *         nodes.  It ends with every node done, since under perfect recall a
 *         set below a node of s is below all of s in the own history.
 * Recall: by fingerprints of 64 bits of the own history (the slots picked, in
 *         order): at every node of a set the same, and one only.  game/recall.c
 *         decides the same without fingerprints, from the last slot alone.
 * Open sets: where the others' strategy is not known yet, all their moves count
 *         in c, and a node is worth the least of its children.  The player's
 *         options are then a guess, but what they guarantee is a lower bound,
 *         whatever the open sets do in the end.
 * Numerics: plain products in long double.  A weight below 1e-4900 counts as
 *         0; it could not move a payoff.
 * Source: von Stengel, "Efficient computation of behavior strategies", GEB 14
 *         (1996), for the weights; Kahn, CACM 5 (1962), for the order.
 * Cost:   O(nodes + edges) a reply; 40 bytes a node, and where some set
 *         spans layers 20 more and 4 an edge. */
#include "solve/best_reply.h"

#include <math.h>
#include <stdlib.h>

#define NO_OPTION UINT32_MAX

/* The graph against its edges; only where a set spans layers. */
typedef struct upward {
  uint32_t *in_first;  /* [n_nodes + 1] into in_from */
  uint32_t *in_from;   /* [n_edges] parent, once an edge */
  uint32_t *of_first;  /* [n_sets + 1] into of_node */
  uint32_t *of_node;   /* [n_nodes at most] nodes of the sets */
  uint32_t *waits;     /* [n_nodes] edges whose child has no value yet */
  uint32_t *set_waits; /* [n_sets] nodes that wait */
  uint32_t *queue;     /* [n_nodes] nodes that have their value */
  uint32_t n_queue;
} upward;

struct dm_best_reply {
  const dm_game *game;
  const double *cell;
  long double *weight; /* [n_nodes] c */
  long double *value;  /* [n_nodes] */
  long double *sum;    /* [n_slots] of the player's sets */
  uint64_t *print;     /* [n_nodes] fingerprint of the own history */
  uint32_t *option;    /* [n_sets] */
  const uint8_t *open; /* NULL, or [n_sets]: no strategy is known; borrowed */
  bool timed;
  upward up;
};

static bool owns(const dm_game *g, uint32_t n, uint32_t player)
{
  return g->node_set[n] < DM_NODE_CHANCE &&
         g->set_player[g->node_set[n]] == player;
}

/* ---- recall -------------------------------------------------------------- */

enum { PRINT_START = 1, PRINT_UNSEEN = 0, PRINT_MANY = 2 };

/* A history one slot longer; never one of the three names above. */
static uint64_t longer(uint64_t print, uint32_t slot)
{
  uint64_t x = print * UINT64_C(0x9e3779b97f4a7c15) + slot + 1;
  x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
  x ^= x >> 31;
  return x > PRINT_MANY ? x : x + PRINT_MANY + 1;
}

bool dm_best_reply_recalls(dm_best_reply *best, uint32_t player)
{
  const dm_game *g = best->game;
  uint64_t *print = best->print;
  for (uint32_t n = 0; n < g->n_nodes; n++)
    print[n] = PRINT_UNSEEN;
  for (uint32_t s = 0; s < g->n_sets; s++)
    best->option[s] = NO_OPTION; /* here: a node whose history is the set's */
  print[0] = PRINT_START;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    bool own = owns(g, n, player);
    if (own && print[n] != PRINT_UNSEEN) {
      uint32_t *model = &best->option[g->node_set[n]];
      if (*model == NO_OPTION)
        *model = n;
      if (print[n] == PRINT_MANY || print[n] != print[*model])
        return false;
    }
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      uint64_t *child = &print[g->edge_child[i]];
      uint64_t mine = own ? longer(print[n], g->edge_slot[i]) : print[n];
      *child = *child == PRINT_UNSEEN || *child == mine ? mine : PRINT_MANY;
    }
  }
  return true;
}

/* ---- values -------------------------------------------------------------- */

static bool is_open(const dm_best_reply *best, uint32_t n)
{
  uint32_t s = best->game->node_set[n];
  return best->open && s < DM_NODE_CHANCE && best->open[s];
}

static void find_weights(
    dm_best_reply *best, const long double *p, uint32_t player)
{
  const dm_game *g = best->game;
  for (uint32_t n = 0; n < g->n_nodes; n++)
    best->weight[n] = 0.0L;
  best->weight[0] = 1.0L;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    long double here = best->weight[n];
    bool chance = g->node_set[n] == DM_NODE_CHANCE;
    bool own = owns(g, n, player);
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      uint32_t slot = g->edge_slot[i];
      long double part = own      ? 1.0L
                         : chance ? (long double)best->cell[slot]
                                  : p[slot];
      best->weight[g->edge_child[i]] += here * part;
    }
  }
}

static long double edge_value(
    const dm_best_reply *best, uint32_t edge, uint32_t player)
{
  const dm_game *g = best->game;
  size_t row = (size_t)g->edge_row[edge] * g->n_players + player;
  return (long double)best->cell[g->row_cell[row]] +
         best->value[g->edge_child[edge]];
}

/* The worst that an open set can do, node by node. */
static void fear(dm_best_reply *best, uint32_t player, uint32_t n)
{
  const dm_game *g = best->game;
  best->value[n] = edge_value(best, g->node_edge[n], player);
  for (uint32_t i = g->node_edge[n] + 1; i < g->node_edge[n + 1]; i++) {
    long double other = edge_value(best, i, player);
    best->value[n] = other < best->value[n] ? other : best->value[n];
  }
}

static void expect(
    dm_best_reply *best, const long double *p, uint32_t player, uint32_t n)
{
  const dm_game *g = best->game;
  if (is_open(best, n)) {
    fear(best, player, n);
    return;
  }
  bool chance = g->node_set[n] == DM_NODE_CHANCE;
  long double sum = 0.0L;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    uint32_t slot = g->edge_slot[i];
    sum += (chance ? (long double)best->cell[slot] : p[slot]) *
           edge_value(best, i, player);
  }
  best->value[n] = sum;
}

static void weigh(dm_best_reply *best, uint32_t player, uint32_t n)
{
  const dm_game *g = best->game;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++)
    best->sum[g->edge_slot[i]] += best->weight[n] * edge_value(best, i, player);
}

static void take_best(dm_best_reply *best, uint32_t s)
{
  const uint32_t *slot = best->game->set_slot;
  uint32_t top = slot[s];
  for (uint32_t i = slot[s] + 1; i < slot[s + 1]; i++)
    if (best->sum[i] > best->sum[top])
      top = i;
  best->option[s] = top - slot[s];
}

/* Of an own node whose set has its option. */
static void follow(dm_best_reply *best, uint32_t player, uint32_t n)
{
  const dm_game *g = best->game;
  uint32_t option = best->option[g->node_set[n]];
  best->value[n] = edge_value(best, g->node_edge[n] + option, player);
}

static void by_layers(
    dm_best_reply *best, const long double *p, uint32_t player)
{
  const dm_game *g = best->game;
  for (uint32_t l = g->n_layers; l-- > 0;) {
    bool any = false;
    for (uint32_t n = g->layer_node[l]; n < g->layer_node[l + 1]; n++) {
      if (owns(g, n, player)) {
        weigh(best, player, n);
        any = true;
      } else {
        expect(best, p, player, n);
      }
    }
    for (uint32_t n = g->layer_node[l]; any && n < g->layer_node[l + 1]; n++) {
      if (!owns(g, n, player))
        continue;
      if (best->option[g->node_set[n]] == NO_OPTION)
        take_best(best, g->node_set[n]);
      follow(best, player, n);
    }
  }
}

/* ---- sets in several layers ---------------------------------------------- */

static void settle(
    dm_best_reply *best, const long double *p, uint32_t player, uint32_t n)
{
  const dm_game *g = best->game;
  upward *up = &best->up;
  if (!owns(g, n, player)) {
    expect(best, p, player, n);
    up->queue[up->n_queue++] = n;
    return;
  }
  uint32_t s = g->node_set[n];
  if (--up->set_waits[s] > 0)
    return;
  for (uint32_t i = up->of_first[s]; i < up->of_first[s + 1]; i++)
    weigh(best, player, up->of_node[i]);
  take_best(best, s);
  for (uint32_t i = up->of_first[s]; i < up->of_first[s + 1]; i++) {
    follow(best, player, up->of_node[i]);
    up->queue[up->n_queue++] = up->of_node[i];
  }
}

/* False if some nodes wait for each other. */
static bool by_waiting(
    dm_best_reply *best, const long double *p, uint32_t player)
{
  const dm_game *g = best->game;
  upward *up = &best->up;
  up->n_queue = 0;
  for (uint32_t s = 0; s < g->n_sets; s++)
    up->set_waits[s] = up->of_first[s + 1] - up->of_first[s];
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    up->waits[n] = g->node_edge[n + 1] - g->node_edge[n];
    if (up->waits[n] == 0)
      settle(best, p, player, n);
  }
  for (uint32_t i = 0; i < up->n_queue; i++) {
    uint32_t child = up->queue[i];
    for (uint32_t k = up->in_first[child]; k < up->in_first[child + 1]; k++)
      if (--up->waits[up->in_from[k]] == 0)
        settle(best, p, player, up->in_from[k]);
  }
  return up->n_queue == g->n_nodes;
}

long double dm_best_reply_value(
    dm_best_reply *best, const long double *p, uint32_t player)
{
  const dm_game *g = best->game;
  find_weights(best, p, player);
  for (uint32_t s = 0; s < g->n_sets; s++)
    best->option[s] = NO_OPTION;
  for (uint32_t i = 0; i < g->n_slots; i++)
    best->sum[i] = 0.0L;
  if (best->timed)
    by_layers(best, p, player);
  else if (!by_waiting(best, p, player))
    return (long double)NAN;
  return best->value[0];
}

long double dm_best_reply_least(
    dm_best_reply *best, const long double *p, const uint8_t *open,
    uint32_t player)
{
  best->open = open;
  long double least = dm_best_reply_value(best, p, player);
  best->open = NULL;
  return least;
}

uint32_t dm_best_reply_option(const dm_best_reply *best, dm_set_id s)
{
  return best->option[s];
}

bool dm_best_reply_timed(const dm_best_reply *best)
{
  return best->timed;
}

/* ---- storage ------------------------------------------------------------- */

static bool is_timed(const dm_game *g)
{
  for (uint32_t l = 0; l < g->n_layers; l++)
    for (uint32_t n = g->layer_node[l]; n < g->layer_node[l + 1]; n++)
      if (g->node_set[n] < DM_NODE_CHANCE && g->set_layer[g->node_set[n]] != l)
        return false;
  return true;
}

/* Turns counts, kept one place up, into first places. */
static void add_up(uint32_t *first, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++)
    first[i + 1] += first[i];
}

/* Filling moved first[i] to the end of i, which is the start of i + 1. */
static void step_back(uint32_t *first, uint32_t count)
{
  for (uint32_t i = count; i > 0; i--)
    first[i] = first[i - 1];
  first[0] = 0;
}

static void fill_upward(const dm_game *g, upward *up)
{
  for (uint32_t i = 0; i < g->n_edges; i++)
    up->in_first[g->edge_child[i] + 1]++;
  for (uint32_t n = 0; n < g->n_nodes; n++)
    if (g->node_set[n] < DM_NODE_CHANCE)
      up->of_first[g->node_set[n] + 1]++;
  add_up(up->in_first, g->n_nodes);
  add_up(up->of_first, g->n_sets);
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++)
      up->in_from[up->in_first[g->edge_child[i]]++] = n;
    if (g->node_set[n] < DM_NODE_CHANCE)
      up->of_node[up->of_first[g->node_set[n]]++] = n;
  }
  step_back(up->in_first, g->n_nodes);
  step_back(up->of_first, g->n_sets);
}

static bool make_upward(const dm_game *g, upward *up)
{
  const size_t id = sizeof(uint32_t);
  up->in_first = calloc((size_t)g->n_nodes + 1, id);
  up->in_from = calloc((size_t)g->n_edges + 1, id);
  up->of_first = calloc((size_t)g->n_sets + 1, id);
  up->of_node = calloc((size_t)g->n_nodes + 1, id);
  up->waits = calloc((size_t)g->n_nodes + 1, id);
  up->set_waits = calloc((size_t)g->n_sets + 1, id);
  up->queue = calloc((size_t)g->n_nodes + 1, id);
  if (!up->in_first || !up->in_from || !up->of_first || !up->of_node ||
      !up->waits || !up->set_waits || !up->queue)
    return false;
  fill_upward(g, up);
  return true;
}

dm_status dm_best_reply_new(
    const dm_game *game, const double *cell_value, dm_best_reply **out)
{
  *out = NULL;
  dm_best_reply *best = calloc(1, sizeof *best);
  if (!best)
    return DM_E_MEMORY;
  best->game = game;
  best->cell = cell_value;
  best->timed = is_timed(game);
  best->weight = calloc((size_t)game->n_nodes + 1, sizeof *best->weight);
  best->value = calloc((size_t)game->n_nodes + 1, sizeof *best->value);
  best->sum = calloc((size_t)game->n_slots + 1, sizeof *best->sum);
  best->print = calloc((size_t)game->n_nodes + 1, sizeof *best->print);
  best->option = calloc((size_t)game->n_sets + 1, sizeof *best->option);
  if (!best->weight || !best->value || !best->sum || !best->print ||
      !best->option || (!best->timed && !make_upward(game, &best->up))) {
    dm_best_reply_free(best);
    return DM_E_MEMORY;
  }
  *out = best;
  return DM_OK;
}

void dm_best_reply_free(dm_best_reply *best)
{
  if (!best)
    return;
  free(best->weight);
  free(best->value);
  free(best->sum);
  free(best->print);
  free(best->option);
  free(best->up.in_first);
  free(best->up.in_from);
  free(best->up.of_first);
  free(best->up.of_node);
  free(best->up.waits);
  free(best->up.set_waits);
  free(best->up.queue);
  free(best);
}
