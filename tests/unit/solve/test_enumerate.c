/* All pure equilibria against trying every profile; all extreme equilibria of
 * two players against games whose answers are known, and against supports. */
#include "unit.h"

#include "recalling_game.h"

#include "game/recall.h"
#include "solve/enumerate.h"
#include "solve/lemke.h"

#include <math.h>

static double *cells_of(const dm_game *game)
{
  double *cell = calloc(game->n_cells, sizeof *cell);
  dm_cells_run(game, game->param_base, cell);
  return cell;
}

/* ---- pure ---------------------------------------------------------------- */

enum { PLAYS = 4096 };

/* Picks at reached sets, as a text of option + 1. */
static void play_of(
    const dm_game *g, const double *cell, const double *p, char *key)
{
  double *reach = calloc(g->n_nodes, sizeof *reach);
  memset(key, '.', g->n_sets);
  key[g->n_sets] = 0;
  reach[0] = 1.0;
  for (uint32_t n = 0; n < g->n_nodes; n++)
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      bool chance = g->node_set[n] == DM_NODE_CHANCE;
      double part = chance ? cell[g->edge_slot[i]] : p[g->edge_slot[i]];
      if (reach[n] * part <= 1e-9)
        continue;
      reach[g->edge_child[i]] += reach[n] * part;
      if (!chance)
        key[g->node_set[n]] = (char)('1' + i - g->node_edge[n]);
    }
  free(reach);
}

static bool add_key(char **keys, uint32_t *n, const char *key)
{
  for (uint32_t i = 0; i < *n; i++)
    if (strcmp(keys[i], key) == 0)
      return false;
  ASSERT_TRUE(*n < PLAYS);
  keys[*n] = calloc(strlen(key) + 1, 1);
  memcpy(keys[(*n)++], key, strlen(key));
  return true;
}

/* Whether nobody gains: best replies, or sets one at a time. */
static bool is_nash(const dm_game *g, const double *cell, const double *log_p)
{
  dm_certificate c;
  ASSERT_OK(dm_certificate_verify(g, cell, log_p, (double)INFINITY, &c));
  bool nash = true;
  for (uint32_t a = 0; a < g->n_players; a++)
    nash = nash &&
           (isnan(c.gain[a]) ? c.regret_weighted[a] < 1e-9 : c.gain[a] < 1e-9);
  dm_certificate_clear(&c);
  return nash;
}

/* Plays of all pure equilibria, by trying every profile. */
static uint32_t try_all(const dm_game *g, const double *cell, char **keys)
{
  double *p = calloc(g->n_slots + 1, sizeof *p);
  double *log_p = calloc(g->n_slots + 1, sizeof *log_p);
  char *key = calloc(g->n_sets + 1, 1);
  uint64_t total = 1;
  uint32_t n = 0;
  for (uint32_t s = 0; s < g->n_sets; s++)
    total *= g->set_slot[s + 1] - g->set_slot[s];
  for (uint64_t i = 0; i < total; i++) {
    uint64_t code = i;
    for (uint32_t s = 0; s < g->n_sets; s++) {
      uint32_t count = g->set_slot[s + 1] - g->set_slot[s];
      for (uint32_t k = 0; k < count; k++) {
        p[g->set_slot[s] + k] = k == code % count ? 1.0 : 0.0;
        log_p[g->set_slot[s] + k] = k == code % count ? 0.0 : -(double)INFINITY;
      }
      code /= count;
    }
    play_of(g, cell, p, key);
    if (is_nash(g, cell, log_p))
      (void)add_key(keys, &n, key);
  }
  free(p);
  free(log_p);
  free(key);
  return n;
}

static uint64_t profiles(const dm_game *g)
{
  uint64_t total = 1;
  for (uint32_t s = 0; s < g->n_sets && total < 1000000; s++)
    total *= g->set_slot[s + 1] - g->set_slot[s];
  return total;
}

