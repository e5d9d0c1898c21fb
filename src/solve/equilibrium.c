/* solve/equilibrium.c -- the list of distinct equilibria.
 *
 * In:     profiles, by whatever method.
 * Out:    those that the certificate lets in, each once, in a fixed order.
 * Method: two profiles are one when probability x reach of the set agrees at
 *         every slot: behaviour strategies differ freely at sets that are not
 *         reached, and realisation weights do not see it (von Stengel,
 *         "Efficient computation of behavior strategies", GEB 14, 1996).  Reach
 *         may round to 0: no beliefs are read off it.
 * Cost:   one certificate an entry, O(slots) a comparison. */
#include "solve/equilibrium.h"

#include "num/expo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the same play on the path, the better profile is less far off by this. */
#define CLEARLY_BETTER 0.1

static const char *const origin_words[DM_ORIGINS] = {
    "the principal branch",
    "branches that leave another",
    "random strategies",
    "pure strategies",
    "moves that tell types apart or hide them",
    "trembles",
    "enumeration",
    "a linear program or complementarity",
    "regret minimisation",
    "ends of a continuum",
    "where the principal branch was given up"};

const char *dm_origin_text(uint32_t number)
{
  return number < DM_ORIGINS ? origin_words[number] : "unknown";
}

static bool is_end(const dm_game *g, uint32_t n)
{
  return g->node_set[n] >= DM_NODE_END;
}

static bool is_chance(const dm_game *g, uint32_t n)
{
  return g->node_set[n] == DM_NODE_CHANCE;
}

/* ---- payoff range ------------------------------------------------------ */

/* Lowest and highest payoff from node n on, from those of its children. */
static void bound_node(
    const dm_game *g, const double *cell, uint32_t n, uint32_t player,
    double *low, double *high)
{
  low[n] = is_end(g, n) ? 0.0 : (double)INFINITY;
  high[n] = is_end(g, n) ? 0.0 : -(double)INFINITY;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    if (is_chance(g, n) && !(cell[g->edge_slot[i]] > 0.0))
      continue;
    size_t row = (size_t)g->edge_row[i] * g->n_players + player;
    double pay = cell[g->row_cell[row]];
    low[n] = fmin(low[n], pay + low[g->edge_child[i]]);
    high[n] = fmax(high[n], pay + high[g->edge_child[i]]);
  }
}

double dm_payoff_range(const dm_game *game, const double *cell)
{
  double *low = calloc(2 * (size_t)game->n_nodes + 1, sizeof *low);
  if (!low)
    return (double)NAN;
  double *high = low + game->n_nodes;
  double range = 0.0;
  for (uint32_t player = 0; player < game->n_players; player++) {
    for (uint32_t n = game->n_nodes; n-- > 0;)
      bound_node(game, cell, n, player, low, high);
    if (game->n_nodes > 0)
      range = fmax(range, high[0] - low[0]);
  }
  free(low);
  return range;
}

/* ---- the list ---------------------------------------------------------- */

void dm_equilibria_init(
    dm_equilibria *list, const dm_game *game, const double *cell)
{
  memset(list, 0, sizeof *list);
  list->game = game;
  list->cell = cell;
  list->range = dm_payoff_range(game, cell);
  list->tolerance = fmax(1e-8 * list->range, 1e-12);
  list->residual = 1e-6;
  list->same = 1e-6;
}

static void entry_clear(dm_equilibrium *entry)
{
  free(entry->log_p);
  free(entry->reached);
  dm_certificate_clear(&entry->certificate);
  memset(entry, 0, sizeof *entry);
}

void dm_equilibria_clear(dm_equilibria *list)
{
  if (!list)
    return;
  for (uint32_t i = 0; i < list->n; i++)
    entry_clear(&list->at[i]);
  free(list->at);
  memset(list, 0, sizeof *list);
}

void dm_equilibria_tell(dm_equilibria *list, uint32_t origin, bool led)
{
  list->tried++;
  list->failed += !led;
  for (uint32_t i = 0; i < DM_ORIGINS; i++) {
    if (!(origin >> i & 1))
      continue;
    list->tally[i].tried++;
    list->tally[i].led += led;
  }
}

/* ---- one entry --------------------------------------------------------- */

