/* interop/chances.c -- chances as texts that add up to exactly 1.
 *
 * In:     doubles that add up to 1 within rounding.
 * Method: four ways, the first that adds up is taken.
 *         1. The shortest decimals: 0.35 and 0.65.
 *         2. The fraction with the least denominator that rounds to each double
 *            (a convergent of its continued fraction): 1/3 three times.
 *         3. Decimals of 12 digits, each within an error of 1's own rounding:
 *            0.9 and 0.1 where the second was computed as 1 - 0.9 and is
 *            0.09999999999999998.
 *         4. Shortest decimals for all but the largest, which takes what they
 *            leave, by adding digits in columns: no number is rounded.
 * Numerics: the first two ways keep every double to the bit.  In the third each
 *         may move by a few units in its last place, as it has by rounding; in
 *         the fourth the largest moves by the error that the doubles' own sum
 *         has, some 1e-16.
 * Cost:   O(count x digits). */
#include "interop/chances.h"

#include "interop/exact.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Places behind the point: the least double and its 17 digits. */
enum { PLACES = 400, MOST_DENOMINATOR = 1000000 };

static dm_gambit_number kept(dm_arena *arena, const char *text)
{
  size_t len = strlen(text);
  dm_gambit_number out = {.text = dm_arena_text(arena, text, len)};
  if (dm_exact_read(out.text, len, &out.value) != DM_EXACT_GOOD)
    dm_arena_throw(arena, DM_E_RANGE);
  return out;
}

dm_gambit_number dm_number_for(dm_arena *arena, double x)
{
  char text[32];
  dm_number_text(x, text);
  char *plus = strchr(text, '+');
  if (plus)
    memmove(plus, plus + 1, strlen(plus));
  return kept(arena, text);
}

static bool adds_up(const dm_gambit_number *number, uint32_t count)
{
  char sum[DM_EXACT_TEXT];
  return dm_exact_add(number, count, sum) == DM_EXACT_IS_ONE;
}

/* The first convergent p / q that is x as a double. */
static bool fraction(double x, char text[32])
{
  double p = 1.0, q = 0.0, p_before = 0.0, q_before = 1.0;
  double rest = x;
  for (int step = 0; step < 24; step++) {
    double whole = floor(rest);
    double p_next = whole * p + p_before;
    double q_next = whole * q + q_before;
    if (!(q_next <= MOST_DENOMINATOR))
      return false;
    p_before = p;
    q_before = q;
    p = p_next;
    q = q_next;
    if (p / q == x) {
      if (q == 1.0)
        snprintf(text, 32, "%.0f", p);
      else
        snprintf(text, 32, "%.0f/%.0f", p, q);
      return true;
    }
    if (rest == whole)
      return false;
    rest = 1.0 / (rest - whole);
  }
  return false;
}

static bool fractions(
    dm_arena *arena, const double *x, uint32_t count, dm_gambit_number *out)
{
  for (uint32_t i = 0; i < count; i++) {
    char text[32];
    if (!fraction(x[i], text))
      return false;
    out[i] = kept(arena, text);
  }
  return adds_up(out, count);
}

static bool short_decimals(
    dm_arena *arena, const double *x, uint32_t count, dm_gambit_number *out)
{
  for (uint32_t i = 0; i < count; i++) {
    char text[32];
    snprintf(text, sizeof text, "%.12g", x[i]);
    /* By way of a double, whatever the locale's decimal point. */
    out[i] = dm_number_for(arena, strtod(text, NULL));
    if (!(fabs(out[i].value - x[i]) <= 0x1p-53))
      return false;
  }
  return adds_up(out, count);
}

/* Adds a decimal's digits to their columns; column j weighs 10^-j. */
static void add_digits(uint64_t *column, const char *text)
{
  const char *e = strchr(text, 'e');
  long power = e ? strtol(e + 1, NULL, 10) : 0;
  const char *end = e ? e : text + strlen(text);
  const char *point = memchr(text, '.', (size_t)(end - text));
  long whole = (long)((point ? point : end) - text);
  long j = 1 - whole - power;
  for (const char *c = text; c < end; c++) {
    if (*c == '.')
      continue;
    if (j >= 0 && j <= PLACES)
      column[j] += (uint64_t)(*c - '0');
    j++;
  }
}

/* 1 less the columns, as text; false if that is negative. */
static bool complement(const uint64_t *column, char *text)
{
  int64_t carry = 0;
  int last = 0;
  for (int j = PLACES; j >= 0; j--) {
    int64_t digit = (j == 0) - (int64_t)column[j] + carry;
    carry = 0;
    if (j > 0) {
      carry = -((9 - digit) / 10);
      digit -= carry * 10;
    } else if (digit < 0) {
      return false;
    }
    if (digit != 0 && last == 0)
      last = j;
    text[j == 0 ? 0 : j + 1] = (char)('0' + digit);
  }
  text[1] = '.';
  text[last == 0 ? 1 : last + 2] = '\0';
  return true;
}

static uint32_t largest_of(const double *x, uint32_t count)
{
  uint32_t largest = 0;
  for (uint32_t i = 1; i < count; i++)
    if (x[i] > x[largest])
      largest = i;
  return largest;
}

static void leave_the_rest(
    dm_arena *arena, const double *x, uint32_t count, dm_gambit_number *out)
{
  char text[PLACES + 4];
  uint32_t largest = largest_of(x, count);
  uint64_t *column = dm_arena_array(arena, PLACES + 1, sizeof *column);
  for (uint32_t i = 0; i < count; i++) {
    if (i == largest)
      continue;
    out[i] = dm_number_for(arena, x[i]);
    add_digits(column, out[i].text);
  }
  if (!complement(column, text))
    dm_arena_throw(arena, DM_E_RANGE);
  out[largest] = kept(arena, text);
}

void dm_chances_for(
    dm_arena *arena, const double *x, uint32_t count, dm_gambit_number *out)
{
  for (uint32_t i = 0; i < count; i++)
    out[i] = dm_number_for(arena, x[i]);
  if (adds_up(out, count) || fractions(arena, x, count, out) ||
      short_decimals(arena, x, count, out))
    return;
  leave_the_rest(arena, x, count, out);
}
