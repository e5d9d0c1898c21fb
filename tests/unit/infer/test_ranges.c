#include "scenario.h"

#include <math.h>

static const char RANGES[] = "scenario ranges\n"
                             "  turns 1 to 1\n"
                             "  otherwise quiet\n"
                             "actor us sharpness 0.1 [0.05..0.2]\n"
                             "state heat 0..1 = 0 public\n"
                             "choice act of us\n"
                             "  wait\n"
                             "  hit -> 80% [60%..90%]: end war\n"
                             "payoff us\n"
                             "  war 10 [0..20] note \"what it is worth\"\n"
                             "  quiet 0\n";

static double logistic(double x)
{
  return 1 / (1 + exp(-x));
}

/* hit is worth chance x worth more than wait. */
static double odds(double sharpness, double chance, double worth)
{
  return chance * logistic(sharpness * chance * worth);
}

static const dm_r_lever *lever_of(const dm_result *r, const char *name)
{
  for (uint32_t i = 0; i < r->n_levers; i++) {
    if (strcmp(r->lever[i].name, name) == 0)
      return &r->lever[i];
  }
  FAIL("no lever %s", name);
  return NULL;
}

TEST(both_ends_of_each_range_are_solved)
{
  dm_scenario *s = read_text(RANGES);
  dm_result *r = run_text(s, NULL);
  ASSERT_UINT(r->n_ranges, 3);
  ASSERT_UINT(r->n_levers, 3);
  ASSERT_NEAR(outcome_of(r, "war")->by[0], odds(0.1, 0.8, 10), 1e-10);
  const dm_r_lever *x = lever_of(r, "us.sharpness");
  ASSERT_NEAR(x->at_lo[0], odds(0.05, 0.8, 10), 1e-8);
  ASSERT_NEAR(x->at_hi[0], odds(0.2, 0.8, 10), 1e-8);
  x = lever_of(r, "payoff.war.us");
  ASSERT_NEAR(x->at_lo[0], odds(0.1, 0.8, 0), 1e-8);
  ASSERT_NEAR(x->at_hi[0], odds(0.1, 0.8, 20), 1e-8);
  ASSERT_STR(x->note, "what it is worth");
  ASSERT_NEAR(x->move, fabs(x->at_hi[0] - x->at_lo[0]), 1e-15);
  x = lever_of(r, "us.act.hit.chance");
  ASSERT_NEAR(x->at_lo[0], odds(0.1, 0.6, 10), 1e-8);
  ASSERT_NEAR(x->at_hi[0], odds(0.1, 0.9, 10), 1e-8);
  for (uint32_t i = 1; i < r->n_levers; i++)
    ASSERT_TRUE(r->lever[i - 1].move >= r->lever[i].move);
  dm_result_free(r);
  dm_scenario_free(s);
}

TEST(the_range_of_an_outcome_covers_its_levers)
{
  dm_scenario *s = read_text(RANGES);
  dm_infer_options options = dm_infer_defaults();
  options.levers = 1;
  dm_result *r = run_text(s, &options);
  ASSERT_UINT(r->n_levers, 1);
  ASSERT_UINT(r->n_ranges, 3);
  const dm_r_outcome *war = outcome_of(r, "war");
  /* Also of the levers that are not shown. */
  ASSERT_NEAR(war->lo, odds(0.1, 0.6, 10), 1e-8);
  ASSERT_NEAR(war->hi, odds(0.1, 0.8, 20), 1e-8);
  dm_result_free(r);
  dm_scenario_free(s);
}

static dm_result *draw(
    dm_scenario *s, uint32_t draws, uint64_t seed, uint32_t threads)
{
  dm_infer_options options = dm_infer_defaults();
  options.levers = 0;
  options.draws = draws;
  options.seed = seed;
  options.threads = threads;
  return run_text(s, &options);
}

TEST(draws_are_repeated_by_their_seed_on_any_number_of_threads)
{
  dm_scenario *s = read_text(RANGES);
  dm_result *one = draw(s, 50, 3, 1), *three = draw(s, 50, 3, 3);
  dm_result *other = draw(s, 50, 4, 1);
  const dm_r_outcome *x = outcome_of(one, "war");
  const dm_r_outcome *y = outcome_of(three, "war");
  ASSERT_SAME_BITS(x->p05[0], y->p05[0]);
  ASSERT_SAME_BITS(x->p50[0], y->p50[0]);
  ASSERT_SAME_BITS(x->mean[0], y->mean[0]);
  ASSERT_TRUE(x->p50[0] != outcome_of(other, "war")->p50[0]);
  ASSERT_TRUE(x->lo <= x->p05[0] && x->p05[0] <= x->p50[0]);
  ASSERT_TRUE(x->p50[0] <= x->p95[0] && x->p95[0] <= x->hi);
  ASSERT_UINT(one->draws, 50);
  ASSERT_UINT(one->draws_failed, 0);
  dm_result_free(one);
  dm_result_free(three);
  dm_result_free(other);
  dm_scenario_free(s);
}

