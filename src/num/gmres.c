/* num/gmres.c -- linear systems known only by their products.
 *
 * In:     A as a function, b [n].   Out: x [n], |b - A x| <= tol |b| if it can.
 * Method: GMRES (Saad and Schultz, SIAM J. Sci. Stat. Comput. 7, 1986): an
 *         orthonormal basis V of the Krylov space, A V_m = V_{m+1} H; the least
 *         squares problem in H is kept triangular by Givens rotations, so the
 *         residual is known at every step.  Restarted after `restart` vectors.
 * Numerics: each new vector is orthogonalised by modified Gram-Schmidt, once
 *         more if that took nearly all of it away.  Dot products go through
 *         num/sum.h, whose order depends on n alone.
 * Cost:   a cycle of m products: m products, O(m^2 n) for the basis;
 *         (restart + 2) n doubles.
 * Not here: preconditioning (apply the preconditioned operator instead). */
#include "num/gmres.h"

#include "num/sum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct dm_gmres {
  size_t n;
  uint32_t restart;
  double *basis; /* [(restart + 1) x n] */
  double *rest;  /* [n] residual of a restart */
  double *h;     /* [(restart + 1) x restart], column-major */
  double *c, *s; /* [restart] rotations */
  double *g;     /* [restart + 1] right-hand side, rotated */
};

static size_t small_doubles(uint32_t restart)
{
  size_t m = restart;
  return (m + 1) * m + 2 * m + (m + 1);
}

size_t dm_gmres_bytes(size_t n, uint32_t restart)
{
  return sizeof(dm_gmres) +
         (((size_t)restart + 2) * n + small_doubles(restart)) * sizeof(double);
}

dm_gmres *dm_gmres_new(size_t n, uint32_t restart)
{
  if (restart == 0 || restart > 10000 || n > SIZE_MAX / 16 / (restart + 2u))
    return NULL;
  dm_gmres *gmres = calloc(1, sizeof *gmres);
  double *all =
      calloc(((size_t)restart + 2) * n + small_doubles(restart), sizeof *all);
  if (!gmres || !all) {
    free(gmres);
    free(all);
    return NULL;
  }
  size_t m = restart;
  gmres->n = n;
  gmres->restart = restart;
  gmres->basis = all;
  gmres->rest = gmres->basis + (m + 1) * n;
  gmres->h = gmres->rest + n;
  gmres->c = gmres->h + (m + 1) * m;
  gmres->s = gmres->c + m;
  gmres->g = gmres->s + m;
  return gmres;
}

void dm_gmres_free(dm_gmres *gmres)
{
  if (!gmres)
    return;
  free(gmres->basis);
  free(gmres);
}

/* Takes out of w what lies in the first `count` basis vectors; adds the
 * coefficients to h. */
static void orthogonalise(dm_gmres *gmres, uint32_t count, double *w, double *h)
{
  size_t n = gmres->n;
  double before = dm_dot(w, w, n);
  for (uint32_t i = 0; i < count; i++)
    h[i] = 0.0;
  for (int pass = 0; pass < 2; pass++) {
    for (uint32_t i = 0; i < count; i++) {
      double dot = dm_dot(gmres->basis + i * n, w, n);
      h[i] += dot;
      dm_axpy(-dot, gmres->basis + i * n, n, w);
    }
    if (dm_dot(w, w, n) > 1e-4 * before)
      return;
  }
}

/* Applies the rotations so far to column j; returns its diagonal entry. */
static double rotated_last(const dm_gmres *gmres, uint32_t j, double *h)
{
  for (uint32_t i = 0; i < j; i++) {
    double top = gmres->c[i] * h[i] + gmres->s[i] * h[i + 1];
    h[i + 1] = gmres->c[i] * h[i + 1] - gmres->s[i] * h[i];
    h[i] = top;
  }
  return h[j];
}

/* Makes the rotation that clears the last entry of column j, and turns g. */
static void close_column(dm_gmres *gmres, uint32_t j, double *h)
{
  double r = sqrt(h[j] * h[j] + h[j + 1] * h[j + 1]);
  gmres->c[j] = r > 0.0 ? h[j] / r : 1.0;
  gmres->s[j] = r > 0.0 ? h[j + 1] / r : 0.0;
  h[j] = r;
  h[j + 1] = 0.0;
  gmres->g[j + 1] = -gmres->s[j] * gmres->g[j];
  gmres->g[j] = gmres->c[j] * gmres->g[j];
}

/* x += V y, where H y = g by back substitution over m columns. */
static void update(dm_gmres *gmres, uint32_t m, double *x)
{
  size_t rows = (size_t)gmres->restart + 1;
  for (uint32_t j = m; j-- > 0;) {
    double y = gmres->g[j];
    for (uint32_t i = j + 1; i < m; i++)
      y -= gmres->h[i * rows + j] * gmres->g[i];
    double pivot = gmres->h[j * rows + j];
    gmres->g[j] = pivot != 0.0 ? y / pivot : 0.0;
  }
  for (uint32_t j = 0; j < m; j++)
    dm_axpy(gmres->g[j], gmres->basis + j * gmres->n, gmres->n, x);
}

/* One cycle from the residual in basis vector 0 (not normalised, of length
 * beta).  Returns the length of the residual left. */
static double cycle(
    dm_gmres *gmres, dm_linear *apply, void *data, double beta, double target,
    uint32_t most, uint32_t *products, double *x)
{
  size_t n = gmres->n;
  size_t rows = (size_t)gmres->restart + 1;
  for (size_t i = 0; i < n; i++)
    gmres->basis[i] /= beta;
  gmres->g[0] = beta;
  uint32_t m = 0;
  double left = beta;
  uint32_t limit = most < gmres->restart ? most : gmres->restart;
  while (m < limit && left > target) {
    double *w = gmres->basis + (m + 1) * n;
    double *h = gmres->h + m * rows;
    apply(data, gmres->basis + m * n, w);
    ++*products;
    orthogonalise(gmres, m + 1, w, h);
    double norm = sqrt(dm_dot(w, w, n));
    h[m + 1] = norm;
    if (norm > 0.0)
      for (size_t i = 0; i < n; i++)
        w[i] /= norm;
    (void)rotated_last(gmres, m, h);
    close_column(gmres, m, h);
    left = fabs(gmres->g[++m]);
    if (!(norm > 0.0))
      break;
  }
  update(gmres, m, x);
  return left;
}

dm_gmres_result dm_gmres_run(
    dm_gmres *gmres, dm_linear *apply, void *data, const double *b, double tol,
    uint32_t max_products, double *x)
{
  size_t n = gmres->n;
  dm_gmres_result result = {0};
  memset(x, 0, n * sizeof *x);
  double size = sqrt(dm_dot(b, b, n));
  if (!(size > 0.0))
    return result;
  memcpy(gmres->basis, b, n * sizeof *b);
  double left = size;
  for (;;) {
    double before = left;
    left = cycle(
        gmres, apply, data, left, tol * size, max_products - result.products,
        &result.products, x);
    /* A restart that gains nothing will gain nothing again. */
    if (!(left > tol * size) || result.products + 1 >= max_products ||
        left > 0.99 * before)
      break;
    apply(data, x, gmres->rest);
    result.products++;
    for (size_t i = 0; i < n; i++)
      gmres->basis[i] = b[i] - gmres->rest[i];
    left = sqrt(dm_dot(gmres->basis, gmres->basis, n));
    if (!(left > tol * size))
      break;
  }
  result.residual = left / size;
  return result;
}
