/* infer/options.c -- how often each option is asked about and picked, and the
 * strategies themselves.
 *
 * An asking is a decision with at least two options; where only one is open
 * there is nothing to decide and no information set.  Several rounds, and
 * several standing decisions, can make the expected number of askings in a
 * period larger than 1. */
#include "infer/parts.h"

#include <math.h>

void dm_infer_options_of(dm_job *job)
{
  const dm_core *core = job->core;
  const dm_expansion *e = job->solved->expansion;
  dm_result *r = job->result;
  uint32_t periods = core->n_periods;
  size_t cells = (size_t)core->option.n * periods;
  double *picked = dm_arena_array(job->keep, cells, sizeof *picked);
  double *asked = dm_arena_array(job->keep, cells, sizeof *asked);
  const double *p = dm_sweep_p(job->solved->sweep);
  for (dm_set_id s = 0; s < e->game.n_sets; s++) {
    const dm_core_choice *c =
        &core->choice.at[core->decide.at[e->set_decide[s]].choice];
    double reach = dm_sweep_set_reach(job->solved->sweep, s);
    size_t t = e->set_period[s] - 1u;
    for (uint32_t k = e->game.set_slot[s]; k < e->game.set_slot[s + 1]; k++)
      picked[(c->first_option + e->slot_option[k]) * (size_t)periods + t] +=
          reach * p[k];
    for (uint32_t k = 0; k < c->n_options; k++)
      asked[(c->first_option + k) * (size_t)periods + t] += reach;
  }
  r->option = dm_arena_array(job->keep, core->option.n, sizeof *r->option);
  for (uint32_t c = 0; c < core->choice.n; c++) {
    const dm_core_choice *choice = &core->choice.at[c];
    for (uint32_t k = 0; k < choice->n_options; k++) {
      size_t at = choice->first_option + k;
      r->option[r->n_options++] = (dm_r_option){
          .actor = core->actor.at[choice->actor].name,
          .choice = choice->name,
          .option = core->option.at[at].name,
          .picked = picked + at * periods,
          .asked = asked + at * periods};
    }
  }
}

static uint32_t round_of(const dm_core *core, uint32_t decide)
{
  for (uint32_t i = 0; i < core->step.n; i++) {
    const dm_core_step *step = &core->step.at[i];
    if (step->kind == DM_STEP_DECIDE && step->first == decide)
      return step->round;
  }
  return 0;
}

static dm_r_strategy strategy(dm_job *job, dm_set_id s)
{
  const dm_core *core = job->core;
  const dm_expansion *e = job->solved->expansion;
  const dm_core_decide *d = &core->decide.at[e->set_decide[s]];
  const dm_core_choice *c = &core->choice.at[d->choice];
  uint32_t first = e->game.set_slot[s], n = e->game.set_slot[s + 1] - first;
  const char **known = dm_arena_array(job->keep, d->n_keys, sizeof *known);
  const char **value = dm_arena_array(job->keep, d->n_keys, sizeof *value);
  const char **option = dm_arena_array(job->keep, n, sizeof *option);
  double *q = dm_arena_array(job->keep, n, sizeof *q);
  double *p = dm_arena_array(job->keep, n, sizeof *p);
  for (uint32_t i = 0; i < d->n_keys; i++) {
    const dm_core_key *key = &core->key.at[d->first_key + i];
    known[i] = key->name;
    value[i] =
        dm_infer_key_value(job->keep, key, e->key_value[e->set_key[s] + i]);
  }
  uint32_t t = e->set_period[s];
  uint32_t discount = core->actor.at[c->actor].discount;
  double weight = discount == DM_NONE
                      ? 1
                      : pow(job->solved->param[discount], (double)t - 1);
  for (uint32_t i = 0; i < n; i++) {
    option[i] =
        core->option.at[c->first_option + e->slot_option[first + i]].name;
    p[i] = dm_sweep_p(job->solved->sweep)[first + i];
    /* Payoffs are added up as seen from the start. */
    q[i] = dm_sweep_q(job->solved->sweep)[first + i] / weight;
  }
  return (dm_r_strategy){
      .actor = core->actor.at[c->actor].name,
      .choice = c->name,
      .period = core->period[t],
      .round = round_of(core, e->set_decide[s]),
      .n_known = d->n_keys,
      .n_options = n,
      .known = known,
      .value = value,
      .option = option,
      .p = p,
      .q = q,
      .reach = dm_sweep_set_reach(job->solved->sweep, s)};
}

void dm_infer_strategies(dm_job *job)
{
  dm_result *r = job->result;
  uint32_t n = job->solved->expansion->game.n_sets;
  r->strategy = dm_arena_array(job->keep, n, sizeof *r->strategy);
  r->n_strategies = n;
  for (dm_set_id s = 0; s < n; s++)
    r->strategy[s] = strategy(job, s);
}
