/* num/latin.c -- keys of coordinates, Latin hypercubes, spacings of rankings.
 *
 * In:     seed, key, number of the draw and of draws; uniforms.
 * Out:    a number in (0, 1); a permutation's entry; places in order.
 * Method: the permutation is a Feistel network of 8 rounds over the next even
 *         number of bits, walked on while it leaves 0 .. n - 1 (fewer than
 *         four steps on average), so entry k needs no list.
 *         Spacings: of m uniforms the largest is u^(1/m), and given it the
 *         others are m - 1 uniforms below it.
 * Source: see the header.
 * Cost:   about 8 to 32 hashes an entry; one exp and one log a place. */
#include "num/latin.h"

#include "base/random.h"
#include "num/expo.h"

enum { ROUNDS = 8 };

#define PLACE_ROUND  (UINT64_C(5) << 40)
#define PLACE_INSIDE (UINT64_C(6) << 40)

uint64_t dm_design_key(const char *name, uint32_t place, uint32_t copy)
{
  uint64_t key = dm_random_key(name);
  return place || copy ? dm_random_bits(copy, place, key, 0) : key;
}

static uint32_t walk(uint64_t seed, uint64_t key, uint32_t k, unsigned half)
{
  uint32_t mask = (UINT32_C(1) << half) - 1;
  uint32_t high = k >> half, low = k & mask;
  for (unsigned r = 0; r < ROUNDS; r++) {
    uint64_t bits = dm_random_bits(seed, low, key, PLACE_ROUND + r);
    uint32_t next = high ^ ((uint32_t)(bits >> 32) & mask);
    high = low;
    low = next;
  }
  return high << half | low;
}

uint32_t dm_latin_cell(uint64_t seed, uint64_t key, uint32_t k, uint32_t n)
{
  unsigned half = 1;
  if (n < 2)
    return 0;
  while (half < 16 && (n - 1) >> (2 * half))
    half++;
  k %= n;
  do
    k = walk(seed, key, k, half);
  while (k >= n);
  return k;
}

double dm_latin_at(uint64_t seed, uint64_t key, uint32_t k, uint32_t n)
{
  if (n == 0)
    return 0.5;
  double inside = dm_random_uniform(seed, k % n, key, PLACE_INSIDE);
  double x = (dm_latin_cell(seed, key, k, n) + inside) / n;
  /* The last cell's upper end may round to 1. */
  return x < 1.0 ? x : 0x1.fffffffffffffp-1;
}

void dm_spacings(const double *u, uint32_t n, double *place)
{
  if (n == 0)
    return;
  place[n - 1] = 1.0;
  for (uint32_t m = n > 2 ? n - 2 : 0; m > 0; m--) {
    double below = dm_exp(dm_log(u[n - 2 - m]) / m);
    place[m] = place[m + 1] * (below < 1.0 ? below : 1.0);
  }
  place[0] = 0.0;
}
