/* infer/gradient.h -- the odds of an outcome by a date, or the value of an
 * actor, and the derivatives by every parameter of the scenario. */
#ifndef DM_INFER_GRADIENT_H
#define DM_INFER_GRADIENT_H

#include "infer/forecast.h"
#include "solve/sensitivity.h"

typedef struct dm_gradient {
  double *by; /* [n_params] change of the answer per unit of the parameter; NaN:
                 structural, or there is none (solve/sensitivity.h) */
  dm_sensitivity how;
} dm_gradient;

/** At the solution, the chance of `outcome` by the end of `period` (1 to
 *  n_periods).  Leaves `solved` as it was.  DM_E_RANGE: no such outcome or
 *  period, or not converged; DM_E_MEMORY.  An error leaves nothing held. */
dm_status dm_gradient_odds(
    dm_solved *solved, uint32_t outcome, uint32_t period,
    dm_gradient *out) DM_MUST_USE;

/** The same for what an actor expects at the start, in its payoffs. */
dm_status dm_gradient_value(dm_solved *solved, uint32_t actor, dm_gradient *out)
    DM_MUST_USE;

void dm_gradient_clear(dm_gradient *gradient);

#endif
