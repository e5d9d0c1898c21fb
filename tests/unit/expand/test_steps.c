/* One step at a time: merging of writes, draws, ends, findings, latches. */
#include "reach.h"

#include <string.h>

/* A core of one period in which step 1 runs the rules; x is read at the end:
 * outcome k if x is k, for 0 .. 4. */
typedef struct one {
  dm_core c;
  uint32_t x, y, us, p;
} one;

static void begin(one *m)
{
  dm_core *c = &m->c;
  cb_init(c, 1);
  m->p = cb_param(c, "p", 0.25);
  m->us = cb_actor(c, "us", DM_NONE, DM_NONE);
  m->x = cb_var(c, "x", 0, 5, 2);
  m->y = cb_var(c, "y", 0, 3, 1);
  for (int32_t k = 0; k < 5; k++) {
    uint32_t o = cb_outcome(c, "k", NULL);
    cb_ending(c, cb_is(c, m->x, k), o);
  }
}

static dm_expansion *finish(one *m, const dm_stmt_id *list, uint32_t n)
{
  cb_step_rules(&m->c, 1, list, n);
  cb_step(&m->c, DM_STEP_ENDINGS, 9, 0, 0);
  return reach_expand(&m->c);
}

static void expect(one *m, dm_expansion *e, const double want[5])
{
  for (uint32_t k = 0; k < 5; k++)
    ASSERT_NEAR(reach_outcome(e, NULL, k, 1), want[k], 1e-15);
  dm_expansion_free(e);
  cb_clear(&m->c);
}

/* Expands and expects an error with a single finding, which is copied. */
static dm_found refused(one *m, const dm_stmt_id *list, uint32_t n)
{
  cb_step_rules(&m->c, 1, list, n);
  cb_step(&m->c, DM_STEP_ENDINGS, 9, 0, 0);
  dm_expansion *e = NULL;
  ASSERT_STATUS(dm_expand(&m->c, NULL, NULL, &e), DM_E_INPUT);
  ASSERT_NOT_NULL(e);
  ASSERT_UINT(e->found.n, 1);
  ASSERT_UINT(e->game.n_nodes, 0);
  ASSERT_NULL(e->game.edge_child);
  dm_found found = e->found.at[0];
  ASSERT_NOT_NULL(found.state);
  found.state = NULL;
  dm_expansion_free(e);
  cb_clear(&m->c);
  return found;
}

TEST(assignments_go_before_increments)
{
  one m;
  begin(&m);
  dm_stmt_id list[] = {
      cb_add(&m.c, m.x, 1), cb_set(&m.c, m.x, 1), cb_add(&m.c, m.x, 2)};
  double want[5] = {0, 0, 0, 0, 1};
  expect(&m, finish(&m, list, 3), want);
}

TEST(increments_are_summed_before_the_scale_ends)
{
  one m;
  begin(&m);
  /* 2 + 5 - 4 = 3; cut at once it would be 4 - 4 = 0. */
  dm_stmt_id list[] = {cb_add(&m.c, m.x, 5), cb_add(&m.c, m.x, -4)};
  double want[5] = {0, 0, 0, 1, 0};
  expect(&m, finish(&m, list, 2), want);
}

TEST(all_rules_read_the_first_state)
{
  one m;
  begin(&m);
  dm_stmt_id list[2];
  list[0] = cb_write(&m.c, DM_DO_SET, m.x, cb_v(&m.c, m.y));
  list[1] = cb_write(&m.c, DM_DO_SET, m.y, cb_v(&m.c, m.x));
  double want[5] = {0, 1, 0, 0, 0};
  expect(&m, finish(&m, list, 2), want);
}

TEST(of_ordered_words_the_later_wins)
{
  one m;
  begin(&m);
  m.c.var.at[m.x].ordered = true;
  dm_stmt_id list[] = {cb_set(&m.c, m.x, 3), cb_set(&m.c, m.x, 1)};
  double want[5] = {0, 0, 0, 1, 0};
  expect(&m, finish(&m, list, 2), want);
}

TEST(equal_assignments_agree)
{
  one m;
  begin(&m);
  dm_stmt_id list[] = {cb_set(&m.c, m.x, 4), cb_set(&m.c, m.x, 4)};
  double want[5] = {0, 0, 0, 0, 1};
  expect(&m, finish(&m, list, 2), want);
}

TEST(different_assignments_are_an_error)
{
  one m;
  begin(&m);
  dm_stmt_id list[] = {
      cb_set(&m.c, m.x, 4),
      cb_chance(&m.c, 0.5, cb_set(&m.c, m.x, 3), DM_NONE)};
  dm_found found = refused(&m, list, 2);
  ASSERT_UINT(found.kind, DM_FOUND_CONFLICT);
  ASSERT_UINT(found.rule, 0);
  ASSERT_UINT(found.other, 1);
  ASSERT_UINT(found.var, m.x);
  ASSERT_UINT(found.period, 1);
}

