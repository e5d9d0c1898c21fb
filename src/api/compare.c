/* api/compare.c -- rival models updated on the same lines.
 *
 * Every model must weigh the same news, or the weights mean nothing.  A line
 * that one of them cannot read is therefore an error or, if asked, is left out
 * for all: its bytes become blanks, so that places in messages stay right, and
 * the text is read again until every model can read what is left. */
#include "api/news.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct rivals {
  dm_scenario *const *scenario;
  uint32_t n;
  const dm_news_options *options;
  dm_diags *diags;
  dm_news *news;
  char *text; /* [len] with a NUL: the lines that are left */
  size_t len;
  DM_VEC(const char *) left_out; /* in the news' arena */
  uint32_t failed;
  dm_diags *own;        /* of the reading at hand: outlives a jump */
  dm_diags *impossible; /* why a model gives the lines no chance */
  dm_update *update[DM_MODELS_MOST]; /* NULL: it gives them none */
} rivals;

/* ---- lines that some model cannot read --------------------------------------------- */

static size_t line_start(const rivals *r, uint32_t line)
{
  size_t at = 0;
  for (uint32_t k = 1; k < line && at < r->len; k++) {
    const char *end = memchr(r->text + at, '\n', r->len - at);
    at = end ? (size_t)(end - r->text) + 1 : r->len;
  }
  return at;
}

static size_t line_end(const rivals *r, size_t at)
{
  const char *end = memchr(r->text + at, '\n', r->len - at);
  return end ? (size_t)(end - r->text) : r->len;
}

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

/* Whether a report begins here: with its date, or with `about`. */
static bool is_report(const rivals *r, size_t at)
{
  size_t end = line_end(r, at);
  while (at < end && is_blank(r->text[at]))
    at++;
  return at < end && ((r->text[at] >= '0' && r->text[at] <= '9') ||
                      (end - at > 6 && memcmp(r->text + at, "about ", 6) == 0));
}

static const char *trimmed(rivals *r, size_t at, size_t end)
{
  while (at < end && is_blank(r->text[at]))
    at++;
  while (end > at && is_blank(r->text[end - 1]))
    end--;
  return dm_arena_text(&r->news->arena, r->text + at, end - at);
}

/* Blanks the report that line `line` belongs to; false if it is none. */
static bool leave_out(rivals *r, uint32_t line)
{
  size_t at = line_start(r, line);
  while (line > 1 && at < r->len && is_blank(r->text[at]) && !is_report(r, at))
    at = line_start(r, --line);
  if (line == 0 || at >= r->len || !is_report(r, at))
    return false;
  size_t end = line_end(r, at);
  const char *words = trimmed(r, at, end);
  DM_PUSH(&r->news->arena, &r->left_out, words);
  bool in_column_1 = !is_blank(r->text[at]);
  memset(r->text + at, ' ', end - at);
  while (in_column_1 && end < r->len) {
    size_t next = end + 1;
    if (next >= r->len || !is_blank(r->text[next]))
      break;
    end = line_end(r, next);
    memset(r->text + next, ' ', end - next);
  }
  return true;
}

/* Of what a scenario lacks, and dates beyond its clock. */
static bool can_be_left_out(const dm_diag *d)
{
  return d->line > 0 &&
         (strncmp(d->code, "E06", 3) == 0 || strcmp(d->code, "W001") == 0);
}

static void hand_over(const dm_diags *from, dm_diags *to)
{
  for (size_t i = 0; i < dm_diags_size(from); i++) {
    const dm_diag *d = dm_diags_at(from, i);
    if (strcmp(d->code, "W024") == 0)
      continue; /* the lines are evidence for one of the models at most */
    dm_span at = {d->line, d->column, d->length};
    dm_diags_add(
        to, d->severity, d->code, d->title, at, d->other_line, d->text,
        d->repair);
  }
}

/* Reads the text for one model; *again: lines were left out. */
static dm_status try_model(rivals *r, uint32_t i, dm_diags *own, bool *again)
{
  dm_evidence *evidence = NULL;
  dm_status why =
      dm_evidence_read(r->scenario[i]->core, r->text, r->len, own, &evidence);
  *again = false;
  /* Without a message memory ran out while one was written. */
  if (dm_diags_failed(own) ||
      (why == DM_E_INPUT && dm_diags_count(own, DM_ERROR) == 0))
    return DM_E_MEMORY;
  if (why != DM_OK && why != DM_E_INPUT)
    return why;
  for (size_t k = 0; r->options->skip_unknown && k < dm_diags_size(own); k++) {
    const dm_diag *d = dm_diags_at(own, k);
    if (can_be_left_out(d) && leave_out(r, d->line))
      *again = true;
  }
  return *again ? DM_OK : why;
}

static dm_status find_common_lines(rivals *r)
{
  for (uint32_t i = 0; i < r->n;) {
    bool again = false;
    dm_diags_reset(r->own);
    dm_status why = try_model(r, i, r->own, &again);
    if (why != DM_OK || (i == 0 && !again))
      hand_over(r->own, r->diags);
    if (why != DM_OK) {
      r->failed = i;
      return why;
    }
    /* What was left out for this one is out for those before it too. */
    i = again ? i : i + 1;
  }
  return DM_OK;
}

/* ---- the models ---------------------------------------------------------------------- */

static dm_status one(dm_news_work *w, const char *text, size_t len)
{
  return dm_news_one(w, text, len);
}