static void compare_pure(const dm_game *g, uint32_t *found)
{
  static char *keys[PLAYS], *listed[PLAYS];
  double *cell = cells_of(g);
  double *p = calloc(g->n_slots + 1, sizeof *p);
  char *key = calloc(g->n_sets + 1, 1);
  uint32_t n = try_all(g, cell, keys);
  uint32_t n_listed = 0;
  const char *why = NULL;
  dm_equilibria list;
  dm_equilibria_init(&list, g, cell);
  ASSERT_OK(dm_enumerate_pure(&(dm_enumerate_options){0}, &list, &why));
  ASSERT_UINT(list.n, n);
  ASSERT_UINT(list.failed, 0);
  for (uint32_t i = 0; i < list.n; i++) {
    for (uint32_t k = 0; k < g->n_slots; k++)
      p[k] = exp(list.at[i].log_p[k]);
    play_of(g, cell, p, key);
    ASSERT_TRUE(add_key(listed, &n_listed, key));
    ASSERT_FALSE(add_key(keys, &n, key));
  }
  *found += n;
  for (uint32_t i = 0; i < n; i++)
    free(keys[i]);
  for (uint32_t i = 0; i < n_listed; i++)
    free(listed[i]);
  dm_equilibria_clear(&list);
  free(cell);
  free(p);
  free(key);
}

TEST(pure_like_trying_all)
{
  uint32_t found = 0, games = 0, forgetful = 0;
  for (uint64_t seed = 1; seed <= 250; seed++) {
    random_game_options o = {
        .seed = seed,
        .players = 2 + (uint32_t)(seed % 2),
        .layers = 3 + (uint32_t)(seed % 3),
        .width = 3 + (uint32_t)(seed % 2),
        .payoff = 2};
    dm_game game;
    dm_recall recall;
    random_game(&o, &game);
    if (profiles(&game) <= 3000) {
      ASSERT_OK(dm_recall_find(&game, &recall));
      for (uint32_t a = 0; a < game.n_players; a++)
        forgetful += recall.kind[a] != DM_RECALL_PERFECT;
      dm_recall_clear(&recall);
      compare_pure(&game, &found);
      games++;
    }
    dm_game_clear(&game);
  }
  ASSERT_TRUE(games > 50);
  ASSERT_TRUE(found > 50);
  ASSERT_TRUE(forgetful > 10);
}

/* ---- two players --------------------------------------------------------- */

/* A matrix as a tree: the second player does not see the first one's row. */
static void make_matrix(
    dm_game *game, uint32_t m, uint32_t n, const double *row_pay,
    const double *col_pay)
{
  tree *t = tree_new(2, 1);
  uint32_t rows = tree_set(t, 0, m, 1.0);
  uint32_t cols = tree_set(t, 1, n, 1.0);
  uint32_t root = tree_move(t, rows);
  for (uint32_t i = 0; i < m; i++) {
    uint32_t node = tree_move(t, cols);
    tree_edge(t, root, node, 0.0, NULL);
    for (uint32_t j = 0; j < n; j++)
      tree_leaf(
          t, node, 0, 0.0, (double[]){row_pay[i * n + j], col_pay[i * n + j]});
  }
  tree_finish(t, game, NULL);
}

static void find_two(
    const dm_game *g, const double *cell, uint64_t most, dm_equilibria *list)
{
  const char *why = NULL;
  bool complete = false;
  dm_equilibria_init(list, g, cell);
  dm_enumerate_options o = {.most = most};
  ASSERT_OK(dm_enumerate_two(&o, list, &complete, &why));
  ASSERT_TRUE(complete == (most == 0));
  ASSERT_TRUE(complete == (why == NULL));
  ASSERT_UINT(list->failed, 0);
  for (uint32_t i = 0; i < list->n; i++)
    ASSERT_TRUE(is_nash(g, cell, list->at[i].log_p));
}

TEST(chicken_has_three)
{
  dm_game game;
  make_matrix(
      &game, 2, 2, (double[]){0, -1, 1, -10}, (double[]){0, 1, -1, -10});
  double *cell = cells_of(&game);
  dm_equilibria list;
  find_two(&game, cell, 0, &list);
  ASSERT_UINT(list.n, 3);
  uint32_t mixed = 0;
  for (uint32_t i = 0; i < 3; i++) {
    double stand[2] = {exp(list.at[i].log_p[1]), exp(list.at[i].log_p[3])};
    if (fabs(stand[0] - 0.1) < 1e-12 && fabs(stand[1] - 0.1) < 1e-12) {
      ASSERT_NEAR(list.at[i].certificate.value[0], -0.1, 1e-12);
      mixed++;
    } else {
      ASSERT_NEAR(stand[0] + stand[1], 1.0, 1e-11);
    }
  }
  ASSERT_UINT(mixed, 1);
  dm_equilibria_clear(&list);
  free(cell);
  dm_game_clear(&game);
}

