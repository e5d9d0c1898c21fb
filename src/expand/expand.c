/* expand/expand.c -- entry: sets a walk up, runs it, and lays its results down;
 * decoding and matching of what it made. */
#include "expand/walk.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_SITUATIONS = 5000000 };

dm_expand_options dm_expand_defaults(void)
{
  dm_expand_options options = {0};
  options.max_situations = DEFAULT_SITUATIONS;
  return options;
}

/* ---- set-up -------------------------------------------------------------- */

static void set_sizes(dm_walk *w)
{
  const dm_core *core = w->core;
  w->n_vars = core->var.n;
  w->n_sets_words = core->var.n / 64 + 1;
  w->n_steps = core->step.n;
  w->n_places = core->step.n + 1 + core->outcome.n;
  w->final_step = core->step.n;
  for (uint32_t s = 0; s < core->step.n; s++)
    if (core->step.at[s].kind == DM_STEP_ENDINGS)
      w->final_step = s;
  uint64_t positions = (uint64_t)core->n_periods * w->n_places + 1;
  if (core->n_periods == 0 || core->n_periods >= UINT16_MAX ||
      core->step.n == 0 || core->step.n >= UINT16_MAX ||
      positions >= UINT32_MAX / 2)
    dm_arena_throw(&w->work, DM_E_RANGE);
  w->n_positions = (uint32_t)positions;
}

/* The core is checked above this module; what would overrun memory here is
 * checked again. */
static void check_core(dm_walk *w)
{
  const dm_core *core = w->core;
  bool fits = core->otherwise < core->outcome.n;
  for (uint32_t i = 0; fits && i < core->var.n; i++) {
    const dm_core_var *var = &core->var.at[i];
    int64_t end = (int64_t)var->lo + (int64_t)var->size;
    fits = var->size == 0 ||
           (var->start >= var->lo && var->start < end && end <= INT32_MAX);
  }
  for (uint32_t i = 0; fits && i < core->choice.n; i++) {
    const dm_core_choice *c = &core->choice.at[i];
    const dm_core_var *var = &core->var.at[c->pick];
    fits = var->lo <= 0 &&
           (int64_t)var->lo + (int64_t)var->size > (int64_t)c->n_options;
  }
  for (uint32_t i = 0; fits && i < core->latch.n + core->watch.n; i++) {
    uint32_t at = i < core->latch.n ? core->latch.at[i].var
                                    : core->watch.at[i - core->latch.n].var;
    const dm_core_var *var = &core->var.at[at];
    fits = var->lo <= 0 && (int64_t)var->lo + (int64_t)var->size > 1;
  }
  if (!fits)
    dm_arena_throw(&w->work, DM_E_RANGE);
}

static void make_pasts(dm_walk *w)
{
  const dm_core *core = w->core;
  dm_expansion_held *held = w->held;
  held->past = dm_arena_array(w->perm, core->recall.n, sizeof *held->past);
  for (uint32_t i = 0; i < core->recall.n; i++) {
    uint32_t p = 0;
    while (p < held->n_pasts && held->past[p].var != core->recall.at[i].var)
      p++;
    if (p < held->n_pasts)
      continue;
    held->past[p].var = core->recall.at[i].var;
    dm_table_init(&held->past[p].table, w->perm, 0);
    held->n_pasts++;
  }
  held->decide_key =
      dm_arena_array(w->perm, (size_t)core->decide.n + 1, sizeof(uint32_t));
  uint32_t n = 0;
  for (uint32_t i = 0; i < core->decide.n; i++) {
    held->decide_key[i] = n;
    n += core->decide.at[i].n_keys;
  }
  held->decide_key[core->decide.n] = n;
  held->key_past = dm_arena_array(w->perm, n, sizeof(uint32_t));
  for (uint32_t i = 0; i < core->decide.n; i++) {
    const dm_core_decide *d = &core->decide.at[i];
    for (uint32_t k = 0; k < d->n_keys; k++) {
      const dm_core_expr *x =
          &core->expr.at[core->key.at[d->first_key + k].expr];
      uint32_t p = held->n_pasts;
      if (x->op == DM_X_VAR)
        for (p = 0; p < held->n_pasts && held->past[p].var != x->a; p++)
          ;
      held->key_past[held->decide_key[i] + k] = p < held->n_pasts ? p : DM_NONE;
    }
  }
}

