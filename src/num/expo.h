/* num/expo.h -- exponential and logarithm with the same bits everywhere.
 *
 * A libm picks its variant by processor and promises no bits; a forecast that
 * is compared digit by digit cannot stand on it.  These are straight lines of
 * IEEE double operations (round to nearest, no fused multiply-add: the build
 * says -ffp-contract=off), without a branch or a table, so scalar code and any
 * vector form of it give equal bits.
 *
 * Method.  Argument reduction with ln 2 in two parts (Cody and Waite, "Software
 * Manual for the Elementary Functions", 1980), then a polynomial.
 *   exp: x = n ln 2 + r, |r| <= ln 2 / 2; exp r = 1 + (r + r^2 q(r)), q of
 *        degree 10.
 *   log: x = 2^n (1 + f), 1 + f in [sqrt 1/2, sqrt 2); with s = f / (2 + f),
 *        log(1 + f) = 2 atanh s = f - s (f - s^2 P(s^2)), P of degree 7.  f is
 *        exact, so rounding touches only the smaller correction.
 * Both polynomials are minimax fits of our own (Remez exchange in 60 digits);
 * their errors, 1.7e-19 and 3.1e-20 relative to the result's unit, are far
 * below half an ulp.  Measured against 40 digits: below 1 ulp, see
 * tests/unit/num/test_expo.c. */
#ifndef DM_NUM_EXPO_H
#define DM_NUM_EXPO_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DM_LN2_HI  0x1.62e42fee00000p-1 /* 32 bits: n times it is exact */
#define DM_LN2_LO  0x1.a39ef35793c76p-33
#define DM_INV_LN2 0x1.71547652b82fep+0
/* Adding it pushes the fraction of |x| < 2^51 out, rounding to nearest; the
 * integer is then in the low bits. */
#define DM_ROUNDER 0x1.8p52

static inline uint64_t dm_bits(double x)
{
  uint64_t u;
  memcpy(&u, &x, sizeof u);
  return u;
}

static inline double dm_from_bits(uint64_t u)
{
  double x;
  memcpy(&x, &u, sizeof x);
  return x;
}

/* exp(r) for |r| <= ln 2 / 2. */
static inline double dm_exp_small(double r)
{
  double q = 0x1.1f8b495863f16p-29;
  q = q * r + 0x1.af4dea252ec7ep-26;
  q = q * r + 0x1.27e4cccf934c5p-22;
  q = q * r + 0x1.71de02313a8fbp-19;
  q = q * r + 0x1.a01a01acfa331p-16;
  q = q * r + 0x1.a01a01abe81f3p-13;
  q = q * r + 0x1.6c16c16c151fep-10;
  q = q * r + 0x1.11111111100dbp-7;
  q = q * r + 0x1.5555555555558p-5;
  q = q * r + 0x1.5555555555557p-3;
  q = q * r + 0.5;
  return 1.0 + (r + (r * r) * q);
}

/* 2^n for -1023 <= n <= 1023, where -1023 gives 0. */
static inline double dm_pow2(int64_t n)
{
  return dm_from_bits((uint64_t)(n + 1023) << 52);
}

/** e^x; 0 below about -745.2, infinity above about 709.8; NaN for NaN. */
static inline double dm_exp(double x)
{
  double y = x < -800.0 ? -800.0 : x;
  y = y > 800.0 ? 800.0 : y;
  double shifted = y * DM_INV_LN2 + DM_ROUNDER;
  double n = shifted - DM_ROUNDER;
  double r = (y - n * DM_LN2_HI) - n * DM_LN2_LO;
  /* Two factors, since 2^n alone may be subnormal or too large. */
  int64_t k = (int64_t)(dm_bits(shifted) << 12) >> 12;
  int64_t half = k >> 1;
  return dm_exp_small(r) * dm_pow2(half) * dm_pow2(k - half);
}

/** e^x as mantissa x 2^exponent, mantissa in (0.7, 1.42), for |x| up to 2^29;
 *  x below that (also -infinity) gives mantissa 0. */
static inline double dm_exp_split(double x, int32_t *exponent)
{
  double y = x < -0x1p29 ? -0x1p29 : x;
  double shifted = y * DM_INV_LN2 + DM_ROUNDER;
  double n = shifted - DM_ROUNDER;
  double r = (y - n * DM_LN2_HI) - n * DM_LN2_LO;
  *exponent = (int32_t)((int64_t)(dm_bits(shifted) << 12) >> 12);
  double m = dm_exp_small(r);
  return x < -0x1p29 ? 0.0 : m;
}

/** Natural logarithm; -infinity at 0, NaN below 0. */
static inline double dm_log(double x)
{
  double scaled = x < 0x1p-1022 ? x * 0x1p54 : x;
  double shift = x < 0x1p-1022 ? -54.0 : 0.0;
  uint64_t u = dm_bits(scaled);
  /* Subtracting the bits of sqrt 1/2 puts the cut of the exponent there. */
  uint64_t v = u - UINT64_C(0x3fe6a09e667f3bcd);
  double n = (double)((int32_t)((int64_t)v >> 52)) + shift;
  double m = dm_from_bits(u - (v & UINT64_C(0xfff0000000000000)));
  double f = m - 1.0;
  double s = f / (2.0 + f);
  double w = s * s;
  double p = 0x1.0c0b49cda42d0p-3;
  p = p * w + 0x1.0fbdce229a31dp-3;
  p = p * w + 0x1.3b1c3d52c4f5cp-3;
  p = p * w + 0x1.745cf8dc3110bp-3;
  p = p * w + 0x1.c71c7201c1ff7p-3;
  p = p * w + 0x1.24924924768bdp-2;
  p = p * w + 0x1.9999999999a39p-2;
  p = p * w + 0x1.5555555555555p-1;
  double y = n * DM_LN2_HI + (f - (s * (f - w * p) - n * DM_LN2_LO));
  y = x == 0.0 ? dm_from_bits(UINT64_C(0xfff0000000000000)) : y;
  y = x < 0.0 ? dm_from_bits(UINT64_C(0x7ff8000000000000)) : y;
  /* Infinity and NaN give themselves. */
  return x < dm_from_bits(UINT64_C(0x7ff0000000000000)) ? y : x;
}

/** log of m x 2^e as one number, m > 0. */
static inline double dm_log_split(double m, int32_t e)
{
  return dm_log(m) + ((double)e * DM_LN2_HI + (double)e * DM_LN2_LO);
}

/** out[i] = e^x[i]; x and out may be the same. */
void dm_exp_array(const double *x, size_t n, double *out);

/** Of one set of n >= 1 options: log_p = z - log sum exp z, without overflow
 *  for any finite z.  z and log_p may be the same. */
void dm_log_softmax(const double *z, size_t n, double *log_p);

#endif
