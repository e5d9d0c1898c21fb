/* bench/support/crisis.c -- builds dm_game arrays directly, layer by layer.
 *
 * Nodes first get provisional ids in the order they are made; a layer's nodes
 * are then numbered (scrambled if asked), endings behind all others, and edges
 * written in that order. */
#include "crisis.h"

#include "base/table.h"

#include <string.h>

enum { TYPES = 4, OPTIONS = 3, PLAYERS = 2, END_COUNT = 5 };
enum { END_CONCEDE, END_WAR, END_BACK_DOWN, END_STALEMATE, END_ACCIDENT };

static const double war_cost[2] = {0.2, 0.7};

typedef struct arc {
  uint32_t child; /* provisional id */
  uint32_t label; /* cell of a chance; unused at decisions */
  uint32_t row;
} arc;

typedef struct maker {
  crisis_options options;
  uint32_t depths; /* moves on the longest path */
  dm_arena *arena;
  dm_cell_pool cells;
  dm_table rows; /* equal payoff rows are one */
  DM_VEC(uint32_t) row_cell;
  DM_VEC(uint32_t) layer_node; /* provisional ids are in layer order too */
  DM_VEC(uint32_t) node_set;
  DM_VEC(uint32_t) node_arc;
  DM_VEC(arc) arcs;
  DM_VEC(uint32_t) set_player;
  DM_VEC(uint32_t) set_layer;
} maker;

static uint32_t row(maker *m, double first, double second)
{
  uint32_t cell[PLAYERS] = {
      dm_cells_number(&m->cells, first), dm_cells_number(&m->cells, second)};
  bool fresh = false;
  uint32_t id = dm_table_intern(&m->rows, cell, sizeof cell, &fresh);
  for (int a = 0; fresh && a < PLAYERS; a++)
    DM_PUSH(m->arena, &m->row_cell, cell[a]);
  return id;
}

/* Payoffs of the mover and of the other, as a row. */
static uint32_t mover_row(maker *m, uint32_t mover, double own, double other)
{
  return mover == 0 ? row(m, own, other) : row(m, other, own);
}

static void node(maker *m, uint32_t kind)
{
  DM_PUSH(m->arena, &m->node_set, kind);
  DM_PUSH(m->arena, &m->node_arc, m->arcs.n);
}

static void add_arc(maker *m, uint32_t child, uint32_t label, uint32_t row_id)
{
  arc a = {.child = child, .label = label, .row = row_id};
  DM_PUSH(m->arena, &m->arcs, a);
}

static void next_layer(maker *m)
{
  DM_PUSH(m->arena, &m->layer_node, m->node_set.n);
}

/* Opens the two sets of a public history: one for each own type. */
static uint32_t open_sets(maker *m, uint32_t mover)
{
  uint32_t first = m->set_player.n;
  for (int t = 0; t < 2; t++) {
    DM_PUSH(m->arena, &m->set_player, mover);
    DM_PUSH(m->arena, &m->set_layer, m->layer_node.n - 1);
  }
  return first;
}

/* Nature deals: the root and one node for each type of the first player, which
 * draws the second's type and one of `starts` places to start from. */
static void deal(maker *m, uint32_t starts)
{
  uint32_t half = dm_cells_number(&m->cells, 0.5);
  uint32_t part = dm_cells_number(&m->cells, 0.5 / (double)starts);
  next_layer(m);
  node(m, DM_NODE_CHANCE);
  add_arc(m, 1, half, 0);
  add_arc(m, 2, half, 0);
  next_layer(m);
  for (uint32_t a = 0; a < 2; a++) {
    node(m, DM_NODE_CHANCE);
    for (uint32_t place = 0; place < starts; place++)
      for (uint32_t b = 0; b < 2; b++)
        add_arc(m, 3 + TYPES * place + 2 * a + b, part, 0);
  }
}

typedef struct place {
  uint32_t depth, mover, type; /* type: 2 x first player's + second's */
  double late;                 /* what the delay so far has cost */
} place;

static uint32_t war_row(maker *m, const place *at)
{
  double tilt = at->mover == 0 ? 0.05 : -0.05;
  return row(
      m, 0.5 + tilt - war_cost[at->type >> 1] - at->late,
      0.5 - tilt - war_cost[at->type & 1] - at->late);
}

