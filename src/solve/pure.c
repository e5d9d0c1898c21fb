/* solve/pure.c -- all pure equilibria, by search with bounds.
 *
 * In:     a game of any number of players, a list to add to.
 * Out:    every play that pure strategies hold up as an equilibrium.
 * Method: a position is a choice at some sets; the others are open.
 *         - Some open set is reached: that one is decided next.
 *         - The path is decided, so payoffs are known.  A player is tempted if
 *           its best reply might give more: least(i) is what it gets whatever
 *           open sets do, most(i) bounds it from above.  least(i) above its
 *           payoff: this position holds no equilibrium.  most(i) above it: an
 *           open set that i's changes lead to is decided next.  Nobody tempted:
 *           all ways to fill the open sets are equilibria, one family.
 *         Before the path is decided, least(i) above all that i can still hope
 *         for cuts the search too.  Sets that a player's own picks exclude are
 *         never decided, which makes it the reduced game.
 *         A player without perfect recall has no backward-induction reply; its
 *         sets are judged one at a time (agent form), weighted by reach.
 * Bounds: least: best_reply.h.  most: own and open sets take the best child
 *         node by node, chance and decided sets follow.
 * Cost:   a few passes over the edges a player and position; positions are
 *         exponential in the number of sets that matter, hence `most`. */
#include "game/recall.h"
#include "solve/best_reply.h"
#include "solve/enumerate.h"

#include "base/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DEFAULT UINT64_C(10000000)
#define NO_SET       UINT32_MAX

/* How often play off the path is sought for one play before it is left as not
 * credible; every family may hold other threats. */
enum { TRIES = 4 };

typedef struct move {
  uint32_t set, option;
} move;

typedef struct play {
  uint32_t where; /* in the list, or UINT32_MAX */
  uint32_t tries;
} play;

typedef struct search {
  const dm_enumerate_options *options;
  dm_equilibria *list;
  const dm_game *game;
  const double *cell;
  double tolerance;
  dm_best_reply *best;
  dm_recall recall;
  uint8_t *open;   /* [n_sets] */
  long double *p;  /* [n_slots] 1 or 0 where decided */
  move *made;      /* [n_sets] decisions, oldest first */
  double *reach;   /* [n_nodes] */
  double *low;     /* [n_nodes] bounds of the player at hand */
  double *high;    /* [n_nodes] */
  uint8_t *seen;   /* [n_nodes] led to by changes */
  double *gap;     /* [2 x n_slots] bounds of what a change of pick adds */
  double *profile; /* [n_slots] */
  double *log_p;   /* [n_slots] */
  double *filled;  /* [n_slots] */
  double *now;     /* [n_players] payoff */
  uint32_t *key;   /* [n_sets] option + 1 where reached */
  uint32_t n_made;
  uint64_t looked, most;
  dm_arena arena;
  dm_table plays;
  DM_VEC(play) at;
} search;

typedef enum outcome { CUT, DECIDE, FAMILY } outcome;

static bool is_chance(const dm_game *g, uint32_t n)
{
  return g->node_set[n] == DM_NODE_CHANCE;
}

static bool decides(const dm_game *g, uint32_t n)
{
  return g->node_set[n] < DM_NODE_CHANCE;
}

static bool is_open(const search *h, uint32_t n)
{
  return decides(h->game, n) && h->open[h->game->node_set[n]];
}

static bool owns(const search *h, uint32_t n, uint32_t player)
{
  return decides(h->game, n) &&
         h->game->set_player[h->game->node_set[n]] == player;
}

static double pay(const search *h, uint32_t edge, uint32_t player)
{
  const dm_game *g = h->game;
  size_t row = (size_t)g->edge_row[edge] * g->n_players + player;
  return h->cell[g->row_cell[row]];
}

/* Of an edge of a chance node or of a decided set. */
static double chance(const search *h, uint32_t n, uint32_t edge)
{
  uint32_t slot = h->game->edge_slot[edge];
  return is_chance(h->game, n) ? h->cell[slot] : (double)h->p[slot];
}

