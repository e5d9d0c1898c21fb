/* solve/search_parts.h -- what the files of the search share: the task, a
 * start, where it leads.
 *
 *   search.c  hands starts to threads, merges what they find, in order;
 *   starts.c  makes the play that a start begins with;
 *   home.c    follows a start to equilibria. */
#ifndef DM_SOLVE_SEARCH_PARTS_H
#define DM_SOLVE_SEARCH_PARTS_H

#include "solve/play.h"
#include "solve/search.h"
#include "solve/solver.h"

#include <stdatomic.h>

enum { DM_FINDS_MOST = 32 };

/* Read by all threads, written by none, save `stop`. */
typedef struct dm_task {
  const dm_game *game;
  const double *param, *cell;
  const dm_search_options *options;
  double range;     /* of payoffs */
  double tolerance; /* of regret, payoff units */
  double unit;      /* k at which a difference of the whole range is worth one
                       log odds to an actor of mean sharpness */
  uint64_t pure;    /* pure profiles, at most UINT64_MAX */
  uint32_t n_groups;
  uint32_t *group;      /* [n_sets] sets that may be types of one actor */
  uint32_t *rank;       /* [n_sets] its place in the group */
  uint32_t *group_size; /* [n_groups] */
  atomic_bool stop;
} dm_task;

/* Profiles found by one start, in order. */
typedef struct dm_finds {
  uint32_t n;
  double *log_p[DM_FINDS_MOST]; /* owned */
  uint32_t origin[DM_FINDS_MOST];
  dm_status status; /* DM_OK, or what went wrong */
} dm_finds;

/* What one thread works with. */
typedef struct dm_seeker {
  dm_task *task;
  dm_sweep *sweep;
  dm_play play;
  double *block; /* holds the next ones, [n_slots] each */
  double *start, *answer, *floor, *exact, *spare;
  uint64_t index;            /* of the start */
  uint32_t origin;           /* its kind */
  dm_finds *finds;           /* of this start */
  bool (*pulse)(void *data); /* NULL, or asked now and then; false: stop */
  void *pulse_data;
} dm_seeker;

/** DM_E_MEMORY leaves nothing held. */
dm_status dm_task_init(
    dm_task *task, const dm_game *game, const double *param, const double *cell,
    const dm_search_options *options) DM_MUST_USE;
void dm_task_clear(dm_task *task);

/** The kind of start i, from 0. */
dm_origin dm_start_origin(const dm_task *task, uint64_t i);

/** Fills play.p and play.size for start i. */
void dm_start_make(dm_seeker *seeker, uint64_t i);

/** Whether groups hold their moves at first: the others answer them. */
bool dm_start_held(const dm_seeker *seeker, dm_set_id s);

/** Solver's settings for the task: progress and stop are wired. */
dm_solve_options dm_seek_options(dm_seeker *seeker);

/** Keeps a profile if it is an equilibrium. */
bool dm_seek_offer(dm_seeker *seeker, const double *log_p, uint32_t origin);

/** Follows the branch from noise and those that leave it. */
void dm_seek_principal(dm_seeker *seeker);

/** Follows the start at hand, made by dm_start_make. */
void dm_seek_home(dm_seeker *seeker);

#endif
