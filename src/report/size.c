/* report/size.c -- what a scenario costs: counts by period and by memory item;
 * and pages of text. */
#include "report/parts.h"

#include <math.h>
#include <string.h>

static const char *bound_text(dm_doc *doc, double bound)
{
  if (bound < 1e15)
    return dm_doc_count(doc, (uint64_t)bound);
  return dm_doc_f(doc, "%.1e", bound);
}

static void periods(dm_doc *doc, const dm_r_size *s)
{
  dm_doc_table *table = dm_doc_add_table(doc, 0, s->n_walked + 1, 5);
  static const char *const head[] = {
      "period", "starts", "situations", "sets", "edges"};
  for (uint32_t c = 0; c < 5; c++) {
    table->head[c] = head[c];
    table->right[c] = c > 0;
  }
  for (uint32_t t = 0; t <= s->n_walked; t++) {
    const char **cell = &table->cell[(size_t)t * 5];
    bool all = t == s->n_walked;
    const dm_r_period_size *p = all ? NULL : &s->period[t];
    cell[0] = all ? "all" : p->period;
    cell[1] = dm_doc_count(doc, all ? s->starts : p->starts);
    cell[2] = dm_doc_count(doc, all ? s->situations : p->situations);
    cell[3] = dm_doc_count(doc, all ? s->sets : p->sets);
    cell[4] = dm_doc_count(doc, all ? s->edges : p->edges);
  }
}

static const char *values_text(dm_doc *doc, uint64_t values)
{
  return values ? dm_doc_count(doc, values) : "a growing record";
}

/* After a limit: what can be rounded, without the walks that pricing takes. */
static void what_to_round(dm_doc *doc, const dm_r_size *s)
{
  dm_doc_gap(doc);
  if (s->n_memory == 0) {
    dm_doc_paragraph(
        doc, 0,
        "No actor remembers anything beyond what it sees: a shorter "
        "or coarser clock, coarser scales or fewer choices help.");
    return;
  }
  dm_doc_paragraph(
      doc, 0,
      "What is remembered multiplies the count. Round it with `in bins "
      "of N`, or forget it; a coarser clock helps too. --memory tells "
      "what each item costs.");
  dm_doc_table *table = dm_doc_add_table(doc, 0, s->n_memory, 3);
  table->head[0] = "actor";
  table->head[1] = "remembers";
  table->head[2] = "values";
  table->right[2] = true;
  for (uint32_t i = 0; i < s->n_memory; i++) {
    table->cell[3 * i] = s->memory[i].actor;
    table->cell[3 * i + 1] = s->memory[i].item;
    table->cell[3 * i + 2] = values_text(doc, s->memory[i].values);
  }
}

static void prices(dm_doc *doc, const dm_r_size *s)
{
  dm_doc_gap(doc);
  if (s->n_memory == 0) {
    dm_doc_paragraph(doc, 0, "No actor remembers anything that has a price.");
    return;
  }
  dm_doc_paragraph(doc, 0, "What each remembered item costs:");
  dm_doc_table *table = dm_doc_add_table(doc, 0, s->n_memory, 5);
  static const char *const head[] = {
      "actor", "remembers", "values", "starts without it",
      "times as many with it"};
  for (uint32_t c = 0; c < 5; c++) {
    table->head[c] = head[c];
    table->right[c] = c > 1;
  }
  for (uint32_t i = 0; i < s->n_memory; i++) {
    const dm_r_memory *m = &s->memory[i];
    const char **cell = &table->cell[(size_t)i * 5];
    cell[0] = m->actor;
    cell[1] = m->item;
    cell[2] = values_text(doc, m->values);
    cell[3] = m->starts ? dm_doc_count(doc, m->starts) : "too many";
    cell[4] = m->starts ? dm_doc_f(
                              doc, "%s%.2f", s->stopped ? "over " : "",
                              (double)s->starts / (double)m->starts)
                        : "-";
  }
}

static void memory(dm_doc *doc, const dm_r_size *s)
{
  if (s->priced)
    prices(doc, s);
  else if (s->stopped)
    what_to_round(doc, s);
}

static void size_doc(dm_doc *doc, const dm_r_size *s)
{
  dm_doc_heading(doc, 1, s->title && s->title[0] ? s->title : s->scenario);
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "At most %s start%s in a period, by the domains of what "
          "lasts from one to the next.",
          bound_text(doc, s->bound), s->bound > 1 ? "s" : ""));
  if (s->stopped)
    dm_doc_warning(
        doc,
        dm_doc_f(
            doc,
            "Stopped at a limit (%s situations%s%s) in period %u of %u: "
            "counts so far.",
            dm_doc_count(doc, s->max_situations), s->max_memory ? ", " : "",
            s->max_memory ? dm_doc_bytes(doc, (double)s->max_memory) : "",
            s->n_walked, s->n_periods));
  dm_doc_gap(doc);
  periods(doc, s);
  if (s->bytes > 0)
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc, "The game holds %s.", dm_doc_bytes(doc, (double)s->bytes)));
  memory(doc, s);
}

