/* The two sweeps: values by hand, beliefs of tiny reach, graphs against their
 * trees, other orders of nodes, many players. */
#include "unit.h"

#include "random_game.h"

#include "game/sweep.h"
#include "num/expo.h"

#include <math.h>

/* Two types of player 0 (chances 0.3 and 0.7), each saying a or b; player 1
 * hears it and takes x or y.  Payoffs are numbered so that none repeat. */
typedef struct signalling {
  dm_game game;
  uint32_t id[15];
  double log_p[8];
} signalling;

static void make_signalling(signalling *out, double sharpness)
{
  tree *t = tree_new(2, 2);
  uint32_t root = tree_chance(t);
  uint32_t say[2], hear[2], type[2];
  for (int i = 0; i < 2; i++)
    say[i] = tree_set(t, 0, 2, sharpness);
  for (int i = 0; i < 2; i++)
    hear[i] = tree_set(t, 1, 2, sharpness);
  for (int i = 0; i < 2; i++) {
    type[i] = tree_move(t, say[i]);
    tree_edge(t, root, type[i], i == 0 ? 0.3 : 0.7, NULL);
    for (int m = 0; m < 2; m++) {
      uint32_t n = tree_move(t, hear[m]);
      tree_edge(t, type[i], n, 0.0, (double[]){m ? -0.5 : 0.0, 0.0});
      for (int x = 0; x < 2; x++)
        tree_leaf(
            t, n, (uint32_t)x, 0.0,
            (double[]){1.0 + i + 3.0 * m - 2.0 * x, i == x ? 2.0 : -1.0 + m});
    }
  }
  tree_finish(t, &out->game, out->id);
}

static void set_log_p(double *log_p, double first)
{
  log_p[0] = dm_log(first);
  log_p[1] = dm_log(1.0 - first);
}

TEST(signalling_by_hand)
{
  signalling s;
  make_signalling(&s, 1.0);
  double p[4] = {0.6, 0.1, 0.25, 0.9}; /* a of each type; x after a, b */
  for (int i = 0; i < 4; i++)
    set_log_p(s.log_p + 2 * i, p[i]);
  dm_sweep *sweep = dm_sweep_new(&s.game);
  dm_sweep_run(sweep, s.log_p);
  /* Belief in type 0 after a and after b. */
  double after_a = 0.3 * 0.6 / (0.3 * 0.6 + 0.7 * 0.1);
  double after_b = 0.3 * 0.4 / (0.3 * 0.4 + 0.7 * 0.9);
  uint32_t count;
  const dm_node_id *node = dm_sweep_set_nodes(sweep, 2, &count);
  ASSERT_UINT(count, 2);
  ASSERT_NEAR(dm_sweep_belief(sweep)[node[0]], after_a, 1e-15);
  ASSERT_NEAR(dm_sweep_belief(sweep)[node[1]], 1.0 - after_a, 1e-15);
  ASSERT_NEAR(dm_sweep_set_reach(sweep, 2), 0.25, 1e-15);
  const double *q = dm_sweep_q(sweep);
  /* Player 1 hearing a, then b. */
  ASSERT_NEAR(q[4], after_a * 2.0 + (1 - after_a) * -1.0, 1e-14);
  ASSERT_NEAR(q[5], after_a * -1.0 + (1 - after_a) * 2.0, 1e-14);
  ASSERT_NEAR(q[6], after_b * 2.0 + (1 - after_b) * 0.0, 1e-14);
  /* Player 0 of type 1 saying b: it costs 0.5. */
  ASSERT_NEAR(q[3], -0.5 + 0.9 * 5.0 + 0.1 * 3.0, 1e-14);
  /* The value at the root, player 0, and reach of an ending. */
  double v0 = 0.6 * (0.25 * 1 + 0.75 * -1) + 0.4 * (-0.5 + 0.9 * 4 + 0.1 * 2);
  double v1 = 0.1 * (0.25 * 2 + 0.75 * 0) + 0.9 * (-0.5 + 0.9 * 5 + 0.1 * 3);
  ASSERT_NEAR(dm_sweep_value(sweep, 0, 0), 0.3 * v0 + 0.7 * v1, 1e-14);
  double total = 0.0;
  for (uint32_t n = 0; n < s.game.n_nodes; n++)
    if (s.game.node_set[n] >= DM_NODE_END)
      total += dm_sweep_reach(sweep, n);
  ASSERT_NEAR(total, 1.0, 1e-15);
  dm_sweep_free(sweep);
  dm_game_clear(&s.game);
}

