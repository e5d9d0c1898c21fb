/* solve/sequence_product.c -- payoffs of one player's sequences against a plan
 * of the other.
 *
 * In:     merged entries (sequence.h); a plan.
 * Out:    out[a] = sum over b of payoff(a, b) plan[b].
 * Method: private information that both sides carry through the same public
 *         history makes full rectangles of the matrix: every type of one
 *         against every type of the other.  Sets are numbered so that such a
 *         rectangle has consecutive rows and columns (sequence.c); it is stored
 *         as numbers without indices, and equal rectangles once (the same
 *         cards or dice are compared after many histories).  What is left over
 *         is stored by rows, and rows of one length together, so that the loop
 *         over a row is unrolled and never mispredicted.
 * Order:  a row adds up its left-over entries by column, then rectangles by
 *         column: one order whatever the compiler does with it, since rows
 *         and not sums are what is spread over vector lanes.
 * Cost:   8 bytes or less a rectangle's entry, 12 a left-over one.
 * Tried:  bench/README.md. */
#include "solve/sequence.h"

#include "base/table.h"

#include <string.h>

enum { LEAST_ROWS = 4, LEAST_SIZE = 16 };
#define NONE UINT32_MAX

typedef struct planner {
  dm_arena *arena, *keep;
  const dm_seq_entry *entry;
  size_t n;
  int side;
  uint32_t *run[2]; /* first of the sequences that stand together */
  dm_keyed *key;    /* [n] entries of this side that are not 0 */
  dm_keyed *spare;  /* [n] */
  dm_keyed *rest;   /* [n] what no rectangle holds */
  size_t n_key, n_rest;
  dm_table shapes;     /* rectangles by content */
  DM_VEC(uint32_t) at; /* where each rectangle's numbers stand in full */
  DM_VEC(double) full;
  DM_VEC(double) draft;
  DM_VEC(dm_block_place) block;
  dm_product *out;
} planner;

/* ---- planning ------------------------------------------------------------ */

static uint32_t *find_runs(planner *p, const uint32_t *comp, uint32_t n)
{
  uint32_t *run = dm_arena_resize(p->arena, NULL, n * sizeof *run + 1);
  for (uint32_t i = 0; i < n; i++) {
    bool same = i > 1 && comp[i] != NONE && comp[i] == comp[i - 1];
    run[i] = same ? run[i - 1] : i;
  }
  return run;
}

static void prepare(planner *p, const dm_sequence *s)
{
  uint32_t n0 = s->side[0].n_seqs;
  uint32_t n_both = n0 + s->side[1].n_seqs;
  uint32_t *comp = dm_arena_resize(p->arena, NULL, n_both * sizeof *comp);
  dm_seq_components(p->entry, p->n, n0, n_both, comp);
  p->run[0] = find_runs(p, comp, n0);
  p->run[1] = find_runs(p, comp + n0, n_both - n0);
  size_t room = p->n * sizeof *p->key + 1;
  p->key = dm_arena_resize(p->arena, NULL, room);
  p->spare = dm_arena_resize(p->arena, NULL, room);
  p->rest = dm_arena_resize(p->arena, NULL, room);
  for (uint32_t i = 0; i < p->n; i++) {
    const dm_seq_entry *e = &p->entry[i];
    if (e->pay[p->side] == 0.0)
      continue;
    uint64_t row = p->run[p->side][e->seq[p->side]];
    uint64_t col = p->run[1 - p->side][e->seq[1 - p->side]];
    p->key[p->n_key++] = (dm_keyed){.key = row << 32 | col, .at = i};
  }
  dm_keyed_sort(p->key, p->spare, p->n_key);
}

typedef struct box {
  uint32_t row, col, n_rows, n_cols;
} box;

