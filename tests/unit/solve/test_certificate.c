/* The certificate against numbers worked out by hand; what it must catch. */
#include "unit.h"

#include "random_game.h"

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

TEST_MAIN(
    CASE(by_hand), CASE(a_solved_choice_has_no_residual),
    CASE(what_is_not_a_number_is_not_hidden), CASE(agrees_with_the_sweeps))
