/* solve/family.c -- equilibria that lie on one continuum.
 *
 * In:     the list of distinct Nash equilibria.
 * Out:    which belong together; the ends of each continuum; the rest dropped.
 * Method: strategies of a player with perfect recall are mixed, and followed
 *         along a line, as realisation weights (the product of its own
 *         probabilities up to and with an option), which are linear where
 *         behaviour is not (von Stengel, GEB 14, 1996); of others, as behaviour.
 *         Two equilibria belong together if the mixtures at 1/4, 1/2 and 3/4
 *         between them are equilibria.  The line through the first and the one
 *         farthest from it is followed both ways up to the last equilibrium on
 *         it, no further than where a weight becomes 0: there first, then by
 *         bisection.
 * Not here: continua of more dimensions are known by a line through them; bent
 *         ones count as several.
 * Cost:   a certificate for each mixture, at most MOST_TESTS. */
#include "game/recall.h"
#include "num/expo.h"
#include "solve/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TESTS = 4000, HALVINGS = 30, MOST_EDGES = 20000 };

#define SMALL   1e-12   /* weights below are trembles */
#define TREMBLE (-46.0) /* logarithm of the largest: 1e-20 */
#define BACK    1e-6    /* part of a line that is gone back at its end */
#define STILL   1e-9    /* changes of weight below are none */

typedef struct kinship {
  dm_equilibria *list;
  dm_recall recall;
  double *block;    /* holds the next ones, [n_slots] each */
  double *a, *b;    /* weights of two equilibria */
  double *p;        /* their mixture, probabilities */
  double *log_p;    /* the same, with trembles */
  uint32_t *order;  /* [n_sets] each set after that of its `last` slot */
  uint32_t *set_of; /* [n_slots] */
  uint32_t tests;
} kinship;

/* ---- weights ----------------------------------------------------------- */

static bool recalls(const kinship *k, uint32_t s)
{
  return k->recall.kind[k->list->game->set_player[s]] == DM_RECALL_PERFECT;
}

static double weight_before(const kinship *k, const double *w, uint32_t s)
{
  uint32_t last = k->recall.last[s];
  return recalls(k, s) && last != DM_RECALL_NONE ? w[last] : 1.0;
}

static void to_weights(const kinship *k, const double *log_p, double *w)
{
  const dm_game *g = k->list->game;
  for (uint32_t j = 0; j < g->n_sets; j++) {
    uint32_t s = k->order[j];
    double before = weight_before(k, w, s);
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      w[i] = before * dm_exp(log_p[i]);
  }
}

/* p from a + t (b - a); where that has no weight, as the nearer of the two. */
static void mix(kinship *k, double t, const dm_equilibrium *near)
{
  const dm_game *g = k->list->game;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double sum = 0.0;
    uint32_t begin = g->set_slot[s];
    uint32_t end = g->set_slot[s + 1];
    for (uint32_t i = begin; i < end; i++) {
      double w = k->a[i] + t * (k->b[i] - k->a[i]);
      k->p[i] = w > SMALL ? w : 0.0;
      sum += k->p[i];
    }
    for (uint32_t i = begin; i < end; i++) {
      double p = dm_exp(near->log_p[i]);
      k->p[i] = sum > STILL ? k->p[i] / sum : p > SMALL ? p : 0.0;
    }
  }
}

/* Whether the mixture at t is an equilibrium, with play off the path and trembles
 * of the nearer of the two; log_p of it. */
static dm_status test(
    kinship *k, double t, const dm_equilibrium *near, bool *is)
{
  const dm_equilibria *list = k->list;
  dm_standing standing = DM_STANDING_NONE;
  k->tests++;
  mix(k, t, near);
  for (uint32_t i = 0; i < list->game->n_slots; i++)
    k->log_p[i] =
        k->p[i] > SMALL ? dm_log(k->p[i]) : fmin(near->log_p[i], TREMBLE);
  dm_status status =
      dm_equilibrium_stand(list->game, list->cell, k->log_p, &standing);
  *is = standing != DM_STANDING_NONE;
  return status;
}

/* ---- families ---------------------------------------------------------- */

static dm_status joined(
    kinship *k, const dm_equilibrium *a, const dm_equilibrium *b, bool *are)
{
  *are = k->tests < MOST_TESTS;
  dm_status status = DM_OK;
  to_weights(k, a->log_p, k->a);
  to_weights(k, b->log_p, k->b);
  for (int i = 1; i <= 3 && *are && status == DM_OK; i++)
    status = test(k, 0.25 * i, i < 3 ? a : b, are);
  return status;
}

