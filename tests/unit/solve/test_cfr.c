/* Regret minimisation: known values, the certificate's opinion, determinism,
 * and games with nothing to decide. */
#include "unit.h"

#include "zero_games.h"

#include "game/recall.h"
#include "solve/zero_sum.h"

typedef struct run {
  dm_game game;
  double *cell, *p;
  dm_cfr *cfr;
  double gain[2], value[2];
} run;

static void begin(run *r)
{
  const char *why = NULL;
  r->cell = zero_cells(&r->game);
  r->p = calloc((size_t)r->game.n_slots + 1, sizeof *r->p);
  ASSERT_OK(dm_cfr_new(&r->game, r->cell, &r->cfr, &why));
}

static void end(run *r)
{
  dm_cfr_free(r->cfr);
  free(r->cell);
  free(r->p);
  dm_game_clear(&r->game);
}

/* Iterates, then has the average judged by the certificate, which must agree
 * with the solver's own account. */
static void iterate(run *r, uint64_t n)
{
  dm_cfr_run(r->cfr, n);
  double gain[2], value[2];
  double sum = dm_cfr_exploitability(r->cfr, r->gain);
  dm_cfr_value(r->cfr, r->value);
  dm_cfr_average(r->cfr, r->p);
  zero_is_profile(&r->game, r->p);
  zero_judge(&r->game, r->cell, r->p, gain, value);
  for (int a = 0; a < 2; a++) {
    ASSERT_NEAR(r->gain[a], gain[a], 1e-12);
    ASSERT_NEAR(r->value[a], value[a], 1e-12);
  }
  ASSERT_NEAR(sum, gain[0] + gain[1], 1e-12);
}

TEST(kuhn_by_every_rule)
{
  static const double reach[DM_CFR_RULES] = {4e-4, 4e-4, 6e-4, 1e-7, 1e-12};
  for (int rule = 0; rule < DM_CFR_RULES; rule++) {
    run r = {0};
    zero_kuhn(&r.game);
    begin(&r);
    dm_cfr_set_rule(r.cfr, (dm_cfr_rule)rule);
    iterate(&r, 1000);
    ASSERT_UINT(dm_cfr_iterations(r.cfr), 1000);
    ASSERT_TRUE(r.gain[0] + r.gain[1] < reach[rule]);
    ASSERT_TRUE(r.gain[0] > -1e-15 && r.gain[1] > -1e-15);
    /* The value lies between what the averages guarantee. */
    double value = -1.0 / 18.0;
    ASSERT_TRUE(value <= r.value[0] + r.gain[0] + 1e-15);
    ASSERT_TRUE(value >= r.value[0] - r.gain[1] - 1e-15);
    ASSERT_NOT_NULL(dm_cfr_rule_text((dm_cfr_rule)rule));
    end(&r);
  }
}

/* What is the same in every equilibrium of Kuhn's game. */
TEST(kuhn_strategies)
{
  run r = {0};
  zero_kuhn(&r.game);
  begin(&r);
  dm_cfr_set_rule(r.cfr, DM_CFR_FORESEEING);
  iterate(&r, 1000);
  const double *p = r.p;
  const uint32_t *slot = r.game.set_slot;
  ASSERT_NEAR(p[slot[6] + 1], 1.0 / 3.0, 1e-9); /* bets a jack */
  ASSERT_NEAR(p[slot[9] + 1], 1.0 / 3.0, 1e-9); /* calls with a queen */
  double bluff = p[slot[0] + 1];
  ASSERT_NEAR(p[slot[4] + 1], 3.0 * bluff, 1e-9);
  ASSERT_NEAR(p[slot[3] + 1], bluff + 1.0 / 3.0, 1e-9);
  end(&r);
}

TEST(before_the_first_iteration_it_is_uniform)
{
  run r = {0};
  zero_kuhn(&r.game);
  begin(&r);
  iterate(&r, 0);
  for (uint32_t i = 0; i < r.game.n_slots; i++)
    ASSERT_NEAR(r.p[i], 0.5, 0.0);
  ASSERT_TRUE(r.gain[0] + r.gain[1] > 0.5);
  end(&r);
}

