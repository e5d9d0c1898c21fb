/* lang/format.c -- a scenario file in its canonical layout.
 *
 * requires: text that the reader accepts.  provides: the same tokens and
 * comments, laid out afresh.
 *
 * The reader has marked the tokens that begin a column.  Tokens and comments
 * become rows, a row for each line of the file (and for each `costs`,
 * `announced` and `as`); a row is cut into segments at the marks; the widths of
 * the segments of a block give its columns.  Since rows are never joined and
 * widths do not depend on the old layout, a second run finds the same rows and
 * the same widths: the layout is a fixed point. */
#include "lang/format.h"

#include "lang/reader.h"

enum {
  INDENT = 2,      /* of a clause */
  INDENT_MORE = 4, /* of what continues it */
  LABEL = 12,      /* least width of a clause's label, space included */
  LABEL_MOST = 24, /* longer labels push their own line only */
  BODY_MOST = 32,  /* longer bodies do not move the column behind them */
  STATE_MOST = 24, /* the same where viewers stand behind a scale */
  CELL_GAP = 2,    /* between the columns of a table */
  TABLE_GAP = 3,   /* in front of its first column */
  COMMENT_AT = 49, /* column of trailing comments, from 0 */
  CELLS_MOST = 256 /* columns of a table that are aligned */
};

#define NO_COMMENT UINT32_MAX

typedef struct segment {
  const char *text;
  uint32_t width; /* terminal columns */
  dm_mark mark;   /* of its first token */
} segment;

typedef enum row_kind { ROW_HEAD, ROW_CLAUSE, ROW_MORE, ROW_COMMENT } row_kind;

typedef struct row {
  row_kind kind;
  uint32_t first;   /* segment */
  uint32_t n;       /* segments */
  uint32_t comment; /* trailing one, or the row's own */
  uint32_t indent;  /* ROW_COMMENT */
  bool blank;       /* the author left a line free before it */
} row;

/* Rows of one block, from its head on; in front of the first head there may
 * be a block of comments alone. */
typedef struct group {
  uint32_t first;
  uint32_t end;
  dm_word word;
} group;

typedef struct layout {
  uint32_t label;  /* width of labels, space included */
  uint32_t column; /* where DM_MARK_COLUMN stands, from 0; 0: nowhere */
  uint32_t cells;  /* columns of the table */
  uint32_t head_at[CELLS_MOST];
  uint32_t cell_at[CELLS_MOST]; /* cells end before cell_at + cell_width */
  uint32_t cell_width[CELLS_MOST];
} layout;

typedef struct formatter {
  dm_reader reader;
  dm_arena *arena;
  DM_VEC(segment) segments;
  DM_VEC(row) rows;
  DM_VEC(group) groups;
  uint32_t option_label; /* labels of options, all over the file */
  uint32_t arrow;        /* where their arrows stand, from 0 */
  dm_str *out;
} formatter;

/* ---- tokens to segments -------------------------------------------------- */

/* Signs that cling to what stands before them. */
static bool clings(const dm_tok *tok)
{
  return tok->kind == DM_T_COMMA || tok->kind == DM_T_SEMI ||
         tok->kind == DM_T_COLON || tok->kind == DM_T_CLOSE ||
         tok->kind == DM_T_CLOSE_RANGE || tok->kind == DM_T_DOTS;
}

/* 1/3 stays so where the author wrote it so. */
static bool fraction(const dm_tok *slash)
{
  return slash->kind == DM_T_SLASH && slash[-1].kind == DM_T_NUMBER &&
         slash[1].kind == DM_T_NUMBER && !(slash->flags & DM_TOK_SPACE) &&
         !(slash[1].flags & DM_TOK_SPACE);
}

/* Whether a space stands between tok[-1] and tok[0]. */
static bool spaced(const dm_tok *tok)
{
  const dm_tok *a = tok - 1;
  if (clings(tok) || a->kind == DM_T_OPEN || a->kind == DM_T_OPEN_RANGE ||
      a->kind == DM_T_DOTS || (a->flags & DM_TOK_SIGN))
    return false;
  if (tok->kind == DM_T_OPEN && a->kind == DM_T_WORD &&
      (a->word == DM_W_MIN || a->word == DM_W_MAX))
    return false;
  if (fraction(tok) || fraction(a))
    return false;
  return a->mark != DM_MARK_TIGHT && tok->mark != DM_MARK_TIGHT;
}

