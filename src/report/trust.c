/* report/trust.c -- questions, assumptions, and what the answer is worth. */
#include "report/parts.h"

#include <math.h>
#include <string.h>

/* The three numbers that "if" can mean, side by side. */
static void forced(dm_doc *doc, const dm_r_question *q)
{
  dm_doc_table *table = dm_doc_add_table(doc, 9, 4, 2);
  static const char *const words[] = {
      "learning that the move was made",
      "the move made once, to everybody's surprise",
      "the move known beforehand, all else adapting",
      "chance that the move is open at its date"};
  const double value[] = {q->given_move, q->surprises, q->known, q->open};
  table->right[0] = true;
  for (uint32_t i = 0; i < 4; i++) {
    table->cell[2 * i] = dm_doc_percent(doc, value[i]);
    table->cell[2 * i + 1] = words[i];
  }
}

static void question(dm_doc *doc, const dm_r_question *q)
{
  if (q->each)
    return;
  const char *text = q->text;
  if (!isfinite(q->answer) && q->why && q->why[0])
    text = dm_doc_f(doc, "%s: no answer, %s", q->text, q->why);
  else if (isfinite(q->chance_given))
    text = dm_doc_f(
        doc, "%s (the condition itself: %s)", q->text,
        dm_doc_percent(doc, q->chance_given));
  dm_doc_item(doc, 9, dm_doc_percent(doc, q->answer), text);
  if (q->forced)
    forced(doc, q);
}

void dm_part_questions(dm_doc *doc, const dm_result *r)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < r->n_questions; i++)
    n += !r->question[i].each && !r->question[i].is_check;
  if (n == 0)
    return;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Questions");
  for (uint32_t i = 0; i < r->n_questions; i++) {
    if (!r->question[i].is_check)
      question(doc, &r->question[i]);
  }
}

static const char *origin(const dm_r_assumption *a)
{
  return a->sourced   ? "sourced"
         : a->implied ? "by default"
         : a->ranked  ? "from a ranking"
                      : "judged";
}

static bool same(const char *a, const char *b)
{
  return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Numbers that share a note stand together above it. */
static void assumption_group(
    dm_doc *doc, const dm_r_assumption *a, uint32_t n, const uint32_t *min,
    bool first)
{
  dm_doc_table *table = dm_doc_add_table(doc, 0, n, 4);
  static const char *const head[] = {"name", "value", "range", "where from"};
  for (uint32_t c = 0; c < 4; c++) {
    table->head[c] = first ? head[c] : "";
    table->min[c] = min[c];
  }
  table->right[1] = true;
  for (uint32_t i = 0; i < n; i++) {
    const char **cell = &table->cell[(size_t)i * 4];
    cell[0] = a[i].alias && a[i].alias[0] ? a[i].alias : a[i].path;
    cell[1] = dm_doc_value(doc, a[i].value, a[i].chance);
    cell[2] = a[i].has_range
                  ? dm_doc_f(
                        doc, "%s..%s", dm_doc_value(doc, a[i].lo, a[i].chance),
                        dm_doc_value(doc, a[i].hi, a[i].chance))
                  : "never varied";
    cell[3] = origin(&a[i]);
  }
  if (a->sourced && a->source && a->source[0])
    dm_doc_paragraph(doc, 4, dm_doc_f(doc, "source: %s", a->source));
  if (a->note && a->note[0])
    dm_doc_paragraph(doc, 4, a->note);
}

/* Widths that line the groups up; wide names give way on a narrow screen. */
static void group_widths(const dm_result *r, uint32_t min[4])
{
  static const uint32_t least[4] = {4, 5, 12, 10};
  for (uint32_t c = 0; c < 4; c++)
    min[c] = least[c];
  for (uint32_t i = 0; i < r->n_assumptions; i++) {
    const dm_r_assumption *a = &r->assumption[i];
    const char *name = a->alias && a->alias[0] ? a->alias : a->path;
    size_t wide = strlen(name);
    if (wide > min[0])
      min[0] = wide < 34 ? (uint32_t)wide : 34;
  }
  min[1] = 7;
}

void dm_part_assumptions(dm_doc *doc, const dm_result *r)
{
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Assumptions");
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "%u numbers: %u sourced, %u judged. Any of them can be "
          "tried: --set NAME=VALUE.",
          r->n_sourced + r->n_judged, r->n_sourced, r->n_judged));
  uint32_t min[4];
  group_widths(r, min);
  for (uint32_t i = 0, next; i < r->n_assumptions; i = next) {
    const dm_r_assumption *a = &r->assumption[i];
    for (next = i + 1; next < r->n_assumptions; next++) {
      const dm_r_assumption *b = &r->assumption[next];
      bool together = a->sourced == b->sourced && same(a->note, b->note) &&
                      same(a->source, b->source);
      if (!together)
        break;
    }
    assumption_group(doc, a, next - i, min, i == 0);
  }
}

