/* Logit equilibrium: closed forms, published figures, folds, invariances.
 *
 * Figures of named games are from gambit-logit 17.0.0-alpha.2 run on Gambit's
 * public collection of games, or from a one-dimensional equation. */
#include "unit.h"

#include "random_game.h"

#include "game/sweep.h"
#include "num/expo.h"
#include "solve/certificate.h"
#include "solve/solver.h"

#include <math.h>

/* Solves at k; p [n_slots] out.  The certificate must agree. */
static dm_solve_result solve(const dm_game *game, double k, double *p)
{
  dm_sweep *sweep = dm_sweep_new(game);
  ASSERT_NOT_NULL(sweep);
  double *log_p = calloc(game->n_slots, sizeof *log_p);
  dm_solve_options options = dm_solve_defaults();
  options.k_end = k;
  dm_solve_result result;
  ASSERT_OK(dm_solve_logit(sweep, &options, log_p, &result));
  ASSERT_STR(dm_verdict_text(result.verdict), "solved");
  ASSERT_SAME_BITS(result.k, k);
  dm_certificate c;
  ASSERT_OK(dm_certificate_verify(game, dm_sweep_cells(sweep), log_p, k, &c));
  ASSERT_TRUE(c.residual < 1e-9);
  dm_certificate_clear(&c);
  for (uint32_t i = 0; i < game->n_slots; i++)
    p[i] = exp(log_p[i]);
  free(log_p);
  dm_sweep_free(sweep);
  return result;
}

/* Two players choose at once between two options; pay is (own, other) of the
 * cells 00, 01, 10, 11. */
static void make_matrix(dm_game *game, double pay[4][2])
{
  tree *t = tree_new(2, 4);
  uint32_t row = tree_set(t, 0, 2, 1.0);
  uint32_t column = tree_set(t, 1, 2, 1.0);
  uint32_t root = tree_move(t, row);
  uint32_t n[2];
  for (int i = 0; i < 2; i++) {
    n[i] = tree_move(t, column);
    tree_edge(t, root, n[i], 0.0, NULL);
  }
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++)
      tree_leaf(t, n[i], (uint32_t)(2 * i + j), 0.0, pay[2 * i + j]);
  tree_finish(t, game, NULL);
}

TEST(one_decision_is_a_softmax)
{
  tree *t = tree_new(1, 1);
  uint32_t root = tree_move(t, tree_set(t, 0, 3, 0.25));
  const double pay[3] = {-8.0, 4.0, 5.0};
  for (int i = 0; i < 3; i++)
    tree_leaf(t, root, 0, 0.0, &pay[i]);
  dm_game game;
  tree_finish(t, &game, NULL);
  double p[3];
  const double ks[] = {0.0, 1.0, 3.7, 40.0};
  for (int i = 0; i < 4; i++) {
    (void)solve(&game, ks[i], p);
    double e[3], sum = 0.0;
    for (int j = 0; j < 3; j++)
      sum += e[j] = exp(0.25 * ks[i] * pay[j]);
    for (int j = 0; j < 3; j++)
      ASSERT_NEAR(p[j], e[j] / sum, 1e-11);
  }
  dm_game_clear(&game);
}

TEST(matching_pennies_stay_even)
{
  double pay[4][2] = {{1, -1}, {-1, 1}, {-1, 1}, {1, -1}};
  dm_game game;
  make_matrix(&game, pay);
  double p[4];
  (void)solve(&game, 50.0, p);
  for (int i = 0; i < 4; i++)
    ASSERT_NEAR(p[i], 0.5, 1e-12);
  dm_game_clear(&game);
}

/* p = logistic(k (1 - 10 p)) by bisection: the symmetric branch of chicken. */
static double chicken(double k)
{
  double low = 0.0, high = 1.0;
  for (int i = 0; i < 200; i++) {
    double p = 0.5 * (low + high);
    if (p - 1.0 / (1.0 + exp(-k * (1.0 - 10.0 * p))) < 0.0)
      low = p;
    else
      high = p;
  }
  return low;
}

