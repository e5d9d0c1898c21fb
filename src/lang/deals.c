/* lang/deals.c -- a deal, defined by its expansion.
 *
 * Variables: status; `by`, the parties that proposed (a bit each) while it is
 * proposed or in force; `terms`, one code for all terms; `age`, months in force,
 * kept only as far as something waits for it; `met`, a bit an obligation with a
 * date; and per party what it did this period (proposed terms, accepted, left),
 * which phase 6 reads and forgets. */
#include "lang/build.h"

#include <string.h>

static bool names_deal(const dm_ast_effects *effects, const char *deal)
{
  for (uint32_t i = 0; i < effects->n; i++) {
    const dm_ast_effect *e = &effects->at[i];
    bool act = e->kind == DM_AST_DO_PROPOSE || e->kind == DM_AST_DO_ACCEPT ||
               e->kind == DM_AST_DO_LEAVE;
    if (act && strcmp(e->target.text, deal) == 0)
      return true;
    for (uint32_t k = 0; k < e->branches.n; k++)
      if (names_deal(&e->branches.at[k].effects, deal))
        return true;
  }
  return false;
}

/* Everybody sees a deal when every act on it is announced. */
static bool all_announced(const dm_build *b, const char *deal)
{
  bool any = false;
  for (uint32_t c = 0; c < b->ast->choices.n; c++) {
    const dm_ast_choice *choice = &b->ast->choices.at[c];
    for (uint32_t i = 0; i < choice->options.n; i++) {
      const dm_ast_option *option = &choice->options.at[i];
      if (!names_deal(&option->effects, deal))
        continue;
      any = true;
      if (!choice->announced && !option->announced)
        return false;
    }
  }
  return any;
}

static uint32_t deal_var(
    dm_build *b, const dm_ast_deal *ast, dm_var_kind kind, uint32_t size,
    const char *what)
{
  const char *name = *what
                         ? dm_format_in(b->arena, "%s.%s", ast->name.text, what)
                         : ast->name.text;
  return dm_new_var(b, kind, size, name, ast->at);
}

static void count_codes(dm_build *b, dm_b_deal *deal)
{
  const dm_ast_deal *ast = deal->ast;
  uint64_t codes = 1;
  for (uint32_t i = 0; i < ast->terms.n; i++) {
    const dm_ast_term *term = &ast->terms.at[i];
    bool whole = term->lo.value.den == 1 && term->hi.value.den == 1 &&
                 term->hi.value.num >= term->lo.value.num;
    if (!whole || term->hi.value.num - term->lo.value.num > 1000 || i >= 16) {
      dm_say(
          b, "E013", term->at, 0,
          "write whole numbers, the lower first, at most 1000 apart (and "
          "at most 16 terms)",
          "the range of the term `%s` cannot be bargained over",
          term->name.text);
      continue;
    }
    codes *= (uint64_t)(term->hi.value.num - term->lo.value.num) + 1;
    if (codes > 100000) {
      dm_say(
          b, "E081", term->at, ast->at.line, "use coarser terms",
          "the deal `%s` has more than 100,000 combinations of terms",
          ast->name.text);
      codes = 1;
    }
  }
  deal->n_codes = (uint32_t)codes;
}

static void parties(dm_build *b, dm_b_deal *deal)
{
  const dm_ast_deal *ast = deal->ast;
  for (uint32_t i = 0; i < ast->parties.n; i++) {
    uint32_t actor = dm_need(b, ast->parties.at[i], DM_SYM_ACTOR);
    if (actor == DM_NONE)
      continue;
    if (deal->parties >> actor & 1) {
      dm_say(
          b, "E062", ast->parties.at[i].at, 0, "name each party once",
          "`%s` is named twice", ast->parties.at[i].text);
      continue;
    }
    if (deal->n_parties == 16) {
      dm_say(
          b, "E081", ast->at, 0, "split the deal",
          "a deal has at most 16 parties");
      break;
    }
    deal->party[deal->n_parties++] = actor;
    deal->parties |= UINT64_C(1) << actor;
  }
  if (deal->n_parties < 2)
    dm_say(
        b, "E004", ast->at, 0, "write `deal NAME between A, B`",
        "the deal `%s` needs two parties", ast->name.text);
}

