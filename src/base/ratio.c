/* base/ratio.c -- exact rationals in 64 bits; products go through 128 bits. */
#include "base/ratio.h"

/* ISO C has no 128-bit integer; both compilers we build with do. */
__extension__ typedef __int128 wide;

static wide wide_gcd(wide a, wide b)
{
  if (a < 0)
    a = -a;
  if (b < 0)
    b = -b;
  while (b) {
    wide r = a % b;
    a = b;
    b = r;
  }
  return a;
}

static bool narrow(wide num, wide den, dm_ratio *out)
{
  if (den == 0)
    return false;
  if (den < 0) {
    num = -num;
    den = -den;
  }
  wide g = wide_gcd(num, den);
  if (g > 1) {
    num /= g;
    den /= g;
  }
  if (num > INT64_MAX || num < -(wide)INT64_MAX || den > INT64_MAX)
    return false;
  *out = (dm_ratio){(int64_t)num, (int64_t)den};
  return true;
}

bool dm_ratio_make(int64_t num, int64_t den, dm_ratio *out)
{
  return narrow(num, den, out);
}

bool dm_ratio_add(dm_ratio a, dm_ratio b, dm_ratio *out)
{
  /* Each product is below 2^126, so the sum stays below 2^127. */
  return narrow(
      (wide)a.num * b.den + (wide)b.num * a.den, (wide)a.den * b.den, out);
}

bool dm_ratio_sub(dm_ratio a, dm_ratio b, dm_ratio *out)
{
  return narrow(
      (wide)a.num * b.den - (wide)b.num * a.den, (wide)a.den * b.den, out);
}

bool dm_ratio_mul(dm_ratio a, dm_ratio b, dm_ratio *out)
{
  return narrow((wide)a.num * b.num, (wide)a.den * b.den, out);
}

bool dm_ratio_div(dm_ratio a, dm_ratio b, dm_ratio *out)
{
  return narrow((wide)a.num * b.den, (wide)a.den * b.num, out);
}

int dm_ratio_compare(dm_ratio a, dm_ratio b)
{
  wide left = (wide)a.num * b.den, right = (wide)b.num * a.den;
  return left < right ? -1 : left > right;
}

double dm_ratio_double(dm_ratio a)
{
  /* Both parts are rounded once and divided once; for the sizes that people
   * write (below 2^53) the result is the nearest double. */
  return (double)a.num / (double)a.den;
}