/* A pitchfork leaves the branch at 0.489182; the branch itself goes on. */
TEST(chicken_through_its_pitchfork)
{
  double pay[4][2] = {{0, 0}, {-1, 1}, {1, -1}, {-10, -10}};
  dm_game game;
  make_matrix(&game, pay);
  double p[4];
  const double ks[] = {0.1, 0.4, 0.48, 0.489, 0.4891, 0.5, 2.0, 20.0};
  for (size_t i = 0; i < sizeof ks / sizeof ks[0]; i++) {
    (void)solve(&game, ks[i], p);
    ASSERT_NEAR(p[1], chicken(ks[i]), 1e-9);
    ASSERT_NEAR(p[3], chicken(ks[i]), 1e-9);
  }
  dm_game_clear(&game);
}

/* Selten (1975), figure 1. */
static void make_horse(dm_game *game)
{
  tree *t = tree_new(3, 5);
  uint32_t set[3];
  for (uint32_t a = 0; a < 3; a++)
    set[a] = tree_set(t, a, 2, 1.0);
  uint32_t one = tree_move(t, set[0]);
  uint32_t two = tree_move(t, set[1]);
  uint32_t left = tree_move(t, set[2]);
  uint32_t right = tree_move(t, set[2]);
  tree_edge(t, one, two, 0.0, NULL);
  tree_edge(t, one, right, 0.0, NULL);
  tree_leaf(t, two, 0, 0.0, (double[]){1, 1, 1});
  tree_edge(t, two, left, 0.0, NULL);
  tree_leaf(t, left, 1, 0.0, (double[]){4, 4, 0});
  tree_leaf(t, left, 2, 0.0, (double[]){0, 0, 1});
  tree_leaf(t, right, 3, 0.0, (double[]){3, 2, 2});
  tree_leaf(t, right, 4, 0.0, (double[]){0, 0, 0});
  tree_finish(t, game, NULL);
}

TEST(seltens_horse)
{
  dm_game game;
  make_horse(&game);
  double p[6];
  const double k[] = {1.0, 2.000000002006638, 5.000000000325495};
  const double want[3][3] = {
      {0.5809158940613233, 0.19582101837716712, 0.6031551968654653},
      {0.6869028774342998, 0.11201324093326938, 0.508792467864634},
      {0.7766437750127253, 0.2535056749383273, 0.3040000902847084}};
  for (int i = 0; i < 3; i++) {
    (void)solve(&game, k[i], p);
    for (int a = 0; a < 3; a++)
      ASSERT_NEAR(p[2 * a], want[i][a], 1e-8);
  }
  dm_game_clear(&game);
}

/* Reach of the second player's other option falls below e^-745 on the way;
 * beliefs behind it must not jump.  At the limit (R, R, L) is the equilibrium
 * and player 3 holds the belief that makes it indifferent. */
TEST(the_horse_far_beyond_underflow)
{
  dm_game game;
  make_horse(&game);
  double p[6];
  (void)solve(&game, 300.0, p);
  double near = p[4];
  (void)solve(&game, 5000.0, p);
  ASSERT_TRUE(p[0] > 0.999 && p[2] > 0.999);
  ASSERT_SAME_BITS(p[1], 0.0);
  ASSERT_SAME_BITS(p[3], 0.0);
  ASSERT_TRUE(p[4] <= 0.25 + 1e-3);
  ASSERT_NEAR(p[4], near, 0.05);
  dm_game_clear(&game);
}