static dm_status find_families(kinship *k)
{
  dm_equilibria *list = k->list;
  for (uint32_t i = 0; i < list->n; i++) {
    list->at[i].family = i;
    for (uint32_t j = 0; j < i && list->at[i].family == i; j++) {
      bool are = false;
      if (list->at[j].family != j)
        continue;
      dm_status status = joined(k, &list->at[j], &list->at[i], &are);
      if (status != DM_OK)
        return status;
      if (are)
        list->at[i].family = j;
    }
  }
  return DM_OK;
}

/* ---- ends -------------------------------------------------------------- */

/* Largest t at which a + t (b - a) has no negative weight. */
static double last_t(const kinship *k)
{
  double t = 1e6;
  for (uint32_t i = 0; i < k->list->game->n_slots; i++) {
    double rate = k->b[i] - k->a[i];
    if (rate < -STILL)
      t = fmin(t, k->a[i] / -rate);
  }
  return t;
}

/* Goes from a past b to the last equilibrium on the line, and adds it. */
static dm_status follow_line(kinship *k, uint32_t a, uint32_t b)
{
  dm_equilibria *list = k->list;
  to_weights(k, list->at[a].log_p, k->a);
  to_weights(k, list->at[b].log_p, k->b);
  double high = last_t(k);
  double low = 1.0;
  bool is = false;
  dm_status status = test(k, high, &list->at[b], &is);
  for (int i = 0; i < HALVINGS && !is && status == DM_OK; i++) {
    double middle = 0.5 * (low + high);
    bool here = false;
    status = test(k, middle, &list->at[b], &here);
    *(here ? &low : &high) = middle;
  }
  /* The tolerance lets a line run on a little past its end. */
  if (!is && status == DM_OK)
    status = test(k, low - BACK * low, &list->at[b], &is);
  if (status != DM_OK || !is)
    return status;
  /* Off the path at its end somebody may have to be indifferent. */
  const double *end = k->log_p;
  if (dm_polish(list->game, list->cell, k->log_p, k->p))
    end = k->p;
  uint32_t where = UINT32_MAX;
  uint32_t count = list->n;
  status = dm_equilibria_add(
      list, end, (double)INFINITY, DM_ORIGIN_CONTINUUM, &where);
  if (where == UINT32_MAX)
    return status;
  list->at[where].found--;
  if (where == count) {
    list->at[where].family = list->at[a].family;
    list->at[where].members = 0;
  }
  return status;
}

/* The member that is farthest from the first. */
static uint32_t farthest(const dm_equilibria *list, uint32_t first)
{
  double most = 0.0;
  uint32_t far = first;
  for (uint32_t i = first + 1; i < list->n; i++) {
    if (list->at[i].family != first)
      continue;
    double gap = 0.0;
    for (uint32_t s = 0; s < list->game->n_slots; s++)
      gap += fabs(list->at[i].reached[s] - list->at[first].reached[s]);
    if (gap > most) {
      most = gap;
      far = i;
    }
  }
  return far;
}

static dm_status find_ends(kinship *k)
{
  dm_equilibria *list = k->list;
  uint32_t n = list->n;
  dm_status status = DM_OK;
  for (uint32_t i = 0; i < n && status == DM_OK; i++) {
    if (list->at[i].family != i || k->tests >= MOST_TESTS)
      continue;
    uint32_t far = farthest(list, i);
    if (far == i)
      continue;
    status = follow_line(k, i, far);
    if (status == DM_OK)
      status = follow_line(k, far, i);
  }
  return status;
}

/* ---- what is listed ---------------------------------------------------- */

typedef double (*trait)(const dm_equilibrium *entry, uint32_t i);

static double odds_of(const dm_equilibrium *entry, uint32_t i)
{
  return entry->certificate.end_odds[i];
}

static double value_of(const dm_equilibrium *entry, uint32_t i)
{
  return entry->certificate.value[i];
}

/* Marks the family members with the least and the most of a trait, if the first
 * has not as little or as much. */
static void mark_extremes(
    const dm_equilibria *list, uint32_t first, trait of, uint32_t i, bool *kept)
{
  uint32_t low = first;
  uint32_t high = first;
  for (uint32_t j = first + 1; j < list->n; j++) {
    if (list->at[j].family != first)
      continue;
    if (of(&list->at[j], i) < of(&list->at[low], i) - list->same)
      low = j;
    if (of(&list->at[j], i) > of(&list->at[high], i) + list->same)
      high = j;
  }
  kept[low] = true;
  kept[high] = true;
}

