/* infer/gradient.c -- derivatives of an outcome's odds by all parameters.
 *
 * In:     a solved scenario, an outcome, a date.
 * Method: odds by a date are the sum of the reach of the ending classes of the
 *         outcome up to it: weights of 1 and 0 for solve/sensitivity.c.
 * A structural parameter decides which situations exist; between its values
 * there is nothing to differentiate. */
#include "infer/gradient.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

dm_status dm_gradient_odds(
    dm_solved *solved, uint32_t outcome, uint32_t period, dm_gradient *out)
{
  memset(out, 0, sizeof *out);
  const dm_core *core = solved->core;
  if (outcome >= core->outcome.n || period < 1 || period > core->n_periods ||
      solved->result.verdict != DM_SOLVED)
    return DM_E_RANGE;
  const dm_expansion *e = solved->expansion;
  double *weight = calloc((size_t)e->game.n_ends + 1, sizeof *weight);
  out->by = calloc((size_t)core->param.n + 1, sizeof *out->by);
  dm_status status = weight && out->by ? DM_OK : DM_E_MEMORY;
  for (uint32_t i = 0; status == DM_OK && i < e->game.n_ends; i++)
    weight[i] =
        e->end_outcome[i] == outcome && e->end_period[i] <= period ? 1.0 : 0.0;
  if (status == DM_OK)
    status = dm_sensitivity_run(
        solved->sweep, solved->log_p, solved->result.k, weight, out->by,
        &out->how);
  free(weight);
  if (status != DM_OK) {
    dm_gradient_clear(out);
    return status;
  }
  for (uint32_t i = 0; i < core->param.n; i++)
    if (core->param.at[i].structural)
      out->by[i] = (double)NAN;
  return DM_OK;
}

void dm_gradient_clear(dm_gradient *gradient)
{
  free(gradient->by);
  memset(gradient, 0, sizeof *gradient);
}
