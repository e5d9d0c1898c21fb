/* infer/solution.c -- what `solve` says of a game: one equilibrium by the method
 * asked for, and what else was asked for beside it.
 *
 * In:     a game, parameters, names, options.
 * Out:    plain data for report (dm_r_solution).
 * Logit:  the principal branch up to the sharpness asked for, or on to the Nash
 *         limit.  There the path ends where regret is below the tolerance, and
 *         Newton's method on the indifferences makes its end exact if that
 *         moves no reached probability by more than NEAR; so p = 1/3 reads 1/3.
 * Work:   the path to the limit may fold many times, and in a large game each
 *         fold takes its time: after MOST_WORK passes over edges it is given up.
 *         An equilibrium right where it was left is then offered in the list of
 *         others, under its own name; it is not the answer.  Crossings of
 *         branches are looked for in games of up to WATCHED slots, or if they
 *         are to be followed.
 * Trust:  an answer is one only if the certificate, recomputed from the raw
 *         game, says so: residual below MOST_RESIDUAL at finite sharpness,
 *         regret below the tolerance at the limit.  If not, no number is told
 *         and the status is DM_E_CONVERGE.
 * Cost:   that of the solver, and one pass over the edges a profile. */
#define _POSIX_C_SOURCE 200809L
#include "infer/parts.h"
#include "infer/solution_parts.h"

#include <demarche/version.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double MOST_RESIDUAL = 1e-6; /* log odds */
static const double NEAR = 1e-3;          /* probability, weighted by reach */

/* Regret of a game whose payoffs hardly differ, payoff units. */
static const double LEAST = 1e-12;

static const double MOST_WORK = 1e10; /* some two minutes */

enum { WATCHED = 2000 };

/* Probabilities kept for all points of a path; further points go without. */
enum { MOST_KEPT = 1 << 25 };

/* Where lambda x range is at least this, regret of a game with payoffs that
 * doubles can tell apart is below any tolerance that makes sense. */
static const double FARTHEST = 1e13;

dm_solution_options dm_solution_defaults(void)
{
  return (dm_solution_options){
      .method = DM_METHOD_LOGIT,
      .sharpness = 1,
      .tolerance = 1e-8,
      .iterations = 1000,
      .seed = 1};
}

