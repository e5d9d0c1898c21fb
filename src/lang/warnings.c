/* lang/warnings.c -- what is allowed and yet rarely meant. */
#include "lang/build.h"

#include <string.h>

static void late_source(dm_build *b, const dm_ast_remarks *remarks)
{
  int64_t start, known;
  const dm_ast_clock *clock = &b->ast->scenario.clock;
  if (!dm_ast_first_day(clock->from, &start))
    return;
  for (uint32_t i = 0; i < remarks->sources.n; i++) {
    const dm_ast_source *source = &remarks->sources.at[i];
    if (!dm_ast_first_day(source->known, &known) || known <= start)
      continue;
    char date[24], first[24];
    dm_ast_date_text(source->known, date);
    dm_ast_date_text(clock->from, first);
    dm_say(
        b, "W002", source->at, clock->at.line,
        "use what was public at the start, or start the clock later",
        "this source became known on %s, after the clock's start (%s): the "
        "forecast would know its own future",
        date, first);
  }
}

static void late_sources(dm_build *b)
{
  const dm_ast *ast = b->ast;
  for (uint32_t i = 0; i < ast->actors.n; i++) {
    late_source(b, &ast->actors.at[i].remarks);
    late_source(b, &ast->actors.at[i].types_remarks);
    late_source(b, &ast->actors.at[i].sharpness_remarks);
  }
  for (uint32_t i = 0; i < ast->assumptions.n; i++)
    late_source(b, &ast->assumptions.at[i].remarks);
  for (uint32_t i = 0; i < ast->states.n; i++)
    late_source(b, &ast->states.at[i].remarks);
  for (uint32_t i = 0; i < ast->letters.n; i++) {
    late_source(b, &ast->letters.at[i].remarks);
    late_source(b, &ast->letters.at[i].arrives_remarks);
  }
  for (uint32_t i = 0; i < ast->reports.n; i++)
    late_source(b, &ast->reports.at[i].remarks);
  for (uint32_t i = 0; i < ast->choices.n; i++)
    for (uint32_t k = 0; k < ast->choices.at[i].options.n; k++)
      late_source(b, &ast->choices.at[i].options.at[k].remarks);
  for (uint32_t i = 0; i < ast->payoffs.n; i++)
    for (uint32_t k = 0; k < ast->payoffs.at[i].rows.n; k++)
      late_source(b, &ast->payoffs.at[i].rows.at[k].remarks);
}

/* Cells of two columns, equal by their exact value. */
static bool equal_cells(
    dm_build *b, const dm_ast_payoff *payoff, uint32_t x, uint32_t y)
{
  for (uint32_t r = 0; r < payoff->rows.n; r++) {
    const dm_ast_payoff_row *row = &payoff->rows.at[r];
    dm_ratio vx, vy;
    if (x >= row->cells.n || y >= row->cells.n ||
        !dm_constant(b, row->cells.at[x], &vx) ||
        !dm_constant(b, row->cells.at[y], &vy) || dm_ratio_compare(vx, vy))
      return false;
  }
  return payoff->rows.n > 0;
}

/* Types may also differ through monthly pay, or a guard may test them. */
static bool type_is_used(const dm_build *b, uint32_t actor)
{
  for (uint32_t i = 0; i < b->ast->pays.n; i++)
    if (b->ast->pays.at[i].who.n == 2 &&
        !strcmp(
            b->ast->pays.at[i].who.part[0].text, b->core->actor.at[actor].name))
      return true;
  uint32_t var = b->core->actor.at[actor].type_var;
  uint32_t reads = 0;
  for (uint32_t i = 0; i < b->core->expr.n; i++)
    reads += b->core->expr.at[i].op == DM_X_VAR && b->core->expr.at[i].a == var;
  /* Keys and payoff columns read it once each; a test reads it more often. */
  uint32_t expected =
      b->core->outcome.n + b->core->decide.n + b->core->recall.n;
  return reads > expected;
}

static void equal_types(dm_build *b)
{
  for (uint32_t i = 0; i < b->ast->payoffs.n; i++) {
    const dm_ast_payoff *payoff = &b->ast->payoffs.at[i];
    for (uint32_t y = 0; y < payoff->columns.n; y++)
      for (uint32_t x = 0; x < y; x++) {
        const dm_ast_path *px = &payoff->columns.at[x];
        const dm_ast_path *py = &payoff->columns.at[y];
        if (px->n != 2 || py->n != 2 ||
            strcmp(px->part[0].text, py->part[0].text) != 0 ||
            !equal_cells(b, payoff, x, y))
          continue;
        const dm_symbol *actor = dm_lookup(b, px->part[0].text);
        if (!actor || type_is_used(b, actor->index))
          continue;
        dm_say(
            b, "W003", py->at, 0,
            "give them different payoffs, or merge "
            "the types",
            "`%s.%s` and `%s.%s` have the same payoffs: nothing tells them "
            "apart",
            px->part[0].text, px->part[1].text, py->part[0].text,
            py->part[1].text);
      }
  }
}

