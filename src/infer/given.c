/* infer/given.c -- questions answered given evidence.
 *
 * In:     a core, evidence, events as questions have them.
 * Out:    P(event | lines).
 * Method: the event is one more line that is certain of it (chance 1 if it came
 *         about, 0 if not); P(event | lines) is the quotient of two passes over
 *         one expansion, with that line and without it.  The core that watches
 *         for reports so answers questions too.
 * Cost:   an expansion and four passes an event, one solution for all.
 * Not here: `given` and moves that are forced, which are no reports. */
#include "infer/given.h"

#include "infer/update_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static dm_evidence_line certain(const dm_core_event *event)
{
  bool lasting = event->kind == DM_EVENT_COND && !event->pick;
  return (dm_evidence_line){
      .text = "",
      .date = "",
      .first = event->by ? 1 : event->date,
      .last = event->date,
      .when = (uint8_t)(!lasting    ? DM_WHEN_HAPPENED
                        : event->by ? DM_WHEN_EVER
                                    : DM_WHEN_END),
      .event = *event,
      .source = DM_NONE,
      .if_so = 1,
      .if_not = 0,
      .same_as = DM_NONE,
      .superseded_by = DM_NONE,
      .note = ""};
}

static double quotient(dm_far part, dm_far whole)
{
  if (!(whole.m > 0))
    return (double)NAN;
  return part.m > 0 ? fmin(1, exp(dm_far_log(part) - dm_far_log(whole))) : 0;
}

static dm_status answer(dm_updating *u, double *out, double *before)
{
  uint32_t n = u->evidence->line.n - 1;
  dm_arena *scratch = &u->job.scratch;
  bool *present = dm_arena_array(scratch, (size_t)n + 1, sizeof *present);
  bool *with = dm_arena_array(scratch, (size_t)n + 1, sizeof *with);
  bool *without = dm_arena_array(scratch, (size_t)n + 1, sizeof *without);
  dm_updating_present(u, present);
  present[n] = true;
  dm_lines_count(u->job.core, u->evidence, present, with);
  memcpy(without, with, n * sizeof *with);
  dm_watch watch = {
      .evidence = u->evidence, .line = u->evidence->line.at, .wanted = with};
  dm_side_close(u);
  u->asked.n = 0;
  dm_status why = dm_side_open(u, &watch, true);
  if (why != DM_OK)
    return why;
  dm_far all = dm_subset_of(u, without)->total;
  *out = quotient(dm_subset_of(u, with)->total, all);
  memset(with, 0, n * sizeof *with);
  memset(without, 0, n * sizeof *without);
  all = dm_subset_of(u, without)->total;
  *before = quotient(dm_subset_of(u, with)->total, all);
  return DM_OK;
}

static dm_status run(
    dm_updating *u, const dm_evidence *evidence, const dm_core_event *event,
    uint32_t n, double *out, double *before)
{
  dm_status why = (dm_status)setjmp(u->job.scratch.jump);
  if (why != DM_OK)
    return why;
  why = dm_updating_solve(u);
  dm_evidence *more = dm_arena_alloc(&u->job.scratch, sizeof *more);
  for (uint32_t i = 0; i < n && why == DM_OK; i++) {
    if (event[i].date < 1 || event[i].date > u->job.core->n_periods)
      continue;
    *more = *evidence;
    memset(&more->line, 0, sizeof more->line);
    for (uint32_t k = 0; k < evidence->line.n; k++)
      DM_PUSH(&u->job.scratch, &more->line, evidence->line.at[k]);
    DM_PUSH(&u->job.scratch, &more->line, certain(&event[i]));
    u->evidence = more;
    why = answer(u, &out[i], &before[i]);
  }
  return why;
}

dm_status dm_given_run(
    const dm_core *core, const dm_evidence *evidence,
    const dm_update_options *options, const dm_core_event *event, uint32_t n,
    double *out, double *before)
{
  for (uint32_t i = 0; i < n; i++)
    out[i] = before[i] = (double)NAN;
  if (n == 0)
    return DM_OK;
  dm_updating *u = calloc(1, sizeof *u);
  dm_diags *diags = dm_diags_new();
  dm_status why = DM_E_MEMORY;
  if (u && diags) {
    /* The arena for what stays: nothing does. */
    dm_updating_init(u, core, evidence, options, diags, &u->job.scratch);
    why = run(u, evidence, event, n, out, before);
    dm_updating_clear(u);
  }
  free(u);
  dm_diags_free(diags);
  return why;
}
