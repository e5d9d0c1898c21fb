/* game/recall.c -- does a player remember all that it has met and picked?
 *
 * In:     a game's structure; no numbers, so chances of 0 count as paths.
 * Out:    for each player perfect recall, or a set where it fails, or a set
 *         that one path meets twice; each set's last own slot.
 * Method: one player at a time, one pass in topological order.  A node's mark
 *         is the own slot picked last on the way to it: NONE at the start, MANY
 *         where ways with different marks meet.  The player has perfect recall
 *         if and only if no node of its sets is marked MANY and all nodes of a
 *         set are marked alike:
 *         - needed, plainly;
 *         - enough: the mark of a set names a slot, whose set has one mark, and
 *           so on back to NONE, so all ways to the set have one own history.
 *           The chain back ends, for if a path met a set twice, its two nodes
 *           would be marked alike, so the sets of those marks were met twice
 *           before, down to the path's first own set: marked NONE there, and
 *           with a slot the second time.
 *         Only who fails is asked whether a path meets a set twice.  A set
 *         inside one layer cannot be.  In a tree (merged endings do
 *         no harm) the nodes below a node are an
 *         interval of the depth-first numbering, so one scan in that order
 *         finds two nested nodes of a set; where situations merge, 64 sets at a
 *         time are carried down as bits.
 * Source: Kuhn, "Extensive games and the problem of information", 1953;
 *         Piccione and Rubinstein, "On the interpretation of decision problems
 *         with imperfect recall", GEB 20 (1997).
 * Cost:   O(nodes + edges) a player, 4 bytes a node; for those who forget up
 *         to 20 more, and in merged games the price that the header names. */
#include "game/recall.h"

#include <stdlib.h>
#include <string.h>

#define MARK_NONE   UINT32_MAX       /* no own slot yet */
#define MARK_MANY   (UINT32_MAX - 1) /* ways with different marks */
#define MARK_UNSEEN (UINT32_MAX - 2)

enum { BITS = 64 };

typedef struct finder {
  const dm_game *game;
  dm_recall *out;
  uint32_t *mark;  /* [n_nodes] of the player at hand */
  uint32_t *first; /* [n_sets] its first node; n_nodes: none */
  uint32_t *last;  /* [n_sets] its last node */
  uint64_t *met;   /* [n_nodes] bits of the sets at hand; NULL until used */
  uint32_t *place; /* [n_nodes] depth-first number; NULL until used */
  uint32_t *below; /* [n_nodes] nodes of the subtree */
  uint32_t *order; /* [n_placed] nodes by place; endings have none */
  uint32_t n_placed;
  uint32_t *until;     /* [n_sets] end of the interval of a node seen; or the
                          number of its bit, 0 for none */
  bool spread;         /* some set lies in several layers */
  bool tree, measured; /* tree: one edge at most leads to each node, endings
                          left out */
} finder;

static bool decides(const dm_game *g, uint32_t n)
{
  return g->node_set[n] < DM_NODE_CHANCE;
}

static bool ends(const dm_game *g, uint32_t n)
{
  return g->node_set[n] >= DM_NODE_END;
}

static void find_spread(finder *f)
{
  const dm_game *g = f->game;
  for (uint32_t s = 0; s < g->n_sets; s++)
    f->first[s] = g->n_nodes;
  for (uint32_t l = 0; l < g->n_layers; l++) {
    for (uint32_t n = g->layer_node[l]; n < g->layer_node[l + 1]; n++) {
      if (!decides(g, n))
        continue;
      uint32_t s = g->node_set[n];
      if (f->first[s] == g->n_nodes)
        f->first[s] = n;
      f->last[s] = n;
      f->spread = f->spread || f->first[s] < g->layer_node[l];
    }
  }
}

/* ---- marks --------------------------------------------------------------- */

