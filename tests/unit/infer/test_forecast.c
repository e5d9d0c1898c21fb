#include "scenario.h"

#include <math.h>

/* Three turns; each strikes with 1/2 at sharpness 0; the stock grows by 1 with
 * 25 % a turn that is survived. */
static const char NOISE[] = "scenario noise \"Noise\"\n"
                            "  turns 1 to 3\n"
                            "  otherwise quiet\n"
                            "  omits \"everything else\"\n"
                            "actor us \"the State\" sharpness 0\n"
                            "state stock 0..5 = 1 public\n"
                            "choice force of us\n"
                            "  refrain\n"
                            "  strike -> end war\n"
                            "every turn\n"
                            "  25% -> stock +1\n"
                            "payoff us\n"
                            "  war 0\n"
                            "  quiet 0\n";

TEST(odds_at_sharpness_0_by_hand)
{
  dm_scenario *s = read_text(NOISE);
  dm_result *r = run_text(s, NULL);
  const double war[] = {0.5, 0.75, 0.875}, quiet[] = {0, 0, 0.125};
  ASSERT_UINT(r->n_periods, 3);
  ASSERT_NEAR_ARRAY(outcome_of(r, "war")->by, war, 3, 1e-15);
  ASSERT_NEAR_ARRAY(outcome_of(r, "quiet")->by, quiet, 3, 1e-15);
  ASSERT_NEAR(r->certificate.noise_floor[0], 0.875, 1e-15);
  ASSERT_TRUE(r->certificate.converged);
  ASSERT_INT(outcome_of(r, "war")->first, 0);
  ASSERT_INT(outcome_of(r, "quiet")->first, 2);
  dm_result_free(r);
  dm_scenario_free(s);
}

TEST(states_are_those_of_the_periods_ends)
{
  dm_scenario *s = read_text(NOISE);
  dm_result *r = run_text(s, NULL);
  const double going[] = {0.5, 0.25, 0.125};
  ASSERT_NEAR_ARRAY(r->going, going, 3, 1e-15);
  ASSERT_UINT(r->n_states, 1);
  const dm_r_state *x = &r->state[0];
  for (uint32_t t = 0; t < 3; t++) {
    ASSERT_NEAR(x->mean[t], 1 + 0.25 * (t + 1), 1e-14);
    ASSERT_NEAR(x->sd[t], sqrt(0.25 * 0.75 * (t + 1)), 1e-14);
  }
  /* Two of three turns up: 3 x 1/16 x 3/4. */
  ASSERT_NEAR(x->odds[2 * 6 + 3], 9.0 / 64, 1e-15);
  dm_result_free(r);
  dm_scenario_free(s);
}

TEST(options_are_counted_by_period)
{
  dm_scenario *s = read_text(NOISE);
  dm_result *r = run_text(s, NULL);
  const double asked[] = {1, 0.5, 0.25}, struck[] = {0.5, 0.25, 0.125};
  ASSERT_NEAR_ARRAY(option_of(r, "force", "strike")->asked, asked, 3, 1e-15);
  ASSERT_NEAR_ARRAY(option_of(r, "force", "strike")->picked, struck, 3, 1e-15);
  dm_result_free(r);
  dm_scenario_free(s);
}

static const char LOGIT[] = "scenario logit\n"
                            "  turns 1 to 2\n"
                            "  otherwise quiet\n"
                            "actor us\n"
                            "  sharpness 0.1\n"
                            "  discount 0.9\n"
                            "choice force of us from 2\n"
                            "  refrain\n"
                            "  strike -> end war\n"
                            "payoff us\n"
                            "  war 10\n"
                            "  quiet 0\n";

TEST(a_logit_choice_in_closed_form)
{
  dm_scenario *s = read_text(LOGIT);
  dm_infer_options options = dm_infer_defaults();
  options.strategies = true;
  dm_result *r = run_text(s, &options);
  /* Sharpness compares payoffs as of the period: 0.1 x 10, not 0.1 x 9. */
  double p = 1 / (1 + exp(-1));
  ASSERT_NEAR(outcome_of(r, "war")->by[1], p, 1e-12);
  ASSERT_NEAR(r->certificate.noise_floor[0], 0.5, 1e-15);
  ASSERT_UINT(r->n_strategies, 1);
  const dm_r_strategy *x = &r->strategy[0];
  ASSERT_STR(x->option[1], "strike");
  ASSERT_NEAR(x->p[1], p, 1e-12);
  ASSERT_NEAR(x->q[1] - x->q[0], 10, 1e-12);
  ASSERT_NEAR(x->reach, 1, 1e-15);
  ASSERT_STR(x->period, "2");
  /* Regret: what the better option would add, as of the start. */
  ASSERT_NEAR(r->certificate.regret[0], 9 * (1 - p), 1e-9);
  ASSERT_CONTAINS(r->sharpness_words, "10 points more is 2.7 times");
  dm_result_free(r);
  dm_scenario_free(s);
}

