/* lang/express.c -- names and expressions: from what the author wrote to core
 * expressions, in one of three modes (see dm_mode).
 *
 * In a guard every name is read as its owner knows it, and a name that the
 * owner cannot know is E021: if an option appeared only when a hidden thing is
 * so, its appearance would tell. */
#include "lang/build.h"

#include <math.h>
#include <string.h>

/* ---- small builders ----------------------------------------------------- */

dm_expr_id dm_num(dm_build *b, double number)
{
  return dm_core_number(b->core, number);
}

dm_expr_id dm_var(dm_build *b, uint32_t var)
{
  return dm_core_var_expr(b->core, var);
}

dm_expr_id dm_now(dm_build *b)
{
  DM_PUSH(b->arena, &b->core->expr, ((dm_core_expr){.op = DM_X_PERIOD}));
  return b->core->expr.n - 1;
}

dm_expr_id dm_op(dm_build *b, dm_core_op op, dm_expr_id x, dm_expr_id y)
{
  return dm_core_op2(b->core, op, x, y);
}

dm_expr_id dm_is(dm_build *b, uint32_t var, int32_t value)
{
  return dm_op(b, DM_X_EQ, dm_var(b, var), dm_num(b, value));
}

dm_expr_id dm_and(dm_build *b, dm_expr_id x, dm_expr_id y)
{
  if (x == DM_NONE || y == DM_NONE)
    return x == DM_NONE ? y : x;
  return dm_op(b, DM_X_AND, x, y);
}

dm_expr_id dm_or(dm_build *b, dm_expr_id x, dm_expr_id y)
{
  if (x == DM_NONE || y == DM_NONE)
    return x == DM_NONE ? y : x;
  return dm_op(b, DM_X_OR, x, y);
}

dm_expr_id dm_not(dm_build *b, dm_expr_id x)
{
  return dm_op(b, DM_X_NOT, x, 0);
}

dm_context dm_context_of(dm_mode mode)
{
  return (dm_context){
      .mode = mode,
      .owner = DM_NONE,
      .choice = DM_NONE,
      .reading_of = DM_NONE,
      .reading = DM_NONE,
      .unit_state = DM_NONE};
}

static const dm_entity nothing = {.kind = DM_IS_NOTHING};

/* ---- leaks ----------------------------------------------------------------- */

static bool sees(uint64_t viewers, uint32_t actor)
{
  return actor == DM_NONE || (viewers >> actor & 1);
}

/* A report of the state that the owner of the guard sees, as a repair. */
static const char *seen_instead(
    dm_build *b, const dm_context *ctx, uint32_t state)
{
  for (uint32_t i = 0; i < b->ast->reports.n; i++)
    if (b->report[i].state == state && (b->report[i].viewers >> ctx->owner & 1))
      return dm_format_in(
          b->arena,
          "test what `%s` does see of it, the report `%s`; or let it try and "
          "fail: move the condition behind the arrow, `-> if ...: ...`",
          b->core->actor.at[ctx->owner].name, b->report[i].ast->name.text);
  return NULL;
}

static void leak(
    dm_build *b, const dm_context *ctx, dm_span at, const char *what,
    uint32_t declared, const char *repair)
{
  const dm_b_choice *choice =
      ctx->choice == DM_NONE ? NULL : &b->choice.at[ctx->choice];
  const char *actor = b->core->actor.at[ctx->owner].name;
  dm_say(
      b, "E021", at, declared,
      repair ? repair
             : "use something that the actor sees, or let it try and fail: "
               "move the condition behind the arrow, `-> if ...: ...`",
      "%s%s%s belongs to %s, and %s cannot know `%s`%s: an option that "
      "appeared only then would tell what its owner is not meant to know",
      choice ? "`" : "this", choice ? choice->name : "", choice ? "`" : "",
      actor, actor, what,
      declared ? dm_format_in(b->arena, " (line %u)", declared) : "");
}

/* ---- leaves ------------------------------------------------------------------ */

dm_expr_id dm_pick_test(
    dm_build *b, uint32_t var, uint32_t first, uint32_t count)
{
  if (count == 1)
    return dm_is(b, var, (int32_t)first + 1);
  return dm_and(
      b, dm_op(b, DM_X_GE, dm_var(b, var), dm_num(b, first + 1)),
      dm_op(b, DM_X_LE, dm_var(b, var), dm_num(b, first + count)));
}

static bool option_announced(
    const dm_build *b, const dm_b_choice *choice, uint32_t first,
    uint32_t count)
{
  const dm_core_choice *c = &b->core->choice.at[choice->core];
  for (uint32_t i = first; i < first + count; i++)
    if (!b->core->option.at[c->first_option + i].announced)
      return false;
  return true;
}

/* The variable that a test of a choice's pick reads; DM_NONE: the test is
 * false whatever happens (it was reported when that is an error). */
