/* infer/parts.h -- what the files of a forecast share.  Internal to infer.
 *
 *   solved.c     expansion, solution, certificate, odds
 *   found.c      what the expansion saw, as messages
 *   advice.c     what play at sharpness 0 tells an author
 *   states.c     declared states by date
 *   options.c    picks and askings by period; the strategies themselves
 *   histories.c  likeliest paths, decoded
 *   tables.c     decision tables
 *   tree.c       the regression tree behind them
 *   monitor.c    copies of a core with monitors and forced moves
 *   questions.c  `ask` and `check`
 *   batch.c      the same game solved at many points, on several threads
 *   levers.c     each range at its ends
 *   draws.c      all ranges at random
 *   equilibria.c further equilibria, and the range of the odds over them
 *   reasons.c    why an outcome comes about, in a clause
 *   story.c      the case retold
 *   forecast.c   all of it together
 *
 * Memory: what stays is in the result's arena, the rest in `scratch`; both jump
 * to dm_forecast_run.  Whatever has a _free of its own hangs on the job, so
 * that the jump leaks nothing. */
#ifndef DM_INFER_PARTS_H
#define DM_INFER_PARTS_H

#include "infer/forecast.h"
#include "solve/equilibrium.h"

typedef struct dm_job {
  const dm_core *core;             /* borrowed */
  const dm_infer_options *options; /* borrowed */
  dm_diags *diags;                 /* borrowed, or NULL */
  dm_solved *solved;
  dm_result *result;
  dm_arena *keep; /* the result's */
  dm_arena scratch;
  double *odds; /* [n_outcomes x n_periods] base case, cumulative */

  /* Of the question at hand. */
  dm_expansion *side;
  dm_sweep *side_sweep;
  double *side_log_p; /* [n_slots] from malloc */

  /* Of the search for further equilibria. */
  bool has_list;
  dm_equilibria list;
} dm_job;

/* ---- solved.c ------------------------------------------------------------- */

/** Tells the options' progress; false: stop. */
bool dm_infer_tell(
    const dm_infer_options *options, const char *what, double done,
    double total);

/** Expands with this module's limits and progress. */
dm_status dm_infer_expand(
    const dm_core *core, const double *param, const dm_infer_options *options,
    dm_expand_options *expand, dm_expansion **out) DM_MUST_USE;

/** Odds by (outcome, period), cumulative, of the sweep's last run. */
void dm_infer_odds(
    const dm_core *core, const dm_expansion *expansion, const dm_sweep *sweep,
    double *out);

/** Solves at `param` from the base solution, on a sweep of the same game; odds
 *  out.  DM_E_CONVERGE when it did not (odds NaN).  On the base's own sweep:
 *  dm_infer_restore afterwards. */
dm_status dm_infer_resolve(
    const dm_solved *solved, dm_sweep *sweep, const double *param,
    double *log_p, double *odds) DM_MUST_USE;

/** Puts the sweep back to the base solution. */
void dm_infer_restore(dm_solved *solved);

/** The certificate of job->solved in plain data, on job->keep. */
void dm_infer_certify(dm_job *job, bool converged, dm_r_certificate *out);

/** Logarithm of the weight of edge e of node n: of its slot's probability or of
 *  its cell's chance. */
double dm_infer_edge_log(const dm_solved *solved, dm_node_id n, uint32_t e);

/* ---- batch.c ---------------------------------------------------------------- */

/* Many points of the parameter space. */
typedef struct dm_batch {
  const char *what; /* for progress */
  uint32_t n;
  /* Changes base values `param` [n_params] into point k.  Called from several
   * threads at once. */
  void (*point)(const void *data, uint32_t k, double *param);
  const void *data;
} dm_batch;

/** Solves every point from the base solution: odds [n x n_outcomes x n_periods],
 *  status [n] DM_OK or DM_E_CONVERGE (odds NaN).  Leaves the base's sweep at the
 *  base solution. */
dm_status dm_infer_batch(
    dm_job *job, const dm_batch *batch, double *odds,
    dm_status *status) DM_MUST_USE;

/* ---- words ------------------------------------------------------------------ */

/** Formatted into an arena. */
const char *dm_infer_text(dm_arena *arena, const char *format, ...)
    DM_PRINTF(2, 3);

/** The display name, or the name. */
const char *dm_infer_actor(const dm_core *core, uint32_t actor);

/** A variable's value in words: "open", "420 kg", "3". */
const char *dm_infer_value(
    dm_arena *arena, const dm_core_var *var, int32_t value);

/** A key item's value in words. */
const char *dm_infer_key_value(
    dm_arena *arena, const dm_core_key *key, int32_t value);

