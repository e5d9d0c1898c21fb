/* lang/parse_terms.c -- the smallest phrases: names, texts, numbers, dates.
 *
 * requires: a reader inside a clause.  provides: surface values, or a message
 * and the clause's end.
 *
 * Numbers are exact: 0.10 is 1/10, 65% is 13/20.  A decimal that no fraction
 * of two 64-bit numbers is equal to is refused (E012), never rounded. */
#include "lang/reader.h"

#include <string.h>

/* ---- names --------------------------------------------------------------- */

static dm_ast_name name_of(dm_reader *r, const char *text, size_t len)
{
  return (dm_ast_name){dm_arena_text(r->arena, text, len), dm_rd_span(r)};
}

static void refuse_capitals(dm_reader *r, const dm_tok *tok)
{
  if (tok->flags & DM_TOK_UPPER)
    dm_rd_fail(
        r, dm_rd_span(r),
        dm_rd_text(r, "%s has capital letters.", dm_rd_quote(r, tok)),
        "Names and keywords are written in lower case: a-z, 0-9 and _. A "
        "display name in quotes may have any letters.");
}

bool dm_rd_is_name(dm_reader *r)
{
  const dm_tok *tok = dm_rd_ahead(r, 0);
  if (tok->kind == DM_T_WORD && !(tok->flags & DM_TOK_DOTTED) &&
      !dm_word_reserved((dm_word)tok->word))
    return true;
  (void)dm_rd_is(r, DM_T_WORD);
  return false;
}

typedef enum name_kind { PLAIN, LOOSE, ANY_CASE } name_kind;

static dm_ast_name take_name(dm_reader *r, const char *what, name_kind kind)
{
  dm_ast_name none = {NULL, {0, 0, 0}};
  const dm_tok *tok = dm_rd_ahead(r, 0);
  if (tok->kind != DM_T_WORD ||
      (kind == PLAIN && dm_word_reserved((dm_word)tok->word))) {
    r->tried_name = what;
    dm_rd_unexpected(r);
    return none;
  }
  if (kind != ANY_CASE)
    refuse_capitals(r, tok);
  if (tok->flags & DM_TOK_DOTTED)
    dm_rd_fail(
        r, dm_rd_span(r),
        dm_rd_text(
            r, "%s has a dot; expected %s, which has none.",
            dm_rd_quote(r, tok), what),
        "");
  if (r->bad)
    return none;
  dm_ast_name name = name_of(r, r->lexed.text + tok->at, tok->len);
  dm_rd_next(r);
  return name;
}

dm_ast_name dm_rd_name(dm_reader *r, const char *what)
{
  return take_name(r, what, PLAIN);
}

dm_ast_name dm_rd_loose(dm_reader *r, const char *what)
{
  return take_name(r, what, LOOSE);
}

dm_ast_name dm_rd_any_case(dm_reader *r, const char *what)
{
  return take_name(r, what, ANY_CASE);
}

void dm_rd_names(dm_reader *r, dm_ast_names *out, const char *what)
{
  do {
    dm_ast_name name = dm_rd_name(r, what);
    if (r->bad)
      return;
    DM_PUSH(r->arena, out, name);
  } while (dm_rd_take(r, DM_T_COMMA));
}

/* The parts of a dotted token; each has its own place. */
static void split(dm_reader *r, const dm_tok *tok, dm_ast_path *path)
{
  const char *text = r->lexed.text + tok->at;
  uint32_t from = 0;
  for (uint32_t i = 0; i <= tok->len; i++) {
    if (i < tok->len && text[i] != '.')
      continue;
    if (path->n == DM_AST_PATH_MAX) {
      dm_rd_fail(
          r, dm_rd_span(r),
          dm_rd_text(
              r, "%s has more than %d parts.", dm_rd_quote(r, tok),
              (int)DM_AST_PATH_MAX),
          "The longest are ACTOR.CHOICE.OPTION with the values of terms.");
      return;
    }
    dm_ast_name *part = &path->part[path->n++];
    part->text = dm_arena_text(r->arena, text + from, i - from);
    part->at = (dm_span){tok->line, tok->column + from, i - from};
    from = i + 1;
  }
}

dm_ast_path dm_rd_path(dm_reader *r, bool loose, const char *what)
{
  dm_ast_path path = {.n = 0};
  const dm_tok *tok = dm_rd_ahead(r, 0);
  if (tok->kind != DM_T_WORD ||
      (!loose && dm_word_reserved((dm_word)tok->word))) {
    r->tried_name = what;
    dm_rd_unexpected(r);
    return path;
  }
  refuse_capitals(r, tok);
  if (r->bad)
    return path;
  path.at = dm_rd_span(r);
  split(r, tok, &path);
  if (!r->bad)
    dm_rd_next(r);
  return path;
}

