/* expand/walk.c -- from each situation to the next nodes.
 *
 * Positions are taken in order.  Whatever leads to a position lies before it,
 * so when its turn comes its situations are complete: their hash places are
 * given back, each is opened, its edges are written (nodes and edges thus come
 * out in their final order), and its packed states are moved to their final
 * place.  An edge names its child by order of creation until the end, when one
 * pass puts the final numbers in.
 *
 * From an edge the run goes on through all that is deterministic, gathering
 * payoffs, up to the next situation that is a node. */
#include "expand/walk.h"

#include <string.h>

typedef enum dm_went {
  WENT_ON,   /* one way; done */
  WENT_OUT,  /* one way; the game ended in w->ended */
  WENT_MANY, /* branches on w->branch from `first` */
  WENT_OFFER /* options in w->offer */
} dm_went;

uint32_t dm_walk_position(const dm_walk *w, uint32_t t, uint32_t s)
{
  return t == 0 ? 0 : 1 + (t - 1) * w->n_places + s;
}

/* All memory of the walk's size passes here: the two arenas share one limit. */
void *dm_walk_grow(dm_walk *w, dm_arena *arena, void *old, size_t size)
{
  uint64_t most = w->options.max_bytes;
  if (most) {
    size_t other = arena == w->perm ? w->work.bytes : w->perm->bytes;
    arena->limit = most > other ? (size_t)(most - other) : 1;
  }
  return dm_arena_resize(arena, old, size);
}

/* ---- layers -------------------------------------------------------------- */

static inline uint64_t hash_state(const uint64_t *x, uint32_t n)
{
  uint64_t h = UINT64_C(0x2545f4914f6cdd1d);
  for (uint32_t i = 0; i < n; i++) {
    h = (h ^ x[i]) * UINT64_C(0x9e3779b97f4a7c15);
    h ^= h >> 29;
  }
  h *= UINT64_C(0xbf58476d1ce4e5b9);
  return h ^ h >> 32;
}

static inline bool same_state(const uint64_t *a, const uint64_t *b, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++)
    if (a[i] != b[i])
      return false;
  return true;
}

static void pack(dm_walk *w, const dm_plan *plan, const int32_t *v)
{
  memcpy(w->key, plan->base, w->n_words * sizeof *w->key);
  for (uint32_t i = 0; i < plan->n_pack; i++) {
    uint32_t var = plan->pack[i];
    const dm_field *f = &w->field[var];
    uint32_t offset = (uint32_t)v[var] - (uint32_t)w->core->var.at[var].lo;
    w->key[f->word] |= (uint64_t)offset << f->shift;
  }
}

static void unpack(
    dm_walk *w, const dm_plan *plan, const uint64_t *state, int32_t *v)
{
  memcpy(v, w->start, w->n_vars * sizeof *v);
  for (uint32_t i = 0; i < plan->n_pack; i++) {
    uint32_t var = plan->pack[i];
    const dm_field *f = &w->field[var];
    uint64_t mask = (UINT64_C(1) << f->bits) - 1;
    uint32_t offset = (uint32_t)(state[f->word] >> f->shift & mask);
    v[var] = (int32_t)(offset + (uint32_t)w->core->var.at[var].lo);
  }
}

static void layer_rehash(dm_walk *w, dm_layer *l)
{
  uint32_t cap = l->slot_cap ? l->slot_cap * 2 : 16;
  if (cap > UINT32_MAX / 4)
    dm_arena_throw(&w->work, DM_E_LIMIT);
  dm_arena_release(&w->work, l->slot);
  l->slot = NULL;
  l->slot_cap = 0;
  l->slot = dm_walk_grow(w, &w->work, NULL, cap * sizeof *l->slot);
  l->slot_cap = cap;
  memset(l->slot, 0, cap * sizeof *l->slot);
  for (uint32_t i = 0; i < l->n; i++) {
    const uint64_t *state = l->state + (size_t)i * w->n_words;
    uint32_t at = (uint32_t)hash_state(state, w->n_words) & (cap - 1);
    while (l->slot[at])
      at = (at + 1) & (cap - 1);
    l->slot[at] = i + 1;
  }
}

