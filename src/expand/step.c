/* expand/step.c -- one step of rules on one situation, as branches.
 *
 * All rules read the situation as the step found it, so each statement can be
 * run once and its result crossed with what the others did.  What happens for
 * sure is gathered in one list of writes (a frame); each draw gives a list of
 * alternatives, found by running its bodies in frames of their own; lists are
 * crossed, equal alternatives are merged at once and their chances added.  A
 * draw whose alternatives all agree is no draw.
 *
 * At the end each alternative is joined with the sure part and turned into
 * changes: assignments first, then the sum of all increments, then the ends of
 * the scale.  Writes that change nothing, and those to dead variables, are
 * dropped, so that branches are equal exactly if they lead to one situation. */
#include "expand/walk.h"

#include <math.h>
#include <string.h>

enum { MOST_DEEP = 1000 };

/* An open list of what happens for sure, and the alternatives to it. */
typedef struct dm_frame {
  uint32_t base, n; /* writes [base, base + n) of cur */
  dm_row_id row;
  uint32_t end, end_rule;
  uint32_t alts, n_alts; /* first of a list, none: DM_NONE */
  bool top;
} dm_frame;

typedef struct dm_run {
  dm_walk *w;
  const dm_plan *plan;
  const int32_t *v;
  uint32_t t;
  uint32_t rule;
} dm_run;

void dm_step_init(dm_walk *w)
{
  w->step.where = dm_arena_array(&w->work, w->n_vars, sizeof(uint32_t));
  w->step.seen = dm_arena_array(&w->work, w->n_vars, sizeof(uint64_t));
}

/* ---- finding equals ------------------------------------------------------ */

/* Empties the hash places and makes room for n things. */
void dm_step_places(dm_walk *w, uint32_t n)
{
  if (n > UINT32_MAX / 8)
    dm_arena_throw(&w->work, DM_E_LIMIT);
  uint32_t cap = 8;
  while (cap < 2 * n)
    cap *= 2;
  while (w->step.slot.cap < cap)
    w->step.slot.at = dm_vec_grow(
        &w->work, w->step.slot.at, &w->step.slot.cap, sizeof(uint32_t));
  w->step.slot.n = cap;
  memset(w->step.slot.at, 0, cap * sizeof(uint32_t));
}

uint32_t dm_step_find(dm_walk *w, uint32_t i, uint32_t hash, dm_step_same same)
{
  uint32_t mask = w->step.slot.n - 1;
  uint32_t *slot = w->step.slot.at;
  uint32_t at = (hash ^ hash >> 15) & mask;
  while (slot[at]) {
    if (same(w, i, slot[at] - 1))
      return slot[at] - 1;
    at = (at + 1) & mask;
  }
  slot[at] = i + 1;
  return i;
}

static uint32_t stir(uint32_t h, uint32_t x)
{
  return (h ^ x) * UINT32_C(0x9e3779b1) + (h >> 13);
}

/* ---- writes -------------------------------------------------------------- */

static dm_write *write_of(dm_run *r, dm_frame *f, uint32_t var)
{
  dm_step_scratch *s = &r->w->step;
  if (f->top) {
    if (s->seen[var] == s->turn)
      return &s->cur.at[f->base + s->where[var]];
    s->seen[var] = s->turn;
    s->where[var] = f->n;
  } else {
    for (uint32_t i = 0; i < f->n; i++)
      if (s->cur.at[f->base + i].var == var)
        return &s->cur.at[f->base + i];
  }
  dm_write x = {0};
  x.var = var;
  x.rule_set = x.rule_up = x.rule_down = DM_NONE;
  DM_PUSH(&r->w->work, &s->cur, x);
  f->n++;
  return &s->cur.at[s->cur.n - 1];
}

/* Two assignments of one variable: equal ones agree, of ordered words the
 * larger wins, else it is a conflict and the first stays. */
static void join_set(dm_run *r, dm_write *to, int32_t value, uint32_t rule)
{
  if (!to->has_set) {
    to->has_set = true;
    to->set = value;
    to->rule_set = rule;
  } else if (to->set != value) {
    if (r->w->core->var.at[to->var].ordered) {
      if (value > to->set) {
        to->set = value;
        to->rule_set = rule;
      }
    } else {
      dm_found_add(r->w, DM_FOUND_CONFLICT, to->rule_set, rule, to->var);
    }
  }
}