/* Two draws that exclude each other by the state never meet. */
TEST(assignments_that_never_meet_are_none)
{
  one m;
  begin(&m);
  dm_expr_id a = cb_is(&m.c, m.y, 1), b = cb_is(&m.c, m.y, 2);
  dm_stmt_id list[] = {
      cb_when(&m.c, a, cb_set(&m.c, m.x, 4), DM_NONE),
      cb_when(&m.c, b, cb_set(&m.c, m.x, 3), DM_NONE)};
  double want[5] = {0, 0, 0, 0, 1};
  expect(&m, finish(&m, list, 2), want);
}

TEST(a_fraction_of_a_step_is_an_error)
{
  one m;
  begin(&m);
  dm_stmt_id list[] = {cb_add(&m.c, m.x, 0.5)};
  dm_found found = refused(&m, list, 1);
  ASSERT_UINT(found.kind, DM_FOUND_FRACTION);
  ASSERT_UINT(found.rule, 0);
  ASSERT_UINT(found.var, m.x);
}

TEST(chances_that_do_not_add_up_are_an_error)
{
  one m;
  begin(&m);
  dm_core_branch b[2] = {{0, DM_NONE}, {0, DM_NONE}};
  b[0].chance = cb_num(&m.c, 0.5);
  b[1].chance = cb_num(&m.c, 0.4);
  b[0].body = cb_add(&m.c, m.x, 1);
  dm_stmt_id list[] = {cb_draw(&m.c, b, 2)};
  dm_found found = refused(&m, list, 1);
  ASSERT_UINT(found.kind, DM_FOUND_CHANCES);
  ASSERT_UINT(found.rule, 0);
}

TEST(a_chance_outside_its_range_is_an_error)
{
  one m;
  begin(&m);
  m.c.param.at[m.p].base = 1.5;
  dm_stmt_id list[] = {cb_chance_p(&m.c, m.p, cb_add(&m.c, m.x, 1), DM_NONE)};
  ASSERT_UINT(refused(&m, list, 1).kind, DM_FOUND_CHANCES);
}

TEST(a_cut_write_is_told_once)
{
  one m;
  begin(&m);
  m.c.var.at[m.x].saturates = true;
  dm_stmt_id list[] = {
      cb_chance(&m.c, 0.5, cb_add(&m.c, m.x, 3), cb_add(&m.c, m.x, 4))};
  dm_expansion *e = finish(&m, list, 1);
  ASSERT_UINT(e->found.n, 1);
  ASSERT_UINT(e->found.at[0].kind, DM_FOUND_SATURATES);
  ASSERT_UINT(e->found.at[0].rule, 0);
  ASSERT_UINT(e->found.at[0].var, m.x);
  double want[5] = {0, 0, 0, 0, 1};
  expect(&m, e, want);
}

TEST(the_first_outcome_of_two_ends_wins)
{
  one m;
  begin(&m);
  dm_stmt_id list[] = {
      cb_chance(&m.c, 0.5, cb_end(&m.c, 4), DM_NONE),
      cb_chance(&m.c, 0.5, cb_end(&m.c, 3), DM_NONE)};
  dm_expansion *e = finish(&m, list, 2);
  ASSERT_UINT(e->found.n, 1);
  ASSERT_UINT(e->found.at[0].kind, DM_FOUND_TIE);
  ASSERT_UINT(e->found.at[0].rule, 0);
  ASSERT_UINT(e->found.at[0].other, 1);
  ASSERT_UINT(e->outcome_first[4], 1);
  double want[5] = {0, 0, 0.25, 0.5, 0.25};
  expect(&m, e, want);
}

/* Two coins with equal effects make three branches, not four. */
TEST(equal_results_of_draws_are_one_edge)
{
  one m;
  begin(&m);
  dm_stmt_id list[] = {
      cb_chance_p(&m.c, m.p, cb_add(&m.c, m.x, 1), DM_NONE),
      cb_chance_p(&m.c, m.p, cb_add(&m.c, m.x, 1), DM_NONE)};
  dm_expansion *e = finish(&m, list, 2);
  ASSERT_UINT(e->game.node_edge[1], 3);
  double want[5] = {0, 0, 0.5625, 0.375, 0.0625};
  expect(&m, e, want);
}

/* A draw all of whose results agree is not a draw. */
TEST(a_draw_without_effect_makes_no_branch)
{
  one m;
  begin(&m);
  dm_stmt_id list[] = {
      cb_chance_p(&m.c, m.p, cb_set(&m.c, m.x, 3), cb_add(&m.c, m.x, 1)),
      cb_chance_p(&m.c, m.p, cb_set(&m.c, m.y, 2), DM_NONE)};
  dm_expansion *e = finish(&m, list, 2);
  /* start, last situation, ending */
  ASSERT_UINT(e->game.n_nodes, 3);
  double want[5] = {0, 0, 0, 1, 0};
  expect(&m, e, want);
}

/* ... but what is paid tells the results apart. */
TEST(payoffs_keep_edges_apart)
{
  one m;
  begin(&m);
  dm_stmt_id list[] = {
      cb_chance_p(&m.c, m.p, cb_pay(&m.c, m.us, cb_num(&m.c, 8)), DM_NONE)};
  dm_expansion *e = finish(&m, list, 1);
  ASSERT_UINT(e->game.node_edge[1], 2);
  ASSERT_UINT(e->game.edge_child[0], e->game.edge_child[1]);
  ASSERT_NEAR(reach_value(e, NULL, 0), 2, 1e-15);
  double want[5] = {0, 0, 1, 0, 0};
  expect(&m, e, want);
}