/** Where an equilibrium came from (dm_origin bits), in words. */
const char *dm_infer_origin(dm_arena *arena, uint32_t origin);

/** What a search looked at, and what that does not prove. */
const char *dm_infer_searched(
    dm_arena *arena, const dm_equilibria *list, uint64_t seed);

/** "18 %", "0.3 %", "under 0.1 %". */
const char *dm_infer_percent(dm_arena *arena, double p);

/* ---- parts of a result -------------------------------------------------------- */

void dm_infer_states(dm_job *job);
void dm_infer_options_of(dm_job *job);
void dm_infer_strategies(dm_job *job);
void dm_infer_histories(dm_job *job);
void dm_infer_tables(dm_job *job);
dm_status dm_infer_questions(dm_job *job) DM_MUST_USE;
dm_status dm_infer_levers(dm_job *job) DM_MUST_USE;
dm_status dm_infer_draws(dm_job *job) DM_MUST_USE;
dm_status dm_infer_equilibria(dm_job *job) DM_MUST_USE;
/** After levers. */
void dm_infer_reasons(dm_job *job);
void dm_infer_story(dm_job *job);

/* ---- monitor.c --------------------------------------------------------------- */

/** A copy of `core` in `arena` whose lists can grow; texts are shared. */
dm_core *dm_monitor_copy(const dm_core *core, dm_arena *arena);

/** A variable that is 1 at the ending if the event came about; not for
 *  outcomes. */
uint32_t dm_monitor_event(dm_core *core, const dm_core_event *event);

/** A variable that is 1 at the ending if an option first .. first + n - 1 of
 *  the choice was picked in the period. */
uint32_t dm_monitor_pick(
    dm_core *core, uint32_t choice, uint32_t first, uint32_t n,
    uint32_t period);

/** Makes the choice's option the only one, the first time that it is open in
 *  the period; the variable returned is 1 at the ending if it was open. */
uint32_t dm_monitor_force(
    dm_core *core, uint32_t choice, uint32_t option, uint32_t period);

/** A variable that is 1 at the ending if the option was open at some time in
 *  the period. */
uint32_t dm_monitor_open(
    dm_core *core, uint32_t choice, uint32_t option, uint32_t period);

/* Pieces, for those who watch for several things at once (update_watch.c). */

/** A rule of the periods first .. last; its index. */
uint32_t dm_monitor_rule(
    dm_core *core, dm_stmt_id body, uint32_t first, uint32_t last);

/** A step of rules first .. first + count - 1 before step `at`, of the same
 *  phase and round as step `like`. */
void dm_monitor_insert(
    dm_core *core, uint32_t at, uint32_t like, uint32_t first, uint32_t count);

/** The first step, from `from` on, behind which phase 3 of its round is over;
 *  DM_NONE: there is none. */
uint32_t dm_monitor_decide_end(const dm_core *core, uint32_t from);

/** The step of the endings. */
uint32_t dm_monitor_endings(const dm_core *core);

/** The condition that every reading which `id` looks at was published this
 *  period (its report's `now`); DM_NONE: it looks at none. */
dm_expr_id dm_monitor_published(dm_core *core, dm_expr_id id);

/* ---- tree.c ------------------------------------------------------------------ */

/* Facts have at most 64 values each, so that a row covers a bit set of them. */
typedef struct dm_tree_data {
  uint32_t n, n_facts, n_options;
  const double *weight;    /* [n] */
  const double *p;         /* [n x n_options], row-major */
  const uint8_t *value;    /* [n x n_facts], row-major: place of the value */
  const uint8_t *n_values; /* [n_facts] 1 .. 64 */
  const bool *ordered;     /* [n_facts] cut between values, else one against
                             the others */
} dm_tree_data;

typedef struct dm_tree_leaf {
  uint64_t *mask; /* [n_facts] values covered */
  double *mean;   /* [n_options] */
  double weight;
  double spread;
} dm_tree_leaf;

typedef struct dm_tree {
  uint32_t n_leaves;
  dm_tree_leaf *leaf;
  uint64_t facts; /* bit set of those that some leaf asks about */
  double error;   /* mean distance of a row's mean, weighted: half the sum of
                     absolute differences of probability */
} dm_tree;

/** Grows a tree over the facts in `allowed`, then drops the facts and the rows
 *  that can go at a price of less than `worth` of error in all.  At most 64
 *  facts. */
dm_tree dm_tree_fit(
    dm_arena *arena, const dm_tree_data *data, uint64_t allowed,
    uint32_t max_leaves, double worth);

#endif
