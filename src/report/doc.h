/* report/doc.h -- a document: headings, sentences, tables, bars, in order.
 *
 * What an answer says is put into a document once; text (and later HTML) are
 * ways of writing it.  All texts are borrowed by the document and live in its
 * arena or longer.  A no-break space (U+00A0) keeps a number and its sign
 * together and is written as a blank. */
#ifndef DM_REPORT_DOC_H
#define DM_REPORT_DOC_H

#include "base/arena.h"
#include "base/str.h"
#include <demarche/scenario.h>

#define DM_NBSP "\xC2\xA0"

typedef enum dm_doc_kind {
  DM_DOC_HEADING,   /* text; level 1 or 2 */
  DM_DOC_PARAGRAPH, /* text, wrapped */
  DM_DOC_ITEM,      /* lead (right-aligned in `indent` columns) and text */
  DM_DOC_TABLE,
  DM_DOC_BARS,
  DM_DOC_CODE, /* text, lines kept as they are */
  DM_DOC_GAP   /* an empty line */
} dm_doc_kind;

/* Rows of cells; a cell may be "".  Too wide a table is wrapped in its text
 * columns and, if that is not enough, split into groups of columns that each
 * repeat the first `n_lead`. */
typedef struct dm_doc_table {
  uint32_t n_cols, n_rows;
  uint32_t n_lead;   /* at least 1 */
  uint32_t *min;     /* [n_cols] columns to take at least, to line tables up */
  const char **head; /* [n_cols], all "" for a table without a head */
  bool *right;       /* [n_cols] numbers: aligned at the right */
  const char **cell; /* [n_rows x n_cols], row-major */
} dm_doc_table;

/* A bar a row, made of parts that add up to at most 1. */
typedef struct dm_doc_bars {
  uint32_t n_rows, n_parts;
  const char **label; /* [n_rows] */
  const char **part;  /* [n_parts] names; the first letters mark the parts */
  double *share;      /* [n_rows x n_parts], row-major, in [0, 1] */
} dm_doc_bars;

typedef struct dm_doc_block {
  dm_doc_kind kind;
  uint32_t level;  /* of a heading; strength of a paragraph (1: stands out) */
  uint32_t indent; /* columns */
  const char *lead;
  const char *text;
  dm_doc_table *table;
  dm_doc_bars *bars;
} dm_doc_block;

typedef struct dm_doc {
  dm_arena *arena;
  DM_VEC(dm_doc_block) block;
} dm_doc;

/** Text in the document's arena. */
const char *dm_doc_f(dm_doc *doc, const char *format, ...) DM_PRINTF(2, 3);

void dm_doc_heading(dm_doc *doc, uint32_t level, const char *text);
void dm_doc_paragraph(dm_doc *doc, uint32_t indent, const char *text);
/** A paragraph that must not be overlooked. */
void dm_doc_warning(dm_doc *doc, const char *text);
void dm_doc_item(
    dm_doc *doc, uint32_t indent, const char *lead, const char *text);
void dm_doc_code(dm_doc *doc, uint32_t indent, const char *text);
void dm_doc_gap(dm_doc *doc);
/** A table to be filled: heads and cells are "" at first. */
dm_doc_table *dm_doc_add_table(
    dm_doc *doc, uint32_t indent, uint32_t n_rows, uint32_t n_cols);
dm_doc_bars *dm_doc_add_bars(
    dm_doc *doc, uint32_t indent, uint32_t n_rows, uint32_t n_parts);

/* ---- numbers in words a reader expects ------------------------------------ */

/** "41.2 %", "<0.1 %", "100 %", "-" for NaN. */
const char *dm_doc_percent(dm_doc *doc, double p);
/** At most 4 significant digits; "-" for NaN. */
const char *dm_doc_number(dm_doc *doc, double x);
/** 1234567 -> "1,234,567". */
const char *dm_doc_count(dm_doc *doc, uint64_t n);
/** The number as the file would write it: shortest form, "%" if a chance. */
const char *dm_doc_value(dm_doc *doc, double x, bool chance);
/** "512 KiB", "3.2 MiB". */
const char *dm_doc_bytes(dm_doc *doc, double bytes);

/** Writes the document as plain text. */
void dm_doc_write_text(
    const dm_doc *doc, const dm_print_options *print, dm_str *out);
/** Lines that dm_doc_write_text would write. */
uint32_t dm_doc_lines(const dm_doc *doc, const dm_print_options *print);

/** Adds a page written in a small part of Markdown: headings, paragraphs,
 *  items, fenced text. */
void dm_doc_markdown(dm_doc *doc, const char *text);

/** `text` with control characters made visible and, if asked, in ASCII. */
const char *dm_doc_plain(dm_arena *arena, const char *text, bool ascii);

#endif
