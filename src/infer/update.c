/* infer/update.c -- news moves the odds.
 *
 * In:     a checked core, checked evidence, the base equilibrium.
 * Out:    the odds after every line, how much each line speaks for each outcome,
 *         the odds without it, what is believed of types and hidden states, and
 *         the certificate of the equilibrium that all of it rests on.
 * Method: one expansion of a copy that watches for all lines (update_watch.c);
 *         each subset of the lines that is asked for is one pass over its edges
 *         (update_pass.c).  Strategies are those of the base equilibrium: the
 *         evidence is the analyst's, nobody in the story knows of it.
 * Order:  "before" and "after" a line follow the file.  The final odds do not
 *         depend on the order.
 * Cost:   about two forward passes a line and two passes a period. */
#include "infer/update_parts.h"

#include "solve/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void dm_update_free(dm_update *update)
{
  if (!update)
    return;
  dm_arena_clear(&update->arena);
  free(update);
}

static const char *keep_text(dm_updating *u, const char *text)
{
  return text ? dm_arena_text(u->job.keep, text, strlen(text)) : "";
}

static bool *flags(dm_updating *u)
{
  return dm_arena_array(
      &u->job.scratch, (size_t)u->evidence->line.n + 1, sizeof(bool));
}

/* ---- impossible evidence --------------------------------------------------------- */

void dm_updating_present(const dm_updating *u, bool *present)
{
  dm_lines_until(u->evidence, u->options ? u->options->cut_off : NULL, present);
  for (uint32_t i = 0; i < u->evidence->line.n; i++)
    present[i] =
        present[i] && u->evidence->line.at[i].first <= u->job.core->n_periods;
}

/* The first line that leaves no path, of those that count. */
static uint32_t first_impossible(dm_updating *u, const bool *counts)
{
  bool *some = flags(u);
  for (uint32_t i = 0; i < u->evidence->line.n; i++) {
    some[i] = counts[i];
    if (counts[i] && !(dm_subset_of(u, some)->total.m > 0))
      return i;
  }
  return DM_NONE;
}

/* Whether the lines before `at`, and this one if it spoke of period t, fit. */
static dm_status fits_in(
    dm_updating *u, const bool *counts, uint32_t at, uint32_t t, bool *fits)
{
  dm_arena *scratch = &u->job.scratch;
  uint32_t n = u->evidence->line.n;
  dm_evidence_line *line = dm_arena_array(scratch, n, sizeof *line);
  bool *some = flags(u);
  memcpy(line, u->evidence->line.at, n * sizeof *line);
  for (uint32_t i = 0; i <= at; i++)
    some[i] = counts[i];
  line[at].first = line[at].last = t;
  line[at].same_as = DM_NONE;
  dm_watch watch = {.evidence = u->evidence, .line = line, .wanted = some};
  dm_side_close(u);
  u->asked.n = 0;
  dm_status status = dm_side_open(u, &watch, false);
  *fits = status == DM_OK && dm_subset_of(u, some)->total.m > 0;
  return status;
}

static dm_status tell_impossible(
    dm_updating *u, const bool *counts, uint32_t at)
{
  enum { PERIODS_MOST = 120 };
  const dm_core *core = u->job.core;
  const dm_evidence_line *line = &u->evidence->line.at[at];
  uint32_t n = core->n_periods < PERIODS_MOST ? core->n_periods : PERIODS_MOST;
  uint32_t found = 0;
  bool alone_only = true, searched = true;
  bool *alone = flags(u);
  alone[at] = true;
  bool alone_fits = dm_subset_of(u, alone)->total.m > 0;
  for (uint32_t i = 0; i < at; i++)
    alone_only = alone_only && !counts[i];
  for (uint32_t t = 1; t <= n && found == 0; t++) {
    bool fits = false;
    if (line->first <= t && t <= line->last && line->first == line->last)
      continue;
    dm_status status = fits_in(u, counts, at, t, &fits);
    if (status != DM_OK && status != DM_E_LIMIT)
      return status;
    searched = searched && status == DM_OK;
    if (fits)
      found = t;
  }
  const char *why =
      alone_only    ? "no path of the model fits it"
      : !alone_fits ? "no path of the model fits it, even without the lines "
                      "before it"
                    : "no path of the model fits it together with the lines "
                      "before it";
  const char *repair =
      found > 0 ? dm_infer_text(
                      &u->job.scratch,
                      "the earliest date at which the model allows it is %s; "
                      "correct the line, or give its source a rate between 0 "
                      "and 100 %%",
                      core->period[found])
      : searched ? "the model allows it at no date: correct the line, or give "
                   "its source a rate between 0 and 100 %"
                 : "correct the line, or give its source a rate between 0 and "
                   "100 %";
  dm_diags_add(
      u->job.diags, DM_ERROR, "E071", "impossible evidence", line->at, 0,
      dm_infer_text(
          &u->job.scratch, "`%s`, dated %s: %s", line->text, line->date, why),
      repair);
  return DM_E_INPUT;
}

