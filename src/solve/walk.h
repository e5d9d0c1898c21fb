/* solve/walk.h -- a walk along one curve from its start to where it is wanted;
 * shared by logit.c, homotopy.c, branch.c (which begin walks), walk.c and watch.c
 * and by nobody else. */
#ifndef DM_SOLVE_WALK_H
#define DM_SOLVE_WALK_H

#include "solve/curve.h"
#include "solve/solver.h"

typedef struct dm_walk {
  dm_curve curve;
  const dm_solve_options *options; /* borrowed */
  dm_solve_result *result;         /* borrowed */
  double began;                    /* seconds of the clock */
  bool landed;
  uint32_t attempt;
  uint32_t steps_before; /* of this attempt */
  double *answer;        /* [n + 1] the last place where the curve landed */
  uint32_t next_at;      /* of options->at */

  /* From a start, or from where branches cross. */
  double *origin; /* [n + 1] itself */
  double *first;  /* [n + 1] the first crossing of t = 1; the direction */
  bool ring;      /* stop on coming back to where branches cross */
  bool backward;  /* t falls first */
  bool gone;      /* the curve has left for good */
  uint32_t crossings;

  /* Watching for branches: see watch.c. */
  double *probe;   /* [n + 1] w, unit length */
  double *weight;  /* [n + 1] u */
  double *noise;   /* [n + 1] b, always the same; unit length */
  double *rhs;     /* [n + 1] r */
  double *left;    /* [n + 1] where the first attempt ended */
  uint32_t probed; /* so many of the last points have a w */
  double length_old, length_oldest; /* of w at the points before the newest */
  double f_old;                     /* 1 / (u . w) at the one before */

  double *block; /* holds the arrays */
} dm_walk;

/** DM_E_RANGE: options that make no sense.  An error leaves nothing held. */
dm_status dm_walk_init(
    dm_walk *walk, dm_sweep *sweep, const dm_solve_options *options,
    dm_solve_result *result) DM_MUST_USE;

/** Leaves the answer, or the last good point, in log_p [n_slots] and in the
 *  sweep, fills the result and frees. */
void dm_walk_finish(dm_walk *walk, double *log_p);

/** Tells the caller of the point of the last evaluation.  False: to stop. */
bool dm_walk_tell(dm_walk *walk, dm_point_kind kind, const double *direction);

/** Takes the point of the last evaluation as the answer. */
void dm_walk_answer(dm_walk *walk);

/** Aims at the next k of options->at ahead, or else at k_end. */
void dm_walk_aim(dm_walk *walk);

/** From where the curve was begun to its end; fills the verdict. */
void dm_walk_follow(dm_walk *walk);

/** Whether the work allowed is done. */
bool dm_walk_spent(const dm_walk *walk);

/** Turns and crossings of branches between the two newest points, told of.
 *  False: to stop. */
bool dm_walk_watch(dm_walk *walk);

/** From a start: begins at it.  False: there is nothing to follow, and the
 *  verdict says why. */
bool dm_walk_start(dm_walk *walk);
/** From a start, t = 1 was crossed.  False: the walk is over. */
bool dm_walk_crossed(dm_walk *walk);
/** From a start: whether the curve has left for good, or come back to it. */
bool dm_walk_lost(dm_walk *walk);

#endif
