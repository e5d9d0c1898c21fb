/* Derivatives of an outcome's odds by every parameter of a scenario, against
 * closed forms and against equilibria solved again. */
#include "scenario.h"

#include "infer/gradient.h"

#include <math.h>
#include <stdlib.h>

typedef struct bench {
  dm_scenario *scenario;
  dm_solved *solved;
  double *log_p; /* the solution, to the last digit that rounding leaves */
} bench;

/* Newton's method from where it was, down to rounding. */
static void solve_at(bench *b, const double *param, const double *start)
{
  dm_solve_options how = dm_solve_defaults();
  dm_solve_result result;
  how.tol_residual = 1e-13;
  how.start_log_p = start;
  dm_sweep_refill(b->solved->sweep, param);
  ASSERT_OK(dm_solve_logit(b->solved->sweep, &how, b->log_p, &result));
  ASSERT_INT(result.verdict, DM_SOLVED);
  dm_sweep_run(b->solved->sweep, b->log_p);
}

static void set_up(bench *b, const char *text)
{
  b->scenario = read_text(text);
  ASSERT_OK(dm_solved_new(b->scenario->core, NULL, NULL, NULL, &b->solved));
  size_t n = b->solved->expansion->game.n_slots;
  b->log_p = calloc(n + 1, sizeof *b->log_p);
  solve_at(b, b->solved->param, b->solved->log_p);
  memcpy(b->solved->log_p, b->log_p, n * sizeof *b->log_p);
}

static void set_up_file(bench *b, const char *path)
{
  size_t size;
  char *text = unit_read_file(path, &size);
  set_up(b, text);
  free(text);
}

static void tear_down(bench *b)
{
  dm_solved_free(b->solved);
  dm_scenario_free(b->scenario);
  free(b->log_p);
}

static double odds_at(
    bench *b, const double *param, uint32_t outcome, uint32_t period)
{
  const dm_core *core = b->scenario->core;
  double *all = calloc((size_t)core->outcome.n * core->n_periods, sizeof *all);
  solve_at(b, param, b->solved->log_p);
  dm_solved_odds(b->solved, all);
  double odds = all[(size_t)outcome * core->n_periods + period - 1];
  free(all);
  return odds;
}

/* Central differences of fourth order; how far to go. */
static double difference(
    bench *b, uint32_t i, double h, uint32_t outcome, uint32_t period)
{
  const double by[4] = {2.0, 1.0, -1.0, -2.0};
  const double weight[4] = {-1.0 / 12, 2.0 / 3, -2.0 / 3, 1.0 / 12};
  const uint32_t n = b->scenario->core->param.n;
  double *param = calloc(n + 1, sizeof *param);
  double sum = 0.0;
  memcpy(param, b->solved->param, n * sizeof *param);
  for (int j = 0; j < 4; j++) {
    param[i] = b->solved->param[i] + by[j] * h;
    sum += weight[j] * odds_at(b, param, outcome, period);
  }
  free(param);
  return sum / h;
}

/* Every `stride`-th parameter that can move both ways; how many that were. */
static uint32_t expect_agreement(
    bench *b, uint32_t outcome, uint32_t period, uint32_t stride)
{
  const dm_core *core = b->scenario->core;
  dm_gradient got;
  uint32_t compared = 0;
  ASSERT_OK(dm_gradient_odds(b->solved, outcome, period, &got));
  ASSERT_UINT(got.how.doubt, 0);
  ASSERT_NEAR(
      got.how.answer, odds_at(b, b->solved->param, outcome, period), 1e-13);
  for (uint32_t i = 0; i < core->param.n; i += stride) {
    const dm_core_param *p = &core->param.at[i];
    if (p->structural) {
      ASSERT_NAN(got.by[i]);
      continue;
    }
    /* A chance of 0 or 1 cannot move both ways. */
    if (!isfinite(got.by[i]) ||
        (p->chance && !(p->base > 0.0 && p->base < 1.0)))
      continue;
    double h = 2e-3 * fmax(fabs(p->base), p->chance ? 0.0 : 0.05);
    if (p->chance)
      h = fmin(h, 0.2 * (1.0 - p->base));
    double want = difference(b, i, h, outcome, period);
    /* What solving again leaves in the odds, over the step. */
    double noise = 1e-13 / h;
    if (fabs(got.by[i] - want) > 1e-6 * fabs(want) + noise)
      FAIL("%s: %.12g, by differences %.12g", p->path, got.by[i], want);
    compared++;
  }
  dm_gradient_clear(&got);
  dm_infer_restore(b->solved);
  return compared;
}

static const char RULE[] = "scenario rule\n"
                           "  turns 1 to 1\n"
                           "  otherwise quiet\n"
                           "actor us sharpness 0.1 [0.05..0.2]\n"
                           "state heat 0..1 = 0 public\n"
                           "choice act of us\n"
                           "  wait\n"
                           "  hit -> 80% [60%..90%]: end war\n"
                           "payoff us\n"
                           "  war 10 [0..20]\n"
                           "  quiet 0\n";

static double by_name(const dm_core *core, const double *by, const char *name)
{
  for (uint32_t i = 0; i < core->param.n; i++)
    if (strcmp(core->param.at[i].path, name) == 0)
      return by[i];
  FAIL("no parameter %s", name);
  return 0;
}