dm_status dm_updating_check(dm_updating *u, const bool *counts)
{
  if (dm_subset_of(u, counts)->total.m > 0)
    return DM_OK;
  uint32_t at = first_impossible(u, counts);
  return at == DM_NONE ? DM_E_RANGE : tell_impossible(u, counts, at);
}

/* ---- lines -------------------------------------------------------------------------- */

static double odds_ratio(
    const double *after, const double *before, uint32_t n, uint32_t o)
{
  double other_after = 0, other_before = 0;
  for (uint32_t k = 0; k < n; k++) {
    other_after += k == o ? 0 : after[k];
    other_before += k == o ? 0 : before[k];
  }
  if (!(before[o] > 0) || !(other_before > 0))
    return (double)NAN;
  /* One division by what can be 0: an outcome that alone allows the line. */
  double here = after[o] / before[o], there = other_after / other_before;
  return here / there;
}

static const char *uncounted(
    dm_updating *u, uint32_t i, const bool *present, const bool *counts)
{
  const dm_evidence_line *line = &u->evidence->line.at[i];
  if (counts[i])
    return "";
  if (line->first > u->job.core->n_periods)
    return "after the clock";
  if (!present[i])
    return "after the cut-off";
  for (uint32_t j = line->superseded_by; j != DM_NONE;
       j = u->evidence->line.at[j].superseded_by)
    if (present[j])
      return "superseded";
  return "echo";
}

static const double *keep_odds(dm_updating *u, const double *odds)
{
  uint32_t n = u->job.core->outcome.n;
  double *copy = dm_arena_array(u->job.keep, n, sizeof *copy);
  memcpy(copy, odds, n * sizeof *copy);
  return copy;
}

static void line_ratios(
    dm_updating *u, const bool *so_far, uint32_t i, dm_u_line *out)
{
  uint32_t n = u->job.core->outcome.n;
  double *ratio = dm_arena_array(u->job.keep, n, sizeof *ratio);
  bool *before = flags(u);
  memcpy(before, so_far, u->evidence->line.n * sizeof *before);
  before[i] = false;
  /* A line that corrects another is weighed against the log without both. */
  dm_subset with = *dm_subset_of(u, so_far);
  dm_subset without = *dm_subset_of(u, before);
  for (uint32_t o = 0; o < n; o++)
    ratio[o] = so_far[i] ? odds_ratio(with.odds, without.odds, n, o) : 1;
  out->likelihood_ratio = ratio;
  out->chance = !so_far[i] ? 1
                : without.total.m > 0
                    ? exp(dm_far_log(with.total) - dm_far_log(without.total))
                    : (double)NAN;
}

static void one_line(
    dm_updating *u, uint32_t i, const bool *present, const bool *counts,
    dm_u_line *out)
{
  const dm_evidence *ev = u->evidence;
  const dm_evidence_line *line = &ev->line.at[i];
  char grade[3] = {line->grade, line->digit, '\0'};
  *out = (dm_u_line){
      .date = keep_text(u, line->date),
      .text = keep_text(u, line->text),
      .source = line->source == DM_NONE
                    ? ""
                    : keep_text(u, ev->source.at[line->source].name),
      .grade = keep_text(u, grade),
      .counted = uncounted(u, i, present, counts),
      .if_so = line->if_so,
      .if_not = line->if_not};
  bool *some = flags(u), *so_far = flags(u);
  for (uint32_t k = 0; k < i; k++)
    some[k] = present[k];
  dm_lines_count(u->job.core, ev, some, so_far);
  out->before = keep_odds(u, dm_subset_of(u, so_far)->odds);
  some[i] = present[i];
  dm_lines_count(u->job.core, ev, some, so_far);
  out->odds = keep_odds(u, dm_subset_of(u, so_far)->odds);
  line_ratios(u, so_far, i, out);
  memcpy(some, present, ev->line.n * sizeof *some);
  some[i] = false;
  dm_lines_count(u->job.core, ev, some, so_far);
  out->without = keep_odds(u, dm_subset_of(u, so_far)->odds);
}

/* ---- equilibria ------------------------------------------------------------------------ */

static bool on_start(void *data, uint32_t done, uint32_t of)
{
  const dm_updating *u = data;
  return dm_infer_tell(u->job.options, "equilibria", done, of);
}

