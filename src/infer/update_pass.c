/* infer/update_pass.c -- passes over the copy that watches.
 *
 * In:      a watch (update_watch.c), the base game's strategies.
 * Out:     the chance of the lines that count together with each ending, and of
 *          what is still to be reported from each node on.
 * Method:  a line is settled at the start of the period behind its last one, or
 *          at the ending if the game is over before.  There the mark says
 *          whether the event came about, and the node's weight is multiplied by
 *          if_so or if_not.  So a subset of the lines is a table of weights, and
 *          one pass over the edges; nothing is expanded again.
 *          forward   mass(n) = weight(n) x sum over edges into n of mass x p
 *          backward  rest(n) = sum over edges of p x weight(child) rest(child)
 * Numerics: every node has an exponent of its own (dm_far), so that neither a
 *          long log nor an unlikely move underflows; no logarithm is taken
 *          inside a pass.
 * Cost:    a multiplication and an addition an edge and pass. */
#include "infer/update_parts.h"

#include "base/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- far numbers ---------------------------------------------------------------- */

enum { BLOCK = 256 };

static dm_far settle(double m, int32_t e)
{
  if (m == 0)
    return (dm_far){0, 0};
  while (m < 0x1p-256) {
    m *= 0x1p256;
    e--;
  }
  while (m >= 0x1p256) {
    m *= 0x1p-256;
    e++;
  }
  return (dm_far){m, e};
}

dm_far dm_far_of(double x)
{
  return settle(x, 0);
}

dm_far dm_far_exp(double log_x)
{
  const double block = BLOCK * 0.69314718055994530942;
  if (log_x == -(double)INFINITY)
    return (dm_far){0, 0};
  if (log_x > -600)
    return settle(exp(log_x), 0);
  double e = floor(log_x / block);
  if (e < -1e9)
    return (dm_far){0, 0};
  return settle(exp(log_x - e * block), (int32_t)e);
}

dm_far dm_far_mul(dm_far a, dm_far b)
{
  return settle(a.m * b.m, a.e + b.e);
}

dm_far dm_far_add(dm_far a, dm_far b)
{
  if (a.m == 0 || b.m == 0)
    return a.m == 0 ? b : a;
  if (a.e == b.e)
    return settle(a.m + b.m, a.e);
  dm_far high = a.e > b.e ? a : b, low = a.e > b.e ? b : a;
  return settle(high.m + dm_far_scaled(low, high.e), high.e);
}

double dm_far_scaled(dm_far x, int32_t e)
{
  int64_t gap = (int64_t)x.e - e;
  if (x.m == 0 || gap == 0)
    return x.m;
  return gap < -8 ? 0 : ldexp(x.m, (int)(gap > 8 ? 8 : gap) * BLOCK);
}

double dm_far_log(dm_far x)
{
  if (x.m == 0)
    return -(double)INFINITY;
  return log(x.m) + (double)x.e * (BLOCK * 0.69314718055994530942);
}

/* ---- facts ------------------------------------------------------------------------ */

typedef struct dm_facts {
  dm_updating *u;
  dm_side *side;
  dm_table index;
  int32_t *v;     /* [n_vars] */
  uint8_t *key;   /* n_lines + 4 */
  uint32_t *line; /* [n_lines] */
  uint8_t *so;    /* [n_lines] */
} dm_facts;

/* Files lines `line` with their truths `so`; the index of the fact. */
static uint32_t file_fact(dm_facts *f, uint32_t n)
{
  dm_arena *arena = &f->u->job.scratch;
  uint32_t most = f->u->evidence->line.n;
  memset(f->key, 2, (size_t)most + 1);
  for (uint32_t i = 0; i < n; i++)
    f->key[f->line[i]] = f->so[i];
  bool fresh;
  uint32_t id = dm_table_intern(
      &f->index, (const char *)f->key, (size_t)most + 1, &fresh);
  if (!fresh)
    return id;
  uint32_t *line = dm_arena_array(arena, (size_t)n + 1, sizeof *line);
  uint8_t *so = dm_arena_array(arena, (size_t)n + 1, sizeof *so);
  memcpy(line, f->line, n * sizeof *line);
  memcpy(so, f->so, n * sizeof *so);
  dm_fact fact = {n, line, so};
  DM_PUSH(arena, &f->side->facts, fact);
  return id;
}

static bool came_about(
    const dm_side *side, uint32_t i, const int32_t *v, uint32_t ending,
    uint32_t t)
{
  const dm_evidence_line *line = &side->watch.line[i];
  if (line->event.kind == DM_EVENT_OUTCOME)
    return ending == line->event.outcome && line->first <= t && t <= line->last;
  return v[side->watch.mark[i]] == 1;
}

