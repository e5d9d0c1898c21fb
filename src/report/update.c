/* report/update.c -- what evidence makes of a forecast, for people: the odds now
 * and before, what each line says, what is believed of what nobody sees. */
#include "report/news_parts.h"

#include <math.h>
#include <string.h>

const char *dm_part_ratio(dm_doc *doc, double x)
{
  if (isinf(x))
    return "no bound";
  return x >= 0.995 && x < 1.005 ? "1" : dm_doc_number(doc, x);
}

void dm_part_set(dm_doc *doc, const dm_n_more *more)
{
  const char *all = "";
  for (uint32_t i = 0; i < more->n_set; i++)
    all = dm_doc_f(doc, "%s%s%s", all, i ? ", " : "", more->set[i]);
  if (more->n_set > 0)
    dm_doc_paragraph(doc, 0, dm_doc_f(doc, "Set for this answer: %s.", all));
}

static const char *name_of(const dm_u_outcome *o)
{
  return o->display && o->display[0] ? o->display : o->name;
}

static uint32_t counting(const dm_update *u)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < u->n_lines; i++)
    n += u->line[i].counted[0] == '\0';
  return n;
}

/* ---- the odds ------------------------------------------------------------------ */

static const char *moved(dm_doc *doc, double before, double now)
{
  double points = 100 * (now - before);
  if (!(fabs(points) >= 0.05))
    return "as before the news";
  return dm_doc_f(
      doc, "before the news %s (%+.1f points)", dm_doc_percent(doc, before),
      points);
}

static void odds(dm_doc *doc, const dm_update *u)
{
  uint32_t last = u->n_periods - 1;
  for (uint32_t o = 0; o < u->n_outcomes; o++) {
    const dm_u_outcome *x = &u->outcome[o];
    const char *range = "";
    if (u->n_equilibria > 1)
      range = dm_doc_f(
          doc, "; %s to %s over the %u equilibria found",
          dm_doc_percent(doc, x->lo), dm_doc_percent(doc, x->hi),
          u->n_equilibria);
    dm_doc_item(
        doc, 9, dm_doc_percent(doc, x->by[last]),
        dm_doc_f(
            doc, "%s by %s; %s%s.", name_of(x), u->period[last],
            moved(doc, x->prior[last], x->by[last]), range));
  }
}

static void head(dm_doc *doc, const dm_update *u, const dm_n_more *more)
{
  uint32_t n = counting(u);
  dm_doc_heading(doc, 1, u->title && u->title[0] ? u->title : u->scenario);
  const char *until =
      more->until[0] ? dm_doc_f(doc, " up to %s", more->until) : "";
  dm_doc_paragraph(
      doc, 0,
      u->n_lines == 0
          ? "No line of evidence: the odds are those of the scenario."
          : dm_doc_f(
                doc,
                "The odds given the news%s: %u line%s, %u of which count%s.",
                until, u->n_lines, u->n_lines == 1 ? "" : "s", n,
                n == 1 ? "s" : ""));
  dm_part_set(doc, more);
  dm_doc_gap(doc);
  odds(doc, u);
  if (u->searched && u->searched[0])
    dm_doc_paragraph(doc, 0, u->searched);
}

static void questions(dm_doc *doc, const dm_n_more *more)
{
  if (more->n_questions == 0)
    return;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Questions");
  for (uint32_t i = 0; i < more->n_questions; i++) {
    const dm_n_question *q = &more->question[i];
    dm_doc_item(
        doc, 9, dm_doc_percent(doc, q->answer),
        q->why[0]
            ? dm_doc_f(doc, "%s: no answer, %s", q->text, q->why)
            : dm_doc_f(
                  doc, "%s; %s", q->text, moved(doc, q->before, q->answer)));
  }
}

/* ---- lines ----------------------------------------------------------------------- */

static const char *who(dm_doc *doc, const dm_u_line *x)
{
  if (!x->source[0])
    return x->grade[0] ? dm_doc_f(doc, "grade %s", x->grade) : "";
  return x->grade[0] ? dm_doc_f(doc, "%s %s", x->source, x->grade) : x->source;
}

