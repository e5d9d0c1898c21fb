#include "scenario.h"

#include <math.h>

/* The answer to one question about a text. */
static dm_r_question ask(const char *text, const char *question)
{
  dm_scenario *s = read_text(text);
  dm_diags *diags = dm_diags_new();
  ASSERT_OK(dm_scenario_ask(s, question, diags));
  dm_diags_free(diags);
  dm_infer_options options = dm_infer_defaults();
  options.levers = 0;
  dm_result *r = run_text(s, &options);
  ASSERT_TRUE(r->n_questions > 0);
  dm_r_question q = r->question[r->n_questions - 1];
  q.text = NULL; /* goes with the scenario */
  q.each = q.each ? (const double *)"" : NULL;
  dm_result_free(r);
  dm_scenario_free(s);
  return q;
}

/* heat rises with a push (1/2 in turn 1, nothing later), and war comes in turn
 * 2 with 1/2 where it is hot. */
static const char HEAT[] = "scenario heat\n"
                           "  turns 1 to 3\n"
                           "  otherwise quiet\n"
                           "actor us sharpness 0\n"
                           "actor iran sharpness 0\n"
                           "state heat 0..2 = 0 public\n"
                           "choice act of us until 1\n"
                           "  wait\n"
                           "  push -> heat = 1\n"
                           "choice reply of iran from 2\n"
                           "  wait\n"
                           "  strike if heat = 1 -> end war\n"
                           "payoff us iran\n"
                           "  war 0 0\n"
                           "  quiet 0 0\n";

TEST(by_and_in_of_an_outcome)
{
  ASSERT_NEAR(ask(HEAT, "chance of war by 1").answer, 0, 0);
  ASSERT_NEAR(ask(HEAT, "chance of war by 2").answer, 0.25, 1e-15);
  ASSERT_NEAR(ask(HEAT, "chance of war").answer, 0.375, 1e-15);
  ASSERT_NEAR(ask(HEAT, "chance of war in 3").answer, 0.125, 1e-15);
}

TEST(by_and_in_of_a_comparison)
{
  ASSERT_NEAR(ask(HEAT, "chance of heat = 1 by 1").answer, 0.5, 1e-15);
  ASSERT_NEAR(ask(HEAT, "chance of heat = 1 in 1").answer, 0.5, 1e-15);
  /* Ended in phase 4: false at that turn's end. */
  ASSERT_NEAR(ask(HEAT, "chance of heat = 1 in 2").answer, 0.25, 1e-15);
  ASSERT_NEAR(ask(HEAT, "chance of heat = 2").answer, 0, 0);
  ASSERT_NEAR(ask(HEAT, "chance of heat = 0 in 3").answer, 0.5, 1e-15);
}

TEST(by_and_in_of_an_option)
{
  ASSERT_NEAR(ask(HEAT, "chance of iran.strike in 2").answer, 0.25, 1e-15);
  ASSERT_NEAR(ask(HEAT, "chance of iran.strike by 3").answer, 0.375, 1e-15);
  ASSERT_NEAR(ask(HEAT, "chance of us.push by 3").answer, 0.5, 1e-15);
  ASSERT_NEAR(ask(HEAT, "chance of us.push in 2").answer, 0, 0);
}

TEST(given_is_bayes)
{
  dm_r_question q = ask(HEAT, "chance of us.push given quiet");
  /* P(push, quiet) = 1/8; P(quiet) = 5/8. */
  ASSERT_NEAR(q.answer, 0.2, 1e-15);
  ASSERT_NEAR(q.chance_given, 0.625, 1e-15);
  ASSERT_NEAR(ask(HEAT, "chance of war given us.push").answer, 0.75, 1e-15);
  q = ask(HEAT, "chance of war given heat = 2");
  ASSERT_NAN(q.answer);
  ASSERT_NEAR(q.chance_given, 0, 0);
  ASSERT_TRUE(q.why[0] != '\0');
}

/* us has two types; the hawk likes to push.  Having pushed it is likelier the
 * hawk, and the hawk strikes. */
