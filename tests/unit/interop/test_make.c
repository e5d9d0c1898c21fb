/* Games made from files: payoffs by hand, layers, sets, ways back. */
#include "unit.h"

#include "files.h"
#include "game/sweep.h"

#include <math.h>
#include <stdlib.h>

typedef struct made {
  dm_gambit *gambit;
  dm_gambit_game *game;
  dm_sweep *sweep;
} made;

static void check_cells(const dm_game *game)
{
  const char *why = NULL;
  double *cell = calloc(game->n_cells, sizeof *cell);
  dm_cells_run(game, game->param_base, cell);
  if (dm_game_check(game, cell, &why) != DM_OK)
    FAIL("%s", why);
  free(cell);
}

/* Swept with every option of a set equally likely. */
static made make(const char *text, dm_gambit_form form)
{
  made m = {.gambit = accept_bytes(text, strlen(text), form)};
  ASSERT_OK(dm_gambit_game_make(m.gambit, &m.game));
  const dm_game *g = &m.game->game;
  check_cells(g);
  m.sweep = dm_sweep_new(g);
  double *log_p = calloc((size_t)g->n_slots + 1, sizeof *log_p);
  for (uint32_t s = 0; s < g->n_sets; s++)
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      log_p[i] = -log(g->set_slot[s + 1] - g->set_slot[s]);
  dm_sweep_run(m.sweep, log_p);
  free(log_p);
  return m;
}

static void release(made *m)
{
  dm_sweep_free(m->sweep);
  dm_gambit_game_free(m->game);
  dm_gambit_free(m->gambit);
}

TEST(a_single_end)
{
  made m = make(EFG2 "t \"\" 0", DM_GAMBIT_EFG);
  ASSERT_UINT(m.game->game.n_nodes, 1);
  ASSERT_STR(m.game->end_label[0], "none");
  ASSERT_NEAR(dm_sweep_value(m.sweep, 0, 0), 0.0, 0.0);
  release(&m);
  m = make(EFG2 "t \"\" 4 \"\" { 3 -1/2 }", DM_GAMBIT_EFG);
  ASSERT_STR(m.game->end_label[0], "4");
  ASSERT_NEAR(dm_sweep_value(m.sweep, 0, 0), 3.0, 0.0);
  ASSERT_NEAR(dm_sweep_value(m.sweep, 0, 1), -0.5, 0.0);
  ASSERT_UINT(m.game->node[0], 1);
  release(&m);
}

TEST(payoffs_on_the_way_add_up)
{
  /* Root pays 1, its second branch 10 more, the end there 100 more. */
  made m = make(
      EFG2 "p \"\" 1 1 \"\" { \"a\" \"b\" } 1 \"r\" { 1 -1 }\n"
           "t \"\" 2 \"l\" { 5 7 }\n"
           "c \"\" 1 \"\" { \"x\" 1/4 \"y\" 3/4 } 3 \"c\" { 10 20 }\n"
           "t \"\" 4 \"e\" { 100 0 }\nt \"\" 0\n",
      DM_GAMBIT_EFG);
  ASSERT_NEAR(
      dm_sweep_value(m.sweep, 0, 0), 1 + 0.5 * 5 + 0.5 * (10 + 25), 1e-12);
  ASSERT_NEAR(dm_sweep_value(m.sweep, 0, 1), -1 + 0.5 * 7 + 0.5 * 20, 1e-12);
  ASSERT_NEAR(dm_sweep_q(m.sweep)[0], 5.0, 1e-12);
  ASSERT_NEAR(dm_sweep_q(m.sweep)[1], 35.0, 1e-12);
  ASSERT_UINT(m.game->game.n_ends, 3);
  ASSERT_STR(m.game->end_label[0], "l");
  ASSERT_STR(m.game->end_label[1], "e");
  ASSERT_STR(m.game->end_label[2], "none");
  /* Reach of the ending classes: 1/2, 1/8, 3/8. */
  ASSERT_NEAR(dm_sweep_reach(m.sweep, m.game->node[1]), 0.5, 1e-12);
  ASSERT_NEAR(dm_sweep_reach(m.sweep, m.game->node[3]), 0.125, 1e-12);
  ASSERT_NEAR(dm_sweep_reach(m.sweep, m.game->node[4]), 0.375, 1e-12);
  release(&m);
}

