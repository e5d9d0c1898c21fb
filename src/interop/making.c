/* interop/making.c -- a game for the solvers from what a file says.
 *
 * In:     the record of an .efg or .nfg.
 * Out:    the layered game, and the way back to players, sets and labels.
 * Method: an .efg is a tree already.  The outcome of a node pays on the edge
 *         that leads to it; if the root has one, nature makes a first move with
 *         one branch that carries it.  An .nfg becomes the tree in which the
 *         players pick one after the other, each in one set that covers all
 *         that went before.  Endings of the same class (outcome, or cell) are
 *         one node: payoffs are on edges, so nothing tells them apart.
 * Cells:  equal numbers are one cell, equal payoff rows one row; every set has
 *         the sharpness 1.
 * Order:  sets by (player, first appearance in the file), their options as in
 *         the file; ending classes by first appearance.
 * Cost:   O(nodes + outcomes x players). */
#include "base/table.h"
#include "game/tree.h"
#include "interop/gambit.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

typedef struct maker {
  const dm_gambit *g;
  dm_gambit_game *out;
  dm_arena *arena; /* of *out: lives as long as the game */
  dm_arena *work;  /* gone at the end */
  dm_cell_pool cells;
  dm_table rows;
  uint32_t *row_of;   /* [n_outcomes + 1] */
  uint32_t *class_of; /* [n_outcomes + 1] NONE: not met at an ending */
  DM_VEC(const char *) end_label;
  uint32_t *parent, *node_set, *row, *cell; /* of the tree */
  uint32_t n_nodes, n_sets;
  uint32_t *set_slot, *set_player, *set_sharp;
} maker;

static uint32_t *ids(dm_arena *arena, size_t n)
{
  return dm_arena_array(arena, n + 1, sizeof(uint32_t));
}

/* By hand: every ending may need one, and printf takes as long as the rest. */
static const char *number_text(maker *m, int64_t n)
{
  char text[24];
  char *at = text + sizeof text;
  uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
  do {
    *--at = (char)('0' + left % 10);
    left /= 10;
  } while (left > 0);
  if (n < 0)
    *--at = '-';
  return dm_arena_text(m->arena, at, (size_t)(text + sizeof text - at));
}

/* ---- payoff rows --------------------------------------------------------- */

/* The row of these payoffs; `key` is scratch [n_players]. */
static uint32_t row_for(maker *m, const dm_gambit_number *pay, uint32_t *key)
{
  uint32_t n = m->g->n_players;
  for (uint32_t a = 0; a < n; a++)
    key[a] = dm_cells_number(&m->cells, pay[a].value);
  return n == 0 ? 0 : dm_table_intern(&m->rows, key, n * sizeof *key, NULL);
}

static void start_rows(maker *m, uint32_t *key)
{
  uint32_t n = m->g->n_players;
  dm_cells_init(&m->cells, m->work);
  dm_table_init(&m->rows, m->work, n * sizeof *key);
  if (n > 0)
    (void)dm_table_intern(&m->rows, key, n * sizeof *key, NULL);
}

static void outcome_rows(maker *m, uint32_t *key)
{
  const dm_gambit *g = m->g;
  m->row_of = ids(m->work, (size_t)g->n_outcomes + 1);
  m->class_of = ids(m->work, (size_t)g->n_outcomes + 1);
  memset(m->class_of, 0xff, ((size_t)g->n_outcomes + 1) * sizeof *m->class_of);
  for (uint32_t o = 0; o < g->n_outcomes; o++)
    m->row_of[o + 1] = row_for(m, g->outcome[o].pay, key);
}

/* The ending class of an outcome (index + 1, or 0). */
static uint32_t class_for(maker *m, uint32_t outcome)
{
  if (m->class_of[outcome] != NONE)
    return m->class_of[outcome];
  const char *label = "none";
  if (outcome > 0) {
    const dm_gambit_outcome *o = &m->g->outcome[outcome - 1];
    label = o->label;
    if (label[0] == '\0')
      label = number_text(m, o->id);
  }
  m->class_of[outcome] = m->end_label.n;
  DM_PUSH(m->arena, &m->end_label, label);
  return m->class_of[outcome];
}

/* ---- sets ---------------------------------------------------------------- */

