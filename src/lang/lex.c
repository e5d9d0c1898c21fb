/* lang/lex.c -- text to words, and words to clauses.
 *
 * requires: any bytes.  provides: checked UTF-8, tokens with places, clauses,
 * comments kept aside.  One pass for the bytes, one for the words; no
 * recursion, nothing quadratic. */
#include "lang/lex.h"

#include "base/str.h"

#include <stdio.h>
#include <string.h>

typedef struct lexer {
  dm_arena *arena;
  dm_diags *diags;
  dm_lexed *out;
  const char *text;
  size_t len;
  size_t pos;
  uint32_t line;
  uint32_t column;
  uint32_t clause_column; /* of the clauses of this block; 0: none seen yet */
  uint32_t bad_line;      /* last line with a message: one a line is enough */
  uint32_t tab_lines;     /* lines that have tabs */
  uint32_t last_tab_line;
  dm_span first_tab;
  bool space; /* white space since the last token */
  bool fresh; /* no token on this line yet */
} lexer;

/* Of many errors of one kind nobody reads more. */
enum { LEX_ERRORS_MAX = 5 };

static void unreadable(
    dm_diags *diags, dm_span at, const char *text, const char *repair)
{
  dm_diags_add(diags, DM_ERROR, "E001", "unreadable text", at, 0, text, repair);
}

static void syntax(lexer *x, dm_span at, const char *text, const char *repair)
{
  if (x->bad_line == at.line || x->out->errors >= LEX_ERRORS_MAX)
    return;
  x->bad_line = at.line;
  x->out->errors++;
  dm_diags_add(x->diags, DM_ERROR, "E003", "syntax", at, 0, text, repair);
}

/* ---- bytes --------------------------------------------------------------- */

static void file_bad_byte(
    dm_diags *diags, const char *text, size_t pos, dm_span at)
{
  unsigned char c = (unsigned char)text[pos];
  char why[160];
  const char *repair = "Save the file as plain text in UTF-8.";
  if (pos == 0 && (c == 0xFF || c == 0xFE)) {
    snprintf(
        why, sizeof why, "The file begins like UTF-16, which is not read.");
  } else if (c == 0) {
    snprintf(
        why, sizeof why,
        "There is a zero byte here: this is no text file, or it is damaged.");
  } else if (c == '\r') {
    snprintf(
        why, sizeof why,
        "A carriage return stands here without a line feed behind it.");
    repair = "End the lines with a line feed.";
  } else if (c < 0x20 || c == 0x7F) {
    snprintf(
        why, sizeof why, "There is a control character here (byte %u).",
        (unsigned)c);
  } else {
    snprintf(
        why, sizeof why,
        "The bytes here are not UTF-8 (the first of them is %u).", (unsigned)c);
  }
  unreadable(diags, at, why, repair);
}

dm_status dm_lex_check_bytes(dm_diags *diags, const char *text, size_t len)
{
  dm_span top = {1, 1, 1};
  if (len > DM_LEX_BYTES_MAX) {
    unreadable(
        diags, top, "The file is larger than 16 MiB, which no scenario is.",
        "Is it the right file?");
    return DM_E_INPUT;
  }
  dm_span at = {1, 1, 1};
  size_t pos = 0;
  while (pos < len) {
    unsigned char c = (unsigned char)text[pos];
    size_t step = dm_utf8_step(text + pos, len - pos);
    bool ends = c == '\r' && pos + 1 < len && text[pos + 1] == '\n';
    bool control = c < 0x20 && c != '\n' && c != '\t' && !ends;
    if (step == 0 || control || c == 0x7F) {
      file_bad_byte(diags, text, pos, at);
      return DM_E_INPUT;
    }
    pos += step;
    at.column++;
    if (c == '\n') {
      at.line++;
      at.column = 1;
    }
  }
  return DM_OK;
}

uint32_t dm_text_points(const char *text, size_t len)
{
  uint32_t n = 0;
  for (size_t i = 0; i < len; i++)
    n += ((unsigned char)text[i] & 0xC0) != 0x80;
  return n;
}

dm_span dm_tok_span(const dm_lexed *lexed, const dm_tok *tok)
{
  uint32_t length = dm_text_points(lexed->text + tok->at, tok->len);
  return (dm_span){tok->line, tok->column, length ? length : 1};
}

