/* infer/update_watch.c -- a copy of a core that watches for what is reported.
 *
 * In:   lines of evidence, each with an event and the periods that it may speak
 *       of; further variables whose values `next` wants to know by period.
 * Out:  for each line a variable that is 1 once its event has come about, and
 *       is forgotten behind the start of the period after its last one, so that
 *       situations do not multiply over the periods.
 *
 *   option                 looked for behind the decisions of each round
 *   reading                a latch: published in the period and as said
 *   status, state          before the endings of the period, or (at start) in
 *                          front of its first step
 *   types alone            in front of the first step of the first period: what
 *                          somebody is does not end with the game
 *   outcome                nothing: the endings tell
 *
 * All rules of one place are one step, so that a log of many lines costs few
 * steps.  A mark is taken back by a rule that reads it: what a step only
 * overwrites is forgotten before it. */
#include "infer/update_parts.h"

#include <string.h>

typedef struct dm_rule_draft {
  dm_stmt_id body;
  uint32_t first, last;
} dm_rule_draft;

typedef DM_VEC(dm_rule_draft) dm_rule_drafts;

typedef struct dm_watcher {
  dm_core *core;
  dm_arena *arena;
  dm_watch *watch;
  dm_rule_drafts start, picks, ends, reports;
} dm_watcher;

static uint32_t new_mark(dm_watcher *w, uint32_t size)
{
  return dm_core_add_var(
      w->core, (dm_core_var){
                   .name = "evidence",
                   .display = "",
                   .note = "",
                   .unit = "",
                   .unit_step = 1,
                   .size = size,
                   .kind = DM_VAR_MONITOR});
}

static dm_stmt_id put(dm_watcher *w, uint32_t var, double value)
{
  return dm_core_set(w->core, var, dm_core_number(w->core, value));
}

static dm_expr_id test(dm_watcher *w, dm_core_op op, uint32_t var, double value)
{
  return dm_core_op2(
      w->core, op, dm_core_var_expr(w->core, var),
      dm_core_number(w->core, value));
}

static void draft(
    dm_watcher *w, dm_rule_drafts *list, dm_stmt_id body, uint32_t first,
    uint32_t last)
{
  dm_rule_draft d = {body, first, last};
  DM_PUSH(w->arena, list, d);
}

static void forget(dm_watcher *w, uint32_t mark, uint32_t first, uint32_t last)
{
  dm_stmt_id body = dm_core_when(
      w->core, test(w, DM_X_GT, mark, 0), put(w, mark, 0), DM_NONE);
  draft(w, &w->start, body, first, last);
}

/* Whether all that a condition reads are types. */
static bool of_types(dm_watcher *w, dm_expr_id cond)
{
  DM_VEC(dm_expr_id) todo = {0};
  bool some = false, all = true;
  DM_PUSH(w->arena, &todo, cond);
  while (todo.n > 0) {
    dm_core_expr x = w->core->expr.at[todo.at[--todo.n]];
    if (x.op == DM_X_VAR) {
      some = true;
      all = all && w->core->var.at[x.a].kind == DM_VAR_TYPE;
    }
    if (x.op <= DM_X_PERIOD)
      continue;
    DM_PUSH(w->arena, &todo, x.a);
    if (x.op != DM_X_NEG && x.op != DM_X_NOT)
      DM_PUSH(w->arena, &todo, x.b);
    if (x.op == DM_X_IF)
      DM_PUSH(w->arena, &todo, x.c);
  }
  return some && all;
}

static void watch_line(
    dm_watcher *w, const dm_evidence_line *line, uint32_t mark)
{
  dm_expr_id cond = line->event.cond;
  dm_expr_id fresh = dm_monitor_published(w->core, cond);
  if (fresh != DM_NONE)
    cond = dm_core_op2(w->core, DM_X_AND, fresh, cond);
  dm_stmt_id body = dm_core_when(w->core, cond, put(w, mark, 1), DM_NONE);
  if (of_types(w, cond)) {
    draft(w, &w->start, body, 1, 1);
  } else if (line->event.pick) {
    draft(w, &w->picks, body, line->first, line->last);
  } else if (fresh != DM_NONE || line->when == DM_WHEN_EVER) {
    dm_core_latch latch = {
        .var = mark, .cond = cond, .first = line->first, .last = line->last};
    DM_PUSH(w->arena, &w->core->latch, latch);
  } else {
    dm_rule_drafts *at = line->when == DM_WHEN_START ? &w->start : &w->ends;
    draft(w, at, body, line->first, line->last);
  }
  forget(w, mark, line->last + 1, line->last + 1);
}

