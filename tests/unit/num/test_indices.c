/* Variance-based indices against closed forms. */
#include "unit.h"

#include "base/random.h"
#include "num/indices.h"
#include "num/latin.h"
#include "num/sobol.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef double function(const double *u, uint32_t d);

/* 3 inputs; a = 7, b = 0.1 (Ishigami and Homma 1990). */
static double ishigami(const double *u, uint32_t d)
{
  const double pi = 3.14159265358979323846;
  double x[3];
  for (uint32_t i = 0; i < 3; i++)
    x[i] = pi * (2 * u[i] - 1);
  (void)d;
  return sin(x[0]) + 7 * sin(x[1]) * sin(x[1]) +
         0.1 * x[2] * x[2] * x[2] * x[2] * sin(x[0]);
}

/* Sobol's g with a = 0, 1, 4.5, 9, 99, 99, ... */
static double g_weight(uint32_t i)
{
  static const double a[] = {0, 1, 4.5, 9};
  return i < 4 ? a[i] : 99;
}

static double sobol_g(const double *u, uint32_t d)
{
  double y = 1;
  for (uint32_t i = 0; i < d; i++)
    y *= (fabs(4 * u[i] - 2) + g_weight(i)) / (1 + g_weight(i));
  return y;
}

/* Sum of (i + 1) x_i. */
static double linear(const double *u, uint32_t d)
{
  double y = 1e6; /* a large mean must not hurt */
  for (uint32_t i = 0; i < d; i++)
    y += (i + 1) * u[i];
  return y;
}

static void shares_of_ishigami(double *first, double *total)
{
  const double pi = 3.14159265358979323846, a = 7, b = 0.1;
  double p4 = pi * pi * pi * pi;
  double v = a * a / 8 + b * p4 / 5 + b * b * p4 * p4 / 18 + 0.5;
  double v1 = 0.5 * (1 + b * p4 / 5) * (1 + b * p4 / 5), v2 = a * a / 8;
  double v13 = b * b * p4 * p4 * (1.0 / 18 - 1.0 / 50);
  first[0] = v1 / v;
  first[1] = v2 / v;
  first[2] = 0;
  total[0] = (v1 + v13) / v;
  total[1] = v2 / v;
  total[2] = v13 / v;
}

static void shares_of_g(uint32_t d, double *first, double *total)
{
  double all = 1;
  for (uint32_t i = 0; i < d; i++)
    all *= 1 + 1 / (3 * (1 + g_weight(i)) * (1 + g_weight(i)));
  for (uint32_t i = 0; i < d; i++) {
    double v = 1 / (3 * (1 + g_weight(i)) * (1 + g_weight(i)));
    first[i] = v / (all - 1);
    total[i] = v * all / (1 + v) / (all - 1);
  }
}

static void shares_of_linear(uint32_t d, double *first, double *total)
{
  double all = 0;
  for (uint32_t i = 0; i < d; i++)
    all += (i + 1.0) * (i + 1.0);
  for (uint32_t i = 0; i < d; i++)
    first[i] = total[i] = (i + 1.0) * (i + 1.0) / all;
}

/* Input i of draw k in sample A (0) or B (1). */
static void points(
    uint64_t seed, uint32_t n, uint32_t d, uint32_t copy, double *x)
{
  for (uint32_t i = 0; i < d; i++) {
    dm_sobol s;
    ASSERT_OK(dm_sobol_init(&s, seed, dm_design_key("x", i, copy), 0));
    for (uint32_t k = 0; k < n; k++)
      x[(size_t)i * n + k] = dm_sobol_at(&s, k);
  }
}

static double at(
    function *f, const double *x, const double *swap, uint32_t which,
    uint32_t k, uint32_t n, uint32_t d)
{
  double u[16];
  for (uint32_t i = 0; i < d; i++)
    u[i] = (i == which ? swap : x)[(size_t)i * n + k];
  return f(u, d);
}

static dm_status design(
    function *f, uint64_t seed, uint32_t n, uint32_t d,
    const dm_indices_options *o, dm_index *out)
{
  double *xa = malloc((size_t)n * d * sizeof *xa);
  double *xb = malloc((size_t)n * d * sizeof *xb);
  double *y = malloc((size_t)n * (d + 2) * sizeof *y);
  points(seed, n, d, 0, xa);
  points(seed, n, d, 1, xb);
  for (uint32_t k = 0; k < n; k++) {
    y[k] = at(f, xa, xa, d, k, n, d);
    y[n + k] = at(f, xb, xb, d, k, n, d);
    for (uint32_t i = 0; i < d; i++)
      y[(size_t)(i + 2) * n + k] = at(f, xa, xb, i, k, n, d);
  }
  dm_status status =
      dm_indices_designed(y, y + n, y + 2 * (size_t)n, n, d, o, out);
  free(xa);
  free(xb);
  free(y);
  return status;
}

