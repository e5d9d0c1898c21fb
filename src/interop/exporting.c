/* interop/exporting.c -- a game as an extensive game of a file.
 *
 * In:     a game, the values of its cells, names.
 * Out:    the record that dm_gambit_write writes.
 * Method: the game's graph is walked as the tree that it stands for, a merged
 *         situation once a path, with a stack of our own; how many nodes that
 *         makes is counted first by one backward pass.  A payoff on an edge is
 *         the outcome of the node it leads to; nature's moves with one branch
 *         are left out where no payoff would be lost.  Copies of a node of nature are
 *         one information set of chance, so that its chances stand for all.
 * Sharpness: a file has none.  Multiplying a player's payoffs by a number does
 *         to its choices what multiplying its sharpness does, so the payoffs of
 *         whoever is sharper than the first player are scaled up, and the
 *         comment says so.  That cannot be done for one set and not for
 *         another of the same player (a discount asks for it): refused.
 * Cost:   O(nodes written). */
#include "base/table.h"
#include "interop/chances.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

/* Beyond this a file of ours would not be read again. */
#define PAYOFF_MOST 1e140

typedef struct visit {
  uint32_t node;   /* of the game */
  uint32_t parent; /* of the tree */
  uint32_t row;    /* on the way */
} visit;

typedef struct outcome_key {
  uint32_t row, class;
} outcome_key;

typedef struct exporter {
  const dm_game *game;
  const double *cell;
  const dm_game_names *names;
  dm_gambit *g;
  dm_arena *arena;     /* of g; scratch stands there too */
  double *factor;      /* [n_players] */
  int64_t *set_id;     /* [n_sets] */
  uint32_t *place;     /* [n_sets + n_nodes] set of the record, NONE */
  unsigned char *pays; /* [n_rows] some player gets something */
  uint32_t n_chances;
  dm_table outcomes;
  DM_VEC(dm_gambit_set) set;
  DM_VEC(dm_gambit_outcome) outcome;
  DM_VEC(dm_gambit_node) node;
  DM_VEC(visit) todo;
  dm_str note; /* the comment */
  const char *why;
} exporter;

static _Noreturn void refuse(exporter *e, dm_status status, const char *why)
{
  e->why = why;
  dm_arena_throw(e->arena, status);
}

/* ---- names --------------------------------------------------------------- */

static const char *copy(exporter *e, const char *text)
{
  return dm_arena_text(e->arena, text, strlen(text));
}

static const char *numbered(exporter *e, const char *word, uint32_t i)
{
  char text[48];
  snprintf(text, sizeof text, "%s%lu", word, (unsigned long)i + 1);
  return copy(e, text);
}

/* Name i of a list that may be missing or have gaps. */
static const char *name_of(
    exporter *e, const char *const *list, uint32_t i, const char *word)
{
  return list && list[i] ? copy(e, list[i]) : numbered(e, word, i);
}

/* ---- sharpness ----------------------------------------------------------- */

static bool same_sharpness(double a, double b)
{
  return fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b));
}

/* Each player's sharpness; -1 for one without a set. */
static double *find_sharpness(exporter *e)
{
  const dm_game *g = e->game;
  double *sharp =
      dm_arena_array(e->arena, (size_t)g->n_players + 1, sizeof *sharp);
  for (uint32_t a = 0; a < g->n_players; a++)
    sharp[a] = -1.0;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double *held = &sharp[g->set_player[s]];
    double x = e->cell[g->set_sharp[s]];
    if (*held < 0.0)
      *held = x;
    else if (!same_sharpness(*held, x))
      refuse(
          e, DM_E_RANGE,
          "a player's sharpness differs between its information sets (a "
          "discount does that), and a game file has one for all of them");
  }
  return sharp;
}

