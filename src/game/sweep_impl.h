/* game/sweep_impl.h -- the arrays behind dm_sweep, shared by sweep.c and
 * tangent.c and by nobody else. */
#ifndef DM_GAME_SWEEP_IMPL_H
#define DM_GAME_SWEEP_IMPL_H

#include "game/sweep.h"
#include "num/expo.h"

/* Binary exponent of a reach of zero, and the least exponent of any other:
 * reach below 2^-2^30 saturates there.  Twice it still fits in 32 bits. */
#define DM_REACH_LOW (-(INT32_C(1) << 30))

/* Players whose values are added side by side; more take several passes. */
enum { DM_GROUP = 8 };

struct dm_sweep {
  const dm_game *game; /* borrowed */
  void *block;         /* holds every array below */
  size_t block_bytes;

  double *cell_value; /* [n_cells] */
  double *row_value;  /* [n_rows x n_players], row-major */

  double *p;      /* [n_slots] probability; may be 0 by rounding */
  double *p_mant; /* [n_slots] the same as p_mant x 2^p_exp, never rounded */
  int32_t *p_exp; /* [n_slots] to 0 */
  double *q;      /* [n_slots] */

  double *reach;      /* [n_nodes] mantissa in [0.5, 1), or 0 */
  int32_t *reach_exp; /* [n_nodes] */
  double *belief;     /* [n_nodes] */
  double *value;      /* [n_nodes x n_players], row-major; zeros at endings */

  double *set_reach;    /* [n_sets] mantissa, not normalised */
  int32_t *set_exp;     /* [n_sets] */
  uint32_t *set_first;  /* [n_sets + 1] into set_node */
  dm_node_id *set_node; /* [decision nodes] by set, then by id */

  double *d_reach; /* [n_nodes] tangent of log reach */
  double *d_value; /* [n_nodes x n_players]; zeros at endings */
  double *d_set;   /* [n_sets] tangent of the log reach of the set */
  double *d_log_p; /* [n_slots] found on the way by dm_sweep_backsolve */

  uint32_t *layer_set;  /* [n_layers + 1] into set_order */
  dm_set_id *set_order; /* [n_sets] by the deepest layer of their nodes */
  bool timed;           /* every set lies in one layer */
};

/* 2^n for n up to 1023; 0 for n below -1022. */
static inline double dm_pow2_low(int32_t n)
{
  return dm_pow2(n < -1023 ? -1023 : n);
}

/* (*m, *e) += (dm, de), both mantissa and exponent.  A zero must come with
 * DM_REACH_LOW, or it would push real mass of far smaller size away. */
static inline void dm_reach_add(double *m, int32_t *e, double dm, int32_t de)
{
  int32_t old = *e;
  int32_t top = old > de ? old : de;
  *m = *m * dm_pow2_low(old - top) + dm * dm_pow2_low(de - top);
  *e = top;
}

#endif
