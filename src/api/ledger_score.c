/* api/ledger_score.c -- resolved questions are scored.
 *
 * In:     a ledger in memory, options.
 * Out:    a row for each model and question, worst first; means; baselines;
 *         Murphy's parts and the calibration table.
 * Method: a forecast is dated by the last day that it knows of, and is in
 *         force from that day to the next forecast's, the last one to the day
 *         on which the question was settled; one that knows of that very day
 *         or a later one is late and does not count.  The life of a question
 *         begins when it opens, or else with its first forecast of any model.
 *         Binary forecasts are, for each forecast that counts, its first
 *         answer if it has two, else each of its answers against the others.
 * Baselines: uniform, all answers alike; base rate, as given or from the other
 *         resolved questions with the same answers, (count + 1) / (all +
 *         answers), so that a few cases give no certainty; last forecast, each
 *         forecast replaced by the one before it and the first by uniform:
 *         what staying put would have scored.
 * Cost:   O(forecasts x answers + questions^2). */
#include "api/ledger.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct scorer {
  dm_arena *arena;
  const dm_l_case *all;
  const dm_case_score_options *options;
  dm_l_scores *out;
  DM_VEC(double) p; /* binary forecasts */
  DM_VEC(int) o;
} scorer;

static uint32_t place_of(const dm_ledger_forecast *f, const char *answer)
{
  for (uint32_t i = 0; i < f->n; i++) {
    if (strcmp(f->answer[i], answer) == 0)
      return i;
  }
  return UINT32_MAX;
}

static bool same_answers(
    const dm_ledger_forecast *a, const dm_ledger_forecast *b)
{
  if (a->n != b->n)
    return false;
  for (uint32_t i = 0; i < a->n; i++) {
    if (place_of(b, a->answer[i]) == UINT32_MAX)
      return false;
  }
  return true;
}

/* ---- base rates ------------------------------------------------------------ */

static bool given_rates(
    const dm_case_score_options *o, const dm_ledger_forecast *f, double *rate)
{
  uint32_t named = 0;
  double sum = 0;
  for (uint32_t i = 0; i < f->n; i++) {
    rate[i] = -1;
    for (uint32_t k = 0; k < o->n_base; k++) {
      if (strcmp(o->base_answer[k], f->answer[i]) == 0)
        rate[i] = o->base[k];
    }
    if (rate[i] >= 0) {
      named++;
      sum += rate[i];
    }
  }
  if (named == 0 || sum > 1 + 1e-9 || (named == f->n && sum < 1 - 1e-9))
    return false;
  for (uint32_t i = 0; i < f->n; i++) {
    if (rate[i] < 0)
      rate[i] = fmax(0, 1 - sum) / (f->n - named);
  }
  return true;
}

/* From the other resolved questions with the same answers. */
static bool found_rates(
    const dm_l_case *all, const dm_l_question *own, const dm_ledger_forecast *f,
    double *rate)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < f->n; i++)
    rate[i] = 1;
  for (uint32_t q = 0; q < all->question.n; q++) {
    const dm_l_question *other = &all->question.at[q];
    if (other == own || other->resolution.n == 0 || other->forecast.n == 0 ||
        !same_answers(f, &other->forecast.at[other->forecast.n - 1].is))
      continue;
    const char *answer = other->resolution.at[other->resolution.n - 1].answer;
    uint32_t at = place_of(f, answer);
    if (at < f->n) {
      rate[at]++;
      n++;
    }
  }
  for (uint32_t i = 0; i < f->n; i++)
    rate[i] /= n + f->n;
  return n > 0;
}

/* ---- one model's forecasts of one question --------------------------------- */

/* Scores of the forecasts that count, by date; [n] each. */
typedef struct track {
  uint32_t n;
  bool ranked;
  double *t;
  double *brier, *log, *rps;
  double *previous, *previous_log;
  double *uniform, *uniform_log, *base, *base_log;
} track;

static track track_new(dm_arena *arena, uint32_t most)
{
  double *all = dm_arena_array(arena, (size_t)most * 10, sizeof *all);
  return (track){
      .ranked = true,
      .t = all,
      .brier = all + most,
      .log = all + 2 * (size_t)most,
      .rps = all + 3 * (size_t)most,
      .previous = all + 4 * (size_t)most,
      .previous_log = all + 5 * (size_t)most,
      .uniform = all + 6 * (size_t)most,
      .uniform_log = all + 7 * (size_t)most,
      .base = all + 8 * (size_t)most,
      .base_log = all + 9 * (size_t)most,
  };
}