/* ---- white space and comments -------------------------------------------- */

static char peek(const lexer *x, size_t ahead)
{
  return x->len - x->pos > ahead ? x->text[x->pos + ahead] : '\0';
}

static void take_comment(lexer *x)
{
  const char *from = x->text + x->pos;
  const char *end = memchr(from, '\n', x->len - x->pos);
  size_t len = end ? (size_t)(end - from) : x->len - x->pos;
  size_t kept = len;
  while (kept && (from[kept - 1] == ' ' || from[kept - 1] == '\r' ||
                  from[kept - 1] == '\t'))
    kept--;
  dm_comment comment = {
      .at = (uint32_t)x->pos,
      .len = (uint32_t)kept,
      .line = x->line,
      .column = x->column,
      .alone = x->fresh};
  DM_PUSH(x->arena, &x->out->comments, comment);
  x->pos += len;
}

static void take_tab(lexer *x)
{
  if (x->last_tab_line != x->line) {
    x->last_tab_line = x->line;
    x->tab_lines++;
    if (x->tab_lines == 1)
      x->first_tab = (dm_span){x->line, x->column, 1};
  }
  x->column = (x->column + 7) / 8 * 8 + 1;
  x->pos++;
}

static void skip_space(lexer *x)
{
  while (x->pos < x->len) {
    char c = x->text[x->pos];
    if (c == '\n') {
      x->line++;
      x->column = 1;
      x->fresh = true;
      x->pos++;
    } else if (c == ' ') {
      x->column++;
      x->pos++;
    } else if (c == '\r') {
      x->pos++;
    } else if (c == '\t') {
      take_tab(x);
    } else if (c == '#') {
      take_comment(x);
    } else {
      return;
    }
    x->space = true;
  }
}

/* ---- tokens -------------------------------------------------------------- */

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
  return c >= 'A' && c <= 'Z';
}

static bool begins_word(char c)
{
  return (c >= 'a' && c <= 'z') || c == '_' || is_upper(c);
}

static bool in_word(char c)
{
  return begins_word(c) || is_digit(c);
}

static bool digits_at(const lexer *x, size_t from, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (!is_digit(peek(x, from + i)))
      return false;
  return true;
}

/* Bytes of the date that begins here, or 0.  Dates with a slip in them (week
 * 5 for 05) are taken too, so that the reader can say what is amiss. */
static size_t date_length(const lexer *x)
{
  if (!digits_at(x, 0, 4) || peek(x, 4) != '-')
    return 0;
  char c = peek(x, 5);
  size_t n = 6;
  if (c == 'W' || c == 'w' || c == 'Q' || c == 'q') {
    while (is_digit(peek(x, n)))
      n++;
    return n == 6 || in_word(peek(x, n)) ? 0 : n;
  }
  if (!digits_at(x, 5, 2) || in_word(peek(x, 7)))
    return 0;
  if (peek(x, 7) == '-' && digits_at(x, 8, 2) && !in_word(peek(x, 10)))
    return 10;
  return 7;
}

static size_t number_length(const lexer *x)
{
  size_t n = 0;
  while (is_digit(peek(x, n)))
    n++;
  if (peek(x, n) == '.' && is_digit(peek(x, n + 1))) {
    n++;
    while (is_digit(peek(x, n)))
      n++;
  }
  char e = peek(x, n);
  if (e == 'e' || e == 'E') {
    size_t sign = peek(x, n + 1) == '+' || peek(x, n + 1) == '-' ? 1 : 0;
    if (is_digit(peek(x, n + 1 + sign))) {
      n += 1 + sign;
      while (is_digit(peek(x, n)))
        n++;
    }
  }
  return peek(x, n) == '%' ? n + 1 : n;
}

static size_t word_length(const lexer *x, uint8_t *flags)
{
  size_t n = 0;
  for (;;) {
    while (in_word(peek(x, n))) {
      if (is_upper(peek(x, n)))
        *flags |= DM_TOK_UPPER;
      n++;
    }
    if (peek(x, n) != '.')
      return n;
    char c = peek(x, n + 1);
    if (begins_word(c) || is_digit(c))
      n += 1;
    else if (c == '-' && is_digit(peek(x, n + 2)))
      n += 2;
    else
      return n;
    *flags |= DM_TOK_DOTTED;
  }
}