void dm_json_size(dm_json *json, const dm_r_size *s)
{
  dm_json_number(json, "bound", s->bound);
  dm_json_bool(json, "stopped", s->stopped);
  dm_json_count(json, "starts", s->starts);
  dm_json_count(json, "situations", s->situations);
  dm_json_count(json, "information_sets", s->sets);
  dm_json_count(json, "edges", s->edges);
  if (s->bytes > 0)
    dm_json_count(json, "bytes", s->bytes);
  else
    dm_json_null(json, "bytes"); /* a count alone lays out no game */
  dm_json_list(json, "periods", false);
  for (uint32_t t = 0; t < s->n_walked; t++) {
    const dm_r_period_size *p = &s->period[t];
    dm_json_object(json, NULL, true);
    dm_json_text(json, "period", p->period);
    dm_json_count(json, "starts", p->starts);
    dm_json_count(json, "situations", p->situations);
    dm_json_count(json, "information_sets", p->sets);
    dm_json_count(json, "edges", p->edges);
    dm_json_close(json);
  }
  dm_json_close(json);
  dm_json_list(json, "memory", false);
  for (uint32_t i = 0; i < s->n_memory; i++) {
    const dm_r_memory *m = &s->memory[i];
    dm_json_object(json, NULL, true);
    dm_json_text(json, "actor", m->actor);
    dm_json_text(json, "item", m->item);
    if (m->values)
      dm_json_count(json, "values", m->values);
    else
      dm_json_null(json, "values");
    if (s->priced && m->starts) {
      dm_json_count(json, "starts_without", m->starts);
      dm_json_count(json, "situations_without", m->situations);
    }
    dm_json_close(json);
  }
  dm_json_close(json);
  dm_json_number(json, "seconds", s->seconds);
}

static void check_doc(dm_doc *doc, const dm_r_size *s, const dm_diags *diags)
{
  size_t errors = dm_diags_count(diags, DM_ERROR);
  size_t warnings = dm_diags_count(diags, DM_WARNING) - errors;
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "%s: %zu error%s, %zu warning%s; %u numbers: %u sourced, %u "
          "judged; %u sentence%s on what is left out.",
          s->scenario, errors, errors == 1 ? "" : "s", warnings,
          warnings == 1 ? "" : "s", s->n_sourced + s->n_judged, s->n_sourced,
          s->n_judged, s->n_omits, s->n_omits == 1 ? "" : "s"));
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "%s%s starts of periods, %s situations, %s information sets, "
          "%s edges.",
          s->stopped ? "Stopped at a limit, so far: " : "",
          dm_doc_count(doc, s->starts), dm_doc_count(doc, s->situations),
          dm_doc_count(doc, s->sets), dm_doc_count(doc, s->edges)));
  memory(doc, s);
}

static void to_json(
    const dm_r_size *s, const dm_diags *diags, const char *kind, dm_str *out)
{
  dm_json json;
  dm_json_init(&json, out);
  dm_json_object(&json, NULL, false);
  dm_json_head(&json, kind);
  dm_json_text(&json, "scenario", s->scenario);
  dm_json_object(&json, "numbers", true);
  dm_json_count(&json, "sourced", s->n_sourced);
  dm_json_count(&json, "judged", s->n_judged);
  dm_json_close(&json);
  dm_json_size(&json, s);
  if (diags)
    dm_json_messages(&json, diags);
  dm_json_end(&json);
}

dm_status dm_report_size(
    const dm_r_size *size, const dm_print_options *print, dm_str *out)
{
  if (print->json) {
    to_json(size, NULL, "size", out);
    return out->failed ? DM_E_MEMORY : DM_OK;
  }
  dm_arena arena;
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why == DM_OK) {
    dm_doc doc = {.arena = &arena};
    size_doc(&doc, size);
    dm_doc_write_text(&doc, print, out);
  }
  dm_arena_clear(&arena);
  return why != DM_OK ? why : out->failed ? DM_E_MEMORY : DM_OK;
}

dm_status dm_report_check(
    const dm_r_size *size, const dm_diags *diags, const dm_print_options *print,
    dm_str *out)
{
  if (print->json) {
    to_json(size, diags, "check", out);
    return out->failed ? DM_E_MEMORY : DM_OK;
  }
  dm_arena arena;
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why == DM_OK) {
    dm_doc doc = {.arena = &arena};
    check_doc(&doc, size, diags);
    dm_doc_write_text(&doc, print, out);
  }
  dm_arena_clear(&arena);
  return why != DM_OK ? why : out->failed ? DM_E_MEMORY : DM_OK;
}

dm_status dm_report_page(
    const char *name, const char *markdown, const dm_print_options *print,
    dm_str *out)
{
  if (print->json) {
    dm_json json;
    dm_json_init(&json, out);
    dm_json_object(&json, NULL, false);
    dm_json_head(&json, "page");
    dm_json_text(&json, "name", name);
    dm_json_text(&json, "markdown", markdown);
    dm_json_end(&json);
    return out->failed ? DM_E_MEMORY : DM_OK;
  }
  dm_arena arena;
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why == DM_OK) {
    dm_doc doc = {.arena = &arena};
    dm_doc_markdown(&doc, markdown);
    dm_doc_write_text(&doc, print, out);
  }
  dm_arena_clear(&arena);
  return why != DM_OK ? why : out->failed ? DM_E_MEMORY : DM_OK;
}

dm_status dm_report_lines(
    const char *kind, const char *text, const dm_print_options *print,
    dm_str *out)
{
  if (print->json) {
    dm_json json;
    dm_json_init(&json, out);
    dm_json_object(&json, NULL, false);
    dm_json_head(&json, kind);
    dm_json_text(&json, "text", text);
    dm_json_end(&json);
    return out->failed ? DM_E_MEMORY : DM_OK;
  }
  dm_arena arena;
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why == DM_OK) {
    dm_doc doc = {.arena = &arena};
    dm_doc_code(&doc, 0, text);
    dm_doc_write_text(&doc, print, out);
  }
  dm_arena_clear(&arena);
  return why != DM_OK ? why : out->failed ? DM_E_MEMORY : DM_OK;
}