/* A set of two nodes, reached by `depth` unlikely moves on one side and by
 * as many on the other, one of them less unlikely by log 3. */
static void unlikely(double log_step, uint32_t depth, double *belief)
{
  tree *t = tree_new(2, 1);
  uint32_t last = tree_set(t, 1, 2, 1.0);
  uint32_t root = tree_chance(t);
  uint32_t at[2];
  uint32_t first = t->n_sets;
  for (int side = 0; side < 2; side++) {
    uint32_t set = tree_set(t, 0, 2, 1.0);
    at[side] = tree_move(t, set);
    tree_edge(t, root, at[side], 0.5, NULL);
    for (uint32_t d = 1; d < depth; d++) {
      uint32_t next = tree_move(t, tree_set(t, 0, 2, 1.0));
      tree_leaf(t, at[side], 0, 0.0, (double[]){1.0, 0.0});
      tree_edge(t, at[side], next, 0.0, NULL);
      at[side] = next;
    }
    uint32_t n = tree_move(t, last);
    tree_leaf(t, at[side], 0, 0.0, (double[]){1.0, 0.0});
    tree_edge(t, at[side], n, 0.0, NULL);
    tree_leaf(t, n, 0, 0.0, (double[]){0.0, side ? 1.0 : 0.0});
    tree_leaf(t, n, 0, 0.0, (double[]){0.0, side ? 0.0 : 1.0});
  }
  dm_game game;
  tree_finish(t, &game, NULL);
  double *log_p = calloc(game.n_slots, sizeof *log_p);
  for (uint32_t s = 0; s < game.n_sets; s++) {
    log_p[2 * s] = -0.0;
    log_p[2 * s + 1] = log_step;
  }
  log_p[2 * first + 1] = log_step + dm_log(3.0);
  log_p[2 * last] = log_p[2 * last + 1] = dm_log(0.5);
  dm_sweep *sweep = dm_sweep_new(&game);
  dm_sweep_run(sweep, log_p);
  uint32_t count;
  const dm_node_id *node = dm_sweep_set_nodes(sweep, last, &count);
  for (uint32_t i = 0; i < 2; i++) {
    belief[i] = dm_sweep_belief(sweep)[node[i]];
    ASSERT_NEAR_REL(
        dm_sweep_log_reach(sweep, node[i]),
        dm_log(0.5) + depth * log_step + (i == 0 ? dm_log(3.0) : 0.0), 1e-13);
  }
  ASSERT_NEAR(dm_sweep_q(sweep)[2 * last], belief[1], 1e-15);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
  free(log_p);
}

TEST(beliefs_of_tiny_reach)
{
  /* Reach of e^-40, e^-800 (below any double), e^-100000, e^-10000000. */
  const double step[] = {-10.0, -200.0, -1e5, -1e5};
  const uint32_t depth[] = {4, 4, 1, 100};
  for (int i = 0; i < 4; i++) {
    double belief[2];
    unlikely(step[i], depth[i], belief);
    ASSERT_NEAR(belief[0], 0.75, 1e-10);
    ASSERT_NEAR(belief[1], 0.25, 1e-10);
  }
}

TEST(a_set_without_reach_has_uniform_beliefs)
{
  tree *t = tree_new(2, 1);
  uint32_t set = tree_set(t, 1, 2, 1.0);
  uint32_t root = tree_chance(t);
  tree_leaf(t, root, 0, 1.0, (double[]){5.0, 5.0});
  for (int i = 0; i < 2; i++) {
    uint32_t n = tree_move(t, set);
    tree_edge(t, root, n, 0.0, NULL);
    tree_leaf(t, n, 0, 0.0, (double[]){0.0, 4.0 * i});
    tree_leaf(t, n, 0, 0.0, (double[]){0.0, 1.0});
  }
  dm_game game;
  tree_finish(t, &game, NULL);
  dm_sweep *sweep = dm_sweep_new(&game);
  double log_p[2] = {dm_log(0.5), dm_log(0.5)};
  dm_sweep_run(sweep, log_p);
  ASSERT_SAME_BITS(dm_sweep_q(sweep)[0], 2.0);
  ASSERT_SAME_BITS(dm_sweep_set_reach(sweep, set), 0.0);
  ASSERT_SAME_BITS(dm_sweep_value(sweep, 0, 0), 5.0);
  double d_log_p[2] = {1.0, -1.0}, d_q[2];
  dm_sweep_tangent(sweep, d_log_p, d_q);
  ASSERT_SAME_BITS(d_q[0], 0.0);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
}