/* Myerson (1991), figure 4.2. */
TEST(myerson_figure_4_2)
{
  tree *t = tree_new(2, 6);
  uint32_t first = tree_set(t, 0, 2, 1.0);
  uint32_t later = tree_set(t, 0, 2, 1.0);
  uint32_t other = tree_set(t, 1, 2, 1.0);
  uint32_t root = tree_move(t, first);
  uint32_t a = tree_move(t, other);
  uint32_t b = tree_move(t, other);
  uint32_t w = tree_move(t, later);
  uint32_t x = tree_move(t, later);
  tree_edge(t, root, a, 0.0, NULL);
  tree_edge(t, root, b, 0.0, NULL);
  tree_edge(t, a, w, 0.0, NULL);
  tree_edge(t, a, x, 0.0, NULL);
  tree_leaf(t, w, 0, 0.0, (double[]){3, 0});
  tree_leaf(t, w, 1, 0.0, (double[]){0, 0});
  tree_leaf(t, x, 2, 0.0, (double[]){2, 3});
  tree_leaf(t, x, 3, 0.0, (double[]){4, 1});
  tree_leaf(t, b, 4, 0.0, (double[]){2, 3});
  tree_leaf(t, b, 5, 0.0, (double[]){3, 2});
  dm_game game;
  tree_finish(t, &game, NULL);
  double p[6];
  (void)solve(&game, 0.999999999999979, p);
  const double one[3] = {
      0.4489828649689532, 0.5138750599844701, 0.4111028985729846};
  for (int i = 0; i < 3; i++)
    ASSERT_NEAR(p[2 * i], one[i], 1e-9);
  (void)solve(&game, 4.999999990533128, p);
  const double five[3] = {
      0.3000099712593211, 0.7435171536792852, 0.44257320210971746};
  for (int i = 0; i < 3; i++)
    ASSERT_NEAR(p[2 * i], five[i], 1e-8);
  dm_game_clear(&game);
}

/* Reiley, Urbancic and Walker (2008): stripped-down poker, two cards. */
TEST(stripped_down_poker)
{
  tree *t = tree_new(2, 4);
  uint32_t root = tree_chance(t);
  uint32_t student = 0, professor[2];
  for (int i = 0; i < 2; i++)
    professor[i] = tree_set(t, 0, 2, 1.0);
  student = tree_set(t, 1, 2, 1.0);
  for (int i = 0; i < 2; i++) {
    uint32_t n = tree_move(t, professor[i]);
    uint32_t m = tree_move(t, student);
    tree_edge(t, root, n, 0.5, NULL);
    tree_edge(t, n, m, 0.0, NULL);
    tree_leaf(t, n, 0, 0.0, (double[]){-1, 1});
    tree_leaf(t, m, 1, 0.0, i == 0 ? (double[]){2, -2} : (double[]){-2, 2});
    tree_leaf(t, m, 2, 0.0, (double[]){1, -1});
  }
  dm_game game;
  tree_finish(t, &game, NULL);
  double p[6];
  (void)solve(&game, 2.0, p);
  ASSERT_NEAR(p[0], 0.9951778136087496, 1e-9);
  ASSERT_NEAR(p[2], 0.5027294766514343, 1e-9);
  ASSERT_NEAR(p[4], 0.6648469974900825, 1e-9);
  /* Known limit: bet always, bluff 1/3, call 2/3. */
  (void)solve(&game, 3000.0, p);
  ASSERT_NEAR(p[0], 1.0, 1e-6);
  ASSERT_NEAR(p[2], 1.0 / 3.0, 1e-3);
  ASSERT_NEAR(p[4], 2.0 / 3.0, 1e-3);
  dm_game_clear(&game);
}

/* (3,2) and (2,2) on the diagonal: the curve is nearly vertical near 0.9. */
TEST(coordination_at_a_steep_place)
{
  double pay[4][2] = {{3, 2}, {0, 0}, {0, 0}, {2, 2}};
  dm_game game;
  make_matrix(&game, pay);
  double p[4];
  (void)solve(&game, 1.0000000000212823, p);
  ASSERT_NEAR(p[0], 0.8954035671714979, 1e-8);
  ASSERT_NEAR(p[2], 0.8294330163135786, 1e-8);
  dm_game_clear(&game);
}

/* A stag hunt in which caution is a little better against all noise: the
 * principal branch is that of caution however much the hunt would give. */
