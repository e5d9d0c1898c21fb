/* report/first.c -- the first screen of a forecast: the case, a sentence per
 * outcome, what moves it most, what is made up, what is left out, and whether
 * the arithmetic holds. */
#include "report/parts.h"

#include <math.h>
#include <string.h>

enum { SHOWN_LEVERS = 5 };

const char *dm_part_outcome(const dm_r_outcome *outcome)
{
  return outcome->display && outcome->display[0] ? outcome->display
                                                 : outcome->name;
}

/* When the odds come: half of them, and the steepest period. */
static const char *trend(
    dm_doc *doc, const dm_result *r, const dm_r_outcome *o, bool brief)
{
  uint32_t n = r->n_periods;
  double total = o->by[n - 1];
  if (n < 2 || !(total > 0))
    return "";
  if (o->by[n - 2] < 0.02 * total)
    return dm_doc_f(doc, "; only at the end, in %s", r->period[n - 1]);
  uint32_t half = 0, steep = 0;
  double most = o->by[0];
  while (o->by[half] < total / 2 && half + 1 < n)
    half++;
  for (uint32_t t = 1; t < n; t++) {
    if (o->by[t] - o->by[t - 1] > most) {
      most = o->by[t] - o->by[t - 1];
      steep = t;
    }
  }
  if (brief)
    return dm_doc_f(doc, "; half of that by %s", r->period[half]);
  return dm_doc_f(
      doc, "; half of that by %s, rising most in %s (+%.1f points)",
      r->period[half], r->period[steep], 100 * most);
}

static const char *range(dm_doc *doc, const dm_r_outcome *o)
{
  if (!isfinite(o->lo) || !isfinite(o->hi))
    return "";
  return dm_doc_f(
      doc, " (%s to %s over the ranges tried)", dm_doc_percent(doc, o->lo),
      dm_doc_percent(doc, o->hi));
}

static void outcome_sentence(
    dm_doc *doc, const dm_result *r, const dm_r_outcome *o, uint32_t tight)
{
  const char *name = dm_part_outcome(o);
  if (o->first < 0) {
    dm_doc_item(
        doc, 9, "0" DM_NBSP "%",
        dm_doc_f(doc, "%s: no path of this file leads there.", name));
    return;
  }
  bool why = tight < 4 && o->reason && o->reason[0];
  const char *text = dm_doc_f(
      doc, "%s by %s%s%s%s%s.", name, r->period[r->n_periods - 1],
      range(doc, o), trend(doc, r, o, tight > 1), why ? "; " : "",
      why ? o->reason : "");
  dm_doc_item(doc, 9, dm_doc_percent(doc, o->by[r->n_periods - 1]), text);
}

/* What other equilibria would make of it. */
static void found(dm_doc *doc, const dm_result *r)
{
  const char *all = "";
  uint32_t last = r->n_periods - 1;
  if (r->n_found < 2) {
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc, "No other equilibrium was found from %u starts.",
            r->starts_asked));
    return;
  }
  for (uint32_t o = 0; o < r->n_outcomes; o++) {
    size_t at = (size_t)o * r->n_periods + last;
    all = dm_doc_f(
        doc, "%s%s%s %s to %s", all, o ? ", " : "", r->outcome[o].name,
        dm_doc_percent(doc, r->found_lo[at]),
        dm_doc_percent(doc, r->found_hi[at]));
  }
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(doc, "Over the %u equilibria found: %s.", r->n_found, all));
}

static void levers(dm_doc *doc, const dm_result *r)
{
  uint32_t n = r->n_levers < SHOWN_LEVERS ? r->n_levers : SHOWN_LEVERS;
  if (n == 0) {
    dm_doc_paragraph(
        doc, 0,
        r->n_ranges == 0
            ? "No number of the file has a range, so nothing was varied."
            : dm_doc_f(
                  doc, "%u numbers have a range; none was varied here.",
                  r->n_ranges));
    return;
  }
  dm_doc_table *table = dm_doc_add_table(doc, 0, n, 6);
  static const char *const head[] = {
      "What moves it most", "base", "range", "odds of", "at low", "at high"};
  for (uint32_t c = 0; c < 6; c++)
    table->head[c] = head[c];
  table->right[1] = table->right[4] = table->right[5] = true;
  for (uint32_t i = 0; i < n; i++) {
    const dm_r_lever *lever = &r->lever[i];
    const char **cell = &table->cell[(size_t)i * 6];
    bool chance = false;
    for (uint32_t a = 0; a < r->n_assumptions; a++) {
      if (strcmp(r->assumption[a].path, lever->name) == 0)
        chance = r->assumption[a].chance;
    }
    cell[0] = lever->name;
    cell[1] = dm_doc_value(doc, lever->base, chance);
    cell[2] = dm_doc_f(
        doc, "%s..%s", dm_doc_value(doc, lever->lo, chance),
        dm_doc_value(doc, lever->hi, chance));
    if (lever->outcome < r->n_outcomes) {
      cell[3] = r->outcome[lever->outcome].name;
      cell[4] = dm_doc_percent(doc, lever->at_lo[lever->outcome]);
      cell[5] = dm_doc_percent(doc, lever->at_hi[lever->outcome]);
    }
  }
}

