/* interop/efg.c -- reading an extensive game.
 *
 * In:     EFG 2 R "title" { players } ["comment"] and nodes in preorder,
 *           c "label" SET ["set" { "action" chance ... }] OUTCOME
 *           p "label" PLAYER SET ["set" { "action" ... }] OUTCOME
 *           t "label" OUTCOME
 *         OUTCOME: 0, or n, or n "label" { payoffs }.
 * Out:    the record of interop/gambit.h.
 * Method: one pass with a stack of our own for the moves that still lack
 *         branches, so that depth costs memory and nothing else.  Sets and
 *         outcomes are found again by their number: small numbers, which
 *         nearly all files use, in an array (sets of different players with
 *         the same number form a short chain there), others in a table.
 * Rules:  what is described again must be described alike, as text; labels may
 *         be empty or repeated (newer programs ask for more, older files do
 *         not keep it).
 * Cost:   O(bytes); about a tenth of a microsecond a node. */
#include "base/table.h"
#include "interop/exact.h"
#include "interop/reading.h"

#include <string.h>

typedef struct open_move {
  uint32_t node;
  uint32_t left; /* branches still to come */
  size_t at;     /* where the move stands */
} open_move;

typedef struct set_key {
  int64_t id;
  uint32_t player;
  uint32_t zero; /* no padding: the key is hashed whole */
} set_key;

/* Sets with one number before the table takes over. */
enum { CHAIN = 4 };

#define NONE UINT32_MAX

typedef struct efg {
  dm_reading *r;
  dm_arena *arena;
  uint64_t n_direct;                 /* numbers below are looked up directly */
  uint32_t *direct_outcome;          /* [n_direct] index + 1, 0: none */
  uint32_t *direct_set;              /* [n_direct] first set + 1 */
  DM_VEC(uint32_t) next_set;         /* [n_sets] next set + 1 of that number */
  dm_table set_index, outcome_index; /* of all other numbers */
  DM_VEC(uint32_t) table_set;        /* [set_index.n] */
  DM_VEC(uint32_t) table_outcome;    /* [outcome_index.n] */
  DM_VEC(dm_gambit_set) set;
  DM_VEC(size_t) set_at;
  DM_VEC(dm_gambit_outcome) outcome;
  DM_VEC(size_t) outcome_at;
  DM_VEC(dm_gambit_node) node;
  DM_VEC(open_move) open;
  /* the actions of the description being read */
  DM_VEC(const char *) action;
  DM_VEC(dm_gambit_number) chance;
} efg;

/* ---- numbers ------------------------------------------------------------- */

static bool is_direct(const efg *e, int64_t id)
{
  return id >= 0 && (uint64_t)id < e->n_direct;
}

static uint32_t find_outcome(const efg *e, int64_t id)
{
  if (is_direct(e, id))
    return e->direct_outcome[id] - 1; /* NONE for 0 */
  uint32_t at = dm_table_find(&e->outcome_index, &id, sizeof id);
  return at == NONE ? NONE : e->table_outcome.at[at];
}

static uint32_t add_outcome(efg *e, int64_t id, size_t at)
{
  uint32_t index = e->outcome.n;
  DM_PUSH(e->arena, &e->outcome, ((dm_gambit_outcome){.id = id}));
  DM_PUSH(e->arena, &e->outcome_at, at);
  if (is_direct(e, id)) {
    e->direct_outcome[id] = index + 1;
    return index;
  }
  (void)dm_table_intern(&e->outcome_index, &id, sizeof id, NULL);
  DM_PUSH(e->arena, &e->table_outcome, index);
  return index;
}

static uint32_t find_set(const efg *e, const set_key *key)
{
  if (is_direct(e, key->id)) {
    uint32_t at = e->direct_set[key->id];
    uint32_t length = 0;
    for (; at != 0; at = e->next_set.at[at - 1], length++)
      if (e->set.at[at - 1].player == key->player)
        return at - 1;
    if (length < CHAIN)
      return NONE;
  }
  uint32_t at = dm_table_find(&e->set_index, key, sizeof *key);
  return at == NONE ? NONE : e->table_set.at[at];
}