/* The place of w->key in the layer; free if it is not there. */
static uint32_t layer_probe(dm_walk *w, dm_layer *l)
{
  uint32_t n = w->n_words, mask = l->slot_cap - 1;
  uint32_t at = (uint32_t)hash_state(w->key, n) & mask;
  while (l->slot[at] &&
         !same_state(l->state + (size_t)(l->slot[at] - 1) * n, w->key, n))
    at = (at + 1) & mask;
  return at;
}

static void tell(dm_walk *w, uint32_t t)
{
  if (!w->options.progress)
    return;
  dm_expand_progress now = {0};
  now.period = t;
  now.starts = w->out->size[t].starts;
  now.situations = w->n_made;
  now.bytes = w->work.bytes + w->perm->bytes;
  if (!w->options.progress(w->options.progress_data, &now))
    dm_arena_throw(&w->work, DM_E_INTERRUPT);
}

static uint32_t new_node(dm_walk *w, dm_layer *l, uint32_t t, bool start)
{
  if (w->n_made >= w->options.max_situations || w->n_made >= DM_NODE_CHANCE)
    dm_arena_throw(&w->work, DM_E_LIMIT);
  if (l->n == l->cap) {
    uint32_t cap = l->cap ? l->cap + l->cap / 2 : 8;
    l->state = dm_walk_grow(
        w, &w->work, l->state, (size_t)cap * w->n_words * sizeof *l->state);
    l->id = dm_walk_grow(w, &w->work, l->id, (size_t)cap * sizeof *l->id);
    l->cap = cap;
  }
  if (w->n_made == w->final_cap) {
    uint32_t cap = w->final_cap ? w->final_cap + w->final_cap / 2 : 256;
    w->final_id =
        dm_walk_grow(w, &w->work, w->final_id, (size_t)cap * sizeof(uint32_t));
    w->final_cap = cap;
  }
  memcpy(
      l->state + (size_t)l->n * w->n_words, w->key,
      w->n_words * sizeof *w->key);
  l->id[l->n++] = w->n_made;
  w->out->size[t].situations++;
  if (start) {
    w->out->size[t].starts++;
    w->out->n_starts++;
  }
  if (w->n_made % 4096 == 0)
    tell(w, t);
  return w->n_made++;
}

/* The node of situation v at a position, new if it was not there. */
static uint32_t intern(dm_walk *w, uint32_t t, uint32_t s, const int32_t *v)
{
  uint32_t pos = dm_walk_position(w, t, s);
  dm_layer *l = &w->layer[pos];
  if (l->n >= l->slot_cap / 2)
    layer_rehash(w, l);
  pack(w, &w->plan[pos], v);
  uint32_t at = layer_probe(w, l);
  if (l->slot[at])
    return l->id[l->slot[at] - 1];
  uint32_t id = new_node(w, l, t, t > 0 && s == 0);
  l->slot[at] = l->n;
  return id;
}

/* The node of situation v at a position, or DM_NONE. */
static uint32_t lookup(dm_walk *w, uint32_t pos, const int32_t *v)
{
  dm_layer *l = &w->layer[pos];
  if (l->n == 0)
    return DM_NONE;
  pack(w, &w->plan[pos], v);
  uint32_t at = layer_probe(w, l);
  return l->slot[at] ? l->id[l->slot[at] - 1] : DM_NONE;
}

/* ---- single steps -------------------------------------------------------- */

static uint8_t phase_of(const dm_walk *w, uint32_t t, uint32_t s)
{
  if (t == 0)
    return 0;
  return s < w->n_steps ? w->core->step.at[s].phase : 9;
}

/* Latches and watches, after a step from `old` to v. */
static void after_step(
    dm_walk *w, const dm_plan *plan, uint32_t t, const int32_t *old, int32_t *v)
{
  const dm_core *core = w->core;
  uint32_t n = 0;
  for (uint32_t i = 0; i < plan->n_latches; i++) {
    const dm_core_latch *latch = &core->latch.at[plan->latch[i]];
    if (v[latch->var] == 0 && dm_code_eval(w, latch->cond, v, t) != 0 &&
        !(latch->edge && dm_code_eval(w, latch->cond, old, t) != 0))
      w->chosen[n++] = latch->var;
  }
  for (uint32_t i = 0; i < n; i++)
    v[w->chosen[i]] = 1;
  for (uint32_t i = 0; i < plan->n_watches; i++) {
    const dm_core_watch *watch = &core->watch.at[plan->watch[i]];
    bool moved = v[watch->var] == 1;
    for (uint32_t k = 0; !moved && k < watch->n_exprs; k++) {
      dm_expr_id e = core->watch_expr.at[watch->first_expr + k];
      moved = dm_code_eval(w, e, v, t) != dm_code_eval(w, e, old, t);
    }
    if (moved)
      v[watch->var] = 1;
  }
}

