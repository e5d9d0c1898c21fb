/* infer/forecast.h -- from a checked core to a forecast: expansion, solution,
 * certificate, and everything that is read off the sweeps. */
#ifndef DM_INFER_FORECAST_H
#define DM_INFER_FORECAST_H

#include "expand/expand.h"
#include "infer/result.h"
#include "solve/certificate.h"
#include "solve/solver.h"

/* What long work tells; false asks it to stop. */
typedef bool (*dm_progress_fn)(
    void *data, const char *what, double done, double total);

/* Where a solution is kept between runs.  What comes back is verified like a
 * fresh one, so a wrong entry costs a solve and nothing else. */
typedef struct dm_keeper {
  const dm_core *core; /* the only one whose base values it is asked for */
  bool (*get)(void *data, double *x, size_t n);
  void (*put)(void *data, const double *x, size_t n);
  void *data;
} dm_keeper;

typedef struct dm_infer_options {
  uint64_t max_situations; /* 0: 5 million */
  uint64_t max_bytes;
  uint64_t seed;
  uint32_t draws;   /* 0: none */
  uint32_t starts;  /* of a search for further equilibria; 0: none */
  uint32_t levers;  /* how many to show; 0: none are tried */
  uint32_t threads; /* for levers and draws; 0: one a processor */
  bool histories, tables, states, questions, checks, strategies;
  uint32_t first_ask;    /* questions before this one are left out */
  const char *toward[2]; /* outcomes of the two directed histories, or NULL */
  dm_progress_fn progress;
  void *progress_data;
  const char *input_hash;
  const dm_keeper *keeper; /* or NULL */
} dm_infer_options;

dm_infer_options dm_infer_defaults(void);

/* A solved scenario, reused by forecast, solve, walk and questions. */
typedef struct dm_solved {
  const dm_core *core; /* borrowed */
  dm_expansion *expansion;
  dm_sweep *sweep; /* holds the last run at the solution */
  double *param;   /* [n_params] */
  double *log_p;   /* [n_slots] */
  dm_solve_result result;
  dm_certificate certificate;
  double *floor; /* [n_outcomes] odds at sharpness 0 */
  double expand_seconds;
  bool cached; /* the keeper had it */
} dm_solved;

/** Expands and solves at the declared sharpness.  `param` NULL: base values.
 *  DM_E_CONVERGE when it did not converge (*out is still given, so that what
 *  was reached can be told); DM_E_LIMIT with *out holding only the expansion's
 *  sizes; messages into diags (E031, E065 ...). */
dm_status dm_solved_new(
    const dm_core *core, const double *param, const dm_infer_options *options,
    dm_diags *diags, dm_solved **out) DM_MUST_USE;
void dm_solved_free(dm_solved *solved);

/** Files what an expansion saw as messages: errors (E011, E031, E065), and with
 *  `warnings` what an author should know (W005, W007). */
void dm_findings_tell(
    const dm_core *core, const dm_expansion *expansion, bool warnings,
    dm_diags *diags);

/** What play at sharpness 0 tells: acts that noise alone makes likely (W011),
 *  monthly pay that an early ending skips (W010).  An error ends it quietly:
 *  nothing is filed then. */
dm_status dm_advice_tell(
    const dm_core *core, const dm_infer_options *options,
    dm_diags *diags) DM_MUST_USE;

/** Odds of each outcome by each period, cumulative: out [n_outcomes x
 *  n_periods], from the current strategies. */
void dm_solved_odds(const dm_solved *solved, double *out);

/** The whole forecast.  DM_OK, DM_E_CONVERGE (odds NaN), or an error. */
dm_status dm_forecast_run(
    const dm_core *core, const dm_infer_options *options, dm_diags *diags,
    dm_result **out) DM_MUST_USE;

#endif