static uint32_t longest_wait(const dm_build *b, const dm_ast_deal *ast)
{
  uint32_t k = 0;
  for (uint32_t i = 0; i < ast->after.n; i++)
    if (ast->after.at[i].periods > k)
      k = ast->after.at[i].periods;
  for (uint32_t i = 0; i < ast->duties.n; i++)
    if (ast->duties.at[i].kind == DM_AST_DUTY_WITHIN &&
        ast->duties.at[i].within > k)
      k = ast->duties.at[i].within;
  return k < b->n_periods ? k : b->n_periods;
}

static void deal_check(dm_build *b, dm_b_deal *deal)
{
  const dm_ast_deal *ast = deal->ast;
  deal->report = DM_NONE;
  deal->tolerance = (dm_ratio){0, 1};
  if (!ast->checked_by.text)
    return;
  deal->report = dm_need(b, ast->checked_by, DM_SYM_REPORT);
  int64_t steps;
  if (deal->report == DM_NONE || !ast->has_tolerance)
    return;
  const dm_b_state *state = &b->state[b->report[deal->report].state];
  if (dm_steps(b, state, &ast->tolerance, true, &steps))
    deal->tolerance = (dm_ratio){steps < 0 ? -steps : steps, 1};
}

void dm_build_deals(dm_build *b)
{
  static const char *const words[] = {
      "none", "proposed", "in force", "broken", "left"};
  uint32_t n = b->ast->deals.n;
  b->deal = dm_arena_array(b->arena, n + 1, sizeof *b->deal);
  for (uint32_t i = 0; i < n; i++) {
    const dm_ast_deal *ast = &b->ast->deals.at[i];
    dm_b_deal *deal = &b->deal[i];
    deal->ast = ast;
    parties(b, deal);
    count_codes(b, deal);
    deal_check(b, deal);
    deal->viewers =
        all_announced(b, ast->name.text) ? dm_everyone(b) : deal->parties;
    deal->status = deal_var(b, ast, DM_VAR_STATUS, 5, "");
    b->core->var.at[deal->status].words = words;
    b->core->var.at[deal->status].display = ast->display ? ast->display : "";
    b->core->var.at[deal->status].note = dm_first_note(&ast->remarks);
    deal->by =
        deal_var(b, ast, DM_VAR_DETAIL, UINT32_C(1) << deal->n_parties, "by");
    deal->terms = deal_var(b, ast, DM_VAR_DETAIL, deal->n_codes, "terms");
    deal->max_age = longest_wait(b, ast);
    deal->age = DM_NONE;
    if (deal->max_age)
      deal->age = deal_var(b, ast, DM_VAR_DETAIL, deal->max_age + 1, "age");
    deal->met = dm_arena_array(b->arena, ast->duties.n + 1, sizeof *deal->met);
    for (uint32_t k = 0; k < ast->duties.n; k++)
      deal->met[k] = ast->duties.at[k].kind == DM_AST_DUTY_EVERY
                         ? DM_NONE
                         : deal_var(
                               b, ast, DM_VAR_DETAIL, 2,
                               dm_format_in(b->arena, "met.%u", k + 1));
    for (uint32_t p = 0; p < deal->n_parties; p++) {
      const char *who = b->ast->actors.at[deal->party[p]].name.text;
      deal->act[p] = deal_var(
          b, ast, DM_VAR_DETAIL, deal->n_codes + 1,
          dm_format_in(b->arena, "proposes.%s", who));
      deal->accepts[p] = deal_var(
          b, ast, DM_VAR_DETAIL, 2, dm_format_in(b->arena, "accepts.%s", who));
      deal->leaves[p] = deal_var(
          b, ast, DM_VAR_DETAIL, 2, dm_format_in(b->arena, "leaves.%s", who));
    }
  }
}

/* ---- obligations ------------------------------------------------------------ */

