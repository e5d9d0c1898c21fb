/* interop/exact.c -- exact sums of chances, nearest doubles of numbers.
 *
 * In:     texts of numbers as game files hold them.
 * Out:    the nearest double; whether texts add up to exactly 1.
 * Method: a sum is tried in 64-bit rationals (base/ratio.h), which nearly every
 *         file fits, and with GMP's rationals if it does not.  Doubles: up to
 *         53 bits over or times 10^22 is one correctly rounded operation;
 *         longer decimals are handed to strtod as an integer with an exponent,
 *         which no locale writes differently; a long fraction is scaled to 66
 *         bits and rounded once.
 * Limits: a number that is added has at most MOST_DIGITS digits and a power of
 *         ten of at most that; a common denominator MOST_BITS bits.  A file is
 *         not trusted, and 1/p + 1/q + ... can be made to grow.
 * Without GMP: what does not fit 64 bits is refused as too long.
 * Cost:   some 20 ns a number on the short way. */
#include "interop/exact.h"

#include "base/ratio.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef DM_HAVE_GMP
#define DM_HAVE_GMP 0
#endif
#if DM_HAVE_GMP
#include <gmp.h>
#endif

enum { MOST_DIGITS = 1000, MOST_BITS = 100000, MOST_EXPONENT = 99999 };

/* A number taken apart: whole digits, digits behind the point, power of ten,
 * digits of a denominator (none: 0 of them). */
typedef struct parts {
  const char *whole, *after, *below;
  size_t n_whole, n_after, n_below;
  int32_t power;
  bool negative;
} parts;

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static size_t digits(const char *at, const char *end)
{
  const char *from = at;
  while (at < end && is_digit(*at))
    at++;
  return (size_t)(at - from);
}

/* The power of ten behind `e`; clamped, which no double can tell. */
static dm_exact_form exponent(const char *at, const char *end, parts *out)
{
  if (at < end && *at == '+')
    return DM_EXACT_PLUS;
  bool negative = at < end && *at == '-';
  at += negative;
  size_t n = digits(at, end);
  if (n == 0 || at + n != end)
    return DM_EXACT_NO_NUMBER;
  int32_t power = 0;
  for (size_t i = 0; i < n; i++) {
    power = power * 10 + (at[i] - '0');
    if (power > MOST_EXPONENT)
      power = MOST_EXPONENT;
  }
  out->power = negative ? -power : power;
  return DM_EXACT_GOOD;
}

static dm_exact_form denominator(const char *at, const char *end, parts *out)
{
  out->below = at;
  out->n_below = digits(at, end);
  if (out->n_below == 0 || at + out->n_below != end)
    return DM_EXACT_FRACTION;
  for (size_t i = 0; i < out->n_below; i++)
    if (at[i] != '0')
      return DM_EXACT_GOOD;
  return DM_EXACT_ZERO_DIVIDE;
}

static dm_exact_form take_apart(const char *text, size_t len, parts *out)
{
  const char *at = text;
  const char *end = text + len;
  memset(out, 0, sizeof *out);
  if (at < end && *at == '+')
    return DM_EXACT_PLUS;
  out->negative = at < end && *at == '-';
  at += out->negative;
  out->whole = at;
  out->n_whole = digits(at, end);
  at += out->n_whole;
  if (at < end && *at == '/' && out->n_whole > 0)
    return denominator(at + 1, end, out);
  if (at < end && *at == '.') {
    out->after = ++at;
    out->n_after = digits(at, end);
    at += out->n_after;
  }
  if (out->n_whole + out->n_after == 0)
    return DM_EXACT_NO_NUMBER;
  if (at == end)
    return DM_EXACT_GOOD;
  if (*at == '/')
    return DM_EXACT_FRACTION;
  if (*at != 'e' && *at != 'E')
    return DM_EXACT_NO_NUMBER;
  if (out->n_whole == 0 && !out->negative)
    return DM_EXACT_DOT_EXPONENT;
  return exponent(at + 1, end, out);
}

/* ---- short numbers ------------------------------------------------------- */

/* False when the digits pass 10^18. */
static bool append_digits(const char *at, size_t n, int64_t *out)
{
  for (size_t i = 0; i < n; i++) {
    if (*out >= INT64_C(100000000000000000))
      return false;
    *out = *out * 10 + (at[i] - '0');
  }
  return true;
}

/* num / den x 10^power, all in 64 bits. */
static bool short_parts(
    const parts *p, int64_t *num, int64_t *den, int64_t *power)
{
  *num = 0;
  *den = 0;
  if (!append_digits(p->whole, p->n_whole, num) ||
      !append_digits(p->after, p->n_after, num))
    return false;
  if (p->negative)
    *num = -*num;
  *power = p->power - (int64_t)p->n_after;
  if (p->n_below == 0) {
    *den = 1;
    return true;
  }
  return append_digits(p->below, p->n_below, den);
}