static void keep_old(dm_walk *w, const dm_plan *plan, const int32_t *v)
{
  if (plan->needs_old)
    memcpy(w->v_old, v, w->n_vars * sizeof *v);
}

/* Puts a branch into effect on v; w->v_old holds the situation before. */
static dm_went apply(
    dm_walk *w, const dm_plan *plan, uint32_t t, const dm_branch *b, int32_t *v,
    dm_row_id *row)
{
  for (uint32_t i = 0; i < b->n; i++)
    v[w->change.at[b->first + i].var] = w->change.at[b->first + i].value;
  after_step(w, plan, t, w->v_old, v);
  *row = dm_rows_add(w, *row, b->row);
  w->ended = b->end;
  return b->end == DM_NONE ? WENT_ON : WENT_OUT;
}

/* A rules step, or the single statement of a decision.  v changes only if there
 * is one way; otherwise the branches stay on the list. */
static dm_went step_rules(
    dm_walk *w, const dm_plan *plan, uint32_t t, dm_stmt_id stmt, int32_t *v,
    dm_row_id *row)
{
  uint32_t branches = w->branch.n, changes = w->change.n;
  w->now_period = t;
  if (dm_step_run(w, plan, stmt, v, t) > 1)
    return WENT_MANY;
  dm_branch b = w->branch.at[branches];
  dm_went went = apply(w, plan, t, &b, v, row);
  w->branch.n = branches;
  w->change.n = changes;
  return went;
}

static bool is_open(
    dm_walk *w, const dm_core_decide *d, const int32_t *v, uint32_t t)
{
  const dm_core_choice *c = &w->core->choice.at[d->choice];
  if (d->open != DM_NONE && dm_code_eval(w, d->open, v, t) == 0)
    return false;
  w->n_offer = 0;
  for (uint32_t i = 0; i < c->n_options; i++) {
    dm_expr_id guard = w->core->option.at[c->first_option + i].guard;
    if (guard == DM_NONE || dm_code_eval(w, guard, v, t) != 0)
      w->offer[w->n_offer++] = i;
  }
  return w->n_offer > 0;
}

/* Picks an option: the pick, `after`, then latches and watches. */
static dm_went pick(
    dm_walk *w, const dm_plan *plan, uint32_t t, const dm_core_decide *d,
    uint32_t option, int32_t *v, dm_row_id *row)
{
  const dm_core_choice *c = &w->core->choice.at[d->choice];
  keep_old(w, plan, v);
  v[c->pick] = (int32_t)option + 1;
  if (d->after != DM_NONE) {
    dm_went went = step_rules(w, plan, t, d->after, v, row);
    if (went == WENT_MANY) /* no edge of a decision can branch */
      dm_arena_throw(&w->work, DM_E_RANGE);
    return went;
  }
  after_step(w, plan, t, w->v_old, v);
  return WENT_ON;
}

static dm_went step_decide(
    dm_walk *w, const dm_plan *plan, uint32_t t, uint32_t index, int32_t *v,
    dm_row_id *row)
{
  const dm_core_decide *d = &w->core->decide.at[index];
  if (is_open(w, d, v, t)) {
    if (w->n_offer > 1)
      return WENT_OFFER;
    return pick(w, plan, t, d, w->offer[0], v, row);
  }
  keep_old(w, plan, v);
  if (d->missed != DM_NONE)
    return step_rules(w, plan, t, d->missed, v, row);
  after_step(w, plan, t, w->v_old, v);
  return WENT_ON;
}