/* An edge of chance 0 comes first and must not push away the tiny mass that
 * another edge brings. */
TEST(no_chance_at_all_does_not_hide_a_tiny_one)
{
  tree *t = tree_new(1, 1);
  uint32_t set = tree_set(t, 0, 2, 1.0);
  uint32_t far = tree_set(t, 0, 2, 1.0);
  uint32_t root = tree_chance(t);
  uint32_t here = tree_move(t, set);
  uint32_t none = tree_chance(t);
  uint32_t end = tree_move(t, far);
  tree_edge(t, root, none, 0.0, NULL);
  tree_edge(t, root, here, 1.0, NULL);
  tree_edge(t, none, end, 1.0, NULL);
  tree_edge(t, here, end, 0.0, NULL);
  tree_leaf(t, here, 0, 0.0, NULL);
  tree_leaf(t, end, 0, 0.0, NULL);
  tree_leaf(t, end, 0, 0.0, NULL);
  dm_game game;
  uint32_t id[8];
  tree_finish(t, &game, id);
  dm_sweep *sweep = dm_sweep_new(&game);
  double log_p[4] = {-5000.0, 0.0, dm_log(0.5), dm_log(0.5)};
  dm_sweep_run(sweep, log_p);
  ASSERT_NEAR(dm_sweep_log_reach(sweep, id[end]), -5000.0, 1e-10);
  ASSERT_NEAR(dm_sweep_belief(sweep)[id[end]], 1.0, 1e-15);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
}

/* The same game, once with every history a node of its own and once with equal
 * situations merged: a die of three faces drawn `rounds` times, only the sum
 * kept, then a bet that knows whether the sum is even. */
static uint32_t dice_node(
    tree *t, uint32_t left, uint32_t sum, bool merge, uint32_t *known,
    const uint32_t *bet)
{
  uint32_t *slot = &known[left * 32 + sum];
  if (merge && *slot)
    return *slot - 1;
  uint32_t n = left ? tree_chance(t) : tree_move(t, bet[sum % 2]);
  if (merge)
    *slot = n + 1;
  static const double chance[3] = {0.5, 0.3, 0.2};
  for (uint32_t f = 0; left && f < 3; f++)
    tree_edge(
        t, n, dice_node(t, left - 1, sum + f, merge, known, bet), chance[f],
        (double[]){0.125 * f, 0.0});
  for (uint32_t x = 0; !left && x < 2; x++)
    tree_leaf(t, n, x, 0.0, (double[]){x ? sum * 0.5 : 1.0, 2.0 * x});
  return n;
}

static void make_dice(bool merge, dm_game *game)
{
  tree *t = tree_new(2, 2);
  uint32_t bet[2] = {tree_set(t, 0, 2, 1.0), tree_set(t, 0, 2, 1.0)};
  uint32_t known[8 * 32] = {0};
  (void)dice_node(t, 5, 0, merge, known, bet);
  tree_finish(t, game, NULL);
}

TEST(merging_situations_changes_nothing)
{
  dm_game whole, merged;
  make_dice(false, &whole);
  make_dice(true, &merged);
  ASSERT_TRUE(merged.n_nodes < whole.n_nodes / 5);
  dm_sweep *a = dm_sweep_new(&whole);
  dm_sweep *b = dm_sweep_new(&merged);
  double log_p[4];
  set_log_p(log_p, 0.35);
  set_log_p(log_p + 2, 0.8);
  dm_sweep_run(a, log_p);
  dm_sweep_run(b, log_p);
  ASSERT_NEAR_ARRAY(dm_sweep_q(a), dm_sweep_q(b), 4, 1e-14);
  for (uint32_t player = 0; player < 2; player++)
    ASSERT_NEAR(
        dm_sweep_value(a, 0, player), dm_sweep_value(b, 0, player), 1e-14);
  dm_sweep_free(a);
  dm_sweep_free(b);
  dm_game_clear(&whole);
  dm_game_clear(&merged);
}

