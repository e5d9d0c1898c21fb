/* lang/reports.c -- reports and benchmarks, defined by their expansion.
 *
 * A report has its last published reading (0: none yet, else value - lo + 1),
 * `now` in the period of a publication, and `silent` in a period in which it
 * was due and silent. */
#include "lang/build.h"

#include <string.h>

/* Marks the periods of a timing in due [n_periods + 1]. */
static void mark_periods(
    dm_build *b, const dm_ast_timing *timing, const char *what, uint8_t *due)
{
  if (timing->kind == DM_AST_IN_DATES) {
    for (uint32_t i = 0; i < timing->dates.n; i++) {
      uint32_t t = dm_date(b, timing->dates.at[i], what);
      if (t <= b->n_periods)
        due[t] = 1;
    }
    return;
  }
  uint32_t from =
      timing->from.kind == DM_AST_NO_DATE ? 1 : dm_date(b, timing->from, what);
  for (uint64_t t = from; t <= b->n_periods; t += timing->periods)
    due[t] = 1;
}

void dm_build_reports(dm_build *b)
{
  uint32_t n = b->ast->reports.n;
  b->report = dm_arena_array(b->arena, n + 1, sizeof *b->report);
  for (uint32_t i = 0; i < n; i++) {
    const dm_ast_report *ast = &b->ast->reports.at[i];
    dm_b_report *r = &b->report[i];
    r->ast = ast;
    r->state = dm_need(b, ast->measures, DM_SYM_STATE);
    r->viewers = dm_viewers(b, &ast->viewers, dm_everyone(b));
    r->due = dm_arena_alloc(b->arena, b->n_periods + 1);
    mark_periods(
        b, &ast->timing,
        dm_format_in(b->arena, "the report `%s`", ast->name.text), r->due);
    if (r->state == DM_NONE)
      r->state = 0; /* reported; keeps the rest going */
    uint32_t size = b->ast->states.n ? b->state[r->state].size : 1;
    r->last = dm_new_var(b, DM_VAR_READING, size + 1, ast->name.text, ast->at);
    dm_core_var *var = &b->core->var.at[r->last];
    var->display = ast->display ? ast->display : "";
    var->note = dm_first_note(&ast->remarks);
    if (b->ast->states.n && b->state[r->state].ast->worded) {
      const dm_core_var *state = &b->core->var.at[b->state[r->state].var];
      const char **words = dm_arena_array(b->arena, size + 1, sizeof *words);
      words[0] = "none";
      for (uint32_t k = 0; k < size; k++)
        words[k + 1] = state->words[k];
      var->words = words;
    }
    r->now = dm_new_var(
        b, DM_VAR_DETAIL, 2, dm_format_in(b->arena, "%s.now", ast->name.text),
        ast->at);
    r->silent = DM_NONE;
    if (ast->silent)
      r->silent = dm_new_var(
          b, DM_VAR_DETAIL, 2,
          dm_format_in(b->arena, "%s.silent", ast->name.text), ast->at);
  }
}

static dm_stmt_id publish(dm_build *b, const dm_b_report *r, double error)
{
  const dm_b_state *state = &b->state[r->state];
  double lo = state->lo, hi = lo + state->size - 1;
  dm_expr_id read = dm_op(b, DM_X_ADD, dm_var(b, state->var), dm_num(b, error));
  read = dm_op(
      b, DM_X_MIN, dm_op(b, DM_X_MAX, read, dm_num(b, lo)), dm_num(b, hi));
  dm_stmts list = {0};
  DM_PUSH(
      b->arena, &list,
      dm_core_set(
          b->core, r->last, dm_op(b, DM_X_ADD, read, dm_num(b, 1 - lo))));
  DM_PUSH(b->arena, &list, dm_assign(b, r->now, 1));
  return dm_sequence(b, &list);
}