static int64_t ten_to(int64_t power)
{
  int64_t x = 1;
  while (power-- > 0)
    x *= 10;
  return x;
}

static bool short_ratio(const parts *p, dm_ratio *out)
{
  int64_t num, den, power;
  dm_ratio ten;
  if (!short_parts(p, &num, &den, &power))
    return false;
  if (!dm_ratio_make(num, den, out))
    return false;
  if (power == 0 || num == 0)
    return true;
  if (power > 18 || power < -18 ||
      !dm_ratio_make(ten_to(power > 0 ? power : -power), 1, &ten))
    return false;
  return power > 0 ? dm_ratio_mul(*out, ten, out)
                   : dm_ratio_div(*out, ten, out);
}

/* ---- long numbers -------------------------------------------------------- */

#if DM_HAVE_GMP

/* Digits that are not end to end in the text, as one integer. */
static bool set_digits(
    mpz_t out, const char *a, size_t n_a, const char *b, size_t n_b)
{
  char buffer[MOST_DIGITS + 1];
  if (n_a + n_b > MOST_DIGITS)
    return false;
  if (n_a)
    memcpy(buffer, a, n_a);
  if (n_b)
    memcpy(buffer + n_a, b, n_b);
  buffer[n_a + n_b] = '\0';
  return mpz_set_str(out, buffer, 10) == 0;
}

static bool set_parts(mpq_t out, const parts *p)
{
  int64_t power = p->power - (int64_t)p->n_after;
  if (power > MOST_DIGITS || power < -MOST_DIGITS)
    return false;
  if (!set_digits(mpq_numref(out), p->whole, p->n_whole, p->after, p->n_after))
    return false;
  if (p->n_below == 0)
    mpz_set_ui(mpq_denref(out), 1);
  else if (!set_digits(mpq_denref(out), p->below, p->n_below, NULL, 0))
    return false;
  mpz_t ten;
  mpz_init(ten);
  mpz_ui_pow_ui(ten, 10, (unsigned long)(power < 0 ? -power : power));
  mpz_ptr grows = power < 0 ? mpq_denref(out) : mpq_numref(out);
  mpz_mul(grows, grows, ten);
  mpz_clear(ten);
  if (p->negative)
    mpz_neg(mpq_numref(out), mpq_numref(out));
  mpq_canonicalize(out);
  return true;
}

static void sum_text(const mpq_t sum, char text[DM_EXACT_TEXT])
{
  size_t size = mpz_sizeinbase(mpq_numref(sum), 10) +
                mpz_sizeinbase(mpq_denref(sum), 10) + 3;
  if (size <= DM_EXACT_TEXT)
    (void)mpq_get_str(text, 10, sum);
  else
    snprintf(text, DM_EXACT_TEXT, "about %.17g", mpq_get_d(sum));
}

static dm_exact_total long_sum(
    const dm_gambit_number *number, uint32_t count, char text[DM_EXACT_TEXT])
{
  bool fits = true;
  mpq_t sum, term;
  mpq_init(sum);
  mpq_init(term);
  for (uint32_t i = 0; i < count && fits; i++) {
    parts p;
    const char *digit = number[i].text;
    fits = take_apart(digit, strlen(digit), &p) == DM_EXACT_GOOD &&
           set_parts(term, &p);
    if (fits)
      mpq_add(sum, sum, term);
    fits = fits && mpz_sizeinbase(mpq_denref(sum), 2) <= MOST_BITS;
  }
  bool one = fits && mpq_cmp_ui(sum, 1, 1) == 0;
  if (fits)
    sum_text(sum, text);
  mpq_clear(sum);
  mpq_clear(term);
  return !fits ? DM_EXACT_TOO_LONG
         : one ? DM_EXACT_IS_ONE
               : DM_EXACT_IS_NOT_ONE;
}

/* |x| rounded once: to 66 bits and a sticky one, then to 53 by hand. */
static double nearest(mpq_t x)
{
  mpz_ptr num = mpq_numref(x);
  mpz_ptr den = mpq_denref(x);
  mpz_t rest;
  if (mpz_sgn(num) == 0)
    return 0.0;
  long shift = (long)mpz_sizeinbase(den, 2) - (long)mpz_sizeinbase(num, 2) + 66;
  if (shift > 0)
    mpz_mul_2exp(num, num, (mp_bitcnt_t)shift);
  else
    mpz_mul_2exp(den, den, (mp_bitcnt_t)-shift);
  mpz_init(rest);
  mpz_tdiv_qr(num, rest, num, den);
  bool sticky = mpz_sgn(rest) != 0;
  mpz_clear(rest);
  /* Bits that a double of this size holds: fewer below the normal range. */
  long bits = (long)mpz_sizeinbase(num, 2);
  long room = bits - shift + 1074;
  long keep = room < 53 ? room : 53;
  if (keep < 0)
    return 0.0;
  long drop = bits - keep;
  bool half = mpz_tstbit(num, (mp_bitcnt_t)(drop - 1)) != 0;
  sticky = sticky || mpz_scan1(num, 0) < (mp_bitcnt_t)(drop - 1);
  mpz_tdiv_q_2exp(num, num, (mp_bitcnt_t)drop);
  if (half && (sticky || mpz_odd_p(num)))
    mpz_add_ui(num, num, 1);
  return ldexp(mpz_get_d(num), (int)(drop - shift));
}

