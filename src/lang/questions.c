/* lang/questions.c -- `ask` and `check` lines as core questions. */
#include "lang/build.h"

#include <string.h>

static bool about_pick(dm_build *b, const dm_ast_expr *expr)
{
  if (expr->op == DM_AST_PATH) {
    dm_context ctx = dm_context_of(DM_MODE_STATE);
    dm_entity e = dm_resolve(b, &ctx, expr->path, true);
    if (e.kind == DM_IS_OPTION || e.kind == DM_IS_CHOICE)
      return true;
  }
  for (uint32_t i = 0; i < expr->n_args; i++)
    if (about_pick(b, expr->arg[i]))
      return true;
  return false;
}

static uint32_t question_date(dm_build *b, const dm_ast_when *when)
{
  if (when->kind != DM_AST_WHEN_BY && when->kind != DM_AST_WHEN_IN)
    return b->n_periods;
  uint32_t t = dm_date(b, when->date, "a question");
  if (t <= b->n_periods)
    return t;
  /* By a date after the clock is by its end; in one, nothing happens. */
  return when->kind == DM_AST_WHEN_BY ? b->n_periods : b->n_periods + 1;
}

static dm_core_event event(
    dm_build *b, const dm_ast_expr *expr, const dm_ast_when *when)
{
  dm_core_event out = {
      .kind = DM_EVENT_COND,
      .by = when->kind != DM_AST_WHEN_IN,
      .outcome = DM_NONE,
      .cond = DM_NONE,
      .date = question_date(b, when)};
  dm_context ctx = dm_context_of(DM_MODE_STATE);
  if (expr->op == DM_AST_PATH) {
    dm_entity e = dm_resolve(b, &ctx, expr->path, true);
    if (e.kind == DM_IS_OUTCOME) {
      out.kind = DM_EVENT_OUTCOME;
      out.outcome = e.index;
      return out;
    }
  }
  out.pick = about_pick(b, expr);
  out.cond = dm_compile(b, &ctx, expr);
  return out;
}

static void forced(
    dm_build *b, const dm_ast_question *ast, dm_core_question *out)
{
  dm_context ctx = dm_context_of(DM_MODE_STATE);
  dm_entity e = dm_resolve(b, &ctx, &ast->forced, false);
  if (e.kind != DM_IS_OPTION) {
    if (e.kind != DM_IS_NOTHING)
      dm_say(
          b, "E066", ast->forced.at, 0, "name an option: `ACTOR.OPTION`",
          "only a move can be forced");
    return;
  }
  const dm_b_choice *choice = &b->choice.at[e.index];
  out->force = ast->force == DM_AST_KNOWN ? DM_FORCE_KNOWN : DM_FORCE_SURPRISES;
  out->force_choice = choice->core;
  out->force_option = e.first;
  out->force_n = e.count;
  out->force_period = choice->from;
  if (ast->forced_in.kind != DM_AST_NO_DATE)
    out->force_period = dm_date(b, ast->forced_in, "a forced move");
  if (out->force_period > b->n_periods)
    out->force_period = b->n_periods + 1; /* no move is open then */
}

static dm_core_op relation(dm_ast_op op)
{
  static const dm_core_op ops[] = {
      [DM_AST_EQ] = DM_X_EQ, [DM_AST_NE] = DM_X_NE, [DM_AST_LT] = DM_X_LT,
      [DM_AST_LE] = DM_X_LE, [DM_AST_GT] = DM_X_GT, [DM_AST_GE] = DM_X_GE};
  return ops[op];
}

static dm_core_question question(dm_build *b, const dm_ast_question *ast)
{
  dm_core_question out = {
      .text = ast->text, .every_outcome = ast->each_outcome, .at = ast->at};
  if (!ast->each_outcome && ast->event)
    out.event = event(b, ast->event, &ast->when);
  else
    out.event.date = question_date(b, &ast->when);
  if (ast->given) {
    out.has_given = true;
    out.given = event(b, ast->given, &ast->given_when);
  }
  if (ast->force != DM_AST_NOT_FORCED)
    forced(b, ast, &out);
  if (ast->compared) {
    dm_ratio bound;
    out.relation = (uint8_t)relation(ast->compare);
    if (dm_constant(b, ast->bound, &bound))
      out.bound = dm_ratio_double(bound);
    else
      dm_say(
          b, "E066", ast->bound->at, 0, "write a percentage, such as 90%",
          "a chance is compared with a number");
  }
  return out;
}

void dm_build_questions(dm_build *b)
{
  for (uint32_t i = 0; i < b->ast->asks.n; i++) {
    dm_core_question q = question(b, &b->ast->asks.at[i]);
    DM_PUSH(b->arena, &b->core->ask, q);
  }
  for (uint32_t i = 0; i < b->ast->checks.n; i++) {
    dm_core_question q = question(b, &b->ast->checks.at[i]);
    DM_PUSH(b->arena, &b->core->check, q);
  }
}