/* Solves a square system by elimination; false if it is singular. */
static bool solve_square(double *a, double *b, uint32_t n)
{
  for (uint32_t c = 0; c < n; c++) {
    uint32_t top = c;
    for (uint32_t r = c; r < n; r++)
      top = fabs(a[r * n + c]) > fabs(a[top * n + c]) ? r : top;
    if (fabs(a[top * n + c]) < 1e-10)
      return false;
    for (uint32_t k = 0; k < n; k++) {
      double swap = a[c * n + k];
      a[c * n + k] = a[top * n + k];
      a[top * n + k] = swap;
    }
    double swap = b[c];
    b[c] = b[top];
    b[top] = swap;
    for (uint32_t r = 0; r < n; r++) {
      double f = r == c ? 0.0 : a[r * n + c] / a[c * n + c];
      for (uint32_t k = 0; k < n; k++)
        a[r * n + k] -= f * a[c * n + k];
      b[r] -= f * b[c];
    }
  }
  for (uint32_t c = 0; c < n; c++)
    b[c] /= a[c * n + c];
  return true;
}

static uint32_t count_bits(uint32_t x)
{
  uint32_t n = 0;
  for (; x; x &= x - 1)
    n++;
  return n;
}

/* Weights of the columns in `mine` that make the rows in `theirs` equally good;
 * pay [i stride_i + j stride_j]. */
static bool equalise(
    const double *pay, uint32_t stride_i, uint32_t stride_j, uint32_t theirs,
    uint32_t mine, uint32_t n_mine, double *weight)
{
  enum { SIDE = 8 };
  double a[SIDE * SIDE] = {0}, b[SIDE] = {0};
  uint32_t size = count_bits(mine) + 1;
  uint32_t r = 0;
  for (uint32_t i = 0; i < SIDE; i++) {
    if (!(theirs >> i & 1))
      continue;
    uint32_t c = 0;
    for (uint32_t j = 0; j < n_mine; j++)
      if (mine >> j & 1)
        a[r * size + c++] = pay[i * stride_i + j * stride_j];
    a[r++ * size + c] = -1.0;
  }
  for (uint32_t c = 0; c + 1 < size; c++)
    a[r * size + c] = 1.0;
  b[r] = 1.0;
  if (!solve_square(a, b, size))
    return false;
  uint32_t c = 0;
  for (uint32_t j = 0; j < n_mine; j++) {
    weight[j] = mine >> j & 1 ? b[c++] : 0.0;
    if (weight[j] < -1e-9 || (mine >> j & 1 && weight[j] < 1e-9))
      return false;
  }
  return true;
}

/* Number of equilibria of a game without ties, by supports of equal size. */
static uint32_t count_supports(
    uint32_t m, uint32_t n, const double *row_pay, const double *col_pay)
{
  uint32_t count = 0;
  for (uint32_t s = 1; s < 1u << m; s++)
    for (uint32_t u = 1; u < 1u << n; u++) {
      double x[8], y[8];
      if (count_bits(s) != count_bits(u) ||
          !equalise(row_pay, n, 1, s, u, n, y) ||
          !equalise(col_pay, 1, n, u, s, m, x))
        continue;
      bool best = true;
      double got[2] = {0};
      for (uint32_t i = 0; i < m; i++)
        for (uint32_t j = 0; j < n; j++) {
          got[0] += x[i] * y[j] * row_pay[i * n + j];
          got[1] += x[i] * y[j] * col_pay[i * n + j];
        }
      for (uint32_t i = 0; i < m; i++) {
        double pay = 0.0;
        for (uint32_t j = 0; j < n; j++)
          pay += y[j] * row_pay[i * n + j];
        best = best && pay <= got[0] + 1e-9;
      }
      for (uint32_t j = 0; j < n; j++) {
        double pay = 0.0;
        for (uint32_t i = 0; i < m; i++)
          pay += x[i] * col_pay[i * n + j];
        best = best && pay <= got[1] + 1e-9;
      }
      count += best;
    }
  return count;
}

