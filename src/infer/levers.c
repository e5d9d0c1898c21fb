/* infer/levers.c -- how far each range moves the odds.
 *
 * Every parameter with a range is put to both of its ends, the others at their
 * base values, and the game is solved again from the base solution: the
 * structure is the same, so only cells change.  Levers are ranked by the largest
 * difference between the two ends of any outcome's final odds.  A parameter that
 * decides which situations exist has no range (E013), and is not tried. */
#include "infer/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_lever(const dm_core_param *param)
{
  return param->has_range && !param->structural;
}

typedef struct dm_ends {
  const dm_core *core;
  const uint32_t *param; /* [n_levers] */
} dm_ends;

/* Point 2 i is the low end of lever i, point 2 i + 1 its high end. */
static void end_point(const void *data, uint32_t k, double *param)
{
  const dm_ends *ends = data;
  uint32_t p = ends->param[k / 2];
  const dm_core_param *x = &ends->core->param.at[p];
  param[p] = k % 2 ? x->hi : x->lo;
}

/* Final odds of a point, kept. */
static double *last_odds(const dm_job *job, const double *odds)
{
  size_t periods = job->core->n_periods, n = job->core->outcome.n;
  double *last = dm_arena_array(job->keep, n, sizeof *last);
  for (size_t o = 0; o < n; o++)
    last[o] = odds[o * periods + periods - 1];
  return last;
}

/* An end that failed counts as no move. */
static void measure(const dm_job *job, dm_r_lever *lever)
{
  size_t periods = job->core->n_periods;
  lever->move = 0;
  lever->outcome = 0;
  for (uint32_t o = 0; o < job->core->outcome.n; o++) {
    double base = job->odds[o * periods + periods - 1];
    double lo = isfinite(lever->at_lo[o]) ? lever->at_lo[o] : base;
    double hi = isfinite(lever->at_hi[o]) ? lever->at_hi[o] : base;
    if (fabs(hi - lo) > lever->move) {
      lever->move = fabs(hi - lo);
      lever->outcome = o;
    }
  }
}

/* By decreasing move, then by name, so that ties print the same everywhere. */
static int by_move(const void *a, const void *b)
{
  const dm_r_lever *x = a, *y = b;
  if (x->move != y->move)
    return x->move > y->move ? -1 : 1;
  return strcmp(x->name, y->name);
}

static void widen(dm_result *r, const double *last)
{
  for (uint32_t o = 0; o < r->n_outcomes; o++) {
    dm_r_outcome *out = &r->outcome[o];
    double base = out->by[r->n_periods - 1];
    double x = isfinite(last[o]) ? last[o] : base;
    out->lo = fmin(isfinite(out->lo) ? out->lo : base, x);
    out->hi = fmax(isfinite(out->hi) ? out->hi : base, x);
  }
}

static dm_r_lever lever_of(
    const dm_job *job, uint32_t p, const double *at_lo, const double *at_hi)
{
  const dm_core_param *x = &job->core->param.at[p];
  dm_r_lever lever = {
      .name = x->alias ? x->alias : x->path,
      .note = x->note,
      .source = x->source,
      .sourced = x->sourced,
      .base = job->solved->param[p],
      .lo = x->lo,
      .hi = x->hi,
      .at_lo = last_odds(job, at_lo),
      .at_hi = last_odds(job, at_hi)};
  measure(job, &lever);
  widen(job->result, lever.at_lo);
  widen(job->result, lever.at_hi);
  return lever;
}

dm_status dm_infer_levers(dm_job *job)
{
  const dm_core *core = job->core;
  dm_arena *arena = &job->scratch;
  dm_result *r = job->result;
  size_t cells = (size_t)core->outcome.n * core->n_periods;
  uint32_t n = 0;
  uint32_t *list = dm_arena_array(arena, core->param.n, sizeof *list);
  for (uint32_t p = 0; p < core->param.n; p++) {
    if (is_lever(&core->param.at[p]))
      list[n++] = p;
  }
  r->n_ranges = n;
  if (job->options->levers == 0 || n == 0)
    return DM_OK;
  dm_ends ends = {core, list};
  dm_batch batch = {"levers", 2 * n, end_point, &ends};
  double *odds = dm_arena_array(arena, 2 * cells, n * sizeof *odds);
  dm_status *status = dm_arena_array(arena, n, 2 * sizeof *status);
  dm_status why = dm_infer_batch(job, &batch, odds, status);
  if (why != DM_OK)
    return why;
  r->lever = dm_arena_array(job->keep, n, sizeof *r->lever);
  for (size_t i = 0; i < n; i++)
    r->lever[i] = lever_of(
        job, list[i], odds + 2 * i * cells, odds + (2 * i + 1) * cells);
  qsort(r->lever, n, sizeof *r->lever, by_move);
  r->n_levers = n < job->options->levers ? n : job->options->levers;
  return DM_OK;
}