TEST(the_case_is_told_from_the_file)
{
  static const char text[] =
      "scenario told \"A title\" note \"Two powers quarrel over a river.\"\n"
      "  turns 1 to 1\n"
      "  otherwise quiet\n"
      "actor us \"the upper state\" sharpness 1\n"
      "state flow 0..1 = 0 public note \"The flow is what both want.\"\n"
      "choice act of us\n"
      "  wait\n"
      "  dam -> flow = 1\n"
      "    note \"judged, lower case: no sentence\"\n"
      "payoff us\n"
      "  quiet 0\n";
  dm_scenario *s = read_text(text);
  dm_result *r = run_text(s, NULL);
  ASSERT_STR(r->title, "A title");
  ASSERT_STR(r->story[0], "Two powers quarrel over a river.");
  ASSERT_STR(r->story[1], "The flow is what both want.");
  ASSERT_CONTAINS(r->story[2], "The upper state decides from 1 to 1.");
  ASSERT_CONTAINS(r->story[r->n_story - 1], "1 turn, 1 actor, 1 choice and");
  for (uint32_t i = 0; i < r->n_story; i++)
    ASSERT_NULL(strstr(r->story[i], "judged"));
  dm_result_free(r);
  dm_scenario_free(s);
}

TEST(a_limit_leaves_sizes_and_no_odds)
{
  dm_scenario *s = read_text(NOISE);
  dm_infer_options options = dm_infer_defaults();
  options.max_situations = 5;
  dm_result *r = NULL;
  ASSERT_STATUS(dm_forecast_run(s->core, &options, NULL, &r), DM_E_LIMIT);
  ASSERT_NOT_NULL(r);
  ASSERT_NAN(outcome_of(r, "war")->by[2]);
  ASSERT_UINT(r->certificate.situations, 5);
  ASSERT_FALSE(r->certificate.converged);
  dm_result_free(r);
  dm_scenario_free(s);
}

static bool stop_at_once(
    void *data, const char *what, double done, double total)
{
  (void)what;
  (void)done;
  (void)total;
  ++*(int *)data;
  return false;
}

TEST(progress_can_stop_it)
{
  dm_scenario *s = read_text(NOISE);
  dm_infer_options options = dm_infer_defaults();
  int told = 0;
  options.progress = stop_at_once;
  options.progress_data = &told;
  dm_result *r = NULL;
  ASSERT_STATUS(dm_forecast_run(s->core, &options, NULL, &r), DM_E_INTERRUPT);
  ASSERT_NULL(r);
  ASSERT_INT(told, 1);
  dm_scenario_free(s);
}

TEST(conflicting_writes_name_date_and_moves)
{
  static const char text[] = "scenario clash\n"
                             "  turns 1 to 3\n"
                             "  otherwise quiet\n"
                             "actor us sharpness 0\n"
                             "actor iran sharpness 0\n"
                             "state heat 0..2 = 0 public\n"
                             "choice act of us from 2\n"
                             "  wait\n"
                             "  cool -> heat = 1\n"
                             "choice act of iran\n"
                             "  wait\n"
                             "  warm -> heat = 2\n"
                             "payoff us iran\n"
                             "  quiet 0 0\n";
  dm_scenario *s = read_text(text);
  dm_diags *diags = dm_diags_new();
  dm_result *r = NULL;
  ASSERT_STATUS(dm_forecast_run(s->core, NULL, diags, &r), DM_E_INPUT);
  ASSERT_NULL(r);
  ASSERT_TRUE(dm_diags_size(diags) >= 1);
  const dm_diag *d = dm_diags_at(diags, 0);
  ASSERT_STR(d->code, "E031");
  ASSERT_STR(d->title, "conflicting writes");
  ASSERT_CONTAINS(d->text, "In 2 ");
  ASSERT_CONTAINS(d->text, "us.act.cool");
  ASSERT_CONTAINS(d->text, "iran.act.warm");
  ASSERT_CONTAINS(d->text, "`heat`");
  ASSERT_TRUE(d->line > 0 && d->other_line > 0);
  dm_diags_free(diags);
  dm_scenario_free(s);
}

TEST_MAIN(
    CASE(odds_at_sharpness_0_by_hand),
    CASE(states_are_those_of_the_periods_ends),
    CASE(options_are_counted_by_period), CASE(a_logit_choice_in_closed_form),
    CASE(the_case_is_told_from_the_file),
    CASE(a_limit_leaves_sizes_and_no_odds), CASE(progress_can_stop_it),
    CASE(conflicting_writes_name_date_and_moves))