TEST(random_matrices_like_supports)
{
  uint64_t random = 12345;
  uint32_t total = 0;
  for (uint32_t i = 0; i < 120; i++) {
    uint32_t m = 2 + random_below(&random, 4);
    uint32_t n = 2 + random_below(&random, 4);
    double row_pay[25], col_pay[25];
    for (uint32_t k = 0; k < m * n; k++) {
      row_pay[k] = random_unit(&random);
      col_pay[k] = random_unit(&random);
    }
    dm_game game;
    make_matrix(&game, m, n, row_pay, col_pay);
    double *cell = cells_of(&game);
    dm_equilibria list;
    find_two(&game, cell, 0, &list);
    ASSERT_UINT(list.n, count_supports(m, n, row_pay, col_pay));
    total += list.n;
    dm_equilibria_clear(&list);
    free(cell);
    dm_game_clear(&game);
  }
  ASSERT_TRUE(total > 150);
}

/* A degenerate game: the column player is indifferent against the first row.
 * The row player takes the first row while the second column has at most 1/2:
 * corners (1, first) and (1, 1/2). */
TEST(a_continuum_by_its_corners)
{
  dm_game game;
  make_matrix(&game, 2, 2, (double[]){1, 1, 0, 2}, (double[]){1, 1, 2, 0});
  double *cell = cells_of(&game);
  dm_equilibria list;
  find_two(&game, cell, 0, &list);
  ASSERT_UINT(list.n, 2);
  bool seen[2] = {false, false};
  for (uint32_t i = 0; i < 2; i++) {
    ASSERT_NEAR(exp(list.at[i].log_p[0]), 1.0, 1e-11);
    double second = exp(list.at[i].log_p[3]);
    seen[0] = seen[0] || second < 1e-11;
    seen[1] = seen[1] || fabs(second - 0.5) < 1e-11;
  }
  ASSERT_TRUE(seen[0] && seen[1]);
  dm_equilibria_clear(&list);
  free(cell);
  dm_game_clear(&game);
}

/* Kuhn's poker (1950): cards 1 to 3, ante 1, one bet of 1. */
static void make_kuhn(dm_game *game)
{
  tree *t = tree_new(2, 4);
  uint32_t set[2][3][2];
  for (uint32_t who = 0; who < 2; who++)
    for (uint32_t card = 0; card < 3; card++)
      for (uint32_t k = 0; k < 2; k++)
        set[who][card][k] = tree_set(t, who, 2, 1.0);
  uint32_t root = tree_chance(t);
  for (uint32_t a = 0; a < 3; a++)
    for (uint32_t b = 0; b < 3; b++) {
      if (a == b)
        continue;
      double w = a > b ? 1.0 : -1.0;
      uint32_t first = tree_move(t, set[0][a][0]);
      uint32_t checked = tree_move(t, set[1][b][0]);
      uint32_t bet = tree_move(t, set[1][b][1]);
      uint32_t again = tree_move(t, set[0][a][1]);
      tree_edge(t, root, first, 1.0 / 6.0, NULL);
      tree_edge(t, first, checked, 0.0, NULL);
      tree_edge(t, first, bet, 0.0, NULL);
      tree_leaf(t, checked, 0, 0.0, (double[]){w, -w});
      tree_edge(t, checked, again, 0.0, NULL);
      tree_leaf(t, bet, 1, 0.0, (double[]){1, -1});
      tree_leaf(t, bet, 2, 0.0, (double[]){2 * w, -2 * w});
      tree_leaf(t, again, 3, 0.0, (double[]){-1, 1});
      tree_leaf(t, again, 2, 0.0, (double[]){2 * w, -2 * w});
    }
  tree_finish(t, game, NULL);
}