static void add_segment(formatter *f, uint32_t first, uint32_t end)
{
  const dm_lexed *lexed = &f->reader.lexed;
  const dm_tok *tok = lexed->toks.at;
  size_t room = 1;
  for (uint32_t i = first; i < end; i++)
    room += (size_t)tok[i].len + 1;
  char *text = dm_arena_alloc(f->arena, room);
  size_t n = 0;
  for (uint32_t i = first; i < end; i++) {
    if (i > first && spaced(&tok[i]))
      text[n++] = ' ';
    for (uint32_t k = 0; k < tok[i].len; k++)
      text[n++] = lexed->text[tok[i].at + k];
  }
  segment s = {
      .text = text,
      .width = (uint32_t)dm_text_width(text, n),
      .mark = (dm_mark)tok[first].mark};
  DM_PUSH(f->arena, &f->segments, s);
}

static bool begins_segment(const dm_tok *tok)
{
  switch ((dm_mark)tok->mark) {
  case DM_MARK_BODY:
  case DM_MARK_COLUMN:
  case DM_MARK_CELL:
  case DM_MARK_ARROW:
    return true;
  case DM_MARK_NONE:
  case DM_MARK_SUB:
  case DM_MARK_TIGHT:
    break;
  }
  return false;
}

/* ---- rows ---------------------------------------------------------------- */

static void add_row(
    formatter *f, row_kind kind, uint32_t first, uint32_t end, bool blank)
{
  const dm_tok *tok = f->reader.lexed.toks.at;
  row line = {
      .kind = kind,
      .first = f->segments.n,
      .comment = NO_COMMENT,
      .blank = blank};
  uint32_t from = first;
  for (uint32_t i = first + 1; i < end; i++)
    if (begins_segment(&tok[i])) {
      add_segment(f, from, i);
      from = i;
    }
  add_segment(f, from, end);
  line.n = f->segments.n - line.first;
  DM_PUSH(f->arena, &f->rows, line);
}

typedef struct walk {
  uint32_t comment; /* next one */
  uint32_t line;    /* of the last row */
} walk;

/* Comments on lines of their own that stand before line `before`. */
static void comments_before(formatter *f, walk *w, uint32_t before)
{
  const dm_lexed *lexed = &f->reader.lexed;
  while (w->comment < lexed->comments.n &&
         lexed->comments.at[w->comment].line < before) {
    const dm_comment *c = &lexed->comments.at[w->comment];
    row line = {
        .kind = ROW_COMMENT,
        .first = f->segments.n,
        .comment = w->comment,
        .indent = c->column > 1 ? INDENT : 0,
        .blank = w->line && c->line > w->line + 1};
    DM_PUSH(f->arena, &f->rows, line);
    w->line = c->line;
    w->comment++;
  }
}

static void clause_rows(formatter *f, walk *w, const dm_clause *clause)
{
  const dm_lexed *lexed = &f->reader.lexed;
  const dm_tok *tok = lexed->toks.at;
  uint32_t first = clause->first;
  row_kind kind = clause->head ? ROW_HEAD : ROW_CLAUSE;
  while (first < clause->end) {
    uint32_t end = first + 1;
    while (end < clause->end && !(tok[end].flags & DM_TOK_FIRST) &&
           tok[end].mark != DM_MARK_SUB)
      end++;
    if (tok[first].flags & DM_TOK_FIRST)
      comments_before(f, w, tok[first].line);
    bool blank = w->line && tok[first].line > w->line + 1;
    add_row(f, kind, first, end, blank && kind != ROW_MORE);
    w->line = tok[end - 1].line;
    bool last_of_line = end >= clause->end || tok[end].line != w->line;
    if (last_of_line && w->comment < lexed->comments.n &&
        lexed->comments.at[w->comment].line == w->line)
      f->rows.at[f->rows.n - 1].comment = w->comment++;
    first = end;
    kind = ROW_MORE;
  }
}

/* A comment stands as deep as what it stands before; at the end of a block
 * the author's column 1 says that it belongs to the next. */
