/* solve/best_reply.h -- the most that one player can get against the others'
 * strategies, from the raw game and the definitions alone: no code of the
 * sweeps, of game/recall.c or of the solvers. */
#ifndef DM_SOLVE_BEST_REPLY_H
#define DM_SOLVE_BEST_REPLY_H

#include "game/game.h"

typedef struct dm_best_reply dm_best_reply;

/** Storage for one game and one list of cell values, both borrowed.
 *  DM_E_MEMORY: *out is NULL. */
dm_status dm_best_reply_new(
    const dm_game *game, const double *cell_value,
    dm_best_reply **out) DM_MUST_USE;
void dm_best_reply_free(dm_best_reply *best);

/** Whether every information set lies in one layer. */
bool dm_best_reply_timed(const dm_best_reply *best);

/** Whether all ways to a set of the player have the same own history. */
bool dm_best_reply_recalls(dm_best_reply *best, uint32_t player);

/** Expected payoff of the best reply to p [n_slots], probabilities, those of
 *  the player itself not read.  Only for a player that recalls; NaN if no
 *  order is found in which its sets can be resolved. */
long double dm_best_reply_value(
    dm_best_reply *best, const long double *p, uint32_t player);

/** A payoff that the best reply has at least, whatever is played at the sets of
 *  others with open[s] != 0 [n_sets], whose p is not read: the exact one if the
 *  player's moves and the other strategies never lead to such a set. */
long double dm_best_reply_least(
    dm_best_reply *best, const long double *p, const uint8_t *open,
    uint32_t player);

/** The option taken at set s by the last reply, 0-based; UINT32_MAX at a set of
 *  another player.  Where the others never lead, the first. */
uint32_t dm_best_reply_option(const dm_best_reply *best, dm_set_id s);

#endif
