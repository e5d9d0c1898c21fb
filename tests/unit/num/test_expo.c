/* exp and log of ours: against long double libm, at their ends, and in the form
 * of mantissa and exponent. */
#include "unit.h"

#include "num/expo.h"

#include <math.h>
#include <stdlib.h>

/* |got - want| in units of the last place of a double near want. */
static double ulps(double got, long double want)
{
  double near = (double)want;
  double unit = nextafter(fabs(near), (double)INFINITY) - fabs(near);
  return (double)(fabsl((long double)got - want) / (long double)unit);
}

/* A fixed sequence of numbers in [0, 1). */
static double next(uint64_t *state)
{
  *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
  return (double)(*state >> 11) * 0x1p-53;
}

TEST(exp_is_within_one_ulp)
{
  uint64_t seed = 1;
  double worst = 0.0;
  for (int i = 0; i < 300000; i++) {
    double width = i % 3 == 0 ? 708.0 : i % 3 == 1 ? 40.0 : 1.0;
    double x = (2.0 * next(&seed) - 1.0) * width;
    worst = fmax(worst, ulps(dm_exp(x), expl((long double)x)));
  }
  ASSERT_TRUE(worst > 0.4);
  ASSERT_TRUE(worst < 1.0);
}

TEST(log_is_within_one_ulp)
{
  uint64_t seed = 2;
  double worst = 0.0;
  for (int i = 0; i < 300000; i++) {
    double x =
        i % 2 ? 0.5 + next(&seed) : exp((2.0 * next(&seed) - 1.0) * 700.0);
    worst = fmax(worst, ulps(dm_log(x), logl((long double)x)));
  }
  ASSERT_TRUE(worst > 0.4);
  ASSERT_TRUE(worst < 1.0);
}

TEST(ends_of_exp)
{
  ASSERT_SAME_BITS(dm_exp(0.0), 1.0);
  ASSERT_SAME_BITS(dm_exp(-0.0), 1.0);
  ASSERT_SAME_BITS(dm_exp(-1e5), 0.0);
  ASSERT_SAME_BITS(dm_exp(-(double)INFINITY), 0.0);
  ASSERT_TRUE(isinf(dm_exp(1e5)));
  ASSERT_TRUE(isinf(dm_exp((double)INFINITY)));
  ASSERT_NAN(dm_exp((double)NAN));
  ASSERT_NEAR_REL(dm_exp(709.7), exp(709.7), 1e-15);
  /* Subnormal results lose bits, not size. */
  ASSERT_NEAR(dm_exp(-740.0), exp(-740.0), 0x1p-1074);
  ASSERT_TRUE(dm_exp(-745.0) > 0.0);
}

TEST(ends_of_log)
{
  ASSERT_SAME_BITS(dm_log(1.0), 0.0);
  ASSERT_TRUE(isinf(dm_log(0.0)) && dm_log(0.0) < 0.0);
  ASSERT_TRUE(isinf(dm_log((double)INFINITY)));
  ASSERT_NAN(dm_log(-1.0));
  ASSERT_NAN(dm_log((double)NAN));
  ASSERT_NEAR_REL(dm_log(0x1p-1074), log(0x1p-1074), 1e-15);
  ASSERT_NEAR_REL(dm_log(0x1.fffffffffffffp1023), 1024 * log(2.0), 1e-15);
}

TEST(split_keeps_what_a_double_cannot_hold)
{
  const double at[] = {0.0, -1.0, -700.0, -1e5, -3e6, 12.5};
  for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
    int32_t e;
    double m = dm_exp_split(at[i], &e);
    ASSERT_TRUE(m > 0.7 && m < 1.42);
    ASSERT_NEAR(dm_log_split(m, e), at[i], 1e-15 * (1.0 + fabs(at[i])));
  }
  int32_t e;
  ASSERT_SAME_BITS(dm_exp_split(-(double)INFINITY, &e), 0.0);
}

TEST(array_and_scalar_give_the_same_bits)
{
  double x[1003], y[1003];
  uint64_t seed = 3;
  for (int i = 0; i < 1003; i++)
    x[i] = (2.0 * next(&seed) - 1.0) * 750.0;
  dm_exp_array(x, 1003, y);
  for (int i = 0; i < 1003; i++)
    ASSERT_SAME_BITS(y[i], dm_exp(x[i]));
}

/* Golden bits: a change of compiler, flags or processor must not move them. */
TEST(bits_are_frozen)
{
  ASSERT_SAME_BITS(dm_exp(1.0), 0x1.5bf0a8b14576ap+1); /* one ulp off */
  ASSERT_SAME_BITS(dm_log(10.0), 0x1.26bb1bbb55516p+1);
  uint64_t seed = 4;
  uint64_t mix = 0;
  for (int i = 0; i < 10000; i++) {
    double x = (2.0 * next(&seed) - 1.0) * 700.0;
    mix = (mix ^ dm_bits(dm_exp(x))) * UINT64_C(0x9e3779b97f4a7c15);
    mix = (mix ^ dm_bits(dm_log(fabs(x)))) * UINT64_C(0x9e3779b97f4a7c15);
  }
  ASSERT_UINT(mix, UINT64_C(9142339789269126393));
}

TEST(softmax_of_huge_differences)
{
  const double z[4] = {0.0, -1e5, 300.0, 300.0};
  double log_p[4];
  dm_log_softmax(z, 4, log_p);
  ASSERT_NEAR(log_p[2], log(0.5), 1e-15);
  ASSERT_NEAR(log_p[3], log(0.5), 1e-15);
  ASSERT_NEAR(log_p[0], -300.0 - log(2.0), 1e-12);
  ASSERT_NEAR(log_p[1], -1e5 - 300.0 - log(2.0), 1e-9);
}

TEST_MAIN(
    CASE(exp_is_within_one_ulp), CASE(log_is_within_one_ulp), CASE(ends_of_exp),
    CASE(ends_of_log), CASE(split_keeps_what_a_double_cannot_hold),
    CASE(array_and_scalar_give_the_same_bits), CASE(bits_are_frozen),
    CASE(softmax_of_huge_differences))