static dm_stmt_id error_list(
    dm_build *b, const dm_b_report *r, const dm_ast_error *error,
    uint32_t number)
{
  uint32_t n = error->list.n;
  const dm_ast_expr **list = dm_arena_array(b->arena, n + 1, sizeof *list);
  const char **paths = dm_arena_array(b->arena, n + 1, sizeof *paths);
  dm_expr_id *chance = dm_arena_array(b->arena, n + 1, sizeof *chance);
  dm_stmt_id *body = dm_arena_array(b->arena, n + 1, sizeof *body);
  for (uint32_t i = 0; i < n; i++) {
    const dm_ast_chance *entry = &error->list.at[i];
    int64_t steps = 0;
    dm_ratio value;
    dm_ast_number plain = {.at = entry->value->at};
    const dm_ast_number *number_at = &plain;
    if (entry->value->op == DM_AST_NUMBER)
      number_at = &entry->value->number;
    else if (dm_constant(b, entry->value, &value))
      plain.value = value;
    else
      dm_say(
          b, "E066", entry->value->at, 0,
          "an error is in steps of the scale or in its unit",
          "a number of steps is needed here");
    dm_steps(b, &b->state[r->state], number_at, true, &steps);
    list[i] = entry->chance;
    paths[i] = error->condition
                   ? dm_format_in(
                         b->arena, "%s.error.if%u.%lld", r->ast->name.text,
                         number, (long long)steps)
                   : dm_format_in(
                         b->arena, "%s.error.%lld", r->ast->name.text,
                         (long long)steps);
    body[i] = publish(b, r, (double)steps);
  }
  dm_expr_id rest;
  dm_chances(
      b, list, n, paths, &error->remarks, error->at, false, chance, &rest);
  return dm_draw(b, chance, body, n);
}

void dm_build_report_rules(dm_build *b)
{
  for (uint32_t i = 0; i < b->ast->reports.n; i++) {
    dm_b_report *r = &b->report[i];
    const dm_ast_report *ast = r->ast;
    dm_stmt_id read = DM_NONE;
    bool plain = false;
    for (uint32_t k = ast->errors.n; k-- > 0;) {
      const dm_ast_error *error = &ast->errors.at[k];
      dm_stmt_id draw = error_list(b, r, error, k + 1);
      if (!error->condition) {
        read = draw;
        plain = true;
        continue;
      }
      if (!plain && read == DM_NONE)
        read = publish(b, r, 0);
      dm_context ctx = dm_context_of(DM_MODE_STATE);
      read = dm_when(b, dm_compile(b, &ctx, error->condition), draw, read);
    }
    if (read == DM_NONE)
      read = publish(b, r, 0);
    if (ast->silent) {
      dm_context ctx = dm_context_of(DM_MODE_STATE);
      read = dm_when(
          b, dm_compile(b, &ctx, ast->silent), dm_assign(b, r->silent, 1),
          read);
    }
    dm_rule(b, &b->reports, ast->name.text, read, r->due, false, ast->at);
    dm_stmts end = {0};
    DM_PUSH(b->arena, &end, dm_assign(b, r->now, 0));
    if (r->silent != DM_NONE)
      DM_PUSH(b->arena, &end, dm_assign(b, r->silent, 0));
    dm_rule(
        b, &b->close, ast->name.text, dm_sequence(b, &end), r->due, false,
        ast->at);
    /* A publication asks the owners of standing choices that see it. */
    dm_stmts asks = {0};
    for (uint32_t c = 0; c < b->choice.n; c++)
      if (b->choice.at[c].standing && (r->viewers >> b->choice.at[c].actor & 1))
        DM_PUSH(b->arena, &asks, dm_assign(b, b->choice.at[c].asked, 1));
    dm_rule(
        b, &b->reports_book, ast->name.text,
        dm_when(b, dm_is(b, r->now, 1), dm_sequence(b, &asks), DM_NONE), r->due,
        false, ast->at);
  }
}

/* ---- benchmarks ------------------------------------------------------------- */

/* Who can see all that a condition reads. */
static uint64_t seers(dm_build *b, const dm_ast_expr *expr)
{
  uint64_t mask = dm_everyone(b);
  if (dm_option_viewers(b, expr, &mask))
    return mask;
  if (expr->path) {
    dm_context ctx = dm_context_of(DM_MODE_STATE);
    dm_entity e = dm_resolve(b, &ctx, expr->path, true);
    const dm_symbol *symbol = dm_lookup(b, expr->path->part[0].text);
    if (e.kind == DM_IS_STATE)
      mask &= b->state[e.index].viewers;
    else if (e.kind == DM_IS_READING)
      mask &= b->report[e.index].viewers;
    else if (e.kind == DM_IS_TERM)
      mask &= b->deal[e.index].viewers;
    else if (e.kind == DM_IS_FIELD)
      mask &= (UINT64_C(1) << b->letter[e.index].from) |
              (UINT64_C(1) << b->letter[e.index].to);
    else if (symbol && symbol->kind == DM_SYM_DEAL) {
      mask &= b->deal[symbol->index].viewers;
    } else if (symbol && symbol->kind == DM_SYM_LETTER) {
      mask &= UINT64_C(1) << b->letter[symbol->index].to;
    } else if (expr->op == DM_AST_IS && symbol) {
      mask &= UINT64_C(1) << symbol->index;
    }
  }
  for (uint32_t i = 0; i < expr->n_args; i++)
    mask &= seers(b, expr->arg[i]);
  return mask;
}

