/* expand/walk.h -- what the files of the expansion share.
 *
 * A *position* is a place in the unrolled run: period t and step s of it,
 * 1 <= t <= n_periods, 0 <= s < n_steps; behind them in every period stand the
 * place n_steps (the end of the last period where a core has no endings step)
 * and one place an outcome for the endings of that period.  Position 0 is the
 * root.  Positions are walked in order; those that hold nodes become layers.
 *
 *   code.c   expressions as flat code, their values and their cells
 *   plan.c   what each position does and which variables live there
 *   rows.c   payoff rows, discounts, payoffs of endings
 *   step.c   one rules step: draws, crossed and merged, as branches
 *   found.c  what an author should know
 *   walk.c   from a situation to the next nodes; the walk over positions
 *   expand.c entry, final arrays, decoding */
#ifndef DM_EXPAND_WALK_H
#define DM_EXPAND_WALK_H

#include "base/table.h"
#include "expand/expand.h"

/* ---- expressions as code ------------------------------------------------- */

typedef struct dm_code {
  uint8_t op;  /* of code.c */
  uint8_t cmp; /* relation of a comparison, dm_core_op */
  uint32_t a;  /* variable, parameter, or how far to jump */
  double k;
} dm_code;

enum { DM_READS_VAR = 1, DM_READS_PERIOD = 2, DM_READS_PARAM = 4 };

typedef struct dm_root {
  uint32_t at;   /* first instruction, DM_NONE: not compiled yet */
  uint32_t cell; /* of an expression that reads parameters only, or DM_NONE */
  uint8_t reads;
} dm_root;

/* A value that knows the cell it comes from. */
typedef struct dm_mixed {
  double num;
  dm_cell_id cell; /* if `live` */
  bool live;       /* depends on a parameter */
} dm_mixed;

/* ---- packing ------------------------------------------------------------- */

typedef struct dm_field {
  uint32_t word;
  uint8_t shift, bits;
} dm_field;

/* ---- plans --------------------------------------------------------------- */

typedef struct dm_plan {
  uint64_t *live;  /* bit set of variables that live before the step */
  uint64_t *keep;  /* and of those whose new value matters behind it */
  uint32_t *pack;  /* [n_pack] the variables of `live` */
  uint64_t *base;  /* [n_words] packed start values of all others */
  uint32_t *rule;  /* [n_rules] rules that can do something here */
  uint32_t *latch; /* [n_latches] */
  uint32_t *watch; /* [n_watches] */
  uint32_t n_pack, n_rules, n_latches, n_watches;
  bool needs_old; /* a watch or an edge compares with the step's start */
  bool idle;      /* a rules step in which nothing can happen */
  bool draws;     /* a rules step that can branch */
  bool forced;    /* every situation makes a node here */
} dm_plan;

/* ---- the results of a step ----------------------------------------------- */

typedef struct dm_change {
  uint32_t var;
  int32_t value;
} dm_change;

typedef struct dm_branch {
  dm_cell_id cell;
  dm_row_id row;
  uint32_t end;      /* outcome or DM_NONE */
  uint32_t first, n; /* changes */
  uint32_t hash;
} dm_branch;

/* Everything that one variable gets in one step. */
typedef struct dm_write {
  uint32_t var;
  uint32_t rule_set, rule_up, rule_down; /* who, for messages */
  int32_t set;
  int64_t add;
  bool has_set;
} dm_write;

/* One way the draws so far can go. */
typedef struct dm_alt {
  uint32_t next;     /* of its list, or DM_NONE */
  uint32_t first, n; /* writes, by variable */
  dm_cell_id cell;
  dm_row_id row;
  uint32_t end, end_rule;
  uint32_t hash;
} dm_alt;

typedef struct dm_step_scratch {
  DM_VEC(dm_write) cur;  /* writes of open statements, innermost last */
  DM_VEC(dm_write) done; /* writes of alternatives */
  DM_VEC(dm_alt) alt;
  DM_VEC(uint32_t) slot; /* hash places for merging */
  uint32_t *where;       /* [n_vars] place in cur at the top level + 1 */
  uint64_t *seen;        /* [n_vars] */
  uint64_t turn;
} dm_step_scratch;

