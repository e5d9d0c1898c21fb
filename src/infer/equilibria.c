/* infer/equilibria.c -- further equilibria of a scenario, and how far the odds
 * differ among them.
 *
 * In:     the base solution, and how many starts to search from.
 * Out:    the distinct equilibria at the declared sharpness, the odds of each by
 *         date, and for each outcome and date the lowest and the highest.
 * Method: solve/search.c finds them; each is swept once more for its odds.  The
 *         base solution is one of them whatever the search says.
 * Limits: what was not found may exist, and the range says so in words. */
#include "infer/parts.h"
#include "solve/search.h"

#include <math.h>

static bool on_start(void *data, uint32_t done, uint32_t of)
{
  const dm_job *job = data;
  return dm_infer_tell(job->options, "equilibria", done, of);
}

static dm_status search(dm_job *job)
{
  const dm_solved *s = job->solved;
  dm_search_options how = {
      .k = 1,
      .starts = job->options->starts,
      .seed = job->options->seed,
      .threads = job->options->threads,
      .progress = on_start,
      .progress_data = job};
  const dm_game *game = &s->expansion->game;
  const double *cell = dm_sweep_cells(s->sweep);
  job->has_list = true;
  dm_status status = dm_search_run(game, s->param, cell, &how, &job->list);
  bool principal = false;
  for (uint32_t i = 0; i < job->list.n; i++)
    principal = principal || (job->list.at[i].origin & DM_ORIGIN_PRINCIPAL);
  uint32_t where = 0;
  if (status == DM_OK && !principal)
    status =
        dm_equilibria_add(&job->list, s->log_p, 1, DM_ORIGIN_PRINCIPAL, &where);
  if (status == DM_OK)
    dm_equilibria_sort(&job->list);
  return status;
}

static void range_over(dm_job *job, size_t cells, const dm_r_found *found)
{
  double *lo = dm_arena_array(job->keep, cells, sizeof *lo);
  double *hi = dm_arena_array(job->keep, cells, sizeof *hi);
  for (size_t c = 0; c < cells; c++) {
    lo[c] = hi[c] = job->odds[c];
    for (uint32_t i = 0; i < job->list.n; i++) {
      lo[c] = fmin(lo[c], found[i].by[c]);
      hi[c] = fmax(hi[c], found[i].by[c]);
    }
  }
  job->result->found_lo = lo;
  job->result->found_hi = hi;
}

dm_status dm_infer_equilibria(dm_job *job)
{
  dm_result *r = job->result;
  const dm_core *core = job->core;
  if (job->options->starts == 0)
    return DM_OK;
  dm_status status = search(job);
  if (status != DM_OK)
    return status;
  size_t cells = (size_t)core->outcome.n * core->n_periods;
  dm_sweep *sweep = job->solved->sweep;
  dm_r_found *found = dm_arena_array(job->keep, job->list.n, sizeof *found);
  for (uint32_t i = 0; i < job->list.n; i++) {
    const dm_equilibrium *x = &job->list.at[i];
    double *by = dm_arena_array(job->keep, cells, sizeof *by);
    dm_sweep_run(sweep, x->log_p);
    dm_infer_odds(core, job->solved->expansion, sweep, by);
    found[i] = (dm_r_found){
        .by = by,
        .residual = x->certificate.residual,
        .found = x->found,
        .principal = (x->origin & DM_ORIGIN_PRINCIPAL) != 0,
        .origin = dm_infer_origin(job->keep, x->origin)};
  }
  dm_infer_restore(job->solved);
  range_over(job, cells, found);
  r->found = found;
  r->n_found = job->list.n;
  r->starts_asked = job->list.tried;
  r->starts_failed = job->list.failed;
  r->found_said = dm_infer_searched(job->keep, &job->list, job->options->seed);
  return DM_OK;
}
