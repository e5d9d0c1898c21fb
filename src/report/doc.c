/* report/doc.c -- building a document, and numbers for people. */
#include "report/doc.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *dm_doc_f(dm_doc *doc, const char *format, ...)
{
  va_list list, again;
  va_start(list, format);
  va_copy(again, list);
  int len = vsnprintf(NULL, 0, format, list);
  va_end(list);
  size_t size = len < 0 ? 1 : (size_t)len + 1;
  char *text = dm_arena_alloc(doc->arena, size);
  if (len > 0)
    (void)vsnprintf(text, size, format, again);
  va_end(again);
  return text;
}

static dm_doc_block *add(dm_doc *doc, dm_doc_kind kind, const char *text)
{
  dm_doc_block block = {.kind = kind, .lead = "", .text = text ? text : ""};
  DM_PUSH(doc->arena, &doc->block, block);
  return &doc->block.at[doc->block.n - 1];
}

void dm_doc_heading(dm_doc *doc, uint32_t level, const char *text)
{
  add(doc, DM_DOC_HEADING, text)->level = level;
}

void dm_doc_paragraph(dm_doc *doc, uint32_t indent, const char *text)
{
  add(doc, DM_DOC_PARAGRAPH, text)->indent = indent;
}

void dm_doc_warning(dm_doc *doc, const char *text)
{
  add(doc, DM_DOC_PARAGRAPH, text)->level = 1;
}

void dm_doc_item(
    dm_doc *doc, uint32_t indent, const char *lead, const char *text)
{
  dm_doc_block *block = add(doc, DM_DOC_ITEM, text);
  block->indent = indent;
  block->lead = lead;
}

void dm_doc_code(dm_doc *doc, uint32_t indent, const char *text)
{
  add(doc, DM_DOC_CODE, text)->indent = indent;
}

void dm_doc_gap(dm_doc *doc)
{
  add(doc, DM_DOC_GAP, "");
}

static const char **texts(dm_doc *doc, size_t n)
{
  const char **out = dm_arena_array(doc->arena, n ? n : 1, sizeof *out);
  for (size_t i = 0; i < n; i++)
    out[i] = "";
  return out;
}

dm_doc_table *dm_doc_add_table(
    dm_doc *doc, uint32_t indent, uint32_t n_rows, uint32_t n_cols)
{
  dm_doc_table *table = dm_arena_alloc(doc->arena, sizeof *table);
  table->n_cols = n_cols;
  table->n_rows = n_rows;
  table->n_lead = 1;
  table->min =
      dm_arena_array(doc->arena, n_cols ? n_cols : 1, sizeof *table->min);
  table->head = texts(doc, n_cols);
  table->cell = texts(doc, (size_t)n_rows * n_cols);
  table->right = dm_arena_array(doc->arena, n_cols ? n_cols : 1, sizeof(bool));
  dm_doc_block *block = add(doc, DM_DOC_TABLE, "");
  block->table = table;
  block->indent = indent;
  return table;
}

dm_doc_bars *dm_doc_add_bars(
    dm_doc *doc, uint32_t indent, uint32_t n_rows, uint32_t n_parts)
{
  dm_doc_bars *bars = dm_arena_alloc(doc->arena, sizeof *bars);
  size_t n = (size_t)n_rows * n_parts;
  bars->n_rows = n_rows;
  bars->n_parts = n_parts;
  bars->label = texts(doc, n_rows);
  bars->part = texts(doc, n_parts);
  bars->share = dm_arena_array(doc->arena, n ? n : 1, sizeof(double));
  dm_doc_block *block = add(doc, DM_DOC_BARS, "");
  block->bars = bars;
  block->indent = indent;
  return bars;
}

const char *dm_doc_percent(dm_doc *doc, double p)
{
  if (!isfinite(p))
    return "-";
  /* What is possible is never printed as 0, nor the uncertain as 100. */
  if (p <= 0)
    return "0" DM_NBSP "%";
  if (p < 0.0005)
    return "<0.1" DM_NBSP "%";
  if (p >= 1)
    return "100" DM_NBSP "%";
  if (p > 0.9995)
    return ">99.9" DM_NBSP "%";
  return dm_doc_f(doc, "%.1f" DM_NBSP "%%", 100 * p);
}