/* ---- texts --------------------------------------------------------------- */

const char *dm_rd_string(dm_reader *r)
{
  if (!dm_rd_is(r, DM_T_STRING)) {
    dm_rd_unexpected(r);
    return "";
  }
  uint32_t first = r->i;
  size_t room = 1;
  while (dm_rd_peek(r, DM_T_STRING))
    room += (size_t)dm_rd_next(r)->len - 1;
  char *out = dm_arena_alloc(r->arena, room);
  size_t n = 0;
  for (uint32_t i = first; i < r->i; i++) {
    const dm_tok *tok = &r->lexed.toks.at[i];
    if (i > first)
      out[n++] = ' ';
    memcpy(out + n, r->lexed.text + tok->at + 1, (size_t)tok->len - 2);
    n += (size_t)tok->len - 2;
  }
  return out;
}

const char *dm_rd_display(dm_reader *r)
{
  /* Not noted: a message had better list what must come. */
  return dm_rd_peek(r, DM_T_STRING) ? dm_rd_string(r) : NULL;
}

void dm_rd_remarks(dm_reader *r, dm_ast_remarks *out)
{
  for (;;) {
    dm_span at = dm_rd_span(r);
    if (dm_rd_take_word(r, DM_W_NOTE)) {
      dm_ast_note note = {dm_rd_string(r), at};
      if (!r->bad)
        DM_PUSH(r->arena, &out->notes, note);
    } else if (dm_rd_take_word(r, DM_W_SOURCE)) {
      dm_ast_source source = {.at = at, .text = dm_rd_string(r)};
      if (dm_rd_take_word(r, DM_W_KNOWN)) {
        dm_rd_need_word(r, DM_W_ON);
        source.known = dm_rd_any_date(r);
      }
      if (!r->bad)
        DM_PUSH(r->arena, &out->sources, source);
    } else {
      return;
    }
  }
}

/* ---- numbers ------------------------------------------------------------- */

/* a x b in *a, unless it passes the 63 bits of a positive int64_t. */
static bool times(uint64_t *a, uint64_t b)
{
  if (b && *a > (uint64_t)INT64_MAX / b)
    return false;
  *a *= b;
  return true;
}

/* Reads the digits of `text` (one '.' among them) without the zeros at either
 * end: value = *digits x 10^*power. */
static bool decimal(
    const char *text, size_t len, uint64_t *digits, int64_t *power)
{
  *digits = 0;
  *power = 0;
  int64_t zeros = 0; /* seen since the last other digit */
  bool point = false;
  for (size_t i = 0; i < len; i++) {
    if (text[i] == '.') {
      point = true;
      continue;
    }
    uint64_t d = (uint64_t)(text[i] - '0');
    *power -= point;
    if (d == 0 && *digits == 0)
      continue;
    if (d == 0) {
      zeros++;
      continue;
    }
    for (; zeros >= 0; zeros--)
      if (!times(digits, 10))
        return false;
    zeros = 0;
    if (*digits > (uint64_t)INT64_MAX - d)
      return false;
    *digits += d;
  }
  *power += zeros;
  return true;
}

/* digits x 10^power in lowest terms. */
static bool ratio_of(uint64_t digits, int64_t power, dm_ratio *out)
{
  uint64_t num = digits;
  uint64_t den = 1;
  for (; power > 0 && num; power--)
    if (!times(&num, 10))
      return false;
  for (; power < 0 && num; power++) {
    if (num % 2 == 0)
      num /= 2;
    else if (!times(&den, 2))
      return false;
    if (num % 5 == 0)
      num /= 5;
    else if (!times(&den, 5))
      return false;
  }
  *out = (dm_ratio){(int64_t)num, (int64_t)den};
  return true;
}

static bool number_value(
    const char *text, size_t len, bool *percent, dm_ratio *out)
{
  *percent = len && text[len - 1] == '%';
  if (*percent)
    len--;
  size_t mantissa = 0;
  while (mantissa < len && text[mantissa] != 'e' && text[mantissa] != 'E')
    mantissa++;
  int64_t exponent = 0;
  bool minus = false;
  for (size_t i = mantissa + 1; i < len; i++) {
    if (text[i] == '-' || text[i] == '+')
      minus = text[i] == '-';
    else if (exponent < 100000)
      exponent = exponent * 10 + (text[i] - '0');
  }
  uint64_t digits;
  int64_t power;
  if (!decimal(text, mantissa, &digits, &power))
    return false;
  power += minus ? -exponent : exponent;
  return ratio_of(digits, *percent ? power - 2 : power, out);
}

