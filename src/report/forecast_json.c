/* report/forecast_json.c -- a result as JSON, schema 1 (docs/json.md). */
#include "report/parts.h"

#include <math.h>

void dm_json_head(dm_json *json, const char *kind)
{
  dm_json_integer(json, "schema", DM_SCHEMA);
  dm_json_text(json, "kind", kind);
}

static void number_map(
    dm_json *json, const char *key, const char *const *name, const double *x,
    uint32_t n)
{
  dm_json_object(json, key, true);
  for (uint32_t i = 0; i < n; i++)
    dm_json_number(json, name[i], x ? x[i] : (double)NAN);
  dm_json_close(json);
}

/* One number per outcome. */
static void outcome_map(
    dm_json *json, const char *key, const dm_result *r, const double *x)
{
  dm_json_object(json, key, true);
  for (uint32_t o = 0; o < r->n_outcomes; o++)
    dm_json_number(json, r->outcome[o].name, x ? x[o] : (double)NAN);
  dm_json_close(json);
}

/* Numbers that are answers: null when the solution is none. */
static void odds(
    dm_json *json, const char *key, const dm_result *r, const double *x)
{
  if (r->certificate.converged && x) {
    dm_json_numbers(json, key, x, r->n_periods);
    return;
  }
  dm_json_list(json, key, true);
  for (uint32_t t = 0; t < r->n_periods; t++)
    dm_json_null(json, NULL);
  dm_json_close(json);
}

void dm_json_certificate(dm_json *json, const dm_result *r)
{
  const dm_r_certificate *c = &r->certificate;
  dm_json_object(json, "certificate", false);
  dm_json_bool(json, "converged", c->converged);
  dm_json_text(json, "verdict", c->verdict);
  dm_json_number(json, "residual", c->residual);
  number_map(json, "regret", c->actor, c->regret, c->n_actors);
  number_map(
      json, "regret_weighted", c->actor, c->regret_weighted, c->n_actors);
  number_map(json, "sharpness", c->actor, c->sharpness, c->n_actors);
  dm_json_object(json, "memory", true);
  for (uint32_t a = 0; a < c->n_actors; a++)
    dm_json_text(json, c->actor[a], c->memory[a]);
  dm_json_close(json);
  dm_json_object(json, "perfect_recall", true);
  for (uint32_t a = 0; a < c->n_actors; a++)
    dm_json_bool(json, c->actor[a], c->recalls[a]);
  dm_json_close(json);
  outcome_map(json, "noise_floor", r, c->noise_floor);
  dm_json_count(json, "starts", c->starts);
  dm_json_count(json, "situations", c->situations);
  dm_json_count(json, "information_sets", c->sets);
  dm_json_count(json, "edges", c->edges);
  dm_json_count(json, "slots", c->slots);
  dm_json_count(json, "bytes", c->bytes);
  dm_json_count(json, "steps", c->steps);
  dm_json_count(json, "newton", c->newton);
  dm_json_count(json, "sweeps", c->sweeps);
  dm_json_count(json, "tangents", c->tangents);
  dm_json_text(json, "version", c->version);
  dm_json_text(json, "input_hash", c->input_hash);
  dm_json_count(json, "seed", c->seed);
  dm_json_text(json, "vouches_for", "the arithmetic, never the assumptions");
  dm_json_number(json, "seconds", c->seconds);
  dm_json_object(json, "expand", true);
  dm_json_number(json, "seconds", c->expand_seconds);
  dm_json_close(json);
  dm_json_object(json, "solve", true);
  dm_json_number(json, "seconds", c->solve_seconds);
  dm_json_close(json);
  dm_json_close(json);
}

