/* Histories, decision tables and reasons. */
#include "scenario.h"

#include <math.h>

/* A regression tree over two facts of which only the second matters. */
TEST(a_tree_drops_what_changes_nothing)
{
  enum { N = 6 };
  static const double weight[N] = {1, 1, 1, 1, 1, 1};
  static const double p[N * 2] = {0.9, 0.1, 0.9, 0.1, 0.9, 0.1,
                                  0.2, 0.8, 0.2, 0.8, 0.2, 0.8};
  static const uint8_t value[N * 2] = {0, 0, 1, 0, 2, 0, 0, 1, 1, 1, 2, 1};
  static const uint8_t n_values[] = {3, 2};
  static const bool ordered[] = {true, true};
  dm_tree_data data = {N, 2, 2, weight, p, value, n_values, ordered};
  dm_arena arena;
  dm_arena_init(&arena, 0);
  ASSERT_INT(setjmp(arena.jump), 0);
  dm_tree tree = dm_tree_fit(&arena, &data, 3, 8, 0.02);
  ASSERT_UINT(tree.facts, 2);
  ASSERT_UINT(tree.n_leaves, 2);
  ASSERT_NEAR(tree.error, 0, 1e-15);
  for (uint32_t k = 0; k < 2; k++) {
    bool low = tree.leaf[k].mask[1] == 1;
    ASSERT_UINT(tree.leaf[k].mask[0], 7);
    ASSERT_NEAR(tree.leaf[k].mean[0], low ? 0.9 : 0.2, 1e-15);
    ASSERT_NEAR(tree.leaf[k].weight, 3, 0);
    ASSERT_NEAR(tree.leaf[k].spread, 0, 1e-15);
  }
  dm_arena_clear(&arena);
}

TEST(a_tree_tells_its_spread_and_keeps_to_its_rows)
{
  enum { N = 20 };
  double weight[N], p[N];
  uint8_t value[N], n_values = N;
  bool ordered = true;
  for (uint32_t i = 0; i < N; i++) {
    weight[i] = 1;
    p[i] = i / 19.0;
    value[i] = (uint8_t)i;
  }
  dm_tree_data data = {N, 1, 1, weight, p, value, &n_values, &ordered};
  dm_arena arena;
  dm_arena_init(&arena, 0);
  ASSERT_INT(setjmp(arena.jump), 0);
  dm_tree tree = dm_tree_fit(&arena, &data, 1, 4, 0.001);
  ASSERT_UINT(tree.n_leaves, 4);
  double weights = 0;
  uint64_t covered = 0;
  for (uint32_t k = 0; k < 4; k++) {
    weights += tree.leaf[k].weight;
    ASSERT_UINT(covered & tree.leaf[k].mask[0], 0);
    covered |= tree.leaf[k].mask[0];
    for (uint32_t i = 0; i < N; i++)
      if (tree.leaf[k].mask[0] >> i & 1)
        ASSERT_TRUE(
            fabs(p[i] - tree.leaf[k].mean[0]) <= tree.leaf[k].spread + 1e-15);
  }
  ASSERT_NEAR(weights, N, 0);
  ASSERT_UINT(covered, (UINT64_C(1) << N) - 1);
  dm_arena_clear(&arena);
}

/* What iran does turns on heat, and not on colour. */
static const char TURNS[] = "scenario facts\n"
                            "  turns 1 to 2\n"
                            "  otherwise quiet\n"
                            "actor iran \"the Other\" sharpness 0.1\n"
                            "state heat 0..2 = 0 25%, 1 25%, 2 rest public\n"
                            "state colour 0..2 = 0 25%, 1 25%, 2 rest public\n"
                            "choice act of iran from 2\n"
                            "  wait\n"
                            "  hit -> end war\n"
                            "payoff iran\n"
                            "  war (30 * heat - 30)\n"
                            "  quiet 0\n";

TEST(a_decision_table_keeps_what_the_choice_turns_on)
{
  dm_scenario *s = read_text(TURNS);
  dm_result *r = run_text(s, NULL);
  ASSERT_UINT(r->n_tables, 1);
  const dm_r_table *t = &r->table[0];
  ASSERT_STR(t->choice, "act");
  ASSERT_STR(t->actor_display, "the Other");
  ASSERT_UINT(t->n_sets, 9);
  ASSERT_UINT(t->n_facts, 1);
  ASSERT_STR(t->fact[0], "heat");
  ASSERT_UINT(t->n_rows, 3);
  const char *const value[] = {"0", "1", "2"};
  const double hit[] = {-3, 0, 3}, reach[] = {0.25, 0.25, 0.5};
  for (uint32_t i = 0; i < 3; i++) {
    ASSERT_STR(t->value[i], value[i]);
    ASSERT_NEAR(t->p[i * 2 + 1], 1 / (1 + exp(-hit[i])), 1e-9);
    ASSERT_NEAR(t->reach[i], reach[i], 1e-12);
    ASSERT_NEAR(t->spread[i], 0, 1e-9);
  }
  dm_result_free(r);
  dm_scenario_free(s);
}