static void indent_comments(formatter *f)
{
  bool in_block = false;
  for (uint32_t i = 0; i < f->rows.n; i++) {
    row *line = &f->rows.at[i];
    in_block = in_block || line->kind == ROW_HEAD;
    if (line->kind != ROW_COMMENT)
      continue;
    uint32_t next = i + 1;
    while (next < f->rows.n && f->rows.at[next].kind == ROW_COMMENT)
      next++;
    row_kind kind = next < f->rows.n ? f->rows.at[next].kind : ROW_HEAD;
    uint32_t end = next;
    for (; i < end; i++) {
      row *c = &f->rows.at[i];
      if (kind == ROW_CLAUSE)
        c->indent = INDENT;
      else if (kind == ROW_MORE)
        c->indent = INDENT_MORE;
      else if (!in_block)
        c->indent = 0;
      /* Behind a comment in column 1 none is of the block before any more. */
      else if (
          i > 0 && f->rows.at[i - 1].kind == ROW_COMMENT &&
          f->rows.at[i - 1].indent == 0)
        c->indent = 0;
    }
    i--;
  }
}

static void make_rows(formatter *f)
{
  const dm_lexed *lexed = &f->reader.lexed;
  walk w = {0, 0};
  for (uint32_t c = 0; c < lexed->clauses.n; c++)
    clause_rows(f, &w, &lexed->clauses.at[c]);
  comments_before(f, &w, UINT32_MAX);
  indent_comments(f);
}

/* ---- blocks -------------------------------------------------------------- */

static void make_groups(formatter *f)
{
  const dm_lexed *lexed = &f->reader.lexed;
  uint32_t clause = 0;
  group g = {0, 0, DM_W_NONE};
  for (uint32_t i = 0; i < f->rows.n; i++) {
    if (f->rows.at[i].kind != ROW_HEAD)
      continue;
    while (!lexed->clauses.at[clause].head)
      clause++;
    dm_word word =
        (dm_word)lexed->toks.at[lexed->clauses.at[clause].first].word;
    clause++;
    /* Comments in column 1 in front of a head go with it. */
    uint32_t from = i;
    while (from > g.first && f->rows.at[from - 1].kind == ROW_COMMENT &&
           f->rows.at[from - 1].indent == 0)
      from--;
    g.end = from;
    if (g.end > g.first)
      DM_PUSH(f->arena, &f->groups, g);
    g = (group){from, from, word};
  }
  g.end = f->rows.n;
  if (g.end > g.first)
    DM_PUSH(f->arena, &f->groups, g);
}

/* ---- columns ------------------------------------------------------------- */

static const segment *segment_of(
    const formatter *f, const row *line, uint32_t k)
{
  return &f->segments.at[line->first + k];
}

static uint32_t most(uint32_t a, uint32_t b)
{
  return a > b ? a : b;
}

/* Blocks whose labels are the author's names: their width follows them. */
static bool named_labels(dm_word word)
{
  return word == DM_W_ASSUME || word == DM_W_STATE || word == DM_W_CHOICE ||
         word == DM_W_EACH || word == DM_W_EVERY;
}

static uint32_t label_width(const formatter *f, const group *g)
{
  uint32_t width = LABEL;
  for (uint32_t i = g->first; i < g->end; i++) {
    const row *line = &f->rows.at[i];
    if (line->kind != ROW_CLAUSE || line->n < 2)
      continue;
    uint32_t w = segment_of(f, line, 0)->width;
    if (w + 1 < LABEL_MOST)
      width = most(width, w + (w + 1 < LABEL ? 1 : 2));
  }
  return width;
}

/* Where segment k of a clause's row would begin, with labels of this width. */
static uint32_t body_at(const formatter *f, const row *line, uint32_t label)
{
  uint32_t w = segment_of(f, line, 0)->width;
  return INDENT + (w < label ? label : w + 1);
}

/* Behind the widest body.  The gap is smallest where `if` makes the column
 * plain, and widest in deals, where both columns are phrases. */
static void place_column(const formatter *f, const group *g, layout *l)
{
  uint32_t gap = g->word == DM_W_EACH ? 1 : g->word == DM_W_DEAL ? 3 : 2;
  uint32_t limit = g->word == DM_W_STATE ? STATE_MOST : BODY_MOST;
  for (uint32_t i = g->first; i < g->end; i++) {
    const row *line = &f->rows.at[i];
    if (line->kind != ROW_CLAUSE || line->n < 3 ||
        segment_of(f, line, 1)->mark != DM_MARK_BODY ||
        segment_of(f, line, 2)->mark != DM_MARK_COLUMN)
      continue;
    uint32_t width = segment_of(f, line, 1)->width;
    if (width <= limit)
      l->column = most(l->column, body_at(f, line, l->label) + width + gap);
  }
}

