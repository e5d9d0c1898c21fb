/* bench/support/poker.h -- small card and dice games as plain trees: the games
 * on which regret minimisers are measured everywhere.
 *
 * Kuhn:  three cards, antes of 1, one bet of 1 (Kuhn 1950): 58 nodes with the
 *        deal as two chance moves, value -1/18 for the first player.
 * Leduc: six cards of three ranks and two suits, antes of 1, raises of 2 in the
 *        first round and 4 in the second, two raises a round at most, one
 *        public card between (Southey et al., UAI 2005): 9,457 nodes, 936
 *        information sets; 288 where players do not tell suits apart, which
 *        never matter.
 * Dice:  liar's dice, one die each of `sides` sides; bids rise in quantity, then
 *        in face; the highest face counts as any: 294,883 nodes with six
 *        sides. */
#ifndef DM_BENCH_POKER_H
#define DM_BENCH_POKER_H

#include "game/game.h"

typedef enum poker_kind {
  POKER_KUHN,
  POKER_LEDUC,
  POKER_LEDUC_RANKS, /* suits not told apart */
  POKER_DICE
} poker_kind;

/** *game is cleared by dm_game_clear.  sides: POKER_DICE only, 2 to 8. */
dm_status poker_build(poker_kind kind, uint32_t sides, dm_game *game)
    DM_MUST_USE;

#endif