static uint32_t pick_source(
    dm_build *b, const dm_context *ctx, const dm_entity *e, dm_span at)
{
  const dm_b_choice *choice = &b->choice.at[e->index];
  if (ctx->mode != DM_MODE_GUARD) {
    if (ctx->pick_round && choice->round_pick &&
        choice->round_pick[ctx->pick_round] != DM_NONE)
      return choice->round_pick[ctx->pick_round];
    return choice->pick;
  }
  if (choice->actor == ctx->owner)
    return choice->pick;
  bool earlier =
      b->n_stages > 1 && b->stage[choice->actor] < b->stage[ctx->owner];
  bool told = option_announced(b, choice, e->first, e->count);
  const char *name = b->core->choice.at[choice->core].actor_choice;
  if (told && earlier)
    return choice->pick;
  if (told && (choice->standing || b->rounds > 1))
    return choice->heard;
  leak(
      b, ctx, at, name, choice->ast ? choice->ast->at.line : 0,
      "others' picks of this period are known only if announced, and only to "
      "actors that come later in `order` or in a later round; to react next "
      "period, let the pick set a state");
  return DM_NONE;
}

bool dm_option_viewers(dm_build *b, const dm_ast_expr *expr, uint64_t *out)
{
  dm_context ctx = dm_context_of(DM_MODE_STATE);
  dm_entity e = nothing;
  bool equal = expr->op == DM_AST_EQ || expr->op == DM_AST_NE;
  if (expr->op == DM_AST_PATH)
    e = dm_resolve(b, &ctx, expr->path, true);
  else if (equal && expr->arg[0]->op == DM_AST_PATH)
    e = dm_resolve(b, &ctx, expr->arg[0]->path, true);
  if (e.kind == DM_IS_CHOICE &&
      !(equal && expr->arg[1]->op == DM_AST_PATH &&
        dm_find_options(b, e.index, expr->arg[1]->path, 0, &e)))
    return false;
  if (e.kind != DM_IS_OPTION)
    return false;
  const dm_b_choice *choice = &b->choice.at[e.index];
  *out = option_announced(b, choice, e.first, e.count)
             ? dm_everyone(b)
             : UINT64_C(1) << choice->actor;
  return true;
}

/* `test` of what was heard speaks of this period only from round 2 on. */
static dm_expr_id in_this_period(
    dm_build *b, const dm_context *ctx, const dm_entity *e, uint32_t var,
    dm_expr_id test)
{
  const dm_b_choice *choice = &b->choice.at[e->index];
  if (ctx->mode != DM_MODE_GUARD || choice->standing || var == choice->pick)
    return test;
  return dm_and(
      b, dm_op(b, DM_X_GT, dm_var(b, b->round_var), dm_num(b, 1)), test);
}

static dm_expr_id option_test(
    dm_build *b, const dm_context *ctx, const dm_entity *e, dm_span at)
{
  uint32_t var = pick_source(b, ctx, e, at);
  if (var == DM_NONE)
    return dm_num(b, 0);
  return in_this_period(
      b, ctx, e, var, dm_pick_test(b, var, e->first, e->count));
}

/* The memory item of an actor about a deal's terms or a letter's words. */
static const dm_b_memory *memory_of(
    const dm_build *b, uint32_t actor, dm_ast_memory_kind kind, uint32_t index)
{
  for (uint32_t i = 0; i < b->memory.n; i++) {
    const dm_b_memory *m = &b->memory.at[i];
    uint32_t about = kind == DM_AST_TERMS_OF ? m->deal : m->letter;
    if (m->actor == actor && m->ast->kind == kind && about == index &&
        m->var != DM_NONE)
      return m;
  }
  return NULL;
}

/* reading: *known is a condition under which there is one (DM_NONE: always) */
static dm_expr_id reading_value(
    dm_build *b, const dm_context *ctx, uint32_t report, dm_span at,
    dm_expr_id *known)
{
  const dm_b_report *r = &b->report[report];
  const dm_b_state *state = &b->state[r->state];
  dm_expr_id shown =
      dm_op(b, DM_X_ADD, dm_var(b, r->last), dm_num(b, (double)state->lo - 1));
  dm_expr_id some = dm_op(b, DM_X_GT, dm_var(b, r->last), dm_num(b, 0));
  *known = some;
  if (ctx->mode != DM_MODE_GUARD) {
    b->report[report].kept = true;
    return shown;
  }
  if (!sees(r->viewers, ctx->owner)) {
    leak(b, ctx, at, r->ast->name.text, r->ast->at.line, NULL);
    return dm_num(b, 0);
  }
  const dm_b_memory *memory = dm_memory_of_report(b, ctx->owner, report);
  dm_expr_id now = dm_and(b, dm_is(b, r->now, 1), some);
  /* Of a reading kept in bins a guard reads nothing afterwards (R7). */
  if (!memory || memory->bin)
    *known = now;
  return shown;
}

