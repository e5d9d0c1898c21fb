/* Games written as files: what is read back is the same game. */
#include "unit.h"

#include "random_game.h"

#include "files.h"
#include "game/sweep.h"

#include <math.h>
#include <stdlib.h>

typedef struct source {
  dm_game game;
  double *cell;
} source;

static source random_source(uint64_t seed)
{
  source s;
  random_game_options o = {
      .seed = seed, .players = 3, .layers = 6, .width = 6, .payoff = 9};
  random_game(&o, &s.game);
  /* One sharpness for all. */
  for (uint32_t i = 0; i < s.game.n_sets; i++)
    s.game.set_sharp[i] = 1;
  s.cell = calloc(s.game.n_cells, sizeof *s.cell);
  dm_cells_run(&s.game, s.game.param_base, s.cell);
  return s;
}

static void drop(source *s)
{
  free(s->cell);
  dm_game_clear(&s->game);
}

/* Some strategy that is not uniform: p of option i proportional to i + 1. */
static dm_sweep *swept(const dm_game *g)
{
  dm_sweep *sweep = dm_sweep_new(g);
  double *log_p = calloc((size_t)g->n_slots + 1, sizeof *log_p);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double n = g->set_slot[s + 1] - g->set_slot[s];
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      log_p[i] = log((i - g->set_slot[s] + 1) / (n * (n + 1) / 2));
  }
  dm_sweep_run(sweep, log_p);
  free(log_p);
  return sweep;
}

static dm_gambit_game *read_back(const dm_str *text, dm_gambit **gambit)
{
  dm_gambit_game *game = NULL;
  *gambit = accept_bytes(text->at, text->len, DM_GAMBIT_EFG);
  ASSERT_OK(dm_gambit_game_make(*gambit, &game));
  return game;
}

/* Set numbers of a file follow the game's order within a player. */
static uint32_t set_by_id(const dm_gambit_game *b, uint32_t player, int64_t id)
{
  for (uint32_t i = 0; i < b->game.n_sets; i++)
    if (b->set_player[i] == player + 1 && b->set_id[i] == id)
      return i;
  FAIL("no set %lld", (long long)id);
  return 0;
}

TEST(random_games_come_back)
{
  for (uint64_t seed = 1; seed <= 60; seed++) {
    source s = random_source(seed);
    dm_gambit *out = NULL, *in = NULL;
    const char *why = NULL;
    dm_str text;
    ASSERT_OK(dm_gambit_from_game(&s.game, s.cell, NULL, 1000000, &out, &why));
    write_text(out, &text);
    dm_gambit_game *back = read_back(&text, &in);
    ASSERT_UINT(back->game.n_slots, s.game.n_slots);
    dm_sweep *a = swept(&s.game);
    dm_sweep *b = swept(&back->game);
    int64_t count[TREE_PLAYERS] = {0};
    for (uint32_t p = 0; p < 3; p++)
      ASSERT_NEAR(dm_sweep_value(b, 0, p), dm_sweep_value(a, 0, p), 1e-9);
    for (uint32_t i = 0; i < s.game.n_sets; i++) {
      uint32_t p = s.game.set_player[i];
      uint32_t k = set_by_id(back, p, ++count[p]);
      uint32_t n = s.game.set_slot[i + 1] - s.game.set_slot[i];
      ASSERT_NEAR_ARRAY(
          dm_sweep_q(b) + back->game.set_slot[k],
          dm_sweep_q(a) + s.game.set_slot[i], n, 1e-9);
    }
    dm_sweep_free(a);
    dm_sweep_free(b);
    dm_str_clear(&text);
    dm_gambit_game_free(back);
    dm_gambit_free(in);
    dm_gambit_free(out);
    drop(&s);
  }
}

