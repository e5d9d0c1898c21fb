/* bench/support/poker.c -- builds dm_game arrays breadth first: positions wait
 * in a queue, whose order is the numbering by layer. */
#include "poker.h"

#include "base/table.h"

#include <string.h>

enum { FIRST, SECOND, NATURE, OVER };
enum { NO_CARD = 0xff, MOST_CHILDREN = 20, PLAYERS = 2 };

typedef struct position {
  uint32_t moves; /* what both have seen done, as a number */
  uint8_t actor;
  uint8_t card[3]; /* own, own, public */
  uint8_t round, raises, n_moves, folded;
  uint8_t pot[PLAYERS];
} position;

typedef struct maker {
  poker_kind kind;
  uint32_t sides;
  dm_arena *arena;
  dm_cell_pool cells;
  dm_table sets, rows;
  DM_VEC(uint32_t) row_cell;
  DM_VEC(position) queue;
  DM_VEC(uint32_t) layer_node, node_edge, node_set;
  DM_VEC(uint32_t) edge_child, edge_slot, edge_row;
  DM_VEC(uint32_t) set_slot, set_player, set_layer;
} maker;

/* ---- rules -------------------------------------------------------------- */

static uint8_t other(const position *s)
{
  return s->actor == FIRST ? SECOND : FIRST;
}

/* Deals `deck` cards to both, then lets the first player move. */
static uint32_t deal(const position *s, uint32_t deck, position *child)
{
  uint32_t n = 0;
  int place = s->card[0] == NO_CARD ? 0 : s->card[1] == NO_CARD ? 1 : 2;
  for (uint32_t c = 0; c < deck; c++) {
    if (c == s->card[0] || c == s->card[1])
      continue;
    child[n] = *s;
    child[n].card[place] = (uint8_t)c;
    child[n].actor = place == 0 ? NATURE : FIRST;
    n++;
  }
  return n;
}

static uint32_t kuhn_children(const position *s, position *child)
{
  if (s->actor == NATURE)
    return deal(s, 3, child);
  bool facing = s->pot[0] != s->pot[1];
  for (uint32_t bet = 0; bet < 2; bet++) {
    position *c = &child[bet];
    *c = *s;
    c->moves = 2 * s->moves + bet;
    c->n_moves++;
    c->actor = other(s);
    if (bet)
      c->pot[s->actor]++;
    if (!bet && facing)
      c->folded = s->actor;
    if (facing || (!bet && s->actor == SECOND))
      c->actor = OVER;
  }
  return 2;
}

/* The round is over after a call, or after two checks. */
static void leduc_call(position *c, bool facing)
{
  uint8_t high = c->pot[0] > c->pot[1] ? c->pot[0] : c->pot[1];
  bool ends = facing || c->actor == SECOND;
  c->pot[c->actor] = high;
  c->actor = other(c);
  if (!ends)
    return;
  c->actor = c->round == 0 ? NATURE : OVER;
  c->round++;
  c->raises = 0;
}

static uint32_t leduc_children(const position *s, position *child)
{
  if (s->actor == NATURE)
    return deal(s, 6, child);
  uint32_t n = 0;
  bool facing = s->pot[0] != s->pot[1];
  for (uint32_t move = facing ? 0 : 1; move < (s->raises < 2 ? 3u : 2u);
       move++) {
    position *c = &child[n++];
    *c = *s;
    c->moves = 4 * s->moves + move + 1;
    if (move == 0) {
      c->folded = s->actor;
      c->actor = OVER;
    } else if (move == 1) {
      leduc_call(c, facing);
    } else {
      c->pot[s->actor] = (uint8_t)(s->pot[other(s)] + (s->round == 0 ? 2 : 4));
      c->raises++;
      c->actor = other(s);
    }
  }
  return n;
}