const char *dm_doc_number(dm_doc *doc, double x)
{
  if (!isfinite(x))
    return "-";
  double size = fabs(x);
  if (size >= 1000 && size < 1e7)
    return dm_doc_f(doc, "%.0f", x);
  if (size >= 1e-4 || x == 0)
    return dm_doc_f(doc, "%.4g", x == 0 ? 0.0 : x);
  return dm_doc_f(doc, "%.1e", x);
}

const char *dm_doc_count(dm_doc *doc, uint64_t n)
{
  char plain[32], out[48];
  int len = snprintf(plain, sizeof plain, "%" PRIu64, n);
  int at = 0;
  for (int i = 0; i < len; i++) {
    if (i > 0 && (len - i) % 3 == 0)
      out[at++] = ',';
    out[at++] = plain[i];
  }
  out[at] = '\0';
  return dm_doc_f(doc, "%s", out);
}

const char *dm_doc_value(dm_doc *doc, double x, bool chance)
{
  char text[32];
  if (!isfinite(x))
    return "-";
  if (!chance) {
    dm_number_text(x, text);
    return dm_doc_f(doc, "%s", text);
  }
  /* 0.07 * 100 is 7.000000000000001: print what the author wrote. */
  double rounded = round(x * 1e12) / 1e10;
  dm_number_text(rounded, text);
  return dm_doc_f(doc, "%s" DM_NBSP "%%", text);
}

const char *dm_doc_bytes(dm_doc *doc, double bytes)
{
  static const char *const unit[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  size_t u = 0;
  while (bytes >= 1024 && u + 1 < sizeof unit / sizeof *unit) {
    bytes /= 1024;
    u++;
  }
  return dm_doc_f(
      doc, u == 0 || bytes >= 100 ? "%.0f" DM_NBSP "%s" : "%.1f" DM_NBSP "%s",
      bytes, unit[u]);
}

/* ---- a page in Markdown ----------------------------------------------------- */

static const char *line_end(const char *at)
{
  const char *end = strchr(at, '\n');
  return end ? end : at + strlen(at);
}

static bool starts(const char *line, const char *word)
{
  return strncmp(line, word, strlen(word)) == 0;
}

/* Lines from `at` up to an empty one or one of another kind, as one text. */
static const char *paragraph(dm_doc *doc, const char *at, const char **next)
{
  const char *end = at;
  for (;;) {
    const char *stop = line_end(end);
    end = *stop ? stop + 1 : stop;
    if (*end == '\0' || *end == '\n' || starts(end, "```") ||
        starts(end, "- ") || *end == '#')
      break;
  }
  *next = end;
  char *text = dm_arena_text(doc->arena, at, (size_t)(end - at));
  for (char *c = text; *c; c++) {
    if (*c == '\n')
      *c = ' ';
  }
  return text;
}

static const char *fenced(dm_doc *doc, const char *at, const char **next)
{
  const char *open = line_end(at);
  const char *from = *open ? open + 1 : open;
  const char *end = from;
  while (*end && !starts(end, "```")) {
    const char *stop = line_end(end);
    end = *stop ? stop + 1 : stop;
  }
  const char *stop = line_end(end);
  *next = *stop ? stop + 1 : stop;
  size_t len = (size_t)(end - from);
  while (len > 0 && from[len - 1] == '\n')
    len--;
  return dm_arena_text(doc->arena, from, len);
}

void dm_doc_markdown(dm_doc *doc, const char *text)
{
  bool first = true;
  while (*text) {
    if (*text == '\n') {
      text++;
      continue;
    }
    bool item = starts(text, "- ");
    if (!first &&
        !(item && doc->block.at[doc->block.n - 1].kind == DM_DOC_ITEM))
      dm_doc_gap(doc);
    first = false;
    if (*text == '#') {
      uint32_t level = 0;
      while (*text == '#') {
        text++;
        level++;
      }
      const char *end = line_end(text);
      while (*text == ' ')
        text++;
      dm_doc_heading(
          doc, level > 1 ? 2 : 1,
          dm_arena_text(doc->arena, text, (size_t)(end - text)));
      text = *end ? end + 1 : end;
    } else if (starts(text, "```")) {
      dm_doc_code(doc, 2, fenced(doc, text, &text));
    } else if (item) {
      dm_doc_item(doc, 2, "-", paragraph(doc, text + 2, &text));
    } else {
      dm_doc_paragraph(doc, 0, paragraph(doc, text, &text));
    }
  }
}
