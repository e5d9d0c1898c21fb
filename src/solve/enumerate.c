/* solve/enumerate.c -- all extreme equilibria of two players, or some.
 *
 * In:     a two-player game with perfect recall, a list to add to.
 * Out:    its extreme Nash equilibria; when there is too much to look at, those
 *         that complementary pivoting finds.
 * Method: for each player the vertices (plan, other's best payoff) of its plans
 *         cut up by the other's replies (vertices.c).  A pair of plans is an
 *         equilibrium if each gets its best payoff against the other.  The set
 *         of equilibria is a union of products of faces of the two polyhedra,
 *         so pairs of vertices are its corners.
 *         Else Lemke's method from COVERS covering vectors (lemke.c).
 *         A pair fixes play at sets that only the other's picks exclude too;
 *         what it leaves open is filled by dm_equilibrium_complete.
 * Source: Audet, Belhaiza and Hansen, "A new sequence form approach for the
 *         enumeration and refinement of all extreme Nash equilibria for
 *         extensive form games", Int. Game Theory Review 11 (2009); Winkels
 *         (1979) for the corners.
 * Cost:   vertices.c; a product of plans for each pair of vertices. */
#include "solve/enumerate.h"

#include "base/table.h"
#include "game/recall.h"
#include "solve/lemke.h"
#include "solve/vertices.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LOOKS_DEFAULT UINT64_C(10000000)
#define EXACT         1e-11L /* of the payoffs' size: a best payoff is met */

/* Covering vectors; tries to find play off the path that is credible. */
enum { COVERS = 24, TRIES = 4 };

typedef struct play {
  uint32_t where; /* in the list, or UINT32_MAX */
  uint32_t tries;
} play;

typedef struct pairs {
  dm_equilibria *list;
  const dm_sequence *sequence;
  dm_effort effort;
  double *p;     /* [n_slots] */
  double *log_p; /* [n_slots] */
  double *plan;  /* [n_seqs of either] */
  double *reach; /* [n_nodes] */
  int64_t *key;  /* [n_slots] probability x reach, rounded */
  dm_vertices corner[2];
  long double *pay[2]; /* to a player, against each corner of the other */
  long double *found;  /* a pair of plans */
  uint32_t added;
  dm_arena arena;
  dm_table plays;
  DM_VEC(play) at;
} pairs;

/* ---- an equilibrium ------------------------------------------------------ */

/* Which play on the path: rounded as the list tells plays apart. */
static play *find_play(pairs *w)
{
  const dm_game *g = w->list->game;
  memset(w->reach, 0, g->n_nodes * sizeof *w->reach);
  memset(w->key, 0, g->n_slots * sizeof *w->key);
  w->reach[0] = 1.0;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    if (!(w->reach[n] > 0.0))
      continue;
    bool chance = g->node_set[n] == DM_NODE_CHANCE;
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      uint32_t slot = g->edge_slot[i];
      double part = w->reach[n] * (chance ? w->list->cell[slot] : w->p[slot]);
      w->reach[g->edge_child[i]] += part;
      if (!chance)
        w->key[slot] += llround(part / w->list->same);
    }
  }
  bool fresh = false;
  size_t len = ((size_t)g->n_slots + 1) * sizeof *w->key;
  uint32_t id = dm_table_intern(&w->plays, w->key, len, &fresh);
  if (fresh)
    DM_PUSH(&w->arena, &w->at, ((play){.where = UINT32_MAX}));
  return &w->at.at[id];
}

static void take_plan(pairs *w, int side, const long double *plan)
{
  for (uint32_t i = 0; i < w->sequence->side[side].n_seqs; i++)
    w->plan[i] = plan[i] > 1e-15L ? (double)plan[i] : 0.0;
  dm_sequence_strategy(w->sequence, side, w->plan, w->p);
}