static void make_scratch(dm_walk *w)
{
  const dm_core *core = w->core;
  uint32_t options = 1, keys = 0;
  for (uint32_t i = 0; i < core->choice.n; i++)
    if (core->choice.at[i].n_options > options)
      options = core->choice.at[i].n_options;
  for (uint32_t i = 0; i < core->decide.n; i++)
    if (core->decide.at[i].n_keys > keys)
      keys = core->decide.at[i].n_keys;
  for (uint32_t i = 0; i < core->recall.n; i++)
    if (core->recall.at[i].n_keys > keys)
      keys = core->recall.at[i].n_keys;
  dm_arena *a = &w->work;
  w->offer = dm_arena_array(a, options, sizeof *w->offer);
  w->open_offer = dm_arena_array(a, options, sizeof *w->open_offer);
  w->chosen = dm_arena_array(a, (size_t)core->latch.n + 1, sizeof(uint32_t));
  w->row_key = dm_arena_array(a, (size_t)keys + 2, sizeof(uint32_t));
  w->key_item = dm_arena_array(a, (size_t)keys + 1, sizeof(int32_t));
  w->v = dm_arena_array(a, w->n_vars, sizeof *w->v);
  w->v_next = dm_arena_array(a, w->n_vars, sizeof *w->v);
  w->v_old = dm_arena_array(a, w->n_vars, sizeof *w->v);
  w->key = dm_arena_array(a, w->n_words, sizeof *w->key);
  dm_table_init(&w->found, a, 4 * sizeof(uint32_t));
  dm_table_init(&w->sets, a, 0);
}

static void set_up(dm_walk *w, const double *param)
{
  const dm_core *core = w->core;
  dm_arena *a = &w->work;
  set_sizes(w);
  check_core(w);
  double *value = dm_arena_array(a, core->param.n, sizeof *value);
  for (uint32_t i = 0; i < core->param.n; i++)
    value[i] = param ? param[i] : core->param.at[i].base;
  w->param = value;
  w->field = dm_arena_array(a, w->n_vars, sizeof *w->field);
  dm_plan_layout(core, w->field, &w->n_words);
  w->start = dm_arena_array(a, w->n_vars, sizeof *w->start);
  for (uint32_t i = 0; i < w->n_vars; i++)
    w->start[i] = core->var.at[i].start;
  w->plan = dm_arena_array(a, w->n_positions, sizeof *w->plan);
  w->layer = dm_arena_array(a, w->n_positions, sizeof *w->layer);
  dm_code_init(w);
  dm_plan_all(w);
}

static void set_up_walk(dm_walk *w)
{
  const dm_core *core = w->core;
  dm_expansion *out = w->out;
  make_scratch(w);
  dm_rows_init(w);
  dm_step_init(w);
  make_pasts(w);
  out->n_words = w->n_words;
  out->period_layer =
      dm_arena_array(w->perm, (size_t)core->n_periods + 1, sizeof(uint32_t));
  out->start_node =
      dm_arena_array(w->perm, (size_t)core->n_periods + 2, sizeof(uint32_t));
}

/* ---- what stays ---------------------------------------------------------- */

/* A list leaves its arena with no room to spare; *bytes counts it. */
static void *take(dm_walk *w, void *at, uint32_t n, size_t size, size_t *bytes)
{
  at = dm_arena_resize(&w->work, at, (size_t)n * size);
  *bytes += (size_t)n * size;
  return at;
}