TEST(sets_by_player_then_appearance)
{
  made m = make(
      EFG2 "p \"\" 2 9 \"second's\" { \"a\" \"\" } 0\n"
           "p \"\" 1 5 \"five\" { \"l\" \"r\" \"m\" } 0\n"
           "t \"\" 0 t \"\" 0 t \"\" 0\n"
           "p \"\" 1 3 \"three\" { \"x\" } 0 t \"\" 0\n",
      DM_GAMBIT_EFG);
  ASSERT_UINT(m.game->game.n_sets, 3);
  ASSERT_UINT(m.game->set_player[0], 1);
  ASSERT_INT(m.game->set_id[0], 5);
  ASSERT_INT(m.game->set_id[1], 3);
  ASSERT_INT(m.game->set_id[2], 9);
  ASSERT_UINT(m.game->set_player[2], 2);
  ASSERT_STR(m.game->set_label[2], "second's");
  ASSERT_STR(m.game->slot_label[2], "m");
  ASSERT_STR(m.game->slot_label[3], "x");
  ASSERT_STR(m.game->slot_label[4], "a");
  ASSERT_STR(m.game->slot_label[5], "2");
  release(&m);
}

TEST(equal_rows_cells_and_ends_are_shared)
{
  made m = make(
      EFG2 "p \"\" 1 1 \"\" { \"a\" \"b\" \"c\" \"d\" } 0\n"
           "t \"\" 1 \"w\" { 2 3 } t \"\" 2 \"v\" { 2.0 6/2 } t \"\" 1\n"
           "t \"\" 3 \"z\" { 0 0 }",
      DM_GAMBIT_EFG);
  const dm_game *g = &m.game->game;
  ASSERT_UINT(g->n_rows, 2);
  ASSERT_UINT(g->n_cells, 4);
  ASSERT_UINT(g->n_ends, 3);
  ASSERT_UINT(g->n_nodes, 4);
  ASSERT_UINT(m.game->node[1], m.game->node[3]);
  ASSERT_TRUE(m.game->node[1] != m.game->node[2]);
  ASSERT_UINT(g->edge_row[3], 0);
  ASSERT_UINT(g->set_sharp[0], 1);
  release(&m);
}

/* One branch comes to the set one move later: it is held back. */
TEST(a_set_waits_for_its_last_node)
{
  made m = make(
      EFG2 "c \"\" 1 \"\" { \"l\" 1/2 \"r\" 1/2 } 0\n"
           "p \"\" 1 1 \"\" { \"a\" \"b\" } 0 t \"\" 0 t \"\" 0\n"
           "p \"\" 2 1 \"\" { \"c\" } 0\np \"\" 1 1 0 t \"\" 0 t \"\" 0\n",
      DM_GAMBIT_EFG);
  ASSERT_TRUE(dm_sweep_timed(m.sweep));
  ASSERT_UINT(m.game->game.set_layer[0], 2);
  ASSERT_UINT(m.game->game.n_layers, 4);
  release(&m);
}

/* Two sets that precede one another: no order puts each in one layer.  The
 * third set, which is apart from them, still has one. */
TEST(sets_that_cannot_be_timed)
{
  made m = make(
      EFG2 "c \"\" 1 \"\" { \"l\" 1/2 \"r\" 1/2 } 0\n"
           "p \"\" 1 1 \"\" { \"a\" \"b\" } 0\n"
           "p \"\" 2 1 \"\" { \"a\" \"b\" } 0\n"
           "p \"\" 1 2 \"\" { \"q\" } 0 t \"\" 0\n"
           "t \"\" 1 \"x\" { 4 0 } t \"\" 0\n"
           "p \"\" 2 1 0\np \"\" 1 1 0\nt \"\" 1 t \"\" 0\n"
           "c \"\" 1 0 t \"\" 0\np \"\" 1 2 0 t \"\" 0\n",
      DM_GAMBIT_EFG);
  const dm_game *g = &m.game->game;
  ASSERT_FALSE(dm_sweep_timed(m.sweep));
  ASSERT_NEAR(
      dm_sweep_value(m.sweep, 0, 0), 0.5 * 0.25 * 4 + 0.5 * 0.25 * 4, 1e-12);
  /* Set 2 of player 1 comes after both. */
  uint32_t layers = 0;
  for (uint32_t l = 0; l < g->n_layers; l++)
    for (uint32_t n = g->layer_node[l]; n < g->layer_node[l + 1]; n++)
      if (g->node_set[n] == 1 && (n == 0 || g->node_set[n - 1] != 1))
        layers++;
  ASSERT_UINT(layers, 1);
  release(&m);
}

