/* Rules of the two formats, one by one. */
#include "unit.h"

#include "files.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what is read -------------------------------------------------------- */

TEST(a_whole_extensive_game)
{
  dm_gambit *g = accept_efg(
      "EFG 2 R \"The title\" { \"north\" \"south\" }\n\"a comment\"\n"
      "c \"root\" 1 \"dice\" { \"low\" 1/3 \"high\" .66666666666 \"x\" "
      "2/300000000000 \"y\" 0.0 } 0\n"
      "p \"\" 1 7 \"alpha\" { \"a\" \"b\" } 3 \"paid\" { 1, -2 }\n"
      "t \"\" 0\nt \"\" 3\n"
      "p \"\" 1 7 0\nt \"\" 3 \"paid\" { 1 -2 }\nt \"\" 0\n"
      "t \"\" -4 \"odd\" { .5 1/2, }\nt \"\" 0\n");
  ASSERT_STR(g->title, "The title");
  ASSERT_STR(g->comment, "a comment");
  ASSERT_UINT(g->n_players, 2);
  ASSERT_STR(g->player[1], "south");
  ASSERT_UINT(g->n_sets, 2);
  ASSERT_UINT(g->n_nodes, 9);
  ASSERT_UINT(g->n_outcomes, 2);
  ASSERT_UINT(g->set[0].player, UINT32_MAX);
  ASSERT_STR(g->set[0].chance[1].text, ".66666666666");
  ASSERT_SAME_BITS(g->set[0].chance[0].value, 1.0 / 3.0);
  ASSERT_INT(g->set[1].id, 7);
  ASSERT_STR(g->set[1].label, "alpha");
  ASSERT_STR(g->set[1].action[1], "b");
  ASSERT_UINT(g->set[1].first_node, 1);
  ASSERT_UINT(g->node[0].parent, UINT32_MAX);
  ASSERT_UINT(g->node[4].parent, 0);
  ASSERT_UINT(g->node[5].parent, 4);
  ASSERT_UINT(g->node[4].set, 1);
  ASSERT_UINT(g->node[1].outcome, 1);
  ASSERT_UINT(g->node[3].outcome, 1);
  ASSERT_INT(g->outcome[1].id, -4);
  ASSERT_STR(g->outcome[1].pay[0].text, ".5");
  ASSERT_NEAR(g->outcome[0].pay[1].value, -2.0, 0.0);
  dm_gambit_free(g);
}

TEST(marks_need_no_blanks)
{
  dm_gambit *g = accept_efg(
      "EFG 2 D \"\"{\"A\"}p\t\"\"1 1\"\"{\"x\"\"y\"}0\r\nt \"\"1\"o\"{1}t "
      "\"\"1\"o\"{1,}");
  ASSERT_UINT(g->n_nodes, 3);
  ASSERT_NULL(g->comment);
  dm_gambit_free(g);
}

TEST(texts_and_their_escapes)
{
  dm_gambit *g = accept_efg(
      "EFG 2 R \"say \\\"hi\\\" \\n \\\\\" still\nhere\" { } t \"caf\xc3\xa9\" "
      "0");
  ASSERT_STR(g->title, "say \"hi\" \\n \\\\\" still\nhere");
  ASSERT_STR(g->node[0].label, "caf\xc3\xa9");
  dm_gambit_free(g);
  g = accept_efg("\xef\xbb\xbf" EFG2 "t \"\" 0");
  ASSERT_UINT(g->n_nodes, 1);
  dm_gambit_free(g);
}

TEST(any_number_of_players)
{
  dm_gambit *g = accept_efg("EFG 2 R \"\" { }\nt \"\" 5 \"x\" { }\n");
  ASSERT_UINT(g->n_players, 0);
  ASSERT_STR(g->outcome[0].label, "x");
  dm_gambit_free(g);
  g = accept_nfg("NFG 1 R \"\" { } { }");
  ASSERT_UINT(g->n_cells, 1);
  dm_gambit_free(g);
}

