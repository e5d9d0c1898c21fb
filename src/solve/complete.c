/* solve/complete.c -- play off the path for an equilibrium that is known on it.
 *
 * In:     probabilities, zeros allowed.
 * Out:    a profile of full support: trembles for zeros, best replies off the
 *         path where that keeps the equilibrium.
 * Method: sets that p does not reach are off the path.  Beliefs there follow
 *         from trembles of stated sizes.  Starting from p, every such set whose
 *         play has regret goes over to its best option, all at once, until none
 *         has any: without cycles that ends after as many passes as such sets
 *         follow each other.  Where it cycles, play off the path must be mixed,
 *         and best replies are averaged instead (fictitious play: Brown 1951).
 *         Tried in turn: even trembles; DRAWS patterns of trembles, each size
 *         log-uniform over eight orders of magnitude; p itself with trembles.
 *         The first credible one is taken, else the first that is Nash.
 * Source: Kreps and Wilson, "Sequential equilibria", Econometrica 50 (1982):
 *         beliefs are limits of those that such trembles give.
 * Cost:   at most PASSES sweeps and one certificate a pattern. */
#include "base/random.h"
#include "num/expo.h"
#include "solve/equilibrium.h"
#include "solve/frozen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PURE_PASSES = 40, PASSES = 120, DRAWS = 48, DRAW_EDGES = 20000 };

#define TREMBLE_LOG    (-46.0) /* 1e-20: far below what a set may hold */
#define TREMBLE_SPREAD 18.4    /* eight orders of magnitude */

typedef struct completion {
  const dm_game *game;
  const double *cell, *p;
  dm_frozen frozen;
  double tolerance;
  bool *on;      /* [n_sets] reached by p */
  double *block; /* holds the next ones */
  double *play;  /* [n_slots] */
  double *size;  /* [n_slots] log of each tremble against the largest */
  double *log_p; /* [n_slots] */
  double *reach; /* [n_nodes] */
} completion;

/* Sets reached by p, chances of zero left out. */
static void find_on(completion *c)
{
  const dm_game *g = c->game;
  memset(c->reach, 0, g->n_nodes * sizeof *c->reach);
  c->reach[0] = 1.0;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    if (!(c->reach[n] > 0.0) || g->node_set[n] >= DM_NODE_END)
      continue;
    bool chance = g->node_set[n] == DM_NODE_CHANCE;
    if (!chance)
      c->on[g->node_set[n]] = true;
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      double p = chance ? c->cell[g->edge_slot[i]] : c->p[g->edge_slot[i]];
      if (chance ? p > 0.0 : p > DM_TREMBLE_MOST)
        c->reach[g->edge_child[i]] = 1.0;
    }
  }
}

/* Play of a set from p: what is below a tremble is none; uniform if that
 * leaves nothing. */
static void take_given(completion *c, uint32_t s)
{
  const dm_game *g = c->game;
  uint32_t begin = g->set_slot[s];
  uint32_t end = g->set_slot[s + 1];
  double sum = 0.0;
  for (uint32_t i = begin; i < end; i++) {
    c->play[i] = c->p[i] > DM_TREMBLE_MOST ? c->p[i] : 0.0;
    sum += c->play[i];
  }
  for (uint32_t i = begin; i < end; i++)
    c->play[i] = sum > 0.0 ? c->play[i] / sum : 1.0 / (double)(end - begin);
}

/* Log probabilities of `play` with trembles. */
static void add_trembles(completion *c)
{
  for (uint32_t i = 0; i < c->game->n_slots; i++)
    c->log_p[i] = c->play[i] > DM_TREMBLE_MOST ? dm_log(c->play[i])
                                               : TREMBLE_LOG + c->size[i];
}

/* The best option of a set, and the regret of its play. */
static uint32_t best_of(const completion *c, uint32_t s, double *regret)
{
  const double *q = dm_sweep_q(c->frozen.sweep);
  uint32_t begin = c->game->set_slot[s];
  uint32_t end = c->game->set_slot[s + 1];
  uint32_t best = begin;
  for (uint32_t i = begin; i < end; i++)
    best = q[i] > q[best] ? i : best;
  *regret = 0.0;
  for (uint32_t i = begin; i < end; i++)
    *regret += c->play[i] * (q[best] - q[i]);
  return best;
}

