/* report/update_json.c -- update, next and compare as JSON, schema 1
 * (docs/json.md).  A number that is not finite is written as null. */
#include "report/news_parts.h"

#include <math.h>

typedef const char *(*naming)(const void *of, uint32_t i);

static void map(
    dm_json *json, const char *key, naming name, const void *of,
    const double *x, uint32_t n)
{
  dm_json_object(json, key, true);
  for (uint32_t i = 0; i < n; i++)
    dm_json_number(json, name(of, i), x ? x[i] : (double)NAN);
  dm_json_close(json);
}

/* The certificate's writer wants a whole result: it reads the names of the
 * outcomes there and nothing else. */
static void certificate(
    dm_json *json, const dm_r_certificate *c, dm_r_outcome *names, uint32_t n)
{
  dm_result r = {.n_outcomes = n, .outcome = names, .certificate = *c};
  dm_json_certificate(json, &r);
}

static void set_values(dm_json *json, const dm_n_more *more)
{
  dm_json_text(
      json, "evidence_hash",
      more->evidence_hash[0] ? more->evidence_hash : NULL);
  dm_json_text(json, "until", more->until[0] ? more->until : NULL);
  dm_json_texts(json, "set", more->set, more->n_set);
}

/* ---- update ------------------------------------------------------------------- */

static const char *update_name(const void *of, uint32_t i)
{
  const dm_update *u = of;
  return u->outcome[i].name;
}

static const char *value_name(const void *of, uint32_t i)
{
  const dm_u_hidden *h = of;
  return h->value[i];
}

static void prior(dm_json *json, const dm_update *u)
{
  dm_json_object(json, "prior", true);
  for (uint32_t o = 0; o < u->n_outcomes; o++)
    dm_json_number(
        json, u->outcome[o].name, u->outcome[o].prior[u->n_periods - 1]);
  dm_json_close(json);
}