static const char PATHS[] = "scenario paths\n"
                            "  turns 1 to 3\n"
                            "  otherwise quiet\n"
                            "actor us \"the State\" sharpness 0\n"
                            "state talks shut < open = shut public\n"
                            "choice act of us\n"
                            "  wait\n"
                            "  talk -> 90%: talks = open\n"
                            "  hit if from 3 -> end war\n"
                            "payoff us\n"
                            "  war 10\n"
                            "  quiet 0\n";

static const dm_r_history *history(const dm_result *r, const char *title)
{
  for (uint32_t i = 0; i < r->n_histories; i++) {
    if (strstr(r->history[i].title, title))
      return &r->history[i];
  }
  FAIL("no history %s", title);
  return NULL;
}

TEST(a_history_is_a_path_with_its_chance)
{
  dm_scenario *s = read_text(PATHS);
  dm_result *r = run_text(s, NULL);
  const dm_r_history *war = history(r, "likeliest to war");
  ASSERT_STR(war->outcome, "war");
  /* Waiting twice (or having talks open, where talking changes nothing) then
   * hitting: 1/2 x 1/2 x 1/3. */
  ASSERT_NEAR(war->chance, 1.0 / 12, 1e-12);
  ASSERT_CONTAINS(war->line[war->n_lines - 1], "the State: hit");
  ASSERT_CONTAINS(war->line[war->n_lines - 1], "it ends in war");
  ASSERT_STR(war->when[war->n_lines - 1], "3");
  dm_result_free(r);
  dm_scenario_free(s);
}

/* Of three paths the likeliest: push (certain to heat), then war. */
static const char TOLD[] = "scenario told\n"
                           "  turns 1 to 2\n"
                           "  otherwise quiet\n"
                           "actor us \"the State\"\n"
                           "  type hard 70%, soft rest\n"
                           "  sharpness 1\n"
                           "state heat 0..9 = 0 (x 10 deg) public\n"
                           "choice act of us\n"
                           "  wait\n"
                           "  push if heat = 0 -> heat +3\n"
                           "choice force of us from 2\n"
                           "  hold\n"
                           "  hit -> end war\n"
                           "payoff us\n"
                           "  war (heat - 1)\n"
                           "  quiet 0\n";

TEST(a_history_tells_picks_and_changes)
{
  dm_scenario *s = read_text(TOLD);
  dm_result *r = run_text(s, NULL);
  const dm_r_history *best = &r->history[0];
  ASSERT_UINT(best->n_lines, 3);
  ASSERT_STR(best->when[0], "at the start");
  ASSERT_CONTAINS(best->line[0], "us is hard");
  ASSERT_STR(best->when[1], "1");
  ASSERT_STR(best->line[1], "the State: push; heat 30 deg");
  ASSERT_CONTAINS(best->line[2], "the State: hit");
  ASSERT_STR(best->outcome, "war");
  ASSERT_CONTAINS(best->title, "likeliest to war");
  dm_result_free(r);
  dm_scenario_free(s);
}

TEST(the_histories_go_where_they_are_told)
{
  dm_scenario *s = read_text(PATHS);
  dm_infer_options options = dm_infer_defaults();
  options.toward[0] = "war";
  options.toward[1] = "quiet";
  dm_result *r = run_text(s, &options);
  ASSERT_STR(history(r, "to war")->outcome, "war");
  ASSERT_STR(history(r, "to quiet")->outcome, "quiet");
  dm_result_free(r);
  dm_scenario_free(s);
}

TEST(the_reason_names_the_option_that_brings_the_outcome)
{
  static const char text[] = "scenario why\n"
                             "  turns 1 to 1\n"
                             "  otherwise quiet\n"
                             "actor us sharpness 0\n"
                             "choice act of us\n"
                             "  wait\n"
                             "  hit -> 80%: end war\n"
                             "payoff us\n"
                             "  war 0\n"
                             "  quiet 0\n";
  dm_scenario *s = read_text(text);
  dm_result *r = run_text(s, NULL);
  ASSERT_STR(
      outcome_of(r, "war")->reason,
      "driven most by us.hit (40 % just before it is picked, 80 % after)");
  ASSERT_CONTAINS(outcome_of(r, "quiet")->reason, "us.wait");
  dm_result_free(r);
  dm_scenario_free(s);
}

TEST_MAIN(
    CASE(a_tree_drops_what_changes_nothing),
    CASE(a_tree_tells_its_spread_and_keeps_to_its_rows),
    CASE(a_decision_table_keeps_what_the_choice_turns_on),
    CASE(a_history_is_a_path_with_its_chance),
    CASE(a_history_tells_picks_and_changes),
    CASE(the_histories_go_where_they_are_told),
    CASE(the_reason_names_the_option_that_brings_the_outcome))