dm_expr_id dm_term_value(
    dm_build *b, const dm_b_deal *deal, uint32_t term, dm_expr_id code)
{
  double stride = 1;
  for (uint32_t i = deal->ast->terms.n; i-- > term + 1;) {
    const dm_ast_term *t = &deal->ast->terms.at[i];
    stride *= dm_ratio_double(t->hi.value) - dm_ratio_double(t->lo.value) + 1;
  }
  const dm_ast_term *t = &deal->ast->terms.at[term];
  double lo = dm_ratio_double(t->lo.value);
  double size = dm_ratio_double(t->hi.value) - lo + 1;
  dm_expr_id digit = dm_op(
      b, DM_X_MOD, dm_op(b, DM_X_IDIV, code, dm_num(b, stride)),
      dm_num(b, size));
  return dm_op(b, DM_X_ADD, digit, dm_num(b, lo));
}

/* A term in a guard: known while the deal is proposed or in force, and where
 * `terms of` remembers it (D14). */
static dm_expr_id term_known(
    dm_build *b, const dm_context *ctx, const dm_entity *e, dm_expr_id *known)
{
  const dm_b_deal *deal = &b->deal[e->index];
  dm_expr_id code = dm_var(b, deal->terms);
  *known = DM_NONE;
  if (ctx->mode == DM_MODE_GUARD) {
    dm_expr_id shown = dm_or(
        b, dm_is(b, deal->status, DM_DEAL_PROPOSED),
        dm_is(b, deal->status, DM_DEAL_IN_FORCE));
    const dm_b_memory *m = memory_of(b, ctx->owner, DM_AST_TERMS_OF, e->index);
    *known = shown;
    if (m) {
      dm_expr_id held = dm_op(b, DM_X_GT, dm_var(b, m->var), dm_num(b, 0));
      code = dm_core_if(
          b->core, shown, code,
          dm_op(b, DM_X_SUB, dm_var(b, m->var), dm_num(b, 1)));
      *known = dm_or(b, shown, held);
    }
  }
  return dm_term_value(b, deal, e->second, code);
}

static dm_expr_id literal(dm_build *b, dm_context *ctx, const dm_ast_expr *expr)
{
  const dm_ast_number *number = &expr->number;
  if (ctx->mode == DM_MODE_PAY && ctx->place) {
    dm_place *place = ctx->place;
    place->literals++;
    const char *path =
        place->expected == 1
            ? place->path
            : dm_format_in(b->arena, "%s.%u", place->path, place->literals);
    uint32_t param = dm_literal(b, number, path, place->remarks, false);
    DM_PUSH(
        b->arena, &b->core->expr,
        ((dm_core_expr){.op = DM_X_PARAM, .a = param}));
    return b->core->expr.n - 1;
  }
  if (number->ranged)
    dm_say(
        b, "E013", number->range_at, 0,
        "take the range away; thresholds can be varied with --set by naming "
        "them under `assume`",
        "a range here would change which situations exist");
  dm_ratio value = number->value;
  if (number->unit) {
    const dm_b_state *state =
        ctx->unit_state == DM_NONE ? NULL : &b->state[ctx->unit_state];
    if (!state || !state->stepped || !state->ast->step.unit ||
        strcmp(state->ast->step.unit, number->unit) != 0)
      dm_say(
          b, "E065", number->at, state ? state->ast->at.line : 0,
          "compare it with a state declared in that unit, such as "
          "`(x 30 kg)`",
          "no scale here is counted in %s", number->unit);
    else if (!dm_ratio_div(value, state->step, &value))
      value = number->value;
  }
  return dm_num(b, dm_ratio_double(value));
}

static dm_expr_id assumption(
    dm_build *b, dm_context *ctx, uint32_t index, dm_span at)
{
  uint32_t param = b->assumption.at[index];
  if (param == DM_NONE)
    return dm_num(b, 0);
  if (ctx->mode != DM_MODE_PAY)
    dm_structural(b, param, at);
  DM_PUSH(
      b->arena, &b->core->expr, ((dm_core_expr){.op = DM_X_PARAM, .a = param}));
  return b->core->expr.n - 1;
}

static dm_expr_id only_what_it_measures(
    dm_build *b, dm_context *ctx, dm_span at)
{
  dm_say(
      b, "E041", at, ctx->declared.line,
      dm_format_in(
          b->arena, "test `%s` only, or leave `checked by` away",
          b->state[ctx->reading_of].ast->name.text),
      "an obligation that is checked by a report can only speak of what the "
      "report measures");
  return dm_num(b, 0);
}