TEST(labels_may_be_alike)
{
  dm_gambit *g = accept_efg(
      "EFG 2 R \"\" { \"A\" \"A\" \"\" \"Chance\" }\n"
      "p \"n\" 1 1 \"s\" { \"a\" \"a\" } 0\n"
      "p \"n\" 1 2 \"s\" { \"\" \"\" } 0\n"
      "t \"n\" 1 \"o\" { 1 1 1 1 } t \"n\" 2 \"o\" { 2 2 2 2 } t \"n\" 0");
  ASSERT_UINT(g->n_sets, 2);
  ASSERT_UINT(g->n_outcomes, 2);
  dm_gambit_free(g);
}

TEST(sets_are_numbered_by_player)
{
  dm_gambit *g =
      accept_efg(EFG2 "c \"\" 1 \"\" { \"a\" 1 \"b\" 0 } 0\n"
                      "p \"\" 1 1 \"\" { \"a\" } 0 t \"\" 0\n"
                      "p \"\" 2 1 \"\" { \"b\" \"c\" } 0 t \"\" 0 t \"\" 0\n");
  ASSERT_UINT(g->n_sets, 3);
  ASSERT_UINT(g->set[1].n_actions, 1);
  ASSERT_UINT(g->set[2].n_actions, 2);
  dm_gambit_free(g);
}

/* More players than the array's chain holds have a set 1; and large, negative
 * and zero numbers. */
TEST(numbers_of_all_sizes)
{
  dm_str text = {0};
  dm_str_adds(
      &text, "EFG 2 R \"\" { \"a\" \"b\" \"c\" \"d\" \"e\" \"f\" \"g\" }\n");
  for (int round = 0; round < 2; round++)
    for (unsigned a = 1; a <= 7; a++)
      dm_str_addf(
          &text, "p \"\" %u 1 %s 0\n", a, round ? "" : "\"\" { \"x\" }");
  static const char *const id[] = {
      "0", "-3", "999999999999999999", "123456789", "2"};
  for (int round = 0; round < 2; round++)
    for (size_t i = 0; i < 5; i++)
      dm_str_addf(
          &text, "p \"\" 1 %s %s 0\n", id[i], round ? "" : "\"\" { \"x\" }");
  dm_str_adds(
      &text, "p \"\" 1 1 \"\" { \"x\" } 888888888888 \"o\" { 1 2 3 4 5 "
             "6 7 }\nt \"\" 888888888888");
  dm_gambit *g = accept_bytes(text.at, text.len, DM_GAMBIT_EFG);
  ASSERT_UINT(g->n_sets, 12);
  ASSERT_UINT(g->n_outcomes, 1);
  for (uint32_t n = 0; n < 7; n++)
    ASSERT_UINT(g->node[n].set, g->node[n + 7].set);
  for (uint32_t n = 14; n < 19; n++)
    ASSERT_UINT(g->node[n].set, g->node[n + 5].set);
  dm_gambit_free(g);
  dm_str_clear(&text);
}

TEST(strategic_games)
{
  dm_gambit *g = accept_nfg(
      "NFG 1 R \"t\" { \"A\" \"B\" } { 2 3 } \"note\"\n1 2 3 4 5 6 7 8 9 10 "
      "11 2/3");
  ASSERT_UINT(g->n_cells, 6);
  ASSERT_FALSE(g->by_outcome);
  ASSERT_NULL(g->strategy);
  ASSERT_UINT(g->n_strategies[1], 3);
  ASSERT_STR(g->comment, "note");
  ASSERT_STR(g->cell_pay[11].text, "2/3");
  dm_gambit_free(g);
  g = accept_nfg("NFG 1 D \"t\" { \"A\" \"B\" } { { \"u\" \"d\" } { \"l\" } }\n"
                 "{ { \"one\" 1, 2 } { \"two\" 3 4 } } 2 0");
  ASSERT_TRUE(g->by_outcome);
  ASSERT_STR(g->strategy[0][1], "d");
  ASSERT_UINT(g->cell_outcome[0], 2);
  ASSERT_UINT(g->cell_outcome[1], 0);
  dm_gambit_free(g);
}