static bool table_row(const formatter *f, const row *line)
{
  return (line->kind == ROW_CLAUSE || line->kind == ROW_HEAD) && line->n > 1 &&
         segment_of(f, line, 1)->mark == DM_MARK_CELL;
}

static void place_cells(const formatter *f, const group *g, layout *l)
{
  uint32_t head_width[CELLS_MOST] = {0};
  uint32_t label = 0;
  for (uint32_t i = g->first; i < g->end; i++) {
    const row *line = &f->rows.at[i];
    if (!table_row(f, line))
      continue;
    bool head = line->kind == ROW_HEAD;
    uint32_t *width = head ? head_width : l->cell_width;
    label = most(
        label, segment_of(f, line, 0)->width + (head ? 0u : (uint32_t)INDENT));
    for (uint32_t k = 1; k < line->n && k <= CELLS_MOST; k++) {
      const segment *s = segment_of(f, line, k);
      if (s->mark != DM_MARK_CELL)
        break;
      width[k - 1] = most(width[k - 1], s->width);
      l->cells = most(l->cells, k);
    }
  }
  uint32_t at = label + TABLE_GAP;
  for (uint32_t k = 0; k < l->cells; k++) {
    uint32_t h = head_width[k];
    uint32_t w = l->cell_width[k];
    /* Numbers stand about the middle of a longer heading. */
    l->head_at[k] = at;
    l->cell_at[k] = at + (h > w ? (h - w - 1) / 2 : 0);
    at += most(h, w) + CELL_GAP;
  }
}

static layout layout_of(const formatter *f, const group *g)
{
  layout l = {.label = LABEL};
  if (g->word == DM_W_CHOICE)
    l.label = f->option_label;
  else if (named_labels(g->word))
    l.label = label_width(f, g);
  place_column(f, g, &l);
  place_cells(f, g, &l);
  return l;
}

/* Arrows of options stand in one column all over the file. */
static void place_arrows(formatter *f)
{
  f->option_label = LABEL;
  for (uint32_t g = 0; g < f->groups.n; g++)
    if (f->groups.at[g].word == DM_W_CHOICE)
      f->option_label = most(f->option_label, label_width(f, &f->groups.at[g]));
  for (uint32_t g = 0; g < f->groups.n; g++) {
    if (f->groups.at[g].word != DM_W_CHOICE)
      continue;
    for (uint32_t i = f->groups.at[g].first; i < f->groups.at[g].end; i++) {
      const row *line = &f->rows.at[i];
      if (line->kind != ROW_CLAUSE || line->n < 2)
        continue;
      uint32_t at = body_at(f, line, f->option_label);
      const segment *s = segment_of(f, line, 1);
      if (s->mark == DM_MARK_BODY && line->n > 2 &&
          segment_of(f, line, 2)->mark == DM_MARK_ARROW &&
          s->width <= BODY_MOST)
        at += s->width + 1;
      f->arrow = most(f->arrow, at);
    }
  }
}

/* ---- writing ------------------------------------------------------------- */

/* Goes to column `to`, or one space on when that is behind. */
static void pad(formatter *f, uint32_t *at, uint32_t to, uint32_t gap)
{
  uint32_t n = to >= *at + gap ? to - *at : gap;
  dm_str_fill(f->out, ' ', n);
  *at += n;
}

static void put(formatter *f, uint32_t *at, const segment *s)
{
  dm_str_adds(f->out, s->text);
  *at += s->width;
}

static void write_cell(
    formatter *f, uint32_t *at, const row *line, uint32_t k, const layout *l)
{
  const segment *s = segment_of(f, line, k);
  uint32_t c = k - 1;
  uint32_t to = 0;
  if (c < l->cells) {
    to = l->head_at[c];
    if (line->kind == ROW_CLAUSE) {
      to = l->cell_at[c];
      if (s->width < l->cell_width[c])
        to += l->cell_width[c] - s->width;
    }
  }
  pad(f, at, to, 1);
}

