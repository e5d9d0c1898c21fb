/* num/indices.c -- how much of an answer's variance each input carries.
 *
 * In:     answers of a design, or inputs and answers of plain draws.
 * Out:    first-order and total shares with their bootstrap errors.
 * Method: designed, with m the mean and V the variance of a and b together:
 *           first  mean (b - m)(ab_i - a) / V    total  mean (a - ab_i)^2 / 2V
 *         given, with M bins and the squares between (B) and within (W) them:
 *           first  (B - (M - 1) W / (n - M)) / (B + W)
 *         total: with f, g orthonormal polynomials in the ranks of two inputs
 *         and e what the inputs leave of y one by one, c = mean e f g; the pair
 *         carries sum (c^2 - its sampling variance) over its 9 products.
 *         A replicate gives each draw a weight, how often it was taken; ranks,
 *         bins and polynomials stay.
 * Source: see the header.
 * Cost:   designed O(replicates n d), given O(d n log n + replicates n d), with
 *         pairs O(replicates n d^2).
 * Not here: dependent inputs. */
#include "num/indices.h"

#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEGREES = 3, MOST_BINS = 64 };

/* Mean and variance of replicates, one pass (Welford). */
typedef struct spread {
  uint32_t n;
  double mean, squares;
} spread;

static void take(spread *s, double x)
{
  if (!isfinite(x))
    return;
  s->n++;
  double off = x - s->mean;
  s->mean += off / s->n;
  s->squares += off * (x - s->mean);
}

static double sigma(const spread *s)
{
  return s->n < 2 ? (double)NAN : sqrt(s->squares / (s->n - 1));
}

dm_indices_options dm_indices_defaults(void)
{
  return (dm_indices_options){.replicates = 200, .seed = 1};
}

/* How often each draw is taken in replicate r. */
static void resample(uint64_t seed, uint32_t r, uint32_t n, double *weight)
{
  const uint64_t key = UINT64_C(0x626f6f7473747261);
  memset(weight, 0, n * sizeof *weight);
  for (uint32_t j = 0; j < n; j++) {
    uint64_t high = dm_random_bits(seed, r, key, j) >> 32;
    weight[high * n >> 32] += 1;
  }
}

static void ones(uint32_t n, double *weight)
{
  for (uint32_t k = 0; k < n; k++)
    weight[k] = 1;
}

/* ---- a design ------------------------------------------------------------ */

typedef struct shares {
  double first, total;
} shares;

/* One input; `middle` near the answers' mean keeps the squares exact. */
static shares designed(
    const double *a, const double *b, const double *ab, const double *weight,
    uint32_t n, double middle)
{
  double w = 0, sum = 0, square = 0, cross = 0, gap = 0, shift = 0;
  for (uint32_t k = 0; k < n; k++) {
    double p = a[k] - middle, q = b[k] - middle, move = ab[k] - a[k];
    if (!(weight[k] > 0) || !isfinite(p + q + move))
      continue;
    w += weight[k];
    sum += weight[k] * (p + q);
    square += weight[k] * (p * p + q * q);
    cross += weight[k] * q * move;
    shift += weight[k] * move;
    gap += weight[k] * move * move;
  }
  double mean = sum / (2 * w);
  double variance = square / (2 * w) - mean * mean;
  if (!(w >= 2 && variance > 0))
    return (shares){(double)NAN, (double)NAN};
  return (shares){
      (cross - mean * shift) / w / variance, gap / (2 * w) / variance};
}

static uint32_t complete(
    const double *a, const double *b, const double *ab, uint32_t n)
{
  uint32_t used = 0;
  for (uint32_t k = 0; k < n; k++)
    used += isfinite(a[k]) && isfinite(b[k]) && isfinite(ab[k]) ? 1 : 0;
  return used;
}

static double mean_of(const double *y, uint32_t n)
{
  double sum = 0;
  uint32_t used = 0;
  for (uint32_t k = 0; k < n; k++) {
    if (isfinite(y[k])) {
      sum += y[k];
      used++;
    }
  }
  return used ? sum / used : 0;
}

dm_status dm_indices_designed(
    const double *a, const double *b, const double *ab, uint32_t n, uint32_t d,
    const dm_indices_options *options, dm_index *out)
{
  if (n < 2 || d < 1)
    return DM_E_RANGE;
  double *weight = malloc(n * sizeof *weight);
  spread *first = calloc(d, 2 * sizeof *first);
  if (!weight || !first) {
    free(weight);
    free(first);
    return DM_E_MEMORY;
  }
  spread *total = first + d;
  double middle = mean_of(a, n);
  for (uint32_t r = 0; r < options->replicates; r++) {
    resample(options->seed, r, n, weight);
    for (uint32_t i = 0; i < d; i++) {
      shares s = designed(a, b, ab + (size_t)i * n, weight, n, middle);
      take(&first[i], s.first);
      take(&total[i], s.total);
    }
  }
  ones(n, weight);
  for (uint32_t i = 0; i < d; i++) {
    const double *row = ab + (size_t)i * n;
    shares s = designed(a, b, row, weight, n, middle);
    out[i] = (dm_index){
        s.first, sigma(&first[i]), s.total, sigma(&total[i]),
        complete(a, b, row, n)};
  }
  free(weight);
  free(first);
  return DM_OK;
}

