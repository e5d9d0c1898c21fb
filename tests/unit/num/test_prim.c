/* PRIM: planted boxes are found again. */
#include "unit.h"

#include "base/random.h"
#include "num/prim.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 2000, D = 10 };

typedef struct sample {
  double x[D * N];
  uint8_t hit[N];
} sample;

static double noise(uint64_t seed, uint32_t k)
{
  return dm_random_uniform(seed, k, 1000, 0);
}

static sample *uniform(uint64_t seed)
{
  sample *s = calloc(1, sizeof *s);
  for (uint32_t i = 0; i < D; i++)
    for (uint32_t k = 0; k < N; k++)
      s->x[i * N + k] = dm_random_uniform(seed, k, i, 0);
  return s;
}

static double at(const sample *s, uint32_t i, uint32_t k)
{
  return s->x[i * N + k];
}

/* Counts made anew from the limits. */
static void recount(const sample *s, const dm_prim_result *r, uint32_t b)
{
  const dm_prim_box *box = &r->box[b];
  uint32_t draws = 0, cases = 0, all = 0;
  for (uint32_t k = 0; k < N; k++) {
    bool in = true;
    for (uint32_t l = 0; l < box->n_limits; l++) {
      double x = at(s, box->limit[l].input, k);
      in = in && x >= box->limit[l].low && x <= box->limit[l].high;
    }
    draws += in ? 1 : 0;
    cases += in && s->hit[k] ? 1 : 0;
    all += s->hit[k];
  }
  ASSERT_UINT(box->draws, draws);
  ASSERT_UINT(box->cases, cases);
  ASSERT_UINT(r->cases, all);
  ASSERT_NEAR(box->coverage, cases / (double)all, 1e-15);
  ASSERT_NEAR(box->density, cases / (double)draws, 1e-15);
}

TEST(a_clean_box_among_idle_inputs)
{
  for (uint64_t seed = 1; seed <= 20; seed++) {
    sample *s = uniform(seed);
    dm_prim_options o = dm_prim_defaults();
    dm_prim_result r;
    for (uint32_t k = 0; k < N; k++)
      s->hit[k] = at(s, 2, k) < 0.4 && at(s, 7, k) > 0.3 && at(s, 7, k) < 0.8;
    ASSERT_OK(dm_prim_find(s->x, s->hit, N, D, &o, &r));
    ASSERT_UINT(r.n_boxes, 1);
    ASSERT_UINT(r.box[0].n_limits, 2);
    const dm_prim_limit *l = r.box[0].limit;
    ASSERT_UINT(l[0].input, 2);
    ASSERT_TRUE(isinf(l[0].low));
    ASSERT_NEAR(l[0].high, 0.4, 0.01);
    ASSERT_UINT(l[1].input, 7);
    ASSERT_NEAR(l[1].low, 0.3, 0.01);
    ASSERT_NEAR(l[1].high, 0.8, 0.01);
    ASSERT_TRUE(l[0].p < 1e-6 && l[1].p < 1e-6);
    ASSERT_UINT(r.box[0].cases, r.cases);
    ASSERT_UINT(r.box[0].draws, r.cases);
    ASSERT_UINT(r.covered, r.box[0].cases);
    recount(s, &r, 0);
    dm_prim_clear(&r);
    free(s);
  }
}

/* Nine of ten inside, one of ten outside are cases. */
TEST(a_box_under_noise)
{
  for (uint64_t seed = 1; seed <= 20; seed++) {
    sample *s = uniform(seed);
    dm_prim_options o = dm_prim_defaults();
    dm_prim_result r;
    for (uint32_t k = 0; k < N; k++) {
      int in = at(s, 0, k) > 0.5 && at(s, 4, k) < 0.6;
      s->hit[k] = noise(seed, k) < (in ? 0.9 : 0.1);
    }
    o.boxes = 1;
    ASSERT_OK(dm_prim_find(s->x, s->hit, N, D, &o, &r));
    ASSERT_UINT(r.n_boxes, 1);
    const dm_prim_box *box = &r.box[0];
    ASSERT_UINT(box->n_limits, 2);
    ASSERT_UINT(box->limit[0].input, 0);
    ASSERT_NEAR(box->limit[0].low, 0.5, 0.05);
    ASSERT_TRUE(isinf(box->limit[0].high));
    ASSERT_UINT(box->limit[1].input, 4);
    ASSERT_NEAR(box->limit[1].high, 0.6, 0.05);
    ASSERT_NEAR(box->density, 0.9, 0.04);
    ASSERT_NEAR(box->coverage, 0.27 / 0.34, 0.06);
    recount(s, &r, 0);
    dm_prim_clear(&r);
    free(s);
  }
}

