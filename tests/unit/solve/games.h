/* Games of a few nodes, for the tests of this folder.  Included after unit.h. */
#ifndef DM_TESTS_SOLVE_GAMES_H
#define DM_TESTS_SOLVE_GAMES_H

#include "tree.h"

/* Two players choose at once between two options; pay is (own, other) of the
 * cells 00, 01, 10, 11. */
static inline void game_matrix(dm_game *game, double pay[4][2])
{
  tree *t = tree_new(2, 4);
  uint32_t row = tree_set(t, 0, 2, 1.0);
  uint32_t column = tree_set(t, 1, 2, 1.0);
  uint32_t root = tree_move(t, row);
  uint32_t n[2];
  for (int i = 0; i < 2; i++) {
    n[i] = tree_move(t, column);
    tree_edge(t, root, n[i], 0.0, NULL);
  }
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++)
      tree_leaf(t, n[i], (uint32_t)(2 * i + j), 0.0, pay[2 * i + j]);
  tree_finish(t, game, NULL);
}

/* Swerve or stand; the disaster costs 10. */
static inline void game_chicken(dm_game *game)
{
  double pay[4][2] = {{0, 0}, {-1, 1}, {1, -1}, {-10, -10}};
  game_matrix(game, pay);
}

/* Selten (1975), figure 1. */
static inline void game_horse(dm_game *game)
{
  tree *t = tree_new(3, 5);
  uint32_t set[3];
  for (uint32_t a = 0; a < 3; a++)
    set[a] = tree_set(t, a, 2, 1.0);
  uint32_t one = tree_move(t, set[0]);
  uint32_t two = tree_move(t, set[1]);
  uint32_t left = tree_move(t, set[2]);
  uint32_t right = tree_move(t, set[2]);
  tree_edge(t, one, two, 0.0, NULL);
  tree_edge(t, one, right, 0.0, NULL);
  tree_leaf(t, two, 0, 0.0, (double[]){1, 1, 1});
  tree_edge(t, two, left, 0.0, NULL);
  tree_leaf(t, left, 1, 0.0, (double[]){4, 4, 0});
  tree_leaf(t, left, 2, 0.0, (double[]){0, 0, 1});
  tree_leaf(t, right, 3, 0.0, (double[]){3, 2, 2});
  tree_leaf(t, right, 4, 0.0, (double[]){0, 0, 0});
  tree_finish(t, game, NULL);
}

#endif