TEST(a_deep_tree)
{
  enum { DEPTH = 100000 };
  dm_str text = {0};
  dm_str_adds(&text, EFG2);
  for (uint32_t i = 0; i < DEPTH; i++)
    dm_str_addf(
        &text, "p \"\" %u %u \"\" { \"a\" \"b\" } 0\nt \"\" 0\n",
        (unsigned)(1 + i % 2), (unsigned)i);
  dm_str_adds(&text, "t \"\" 1 \"end\" { 1 2 }\n");
  dm_gambit *g = accept_bytes(text.at, text.len, DM_GAMBIT_EFG);
  ASSERT_UINT(g->n_nodes, 2 * DEPTH + 1);
  dm_gambit_game *made = NULL;
  ASSERT_OK(dm_gambit_game_make(g, &made));
  ASSERT_UINT(made->game.n_layers, DEPTH + 1);
  dm_gambit_game_free(made);
  dm_gambit_free(g);
  dm_str_clear(&text);
}

/* ---- what is refused ----------------------------------------------------- */

TEST(the_encoding)
{
  REFUSE_EFG("EFG 2 R \"caf\xe9\" { }\n", "E101", 1, 13, 1, "e9");
  refuse_bytes(
      "EFG 2 R \"a\0b\" { }", 18, DM_GAMBIT_EFG, "E101", 1, 11, 1, "zero byte");
}

TEST(the_head)
{
  REFUSE_EFG("", "E102", 1, 1, 1, "EFG");
  REFUSE_EFG("NFG 1 R \"\" { } { }", "E102", 1, 1, 3, "other kind");
  REFUSE_NFG("EFG 2 R \"\" { } t \"\" 0", "E102", 1, 1, 3, "other kind");
  REFUSE_EFG("EFG 1 R \"\" { }", "E102", 1, 5, 1, "version 2");
  REFUSE_EFG("EFG 2 Q \"\" { }", "E102", 1, 7, 1, "R or D");
  REFUSE_EFG("EFG 2 R title { }", "E103", 1, 9, 5, "title");
  REFUSE_EFG("EFG 2 R \"t\" \"A\"", "E103", 1, 13, 3, "players");
  REFUSE_EFG("EFG 2 R \"t\" { \"A\", }", "E103", 1, 18, 1, "name");
  REFUSE_EFG("EFG 2 R \"t\" { \"A\"", "E114", 1, 15, 3, "name");
}

TEST(nodes)
{
  REFUSE_EFG(EFG2, "E114", 1, 23, 1, "no node");
  REFUSE_EFG(EFG2 "x \"\" 0", "E103", 2, 1, 1, "a node");
  REFUSE_EFG(EFG2 "t\"\" 0", "E103", 2, 1, 1, "a node");
  REFUSE_EFG(EFG2 "# note\nt \"\" 0", "E103", 2, 1, 1, "a node");
  REFUSE_EFG(EFG2 "t 0", "E103", 2, 3, 1, "node's label");
  REFUSE_EFG(EFG2 "t \"\"", "E114", 2, 3, 2, "outcome");
  REFUSE_EFG(EFG2 "t \"\" 0 t \"\" 0", "E115", 2, 8, 1, "complete");
  REFUSE_EFG(EFG2 "t \"\" 0\nmore", "E115", 3, 1, 4, "complete");
  REFUSE_EFG(EFG2 "t \"o\n\n", "E104", 2, 3, 2, "runs to the end");
  REFUSE_EFG(
      EFG2 "p \"\" 1 1 \"\" { \"a\" \"b\" } 0\nt \"\" 0\n", "E114", 3, 6, 1,
      "branch 2 (\"b\") of the move on line 2");
}