static double clock_seconds(void)
{
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
    return 0;
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void dm_r_solution_free(dm_r_solution *solution)
{
  if (!solution)
    return;
  dm_arena_clear(&solution->arena);
  free(solution);
}

/* ---- points of the path -------------------------------------------------------- */

static const char *kind_word(dm_point_kind kind)
{
  switch (kind) {
  case DM_POINT_STEP:
    return "step";
  case DM_POINT_AT:
    return "at";
  case DM_POINT_TURN:
    return "turn";
  case DM_POINT_BRANCH:
    return "bifurcation";
  case DM_POINT_END:
    return "end";
  }
  return "step";
}

static double *copied(dm_solution_job *job, const double *x)
{
  uint32_t n = job->game->n_slots;
  double *out = dm_arena_array(job->keep, n, sizeof *out);
  memcpy(out, x, n * sizeof *out);
  return out;
}

static void keep_point(dm_solution_job *job, const dm_path_point *point)
{
  const dm_solution_options *o = job->options;
  bool asked = o->path || o->n_at > 0;
  bool shown = point->kind == DM_POINT_STEP  ? o->path
               : point->kind == DM_POINT_END ? asked
                                             : point->kind == DM_POINT_AT;
  bool event = point->kind == DM_POINT_TURN || point->kind == DM_POINT_BRANCH;
  dm_r_point kept = {
      .kind = kind_word(point->kind),
      .lambda = point->k,
      .residual = point->residual,
      .regret = point->regret};
  if (!shown && !event)
    return;
  if (point->attempt > 0 && !job->again) {
    job->again = true;
    job->point_again = job->point.n;
    job->branch_again = job->branch.n;
  }
  if (shown && point->log_p && job->kept < MOST_KEPT) {
    kept.p = dm_solution_odds(job, point->log_p, false);
    job->kept += job->game->n_slots;
  }
  DM_PUSH(job->keep, &job->point, kept);
  if (point->kind != DM_POINT_BRANCH || !o->branches || !point->direction)
    return;
  dm_kept_branch branch = {
      .k = point->k,
      .log_p = copied(job, point->log_p),
      .direction = copied(job, point->direction)};
  DM_PUSH(job->keep, &job->branch, branch);
}

/* The solver must not be jumped out of: what fails here stops it. */
static bool on_point(void *data, const dm_path_point *point)
{
  dm_solution_job *job = data;
  jmp_buf outer;
  memcpy(&outer, &job->keep->jump, sizeof outer);
  dm_status why = (dm_status)setjmp(job->keep->jump);
  if (why == DM_OK)
    keep_point(job, point);
  else
    job->status = why;
  memcpy(&job->keep->jump, &outer, sizeof outer);
  return job->status == DM_OK;
}

static bool on_step(void *data, double k, uint32_t step)
{
  const dm_solution_job *job = data;
  (void)step;
  if (job->options->limit)
    return dm_solution_tell(job, "path, lambda", k, 0);
  return dm_solution_tell(job, "path", k, job->options->sharpness);
}

/* ---- the logit path --------------------------------------------------------------- */

dm_solve_options dm_solution_logit(const dm_solution_job *job)
{
  const dm_solution_options *o = job->options;
  dm_solve_options how = dm_solve_defaults();
  how.k_end = o->sharpness;
  if (o->limit) {
    double range = job->out->range;
    how.limit = true;
    how.k_end = FARTHEST / (range > 0 ? range : 1);
    how.tol_regret = job->out->tolerance;
    how.max_work = MOST_WORK;
  }
  how.no_crossings = !o->branches && job->game->n_slots > WATCHED;
  how.progress = on_step;
  how.progress_data = (void *)(uintptr_t)job;
  return how;
}

/* Largest difference of two profiles at sets that the first one reaches. */
static double apart(const dm_solution_job *job, const double *log_p)
{
  const dm_game *g = job->game;
  const dm_r_equilibrium *x = &job->out->answer;
  double most = 0;
  for (dm_set_id s = 0; s < g->n_sets; s++) {
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++) {
      double d = x->reach[s] * fabs(exp(log_p[i]) - x->p[i]);
      most = d > most ? d : most;
    }
  }
  return most;
}

/* Makes the end of the path to the limit exact, if that is a step so small that
 * it is still the same equilibrium, and no worse anywhere.  Another equilibrium
 * is left in job->beside. */
static dm_status finish(dm_solution_job *job, double regret, bool *good)
{
  dm_r_equilibrium before = job->out->answer;
  double *exact = dm_arena_array(job->keep, job->game->n_slots, sizeof *exact);
  *good = regret <= job->out->tolerance;
  if (!dm_polish(job->game, job->cell, job->log_p, exact))
    return DM_OK;
  if (apart(job, exact) > NEAR) {
    job->beside = exact;
    return DM_OK;
  }
  double after = 0;
  dm_status status = dm_solution_answer(job, exact, (double)INFINITY, &after);
  if (status != DM_OK)
    return status;
  if (after <= job->out->tolerance) {
    *good = job->out->finished = true;
    memcpy(job->log_p, exact, job->game->n_slots * sizeof *exact);
  } else {
    job->out->answer = before;
  }
  return DM_OK;
}

/* Whether sharpness means anything at every set. */
static bool all_care(const dm_solution_job *job)
{
  const dm_game *g = job->game;
  for (dm_set_id s = 0; s < g->n_sets; s++) {
    if (!(job->cell[g->set_sharp[s]] > 0))
      return false;
  }
  return true;
}

