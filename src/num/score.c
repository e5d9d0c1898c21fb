/* num/score.c -- how good forecasts were.
 *
 * In:     chances and what happened; dates in days.
 * Out:    scores, lower is better; Murphy's parts; a calibration table.
 * Method: Brier    sum over answers (p - o)^2                        0..2
 *         log      -ln p of what happened                       0..INFINITY
 *         ranked   sum over k < K of (P_k - O_k)^2 / (K - 1), P and O
 *                  cumulative                                        0..1
 *         Murphy   with n_k forecasts in bin k, their mean p_k, the share o_k
 *                  that happened, and the share o of all:
 *                  reliability sum n_k (p_k - o_k)^2 / n, resolution
 *                  sum n_k (o_k - o)^2 / n, uncertainty o (1 - o).  The three
 *                  make up the mean score exactly if all forecasts of a bin
 *                  are equal; what they leave otherwise is `within`.
 *         life     each forecast weighs as long as it was in force.
 * Source: see the header.
 * Cost:   O(n) a score; bins of equal forecasts O(n x number of bins) by
 *         scanning, which needs no storage. */
#include "num/score.h"

#include <math.h>
#include <stddef.h>

double dm_score_brier(const double *p, uint32_t n, uint32_t happened)
{
  double sum = 0;
  for (uint32_t i = 0; i < n; i++) {
    double off = p[i] - (i == happened ? 1.0 : 0.0);
    sum += off * off;
  }
  return sum;
}

double dm_score_log(const double *p, uint32_t n, uint32_t happened)
{
  if (happened >= n)
    return (double)NAN;
  /* -ln 1 is 0 and not -0. */
  return p[happened] > 0 ? 0.0 - log(p[happened]) : (double)INFINITY;
}

double dm_score_ranked(const double *p, uint32_t n, uint32_t happened)
{
  double sum = 0, below = 0;
  for (uint32_t i = 0; i + 1 < n; i++) {
    below += p[i];
    double off = below - (happened <= i ? 1.0 : 0.0);
    sum += off * off;
  }
  return n > 1 ? sum / (n - 1) : 0;
}

/* ---- bins ------------------------------------------------------------------ */

static uint32_t bin_of(double p, uint32_t bins)
{
  double place = floor(p * bins);
  if (!(place > 0))
    return 0;
  return place >= bins ? bins - 1 : (uint32_t)place;
}

typedef struct tally {
  uint32_t n;
  double p, o; /* sums */
} tally;

static void count_in(tally *t, double p, int o)
{
  t->n++;
  t->p += p;
  t->o += o;
}

static void add_bin(dm_murphy *m, const tally *t, uint32_t n, double base)
{
  if (t->n == 0)
    return;
  double p = t->p / t->n, o = t->o / t->n;
  m->reliability += t->n * (p - o) * (p - o) / n;
  m->resolution += t->n * (o - base) * (o - base) / n;
}

/* Whether forecast i is the first of its value. */
static bool first_of_value(const double *p, uint32_t i)
{
  for (uint32_t k = 0; k < i; k++) {
    if (p[k] == p[i])
      return false;
  }
  return true;
}

static void bins_of_values(
    dm_murphy *m, const double *p, const int *o, uint32_t n, double base)
{
  for (uint32_t i = 0; i < n; i++) {
    if (!first_of_value(p, i))
      continue;
    tally t = {0, 0, 0};
    for (uint32_t k = i; k < n; k++) {
      if (p[k] == p[i])
        count_in(&t, p[k], o[k]);
    }
    /* The mean of equal forecasts is that forecast, to the last bit. */
    t.p = p[i] * t.n;
    add_bin(m, &t, n, base);
  }
}

dm_murphy dm_score_murphy(
    const double *p, const int *o, uint32_t n, uint32_t bins)
{
  const double none = (double)NAN;
  dm_murphy m = {none, none, none, none, none};
  if (n == 0)
    return m;
  m = (dm_murphy){0, 0, 0, 0, 0};
  double happened = 0;
  for (uint32_t i = 0; i < n; i++) {
    m.brier += (p[i] - o[i]) * (p[i] - o[i]);
    happened += o[i];
  }
  m.brier /= n;
  double base = happened / n;
  m.uncertainty = base * (1 - base);
  if (bins == 0)
    bins_of_values(&m, p, o, n, base);
  for (uint32_t b = 0; b < bins; b++) {
    tally t = {0, 0, 0};
    for (uint32_t i = 0; i < n; i++) {
      if (bin_of(p[i], bins) == b)
        count_in(&t, p[i], o[i]);
    }
    add_bin(&m, &t, n, base);
  }
  m.within = m.brier - (m.reliability - m.resolution + m.uncertainty);
  return m;
}

void dm_score_calibration(
    const double *p, const int *o, uint32_t n, uint32_t bins, dm_bin *out)
{
  for (uint32_t b = 0; b < bins; b++) {
    tally t = {0, 0, 0};
    for (uint32_t i = 0; i < n; i++) {
      if (bin_of(p[i], bins) == b)
        count_in(&t, p[i], o[i]);
    }
    out[b] = (dm_bin){
        .low = (double)b / bins,
        .high = (double)(b + 1) / bins,
        .n = t.n,
        .p = t.n ? t.p / t.n : (double)NAN,
        .share = t.n ? t.o / t.n : (double)NAN,
    };
  }
}

/* ---- a question's life ----------------------------------------------------- */

double dm_score_over_life(
    const double *score, const double *t, uint32_t n, double open, double end,
    double *coverage)
{
  double sum = 0, days = 0, last = (double)NAN;
  for (uint32_t i = 0; i < n && t[i] <= end; i++) {
    double from = t[i] > open ? t[i] : open;
    double to = i + 1 < n && t[i + 1] < end ? t[i + 1] : end;
    last = score[i];
    /* No time, no weight, and an infinite score times 0 is no number. */
    if (to > from) {
      sum += score[i] * (to - from);
      days += to - from;
    }
  }
  double life = end - open;
  *coverage = life > 0 ? days / life : isnan(last) ? 0 : 1;
  return days > 0 ? sum / days : last;
}
