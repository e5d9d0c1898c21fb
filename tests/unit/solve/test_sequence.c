/* The sequence form: what is merged, how it is numbered, and its products
 * against sums over the game's own paths. */
#include "unit.h"

#include "zero_games.h"

#include "game/recall.h"
#include "solve/sequence.h"

/* u [n_seqs] by walking every path of a tree: payoff of `side` where it plays
 * the sequence and the other its plan (given by slot in `plan`). */
typedef struct path {
  double weight; /* chance and the other's plan */
  uint32_t own;  /* slot + 1 */
} path;

static void walk_paths(
    const dm_game *g, const double *cell, uint32_t side, const double *p,
    double *by_slot)
{
  path *at = calloc(g->n_nodes, sizeof *at);
  ASSERT_NOT_NULL(at);
  at[0].weight = 1.0;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    for (uint32_t e = g->node_edge[n]; e < g->node_edge[n + 1]; e++) {
      path next = at[n];
      uint32_t set = g->node_set[n];
      uint32_t slot = g->edge_slot[e];
      if (set == DM_NODE_CHANCE)
        next.weight *= cell[slot];
      else if (g->set_player[set] == side)
        next.own = slot + 1;
      else
        next.weight *= p[slot];
      at[g->edge_child[e]] = next;
      by_slot[next.own] +=
          next.weight * cell[g->row_cell[(size_t)g->edge_row[e] * 2 + side]];
    }
  }
  free(at);
}

/* Fills p with random strategies. */
static void random_strategies(const dm_game *g, uint64_t *seed, double *p)
{
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double sum = 0.0;
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      sum += p[i] = 0.05 + random_unit(seed);
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      p[i] /= sum;
  }
}

/* slot + 1 of every sequence of a side, and the plan of p. */
static void unfold(
    const dm_sequence *s, int side, const double *p, uint32_t *slot_of,
    double *plan)
{
  const dm_seq_side *at = &s->side[side];
  slot_of[0] = 0;
  plan[0] = 1.0;
  for (uint32_t i = 0; i < at->n_groups; i++) {
    const dm_seq_group *g = &at->group[i];
    for (uint32_t j = 0; j < g->n; j++) {
      uint32_t parent = at->parent[g->set + j];
      ASSERT_TRUE(parent < g->seq);
      for (uint32_t k = 0; k < g->arity; k++) {
        uint32_t seq = g->seq + k * g->n + j;
        slot_of[seq] = s->game->set_slot[at->set_id[g->set + j]] + k + 1;
        plan[seq] = plan[parent] * p[slot_of[seq] - 1];
      }
    }
  }
}

static void check_products(const dm_game *game, uint32_t *blocks)
{
  double *cell = zero_cells(game);
  const char *why = NULL;
  dm_sequence *s = NULL;
  ASSERT_OK(dm_sequence_new(game, cell, &s, &why));
  uint64_t seed = 12345;
  double *p = calloc((size_t)game->n_slots + 1, sizeof *p);
  random_strategies(game, &seed, p);
  for (int side = 0; side < 2; side++) {
    uint32_t n_own = s->side[side].n_seqs;
    uint32_t n_other = s->side[1 - side].n_seqs;
    uint32_t *slot_of = calloc(n_own + n_other, sizeof *slot_of);
    double *plan = calloc(n_own + n_other, sizeof *plan);
    double *u = calloc(n_own, sizeof *u);
    double *want = calloc((size_t)game->n_slots + 1, sizeof *want);
    unfold(s, side, p, slot_of + n_other, plan + n_other);
    unfold(s, 1 - side, p, slot_of, plan);
    dm_product product;
    ASSERT_OK(dm_product_plan(&s->arena, s, side, &product));
    dm_product_run(&product, plan, u);
    walk_paths(game, cell, (uint32_t)side, p, want);
    for (uint32_t i = 0; i < n_own; i++)
      ASSERT_NEAR(u[i], want[slot_of[n_other + i]], 1e-13);
    *blocks += product.n_blocks;
    free(slot_of);
    free(plan);
    free(u);
    free(want);
  }
  free(p);
  dm_sequence_free(s);
  free(cell);
}

TEST(kuhn_has_thirteen_sequences_and_thirty_pairs)
{
  dm_game game;
  zero_kuhn(&game);
  double *cell = zero_cells(&game);
  const char *why = NULL;
  dm_sequence *s = NULL;
  ASSERT_OK(dm_sequence_new(&game, cell, &s, &why));
  ASSERT_UINT(s->side[0].n_seqs, 13);
  ASSERT_UINT(s->side[1].n_seqs, 13);
  ASSERT_UINT(s->side[0].n_groups, 2);
  ASSERT_UINT(s->side[1].n_groups, 1);
  ASSERT_UINT(s->n_entries, 30);
  for (size_t i = 1; i < s->n_entries; i++) {
    const uint32_t *a = s->entry[i - 1].seq;
    const uint32_t *b = s->entry[i].seq;
    ASSERT_TRUE(a[0] < b[0] || (a[0] == b[0] && a[1] < b[1]));
  }
  dm_sequence_free(s);
  free(cell);
  uint32_t blocks = 0;
  check_products(&game, &blocks);
  dm_game_clear(&game);
}

