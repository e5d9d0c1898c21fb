/* infer/scenario_game.h -- a scenario as a game like any other: expanded at its
 * base values, its parts named by the words that strategies are printed with. */
#ifndef DM_INFER_SCENARIO_GAME_H
#define DM_INFER_SCENARIO_GAME_H

#include "infer/forecast.h"
#include "infer/solution.h"

typedef struct dm_scenario_game {
  dm_arena arena; /* holds the names */
  dm_expansion *expansion;
  double *param; /* [n_params] */
  double *cell;  /* [n_cells] */
  dm_labels labels;
  const char *const *end_dated; /* [n_ends] "war 2025-03" */
} dm_scenario_game;

/** The core is borrowed and must outlive *out.  DM_E_LIMIT; DM_E_INPUT (see
 *  diags); DM_E_INTERRUPT; DM_E_MEMORY.  *out NULL after an error. */
dm_status dm_scenario_game_new(
    const dm_core *core, const dm_infer_options *options, dm_diags *diags,
    dm_scenario_game **out) DM_MUST_USE;
void dm_scenario_game_free(dm_scenario_game *game);

#endif
