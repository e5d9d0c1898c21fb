/* infer/solution_enumerate.c -- `solve` by looking at everything there is.
 *
 * pure:      every pure equilibrium;
 * enumerate: every extreme equilibrium of two players.
 *
 * The list is the answer, also when it is empty; its first entry is shown as
 * the profile.  A list that a limit cut short says so: DM_E_LIMIT. */
#include "infer/parts.h"
#include "infer/solution_parts.h"
#include "solve/enumerate.h"

#include <math.h>
#include <string.h>

static const char *keep_text(dm_solution_job *job, const char *text)
{
  return text ? dm_arena_text(job->keep, text, strlen(text)) : "";
}

static bool on_profile(void *data, uint64_t done, uint64_t of)
{
  return dm_solution_tell(data, "profiles", (double)done, (double)of);
}

static void open_list(dm_solution_job *job)
{
  dm_equilibria_init(&job->list, job->game, job->cell);
  job->list.tolerance = job->out->tolerance;
  job->has_list = true;
}

/* The first of the list is the profile shown; an empty list is an answer too,
 * if it is complete. */
static dm_status conclude(dm_solution_job *job, dm_status status)
{
  dm_r_solution *r = job->out;
  if (status != DM_OK && status != DM_E_LIMIT)
    return status;
  dm_equilibria_sort(&job->list);
  dm_solution_keep_list(job);
  r->rule = "the first of the list";
  if (job->list.n == 0)
    return status;
  dm_status shown =
      dm_solution_answer(job, job->list.at[0].log_p, (double)INFINITY, NULL);
  r->answered = shown == DM_OK;
  r->answer = r->equilibrium[0];
  return shown != DM_OK ? shown : status;
}

dm_status dm_solution_pure(dm_solution_job *job)
{
  dm_enumerate_options how = {
      .most = job->options->most, .progress = on_profile, .progress_data = job};
  const char *why = NULL;
  open_list(job);
  dm_status status = dm_enumerate_pure(&how, &job->list, &why);
  job->out->why = keep_text(job, why);
  job->out->complete = status == DM_OK;
  job->out->said =
      status == DM_OK
          ? "Every profile of pure strategies was looked at: these are all "
            "the pure equilibria. Mixed ones were not looked for."
          : "Not every profile of pure strategies was looked at: there may be "
            "more.";
  return conclude(job, status);
}

dm_status dm_solution_two(dm_solution_job *job)
{
  dm_enumerate_options how = {
      .most = job->options->most, .progress = on_profile, .progress_data = job};
  const char *why = NULL;
  bool complete = false;
  open_list(job);
  dm_status status = dm_enumerate_two(&how, &job->list, &complete, &why);
  job->out->why = keep_text(job, why);
  job->out->complete = status == DM_OK && complete;
  job->out->said =
      job->out->complete
          ? "These are all the extreme equilibria, as plays on the path; every "
            "Nash equilibrium mixes some of them, each player's apart."
          : dm_infer_text(
                job->keep, "These are not all: %s. There may be more.",
                job->out->why);
  return conclude(job, status);
}
