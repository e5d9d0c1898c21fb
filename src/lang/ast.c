/* lang/ast.c -- dates against a clock, and the words of the tree.
 *
 * Days are counted in the proleptic Gregorian calendar from 1970-01-01, weeks
 * by ISO 8601: a week begins on Monday and belongs to the year of its
 * Thursday. */
#include "lang/ast.h"

#include <stdio.h>

/* Day number of a civil date.  Years run from March here, so that the day
 * that leap years add comes last. */
static int64_t day_number(int64_t year, int64_t month, int64_t day)
{
  year -= month <= 2;
  int64_t era = (year >= 0 ? year : year - 399) / 400;
  int64_t in_era = year - era * 400;
  int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  int64_t in_days = in_era * 365 + in_era / 4 - in_era / 100 + in_year;
  return era * 146097 + in_days - 719468;
}

static void civil(int64_t day, int64_t *year, int64_t *month)
{
  day += 719468;
  int64_t era = (day >= 0 ? day : day - 146096) / 146097;
  int64_t in_days = day - era * 146097;
  int64_t in_era =
      (in_days - in_days / 1460 + in_days / 36524 - in_days / 146096) / 365;
  int64_t in_year = in_days - (365 * in_era + in_era / 4 - in_era / 100);
  int64_t shifted = (5 * in_year + 2) / 153;
  *month = shifted < 10 ? shifted + 3 : shifted - 9;
  *year = in_era + era * 400 + (*month <= 2);
}

/* 0 is Monday. */
static int64_t weekday(int64_t day)
{
  int64_t w = (day + 3) % 7;
  return w < 0 ? w + 7 : w;
}

/* The Monday of week 1 of a year: the week with 4 January in it. */
static int64_t first_monday(int64_t year)
{
  int64_t fourth = day_number(year, 1, 4);
  return fourth - weekday(fourth);
}

bool dm_ast_first_day(dm_ast_date date, int64_t *day)
{
  int64_t year = date.year;
  switch (date.kind) {
  case DM_AST_MONTH:
    *day = day_number(year, date.number, 1);
    return true;
  case DM_AST_WEEK:
    *day = first_monday(year) + 7 * ((int64_t)date.number - 1);
    return true;
  case DM_AST_QUARTER:
    *day = day_number(year, 3 * ((int64_t)date.number - 1) + 1, 1);
    return true;
  case DM_AST_YEAR:
    *day = day_number(year, 1, 1);
    return true;
  case DM_AST_DAY:
    *day = day_number(year, date.number, date.day);
    return true;
  case DM_AST_TURN:
  case DM_AST_NO_DATE:
    break;
  }
  return false;
}

/* A count of periods of `kind` that is comparable over dates. */
static int64_t ordinal_of_day(dm_ast_date_kind kind, int64_t day)
{
  int64_t year, month;
  civil(day, &year, &month);
  switch (kind) {
  case DM_AST_MONTH:
    return year * 12 + month - 1;
  case DM_AST_WEEK:
    return (day - weekday(day)) / 7 - ((day - weekday(day)) % 7 < 0);
  case DM_AST_QUARTER:
    return year * 4 + (month - 1) / 3;
  case DM_AST_YEAR:
    return year;
  case DM_AST_DAY:
  case DM_AST_TURN:
  case DM_AST_NO_DATE:
    break;
  }
  return day;
}

static int coarseness(dm_ast_date_kind kind)
{
  switch (kind) {
  case DM_AST_DAY:
    return 1;
  case DM_AST_WEEK:
    return 2;
  case DM_AST_MONTH:
    return 3;
  case DM_AST_QUARTER:
    return 4;
  case DM_AST_YEAR:
    return 5;
  case DM_AST_TURN:
  case DM_AST_NO_DATE:
    break;
  }
  return 9;
}

/* Whether `date` has a place on clocks of `kind`, and which. */
static bool ordinal(dm_ast_date_kind kind, dm_ast_date date, int64_t *out)
{
  if (date.kind == DM_AST_TURN || kind == DM_AST_TURN) {
    *out = date.number;
    return date.kind == kind;
  }
  int64_t day;
  if (kind == DM_AST_NO_DATE || coarseness(date.kind) > coarseness(kind) ||
      !dm_ast_first_day(date, &day))
    return false;
  if (date.kind == DM_AST_WEEK && kind != DM_AST_WEEK)
    day += 3;
  *out = ordinal_of_day(kind, day);
  return true;
}

