/* The certificate against numbers worked out by hand; what it must catch. */
#include "unit.h"

#include "recalling_game.h"

#include "game/recall.h"
#include "game/sweep.h"
#include "num/expo.h"
#include "solve/certificate.h"

#include <math.h>

/* One decision with payoffs 1, 2, 4, behind a chance of 1/4. */
static void make_choice(dm_game *game)
{
  tree *t = tree_new(1, 3);
  uint32_t set = tree_set(t, 0, 3, 0.5);
  uint32_t root = tree_chance(t);
  uint32_t n = tree_move(t, set);
  tree_edge(t, root, n, 0.25, NULL);
  tree_leaf(t, root, 2, 0.75, NULL);
  tree_leaf(t, n, 0, 0.0, (double[]){1.0});
  tree_leaf(t, n, 1, 0.0, (double[]){2.0});
  tree_leaf(t, n, 0, 0.0, (double[]){4.0});
  tree_finish(t, game, NULL);
}

static double *cells_of(const dm_game *game)
{
  double *cell = calloc(game->n_cells, sizeof *cell);
  dm_cells_run(game, game->param_base, cell);
  return cell;
}

TEST(by_hand)
{
  dm_game game;
  make_choice(&game);
  double *cell = cells_of(&game);
  double log_p[3] = {log(0.5), log(0.3), log(0.2)};
  dm_certificate c;
  ASSERT_OK(dm_certificate_verify(&game, cell, log_p, 2.0, &c));
  /* k sharpness = 1: gaps log p - Q are the residual's ends. */
  double gap[3] = {log(0.5) - 1.0, log(0.3) - 2.0, log(0.2) - 4.0};
  ASSERT_NEAR(c.residual, gap[0] - gap[2], 1e-14);
  double mean = 0.5 * 1 + 0.3 * 2 + 0.2 * 4;
  ASSERT_NEAR(c.regret[0], 4.0 - mean, 1e-14);
  ASSERT_NEAR(c.regret_weighted[0], 0.25 * (4.0 - mean), 1e-14);
  ASSERT_NEAR(c.end_odds[0], 0.25 * 0.7, 1e-15);
  ASSERT_NEAR(c.end_odds[1], 0.25 * 0.3, 1e-15);
  ASSERT_NEAR(c.end_odds[2], 0.75, 1e-15);
  ASSERT_NEAR(c.total, 1.0, 1e-15);
  dm_certificate_clear(&c);
  free(cell);
  dm_game_clear(&game);
}

TEST(a_solved_choice_has_no_residual)
{
  dm_game game;
  make_choice(&game);
  double *cell = cells_of(&game);
  double log_p[3];
  dm_log_softmax((double[]){1.0, 2.0, 4.0}, 3, log_p);
  dm_certificate c;
  ASSERT_OK(dm_certificate_verify(&game, cell, log_p, 2.0, &c));
  ASSERT_TRUE(c.residual < 1e-14);
  dm_certificate_clear(&c);
  /* And one of the wrong sharpness has. */
  ASSERT_OK(dm_certificate_verify(&game, cell, log_p, 2.001, &c));
  ASSERT_NEAR(c.residual, 0.0005 * 3.0, 1e-12);
  dm_certificate_clear(&c);
  free(cell);
  dm_game_clear(&game);
}

TEST(what_is_not_a_number_is_not_hidden)
{
  dm_game game;
  make_choice(&game);
  double *cell = cells_of(&game);
  double log_p[3] = {(double)NAN, log(0.5), log(0.5)};
  dm_certificate c;
  ASSERT_OK(dm_certificate_verify(&game, cell, log_p, 1.0, &c));
  ASSERT_TRUE(!(c.residual < 1e-6));
  ASSERT_TRUE(!(c.regret[0] < 1e-6));
  dm_certificate_clear(&c);
  free(cell);
  dm_game_clear(&game);
}