static void write_segments(
    formatter *f, uint32_t *at, const row *line, const layout *l)
{
  for (uint32_t k = 0; k < line->n; k++) {
    const segment *s = segment_of(f, line, k);
    if (k > 0 && line->kind == ROW_MORE) {
      pad(f, at, 0, 1);
    } else if (k > 0) {
      switch (s->mark) {
      case DM_MARK_BODY:
        pad(f, at, INDENT + l->label, 1);
        break;
      case DM_MARK_COLUMN:
        pad(f, at, l->column, table_row(f, line) ? 2 : 1);
        break;
      case DM_MARK_ARROW:
        pad(f, at, f->arrow, 1);
        break;
      case DM_MARK_CELL:
        write_cell(f, at, line, k, l);
        break;
      case DM_MARK_NONE:
      case DM_MARK_SUB:
      case DM_MARK_TIGHT:
        pad(f, at, 0, 1);
        break;
      }
    }
    put(f, at, s);
  }
}

static void write_comment(formatter *f, uint32_t comment)
{
  const dm_comment *c = &f->reader.lexed.comments.at[comment];
  dm_str_add(f->out, f->reader.lexed.text + c->at, c->len);
}

static void write_row(formatter *f, const row *line, const layout *l)
{
  uint32_t at = 0;
  if (line->kind == ROW_COMMENT) {
    dm_str_fill(f->out, ' ', line->indent);
    write_comment(f, line->comment);
  } else {
    uint32_t indent = line->kind == ROW_CLAUSE ? INDENT
                      : line->kind == ROW_MORE ? INDENT_MORE
                                               : 0;
    dm_str_fill(f->out, ' ', indent);
    at = indent;
    write_segments(f, &at, line, l);
    if (line->comment != NO_COMMENT) {
      pad(f, &at, COMMENT_AT, 2);
      write_comment(f, line->comment);
    }
  }
  dm_str_addc(f->out, '\n');
}

/* A block on its head's line alone; such blocks may stand together. */
static bool one_line(const formatter *f, const group *g)
{
  uint32_t rows = 0;
  for (uint32_t i = g->first; i < g->end; i++)
    rows += f->rows.at[i].kind != ROW_COMMENT || f->rows.at[i].indent > 0;
  return rows <= 1;
}

static void write_all(formatter *f)
{
  for (uint32_t k = 0; k < f->groups.n; k++) {
    const group *g = &f->groups.at[k];
    layout l = layout_of(f, g);
    bool apart = k > 0 && !(one_line(f, g) && one_line(f, g - 1));
    row_kind before = ROW_HEAD;
    for (uint32_t i = g->first; i < g->end; i++) {
      const row *line = &f->rows.at[i];
      bool blank = line->blank;
      if (i == g->first)
        blank = k > 0 && (blank || apart);
      else if (before == ROW_HEAD)
        blank = false;
      if (blank)
        dm_str_addc(f->out, '\n');
      write_row(f, line, &l);
      before = line->kind;
    }
  }
}

/* ---- entry --------------------------------------------------------------- */

static dm_status format_in(
    formatter *f, const char *text, size_t len, dm_diags *diags)
{
  dm_reader *r = &f->reader;
  r->arena = f->arena;
  r->diags = diags;
  dm_status status = dm_lex_read(f->arena, text, len, true, diags, &r->lexed);
  if (status != DM_OK)
    return status;
  dm_rd_file(r);
  if (r->errors)
    return DM_E_INPUT;
  make_rows(f);
  make_groups(f);
  place_arrows(f);
  write_all(f);
  return DM_OK;
}

dm_status dm_format(const char *text, size_t len, dm_diags *diags, dm_str *out)
{
  dm_arena arena;
  dm_arena_init(&arena, 0);
  size_t before = out->len;
  dm_status status = (dm_status)setjmp(arena.jump);
  if (status == DM_OK) {
    formatter *f = dm_arena_alloc(&arena, sizeof *f);
    f->arena = &arena;
    f->out = out;
    status = format_in(f, text, len, diags);
  }
  dm_arena_clear(&arena);
  if (out->failed)
    status = DM_E_MEMORY;
  if (status != DM_OK && out->at) {
    out->len = before;
    out->at[before] = '\0';
  }
  return status;
}