TEST(a_game_whose_branch_folds)
{
  /* One player against its own forgetful self: p = logistic(k f(p)) with
   * f(p) = 10 p - 4.9 has a branch that starts at p > 1/2; with 5.1 below. */
  for (int side = 0; side < 2; side++) {
    double c = side ? 5.1 : 4.9;
    double pay[4][2] = {{10 - c, 10 - c}, {-c, 0}, {0, -c}, {0, 0}};
    dm_game game;
    make_matrix(&game, pay);
    double p[4];
    (void)solve(&game, 3.0, p);
    if (side)
      ASSERT_TRUE(p[0] < 1e-5);
    else
      ASSERT_TRUE(p[0] > 1.0 - 1e-5);
    ASSERT_NEAR(p[0], p[2], 1e-12);
    dm_game_clear(&game);
  }
}

/* Random games: the certificate of every solution, sharp and blunt. */
TEST(random_games)
{
  for (uint64_t seed = 1; seed <= 40; seed++) {
    random_game_options o = {
        .seed = seed,
        .players = 1 + (uint32_t)(seed % 3),
        .layers = 6,
        .width = 10,
        .payoff = 1.0};
    dm_game game;
    random_game(&o, &game);
    double *p = calloc(game.n_slots, sizeof *p);
    (void)solve(&game, 1.0, p);
    (void)solve(&game, 6.0, p);
    free(p);
    dm_game_clear(&game);
  }
}

TEST(same_bits_each_time)
{
  random_game_options o = {
      .seed = 9, .players = 2, .layers = 7, .width = 12, .payoff = 2.0};
  dm_game game;
  random_game(&o, &game);
  double *a = calloc(game.n_slots, sizeof *a);
  double *b = calloc(game.n_slots, sizeof *b);
  dm_solve_result first = solve(&game, 4.0, a);
  dm_solve_result second = solve(&game, 4.0, b);
  ASSERT_MEM(a, b, game.n_slots * sizeof *a);
  ASSERT_UINT(first.tangents, second.tangents);
  free(a);
  free(b);
  dm_game_clear(&game);
}

/* A constant added to every payoff of a player moves nothing. */
TEST(payoffs_may_be_shifted)
{
  double pay[4][2] = {{3, 2}, {0, 1}, {1, 0}, {2, 2}};
  double moved[4][2];
  for (int i = 0; i < 4; i++) {
    moved[i][0] = pay[i][0] + 100.0;
    moved[i][1] = pay[i][1] - 1000.0;
  }
  dm_game one, two;
  make_matrix(&one, pay);
  make_matrix(&two, moved);
  double p[4], q[4];
  (void)solve(&one, 0.7, p);
  (void)solve(&two, 0.7, q);
  ASSERT_NEAR_ARRAY(p, q, 4, 1e-10);
  dm_game_clear(&one);
  dm_game_clear(&two);
}

/* Payoffs times c at sharpness over c. */
TEST(payoffs_may_be_scaled)
{
  double pay[4][2] = {{3, 2}, {0, 1}, {1, 0}, {2, 2}};
  double moved[4][2];
  for (int i = 0; i < 4; i++) {
    moved[i][0] = 1e6 * pay[i][0];
    moved[i][1] = 1e6 * pay[i][1];
  }
  dm_game one, two;
  make_matrix(&one, pay);
  make_matrix(&two, moved);
  double p[4], q[4];
  (void)solve(&one, 0.7, p);
  (void)solve(&two, 0.7e-6, q);
  ASSERT_NEAR_ARRAY(p, q, 4, 1e-10);
  dm_game_clear(&one);
  dm_game_clear(&two);
}

