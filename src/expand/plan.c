/* expand/plan.c -- what each position of the unrolled run does, and which
 * variables live there.
 *
 * Liveness runs backward once over periods and steps.  A variable lives before
 * a step if the step reads it, or if it matters behind the step and the step is
 * not sure to overwrite it.  Only reads that can have an effect count: the
 * value of a write to a dead variable is never looked at.  Sure overwriting is
 * an assignment that a rule which is on makes whatever happens: under a
 * condition or a draw only if every branch makes it.
 *
 * Behind a step matter: what lives before the next one; what the step's latches
 * and watches look at; and where the step can end the game, what the payoffs of
 * those outcomes read, and every monitor (a question asks how it stands at the
 * end).  Declared states are looked at by whoever reads states by date, so they
 * live at every start of a period and at the last endings step. */
#include "expand/walk.h"

#include <string.h>

typedef struct dm_live {
  dm_walk *w;
  uint32_t t;
  const uint64_t *behind; /* what matters behind the step */
  uint64_t *reads, *kills;
  uint64_t *writes; /* scratch */
  bool draws;       /* a draw with an effect was met */
} dm_live;

typedef struct dm_planner {
  dm_walk *w;
  uint64_t *writes;  /* [n_steps] of the period at hand */
  uint64_t *latched; /* variables of latches and watches */
  uint64_t *seen;    /* declared states */
  uint64_t *monitors;
  uint64_t *reads, *kills, *behind, *ends, *scratch;
  uint32_t *list; /* scratch */
} dm_planner;

bool dm_bit_get(const uint64_t *set, uint32_t i)
{
  return set[i / 64] >> i % 64 & 1;
}

static void bit_set(uint64_t *set, uint32_t i)
{
  set[i / 64] |= UINT64_C(1) << i % 64;
}

static void join(uint64_t *to, const uint64_t *from, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++)
    to[i] |= from[i];
}

static bool meets(const uint64_t *a, const uint64_t *b, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++)
    if (a[i] & b[i])
      return true;
  return false;
}

/* Where a variable goes behind the `used` bits of a word; returns its bits. */
uint32_t dm_plan_place(const dm_core_var *var, uint32_t *word, uint32_t *used)
{
  uint32_t bits = 0;
  if (var->size == 0)
    bits = 32;
  while (bits < 32 && (UINT64_C(1) << bits) < var->size)
    bits++;
  if (*used + bits > 64) {
    ++*word;
    *used = 0;
  }
  *used += bits;
  return bits;
}

void dm_plan_layout(const dm_core *core, dm_field *field, uint32_t *n_words)
{
  uint32_t word = 0, used = 0;
  for (uint32_t i = 0; i < core->var.n; i++) {
    uint32_t bits = dm_plan_place(&core->var.at[i], &word, &used);
    field[i].word = word;
    field[i].shift = (uint8_t)(bits ? used - bits : 0);
    field[i].bits = (uint8_t)bits;
  }
  *n_words = word + 1;
}

/* ---- statements ---------------------------------------------------------- */

enum { MOST_DEEP = 1000 };

/* What a statement may write, and the payoffs it may end in. */
static void stmt_writes(
    dm_walk *w, dm_stmt_id id, uint64_t *writes, uint64_t *ends, uint32_t depth)
{
  if (id == DM_NONE)
    return;
  const dm_core *core = w->core;
  const dm_core_stmt *s = &core->stmt.at[id];
  if (depth > MOST_DEEP)
    dm_arena_throw(&w->work, DM_E_LIMIT);
  switch ((dm_core_do)s->op) {
  case DM_DO_SEQ:
    for (uint32_t i = 0; i < s->count; i++)
      stmt_writes(w, core->stmt_list.at[s->first + i], writes, ends, depth + 1);
    break;
  case DM_DO_IF:
    stmt_writes(w, s->then_id, writes, ends, depth + 1);
    stmt_writes(w, s->else_id, writes, ends, depth + 1);
    break;
  case DM_DO_DRAW:
    for (uint32_t i = 0; i < s->count; i++)
      stmt_writes(
          w, core->branch.at[s->first + i].body, writes, ends, depth + 1);
    break;
  case DM_DO_SET:
  case DM_DO_ADD:
    if (writes)
      bit_set(writes, s->target);
    break;
  case DM_DO_END:
    for (uint32_t i = w->end_first[s->target];
         ends && i < w->end_first[s->target + 1]; i++)
      bit_set(ends, w->end_read.at[i]);
    break;
  case DM_DO_PAY:
    break;
  }
}

