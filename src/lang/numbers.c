/* lang/numbers.c -- parameters: every number that somebody made up has a name,
 * a base value and perhaps a range; lists of chances add up exactly. */
#include "lang/build.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool constant2(dm_ast_op op, dm_ratio x, dm_ratio y, dm_ratio *out)
{
  if (op == DM_AST_ADD)
    return dm_ratio_add(x, y, out);
  if (op == DM_AST_SUB)
    return dm_ratio_sub(x, y, out);
  if (op == DM_AST_MUL)
    return dm_ratio_mul(x, y, out);
  return y.num != 0 && dm_ratio_div(x, y, out);
}

bool dm_constant(dm_build *b, const dm_ast_expr *expr, dm_ratio *out)
{
  dm_ratio x, y;
  switch (expr->op) {
  case DM_AST_NUMBER:
    *out = expr->number.value;
    return true;
  case DM_AST_PATH: {
    const dm_symbol *symbol =
        expr->path->n == 1 ? dm_lookup(b, expr->path->part[0].text) : NULL;
    if (!symbol || symbol->kind != DM_SYM_ASSUMPTION)
      return false;
    uint32_t param = b->assumption.at[symbol->index];
    if (param == DM_NONE)
      return false;
    *out = b->core->param.at[param].exact;
    return true;
  }
  case DM_AST_NEG:
    return dm_constant(b, expr->arg[0], &x) &&
           dm_ratio_sub((dm_ratio){0, 1}, x, out);
  case DM_AST_ADD:
  case DM_AST_SUB:
  case DM_AST_MUL:
  case DM_AST_DIV:
    return dm_constant(b, expr->arg[0], &x) &&
           dm_constant(b, expr->arg[1], &y) && constant2(expr->op, x, y, out);
  case DM_AST_MIN:
  case DM_AST_MAX:
    if (!dm_constant(b, expr->arg[0], out))
      return false;
    for (uint32_t i = 1; i < expr->n_args; i++) {
      if (!dm_constant(b, expr->arg[i], &x))
        return false;
      int order = dm_ratio_compare(x, *out);
      if (expr->op == DM_AST_MIN ? order < 0 : order > 0)
        *out = x;
    }
    return true;
  case DM_AST_REST:
  case DM_AST_STATUS:
  case DM_AST_NO:
  case DM_AST_IS:
  case DM_AST_FROM:
  case DM_AST_UNTIL:
  case DM_AST_IN:
  case DM_AST_EQ:
  case DM_AST_NE:
  case DM_AST_LT:
  case DM_AST_LE:
  case DM_AST_GT:
  case DM_AST_GE:
  case DM_AST_NOT:
  case DM_AST_AND:
  case DM_AST_OR:
    break;
  }
  return false;
}

uint32_t dm_count_literals(const dm_ast_expr *expr)
{
  if (expr->op == DM_AST_NUMBER)
    return 1;
  uint32_t n = 0;
  for (uint32_t i = 0; i < expr->n_args; i++)
    n += dm_count_literals(expr->arg[i]);
  return n;
}

static void check_range(dm_build *b, const dm_ast_number *number, bool chance)
{
  bool ordered = dm_ratio_compare(number->lo, number->value) <= 0 &&
                 dm_ratio_compare(number->value, number->hi) <= 0 &&
                 dm_ratio_compare(number->lo, number->hi) < 0;
  if (!ordered)
    dm_say(
        b, "E013", number->range_at, 0,
        "write it as VALUE [LOWEST..HIGHEST] with the value inside",
        "the base value must lie inside its range, and the range must have "
        "two different ends");
  else if (
      chance && (number->lo.num <= 0 ||
                 dm_ratio_compare(number->hi, (dm_ratio){1, 1}) >= 0))
    dm_say(
        b, "E013", number->range_at, 0,
        "keep both ends strictly between 0% and 100%, such as [1%..99%]",
        "a range of a chance that reaches 0%% or 100%% would change which "
        "situations exist");
}

static void source_facts(
    dm_build *b, const dm_ast_remarks *remarks, dm_core_param *param)
{
  param->note = dm_first_note(remarks);
  if (!remarks || !remarks->sources.n)
    return;
  param->source = remarks->sources.at[0].text;
  param->sourced = true;
  (void)b;
}