/* Moves the play of set s by `part` towards its option `best`. */
static void move_to(completion *c, uint32_t s, uint32_t best, double part)
{
  for (uint32_t i = c->game->set_slot[s]; i < c->game->set_slot[s + 1]; i++)
    c->play[i] *= 1.0 - part;
  c->play[best] += part;
}

/* Best replies off the path under the trembles at hand, into log_p. */
static void reply(completion *c)
{
  const dm_game *g = c->game;
  for (uint32_t s = 0; s < g->n_sets; s++)
    take_given(c, s);
  for (uint32_t pass = 0; pass < PASSES; pass++) {
    add_trembles(c);
    dm_sweep_run(c->frozen.sweep, c->log_p);
    double part =
        pass < PURE_PASSES ? 1.0 : 1.0 / (double)(pass - PURE_PASSES + 2);
    bool moved = false;
    for (uint32_t s = 0; s < g->n_sets; s++) {
      double regret = 0.0;
      if (c->on[s])
        continue;
      uint32_t best = best_of(c, s, &regret);
      if (regret <= 0.5 * c->tolerance)
        continue;
      move_to(c, s, best, part);
      moved = true;
    }
    if (!moved)
      return;
  }
  add_trembles(c);
}

/* Pattern 0: even trembles. */
static void draw_trembles(completion *c, uint32_t pattern)
{
  uint64_t key = dm_random_key("complete.tremble");
  for (uint32_t i = 0; i < c->game->n_slots; i++)
    c->size[i] = pattern == 0
                     ? 0.0
                     : -TREMBLE_SPREAD * dm_random_uniform(0, pattern, key, i);
}

/* Tries the patterns; log_p out. */
static dm_status choose(completion *c, double *log_p)
{
  const dm_game *g = c->game;
  size_t bytes = g->n_slots * sizeof *log_p;
  bool off = false;
  for (uint32_t s = 0; s < g->n_sets; s++)
    off = off || !c->on[s];
  uint32_t patterns = !off ? 1 : g->n_edges > DRAW_EDGES ? 1 : 1 + DRAWS;
  dm_standing best = DM_STANDING_NONE;
  for (uint32_t i = 0; i < patterns && best != DM_STANDING_CREDIBLE; i++) {
    dm_standing here = DM_STANDING_NONE;
    draw_trembles(c, i);
    reply(c);
    dm_status status = dm_equilibrium_stand(g, c->cell, c->log_p, &here);
    if (status != DM_OK)
      return status;
    if (here > best)
      memcpy(log_p, c->log_p, bytes);
    best = here > best ? here : best;
  }
  if (best != DM_STANDING_NONE)
    return DM_OK;
  draw_trembles(c, 0);
  for (uint32_t s = 0; s < g->n_sets; s++)
    take_given(c, s);
  add_trembles(c);
  memcpy(log_p, c->log_p, bytes);
  return DM_OK;
}

dm_status dm_equilibrium_complete(
    const dm_game *game, const double *cell, const double *p, double *log_p)
{
  completion c = {.game = game, .cell = cell, .p = p};
  dm_status status = dm_frozen_init(&c.frozen, game, cell);
  if (status != DM_OK)
    return status;
  status = DM_E_MEMORY;
  c.on = calloc((size_t)game->n_sets + 1, sizeof *c.on);
  c.block =
      calloc(3 * (size_t)game->n_slots + game->n_nodes + 1, sizeof *c.block);
  if (!c.on || !c.block)
    goto done;
  c.play = c.block;
  c.size = c.play + game->n_slots;
  c.log_p = c.size + game->n_slots;
  c.reach = c.log_p + game->n_slots;
  c.tolerance = fmax(1e-8 * dm_payoff_range(game, cell), 1e-12);
  find_on(&c);
  status = choose(&c, log_p);
done:
  dm_frozen_clear(&c.frozen);
  free(c.on);
  free(c.block);
  return status;
}