static void scaled_note(exporter *e, dm_str *note, uint32_t a, double sharp)
{
  char times[32], is[32];
  dm_number_text(e->factor[a], times);
  dm_number_text(sharp, is);
  dm_str_addf(
      note, "Payoffs of %s are multiplied by %s: its sharpness is %s.\n",
      e->g->player[a], times, is);
}

/* Factors, and a sentence about them. */
static void scale_payoffs(exporter *e, dm_str *note)
{
  uint32_t n = e->game->n_players;
  double *sharp = find_sharpness(e);
  double unit = -1.0;
  e->factor = dm_arena_array(e->arena, (size_t)n + 1, sizeof *e->factor);
  for (uint32_t a = 0; a < n && unit < 0.0; a++)
    unit = sharp[a] > 0.0 ? sharp[a] : -1.0;
  for (uint32_t a = 0; a < n; a++) {
    e->factor[a] = 1.0;
    if (sharp[a] < 0.0 || unit < 0.0 || same_sharpness(sharp[a], unit))
      continue;
    e->factor[a] = sharp[a] / unit;
    scaled_note(e, note, a, sharp[a]);
  }
  if (unit < 0.0 || unit == 1.0)
    return;
  char text[32];
  dm_number_text(unit, text);
  dm_str_addf(
      note, "An answer at lambda %s is the one at the declared sharpness.\n",
      text);
}

/* ---- sets and outcomes --------------------------------------------------- */

static void number_sets(exporter *e)
{
  const dm_game *g = e->game;
  size_t n = (size_t)g->n_sets + g->n_nodes;
  int64_t *count =
      dm_arena_array(e->arena, (size_t)g->n_players + 1, sizeof *count);
  e->set_id = dm_arena_array(e->arena, (size_t)g->n_sets + 1, sizeof *count);
  e->place = dm_arena_array(e->arena, n + 1, sizeof *e->place);
  memset(e->place, 0xff, (n + 1) * sizeof *e->place);
  for (uint32_t s = 0; s < g->n_sets; s++)
    e->set_id[s] = ++count[g->set_player[s]];
}

static void describe_chance(exporter *e, uint32_t n, dm_gambit_set *set)
{
  const dm_game *g = e->game;
  uint32_t first = g->node_edge[n];
  uint32_t count = g->node_edge[n + 1] - first;
  const char *const *edge = e->names ? e->names->edge : NULL;
  const char **action = dm_arena_array(e->arena, count, sizeof *action);
  dm_gambit_number *chance = dm_arena_array(e->arena, count, sizeof *chance);
  double *x = dm_arena_array(e->arena, count, sizeof *x);
  for (uint32_t i = 0; i < count; i++) {
    action[i] =
        edge && edge[first + i] ? copy(e, edge[first + i]) : numbered(e, "", i);
    x[i] = e->cell[g->edge_slot[first + i]];
  }
  dm_chances_for(e->arena, x, count, chance);
  set->id = ++e->n_chances;
  set->player = UINT32_MAX;
  set->label = "";
  set->n_actions = count;
  set->action = action;
  set->chance = chance;
}

static void describe_choice(exporter *e, uint32_t s, dm_gambit_set *set)
{
  const dm_game *g = e->game;
  uint32_t first = g->set_slot[s];
  uint32_t count = g->set_slot[s + 1] - first;
  const char *const *slot = e->names ? e->names->slot : NULL;
  const char *const *label = e->names ? e->names->set : NULL;
  const char **action = dm_arena_array(e->arena, count, sizeof *action);
  for (uint32_t i = 0; i < count; i++)
    action[i] =
        slot && slot[first + i] ? copy(e, slot[first + i]) : numbered(e, "", i);
  set->id = e->set_id[s];
  set->player = g->set_player[s];
  set->label = label && label[s] ? copy(e, label[s]) : "";
  set->n_actions = count;
  set->action = action;
}

