/* solve/certificate.c -- an answer measured again, by other means.
 *
 * In:     the raw game, cell values, log probabilities, k.
 * Out:    residual, regret, value, recall and gain by player, odds of the
 *         endings.
 * Method: the definitions, in the plainest order, in long double and libm:
 *           log reach(child) = log sum exp over in-edges of
 *                              (log reach(n) + log p(edge))
 *           belief(n) = exp(log reach(n) - log reach(set of n))
 *           value(n) of one player at a time, Q(option) = sum of belief x
 *           (payoff on the edge + value(child)).
 *         Nothing here is shared with game/sweep.c, game/tangent.c or num/, and
 *         the representation differs (logarithms, not mantissa and exponent),
 *         so that one mistake is not made twice.  Best replies and who has them
 *         are found by best_reply.c, likewise on its own; game/recall.c is only
 *         asked for the word (forgetful or absent-minded) of a player that
 *         best_reply.c has refused.
 * Residual: for two options i, j of a set, log p_i - log p_j should be
 *         k sharpness (Q_i - Q_j); the largest difference over all pairs is the
 *         spread of log p_i - k sharpness Q_i over the set.
 * Numerics: payoffs up to 1e150 along a path (what dm_game_check admits) leave
 *         every sum finite, also where long double is double.
 * Cost:   O(edges x players), two arrays of long double per node, and after
 *         them best_reply.c's. */
#include "solve/certificate.h"

#include "game/recall.h"
#include "solve/best_reply.h"

#include <math.h>
#include <stdlib.h>

typedef struct audit {
  const dm_game *game;
  const double *cell;
  const double *log_p;
  long double *p;         /* [n_slots] exp of log_p */
  long double *log_reach; /* [n_nodes] */
  long double *log_set;   /* [n_sets] */
  long double *value;     /* [n_nodes] of the player at hand */
  long double *q;         /* [n_slots] */
  long double *root;      /* [n_players] value at the start */
} audit;

/* log(e^a + e^b); minus infinity is the logarithm of nothing. */
static long double log_add(long double a, long double b)
{
  long double high = a > b ? a : b;
  long double low = a > b ? b : a;
  return low == -(long double)INFINITY ? high : high + log1pl(expl(low - high));
}

static bool is_end(const dm_game *g, uint32_t n)
{
  return g->node_set[n] >= DM_NODE_END;
}

static bool is_chance(const dm_game *g, uint32_t n)
{
  return g->node_set[n] == DM_NODE_CHANCE;
}

static long double log_chance(const audit *a, uint32_t node, uint32_t edge)
{
  uint32_t slot = a->game->edge_slot[edge];
  return is_chance(a->game, node) ? logl((long double)a->cell[slot])
                                  : (long double)a->log_p[slot];
}

static long double chance(const audit *a, uint32_t node, uint32_t edge)
{
  uint32_t slot = a->game->edge_slot[edge];
  return is_chance(a->game, node) ? (long double)a->cell[slot] : a->p[slot];
}

static void find_reach(audit *a)
{
  const dm_game *g = a->game;
  for (uint32_t n = 0; n < g->n_nodes; n++)
    a->log_reach[n] = -(long double)INFINITY;
  for (uint32_t s = 0; s < g->n_sets; s++)
    a->log_set[s] = -(long double)INFINITY;
  a->log_reach[0] = 0.0L;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    long double here = a->log_reach[n];
    if (is_end(g, n))
      continue;
    if (!is_chance(g, n)) {
      long double *set = &a->log_set[g->node_set[n]];
      *set = log_add(*set, here);
    }
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      long double *child = &a->log_reach[g->edge_child[i]];
      *child = log_add(*child, here + log_chance(a, n, i));
    }
  }
}

/* Value of `player` at every node; `belief` weighs its own sets' Q.  Sets that
 * cannot be reached are counted first in `size`, for uniform beliefs. */
static void find_values(audit *a, uint32_t player, const uint32_t *size)
{
  const dm_game *g = a->game;
  for (uint32_t n = g->n_nodes; n-- > 0;) {
    a->value[n] = 0.0L;
    if (is_end(g, n))
      continue;
    uint32_t set = g->node_set[n];
    bool mine = !is_chance(g, n) && g->set_player[set] == player;
    long double belief = 0.0L;
    if (mine)
      belief = a->log_set[set] == -(long double)INFINITY
                   ? 1.0L / (long double)size[set]
                   : expl(a->log_reach[n] - a->log_set[set]);
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      size_t row = (size_t)g->edge_row[i] * g->n_players + player;
      long double gain =
          (long double)a->cell[g->row_cell[row]] + a->value[g->edge_child[i]];
      a->value[n] += chance(a, n, i) * gain;
      if (mine)
        a->q[g->edge_slot[i]] += belief * gain;
    }
  }
}

/* A NaN must end in the certificate instead of being lost. */
static double larger(double a, double b)
{
  return isnan(a) || a >= b ? a : b;
}

