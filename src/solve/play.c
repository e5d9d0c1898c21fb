/* solve/play.c -- play that is mostly pure, with trembles.
 *
 * In:     probabilities with exact zeros, sizes of trembles.
 * Out:    profiles of full support; best options and regret against them.
 * Method: as in the header; nothing is solved here.
 * Cost:   O(slots) a call, besides the sweep. */
#include "solve/play.h"

#include "base/random.h"
#include "num/expo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

dm_status dm_play_init(dm_play *play, const dm_game *game, dm_sweep *sweep)
{
  memset(play, 0, sizeof *play);
  play->game = game;
  play->sweep = sweep;
  play->p = calloc(3 * (size_t)game->n_slots + 1, sizeof *play->p);
  if (!play->p)
    return DM_E_MEMORY;
  play->size = play->p + game->n_slots;
  play->log_p = play->size + game->n_slots;
  return DM_OK;
}

void dm_play_clear(dm_play *play)
{
  free(play->p);
  memset(play, 0, sizeof *play);
}

void dm_play_tremble(dm_play *play)
{
  for (uint32_t i = 0; i < play->game->n_slots; i++) {
    double least = DM_TREMBLE_LOG + play->size[i];
    play->log_p[i] = play->p[i] > 0.0 ? fmax(dm_log(play->p[i]), least) : least;
  }
}

void dm_play_even(dm_play *play)
{
  memset(play->size, 0, play->game->n_slots * sizeof *play->size);
}

void dm_play_draw(dm_play *play, uint64_t seed, uint64_t draw)
{
  uint64_t key = dm_random_key("play.tremble");
  for (uint32_t i = 0; i < play->game->n_slots; i++)
    play->size[i] = -DM_TREMBLE_SPREAD * dm_random_uniform(seed, draw, key, i);
}

dm_slot_id dm_play_best(const dm_play *play, dm_set_id s, double *regret)
{
  const double *q = dm_sweep_q(play->sweep);
  uint32_t begin = play->game->set_slot[s];
  uint32_t end = play->game->set_slot[s + 1];
  uint32_t best = begin;
  for (uint32_t i = begin; i < end; i++)
    best = q[i] > q[best] ? i : best;
  *regret = 0.0;
  for (uint32_t i = begin; i < end; i++)
    *regret += play->p[i] * (q[best] - q[i]);
  return best;
}

void dm_play_move(dm_play *play, dm_set_id s, dm_slot_id best, double part)
{
  const dm_game *g = play->game;
  for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
    play->p[i] *= 1.0 - part;
  play->p[best] += part;
}

bool dm_play_pure(const dm_play *play, dm_set_id s)
{
  const dm_game *g = play->game;
  for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
    if (play->p[i] > 0.0 && play->p[i] < 1.0)
      return false;
  return true;
}
