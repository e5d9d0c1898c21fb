/* interop/events.h -- coded event data as evidence. */
#ifndef DM_INTEROP_EVENTS_H
#define DM_INTEROP_EVENTS_H

#include "base/diags.h"
#include "base/str.h"
#include <demarche/ledger.h>

/** Adds the text of an evidence file to `out`.  DM_E_INPUT: E121 (place in the
 *  mapping), E122 (in the rows). */
dm_status dm_events_read(
    const char *rows, size_t rows_len, const char *mapping, size_t mapping_len,
    dm_diags *diags, dm_events_count *count, dm_str *out) DM_MUST_USE;

#endif
