/* solve/sensitivity.h -- how odds and values at a logit equilibrium move with
 * every parameter of the game at once. */
#ifndef DM_SOLVE_SENSITIVITY_H
#define DM_SOLVE_SENSITIVITY_H

#include "game/adjoint.h"

/* Why a derivative is not to be trusted; bits. */
typedef enum dm_doubt {
  DM_DOUBT_POINT = 1,  /* the point is no equilibrium */
  DM_DOUBT_LINEAR = 2, /* the linear system was not solved */
  DM_DOUBT_TURN = 4    /* branches turn or cross nearby: it holds for the
                          smallest changes only, if at all */
} dm_doubt;

typedef struct dm_sensitivity {
  double answer;     /* the sum asked for */
  double by_k;       /* its derivative by the scale of sharpness */
  double off;        /* residual of the equilibrium, log odds */
  double residual;   /* of the linear system, relative, recomputed */
  double growth;     /* how much the feedback of beliefs amplifies the change;
                        without bound where branches turn or cross */
  unsigned doubt;    /* dm_doubt; 0: to be trusted */
  uint32_t products; /* in the linear system, each about one tangent */
  uint32_t passes;   /* whole sweeps, forward or reverse, besides */
} dm_sensitivity;

/** At the strategies log_p [n_slots], the equilibrium at scale k for the
 *  parameters that `sweep` (with tangents and reach of endings) was refilled
 *  with: derivatives of the weighted sum of odds of endings and values at the
 *  start, by_param [n_params] out.  A ratio f / g, such as odds given an event,
 *  moves as the sum with weights (f - (f / g) g) / g does.
 *  NaN: none exists (min or max of equals; a chance of exactly 0 to situations
 *  that nothing else leads to).  Leaves the sweep at log_p.  DM_OK also in
 *  doubt; DM_E_MEMORY. */
dm_status dm_sensitivity_run(
    dm_sweep *sweep, const double *log_p, double k, const dm_weights *weights,
    double *by_param, dm_sensitivity *out) DM_MUST_USE;

/** Words for the first bit set, static storage; "" for 0. */
const char *dm_doubt_text(unsigned doubt);

#endif
