/* base/random.c -- random numbers without a state.
 *
 * Method: the four words are absorbed one after the other, each followed by a
 *         mixing step that is a bijection of 64 bits with full avalanche
 *         (xor-shift and multiply; constants: Stafford's variant 13, as in
 *         SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
 * Not here: anything fit for secrets. */
#include "base/random.h"

static uint64_t mix(uint64_t x)
{
  x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
  return x ^ x >> 31;
}

/* FNV-1a, 64 bits: bytes in order, so byte order of the machine is no matter. */
uint64_t dm_random_key(const char *name)
{
  uint64_t h = UINT64_C(0xcbf29ce484222325);
  for (; *name; name++)
    h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
  return h;
}

uint64_t dm_random_bits(
    uint64_t seed, uint64_t draw, uint64_t key, uint64_t place)
{
  const uint64_t step = UINT64_C(0x9e3779b97f4a7c15);
  uint64_t x = mix(seed + step);
  x = mix((x ^ draw) + step);
  x = mix((x ^ key) + step);
  return mix((x ^ place) + step);
}

double dm_random_uniform(
    uint64_t seed, uint64_t draw, uint64_t key, uint64_t place)
{
  /* 52 bits and a half: the middles of 2^52 equal cells. */
  uint64_t cell = dm_random_bits(seed, draw, key, place) >> 12;
  return ((double)cell + 0.5) * (1.0 / 4503599627370496.0);
}