static dm_expr_id named(dm_build *b, dm_context *ctx, const dm_ast_expr *expr)
{
  dm_entity e = dm_resolve(b, ctx, expr->path, false);
  const dm_context *c = ctx;
  bool guard = ctx->mode == DM_MODE_GUARD;
  if (ctx->only_reading && e.kind != DM_IS_ASSUMPTION &&
      !(e.kind == DM_IS_STATE && e.index == ctx->reading_of))
    return only_what_it_measures(b, ctx, expr->at);
  switch (e.kind) {
  case DM_IS_STATE: {
    const dm_b_state *state = &b->state[e.index];
    if (e.index == ctx->reading_of)
      return ctx->reading;
    if (guard && !sees(state->viewers, ctx->owner))
      leak(
          b, c, expr->at, state->ast->name.text, state->ast->at.line,
          seen_instead(b, c, e.index));
    return dm_var(b, state->var);
  }
  case DM_IS_READING: {
    dm_expr_id known;
    return reading_value(b, c, e.index, expr->at, &known);
  }
  case DM_IS_TERM: {
    const dm_b_deal *deal = &b->deal[e.index];
    if (guard && !sees(deal->viewers, ctx->owner))
      leak(
          b, c, expr->at, dm_path_text(b, expr->path), deal->ast->at.line,
          NULL);
    dm_expr_id known;
    return term_known(b, c, &e, &known);
  }
  case DM_IS_OPTION:
    return option_test(b, c, &e, expr->at);
  case DM_IS_ASSUMPTION:
    return assumption(b, ctx, e.index, expr->at);
  case DM_IS_NOTHING:
    return dm_num(b, 0);
  case DM_IS_FIELD:
  case DM_IS_CHOICE:
  case DM_IS_OUTCOME:
  case DM_IS_OTHER:
    break;
  }
  dm_say(
      b, "E066", expr->at, 0,
      e.kind == DM_IS_CHOICE  ? "test its pick: `CHOICE = OPTION`"
      : e.kind == DM_IS_FIELD ? "test what it says: `LETTER.FIELD = WORD`"
                              : "states, readings, terms and assumptions "
                                "have values",
      "`%s` has no value of its own", dm_path_text(b, expr->path));
  return dm_num(b, 0);
}

/* ---- statuses --------------------------------------------------------------- */

static dm_expr_id between(dm_build *b, uint32_t var, int32_t lo, int32_t hi)
{
  return dm_and(
      b, dm_op(b, DM_X_GE, dm_var(b, var), dm_num(b, lo)),
      dm_op(b, DM_X_LE, dm_var(b, var), dm_num(b, hi)));
}

static dm_expr_id letter_status(
    dm_build *b, const dm_context *ctx, const dm_b_letter *letter,
    const dm_ast_expr *expr)
{
  dm_ast_status word = expr->status;
  uint32_t st = letter->status;
  bool guard = ctx->mode == DM_MODE_GUARD;
  bool sender = guard && ctx->owner == letter->from;
  bool receiver =
      guard && (ctx->owner == letter->to ||
                (letter->ast->via_knows && ctx->owner == letter->via));
  dm_ast_learns learns = letter->ast->learns;
  bool knows =
      !guard ||
      (sender &&
       (word == DM_AST_UNSENT || word == DM_AST_SENT ||
        learns == DM_AST_LEARNS_ON_ARRIVAL ||
        (learns == DM_AST_LEARNS_ON_ANSWER && word == DM_AST_ANSWERED))) ||
      (receiver && word != DM_AST_UNSENT && word != DM_AST_SENT);
  if (!knows) {
    leak(
        b, ctx, expr->at,
        dm_format_in(
            b->arena, "%s %s", letter->ast->name.text,
            dm_ast_status_word(word)),
        letter->ast->at.line,
        sender ? "add `sender learns on arrival` (or `on answer`) to the "
                 "letter, or test `unsent` or `sent`"
               : "its addressee can test `arrived`, `overdue` and `answered`; "
                 "its sender `unsent` and `sent`");
    return dm_num(b, 0);
  }
  switch (word) {
  case DM_AST_UNSENT:
    return dm_is(b, st, DM_LETTER_UNSENT);
  case DM_AST_SENT:
    if (sender && learns == DM_AST_LEARNS_NEVER)
      return dm_op(b, DM_X_NE, dm_var(b, st), dm_num(b, DM_LETTER_UNSENT));
    if (sender && learns == DM_AST_LEARNS_ON_ANSWER)
      return between(b, st, DM_LETTER_HELD, DM_LETTER_OVERDUE);
    return between(b, st, DM_LETTER_HELD, DM_LETTER_LOST);
  case DM_AST_ARRIVED:
    return between(b, st, DM_LETTER_ARRIVED, DM_LETTER_OVERDUE);
  case DM_AST_OVERDUE:
    return dm_is(b, st, DM_LETTER_OVERDUE);
  case DM_AST_ANSWERED: {
    dm_expr_id now = dm_is(b, st, DM_LETTER_ANSWERED);
    if (!receiver || letter->before == DM_NONE)
      return now;
    /* A newer letter under way is not noticed: the older stays answered. */
    return dm_or(
        b, now,
        dm_and(
            b, dm_is(b, letter->before, 1),
            dm_op(b, DM_X_LT, dm_var(b, st), dm_num(b, DM_LETTER_ARRIVED))));
  }
  case DM_AST_PROPOSED:
  case DM_AST_IN_FORCE:
  case DM_AST_BROKEN:
  case DM_AST_LEFT:
  case DM_AST_MET:
  case DM_AST_MISSED:
  case DM_AST_SILENT:
    break;
  }
  dm_say(
      b, "E066", expr->at, letter->ast->at.line,
      "a letter is unsent, sent, arrived, overdue or answered",
      "a letter is never `%s`", dm_ast_status_word(word));
  return dm_num(b, 0);
}