static int32_t key_item(
    dm_walk *w, const dm_core_key *key, const int32_t *v, uint32_t t)
{
  double x = dm_code_eval(w, key->expr, v, t);
  if (!(x >= -2147483648.0))
    return INT32_MIN;
  return x > 2147483647.0 ? INT32_MAX : (int32_t)x;
}

/* Perfect recall: the record so far and what is known now become one number. */
static void step_recall(
    dm_walk *w, const dm_plan *plan, uint32_t t, uint32_t index, int32_t *v)
{
  const dm_core *core = w->core;
  const dm_core_recall *r = &core->recall.at[index];
  keep_old(w, plan, v);
  if (dm_bit_get(plan->keep, r->var)) {
    uint32_t p = 0;
    while (w->held->past[p].var != r->var)
      p++;
    uint32_t *key = w->row_key;
    key[0] = index;
    key[1] = (uint32_t)v[r->var];
    for (uint32_t i = 0; i < r->n_keys; i++)
      key[2 + i] = (uint32_t)key_item(w, &core->key.at[r->first_key + i], v, t);
    uint32_t id = dm_table_intern(
        &w->held->past[p].table, key, (r->n_keys + 2) * sizeof *key, NULL);
    v[r->var] = (int32_t)(id + 1);
  }
  after_step(w, plan, t, w->v_old, v);
}

static dm_went step_endings(
    dm_walk *w, const dm_plan *plan, uint32_t t, uint32_t s, int32_t *v)
{
  const dm_core *core = w->core;
  w->ended = DM_NONE;
  if (s < w->n_steps)
    for (uint32_t i = 0; i < core->ending.n && w->ended == DM_NONE; i++)
      if (dm_code_eval(w, core->ending.at[i].cond, v, t) != 0)
        w->ended = core->ending.at[i].outcome;
  if (w->ended == DM_NONE && t == core->n_periods && s == w->final_step)
    w->ended = core->otherwise;
  keep_old(w, plan, v);
  after_step(w, plan, t, w->v_old, v);
  return w->ended == DM_NONE ? WENT_ON : WENT_OUT;
}

/* One step from v, in place if there is one way. */
static dm_went step_once(
    dm_walk *w, uint32_t t, uint32_t s, int32_t *v, dm_row_id *row)
{
  uint32_t pos = dm_walk_position(w, t, s);
  const dm_plan *plan = &w->plan[pos];
  w->now_pos = pos;
  if (s >= w->n_steps && t > 0)
    return step_endings(w, plan, t, s, v);
  dm_core_step root = {0};
  const dm_core_step *step = t ? &w->core->step.at[s] : &root;
  switch ((dm_step_kind)step->kind) {
  case DM_STEP_DECIDE:
    return step_decide(w, plan, t, step->first, v, row);
  case DM_STEP_RECALL:
    step_recall(w, plan, t, step->first, v);
    return WENT_ON;
  case DM_STEP_ENDINGS:
    return step_endings(w, plan, t, s, v);
  case DM_STEP_RULES:
    break;
  }
  if (plan->idle)
    return WENT_ON;
  keep_old(w, plan, v);
  return step_rules(w, plan, t, DM_NONE, v, row);
}

/* ---- along an edge ------------------------------------------------------- */

static uint32_t ending(
    dm_walk *w, uint32_t t, uint32_t s, const int32_t *v, dm_row_id *row)
{
  uint32_t outcome = w->ended;
  *row = dm_rows_add(w, *row, dm_rows_end(w, outcome, v, t, phase_of(w, t, s)));
  uint32_t period = t ? t : 1;
  if (outcome < 64) {
    uint32_t *first = &w->out->outcome_first[outcome];
    if (*first == 0 || period < *first)
      *first = period;
  }
  return intern(w, period, w->n_steps + 1 + outcome, v);
}

