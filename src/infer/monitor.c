/* infer/monitor.c -- copies of a core that watch for an event or force a move.
 *
 * A question about "ever by DATE" or "picked in DATE" spans phases, so the base
 * game cannot answer it from its situations.  A copy of the core gets one
 * variable more, which becomes 1 when the event comes about and stays so; the
 * expansion keeps such monitors to the ending, where they are read.
 *
 *   by DATE, a status or comparison   a latch: it looks after every step of the
 *                                     phases 1 to 9, before an END takes effect
 *   by or in DATE, an option          a step behind the last decision of each
 *                                     round: what was picked stands there, and
 *                                     what stood before the asking no longer does
 *   in DATE, a reading                a latch in that period: what is read there
 *                                     was published there
 *   in DATE, a status or comparison   a step before the endings of that period:
 *                                     its end, also if the game ends there
 *
 * No key of any decision reads a monitor, so the information sets are those of
 * the base game and strategies carry over by dm_expansion_match.
 *
 * A forced move is a guard: while `force` is 1 all other options of the choice
 * are closed.  It is set before a decision of the period in which the option is
 * open for the first time, and taken back behind it; the monitor `open` tells
 * the endings whether there was such a time. */
#include "infer/parts.h"

#include <string.h>

static const uint32_t ROOM = 16;

static void *copy_list(
    dm_arena *arena, const void *at, uint32_t n, size_t size, uint32_t *cap)
{
  if (n > UINT32_MAX - ROOM)
    dm_arena_throw(arena, DM_E_LIMIT);
  *cap = n + ROOM;
  void *copy = dm_arena_resize(arena, NULL, *cap * size);
  if (n)
    memcpy(copy, at, n * size);
  return copy;
}

#define COPY_LIST(arena, v)                                                    \
  ((v).at = copy_list((arena), (v).at, (v).n, sizeof *(v).at, &(v).cap))

dm_core *dm_monitor_copy(const dm_core *core, dm_arena *arena)
{
  dm_core *copy = dm_arena_alloc(arena, sizeof *copy);
  *copy = *core;
  copy->arena = arena;
  COPY_LIST(arena, copy->expr);
  COPY_LIST(arena, copy->stmt);
  COPY_LIST(arena, copy->var);
  COPY_LIST(arena, copy->option);
  COPY_LIST(arena, copy->rule);
  COPY_LIST(arena, copy->step);
  COPY_LIST(arena, copy->latch);
  return copy;
}

/* ---- pieces --------------------------------------------------------------------- */

static uint32_t flag(dm_core *core, const char *name, dm_var_kind kind)
{
  return dm_core_add_var(
      core, (dm_core_var){
                .name = name,
                .display = "",
                .note = "",
                .unit = "",
                .unit_step = 1,
                .size = 2,
                .kind = (uint8_t)kind});
}

static dm_expr_id is(dm_core *core, uint32_t var, double value)
{
  return dm_core_op2(
      core, DM_X_EQ, dm_core_var_expr(core, var), dm_core_number(core, value));
}

static dm_expr_id both(dm_core *core, dm_expr_id x, dm_expr_id y)
{
  if (x == DM_NONE || y == DM_NONE)
    return x == DM_NONE ? y : x;
  return dm_core_op2(core, DM_X_AND, x, y);
}

static dm_stmt_id set_flag(dm_core *core, uint32_t var, double value)
{
  return dm_core_set(core, var, dm_core_number(core, value));
}

/* A rule of the periods first .. last. */
uint32_t dm_monitor_rule(
    dm_core *core, dm_stmt_id body, uint32_t first, uint32_t last)
{
  uint8_t *on = dm_arena_alloc(core->arena, core->n_periods + (size_t)1);
  for (uint32_t t = first; t <= last && t <= core->n_periods; t++)
    on[t] = 1;
  DM_PUSH(
      core->arena, &core->rule,
      ((dm_core_rule){.name = "question", .body = body, .on = on}));
  return core->rule.n - 1;
}

void dm_monitor_insert(
    dm_core *core, uint32_t at, uint32_t like, uint32_t first, uint32_t count)
{
  dm_core_step step = {
      .kind = DM_STEP_RULES,
      .phase = core->step.at[like].phase,
      .round = core->step.at[like].round,
      .first = first,
      .count = count,
      .name = "question"};
  DM_PUSH(core->arena, &core->step, step);
  memmove(
      &core->step.at[at + 1], &core->step.at[at],
      (core->step.n - 1 - at) * sizeof step);
  core->step.at[at] = step;
}

uint32_t dm_monitor_decide_end(const dm_core *core, uint32_t from)
{
  for (uint32_t s = from; s < core->step.n; s++) {
    const dm_core_step *step = &core->step.at[s];
    const dm_core_step *next = s + 1 < core->step.n ? step + 1 : NULL;
    if (step->phase == 3 &&
        (!next || next->phase != 3 || next->round != step->round))
      return s;
  }
  return DM_NONE;
}

uint32_t dm_monitor_endings(const dm_core *core)
{
  for (uint32_t s = 0; s < core->step.n; s++) {
    if (core->step.at[s].kind == DM_STEP_ENDINGS ||
        core->step.at[s].phase == 10)
      return s;
  }
  return core->step.n;
}

static uint32_t var_called(const dm_core *core, const char *name)
{
  for (uint32_t i = 0; i < core->var.n; i++) {
    if (core->var.at[i].name && strcmp(core->var.at[i].name, name) == 0)
      return i;
  }
  return DM_NONE;
}