/* An expression whose value is known for the period: over no variable. */
static bool known(dm_live *l, dm_expr_id id, bool *value)
{
  dm_walk *w = l->w;
  if (dm_code_root(w, id)->reads & DM_READS_VAR)
    return false;
  *value = dm_code_eval(w, id, w->start, l->t) != 0;
  return true;
}

/* Whether a statement assigns the variable whatever happens. */
static bool surely_sets(dm_live *l, dm_stmt_id id, uint32_t var, uint32_t depth)
{
  if (id == DM_NONE || depth > MOST_DEEP)
    return false;
  const dm_core *core = l->w->core;
  const dm_core_stmt *s = &core->stmt.at[id];
  bool value, every = s->count > 0;
  switch ((dm_core_do)s->op) {
  case DM_DO_SET:
    return s->target == var;
  case DM_DO_SEQ:
    for (uint32_t i = 0; i < s->count; i++)
      if (surely_sets(l, core->stmt_list.at[s->first + i], var, depth + 1))
        return true;
    return false;
  case DM_DO_IF:
    if (known(l, s->expr, &value))
      return surely_sets(l, value ? s->then_id : s->else_id, var, depth + 1);
    return surely_sets(l, s->then_id, var, depth + 1) &&
           surely_sets(l, s->else_id, var, depth + 1);
  case DM_DO_DRAW:
    for (uint32_t i = 0; every && i < s->count; i++)
      every =
          surely_sets(l, core->branch.at[s->first + i].body, var, depth + 1);
    return every;
  case DM_DO_ADD:
  case DM_DO_END:
  case DM_DO_PAY:
    return false;
  }
  return false;
}

/* Adds to the kills what a statement is sure to assign. */
static void stmt_kills(dm_live *l, dm_stmt_id id)
{
  dm_walk *w = l->w;
  memset(l->writes, 0, w->n_sets_words * sizeof *l->writes);
  stmt_writes(w, id, l->writes, NULL, 0);
  for (uint32_t i = 0; i < w->n_vars; i++)
    if (dm_bit_get(l->writes, i) && !dm_bit_get(l->kills, i) &&
        surely_sets(l, id, i, 0))
      bit_set(l->kills, i);
}

static bool stmt_reads(dm_live *l, dm_stmt_id id, uint32_t depth);

static bool if_reads(dm_live *l, const dm_core_stmt *s, uint32_t depth)
{
  bool value;
  if (known(l, s->expr, &value))
    return stmt_reads(l, value ? s->then_id : s->else_id, depth + 1);
  bool some = stmt_reads(l, s->then_id, depth + 1);
  some = stmt_reads(l, s->else_id, depth + 1) || some;
  if (some)
    dm_code_reads(l->w, s->expr, l->reads);
  return some;
}

static bool draw_reads(dm_live *l, const dm_core_stmt *s, uint32_t depth)
{
  const dm_core *core = l->w->core;
  bool some = false;
  for (uint32_t i = 0; i < s->count; i++)
    some = stmt_reads(l, core->branch.at[s->first + i].body, depth + 1) || some;
  l->draws = l->draws || some;
  for (uint32_t i = 0; some && i < s->count; i++)
    dm_code_reads(l->w, core->branch.at[s->first + i].chance, l->reads);
  return some;
}