static void outcomes(dm_json *json, const dm_result *r)
{
  bool ok = r->certificate.converged;
  dm_json_list(json, "outcomes", false);
  for (uint32_t o = 0; o < r->n_outcomes; o++) {
    const dm_r_outcome *x = &r->outcome[o];
    dm_json_object(json, NULL, false);
    dm_json_text(json, "name", x->name);
    dm_json_text(json, "display", x->display);
    odds(json, "by", r, x->by);
    dm_json_list(json, "range", true);
    dm_json_number(json, NULL, ok ? x->lo : (double)NAN);
    dm_json_number(json, NULL, ok ? x->hi : (double)NAN);
    dm_json_close(json);
    dm_json_text(json, "reason", ok ? x->reason : NULL);
    if (x->first >= 0 && (uint32_t)x->first < r->n_periods)
      dm_json_text(json, "first_possible", r->period[x->first]);
    else
      dm_json_null(json, "first_possible");
    if (r->found_lo) {
      odds(json, "lowest", r, r->found_lo + (size_t)o * r->n_periods);
      odds(json, "highest", r, r->found_hi + (size_t)o * r->n_periods);
    }
    if (x->mean) {
      odds(json, "mean", r, x->mean);
      odds(json, "p05", r, x->p05);
      odds(json, "p50", r, x->p50);
      odds(json, "p95", r, x->p95);
    }
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void levers(dm_json *json, const dm_result *r)
{
  dm_json_list(json, "levers", false);
  for (uint32_t i = 0; i < r->n_levers; i++) {
    const dm_r_lever *x = &r->lever[i];
    dm_json_object(json, NULL, false);
    dm_json_text(json, "name", x->name);
    dm_json_number(json, "value", x->base);
    dm_json_list(json, "range", true);
    dm_json_number(json, NULL, x->lo);
    dm_json_number(json, NULL, x->hi);
    dm_json_close(json);
    outcome_map(json, "at_lo", r, x->at_lo);
    outcome_map(json, "at_hi", r, x->at_hi);
    dm_json_number(json, "move", x->move);
    dm_json_text(
        json, "moves",
        x->outcome < r->n_outcomes ? r->outcome[x->outcome].name : NULL);
    dm_json_bool(json, "sourced", x->sourced);
    dm_json_close(json);
  }
  dm_json_close(json);
}

/* Only when a search was asked for. */
static void equilibria(dm_json *json, const dm_result *r)
{
  if (!r->found_lo)
    return;
  dm_json_list(json, "equilibria", false);
  for (uint32_t i = 0; i < r->n_found; i++) {
    const dm_r_found *x = &r->found[i];
    dm_json_object(json, NULL, false);
    dm_json_bool(json, "principal", x->principal);
    dm_json_number(json, "residual", x->residual);
    dm_json_count(json, "found", x->found);
    dm_json_text(json, "origin", x->origin);
    dm_json_object(json, "by", false);
    for (uint32_t o = 0; o < r->n_outcomes; o++)
      odds(json, r->outcome[o].name, r, x->by + (size_t)o * r->n_periods);
    dm_json_close(json);
    dm_json_close(json);
  }
  dm_json_close(json);
  dm_json_object(json, "searched", false);
  dm_json_count(json, "starts", r->starts_asked);
  dm_json_count(json, "failed", r->starts_failed);
  dm_json_bool(json, "complete", false);
  dm_json_text(json, "said", r->found_said);
  dm_json_close(json);
}

static void questions(dm_json *json, const dm_result *r)
{
  dm_json_list(json, "questions", false);
  for (uint32_t i = 0; i < r->n_questions; i++) {
    const dm_r_question *q = &r->question[i];
    if (q->is_check)
      continue;
    dm_json_object(json, NULL, false);
    dm_json_text(json, "text", q->text);
    dm_json_number(json, "answer", q->answer);
    if (q->forced) {
      dm_json_number(json, "given", q->given_move);
      dm_json_number(json, "surprises", q->surprises);
      dm_json_number(json, "known", q->known);
      dm_json_number(json, "open", q->open);
    }
    if (isfinite(q->chance_given))
      dm_json_number(json, "condition", q->chance_given);
    if (q->each) {
      dm_json_object(json, "each", false);
      for (uint32_t o = 0; o < r->n_outcomes; o++)
        odds(json, r->outcome[o].name, r, q->each + (size_t)o * r->n_periods);
      dm_json_close(json);
    }
    if (q->why && q->why[0])
      dm_json_text(json, "why", q->why);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void assumptions(dm_json *json, const dm_result *r)
{
  dm_json_object(json, "numbers", true);
  dm_json_count(json, "all", (uint64_t)r->n_sourced + r->n_judged);
  dm_json_count(json, "sourced", r->n_sourced);
  dm_json_count(json, "judged", r->n_judged);
  dm_json_count(json, "with_range", r->n_ranges);
  dm_json_close(json);
  dm_json_list(json, "assumptions", false);
  for (uint32_t i = 0; i < r->n_assumptions; i++) {
    const dm_r_assumption *a = &r->assumption[i];
    dm_json_object(json, NULL, false);
    dm_json_text(json, "name", a->path);
    if (a->alias && a->alias[0])
      dm_json_text(json, "alias", a->alias);
    dm_json_number(json, "value", a->value);
    if (a->has_range) {
      dm_json_list(json, "range", true);
      dm_json_number(json, NULL, a->lo);
      dm_json_number(json, NULL, a->hi);
      dm_json_close(json);
    } else {
      dm_json_null(json, "range");
    }
    dm_json_bool(json, "chance", a->chance);
    dm_json_bool(json, "structural", a->structural);
    dm_json_bool(json, "implied", a->implied);
    dm_json_bool(json, "ranked", a->ranked);
    dm_json_bool(json, "sourced", a->sourced);
    dm_json_text(json, "source", a->sourced ? a->source : NULL);
    dm_json_text(json, "note", a->note && a->note[0] ? a->note : NULL);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void states(dm_json *json, const dm_result *r)
{
  odds(json, "still_open", r, r->going);
  dm_json_list(json, "states", false);
  for (uint32_t i = 0; i < r->n_states; i++) {
    const dm_r_state *s = &r->state[i];
    dm_json_object(json, NULL, false);
    dm_json_text(json, "name", s->name);
    dm_json_text(json, "unit", s->unit && s->unit[0] ? s->unit : NULL);
    dm_json_number(json, "step", s->unit_step);
    dm_json_integer(json, "lowest", s->lo_value);
    if (s->words)
      dm_json_texts(json, "words", s->words, s->size);
    odds(json, "mean", r, s->mean);
    odds(json, "sd", r, s->sd);
    if (s->odds && r->certificate.converged) {
      dm_json_list(json, "odds", false);
      for (uint32_t t = 0; t < r->n_periods; t++)
        dm_json_numbers(json, NULL, s->odds + (size_t)t * s->size, s->size);
      dm_json_close(json);
    }
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void options(dm_json *json, const dm_result *r)
{
  dm_json_list(json, "options", false);
  for (uint32_t i = 0; i < r->n_options; i++) {
    const dm_r_option *o = &r->option[i];
    dm_json_object(json, NULL, false);
    dm_json_text(json, "actor", o->actor);
    dm_json_text(json, "choice", o->choice);
    dm_json_text(json, "name", o->option);
    odds(json, "picked", r, o->picked);
    odds(json, "asked", r, o->asked);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void histories(dm_json *json, const dm_result *r)
{
  dm_json_list(json, "histories", false);
  for (uint32_t i = 0; r->certificate.converged && i < r->n_histories; i++) {
    const dm_r_history *h = &r->history[i];
    dm_json_object(json, NULL, false);
    dm_json_text(json, "title", h->title);
    dm_json_number(json, "chance", h->chance);
    dm_json_text(json, "outcome", h->outcome);
    dm_json_list(json, "lines", false);
    for (uint32_t k = 0; k < h->n_lines; k++) {
      dm_json_object(json, NULL, true);
      dm_json_text(json, "when", h->when[k]);
      dm_json_text(json, "what", h->line[k]);
      dm_json_close(json);
    }
    dm_json_close(json);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void table_row(dm_json *json, const dm_r_table *t, uint32_t i)
{
  dm_json_object(json, NULL, false);
  dm_json_object(json, "when", true);
  for (uint32_t f = 0; f < t->n_facts; f++) {
    const char *value = t->value[(size_t)i * t->n_facts + f];
    if (value[0])
      dm_json_text(json, t->fact[f], value);
  }
  dm_json_close(json);
  number_map(
      json, "p", t->option, t->p + (size_t)i * t->n_options, t->n_options);
  dm_json_number(json, "askings", t->reach[i]);
  dm_json_number(json, "spread", t->spread ? t->spread[i] : (double)NAN);
  dm_json_close(json);
}

static void tables(dm_json *json, const dm_result *r)
{
  dm_json_list(json, "decision_tables", false);
  for (uint32_t i = 0; r->certificate.converged && i < r->n_tables; i++) {
    const dm_r_table *t = &r->table[i];
    dm_json_object(json, NULL, false);
    dm_json_text(json, "actor", t->actor);
    dm_json_text(json, "choice", t->choice);
    dm_json_texts(json, "facts", t->fact, t->n_facts);
    dm_json_texts(json, "options", t->option, t->n_options);
    dm_json_count(json, "information_sets", t->n_sets);
    dm_json_list(json, "rows", false);
    for (uint32_t k = 0; k < t->n_rows; k++)
      table_row(json, t, k);
    dm_json_close(json);
    dm_json_close(json);
  }
  dm_json_close(json);
}

void dm_json_strategies(dm_json *json, const dm_result *r)
{
  bool ok = r->certificate.converged;
  dm_json_list(json, "strategies", false);
  for (uint32_t i = 0; i < r->n_strategies; i++) {
    const dm_r_strategy *s = &r->strategy[i];
    dm_json_object(json, NULL, false);
    dm_json_text(json, "actor", s->actor);
    dm_json_text(json, "choice", s->choice);
    dm_json_text(json, "period", s->period);
    dm_json_count(json, "round", s->round);
    dm_json_object(json, "knows", true);
    for (uint32_t k = 0; k < s->n_known; k++)
      dm_json_text(json, s->known[k], s->value[k]);
    dm_json_close(json);
    dm_json_number(json, "reach", ok ? s->reach : (double)NAN);
    dm_json_list(json, "options", false);
    for (uint32_t o = 0; o < s->n_options; o++) {
      dm_json_object(json, NULL, true);
      dm_json_text(json, "name", s->option[o]);
      dm_json_number(json, "p", ok ? s->p[o] : (double)NAN);
      dm_json_number(json, "value", ok && s->q ? s->q[o] : (double)NAN);
      dm_json_close(json);
    }
    dm_json_close(json);
    dm_json_close(json);
  }
  dm_json_close(json);
}

void dm_json_forecast(dm_json *json, const dm_result *r)
{
  dm_json_head(json, "scenario");
  dm_json_text(json, "scenario", r->scenario);
  dm_json_text(json, "title", r->title);
  dm_json_text(json, "clock", r->clock_word);
  dm_json_texts(json, "periods", r->period, r->n_periods);
  dm_json_texts(json, "set", r->set, r->n_set);
  outcomes(json, r);
  dm_json_certificate(json, r);
  dm_json_list(json, "story", false);
  for (uint32_t i = 0; i < r->n_story; i++)
    dm_json_text(json, NULL, r->story[i]);
  dm_json_close(json);
  dm_json_list(json, "omits", false);
  for (uint32_t i = 0; i < r->n_omits; i++)
    dm_json_text(json, NULL, r->omits[i]);
  dm_json_close(json);
  dm_json_object(json, "draws", true);
  dm_json_count(json, "asked", r->draws);
  dm_json_count(json, "failed", r->draws_failed);
  dm_json_close(json);
  equilibria(json, r);
  levers(json, r);
  questions(json, r);
  assumptions(json, r);
  states(json, r);
  options(json, r);
  histories(json, r);
  tables(json, r);
}
