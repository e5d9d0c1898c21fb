#include "unit.h"
#include "base/random.h"

#include <math.h>

TEST(a_number_depends_on_what_it_is_for_alone)
{
  double x = dm_random_uniform(1, 2, 3, 4);
  for (uint64_t k = 0; k < 100; k++)
    dm_random_uniform(1, k, 3, 4);
  ASSERT_SAME_BITS(dm_random_uniform(1, 2, 3, 4), x);
}

TEST(each_argument_matters)
{
  uint64_t x = dm_random_bits(1, 2, 3, 4);
  ASSERT_TRUE(dm_random_bits(2, 2, 3, 4) != x);
  ASSERT_TRUE(dm_random_bits(1, 3, 3, 4) != x);
  ASSERT_TRUE(dm_random_bits(1, 2, 4, 4) != x);
  ASSERT_TRUE(dm_random_bits(1, 2, 3, 5) != x);
  ASSERT_TRUE(dm_random_bits(2, 1, 3, 4) != x);
}

TEST(names_give_different_keys)
{
  ASSERT_TRUE(dm_random_key("us.sharpness") != dm_random_key("eu.sharpness"));
  /* The published offset basis of 64-bit FNV-1a, and its value for "a". */
  ASSERT_UINT(dm_random_key(""), UINT64_C(0xcbf29ce484222325));
  ASSERT_UINT(dm_random_key("a"), UINT64_C(0xaf63dc4c8601ec8c));
}

/* Chi-square with 99 degrees of freedom: above 150 has chance 0.0007. */
static double chi_square(uint64_t by_draw, uint64_t by_key)
{
  enum { N = 100000, CELLS = 100 };
  uint32_t count[CELLS] = {0};
  for (uint64_t k = 0; k < N; k++) {
    double u = dm_random_uniform(7, k * by_draw, 11 + k * by_key, 0);
    ASSERT_TRUE(u > 0 && u < 1);
    count[(uint32_t)(u * CELLS)]++;
  }
  double sum = 0, want = (double)N / CELLS;
  for (uint32_t i = 0; i < CELLS; i++)
    sum += (count[i] - want) * (count[i] - want) / want;
  return sum;
}

TEST(uniform_over_draws_and_over_keys)
{
  ASSERT_TRUE(chi_square(1, 0) < 150);
  ASSERT_TRUE(chi_square(0, 1) < 150);
  ASSERT_TRUE(chi_square(1, 1) < 150);
}

TEST(neighbours_do_not_move_together)
{
  enum { N = 50000 };
  double sum = 0;
  for (uint64_t k = 0; k < N; k++) {
    double x = dm_random_uniform(3, k, 5, 0) - 0.5;
    double y = dm_random_uniform(3, k + 1, 5, 0) - 0.5;
    double z = dm_random_uniform(3, k, 5, 1) - 0.5;
    sum += x * y + x * z;
  }
  /* Each product has mean 0 and standard deviation 1/12. */
  ASSERT_NEAR(sum / N, 0, 5 * sqrt(2.0) / 12 / sqrt((double)N));
}

TEST_MAIN(
    CASE(a_number_depends_on_what_it_is_for_alone), CASE(each_argument_matters),
    CASE(names_give_different_keys), CASE(uniform_over_draws_and_over_keys),
    CASE(neighbours_do_not_move_together))
