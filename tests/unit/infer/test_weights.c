/* Two hypotheses, 3 to 7, and reports that weigh w: a report of weight w with
 * likelihoods (l1, l2) is one with w l + (1 - w) / 2, and so a source with
 * these as its hit and false rates. */
#include "scenario.h"

#include "infer/update.h"
#include "lang/evidence.h"

#include <stdio.h>

static const char SCENARIO[] = "scenario weights\n"
                               "  turns 1 to 1\n"
                               "  otherwise quiet\n"
                               "actor north\n"
                               "  sharpness 0\n"
                               "choice act of north\n"
                               "  wait\n"
                               "every turn\n"
                               "  30%: end war\n"
                               "payoff  north\n"
                               "  war   0\n"
                               "  quiet 1\n";

typedef struct item {
  double w, l1, l2;
} item;

static double weighed(double w, double l)
{
  return w * l + (1 - w) * 0.5;
}

/* Odds of war after reports of it by independent sources. */
static double after(const item *x, int n)
{
  char text[600];
  int at = snprintf(text, sizeof text, "evidence for weights\n");
  for (int i = 0; i < n; i++)
    at += snprintf(
        text + at, sizeof text - (size_t)at,
        "source s%d hit %.12g%%, false %.12g%%\n", i,
        100 * weighed(x[i].w, x[i].l1), 100 * weighed(x[i].w, x[i].l2));
  for (int i = 0; i < n; i++)
    at +=
        snprintf(text + at, sizeof text - (size_t)at, "1  war  from s%d\n", i);
  dm_scenario *scenario = read_text(SCENARIO);
  dm_diags *diags = dm_diags_new();
  dm_evidence *evidence = NULL;
  dm_status why =
      dm_evidence_read(scenario->core, text, strlen(text), diags, &evidence);
  if (why != DM_OK)
    FAIL("%s: %s", dm_diags_at(diags, 0)->code, dm_diags_at(diags, 0)->text);
  dm_analysis_options run = dm_analysis_defaults();
  dm_infer_options infer = dm_api_infer_options(scenario, &run);
  dm_update_options options = {.infer = &infer};
  dm_update *update = NULL;
  ASSERT_OK(dm_update_run(scenario->core, evidence, &options, diags, &update));
  double war = -1;
  for (uint32_t o = 0; o < update->n_outcomes; o++) {
    if (strcmp(update->outcome[o].name, "war") == 0)
      war = update->outcome[o].by[update->n_periods - 1];
  }
  dm_update_free(update);
  dm_diags_free(diags);
  dm_scenario_free(scenario);
  return war;
}

static const item one = {0.8, 0.8, 0.4}, two = {0.5, 0.2, 0.6};

TEST(one_report_and_two)
{
  ASSERT_NEAR(after(&one, 1), 37.0 / 86, 1e-12);
  ASSERT_NEAR(after((const item[]){one, two}, 2), 0.324561403509, 1e-12);
}

TEST(order_does_not_matter)
{
  double a = after((const item[]){one, two}, 2);
  double b = after((const item[]){two, one}, 2);
  ASSERT_NEAR(a, b, 1e-12);
}

TEST(no_weight_and_full_weight)
{
  item x = one;
  x.w = 0;
  ASSERT_NEAR(after(&x, 1), 0.3, 1e-12);
  x.w = 1;
  ASSERT_NEAR(after(&x, 1), 6.0 / 13, 1e-12);
}

TEST_MAIN(
    CASE(one_report_and_two), CASE(order_does_not_matter),
    CASE(no_weight_and_full_weight))
