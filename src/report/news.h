/* report/news.h -- what evidence says, as text and as JSON. */
#ifndef DM_REPORT_NEWS_H
#define DM_REPORT_NEWS_H

#include "infer/compare_result.h"
#include "infer/update_result.h"
#include "report/report.h"

/* A question beyond the file's own. */
typedef struct dm_n_question {
  const char *text, *why; /* why: there is no answer; else "" */
  double answer, before;  /* given the lines, and without them */
} dm_n_question;

/* What is printed beside a result.  Texts are never NULL. */
typedef struct dm_n_more {
  const char *evidence_hash; /* "" without a file */
  const char *until;         /* "" without a cut-off */
  uint32_t n_set;            /* --set values in force */
  const char *const *set;
  uint32_t n_questions;
  const dm_n_question *question;
  uint32_t most;               /* of next: reports shown */
  uint32_t n_left_out;         /* of compare */
  const char *const *left_out; /* lines that some model cannot read */
} dm_n_more;

dm_status dm_report_update(
    const dm_update *update, const dm_n_more *more,
    const dm_print_options *print, dm_str *out) DM_MUST_USE;
dm_status dm_report_next(
    const dm_next *next, const dm_n_more *more, const dm_print_options *print,
    dm_str *out) DM_MUST_USE;
dm_status dm_report_compare(
    const dm_compare *compare, const dm_n_more *more,
    const dm_print_options *print, dm_str *out) DM_MUST_USE;

#endif
