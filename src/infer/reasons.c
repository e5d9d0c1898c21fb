/* infer/reasons.c -- the strongest reason of each outcome, in one clause.
 *
 * hit(n) is the chance of the outcome from node n on, by one backward pass.  A
 * pick of option x moves it from hit(n) to hit(child): summed over all picks of
 * x, weighted by reach, that is how much of the outcome's odds the option
 * brings.  The option that brings most is named, with the odds just before and
 * just after it is picked.  It is a fact about the solved model: what happened
 * there, not what would happen if the option did not exist.
 *
 * Where no option brings anything the assumption that moves the outcome most is
 * named instead, if levers were tried. */
#include "infer/parts.h"

#include <math.h>
#include <string.h>

/* Less than half a point is no reason. */
static const double LEAST = 0.005;

typedef struct dm_push {
  double picked;        /* expected picks */
  double before, after; /* the same, times the odds */
} dm_push;

static void find_hits(const dm_job *job, uint32_t outcome, double *hit)
{
  const dm_expansion *e = job->solved->expansion;
  const dm_game *g = &e->game;
  const double *p = dm_sweep_p(job->solved->sweep);
  const double *cell = dm_sweep_cells(job->solved->sweep);
  for (dm_node_id n = g->n_nodes; n-- > 0;) {
    if (g->node_set[n] >= DM_NODE_END) {
      hit[n] = e->end_outcome[g->node_set[n] - DM_NODE_END] == outcome;
      continue;
    }
    const double *weight = g->node_set[n] == DM_NODE_CHANCE ? cell : p;
    hit[n] = 0;
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++)
      hit[n] += weight[g->edge_slot[i]] * hit[g->edge_child[i]];
  }
}

/* push [n_options of the core] */
static void find_pushes(const dm_job *job, const double *hit, dm_push *push)
{
  const dm_core *core = job->core;
  const dm_expansion *e = job->solved->expansion;
  const dm_game *g = &e->game;
  const double *p = dm_sweep_p(job->solved->sweep);
  memset(push, 0, core->option.n * sizeof *push);
  for (dm_node_id n = 0; n < g->n_nodes; n++) {
    dm_set_id s = g->node_set[n];
    if (s >= DM_NODE_CHANCE)
      continue;
    const dm_core_choice *c =
        &core->choice.at[core->decide.at[e->set_decide[s]].choice];
    double reach = dm_sweep_reach(job->solved->sweep, n);
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      uint32_t k = g->edge_slot[i];
      dm_push *x = &push[c->first_option + e->slot_option[k]];
      x->picked += reach * p[k];
      x->before += reach * p[k] * hit[n];
      x->after += reach * p[k] * hit[g->edge_child[i]];
    }
  }
}

/* "us.strike", or with its choice where the actor has two options of the name. */
static const char *option_name(const dm_job *job, uint32_t option)
{
  const dm_core *core = job->core;
  const dm_core_choice *own = NULL;
  bool many = false;
  const char *name = core->option.at[option].name;
  for (uint32_t c = 0; c < core->choice.n; c++) {
    const dm_core_choice *x = &core->choice.at[c];
    if (option >= x->first_option && option < x->first_option + x->n_options)
      own = x;
  }
  for (uint32_t c = 0; own && c < core->choice.n; c++) {
    const dm_core_choice *x = &core->choice.at[c];
    for (uint32_t k = 0; k < x->n_options && x->actor == own->actor; k++)
      many = many ||
             (x != own &&
              strcmp(core->option.at[x->first_option + k].name, name) == 0);
  }
  if (!own)
    return name;
  const char *actor = core->actor.at[own->actor].name;
  return many ? dm_infer_text(job->keep, "%s.%s.%s", actor, own->name, name)
              : dm_infer_text(job->keep, "%s.%s", actor, name);
}

static const char *by_lever(const dm_job *job, uint32_t outcome)
{
  const dm_result *r = job->result;
  const dm_r_lever *best = NULL;
  double most = LEAST;
  for (uint32_t i = 0; i < r->n_levers; i++) {
    double move = fabs(r->lever[i].at_hi[outcome] - r->lever[i].at_lo[outcome]);
    if (move > most) {
      most = move;
      best = &r->lever[i];
    }
  }
  if (!best)
    return "";
  return dm_infer_text(
      job->keep, "turns most on %s (%s to %s over its range)", best->name,
      dm_infer_percent(job->keep, best->at_lo[outcome]),
      dm_infer_percent(job->keep, best->at_hi[outcome]));
}

static const char *reason(
    const dm_job *job, uint32_t outcome, const dm_push *push)
{
  uint32_t best = DM_NONE;
  double most = LEAST;
  for (uint32_t i = 0; i < job->core->option.n; i++) {
    double brought = push[i].after - push[i].before;
    if (brought > most) {
      most = brought;
      best = i;
    }
  }
  if (best == DM_NONE)
    return by_lever(job, outcome);
  const dm_push *x = &push[best];
  return dm_infer_text(
      job->keep, "driven most by %s (%s just before it is picked, %s after)",
      option_name(job, best),
      dm_infer_percent(job->keep, x->before / x->picked),
      dm_infer_percent(job->keep, x->after / x->picked));
}

void dm_infer_reasons(dm_job *job)
{
  const dm_core *core = job->core;
  uint32_t n = job->solved->expansion->game.n_nodes;
  double *hit = dm_arena_array(&job->scratch, n, sizeof *hit);
  dm_push *push = dm_arena_array(&job->scratch, core->option.n, sizeof *push);
  for (uint32_t o = 0; o < core->outcome.n; o++) {
    find_hits(job, o, hit);
    find_pushes(job, hit, push);
    job->result->outcome[o].reason = reason(job, o, push);
  }
}