/* Adds what a statement reads; says whether it can have an effect. */
static bool stmt_reads(dm_live *l, dm_stmt_id id, uint32_t depth)
{
  if (id == DM_NONE)
    return false;
  const dm_core *core = l->w->core;
  const dm_core_stmt *s = &core->stmt.at[id];
  if (depth > MOST_DEEP)
    dm_arena_throw(&l->w->work, DM_E_LIMIT);
  bool some = false;
  switch ((dm_core_do)s->op) {
  case DM_DO_SEQ:
    for (uint32_t i = 0; i < s->count; i++)
      some = stmt_reads(l, core->stmt_list.at[s->first + i], depth + 1) || some;
    return some;
  case DM_DO_IF:
    return if_reads(l, s, depth);
  case DM_DO_DRAW:
    return draw_reads(l, s, depth);
  case DM_DO_SET:
  case DM_DO_ADD:
    if (!dm_bit_get(l->behind, s->target))
      return false;
    dm_code_reads(l->w, s->expr, l->reads);
    return true;
  case DM_DO_PAY:
    dm_code_reads(l->w, s->expr, l->reads);
    return true;
  case DM_DO_END:
    return true;
  }
  return false;
}

/* Whether an END stands in the statement. */
static bool can_end(dm_walk *w, dm_stmt_id id, uint32_t depth)
{
  if (id == DM_NONE || depth > MOST_DEEP)
    return false;
  const dm_core *core = w->core;
  const dm_core_stmt *s = &core->stmt.at[id];
  bool some = s->op == DM_DO_END;
  if (s->op == DM_DO_IF)
    some =
        can_end(w, s->then_id, depth + 1) || can_end(w, s->else_id, depth + 1);
  for (uint32_t i = 0; !some && i < s->count; i++) {
    if (s->op == DM_DO_SEQ)
      some = can_end(w, core->stmt_list.at[s->first + i], depth + 1);
    else if (s->op == DM_DO_DRAW)
      some = can_end(w, core->branch.at[s->first + i].body, depth + 1);
  }
  return some;
}

static bool rule_on(const dm_core *core, uint32_t rule, uint32_t t)
{
  const uint8_t *on = core->rule.at[rule].on;
  return !on || on[t];
}

/* ---- one step ------------------------------------------------------------ */

static void stmt_facts(dm_planner *p, dm_stmt_id id, uint64_t *writes)
{
  stmt_writes(p->w, id, writes, p->ends, 0);
  if (can_end(p->w, id, 0))
    join(p->ends, p->monitors, p->w->n_sets_words);
}

/* Writes of step s in period t; adds to p->ends what its endings read. */
static void step_facts(
    dm_planner *p, const dm_core_step *step, uint32_t t, uint64_t *writes)
{
  const dm_core *core = p->w->core;
  memset(p->ends, 0, p->w->n_sets_words * sizeof *p->ends);
  if (step->kind == DM_STEP_RULES) {
    for (uint32_t i = 0; i < step->count; i++)
      if (rule_on(core, step->first + i, t))
        stmt_facts(p, core->rule.at[step->first + i].body, writes);
  } else if (step->kind == DM_STEP_DECIDE) {
    const dm_core_decide *d = &core->decide.at[step->first];
    bit_set(writes, core->choice.at[d->choice].pick);
    stmt_facts(p, d->after, writes);
    stmt_facts(p, d->missed, writes);
  } else if (step->kind == DM_STEP_RECALL) {
    bit_set(writes, core->recall.at[step->first].var);
  }
}

static void end_reads(dm_planner *p, uint32_t outcome, uint64_t *set)
{
  const dm_walk *w = p->w;
  for (uint32_t i = w->end_first[outcome]; i < w->end_first[outcome + 1]; i++)
    bit_set(set, w->end_read.at[i]);
  join(set, p->monitors, w->n_sets_words);
}

static uint32_t *keep_list(dm_walk *w, const uint32_t *list, uint32_t n)
{
  if (!n)
    return NULL;
  uint32_t *copy = dm_arena_array(&w->work, n, sizeof *copy);
  memcpy(copy, list, n * sizeof *copy);
  return copy;
}

static bool latch_looks(
    dm_planner *p, const dm_core_latch *latch, uint32_t t, uint32_t s,
    const uint64_t *writes)
{
  const dm_core *core = p->w->core;
  if (s == DM_NONE)
    return false;
  uint8_t phase = core->step.at[s].phase;
  if (t < latch->first || t > latch->last || phase < 1 || phase > 9)
    return false;
  bool first = true;
  for (uint32_t i = 0; i < s; i++)
    first = first && (core->step.at[i].phase < 1 || core->step.at[i].phase > 9);
  if (first || dm_bit_get(writes, latch->var))
    return true;
  uint64_t *reads = p->reads;
  memset(reads, 0, p->w->n_sets_words * sizeof *reads);
  dm_code_reads(p->w, latch->cond, reads);
  return meets(reads, writes, p->w->n_sets_words) ||
         meets(reads, p->latched, p->w->n_sets_words);
}

