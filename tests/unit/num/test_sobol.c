/* Scrambled Sobol' coordinates: cells, polynomials, planes, integrals. */
#include "unit.h"

#include "base/random.h"
#include "num/latin.h"
#include "num/sobol.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t numbered(uint32_t i)
{
  char name[24];
  snprintf(name, sizeof name, "actor%u.cost", (unsigned)i);
  return dm_design_key(name, 0, 0);
}

/* Dimension d of a block, or dimension 0 of the block named d. */
static dm_sobol in_block(uint64_t seed, uint32_t d)
{
  dm_sobol s;
  ASSERT_OK(dm_sobol_init(&s, seed, 4711, d));
  return s;
}

static dm_sobol by_name(uint64_t seed, uint32_t d)
{
  dm_sobol s;
  ASSERT_OK(dm_sobol_init(&s, seed, numbered(d), 0));
  return s;
}

static void fills(const dm_sobol *s, uint32_t block)
{
  static uint8_t seen[1024];
  for (unsigned m = 1; m <= 10; m += 3) {
    uint32_t n = UINT32_C(1) << m, first = n * block;
    memset(seen, 0, sizeof seen);
    for (uint32_t k = first; k < first + n; k++) {
      double x = dm_sobol_at(s, k);
      ASSERT_TRUE(x > 0 && x < 1);
      seen[(uint32_t)(x * n)]++;
    }
    for (uint32_t c = 0; c < n; c++)
      ASSERT_UINT(seen[c], 1);
  }
}

/* Each aligned run of 2^m draws fills 2^m cells, for 512 names and for
 * dimensions of every degree. */
TEST(every_run_fills_every_cell)
{
  for (uint32_t d = 0; d < 512; d++) {
    dm_sobol s = by_name(7, d);
    fills(&s, d % 5);
  }
  for (uint32_t d = 0; d < 512; d += d < 40 ? 1 : 67) {
    dm_sobol s = in_block(8, d);
    fills(&s, d % 5);
  }
  dm_sobol s;
  ASSERT_STATUS(dm_sobol_init(&s, 1, 1, 512), DM_E_RANGE);
}

/* Walking through all powers of x meets 1 first at 2^s - 1, and the numbers of
 * primitive polynomials are Euler's phi(2^s - 1) / s. */
TEST(polynomials_are_primitive)
{
  static const uint32_t phi[] = {0, 1, 1, 2, 2, 6, 6, 18};
  uint32_t d = 1, last = 0;
  for (unsigned degree = 1; degree <= 7; degree++) {
    for (uint32_t i = 0; i < phi[degree]; i++, d++) {
      dm_sobol s = in_block(1, d);
      uint32_t p = s.polynomial, power = 1, order = 0;
      ASSERT_UINT(s.degree, degree);
      ASSERT_TRUE(p > last);
      last = p;
      do {
        power <<= 1;
        if (power >> degree)
          power ^= p;
        order++;
      } while (power != 1 && order < 1000);
      ASSERT_UINT(order, (1u << degree) - 1);
    }
  }
  dm_sobol s = in_block(1, d);
  ASSERT_UINT(s.degree, 8);
  s = in_block(1, 511);
  ASSERT_UINT(s.degree, 13);
}

/* Directions are odd numbers over 2^j, and obey the recurrence as it is written
 * for m, not in the shifted form that the code uses. */
TEST(directions_follow_the_recurrence)
{
  for (uint32_t d = 1; d < 30; d++) {
    dm_sobol s = in_block(3, d);
    unsigned n = s.degree;
    uint64_t m[33];
    for (unsigned j = 1; j <= 32; j++) {
      m[j] = s.direction[j - 1] >> (32 - j);
      ASSERT_UINT(m[j] & 1, 1);
      ASSERT_UINT((uint32_t)(m[j] << (32 - j)), s.direction[j - 1]);
    }
    for (unsigned j = n + 1; j <= 32; j++) {
      uint64_t want = m[j - n] ^ m[j - n] << n;
      for (unsigned i = 1; i < n; i++)
        want ^= (s.polynomial >> (n - i) & 1) * (m[j - i] << i);
      ASSERT_UINT(m[j], want);
    }
  }
}

TEST(a_draw_is_a_function_of_seed_name_and_number)
{
  dm_sobol a = by_name(1, 5), b = by_name(1, 5), c = by_name(2, 5);
  uint32_t same = 0;
  for (uint32_t k = 1000; k-- > 0;) {
    ASSERT_SAME_BITS(dm_sobol_at(&a, k), dm_sobol_at(&b, k));
    same += dm_sobol_at(&a, k) == dm_sobol_at(&c, k);
  }
  ASSERT_UINT(same, 0);
  ASSERT_TRUE(dm_sobol_at(&a, UINT32_MAX) < 1);
}

