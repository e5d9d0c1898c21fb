/* report/text.c -- a document as plain text. */
#include "report/doc.h"

#include <string.h>

enum { GAP = 2, MIN_TEXT = 12, MAX_BAR = 60 };

typedef struct writer {
  dm_arena *arena;
  dm_str *out;
  uint32_t columns;
  bool color, ascii;
} writer;

typedef struct lines {
  DM_VEC(const char *) line;
} lines;

#define BOLD  "1"
#define ALARM "1;31"

static void style(writer *w, const char *code)
{
  if (w->color)
    dm_str_addf(w->out, "\033[%sm", code);
}

static size_t width_of(const char *text)
{
  return dm_text_width(text, strlen(text));
}

/* Writes text, no-break spaces as blanks. */
static void put(writer *w, const char *text)
{
  const char *nbsp;
  while ((nbsp = strstr(text, DM_NBSP)) != NULL) {
    dm_str_add(w->out, text, (size_t)(nbsp - text));
    dm_str_addc(w->out, ' ');
    text = nbsp + 2;
  }
  dm_str_adds(w->out, text);
}

/* Bytes of `text` that fit in `room` columns, at least one character. */
static size_t fitting(const char *text, size_t len, size_t room)
{
  size_t at = 0;
  while (at < len) {
    size_t step = dm_utf8_step(text + at, len - at);
    if (step == 0)
      step = 1;
    if (at > 0 && dm_text_width(text, at + step) > room)
      break;
    at += step;
  }
  return at;
}

static void keep_line(
    dm_arena *arena, lines *out, const char *line, size_t *len, size_t *used)
{
  const char *full = dm_arena_text(arena, line, *len);
  DM_PUSH(arena, &out->line, full);
  *len = 0;
  *used = 0;
}

/* Breaks a text at blanks into lines of at most `room` columns; a word that is
 * longer is cut. */
static lines wrap(dm_arena *arena, const char *text, size_t room)
{
  lines out = {{0}};
  char *line = dm_arena_alloc(arena, strlen(text) + 2);
  size_t len = 0, used = 0;
  room = room ? room : 1;
  for (;; text++) {
    size_t word = strcspn(text, " \n");
    size_t wide = dm_text_width(text, word);
    if (word > 0 && used > 0 && used + 1 + wide > room)
      keep_line(arena, &out, line, &len, &used);
    if (word > 0 && used > 0) {
      line[len++] = ' ';
      used++;
    }
    while (word > 0) {
      size_t cut = wide > room ? fitting(text, word, room) : word;
      memcpy(line + len, text, cut);
      len += cut;
      used += dm_text_width(text, cut);
      text += cut;
      word -= cut;
      if (word > 0)
        keep_line(arena, &out, line, &len, &used);
      wide = dm_text_width(text, word);
    }
    if (*text == '\0')
      break;
    if (*text == '\n')
      keep_line(arena, &out, line, &len, &used);
  }
  if (used > 0 || out.line.n == 0)
    keep_line(arena, &out, line, &len, &used);
  return out;
}

/* The text as it may be shown. */
static const char *shown(writer *w, const char *text)
{
  return dm_doc_plain(w->arena, text, w->ascii);
}

static void write_block(
    writer *w, uint32_t indent, const char *lead, const char *text,
    const char *look)
{
  size_t room = w->columns > indent + 10 ? w->columns - indent : 10;
  lines all = wrap(w->arena, shown(w, text), room);
  lead = shown(w, lead);
  for (uint32_t i = 0; i < all.line.n; i++) {
    size_t wide = i == 0 ? width_of(lead) : 0;
    bool has_lead = i == 0 && wide > 0;
    if (!has_lead && all.line.at[i][0] == '\0') {
      dm_str_addc(w->out, '\n');
      continue;
    }
    size_t before = has_lead ? wide + 1 : 0;
    if (indent > before)
      dm_str_fill(w->out, ' ', indent - before);
    if (has_lead) {
      style(w, BOLD);
      put(w, lead);
      style(w, "0");
      dm_str_addc(w->out, ' ');
    }
    if (look)
      style(w, look);
    put(w, all.line.at[i]);
    if (look)
      style(w, "0");
    dm_str_addc(w->out, '\n');
  }
}