static box bounds(const planner *p, const dm_keyed *key, size_t n)
{
  uint32_t low[2] = {NONE, NONE};
  uint32_t high[2] = {0, 0};
  for (size_t i = 0; i < n; i++) {
    const uint32_t *seq = p->entry[key[i].at].seq;
    for (int a = 0; a < 2; a++) {
      low[a] = seq[a] < low[a] ? seq[a] : low[a];
      high[a] = seq[a] > high[a] ? seq[a] : high[a];
    }
  }
  int r = p->side;
  int c = 1 - r;
  return (box){low[r], low[c], high[r] - low[r] + 1, high[c] - low[c] + 1};
}

/* Numbers of a rectangle, column by column; the place of an equal one if there
 * is one. */
static uint32_t numbers(planner *p, const box *b, const dm_keyed *key, size_t n)
{
  size_t size = (size_t)b->n_rows * b->n_cols;
  p->draft.n = 0;
  for (size_t i = 0; i < size; i++)
    DM_PUSH(p->arena, &p->draft, 0.0);
  for (size_t i = 0; i < n; i++) {
    const dm_seq_entry *e = &p->entry[key[i].at];
    size_t row = e->seq[p->side] - b->row;
    size_t col = e->seq[1 - p->side] - b->col;
    p->draft.at[col * b->n_rows + row] = e->pay[p->side];
  }
  bool fresh = false;
  uint32_t shape =
      dm_table_intern(&p->shapes, p->draft.at, size * sizeof(double), &fresh);
  if (fresh) {
    DM_PUSH(p->arena, &p->at, p->full.n);
    for (size_t i = 0; i < size; i++)
      DM_PUSH(p->arena, &p->full, p->draft.at[i]);
  }
  return p->at.at[shape];
}

/* One pair of runs: a rectangle if it is large and at least half full. */
static void place(planner *p, const dm_keyed *key, size_t n)
{
  box b = bounds(p, key, n);
  size_t size = (size_t)b.n_rows * b.n_cols;
  if (b.n_rows < LEAST_ROWS || size < LEAST_SIZE || 2 * n < size ||
      size > UINT32_MAX / 2) {
    for (size_t i = 0; i < n; i++) {
      const uint32_t *seq = p->entry[key[i].at].seq;
      uint64_t row = seq[p->side];
      p->rest[p->n_rest++] =
          (dm_keyed){.key = row << 32 | seq[1 - p->side], .at = key[i].at};
    }
    return;
  }
  dm_block_place at = {b.row, b.col, b.n_rows, b.n_cols, 0};
  at.number = numbers(p, &b, key, n);
  DM_PUSH(p->arena, &p->block, at);
}

static void place_all(planner *p)
{
  for (size_t i = 0; i < p->n_key;) {
    size_t end = i + 1;
    while (end < p->n_key && p->key[end].key == p->key[i].key)
      end++;
    place(p, &p->key[i], end - i);
    i = end;
  }
}

/* ---- storing ------------------------------------------------------------- */

static void *kept(dm_arena *keep, const void *from, size_t bytes)
{
  void *to = dm_arena_resize(keep, NULL, bytes + 1);
  if (bytes > 0)
    memcpy(to, from, bytes);
  return to;
}

static void store_blocks(planner *p)
{
  dm_product *out = p->out;
  uint32_t n = p->block.n;
  for (uint32_t i = 0; i < n; i++)
    p->key[i] = (dm_keyed){.key = p->block.at[i].n_rows, .at = i};
  dm_keyed_sort(p->key, p->spare, n);
  out->n_blocks = n;
  out->block = dm_arena_resize(p->keep, NULL, n * sizeof *out->block + 1);
  for (uint32_t i = 0; i < n; i++)
    out->block[i] = p->block.at[p->key[i].at];
  out->n_full = p->full.n;
  out->full = kept(p->keep, p->full.at, p->full.n * sizeof(double));
}

/* Rows of the left-over entries into p->key: key length, `at` the first entry
 * in p->rest. */
