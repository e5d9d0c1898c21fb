/* The list of equilibria: what is let in, what is one, in which order; play off
 * the path. */
#include "unit.h"

#include "models.h"

#include "solve/equilibrium.h"

static double *cells_of(const dm_game *game)
{
  double *cell = calloc(game->n_cells, sizeof *cell);
  ASSERT_NOT_NULL(cell);
  dm_cells_run(game, game->param_base, cell);
  return cell;
}

/* Completes p and adds it; the place in the list. */
static uint32_t put(dm_equilibria *list, const double *p)
{
  double log_p[256];
  uint32_t where = 0;
  ASSERT_TRUE(list->game->n_slots <= 256);
  ASSERT_OK(dm_equilibrium_complete(list->game, list->cell, p, log_p));
  ASSERT_OK(dm_equilibria_add(
      list, log_p, (double)INFINITY, DM_ORIGIN_ENUMERATED, &where));
  return where;
}

TEST(range_of_payoffs)
{
  dm_game game;
  model_chicken(&game);
  double *cell = cells_of(&game);
  ASSERT_NEAR(dm_payoff_range(&game, cell), 11.0, 0.0);
  free(cell);
  dm_game_clear(&game);
  /* A chance of zero leads nowhere; payoffs add up on the way. */
  tree *t = tree_new(2, 1);
  uint32_t set = tree_set(t, 0, 2, 1.0);
  uint32_t root = tree_chance(t);
  uint32_t n = tree_move(t, set);
  tree_edge(t, root, n, 1.0, MODEL_PAY(5, 0));
  tree_leaf(t, root, 0, 0.0, MODEL_PAY(-1000, 3));
  tree_leaf(t, n, 0, 0, MODEL_PAY(-2, 100));
  tree_leaf(t, n, 0, 0, MODEL_PAY(2, 101));
  tree_finish(t, &game, NULL);
  cell = cells_of(&game);
  ASSERT_NEAR(dm_payoff_range(&game, cell), 4.0, 0.0);
  free(cell);
  dm_game_clear(&game);
}

TEST(chicken_lets_three_in_and_no_other)
{
  dm_game game;
  model_chicken(&game);
  double *cell = cells_of(&game);
  dm_equilibria list;
  dm_equilibria_init(&list, &game, cell);
  ASSERT_UINT(put(&list, MODEL_PAY(1, 0, 0, 1)), 0);
  ASSERT_UINT(put(&list, MODEL_PAY(0, 1, 1, 0)), 1);
  ASSERT_UINT(put(&list, MODEL_PAY(0.9, 0.1, 0.9, 0.1)), 2);
  ASSERT_UINT(put(&list, MODEL_PAY(0.89, 0.11, 0.9, 0.1)), UINT32_MAX);
  ASSERT_UINT(put(&list, MODEL_PAY(1, 0, 1, 0)), UINT32_MAX);
  ASSERT_UINT(put(&list, MODEL_PAY(0, 1, 1, 0)), 1);
  ASSERT_UINT(list.n, 3);
  ASSERT_UINT(list.failed, 2);
  ASSERT_UINT(list.at[1].found, 2);
  for (uint32_t i = 0; i < list.n; i++)
    ASSERT_TRUE(list.at[i].credible);
  dm_equilibria_sort(&list);
  ASSERT_UINT(list.at[0].found, 2);
  ASSERT_NEAR(list.at[0].reached[1], 1.0, 1e-12);
  ASSERT_NEAR(list.at[1].reached[0], 1.0, 1e-12);
  ASSERT_NEAR(list.at[2].reached[0], 0.9, 1e-12);
  dm_equilibria_clear(&list);
  ASSERT_UINT(list.n, 0);
  free(cell);
  dm_game_clear(&game);
}

/* A logit equilibrium of one sharpness is none of another. */
TEST(logit_by_residual)
{
  dm_game game;
  model_chicken(&game);
  double *cell = cells_of(&game);
  dm_equilibria list;
  dm_equilibria_init(&list, &game, cell);
  /* Symmetric: logit(s) = k (1 - s - 10 s + (1 - s) ... ) at its root. */
  double k = 0.3;
  double low = 0.0, high = 1.0;
  for (int i = 0; i < 200; i++) {
    double s = 0.5 * (low + high);
    double gap = (1 - s) * 1 - 10 * s + s * 1;
    if (log(s / (1 - s)) < k * gap)
      low = s;
    else
      high = s;
  }
  double profile[4] = {log1p(-low), log(low), log1p(-low), log(low)};
  uint32_t where;
  ASSERT_OK(dm_equilibria_add(&list, profile, k, DM_ORIGIN_PRINCIPAL, &where));
  ASSERT_UINT(where, 0);
  ASSERT_TRUE(list.at[0].credible);
  ASSERT_OK(
      dm_equilibria_add(&list, profile, 1.01 * k, DM_ORIGIN_RANDOM, &where));
  ASSERT_UINT(where, UINT32_MAX);
  profile[0] = (double)NAN;
  ASSERT_OK(dm_equilibria_add(&list, profile, k, DM_ORIGIN_RANDOM, &where));
  ASSERT_UINT(where, UINT32_MAX);
  ASSERT_OK(dm_equilibria_add(
      &list, profile, (double)INFINITY, DM_ORIGIN_RANDOM, &where));
  ASSERT_UINT(where, UINT32_MAX);
  dm_equilibria_clear(&list);
  free(cell);
  dm_game_clear(&game);
}

