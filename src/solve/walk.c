/* solve/walk.c -- a walk along one curve, from where it was begun to where it
 * is wanted.
 *
 * In:     a curve that was begun (curve.h), options.
 * Out:    the answer, or the last good point; everything met on the way is
 *         told.
 * Method: one step after the other (curve.c), landing at each k that was asked
 *         for.  The walk ends at k_end; or, towards the limit, where no set of
 *         options regrets more than the tolerance; or when steps become too
 *         short.
 * Not here: where walks begin (logit.c, homotopy.c, branch.c); what is met
 *         between two points (watch.c). */
#include "solve/walk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds_now(void)
{
  struct timespec now;
  return timespec_get(&now, TIME_UTC)
             ? (double)now.tv_sec + 1e-9 * (double)now.tv_nsec
             : 0.0;
}

static bool options_fit(const dm_solve_options *options)
{
  for (uint32_t i = 0; i < options->n_at; i++)
    if (!(options->at[i] >= (i == 0 ? 0.0 : options->at[i - 1])) ||
        !isfinite(options->at[i]))
      return false;
  return options->k_end >= 0.0 && isfinite(options->k_end) &&
         options->tol_residual > 0.0 && options->gmres_restart > 0 &&
         (!options->limit || options->tol_regret >= 0.0) &&
         (options->homotopy == DM_FROM_NOISE || options->start_log_p);
}

dm_status dm_walk_init(
    dm_walk *walk, dm_sweep *sweep, const dm_solve_options *options,
    dm_solve_result *result)
{
  memset(walk, 0, sizeof *walk);
  memset(result, 0, sizeof *result);
  result->verdict = DM_NOT_CONVERGED;
  if (!options_fit(options))
    return DM_E_RANGE;
  walk->options = options;
  walk->result = result;
  walk->began = seconds_now();
  dm_status status = dm_curve_init(
      &walk->curve, sweep, options->floor, options->gmres_restart,
      options->max_newton);
  if (status != DM_OK)
    return status;
  walk->curve.tol = options->tol_residual;
  const size_t room = walk->curve.system.n + 1;
  walk->block = calloc(8 * room, sizeof *walk->block);
  if (!walk->block) {
    dm_curve_clear(&walk->curve);
    return DM_E_MEMORY;
  }
  walk->answer = walk->block;
  walk->origin = walk->block + room;
  walk->first = walk->block + 2 * room;
  walk->probe = walk->block + 3 * room;
  walk->weight = walk->block + 4 * room;
  walk->noise = walk->block + 5 * room;
  walk->rhs = walk->block + 6 * room;
  walk->left = walk->block + 7 * room;
  return DM_OK;
}

void dm_walk_finish(dm_walk *walk, double *log_p)
{
  dm_curve *curve = &walk->curve;
  dm_system *system = &curve->system;
  dm_solve_result *result = walk->result;
  bool solved = walk->landed && result->verdict == DM_SOLVED;
  const double *from = solved ? walk->answer : curve->point[0];
  memcpy(system->z, from, (system->n + 1) * sizeof *system->z);
  dm_system_evaluate(system);
  memcpy(log_p, system->log_p, system->n * sizeof *log_p);
  result->k = dm_system_k(system);
  result->attempt = walk->attempt;
  result->residual = system->residual;
  result->newton = curve->newton;
  result->sweeps = system->sweeps;
  result->tangents = system->tangents;
  result->seconds = seconds_now() - walk->began;
  free(walk->block);
  dm_curve_clear(curve);
}

bool dm_walk_tell(dm_walk *walk, dm_point_kind kind, const double *direction)
{
  const dm_solve_options *options = walk->options;
  const dm_system *system = &walk->curve.system;
  if (!options->point)
    return true;
  dm_path_point point = {
      .kind = kind,
      .k = dm_system_k(system),
      .residual = system->residual,
      .regret = dm_system_regret(system),
      .log_p = system->log_p,
      .direction = direction,
      .attempt = walk->attempt};
  if (options->point(options->point_data, &point) || kind == DM_POINT_END)
    return true;
  walk->result->verdict = DM_STOPPED;
  return false;
}

void dm_walk_answer(dm_walk *walk)
{
  const dm_system *system = &walk->curve.system;
  memcpy(walk->answer, system->z, (system->n + 1) * sizeof *walk->answer);
  walk->landed = true;
}