/* Twelve players take two groups of the inner loop; each names a number. */
TEST(many_players)
{
  enum { PLAYERS = 12 };
  tree *t = tree_new(PLAYERS, 1);
  uint32_t node = tree_move(t, tree_set(t, 0, 2, 1.0));
  for (uint32_t a = 0; a < PLAYERS; a++) {
    double pay[PLAYERS] = {0};
    for (uint32_t b = 0; b < PLAYERS; b++)
      pay[b] = 1.0 + a * 0.5 + b;
    uint32_t next = a + 1 < PLAYERS ? tree_move(t, tree_set(t, a + 1, 2, 1.0))
                                    : tree_end(t, 0);
    tree_edge(t, node, next, 0.0, NULL);
    tree_leaf(t, node, 0, 0.0, pay);
    node = next;
  }
  dm_game game;
  tree_finish(t, &game, NULL);
  dm_sweep *sweep = dm_sweep_new(&game);
  double log_p[2 * PLAYERS];
  for (int i = 0; i < 2 * PLAYERS; i++)
    log_p[i] = dm_log(0.5);
  dm_sweep_run(sweep, log_p);
  double want[PLAYERS] = {0};
  for (uint32_t a = 0; a < PLAYERS; a++)
    for (uint32_t b = 0; b < PLAYERS; b++)
      want[b] += pow(0.5, a + 1.0) * (1.0 + a * 0.5 + b);
  for (uint32_t b = 0; b < PLAYERS; b++)
    ASSERT_NEAR(dm_sweep_value(sweep, 0, b), want[b], 1e-13);
  for (uint32_t a = 0; a < PLAYERS; a++)
    ASSERT_NEAR(dm_sweep_q(sweep)[2 * a + 1], 1.0 + a * 1.5, 1e-14);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
}

TEST(refill_moves_numbers_only)
{
  signalling s;
  make_signalling(&s, 1.0);
  /* The chance of the first type becomes a parameter. */
  dm_cell cells[64];
  ASSERT_TRUE(s.game.n_cells + 3 <= 64);
  memcpy(cells, s.game.cell, s.game.n_cells * sizeof *cells);
  uint32_t n = s.game.n_cells;
  cells[n] = (dm_cell){.op = DM_CELL_PARAM, .a = 0};
  cells[n + 1] = (dm_cell){.op = DM_CELL_SUB, .a = 1, .b = n};
  dm_game game = s.game;
  double base = 0.3;
  game.cell = cells;
  game.n_cells = n + 2;
  game.n_params = 1;
  game.param_base = &base;
  uint32_t slot[14];
  memcpy(slot, s.game.edge_slot, sizeof slot);
  slot[0] = n;
  slot[1] = n + 1;
  game.edge_slot = slot;
  dm_sweep *sweep = dm_sweep_new(&game);
  double log_p[8];
  for (int i = 0; i < 4; i++)
    set_log_p(log_p + 2 * i, 0.5);
  dm_sweep_run(sweep, log_p);
  double low = dm_sweep_value(sweep, 0, 0);
  dm_sweep_refill(sweep, (double[]){0.0});
  dm_sweep_run(sweep, log_p);
  double none = dm_sweep_value(sweep, 0, 0);
  dm_sweep_refill(sweep, (double[]){1.0});
  dm_sweep_run(sweep, log_p);
  double all = dm_sweep_value(sweep, 0, 0);
  ASSERT_NEAR(low, 0.3 * all + 0.7 * none, 1e-14);
  ASSERT_NEAR(none - all, 1.0, 1e-14);
  dm_sweep_free(sweep);
  dm_game_clear(&s.game);
}

