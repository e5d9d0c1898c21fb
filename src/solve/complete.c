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
#include "solve/equilibrium.h"
#include "solve/frozen.h"
#include "solve/play.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PURE_PASSES = 40, PASSES = 120, DRAWS = 48, DRAW_EDGES = 20000 };

typedef struct completion {
  const dm_game *game;
  const double *cell, *p;
  dm_frozen frozen;
  dm_play play;
  bool *on; /* [n_sets] reached by p, then [n_nodes] likewise */
} completion;

/* Sets reached by p, chances of zero left out. */
static void find_on(completion *c)
{
  const dm_game *g = c->game;
  bool *reached = c->on + g->n_sets;
  reached[0] = true;
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    if (!reached[n] || g->node_set[n] >= DM_NODE_END)
      continue;
    bool chance = g->node_set[n] == DM_NODE_CHANCE;
    if (!chance)
      c->on[g->node_set[n]] = true;
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      double p = chance ? c->cell[g->edge_slot[i]] : c->p[g->edge_slot[i]];
      if (chance ? p > 0.0 : p > DM_TREMBLE_MOST)
        reached[g->edge_child[i]] = true;
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
  double *play = c->play.p;
  double sum = 0.0;
  for (uint32_t i = begin; i < end; i++) {
    play[i] = c->p[i] > DM_TREMBLE_MOST ? c->p[i] : 0.0;
    sum += play[i];
  }
  for (uint32_t i = begin; i < end; i++)
    play[i] = sum > 0.0 ? play[i] / sum : 1.0 / (double)(end - begin);
}

/* Best replies off the path under the trembles at hand, into play.log_p. */
static void reply(completion *c)
{
  const dm_game *g = c->game;
  for (uint32_t s = 0; s < g->n_sets; s++)
    take_given(c, s);
  for (uint32_t pass = 0; pass < PASSES; pass++) {
    dm_play_tremble(&c->play);
    dm_sweep_run(c->frozen.sweep, c->play.log_p);
    double part =
        pass < PURE_PASSES ? 1.0 : 1.0 / (double)(pass - PURE_PASSES + 2);
    bool moved = false;
    for (uint32_t s = 0; s < g->n_sets; s++) {
      double regret = 0.0;
      if (c->on[s])
        continue;
      uint32_t best = dm_play_best(&c->play, s, &regret);
      if (regret <= c->play.tolerance)
        continue;
      dm_play_move(&c->play, s, best, part);
      moved = true;
    }
    if (!moved)
      return;
  }
  dm_play_tremble(&c->play);
}

/* Tries the patterns; log_p out. */
static dm_status choose(completion *c, double *log_p)
{
  const dm_game *g = c->game;
  size_t bytes = g->n_slots * sizeof *log_p;
  bool off = false;
  for (uint32_t s = 0; s < g->n_sets; s++)
    off = off || !c->on[s];
  uint32_t patterns = !off || g->n_edges > DRAW_EDGES ? 1 : 1 + DRAWS;
  dm_standing best = DM_STANDING_NONE;
  for (uint32_t i = 0; i < patterns && best != DM_STANDING_CREDIBLE; i++) {
    dm_standing here = DM_STANDING_NONE;
    if (i > 0)
      dm_play_draw(&c->play, 0, i);
    reply(c);
    dm_status status = dm_equilibrium_stand(g, c->cell, c->play.log_p, &here);
    if (status != DM_OK)
      return status;
    if (here > best)
      memcpy(log_p, c->play.log_p, bytes);
    best = here > best ? here : best;
  }
  if (best != DM_STANDING_NONE)
    return DM_OK;
  dm_play_even(&c->play);
  for (uint32_t s = 0; s < g->n_sets; s++)
    take_given(c, s);
  dm_play_tremble(&c->play);
  memcpy(log_p, c->play.log_p, bytes);
  return DM_OK;
}

dm_status dm_equilibrium_complete(
    const dm_game *game, const double *cell, const double *p, double *log_p)
{
  completion c = {.game = game, .cell = cell, .p = p};
  dm_status status = dm_frozen_init(&c.frozen, game, cell);
  if (status != DM_OK)
    return status;
  status = dm_play_init(&c.play, game, c.frozen.sweep);
  if (status != DM_OK)
    goto done;
  status = DM_E_MEMORY;
  c.on = calloc((size_t)game->n_sets + game->n_nodes + 1, sizeof *c.on);
  if (!c.on)
    goto done;
  c.play.tolerance = fmax(0.5e-8 * dm_payoff_range(game, cell), 0.5e-12);
  find_on(&c);
  status = choose(&c, log_p);
done:
  dm_play_clear(&c.play);
  dm_frozen_clear(&c.frozen);
  free(c.on);
  return status;
}