/* The bare number that is next, with `negative` already taken. */
static dm_ratio take_ratio(dm_reader *r, bool negative, bool *percent)
{
  dm_ratio ratio = {0, 1};
  if (!dm_rd_is(r, DM_T_NUMBER)) {
    dm_rd_unexpected(r);
    return ratio;
  }
  const dm_tok *tok = dm_rd_ahead(r, 0);
  if (!number_value(r->lexed.text + tok->at, tok->len, percent, &ratio)) {
    dm_rd_fail_code(
        r, "E012", "number too long", dm_rd_span(r), 0,
        dm_rd_text(
            r,
            "%s is no fraction of two 64-bit whole numbers, as every number "
            "here is.",
            dm_rd_quote(r, tok)),
        "Write fewer digits.");
    return (dm_ratio){0, 1};
  }
  dm_rd_next(r);
  if (negative)
    ratio.num = -ratio.num;
  return ratio;
}

/* Takes a sign that belongs to the number behind it. */
static bool take_sign(dm_reader *r)
{
  bool minus = dm_rd_peek(r, DM_T_MINUS);
  if (!minus && !dm_rd_peek(r, DM_T_PLUS))
    return false;
  r->lexed.toks.at[r->i].flags |= DM_TOK_SIGN;
  dm_rd_next(r);
  return minus;
}

static bool is_unit(const dm_reader *r, const dm_tok *tok)
{
  return tok->kind == DM_T_WORD &&
         dm_table_find(&r->units, r->lexed.text + tok->at, tok->len) !=
             UINT32_MAX;
}

static void take_range(dm_reader *r, dm_ast_number *number)
{
  uint32_t first = r->i;
  bool lo_percent = number->percent;
  bool hi_percent = number->percent;
  dm_rd_next(r);
  number->ranged = true;
  number->lo = take_ratio(r, take_sign(r), &lo_percent);
  dm_rd_need(r, DM_T_DOTS);
  number->hi = take_ratio(r, take_sign(r), &hi_percent);
  dm_rd_need(r, DM_T_CLOSE_RANGE);
  number->range_at = dm_rd_span_from(r, first);
  if (!r->bad &&
      (lo_percent != number->percent || hi_percent != number->percent))
    dm_rd_fail(
        r, number->range_at,
        "A number and the ends of its range are written alike: all three in "
        "percent, or none.",
        "For example 65% [50%..80%], or 0.65 [0.5..0.8].");
}

bool dm_rd_is_number(dm_reader *r)
{
  bool sign = dm_rd_peek(r, DM_T_MINUS) || dm_rd_peek(r, DM_T_PLUS);
  if (dm_rd_ahead(r, sign ? 1 : 0)->kind == DM_T_NUMBER)
    return true;
  (void)dm_rd_is(r, DM_T_NUMBER);
  return false;
}

dm_ast_number dm_rd_number(dm_reader *r)
{
  dm_ast_number number = {.value = {0, 1}, .lo = {0, 1}, .hi = {0, 1}};
  uint32_t first = r->i;
  number.value = take_ratio(r, take_sign(r), &number.percent);
  if (!r->bad && !number.percent && is_unit(r, dm_rd_ahead(r, 0))) {
    const dm_tok *tok = dm_rd_next(r);
    number.unit = dm_arena_text(r->arena, r->lexed.text + tok->at, tok->len);
  }
  number.at = dm_rd_span_from(r, first);
  if (!r->bad && dm_rd_is(r, DM_T_OPEN_RANGE))
    take_range(r, &number);
  return number;
}

uint32_t dm_rd_count(dm_reader *r, uint32_t least)
{
  dm_span at = dm_rd_span(r);
  bool percent = false;
  dm_ratio ratio = take_ratio(r, false, &percent);
  if (r->bad)
    return least;
  if (percent || ratio.den != 1 || ratio.num < (int64_t)least ||
      ratio.num > DM_READ_LIST_MAX) {
    dm_rd_fail(
        r, at,
        dm_rd_text(
            r, "A whole number from %u to %d is needed here.", (unsigned)least,
            (int)DM_READ_LIST_MAX),
        "");
    return least;
  }
  return (uint32_t)ratio.num;
}

/* ---- the clock's word ---------------------------------------------------- */

