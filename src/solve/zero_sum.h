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
 *  reached by a path, within 1e-12 of the range; *why (static) if not.  Edges of
 *  chance exactly 0 are no path. */
bool dm_zero_sum(const dm_game *game, const double *cell, const char **why);

/** The same with a status: DM_OK if so, DM_E_RANGE (*why) if not; DM_E_MEMORY.
 */
dm_status dm_zero_sum_check(
    const dm_game *game, const double *cell, const char **why) DM_MUST_USE;

/* ---- the linear program -------------------------------------------------- */

/** Whether the library was built with one. */
bool dm_lp_available(void);

/** Exact value and optimal strategies.  DM_E_RANGE: not such a game, or built
 *  without a linear-programming library (*why, static); DM_E_CONVERGE: the
 *  library gave up, or what it gave does not hold when checked against the
 *  game; DM_E_MEMORY.  p [n_slots], zeros allowed, uniform where never reached;
 *  value[2].  Some optimal strategies: there may be others. */
dm_status dm_lp_solve(
    const dm_game *game, const double *cell, double *p, double value[2],
    const char **why) DM_MUST_USE;

/* ---- regret minimisation ------------------------------------------------- */

/* How regrets are kept, and iteration t weighs in the average.  All update the
 * players in turn.  bench/README.md has what each reaches, and when. */
typedef enum dm_cfr_rule {
  DM_CFR_PLUS,       /* CFR+: regrets cut at 0; weight t */
  DM_CFR_LINEAR,     /* regrets and averages of iteration t weigh t */
  DM_CFR_DISCOUNTED, /* alpha 1.5, beta 0, gamma 2 */
  DM_CFR_PREDICTIVE, /* CFR+ that expects the last regret again; weight t^2 */
  DM_CFR_FORESEEING, /* the same, discounted: alpha 2.3, weight t^5 */
  DM_CFR_RULES       /* how many */
} dm_cfr_rule;

typedef struct dm_cfr dm_cfr;

/** Two players, perfect recall, any payoffs.  Borrowed: game.  DM_E_RANGE:
 *  refused (*why, static); DM_E_MEMORY.  The rule is DM_CFR_DISCOUNTED, which
 *  is never far behind in a thousand iterations; where many more are worth
 *  while, DM_CFR_FORESEEING often gets much further. */
dm_status dm_cfr_new(
    const dm_game *game, const double *cell, dm_cfr **out,
    const char **why) DM_MUST_USE;
void dm_cfr_free(dm_cfr *cfr);

/** Another rule; starts anew. */
void dm_cfr_set_rule(dm_cfr *cfr, dm_cfr_rule rule);
/** Words, static. */
const char *dm_cfr_rule_text(dm_cfr_rule rule);

/** Iterations, each an update of either player in turn.  Allocates nothing. */
void dm_cfr_run(dm_cfr *cfr, uint64_t iterations);
uint64_t dm_cfr_iterations(const dm_cfr *cfr);

/** Average strategies p [n_slots]; uniform where never reached. */
void dm_cfr_average(const dm_cfr *cfr, double *p);

/** What a best reply to the average adds to each player's payoff, and their sum
 *  (NashConv).  Half the sum is the "exploitability" of a zero-sum game in the
 *  literature; 0 at an equilibrium and nowhere else.  By the same compressed
 *  structure, at the price of less than an iteration. */
double dm_cfr_exploitability(dm_cfr *cfr, double gain[2]);

/** Payoffs of the average strategies against each other. */
void dm_cfr_value(dm_cfr *cfr, double value[2]);

/** What is promised, a sentence, static.  Zero-sum: the average strategies
 *  approach equilibrium, and NashConv says how near they are.  Otherwise no
 *  promise of an equilibrium: how often the pairs of strategies were played on
 *  the way approaches a coarse correlated equilibrium (nobody gains by
 *  committing to one strategy in advance), but the two averages, taken apart
 *  from each other, need not be near any equilibrium; their NashConv is exact
 *  all the same. */
const char *dm_cfr_guarantee(const dm_cfr *cfr);

/** Bytes held besides the game. */
size_t dm_cfr_bytes(const dm_cfr *cfr);
/** Bytes that an iteration reads and writes, counted from the arrays touched.
 */
size_t dm_cfr_moved(const dm_cfr *cfr);

#endif
