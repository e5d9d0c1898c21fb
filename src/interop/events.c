/* interop/events.c -- coded event data as evidence.
 *
 * In:     rows (date, source actor, target actor, event word), a mapping.
 * Out:    the text of an evidence file: the mapping's head, a dated line for
 *         each row that a rule takes, and in comments what no rule takes.
 * Method: the first rule that fits decides; `*` and `?` are wildcards and
 *         capitals do not matter.  A line that stands already for its day is
 *         not repeated: coders file one event once per report of it, and two
 *         reports of one source are no two observations.
 * Rows:   between tabs if the first line has one, else commas; fields may be in
 *         double quotes (RFC 4180).  A first row whose date is none is a
 *         heading; its names (ours, or those of the common collections) then
 *         say which column is what.
 * Not here: whether names and lines mean anything in a scenario, which the
 *         reader of evidence says; what an actor or event code stands for,
 *         which is the mapping's business.
 * Source: rules for codes are the analyst's; CAMEO numbers its verbs so that
 *         the digits go from the broad to the narrow, which is what `03*` uses.
 * Cost:   O(rows x rules). */
#include "interop/events.h"
#include "base/table.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DATE, SOURCE, TARGET, WORD, N_FIELDS };
enum { MOST_ERRORS = 5, MOST_COLUMNS = 256, MOST_LISTED = 1000 };

typedef struct rule {
  const char *pattern[3]; /* source, target, word */
  const char *line;       /* NULL: drop */
} rule;

/* A row that no rule takes, and how often. */
typedef struct stranger {
  const char *text;
  uint64_t rows;
} stranger;

typedef struct import {
  dm_arena arena;
  dm_diags *diags;
  dm_events_count *count;
  dm_str *out;
  uint32_t errors;
  const char *scenario, *from;
  DM_VEC(const char *) source;
  DM_VEC(rule) rule;
  dm_table known, strange; /* lines written; strangers by text */
  DM_VEC(stranger) stranger;
  uint32_t column[N_FIELDS];
} import;

static void complain(
    import *im, const char *code, const char *title, uint32_t line,
    uint32_t length, const char *text, const char *repair)
{
  dm_span at = {line, 1, length ? length : 1};
  if (im->errors++ < MOST_ERRORS)
    dm_diags_add(im->diags, DM_ERROR, code, title, at, 0, text, repair);
}

static uint32_t width(size_t len)
{
  return len > 1000 ? 1000 : (uint32_t)len;
}

/* ---- the mapping ----------------------------------------------------------- */

static void bad_rule(import *im, uint32_t line, const char *text)
{
  complain(
      im, "E121", "unreadable mapping", line, width(strlen(text)),
      "This line is no part of a mapping.",
      "Write `map SOURCE TARGET WORD -> LINE`, with LINE a line of evidence "
      "without its date, or `drop`; or `scenario NAME`, `source NAME ...`, "
      "`from NAME`.");
}

static char *skip(char *at)
{
  while (*at == ' ')
    at++;
  return at;
}

/* The word at *at, ended there; *at goes on behind it.  NULL: no word. */
static const char *next_word(char **at)
{
  char *from = skip(*at), *to = from;
  while (*to && *to != ' ')
    to++;
  *at = *to ? to + 1 : to;
  *to = '\0';
  return *from ? from : NULL;
}

static bool has_from(const char *line)
{
  return strstr(line, " from ") != NULL;
}

static void read_rule(import *im, char *at, uint32_t number, const char *whole)
{
  rule r = {{NULL, NULL, NULL}, NULL};
  for (uint32_t i = 0; i < 3; i++)
    r.pattern[i] = next_word(&at);
  const char *arrow = next_word(&at);
  const char *line = skip(at);
  if (!arrow || strcmp(arrow, "->") != 0 || !*line) {
    bad_rule(im, number, whole);
    return;
  }
  if (strcmp(line, "drop") != 0)
    r.line = line;
  DM_PUSH(&im->arena, &im->rule, r);
}

