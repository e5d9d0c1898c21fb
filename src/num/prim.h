/* num/prim.h -- boxes of inputs in which a thing happens (PRIM).
 *
 * Sources: Friedman and Fisher, Statistics and Computing 9 (1999); coverage,
 * density and quasi-p-values: Bryant and Lempert, Technological Forecasting and
 * Social Change 77 (2010); a peel's gain counted by the point, for inputs of
 * few values: Kwakkel and Jaxa-Rozen, Env. Modelling & Software 79 (2016). */
#ifndef DM_NUM_PRIM_H
#define DM_NUM_PRIM_H

#include <demarche/status.h>

typedef struct dm_prim_options {
  double peel;        /* share of a box cut off at a time, in (0, 1/2] */
  double paste;       /* first share put back at a time, in (0, 1/2] */
  double mass_min;    /* least share of all draws in a box, in [0, 1) */
  double density_min; /* 0: balance coverage and density; else the box of most
                       * cases among those at least this dense, in (0, 1] */
  double p_max;       /* a limit whose quasi-p-value is above goes, in [0, 1] */
  uint32_t boxes;     /* most boxes to find */
} dm_prim_options;

/* A limit on one input.  A draw is inside if low <= x <= high; a side without a
 * limit is an infinity.  A bound lies in the middle between the outermost value
 * inside and the nearest that was cut off. */
typedef struct dm_prim_limit {
  uint32_t input; /* below d */
  double low, high;
  double p; /* quasi-p-value: the chance of as many cases as the box has, if
             * they came at the density of the box without this limit */
} dm_prim_limit;

typedef struct dm_prim_box {
  dm_prim_limit *limit;  /* [n_limits], by input; owned by the result */
  uint32_t n_limits;     /* at least 1 */
  uint32_t draws, cases; /* inside, of all */
  uint32_t fresh_draws, fresh_cases; /* inside and in no earlier box */
  double coverage;                   /* share of all cases that are inside */
  double density;                    /* share of the draws inside: cases */
} dm_prim_box;

typedef struct dm_prim_result {
  dm_prim_box *box; /* [n_boxes], in the order they were found */
  uint32_t n_boxes; /* 0: nothing stands out; a finding and no error */
  uint32_t draws, cases;
  uint32_t covered; /* cases in any box */
} dm_prim_result;

/** peel 0.05, paste 0.01, mass_min 0.03, density_min 0, p_max 0.01, 4 boxes. */
dm_prim_options dm_prim_defaults(void);

/**
 * Finds boxes, one after the other, each among the draws outside those before.
 *
 * @param x    [d x n], row-major: input i of draw k at x[i n + k]; finite.
 *             Values in their order count and nothing else: any unit.
 * @param hit  [n]: not 0 where the thing happens (a case).  Draws without an
 *             answer are left out by the caller.
 * @param out  Owned by the caller, who gives it to dm_prim_clear; emptied
 *             first.
 * @return DM_E_RANGE for no draws or inputs, an x that is not finite or an
 *         option out of its range; DM_E_MEMORY.
 */
DM_MUST_USE dm_status dm_prim_find(
    const double *x, const uint8_t *hit, uint32_t n, uint32_t d,
    const dm_prim_options *options, dm_prim_result *out);

void dm_prim_clear(dm_prim_result *result);

/** P(X >= hits) for X binomial of n trials with chance p. */
double dm_binomial_tail(uint32_t n, uint32_t hits, double p);

#endif
