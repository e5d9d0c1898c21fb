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

static void copy_last(const dm_job *job, const double *odds, double *last)
{
  size_t periods = job->core->n_periods;
  for (size_t o = 0; o < job->core->outcome.n; o++)
    last[o] = odds[o * periods + periods - 1];
}

/* One end; *status is DM_OK also when it did not converge. */
static dm_status try_end(
    dm_job *job, double *param, uint32_t p, double value, double *log_p,
    double *odds, double *last)
{
  double base = param[p];
  param[p] = value;
  dm_status status =
      dm_infer_resolve(job->solved, job->options, param, log_p, odds);
  param[p] = base;
  copy_last(job, odds, last);
  return status == DM_E_CONVERGE ? DM_OK : status;
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
    if (!isfinite(last[o]))
      continue;
    if (!isfinite(out->lo) || last[o] < out->lo)
      out->lo = last[o];
    if (!isfinite(out->hi) || last[o] > out->hi)
      out->hi = last[o];
  }
}

static dm_status try_lever(
    dm_job *job, double *param, uint32_t p, double *log_p, double *odds,
    dm_r_lever *lever)
{
  const dm_core_param *x = &job->core->param.at[p];
  size_t n = job->core->outcome.n;
  *lever = (dm_r_lever){
      .name = x->alias ? x->alias : x->path,
      .note = x->note,
      .source = x->source,
      .sourced = x->sourced,
      .base = param[p],
      .lo = x->lo,
      .hi = x->hi};
  lever->at_lo = dm_arena_array(job->keep, n, sizeof(double));
  lever->at_hi = dm_arena_array(job->keep, n, sizeof(double));
  dm_status status = try_end(job, param, p, x->lo, log_p, odds, lever->at_lo);
  if (status == DM_OK)
    status = try_end(job, param, p, x->hi, log_p, odds, lever->at_hi);
  measure(job, lever);
  widen(job->result, lever->at_lo);
  widen(job->result, lever->at_hi);
  return status;
}

static void start_ranges(dm_job *job, double *last)
{
  copy_last(job, job->odds, last);
  widen(job->result, last);
}

dm_status dm_infer_levers(dm_job *job)
{
  const dm_core *core = job->core;
  const dm_game *game = &job->solved->expansion->game;
  dm_result *r = job->result;
  uint32_t n = 0, done = 0;
  for (uint32_t p = 0; p < core->param.n; p++)
    n += is_lever(&core->param.at[p]);
  r->n_ranges = n;
  if (job->options->levers == 0 || n == 0)
    return DM_OK;
  size_t cells = (size_t)core->outcome.n * core->n_periods;
  double *param = dm_arena_array(&job->scratch, core->param.n, sizeof *param);
  double *log_p = dm_arena_array(&job->scratch, game->n_slots, sizeof *log_p);
  double *odds = dm_arena_array(&job->scratch, cells, sizeof *odds);
  memcpy(param, job->solved->param, core->param.n * sizeof *param);
  r->lever = dm_arena_array(job->keep, n, sizeof *r->lever);
  start_ranges(job, odds);
  dm_status status = DM_OK;
  for (uint32_t p = 0; status == DM_OK && p < core->param.n; p++) {
    if (!is_lever(&core->param.at[p]))
      continue;
    if (!dm_infer_tell(job->options, "levers", done, n))
      status = DM_E_INTERRUPT;
    else
      status = try_lever(job, param, p, log_p, odds, &r->lever[done]);
    done++;
  }
  dm_infer_restore(job->solved);
  qsort(r->lever, done, sizeof *r->lever, by_move);
  r->n_levers = done < job->options->levers ? done : job->options->levers;
  return status;
}
