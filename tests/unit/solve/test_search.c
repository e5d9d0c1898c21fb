/* The search finds what is known to be there, whatever the threads. */
#include "unit.h"

#include "models.h"
#include "random_game.h"

#include "num/expo.h"
#include "solve/search.h"

typedef struct hunt {
  dm_game game;
  double *cell;
  dm_search_options options;
  dm_equilibria list;
} hunt;

static void open_hunt(hunt *h, double k, uint32_t starts)
{
  h->cell = calloc(h->game.n_cells, sizeof *h->cell);
  ASSERT_NOT_NULL(h->cell);
  dm_cells_run(&h->game, h->game.param_base, h->cell);
  h->options =
      (dm_search_options){.k = k, .starts = starts, .seed = 7, .threads = 2};
}

static void run(hunt *h, double k, uint32_t starts)
{
  open_hunt(h, k, starts);
  ASSERT_OK(dm_search_run(
      &h->game, h->game.param_base, h->cell, &h->options, &h->list));
  ASSERT_UINT(h->list.tried, starts);
}

static void close_hunt(hunt *h)
{
  dm_equilibria_clear(&h->list);
  free(h->cell);
  dm_game_clear(&h->game);
}

static double p_of(const hunt *h, uint32_t i, uint32_t slot)
{
  return dm_exp(h->list.at[i].log_p[slot]);
}

static double odds(const hunt *h, uint32_t i, uint32_t end)
{
  return h->list.at[i].certificate.end_odds[end];
}

/* The entry with that probability x reach at every slot, or the number of
 * entries.  Numbers below 0 fit all. */
static uint32_t find(const hunt *h, const double *reached, double tol)
{
  uint32_t i = 0;
  for (; i < h->list.n; i++) {
    bool fits = true;
    for (uint32_t s = 0; s < h->game.n_slots; s++)
      fits = fits && (reached[s] < 0.0 ||
                      fabs(h->list.at[i].reached[s] - reached[s]) <= tol);
    if (fits)
      break;
  }
  return i;
}

static const double nash = (double)INFINITY;

TEST(chicken)
{
  hunt h;
  model_chicken(&h.game);
  run(&h, nash, 40);
  ASSERT_UINT(h.list.n, 3);
  ASSERT_TRUE(h.list.at[0].origin & DM_ORIGIN_PRINCIPAL);
  ASSERT_NEAR(p_of(&h, 0, 1), 0.1, 1e-12);
  ASSERT_NEAR(odds(&h, 0, 3), 0.01, 1e-12);
  ASSERT_NEAR(h.list.at[0].certificate.value[0], -0.1, 1e-12);
  ASSERT_TRUE(find(&h, MODEL_PAY(0, 1, 1, 0), 1e-9) < 3);
  ASSERT_TRUE(find(&h, MODEL_PAY(1, 0, 0, 1), 1e-9) < 3);
  close_hunt(&h);
}

TEST(chicken_at_a_sharpness)
{
  hunt h;
  model_chicken(&h.game);
  run(&h, 2.0, 40);
  ASSERT_UINT(h.list.n, 3);
  ASSERT_NEAR(p_of(&h, 0, 1), 0.1768811337, 1e-9);
  ASSERT_NEAR(p_of(&h, 1, 1) + p_of(&h, 2, 1), 0.8808, 1e-4);
  ASSERT_NEAR(p_of(&h, 1, 1), p_of(&h, 2, 3), 1e-8);
  close_hunt(&h);
  /* Below the pitchfork there is one. */
  model_chicken(&h.game);
  run(&h, 0.4, 40);
  ASSERT_UINT(h.list.n, 1);
  ASSERT_NEAR(p_of(&h, 0, 1), 0.3054130534, 1e-9);
  close_hunt(&h);
}

TEST(the_horse_has_two)
{
  hunt h;
  model_horse(&h.game);
  run(&h, nash, 40);
  ASSERT_UINT(h.list.n, 2);
  ASSERT_NEAR(p_of(&h, 0, 0), 1.0, 1e-12);
  ASSERT_TRUE(p_of(&h, 0, 4) <= 0.25 + 1e-9);
  ASSERT_TRUE(h.list.at[0].credible);
  ASSERT_NEAR(p_of(&h, 1, 1), 1.0, 1e-12);
  ASSERT_FALSE(h.list.at[1].credible);
  ASSERT_NEAR(h.list.at[1].certificate.value[0], 3.0, 1e-9);
  close_hunt(&h);
}

TEST(audience_costs)
{
  hunt h;
  model_schultz(&h.game);
  run(&h, nash, 120);
  ASSERT_NEAR(p_of(&h, 0, 2), 3.0 / 7.0, 1e-12);
  ASSERT_NEAR(p_of(&h, 0, 4), 1.0 / 3.0, 1e-12);
  ASSERT_TRUE(h.list.at[0].credible);
  for (uint32_t i = 1; i < h.list.n; i++)
    ASSERT_FALSE(h.list.at[i].credible);
  close_hunt(&h);
}

