/* Latin hypercubes, keys and spacings. */
#include "unit.h"

#include "base/random.h"
#include "num/latin.h"

#include <math.h>
#include <stdlib.h>

TEST(n_draws_fill_n_cells)
{
  static const uint32_t sizes[] = {1, 2, 3, 4, 5, 16, 17, 100, 1000, 65537};
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    uint32_t n = sizes[s];
    uint8_t *seen = calloc(n, 1);
    for (uint32_t k = 0; k < n; k++) {
      uint32_t cell = dm_latin_cell(5, 99 + s, k, n);
      double x = dm_latin_at(5, 99 + s, k, n);
      ASSERT_TRUE(cell < n && !seen[cell]);
      ASSERT_TRUE(x > 0 && x < 1);
      ASSERT_TRUE(x * n >= cell - 1e-9 && x * n <= cell + 1 + 1e-9);
      seen[cell] = 1;
    }
    free(seen);
  }
  ASSERT_TRUE(dm_latin_cell(1, 2, 4294967293u, 4294967295u) < 4294967295u);
  ASSERT_NEAR(dm_latin_at(1, 2, 0, 0), 0.5, 0);
}

/* All 24 orders of 4, and each cell of 7, about equally often over seeds. */
TEST(permutations_are_even)
{
  enum { N = 24000 };
  uint32_t order[256] = {0}, cell[7] = {0};
  uint32_t different = 0;
  for (uint64_t seed = 0; seed < N; seed++) {
    uint32_t code = 0;
    for (uint32_t k = 0; k < 4; k++)
      code = code * 4 + dm_latin_cell(seed, 3, k, 4);
    order[code]++;
    cell[dm_latin_cell(seed, 3, 2, 7)]++;
  }
  for (uint32_t c = 0; c < 256; c++) {
    if (!order[c])
      continue;
    different++;
    ASSERT_NEAR(order[c], N / 24.0, 5 * sqrt(N / 24.0));
  }
  ASSERT_UINT(different, 24);
  for (uint32_t c = 0; c < 7; c++)
    ASSERT_NEAR(cell[c], N / 7.0, 5 * sqrt(N / 7.0));
}

TEST(names_are_uncorrelated)
{
  enum { N = 1000, D = 20 };
  for (uint32_t i = 0; i < D; i++) {
    for (uint32_t j = 0; j < i; j++) {
      double sum = 0;
      uint64_t a = dm_design_key("a.cost", i, 0);
      uint64_t b = dm_design_key("a.cost", j, 0);
      for (uint32_t k = 0; k < N; k++)
        sum +=
            (dm_latin_at(1, a, k, N) - 0.5) * (dm_latin_at(1, b, k, N) - 0.5);
      ASSERT_NEAR(12 * sum / N, 0, 4.5 / sqrt(N));
    }
  }
}

TEST(keys_differ_by_place_and_copy)
{
  uint64_t key[6];
  uint32_t n = 0;
  ASSERT_UINT(dm_design_key("iran.cost", 0, 0), dm_random_key("iran.cost"));
  for (uint32_t place = 0; place < 3; place++)
    for (uint32_t copy = 0; copy < 2; copy++)
      key[n++] = dm_design_key("iran.cost", place, copy);
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t j = 0; j < i; j++)
      ASSERT_TRUE(key[i] != key[j]);
}

/* Recorded: whoever changes these changes everybody's ensembles. */
TEST(bits_are_recorded)
{
  uint64_t key = dm_design_key("iran.bargainer", 0, 0);
  ASSERT_UINT(
      dm_design_key("iran.bargainer", 1, 1), UINT64_C(0x93ebde986717cb5d));
  ASSERT_UINT(dm_latin_cell(1, key, 0, 1000), 807);
  ASSERT_SAME_BITS(dm_latin_at(1, key, 0, 1000), 0x1.9d7ed99f8f4c5p-1);
}

TEST(few_places)
{
  double place[3] = {9, 9, 9}, u[1] = {0.25};
  dm_spacings(NULL, 0, place);
  ASSERT_NEAR(place[0], 9, 0);
  dm_spacings(NULL, 1, place);
  ASSERT_NEAR(place[0], 0, 0);
  dm_spacings(NULL, 2, place);
  ASSERT_NEAR(place[0], 0, 0);
  ASSERT_NEAR(place[1], 1, 0);
  dm_spacings(u, 3, place);
  ASSERT_NEAR(place[1], 0.25, 1e-15);
  ASSERT_NEAR(place[2], 1, 0);
}

/* Gaps of n places are those of uniform spacings: mean 1 / (n - 1), and each
 * has variance m / ((m + 1)^2 (m + 2)) with m = n - 2 inner places. */
TEST(spacings_are_uniform)
{
  enum { PLACES = 6, M = PLACES - 2, N = 40000 };
  double sum[PLACES - 1] = {0}, square[PLACES - 1] = {0};
  for (uint64_t k = 0; k < N; k++) {
    double u[M], place[PLACES];
    for (uint32_t i = 0; i < M; i++)
      u[i] = dm_random_uniform(4, k, 17, i);
    dm_spacings(u, PLACES, place);
    for (int i = 0; i + 1 < PLACES; i++) {
      double gap = place[i + 1] - place[i];
      ASSERT_TRUE(gap >= 0);
      sum[i] += gap / N;
      square[i] += gap * gap / N;
    }
  }
  for (int i = 0; i + 1 < PLACES; i++) {
    ASSERT_NEAR(sum[i], 1.0 / (M + 1), 0.004);
    ASSERT_NEAR(
        square[i] - sum[i] * sum[i], M / ((M + 1.0) * (M + 1) * (M + 2)),
        0.0012);
  }
}

TEST_MAIN(
    CASE(n_draws_fill_n_cells), CASE(permutations_are_even),
    CASE(names_are_uncorrelated), CASE(keys_differ_by_place_and_copy),
    CASE(bits_are_recorded), CASE(few_places), CASE(spacings_are_uniform))