static dm_status judge(dm_solution_job *job, const dm_solve_result *result)
{
  const dm_solution_options *o = job->options;
  dm_r_solution *r = job->out;
  double regret = 0;
  bool good = result->verdict == DM_SOLVED;
  double k = o->limit ? (double)INFINITY : result->k;
  dm_status status = dm_solution_answer(job, job->log_p, k, &regret);
  if (status == DM_OK && o->limit)
    status = finish(job, regret, &good);
  else if (status == DM_OK)
    good = good && r->answer.residual <= MOST_RESIDUAL;
  if (status != DM_OK)
    return status;
  r->answered = good;
  r->answer.origin = "principal branch";
  if (r->finished && result->verdict != DM_SOLVED) {
    r->verdict = dm_verdict_text(DM_SOLVED);
    r->rule = dm_infer_text(
        job->keep,
        "%s; steps became too small at lambda %.6g, and Newton's method on the "
        "indifferences finished from there, moving no reached probability by "
        "more than "
        "%g",
        r->rule, result->k, NEAR);
  }
  if (good)
    return DM_OK;
  r->why =
      o->limit && !all_care(job)
          ? "somebody has sharpness 0, which stays 0 times any number: a "
            "limit needs all above 0"
      : result->verdict == DM_SOLVED
          ? "the certificate does not confirm what the solver found"
      : result->verdict == DM_WORKED_OUT
          ? dm_infer_text(
                job->keep,
                "not converged: the path was given up at lambda %.6g after %u "
                "steps, %llu sweeps and %llu products",
                result->k, result->steps, (unsigned long long)result->sweeps,
                (unsigned long long)result->tangents)
      : result->verdict == DM_NOT_CONVERGED
          ? dm_infer_text(
                job->keep, "%s: steps became too small at lambda %.6g",
                r->verdict, result->k)
          : r->verdict;
  return DM_E_CONVERGE;
}

/* Of two attempts at the path, leaves what the one that counts has met. */
static void keep_attempt(dm_solution_job *job, uint32_t attempt)
{
  if (job->again && attempt == 0) {
    job->point.n = job->point_again;
    job->branch.n = job->branch_again;
  } else if (job->again) {
    job->point.at += job->point_again;
    job->point.n -= job->point_again;
    job->branch.at += job->branch_again;
    job->branch.n -= job->branch_again;
  }
}

static dm_status logit(dm_solution_job *job)
{
  const dm_solution_options *o = job->options;
  dm_r_solution *r = job->out;
  dm_solve_options how = dm_solution_logit(job);
  dm_solve_result result;
  how.at = o->at;
  how.n_at = o->n_at;
  how.point = on_point;
  how.point_data = job;
  r->rule = o->limit ? "the limit of the principal branch: the logit "
                       "equilibria that start from all noise (McKelvey and "
                       "Palfrey 1998), followed to the end"
                     : "the principal branch: the logit equilibria that start "
                       "from all noise (McKelvey and Palfrey 1998)";
  dm_status status = dm_solve_logit(job->sweep, &how, job->log_p, &result);
  keep_attempt(job, result.attempt);
  r->n_points = job->point.n;
  r->point = job->point.at;
  if (job->status != DM_OK)
    return job->status;
  if (status != DM_OK)
    return status;
  r->verdict = dm_verdict_text(result.verdict);
  r->reached = result.k;
  r->steps = result.steps;
  r->newton = result.newton;
  r->sweeps = result.sweeps;
  r->tangents = result.tangents;
  if (result.verdict == DM_STOPPED)
    return DM_E_INTERRUPT;
  return judge(job, &result);
}