/* An edge of a chance node before it is written. */
typedef struct dm_fan {
  uint32_t child;
  dm_row_id row;
  dm_cell_id cell;
} dm_fan;

/* ---- layers -------------------------------------------------------------- */

typedef struct dm_layer {
  uint64_t *state; /* [n x n_words] */
  uint32_t *id;    /* [n] in order of creation over all layers */
  uint32_t *slot;  /* [slot_cap] index + 1 */
  uint32_t n, cap, slot_cap;
} dm_layer;

/* Memory of a perfect-recall variable: entry i is the key of id i + 1:
 * recall, old id, values. */
typedef struct dm_past {
  uint32_t var;
  dm_table table;
} dm_past;

/* What the public struct has behind it. */
typedef struct dm_expansion_held {
  dm_expansion pub;
  uint32_t *set_index; /* [set_cap] set + 1 by hash of decide, period, key */
  uint32_t set_cap;
  dm_past *past; /* [n_pasts] */
  uint32_t n_pasts;
  uint32_t *decide_key; /* [n_decides + 1] places in key_past */
  uint32_t *key_past;   /* past that a decide's key item is an id of, or
                            DM_NONE */
} dm_expansion_held;

/* ---- the walk ------------------------------------------------------------ */

typedef struct dm_walk {
  const dm_core *core;
  const double *param;
  dm_expand_options options;
  dm_expansion_held *held;
  dm_expansion *out;
  dm_arena *perm; /* what stays */
  dm_arena work;  /* what goes, and the game's arrays */

  uint32_t n_vars, n_words, n_sets_words; /* n_sets_words: of a bit set */
  uint32_t n_steps, n_places;             /* places a period */
  uint32_t n_positions, final_step;

  DM_VEC(dm_code) code;
  dm_root *root; /* [n_exprs] */
  DM_VEC(double) stack;
  DM_VEC(dm_mixed) mixed;

  dm_field *field; /* [n_vars] */
  int32_t *start;  /* [n_vars] */
  dm_plan *plan;   /* [n_positions] */
  dm_layer *layer; /* [n_positions] */
  uint64_t *key;   /* [n_words] scratch */

  dm_cell_pool cells;
  dm_table rows, row_ends;
  DM_VEC(dm_row_id) row_end; /* by entry of row_ends */
  uint32_t *row_sum;         /* [RECENT x 3] a, b, sum: what was added lately */
  uint32_t *row_op;          /* [RECENT x 4] op, a, b, cell made lately */
  uint32_t *row_pay;         /* [RECENT x 3] player, cell, row made lately */
  uint32_t *row_scratch;     /* [n_players] */
  dm_cell_id *discount;      /* [n_players x (n_periods + 1)] power t - 1 */
  dm_cell_id *weight;        /* [n_players x (n_periods + 2)] sum from t on */
  uint32_t *end_first;       /* [n_outcomes + 1] into end_read */
  DM_VEC(uint32_t) end_read; /* variables that an outcome's payoffs read */
  uint32_t *end_key;         /* scratch */

  dm_step_scratch step;
  DM_VEC(dm_branch) branch;
  DM_VEC(dm_change) change;
  int32_t *v, *v_next, *v_old; /* [n_vars] */
  DM_VEC(dm_fan) fan;
  uint32_t *offer, *open_offer; /* [most options] */
  uint32_t *chosen;             /* [n_latches] */
  uint32_t *row_key;            /* [most key items + 2] */
  int32_t *key_item;            /* [most key items] */
  uint32_t n_offer;
  uint32_t ended; /* outcome of the step that ended the game */

  dm_table found;
  bool bad; /* an error was found */
  uint32_t now_period, now_pos;
  const int32_t *now_v;

  /* what grows */
  uint32_t *final_id; /* [n_made] by order of creation */
  uint32_t n_made, final_cap;
  uint32_t n_done;
  DM_VEC(uint32_t) node_edge;
  DM_VEC(uint32_t) node_set;
  DM_VEC(uint32_t) edge_child;
  DM_VEC(uint32_t) edge_slot;
  DM_VEC(uint32_t) edge_row;
  DM_VEC(uint32_t) layer_node;
  DM_VEC(uint32_t) set_slot;
  DM_VEC(uint32_t) set_player;
  DM_VEC(uint32_t) set_sharp;
  DM_VEC(uint32_t) set_layer;
  DM_VEC(uint16_t) layer_period;
  DM_VEC(uint16_t) layer_step;
  DM_VEC(uint64_t) layer_live;
  DM_VEC(uint16_t) set_period;
  DM_VEC(uint32_t) set_decide;
  DM_VEC(uint32_t) set_key;
  DM_VEC(int32_t) key_value;
  DM_VEC(uint32_t) slot_option;
  DM_VEC(uint32_t) end_outcome;
  DM_VEC(uint32_t) end_period;
  uint64_t *node_state;
  uint64_t node_state_cap; /* words */
  dm_table sets;           /* of the layer at hand */
  uint32_t sets_first;     /* set that entry 0 of `sets` is */
  uint64_t n_edges;
} dm_walk;

