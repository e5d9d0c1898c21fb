/* api/explain.c -- the order of a period in a file, and who knows what when. */
#include "api/handle.h"
#include "report/doc.h"

#include <string.h>

static const char *const phase_name[] = {
    "start", "calendar", "reports", "decide",  "resolve", "mail",
    "deals", "drift",    "pay",     "endings", "close"};

static const char *phase_text(uint32_t phase)
{
  return phase < sizeof phase_name / sizeof *phase_name ? phase_name[phase]
                                                        : "";
}

/* "a, b, c": names of a step's rules, those without a name left out and equal
 * ones once. */
static const char *rules_of(
    dm_doc *doc, const dm_core *core, const dm_core_step *step)
{
  const char *all = "";
  for (uint32_t i = 0; i < step->count; i++) {
    const dm_core_rule *rule = &core->rule.at[step->first + i];
    bool seen = !rule->name || rule->name[0] == '\0';
    for (uint32_t k = 0; k < i && !seen; k++) {
      const char *other = core->rule.at[step->first + k].name;
      seen = other && strcmp(other, rule->name) == 0;
    }
    if (!seen)
      all = dm_doc_f(doc, "%s%s%s", all, all[0] ? ", " : "", rule->name);
  }
  return all;
}

static const char *step_text(
    dm_doc *doc, const dm_core *core, const dm_core_step *step)
{
  switch ((dm_step_kind)step->kind) {
  case DM_STEP_DECIDE: {
    const dm_core_decide *decide = &core->decide.at[step->first];
    return dm_doc_f(
        doc, "%s is asked", core->choice.at[decide->choice].actor_choice);
  }
  case DM_STEP_RECALL:
    return dm_doc_f(
        doc, "%s adds to its record",
        core->actor.at[core->recall.at[step->first].actor].name);
  case DM_STEP_ENDINGS:
    return "endings, in file order";
  case DM_STEP_RULES:
    break;
  }
  return rules_of(doc, core, step);
}

static bool same_row(
    const dm_core_step *a, const dm_core_step *b, const char *x, const char *y)
{
  return a && a->phase == b->phase && a->round == b->round && strcmp(x, y) == 0;
}

/* Steps that say something; one that repeats the row above is not said. */
static void rows_of(dm_doc *doc, const dm_core *core)
{
  const dm_core_step *last = NULL;
  const char *said = "";
  dm_doc_table *table = dm_doc_add_table(doc, 0, core->step.n, 4);
  static const char *const head[] = {"#", "phase", "round", "what happens"};
  for (uint32_t c = 0; c < 4; c++)
    table->head[c] = head[c];
  table->n_rows = 0;
  for (uint32_t i = 0; i < core->step.n; i++) {
    const dm_core_step *step = &core->step.at[i];
    const char *text = step_text(doc, core, step);
    if (step->phase > 9 || text[0] == '\0' || same_row(last, step, said, text))
      continue;
    last = step;
    said = text;
    const char **cell = &table->cell[(size_t)table->n_rows++ * 4];
    cell[0] = dm_doc_f(doc, "%u", (unsigned)step->phase);
    cell[1] = phase_text(step->phase);
    cell[2] = step->round && core->rounds > 1
                  ? dm_doc_f(doc, "%u", (unsigned)step->round)
                  : "";
    cell[3] = text;
  }
}

static void phases_doc(dm_doc *doc, const dm_core *core)
{
  dm_doc_heading(
      doc, 1,
      dm_doc_f(doc, "The order of a %s in %s", core->clock_word, core->name));
  dm_doc_paragraph(
      doc, 0,
      "Each phase reads the state that the one before it left; inside "
      "a phase all reads see its first state, and writes are merged at "
      "its end.");
  dm_doc_gap(doc);
  rows_of(doc, core);
}