/* E071 says that a model gives the lines no chance, which is an answer here;
 * the message is kept for the case that all models say so. */
static dm_status update_model(rivals *r, uint32_t i)
{
  dm_diags *own = dm_diags_new();
  dm_news_work *w = malloc(sizeof *w);
  dm_status why = DM_E_MEMORY;
  if (own && w) {
    uint32_t held = r->news->n_updates;
    dm_news_open(w, r->scenario[i], r->options, own, r->news);
    w->update.equilibria = 0;
    why = dm_news_guard(w, one, r->text, r->len);
    dm_news_close(w);
    if (why == DM_OK)
      r->update[i] = r->news->update[held];
    if (dm_diags_failed(own) ||
        (why == DM_E_INPUT && dm_diags_count(own, DM_ERROR) == 0))
      why = DM_E_MEMORY;
    bool none = why == DM_E_INPUT;
    for (size_t k = 0; none && k < dm_diags_size(own); k++)
      none = dm_diags_at(own, k)->severity < DM_ERROR ||
             strcmp(dm_diags_at(own, k)->code, "E071") == 0;
    if (none && dm_diags_size(r->impossible) == 0)
      hand_over(own, r->impossible);
    else if (why != DM_OK && !none)
      hand_over(own, r->diags);
    why = none ? DM_OK : why;
  }
  free(w);
  dm_diags_free(own);
  return why;
}

/* Two models may be called alike; their numbers tell them apart. */
static const char *name_of(rivals *r, uint32_t i)
{
  const char *name = dm_scenario_name(r->scenario[i]);
  uint32_t before = 0;
  for (uint32_t k = 0; k < i; k++)
    before += strcmp(dm_scenario_name(r->scenario[k]), name) == 0;
  dm_str text = {0};
  dm_str_addf(&text, before ? "%s (%u)" : "%s", name, before + 1);
  const char *kept =
      text.failed ? name : dm_arena_text(&r->news->arena, text.at, text.len);
  dm_str_clear(&text);
  return kept;
}

static const char *kept(rivals *r, const char *text)
{
  return dm_arena_text(
      &r->news->arena, text ? text : "", text ? strlen(text) : 0);
}

static dm_c_input input_of(rivals *r, uint32_t i, const dm_update *update)
{
  const dm_core *core = r->scenario[i]->core;
  const char **outcome = dm_arena_array(
      &r->news->arena, (size_t)core->outcome.n + 1, sizeof *outcome);
  for (uint32_t o = 0; o < core->outcome.n; o++)
    outcome[o] = kept(r, core->outcome.at[o].name);
  return (dm_c_input){
      .name = name_of(r, i),
      .title = kept(r, core->title),
      .last = kept(r, core->period[core->n_periods]),
      .n_outcomes = core->outcome.n,
      .outcome = outcome,
      .update = update};
}

static dm_status weigh(rivals *r, const double *weight)
{
  dm_status why = (dm_status)setjmp(r->news->arena.jump);
  if (why != DM_OK)
    return why;
  dm_c_input *input = dm_arena_array(&r->news->arena, r->n, sizeof *input);
  for (uint32_t i = 0; i < r->n; i++)
    input[i] = input_of(r, i, r->update[i]);
  return dm_compare_run(input, r->n, weight, &r->news->compare);
}

static dm_status read_lines(rivals *r)
{
  dm_status why = (dm_status)setjmp(r->news->arena.jump);
  return why == DM_OK ? find_common_lines(r) : why;
}

static dm_status run(rivals *r, const double *weight)
{
  dm_status why = read_lines(r);
  for (uint32_t i = 0; i < r->n && why == DM_OK; i++) {
    why = update_model(r, i);
    r->failed = why == DM_OK ? r->n : i;
  }
  if (why != DM_OK)
    return why;
  why = weigh(r, weight);
  if (why == DM_E_INPUT)
    hand_over(r->impossible, r->diags);
  r->news->more.left_out = r->left_out.at;
  r->news->more.n_left_out = r->left_out.n;
  return why;
}

dm_status dm_news_compare(
    dm_scenario *const *scenario, uint32_t n, const double *weight,
    const char *text, size_t len, const dm_news_options *options,
    dm_diags *diags, uint32_t *failed, dm_news **out)
{
  *out = NULL;
  if (failed)
    *failed = n;
  dm_news_options plain = dm_news_defaults();
  options = options ? options : &plain;
  if (n < 2 || n > DM_MODELS_MOST || !dm_news_sensible(options))
    return DM_E_RANGE;
  rivals r = {
      .scenario = scenario,
      .n = n,
      .options = options,
      .diags = diags,
      .len = len,
      .failed = n};
  r.news = dm_news_make(DM_NEWS_COMPARE);
  r.text = malloc(len + 1);
  r.impossible = dm_diags_new();
  r.own = dm_diags_new();
  dm_status why = DM_E_MEMORY;
  if (r.news && r.text && r.impossible && r.own) {
    memcpy(r.text, text, len);
    r.text[len] = '\0';
    why = run(&r, weight);
  }
  free(r.text);
  dm_diags_free(r.impossible);
  dm_diags_free(r.own);
  dm_diags_sort(diags);
  if (failed)
    *failed = r.failed;
  if (why != DM_OK) {
    dm_news_free(r.news);
    return why;
  }
  *out = r.news;
  return DM_OK;
}