static void add_set(efg *e, const dm_gambit_set *set, size_t at)
{
  uint32_t index = e->set.n;
  uint32_t length = 0;
  DM_PUSH(e->arena, &e->set, *set);
  DM_PUSH(e->arena, &e->set_at, at);
  DM_PUSH(e->arena, &e->next_set, 0);
  if (is_direct(e, set->id)) {
    uint32_t *link = &e->direct_set[set->id];
    for (; *link != 0; link = &e->next_set.at[*link - 1])
      length++;
    if (length < CHAIN) {
      *link = index + 1;
      return;
    }
  }
  set_key key = {.id = set->id, .player = set->player};
  (void)dm_table_intern(&e->set_index, &key, sizeof key, NULL);
  DM_PUSH(e->arena, &e->table_set, index);
}

/* ---- outcomes ------------------------------------------------------------ */

static bool same_payoffs(
    const dm_gambit_number *a, const dm_gambit_number *b, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++)
    if (strcmp(a[i].text, b[i].text) != 0)
      return false;
  return true;
}

static void described_outcome(efg *e, uint32_t index, bool fresh, dm_token at)
{
  dm_gambit *g = e->r->gambit;
  const char *label = dm_reading_text(e->r, "the outcome's label");
  dm_reading_need(e->r, '{', "the list of payoffs, { ... },");
  const dm_gambit_number *pay = dm_reading_payoffs(e->r);
  if (fresh) {
    e->outcome.at[index].label = label;
    e->outcome.at[index].pay = pay;
    return;
  }
  if (!same_payoffs(e->outcome.at[index].pay, pay, g->n_players))
    dm_reading_fail(
        e->r, "E111", at, e->outcome_at.at[index],
        "write its payoffs as they stand there, figure by figure, or give "
        "this outcome a number of its own",
        "outcome %lld has other payoffs on an earlier line",
        (long long)e->outcome.at[index].id);
}

/* Index + 1, or 0. */
static uint32_t read_outcome(efg *e)
{
  dm_token at;
  int64_t id =
      dm_reading_integer(e->r, "the number of an outcome (0: none)", &at);
  bool described = dm_reading_peek(e->r) == '"';
  if (id == 0) {
    if (described)
      dm_reading_fail(
          e->r, "E103", at, SIZE_MAX,
          "number the outcome from 1, or remove its label and payoffs",
          "outcome 0 stands for none: it has no label and no payoffs");
    return 0;
  }
  uint32_t index = find_outcome(e, id);
  bool fresh = index == NONE;
  if (fresh && !described)
    dm_reading_fail(
        e->r, "E110", at, SIZE_MAX,
        "describe it where it comes first: 1 \"label\" { 3, -1 }",
        "outcome %lld has not been described yet", (long long)id);
  if (fresh)
    index = add_outcome(e, id, at.from);
  if (described)
    described_outcome(e, index, fresh, at);
  return index + 1;
}

/* ---- information sets ---------------------------------------------------- */

static void read_actions(efg *e, bool chance)
{
  e->action.n = 0;
  e->chance.n = 0;
  dm_reading_need(e->r, '{', "the list of choices, { \"a\" \"b\" },");
  while (!dm_reading_mark(e->r, '}')) {
    const char *label =
        dm_reading_text(e->r, "the label of a choice, in quotes, or }");
    DM_PUSH(e->arena, &e->action, label);
    if (!chance)
      continue;
    dm_token at = dm_reading_here(e->r);
    dm_gambit_number p = dm_reading_number(e->r, "the chance of this branch");
    if (dm_exact_sign(p.text) < 0)
      dm_reading_fail(
          e->r, "E113", at, SIZE_MAX, "chances lie between 0 and 1",
          "a chance cannot be negative");
    DM_PUSH(e->arena, &e->chance, p);
  }
}

