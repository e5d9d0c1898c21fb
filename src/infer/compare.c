/* infer/compare.c -- rival models of one standoff, weighted by evidence.
 *
 * In:     for each model its update on the same lines, and a prior weight.
 * Out:    posterior weights w_i = prior_i L_i / sum of prior_j L_j, where L_i is
 *         the chance of all lines in model i; odds averaged with them.
 * Method: in logarithms, less the largest: a year of lines has a chance far
 *         below the smallest double.
 * Source: Bayesian model averaging as in Hoeting et al., Statistical Science 14
 *         (1999), with the likelihood of each model in full: nothing is
 *         estimated from the lines, so it is the marginal likelihood.
 * Limits: weights say which of these models foresaw the lines better, and
 *         nothing of a model that nobody wrote. */
#include "infer/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void dm_compare_free(dm_compare *compare)
{
  if (!compare)
    return;
  dm_arena_clear(&compare->arena);
  free(compare);
}

/* ---- weights ----------------------------------------------------------------- */

static dm_status weigh(dm_compare *c, const double *weight)
{
  double sum = 0, most = -(double)INFINITY, total = 0;
  for (uint32_t i = 0; i < c->n_models; i++) {
    double w = weight ? weight[i] : 1;
    if (!isfinite(w) || w < 0)
      return DM_E_RANGE;
    c->model[i].prior = w;
    sum += w;
  }
  if (!(sum > 0) || !isfinite(sum))
    return DM_E_RANGE;
  for (uint32_t i = 0; i < c->n_models; i++) {
    dm_c_model *m = &c->model[i];
    m->prior /= sum;
    if (m->prior > 0 && m->log_likelihood > most)
      most = m->log_likelihood;
  }
  if (!(most > -(double)INFINITY))
    return DM_E_INPUT;
  for (uint32_t i = 0; i < c->n_models; i++) {
    dm_c_model *m = &c->model[i];
    m->weight = m->prior > 0 ? m->prior * exp(m->log_likelihood - most) : 0;
    total += m->weight;
  }
  for (uint32_t i = 0; i < c->n_models; i++)
    c->model[i].weight /= total;
  return DM_OK;
}

/* ---- outcomes ----------------------------------------------------------------- */

static uint32_t find(const dm_c_input *in, const char *name)
{
  uint32_t o = 0;
  while (o < in->n_outcomes && strcmp(in->outcome[o], name) != 0)
    o++;
  return o;
}

static bool in_all(const dm_c_input *in, uint32_t n, const char *name)
{
  for (uint32_t i = 0; i < n; i++) {
    if (find(&in[i], name) == in[i].n_outcomes)
      return false;
  }
  return true;
}

static const char *joined(dm_arena *arena, const char *a, const char *b)
{
  size_t n = strlen(a), m = strlen(b);
  char *text = dm_arena_alloc(arena, n + m + 3);
  memcpy(text, a, n);
  memcpy(text + n, ": ", 2);
  memcpy(text + n + 2, b, m);
  return text;
}

static void name_outcomes(dm_compare *c, const dm_c_input *in)
{
  size_t all = 0;
  for (uint32_t i = 0; i < c->n_models; i++)
    all += in[i].n_outcomes;
  const char **apart = dm_arena_array(&c->arena, all + 1, sizeof *apart);
  c->outcome =
      dm_arena_array(&c->arena, in[0].n_outcomes + 1, sizeof *c->outcome);
  for (uint32_t i = 0; i < c->n_models; i++) {
    for (uint32_t o = 0; o < in[i].n_outcomes; o++) {
      const char *name = in[i].outcome[o];
      bool shared = in_all(in, c->n_models, name);
      if (shared && i == 0)
        c->outcome[c->n_outcomes++].name = name;
      if (!shared)
        apart[c->n_apart++] = joined(&c->arena, in[i].name, name);
    }
  }
  c->apart = apart;
}

static void take_odds(dm_compare *c, const dm_c_input *in)
{
  for (uint32_t i = 0; i < c->n_models; i++) {
    const dm_update *u = in[i].update;
    size_t n = (size_t)c->n_outcomes + 1;
    double *odds = dm_arena_array(&c->arena, n, sizeof *odds);
    double *before = dm_arena_array(&c->arena, n, sizeof *before);
    for (uint32_t o = 0; o < c->n_outcomes; o++) {
      uint32_t own = find(&in[i], c->outcome[o].name);
      odds[o] = before[o] = (double)NAN;
      if (!u)
        continue;
      odds[o] = u->outcome[own].by[u->n_periods - 1];
      before[o] = u->outcome[own].prior[u->n_periods - 1];
    }
    c->model[i].odds = odds;
    c->model[i].before = before;
  }
}

