/* api/ledger_export.c -- what is on record: a history to read, JSON and CSV for
 * other programs.
 *
 * JSON holds everything; CSV a row per forecast and answer, which is what a
 * spreadsheet wants (RFC 4180, with plain line ends).  A cell that a
 * spreadsheet would take for a formula is written with an apostrophe before
 * it. */
#include "api/ledger.h"

#include <string.h>

typedef struct history_request {
  const char *question;
  const dm_print_options *print;
} history_request;

static const dm_ledger_resolution *answer_of(const dm_l_question *q)
{
  return q->resolution.n ? &q->resolution.at[q->resolution.n - 1] : NULL;
}

/* ---- history --------------------------------------------------------------- */

static const char *odds_of(dm_doc *doc, const dm_ledger_forecast *f)
{
  const char *text = "";
  for (uint32_t i = 0; i < f->n; i++)
    text = dm_doc_f(
        doc, "%s%s%s" DM_NBSP "%s", text, i ? ", " : "", f->answer[i],
        dm_doc_percent(doc, f->p[i]));
  return text;
}

static void question_doc(dm_doc *doc, const dm_l_question *q)
{
  static const char *const head[] = {"no.", "as of",    "made",
                                     "by",  "evidence", "odds"};
  dm_doc_heading(doc, 2, q->text);
  dm_doc_table *table = dm_doc_add_table(doc, 0, q->forecast.n, 6);
  for (uint32_t c = 0; c < 6; c++)
    table->head[c] = head[c];
  table->right[0] = true;
  for (uint32_t i = 0; i < q->forecast.n; i++) {
    const dm_ledger_forecast *f = &q->forecast.at[i].is;
    const char **cell = &table->cell[(size_t)i * 6];
    cell[0] = dm_doc_f(doc, "%lld", (long long)f->id);
    cell[1] = f->as_of;
    cell[2] = dm_doc_f(doc, "%.10s", f->made);
    cell[3] = f->model;
    cell[4] = dm_doc_f(doc, "%.8s", f->evidence_hash);
    cell[5] = odds_of(doc, f);
  }
  if (q->resolution.n == 0)
    dm_doc_paragraph(doc, 0, "Not settled yet.");
  for (uint32_t i = 0; i < q->resolution.n; i++) {
    const dm_ledger_resolution *r = &q->resolution.at[i];
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc, "Settled on %s: %s%s%s%s.%s%s%s", r->resolved, r->answer,
            r->source[0] ? " (" : "", r->source, r->source[0] ? ")" : "",
            r->note[0] ? " " : "", r->note,
            i + 1 < q->resolution.n ? " Corrected by the next." : ""));
  }
  dm_doc_gap(doc);
}

static void versions_doc(dm_doc *doc, const dm_l_case *all)
{
  static const char *const head[] = {"kept", "kind",  "name",
                                     "hash", "bytes", ""};
  if (all->document.n == 0)
    return;
  dm_doc_heading(doc, 2, "Versions");
  dm_doc_table *table = dm_doc_add_table(doc, 0, all->document.n, 6);
  for (uint32_t c = 0; c < 6; c++)
    table->head[c] = head[c];
  table->right[4] = true;
  for (uint32_t i = 0; i < all->document.n; i++) {
    const dm_ledger_document *d = &all->document.at[i];
    const char **cell = &table->cell[(size_t)i * 6];
    cell[0] = dm_doc_f(doc, "%.10s", d->added);
    cell[1] = d->kind;
    cell[2] = d->name;
    cell[3] = d->hash;
    cell[4] = dm_doc_count(doc, d->len);
    cell[5] = dm_case_intact(d) ? "" : "damaged: not the text of this hash";
  }
  dm_doc_gap(doc);
}