/* Adds one set's regret and residual to the certificate. */
static void judge_set(const audit *a, uint32_t s, double k, dm_certificate *out)
{
  const dm_game *g = a->game;
  long double scale = (long double)k * (long double)a->cell[g->set_sharp[s]];
  uint32_t begin = g->set_slot[s];
  uint32_t end = g->set_slot[s + 1];
  long double best = a->q[begin];
  long double mean = 0.0L;
  long double low = (long double)INFINITY;
  long double high = -(long double)INFINITY;
  for (uint32_t i = begin; i < end; i++) {
    long double gap = (long double)a->log_p[i] - scale * a->q[i];
    low = gap < low ? gap : low;
    high = gap > high ? gap : high;
    best = a->q[i] > best ? a->q[i] : best;
    mean += a->p[i] * a->q[i];
  }
  double spread = (double)(high - low);
  out->residual = larger(out->residual, spread);
  uint32_t player = g->set_player[s];
  double regret = (double)(best - mean);
  out->regret[player] = larger(out->regret[player], regret);
  long double reach = expl(a->log_set[s]);
  if (!(reach <= (long double)DM_REACHED))
    out->regret_reached[player] = larger(out->regret_reached[player], regret);
  out->regret_weighted[player] += (double)(reach * (best - mean));
}

static void judge(audit *a, double k, dm_certificate *out)
{
  const dm_game *g = a->game;
  for (uint32_t s = 0; s < g->n_sets; s++)
    judge_set(a, s, k, out);
  if (isinf(k))
    out->residual = (double)NAN;
  long double total = 0.0L;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    if (!is_end(g, n))
      continue;
    long double odds = expl(a->log_reach[n]);
    out->end_odds[g->node_set[n] - DM_NODE_END] += (double)odds;
    total += odds;
  }
  out->total = (double)total;
}

/* Recall of every player, and what its best reply would add. */
static dm_status judge_players(audit *a, dm_certificate *out)
{
  const dm_game *g = a->game;
  dm_best_reply *best = NULL;
  dm_recall recall = {0};
  dm_status status = dm_best_reply_new(g, a->cell, &best);
  for (uint32_t i = 0; status == DM_OK && i < g->n_players; i++) {
    if (dm_best_reply_recalls(best, i)) {
      out->recall[i] = DM_RECALL_PERFECT;
      long double most = dm_best_reply_value(best, a->p, i);
      out->gain[i] = (double)(most - a->root[i]);
      continue;
    }
    out->gain[i] = (double)NAN;
    out->recall[i] = DM_RECALL_IMPERFECT;
    /* Inside one layer no set is met twice. */
    if (!dm_best_reply_timed(best) && !recall.block)
      status = dm_recall_find(g, &recall);
    if (recall.block && recall.kind[i] == DM_RECALL_ABSENT)
      out->recall[i] = DM_RECALL_ABSENT;
  }
  dm_recall_clear(&recall);
  dm_best_reply_free(best);
  return status;
}

static bool allocate(audit *a, uint32_t **size)
{
  const dm_game *g = a->game;
  a->log_reach = calloc((size_t)g->n_nodes + 1, sizeof(long double));
  a->log_set = calloc((size_t)g->n_sets + 1, sizeof(long double));
  a->value = calloc((size_t)g->n_nodes + 1, sizeof(long double));
  a->q = calloc((size_t)g->n_slots + 1, sizeof(long double));
  a->p = calloc((size_t)g->n_slots + 1, sizeof(long double));
  a->root = calloc((size_t)g->n_players + 1, sizeof(long double));
  *size = calloc((size_t)g->n_sets + 1, sizeof(uint32_t));
  return a->log_reach && a->log_set && a->value && a->q && a->p && a->root &&
         *size;
}

/* The block of the certificate: five numbers a player, then the endings, then
 * bytes. */
static bool lay_out(const dm_game *g, dm_certificate *out)
{
  size_t players = g->n_players;
  out->regret = calloc(
      (5 * players + g->n_ends + 1) * sizeof *out->regret + players + 1, 1);
  if (!out->regret)
    return false;
  out->regret_reached = out->regret + players;
  out->regret_weighted = out->regret_reached + players;
  out->gain = out->regret_weighted + players;
  out->value = out->gain + players;
  out->end_odds = out->value + players;
  out->recall = (uint8_t *)(out->end_odds + g->n_ends + 1);
  return true;
}

static void count_sizes(const dm_game *g, uint32_t *size)
{
  for (uint32_t n = 0; n < g->n_nodes; n++)
    if (!is_end(g, n) && !is_chance(g, n))
      size[g->node_set[n]]++;
}

/* Frees what only the walk needed, so that best replies do not add to it. */
static void release(audit *a)
{
  free(a->log_reach);
  free(a->log_set);
  free(a->value);
  free(a->q);
  a->log_reach = a->log_set = a->value = a->q = NULL;
}

dm_status dm_certificate_verify(
    const dm_game *game, const double *cell_value, const double *log_p,
    double k, dm_certificate *out)
{
  *out = (dm_certificate){0};
  audit a = {.game = game, .cell = cell_value, .log_p = log_p};
  uint32_t *size = NULL;
  dm_status status = DM_E_MEMORY;
  if (!allocate(&a, &size) || !lay_out(game, out))
    goto done;
  for (uint32_t i = 0; i < game->n_slots; i++)
    a.p[i] = expl((long double)log_p[i]);
  count_sizes(game, size);
  find_reach(&a);
  for (uint32_t player = 0; player < game->n_players; player++) {
    find_values(&a, player, size);
    a.root[player] = a.value[0];
    out->value[player] = (double)a.value[0];
  }
  judge(&a, k, out);
  release(&a);
  status = judge_players(&a, out);
done:
  release(&a);
  free(a.p);
  free(a.root);
  free(size);
  if (status != DM_OK)
    dm_certificate_clear(out);
  return status;
}

void dm_certificate_clear(dm_certificate *certificate)
{
  if (!certificate)
    return;
  free(certificate->regret);
  *certificate = (dm_certificate){0};
}