static int deal_status_value(dm_ast_status word)
{
  if (word == DM_AST_PROPOSED)
    return DM_DEAL_PROPOSED;
  if (word == DM_AST_IN_FORCE)
    return DM_DEAL_IN_FORCE;
  if (word == DM_AST_BROKEN)
    return DM_DEAL_BROKEN;
  return word == DM_AST_LEFT ? DM_DEAL_LEFT : -1;
}

static dm_expr_id wrong_status(
    dm_build *b, const dm_ast_expr *expr, const char *what, const char *words)
{
  dm_say(
      b, "E066", expr->at, 0, words, "%s is never `%s`", what,
      dm_ast_status_word(expr->status));
  return dm_num(b, 0);
}

static dm_expr_id deal_status(
    dm_build *b, const dm_context *ctx, const dm_b_deal *deal,
    const dm_ast_expr *expr)
{
  if (ctx->mode == DM_MODE_GUARD && !sees(deal->viewers, ctx->owner))
    leak(
        b, ctx, expr->at, deal->ast->name.text, deal->ast->at.line,
        "make every option that proposes, accepts or leaves it `announced`, "
        "or let a party decide");
  if (expr->op == DM_AST_NO)
    return dm_not(
        b, between(b, deal->status, DM_DEAL_PROPOSED, DM_DEAL_IN_FORCE));
  int value = deal_status_value(expr->status);
  if (value < 0)
    return wrong_status(
        b, expr, "a deal",
        "a deal is proposed, in force, broken or left; "
        "`no DEAL` is neither proposed nor in force");
  return dm_is(b, deal->status, value);
}

static dm_expr_id status(dm_build *b, dm_context *ctx, const dm_ast_expr *expr)
{
  const dm_ast_path *path = expr->path;
  const dm_symbol *symbol =
      path->n == 1 ? dm_lookup(b, path->part[0].text) : NULL;
  if (ctx->only_reading)
    return only_what_it_measures(b, ctx, expr->at);
  if (!symbol) {
    dm_unknown(b, path);
    return dm_num(b, 0);
  }
  if (symbol->kind == DM_SYM_DEAL)
    return deal_status(b, ctx, &b->deal[symbol->index], expr);
  if (expr->op == DM_AST_STATUS && symbol->kind == DM_SYM_LETTER)
    return letter_status(b, ctx, &b->letter[symbol->index], expr);
  if (expr->op == DM_AST_STATUS && symbol->kind == DM_SYM_BENCHMARK) {
    const dm_b_benchmark *mark = &b->benchmark[symbol->index];
    if (ctx->mode == DM_MODE_GUARD && !sees(mark->viewers, ctx->owner))
      leak(b, ctx, expr->at, symbol->name, mark->ast->at.line, NULL);
    if (expr->status != DM_AST_MET && expr->status != DM_AST_MISSED)
      return wrong_status(
          b, expr, "a benchmark",
          "a benchmark is met or "
          "missed");
    return dm_is(b, mark->var, expr->status == DM_AST_MET ? 1 : 2);
  }
  if (expr->op == DM_AST_STATUS && symbol->kind == DM_SYM_REPORT &&
      expr->status == DM_AST_SILENT) {
    const dm_b_report *report = &b->report[symbol->index];
    if (ctx->mode == DM_MODE_GUARD && !sees(report->viewers, ctx->owner))
      leak(b, ctx, expr->at, symbol->name, report->ast->at.line, NULL);
    return report->silent == DM_NONE ? dm_num(b, 0)
                                     : dm_is(b, report->silent, 1);
  }
  dm_say(
      b, "E066", expr->at, symbol->at.line,
      "letters, deals, benchmarks and reports have statuses",
      "`%s` is %s and cannot be `%s`", symbol->name,
      dm_symbol_kind_text(symbol->kind),
      expr->op == DM_AST_NO ? "no ..." : dm_ast_status_word(expr->status));
  return dm_num(b, 0);
}

static dm_expr_id type_test(
    dm_build *b, const dm_context *ctx, const dm_ast_expr *expr)
{
  uint32_t actor = dm_need(b, expr->path->part[0], DM_SYM_ACTOR);
  if (actor == DM_NONE)
    return dm_num(b, 0);
  const dm_ast_actor *a = &b->ast->actors.at[actor];
  if (ctx->mode == DM_MODE_GUARD && ctx->owner != actor)
    leak(
        b, ctx, expr->at,
        dm_format_in(b->arena, "%s is %s", a->name.text, expr->type.text),
        a->types_at.line, "a guard may test one's own type only");
  for (uint32_t i = 0; i < a->types.n; i++)
    if (strcmp(a->types.at[i].name.text, expr->type.text) == 0)
      return dm_is(b, b->core->actor.at[actor].type_var, (int32_t)i);
  dm_say(
      b, "E062", expr->type.at, a->at.line, NULL, "%s has no type `%s`",
      a->name.text, expr->type.text);
  return dm_num(b, 0);
}

