/* report/parts.h -- the parts of a forecast's document.  Internal to report. */
#ifndef DM_REPORT_PARTS_H
#define DM_REPORT_PARTS_H

#include "report/doc.h"
#include "base/json.h"
#include "report/report.h"

/** The first screen; `tight` 0 to 4 leaves out more and more. */
void dm_part_first(dm_doc *doc, const dm_result *r, uint32_t tight);

/* The sections behind it, in their order. */
void dm_part_odds(dm_doc *doc, const dm_result *r);
void dm_part_draws(dm_doc *doc, const dm_result *r);
void dm_part_found(dm_doc *doc, const dm_result *r);
void dm_part_states(dm_doc *doc, const dm_result *r);
void dm_part_options(dm_doc *doc, const dm_result *r);
void dm_part_histories(dm_doc *doc, const dm_result *r);
void dm_part_tables(dm_doc *doc, const dm_result *r);
void dm_part_questions(dm_doc *doc, const dm_result *r);
void dm_part_assumptions(dm_doc *doc, const dm_result *r);
void dm_part_trust(dm_doc *doc, const dm_result *r);

/** Name of an outcome for a sentence. */
const char *dm_part_outcome(const dm_r_outcome *outcome);

void dm_json_certificate(dm_json *json, const dm_result *r);
void dm_json_forecast(dm_json *json, const dm_result *r);
void dm_json_strategies(dm_json *json, const dm_result *r);
void dm_json_solution(dm_json *json, const dm_r_solution *r);
void dm_json_size(dm_json *json, const dm_r_size *size);
void dm_json_messages(dm_json *json, const dm_diags *diags);
/** "schema", "kind" and opens nothing. */
void dm_json_head(dm_json *json, const char *kind);

#endif
