/* api/set.c -- --set NAME=VALUE.
 *
 * A value is checked as far as it can be without walking the scenario: chances
 * lie in [0, 1], and lists of chances that do not depend on the situation still
 * add up.  Others are checked when they are met. */
#include "api/handle.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { MAX_DEPTH = 64, MAX_DIGITS = 18 };

static void tell(
    dm_diags *diags, const char *code, const char *text, const char *repair)
{
  dm_diags_add(
      diags, DM_ERROR, code, dm_code_title(code), (dm_span){0}, 0, text,
      repair);
}

/* ---- a number as exactly as it was written --------------------------------------- */

/* Digits with at most one point; advances *at.  False: none, or too many. */
static bool read_decimal(const char **at, dm_ratio *out)
{
  const char *c = *at;
  int64_t num = 0, den = 1;
  bool negative = *c == '-', point = false;
  int digits = 0;
  c += negative || *c == '+';
  for (; isdigit((unsigned char)*c) || (*c == '.' && !point); c++) {
    if (*c == '.') {
      point = true;
      continue;
    }
    if (++digits > MAX_DIGITS)
      return false;
    num = num * 10 + (*c - '0');
    if (point)
      den *= 10;
  }
  *at = c;
  return digits > 0 && dm_ratio_make(negative ? -num : num, den, out);
}

/* 0.2, 70%, 1/3. */
static bool read_value(const char *text, dm_ratio *out, bool *percent)
{
  dm_ratio second;
  *percent = false;
  while (*text == ' ')
    text++;
  if (!read_decimal(&text, out))
    return false;
  if (*text == '/') {
    text++;
    if (!read_decimal(&text, &second) || second.num == 0 ||
        !dm_ratio_div(*out, second, out))
      return false;
  }
  while (*text == ' ')
    text++;
  if (*text == '%') {
    *percent = true;
    text++;
    if (!dm_ratio_div(*out, (dm_ratio){100, 1}, out))
      return false;
  }
  while (*text == ' ')
    text++;
  return *text == '\0';
}

/* ---- lists of chances --------------------------------------------------------------- */

static bool is_fixed(const dm_core *core, dm_expr_id id, uint32_t depth)
{
  const dm_core_expr *x = &core->expr.at[id];
  if (depth == 0)
    return false;
  switch ((dm_core_op)x->op) {
  case DM_X_NUMBER:
  case DM_X_PARAM:
    return true;
  case DM_X_VAR:
  case DM_X_PERIOD:
    return false;
  case DM_X_NEG:
  case DM_X_NOT:
    return is_fixed(core, x->a, depth - 1);
  case DM_X_IF:
    return is_fixed(core, x->a, depth - 1) && is_fixed(core, x->b, depth - 1) &&
           is_fixed(core, x->c, depth - 1);
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
    return is_fixed(core, x->a, depth - 1) && is_fixed(core, x->b, depth - 1);
  }
  return false;
}

/* Whether a draw's chances, where they are fixed, are chances and add up. */
static bool draw_holds(const dm_core *core, const dm_core_stmt *draw)
{
  double sum = 0;
  bool all = true;
  for (uint32_t k = 0; k < draw->count; k++) {
    dm_expr_id id = core->branch.at[draw->first + k].chance;
    if (!is_fixed(core, id, MAX_DEPTH)) {
      all = false;
      continue;
    }
    double p = dm_core_eval(core, id, NULL, 1, NULL);
    if (!(p >= -1e-12 && p <= 1 + 1e-12))
      return false;
    sum += p;
  }
  return !all || fabs(sum - 1) < 1e-9;
}

static bool chances_hold(const dm_core *core)
{
  for (uint32_t i = 0; i < core->stmt.n; i++) {
    if (core->stmt.at[i].op == DM_DO_DRAW &&
        !draw_holds(core, &core->stmt.at[i]))
      return false;
  }
  return true;
}

/* ---- setting ------------------------------------------------------------------------- */