static bool long_fraction(const parts *p, double *value)
{
  mpq_t x;
  mpq_init(x);
  bool fits = set_parts(x, p);
  if (fits) {
    mpz_abs(mpq_numref(x), mpq_numref(x));
    double size = nearest(x);
    *value = p->negative ? -size : size;
  }
  mpq_clear(x);
  return fits;
}

#else

static dm_exact_total long_sum(
    const dm_gambit_number *number, uint32_t count, char text[DM_EXACT_TEXT])
{
  (void)number;
  (void)count;
  (void)text;
  return DM_EXACT_TOO_LONG;
}

static bool long_fraction(const parts *p, double *value)
{
  (void)p;
  (void)value;
  return false;
}

#endif

/* ---- doubles ------------------------------------------------------------- */

typedef struct figure {
  char text[MOST_DIGITS + 32];
  size_t n;      /* digits kept, leading zeros left out */
  int64_t power; /* of ten, for what was not kept */
} figure;

/* More than 767 digits never decide a double, except by not being zero. */
static void keep_digits(figure *f, const char *at, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    if (f->n == 0 && at[i] == '0')
      continue;
    if (f->n < MOST_DIGITS) {
      f->text[f->n++] = at[i];
      continue;
    }
    f->power++;
    if (at[i] != '0')
      f->text[MOST_DIGITS - 1] = '1';
  }
}

static double decimal(
    const char *a, size_t n_a, const char *b, size_t n_b, int64_t power)
{
  figure f = {.n = 0};
  keep_digits(&f, a, n_a);
  keep_digits(&f, b, n_b);
  if (f.n == 0)
    return 0.0;
  snprintf(f.text + f.n, 32, "e%" PRId64, f.power + power);
  return strtod(f.text, NULL);
}

static double long_double_of(const parts *p)
{
  double value;
  if (p->n_below > 0) {
    if (long_fraction(p, &value))
      return value;
    value = decimal(p->whole, p->n_whole, NULL, 0, 0) /
            decimal(p->below, p->n_below, NULL, 0, 0);
  } else {
    value = decimal(
        p->whole, p->n_whole, p->after, p->n_after,
        p->power - (int64_t)p->n_after);
  }
  return p->negative ? -value : value;
}

static double double_of(const parts *p)
{
  static const double ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                               1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                               1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const int64_t exact = INT64_C(1) << 53;
  int64_t num, den, power;
  if (!short_parts(p, &num, &den, &power))
    return long_double_of(p);
  if (num > exact || num < -exact || den > exact || power > 22 || power < -22)
    return long_double_of(p);
  if (den != 1)
    return (double)num / (double)den;
  return power < 0 ? (double)num / ten[-power] : (double)num * ten[power];
}

dm_exact_form dm_exact_read(const char *text, size_t len, double *value)
{
  parts p;
  dm_exact_form form = take_apart(text, len, &p);
  if (form == DM_EXACT_GOOD)
    *value = double_of(&p);
  return form;
}

int dm_exact_sign(const char *text)
{
  int sign = *text == '-' ? -1 : 1;
  for (const char *at = text; *at && *at != '/' && *at != 'e' && *at != 'E';
       at++)
    if (*at >= '1' && *at <= '9')
      return sign;
  return 0;
}

static bool short_sum(
    const dm_gambit_number *number, uint32_t count, dm_ratio *sum)
{
  *sum = (dm_ratio){0, 1};
  for (uint32_t i = 0; i < count; i++) {
    parts p;
    dm_ratio term;
    const char *text = number[i].text;
    if (take_apart(text, strlen(text), &p) != DM_EXACT_GOOD ||
        !short_ratio(&p, &term) || !dm_ratio_add(*sum, term, sum))
      return false;
  }
  return true;
}

dm_exact_total dm_exact_add(
    const dm_gambit_number *number, uint32_t count, char sum[DM_EXACT_TEXT])
{
  dm_ratio ratio;
  sum[0] = '\0';
  if (!short_sum(number, count, &ratio))
    return long_sum(number, count, sum);
  if (ratio.den == 1)
    snprintf(sum, DM_EXACT_TEXT, "%" PRId64, ratio.num);
  else
    snprintf(sum, DM_EXACT_TEXT, "%" PRId64 "/%" PRId64, ratio.num, ratio.den);
  return ratio.num == 1 && ratio.den == 1 ? DM_EXACT_IS_ONE
                                          : DM_EXACT_IS_NOT_ONE;
}