void dm_build_benchmarks(dm_build *b)
{
  static const char *const words[] = {"pending", "met", "missed"};
  uint32_t n = b->ast->benchmarks.n;
  b->benchmark = dm_arena_array(b->arena, n + 1, sizeof *b->benchmark);
  for (uint32_t i = 0; i < n; i++) {
    const dm_ast_benchmark *ast = &b->ast->benchmarks.at[i];
    dm_b_benchmark *mark = &b->benchmark[i];
    mark->ast = ast;
    mark->var = dm_new_var(b, DM_VAR_STATUS, 3, ast->name.text, ast->at);
    b->core->var.at[mark->var].words = words;
    b->core->var.at[mark->var].display = ast->display ? ast->display : "";
    b->core->var.at[mark->var].note = dm_first_note(&ast->remarks);
  }
}

void dm_build_benchmark_rules(dm_build *b)
{
  for (uint32_t i = 0; i < b->ast->benchmarks.n; i++) {
    dm_b_benchmark *mark = &b->benchmark[i];
    const dm_ast_benchmark *ast = mark->ast;
    uint32_t by = dm_date(
        b, ast->by,
        dm_format_in(b->arena, "the benchmark `%s`", ast->name.text));
    dm_context ctx = dm_context_of(DM_MODE_STATE);
    ctx.declared = ast->at;
    dm_expr_id holds;
    dm_rules *list = &b->deals;
    if (ast->judged_by.text) {
      uint32_t report = dm_need(b, ast->judged_by, DM_SYM_REPORT);
      if (report == DM_NONE)
        continue;
      const dm_b_report *r = &b->report[report];
      ctx.reading_of = r->state;
      ctx.only_reading = true;
      ctx.reading = dm_op(
          b, DM_X_ADD, dm_var(b, r->last),
          dm_num(b, (double)b->state[r->state].lo - 1));
      holds =
          dm_and(b, dm_is(b, r->now, 1), dm_compile(b, &ctx, ast->condition));
      list = &b->reports_book;
      mark->viewers = r->viewers;
    } else {
      holds = dm_compile(b, &ctx, ast->condition);
      mark->viewers = seers(b, ast->condition);
    }
    uint8_t *on = dm_arena_alloc(b->arena, b->n_periods + 1);
    for (uint32_t t = 1; t <= b->n_periods && t <= by; t++)
      on[t] = 1;
    dm_expr_id due = dm_op(b, DM_X_EQ, dm_now(b), dm_num(b, by));
    dm_stmt_id judge = dm_when(
        b, dm_is(b, mark->var, 0),
        dm_when(
            b, holds, dm_assign(b, mark->var, 1),
            dm_when(b, due, dm_assign(b, mark->var, 2), DM_NONE)),
        DM_NONE);
    dm_rule(b, list, ast->name.text, judge, on, false, ast->at);
  }
}

/* ---- schedules and monthly rules ---------------------------------------------- */

static dm_stmt_id rule_effects(
    dm_build *b, const dm_ast_rule *rule, const char *path)
{
  dm_context ctx = dm_context_of(DM_MODE_STATE);
  dm_stmt_id body =
      dm_effects(b, &ctx, &rule->effects, NULL, path, &rule->remarks);
  if (rule->chance && body != DM_NONE) {
    dm_expr_id chance[2];
    const char *name = dm_format_in(b->arena, "%s.chance", path);
    const dm_ast_expr *list[1] = {rule->chance};
    dm_chances(
        b, list, 1, &name, &rule->remarks, rule->at, true, chance, &chance[1]);
    dm_stmt_id bodies[2] = {body, DM_NONE};
    body = dm_draw(b, chance, bodies, chance[1] == DM_NONE ? 1 : 2);
  }
  if (!rule->condition)
    return body;
  dm_expr_id cond = dm_compile(b, &ctx, rule->condition);
  if (rule->unless)
    cond = dm_not(b, cond);
  return dm_when(b, cond, body, DM_NONE);
}

