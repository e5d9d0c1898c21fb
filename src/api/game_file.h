/* api/game_file.h -- what stands behind a dm_game_file. */
#ifndef DM_API_GAME_FILE_H
#define DM_API_GAME_FILE_H

#include "interop/gambit.h"
#include <demarche/game.h>

struct dm_game_file {
  dm_gambit *gambit;
};

#endif
