/* game/sweep.h -- the two sweeps over a game, and their tangents.
 *
 * forward:  reach of every node from the strategies of all players and nature;
 * backward: every player's expected payoff at every node, and the payoff Q of
 *           every option at every information set, by the beliefs that the
 *           reach implies:
 *             Q(slot) = sum over nodes n of the set of belief(n) x
 *                       (row of the edge + value of the child), owner's payoff.
 *
 * Reach is kept per node as mantissa and exponent (a double and an int32 binary
 * exponent), so a path of ten thousand unlikely moves still has the
 * right belief inside its set: beliefs are normalised inside each set, and
 * reach never underflows.  A set whose every node has an exactly zero reach
 * (through chances of exactly 0) takes uniform beliefs over its nodes.
 *
 * No call here allocates; a dm_sweep holds all arrays, sized once. */
#ifndef DM_GAME_SWEEP_H
#define DM_GAME_SWEEP_H

#include "game/game.h"

typedef struct dm_sweep dm_sweep;

/* What a sweep keeps besides values, Q and the reach of every node up to the
 * last that is no ending.  Endings numbered last take no room without the
 * second. */
enum {
  DM_SWEEP_TANGENTS = 1, /* all below "tangents", and dm_sweep_belief */
  DM_SWEEP_ENDS = 2,     /* reach of all nodes */
  DM_SWEEP_ALL = 3
};

/** Storage for one game (borrowed; must outlive the sweep).  NULL: memory. */
dm_sweep *dm_sweep_new(const dm_game *game);
/** The same with the given parts only; dm_sweep_new has all. */
dm_sweep *dm_sweep_new_for(const dm_game *game, unsigned parts);
void dm_sweep_free(dm_sweep *sweep);

/** Sets parameters: [n_params]; evaluates cells and rows. */
void dm_sweep_refill(dm_sweep *sweep, const double *param);

/** Strategies p [n_slots], each set summing to 1.  log_p as well, so that tiny
 *  probabilities keep their size: pass log probabilities [n_slots]. */
void dm_sweep_run(dm_sweep *sweep, const double *log_p);

/* Results of the last dm_sweep_run, borrowed until the next. */
const double *dm_sweep_q(const dm_sweep *sweep);      /* [n_slots] */
const double *dm_sweep_belief(const dm_sweep *sweep); /* [n_nodes] less endings
                                  that are last; 1 outside decision nodes */
const double *dm_sweep_p(const dm_sweep *sweep);      /* [n_slots]; below 1e-133
                                  it may read as another number below that */
const double *dm_sweep_cells(const dm_sweep *sweep);  /* [n_cells] */
const dm_game *dm_sweep_game(const dm_sweep *sweep);  /* as given to _new */
/** Whether each information set lies in one layer.  Not all games can be drawn
 *  so: two sets may precede one another on different paths. */
bool dm_sweep_timed(const dm_sweep *sweep);
/** Value of player a at node n. */
double dm_sweep_value(const dm_sweep *sweep, dm_node_id n, uint32_t a);
/** Reach probability of a node (may round to 0) and its natural logarithm. */
double dm_sweep_reach(const dm_sweep *sweep, dm_node_id n);
double dm_sweep_log_reach(const dm_sweep *sweep, dm_node_id n);
/** Reach of a set: the sum over its nodes. */
double dm_sweep_set_reach(const dm_sweep *sweep, dm_set_id s);
/** Nodes of set s: ids in increasing order. */
const dm_node_id *dm_sweep_set_nodes(
    const dm_sweep *sweep, dm_set_id s, uint32_t *count);

/* ---- tangents: only with DM_SWEEP_TANGENTS ------------------------------- */

/** Tangent: how Q moves when log probabilities move by d_log_p [n_slots] from
 *  the point of the last run.  Out d_q [n_slots].  (One forward and one
 *  backward pass: beliefs and values both move.) */
void dm_sweep_tangent(dm_sweep *sweep, const double *d_log_p, double *d_q);

/** The part of the tangent that goes through beliefs: values held still. */
void dm_sweep_belief_tangent(
    dm_sweep *sweep, const double *d_log_p, double *d_q);

/** Solves, beliefs held still, for x [n_slots]
 *    x - k sharpness C dQ(x) = rhs,
 *  dQ the movement of Q when z moves by x (log p by x less its mean under p),
 *  C taking each set's plain mean away.  Later sets move earlier ones only, so
 *  one backward pass does it: a preconditioner at the price of half a tangent.
 *  Exact if dm_sweep_timed, else an approximation. */
void dm_sweep_backsolve(
    dm_sweep *sweep, double k, const double *rhs, double *x);

/** Bytes that dm_sweep_new takes for a game, besides the game's own. */
size_t dm_sweep_held(const dm_game *game);
size_t dm_sweep_held_for(const dm_game *game, unsigned parts);

/** Bytes read and written by one run (forward and backward), as counted from
 *  the arrays touched. */
size_t dm_sweep_bytes(const dm_sweep *sweep);

#endif