static uint32_t stalemate_row(maker *m, const place *at)
{
  return row(m, 0.4 - at->late, 0.35 - at->late);
}

/* ---- the tree ----------------------------------------------------------- */

/* Children of the node with history h (0: no threat; j: by the move j - 1),
 * whose first free child id is `child`. */
static uint32_t tree_arcs(maker *m, const place *at, uint32_t h, uint32_t child)
{
  bool over = at->depth + 1 == m->depths;
  bool mine = h > 0 && (h - 1) % 2 == at->mover;
  if (h == 0) {
    add_arc(m, child++, 0, over ? stalemate_row(m, at) : 0);
    add_arc(m, child++, 0, over ? mover_row(m, at->mover, 0.45, 0.2) : 0);
    add_arc(m, child++, 0, mover_row(m, at->mover, 0.15, 0.8 - at->late));
    return child;
  }
  add_arc(m, child++, 0, over ? stalemate_row(m, at) : 0);
  add_arc(m, child++, 0, war_row(m, at));
  add_arc(
      m, child++, 0,
      mine ? mover_row(m, at->mover, -0.2 - at->late, 0.7 - at->late)
           : mover_row(m, at->mover, 0.1 - at->late, 0.9 - at->late));
  return child;
}

/* The nodes behind one layer's nodes, in the order tree_arcs numbers them. */
static void tree_layer(maker *m, uint32_t depth)
{
  uint32_t mover = depth % 2;
  uint32_t histories = depth + 1;
  uint32_t first_set = m->set_player.n;
  for (uint32_t h = 0; h < histories; h++)
    (void)open_sets(m, mover);
  /* A layer holds the endings of the moves before it and its own nodes.  They
   * were numbered by type, then history, then option. */
  uint32_t size = depth == 0 ? TYPES : TYPES * depth * OPTIONS;
  uint32_t child = m->node_set.n + size;
  uint32_t parents = depth == 0 ? 1 : depth;
  for (uint32_t type = 0; type < TYPES; type++) {
    for (uint32_t p = 0; p < parents; p++) {
      for (uint32_t o = 0; o < (depth == 0 ? 1u : OPTIONS); o++) {
        uint32_t h = p;
        uint32_t end = DM_NODE_CHANCE;
        if (depth > 0 && p == 0) {
          h = o == 0 ? 0 : depth;
          end = o == 2 ? END_CONCEDE : end;
        } else if (depth > 0 && o > 0) {
          end = o == 1 ? END_WAR : END_BACK_DOWN;
        }
        if (end != DM_NODE_CHANCE) {
          node(m, DM_NODE_END + end);
          continue;
        }
        place at = {depth, mover, type, 0.004 * depth};
        uint32_t own = mover == 0 ? type >> 1 : type & 1;
        node(m, first_set + 2 * h + own);
        child = tree_arcs(m, &at, h, child);
      }
    }
  }
}

static void tree_last(maker *m)
{
  uint32_t parents = m->depths;
  for (uint32_t type = 0; type < TYPES; type++)
    for (uint32_t p = 0; p < parents; p++)
      for (uint32_t o = 0; o < OPTIONS; o++) {
        uint32_t end = o == 0             ? END_STALEMATE
                       : p == 0 && o == 1 ? END_STALEMATE
                       : p == 0           ? END_CONCEDE
                       : o == 1           ? END_WAR
                                          : END_BACK_DOWN;
        node(m, DM_NODE_END + end);
      }
}

static void make_tree(maker *m)
{
  deal(m, 1);
  for (uint32_t depth = 0; depth < m->depths; depth++) {
    next_layer(m);
    tree_layer(m, depth);
  }
  next_layer(m);
  tree_last(m);
}

/* ---- the graph ---------------------------------------------------------- */