/* What of a condition no party sees; NULL when all is seen by some party. */
static const dm_ast_expr *unseen(
    dm_build *b, const dm_b_deal *deal, const dm_ast_expr *expr)
{
  uint64_t told = 0;
  if (dm_option_viewers(b, expr, &told))
    return told & deal->parties ? NULL : expr;
  if (expr->path && (expr->op == DM_AST_PATH)) {
    dm_context ctx = dm_context_of(DM_MODE_STATE);
    dm_entity e = dm_resolve(b, &ctx, expr->path, true);
    if (e.kind == DM_IS_STATE && !(b->state[e.index].viewers & deal->parties))
      return expr;
    if (e.kind == DM_IS_READING &&
        !(b->report[e.index].viewers & deal->parties))
      return expr;
  }
  for (uint32_t i = 0; i < expr->n_args; i++) {
    const dm_ast_expr *found = unseen(b, deal, expr->arg[i]);
    if (found)
      return found;
  }
  return NULL;
}

/* The obligation holds this period: on the state and the picks of every round,
 * or on a reading and its tolerance (any value within it will do). */
static dm_expr_id duty_holds(
    dm_build *b, const dm_b_deal *deal, const dm_ast_duty *duty)
{
  dm_context ctx = dm_context_of(DM_MODE_STATE);
  ctx.declared = duty->at;
  if (deal->report != DM_NONE) {
    const dm_b_report *r = &b->report[deal->report];
    const dm_b_state *state = &b->state[r->state];
    ctx.reading_of = r->state;
    ctx.only_reading = true;
    dm_expr_id any = DM_NONE;
    for (int64_t d = -deal->tolerance.num; d <= deal->tolerance.num; d++) {
      ctx.reading = dm_op(
          b, DM_X_ADD, dm_var(b, r->last),
          dm_num(b, (double)state->lo - 1 + (double)d));
      any = dm_or(b, any, dm_compile(b, &ctx, duty->condition));
    }
    return any;
  }
  const dm_ast_expr *hidden = unseen(b, deal, duty->condition);
  if (hidden)
    dm_say(
        b, "E041", hidden->at, deal->ast->at.line,
        "check it by a report: `checked by REPORT, tolerance 1`, or let a "
        "party see it",
        "no party to `%s` can see this, so nobody could tell a breach",
        deal->ast->name.text);
  dm_expr_id all = dm_compile(b, &ctx, duty->condition);
  for (uint32_t r = 1; r < b->rounds; r++) {
    ctx.pick_round = r;
    all = dm_and(b, all, dm_compile(b, &ctx, duty->condition));
  }
  return all;
}

/* A breach of one obligation now, and what keeps track of it. */
static dm_expr_id duty_breached(
    dm_build *b, const dm_b_deal *deal, uint32_t k, dm_stmts *track)
{
  const dm_ast_duty *duty = &deal->ast->duties.at[k];
  uint32_t actor = dm_need(b, duty->party, DM_SYM_ACTOR);
  if (actor != DM_NONE && !(deal->parties >> actor & 1))
    dm_say(
        b, "E064", duty->party.at, deal->ast->at.line,
        "name it among the deal's parties",
        "`%s` is no party to `%s` and owes nothing under it", duty->party.text,
        deal->ast->name.text);
  dm_expr_id holds = duty_holds(b, deal, duty);
  dm_expr_id tested = DM_NONE;
  if (deal->report != DM_NONE)
    tested = dm_is(b, b->report[deal->report].now, 1);
  if (duty->kind == DM_AST_DUTY_EVERY)
    return dm_and(b, tested, dm_not(b, holds));
  dm_expr_id kept =
      dm_or(b, dm_is(b, deal->met[k], 1), dm_and(b, tested, holds));
  DM_PUSH(
      b->arena, track,
      dm_when(
          b, dm_and(b, tested, holds), dm_assign(b, deal->met[k], 1), DM_NONE));
  dm_expr_id due;
  if (duty->kind == DM_AST_DUTY_BY) {
    uint32_t by = dm_date(b, duty->by, "an obligation");
    due = dm_op(b, DM_X_EQ, dm_now(b), dm_num(b, by));
  } else if (duty->within > b->n_periods) {
    return dm_num(b, 0);
  } else {
    due = dm_is(b, deal->age, (int32_t)duty->within - 1);
  }
  return dm_and(b, due, dm_not(b, kept));
}

