/* infer/update_lines.c -- which lines count, and the odds when they do.
 *
 * A line that a present one corrects does not count, nor does a line whose words
 * an earlier counting one has said (an echo).  So a line that is taken out may
 * bring back what it corrected, or its echo. */
#include "infer/update_parts.h"

#include <math.h>
#include <string.h>

void dm_lines_until(
    const dm_evidence *evidence, const char *cut_off, bool *present)
{
  for (uint32_t i = 0; i < evidence->line.n; i++)
    present[i] =
        !cut_off || !dm_evidence_after(evidence->line.at[i].date, cut_off);
}

void dm_lines_count(
    const dm_core *core, const dm_evidence *evidence, const bool *present,
    bool *counts)
{
  const dm_evidence_line *line = evidence->line.at;
  uint32_t n = evidence->line.n;
  for (uint32_t i = 0; i < n; i++) {
    counts[i] = present[i] && line[i].first <= core->n_periods;
    for (uint32_t j = line[i].superseded_by; j != DM_NONE && j > i && counts[i];
         j = line[j].superseded_by)
      counts[i] = !present[j];
  }
  for (uint32_t i = 0; i < n; i++) {
    uint32_t root = line[i].same_as;
    for (uint32_t j = root; counts[i] && root != DM_NONE && j < i; j++)
      if (counts[j] && (j == root || line[j].same_as == root))
        counts[i] = false;
  }
}

/* Sums of the pass on one scale, cumulative, and as odds. */
static void to_odds(
    dm_updating *u, const dm_far *sums, dm_subset *out, double *odds,
    double *by)
{
  uint32_t outcomes = u->job.core->outcome.n, periods = u->job.core->n_periods;
  size_t cells = (size_t)outcomes * periods;
  dm_far total = {0, 0};
  for (size_t i = 0; i < cells; i++)
    total = dm_far_add(total, sums[i]);
  double all = 0;
  for (uint32_t o = 0; o < outcomes; o++) {
    double sum = 0;
    for (uint32_t t = 0; t < periods; t++) {
      sum += dm_far_scaled(sums[(size_t)o * periods + t], total.e);
      by[(size_t)o * periods + t] = sum;
    }
    odds[o] = sum;
    all += sum;
  }
  for (uint32_t o = 0; o < outcomes; o++)
    odds[o] = all > 0 ? odds[o] / all : (double)NAN;
  for (size_t i = 0; i < cells; i++)
    by[i] = all > 0 ? by[i] / all : (double)NAN;
  out->total = total;
  out->odds = odds;
  out->by = by;
}

const dm_subset *dm_subset_of(dm_updating *u, const bool *counts)
{
  size_t lines = u->evidence->line.n;
  for (uint32_t i = 0; i < u->asked.n; i++)
    if (lines == 0 || memcmp(u->asked.at[i].counts, counts, lines) == 0)
      return &u->asked.at[i];
  dm_arena *arena = &u->job.scratch;
  uint32_t outcomes = u->job.core->outcome.n, periods = u->job.core->n_periods;
  size_t cells = (size_t)outcomes * periods;
  dm_far *sums = dm_arena_array(arena, cells, sizeof *sums);
  bool *copy = dm_arena_array(arena, lines + 1, sizeof *copy);
  if (lines)
    memcpy(copy, counts, lines);
  dm_side_weigh(u, copy);
  dm_side_forward(u, sums);
  dm_subset s = {.counts = copy};
  to_odds(
      u, sums, &s, dm_arena_array(arena, outcomes, sizeof(double)),
      dm_arena_array(arena, cells, sizeof(double)));
  DM_PUSH(arena, &u->asked, s);
  return &u->asked.at[u->asked.n - 1];
}