uint32_t dm_literal(
    dm_build *b, const dm_ast_number *number, const char *path,
    const dm_ast_remarks *remarks, bool chance)
{
  /* A number that is compiled twice (an option with open terms, a letter sent
   * by two options) is still one number. */
  for (uint32_t i = 0; number->at.line && i < b->core->param.n; i++) {
    const dm_core_param *held = &b->core->param.at[i];
    if (held->at.line == number->at.line &&
        held->at.column == number->at.column)
      return i;
  }
  if (fabs(dm_ratio_double(number->value)) > 1e15)
    dm_say(
        b, "E053", number->at, 0, "use smaller units",
        "payoffs beyond 1e15 leave no digits for what tells them apart");
  dm_core_param param = {
      .path = path,
      .note = "",
      .source = "",
      .exact = number->value,
      .base = dm_ratio_double(number->value),
      .has_range = number->ranged,
      .chance = chance || number->percent,
      .at = number->at};
  param.lo = param.hi = param.base;
  if (number->ranged) {
    check_range(b, number, param.chance);
    param.lo = dm_ratio_double(number->lo);
    param.hi = dm_ratio_double(number->hi);
  }
  source_facts(b, remarks, &param);
  if (param.sourced)
    b->core->n_sourced++;
  else
    b->core->n_judged++;
  DM_PUSH(b->arena, &b->core->param, param);
  return b->core->param.n - 1;
}

uint32_t dm_single(
    dm_build *b, const dm_ast_expr *expr, const char *path,
    const dm_ast_remarks *remarks)
{
  if (expr->op == DM_AST_NUMBER)
    return dm_literal(b, &expr->number, path, remarks, false);
  dm_entity entity = {.kind = DM_IS_NOTHING};
  dm_context ctx = dm_context_of(DM_MODE_STATE);
  if (expr->op == DM_AST_PATH)
    entity = dm_resolve(b, &ctx, expr->path, true);
  if (entity.kind == DM_IS_ASSUMPTION)
    return b->assumption.at[entity.index];
  dm_ratio value;
  if (dm_constant(b, expr, &value)) {
    dm_ast_number number = {.value = value, .at = expr->at};
    return dm_literal(b, &number, path, remarks, false);
  }
  dm_say(
      b, "E066", expr->at, 0, "write a number, or the name of an assumption",
      "`%s` needs one number here", path);
  return DM_NONE;
}

void dm_structural(dm_build *b, uint32_t param, dm_span at)
{
  if (param == DM_NONE)
    return;
  dm_core_param *p = &b->core->param.at[param];
  p->structural = true;
  if (p->has_range)
    dm_say(
        b, "E013", at, p->at.line,
        "take the range away, or vary the number with --set",
        "`%s` has a range, but here it decides which situations exist",
        p->alias ? p->alias : p->path);
}

static void outside(dm_build *b, dm_span at, dm_ratio value)
{
  dm_say(
      b, "E011", at, 0, "a chance is written in %, from 0% to 100%",
      "%.6g is no chance", dm_ratio_double(value));
}

dm_expr_id dm_chance(
    dm_build *b, const dm_ast_expr *expr, const char *path,
    const dm_ast_remarks *remarks)
{
  dm_place place = {
      .path = path, .remarks = remarks, .expected = dm_count_literals(expr)};
  dm_ratio value;
  bool known = dm_constant(b, expr, &value);
  if (known && (value.num < 0 || dm_ratio_compare(value, (dm_ratio){1, 1}) > 0))
    outside(b, expr->at, value);
  else if (
      expr->op == DM_AST_NUMBER && !expr->number.percent && value.num != 0 &&
      value.num != value.den)
    dm_say(
        b, "E011", expr->at, 0,
        dm_format_in(b->arena, "write %.6g%%", 100 * dm_ratio_double(value)),
        "a chance is written in %%");
  if (expr->op == DM_AST_NUMBER) {
    uint32_t param = dm_literal(b, &expr->number, path, remarks, true);
    DM_PUSH(
        b->arena, &b->core->expr,
        ((dm_core_expr){.op = DM_X_PARAM, .a = param}));
    return b->core->expr.n - 1;
  }
  dm_context ctx = dm_context_of(DM_MODE_PAY);
  ctx.place = &place;
  return dm_compile(b, &ctx, expr);
}

/* Extremes of a chance that is one literal or one assumption; others count with
 * their base value. */
static void extremes(
    dm_build *b, const dm_ast_expr *expr, dm_ratio base, dm_ratio *lo,
    dm_ratio *hi)
{
  *lo = *hi = base;
  if (expr->op == DM_AST_NUMBER && expr->number.ranged) {
    *lo = expr->number.lo;
    *hi = expr->number.hi;
  }
  if (expr->op != DM_AST_PATH)
    return;
  const dm_symbol *symbol = dm_lookup(b, expr->path->part[0].text);
  if (!symbol || symbol->kind != DM_SYM_ASSUMPTION)
    return;
  const dm_ast_expr *value = b->ast->assumptions.at[symbol->index].value;
  if (value->op == DM_AST_NUMBER && value->number.ranged) {
    *lo = value->number.lo;
    *hi = value->number.hi;
  }
}

static void percent_text(dm_ratio value, char out[40])
{
  double percent = 100 * dm_ratio_double(value);
  snprintf(out, 40, "%.10g%%", percent);
}

