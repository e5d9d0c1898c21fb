/* solve/system.h -- the equations of logit equilibrium, for Newton's method.
 *
 *   H(z, k) = z - k sharpness C Q(softmax z) = 0
 *
 * z: one number a slot with mean 0 in each set; C takes a set's mean away.
 * Bordered: one more unknown, k, and one more equation, `border` . step = 0, so
 * that the system stays regular where the path turns back in k.  k is
 * measured in units of 1 / k_scale beside the z. */
#ifndef DM_SOLVE_SYSTEM_H
#define DM_SOLVE_SYSTEM_H

#include "game/sweep.h"
#include "num/gmres.h"

typedef struct dm_system {
  dm_sweep *sweep;     /* borrowed */
  const dm_game *game; /* borrowed */
  size_t n;            /* slots */
  double k_scale;      /* > 0 */

  /* The point, and what was found there. */
  double *z;       /* [n + 1]; z[n] = k x k_scale */
  double *log_p;   /* [n] */
  double *gain;    /* [n] sharpness C Q: the derivative of -H by k */
  double *rest;    /* [n + 1] H, and 0 */
  double residual; /* largest |H| */
  double loud;     /* largest payoff x largest sharpness */
  double noise;    /* what rounding alone will leave in the residual */
  double rough;    /* what it may leave at the worst */

  double *border; /* [n + 1] unit vector */
  double *step;   /* [n + 1] */
  double *move;   /* [n] scratch of the products */
  double *shift;  /* [n] scratch of the products */
  double *inner;  /* [n + 1] scratch of the products */
  double *before; /* [n + 1] the unknown before preconditioning */

  dm_gmres *gmres;
  uint64_t sweeps;
  uint64_t tangents;
} dm_system;

/** DM_E_MEMORY leaves nothing held. */
dm_status dm_system_init(dm_system *system, dm_sweep *sweep, uint32_t restart)
    DM_MUST_USE;
void dm_system_clear(dm_system *system);

double dm_system_k(const dm_system *system);

/** Takes the mean of each set away: [n]. */
void dm_system_centre(const dm_system *system, double *z);

/** One sweep at z: fills log_p, gain, rest, residual, noise. */
void dm_system_evaluate(dm_system *system);

/** Newton's step from the last evaluation into `step`, to a relative accuracy
 *  of tol.  Returns the relative residual reached. */
double dm_system_solve(dm_system *system, double tol);

/** Direction of the curve at the last evaluation into `step`, a unit vector
 *  with a positive product with `border`.  Returns the relative residual reached. */
double dm_system_tangent(dm_system *system, double tol);

typedef enum dm_correction {
  DM_CORRECTED,
  DM_DIVERGED,
  DM_LINEAR_FAILED /* no Newton step to be had: (nearly) singular */
} dm_correction;

/** Newton's method from z, evaluated at its end, until residual <= tol or what
 *  rounding allows, in at most max_newton steps; *newton counts them. */
dm_correction dm_system_correct(
    dm_system *system, double tol, uint32_t max_newton, uint32_t *newton);

/** Sign of the determinant of the bordered matrix at the last evaluation; 0 if
 *  it could not be told, as in games of more than some 60 unknowns.  Along a
 *  curve whose border points forward it changes only where branches cross;
 *  elsewhere, a change means that another branch has been hit. */
int dm_system_sign(dm_system *system);

#endif
