/* num/sum.c -- sums in a fixed order; the tree is described in sum.h. */
#include "num/sum.h"

#include <math.h>
#include <stdint.h>

enum { BLOCK = 512, LANES = 8, LEVELS = 64 };

static double block_dot(const double *x, const double *y, size_t n)
{
  double lane[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (size_t l = 0; l < LANES; l++)
      lane[l] += x[i + l] * y[i + l];
  for (size_t l = 0; i < n; i++, l++)
    lane[l] += x[i] * y[i];
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
         ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

double dm_dot(const double *x, const double *y, size_t n)
{
  /* level[j] holds the sum of 2^j blocks while bit j of `blocks` is set. */
  double level[LEVELS];
  uint64_t blocks = 0;
  for (size_t i = 0; i < n; i += BLOCK) {
    double sum = block_dot(x + i, y + i, n - i < BLOCK ? n - i : BLOCK);
    unsigned j = 0;
    for (; (blocks >> j) & 1; j++)
      sum = level[j] + sum;
    level[j] = sum;
    blocks++;
  }
  double total = 0.0;
  for (unsigned j = 0; blocks >> j; j++)
    if ((blocks >> j) & 1)
      total = level[j] + total;
  return total;
}

double dm_max_abs(const double *x, size_t n)
{
  double top = 0.0;
  for (size_t i = 0; i < n; i++) {
    double a = fabs(x[i]);
    if (!(a <= top))
      top = a;
    if (isnan(top))
      return top;
  }
  return top;
}

void dm_axpy(double a, const double *x, size_t n, double *y)
{
  for (size_t i = 0; i < n; i++)
    y[i] += a * x[i];
}