#define TAKE(w, v, bytes)                                                      \
  ((v).at = take((w), (v).at, (v).n, sizeof *(v).at, (bytes)))
#define TRIM(w, v)                                                             \
  ((v).at = dm_arena_resize((w)->perm, (v).at, (v).n * sizeof *(v).at))

static uint32_t *row_cells(dm_walk *w, size_t *bytes)
{
  uint32_t n = w->core->actor.n;
  size_t len = w->rows.key_len;
  uint32_t *cell = take(w, NULL, w->rows.n * n, sizeof *cell, bytes);
  for (uint32_t i = 0; n && i < w->rows.n; i++)
    memcpy(cell + (size_t)i * n, w->rows.key + i * len, n * sizeof *cell);
  return cell;
}

/* Shrinks what the walk has grown, while the arena can still refuse. */
static void settle_game(dm_walk *w, dm_game *g)
{
  dm_arena_release(&w->work, w->final_id);
  w->final_id = NULL;
  dm_table_clear(&w->row_ends);
  uint32_t *row_cell = row_cells(w, &g->bytes);
  double *base = take(w, NULL, w->core->param.n, sizeof *base, &g->bytes);
  memcpy(base, w->param, w->core->param.n * sizeof *base);
  DM_PUSH(&w->work, &w->layer_node, w->n_done);
  DM_PUSH(&w->work, &w->node_edge, w->edge_child.n);
  DM_PUSH(&w->work, &w->set_slot, w->slot_option.n);
  TAKE(w, w->layer_node, &g->bytes);
  TAKE(w, w->node_edge, &g->bytes);
  TAKE(w, w->node_set, &g->bytes);
  TAKE(w, w->edge_child, &g->bytes);
  TAKE(w, w->edge_slot, &g->bytes);
  TAKE(w, w->edge_row, &g->bytes);
  TAKE(w, w->set_slot, &g->bytes);
  TAKE(w, w->set_player, &g->bytes);
  TAKE(w, w->set_sharp, &g->bytes);
  TAKE(w, w->set_layer, &g->bytes);
  TAKE(w, w->cells.cell, &g->bytes);
  g->row_cell = row_cell;
  g->param_base = base;
}

/* Hands the arrays over; cannot fail. */
static void give_game(dm_walk *w, dm_game *g)
{
  dm_arena *a = &w->work;
  g->n_players = w->core->actor.n;
  g->n_layers = w->layer_node.n - 1;
  g->n_nodes = w->n_done;
  g->n_edges = w->edge_child.n;
  g->n_sets = w->set_player.n;
  g->n_slots = w->out->game.n_slots;
  g->n_cells = w->cells.cell.n;
  g->n_rows = w->rows.n;
  g->n_params = w->core->param.n;
  g->layer_node = dm_arena_detach(a, w->layer_node.at);
  g->node_edge = dm_arena_detach(a, w->node_edge.at);
  g->node_set = dm_arena_detach(a, w->node_set.at);
  g->edge_child = dm_arena_detach(a, w->edge_child.at);
  g->edge_slot = dm_arena_detach(a, w->edge_slot.at);
  g->edge_row = dm_arena_detach(a, w->edge_row.at);
  g->set_slot = dm_arena_detach(a, w->set_slot.at);
  g->set_player = dm_arena_detach(a, w->set_player.at);
  g->set_sharp = dm_arena_detach(a, w->set_sharp.at);
  g->set_layer = dm_arena_detach(a, w->set_layer.at);
  g->cell = dm_arena_detach(a, w->cells.cell.at);
  g->row_cell = dm_arena_detach(a, g->row_cell);
  g->param_base = dm_arena_detach(a, g->param_base);
}

