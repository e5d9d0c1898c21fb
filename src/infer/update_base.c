/* infer/update_base.c -- the base solution that conditioning starts from.
 *
 * A cached solution is taken only if the certificate, which knows nothing of
 * where it came from, finds a residual as small as a solver must reach. */
#include "infer/update_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As small as dm_solved_new asks. */
static const double MOST_RESIDUAL = 1e-6;

static double *doubles(size_t n)
{
  return calloc(n + 1, sizeof(double));
}

/* Odds at sharpness 0. */
static dm_status floor_of(dm_solved *s)
{
  const dm_game *game = &s->expansion->game;
  size_t periods = s->core->n_periods;
  double *log_p = doubles(game->n_slots);
  double *odds = doubles(s->core->outcome.n * periods);
  s->floor = doubles(s->core->outcome.n);
  if (log_p && odds && s->floor) {
    for (dm_set_id i = 0; i < game->n_sets; i++)
      for (uint32_t k = game->set_slot[i]; k < game->set_slot[i + 1]; k++)
        log_p[k] = -log((double)(game->set_slot[i + 1] - game->set_slot[i]));
    dm_sweep_run(s->sweep, log_p);
    dm_infer_odds(s->core, s->expansion, s->sweep, odds);
    for (uint32_t o = 0; o < s->core->outcome.n; o++)
      s->floor[o] = odds[o * periods + periods - 1];
  }
  bool good = log_p && odds && s->floor;
  free(log_p);
  free(odds);
  return good ? DM_OK : DM_E_MEMORY;
}

static bool sound(const double *log_p, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++)
    if (!(log_p[i] <= 0))
      return false;
  return true;
}

/* The cached solution in job.solved; u->cached tells whether it holds. */
static dm_status take_cached(dm_updating *u, const double *cached)
{
  dm_solved *s = calloc(1, sizeof *s);
  u->job.solved = s;
  if (!s)
    return DM_E_MEMORY;
  s->core = u->job.core;
  s->param = doubles(u->job.core->param.n);
  if (!s->param)
    return DM_E_MEMORY;
  for (uint32_t i = 0; i < u->job.core->param.n; i++)
    s->param[i] = u->job.core->param.at[i].base;
  dm_expand_options expand = dm_expand_defaults();
  dm_status status = dm_infer_expand(
      s->core, s->param, u->job.options, &expand, &s->expansion);
  if (status != DM_OK)
    return status;
  const dm_game *game = &s->expansion->game;
  s->sweep = dm_sweep_new_for(game, DM_SWEEP_ENDS);
  s->log_p = doubles(game->n_slots);
  if (!s->sweep || !s->log_p)
    return DM_E_MEMORY;
  if (!sound(cached, game->n_slots))
    return DM_OK;
  memcpy(s->log_p, cached, game->n_slots * sizeof *cached);
  dm_sweep_refill(s->sweep, s->param);
  s->result.verdict = DM_SOLVED;
  s->result.k = 1;
  status = dm_certificate_verify(
      game, dm_sweep_cells(s->sweep), s->log_p, 1, &s->certificate);
  if (status != DM_OK)
    return status;
  u->cached = s->certificate.residual <= MOST_RESIDUAL &&
              fabs(s->certificate.total - 1) <= MOST_RESIDUAL;
  return u->cached ? floor_of(s) : DM_OK;
}

dm_status dm_updating_solve(dm_updating *u)
{
  if (u->options && u->options->log_p) {
    dm_status status = take_cached(u, u->options->log_p);
    if (status != DM_OK && status != DM_E_LIMIT && status != DM_E_INPUT)
      return status;
    if (u->cached)
      return DM_OK;
    dm_solved_free(u->job.solved);
    u->job.solved = NULL;
  }
  return dm_solved_new(
      u->job.core, NULL, u->job.options, u->job.diags, &u->job.solved);
}

void dm_updating_init(
    dm_updating *u, const dm_core *core, const dm_evidence *evidence,
    const dm_update_options *options, dm_diags *diags, dm_arena *keep)
{
  dm_arena_init(&u->job.scratch, 0);
  u->infer = options && options->infer ? *options->infer : dm_infer_defaults();
  u->evidence = evidence;
  u->options = options;
  u->job.core = core;
  u->job.options = &u->infer;
  u->job.diags = diags;
  u->job.keep = keep;
}

void dm_updating_clear(dm_updating *u)
{
  dm_side_close(u);
  if (u->job.has_list)
    dm_equilibria_clear(&u->job.list);
  dm_solved_free(u->job.solved);
  dm_arena_clear(&u->job.scratch);
}
