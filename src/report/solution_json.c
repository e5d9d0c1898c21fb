/* report/solution_json.c -- what `solve` found of a game as JSON, schema 1
 * (docs/json.md). */
#include "report/parts.h"

#include <math.h>

static void number_map(
    dm_json *json, const char *key, const char *const *name, const double *x,
    uint32_t n)
{
  dm_json_object(json, key, true);
  for (uint32_t i = 0; i < n; i++)
    dm_json_number(json, name[i], x[i]);
  dm_json_close(json);
}

/* Players of a file may share a name or have none, so they are a list. */
static void players(
    dm_json *json, const dm_r_solution *r, const dm_r_equilibrium *x)
{
  dm_json_list(json, "players", false);
  for (uint32_t a = 0; a < r->n_players; a++) {
    dm_json_object(json, NULL, true);
    dm_json_count(json, "player", a + 1);
    dm_json_text(json, "name", r->player[a]);
    dm_json_number(json, "value", x ? x->value[a] : (double)NAN);
    dm_json_number(json, "regret", x ? x->regret[a] : (double)NAN);
    dm_json_number(json, "gain", x ? x->gain[a] : (double)NAN);
    dm_json_text(json, "recall", r->recall ? r->recall[a] : NULL);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static double largest(const double *x, uint32_t n)
{
  double most = (double)NAN;
  for (uint32_t i = 0; i < n; i++)
    most = !isnan(x[i]) && !(x[i] <= most) ? x[i] : most;
  return most;
}

static void certificate(dm_json *json, const dm_r_solution *r)
{
  const dm_r_equilibrium *x = r->answered ? &r->answer : NULL;
  double nan = (double)NAN;
  dm_json_object(json, "certificate", false);
  dm_json_bool(json, "converged", r->answered);
  dm_json_text(json, "verdict", r->verdict[0] ? r->verdict : NULL);
  dm_json_number(json, "residual", x ? x->residual : nan);
  dm_json_number(json, "regret", x ? largest(x->regret, r->n_players) : nan);
  dm_json_number(json, "gain", x ? largest(x->gain, r->n_players) : nan);
  dm_json_number(json, "tolerance", r->tolerance);
  dm_json_number(json, "payoff_range", r->range);
  if (x && r->limit)
    dm_json_bool(json, "credible", x->credible);
  else
    dm_json_null(json, "credible");
  players(json, r, x);
  dm_json_count(json, "nodes", r->nodes);
  dm_json_count(json, "edges", r->edges);
  dm_json_count(json, "information_sets", r->n_sets);
  dm_json_count(json, "slots", r->n_slots);
  dm_json_count(json, "steps", r->steps);
  dm_json_count(json, "newton", r->newton);
  dm_json_count(json, "sweeps", r->sweeps);
  dm_json_count(json, "tangents", r->tangents);
  dm_json_text(json, "version", r->version);
  dm_json_count(json, "seed", r->seed);
  dm_json_text(json, "vouches_for", "the arithmetic, never the assumptions");
  dm_json_close(json);
}

/* p and reach by set; reach NULL leaves it out. */
static void profile(
    dm_json *json, const dm_r_solution *r, const double *p, const double *reach)
{
  dm_json_list(json, "profile", false);
  for (uint32_t s = 0; p && s < r->n_sets; s++) {
    const dm_r_set *set = &r->set[s];
    dm_json_object(json, NULL, true);
    dm_json_count(json, "player", set->player);
    dm_json_integer(json, "information_set", set->number);
    dm_json_text(json, "label", set->label);
    if (reach)
      dm_json_number(json, "reach", reach[s]);
    dm_json_list(json, "options", true);
    for (uint32_t i = set->slot; i < set->slot + set->n_options; i++) {
      dm_json_object(json, NULL, true);
      dm_json_text(json, "name", r->slot[i]);
      dm_json_number(json, "p", p[i]);
      dm_json_close(json);
    }
    dm_json_close(json);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void equilibria(dm_json *json, const dm_r_solution *r)
{
  dm_json_list(json, "equilibria", false);
  for (uint32_t i = 0; i < r->n_equilibria; i++) {
    const dm_r_equilibrium *x = &r->equilibrium[i];
    dm_json_object(json, NULL, false);
    dm_json_number(json, "lambda", x->lambda);
    dm_json_number(json, "residual", x->residual);
    number_map(json, "outcomes", r->outcome, x->odds, r->n_outcomes);
    dm_json_numbers(json, "values", x->value, r->n_players);
    dm_json_numbers(json, "regret", x->regret, r->n_players);
    dm_json_numbers(json, "gain", x->gain, r->n_players);
    if (isinf(x->lambda))
      dm_json_bool(json, "credible", x->credible);
    else
      dm_json_null(json, "credible");
    dm_json_count(json, "found", x->found);
    dm_json_count(json, "outcome", x->outcome + 1);
    dm_json_text(json, "origin", x->origin);
    profile(json, r, x->p, x->reach);
    dm_json_close(json);
  }
  dm_json_close(json);
  dm_json_object(json, "searched", false);
  dm_json_count(json, "starts", r->tried);
  dm_json_count(json, "failed", r->failed);
  dm_json_bool(json, "complete", r->complete);
  dm_json_text(json, "said", r->said);
  dm_json_close(json);
}

static void path(dm_json *json, const dm_r_solution *r)
{
  dm_json_list(json, "path", false);
  for (uint32_t i = 0; i < r->n_points; i++) {
    const dm_r_point *x = &r->point[i];
    dm_json_object(json, NULL, false);
    dm_json_text(json, "kind", x->kind);
    dm_json_number(json, "lambda", x->lambda);
    dm_json_number(json, "residual", x->residual);
    dm_json_number(json, "regret", x->regret);
    if (x->p)
      profile(json, r, x->p, NULL);
    dm_json_close(json);
  }
  dm_json_close(json);
}

void dm_json_solution(dm_json *json, const dm_r_solution *r)
{
  const dm_r_equilibrium *x = r->answered ? &r->answer : NULL;
  double nan = (double)NAN;
  dm_json_head(json, "game");
  dm_json_text(json, "game", r->title);
  dm_json_text(json, "source", r->source);
  dm_json_text(json, "method", r->method);
  dm_json_number(json, "lambda", x ? x->lambda : r->asked);
  dm_json_bool(json, "limit", r->limit);
  if (isfinite(r->reached))
    dm_json_number(json, "reached", r->reached);
  dm_json_number(json, "residual", x ? x->residual : nan);
  if (!r->answered)
    dm_json_text(json, "why", r->why);
  dm_json_text(json, "rule", r->rule);
  certificate(json, r);
  dm_json_object(json, "outcomes", true);
  for (uint32_t o = 0; o < r->n_outcomes; o++)
    dm_json_number(json, r->outcome[o], x ? x->odds[o] : nan);
  dm_json_close(json);
  profile(json, r, x ? x->p : NULL, x ? x->reach : NULL);
  if (r->iterations > 0) {
    dm_json_number(json, "exploitability", r->exploitability);
    dm_json_count(json, "iterations", r->iterations);
  }
  if (r->n_points > 0)
    path(json, r);
  if (r->listed)
    equilibria(json, r);
  dm_json_number(json, "seconds", r->seconds);
}