/* On from the situation behind step s of period t to the next node. */
static uint32_t follow(
    dm_walk *w, uint32_t t, uint32_t s, int32_t *v, dm_row_id *row)
{
  for (;;) {
    if (t == 0 || (s + 1 >= w->n_steps && t < w->core->n_periods)) {
      t++;
      s = 0;
    } else {
      s++;
    }
    const dm_plan *plan = &w->plan[dm_walk_position(w, t, s)];
    if (plan->forced)
      return intern(w, t, s, v);
    if (plan->draws) {
      /* Most edges lead to situations already met: cheaper to look than to run
       * a step that draws. */
      uint32_t id = lookup(w, dm_walk_position(w, t, s), v);
      if (id != DM_NONE)
        return id;
    }
    uint32_t branches = w->branch.n, changes = w->change.n;
    switch (step_once(w, t, s, v, row)) {
    case WENT_ON:
      break;
    case WENT_OUT:
      return ending(w, t, s, v, row);
    case WENT_MANY:
      w->branch.n = branches;
      w->change.n = changes;
      return intern(w, t, s, v);
    case WENT_OFFER:
      return intern(w, t, s, v);
    }
  }
}

/* The node that an applied step leads to. */
static uint32_t arrive(
    dm_walk *w, dm_went went, uint32_t t, uint32_t s, int32_t *v,
    dm_row_id *row)
{
  return went == WENT_OUT ? ending(w, t, s, v, row) : follow(w, t, s, v, row);
}

/* ---- opening a node ------------------------------------------------------ */

static void put_edge(
    dm_walk *w, uint32_t t, uint32_t child, uint32_t slot, dm_row_id row)
{
  w->n_edges++;
  w->out->size[t].edges++;
  if (w->options.count_only)
    return;
  if (w->edge_child.n == UINT32_MAX - 1)
    dm_arena_throw(&w->work, DM_E_LIMIT);
  DM_PUSH(&w->work, &w->edge_child, child);
  DM_PUSH(&w->work, &w->edge_slot, slot);
  DM_PUSH(&w->work, &w->edge_row, row);
}

static void put_node(dm_walk *w, uint32_t set)
{
  if (!w->options.count_only)
    DM_PUSH(&w->work, &w->node_set, set);
}

/* Edges of one chance node that agree in child and payoffs are one. */
static bool same_edge(const dm_walk *w, uint32_t i, uint32_t j)
{
  return w->fan.at[i].child == w->fan.at[j].child &&
         w->fan.at[i].row == w->fan.at[j].row;
}

static void open_chance(
    dm_walk *w, uint32_t t, uint32_t s, uint32_t first, const int32_t *v)
{
  const dm_plan *plan = &w->plan[dm_walk_position(w, t, s)];
  uint32_t n = w->branch.n - first, kept = 0;
  keep_old(w, plan, v);
  w->fan.n = 0;
  for (uint32_t i = 0; i < n; i++) {
    dm_branch b = w->branch.at[first + i];
    dm_fan fan = {0, 0, b.cell};
    memcpy(w->v_next, v, w->n_vars * sizeof *v);
    keep_old(w, plan, v);
    dm_went went = apply(w, plan, t, &b, w->v_next, &fan.row);
    fan.child = arrive(w, went, t, s, w->v_next, &fan.row);
    DM_PUSH(&w->work, &w->fan, fan);
  }
  dm_step_places(w, n);
  for (uint32_t i = 0; i < n; i++) {
    w->fan.at[kept] = w->fan.at[i];
    uint32_t hash =
        w->fan.at[i].child * UINT32_C(0x9e3779b1) + w->fan.at[i].row;
    uint32_t j = dm_step_find(w, kept, hash, same_edge);
    if (j == kept)
      kept++;
    else
      w->fan.at[j].cell =
          dm_rows_op(w, DM_CELL_ADD, w->fan.at[j].cell, w->fan.at[i].cell);
  }
  if (kept == 1)
    w->fan.at[0].cell = 1;
  put_node(w, DM_NODE_CHANCE);
  for (uint32_t i = 0; i < kept; i++)
    put_edge(w, t, w->fan.at[i].child, w->fan.at[i].cell, w->fan.at[i].row);
}

static dm_cell_id sharpness(dm_walk *w, uint32_t actor, uint32_t t)
{
  uint32_t param = w->core->actor.at[actor].sharpness;
  if (param == DM_NONE)
    return 0;
  return dm_rows_op(
      w, DM_CELL_DIV, dm_cells_param(&w->cells, param),
      w->discount[(size_t)actor * (w->core->n_periods + 2) + t]);
}