/* ---- comparisons -------------------------------------------------------------- */

static uint32_t word_index(const dm_ast_names *words, const char *word)
{
  for (uint32_t i = 0; i < words->n; i++)
    if (strcmp(words->at[i].text, word) == 0)
      return i;
  return DM_NONE;
}

/* What a letter says to the owner of a guard, 0 for nothing: while it is known,
 * and then as far as `says of` remembers it (L9, L11). */
static dm_expr_id field_known(
    dm_build *b, const dm_context *ctx, const dm_entity *e,
    const dm_ast_expr *left)
{
  const dm_b_letter *letter = &b->letter[e->index];
  uint32_t st = letter->status, owner = ctx->owner;
  uint32_t var = letter->says[e->second];
  dm_expr_id open;
  if (owner == letter->from) {
    var = letter->said[e->second];
    if (letter->ast->learns == DM_AST_LEARNS_NEVER)
      return dm_var(b, var);
    open = dm_op(b, DM_X_NE, dm_var(b, st), dm_num(b, DM_LETTER_ANSWERED));
  } else if (owner == letter->to) {
    open = dm_or(
        b, dm_is(b, st, DM_LETTER_ARRIVED), dm_is(b, st, DM_LETTER_OVERDUE));
  } else if (letter->ast->via_reads && owner == letter->via) {
    open = dm_is(b, st, DM_LETTER_HELD);
  } else {
    leak(
        b, ctx, left->at, dm_path_text(b, left->path), letter->ast->at.line,
        NULL);
    return dm_num(b, 0);
  }
  const dm_b_memory *m = memory_of(b, owner, DM_AST_SAYS_OF, e->index);
  dm_expr_id later = m ? dm_var(b, m->var + e->second) : dm_num(b, 0);
  return dm_core_if(b->core, open, dm_var(b, var), later);
}

/* `x = word` for a worded state, a letter's field or a choice. */
static dm_expr_id word_compare(
    dm_build *b, dm_context *ctx, const dm_ast_expr *expr, const dm_entity *e,
    const dm_ast_expr *left, const dm_ast_expr *right, bool *done)
{
  static const dm_core_op op[] = {
      [DM_AST_EQ] = DM_X_EQ, [DM_AST_NE] = DM_X_NE, [DM_AST_LT] = DM_X_LT,
      [DM_AST_LE] = DM_X_LE, [DM_AST_GT] = DM_X_GT, [DM_AST_GE] = DM_X_GE};
  *done = true;
  const dm_ast_names *words = NULL;
  if (e->kind == DM_IS_STATE && b->state[e->index].ast->worded)
    words = &b->state[e->index].ast->words;
  if (e->kind == DM_IS_FIELD)
    words = &b->letter[e->index].ast->says.at[e->second].values;
  if (right->op != DM_AST_PATH || (!words && e->kind != DM_IS_CHOICE)) {
    *done = words && right->op == DM_AST_NUMBER;
    if (*done)
      dm_say(
          b, "E066", right->at, 0, "write one of its words",
          "`%s` takes words, not numbers", dm_path_text(b, left->path));
    return dm_num(b, 0);
  }
  bool equal = expr->op == DM_AST_EQ || expr->op == DM_AST_NE;
  if (!equal && e->kind != DM_IS_STATE)
    dm_say(
        b, "E066", expr->at, 0, "use = or !=", "`%s` has no order",
        dm_path_text(b, left->path));
  if (e->kind == DM_IS_CHOICE) {
    dm_entity option;
    if (!dm_find_options(b, e->index, right->path, 0, &option)) {
      dm_say(
          b, "E062", right->at, 0, NULL, "`%s` has no option `%s`",
          dm_path_text(b, left->path), dm_path_text(b, right->path));
      return dm_num(b, 0);
    }
    if (ctx->only_reading)
      return only_what_it_measures(b, ctx, expr->at);
    dm_expr_id test = option_test(b, ctx, &option, expr->at);
    if (expr->op != DM_AST_NE)
      return test;
    /* A choice that is not open passes no test of its options. */
    uint32_t var = pick_source(b, ctx, &option, expr->at);
    if (var == DM_NONE)
      return dm_num(b, 0);
    return in_this_period(
        b, ctx, &option, var,
        dm_and(
            b, dm_op(b, DM_X_GT, dm_var(b, var), dm_num(b, 0)),
            dm_not(b, test)));
  }
  uint32_t index = right->path->n == 1
                       ? word_index(words, right->path->part[0].text)
                       : DM_NONE;
  if (index == DM_NONE) {
    dm_entity other = dm_resolve(b, ctx, right->path, true);
    if (other.kind == DM_IS_STATE && b->state[other.index].ast->worded) {
      *done = false;
      return 0;
    }
    const char **list = dm_arena_array(b->arena, words->n, sizeof *list);
    for (uint32_t i = 0; i < words->n; i++)
      list[i] = words->at[i].text;
    const char *near = dm_nearest(right->path->part[0].text, list, words->n);
    dm_say(
        b, "E062", right->at, 0,
        near ? dm_format_in(b->arena, "did you mean `%s`?", near) : NULL,
        "`%s` is never `%s`", dm_path_text(b, left->path),
        dm_path_text(b, right->path));
    return dm_num(b, 0);
  }
  if (e->kind == DM_IS_FIELD) {
    const dm_b_letter *letter = &b->letter[e->index];
    bool guard = ctx->mode == DM_MODE_GUARD;
    dm_expr_id said = dm_var(b, letter->says[e->second]);
    if (guard)
      said = field_known(b, ctx, e, left);
    dm_expr_id test = dm_op(b, DM_X_EQ, said, dm_num(b, (double)index + 1));
    if (expr->op == DM_AST_NE)
      test = dm_and(b, dm_op(b, DM_X_GT, said, dm_num(b, 0)), dm_not(b, test));
    return test;
  }
  dm_expr_id value = dm_compile(b, ctx, left);
  return dm_op(b, op[expr->op], value, dm_num(b, index));
}

