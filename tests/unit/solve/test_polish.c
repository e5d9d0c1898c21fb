/* Nash numbers to the last digit, from profiles that are near. */
#include "unit.h"

#include "models.h"
#include "random_game.h"

#include "num/expo.h"
#include "solve/search.h"
#include "solve/solver.h"

typedef struct bench {
  dm_game game;
  double *cell, *log_p, *out;
} bench;

static void open_bench(bench *b)
{
  b->cell = calloc(b->game.n_cells, sizeof *b->cell);
  b->log_p = calloc(2 * (size_t)b->game.n_slots, sizeof *b->log_p);
  ASSERT_TRUE(b->cell && b->log_p);
  b->out = b->log_p + b->game.n_slots;
  dm_cells_run(&b->game, b->game.param_base, b->cell);
}

static void close_bench(bench *b)
{
  free(b->cell);
  free(b->log_p);
  dm_game_clear(&b->game);
}

/* Polishes probabilities, each set summing to 1. */
static bool polish(bench *b, const double *p)
{
  for (uint32_t i = 0; i < b->game.n_slots; i++)
    b->log_p[i] = log(p[i]);
  return dm_polish(&b->game, b->cell, b->log_p, b->out);
}

static void probabilities(const bench *b, double *p)
{
  for (uint32_t i = 0; i < b->game.n_slots; i++)
    p[i] = dm_exp(b->out[i]);
}

TEST(chicken)
{
  bench b;
  double p[4];
  model_chicken(&b.game);
  open_bench(&b);
  ASSERT_TRUE(polish(&b, MODEL_PAY(0.87, 0.13, 0.88, 0.12)));
  probabilities(&b, p);
  ASSERT_NEAR(p[1], 0.1, 1e-13);
  ASSERT_NEAR(p[3], 0.1, 1e-13);
  ASSERT_TRUE(polish(&b, MODEL_PAY(0.9999, 0.0001, 0.0001, 0.9999)));
  probabilities(&b, p);
  ASSERT_NEAR(p[0], 1.0, 1e-13);
  ASSERT_NEAR(p[3], 1.0, 1e-13);
  ASSERT_TRUE(p[1] <= DM_TREMBLE_MOST && p[2] <= DM_TREMBLE_MOST);
  /* Both yield: nothing near. */
  ASSERT_FALSE(polish(&b, MODEL_PAY(1 - 1e-9, 1e-9, 1 - 1e-9, 1e-9)));
  close_bench(&b);
}

TEST(schultz)
{
  bench b;
  double p[10];
  model_schultz(&b.game);
  open_bench(&b);
  ASSERT_TRUE(polish(
      &b, MODEL_PAY(
              0.9999, 0.0001, 0.45, 0.55, 0.31, 0.69, 0.9999, 0.0001, 0.0001,
              0.9999)));
  probabilities(&b, p);
  ASSERT_NEAR(p[2], 3.0 / 7.0, 1e-13);
  ASSERT_NEAR(p[4], 1.0 / 3.0, 1e-13);
  close_bench(&b);
}

TEST(stripped_poker)
{
  bench b;
  double p[6];
  model_stripped_poker(&b.game);
  open_bench(&b);
  ASSERT_TRUE(polish(&b, MODEL_PAY(0.9995, 0.0005, 0.4, 0.6, 0.7, 0.3)));
  probabilities(&b, p);
  ASSERT_NEAR(p[0], 1.0, 1e-13);
  ASSERT_NEAR(p[2], 1.0 / 3.0, 1e-13);
  ASSERT_NEAR(p[4], 2.0 / 3.0, 1e-13);
  close_bench(&b);
}

/* The inspectee is indifferent between thresholds 1.5 and 2. */
TEST(inspection_with_errors)
{
  bench b;
  double p[8], gap[2];
  model_avenhaus(&b.game);
  open_bench(&b);
  ASSERT_TRUE(
      polish(&b, MODEL_PAY(1e-5, 1e-5, 0.04, 0.95997, 1e-5, 1e-5, 0.13, 0.87)));
  probabilities(&b, p);
  for (uint32_t i = 0; i < 2; i++) {
    double z = 1.5 + 0.5 * i;
    gap[i] = 2 * model_phi(z - 2) - 1 + 0.5 * (1 - model_phi(z));
  }
  ASSERT_NEAR(p[2], gap[1] / (gap[1] - gap[0]), 1e-13);
  ASSERT_NEAR(p[6], 0.1213154732, 1e-9);
  close_bench(&b);
}