static void join_write(dm_run *r, dm_write *to, const dm_write *from)
{
  if (from->has_set)
    join_set(r, to, from->set, from->rule_set);
  to->add += from->add;
  if (to->rule_up == DM_NONE)
    to->rule_up = from->rule_up;
  if (to->rule_down == DM_NONE)
    to->rule_down = from->rule_down;
}

/* A whole number of steps, held within +-2^31. */
static int64_t whole(dm_run *r, dm_expr_id expr, uint32_t var)
{
  double x = dm_code_eval(r->w, expr, r->v, r->t);
  double near = floor(x + 0.5);
  if (!(fabs(x - near) <= 1e-9 * (fabs(x) + 1))) {
    dm_found_add(r->w, DM_FOUND_FRACTION, r->rule, DM_NONE, var);
    if (!(fabs(x) < 1e300))
      return 0;
  }
  if (near > 2147483647.0)
    return INT32_MAX;
  if (near < -2147483648.0)
    return INT32_MIN;
  return (int64_t)near;
}

static void do_write(dm_run *r, dm_frame *f, const dm_core_stmt *s)
{
  if (!dm_bit_get(r->plan->keep, s->target))
    return;
  int64_t x = whole(r, s->expr, s->target);
  dm_write *to = write_of(r, f, s->target);
  if (s->op == DM_DO_SET) {
    join_set(r, to, (int32_t)x, r->rule);
    return;
  }
  to->add += x;
  if (x > 0 && to->rule_up == DM_NONE)
    to->rule_up = r->rule;
  if (x < 0 && to->rule_down == DM_NONE)
    to->rule_down = r->rule;
}

static void join_end(
    dm_run *r, uint32_t *end, uint32_t *end_rule, uint32_t other, uint32_t rule)
{
  if (other == DM_NONE)
    return;
  if (*end != DM_NONE && *end != other)
    dm_found_add(r->w, DM_FOUND_TIE, *end_rule, rule, DM_NONE);
  if (*end == DM_NONE || other < *end) {
    *end = other;
    *end_rule = rule;
  }
}

/* ---- alternatives -------------------------------------------------------- */

static bool same_alt(const dm_walk *w, uint32_t i, uint32_t j)
{
  const dm_alt *a = &w->step.alt.at[i], *b = &w->step.alt.at[j];
  if (a->hash != b->hash || a->n != b->n || a->row != b->row ||
      a->end != b->end)
    return false;
  for (uint32_t k = 0; k < a->n; k++) {
    const dm_write *x = &w->step.done.at[a->first + k];
    const dm_write *y = &w->step.done.at[b->first + k];
    if (x->var != y->var || x->has_set != y->has_set || x->add != y->add ||
        (x->has_set && x->set != y->set))
      return false;
  }
  return true;
}

/* Sorts the writes of a fresh alternative, hashes it and puts it in front. */
static void push_alt(dm_run *r, dm_alt alt, uint32_t *list)
{
  dm_step_scratch *s = &r->w->step;
  dm_write *x = s->done.at + alt.first;
  for (uint32_t i = 1; i < alt.n; i++) {
    dm_write held = x[i];
    uint32_t k = i;
    for (; k > 0 && x[k - 1].var > held.var; k--)
      x[k] = x[k - 1];
    x[k] = held;
  }
  uint32_t h = stir(alt.row * 31 + alt.end, alt.n);
  for (uint32_t i = 0; i < alt.n; i++) {
    h = stir(h, x[i].var);
    h = stir(h, (uint32_t)x[i].set + (x[i].has_set ? 1 : 0));
    h = stir(h, (uint32_t)x[i].add);
  }
  alt.hash = h;
  alt.next = *list;
  DM_PUSH(&r->w->work, &s->alt, alt);
  *list = s->alt.n - 1;
}

static void copy_writes(dm_run *r, const dm_write *from, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++)
    DM_PUSH(&r->w->work, &r->w->step.done, from[i]);
}

