/* report/sections.c -- a forecast behind its first screen: odds by period,
 * states, options, histories, decision tables. */
#include "report/parts.h"

#include <math.h>

static const char *clock_word(const dm_result *r)
{
  return r->clock_word && r->clock_word[0] ? r->clock_word : "period";
}

void dm_part_odds(dm_doc *doc, const dm_result *r)
{
  uint32_t n = r->n_outcomes, periods = r->n_periods;
  dm_doc_heading(
      doc, 2, dm_doc_f(doc, "Odds by %s, cumulative", clock_word(r)));
  dm_doc_table *table = dm_doc_add_table(doc, 0, periods, n + 2);
  table->head[0] = clock_word(r);
  for (uint32_t c = 1; c < n + 2; c++)
    table->right[c] = true;
  for (uint32_t o = 0; o < n; o++)
    table->head[o + 1] = r->outcome[o].name;
  table->head[n + 1] = "still open";
  for (uint32_t t = 0; t < periods; t++) {
    const char **cell = &table->cell[(size_t)t * (n + 2)];
    double open = 1;
    cell[0] = r->period[t];
    for (uint32_t o = 0; o < n; o++) {
      cell[o + 1] = dm_doc_percent(doc, r->outcome[o].by[t]);
      open -= r->outcome[o].by[t];
    }
    /* The difference of sums near 1 is rounding, not a chance. */
    cell[n + 1] = dm_doc_percent(doc, fabs(open) < 1e-9 ? 0 : open);
  }
  dm_doc_gap(doc);
  dm_doc_bars *bars = dm_doc_add_bars(doc, 0, periods, n);
  for (uint32_t o = 0; o < n; o++)
    bars->part[o] = r->outcome[o].name;
  for (uint32_t t = 0; t < periods; t++) {
    bars->label[t] = r->period[t];
    for (uint32_t o = 0; o < n; o++)
      bars->share[(size_t)t * n + o] = r->outcome[o].by[t];
  }
}

void dm_part_draws(dm_doc *doc, const dm_result *r)
{
  if (r->draws == 0)
    return;
  uint32_t n = r->n_outcomes, last = r->n_periods - 1;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Spread over the ranges");
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "%u draws, uniform over each range%s, each solved anew (seed "
          "%llu); %u failed and are not counted in.",
          r->draws, r->draws_ranked ? " and over all spacings of rankings" : "",
          (unsigned long long)r->certificate.seed, r->draws_failed));
  dm_doc_table *table = dm_doc_add_table(doc, 0, n, 6);
  static const char *const head[] = {
      "", "base case", "mean", "5" DM_NBSP "%", "median", "95" DM_NBSP "%"};
  for (uint32_t c = 0; c < 6; c++) {
    table->head[c] = head[c];
    table->right[c] = c > 0;
  }
  table->head[0] = dm_doc_f(doc, "by %s", r->period[last]);
  for (uint32_t o = 0; o < n; o++) {
    const dm_r_outcome *x = &r->outcome[o];
    const char **cell = &table->cell[(size_t)o * 6];
    cell[0] = x->name;
    cell[1] = dm_doc_percent(doc, x->by[last]);
    if (!x->mean)
      continue;
    cell[2] = dm_doc_percent(doc, x->mean[last]);
    cell[3] = dm_doc_percent(doc, x->p05[last]);
    cell[4] = dm_doc_percent(doc, x->p50[last]);
    cell[5] = dm_doc_percent(doc, x->p95[last]);
  }
}

static const char *between(dm_doc *doc, double lo, double hi)
{
  return dm_doc_f(
      doc, "%s..%s", dm_doc_percent(doc, lo), dm_doc_percent(doc, hi));
}

