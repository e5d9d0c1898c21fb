/* infer/questions.c -- what the file asks, answered exactly.
 *
 * Every answer is a ratio of sums over endings: P(E and F) / P(F), where the
 * ending tells the outcome, the period, and whether each monitor saw its event
 * (monitor.c).  A question without monitors reads the base game; the others
 * expand a copy of the core once, take the strategies over set by set, and run
 * one forward sweep.
 *
 * A move X that is asked about has three answers (language, section 6):
 *   given      Bayes: X was picked at its date; strategies as they are
 *   surprises  X is made the first time it is open in its period; everybody's
 *              strategies as they are; on the paths where it is open
 *   known      the same game, solved anew: everybody knew
 * The last two are read from one copy in which X is the only option then. */
#include "infer/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double EQUAL = 1e-9;

/* What is summed at the endings of a side game or of the base game. */
typedef struct dm_sums {
  double given; /* P(F and X) */
  double both;  /* P(E and F and X) */
  double *each; /* [n_outcomes x n_periods] or NULL: outcome and F and X */
} dm_sums;

/* Variables that tell at an ending; DM_NONE: the event is an outcome, or there
 * is none. */
typedef struct dm_marks {
  uint32_t event, given, move;
} dm_marks;

typedef struct dm_answer {
  dm_job *job;
  const dm_core_question *q;
  const dm_core *core; /* of the game that is read */
  dm_marks marks;
  const char *why;
} dm_answer;

/* ---- reading the endings ------------------------------------------------------ */

static bool came_true(
    const dm_core_event *event, uint32_t mark, const int32_t *v,
    uint32_t outcome, uint32_t period)
{
  if (event->kind == DM_EVENT_COND)
    return v[mark] == 1;
  return outcome == event->outcome &&
         (event->by ? period <= event->date : period == event->date);
}

static void add_up(
    dm_answer *a, const dm_expansion *e, const dm_sweep *sweep, dm_sums *sums)
{
  const dm_core_question *q = a->q;
  size_t periods = a->core->n_periods;
  int32_t *v = dm_arena_array(&a->job->scratch, a->core->var.n, sizeof *v);
  sums->given = sums->both = 0;
  for (dm_node_id n = 0; n < e->game.n_nodes; n++) {
    if (e->game.node_set[n] < DM_NODE_END)
      continue;
    uint32_t end = e->game.node_set[n] - DM_NODE_END;
    uint32_t outcome = e->end_outcome[end];
    uint32_t t = e->end_period[end] ? e->end_period[end] : 1;
    double reach = dm_sweep_reach(sweep, n);
    dm_expansion_decode(a->core, e, n, v);
    if (a->marks.move != DM_NONE && v[a->marks.move] != 1)
      continue;
    if (q->has_given && !came_true(&q->given, a->marks.given, v, outcome, t))
      continue;
    sums->given += reach;
    if (q->every_outcome)
      sums->each[outcome * periods + t - 1] += reach;
    else if (came_true(&q->event, a->marks.event, v, outcome, t))
      sums->both += reach;
  }
}

/* Takes the answer out of the sums, conditional on F (and on X). */
static double conclude(
    dm_answer *a, const dm_sums *sums, const char *why, double **each)
{
  size_t n = a->core->outcome.n, periods = a->core->n_periods;
  bool nothing = !(sums->given > 0);
  if (nothing)
    a->why = why;
  for (size_t o = 0; a->q->every_outcome && o < n; o++) {
    for (size_t t = 1; t < periods; t++)
      sums->each[o * periods + t] += sums->each[o * periods + t - 1];
  }
  for (size_t i = 0; a->q->every_outcome && i < n * periods; i++)
    sums->each[i] = nothing ? (double)NAN : sums->each[i] / sums->given;
  if (a->q->every_outcome && each)
    *each = sums->each;
  if (nothing || a->q->every_outcome)
    return (double)NAN;
  /* Without a condition the divisor is 1 up to rounding, and would only add
   * noise. */
  bool sure = !a->q->has_given && a->marks.move == DM_NONE;
  return sure ? sums->both : sums->both / sums->given;
}

static dm_sums new_sums(dm_answer *a)
{
  dm_sums sums = {0};
  if (a->q->every_outcome)
    sums.each = dm_arena_array(
        a->job->keep, (size_t)a->job->core->outcome.n * a->job->core->n_periods,
        sizeof *sums.each);
  return sums;
}

/* ---- side games -------------------------------------------------------------------- */

static void drop_side(dm_answer *a)
{
  dm_sweep_free(a->job->side_sweep);
  dm_expansion_free(a->job->side);
  free(a->job->side_log_p);
  a->job->side_sweep = NULL;
  a->job->side = NULL;
  a->job->side_log_p = NULL;
}

