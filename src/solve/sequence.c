/* solve/sequence.c -- from a game's graph to its sequence form.
 *
 * In:     a two-player game, tree or graph, and its cell values.
 * Out:    sets and sequences of both players in an order made for loops, and
 *         the merged entries of the payoff matrices (sequence.h).
 * Method: one walk in topological order.  Each node holds the pairs of
 *         sequences by which it can be reached, with the chances on the way: one
 *         pair in a tree; in a graph, pairs that are equal merge.  A node of
 *         an information set must be reached by one own sequence of its
 *         player, the same at every node of the set: that is perfect recall,
 *         absent-mindedness included.  Payoffs are entered at the pair that
 *         holds after the edge they stand on.
 *         Koller, Megiddo and von Stengel, GEB 14 (1996); von Stengel, ibid.
 * Order:  the first pass knows sequences as slot + 1; sets are then sorted, and
 *         entries renumbered, sorted and merged.  All sorts have one outcome,
 *         and sums are taken in the order of the game's edges.
 * Cost:   O(edges) for a tree, with 24 bytes a node held on the way.  A graph
 *         may have many more pairs than nodes: past PAIRS_AN_EDGE it is refused.
 * Not here: games of more than two players, or without perfect recall. */
#include "solve/sequence.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

/* Pairs of histories allowed: a tree has one a node. */
enum { PAIRS_AN_EDGE = 32, PAIRS_ALWAYS = 1 << 20 };

/* A pair of sequences (slot + 1, or 0) at a node. */
typedef struct pair {
  double chance;
  uint32_t seq[2];
  uint32_t next; /* at the same node, or NONE */
} pair;

typedef struct walk {
  const dm_game *game;
  const double *cell;
  dm_arena *arena; /* of the walk */
  DM_VEC(pair) pairs;
  uint32_t free;      /* list of pairs given back */
  uint32_t *head;     /* [n_nodes] pairs of a node */
  uint32_t *tail;     /* [n_nodes] */
  uint32_t *last;     /* [n_sets] own sequence, NONE: not met */
  uint32_t *depth;    /* [n_sets] */
  uint32_t *slot_set; /* [n_slots] */
  DM_VEC(dm_seq_entry) entry;
  DM_VEC(pair) merged; /* of the node at hand */
  uint64_t made;       /* pairs so far */
  const char *why;
} walk;

/* ---- the walk ------------------------------------------------------------ */

static uint32_t take_pair(walk *w)
{
  uint32_t at = w->free;
  if (at != NONE) {
    w->free = w->pairs.at[at].next;
    return at;
  }
  DM_PUSH(w->arena, &w->pairs, ((pair){.next = NONE}));
  return w->pairs.n - 1;
}

static void give_pair(walk *w, uint32_t node, const pair *p)
{
  uint32_t at = take_pair(w);
  w->pairs.at[at] = *p;
  w->pairs.at[at].next = NONE;
  if (w->head[node] == NONE)
    w->head[node] = at;
  else
    w->pairs.at[w->tail[node]].next = at;
  w->tail[node] = at;
}

static uint64_t pair_key(const pair *p)
{
  return (uint64_t)p->seq[0] << 32 | p->seq[1];
}

/* Merges equal pairs of w->merged, which come from several edges. */
static void merge_pairs(walk *w)
{
  uint32_t n = w->merged.n;
  dm_keyed *key = dm_arena_resize(w->arena, NULL, 2 * (size_t)n * sizeof *key);
  pair *held = dm_arena_resize(w->arena, NULL, n * sizeof *held);
  for (uint32_t i = 0; i < n; i++) {
    held[i] = w->merged.at[i];
    key[i] = (dm_keyed){.key = pair_key(&held[i]), .at = i};
  }
  dm_keyed_sort(key, key + n, n);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < n; i++) {
    if (i > 0 && key[i].key == key[i - 1].key)
      w->merged.at[kept - 1].chance += held[key[i].at].chance;
    else
      w->merged.at[kept++] = held[key[i].at];
  }
  w->merged.n = kept;
  dm_arena_release(w->arena, key);
  dm_arena_release(w->arena, held);
}

/* The node's pairs into w->merged, their storage given back. */
static void collect(walk *w, uint32_t node)
{
  w->merged.n = 0;
  pair *pairs = w->pairs.at;
  for (uint32_t at = pairs ? w->head[node] : NONE; at != NONE;) {
    pair p = pairs[at];
    DM_PUSH(w->arena, &w->merged, p);
    pairs[at].next = w->free;
    w->free = at;
    at = p.next;
  }
  if (w->merged.n > 1)
    merge_pairs(w);
}

