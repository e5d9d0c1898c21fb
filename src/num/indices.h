/* num/indices.h -- how much of an answer's variance each input carries.
 *
 * first: the share that goes if the input were known, Var E[y | x_i] / Var y.
 * total: the share that stays if all others were known, 1 - Var E[y | x_~i] /
 *        Var y.  Inputs are independent; then first <= total.
 *
 * Estimates are not clipped: near 0 they scatter around it, below it too, and
 * their mean over samples is then right.  Errors of one standard deviation come
 * from a bootstrap over draws with a fixed seed; on designed points (Sobol',
 * Latin) they are on the large side, since such draws are not independent.
 *
 * Sources: Sobol', Math. Modelling Comp. Exp. 1 (1993); first: Saltelli et al.,
 * Comp. Phys. Comm. 181 (2010), their estimator (b); total: Jansen, Comp. Phys.
 * Comm. 117 (1999); bins: Pearson's correlation ratio with its degrees of
 * freedom taken off (Kelley, PNAS 21, 1935). */
#ifndef DM_NUM_INDICES_H
#define DM_NUM_INDICES_H

#include <demarche/status.h>

typedef struct dm_index {
  double first, first_error; /* shares of the variance; one sigma */
  double total, total_error; /* total NaN where it was not asked for */
  uint32_t used;             /* draws that could be used */
} dm_index;

typedef struct dm_indices_options {
  uint32_t replicates; /* of the bootstrap; below 2: errors are NaN */
  uint64_t seed;       /* of the bootstrap */
  uint32_t bins;       /* given data: 0 chooses n^(1/3), 4 .. 64 */
  bool pairs;          /* given data: totals, from interactions of two */
} dm_indices_options;

/** 200 replicates, seed 1, bins chosen, no pairs. */
dm_indices_options dm_indices_defaults(void);

/**
 * From a design of n (d + 2) runs.
 *
 * @param a,b   [n] answers at the points of two independent samples A and B.
 * @param ab    [d x n], row-major: answers at A's points with input i taken
 *              from B.  An input may be a group (all places of a ranking).
 * @param n,d   At least 2 and 1.
 * @param out   [d], owned by the caller.
 * @return DM_E_RANGE for too few; DM_E_MEMORY.  Nothing is written then.
 *
 * A run without an answer is NaN: draws that lack a, b or ab are left out for
 * the inputs concerned and `used` counts the others.  With fewer than two, or
 * without variance, all of an input's shares are NaN.
 */
DM_MUST_USE dm_status dm_indices_designed(
    const double *a, const double *b, const double *ab, uint32_t n, uint32_t d,
    const dm_indices_options *options, dm_index *out);

/**
 * From n plain draws, not designed for it.
 *
 * @param x     [d x n], row-major: input i of draw k at x[i n + k]; finite.
 * @param y     [n] answers; NaN: left out.
 * @param out   [d], owned by the caller.
 * @return as above; DM_E_RANGE also for an x that is not finite.
 *
 * first: bins of equal numbers of draws (equal inputs stay together, so a
 * discrete input has at most a bin a value); blind to what happens inside a
 * bin, some 1 / bins^2 of a linear effect.  total, with `pairs`: first plus the
 * shares of all products of polynomials of degree 1 to 3 in the ranks of two
 * inputs; blind to interactions of three and to wilder ones of two, so a lower
 * bound as it were.  A total costs replicates x n x 9 d^2 / 2 steps.
 */
DM_MUST_USE dm_status dm_indices_given(
    const double *x, const double *y, uint32_t n, uint32_t d,
    const dm_indices_options *options, dm_index *out);

#endif
