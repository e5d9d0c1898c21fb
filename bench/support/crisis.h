/* bench/support/crisis.h -- repeated crisis games of any size, to measure on.
 *
 * Two players contest a prize worth 1.  Nature deals each a private type, its
 * cost of war (two types each, independent, even chances).  In each round the
 * first and then the second player picks one of three options, seen by both.
 *
 * levels = 0, a tree.  Until somebody threatens: wait, threaten or concede.
 *   After it: hold, attack or back down.  Everybody remembers when the threat
 *   was made, so depth d has d + 1 public histories: 6 rounds are 943 nodes,
 *   156 information sets and 468 option slots.
 * levels > 0, a graph.  Tension moves on a scale: ease, hold or press; pressing
 *   is followed by nature, which may start a war by accident.  Only the
 *   level and the date are remembered, so a layer has 4 x levels nodes.
 *
 * Payoffs are ours and mean nothing beyond giving nontrivial odds. */
#ifndef DM_BENCH_CRISIS_H
#define DM_BENCH_CRISIS_H

#include "game/game.h"

typedef struct crisis_options {
  uint32_t rounds; /* at least 1 */
  uint32_t levels; /* 0: tree; else graph */
  bool shuffle;    /* number the nodes of a layer in a scrambled order:
                       children are then far apart in memory */
} crisis_options;

/** *game is cleared by dm_game_clear. */
dm_status crisis_build(const crisis_options *options, dm_game *game)
    DM_MUST_USE;

/** Rounds that make a tree of about `nodes`:
 *  7 + 12 T, T = d (d + 1) / 2, d = 2 rounds. */
uint32_t crisis_tree_rounds(double nodes);

#endif
