/* solve/homotopy.c -- from any strategies to equilibria.
 *
 * In:     z0; k.
 * Out:    zeros of H(z) = z - k s C Q at that k.
 * Method: Newton homotopy (Smale, J. Math. Economics 3, 1976; Allgower and
 *         Georg, "Introduction to Numerical Continuation Methods", 2003): the
 *         curve H(z) = (1 - t) H(z0) from z0 at t = 0.  Where it crosses t = 1
 *         is an equilibrium, and it may cross again.  k s C Q is bounded; so
 *         for t far from 1 there is one solution near (1 - t) H(z0) for each t,
 *         and the curve either joins both ends or is a ring.
 * Not here: where to start from (search.c). */
#include "solve/walk.h"

#include "num/sum.h"

#include <math.h>
#include <string.h>

#define RING 0.1 /* log odds: nearer to the start, it is the start */
#define RUNAWAY                                                                \
  80.0 /* log odds beyond which an option is as good as never
                        taken */

bool dm_walk_start(dm_walk *walk)
{
  dm_curve *curve = &walk->curve;
  dm_system *system = &curve->system;
  const size_t n = system->n;
  memcpy(system->z, walk->options->start_log_p, n * sizeof *system->z);
  dm_system_centre(system, system->z);
  dm_system_start_t(system, walk->options->k_end);
  dm_system_evaluate(system);
  if (system->offset_most <= fmax(curve->tol, system->noise)) {
    dm_walk_answer(walk);
    walk->result->verdict = DM_SOLVED;
    (void)dm_walk_tell(walk, DM_POINT_END, NULL);
    return false;
  }
  memcpy(curve->point[0], system->z, (n + 1) * sizeof *system->z);
  memcpy(walk->origin, system->z, (n + 1) * sizeof *walk->origin);
  dm_curve_border(curve, true);
  if (!(dm_system_tangent(system, 1e-5) < 0.1) || !(system->step[n] > 0.0)) {
    if (walk->crossings == 0)
      walk->result->verdict = DM_SINGULAR;
    return false;
  }
  const double sign = walk->backward ? -1.0 : 1.0;
  double per_t = sign / system->step[n];
  double way = fabs(per_t) * sqrt(dm_dot(system->step, system->step, n));
  dm_system_set_scale(system, way);
  double rate = 1.0 / sqrt(way * way + system->scale * system->scale);
  for (size_t i = 0; i < n; i++)
    curve->tangent[i] = rate * per_t * system->step[i];
  curve->tangent[n] = sign * rate * system->scale;
  curve->side = 0;
  curve->target = 1.0;
  curve->toward = 1;
  dm_curve_begin(curve);
  return true;
}

/* Whether the first crossing has been met again: the curve is a ring. */
static bool ring_closed(const dm_walk *walk)
{
  const dm_system *system = &walk->curve.system;
  double gap = 0.0;
  for (size_t i = 0; i < system->n; i++)
    gap = fmax(gap, fabs(system->z[i] - walk->first[i]));
  return gap <= 1e-6 * (1.0 + dm_max_abs(walk->first, system->n));
}

bool dm_walk_crossed(dm_walk *walk)
{
  const dm_system *system = &walk->curve.system;
  walk->result->verdict = DM_SOLVED;
  if (walk->crossings > 0 && ring_closed(walk))
    return false;
  if (walk->crossings == 0)
    memcpy(walk->first, system->z, (system->n + 1) * sizeof *walk->first);
  dm_walk_answer(walk);
  bool last = ++walk->crossings >= walk->options->most_crossings;
  bool more = dm_walk_tell(walk, last ? DM_POINT_END : DM_POINT_AT, NULL);
  walk->curve.toward = -walk->curve.toward;
  return more && !last;
}

/* Without a crossing yet: whether the last step passed the start again. */
static bool ring(dm_walk *walk)
{
  dm_curve *curve = &walk->curve;
  if (walk->crossings > 0 || curve->count < 4 || !dm_curve_between(curve, 0.0))
    return false;
  double gap = 0.0;
  for (size_t i = 0; i < curve->system.n; i++)
    gap = fmax(gap, fabs(curve->guess[i] - walk->origin[i]));
  return gap <= RING;
}

bool dm_walk_lost(dm_walk *walk)
{
  const dm_system *system = &walk->curve.system;
  double push = fabs(1.0 - dm_curve_at(&walk->curve)) * system->offset_most;
  walk->gone = push > system->offset_most + RUNAWAY +
                          4.0 * fabs(system->k_fixed) * system->loudest;
  return walk->gone || ring(walk);
}