TEST(kuhn_poker)
{
  dm_game game;
  make_kuhn(&game);
  double *cell = cells_of(&game);
  /* All corners, then by pivoting only. */
  for (int pivoting = 0; pivoting < 2; pivoting++) {
    dm_equilibria list;
    find_two(&game, cell, pivoting ? 400 : 0, &list);
    ASSERT_TRUE(list.n > 0);
    double low = 1.0, high = 0.0;
    for (uint32_t i = 0; i < list.n; i++) {
      const double *log_p = list.at[i].log_p;
      double bluff = exp(log_p[1]), raise = exp(log_p[9]);
      ASSERT_NEAR(list.at[i].certificate.value[0], -1.0 / 18.0, 1e-12);
      ASSERT_NEAR(raise, 3.0 * bluff, 1e-9);
      /* The second player bets the lowest card after a check, and calls with
       * the middle one, a third of the time. */
      ASSERT_NEAR(exp(log_p[13]), 1.0 / 3.0, 1e-9);
      ASSERT_NEAR(exp(log_p[19]), 1.0 / 3.0, 1e-9);
      low = fmin(low, bluff);
      high = fmax(high, bluff);
    }
    if (!pivoting) {
      ASSERT_NEAR(low, 0.0, 1e-9);
      ASSERT_NEAR(high, 1.0 / 3.0, 1e-9);
    }
    dm_equilibria_clear(&list);
  }
  free(cell);
  dm_game_clear(&game);
}

static bool listed(const dm_equilibria *list, const dm_equilibrium *e)
{
  for (uint32_t i = 0; i < list->n; i++) {
    double far = 0.0;
    for (uint32_t k = 0; k < list->game->n_slots; k++)
      far = fmax(far, fabs(list->at[i].reached[k] - e->reached[k]));
    if (far < 1e-6)
      return true;
  }
  return false;
}

static void pivot_only(dm_equilibria *list)
{
  const char *why = NULL;
  dm_sequence *q;
  ASSERT_OK(dm_sequence_new(list->game, list->cell, &q, &why));
  long double *x = calloc(q->side[0].n_seqs, sizeof *x);
  long double *y = calloc(q->side[1].n_seqs, sizeof *y);
  double *plan[2] = {
      calloc(q->side[0].n_seqs, sizeof(double)),
      calloc(q->side[1].n_seqs, sizeof(double))};
  double *p = calloc(list->game->n_slots, sizeof *p);
  double *log_p = calloc(list->game->n_slots, sizeof *log_p);
  for (uint64_t seed = 0; seed < 8; seed++) {
    dm_effort effort = {.most = 10000000};
    ASSERT_OK(dm_lemke_run(q, seed, &effort, (long double *[2]){x, y}));
    for (uint32_t i = 0; i < q->side[0].n_seqs; i++)
      plan[0][i] = (double)x[i];
    for (uint32_t i = 0; i < q->side[1].n_seqs; i++)
      plan[1][i] = (double)y[i];
    for (int who = 0; who < 2; who++)
      dm_sequence_strategy(q, who, plan[who], p);
    uint32_t where;
    ASSERT_OK(dm_equilibrium_complete(list->game, list->cell, p, log_p));
    ASSERT_OK(dm_equilibria_add(
        list, log_p, (double)INFINITY, DM_ORIGIN_PROGRAM, &where));
    ASSERT_TRUE(where != UINT32_MAX);
  }
  free(x);
  free(y);
  free(plan[0]);
  free(plan[1]);
  free(p);
  free(log_p);
  dm_sequence_free(q);
}

/* In games without ties equilibria are isolated, so whatever another method
 * finds must be in the list; pure ones are corners always. */
TEST(the_list_misses_nothing)
{
  uint32_t pure = 0, pivoted = 0, games = 0;
  for (uint64_t seed = 1; seed <= 120; seed++) {
    dm_game game;
    make_recalling(&game, seed, 2, 3 + (uint32_t)(seed % 2));
    double *cell = cells_of(&game);
    const char *why = NULL;
    bool complete = false;
    dm_equilibria all, some;
    dm_equilibria_init(&all, &game, cell);
    dm_enumerate_options o = {.most = 3000000};
    ASSERT_OK(dm_enumerate_two(&o, &all, &complete, &why));
    if (complete) {
      games++;
      dm_equilibria_init(&some, &game, cell);
      ASSERT_OK(dm_enumerate_pure(&(dm_enumerate_options){0}, &some, &why));
      for (uint32_t i = 0; i < some.n; i++)
        ASSERT_TRUE(listed(&all, &some.at[i]));
      pure += some.n;
      dm_equilibria_clear(&some);
      dm_equilibria_init(&some, &game, cell);
      pivot_only(&some);
      for (uint32_t i = 0; i < some.n; i++)
        ASSERT_TRUE(listed(&all, &some.at[i]));
      pivoted += some.n;
      dm_equilibria_clear(&some);
    }
    dm_equilibria_clear(&all);
    free(cell);
    dm_game_clear(&game);
  }
  ASSERT_TRUE(games > 80);
  ASSERT_TRUE(pure > 60);
  ASSERT_TRUE(pivoted > 80);
}

