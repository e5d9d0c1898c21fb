/* A core run path by path: every draw, every pick (evenly spread), nothing
 * merged and nothing forgotten.  Slow and simple, shares no code with the
 * expansion; what tests compare with. */
#ifndef DM_TESTS_EXPAND_ENUMERATE_H
#define DM_TESTS_EXPAND_ENUMERATE_H

#include "unit.h"
#include "corebuild.h"

#include <math.h>

enum {
  EN_VARS = 24,
  EN_PLAYERS = 4,
  EN_OUTCOMES = 6,
  EN_PERIODS = 6,
  EN_PARTIALS = 500,
  EN_KEYS = 16,
  EN_SETS = 4000
};

typedef struct en_partial {
  double p;
  bool has_set[EN_VARS];
  int32_t set[EN_VARS];
  int32_t add[EN_VARS];
  double pay[EN_PLAYERS];
  uint32_t end;
} en_partial;

typedef struct en_list {
  en_partial *at;
  uint32_t n, cap;
} en_list;

typedef struct en_record {
  int32_t v[EN_KEYS];
  uint32_t n;
} en_record;

typedef struct enumeration {
  const dm_core *core;
  double ended[EN_OUTCOMES][EN_PERIODS + 1]; /* odds */
  double value[EN_PLAYERS];
  double mean[EN_PERIODS + 2][EN_VARS]; /* of a variable at a start of t, times
                                           the odds of getting there; [T + 1]:
                                           before the last endings */
  double at_end[EN_VARS];               /* mean of a variable at the end */
  en_record *set;                       /* information sets seen */
  uint32_t n_sets;
  en_record *past;
  uint32_t n_past;
  uint64_t leaves, most;
  bool conflict, too_big;
} enumeration;

static inline void en_push(enumeration *e, en_list *list, en_partial x)
{
  if (list->n == EN_PARTIALS) {
    e->too_big = true;
    return;
  }
  if (list->n == list->cap) {
    list->cap = list->cap ? 2 * list->cap : 1;
    list->at = realloc(list->at, list->cap * sizeof *list->at);
  }
  list->at[list->n++] = x;
}

static inline double en_eval(
    const enumeration *e, dm_expr_id id, const int32_t *v, uint32_t t)
{
  const dm_core_expr *x = &e->core->expr.at[id];
  switch (x->op) {
  case DM_X_NUMBER:
    return x->number;
  case DM_X_PARAM:
    return e->core->param.at[x->a].base;
  case DM_X_VAR:
    return v[x->a];
  case DM_X_PERIOD:
    return t;
  case DM_X_IF:
    return en_eval(e, en_eval(e, x->a, v, t) != 0 ? x->b : x->c, v, t);
  default:
    break;
  }
  double a = en_eval(e, x->a, v, t);
  if (x->op == DM_X_NEG)
    return -a;
  if (x->op == DM_X_NOT)
    return a == 0;
  double b = en_eval(e, x->b, v, t);
  switch (x->op) {
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
    return fmin(a, b);
  case DM_X_MAX:
    return fmax(a, b);
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
  case DM_X_AND:
    return a != 0 && b != 0;
  default:
    return a != 0 || b != 0;
  }
}

static inline void en_stmt(
    enumeration *e, dm_stmt_id id, const int32_t *v, uint32_t t, en_list *in);

static inline void en_draw(
    enumeration *e, const dm_core_stmt *s, const int32_t *v, uint32_t t,
    en_list *in)
{
  en_list out = {NULL, 0, 0};
  for (uint32_t i = 0; i < in->n; i++)
    for (uint32_t k = 0; k < s->count; k++) {
      const dm_core_branch *b = &e->core->branch.at[s->first + k];
      en_list one = {NULL, 0, 0};
      en_partial x = in->at[i];
      x.p *= en_eval(e, b->chance, v, t);
      en_push(e, &one, x);
      en_stmt(e, b->body, v, t, &one);
      for (uint32_t j = 0; j < one.n; j++)
        en_push(e, &out, one.at[j]);
      free(one.at);
    }
  free(in->at);
  *in = out;
}