/* The latches and watches that can change something here; behind grows by what
 * they look at, `old` by what they look at before the step. */
static void plan_monitors(
    dm_planner *p, dm_plan *plan, uint32_t t, uint32_t s,
    const uint64_t *writes, uint64_t *old)
{
  dm_walk *w = p->w;
  const dm_core *core = w->core;
  uint32_t n = 0, words = w->n_sets_words;
  /* Watches look when the latches are done, so a latch matters to them. */
  for (uint32_t i = 0; i < core->watch.n; i++) {
    const dm_core_watch *watch = &core->watch.at[i];
    memset(p->reads, 0, words * sizeof *p->reads);
    for (uint32_t k = 0; k < watch->n_exprs; k++)
      dm_code_reads(w, core->watch_expr.at[watch->first_expr + k], p->reads);
    if (dm_bit_get(p->behind, watch->var) &&
        (meets(p->reads, writes, words) ||
         meets(p->reads, p->latched, words))) {
      p->list[n++] = i;
      join(old, p->reads, words);
      plan->needs_old = true;
    }
  }
  plan->watch = keep_list(w, p->list, n);
  plan->n_watches = n;
  join(p->behind, old, words);
  n = 0;
  for (uint32_t i = 0; i < core->latch.n; i++) {
    const dm_core_latch *latch = &core->latch.at[i];
    if (dm_bit_get(p->behind, latch->var) &&
        latch_looks(p, latch, t, s, writes))
      p->list[n++] = i;
  }
  plan->latch = keep_list(w, p->list, n);
  plan->n_latches = n;
  for (uint32_t i = 0; i < n; i++) {
    const dm_core_latch *latch = &core->latch.at[plan->latch[i]];
    dm_code_reads(w, latch->cond, p->behind);
    if (latch->edge) {
      dm_code_reads(w, latch->cond, old);
      plan->needs_old = true;
    }
  }
}

static void plan_rules(
    dm_planner *p, dm_plan *plan, dm_live *l, uint32_t first, uint32_t count)
{
  uint32_t n = 0;
  const dm_core *core = p->w->core;
  for (uint32_t i = first; i < first + count; i++)
    if (rule_on(core, i, l->t) && stmt_reads(l, core->rule.at[i].body, 0)) {
      p->list[n++] = i;
      stmt_kills(l, core->rule.at[i].body);
    }
  plan->rule = keep_list(p->w, p->list, n);
  plan->n_rules = n;
  plan->draws = l->draws;
  plan->idle = n == 0 && plan->n_latches == 0 && plan->n_watches == 0;
}

static void plan_decide(dm_planner *p, dm_live *l, uint32_t index)
{
  dm_walk *w = p->w;
  const dm_core *core = w->core;
  const dm_core_decide *d = &core->decide.at[index];
  const dm_core_choice *c = &core->choice.at[d->choice];
  bool open = true, always = d->open == DM_NONE;
  if (!always && known(l, d->open, &open))
    always = open;
  if (!always)
    stmt_reads(l, d->missed, 0);
  if (!open)
    return;
  /* What `after` reads of the pick is the pick itself. */
  bool pick_read = dm_bit_get(l->reads, c->pick);
  stmt_reads(l, d->after, 0);
  if (!pick_read)
    l->reads[c->pick / 64] &= ~(UINT64_C(1) << c->pick % 64);
  if (always) {
    stmt_kills(l, d->after);
    bit_set(l->kills, c->pick);
  } else {
    dm_code_reads(w, d->open, l->reads);
  }
  for (uint32_t i = 0; i < c->n_options; i++)
    dm_code_reads(w, core->option.at[c->first_option + i].guard, l->reads);
  for (uint32_t i = 0; i < d->n_keys; i++)
    dm_code_reads(w, core->key.at[d->first_key + i].expr, l->reads);
}