/* Starts of period t + 1 settle the lines that end with t. */
static void facts_of_starts(dm_facts *f)
{
  dm_side *side = f->side;
  const dm_expansion *e = side->e;
  uint32_t periods = side->core->n_periods;
  for (uint32_t t = 1; t < periods; t++) {
    uint32_t n = 0, layer = e->period_layer[t + 1];
    for (uint32_t i = 0; i < f->u->evidence->line.n; i++)
      if (side->watch.wanted[i] && side->watch.line[i].last == t)
        f->line[n++] = i;
    if (n == 0)
      continue;
    for (dm_node_id k = e->game.layer_node[layer];
         k < e->game.layer_node[layer + 1]; k++) {
      dm_expansion_decode(side->core, e, k, f->v);
      for (uint32_t i = 0; i < n; i++)
        f->so[i] = came_about(side, f->line[i], f->v, DM_NONE, 0);
      side->fact[k] = file_fact(f, n);
    }
  }
}

/* Endings settle what no start of a period has settled before. */
static void facts_of_endings(dm_facts *f)
{
  dm_side *side = f->side;
  const dm_expansion *e = side->e;
  for (dm_node_id k = 0; k < e->game.n_nodes; k++) {
    if (e->game.node_set[k] < DM_NODE_END)
      continue;
    uint32_t end = e->game.node_set[k] - DM_NODE_END;
    uint32_t t = e->end_period[end] ? e->end_period[end] : 1, n = 0;
    dm_expansion_decode(side->core, e, k, f->v);
    for (uint32_t i = 0; i < f->u->evidence->line.n; i++) {
      if (!side->watch.wanted[i] || side->watch.line[i].last < t)
        continue;
      f->so[n] = came_about(side, i, f->v, e->end_outcome[end], t);
      f->line[n++] = i;
    }
    if (n > 0)
      side->fact[k] = file_fact(f, n);
  }
}

static void find_facts(dm_updating *u)
{
  dm_side *side = u->side;
  dm_arena *arena = &u->job.scratch;
  size_t lines = (size_t)u->evidence->line.n + 1;
  dm_facts f = {.u = u, .side = side};
  dm_table_init(&f.index, arena, 0);
  f.v = dm_arena_array(arena, side->core->var.n, sizeof *f.v);
  f.key = dm_arena_array(arena, lines, 1);
  f.line = dm_arena_array(arena, lines, sizeof *f.line);
  f.so = dm_arena_array(arena, lines, 1);
  uint32_t nodes = side->e->game.n_nodes;
  side->fact = dm_arena_array(arena, nodes, sizeof *side->fact);
  for (uint32_t k = 0; k < nodes; k++)
    side->fact[k] = DM_NONE;
  facts_of_starts(&f);
  facts_of_endings(&f);
  side->weight =
      dm_arena_array(arena, (size_t)side->facts.n + 1, sizeof *side->weight);
}

/* ---- opening -------------------------------------------------------------------------- */

static bool match_sets(dm_updating *u)
{
  dm_side *side = u->side;
  const dm_expansion *base = u->job.solved->expansion;
  const dm_game *game = &side->e->game;
  side->match =
      dm_arena_array(&u->job.scratch, game->n_sets, sizeof *side->match);
  for (dm_set_id s = 0; s < game->n_sets; s++) {
    dm_set_id b = dm_expansion_match(side->e, s, base);
    if (b == DM_NONE || base->game.set_slot[b + 1] - base->game.set_slot[b] !=
                            game->set_slot[s + 1] - game->set_slot[s])
      return false;
    side->match[s] = b;
  }
  return true;
}

void dm_side_strategies(dm_updating *u, const double *log_p)
{
  dm_side *side = u->side;
  const dm_game *game = &side->e->game;
  const dm_game *base = &u->job.solved->expansion->game;
  dm_far *slot = dm_arena_resize(
      &u->job.scratch, NULL, (game->n_slots + (size_t)1) * sizeof *slot);
  for (dm_set_id s = 0; s < game->n_sets; s++) {
    const double *from = log_p + base->set_slot[side->match[s]];
    for (uint32_t k = game->set_slot[s]; k < game->set_slot[s + 1]; k++)
      slot[k] = dm_far_exp(from[k - game->set_slot[s]]);
  }
  for (dm_node_id n = 0; n < game->n_nodes; n++) {
    bool chance = game->node_set[n] == DM_NODE_CHANCE;
    for (uint32_t e = game->node_edge[n]; e < game->node_edge[n + 1]; e++)
      side->p[e] = chance ? dm_far_of(side->cell[game->edge_slot[e]])
                          : slot[game->edge_slot[e]];
  }
  dm_arena_release(&u->job.scratch, slot);
}

static void too_large(dm_updating *u)
{
  dm_diags_add(
      u->job.diags, DM_ERROR, "E081", "too large", (dm_span){0}, 0,
      "with what the lines of evidence ask to be remembered, the scenario has "
      "too many situations",
      "leave lines away, give `about` dates more closely, or allow more "
      "situations");
}

static void *big(dm_arena *arena, size_t n, size_t size)
{
  return dm_arena_array(arena, n + 1, size);
}