static void read_mapping_line(import *im, char *text, uint32_t number)
{
  const char *whole = dm_arena_text(&im->arena, text, strlen(text));
  char *at = text;
  const char *word = next_word(&at);
  if (!word)
    return;
  if (strcmp(word, "map") == 0) {
    read_rule(im, at, number, whole);
    return;
  }
  const char *rest = skip(at);
  if (strcmp(word, "source") == 0 && *rest)
    DM_PUSH(&im->arena, &im->source, whole);
  else if (strcmp(word, "scenario") == 0 && *rest && !im->scenario)
    im->scenario = rest;
  else if (strcmp(word, "from") == 0 && *rest && !im->from)
    im->from = whole;
  else
    bad_rule(im, number, whole);
}

/* One line of a text, without its end, as a copy; *at goes behind it. */
static char *take_line(dm_arena *arena, const char **at, const char *end)
{
  const char *from = *at;
  const char *stop = memchr(from, '\n', (size_t)(end - from));
  const char *to = stop ? stop : end;
  *at = stop ? stop + 1 : end;
  if (to > from && to[-1] == '\r')
    to--;
  return dm_arena_text(arena, from, (size_t)(to - from));
}

static void read_mapping(import *im, const char *text, size_t len)
{
  const char *at = text, *end = text + len;
  for (uint32_t number = 1; at < end; number++) {
    char *line = take_line(&im->arena, &at, end);
    char *comment = strchr(line, '#');
    if (comment)
      *comment = '\0';
    for (char *c = line; *c; c++) {
      if (*c == '\t')
        *c = ' ';
    }
    size_t used = strlen(line);
    while (used && line[used - 1] == ' ')
      line[--used] = '\0';
    read_mapping_line(im, line, number);
  }
  for (uint32_t i = 0; i < im->rule.n && !im->from && im->errors == 0; i++) {
    const char *line = im->rule.at[i].line;
    if (line && !has_from(line))
      complain(
          im, "E121", "unreadable mapping", 1, 1,
          "A rule's line names no source, and the mapping has no `from`.",
          "Add a line `from NAME`, or `from NAME` to the rule.");
  }
  if (!im->scenario && im->errors == 0)
    complain(
        im, "E121", "unreadable mapping", 1, 1,
        "The mapping does not say which scenario its lines belong to.",
        "Begin it with `scenario NAME`.");
}

/* ---- rows ------------------------------------------------------------------ */

/* Takes the fields of one row in place; quotes may span lines.  [*n] of them,
 * at most MOST_COLUMNS; *at goes behind the row, *lines counts its lines. */
static void take_row(
    char **at, const char *end, char between, const char **field, uint32_t *n,
    uint32_t *lines)
{
  char *from = *at, *to = from;
  bool quoted = false, over = false;
  *n = 0;
  *lines = 1;
  const char *begin = to;
  while (!over) {
    char c = from < end ? *from : '\n';
    over = from >= end;
    if (!over)
      from++;
    if (quoted && c == '"' && from < end && *from == '"') {
      *to++ = '"';
      from++;
    } else if (c == '"' && !over && (quoted || to == begin)) {
      quoted = !quoted;
    } else if (quoted && !over) {
      *lines += c == '\n';
      *to++ = iscntrl((unsigned char)c) ? ' ' : c;
    } else if (c == between || c == '\n') {
      over = over || c == '\n';
      while (to > begin && (to[-1] == ' ' || to[-1] == '\r'))
        to--;
      /* The separator has been read: its place is free. */
      char *stop = to;
      if (*n < MOST_COLUMNS)
        field[(*n)++] = begin;
      to = from;
      *stop = '\0';
      begin = to;
    } else if (c != ' ' || to != begin) {
      *to++ = iscntrl((unsigned char)c) && c != '\r' ? ' ' : c;
    }
  }
  *at = from;
}