static const char *viewers(dm_doc *doc, const dm_core *core, uint64_t mask)
{
  const char *all = "";
  uint32_t seen = 0;
  for (uint32_t a = 0; a < core->actor.n && a < 64; a++) {
    if (!(mask >> a & 1))
      continue;
    seen++;
    all = dm_doc_f(
        doc, "%s%s%s", all, all[0] ? ", " : "", core->actor.at[a].name);
  }
  return seen == 0 ? "nobody" : seen == core->actor.n ? "everyone" : all;
}

static void states_doc(dm_doc *doc, const dm_core *core)
{
  uint32_t n = 0, row = 0;
  for (uint32_t i = 0; i < core->var.n; i++)
    n += core->var.at[i].kind == DM_VAR_STATE;
  if (n == 0)
    return;
  dm_doc_gap(doc);
  dm_doc_table *table = dm_doc_add_table(doc, 0, n, 2);
  table->head[0] = "state";
  table->head[1] = "seen by";
  for (uint32_t i = 0; i < core->var.n; i++) {
    const dm_core_var *var = &core->var.at[i];
    if (var->kind != DM_VAR_STATE)
      continue;
    table->cell[2 * row] = var->name;
    table->cell[2 * row + 1] = viewers(doc, core, var->viewers);
    row++;
  }
}

static const char *keys_of(
    dm_doc *doc, const dm_core *core, const dm_core_decide *decide)
{
  const char *all = "";
  for (uint32_t k = 0; k < decide->n_keys; k++) {
    const dm_core_key *key = &core->key.at[decide->first_key + k];
    all = dm_doc_f(
        doc, "%s%s%s%s", all, k ? ", " : "", key->name,
        key->memory ? " (remembered)" : "");
  }
  return decide->n_keys ? all : "the date only";
}

static void who_sees_doc(dm_doc *doc, const dm_core *core)
{
  dm_doc_heading(doc, 1, dm_doc_f(doc, "Who knows what in %s", core->name));
  states_doc(doc, core);
  dm_doc_gap(doc);
  dm_doc_paragraph(
      doc, 0, "What an actor knows when it is asked, besides the date:");
  uint32_t n = 0, row = 0;
  for (uint32_t i = 0; i < core->step.n; i++)
    n += core->step.at[i].kind == DM_STEP_DECIDE;
  dm_doc_table *table = dm_doc_add_table(doc, 0, n, 3);
  table->head[0] = "choice";
  table->head[1] = "round";
  table->head[2] = "knows";
  for (uint32_t i = 0; i < core->step.n; i++) {
    const dm_core_step *step = &core->step.at[i];
    if (step->kind != DM_STEP_DECIDE)
      continue;
    const dm_core_decide *decide = &core->decide.at[step->first];
    const char **cell = &table->cell[(size_t)row++ * 3];
    cell[0] = core->choice.at[decide->choice].actor_choice;
    cell[1] = dm_doc_f(doc, "%u", (unsigned)step->round);
    cell[2] = keys_of(doc, core, decide);
  }
}

static void write(
    const dm_core *core, dm_explain_kind kind, const dm_print_options *print,
    dm_arena *arena, dm_str *out)
{
  dm_doc doc = {.arena = arena};
  if (kind == DM_EXPLAIN_PHASES)
    phases_doc(&doc, core);
  else
    who_sees_doc(&doc, core);
  dm_doc_write_text(&doc, print, out);
}

dm_status dm_explain_write(
    const dm_core *core, dm_explain_kind kind, const dm_print_options *print,
    dm_str *out)
{
  dm_arena arena;
  dm_str text = {0};
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why == DM_OK)
    write(core, kind, print, &arena, print->json ? &text : out);
  dm_arena_clear(&arena);
  if (why == DM_OK && print->json)
    why = dm_report_lines(
        kind == DM_EXPLAIN_PHASES ? "phases" : "who_sees", dm_str_text(&text),
        print, out);
  dm_str_clear(&text);
  return why;
}