static dm_status add_pair(
    pairs *w, const long double *x, const long double *y, uint32_t origin)
{
  dm_equilibria *list = w->list;
  take_plan(w, 0, x);
  take_plan(w, 1, y);
  play *one = find_play(w);
  if (one->where != UINT32_MAX &&
      (list->at[one->where].credible || one->tries >= TRIES)) {
    list->at[one->where].found++;
    list->at[one->where].origin |= origin;
    w->added++;
    return DM_OK;
  }
  one->tries++;
  dm_status status =
      dm_equilibrium_complete(list->game, list->cell, w->p, w->log_p);
  if (status != DM_OK)
    return status;
  uint32_t where = UINT32_MAX;
  status = dm_equilibria_add(list, w->log_p, (double)INFINITY, origin, &where);
  if (where != UINT32_MAX) {
    one->where = where;
    w->added++;
  }
  return status;
}

/* ---- all corners --------------------------------------------------------- */

static long double product(
    const long double *a, const long double *b, uint32_t n)
{
  long double sum = 0.0L;
  for (uint32_t i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/* Payoffs to `side` of its sequences against each of the other's vertices. */
static long double *payoffs_against(
    const dm_sequence *sequence, int side, const dm_vertices *other)
{
  size_t n = sequence->side[side].n_seqs;
  long double *pay = calloc(other->n * n + 1, sizeof *pay);
  for (uint32_t i = 0; pay && i < other->n; i++)
    dm_plan_payoffs(
        sequence, side, other->plan + (size_t)i * other->dim, pay + i * n);
  return pay;
}

static void sizes(const dm_sequence *sequence, long double size[2])
{
  size[0] = size[1] = 0.0L;
  for (size_t i = 0; i < sequence->n_entries; i++)
    for (int who = 0; who < 2; who++)
      size[who] =
          fmaxl(size[who], fabsl((long double)sequence->entry[i].pay[who]));
}

static dm_status match(pairs *w)
{
  const dm_vertices *v = w->corner;
  long double size[2];
  sizes(w->sequence, size);
  for (uint32_t i = 0; i < v[0].n; i++) {
    const long double *x = v[0].plan + (size_t)i * v[0].dim;
    const long double *to_y = w->pay[1] + (size_t)i * v[1].dim;
    for (uint32_t j = 0; j < v[1].n; j++) {
      const long double *y = v[1].plan + (size_t)j * v[1].dim;
      const long double *to_x = w->pay[0] + (size_t)j * v[0].dim;
      dm_status status = j % 64 ? DM_OK : dm_effort_look(&w->effort);
      if (status == DM_OK &&
          product(y, to_y, v[1].dim) >= v[0].replied[i] - EXACT * size[1] &&
          product(x, to_x, v[0].dim) >= v[1].replied[j] - EXACT * size[0])
        status = add_pair(w, x, y, DM_ORIGIN_ENUMERATED);
      if (status != DM_OK)
        return status;
    }
  }
  return DM_OK;
}

static dm_status by_vertices(pairs *w)
{
  dm_status status = DM_OK;
  for (int who = 0; who < 2 && status == DM_OK; who++)
    status = dm_vertices_find(w->sequence, who, &w->effort, &w->corner[who]);
  if (status != DM_OK)
    return status;
  for (int who = 0; who < 2; who++)
    w->pay[who] = payoffs_against(w->sequence, who, &w->corner[1 - who]);
  return w->pay[0] && w->pay[1] ? match(w) : DM_E_MEMORY;
}

/* ---- some ---------------------------------------------------------------- */

static dm_status by_pivoting(pairs *w)
{
  const dm_seq_side *side = w->sequence->side;
  size_t n = (size_t)side[0].n_seqs + side[1].n_seqs;
  w->found = calloc(n, sizeof *w->found);
  if (!w->found)
    return DM_E_MEMORY;
  long double *const plan[2] = {w->found, w->found + side[0].n_seqs};
  dm_status status = DM_OK;
  for (uint64_t seed = 0; seed < COVERS && status == DM_OK; seed++) {
    status = dm_lemke_run(w->sequence, seed, &w->effort, plan);
    if (status == DM_OK)
      status = add_pair(w, plan[0], plan[1], DM_ORIGIN_PROGRAM);
    else if (status == DM_E_CONVERGE)
      status = DM_OK;
  }
  return status;
}

/* ---- both ---------------------------------------------------------------- */

static void lay_out(pairs *w)
{
  const dm_game *g = w->list->game;
  const dm_seq_side *side = w->sequence->side;
  dm_arena *a = &w->arena;
  size_t seqs = (size_t)side[0].n_seqs + side[1].n_seqs;
  w->p = dm_arena_array(a, (size_t)g->n_slots + 1, sizeof *w->p);
  w->log_p = dm_arena_array(a, (size_t)g->n_slots + 1, sizeof *w->log_p);
  w->plan = dm_arena_array(a, seqs, sizeof *w->plan);
  w->reach = dm_arena_array(a, g->n_nodes, sizeof *w->reach);
  w->key = dm_arena_array(a, (size_t)g->n_slots + 1, sizeof *w->key);
  dm_table_init(&w->plays, a, ((size_t)g->n_slots + 1) * sizeof *w->key);
}

static dm_status run(
    pairs *w, const dm_enumerate_options *options, bool *complete,
    const char **why)
{
  uint64_t most = options->most ? options->most : LOOKS_DEFAULT;
  w->effort = (dm_effort){
      .most = most,
      .progress = options->progress,
      .progress_data = options->progress_data};
  dm_status status = by_vertices(w);
  *complete = status == DM_OK;
  if (status != DM_E_LIMIT)
    return status;
  *why = "too many corners to look at; complementary pivoting from several "
         "starts was used instead";
  w->effort.looked = w->effort.tell_at = 0;
  status = by_pivoting(w);
  if (status == DM_E_LIMIT || status == DM_OK)
    return w->added > 0 ? DM_OK : DM_E_LIMIT;
  return status;
}

/* Memory that runs out in the arena comes back here. */
static dm_status run_guarded(
    pairs *w, const dm_enumerate_options *options, bool *complete,
    const char **why)
{
  dm_status status = (dm_status)setjmp(w->arena.jump);
  if (status != DM_OK)
    return status;
  lay_out(w);
  return run(w, options, complete, why);
}

/* DM_E_RANGE with the reason, where there is no sequence form. */
static dm_status check_kind(const dm_game *game, const char **why)
{
  if (game->n_players != 2) {
    *why = "mixed equilibria are enumerated for two players only";
    return DM_E_RANGE;
  }
  dm_recall recall;
  dm_status status = dm_recall_find(game, &recall);
  if (status != DM_OK)
    return status;
  if (recall.kind[0] != DM_RECALL_PERFECT ||
      recall.kind[1] != DM_RECALL_PERFECT) {
    *why =
        "a player does not have perfect recall: its mixed strategies are more "
        "than its behaviour strategies, and are not enumerated";
    status = DM_E_RANGE;
  }
  dm_recall_clear(&recall);
  return status;
}

dm_status dm_enumerate_two(
    const dm_enumerate_options *options, dm_equilibria *list, bool *complete,
    const char **why)
{
  *why = NULL;
  *complete = false;
  dm_sequence *sequence = NULL;
  dm_status status = check_kind(list->game, why);
  if (status != DM_OK)
    return status;
  status = dm_sequence_new(list->game, list->cell, &sequence, why);
  if (status != DM_OK)
    return status;
  *why = NULL;
  pairs w = {.list = list, .sequence = sequence};
  dm_arena_init(&w.arena, 0);
  status = run_guarded(&w, options, complete, why);
  dm_arena_clear(&w.arena);
  for (int who = 0; who < 2; who++) {
    dm_vertices_clear(&w.corner[who]);
    free(w.pay[who]);
  }
  free(w.found);
  dm_sequence_free(sequence);
  return status;
}
