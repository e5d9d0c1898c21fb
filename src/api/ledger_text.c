/* api/ledger_text.c -- scores as text and as JSON; misses come first. */
#include "api/ledger.h"

#include <math.h>

/* Below this many questions the mean of a score says little: its standard
 * error is then still about a tenth of the whole range of a Brier score. */
enum { FEW = 100 };

static const char *score_text(dm_doc *doc, double x)
{
  if (isnan(x))
    return "-";
  return isinf(x) ? "infinite" : dm_doc_f(doc, "%.3f", x);
}

const char *dm_case_warning(dm_doc *doc, const dm_l_scores *s)
{
  if (s->questions >= FEW)
    return "";
  return dm_doc_f(
      doc,
      "n = %u question%s: so few cases illustrate, they validate nothing. A "
      "score this good or this bad can be luck.",
      s->questions, s->questions == 1 ? "" : "s");
}

const char *dm_case_hindsight(dm_doc *doc, const dm_l_scores *s)
{
  if (s->hindsight == 0)
    return "";
  return dm_doc_f(
      doc,
      "Hindsight: %u of %u forecasts were written after their question was "
      "settled. What was known by then may have found its way into the model.",
      s->hindsight, s->forecasts);
}

/* ---- text ------------------------------------------------------------------ */

static void head_of(
    dm_doc_table *table, const char *const *head, uint32_t n, uint32_t texts)
{
  for (uint32_t c = 0; c < n; c++) {
    table->head[c] = head[c];
    table->right[c] = c >= texts;
  }
  table->n_lead = 1;
}

static void rows_doc(dm_doc *doc, const dm_l_scores *s)
{
  static const char *const head[] = {"question", "by",     "came true",
                                     "gave it",  "Brier",  "log",
                                     "ranked",   "cover.", "uniform"};
  enum { N = sizeof head / sizeof *head };
  dm_doc_heading(doc, 2, "Questions, the worst first");
  dm_doc_table *table = dm_doc_add_table(doc, 0, s->score.n, N);
  head_of(table, head, N, 3);
  for (uint32_t i = 0; i < s->score.n; i++) {
    const dm_l_score *r = &s->score.at[i];
    const char **cell = &table->cell[(size_t)i * N];
    cell[0] = r->question;
    cell[1] = r->model;
    cell[2] = r->answer;
    cell[3] = dm_doc_percent(doc, r->last_p);
    cell[4] = score_text(doc, r->brier);
    cell[5] = score_text(doc, r->log);
    cell[6] = score_text(doc, r->ranked);
    cell[7] = dm_doc_percent(doc, r->coverage);
    cell[8] = score_text(doc, r->uniform);
  }
  dm_doc_paragraph(
      doc, 0,
      "Lower is better. Brier: 0 to 2, averaged over the life of the question. "
      "Gave it: what the last forecast gave to what came true. Cover.: share "
      "of that life in which a forecast was in force. Uniform: the Brier score "
      "of giving all answers the same chance.");
}

static void mean_row(
    dm_doc *doc, const char **cell, const char *name, const dm_l_mean *brier,
    const dm_l_mean *log_score)
{
  cell[0] = name;
  cell[1] = dm_doc_f(doc, "%u", brier->n);
  cell[2] = score_text(doc, brier->value);
  cell[3] = score_text(doc, brier->skill);
  cell[4] = score_text(doc, log_score->value);
}

