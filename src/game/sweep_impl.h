/* game/sweep_impl.h -- the arrays behind dm_sweep, shared by sweep.c and
 * tangent.c and by nobody else; the arithmetic of reach, shared with lanes.c. */
#ifndef DM_GAME_SWEEP_IMPL_H
#define DM_GAME_SWEEP_IMPL_H

#include "game/sweep.h"
#include "num/expo.h"

/* Exponents of reach are multiples of DM_REACH_STEP, so that two of them hardly
 * ever differ; reach below 2^DM_REACH_LOW saturates there.  Twice it still fits
 * in 32 bits. */
#define DM_REACH_STEP  256
#define DM_REACH_LOW   (-(INT32_C(1) << 30))
#define DM_REACH_LEAST 0x1p-255 /* of a mantissa in range, */
#define DM_REACH_MOST  0x1p1    /* which stays below this */
/* Of all doubles, those in range and no other have these four bits on top. */
#define DM_REACH_RANGE UINT64_C(0x3000000000000000)
/* A probability below 2^-444 lends its size to an exponent of its own.  With
 * 2^-700 as the least that is left, products with a reach stay normal. */
#define DM_CHANCE_EXP   (-444)
#define DM_CHANCE_PLAIN 0x1p-443
#define DM_CHANCE_LEAST 0x1p-700

/* For dm_sweep_new_for, alone: nothing but the lists of sets. */
#define DM_SWEEP_LISTS 4u

/* Players whose values are added side by side; more take several passes. */
enum { DM_GROUP = 8 };

/* Expands case(width, stride) for each number of players that is left. */
#define DM_WIDTHS(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8)

struct dm_sweep {
  const dm_game *game; /* borrowed */
  void *block;         /* holds every array below */
  size_t block_bytes;
  unsigned parts;   /* dm_sweep_part */
  uint32_t n_inner; /* all nodes from here on are endings */
  uint32_t n_reach; /* nodes whose reach is kept: n_inner or n_nodes */

  double *cell_value; /* [n_cells] */
  double *row_value;  /* [n_rows x n_players], row-major */

  double *p;      /* [n_slots] probability, x 2^p_exp; above DM_CHANCE_LEAST,
                     or 0 */
  int32_t *p_exp; /* [n_slots] 0 but for the tiniest */
  double *q;      /* [n_slots] */

  double *reach;      /* [n_reach] in range up to n_inner, or 0 */
  int32_t *reach_exp; /* [n_reach] */
  double *value;      /* [(n_inner + 1) x n_players], row-major; zeros at
                         endings, the last row for all from n_inner on */

  double *set_reach;    /* [n_sets] */
  int32_t *set_exp;     /* [n_sets] */
  uint32_t *set_first;  /* [n_sets + 1] into set_node */
  dm_node_id *set_node; /* [decision nodes] by set, then by id */

  /* With DM_SWEEP_TANGENTS only. */
  double *belief;       /* [n_inner] */
  double *d_reach;      /* [n_inner] tangent of log reach */
  double *d_value;      /* as value */
  double *d_set;        /* [n_sets] tangent of the log reach of the set */
  double *d_log_p;      /* [n_slots] found on the way by dm_sweep_backsolve */
  uint32_t *layer_set;  /* [n_layers + 1] into set_order */
  dm_set_id *set_order; /* [n_sets] by the deepest layer of their nodes */
  bool timed;           /* every set lies in one layer */
};

/* The row of values of a node. */
static inline size_t dm_value_at(uint32_t child, uint32_t n_inner)
{
  return child < n_inner ? child : n_inner;
}

/* 2^n for n up to 1023; 0 for n below -1022. */
static inline double dm_pow2_low(int32_t n)
{
  return dm_pow2(n < -1023 ? -1023 : n);
}

/* x 2^n, where n is nearly always 0.  Large n go with x = 0 only: the exponent
 * of a zero is anything. */
static inline double dm_shifted(double x, int32_t n)
{
  return n == 0 ? x : x * dm_pow2_low(n > 1023 ? 1023 : n);
}

/* Brings m x 2^e into range; zero stays zero, with any exponent. */
static inline void dm_reach_settle(double *m, int32_t *e)
{
  if ((dm_bits(*m) ^ DM_REACH_RANGE) >> 60 == 0)
    return;
  while (*m > 0.0 && *m < DM_REACH_LEAST) {
    *m *= 0x1p256;
    *e -= DM_REACH_STEP;
  }
  while (*m >= DM_REACH_MOST && *m < 0x1p1000) {
    *m *= 0x1p-256;
    *e += DM_REACH_STEP;
  }
  *e = *e < DM_REACH_LOW ? DM_REACH_LOW : *e;
}

/* m x 2^e as one double, the same for all ways to split it. */
static inline double dm_reach_plain(double m, int32_t e)
{
  dm_reach_settle(&m, &e);
  return m * dm_pow2_low(e / 2) * dm_pow2_low(e - e / 2);
}

/* (*m, *e) += (dm, de) where the exponents differ. */
void dm_reach_merge(double *m, int32_t *e, double dm, int32_t de);

/* (*m, *e) += (dm, de). */
static inline void dm_reach_add(double *m, int32_t *e, double dm, int32_t de)
{
  if (*e == de)
    *m += dm;
  else
    dm_reach_merge(m, e, dm, de);
}

/* Splits e^log_p for the passes: *p in [2^-700, 2) or 0, and a multiple of
 * DM_REACH_STEP. */
static inline double dm_chance_split(double log_p, int32_t *exponent)
{
  int32_t e;
  double m = dm_exp_split(log_p, &e);
  int32_t below = DM_CHANCE_EXP - e;
  int32_t shift = below > 0 ? below & -DM_REACH_STEP : 0;
  *exponent = -shift;
  return m * dm_pow2(e + shift);
}

/* Probability of a slot as a plain number.  Looking at its size first spares
 * nearly all the exponents. */
static inline double dm_plain_p(
    const double *p, const int32_t *p_exp, size_t slot)
{
  double x = p[slot];
  return x >= DM_CHANCE_PLAIN ? x : dm_shifted(x, p_exp[slot]);
}

/* Parts sized and placed one after the other, each on a cache line of its own;
 * `at` is NULL while only measuring. */
typedef struct dm_carver {
  unsigned char *at;
  size_t used;
  bool overflow;
} dm_carver;

void *dm_carve(dm_carver *c, size_t n, size_t width, size_t size);

/* Number of nodes up to the last that is no ending. */
uint32_t dm_inner_nodes(const dm_game *game);

#endif