/* moves: 1 + the last bid in the low five bits, all bids as a set above. */
static uint32_t dice_children(
    const maker *m, const position *s, position *child)
{
  uint32_t n = 0;
  if (s->actor == NATURE) {
    int place = s->card[0] == NO_CARD ? 0 : 1;
    for (; n < m->sides; n++) {
      child[n] = *s;
      child[n].card[place] = (uint8_t)n;
      child[n].actor = place == 0 ? NATURE : FIRST;
    }
    return n;
  }
  uint32_t last = s->moves & 31u;
  for (uint32_t bid = last; bid < 2 * m->sides; bid++) {
    child[n] = *s;
    child[n].moves = (s->moves & ~31u) | (UINT32_C(32) << bid) | (bid + 1);
    child[n++].actor = other(s);
  }
  if (last > 0) {
    child[n] = *s;
    child[n].folded = s->actor; /* the one who doubts */
    child[n++].actor = OVER;
  }
  return n;
}

static int leduc_strength(const position *s, int player)
{
  int rank = s->card[player] / 2;
  return rank == s->card[2] / 2 ? 10 : rank;
}

/* What the first player gains. */
static double payoff(const maker *m, const position *s)
{
  if (m->kind == POKER_DICE) {
    uint32_t bid = (s->moves & 31u) - 1;
    uint32_t count = 0;
    for (int i = 0; i < PLAYERS; i++)
      count += s->card[i] == bid % m->sides || s->card[i] == m->sides - 1;
    bool holds = count >= bid / m->sides + 1;
    return holds == (s->folded == SECOND) ? 1.0 : -1.0;
  }
  if (s->folded != NO_CARD)
    return s->folded == FIRST ? -(double)s->pot[0] : (double)s->pot[1];
  int first = m->kind == POKER_KUHN ? s->card[0] : leduc_strength(s, 0);
  int second = m->kind == POKER_KUHN ? s->card[1] : leduc_strength(s, 1);
  return first > second   ? (double)s->pot[1]
         : first < second ? -(double)s->pot[0]
                          : 0.0;
}

static uint32_t children(const maker *m, const position *s, position *child)
{
  if (s->actor == OVER)
    return 0;
  if (m->kind == POKER_KUHN)
    return kuhn_children(s, child);
  return m->kind != POKER_DICE ? leduc_children(s, child)
                               : dice_children(m, s, child);
}

/* ---- building ----------------------------------------------------------- */

static uint32_t row_of(maker *m, double first)
{
  uint32_t cell[PLAYERS] = {
      dm_cells_number(&m->cells, first), dm_cells_number(&m->cells, -first)};
  bool fresh = false;
  uint32_t id = dm_table_intern(&m->rows, cell, sizeof cell, &fresh);
  for (int a = 0; fresh && a < PLAYERS; a++)
    DM_PUSH(m->arena, &m->row_cell, cell[a]);
  return id;
}

static uint32_t set_of(
    maker *m, const position *s, uint32_t options, uint32_t l)
{
  uint32_t divide = m->kind == POKER_LEDUC_RANKS ? 2 : 1;
  uint32_t key[4] = {
      s->actor, s->card[s->actor] / divide,
      s->card[2] == NO_CARD ? NO_CARD : s->card[2] / divide,
      s->moves + ((uint32_t)s->n_moves << 20)};
  bool fresh = false;
  uint32_t id = dm_table_intern(&m->sets, key, sizeof key, &fresh);
  if (fresh) {
    uint32_t next = m->set_slot.at[id] + options;
    DM_PUSH(m->arena, &m->set_slot, next);
    DM_PUSH(m->arena, &m->set_player, s->actor);
    DM_PUSH(m->arena, &m->set_layer, l);
  }
  return id;
}

static void expand(maker *m, uint32_t node, uint32_t layer)
{
  position here = m->queue.at[node];
  position child[MOST_CHILDREN];
  uint32_t n = children(m, &here, child);
  uint32_t set = here.actor == NATURE ? DM_NODE_CHANCE : DM_NODE_END;
  uint32_t slot = 0;
  if (here.actor < NATURE) {
    set = set_of(m, &here, n, layer);
    slot = m->set_slot.at[set];
  } else if (n > 0) {
    slot = dm_cells_number(&m->cells, 1.0 / n);
  }
  DM_PUSH(m->arena, &m->node_set, set);
  for (uint32_t i = 0; i < n; i++) {
    bool over = child[i].actor == OVER;
    uint32_t made = m->queue.n;
    DM_PUSH(m->arena, &m->edge_child, made);
    DM_PUSH(m->arena, &m->edge_slot, here.actor < NATURE ? slot + i : slot);
    DM_PUSH(m->arena, &m->edge_row, over ? row_of(m, payoff(m, &child[i])) : 0);
    DM_PUSH(m->arena, &m->queue, child[i]);
  }
  uint32_t end = m->edge_child.n;
  DM_PUSH(m->arena, &m->node_edge, end);
}

