/* api/ledger_load.c -- a ledger is read into memory, by question.
 *
 * In:     a ledger; one state of it is held while it is read.
 * Out:    documents, questions with forecasts and resolutions, notes.
 * Method: walks; memory that runs out inside a walk ends that walk first, so
 *         that nothing of the store's is left open. */
#include "api/ledger.h"
#include "api/handle.h"
#include "base/table.h"

#include <stdlib.h>
#include <string.h>

typedef struct loader {
  dm_arena *arena;
  dm_l_case *all;
  dm_table text; /* of questions: their index */
  dm_status why;
} loader;

static const char *copy(loader *l, const char *text)
{
  return dm_arena_text(l->arena, text, strlen(text));
}

static dm_l_question *question_of(loader *l, const char *text)
{
  bool fresh;
  uint32_t i = dm_table_intern(&l->text, text, strlen(text), &fresh);
  if (fresh)
    DM_PUSH(
        l->arena, &l->all->question, (dm_l_question){.text = copy(l, text)});
  return &l->all->question.at[i];
}

static const char *model_of(loader *l, dm_l_question *q, const char *name)
{
  for (uint32_t i = 0; i < q->model.n; i++) {
    if (strcmp(q->model.at[i], name) == 0)
      return q->model.at[i];
  }
  const char *kept = copy(l, name);
  DM_PUSH(l->arena, &q->model, kept);
  return kept;
}

static dm_ledger_forecast kept_forecast(
    loader *l, dm_l_question *q, const dm_ledger_forecast *f)
{
  dm_ledger_forecast kept = *f;
  const char **answer = dm_arena_array(l->arena, f->n, sizeof *answer);
  double *p = dm_arena_array(l->arena, f->n, sizeof *p);
  for (uint32_t i = 0; i < f->n; i++) {
    answer[i] = copy(l, f->answer[i]);
    p[i] = f->p[i];
  }
  kept.made = copy(l, f->made);
  kept.as_of = copy(l, f->as_of);
  kept.model = model_of(l, q, f->model);
  kept.scenario_hash = copy(l, f->scenario_hash);
  kept.evidence_hash = copy(l, f->evidence_hash);
  kept.question = q->text;
  kept.opens = copy(l, f->opens);
  kept.by = copy(l, f->by);
  kept.version = copy(l, f->version);
  kept.answer = answer;
  kept.p = p;
  return kept;
}

/* Dates were checked when they were written; what another program wrote there
 * counts as the beginning of time and the end of it. */
static bool take_forecast(void *data, const dm_ledger_forecast *f)
{
  loader *l = data;
  l->why = (dm_status)setjmp(l->arena->jump);
  if (l->why != DM_OK)
    return false;
  dm_l_question *q = question_of(l, f->question);
  dm_l_forecast kept = {.is = kept_forecast(l, q, f)};
  if (!dm_date_read(f->made, false, &kept.made))
    kept.made = INT32_MAX;
  if (!dm_date_read(f->as_of, true, &kept.as_of))
    kept.as_of = kept.made;
  DM_PUSH(l->arena, &q->forecast, kept);
  l->all->n_forecasts++;
  return true;
}

static bool take_resolution(void *data, const dm_ledger_resolution *r)
{
  loader *l = data;
  l->why = (dm_status)setjmp(l->arena->jump);
  if (l->why != DM_OK)
    return false;
  dm_l_question *q = question_of(l, r->question);
  dm_ledger_resolution kept = {
      .id = r->id,
      .written = copy(l, r->written),
      .question = q->text,
      .answer = copy(l, r->answer),
      .resolved = copy(l, r->resolved),
      .source = copy(l, r->source),
      .note = copy(l, r->note),
  };
  DM_PUSH(l->arena, &q->resolution, kept);
  return true;
}

static bool take_document(void *data, const dm_ledger_document *d)
{
  loader *l = data;
  l->why = (dm_status)setjmp(l->arena->jump);
  if (l->why != DM_OK)
    return false;
  dm_ledger_document kept = {
      .kind = copy(l, d->kind),
      .name = copy(l, d->name),
      .hash = copy(l, d->hash),
      .text = dm_arena_text(l->arena, d->text, d->len),
      .len = d->len,
      .added = copy(l, d->added),
  };
  DM_PUSH(l->arena, &l->all->document, kept);
  return true;
}

