/* report/report.h -- results as text and as JSON.  Every call adds to `out` and
 * returns DM_OK or DM_E_MEMORY. */
#ifndef DM_REPORT_REPORT_H
#define DM_REPORT_REPORT_H

#include "base/str.h"
#include "infer/result.h"
#include <demarche/scenario.h>
#include <demarche/version.h>

/* One item that an actor remembers, and what it costs. */
typedef struct dm_r_memory {
  const char *actor, *item;
  uint64_t values; /* it can take; 0: not known, a record of everything */
  uint64_t starts, situations; /* without the item; 0: not counted */
} dm_r_memory;

/* A period's share of the whole. */
typedef struct dm_r_period_size {
  const char *period;
  uint64_t starts, situations, sets, edges;
} dm_r_period_size;

/* What a walk over the situations counted. */
typedef struct dm_r_size {
  const char *scenario, *title;
  double bound; /* on starts of a period, without walking */
  uint64_t starts, situations, sets, edges, bytes;
  uint64_t max_situations, max_memory;
  uint32_t n_periods; /* of the clock */
  uint32_t n_walked;  /* periods in `period` */
  dm_r_period_size *period;
  bool stopped; /* by a limit: counts so far */
  bool priced;  /* starts and situations of memory items are given */
  uint32_t n_memory;
  dm_r_memory *memory;
  uint32_t n_sourced, n_judged, n_omits;
  const char *const *omits;
  double seconds;
} dm_r_size;

dm_status dm_report_forecast(
    const dm_result *result, const dm_print_options *print,
    dm_str *out) DM_MUST_USE;
dm_status dm_report_solve(
    const dm_result *result, const dm_print_options *print,
    dm_str *out) DM_MUST_USE;
/** `solve` of a game file, or of a scenario by another method. */
dm_status dm_report_solution(
    const dm_r_solution *solution, const dm_print_options *print,
    dm_str *out) DM_MUST_USE;
/** The file's `check` lines. */
dm_status dm_report_test(
    const dm_result *result, const dm_print_options *print,
    dm_str *out) DM_MUST_USE;
dm_status dm_report_size(
    const dm_r_size *size, const dm_print_options *print,
    dm_str *out) DM_MUST_USE;
/** Sizes, and in JSON the messages too. */
dm_status dm_report_check(
    const dm_r_size *size, const dm_diags *diags, const dm_print_options *print,
    dm_str *out) DM_MUST_USE;
dm_status dm_report_diags(
    const dm_diags *diags, const char *file_name, const char *text, size_t len,
    const dm_print_options *print, dm_str *out) DM_MUST_USE;
/** A page in Markdown, as text for a terminal (in JSON: its source). */
dm_status dm_report_page(
    const char *name, const char *markdown, const dm_print_options *print,
    dm_str *out) DM_MUST_USE;
/** Text that is ready to be read, lines kept (in JSON: one string). */
dm_status dm_report_lines(
    const char *kind, const char *text, const dm_print_options *print,
    dm_str *out) DM_MUST_USE;

#endif
