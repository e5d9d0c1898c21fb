/* report/forecast.c -- a forecast as a text of sections or as JSON. */
#include "report/parts.h"

#include <math.h>

/* The first screen of a terminal of 80 x 40, the prompt below it included. */
enum { SCREEN_LINES = 39, TIGHTEST = 4 };

static void fit_first(
    dm_doc *doc, const dm_result *r, const dm_print_options *print)
{
  for (uint32_t tight = 0; tight <= TIGHTEST; tight++) {
    doc->block.n = 0;
    dm_part_first(doc, r, tight);
    if (dm_doc_lines(doc, print) <= SCREEN_LINES)
      return;
  }
}

static void forecast_text(
    const dm_result *r, const dm_print_options *print, dm_arena *arena,
    dm_str *out)
{
  dm_doc doc = {.arena = arena};
  fit_first(&doc, r, print);
  if (!print->brief) {
    if (r->certificate.converged) {
      dm_doc_gap(&doc);
      dm_part_odds(&doc, r);
      dm_part_draws(&doc, r);
      dm_part_found(&doc, r);
      dm_part_states(&doc, r);
      dm_part_options(&doc, r);
      dm_part_histories(&doc, r);
      dm_part_tables(&doc, r);
      dm_part_questions(&doc, r);
    }
    dm_part_assumptions(&doc, r);
    dm_part_trust(&doc, r);
  } else if (r->asked && r->certificate.converged) {
    dm_doc_gap(&doc);
    dm_part_questions(&doc, r);
  }
  dm_doc_write_text(&doc, print, out);
}

static void forecast_json(const dm_result *r, dm_str *out)
{
  dm_json json;
  dm_json_init(&json, out);
  dm_json_object(&json, NULL, false);
  dm_json_forecast(&json, r);
  dm_json_end(&json);
}

dm_status dm_report_forecast(
    const dm_result *result, const dm_print_options *print, dm_str *out)
{
  dm_arena arena;
  if (print->json) {
    forecast_json(result, out);
    return out->failed ? DM_E_MEMORY : DM_OK;
  }
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why == DM_OK)
    forecast_text(result, print, &arena, out);
  dm_arena_clear(&arena);
  return why != DM_OK ? why : out->failed ? DM_E_MEMORY : DM_OK;
}

/* ---- solve ------------------------------------------------------------------------ */

enum { SHOWN_SETS = 60 };

static const char *knowledge(dm_doc *doc, const dm_r_strategy *s)
{
  const char *all = "";
  for (uint32_t k = 0; k < s->n_known; k++)
    all = dm_doc_f(
        doc, "%s%s%s" DM_NBSP "%s", all, k ? ", " : "", s->known[k],
        s->value[k]);
  return all;
}

static const char *mixture(dm_doc *doc, const dm_r_strategy *s)
{
  const char *all = "";
  for (uint32_t o = 0; o < s->n_options; o++)
    all = dm_doc_f(
        doc, "%s%s%s" DM_NBSP "%s", all, o ? ", " : "", s->option[o],
        dm_doc_percent(doc, s->p[o]));
  return all;
}

/* Whether fewer than SHOWN_SETS sets are reached more often. */
static bool among_shown(const dm_result *r, uint32_t i)
{
  uint32_t above = 0;
  if (r->n_strategies <= SHOWN_SETS)
    return true;
  for (uint32_t k = 0; k < r->n_strategies && above < SHOWN_SETS; k++) {
    double other = r->strategy[k].reach, own = r->strategy[i].reach;
    above += other > own || (!(other < own) && k < i);
  }
  return above < SHOWN_SETS;
}

static void strategies_text(dm_doc *doc, const dm_result *r)
{
  uint32_t shown = 0;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Strategies");
  for (uint32_t i = 0; i < r->n_strategies; i++) {
    const dm_r_strategy *s = &r->strategy[i];
    if (!among_shown(r, i))
      continue;
    shown++;
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc, "%s %s.%s: %s", s->period, s->actor, s->choice,
            mixture(doc, s)));
    dm_doc_paragraph(
        doc, 4,
        dm_doc_f(
            doc, "reached %s, knowing %s", dm_doc_percent(doc, s->reach),
            s->n_known ? knowledge(doc, s) : "the date only"));
  }
  if (shown < r->n_strategies)
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc,
            "The %u information sets reached most are shown, of %u: "
            "--json gives all.",
            shown, r->n_strategies));
}