/* Off by no more than `tol`, nor by more than 5 of its own errors. */
static void matches(
    const dm_index *got, const double *first, const double *total, uint32_t d,
    double tol)
{
  for (uint32_t i = 0; i < d; i++) {
    ASSERT_NEAR(got[i].first, first[i], tol);
    ASSERT_NEAR(got[i].total, total[i], tol);
    ASSERT_NEAR(got[i].first, first[i], 5 * got[i].first_error + 1e-4);
    ASSERT_NEAR(got[i].total, total[i], 5 * got[i].total_error + 1e-4);
    ASSERT_TRUE(got[i].first_error < tol && got[i].total_error < tol);
  }
}

TEST(designs_match_closed_forms)
{
  double first[8], total[8];
  dm_index got[8];
  dm_indices_options o = dm_indices_defaults();
  ASSERT_OK(design(ishigami, 1, 8192, 3, &o, got));
  shares_of_ishigami(first, total);
  matches(got, first, total, 3, 0.03);
  ASSERT_OK(design(sobol_g, 2, 8192, 8, &o, got));
  shares_of_g(8, first, total);
  matches(got, first, total, 8, 0.03);
  ASSERT_OK(design(linear, 3, 4096, 6, &o, got));
  shares_of_linear(6, first, total);
  matches(got, first, total, 6, 0.03);
  ASSERT_UINT(got[0].used, 4096);
}

/* The bootstrap's error is the scatter of estimates over seeds, within the
 * factor that a designed sample allows. */
TEST(errors_are_the_scatter)
{
  enum { SEEDS = 60 };
  double sum = 0, square = 0, error = 0;
  dm_indices_options o = {.replicates = 50, .seed = 3};
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    dm_index got[3];
    ASSERT_OK(design(ishigami, seed, 512, 3, &o, got));
    sum += got[0].total / SEEDS;
    square += got[0].total * got[0].total / SEEDS;
    error += got[0].total_error / SEEDS;
  }
  double scatter = sqrt(square - sum * sum);
  ASSERT_TRUE(error < 2.5 * scatter && error > 0.6 * scatter);
}

TEST(missing_runs_are_left_out)
{
  enum { N = 256 };
  double y[3 * N];
  dm_index got, clean;
  dm_indices_options o = {.replicates = 0};
  for (uint64_t k = 0; k < N; k++) {
    double a0 = dm_random_uniform(1, k, 1, 0),
           a1 = dm_random_uniform(1, k, 2, 0);
    double b0 = dm_random_uniform(1, k, 3, 0),
           b1 = dm_random_uniform(1, k, 4, 0);
    y[k] = a0 + a1;
    y[N + k] = b0 + b1;
    y[2 * N + k] = b0 + a1;
  }
  y[N - 1] = y[2 * N - 2] = y[3 * N - 3] = (double)NAN;
  ASSERT_OK(dm_indices_designed(y, y + N, y + 2 * N, N, 1, &o, &got));
  ASSERT_UINT(got.used, N - 3);
  ASSERT_OK(dm_indices_designed(y, y + N, y + 2 * N, N - 3, 1, &o, &clean));
  ASSERT_NEAR(got.first, clean.first, 1e-12);
  ASSERT_NEAR(got.total, clean.total, 1e-12);
  ASSERT_NAN(got.first_error);
}

TEST(nothing_to_share)
{
  static const double same[4] = {2, 2, 2, 2}, x[4] = {1, 2, 3, 4};
  dm_index got = {0};
  dm_indices_options o = dm_indices_defaults();
  ASSERT_OK(dm_indices_designed(same, same, same, 4, 1, &o, &got));
  ASSERT_NAN(got.first);
  ASSERT_NAN(got.total);
  ASSERT_OK(dm_indices_given(x, same, 4, 1, &o, &got));
  ASSERT_NAN(got.first);
  ASSERT_STATUS(dm_indices_designed(x, x, x, 1, 1, &o, &got), DM_E_RANGE);
  ASSERT_STATUS(dm_indices_given(x, x, 4, 0, &o, &got), DM_E_RANGE);
  static const double bad[4] = {1, (double)INFINITY, 3, 4};
  ASSERT_STATUS(dm_indices_given(bad, x, 4, 1, &o, &got), DM_E_RANGE);
  static const double none[4] = {
      (double)NAN, (double)NAN, (double)NAN, (double)NAN};
  ASSERT_OK(dm_indices_given(x, none, 4, 1, &o, &got));
  ASSERT_UINT(got.used, 0);
  ASSERT_NAN(got.total);
}