static uint32_t set_hash(
    const dm_expansion *e, uint32_t s, uint32_t n_keys, const int32_t *value)
{
  uint32_t head[2] = {e->set_decide[s], e->set_period[s]};
  uint64_t h = dm_hash(head, sizeof head);
  return (uint32_t)(h ^ dm_hash(value, n_keys * sizeof *value) * 31);
}

static uint32_t keys_of(const dm_expansion_held *held, uint32_t decide)
{
  return held->decide_key[decide + 1] - held->decide_key[decide];
}

static void index_sets(dm_walk *w, uint32_t n_sets)
{
  dm_expansion_held *held = w->held;
  const dm_expansion *e = w->out;
  uint32_t cap = 4;
  while (cap < 2 * (uint64_t)n_sets)
    cap *= 2;
  held->set_index = dm_arena_resize(w->perm, NULL, cap * sizeof(uint32_t));
  held->set_cap = cap;
  memset(held->set_index, 0, cap * sizeof(uint32_t));
  for (uint32_t s = 0; s < n_sets; s++) {
    uint32_t at = set_hash(
                      e, s, keys_of(held, e->set_decide[s]),
                      e->key_value + e->set_key[s]) &
                  (cap - 1);
    while (held->set_index[at])
      at = (at + 1) & (cap - 1);
    held->set_index[at] = s + 1;
  }
}

static void settle_decoding(dm_walk *w)
{
  dm_expansion *e = w->out;
  w->node_state = dm_walk_grow(
      w, w->perm, w->node_state,
      (size_t)w->n_done * w->n_words * sizeof *w->node_state);
  e->node_state = w->node_state;
  e->layer_period = TRIM(w, w->layer_period);
  e->layer_step = TRIM(w, w->layer_step);
  e->layer_live = TRIM(w, w->layer_live);
  e->n_live_words = w->n_sets_words;
  e->end_outcome = TRIM(w, w->end_outcome);
  e->end_period = TRIM(w, w->end_period);
  e->set_period = TRIM(w, w->set_period);
  e->set_decide = TRIM(w, w->set_decide);
  e->set_key = TRIM(w, w->set_key);
  e->key_value = TRIM(w, w->key_value);
  e->slot_option = TRIM(w, w->slot_option);
  for (uint32_t t = 1; t <= w->core->n_periods; t++)
    e->start_node[t] = w->layer_node.at[e->period_layer[t]];
  e->start_node[w->core->n_periods + 1] = w->n_done;
  index_sets(w, w->set_player.n);
}

static void lay_down(dm_walk *w)
{
  for (uint32_t i = 0; i < w->edge_child.n; i++)
    w->edge_child.at[i] = w->final_id[w->edge_child.at[i]];
  dm_game g = {0};
  g.n_ends = w->end_outcome.n;
  g.n_slots = w->slot_option.n;
  settle_game(w, &g);
  settle_decoding(w);
  w->out->game = g;
  give_game(w, &w->out->game);
}

/* After a limit or an error in the model: the sizes and findings alone. */
static void drop_game(dm_walk *w)
{
  dm_arena *a = w->perm;
  dm_arena_release(a, w->node_state);
  dm_arena_release(a, w->layer_period.at);
  dm_arena_release(a, w->layer_step.at);
  dm_arena_release(a, w->layer_live.at);
  dm_arena_release(a, w->end_outcome.at);
  dm_arena_release(a, w->end_period.at);
  dm_arena_release(a, w->set_period.at);
  dm_arena_release(a, w->set_decide.at);
  dm_arena_release(a, w->set_key.at);
  dm_arena_release(a, w->key_value.at);
  dm_arena_release(a, w->slot_option.at);
  for (uint32_t i = 0; i < w->held->n_pasts; i++)
    dm_table_clear(&w->held->past[i].table);
  dm_arena_release(a, w->held->set_index);
  w->held->set_cap = 0;
}

/* ---- entry --------------------------------------------------------------- */

