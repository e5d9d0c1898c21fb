/* lang/check.c -- the order in which a file becomes a core.
 *
 * Names first, then the variables of every construct, then the rules that read
 * and write them, then phase 3 and the steps.  A construct's variables must
 * exist before any rule, since every rule may speak of everything. */
#include "lang/build.h"

#include <string.h>

static void declare_all(dm_build *b)
{
  const dm_ast *ast = b->ast;
  for (uint32_t i = 0; i < ast->actors.n; i++)
    dm_declare(b, ast->actors.at[i].name, DM_SYM_ACTOR, i);
  for (uint32_t i = 0; i < ast->states.n; i++)
    dm_declare(b, ast->states.at[i].name, DM_SYM_STATE, i);
  for (uint32_t i = 0; i < ast->letters.n; i++)
    dm_declare(b, ast->letters.at[i].name, DM_SYM_LETTER, i);
  for (uint32_t i = 0; i < ast->reports.n; i++)
    dm_declare(b, ast->reports.at[i].name, DM_SYM_REPORT, i);
  for (uint32_t i = 0; i < ast->deals.n; i++)
    dm_declare(b, ast->deals.at[i].name, DM_SYM_DEAL, i);
  for (uint32_t i = 0; i < ast->benchmarks.n; i++)
    dm_declare(b, ast->benchmarks.at[i].name, DM_SYM_BENCHMARK, i);
  for (uint32_t i = 0; i < ast->assumptions.n; i++)
    dm_declare(b, ast->assumptions.at[i].name, DM_SYM_ASSUMPTION, i);
  for (uint32_t i = 0; i < ast->schedules.n; i++)
    dm_declare(b, ast->schedules.at[i].name, DM_SYM_SCHEDULE, i);
  dm_declare_outcomes(b);
}

static dm_rules *rule_lists(dm_build *b)
{
  return dm_arena_array(b->arena, b->rounds + 1, sizeof(dm_rules));
}

static void round_counter(dm_build *b)
{
  b->round_var = DM_NONE;
  if (b->rounds < 2)
    return;
  b->round_var = dm_new_var(
      b, DM_VAR_DETAIL, b->rounds, "round", b->ast->scenario.rounds_at);
  b->core->var.at[b->round_var].lo = 1;
  b->core->var.at[b->round_var].start = 1;
  for (uint32_t r = 1; r < b->rounds; r++)
    dm_rule(
        b, &b->resolve_book[r], "round",
        dm_assign(b, b->round_var, (int32_t)r + 1), NULL, false,
        b->ast->scenario.rounds_at);
  dm_rule(
      b, &b->close, "round", dm_assign(b, b->round_var, 1), NULL, false,
      b->ast->scenario.rounds_at);
}

/* What no model can do without; false when the rest makes no sense. */
static bool essentials(dm_build *b)
{
  const dm_ast_scenario *s = &b->ast->scenario;
  dm_span top = {1, 1, 1};
  if (!s->at.line) {
    dm_say(
        b, "E004", top, 0,
        "start with `scenario NAME \"title\"` and a clock such as "
        "`months 2025-03 to 2025-12`",
        "there is no scenario block");
    return false;
  }
  if (!s->clock.at.line) {
    dm_say(
        b, "E004", s->at, 0,
        "add a line such as `months 2025-03 to 2025-12` or `turns 1 to 6`",
        "the scenario has no clock");
    return false;
  }
  if (b->n_periods > 4000 || b->rounds > 64) {
    dm_say(
        b, "E081", b->n_periods > 4000 ? s->clock.at : s->rounds_at, 0,
        "shorten the clock or take a coarser one",
        "at most 4000 periods and 64 rounds are supported");
    return false;
  }
  if (!b->n_actors) {
    dm_say(
        b, "E004", s->at, 0, "add a block `actor NAME`",
        "the scenario has no actors");
    return false;
  }
  if (b->n_actors > 64) {
    dm_say(
        b, "E081", b->ast->actors.at[64].at, 0, "merge some actors",
        "at most 64 actors are supported");
    return false;
  }
  return true;
}

static void otherwise(dm_build *b)
{
  const dm_ast_scenario *s = &b->ast->scenario;
  if (!b->core->outcome.n) {
    dm_say(
        b, "E004", s->at, 0, "add a `payoff` table with a row for each outcome",
        "the scenario has no outcomes");
    return;
  }
  if (!s->otherwise.text) {
    dm_say(
        b, "E004", s->at, 0,
        "add `otherwise OUTCOME` to the scenario: what it counts as if "
        "nothing ends it sooner",
        "the scenario does not say how it ends at the end of its clock");
    return;
  }
  const dm_symbol *symbol = dm_lookup(b, s->otherwise.text);
  if (!symbol || symbol->kind != DM_SYM_OUTCOME) {
    dm_say(
        b, "E051", s->otherwise.at, 0, "add a row to the payoff table",
        "`otherwise %s`: there is no payoff row `%s`", s->otherwise.text,
        s->otherwise.text);
    return;
  }
  b->core->otherwise = symbol->index;
}

static void labels(dm_build *b)
{
  const dm_ast_scenario *s = &b->ast->scenario;
  const char **period =
      dm_arena_array(b->arena, b->n_periods + 1, sizeof *period);
  period[0] = "";
  for (uint32_t t = 1; t <= b->n_periods; t++) {
    char text[24];
    dm_ast_date_text(dm_ast_period_date(&s->clock, (dm_period)t), text);
    period[t] = dm_format_in(b->arena, "%s", text);
  }
  b->core->period = period;
  b->core->name = s->name.text;
  b->core->title = s->title ? s->title : "";
  b->core->note = dm_first_note(&s->remarks);
  b->core->prose = "";
  b->core->clock_word = dm_ast_clock_word(s->clock.kind);
  b->core->n_periods = b->n_periods;
  b->core->rounds = b->rounds;
  for (uint32_t i = 0; i < s->omits.n; i++)
    DM_PUSH(b->arena, &b->core->omits, s->omits.at[i].text);
}

