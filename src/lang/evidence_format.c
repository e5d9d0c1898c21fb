/* lang/evidence_format.c -- an evidence file in its canonical layout.
 *
 * requires: text that the reader of evidence accepts.  provides: the same
 * tokens and comments; dates, reports, sources and what stands behind them each
 * in a column.  The reader has marked where columns begin.  Rows are never
 * joined or split and widths do not depend on the old layout, so the layout is
 * a fixed point.  Without the scenario any word behind a number that means
 * nothing else passes for a unit. */
#include "lang/evidence.h"

#include "lang/evidence_parts.h"

enum {
  EVENT_MOST = 40, /* longer reports do not move the column behind them */
  SOURCE_MOST = 24,
  GAP = 2,
  MORE = 4 /* indent of what continues a line */
};

enum { COLUMNS = 4 };

typedef struct dm_ev_row {
  uint32_t first, end;       /* tokens; first == end: a comment alone */
  uint32_t comment;          /* UINT32_MAX: none */
  uint32_t cut[COLUMNS + 1]; /* where each column begins */
  bool dated, more, blank;
} dm_ev_row;

typedef struct dm_ev_layout {
  dm_arena *arena;
  dm_str *out;
  dm_reader r;
  DM_VEC(dm_ev_row) row;
  uint32_t width[2][COLUMNS]; /* of sources' rows, of dated rows */
} dm_ev_layout;

static void scan_units(dm_reader *r)
{
  dm_table_init(&r->units, r->arena, 0);
  for (uint32_t i = 0; i + 1 < r->lexed.toks.n; i++) {
    const dm_tok *tok = &r->lexed.toks.at[i];
    if (tok[0].kind == DM_T_NUMBER && tok[1].kind == DM_T_WORD &&
        tok[1].word == DM_W_NONE &&
        !(tok[1].flags & (DM_TOK_UPPER | DM_TOK_DOTTED)))
      (void)dm_table_intern(
          &r->units, r->lexed.text + tok[1].at, tok[1].len, NULL);
  }
}

/* A line that begins with a number too short for a year counts in turns. */
static void scan_clock(dm_reader *r)
{
  for (uint32_t c = 0; c < r->lexed.clauses.n; c++) {
    const dm_tok *tok = &r->lexed.toks.at[r->lexed.clauses.at[c].first];
    if (tok->kind == DM_T_WORD && tok->word == DM_W_ABOUT)
      tok++;
    if (tok->kind == DM_T_NUMBER && tok->len < 4)
      r->clock = DM_AST_TURN;
  }
}

/* ---- rows ---------------------------------------------------------------------- */

static void cut_row(const dm_ev_layout *l, dm_ev_row *row)
{
  static const uint8_t starts[COLUMNS] = {
      DM_MARK_NONE, DM_MARK_BODY, DM_MARK_COLUMN, DM_MARK_CELL};
  row->cut[0] = row->first;
  for (uint32_t k = 1; k <= COLUMNS; k++)
    row->cut[k] = row->end;
  for (uint32_t i = row->end; i-- > row->first;) {
    for (uint32_t k = 1; k < COLUMNS; k++)
      if (l->r.lexed.toks.at[i].mark == starts[k])
        row->cut[k] = i;
  }
  for (uint32_t k = COLUMNS; k-- > 1;)
    if (row->cut[k] > row->cut[k + 1])
      row->cut[k] = row->cut[k + 1];
}

static void make_rows(dm_ev_layout *l)
{
  const dm_lexed *lexed = &l->r.lexed;
  uint32_t i = 0, n = lexed->toks.n - 1, c = 0, clause = 0, before = 0;
  bool head = true;
  while (i < n || c < lexed->comments.n) {
    dm_ev_row row = {.comment = UINT32_MAX};
    const dm_tok *tok = &lexed->toks.at[i];
    bool alone = c < lexed->comments.n &&
                 (i >= n || lexed->comments.at[c].line < tok->line);
    uint32_t line = alone ? lexed->comments.at[c].line : tok->line;
    row.blank = before > 0 && line > before + 1;
    before = line;
    row.first = row.end = i;
    if (!alone) {
      while (clause < lexed->clauses.n && lexed->clauses.at[clause].end <= i)
        clause++;
      bool starts = lexed->clauses.at[clause].first == i;
      bool date = tok->kind == DM_T_DATE || tok->kind == DM_T_NUMBER ||
                  tok->word == DM_W_ABOUT;
      bool known =
          date || tok->word == DM_W_SOURCE || tok->word == DM_W_EVIDENCE;
      /* Indented below the head a line still begins with its date. */
      row.more = !starts || (!lexed->clauses.at[clause].head && !head);
      if (starts && lexed->clauses.at[clause].head)
        head = tok->word == DM_W_EVIDENCE;
      row.more = row.more || !known;
      row.dated = date;
      while (row.end < n && lexed->toks.at[row.end].line == line)
        row.end++;
      i = row.end;
    }
    if (c < lexed->comments.n && lexed->comments.at[c].line == line)
      row.comment = c++;
    cut_row(l, &row);
    DM_PUSH(l->arena, &l->row, row);
  }
}