/* False where a set of the player shows that it forgets. */
static bool mark_node(finder *f, uint32_t n, uint32_t player)
{
  const dm_game *g = f->game;
  uint32_t mark = f->mark[n];
  if (mark == MARK_UNSEEN)
    return true;
  uint32_t s = g->node_set[n];
  bool own = decides(g, n) && g->set_player[s] == player;
  if (own) {
    if (n == f->first[s])
      f->out->last[s] = mark;
    if (mark == MARK_MANY || f->out->last[s] != mark)
      return false;
  }
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    uint32_t *child = &f->mark[g->edge_child[i]];
    uint32_t mine = own ? g->edge_slot[i] : mark;
    *child = *child == MARK_UNSEEN || *child == mine ? mine : MARK_MANY;
  }
  return true;
}

/* The set where the player is seen to forget, or DM_RECALL_NONE. */
static uint32_t find_lapse(finder *f, uint32_t player)
{
  const dm_game *g = f->game;
  for (uint32_t n = 0; n < g->n_nodes; n++)
    f->mark[n] = MARK_UNSEEN;
  f->mark[0] = MARK_NONE;
  for (uint32_t n = 0; n < g->n_nodes; n++)
    if (!mark_node(f, n, player))
      return g->node_set[n];
  return DM_RECALL_NONE;
}

/* ---- a set met twice ----------------------------------------------------- */

static bool is_tree(const dm_game *g, uint32_t *seen)
{
  memset(seen, 0, g->n_nodes * sizeof *seen);
  for (uint32_t i = 0; i < g->n_edges; i++)
    if (!ends(g, g->edge_child[i]) && seen[g->edge_child[i]]++)
      return false;
  return true;
}

/* Depth-first numbers without a stack: a child's place follows from its
 * parent's and the sizes of the subtrees before it. */
static bool number_tree(finder *f)
{
  const dm_game *g = f->game;
  f->place = calloc(g->n_nodes, sizeof *f->place);
  f->below = calloc(g->n_nodes, sizeof *f->below);
  f->order = calloc(g->n_nodes, sizeof *f->order);
  if (!f->place || !f->below || !f->order)
    return false;
  for (uint32_t n = g->n_nodes; n-- > 0;) {
    f->below[n] = ends(g, n) ? 0 : 1;
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++)
      f->below[n] += f->below[g->edge_child[i]];
  }
  f->n_placed = f->below[0];
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    if (ends(g, n))
      continue;
    uint32_t next = f->place[n] + 1;
    f->order[f->place[n]] = n;
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      f->place[g->edge_child[i]] = next;
      next += f->below[g->edge_child[i]];
    }
  }
  return true;
}

static uint32_t nested_set(finder *f, uint32_t player)
{
  const dm_game *g = f->game;
  memset(f->until, 0, g->n_sets * sizeof *f->until);
  for (uint32_t i = 0; i < f->n_placed; i++) {
    uint32_t n = f->order[i];
    if (!decides(g, n) || g->set_player[g->node_set[n]] != player)
      continue;
    uint32_t *until = &f->until[g->node_set[n]];
    if (i < *until)
      return g->node_set[n];
    *until = i + f->below[n];
  }
  return DM_RECALL_NONE;
}

/* Carries the sets with a number in `until` down as bits, from node `low` to
 * node `high`: outside that window no bit is set, or none is read. */
static uint32_t met_again(finder *f, uint32_t low, uint32_t high)
{
  const dm_game *g = f->game;
  memset(f->met + low, 0, ((size_t)high - low + 1) * sizeof *f->met);
  for (uint32_t n = low; n <= high; n++) {
    uint64_t bits = f->met[n];
    uint32_t number = decides(g, n) ? f->until[g->node_set[n]] : 0;
    if (number > 0) {
      uint64_t own = UINT64_C(1) << (number - 1);
      if (bits & own)
        return g->node_set[n];
      bits |= own;
    }
    for (uint32_t i = g->node_edge[n]; bits && i < g->node_edge[n + 1]; i++)
      if (g->edge_child[i] <= high)
        f->met[g->edge_child[i]] |= bits;
  }
  return DM_RECALL_NONE;
}

