/* report/next.c -- the news that would move the odds most, for people. */
#include "report/news_parts.h"

#include <math.h>

static uint32_t shown(const dm_next *n, const dm_n_more *more)
{
  return more->most && more->most < n->n_items ? more->most : n->n_items;
}

static void items(dm_doc *doc, const dm_next *n, uint32_t rows)
{
  static const char *const head[] = {
      "", "when", "report", "who would have to see it", "chance", "moves"};
  dm_doc_table *table = dm_doc_add_table(doc, 0, rows, 6);
  for (uint32_t c = 0; c < 6; c++)
    table->head[c] = head[c];
  table->right[0] = table->right[4] = table->right[5] = true;
  for (uint32_t i = 0; i < rows; i++) {
    const dm_n_item *x = &n->item[i];
    const char **cell = &table->cell[(size_t)i * 6];
    cell[0] = dm_doc_f(doc, "%u", i + 1);
    cell[1] = x->period;
    cell[2] = x->text;
    cell[3] = x->sees;
    cell[4] = dm_doc_percent(doc, x->chance);
    cell[5] = dm_doc_f(doc, "%.2f", 100 * x->move);
  }
}

/* Odds if it comes about and if it does not, an outcome a pair of columns. */
static void branches(dm_doc *doc, const dm_next *n, uint32_t rows)
{
  dm_doc_table *table = dm_doc_add_table(doc, 0, rows, 2 + 2 * n->n_outcomes);
  table->right[0] = true;
  table->head[1] = "report";
  for (uint32_t o = 0; o < n->n_outcomes; o++) {
    table->head[2 + 2 * o] = dm_doc_f(doc, "%s if so", n->outcome[o]);
    table->head[3 + 2 * o] = "if not";
    table->right[2 + 2 * o] = table->right[3 + 2 * o] = true;
  }
  for (uint32_t i = 0; i < rows; i++) {
    const dm_n_item *x = &n->item[i];
    const char **cell = &table->cell[(size_t)i * table->n_cols];
    cell[0] = dm_doc_f(doc, "%u", i + 1);
    cell[1] = dm_doc_f(doc, "%s, %s", x->text, x->period);
    for (uint32_t o = 0; o < n->n_outcomes; o++) {
      cell[2 + 2 * o] = dm_doc_percent(doc, x->if_so[o]);
      cell[3 + 2 * o] = dm_doc_percent(doc, x->if_not[o]);
    }
  }
}

static void document(
    dm_doc *doc, const dm_next *n, const dm_n_more *more, bool brief)
{
  uint32_t rows = shown(n, more);
  dm_doc_heading(
      doc, 1, dm_doc_f(doc, "%s: the news to look out for", n->scenario));
  dm_part_set(doc, more);
  for (uint32_t o = 0; o < n->n_outcomes; o++)
    dm_doc_item(
        doc, 9, dm_doc_percent(doc, n->odds[o]),
        dm_doc_f(doc, "%s, as things stand.", n->outcome[o]));
  dm_doc_gap(doc);
  if (rows == 0) {
    dm_doc_paragraph(
        doc, 0, "Nothing that could still be reported would move the odds.");
  } else {
    dm_doc_paragraph(
        doc, 0,
        "By how much each report is expected to move the odds, in points: half "
        "the sum of the changes of all outcomes, averaged over whether it "
        "comes about. A report is taken as certain here; one that may be wrong "
        "moves less.");
    items(doc, n, rows);
    if (!brief) {
      dm_doc_gap(doc);
      dm_doc_heading(doc, 2, "The odds then");
      branches(doc, n, rows);
    }
  }
  if (!brief)
    dm_part_news_trust(doc, &n->certificate, more);
}

dm_status dm_report_next(
    const dm_next *next, const dm_n_more *more, const dm_print_options *print,
    dm_str *out)
{
  dm_arena arena;
  if (print->json) {
    dm_json_next(next, more, out);
    return out->failed ? DM_E_MEMORY : DM_OK;
  }
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why == DM_OK) {
    dm_doc doc = {.arena = &arena};
    document(&doc, next, more, print->brief);
    dm_doc_write_text(&doc, print, out);
  }
  dm_arena_clear(&arena);
  return why != DM_OK ? why : out->failed ? DM_E_MEMORY : DM_OK;
}