static void add_binary(
    scorer *s, const dm_ledger_forecast *f, uint32_t happened)
{
  uint32_t n = f->n == 2 ? 1 : f->n;
  for (uint32_t i = 0; i < n; i++) {
    DM_PUSH(s->arena, &s->p, f->p[i]);
    DM_PUSH(s->arena, &s->o, i == happened ? 1 : 0);
  }
}

static void add_to_track(
    scorer *s, track *k, const dm_l_question *q, const dm_l_forecast *x,
    uint32_t happened)
{
  const dm_ledger_forecast *f = &x->is;
  uint32_t i = k->n++;
  double *rate = dm_arena_array(s->arena, f->n, sizeof *rate);
  k->t[i] = (double)x->as_of;
  k->brier[i] = dm_score_brier(f->p, f->n, happened);
  k->log[i] = dm_score_log(f->p, f->n, happened);
  k->rps[i] = dm_score_ranked(f->p, f->n, happened);
  k->ranked = k->ranked && f->ranked;
  for (uint32_t a = 0; a < f->n; a++)
    rate[a] = 1.0 / f->n;
  k->uniform[i] = dm_score_brier(rate, f->n, happened);
  k->uniform_log[i] = dm_score_log(rate, f->n, happened);
  k->previous[i] = i ? k->brier[i - 1] : k->uniform[i];
  k->previous_log[i] = i ? k->log[i - 1] : k->uniform_log[i];
  bool known = s->options->n_base ? given_rates(s->options, f, rate)
                                  : found_rates(s->all, q, f, rate);
  k->base[i] = known ? dm_score_brier(rate, f->n, happened) : (double)NAN;
  k->base_log[i] = known ? dm_score_log(rate, f->n, happened) : (double)NAN;
  add_binary(s, f, happened);
}

static dm_day opening(const dm_l_question *q)
{
  dm_day first = q->forecast.at[0].as_of, day;
  bool said = false;
  for (uint32_t i = 0; i < q->forecast.n; i++) {
    const char *opens = q->forecast.at[i].is.opens;
    if (opens[0] && dm_date_read(opens, false, &day)) {
      first = !said || day < first ? day : first;
      said = true;
    }
  }
  return first;
}

static void not_scored(
    scorer *s, const dm_l_question *q, const char *model, const char *why)
{
  dm_l_unscored u = {q->text, model, why};
  DM_PUSH(s->arena, &s->out->unscored, u);
}

static void settle(
    const track *k, const dm_l_question *q, dm_day end, dm_l_score *r)
{
  double open = (double)opening(q), to = (double)end, c;
  r->brier = dm_score_over_life(k->brier, k->t, k->n, open, to, &r->coverage);
  r->log = dm_score_over_life(k->log, k->t, k->n, open, to, &c);
  r->ranked = k->ranked ? dm_score_over_life(k->rps, k->t, k->n, open, to, &c)
                        : (double)NAN;
  r->uniform = dm_score_over_life(k->uniform, k->t, k->n, open, to, &c);
  r->base = dm_score_over_life(k->base, k->t, k->n, open, to, &c);
  r->previous = dm_score_over_life(k->previous, k->t, k->n, open, to, &c);
  r->uniform_log = dm_score_over_life(k->uniform_log, k->t, k->n, open, to, &c);
  r->base_log = dm_score_over_life(k->base_log, k->t, k->n, open, to, &c);
  r->previous_log =
      dm_score_over_life(k->previous_log, k->t, k->n, open, to, &c);
  r->last = k->brier[k->n - 1];
}

/* True if every forecast of the model has the answer that came true. */
static bool answerable(
    const dm_l_question *q, const char *model, const char *answer)
{
  for (uint32_t i = 0; i < q->forecast.n; i++) {
    const dm_l_forecast *x = &q->forecast.at[i];
    if (x->is.model == model && place_of(&x->is, answer) == UINT32_MAX)
      return false;
  }
  return true;
}

static void score_model(scorer *s, const dm_l_question *q, const char *model)
{
  const dm_ledger_resolution *end = &q->resolution.at[q->resolution.n - 1];
  dm_l_score r = {
      .question = q->text,
      .model = model,
      .answer = end->answer,
      .resolved = end->resolved};
  dm_day day;
  if (!dm_date_read(end->resolved, true, &day)) {
    not_scored(s, q, model, "the date on which it was settled is no date");
    return;
  }
  if (!answerable(q, model, end->answer)) {
    not_scored(s, q, model, "a forecast lacks the answer that came true");
    return;
  }
  track k = track_new(s->arena, q->forecast.n);
  for (uint32_t i = 0; i < q->forecast.n; i++) {
    const dm_l_forecast *x = &q->forecast.at[i];
    if (x->is.model != model)
      continue;
    if (x->as_of >= day) {
      r.late++;
      continue;
    }
    uint32_t happened = place_of(&x->is, end->answer);
    r.hindsight += x->made > day;
    r.last_p = x->is.p[happened];
    add_to_track(s, &k, q, x, happened);
  }
  r.used = k.n;
  if (k.n == 0) {
    not_scored(s, q, model, "every forecast knows of the day it was settled");
    return;
  }
  settle(&k, q, day, &r);
  DM_PUSH(s->arena, &s->out->score, r);
}

