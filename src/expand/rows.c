/* expand/rows.c -- payoff rows: one cell per player, interned.
 *
 * Period t weighs discount^(t-1), by repeated multiplication of the discount's
 * cell, so that a change of the discount refills and re-expands nothing. */
#include "expand/walk.h"

#include <string.h>

enum { RECENT = 4096 }; /* sums remembered; a power of two */

static uint32_t place_of(uint32_t a, uint32_t b)
{
  uint32_t h = a * UINT32_C(2654435761) ^ b * UINT32_C(0x85ebca6b);
  return (h ^ h >> 15) % RECENT;
}

dm_cell_id dm_rows_op(dm_walk *w, dm_cell_op op, dm_cell_id a, dm_cell_id b)
{
  uint32_t *recent = w->row_op + 4 * (size_t)place_of(a * 8 + (uint32_t)op, b);
  if (recent[0] == (uint32_t)op && recent[1] == a && recent[2] == b)
    return recent[3];
  recent[0] = (uint32_t)op;
  recent[1] = a;
  recent[2] = b;
  recent[3] = dm_cells_op(&w->cells, op, a, b);
  return recent[3];
}

static uint32_t players(const dm_walk *w)
{
  return w->core->actor.n;
}

static void plan_weights(dm_walk *w)
{
  const dm_core *core = w->core;
  uint32_t n = core->n_periods;
  w->discount = dm_arena_array(
      &w->work, (size_t)players(w) * (n + 2), sizeof *w->discount);
  w->weight =
      dm_arena_array(&w->work, (size_t)players(w) * (n + 2), sizeof *w->weight);
  for (uint32_t i = 0; i < players(w); i++) {
    dm_cell_id *power = w->discount + (size_t)i * (n + 2);
    dm_cell_id *sum = w->weight + (size_t)i * (n + 2);
    uint32_t param = core->actor.at[i].discount;
    power[0] = power[1] = 1;
    for (uint32_t t = 2; t <= n; t++)
      power[t] = param == DM_NONE ? 1
                                  : dm_rows_op(
                                        w, DM_CELL_MUL, power[t - 1],
                                        dm_cells_param(&w->cells, param));
    sum[n + 1] = 0;
    for (uint32_t t = n; t > 0; t--)
      sum[t] = param == DM_NONE
                   ? dm_cells_number(&w->cells, (double)(n - t + 1))
                   : dm_rows_op(w, DM_CELL_ADD, power[t], sum[t + 1]);
    sum[0] = sum[1];
  }
}

void dm_rows_init(dm_walk *w)
{
  size_t len = (players(w) ? players(w) : 1) * sizeof(uint32_t);
  dm_cells_init(&w->cells, &w->work);
  dm_table_init(&w->rows, &w->work, len);
  w->row_scratch = dm_arena_alloc(&w->work, len);
  w->row_sum = dm_arena_array(&w->work, RECENT, 3 * sizeof *w->row_sum);
  w->row_op = dm_arena_array(&w->work, RECENT, 4 * sizeof *w->row_op);
  w->row_pay = dm_arena_array(&w->work, RECENT, 3 * sizeof *w->row_pay);
  dm_table_intern(&w->rows, w->row_scratch, len, NULL);
  plan_weights(w);
  uint32_t most = 0;
  for (uint32_t o = 0; o < w->core->outcome.n; o++)
    if (w->end_first[o + 1] - w->end_first[o] > most)
      most = w->end_first[o + 1] - w->end_first[o];
  w->end_key = dm_arena_array(&w->work, (size_t)most + 2, sizeof(uint32_t));
  dm_table_init(&w->row_ends, &w->work, (most + 2) * sizeof(uint32_t));
}

static dm_row_id intern(dm_walk *w)
{
  return dm_table_intern(&w->rows, w->row_scratch, w->rows.key_len, NULL);
}

