/* infer/solution.h -- what `solve` says of a game, from whatever file it came:
 * one equilibrium or many, the path to it, by any method, as plain data for
 * report. */
#ifndef DM_INFER_SOLUTION_H
#define DM_INFER_SOLUTION_H

#include "game/game.h"
#include "infer/result.h"

typedef enum dm_method {
  DM_METHOD_LOGIT,
  DM_METHOD_LP,
  DM_METHOD_CFR,
  DM_METHOD_PURE,
  DM_METHOD_ENUMERATE
} dm_method;

typedef struct dm_solution_options {
  dm_method method;
  double sharpness; /* k: scale of the game's own sharpness, > 0 */
  bool limit;       /* instead: on to regret below `tolerance` x range */
  double tolerance; /* 1e-8 */
  const double *at; /* k's to print on the way, increasing */
  uint32_t n_at;
  bool path, branches;
  uint32_t search;     /* starts; 0: none */
  uint64_t iterations; /* CFR */
  uint64_t seed, most;
  uint32_t threads;
  bool (*progress)(void *data, const char *what, double done, double total);
  void *progress_data;
} dm_solution_options;

dm_solution_options dm_solution_defaults(void);

/* How the game's parts are called; every text borrowed. */
typedef struct dm_labels {
  const char *source; /* "efg", "nfg" or "scenario" */
  const char *title;
  const char *const *player;  /* [n_players] */
  const char *const *end;     /* [n_ends] outcome of an ending class; classes
                                with equal names are added up */
  uint32_t n_outcomes;        /* names that come first, in this order; */
  const char *const *outcome; /* [n_outcomes] others follow as met */
  /* Of each set, [n_sets]. */
  const uint32_t *set_player; /* 1-based */
  const int64_t *set_number;  /* as in the file */
  const char *const *set_label;
  const char *const *slot; /* [n_slots] */
} dm_labels;

/** The result (dm_r_solution, infer/result.h) is owned by the caller.  DM_OK;
 *  DM_E_CONVERGE with *out (no numbers); DM_E_RANGE: the method does not fit
 *  the game, *out says why; DM_E_LIMIT; DM_E_INTERRUPT; DM_E_MEMORY. */
dm_status dm_solution_run(
    const dm_game *game, const double *param, const dm_labels *labels,
    const dm_solution_options *options, dm_r_solution **out) DM_MUST_USE;
void dm_r_solution_free(dm_r_solution *solution);

#endif
