/* Scores of forecasts, against values worked out by hand. */
#include "unit.h"
#include "num/score.h"

#include <math.h>

static const double three[] = {0.6, 0.3, 0.1};
static const double p10[] = {.1, .1, .4, .4, .4, .8, .8, .8, .8, .8};
static const int o10[] = {0, 0, 0, 1, 0, 1, 1, 1, 0, 1};

TEST(one_forecast_of_three_answers)
{
  ASSERT_NEAR(dm_score_brier(three, 3, 1), 0.86, 1e-12);
  ASSERT_NEAR(dm_score_log(three, 3, 1), 1.203972804326, 1e-9);
  ASSERT_NEAR(dm_score_ranked(three, 3, 1), 0.185, 1e-12);
}

TEST(certainty_right_and_wrong)
{
  static const double sure[] = {0, 1, 0};
  ASSERT_SAME_BITS(dm_score_brier(sure, 3, 1), 0.0);
  ASSERT_SAME_BITS(dm_score_log(sure, 3, 1), 0.0);
  ASSERT_SAME_BITS(dm_score_ranked(sure, 3, 1), 0.0);
  ASSERT_NEAR(dm_score_brier(sure, 3, 0), 2, 0);
  ASSERT_TRUE(isinf(dm_score_log(sure, 3, 0)));
  /* One step off is half as bad as two in order, and not in Brier. */
  static const double first[] = {1, 0, 0};
  ASSERT_NEAR(dm_score_ranked(first, 3, 1), 0.5, 0);
  ASSERT_NEAR(dm_score_ranked(first, 3, 2), 1, 0);
  ASSERT_NEAR(dm_score_brier(first, 3, 1), dm_score_brier(first, 3, 2), 0);
}

TEST(murphy_by_equal_forecasts)
{
  dm_murphy m = dm_score_murphy(p10, o10, 10, 0);
  ASSERT_NEAR(m.brier, 0.15, 1e-12);
  ASSERT_NEAR(m.reliability, 1.0 / 300, 1e-12);
  ASSERT_NEAR(m.resolution, 31.0 / 300, 1e-12);
  ASSERT_NEAR(m.uncertainty, 0.25, 1e-12);
  ASSERT_NEAR(m.within, 0, 1e-15);
}

TEST(bins_leave_something_within)
{
  dm_murphy m = dm_score_murphy(p10, o10, 10, 2);
  /* Below a half: five forecasts, mean .28, one came true; above: mean .8. */
  ASSERT_NEAR(m.reliability, (5 * .08 * .08 + 0) / 10, 1e-12);
  ASSERT_NEAR(m.resolution, (5 * .09 + 5 * .09) / 10, 1e-12);
  ASSERT_NEAR(
      m.brier, m.reliability - m.resolution + m.uncertainty + m.within, 1e-15);
  ASSERT_TRUE(fabs(m.within) > 1e-3);
  ASSERT_NAN(dm_score_murphy(p10, o10, 0, 0).brier);
}

TEST(a_calibration_table)
{
  dm_bin bin[5];
  dm_score_calibration(p10, o10, 10, 5, bin);
  static const uint32_t n[] = {2, 0, 3, 0, 5};
  for (int i = 0; i < 5; i++)
    ASSERT_UINT(bin[i].n, n[i]);
  ASSERT_NEAR(bin[2].p, 0.4, 1e-15);
  ASSERT_NEAR(bin[2].share, 1.0 / 3, 1e-15);
  ASSERT_NAN(bin[1].share);
  /* 1 belongs to the last bin, and 0 to the first. */
  static const double ends[] = {0, 1};
  static const int happened[] = {0, 1};
  dm_score_calibration(ends, happened, 2, 5, bin);
  ASSERT_UINT(bin[0].n, 1);
  ASSERT_UINT(bin[4].n, 1);
}

TEST(over_the_life_of_a_question)
{
  static const double score[] = {0.5, 0.1}, t[] = {10, 20};
  double cover;
  /* Asked from 0 to 40: nothing for 10 days, .5 for 10, .1 for 20. */
  double mean = dm_score_over_life(score, t, 2, 0, 40, &cover);
  ASSERT_NEAR(mean, (0.5 * 10 + 0.1 * 20) / 30, 1e-15);
  ASSERT_NEAR(cover, 0.75, 1e-15);
  /* The second is dated after the end. */
  ASSERT_NEAR(dm_score_over_life(score, t, 2, 0, 15, &cover), 0.5, 1e-15);
  ASSERT_NEAR(cover, 5.0 / 15, 1e-15);
  /* What was in force before it opened does not count. */
  ASSERT_NEAR(dm_score_over_life(score, t, 2, 20, 30, &cover), 0.1, 1e-15);
  ASSERT_NEAR(cover, 1, 0);
  ASSERT_NAN(dm_score_over_life(score, t, 2, 0, 5, &cover));
  ASSERT_NEAR(cover, 0, 0);
}

TEST(an_infinite_score_that_was_never_in_force_is_harmless)
{
  const double score[] = {(double)INFINITY, 0.2}, t[] = {10, 10};
  double cover;
  ASSERT_NEAR(dm_score_over_life(score, t, 2, 10, 20, &cover), 0.2, 1e-15);
  ASSERT_TRUE(isinf(dm_score_over_life(score, t, 1, 10, 20, &cover)));
}

TEST_MAIN(
    CASE(one_forecast_of_three_answers), CASE(certainty_right_and_wrong),
    CASE(murphy_by_equal_forecasts), CASE(bins_leave_something_within),
    CASE(a_calibration_table), CASE(over_the_life_of_a_question),
    CASE(an_infinite_score_that_was_never_in_force_is_harmless))