static void means_doc(dm_doc *doc, const dm_l_scores *s)
{
  static const char *const head[] = {
      "mean over rows", "n", "Brier", "skill against it", "log"};
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Against baselines");
  dm_doc_table *table = dm_doc_add_table(doc, 0, 4, 5);
  head_of(table, head, 5, 1);
  mean_row(doc, &table->cell[0], "these forecasts", &s->brier, &s->log);
  table->cell[3] = "";
  mean_row(doc, &table->cell[5], "uniform", &s->uniform, &s->uniform_log);
  mean_row(doc, &table->cell[10], "base rate", &s->base, &s->base_log);
  mean_row(
      doc, &table->cell[15], "last forecast", &s->previous, &s->previous_log);
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "Skill: 1 - ours / baseline; below 0 the baseline was better. The "
          "last forecast before each answer alone: Brier %s. Ranked "
          "probability: %s (n = %u). Coverage: %s.",
          score_text(doc, s->last.value), score_text(doc, s->ranked.value),
          s->ranked.n, dm_doc_percent(doc, s->coverage.value)));
}

static void calibration_doc(dm_doc *doc, const dm_l_scores *s)
{
  static const char *const head[] = {"said", "n", "mean said", "came true"};
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Calibration");
  dm_doc_table *table = dm_doc_add_table(doc, 0, s->bins, 4);
  head_of(table, head, 4, 1);
  table->n_rows = 0;
  for (uint32_t b = 0; b < s->bins; b++) {
    const dm_bin *bin = &s->bin[b];
    if (bin->n == 0)
      continue;
    const char **cell = &table->cell[(size_t)table->n_rows++ * 4];
    cell[0] = dm_doc_f(
        doc, "%.3g..%.3g" DM_NBSP "%%", 100 * bin->low, 100 * bin->high);
    cell[1] = dm_doc_f(doc, "%u", bin->n);
    cell[2] = dm_doc_percent(doc, bin->p);
    cell[3] = dm_doc_percent(doc, bin->share);
  }
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "%u yes-or-no forecasts, those of one question not independent. "
          "Mean Brier %.4f = reliability %.4f - resolution %.4f + uncertainty "
          "%.4f + %.4f within bins (Murphy).",
          s->binary, s->murphy.brier, s->murphy.reliability,
          s->murphy.resolution, s->murphy.uncertainty, s->murphy.within));
}

static void unscored_doc(dm_doc *doc, const dm_l_scores *s)
{
  if (s->unscored.n == 0)
    return;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Not scored");
  for (uint32_t i = 0; i < s->unscored.n; i++) {
    const dm_l_unscored *u = &s->unscored.at[i];
    dm_doc_item(
        doc, 2, "-",
        dm_doc_f(doc, "%s (%s): %s", u->question, u->model, u->why));
  }
}

static void late_doc(dm_doc *doc, const dm_l_scores *s)
{
  uint32_t late = 0;
  for (uint32_t i = 0; i < s->score.n; i++)
    late += s->score.at[i].late;
  if (late)
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc,
            "%u forecast%s of the day of the answer, or of a later one, %s "
            "not count.",
            late, late == 1 ? "" : "s", late == 1 ? "does" : "do"));
}

void dm_case_score_doc(dm_doc *doc, const dm_l_scores *s)
{
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc, "%u question%s settled and scored, %u forecasts.", s->questions,
          s->questions == 1 ? "" : "s", s->forecasts));
  const char *warning = dm_case_warning(doc, s);
  const char *hindsight = dm_case_hindsight(doc, s);
  if (warning[0])
    dm_doc_warning(doc, warning);
  if (hindsight[0])
    dm_doc_warning(doc, hindsight);
  if (s->score.n) {
    dm_doc_gap(doc);
    rows_doc(doc, s);
    late_doc(doc, s);
    means_doc(doc, s);
    calibration_doc(doc, s);
  }
  unscored_doc(doc, s);
}

/* ---- JSON ------------------------------------------------------------------ */