/* The driver who cannot tell the exits apart, both of them with 1/2: beliefs
 * 2/3 and 1/3 over the two corners. */
TEST(an_absent_minded_driver)
{
  made m = make(
      "EFG 2 R \"\" { \"driver\" }\np \"\" 1 1 \"\" { \"exit\" \"go\" } 0\n"
      "t \"\" 1 \"early\" { 0 }\np \"\" 1 1 0\nt \"\" 2 \"home\" { 4 }\n"
      "t \"\" 3 \"late\" { 1 }\n",
      DM_GAMBIT_EFG);
  ASSERT_FALSE(dm_sweep_timed(m.sweep));
  ASSERT_UINT(m.game->game.n_sets, 1);
  ASSERT_NEAR(dm_sweep_value(m.sweep, 0, 0), 0.25 * 4 + 0.25, 1e-12);
  ASSERT_NEAR(dm_sweep_q(m.sweep)[0], (2 * 0.0 + 1 * 4.0) / 3, 1e-12);
  ASSERT_NEAR(dm_sweep_q(m.sweep)[1], (2 * 2.5 + 1 * 1.0) / 3, 1e-12);
  release(&m);
}

TEST(a_strategic_game_is_a_tree)
{
  made m = make(
      "NFG 1 R \"\" { \"A\" \"B\" } { { \"u\" \"d\" } { \"l\" \"m\" \"r\" } }\n"
      "1 0  2 0  3 0  4 0  5 0  6 6\n",
      DM_GAMBIT_NFG);
  const dm_game *g = &m.game->game;
  ASSERT_UINT(g->n_sets, 2);
  ASSERT_UINT(g->n_slots, 5);
  ASSERT_UINT(g->n_ends, 6);
  ASSERT_TRUE(dm_sweep_timed(m.sweep));
  ASSERT_NEAR(dm_sweep_value(m.sweep, 0, 0), 3.5, 1e-12);
  /* Player 1's strategy varies fastest: u meets 1, 3, 5. */
  ASSERT_NEAR(dm_sweep_q(m.sweep)[0], 3.0, 1e-12);
  ASSERT_NEAR(dm_sweep_q(m.sweep)[1], 4.0, 1e-12);
  ASSERT_NEAR(dm_sweep_q(m.sweep)[2], 0.0, 1e-12);
  ASSERT_NEAR(dm_sweep_q(m.sweep)[4], 3.0, 1e-12);
  bool found = false;
  for (uint32_t i = 0; i < g->n_ends; i++)
    found = found || strcmp(m.game->end_label[i], "d, r") == 0;
  ASSERT_TRUE(found);
  release(&m);
}

TEST(cells_by_outcome)
{
  made m = make(
      "NFG 1 R \"\" { \"A\" \"B\" \"C\" } { 2 1 2 }\n"
      "{ { \"one\" 1 2 3 } { \"\" 8 0 0 } } 1 0 2 1\n",
      DM_GAMBIT_NFG);
  const dm_game *g = &m.game->game;
  ASSERT_UINT(g->n_ends, 3);
  ASSERT_UINT(g->n_nodes, 1 + 2 + 2 + 3);
  ASSERT_NEAR(dm_sweep_value(m.sweep, 0, 0), (1 + 0 + 8 + 1) / 4.0, 1e-12);
  ASSERT_NEAR(dm_sweep_q(m.sweep)[0], (1 + 8) / 2.0, 1e-12);
  ASSERT_STR(m.game->slot_label[3], "1");
  release(&m);
  m = make("NFG 1 R \"\" { } { }", DM_GAMBIT_NFG);
  ASSERT_UINT(m.game->game.n_nodes, 1);
  release(&m);
}

TEST_MAIN(
    CASE(a_single_end), CASE(payoffs_on_the_way_add_up),
    CASE(sets_by_player_then_appearance),
    CASE(equal_rows_cells_and_ends_are_shared),
    CASE(a_set_waits_for_its_last_node), CASE(sets_that_cannot_be_timed),
    CASE(an_absent_minded_driver), CASE(a_strategic_game_is_a_tree),
    CASE(cells_by_outcome))
