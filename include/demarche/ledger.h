/* demarche/ledger.h -- the case ledger: forecasts on record, and their scores.
 *
 * One file.  Scenario and evidence versions, forecasts, resolutions and notes
 * are added and never changed; what a call has acknowledged survives a kill
 * and a second writer.  A file that is damaged, or no ledger, is not touched.
 * Dates are ISO: a day (2025-03-07), a month (2025-03) or a year. */
#ifndef DEMARCHE_LEDGER_H
#define DEMARCHE_LEDGER_H

#include <demarche/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dm_case dm_case;

typedef enum dm_case_mode {
  DM_CASE_READ,   /**< there must be one; nothing is written */
  DM_CASE_WRITE,  /**< there must be one */
  DM_CASE_CREATE, /**< created if there is none */
  DM_CASE_NEW     /**< created; an error if anything is there */
} dm_case_mode;

/**
 * Opens a ledger.
 *
 * @param out  NULL after an error.  Owned by the caller: dm_case_close.
 * @param why  Out: the reason of an error in words, "" without.  Static.
 * @return DM_OK; DM_E_INPUT (no ledger, a newer one, damaged: left as it is);
 *         DM_E_SYSTEM (cannot be opened, read or written; held by another
 *         program for too long); DM_E_RANGE (built without SQLite, or an
 *         unknown mode); DM_E_MEMORY.
 */
DM_API dm_status dm_case_open(
    const char *path, dm_case_mode mode, dm_case **out,
    const char **why) DM_MUST_USE;
DM_API void dm_case_close(dm_case *ledger);
/** Why the last call on the ledger failed; "" if it did not.  Borrowed until
 *  the next call on it. */
DM_API const char *dm_case_why(const dm_case *ledger);

/** Bytes of a version's hash in hexadecimal, with NUL. */
enum { DM_CASE_HASH = 20 };

/**
 * Keeps a version of a scenario or of an evidence file; one that is there
 * already is not added again.
 *
 * @param kind  "scenario" or "evidence".
 * @param hash  Out: the version's hash, as forecasts name it; of a scenario
 *              the same that its forecasts print.
 * @return DM_OK; DM_E_RANGE (unknown kind); else as dm_case_open.
 */
DM_API dm_status dm_case_add_document(
    dm_case *ledger, const char *kind, const char *name, const char *text,
    size_t len, char hash[DM_CASE_HASH]) DM_MUST_USE;

/** A forecast.  Everything is borrowed for the call. */
typedef struct dm_case_forecast {
  const char *made;  /**< when it was written, ISO, UTC; NULL: now */
  const char *as_of; /**< the last day of which it knows anything; NULL or "":
                          the day on which it was written */
  const char *model; /**< scenario's name, or who judged; scores keep them
                          apart.  Not empty. */
  const char *scenario_hash; /**< of a version kept before; NULL or "": none */
  const char *evidence_hash; /**< likewise */
  const char *question;      /**< its text; equal texts are one question */
  const char *opens; /**< from when it is asked; NULL or "": first forecast */
  const char *by;    /**< by when it resolves; NULL or "": open */
  bool ranked;       /**< answers are in an order, for ranked probability */
  uint32_t n;        /**< answers, at least 2: one of them will be true */
  const char *const *answer; /**< [n], all different */
  const double *p;           /**< [n] in [0,1], sum 1 within 1e-6 */
} dm_case_forecast;

/** @param id  Out, or NULL: its number.  @return DM_OK; DM_E_RANGE (what is
 *  wrong with it: dm_case_why); else as dm_case_open. */
DM_API dm_status dm_case_add_forecast(
    dm_case *ledger, const dm_case_forecast *forecast, int64_t *id) DM_MUST_USE;

/**
 * Records which answer came true.  Said again, it corrects what was said
 * before, which stays on record.
 *
 * @param answer    One of the answers of the question's forecasts.
 * @param resolved  When it was settled.
 * @param source    Who says so; NULL or "": nobody is named.
 * @param note      NULL or "": none.
 * @return DM_OK; DM_E_RANGE (no such question or answer, no date:
 *         dm_case_why); else as dm_case_open.
 */
DM_API dm_status dm_case_resolve(
    dm_case *ledger, const char *question, const char *answer,
    const char *resolved, const char *source, const char *note) DM_MUST_USE;

/** Keeps a remark, dated now. */
DM_API dm_status dm_case_add_note(dm_case *ledger, const char *text)
    DM_MUST_USE;

/** Forecasts by question with their dates, resolutions and notes.
 *  @param question  NULL: all.  @return DM_OK; DM_E_RANGE (no such question);
 *  else as dm_case_open. */
DM_API dm_status dm_case_history(
    dm_case *ledger, const char *question, const dm_print_options *print,
    dm_text *out) DM_MUST_USE;

typedef struct dm_case_score_options {
  const char *question; /**< NULL: all that are resolved */
  uint32_t bins;        /**< of the calibration table, 1..100 */
  uint32_t n_base;      /**< base rates that are given; 0: from the others of
                             the resolved questions with the same answers */
  const char *const *base_answer; /**< [n_base] */
  const double *base;             /**< [n_base] in [0,1]; what is left is
                                       shared by a question's other answers */
} dm_case_score_options;

DM_API dm_case_score_options dm_case_score_defaults(void);

/** Scores of the resolved questions, worst first, against baselines.
 *  @return as dm_case_history. */
DM_API dm_status dm_case_score(
    dm_case *ledger, const dm_case_score_options *options,
    const dm_print_options *print, dm_text *out) DM_MUST_USE;

typedef enum dm_case_format {
  DM_CASE_JSON, /**< everything, with the versions' texts */
  DM_CASE_CSV   /**< a row per forecast and answer, with what happened */
} dm_case_format;

/** Everything on record as one text, ready for other programs. */
DM_API dm_status dm_case_export(
    dm_case *ledger, dm_case_format format, dm_text *out) DM_MUST_USE;

/* ---- coded event data ------------------------------------------------------ */

/** What an import did. */
typedef struct dm_events_count {
  uint64_t rows;     /**< read, without the heading */
  uint64_t mapped;   /**< became a line */
  uint64_t repeated; /**< of these: a line of that day that stands already */
  uint64_t dropped;  /**< left out by the mapping */
  uint64_t unmapped; /**< no rule fits: listed in the text's comments */
} dm_events_count;

/**
 * Rows of coded events (date, source actor, target actor, event word; commas
 * or tabs) as the text of an evidence file, through a mapping file.
 *
 * @param out   Owned by the caller: dm_text_free.  Empty after an error.
 * @param diags Messages; places are in the mapping (M...) or the rows.
 * @return DM_OK; DM_E_INPUT (see diags); DM_E_MEMORY.
 */
DM_API dm_status dm_events_import(
    const char *rows, size_t rows_len, const char *mapping, size_t mapping_len,
    dm_diags *diags, dm_events_count *count, dm_text *out) DM_MUST_USE;

#ifdef __cplusplus
}
#endif
#endif