TEST(same_bits_every_time)
{
  for (int rule = 0; rule < DM_CFR_RULES; rule++) {
    run r[2] = {{.cfr = NULL}, {.cfr = NULL}};
    for (int i = 0; i < 2; i++) {
      zero_random_tree(77, 7, false, &r[i].game);
      begin(&r[i]);
      dm_cfr_set_rule(r[i].cfr, (dm_cfr_rule)rule);
    }
    iterate(&r[0], 300);
    for (int i = 0; i < 3; i++) {
      iterate(&r[1], 100); /* asking in between changes nothing */
    }
    for (uint32_t i = 0; i < r[0].game.n_slots; i++)
      ASSERT_SAME_BITS(r[0].p[i], r[1].p[i]);
    dm_cfr_set_rule(r[1].cfr, (dm_cfr_rule)rule);
    ASSERT_UINT(dm_cfr_iterations(r[1].cfr), 0);
    iterate(&r[1], 300);
    for (uint32_t i = 0; i < r[0].game.n_slots; i++)
      ASSERT_SAME_BITS(r[0].p[i], r[1].p[i]);
    end(&r[0]);
    end(&r[1]);
  }
}

/* Constant-sum trees with private and public moves, single options among
 * them: every rule comes near, and the certificate says so too. */
TEST(random_trees_by_every_rule)
{
  for (uint64_t seed = 1; seed <= 40; seed++) {
    for (int rule = 0; rule < DM_CFR_RULES; rule++) {
      run r = {0};
      zero_random_tree(seed, 4 + (uint32_t)(seed % 4), false, &r.game);
      begin(&r);
      dm_cfr_set_rule(r.cfr, (dm_cfr_rule)rule);
      iterate(&r, 2000);
      ASSERT_TRUE(r.gain[0] + r.gain[1] < 5e-3);
      ASSERT_NEAR(r.value[0] + r.value[1], 0.75, 1e-12);
      ASSERT_CONTAINS(dm_cfr_guarantee(r.cfr), "zero-sum: the average");
      end(&r);
    }
  }
}

/* General sums are played and measured, and nothing is promised. */
TEST(general_sums_promise_nothing)
{
  for (uint64_t seed = 1; seed <= 20; seed++) {
    run r = {0};
    zero_random_tree(seed, 6, true, &r.game);
    begin(&r);
    iterate(&r, 200);
    ASSERT_TRUE(r.gain[0] > -1e-12 && r.gain[1] > -1e-12);
    if (r.game.n_sets > 0)
      ASSERT_CONTAINS(dm_cfr_guarantee(r.cfr), "coarse correlated");
    end(&r);
  }
}

/* The prisoners' dilemma: what is dominated dies out, whatever the sums. */
TEST(dominance_is_found_in_general_sums)
{
  run r = {0};
  tree *t = tree_new(2, 1);
  uint32_t a = tree_set(t, 0, 2, 1.0);
  uint32_t b = tree_set(t, 1, 2, 1.0);
  static const double pay[2][2][2] = {{{3, 3}, {0, 5}}, {{5, 0}, {1, 1}}};
  uint32_t root = tree_move(t, a);
  for (int i = 0; i < 2; i++) {
    uint32_t n = tree_move(t, b);
    tree_edge(t, root, n, 0.0, NULL);
    for (int j = 0; j < 2; j++)
      tree_leaf(t, n, 0, 0.0, pay[i][j]);
  }
  tree_finish(t, &r.game, NULL);
  begin(&r);
  iterate(&r, 1000);
  ASSERT_TRUE(r.p[1] > 1.0 - 1e-6 && r.p[3] > 1.0 - 1e-6);
  end(&r);
}

/* Payoffs on inner edges of a graph whose paths meet: the second player sees
 * nothing of the first one's move, and one node serves for both. */
TEST(graphs_whose_paths_meet)
{
  run r = {0};
  tree *t = tree_new(2, 1);
  uint32_t a = tree_set(t, 0, 3, 1.0);
  uint32_t b = tree_set(t, 1, 2, 1.0);
  uint32_t root = tree_move(t, a);
  uint32_t meet = tree_chance(t);
  uint32_t second = tree_move(t, b);
  static const double first[3] = {1, 4, 2};
  for (int i = 0; i < 3; i++)
    tree_edge(t, root, meet, 0.0, (double[]){first[i], -first[i]});
  tree_edge(t, meet, second, 0.25, (double[]){8, -8});
  tree_edge(t, meet, second, 0.75, NULL);
  zero_end(t, second, 0.0, 3.0);
  zero_end(t, second, 0.0, -2.0);
  tree_finish(t, &r.game, NULL);
  begin(&r);
  dm_cfr_set_rule(r.cfr, DM_CFR_FORESEEING);
  iterate(&r, 200);
  ASSERT_NEAR(r.value[0], 4.0 + 2.0 - 2.0, 1e-9);
  end(&r);
}