void dm_walk_aim(dm_walk *walk)
{
  const dm_solve_options *options = walk->options;
  dm_curve *curve = &walk->curve;
  double here = dm_system_k(&curve->system);
  while (walk->next_at < options->n_at && !(options->at[walk->next_at] > here))
    walk->next_at++;
  curve->target = options->k_end;
  if (walk->next_at < options->n_at &&
      options->at[walk->next_at] < options->k_end)
    curve->target = options->at[walk->next_at];
  curve->toward = 1;
}

/* The curve has landed.  False: the walk is over. */
static bool landed(dm_walk *walk)
{
  const dm_solve_options *options = walk->options;
  if (walk->curve.system.by_t)
    return dm_walk_crossed(walk);
  dm_walk_answer(walk);
  if (walk->curve.target >= options->k_end) {
    walk->result->verdict = DM_SOLVED;
    (void)dm_walk_tell(walk, DM_POINT_END, NULL);
    return false;
  }
  bool more = dm_walk_tell(walk, DM_POINT_AT, NULL);
  dm_walk_aim(walk);
  return more;
}

/* Whether the regret is small enough at the newest point, polished. */
static bool at_limit(dm_walk *walk)
{
  const dm_solve_options *options = walk->options;
  dm_curve *curve = &walk->curve;
  dm_system *system = &curve->system;
  if (!options->limit || system->by_t ||
      !(dm_system_regret(system) <= options->tol_regret))
    return false;
  dm_correction how =
      dm_curve_polish(curve, options->tol_residual, curve->max_newton);
  if (how != DM_CORRECTED ||
      !(dm_system_regret(system) <= options->tol_regret)) {
    dm_curve_return(curve);
    return false;
  }
  dm_walk_answer(walk);
  walk->result->verdict = DM_SOLVED;
  (void)dm_walk_tell(walk, DM_POINT_END, NULL);
  return true;
}

/* After a step that succeeded.  False: the walk is over. */
static bool stepped(dm_walk *walk, dm_curve_step step)
{
  if (!dm_walk_watch(walk))
    return false;
  if (step == DM_CURVE_LANDED && !landed(walk))
    return false;
  if (step == DM_CURVE_ON && at_limit(walk))
    return false;
  return step != DM_CURVE_ON || dm_walk_tell(walk, DM_POINT_STEP, NULL);
}

static bool lost(dm_walk *walk)
{
  return walk->curve.system.by_t ? dm_walk_lost(walk)
                                 : dm_curve_at(&walk->curve) < 0.0;
}

bool dm_walk_spent(const dm_walk *walk)
{
  const dm_solve_options *options = walk->options;
  const dm_system *system = &walk->curve.system;
  double passes = (double)system->sweeps + (double)system->tangents;
  return options->max_work > 0.0 &&
         passes * system->game->n_edges > options->max_work;
}

/* The step did not land where the walk ends.  False: there is no other. */
static bool goes_on(dm_walk *walk, dm_curve_step step)
{
  const dm_solve_options *options = walk->options;
  dm_solve_result *result = walk->result;
  if (walk->crossings == 0)
    result->verdict =
        step == DM_CURVE_SINGULAR ? DM_SINGULAR : DM_NOT_CONVERGED;
  if (step == DM_CURVE_STUCK || step == DM_CURVE_SINGULAR ||
      (step == DM_CURVE_ON && lost(walk)))
    return false;
  if (result->steps - walk->steps_before < options->max_steps &&
      !dm_walk_spent(walk))
    return true;
  if (walk->crossings == 0)
    result->verdict = DM_WORKED_OUT;
  return false;
}

void dm_walk_follow(dm_walk *walk)
{
  const dm_solve_options *options = walk->options;
  dm_solve_result *result = walk->result;
  walk->probed = 0;
  for (;;) {
    dm_curve_step step = dm_curve_advance(&walk->curve);
    result->steps++;
    bool good = step == DM_CURVE_ON || step == DM_CURVE_LANDED;
    if (good && !stepped(walk, step))
      return;
    if (!goes_on(walk, step))
      return;
    if (options->progress &&
        !options->progress(
            options->progress_data, dm_system_k(&walk->curve.system),
            result->steps)) {
      result->verdict = DM_STOPPED;
      return;
    }
  }
}
