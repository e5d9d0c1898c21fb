/* api/evidence.c -- news about a scenario, and about rival ones. */
#include "api/news.h"

#include "infer/given.h"
#include <demarche/version.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_NEXT = 10 };

dm_news_options dm_news_defaults(void)
{
  return (dm_news_options){.seed = 1};
}

void dm_news_free(dm_news *news)
{
  if (!news)
    return;
  for (uint32_t i = 0; i < news->n_updates; i++)
    dm_update_free(news->update[i]);
  dm_next_free(news->next);
  dm_compare_free(news->compare);
  dm_arena_clear(&news->arena);
  free(news);
}

dm_news *dm_news_make(dm_news_kind kind)
{
  dm_news *news = calloc(1, sizeof *news);
  if (!news)
    return NULL;
  news->kind = kind;
  news->last_date = "";
  dm_arena_init(&news->arena, 0);
  return news;
}

/* ---- kept solutions ------------------------------------------------------------- */

static bool kept_get(void *data, double *x, size_t n)
{
  dm_keeping *k = data;
  if (k->x && k->n == n) {
    memcpy(x, k->x, n * sizeof *x);
    return true;
  }
  return k->key.len > 0 && !k->key.failed &&
         dm_cache_get(&k->cache, k->key.at, x, n);
}

static void kept_put(void *data, const double *x, size_t n)
{
  dm_keeping *k = data;
  free(k->x);
  k->x = malloc(n ? n * sizeof *x : 1);
  k->n = k->x ? n : 0;
  if (k->x)
    memcpy(k->x, x, n * sizeof *x);
  if (k->key.len > 0 && !k->key.failed)
    (void)dm_cache_put(&k->cache, k->key.at, x, n);
}

/* The core as it is understood, so that comments and layout do not count, and
 * every number in force to its last bit. */
static void keeping_open(
    dm_keeping *k, const dm_scenario *scenario, const char *folder)
{
  const dm_core *core = scenario->core;
  memset(k, 0, sizeof *k);
  k->cache.folder = folder;
  dm_str_addf(&k->key, "profile of demarche %s\n", dm_version());
  dm_core_write(core, &k->key);
  for (uint32_t i = 0; i < core->param.n; i++)
    dm_str_addf(&k->key, "%a\n", core->param.at[i].base);
  k->keeper =
      (dm_keeper){.core = core, .get = kept_get, .put = kept_put, .data = k};
}

/* ---- options --------------------------------------------------------------------- */

static dm_infer_options infer_of(
    const dm_scenario *scenario, const dm_news_options *options,
    const dm_keeping *kept)
{
  dm_infer_options infer = dm_infer_defaults();
  infer.max_situations = options->max_situations;
  infer.max_bytes = options->max_memory;
  infer.seed = options->seed;
  infer.threads = options->threads;
  infer.progress = options->progress;
  infer.progress_data = options->progress_data;
  infer.input_hash = scenario->hash;
  infer.keeper = &kept->keeper;
  return infer;
}

static bool digits(const char *text, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    if (text[i] < '0' || text[i] > '9')
      return false;
  }
  return true;
}

/* 2025-03-07, or a month, a year, a number of turns: what a line may be dated. */
static bool is_date(const char *t)
{
  size_t n = strlen(t);
  if (n < 4)
    return n > 0 && digits(t, n);
  if (!digits(t, 4) || (n > 4 && t[4] != '-'))
    return false;
  if (n == 4)
    return true;
  if (n == 7)
    return (t[5] == 'Q' && t[6] >= '1' && t[6] <= '4') ||
           (digits(t + 5, 2) && atoi(t + 5) >= 1 && atoi(t + 5) <= 12);
  if (n == 8)
    return t[5] == 'W' && digits(t + 6, 2);
  return n == 10 && digits(t + 5, 2) && t[7] == '-' && digits(t + 8, 2) &&
         atoi(t + 5) >= 1 && atoi(t + 5) <= 12 && atoi(t + 8) >= 1 &&
         atoi(t + 8) <= 31;
}

static const char *until_of(const dm_news_options *options)
{
  return options->until && options->until[0] ? options->until : NULL;
}

bool dm_news_sensible(const dm_news_options *options)
{
  return !until_of(options) || is_date(options->until);
}

static void hash_text(const char *text, size_t len, char out[20])
{
  (void)snprintf(out, 20, "%016" PRIx64, dm_hash(text, len));
}

/* ---- one scenario ------------------------------------------------------------------ */

void dm_news_open(
    dm_news_work *w, dm_scenario *scenario, const dm_news_options *options,
    dm_diags *diags, dm_news *news)
{
  memset(w, 0, sizeof *w);
  w->scenario = scenario;
  w->options = options;
  w->diags = diags;
  w->news = news;
  keeping_open(&w->kept, scenario, options->cache);
  w->infer = infer_of(scenario, options, &w->kept);
  w->update = (dm_update_options){
      .infer = &w->infer,
      .equilibria = options->equilibria,
      .cut_off = until_of(options)};
}

