/* solve/frozen.h -- a sweep over a game whose cells hold given numbers, for
 * methods that are told values of cells and no parameters. */
#ifndef DM_SOLVE_FROZEN_H
#define DM_SOLVE_FROZEN_H

#include "game/sweep.h"

typedef struct dm_frozen {
  dm_game game; /* arrays borrowed from the game, save the cells */
  dm_cell *cell;
  dm_sweep *sweep;
} dm_frozen;

/** Game borrowed; `frozen` must stay where it is until dm_frozen_clear.
 *  DM_E_MEMORY leaves nothing held. */
dm_status dm_frozen_init(
    dm_frozen *frozen, const dm_game *game, const double *cell) DM_MUST_USE;
void dm_frozen_clear(dm_frozen *frozen);

#endif
