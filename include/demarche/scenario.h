/* demarche/scenario.h -- reading, checking and explaining a scenario.
 *
 * A scenario is read once, may have numbers set, and is then borrowed by every
 * analysis.  Nothing here prints or exits; texts come back in a dm_text. */
#ifndef DEMARCHE_SCENARIO_H
#define DEMARCHE_SCENARIO_H

#include <demarche/diag.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dm_scenario dm_scenario;

/** Text owned by the caller; NUL-terminated; freed with dm_text_free. */
typedef struct dm_text {
  char *at;
  size_t len; /**< Bytes without the NUL. */
} dm_text;

DM_API void dm_text_free(dm_text *text);

typedef enum dm_source_kind {
  DM_SOURCE_STANDOFF, /**< plain `.standoff` text */
  DM_SOURCE_MARKDOWN  /**< fenced blocks marked `standoff` in prose */
} dm_source_kind;

/** How a text is to be printed. */
typedef struct dm_print_options {
  bool json;        /**< JSON, schema 1; the rest below is for plain text */
  uint32_t columns; /**< width of the terminal, 40 or more; 0: 80 */
  bool color;       /**< ANSI colours */
  bool ascii;       /**< no characters beyond ASCII */
  bool brief;       /**< the first screen only */
} dm_print_options;

DM_API dm_print_options dm_print_defaults(void);

/**
 * Reads and checks a scenario.
 *
 * @param text   [len] bytes, borrowed for the call.
 * @param diags  Messages are added, errors and warnings.
 * @param out    NULL after an error.  Owned by the caller: dm_scenario_free.
 * @return DM_OK, DM_E_INPUT (see diags), DM_E_MEMORY.
 */
DM_API dm_status dm_scenario_read(
    const char *text, size_t len, dm_source_kind kind, dm_diags *diags,
    dm_scenario **out) DM_MUST_USE;
DM_API void dm_scenario_free(dm_scenario *scenario);

/** Sets one number: "us.sharpness=0.2", "us.prefers_deal=70%".  Copied. */
DM_API dm_status dm_scenario_set(
    dm_scenario *scenario, const char *assignment, dm_diags *diags) DM_MUST_USE;

/** Adds questions ("chance of war by 2025-06; ...") behind those of the file. */
DM_API dm_status dm_scenario_ask(
    dm_scenario *scenario, const char *questions, dm_diags *diags) DM_MUST_USE;

/** The scenario's name, as declared.  Borrowed. */
DM_API const char *dm_scenario_name(const dm_scenario *scenario);
DM_API uint32_t dm_scenario_period_count(const dm_scenario *scenario);
/** Label of period i, 0-based; NULL past the end. */
DM_API const char *dm_scenario_period(const dm_scenario *scenario, uint32_t i);
DM_API uint32_t dm_scenario_outcome_count(const dm_scenario *scenario);
DM_API const char *dm_scenario_outcome(const dm_scenario *scenario, uint32_t i);
DM_API uint32_t dm_scenario_actor_count(const dm_scenario *scenario);
DM_API const char *dm_scenario_actor(const dm_scenario *scenario, uint32_t i);

typedef enum dm_explain_kind {
  DM_EXPLAIN_CORE,    /**< the typed core of the file */
  DM_EXPLAIN_PHASES,  /**< the order of a period, for the file at hand */
  DM_EXPLAIN_WHO_SEES /**< what each actor knows at each decision */
} dm_explain_kind;

/**
 * What a scenario means, in words.
 *
 * @param out  Owned by the caller: dm_text_free.  Empty after an error.
 * @return DM_OK, DM_E_RANGE (unknown kind), DM_E_MEMORY.
 */
DM_API dm_status dm_scenario_explain(
    const dm_scenario *scenario, dm_explain_kind kind,
    const dm_print_options *print, dm_text *out) DM_MUST_USE;

/** The page of a message code ("E021"); DM_E_RANGE when there is none. */
DM_API dm_status dm_code_explain(
    const char *code, const dm_print_options *print, dm_text *out) DM_MUST_USE;
/** Code i of all there are, 0-based; NULL past the end. */
DM_API const char *dm_code_at(size_t i);

/** Messages as text with source lines and marks, or as JSON. */
DM_API dm_status dm_diags_write(
    const dm_diags *diags, const char *file_name, const char *text, size_t len,
    const dm_print_options *print, dm_text *out) DM_MUST_USE;

/** The text in its canonical layout; a fixed point. */
DM_API dm_status dm_scenario_format(
    const char *text, size_t len, dm_diags *diags, dm_text *out) DM_MUST_USE;

/** A commented starting file of a kind: "letter", "ultimatum", ...;
 *  DM_E_RANGE for another word. */
DM_API dm_status dm_scenario_new(const char *kind, dm_text *out) DM_MUST_USE;
/** Kind i, 0-based; NULL past the end. */
DM_API const char *dm_scenario_new_kind(size_t i);

#ifdef __cplusplus
}
#endif
#endif