static bool take_note(void *data, const char *when, const char *text)
{
  loader *l = data;
  l->why = (dm_status)setjmp(l->arena->jump);
  if (l->why != DM_OK)
    return false;
  dm_l_note kept = {copy(l, when), copy(l, text)};
  DM_PUSH(l->arena, &l->all->note, kept);
  return true;
}

static dm_status walks(dm_ledger *ledger, loader *l)
{
  dm_status why = dm_ledger_documents(ledger, take_document, l);
  if (why == DM_OK && l->why == DM_OK)
    why = dm_ledger_forecasts(ledger, NULL, take_forecast, l);
  if (why == DM_OK && l->why == DM_OK)
    why = dm_ledger_resolutions(ledger, take_resolution, l);
  if (why == DM_OK && l->why == DM_OK)
    why = dm_ledger_notes(ledger, take_note, l);
  return why;
}

static int by_date(const void *a, const void *b)
{
  const dm_l_forecast *x = a, *y = b;
  if (x->as_of != y->as_of)
    return x->as_of < y->as_of ? -1 : 1;
  return (x->is.id > y->is.id) - (x->is.id < y->is.id);
}

dm_status dm_case_load(dm_case *c, dm_arena *arena, dm_l_case **out)
{
  loader l = {.arena = arena};
  *out = NULL;
  dm_status why = (dm_status)setjmp(arena->jump);
  if (why != DM_OK)
    return dm_case_fail(c, why, "%s", dm_status_text(why));
  l.all = dm_arena_alloc(arena, sizeof *l.all);
  l.all->arena = arena;
  dm_table_init(&l.text, arena, 0);
  why = dm_ledger_hold(c->ledger);
  if (why == DM_OK) {
    why = walks(c->ledger, &l);
    /* Releasing clears no words. */
    dm_ledger_release(c->ledger);
  }
  if (why != DM_OK)
    return dm_case_fail(c, why, "%s", dm_ledger_why(c->ledger));
  if (l.why != DM_OK)
    return dm_case_fail(c, l.why, "%s", dm_status_text(l.why));
  for (uint32_t i = 0; i < l.all->question.n; i++) {
    dm_l_question *q = &l.all->question.at[i];
    if (q->forecast.n)
      qsort(q->forecast.at, q->forecast.n, sizeof *q->forecast.at, by_date);
  }
  c->why[0] = '\0';
  *out = l.all;
  return DM_OK;
}

uint32_t dm_case_question(const dm_l_case *all, const char *text)
{
  for (uint32_t i = 0; i < all->question.n; i++) {
    if (strcmp(all->question.at[i].text, text) == 0)
      return i;
  }
  return UINT32_MAX;
}

dm_status dm_case_only(
    dm_case *c, const dm_l_case *all, const char *text, uint32_t *only)
{
  *only = text ? dm_case_question(all, text) : UINT32_MAX;
  if (text && *only == UINT32_MAX)
    return dm_case_fail(
        c, DM_E_RANGE, "no such question is on record: \"%.150s\"", text);
  return DM_OK;
}

/* The builder is the caller's, so that a jump leaves it as it is. */
static dm_status written(
    dm_case *c, dm_arena *arena, dm_case_writer *writer, const void *with,
    dm_str *out)
{
  dm_l_case *all;
  dm_status why = dm_case_load(c, arena, &all);
  if (why != DM_OK)
    return why;
  why = (dm_status)setjmp(arena->jump);
  if (why != DM_OK)
    return dm_case_fail(c, why, "%s", dm_status_text(why));
  return writer(c, all, with, out);
}

dm_status dm_case_write(
    dm_case *c, dm_case_writer *writer, const void *with, dm_text *out)
{
  dm_arena arena;
  dm_str str = {0};
  memset(out, 0, sizeof *out);
  dm_arena_init(&arena, 0);
  dm_status why = written(c, &arena, writer, with, &str);
  dm_arena_clear(&arena);
  if (why != DM_OK) {
    dm_str_clear(&str);
    return why;
  }
  why = dm_text_take(&str, out);
  return dm_case_fail(c, why, "%s", why == DM_OK ? "" : dm_status_text(why));
}

void dm_case_json_head(dm_json *json, dm_str *out, const char *kind)
{
  dm_json_init(json, out);
  dm_json_object(json, NULL, false);
  dm_json_count(json, "schema", DM_SCHEMA);
  dm_json_text(json, "kind", kind);
}