static bool remembers(walk *w, uint32_t set)
{
  uint32_t player = w->game->set_player[set];
  for (uint32_t i = 0; i < w->merged.n; i++) {
    uint32_t own = w->merged.at[i].seq[player];
    if (w->last[set] == NONE) {
      w->last[set] = own;
      w->depth[set] = own == 0 ? 0 : w->depth[w->slot_set[own - 1]] + 1;
    } else if (w->last[set] != own) {
      w->why = "a player forgets what it did or knew: regret minimisation and "
               "the linear program need perfect recall";
      return false;
    }
  }
  return true;
}

static void follow(walk *w, uint32_t node, uint32_t edge)
{
  const dm_game *g = w->game;
  uint32_t set = g->node_set[node];
  uint32_t child = g->edge_child[edge];
  uint32_t slot = g->edge_slot[edge];
  const uint32_t *row = &g->row_cell[(size_t)g->edge_row[edge] * 2];
  double pay[2] = {w->cell[row[0]], w->cell[row[1]]};
  bool pays = pay[0] != 0.0 || pay[1] != 0.0;
  for (uint32_t i = 0; i < w->merged.n; i++) {
    pair p = w->merged.at[i];
    if (set == DM_NODE_CHANCE)
      p.chance *= w->cell[slot];
    else
      p.seq[g->set_player[set]] = slot + 1;
    if (pays && p.chance != 0.0) {
      dm_seq_entry e = {
          {p.seq[0], p.seq[1]}, {p.chance * pay[0], p.chance * pay[1]}};
      DM_PUSH(w->arena, &w->entry, e);
    }
    w->made++;
    if (g->node_set[child] < DM_NODE_END)
      give_pair(w, child, &p);
  }
}

static bool walk_game(walk *w)
{
  const dm_game *g = w->game;
  uint64_t most = (uint64_t)PAIRS_AN_EDGE * g->n_edges + PAIRS_ALWAYS;
  pair start = {.chance = 1.0, .next = NONE};
  if (g->node_set[0] < DM_NODE_END)
    give_pair(w, 0, &start);
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    if (g->node_set[n] >= DM_NODE_END || w->head[n] == NONE)
      continue;
    collect(w, n);
    if (g->node_set[n] != DM_NODE_CHANCE && !remembers(w, g->node_set[n]))
      return false;
    for (uint32_t e = g->node_edge[n]; e < g->node_edge[n + 1]; e++)
      follow(w, n, e);
    if (w->made > most) {
      w->why = "the graph has too many pairs of histories of both players";
      return false;
    }
  }
  return true;
}

static uint32_t *filled(dm_arena *arena, size_t n, int byte)
{
  uint32_t *at = dm_arena_resize(arena, NULL, n * sizeof *at + 1);
  memset(at, byte, n * sizeof *at);
  return at;
}

static void start_walk(walk *w)
{
  const dm_game *g = w->game;
  w->free = NONE;
  w->head = filled(w->arena, g->n_nodes, 0xff);
  w->tail = filled(w->arena, g->n_nodes, 0xff);
  w->last = filled(w->arena, g->n_sets, 0xff);
  w->depth = filled(w->arena, g->n_sets, 0);
  w->slot_set = filled(w->arena, g->n_slots, 0);
  for (uint32_t s = 0; s < g->n_sets; s++)
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      w->slot_set[i] = s;
}

/* ---- components ---------------------------------------------------------- */

static uint32_t root_of(uint32_t *up, uint32_t i)
{
  while (up[i] != i) {
    up[i] = up[up[i]];
    i = up[i];
  }
  return i;
}

void dm_seq_components(
    const dm_seq_entry *entry, size_t n, uint32_t n0, uint32_t n_both,
    uint32_t *comp)
{
  memset(comp, 0xff, n_both * sizeof *comp);
  for (size_t i = 0; i < n; i++) {
    uint32_t a = entry[i].seq[0];
    uint32_t b = entry[i].seq[1] + n0;
    if (a != 0 && comp[a] == NONE)
      comp[a] = a;
    if (b != n0 && comp[b] == NONE)
      comp[b] = b;
    if (a == 0 || b == n0)
      continue;
    a = root_of(comp, a);
    b = root_of(comp, b);
    if (a < b)
      comp[b] = a;
    else
      comp[a] = b;
  }
  for (uint32_t i = 0; i < n_both; i++)
    if (comp[i] != NONE)
      comp[i] = root_of(comp, i);
}