/* ISO date of YYYY-MM-DD, YYYYMMDD or the former with a time behind. */
static bool read_date(const char *text, char iso[11])
{
  char only[9];
  uint32_t n = 0;
  size_t len = strlen(text);
  bool dashes = len >= 10 && text[4] == '-' && text[7] == '-';
  if (!dashes && len != 8)
    return false;
  if (dashes && text[10] && text[10] != 'T' && text[10] != ' ')
    return false;
  for (size_t i = 0; i < (dashes ? 10u : 8u); i++) {
    if (dashes && (i == 4 || i == 7))
      continue;
    if (!isdigit((unsigned char)text[i]))
      return false;
    only[n++] = text[i];
  }
  only[n] = '\0';
  int month = (only[4] - '0') * 10 + only[5] - '0';
  int day = (only[6] - '0') * 10 + only[7] - '0';
  static const int most[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1 || day > most[month - 1])
    return false;
  (void)snprintf(iso, 11, "%.4s-%.2s-%.2s", only, only + 4, only + 6);
  return true;
}

static bool same_letters(const char *a, const char *b)
{
  for (; *a && *b; a++, b++) {
    if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
      return false;
  }
  return *a == *b;
}

/* Which columns a heading names. */
static bool read_heading(import *im, const char *const *field, uint32_t n)
{
  static const char *const name[N_FIELDS][7] = {
      {"date", "event_date", "event date", "sqldate", "day", NULL},
      {"source", "source actor", "source_actor", "actor1code", "actor1", NULL},
      {"target", "target actor", "target_actor", "actor2code", "actor2",
       "recipient", NULL},
      {"event", "event word", "event_type", "eventcode", "cameo", "code", NULL},
  };
  uint32_t at[N_FIELDS] = {0};
  bool all = true;
  for (uint32_t f = 0; f < N_FIELDS; f++) {
    bool found = false;
    for (uint32_t c = 0; c < n && !found; c++) {
      for (uint32_t k = 0; name[f][k] && !found; k++) {
        found = same_letters(field[c], name[f][k]);
        if (found)
          at[f] = c;
      }
    }
    all = all && found;
  }
  if (all)
    memcpy(im->column, at, sizeof at);
  return all;
}

static bool fits(const char *pattern, const char *text)
{
  const char *star = NULL, *retry = NULL;
  while (*text) {
    if (*pattern == '*') {
      star = pattern++;
      retry = text;
    } else if (
        *pattern && (*pattern == '?' || tolower((unsigned char)*pattern) ==
                                            tolower((unsigned char)*text))) {
      pattern++;
      text++;
    } else if (star) {
      pattern = star + 1;
      text = ++retry;
    } else {
      return false;
    }
  }
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}

static const rule *rule_for(const import *im, const char *const field[N_FIELDS])
{
  for (uint32_t i = 0; i < im->rule.n; i++) {
    const rule *r = &im->rule.at[i];
    if (fits(r->pattern[0], field[SOURCE]) &&
        fits(r->pattern[1], field[TARGET]) && fits(r->pattern[2], field[WORD]))
      return r;
  }
  return NULL;
}

static void write_line(import *im, const char *iso, const rule *r)
{
  const char *from = has_from(r->line) ? "" : im->from;
  size_t len = strlen(iso) + strlen(r->line) + strlen(from) + 5;
  char *line = dm_arena_alloc(&im->arena, len);
  (void)snprintf(
      line, len, "%s  %s%s%s", iso, r->line, *from ? "  " : "", from);
  bool fresh;
  (void)dm_table_intern(&im->known, line, strlen(line), &fresh);
  if (fresh)
    dm_str_addf(im->out, "%s\n", line);
  else
    im->count->repeated++;
  im->count->mapped++;
}

static void note_stranger(import *im, const char *const field[N_FIELDS])
{
  char text[160];
  bool fresh;
  (void)snprintf(
      text, sizeof text, "%.48s %.48s %.48s",
      field[SOURCE][0] ? field[SOURCE] : "-",
      field[TARGET][0] ? field[TARGET] : "-",
      field[WORD][0] ? field[WORD] : "-");
  im->count->unmapped++;
  uint32_t id = dm_table_intern(&im->strange, text, strlen(text), &fresh);
  if (fresh) {
    stranger s = {dm_arena_text(&im->arena, text, strlen(text)), 0};
    DM_PUSH(&im->arena, &im->stranger, s);
  }
  im->stranger.at[id].rows++;
}

