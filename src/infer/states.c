/* infer/states.c -- how declared states are distributed at each period's end.
 *
 * The end of period t is the start of period t + 1, where every path that goes
 * on has a node; the end of the last period is its endings step, where the
 * state is what it will be when the game is counted.  Declared states live
 * there by request of the expansion.  All figures are conditional on going on;
 * `going` is the chance of that. */
#include "infer/parts.h"

#include <math.h>

typedef struct dm_tally {
  uint32_t *var; /* [n_states] */
  double **odds; /* [n_states] -> [n_periods x size] */
  double *going; /* [n_periods] */
  int32_t *v;    /* [n_vars] */
} dm_tally;

/* Adds the nodes of a layer to period t (from 0). */
static void count_layer(
    dm_job *job, dm_tally *tally, uint32_t layer, uint32_t t)
{
  const dm_core *core = job->core;
  const dm_expansion *e = job->solved->expansion;
  for (dm_node_id n = e->game.layer_node[layer];
       n < e->game.layer_node[layer + 1]; n++) {
    double reach = dm_sweep_reach(job->solved->sweep, n);
    if (!(reach > 0))
      continue;
    tally->going[t] += reach;
    dm_expansion_decode(core, e, n, tally->v);
    for (uint32_t i = 0; i < job->result->n_states; i++) {
      const dm_core_var *var = &core->var.at[tally->var[i]];
      uint32_t place = (uint32_t)((int64_t)tally->v[tally->var[i]] - var->lo);
      if (place < var->size)
        tally->odds[i][(size_t)t * var->size + place] += reach;
    }
  }
}

static void moments(
    const dm_core_var *var, const double *odds, double *mean, double *sd)
{
  double m = 0, square = 0;
  for (uint32_t k = 0; k < var->size; k++)
    m += odds[k] * ((double)var->lo + k);
  for (uint32_t k = 0; k < var->size; k++) {
    double gap = (double)var->lo + k - m;
    square += odds[k] * gap * gap;
  }
  *mean = m;
  *sd = sqrt(square);
}

/* Divides by the chance of going on; without one there is nothing to say. */
static void finish(dm_job *job, dm_tally *tally, uint32_t i, dm_r_state *out)
{
  const dm_core_var *var = &job->core->var.at[tally->var[i]];
  uint32_t periods = job->core->n_periods;
  double *mean = dm_arena_array(job->keep, periods, sizeof *mean);
  double *sd = dm_arena_array(job->keep, periods, sizeof *sd);
  for (uint32_t t = 0; t < periods; t++) {
    double *odds = tally->odds[i] + (size_t)t * var->size;
    double going = tally->going[t];
    mean[t] = sd[t] = (double)NAN;
    for (uint32_t k = 0; k < var->size; k++)
      odds[k] = going > 0 ? odds[k] / going : (double)NAN;
    if (going > 0)
      moments(var, odds, &mean[t], &sd[t]);
  }
  *out = (dm_r_state){
      .name = var->name,
      .display = var->display,
      .unit = var->unit,
      .unit_step = var->unit_step,
      .words = var->words,
      .lo_value = var->lo,
      .size = var->size,
      .mean = mean,
      .sd = sd,
      .odds = tally->odds[i]};
}

void dm_infer_states(dm_job *job)
{
  const dm_core *core = job->core;
  const dm_expansion *e = job->solved->expansion;
  dm_result *r = job->result;
  uint32_t periods = core->n_periods, n = 0;
  dm_tally tally;
  tally.var = dm_arena_array(&job->scratch, core->var.n, sizeof *tally.var);
  for (uint32_t i = 0; i < core->var.n; i++) {
    if (core->var.at[i].kind == DM_VAR_STATE)
      tally.var[n++] = i;
  }
  tally.odds = dm_arena_array(&job->scratch, n, sizeof *tally.odds);
  for (uint32_t i = 0; i < n; i++)
    tally.odds[i] = dm_arena_array(
        job->keep, (size_t)periods * core->var.at[tally.var[i]].size,
        sizeof(double));
  tally.going = dm_arena_array(job->keep, periods, sizeof *tally.going);
  tally.v = dm_arena_array(&job->scratch, core->var.n, sizeof *tally.v);
  r->n_states = n;
  r->state = dm_arena_array(job->keep, n, sizeof *r->state);
  for (uint32_t t = 1; t < periods; t++)
    count_layer(job, &tally, e->period_layer[t + 1], t - 1);
  count_layer(job, &tally, e->final_layer, periods - 1);
  for (uint32_t i = 0; i < n; i++)
    finish(job, &tally, i, &r->state[i]);
  r->going = tally.going;
}