void dm_part_found(dm_doc *doc, const dm_result *r)
{
  if (!r->found_lo)
    return;
  uint32_t n = r->n_outcomes, periods = r->n_periods, last = periods - 1;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Over the equilibria found");
  dm_doc_paragraph(
      doc, 0,
      r->n_found == 1
          ? "One equilibrium was found at the declared sharpness: the one "
            "that everything here speaks of."
          : dm_doc_f(
                doc,
                "%u equilibria were found at the declared sharpness. "
                "Everything else here speaks of the first, which is connected "
                "to sharpness 0. Lowest and highest odds over all of them:",
                r->n_found));
  dm_doc_paragraph(doc, 0, r->found_said);
  if (r->n_found < 2)
    return;
  dm_doc_table *table = dm_doc_add_table(doc, 0, periods, n + 1);
  table->head[0] = clock_word(r);
  for (uint32_t o = 0; o < n; o++) {
    table->head[o + 1] = r->outcome[o].name;
    table->right[o + 1] = true;
  }
  for (uint32_t t = 0; t < periods; t++) {
    const char **cell = &table->cell[(size_t)t * (n + 1)];
    cell[0] = r->period[t];
    for (uint32_t o = 0; o < n; o++) {
      size_t at = (size_t)o * periods + t;
      cell[o + 1] = between(doc, r->found_lo[at], r->found_hi[at]);
    }
  }
  dm_doc_gap(doc);
  uint32_t shown = r->n_found < 12 ? r->n_found : 12;
  table = dm_doc_add_table(doc, 0, shown, n + 3);
  table->head[0] = dm_doc_f(doc, "by %s", r->period[last]);
  table->right[n + 1] = true;
  table->head[n + 1] = "found";
  table->head[n + 2] = "from";
  for (uint32_t o = 0; o < n; o++) {
    table->head[o + 1] = r->outcome[o].name;
    table->right[o + 1] = true;
  }
  for (uint32_t i = 0; i < shown; i++) {
    const char **cell = &table->cell[(size_t)i * (n + 3)];
    cell[0] = dm_doc_f(doc, "%u", i + 1);
    for (uint32_t o = 0; o < n; o++)
      cell[o + 1] =
          dm_doc_percent(doc, r->found[i].by[(size_t)o * periods + last]);
    cell[n + 1] = dm_doc_f(doc, "%u", r->found[i].found);
    cell[n + 2] = r->found[i].origin;
  }
}

/* A mean or a spread: no more digits than a reader can use. */
static const char *rounded(dm_doc *doc, double x)
{
  double size = fabs(x);
  return size >= 100  ? dm_doc_f(doc, "%.0f", x)
         : size >= 10 ? dm_doc_f(doc, "%.1f", x)
                      : dm_doc_f(doc, "%.2f", x);
}

/* "2.3 +- 0.8", or the likeliest word with its chance. */
static const char *state_cell(dm_doc *doc, const dm_r_state *s, uint32_t t)
{
  if (!isfinite(s->mean[t]))
    return "-";
  if (!s->words) {
    double step = s->unit_step > 0 ? s->unit_step : 1;
    return dm_doc_f(
        doc, "%s" DM_NBSP "\xC2\xB1" DM_NBSP "%s",
        rounded(doc, s->mean[t] * step), rounded(doc, s->sd[t] * step));
  }
  uint32_t best = 0;
  for (uint32_t i = 1; i < s->size; i++) {
    if (s->odds[(size_t)t * s->size + i] > s->odds[(size_t)t * s->size + best])
      best = i;
  }
  return dm_doc_f(
      doc, "%s" DM_NBSP "%s", s->words[best],
      dm_doc_percent(doc, s->odds[(size_t)t * s->size + best]));
}

void dm_part_states(dm_doc *doc, const dm_result *r)
{
  if (r->n_states == 0)
    return;
  uint32_t cols = r->n_states + 2;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "What to expect while it goes on");
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "Mean and spread (one standard deviation) at the end of "
          "each %s, over the paths still open; of words the "
          "likeliest.",
          clock_word(r)));
  dm_doc_table *table = dm_doc_add_table(doc, 0, r->n_periods, cols);
  table->head[0] = clock_word(r);
  table->head[1] = "open";
  table->right[1] = true;
  for (uint32_t s = 0; s < r->n_states; s++) {
    const dm_r_state *x = &r->state[s];
    bool unit = x->unit && x->unit[0];
    table->head[s + 2] =
        unit ? dm_doc_f(doc, "%s" DM_NBSP "(%s)", x->name, x->unit) : x->name;
    table->right[s + 2] = true;
  }
  for (uint32_t t = 0; t < r->n_periods; t++) {
    const char **cell = &table->cell[(size_t)t * cols];
    cell[0] = r->period[t];
    cell[1] = r->going ? dm_doc_percent(doc, r->going[t]) : "-";
    for (uint32_t s = 0; s < r->n_states; s++)
      cell[s + 2] = state_cell(doc, &r->state[s], t);
  }
}

/* One digit a period: tenths of the askings in which the option was picked. */
static const char *tenths(dm_doc *doc, const dm_result *r, const dm_r_option *o)
{
  char *text = dm_arena_alloc(doc->arena, (size_t)r->n_periods + 1);
  for (uint32_t t = 0; t < r->n_periods; t++) {
    double share = o->asked[t] > 0 ? o->picked[t] / o->asked[t] : -1;
    if (!(share >= 0) || o->asked[t] < 1e-12)
      text[t] = '-';
    else
      /* An option that is as good as another is picked with 1/2, up to the
       * last bits. */
      text[t] = (char)('0' + (share >= 0.95 ? 9 : (int)(share * 10 + 1e-6)));
  }
  return text;
}

