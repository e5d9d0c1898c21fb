/* Linear programs: known values, what the certificate says of the strategies,
 * and the bounds that regret minimisation gives. */
#include "unit.h"

#include "zero_games.h"

#include "solve/zero_sum.h"

typedef struct answer {
  dm_game game;
  double *cell, *p;
  double value[2], gain[2];
} answer;

/* Solves a.game; the certificate must find nothing to gain.  False: the library
 * was built without linear programs, and said so. */
static bool solve(answer *a)
{
  const char *why = NULL;
  a->cell = zero_cells(&a->game);
  a->p = calloc((size_t)a->game.n_slots + 1, sizeof *a->p);
  dm_status status = dm_lp_solve(&a->game, a->cell, a->p, a->value, &why);
  if (!dm_lp_available()) {
    ASSERT_STATUS(status, DM_E_RANGE);
    ASSERT_CONTAINS(why, "without");
    return false;
  }
  ASSERT_OK(status);
  zero_is_profile(&a->game, a->p);
  double value[2];
  zero_judge(&a->game, a->cell, a->p, a->gain, value);
  for (int i = 0; i < 2; i++) {
    ASSERT_TRUE(a->gain[i] < 1e-9);
    ASSERT_NEAR(a->value[i], value[i], 1e-9);
  }
  return true;
}

static void drop(answer *a)
{
  free(a->cell);
  free(a->p);
  dm_game_clear(&a->game);
}

TEST(kuhn)
{
  answer a = {0};
  zero_kuhn(&a.game);
  if (solve(&a)) {
    const uint32_t *slot = a.game.set_slot;
    ASSERT_NEAR(a.value[0], -1.0 / 18.0, 1e-12);
    ASSERT_NEAR(a.value[1], 1.0 / 18.0, 1e-12);
    ASSERT_NEAR(a.p[slot[6] + 1], 1.0 / 3.0, 1e-9);
    ASSERT_NEAR(a.p[slot[9] + 1], 1.0 / 3.0, 1e-9);
    double bluff = a.p[slot[0] + 1];
    ASSERT_NEAR(a.p[slot[4] + 1], 3.0 * bluff, 1e-9);
    ASSERT_NEAR(a.p[slot[3] + 1], bluff + 1.0 / 3.0, 1e-9);
  }
  drop(&a);
}

/* The professor of Reiley, Urbancic and Walker (2008): a king or a queen, bet or
 * fold; after a bet the student calls or folds. */
TEST(one_card_bluffing)
{
  answer a = {0};
  tree *t = tree_new(2, 1);
  uint32_t king = tree_set(t, 0, 2, 1.0);
  uint32_t queen = tree_set(t, 0, 2, 1.0);
  uint32_t student = tree_set(t, 1, 2, 1.0);
  uint32_t root = tree_chance(t);
  for (int high = 1; high >= 0; high--) {
    uint32_t n = tree_move(t, high ? king : queen);
    uint32_t bet = tree_move(t, student);
    tree_edge(t, root, n, 0.5, NULL);
    tree_edge(t, n, bet, 0.0, NULL);
    zero_end(t, n, 0.0, -1.0);
    zero_end(t, bet, 0.0, high ? 2.0 : -2.0);
    zero_end(t, bet, 0.0, 1.0);
  }
  tree_finish(t, &a.game, NULL);
  if (solve(&a)) {
    ASSERT_NEAR(a.value[0], 1.0 / 3.0, 1e-12);
    ASSERT_NEAR(a.p[0], 1.0, 1e-12);
    ASSERT_NEAR(a.p[2], 1.0 / 3.0, 1e-12);
    ASSERT_NEAR(a.p[4], 2.0 / 3.0, 1e-12);
  }
  drop(&a);
}

/* ---- inspections --------------------------------------------------------- */

/* Dresher (1962): n periods, m inspections, one violation.  The inspector
 * learns of what it inspects; both know how many inspections are left. */
