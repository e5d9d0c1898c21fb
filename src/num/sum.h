/* num/sum.h -- sums whose order is fixed by the length alone.
 *
 * Eight running sums over a block of 512 (element i goes to sum i mod 8),
 * folded in pairs; block sums folded in pairs like the carries of a binary
 * counter.  Whoever adds with any number of threads or vector lanes and keeps
 * to this tree gets the same bits; the error grows like log n. */
#ifndef DM_NUM_SUM_H
#define DM_NUM_SUM_H

#include <stddef.h>

/** Sum of x[i] y[i] over i < n. */
double dm_dot(const double *x, const double *y, size_t n);

/** Largest |x[i]|; NaN if an entry is NaN; 0 for n = 0. */
double dm_max_abs(const double *x, size_t n);

/** y += a x. */
void dm_axpy(double a, const double *x, size_t n, double *y);

#endif
