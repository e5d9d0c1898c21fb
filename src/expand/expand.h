/* expand/expand.h -- from a checked core to a game.
 *
 * One walk over the reachable situations, layer by layer (a layer is one step
 * of one period).  Equal situations of a layer are one node; variables that no
 * later step reads are forgotten first (static liveness over the unrolled
 * steps), so that what cannot matter does not split nodes.  A step that leaves
 * a situation only one way to go makes no node.  Starts of periods always make
 * one, and so does the last period's endings step, so that states by date can
 * be read off.
 *
 * Cost: linear in nodes and edges; hashing, no scans. */
#ifndef DM_EXPAND_EXPAND_H
#define DM_EXPAND_EXPAND_H

#include "game/game.h"
#include "lang/core.h"

typedef struct dm_expand_progress {
  uint32_t period;     /* being walked */
  uint64_t starts;     /* of this period */
  uint64_t situations; /* so far */
  uint64_t bytes;      /* so far */
} dm_expand_progress;

typedef struct dm_expand_options {
  uint64_t max_situations; /* 0: 5 million */
  uint64_t max_bytes;      /* 0: no limit of ours */
  bool count_only;         /* sizes and findings; no game is kept */
  bool skip_findings;
  /* Questions add variables (DM_VAR_MONITOR) to a copy of the core; nothing
   * else here.  They live until every ending, and an ending class is then
   * (outcome, period, their values): dm_expansion_decode tells these. */
  bool (*progress)(void *data, const dm_expand_progress *now); /* false: stop */
  void *progress_data;
} dm_expand_options;

/* What the walk saw that an author should know. */
typedef enum dm_found_kind {
  DM_FOUND_CONFLICT,  /* two SETs: rule, other, var; an error (E031) */
  DM_FOUND_SATURATES, /* rule, var: a write lost at a scale's end */
  DM_FOUND_FRACTION,  /* rule, var: no whole number of steps; an error (E065) */
  DM_FOUND_TIE,       /* rule, other: two ENDs of different outcomes at once */
  DM_FOUND_CHANCES    /* rule: chances outside [0, 1]; an error (E011) */
} dm_found_kind;

typedef struct dm_found {
  uint8_t kind;
  uint32_t rule, other; /* rules of the core, or DM_NONE */
  uint32_t var;
  uint32_t period;   /* the first one */
  const char *state; /* an example situation in words (arena) */
} dm_found;

typedef struct dm_period_size {
  uint64_t starts, situations, sets, edges;
} dm_period_size;

typedef struct dm_expansion {
  dm_arena arena; /* holds all below but the game */
  dm_game game;
  uint64_t n_starts;    /* starts of periods, all periods */
  dm_period_size *size; /* [n_periods + 1] */

  /* decoding */
  uint32_t n_words;       /* 64-bit words of a packed situation */
  uint64_t *node_state;   /* [n_nodes x n_words]; variables dead there read as
                            their start value */
  uint16_t *layer_period; /* [n_layers] */
  uint16_t *layer_step;   /* [n_layers] index into core step; the layers of a
                             start of a period have step 0 */
  dm_node_id *start_node; /* [n_periods + 2] first node of each period's start
                             layer; start_node[t + 1] need not be its end: use
                             layer bounds */
  uint32_t *period_layer; /* [n_periods + 1] layer of the starts of period t */
  uint32_t final_layer;   /* layer of the last period's endings step */
  uint32_t *end_outcome;  /* [n_ends] outcome of an ending class; classes are
                             (outcome, period), and monitors if any */
  uint32_t *end_period;   /* [n_ends] */
  uint64_t *layer_live;   /* [n_layers x n_live_words] bit set of the variables
                             that live at the layer (bit v % 64 of word v / 64):
                             of the others a decoded value says nothing */
  uint32_t n_live_words;

  uint16_t *set_period;  /* [n_sets] */
  uint32_t *set_decide;  /* [n_sets] decide of the core */
  uint32_t *set_key;     /* [n_sets] offset into key_value */
  int32_t *key_value;    /* values of the decide's key items, in order */
  uint32_t *slot_option; /* [n_slots] option index within its choice */

  uint32_t outcome_first[64]; /* first period in which each outcome can occur,
                                 0: never (outcomes beyond 63: not kept) */
  DM_VEC(dm_found) found;
} dm_expansion;

dm_expand_options dm_expand_defaults(void);

/** Walks the core.  *out is owned by the caller (dm_expansion_free), NULL after
 *  an error other than DM_E_LIMIT and DM_E_INPUT: then it holds the sizes so
 *  far and the findings, and no game.  `param` [n_params]: values of structural
 *  parameters are read from here; others only enter cells. */
dm_status dm_expand(
    const dm_core *core, const double *param, const dm_expand_options *options,
    dm_expansion **out) DM_MUST_USE;
void dm_expansion_free(dm_expansion *expansion);

/** An upper bound on starts of a period without walking: the product of the
 *  domains of the variables that live across periods, as a double. */
double dm_expand_bound(const dm_core *core);

/** Variables of node n into v [n_vars]. */
void dm_expansion_decode(
    const dm_core *core, const dm_expansion *expansion, dm_node_id n,
    int32_t *v);

/** The set of `other` (same core but for added monitors) that has the same
 *  decide, period and key as set s here; DM_NONE if there is none. */
dm_set_id dm_expansion_match(
    const dm_expansion *expansion, dm_set_id s, const dm_expansion *other);

#endif