void dm_news_close(dm_news_work *w)
{
  dm_str_clear(&w->kept.key);
  free(w->kept.x);
}

/* An empty log: nothing is known yet. */
static dm_status no_evidence(dm_news_work *w)
{
  w->evidence = dm_arena_alloc(&w->news->arena, sizeof *w->evidence);
  w->evidence->scenario = dm_scenario_name(w->scenario);
  return DM_OK;
}

static const char *last_date(const dm_news_work *w)
{
  const char *last = "";
  for (uint32_t i = 0; i < w->evidence->line.n; i++) {
    const char *date = w->evidence->line.at[i].date;
    if (w->update.cut_off && dm_evidence_after(date, w->update.cut_off))
      continue;
    if (!last[0] || dm_evidence_after(date, last))
      last = date;
  }
  return dm_arena_text(&w->news->arena, last, strlen(last));
}

/* What report prints beside the result: sources' words, sets, hashes. */
static void describe(dm_news_work *w, const char *text, size_t len)
{
  dm_arena *arena = &w->news->arena;
  dm_n_more *more = &w->news->more;
  char hash[20];
  hash_text(text ? text : "", text ? len : 0, hash);
  more->evidence_hash = text ? dm_arena_text(arena, hash, strlen(hash)) : "";
  more->until =
      until_of(w->options)
          ? dm_arena_text(arena, w->options->until, strlen(w->options->until))
          : "";
  more->n_set = w->scenario->set.n;
  const char **set =
      dm_arena_array(arena, (size_t)more->n_set + 1, sizeof *set);
  for (uint32_t i = 0; i < more->n_set; i++)
    set[i] = dm_arena_text(
        arena, w->scenario->set.at[i], strlen(w->scenario->set.at[i]));
  more->set = set;
  w->news->last_date = last_date(w);
}

/* Questions beyond the file's own, given the lines. */
static dm_status answer_questions(dm_news_work *w)
{
  const dm_core *core = w->scenario->core;
  dm_arena *arena = &w->news->arena;
  uint32_t first = w->scenario->file_asks, n = core->ask.n - first, m = 0;
  dm_n_question *q = dm_arena_array(arena, (size_t)n + 1, sizeof *q);
  dm_core_event *event = dm_arena_array(arena, (size_t)n + 1, sizeof *event);
  double *answer = dm_arena_array(arena, (size_t)n + 1, sizeof *answer);
  double *before = dm_arena_array(arena, (size_t)n + 1, sizeof *before);
  for (uint32_t i = 0; i < n; i++) {
    const dm_core_question *ask = &core->ask.at[first + i];
    q[i] = (dm_n_question){
        .text = dm_arena_text(arena, ask->text, strlen(ask->text)),
        .why = "",
        .answer = (double)NAN,
        .before = (double)NAN};
    if (ask->every_outcome || ask->has_given || ask->force)
      q[i].why = "only `chance of E [by DATE]` is asked of evidence";
    else
      event[m++] = ask->event;
  }
  dm_status why =
      dm_given_run(core, w->evidence, &w->update, event, m, answer, before);
  for (uint32_t i = 0, k = 0; i < n; i++) {
    if (q[i].why[0])
      continue;
    q[i].answer = answer[k];
    q[i].before = before[k++];
    if (isnan(q[i].answer))
      q[i].why = "its date is after the clock";
  }
  w->news->more.n_questions = n;
  w->news->more.question = q;
  return why;
}

dm_status dm_news_one(dm_news_work *w, const char *text, size_t len)
{
  dm_core *core = w->scenario->core;
  dm_status why =
      text ? dm_evidence_read(core, text, len, w->diags, &w->evidence)
           : no_evidence(w);
  if (why != DM_OK)
    return why;
  dm_update **out = &w->news->update[w->news->n_updates];
  why = dm_update_run(core, w->evidence, &w->update, w->diags, out);
  if (why == DM_OK || *out)
    w->news->n_updates++;
  if (why == DM_OK)
    describe(w, text, len);
  return why;
}

static dm_status update_and_ask(dm_news_work *w, const char *text, size_t len)
{
  dm_status why = dm_news_one(w, text, len);
  return why == DM_OK ? answer_questions(w) : why;
}

static dm_status next_one(dm_news_work *w, const char *text, size_t len)
{
  dm_core *core = w->scenario->core;
  dm_status why =
      text ? dm_evidence_read(core, text, len, w->diags, &w->evidence)
           : no_evidence(w);
  if (why == DM_OK)
    why = dm_next_run(core, w->evidence, &w->update, w->diags, &w->news->next);
  if (why == DM_OK) {
    describe(w, text, len);
    w->news->more.most = w->options->most ? w->options->most : SHOWN_NEXT;
  }
  return why;
}