static void new_set(
    dm_walk *w, uint32_t t, const dm_core_decide *d, uint32_t index)
{
  const dm_core_choice *c = &w->core->choice.at[d->choice];
  DM_PUSH(&w->work, &w->set_player, c->actor);
  DM_PUSH(&w->work, &w->set_sharp, sharpness(w, c->actor, t));
  DM_PUSH(&w->work, &w->set_layer, w->layer_node.n - 1);
  DM_PUSH(w->perm, &w->set_period, (uint16_t)t);
  DM_PUSH(w->perm, &w->set_decide, index);
  DM_PUSH(w->perm, &w->set_key, w->key_value.n);
  for (uint32_t i = 0; i < d->n_keys; i++)
    DM_PUSH(w->perm, &w->key_value, w->key_item[i]);
  DM_PUSH(&w->work, &w->set_slot, w->slot_option.n);
  for (uint32_t i = 0; i < w->n_offer; i++)
    DM_PUSH(w->perm, &w->slot_option, w->offer[i]);
}

/* The information set of a decision at v; its options are in w->offer. */
static uint32_t set_of(
    dm_walk *w, uint32_t t, const dm_core_decide *d, uint32_t index,
    const int32_t *v)
{
  const dm_core_choice *c = &w->core->choice.at[d->choice];
  for (uint32_t i = 0; i < d->n_keys; i++)
    w->key_item[i] = key_item(w, &w->core->key.at[d->first_key + i], v, t);
  bool fresh;
  uint32_t set = w->sets_first + dm_table_intern(
                                     &w->sets, w->key_item,
                                     d->n_keys * sizeof(int32_t), &fresh);
  if (fresh) {
    w->out->size[t].sets++;
    new_set(w, t, d, index);
    return set;
  }
  uint32_t first = w->set_slot.at[set];
  uint32_t end =
      set + 1 < w->set_slot.n ? w->set_slot.at[set + 1] : w->slot_option.n;
  if (end - first != w->n_offer || memcmp(
                                       w->slot_option.at + first, w->offer,
                                       w->n_offer * sizeof *w->offer) != 0) {
    w->now_period = t;
    w->now_v = v;
    dm_found_options(w, c->pick);
    dm_arena_throw(&w->work, DM_E_INPUT);
  }
  return set;
}

static void open_decision(dm_walk *w, uint32_t t, uint32_t s, const int32_t *v)
{
  uint32_t index = w->core->step.at[s].first;
  const dm_core_decide *d = &w->core->decide.at[index];
  const dm_plan *plan = &w->plan[dm_walk_position(w, t, s)];
  uint32_t set = set_of(w, t, d, index, v);
  uint32_t slot = w->set_slot.at[set], n = w->n_offer;
  put_node(w, set);
  memcpy(w->open_offer, w->offer, n * sizeof *w->offer);
  for (uint32_t i = 0; i < n; i++) {
    dm_row_id row = 0;
    memcpy(w->v_next, v, w->n_vars * sizeof *v);
    w->now_pos = dm_walk_position(w, t, s);
    dm_went went = pick(w, plan, t, d, w->open_offer[i], w->v_next, &row);
    uint32_t child = arrive(w, went, t, s, w->v_next, &row);
    put_edge(w, t, child, slot + i, row);
  }
}

static void open_node(dm_walk *w, uint32_t t, uint32_t s, int32_t *v)
{
  dm_row_id row = 0;
  w->branch.n = w->change.n = 0;
  dm_went went = step_once(w, t, s, v, &row);
  if (went == WENT_MANY) {
    open_chance(w, t, s, 0, v);
  } else if (went == WENT_OFFER) {
    open_decision(w, t, s, v);
  } else {
    uint32_t child = arrive(w, went, t, s, v, &row);
    put_node(w, DM_NODE_CHANCE);
    put_edge(w, t, child, 1, row);
  }
}

static void open_ending(dm_walk *w, uint32_t t, uint32_t outcome)
{
  put_node(w, DM_NODE_END + w->end_outcome.n);
  DM_PUSH(w->perm, &w->end_outcome, outcome);
  DM_PUSH(w->perm, &w->end_period, t);
}

/* ---- over positions ------------------------------------------------------ */

/* The layer of place s; the endings of a period, whatever their outcome, are
 * one layer, told as the step behind the last. */