/* One number an outcome behind the line's date and words. */
static void line_table(
    dm_doc *doc, const dm_update *u, const char *const *lead,
    const double *(*numbers)(const dm_u_line *line),
    const char *(*word)(dm_doc *doc, double x), bool words)
{
  uint32_t n_lead = words ? 3 : 2;
  dm_doc_table *table =
      dm_doc_add_table(doc, 0, counting(u), n_lead + u->n_outcomes);
  uint32_t cols = table->n_cols, row = 0;
  for (uint32_t c = 0; c < n_lead; c++)
    table->head[c] = lead[c];
  for (uint32_t o = 0; o < u->n_outcomes; o++) {
    table->head[n_lead + o] = u->outcome[o].name;
    table->right[n_lead + o] = true;
  }
  for (uint32_t i = 0; i < u->n_lines; i++) {
    const dm_u_line *x = &u->line[i];
    if (x->counted[0])
      continue;
    const char **cell = &table->cell[(size_t)row++ * cols];
    cell[0] = x->date;
    cell[1] = x->text;
    if (words)
      cell[2] = who(doc, x);
    for (uint32_t o = 0; o < u->n_outcomes; o++)
      cell[n_lead + o] = word(doc, numbers(x)[o]);
  }
}

static const double *ratios(const dm_u_line *x)
{
  return x->likelihood_ratio;
}

static const double *after(const dm_u_line *x)
{
  return x->odds;
}

static const double *without(const dm_u_line *x)
{
  return x->without;
}

static const char *reason(const char *counted)
{
  if (strcmp(counted, "echo") == 0)
    return "it repeats an earlier line";
  if (strcmp(counted, "superseded") == 0)
    return "a later line corrects it";
  if (strcmp(counted, "after the cut-off") == 0)
    return "it is dated after the cut-off";
  if (strcmp(counted, "after the clock") == 0)
    return "it is dated after the scenario's clock";
  return counted;
}

static void uncounted(dm_doc *doc, const dm_update *u)
{
  if (counting(u) == u->n_lines)
    return;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Lines that count nothing");
  for (uint32_t i = 0; i < u->n_lines; i++) {
    const dm_u_line *x = &u->line[i];
    if (x->counted[0])
      dm_doc_item(
          doc, 11, x->date,
          dm_doc_f(
              doc, "%s%s%s: %s.", x->text, x->source[0] ? ", " : "", x->source,
              reason(x->counted)));
  }
}

static void lines(dm_doc *doc, const dm_update *u)
{
  static const char *const lead[] = {"date", "report", "from"};
  if (counting(u) > 0) {
    dm_doc_gap(doc);
    dm_doc_heading(doc, 2, "What each line says");
    dm_doc_paragraph(
        doc, 0,
        "How many times likelier the line is if things end so than if they do "
        "not, given the lines above it: above 1 it speaks for the outcome, "
        "below 1 against it, and a line at 1 throughout tells nothing.");
    line_table(doc, u, lead, ratios, dm_part_ratio, true);
    dm_doc_gap(doc);
    dm_doc_heading(doc, 2, "The odds after each line");
    line_table(doc, u, lead, after, dm_doc_percent, false);
    dm_doc_gap(doc);
    dm_doc_heading(doc, 2, "The odds now if that line were removed");
    line_table(doc, u, lead, without, dm_doc_percent, false);
  }
  uncounted(doc, u);
}

/* ---- what nobody sees -------------------------------------------------------------- */

/* Row of the last line's period; DM_NONE-like for none. */
static const double *at_last(const dm_update *u, const dm_u_hidden *h)
{
  if (u->last_period == 0)
    return h->prior;
  uint32_t t = u->last_period < u->n_periods ? u->last_period : u->n_periods;
  return h->by + (size_t)(t - 1) * h->n_values;
}

const double *dm_part_posterior(const dm_update *u, const dm_u_hidden *h)
{
  return h->is_type ? h->by : at_last(u, h);
}

static void type_item(dm_doc *doc, const dm_u_hidden *h)
{
  const char *all = "";
  for (uint32_t v = 0; v < h->n_values; v++)
    all = dm_doc_f(
        doc, "%s%s%s %s (before %s)", all, v ? ", " : "", h->value[v],
        dm_doc_percent(doc, h->by[v]), dm_doc_percent(doc, h->prior[v]));
  dm_doc_paragraph(doc, 0, dm_doc_f(doc, "%s: %s.", h->name, all));
}

