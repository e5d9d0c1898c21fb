/* demarche/evidence.h -- news moves the odds.
 *
 * Evidence files say what was reported, by whom, and when (language reference,
 * section 8).  Conditioning is exact; strategies are those of the equilibrium
 * that the scenario had before the news. */
#ifndef DEMARCHE_EVIDENCE_H
#define DEMARCHE_EVIDENCE_H

#include <demarche/analysis.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dm_news_options {
  const char *until;   /**< lines dated after this day are left out; NULL or
                            "": none are.  Borrowed. */
  uint32_t equilibria; /**< starts of a search: the range of the odds over the
                            equilibria found; 0: none. */
  uint32_t most;       /**< dm_news_next: reports listed; 0: 10. */
  bool skip_unknown;   /**< dm_news_compare: leave lines out that one of the
                            models cannot read, for all of them. */
  const char *cache;   /**< folder in which solutions are kept between runs;
                            NULL: none.  Nothing fails if it cannot be
                            written.  Borrowed. */
  uint64_t max_situations, max_memory; /**< as of dm_analysis_options */
  uint64_t seed;
  uint32_t threads;     /**< 0: as many as there are processors */
  dm_progress progress; /**< or NULL */
  void *progress_data;
} dm_news_options;

DM_API dm_news_options dm_news_defaults(void);

/** What evidence says: an update, the next news, or rival models compared. */
typedef struct dm_news dm_news;

/**
 * Odds of a scenario given evidence, line by line.
 *
 * @param scenario  Borrowed, must outlive *out; what the lines speak of is
 *                  added to it, and no answer about it changes by that.
 *                  Questions put by dm_scenario_ask before are answered given
 *                  the lines.
 * @param text      [len] bytes of an evidence file, borrowed for the call.
 * @param diags     Places are in the evidence text, or none.
 * @param out       NULL after an error.  Owned by the caller: dm_news_free.
 * @return DM_OK; DM_E_INPUT (see diags; E071: nothing in the scenario fits the
 *         lines); DM_E_CONVERGE, DM_E_LIMIT (nothing is given); DM_E_RANGE
 *         (`until` is no day); DM_E_INTERRUPT; DM_E_MEMORY.
 */
DM_API dm_status dm_news_update(
    dm_scenario *scenario, const char *text, size_t len,
    const dm_news_options *options, dm_diags *diags, dm_news **out) DM_MUST_USE;

/** The reports that would move the odds most, from the last line on.  Text NULL:
 *  from the first period on.  Else as dm_news_update. */
DM_API dm_status dm_news_next(
    dm_scenario *scenario, const char *text, size_t len,
    const dm_news_options *options, dm_diags *diags, dm_news **out) DM_MUST_USE;

/**
 * Rival models of one standoff, weighted by how well each foresaw the evidence.
 *
 * @param scenario  [n] models, n from 2 to 32; otherwise as dm_news_update.
 * @param weight    [n] weights before the evidence, none negative, some above
 *                  0; NULL: equal.
 * @param failed    Out, or NULL: the model that an error is about, or n.
 * @return as dm_news_update; DM_E_RANGE for unusable weights.
 */
DM_API dm_status dm_news_compare(
    dm_scenario *const *scenario, uint32_t n, const double *weight,
    const char *text, size_t len, const dm_news_options *options,
    dm_diags *diags, uint32_t *failed, dm_news **out) DM_MUST_USE;

DM_API void dm_news_free(dm_news *news);

/** The whole as text or JSON. */
DM_API dm_status dm_news_write(
    const dm_news *news, const dm_print_options *print,
    dm_text *out) DM_MUST_USE;

/** Probability of an outcome up to and including a period (0-based both) given
 *  the lines; NaN out of range, or if the answer is no update. */
DM_API double dm_news_odds(
    const dm_news *news, uint32_t outcome, uint32_t period);
/** The same without the lines. */
DM_API double dm_news_prior(
    const dm_news *news, uint32_t outcome, uint32_t period);
/** Logarithm of the chance of all lines that count; NaN if no update. */
DM_API double dm_news_log_likelihood(const dm_news *news);
/** Answer to question i put by dm_scenario_ask, given the lines; NaN without. */
DM_API double dm_news_answer(const dm_news *news, uint32_t i);
/** Questions answered; 0 if no update. */
DM_API uint32_t dm_news_answer_count(const dm_news *news);
/** Text of question i; NULL past the end.  Borrowed. */
DM_API const char *dm_news_question(const dm_news *news, uint32_t i);
/** Date of the last line that is not left out, "" without one.  Borrowed. */
DM_API const char *dm_news_last_date(const dm_news *news);
/** Weight of model i after the evidence; NaN if no comparison. */
DM_API double dm_news_weight(const dm_news *news, uint32_t i);

/** The canonical layout of an evidence file; a fixed point. */
DM_API dm_status dm_evidence_layout(
    const char *text, size_t len, dm_diags *diags, dm_text *out) DM_MUST_USE;

#ifdef __cplusplus
}
#endif
#endif