static void check_chances(efg *e, dm_token at)
{
  char sum[DM_EXACT_TEXT];
  switch (dm_exact_add(e->chance.at, e->chance.n, sum)) {
  case DM_EXACT_IS_ONE:
    return;
  case DM_EXACT_TOO_LONG:
    dm_reading_fail(
        e->r, "E106", at, SIZE_MAX, "write the chances with fewer digits",
        "these chances have too many digits to be added exactly");
  case DM_EXACT_IS_NOT_ONE:
    break;
  }
  dm_reading_fail(
      e->r, "E113", at, SIZE_MAX,
      "correct them, as fractions where decimals do not come out even: 1/3",
      "the chances of this move add up to %s, not to exactly 1", sum);
}

static void describe_set(efg *e, dm_gambit_set *set, dm_token at)
{
  bool chance = set->player == UINT32_MAX;
  uint32_t n = e->action.n;
  if (n == 0)
    dm_reading_fail(
        e->r, "E116", at, SIZE_MAX,
        "name at least one choice; a node where nothing follows begins with t",
        "a move without a choice leads nowhere");
  const char **action = dm_arena_array(e->arena, n, sizeof *action);
  memcpy(action, e->action.at, n * sizeof *action);
  set->action = action;
  set->n_actions = n;
  if (!chance)
    return;
  check_chances(e, at);
  dm_gambit_number *p = dm_arena_array(e->arena, n, sizeof *p);
  memcpy(p, e->chance.at, n * sizeof *p);
  set->chance = p;
}

static bool same_set(const efg *e, const dm_gambit_set *set, const char *label)
{
  if (e->action.n != set->n_actions || strcmp(label, set->label) != 0)
    return false;
  for (uint32_t i = 0; i < set->n_actions; i++) {
    if (strcmp(e->action.at[i], set->action[i]) != 0)
      return false;
    if (set->chance && strcmp(e->chance.at[i].text, set->chance[i].text) != 0)
      return false;
  }
  return true;
}

/* The index of the set named here, described or not. */
static uint32_t read_set(efg *e, uint32_t player)
{
  dm_token at;
  bool chance = player == UINT32_MAX;
  set_key key = {.player = player};
  key.id = dm_reading_integer(e->r, "the number of an information set", &at);
  uint32_t index = find_set(e, &key);
  bool described = dm_reading_peek(e->r) == '"';
  if (!described) {
    if (index == NONE)
      dm_reading_fail(
          e->r, "E108", at, SIZE_MAX,
          chance ? "describe it where it comes first: "
                   "1 \"\" { \"a\" 1/2 \"b\" 1/2 }"
                 : "describe it where it comes first: 1 \"\" { \"a\" \"b\" }",
          "information set %lld of %s has not been described yet",
          (long long)key.id, chance ? "chance" : "this player");
    return index;
  }
  const char *label = dm_reading_text(e->r, "the information set's label");
  read_actions(e, chance);
  if (index != NONE) {
    if (!same_set(e, &e->set.at[index], label))
      dm_reading_fail(
          e->r, "E109", at, e->set_at.at[index],
          "write label, choices and chances as they stand there, or leave "
          "all of it out, or give this information set a number of its own",
          "information set %lld is described otherwise on an earlier line",
          (long long)key.id);
    return index;
  }
  dm_gambit_set set = {
      .id = key.id, .player = player, .label = label, .first_node = e->node.n};
  describe_set(e, &set, at);
  add_set(e, &set, at.from);
  return e->set.n - 1;
}

static uint32_t read_player(efg *e)
{
  dm_token at;
  uint32_t n = e->r->gambit->n_players;
  int64_t player = dm_reading_integer(e->r, "the number of a player", &at);
  if (player < 1 || player > (int64_t)n)
    dm_reading_fail(
        e->r, "E107", at, SIZE_MAX,
        player == 0 ? "a move of chance begins with c"
                    : "number the players in the order of the first line",
        "there is no player %lld: the first line names %u", (long long)player,
        (unsigned)n);
  return (uint32_t)(player - 1);
}

/* ---- nodes --------------------------------------------------------------- */

