/* demarche/analysis.h -- sizes, solutions, forecasts, and a seat at the table.
 *
 * Equilibria are logit equilibria of the agent form (McKelvey and Palfrey,
 * Experimental Economics 1, 1998) at the declared sharpness, on the branch
 * connected to sharpness 0. */
#ifndef DEMARCHE_ANALYSIS_H
#define DEMARCHE_ANALYSIS_H

#include <demarche/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Called now and then during long work: `what` in words, done of total (0:
 *  unknown).  Return false to stop; the call then returns DM_E_INTERRUPT. */
typedef bool (*dm_progress)(
    void *data, const char *what, double done, double total);

typedef struct dm_analysis_options {
  uint64_t max_situations; /**< 0: 5 million. */
  uint64_t max_memory;     /**< bytes; 0: no limit of ours. */
  uint64_t seed;
  uint32_t threads;      /**< 0: as many as there are processors. */
  uint32_t draws;        /**< re-solved draws over all ranges; 0: none. */
  uint32_t levers;       /**< assumptions shown at the ends of their range. */
  uint32_t equilibria;   /**< DM_ANALYSIS_FORECAST: starts of a search for
                                further equilibria at the declared
                                sharpness; 0: none. */
  bool memory;           /**< DM_ANALYSIS_CHECK, _SIZE: price each item that
                                an actor remembers. */
  const char *toward[2]; /**< outcomes of the two directed histories; NULL:
                                the two least alike are chosen.  Borrowed. */
  dm_progress progress;  /**< or NULL. */
  void *progress_data;
} dm_analysis_options;

DM_API dm_analysis_options dm_analysis_defaults(void);

typedef struct dm_analysis dm_analysis;

/** What to run. */
typedef enum dm_analysis_kind {
  DM_ANALYSIS_SIZE,     /**< counts only: starts, situations, sets, edges */
  DM_ANALYSIS_CHECK,    /**< sizes and findings, memory prices if asked */
  DM_ANALYSIS_SOLVE,    /**< strategies and certificate */
  DM_ANALYSIS_FORECAST, /**< everything */
  DM_ANALYSIS_TEST      /**< the file's `check` lines */
} dm_analysis_kind;

/**
 * Runs an analysis of a scenario (borrowed, must outlive *out).
 *
 * @return DM_OK; DM_FINDINGS (a check line failed); DM_E_CONVERGE (*out is
 *         given, its odds are NaN); DM_E_LIMIT (*out has the sizes so far);
 *         DM_E_INPUT (see diags); DM_E_INTERRUPT; DM_E_MEMORY.
 */
DM_API dm_status dm_analysis_run(
    const dm_scenario *scenario, dm_analysis_kind kind,
    const dm_analysis_options *options, dm_diags *diags,
    dm_analysis **out) DM_MUST_USE;
DM_API void dm_analysis_free(dm_analysis *analysis);

/** The whole as text or JSON. */
DM_API dm_status dm_analysis_write(
    const dm_analysis *analysis, const dm_print_options *print,
    dm_text *out) DM_MUST_USE;

/** Probability in [0,1] of an outcome up to and including a period (0-based
 *  both); NaN when not converged or out of range. */
DM_API double dm_analysis_odds(
    const dm_analysis *analysis, uint32_t outcome, uint32_t period);
DM_API bool dm_analysis_converged(const dm_analysis *analysis);
/** Largest difference of log odds from the logit equations. */
DM_API double dm_analysis_residual(const dm_analysis *analysis);
/** Answer to question i, 0-based; NaN without one. */
DM_API double dm_analysis_answer(const dm_analysis *analysis, uint32_t i);
DM_API uint64_t dm_analysis_situations(const dm_analysis *analysis);

/* ---- a seat at the table -------------------------------------------------- */

/** One run of a solved scenario in which a person decides for one actor. */
typedef struct dm_seat dm_seat;

/**
 * Solves the scenario and starts a run; nature and the other actors draw from
 * the equilibrium with the options' seed.
 *
 * @param scenario  Borrowed, must outlive *out.
 * @param actor     Name of the actor whose seat is taken.
 * @param out       NULL after an error.  Owned by the caller: dm_seat_free.
 * @return as dm_analysis_run; DM_E_RANGE for an unknown actor.
 */
DM_API dm_status dm_seat_new(
    const dm_scenario *scenario, const char *actor,
    const dm_analysis_options *options, dm_diags *diags,
    dm_seat **out) DM_MUST_USE;
DM_API void dm_seat_free(dm_seat *seat);
/** What the actor learns up to its next decision, in words.  Borrowed until
 *  the next call on the seat. */
DM_API const char *dm_seat_text(dm_seat *seat);
/** Options of the decision at hand; 0 when the run is over. */
DM_API uint32_t dm_seat_option_count(const dm_seat *seat);
DM_API const char *dm_seat_option(const dm_seat *seat, uint32_t i);
/** How likely the model's own actor would pick option i here. */
DM_API double dm_seat_option_chance(const dm_seat *seat, uint32_t i);
/** Picks option i and runs on to the next decision of the actor or the end. */
DM_API dm_status dm_seat_pick(dm_seat *seat, uint32_t i) DM_MUST_USE;

#ifdef __cplusplus
}
#endif
#endif