static uint32_t list_rows(planner *p)
{
  uint32_t n = 0;
  for (size_t i = 0; i < p->n_rest;) {
    size_t end = i + 1;
    while (end < p->n_rest && p->rest[end].key >> 32 == p->rest[i].key >> 32)
      end++;
    p->key[n++] = (dm_keyed){.key = end - i, .at = (uint32_t)i};
    i = end;
  }
  dm_keyed_sort(p->key, p->spare, n);
  return n;
}

static void store_rows(planner *p)
{
  dm_product *out = p->out;
  dm_keyed_sort(p->rest, p->spare, p->n_rest);
  uint32_t n = list_rows(p);
  DM_VEC(dm_row_class) class = {0};
  out->n_listed = n;
  out->n_sparse = p->n_rest;
  out->row = dm_arena_resize(p->keep, NULL, n * sizeof *out->row + 1);
  out->col = dm_arena_resize(p->keep, NULL, p->n_rest * sizeof *out->col + 1);
  out->value =
      dm_arena_resize(p->keep, NULL, p->n_rest * sizeof *out->value + 1);
  size_t at = 0;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t len = (uint32_t)p->key[i].key;
    const dm_keyed *from = &p->rest[p->key[i].at];
    if (class.n == 0 || class.at[class.n - 1].len != len) {
      dm_row_class c = {.len = len, .row = i, .entry = at};
      DM_PUSH(p->arena, &class, c);
    }
    class.at[class.n - 1].n++;
    out->row[i] = (uint32_t)(from->key >> 32);
    for (uint32_t j = 0; j < len; j++, at++) {
      out->col[at] = (uint32_t)from[j].key;
      out->value[at] = p->entry[from[j].at].pay[p->side];
    }
  }
  out->n_classes = class.n;
  out->class = kept(p->keep, class.at, class.n * sizeof *class.at);
}

static void plan_product(planner *p, const dm_sequence *sequence)
{
  *p->out = (dm_product){
      .n_rows = sequence->side[p->side].n_seqs,
      .n_cols = sequence->side[1 - p->side].n_seqs};
  dm_table_init(&p->shapes, p->arena, 0);
  prepare(p, sequence);
  place_all(p);
  store_blocks(p);
  store_rows(p);
}

dm_status dm_product_plan(
    dm_arena *keep, const dm_sequence *sequence, int side, dm_product *out)
{
  dm_arena passing;
  dm_arena_init(&passing, 0);
  planner p = {
      .arena = &passing,
      .keep = keep,
      .entry = sequence->entry,
      .n = sequence->n_entries,
      .side = side,
      .out = out};
  volatile dm_status status = (dm_status)setjmp(passing.jump);
  if (status == DM_OK) {
    status = (dm_status)setjmp(keep->jump);
    if (status == DM_OK)
      plan_product(&p, sequence);
  }
  dm_arena_clear(&passing);
  return status;
}

/* ---- the product --------------------------------------------------------- */

/* len is a constant where it is at most 8, so that the sum is unrolled. */
static inline void run_rows(
    const uint32_t len, uint32_t n, const uint32_t *restrict row,
    const uint32_t *restrict col, const double *restrict value,
    const double *restrict plan, double *restrict out)
{
  for (uint32_t i = 0; i < n; i++) {
    double sum = value[0] * plan[col[0]];
    for (uint32_t j = 1; j < len; j++)
      sum += value[j] * plan[col[j]];
    out[row[i]] = sum;
    value += len;
    col += len;
  }
}

static void run_class(
    const dm_product *p, const dm_row_class *c, const double *plan, double *out)
{
  const uint32_t *row = p->row + c->row;
  const uint32_t *col = p->col + c->entry;
  const double *value = p->value + c->entry;
  switch (c->len) {
  case 1:
    run_rows(1, c->n, row, col, value, plan, out);
    break;
  case 2:
    run_rows(2, c->n, row, col, value, plan, out);
    break;
  case 3:
    run_rows(3, c->n, row, col, value, plan, out);
    break;
  case 4:
    run_rows(4, c->n, row, col, value, plan, out);
    break;
  case 5:
    run_rows(5, c->n, row, col, value, plan, out);
    break;
  case 6:
    run_rows(6, c->n, row, col, value, plan, out);
    break;
  default:
    run_rows(c->len, c->n, row, col, value, plan, out);
    break;
  }
}

