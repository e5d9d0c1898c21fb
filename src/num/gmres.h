/* num/gmres.h -- restarted GMRES with a fixed order of summation. */
#ifndef DM_NUM_GMRES_H
#define DM_NUM_GMRES_H

#include <stddef.h>
#include <stdint.h>

/** y = A x, both [n]; x is not modified. */
typedef void dm_linear(void *data, const double *x, double *y);

typedef struct dm_gmres dm_gmres;

typedef struct dm_gmres_result {
  double residual;   /* |b - A x| / |b|, as the method estimates it */
  uint32_t products; /* with A */
} dm_gmres_result;

/** Storage for systems of n unknowns, `restart` >= 1 Krylov vectors.
 *  NULL: memory. */
dm_gmres *dm_gmres_new(size_t n, uint32_t restart);
void dm_gmres_free(dm_gmres *gmres);

/** Bytes that dm_gmres_new(n, restart) takes. */
size_t dm_gmres_bytes(size_t n, uint32_t restart);

/** Solves A x = b from x = 0 until |b - A x| <= tol |b| or max_products.
 *  Allocates nothing.  x [n] out. */
dm_gmres_result dm_gmres_run(
    dm_gmres *gmres, dm_linear *apply, void *data, const double *b, double tol,
    uint32_t max_products, double *x);

#endif