static void add_marks(dm_answer *a, dm_core *core)
{
  const dm_core_question *q = a->q;
  a->core = core;
  a->marks = (dm_marks){DM_NONE, DM_NONE, DM_NONE};
  if (!q->every_outcome && q->event.kind == DM_EVENT_COND)
    a->marks.event = dm_monitor_event(core, &q->event);
  if (q->has_given && q->given.kind == DM_EVENT_COND)
    a->marks.given = dm_monitor_event(core, &q->given);
}

/* Strategies of the base game at the sets of the side game. */
static bool carry_over(dm_answer *a)
{
  const dm_solved *s = a->job->solved;
  const dm_expansion *side = a->job->side, *base = s->expansion;
  for (dm_set_id i = 0; i < side->game.n_sets; i++) {
    dm_set_id b = dm_expansion_match(side, i, base);
    uint32_t first = side->game.set_slot[i];
    uint32_t n = side->game.set_slot[i + 1] - first;
    if (b == DM_NONE ||
        base->game.set_slot[b + 1] - base->game.set_slot[b] != n)
      return false;
    memcpy(
        a->job->side_log_p + first, s->log_p + base->game.set_slot[b],
        n * sizeof *s->log_p);
  }
  return true;
}

/* Expands a->core with the base game's strategies.  What goes wrong for the
 * question alone is told by a->why and DM_OK. */
static dm_status open_side(dm_answer *a)
{
  dm_job *job = a->job;
  dm_expand_options expand = dm_expand_defaults();
  expand.skip_findings = true;
  dm_status status = dm_infer_expand(
      a->core, job->solved->param, job->options, &expand, &job->side);
  if (status == DM_E_LIMIT || status == DM_E_INPUT) {
    a->why = "with what the question must remember there are too many "
             "situations";
    return DM_OK;
  }
  if (status != DM_OK)
    return status;
  job->side_sweep = dm_sweep_new(&job->side->game);
  job->side_log_p =
      calloc((size_t)job->side->game.n_slots + 1, sizeof *job->side_log_p);
  if (!job->side_sweep || !job->side_log_p)
    return DM_E_MEMORY;
  dm_sweep_refill(job->side_sweep, job->solved->param);
  if (!carry_over(a)) {
    a->why = "the question's game does not match the base game";
    return DM_OK;
  }
  dm_sweep_run(job->side_sweep, job->side_log_p);
  return DM_OK;
}

static dm_status solve_side(dm_answer *a)
{
  dm_solve_options how = dm_solve_defaults();
  dm_solve_result result;
  dm_status status =
      dm_solve_logit(a->job->side_sweep, &how, a->job->side_log_p, &result);
  if (status != DM_OK)
    return status;
  if (result.verdict == DM_STOPPED)
    return DM_E_INTERRUPT;
  if (result.verdict != DM_SOLVED)
    a->why = "the game with the move announced did not converge";
  else
    dm_sweep_run(a->job->side_sweep, a->job->side_log_p);
  return DM_OK;
}

/* ---- the answers --------------------------------------------------------------------- */

static const char NO_GIVEN[] = "the condition has no chance";
static const char NO_MOVE[] = "the move has no chance at its date";
static const char NOT_OPEN[] = "the move is not open at its date";

/* As asked, but for a forced move.  Also P(F). */
static dm_status plain(dm_answer *a, dm_r_question *out)
{
  const dm_core_question *q = a->q;
  bool monitors = (!q->every_outcome && q->event.kind == DM_EVENT_COND) ||
                  (q->has_given && q->given.kind == DM_EVENT_COND);
  a->core = a->job->core;
  a->marks = (dm_marks){DM_NONE, DM_NONE, DM_NONE};
  dm_sums sums = new_sums(a);
  double *each = NULL;
  if (monitors) {
    dm_core *copy = dm_monitor_copy(a->job->core, &a->job->scratch);
    add_marks(a, copy);
    dm_status status = open_side(a);
    if (status != DM_OK || a->why)
      return status;
    add_up(a, a->job->side, a->job->side_sweep, &sums);
  } else {
    add_up(a, a->job->solved->expansion, a->job->solved->sweep, &sums);
  }
  out->answer = conclude(a, &sums, NO_GIVEN, &each);
  out->each = each;
  if (q->has_given)
    out->chance_given = sums.given;
  return DM_OK;
}

/* The answer given that the move was made, and the chance that it is open at
 * its date: both by the base game's strategies, so from one copy. */
static dm_status given_move(dm_answer *a, dm_r_question *out)
{
  const dm_core_question *q = a->q;
  dm_core *copy = dm_monitor_copy(a->job->core, &a->job->scratch);
  add_marks(a, copy);
  uint32_t pick = dm_monitor_pick(
      copy, q->force_choice, q->force_option, q->force_n ? q->force_n : 1,
      q->force_period);
  uint32_t open =
      dm_monitor_open(copy, q->force_choice, q->force_option, q->force_period);
  dm_status status = open_side(a);
  if (status != DM_OK || a->why)
    return status;
  a->marks.move = pick;
  dm_sums sums = new_sums(a);
  add_up(a, a->job->side, a->job->side_sweep, &sums);
  out->given_move = conclude(a, &sums, NO_MOVE, NULL);
  /* A move that is never picked may still be open. */
  a->why = NULL;
  dm_core_question any = {.event = {.kind = DM_EVENT_OUTCOME}};
  dm_answer b = {
      .job = a->job,
      .q = &any,
      .core = copy,
      .marks = {DM_NONE, DM_NONE, open}};
  dm_sums opened = {0};
  add_up(&b, a->job->side, a->job->side_sweep, &opened);
  /* A sum of all reaches can pass 1 by its rounding. */
  out->open = opened.given > 1 && opened.given < 1 + 1e-9 ? 1 : opened.given;
  return DM_OK;
}