static void graph_decisions(maker *m, uint32_t depth, uint32_t tops)
{
  uint32_t levels = m->options.levels;
  uint32_t mover = depth % 2;
  uint32_t first_set = m->set_player.n;
  for (uint32_t l = 0; l < levels; l++)
    (void)open_sets(m, mover);
  uint32_t here = m->node_set.n;
  uint32_t chance = here + TYPES * levels; /* one behind each press */
  uint32_t after = chance + TYPES * levels;
  bool over = depth + 1 == m->depths;
  for (uint32_t l = 0; l < levels; l++) {
    for (uint32_t type = 0; type < TYPES; type++) {
      place at = {depth, mover, type, 0.002 * l};
      uint32_t own = mover == 0 ? type >> 1 : type & 1;
      uint32_t lower = l == 0 ? 0 : l - 1;
      node(m, first_set + 2 * l + own);
      uint32_t still = over ? mover_row(m, mover, 0.35, 0.35) : 0;
      uint32_t ease = mover_row(m, mover, over ? 0.3 : -0.01, over ? 0.4 : 0);
      add_arc(m, over ? tops : after + TYPES * lower + type, 0, ease);
      add_arc(m, over ? tops : after + TYPES * l + type, 0, still);
      add_arc(
          m, chance + TYPES * l + type, 0,
          mover_row(m, mover, 0.02 - at.late, -0.02));
    }
  }
}

static void graph_accidents(maker *m, uint32_t depth, uint32_t tops)
{
  uint32_t levels = m->options.levels;
  bool over = depth + 1 == m->depths;
  uint32_t after = m->node_set.n + TYPES * levels;
  for (uint32_t l = 0; l < levels; l++) {
    double risk = 0.1 * ((double)l + 1.0) / (double)levels;
    uint32_t war = dm_cells_number(&m->cells, risk);
    uint32_t calm = dm_cells_op(&m->cells, DM_CELL_SUB, 1, war);
    for (uint32_t type = 0; type < TYPES; type++) {
      place at = {depth, depth % 2, type, 0.0};
      uint32_t higher = l + 1 == levels ? l : l + 1;
      node(m, DM_NODE_CHANCE);
      add_arc(m, tops + 1, war, war_row(m, &at));
      add_arc(
          m, over ? tops : after + TYPES * higher + type, calm,
          over ? mover_row(m, at.mover, 0.42, 0.28) : 0);
    }
  }
}

static void make_graph(maker *m)
{
  uint32_t levels = m->options.levels;
  /* Two endings in the last layer, shared: edges may skip layers. */
  uint32_t tops = 3 + m->depths * 2 * TYPES * levels;
  deal(m, levels);
  for (uint32_t depth = 0; depth < m->depths; depth++) {
    next_layer(m);
    graph_decisions(m, depth, tops);
    next_layer(m);
    graph_accidents(m, depth, tops);
  }
  next_layer(m);
  node(m, DM_NODE_END + END_STALEMATE);
  node(m, DM_NODE_END + END_ACCIDENT);
}

/* ---- arrays ------------------------------------------------------------- */

/* Scrambles id[0..n) by a fixed sequence. */
static void scramble(uint32_t *id, uint32_t n, uint64_t *state)
{
  for (uint32_t i = n; i > 1; i--) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    uint32_t j = (uint32_t)(*state % i);
    uint32_t held = id[i - 1];
    id[i - 1] = id[j];
    id[j] = held;
  }
}

/* Old ids in the order of the new: layer by layer, scrambled inside a layer if
 * asked, and all endings together at the end, where they take no room in a
 * sweep.  Moves layer_node along. */
static uint32_t *renumber(maker *m)
{
  uint32_t n = m->node_set.n;
  uint32_t layers = m->layer_node.n - 1;
  uint32_t *old = dm_arena_resize(m->arena, NULL, (size_t)n * sizeof *old);
  uint64_t state = 88172645463325252u;
  uint32_t at = 0;
  for (uint32_t l = 0; l < layers; l++) {
    uint32_t first = at;
    for (uint32_t i = m->layer_node.at[l]; i < m->layer_node.at[l + 1]; i++)
      if (m->node_set.at[i] < DM_NODE_END)
        old[at++] = i;
    if (m->options.shuffle)
      scramble(old + first, at - first, &state);
    m->layer_node.at[l] = first;
  }
  for (uint32_t i = 0; i < n; i++)
    if (m->node_set.at[i] >= DM_NODE_END)
      old[at++] = i;
  return old;
}

static uint32_t *grab(maker *m, size_t n)
{
  uint32_t *block = dm_arena_resize(m->arena, NULL, n * sizeof *block + 1);
  memset(block, 0, n * sizeof *block);
  return block;
}