static dm_status walk_in(dm_walk *w, const double *param)
{
  dm_status why = (dm_status)setjmp(w->work.jump);
  if (why != DM_OK)
    return why;
  why = (dm_status)setjmp(w->perm->jump);
  if (why != DM_OK)
    return why;
  w->out->size = dm_arena_array(
      w->perm, (size_t)w->core->n_periods + 1, sizeof *w->out->size);
  set_up(w, param);
  set_up_walk(w);
  dm_walk_run(w);
  if (!w->options.count_only)
    lay_down(w);
  return DM_OK;
}

dm_status dm_expand(
    const dm_core *core, const double *param, const dm_expand_options *options,
    dm_expansion **out)
{
  *out = NULL;
  dm_expansion_held *held = calloc(1, sizeof *held);
  dm_walk *w = calloc(1, sizeof *w);
  if (!held || !w) {
    free(held);
    free(w);
    return DM_E_MEMORY;
  }
  w->core = core;
  w->held = held;
  w->out = &held->pub;
  w->perm = &held->pub.arena;
  w->options = options ? *options : dm_expand_defaults();
  if (w->options.max_situations == 0)
    w->options.max_situations = DEFAULT_SITUATIONS;
  size_t limit =
      w->options.max_bytes > SIZE_MAX ? SIZE_MAX : (size_t)w->options.max_bytes;
  dm_arena_init(w->perm, limit);
  dm_arena_init(&w->work, limit);
  dm_status status = walk_in(w, param);
  if (status != DM_OK || w->options.count_only)
    drop_game(w);
  w->perm->limit = 0;
  dm_arena_clear(&w->work);
  free(w);
  if (status == DM_OK || status == DM_E_LIMIT || status == DM_E_INPUT)
    *out = &held->pub;
  else
    dm_expansion_free(&held->pub);
  return status;
}

void dm_expansion_free(dm_expansion *expansion)
{
  if (!expansion)
    return;
  dm_game_clear(&expansion->game);
  dm_arena_clear(&expansion->arena);
  free(expansion);
}

/* ---- bound --------------------------------------------------------------- */

static void mark_stmt_writes(const dm_core *core, uint64_t *written)
{
  for (uint32_t i = 0; i < core->stmt.n; i++)
    if (core->stmt.at[i].op == DM_DO_SET || core->stmt.at[i].op == DM_DO_ADD)
      written[core->stmt.at[i].target / 64] |= UINT64_C(1)
                                               << core->stmt.at[i].target % 64;
}

static void mark(uint64_t *written, uint32_t var)
{
  written[var / 64] |= UINT64_C(1) << var % 64;
}

/* Variables that anything writes at all. */
static uint64_t *written_vars(dm_walk *w)
{
  const dm_core *core = w->core;
  uint64_t *written =
      dm_arena_array(&w->work, w->n_sets_words, sizeof *written);
  mark_stmt_writes(core, written);
  for (uint32_t i = 0; i < core->choice.n; i++)
    mark(written, core->choice.at[i].pick);
  for (uint32_t i = 0; i < core->recall.n; i++)
    mark(written, core->recall.at[i].var);
  for (uint32_t i = 0; i < core->latch.n; i++)
    mark(written, core->latch.at[i].var);
  for (uint32_t i = 0; i < core->watch.n; i++)
    mark(written, core->watch.at[i].var);
  return written;
}

static double bound_in(dm_walk *w)
{
  if (setjmp(w->work.jump) != 0)
    return 0;
  set_up(w, NULL);
  const uint64_t *written = written_vars(w);
  double most = 1;
  for (uint32_t t = 1; t <= w->core->n_periods; t++) {
    const dm_plan *plan = &w->plan[dm_walk_position(w, t, 0)];
    double product = 1;
    for (uint32_t i = 0; i < w->n_vars; i++)
      if (dm_bit_get(plan->live, i) && dm_bit_get(written, i))
        product *= w->core->var.at[i].size ? (double)w->core->var.at[i].size
                                           : 4294967296.0;
    if (product > most && (t > 1 || w->core->n_periods == 1))
      most = product;
  }
  return most;
}

