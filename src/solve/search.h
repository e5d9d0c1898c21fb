/* solve/search.h -- more than one equilibrium.
 *
 * From many starts: the principal branch and those that leave it, random and
 * pure strategies (followed home by a Newton homotopy, through every crossing),
 * starts in which a player's moves tell its types apart or hide them, and
 * games with least probabilities (trembles) whose limits show equilibria that
 * beliefs off the path hold up.  What is found is certified and counted; what is
 * not found is no proof of absence. */
#ifndef DM_SOLVE_SEARCH_H
#define DM_SOLVE_SEARCH_H

#include "solve/equilibrium.h"
#include "game/sweep.h"

typedef struct dm_search_options {
  double k; /* scale of sharpness; INFINITY: the Nash limit */
  uint32_t starts;
  uint64_t seed;
  uint32_t threads; /* 0: one a processor; the result has the same bits */
  bool (*progress)(void *data, uint32_t done, uint32_t of);
  void *progress_data;
} dm_search_options;

/** `param` [n_params].  The list is initialised here, with cell values that
 *  the caller has evaluated for `param` and keeps; sorted, and joined
 *  (dm_equilibria_join).  DM_E_INTERRUPT keeps what was found; DM_E_RANGE: no
 *  starts, or k below 0 or no number. */
dm_status dm_search_run(
    const dm_game *game, const double *param, const double *cell,
    const dm_search_options *options, dm_equilibria *list) DM_MUST_USE;

/** Nash near a profile (of a high sharpness, say): guesses from it which
 *  options are used, solves the indifferences exactly by Newton's method and
 *  completes it off the path.  False: no such equilibrium near, or more than
 *  300 used options or 3,000 slots with any mixing, or memory ran out.  The two profiles must
 *  not overlap. */
bool dm_polish(
    const dm_game *game, const double *cell, const double *log_p,
    double *out_log_p);

#endif