/* Random graphs of two players that happen to forget nothing. */
TEST(random_graphs_agree_with_the_certificate)
{
  int met = 0;
  for (uint64_t seed = 1; seed <= 400; seed++) {
    random_game_options o = {
        .seed = seed,
        .players = 2,
        .layers = 2 + (uint32_t)(seed % 4),
        .width = 3,
        .payoff = 3.0};
    run r = {0};
    random_game(&o, &r.game);
    dm_recall recall;
    ASSERT_OK(dm_recall_find(&r.game, &recall));
    bool perfect = recall.kind[0] == DM_RECALL_PERFECT &&
                   recall.kind[1] == DM_RECALL_PERFECT;
    dm_recall_clear(&recall);
    if (!perfect) {
      dm_game_clear(&r.game);
      continue;
    }
    begin(&r);
    iterate(&r, 50);
    end(&r);
    met++;
  }
  ASSERT_TRUE(met >= 40);
}

TEST(nothing_to_decide)
{
  run r = {0};
  tree *t = tree_new(2, 1);
  uint32_t root = tree_chance(t);
  zero_end(t, root, 0.25, 4.0);
  zero_end(t, root, 0.75, -1.0);
  tree_finish(t, &r.game, NULL);
  begin(&r);
  iterate(&r, 5);
  ASSERT_NEAR(r.value[0], 0.25, 1e-15);
  ASSERT_NEAR(r.gain[0] + r.gain[1], 0.0, 1e-15);
  end(&r);

  r = (run){0};
  t = tree_new(2, 1);
  (void)tree_end(t, 0);
  tree_finish(t, &r.game, NULL);
  begin(&r);
  iterate(&r, 5);
  ASSERT_NEAR(r.value[0], 0.0, 0.0);
  end(&r);
}

TEST(one_player_without_moves)
{
  for (uint32_t player = 0; player < 2; player++) {
    run r = {0};
    tree *t = tree_new(2, 1);
    uint32_t set = tree_set(t, player, 4, 1.0);
    uint32_t only = tree_set(t, player, 1, 1.0);
    uint32_t root = tree_move(t, only);
    uint32_t n = tree_move(t, set);
    tree_edge(t, root, n, 0.0, NULL);
    for (int i = 0; i < 4; i++)
      zero_end(t, n, 0.0, i == 2 ? 7.0 : i);
    tree_finish(t, &r.game, NULL);
    begin(&r);
    iterate(&r, 400);
    ASSERT_NEAR(r.value[0], player == 0 ? 7.0 : 0.0, 1e-3);
    end(&r);
  }
}

/* A chance of exactly 0 keeps its sets: they are never reached, and play
 * evenly. */
TEST(never_reached_is_uniform)
{
  run r = {0};
  tree *t = tree_new(2, 1);
  uint32_t a = tree_set(t, 0, 2, 1.0);
  uint32_t b = tree_set(t, 0, 3, 1.0);
  uint32_t root = tree_chance(t);
  uint32_t n = tree_move(t, a);
  uint32_t m = tree_move(t, b);
  tree_edge(t, root, n, 1.0, NULL);
  tree_edge(t, root, m, 0.0, NULL);
  for (int i = 0; i < 2; i++)
    zero_end(t, n, 0.0, i);
  for (int i = 0; i < 3; i++)
    zero_end(t, m, 0.0, 5.0 * i);
  tree_finish(t, &r.game, NULL);
  begin(&r);
  iterate(&r, 100);
  for (int i = 0; i < 3; i++)
    ASSERT_NEAR(r.p[2 + i], 1.0 / 3.0, 1e-15);
  ASSERT_TRUE(r.p[1] > 0.999);
  end(&r);
}