/* Two pieces of code that share nothing agree about Q, regret and odds. */
TEST(agrees_with_the_sweeps)
{
  for (uint64_t seed = 1; seed <= 30; seed++) {
    random_game_options o = {
        .seed = seed, .players = 3, .layers = 7, .width = 12, .payoff = 2};
    dm_game game;
    random_game(&o, &game);
    dm_sweep *sweep = dm_sweep_new(&game);
    double *log_p = calloc(game.n_slots, sizeof *log_p);
    uint64_t random = seed;
    double spread = seed % 3 == 0 ? 900.0 : 3.0;
    for (uint32_t i = 0; i < game.n_slots; i++)
      log_p[i] = spread * random_unit(&random);
    for (uint32_t s = 0; s < game.n_sets; s++) {
      uint32_t at = game.set_slot[s];
      dm_log_softmax(log_p + at, game.set_slot[s + 1] - at, log_p + at);
    }
    dm_sweep_run(sweep, log_p);
    dm_certificate c;
    ASSERT_OK(
        dm_certificate_verify(&game, dm_sweep_cells(sweep), log_p, 1.5, &c));
    const double *q = dm_sweep_q(sweep);
    const double *p = dm_sweep_p(sweep);
    double residual = 0.0;
    double regret[3] = {0}, weighted[3] = {0};
    for (uint32_t s = 0; s < game.n_sets; s++) {
      double scale = 1.5 * dm_sweep_cells(sweep)[game.set_sharp[s]];
      double low = 1e300, high = -1e300, best = -1e300, mean = 0.0;
      for (uint32_t i = game.set_slot[s]; i < game.set_slot[s + 1]; i++) {
        low = fmin(low, log_p[i] - scale * q[i]);
        high = fmax(high, log_p[i] - scale * q[i]);
        best = fmax(best, q[i]);
        mean += p[i] * q[i];
      }
      residual = fmax(residual, high - low);
      uint32_t owner = game.set_player[s];
      regret[owner] = fmax(regret[owner], best - mean);
      weighted[owner] += dm_sweep_set_reach(sweep, s) * (best - mean);
    }
    ASSERT_NEAR_REL(c.residual, residual, 1e-12);
    ASSERT_NEAR_ARRAY(c.regret, regret, 3, 1e-11);
    ASSERT_NEAR_ARRAY(c.regret_weighted, weighted, 3, 1e-11);
    ASSERT_NEAR(c.total, 1.0, 1e-13);
    double odds[3] = {0};
    for (uint32_t n = 0; n < game.n_nodes; n++)
      if (game.node_set[n] >= DM_NODE_END)
        odds[game.node_set[n] - DM_NODE_END] += dm_sweep_reach(sweep, n);
    ASSERT_NEAR_ARRAY(c.end_odds, odds, game.n_ends, 1e-13);
    dm_certificate_clear(&c);
    dm_sweep_free(sweep);
    dm_game_clear(&game);
    free(log_p);
  }
}

/* ---- best replies -------------------------------------------------------- */

/* Expected payoff of `player` from node n on. */
static double expected(
    const dm_game *g, const double *cell, const double *p, uint32_t player,
    uint32_t n)
{
  double sum = 0.0;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    bool chance = g->node_set[n] == DM_NODE_CHANCE;
    double w = chance ? cell[g->edge_slot[i]] : p[g->edge_slot[i]];
    if (w > 0.0)
      sum += w * (cell[g->row_cell[g->edge_row[i] * g->n_players + player]] +
                  expected(g, cell, p, player, g->edge_child[i]));
  }
  return sum;
}

/* The best of all pure strategies of a player, tried one by one; NaN when
 * there are too many. */
static double best_of_all(
    const dm_game *g, const double *cell, const double *p, uint32_t player)
{
  double *trial = calloc(g->n_slots, sizeof *trial);
  uint64_t total = 1;
  for (uint32_t s = 0; s < g->n_sets; s++)
    if (g->set_player[s] == player && total <= 3000)
      total *= g->set_slot[s + 1] - g->set_slot[s];
  double best = total > 3000 ? (double)NAN : -1e300;
  for (uint64_t i = 0; total <= 3000 && i < total; i++) {
    memcpy(trial, p, g->n_slots * sizeof *trial);
    uint64_t code = i;
    for (uint32_t s = 0; s < g->n_sets; s++) {
      if (g->set_player[s] != player)
        continue;
      uint32_t count = g->set_slot[s + 1] - g->set_slot[s];
      for (uint32_t k = 0; k < count; k++)
        trial[g->set_slot[s] + k] = k == code % count ? 1.0 : 0.0;
      code /= count;
    }
    best = fmax(best, expected(g, cell, trial, player, 0));
  }
  free(trial);
  return best;
}

static void random_profile(
    const dm_game *g, uint64_t seed, double spread, double *log_p, double *p)
{
  for (uint32_t i = 0; i < g->n_slots; i++)
    log_p[i] = spread * random_unit(&seed);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t at = g->set_slot[s];
    dm_log_softmax(log_p + at, g->set_slot[s + 1] - at, log_p + at);
  }
  for (uint32_t i = 0; i < g->n_slots; i++)
    p[i] = exp(log_p[i]);
}