static void plan_recall(dm_planner *p, dm_live *l, uint32_t index)
{
  const dm_core *core = p->w->core;
  const dm_core_recall *r = &core->recall.at[index];
  if (!dm_bit_get(l->behind, r->var))
    return;
  for (uint32_t i = 0; i < r->n_keys; i++)
    dm_code_reads(p->w, core->key.at[r->first_key + i].expr, l->reads);
}

static void plan_endings(dm_planner *p, dm_live *l)
{
  const dm_core *core = p->w->core;
  for (uint32_t i = 0; i < core->ending.n; i++) {
    dm_code_reads(p->w, core->ending.at[i].cond, l->reads);
    end_reads(p, core->ending.at[i].outcome, l->reads);
  }
}

static void finish(dm_planner *p, dm_plan *plan, const uint64_t *after)
{
  dm_walk *w = p->w;
  uint32_t words = w->n_sets_words, n = 0;
  for (uint32_t i = 0; i < words; i++)
    plan->live[i] |= (after[i] & ~p->kills[i]) | p->reads[i];
  if (plan->forced)
    join(plan->live, p->seen, words);
  plan->base = dm_arena_array(&w->work, w->n_words, sizeof *plan->base);
  for (uint32_t i = 0; i < w->n_vars; i++) {
    const dm_field *f = &w->field[i];
    uint32_t offset = (uint32_t)w->start[i] - (uint32_t)w->core->var.at[i].lo;
    if (!f->bits)
      continue;
    if (dm_bit_get(plan->live, i))
      p->list[n++] = i;
    else
      plan->base[f->word] |= (uint64_t)offset << f->shift;
  }
  plan->pack = keep_list(w, p->list, n);
  plan->n_pack = n;
}

/* One step, given what lives behind it (next); its `forced` is set already.
 * s: DM_NONE for the start step. */
static void plan_step(
    dm_planner *p, dm_plan *plan, uint32_t t, uint32_t s, const uint64_t *next,
    const uint64_t *writes, const dm_core_step *step)
{
  dm_walk *w = p->w;
  uint32_t words = w->n_sets_words;
  memcpy(p->behind, next, words * sizeof *next);
  join(p->behind, p->ends, words);
  plan_monitors(p, plan, t, s, writes, plan->live);
  memcpy(plan->keep, p->behind, words * sizeof *plan->keep);
  memset(p->reads, 0, words * sizeof *p->reads);
  memset(p->kills, 0, words * sizeof *p->kills);
  dm_live l = {w, t, plan->keep, p->reads, p->kills, p->scratch, false};
  switch ((dm_step_kind)step->kind) {
  case DM_STEP_RULES:
    plan_rules(p, plan, &l, step->first, step->count);
    break;
  case DM_STEP_DECIDE:
    plan_decide(p, &l, step->first);
    break;
  case DM_STEP_RECALL:
    plan_recall(p, &l, step->first);
    break;
  case DM_STEP_ENDINGS:
    plan_endings(p, &l);
    break;
  }
  finish(p, plan, plan->keep);
}

static dm_plan *plan_at(dm_walk *w, uint32_t t, uint32_t s)
{
  dm_plan *plan = &w->plan[dm_walk_position(w, t, s)];
  plan->live = dm_arena_array(&w->work, w->n_sets_words, sizeof *plan->live);
  plan->keep = dm_arena_array(&w->work, w->n_sets_words, sizeof *plan->keep);
  return plan;
}

/* The places behind the steps: the virtual last endings, and the endings. */
static void plan_ends(dm_planner *p, uint32_t t)
{
  dm_walk *w = p->w;
  uint32_t words = w->n_sets_words;
  memset(p->reads, 0, words * sizeof *p->reads);
  memset(p->kills, 0, words * sizeof *p->kills);
  for (uint32_t o = 0; o < w->core->outcome.n; o++) {
    dm_plan *plan = plan_at(w, t, w->n_steps + 1 + o);
    finish(p, plan, p->monitors);
  }
  dm_plan *plan = plan_at(w, t, w->n_steps);
  if (t == w->core->n_periods) {
    plan->forced = w->final_step == w->n_steps;
    end_reads(p, w->core->otherwise, plan->live);
    finish(p, plan, plan->live);
  }
}

