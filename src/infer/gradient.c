/* infer/gradient.c -- derivatives of odds and values by all parameters.
 *
 * In:     a solved scenario; an outcome and a date, or an actor.
 * Method: odds by a date are the sum of the reach of the ending classes of the
 *         outcome up to it: weights of 1 and 0 for solve/sensitivity.c.
 * A structural parameter decides which situations exist; between its values
 * there is nothing to differentiate. */
#include "infer/gradient.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static dm_status run(
    dm_solved *solved, const dm_weights *weights, dm_gradient *out)
{
  const dm_core *core = solved->core;
  out->by = calloc((size_t)core->param.n + 1, sizeof *out->by);
  if (!out->by)
    return DM_E_MEMORY;
  dm_status status = dm_sensitivity_run(
      solved->sweep, solved->log_p, solved->result.k, weights, out->by,
      &out->how);
  if (status != DM_OK) {
    dm_gradient_clear(out);
    return status;
  }
  for (uint32_t i = 0; i < core->param.n; i++)
    if (core->param.at[i].structural)
      out->by[i] = (double)NAN;
  return DM_OK;
}

dm_status dm_gradient_odds(
    dm_solved *solved, uint32_t outcome, uint32_t period, dm_gradient *out)
{
  const dm_core *core = solved->core;
  memset(out, 0, sizeof *out);
  if (outcome >= core->outcome.n || period < 1 || period > core->n_periods ||
      solved->result.verdict != DM_SOLVED)
    return DM_E_RANGE;
  const dm_expansion *e = solved->expansion;
  double *end = calloc((size_t)e->game.n_ends + 1, sizeof *end);
  if (!end)
    return DM_E_MEMORY;
  for (uint32_t i = 0; i < e->game.n_ends; i++)
    end[i] =
        e->end_outcome[i] == outcome && e->end_period[i] <= period ? 1.0 : 0.0;
  dm_weights weights = {.end = end};
  dm_status status = run(solved, &weights, out);
  free(end);
  return status;
}

dm_status dm_gradient_value(dm_solved *solved, uint32_t actor, dm_gradient *out)
{
  const dm_game *game = &solved->expansion->game;
  memset(out, 0, sizeof *out);
  if (solved->result.verdict != DM_SOLVED || actor >= game->n_players)
    return DM_E_RANGE;
  double *value = calloc(game->n_players, sizeof *value);
  if (!value)
    return DM_E_MEMORY;
  value[actor] = 1.0;
  dm_weights weights = {.value = value};
  dm_status status = run(solved, &weights, out);
  free(value);
  return status;
}

void dm_gradient_clear(dm_gradient *gradient)
{
  free(gradient->by);
  memset(gradient, 0, sizeof *gradient);
}