static void read_row(
    import *im, const char *const *column, uint32_t n, uint32_t line)
{
  const char *field[N_FIELDS];
  char iso[11];
  for (uint32_t f = 0; f < N_FIELDS; f++) {
    if (im->column[f] >= n) {
      complain(
          im, "E122", "unreadable row of events", line, 1,
          "This row has too few columns.",
          "A row has a date, a source, a target and an event word, between "
          "commas or tabs.");
      return;
    }
    field[f] = column[im->column[f]];
  }
  if (!read_date(field[DATE], iso)) {
    complain(
        im, "E122", "unreadable row of events", line, width(strlen(column[0])),
        "The date of this row cannot be read.",
        "Write it as 2025-03-07 or 20250307.");
    return;
  }
  im->count->rows++;
  const rule *r = rule_for(im, field);
  if (!r)
    note_stranger(im, field);
  else if (!r->line)
    im->count->dropped++;
  else
    write_line(im, iso, r);
}

static void read_rows(import *im, const char *text, size_t len)
{
  char *at = dm_arena_text(&im->arena, text, len);
  const char *end = at + len;
  const char **column =
      dm_arena_array(&im->arena, MOST_COLUMNS, sizeof *column);
  const char *stop = memchr(at, '\n', len);
  size_t first = stop ? (size_t)(stop - at) : len;
  char between = memchr(at, '\t', first) ? '\t' : ',';
  for (uint32_t f = 0; f < N_FIELDS; f++)
    im->column[f] = f;
  for (uint32_t line = 1, lines = 1, n = 0; at < end; line += lines) {
    take_row(&at, end, between, column, &n, &lines);
    if ((n == 1 && column[0][0] == '\0') || column[0][0] == '#')
      continue;
    if (line == 1 && read_heading(im, column, n))
      continue;
    read_row(im, column, n, line);
  }
}

/* ---- the whole ------------------------------------------------------------- */

static void write_strangers(import *im)
{
  if (im->stranger.n == 0)
    return;
  dm_str_addf(
      im->out,
      "\n# No rule of the mapping fits %" PRIu64 " of %" PRIu64
      " rows (source target event):\n",
      im->count->unmapped, im->count->rows);
  for (uint32_t i = 0; i < im->stranger.n && i < MOST_LISTED; i++)
    dm_str_addf(
        im->out, "#   %s (%" PRIu64 ")\n", im->stranger.at[i].text,
        im->stranger.at[i].rows);
  if (im->stranger.n > MOST_LISTED)
    dm_str_addf(
        im->out, "#   and %u other kinds\n", im->stranger.n - MOST_LISTED);
}

static dm_status run(
    import *im, const char *rows, size_t rows_len, const char *mapping,
    size_t mapping_len)
{
  dm_status why = (dm_status)setjmp(im->arena.jump);
  if (why != DM_OK)
    return why;
  dm_table_init(&im->known, &im->arena, 0);
  dm_table_init(&im->strange, &im->arena, 0);
  read_mapping(im, mapping, mapping_len);
  if (im->errors)
    return DM_E_INPUT;
  dm_str_addf(im->out, "evidence for %s\n", im->scenario);
  for (uint32_t i = 0; i < im->source.n; i++)
    dm_str_addf(im->out, "%s\n", im->source.at[i]);
  dm_str_adds(im->out, "\n");
  read_rows(im, rows, rows_len);
  if (im->errors)
    return DM_E_INPUT;
  write_strangers(im);
  return im->out->failed ? DM_E_MEMORY : DM_OK;
}

dm_status dm_events_read(
    const char *rows, size_t rows_len, const char *mapping, size_t mapping_len,
    dm_diags *diags, dm_events_count *count, dm_str *out)
{
import im = {.diags = diags, .count = count, .out = out };
  memset(count, 0, sizeof *count);
  dm_arena_init(&im.arena, 0);
  dm_status why = run(&im, rows, rows_len, mapping, mapping_len);
  dm_arena_clear(&im.arena);
  return why;
}