/* ---- order --------------------------------------------------------------- */

typedef struct rank {
  uint32_t depth, arity, comp, parent, id;
} rank;

static int by_rank(const void *a, const void *b)
{
  const rank *x = a;
  const rank *y = b;
  if (x->depth != y->depth)
    return x->depth < y->depth ? -1 : 1;
  if (x->arity != y->arity)
    return x->arity < y->arity ? -1 : 1;
  if (x->comp != y->comp)
    return x->comp < y->comp ? -1 : 1;
  if (x->parent != y->parent)
    return x->parent < y->parent ? -1 : 1;
  return x->id < y->id ? -1 : x->id > y->id;
}

/* Least component among a set's options. */
static uint32_t set_component(
    const dm_game *g, uint32_t set, const uint32_t *comp)
{
  uint32_t least = NONE;
  for (uint32_t i = g->set_slot[set]; i < g->set_slot[set + 1]; i++)
    least = comp[i + 1] < least ? comp[i + 1] : least;
  return least;
}

/* Gives groups and sequence numbers to the sets of one depth, already sorted
 * and appended to the side from `first` on. */
static void number_depth(
    const rank *set, uint32_t n, dm_seq_side *side, const dm_game *g,
    uint32_t *seq_of)
{
  for (uint32_t i = 0; i < n;) {
    uint32_t end = i + 1;
    while (end < n && set[end].arity == set[i].arity)
      end++;
    dm_seq_group *group = &side->group[side->n_groups++];
    *group = (dm_seq_group){side->n_sets, end - i, set[i].arity, side->n_seqs};
    side->widest = end - i > side->widest ? end - i : side->widest;
    for (uint32_t j = 0; j < group->n; j++) {
      const rank *r = &set[i + j];
      side->set_id[group->set + j] = r->id;
      side->parent[group->set + j] = r->parent;
      for (uint32_t k = 0; k < group->arity; k++)
        seq_of[g->set_slot[r->id] + k] = group->seq + k * group->n + j;
    }
    side->n_sets += group->n;
    side->n_seqs += group->n * group->arity;
    i = end;
  }
}

/* seq_of [n_slots]: sequence of each of this player's slots, out. */
static void order_side(
    const walk *w, dm_arena *keep, uint32_t player, const uint32_t *comp,
    dm_seq_side *side, uint32_t *seq_of)
{
  const dm_game *g = w->game;
  uint32_t n = 0;
  for (uint32_t s = 0; s < g->n_sets; s++)
    n += g->set_player[s] == player;
  rank *set = dm_arena_resize(w->arena, NULL, n * sizeof *set + 1);
  n = 0;
  for (uint32_t s = 0; s < g->n_sets; s++)
    if (g->set_player[s] == player)
      set[n++] = (rank){
          .depth = w->depth[s],
          .arity = g->set_slot[s + 1] - g->set_slot[s],
          .comp = set_component(g, s, comp),
          .id = s};
  qsort(set, n, sizeof *set, by_rank);
  *side = (dm_seq_side){.n_seqs = 1};
  side->group = dm_arena_resize(keep, NULL, n * sizeof *side->group + 1);
  side->parent = filled(keep, n, 0);
  side->set_id = filled(keep, n, 0);
  for (uint32_t i = 0; i < n;) {
    uint32_t end = i;
    for (; end < n && set[end].depth == set[i].depth; end++) {
      uint32_t last = w->last[set[end].id];
      set[end].parent = last == NONE || last == 0 ? 0 : seq_of[last - 1];
    }
    qsort(set + i, end - i, sizeof *set, by_rank);
    number_depth(set + i, end - i, side, g, seq_of);
    i = end;
  }
  side->group = dm_arena_resize(
      keep, side->group, side->n_groups * sizeof *side->group + 1);
  dm_arena_release(w->arena, set);
}

/* ---- entries ------------------------------------------------------------- */