static void write_code(writer *w, uint32_t indent, const char *text)
{
  text = shown(w, text);
  while (*text) {
    size_t len = strcspn(text, "\n");
    if (len > 0) {
      dm_str_fill(w->out, ' ', indent);
      dm_str_add(w->out, text, len);
    }
    dm_str_addc(w->out, '\n');
    text += len + (text[len] != '\0');
  }
}

/* ---- tables -------------------------------------------------------------------- */

static void pad(
    writer *w, const char *text, size_t width, bool right, bool last)
{
  size_t wide = width_of(text);
  size_t more = width > wide ? width - wide : 0;
  if (right)
    dm_str_fill(w->out, ' ', more);
  put(w, text);
  if (!right && !last)
    dm_str_fill(w->out, ' ', more);
}

/* One row: cells of columns `col` [n], wrapped to `width`. */
static void write_row(
    writer *w, uint32_t indent, const dm_doc_table *table, const char **cell,
    const uint32_t *col, uint32_t n, const size_t *width, const char *look)
{
  lines *cells = dm_arena_array(w->arena, n, sizeof *cells);
  uint32_t height = 1;
  for (uint32_t k = 0; k < n; k++) {
    cells[k] = wrap(w->arena, cell[col[k]], width[col[k]]);
    if (cells[k].line.n > height)
      height = cells[k].line.n;
  }
  for (uint32_t i = 0; i < height; i++) {
    uint32_t last = 0; /* no blanks behind the last text of a line */
    for (uint32_t k = 0; k < n; k++) {
      if (i < cells[k].line.n && cells[k].line.at[i][0])
        last = k;
    }
    dm_str_fill(w->out, ' ', indent);
    if (look)
      style(w, look);
    for (uint32_t k = 0; k <= last; k++) {
      const char *text = i < cells[k].line.n ? cells[k].line.at[i] : "";
      if (k > 0)
        dm_str_fill(w->out, ' ', GAP);
      pad(w, text, width[col[k]], table->right[col[k]], k == last);
    }
    if (look)
      style(w, "0");
    dm_str_addc(w->out, '\n');
  }
}

static size_t total_width(const size_t *width, uint32_t n)
{
  size_t total = 0;
  for (uint32_t c = 0; c < n; c++)
    total += width[c] + (c > 0 ? GAP : 0);
  return total;
}

static size_t longest_word(const char *text)
{
  size_t longest = 0;
  while (*text) {
    size_t len = strcspn(text, " \n");
    size_t wide = dm_text_width(text, len);
    longest = wide > longest ? wide : longest;
    text += len + (text[len] != '\0');
  }
  return longest;
}

/* Takes columns away, the widest first, none below its floor. */
static void shrink(size_t *width, const size_t *floor, uint32_t n, size_t room)
{
  while (total_width(width, n) > room) {
    uint32_t widest = n;
    for (uint32_t c = 0; c < n; c++) {
      if (width[c] > floor[c] && (widest == n || width[c] > width[widest]))
        widest = c;
    }
    if (widest == n)
      return;
    width[widest]--;
  }
}

/* Natural widths; then text columns give way down to their longest word, and
 * only then further. */