static void history_doc(dm_doc *doc, const dm_l_case *all, uint32_t only)
{
  if (only == UINT32_MAX)
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc, "%u question%s, %u forecast%s, %u version%s, %u note%s.",
            all->question.n, all->question.n == 1 ? "" : "s", all->n_forecasts,
            all->n_forecasts == 1 ? "" : "s", all->document.n,
            all->document.n == 1 ? "" : "s", all->note.n,
            all->note.n == 1 ? "" : "s"));
  dm_doc_gap(doc);
  for (uint32_t i = 0; i < all->question.n; i++) {
    if (only == UINT32_MAX || i == only)
      question_doc(doc, &all->question.at[i]);
  }
  if (only != UINT32_MAX)
    return;
  versions_doc(doc, all);
  if (all->note.n)
    dm_doc_heading(doc, 2, "Notes");
  for (uint32_t i = 0; i < all->note.n; i++)
    dm_doc_item(
        doc, 12, dm_doc_f(doc, "%.10s", all->note.at[i].when),
        all->note.at[i].text);
}

/* ---- JSON ------------------------------------------------------------------ */

static void json_forecast(dm_json *json, const dm_ledger_forecast *f)
{
  dm_json_object(json, NULL, false);
  dm_json_integer(json, "id", f->id);
  dm_json_text(json, "made", f->made);
  dm_json_text(json, "as_of", f->as_of);
  dm_json_text(json, "model", f->model);
  dm_json_text(json, "scenario", f->scenario_hash);
  dm_json_text(json, "evidence", f->evidence_hash);
  dm_json_text(json, "opens", f->opens);
  dm_json_text(json, "by", f->by);
  dm_json_bool(json, "ranked", f->ranked);
  dm_json_text(json, "version", f->version);
  dm_json_texts(json, "answers", f->answer, f->n);
  dm_json_numbers(json, "p", f->p, f->n);
  dm_json_close(json);
}

static void json_question(dm_json *json, const dm_l_question *q)
{
  dm_json_object(json, NULL, false);
  dm_json_text(json, "question", q->text);
  dm_json_list(json, "forecasts", false);
  for (uint32_t i = 0; i < q->forecast.n; i++)
    json_forecast(json, &q->forecast.at[i].is);
  dm_json_close(json);
  dm_json_list(json, "resolutions", false);
  for (uint32_t i = 0; i < q->resolution.n; i++) {
    const dm_ledger_resolution *r = &q->resolution.at[i];
    dm_json_object(json, NULL, false);
    dm_json_integer(json, "id", r->id);
    dm_json_text(json, "written", r->written);
    dm_json_text(json, "answer", r->answer);
    dm_json_text(json, "resolved", r->resolved);
    dm_json_text(json, "source", r->source);
    dm_json_text(json, "note", r->note);
    dm_json_bool(json, "holds", i + 1 == q->resolution.n);
    dm_json_close(json);
  }
  dm_json_close(json);
  dm_json_close(json);
}

