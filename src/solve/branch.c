/* solve/branch.c -- the branches that leave the one that was followed.
 *
 * In:     a bifurcation as told (DM_POINT_BRANCH): its point and the direction
 *         in which the bordered matrix is singular there; a side.
 * Out:    the equilibrium that the other branch leads to.
 * Method: the first point of the other branch is looked for in the plane across
 *         that direction, a short way out (Keller 1977); from there on it is a
 *         curve like any other.  It may come back: a branch that leaves a
 *         symmetric one and ends in another, at a crossing too, goes on as its
 *         own mirror image and closes.  Then it is left, with DM_CLOSED; the
 *         crossing met on the way has been told of.
 * Numerics: the plane also cuts the branch that was followed, which bends towards
 *         it: like the root of the way out.  So a very short way out tells them
 *         apart, and Newton's method must not go far from the first guess. */
#include "solve/walk.h"

#include "num/sum.h"

#include <math.h>
#include <string.h>

#define FIRST 1e-4 /* log odds: how far out the first point is looked for */
#define LAST  0.2  /* and when to give up */
#define ASIDE 30.0 /* of that: how far the point may lie from the crossing */

/* The crossing, and `direction` as the border. */
static bool place(dm_walk *walk, const dm_path_point *from, double sign)
{
  dm_system *system = &walk->curve.system;
  const size_t n = system->n;
  double length = sqrt(dm_dot(from->direction, from->direction, n));
  if (!(length > 0.0) || !isfinite(length))
    return false;
  memcpy(system->z, from->log_p, n * sizeof *system->z);
  dm_system_centre(system, system->z);
  system->z[n] = from->k;
  dm_system_evaluate(system);
  dm_system_set_scale(system, sqrt(dm_dot(system->gain, system->gain, n)));
  system->z[n] = from->k * system->scale;
  memcpy(walk->origin, system->z, (n + 1) * sizeof *walk->origin);
  for (size_t i = 0; i < n; i++)
    walk->first[i] = (sign < 0.0 ? -1.0 : 1.0) * from->direction[i] / length;
  walk->first[n] = 0.0;
  return true;
}

/* The first point of the branch, `out` from the crossing, into system.z. */
static bool step_out(dm_walk *walk, double out)
{
  dm_curve *curve = &walk->curve;
  dm_system *system = &curve->system;
  const size_t n = system->n;
  for (size_t i = 0; i <= n; i++) {
    system->z[i] = walk->origin[i] + out * walk->first[i];
    system->border[i] = walk->first[i];
  }
  if (dm_system_correct(system, 1e-12, 2 * curve->max_newton, &curve->newton) !=
      DM_CORRECTED)
    return false;
  double *gap = system->step;
  for (size_t i = 0; i <= n; i++)
    gap[i] = system->z[i] - walk->origin[i];
  return sqrt(dm_dot(gap, gap, n + 1)) <= ASIDE * out;
}

static bool start_at_branch(
    dm_walk *walk, const dm_path_point *from, double sign)
{
  dm_curve *curve = &walk->curve;
  dm_system *system = &curve->system;
  if (!place(walk, from, sign))
    return false;
  double out = FIRST;
  while (!step_out(walk, out))
    if (!((out *= 3.0) < LAST))
      break;
  /* Also where none was found: the walk then ends where it began. */
  memcpy(curve->point[0], walk->origin, (system->n + 1) * sizeof(double));
  if (!(out < LAST))
    return false;
  curve->side = 0;
  walk->ring = true;
  curve->fine = true;
  dm_walk_aim(walk);
  dm_curve_resume(curve);
  return true;
}

dm_status dm_solve_branch(
    dm_sweep *sweep, const dm_solve_options *options, const dm_path_point *from,
    double sign, double *log_p, dm_solve_result *result)
{
  dm_walk walk;
  if (!from->direction || !(from->k >= 0.0) || !isfinite(from->k))
    return DM_E_RANGE;
  dm_status status = dm_walk_init(&walk, sweep, options, result);
  if (status != DM_OK)
    return status;
  if (start_at_branch(&walk, from, sign))
    dm_walk_follow(&walk);
  dm_walk_finish(&walk, log_p);
  return DM_OK;
}
