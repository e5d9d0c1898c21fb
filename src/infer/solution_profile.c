/* infer/solution_profile.c -- a game and a profile of strategies as plain data.
 *
 * In:     strategies as log probabilities, their certificate, names.
 * Out:    probabilities, reach of the sets, odds of the outcomes, values.
 * Method: one forward pass in the order of the nodes: reach of a child is the
 *         sum of reach x weight over its edges; odds and values are sums over
 *         it.  A chance of going somewhere below 1e-308 is shown as 0; beliefs
 *         and regrets come from the certificate, which does not underflow.
 * Nash:   a profile at the limit has full support; what is below TREMBLE is
 *         there to carry beliefs and is told as 0. */
#include "infer/solution_parts.h"

#include "base/table.h"
#include "game/recall.h"
#include "infer/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TREMBLE = 1e-11;

static const char *keep_text(dm_solution_job *job, const char *text)
{
  return text ? dm_arena_text(job->keep, text, strlen(text)) : "";
}

static const char **keep_texts(
    dm_solution_job *job, const char *const *text, uint32_t n)
{
  const char **out = dm_arena_array(job->keep, n, sizeof *out);
  for (uint32_t i = 0; i < n; i++)
    out[i] = keep_text(job, text[i]);
  return out;
}

double dm_solution_largest(const double *x, uint32_t n)
{
  double most = 0;
  for (uint32_t i = 0; x && i < n; i++)
    most = x[i] > most ? x[i] : most;
  return most;
}

bool dm_solution_tell(
    const dm_solution_job *job, const char *what, double done, double total)
{
  const dm_solution_options *o = job->options;
  return !o->progress || o->progress(o->progress_data, what, done, total);
}

/* ---- the game -------------------------------------------------------------- */

/* Ending classes with equal names are one outcome. */
static void describe_ends(dm_solution_job *job)
{
  const dm_labels *l = job->labels;
  uint32_t n = job->game->n_ends;
  dm_table names;
  dm_table_init(&names, job->keep, 0);
  const char **outcome =
      dm_arena_array(job->keep, (size_t)n + l->n_outcomes, sizeof *outcome);
  for (uint32_t o = 0; o < l->n_outcomes; o++) {
    const char *name = l->outcome[o];
    outcome[dm_table_intern(&names, name, strlen(name), NULL)] =
        keep_text(job, name);
  }
  job->end_outcome = dm_arena_array(job->keep, n, sizeof *job->end_outcome);
  for (uint32_t e = 0; e < n; e++) {
    const char *name = l->end[e];
    bool fresh = false;
    uint32_t id = dm_table_intern(&names, name, strlen(name), &fresh);
    if (fresh)
      outcome[id] = keep_text(job, name);
    job->end_outcome[e] = id;
  }
  job->out->n_outcomes = names.n;
  job->out->outcome = outcome;
  dm_table_clear(&names);
}

void dm_solution_describe(dm_solution_job *job)
{
  const dm_game *g = job->game;
  const dm_labels *l = job->labels;
  dm_r_solution *r = job->out;
  r->source = keep_text(job, l->source);
  r->title = keep_text(job, l->title);
  r->n_players = g->n_players;
  r->n_sets = g->n_sets;
  r->n_slots = g->n_slots;
  r->nodes = g->n_nodes;
  r->edges = g->n_edges;
  r->player = keep_texts(job, l->player, g->n_players);
  r->slot = keep_texts(job, l->slot, g->n_slots);
  dm_r_set *set = dm_arena_array(job->keep, g->n_sets, sizeof *set);
  for (dm_set_id s = 0; s < g->n_sets; s++)
    set[s] = (dm_r_set){
        .player = l->set_player[s],
        .number = l->set_number[s],
        .label = keep_text(job, l->set_label[s]),
        .slot = g->set_slot[s],
        .n_options = g->set_slot[s + 1] - g->set_slot[s]};
  r->set = set;
  describe_ends(job);
}

/* ---- a profile --------------------------------------------------------------- */

double *dm_solution_odds(dm_solution_job *job, const double *log_p, bool exact)
{
  const dm_game *g = job->game;
  double *p = dm_arena_array(job->keep, g->n_slots, sizeof *p);
  for (dm_set_id s = 0; s < g->n_sets; s++) {
    double sum = 0;
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++) {
      p[i] = exp(log_p[i]);
      if (exact && p[i] < TREMBLE)
        p[i] = 0;
      sum += p[i];
    }
    for (uint32_t i = g->set_slot[s]; exact && i < g->set_slot[s + 1]; i++)
      p[i] /= sum;
  }
  return p;
}

