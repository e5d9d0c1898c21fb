/* tests/support/corebuild.h -- cores made by hand, for tests below the
 * language.  Everything is static inline; a test that does not use a function
 * pays nothing for it.
 *
 *   dm_core core;
 *   cb_init(&core, 2);                          two periods
 *   uint32_t us = cb_actor(&core, "us", DM_NONE, DM_NONE);
 *   uint32_t x = cb_var(&core, "x", 0, 5, 2);   values 0 .. 4, start 2
 *   ...
 *   cb_step_rules(&core, 1, (dm_stmt_id[]){cb_add(&core, x, 1)}, 1);
 *   cb_step(&core, DM_STEP_ENDINGS, 9, 0, 0);
 *   cb_clear(&core);
 *
 * Steps run in the order in which they are made. */
#ifndef DM_TESTS_COREBUILD_H
#define DM_TESTS_COREBUILD_H

#include "lang/core.h"

#include <stdlib.h>
#include <string.h>

static inline void cb_init(dm_core *c, uint32_t n_periods)
{
  memset(c, 0, sizeof *c);
  c->arena = malloc(sizeof *c->arena);
  if (!c->arena)
    abort();
  dm_arena_init(c->arena, 0);
  /* Whoever runs out of memory in a test jumps here, with this frame gone: not
   * allowed, so tests simply have enough. */
  c->name = "test";
  c->title = c->note = c->prose = "";
  c->clock_word = "turn";
  c->n_periods = n_periods;
  c->rounds = 1;
  const char **label =
      dm_arena_array(c->arena, (size_t)n_periods + 1, sizeof *label);
  for (uint32_t t = 0; t <= n_periods; t++)
    label[t] = "";
  c->period = label;
}

static inline void cb_clear(dm_core *c)
{
  dm_arena_clear(c->arena);
  free(c->arena);
}

/* ---- things -------------------------------------------------------------- */

static inline uint32_t cb_param(dm_core *c, const char *path, double base)
{
  dm_core_param p = {0};
  p.path = path;
  p.note = p.source = "";
  p.base = p.lo = p.hi = base;
  DM_PUSH(c->arena, &c->param, p);
  return c->param.n - 1;
}

/* Values lo .. lo + size - 1. */
static inline uint32_t cb_var_kind(
    dm_core *c, const char *name, int32_t lo, uint32_t size, int32_t start,
    dm_var_kind kind)
{
  dm_core_var v = {0};
  v.name = name;
  v.display = v.note = v.unit = "";
  v.unit_step = 1;
  v.lo = lo;
  v.size = size;
  v.start = start;
  v.kind = (uint8_t)kind;
  DM_PUSH(c->arena, &c->var, v);
  return c->var.n - 1;
}

/* A variable of the machinery: forgotten when nobody reads it. */
static inline uint32_t cb_var(
    dm_core *c, const char *name, int32_t lo, uint32_t size, int32_t start)
{
  return cb_var_kind(c, name, lo, size, start, DM_VAR_DETAIL);
}

/* An actor; sharpness and discount are parameters, or DM_NONE. */
static inline uint32_t cb_actor(
    dm_core *c, const char *name, uint32_t sharpness, uint32_t discount)
{
  dm_core_actor a = {0};
  a.name = name;
  a.display = a.note = a.memory = "";
  a.type_var = DM_NONE;
  a.sharpness = sharpness;
  a.discount = discount;
  DM_PUSH(c->arena, &c->actor, a);
  return c->actor.n - 1;
}

/* ---- expressions --------------------------------------------------------- */

static inline dm_expr_id cb_x(
    dm_core *c, dm_core_op op, double number, uint32_t a, uint32_t b,
    uint32_t d)
{
  dm_core_expr x = {0};
  x.number = number;
  x.a = a;
  x.b = b;
  x.c = d;
  x.op = (uint8_t)op;
  DM_PUSH(c->arena, &c->expr, x);
  return c->expr.n - 1;
}

static inline dm_expr_id cb_num(dm_core *c, double number)
{
  return cb_x(c, DM_X_NUMBER, number, 0, 0, 0);
}

static inline dm_expr_id cb_p(dm_core *c, uint32_t param)
{
  return cb_x(c, DM_X_PARAM, 0, param, 0, 0);
}

static inline dm_expr_id cb_v(dm_core *c, uint32_t var)
{
  return cb_x(c, DM_X_VAR, 0, var, 0, 0);
}