/* ---- given data ---------------------------------------------------------- */

typedef struct given {
  uint32_t n, d, bins;
  double *y;      /* [n] answers less their mean */
  double *rest;   /* [n] what the inputs leave one by one */
  double *weight; /* [n] */
  uint8_t *bin;   /* [d x n] */
  double *basis;  /* [d x DEGREES x n], mean 0 and mean square 1, or all 0 */
  spread *error;  /* [2 x d] of first, of total */
  double *value;  /* [2 x d] first, total */
} given;

typedef struct ranked {
  double x;
  uint32_t k;
} ranked;

static int by_value(const void *p, const void *q)
{
  const ranked *a = p, *b = q;
  if (a->x != b->x)
    return a->x < b->x ? -1 : 1;
  return a->k < b->k ? -1 : a->k > b->k;
}

/* Bins, and ranks in (-1, 1); equal values share both. */
static void rank(const given *g, ranked *order, uint8_t *bin, double *at)
{
  qsort(order, g->n, sizeof *order, by_value);
  uint32_t last = UINT32_MAX, number = 0;
  for (uint32_t j = 0; j < g->n;) {
    uint32_t end = j + 1;
    while (end < g->n && order[end].x == order[j].x)
      end++;
    double middle = 0.5 * ((double)j + end - 1);
    uint32_t slot = (uint32_t)(middle * g->bins / g->n);
    /* Numbered as they come, so that a run of one value skips no number. */
    if (slot != last)
      number += last != UINT32_MAX;
    last = slot;
    for (; j < end; j++) {
      bin[order[j].k] = (uint8_t)number;
      at[order[j].k] = (2 * middle + 1) / g->n - 1;
    }
  }
}

/* Powers of the rank, made orthonormal in turn (twice is enough: Gram and
 * Schmidt).  What is no news, as in an input of few values, becomes 0. */
static void orthonormal(const double *at, uint32_t n, double *basis)
{
  for (int p = 0; p < DEGREES; p++) {
    double *f = basis + (size_t)p * n;
    double size = 0;
    for (uint32_t k = 0; k < n; k++)
      f[k] = p == 0 ? at[k] : at[k] * f[(ptrdiff_t)k - (ptrdiff_t)n];
    for (int pass = 0; pass < 2; pass++) {
      double mean = mean_of(f, n);
      for (uint32_t k = 0; k < n; k++)
        f[k] -= mean;
      for (int q = 0; q < p; q++) {
        const double *g = basis + (size_t)q * n;
        double c = 0;
        for (uint32_t k = 0; k < n; k++)
          c += f[k] * g[k] / n;
        for (uint32_t k = 0; k < n; k++)
          f[k] -= c * g[k];
      }
    }
    for (uint32_t k = 0; k < n; k++)
      size += f[k] * f[k] / n;
    for (uint32_t k = 0; k < n; k++)
      f[k] = size > 1e-9 ? f[k] / sqrt(size) : 0;
  }
}

/* Correlation ratio of input i, its degrees of freedom taken off. */
static double binned(const given *g, uint32_t i)
{
  double w[MOST_BINS] = {0}, sum[MOST_BINS] = {0};
  double all = 0, total = 0, square = 0, between = 0;
  const uint8_t *bin = g->bin + (size_t)i * g->n;
  int groups = 0;
  for (uint32_t k = 0; k < g->n; k++) {
    double wy = g->weight[k] * g->y[k];
    w[bin[k]] += g->weight[k];
    sum[bin[k]] += wy;
    all += g->weight[k];
    total += wy;
    square += wy * g->y[k];
  }
  for (uint32_t m = 0; m < g->bins; m++) {
    if (w[m] > 0) {
      between += sum[m] * sum[m] / w[m];
      groups++;
    }
  }
  double off = total * total / all;
  between -= off;
  square -= off;
  if (!(square > 0) || all <= groups)
    return (double)NAN;
  double within = (square - between) / (all - groups);
  return (between - (groups - 1) * within) / square;
}

/* Takes from y what each input's polynomials find in it, one by one: their
 * products then stand out from less noise. */
static void leave_rest(given *g)
{
  memcpy(g->rest, g->y, g->n * sizeof *g->rest);
  for (size_t f = 0; f < (size_t)g->d * DEGREES; f++) {
    const double *basis = g->basis + f * g->n;
    double c = 0;
    for (uint32_t k = 0; k < g->n; k++)
      c += g->rest[k] * basis[k];
    c /= g->n;
    for (uint32_t k = 0; k < g->n; k++)
      g->rest[k] -= c * basis[k];
  }
}

/* Variance that the product of two basis functions carries, less noise. */
static double product(const given *g, const double *f, const double *h)
{
  double w = 0, sum = 0, square = 0;
  for (uint32_t k = 0; k < g->n; k++) {
    double t = g->rest[k] * f[k] * h[k];
    w += g->weight[k];
    sum += g->weight[k] * t;
    square += g->weight[k] * t * t;
  }
  double c = sum / w;
  return c * c - (square / w - c * c) / (w - 1);
}

