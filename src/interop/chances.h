/* interop/chances.h -- numbers of a game as texts of a game file. */
#ifndef DM_INTEROP_CHANCES_H
#define DM_INTEROP_CHANCES_H

#include "interop/gambit.h"

/** The shortest text that reads back to `x`, without a plus sign. */
dm_gambit_number dm_number_for(dm_arena *arena, double x);

/** [count] texts that add up to exactly 1 and read back to the doubles `x`,
 *  which add up to 1 as nearly as doubles do: decimals if they come out even,
 *  else fractions with small denominators; else decimals of 12 digits; else the
 *  largest is what the others leave.  In the last two ways numbers may be off
 *  by some units in their last place. */
void dm_chances_for(
    dm_arena *arena, const double *x, uint32_t count, dm_gambit_number *out);

#endif