static void build_all(dm_build *b)
{
  labels(b);
  b->resolve = rule_lists(b);
  b->resolve_book = rule_lists(b);
  b->mail = rule_lists(b);
  b->mail_book = rule_lists(b);
  declare_all(b);
  dm_build_actors(b);
  dm_build_states(b);
  dm_build_letters(b);
  dm_build_reports(b);
  dm_build_deals(b);
  dm_build_benchmarks(b);
  dm_build_choices(b);
  dm_build_memory(b);
  round_counter(b);
  dm_build_schedules(b);
  dm_build_report_rules(b);
  dm_build_benchmark_rules(b);
  dm_build_choice_rules(b);
  dm_build_letter_rules(b);
  dm_build_deal_rules(b);
  dm_build_drift(b);
  dm_build_memory_rules(b);
  dm_build_pays(b);
  dm_build_payoffs(b);
  otherwise(b);
  dm_build_questions(b); /* before the steps: what they read is kept */
  dm_build_steps(b);
}

/* A label ACTOR.TYPE (or TYPE, in a table over one actor) names a type of an
 * actor that lists none itself: `types` stands instead of its `type` line. */
static void add_type(
    dm_build *b, const dm_ast_types *table, dm_ast *ast, const bool *listed,
    const dm_ast_path *label)
{
  const char *actor = label->n == 2          ? label->part[0].text
                      : table->actors.n == 1 ? table->actors.at[0].text
                                             : NULL;
  const dm_ast_name *type = &label->part[label->n - 1];
  for (uint32_t a = 0; actor && a < ast->actors.n; a++) {
    dm_ast_actor *held = &ast->actors.at[a];
    if (listed[a] || strcmp(held->name.text, actor) != 0)
      continue;
    for (uint32_t i = 0; i < held->types.n; i++)
      if (!strcmp(held->types.at[i].name.text, type->text))
        return;
    if (!held->types.n)
      held->types_at = table->at;
    DM_PUSH(b->arena, &held->types, ((dm_ast_type){.name = *type}));
  }
}

/* A copy of the file in which tables of joint types have declared theirs. */
static const dm_ast *with_table_types(dm_build *b, const dm_ast *ast)
{
  if (!ast->types.n)
    return ast;
  dm_ast *copy = dm_arena_alloc(b->arena, sizeof *copy);
  *copy = *ast;
  copy->actors.at =
      dm_arena_array(b->arena, ast->actors.n + 1, sizeof *copy->actors.at);
  bool *listed = dm_arena_array(b->arena, ast->actors.n + 1, sizeof *listed);
  for (uint32_t a = 0; a < ast->actors.n; a++) {
    copy->actors.at[a] = ast->actors.at[a];
    listed[a] = ast->actors.at[a].types.n > 0;
  }
  for (uint32_t i = 0; i < ast->types.n; i++) {
    const dm_ast_types *table = &ast->types.at[i];
    for (uint32_t r = 0; r < table->rows.n; r++)
      for (uint32_t k = 0; k < table->rows.at[r].labels.n; k++)
        add_type(b, table, copy, listed, &table->rows.at[r].labels.at[k]);
    for (uint32_t k = 0; k < table->columns.n; k++)
      add_type(b, table, copy, listed, &table->columns.at[k]);
  }
  return copy;
}

static void begin(
    dm_build *b, const dm_ast *ast, dm_core *core, dm_diags *diags)
{
  memset(b, 0, sizeof *b);
  b->ast = ast;
  b->core = core;
  b->arena = core->arena;
  b->diags = diags;
  b->n_periods = (uint32_t)dm_ast_period_count(&ast->scenario.clock);
  b->rounds = ast->scenario.rounds;
  b->n_actors = ast->actors.n;
  b->round_var = DM_NONE;
  dm_table_init(&b->names, b->arena, 0);
  b->ast = with_table_types(b, ast);
}

dm_status dm_core_build(
    const dm_ast *ast, dm_arena *arena, dm_diags *diags, dm_core **out)
{
  *out = NULL;
  size_t before = dm_diags_count(diags, DM_ERROR);
  dm_core *core = dm_arena_alloc(arena, sizeof *core);
  dm_build *b = dm_arena_alloc(arena, sizeof *b);
  core->arena = arena;
  begin(b, ast, core, diags);
  if (!essentials(b))
    return DM_E_INPUT;
  build_all(b);
  if (dm_diags_count(diags, DM_ERROR) > before)
    return DM_E_INPUT;
  dm_build_warnings(b);
  core->build = b;
  *out = core;
  return DM_OK;
}

dm_status dm_core_ask(
    const dm_ast *ast, dm_core *core, const dm_ast *more, dm_diags *diags)
{
  (void)ast;
  size_t before = dm_diags_count(diags, DM_ERROR);
  dm_build *b = core->build;
  const dm_ast *held = b->ast;
  dm_ast asking = *held;
  asking.asks = more->asks;
  asking.checks = more->checks;
  b->ast = &asking;
  b->diags = diags;
  dm_build_questions(b);
  b->ast = held;
  return dm_diags_count(diags, DM_ERROR) > before ? DM_E_INPUT : DM_OK;
}
