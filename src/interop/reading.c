/* interop/reading.c -- tokens of Gambit's formats, and refusing.
 *
 * In:     bytes of a file.
 * Out:    texts, numbers, marks; or one message and a jump.
 * Rules:  white space separates; { } and the comma stand for themselves; any
 *         other bare word runs up to white space, except that a number also
 *         ends at a mark or a quote.  There are no comments.  A text in quotes
 *         may hold anything: \" is a quote, every other backslash is kept, and
 *         two of them before a quote still keep it from closing.
 * Source: the behaviour of Gambit's own readers.
 * Cost:   one pass; a place is turned into line and column only to refuse. */
#include "interop/reading.h"

#include "interop/codes.h"
#include "interop/exact.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_space(char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/* What ends a number: white space, a mark, a quote. */
static bool ends_number(char c)
{
  static const unsigned char ends[256] = {
      [' '] = 1,  ['\t'] = 1, ['\n'] = 1, ['\v'] = 1, ['\f'] = 1,
      ['\r'] = 1, ['{'] = 1,  ['}'] = 1,  [','] = 1,  ['"'] = 1};
  return ends[(unsigned char)c];
}

static bool is_mark(char c)
{
  return c == '{' || c == '}' || c == ',';
}

const char *dm_gambit_form_word(dm_gambit_form form)
{
  return form == DM_GAMBIT_EFG ? "EFG" : "NFG";
}

/* ---- refusing ------------------------------------------------------------ */