void dm_part_options(dm_doc *doc, const dm_result *r)
{
  if (r->n_options == 0)
    return;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Reach of each option");
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "Expected picks over the whole clock, the share of "
          "askings, and that share %s by %s in tenths (-: not "
          "asked).",
          clock_word(r), clock_word(r)));
  dm_doc_table *table = dm_doc_add_table(doc, 0, r->n_options, 4);
  static const char *const head[] = {"option", "picks", "share", "in tenths"};
  for (uint32_t c = 0; c < 4; c++) {
    table->head[c] = head[c];
    table->right[c] = c == 1 || c == 2;
  }
  for (uint32_t i = 0; i < r->n_options; i++) {
    const dm_r_option *o = &r->option[i];
    const char **cell = &table->cell[(size_t)i * 4];
    double picked = 0, asked = 0;
    for (uint32_t t = 0; t < r->n_periods; t++) {
      picked += o->picked[t];
      asked += o->asked[t];
    }
    cell[0] = dm_doc_f(doc, "%s.%s.%s", o->actor, o->choice, o->option);
    cell[1] = dm_doc_f(doc, "%.2f", picked);
    cell[2] = asked > 0 ? dm_doc_percent(doc, picked / asked) : "-";
    cell[3] = tenths(doc, r, o);
  }
}

/* How often exactly this course is taken: rare, since every draw counts. */
static const char *exactly(dm_doc *doc, double chance)
{
  if (chance >= 0.01)
    return dm_doc_f(
        doc, "%s of all paths take exactly this course",
        dm_doc_percent(doc, chance));
  if (chance > 1e-12)
    return dm_doc_f(
        doc, "One path in %s takes exactly this course",
        dm_doc_count(doc, (uint64_t)(1 / chance + 0.5)));
  return dm_doc_f(doc, "%.1e of all paths take exactly this course", chance);
}

void dm_part_histories(dm_doc *doc, const dm_result *r)
{
  for (uint32_t i = 0; i < r->n_histories; i++) {
    const dm_r_history *h = &r->history[i];
    dm_doc_gap(doc);
    dm_doc_heading(doc, 2, dm_doc_f(doc, "History: %s", h->title));
    if (!(h->chance > 0)) {
      dm_doc_paragraph(doc, 0, "There is none.");
      continue;
    }
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(doc, "Ends in %s. %s.", h->outcome, exactly(doc, h->chance)));
    dm_doc_table *table = dm_doc_add_table(doc, 2, h->n_lines, 2);
    for (uint32_t k = 0; k < h->n_lines; k++) {
      table->cell[2 * k] = h->when[k];
      table->cell[2 * k + 1] = h->line[k];
    }
  }
}

static void decision_table(dm_doc *doc, const dm_r_table *t)
{
  uint32_t facts = t->n_facts, cols = facts + t->n_options + 1;
  const char *who =
      t->actor_display && t->actor_display[0] ? t->actor_display : t->actor;
  dm_doc_gap(doc);
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc, "%s.%s (%s), %u information sets%s", t->actor, t->choice, who,
          t->n_sets,
          facts == 0 ? ": nothing that it knows changes the choice much" : ""));
  dm_doc_table *table = dm_doc_add_table(doc, 2, t->n_rows, cols);
  double spread = 0;
  table->n_lead = facts > 0 ? facts : 1;
  for (uint32_t f = 0; f < facts; f++)
    table->head[f] = t->fact[f];
  for (uint32_t o = 0; o < t->n_options; o++) {
    table->head[facts + o] = t->option[o];
    table->right[facts + o] = true;
  }
  table->head[cols - 1] = "askings";
  table->right[cols - 1] = true;
  for (uint32_t i = 0; i < t->n_rows; i++) {
    const char **cell = &table->cell[(size_t)i * cols];
    for (uint32_t f = 0; f < facts; f++) {
      const char *value = t->value[(size_t)i * facts + f];
      cell[f] = value[0] ? value : "any";
    }
    for (uint32_t o = 0; o < t->n_options; o++)
      cell[facts + o] = dm_doc_percent(doc, t->p[(size_t)i * t->n_options + o]);
    cell[cols - 1] = dm_doc_f(doc, "%.2f", t->reach[i]);
    if (t->spread && t->spread[i] > spread)
      spread = t->spread[i];
  }
  if (spread > 0.005)
    dm_doc_paragraph(
        doc, 2,
        dm_doc_f(
            doc,
            "Inside a row single cases differ from it by up to %.1f "
            "points.",
            100 * spread));
}

void dm_part_tables(dm_doc *doc, const dm_result *r)
{
  if (r->n_tables == 0)
    return;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Why: what each actor does, and on what it turns");
  for (uint32_t i = 0; i < r->n_tables; i++)
    decision_table(doc, &r->table[i]);
}