static size_t string_length(lexer *x)
{
  size_t n = 1;
  while (x->pos + n < x->len && peek(x, n) != '\n') {
    if (peek(x, n) == '"')
      return n + 1;
    n++;
  }
  while (n > 1 && peek(x, n - 1) == '\r')
    n--;
  dm_span at = {x->line, x->column, 1};
  syntax(
      x, at, "The text that begins here has no closing quote on its line.",
      "Close it with \". A long text may go on in further quotes on the next "
      "line.");
  return n;
}

/* Characters and pairs that other languages and word processors put where
 * this one has another sign. */
static const struct {
  const char *wrong;
  const char *repair;
} mistaken[] = {
    {"==", "Write = once."},
    {"<>", "Write !=."},
    {"&&", "Write `and`."},
    {"||", "Write `or`."},
    {"\xe2\x80\x9c", "Write the straight quote \"."},
    {"\xe2\x80\x9d", "Write the straight quote \"."},
    {"\xe2\x80\x9e", "Write the straight quote \"."},
    {"'", "Texts stand in double quotes: \"...\"."},
    {"\xe2\x80\x93", "Write the plain minus sign -."},
    {"\xe2\x80\x94", "Write the plain minus sign -."},
    {"\xe2\x88\x92", "Write the plain minus sign -."},
    {"\xe2\x86\x92", "Write ->."},
    {"\xe2\x89\xa4", "Write <=."},
    {"\xe2\x89\xa5", "Write >=."},
    {"\xe2\x89\xa0", "Write !=."},
    {"\xc3\x97", "Write *."},
    {"\xc2\xa0", "This is a no-break space: write a plain one."},
    {"%", "A percent sign stands directly behind its number: 65%."},
    {"!", "Write `not`, or != for `is not equal`."},
    {"{", "Blocks are made by indentation alone."},
    {"}", "Blocks are made by indentation alone."},
};

static size_t bad_length(lexer *x)
{
  const char *from = x->text + x->pos;
  size_t left = x->len - x->pos;
  size_t n = dm_utf8_step(from, left);
  const char *repair = "";
  for (size_t i = 0; i < sizeof mistaken / sizeof *mistaken; i++) {
    size_t len = strlen(mistaken[i].wrong);
    if (len <= left && memcmp(from, mistaken[i].wrong, len) == 0) {
      repair = mistaken[i].repair;
      n = len;
      break;
    }
  }
  char why[80];
  snprintf(
      why, sizeof why, "`%.*s` is not a sign of this language.", (int)n, from);
  dm_span at = {x->line, x->column, dm_text_points(from, n)};
  syntax(x, at, why, repair);
  return n;
}

static const struct {
  char text[3];
  uint8_t kind;
} signs[] = {
    {"->", DM_T_ARROW}, {"!=", DM_T_NE},         {"<=", DM_T_LE},
    {">=", DM_T_GE},    {"..", DM_T_DOTS},       {",", DM_T_COMMA},
    {";", DM_T_SEMI},   {":", DM_T_COLON},       {"(", DM_T_OPEN},
    {")", DM_T_CLOSE},  {"+", DM_T_PLUS},        {"-", DM_T_MINUS},
    {"*", DM_T_STAR},   {"/", DM_T_SLASH},       {"=", DM_T_EQ},
    {"<", DM_T_LT},     {">", DM_T_GT},          {"[", DM_T_OPEN_RANGE},
    {"~", DM_T_TILDE},  {"]", DM_T_CLOSE_RANGE},
};

static size_t sign_length(lexer *x, uint8_t *kind)
{
  char a = peek(x, 0);
  char b = peek(x, 1);
  if (!(a == '=' && b == '=') && !(a == '<' && b == '>')) {
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
      const char *text = signs[i].text;
      if (a == text[0] && (text[1] == '\0' || b == text[1])) {
        *kind = signs[i].kind;
        return text[1] == '\0' ? 1 : 2;
      }
    }
  }
  *kind = DM_T_BAD;
  return bad_length(x);
}