/* Reach and payoffs as far as sets are decided; the first open set reached. */
static uint32_t follow_path(search *h)
{
  const dm_game *g = h->game;
  uint32_t first = NO_SET;
  memset(h->reach, 0, g->n_nodes * sizeof *h->reach);
  memset(h->now, 0, g->n_players * sizeof *h->now);
  h->reach[0] = 1.0;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    if (!(h->reach[n] > 0.0))
      continue;
    if (is_open(h, n)) {
      first = first == NO_SET ? g->node_set[n] : first;
      continue;
    }
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      double part = h->reach[n] * chance(h, n, i);
      h->reach[g->edge_child[i]] += part;
      for (uint32_t a = 0; part > 0.0 && a < g->n_players; a++)
        h->now[a] += part * pay(h, i, a);
    }
  }
  return first;
}

/* Bounds of a player's payoff from each node on: `high` if open sets help, and
 * its own too if `reply`; `low` if they harm. */
static void find_bounds(search *h, uint32_t player, bool reply)
{
  const dm_game *g = h->game;
  for (uint32_t n = g->n_nodes; n-- > 0;) {
    bool choice = is_open(h, n) || (reply && owns(h, n, player));
    double low = choice ? (double)INFINITY : 0.0;
    double high = choice ? -(double)INFINITY : 0.0;
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      double least = pay(h, i, player) + h->low[g->edge_child[i]];
      double most = pay(h, i, player) + h->high[g->edge_child[i]];
      if (choice) {
        low = fmin(low, least);
        high = fmax(high, most);
        continue;
      }
      double part = chance(h, n, i);
      if (part > 0.0) {
        low += part * least;
        high += part * most;
      }
    }
    h->low[n] = low;
    h->high[n] = high;
  }
}

/* The first open set of somebody else that `player` can lead to. */
static uint32_t open_below_changes(search *h, uint32_t player)
{
  const dm_game *g = h->game;
  memset(h->seen, 0, g->n_nodes);
  h->seen[0] = 1;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    if (!h->seen[n])
      continue;
    bool own = owns(h, n, player);
    if (!own && is_open(h, n))
      return g->node_set[n];
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++)
      if (own || chance(h, n, i) > 0.0)
        h->seen[g->edge_child[i]] = 1;
  }
  return NO_SET;
}

/* A player with perfect recall, the path decided. */
static outcome judge_reply(search *h, uint32_t player, uint32_t *next)
{
  double now = h->now[player] + h->tolerance;
  if ((double)dm_best_reply_least(h->best, h->p, h->open, player) > now)
    return CUT;
  find_bounds(h, player, true);
  if (h->high[0] <= now)
    return FAMILY;
  *next = open_below_changes(h, player);
  return *next == NO_SET ? FAMILY : DECIDE;
}

/* The first open set after one change of pick to `slot`. */
static uint32_t open_below_slot(search *h, uint32_t slot)
{
  const dm_game *g = h->game;
  memset(h->seen, 0, g->n_nodes);
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    if (h->seen[n] && is_open(h, n))
      return g->node_set[n];
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      bool change = decides(g, n) && g->edge_slot[i] == slot;
      if ((h->seen[n] && !is_open(h, n) && chance(h, n, i) > 0.0) ||
          (change && h->reach[n] > 0.0))
        h->seen[g->edge_child[i]] = 1;
    }
  }
  return NO_SET;
}

/* A player that forgets: each reached set by itself. */
static outcome judge_agents(search *h, uint32_t player, uint32_t *next)
{
  const dm_game *g = h->game;
  find_bounds(h, player, false);
  memset(h->gap, 0, 2 * (size_t)g->n_slots * sizeof *h->gap);
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    if (!owns(h, n, player) || !(h->reach[n] > 0.0))
      continue;
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      double *gap = &h->gap[2 * (size_t)g->edge_slot[i]];
      uint32_t child = g->edge_child[i];
      double gain = pay(h, i, player);
      gap[0] += h->reach[n] * (gain + h->low[child] - h->low[n]);
      gap[1] += h->reach[n] * (gain + h->high[child] - h->high[n]);
    }
  }
  uint32_t tempting = NO_SET;
  for (uint32_t i = 0; i < g->n_slots; i++) {
    if (h->gap[2 * (size_t)i] > h->tolerance)
      return CUT;
    if (h->gap[2 * (size_t)i + 1] > h->tolerance && tempting == NO_SET)
      tempting = i;
  }
  if (tempting == NO_SET)
    return FAMILY;
  *next = open_below_slot(h, tempting);
  return *next == NO_SET ? FAMILY : DECIDE;
}

