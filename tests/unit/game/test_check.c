/* dm_game_check: a sound game passes, and each way of breaking one is named. */
#include "unit.h"

#include "random_game.h"

#include "game/sweep.h"

#include <math.h>

typedef struct patient {
  dm_game game;
  double *cell;
} patient;

static void admit(patient *p)
{
  random_game_options o = {
      .seed = 5, .players = 2, .layers = 6, .width = 8, .payoff = 2};
  random_game(&o, &p->game);
  p->cell = calloc(p->game.n_cells, sizeof *p->cell);
  dm_cells_run(&p->game, p->game.param_base, p->cell);
}

static void release(patient *p)
{
  free(p->cell);
  dm_game_clear(&p->game);
}

static void refused(const patient *p, const char *part)
{
  const char *why = NULL;
  ASSERT_STATUS(dm_game_check(&p->game, p->cell, &why), DM_E_INPUT);
  ASSERT_NOT_NULL(why);
  ASSERT_CONTAINS(why, part);
}

/* The first node of a kind, from `from` on. */
static uint32_t find(const dm_game *g, bool chance, uint32_t from)
{
  for (uint32_t n = from; n < g->n_nodes; n++)
    if (chance ? g->node_set[n] == DM_NODE_CHANCE
               : g->node_set[n] < DM_NODE_CHANCE)
      return n;
  FAIL("no such node");
  return 0;
}

#define BREAK(place, value, part)                                              \
  do {                                                                         \
    patient p;                                                                 \
    admit(&p);                                                                 \
    dm_game *g = &p.game;                                                      \
    uint32_t move = find(g, false, 0);                                         \
    uint32_t chance = find(g, true, 0);                                        \
    (void)move;                                                                \
    (void)chance;                                                              \
    place = (value);                                                           \
    refused(&p, part);                                                         \
    release(&p);                                                               \
  } while (0)

TEST(a_sound_game_passes)
{
  patient p;
  admit(&p);
  const char *why = "not touched";
  ASSERT_OK(dm_game_check(&p.game, p.cell, &why));
  ASSERT_NULL(why);
  release(&p);
}

TEST(indices_are_checked)
{
  BREAK(g->edge_child[0], g->n_nodes, "later layer");
  BREAK(g->edge_child[g->node_edge[move]], move, "later layer");
  BREAK(g->edge_row[0], g->n_rows, "payoff row");
  BREAK(g->edge_slot[g->node_edge[move]], g->n_slots, "options of its set");
  BREAK(
      g->edge_slot[g->node_edge[move]], 1 + g->edge_slot[g->node_edge[move]],
      "options of its set");
  BREAK(g->edge_slot[g->node_edge[chance]], g->n_cells, "chance edge");
  BREAK(g->node_set[move], g->n_sets, "set that does not exist");
  BREAK(g->node_set[g->n_nodes - 1], DM_NODE_END + g->n_ends, "class");
  BREAK(g->node_set[move], DM_NODE_END, "ending has edges");
  BREAK(g->node_set[g->n_nodes - 1], DM_NODE_CHANCE, "no edge");
  BREAK(g->set_player[0], g->n_players, "player");
  BREAK(g->set_sharp[0], g->n_cells, "sharpness");
  BREAK(g->row_cell[5], g->n_cells, "names a cell");
  BREAK(g->row_cell[0], 1, "row 0");
}

TEST(shapes_are_checked)
{
  BREAK(g->layer_node[1], g->n_nodes + 1, "layers");
  BREAK(g->layer_node[g->n_layers], g->n_nodes - 1, "layers");
  BREAK(g->node_edge[2], g->n_edges + 7, "edges of nodes");
  BREAK(g->set_slot[1], g->set_slot[0], "slots");
  BREAK(g->set_layer[0], g->set_layer[0] + 1, "layer it names");
  BREAK(g->n_nodes, 0, "no node");
  BREAK(g->n_rows, 0, "row 0");
  BREAK(g->n_cells, 1, "cells 0 and 1");
  patient p;
  admit(&p);
  double *held = p.game.param_base;
  p.game.n_params = 1;
  p.game.param_base = NULL;
  refused(&p, "parameter");
  p.game.param_base = held;
  release(&p);
}

TEST(cells_are_checked)
{
  BREAK(g->cell[2].op, 99, "operation");
  BREAK(g->cell[1].value, 2.0, "numbers 0 and 1");
  BREAK(
      g->cell[2], ((dm_cell){.op = DM_CELL_ADD, .a = 2, .b = 0}), "later cell");
  BREAK(g->cell[2], ((dm_cell){.op = DM_CELL_PARAM, .a = 0}), "parameter");
}

