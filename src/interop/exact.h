/* interop/exact.h -- numbers of game files: their form, their nearest double,
 * and exact sums of chances.
 *
 * A number is  -? digits [. [digits]] [e [-] digits],  -? . digits,  or
 * -? digits / digits.  Nothing is rounded before it is added. */
#ifndef DM_INTEROP_EXACT_H
#define DM_INTEROP_EXACT_H

#include "interop/gambit.h"

typedef enum dm_exact_form {
  DM_EXACT_GOOD,
  DM_EXACT_NO_NUMBER,   /* no digit at all, or a sign that is not allowed */
  DM_EXACT_PLUS,        /* +1, 1e+2 */
  DM_EXACT_FRACTION,    /* 1/-3, 1/3.5, 1.5/3 */
  DM_EXACT_ZERO_DIVIDE, /* 1/0 */
  DM_EXACT_DOT_EXPONENT /* .5e3 */
} dm_exact_form;

/** The form of text[0 .. len-1]; if it is good, *value is the nearest double
 *  (infinite if none is).  Fractions of more than 64 bits are off by up to two
 *  units in the last place without GMP. */
dm_exact_form dm_exact_read(const char *text, size_t len, double *value);

/** -1, 0 or 1: the sign of a number of good form, whatever its size. */
int dm_exact_sign(const char *text);

typedef enum dm_exact_total {
  DM_EXACT_IS_ONE,
  DM_EXACT_IS_NOT_ONE,
  DM_EXACT_TOO_LONG /* more digits than are added here */
} dm_exact_total;

enum { DM_EXACT_TEXT = 96 };

/** Whether numbers of good form add up to exactly 1.  `sum` says what they
 *  make, "" if too long. */
dm_exact_total dm_exact_add(
    const dm_gambit_number *number, uint32_t count, char sum[DM_EXACT_TEXT]);

#endif
