/* api/handle.h -- what stands behind the public handles. */
#ifndef DM_API_HANDLE_H
#define DM_API_HANDLE_H

#include "base/str.h"
#include "base/table.h"
#include "infer/forecast.h"
#include "lang/check.h"
#include "report/report.h"
#include <demarche/analysis.h>

struct dm_scenario {
  dm_arena arena; /* holds everything below */
  const dm_ast *ast;
  dm_core *core;
  char hash[20];            /* of the text, hexadecimal */
  DM_VEC(const char *) set; /* assignments in force, as given */
  uint32_t file_asks;       /* questions of the file; others were added */
};

/** Gives the text to the caller and empties the builder. */
dm_status dm_text_take(dm_str *str, dm_text *out) DM_MUST_USE;

/** Title of a message code. */
const char *dm_code_title(const char *code);

/** Options of the public interface as those of infer. */
dm_infer_options dm_api_infer_options(
    const dm_scenario *scenario, const dm_analysis_options *options);

/** Counts a scenario into `out`, memory items priced if asked.  Findings go
 *  into diags. */
dm_status dm_size_run(
    const dm_scenario *scenario, const dm_analysis_options *options,
    dm_arena *keep, bool warnings, dm_diags *diags, dm_r_size *out) DM_MUST_USE;

/** The phases of a period, or what each actor knows, as a document. */
dm_status dm_explain_write(
    const dm_core *core, dm_explain_kind kind, const dm_print_options *print,
    dm_str *out) DM_MUST_USE;

#endif
