/* Small dense systems: solutions, determinants, singular matrices. */
#include "unit.h"

#include "num/dense.h"

#include <math.h>

static double next(uint64_t *bits)
{
  *bits = *bits * UINT64_C(6364136223846793005) + 1442695040888963407u;
  return (double)(*bits >> 11) * 0x1p-53 - 0.5;
}

TEST(random_systems_built_from_their_solution)
{
  uint64_t bits = 7;
  for (uint32_t n = 1; n <= 40; n++) {
    dm_dense *d = dm_dense_new(n);
    ASSERT_NOT_NULL(d);
    double want[40], x[40];
    /* Rows of very different sizes. */
    for (uint32_t i = 0; i < n; i++) {
      want[i] = next(&bits);
      double size = pow(10.0, (double)(i % 13) - 6.0);
      for (uint32_t j = 0; j < n; j++)
        d->a[i * n + j] = size * next(&bits);
    }
    for (uint32_t i = 0; i < n; i++) {
      x[i] = 0.0;
      for (uint32_t j = 0; j < n; j++)
        x[i] += d->a[i * n + j] * want[j];
    }
    dm_dense_factor(d);
    ASSERT_TRUE(d->sign != 0);
    dm_dense_solve(d, x);
    ASSERT_NEAR_ARRAY(x, want, n, 1e-8);
    dm_dense_free(d);
  }
}

TEST(determinants_of_small_matrices)
{
  dm_dense *d = dm_dense_new(3);
  const double a[9] = {0, 2, 1, 1, 1, 0, 3, 0, 1}; /* det -5 */
  for (int i = 0; i < 9; i++)
    d->a[i] = a[i];
  dm_dense_factor(d);
  ASSERT_INT(d->sign, -1);
  ASSERT_NEAR(d->log_size, log(5.0), 1e-14);
  const double b[9] = {0, 0, 2, 5, 0, 0, 0, 3, 0}; /* an even permutation */
  for (int i = 0; i < 9; i++)
    d->a[i] = b[i];
  dm_dense_factor(d);
  ASSERT_INT(d->sign, 1);
  ASSERT_NEAR(d->log_size, log(30.0), 1e-14);
  dm_dense_free(d);
}

TEST(a_singular_matrix_gives_its_null_vector)
{
  dm_dense *d = dm_dense_new(3);
  const double a[9] = {1, 2, 3, 4, 5, 6, 5, 7, 9};
  for (int i = 0; i < 9; i++)
    d->a[i] = a[i];
  dm_dense_factor(d);
  double x[3] = {0.3, -0.1, 0.7};
  dm_dense_solve(d, x);
  double most = fmax(fabs(x[0]), fmax(fabs(x[1]), fabs(x[2])));
  for (int i = 0; i < 3; i++) {
    double sum = 0.0;
    for (int j = 0; j < 3; j++)
      sum += a[3 * i + j] * x[j];
    ASSERT_TRUE(fabs(sum) < 1e-12 * most);
  }
  for (int i = 0; i < 9; i++)
    d->a[i] = i % 3 == 1 ? 0.0 : a[i];
  dm_dense_factor(d);
  ASSERT_INT(d->sign, 0);
  dm_dense_free(d);
}

TEST(sizes_out_of_range)
{
  ASSERT_NULL(dm_dense_new(0));
  ASSERT_NULL(dm_dense_new(100000));
  dm_dense_free(NULL);
}

TEST_MAIN(
    CASE(random_systems_built_from_their_solution),
    CASE(determinants_of_small_matrices),
    CASE(a_singular_matrix_gives_its_null_vector), CASE(sizes_out_of_range))
