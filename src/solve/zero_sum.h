/* solve/zero_sum.h -- two-player zero-sum games with perfect recall: the exact
 * value by the sequence-form linear program (Koller, Megiddo and von Stengel,
 * "Efficient computation of equilibria for extensive two-person games", GEB 14,
 * 1996), and regret minimisation for large two-player games (Zinkevich et al.,
 * NIPS 2007; Tammelin, CFR+, 2014; Brown and Sandholm, AAAI 2019; Farina,
 * Kroer and Sandholm, AAAI 2021). */
#ifndef DM_SOLVE_ZERO_SUM_H
#define DM_SOLVE_ZERO_SUM_H

#include "game/recall.h"
#include "solve/certificate.h"

/** Whether payoffs of the two players add up to one constant at every ending
 *  reached by a path, within 1e-12 of the range; *why (static) if not. */
bool dm_zero_sum(const dm_game *game, const double *cell, const char **why);

/** Exact value and optimal strategies.  DM_E_RANGE: not such a game (*why);
 *  DM_E_CONVERGE: the LP library gave up.  p [n_slots], zeros allowed;
 *  value[2]. */
dm_status dm_lp_solve(
    const dm_game *game, const double *cell, double *p, double value[2],
    const char **why) DM_MUST_USE;

typedef struct dm_cfr dm_cfr;

/** Two players, perfect recall, any payoffs.  Borrowed: game.  DM_E_RANGE:
 *  refused (*why). */
dm_status dm_cfr_new(
    const dm_game *game, const double *cell, dm_cfr **out,
    const char **why) DM_MUST_USE;
void dm_cfr_free(dm_cfr *cfr);
/** Iterations, each an update of either player in turn. */
void dm_cfr_run(dm_cfr *cfr, uint64_t iterations);
uint64_t dm_cfr_iterations(const dm_cfr *cfr);
/** Average strategies p [n_slots]; uniform where never reached. */
void dm_cfr_average(const dm_cfr *cfr, double *p);
/** Sum over both players of what a best reply to the average gains (half of
 *  it is the usual "exploitability" of a zero-sum game; see cfr.c), by the
 *  same compressed structure, at the price of about an iteration. */
double dm_cfr_exploitability(dm_cfr *cfr, double gain[2]);
size_t dm_cfr_bytes(const dm_cfr *cfr);

#endif