TEST(players_and_sets)
{
  REFUSE_EFG(EFG2 "p \"\" 3 1 \"\" { \"a\" } 0", "E107", 2, 6, 1, "player 3");
  REFUSE_EFG(EFG2 "p \"\" 0 1 \"\" { \"a\" } 0", "E107", 2, 6, 1, "player 0");
  REFUSE_EFG(EFG2 "p \"\" 1 1 0", "E108", 2, 8, 1, "set 1");
  REFUSE_EFG(EFG2 "p \"\" 1 1 \"\" 0", "E103", 2, 13, 1, "choices");
  REFUSE_EFG(EFG2 "p \"\" 1 1 \"\" { } 0", "E116", 2, 8, 1, "choice");
  REFUSE_EFG(EFG2 "p \"\" 1 x \"\" { } 0", "E103", 2, 8, 1, "information set");
  REFUSE_EFG(
      EFG2 "p \"\" 1 99999999999999999999 \"\" { } 0", "E106", 2, 8, 20,
      "18 digits");
  static const char first[] = EFG2 "p \"\" 1 1 \"s\" { \"a\" \"b\" } 0\n";
  static const char *const other[] = {
      "p \"\" 1 1 \"z\" { \"a\" \"b\" } 0",
      "p \"\" 1 1 \"s\" { \"b\" \"a\" } 0", "p \"\" 1 1 \"s\" { \"a\" } 0",
      "p \"\" 1 1 \"s\" { \"a\" \"b\" \"c\" } 0"};
  for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
    char text[256];
    snprintf(text, sizeof text, "%s%s", first, other[i]);
    REFUSE_EFG(text, "E109", 3, 8, 1, "earlier line");
  }
}

TEST(outcomes)
{
  REFUSE_EFG(EFG2 "t \"\" 1", "E110", 2, 6, 1, "outcome 1");
  REFUSE_EFG(EFG2 "t \"\" 0 \"x\" { 1 2 }", "E103", 2, 6, 1, "none");
  REFUSE_EFG(EFG2 "t \"\" 1 { 1 2 }", "E110", 2, 6, 1, "outcome 1");
  REFUSE_EFG(EFG2 "t \"\" 1 \"x\" { 1 }", "E112", 2, 16, 1, "\"B\"");
  REFUSE_EFG(
      EFG2 "t \"\" 1 \"x\" { 1 2 3 }", "E112", 2, 18, 1, "one payoff more");
  REFUSE_EFG(EFG2 "t \"\" 1 \"x\" { 1 , , 2 }", "E103", 2, 18, 1, "a payoff");
  REFUSE_EFG(
      EFG2 "p \"\" 1 1 \"\" { \"a\" \"b\" } 0\nt \"\" 1 \"x\" { 1 2 }\n"
           "t \"\" 1 \"x\" { 1.0 2 }",
      "E111", 4, 6, 1, "earlier line");
}

TEST(numbers)
{
  REFUSE_EFG(EFG2 "t \"\" 1 \"x\" { +1 2 }", "E105", 2, 14, 2, "plus");
  REFUSE_EFG(EFG2 "t \"\" 1 \"x\" { 1e+2 2 }", "E105", 2, 14, 4, "plus");
  REFUSE_EFG(EFG2 "t \"\" 1 \"x\" { 1/-3 2 }", "E105", 2, 14, 4, "fraction");
  REFUSE_EFG(EFG2 "t \"\" 1 \"x\" { 1/0 2 }", "E105", 2, 14, 3, "zero");
  REFUSE_EFG(EFG2 "t \"\" 1 \"x\" { .5e3 2 }", "E105", 2, 14, 4, "point");
  REFUSE_EFG(EFG2 "t \"\" 1 \"x\" { - 2 }", "E105", 2, 14, 1, "no number");
  REFUSE_EFG(EFG2 "t \"\" 1 \"x\" { . 2 }", "E105", 2, 14, 1, "no number");
  REFUSE_EFG(EFG2 "t \"\" 1 \"x\" { 0x1 2 }", "E105", 2, 14, 3, "no number");
  REFUSE_EFG(EFG2 "t \"\" 1 \"x\" { nan 2 }", "E103", 2, 14, 3, "payoff");
  REFUSE_EFG(EFG2 "t \"\" 1 \"x\" { 1e400 2 }", "E106", 2, 14, 5, "1e140");
  REFUSE_EFG(EFG2 "t \"\" 1 \"x\" { -1e141 2 }", "E106", 2, 14, 6, "1e140");
}

