/* solve/logit.c -- logit agent quantal response equilibrium.
 *
 * In:     a sweep with parameters set; k_end.
 * Out:    log probabilities of an equilibrium at k_end; what it took.
 * Method: the curve of solutions that starts at z = 0, k = 0 is followed
 *         (walk.c, curve.c) until it first crosses k_end: the principal branch.
 *         With a profile to start from, Newton's method at k_end is tried
 *         first; with the homotopy from a start, see homotopy.c.
 * Not here: branches that leave the principal one (branch.c). */
#include "solve/walk.h"

#include "num/sum.h"

#include <math.h>
#include <string.h>

#define MORE_CARE 0.3 /* second attempt: errors allowed are smaller by this */
#define FAR_OUT   1e4 /* log odds between payoffs: the limit is near */

dm_solve_options dm_solve_defaults(void)
{
  return (dm_solve_options){
      .k_end = 1.0,
      .tol_residual = 1e-10,
      .max_steps = 2000,
      .max_newton = 8,
      .gmres_restart = 40,
  };
}

const char *dm_verdict_text(dm_verdict verdict)
{
  switch (verdict) {
  case DM_SOLVED:
    return "solved";
  case DM_NOT_CONVERGED:
    return "not converged";
  case DM_SINGULAR:
    return "stopped at a singular point";
  case DM_STOPPED:
    return "stopped on request";
  case DM_WORKED_OUT:
    return "not converged within the work allowed";
  case DM_CLOSED:
    return "leads back to where it began";
  }
  return "unknown";
}

/* z = 0 at k = 0, and the scale of k against z.  The direction there is
 * (gain, 1) without any solving.  False: the caller wants to stop. */
static bool start_at_noise(dm_walk *walk)
{
  dm_curve *curve = &walk->curve;
  dm_system *system = &curve->system;
  const size_t n = system->n;
  memset(system->z, 0, (n + 1) * sizeof *system->z);
  dm_system_evaluate(system);
  double gain = sqrt(dm_dot(system->gain, system->gain, n));
  dm_system_set_scale(system, gain);
  double rate = 1.0 / sqrt(gain * gain + system->scale * system->scale);
  for (size_t i = 0; i < n; i++)
    curve->tangent[i] = rate * system->gain[i];
  curve->tangent[n] = rate * system->scale;
  curve->side = 1; /* of [1, -gain; border] with a border that points forward */
  bool more = walk->options->n_at == 0 || walk->options->at[0] > 0.0 ||
              dm_walk_tell(walk, DM_POINT_AT, NULL);
  walk->next_at = 0;
  dm_walk_aim(walk);
  dm_curve_begin(curve);
  return more;
}

/* Newton's method at k_end from the caller's profile. */
static bool jump(dm_walk *walk)
{
  const dm_solve_options *options = walk->options;
  dm_system *system = &walk->curve.system;
  const size_t n = system->n;
  memcpy(system->z, options->start_log_p, n * sizeof *system->z);
  dm_system_centre(system, system->z);
  system->z[n] = options->k_end * system->scale;
  dm_correction how = dm_curve_polish(
      &walk->curve, options->tol_residual, 2 * options->max_newton);
  if (how != DM_CORRECTED)
    return false;
  dm_walk_answer(walk);
  walk->result->verdict = DM_SOLVED;
  (void)dm_walk_tell(walk, DM_POINT_END, NULL);
  return true;
}

/* Whether another attempt could get further. */
static bool worth_another(const dm_walk *walk)
{
  const dm_system *system = &walk->curve.system;
  if (walk->result->verdict == DM_SOLVED ||
      walk->result->verdict == DM_STOPPED || dm_walk_spent(walk))
    return false;
  return !walk->options->limit ||
         dm_curve_at(&walk->curve) * system->loudest < FAR_OUT;
}

/* Many folds close together: a step may have gone over to a piece of the curve
 * that leads back, or nowhere; hence a second attempt.  If that fails too, the
 * end that lies further is told. */
static void from_noise(dm_walk *walk)
{
  dm_curve *curve = &walk->curve;
  const size_t n = curve->system.n;
  if (walk->options->start_log_p && jump(walk))
    return;
  if (!start_at_noise(walk))
    return;
  dm_walk_follow(walk);
  if (!worth_another(walk))
    return;
  const dm_verdict first = walk->result->verdict;
  memcpy(walk->left, curve->point[0], (n + 1) * sizeof *walk->left);
  const double k_first = walk->left[n] / curve->system.scale;
  walk->attempt = 1;
  walk->steps_before = walk->result->steps;
  curve->care = MORE_CARE;
  if (!start_at_noise(walk))
    return;
  dm_walk_follow(walk);
  dm_verdict then = walk->result->verdict;
  if (then == DM_SOLVED || then == DM_STOPPED || dm_curve_at(curve) > k_first)
    return;
  memcpy(curve->point[0], walk->left, (n + 1) * sizeof *walk->left);
  walk->result->verdict = first;
  walk->attempt = 0;
}

/* The curve comes from one infinite t and goes to the other (or is a ring); so
 * there is an odd number of crossings on both sides of the start together. */
static void from_start(dm_walk *walk)
{
  for (int attempt = 0; attempt < 2; attempt++) {
    walk->backward = walk->gone;
    walk->curve.care = attempt == 0 || walk->backward ? 1.0 : MORE_CARE;
    if (!dm_walk_start(walk))
      return;
    dm_walk_follow(walk);
    bool other_side = walk->gone && !walk->backward &&
                      walk->crossings < walk->options->most_crossings;
    if (walk->result->verdict == DM_STOPPED ||
        (walk->result->verdict == DM_SOLVED && !other_side))
      return;
  }
}

dm_status dm_solve_logit(
    dm_sweep *sweep, const dm_solve_options *options, double *log_p,
    dm_solve_result *result)
{
  dm_walk walk;
  dm_status status = dm_walk_init(&walk, sweep, options, result);
  if (status != DM_OK)
    return status;
  if (options->homotopy == DM_FROM_START)
    from_start(&walk);
  else
    from_noise(&walk);
  dm_walk_finish(&walk, log_p);
  return DM_OK;
}