/* A parameter may be drawn again: its edge stays at 0 and at 1. */
TEST(a_parameter_of_0_keeps_its_edge)
{
  for (int k = 0; k < 2; k++) {
    one m;
    begin(&m);
    m.c.param.at[m.p].base = k;
    dm_stmt_id list[] = {cb_chance_p(&m.c, m.p, cb_add(&m.c, m.x, 1), DM_NONE)};
    dm_expansion *e = finish(&m, list, 1);
    ASSERT_UINT(e->game.node_edge[1], 2);
    double other = 0.25;
    ASSERT_NEAR(reach_outcome(e, &other, 3, 1), 0.25, 1e-15);
    double want[5] = {0, 0, 1 - k, k, 0};
    expect(&m, e, want);
  }
}

TEST(a_literal_0_has_no_edge)
{
  one m;
  begin(&m);
  dm_stmt_id list[] = {cb_chance(&m.c, 0, cb_add(&m.c, m.x, 1), DM_NONE)};
  dm_expansion *e = finish(&m, list, 1);
  ASSERT_UINT(e->game.node_edge[1], 1);
  double want[5] = {0, 0, 1, 0, 0};
  expect(&m, e, want);
}

/* Many fair coins into one counter: the list stays as long as the count. */
TEST(many_coins_do_not_explode)
{
  one m;
  begin(&m);
  uint32_t count = cb_var(&m.c, "count", 0, 64, 0);
  dm_stmt_id list[40];
  for (uint32_t i = 0; i < 40; i++)
    list[i] = cb_chance(&m.c, 0.5, cb_add(&m.c, count, 1), DM_NONE);
  dm_expr_id low = cb_2(&m.c, DM_X_LT, cb_v(&m.c, count), cb_num(&m.c, 20));
  cb_step_rules(&m.c, 1, list, 40);
  dm_stmt_id then =
      cb_when(&m.c, low, cb_set(&m.c, m.x, 0), cb_set(&m.c, m.x, 4));
  dm_expansion *e = finish(&m, &then, 1);
  ASSERT_UINT(e->game.node_edge[1], 2);
  /* P(fewer than 20 of 40) = (1 - C(40, 20) / 2^40) / 2 */
  double low_odds = (1 - 137846528820.0 / 1099511627776.0) / 2;
  double want[5] = {low_odds, 0, 0, 0, 1 - low_odds};
  expect(&m, e, want);
}

/* A monitor is set by what held after any step, and told by the endings. */
TEST(latches_tell_at_the_end)
{
  one m;
  begin(&m);
  dm_core *c = &m.c;
  uint32_t ever = cb_var_kind(c, "ever", 0, 2, 0, DM_VAR_MONITOR);
  cb_latch(c, ever, cb_is(c, m.x, 3), false, 1, 1);
  cb_step_rule(c, 1, cb_chance(c, 0.25, cb_set(c, m.x, 3), DM_NONE));
  dm_stmt_id back = cb_set(c, m.x, 2);
  cb_step_rule(c, 2, back);
  cb_step(c, DM_STEP_ENDINGS, 9, 0, 0);
  dm_expansion *e = reach_expand(c);
  ASSERT_UINT(e->game.n_ends, 2);
  double *cell = reach_cells(&e->game, e->game.param_base);
  double odds = 0;
  for (uint32_t n = 0; n < e->game.n_nodes; n++) {
    int32_t v[4];
    dm_expansion_decode(c, e, n, v);
    if (e->game.node_set[n] >= DM_NODE_END && v[ever] == 1)
      odds += reach_end(&e->game, cell, 0, e->game.node_set[n] - DM_NODE_END);
  }
  free(cell);
  ASSERT_NEAR(odds, 0.25, 1e-15);
  dm_expansion_free(e);
  cb_clear(c);
}

TEST_MAIN(
    CASE(assignments_go_before_increments),
    CASE(increments_are_summed_before_the_scale_ends),
    CASE(all_rules_read_the_first_state), CASE(of_ordered_words_the_later_wins),
    CASE(equal_assignments_agree), CASE(different_assignments_are_an_error),
    CASE(assignments_that_never_meet_are_none),
    CASE(a_fraction_of_a_step_is_an_error),
    CASE(chances_that_do_not_add_up_are_an_error),
    CASE(a_chance_outside_its_range_is_an_error),
    CASE(a_cut_write_is_told_once), CASE(the_first_outcome_of_two_ends_wins),
    CASE(equal_results_of_draws_are_one_edge),
    CASE(a_draw_without_effect_makes_no_branch), CASE(payoffs_keep_edges_apart),
    CASE(a_parameter_of_0_keeps_its_edge), CASE(a_literal_0_has_no_edge),
    CASE(many_coins_do_not_explode), CASE(latches_tell_at_the_end))
