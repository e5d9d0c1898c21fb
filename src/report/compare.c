/* report/compare.c -- rival models of one standoff, for people and as JSON. */
#include "report/news_parts.h"

#include <math.h>
#include <stdlib.h>

enum { SHOWN_LINES = 5 };

/* ---- text ---------------------------------------------------------------------- */

static void models(dm_doc *doc, const dm_compare *c)
{
  for (uint32_t i = 0; i < c->n_models; i++) {
    const dm_c_model *m = &c->model[i];
    const char *why =
        m->certificate
            ? dm_doc_f(
                  doc, "the lines have a chance of e^%.3f", m->log_likelihood)
            : "no path of it fits the lines";
    dm_doc_item(
        doc, 9, dm_doc_percent(doc, m->weight),
        dm_doc_f(
            doc, "%s; before the lines %s; %s.", m->name,
            dm_doc_percent(doc, m->prior), why));
  }
}

static void odds(dm_doc *doc, const dm_compare *c)
{
  if (c->n_outcomes == 0) {
    dm_doc_paragraph(
        doc, 0, "The models share no outcome, so nothing is averaged.");
    return;
  }
  uint32_t cols = 3 + c->n_models;
  dm_doc_table *table = dm_doc_add_table(doc, 0, c->n_outcomes, cols);
  table->head[0] = "outcome";
  table->head[1] = "before";
  table->head[2] = "averaged";
  for (uint32_t k = 1; k < cols; k++)
    table->right[k] = true;
  for (uint32_t i = 0; i < c->n_models; i++)
    table->head[3 + i] = c->model[i].name;
  for (uint32_t o = 0; o < c->n_outcomes; o++) {
    const char **cell = &table->cell[(size_t)o * cols];
    cell[0] = c->outcome[o].name;
    cell[1] = dm_doc_percent(doc, c->outcome[o].before);
    cell[2] = dm_doc_percent(doc, c->outcome[o].odds);
    for (uint32_t i = 0; i < c->n_models; i++)
      cell[3 + i] = dm_doc_percent(doc, c->model[i].odds[o]);
  }
  const dm_c_outcome *w = &c->outcome[c->widest];
  if (w->hi - w->lo >= 0.0005)
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc,
            "They disagree most about %s: from %s to %s, a standard deviation "
            "of %.1f points by the weights.",
            w->name, dm_doc_percent(doc, w->lo), dm_doc_percent(doc, w->hi),
            100 * w->spread));
  else
    dm_doc_paragraph(doc, 0, "They agree about every shared outcome.");
}

/* The lines that tell the models apart most. */
static void lines(dm_doc *doc, const dm_compare *c)
{
  uint32_t pick[SHOWN_LINES], n = 0;
  for (uint32_t k = 0; k < c->n_lines; k++) {
    if (!(c->line[k].apart > 1e-9))
      continue;
    uint32_t at = n < SHOWN_LINES ? n++ : SHOWN_LINES;
    while (at > 0 && c->line[k].apart > c->line[pick[at - 1]].apart) {
      if (at < SHOWN_LINES)
        pick[at] = pick[at - 1];
      at--;
    }
    if (at < SHOWN_LINES)
      pick[at] = k;
  }
  if (n == 0)
    return;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Lines that tell them apart");
  dm_doc_table *table = dm_doc_add_table(doc, 0, n, 2 + c->n_models);
  table->head[0] = "date";
  table->head[1] = "report, and its chance given the lines above it";
  for (uint32_t i = 0; i < c->n_models; i++) {
    table->head[2 + i] = c->model[i].name;
    table->right[2 + i] = true;
  }
  for (uint32_t r = 0; r < n; r++) {
    const char **cell = &table->cell[(size_t)r * table->n_cols];
    cell[0] = c->line[pick[r]].date;
    cell[1] = c->line[pick[r]].text;
    for (uint32_t i = 0; i < c->n_models; i++)
      cell[2 + i] = dm_doc_percent(doc, c->model[i].chance[pick[r]]);
  }
}

static void caveats(dm_doc *doc, const dm_compare *c, const dm_n_more *more)
{
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "What this is worth");
  for (uint32_t i = 0; i < more->n_left_out; i++)
    dm_doc_item(
        doc, 10, "Left out:",
        dm_doc_f(doc, "%s (not every model knows it)", more->left_out[i]));
  for (uint32_t i = 0; i < c->n_apart; i++)
    dm_doc_item(
        doc, 10, "Not shared:", dm_doc_f(doc, "outcome %s", c->apart[i]));
  if (!c->even)
    dm_doc_warning(
        doc,
        "Some lines count in some models only (dates after a clock): the "
        "weights compare unlike news; --skip-unknown leaves such lines out.");
  dm_doc_paragraph(
      doc, 0,
      "Weights say which of these models foresaw the lines better, not that "
      "any of them is right: a model nobody wrote has no weight. A line that "
      "all of them foresaw alike weighs nothing.");
  for (uint32_t i = 0; i < c->n_models; i++) {
    const dm_r_certificate *x = c->model[i].certificate;
    if (x)
      dm_doc_paragraph(
          doc, 0,
          dm_doc_f(
              doc, "%s: residual %.1e, by %s, input %s.", c->model[i].name,
              x->residual, c->model[i].last, x->input_hash));
  }
  dm_doc_paragraph(
      doc, 0,
      "Strategies are those of each model's equilibrium before the news. The "
      "certificates vouch for the arithmetic, never for the assumptions.");
}