/* hit is worth c w more than wait: odds c L(s c w), L the logistic function. */
TEST(a_closed_form)
{
  bench b;
  set_up(&b, RULE);
  dm_gradient got;
  const dm_core *core = b.scenario->core;
  uint32_t war = 0;
  while (strcmp(core->outcome.at[war].name, "war") != 0)
    war++;
  ASSERT_OK(dm_gradient_odds(b.solved, war, 1, &got));
  const double s = 0.1, c = 0.8, w = 10.0;
  double l = 1.0 / (1.0 + exp(-s * c * w));
  double slope = l * (1.0 - l);
  ASSERT_NEAR(got.how.answer, c * l, 1e-12);
  ASSERT_NEAR(by_name(core, got.by, "us.sharpness"), c * slope * c * w, 1e-11);
  ASSERT_NEAR(
      by_name(core, got.by, "us.act.hit.chance"), l + c * slope * s * w, 1e-11);
  ASSERT_NEAR(by_name(core, got.by, "payoff.war.us"), c * slope * s * c, 1e-11);
  dm_gradient_clear(&got);
  /* It expects c w times the odds of a hit. */
  ASSERT_OK(dm_gradient_value(b.solved, 0, &got));
  ASSERT_NEAR(got.how.answer, c * w * l, 1e-11);
  ASSERT_NEAR(
      by_name(core, got.by, "payoff.war.us"), c * l + c * w * slope * s * c,
      1e-11);
  dm_gradient_clear(&got);
  ASSERT_STATUS(dm_gradient_value(b.solved, 1, &got), DM_E_RANGE);
  ASSERT_STATUS(dm_gradient_odds(b.solved, 9, 1, &got), DM_E_RANGE);
  ASSERT_STATUS(dm_gradient_odds(b.solved, war, 0, &got), DM_E_RANGE);
  ASSERT_STATUS(dm_gradient_odds(b.solved, war, 2, &got), DM_E_RANGE);
  tear_down(&b);
}

/* Stop now for 1, or perhaps later for 20, discounted. */
TEST(a_discount)
{
  bench b;
  set_up_file(&b, "tests/conformance/117-discount.standoff");
  const dm_core *core = b.scenario->core;
  dm_gradient got;
  ASSERT_OK(dm_gradient_odds(b.solved, 0, 1, &got));
  ASSERT_TRUE(fabs(by_name(core, got.by, "us.discount")) > 1e-2);
  dm_gradient_clear(&got);
  ASSERT_TRUE(expect_agreement(&b, 0, 1, 1) > 2);
  tear_down(&b);
}

/* Every outcome by the last date. */
TEST(scenarios_of_a_page)
{
  static const char *const path[] = {
      "examples/models/avenhaus_errors.standoff",
      "examples/models/beer_quiche.standoff",
      "examples/models/centipede_four.standoff",
      "examples/models/centipede_six.standoff",
      "examples/models/chain_store.standoff",
      "examples/models/chicken.standoff",
      "examples/models/dresher_inspection.standoff",
      "examples/models/fearon_two_types.standoff",
      "examples/models/fearon_uniform_cost.standoff",
      "examples/models/graded_reports.standoff",
      "examples/models/kuhn_poker.standoff",
      "examples/models/matching_pennies.standoff",
      "examples/models/powell_shifting_power.standoff",
      "examples/models/rubinstein_two_rounds.standoff",
      "examples/models/schelling_chance.standoff",
      "examples/models/schultz_audience_cost.standoff",
      "examples/models/selten_horse.standoff",
      "examples/models/spence_education.standoff",
      "examples/models/stripped_poker.standoff",
      "tests/conformance/001-letter-arrives.standoff",
      "tests/conformance/023-courier-reads.standoff",
      "tests/conformance/117-discount.standoff",
      "tests/conformance/039-noisy-reading.standoff",
      "share/new/letter.standoff"};
  for (size_t i = 0; i < sizeof path / sizeof path[0]; i++) {
    bench b;
    set_up_file(&b, path[i]);
    const dm_core *core = b.scenario->core;
    uint32_t compared = 0;
    for (uint32_t o = 0; o < core->outcome.n; o++)
      compared += expect_agreement(&b, o, core->n_periods, 1);
    ASSERT_TRUE(compared >= core->outcome.n);
    tear_down(&b);
  }
}

/* All parameters at once for less than the work of one solution. */
TEST(a_crisis_of_six_thousand_sets)
{
  bench b;
  set_up_file(&b, "examples/coarse/letter_2025.standoff");
  dm_gradient got;
  const dm_core *core = b.scenario->core;
  ASSERT_OK(dm_gradient_odds(b.solved, 0, core->n_periods, &got));
  uint64_t work = b.solved->result.sweeps + b.solved->result.tangents;
  ASSERT_TRUE(got.how.products + got.how.passes < work);
  dm_gradient_clear(&got);
  uint32_t middle = core->n_periods / 2 + 1;
  ASSERT_TRUE(expect_agreement(&b, 0, middle, 12) > 3);
  ASSERT_TRUE(expect_agreement(&b, 1, core->n_periods, 12) > 3);
  tear_down(&b);
}

TEST_MAIN(
    CASE(a_closed_form), CASE(a_discount), CASE(scenarios_of_a_page),
    CASE(a_crisis_of_six_thousand_sets))