static void watch_lines(dm_watcher *w)
{
  dm_watch *watch = w->watch;
  for (uint32_t i = 0; i < watch->evidence->line.n; i++) {
    const dm_evidence_line *line = &watch->line[i];
    watch->mark[i] = DM_NONE;
    if (!watch->wanted[i] || line->event.kind == DM_EVENT_OUTCOME)
      continue;
    const dm_evidence_line *same =
        line->same_as == DM_NONE ? NULL : &watch->line[line->same_as];
    if (same && same->first == line->first && same->last == line->last &&
        watch->mark[line->same_as] != DM_NONE) {
      watch->mark[i] = watch->mark[line->same_as];
      continue;
    }
    watch->mark[i] = new_mark(w, 2);
    watch_line(w, line, watch->mark[i]);
  }
}

/* The variable that says whether a report was published this period. */
static uint32_t now_of(dm_watcher *w, uint32_t reading)
{
  dm_expr_id fresh =
      dm_monitor_published(w->core, dm_core_var_expr(w->core, reading));
  if (fresh == DM_NONE)
    return DM_NONE;
  dm_core_expr equal = w->core->expr.at[fresh];
  return w->core->expr.at[equal.a].a;
}

static void watch_copies(dm_watcher *w)
{
  dm_watch *watch = w->watch;
  uint32_t end = w->core->n_periods;
  for (uint32_t i = 0; i < watch->n_copies; i++) {
    dm_watch_copy *c = &watch->copy[i];
    dm_core_var var = w->core->var.at[c->var];
    bool reading = var.kind == DM_VAR_READING;
    c->mark = new_mark(w, reading ? var.size : var.size + 1);
    dm_expr_id value = dm_core_var_expr(w->core, c->var);
    if (!reading)
      value = dm_core_op2(
          w->core, DM_X_ADD, value, dm_core_number(w->core, 1.0 - var.lo));
    dm_stmt_id body = dm_core_set(w->core, c->mark, value);
    uint32_t now = reading ? now_of(w, c->var) : DM_NONE;
    if (now != DM_NONE)
      body = dm_core_when(w->core, test(w, DM_X_EQ, now, 1), body, DM_NONE);
    draft(w, reading ? &w->reports : &w->ends, body, watch->copy_from, end);
    forget(w, c->mark, watch->copy_from + 1, end);
  }
}

/* A type that nothing reads any more would be forgotten before the first period;
 * a rule that never does anything asks for it there. */
static void keep_types(dm_watcher *w)
{
  uint32_t mark = DM_NONE;
  for (uint32_t a = 0; a < w->core->actor.n; a++) {
    uint32_t type = w->core->actor.at[a].type_var;
    if (type == DM_NONE)
      continue;
    if (mark == DM_NONE)
      mark = new_mark(w, 2);
    double never = (double)w->core->var.at[type].lo - 1;
    dm_stmt_id body = dm_core_when(
        w->core, test(w, DM_X_EQ, type, never), put(w, mark, 1), DM_NONE);
    draft(w, &w->start, body, 1, 1);
  }
}

/* ---- steps ------------------------------------------------------------------- */

static uint32_t add_rules(dm_watcher *w, const dm_rule_drafts *list)
{
  uint32_t first = w->core->rule.n;
  for (uint32_t i = 0; i < list->n; i++)
    dm_monitor_rule(
        w->core, list->at[i].body, list->at[i].first, list->at[i].last);
  return first;
}

static void add_steps(dm_watcher *w)
{
  dm_core *core = w->core;
  if (w->ends.n > 0) {
    uint32_t at = dm_monitor_endings(core), first = add_rules(w, &w->ends);
    dm_monitor_insert(core, at, at > 0 ? at - 1 : 0, first, w->ends.n);
  }
  if (w->picks.n > 0) {
    uint32_t first = add_rules(w, &w->picks), s = 0;
    while ((s = dm_monitor_decide_end(core, s)) != DM_NONE) {
      dm_monitor_insert(core, s + 1, s, first, w->picks.n);
      s += 2;
    }
  }
  if (w->reports.n > 0) {
    uint32_t first = add_rules(w, &w->reports), behind = DM_NONE;
    for (uint32_t s = 0; s < core->step.n; s++)
      if (core->step.at[s].phase == 2)
        behind = s;
    if (behind != DM_NONE)
      dm_monitor_insert(core, behind + 1, behind, first, w->reports.n);
  }
  if (w->start.n > 0)
    dm_monitor_insert(core, 0, 0, add_rules(w, &w->start), w->start.n);
}

dm_core *dm_watch_core(const dm_core *core, dm_watch *watch, dm_arena *arena)
{
  dm_watcher w = {.arena = arena, .watch = watch};
  w.core = dm_monitor_copy(core, arena);
  watch_lines(&w);
  watch_copies(&w);
  keep_types(&w);
  add_steps(&w);
  return w.core;
}