TEST(who_is_refused)
{
  dm_cfr *cfr = NULL;
  const char *why = NULL;
  dm_game game;
  tree *t = tree_new(3, 1);
  uint32_t root = tree_move(t, tree_set(t, 2, 2, 1.0));
  tree_leaf(t, root, 0, 0.0, (double[]){1, 2, 3});
  tree_leaf(t, root, 0, 0.0, (double[]){3, 2, 1});
  tree_finish(t, &game, NULL);
  double *cell = zero_cells(&game);
  ASSERT_STATUS(dm_cfr_new(&game, cell, &cfr, &why), DM_E_RANGE);
  ASSERT_NULL(cfr);
  ASSERT_CONTAINS(why, "two players");
  free(cell);
  dm_game_clear(&game);

  /* The first player forgets its own first move. */
  t = tree_new(2, 1);
  uint32_t a = tree_set(t, 0, 2, 1.0);
  uint32_t b = tree_set(t, 0, 2, 1.0);
  root = tree_move(t, a);
  for (int i = 0; i < 2; i++) {
    uint32_t n = tree_move(t, b);
    tree_edge(t, root, n, 0.0, NULL);
    zero_end(t, n, 0.0, i);
    zero_end(t, n, 0.0, 1 - i);
  }
  tree_finish(t, &game, NULL);
  cell = zero_cells(&game);
  ASSERT_STATUS(dm_cfr_new(&game, cell, &cfr, &why), DM_E_RANGE);
  ASSERT_NULL(cfr);
  ASSERT_CONTAINS(why, "forgets");
  free(cell);
  dm_game_clear(&game);
  dm_cfr_free(NULL);
}

TEST(zero_sum_means_everywhere)
{
  dm_game game;
  const char *why = NULL;
  zero_kuhn(&game);
  double *cell = zero_cells(&game);
  ASSERT_TRUE(dm_zero_sum(&game, cell, &why));
  free(cell);
  dm_game_clear(&game);

  /* Constant sums count; a differing one behind a chance of 0 does not. */
  for (int odd = 0; odd < 2; odd++) {
    tree *t = tree_new(2, 1);
    uint32_t root = tree_chance(t);
    tree_leaf(t, root, 0, 0.5, (double[]){3, 4});
    tree_leaf(t, root, 0, odd ? 0.25 : 0.5, (double[]){9, -2});
    tree_leaf(t, root, 0, odd ? 0.25 : 0.0, (double[]){1, 1});
    tree_finish(t, &game, NULL);
    cell = zero_cells(&game);
    ASSERT_TRUE(dm_zero_sum(&game, cell, &why) == (odd == 0));
    if (odd)
      ASSERT_CONTAINS(why, "add up");
    free(cell);
    dm_game_clear(&game);
  }
}

TEST(payoff_scale_does_not_matter)
{
  double pay[9];
  double small[9];
  uint64_t seed = 3;
  for (int i = 0; i < 9; i++) {
    pay[i] = random_unit(&seed) - 0.4;
    small[i] = ldexp(pay[i], -40);
  }
  run r[2] = {{.cfr = NULL}, {.cfr = NULL}};
  zero_matrix(3, 3, pay, &r[0].game);
  zero_matrix(3, 3, small, &r[1].game);
  for (int i = 0; i < 2; i++) {
    begin(&r[i]);
    iterate(&r[i], 500);
  }
  for (uint32_t i = 0; i < 6; i++)
    ASSERT_SAME_BITS(r[0].p[i], r[1].p[i]);
  end(&r[0]);
  end(&r[1]);
}

TEST(what_is_held)
{
  run r = {0};
  zero_kuhn(&r.game);
  begin(&r);
  ASSERT_TRUE(dm_cfr_bytes(r.cfr) > 0 && dm_cfr_bytes(r.cfr) < 8192);
  ASSERT_TRUE(dm_cfr_moved(r.cfr) > 0);
  end(&r);
}

TEST_MAIN(
    CASE(kuhn_by_every_rule), CASE(kuhn_strategies),
    CASE(before_the_first_iteration_it_is_uniform), CASE(same_bits_every_time),
    CASE(random_trees_by_every_rule), CASE(general_sums_promise_nothing),
    CASE(dominance_is_found_in_general_sums), CASE(graphs_whose_paths_meet),
    CASE(random_graphs_agree_with_the_certificate), CASE(nothing_to_decide),
    CASE(one_player_without_moves), CASE(never_reached_is_uniform),
    CASE(who_is_refused), CASE(zero_sum_means_everywhere),
    CASE(payoff_scale_does_not_matter), CASE(what_is_held))