TEST(education)
{
  hunt h;
  model_spence(&h.game);
  run(&h, nash, 60);
  uint32_t separating =
      find(&h, MODEL_PAY(0, 0.2, 0.8, 0, 0.8, 0, 0, 0, 0, 0.2), 1e-9);
  uint32_t pooling =
      find(&h, MODEL_PAY(0.2, 0, 0.8, 0, 0, 1, 0, 0, 0, 0), 1e-9);
  ASSERT_UINT(h.list.n, 2);
  ASSERT_TRUE(separating < 2 && pooling < 2);
  ASSERT_TRUE(h.list.at[0].credible && h.list.at[1].credible);
  close_hunt(&h);
}

TEST(beer_or_quiche)
{
  hunt h;
  model_beer_quiche(&h.game);
  run(&h, nash, 80);
  ASSERT_UINT(h.list.n, 2);
  ASSERT_NEAR(p_of(&h, 0, 0), 1.0, 1e-12);
  ASSERT_NEAR(p_of(&h, 0, 2), 1.0, 1e-12);
  ASSERT_TRUE(p_of(&h, 0, 6) >= 0.5 - 1e-9);
  ASSERT_NEAR(p_of(&h, 1, 1), 1.0, 1e-12);
  ASSERT_NEAR(p_of(&h, 1, 3), 1.0, 1e-12);
  ASSERT_TRUE(p_of(&h, 1, 4) >= 0.5 - 1e-9);
  ASSERT_TRUE(h.list.at[0].credible && h.list.at[1].credible);
  close_hunt(&h);
}

TEST(one_each)
{
  hunt h;
  model_stripped_poker(&h.game);
  run(&h, nash, 30);
  ASSERT_UINT(h.list.n, 1);
  ASSERT_UINT(h.list.at[0].found, 30);
  ASSERT_NEAR(h.list.at[0].certificate.value[0], 1.0 / 3.0, 1e-12);
  close_hunt(&h);
  model_avenhaus(&h.game);
  run(&h, nash, 30);
  ASSERT_UINT(h.list.n, 1);
  ASSERT_NEAR(p_of(&h, 0, 2), 0.03151892449, 1e-9);
  ASSERT_NEAR(p_of(&h, 0, 6), 0.1213154732, 1e-9);
  close_hunt(&h);
}

TEST(inspections_by_number)
{
  hunt h;
  model_dresher(&h.game);
  run(&h, nash, 40);
  for (uint32_t i = 0; i < h.list.n; i++)
    ASSERT_NEAR(h.list.at[i].certificate.value[0], -0.5, 1e-9);
  ASSERT_NEAR(p_of(&h, 0, 0), 0.25, 1e-12);
  ASSERT_NEAR(p_of(&h, 0, 2), 0.25, 1e-12);
  close_hunt(&h);
}

/* Kuhn (1950): player one bets a jack with any chance up to 1/3. */
TEST(both_ends_of_a_continuum)
{
  hunt h;
  model_kuhn(&h.game);
  run(&h, nash, 60);
  uint32_t least = h.list.n;
  uint32_t most = h.list.n;
  for (uint32_t i = 0; i < h.list.n; i++) {
    double alpha = p_of(&h, i, 1);
    ASSERT_NEAR(h.list.at[i].certificate.value[0], -1.0 / 18.0, 1e-12);
    ASSERT_NEAR(p_of(&h, i, 5), 3.0 * alpha, 1e-9);
    ASSERT_UINT(h.list.at[i].family, 0);
    ASSERT_TRUE(h.list.at[i].credible);
    least = alpha < 1e-9 ? i : least;
    most = fabs(alpha - 1.0 / 3.0) < 1e-9 ? i : most;
  }
  ASSERT_UINT(h.list.n, 3);
  ASSERT_TRUE(least < 3 && most < 3);
  ASSERT_NEAR(p_of(&h, least, 15), 1.0 / 3.0, 1e-9);
  ASSERT_NEAR(p_of(&h, most, 15), 2.0 / 3.0, 1e-9);
  ASSERT_TRUE(h.list.at[0].members > 0);
  close_hunt(&h);
}

