/* solve/curve.h -- a curve of solutions, followed by predictor and corrector.
 *
 * A curve is begun at a solution, makes one step a call, and lands where its
 * parameter (system.h) crosses the value that the caller wants next. */
#ifndef DM_SOLVE_CURVE_H
#define DM_SOLVE_CURVE_H

#include "solve/system.h"

enum { DM_CURVE_HISTORY = 4 };

typedef struct dm_curve {
  dm_system system; /* after a step that succeeded: evaluated at point[0] */
  double *point[DM_CURVE_HISTORY]; /* [n + 1] each, newest first */
  double at[DM_CURVE_HISTORY];     /* chord length, newest first */
  uint32_t count;                  /* points held */
  double *guess;                   /* [n + 1] the prediction */
  double *tangent;                 /* [n + 1] unit direction at point[0] */
  bool straight;                   /* predict along `tangent` */
  double *block;                   /* holds the above */
  double length;                   /* of the next step */
  double care;                     /* 1; less: smaller errors are allowed */
  int side;      /* sign of the bordered determinant on this branch */
  bool fine;     /* points on the way are to be accurate */
  double tol;    /* of the residual where the curve lands */
  double target; /* value of the parameter to land on */
  int toward;    /* 1: it lies above the newest point, -1: below */
  uint32_t max_newton;
  uint32_t newton; /* corrector iterations so far */
} dm_curve;

/** care 1, tol 1e-10.  Errors as dm_system_init, which see. */
dm_status dm_curve_init(
    dm_curve *curve, dm_sweep *sweep, const double *floor, uint32_t restart,
    uint32_t max_newton) DM_MUST_USE;
void dm_curve_clear(dm_curve *curve);

/** Begins at system.z, a solution, along `tangent` (a unit vector, filled by
 *  the caller), whose first step is as long as predictions may be trusted. */
void dm_curve_begin(dm_curve *curve);

/** Begins with two points: point[0], filled by the caller, and behind it
 *  system.z, evaluated, from where the curve goes on. */
void dm_curve_resume(dm_curve *curve);

/** The parameter at the newest point. */
double dm_curve_at(const dm_curve *curve);

typedef enum dm_curve_step {
  DM_CURVE_ON,      /* one point further */
  DM_CURVE_LANDED,  /* the newest point is at `target`, to `tol` */
  DM_CURVE_BACK,    /* taken back: the next step will be shorter */
  DM_CURVE_STUCK,   /* steps have become too short */
  DM_CURVE_SINGULAR /* likewise, for want of a Newton step */
} dm_curve_step;

dm_curve_step dm_curve_advance(dm_curve *curve);

/** Whether the last step passed `value` of the parameter; if so, the curve there
 *  is in `guess`, by interpolation. */
bool dm_curve_between(dm_curve *curve, double value);

/** Goes to the curve near chord length t, between the oldest point held and the
 *  newest, in the plane across `border`.  The points held stay as they are. */
dm_correction dm_curve_visit(dm_curve *curve, double t, double tol);

/** The same without Newton's method: to where the points held say it is. */
void dm_curve_look(dm_curve *curve, double t);

/** Goes back to the newest point. */
void dm_curve_return(dm_curve *curve);

/** Newton's method with the parameter held still, from system.z. */
dm_correction dm_curve_polish(dm_curve *curve, double tol, uint32_t most);

/** The corrector works in the plane through the guess that is orthogonal to
 *  the way from the newest point to the guess; or holds the parameter still. */
void dm_curve_border(dm_curve *curve, bool hold);

#endif
