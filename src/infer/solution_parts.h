/* infer/solution_parts.h -- what the files of `solve` share.  Internal to infer.
 *
 *   solution.c            the order of things; the logit path
 *   solution_profile.c    a profile of strategies as plain data
 *   solution_list.c       several equilibria: branches and the search
 *   solution_method.c     linear program, regret minimisation
 *   solution_enumerate.c  all pure ones; all extreme ones of two players
 *
 * Memory: what stays is in the result's arena, which jumps to dm_solution_run;
 * whatever has a _free of its own hangs on the job.  Solvers are never jumped
 * out of: callbacks keep what failed in `status`. */
#ifndef DM_INFER_SOLUTION_PARTS_H
#define DM_INFER_SOLUTION_PARTS_H

#include "infer/solution.h"
#include "solve/search.h"
#include "solve/solver.h"

/* A bifurcation met on the way, copied. */
typedef struct dm_kept_branch {
  double k;
  double *log_p, *direction; /* [n_slots] arena */
} dm_kept_branch;

typedef struct dm_solution_job {
  const dm_game *game; /* borrowed, as are the next three */
  const double *param; /* [n_params] */
  const dm_labels *labels;
  const dm_solution_options *options;
  dm_r_solution *out;
  dm_arena *keep;        /* the result's */
  uint32_t *end_outcome; /* [n_ends] */
  double *cell;          /* [n_cells] */
  double *log_p;         /* [n_slots] of the answer */
  double *reach;         /* [n_nodes] scratch */
  dm_sweep *sweep;
  dm_certificate certificate; /* of the profile at hand */
  bool has_list;
  dm_equilibria list;
  DM_VEC(dm_r_point) point;
  DM_VEC(dm_kept_branch) branch;
  /* Where the second attempt at the path begins in these. */
  bool again;
  uint32_t point_again, branch_again;
  uint32_t closed; /* ways out of a bifurcation that lead back to it */
  double
      *beside;   /* [n_slots] an equilibrium found from where the path was left,
                     which is not its limit; or NULL */
  uint64_t kept; /* probabilities of points kept so far */
  dm_status status;
} dm_solution_job;

/* ---- solution_profile.c --------------------------------------------------- */

/** Names, sets and outcomes of the game, whatever comes of the solution. */
void dm_solution_describe(dm_solution_job *job);

/** Probabilities of a profile; of a Nash equilibrium (`exact`) trembles are 0.
 *  [n_slots] in the result's arena. */
double *dm_solution_odds(dm_solution_job *job, const double *log_p, bool exact);

/** A certified profile as plain data.  k INFINITY: Nash. */
dm_r_equilibrium dm_solution_profile(
    dm_solution_job *job, const double *log_p, double k,
    const dm_certificate *certificate);

/** Certifies log_p and makes it the answer.  *regret (may be NULL): the largest
 *  over players at any set. */
dm_status dm_solution_answer(
    dm_solution_job *job, const double *log_p, double k,
    double *regret) DM_MUST_USE;

/** The list as plain data. */
void dm_solution_keep_list(dm_solution_job *job);

/** Largest entry; 0 for none, NaN entries left out. */
double dm_solution_largest(const double *x, uint32_t n);

/** Tells progress; false: stop. */
bool dm_solution_tell(
    const dm_solution_job *job, const char *what, double done, double total);

/* ---- solution_list.c ------------------------------------------------------ */

/** Follows the branches met, adds what they lead to. */
dm_status dm_solution_branches(dm_solution_job *job) DM_MUST_USE;
dm_status dm_solution_search(dm_solution_job *job) DM_MUST_USE;
/** Lists job->beside. */
dm_status dm_solution_beside(dm_solution_job *job) DM_MUST_USE;
/** Logit options of the job: end or limit, no callbacks. */
dm_solve_options dm_solution_logit(const dm_solution_job *job);

/* ---- solution_method.c, solution_enumerate.c ----------------------------- */

dm_status dm_solution_lp(dm_solution_job *job) DM_MUST_USE;
dm_status dm_solution_cfr(dm_solution_job *job) DM_MUST_USE;
dm_status dm_solution_pure(dm_solution_job *job) DM_MUST_USE;
dm_status dm_solution_two(dm_solution_job *job) DM_MUST_USE;

#endif