static void numbers(dm_doc *doc, const dm_result *r)
{
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc, "%u numbers: %u sourced, %u judged; %u have a range.",
          r->n_sourced + r->n_judged, r->n_sourced, r->n_judged, r->n_ranges));
  if (r->n_set == 0)
    return;
  const char *all = "";
  for (uint32_t i = 0; i < r->n_set; i++)
    all = dm_doc_f(doc, "%s%s%s", all, i ? ", " : "", r->set[i]);
  dm_doc_paragraph(doc, 0, dm_doc_f(doc, "Set for this answer: %s.", all));
}

static void omits(dm_doc *doc, const dm_result *r, uint32_t tight)
{
  uint32_t n = r->n_omits;
  if (n == 0) {
    dm_doc_paragraph(doc, 0, "The file names nothing that it leaves out.");
    return;
  }
  uint32_t shown = tight >= 3 ? 1 : n;
  const char *all = "";
  for (uint32_t i = 0; i < shown; i++)
    all = dm_doc_f(doc, "%s%s%s", all, i ? "; " : "", r->omits[i]);
  if (shown < n)
    all = dm_doc_f(doc, "%s; and %u more below", all, n - shown);
  dm_doc_paragraph(doc, 0, dm_doc_f(doc, "Left out: %s.", all));
}

static void certificate_line(dm_doc *doc, const dm_result *r)
{
  const dm_r_certificate *c = &r->certificate;
  if (!c->converged)
    return;
  uint32_t worst = 0;
  for (uint32_t a = 1; a < c->n_actors; a++) {
    if (c->regret[a] > c->regret[worst])
      worst = a;
  }
  const char *regret =
      c->n_actors == 0
          ? "no actor decides"
          : dm_doc_f(
                doc, "regret %s (%s)", dm_doc_number(doc, c->regret[worst]),
                c->actor[worst]);
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc, "Certificate: residual %.1e, %s, %s situations.", c->residual,
          regret, dm_doc_count(doc, c->situations)));
}

static void story(dm_doc *doc, const dm_result *r, uint32_t tight)
{
  uint32_t n = r->n_story;
  if (tight >= 4 && n > 5)
    n = 5;
  const char *all = "";
  for (uint32_t i = 0; i < n; i++)
    all = dm_doc_f(doc, "%s%s%s", all, i ? " " : "", r->story[i]);
  if (n > 0)
    dm_doc_paragraph(doc, 0, all);
}

void dm_part_first(dm_doc *doc, const dm_result *r, uint32_t tight)
{
  dm_doc_heading(doc, 1, r->title && r->title[0] ? r->title : r->scenario);
  story(doc, r, tight);
  dm_doc_gap(doc);
  if (!r->certificate.converged) {
    dm_doc_warning(
        doc, dm_doc_f(
                 doc,
                 "Not converged: %s (residual %.1e after %u steps). No "
                 "odds are printed.",
                 r->certificate.verdict, r->certificate.residual,
                 r->certificate.steps));
    dm_doc_paragraph(
        doc, 0,
        "A lower sharpness, or one nearer to another actor's, is the "
        "usual way out: --set ACTOR.sharpness=VALUE.");
  } else {
    for (uint32_t o = 0; o < r->n_outcomes; o++)
      outcome_sentence(doc, r, &r->outcome[o], tight);
    if (r->found_lo)
      found(doc, r);
    dm_doc_gap(doc);
    levers(doc, r);
  }
  dm_doc_gap(doc);
  numbers(doc, r);
  omits(doc, r, tight);
  certificate_line(doc, r);
}