static dm_status range(dm_updating *u, const bool *counts, dm_update *out)
{
  dm_solved *s = u->job.solved;
  dm_search_options how = {
      .k = 1,
      .starts = u->options->equilibria,
      .seed = u->infer.seed,
      .threads = u->infer.threads,
      .progress = on_start,
      .progress_data = u};
  u->job.has_list = true;
  dm_status status = dm_search_run(
      &s->expansion->game, s->param, dm_sweep_cells(s->sweep), &how,
      &u->job.list);
  if (status != DM_OK)
    return status;
  for (uint32_t o = 0; o < out->n_outcomes; o++)
    out->outcome[o].lo = out->outcome[o].hi =
        out->outcome[o].by[out->n_periods - 1];
  for (uint32_t i = 0; i < u->job.list.n; i++) {
    dm_side_strategies(u, u->job.list.at[i].log_p);
    u->asked.n = 0;
    const double *odds = dm_subset_of(u, counts)->odds;
    for (uint32_t o = 0; o < out->n_outcomes; o++) {
      out->outcome[o].lo = fmin(out->outcome[o].lo, odds[o]);
      out->outcome[o].hi = fmax(out->outcome[o].hi, odds[o]);
    }
  }
  out->n_equilibria = u->job.list.n;
  out->searched = dm_infer_searched(u->job.keep, &u->job.list, u->infer.seed);
  return DM_OK;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static void describe(dm_updating *u, dm_update *out)
{
  const dm_core *core = u->job.core;
  out->scenario = keep_text(u, core->name);
  out->title = keep_text(u, core->title);
  out->evidence_hash = "";
  out->searched = "";
  out->n_periods = core->n_periods;
  out->n_outcomes = core->outcome.n;
  const char **period =
      dm_arena_array(u->job.keep, core->n_periods, sizeof *period);
  for (uint32_t t = 0; t < core->n_periods; t++)
    period[t] = keep_text(u, core->period[t + 1]);
  out->period = period;
  out->outcome =
      dm_arena_array(u->job.keep, core->outcome.n, sizeof *out->outcome);
  for (uint32_t o = 0; o < core->outcome.n; o++) {
    double *rows =
        dm_arena_array(u->job.keep, (size_t)2 * core->n_periods, sizeof *rows);
    for (uint32_t t = 0; t < 2 * core->n_periods; t++)
      rows[t] = (double)NAN;
    out->outcome[o] = (dm_u_outcome){
        .name = keep_text(u, core->outcome.at[o].name),
        .display = keep_text(u, core->outcome.at[o].display),
        .prior = rows,
        .by = rows + core->n_periods,
        .lo = (double)NAN,
        .hi = (double)NAN};
  }
  out->log_likelihood = (double)NAN;
}

static void list_outcomes(
    dm_updating *u, const bool *none, const bool *counts, dm_update *out)
{
  size_t periods = out->n_periods;
  for (uint32_t o = 0; o < out->n_outcomes; o++) {
    double *rows = dm_arena_array(u->job.keep, 2 * periods, sizeof *rows);
    memcpy(
        rows, dm_subset_of(u, none)->by + o * periods, periods * sizeof *rows);
    memcpy(
        rows + periods, dm_subset_of(u, counts)->by + o * periods,
        periods * sizeof *rows);
    out->outcome[o].prior = rows;
    out->outcome[o].by = rows + periods;
  }
  dm_far prior = dm_subset_of(u, none)->total;
  dm_far total = dm_subset_of(u, counts)->total;
  out->log_likelihood = dm_far_log(total) - dm_far_log(prior);
}

static dm_status run(dm_updating *u, dm_update *out)
{
  dm_status solved = dm_updating_solve(u);
  if (!u->job.solved)
    return solved;
  describe(u, out);
  dm_infer_certify(&u->job, solved == DM_OK, &out->certificate);
  out->cached = u->cached || u->job.solved->cached;
  if (solved != DM_OK)
    return solved;
  const dm_evidence *ev = u->evidence;
  bool *present = flags(u), *counts = flags(u), *none = flags(u);
  dm_updating_present(u, present);
  dm_lines_count(u->job.core, ev, present, counts);
  dm_watch watch = {.evidence = ev, .line = ev->line.at, .wanted = present};
  dm_status status = dm_side_open(u, &watch, true);
  if (status == DM_OK)
    status = dm_updating_check(u, counts);
  if (status != DM_OK)
    return status;
  list_outcomes(u, none, counts, out);
  out->line = dm_arena_array(u->job.keep, ev->line.n, sizeof *out->line);
  for (uint32_t i = 0; i < ev->line.n; i++) {
    one_line(u, i, present, counts, &out->line[i]);
    if (counts[i] && ev->line.at[i].last > out->last_period)
      out->last_period = ev->line.at[i].last;
  }
  out->n_lines = ev->line.n;
  dm_update_hidden_of(u, counts, out);
  return u->options && u->options->equilibria ? range(u, counts, out) : DM_OK;
}

static dm_status run_in(dm_updating *u, dm_update *out)
{
  dm_status why = (dm_status)setjmp(out->arena.jump);
  if (why != DM_OK)
    return why;
  why = (dm_status)setjmp(u->job.scratch.jump);
  if (why != DM_OK)
    return why;
  return run(u, out);
}

dm_status dm_update_run(
    const dm_core *core, const dm_evidence *evidence,
    const dm_update_options *options, dm_diags *diags, dm_update **out)
{
  *out = NULL;
  dm_updating *u = calloc(1, sizeof *u);
  dm_update *update = calloc(1, sizeof *update);
  if (!u || !update) {
    free(u);
    free(update);
    return DM_E_MEMORY;
  }
  dm_arena_init(&update->arena, 0);
  dm_updating_init(u, core, evidence, options, diags, &update->arena);
  dm_status status = run_in(u, update);
  bool told = u->job.solved && (status == DM_OK || status == DM_E_CONVERGE);
  dm_updating_clear(u);
  free(u);
  if (told)
    *out = update;
  else
    dm_update_free(update);
  return status;
}