static dm_ast_date_kind clock_word_kind(dm_word word)
{
  static const struct {
    dm_word one;
    dm_word many;
    dm_ast_date_kind kind;
  } table[] = {
      {DM_W_MONTH, DM_W_MONTHS, DM_AST_MONTH},
      {DM_W_WEEK, DM_W_WEEKS, DM_AST_WEEK},
      {DM_W_QUARTER, DM_W_QUARTERS, DM_AST_QUARTER},
      {DM_W_YEAR, DM_W_YEARS, DM_AST_YEAR},
      {DM_W_TURN, DM_W_TURNS, DM_AST_TURN},
  };
  for (size_t k = 0; k < sizeof table / sizeof *table; k++)
    if (word == table[k].one || word == table[k].many)
      return table[k].kind;
  return DM_AST_NO_DATE;
}

bool dm_rd_is_clock_word(const dm_reader *r, uint32_t ahead)
{
  const dm_tok *tok = dm_rd_ahead(r, ahead);
  return tok->kind == DM_T_WORD &&
         clock_word_kind((dm_word)tok->word) != DM_AST_NO_DATE;
}

void dm_rd_clock_word(dm_reader *r)
{
  const dm_tok *tok = dm_rd_ahead(r, 0);
  if (!dm_rd_is_clock_word(r, 0)) {
    static const char *const names[] = {
        "`month`, as on the file's clock", "`week`, as on the file's clock",
        "`quarter`, as on the file's clock", "`year`, as on the file's clock",
        "`turn`, as on the file's clock"};
    r->tried_name =
        r->clock >= DM_AST_MONTH && r->clock <= DM_AST_TURN
            ? names[r->clock - DM_AST_MONTH]
            : "the clock's word (`month`, `week`, `quarter`, `year`, `turn`)";
    dm_rd_unexpected(r);
    return;
  }
  dm_ast_date_kind kind = clock_word_kind((dm_word)tok->word);
  if (r->clock != DM_AST_NO_DATE && kind != r->clock) {
    const char *own = dm_ast_clock_word(r->clock);
    size_t len = tok->len;
    bool many = r->lexed.text[tok->at + len - 1] == 's';
    dm_rd_fail(
        r, dm_rd_span(r),
        dm_rd_text(
            r, "%s is another clock's word: this file counts in %ss.",
            dm_rd_quote(r, tok), own),
        dm_rd_text(r, "Write `%s%s`.", own, many ? "s" : ""));
    return;
  }
  dm_rd_next(r);
}

uint32_t dm_rd_periods(dm_reader *r, uint32_t least)
{
  uint32_t k = dm_rd_count(r, least);
  dm_rd_clock_word(r);
  return k;
}

/* ---- dates --------------------------------------------------------------- */

static int32_t digits(const char *text, size_t from, size_t count)
{
  int32_t n = 0;
  for (size_t i = from; i < from + count; i++)
    n = n * 10 + (text[i] - '0');
  return n;
}