static void json_means(dm_json *json, const dm_l_scores *s)
{
  dm_json_object(json, "mean", true);
  dm_json_number(json, "brier", s->brier.value);
  dm_json_number(json, "log", s->log.value);
  dm_json_number(json, "ranked", s->ranked.value);
  dm_json_number(json, "coverage", s->coverage.value);
  dm_json_number(json, "last", s->last.value);
  dm_json_close(json);
  const struct {
    const char *name;
    const dm_l_mean *brier, *log;
  } line[] = {
      {"uniform", &s->uniform, &s->uniform_log},
      {"base_rate", &s->base, &s->base_log},
      {"last_forecast", &s->previous, &s->previous_log},
  };
  dm_json_object(json, "baselines", false);
  for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
    dm_json_object(json, line[i].name, true);
    dm_json_count(json, "n", line[i].brier->n);
    dm_json_number(json, "brier", line[i].brier->value);
    dm_json_number(json, "skill", line[i].brier->skill);
    dm_json_number(json, "log", line[i].log->value);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void json_calibration(dm_json *json, const dm_l_scores *s)
{
  dm_json_object(json, "murphy", true);
  dm_json_count(json, "n", s->binary);
  dm_json_number(json, "brier", s->murphy.brier);
  dm_json_number(json, "reliability", s->murphy.reliability);
  dm_json_number(json, "resolution", s->murphy.resolution);
  dm_json_number(json, "uncertainty", s->murphy.uncertainty);
  dm_json_number(json, "within", s->murphy.within);
  dm_json_close(json);
  dm_json_list(json, "calibration", false);
  for (uint32_t b = 0; b < s->bins; b++) {
    dm_json_object(json, NULL, true);
    dm_json_number(json, "low", s->bin[b].low);
    dm_json_number(json, "high", s->bin[b].high);
    dm_json_count(json, "n", s->bin[b].n);
    dm_json_number(json, "mean", s->bin[b].p);
    dm_json_number(json, "happened", s->bin[b].share);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void json_row(dm_json *json, const dm_l_score *r)
{
  dm_json_object(json, NULL, false);
  dm_json_text(json, "question", r->question);
  dm_json_text(json, "model", r->model);
  dm_json_text(json, "answer", r->answer);
  dm_json_text(json, "resolved", r->resolved);
  dm_json_count(json, "forecasts", r->used);
  dm_json_count(json, "late", r->late);
  dm_json_count(json, "hindsight", r->hindsight);
  dm_json_number(json, "gave", r->last_p);
  dm_json_number(json, "brier", r->brier);
  /* JSON has no infinity: null, and this says why. */
  dm_json_number(json, "log", r->log);
  dm_json_bool(json, "log_infinite", isinf(r->log) != 0);
  dm_json_number(json, "ranked", r->ranked);
  dm_json_number(json, "coverage", r->coverage);
  dm_json_number(json, "last", r->last);
  dm_json_number(json, "uniform", r->uniform);
  dm_json_number(json, "base_rate", r->base);
  dm_json_number(json, "last_forecast", r->previous);
  dm_json_close(json);
}

void dm_case_score_json(dm_doc *doc, const dm_l_scores *s, dm_str *out)
{
  dm_json json;
  dm_case_json_head(&json, out, "score");
  dm_json_count(&json, "questions", s->questions);
  dm_json_count(&json, "forecasts", s->forecasts);
  dm_json_count(&json, "hindsight", s->hindsight);
  dm_json_text(&json, "warning", dm_case_warning(doc, s));
  dm_json_text(&json, "hindsight_warning", dm_case_hindsight(doc, s));
  json_means(&json, s);
  json_calibration(&json, s);
  dm_json_list(&json, "scores", false);
  for (uint32_t i = 0; i < s->score.n; i++)
    json_row(&json, &s->score.at[i]);
  dm_json_close(&json);
  dm_json_list(&json, "not_scored", false);
  for (uint32_t i = 0; i < s->unscored.n; i++) {
    dm_json_object(&json, NULL, true);
    dm_json_text(&json, "question", s->unscored.at[i].question);
    dm_json_text(&json, "model", s->unscored.at[i].model);
    dm_json_text(&json, "why", s->unscored.at[i].why);
    dm_json_close(&json);
  }
  dm_json_end(&json);
}
