/* solve/system.h -- the equations of logit equilibrium, for Newton's method.
 *
 *   z - k sharpness C Q(p) = 0                      parameter k, or
 *   z - k sharpness C Q(p) = (1 - t) offset         parameter t, k fixed
 *
 * z: one number a slot with mean 0 in each set; C takes a set's mean away.
 * p = softmax z, or with least probabilities (1 - sum of floor) softmax z +
 * floor.  H is the left side less the right one.
 * Bordered: one more unknown, the parameter, and one more equation,
 * `border` . step = 0, so that the system stays regular where the path turns
 * back.  The parameter is measured in units of 1 / scale beside the z. */
#ifndef DM_SOLVE_SYSTEM_H
#define DM_SOLVE_SYSTEM_H

#include "game/sweep.h"
#include "num/dense.h"
#include "num/gmres.h"

typedef struct dm_system {
  dm_sweep *sweep;     /* borrowed */
  const dm_game *game; /* borrowed */
  size_t n;            /* slots */
  double scale;        /* > 0 */
  const double *floor; /* NULL, or [n], borrowed */
  bool by_t;           /* the parameter is t */
  double k_fixed;      /* k, if by_t */
  double offset_most;  /* largest |offset| */

  /* The point, and what was found there. */
  double *z;      /* [n + 1]; z[n] = parameter x scale */
  double *log_p;  /* [n] */
  double *gain;   /* [n] sharpness C Q */
  double *offset; /* [n] with by_t */
  double *slope;  /* [n] the derivative of -H by the parameter */
  double *soft;   /* [n] softmax z, with floor */
  double *share; /* [n] what part of log p moves with log softmax, with floor */
  double *rest;  /* [n + 1] H, and 0 */
  double residual; /* largest |H| */
  double loud;     /* largest payoff x largest sharpness */
  double loudest;  /* the same, with Q of the last evaluation */
  double noise;    /* what rounding alone will leave in the residual */
  double rough;    /* what it may leave at the worst */

  double *border; /* [n + 1] unit vector */
  double *step;   /* [n + 1] */
  double *move;   /* [n] scratch of the products */
  double *shift;  /* [n] scratch of the products */
  double *inner;  /* [n + 1] scratch of the products */
  double *before; /* [n + 1] the unknown before preconditioning */

  dm_gmres *gmres; /* large games, else NULL */
  dm_dense *dense; /* small games, else NULL */
  double *matrix;  /* [as dense] the matrix, but for its border */
  bool assembled;  /* `matrix` is that of the last evaluation */
  uint64_t sweeps;
  uint64_t tangents;
} dm_system;

/** The parameter is k.  floor: NULL, or [n_slots] borrowed.  DM_E_RANGE: floors
 *  of a set that leave nothing.  An error leaves nothing held. */
dm_status dm_system_init(
    dm_system *system, dm_sweep *sweep, const double *floor,
    uint32_t restart) DM_MUST_USE;
void dm_system_clear(dm_system *system);

/** Makes t the parameter, 0 at the point z, with H(z, 0) = 0 there. */
void dm_system_start_t(dm_system *system, double k);

double dm_system_k(const dm_system *system);

/** The next power of two: so a parameter that was set is read back exactly. */
void dm_system_set_scale(dm_system *system, double scale);

/** The parameter: k, or t. */
double dm_system_at(const dm_system *system);

/** Largest regret over the sets at the last evaluation, given that the set is
 *  reached, payoff units. */
double dm_system_regret(const dm_system *system);

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

/** Solves the bordered system for rhs [n + 1], whose sets have mean 0, into
 *  `step`.  Returns the relative residual reached. */
double dm_system_inverse(dm_system *system, const double *rhs, double tol);

/** Sign of the determinant of the bordered matrix at the last evaluation; 0 if
 *  it is singular or could not be told, as in games of more than some 60
 *  unknowns.  Along a
 *  curve whose border points forward it changes only where branches cross;
 *  elsewhere, a change means that another branch has been hit. */
int dm_system_sign(dm_system *system);

#endif