/* Writes of `alt` joined to those of fresh alternative `to`. */
static void join_alt(dm_run *r, dm_alt *to, const dm_alt *alt)
{
  dm_step_scratch *s = &r->w->step;
  for (uint32_t i = 0; i < alt->n; i++) {
    dm_write x = s->done.at[alt->first + i];
    uint32_t k = 0;
    while (k < to->n && s->done.at[to->first + k].var != x.var)
      k++;
    if (k < to->n) {
      join_write(r, &s->done.at[to->first + k], &x);
    } else {
      DM_PUSH(&r->w->work, &s->done, x);
      to->n++;
    }
  }
  to->row = dm_rows_add(r->w, to->row, alt->row);
  join_end(r, &to->end, &to->end_rule, alt->end, alt->end_rule);
  to->cell = dm_rows_op(r->w, DM_CELL_MUL, to->cell, alt->cell);
}

/* Merges equals of a list; turns its order round, which puts it right again
 * as lists are built back to front. */
static uint32_t merge(dm_run *r, uint32_t *list, uint32_t n)
{
  dm_walk *w = r->w;
  uint32_t out = DM_NONE, kept = 0;
  dm_step_places(w, n);
  for (uint32_t i = *list, next; i != DM_NONE; i = next) {
    dm_alt *alt = &w->step.alt.at[i];
    next = alt->next;
    uint32_t j = dm_step_find(w, i, alt->hash, same_alt);
    if (j != i) {
      dm_alt *first = &w->step.alt.at[j];
      first->cell = dm_rows_op(w, DM_CELL_ADD, first->cell, alt->cell);
      continue;
    }
    alt->next = out;
    out = i;
    kept++;
  }
  *list = out;
  return kept;
}

/* What all alternatives of a frame agree in happens for sure. */
static void absorb(dm_run *r, dm_frame *f, const dm_alt *alt)
{
  dm_step_scratch *s = &r->w->step;
  for (uint32_t i = 0; i < alt->n; i++) {
    dm_write x = s->done.at[alt->first + i];
    join_write(r, write_of(r, f, x.var), &x);
  }
  f->row = dm_rows_add(r->w, f->row, alt->row);
  join_end(r, &f->end, &f->end_rule, alt->end, alt->end_rule);
}

/* The alternatives of a finished frame, each with the frame's own writes and
 * times `cell`, go to the front of `list`. */
static uint32_t close_frame(
    dm_run *r, dm_frame *f, dm_cell_id cell, uint32_t *list)
{
  dm_step_scratch *s = &r->w->step;
  uint32_t n = 0;
  uint32_t i = f->alts;
  do {
    dm_alt to = {0};
    to.first = s->done.n;
    to.n = f->n;
    to.cell = cell;
    to.row = f->row;
    to.end = f->end;
    to.end_rule = f->end_rule;
    copy_writes(r, s->cur.at + f->base, f->n);
    if (i != DM_NONE) {
      dm_alt alt = s->alt.at[i];
      join_alt(r, &to, &alt);
      i = alt.next;
    }
    push_alt(r, to, list);
    n++;
  } while (i != DM_NONE);
  s->cur.n = f->base;
  return n;
}

/* Crosses the frame's alternatives with a list. */
static void cross(dm_run *r, dm_frame *f, uint32_t list, uint32_t n)
{
  dm_walk *w = r->w;
  if (n == 1) {
    dm_alt alt = w->step.alt.at[list];
    absorb(r, f, &alt);
    return;
  }
  if (f->alts == DM_NONE) {
    f->alts = list;
    f->n_alts = n;
    return;
  }
  uint64_t most = w->options.max_situations;
  if ((uint64_t)f->n_alts * n > most || (uint64_t)f->n_alts * n > UINT32_MAX)
    dm_arena_throw(&w->work, DM_E_LIMIT);
  uint32_t out = DM_NONE;
  for (uint32_t i = f->alts; i != DM_NONE; i = w->step.alt.at[i].next)
    for (uint32_t j = list; j != DM_NONE; j = w->step.alt.at[j].next) {
      dm_alt a = w->step.alt.at[i], b = w->step.alt.at[j];
      uint32_t first = w->step.done.n;
      for (uint32_t k = 0; k < a.n; k++) {
        dm_write x = w->step.done.at[a.first + k];
        DM_PUSH(&w->work, &w->step.done, x);
      }
      a.first = first;
      join_alt(r, &a, &b);
      push_alt(r, a, &out);
    }
  n = merge(r, &out, f->n_alts * n);
  f->alts = DM_NONE;
  f->n_alts = 0;
  cross(r, f, out, n);
}