static dm_stmt_id moves(dm_build *b, const dm_ast_rule *rule)
{
  uint32_t index = dm_need(b, rule->target, DM_SYM_STATE);
  if (index == DM_NONE)
    return DM_NONE;
  const dm_b_state *state = &b->state[index];
  dm_context ctx = dm_context_of(DM_MODE_STATE);
  ctx.unit_state = index;
  dm_expr_id by = dm_compile(b, &ctx, rule->amount);
  dm_expr_id to = dm_compile(b, &ctx, rule->toward);
  dm_expr_id now = dm_var(b, state->var);
  dm_expr_id gap = dm_op(b, DM_X_SUB, to, now);
  dm_expr_id step = dm_op(
      b, DM_X_MAX, dm_op(b, DM_X_MIN, gap, by), dm_op(b, DM_X_NEG, by, 0));
  dm_stmt_id body = dm_increase(b, state->var, step);
  if (!rule->chance)
    return body;
  dm_expr_id chance[2];
  const char *name =
      dm_format_in(b->arena, "%s.moves.chance", rule->target.text);
  const dm_ast_expr *list[1] = {rule->chance};
  dm_chances(
      b, list, 1, &name, &rule->remarks, rule->at, true, chance, &chance[1]);
  dm_stmt_id bodies[2] = {body, DM_NONE};
  return dm_draw(b, chance, bodies, chance[1] == DM_NONE ? 1 : 2);
}

void dm_build_drift(dm_build *b)
{
  uint32_t number = 0;
  for (uint32_t i = 0; i < b->ast->drifts.n; i++)
    for (uint32_t k = 0; k < b->ast->drifts.at[i].rules.n; k++) {
      const dm_ast_rule *rule = &b->ast->drifts.at[i].rules.at[k];
      const char *path =
          dm_format_in(b->arena, "every_%s.%u", b->core->clock_word, ++number);
      dm_stmt_id body = rule->kind == DM_AST_RULE_MOVES
                            ? moves(b, rule)
                            : rule_effects(b, rule, path);
      const char *name =
          rule->kind == DM_AST_RULE_MOVES
              ? dm_format_in(b->arena, "drift of %s", rule->target.text)
              : path;
      dm_rule(b, &b->drift, name, body, NULL, true, rule->at);
    }
}

/* A schedule after an event: a timer that a latch starts. */
static void after_event(
    dm_build *b, const dm_ast_schedule *ast, dm_stmt_id body)
{
  uint32_t k = ast->timing.periods;
  if (k > b->n_periods)
    return; /* it never comes to that */
  uint32_t timer = dm_new_var(
      b, DM_VAR_DETAIL, k + 2,
      dm_format_in(b->arena, "%s.timer", ast->name.text), ast->at);
  dm_context ctx = dm_context_of(DM_MODE_STATE);
  dm_core_latch latch = {
      .var = timer,
      .cond = dm_compile(b, &ctx, ast->timing.event),
      .edge = true,
      .first = 1,
      .last = b->n_periods};
  DM_PUSH(b->arena, &b->core->latch, latch);
  dm_stmts fire = {0};
  DM_PUSH(b->arena, &fire, dm_assign(b, timer, (int32_t)k + 1));
  DM_PUSH(b->arena, &fire, body);
  dm_stmt_id step = dm_when(
      b, dm_is(b, timer, (int32_t)k), dm_sequence(b, &fire),
      dm_when(
          b,
          dm_and(
              b, dm_op(b, DM_X_GT, dm_var(b, timer), dm_num(b, 0)),
              dm_op(b, DM_X_LT, dm_var(b, timer), dm_num(b, k))),
          dm_increase(b, timer, dm_num(b, 1)), DM_NONE));
  dm_rule(b, &b->calendar, ast->name.text, step, NULL, true, ast->at);
}

void dm_build_schedules(dm_build *b)
{
  for (uint32_t i = 0; i < b->ast->schedules.n; i++) {
    const dm_ast_schedule *ast = &b->ast->schedules.at[i];
    dm_stmts list = {0};
    for (uint32_t k = 0; k < ast->rules.n; k++)
      DM_PUSH(
          b->arena, &list,
          rule_effects(
              b, &ast->rules.at[k],
              k ? dm_format_in(b->arena, "%s.%u", ast->name.text, k + 1)
                : ast->name.text));
    dm_stmt_id body = dm_sequence(b, &list);
    if (body == DM_NONE)
      continue;
    if (ast->timing.kind == DM_AST_AFTER) {
      after_event(b, ast, body);
      continue;
    }
    uint8_t *on = dm_arena_alloc(b->arena, b->n_periods + 1);
    mark_periods(
        b, &ast->timing,
        dm_format_in(b->arena, "the schedule `%s`", ast->name.text), on);
    dm_rule(b, &b->calendar, ast->name.text, body, on, true, ast->at);
  }
}