double dm_expand_bound(const dm_core *core)
{
  dm_walk *w = calloc(1, sizeof *w);
  if (!w)
    return 0;
  w->core = core;
  dm_arena_init(&w->work, 0);
  double bound = bound_in(w);
  dm_arena_clear(&w->work);
  free(w);
  return bound;
}

/* ---- decoding ------------------------------------------------------------ */

void dm_expansion_decode(
    const dm_core *core, const dm_expansion *expansion, dm_node_id n,
    int32_t *v)
{
  const uint64_t *state =
      expansion->node_state + (size_t)n * expansion->n_words;
  uint32_t word = 0, used = 0;
  for (uint32_t i = 0; i < core->var.n; i++) {
    const dm_core_var *var = &core->var.at[i];
    uint32_t bits = dm_plan_place(var, &word, &used);
    uint64_t mask = (UINT64_C(1) << bits) - 1;
    uint32_t offset =
        bits ? (uint32_t)(state[word] >> (used - bits) & mask) : 0;
    v[i] = (int32_t)(offset + (uint32_t)var->lo);
  }
}

/* The id in `to` of the record that `id` is in `from`; 0 stays 0 and
 * *known tells whether it was found. */
static uint32_t translate(
    const dm_past *from, const dm_past *to, uint32_t id, bool *known)
{
  uint32_t stack[64];
  uint32_t out = 0;
  /* Records are chains: the root's end is found first, 64 links a time. */
  uint32_t goal = 0;
  while (*known && goal != id) {
    uint32_t n = 0;
    for (uint32_t at = id; at != goal;) {
      stack[n++ % 64] = at;
      uint32_t head[2];
      memcpy(head, dm_table_key(&from->table, at - 1, NULL), sizeof head);
      at = head[1];
    }
    uint32_t most = n < 64 ? n : 64;
    for (uint32_t i = 0; *known && i < most; i++) {
      goal = stack[(n - 1 - i) % 64];
      size_t len;
      const void *key = dm_table_key(&from->table, goal - 1, &len);
      uint32_t copy[1026];
      if (len > sizeof copy) {
        *known = false;
        break;
      }
      memcpy(copy, key, len);
      copy[1] = out;
      uint32_t found = dm_table_find(&to->table, copy, len);
      *known = found != UINT32_MAX;
      out = found + 1;
    }
  }
  return out;
}

dm_set_id dm_expansion_match(
    const dm_expansion *expansion, dm_set_id s, const dm_expansion *other)
{
  enum { MOST = 1024 };
  const dm_expansion_held *a =
      (const dm_expansion_held *)(const void *)expansion;
  const dm_expansion_held *b = (const dm_expansion_held *)(const void *)other;
  uint32_t decide = expansion->set_decide[s];
  uint32_t n = keys_of(a, decide);
  const int32_t *value = expansion->key_value + expansion->set_key[s];
  int32_t key[MOST];
  if (n > MOST || b->set_cap == 0)
    return DM_NONE;
  bool known = true;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t p = a->key_past[a->decide_key[decide] + i];
    key[i] = p == DM_NONE
                 ? value[i]
                 : (int32_t)translate(
                       &a->past[p], &b->past[p], (uint32_t)value[i], &known);
  }
  uint32_t mask = b->set_cap - 1;
  uint32_t at = set_hash(expansion, s, n, key) & mask;
  for (; known && b->set_index[at]; at = (at + 1) & mask) {
    uint32_t r = b->set_index[at] - 1;
    if (other->set_decide[r] == decide &&
        other->set_period[r] == expansion->set_period[s] &&
        (n == 0 ||
         memcmp(key, other->key_value + other->set_key[r], n * sizeof *key) ==
             0))
      return r;
  }
  return DM_NONE;
}