static inline dm_expr_id cb_period(dm_core *c)
{
  return cb_x(c, DM_X_PERIOD, 0, 0, 0, 0);
}

static inline dm_expr_id cb_2(
    dm_core *c, dm_core_op op, dm_expr_id a, dm_expr_id b)
{
  return cb_x(c, op, 0, a, b, 0);
}

/* var == k */
static inline dm_expr_id cb_is(dm_core *c, uint32_t var, int32_t k)
{
  dm_expr_id a = cb_v(c, var);
  return cb_2(c, DM_X_EQ, a, cb_num(c, k));
}

/* 1 - p */
static inline dm_expr_id cb_rest(dm_core *c, uint32_t param)
{
  dm_expr_id one = cb_num(c, 1);
  return cb_2(c, DM_X_SUB, one, cb_p(c, param));
}

/* ---- statements ---------------------------------------------------------- */

static inline dm_stmt_id cb_s(dm_core *c, dm_core_do op)
{
  dm_core_stmt s = {0};
  s.op = (uint8_t)op;
  s.expr = s.then_id = s.else_id = DM_NONE;
  DM_PUSH(c->arena, &c->stmt, s);
  return c->stmt.n - 1;
}

static inline dm_stmt_id cb_write(
    dm_core *c, dm_core_do op, uint32_t target, dm_expr_id expr)
{
  dm_stmt_id id = cb_s(c, op);
  c->stmt.at[id].target = target;
  c->stmt.at[id].expr = expr;
  return id;
}

static inline dm_stmt_id cb_set(dm_core *c, uint32_t var, double k)
{
  dm_expr_id x = cb_num(c, k);
  return cb_write(c, DM_DO_SET, var, x);
}

static inline dm_stmt_id cb_add(dm_core *c, uint32_t var, double k)
{
  dm_expr_id x = cb_num(c, k);
  return cb_write(c, DM_DO_ADD, var, x);
}

static inline dm_stmt_id cb_pay(dm_core *c, uint32_t actor, dm_expr_id x)
{
  return cb_write(c, DM_DO_PAY, actor, x);
}

static inline dm_stmt_id cb_end(dm_core *c, uint32_t outcome)
{
  return cb_write(c, DM_DO_END, outcome, DM_NONE);
}

static inline dm_stmt_id cb_when(
    dm_core *c, dm_expr_id cond, dm_stmt_id then_id, dm_stmt_id else_id)
{
  dm_stmt_id id = cb_s(c, DM_DO_IF);
  c->stmt.at[id].expr = cond;
  c->stmt.at[id].then_id = then_id;
  c->stmt.at[id].else_id = else_id;
  return id;
}

static inline dm_stmt_id cb_seq(dm_core *c, const dm_stmt_id *list, uint32_t n)
{
  dm_stmt_id id = cb_s(c, DM_DO_SEQ);
  c->stmt.at[id].first = c->stmt_list.n;
  c->stmt.at[id].count = n;
  for (uint32_t i = 0; i < n; i++)
    DM_PUSH(c->arena, &c->stmt_list, list[i]);
  return id;
}

static inline dm_stmt_id cb_seq2(dm_core *c, dm_stmt_id a, dm_stmt_id b)
{
  dm_stmt_id list[2] = {a, b};
  return cb_seq(c, list, 2);
}

static inline dm_stmt_id cb_draw(
    dm_core *c, const dm_core_branch *list, uint32_t n)
{
  dm_stmt_id id = cb_s(c, DM_DO_DRAW);
  c->stmt.at[id].first = c->branch.n;
  c->stmt.at[id].count = n;
  for (uint32_t i = 0; i < n; i++)
    DM_PUSH(c->arena, &c->branch, list[i]);
  return id;
}

/* With chance k: body, else other (either may be DM_NONE). */
static inline dm_stmt_id cb_chance(
    dm_core *c, double k, dm_stmt_id body, dm_stmt_id other)
{
  dm_core_branch b[2];
  b[0].chance = cb_num(c, k);
  b[0].body = body;
  b[1].chance = cb_num(c, 1 - k);
  b[1].body = other;
  return cb_draw(c, b, 2);
}

/* The same with a parameter. */
static inline dm_stmt_id cb_chance_p(
    dm_core *c, uint32_t param, dm_stmt_id body, dm_stmt_id other)
{
  dm_core_branch b[2];
  b[0].chance = cb_p(c, param);
  b[0].body = body;
  b[1].chance = cb_rest(c, param);
  b[1].body = other;
  return cb_draw(c, b, 2);
}