/* Babbling, two classes, and every type told apart. */
TEST(cheap_talk)
{
  hunt h;
  model_cheap_talk(&h.game, 3, 0.02);
  run(&h, nash, 60);
  bool babbling = false, apart = false, classes = false;
  for (uint32_t i = 0; i < h.list.n; i++) {
    const dm_equilibrium *e = &h.list.at[i];
    double loss = -e->certificate.value[1];
    /* Types 1/6, 1/2, 5/6: variance 2/27, none, or of two neighbours. */
    babbling = babbling || fabs(loss - 2.0 / 27.0) < 1e-9;
    apart = apart || loss < 1e-9;
    classes = classes || fabs(loss - 2.0 / 3.0 / 36.0) < 1e-9;
  }
  ASSERT_TRUE(h.list.at[0].origin & DM_ORIGIN_PRINCIPAL);
  ASSERT_NEAR(h.list.at[0].certificate.value[1], -2.0 / 27.0, 1e-9);
  ASSERT_TRUE(babbling && apart && classes);
  close_hunt(&h);
}

/* And at a sharpness, where the branch from noise says nothing. */
TEST(cheap_talk_at_a_sharpness)
{
  hunt h;
  model_cheap_talk(&h.game, 2, 0.02);
  run(&h, 200.0, 30);
  double best = -1.0;
  for (uint32_t i = 0; i < h.list.n; i++)
    best = fmax(best, h.list.at[i].certificate.value[1]);
  ASSERT_NEAR(p_of(&h, 0, 0), 0.5, 1e-6);
  ASSERT_TRUE(h.list.at[0].certificate.value[1] < -0.06);
  ASSERT_TRUE(best > -0.01);
  close_hunt(&h);
}

TEST(chain_store)
{
  hunt h;
  model_store sets;
  model_chain_store(&h.game, &sets);
  run(&h, nash, 24);
  ASSERT_TRUE(h.list.at[0].credible);
  ASSERT_NEAR(
      p_of(&h, 0, h.game.set_slot[sets.monopolist[1][0][0]]), 1.0 / 3.0, 1e-9);
  ASSERT_NEAR(odds(&h, 0, 26), 0.6, 1e-9);   /* aaa */
  ASSERT_NEAR(odds(&h, 0, 17), 0.1, 1e-9);   /* faa */
  ASSERT_NEAR(odds(&h, 0, 14), 0.025, 1e-9); /* ffa */
  ASSERT_NEAR(odds(&h, 0, 13), 0.025, 1e-9); /* fff */
  ASSERT_NEAR(odds(&h, 0, 12), 0.05, 1e-9);  /* ffo */
  ASSERT_NEAR(odds(&h, 0, 11), 0.15, 1e-9);  /* foa */
  ASSERT_NEAR(odds(&h, 0, 10), 0.05, 1e-9);  /* fof */
  ASSERT_NEAR(h.list.at[0].certificate.value[3], 0.15, 1e-9);
  close_hunt(&h);
}

/* The same bits for any number of threads. */
TEST(threads_do_not_matter)
{
  hunt one, many;
  for (int round = 0; round < 2; round++) {
    double k = round == 0 ? nash : 30.0;
    model_beer_quiche(&one.game);
    model_beer_quiche(&many.game);
    open_hunt(&one, k, 24);
    open_hunt(&many, k, 24);
    one.options.threads = 1;
    many.options.threads = 5;
    ASSERT_OK(dm_search_run(
        &one.game, one.game.param_base, one.cell, &one.options, &one.list));
    ASSERT_OK(dm_search_run(
        &many.game, many.game.param_base, many.cell, &many.options,
        &many.list));
    ASSERT_UINT(one.list.n, many.list.n);
    for (uint32_t i = 0; i < one.list.n; i++) {
      const dm_equilibrium *a = &one.list.at[i];
      const dm_equilibrium *b = &many.list.at[i];
      ASSERT_MEM(b->log_p, a->log_p, one.game.n_slots * sizeof *a->log_p);
      ASSERT_UINT(b->found, a->found);
      ASSERT_UINT(b->origin, a->origin);
    }
    ASSERT_MEM(&many.list.tally, &one.list.tally, sizeof one.list.tally);
    close_hunt(&one);
    close_hunt(&many);
  }
}

static bool until_four(void *data, uint32_t done, uint32_t of)
{
  (void)data;
  return done < 4 && of == 40;
}

TEST(what_was_found_before_an_interruption_is_kept)
{
  hunt h;
  model_chicken(&h.game);
  open_hunt(&h, nash, 40);
  h.options.progress = until_four;
  ASSERT_STATUS(
      dm_search_run(&h.game, h.game.param_base, h.cell, &h.options, &h.list),
      DM_E_INTERRUPT);
  ASSERT_TRUE(h.list.n >= 1);
  ASSERT_TRUE(h.list.tried >= 4);
  ASSERT_TRUE(h.list.tried < 40);
  ASSERT_TRUE(h.list.at[0].origin & DM_ORIGIN_PRINCIPAL);
  close_hunt(&h);
}