/* Payoffs from 0 on, so a gain is never lost in a cancellation. */
TEST(gain_is_that_of_the_best_pure_strategy)
{
  uint32_t compared = 0, spread = 0;
  for (uint64_t seed = 1; seed <= 150; seed++) {
    dm_game game;
    make_recalling(&game, seed, 3, 3 + (uint32_t)(seed % 3));
    double *cell = cells_of(&game);
    double *log_p = calloc(game.n_slots + 1, sizeof *log_p);
    double *p = calloc(game.n_slots + 1, sizeof *p);
    random_profile(&game, seed, seed % 2 ? 3.0 : 40.0, log_p, p);
    dm_sweep *sweep = dm_sweep_new(&game);
    spread += !dm_sweep_timed(sweep);
    dm_sweep_free(sweep);
    dm_certificate c;
    ASSERT_OK(dm_certificate_verify(&game, cell, log_p, (double)INFINITY, &c));
    ASSERT_NAN(c.residual);
    for (uint32_t a = 0; a < 3; a++) {
      ASSERT_UINT(c.recall[a], DM_RECALL_PERFECT);
      ASSERT_NEAR(c.value[a], expected(&game, cell, p, a, 0), 1e-13);
      double best = best_of_all(&game, cell, p, a);
      if (isnan(best))
        continue;
      compared++;
      ASSERT_NEAR(c.gain[a], best - c.value[a], 1e-13);
    }
    dm_certificate_clear(&c);
    dm_game_clear(&game);
    free(cell);
    free(log_p);
    free(p);
  }
  ASSERT_TRUE(compared > 300);
  ASSERT_TRUE(spread > 30);
}

/* Where situations merge the same holds; who forgets has no gain. */
TEST(gain_in_merged_games)
{
  uint32_t perfect = 0, forgetful = 0;
  for (uint64_t seed = 1; seed <= 200; seed++) {
    random_game_options o = {
        .seed = seed, .players = 3, .layers = 4, .width = 4, .payoff = 2};
    dm_game game;
    random_game(&o, &game);
    double *cell = cells_of(&game);
    double *log_p = calloc(game.n_slots + 1, sizeof *log_p);
    double *p = calloc(game.n_slots + 1, sizeof *p);
    random_profile(&game, seed, 3.0, log_p, p);
    dm_recall recall;
    dm_certificate c;
    ASSERT_OK(dm_recall_find(&game, &recall));
    ASSERT_OK(dm_certificate_verify(&game, cell, log_p, 1.0, &c));
    ASSERT_MEM(c.recall, recall.kind, 3);
    for (uint32_t a = 0; a < 3; a++) {
      ASSERT_NEAR(c.value[a], expected(&game, cell, p, a, 0), 1e-13);
      if (c.recall[a] != DM_RECALL_PERFECT) {
        forgetful++;
        ASSERT_NAN(c.gain[a]);
        continue;
      }
      double best = best_of_all(&game, cell, p, a);
      if (isnan(best))
        continue;
      perfect++;
      ASSERT_NEAR(c.gain[a], best - c.value[a], 1e-13);
    }
    dm_recall_clear(&recall);
    dm_certificate_clear(&c);
    dm_game_clear(&game);
    free(cell);
    free(log_p);
    free(p);
  }
  ASSERT_TRUE(perfect > 50);
  ASSERT_TRUE(forgetful > 50);
}

TEST(absent_minded_driver)
{
  tree *t = tree_new(1, 3);
  uint32_t set = tree_set(t, 0, 2, 1.0);
  uint32_t root = tree_move(t, set);
  uint32_t next = tree_move(t, set);
  tree_edge(t, root, next, 0.0, NULL);
  tree_leaf(t, root, 0, 0.0, NULL);
  tree_leaf(t, next, 1, 0.0, (double[]){1.0});
  tree_leaf(t, next, 2, 0.0, (double[]){4.0});
  dm_game game;
  tree_finish(t, &game, NULL);
  double *cell = cells_of(&game);
  double log_p[2] = {log(2.0 / 3.0), log(1.0 / 3.0)};
  dm_certificate c;
  ASSERT_OK(dm_certificate_verify(&game, cell, log_p, (double)INFINITY, &c));
  ASSERT_UINT(c.recall[0], DM_RECALL_ABSENT);
  ASSERT_NAN(c.gain[0]);
  ASSERT_NEAR(c.value[0], 4.0 / 3.0, 1e-15);
  /* Beliefs 3/5 and 2/5: going on 3/5 x 2 + 2/5 x 1, leaving 2/5 x 4. */
  ASSERT_NEAR(c.regret[0], 1.6 - 2.0 / 3.0 * 1.6 - 1.6 / 3.0, 1e-15);
  dm_certificate_clear(&c);
  free(cell);
  dm_game_clear(&game);
}

/* Entry with a threat that would not be carried out: Nash, so no gain and no
 * regret where play leads, but regret at the set that it does not reach. */