static outcome examine(search *h, uint32_t *next)
{
  const dm_game *g = h->game;
  uint32_t reached = follow_path(h);
  outcome what = FAMILY;
  *next = NO_SET;
  for (uint32_t a = 0; a < g->n_players; a++) {
    bool recalls = h->recall.kind[a] == DM_RECALL_PERFECT;
    if (reached == NO_SET) {
      uint32_t set = NO_SET;
      outcome one =
          recalls ? judge_reply(h, a, &set) : judge_agents(h, a, &set);
      if (one == CUT)
        return CUT;
      if (one == DECIDE && what == FAMILY) {
        what = DECIDE;
        *next = set;
      }
    } else if (recalls) {
      find_bounds(h, a, false);
      long double least = dm_best_reply_least(h->best, h->p, h->open, a);
      if ((double)least > h->high[0] + h->tolerance)
        return CUT;
    }
  }
  if (reached == NO_SET)
    return what;
  *next = reached;
  return DECIDE;
}

/* ---- a family ------------------------------------------------------------ */

static play *find_play(search *h)
{
  const dm_game *g = h->game;
  memset(h->key, 0, g->n_sets * sizeof *h->key);
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    if (!decides(g, n) || !(h->reach[n] > 0.0))
      continue;
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++)
      if (h->p[g->edge_slot[i]] > 0.0L)
        h->key[g->node_set[n]] = i - g->node_edge[n] + 1;
  }
  bool fresh = false;
  uint32_t id = dm_table_intern(
      &h->plays, h->key, ((size_t)g->n_sets + 1) * sizeof *h->key, &fresh);
  if (fresh)
    DM_PUSH(&h->arena, &h->at, ((play){.where = UINT32_MAX}));
  return &h->at.at[id];
}

/* The decided sets; an open one as `open_pick` has it: its first option, or
 * nothing said. */
static void write_profile(search *h, double open_pick)
{
  const dm_game *g = h->game;
  for (uint32_t i = 0; i < g->n_slots; i++)
    h->profile[i] = (double)h->p[i];
  for (uint32_t s = 0; s < g->n_sets; s++)
    if (h->open[s])
      h->profile[g->set_slot[s]] = open_pick;
}

/* One filling of the open sets; log_p is kept if it stands better. */
static dm_status try_filling(search *h, double open_pick, dm_standing *best)
{
  dm_standing here = DM_STANDING_NONE;
  write_profile(h, open_pick);
  dm_status status =
      dm_equilibrium_complete(h->game, h->cell, h->profile, h->filled);
  if (status == DM_OK)
    status = dm_equilibrium_stand(h->game, h->cell, h->filled, &here);
  if (status == DM_OK && (here > *best || *best == DM_STANDING_NONE)) {
    memcpy(h->log_p, h->filled, h->game->n_slots * sizeof *h->log_p);
    *best = here;
  }
  return status;
}

/* Play off the path: pure; or, the first time and if that is not credible, as
 * it comes. */
static dm_status fill_family(search *h, bool first)
{
  dm_standing best = DM_STANDING_NONE;
  dm_status status = try_filling(h, 1.0, &best);
  if (status == DM_OK && best != DM_STANDING_CREDIBLE && first)
    status = try_filling(h, 0.0, &best);
  return status;
}

static dm_status add_family(search *h)
{
  play *one = find_play(h);
  bool known = one->where != UINT32_MAX;
  if (known && (h->list->at[one->where].credible || one->tries >= TRIES)) {
    h->list->at[one->where].found++;
    return DM_OK;
  }
  one->tries++;
  dm_status status = fill_family(h, one->tries == 1);
  if (status != DM_OK)
    return status;
  uint32_t where = UINT32_MAX;
  status = dm_equilibria_add(
      h->list, h->log_p, (double)INFINITY, DM_ORIGIN_ENUMERATED, &where);
  if (where != UINT32_MAX)
    one->where = where;
  return status;
}

/* ---- the search ---------------------------------------------------------- */

static void set_option(search *h, uint32_t s, uint32_t option)
{
  uint32_t begin = h->game->set_slot[s];
  for (uint32_t i = begin; i < h->game->set_slot[s + 1]; i++)
    h->p[i] = i - begin == option ? 1.0L : 0.0L;
}

