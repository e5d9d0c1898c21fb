/* solve/frozen.c -- a sweep over a game whose cells hold given numbers.
 *
 * In:     a game and the values of its cells.
 * Out:    a sweep that is ready to run.
 * Method: the same structure with every cell a number; no parameters left.
 * Cost:   O(cells), and a sweep. */
#include "solve/frozen.h"

#include <stdlib.h>
#include <string.h>

dm_status dm_frozen_init(
    dm_frozen *frozen, const dm_game *game, const double *cell)
{
  memset(frozen, 0, sizeof *frozen);
  frozen->game = *game;
  frozen->cell = calloc((size_t)game->n_cells + 1, sizeof *frozen->cell);
  if (!frozen->cell)
    return DM_E_MEMORY;
  for (uint32_t i = 0; i < game->n_cells; i++)
    frozen->cell[i] = (dm_cell){.value = cell[i], .op = DM_CELL_NUMBER};
  frozen->game.cell = frozen->cell;
  frozen->game.n_params = 0;
  frozen->game.param_base = NULL;
  frozen->sweep = dm_sweep_new(&frozen->game);
  if (!frozen->sweep) {
    dm_frozen_clear(frozen);
    return DM_E_MEMORY;
  }
  dm_sweep_refill(frozen->sweep, NULL);
  return DM_OK;
}

void dm_frozen_clear(dm_frozen *frozen)
{
  if (!frozen)
    return;
  dm_sweep_free(frozen->sweep);
  free(frozen->cell);
  memset(frozen, 0, sizeof *frozen);
}
