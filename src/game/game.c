/* game/game.c -- what a game owns, and giving it back. */
#include "game/game.h"

#include <string.h>

void dm_game_clear(dm_game *game)
{
  if (!game)
    return;
  dm_block_free(game->layer_node);
  dm_block_free(game->node_edge);
  dm_block_free(game->node_set);
  dm_block_free(game->edge_child);
  dm_block_free(game->edge_slot);
  dm_block_free(game->edge_row);
  dm_block_free(game->set_slot);
  dm_block_free(game->set_player);
  dm_block_free(game->set_sharp);
  dm_block_free(game->set_layer);
  dm_block_free(game->cell);
  dm_block_free(game->row_cell);
  dm_block_free(game->param_base);
  memset(game, 0, sizeof *game);
}
