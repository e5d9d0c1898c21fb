/* infer/draws.c -- the spread of the odds when all ranges are drawn at once.
 *
 * Draw k takes every parameter with a range uniformly from it, independently,
 * and solves the game again from the base solution.  A ranking keeps its order
 * and its ends (0 and 100) and draws the places between: order statistics of
 * uniforms, which is uniform over all spacings.  What a draw is depends on the
 * seed, k and the parameter's path alone (base/random.h), so a scenario that
 * gains a range keeps the draws of the others.
 *
 * A draw that does not converge is counted and left out of the quantiles.  The
 * range of an outcome (`lo`, `hi`) takes in every draw that did. */
#include "base/random.h"
#include "infer/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More places than this in one ranking are not drawn apart. */
enum { MOST_PLACES = 256 };

typedef struct dm_ensemble {
  const dm_core *core;
  uint64_t seed;
} dm_ensemble;

static int by_size(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Draws the ranking of which p is the first parameter. */
static void draw_ranking(
    const dm_ensemble *e, uint32_t k, uint32_t p, double *param)
{
  const dm_core *core = e->core;
  const dm_core_param *first = &core->param.at[p];
  double place[MOST_PLACES];
  uint32_t n = first->n_ranks, lowest = UINT32_MAX;
  uint64_t key = dm_random_key(first->path);
  if (n < 2 || n > MOST_PLACES)
    return;
  place[0] = 0;
  place[n - 1] = 100;
  for (uint32_t i = 1; i + 1 < n; i++)
    place[i] = 100 * dm_random_uniform(e->seed, k, key, i);
  qsort(place, n, sizeof *place, by_size);
  for (uint32_t i = p; i < core->param.n; i++) {
    const dm_core_param *x = &core->param.at[i];
    if (x->ranking == first->ranking && x->rank < lowest)
      lowest = x->rank;
  }
  for (uint32_t i = p; i < core->param.n; i++) {
    const dm_core_param *x = &core->param.at[i];
    if (x->ranking == first->ranking && x->rank - lowest < n)
      param[i] = place[x->rank - lowest];
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

static void draw_point(const void *data, uint32_t k, double *param)
{
  const dm_ensemble *e = data;
  for (uint32_t p = 0; p < e->core->param.n; p++) {
    const dm_core_param *x = &e->core->param.at[p];
    if (x->structural)
      continue;
    if (x->ranking) {
      if (first_of_ranking(e->core, p))
        draw_ranking(e, k, p, param);
    } else if (x->has_range) {
      double u = dm_random_uniform(e->seed, k, dm_random_key(x->path), 0);
      param[p] = x->lo + (x->hi - x->lo) * u;
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

/* The cell's values over the draws that converged, sorted. */
static void sort_cell(
    const double *odds, size_t cells, size_t cell, uint32_t draws,
    double *column)
{
  uint32_t n = 0;
  for (size_t k = 0; k < draws; k++) {
    if (!isnan(odds[k * cells + cell]))
      column[n++] = odds[k * cells + cell];
  }
  qsort(column, n, sizeof *column, by_size);
}

static void summarise(dm_job *job, const double *odds, uint32_t n)
{
  size_t periods = job->core->n_periods;
  size_t cells = job->core->outcome.n * periods;
  uint32_t draws = job->options->draws;
  double *column = dm_arena_array(&job->scratch, draws, sizeof *column);
  double *figure[4];
  for (uint32_t i = 0; i < 4; i++)
    figure[i] = dm_arena_array(job->keep, cells, sizeof(double));
  for (size_t c = 0; c < cells; c++) {
    double sum = 0;
    sort_cell(odds, cells, c, draws, column);
    for (uint32_t k = 0; k < n; k++)
      sum += column[k];
    figure[0][c] = quantile(column, n, 0.05);
    figure[1][c] = quantile(column, n, 0.50);
    figure[2][c] = quantile(column, n, 0.95);
    figure[3][c] = sum / n;
    dm_r_outcome *o = &job->result->outcome[c / periods];
    if (c % periods != periods - 1)
      continue;
    double base = o->by[periods - 1];
    o->lo = fmin(isfinite(o->lo) ? o->lo : base, column[0]);
    o->hi = fmax(isfinite(o->hi) ? o->hi : base, column[n - 1]);
  }
  for (size_t o = 0; o < job->core->outcome.n; o++) {
    dm_r_outcome *out = &job->result->outcome[o];
    out->p05 = figure[0] + o * periods;
    out->p50 = figure[1] + o * periods;
    out->p95 = figure[2] + o * periods;
    out->mean = figure[3] + o * periods;
  }
}

dm_status dm_infer_draws(dm_job *job)
{
  const dm_core *core = job->core;
  dm_arena *arena = &job->scratch;
  dm_result *r = job->result;
  uint32_t draws = job->options->draws;
  size_t cells = (size_t)core->outcome.n * core->n_periods;
  bool any = false;
  for (uint32_t p = 0; p < core->param.n; p++) {
    const dm_core_param *x = &core->param.at[p];
    any = any || x->ranking || (x->has_range && !x->structural);
    r->draws_ranked = r->draws_ranked || (x->ranking && draws > 0);
  }
  if (draws == 0 || !any)
    return DM_OK;
  r->draws = draws;
  dm_ensemble ensemble = {core, job->options->seed};
  dm_batch batch = {"draws", draws, draw_point, &ensemble};
  double *odds = dm_arena_array(arena, draws, cells * sizeof *odds);
  dm_status *status = dm_arena_array(arena, draws, sizeof *status);
  dm_status why = dm_infer_batch(job, &batch, odds, status);
  if (why != DM_OK)
    return why;
  for (uint32_t k = 0; k < draws; k++)
    r->draws_failed += status[k] != DM_OK;
  if (r->draws_failed < draws)
    summarise(job, odds, draws - r->draws_failed);
  return DM_OK;
}