dm_row_id dm_rows_add(dm_walk *w, dm_row_id a, dm_row_id b)
{
  if (!a || !b)
    return a ? a : b;
  if (a > b) {
    dm_row_id swap = a;
    a = b;
    b = swap;
  }
  uint32_t *recent = w->row_sum + 3 * (size_t)place_of(a, b);
  if (recent[0] == a && recent[1] == b)
    return recent[2];
  for (uint32_t i = 0; i < players(w); i++) {
    dm_cell_id x, y;
    const unsigned char *key = w->rows.key;
    memcpy(&x, key + a * w->rows.key_len + i * sizeof x, sizeof x);
    memcpy(&y, key + b * w->rows.key_len + i * sizeof y, sizeof y);
    w->row_scratch[i] = dm_rows_op(w, DM_CELL_ADD, x, y);
  }
  recent[0] = a;
  recent[1] = b;
  recent[2] = intern(w);
  return recent[2];
}

dm_row_id dm_rows_pay(
    dm_walk *w, uint32_t actor, dm_expr_id amount, const int32_t *v, uint32_t t)
{
  dm_cell_id cell = dm_code_cell(w, amount, v, t).cell;
  dm_cell_id power = w->discount[(size_t)actor * (w->core->n_periods + 2) + t];
  cell = dm_rows_op(w, DM_CELL_MUL, power, cell);
  if (cell == 0)
    return 0;
  uint32_t *recent = w->row_pay + 3 * (size_t)place_of(actor, cell);
  if (recent[0] == actor && recent[1] == cell)
    return recent[2];
  memset(w->row_scratch, 0, w->rows.key_len);
  w->row_scratch[actor] = cell;
  recent[0] = actor;
  recent[1] = cell;
  recent[2] = intern(w);
  return recent[2];
}

/* What one player gets by an outcome: its payoff, and its tail for every period
 * from `from` on. */
static dm_cell_id end_cell(
    dm_walk *w, uint32_t outcome, uint32_t actor, const int32_t *v, uint32_t t,
    uint32_t from)
{
  const dm_core_outcome *out = &w->core->outcome.at[outcome];
  size_t row = (size_t)actor * (w->core->n_periods + 2);
  dm_cell_id sum = 0;
  if (out->payoff[actor] != DM_NONE)
    sum = dm_rows_op(
        w, DM_CELL_MUL, w->discount[row + t],
        dm_code_cell(w, out->payoff[actor], v, t).cell);
  if (!out->tail || out->tail[actor] == DM_NONE || from > w->core->n_periods)
    return sum;
  dm_cell_id tail = dm_rows_op(
      w, DM_CELL_MUL, w->weight[row + from],
      dm_code_cell(w, out->tail[actor], v, t).cell);
  return dm_rows_op(w, DM_CELL_ADD, sum, tail);
}

dm_row_id dm_rows_end(
    dm_walk *w, uint32_t outcome, const int32_t *v, uint32_t t, uint32_t phase)
{
  uint32_t *key = w->end_key;
  uint32_t first = w->end_first[outcome];
  uint32_t n = w->end_first[outcome + 1] - first;
  memset(key, 0, w->row_ends.key_len);
  key[0] = outcome;
  key[1] = t * 2 + (phase < 8);
  for (uint32_t i = 0; i < n; i++)
    key[2 + i] = (uint32_t)v[w->end_read.at[first + i]];
  bool fresh;
  uint32_t id = dm_table_intern(&w->row_ends, key, w->row_ends.key_len, &fresh);
  if (!fresh)
    return w->row_end.at[id];
  if (t == 0)
    t = 1; /* the start step belongs to the first period */
  for (uint32_t i = 0; i < players(w); i++)
    w->row_scratch[i] = end_cell(w, outcome, i, v, t, phase < 8 ? t : t + 1);
  DM_PUSH(&w->work, &w->row_end, intern(w));
  return w->row_end.at[id];
}