/* The set of the record for a node of the game. */
static uint32_t set_for(exporter *e, uint32_t n)
{
  const dm_game *g = e->game;
  bool chance = g->node_set[n] == DM_NODE_CHANCE;
  uint32_t *place = &e->place[chance ? g->n_sets + n : g->node_set[n]];
  if (*place != NONE)
    return *place;
  dm_gambit_set set = {.first_node = e->node.n};
  if (chance)
    describe_chance(e, n, &set);
  else
    describe_choice(e, g->node_set[n], &set);
  *place = e->set.n;
  DM_PUSH(e->arena, &e->set, set);
  return *place;
}

static void find_paying_rows(exporter *e)
{
  const dm_game *g = e->game;
  e->pays = dm_arena_array(e->arena, (size_t)g->n_rows + 1, 1);
  for (size_t i = 0; i < (size_t)g->n_rows * g->n_players; i++)
    if (e->cell[g->row_cell[i]] != 0.0)
      e->pays[i / g->n_players] = 1;
}

static dm_gambit_number *scaled_row(exporter *e, uint32_t row)
{
  const dm_game *g = e->game;
  dm_gambit_number *pay =
      dm_arena_array(e->arena, (size_t)g->n_players + 1, sizeof *pay);
  for (uint32_t a = 0; a < g->n_players; a++) {
    double x = e->cell[g->row_cell[(size_t)row * g->n_players + a]];
    x *= e->factor[a];
    if (!(fabs(x) <= PAYOFF_MOST))
      refuse(e, DM_E_RANGE, "a payoff is too large to be written");
    pay[a] = dm_number_for(e->arena, x);
  }
  return pay;
}

/* Index + 1; 0 where nothing is paid and nothing ends. */
static uint32_t outcome_for(exporter *e, uint32_t row, uint32_t class)
{
  bool fresh = false;
  outcome_key key = {e->pays[row] ? row : 0, class};
  if (key.row == 0 && class == NONE)
    return 0;
  uint32_t i = dm_table_intern(&e->outcomes, &key, sizeof key, &fresh);
  if (!fresh)
    return i + 1;
  const char *const *end = e->names ? e->names->end : NULL;
  dm_gambit_outcome outcome = {
      .id = (int64_t)i + 1,
      .label = class == NONE ? "" : name_of(e, end, class, "ending "),
      .pay = scaled_row(e, key.row)};
  DM_PUSH(e->arena, &e->outcome, outcome);
  return i + 1;
}

/* ---- the walk ------------------------------------------------------------ */

/* Nodes of the tree that the graph stands for, at most UINT64_MAX. */
static uint64_t count_tree(exporter *e)
{
  const dm_game *g = e->game;
  uint64_t *below = dm_arena_array(e->arena, g->n_nodes, sizeof *below);
  for (uint32_t n = g->n_nodes; n-- > 0;) {
    uint64_t sum = 1;
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      uint64_t more = below[g->edge_child[i]];
      sum = more > UINT64_MAX - sum ? UINT64_MAX : sum + more;
    }
    below[n] = sum;
  }
  return below[0];
}

/* Passes nature's nodes with a single branch, unless two of them pay. */
static visit pass_certain(const exporter *e, visit v)
{
  const dm_game *g = e->game;
  for (;;) {
    uint32_t first = g->node_edge[v.node];
    if (g->node_set[v.node] != DM_NODE_CHANCE ||
        g->node_edge[v.node + 1] - first != 1)
      return v;
    uint32_t row = g->edge_row[first];
    if (e->pays[row] && e->pays[v.row])
      return v;
    v.row = e->pays[row] ? row : v.row;
    v.node = g->edge_child[first];
  }
}