/* ---- all of them ----------------------------------------------------------- */

static int worst_first(const void *a, const void *b)
{
  const dm_l_score *x = a, *y = b;
  if (x->brier != y->brier)
    return x->brier > y->brier ? -1 : 1;
  int order = strcmp(x->question, y->question);
  return order ? order : strcmp(x->model, y->model);
}

/* Mean of a field over the rows that have it, and the skill of `ours` against
 * it on the same rows. */
static dm_l_mean mean_of(const dm_l_scores *s, size_t field, size_t ours)
{
  dm_l_mean m = {0, 0, (double)NAN};
  double own = 0;
  for (uint32_t i = 0; i < s->score.n; i++) {
    const unsigned char *row = (const unsigned char *)&s->score.at[i];
    double x, y;
    memcpy(&x, row + field, sizeof x);
    memcpy(&y, row + ours, sizeof y);
    if (isnan(x))
      continue;
    m.n++;
    m.value += x;
    own += y;
  }
  if (m.n) {
    m.value /= m.n;
    own /= m.n;
  } else {
    m.value = (double)NAN;
  }
  if (m.n && isfinite(own) && m.value > 0)
    m.skill = 1 - own / m.value;
  return m;
}

static void means(dm_l_scores *s)
{
  const size_t brier = offsetof(dm_l_score, brier);
  const size_t log_score = offsetof(dm_l_score, log);
  s->brier = mean_of(s, brier, brier);
  s->log = mean_of(s, log_score, log_score);
  s->ranked = mean_of(s, offsetof(dm_l_score, ranked), brier);
  s->coverage = mean_of(s, offsetof(dm_l_score, coverage), brier);
  s->last = mean_of(s, offsetof(dm_l_score, last), brier);
  s->uniform = mean_of(s, offsetof(dm_l_score, uniform), brier);
  s->base = mean_of(s, offsetof(dm_l_score, base), brier);
  s->previous = mean_of(s, offsetof(dm_l_score, previous), brier);
  s->uniform_log = mean_of(s, offsetof(dm_l_score, uniform_log), log_score);
  s->base_log = mean_of(s, offsetof(dm_l_score, base_log), log_score);
  s->previous_log = mean_of(s, offsetof(dm_l_score, previous_log), log_score);
}

static void count(dm_l_scores *s)
{
  for (uint32_t i = 0; i < s->score.n; i++) {
    const dm_l_score *r = &s->score.at[i];
    bool seen = false;
    for (uint32_t k = 0; k < i && !seen; k++)
      seen = s->score.at[k].question == r->question;
    s->questions += !seen;
    s->forecasts += r->used;
    s->hindsight += r->hindsight;
  }
}

dm_l_scores *dm_case_scores(
    const dm_l_case *all, const dm_case_score_options *options, uint32_t only)
{
  dm_arena *arena = all->arena;
  dm_l_scores *out = dm_arena_alloc(arena, sizeof *out);
  scorer s = {.arena = arena, .all = all, .options = options, .out = out};
  for (uint32_t i = 0; i < all->question.n; i++) {
    const dm_l_question *q = &all->question.at[i];
    if ((only != UINT32_MAX && i != only) || q->forecast.n == 0)
      continue;
    for (uint32_t m = 0; m < q->model.n; m++) {
      if (q->resolution.n == 0)
        not_scored(&s, q, q->model.at[m], "not settled yet");
      else
        score_model(&s, q, q->model.at[m]);
    }
  }
  if (out->score.n)
    qsort(out->score.at, out->score.n, sizeof *out->score.at, worst_first);
  count(out);
  means(out);
  out->binary = s.p.n;
  out->bins = options->bins;
  out->murphy = dm_score_murphy(s.p.at, s.o.at, s.p.n, options->bins);
  out->bin = dm_arena_array(arena, options->bins, sizeof *out->bin);
  dm_score_calibration(s.p.at, s.o.at, s.p.n, options->bins, out->bin);
  return out;
}