static void json_versions(dm_json *json, const dm_l_case *all, bool texts)
{
  dm_json_list(json, "versions", false);
  for (uint32_t i = 0; i < all->document.n; i++) {
    const dm_ledger_document *d = &all->document.at[i];
    dm_json_object(json, NULL, false);
    dm_json_text(json, "kind", d->kind);
    dm_json_text(json, "name", d->name);
    dm_json_text(json, "hash", d->hash);
    dm_json_text(json, "added", d->added);
    dm_json_count(json, "bytes", d->len);
    dm_json_bool(json, "intact", dm_case_intact(d));
    if (texts)
      dm_json_text(json, "text", d->text);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void to_json(
    const dm_l_case *all, uint32_t only, const char *kind, bool texts,
    dm_str *out)
{
  dm_json json;
  dm_case_json_head(&json, out, kind);
  dm_json_list(&json, "questions", false);
  for (uint32_t i = 0; i < all->question.n; i++) {
    if (only == UINT32_MAX || i == only)
      json_question(&json, &all->question.at[i]);
  }
  dm_json_close(&json);
  if (only == UINT32_MAX) {
    json_versions(&json, all, texts);
    dm_json_list(&json, "notes", false);
    for (uint32_t i = 0; i < all->note.n; i++) {
      dm_json_object(&json, NULL, true);
      dm_json_text(&json, "written", all->note.at[i].when);
      dm_json_text(&json, "text", all->note.at[i].text);
      dm_json_close(&json);
    }
    dm_json_close(&json);
  }
  dm_json_end(&json);
}

/* ---- CSV ------------------------------------------------------------------- */

static void csv_text(dm_str *out, const char *text, bool last)
{
  dm_str_addc(out, '"');
  /* A spreadsheet would run it. */
  if (text[0] && strchr("=+-@\t\r", text[0]))
    dm_str_addc(out, '\'');
  for (; *text; text++) {
    if (*text == '"')
      dm_str_addc(out, '"');
    dm_str_addc(out, *text);
  }
  dm_str_adds(out, last ? "\"\n" : "\",");
}

static void csv_rows(
    dm_str *out, const dm_l_question *q, const dm_ledger_forecast *f)
{
  const dm_ledger_resolution *end = answer_of(q);
  char number[32];
  for (uint32_t i = 0; i < f->n; i++) {
    dm_str_addf(out, "%lld,", (long long)f->id);
    csv_text(out, f->made, false);
    csv_text(out, f->as_of, false);
    csv_text(out, f->model, false);
    csv_text(out, f->scenario_hash, false);
    csv_text(out, f->evidence_hash, false);
    csv_text(out, q->text, false);
    csv_text(out, f->opens, false);
    csv_text(out, f->by, false);
    csv_text(out, f->answer[i], false);
    dm_number_text(f->p[i], number);
    dm_str_addf(
        out, "%s,%s,", number,
        !end                                     ? ""
        : strcmp(end->answer, f->answer[i]) == 0 ? "1"
                                                 : "0");
    csv_text(out, end ? end->resolved : "", false);
    csv_text(out, f->version, true);
  }
}

static void to_csv(const dm_l_case *all, dm_str *out)
{
  dm_str_adds(
      out, "forecast,made,as_of,model,scenario,evidence,question,opens,by,"
           "answer,p,happened,resolved,version\n");
  for (uint32_t i = 0; i < all->question.n; i++) {
    const dm_l_question *q = &all->question.at[i];
    for (uint32_t k = 0; k < q->forecast.n; k++)
      csv_rows(out, q, &q->forecast.at[k].is);
  }
}

/* ---- calls ----------------------------------------------------------------- */

static dm_status write_history(
    dm_case *c, const dm_l_case *all, const void *with, dm_str *out)
{
  const history_request *r = with;
  uint32_t only = UINT32_MAX;
  dm_status why = dm_case_only(c, all, r->question, &only);
  if (why != DM_OK)
    return why;
  if (r->print->json) {
    to_json(all, only, "history", false, out);
    return DM_OK;
  }
  dm_doc doc = {.arena = all->arena};
  history_doc(&doc, all, only);
  dm_doc_write_text(&doc, r->print, out);
  return DM_OK;
}

dm_status dm_case_history(
    dm_case *ledger, const char *question, const dm_print_options *print,
    dm_text *out)
{
  history_request r = {question, print};
  return dm_case_write(ledger, write_history, &r, out);
}

static dm_status write_export(
    dm_case *c, const dm_l_case *all, const void *with, dm_str *out)
{
  dm_case_format format = *(const dm_case_format *)with;
  switch (format) {
  case DM_CASE_JSON:
    to_json(all, UINT32_MAX, "ledger", true, out);
    return DM_OK;
  case DM_CASE_CSV:
    to_csv(all, out);
    return DM_OK;
  }
  return dm_case_fail(c, DM_E_RANGE, "there is no such format");
}

dm_status dm_case_export(dm_case *ledger, dm_case_format format, dm_text *out)
{
  return dm_case_write(ledger, write_export, &format, out);
}