static size_t *column_widths(
    writer *w, const dm_doc_table *table, const char **head, const char **cell,
    size_t room)
{
  uint32_t n = table->n_cols;
  size_t *width = dm_arena_array(w->arena, n, sizeof *width);
  size_t *floor = dm_arena_array(w->arena, n, sizeof *floor);
  for (uint32_t c = 0; c < n; c++) {
    width[c] = width_of(head[c]);
    floor[c] = longest_word(head[c]);
    if (width[c] < table->min[c])
      width[c] = floor[c] = table->min[c];
    for (uint32_t r = 0; r < table->n_rows; r++) {
      size_t wide = width_of(cell[(size_t)r * n + c]);
      size_t word = longest_word(cell[(size_t)r * n + c]);
      width[c] = wide > width[c] ? wide : width[c];
      floor[c] = word > floor[c] ? word : floor[c];
    }
    if (table->right[c])
      floor[c] = width[c];
  }
  shrink(width, floor, n, room);
  for (uint32_t c = 0; c < n; c++) {
    if (!table->right[c] && floor[c] > MIN_TEXT)
      floor[c] = MIN_TEXT;
  }
  size_t lead = total_width(width, table->n_lead);
  if (lead + MIN_TEXT > room)
    shrink(width, floor, table->n_lead, room / 2);
  if (n == table->n_lead + 1)
    shrink(width, floor, n, room);
  return width;
}

static bool any_text(const char **text, uint32_t n)
{
  for (uint32_t c = 0; c < n; c++) {
    if (text[c][0])
      return true;
  }
  return false;
}

static void write_table(writer *w, uint32_t indent, const dm_doc_table *table)
{
  uint32_t n = table->n_cols;
  size_t n_cells = (size_t)table->n_rows * n;
  if (n == 0)
    return;
  const char **head = dm_arena_array(w->arena, n, sizeof *head);
  const char **cell =
      dm_arena_array(w->arena, n_cells ? n_cells : 1, sizeof *cell);
  for (uint32_t c = 0; c < n; c++)
    head[c] = shown(w, table->head[c]);
  for (size_t i = 0; i < n_cells; i++)
    cell[i] = shown(w, table->cell[i]);
  size_t room = w->columns > indent + 20 ? w->columns - indent : 20;
  size_t *width = column_widths(w, table, head, cell, room);
  uint32_t *col = dm_arena_array(w->arena, n, sizeof *col);

  uint32_t lead = table->n_lead < n ? table->n_lead : n;
  for (uint32_t next = lead, group = 0; next < n || group == 0; group++) {
    uint32_t k = lead;
    size_t used = total_width(width, lead);
    for (uint32_t c = 0; c < lead; c++)
      col[c] = c;
    while (next < n && (k == lead || used + GAP + width[next] <= room)) {
      used += GAP + width[next];
      col[k++] = next++;
    }
    if (group > 0)
      dm_str_addc(w->out, '\n');
    if (any_text(head, n))
      write_row(w, indent, table, head, col, k, width, BOLD);
    for (uint32_t r = 0; r < table->n_rows; r++)
      write_row(w, indent, table, cell + (size_t)r * n, col, k, width, NULL);
  }
}

/* ---- bars ------------------------------------------------------------------------ */

/* A letter for each part: its first one that is still free. */
static void choose_marks(const dm_doc_bars *bars, char *mark)
{
  static const char spare[] = "0123456789*+#=%";
  for (uint32_t p = 0; p < bars->n_parts; p++) {
    mark[p] = '?';
    const char *from[] = {bars->part[p], spare};
    for (size_t f = 0; f < 2 && mark[p] == '?'; f++) {
      for (const char *c = from[f]; *c && mark[p] == '?'; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || f == 1;
        if (letter && !memchr(mark, *c, p))
          mark[p] = *c;
      }
    }
  }
}

static void write_bar(
    writer *w, const dm_doc_bars *bars, uint32_t row, const char *mark,
    size_t size)
{
  double sum = 0;
  size_t at = 0;
  for (uint32_t p = 0; p < bars->n_parts; p++) {
    double share = bars->share[(size_t)row * bars->n_parts + p];
    sum += share > 0 ? share : 0;
    /* Rounding the running sum keeps the whole bar right. */
    double edge = sum * (double)size + 0.5;
    size_t end = edge >= (double)size ? size : (size_t)edge;
    if (end <= at)
      continue;
    if (w->color)
      dm_str_addf(w->out, "\033[%um", 31 + p % 6);
    dm_str_fill(w->out, mark[p], end - at);
    if (w->color)
      dm_str_adds(w->out, "\033[0m");
    at = end;
  }
  dm_str_fill(w->out, '.', size - at);
}