/* Input 1 takes 1, 2, 3, 4, input 3 is a coin. */
TEST(inputs_of_few_values)
{
  for (uint64_t seed = 1; seed <= 20; seed++) {
    sample *s = uniform(seed);
    dm_prim_options o = dm_prim_defaults();
    dm_prim_result r;
    for (uint32_t k = 0; k < N; k++) {
      s->x[N + k] = 1 + floor(4 * at(s, 1, k));
      s->x[3 * N + k] = at(s, 3, k) < 0.5 ? 0 : 1;
      int in = at(s, 1, k) >= 3 && at(s, 3, k) > 0 && at(s, 5, k) < 0.7;
      s->hit[k] = noise(seed, k) < (in ? 0.95 : 0.02);
    }
    ASSERT_OK(dm_prim_find(s->x, s->hit, N, D, &o, &r));
    ASSERT_TRUE(r.n_boxes >= 1);
    const dm_prim_limit *l = r.box[0].limit;
    ASSERT_UINT(r.box[0].n_limits, 3);
    ASSERT_UINT(l[0].input, 1);
    ASSERT_NEAR(l[0].low, 2.5, 0);
    ASSERT_UINT(l[1].input, 3);
    ASSERT_NEAR(l[1].low, 0.5, 0);
    ASSERT_UINT(l[2].input, 5);
    ASSERT_NEAR(l[2].high, 0.7, 0.03);
    recount(s, &r, 0);
    dm_prim_clear(&r);
    free(s);
  }
}

TEST(two_boxes)
{
  for (uint64_t seed = 1; seed <= 10; seed++) {
    sample *s = uniform(seed);
    dm_prim_options o = dm_prim_defaults();
    dm_prim_result r;
    for (uint32_t k = 0; k < N; k++) {
      int one = at(s, 0, k) < 0.4 && at(s, 1, k) < 0.6;
      int two = at(s, 3, k) > 0.7 && at(s, 5, k) > 0.5;
      s->hit[k] = one || two;
    }
    o.density_min = 0.95;
    ASSERT_OK(dm_prim_find(s->x, s->hit, N, D, &o, &r));
    ASSERT_TRUE(r.n_boxes >= 2);
    ASSERT_UINT(r.box[0].limit[0].input, 0);
    ASSERT_NEAR(r.box[0].limit[0].high, 0.4, 0.03);
    ASSERT_UINT(r.box[1].limit[0].input, 3);
    ASSERT_NEAR(r.box[1].limit[0].low, 0.7, 0.03);
    ASSERT_TRUE(r.box[0].density >= 0.95 && r.box[1].density >= 0.95);
    ASSERT_TRUE(r.covered > 0.95 * r.cases);
    recount(s, &r, 0);
    recount(s, &r, 1);
    dm_prim_clear(&r);
    free(s);
  }
}

/* Cases by a coin, three of ten and three of a hundred: boxes are rare. */
TEST(nothing_stands_out)
{
  uint32_t found = 0;
  for (uint64_t seed = 1; seed <= 40; seed++) {
    sample *s = uniform(seed);
    dm_prim_options o = dm_prim_defaults();
    dm_prim_result r;
    for (uint32_t k = 0; k < N; k++)
      s->hit[k] = noise(seed, k) < (seed % 2 ? 0.3 : 0.03);
    ASSERT_OK(dm_prim_find(s->x, s->hit, N, D, &o, &r));
    found += r.n_boxes > 0;
    dm_prim_clear(&r);
    memset(s->hit, 0, sizeof s->hit);
    ASSERT_OK(dm_prim_find(s->x, s->hit, N, D, &o, &r));
    ASSERT_UINT(r.n_boxes, 0);
    dm_prim_clear(&r);
    memset(s->hit, 1, sizeof s->hit);
    ASSERT_OK(dm_prim_find(s->x, s->hit, N, D, &o, &r));
    ASSERT_UINT(r.n_boxes, 0);
    dm_prim_clear(&r);
    free(s);
  }
  print_message("boxes in noise: %u of 40\n", (unsigned)found);
  ASSERT_TRUE(found <= 6);
}