static const char *title_of(const char *code)
{
#define TITLE(name, severity, title)                                           \
  if (strcmp(code, #name) == 0)                                                \
    return title;
  DM_GAMBIT_CODE_LIST(TITLE)
#undef TITLE
  return "";
}

static uint32_t code_points(const char *text, size_t len)
{
  size_t count = 0;
  for (size_t i = 0; i < len; i++)
    count += ((unsigned char)text[i] & 0xc0) != 0x80;
  return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

static uint32_t line_of(const dm_reading *r, size_t at, size_t *start)
{
  uint32_t line = 1;
  *start = 0;
  for (size_t i = 0; i < at; i++) {
    if (r->text[i] == '\n') {
      line++;
      *start = i + 1;
    }
  }
  return line;
}

uint32_t dm_reading_line(const dm_reading *r, size_t at)
{
  size_t start;
  return line_of(r, at, &start);
}

static dm_span span_of(const dm_reading *r, dm_token token)
{
  size_t start;
  dm_span span = {.line = line_of(r, token.from, &start)};
  size_t to = token.from;
  while (to < token.to && r->text[to] != '\n' && r->text[to] != '\r')
    to++;
  uint32_t length = code_points(r->text + token.from, to - token.from);
  span.column = code_points(r->text + start, token.from - start) + 1;
  span.length = length > 0 ? length : 1;
  return span;
}

/* The last word of the text, for what is missing behind it. */
static dm_token last_word(const dm_reading *r)
{
  size_t to = r->len;
  while (to > 0 && is_space(r->text[to - 1]))
    to--;
  size_t from = to;
  while (from > 0 && !is_space(r->text[from - 1]) && to - from < 80)
    from--;
  while (from < to && ((unsigned char)r->text[from] & 0xc0) == 0x80)
    from++;
  return (dm_token){from, to};
}

_Noreturn void dm_reading_fail(
    dm_reading *r, const char *code, dm_token at, size_t other,
    const char *repair, const char *format, ...)
{
  char text[512];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  size_t start;
  uint32_t other_line = other == SIZE_MAX ? 0 : line_of(r, other, &start);
  dm_token place = at.from < r->len ? at : last_word(r);
  dm_diags_add(
      r->diags, DM_ERROR, code, title_of(code), span_of(r, place), other_line,
      text, repair);
  dm_arena_throw(&r->gambit->arena, DM_E_INPUT);
}

/* ---- tokens -------------------------------------------------------------- */

/* Eight bytes at a time where they are plain ASCII. */
static size_t plain_run(const char *text, size_t at, size_t len)
{
  while (at + 8 <= len) {
    uint64_t word;
    memcpy(&word, text + at, 8);
    if (word & UINT64_C(0x8080808080808080))
      break;
    at += 8;
  }
  return at;
}

void dm_reading_start(dm_reading *r)
{
  for (size_t at = plain_run(r->text, 0, r->len); at < r->len;
       at = plain_run(r->text, at, r->len)) {
    size_t step = dm_utf8_step(r->text + at, r->len - at);
    if (step == 0)
      dm_reading_fail(
          r, "E101", (dm_token){at, at + 1}, SIZE_MAX,
          "save the file as UTF-8; older files are often in Latin-1",
          "this byte (%02x) is no UTF-8 text",
          (unsigned)(unsigned char)r->text[at]);
    at += step;
  }
  if (r->len >= 3 && memcmp(r->text, "\xEF\xBB\xBF", 3) == 0)
    r->at = 3;
  /* A text ends with a quote or a blank where its copy has its NUL. */
  r->room = dm_arena_alloc(&r->gambit->arena, r->len + 2);
}

int dm_reading_peek(dm_reading *r)
{
  size_t at = r->at;
  while (at < r->len && is_space(r->text[at]))
    at++;
  r->at = at;
  return at < r->len ? (int)(unsigned char)r->text[at] : -1;
}

/* Past the closing quote of the text at `from`, or `len`. */
static size_t quote_end(const dm_reading *r, size_t from)
{
  for (size_t at = from + 1; at < r->len; at++) {
    if (r->text[at] == '"' && r->text[at - 1] != '\\')
      return at + 1;
  }
  return r->len;
}

dm_token dm_reading_here(const dm_reading *r)
{
  size_t from = r->at;
  while (from < r->len && is_space(r->text[from]))
    from++;
  if (from == r->len)
    return (dm_token){from, from};
  if (r->text[from] == '"')
    return (dm_token){from, quote_end(r, from)};
  if (is_mark(r->text[from]))
    return (dm_token){from, from + 1};
  size_t to = from;
  while (to < r->len && !ends_number(r->text[to]))
    to++;
  return (dm_token){from, to};
}

_Noreturn void dm_reading_expected(dm_reading *r, const char *wanted)
{
  dm_token here = dm_reading_here(r);
  if (here.from == r->len)
    dm_reading_fail(
        r, "E114", here, SIZE_MAX,
        "the file may have been cut off: complete it",
        "the file ends where %s belongs", wanted);
  dm_reading_fail(
      r, "E103", here, SIZE_MAX,
      r->text[here.from] == '#' || r->text[here.from] == '/' ||
              r->text[here.from] == ';'
          ? "the format has no comments: remove it"
          : "see what the line before it leaves open",
      "%s belongs here", wanted);
}

bool dm_reading_mark(dm_reading *r, char mark)
{
  if (dm_reading_peek(r) != mark)
    return false;
  r->at++;
  return true;
}

void dm_reading_need(dm_reading *r, char mark, const char *wanted)
{
  if (!dm_reading_mark(r, mark))
    dm_reading_expected(r, wanted);
}

dm_token dm_reading_word(dm_reading *r)
{
  (void)dm_reading_peek(r);
  size_t to = r->at;
  while (to < r->len && !is_space(r->text[to]))
    to++;
  dm_token token = {r->at, to};
  r->at = to;
  return token;
}

bool dm_reading_is(const dm_reading *r, dm_token token, const char *word)
{
  size_t len = strlen(word);
  return token.to - token.from == len &&
         memcmp(r->text + token.from, word, len) == 0;
}

static _Noreturn void open_quote(dm_reading *r, size_t from)
{
  size_t to = from + 1;
  while (to < r->len && r->text[to] != '\n')
    to++;
  dm_reading_fail(
      r, "E104", (dm_token){from, to}, SIZE_MAX,
      "end the text with a quote; one inside a text is written \\\", and a "
      "text cannot end with a backslash",
      "the text that begins here runs to the end of the file");
}

const char *dm_reading_text(dm_reading *r, const char *wanted)
{
  if (dm_reading_peek(r) != '"')
    dm_reading_expected(r, wanted);
  size_t from = r->at;
  size_t at = from + 1;
  /* Nearly every label of a tree is empty. */
  if (at < r->len && r->text[at] == '"') {
    r->at = at + 1;
    return "";
  }
  char *copy = r->room;
  size_t slashes = 0;
  for (;; at++) {
    if (at >= r->len)
      open_quote(r, from);
    char c = r->text[at];
    if (c == '"' && slashes == 0)
      break;
    if (c == '\0')
      dm_reading_fail(
          r, "E101", (dm_token){at, at + 1}, SIZE_MAX, "remove it",
          "a text cannot hold a zero byte");
    if (c == '"' && slashes == 1)
      r->room--;
    slashes = c == '\\' ? slashes + 1 : 0;
    *r->room++ = c;
  }
  *r->room++ = '\0';
  r->at = at + 1;
  return copy;
}

/* A number's token: up to white space, a mark or a quote. */
static dm_token number_token(dm_reading *r)
{
  (void)dm_reading_peek(r);
  size_t to = r->at;
  while (to < r->len && !ends_number(r->text[to]))
    to++;
  return (dm_token){r->at, to};
}

int64_t dm_reading_integer(dm_reading *r, const char *wanted, dm_token *token)
{
  dm_token here = number_token(r);
  const char *at = r->text + here.from;
  const char *end = r->text + here.to;
  bool negative = at < end && *at == '-';
  at += negative;
  if (token)
    *token = here;
  if (at == end)
    dm_reading_expected(r, wanted);
  int64_t x = 0;
  size_t digits = 0;
  for (; at < end; at++) {
    if (*at < '0' || *at > '9')
      dm_reading_expected(r, wanted);
    digits += digits > 0 || *at != '0';
    if (digits > 18)
      dm_reading_fail(
          r, "E106", here, SIZE_MAX, "number them from 1",
          "a number of more than 18 digits cannot count anything here");
    x = x * 10 + (*at - '0');
  }
  r->at = here.to;
  return negative ? -x : x;
}

static _Noreturn void bad_number(
    dm_reading *r, dm_token here, dm_exact_form form, const char *wanted)
{
  switch (form) {
  case DM_EXACT_PLUS:
    dm_reading_fail(
        r, "E105", here, SIZE_MAX, "leave the plus sign out",
        "a number of this format has no plus sign, nor has its exponent");
  case DM_EXACT_FRACTION:
    dm_reading_fail(
        r, "E105", here, SIZE_MAX,
        "write the sign in front, and decimals as a fraction: -1/3, 10/35",
        "a fraction is one whole number over another");
  case DM_EXACT_ZERO_DIVIDE:
    dm_reading_fail(
        r, "E105", here, SIZE_MAX, "correct the denominator",
        "a fraction over zero has no value");
  case DM_EXACT_DOT_EXPONENT:
    dm_reading_fail(
        r, "E105", here, SIZE_MAX, "write a digit before the point: 0.5e3",
        "a number that begins with a point takes no exponent");
  case DM_EXACT_GOOD:
  case DM_EXACT_NO_NUMBER:
    break;
  }
  char first = here.from < r->len ? r->text[here.from] : '\0';
  if (here.from == here.to ||
      (first != '-' && first != '.' && (first < '0' || first > '9')))
    dm_reading_expected(r, wanted);
  dm_reading_fail(
      r, "E105", here, SIZE_MAX,
      "numbers are written as 3, -2.5, 1e-3 or 2/3, in digits",
      "this is no number");
}

dm_gambit_number dm_reading_number(dm_reading *r, const char *wanted)
{
  dm_token here = number_token(r);
  const char *text = r->text + here.from;
  size_t len = here.to - here.from;
  dm_gambit_number out;
  dm_exact_form form = dm_exact_read(text, len, &out.value);
  if (form != DM_EXACT_GOOD)
    bad_number(r, here, form, wanted);
  if (!(fabs(out.value) <= DM_GAMBIT_MOST))
    dm_reading_fail(
        r, "E106", here, SIZE_MAX,
        "choose a larger unit; only differences of payoffs matter",
        "numbers beyond 1e140 cannot be computed with");
  memcpy(r->room, text, len);
  r->room[len] = '\0';
  out.text = r->room;
  r->room += len + 1;
  r->at = here.to;
  return out;
}

const dm_gambit_number *dm_reading_payoffs(dm_reading *r)
{
  dm_gambit *g = r->gambit;
  dm_gambit_number *pay = dm_arena_array(&g->arena, g->n_players, sizeof *pay);
  size_t opened = r->at;
  for (uint32_t a = 0; a < g->n_players; a++) {
    if (dm_reading_peek(r) == '}')
      dm_reading_fail(
          r, "E112", dm_reading_here(r), opened,
          "give every player of the first line a payoff, in that order",
          "only %u of %u payoffs: the payoff of \"%.80s\" is missing",
          (unsigned)a, (unsigned)g->n_players, g->player[a]);
    pay[a] = dm_reading_number(r, "a payoff");
    if (dm_reading_peek(r) == ',')
      r->at++;
  }
  int next = dm_reading_peek(r);
  if (next != '}' &&
      (next == '-' || next == '.' || (next >= '0' && next <= '9')))
    dm_reading_fail(
        r, "E112", dm_reading_here(r), opened,
        "remove it, or name one more player on the first line",
        "there are %u players, and this is one payoff more",
        (unsigned)g->n_players);
  dm_reading_need(r, '}', "the closing brace of the payoffs");
  return pay;
}

/* ---- the head ------------------------------------------------------------ */

static _Noreturn void wrong_kind(dm_reading *r, dm_token token)
{
  dm_gambit_form form = r->gambit->form;
  bool other = dm_reading_is(r, token, form == DM_GAMBIT_EFG ? "NFG" : "EFG");
  const char *word = dm_gambit_form_word(form);
  if (other)
    dm_reading_fail(
        r, "E102", token, SIZE_MAX,
        form == DM_GAMBIT_EFG ? "end its name in .nfg" : "end its name in .efg",
        "this is the other kind of game file: %s was expected", word);
  dm_reading_fail(
      r, "E102", token, SIZE_MAX,
      form == DM_GAMBIT_EFG
          ? "the file begins: EFG 2 R \"title\" { \"player\" \"player\" }"
          : "the file begins: NFG 1 R \"title\" { \"player\" \"player\" }",
      "a game file of this kind begins with the word %s", word);
}

void dm_reading_head(dm_reading *r)
{
  dm_gambit *g = r->gambit;
  const char *version = g->form == DM_GAMBIT_EFG ? "2" : "1";
  dm_token token = dm_reading_word(r);
  if (!dm_reading_is(r, token, dm_gambit_form_word(g->form)))
    wrong_kind(r, token);
  token = dm_reading_word(r);
  if (!dm_reading_is(r, token, version))
    dm_reading_fail(
        r, "E102", token, SIZE_MAX,
        "open the file in a newer program and save it again",
        "version %s of this format is read, and no other", version);
  token = dm_reading_word(r);
  if (!dm_reading_is(r, token, "R") && !dm_reading_is(r, token, "D"))
    dm_reading_fail(
        r, "E102", token, SIZE_MAX, "write R; both mean the same here",
        "R or D belongs behind the version");
  g->title = dm_reading_text(r, "the title, in quotes,");
  dm_reading_need(r, '{', "the list of players, { \"one\" \"two\" },");
  DM_VEC(const char *) player = {0};
  while (!dm_reading_mark(r, '}'))
    DM_PUSH(
        &g->arena, &player,
        dm_reading_text(r, "a player's name, in quotes, or }"));
  g->player = player.at;
  g->n_players = player.n;
}

/* ---- entry --------------------------------------------------------------- */

static void read_all(dm_reading *r)
{
  dm_reading_start(r);
  dm_reading_head(r);
  if (r->gambit->form == DM_GAMBIT_EFG)
    dm_efg_read(r);
  else
    dm_nfg_read(r);
  if (dm_reading_peek(r) >= 0)
    dm_reading_fail(
        r, "E115", dm_reading_here(r), SIZE_MAX,
        r->gambit->form == DM_GAMBIT_EFG
            ? "remove it, or look for a move above with too few choices"
            : "remove it, or look whether the numbers of strategies are right",
        "the game is complete before this");
}

void dm_gambit_free(dm_gambit *gambit)
{
  if (!gambit)
    return;
  dm_arena_clear(&gambit->arena);
  free(gambit);
}

dm_status dm_gambit_read(
    const char *text, size_t len, dm_gambit_form form, dm_diags *diags,
    dm_gambit **out)
{
  *out = NULL;
  dm_gambit *g = calloc(1, sizeof *g);
  if (!g)
    return DM_E_MEMORY;
  g->form = form;
  dm_arena_init(&g->arena, 0);
  dm_reading r = {.text = text, .len = len, .gambit = g, .diags = diags};
  dm_status status = (dm_status)setjmp(g->arena.jump);
  if (status == DM_OK)
    read_all(&r);
  if (status != DM_OK) {
    dm_gambit_free(g);
    return status;
  }
  *out = g;
  return DM_OK;
}