/* The horse: one equilibrium rests on nothing, one on a move that the second
 * player would not make. */
TEST(threats_that_are_not_credible)
{
  dm_game game;
  model_horse(&game);
  double *cell = cells_of(&game);
  dm_equilibria list;
  dm_equilibria_init(&list, &game, cell);
  uint32_t perfect = put(&list, MODEL_PAY(1, 0, 1, 0, 0.25, 0.75));
  uint32_t threat = put(&list, MODEL_PAY(0, 1, 1, 0, 1, 0));
  ASSERT_UINT(perfect, 0);
  ASSERT_UINT(threat, 1);
  ASSERT_TRUE(list.at[perfect].credible);
  ASSERT_FALSE(list.at[threat].credible);
  ASSERT_NEAR(list.at[threat].regret, 3.0, 1e-9);
  ASSERT_NEAR(list.at[threat].certificate.end_odds[3], 1.0, 1e-11);
  /* Other play off the path is the same equilibrium. */
  ASSERT_UINT(put(&list, MODEL_PAY(1, 0, 1, 0, 0, 1)), perfect);
  ASSERT_UINT(put(&list, MODEL_PAY(0, 1, 0.5, 0.5, 1, 0)), threat);
  dm_equilibria_clear(&list);
  free(cell);
  dm_game_clear(&game);
}

/* Pooling needs trembles that favour the type which would be feared. */
TEST(beliefs_that_hold_pooling_up)
{
  dm_game game;
  model_spence(&game);
  double *cell = cells_of(&game);
  dm_equilibria list;
  dm_equilibria_init(&list, &game, cell);
  uint32_t i = put(&list, MODEL_PAY(1, 0, 1, 0, 0, 1, 0, 1, 0, 0));
  ASSERT_TRUE(i != UINT32_MAX);
  ASSERT_TRUE(list.at[i].credible);
  i = put(&list, MODEL_PAY(0, 1, 1, 0, 1, 0, 0, 0, 0, 1));
  ASSERT_TRUE(i != UINT32_MAX);
  ASSERT_TRUE(list.at[i].credible);
  /* Everybody educated: the low type would not. */
  i = put(&list, MODEL_PAY(0, 1, 0, 1, 1, 0, 0, 0, 1, 0));
  ASSERT_UINT(i, UINT32_MAX);
  dm_equilibria_clear(&list);
  free(cell);
  dm_game_clear(&game);

  model_beer_quiche(&game);
  cell = cells_of(&game);
  dm_equilibria_init(&list, &game, cell);
  i = put(&list, MODEL_PAY(0, 1, 0, 1, 1, 0, 0, 1));
  ASSERT_TRUE(i != UINT32_MAX);
  ASSERT_TRUE(list.at[i].credible);
  i = put(&list, MODEL_PAY(1, 0, 1, 0, 0, 1, 1, 0));
  ASSERT_TRUE(i != UINT32_MAX);
  ASSERT_TRUE(list.at[i].credible);
  dm_equilibria_clear(&list);
  free(cell);
  dm_game_clear(&game);
}

TEST(starts_are_counted_by_kind)
{
  dm_game game;
  model_chicken(&game);
  double *cell = cells_of(&game);
  dm_equilibria list;
  dm_equilibria_init(&list, &game, cell);
  dm_equilibria_tell(&list, DM_ORIGIN_PURE, true);
  dm_equilibria_tell(&list, DM_ORIGIN_PURE, false);
  dm_equilibria_tell(&list, DM_ORIGIN_PRINCIPAL, true);
  ASSERT_UINT(list.tried, 3);
  ASSERT_UINT(list.failed, 1);
  ASSERT_UINT(list.tally[3].tried, 2);
  ASSERT_UINT(list.tally[3].led, 1);
  ASSERT_UINT(list.tally[0].tried, 1);
  ASSERT_STR(dm_origin_text(3), "pure strategies");
  ASSERT_STR(dm_origin_text(99), "unknown");
  dm_equilibria_clear(&list);
  free(cell);
  dm_game_clear(&game);
}

TEST_MAIN(
    CASE(range_of_payoffs), CASE(chicken_lets_three_in_and_no_other),
    CASE(logit_by_residual), CASE(threats_that_are_not_credible),
    CASE(beliefs_that_hold_pooling_up), CASE(starts_are_counted_by_kind))