static void enter(exporter *e, visit v)
{
  const dm_game *g = e->game;
  v = pass_certain(e, v);
  uint32_t set = g->node_set[v.node];
  dm_gambit_node node = {
      .kind = DM_GAMBIT_END, .label = "", .set = NONE, .parent = v.parent};
  if (set >= DM_NODE_END) {
    node.outcome = outcome_for(e, v.row, set - DM_NODE_END);
  } else {
    node.kind = set == DM_NODE_CHANCE ? DM_GAMBIT_CHANCE : DM_GAMBIT_MOVE;
    node.set = set_for(e, v.node);
    node.outcome = outcome_for(e, v.row, NONE);
  }
  uint32_t here = e->node.n;
  DM_PUSH(e->arena, &e->node, node);
  /* The first branch is to come off the stack first. */
  for (uint32_t i = g->node_edge[v.node + 1]; i-- > g->node_edge[v.node];)
    DM_PUSH(
        e->arena, &e->todo, ((visit){g->edge_child[i], here, g->edge_row[i]}));
}

static void walk(exporter *e)
{
  DM_PUSH(e->arena, &e->todo, ((visit){0, NONE, 0}));
  while (e->todo.n > 0)
    enter(e, e->todo.at[--e->todo.n]);
  e->g->set = e->set.at;
  e->g->n_sets = e->set.n;
  e->g->outcome = e->outcome.at;
  e->g->n_outcomes = e->outcome.n;
  e->g->node = e->node.at;
  e->g->n_nodes = e->node.n;
}

static void head(exporter *e)
{
  dm_str *note = &e->note;
  dm_gambit *g = e->g;
  const dm_game_names *names = e->names;
  uint32_t n = e->game->n_players;
  const char **player = dm_arena_array(e->arena, (size_t)n + 1, sizeof *player);
  for (uint32_t a = 0; a < n; a++)
    player[a] = name_of(e, names ? names->player : NULL, a, "player ");
  g->player = player;
  g->n_players = n;
  g->title = names && names->title ? copy(e, names->title) : "";
  if (names && names->comment)
    dm_str_adds(note, names->comment);
  if (note->len > 0 && note->at[note->len - 1] != '\n')
    dm_str_addc(note, '\n');
  scale_payoffs(e, note);
  while (note->len > 0 && note->at[note->len - 1] == '\n')
    note->at[--note->len] = '\0';
  if (note->failed)
    dm_arena_throw(e->arena, DM_E_MEMORY);
  if (note->len > 0)
    g->comment = copy(e, dm_str_text(note));
}

static void export_all(exporter *e, uint64_t max_nodes)
{
  uint64_t count = count_tree(e);
  if (count > max_nodes || count >= DM_NODE_CHANCE)
    refuse(
        e, DM_E_LIMIT,
        "written as a tree, with merged situations once a path, the game has "
        "more nodes than are allowed: cut the clock short, allow more nodes, "
        "or write JSON or Graphviz, which draw merged situations once");
  head(e);
  number_sets(e);
  find_paying_rows(e);
  dm_table_init(&e->outcomes, e->arena, sizeof(outcome_key));
  walk(e);
}

dm_status dm_gambit_from_game(
    const dm_game *game, const double *cell, const dm_game_names *names,
    uint64_t max_nodes, dm_gambit **out, const char **why)
{
  *out = NULL;
  *why = NULL;
  /* On the heap: what a jump leaves behind must still be known. */
  exporter *e = calloc(1, sizeof *e);
  dm_gambit *g = calloc(1, sizeof *g);
  if (!e || !g) {
    free(e);
    free(g);
    *why = dm_status_text(DM_E_MEMORY);
    return DM_E_MEMORY;
  }
  g->form = DM_GAMBIT_EFG;
  dm_arena_init(&g->arena, 0);
  *e = (exporter){
      .game = game, .cell = cell, .names = names, .g = g, .arena = &g->arena};
  dm_status status = (dm_status)setjmp(g->arena.jump);
  if (status == DM_OK) {
    export_all(e, max_nodes);
    *out = g;
  } else {
    *why = e->why ? e->why : dm_status_text(status);
    dm_gambit_free(g);
  }
  dm_str_clear(&e->note);
  free(e);
  return status;
}
