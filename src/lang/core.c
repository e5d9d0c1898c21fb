/* lang/core.c -- building and evaluating the typed core. */
#include "lang/core.h"

#include <math.h>

static dm_expr_id push_expr(dm_core *core, dm_core_expr expr)
{
  DM_PUSH(core->arena, &core->expr, expr);
  return core->expr.n - 1;
}

dm_expr_id dm_core_number(dm_core *core, double number)
{
  return push_expr(core, (dm_core_expr){.op = DM_X_NUMBER, .number = number});
}

dm_expr_id dm_core_var_expr(dm_core *core, uint32_t var)
{
  return push_expr(core, (dm_core_expr){.op = DM_X_VAR, .a = var});
}

dm_expr_id dm_core_op2(dm_core *core, dm_core_op op, dm_expr_id a, dm_expr_id b)
{
  return push_expr(core, (dm_core_expr){.op = (uint8_t)op, .a = a, .b = b});
}

dm_expr_id dm_core_if(
    dm_core *core, dm_expr_id cond, dm_expr_id then_id, dm_expr_id else_id)
{
  return push_expr(
      core,
      (dm_core_expr){.op = DM_X_IF, .a = cond, .b = then_id, .c = else_id});
}

static dm_stmt_id push_stmt(dm_core *core, dm_core_stmt stmt)
{
  DM_PUSH(core->arena, &core->stmt, stmt);
  return core->stmt.n - 1;
}

dm_stmt_id dm_core_set(dm_core *core, uint32_t var, dm_expr_id expr)
{
  return push_stmt(
      core, (dm_core_stmt){
                .op = DM_DO_SET,
                .target = var,
                .expr = expr,
                .then_id = DM_NONE,
                .else_id = DM_NONE});
}

dm_stmt_id dm_core_when(
    dm_core *core, dm_expr_id cond, dm_stmt_id then_id, dm_stmt_id else_id)
{
  return push_stmt(
      core, (dm_core_stmt){
                .op = DM_DO_IF,
                .expr = cond,
                .then_id = then_id,
                .else_id = else_id});
}

uint32_t dm_core_add_var(dm_core *core, dm_core_var var)
{
  DM_PUSH(core->arena, &core->var, var);
  return core->var.n - 1;
}

static double eval2(dm_core_op op, double a, double b)
{
  switch (op) {
  case DM_X_ADD:
    return a + b;
  case DM_X_SUB:
    return a - b;
  case DM_X_MUL:
    return a * b;
  case DM_X_DIV:
    return a / b;
  case DM_X_IDIV:
    return floor(a / b);
  case DM_X_MOD:
    return a - b * floor(a / b);
  case DM_X_MIN:
    return a < b ? a : b;
  case DM_X_MAX:
    return a > b ? a : b;
  case DM_X_EQ:
    return a == b;
  case DM_X_NE:
    return a != b;
  case DM_X_LT:
    return a < b;
  case DM_X_LE:
    return a <= b;
  case DM_X_GT:
    return a > b;
  case DM_X_GE:
    return a >= b;
  case DM_X_NUMBER:
  case DM_X_PARAM:
  case DM_X_VAR:
  case DM_X_PERIOD:
  case DM_X_NEG:
  case DM_X_AND:
  case DM_X_OR:
  case DM_X_NOT:
  case DM_X_IF:
    break;
  }
  return (double)NAN;
}

/* Recursion is bounded: the reader refuses expressions deeper than 200, and
 * the constructs add a few levels each. */
double dm_core_eval(
    const dm_core *core, dm_expr_id id, const int32_t *v, uint32_t t,
    const double *param)
{
  const dm_core_expr *x = &core->expr.at[id];
  switch ((dm_core_op)x->op) {
  case DM_X_NUMBER:
    return x->number;
  case DM_X_PARAM:
    return param ? param[x->a] : core->param.at[x->a].base;
  case DM_X_VAR:
    return v[x->a];
  case DM_X_PERIOD:
    return t;
  case DM_X_NEG:
    return -dm_core_eval(core, x->a, v, t, param);
  case DM_X_NOT:
    return dm_core_eval(core, x->a, v, t, param) == 0;
  case DM_X_AND:
    return dm_core_eval(core, x->a, v, t, param) != 0 &&
           dm_core_eval(core, x->b, v, t, param) != 0;
  case DM_X_OR:
    return dm_core_eval(core, x->a, v, t, param) != 0 ||
           dm_core_eval(core, x->b, v, t, param) != 0;
  case DM_X_IF:
    return dm_core_eval(core, x->a, v, t, param) != 0
               ? dm_core_eval(core, x->b, v, t, param)
               : dm_core_eval(core, x->c, v, t, param);
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
    break;
  }
  return eval2(
      (dm_core_op)x->op, dm_core_eval(core, x->a, v, t, param),
      dm_core_eval(core, x->b, v, t, param));
}