static void lines(dm_json *json, const dm_update *u)
{
  dm_json_list(json, "lines", false);
  for (uint32_t i = 0; i < u->n_lines; i++) {
    const dm_u_line *x = &u->line[i];
    bool counts = x->counted[0] == '\0';
    dm_json_object(json, NULL, false);
    dm_json_text(json, "date", x->date);
    dm_json_text(json, "text", x->text);
    dm_json_text(json, "source", x->source[0] ? x->source : NULL);
    dm_json_text(json, "grade", x->grade[0] ? x->grade : NULL);
    dm_json_bool(json, "counts", counts);
    dm_json_text(json, "why_not", counts ? NULL : x->counted);
    dm_json_number(json, "if_so", x->if_so);
    dm_json_number(json, "if_not", x->if_not);
    dm_json_number(json, "chance", x->chance);
    map(json, "likelihood_ratio", update_name, u, x->likelihood_ratio,
        u->n_outcomes);
    map(json, "before", update_name, u, x->before, u->n_outcomes);
    map(json, "odds", update_name, u, x->odds, u->n_outcomes);
    map(json, "without", update_name, u, x->without, u->n_outcomes);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void rows(
    dm_json *json, const char *key, const dm_update *u, const dm_u_hidden *h,
    const double *x)
{
  dm_json_list(json, key, false);
  for (uint32_t t = 0; t < u->n_periods; t++)
    dm_json_numbers(json, NULL, x + (size_t)t * h->n_values, h->n_values);
  dm_json_close(json);
}

static void posteriors(dm_json *json, const dm_update *u)
{
  dm_json_object(json, "posteriors", false);
  for (uint32_t i = 0; i < u->n_hidden; i++) {
    const dm_u_hidden *h = &u->hidden[i];
    map(json, h->name, value_name, h, dm_part_posterior(u, h), h->n_values);
  }
  dm_json_close(json);
  dm_json_list(json, "hidden", false);
  for (uint32_t i = 0; i < u->n_hidden; i++) {
    const dm_u_hidden *h = &u->hidden[i];
    dm_json_object(json, NULL, false);
    dm_json_text(json, "name", h->name);
    dm_json_bool(json, "type", h->is_type);
    dm_json_texts(json, "values", h->value, h->n_values);
    dm_json_numbers(json, "prior", h->prior, h->n_values);
    rows(json, "by", u, h, h->by);
    rows(json, "filtered", u, h, h->filtered);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void outcomes(dm_json *json, const dm_update *u)
{
  dm_json_list(json, "outcomes", false);
  for (uint32_t o = 0; o < u->n_outcomes; o++) {
    const dm_u_outcome *x = &u->outcome[o];
    dm_json_object(json, NULL, false);
    dm_json_text(json, "name", x->name);
    dm_json_text(json, "display", x->display);
    dm_json_numbers(json, "by", x->by, u->n_periods);
    dm_json_numbers(json, "prior", x->prior, u->n_periods);
    dm_json_list(json, "range", true);
    dm_json_number(json, NULL, x->lo);
    dm_json_number(json, NULL, x->hi);
    dm_json_close(json);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void questions(dm_json *json, const dm_n_more *more)
{
  dm_json_list(json, "questions", false);
  for (uint32_t i = 0; i < more->n_questions; i++) {
    const dm_n_question *q = &more->question[i];
    dm_json_object(json, NULL, true);
    dm_json_text(json, "text", q->text);
    dm_json_number(json, "answer", q->answer);
    dm_json_number(json, "before", q->before);
    if (q->why[0])
      dm_json_text(json, "why", q->why);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void update_body(
    dm_json *json, const dm_update *u, const dm_n_more *more,
    dm_r_outcome *names)
{
  dm_json_head(json, "update");
  dm_json_text(json, "scenario", u->scenario);
  dm_json_text(json, "title", u->title);
  dm_json_texts(json, "periods", u->period, u->n_periods);
  set_values(json, more);
  prior(json, u);
  lines(json, u);
  posteriors(json, u);
  outcomes(json, u);
  questions(json, more);
  dm_json_number(json, "log_likelihood", u->log_likelihood);
  dm_json_text(
      json, "last_period",
      u->last_period > 0 && u->last_period <= u->n_periods
          ? u->period[u->last_period - 1]
          : NULL);
  dm_json_object(json, "equilibria", true);
  dm_json_count(json, "found", u->n_equilibria);
  dm_json_text(
      json, "said", u->searched && u->searched[0] ? u->searched : NULL);
  dm_json_close(json);
  dm_json_text(json, "strategies", "those of the equilibrium before the news");
  dm_json_bool(json, "cached", u->cached);
  certificate(json, &u->certificate, names, u->n_outcomes);
}

/* Names of outcomes for the certificate's writer. */
static dm_r_outcome *names_of(dm_arena *arena, uint32_t n)
{
  return dm_arena_array(arena, (size_t)n + 1, sizeof(dm_r_outcome));
}

void dm_json_update(const dm_update *u, const dm_n_more *more, dm_str *out)
{
  dm_arena arena;
  dm_json json;
  dm_arena_init(&arena, 0);
  if (setjmp(arena.jump) == 0) {
    dm_r_outcome *names = names_of(&arena, u->n_outcomes);
    for (uint32_t o = 0; o < u->n_outcomes; o++)
      names[o].name = u->outcome[o].name;
    dm_json_init(&json, out);
    dm_json_object(&json, NULL, false);
    update_body(&json, u, more, names);
    dm_json_end(&json);
  } else {
    out->failed = true;
  }
  dm_arena_clear(&arena);
}

/* ---- next ----------------------------------------------------------------------- */

static const char *next_name(const void *of, uint32_t i)
{
  const dm_next *n = of;
  return n->outcome[i];
}

static void next_body(
    dm_json *json, const dm_next *n, const dm_n_more *more, dm_r_outcome *names)
{
  dm_json_head(json, "next");
  dm_json_text(json, "scenario", n->scenario);
  set_values(json, more);
  map(json, "odds", next_name, n, n->odds, n->n_outcomes);
  dm_json_list(json, "next", false);
  for (uint32_t i = 0; i < n->n_items; i++) {
    const dm_n_item *x = &n->item[i];
    dm_json_object(json, NULL, false);
    dm_json_text(json, "period", x->period);
    dm_json_text(json, "text", x->text);
    dm_json_text(json, "sees", x->sees);
    dm_json_number(json, "chance", x->chance);
    dm_json_number(json, "move", x->move);
    map(json, "if_so", next_name, n, x->if_so, n->n_outcomes);
    map(json, "if_not", next_name, n, x->if_not, n->n_outcomes);
    dm_json_close(json);
  }
  dm_json_close(json);
  certificate(json, &n->certificate, names, n->n_outcomes);
}

void dm_json_next(const dm_next *n, const dm_n_more *more, dm_str *out)
{
  dm_arena arena;
  dm_json json;
  dm_arena_init(&arena, 0);
  if (setjmp(arena.jump) == 0) {
    dm_r_outcome *names = names_of(&arena, n->n_outcomes);
    for (uint32_t o = 0; o < n->n_outcomes; o++)
      names[o].name = n->outcome[o];
    dm_json_init(&json, out);
    dm_json_object(&json, NULL, false);
    next_body(&json, n, more, names);
    dm_json_end(&json);
  } else {
    out->failed = true;
  }
  dm_arena_clear(&arena);
}
