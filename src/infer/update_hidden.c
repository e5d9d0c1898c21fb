/* infer/update_hidden.c -- what is believed of types and hidden states, by date.
 *
 * In:     an opened side, the lines that count.
 * Out:    for every private type, and every declared state that somebody does
 *         not see: the prior at the start, and by period's end the posterior
 *         given the lines up to then (filtered) and given all (smoothed).
 * Method: at a period's end, paths that go on stand in one layer, each node with
 *         mass (chance of getting there and of the lines so far) and rest
 *         (chance of the later lines): filtered weighs by mass, smoothed by
 *         mass x rest.  A type is asked for at the start of the first period,
 *         over all paths, also those that end early; so its posterior given the
 *         lines up to a date takes a backward pass with these lines alone. */
#include "infer/update_parts.h"

#include <math.h>
#include <string.h>

typedef struct dm_hidden {
  dm_updating *u;
  uint32_t var;
  int32_t *v;  /* [n_vars] */
  dm_far *sum; /* [size] */
} dm_hidden;

static void to_doubles(const dm_far *sum, uint32_t n, double *out)
{
  dm_far total = {0, 0};
  for (uint32_t k = 0; k < n; k++)
    total = dm_far_add(total, sum[k]);
  double all = 0;
  for (uint32_t k = 0; k < n; k++)
    all += out[k] = dm_far_scaled(sum[k], total.e);
  for (uint32_t k = 0; k < n; k++)
    out[k] = all > 0 ? out[k] / all : (double)NAN;
}

/* Adds up the nodes of a layer by the variable's value. */
static void tally(const dm_hidden *h, uint32_t layer, bool rest, double *out)
{
  const dm_side *side = h->u->side;
  const dm_game *game = &side->e->game;
  const dm_core_var *var = &side->core->var.at[h->var];
  memset(h->sum, 0, var->size * sizeof *h->sum);
  for (dm_node_id n = game->layer_node[layer]; n < game->layer_node[layer + 1];
       n++) {
    dm_far x = side->mass[n];
    if (rest)
      x = dm_far_mul(x, side->rest[n]);
    if (x.m == 0)
      continue;
    dm_expansion_decode(side->core, side->e, n, h->v);
    uint32_t k = (uint32_t)((int64_t)h->v[h->var] - var->lo);
    if (k < var->size)
      h->sum[k] = dm_far_add(h->sum[k], x);
  }
  to_doubles(h->sum, var->size, out);
}

static void of_state(
    const dm_hidden *h, double *prior, double *by, double *filtered)
{
  const dm_side *side = h->u->side;
  uint32_t size = side->core->var.at[h->var].size;
  uint32_t periods = side->core->n_periods;
  tally(h, side->e->period_layer[1], false, prior);
  for (uint32_t t = 1; t <= periods; t++) {
    uint32_t layer = dm_side_end_layer(side, t);
    tally(h, layer, true, by + (size_t)(t - 1) * size);
    /* The last period's lines are settled behind its last layer. */
    tally(h, layer, t == periods, filtered + (size_t)(t - 1) * size);
  }
}

static const char *const *value_words(dm_updating *u, const dm_core_var *var)
{
  const char **word = dm_arena_array(u->job.keep, var->size, sizeof *word);
  for (uint32_t k = 0; k < var->size; k++) {
    const char *text =
        dm_infer_value(u->job.keep, var, (int32_t)((int64_t)var->lo + k));
    word[k] = dm_arena_text(u->job.keep, text, strlen(text));
  }
  return word;
}

static bool is_hidden(const dm_core *core, const dm_core_var *var)
{
  uint64_t all =
      core->actor.n >= 64 ? UINT64_MAX : (UINT64_C(1) << core->actor.n) - 1;
  return var->kind == DM_VAR_STATE && (var->viewers & all) != all;
}

static dm_u_hidden new_hidden(dm_updating *u, uint32_t v)
{
  const dm_core_var *var = &u->job.core->var.at[v];
  bool type = var->kind == DM_VAR_TYPE;
  dm_arena *keep = u->job.keep;
  return (dm_u_hidden){
      .name = dm_infer_text(keep, "%s%s", var->name, type ? ".type" : ""),
      .is_type = type,
      .n_values = var->size,
      .value = value_words(u, var)};
}

