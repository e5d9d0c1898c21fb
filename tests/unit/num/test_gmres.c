/* GMRES on systems whose answer is known, restarts, and sums in fixed order. */
#include "unit.h"

#include "num/gmres.h"
#include "num/sum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct matrix {
  size_t n;
  const double *a; /* row-major */
  uint32_t products;
} matrix;

static void multiply(void *data, const double *x, double *y)
{
  matrix *m = data;
  m->products++;
  for (size_t i = 0; i < m->n; i++)
    y[i] = dm_dot(m->a + i * m->n, x, m->n);
}

static double uniform(uint64_t *state)
{
  *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
  return (double)(*state >> 11) * 0x1p-53 - 0.5;
}

enum { N = 60 };

static void random_system(double *a, double *x, double *b, double size)
{
  uint64_t seed = 7;
  for (size_t i = 0; i < N * N; i++)
    a[i] = size * uniform(&seed);
  for (size_t i = 0; i < N; i++) {
    a[i * N + i] += 1.0;
    x[i] = uniform(&seed);
  }
  matrix m = {.n = N, .a = a};
  multiply(&m, x, b);
}

TEST(solves_a_random_system)
{
  double a[N * N], x[N], b[N], got[N];
  random_system(a, x, b, 0.2);
  matrix m = {.n = N, .a = a};
  dm_gmres *gmres = dm_gmres_new(N, N);
  dm_gmres_result r = dm_gmres_run(gmres, multiply, &m, b, 1e-13, 500, got);
  ASSERT_TRUE(r.residual <= 1e-13);
  ASSERT_UINT(r.products, m.products);
  ASSERT_NEAR_ARRAY(got, x, N, 1e-11);
  dm_gmres_free(gmres);
}

TEST(restarts_reach_the_same_answer)
{
  double a[N * N], x[N], b[N], got[N];
  random_system(a, x, b, 0.1);
  matrix m = {.n = N, .a = a};
  dm_gmres *gmres = dm_gmres_new(N, 7);
  dm_gmres_result r = dm_gmres_run(gmres, multiply, &m, b, 1e-12, 2000, got);
  ASSERT_TRUE(r.residual <= 1e-12);
  ASSERT_TRUE(m.products > 8);
  ASSERT_NEAR_ARRAY(got, x, N, 1e-10);
  dm_gmres_free(gmres);
}

TEST(an_identity_takes_one_product)
{
  double a[N * N] = {0}, b[N], got[N];
  for (size_t i = 0; i < N; i++) {
    a[i * N + i] = 1.0;
    b[i] = (double)i - 3.0;
  }
  matrix m = {.n = N, .a = a};
  dm_gmres *gmres = dm_gmres_new(N, 10);
  (void)dm_gmres_run(gmres, multiply, &m, b, 1e-14, 100, got);
  ASSERT_UINT(m.products, 1);
  ASSERT_NEAR_ARRAY(got, b, N, 1e-13);
  dm_gmres_free(gmres);
}

TEST(a_singular_system_ends_and_says_so)
{
  double a[N * N] = {0}, b[N], got[N];
  for (size_t i = 0; i < N; i++) {
    a[i * N + i] = i == 5 ? 0.0 : 1.0 + (double)i;
    b[i] = 1.0;
  }
  matrix m = {.n = N, .a = a};
  dm_gmres *gmres = dm_gmres_new(N, 20);
  dm_gmres_result r = dm_gmres_run(gmres, multiply, &m, b, 1e-10, 400, got);
  ASSERT_TRUE(r.residual > 1e-3);
  ASSERT_TRUE(r.products <= 400);
  for (size_t i = 0; i < N; i++)
    ASSERT_FINITE(got[i]);
  dm_gmres_free(gmres);
}

TEST(no_right_hand_side_no_work)
{
  double a[N * N] = {0}, b[N] = {0}, got[N];
  got[3] = 1.0;
  matrix m = {.n = N, .a = a};
  dm_gmres *gmres = dm_gmres_new(N, 20);
  (void)dm_gmres_run(gmres, multiply, &m, b, 1e-10, 400, got);
  ASSERT_UINT(m.products, 0);
  ASSERT_SAME_BITS(got[3], 0.0);
  dm_gmres_free(gmres);
}

/* The order of a sum, spelt out: eight lanes, then pairs, then blocks of 512
 * like the carries of a counter. */
static double tree_sum(const double *x, size_t blocks)
{
  if (blocks == 1) {
    double lane[8] = {0};
    for (size_t i = 0; i < 512; i++)
      lane[i % 8] += x[i];
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
           ((lane[4] + lane[5]) + (lane[6] + lane[7]));
  }
  double left = tree_sum(x, blocks / 2);
  return left + tree_sum(x + blocks / 2 * 512, blocks / 2);
}

TEST(sums_follow_their_tree)
{
  enum { COUNT = 512 * 8 };
  double *x = calloc(COUNT, sizeof *x);
  double *one = calloc(COUNT, sizeof *one);
  uint64_t seed = 11;
  for (size_t i = 0; i < COUNT; i++) {
    x[i] = uniform(&seed) * pow(10.0, (double)(i % 30));
    one[i] = 1.0;
  }
  ASSERT_SAME_BITS(dm_dot(x, one, COUNT), tree_sum(x, 8));
  ASSERT_SAME_BITS(dm_dot(x, one, 512 * 2), tree_sum(x, 2));
  ASSERT_SAME_BITS(dm_dot(x, one, 0), 0.0);
  ASSERT_SAME_BITS(dm_dot(x, one, 3), ((x[0] + x[1]) + (x[2] + 0.0)) + 0.0);
  free(x);
  free(one);
}

TEST(largest_entry)
{
  const double x[] = {1.0, -7.0, 3.0};
  ASSERT_SAME_BITS(dm_max_abs(x, 3), 7.0);
  ASSERT_SAME_BITS(dm_max_abs(x, 0), 0.0);
  const double y[] = {1.0, (double)NAN, 3.0};
  ASSERT_NAN(dm_max_abs(y, 3));
}

TEST_MAIN(
    CASE(solves_a_random_system), CASE(restarts_reach_the_same_answer),
    CASE(an_identity_takes_one_product),
    CASE(a_singular_system_ends_and_says_so), CASE(no_right_hand_side_no_work),
    CASE(sums_follow_their_tree), CASE(largest_entry))
