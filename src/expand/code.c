/* expand/code.c -- expressions as flat code.
 *
 * A tree of expressions is walked millions of times, so each root is compiled
 * once to a stack machine: operands first, `and`, `or` and `if` by jumps, and
 * the commonest condition (a variable against a number) as one instruction.
 * Compiling uses a list instead of recursion: a desugared sum can be as deep as
 * a file is long.
 *
 * The same code is run in two ways: for a number, or for a number together with
 * the cell that it comes from where a parameter takes part. */
#include "expand/walk.h"

#include <math.h>
#include <string.h>

enum {
  C_END,
  C_NUMBER,
  C_PARAM,
  C_VAR,
  C_PERIOD,
  C_COMPARE, /* variable a `cmp` k */
  C_TWO,     /* the two on top, by `cmp` */
  C_NEG,
  C_NOT,
  C_BOOL,
  C_JUMP,
  C_JUMP_FALSE, /* takes the condition */
  C_AND,        /* false: 0 and jump; else takes it */
  C_OR          /* true: 1 and jump; else takes it */
};

typedef struct dm_task {
  dm_expr_id expr;
  uint32_t stage;
  uint32_t patch;
} dm_task;

typedef DM_VEC(dm_task) task_list;

void dm_code_init(dm_walk *w)
{
  uint32_t n = w->core->expr.n;
  w->root = dm_arena_array(&w->work, n, sizeof *w->root);
  for (uint32_t i = 0; i < n; i++) {
    w->root[i].at = DM_NONE;
    w->root[i].cell = DM_NONE;
  }
}

static uint32_t emit(dm_walk *w, int op, int cmp, uint32_t a, double k)
{
  dm_code c = {(uint8_t)op, (uint8_t)cmp, a, k};
  DM_PUSH(&w->work, &w->code, c);
  return w->code.n - 1;
}

static bool is_relation(int op)
{
  return op >= DM_X_EQ && op <= DM_X_GE;
}

static int mirrored(int op)
{
  switch (op) {
  case DM_X_LT:
    return DM_X_GT;
  case DM_X_LE:
    return DM_X_GE;
  case DM_X_GT:
    return DM_X_LT;
  case DM_X_GE:
    return DM_X_LE;
  default:
    return op;
  }
}

/* Variable against number: one instruction. */
static bool fused(dm_walk *w, const dm_core_expr *x, uint8_t *reads)
{
  if (!is_relation(x->op))
    return false;
  const dm_core_expr *a = &w->core->expr.at[x->a];
  const dm_core_expr *b = &w->core->expr.at[x->b];
  if (a->op == DM_X_VAR && b->op == DM_X_NUMBER)
    emit(w, C_COMPARE, x->op, a->a, b->number);
  else if (b->op == DM_X_VAR && a->op == DM_X_NUMBER)
    emit(w, C_COMPARE, mirrored(x->op), b->a, a->number);
  else
    return false;
  *reads |= DM_READS_VAR;
  return true;
}

static bool leaf(dm_walk *w, const dm_core_expr *x, uint8_t *reads)
{
  switch (x->op) {
  case DM_X_NUMBER:
    emit(w, C_NUMBER, 0, 0, x->number);
    return true;
  case DM_X_PARAM:
    emit(w, C_PARAM, 0, x->a, 0);
    *reads |= DM_READS_PARAM;
    return true;
  case DM_X_VAR:
    emit(w, C_VAR, 0, x->a, 0);
    *reads |= DM_READS_VAR;
    return true;
  case DM_X_PERIOD:
    emit(w, C_PERIOD, 0, 0, 0);
    *reads |= DM_READS_PERIOD;
    return true;
  default:
    return fused(w, x, reads);
  }
}

/* A jump's `a` counts from the instruction itself. */
static void land(dm_walk *w, uint32_t from)
{
  w->code.at[from].a = w->code.n - from;
}

/* One stage of an inner expression; returns the operand to compile next or
 * DM_NONE when done. */