TEST(the_mean_over_draws_is_the_integral)
{
  static const char text[] = "scenario one\n"
                             "  turns 1 to 1\n"
                             "  otherwise quiet\n"
                             "actor us sharpness 0\n"
                             "choice act of us\n"
                             "  wait\n"
                             "  hit -> 50% [20%..80%]: end war\n"
                             "payoff us\n"
                             "  war 0\n"
                             "  quiet 0\n";
  dm_scenario *s = read_text(text);
  dm_result *r = draw(s, 4000, 1, 0);
  const dm_r_outcome *war = outcome_of(r, "war");
  /* Uniform over 0.1..0.4: standard deviation 0.0866, of the mean 0.0014. */
  ASSERT_NEAR(war->mean[0], 0.25, 0.006);
  ASSERT_NEAR(war->p05[0], 0.115, 0.006);
  ASSERT_NEAR(war->p95[0], 0.385, 0.006);
  ASSERT_FALSE(r->draws_ranked);
  dm_result_free(r);
  dm_scenario_free(s);
}

TEST(rankings_draw_all_spacings)
{
  static const char text[] = "scenario ranked\n"
                             "  turns 1 to 1\n"
                             "  otherwise middle\n"
                             "actor us sharpness 0.02\n"
                             "choice act of us\n"
                             "  wait\n"
                             "  rise -> end best\n"
                             "choice fall of us\n"
                             "  stay\n"
                             "  drop -> end worst\n"
                             "payoff\n"
                             "  us: best > middle > worst\n";
  dm_scenario *s = read_text(text);
  dm_result *r = draw(s, 400, 5, 2);
  ASSERT_TRUE(r->draws_ranked);
  ASSERT_UINT(r->draws_failed, 0);
  const dm_r_outcome *best = outcome_of(r, "best");
  ASSERT_TRUE(best->p95[0] > best->p05[0]);
  ASSERT_TRUE(best->p05[0] <= best->by[0] && best->by[0] <= best->p95[0]);
  dm_result_free(r);
  dm_scenario_free(s);
}

/* At sharpness near 1e13 doubles cannot tell a logit equilibrium from its
 * neighbours: no solution is found, and none is made up. */
TEST(what_does_not_converge_is_counted_and_left_out)
{
  static const char text[] = "scenario sharp\n"
                             "  turns 1 to 3\n"
                             "  otherwise quiet\n"
                             "actor us sharpness 0.3 [0.1..1e13]\n"
                             "actor iran\n"
                             "  type hard 40%, soft rest\n"
                             "  sharpness 0.2\n"
                             "state heat 0..3 = 0 public\n"
                             "choice act of us announced\n"
                             "  wait\n"
                             "  push -> 50%: heat +1\n"
                             "choice reply of iran announced\n"
                             "  wait\n"
                             "  yield -> heat -1\n"
                             "  hit if heat > 0 -> end war\n"
                             "payoff us iran.hard iran.soft\n"
                             "  war -10 4 -20\n"
                             "  quiet (5 * heat) (-2 * heat) (-5 * heat)\n";
  dm_scenario *s = read_text(text);
  dm_infer_options options = dm_infer_defaults();
  options.draws = 4;
  dm_result *r = run_text(s, &options);
  const dm_r_outcome *war = outcome_of(r, "war");
  ASSERT_UINT(r->draws, 4);
  ASSERT_UINT(r->draws_failed, 4);
  ASSERT_NULL(war->p50);
  ASSERT_FINITE(r->lever[0].at_lo[0]);
  ASSERT_NAN(r->lever[0].at_hi[0]);
  ASSERT_NEAR(r->lever[0].move, fabs(war->by[2] - r->lever[0].at_lo[0]), 1e-15);
  ASSERT_FINITE(war->lo);
  ASSERT_FINITE(war->hi);
  dm_result_free(r);
  dm_scenario_free(s);
}

TEST(without_ranges_nothing_is_drawn)
{
  static const char text[] = "scenario none\n"
                             "  turns 1 to 1\n"
                             "  otherwise quiet\n"
                             "actor us sharpness 1\n"
                             "choice act of us\n"
                             "  wait\n"
                             "  hit -> end war\n"
                             "payoff us\n"
                             "  war 1\n"
                             "  quiet 0\n";
  dm_scenario *s = read_text(text);
  dm_result *r = draw(s, 10, 1, 1);
  ASSERT_UINT(r->draws, 0);
  ASSERT_NULL(outcome_of(r, "war")->p50);
  ASSERT_NAN(outcome_of(r, "war")->lo);
  dm_result_free(r);
  dm_scenario_free(s);
}

TEST_MAIN(
    CASE(both_ends_of_each_range_are_solved),
    CASE(the_range_of_an_outcome_covers_its_levers),
    CASE(draws_are_repeated_by_their_seed_on_any_number_of_threads),
    CASE(the_mean_over_draws_is_the_integral), CASE(rankings_draw_all_spacings),
    CASE(what_does_not_converge_is_counted_and_left_out),
    CASE(without_ranges_nothing_is_drawn))