static void given(
    function *f, uint64_t seed, uint32_t n, uint32_t d, bool independent,
    const dm_indices_options *o, dm_index *out)
{
  double *x = malloc((size_t)n * d * sizeof *x), *y = malloc(n * sizeof *y);
  points(seed, n, d, 0, x);
  for (uint32_t k = 0; k < n; k++) {
    for (uint32_t i = 0; independent && i < d; i++)
      x[(size_t)i * n + k] = dm_random_uniform(seed, k, i, 0);
    y[k] = at(f, x, x, d, k, n, d);
  }
  ASSERT_OK(dm_indices_given(x, y, n, d, o, out));
  free(x);
  free(y);
}

TEST(given_draws_match_closed_forms)
{
  double first[8], total[8];
  dm_index got[8];
  dm_indices_options o = {.replicates = 20, .seed = 1, .pairs = true};
  for (int independent = 0; independent < 2; independent++) {
    given(ishigami, 5, 8192, 3, independent, &o, got);
    shares_of_ishigami(first, total);
    for (int i = 0; i < 3; i++) {
      ASSERT_NEAR(got[i].first, first[i], 0.03);
      ASSERT_NEAR(got[i].total, total[i], 0.06);
    }
    given(sobol_g, 6, 8192, 8, independent, &o, got);
    shares_of_g(8, first, total);
    for (int i = 0; i < 8; i++) {
      ASSERT_NEAR(got[i].first, first[i], 0.03);
      ASSERT_NEAR(got[i].total, total[i], 0.06);
    }
    given(linear, 7, 4096, 6, independent, &o, got);
    shares_of_linear(6, first, total);
    for (int i = 0; i < 6; i++) {
      ASSERT_NEAR(got[i].first, first[i], 0.04);
      ASSERT_NEAR(got[i].total, total[i], 0.06);
      ASSERT_TRUE(got[i].first_error > 0 && got[i].first_error < 0.03);
    }
  }
}

/* Mean over seeds of the share of an input that does nothing is 0. */
TEST(an_idle_input_has_no_share)
{
  enum { N = 200, SEEDS = 300 };
  double first = 0, total = 0;
  dm_indices_options o = {.pairs = true};
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    double x[2 * N], y[N];
    dm_index got[2];
    for (uint64_t k = 0; k < N; k++) {
      x[k] = dm_random_uniform(seed, k, 1, 0);
      x[N + k] = dm_random_uniform(seed, k, 2, 0);
      y[k] = x[k];
    }
    ASSERT_OK(dm_indices_given(x, y, N, 2, &o, got));
    first += got[1].first / SEEDS;
    total += got[1].total / SEEDS;
  }
  ASSERT_NEAR(first, 0, 0.006);
  ASSERT_NEAR(total, 0, 0.012);
}

/* Two coins: y = 1 if they agree.  All of it is interaction. */
TEST(discrete_inputs)
{
  enum { N = 2000 };
  static double x[3 * N], y[N];
  dm_index got[3];
  dm_indices_options o = {.replicates = 30, .seed = 1, .pairs = true};
  for (uint64_t k = 0; k < N; k++) {
    for (uint64_t i = 0; i < 3; i++)
      x[i * N + k] = dm_random_uniform(9, k, i, 0) < 0.5 ? 0 : 1;
    y[k] = x[k] == x[N + k];
  }
  ASSERT_OK(dm_indices_given(x, y, N, 3, &o, got));
  for (int i = 0; i < 3; i++)
    ASSERT_NEAR(got[i].first, 0, 0.01);
  ASSERT_NEAR(got[0].total, 1, 0.03);
  ASSERT_NEAR(got[1].total, 1, 0.03);
  ASSERT_NEAR(got[2].total, 0, 0.03);
}

TEST(the_same_bits_each_time)
{
  dm_index a[3], b[3];
  dm_indices_options o = {.replicates = 20, .seed = 4, .pairs = true};
  given(ishigami, 5, 512, 3, true, &o, a);
  given(ishigami, 5, 512, 3, true, &o, b);
  for (int i = 0; i < 3; i++) {
    ASSERT_SAME_BITS(a[i].first, b[i].first);
    ASSERT_SAME_BITS(a[i].first_error, b[i].first_error);
    ASSERT_SAME_BITS(a[i].total_error, b[i].total_error);
  }
}

TEST_MAIN(
    CASE(designs_match_closed_forms), CASE(errors_are_the_scatter),
    CASE(missing_runs_are_left_out), CASE(nothing_to_share),
    CASE(given_draws_match_closed_forms), CASE(an_idle_input_has_no_share),
    CASE(discrete_inputs), CASE(the_same_bits_each_time))