static void add_pay(
    const dm_solution_job *job, uint32_t row, double weight, double *value)
{
  const dm_game *g = job->game;
  const uint32_t *cell = g->row_cell + (size_t)row * g->n_players;
  for (uint32_t a = 0; row && a < g->n_players; a++)
    value[a] += weight * job->cell[cell[a]];
}

static void flow(
    dm_solution_job *job, const double *p, double *set_reach, double *odds,
    double *value)
{
  const dm_game *g = job->game;
  memset(job->reach, 0, g->n_nodes * sizeof *job->reach);
  job->reach[0] = 1;
  for (dm_node_id n = 0; n < g->n_nodes; n++) {
    uint32_t of = g->node_set[n];
    double reach = job->reach[n];
    if (of >= DM_NODE_END)
      odds[job->end_outcome[of - DM_NODE_END]] += reach;
    else if (of != DM_NODE_CHANCE)
      set_reach[of] += reach;
    if (!(reach > 0))
      continue;
    for (uint32_t e = g->node_edge[n]; e < g->node_edge[n + 1]; e++) {
      uint32_t slot = g->edge_slot[e];
      double weight =
          reach * (of == DM_NODE_CHANCE ? job->cell[slot] : p[slot]);
      job->reach[g->edge_child[e]] += weight;
      add_pay(job, g->edge_row[e], weight, value);
    }
  }
}

static double *copy(dm_solution_job *job, const double *x, uint32_t n)
{
  double *out = dm_arena_array(job->keep, n, sizeof *out);
  for (uint32_t i = 0; i < n; i++)
    out[i] = x ? x[i] : (double)NAN;
  return out;
}

dm_r_equilibrium dm_solution_profile(
    dm_solution_job *job, const double *log_p, double k,
    const dm_certificate *certificate)
{
  const dm_game *g = job->game;
  uint32_t players = g->n_players;
  double *reach = dm_arena_array(job->keep, g->n_sets, sizeof *reach);
  double *odds = dm_arena_array(job->keep, job->out->n_outcomes, sizeof *odds);
  double *value = dm_arena_array(job->keep, players, sizeof *value);
  const double *p = dm_solution_odds(job, log_p, isinf(k));
  flow(job, p, reach, odds, value);
  double regret = dm_solution_largest(certificate->regret, players);
  return (dm_r_equilibrium){
      .p = p,
      .reach = reach,
      .odds = odds,
      .value = value,
      .lambda = k,
      .residual = isinf(k) ? (double)NAN : certificate->residual,
      .regret = copy(job, certificate->regret, players),
      .gain = copy(job, certificate->gain, players),
      .credible = regret <= job->out->tolerance,
      .found = 1,
      .origin = ""};
}

static const char *recall_word(uint8_t kind)
{
  return kind == DM_RECALL_PERFECT     ? "perfect"
         : kind == DM_RECALL_IMPERFECT ? "imperfect"
                                       : "absent-minded";
}

dm_status dm_solution_answer(
    dm_solution_job *job, const double *log_p, double k, double *regret)
{
  uint32_t players = job->game->n_players;
  dm_certificate *c = &job->certificate;
  dm_certificate_clear(c);
  dm_status status = dm_certificate_verify(job->game, job->cell, log_p, k, c);
  if (status != DM_OK)
    return status;
  job->out->answer = dm_solution_profile(job, log_p, k, c);
  const char **recall = dm_arena_array(job->keep, players, sizeof *recall);
  for (uint32_t a = 0; c->recall && a < players; a++)
    recall[a] = recall_word(c->recall[a]);
  job->out->recall = c->recall ? recall : NULL;
  if (regret)
    *regret = dm_solution_largest(c->regret, players);
  return DM_OK;
}

/* ---- a list --------------------------------------------------------------- */

void dm_solution_keep_list(dm_solution_job *job)
{
  const dm_equilibria *list = &job->list;
  dm_r_solution *r = job->out;
  dm_r_equilibrium *out = dm_arena_array(job->keep, list->n, sizeof *out);
  for (uint32_t i = 0; i < list->n; i++) {
    const dm_equilibrium *x = &list->at[i];
    out[i] = dm_solution_profile(job, x->log_p, x->k, &x->certificate);
    out[i].credible = x->credible;
    out[i].found = x->found;
    out[i].outcome = x->outcome;
    out[i].origin = dm_infer_origin(job->keep, x->origin);
  }
  r->listed = true;
  r->equilibrium = out;
  r->n_equilibria = list->n;
  r->tried = list->tried;
  r->failed = list->failed;
}
