/* infer/solution_list.c -- several equilibria: the branches that leave the one
 * followed, and the search from many starts.
 *
 * In:     the bifurcations met on the way; the number of starts.
 * Out:    the list of distinct equilibria, each with its certificate.
 * Method: a branch leaves its bifurcation along +direction and -direction and is
 *         followed to where the path goes; the list counts equal ends once.
 * Not here: how starts are made (solve/search.c), when two are equal
 *         (solve/equilibrium.c). */
#include "infer/parts.h"
#include "infer/solution_parts.h"

#include <math.h>
#include <string.h>

static double target(const dm_solution_job *job)
{
  return job->options->limit ? (double)INFINITY : job->options->sharpness;
}

static void open_list(dm_solution_job *job)
{
  if (job->has_list)
    return;
  dm_equilibria_init(&job->list, job->game, job->cell);
  job->list.tolerance = job->out->tolerance;
  job->has_list = true;
}

/* ---- branches ---------------------------------------------------------------- */

static dm_status add(dm_solution_job *job, const double *log_p, uint32_t origin)
{
  uint32_t where = 0;
  return dm_equilibria_add(&job->list, log_p, target(job), origin, &where);
}

static dm_status follow(
    dm_solution_job *job, const dm_kept_branch *branch, double sign,
    double *log_p, double *exact)
{
  dm_solve_options how = dm_solution_logit(job);
  dm_solve_result result;
  dm_path_point from = {
      .kind = DM_POINT_BRANCH,
      .k = branch->k,
      .log_p = branch->log_p,
      .direction = branch->direction};
  dm_status status =
      dm_solve_branch(job->sweep, &how, &from, sign, log_p, &result);
  if (status != DM_OK)
    return status;
  if (result.verdict == DM_STOPPED)
    return DM_E_INTERRUPT;
  job->list.tried++;
  if (result.verdict != DM_SOLVED) {
    job->list.failed++;
    job->closed += result.verdict == DM_CLOSED;
    return DM_OK;
  }
  if (job->options->limit && dm_polish(job->game, job->cell, log_p, exact))
    log_p = exact;
  return add(job, log_p, DM_ORIGIN_BRANCH);
}

/* What became of ways that led to no equilibrium: a closed loop is none lost. */
static const char *ways_without_end(const dm_solution_job *job)
{
  uint32_t lost = job->list.failed - job->closed;
  const char *closed = "";
  if (job->closed > 0)
    closed = dm_infer_text(
        job->keep, "; %u of these ways lead%s back to where %s began",
        job->closed, job->closed == 1 ? "s" : "",
        job->closed == 1 ? "it" : "they");
  return lost == 0 ? closed
                   : dm_infer_text(
                         job->keep, "%s; %u %s not followed to the end", closed,
                         lost, lost == 1 ? "was" : "were");
}

dm_status dm_solution_branches(dm_solution_job *job)
{
  uint32_t slots = job->game->n_slots;
  double *log_p = dm_arena_array(job->keep, slots, sizeof *log_p);
  double *exact = dm_arena_array(job->keep, slots, sizeof *exact);
  dm_status status = DM_OK;
  open_list(job);
  if (job->out->answered && job->options->search == 0)
    status = add(job, job->log_p, DM_ORIGIN_PRINCIPAL);
  for (uint32_t i = 0; status == DM_OK && i < job->branch.n; i++) {
    status = follow(job, &job->branch.at[i], 1, log_p, exact);
    if (status == DM_OK)
      status = follow(job, &job->branch.at[i], -1, log_p, exact);
  }
  if (status == DM_OK)
    dm_equilibria_sort(&job->list);
  if (job->options->search == 0)
    job->out->said =
        job->branch.n == 0
            ? "No bifurcation was met on the way, so there was no branch to "
              "follow. Equilibria that no branch from this one leads to were "
              "not looked for (--search)."
            : dm_infer_text(
                  job->keep,
                  "Followed both ways out of %u bifurcation%s on the way%s. "
                  "Equilibria that no branch from this one leads to were not "
                  "looked for (--search).",
                  job->branch.n, job->branch.n == 1 ? "" : "s",
                  ways_without_end(job));
  return status;
}

/* ---- the search --------------------------------------------------------------- */

static bool on_start(void *data, uint32_t done, uint32_t of)
{
  return dm_solution_tell(data, "starts", done, of);
}

dm_status dm_solution_search(dm_solution_job *job)
{
  const dm_solution_options *o = job->options;
  dm_search_options how = {
      .k = target(job),
      .starts = o->search,
      .seed = o->seed,
      .threads = o->threads,
      .progress = on_start,
      .progress_data = job};
  if (job->has_list)
    dm_equilibria_clear(&job->list);
  job->has_list = true;
  dm_status status =
      dm_search_run(job->game, job->param, job->cell, &how, &job->list);
  job->out->said = dm_infer_searched(job->keep, &job->list, o->seed);
  return status;
}

/* ---- beside the path ---------------------------------------------------------- */

dm_status dm_solution_beside(dm_solution_job *job)
{
  bool alone = !job->has_list;
  open_list(job);
  if (alone)
    job->list.tried = 1;
  dm_status status = add(job, job->beside, DM_ORIGIN_LEFT);
  if (status != DM_OK)
    return status;
  if (alone && job->list.n == 0) {
    dm_equilibria_clear(&job->list);
    job->has_list = false;
    return DM_OK;
  }
  dm_equilibria_sort(&job->list);
  job->out->said = dm_infer_text(
      job->keep,
      "%s%sNewton's method was tried from where the path was given up: what it "
      "leads to is an equilibrium, and not known to be the path's limit.",
      job->out->said, job->out->said[0] ? " " : "");
  return DM_OK;
}