static void add_pairs(given *g, double variance)
{
  double *total = g->value + g->d;
  for (uint32_t i = 0; i < g->d; i++) {
    for (uint32_t j = 0; j < i; j++) {
      double sum = 0;
      for (size_t p = 0; p < DEGREES; p++)
        for (size_t q = 0; q < DEGREES; q++)
          sum += product(
              g, g->basis + (i * (size_t)DEGREES + p) * g->n,
              g->basis + (j * (size_t)DEGREES + q) * g->n);
      total[i] += sum / variance;
      total[j] += sum / variance;
    }
  }
}

/* All shares under the present weights. */
static void shares_given(given *g, bool pairs)
{
  double w = 0, sum = 0, square = 0;
  for (uint32_t k = 0; k < g->n; k++) {
    w += g->weight[k];
    sum += g->weight[k] * g->y[k];
    square += g->weight[k] * g->y[k] * g->y[k];
  }
  for (uint32_t i = 0; i < g->d; i++) {
    g->value[i] = binned(g, i);
    g->value[g->d + i] = pairs ? g->value[i] : (double)NAN;
  }
  if (pairs)
    add_pairs(g, square / w - sum / w * (sum / w));
}

static void clear(given *g, ranked *order, double *at)
{
  free(g->y);
  free(g->rest);
  free(g->weight);
  free(g->bin);
  free(g->basis);
  free(g->error);
  free(g->value);
  free(order);
  free(at);
}

static uint32_t choose_bins(uint32_t n, uint32_t asked)
{
  uint32_t bins = asked ? asked : 4;
  while (!asked && (bins + 1) * (bins + 1) * (bins + 1) <= n &&
         bins < MOST_BINS)
    bins++;
  return bins < MOST_BINS ? bins : MOST_BINS;
}

/* Draws with an answer, ranked and turned into bins and polynomials. */
static void prepare(
    given *g, const double *x, const double *y, uint32_t n, ranked *order,
    double *at)
{
  double mean = mean_of(y, n);
  for (uint32_t k = 0, m = 0; k < n; k++) {
    if (isfinite(y[k]))
      g->y[m++] = y[k] - mean;
  }
  for (uint32_t i = 0; i < g->d; i++) {
    for (uint32_t k = 0, m = 0; k < n; k++) {
      if (isfinite(y[k])) {
        order[m] = (ranked){x[(size_t)i * n + k], m};
        m++;
      }
    }
    rank(g, order, g->bin + (size_t)i * g->n, at);
    if (g->basis)
      orthonormal(at, g->n, g->basis + (size_t)i * DEGREES * g->n);
  }
  if (g->basis)
    leave_rest(g);
}

static void run_given(
    given *g, const dm_indices_options *options, dm_index *out)
{
  for (uint32_t r = 0; r < options->replicates; r++) {
    resample(options->seed, r, g->n, g->weight);
    shares_given(g, options->pairs);
    for (size_t i = 0; i < 2 * (size_t)g->d; i++)
      take(&g->error[i], g->value[i]);
  }
  ones(g->n, g->weight);
  shares_given(g, options->pairs);
  for (uint32_t i = 0; i < g->d; i++)
    out[i] = (dm_index){
        g->value[i], sigma(&g->error[i]), g->value[g->d + i],
        sigma(&g->error[g->d + i]), g->n};
}

dm_status dm_indices_given(
    const double *x, const double *y, uint32_t n, uint32_t d,
    const dm_indices_options *options, dm_index *out)
{
  if (n < 2 || d < 1 || n > SIZE_MAX / 32 / d)
    return DM_E_RANGE;
  for (size_t j = 0; j < (size_t)n * d; j++) {
    if (!isfinite(x[j]))
      return DM_E_RANGE;
  }
  given g = {.d = d};
  for (uint32_t k = 0; k < n; k++)
    g.n += isfinite(y[k]) ? 1 : 0;
  if (g.n < 2) {
    for (uint32_t i = 0; i < d; i++)
      out[i] =
          (dm_index){(double)NAN, (double)NAN, (double)NAN, (double)NAN, g.n};
    return DM_OK;
  }
  g.bins = choose_bins(g.n, options->bins);
  g.y = malloc(n * sizeof *g.y);
  g.rest = malloc(n * sizeof *g.rest);
  g.weight = malloc(n * sizeof *g.weight);
  g.bin = malloc((size_t)n * d);
  g.basis =
      options->pairs ? malloc((size_t)n * d * DEGREES * sizeof(double)) : NULL;
  g.error = calloc(d, 2 * sizeof *g.error);
  g.value = calloc(d, 2 * sizeof *g.value);
  ranked *order = malloc(n * sizeof *order);
  double *at = malloc(n * sizeof *at);
  bool room = g.y && g.rest && g.weight && g.bin && g.error && g.value &&
              order && at && (g.basis || !options->pairs);
  if (room) {
    prepare(&g, x, y, n, order, at);
    run_given(&g, options, out);
  }
  clear(&g, order, at);
  return room ? DM_OK : DM_E_MEMORY;
}