static uint32_t advance(dm_walk *w, const dm_core_expr *x, dm_task *task)
{
  uint32_t stage = task->stage++;
  if (stage == 0)
    return x->a;
  switch (x->op) {
  case DM_X_NEG:
    emit(w, C_NEG, 0, 0, 0);
    return DM_NONE;
  case DM_X_NOT:
    emit(w, C_NOT, 0, 0, 0);
    return DM_NONE;
  case DM_X_AND:
  case DM_X_OR:
    if (stage == 1) {
      task->patch = emit(w, x->op == DM_X_AND ? C_AND : C_OR, 0, 0, 0);
      return x->b;
    }
    emit(w, C_BOOL, 0, 0, 0);
    land(w, task->patch);
    return DM_NONE;
  case DM_X_IF:
    if (stage == 1) {
      task->patch = emit(w, C_JUMP_FALSE, 0, 0, 0);
      return x->b;
    }
    if (stage == 2) {
      uint32_t over = emit(w, C_JUMP, 0, 0, 0);
      land(w, task->patch);
      task->patch = over;
      return x->c;
    }
    land(w, task->patch);
    return DM_NONE;
  default:
    if (stage == 1)
      return x->b;
    emit(w, C_TWO, x->op, 0, 0);
    return DM_NONE;
  }
}

static void compile(dm_walk *w, dm_expr_id id)
{
  enum { MOST = 1 << 26 };
  task_list tasks = {NULL, 0, 0};
  uint8_t reads = 0;
  uint32_t at = w->code.n, deepest = 0;
  dm_task first = {id, 0, 0};
  DM_PUSH(&w->work, &tasks, first);
  while (tasks.n) {
    if (w->code.n > MOST)
      dm_arena_throw(&w->work, DM_E_LIMIT);
    dm_task *task = &tasks.at[tasks.n - 1];
    const dm_core_expr *x = &w->core->expr.at[task->expr];
    if (tasks.n > deepest)
      deepest = tasks.n;
    if (task->stage == 0 && leaf(w, x, &reads)) {
      tasks.n--;
      continue;
    }
    uint32_t operand = advance(w, x, task);
    if (operand == DM_NONE) {
      tasks.n--;
    } else {
      dm_task next = {operand, 0, 0};
      DM_PUSH(&w->work, &tasks, next);
    }
  }
  emit(w, C_END, 0, 0, 0);
  dm_arena_release(&w->work, tasks.at);
  while (w->stack.n < deepest + 2) {
    DM_PUSH(&w->work, &w->stack, 0.0);
    dm_mixed none = {0, 0, false};
    DM_PUSH(&w->work, &w->mixed, none);
  }
  w->root[id].reads = reads;
  w->root[id].at = at;
}

const dm_root *dm_code_root(dm_walk *w, dm_expr_id id)
{
  if (w->root[id].at == DM_NONE)
    compile(w, id);
  return &w->root[id];
}

void dm_code_reads(dm_walk *w, dm_expr_id id, uint64_t *set)
{
  if (id == DM_NONE)
    return;
  uint32_t at = dm_code_root(w, id)->at;
  const dm_code *c = w->code.at + at;
  for (; c->op != C_END; c++)
    if (c->op == C_VAR || c->op == C_COMPARE)
      set[c->a / 64] |= UINT64_C(1) << c->a % 64;
}

static inline bool relation(int op, double a, double b)
{
  switch (op) {
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
  default:
    return a >= b;
  }
}

static double two(int op, double a, double b)
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
  default:
    return relation(op, a, b) ? 1.0 : 0.0;
  }
}

double dm_code_eval(dm_walk *w, dm_expr_id id, const int32_t *v, uint32_t t)
{
  if (w->root[id].at == DM_NONE)
    compile(w, id);
  const dm_code *c = w->code.at + w->root[id].at;
  double *top = w->stack.at; /* one above the top */
  for (;;) {
    switch (c->op) {
    case C_END:
      return top[-1];
    case C_NUMBER:
      *top++ = c->k;
      break;
    case C_PARAM:
      *top++ = w->param[c->a];
      break;
    case C_VAR:
      *top++ = (double)v[c->a];
      break;
    case C_PERIOD:
      *top++ = (double)t;
      break;
    case C_COMPARE:
      *top++ = relation(c->cmp, (double)v[c->a], c->k) ? 1.0 : 0.0;
      break;
    case C_TWO:
      top--;
      top[-1] = two(c->cmp, top[-1], top[0]);
      break;
    case C_NEG:
      top[-1] = -top[-1];
      break;
    case C_NOT:
      top[-1] = top[-1] == 0 ? 1.0 : 0.0;
      break;
    case C_BOOL:
      top[-1] = top[-1] != 0 ? 1.0 : 0.0;
      break;
    case C_JUMP:
      c += c->a;
      continue;
    case C_JUMP_FALSE:
      if (*--top == 0) {
        c += c->a;
        continue;
      }
      break;
    case C_AND:
      if (top[-1] == 0) {
        c += c->a;
        continue;
      }
      top--;
      break;
    default: /* C_OR */
      if (top[-1] != 0) {
        top[-1] = 1;
        c += c->a;
        continue;
      }
      top--;
      break;
    }
    c++;
  }
}