static inline void en_stmt(
    enumeration *e, dm_stmt_id id, const int32_t *v, uint32_t t, en_list *in)
{
  if (id == DM_NONE || e->too_big)
    return;
  const dm_core_stmt *s = &e->core->stmt.at[id];
  if (s->op == DM_DO_SEQ) {
    for (uint32_t i = 0; i < s->count; i++)
      en_stmt(e, e->core->stmt_list.at[s->first + i], v, t, in);
    return;
  }
  if (s->op == DM_DO_IF) {
    bool yes = en_eval(e, s->expr, v, t) != 0;
    en_stmt(e, yes ? s->then_id : s->else_id, v, t, in);
    return;
  }
  if (s->op == DM_DO_DRAW) {
    en_draw(e, s, v, t, in);
    return;
  }
  double x = s->op == DM_DO_END ? 0 : en_eval(e, s->expr, v, t);
  for (uint32_t i = 0; i < in->n; i++) {
    en_partial *p = &in->at[i];
    uint32_t k = s->target;
    if (s->op == DM_DO_ADD) {
      p->add[k] += (int32_t)x;
    } else if (s->op == DM_DO_PAY) {
      p->pay[k] += x;
    } else if (s->op == DM_DO_END) {
      p->end = k < p->end ? k : p->end;
    } else {
      int32_t value = (int32_t)x;
      if (p->has_set[k] && p->set[k] != value) {
        if (!e->core->var.at[k].ordered)
          e->conflict = true;
        else if (p->set[k] > value)
          value = p->set[k];
      }
      p->has_set[k] = true;
      p->set[k] = value;
    }
  }
}

static inline double en_power(const enumeration *e, uint32_t actor, uint32_t t)
{
  uint32_t d = e->core->actor.at[actor].discount;
  double power = 1;
  for (uint32_t i = 1; i < t && d != DM_NONE; i++)
    power *= e->core->param.at[d].base;
  return power;
}

static inline uint32_t en_final(const dm_core *c)
{
  uint32_t at = c->step.n;
  for (uint32_t s = 0; s < c->step.n; s++)
    if (c->step.at[s].kind == DM_STEP_ENDINGS)
      at = s;
  return at;
}

static inline void en_ended(
    enumeration *e, uint32_t outcome, const int32_t *v, uint32_t t,
    uint32_t phase, double p, const double *pay)
{
  const dm_core_outcome *o = &e->core->outcome.at[outcome];
  uint32_t own = t ? t : 1;
  e->leaves++;
  if (e->leaves > e->most)
    e->too_big = true;
  e->ended[outcome][own] += p;
  for (uint32_t i = 0; i < e->core->var.n; i++)
    e->at_end[i] += p * v[i];
  for (uint32_t i = 0; i < e->core->actor.n; i++) {
    double sum = pay[i];
    sum += en_power(e, i, own) * en_eval(e, o->payoff[i], v, own);
    if (o->tail[i] != DM_NONE)
      for (uint32_t u = phase < 8 ? own : own + 1; u <= e->core->n_periods; u++)
        sum += en_power(e, i, u) * en_eval(e, o->tail[i], v, own);
    e->value[i] += p * sum;
  }
}

static inline void en_monitors(
    enumeration *e, const dm_core_step *step, uint32_t t, const int32_t *old,
    int32_t *v)
{
  const dm_core *c = e->core;
  int32_t seen[EN_VARS];
  memcpy(seen, v, sizeof seen);
  for (uint32_t i = 0; step && i < c->latch.n; i++) {
    const dm_core_latch *l = &c->latch.at[i];
    if (t >= l->first && t <= l->last && step->phase >= 1 && step->phase <= 9 &&
        seen[l->var] == 0 && en_eval(e, l->cond, seen, t) != 0 &&
        (!l->edge || en_eval(e, l->cond, old, t) == 0))
      v[l->var] = 1;
  }
  memcpy(seen, v, sizeof seen);
  for (uint32_t i = 0; i < c->watch.n; i++)
    for (uint32_t k = 0; k < c->watch.at[i].n_exprs; k++) {
      dm_expr_id x = c->watch_expr.at[c->watch.at[i].first_expr + k];
      if (en_eval(e, x, seen, t) != en_eval(e, x, old, t))
        v[c->watch.at[i].var] = 1;
    }
}