static dm_stmt_id forget(dm_build *b, const dm_b_deal *deal, int32_t status)
{
  dm_stmts list = {0};
  DM_PUSH(b->arena, &list, dm_assign(b, deal->status, status));
  DM_PUSH(b->arena, &list, dm_assign(b, deal->by, 0));
  if (deal->age != DM_NONE)
    DM_PUSH(b->arena, &list, dm_assign(b, deal->age, 0));
  for (uint32_t k = 0; k < deal->ast->duties.n; k++)
    if (deal->met[k] != DM_NONE)
      DM_PUSH(b->arena, &list, dm_assign(b, deal->met[k], 0));
  return dm_sequence(b, &list);
}

static dm_stmt_id consequences(
    dm_build *b, const dm_b_deal *deal, const dm_ast_consequences *list,
    const char *what)
{
  dm_context ctx = dm_context_of(DM_MODE_STATE);
  dm_stmts all = {0};
  for (uint32_t i = 0; i < list->n; i++) {
    const dm_ast_consequence *c = &list->at[i];
    const char *path = dm_format_in(
        b->arena, i ? "%s.%s.%u" : "%s.%s", deal->ast->name.text, what, i + 1);
    dm_stmt_id body = dm_effects(b, &ctx, &c->effects, NULL, path, &c->remarks);
    if (c->periods && deal->age != DM_NONE)
      body = c->periods > b->n_periods
                 ? DM_NONE
                 : dm_when(
                       b, dm_is(b, deal->age, (int32_t)c->periods - 1), body,
                       DM_NONE);
    DM_PUSH(b->arena, &all, body);
  }
  return dm_sequence(b, &all);
}

/* Phase 6 of a deal that is in force. */
static dm_stmt_id in_force(dm_build *b, const dm_b_deal *deal)
{
  const dm_ast_deal *ast = deal->ast;
  dm_stmts stay = {0}, breach = {0}, whole = {0};
  dm_expr_id broken = DM_NONE;
  for (uint32_t k = 0; k < ast->duties.n; k++)
    broken = dm_or(b, broken, duty_breached(b, deal, k, &stay));
  if (ast->silence_is_breach && deal->report != DM_NONE &&
      b->report[deal->report].silent != DM_NONE)
    broken = dm_or(b, broken, dm_is(b, b->report[deal->report].silent, 1));
  DM_PUSH(b->arena, &breach, forget(b, deal, DM_DEAL_BROKEN));
  DM_PUSH(
      b->arena, &breach, consequences(b, deal, &ast->if_broken, "if_broken"));
  if (deal->age != DM_NONE)
    DM_PUSH(
        b->arena, &stay,
        dm_when(
            b,
            dm_op(b, DM_X_LT, dm_var(b, deal->age), dm_num(b, deal->max_age)),
            dm_increase(b, deal->age, dm_num(b, 1)), DM_NONE));
  dm_expr_id left = DM_NONE;
  for (uint32_t p = 0; p < deal->n_parties; p++)
    left = dm_or(b, left, dm_is(b, deal->leaves[p], 1));
  DM_PUSH(b->arena, &whole, consequences(b, deal, &ast->gives, "gives"));
  DM_PUSH(b->arena, &whole, consequences(b, deal, &ast->after, "after"));
  /* Leaving forgets what staying keeps track of: never both. */
  DM_PUSH(
      b->arena, &whole,
      dm_when(b, left, forget(b, deal, DM_DEAL_LEFT), dm_sequence(b, &stay)));
  return broken == DM_NONE
             ? dm_sequence(b, &whole)
             : dm_when(
                   b, broken, dm_sequence(b, &breach), dm_sequence(b, &whole));
}

/* ---- bargaining --------------------------------------------------------------- */

/* Puts on the table what the parties outside `but` (a bit expression over `by`,
 * DM_NONE: nobody is excluded) proposed, if they agree among themselves; else
 * does `nobody`. */