static dm_expr_id compare(dm_build *b, dm_context *ctx, const dm_ast_expr *expr)
{
  static const dm_core_op op[] = {
      [DM_AST_EQ] = DM_X_EQ, [DM_AST_NE] = DM_X_NE, [DM_AST_LT] = DM_X_LT,
      [DM_AST_LE] = DM_X_LE, [DM_AST_GT] = DM_X_GT, [DM_AST_GE] = DM_X_GE};
  const dm_ast_expr *side[2] = {expr->arg[0], expr->arg[1]};
  dm_expr_id value[2], known = DM_NONE;
  uint32_t unit = DM_NONE;
  dm_entity e[2] = {nothing, nothing};
  if (side[0]->op == DM_AST_PATH) {
    e[0] = dm_resolve(b, ctx, side[0]->path, false);
    if (e[0].kind == DM_IS_NOTHING)
      return dm_num(b, 0);
    bool done;
    dm_expr_id test =
        word_compare(b, ctx, expr, &e[0], side[0], side[1], &done);
    if (done)
      return test;
  }
  if (side[1]->op == DM_AST_PATH)
    e[1] = dm_resolve(b, ctx, side[1]->path, true);
  for (int i = 0; i < 2; i++) {
    if (e[i].kind == DM_IS_STATE)
      unit = e[i].index;
    if (e[i].kind == DM_IS_READING)
      unit = b->report[e[i].index].state;
  }
  uint32_t outer = ctx->unit_state;
  ctx->unit_state = unit;
  /* Thresholds are structure even inside a payoff: no parameters there. */
  dm_mode mode = ctx->mode;
  if (mode == DM_MODE_PAY)
    ctx->mode = DM_MODE_STATE;
  for (int i = 0; i < 2; i++) {
    if (e[i].kind == DM_IS_READING && !ctx->only_reading) {
      dm_expr_id has;
      value[i] = reading_value(b, ctx, e[i].index, side[i]->at, &has);
      known = dm_and(b, known, has);
    } else if (e[i].kind == DM_IS_TERM && ctx->mode == DM_MODE_GUARD) {
      dm_expr_id has;
      dm_compile(b, ctx, side[i]); /* for its messages */
      value[i] = term_known(b, ctx, &e[i], &has);
      known = dm_and(b, known, has);
    } else {
      value[i] = dm_compile(b, ctx, side[i]);
    }
  }
  ctx->mode = mode;
  ctx->unit_state = outer;
  return dm_and(b, known, dm_op(b, op[expr->op], value[0], value[1]));
}

/* ---- all --------------------------------------------------------------------- */

static dm_expr_id date_test(dm_build *b, const dm_ast_expr *expr)
{
  double t = dm_date(b, expr->date, "a condition");
  dm_expr_id now = dm_now(b);
  dm_core_op op = expr->op == DM_AST_FROM    ? DM_X_GE
                  : expr->op == DM_AST_UNTIL ? DM_X_LE
                                             : DM_X_EQ;
  return dm_op(b, op, now, dm_num(b, t));
}

static dm_expr_id fold(
    dm_build *b, dm_context *ctx, const dm_ast_expr *expr, dm_core_op op)
{
  dm_expr_id all = dm_compile(b, ctx, expr->arg[0]);
  for (uint32_t i = 1; i < expr->n_args; i++)
    all = dm_op(b, op, all, dm_compile(b, ctx, expr->arg[i]));
  return all;
}