static const char TYPES[] = "scenario kinds\n"
                            "  turns 1 to 2\n"
                            "  otherwise quiet\n"
                            "actor us\n"
                            "  type hawk 50%, dove rest\n"
                            "  sharpness 0.1\n"
                            "actor iran sharpness 0.1\n"
                            "state heat 0..1 = 0 public\n"
                            "choice act of us until 1 announced\n"
                            "  wait\n"
                            "  push -> heat = 1\n"
                            "choice reply of iran from 2\n"
                            "  stay\n"
                            "  yield -> end pact\n"
                            "payoff us.hawk us.dove iran\n"
                            "  pact (20 * heat) 0 (10 * heat - 5)\n"
                            "  quiet 0 (-10 * heat) 0\n";

static double logistic(double x)
{
  return 1 / (1 + exp(-x));
}

TEST(three_answers_about_a_move)
{
  /* Iran's reply does not depend on the type: by heat alone. */
  double yield = logistic(0.5), rest = logistic(-0.5);
  double hawk = logistic(0.1 * 20 * yield);
  double dove = logistic(0.1 * -10 * (1 - yield));
  double push = (hawk + dove) / 2;
  dm_r_question q = ask(TYPES, "chance of pact if us.push in 1 surprises");
  ASSERT_TRUE(q.forced);
  ASSERT_NEAR(q.given_move, yield, 1e-9);
  ASSERT_NEAR(q.surprises, yield, 1e-9);
  ASSERT_NEAR(q.known, yield, 1e-9);
  ASSERT_NEAR(q.answer, q.surprises, 0);
  ASSERT_NEAR(q.open, 1, 1e-12);
  /* Given the move is news about the mover; forced it is none. */
  q = ask(TYPES, "chance of us is hawk if us.push in 1 known");
  ASSERT_NEAR(q.given_move, hawk / 2 / push, 1e-9);
  ASSERT_NEAR(q.surprises, 0.5, 1e-12);
  ASSERT_NEAR(q.known, 0.5, 1e-12);
  ASSERT_NEAR(
      ask(TYPES, "chance of pact").answer, push * yield + (1 - push) * rest,
      1e-9);
}

/* iran moves first and adapts when it is told what us will do later. */
static const char ADAPT[] = "scenario adapt\n"
                            "  turns 1 to 2\n"
                            "  otherwise quiet\n"
                            "actor us sharpness 0\n"
                            "actor iran sharpness 0.1\n"
                            "state ready 0..1 = 0 public\n"
                            "choice arm of iran until 1\n"
                            "  wait\n"
                            "  load -> ready = 1\n"
                            "choice act of us from 2\n"
                            "  hold\n"
                            "  hit -> end war\n"
                            "payoff us iran\n"
                            "  war 0 (10 * ready)\n"
                            "  quiet 0 (-10 * ready)\n";

TEST(known_lets_the_others_adapt)
{
  dm_r_question q = ask(ADAPT, "chance of iran.load if us.hit in 2 known");
  ASSERT_NEAR(q.given_move, 0.5, 1e-9);
  ASSERT_NEAR(q.surprises, 0.5, 1e-9);
  ASSERT_NEAR(q.known, logistic(1), 1e-9);
  ASSERT_NEAR(q.answer, q.known, 0);
}

TEST(a_move_counts_where_it_is_open)
{
  /* Hot with 1/2; forced there, war is certain. */
  dm_r_question q = ask(HEAT, "chance of war if iran.strike in 2 surprises");
  ASSERT_NEAR(q.open, 0.5, 1e-15);
  ASSERT_NEAR(q.surprises, 1, 1e-15);
  ASSERT_NEAR(q.given_move, 1, 1e-15);
  q = ask(HEAT, "chance of war if iran.strike in 1 surprises");
  ASSERT_NAN(q.answer);
  ASSERT_NEAR(q.open, 0, 0);
  ASSERT_TRUE(q.why[0] != '\0');
}