static void start_sets(maker *m, uint32_t n_sets, size_t n_slots)
{
  if (n_slots >= DM_NODE_CHANCE)
    dm_arena_throw(m->work, DM_E_LIMIT);
  m->set_slot = ids(m->work, (size_t)n_sets + 1);
  m->set_player = ids(m->work, n_sets);
  m->set_sharp = ids(m->work, n_sets);
  m->out->set_player = ids(m->arena, n_sets);
  m->out->set_id =
      dm_arena_array(m->arena, (size_t)n_sets + 1, sizeof(int64_t));
  m->out->set_label =
      dm_arena_array(m->arena, (size_t)n_sets + 1, sizeof(char *));
  m->out->slot_label = dm_arena_array(m->arena, n_slots + 1, sizeof(char *));
}

static void add_set(
    maker *m, uint32_t player, int64_t id, const char *label, uint32_t n,
    const char *const *action)
{
  uint32_t s = m->n_sets++;
  m->set_player[s] = player;
  m->set_sharp[s] = 1; /* cell 1 is the number 1 */
  m->set_slot[s + 1] = m->set_slot[s] + n;
  m->out->set_player[s] = player + 1;
  m->out->set_id[s] = id;
  m->out->set_label[s] = label;
  for (uint32_t i = 0; i < n; i++)
    m->out->slot_label[m->set_slot[s] + i] =
        action && action[i][0] != '\0' ? action[i]
                                       : number_text(m, (int64_t)i + 1);
}

/* Sets of the file by player, stably; returns set of the file -> set. */
static uint32_t *order_sets(maker *m)
{
  const dm_gambit *g = m->g;
  uint32_t *start = ids(m->work, (size_t)g->n_players + 1);
  uint32_t *order = ids(m->work, g->n_sets);
  uint32_t *new_set = ids(m->work, g->n_sets);
  uint32_t n_sets = 0;
  size_t n_slots = 0;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    if (g->set[s].player == UINT32_MAX)
      continue;
    start[g->set[s].player + 1]++;
    n_sets++;
    n_slots += g->set[s].n_actions;
  }
  for (uint32_t a = 0; a < g->n_players; a++)
    start[a + 1] += start[a];
  for (uint32_t s = 0; s < g->n_sets; s++)
    if (g->set[s].player != UINT32_MAX)
      order[start[g->set[s].player]++] = s;
  start_sets(m, n_sets, n_slots);
  for (uint32_t i = 0; i < n_sets; i++) {
    const dm_gambit_set *set = &g->set[order[i]];
    new_set[order[i]] = i;
    add_set(m, set->player, set->id, set->label, set->n_actions, set->action);
  }
  return new_set;
}

/* ---- nodes --------------------------------------------------------------- */

static void start_nodes(maker *m, uint64_t n)
{
  if (n >= DM_NODE_CHANCE)
    dm_arena_throw(m->work, DM_E_LIMIT);
  size_t size = ((size_t)n + 1) * sizeof(uint32_t);
  m->parent = dm_arena_resize(m->work, NULL, size);
  m->node_set = dm_arena_resize(m->work, NULL, size);
  m->row = dm_arena_resize(m->work, NULL, size);
  m->cell = dm_arena_resize(m->work, NULL, size);
}

static uint32_t add_node(
    maker *m, uint32_t parent, uint32_t set, uint32_t row, uint32_t cell)
{
  uint32_t n = m->n_nodes++;
  m->parent[n] = parent;
  m->node_set[n] = set;
  m->row[n] = row;
  m->cell[n] = cell;
  return n;
}

/* Chances of every set of nature as cells, end to end: [set] -> first. */
static uint32_t *chance_cells(maker *m, uint32_t **first)
{
  const dm_gambit *g = m->g;
  size_t n = 0;
  *first = ids(m->work, g->n_sets);
  for (uint32_t s = 0; s < g->n_sets; s++)
    n += g->set[s].player == UINT32_MAX ? g->set[s].n_actions : 0;
  if (n >= DM_NODE_CHANCE)
    dm_arena_throw(m->work, DM_E_LIMIT);
  uint32_t *cell = ids(m->work, n);
  uint32_t at = 0;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    (*first)[s] = at;
    if (g->set[s].player != UINT32_MAX)
      continue;
    for (uint32_t i = 0; i < g->set[s].n_actions; i++)
      cell[at++] = dm_cells_number(&m->cells, g->set[s].chance[i].value);
  }
  return cell;
}

