/* base/ratio.h -- exact rational numbers, 64 bits over 64 bits.
 *
 * Chances must add up to exactly 1, so they are added exactly.  Every operation
 * returns false when the result does not fit, and then writes nothing. */
#ifndef DM_BASE_RATIO_H
#define DM_BASE_RATIO_H

#include <demarche/status.h>

/* In lowest terms, den > 0. */
typedef struct dm_ratio {
  int64_t num;
  int64_t den;
} dm_ratio;

bool dm_ratio_make(int64_t num, int64_t den, dm_ratio *out);
bool dm_ratio_add(dm_ratio a, dm_ratio b, dm_ratio *out);
bool dm_ratio_sub(dm_ratio a, dm_ratio b, dm_ratio *out);
bool dm_ratio_mul(dm_ratio a, dm_ratio b, dm_ratio *out);
bool dm_ratio_div(dm_ratio a, dm_ratio b, dm_ratio *out);

/** -1, 0 or 1; exact whatever the size. */
int dm_ratio_compare(dm_ratio a, dm_ratio b);

/** The nearest double. */
double dm_ratio_double(dm_ratio a);

#endif