static void write_nodes(maker *m, dm_game *g)
{
  uint32_t *old = renumber(m);
  uint32_t *id = grab(m, g->n_nodes);
  for (uint32_t i = 0; i < g->n_nodes; i++)
    id[old[i]] = i;
  uint32_t at = 0;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    uint32_t from = old[n];
    uint32_t set = m->node_set.at[from];
    g->node_set[n] = set;
    g->node_edge[n] = at;
    for (uint32_t i = m->node_arc.at[from]; i < m->node_arc.at[from + 1]; i++) {
      g->edge_child[at] = id[m->arcs.at[i].child];
      g->edge_row[at] = m->arcs.at[i].row;
      g->edge_slot[at] = set == DM_NODE_CHANCE
                             ? m->arcs.at[i].label
                             : OPTIONS * set + at - g->node_edge[n];
      at++;
    }
  }
  g->node_edge[g->n_nodes] = at;
  dm_arena_release(m->arena, id);
  dm_arena_release(m->arena, old);
}

static void write_game(maker *m, dm_game *g)
{
  next_layer(m);
  DM_PUSH(m->arena, &m->node_arc, m->arcs.n);
  g->n_players = PLAYERS;
  g->n_layers = m->layer_node.n - 1;
  g->n_nodes = m->node_set.n;
  g->n_edges = m->arcs.n;
  g->n_sets = m->set_player.n;
  g->n_slots = OPTIONS * g->n_sets;
  g->n_cells = m->cells.cell.n;
  g->n_rows = m->row_cell.n / PLAYERS;
  g->n_ends = END_COUNT;
  g->node_edge = grab(m, (size_t)g->n_nodes + 1);
  g->node_set = grab(m, g->n_nodes);
  g->edge_child = grab(m, g->n_edges);
  g->edge_slot = grab(m, g->n_edges);
  g->edge_row = grab(m, g->n_edges);
  g->set_slot = grab(m, (size_t)g->n_sets + 1);
  g->set_sharp = grab(m, g->n_sets);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    g->set_slot[s + 1] = OPTIONS * (s + 1);
    g->set_sharp[s] = 1; /* cell 1: sharpness 1, so that k is lambda */
  }
  write_nodes(m, g);
  g->layer_node = dm_arena_detach(m->arena, m->layer_node.at);
  g->set_player = dm_arena_detach(m->arena, m->set_player.at);
  g->set_layer = dm_arena_detach(m->arena, m->set_layer.at);
  g->cell = dm_arena_detach(m->arena, m->cells.cell.at);
  g->row_cell = dm_arena_detach(m->arena, m->row_cell.at);
  g->param_base = (double *)(void *)grab(m, 2);
  g->bytes =
      sizeof(uint32_t) * ((size_t)g->n_layers + 3 * (size_t)g->n_edges +
                          2 * (size_t)g->n_nodes + 4 * (size_t)g->n_sets +
                          (size_t)g->n_rows * PLAYERS) +
      g->n_cells * sizeof(dm_cell);
  void *kept[] = {g->node_edge, g->node_set, g->edge_child, g->edge_slot,
                  g->edge_row,  g->set_slot, g->set_sharp,  g->param_base};
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
    (void)dm_arena_detach(m->arena, kept[i]);
}

dm_status crisis_build(const crisis_options *options, dm_game *game)
{
  memset(game, 0, sizeof *game);
  if (options->rounds == 0 || options->rounds > 10000 ||
      options->levels > 10000)
    return DM_E_RANGE;
  dm_arena arena;
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why != DM_OK) {
    dm_arena_clear(&arena);
    memset(game, 0, sizeof *game);
    return why;
  }
  maker m = {
      .options = *options, .depths = 2 * options->rounds, .arena = &arena};
  dm_cells_init(&m.cells, &arena);
  dm_table_init(&m.rows, &arena, PLAYERS * sizeof(uint32_t));
  (void)row(&m, 0.0, 0.0);
  if (options->levels > 0)
    make_graph(&m);
  else
    make_tree(&m);
  write_game(&m, game);
  dm_arena_clear(&arena);
  return DM_OK;
}

uint32_t crisis_tree_rounds(double nodes)
{
  uint32_t depth = 2;
  while (7.0 + 6.0 * depth * (depth + 1.0) < nodes)
    depth += 2;
  return depth / 2;
}