/* code.c */
void dm_code_init(dm_walk *w);
const dm_root *dm_code_root(dm_walk *w, dm_expr_id id);
double dm_code_eval(dm_walk *w, dm_expr_id id, const int32_t *v, uint32_t t);
dm_mixed dm_code_cell(dm_walk *w, dm_expr_id id, const int32_t *v, uint32_t t);
void dm_code_reads(dm_walk *w, dm_expr_id id, uint64_t *set);

/* plan.c */
uint32_t dm_plan_place(const dm_core_var *var, uint32_t *word, uint32_t *used);
void dm_plan_layout(const dm_core *core, dm_field *field, uint32_t *n_words);
void dm_plan_all(dm_walk *w);
bool dm_bit_get(const uint64_t *set, uint32_t i);

/* rows.c */
void dm_rows_init(dm_walk *w);
/* dm_cells_op with a memory of what was made lately. */
dm_cell_id dm_rows_op(dm_walk *w, dm_cell_op op, dm_cell_id a, dm_cell_id b);
dm_row_id dm_rows_add(dm_walk *w, dm_row_id a, dm_row_id b);
dm_row_id dm_rows_pay(
    dm_walk *w, uint32_t actor, dm_expr_id amount, const int32_t *v,
    uint32_t t);
dm_row_id dm_rows_end(
    dm_walk *w, uint32_t outcome, const int32_t *v, uint32_t t, uint32_t phase);

/* found.c */
void dm_found_add(
    dm_walk *w, dm_found_kind kind, uint32_t rule, uint32_t other,
    uint32_t var);
void dm_found_options(dm_walk *w, uint32_t pick);

/* step.c: the branches are pushed on w->branch; returns how many, at least 1.
 * A single one has cell 1.  `stmt` DM_NONE: the rules of the plan. */
void dm_step_init(dm_walk *w);
uint32_t dm_step_run(
    dm_walk *w, const dm_plan *plan, dm_stmt_id stmt, const int32_t *v,
    uint32_t t);
/* The first of n things by hash that equals thing i, or i. */
typedef bool (*dm_step_same)(const dm_walk *w, uint32_t i, uint32_t j);
void dm_step_places(dm_walk *w, uint32_t n);
uint32_t dm_step_find(dm_walk *w, uint32_t i, uint32_t hash, dm_step_same same);

/* walk.c */
void dm_walk_run(dm_walk *w);
void *dm_walk_grow(dm_walk *w, dm_arena *arena, void *old, size_t size);
uint32_t dm_walk_position(const dm_walk *w, uint32_t t, uint32_t s);

#endif
