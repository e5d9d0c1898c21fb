/* bench/support/triad.c -- a triad in the manner of McCalpin's STREAM, and the
 * clock it is read by. */
#define _POSIX_C_SOURCE 200809L
#include "triad.h"

#include <stdlib.h>
#include <time.h>

double bench_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void triad(
    double *restrict a, const double *restrict b, const double *restrict c,
    double s, size_t n)
{
  for (size_t i = 0; i < n; i++)
    a[i] = b[i] + s * c[i];
}

double bench_triad(size_t bytes)
{
  size_t n = bytes / (3 * sizeof(double)) + 1;
  double *a = malloc(3 * n * sizeof *a);
  if (!a)
    return 0.0;
  double *b = a + n;
  double *c = b + n;
  for (size_t i = 0; i < n; i++) {
    a[i] = 0.0;
    b[i] = (double)(i % 7);
    c[i] = (double)(i % 5);
  }
  /* Small arrays are passed over often enough for the clock to see it. */
  size_t rounds = 1 + (size_t)(64 << 20) / (3 * n * sizeof *a);
  double best = 0.0;
  for (int pass = 0; pass < 10; pass++) {
    double began = bench_now();
    for (size_t r = 0; r < rounds; r++)
      triad(a, b, c, 1.0 + a[r % n] * 1e-30, n);
    double took = bench_now() - began;
    double rate = (double)(rounds * 3 * n * sizeof *a) / took;
    best = rate > best ? rate : best;
  }
  free(a);
  return best;
}
