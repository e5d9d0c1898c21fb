/* api/ledger.c -- the public ledger: what goes into it is checked here. */
#define _POSIX_C_SOURCE 200809L
#include "api/ledger.h"
#include "api/handle.h"
#include "base/table.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SUM_TOLERANCE 1e-6

dm_status dm_case_open(
    const char *path, dm_case_mode mode, dm_case **out, const char **why)
{
  static const dm_ledger_mode as[] = {
      [DM_CASE_READ] = DM_LEDGER_READ,
      [DM_CASE_WRITE] = DM_LEDGER_WRITE,
      [DM_CASE_CREATE] = DM_LEDGER_CREATE,
      [DM_CASE_NEW] = DM_LEDGER_NEW,
  };
  *out = NULL;
  *why = "";
  if ((size_t)mode >= sizeof as / sizeof *as) {
    *why = "there is no such way to open a ledger";
    return DM_E_RANGE;
  }
  dm_case *c = calloc(1, sizeof *c);
  if (!c) {
    *why = dm_status_text(DM_E_MEMORY);
    return DM_E_MEMORY;
  }
  dm_status status = dm_ledger_open(path, as[mode], &c->ledger, why);
  if (status == DM_OK)
    *out = c;
  else
    free(c);
  return status;
}

void dm_case_close(dm_case *ledger)
{
  if (!ledger)
    return;
  dm_ledger_close(ledger->ledger);
  free(ledger);
}

const char *dm_case_why(const dm_case *ledger)
{
  return ledger->why;
}

dm_status dm_case_fail(dm_case *c, dm_status status, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  (void)vsnprintf(c->why, sizeof c->why, format, args);
  va_end(args);
  return status;
}

/* The store's words after a call on it. */
static dm_status stored(dm_case *c, dm_status status)
{
  return dm_case_fail(
      c, status, "%s", status == DM_OK ? "" : dm_ledger_why(c->ledger));
}

/* ---- dates ----------------------------------------------------------------- */

/* Days from 1970-01-01 in the Gregorian calendar, of which a year here begins
 * in March, so that its odd day is its last. */
static dm_day day_of(int year, int month, int day)
{
  int64_t y = year - (month < 3 ? 1 : 0), m = (month + 9) % 12;
  return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 -
         719468;
}

static int digits(const char *text, int count)
{
  int x = 0;
  for (int i = 0; i < count; i++) {
    if (!isdigit((unsigned char)text[i]))
      return -1;
    x = 10 * x + (text[i] - '0');
  }
  return x;
}

static int days_in(int year, int month)
{
  dm_day next =
      month == 12 ? day_of(year + 1, 1, 1) : day_of(year, month + 1, 1);
  return (int)(next - day_of(year, month, 1));
}

bool dm_date_read(const char *text, bool last, dm_day *day)
{
  int year = digits(text, 4), month = last ? 12 : 1;
  if (year < 1)
    return false;
  text += 4;
  int date = last ? 31 : 1;
  if (*text == '-') {
    month = digits(text + 1, 2);
    if (month < 1 || month > 12)
      return false;
    text += 3;
    int most = days_in(year, month);
    date = last ? most : 1;
    if (*text == '-') {
      date = digits(text + 1, 2);
      if (date < 1 || date > most)
        return false;
      text += 3;
      if (*text == 'T')
        text += strspn(text, "T0123456789:.Z");
    }
  }
  *day = day_of(year, month, date);
  return *text == '\0';
}

