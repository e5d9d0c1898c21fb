/* solve/play.h -- play that is mostly pure: probabilities with exact zeros, and
 * the trembles that stand for them.  Shared by completion and search. */
#ifndef DM_SOLVE_PLAY_H
#define DM_SOLVE_PLAY_H

#include "game/sweep.h"

/* Logarithm of the largest tremble: 1e-20, far below what a set may hold; and
 * how far, in logarithms, drawn ones go below it: eight orders of magnitude. */
#define DM_TREMBLE_LOG    (-46.0)
#define DM_TREMBLE_SPREAD 18.4

typedef struct dm_play {
  const dm_game *game; /* borrowed */
  dm_sweep *sweep;     /* borrowed */
  double tolerance;    /* regret that moves nobody, payoff units */
  double *p;           /* [n_slots] zeros allowed; each set sums to 1 */
  double *size;        /* [n_slots] log of each tremble against the largest */
  double *log_p;       /* [n_slots] p with trembles, as of the last run */
} dm_play;

/** Game and sweep borrowed.  DM_E_MEMORY leaves nothing held. */
dm_status dm_play_init(dm_play *play, const dm_game *game, dm_sweep *sweep)
    DM_MUST_USE;
void dm_play_clear(dm_play *play);

/** Fills log_p from p and the trembles. */
void dm_play_tremble(dm_play *play);

/** Sizes of trembles: even ones, or drawn for (seed, draw). */
void dm_play_even(dm_play *play);
void dm_play_draw(dm_play *play, uint64_t seed, uint64_t draw);

/** The best option (slot) of set s by the last sweep, and the regret of p. */
dm_slot_id dm_play_best(const dm_play *play, dm_set_id s, double *regret);

/** Moves p of set s by `part` towards `best`. */
void dm_play_move(dm_play *play, dm_set_id s, dm_slot_id best, double part);

/** Whether p picks one option of set s alone. */
bool dm_play_pure(const dm_play *play, dm_set_id s);

#endif