static dm_status unknown(
    const dm_scenario *s, const char *name, bool many, dm_diags *diags)
{
  const dm_core *core = s->core;
  dm_str text = {0};
  const char *best = NULL;
  const char **names =
      core->param.n
          ? dm_arena_array(core->arena, core->param.n * 2, sizeof *names)
          : NULL;
  size_t n = 0;
  for (uint32_t i = 0; i < core->param.n; i++) {
    names[n++] = core->param.at[i].path;
    if (core->param.at[i].alias)
      names[n++] = core->param.at[i].alias;
  }
  if (!many && n > 0)
    best = dm_nearest(name, names, n);
  if (many)
    dm_str_addf(&text, "--set: `%s` is the end of several names.", name);
  else if (best)
    dm_str_addf(
        &text, "--set: no number is called `%s`; did you mean `%s`?", name,
        best);
  else
    dm_str_addf(&text, "--set: no number is called `%s`.", name);
  tell(
      diags, "E062", dm_str_text(&text),
      "The names are in the list of assumptions that `demarche forecast` "
      "prints last.");
  dm_str_clear(&text);
  return DM_E_INPUT;
}

static bool ends_in(const char *text, const char *end)
{
  size_t n = strlen(text), m = strlen(end);
  return n >= m && strcmp(text + n - m, end) == 0;
}

/* What is wrong with a value, or NULL. */
static const char *objection(const dm_core_param *p, double x)
{
  if (p->chance && !(x >= 0 && x <= 1))
    return "it is a chance, between 0 % and 100 %";
  if (ends_in(p->path, ".sharpness") && !(x >= 0))
    return "a sharpness is 0 or more";
  if (ends_in(p->path, ".discount") && !(x > 0 && x <= 1))
    return "a discount is above 0 and at most 1";
  if (!isfinite(x) || fabs(x) > 1e12)
    return "it is too large";
  return NULL;
}

static dm_status set_param(
    dm_scenario *s, uint32_t i, const char *name, const char *value,
    dm_diags *diags)
{
  dm_core_param *p = &s->core->param.at[i];
  dm_core_param before = *p;
  dm_ratio exact;
  bool percent;
  const char *wrong = "it is no number like 0.2, 70% or 1/3";
  if (read_value(value, &exact, &percent)) {
    p->exact = exact;
    p->base = dm_ratio_double(exact);
    wrong = objection(p, p->base);
    if (!wrong && percent && !p->chance)
      wrong = "it is no chance, so it takes no %";
    if (!wrong && !chances_hold(s->core))
      wrong = "the chances it belongs to would no longer add up to 100 %";
  }
  if (!wrong)
    return DM_OK;
  *p = before;
  dm_str text = {0};
  dm_str_addf(&text, "--set: `%s` cannot be `%s`: %s.", name, value, wrong);
  tell(diags, "E067", dm_str_text(&text), "");
  dm_str_clear(&text);
  return DM_E_INPUT;
}

static dm_status assign(dm_scenario *s, const char *assignment, dm_diags *diags)
{
  const char *equals = strchr(assignment, '=');
  if (!equals || equals == assignment) {
    tell(
        diags, "E067", "--set needs NAME=VALUE.",
        "For example --set us.sharpness=0.2");
    return DM_E_INPUT;
  }
  size_t len = (size_t)(equals - assignment);
  while (len > 0 && assignment[len - 1] == ' ')
    len--;
  const char *name = dm_arena_text(&s->arena, assignment, len);
  bool many = false;
  uint32_t i = dm_core_find_param(s->core, name, &many);
  if (i == DM_NONE)
    return unknown(s, name, many, diags);
  dm_status why = set_param(s, i, name, equals + 1, diags);
  if (why == DM_OK) {
    const char *copy = dm_arena_text(&s->arena, assignment, strlen(assignment));
    DM_PUSH(&s->arena, &s->set, copy);
  }
  return why;
}

dm_status dm_scenario_set(
    dm_scenario *scenario, const char *assignment, dm_diags *diags)
{
  dm_status why = (dm_status)setjmp(scenario->arena.jump);
  if (why == DM_OK)
    why = assign(scenario, assignment, diags);
  dm_diags_sort(diags);
  return why;
}
