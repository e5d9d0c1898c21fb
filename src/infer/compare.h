/* infer/compare.h -- rival models of one standoff, weighted by evidence. */
#ifndef DM_INFER_COMPARE_H
#define DM_INFER_COMPARE_H

#include "infer/compare_result.h"

typedef struct dm_c_input {
  const char *name, *title, *last;
  uint32_t n_outcomes;
  const char *const *outcome;
  const dm_update *update;
} dm_c_input;

/** Weighs models; update[i] NULL: its lines are impossible in model i.  Names
 *  of outcomes come from `outcome` [n][n_own[i]], as such a model has no
 *  update.  Texts are borrowed.  weight NULL: equal.  DM_E_INPUT: impossible in
 *  all; DM_E_RANGE: weights. */
dm_status dm_compare_run(
    const dm_c_input *model, uint32_t n, const double *weight,
    dm_compare **out) DM_MUST_USE;

#endif