/* ---- statements ---------------------------------------------------------- */

static void run(dm_run *r, dm_frame *f, dm_stmt_id id, uint32_t depth);

static void do_draw(
    dm_run *r, dm_frame *f, const dm_core_stmt *s, uint32_t depth)
{
  dm_walk *w = r->w;
  uint32_t list = DM_NONE, n = 0;
  double sum = 0;
  bool fair = true;
  for (uint32_t i = 0; i < s->count; i++) {
    const dm_core_branch *b = &w->core->branch.at[s->first + i];
    dm_mixed p = dm_code_cell(w, b->chance, r->v, r->t);
    fair = fair && p.num >= -1e-12 && p.num <= 1 + 1e-12;
    sum += p.num;
    if (!p.live && p.num < 1e-14)
      continue;
    dm_frame inner = {0};
    inner.base = w->step.cur.n;
    inner.end = inner.end_rule = inner.alts = DM_NONE;
    run(r, &inner, b->body, depth + 1);
    n += close_frame(r, &inner, p.cell, &list);
  }
  if (!fair || !(fabs(sum - 1) <= 1e-9))
    dm_found_add(w, DM_FOUND_CHANCES, r->rule, DM_NONE, DM_NONE);
  if (!n)
    return;
  n = merge(r, &list, n);
  cross(r, f, list, n);
}

static void run(dm_run *r, dm_frame *f, dm_stmt_id id, uint32_t depth)
{
  dm_walk *w = r->w;
  while (id != DM_NONE) {
    const dm_core_stmt *s = &w->core->stmt.at[id];
    if (depth > MOST_DEEP)
      dm_arena_throw(&w->work, DM_E_LIMIT);
    switch ((dm_core_do)s->op) {
    case DM_DO_IF:
      id = dm_code_eval(w, s->expr, r->v, r->t) != 0 ? s->then_id : s->else_id;
      continue;
    case DM_DO_SEQ:
      for (uint32_t i = 0; i < s->count; i++)
        run(r, f, w->core->stmt_list.at[s->first + i], depth + 1);
      return;
    case DM_DO_DRAW:
      do_draw(r, f, s, depth);
      return;
    case DM_DO_SET:
    case DM_DO_ADD:
      do_write(r, f, s);
      return;
    case DM_DO_END:
      join_end(r, &f->end, &f->end_rule, s->target, r->rule);
      return;
    case DM_DO_PAY:
      f->row = dm_rows_add(
          w, f->row, dm_rows_pay(w, s->target, s->expr, r->v, r->t));
      return;
    }
    return;
  }
}

/* ---- branches ------------------------------------------------------------ */

/* Assignment, sum of increments, ends of the scale. */
static int32_t settle(dm_run *r, const dm_write *x)
{
  const dm_core *core = r->w->core;
  const dm_core_var *var = &core->var.at[x->var];
  int64_t lo = var->lo;
  int64_t hi = lo + (var->size ? (int64_t)var->size : INT64_C(1) << 32) - 1;
  int64_t value = (x->has_set ? x->set : r->v[x->var]) + x->add;
  if (value >= lo && value <= hi)
    return (int32_t)value;
  bool up = value > hi;
  uint32_t rule = up ? x->rule_up : x->rule_down;
  if (rule == DM_NONE)
    rule = x->rule_set;
  if (var->saturates || (rule != DM_NONE && core->rule.at[rule].watch_scale &&
                         var->kind == DM_VAR_STATE))
    dm_found_add(r->w, DM_FOUND_SATURATES, rule, DM_NONE, x->var);
  return (int32_t)(up ? hi : lo);
}

static void push_change(dm_run *r, dm_branch *b, const dm_write *x)
{
  dm_change c = {x->var, settle(r, x)};
  if (c.value == r->v[c.var])
    return;
  DM_PUSH(&r->w->work, &r->w->change, c);
  b->n++;
}