/* A continuum: the nearest member, or at least a member. */
TEST(kuhn)
{
  bench b;
  model_kuhn(&b.game);
  open_bench(&b);
  double p[24] = {0.82,   0.18,   0.9999, 0.0001, 0.47,   0.53,
                  0.66,   0.34,   0.9999, 0.0001, 0.0001, 0.9999,
                  0.9999, 0.0001, 0.5,    0.5,    0.0001, 0.9999,
                  0.9999, 0.0001, 0.67,   0.33,   0.0001, 0.9999};
  ASSERT_UINT(b.game.n_slots, 24);
  ASSERT_TRUE(polish(&b, p));
  probabilities(&b, p);
  double alpha = p[1];
  ASSERT_TRUE(alpha > 0.1 && alpha < 0.25);
  ASSERT_NEAR(p[5], 3 * alpha, 1e-12);
  ASSERT_NEAR(p[15], alpha + 1.0 / 3, 1e-12);
  ASSERT_NEAR(p[7], 1.0 / 3, 1e-12);
  ASSERT_NEAR(p[21], 1.0 / 3, 1e-12);
  close_bench(&b);
}

/* What is called an equilibrium is one, and play near a logit equilibrium of a
 * high sharpness mostly leads to one. */
TEST(random_games)
{
  uint32_t any = 0;
  for (uint64_t seed = 1; seed <= 40; seed++) {
    random_game_options o = {
        .seed = seed, .players = 2, .layers = 4, .width = 6, .payoff = 2};
    bench b;
    random_game(&o, &b.game);
    open_bench(&b);
    dm_sweep *sweep = dm_sweep_new(&b.game);
    ASSERT_NOT_NULL(sweep);
    dm_solve_options options = dm_solve_defaults();
    dm_solve_result result;
    options.k_end = 200.0;
    ASSERT_OK(dm_solve_logit(sweep, &options, b.log_p, &result));
    dm_sweep_free(sweep);
    if (result.verdict == DM_SOLVED &&
        dm_polish(&b.game, b.cell, b.log_p, b.out)) {
      dm_standing standing;
      ASSERT_OK(dm_equilibrium_stand(&b.game, b.cell, b.out, &standing));
      ASSERT_TRUE(standing != DM_STANDING_NONE);
      any++;
    }
    close_bench(&b);
  }
  ASSERT_TRUE(any >= 30);
}

/* One player, many choices in a row: too many slots for equations, and none
 * needed where each choice has one best option. */
TEST(pure_guesses_of_any_size)
{
  enum { SETS = 1600 };
  tree *t = tree_new(1, 1);
  uint32_t node = 0;
  for (uint32_t s = 0; s < SETS; s++) {
    uint32_t set = tree_set(t, 0, 2, 1.0);
    uint32_t here = tree_move(t, set);
    if (s > 0)
      tree_edge(t, node, here, 0.0, MODEL_PAY(1.0));
    tree_leaf(t, here, 0, 0.0, MODEL_PAY(0.5));
    node = here;
  }
  tree_leaf(t, node, 0, 0.0, MODEL_PAY(1.0));
  bench b;
  tree_finish(t, &b.game, NULL);
  open_bench(&b);
  ASSERT_TRUE(b.game.n_slots > 3000);
  for (uint32_t i = 0; i < b.game.n_slots; i++)
    b.log_p[i] = log(i % 2 ? 1.0 - 1e-9 : 1e-9);
  ASSERT_TRUE(dm_polish(&b.game, b.cell, b.log_p, b.out));
  for (uint32_t i = 0; i < b.game.n_slots; i++)
    ASSERT_NEAR(dm_exp(b.out[i]), i % 2 ? 1.0 : 0.0, 1e-11);
  /* Against the interest of the first choice there is no equilibrium. */
  b.log_p[0] = log(1.0 - 1e-9);
  b.log_p[1] = log(1e-9);
  ASSERT_TRUE(!dm_polish(&b.game, b.cell, b.log_p, b.out));
  close_bench(&b);
}

TEST_MAIN(
    CASE(pure_guesses_of_any_size), CASE(chicken), CASE(schultz),
    CASE(stripped_poker), CASE(inspection_with_errors), CASE(kuhn),
    CASE(random_games))