/* Leaves that only nature tells apart are one. */
TEST(leaves_of_equal_sequences_merge)
{
  tree *t = tree_new(2, 1);
  uint32_t a = tree_set(t, 0, 2, 1.0);
  uint32_t b = tree_set(t, 1, 2, 1.0);
  uint32_t root = tree_chance(t);
  for (int c = 0; c < 5; c++) {
    uint32_t first = tree_move(t, a);
    tree_edge(t, root, first, 0.2, NULL);
    for (int i = 0; i < 2; i++) {
      uint32_t second = tree_move(t, b);
      tree_edge(t, first, second, 0.0, NULL);
      for (int j = 0; j < 2; j++)
        zero_end(t, second, 0.0, c + 10 * i + 100 * j);
    }
  }
  dm_game game;
  tree_finish(t, &game, NULL);
  double *cell = zero_cells(&game);
  const char *why = NULL;
  dm_sequence *s = NULL;
  ASSERT_OK(dm_sequence_new(&game, cell, &s, &why));
  ASSERT_UINT(s->n_entries, 4);
  double want[4] = {2, 102, 12, 112};
  for (int i = 0; i < 4; i++) {
    ASSERT_NEAR(s->entry[i].pay[0], want[i], 1e-12);
    ASSERT_NEAR(s->entry[i].pay[1], -want[i], 1e-12);
  }
  dm_sequence_free(s);
  free(cell);
  dm_game_clear(&game);
}

/* Six types each, two moves each: the payoffs are full 6 x 6 rectangles. */
TEST(private_types_make_rectangles)
{
  tree *t = tree_new(2, 1);
  uint32_t set[2][6];
  for (uint32_t a = 0; a < 2; a++)
    for (int i = 0; i < 6; i++)
      set[a][i] = tree_set(t, a, 3, 1.0);
  uint32_t root = tree_chance(t);
  for (int i = 0; i < 36; i++) {
    uint32_t first = tree_move(t, set[0][i / 6]);
    tree_edge(t, root, first, 1.0 / 36.0, NULL);
    for (int m = 0; m < 3; m++) {
      uint32_t second = tree_move(t, set[1][i % 6]);
      tree_edge(t, first, second, 0.0, NULL);
      for (int k = 0; k < 3; k++)
        zero_end(t, second, 0.0, i / 6 > i % 6 ? 1.0 : -2.0 - (m == k));
    }
  }
  dm_game game;
  tree_finish(t, &game, NULL);
  uint32_t blocks = 0;
  check_products(&game, &blocks);
  ASSERT_TRUE(blocks > 0);
  dm_game_clear(&game);
}

TEST(products_of_random_trees)
{
  uint32_t blocks = 0;
  for (uint64_t seed = 1; seed <= 60; seed++) {
    dm_game game;
    zero_random_tree(seed, 3 + (uint32_t)(seed % 5), seed % 2 == 0, &game);
    check_products(&game, &blocks);
    dm_game_clear(&game);
  }
}

TEST(large_matrices_are_one_rectangle)
{
  for (uint32_t rows = 3; rows <= 9; rows++) {
    double pay[9 * 11];
    uint64_t seed = rows;
    for (int i = 0; i < 9 * 11; i++)
      pay[i] = random_unit(&seed) - 0.5;
    dm_game game;
    zero_matrix(rows, 11, pay, &game);
    uint32_t blocks = 0;
    check_products(&game, &blocks);
    ASSERT_UINT(blocks, rows >= 4 ? 2 : 1);
    dm_game_clear(&game);
  }
}

/* Graphs and forgetful players alike: it is refused exactly when somebody
 * does not have perfect recall. */
TEST(refused_exactly_without_perfect_recall)
{
  int accepted = 0;
  int refused = 0;
  for (uint64_t seed = 1; seed <= 400; seed++) {
    random_game_options o = {
        .seed = seed,
        .players = 2,
        .layers = 2 + (uint32_t)(seed % 4),
        .width = 3,
        .payoff = 1.0};
    dm_game game;
    random_game(&o, &game);
    dm_recall recall;
    ASSERT_OK(dm_recall_find(&game, &recall));
    bool perfect = recall.kind[0] == DM_RECALL_PERFECT &&
                   recall.kind[1] == DM_RECALL_PERFECT;
    double *cell = zero_cells(&game);
    dm_sequence *s = NULL;
    const char *why = NULL;
    dm_status status = dm_sequence_new(&game, cell, &s, &why);
    ASSERT_STATUS(status, perfect ? DM_OK : DM_E_RANGE);
    if (perfect)
      accepted++;
    else
      refused++;
    if (!perfect)
      ASSERT_CONTAINS(why, "forgets");
    dm_sequence_free(s);
    dm_recall_clear(&recall);
    free(cell);
    dm_game_clear(&game);
  }
  ASSERT_TRUE(accepted >= 40);
  ASSERT_TRUE(refused >= 40);
}

TEST(sorting_is_stable)
{
  enum { N = 1000 };
  dm_keyed item[N], spare[N];
  uint64_t seed = 7;
  for (uint32_t i = 0; i < N; i++) {
    uint64_t high = random_below(&seed, 9);
    uint64_t low = random_below(&seed, 5);
    item[i] = (dm_keyed){.key = high << 37 | low << 3, .at = i};
  }
  dm_keyed_sort(item, spare, N);
  for (uint32_t i = 1; i < N; i++) {
    ASSERT_TRUE(item[i - 1].key <= item[i].key);
    if (item[i - 1].key == item[i].key)
      ASSERT_TRUE(item[i - 1].at < item[i].at);
  }
  dm_keyed_sort(item, spare, 0);
}

TEST_MAIN(
    CASE(kuhn_has_thirteen_sequences_and_thirty_pairs),
    CASE(leaves_of_equal_sequences_merge), CASE(private_types_make_rectangles),
    CASE(products_of_random_trees), CASE(large_matrices_are_one_rectangle),
    CASE(refused_exactly_without_perfect_recall), CASE(sorting_is_stable))
