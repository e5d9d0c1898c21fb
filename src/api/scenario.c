/* api/scenario.c -- reading a scenario and asking it things. */
#include "api/handle.h"
#include "lang/format.h"
#include "lang/markdown.h"
#include "lang/parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ------------------------------------------------------------------ */

/* The prose of a Markdown file in one piece. */
static const char *join_prose(dm_arena *arena, const dm_markdown *md)
{
  size_t len = 0, at = 0;
  for (uint32_t i = 0; i < md->prose.n; i++)
    len += md->prose.at[i].len;
  char *all = dm_arena_alloc(arena, len + 1);
  for (uint32_t i = 0; i < md->prose.n; i++) {
    memcpy(all + at, md->prose.at[i].text, md->prose.at[i].len);
    at += md->prose.at[i].len;
  }
  return all;
}

static dm_status read_core(
    dm_scenario *s, const char *text, size_t len, dm_source_kind kind,
    dm_diags *diags)
{
  const char *prose = "";
  if (kind == DM_SOURCE_MARKDOWN) {
    dm_markdown md = {.text = NULL};
    dm_status why = dm_markdown_read(&s->arena, text, len, diags, &md);
    if (why != DM_OK)
      return why;
    prose = join_prose(&s->arena, &md);
    text = md.text;
    len = md.len;
  }
  dm_ast *ast = NULL;
  dm_status why = dm_ast_read(&s->arena, text, len, diags, &ast);
  s->ast = ast;
  if (why == DM_OK)
    why = dm_core_build(ast, &s->arena, diags, &s->core);
  if (why == DM_OK)
    s->file_asks = s->core->ask.n;
  if (why == DM_OK)
    s->core->prose = prose;
  return why;
}

dm_status dm_scenario_read(
    const char *text, size_t len, dm_source_kind kind, dm_diags *diags,
    dm_scenario **out)
{
  *out = NULL;
  dm_scenario *s = calloc(1, sizeof *s);
  if (!s)
    return DM_E_MEMORY;
  dm_arena_init(&s->arena, 0);
  (void)snprintf(s->hash, sizeof s->hash, "%016" PRIx64, dm_hash(text, len));
  dm_status why = (dm_status)setjmp(s->arena.jump);
  if (why == DM_OK)
    why = read_core(s, text, len, kind, diags);
  dm_diags_sort(diags);
  if (why != DM_OK) {
    dm_scenario_free(s);
    return why;
  }
  *out = s;
  return DM_OK;
}

void dm_scenario_free(dm_scenario *scenario)
{
  if (!scenario)
    return;
  dm_arena_clear(&scenario->arena);
  free(scenario);
}

/* ---- questions ------------------------------------------------------------------ */

/* Messages about a question that is in no file: the words instead of a place. */
static void retell(const dm_diags *from, const char *questions, dm_diags *to)
{
  for (size_t i = 0; i < dm_diags_size(from); i++) {
    const dm_diag *d = dm_diags_at(from, i);
    dm_str text = {0};
    dm_str_addf(&text, "In the question \"%s\": %s", questions, d->text);
    dm_diags_add(
        to, d->severity, d->code, d->title, (dm_span){0}, 0, dm_str_text(&text),
        d->repair);
    dm_str_clear(&text);
  }
}

static dm_status add_questions(
    dm_scenario *s, const char *questions, dm_diags *diags)
{
  dm_ast *more = NULL;
  /* The reader's texts may point into what it read. */
  size_t len = strlen(questions);
  const char *copy = dm_arena_text(&s->arena, questions, len);
  dm_status why = dm_ast_read_asks(&s->arena, copy, len, s->ast, diags, &more);
  if (why == DM_OK)
    why = dm_core_ask(s->ast, s->core, more, diags);
  return why;
}

dm_status dm_scenario_ask(
    dm_scenario *scenario, const char *questions, dm_diags *diags)
{
  uint32_t before = scenario->core->ask.n;
  dm_diags *own = dm_diags_new();
  if (!own)
    return DM_E_MEMORY;
  dm_status why = (dm_status)setjmp(scenario->arena.jump);
  if (why == DM_OK)
    why = add_questions(scenario, questions, own);
  if (why != DM_OK)
    scenario->core->ask.n = before;
  retell(own, questions, diags);
  dm_diags_free(own);
  dm_diags_sort(diags);
  return why;
}

/* ---- what is in it --------------------------------------------------------------- */

const char *dm_scenario_name(const dm_scenario *scenario)
{
  return scenario->core->name;
}

uint32_t dm_scenario_period_count(const dm_scenario *scenario)
{
  return scenario->core->n_periods;
}

const char *dm_scenario_period(const dm_scenario *scenario, uint32_t i)
{
  const dm_core *core = scenario->core;
  return i < core->n_periods ? core->period[i + 1] : NULL;
}

uint32_t dm_scenario_outcome_count(const dm_scenario *scenario)
{
  return scenario->core->outcome.n;
}

const char *dm_scenario_outcome(const dm_scenario *scenario, uint32_t i)
{
  const dm_core *core = scenario->core;
  return i < core->outcome.n ? core->outcome.at[i].name : NULL;
}

uint32_t dm_scenario_actor_count(const dm_scenario *scenario)
{
  return scenario->core->actor.n;
}

const char *dm_scenario_actor(const dm_scenario *scenario, uint32_t i)
{
  const dm_core *core = scenario->core;
  return i < core->actor.n ? core->actor.at[i].name : NULL;
}

/* ---- explaining ------------------------------------------------------------------- */

static dm_status explain_core(
    const dm_core *core, const dm_print_options *print, dm_str *out)
{
  dm_str lines = {0};
  dm_core_write(core, &lines);
  dm_status why =
      lines.failed ? DM_E_MEMORY
                   : dm_report_lines("core", dm_str_text(&lines), print, out);
  dm_str_clear(&lines);
  return why;
}

dm_status dm_scenario_explain(
    const dm_scenario *scenario, dm_explain_kind kind,
    const dm_print_options *print, dm_text *out)
{
  memset(out, 0, sizeof *out);
  dm_str str = {0};
  dm_status why = kind == DM_EXPLAIN_CORE
                      ? explain_core(scenario->core, print, &str)
                      : dm_explain_write(scenario->core, kind, print, &str);
  if (why == DM_OK)
    return dm_text_take(&str, out);
  dm_str_clear(&str);
  return why;
}

/* ---- layout ------------------------------------------------------------------------ */

dm_status dm_scenario_format(
    const char *text, size_t len, dm_diags *diags, dm_text *out)
{
  memset(out, 0, sizeof *out);
  dm_str str = {0};
  dm_status why = dm_format(text, len, diags, &str);
  dm_diags_sort(diags);
  if (why == DM_OK)
    return dm_text_take(&str, out);
  dm_str_clear(&str);
  return why;
}
