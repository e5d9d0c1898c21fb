/* num/sobol.h -- scrambled Sobol' points, one coordinate at a time.
 *
 * A coordinate is a dimension of a block.  Dimensions of one block are those of
 * one Sobol' sequence; blocks are independent of each other.  A block is named
 * by a key (dm_design_key in num/latin.h), so a parameter whose block is its
 * own name has draws that depend on (seed, name, k) alone: a model that gains a
 * parameter keeps the draws of the others, and draw k is computed without those
 * before it.  The same bits on every machine.
 *
 * Source: Sobol', USSR Comp. Math. Math. Phys. 7 (1967); scrambling: Owen, in
 * Monte Carlo and Quasi-Monte Carlo Methods (1995), J. Complexity 14 (1998);
 * blocks side by side: Kollig and Keller, Comp. Graphics Forum 21 (2002). */
#ifndef DM_NUM_SOBOL_H
#define DM_NUM_SOBOL_H

#include <demarche/status.h>

enum { DM_SOBOL_BITS = 32, DM_SOBOL_DIMENSIONS = 512 };

/* One coordinate.  Plain data: copied and dropped at will. */
typedef struct dm_sobol {
  uint64_t seed, block, key;         /* key: of this dimension */
  uint32_t polynomial;               /* primitive over GF(2); bit i: of x^i */
  uint32_t degree;                   /* 0 for dimension 0, which has none */
  uint32_t direction[DM_SOBOL_BITS]; /* v_1 .. v_32, as fractions of 2^32 */
} dm_sobol;

/**
 * Sets one coordinate up.  Allocates nothing.
 *
 * @param dimension  Of the block, below DM_SOBOL_DIMENSIONS; 0 where a block
 *                   has one coordinate.  The first ones are the best.
 * @return DM_E_RANGE for a dimension that does not exist (nothing written).
 */
DM_MUST_USE dm_status dm_sobol_init(
    dm_sobol *sobol, uint64_t seed, uint64_t block, uint32_t dimension);

/** Coordinate of draw k, in (0, 1), ends excluded.  Of draws a 2^m to
 *  (a + 1) 2^m - 1 each of the 2^m equal cells of [0, 1] holds one (m <= 32);
 *  each draw alone is uniform over the seeds. */
double dm_sobol_at(const dm_sobol *sobol, uint32_t k);

#endif