static void decide(search *h, uint32_t s)
{
  h->open[s] = 0;
  h->made[h->n_made++] = (move){.set = s};
  set_option(h, s, 0);
}

/* To the next position not under this one; false: there is none. */
static bool go_back(search *h)
{
  const uint32_t *slot = h->game->set_slot;
  while (h->n_made > 0) {
    move *last = &h->made[h->n_made - 1];
    if (++last->option < slot[last->set + 1] - slot[last->set]) {
      set_option(h, last->set, last->option);
      return true;
    }
    set_option(h, last->set, UINT32_MAX);
    h->open[last->set] = 1;
    h->n_made--;
  }
  return false;
}

static bool going_on(const search *h)
{
  const dm_enumerate_options *o = h->options;
  return h->looked % 1024 != 0 || !o->progress ||
         o->progress(o->progress_data, h->looked, h->most);
}

static dm_status run(search *h)
{
  for (bool more = true; more;) {
    uint32_t next = NO_SET;
    if (h->looked == h->most)
      return DM_E_LIMIT;
    if (!going_on(h))
      return DM_E_INTERRUPT;
    h->looked++;
    outcome what = examine(h, &next);
    if (what == DECIDE) {
      decide(h, next);
      continue;
    }
    dm_status status = what == FAMILY ? add_family(h) : DM_OK;
    if (status != DM_OK)
      return status;
    more = go_back(h);
  }
  return DM_OK;
}

static void lay_out(search *h)
{
  const dm_game *g = h->game;
  dm_arena *a = &h->arena;
  h->open = dm_arena_array(a, (size_t)g->n_sets + 1, 1);
  h->p = dm_arena_array(a, (size_t)g->n_slots + 1, sizeof *h->p);
  h->made = dm_arena_array(a, (size_t)g->n_sets + 1, sizeof *h->made);
  h->reach = dm_arena_array(a, g->n_nodes, sizeof *h->reach);
  h->low = dm_arena_array(a, g->n_nodes, sizeof *h->low);
  h->high = dm_arena_array(a, g->n_nodes, sizeof *h->high);
  h->seen = dm_arena_array(a, g->n_nodes, 1);
  h->gap = dm_arena_array(a, 2 * (size_t)g->n_slots + 1, sizeof *h->gap);
  h->profile = dm_arena_array(a, (size_t)g->n_slots + 1, sizeof(double));
  h->log_p = dm_arena_array(a, (size_t)g->n_slots + 1, sizeof(double));
  h->filled = dm_arena_array(a, (size_t)g->n_slots + 1, sizeof(double));
  h->now = dm_arena_array(a, (size_t)g->n_players + 1, sizeof(double));
  h->key = dm_arena_array(a, (size_t)g->n_sets + 1, sizeof *h->key);
  memset(h->open, 1, g->n_sets);
  dm_table_init(&h->plays, a, ((size_t)g->n_sets + 1) * sizeof *h->key);
}

/* Memory that runs out in the arena comes back here. */
static dm_status run_guarded(search *h)
{
  dm_status status = (dm_status)setjmp(h->arena.jump);
  if (status != DM_OK)
    return status;
  lay_out(h);
  return run(h);
}

dm_status dm_enumerate_pure(
    const dm_enumerate_options *options, dm_equilibria *list, const char **why)
{
  *why = NULL;
  search h = {.options = options, .list = list, .game = list->game};
  h.cell = list->cell;
  h.tolerance = 0.5 * list->tolerance;
  h.most = options->most ? options->most : MOST_DEFAULT;
  dm_status status = dm_recall_find(h.game, &h.recall);
  if (status != DM_OK)
    return status;
  for (uint32_t a = 0; a < h.game->n_players; a++)
    if (h.recall.kind[a] != DM_RECALL_PERFECT)
      *why = "a player does not have perfect recall; its information sets were "
             "judged one at a time";
  status = dm_best_reply_new(h.game, h.cell, &h.best);
  if (status == DM_OK) {
    dm_arena_init(&h.arena, 0);
    status = run_guarded(&h);
    dm_arena_clear(&h.arena);
  }
  dm_best_reply_free(h.best);
  dm_recall_clear(&h.recall);
  return status;
}
