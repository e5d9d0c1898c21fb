/* What is paid when: costs, discounts, payoffs of endings and their tails. */
#include "reach.h"

/* Three periods; an actor with discount d who gets 10 at `otherwise`. */
typedef struct world {
  dm_core c;
  uint32_t d, sharp, us;
} world;

static void begin(world *m, double discount)
{
  cb_init(&m->c, 3);
  m->d = cb_param(&m->c, "us.discount", discount);
  m->sharp = cb_param(&m->c, "us.sharpness", 0.5);
  m->us = cb_actor(&m->c, "us", m->sharp, m->d);
  double ten = 10;
  m->c.otherwise = cb_outcome(&m->c, "rest", &ten);
}

TEST(pay_and_endings_weigh_as_their_period)
{
  world m;
  begin(&m, 0.5);
  cb_step_rule(&m.c, 8, cb_pay(&m.c, m.us, cb_period(&m.c)));
  cb_step(&m.c, DM_STEP_ENDINGS, 9, 0, 0);
  dm_expansion *e = reach_expand(&m.c);
  /* 1 + 2 / 2 + 3 / 4 + 10 / 4 */
  ASSERT_NEAR(reach_value(e, NULL, 0), 5.25, 1e-15);
  /* Another discount needs no other game. */
  double param[2] = {1, 0.5};
  ASSERT_NEAR(reach_value(e, param, 0), 16, 1e-15);
  dm_expansion_free(e);
  cb_clear(&m.c);
}

/* An end in phase `phase` of period 2 that pays 4 a period to the end. */
static double with_tail(uint8_t phase)
{
  world m;
  begin(&m, 0.5);
  double one = 1;
  uint32_t war = cb_outcome(&m.c, "war", &one);
  m.c.outcome.at[war].tail[0] = cb_num(&m.c, 4);
  dm_expr_id now = cb_2(&m.c, DM_X_EQ, cb_period(&m.c), cb_num(&m.c, 2));
  cb_step_rule(&m.c, phase, cb_when(&m.c, now, cb_end(&m.c, war), DM_NONE));
  cb_step(&m.c, DM_STEP_ENDINGS, 9, 0, 0);
  dm_expansion *e = reach_expand(&m.c);
  ASSERT_NEAR(reach_outcome(e, NULL, war, 2), 1, 0);
  double value = reach_value(e, NULL, 0);
  dm_expansion_free(e);
  cb_clear(&m.c);
  return value;
}

TEST(a_tail_covers_each_skipped_pay)
{
  /* before the pay: periods 2 and 3; after it: period 3 only */
  ASSERT_NEAR(with_tail(4), 0.5 + 4 * (0.5 + 0.25), 1e-15);
  ASSERT_NEAR(with_tail(7), 0.5 + 4 * (0.5 + 0.25), 1e-15);
  ASSERT_NEAR(with_tail(8), 0.5 + 4 * 0.25, 1e-15);
}

TEST(payoffs_read_the_final_state)
{
  world m;
  begin(&m, 1);
  uint32_t x = cb_var(&m.c, "x", 0, 5, 0);
  uint32_t war = cb_outcome(&m.c, "war", NULL);
  m.c.outcome.at[war].payoff[0] =
      cb_2(&m.c, DM_X_MUL, cb_v(&m.c, x), cb_p(&m.c, m.sharp));
  cb_step_rule(&m.c, 4, cb_seq2(&m.c, cb_end(&m.c, war), cb_add(&m.c, x, 3)));
  cb_step(&m.c, DM_STEP_ENDINGS, 9, 0, 0);
  dm_expansion *e = reach_expand(&m.c);
  ASSERT_NEAR(reach_value(e, NULL, 0), 1.5, 1e-15);
  double param[2] = {1, 2};
  ASSERT_NEAR(reach_value(e, param, 0), 6, 1e-15);
  dm_expansion_free(e);
  cb_clear(&m.c);
}

TEST(sharpness_is_as_of_the_choice)
{
  world m;
  begin(&m, 0.5);
  static const char *const option[] = {"wait", "go"};
  uint32_t ch = cb_choice(&m.c, "move", m.us, option, 2);
  uint32_t d = cb_decide(&m.c, ch, 0, 0);
  cb_step(&m.c, DM_STEP_DECIDE, 3, d, 1);
  cb_step_rule(
      &m.c, 4,
      cb_when(
          &m.c, cb_is(&m.c, m.c.choice.at[ch].pick, 2),
          cb_pay(&m.c, m.us, cb_num(&m.c, -1)), DM_NONE));
  cb_step(&m.c, DM_STEP_ENDINGS, 9, 0, 0);
  dm_expansion *e = reach_expand(&m.c);
  ASSERT_UINT(e->game.n_sets, 3);
  double *cell = reach_cells(&e->game, e->game.param_base);
  for (uint32_t s = 0; s < 3; s++) {
    ASSERT_UINT(e->set_period[s], s + 1);
    ASSERT_UINT(e->game.set_player[s], m.us);
    ASSERT_NEAR(cell[e->game.set_sharp[s]], 0.5 * (double)(1u << s), 1e-15);
  }
  /* The cost is on the pick's own edge: nothing else can happen between. */
  ASSERT_NEAR(cell[e->game.row_cell[e->game.edge_row[0]]], 0, 0);
  ASSERT_NEAR(cell[e->game.row_cell[e->game.edge_row[1]]], -1, 0);
  free(cell);
  /* -(1 + 1/2 + 1/4) / 2 + 10 / 4 */
  ASSERT_NEAR(reach_value(e, NULL, 0), 1.625, 1e-15);
  dm_expansion_free(e);
  cb_clear(&m.c);
}

TEST(rows_hold_one_cell_a_player)
{
  world m;
  begin(&m, 1);
  uint32_t eu = cb_actor(&m.c, "eu", DM_NONE, DM_NONE);
  /* outcome made before the second actor: make another */
  double payoff[2] = {1, 2};
  m.c.otherwise = cb_outcome(&m.c, "both", payoff);
  m.c.outcome.at[0] = m.c.outcome.at[m.c.otherwise];
  cb_step_rule(&m.c, 8, cb_pay(&m.c, eu, cb_num(&m.c, 7)));
  cb_step(&m.c, DM_STEP_ENDINGS, 9, 0, 0);
  dm_expansion *e = reach_expand(&m.c);
  ASSERT_UINT(e->game.n_players, 2);
  ASSERT_NEAR(reach_value(e, NULL, 0), 1, 1e-15);
  ASSERT_NEAR(reach_value(e, NULL, 1), 23, 1e-15);
  dm_expansion_free(e);
  cb_clear(&m.c);
}

TEST_MAIN(
    CASE(pay_and_endings_weigh_as_their_period),
    CASE(a_tail_covers_each_skipped_pay), CASE(payoffs_read_the_final_state),
    CASE(sharpness_is_as_of_the_choice), CASE(rows_hold_one_cell_a_player))
