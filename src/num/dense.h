/* num/dense.h -- small dense systems, factored once and solved often. */
#ifndef DM_NUM_DENSE_H
#define DM_NUM_DENSE_H

#include <stddef.h>
#include <stdint.h>

typedef struct dm_dense {
  uint32_t n;
  double *a;       /* [n x n], row-major; after dm_dense_factor its factors */
  double *scale;   /* [n] of the rows */
  uint32_t *pivot; /* [n] row that was taken at each step */
  int sign;        /* of the determinant; 0: singular */
  double log_size; /* natural logarithm of its size */
  void *block;     /* holds the above */
} dm_dense;

/** NULL: memory. */
dm_dense *dm_dense_new(uint32_t n);
void dm_dense_free(dm_dense *dense);

/** Factors `a` in place.  A singular matrix is factored too: pivots of 0 are
 *  taken for the smallest number that can stand for them, so that solving
 *  gives (a multiple of) a null vector. */
void dm_dense_factor(dm_dense *dense);

/** x [n]: right-hand side in, solution out. */
void dm_dense_solve(const dm_dense *dense, double *x);

#endif