static void now(char text[32])
{
  time_t seconds = time(NULL);
  struct tm utc;
  if (!gmtime_r(&seconds, &utc) ||
      strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
    (void)snprintf(text, 32, "1970-01-01T00:00:00Z");
}

/* ---- adding ---------------------------------------------------------------- */

static void hash_text(const char *text, size_t len, char hash[DM_CASE_HASH])
{
  (void)snprintf(hash, DM_CASE_HASH, "%016" PRIx64, dm_hash(text, len));
}

bool dm_case_intact(const dm_ledger_document *d)
{
  char hash[DM_CASE_HASH];
  hash_text(d->text, d->len, hash);
  return strcmp(hash, d->hash) == 0;
}

dm_status dm_case_add_document(
    dm_case *ledger, const char *kind, const char *name, const char *text,
    size_t len, char hash[DM_CASE_HASH])
{
  char when[32];
  if (strcmp(kind, "scenario") != 0 && strcmp(kind, "evidence") != 0)
    return dm_case_fail(
        ledger, DM_E_RANGE, "a version is of a \"scenario\" or \"evidence\"");
  hash_text(text, len, hash);
  now(when);
  dm_ledger_document d = {kind, name, hash, text, len, when};
  return stored(ledger, dm_ledger_add_document(ledger->ledger, &d));
}

static const char *or_empty(const char *text)
{
  return text ? text : "";
}

static dm_status check_date(dm_case *c, const char *what, const char *date)
{
  dm_day day;
  if (!date[0] || dm_date_read(date, false, &day))
    return DM_OK;
  return dm_case_fail(
      c, DM_E_RANGE, "%s: \"%.40s\" is no date (2025-03-07, 2025-03, 2025)",
      what, date);
}

static dm_status check_answers(dm_case *c, const dm_case_forecast *f)
{
  double sum = 0;
  if (f->n < 2)
    return dm_case_fail(
        c, DM_E_RANGE,
        "a forecast has at least two answers, one of which "
        "will be true");
  for (uint32_t i = 0; i < f->n; i++) {
    if (!f->answer[i] || !f->answer[i][0])
      return dm_case_fail(c, DM_E_RANGE, "an answer has no words");
    for (uint32_t k = 0; k < i; k++) {
      if (strcmp(f->answer[k], f->answer[i]) == 0)
        return dm_case_fail(
            c, DM_E_RANGE, "the answer \"%.80s\" stands twice", f->answer[i]);
    }
    if (!(f->p[i] >= 0 && f->p[i] <= 1))
      return dm_case_fail(
          c, DM_E_RANGE, "the chance of \"%.80s\" is not between 0 and 1",
          f->answer[i]);
    sum += f->p[i];
  }
  if (fabs(sum - 1) > SUM_TOLERANCE)
    return dm_case_fail(
        c, DM_E_RANGE, "the chances of the answers add up to %.7g, not to 1",
        sum);
  return DM_OK;
}

static dm_status check_forecast(dm_case *c, const dm_ledger_forecast *f)
{
  if (!f->question[0])
    return dm_case_fail(c, DM_E_RANGE, "the question has no words");
  if (!f->model[0])
    return dm_case_fail(c, DM_E_RANGE, "nobody is named whose forecast it is");
  dm_status why = check_date(c, "made", f->made);
  if (why == DM_OK)
    why = check_date(c, "as of", f->as_of);
  if (why == DM_OK)
    why = check_date(c, "opens", f->opens);
  if (why == DM_OK)
    why = check_date(c, "by", f->by);
  return why;
}

dm_status dm_case_add_forecast(
    dm_case *ledger, const dm_case_forecast *forecast, int64_t *id)
{
  char when[32], day[16];
  now(when);
  dm_ledger_forecast f = {
      .made = forecast->made ? forecast->made : when,
      .as_of = or_empty(forecast->as_of),
      .model = or_empty(forecast->model),
      .scenario_hash = or_empty(forecast->scenario_hash),
      .evidence_hash = or_empty(forecast->evidence_hash),
      .question = or_empty(forecast->question),
      .opens = or_empty(forecast->opens),
      .by = or_empty(forecast->by),
      .ranked = forecast->ranked,
      .n = forecast->n,
      .answer = forecast->answer,
      .p = forecast->p,
      .version = dm_version(),
  };
  if (!f.made[0])
    f.made = when;
  if (!f.as_of[0]) {
    (void)snprintf(day, sizeof day, "%.10s", f.made);
    f.as_of = day;
  }
  dm_status why = check_forecast(ledger, &f);
  if (why == DM_OK)
    why = check_answers(ledger, forecast);
  if (why != DM_OK)
    return why;
  return stored(ledger, dm_ledger_add_forecast(ledger->ledger, &f, id));
}

dm_status dm_case_add_note(dm_case *ledger, const char *text)
{
  char when[32];
  if (!text[0])
    return dm_case_fail(ledger, DM_E_RANGE, "the note has no words");
  now(when);
  return stored(ledger, dm_ledger_add_note(ledger->ledger, when, text));
}

/* ---- resolving ------------------------------------------------------------- */

typedef struct search {
  const char *answer;
  bool asked, answered;
  char known[160]; /* answers of the last forecast */
} search;

static bool look_for(void *data, const dm_ledger_forecast *f)
{
  search *s = data;
  size_t at = 0;
  s->asked = true;
  for (uint32_t i = 0; i < f->n; i++) {
    s->answered = s->answered || strcmp(f->answer[i], s->answer) == 0;
    if (at < sizeof s->known)
      at += (size_t)snprintf(
          s->known + at, sizeof s->known - at, "%s%s", i ? ", " : "",
          f->answer[i]);
  }
  return !s->answered;
}

dm_status dm_case_resolve(
    dm_case *ledger, const char *question, const char *answer,
    const char *resolved, const char *source, const char *note)
{
  char when[32];
  search s = {.answer = answer};
  if (!resolved || !resolved[0])
    return dm_case_fail(ledger, DM_E_RANGE, "when it was settled is missing");
  dm_status why = check_date(ledger, "settled", resolved);
  if (why == DM_OK)
    why = stored(
        ledger, dm_ledger_forecasts(ledger->ledger, question, look_for, &s));
  if (why != DM_OK)
    return why;
  if (!s.asked)
    return dm_case_fail(
        ledger, DM_E_RANGE, "no forecast is on record for \"%.150s\"",
        question);
  if (!s.answered)
    return dm_case_fail(
        ledger, DM_E_RANGE, "\"%.60s\" is none of its answers: %s", answer,
        s.known);
  now(when);
  dm_ledger_resolution r = {
      .written = when,
      .question = question,
      .answer = answer,
      .resolved = resolved,
      .source = or_empty(source),
      .note = or_empty(note),
  };
  return stored(ledger, dm_ledger_add_resolution(ledger->ledger, &r, NULL));
}

/* ---- scores ---------------------------------------------------------------- */

dm_case_score_options dm_case_score_defaults(void)
{
  return (dm_case_score_options){.bins = 10};
}

static dm_status check_options(dm_case *c, const dm_case_score_options *o)
{
  double sum = 0;
  if (o->bins < 1 || o->bins > 100)
    return dm_case_fail(c, DM_E_RANGE, "1 to 100 bins");
  for (uint32_t i = 0; i < o->n_base; i++) {
    if (!(o->base[i] >= 0 && o->base[i] <= 1))
      return dm_case_fail(
          c, DM_E_RANGE, "the base rate of \"%.80s\" is not between 0 and 1",
          o->base_answer[i]);
    sum += o->base[i];
  }
  /* Rates of several questions' answers may be given at once. */
  if (!isfinite(sum))
    return dm_case_fail(c, DM_E_RANGE, "base rates are no numbers");
  return DM_OK;
}

typedef struct score_request {
  const dm_case_score_options *options;
  const dm_print_options *print;
} score_request;

static dm_status write_scores(
    dm_case *c, const dm_l_case *all, const void *with, dm_str *out)
{
  const score_request *r = with;
  uint32_t only = UINT32_MAX;
  dm_status why = dm_case_only(c, all, r->options->question, &only);
  if (why != DM_OK)
    return why;
  dm_l_scores *scores = dm_case_scores(all, r->options, only);
  dm_doc doc = {.arena = all->arena};
  if (r->print->json) {
    dm_case_score_json(&doc, scores, out);
  } else {
    dm_case_score_doc(&doc, scores);
    dm_doc_write_text(&doc, r->print, out);
  }
  return DM_OK;
}

dm_status dm_case_score(
    dm_case *ledger, const dm_case_score_options *options,
    const dm_print_options *print, dm_text *out)
{
  memset(out, 0, sizeof *out);
  score_request r = {options, print};
  dm_status why = check_options(ledger, options);
  return why == DM_OK ? dm_case_write(ledger, write_scores, &r, out) : why;
}