/* A list instead of recursion, since a condition may be deep. */
dm_expr_id dm_monitor_published(dm_core *core, dm_expr_id id)
{
  DM_VEC(dm_expr_id) todo = {0};
  dm_expr_id all = DM_NONE;
  DM_PUSH(core->arena, &todo, id);
  while (todo.n > 0) {
    dm_core_expr x = core->expr.at[todo.at[--todo.n]];
    if (x.op == DM_X_VAR && core->var.at[x.a].kind == DM_VAR_READING) {
      uint32_t now = var_called(
          core, dm_infer_text(core->arena, "%s.now", core->var.at[x.a].name));
      if (now != DM_NONE)
        all = both(core, all, is(core, now, 1));
    }
    if (x.op <= DM_X_PERIOD)
      continue;
    DM_PUSH(core->arena, &todo, x.a);
    if (x.op == DM_X_NEG || x.op == DM_X_NOT)
      continue;
    DM_PUSH(core->arena, &todo, x.b);
    if (x.op == DM_X_IF)
      DM_PUSH(core->arena, &todo, x.c);
  }
  return all;
}

/* ---- events ------------------------------------------------------------------------ */

static void watch_picks(
    dm_core *core, dm_stmt_id body, uint32_t first, uint32_t last)
{
  uint32_t s = 0;
  while ((s = dm_monitor_decide_end(core, s)) != DM_NONE) {
    dm_monitor_insert(
        core, s + 1, s, dm_monitor_rule(core, body, first, last), 1);
    s += 2;
  }
}

uint32_t dm_monitor_event(dm_core *core, const dm_core_event *event)
{
  uint32_t var = flag(core, "question", DM_VAR_MONITOR);
  uint32_t first = event->by ? 1 : event->date;
  dm_stmt_id body =
      dm_core_when(core, event->cond, set_flag(core, var, 1), DM_NONE);
  if (event->pick) {
    watch_picks(core, body, first, event->date);
    return var;
  }
  dm_expr_id fresh =
      event->by ? DM_NONE : dm_monitor_published(core, event->cond);
  if (event->by || fresh != DM_NONE) {
    dm_core_latch latch = {
        .var = var,
        .cond = both(core, event->cond, fresh),
        .first = first,
        .last = event->date};
    DM_PUSH(core->arena, &core->latch, latch);
    return var;
  }
  uint32_t at = dm_monitor_endings(core), like = at > 0 ? at - 1 : 0;
  dm_monitor_insert(
      core, at, like, dm_monitor_rule(core, body, first, event->date), 1);
  return var;
}

uint32_t dm_monitor_pick(
    dm_core *core, uint32_t choice, uint32_t first, uint32_t n, uint32_t period)
{
  uint32_t pick = core->choice.at[choice].pick;
  dm_expr_id least = dm_core_op2(
      core, DM_X_GE, dm_core_var_expr(core, pick),
      dm_core_number(core, first + 1.0));
  dm_expr_id most = dm_core_op2(
      core, DM_X_LE, dm_core_var_expr(core, pick),
      dm_core_number(core, (double)first + n));
  dm_core_event event = {
      .kind = DM_EVENT_COND,
      .pick = true,
      .cond = both(core, least, most),
      .date = period};
  return dm_monitor_event(core, &event);
}

/* ---- forced moves -------------------------------------------------------------------- */

/* Before each decision of the choice in the period: `open` becomes 1 when the
 * option can be picked, and with it, if it was not open before, `force`. */
static void watch_open(
    dm_core *core, uint32_t choice, uint32_t option, uint32_t period,
    uint32_t open, uint32_t force)
{
  dm_expr_id guard =
      core->option.at[core->choice.at[choice].first_option + option].guard;
  for (uint32_t s = 0; s < core->step.n; s++) {
    const dm_core_step *step = &core->step.at[s];
    if (step->kind != DM_STEP_DECIDE ||
        core->decide.at[step->first].choice != choice)
      continue;
    dm_expr_id can = both(core, core->decide.at[step->first].open, guard);
    can = both(core, is(core, open, 0), can);
    uint32_t rule = dm_monitor_rule(
        core, dm_core_when(core, can, set_flag(core, open, 1), DM_NONE), period,
        period);
    dm_monitor_insert(core, s, s, rule, 1);
    s++;
    if (force == DM_NONE)
      continue;
    /* The rule beside the first sees the same situation. */
    dm_monitor_rule(
        core, dm_core_when(core, can, set_flag(core, force, 1), DM_NONE),
        period, period);
    core->step.at[s - 1].count = 2;
    rule = dm_monitor_rule(core, set_flag(core, force, 0), period, period);
    dm_monitor_insert(core, s + 1, s, rule, 1);
    s++;
  }
}

uint32_t dm_monitor_open(
    dm_core *core, uint32_t choice, uint32_t option, uint32_t period)
{
  uint32_t open = flag(core, "open", DM_VAR_MONITOR);
  watch_open(core, choice, option, period, open, DM_NONE);
  return open;
}

uint32_t dm_monitor_force(
    dm_core *core, uint32_t choice, uint32_t option, uint32_t period)
{
  uint32_t open = flag(core, "open", DM_VAR_MONITOR);
  uint32_t force = flag(core, "force", DM_VAR_DETAIL);
  watch_open(core, choice, option, period, open, force);
  const dm_core_choice *c = &core->choice.at[choice];
  dm_expr_id free = is(core, force, 0);
  for (uint32_t i = 0; i < c->n_options; i++) {
    dm_core_option *o = &core->option.at[c->first_option + i];
    if (i != option)
      o->guard = both(core, o->guard, free);
  }
  return open;
}