static inline void en_from(
    enumeration *e, uint32_t t, uint32_t s, const int32_t *v, double p,
    const double *pay);

/* Everything behind a statement list run on v. */
static inline void en_rules(
    enumeration *e, uint32_t t, uint32_t s, const int32_t *old,
    const int32_t *v, double p, const double *pay, en_list *list)
{
  const dm_core *c = e->core;
  const dm_core_step *step = t ? &c->step.at[s] : NULL;
  for (uint32_t i = 0; i < list->n && !e->too_big; i++) {
    const en_partial *x = &list->at[i];
    int32_t w[EN_VARS] = {0};
    double got[EN_PLAYERS];
    for (uint32_t k = 0; k < c->var.n; k++) {
      int64_t lo = c->var.at[k].lo, hi = lo + (int64_t)c->var.at[k].size - 1;
      if (c->var.at[k].size == 0)
        hi = INT32_MAX;
      int64_t y = (int64_t)(x->has_set[k] ? x->set[k] : v[k]) + x->add[k];
      w[k] = (int32_t)(y < lo ? lo : y > hi ? hi : y);
    }
    for (uint32_t k = 0; k < c->actor.n; k++)
      got[k] = pay[k] + en_power(e, k, t ? t : 1) * x->pay[k];
    en_monitors(e, step, t, old, w);
    if (x->end != DM_NONE)
      en_ended(e, x->end, w, t, step ? step->phase : 0, p * x->p, got);
    else
      en_from(e, t ? t : 1, t ? s + 1 : 0, w, p * x->p, got);
  }
}

static inline void en_run(
    enumeration *e, uint32_t t, uint32_t s, const int32_t *old,
    const int32_t *v, double p, const double *pay, dm_stmt_id stmt,
    uint32_t first, uint32_t count)
{
  en_list list = {NULL, 0, 0};
  en_partial sure = {0};
  sure.p = 1;
  sure.end = DM_NONE;
  en_push(e, &list, sure);
  if (stmt != DM_NONE)
    en_stmt(e, stmt, v, t, &list);
  for (uint32_t i = first; i < first + count; i++)
    if (!e->core->rule.at[i].on || e->core->rule.at[i].on[t])
      en_stmt(e, e->core->rule.at[i].body, v, t, &list);
  en_rules(e, t, s, old, v, p, pay, &list);
  free(list.at);
}

static inline uint32_t en_intern(
    en_record *at, uint32_t *n, const int32_t *v, uint32_t len, bool *full)
{
  for (uint32_t i = 0; i < *n; i++)
    if (at[i].n == len && memcmp(at[i].v, v, len * sizeof *v) == 0)
      return i;
  if (*n == EN_SETS) {
    *full = true;
    return 0;
  }
  memcpy(at[*n].v, v, len * sizeof *v);
  at[*n].n = len;
  return (*n)++;
}

static inline void en_decide(
    enumeration *e, uint32_t t, uint32_t s, const int32_t *v, double p,
    const double *pay)
{
  const dm_core *c = e->core;
  const dm_core_decide *d = &c->decide.at[c->step.at[s].first];
  const dm_core_choice *ch = &c->choice.at[d->choice];
  if (d->open != DM_NONE && en_eval(e, d->open, v, t) == 0) {
    en_run(e, t, s, v, v, p, pay, d->missed, 0, 0);
    return;
  }
  uint32_t offer[16], n = 0;
  for (uint32_t i = 0; i < ch->n_options; i++) {
    dm_expr_id guard = c->option.at[ch->first_option + i].guard;
    if (guard == DM_NONE || en_eval(e, guard, v, t) != 0)
      offer[n++] = i;
  }
  if (n > 1) {
    int32_t key[EN_KEYS];
    key[0] = (int32_t)t;
    key[1] = (int32_t)c->step.at[s].first;
    for (uint32_t i = 0; i < d->n_keys; i++)
      key[2 + i] = (int32_t)en_eval(e, c->key.at[d->first_key + i].expr, v, t);
    en_intern(e->set, &e->n_sets, key, d->n_keys + 2, &e->too_big);
  }
  for (uint32_t i = 0; i < n; i++) {
    int32_t w[EN_VARS] = {0};
    memcpy(w, v, c->var.n * sizeof *w);
    w[ch->pick] = (int32_t)offer[i] + 1;
    en_run(e, t, s, v, w, p / n, pay, d->after, 0, 0);
  }
}

