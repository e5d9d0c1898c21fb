/* base/random.h -- random numbers without a state.
 *
 * A number is a function of what it is for: seed, draw, key, place.  So a draw
 * does not depend on how many numbers others took before it, on their order or
 * on threads, and a run is repeated by its seed alone. */
#ifndef DM_BASE_RANDOM_H
#define DM_BASE_RANDOM_H

#include <stdint.h>

/** A key for a name: the same on every machine. */
uint64_t dm_random_key(const char *name);

/** 64 random bits for (seed, draw, key, place). */
uint64_t dm_random_bits(
    uint64_t seed, uint64_t draw, uint64_t key, uint64_t place);

/** Uniform over (0, 1), ends excluded. */
double dm_random_uniform(
    uint64_t seed, uint64_t draw, uint64_t key, uint64_t place);

#endif