static void plan_period(dm_planner *p, uint32_t t, const uint64_t *next)
{
  dm_walk *w = p->w;
  const dm_core *core = w->core;
  uint32_t words = w->n_sets_words;
  plan_ends(p, t);
  if (t == core->n_periods)
    next = w->plan[dm_walk_position(w, t, w->n_steps)].live;
  for (uint32_t s = w->n_steps; s-- > 0;) {
    dm_plan *plan = plan_at(w, t, s);
    bool last = t == core->n_periods && s == w->final_step;
    plan->forced = s == 0 || last;
    memset(p->writes, 0, words * sizeof *p->writes);
    step_facts(p, &core->step.at[s], t, p->writes);
    if (last)
      end_reads(p, core->otherwise, p->ends);
    plan_step(p, plan, t, s, next, p->writes, &core->step.at[s]);
    next = plan->live;
  }
}

/* The variables that the payoffs of each outcome read. */
static void plan_outcomes(dm_planner *p)
{
  dm_walk *w = p->w;
  const dm_core *core = w->core;
  w->end_first =
      dm_arena_array(&w->work, (size_t)core->outcome.n + 1, sizeof(uint32_t));
  for (uint32_t o = 0; o < core->outcome.n; o++) {
    const dm_core_outcome *out = &core->outcome.at[o];
    memset(p->reads, 0, w->n_sets_words * sizeof *p->reads);
    for (uint32_t i = 0; i < core->actor.n; i++) {
      dm_code_reads(w, out->payoff[i], p->reads);
      if (out->tail)
        dm_code_reads(w, out->tail[i], p->reads);
    }
    w->end_first[o] = w->end_read.n;
    for (uint32_t i = 0; i < w->n_vars; i++)
      if (dm_bit_get(p->reads, i))
        DM_PUSH(&w->work, &w->end_read, i);
  }
  w->end_first[core->outcome.n] = w->end_read.n;
}

static uint64_t *new_set(dm_walk *w)
{
  return dm_arena_array(&w->work, w->n_sets_words, sizeof(uint64_t));
}

static void planner_init(dm_planner *p, dm_walk *w)
{
  const dm_core *core = w->core;
  p->w = w;
  p->writes = new_set(w);
  p->latched = new_set(w);
  p->seen = new_set(w);
  p->monitors = new_set(w);
  p->reads = new_set(w);
  p->kills = new_set(w);
  p->behind = new_set(w);
  p->ends = new_set(w);
  p->scratch = new_set(w);
  size_t most = core->var.n;
  if (core->rule.n > most)
    most = core->rule.n;
  if (core->latch.n > most)
    most = core->latch.n;
  if (core->watch.n > most)
    most = core->watch.n;
  p->list = dm_arena_array(&w->work, most + 1, sizeof *p->list);
  for (uint32_t i = 0; i < core->latch.n; i++)
    bit_set(p->latched, core->latch.at[i].var);
  for (uint32_t i = 0; i < core->watch.n; i++)
    bit_set(p->latched, core->watch.at[i].var);
  for (uint32_t i = 0; i < w->n_vars; i++) {
    if (core->var.at[i].kind == DM_VAR_MONITOR)
      bit_set(p->monitors, i);
    if (core->var.at[i].kind == DM_VAR_STATE)
      bit_set(p->seen, i);
  }
}

void dm_plan_all(dm_walk *w)
{
  const dm_core *core = w->core;
  dm_planner p;
  planner_init(&p, w);
  plan_outcomes(&p);
  const uint64_t *next = p.monitors;
  for (uint32_t t = core->n_periods; t > 0; t--) {
    plan_period(&p, t, next);
    next = w->plan[dm_walk_position(w, t, 0)].live;
  }
  /* The root runs the start step: its watches count, its latches do not. */
  dm_plan *root = plan_at(w, 0, 0);
  dm_core_step start = {0};
  start.kind = DM_STEP_RULES;
  start.first = core->start_rules;
  start.count = core->n_start_rules;
  memset(p.writes, 0, w->n_sets_words * sizeof *p.writes);
  step_facts(&p, &start, 0, p.writes);
  plan_step(&p, root, 0, DM_NONE, next, p.writes, &start);
}