/* Too many corners: pivoting finds some. */
TEST(large_matrices_by_pivoting)
{
  enum { N = 24 };
  for (uint64_t seed = 1; seed <= 4; seed++) {
    uint64_t random = seed;
    double pay[2][N * N];
    for (uint32_t i = 0; i < N * N; i++) {
      pay[0][i] = random_unit(&random);
      pay[1][i] = random_unit(&random);
    }
    dm_game game;
    make_matrix(&game, N, N, pay[0], pay[1]);
    double *cell = cells_of(&game);
    dm_equilibria list;
    find_two(&game, cell, 1000000, &list);
    ASSERT_TRUE(list.n > 0);
    dm_equilibria_clear(&list);
    free(cell);
    dm_game_clear(&game);
  }
}

TEST(refuses_other_games)
{
  for (int three = 0; three < 2; three++) {
    tree *t = tree_new(three ? 3 : 2, 1);
    uint32_t first = tree_set(t, 0, 2, 1.0);
    uint32_t later = tree_set(t, 0, 2, 1.0);
    uint32_t root = tree_move(t, first);
    for (uint32_t i = 0; i < 2; i++) {
      uint32_t n = tree_move(t, later);
      tree_edge(t, root, n, 0.0, NULL);
      tree_leaf(t, n, 0, 0.0, (double[]){1, 2, 3});
      tree_leaf(t, n, 0, 0.0, NULL);
    }
    dm_game game;
    tree_finish(t, &game, NULL);
    double *cell = cells_of(&game);
    dm_equilibria list;
    bool complete = true;
    const char *why = NULL;
    dm_equilibria_init(&list, &game, cell);
    ASSERT_STATUS(
        dm_enumerate_two(&(dm_enumerate_options){0}, &list, &complete, &why),
        DM_E_RANGE);
    ASSERT_FALSE(complete);
    ASSERT_NOT_NULL(why);
    ASSERT_UINT(list.n, 0);
    dm_equilibria_clear(&list);
    free(cell);
    dm_game_clear(&game);
  }
}

static bool stop_at_once(void *data, uint64_t done, uint64_t of)
{
  uint32_t *calls = data;
  (*calls)++;
  ASSERT_TRUE(done <= of);
  return false;
}

TEST(limits_and_interruption)
{
  dm_game game;
  make_kuhn(&game);
  double *cell = cells_of(&game);
  uint32_t calls = 0;
  bool complete = true;
  const char *why = NULL;
  dm_equilibria list;
  dm_equilibria_init(&list, &game, cell);
  dm_enumerate_options o = {.progress = stop_at_once, .progress_data = &calls};
  ASSERT_STATUS(dm_enumerate_two(&o, &list, &complete, &why), DM_E_INTERRUPT);
  ASSERT_UINT(calls, 1);
  ASSERT_STATUS(dm_enumerate_pure(&o, &list, &why), DM_E_INTERRUPT);
  ASSERT_UINT(calls, 2);
  o = (dm_enumerate_options){.most = 5};
  ASSERT_STATUS(dm_enumerate_pure(&o, &list, &why), DM_E_LIMIT);
  ASSERT_STATUS(dm_enumerate_two(&o, &list, &complete, &why), DM_E_LIMIT);
  ASSERT_FALSE(complete);
  /* Kuhn's poker has no pure equilibrium. */
  o = (dm_enumerate_options){0};
  ASSERT_OK(dm_enumerate_pure(&o, &list, &why));
  ASSERT_UINT(list.n, 0);
  dm_equilibria_clear(&list);
  free(cell);
  dm_game_clear(&game);
}

TEST_MAIN(
    CASE(pure_like_trying_all), CASE(chicken_has_three),
    CASE(random_matrices_like_supports), CASE(a_continuum_by_its_corners),
    CASE(kuhn_poker), CASE(the_list_misses_nothing),
    CASE(large_matrices_by_pivoting), CASE(refuses_other_games),
    CASE(limits_and_interruption))