dm_status dm_side_open(dm_updating *u, const dm_watch *watch, bool tell)
{
  dm_arena *arena = &u->job.scratch;
  dm_side *side = dm_arena_alloc(arena, sizeof *side);
  u->side = side;
  side->base_core = u->job.core;
  side->watch = *watch;
  side->watch.mark = dm_arena_array(
      arena, (size_t)u->evidence->line.n + 1, sizeof *side->watch.mark);
  side->core = dm_watch_core(u->job.core, &side->watch, arena);
  dm_expand_options expand = dm_expand_defaults();
  expand.skip_findings = true;
  dm_status status = dm_infer_expand(
      side->core, u->job.solved->param, u->job.options, &expand, &side->e);
  if (status == DM_E_LIMIT && tell)
    too_large(u);
  if (status != DM_OK)
    return status;
  const dm_game *game = &side->e->game;
  side->p = big(arena, game->n_edges, sizeof *side->p);
  side->cell = big(arena, game->n_cells, sizeof *side->cell);
  side->mass = big(arena, game->n_nodes, sizeof *side->mass);
  side->rest = big(arena, game->n_nodes, sizeof *side->rest);
  dm_cells_run(game, u->job.solved->param, side->cell);
  /* Marks stand in nobody's key, so every set has its fellow. */
  if (!match_sets(u))
    return DM_E_RANGE;
  dm_side_strategies(u, u->job.solved->log_p);
  find_facts(u);
  return DM_OK;
}

void dm_side_close(dm_updating *u)
{
  if (u->side)
    dm_expansion_free(u->side->e);
  u->side = NULL;
}

/* ---- passes ------------------------------------------------------------------------------ */

void dm_side_weigh(dm_updating *u, const bool *counts)
{
  dm_side *side = u->side;
  for (uint32_t f = 0; f < side->facts.n; f++) {
    const dm_fact *fact = &side->facts.at[f];
    dm_far w = {1, 0};
    for (uint32_t i = 0; i < fact->n; i++) {
      const dm_evidence_line *line = &side->watch.line[fact->line[i]];
      if (counts[fact->line[i]])
        w = dm_far_mul(w, dm_far_of(fact->so[i] ? line->if_so : line->if_not));
    }
    side->weight[f] = w;
  }
}

/* Adds x p to *to: dm_far_add for the case at hand most often. */
static void add_product(dm_far *to, dm_far x, dm_far p)
{
  double m = x.m * p.m;
  int32_t e = x.e + p.e;
  if (m == 0)
    return;
  if (to->m != 0 && to->e == e && m > 0x1p-256)
    to->m += m;
  else
    *to = dm_far_add(*to, settle(m, e));
}

void dm_side_forward(dm_updating *u, dm_far *by)
{
  dm_side *side = u->side;
  const dm_game *game = &side->e->game;
  size_t periods = side->core->n_periods;
  memset(by, 0, side->core->outcome.n * periods * sizeof *by);
  memset(side->mass, 0, game->n_nodes * sizeof *side->mass);
  side->mass[0] = (dm_far){1, 0};
  for (dm_node_id n = 0; n < game->n_nodes; n++) {
    dm_far x = side->mass[n];
    if (x.m == 0)
      continue;
    if (side->fact[n] != DM_NONE)
      side->mass[n] = x = dm_far_mul(x, side->weight[side->fact[n]]);
    if (game->node_set[n] >= DM_NODE_END) {
      uint32_t end = game->node_set[n] - DM_NODE_END;
      uint32_t t = side->e->end_period[end];
      dm_far *to =
          &by[side->e->end_outcome[end] * periods + (t > 0 ? t - 1 : 0)];
      *to = dm_far_add(*to, x);
      continue;
    }
    for (uint32_t e = game->node_edge[n]; e < game->node_edge[n + 1]; e++)
      add_product(&side->mass[game->edge_child[e]], x, side->p[e]);
  }
}

void dm_side_backward(dm_updating *u, uint32_t outcome)
{
  dm_side *side = u->side;
  const dm_game *game = &side->e->game;
  for (dm_node_id n = game->n_nodes; n-- > 0;) {
    dm_far sum = {0, 0};
    if (game->node_set[n] >= DM_NODE_END) {
      uint32_t end = game->node_set[n] - DM_NODE_END;
      bool here = outcome == DM_NONE || side->e->end_outcome[end] == outcome;
      sum = (dm_far){here ? 1 : 0, 0};
    }
    for (uint32_t e = game->node_edge[n]; e < game->node_edge[n + 1]; e++) {
      dm_node_id c = game->edge_child[e];
      dm_far x = side->rest[c];
      if (side->fact[c] != DM_NONE)
        x = dm_far_mul(x, side->weight[side->fact[c]]);
      add_product(&sum, x, side->p[e]);
    }
    side->rest[n] = sum;
  }
}

uint32_t dm_side_end_layer(const dm_side *side, uint32_t t)
{
  return t < side->core->n_periods ? side->e->period_layer[t + 1]
                                   : side->e->final_layer;
}