static void average(dm_compare *c)
{
  for (uint32_t o = 0; o < c->n_outcomes; o++) {
    dm_c_outcome *x = &c->outcome[o];
    double held = 0;
    x->lo = 1;
    x->hi = 0;
    for (uint32_t i = 0; i < c->n_models; i++) {
      const dm_c_model *m = &c->model[i];
      if (m->certificate) {
        x->before += m->prior * m->before[o];
        held += m->prior;
      }
      if (!(m->weight > 0))
        continue;
      x->odds += m->weight * m->odds[o];
      x->lo = fmin(x->lo, m->odds[o]);
      x->hi = fmax(x->hi, m->odds[o]);
    }
    x->before /= held;
    double square = 0;
    for (uint32_t i = 0; i < c->n_models; i++) {
      const dm_c_model *m = &c->model[i];
      if (m->weight > 0)
        square += m->weight * (m->odds[o] - x->odds) * (m->odds[o] - x->odds);
    }
    x->spread = sqrt(square);
    if (x->spread > c->outcome[c->widest].spread)
      c->widest = o;
  }
}

/* ---- lines ---------------------------------------------------------------------- */

static void compare_line(dm_compare *c, const dm_c_input *in, uint32_t k)
{
  dm_c_line *line = &c->line[k];
  double lo = (double)INFINITY, hi = -(double)INFINITY;
  uint32_t counted = 0, seen = 0;
  for (uint32_t i = 0; i < c->n_models; i++) {
    const dm_update *u = in[i].update;
    if (!u || k >= u->n_lines)
      continue;
    line->date = u->line[k].date;
    line->text = u->line[k].text;
    seen++;
    if (u->line[k].counted[0])
      continue;
    counted++;
    double x = log(u->line[k].chance);
    lo = fmin(lo, x);
    hi = fmax(hi, x);
  }
  line->counts = counted > 0;
  line->uneven = counted > 0 && counted < seen;
  line->apart = counted > 1 ? hi - lo : 0;
  c->even = c->even && !line->uneven;
}

static void compare_lines(dm_compare *c, const dm_c_input *in)
{
  for (uint32_t i = 0; i < c->n_models; i++) {
    const dm_update *u = in[i].update;
    if (u && u->n_lines > c->n_lines)
      c->n_lines = u->n_lines;
  }
  c->line = dm_arena_array(&c->arena, (size_t)c->n_lines + 1, sizeof *c->line);
  c->even = true;
  for (uint32_t k = 0; k < c->n_lines; k++)
    compare_line(c, in, k);
  for (uint32_t i = 0; i < c->n_models; i++) {
    const dm_update *u = in[i].update;
    double *chance =
        dm_arena_array(&c->arena, (size_t)c->n_lines + 1, sizeof *chance);
    for (uint32_t k = 0; k < c->n_lines; k++)
      chance[k] = u && k < u->n_lines && !u->line[k].counted[0]
                      ? u->line[k].chance
                      : (double)NAN;
    c->model[i].chance = chance;
  }
}

/* ---- all of it -------------------------------------------------------------------- */

static dm_status fill(dm_compare *c, const dm_c_input *in, const double *weight)
{
  c->model = dm_arena_array(&c->arena, c->n_models, sizeof *c->model);
  for (uint32_t i = 0; i < c->n_models; i++) {
    const dm_update *u = in[i].update;
    c->model[i] = (dm_c_model){
        .name = in[i].name,
        .title = in[i].title,
        .last = in[i].last,
        .log_likelihood = u ? u->log_likelihood : -(double)INFINITY,
        .certificate = u ? &u->certificate : NULL,
        .cached = u && u->cached};
  }
  dm_status why = weigh(c, weight);
  if (why != DM_OK)
    return why;
  name_outcomes(c, in);
  take_odds(c, in);
  average(c);
  compare_lines(c, in);
  return DM_OK;
}

dm_status dm_compare_run(
    const dm_c_input *model, uint32_t n, const double *weight, dm_compare **out)
{
  *out = NULL;
  if (n == 0)
    return DM_E_RANGE;
  dm_compare *c = calloc(1, sizeof *c);
  if (!c)
    return DM_E_MEMORY;
  c->n_models = n;
  dm_arena_init(&c->arena, 0);
  dm_status why = (dm_status)setjmp(c->arena.jump);
  if (why == DM_OK)
    why = fill(c, model, weight);
  if (why != DM_OK) {
    dm_compare_free(c);
    return why;
  }
  *out = c;
  return DM_OK;
}