static void expand_all(maker *m)
{
  position start = {
      .actor = NATURE,
      .card = {NO_CARD, NO_CARD, NO_CARD},
      .folded = NO_CARD,
      .pot = {1, 1}};
  DM_PUSH(m->arena, &m->queue, start);
  DM_PUSH(m->arena, &m->layer_node, 0);
  DM_PUSH(m->arena, &m->node_edge, 0);
  DM_PUSH(m->arena, &m->set_slot, 0);
  uint32_t node = 0;
  for (uint32_t layer = 0; node < m->queue.n; layer++) {
    for (uint32_t end = m->queue.n; node < end; node++)
      expand(m, node, layer);
    DM_PUSH(m->arena, &m->layer_node, node);
  }
}

/* A copy of exactly the right size, owned by the game. */
static uint32_t *take(maker *m, const uint32_t *from, size_t n, size_t *bytes)
{
  uint32_t *to = dm_arena_resize(m->arena, NULL, n * sizeof *to + 1);
  if (n > 0)
    memcpy(to, from, n * sizeof *to);
  *bytes += n * sizeof *to;
  return dm_arena_detach(m->arena, to);
}

static void write_game(maker *m, dm_game *g)
{
  g->n_players = PLAYERS;
  g->n_layers = m->layer_node.n - 1;
  g->n_nodes = m->node_set.n;
  g->n_edges = m->edge_child.n;
  g->n_sets = m->set_player.n;
  g->n_slots = m->set_slot.at[g->n_sets];
  g->n_cells = m->cells.cell.n;
  g->n_rows = m->row_cell.n / PLAYERS;
  g->n_ends = 1;
  size_t *b = &g->bytes;
  g->layer_node = take(m, m->layer_node.at, m->layer_node.n, b);
  g->node_edge = take(m, m->node_edge.at, m->node_edge.n, b);
  g->node_set = take(m, m->node_set.at, m->node_set.n, b);
  g->edge_child = take(m, m->edge_child.at, m->edge_child.n, b);
  g->edge_slot = take(m, m->edge_slot.at, m->edge_slot.n, b);
  g->edge_row = take(m, m->edge_row.at, m->edge_row.n, b);
  g->set_slot = take(m, m->set_slot.at, m->set_slot.n, b);
  g->set_player = take(m, m->set_player.at, m->set_player.n, b);
  g->set_layer = take(m, m->set_layer.at, m->set_layer.n, b);
  g->row_cell = take(m, m->row_cell.at, m->row_cell.n, b);
  g->set_sharp = take(m, m->set_player.at, m->set_player.n, b);
  for (uint32_t s = 0; s < g->n_sets; s++)
    g->set_sharp[s] = 1; /* the cell that is 1 */
  g->cell = dm_arena_resize(m->arena, NULL, g->n_cells * sizeof *g->cell);
  memcpy(g->cell, m->cells.cell.at, g->n_cells * sizeof *g->cell);
  (void)dm_arena_detach(m->arena, g->cell);
  *b += g->n_cells * sizeof *g->cell;
}

dm_status poker_build(poker_kind kind, uint32_t sides, dm_game *game)
{
  memset(game, 0, sizeof *game);
  if (kind == POKER_DICE && (sides < 2 || sides > 8))
    return DM_E_RANGE;
  dm_arena arena;
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why != DM_OK) {
    dm_arena_clear(&arena);
    dm_game_clear(game);
    return why;
  }
  maker m = {.kind = kind, .sides = sides, .arena = &arena};
  dm_cells_init(&m.cells, &arena);
  dm_table_init(&m.rows, &arena, PLAYERS * sizeof(uint32_t));
  dm_table_init(&m.sets, &arena, 4 * sizeof(uint32_t));
  (void)row_of(&m, 0.0);
  expand_all(&m);
  write_game(&m, game);
  dm_arena_clear(&arena);
  return DM_OK;
}