TEST(no_starts_no_search)
{
  hunt h;
  model_chicken(&h.game);
  open_hunt(&h, nash, 0);
  ASSERT_STATUS(
      dm_search_run(&h.game, h.game.param_base, h.cell, &h.options, &h.list),
      DM_E_RANGE);
  ASSERT_UINT(h.list.n, 0);
  close_hunt(&h);
  model_chicken(&h.game);
  open_hunt(&h, -1.0, 3);
  ASSERT_STATUS(
      dm_search_run(&h.game, h.game.param_base, h.cell, &h.options, &h.list),
      DM_E_RANGE);
  close_hunt(&h);
}

/* Nobody decides anything; or nothing is at stake. */
TEST(games_without_a_choice)
{
  hunt h;
  tree *t = tree_new(2, 2);
  uint32_t root = tree_chance(t);
  tree_leaf(t, root, 0, 0.5, MODEL_PAY(1, 2));
  tree_leaf(t, root, 1, 0.5, MODEL_PAY(3, 4));
  tree_finish(t, &h.game, NULL);
  run(&h, nash, 6);
  ASSERT_UINT(h.list.n, 1);
  ASSERT_NEAR(h.list.at[0].certificate.value[1], 3.0, 1e-12);
  close_hunt(&h);

  t = tree_new(1, 3);
  root = tree_move(t, tree_set(t, 0, 3, 2.0));
  for (uint32_t i = 0; i < 3; i++)
    tree_leaf(t, root, i, 0, NULL);
  tree_finish(t, &h.game, NULL);
  run(&h, nash, 9);
  ASSERT_TRUE(h.list.n >= 1);
  ASSERT_NEAR(p_of(&h, 0, 0), 1.0 / 3.0, 1e-9);
  ASSERT_TRUE(h.list.at[0].credible);
  close_hunt(&h);
}

/* One player moves twice and forgets the first move. */
TEST(a_player_that_forgets)
{
  hunt h;
  tree *t = tree_new(1, 4);
  uint32_t first = tree_set(t, 0, 2, 1.0);
  uint32_t second = tree_set(t, 0, 2, 1.0);
  uint32_t root = tree_move(t, first);
  for (uint32_t i = 0; i < 2; i++) {
    uint32_t n = tree_move(t, second);
    tree_edge(t, root, n, 0, NULL);
    tree_leaf(t, n, 2 * i, 0, MODEL_PAY(i == 0 ? 1 : 0));
    tree_leaf(t, n, 2 * i + 1, 0, MODEL_PAY(i == 0 ? 0 : 2));
  }
  tree_finish(t, &h.game, NULL);
  run(&h, nash, 30);
  /* Agent form: both pure matches, and the mixture that keeps both still. */
  ASSERT_UINT(h.list.n, 3);
  ASSERT_NAN(h.list.at[0].gain);
  uint32_t mixed =
      find(&h, MODEL_PAY(2.0 / 3.0, 1.0 / 3.0, 2.0 / 3.0, 1.0 / 3.0), 1e-9);
  ASSERT_TRUE(mixed < 3);
  close_hunt(&h);
}

/* All that is listed stands, and the principal branch is among it. */
TEST(random_games)
{
  uint32_t with_principal = 0;
  for (uint64_t seed = 1; seed <= 12; seed++) {
    hunt h;
    random_game_options o = {
        .seed = seed, .players = 3, .layers = 5, .width = 6, .payoff = 2};
    random_game(&o, &h.game);
    run(&h, seed % 3 == 0 ? 20.0 : nash, 9);
    for (uint32_t i = 0; i < h.list.n; i++) {
      const dm_equilibrium *e = &h.list.at[i];
      dm_standing standing;
      ASSERT_OK(dm_equilibrium_stand(&h.game, h.cell, e->log_p, &standing));
      ASSERT_TRUE(isfinite(e->k) || standing != DM_STANDING_NONE);
      ASSERT_TRUE(isinf(e->k) || e->certificate.residual < 1e-6);
    }
    ASSERT_TRUE(h.list.n > 0);
    with_principal += (h.list.at[0].origin & DM_ORIGIN_PRINCIPAL) != 0;
    close_hunt(&h);
  }
  ASSERT_TRUE(with_principal >= 10);
}

TEST_MAIN(
    CASE(chicken), CASE(chicken_at_a_sharpness), CASE(the_horse_has_two),
    CASE(audience_costs), CASE(education), CASE(beer_or_quiche), CASE(one_each),
    CASE(inspections_by_number), CASE(both_ends_of_a_continuum),
    CASE(cheap_talk), CASE(cheap_talk_at_a_sharpness), CASE(chain_store),
    CASE(threads_do_not_matter),
    CASE(what_was_found_before_an_interruption_is_kept),
    CASE(no_starts_no_search), CASE(games_without_a_choice),
    CASE(a_player_that_forgets), CASE(random_games))