static dm_stmt_id table(
    dm_build *b, const dm_b_deal *deal, bool again, dm_stmt_id nobody)
{
  uint32_t n = deal->n_parties;
  dm_expr_id *code = dm_arena_array(b->arena, n, sizeof *code);
  dm_expr_id top = dm_num(b, 0), cross = DM_NONE, mask = dm_num(b, 0);
  for (uint32_t p = 0; p < n; p++) {
    code[p] = dm_var(b, deal->act[p]);
    if (again) { /* those who proposed last time do not count now */
      dm_expr_id bit = dm_op(
          b, DM_X_MOD,
          dm_op(
              b, DM_X_IDIV, dm_var(b, deal->by),
              dm_num(b, (double)(UINT32_C(1) << p))),
          dm_num(b, 2));
      code[p] = dm_core_if(b->core, bit, dm_num(b, 0), code[p]);
    }
    top = dm_op(b, DM_X_MAX, top, code[p]);
    mask = dm_op(
        b, DM_X_ADD, mask,
        dm_core_if(
            b->core, code[p], dm_num(b, (double)(UINT32_C(1) << p)),
            dm_num(b, 0)));
  }
  for (uint32_t p = 0; p < n; p++)
    cross = dm_or(
        b, cross,
        dm_and(
            b, dm_op(b, DM_X_GT, code[p], dm_num(b, 0)),
            dm_op(b, DM_X_NE, code[p], top)));
  dm_stmts put = {0};
  DM_PUSH(
      b->arena, &put,
      dm_core_set(b->core, deal->terms, dm_op(b, DM_X_SUB, top, dm_num(b, 1))));
  DM_PUSH(b->arena, &put, dm_core_set(b->core, deal->by, mask));
  double all = (double)((UINT32_C(1) << n) - 1);
  dm_expr_id agreed = dm_op(b, DM_X_EQ, mask, dm_num(b, all));
  DM_PUSH(
      b->arena, &put,
      dm_core_set(
          b->core, deal->status,
          dm_core_if(
              b->core, agreed, dm_num(b, DM_DEAL_IN_FORCE),
              dm_num(b, DM_DEAL_PROPOSED))));
  dm_expr_id some =
      dm_and(b, dm_op(b, DM_X_GT, top, dm_num(b, 0)), dm_not(b, cross));
  return dm_when(b, some, dm_sequence(b, &put), nobody);
}

/* Phase 6 of a deal that is on the table. */
static dm_stmt_id proposed(dm_build *b, const dm_b_deal *deal)
{
  dm_expr_id agreed = DM_NONE;
  dm_expr_id standing =
      dm_op(b, DM_X_ADD, dm_var(b, deal->terms), dm_num(b, 1));
  for (uint32_t p = 0; p < deal->n_parties; p++) {
    dm_expr_id bit = dm_op(
        b, DM_X_MOD,
        dm_op(
            b, DM_X_IDIV, dm_var(b, deal->by),
            dm_num(b, (double)(UINT32_C(1) << p))),
        dm_num(b, 2));
    dm_expr_id same = dm_op(b, DM_X_EQ, dm_var(b, deal->act[p]), standing);
    agreed = dm_and(
        b, agreed,
        dm_or(b, bit, dm_or(b, dm_is(b, deal->accepts[p], 1), same)));
  }
  dm_stmts lapse = {0};
  DM_PUSH(b->arena, &lapse, forget(b, deal, DM_DEAL_NONE));
  DM_PUSH(b->arena, &lapse, dm_assign(b, deal->terms, 0));
  return dm_when(
      b, agreed, dm_assign(b, deal->status, DM_DEAL_IN_FORCE),
      table(b, deal, true, dm_sequence(b, &lapse)));
}

void dm_build_deal_rules(dm_build *b)
{
  for (uint32_t i = 0; i < b->ast->deals.n; i++) {
    dm_b_deal *deal = &b->deal[i];
    const char *name = deal->ast->name.text;
    dm_stmt_id body = dm_when(
        b, dm_is(b, deal->status, DM_DEAL_IN_FORCE), in_force(b, deal),
        dm_when(
            b, dm_is(b, deal->status, DM_DEAL_PROPOSED), proposed(b, deal),
            table(b, deal, false, DM_NONE)));
    dm_rule(b, &b->deals, name, body, NULL, true, deal->ast->at);
    dm_stmts end = {0};
    for (uint32_t p = 0; p < deal->n_parties; p++) {
      DM_PUSH(b->arena, &end, dm_assign(b, deal->act[p], 0));
      DM_PUSH(b->arena, &end, dm_assign(b, deal->accepts[p], 0));
      DM_PUSH(b->arena, &end, dm_assign(b, deal->leaves[p], 0));
    }
    dm_rule(
        b, &b->deals, name, dm_sequence(b, &end), NULL, false, deal->ast->at);
  }
}
