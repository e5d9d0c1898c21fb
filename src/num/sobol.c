/* num/sobol.c -- scrambled Sobol' points, one coordinate at a time.
 *
 * In:     seed, key of a block, dimension, number k of a draw.
 * Out:    a number in (0, 1).
 * Method: k is shuffled within its block: a bit is flipped by a hash of the
 *         bits above it, so aligned runs of 2^m draws stay such runs.  Then
 *         x = sum over the bits j of k of v_j (exclusive or).  Dimension 0 has
 *         v_j = 2^-j.  Dimension d has the d-th primitive polynomial, by degree
 *         s and then by value; v_1 .. v_s are m_j / 2^j with m_j odd and below
 *         2^j, hashed, except that the top bits of m_2 .. m_s spell the place
 *         of d among the polynomials of its degree (exclusive or a hashed
 *         word), so no two of one degree share their first half-cells; the rest
 *         follow from the recurrence.  Last, x is scrambled as k was, with
 *         another hash for each dimension, and 20 hashed bits follow below.
 * Why so: numbering coordinates from a table (Joe and Kuo, SIAM J. Sci. Comput.
 *         30, 2008) gives a name a number either by a list of all names, which
 *         shifts when one is added, or by a hash into the table, which gives
 *         two names one dimension.  A longer table does not help: of N = 2^m
 *         points the first half-cells are one of N / 2 patterns, so among 40
 *         parameters and 1,024 draws some two would share theirs, correlated
 *         by 3/4.  Blocks that are shuffled apart cannot.
 * Price:  what is gained between blocks is the evenness of each coordinate,
 *         that is of sums of functions of one parameter each.  Products of two
 *         scatter more than for independent points (measured: 1.5 times the
 *         variance at 256 draws), since a block's neighbours 2 j and 2 j + 1
 *         stay in opposite halves.  A Latin hypercube (latin.c) has no such
 *         price and no order in k.
 * Cost:   setting up dimension d tries the polynomials before it (about 1 ms
 *         for the last); 65 hashes a number. */
#include "num/sobol.h"

#include "base/random.h"

#include <string.h>

/* Places of hashed numbers; those of flipped bits lie below 2^38. */
#define PLACE_KEY     (UINT64_C(1) << 40)
#define PLACE_PATTERN (UINT64_C(2) << 40)
#define PLACE_INITIAL (UINT64_C(3) << 40)
#define PLACE_TAIL    (UINT64_C(4) << 40)

/* a b modulo the polynomial; a and b of lower degree. */
static uint32_t times(
    uint32_t a, uint32_t b, uint32_t polynomial, unsigned degree)
{
  uint32_t product = 0;
  for (; b; b >>= 1) {
    if (b & 1)
      product ^= a;
    a <<= 1;
    if (a >> degree)
      a ^= polynomial;
  }
  return product;
}

/* x^e is 1 modulo the polynomial. */
static bool is_one(uint32_t e, uint32_t polynomial, unsigned degree)
{
  uint32_t power = degree == 1 ? 1 : 2, result = 1;
  for (; e; e >>= 1) {
    if (e & 1)
      result = times(result, power, polynomial, degree);
    power = times(power, power, polynomial, degree);
  }
  return result == 1;
}

/* The order of x is 2^degree - 1 and no part of it. */
static bool is_primitive(uint32_t polynomial, unsigned degree)
{
  uint32_t order = (UINT32_C(1) << degree) - 1, rest = order;
  if (!is_one(order, polynomial, degree))
    return false;
  for (uint32_t q = 3; rest > 1; q += 2) {
    if (q * q > rest)
      q = rest; /* what is left is prime */
    if (rest % q)
      continue;
    if (is_one(order / q, polynomial, degree))
      return false;
    while (rest % q == 0)
      rest /= q;
  }
  return true;
}

/* The d-th primitive polynomial, d >= 1, and its place in its degree. */
static uint32_t find_polynomial(uint32_t d, unsigned *degree, uint32_t *place)
{
  for (unsigned s = 1;; s++) {
    uint32_t found = 0;
    for (uint32_t middle = 0; middle < UINT32_C(1) << (s - 1); middle++) {
      uint32_t polynomial = UINT32_C(1) << s | middle << 1 | 1;
      if (!is_primitive(polynomial, s))
        continue;
      if (--d == 0) {
        *degree = s;
        *place = found;
        return polynomial;
      }
      found++;
    }
  }
}

/* m_j: odd, below 2^j, the top bit as told. */
static uint32_t initial(const dm_sobol *sobol, unsigned j, uint32_t top)
{
  uint64_t bits = dm_random_bits(sobol->seed, j, sobol->key, PLACE_INITIAL);
  if (j == 1)
    return 1;
  return top << (j - 1) | ((uint32_t)bits & ((UINT32_C(1) << (j - 1)) - 1)) | 1;
}

dm_status dm_sobol_init(
    dm_sobol *sobol, uint64_t seed, uint64_t block, uint32_t dimension)
{
  uint32_t *v = sobol->direction, place;
  unsigned s;
  if (dimension >= DM_SOBOL_DIMENSIONS)
    return DM_E_RANGE;
  memset(sobol, 0, sizeof *sobol);
  sobol->seed = seed;
  sobol->block = block;
  sobol->key = dm_random_bits(seed, dimension, block, PLACE_KEY);
  if (dimension == 0) {
    for (unsigned j = 0; j < DM_SOBOL_BITS; j++)
      v[j] = UINT32_C(1) << (DM_SOBOL_BITS - 1 - j);
    return DM_OK;
  }
  uint32_t polynomial = find_polynomial(dimension, &s, &place);
  uint64_t pattern = dm_random_bits(seed, s, block, PLACE_PATTERN) ^ place;
  for (unsigned j = 0; j < s; j++)
    v[j] = initial(sobol, j + 1, (uint32_t)(j ? pattern >> (j - 1) & 1 : 0))
           << (DM_SOBOL_BITS - 1 - j);
  for (unsigned j = s; j < DM_SOBOL_BITS; j++) {
    v[j] = v[j - s] ^ v[j - s] >> s;
    for (unsigned i = 1; i < s; i++) {
      if (polynomial >> (s - i) & 1)
        v[j] ^= v[j - i];
    }
  }
  sobol->polynomial = polynomial;
  sobol->degree = s;
  return DM_OK;
}

/* Nested: a bit's flip depends on the bits above it and on its place. */
static uint32_t scramble(uint64_t seed, uint64_t key, uint32_t x)
{
  uint32_t flips = 0;
  for (unsigned b = 0; b < DM_SOBOL_BITS; b++) {
    uint32_t above = b ? x >> (DM_SOBOL_BITS - b) : 0;
    uint64_t bits = dm_random_bits(seed, above, key, (uint64_t)(b + 1) << 32);
    flips |= (uint32_t)(bits >> 63) << (DM_SOBOL_BITS - 1 - b);
  }
  return x ^ flips;
}

double dm_sobol_at(const dm_sobol *sobol, uint32_t k)
{
  uint32_t x = 0;
  uint32_t shuffled = scramble(sobol->seed, sobol->block, k);
  for (unsigned j = 0; j < DM_SOBOL_BITS; j++) {
    if (shuffled >> j & 1)
      x ^= sobol->direction[j];
  }
  x = scramble(sobol->seed, sobol->key, x);
  uint64_t tail = dm_random_bits(sobol->seed, k, sobol->key, PLACE_TAIL);
  uint64_t cell = (uint64_t)x << 20 | tail >> 44;
  return ((double)cell + 0.5) * (1.0 / 4503599627370496.0);
}