dm_period dm_ast_period(const dm_ast_clock *clock, dm_ast_date date)
{
  int64_t first, here;
  if (!ordinal(clock->kind, clock->from, &first) ||
      !ordinal(clock->kind, date, &here))
    return DM_PERIOD_NONE;
  int64_t t = here - first + 1;
  /* Turns may be any 32-bit number, so their difference may be none. */
  if (t > INT32_MAX)
    return INT32_MAX;
  return t <= INT32_MIN ? INT32_MIN + 1 : (dm_period)t;
}

dm_period dm_ast_period_count(const dm_ast_clock *clock)
{
  if (clock->kind == DM_AST_NO_DATE)
    return 0;
  dm_period t = dm_ast_period(clock, clock->to);
  return t == DM_PERIOD_NONE || t < 1 ? 0 : t;
}

dm_ast_date dm_ast_period_date(const dm_ast_clock *clock, dm_period t)
{
  dm_ast_date date = clock->from;
  date.at = (dm_span){0, 0, 0};
  int64_t steps = (int64_t)t - 1;
  int64_t per_year = clock->kind == DM_AST_MONTH     ? 12
                     : clock->kind == DM_AST_QUARTER ? 4
                                                     : 1;
  if (clock->kind == DM_AST_TURN) {
    date.number = (int32_t)(date.number + steps);
  } else if (clock->kind == DM_AST_WEEK) {
    int64_t monday =
        first_monday(date.year) + 7 * ((int64_t)date.number - 1 + steps);
    int64_t year, month;
    civil(monday + 3, &year, &month);
    date.year = (int32_t)year;
    date.number = (int32_t)((monday - first_monday(year)) / 7 + 1);
  } else if (clock->kind != DM_AST_NO_DATE) {
    int64_t base = clock->kind == DM_AST_YEAR ? 0 : date.number - 1;
    int64_t at = date.year * per_year + base + steps;
    int64_t in_year = at % per_year;
    if (in_year < 0)
      in_year += per_year;
    date.year = (int32_t)((at - in_year) / per_year);
    date.number = clock->kind == DM_AST_YEAR ? 0 : (int32_t)(in_year + 1);
  }
  return date;
}

void dm_ast_date_text(dm_ast_date date, char out[24])
{
  int y = (int)date.year;
  int n = (int)date.number;
  switch (date.kind) {
  case DM_AST_MONTH:
    snprintf(out, 24, "%04d-%02d", y, n);
    return;
  case DM_AST_WEEK:
    snprintf(out, 24, "%04d-W%02d", y, n);
    return;
  case DM_AST_QUARTER:
    snprintf(out, 24, "%04d-Q%d", y, n);
    return;
  case DM_AST_YEAR:
    snprintf(out, 24, "%04d", y);
    return;
  case DM_AST_TURN:
    snprintf(out, 24, "%d", n);
    return;
  case DM_AST_DAY:
    snprintf(out, 24, "%04d-%02d-%02d", y, n % 100, (int)date.day % 100);
    return;
  case DM_AST_NO_DATE:
    break;
  }
  out[0] = '\0';
}

const char *dm_ast_clock_word(dm_ast_date_kind kind)
{
  switch (kind) {
  case DM_AST_MONTH:
    return "month";
  case DM_AST_WEEK:
    return "week";
  case DM_AST_QUARTER:
    return "quarter";
  case DM_AST_YEAR:
    return "year";
  case DM_AST_TURN:
    return "turn";
  case DM_AST_DAY:
    return "day";
  case DM_AST_NO_DATE:
    break;
  }
  return "period";
}

const char *dm_ast_status_word(dm_ast_status status)
{
  static const char *const words[] = {
      "unsent",   "sent",   "arrived", "overdue", "answered", "proposed",
      "in force", "broken", "left",    "met",     "missed",   "silent"};
  return words[status];
}