static void push_branch(dm_run *r, const dm_frame *f, const dm_alt *alt)
{
  dm_walk *w = r->w;
  dm_step_scratch *s = &w->step;
  dm_branch b = {0};
  b.cell = 1;
  b.row = f->row;
  b.end = f->end;
  b.first = w->change.n;
  uint32_t end_rule = f->end_rule, common = f->n;
  if (alt) {
    /* Writes to a variable of the frame are joined in a copy behind it. */
    s->turn++;
    for (uint32_t i = 0; i < alt->n; i++) {
      dm_write x = s->done.at[alt->first + i];
      s->seen[x.var] = s->turn;
      if (s->where[x.var] < common &&
          s->cur.at[f->base + s->where[x.var]].var == x.var) {
        dm_write both = s->cur.at[f->base + s->where[x.var]];
        join_write(r, &both, &x);
        x = both;
      }
      push_change(r, &b, &x);
    }
    b.cell = alt->cell;
    b.row = dm_rows_add(w, b.row, alt->row);
    join_end(r, &b.end, &end_rule, alt->end, alt->end_rule);
  }
  for (uint32_t i = 0; i < common; i++) {
    dm_write x = s->cur.at[f->base + i];
    if (!alt || s->seen[x.var] != s->turn)
      push_change(r, &b, &x);
  }
  DM_PUSH(&w->work, &w->branch, b);
}

static void sort_changes(dm_walk *w, dm_branch *b)
{
  dm_change *x = w->change.at + b->first;
  for (uint32_t i = 1; i < b->n; i++) {
    dm_change held = x[i];
    uint32_t k = i;
    for (; k > 0 && x[k - 1].var > held.var; k--)
      x[k] = x[k - 1];
    x[k] = held;
  }
  uint32_t h = stir(b->row * 31 + b->end, b->n);
  for (uint32_t i = 0; i < b->n; i++)
    h = stir(stir(h, x[i].var), (uint32_t)x[i].value);
  b->hash = h;
}

static bool same_branch(const dm_walk *w, uint32_t i, uint32_t j)
{
  const dm_branch *a = &w->branch.at[i], *b = &w->branch.at[j];
  if (a->hash != b->hash || a->n != b->n || a->row != b->row ||
      a->end != b->end)
    return false;
  for (uint32_t k = 0; k < a->n; k++) {
    const dm_change *x = &w->change.at[a->first + k];
    const dm_change *y = &w->change.at[b->first + k];
    if (x->var != y->var || x->value != y->value)
      return false;
  }
  return true;
}

static uint32_t merge_branches(dm_walk *w, uint32_t first)
{
  uint32_t n = w->branch.n - first, kept = first;
  dm_step_places(w, n);
  for (uint32_t i = first; i < first + n; i++) {
    sort_changes(w, &w->branch.at[i]);
    w->branch.at[kept] = w->branch.at[i];
    uint32_t j = dm_step_find(w, kept, w->branch.at[kept].hash, same_branch);
    if (j == kept)
      kept++;
    else
      w->branch.at[j].cell = dm_rows_op(
          w, DM_CELL_ADD, w->branch.at[j].cell, w->branch.at[i].cell);
  }
  w->branch.n = kept;
  if (kept - first == 1)
    w->branch.at[first].cell = 1;
  return kept - first;
}

uint32_t dm_step_run(
    dm_walk *w, const dm_plan *plan, dm_stmt_id stmt, const int32_t *v,
    uint32_t t)
{
  dm_run r = {w, plan, v, t, DM_NONE};
  dm_frame top = {0};
  dm_step_scratch *s = &w->step;
  s->cur.n = s->done.n = s->alt.n = 0;
  s->turn++;
  top.end = top.end_rule = top.alts = DM_NONE;
  top.top = true;
  w->now_v = v;
  if (stmt != DM_NONE) {
    run(&r, &top, stmt, 0);
  } else {
    for (uint32_t i = 0; i < plan->n_rules; i++) {
      r.rule = plan->rule[i];
      run(&r, &top, w->core->rule.at[r.rule].body, 0);
    }
  }
  uint32_t first = w->branch.n;
  if (top.alts == DM_NONE) {
    push_branch(&r, &top, NULL);
    return 1;
  }
  for (uint32_t i = top.alts; i != DM_NONE; i = s->alt.at[i].next) {
    dm_alt alt = s->alt.at[i];
    push_branch(&r, &top, &alt);
  }
  return merge_branches(w, first);
}