static void inspect(tree *t, uint32_t from, uint32_t n, uint32_t m)
{
  uint32_t in = tree_set(t, 0, 2, 1.0);
  uint32_t act = tree_set(t, 1, 2, 1.0);
  uint32_t node = from;
  t->kind[node] = in;
  for (int looks = 1; looks >= 0; looks--) {
    uint32_t other = tree_move(t, act);
    tree_edge(t, node, other, 0.0, NULL);
    zero_end(t, other, 0.0, looks ? 1.0 : -1.0); /* violate */
    uint32_t left = m - (uint32_t)looks;
    if (n == 1) {
      zero_end(t, other, 0.0, 0.0);
    } else if (left == 0) {
      /* No inspection left: the violation goes through unless it never pays
       * to wait for it. */
      uint32_t last = tree_move(t, tree_set(t, 1, 2, 1.0));
      tree_edge(t, other, last, 0.0, NULL);
      zero_end(t, last, 0.0, -1.0);
      zero_end(t, last, 0.0, 0.0);
    } else {
      uint32_t later = tree_node(t, 0);
      tree_edge(t, other, later, 0.0, NULL);
      inspect(t, later, n - 1, left);
    }
  }
}

static double binomial(uint32_t n, uint32_t k)
{
  double c = 1.0;
  for (uint32_t i = 1; i <= k; i++)
    c = c * (n - k + i) / i;
  return c;
}

TEST(inspections_have_a_closed_form)
{
  for (uint32_t n = 2; n <= 7; n++) {
    for (uint32_t m = 1; m < n && m <= 3; m++) {
      answer a = {0};
      tree *t = tree_new(2, 1);
      uint32_t root = tree_node(t, 0);
      inspect(t, root, n, m);
      tree_finish(t, &a.game, NULL);
      double sum = 0.0;
      for (uint32_t i = 0; i <= m; i++)
        sum += binomial(n, i);
      if (solve(&a)) {
        ASSERT_NEAR(a.value[0], -binomial(n - 1, m) / sum, 1e-10);
        if (n == 3 && m == 1) {
          ASSERT_NEAR(a.p[0], 0.25, 1e-10); /* inspects at once */
          ASSERT_NEAR(a.p[2], 0.25, 1e-10); /* violates at once */
        }
      }
      drop(&a);
    }
  }
}

/* ---- random games -------------------------------------------------------- */

/* 2 x 2 games without a saddle point have a formula. */
TEST(matrices_by_formula)
{
  uint64_t seed = 9;
  int mixed = 0;
  for (int i = 0; i < 200; i++) {
    double m[4];
    for (int j = 0; j < 4; j++)
      m[j] = 10.0 * random_unit(&seed) - 5.0;
    double low = fmax(fmin(m[0], m[1]), fmin(m[2], m[3]));
    double high = fmin(fmax(m[0], m[2]), fmax(m[1], m[3]));
    double value = low;
    if (low < high) {
      double d = m[0] + m[3] - m[1] - m[2];
      value = (m[0] * m[3] - m[1] * m[2]) / d;
      mixed++;
    }
    answer a = {0};
    zero_matrix(2, 2, m, &a.game);
    if (solve(&a))
      ASSERT_NEAR(a.value[0], value, 1e-11);
    drop(&a);
  }
  ASSERT_TRUE(mixed > 30);
}

/* Payoffs of any size are solved to the same relative accuracy. */
TEST(payoff_scale_does_not_matter)
{
  static const double scale[] = {1e-9, 1e-3, 1e6, 1e12};
  for (size_t i = 0; i < sizeof scale / sizeof *scale; i++) {
    double m[9] = {0, -1, 1, 1, 0, -2, -1, 2, 0};
    for (int j = 0; j < 9; j++)
      m[j] = scale[i] * (m[j] + 3.0);
    answer a = {0};
    const char *why = NULL;
    zero_matrix(3, 3, m, &a.game);
    a.cell = zero_cells(&a.game);
    a.p = calloc(a.game.n_slots, sizeof *a.p);
    if (dm_lp_available()) {
      ASSERT_OK(dm_lp_solve(&a.game, a.cell, a.p, a.value, &why));
      ASSERT_NEAR_REL(a.value[0], 3.0 * scale[i], 1e-12);
      ASSERT_NEAR(a.p[0], 0.5, 1e-9); /* weights 2, 1, 1 */
    }
    drop(&a);
  }
}