static bool same_stmt(const dm_core *core, dm_stmt_id x, dm_stmt_id y);

static bool same_expr(const dm_core *core, dm_expr_id x, dm_expr_id y)
{
  if (x == y)
    return true;
  if (x == DM_NONE || y == DM_NONE)
    return false;
  const dm_core_expr *p = &core->expr.at[x], *q = &core->expr.at[y];
  if (p->op != q->op)
    return false;
  switch ((dm_core_op)p->op) {
  case DM_X_NUMBER:
    return p->number == q->number;
  case DM_X_PARAM:
    return core->param.at[p->a].base == core->param.at[q->a].base;
  case DM_X_VAR:
    return p->a == q->a;
  case DM_X_PERIOD:
    return true;
  case DM_X_NEG:
  case DM_X_NOT:
    return same_expr(core, p->a, q->a);
  case DM_X_IF:
    return same_expr(core, p->a, q->a) && same_expr(core, p->b, q->b) &&
           same_expr(core, p->c, q->c);
  case DM_X_ADD:
  case DM_X_SUB:
  case DM_X_MUL:
  case DM_X_DIV:
  case DM_X_IDIV:
  case DM_X_MOD:
  case DM_X_MIN:
  case DM_X_MAX:
  case DM_X_EQ:
  case DM_X_NE:
  case DM_X_LT:
  case DM_X_LE:
  case DM_X_GT:
  case DM_X_GE:
  case DM_X_AND:
  case DM_X_OR:
    break;
  }
  return same_expr(core, p->a, q->a) && same_expr(core, p->b, q->b);
}

static bool same_list(
    const dm_core *core, const dm_core_stmt *p, const dm_core_stmt *q)
{
  if (p->count != q->count)
    return false;
  for (uint32_t i = 0; i < p->count; i++) {
    if (p->op == DM_DO_SEQ) {
      if (!same_stmt(
              core, core->stmt_list.at[p->first + i],
              core->stmt_list.at[q->first + i]))
        return false;
      continue;
    }
    const dm_core_branch *u = &core->branch.at[p->first + i];
    const dm_core_branch *v = &core->branch.at[q->first + i];
    if (!same_expr(core, u->chance, v->chance) ||
        !same_stmt(core, u->body, v->body))
      return false;
  }
  return true;
}

static bool same_stmt(const dm_core *core, dm_stmt_id x, dm_stmt_id y)
{
  if (x == y)
    return true;
  if (x == DM_NONE || y == DM_NONE)
    return false;
  const dm_core_stmt *p = &core->stmt.at[x], *q = &core->stmt.at[y];
  if (p->op != q->op)
    return false;
  if (p->op == DM_DO_SEQ || p->op == DM_DO_DRAW)
    return same_list(core, p, q);
  if (p->op == DM_DO_IF)
    return same_expr(core, p->expr, q->expr) &&
           same_stmt(core, p->then_id, q->then_id) &&
           same_stmt(core, p->else_id, q->else_id);
  return p->target == q->target &&
         (p->op == DM_DO_END || same_expr(core, p->expr, q->expr));
}

/* What option i of a choice does when picked: the body of its rule's `when`. */
static dm_stmt_id option_body(const dm_build *b, uint32_t choice, uint32_t i)
{
  const dm_core_choice *core = &b->core->choice.at[b->choice.at[choice].core];
  const char *name = dm_format_in(
      b->arena, "%s.%s", core->actor_choice,
      b->core->option.at[core->first_option + i].name);
  for (uint32_t k = 0; k < b->resolve[1].n; k++)
    if (!strcmp(b->resolve[1].at[k].name, name))
      return b->core->stmt.at[b->resolve[1].at[k].body].then_id;
  return DM_NONE;
}

/* Something beside the choice's own rules and its owner's keys reads the pick:
 * an obligation, a condition, a memory. */
static bool is_tested(const dm_build *b, uint32_t choice)
{
  const dm_b_choice *c = &b->choice.at[choice];
  const dm_core *core = b->core;
  uint32_t reads = 0, own = 0;
  for (uint32_t i = 0; i < core->expr.n; i++)
    reads += core->expr.at[i].op == DM_X_VAR && core->expr.at[i].a == c->pick;
  for (uint32_t i = 0; i < core->key.n; i++) {
    const dm_core_expr *x = &core->expr.at[core->key.at[i].expr];
    own += x->op == DM_X_VAR && x->a == c->pick;
  }
  /* Phase 4 asks for each option once, whether or not it does anything. */
  own += c->option.n;
  return reads > own;
}

