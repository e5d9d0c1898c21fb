/* tests/support/alloc.h -- counts the heap's calls, and makes one fail.
 *
 * For programs of tests/fault/ only: the build links those with the heap's
 * functions wrapped.  A numeric pass is shown to allocate nothing, and every
 * allocation of a call is made to fail once:
 *
 *   for (size_t n = 1;; n++) {
 *     unit_alloc_fail_at(n);
 *     dm_status status = dm_thing_new(&thing);
 *     if (!unit_alloc_failed()) {
 *       break;                      // it needed fewer than n
 *     }
 *     ASSERT_STATUS(status, DM_E_MEMORY);
 *     ASSERT_NULL(thing);
 *     ASSERT_INT(unit_alloc_live(), 0);
 *   }
 */
#ifndef DM_TESTS_ALLOC_H
#define DM_TESTS_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* Forgets counts and a failure that is still due. */
void unit_alloc_reset(void);

/* Blocks asked for since the reset: malloc, calloc, realloc, aligned_alloc. */
size_t unit_alloc_count(void);

/* Blocks given and not yet freed since the reset; below 0: older ones went. */
long unit_alloc_live(void);

/* Resets; then request n, from 1, gets NULL, and all others what they want. */
void unit_alloc_fail_at(size_t n);

/* Whether the failure that was set has happened. */
bool unit_alloc_failed(void);

#endif
