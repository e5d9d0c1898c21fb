/* num/dense.c -- small dense systems by elimination.
 *
 * In:     A [n x n].   Out: its factors, its determinant's sign and size,
 *         solutions of A x = b.
 * Method: L U with row exchanges; the pivot is the entry that is largest
 *         beside its row's largest (Golub and Van Loan, "Matrix Computations",
 *         section 3.4), since rows of very different sizes are the rule here:
 *         1 beside sharpness.
 * Cost:   n^3 / 3 to factor, n^2 to solve. */
#include "num/dense.h"

#include "num/expo.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

dm_dense *dm_dense_new(uint32_t n)
{
  if (n == 0 || n > 4096)
    return NULL;
  dm_dense *dense = calloc(1, sizeof *dense);
  size_t room = (size_t)n * n + n;
  void *block = calloc(room * sizeof(double) + n * sizeof(uint32_t), 1);
  if (!dense || !block) {
    free(dense);
    free(block);
    return NULL;
  }
  dense->n = n;
  dense->block = block;
  dense->a = block;
  dense->scale = dense->a + (size_t)n * n;
  dense->pivot = (uint32_t *)(void *)(dense->scale + n);
  return dense;
}

void dm_dense_free(dm_dense *dense)
{
  if (!dense)
    return;
  free(dense->block);
  free(dense);
}

/* The row at or below j to take as the next pivot. */
static uint32_t choose(const dm_dense *dense, uint32_t j)
{
  const size_t n = dense->n;
  uint32_t best = j;
  double most = -1.0;
  for (uint32_t i = j; i < n; i++) {
    double size = fabs(dense->a[i * n + j]) * dense->scale[i];
    if (size > most) {
      most = size;
      best = i;
    }
  }
  return best;
}

static void swap_rows(dm_dense *dense, uint32_t i, uint32_t j)
{
  const size_t n = dense->n;
  for (size_t c = 0; c < n; c++) {
    double held = dense->a[i * n + c];
    dense->a[i * n + c] = dense->a[j * n + c];
    dense->a[j * n + c] = held;
  }
  double held = dense->scale[i];
  dense->scale[i] = dense->scale[j];
  dense->scale[j] = held;
  dense->sign = -dense->sign;
}

void dm_dense_factor(dm_dense *dense)
{
  const size_t n = dense->n;
  double *a = dense->a;
  dense->sign = 1;
  dense->log_size = 0.0;
  for (size_t i = 0; i < n; i++) {
    double most = 0.0;
    for (size_t c = 0; c < n; c++)
      most = fmax(most, fabs(a[i * n + c]));
    dense->scale[i] = most > 0.0 ? 1.0 / most : 0.0;
  }
  bool singular = false;
  for (uint32_t j = 0; j < n; j++) {
    uint32_t row = choose(dense, j);
    dense->pivot[j] = row;
    if (row != j)
      swap_rows(dense, row, j);
    double pivot = a[j * n + j];
    if (pivot == 0.0 || isnan(pivot)) {
      singular = true;
      pivot = a[j * n + j] =
          dense->scale[j] > 0.0 ? DBL_EPSILON / dense->scale[j] : 1.0;
    }
    dense->sign = pivot < 0.0 ? -dense->sign : dense->sign;
    dense->log_size += dm_log(fabs(pivot));
    for (size_t i = j + 1; i < n; i++) {
      double factor = a[i * n + j] /= pivot;
      for (size_t c = j + 1; factor != 0.0 && c < n; c++)
        a[i * n + c] -= factor * a[j * n + c];
    }
  }
  if (singular)
    dense->sign = 0;
}

void dm_dense_solve(const dm_dense *dense, double *x)
{
  const size_t n = dense->n;
  const double *a = dense->a;
  for (size_t j = 0; j < n; j++) {
    double held = x[j];
    x[j] = x[dense->pivot[j]];
    x[dense->pivot[j]] = held;
  }
  for (size_t i = 1; i < n; i++)
    for (size_t c = 0; c < i; c++)
      x[i] -= a[i * n + c] * x[c];
  for (size_t i = n; i-- > 0;) {
    for (size_t c = i + 1; c < n; c++)
      x[i] -= a[i * n + c] * x[c];
    x[i] /= a[i * n + i];
  }
}