/* Sums of one rectangle in registers: n_rows is a constant. */
static inline void run_block(
    const uint32_t n_rows, const dm_block_place *b, const double *restrict full,
    const double *restrict plan, double *restrict out)
{
  double sum[8];
  const double *number = full + b->number;
  const double *x = plan + b->col;
  double *y = out + b->row;
  for (uint32_t r = 0; r < n_rows; r++)
    sum[r] = y[r];
  for (uint32_t c = 0; c < b->n_cols; c++, number += n_rows)
    for (uint32_t r = 0; r < n_rows; r++)
      sum[r] += number[r] * x[c];
  for (uint32_t r = 0; r < n_rows; r++)
    y[r] = sum[r];
}

/* Four columns at a time, added in their order. */
static void run_large(
    const dm_block_place *b, const double *restrict full,
    const double *restrict plan, double *restrict out)
{
  const double *n0 = full + b->number;
  const double *x = plan + b->col;
  double *y = out + b->row;
  const size_t n = b->n_rows;
  uint32_t c = 0;
  for (; c + 4 <= b->n_cols; c += 4, n0 += 4 * n) {
    const double *n1 = n0 + n;
    const double *n2 = n1 + n;
    const double *n3 = n2 + n;
    for (size_t r = 0; r < n; r++)
      y[r] = (((y[r] + n0[r] * x[c]) + n1[r] * x[c + 1]) + n2[r] * x[c + 2]) +
             n3[r] * x[c + 3];
  }
  for (; c < b->n_cols; c++, n0 += n)
    for (size_t r = 0; r < n; r++)
      y[r] += n0[r] * x[c];
}

/* Blocks from `i` on that have as many rows as the first of them. */
static uint32_t run_equal(
    const dm_product *p, uint32_t i, const double *plan, double *out)
{
  uint32_t rows = p->block[i].n_rows;
  uint32_t end = i;
  while (end < p->n_blocks && p->block[end].n_rows == rows)
    end++;
  switch (rows) {
  case 4:
    for (; i < end; i++)
      run_block(4, &p->block[i], p->full, plan, out);
    break;
  case 5:
    for (; i < end; i++)
      run_block(5, &p->block[i], p->full, plan, out);
    break;
  case 6:
    for (; i < end; i++)
      run_block(6, &p->block[i], p->full, plan, out);
    break;
  case 8:
    for (; i < end; i++)
      run_block(8, &p->block[i], p->full, plan, out);
    break;
  default:
    for (; i < end; i++)
      run_large(&p->block[i], p->full, plan, out);
    break;
  }
  return end;
}

void dm_product_run(const dm_product *product, const double *plan, double *out)
{
  memset(out, 0, product->n_rows * sizeof *out);
  for (uint32_t i = 0; i < product->n_classes; i++)
    run_class(product, &product->class[i], plan, out);
  for (uint32_t i = 0; i < product->n_blocks;)
    i = run_equal(product, i, plan, out);
}

size_t dm_product_moved(const dm_product *product)
{
  size_t bytes = product->n_rows * sizeof(double);
  bytes += product->n_listed * (sizeof(uint32_t) + sizeof(double));
  bytes += product->n_sparse * (sizeof(uint32_t) + 2 * sizeof(double));
  for (uint32_t i = 0; i < product->n_blocks; i++) {
    const dm_block_place *b = &product->block[i];
    size_t size = (size_t)b->n_rows * b->n_cols;
    bytes += sizeof *b;
    bytes += (size + 2 * (size_t)b->n_rows + b->n_cols) * sizeof(double);
  }
  return bytes;
}
