/* num/score.h -- how good forecasts were.
 *
 * Sources: Brier (Monthly Weather Review 78, 1950; here the sum over answers,
 * 0..2), Murphy's parts (J. Applied Meteorology 12, 1973), log score
 * (-ln p, Good 1952), ranked probability (Epstein 1969, divided by K - 1). */
#ifndef DM_NUM_SCORE_H
#define DM_NUM_SCORE_H

#include "base/arena.h"

double dm_score_brier(const double *p, uint32_t n, uint32_t happened);
double dm_score_log(const double *p, uint32_t n, uint32_t happened); /* may be
                                                                       INFINITY */
double dm_score_ranked(const double *p, uint32_t n, uint32_t happened);

typedef struct dm_murphy {
  double brier; /* binary mean: (p - o)^2 */
  double reliability, resolution, uncertainty;
  double within; /* what binning leaves: brier - (rel - res + unc) */
} dm_murphy;

/** Binary forecasts p [n] and outcomes o [n] in {0, 1}; equal p's are one bin
 *  when bins is 0, else bins of equal width. */
dm_murphy dm_score_murphy(
    const double *p, const int *o, uint32_t n, uint32_t bins);

/** Average of a score over the life of a question: forecasts dated t [n]
 *  (increasing, days), each in force to the next, the last to `end`; coverage:
 *  share of `open` .. `end` in which one was in force. */
double dm_score_over_life(
    const double *score, const double *t, uint32_t n, double open, double end,
    double *coverage);

#endif