/* Numbers all endings last, other nodes in their order.  id[n]: new number. */
static void endings_last(dm_game *g, uint32_t *id)
{
  uint32_t inner = 0;
  for (uint32_t n = 0; n < g->n_nodes; n++)
    if (g->node_set[n] < DM_NODE_END)
      id[n] = inner++;
  uint32_t *set = calloc(g->n_nodes, sizeof *set);
  uint32_t *edge = calloc(g->n_nodes + 1, sizeof *edge);
  uint32_t at = inner;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    if (g->node_set[n] >= DM_NODE_END)
      id[n] = at++;
    set[id[n]] = g->node_set[n];
    edge[id[n]] = g->node_edge[n];
  }
  for (uint32_t n = inner; n <= g->n_nodes; n++)
    edge[n] = g->n_edges; /* endings have no edges: starts stay in order */
  for (uint32_t i = 0; i < g->n_edges; i++)
    g->edge_child[i] = id[g->edge_child[i]];
  uint32_t l = 0;
  for (uint32_t n = 0, inner_seen = 0; n < g->n_nodes; n++) {
    while (l < g->n_layers && g->layer_node[l] == n)
      g->layer_node[l++] = inner_seen;
    inner_seen += g->node_set[n] < DM_NODE_END;
  }
  memcpy(g->node_set, set, g->n_nodes * sizeof *set);
  memcpy(g->node_edge, edge, (g->n_nodes + 1) * sizeof *edge);
  free(set);
  free(edge);
}

static void random_log_p(
    const dm_game *g, uint64_t seed, double spread, double *log_p)
{
  for (uint32_t i = 0; i < g->n_slots; i++)
    log_p[i] = spread * (2.0 * random_unit(&seed) - 1.0);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t at = g->set_slot[s];
    dm_log_softmax(log_p + at, g->set_slot[s + 1] - at, log_p + at);
  }
}

/* Neither leaving parts out nor where endings stand moves a bit; nor does what
 * the sweep was used for before. */
TEST(a_lean_sweep_gives_the_same_bits)
{
  static const double spread[] = {1.0, 40.0, 700.0, 2e5};
  for (uint64_t seed = 1; seed <= 40; seed++) {
    random_game_options o = {
        .seed = seed,
        .players = 1 + (uint32_t)(seed % 10),
        .layers = 12,
        .width = 10,
        .payoff = 2};
    dm_game as_made, game;
    random_game(&o, &as_made);
    random_game(&o, &game);
    uint32_t *id = calloc(game.n_nodes, sizeof *id);
    endings_last(&game, id);
    double *log_p = calloc(game.n_slots, sizeof *log_p);
    dm_sweep *full = dm_sweep_new(&as_made);
    dm_sweep *lean = dm_sweep_new_for(&game, 0);
    dm_sweep *ends = dm_sweep_new_for(&game, DM_SWEEP_ENDS);
    ASSERT_TRUE(
        dm_sweep_held_for(&game, 0) < dm_sweep_held_for(&game, DM_SWEEP_ENDS));
    for (int i = 0; i < 4; i++) {
      random_log_p(&game, seed + 5, spread[(seed + (uint64_t)i) % 4], log_p);
      dm_sweep *fresh = dm_sweep_new(&as_made);
      dm_sweep_run(full, log_p);
      dm_sweep_run(lean, log_p);
      dm_sweep_run(ends, log_p);
      dm_sweep_run(fresh, log_p);
      size_t bytes = game.n_slots * sizeof *log_p;
      ASSERT_MEM(dm_sweep_q(full), dm_sweep_q(lean), bytes);
      ASSERT_MEM(dm_sweep_q(full), dm_sweep_q(ends), bytes);
      ASSERT_MEM(dm_sweep_q(full), dm_sweep_q(fresh), bytes);
      for (uint32_t n = 0; n < game.n_nodes; n++) {
        ASSERT_SAME_BITS(dm_sweep_reach(full, n), dm_sweep_reach(ends, id[n]));
        for (uint32_t a = 0; a < game.n_players; a++)
          ASSERT_SAME_BITS(
              dm_sweep_value(full, n, a), dm_sweep_value(lean, id[n], a));
      }
      dm_sweep_free(fresh);
    }
    dm_sweep_free(full);
    dm_sweep_free(lean);
    dm_sweep_free(ends);
    dm_game_clear(&as_made);
    dm_game_clear(&game);
    free(log_p);
    free(id);
  }
}

TEST_MAIN(
    CASE(signalling_by_hand), CASE(beliefs_of_tiny_reach),
    CASE(a_set_without_reach_has_uniform_beliefs),
    CASE(no_chance_at_all_does_not_hide_a_tiny_one),
    CASE(merging_situations_changes_nothing), CASE(many_players),
    CASE(refill_moves_numbers_only), CASE(a_lean_sweep_gives_the_same_bits))