static uint32_t meet_sets(finder *f, uint32_t player)
{
  const dm_game *g = f->game;
  uint32_t batch[BITS];
  uint32_t count = 0, low = g->n_nodes, high = 0;
  for (uint32_t s = 0; s <= g->n_sets; s++) {
    if (s < g->n_sets && g->set_player[s] == player &&
        f->first[s] < f->last[s]) {
      batch[count++] = s;
      f->until[s] = count;
      low = f->first[s] < low ? f->first[s] : low;
      high = f->last[s] > high ? f->last[s] : high;
    }
    if (count < BITS && (s < g->n_sets || count == 0))
      continue;
    uint32_t twice = met_again(f, low, high);
    while (count > 0)
      f->until[batch[--count]] = 0;
    if (twice != DM_RECALL_NONE)
      return twice;
    low = g->n_nodes;
    high = 0;
  }
  return DM_RECALL_NONE;
}

/* False: no memory.  *set: met twice, or DM_RECALL_NONE. */
static bool find_twice(finder *f, uint32_t player, uint32_t *set)
{
  const dm_game *g = f->game;
  *set = DM_RECALL_NONE;
  if (!f->spread)
    return true;
  if (!f->measured) {
    f->measured = true;
    f->tree = is_tree(g, f->mark);
    f->until = calloc((size_t)g->n_sets + 1, sizeof *f->until);
    if (f->tree && !number_tree(f))
      return false;
    if (!f->tree)
      f->met = calloc(g->n_nodes, sizeof *f->met);
    if (!f->until || (!f->tree && !f->met))
      return false;
  }
  *set = f->tree ? nested_set(f, player) : meet_sets(f, player);
  return true;
}

/* ---- all players --------------------------------------------------------- */

static bool judge_player(finder *f, uint32_t player)
{
  const dm_game *g = f->game;
  uint32_t lapse = find_lapse(f, player);
  if (lapse == DM_RECALL_NONE)
    return true;
  for (uint32_t s = 0; s < g->n_sets; s++)
    if (g->set_player[s] == player)
      f->out->last[s] = DM_RECALL_NONE;
  uint32_t twice;
  if (!find_twice(f, player, &twice))
    return false;
  bool absent = twice != DM_RECALL_NONE;
  f->out->kind[player] = absent ? DM_RECALL_ABSENT : DM_RECALL_IMPERFECT;
  f->out->set[player] = absent ? twice : lapse;
  return true;
}

static bool allocate(finder *f)
{
  const dm_game *g = f->game;
  dm_recall *out = f->out;
  size_t ids = (size_t)g->n_players + g->n_sets;
  out->block = calloc(ids * sizeof *out->set + g->n_players + 1, 1);
  f->mark = calloc((size_t)g->n_nodes + 1, sizeof *f->mark);
  f->first = calloc((size_t)g->n_sets + 1, sizeof *f->first);
  f->last = calloc((size_t)g->n_sets + 1, sizeof *f->last);
  if (!out->block || !f->mark || !f->first || !f->last)
    return false;
  out->set = out->block;
  out->last = out->set + g->n_players;
  out->kind = (uint8_t *)(out->last + g->n_sets);
  memset(out->set, 0xff, ids * sizeof *out->set);
  return true;
}

dm_status dm_recall_find(const dm_game *game, dm_recall *out)
{
  *out = (dm_recall){0};
  finder f = {.game = game, .out = out};
  bool done = allocate(&f);
  if (done)
    find_spread(&f);
  for (uint32_t a = 0; done && a < game->n_players; a++)
    done = judge_player(&f, a);
  free(f.mark);
  free(f.first);
  free(f.last);
  free(f.met);
  free(f.place);
  free(f.below);
  free(f.order);
  free(f.until);
  if (!done)
    dm_recall_clear(out);
  return done ? DM_OK : DM_E_MEMORY;
}

void dm_recall_clear(dm_recall *recall)
{
  if (!recall)
    return;
  free(recall->block);
  *recall = (dm_recall){0};
}