TEST(chances)
{
  REFUSE_EFG(
      EFG2 "c \"\" 1 \"\" { \"a\" 1/3 \"b\" 1/3 } 0", "E113", 2, 6, 1, "2/3");
  REFUSE_EFG(
      EFG2 "c \"\" 1 \"\" { \"a\" -1/2 \"b\" 3/2 } 0", "E113", 2, 17, 4,
      "negative");
  REFUSE_EFG(
      EFG2 "c \"\" 1 \"\" { \"a\" \"b\" } 0", "E103", 2, 17, 3, "chance");
  REFUSE_EFG(
      EFG2 "c \"\" 1 \"\" { \"a\" 1e-5000 \"b\" 1 } 0", "E106", 2, 6, 1,
      "too many digits");
  REFUSE_EFG(
      EFG2 "c \"\" 1 \"\" { \"a\" 1/2 \"b\" 1/2 } 0\n"
           "c \"\" 1 \"\" { \"a\" .5 \"b\" 1/2 } 0",
      "E109", 3, 6, 1, "earlier line");
}

TEST(strategic_faults)
{
  REFUSE_NFG("NFG 1 R \"\" { \"A\" } { 2 } 1", "E114", 1, 26, 1, "payoff");
  REFUSE_NFG(
      "NFG 1 R \"\" { \"A\" } { 2 } 1 2 3", "E115", 1, 30, 1, "complete");
  REFUSE_NFG("NFG 1 R \"\" { \"A\" } { 2 } 1, 2", "E103", 1, 27, 1, "blanks");
  REFUSE_NFG("NFG 1 R \"\" { \"A\" } { 0 }", "E116", 1, 22, 1, "\"A\"");
  REFUSE_NFG("NFG 1 R \"\" { \"A\" } { { } }", "E116", 1, 22, 1, "\"A\"");
  REFUSE_NFG("NFG 1 R \"\" { \"A\" } { 1 1 } 1 1", "E103", 1, 24, 1, "brace");
  REFUSE_NFG(
      "NFG 1 R \"\" { \"A\" \"B\" } { 2000000000 2000000000 } 1", "E114", 1, 50,
      1, "too short");
  REFUSE_NFG(
      "NFG 1 R \"\" { \"A\" } { 1 } { { \"o\" 1 } } 2", "E110", 1, 40, 1,
      "no outcome 2");
  REFUSE_NFG(
      "NFG 1 R \"\" { \"A\" } { 1 } { { \"o\" } } 1", "E112", 1, 34, 1,
      "\"A\"");
}

TEST(places_count_characters_and_lines_of_texts)
{
  /* A text over two lines; letters of two bytes before the fault. */
  REFUSE_EFG(
      EFG2 "\"a\nb\"\nt \"\xc3\xa9\xc3\xa9\" 1", "E110", 4, 8, 1, "outcome 1");
}

TEST_MAIN(
    CASE(a_whole_extensive_game), CASE(marks_need_no_blanks),
    CASE(texts_and_their_escapes), CASE(any_number_of_players),
    CASE(labels_may_be_alike), CASE(sets_are_numbered_by_player),
    CASE(numbers_of_all_sizes), CASE(strategic_games), CASE(a_deep_tree),
    CASE(the_encoding), CASE(the_head), CASE(nodes), CASE(players_and_sets),
    CASE(outcomes), CASE(numbers), CASE(chances), CASE(strategic_faults),
    CASE(places_count_characters_and_lines_of_texts))
