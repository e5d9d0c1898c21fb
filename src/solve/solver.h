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
  DM_STOPPED        /* cancelled */
} dm_verdict;

typedef struct dm_solve_options {
  double k_end;              /* 1: the declared sharpness */
  double tol_residual;       /* largest |z - k s Q| allowed, log-odds units */
  uint32_t max_steps;        /* predictor steps along the path */
  uint32_t max_newton;       /* corrector iterations a step */
  uint32_t gmres_restart;    /* Krylov vectors */
  const double *start_log_p; /* NULL: uniform at k = 0.  Borrowed, [n_slots]:
                                start Newton at k_end from here first, and fall
                                back to the path from 0 if it fails */
  /* NULL, or called after each step, also a failed one; false: stop. */
  bool (*progress)(void *data, double k, uint32_t step);
  void *progress_data;
} dm_solve_options;

typedef struct dm_solve_result {
  dm_verdict verdict;
  double k;        /* reached */
  double residual; /* at the returned point, recomputed */
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

#endif