TEST(tells_nash_from_sequential_rationality)
{
  tree *t = tree_new(2, 3);
  uint32_t entrant = tree_set(t, 0, 2, 1.0);
  uint32_t holder = tree_set(t, 1, 2, 1.0);
  uint32_t root = tree_move(t, entrant);
  uint32_t n = tree_move(t, holder);
  tree_leaf(t, root, 0, 0.0, (double[]){1.0, 4.0});
  tree_edge(t, root, n, 0.0, NULL);
  tree_leaf(t, n, 1, 0.0, (double[]){2.0, 3.0});
  tree_leaf(t, n, 2, 0.0, (double[]){0.0, 0.5});
  dm_game game;
  tree_finish(t, &game, NULL);
  double *cell = cells_of(&game);
  for (int exact = 0; exact < 2; exact++) {
    double none = exact ? -(double)INFINITY : log(1e-14);
    double log_p[4] = {0.0, none, none, 0.0};
    dm_certificate c;
    ASSERT_OK(dm_certificate_verify(&game, cell, log_p, (double)INFINITY, &c));
    ASSERT_NEAR(c.gain[0], 0.0, 1e-13);
    ASSERT_NEAR(c.gain[1], 0.0, 1e-13);
    ASSERT_NEAR(c.regret_reached[0], 0.0, 1e-13);
    ASSERT_NEAR(c.regret_reached[1], 0.0, 1e-13);
    ASSERT_NEAR(c.regret[0], 0.0, 1e-13);
    ASSERT_NEAR(c.regret[1], 2.5, 1e-13);
    ASSERT_NEAR(c.value[0], 1.0, 1e-13);
    ASSERT_NEAR(c.value[1], 4.0, 1e-13);
    dm_certificate_clear(&c);
    ASSERT_OK(dm_certificate_verify(&game, cell, log_p, 1.0, &c));
    ASSERT_TRUE(exact ? c.residual == (double)INFINITY : c.residual > 30.0);
    dm_certificate_clear(&c);
  }
  free(cell);
  dm_game_clear(&game);
}

/* Staying out gives 1, going in 0 and then 3 for a second step.  Out and no
 * second step: no reached set regrets, but both changes together gain 2. */
TEST(gain_sees_two_changes_at_once)
{
  tree *t = tree_new(1, 3);
  uint32_t first = tree_set(t, 0, 2, 1.0);
  uint32_t second = tree_set(t, 0, 2, 1.0);
  uint32_t root = tree_move(t, first);
  uint32_t n = tree_move(t, second);
  tree_leaf(t, root, 0, 0.0, (double[]){1.0});
  tree_edge(t, root, n, 0.0, NULL);
  tree_leaf(t, n, 1, 0.0, (double[]){0.0});
  tree_leaf(t, n, 2, 0.0, (double[]){3.0});
  dm_game game;
  tree_finish(t, &game, NULL);
  double *cell = cells_of(&game);
  double none = -(double)INFINITY;
  double log_p[4] = {0.0, none, 0.0, none};
  dm_certificate c;
  ASSERT_OK(dm_certificate_verify(&game, cell, log_p, (double)INFINITY, &c));
  ASSERT_NEAR(c.regret_reached[0], 0.0, 0.0);
  ASSERT_NEAR(c.regret[0], 3.0, 0.0);
  ASSERT_NEAR(c.gain[0], 2.0, 0.0);
  dm_certificate_clear(&c);
  free(cell);
  dm_game_clear(&game);
}

TEST(large_payoffs)
{
  tree *t = tree_new(1, 2);
  uint32_t set = tree_set(t, 0, 2, 1e-150);
  uint32_t root = tree_move(t, set);
  tree_leaf(t, root, 0, 0.0, (double[]){1e150});
  tree_leaf(t, root, 1, 0.0, (double[]){-1e150});
  dm_game game;
  tree_finish(t, &game, NULL);
  double *cell = cells_of(&game);
  double log_p[2] = {log(0.5), log(0.5)};
  dm_certificate c;
  ASSERT_OK(dm_certificate_verify(&game, cell, log_p, 1.0, &c));
  ASSERT_NEAR_REL(c.gain[0], 1e150, 1e-15);
  ASSERT_NEAR_REL(c.regret[0], 1e150, 1e-15);
  ASSERT_NEAR(c.residual, 2.0, 1e-14);
  dm_certificate_clear(&c);
  free(cell);
  dm_game_clear(&game);
}

TEST_MAIN(
    CASE(by_hand), CASE(a_solved_choice_has_no_residual),
    CASE(what_is_not_a_number_is_not_hidden), CASE(agrees_with_the_sweeps),
    CASE(gain_is_that_of_the_best_pure_strategy), CASE(gain_in_merged_games),
    CASE(absent_minded_driver), CASE(tells_nash_from_sequential_rationality),
    CASE(gain_sees_two_changes_at_once), CASE(large_payoffs))