TEST(random_trees_lie_within_regret_bounds)
{
  for (uint64_t seed = 1; seed <= 80; seed++) {
    answer a = {0};
    zero_random_tree(seed, 3 + (uint32_t)(seed % 5), false, &a.game);
    if (solve(&a)) {
      dm_cfr *cfr = NULL;
      const char *why = NULL;
      double gain[2], value[2];
      ASSERT_NEAR(a.value[0] + a.value[1], 0.75, 1e-9);
      ASSERT_OK(dm_cfr_new(&a.game, a.cell, &cfr, &why));
      dm_cfr_run(cfr, 500);
      (void)dm_cfr_exploitability(cfr, gain);
      dm_cfr_value(cfr, value);
      ASSERT_TRUE(a.value[0] <= value[0] + gain[0] + 1e-9);
      ASSERT_TRUE(a.value[0] >= value[0] - gain[1] - 1e-9);
      dm_cfr_free(cfr);
    }
    drop(&a);
  }
}

/* ---- edges --------------------------------------------------------------- */

TEST(nothing_to_decide)
{
  answer a = {0};
  tree *t = tree_new(2, 1);
  uint32_t root = tree_chance(t);
  tree_leaf(t, root, 0, 0.25, (double[]){4, 1});
  tree_leaf(t, root, 0, 0.75, (double[]){-1, 6});
  tree_finish(t, &a.game, NULL);
  if (solve(&a)) {
    ASSERT_NEAR(a.value[0], 0.25, 1e-12);
    ASSERT_NEAR(a.value[1], 4.75, 1e-12);
  }
  drop(&a);
}

TEST(one_player_without_moves)
{
  for (uint32_t player = 0; player < 2; player++) {
    answer a = {0};
    tree *t = tree_new(2, 1);
    uint32_t set = tree_set(t, player, 4, 1.0);
    uint32_t only = tree_set(t, player, 1, 1.0);
    uint32_t root = tree_move(t, only);
    uint32_t n = tree_move(t, set);
    tree_edge(t, root, n, 0.0, NULL);
    for (int i = 0; i < 4; i++)
      zero_end(t, n, 0.0, i == 2 ? 7.0 : i);
    tree_finish(t, &a.game, NULL);
    if (solve(&a))
      ASSERT_NEAR(a.value[0], player == 0 ? 7.0 : 0.0, 1e-12);
    drop(&a);
  }
}

TEST(payoffs_of_nothing_but_zero)
{
  answer a = {0};
  double m[6] = {0};
  zero_matrix(2, 3, m, &a.game);
  if (solve(&a))
    ASSERT_NEAR(a.value[0], 0.0, 0.0);
  drop(&a);
}

TEST(general_sums_are_refused)
{
  dm_game game;
  zero_random_tree(5, 5, true, &game);
  double *cell = zero_cells(&game);
  double *p = calloc((size_t)game.n_slots + 1, sizeof *p);
  double value[2];
  const char *why = NULL;
  ASSERT_STATUS(dm_lp_solve(&game, cell, p, value, &why), DM_E_RANGE);
  ASSERT_CONTAINS(why, "add up");
  free(p);
  free(cell);
  dm_game_clear(&game);
}

TEST_MAIN(
    CASE(kuhn), CASE(one_card_bluffing), CASE(inspections_have_a_closed_form),
    CASE(matrices_by_formula), CASE(payoff_scale_does_not_matter),
    CASE(random_trees_lie_within_regret_bounds), CASE(nothing_to_decide),
    CASE(one_player_without_moves), CASE(payoffs_of_nothing_but_zero),
    CASE(general_sums_are_refused))
