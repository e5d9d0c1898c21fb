/* num/score.h -- how good forecasts were.
 *
 * Sources: Brier (Monthly Weather Review 78, 1950; here the sum over answers,
 * 0..2), Murphy's parts (J. Applied Meteorology 12, 1973), log score
 * (-ln p, Good 1952), ranked probability (Epstein 1969, divided by K - 1).
 * Lower is better in all of them. */
#ifndef DM_NUM_SCORE_H
#define DM_NUM_SCORE_H

#include <demarche/status.h>

/* p [n]: chances of n exclusive answers; `happened` below n. */
double dm_score_brier(const double *p, uint32_t n, uint32_t happened);
/** INFINITY if what happened was given no chance. */
double dm_score_log(const double *p, uint32_t n, uint32_t happened);
/** Answers in their order; n of 1: 0. */
double dm_score_ranked(const double *p, uint32_t n, uint32_t happened);

typedef struct dm_murphy {
  double brier; /* binary mean: (p - o)^2 */
  double reliability, resolution, uncertainty;
  double within; /* what binning leaves: brier - (rel - res + unc) */
} dm_murphy;

/** Binary forecasts p [n] in [0,1] and outcomes o [n] in {0, 1}; equal p's are
 *  one bin when bins is 0, else bins of equal width.  All NaN without any. */
dm_murphy dm_score_murphy(
    const double *p, const int *o, uint32_t n, uint32_t bins);

typedef struct dm_bin {
  double low, high; /* of the forecasts it takes; the last bin takes 1 too */
  uint32_t n;
  double p, share; /* mean forecast, share that happened; NaN without any */
} dm_bin;

/** The calibration table, out [bins], bins at least 1. */
void dm_score_calibration(
    const double *p, const int *o, uint32_t n, uint32_t bins, dm_bin *out);

/**
 * Average of a score over the life of a question.
 *
 * @param score,t   [n] forecasts dated t, not decreasing, in days; each is in
 *                  force up to the next, the last to `end`.  Those dated after
 *                  `end` do not count; what one was in force before `open`
 *                  does not either.
 * @param coverage  Out: share of `open` .. `end` in which one was in force.
 * @return the mean over that time; of a forecast that was in force at `end`
 *         alone its score; NaN without any.
 */
double dm_score_over_life(
    const double *score, const double *t, uint32_t n, double open, double end,
    double *coverage);

#endif
