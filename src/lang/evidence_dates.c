/* lang/evidence_dates.c -- which of two dates is later, by their texts.
 *
 * A line dated by a month may speak of its last day, so a date counts as its
 * last day.  Turns have no days and are compared as numbers. */
#include "lang/evidence.h"

#include "lang/ast.h"

static int32_t digits(const char **at)
{
  int32_t n = 0;
  while (**at >= '0' && **at <= '9' && n < 100000000)
    n = n * 10 + (*(*at)++ - '0');
  return n;
}

static dm_ast_date read_date(const char *text)
{
  dm_ast_date d = {.kind = DM_AST_YEAR};
  d.year = digits(&text);
  if (*text != '-')
    return d;
  text++;
  d.kind = *text == 'W'   ? DM_AST_WEEK
           : *text == 'Q' ? DM_AST_QUARTER
                          : DM_AST_MONTH;
  if (d.kind != DM_AST_MONTH)
    text++;
  d.number = digits(&text);
  if (d.kind == DM_AST_MONTH && *text == '-') {
    text++;
    d.kind = DM_AST_DAY;
    d.day = digits(&text);
  }
  return d;
}

static bool last_day(dm_ast_date d, int64_t *day)
{
  if (d.kind == DM_AST_DAY)
    return dm_ast_first_day(d, day);
  dm_ast_clock clock = {.kind = d.kind, .from = d};
  if (!dm_ast_first_day(dm_ast_period_date(&clock, 2), day))
    return false;
  --*day;
  return true;
}

bool dm_evidence_after(const char *date, const char *cut_off)
{
  dm_ast_date a = read_date(date), b = read_date(cut_off);
  int64_t x, y;
  if (a.kind == DM_AST_YEAR && b.kind == DM_AST_YEAR)
    return a.year > b.year;
  return last_day(a, &x) && last_day(b, &y) && x > y;
}