static const char *legend(
    dm_arena *arena, const dm_doc_bars *bars, const char *mark)
{
  static const char going[] = ".=still" DM_NBSP "going" DM_NBSP "on";
  size_t size = sizeof going;
  for (uint32_t p = 0; p < bars->n_parts; p++)
    size += strlen(bars->part[p]) + 4;
  char *text = dm_arena_alloc(arena, size);
  size_t at = 0;
  for (uint32_t p = 0; p < bars->n_parts; p++) {
    size_t len = strlen(bars->part[p]);
    text[at++] = mark[p];
    text[at++] = '=';
    memcpy(text + at, bars->part[p], len);
    at += len;
    memcpy(text + at, ", ", 2);
    at += 2;
  }
  memcpy(text + at, going, sizeof going);
  return text;
}

static void write_bars(writer *w, uint32_t indent, const dm_doc_bars *bars)
{
  size_t label = 0;
  for (uint32_t r = 0; r < bars->n_rows; r++) {
    size_t wide = width_of(bars->label[r]);
    label = wide > label ? wide : label;
  }
  size_t taken = indent + label + 3;
  size_t size = w->columns > taken + 10 ? w->columns - taken : 10;
  if (size > MAX_BAR)
    size = MAX_BAR;
  char *mark = dm_arena_alloc(w->arena, bars->n_parts + 1);
  choose_marks(bars, mark);
  for (uint32_t r = 0; r < bars->n_rows; r++) {
    dm_str_fill(w->out, ' ', indent);
    pad(w, shown(w, bars->label[r]), label, false, false);
    dm_str_adds(w->out, " |");
    write_bar(w, bars, r, mark, size);
    dm_str_adds(w->out, "|\n");
  }
  write_block(
      w, indent + (uint32_t)label + 2, "", legend(w->arena, bars, mark), NULL);
}

/* ---- the whole --------------------------------------------------------------------- */

static void write_heading(writer *w, const dm_doc_block *block)
{
  const char *text = shown(w, block->text);
  write_block(w, 0, "", block->text, BOLD);
  if (block->level == 1 && !w->color) {
    size_t wide = width_of(text);
    dm_str_fill(w->out, '=', wide < w->columns ? wide : w->columns);
    dm_str_addc(w->out, '\n');
  } else if (block->level == 2 && !w->color) {
    size_t wide = width_of(text);
    dm_str_fill(w->out, '-', wide < w->columns ? wide : w->columns);
    dm_str_addc(w->out, '\n');
  }
}

void dm_doc_write_text(
    const dm_doc *doc, const dm_print_options *print, dm_str *out)
{
  uint32_t columns = print->columns ? print->columns : 80;
  writer w = {
      .arena = doc->arena,
      .out = out,
      .columns = columns < 40 ? 40 : columns,
      .color = print->color,
      .ascii = print->ascii};
  for (uint32_t i = 0; i < doc->block.n; i++) {
    const dm_doc_block *block = &doc->block.at[i];
    switch (block->kind) {
    case DM_DOC_HEADING:
      write_heading(&w, block);
      break;
    case DM_DOC_PARAGRAPH:
      write_block(
          &w, block->indent, "", block->text, block->level ? ALARM : NULL);
      break;
    case DM_DOC_ITEM:
      write_block(&w, block->indent, block->lead, block->text, NULL);
      break;
    case DM_DOC_TABLE:
      write_table(&w, block->indent, block->table);
      break;
    case DM_DOC_BARS:
      write_bars(&w, block->indent, block->bars);
      break;
    case DM_DOC_CODE:
      write_code(&w, block->indent, block->text);
      break;
    case DM_DOC_GAP:
      dm_str_addc(out, '\n');
      break;
    }
  }
}

uint32_t dm_doc_lines(const dm_doc *doc, const dm_print_options *print)
{
  dm_str out = {0};
  uint32_t count = 0;
  dm_doc_write_text(doc, print, &out);
  for (size_t i = 0; i < out.len; i++)
    count += out.at[i] == '\n';
  dm_str_clear(&out);
  return count;
}
