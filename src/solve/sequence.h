/* solve/sequence.h -- the sequence form of a two-player game with perfect
 * recall, and products with its payoff matrices.
 *
 * A sequence of a player is what it has done so far: nothing (sequence 0), or
 * its last pick, since with perfect recall the last pick tells all before.  A
 * realisation plan gives each sequence a weight: 1 to sequence 0, and the
 * weights of an information set's options sum to the weight of the sequence
 * that leads there.  Payoffs are bilinear in the two plans.  Leaves with the same
 * pair of sequences are one entry, the chances on the way folded in.
 *
 * Numbering: a player's sets are ordered by depth (own sets before it), then
 * number of options, then so that sets with payoffs against the same sequences
 * of the other player stand together.  Sets of one depth and one number of
 * options are a group.  Inside a group sequences run option by option: option k
 * of set j is sequence seq + k n + j.  Loops over the sets of a group are then
 * loops over contiguous numbers, and equal parts of the payoff matrix are
 * rectangles. */
#ifndef DM_SOLVE_SEQUENCE_H
#define DM_SOLVE_SEQUENCE_H

#include "game/game.h"

/* `n` sets of `arity` options each: sets set, ..., set + n - 1. */
typedef struct dm_seq_group {
  uint32_t set, n, arity, seq;
} dm_seq_group;

typedef struct dm_seq_side {
  uint32_t n_sets, n_seqs, n_groups;
  uint32_t widest;     /* most sets in a group */
  dm_seq_group *group; /* [n_groups] a set's group comes after its parent's */
  uint32_t *parent;    /* [n_sets] own sequence that leads to the set */
  uint32_t *set_id;    /* [n_sets] the game's information set */
} dm_seq_side;

/* Payoffs to both where both play these sequences, times chance. */
typedef struct dm_seq_entry {
  uint32_t seq[2];
  double pay[2];
} dm_seq_entry;

typedef struct dm_sequence {
  const dm_game *game; /* borrowed */
  dm_seq_side side[2];
  dm_seq_entry *entry; /* [n_entries] by seq[0], then seq[1]; each pair once */
  size_t n_entries;
  dm_arena arena; /* holds the above */
} dm_sequence;

/** DM_E_RANGE (*why, static): not two players, no perfect recall, or a graph
 *  with too many pairs of sequences.  *out NULL after an error. */
dm_status dm_sequence_new(
    const dm_game *game, const double *cell, dm_sequence **out,
    const char **why) DM_MUST_USE;
void dm_sequence_free(dm_sequence *sequence);

/** Gives the entries back when only products are needed from now on. */
void dm_sequence_drop_entries(dm_sequence *sequence);

/** Behaviour strategies p of one player's slots from a plan [n_seqs] of any
 *  scale; uniform where the plan never comes. */
void dm_sequence_strategy(
    const dm_sequence *sequence, int side, const double *plan, double *p);

/** Values of a player's best reply: `value` [n_seqs] holds the payoff of each
 *  own sequence against the other's plan, and is overwritten; returns the
 *  value at the start. */
double dm_sequence_best(const dm_seq_side *side, double *value);

/** Components of the graph that joins the two sequences of each entry,
 *  sequence 0 left out: comp [n of both] gets the least member's number, or
 *  UINT32_MAX for what no entry names.  Second player's numbers start at n0. */
void dm_seq_components(
    const dm_seq_entry *entry, size_t n, uint32_t n0, uint32_t n_both,
    uint32_t *comp);

/* ---- products ------------------------------------------------------------ */

/* Rows of equal length: `n` rows from place `row` on, `len` entries each. */
typedef struct dm_row_class {
  uint32_t len, n, row;
  size_t entry;
} dm_row_class;

/* A full rectangle; equal ones share their numbers. */
typedef struct dm_block_place {
  uint32_t row, col, n_rows, n_cols;
  uint32_t number; /* offset into `full`, column by column */
} dm_block_place;

/* One player's payoffs: rows are its sequences, columns the other's. */
typedef struct dm_product {
  uint32_t n_rows, n_cols;
  uint32_t n_classes, n_blocks;
  dm_row_class *class;
  uint32_t *row;         /* rows in the order of the classes */
  uint32_t *col;         /* [n_sparse] */
  double *value;         /* [n_sparse] */
  dm_block_place *block; /* by n_rows, then row */
  double *full;
  size_t n_sparse, n_full, n_listed; /* entries; numbers of full; rows listed */
} dm_product;

/** Arrays from `keep`, whose jump is set here. */
dm_status dm_product_plan(
    dm_arena *keep, const dm_sequence *sequence, int side,
    dm_product *out) DM_MUST_USE;

/** out [n_rows] = payoffs x plan [n_cols].  The order of the sums is fixed. */
void dm_product_run(const dm_product *product, const double *plan, double *out);

/** Bytes that one run reads and writes. */
size_t dm_product_moved(const dm_product *product);

/* ---- sorting ------------------------------------------------------------- */

typedef struct dm_keyed {
  uint64_t key;
  uint32_t at;
} dm_keyed;

/** Stable, by key.  spare [n].  O(n) a byte of the key that varies. */
void dm_keyed_sort(dm_keyed *item, dm_keyed *spare, size_t n);

#endif