/* Two rounds: a letter-like move is open in round 2 only where round 1 opened
 * it, and is forced once. */
static const char ROUNDS[] = "scenario twice\n"
                             "  turns 1 to 1\n"
                             "  rounds 2\n"
                             "  otherwise quiet\n"
                             "actor us sharpness 0\n"
                             "state count 0..3 = 0 public\n"
                             "choice act of us every round\n"
                             "  wait\n"
                             "  push -> count +1\n"
                             "payoff us\n"
                             "  quiet 0\n";

TEST(a_move_is_forced_the_first_time)
{
  dm_r_question q =
      ask(ROUNDS, "chance of count = 2 if us.push in 1 surprises");
  ASSERT_NEAR(q.surprises, 0.5, 1e-15);
  ASSERT_NEAR(q.open, 1, 1e-15);
  /* Picked at least once (3/4), and twice (1/4). */
  ASSERT_NEAR(q.given_move, 1.0 / 3, 1e-15);
  ASSERT_NEAR(
      ask(ROUNDS, "chance of count = 0 in 1 if us.push in 1 known").answer, 0,
      0);
}

/* A reading of turn 1 stays known; `in 2` means published in turn 2. */
static const char READS[] = "scenario reads\n"
                            "  turns 1 to 3\n"
                            "  otherwise quiet\n"
                            "actor us sharpness 0\n"
                            "state stock 0..1 = 0 hidden\n"
                            "report survey by agency in 1, 3\n"
                            "  measures stock, error 0 75%, +1 25%\n"
                            "  seen by us\n"
                            "choice act of us\n"
                            "  wait\n"
                            "  go\n"
                            "payoff us\n"
                            "  quiet 0\n";

TEST(in_of_a_reading_is_its_publication)
{
  ASSERT_NEAR(ask(READS, "chance of survey = 1 in 1").answer, 0.25, 1e-15);
  ASSERT_NEAR(ask(READS, "chance of survey = 1 in 2").answer, 0, 0);
  ASSERT_NEAR(ask(READS, "chance of survey = 1 in 3").answer, 0.25, 1e-15);
  ASSERT_NEAR(ask(READS, "chance of survey = 1 by 3").answer, 0.4375, 1e-15);
}

TEST(each_outcome_by_period)
{
  ASSERT_NOT_NULL(ask(HEAT, "chance of each outcome by turn").each);
}

TEST(checks_pass_and_fail)
{
  static const char text[] = "scenario checks\n"
                             "  turns 1 to 1\n"
                             "  otherwise quiet\n"
                             "actor us sharpness 0\n"
                             "choice act of us\n"
                             "  wait\n"
                             "  hit -> end war\n"
                             "payoff us\n"
                             "  war 0\n"
                             "  quiet 0\n"
                             "check chance of war = 50%\n"
                             "check chance of war < 50%\n"
                             "check chance of war <= 50%\n"
                             "check chance of war > 40%\n"
                             "check chance of war != 50%\n";
  dm_scenario *s = read_text(text);
  dm_result *r = run_text(s, NULL);
  const bool want[] = {true, false, true, true, false};
  ASSERT_UINT(r->n_questions, 5);
  for (uint32_t i = 0; i < 5; i++) {
    ASSERT_TRUE(r->question[i].is_check);
    ASSERT_INT(r->question[i].passed, want[i]);
    ASSERT_UINT(r->question[i].line, 11 + i);
  }
  dm_result_free(r);
  dm_scenario_free(s);
}

TEST_MAIN(
    CASE(by_and_in_of_an_outcome), CASE(by_and_in_of_a_comparison),
    CASE(by_and_in_of_an_option), CASE(given_is_bayes),
    CASE(three_answers_about_a_move), CASE(known_lets_the_others_adapt),
    CASE(a_move_counts_where_it_is_open), CASE(a_move_is_forced_the_first_time),
    CASE(in_of_a_reading_is_its_publication), CASE(each_outcome_by_period),
    CASE(checks_pass_and_fail))