static inline void en_note(
    enumeration *e, uint32_t t, const int32_t *v, double p)
{
  for (uint32_t i = 0; i < e->core->var.n; i++)
    e->mean[t][i] += p * v[i];
}

static inline void en_from(
    enumeration *e, uint32_t t, uint32_t s, const int32_t *v, double p,
    const double *pay)
{
  const dm_core *c = e->core;
  uint32_t final = en_final(c);
  if (e->too_big)
    return;
  if (s == c->step.n && (t < c->n_periods || final < s)) {
    t++;
    s = 0;
  }
  if (s == 0)
    en_note(e, t, v, p);
  if (t == c->n_periods && s == final)
    en_note(e, t + 1, v, p);
  int32_t w[EN_VARS] = {0};
  memcpy(w, v, c->var.n * sizeof *w);
  if (s == c->step.n) {
    en_ended(e, c->otherwise, v, t, 9, p, pay);
    return;
  }
  const dm_core_step *step = &c->step.at[s];
  if (step->kind == DM_STEP_RULES) {
    en_run(e, t, s, v, v, p, pay, DM_NONE, step->first, step->count);
  } else if (step->kind == DM_STEP_DECIDE) {
    en_decide(e, t, s, v, p, pay);
  } else if (step->kind == DM_STEP_RECALL) {
    const dm_core_recall *r = &c->recall.at[step->first];
    int32_t key[EN_KEYS];
    key[0] = (int32_t)step->first;
    key[1] = v[r->var];
    for (uint32_t i = 0; i < r->n_keys; i++)
      key[2 + i] = (int32_t)en_eval(e, c->key.at[r->first_key + i].expr, v, t);
    w[r->var] = (int32_t)en_intern(
                    e->past, &e->n_past, key, r->n_keys + 2, &e->too_big) +
                1;
    en_monitors(e, step, t, v, w);
    en_from(e, t, s + 1, w, p, pay);
  } else {
    uint32_t o = DM_NONE;
    for (uint32_t i = 0; i < c->ending.n && o == DM_NONE; i++)
      if (en_eval(e, c->ending.at[i].cond, v, t) != 0)
        o = c->ending.at[i].outcome;
    if (o == DM_NONE && t == c->n_periods && s == final)
      o = c->otherwise;
    en_monitors(e, step, t, v, w);
    if (o != DM_NONE)
      en_ended(e, o, w, t, step->phase, p, pay);
    else
      en_from(e, t, s + 1, w, p, pay);
  }
}

/* The caller frees with en_free. */
static inline enumeration *en_core(const dm_core *core, uint64_t most)
{
  enumeration *e = calloc(1, sizeof *e);
  e->set = calloc(EN_SETS, sizeof *e->set);
  e->past = calloc(EN_SETS, sizeof *e->past);
  e->core = core;
  e->most = most;
  int32_t v[EN_VARS] = {0};
  double pay[EN_PLAYERS] = {0};
  for (uint32_t i = 0; i < core->var.n; i++)
    v[i] = core->var.at[i].start;
  en_run(
      e, 0, 0, v, v, 1, pay, DM_NONE, core->start_rules, core->n_start_rules);
  return e;
}

static inline void en_free(enumeration *e)
{
  free(e->set);
  free(e->past);
  free(e);
}

#endif