/* Probability x reach of the set, by slot. */
static dm_status find_reached(
    const dm_game *g, const double *cell, const double *log_p, double *reached)
{
  double *reach = calloc((size_t)g->n_nodes + 1, sizeof *reach);
  if (!reach)
    return DM_E_MEMORY;
  reach[0] = 1.0;
  memset(reached, 0, g->n_slots * sizeof *reached);
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      uint32_t slot = g->edge_slot[i];
      double p = is_chance(g, n) ? cell[slot] : dm_exp(log_p[slot]);
      reach[g->edge_child[i]] += reach[n] * p;
      if (!is_chance(g, n))
        reached[slot] += reach[n] * p;
    }
  }
  free(reach);
  return DM_OK;
}

/* The larger of two; NaN stays NaN, and fails every test later. */
static double larger(double a, double b)
{
  return isnan(a) || a >= b ? a : b;
}

/* How far from an equilibrium. */
static double distance(const dm_equilibrium *entry, uint32_t n_players)
{
  const dm_certificate *c = &entry->certificate;
  if (isfinite(entry->k))
    return c->residual;
  double most = 0.0;
  for (uint32_t a = 0; a < n_players; a++) {
    bool known = !isnan(c->gain[a]);
    most = larger(most, known ? c->gain[a] : c->regret_weighted[a]);
  }
  return most;
}

/* Rounding alone leaves this much residual; see certificate.c for what the
 * residual is. */
static double residual_allowed(const dm_equilibria *list, double k)
{
  const dm_game *g = list->game;
  double sharp = 0.0;
  for (uint32_t s = 0; s < g->n_sets; s++)
    sharp = fmax(sharp, fabs(list->cell[g->set_sharp[s]]));
  return fmax(list->residual, 1e-12 * k * sharp * list->range);
}

static void judge(const dm_equilibria *list, dm_equilibrium *entry)
{
  const dm_certificate *c = &entry->certificate;
  entry->regret = 0.0;
  entry->gain = (double)NAN;
  for (uint32_t a = 0; a < list->game->n_players; a++) {
    entry->regret = larger(entry->regret, c->regret[a]);
    entry->gain = fmax(entry->gain, c->gain[a]);
  }
  entry->credible = isfinite(entry->k) || entry->regret <= list->tolerance;
}

/* Whether each set's probabilities add up to 1; what is no number fails. */
static bool is_profile(const dm_game *g, const double *log_p)
{
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double sum = 0.0;
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      sum += log_p[i] <= 1e-9 ? dm_exp(log_p[i]) : (double)NAN;
    if (!(fabs(sum - 1.0) <= 1e-9))
      return false;
  }
  return true;
}

/* Fills an entry from a profile.  *let_in: what the certificate says. */
static dm_status entry_make(
    const dm_equilibria *list, const double *log_p, double k,
    dm_equilibrium *entry, bool *let_in)
{
  const dm_game *g = list->game;
  size_t bytes = ((size_t)g->n_slots + 1) * sizeof(double);
  *entry = (dm_equilibrium){.k = k};
  *let_in = false;
  entry->log_p = malloc(bytes);
  entry->reached = malloc(bytes);
  if (!entry->log_p || !entry->reached)
    return DM_E_MEMORY;
  memcpy(entry->log_p, log_p, g->n_slots * sizeof *log_p);
  dm_status status =
      dm_certificate_verify(g, list->cell, log_p, k, &entry->certificate);
  if (status != DM_OK)
    return status;
  judge(list, entry);
  double allowed = isfinite(k) ? residual_allowed(list, k) : list->tolerance;
  *let_in = is_profile(g, log_p) && distance(entry, g->n_players) <= allowed;
  return find_reached(g, list->cell, log_p, entry->reached);
}

static bool equal(
    const dm_equilibria *list, const dm_equilibrium *a, const dm_equilibrium *b)
{
  if (isfinite(a->k) != isfinite(b->k) || (isfinite(a->k) && a->k != b->k))
    return false;
  for (uint32_t i = 0; i < list->game->n_slots; i++)
    if (!(fabs(a->reached[i] - b->reached[i]) <= list->same))
      return false;
  return true;
}

static bool better(
    const dm_equilibrium *a, const dm_equilibrium *b, uint32_t n_players)
{
  if (a->credible != b->credible)
    return a->credible;
  return distance(a, n_players) < CLEARLY_BETTER * distance(b, n_players) &&
         distance(b, n_players) > 1e-14;
}