/* Row t of every type's filtered posterior: of the lines over by then. */
static void filter_types(
    dm_updating *u, dm_hidden *h, const bool *counts, const uint32_t *var,
    uint32_t n, double *const *filtered)
{
  uint32_t lines = u->evidence->line.n, periods = u->job.core->n_periods;
  bool *some = dm_arena_array(&u->job.scratch, (size_t)lines + 1, sizeof *some);
  for (uint32_t t = 1; t <= periods; t++) {
    bool changed = t == 1;
    for (uint32_t i = 0; i < lines; i++) {
      bool over = counts[i] && u->side->watch.line[i].last <= t;
      changed = changed || over != some[i];
      some[i] = over;
    }
    if (changed) {
      dm_side_weigh(u, some);
      dm_side_backward(u, DM_NONE);
    }
    for (uint32_t k = 0; k < n; k++) {
      h->var = var[k];
      tally(
          h, u->side->e->period_layer[1], true,
          filtered[k] + (size_t)(t - 1) * u->job.core->var.at[var[k]].size);
    }
  }
}

typedef struct dm_rows {
  double *prior, *by, *filtered;
} dm_rows;

/* The rows that a result shows as constants. */
static dm_rows rows_of(dm_updating *u, dm_u_hidden *out)
{
  size_t cells = (size_t)u->job.core->n_periods * out->n_values;
  dm_rows r = {
      dm_arena_array(u->job.keep, out->n_values, sizeof(double)),
      dm_arena_array(u->job.keep, cells, sizeof(double)),
      dm_arena_array(u->job.keep, cells, sizeof(double))};
  out->prior = r.prior;
  out->by = r.by;
  out->filtered = r.filtered;
  return r;
}

void dm_update_hidden_of(dm_updating *u, const bool *counts, dm_update *update)
{
  const dm_core *core = u->job.core;
  dm_arena *scratch = &u->job.scratch;
  uint32_t *var = dm_arena_array(scratch, core->var.n, sizeof *var);
  uint32_t n = 0, n_types, most = 1;
  for (uint32_t i = 0; i < core->var.n; i++)
    if (core->var.at[i].kind == DM_VAR_TYPE && core->var.at[i].size > 1)
      var[n++] = i;
  n_types = n;
  for (uint32_t i = 0; i < core->var.n; i++)
    if (is_hidden(core, &core->var.at[i]))
      var[n++] = i;
  for (uint32_t k = 0; k < n; k++)
    if (core->var.at[var[k]].size > most)
      most = core->var.at[var[k]].size;
  dm_hidden h = {
      .u = u,
      .v = dm_arena_array(scratch, u->side->core->var.n, sizeof *h.v),
      .sum = dm_arena_array(scratch, most, sizeof *h.sum)};
  update->hidden = dm_arena_array(u->job.keep, n, sizeof *update->hidden);
  update->n_hidden = n;
  dm_rows *rows = dm_arena_array(scratch, n, sizeof *rows);
  double **filtered = dm_arena_array(scratch, n, sizeof *filtered);
  for (uint32_t k = 0; k < n; k++) {
    update->hidden[k] = new_hidden(u, var[k]);
    rows[k] = rows_of(u, &update->hidden[k]);
    filtered[k] = rows[k].filtered;
  }
  dm_far *sums = dm_arena_array(
      scratch, (size_t)core->outcome.n * core->n_periods, sizeof *sums);
  dm_side_weigh(u, counts);
  dm_side_forward(u, sums);
  dm_side_backward(u, DM_NONE);
  for (uint32_t k = 0; k < n; k++) {
    h.var = var[k];
    if (k >= n_types) {
      of_state(&h, rows[k].prior, rows[k].by, rows[k].filtered);
      continue;
    }
    tally(&h, u->side->e->period_layer[1], false, rows[k].prior);
    for (uint32_t t = 0; t < core->n_periods; t++)
      tally(
          &h, u->side->e->period_layer[1], true,
          rows[k].by + (size_t)t * core->var.at[var[k]].size);
  }
  filter_types(u, &h, counts, var, n_types, filtered);
}
