/* game/adjoint.h -- the two sweeps read backwards: what a change of log
 * probabilities, chances and payoffs does to a sum over Q and endings, for all
 * of them at once.
 *
 * All calls are about the point of the last dm_sweep_run, need a sweep with
 * DM_SWEEP_TANGENTS and allocate nothing.  They use the arrays of the tangents,
 * not the results of the run. */
#ifndef DM_GAME_ADJOINT_H
#define DM_GAME_ADJOINT_H

#include "game/sweep.h"

/* A sum that is asked for, beside one over Q. */
typedef struct dm_weights {
  const double *end;   /* [n_ends] of the reach of ending classes, or NULL */
  const double *value; /* [n_players] of values at the start, or NULL */
} dm_weights;

/** Of the sum
 *    sum over slots of q_bar x Q
 *    + sum over endings of end[class] x reach + sum over players of value x v
 *  the derivatives by log_p [n_slots] (out) and, added to cell_bar [n_cells],
 *  by the cells of chances and payoffs, log_p held still.  With q_bar alone,
 *  log_p_bar is the transpose of dm_sweep_tangent at q_bar.
 *  q_bar, weights, cell_bar may be NULL: nothing of the kind.
 *  NaN into a cell: a chance of exactly 0 leads where nothing else leads, and
 *  the run says nothing about play there. */
void dm_sweep_adjoint(
    dm_sweep *sweep, const double *q_bar, const dm_weights *weights,
    double *log_p_bar, double *cell_bar);

/** The transpose of dm_sweep_belief_tangent. */
void dm_sweep_belief_adjoint(
    dm_sweep *sweep, const double *q_bar, double *log_p_bar);

/** The transpose of dm_sweep_backsolve: earlier sets move later ones only, so
 *  one forward pass does it.  Only if dm_sweep_timed. */
void dm_sweep_foresolve(
    dm_sweep *sweep, double k, const double *rhs, double *x);

/** From derivatives by cells to those by parameters, [n_params] out; cell_bar
 *  is used up.  NaN: a min or max of equals, which has no derivative. */
void dm_cells_adjoint(
    const dm_game *game, const double *cell_value, double *cell_bar,
    double *param_bar);

#endif