static void tree_of_efg(maker *m)
{
  const dm_gambit *g = m->g;
  uint32_t *first;
  const uint32_t *new_set = order_sets(m);
  const uint32_t *chance = chance_cells(m, &first);
  start_nodes(m, (uint64_t)g->n_nodes + 1);
  /* Branches seen so far, for the chance of each. */
  uint32_t *seen = ids(m->work, g->n_nodes);
  bool paid_root = m->row_of[g->node[0].outcome] != 0;
  uint32_t shift = paid_root ? 1 : 0;
  if (paid_root)
    (void)add_node(m, DM_TREE_ROOT, DM_NODE_CHANCE, 0, 1);
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    const dm_gambit_node *node = &g->node[n];
    uint32_t cell = 1;
    uint32_t parent = paid_root ? 0 : DM_TREE_ROOT;
    if (node->parent != UINT32_MAX) {
      const dm_gambit_node *up = &g->node[node->parent];
      parent = node->parent + shift;
      if (up->kind == DM_GAMBIT_CHANCE)
        cell = chance[first[up->set] + seen[node->parent]++];
    }
    uint32_t set = node->kind == DM_GAMBIT_MOVE     ? new_set[node->set]
                   : node->kind == DM_GAMBIT_CHANCE ? DM_NODE_CHANCE
                                                    : DM_NODE_END;
    if (node->kind == DM_GAMBIT_END)
      set += class_for(m, node->outcome);
    (void)add_node(m, parent, set, m->row_of[node->outcome], cell);
  }
}

/* ---- an .nfg as a tree --------------------------------------------------- */

static void nfg_sets(maker *m)
{
  const dm_gambit *g = m->g;
  size_t n_slots = 0;
  for (uint32_t a = 0; a < g->n_players; a++)
    n_slots += g->n_strategies[a];
  start_sets(m, g->n_players, n_slots);
  for (uint32_t a = 0; a < g->n_players; a++)
    add_set(
        m, a, 1, "", g->n_strategies[a], g->strategy ? g->strategy[a] : NULL);
}

/* "hawk, dove": the picks of a cell. */
static const char *cell_label(maker *m, uint64_t cell)
{
  const dm_gambit *g = m->g;
  const char *const *slot = m->out->slot_label;
  size_t len = 0;
  uint64_t rest = cell;
  for (uint32_t a = 0; a < g->n_players; a++) {
    len += strlen(slot[m->set_slot[a] + rest % g->n_strategies[a]]) + 2;
    rest /= g->n_strategies[a];
  }
  char *label = dm_arena_alloc(m->arena, len + 1);
  char *at = label;
  for (uint32_t a = 0; a < g->n_players; a++) {
    const char *pick = slot[m->set_slot[a] + cell % g->n_strategies[a]];
    cell /= g->n_strategies[a];
    if (a > 0) {
      memcpy(at, ", ", 2);
      at += 2;
    }
    memcpy(at, pick, strlen(pick));
    at += strlen(pick);
  }
  return label;
}

/* An ending for a cell: its class, and the row on the way to it. */
static uint32_t cell_class(
    maker *m, uint64_t cell, uint32_t *key, uint32_t *row)
{
  const dm_gambit *g = m->g;
  if (g->by_outcome) {
    *row = m->row_of[g->cell_outcome[cell]];
    return class_for(m, g->cell_outcome[cell]);
  }
  *row = row_for(m, g->cell_pay + cell * g->n_players, key);
  DM_PUSH(m->arena, &m->end_label, cell_label(m, cell));
  return m->end_label.n - 1;
}

/* Layer by layer: nodes of player a stand for the picks before it, the first
 * player's pick varying slowest, so that children follow one another. */
static void tree_of_nfg(maker *m, uint32_t *key)
{
  const dm_gambit *g = m->g;
  uint64_t n_nodes = 1, width = 1;
  for (uint32_t a = 0; a < g->n_players; a++) {
    width *= g->n_strategies[a];
    n_nodes += width;
    if (n_nodes >= DM_NODE_CHANCE)
      dm_arena_throw(m->work, DM_E_LIMIT);
  }
  nfg_sets(m);
  /* Nature's branch to a paying root, where nobody picks anything. */
  start_nodes(m, n_nodes + 1);
  uint64_t *here = dm_arena_array(m->work, (size_t)width, sizeof *here);
  uint64_t *next = dm_arena_array(m->work, (size_t)width, sizeof *next);
  uint64_t n_here = 1, stride = 1;
  uint32_t parent = 0, row = 0;
  here[0] = 0;
  if (g->n_players == 0) {
    uint32_t class = cell_class(m, 0, key, &row);
    (void)add_node(m, DM_TREE_ROOT, DM_NODE_END + class, 0, 1);
    return;
  }
  (void)add_node(m, DM_TREE_ROOT, 0, 0, 1);
  for (uint32_t a = 0; a < g->n_players; a++) {
    uint64_t n_next = 0;
    for (uint64_t i = 0; i < n_here; i++, parent++) {
      for (uint32_t k = 0; k < g->n_strategies[a]; k++) {
        uint64_t cell = here[i] + k * stride;
        next[n_next++] = cell;
        uint32_t set = a + 1;
        row = 0;
        if (a + 1 == g->n_players)
          set = DM_NODE_END + cell_class(m, cell, key, &row);
        (void)add_node(m, parent, set, row, 1);
      }
    }
    stride *= g->n_strategies[a];
    uint64_t *swap = here;
    here = next;
    next = swap;
    n_here = n_next;
  }
}