static void document(
    dm_doc *doc, const dm_compare *c, const dm_n_more *more, bool brief)
{
  dm_doc_heading(doc, 1, "Rival models, weighted by the news");
  models(doc, c);
  dm_doc_gap(doc);
  odds(doc, c);
  if (brief)
    return;
  lines(doc, c);
  caveats(doc, c, more);
}

/* ---- JSON ------------------------------------------------------------------------- */

static void model_json(dm_json *json, const dm_compare *c, const dm_c_model *m)
{
  dm_json_object(json, NULL, false);
  dm_json_text(json, "name", m->name);
  dm_json_text(json, "title", m->title);
  dm_json_text(json, "by", m->last);
  dm_json_number(json, "prior", m->prior);
  dm_json_number(json, "weight", m->weight);
  dm_json_number(json, "log_likelihood", m->log_likelihood);
  dm_json_bool(json, "possible", m->certificate != NULL);
  dm_json_object(json, "odds", true);
  for (uint32_t o = 0; o < c->n_outcomes; o++)
    dm_json_number(json, c->outcome[o].name, m->odds[o]);
  dm_json_close(json);
  const dm_r_certificate *x = m->certificate;
  dm_json_object(json, "certificate", true);
  dm_json_bool(json, "converged", x && x->converged);
  dm_json_number(json, "residual", x ? x->residual : (double)NAN);
  dm_json_text(json, "version", x ? x->version : NULL);
  dm_json_text(json, "input_hash", x ? x->input_hash : NULL);
  dm_json_close(json);
  dm_json_bool(json, "cached", m->cached);
  dm_json_close(json);
}

static void outcomes_json(dm_json *json, const dm_compare *c)
{
  dm_json_list(json, "outcomes", false);
  for (uint32_t o = 0; o < c->n_outcomes; o++) {
    const dm_c_outcome *x = &c->outcome[o];
    dm_json_object(json, NULL, true);
    dm_json_text(json, "name", x->name);
    dm_json_number(json, "before", x->before);
    dm_json_number(json, "averaged", x->odds);
    dm_json_number(json, "lowest", x->lo);
    dm_json_number(json, "highest", x->hi);
    dm_json_number(json, "spread", x->spread);
    dm_json_close(json);
  }
  dm_json_close(json);
  dm_json_text(
      json, "widest", c->n_outcomes ? c->outcome[c->widest].name : NULL);
  dm_json_texts(json, "not_shared", c->apart, c->n_apart);
}

static void lines_json(dm_json *json, const dm_compare *c)
{
  dm_json_list(json, "lines", false);
  for (uint32_t k = 0; k < c->n_lines; k++) {
    dm_json_object(json, NULL, false);
    dm_json_text(json, "date", c->line[k].date);
    dm_json_text(json, "text", c->line[k].text);
    dm_json_bool(json, "counts", c->line[k].counts);
    dm_json_number(json, "apart", c->line[k].apart);
    dm_json_object(json, "chance", true);
    for (uint32_t i = 0; i < c->n_models; i++)
      dm_json_number(json, c->model[i].name, c->model[i].chance[k]);
    dm_json_close(json);
    dm_json_close(json);
  }
  dm_json_close(json);
}

void dm_json_compare(const dm_compare *c, const dm_n_more *more, dm_str *out)
{
  dm_json json;
  dm_json_init(&json, out);
  dm_json_object(&json, NULL, false);
  dm_json_head(&json, "compare");
  dm_json_text(
      &json, "evidence_hash",
      more->evidence_hash[0] ? more->evidence_hash : NULL);
  dm_json_text(&json, "until", more->until[0] ? more->until : NULL);
  dm_json_list(&json, "models", false);
  for (uint32_t i = 0; i < c->n_models; i++)
    model_json(&json, c, &c->model[i]);
  dm_json_close(&json);
  outcomes_json(&json, c);
  lines_json(&json, c);
  dm_json_bool(&json, "same_lines", c->even);
  dm_json_texts(&json, "left_out", more->left_out, more->n_left_out);
  dm_json_end(&json);
}

dm_status dm_report_compare(
    const dm_compare *compare, const dm_n_more *more,
    const dm_print_options *print, dm_str *out)
{
  dm_arena arena;
  if (print->json) {
    dm_json_compare(compare, more, out);
    return out->failed ? DM_E_MEMORY : DM_OK;
  }
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why == DM_OK) {
    dm_doc doc = {.arena = &arena};
    document(&doc, compare, more, print->brief);
    dm_doc_write_text(&doc, print, out);
  }
  dm_arena_clear(&arena);
  return why != DM_OK ? why : out->failed ? DM_E_MEMORY : DM_OK;
}
