/* solve/lemke.h -- one equilibrium of a two-player game by Lemke's method on
 * the sequence form. */
#ifndef DM_SOLVE_LEMKE_H
#define DM_SOLVE_LEMKE_H

#include "solve/vertices.h"

/** From the covering vector that `seed` draws (0: all ones).  plan[2] out,
 *  plans of both players [n_seqs].  DM_E_LIMIT: too large for a dense tableau,
 *  or too many pivots; DM_E_CONVERGE: rounding led astray; DM_E_INTERRUPT. */
dm_status dm_lemke_run(
    const dm_sequence *sequence, uint64_t seed, dm_effort *effort,
    long double *const plan[2]) DM_MUST_USE;

#endif
