/* infer/update.h -- news moves the odds.
 *
 * Conditioning is exact: each line becomes a chance behind the event (a copy of
 * the core watches for the event; at its period's end the path goes on with the
 * chance of such a report, and else leaves the game).  One expansion serves
 * every subset of the lines, since a line's chances are parameters: 1 and 1
 * take it out.  Strategies are those of the base equilibrium, set by set. */
#ifndef DM_INFER_UPDATE_H
#define DM_INFER_UPDATE_H

#include "infer/forecast.h"
#include "infer/update_result.h"
#include "lang/evidence.h"

typedef struct dm_update_options {
  const dm_infer_options *infer;
  uint32_t equilibria; /* starts of a search: range over equilibria; 0: none */
  const char *cut_off; /* lines dated after this are left out; NULL: none */
  const double *log_p; /* a cached solution [n_slots] of the base game, checked
                          by its certificate before use; or NULL */
} dm_update_options;

/** DM_E_INPUT: no path fits (E071 with the first impossible line and the
 *  earliest date that the model allows, in diags). */
dm_status dm_update_run(
    const dm_core *core, const dm_evidence *evidence,
    const dm_update_options *options, dm_diags *diags,
    dm_update **out) DM_MUST_USE;

/** The news that would move the odds most, from the last line on. */
dm_status dm_next_run(
    const dm_core *core, const dm_evidence *evidence,
    const dm_update_options *options, dm_diags *diags,
    dm_next **out) DM_MUST_USE;

#endif
