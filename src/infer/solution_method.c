/* infer/solution_method.c -- `solve` by other methods than the logit path.
 *
 * lp:  exact value of a two-player zero-sum game with perfect recall;
 * cfr: regret minimisation, the averages after so many iterations.
 *
 * What a method finds on the path of play is completed off it (beliefs by even
 * trembles) and certified like everything else.  A method that does not fit the
 * game says why: DM_E_RANGE. */
#include "infer/parts.h"
#include "infer/solution_parts.h"
#include "solve/zero_sum.h"

#include <math.h>
#include <string.h>

static const char *keep_text(dm_solution_job *job, const char *text)
{
  return text ? dm_arena_text(job->keep, text, strlen(text)) : "";
}

/* Probabilities on the path of play to a full profile, certified. */
static dm_status answer(dm_solution_job *job, const double *p, double *regret)
{
  dm_status status =
      dm_equilibrium_complete(job->game, job->cell, p, job->log_p);
  if (status == DM_OK)
    status = dm_solution_answer(job, job->log_p, (double)INFINITY, regret);
  return status;
}

/* ---- linear program ------------------------------------------------------------ */

dm_status dm_solution_lp(dm_solution_job *job)
{
  dm_r_solution *r = job->out;
  double *p = dm_arena_array(job->keep, job->game->n_slots, sizeof *p);
  double value[2] = {0, 0};
  const char *why = "";
  r->rule = "optimal strategies of the linear program in sequence form; any "
            "others give the same value";
  dm_status status = dm_lp_solve(job->game, job->cell, p, value, &why);
  if (status != DM_OK) {
    r->why = keep_text(job, why);
    return status;
  }
  status = answer(job, p, NULL);
  if (status != DM_OK)
    return status;
  /* Off the path an optimal strategy need not be a best reply: what counts is
   * that no player gains. */
  double gain = dm_solution_largest(r->answer.gain, r->n_players);
  r->answered = gain <= 100 * r->tolerance;
  r->answer.origin = "linear program";
  r->why = r->answered ? "" : "the certificate finds a better reply";
  return r->answered ? DM_OK : DM_E_CONVERGE;
}

/* ---- regret minimisation --------------------------------------------------------- */

/* Between two looks at the clock: long enough to cost nothing. */
static uint64_t some(const dm_solution_job *job, uint64_t left)
{
  uint64_t chunk = 4000000 / ((uint64_t)job->game->n_edges + 1) + 1;
  return chunk < left ? chunk : left;
}

static dm_status iterate(dm_solution_job *job, dm_cfr *cfr)
{
  uint64_t all = job->options->iterations;
  while (dm_cfr_iterations(cfr) < all) {
    uint64_t done = dm_cfr_iterations(cfr);
    if (!dm_solution_tell(job, "iterations", (double)done, (double)all))
      return DM_E_INTERRUPT;
    dm_cfr_run(cfr, some(job, all - done));
  }
  return DM_OK;
}

dm_status dm_solution_cfr(dm_solution_job *job)
{
  dm_r_solution *r = job->out;
  double *p = dm_arena_array(job->keep, job->game->n_slots, sizeof *p);
  double gain[2] = {0, 0};
  const char *why = "";
  dm_cfr *cfr = NULL;
  dm_status status = dm_cfr_new(job->game, job->cell, &cfr, &why);
  if (status != DM_OK) {
    r->why = keep_text(job, why);
    return status;
  }
  status = iterate(job, cfr);
  if (status == DM_OK) {
    r->exploitability = dm_cfr_exploitability(cfr, gain) / 2;
    r->iterations = dm_cfr_iterations(cfr);
    dm_cfr_average(cfr, p);
  }
  r->rule = dm_cfr_guarantee(cfr);
  dm_cfr_free(cfr);
  if (status == DM_OK)
    status = answer(job, p, NULL);
  if (status != DM_OK)
    return status;
  r->answered = isfinite(r->exploitability);
  r->answer.origin = "regret minimisation";
  return r->answered ? DM_OK : DM_E_CONVERGE;
}