/* ---- steps --------------------------------------------------------------- */

static inline uint32_t cb_step(
    dm_core *c, dm_step_kind kind, uint8_t phase, uint32_t first,
    uint32_t count)
{
  dm_core_step s = {0};
  s.kind = (uint8_t)kind;
  s.phase = phase;
  s.first = first;
  s.count = count;
  s.name = "";
  DM_PUSH(c->arena, &c->step, s);
  return c->step.n - 1;
}

static inline uint32_t cb_rule(dm_core *c, const char *name, dm_stmt_id body)
{
  dm_core_rule r = {0};
  r.name = name;
  r.body = body;
  DM_PUSH(c->arena, &c->rule, r);
  return c->rule.n - 1;
}

/* One rule a statement. */
static inline uint32_t cb_step_rules(
    dm_core *c, uint8_t phase, const dm_stmt_id *body, uint32_t n)
{
  uint32_t first = c->rule.n;
  for (uint32_t i = 0; i < n; i++)
    cb_rule(c, "rule", body[i]);
  return cb_step(c, DM_STEP_RULES, phase, first, n);
}

static inline uint32_t cb_step_rule(dm_core *c, uint8_t phase, dm_stmt_id body)
{
  return cb_step_rules(c, phase, &body, 1);
}

static inline void cb_start_rule(dm_core *c, dm_stmt_id body)
{
  uint32_t rule = cb_rule(c, "start", body);
  if (c->n_start_rules == 0)
    c->start_rules = rule;
  c->n_start_rules++;
}

static inline uint32_t cb_key(dm_core *c, const char *name, dm_expr_id expr)
{
  dm_core_key k = {0};
  k.name = name;
  k.expr = expr;
  DM_PUSH(c->arena, &c->key, k);
  return c->key.n - 1;
}

/* A choice with n options, and its pick variable. */
static inline uint32_t cb_choice(
    dm_core *c, const char *name, uint32_t actor, const char *const *option,
    uint32_t n)
{
  dm_core_choice x = {0};
  x.name = x.actor_choice = name;
  x.note = "";
  x.actor = actor;
  x.pick = cb_var_kind(c, name, 0, n + 1, 0, DM_VAR_PICK);
  x.first_option = c->option.n;
  x.n_options = n;
  for (uint32_t i = 0; i < n; i++) {
    dm_core_option o = {0};
    o.name = o.base = option[i];
    o.note = "";
    o.guard = DM_NONE;
    DM_PUSH(c->arena, &c->option, o);
  }
  DM_PUSH(c->arena, &c->choice, x);
  return c->choice.n - 1;
}

/* A decision, always open; the keys must be made one after the other. */
static inline uint32_t cb_decide(
    dm_core *c, uint32_t choice, uint32_t first_key, uint32_t n_keys)
{
  dm_core_decide d = {0};
  d.choice = choice;
  d.open = d.after = d.missed = DM_NONE;
  d.first_key = first_key;
  d.n_keys = n_keys;
  DM_PUSH(c->arena, &c->decide, d);
  return c->decide.n - 1;
}

/* An outcome with a number for each actor made so far. */
static inline uint32_t cb_outcome(
    dm_core *c, const char *name, const double *payoff)
{
  dm_core_outcome o = {0};
  uint32_t n = c->actor.n;
  o.name = name;
  o.display = o.note = "";
  o.payoff = dm_arena_array(c->arena, n, sizeof *o.payoff);
  o.tail = dm_arena_array(c->arena, n, sizeof *o.tail);
  for (uint32_t i = 0; i < n; i++) {
    o.payoff[i] = cb_num(c, payoff ? payoff[i] : 0);
    o.tail[i] = DM_NONE;
  }
  DM_PUSH(c->arena, &c->outcome, o);
  return c->outcome.n - 1;
}

static inline void cb_ending(dm_core *c, dm_expr_id cond, uint32_t outcome)
{
  dm_core_ending e = {cond, outcome};
  DM_PUSH(c->arena, &c->ending, e);
}

static inline void cb_latch(
    dm_core *c, uint32_t var, dm_expr_id cond, bool edge, uint32_t first,
    uint32_t last)
{
  dm_core_latch l = {var, cond, edge, first, last};
  DM_PUSH(c->arena, &c->latch, l);
}

#endif