TEST(numbers_are_checked)
{
  BREAK(p.cell[g->edge_slot[g->node_edge[chance]]], 0.99, "add up");
  BREAK(p.cell[g->edge_slot[g->node_edge[chance]]], -0.1, "outside");
  BREAK(p.cell[g->edge_slot[g->node_edge[chance]]], (double)NAN, "outside");
  BREAK(p.cell[g->set_sharp[0]], -1.0, "sharpness");
  BREAK(p.cell[g->row_cell[g->n_rows * 2 - 1]], (double)INFINITY, "payoff");
  BREAK(p.cell[g->row_cell[g->n_rows * 2 - 1]], 1e200, "payoff");
}

TEST(totals_are_checked)
{
  /* Each payoff passes alone, three in a row do not. */
  tree *t = tree_new(1, 1);
  uint32_t root = tree_chance(t);
  uint32_t at = root;
  for (int i = 0; i < 3; i++) {
    uint32_t next = i < 2 ? tree_chance(t) : tree_end(t, 0);
    tree_edge(t, at, next, 1.0, (double[]){3e149 * i});
    at = next;
  }
  dm_game game;
  tree_finish(t, &game, NULL);
  double *cell = calloc(game.n_cells, sizeof *cell);
  dm_cells_run(&game, game.param_base, cell);
  for (uint32_t i = 2; i < game.n_cells; i++)
    cell[i] = cell[i] > 1.0 ? 9e149 : cell[i];
  const char *why = NULL;
  ASSERT_STATUS(dm_game_check(&game, cell, &why), DM_E_INPUT);
  ASSERT_CONTAINS(why, "add up to too large");
  free(cell);
  dm_game_clear(&game);
}

TEST(orphans_and_empty_sets)
{
  patient p;
  admit(&p);
  /* The last ending loses its edge to the one before it. */
  uint32_t last = p.game.n_nodes - 1;
  for (uint32_t i = 0; i < p.game.n_edges; i++)
    if (p.game.edge_child[i] == last)
      p.game.edge_child[i] = last - 1;
  refused(&p, "reached by no edge");
  release(&p);
  admit(&p);
  /* One more set, which no node belongs to. */
  dm_game game = p.game;
  uint32_t slot[TREE_MOST], player[TREE_MOST] = {0}, sharp[TREE_MOST] = {0};
  uint32_t layer[TREE_MOST] = {0};
  memcpy(slot, game.set_slot, (game.n_sets + 1) * sizeof *slot);
  memcpy(layer, game.set_layer, game.n_sets * sizeof *layer);
  slot[game.n_sets + 1] = slot[game.n_sets] + 2;
  game.n_slots += 2;
  game.n_sets++;
  game.set_slot = slot;
  game.set_player = player;
  game.set_sharp = sharp;
  game.set_layer = layer;
  const char *why = NULL;
  ASSERT_STATUS(dm_game_check(&game, p.cell, &why), DM_E_INPUT);
  ASSERT_CONTAINS(why, "has no node");
  release(&p);
}

/* Any single wrong word is refused or leaves a game that can be swept. */
TEST(no_single_wrong_word_gets_past)
{
  patient p;
  admit(&p);
  dm_game *g = &p.game;
  uint32_t *array[] = {g->layer_node, g->node_edge, g->node_set, g->edge_child,
                       g->edge_slot,  g->edge_row,  g->set_slot, g->set_player,
                       g->set_sharp,  g->row_cell};
  uint32_t size[] = {g->n_layers + 1, g->n_nodes + 1,
                     g->n_nodes,      g->n_edges,
                     g->n_edges,      g->n_edges,
                     g->n_sets + 1,   g->n_sets,
                     g->n_sets,       g->n_rows * g->n_players};
  double *log_p = calloc(g->n_slots, sizeof *log_p);
  uint32_t passed = 0, stopped = 0;
  uint64_t seed = 31;
  for (int round = 0; round < 4000; round++) {
    uint32_t which = random_below(&seed, 10);
    uint32_t *at = &array[which][random_below(&seed, size[which])];
    uint32_t held = *at;
    double u = random_unit(&seed);
    *at = u < 0.3   ? held + 1
          : u < 0.6 ? held - 1
          : u < 0.8 ? random_below(&seed, 50)
                    : (uint32_t)(random_unit(&seed) * 4294967295.0);
    const char *why = NULL;
    if (dm_game_check(g, p.cell, &why) == DM_OK) {
      dm_sweep *sweep = dm_sweep_new(g);
      dm_sweep_run(sweep, log_p);
      ASSERT_FINITE(dm_sweep_value(sweep, 0, 0));
      dm_sweep_free(sweep);
      passed++;
    } else {
      ASSERT_NOT_NULL(why);
      stopped++;
    }
    *at = held;
  }
  ASSERT_TRUE(passed > 100);
  ASSERT_TRUE(stopped > 2000);
  free(log_p);
  release(&p);
}

TEST_MAIN(
    CASE(a_sound_game_passes), CASE(indices_are_checked),
    CASE(shapes_are_checked), CASE(cells_are_checked),
    CASE(numbers_are_checked), CASE(totals_are_checked),
    CASE(orphans_and_empty_sets), CASE(no_single_wrong_word_gets_past))