static void solve_text(
    const dm_result *r, const dm_print_options *print, dm_arena *arena,
    dm_str *out)
{
  dm_doc doc = {.arena = arena};
  dm_doc_heading(&doc, 1, r->title && r->title[0] ? r->title : r->scenario);
  if (r->certificate.converged) {
    dm_part_odds(&doc, r);
    if (!print->brief)
      strategies_text(&doc, r);
  }
  dm_part_trust(&doc, r);
  dm_doc_write_text(&doc, print, out);
}

static void solve_json(const dm_result *r, dm_str *out)
{
  dm_json json;
  dm_json_init(&json, out);
  dm_json_object(&json, NULL, false);
  dm_json_forecast(&json, r);
  dm_json_strategies(&json, r);
  dm_json_end(&json);
}

dm_status dm_report_solve(
    const dm_result *result, const dm_print_options *print, dm_str *out)
{
  dm_arena arena;
  if (print->json) {
    solve_json(result, out);
    return out->failed ? DM_E_MEMORY : DM_OK;
  }
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why == DM_OK)
    solve_text(result, print, &arena, out);
  dm_arena_clear(&arena);
  return why != DM_OK ? why : out->failed ? DM_E_MEMORY : DM_OK;
}

/* ---- test ------------------------------------------------------------------------- */

static void count_checks(const dm_result *r, uint32_t *passed, uint32_t *failed)
{
  *passed = *failed = 0;
  for (uint32_t i = 0; i < r->n_questions; i++) {
    if (r->question[i].is_check)
      ++*(r->question[i].passed ? passed : failed);
  }
}

static void test_text(
    const dm_result *r, const dm_print_options *print, dm_arena *arena,
    dm_str *out)
{
  dm_doc doc = {.arena = arena};
  uint32_t passed, failed;
  count_checks(r, &passed, &failed);
  if (!r->certificate.converged)
    dm_doc_warning(
        &doc, dm_doc_f(&doc, "Not converged: %s.", r->certificate.verdict));
  for (uint32_t i = 0; i < r->n_questions; i++) {
    const dm_r_question *q = &r->question[i];
    if (!q->is_check)
      continue;
    const char *got = isfinite(q->answer)
                          ? dm_doc_f(&doc, "%.6g" DM_NBSP "%%", 100 * q->answer)
                      : q->why && q->why[0] ? q->why
                                            : "no answer";
    dm_doc_item(
        &doc, 7, q->passed ? "ok" : "FAILED",
        dm_doc_f(&doc, "line %u: %s (it is %s)", q->line, q->text, got));
  }
  dm_doc_paragraph(
      &doc, 0,
      dm_doc_f(&doc, "%s: %u passed, %u failed", r->scenario, passed, failed));
  dm_doc_write_text(&doc, print, out);
}

static void test_json(const dm_result *r, dm_str *out)
{
  dm_json json;
  uint32_t passed, failed;
  count_checks(r, &passed, &failed);
  dm_json_init(&json, out);
  dm_json_object(&json, NULL, false);
  dm_json_head(&json, "test");
  dm_json_text(&json, "scenario", r->scenario);
  dm_json_bool(&json, "converged", r->certificate.converged);
  dm_json_count(&json, "passed", passed);
  dm_json_count(&json, "failed", failed);
  dm_json_list(&json, "checks", false);
  for (uint32_t i = 0; i < r->n_questions; i++) {
    const dm_r_question *q = &r->question[i];
    if (!q->is_check)
      continue;
    dm_json_object(&json, NULL, true);
    dm_json_count(&json, "line", q->line);
    dm_json_text(&json, "text", q->text);
    dm_json_number(&json, "answer", q->answer);
    dm_json_bool(&json, "passed", q->passed);
    dm_json_close(&json);
  }
  dm_json_end(&json);
}

dm_status dm_report_test(
    const dm_result *result, const dm_print_options *print, dm_str *out)
{
  dm_arena arena;
  if (print->json) {
    test_json(result, out);
    return out->failed ? DM_E_MEMORY : DM_OK;
  }
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why == DM_OK)
    test_text(result, print, &arena, out);
  dm_arena_clear(&arena);
  return why != DM_OK ? why : out->failed ? DM_E_MEMORY : DM_OK;
}