/* ---- words ----------------------------------------------------------------------- */

/* Writes tokens first .. end, one space where there was any and behind commas;
 * the width in columns of a terminal. */
static uint32_t put(
    const dm_ev_layout *l, uint32_t first, uint32_t end, dm_str *out)
{
  uint32_t width = 0;
  for (uint32_t i = first; i < end; i++) {
    const dm_tok *tok = &l->r.lexed.toks.at[i];
    const char *text = l->r.lexed.text + tok->at;
    bool space = i > first && tok->kind != DM_T_COMMA &&
                 ((tok->flags & DM_TOK_SPACE) || tok[-1].kind == DM_T_COMMA);
    if (out && space)
      dm_str_addc(out, ' ');
    if (out)
      dm_str_add(out, text, tok->len);
    width += space + (uint32_t)dm_text_width(text, tok->len);
  }
  return width;
}

static void measure(dm_ev_layout *l)
{
  static const uint32_t most[COLUMNS] = {64, EVENT_MOST, SOURCE_MOST, 0};
  for (uint32_t i = 0; i < l->row.n; i++) {
    const dm_ev_row *row = &l->row.at[i];
    for (uint32_t k = 0; !row->more && k < COLUMNS; k++) {
      /* Only what something stands behind makes a column. */
      if (row->cut[k + 1] == row->end)
        continue;
      uint32_t w = put(l, row->cut[k], row->cut[k + 1], NULL);
      if (w <= most[k] && w > l->width[row->dated][k])
        l->width[row->dated][k] = w;
    }
  }
}

static void write_row(dm_ev_layout *l, const dm_ev_row *row)
{
  uint32_t at = 0, to = 0;
  bool some = row->first < row->end;
  if (row->blank)
    dm_str_addc(l->out, '\n');
  if (row->more && some) {
    dm_str_fill(l->out, ' ', MORE);
    put(l, row->first, row->end, l->out);
  }
  for (uint32_t k = 0; !row->more && k < COLUMNS; k++) {
    if (row->cut[k] < row->cut[k + 1]) {
      uint32_t fill = at == 0 ? 0 : to > at + GAP ? to - at : GAP;
      dm_str_fill(l->out, ' ', fill);
      at += fill + put(l, row->cut[k], row->cut[k + 1], l->out);
    }
    to += l->width[row->dated][k] + (l->width[row->dated][k] ? GAP : 0);
  }
  if (row->comment != UINT32_MAX) {
    const dm_comment *c = &l->r.lexed.comments.at[row->comment];
    dm_str_fill(l->out, ' ', some ? GAP : 0);
    dm_str_add(l->out, l->r.lexed.text + c->at, c->len);
  }
  dm_str_addc(l->out, '\n');
}

static dm_status format_in(
    dm_ev_layout *l, const char *text, size_t len, dm_diags *diags)
{
  dm_reader *r = &l->r;
  r->arena = l->arena;
  r->diags = diags;
  dm_status status = dm_lex_read(l->arena, text, len, true, diags, &r->lexed);
  if (status != DM_OK)
    return status;
  scan_units(r);
  scan_clock(r);
  r->ast = dm_arena_alloc(l->arena, sizeof *r->ast);
  dm_ev_file *file = dm_arena_alloc(l->arena, sizeof *file);
  dm_ev_read(r, file);
  if (r->errors)
    return DM_E_INPUT;
  make_rows(l);
  measure(l);
  for (uint32_t i = 0; i < l->row.n; i++)
    write_row(l, &l->row.at[i]);
  return DM_OK;
}

dm_status dm_evidence_format(
    const char *text, size_t len, dm_diags *diags, dm_str *out)
{
  dm_arena arena;
  dm_arena_init(&arena, 0);
  size_t before = out->len;
  dm_status status = (dm_status)setjmp(arena.jump);
  if (status == DM_OK) {
    dm_ev_layout *l = dm_arena_alloc(&arena, sizeof *l);
    l->arena = &arena;
    l->out = out;
    status = format_in(l, text, len, diags);
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