static uint8_t read_kind(efg *e)
{
  dm_token at = dm_reading_word(e->r);
  if (at.to - at.from == 1) {
    switch (e->r->text[at.from]) {
    case 't':
      return DM_GAMBIT_END;
    case 'c':
      return DM_GAMBIT_CHANCE;
    case 'p':
      return DM_GAMBIT_MOVE;
    default:
      break;
    }
  }
  e->r->at = at.from;
  dm_reading_expected(e->r, "a node (p, c or t, then a blank)");
}

static void enter(efg *e, size_t at)
{
  dm_gambit_node node = {.set = UINT32_MAX, .parent = UINT32_MAX};
  if (e->open.n > 0) {
    open_move *top = &e->open.at[e->open.n - 1];
    node.parent = top->node;
    if (--top->left == 0)
      e->open.n--;
  }
  node.kind = read_kind(e);
  node.label = dm_reading_text(e->r, "the node's label, in quotes,");
  if (node.kind == DM_GAMBIT_MOVE)
    node.set = read_set(e, read_player(e));
  else if (node.kind == DM_GAMBIT_CHANCE)
    node.set = read_set(e, UINT32_MAX);
  node.outcome = read_outcome(e);
  uint32_t index = e->node.n;
  DM_PUSH(e->arena, &e->node, node);
  if (node.kind != DM_GAMBIT_END)
    DM_PUSH(
        e->arena, &e->open,
        ((open_move){index, e->set.at[node.set].n_actions, at}));
}

static _Noreturn void unfinished(efg *e)
{
  if (e->open.n == 0)
    dm_reading_fail(
        e->r, "E114", dm_reading_here(e->r), SIZE_MAX,
        "write the root: p, c or t; a game of nothing but an end is legal",
        "the game has no node");
  const open_move *move = &e->open.at[e->open.n - 1];
  const dm_gambit_set *set = &e->set.at[e->node.at[move->node].set];
  uint32_t i = set->n_actions - move->left;
  dm_reading_fail(
      e->r, "E114", (dm_token){e->r->len, e->r->len}, move->at,
      "write the node that follows it; nodes stand in preorder, the branches "
      "of a move one after the other",
      "the tree ends before branch %u (\"%.80s\") of the move on line %u, "
      "and %u more",
      (unsigned)(i + 1), set->action[i],
      (unsigned)dm_reading_line(e->r, move->at), (unsigned)(move->left - 1));
}

void dm_efg_read(dm_reading *r)
{
  dm_gambit *g = r->gambit;
  efg e = {.r = r, .arena = &g->arena};
  dm_table_init(&e.set_index, e.arena, sizeof(set_key));
  dm_table_init(&e.outcome_index, e.arena, sizeof(int64_t));
  /* A node takes six bytes of text or more: numbers in order are all below. */
  e.n_direct = r->len / 4 + 16;
  e.direct_outcome =
      dm_arena_array(e.arena, (size_t)e.n_direct, sizeof(uint32_t));
  e.direct_set = dm_arena_array(e.arena, (size_t)e.n_direct, sizeof(uint32_t));
  if (dm_reading_peek(r) == '"')
    g->comment = dm_reading_text(r, "the comment");
  do {
    if (dm_reading_peek(r) < 0)
      unfinished(&e);
    enter(&e, r->at);
  } while (e.open.n > 0);
  g->set = e.set.at;
  g->n_sets = e.set.n;
  g->outcome = e.outcome.at;
  g->n_outcomes = e.outcome.n;
  g->node = e.node.at;
  g->n_nodes = e.node.n;
  dm_table_clear(&e.set_index);
  dm_table_clear(&e.outcome_index);
  dm_arena_release(e.arena, e.table_set.at);
  dm_arena_release(e.arena, e.table_outcome.at);
  dm_arena_release(e.arena, e.next_set.at);
  dm_arena_release(e.arena, e.set_at.at);
  dm_arena_release(e.arena, e.outcome_at.at);
  dm_arena_release(e.arena, e.open.at);
  dm_arena_release(e.arena, e.action.at);
  dm_arena_release(e.arena, e.chance.at);
}