/* Recorded: whoever changes these changes everybody's ensembles. */
TEST(bits_are_recorded)
{
  uint64_t block = dm_design_key("iran.bargainer", 0, 0);
  dm_sobol s;
  ASSERT_OK(dm_sobol_init(&s, 1, block, 0));
  ASSERT_SAME_BITS(dm_sobol_at(&s, 0), 0x1.70f6d1bad5f2p-6);
  ASSERT_SAME_BITS(dm_sobol_at(&s, 123456789), 0x1.bdeaf9a9c0557p-1);
  ASSERT_OK(dm_sobol_init(&s, 1, block, 100));
  ASSERT_UINT(s.polynomial, 0x3fb);
  ASSERT_SAME_BITS(dm_sobol_at(&s, 123456789), 0x1.53cdc103af2b7p-1);
}

/* Uniform over seeds, one draw alone: mean 1/2, variance 1/12. */
TEST(one_draw_is_uniform_over_seeds)
{
  double sum = 0, square = 0;
  enum { N = 4000 };
  for (uint64_t seed = 0; seed < N; seed++) {
    dm_sobol s = by_name(seed, 1);
    double x = dm_sobol_at(&s, 5) - 0.5;
    sum += x;
    square += x * x;
  }
  ASSERT_NEAR(sum / N, 0, 4 * 0.2887 / sqrt(N));
  ASSERT_NEAR(square / N, 1.0 / 12, 0.006);
}

/* Share of 16 x 16 cells of a plane that 256 points meet, over all pairs of the
 * first 8 dimensions of a block and 8 seeds.  Independent points meet 1 - 1/e
 * of them, 0.632; a perfect net meets all. */
TEST(planes_of_a_block_are_fuller_than_by_chance)
{
  enum { D = 8, N = 256, SEEDS = 8 };
  static double x[D][N];
  double met = 0;
  int pairs = 0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    for (uint32_t d = 0; d < D; d++) {
      dm_sobol s = in_block(seed, d);
      for (uint32_t k = 0; k < N; k++)
        x[d][k] = dm_sobol_at(&s, k);
    }
    for (int i = 0; i < D; i++) {
      for (int j = 0; j < i; j++, pairs++) {
        static uint8_t seen[256];
        memset(seen, 0, sizeof seen);
        for (int k = 0; k < N; k++)
          seen[(int)(x[i][k] * 16) * 16 + (int)(x[j][k] * 16)] = 1;
        for (int c = 0; c < 256; c++)
          met += seen[c] / 256.0;
      }
    }
  }
  print_message("share of cells met: %.3f\n", met / pairs);
  ASSERT_TRUE(met / pairs > 0.70);
  /* The first two dimensions are a perfect net: every cell, every seed. */
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    dm_sobol a = in_block(seed, 0), b = in_block(seed, 1);
    uint8_t seen[256] = {0};
    for (uint32_t k = 0; k < N; k++) {
      int cell = (int)(dm_sobol_at(&a, k) * 16) * 16;
      ASSERT_UINT(seen[cell + (int)(dm_sobol_at(&b, k) * 16)]++, 0);
    }
  }
}

/* No two of 64 names are bound to each other: in 2,016 pairs the squared
 * correlations are near what chance gives, and none stands out. */
TEST(names_are_uncorrelated)
{
  enum { D = 64, N = 256 };
  static double x[D][N];
  double square = 0;
  for (uint32_t d = 0; d < D; d++) {
    dm_sobol s = by_name(21, d);
    for (uint32_t k = 0; k < N; k++)
      x[d][k] = dm_sobol_at(&s, k) - 0.5;
  }
  for (int i = 0; i < D; i++) {
    for (int j = 0; j < i; j++) {
      double sum = 0;
      for (int k = 0; k < N; k++)
        sum += 12 * x[i][k] * x[j][k] / N;
      square += sum * sum / (D * (D - 1) / 2);
      ASSERT_NEAR(sum, 0, 6 / sqrt(N));
    }
  }
  print_message("mean square of N^1/2 r: %.3f\n", square * N);
  ASSERT_TRUE(square * N < 1.8);
}

/* Mean of a smooth function of 12 names over 40 seeds: the squared error
 * against that of independent points. */
TEST(integrals_are_sharper_than_by_chance)
{
  enum { D = 12, N = 1024, SEEDS = 40 };
  double design = 0, chance = 0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    dm_sobol s[D];
    double a = 0, b = 0;
    for (uint32_t d = 0; d < D; d++)
      s[d] = by_name(seed, d);
    for (uint32_t k = 0; k < N; k++) {
      double f = 1, g = 1;
      for (uint32_t d = 0; d < D; d++) {
        f *= 1 + 0.5 * (dm_sobol_at(&s[d], k) - 0.5);
        g *= 1 + 0.5 * (dm_random_uniform(seed, k, numbered(d), 0) - 0.5);
      }
      a += f / N;
      b += g / N;
    }
    design += (a - 1) * (a - 1);
    chance += (b - 1) * (b - 1);
  }
  ASSERT_TRUE(design < chance / 4);
}

TEST_MAIN(
    CASE(every_run_fills_every_cell), CASE(polynomials_are_primitive),
    CASE(directions_follow_the_recurrence),
    CASE(a_draw_is_a_function_of_seed_name_and_number), CASE(bits_are_recorded),
    CASE(one_draw_is_uniform_over_seeds),
    CASE(planes_of_a_block_are_fuller_than_by_chance),
    CASE(names_are_uncorrelated), CASE(integrals_are_sharper_than_by_chance))