typedef struct tally {
  dm_ratio sum, lo, hi;
  bool known, ranged;
  uint32_t rest; /* entry, or DM_NONE */
} tally;

static void add_up(
    dm_build *b, const dm_ast_expr *const *list, uint32_t n, tally *all)
{
  *all = (tally){{0, 1}, {0, 1}, {0, 1}, true, false, DM_NONE};
  for (uint32_t i = 0; i < n; i++) {
    if (list[i]->op == DM_AST_REST) {
      if (all->rest != DM_NONE)
        dm_say(
            b, "E011", list[i]->at, list[all->rest]->at.line,
            "leave only one `rest`", "a list has room for one `rest`");
      all->rest = i;
      continue;
    }
    dm_ratio value, lo, hi;
    if (!dm_constant(b, list[i], &value)) {
      all->known = false;
      continue;
    }
    extremes(b, list[i], value, &lo, &hi);
    all->ranged |= dm_ratio_compare(lo, hi) != 0;
    if (!dm_ratio_add(all->sum, value, &all->sum) ||
        !dm_ratio_add(all->lo, lo, &all->lo) ||
        !dm_ratio_add(all->hi, hi, &all->hi)) {
      dm_say(
          b, "E012", list[i]->at, 0, "write the chances with fewer digits",
          "the exact sum of these chances does not fit in 64 bits");
      all->known = false;
    }
  }
}

static void check_sum(dm_build *b, const tally *all, dm_span at, bool partial)
{
  if (!all->known)
    return;
  const dm_ratio one = {1, 1};
  char sum[40];
  percent_text(all->sum, sum);
  int order = dm_ratio_compare(all->sum, one);
  bool open = partial || all->rest != DM_NONE;
  if (order > 0 || (order < 0 && !open)) {
    char gap[40];
    dm_ratio rest;
    if (!dm_ratio_sub(one, all->sum, &rest))
      rest = one;
    if (rest.num < 0)
      rest.num = -rest.num;
    percent_text(rest, gap);
    dm_say(
        b, "E011", at, 0,
        order < 0 ? "give the missing part to one entry, or write `rest`"
                  : "take the excess away from one entry",
        "these chances add up to %s, %s %s 100%%", sum, gap,
        order < 0 ? "short of" : "more than");
  } else if (all->ranged && !open) {
    dm_say(
        b, "E013", at, 0, "write `rest` for one of the other entries",
        "one of these chances has a range, so another must be `rest`");
  } else if (dm_ratio_compare(all->hi, one) > 0) {
    dm_say(
        b, "E013", at, 0, "narrow a range",
        "at the upper ends of their ranges these chances pass 100%%");
  }
}

void dm_chances(
    dm_build *b, const dm_ast_expr *const *list, uint32_t n,
    const char *const *paths, const dm_ast_remarks *remarks, dm_span at,
    bool partial, dm_expr_id *exprs, dm_expr_id *remainder)
{
  tally all;
  add_up(b, list, n, &all);
  check_sum(b, &all, at, partial);
  dm_expr_id sum = DM_NONE;
  for (uint32_t i = 0; i < n; i++) {
    if (list[i]->op == DM_AST_REST)
      continue;
    exprs[i] = dm_chance(b, list[i], paths[i], remarks);
    sum = sum == DM_NONE ? exprs[i] : dm_op(b, DM_X_ADD, sum, exprs[i]);
  }
  dm_expr_id rest =
      sum == DM_NONE ? dm_num(b, 1) : dm_op(b, DM_X_SUB, dm_num(b, 1), sum);
  if (all.rest != DM_NONE)
    exprs[all.rest] = rest;
  bool full = all.known && !all.ranged &&
              dm_ratio_compare(all.sum, (dm_ratio){1, 1}) == 0;
  *remainder = partial && all.rest == DM_NONE && !full ? rest : DM_NONE;
}

uint32_t dm_core_find_param(const dm_core *core, const char *name, bool *many)
{
  uint32_t found = DM_NONE;
  size_t len = strlen(name);
  *many = false;
  for (uint32_t i = 0; i < core->param.n; i++) {
    const dm_core_param *p = &core->param.at[i];
    if (strcmp(p->path, name) == 0 || (p->alias && !strcmp(p->alias, name)))
      return i;
    size_t held = strlen(p->path);
    /* `lowland.thirsty` must not mean payoff.attack.lowland.thirsty: payoffs are
     * named in full. */
    if (strncmp(p->path, "payoff.", 7) == 0)
      continue;
    if (held > len + 1 && p->path[held - len - 1] == '.' &&
        strcmp(p->path + held - len, name) == 0) {
      *many |= found != DM_NONE;
      found = i;
    }
  }
  return *many ? DM_NONE : found;
}