/* Memory that runs out in the scenario's arena or in the answer's own. */
dm_status dm_news_guard(
    dm_news_work *w, dm_news_task run, const char *text, size_t len)
{
  dm_status why = (dm_status)setjmp(w->scenario->arena.jump);
  if (why != DM_OK)
    return why;
  why = (dm_status)setjmp(w->news->arena.jump);
  return why == DM_OK ? run(w, text, len) : why;
}

static dm_status run_task(
    dm_scenario *scenario, const char *text, size_t len,
    const dm_news_options *options, dm_diags *diags, dm_news_kind kind,
    dm_news_task run, dm_news **out)
{
  *out = NULL;
  dm_news_options plain = dm_news_defaults();
  options = options ? options : &plain;
  if (!dm_news_sensible(options))
    return DM_E_RANGE;
  dm_news *news = dm_news_make(kind);
  dm_news_work *w = malloc(sizeof *w);
  dm_status why = DM_E_MEMORY;
  if (news && w) {
    dm_news_open(w, scenario, options, diags, news);
    why = dm_news_guard(w, run, text, len);
    dm_news_close(w);
  }
  free(w);
  dm_diags_sort(diags);
  /* Without a message memory ran out while one was written. */
  if (why == DM_E_INPUT &&
      (dm_diags_failed(diags) || dm_diags_count(diags, DM_ERROR) == 0))
    why = DM_E_MEMORY;
  if (why != DM_OK) {
    dm_news_free(news);
    return why;
  }
  *out = news;
  return DM_OK;
}

dm_status dm_news_update(
    dm_scenario *scenario, const char *text, size_t len,
    const dm_news_options *options, dm_diags *diags, dm_news **out)
{
  return run_task(
      scenario, text, len, options, diags, DM_NEWS_UPDATE, update_and_ask, out);
}

dm_status dm_news_next(
    dm_scenario *scenario, const char *text, size_t len,
    const dm_news_options *options, dm_diags *diags, dm_news **out)
{
  return run_task(
      scenario, text, len, options, diags, DM_NEWS_NEXT, next_one, out);
}

/* ---- reading the answer --------------------------------------------------------- */

static dm_status write(
    const dm_news *news, const dm_print_options *print, dm_str *out)
{
  switch (news->kind) {
  case DM_NEWS_UPDATE:
    return dm_report_update(news->update[0], &news->more, print, out);
  case DM_NEWS_NEXT:
    return dm_report_next(news->next, &news->more, print, out);
  case DM_NEWS_COMPARE:
    return dm_report_compare(news->compare, &news->more, print, out);
  }
  return DM_E_RANGE;
}

dm_status dm_news_write(
    const dm_news *news, const dm_print_options *print, dm_text *out)
{
  memset(out, 0, sizeof *out);
  dm_str str = {0};
  dm_status why = write(news, print, &str);
  if (why == DM_OK)
    return dm_text_take(&str, out);
  dm_str_clear(&str);
  return why;
}

static const dm_u_outcome *outcome_at(
    const dm_news *news, uint32_t outcome, uint32_t period)
{
  const dm_update *u = news->update[0];
  return news->kind == DM_NEWS_UPDATE && outcome < u->n_outcomes &&
                 period < u->n_periods
             ? &u->outcome[outcome]
             : NULL;
}

double dm_news_odds(const dm_news *news, uint32_t outcome, uint32_t period)
{
  const dm_u_outcome *x = outcome_at(news, outcome, period);
  return x ? x->by[period] : (double)NAN;
}

double dm_news_prior(const dm_news *news, uint32_t outcome, uint32_t period)
{
  const dm_u_outcome *x = outcome_at(news, outcome, period);
  return x ? x->prior[period] : (double)NAN;
}

double dm_news_log_likelihood(const dm_news *news)
{
  return news->kind == DM_NEWS_UPDATE ? news->update[0]->log_likelihood
                                      : (double)NAN;
}

double dm_news_answer(const dm_news *news, uint32_t i)
{
  return i < dm_news_answer_count(news) ? news->more.question[i].answer
                                        : (double)NAN;
}

uint32_t dm_news_answer_count(const dm_news *news)
{
  return news->kind == DM_NEWS_UPDATE ? news->more.n_questions : 0;
}

const char *dm_news_question(const dm_news *news, uint32_t i)
{
  return i < dm_news_answer_count(news) ? news->more.question[i].text : NULL;
}

const char *dm_news_last_date(const dm_news *news)
{
  return news->last_date;
}

double dm_news_weight(const dm_news *news, uint32_t i)
{
  return news->compare && i < news->compare->n_models
             ? news->compare->model[i].weight
             : (double)NAN;
}

dm_status dm_evidence_layout(
    const char *text, size_t len, dm_diags *diags, dm_text *out)
{
  memset(out, 0, sizeof *out);
  dm_str str = {0};
  dm_status why = dm_evidence_format(text, len, diags, &str);
  dm_diags_sort(diags);
  if (why == DM_OK)
    return dm_text_take(&str, out);
  dm_str_clear(&str);
  return why;
}