static void mark_kept(const dm_equilibria *list, bool *kept)
{
  for (uint32_t i = 0; i < list->n; i++) {
    const dm_equilibrium *entry = &list->at[i];
    kept[i] =
        kept[i] || entry->family == i ||
        (entry->origin & (DM_ORIGIN_CONTINUUM | DM_ORIGIN_PRINCIPAL)) != 0;
    if (entry->family != i)
      continue;
    for (uint32_t j = 0; j < list->game->n_ends; j++)
      mark_extremes(list, i, odds_of, j, kept);
    for (uint32_t j = 0; j < list->game->n_players; j++)
      mark_extremes(list, i, value_of, j, kept);
  }
}

/* Drops the others; the first of a family takes over their counts. */
static void drop(dm_equilibria *list, const bool *kept, uint32_t *place)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < list->n; i++) {
    dm_equilibrium *entry = &list->at[i];
    if (!kept[i]) {
      dm_equilibrium *first = &list->at[place[entry->family]];
      uint32_t sum = first->found + entry->found;
      first->found = sum < list->tried ? sum : list->tried;
      first->origin |= entry->origin;
      first->members++;
      free(entry->log_p);
      free(entry->reached);
      dm_certificate_clear(&entry->certificate);
      continue;
    }
    place[i] = n;
    entry->family = place[entry->family];
    list->at[n++] = *entry;
  }
  list->n = n;
}

/* ---- order of sets ----------------------------------------------------- */

/* Sets by how many own picks precede them. */
static void find_order(kinship *k)
{
  const dm_game *g = k->list->game;
  for (uint32_t s = 0; s < g->n_sets; s++)
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      k->set_of[i] = s;
  uint32_t n = 0;
  bool *done = (bool *)k->p; /* n_slots doubles hold n_sets of them */
  memset(done, 0, g->n_slots * sizeof *k->p);
  for (bool more = true; more;) {
    more = false;
    for (uint32_t s = 0; s < g->n_sets; s++) {
      uint32_t last = k->recall.last[s];
      if (done[s] ||
          (recalls(k, s) && last != DM_RECALL_NONE && !done[k->set_of[last]]))
        continue;
      done[s] = true;
      k->order[n++] = s;
      more = true;
    }
  }
}

static dm_status open_kinship(kinship *k, dm_equilibria *list)
{
  const dm_game *g = list->game;
  size_t n = g->n_slots;
  *k = (kinship){.list = list};
  k->block = calloc(4 * n + 1, sizeof *k->block);
  k->order = calloc(n + g->n_sets + 1, sizeof *k->order);
  if (!k->block || !k->order)
    return DM_E_MEMORY;
  k->a = k->block;
  k->b = k->a + n;
  k->p = k->b + n;
  k->log_p = k->p + n;
  k->set_of = k->order + g->n_sets;
  dm_status status = dm_recall_find(g, &k->recall);
  if (status == DM_OK)
    find_order(k);
  return status;
}

static dm_status join(kinship *k, dm_equilibria *list)
{
  dm_status status = find_families(k);
  if (status == DM_OK)
    status = find_ends(k);
  bool *kept = calloc((size_t)list->n + 1, sizeof *kept);
  uint32_t *place = calloc((size_t)list->n + 1, sizeof *place);
  if (!kept || !place)
    status = DM_E_MEMORY;
  if (status == DM_OK) {
    mark_kept(list, kept);
    drop(list, kept, place);
  }
  free(kept);
  free(place);
  return status;
}

/* The order of the list may move places: families are found again by the few
 * that are left. */
dm_status dm_equilibria_join(dm_equilibria *list)
{
  dm_equilibria_sort(list);
  if (list->n < 2 || isfinite(list->at[0].k) ||
      list->game->n_edges > MOST_EDGES)
    return DM_OK;
  kinship k;
  dm_status status = open_kinship(&k, list);
  if (status == DM_OK)
    status = join(&k, list);
  dm_equilibria_sort(list);
  if (status == DM_OK) {
    k.tests = 0;
    status = find_families(&k);
  }
  dm_recall_clear(&k.recall);
  free(k.block);
  free(k.order);
  return status;
}