static void state_table(dm_doc *doc, const dm_update *u, const dm_u_hidden *h)
{
  dm_doc_table *table =
      dm_doc_add_table(doc, 0, u->n_periods + 1, 1 + h->n_values);
  table->head[0] = h->name;
  for (uint32_t v = 0; v < h->n_values; v++) {
    table->head[1 + v] = h->value[v];
    table->right[1 + v] = true;
  }
  for (uint32_t t = 0; t <= u->n_periods; t++) {
    const char **cell = &table->cell[(size_t)t * table->n_cols];
    const double *p = t ? h->by + (size_t)(t - 1) * h->n_values : h->prior;
    cell[0] = t ? u->period[t - 1] : "at the start";
    for (uint32_t v = 0; v < h->n_values; v++)
      cell[1 + v] = dm_doc_percent(doc, p[v]);
  }
}

static void hidden(dm_doc *doc, const dm_update *u)
{
  if (u->n_hidden == 0)
    return;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "What is believed of what not everybody sees");
  for (uint32_t i = 0; i < u->n_hidden; i++) {
    if (u->hidden[i].is_type)
      type_item(doc, &u->hidden[i]);
  }
  for (uint32_t i = 0; i < u->n_hidden; i++) {
    if (u->hidden[i].is_type)
      continue;
    dm_doc_gap(doc);
    state_table(doc, u, &u->hidden[i]);
  }
  dm_doc_paragraph(
      doc, 0,
      "Given all lines that count, later ones included; states at the ends of "
      "the periods, on paths that are still going on there.");
}

static void by_date(dm_doc *doc, const dm_update *u)
{
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Odds by date");
  dm_doc_table *table =
      dm_doc_add_table(doc, 0, u->n_periods, 1 + u->n_outcomes);
  table->head[0] = "by";
  for (uint32_t o = 0; o < u->n_outcomes; o++) {
    table->head[1 + o] = u->outcome[o].name;
    table->right[1 + o] = true;
  }
  for (uint32_t t = 0; t < u->n_periods; t++) {
    const char **cell = &table->cell[(size_t)t * table->n_cols];
    cell[0] = u->period[t];
    for (uint32_t o = 0; o < u->n_outcomes; o++)
      cell[1 + o] = dm_doc_percent(doc, u->outcome[o].by[t]);
  }
}

/* ---- what it is worth ---------------------------------------------------------------- */

void dm_part_news_trust(
    dm_doc *doc, const dm_r_certificate *c, const dm_n_more *more)
{
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "What this is worth");
  dm_doc_paragraph(
      doc, 0,
      "Strategies are those of the equilibrium before the news: the lines are "
      "the analyst's, and nobody in the story acts on them. The certificate "
      "vouches for the arithmetic, never for the assumptions, nor for the "
      "rates and grades of the sources.");
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "Certificate: residual %.1e, %s situations; demarche %s, input %s, "
          "evidence %s.",
          c->residual, dm_doc_count(doc, c->situations), c->version,
          c->input_hash,
          more->evidence_hash[0] ? more->evidence_hash : "none"));
}

static void document(
    dm_doc *doc, const dm_update *u, const dm_n_more *more, bool brief)
{
  head(doc, u, more);
  questions(doc, more);
  if (brief)
    return;
  lines(doc, u);
  hidden(doc, u);
  by_date(doc, u);
  dm_part_news_trust(doc, &u->certificate, more);
  if (u->n_lines > 0)
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc,
            "The lines together have a chance of e^%.3f in this model; it "
            "means something only beside another model's (demarche compare).",
            u->log_likelihood));
}

dm_status dm_report_update(
    const dm_update *update, const dm_n_more *more,
    const dm_print_options *print, dm_str *out)
{
  dm_arena arena;
  if (print->json) {
    dm_json_update(update, more, out);
    return out->failed ? DM_E_MEMORY : DM_OK;
  }
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why == DM_OK) {
    dm_doc doc = {.arena = &arena};
    document(&doc, update, more, print->brief);
    dm_doc_write_text(&doc, print, out);
  }
  dm_arena_clear(&arena);
  return why != DM_OK ? why : out->failed ? DM_E_MEMORY : DM_OK;
}