static dm_tok next_tok(lexer *x)
{
  dm_tok tok = {
      .at = (uint32_t)x->pos,
      .line = x->line,
      .column = x->column,
      .flags =
          (uint8_t)((x->space ? DM_TOK_SPACE : 0) | (x->fresh ? DM_TOK_FIRST : 0))};
  char c = x->text[x->pos];
  size_t n;
  if (begins_word(c)) {
    tok.kind = DM_T_WORD;
    n = word_length(x, &tok.flags);
    if (!(tok.flags & DM_TOK_DOTTED))
      tok.word = (uint8_t)dm_word_find(x->text + x->pos, n);
  } else if (is_digit(c)) {
    n = date_length(x);
    tok.kind = n ? DM_T_DATE : DM_T_NUMBER;
    if (!n)
      n = number_length(x);
  } else if (c == '"') {
    tok.kind = DM_T_STRING;
    n = string_length(x);
    if (n < 2 || x->text[x->pos + n - 1] != '"')
      tok.kind = DM_T_BAD;
  } else {
    n = sign_length(x, &tok.kind);
  }
  tok.len = (uint32_t)n;
  x->column += dm_text_points(x->text + x->pos, n);
  x->pos += n;
  x->space = false;
  x->fresh = false;
  return tok;
}

/* ---- clauses ------------------------------------------------------------- */

static void begin_clause(lexer *x, const dm_tok *tok)
{
  dm_lexed *out = x->out;
  uint32_t here = out->toks.n;
  bool head = tok->column == 1;
  if (!head && x->clause_column && tok->column > x->clause_column)
    return;
  if (!head && x->clause_column && tok->column < x->clause_column) {
    char why[120];
    snprintf(
        why, sizeof why,
        "This line is indented by %u, the clauses above it by %u.",
        (unsigned)(tok->column - 1), (unsigned)(x->clause_column - 1));
    syntax(
        x, dm_tok_span(out, tok), why,
        "The clauses of a block begin in one column.");
  }
  if (out->clauses.n)
    out->clauses.at[out->clauses.n - 1].end = here;
  dm_clause clause = {here, here, head};
  DM_PUSH(x->arena, &out->clauses, clause);
  x->clause_column = head ? 0 : tok->column;
}

static dm_status file_tabs(lexer *x)
{
  char why[120];
  snprintf(
      why, sizeof why, "There is a tab here, and tabs in %u line%s in all.",
      (unsigned)x->tab_lines, x->tab_lines == 1 ? "" : "s");
  x->out->errors++;
  dm_diags_add(
      x->diags, DM_ERROR, "E002", "tab", x->first_tab, 0, why,
      "Put spaces in its place: how far a tab indents differs from one editor "
      "to the next. `demarche fmt` does it for the whole file.");
  return DM_E_INPUT;
}

dm_status dm_lex_read(
    dm_arena *arena, const char *text, size_t len, bool tabs, dm_diags *diags,
    dm_lexed *out)
{
  *out = (dm_lexed){.text = text, .len = len};
  if (dm_lex_check_bytes(diags, text, len) != DM_OK) {
    out->errors = 1;
    return DM_E_INPUT;
  }
  lexer x = {
      .arena = arena,
      .diags = diags,
      .out = out,
      .text = text,
      .len = len,
      .line = 1,
      .column = 1,
      .fresh = true};
  /* A byte order mark says nothing in UTF-8 and takes no column. */
  if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
    x.pos = 3;
  for (skip_space(&x); x.pos < len; skip_space(&x)) {
    dm_tok tok = next_tok(&x);
    if (tok.flags & DM_TOK_FIRST)
      begin_clause(&x, &tok);
    DM_PUSH(arena, &out->toks, tok);
  }
  if (out->clauses.n)
    out->clauses.at[out->clauses.n - 1].end = out->toks.n;
  dm_tok end = {
      .at = (uint32_t)len,
      .line = x.line,
      .column = x.column,
      .kind = DM_T_END,
      .flags = DM_TOK_SPACE | DM_TOK_FIRST};
  DM_PUSH(arena, &out->toks, end);
  if (x.tab_lines && !tabs)
    return file_tabs(&x);
  return DM_OK;
}
