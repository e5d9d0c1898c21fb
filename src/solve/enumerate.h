/* solve/enumerate.h -- small games: all equilibria of a kind.
 *
 * Pure: every play on the path that pure strategies of the reduced game can
 * hold up without anybody gaining by a change.  Families of profiles that
 * differ only where it makes no difference are found as one; the list tells
 * plays on the path apart, and `found` counts the families.
 *
 * Two players with perfect recall: all extreme Nash equilibria, as realisation
 * plans of the sequence form.  Every equilibrium is a mixture of extreme ones
 * (of each player's plans separately, all pairs of which are equilibria too),
 * so a continuum is listed by its corners.  When that is too many, some by
 * Lemke's method on the sequence form (Koller, Megiddo and von Stengel, GEB 14,
 * 1996). */
#ifndef DM_SOLVE_ENUMERATE_H
#define DM_SOLVE_ENUMERATE_H

#include "solve/equilibrium.h"

typedef struct dm_enumerate_options {
  uint64_t most; /* positions of the search, or vertices and pairs of them,
                    looked at; 0: 10 million */
  bool (*progress)(void *data, uint64_t done, uint64_t of);
  void *progress_data;
} dm_enumerate_options;

/** Adds to an initialised list.  DM_OK: all there are; then *why (static) is
 *  NULL, or says that a player without perfect recall was judged in agent form.
 *  DM_E_LIMIT, DM_E_INTERRUPT: what was found is kept. */
dm_status dm_enumerate_pure(
    const dm_enumerate_options *options, dm_equilibria *list,
    const char **why) DM_MUST_USE;

/** Adds to an initialised list.  *complete: all extreme equilibria were found
 *  (some may be one in the list: equal play on the path); if not, *why (static)
 *  says what was done instead.  DM_E_RANGE with *why: not two players, or no
 *  perfect recall.  DM_E_LIMIT: not even one found.  DM_E_INTERRUPT: what was
 *  found is kept. */
dm_status dm_enumerate_two(
    const dm_enumerate_options *options, dm_equilibria *list, bool *complete,
    const char **why) DM_MUST_USE;

#endif
