/* infer/solution_later.c -- what is not joined yet: searches, branches, and the
 * other methods; each is refused with the reason until it is. */
#include "infer/parts.h"
#include "infer/solution_parts.h"

static dm_status refuse(dm_solution_job *job)
{
  job->out->why = "this build has no such method yet";
  return DM_E_RANGE;
}

dm_status dm_solution_branches(dm_solution_job *job)
{
  return refuse(job);
}

dm_status dm_solution_search(dm_solution_job *job)
{
  return refuse(job);
}

dm_status dm_infer_equilibria(dm_job *job)
{
  return job->options->starts == 0 ? DM_OK : DM_E_RANGE;
}