static bool leap(int32_t year)
{
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int32_t month_days(int32_t year, int32_t month)
{
  static const int32_t days[] = {31, 28, 31, 30, 31, 30,
                                 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : days[month - 1];
}

/* A year has week 53 when the week of its last Thursday is its 53rd: then
 * week 1 of the next year begins 53 weeks after its own. */
static int32_t year_weeks(int32_t year)
{
  dm_ast_date a = {.kind = DM_AST_WEEK, .year = year, .number = 1};
  dm_ast_date b = {.kind = DM_AST_WEEK, .year = year + 1, .number = 1};
  int64_t from = 0;
  int64_t to = 0;
  (void)dm_ast_first_day(a, &from);
  (void)dm_ast_first_day(b, &to);
  return (int32_t)((to - from) / 7);
}

static const char *bad_date(dm_reader *r, dm_ast_date date)
{
  int32_t n = date.number;
  switch (date.kind) {
  case DM_AST_MONTH:
  case DM_AST_DAY:
    if (n < 1 || n > 12)
      return dm_rd_text(r, "There is no month %d.", (int)n);
    if (date.kind == DM_AST_DAY &&
        (date.day < 1 || date.day > month_days(date.year, n)))
      return dm_rd_text(
          r, "The month %04d-%02d has no day %d.", (int)date.year, (int)n,
          (int)date.day);
    return NULL;
  case DM_AST_WEEK:
    if (n < 1 || n > year_weeks(date.year))
      return dm_rd_text(
          r, "The year %d has no week %d; its last is %d.", (int)date.year,
          (int)n, (int)year_weeks(date.year));
    return NULL;
  case DM_AST_QUARTER:
    return n < 1 || n > 4 ? dm_rd_text(r, "There is no quarter %d.", (int)n)
                          : NULL;
  case DM_AST_YEAR:
  case DM_AST_TURN:
  case DM_AST_NO_DATE:
    break;
  }
  return NULL;
}

static dm_ast_date date_of(dm_reader *r, const dm_tok *tok)
{
  const char *text = r->lexed.text + tok->at;
  dm_ast_date date = {.year = digits(text, 0, 4), .at = dm_rd_span(r)};
  char c = text[5];
  if (c == 'W' || c == 'Q' || c == 'w' || c == 'q') {
    size_t want = c == 'W' || c == 'w' ? 2 : 1;
    date.kind = want == 2 ? DM_AST_WEEK : DM_AST_QUARTER;
    if (tok->len != 6 + want || c == 'w' || c == 'q') {
      dm_rd_fail(
          r, date.at,
          dm_rd_text(
              r, "%s is not how a date is written.", dm_rd_quote(r, tok)),
          want == 2 ? "Weeks have two digits: 2025-W05."
                    : "Quarters are 2025-Q1 to 2025-Q4.");
      return date;
    }
    date.number = digits(text, 6, want);
  } else {
    date.kind = tok->len == 10 ? DM_AST_DAY : DM_AST_MONTH;
    date.number = digits(text, 5, 2);
    if (tok->len == 10)
      date.day = digits(text, 8, 2);
  }
  const char *why = bad_date(r, date);
  if (why)
    dm_rd_fail(r, date.at, why, "");
  return date;
}

/* A bare whole number as a date: a turn, or a year. */
static dm_ast_date number_date(dm_reader *r)
{
  dm_ast_date date = {.at = dm_rd_span(r)};
  bool percent = false;
  const dm_tok *tok = dm_rd_ahead(r, 0);
  dm_ratio ratio = take_ratio(r, false, &percent);
  date.kind = r->clock == DM_AST_TURN ? DM_AST_TURN : DM_AST_YEAR;
  bool year = date.kind == DM_AST_YEAR;
  if (!r->bad &&
      (percent || ratio.den != 1 || ratio.num > (year ? 9999 : INT32_MAX) ||
       (year && tok->len != 4)))
    dm_rd_fail(
        r, date.at, dm_rd_text(r, "%s is no date.", dm_rd_quote(r, tok)),
        year ? "A date is a month 2025-03, a week 2025-W10, a quarter 2025-Q1 "
               "or a year 2025, as the clock counts."
             : "On a clock of turns a date is the turn's number.");
  if (year)
    date.year = (int32_t)ratio.num;
  else
    date.number = (int32_t)ratio.num;
  return date;
}

dm_ast_date dm_rd_any_date(dm_reader *r)
{
  dm_ast_date none = {.kind = DM_AST_NO_DATE};
  const dm_tok *tok = dm_rd_ahead(r, 0);
  dm_ast_date date = none;
  if (tok->kind == DM_T_DATE) {
    date = date_of(r, tok);
    if (!r->bad)
      dm_rd_next(r);
  } else if (tok->kind == DM_T_NUMBER) {
    date = number_date(r);
  } else {
    (void)dm_rd_is(r, DM_T_DATE);
    dm_rd_unexpected(r);
  }
  return r->bad ? none : date;
}

static const char *date_example(dm_ast_date_kind kind)
{
  static const char *const examples[] = {
      "2025-03", "2025-W10", "2025-Q1", "2025", "3"};
  return kind >= DM_AST_MONTH && kind <= DM_AST_TURN
             ? examples[kind - DM_AST_MONTH]
             : "2025-03";
}

dm_ast_date dm_rd_date(dm_reader *r)
{
  uint32_t first = r->i;
  dm_ast_date date = dm_rd_any_date(r);
  if (r->bad || r->clock == DM_AST_NO_DATE)
    return date;
  /* Any clock of the kind will do to see whether the date has a place. */
  dm_ast_clock clock = {
      .kind = r->clock, .from = {.kind = r->clock, .year = 2000, .number = 1}};
  if (dm_ast_period(&clock, date) == DM_PERIOD_NONE) {
    const dm_tok *tok = &r->lexed.toks.at[first];
    const char *word = dm_ast_clock_word(r->clock);
    dm_rd_fail(
        r, date.at,
        dm_rd_text(
            r, "%s is no %s, and this file counts in %ss.", dm_rd_quote(r, tok),
            word, word),
        dm_rd_text(r, "Write a date such as %s.", date_example(r->clock)));
  }
  return date;
}

bool dm_rd_is_date(const dm_reader *r, uint32_t ahead)
{
  dm_tok_kind kind = (dm_tok_kind)dm_rd_ahead(r, ahead)->kind;
  return kind == DM_T_DATE || kind == DM_T_NUMBER;
}