static dm_status forced(dm_answer *a, dm_r_question *out)
{
  const dm_core_question *q = a->q;
  dm_core *copy = dm_monitor_copy(a->job->core, &a->job->scratch);
  add_marks(a, copy);
  a->marks.move =
      dm_monitor_force(copy, q->force_choice, q->force_option, q->force_period);
  dm_status status = open_side(a);
  if (status != DM_OK || a->why)
    return status;
  bool asked = q->force == DM_FORCE_SURPRISES;
  double *each = NULL;
  dm_sums sums = new_sums(a);
  add_up(a, a->job->side, a->job->side_sweep, &sums);
  out->surprises = conclude(a, &sums, NOT_OPEN, asked ? &each : NULL);
  if (a->why)
    return DM_OK;
  status = solve_side(a);
  if (status != DM_OK || a->why)
    return status;
  sums = new_sums(a);
  add_up(a, a->job->side, a->job->side_sweep, &sums);
  out->known = conclude(a, &sums, NOT_OPEN, asked ? NULL : &each);
  if (each)
    out->each = each;
  return DM_OK;
}

static bool compares(uint8_t relation, double x, double bound)
{
  switch ((dm_core_op)relation) {
  case DM_X_LT:
    return x < bound;
  case DM_X_LE:
    return x <= bound + EQUAL;
  case DM_X_GT:
    return x > bound;
  case DM_X_GE:
    return x >= bound - EQUAL;
  case DM_X_EQ:
    return fabs(x - bound) <= EQUAL;
  case DM_X_NE:
    return fabs(x - bound) > EQUAL;
  case DM_X_NUMBER:
  case DM_X_PARAM:
  case DM_X_VAR:
  case DM_X_PERIOD:
  case DM_X_ADD:
  case DM_X_SUB:
  case DM_X_MUL:
  case DM_X_DIV:
  case DM_X_IDIV:
  case DM_X_MOD:
  case DM_X_MIN:
  case DM_X_MAX:
  case DM_X_NEG:
  case DM_X_AND:
  case DM_X_OR:
  case DM_X_NOT:
  case DM_X_IF:
    break;
  }
  return false;
}

static dm_status with_move(dm_answer *a, dm_r_question *out)
{
  out->forced = true;
  dm_status status = given_move(a, out);
  drop_side(a);
  if (status == DM_OK && !a->why)
    status = forced(a, out);
  out->answer = a->q->force == DM_FORCE_KNOWN ? out->known : out->surprises;
  return status;
}

static dm_status answer(
    dm_job *job, const dm_core_question *q, bool check, dm_r_question *out)
{
  double nan = (double)NAN;
  *out = (dm_r_question){
      .text = q->text,
      .answer = nan,
      .given_move = nan,
      .surprises = nan,
      .known = nan,
      .open = nan,
      .chance_given = nan,
      .is_check = check,
      .why = "",
      .line = q->at.line};
  dm_answer a = {.job = job, .q = q};
  dm_status status = DM_OK;
  if (q->has_given || q->force == DM_FORCE_NONE) {
    status = plain(&a, out);
    drop_side(&a);
  }
  if (status == DM_OK && q->force != DM_FORCE_NONE && !a.why) {
    status = with_move(&a, out);
    drop_side(&a);
  }
  out->why = a.why ? a.why : "";
  if (check)
    out->passed = compares(q->relation, out->answer, q->bound);
  return status;
}

dm_status dm_infer_questions(dm_job *job)
{
  const dm_core *core = job->core;
  dm_result *r = job->result;
  uint32_t first = job->options->first_ask;
  uint32_t asks = job->options->questions ? core->ask.n - first : 0;
  uint32_t checks = job->options->checks ? core->check.n : 0;
  r->question =
      dm_arena_array(job->keep, (size_t)asks + checks, sizeof *r->question);
  for (uint32_t i = 0; i < asks + checks; i++) {
    const dm_core_question *q =
        i < asks ? &core->ask.at[first + i] : &core->check.at[i - asks];
    if (!dm_infer_tell(job->options, "questions", i, asks + checks))
      return DM_E_INTERRUPT;
    dm_status status = answer(job, q, i >= asks, &r->question[i]);
    if (status != DM_OK)
      return status;
    r->n_questions = i + 1;
  }
  return DM_OK;
}
