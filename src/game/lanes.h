/* game/lanes.h -- sweeps over one game for several draws side by side.
 *
 * Lane l has parameters, strategies and results of its own; the structure is
 * read once for all.  Arrays that a dm_sweep has per slot are here
 * [n_slots x DM_LANES], the lane running fastest, so the passes are loops of
 * DM_LANES equal operations that a compiler turns into vector instructions.
 *
 * A lane's results have the bits that a dm_sweep of its own would give.  Lanes
 * do not touch one another: what stands in a lane that is not in use (zeros,
 * or an old draw) matters to nobody.  Lanes need not be in step: a lane
 * whose log p is passed in again unchanged comes out with the same bits, so
 * one can be moved, refilled or left alone while the others go on.
 *
 * No call here allocates but dm_lanes_new. */
#ifndef DM_GAME_LANES_H
#define DM_GAME_LANES_H

#include "game/game.h"

enum { DM_LANES = 8 };

typedef struct dm_lanes dm_lanes;

/** Storage for one game (borrowed; must outlive the lanes); every lane at the
 *  base values.  NULL: memory. */
dm_lanes *dm_lanes_new(const dm_game *game);
void dm_lanes_free(dm_lanes *lanes);

/** Sets the parameters of one lane: [n_params]; evaluates its cells and rows. */
void dm_lanes_refill(dm_lanes *lanes, uint32_t lane, const double *param);

/** Log probabilities [n_slots x DM_LANES], each set summing to 1 in each lane. */
void dm_lanes_run(dm_lanes *lanes, const double *log_p);

/* Results of the last dm_lanes_run, borrowed until the next. */
const double *dm_lanes_q(const dm_lanes *lanes);     /* [n_slots x DM_LANES] */
const double *dm_lanes_cells(const dm_lanes *lanes); /* [n_cells x DM_LANES] */
/** [n_slots x DM_LANES], as dm_sweep_p. */
const double *dm_lanes_p(const dm_lanes *lanes);
bool dm_lanes_timed(const dm_lanes *lanes);
double dm_lanes_value(
    const dm_lanes *lanes, dm_node_id n, uint32_t a, uint32_t lane);
double dm_lanes_reach(const dm_lanes *lanes, dm_node_id n, uint32_t lane);
double dm_lanes_set_reach(const dm_lanes *lanes, dm_set_id s, uint32_t lane);

/** As dm_sweep_tangent, dm_sweep_belief_tangent and dm_sweep_backsolve; all
 *  arrays [n_slots x DM_LANES], k [DM_LANES]. */
void dm_lanes_tangent(dm_lanes *lanes, const double *d_log_p, double *d_q);
void dm_lanes_belief_tangent(
    dm_lanes *lanes, const double *d_log_p, double *d_q);
void dm_lanes_backsolve(
    dm_lanes *lanes, const double *k, const double *rhs, double *x);

/** Bytes that dm_lanes_new takes for a game, besides the game's own. */
size_t dm_lanes_held(const dm_game *game);

#endif