/* Puts what `fresh` holds in the place of `old`, its counts added. */
static void replace(dm_equilibrium *old, dm_equilibrium *fresh)
{
  fresh->origin = old->origin;
  fresh->found = old->found;
  fresh->members = old->members;
  dm_equilibrium gone = *old;
  *old = *fresh;
  *fresh = gone;
}

/* Doubles the storage at powers of two. */
static bool room(dm_equilibria *list)
{
  if (list->n & (list->n - 1))
    return true;
  size_t want = list->n == 0 ? 1 : 2 * (size_t)list->n;
  dm_equilibrium *more = realloc(list->at, want * sizeof *more);
  if (!more)
    return false;
  list->at = more;
  return true;
}

dm_status dm_equilibria_add(
    dm_equilibria *list, const double *log_p, double k, uint32_t origin,
    uint32_t *where)
{
  *where = UINT32_MAX;
  dm_equilibrium fresh;
  bool let_in = false;
  dm_status status = entry_make(list, log_p, k, &fresh, &let_in);
  if (status != DM_OK || !let_in) {
    list->failed += status == DM_OK;
    entry_clear(&fresh);
    return status;
  }
  uint32_t i = 0;
  while (i < list->n && !equal(list, &list->at[i], &fresh))
    i++;
  if (i == list->n) {
    if (!room(list)) {
      entry_clear(&fresh);
      return DM_E_MEMORY;
    }
    list->at[list->n++] = fresh;
  } else {
    if (better(&fresh, &list->at[i], list->game->n_players))
      replace(&list->at[i], &fresh);
    entry_clear(&fresh);
  }
  list->at[i].origin |= origin;
  list->at[i].found++;
  *where = i;
  return DM_OK;
}

dm_status dm_equilibrium_stand(
    const dm_game *game, const double *cell, const double *log_p,
    dm_standing *out)
{
  dm_equilibria list;
  dm_equilibrium entry;
  bool let_in = false;
  dm_equilibria_init(&list, game, cell);
  dm_status status =
      entry_make(&list, log_p, (double)INFINITY, &entry, &let_in);
  *out = !let_in          ? DM_STANDING_NONE
         : entry.credible ? DM_STANDING_CREDIBLE
                          : DM_STANDING_NASH;
  entry_clear(&entry);
  dm_equilibria_clear(&list);
  return status;
}

/* ---- order ------------------------------------------------------------- */

/* Whether a stands before b. */
static bool before(
    const dm_equilibrium *a, const dm_equilibrium *b, uint32_t n_slots)
{
  uint32_t first = (a->origin & DM_ORIGIN_PRINCIPAL) != 0;
  uint32_t second = (b->origin & DM_ORIGIN_PRINCIPAL) != 0;
  if (first != second)
    return first > second;
  if (a->found != b->found)
    return a->found > b->found;
  for (uint32_t i = 0; i < n_slots; i++)
    if (a->reached[i] != b->reached[i])
      return a->reached[i] > b->reached[i];
  return false;
}

/* Whether odds of endings and values agree. */
static bool same_outcome(
    const dm_equilibria *list, const dm_equilibrium *a, const dm_equilibrium *b)
{
  const dm_game *g = list->game;
  for (uint32_t i = 0; i < g->n_ends; i++)
    if (!(fabs(a->certificate.end_odds[i] - b->certificate.end_odds[i]) <=
          list->same))
      return false;
  for (uint32_t i = 0; i < g->n_players; i++)
    if (!(fabs(a->certificate.value[i] - b->certificate.value[i]) <=
          list->same * fmax(list->range, 1e-300)))
      return false;
  return true;
}

static void find_outcomes(dm_equilibria *list)
{
  for (uint32_t i = 0; i < list->n; i++) {
    uint32_t j = 0;
    while (j < i && !same_outcome(list, &list->at[j], &list->at[i]))
      j++;
    list->at[i].outcome = j;
    list->at[i].family = i;
  }
}

/* By insertion: the list is short, and equal ones keep their order. */
void dm_equilibria_sort(dm_equilibria *list)
{
  for (uint32_t i = 1; i < list->n; i++) {
    dm_equilibrium entry = list->at[i];
    uint32_t j = i;
    for (; j > 0 && before(&entry, &list->at[j - 1], list->game->n_slots); j--)
      list->at[j] = list->at[j - 1];
    list->at[j] = entry;
  }
  find_outcomes(list);
}