/* ---- with cells ---------------------------------------------------------- */

static dm_cell_id cell_of(dm_walk *w, dm_mixed x)
{
  return x.live ? x.cell : dm_cells_number(&w->cells, x.num);
}

static dm_mixed plain(double num)
{
  dm_mixed x = {num, 0, false};
  return x;
}

static dm_mixed mixed_two(dm_walk *w, int op, dm_mixed a, dm_mixed b)
{
  dm_mixed x = plain(two(op, a.num, b.num));
  if (!a.live && !b.live)
    return x;
  dm_cell_op cell;
  switch (op) {
  case DM_X_ADD:
    cell = DM_CELL_ADD;
    break;
  case DM_X_SUB:
    cell = DM_CELL_SUB;
    break;
  case DM_X_MUL:
    cell = DM_CELL_MUL;
    break;
  case DM_X_DIV:
    cell = DM_CELL_DIV;
    break;
  case DM_X_MIN:
    cell = DM_CELL_MIN;
    break;
  case DM_X_MAX:
    cell = DM_CELL_MAX;
    break;
  default:
    /* A comparison or a whole quotient of a parameter: decided here; the
     * language lets only structural parameters come to this. */
    return x;
  }
  x.cell = dm_rows_op(w, cell, cell_of(w, a), cell_of(w, b));
  x.live = true;
  return x;
}

static dm_mixed mixed_run(
    dm_walk *w, dm_expr_id id, const int32_t *v, uint32_t t)
{
  const dm_code *c = w->code.at + w->root[id].at;
  dm_mixed *top = w->mixed.at;
  for (;;) {
    switch (c->op) {
    case C_END:
      return top[-1];
    case C_NUMBER:
      *top++ = plain(c->k);
      break;
    case C_PARAM:
      top->num = w->param[c->a];
      top->cell = dm_cells_param(&w->cells, c->a);
      top++->live = true;
      break;
    case C_VAR:
      *top++ = plain((double)v[c->a]);
      break;
    case C_PERIOD:
      *top++ = plain((double)t);
      break;
    case C_COMPARE:
      *top++ = plain(relation(c->cmp, (double)v[c->a], c->k) ? 1.0 : 0.0);
      break;
    case C_TWO:
      top--;
      top[-1] = mixed_two(w, c->cmp, top[-1], top[0]);
      break;
    case C_NEG:
      top[-1] = mixed_two(w, DM_X_SUB, plain(0), top[-1]);
      break;
    case C_NOT:
      top[-1] = plain(top[-1].num == 0 ? 1.0 : 0.0);
      break;
    case C_BOOL:
      top[-1] = plain(top[-1].num != 0 ? 1.0 : 0.0);
      break;
    case C_JUMP:
      c += c->a;
      continue;
    case C_JUMP_FALSE:
      top--;
      if (top->num == 0) {
        c += c->a;
        continue;
      }
      break;
    case C_AND:
      if (top[-1].num == 0) {
        top[-1] = plain(0);
        c += c->a;
        continue;
      }
      top--;
      break;
    default: /* C_OR */
      if (top[-1].num != 0) {
        top[-1] = plain(1);
        c += c->a;
        continue;
      }
      top--;
      break;
    }
    c++;
  }
}

/* The value with its cell; the cell is always set. */
dm_mixed dm_code_cell(dm_walk *w, dm_expr_id id, const int32_t *v, uint32_t t)
{
  dm_root *root = &w->root[id];
  if (root->at == DM_NONE)
    compile(w, id);
  dm_mixed x;
  if (root->reads & DM_READS_PARAM) {
    x = mixed_run(w, id, v, t);
  } else {
    x = plain(dm_code_eval(w, id, v, t));
  }
  if (!x.live) {
    bool fixed = !(root->reads & (DM_READS_VAR | DM_READS_PERIOD));
    if (!fixed || root->cell == DM_NONE)
      root->cell = dm_cells_number(&w->cells, x.num);
    x.cell = root->cell;
  }
  return x;
}