TEST(a_game_read_is_exported_to_itself)
{
  static const char text[] =
      "EFG 2 R \"t\" { \"A\" \"B\" }\n\"c\"\n\n"
      "c \"\" 1 \"\" { \"storm\" 0.25 \"calm\" 0.75 } 0\n"
      "p \"\" 1 1 \"s\" { \"a\" \"b\" } 1 \"\" { 1, -1 }\n"
      "t \"\" 2 \"x\" { 0.1, 1e-10 }\n"
      "t \"\" 3 \"none\" { 0, 0 }\n"
      "p \"\" 2 1 \"\" { \"u\" } 0\n"
      "t \"\" 2 \"x\" { 0.1, 1e-10 }\n";
  dm_gambit *in = accept_efg(text), *out = NULL;
  dm_gambit_game *game = NULL;
  const char *why = NULL;
  dm_str str;
  ASSERT_OK(dm_gambit_game_make(in, &game));
  double *cell = calloc(game->game.n_cells, sizeof *cell);
  dm_cells_run(&game->game, game->game.param_base, cell);
  const char **edge = dm_gambit_edge_labels(in, game);
  ASSERT_NOT_NULL(edge);
  dm_game_names names = {
      .title = in->title,
      .edge = edge,
      .comment = in->comment,
      .player = in->player,
      .set = game->set_label,
      .slot = game->slot_label,
      .end = game->end_label};
  ASSERT_OK(dm_gambit_from_game(&game->game, cell, &names, 100, &out, &why));
  write_text(out, &str);
  ASSERT_STR(dm_str_text(&str), text);
  dm_gambit *none = NULL;
  ASSERT_STATUS(
      dm_gambit_from_game(&game->game, cell, &names, 5, &none, &why),
      DM_E_LIMIT);
  ASSERT_NULL(none);
  ASSERT_CONTAINS(why, "more nodes");
  free(cell);
  free(edge);
  dm_str_clear(&str);
  dm_gambit_free(out);
  dm_gambit_free(in);
  dm_gambit_game_free(game);
}

/* A payoff at the root is read as nature's move with one branch, and written as
 * it was; so are such moves of the game itself left out. */
TEST(certain_moves_are_left_out)
{
  static const char text[] = "EFG 2 R \"\" { \"A\" }\n\n"
                             "p \"\" 1 1 \"s\" { \"a\" } 1 \"\" { 3 }\n"
                             "c \"\" 1 \"\" { \"1\" 1 } 2 \"\" { 4 }\n"
                             "t \"\" 3 \"x\" { 5 }\n";
  dm_gambit *in = accept_efg(text), *out = NULL;
  dm_gambit_game *game = NULL;
  const char *why = NULL;
  dm_str str;
  ASSERT_OK(dm_gambit_game_make(in, &game));
  double *cell = calloc(game->game.n_cells, sizeof *cell);
  dm_cells_run(&game->game, game->game.param_base, cell);
  dm_game_names names = {
      .player = in->player,
      .set = game->set_label,
      .slot = game->slot_label,
      .end = game->end_label};
  ASSERT_UINT(game->game.n_nodes, 4);
  ASSERT_OK(dm_gambit_from_game(&game->game, cell, &names, 100, &out, &why));
  write_text(out, &str);
  /* The second move of nature pays, and so does its branch: it stays. */
  ASSERT_STR(dm_str_text(&str), text);
  free(cell);
  dm_str_clear(&str);
  dm_gambit_free(out);
  dm_gambit_free(in);
  dm_gambit_game_free(game);
}

/* ---- sharpness ----------------------------------------------------------- */

/* Two players, one move each, payoffs of 10 and 6. */
static void two_moves(double first, double second, double third, dm_game *game)
{
  tree *t = tree_new(2, 1);
  uint32_t a = tree_set(t, 0, 2, first);
  uint32_t b = tree_set(t, 1, 2, second);
  uint32_t c = tree_set(t, 1, 1, third);
  uint32_t root = tree_move(t, a);
  uint32_t left = tree_move(t, b);
  uint32_t right = tree_move(t, c);
  tree_edge(t, root, left, 0, NULL);
  tree_edge(t, root, right, 0, NULL);
  tree_leaf(t, left, 0, 0, (double[]){10, 6});
  tree_leaf(t, left, 0, 0, NULL);
  tree_leaf(t, right, 0, 0, (double[]){0, 6});
  tree_finish(t, game, NULL);
}