/* ---- entry --------------------------------------------------------------- */

static void finish(maker *m)
{
  dm_gambit_game *out = m->out;
  uint32_t *row_cell = ids(m->work, 0);
  if (m->g->n_players > 0)
    row_cell = (uint32_t *)(void *)m->rows.key;
  dm_tree tree = {
      .n_players = m->g->n_players,
      .n_nodes = m->n_nodes,
      .n_sets = m->n_sets,
      .n_ends = m->end_label.n,
      .n_rows = m->g->n_players > 0 ? m->rows.n : 1,
      .parent = m->parent,
      .node_set = m->node_set,
      .row = m->row,
      .cell = m->cell,
      .set_slot = m->set_slot,
      .set_player = m->set_player,
      .set_sharp = m->set_sharp,
      .row_cell = row_cell,
      .cells = m->cells.cell.at,
      .n_cells = m->cells.cell.n,
      .merge_ends = true};
  uint32_t *new_id = ids(m->arena, m->n_nodes);
  dm_status status = dm_tree_game(&tree, &out->game, new_id);
  if (status != DM_OK)
    dm_arena_throw(m->work, status);
  uint32_t shift = m->g->form == DM_GAMBIT_EFG && m->n_nodes > m->g->n_nodes;
  out->node = new_id + shift;
  out->end_label = m->end_label.at;
}

static void make(maker *m)
{
  uint32_t *key = ids(m->work, m->g->n_players);
  start_rows(m, key);
  outcome_rows(m, key);
  if (m->g->form == DM_GAMBIT_EFG)
    tree_of_efg(m);
  else
    tree_of_nfg(m, key);
  finish(m);
}

dm_status dm_gambit_game_make(const dm_gambit *gambit, dm_gambit_game **out)
{
  *out = NULL;
  dm_gambit_game *game = calloc(1, sizeof *game);
  if (!game)
    return DM_E_MEMORY;
  dm_arena work;
  dm_arena_init(&work, 0);
  dm_arena_init(&game->arena, 0);
  maker m = {.g = gambit, .out = game, .arena = &game->arena, .work = &work};
  dm_status status = (dm_status)setjmp(work.jump);
  dm_status other =
      status == DM_OK ? (dm_status)setjmp(game->arena.jump) : DM_OK;
  if (status == DM_OK && other == DM_OK)
    make(&m);
  dm_arena_clear(&work);
  status = status == DM_OK ? other : status;
  if (status != DM_OK) {
    dm_gambit_game_free(game);
    return status;
  }
  *out = game;
  return DM_OK;
}

void dm_gambit_game_free(dm_gambit_game *game)
{
  if (!game)
    return;
  dm_game_clear(&game->game);
  dm_arena_clear(&game->arena);
  free(game);
}

const char **dm_gambit_edge_labels(
    const dm_gambit *gambit, const dm_gambit_game *game)
{
  const char **label = calloc((size_t)game->game.n_edges + 1, sizeof *label);
  uint32_t *seen = calloc((size_t)gambit->n_nodes + 1, sizeof *seen);
  if (!label || !seen) {
    free(label);
    free(seen);
    return NULL;
  }
  for (uint32_t n = 1; n < gambit->n_nodes; n++) {
    uint32_t parent = gambit->node[n].parent;
    const dm_gambit_node *up = &gambit->node[parent];
    if (up->kind != DM_GAMBIT_CHANCE)
      continue;
    uint32_t i = seen[parent]++;
    label[game->game.node_edge[game->node[parent]] + i] =
        gambit->set[up->set].action[i];
  }
  free(seen);
  return label;
}
