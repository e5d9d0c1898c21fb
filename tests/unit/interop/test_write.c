/* What is written is read again, says the same, and is written alike. */
#include "unit.h"

#include "files.h"

#include <stdio.h>
#include <stdlib.h>

TEST(numbers_stay_as_written)
{
  dm_str out;
  fixed_point(
      EFG2 "c \"\" 5 \"dice\" { \"a\" .50 \"b\" 2/4 } 0 t \"\" 9 \"x\" "
           "{1.0e2 -007} t \"\" 9",
      DM_GAMBIT_EFG, &out);
  ASSERT_STR(
      dm_str_text(&out), "EFG 2 R \"g\" { \"A\" \"B\" }\n\n"
                         "c \"\" 5 \"dice\" { \"a\" .50 \"b\" 2/4 } 0\n"
                         "t \"\" 9 \"x\" { 1.0e2, -007 }\n"
                         "t \"\" 9 \"x\" { 1.0e2, -007 }\n");
  dm_str_clear(&out);
}

TEST(labels_become_unique)
{
  dm_str out;
  fixed_point(
      "EFG 2 R \"t\" { \"A\" \"A\" \"Chance\" \"\" \"A_1\" }\n"
      "p \"n\" 1 1 \"s\" { \"a\" \"a\" \"\" \"a_1\" \"\" } 0\n"
      "p \"n\" 1 2 \"s\" { \"a\" } 0\np \"n\" 2 1 \"s\" { \"a\" } 0\n"
      "t \"n\" 1 \"o\" { 1 1 1 1 1 }\nt \"\" 2 \"o\" { 1 1 1 1 1 }\n"
      "t \"n_1\" 0 t \"\" 0 t \"\" 0\n",
      DM_GAMBIT_EFG, &out);
  ASSERT_STR(
      dm_str_text(&out),
      "EFG 2 R \"t\" { \"A\" \"A_2\" \"Chance_1\" \"\" \"A_1\" }\n\n"
      "p \"n\" 1 1 \"s\" { \"a\" \"a_2\" \"\" \"a_1\" \"\" } 0\n"
      "p \"n_2\" 1 2 \"s_1\" { \"a\" } 0\n"
      "p \"n_3\" 2 1 \"s\" { \"a\" } 0\n"
      "t \"n_4\" 1 \"o\" { 1, 1, 1, 1, 1 }\n"
      "t \"\" 2 \"o_1\" { 1, 1, 1, 1, 1 }\n"
      "t \"n_1\" 0\nt \"\" 0\nt \"\" 0\n");
  dm_str_clear(&out);
}

TEST(odd_blanks_and_controls_leave_labels)
{
  dm_str out;
  fixed_point(
      "EFG 2 R \" the  title \" { \"  two  blanks \" }\n\" a  comment\n\"\n"
      "p \"a\tb\" 1 1 \"x\ny\" { \"\x01\" \"\xc2\x85z\" } 0 t \"   \" 0 t \"\" "
      "0",
      DM_GAMBIT_EFG, &out);
  ASSERT_STR(
      dm_str_text(&out),
      "EFG 2 R \" the  title \" { \"two blanks\" }\n\" a  comment\n\"\n\n"
      "p \"a b\" 1 1 \"x y\" { \"\" \"z\" } 0\nt \"\" 0\nt \"\" 0\n");
  dm_str_clear(&out);
}

TEST(quotes_and_backslashes)
{
  dm_str out;
  fixed_point(
      "EFG 2 R \"say \\\"hi\\\" \\n \\\\\" x\" { \"a\\b\" \"c\\ \" }\nt \"\" 0",
      DM_GAMBIT_EFG, &out);
  ASSERT_STR(
      dm_str_text(&out),
      "EFG 2 R \"say \\\"hi\\\" \\n \\\\\" x\" { \"a\\b\" \"c/\" }\n\n"
      "t \"\" 0\n");
  dm_str_clear(&out);
}

TEST(strategic_games)
{
  dm_str out;
  fixed_point(
      "NFG 1 D \"t\" { \"A\" \"B\" } { 2 2 } \"c\" 1 2 3 4 5 6 7 1/8",
      DM_GAMBIT_NFG, &out);
  ASSERT_STR(
      dm_str_text(&out),
      "NFG 1 R \"t\" { \"A\" \"B\" }\n{ 2 2 }\n\"c\"\n\n1 2 3 4\n5 6 7 1/8\n");
  dm_str_clear(&out);
  fixed_point(
      "NFG 1 D \"t\" { \"A\" \"B\" } {{\"u\" \"u\"} {\"l\"}} "
      "{{\"o\" 1 2}{\"o\" 3 4}} 2 0",
      DM_GAMBIT_NFG, &out);
  ASSERT_STR(
      dm_str_text(&out),
      "NFG 1 R \"t\" { \"A\" \"B\" }\n{ { \"u\" \"u_1\" } { \"l\" } }\n\n"
      "{\n{ \"o\" 1, 2 }\n{ \"o_1\" 3, 4 }\n}\n2 0\n");
  dm_str_clear(&out);
  fixed_point("NFG 1 R \"\" { } { }", DM_GAMBIT_NFG, &out);
  dm_str_clear(&out);
  fixed_point("NFG 1 R \"\" { } { } { { \"x\" } } 1", DM_GAMBIT_NFG, &out);
  dm_str_clear(&out);
}

TEST(games_of_the_examples)
{
  static const char *const name[] = {"crisis_signal.efg", "cheap_talk.efg",
                                     "inspection.efg",    "escalation.efg",
                                     "chicken.nfg",       "alliance.nfg"};
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
    char path[64];
    size_t size;
    dm_str out;
    snprintf(path, sizeof path, "examples/games/%s", name[i]);
    char *text = unit_read_file(path, &size);
    fixed_point(
        text, strstr(path, ".nfg") ? DM_GAMBIT_NFG : DM_GAMBIT_EFG, &out);
    ASSERT_TRUE(out.len > 100);
    dm_str_clear(&out);
    free(text);
  }
}

/* Many alike: the suffix goes on where the last one ended. */
TEST(ten_thousand_labels_alike)
{
  enum { COUNT = 10000 };
  dm_str text = {0}, out;
  dm_str_adds(&text, EFG2 "p \"\" 1 1 \"\" {");
  for (int i = 0; i < COUNT; i++)
    dm_str_adds(&text, " \"x\"");
  dm_str_adds(&text, " } 0\n");
  for (int i = 0; i < COUNT; i++)
    dm_str_adds(&text, "t \"y\" 0\n");
  fixed_point(dm_str_text(&text), DM_GAMBIT_EFG, &out);
  ASSERT_CONTAINS(dm_str_text(&out), "\"x_9999\" }");
  ASSERT_CONTAINS(dm_str_text(&out), "t \"y_9999\" 0");
  dm_str_clear(&text);
  dm_str_clear(&out);
}

TEST_MAIN(
    CASE(numbers_stay_as_written), CASE(labels_become_unique),
    CASE(odd_blanks_and_controls_leave_labels), CASE(quotes_and_backslashes),
    CASE(strategic_games), CASE(games_of_the_examples),
    CASE(ten_thousand_labels_alike))