/* Conditions inside a payoff are structure: thresholds are no parameters. */
static dm_expr_id fold_truth(
    dm_build *b, dm_context *ctx, const dm_ast_expr *expr, dm_core_op op)
{
  dm_mode mode = ctx->mode;
  if (mode == DM_MODE_PAY)
    ctx->mode = DM_MODE_STATE;
  dm_expr_id all = op == DM_X_NOT ? dm_not(b, dm_compile(b, ctx, expr->arg[0]))
                                  : fold(b, ctx, expr, op);
  ctx->mode = mode;
  return all;
}

dm_expr_id dm_compile(dm_build *b, dm_context *ctx, const dm_ast_expr *expr)
{
  switch (expr->op) {
  case DM_AST_NUMBER:
    return literal(b, ctx, expr);
  case DM_AST_PATH:
    return named(b, ctx, expr);
  case DM_AST_STATUS:
  case DM_AST_NO:
    return status(b, ctx, expr);
  case DM_AST_IS:
    return type_test(b, ctx, expr);
  case DM_AST_FROM:
  case DM_AST_UNTIL:
  case DM_AST_IN:
    return date_test(b, expr);
  case DM_AST_EQ:
  case DM_AST_NE:
  case DM_AST_LT:
  case DM_AST_LE:
  case DM_AST_GT:
  case DM_AST_GE:
    return compare(b, ctx, expr);
  case DM_AST_NOT:
    return fold_truth(b, ctx, expr, DM_X_NOT);
  case DM_AST_AND:
    return fold_truth(b, ctx, expr, DM_X_AND);
  case DM_AST_OR:
    return fold_truth(b, ctx, expr, DM_X_OR);
  case DM_AST_ADD:
    return fold(b, ctx, expr, DM_X_ADD);
  case DM_AST_SUB:
    return fold(b, ctx, expr, DM_X_SUB);
  case DM_AST_MUL:
    return fold(b, ctx, expr, DM_X_MUL);
  case DM_AST_DIV:
    return fold(b, ctx, expr, DM_X_DIV);
  case DM_AST_MIN:
    return fold(b, ctx, expr, DM_X_MIN);
  case DM_AST_MAX:
    return fold(b, ctx, expr, DM_X_MAX);
  case DM_AST_NEG:
    return dm_op(b, DM_X_NEG, dm_compile(b, ctx, expr->arg[0]), 0);
  case DM_AST_REST:
    break;
  }
  dm_say(
      b, "E066", expr->at, 0, "write a number",
      "`rest` stands only in a list of chances");
  return dm_num(b, 0);
}

/* ---- values of states ------------------------------------------------------- */

bool dm_steps(
    dm_build *b, const dm_b_state *state, const dm_ast_number *number,
    bool difference, int64_t *out)
{
  dm_ratio value = number->value;
  bool in_unit = number->unit != NULL;
  bool fits = true;
  if (in_unit) {
    fits = state->stepped && state->ast->step.unit &&
           strcmp(state->ast->step.unit, number->unit) == 0 &&
           dm_ratio_div(value, state->step, &value);
  }
  if (fits && value.den == 1) {
    *out = value.num;
    return true;
  }
  dm_say(
      b, "E065", number->at, state->ast->at.line,
      in_unit && state->stepped
          ? dm_format_in(
                b->arena, "use a multiple of %.6g %s",
                dm_ratio_double(state->step),
                state->ast->step.unit ? state->ast->step.unit : "")
          : "use a whole number of steps",
      "this %s of `%s` is no whole number of its steps",
      difference ? "change" : "value", state->ast->name.text);
  return false;
}

bool dm_state_value(
    dm_build *b, const dm_b_state *state, const dm_ast_expr *value,
    int64_t *out)
{
  if (state->ast->worded) {
    uint32_t index =
        value->op == DM_AST_PATH && value->path->n == 1
            ? word_index(&state->ast->words, value->path->part[0].text)
            : DM_NONE;
    if (index == DM_NONE) {
      dm_say(
          b, "E063", value->at, state->ast->at.line, "take one of its words",
          "`%s` has no such value", state->ast->name.text);
      return false;
    }
    *out = index;
    return true;
  }
  dm_ratio constant;
  dm_ast_number number = {.at = value->at};
  if (value->op == DM_AST_NUMBER)
    number = value->number;
  else if (dm_constant(b, value, &constant))
    number.value = constant;
  else {
    dm_say(
        b, "E066", value->at, 0, "write a number",
        "a value of `%s` is needed here", state->ast->name.text);
    return false;
  }
  if (!dm_steps(b, state, &number, false, out))
    return false;
  if (*out >= state->lo && *out < (int64_t)state->lo + state->size)
    return true;
  dm_say(
      b, "E063", value->at, state->ast->at.line, NULL,
      "%lld is off the scale of `%s`, which runs from %d to %d",
      (long long)*out, state->ast->name.text, state->lo,
      (int)(state->lo + (int64_t)state->size - 1));
  return false;
}