static void equal_options(dm_build *b)
{
  for (uint32_t c = 0; c < b->choice.n; c++) {
    const dm_b_choice *choice = &b->choice.at[c];
    const dm_core_choice *core = &b->core->choice.at[choice->core];
    if (!choice->ast || is_tested(b, c))
      continue;
    for (uint32_t i = 1; i < core->n_options; i++)
      for (uint32_t k = 0; k < i; k++) {
        const dm_core_option *x = &b->core->option.at[core->first_option + k];
        const dm_core_option *y = &b->core->option.at[core->first_option + i];
        if (x->announced || y->announced ||
            !same_stmt(b->core, option_body(b, c, k), option_body(b, c, i)))
          continue;
        dm_say(
            b, "W004", y->at, x->at.line,
            "let them differ, or keep one of them",
            "`%s` and `%s` do the same, and nobody hears of either: the "
            "noise of a choice grows with each such option",
            x->name, y->name);
      }
  }
}

/* ---- acts without their object ------------------------------------------------ */

static bool guard_mentions(const dm_ast_expr *guard, const char *name)
{
  if (!guard)
    return false;
  if ((guard->op == DM_AST_STATUS || guard->op == DM_AST_NO) &&
      !strcmp(guard->path->part[0].text, name))
    return true;
  for (uint32_t i = 0; i < guard->n_args; i++)
    if (guard_mentions(guard->arg[i], name))
      return true;
  return false;
}

static void empty_acts(
    dm_build *b, const dm_ast_option *option, const dm_ast_effects *effects,
    bool guarded)
{
  for (uint32_t i = 0; i < effects->n; i++) {
    const dm_ast_effect *e = &effects->at[i];
    for (uint32_t k = 0; k < e->branches.n; k++)
      empty_acts(
          b, option, &e->branches.at[k].effects,
          guarded || e->kind == DM_AST_DO_IF);
    static const struct {
      dm_ast_effect_kind kind;
      const char *verb, *repair;
    } acts[] = {
        {DM_AST_DO_SEND, "send", "unsent"},
        {DM_AST_DO_ANSWER, "answer", "arrived"},
        {DM_AST_DO_PROPOSE, "propose", NULL},
        {DM_AST_DO_ACCEPT, "accept", "proposed"},
        {DM_AST_DO_LEAVE, "leave", "in force"}};
    for (size_t k = 0; k < sizeof acts / sizeof *acts; k++) {
      if (acts[k].kind != e->kind || guarded ||
          guard_mentions(option->guard, e->target.text))
        continue;
      /* Leaving as a side effect of another act is usually meant so. */
      if (e->kind == DM_AST_DO_LEAVE && effects->n > 1)
        continue;
      const char *guard =
          acts[k].repair
              ? dm_format_in(
                    b->arena, "if %s %s", e->target.text, acts[k].repair)
              : dm_format_in(b->arena, "if no %s", e->target.text);
      dm_say(
          b, "W006", e->at, 0,
          dm_format_in(b->arena, "add a guard such as `%s`", guard),
          "`%s %s` does nothing when there is nothing to %s, yet `%s` is "
          "offered then too",
          acts[k].verb, e->target.text, acts[k].verb, option->name.text);
    }
  }
}

/* ---- declared and never read ---------------------------------------------------- */

static bool is_read(const dm_core *core, uint32_t param)
{
  if (core->param.at[param].structural)
    return true;
  for (uint32_t a = 0; a < core->actor.n; a++) {
    if (core->actor.at[a].sharpness == param ||
        core->actor.at[a].discount == param)
      return true;
  }
  for (uint32_t i = 0; i < core->expr.n; i++) {
    if (core->expr.at[i].op == DM_X_PARAM && core->expr.at[i].a == param)
      return true;
  }
  return false;
}

static void unused(dm_build *b)
{
  for (uint32_t i = 0; i < b->ast->assumptions.n; i++) {
    const dm_ast_assumption *it = &b->ast->assumptions.at[i];
    uint32_t param = b->assumption.at[i];
    if (param != DM_NONE && !is_read(b->core, param))
      dm_say(
          b, "W012", it->name.at, 0, "use it, or take it out",
          "nothing in this file reads the assumption `%s`", it->name.text);
  }
}

void dm_build_warnings(dm_build *b)
{
  unused(b);
  late_sources(b);
  equal_types(b);
  equal_options(b);
  for (uint32_t i = 0; i < b->ast->choices.n; i++)
    for (uint32_t k = 0; k < b->ast->choices.at[i].options.n; k++) {
      const dm_ast_option *option = &b->ast->choices.at[i].options.at[k];
      empty_acts(b, option, &option->effects, false);
    }
}
