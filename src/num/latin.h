/* num/latin.h -- keys of coordinates, Latin hypercubes, spacings of rankings.
 *
 * Everything here is a function of its arguments: no state, no allocation, the
 * same bits on every machine.
 *
 * Sources: Latin hypercubes: McKay, Beckman, Conover, Technometrics 21 (1979);
 * a permutation of any length from a cipher of a power of two by walking on:
 * Black and Rogaway, CT-RSA 2002; order statistics one after the other, from
 * the top: Lurie and Hartley, American Statistician 26 (1972). */
#ifndef DM_NUM_LATIN_H
#define DM_NUM_LATIN_H

#include <stdint.h>

/**
 * Key of one coordinate.
 *
 * @param name   Of the parameter; NUL-terminated, borrowed.
 * @param place  0 for the parameter itself; 1, 2, ... where one name needs
 *               several coordinates (the places inside a ranking).
 * @param copy   0, or 1 for the independent second sample of a design for
 *               variance-based indices (num/indices.h).
 * @return dm_random_key(name) for place 0 of copy 0.
 */
uint64_t dm_design_key(const char *name, uint32_t place, uint32_t copy);

/** Coordinate of draw k of n, in (0, 1), ends excluded; k is taken modulo n,
 *  n of 0 gives 1/2.  The n draws hold one point in each of n equal cells of
 *  [0, 1], in an order of their own for each (seed, key).  Other than Sobol'
 *  points (num/sobol.h), draw k changes with n. */
double dm_latin_at(uint64_t seed, uint64_t key, uint32_t k, uint32_t n);

/** Cell of draw k < n: a permutation of 0 .. n - 1 chosen by (seed, key). */
uint32_t dm_latin_cell(uint64_t seed, uint64_t key, uint32_t k, uint32_t n);

/**
 * Places of a ranking, uniform over all spacings.
 *
 * @param u      [n - 2] coordinates in (0, 1), independent and uniform: the
 *               first decides the highest inner place.  NULL for n <= 2.
 * @param n      Different places, ends included.
 * @param place  Out, [n]: not decreasing, place[0] = 0 and place[n - 1] = 1
 *               (n of 1: 0 alone).  Multiply by 100 for the scale of payoffs.
 *
 * No sorting: places move smoothly with each u, which keeps what a design has
 * gained over independent points.
 */
void dm_spacings(const double *u, uint32_t n, double *place);

#endif