static void begin_layer(dm_walk *w, uint32_t t, uint32_t s)
{
  bool endings = t > 0 && s > w->n_steps;
  uint32_t step = endings ? w->n_steps : s;
  DM_PUSH(&w->work, &w->layer_node, w->n_done);
  DM_PUSH(w->perm, &w->layer_period, (uint16_t)t);
  DM_PUSH(w->perm, &w->layer_step, (uint16_t)step);
  const uint64_t *live = w->plan[dm_walk_position(w, t, s)].live;
  for (uint32_t i = 0; i < w->n_sets_words; i++)
    DM_PUSH(w->perm, &w->layer_live, live[i]);
  uint32_t layer = w->layer_node.n - 1;
  if (t > 0 && s == 0)
    w->out->period_layer[t] = layer;
  if (t == w->core->n_periods && s == w->final_step)
    w->out->final_layer = layer;
  dm_table_clear(&w->sets);
  w->sets_first = w->set_slot.n;
}

/* Packed states go to their final place. */
static void keep_states(dm_walk *w, const dm_layer *l)
{
  if (w->options.count_only)
    return;
  uint64_t used = (uint64_t)w->n_done * w->n_words;
  uint64_t more = (uint64_t)l->n * w->n_words;
  if (used + more > w->node_state_cap) {
    uint64_t cap = w->node_state_cap + w->node_state_cap / 2;
    if (cap < used + more)
      cap = used + more;
    w->node_state = dm_walk_grow(
        w, w->perm, w->node_state, (size_t)cap * sizeof *w->node_state);
    w->node_state_cap = cap;
  }
  memcpy(w->node_state + used, l->state, (size_t)more * sizeof *l->state);
}

static void open_layer(dm_walk *w, uint32_t t, uint32_t s)
{
  uint32_t pos = dm_walk_position(w, t, s);
  dm_layer *l = &w->layer[pos];
  dm_arena_release(&w->work, l->slot);
  l->slot = NULL;
  keep_states(w, l);
  for (uint32_t i = 0; i < l->n; i++) {
    w->final_id[l->id[i]] = w->n_done++;
    if (!w->options.count_only)
      DM_PUSH(&w->work, &w->node_edge, w->edge_child.n);
    if (s > w->n_steps) {
      open_ending(w, t, s - w->n_steps - 1);
    } else {
      unpack(w, &w->plan[pos], l->state + (size_t)i * w->n_words, w->v);
      open_node(w, t, s, w->v);
    }
  }
  dm_arena_release(&w->work, l->state);
  dm_arena_release(&w->work, l->id);
  memset(l, 0, sizeof *l);
}

static void run_period(dm_walk *w, uint32_t t)
{
  uint32_t n_outcomes = w->core->outcome.n;
  bool any = false;
  for (uint32_t s = 0; s <= w->n_steps; s++) {
    bool has = w->layer[dm_walk_position(w, t, s)].n > 0;
    if (!has && s != 0 && !(t == w->core->n_periods && s == w->final_step))
      continue;
    begin_layer(w, t, s);
    if (has)
      open_layer(w, t, s);
  }
  for (uint32_t o = 0; o < n_outcomes; o++) {
    uint32_t s = w->n_steps + 1 + o;
    if (w->layer[dm_walk_position(w, t, s)].n == 0)
      continue;
    if (!any)
      begin_layer(w, t, s);
    any = true;
    open_layer(w, t, s);
  }
}

/* The start step: a root of its own only if it branches, pays or ends. */
static void run_root(dm_walk *w)
{
  dm_row_id row = 0;
  memcpy(w->v, w->start, w->n_vars * sizeof *w->v);
  dm_went went = step_once(w, 0, 0, w->v, &row);
  if (went == WENT_ON && row == 0) {
    follow(w, 0, 0, w->v, &row);
    return;
  }
  w->branch.n = w->change.n = 0;
  intern(w, 0, 0, w->start);
  begin_layer(w, 0, 0);
  open_layer(w, 0, 0);
}

void dm_walk_run(dm_walk *w)
{
  run_root(w);
  for (uint32_t t = 1; t <= w->core->n_periods && !w->bad; t++)
    run_period(w, t);
  if (w->bad)
    dm_arena_throw(&w->work, DM_E_INPUT);
}
