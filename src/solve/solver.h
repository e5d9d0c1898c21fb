/* solve/solver.h -- equilibria of a game, behind one small interface.
 *
 * The logit agent quantal response equilibrium on the principal branch:
 *   z(slot) = k * sharpness(set) * Q(slot; softmax z),  k from 0 to `k_end`,
 * z normalised to mean 0 in each set (only differences matter). */
#ifndef DM_SOLVE_SOLVER_H
#define DM_SOLVE_SOLVER_H

#include "game/game.h"
#include "game/sweep.h"

typedef enum dm_verdict {
  DM_SOLVED,        /* residual below the tolerance at k_end */
  DM_NOT_CONVERGED, /* the corrector failed and steps became too small */
  DM_SINGULAR,      /* a fold or bifurcation before k_end; see `k` */
  DM_STOPPED,       /* cancelled */
  DM_WORKED_OUT,    /* max_steps or max_work ran out before anything else */
  DM_CLOSED         /* dm_solve_branch: the branch came back to its crossing */
} dm_verdict;

/* Something met on the path. */
typedef enum dm_point_kind {
  DM_POINT_STEP,   /* a point of the path, as accurate as steps need */
  DM_POINT_AT,     /* to tol_residual: at a k that was asked for, or (from a
                      start) another crossing of t = 1 */
  DM_POINT_TURN,   /* a fold: k stops growing, or starts again */
  DM_POINT_BRANCH, /* branches cross: a bifurcation, located */
  DM_POINT_END     /* the answer */
} dm_point_kind;

typedef struct dm_path_point {
  dm_point_kind kind;
  double k;
  double residual;
  double regret;           /* largest over sets, payoff units */
  const double *log_p;     /* [n_slots] borrowed during the call */
  const double *direction; /* [n_slots] BRANCH: in which z leaves, unit; or
                              NULL.  Borrowed during the call */
  uint32_t attempt;        /* see dm_solve_result */
} dm_path_point;

/* Which curve is followed. */
typedef enum dm_homotopy {
  DM_FROM_NOISE, /* k from 0 */
  DM_FROM_START  /* k_end throughout; from start_log_p by a Newton homotopy
                    H(z) = (1 - t) H(z0), t from 0 to 1, and on through
                    further crossings of 1: each is an equilibrium, told of as
                    DM_POINT_AT (the one that fills most_crossings:
                    DM_POINT_END).  The answer is the last; solved: at least
                    one was met.  STEP points are no equilibria */
} dm_homotopy;

typedef struct dm_solve_options {
  double k_end;        /* 1: the declared sharpness */
  double tol_residual; /* largest |z - k s Q| allowed, log-odds units */
  uint32_t max_steps;  /* predictor steps along the path, an attempt */
  double
      max_work; /* edges passed by sweeps and tangents, all attempts; 0: any */
  uint32_t max_newton;       /* corrector iterations a step */
  uint32_t gmres_restart;    /* Krylov vectors */
  const double *start_log_p; /* NULL: uniform at k = 0.  Borrowed, [n_slots]:
                                start Newton at k_end from here first, and fall
                                back to the path from 0 if it fails */
  /* The Nash limit: k_end is the most that k may grow to, and the path ends
   * where the largest regret is below tol_regret (payoff units). */
  bool limit;
  double tol_regret;
  dm_homotopy homotopy;
  uint32_t most_crossings; /* DM_FROM_START: stop after so many; 0: one */
  /* NULL, or [n_slots]: least probability of each option (trembles), summing
   * to less than 1 in each set: p = (1 - sum of floor) softmax(z) + floor. */
  const double *floor;
  const double *at; /* increasing k to land on, DM_POINT_AT each */
  uint32_t n_at;
  bool no_crossings; /* crossings of branches are not looked for: it takes a
                        linear system a step */
  /* NULL, or told of every point; false: stop. */
  bool (*point)(void *data, const dm_path_point *point);
  void *point_data;
  /* NULL, or called after each step, also a failed one; false: stop. */
  bool (*progress)(void *data, double k, uint32_t step);
  void *progress_data;
} dm_solve_options;

typedef struct dm_solve_result {
  dm_verdict verdict;
  double k;         /* reached */
  uint32_t attempt; /* that the point returned is from: 0, or 1 for the second,
                       which begins again from noise with smaller steps */
  double residual;  /* at the returned point, recomputed */
  uint32_t steps;
  uint32_t newton;   /* corrector iterations, all steps */
  uint64_t sweeps;   /* full sweeps */
  uint64_t tangents; /* tangent products */
  double seconds;    /* wall clock */
} dm_solve_result;

dm_solve_options dm_solve_defaults(void);

/** Words for a verdict, static storage. */
const char *dm_verdict_text(dm_verdict verdict);

/** Solves for the parameters that `sweep` was refilled with.  log_p [n_slots]:
 *  out, the strategy profile (left at the last good point when not solved).
 *  DM_OK even when not converged: see result->verdict. */
dm_status dm_solve_logit(
    dm_sweep *sweep, const dm_solve_options *options, double *log_p,
    dm_solve_result *result) DM_MUST_USE;

/** Follows the branch that leaves a DM_POINT_BRANCH (its k, log_p, direction
 *  copied by the caller) to the side of `sign` (+1, -1), on to k_end or the
 *  limit.  Else as dm_solve_logit. */
dm_status dm_solve_branch(
    dm_sweep *sweep, const dm_solve_options *options, const dm_path_point *from,
    double sign, double *log_p, dm_solve_result *result) DM_MUST_USE;

#endif