TEST(a_start_near_the_answer_saves_the_path)
{
  random_game_options o = {
      .seed = 4, .players = 2, .layers = 7, .width = 12, .payoff = 1.0};
  dm_game game;
  random_game(&o, &game);
  dm_sweep *sweep = dm_sweep_new(&game);
  double *log_p = calloc(game.n_slots, sizeof *log_p);
  double *again = calloc(game.n_slots, sizeof *again);
  dm_solve_options options = dm_solve_defaults();
  options.k_end = 5.0;
  dm_solve_result whole, part;
  ASSERT_OK(dm_solve_logit(sweep, &options, log_p, &whole));
  options.start_log_p = log_p;
  options.k_end = 5.05;
  ASSERT_OK(dm_solve_logit(sweep, &options, again, &part));
  ASSERT_INT(part.verdict, DM_SOLVED);
  ASSERT_UINT(part.steps, 0);
  ASSERT_TRUE(part.tangents < whole.tangents);
  double *fresh = calloc(game.n_slots, sizeof *fresh);
  options.start_log_p = NULL;
  ASSERT_OK(dm_solve_logit(sweep, &options, fresh, &whole));
  ASSERT_NEAR_ARRAY(again, fresh, game.n_slots, 1e-8);
  free(log_p);
  free(again);
  free(fresh);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
}

static bool stop_at_once(void *data, double k, uint32_t step)
{
  (void)k;
  (void)step;
  ++*(int *)data;
  return false;
}

TEST(a_walk_can_be_stopped)
{
  dm_game game;
  make_horse(&game);
  dm_sweep *sweep = dm_sweep_new(&game);
  double log_p[6];
  int calls = 0;
  dm_solve_options options = dm_solve_defaults();
  options.k_end = 1000.0;
  options.progress = stop_at_once;
  options.progress_data = &calls;
  dm_solve_result result;
  ASSERT_OK(dm_solve_logit(sweep, &options, log_p, &result));
  ASSERT_INT(result.verdict, DM_STOPPED);
  ASSERT_INT(calls, 1);
  ASSERT_TRUE(result.k >= 0.0 && result.k < 1000.0);
  ASSERT_TRUE(result.residual < 1e-3);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
}

TEST(what_does_not_converge_says_so)
{
  dm_game game;
  make_horse(&game);
  dm_sweep *sweep = dm_sweep_new(&game);
  double log_p[6];
  dm_solve_options options = dm_solve_defaults();
  options.k_end = 1e6;
  options.max_steps = 3;
  dm_solve_result result;
  ASSERT_OK(dm_solve_logit(sweep, &options, log_p, &result));
  ASSERT_INT(result.verdict, DM_WORKED_OUT);
  ASSERT_TRUE(result.k < 1e6);
  options.k_end = -1.0;
  ASSERT_STATUS(dm_solve_logit(sweep, &options, log_p, &result), DM_E_RANGE);
  options.k_end = (double)NAN;
  ASSERT_STATUS(dm_solve_logit(sweep, &options, log_p, &result), DM_E_RANGE);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
}

TEST(no_decision_no_unknown)
{
  tree *t = tree_new(1, 2);
  uint32_t root = tree_chance(t);
  tree_leaf(t, root, 0, 0.25, NULL);
  tree_leaf(t, root, 1, 0.75, NULL);
  dm_game game;
  tree_finish(t, &game, NULL);
  double p[1];
  (void)solve(&game, 1.0, p);
  dm_game_clear(&game);
}

TEST_MAIN(
    CASE(one_decision_is_a_softmax), CASE(matching_pennies_stay_even),
    CASE(chicken_through_its_pitchfork), CASE(seltens_horse),
    CASE(the_horse_far_beyond_underflow), CASE(myerson_figure_4_2),
    CASE(stripped_down_poker), CASE(coordination_at_a_steep_place),
    CASE(a_game_whose_branch_folds), CASE(random_games),
    CASE(same_bits_each_time), CASE(payoffs_may_be_shifted),
    CASE(payoffs_may_be_scaled), CASE(a_start_near_the_answer_saves_the_path),
    CASE(a_walk_can_be_stopped), CASE(what_does_not_converge_says_so),
    CASE(no_decision_no_unknown))