static void actors(dm_doc *doc, const dm_r_certificate *c)
{
  dm_doc_table *table = dm_doc_add_table(doc, 0, c->n_actors, 5);
  static const char *const head[] = {
      "actor", "sharpness (lambda)", "regret", "by reach", "remembers"};
  for (uint32_t k = 0; k < 5; k++) {
    table->head[k] = head[k];
    table->right[k] = k > 0 && k < 4;
  }
  for (uint32_t a = 0; a < c->n_actors; a++) {
    const char **cell = &table->cell[(size_t)a * 5];
    const char *memory = c->memory[a] && c->memory[a][0]
                             ? c->memory[a]
                             : "what it sees at the time, nothing more";
    cell[0] = c->actor[a];
    cell[1] = isfinite(c->sharpness[a])
                  ? dm_doc_value(doc, c->sharpness[a], false)
                  : "no choice";
    cell[2] = dm_doc_number(doc, c->regret[a]);
    cell[3] = dm_doc_number(doc, c->regret_weighted[a]);
    cell[4] = c->recalls[a]
                  ? memory
                  : dm_doc_f(
                        doc,
                        "%s (limited memory as declared: joint changes "
                        "not checked)",
                        memory);
  }
}

static void floors(dm_doc *doc, const dm_result *r)
{
  const dm_r_certificate *c = &r->certificate;
  dm_doc_table *table = dm_doc_add_table(doc, 0, r->n_outcomes, 3);
  table->head[0] = dm_doc_f(doc, "by %s", r->period[r->n_periods - 1]);
  table->head[1] = "odds";
  table->head[2] = "if nobody cared (noise floor)";
  table->right[1] = table->right[2] = true;
  for (uint32_t o = 0; o < r->n_outcomes; o++) {
    const char **cell = &table->cell[(size_t)o * 3];
    cell[0] = r->outcome[o].name;
    cell[1] = c->converged
                  ? dm_doc_percent(doc, r->outcome[o].by[r->n_periods - 1])
                  : "-";
    cell[2] = dm_doc_percent(doc, c->noise_floor[o]);
  }
}

static void verdict(dm_doc *doc, const dm_r_certificate *c)
{
  if (!c->converged) {
    dm_doc_warning(
        doc, dm_doc_f(
                 doc, "Not converged: %s (residual %.1e).", c->verdict,
                 c->residual));
    return;
  }
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "Converged: the largest difference of log odds from the logit "
          "equations is %.1e, recomputed from the raw game.",
          c->residual));
}

void dm_part_trust(dm_doc *doc, const dm_result *r)
{
  const dm_r_certificate *c = &r->certificate;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "What this is worth");
  dm_doc_paragraph(
      doc, 0,
      "The certificate vouches for the arithmetic, never for the "
      "assumptions.");
  verdict(doc, c);
  if (r->sharpness_words && r->sharpness_words[0])
    dm_doc_paragraph(doc, 0, r->sharpness_words);
  dm_doc_gap(doc);
  actors(doc, c);
  dm_doc_paragraph(
      doc, 0,
      "Regret, in payoff units: what the best option would add at one "
      "information set, the largest over the actor's sets; at finite "
      "sharpness it belongs to the equilibrium and is no error.");
  if (r->n_outcomes > 0 && r->n_periods > 0) {
    dm_doc_gap(doc);
    floors(doc, r);
  }
  dm_doc_gap(doc);
  for (uint32_t i = 0; i < r->n_omits; i++)
    dm_doc_item(doc, 10, "Left out:", r->omits[i]);
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "Counted: %s starts of periods, %s situations, %s information "
          "sets, %s edges (%s).",
          dm_doc_count(doc, c->starts), dm_doc_count(doc, c->situations),
          dm_doc_count(doc, c->sets), dm_doc_count(doc, c->edges),
          dm_doc_bytes(doc, (double)c->bytes)));
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "demarche %s, input %s, seed %llu, %u steps along the branch "
          "from sharpness 0, %.2f" DM_NBSP "seconds.",
          c->version, c->input_hash, (unsigned long long)c->seed, c->steps,
          c->seconds));
}