static dm_status export_two(
    double first, double second, double third, dm_gambit **out,
    const char **why)
{
  dm_game game;
  two_moves(first, second, third, &game);
  double *cell = calloc(game.n_cells, sizeof *cell);
  dm_cells_run(&game, game.param_base, cell);
  dm_status status = dm_gambit_from_game(&game, cell, NULL, 100, out, why);
  free(cell);
  dm_game_clear(&game);
  return status;
}

TEST(sharpness_is_scaled_into_payoffs)
{
  dm_gambit *g = NULL;
  const char *why = NULL;
  ASSERT_OK(export_two(0.1, 0.25, 0.25, &g, &why));
  ASSERT_CONTAINS(g->comment, "Payoffs of player 2 are multiplied by 2.5");
  ASSERT_CONTAINS(g->comment, "lambda 0.1");
  ASSERT_STR(g->outcome[0].pay[0].text, "10");
  ASSERT_STR(g->outcome[0].pay[1].text, "15");
  dm_gambit_free(g);
  ASSERT_OK(export_two(1, 1, 1, &g, &why));
  ASSERT_NULL(g->comment);
  dm_gambit_free(g);
  ASSERT_OK(export_two(2, 2, 2, &g, &why));
  ASSERT_STR(
      g->comment,
      "An answer at lambda 2 is the one at the declared sharpness.");
  ASSERT_STR(g->outcome[0].pay[1].text, "6");
  dm_gambit_free(g);
}

TEST(sharpness_that_differs_within_a_player)
{
  dm_gambit *g = NULL;
  const char *why = NULL;
  ASSERT_STATUS(export_two(1, 1, 2, &g, &why), DM_E_RANGE);
  ASSERT_NULL(g);
  ASSERT_CONTAINS(why, "differs between its information sets");
}

/* ---- drawings ------------------------------------------------------------ */

TEST(graphviz_and_json)
{
  dm_game game;
  dm_str dot = {0}, json = {0};
  two_moves(1, 1, 1, &game);
  double *cell = calloc(game.n_cells, sizeof *cell);
  dm_cells_run(&game, game.param_base, cell);
  static const char *const player[] = {"the \"A\" side", "B\\"};
  static const char *const set[] = {"s1", "s2", "s3"};
  static const char *const slot[] = {"l", "r", "u\nv", "d", "go"};
  static const char *const end[] = {"over"};
  dm_game_names names = {
      .title = "t", .player = player, .set = set, .slot = slot, .end = end};
  ASSERT_OK(dm_game_write_dot(&game, cell, &names, 10, &dot));
  ASSERT_CONTAINS(dm_str_text(&dot), "digraph game {");
  ASSERT_CONTAINS(dm_str_text(&dot), "label=\"the \\\"A\\\" side\\ns1\"");
  ASSERT_CONTAINS(dm_str_text(&dot), "B\\\\\\ns2");
  ASSERT_CONTAINS(dm_str_text(&dot), "u\\nv\\n(10, 6)");
  ASSERT_OK(dm_game_write_json(&game, cell, &names, 10, &json));
  ASSERT_CONTAINS(
      dm_str_text(&json), "\"players\": [\"the \\\"A\\\" side\", \"B\\\\\"]");
  ASSERT_CONTAINS(dm_str_text(&json), "\"options\": [\"u\\nv\", \"d\"]");
  ASSERT_CONTAINS(dm_str_text(&json), "\"pays\": [10, 6]");
  ASSERT_STATUS(dm_game_write_dot(&game, cell, &names, 2, &dot), DM_E_LIMIT);
  ASSERT_STATUS(dm_game_write_json(&game, cell, &names, 2, &json), DM_E_LIMIT);
  dm_str_clear(&dot);
  dm_str_clear(&json);
  free(cell);
  dm_game_clear(&game);
}

TEST_MAIN(
    CASE(random_games_come_back), CASE(a_game_read_is_exported_to_itself),
    CASE(certain_moves_are_left_out), CASE(sharpness_is_scaled_into_payoffs),
    CASE(sharpness_that_differs_within_a_player), CASE(graphviz_and_json))
