/* report/news_parts.h -- what update, next and compare print alike.  Internal to
 * report. */
#ifndef DM_REPORT_NEWS_PARTS_H
#define DM_REPORT_NEWS_PARTS_H

#include "report/news.h"
#include "report/parts.h"

/** A likelihood ratio in words. */
const char *dm_part_ratio(dm_doc *doc, double x);
/** --set values in force, if any. */
void dm_part_set(dm_doc *doc, const dm_n_more *more);
/** What conditioning assumes, and the certificate in a line. */
void dm_part_news_trust(
    dm_doc *doc, const dm_r_certificate *c, const dm_n_more *more);
/** [n_values] of a type, or of a state at the end of the last line's period. */
const double *dm_part_posterior(const dm_update *u, const dm_u_hidden *h);

void dm_json_update(
    const dm_update *update, const dm_n_more *more, dm_str *out);
void dm_json_next(const dm_next *next, const dm_n_more *more, dm_str *out);
void dm_json_compare(
    const dm_compare *compare, const dm_n_more *more, dm_str *out);

#endif
