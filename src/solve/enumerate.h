/* solve/enumerate.h -- small games: all equilibria of a kind.
 *
 * Pure: every profile of pure behaviour strategies of the reduced game that no
 * player can improve on.  Two players: all extreme Nash equilibria of the
 * normal form by vertices (Avis, Rosenberg, Savani and von Stengel, Economic
 * Theory 42, 2010), or, when that is too many, one by Lemke's method on the
 * sequence form (von Stengel, van den Elzen and Talman, Econometrica 70, 2002). */
#ifndef DM_SOLVE_ENUMERATE_H
#define DM_SOLVE_ENUMERATE_H

#include "solve/equilibrium.h"

typedef struct dm_enumerate_options {
  uint64_t most; /* profiles, or vertices, looked at; 0: 10 million */
  bool (*progress)(void *data, uint64_t done, uint64_t of);
  void *progress_data;
} dm_enumerate_options;

/** Adds to an initialised list.  DM_E_LIMIT: more than `most`, what was found
 *  is kept; DM_E_RANGE with *why (static): not that kind of game. */
dm_status dm_enumerate_pure(
    const dm_enumerate_options *options, dm_equilibria *list,
    const char **why) DM_MUST_USE;
dm_status dm_enumerate_two(
    const dm_enumerate_options *options, dm_equilibria *list, bool *complete,
    const char **why) DM_MUST_USE;

#endif
