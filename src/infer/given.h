/* infer/given.h -- questions answered given evidence. */
#ifndef DM_INFER_GIVEN_H
#define DM_INFER_GIVEN_H

#include "infer/update.h"

/** Chance of each event given the lines up to the cut-off, out [n], and without
 *  them, before [n]; NaN for an event after the clock.  The lines must be
 *  possible (dm_update_run). */
dm_status dm_given_run(
    const dm_core *core, const dm_evidence *evidence,
    const dm_update_options *options, const dm_core_event *event, uint32_t n,
    double *out, double *before) DM_MUST_USE;

#endif