/* A search does not need the path's end, and may find what the path did not. */
static dm_status by_path(dm_solution_job *job)
{
  const dm_solution_options *o = job->options;
  dm_status status = logit(job);
  bool goes_on = status == DM_OK || status == DM_E_CONVERGE;
  dm_status more = DM_OK;
  if (goes_on && o->search > 0)
    more = dm_solution_search(job);
  if (goes_on && more == DM_OK && o->branches)
    more = dm_solution_branches(job);
  if (status == DM_E_CONVERGE && more == DM_OK && job->beside)
    more = dm_solution_beside(job);
  if (job->has_list)
    dm_solution_keep_list(job);
  return more != DM_OK ? more : status;
}

/* ---- the whole ----------------------------------------------------------------------- */

static const char *const METHOD[] = {"logit", "lp", "cfr", "pure", "enumerate"};

static bool prepare(dm_solution_job *job)
{
  const dm_game *g = job->game;
  job->cell = calloc((size_t)g->n_cells + 1, sizeof *job->cell);
  job->log_p = calloc((size_t)g->n_slots + 1, sizeof *job->log_p);
  job->reach = calloc((size_t)g->n_nodes + 1, sizeof *job->reach);
  job->sweep = dm_sweep_new(g);
  if (!job->cell || !job->log_p || !job->reach || !job->sweep)
    return false;
  dm_cells_run(g, job->param, job->cell);
  dm_sweep_refill(job->sweep, job->param);
  return true;
}

static void head(dm_solution_job *job)
{
  const dm_solution_options *o = job->options;
  dm_r_solution *r = job->out;
  bool exact = o->limit || o->method != DM_METHOD_LOGIT;
  r->method = METHOD[o->method];
  r->why = r->said = r->rule = r->verdict = "";
  r->version = DM_VERSION_TEXT;
  r->seed = o->seed;
  r->limit = exact;
  r->asked = exact ? (double)INFINITY : o->sharpness;
  r->reached = r->exploitability = (double)NAN;
  r->range = dm_payoff_range(job->game, job->cell);
  r->tolerance = fmax(o->tolerance * r->range, LEAST);
}

static dm_status run(dm_solution_job *job)
{
  dm_status why = (dm_status)setjmp(job->keep->jump);
  if (why != DM_OK)
    return why;
  if (!prepare(job))
    return DM_E_MEMORY;
  head(job);
  dm_solution_describe(job);
  switch (job->options->method) {
  case DM_METHOD_LOGIT:
    return by_path(job);
  case DM_METHOD_LP:
    return dm_solution_lp(job);
  case DM_METHOD_CFR:
    return dm_solution_cfr(job);
  case DM_METHOD_PURE:
    return dm_solution_pure(job);
  case DM_METHOD_ENUMERATE:
    return dm_solution_two(job);
  }
  return DM_E_RANGE;
}

static void drop(dm_solution_job *job)
{
  if (job->has_list)
    dm_equilibria_clear(&job->list);
  dm_certificate_clear(&job->certificate);
  dm_sweep_free(job->sweep);
  free(job->reach);
  free(job->log_p);
  free(job->cell);
  free(job);
}

dm_status dm_solution_run(
    const dm_game *game, const double *param, const dm_labels *labels,
    const dm_solution_options *options, dm_r_solution **out)
{
  *out = NULL;
  dm_solution_options plain = dm_solution_defaults();
  dm_solution_job *job = calloc(1, sizeof *job);
  dm_r_solution *r = calloc(1, sizeof *r);
  if (!job || !r) {
    free(job);
    free(r);
    return DM_E_MEMORY;
  }
  double before = clock_seconds();
  dm_arena_init(&r->arena, 0);
  job->game = game;
  job->param = param;
  job->labels = labels;
  job->options = options ? options : &plain;
  job->out = r;
  job->keep = &r->arena;
  dm_status status = run(job);
  r->seconds = clock_seconds() - before;
  drop(job);
  bool told = status == DM_OK || status == DM_E_CONVERGE ||
              status == DM_E_LIMIT || status == DM_E_RANGE;
  if (told)
    *out = r;
  else
    dm_r_solution_free(r);
  return status;
}
