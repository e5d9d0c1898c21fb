/* infer/draws.c -- the spread of the odds when all ranges are drawn at once.
 *
 * Draw k takes every parameter with a range uniformly from it, independently,
 * and solves the game again from the base solution.  A ranking keeps its order
 * and its ends (0 and 100) and draws the places between: order statistics of
 * uniforms, which is uniform over all spacings.  What a draw is depends on the
 * seed, k and the parameter's path alone (base/random.h), so a scenario that
 * gains a range keeps the draws of the others.
 *
 * A draw that does not converge is counted and left out of the quantiles. */
#include "base/random.h"
#include "infer/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct dm_ensemble {
  double *param;  /* [n_params] */
  double *log_p;  /* [n_slots] */
  double *odds;   /* [n_outcomes x n_periods] */
  double *sample; /* [draws that converged x n_outcomes x n_periods] */
  double *column; /* [draws] */
  double *place;  /* [most ranks] */
  uint32_t n;     /* draws that converged */
} dm_ensemble;

static int by_size(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Draws the ranking of which p is the first parameter. */
static void draw_ranking(
    const dm_job *job, dm_ensemble *e, uint32_t k, uint32_t p)
{
  const dm_core *core = job->core;
  const dm_core_param *first = &core->param.at[p];
  uint32_t n = first->n_ranks, lowest = UINT32_MAX;
  uint64_t key = dm_random_key(first->path);
  if (n < 2)
    return;
  e->place[0] = 0;
  e->place[n - 1] = 100;
  for (uint32_t i = 1; i + 1 < n; i++)
    e->place[i] = 100 * dm_random_uniform(job->options->seed, k, key, i);
  qsort(e->place, n, sizeof *e->place, by_size);
  for (uint32_t i = p; i < core->param.n; i++) {
    const dm_core_param *x = &core->param.at[i];
    if (x->ranking == first->ranking && x->rank < lowest)
      lowest = x->rank;
  }
  for (uint32_t i = p; i < core->param.n; i++) {
    const dm_core_param *x = &core->param.at[i];
    if (x->ranking == first->ranking && x->rank - lowest < n)
      e->param[i] = e->place[x->rank - lowest];
  }
}

static bool first_of_ranking(const dm_core *core, uint32_t p)
{
  for (uint32_t i = 0; i < p; i++) {
    if (core->param.at[i].ranking == core->param.at[p].ranking)
      return false;
  }
  return true;
}

static void draw_params(const dm_job *job, dm_ensemble *e, uint32_t k)
{
  const dm_core *core = job->core;
  memcpy(e->param, job->solved->param, core->param.n * sizeof *e->param);
  for (uint32_t p = 0; p < core->param.n; p++) {
    const dm_core_param *x = &core->param.at[p];
    if (x->structural)
      continue;
    if (x->ranking) {
      if (first_of_ranking(core, p))
        draw_ranking(job, e, k, p);
    } else if (x->has_range) {
      double u =
          dm_random_uniform(job->options->seed, k, dm_random_key(x->path), 0);
      e->param[p] = x->lo + (x->hi - x->lo) * u;
    }
  }
}

/* Between the two order statistics around it, in proportion. */
static double quantile(const double *sorted, uint32_t n, double q)
{
  double at = q * (n - 1.0);
  uint32_t low = (uint32_t)at;
  if (low + 1 >= n)
    return sorted[n - 1];
  return sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]);
}

static void summarise(dm_job *job, dm_ensemble *e)
{
  size_t periods = job->core->n_periods;
  size_t cells = job->core->outcome.n * periods;
  double *figure[4];
  for (uint32_t i = 0; i < 4; i++)
    figure[i] = dm_arena_array(job->keep, cells, sizeof(double));
  for (size_t c = 0; c < cells; c++) {
    double sum = 0;
    for (uint32_t k = 0; k < e->n; k++) {
      e->column[k] = e->sample[k * cells + c];
      sum += e->column[k];
    }
    qsort(e->column, e->n, sizeof *e->column, by_size);
    figure[0][c] = quantile(e->column, e->n, 0.05);
    figure[1][c] = quantile(e->column, e->n, 0.50);
    figure[2][c] = quantile(e->column, e->n, 0.95);
    figure[3][c] = sum / e->n;
    dm_r_outcome *o = &job->result->outcome[c / periods];
    if (c % periods != periods - 1)
      continue;
    o->lo = fmin(isfinite(o->lo) ? o->lo : o->by[periods - 1], e->column[0]);
    o->hi =
        fmax(isfinite(o->hi) ? o->hi : o->by[periods - 1], e->column[e->n - 1]);
  }
  for (size_t o = 0; o < job->core->outcome.n; o++) {
    dm_r_outcome *out = &job->result->outcome[o];
    out->p05 = figure[0] + o * periods;
    out->p50 = figure[1] + o * periods;
    out->p95 = figure[2] + o * periods;
    out->mean = figure[3] + o * periods;
  }
}

static dm_status run(dm_job *job, dm_ensemble *e)
{
  uint32_t draws = job->options->draws;
  size_t cells = (size_t)job->core->outcome.n * job->core->n_periods;
  for (uint32_t k = 0; k < draws; k++) {
    if (!dm_infer_tell(job->options, "draws", k, draws))
      return DM_E_INTERRUPT;
    draw_params(job, e, k);
    dm_status status = dm_infer_resolve(
        job->solved, job->options, e->param, e->log_p, e->odds);
    if (status == DM_E_CONVERGE) {
      job->result->draws_failed++;
      continue;
    }
    if (status != DM_OK)
      return status;
    memcpy(e->sample + e->n * cells, e->odds, cells * sizeof *e->odds);
    e->n++;
  }
  return DM_OK;
}

dm_status dm_infer_draws(dm_job *job)
{
  const dm_core *core = job->core;
  uint32_t draws = job->options->draws, ranks = 2;
  size_t cells = (size_t)core->outcome.n * core->n_periods;
  dm_arena *arena = &job->scratch;
  bool any = false;
  for (uint32_t p = 0; p < core->param.n; p++) {
    const dm_core_param *x = &core->param.at[p];
    any = any || x->ranking || (x->has_range && !x->structural);
    if (x->ranking) {
      job->result->draws_ranked = draws > 0;
      ranks = x->n_ranks > ranks ? x->n_ranks : ranks;
    }
  }
  if (draws == 0 || !any)
    return DM_OK;
  job->result->draws = draws;
  dm_ensemble e = {0};
  e.param = dm_arena_array(arena, core->param.n, sizeof *e.param);
  e.log_p = dm_arena_array(
      arena, job->solved->expansion->game.n_slots, sizeof *e.log_p);
  e.odds = dm_arena_array(arena, cells, sizeof *e.odds);
  e.sample = dm_arena_array(arena, draws, cells * sizeof *e.sample);
  e.column = dm_arena_array(arena, draws, sizeof *e.column);
  e.place = dm_arena_array(arena, ranks, sizeof *e.place);
  dm_status status = run(job, &e);
  dm_infer_restore(job->solved);
  if (status == DM_OK && e.n > 0)
    summarise(job, &e);
  return status;
}
