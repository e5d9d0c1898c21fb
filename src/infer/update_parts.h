/* infer/update_parts.h -- what update and next share.  Internal to infer.
 *
 *   update_base.c   the base solution: solved, or taken from a cache and checked
 *   update_watch.c  a copy of the core that watches for what the lines report
 *   update_pass.c   that copy expanded; forward and backward passes over it
 *   update_lines.c  which lines count in which subset
 *   update_hidden.c types and hidden states by date
 *   update.c        the update
 *   next.c          the news that would move the odds
 *
 * Memory: what stays is in job.keep, the rest in job.scratch; both jump to the
 * entry points.  What has a _free of its own hangs on dm_updating. */
#ifndef DM_INFER_UPDATE_PARTS_H
#define DM_INFER_UPDATE_PARTS_H

#include "infer/parts.h"
#include "infer/update.h"

/* A number far below the smallest double: m x 2^(256 e), m 0 or in
 * [2^-256, 2^256). */
typedef struct dm_far {
  double m;
  int32_t e;
} dm_far;

dm_far dm_far_of(double x);
dm_far dm_far_exp(double log_x);
dm_far dm_far_mul(dm_far a, dm_far b);
dm_far dm_far_add(dm_far a, dm_far b);
/** x as a double in units of 2^(256 e). */
double dm_far_scaled(dm_far x, int32_t e);
double dm_far_log(dm_far x); /* -INFINITY for 0 */

/* ---- update_base.c ------------------------------------------------------- */

/* Odds under a subset of the lines. */
typedef struct dm_subset {
  const bool *counts; /* [n_lines] */
  dm_far total;       /* chance of these lines */
  const double *odds; /* [n_outcomes] final; NaN if total is 0 */
  const double *by;   /* [n_outcomes x n_periods] the same by date */
} dm_subset;

/* One update or next at work. */
typedef struct dm_updating {
  dm_job job; /* core, options, solved, keep, scratch */
  const dm_evidence *evidence;
  const dm_update_options *options;
  dm_infer_options infer;
  struct dm_side *side; /* of the run at hand */
  bool cached;
  DM_VEC(dm_subset) asked; /* subsets that were run */
} dm_updating;

/** The base solution in job.solved: from options->log_p if its certificate
 *  holds, else solved. */
dm_status dm_updating_solve(dm_updating *u) DM_MUST_USE;
void dm_updating_init(
    dm_updating *u, const dm_core *core, const dm_evidence *evidence,
    const dm_update_options *options, dm_diags *diags, dm_arena *keep);
void dm_updating_clear(dm_updating *u);

/* ---- update_watch.c --------------------------------------------------------- */

/* A multi-valued watch for `next`: 0 nothing, else value - lo + 1. */
typedef struct dm_watch_copy {
  uint32_t var;  /* a status at the period's end, or a report's last reading */
  uint32_t mark; /* out: the variable that holds it, until the next period */
} dm_watch_copy;

typedef struct dm_watch {
  const dm_evidence *evidence;
  const dm_evidence_line *line; /* [n_lines], which may differ from its own */
  const bool *wanted;           /* [n_lines] */
  uint32_t *mark; /* [n_lines] out: variable that is 1 if the line's event came
                     about, until the period behind its last one; DM_NONE:
                     not watched (outcomes, unwanted) */
  dm_watch_copy *copy;
  uint32_t n_copies, copy_from; /* first period of the copies */
} dm_watch;

/** A copy of the core in `arena` that watches. */
dm_core *dm_watch_core(const dm_core *core, dm_watch *watch, dm_arena *arena);

/* ---- update_pass.c ------------------------------------------------------------- */

/* What is known of the lines at a node: lines whose time is over there and not
 * before, and which of their events came about. */
typedef struct dm_fact {
  uint32_t n;
  const uint32_t *line; /* [n] */
  const uint8_t *so;    /* [n] */
} dm_fact;

typedef struct dm_side {
  const dm_core *base_core;
  dm_core *core; /* the copy */
  dm_watch watch;
  dm_expansion *e;
  dm_set_id *match; /* [n_sets] set of the base */
  dm_far *p;        /* [n_edges] chances */
  double *cell;     /* [n_cells] */
  uint32_t *fact;   /* [n_nodes] or DM_NONE */
  DM_VEC(dm_fact) facts;
  dm_far *weight; /* [n_facts] of the subset at hand */
  dm_far *mass;   /* [n_nodes] of the last forward pass, with the node's fact */
  dm_far *rest;   /* [n_nodes] of the last backward pass, without it */
} dm_side;

/** Expands the copy for a watch on u->scratch; u->side.  Strategies are those
 *  of the base solution.  DM_E_LIMIT: too many situations (E081 filed when
 *  `tell`). */
dm_status dm_side_open(dm_updating *u, const dm_watch *watch, bool tell)
    DM_MUST_USE;
void dm_side_close(dm_updating *u);

/** Strategies log_p of the base game [n_slots] on the copy. */
void dm_side_strategies(dm_updating *u, const double *log_p);

/** Which lines count: [n_lines]. */
void dm_side_weigh(dm_updating *u, const bool *counts);

/** Forward pass with the weights at hand: by [n_outcomes x n_periods] chance
 *  of the lines that count and of each ending in each period. */
void dm_side_forward(dm_updating *u, dm_far *by);

/** Backward pass: chance of what is still to be reported from each node on,
 *  and (with an outcome) of that ending. */
void dm_side_backward(dm_updating *u, uint32_t outcome);

/** Layer of what holds at the end of period t. */
uint32_t dm_side_end_layer(const dm_side *side, uint32_t t);

/* ---- update_lines.c --------------------------------------------------------------- */

/** Lines that count when those present are: corrected ones and echoes do not.
 *  Lines beyond the clock never do. */
void dm_lines_count(
    const dm_core *core, const dm_evidence *evidence, const bool *present,
    bool *counts);

/** Lines not after the cut-off. */
void dm_lines_until(
    const dm_evidence *evidence, const char *cut_off, bool *present);

/** Odds when these lines count: a forward pass unless it was asked before. */
const dm_subset *dm_subset_of(dm_updating *u, const bool *counts);

/* ---- update_hidden.c -------------------------------------------------------- */

/** Priors and posteriors given the lines that count. */
void dm_update_hidden_of(dm_updating *u, const bool *counts, dm_update *update);

/* ---- update.c ---------------------------------------------------------------- */

/** Which lines are looked at at all: not after the clock or the cut-off. */
void dm_updating_present(const dm_updating *u, bool *present);

/** E071 and DM_E_INPUT if no path fits the lines that count. */
dm_status dm_updating_check(dm_updating *u, const bool *counts) DM_MUST_USE;

#endif