TEST(a_monotone_change_of_unit_changes_nothing)
{
  sample *s = uniform(3);
  dm_prim_options o = dm_prim_defaults();
  dm_prim_result a, b;
  for (uint32_t k = 0; k < N; k++)
    s->hit[k] = noise(3, k) < (at(s, 6, k) > 0.8 ? 0.8 : 0.05);
  ASSERT_OK(dm_prim_find(s->x, s->hit, N, D, &o, &a));
  for (uint32_t j = 0; j < N * D; j++)
    s->x[j] = 1e6 * s->x[j] * s->x[j] * s->x[j] - 3e5;
  ASSERT_OK(dm_prim_find(s->x, s->hit, N, D, &o, &b));
  ASSERT_UINT(a.n_boxes, 1);
  ASSERT_UINT(b.n_boxes, 1);
  ASSERT_UINT(a.box[0].draws, b.box[0].draws);
  ASSERT_UINT(a.box[0].cases, b.box[0].cases);
  ASSERT_UINT(a.box[0].limit[0].input, 6);
  ASSERT_UINT(b.box[0].limit[0].input, 6);
  dm_prim_clear(&a);
  dm_prim_clear(&b);
  free(s);
}

/* Worked by hand; the last against 1 - (1 - p)^n. */
TEST(binomial_tails)
{
  ASSERT_NEAR(dm_binomial_tail(3, 2, 0.5), 0.5, 1e-14);
  ASSERT_NEAR(dm_binomial_tail(4, 4, 0.1), 1e-4, 1e-17);
  ASSERT_NEAR(dm_binomial_tail(10, 0, 0.3), 1, 0);
  ASSERT_NEAR(dm_binomial_tail(10, 11, 0.3), 0, 0);
  ASSERT_NEAR(dm_binomial_tail(10, 1, 0.0), 0, 0);
  ASSERT_NEAR(dm_binomial_tail(10, 10, 1.0), 1, 0);
  ASSERT_NEAR(dm_binomial_tail(5, 3, 0.3), 0.16308, 1e-12);
  ASSERT_NEAR(dm_binomial_tail(100000, 1, 0.5), 1, 1e-9);
  ASSERT_NEAR_REL(
      dm_binomial_tail(5000, 1, 1e-4), 1 - pow(1 - 1e-4, 5000), 1e-10);
}

TEST(arguments_out_of_range)
{
  static const double x[2] = {1, (double)NAN}, good[2] = {1, 2};
  static const uint8_t hit[2] = {1, 0};
  dm_prim_options o = dm_prim_defaults();
  dm_prim_result r;
  ASSERT_STATUS(dm_prim_find(x, hit, 2, 1, &o, &r), DM_E_RANGE);
  ASSERT_STATUS(dm_prim_find(good, hit, 0, 1, &o, &r), DM_E_RANGE);
  ASSERT_STATUS(dm_prim_find(good, hit, 2, 0, &o, &r), DM_E_RANGE);
  o.boxes = 0;
  ASSERT_OK(dm_prim_find(good, hit, 2, 1, &o, &r));
  ASSERT_UINT(r.n_boxes, 0);
  dm_prim_clear(&r);
  o.peel = 0;
  ASSERT_STATUS(dm_prim_find(good, hit, 2, 1, &o, &r), DM_E_RANGE);
  ASSERT_NULL(r.box);
  o = dm_prim_defaults();
  o.density_min = 1.5;
  ASSERT_STATUS(dm_prim_find(good, hit, 2, 1, &o, &r), DM_E_RANGE);
}

TEST_MAIN(
    CASE(a_clean_box_among_idle_inputs), CASE(a_box_under_noise),
    CASE(inputs_of_few_values), CASE(two_boxes), CASE(nothing_stands_out),
    CASE(a_monotone_change_of_unit_changes_nothing), CASE(binomial_tails),
    CASE(arguments_out_of_range))
