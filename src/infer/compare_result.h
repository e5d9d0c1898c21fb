/* infer/compare_result.h -- rival models of one standoff, weighted by evidence,
 * as plain data for report. */
#ifndef DM_INFER_COMPARE_RESULT_H
#define DM_INFER_COMPARE_RESULT_H

#include "infer/update_result.h"

typedef struct dm_c_model {
  const char *name, *title, *last; /* borrowed; last: its last period */
  double prior, weight;            /* before and after the evidence; sum to 1 */
  double log_likelihood;           /* -INFINITY: the lines are impossible */
  const double *odds;              /* [n_outcomes] given the lines; NaN */
  const double *before;            /* [n_outcomes] without them; NaN */
  const double *chance;            /* [n_lines] of each line, given those before
                                      it; NaN */
  const dm_r_certificate *certificate; /* NULL: impossible */
  bool cached;
} dm_c_model;

/* A line as every model reads it. */
typedef struct dm_c_line {
  const char *date, *text;
  bool counts, uneven; /* uneven: it counts in some models only */
  double apart;        /* largest less smallest logarithm of its chance */
} dm_c_line;

typedef struct dm_c_outcome {
  const char *name;
  double before, odds; /* averaged by prior and by posterior weights */
  double lo, hi;       /* over the models that have a weight */
  double spread;       /* standard deviation by posterior weights */
} dm_c_outcome;

typedef struct dm_compare {
  dm_arena arena;
  uint32_t n_models, n_outcomes, n_lines, n_apart;
  dm_c_model *model;
  dm_c_outcome *outcome;    /* shared by all, in the order of the first */
  const char *const *apart; /* [n_apart] "b: ceasefire": not in all models */
  dm_c_line *line;
  bool even;       /* every model counts the same lines */
  uint32_t widest; /* outcome of the largest spread */
} dm_compare;

void dm_compare_free(dm_compare *compare);

#endif