static void keep_entries(
    const walk *w, dm_sequence *out, const uint32_t *seq_of)
{
  uint32_t n = w->entry.n;
  dm_keyed *key =
      dm_arena_resize(w->arena, NULL, 2 * (size_t)n * sizeof *key + 1);
  for (uint32_t i = 0; i < n; i++) {
    uint32_t *seq = w->entry.at[i].seq;
    for (int a = 0; a < 2; a++)
      seq[a] = seq[a] == 0 ? 0 : seq_of[seq[a] - 1];
    key[i] = (dm_keyed){.key = (uint64_t)seq[0] << 32 | seq[1], .at = i};
  }
  dm_keyed_sort(key, key + n, n);
  size_t kept = 0;
  for (uint32_t i = 0; i < n; i++)
    kept += i == 0 || key[i].key != key[i - 1].key;
  out->entry =
      dm_arena_resize(&out->arena, NULL, kept * sizeof *out->entry + 1);
  for (uint32_t i = 0; i < n; i++) {
    const dm_seq_entry *e = &w->entry.at[key[i].at];
    if (i == 0 || key[i].key != key[i - 1].key) {
      out->entry[out->n_entries++] = *e;
    } else {
      dm_seq_entry *sum = &out->entry[out->n_entries - 1];
      sum->pay[0] += e->pay[0];
      sum->pay[1] += e->pay[1];
    }
  }
}

static dm_status build(walk *w, dm_sequence *out)
{
  const dm_game *g = w->game;
  start_walk(w);
  if (!walk_game(w))
    return DM_E_RANGE;
  dm_arena_release(w->arena, w->pairs.at);
  /* Slots are numbered over both players: sequence slot + 1 of the second
   * follows the first's, so that one array holds the components of both. */
  uint32_t n = g->n_slots + 1;
  uint32_t *both = filled(w->arena, 2 * (size_t)n, 0xff);
  dm_seq_components(w->entry.at, w->entry.n, n, 2 * n, both);
  uint32_t *seq_of = filled(w->arena, g->n_slots, 0);
  order_side(w, &out->arena, 0, both, &out->side[0], seq_of);
  order_side(w, &out->arena, 1, both + n, &out->side[1], seq_of);
  keep_entries(w, out, seq_of);
  return DM_OK;
}

dm_status dm_sequence_new(
    const dm_game *game, const double *cell, dm_sequence **out,
    const char **why)
{
  *out = NULL;
  *why = "";
  if (game->n_players != 2) {
    *why = "this method is for two players";
    return DM_E_RANGE;
  }
  dm_sequence *s = malloc(sizeof *s);
  if (!s)
    return DM_E_MEMORY;
  *s = (dm_sequence){.game = game};
  dm_arena_init(&s->arena, 0);
  dm_arena passing;
  dm_arena_init(&passing, 0);
  walk w = {.game = game, .cell = cell, .arena = &passing};
  volatile dm_status status = (dm_status)setjmp(passing.jump);
  if (status == DM_OK) {
    status = (dm_status)setjmp(s->arena.jump);
    if (status == DM_OK)
      status = build(&w, s);
  }
  if (status == DM_E_RANGE)
    *why = w.why;
  dm_arena_clear(&passing);
  if (status == DM_OK)
    *out = s;
  else
    dm_sequence_free(s);
  return status;
}

void dm_sequence_free(dm_sequence *sequence)
{
  if (!sequence)
    return;
  dm_arena_clear(&sequence->arena);
  free(sequence);
}

void dm_sequence_drop_entries(dm_sequence *sequence)
{
  dm_arena_release(&sequence->arena, sequence->entry);
  sequence->entry = NULL;
  sequence->n_entries = 0;
}

/* ---- plans --------------------------------------------------------------- */

void dm_sequence_strategy(
    const dm_sequence *sequence, int side, const double *plan, double *p)
{
  const dm_seq_side *at = &sequence->side[side];
  const dm_game *game = sequence->game;
  for (uint32_t i = 0; i < at->n_groups; i++) {
    const dm_seq_group *g = &at->group[i];
    for (uint32_t j = 0; j < g->n; j++) {
      double *option = &p[game->set_slot[at->set_id[g->set + j]]];
      double sum = 0.0;
      for (uint32_t k = 0; k < g->arity; k++)
        sum += plan[g->seq + k * g->n + j];
      for (uint32_t k = 0; k < g->arity; k++)
        option[k] =
            sum > 0.0 ? plan[g->seq + k * g->n + j] / sum : 1.0 / g->arity;
    }
  }
}

double dm_sequence_best(const dm_seq_side *side, double *value)
{
  for (uint32_t i = side->n_groups; i-- > 0;) {
    const dm_seq_group *g = &side->group[i];
    const double *v = value + g->seq;
    for (uint32_t j = 0; j < g->n; j++) {
      double best = v[j];
      for (uint32_t k = 1; k < g->arity; k++)
        best = v[k * g->n + j] > best ? v[k * g->n + j] : best;
      value[side->parent[g->set + j]] += best;
    }
  }
  return value[0];
}
