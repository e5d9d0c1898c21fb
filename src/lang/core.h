/* lang/core.h -- the typed core: what every construct of the language is made
 * of, and the whole contract between the language and the game.
 *
 * A checked scenario is a list of variables with small integer domains and one
 * period's list of steps.  Letters, reports, deals, schedules, benchmarks,
 * couriers and memory exist above this file only: below it there are variables,
 * rules, decisions, payoffs and endings.
 *
 *   var   domain, start, viewers            dm_core_var
 *   rand  a draw inside a rule              DM_DO_DRAW
 *   obs   who knows what when               dm_core_key items of a decision
 *   decide owner, options, guard            dm_core_decide
 *   set/add effects                         DM_DO_SET, DM_DO_ADD
 *   rule  phase, periods, effects           dm_core_rule
 *   end   outcome                           DM_DO_END, dm_core_ending
 *   util  terminal, per period              dm_core_outcome, DM_DO_PAY
 *   mem   what enters a key                 variables of kind DM_VAR_MEMORY,
 *                                           DM_STEP_RECALL
 *
 * Meaning of a run.  All variables take `start`.  Then the start step's rules
 * (phase 0) are run once.  For period t = 1 .. n_periods all steps are run in
 * order.  A DM_STEP_RULES step evaluates every rule that is on in period t on
 * the situation as the step found it (the snapshot), draws all their chances
 * independently, and merges the writes at the end: SETs first, then all ADDs
 * summed, then one saturation to the domain.  Two SETs of one variable in one
 * step: equal values agree; if the variable is `ordered` the larger wins; else
 * it is an error (E031).  An END in a step ends the game when the step's writes
 * have been merged; of several the outcome with the lowest index wins (payoff
 * table order).  Nothing can outlast the last period: `otherwise` ends it.
 *
 * All memory of a core lives in its arena. */
#ifndef DM_LANG_CORE_H
#define DM_LANG_CORE_H

#include "base/arena.h"
#include "base/diags.h"
#include "base/ratio.h"
#include "base/str.h"

#define DM_NONE UINT32_MAX

/* ---- parameters: every number somebody made up ------------------------- */

typedef struct dm_core_param {
  const char *path;   /* "us.prefers_deal", "offer.arrives.1": --set by this */
  const char *alias;  /* assumption name if it was one, else NULL */
  const char *note;   /* "" if none */
  const char *source; /* "" when judged */
  dm_ratio exact;     /* base value */
  double base, lo, hi;
  bool has_range;
  bool chance;     /* a probability in [0, 1] (written in %) */
  bool structural; /* decides which situations exist: no draws, re-expand */
  bool sourced;
  bool implied;     /* a default nobody wrote (sharpness of a ranked actor) */
  uint32_t ranking; /* 0, or number of the ranking that it belongs to */
  uint32_t rank;    /* place in its ranking from the bottom, ties equal */
  uint32_t n_ranks; /* different places in its ranking */
  dm_span at;
} dm_core_param;

/* ---- expressions -------------------------------------------------------- */

/* One kind of expression for situations and for payoffs.  Over a situation its
 * value is a double (comparisons give 0 or 1).  In a payoff or a chance, what
 * depends on variables is evaluated at expansion, and what depends on
 * parameters becomes a cell. */
typedef enum dm_core_op {
  DM_X_NUMBER, /* number */
  DM_X_PARAM,  /* a: parameter */
  DM_X_VAR,    /* a: variable; its value */
  DM_X_PERIOD, /* the current period, from 1 */
  DM_X_ADD,
  DM_X_SUB,
  DM_X_MUL,
  DM_X_DIV,
  DM_X_IDIV, /* floor of the quotient, for digits and bins */
  DM_X_MOD,  /* a - b * floor(a / b) */
  DM_X_MIN,
  DM_X_MAX,
  DM_X_NEG, /* a */
  DM_X_EQ,
  DM_X_NE,
  DM_X_LT,
  DM_X_LE,
  DM_X_GT,
  DM_X_GE,
  DM_X_AND,
  DM_X_OR,
  DM_X_NOT, /* a */
  DM_X_IF   /* a: condition (variables only), b: then, c: else */
} dm_core_op;

typedef uint32_t dm_expr_id;

typedef struct dm_core_expr {
  double number;
  uint32_t a, b, c;
  uint8_t op; /* dm_core_op */
} dm_core_expr;

/* ---- statements ---------------------------------------------------------- */

typedef enum dm_core_do {
  DM_DO_SEQ,  /* list [first, first + count): every one of them */
  DM_DO_IF,   /* expr: condition; then_id; else_id or DM_NONE */
  DM_DO_DRAW, /* branches [first, first + count): exclusive chances that add up
                 to 1, each a chance expression and a statement or DM_NONE */
  DM_DO_SET,  /* var, expr */
  DM_DO_ADD,  /* var, expr */
  DM_DO_END,  /* outcome */
  DM_DO_PAY   /* actor, expr: payoff of this period, discounted */
} dm_core_do;

typedef uint32_t dm_stmt_id;

typedef struct dm_core_stmt {
  uint8_t op;      /* dm_core_do */
  uint32_t target; /* variable, outcome or actor */
  dm_expr_id expr;
  uint32_t first, count; /* SEQ: into stmt_list; DRAW: into branch */
  dm_stmt_id then_id, else_id;
} dm_core_stmt;

typedef struct dm_core_branch {
  dm_expr_id chance;
  dm_stmt_id body; /* DM_NONE: nothing happens */
} dm_core_branch;

/* ---- variables ------------------------------------------------------------ */

typedef enum dm_var_kind {
  DM_VAR_STATE, /* declared by the author */
  DM_VAR_TYPE,
  DM_VAR_PICK,    /* 0: not open or not yet; i: option i (from 1) */
  DM_VAR_HEARD,   /* announced pick of the last decide phase, 0: nothing */
  DM_VAR_STATUS,  /* of a letter, deal or benchmark */
  DM_VAR_DETAIL,  /* timers, terms, what a letter says, acts of a period */
  DM_VAR_READING, /* of a report: 0 none, v - lo + 1 otherwise */
  DM_VAR_MEMORY,
  DM_VAR_RECALL, /* perfect recall: an id that the expansion gives out */
  DM_VAR_ASKED,  /* standing choice: 1 when its owner is to be asked */
  DM_VAR_MONITOR /* added by a question, never by the base game */
} dm_var_kind;

typedef struct dm_core_var {
  const char *name;    /* "stockpile", "offer", "us.sanctions", "us" (type) */
  const char *display; /* "" if none */
  const char *note;
  const char *unit; /* "kg" or "" */
  double unit_step; /* size of one step in the unit, 1 without one */
  int32_t lo;       /* values are lo .. lo + size - 1 */
  uint32_t size;    /* DM_VAR_RECALL: 0, 32 bits wide */
  int32_t start;
  const char *const *words; /* [size] or NULL for plain numbers */
  uint64_t viewers;         /* bit per actor; DM_VAR_STATE only, for display */
  uint8_t kind;             /* dm_var_kind */
  bool ordered;             /* of two SETs in one step the larger wins */
  bool saturates;           /* report when a scale's end cuts a write off */
  dm_span at;
} dm_core_var;

/* ---- decisions -------------------------------------------------------------- */

/* One item of what an actor knows at a decision. */
typedef struct dm_core_key {
  const char *name; /* in words: "stockpile", "offer", "last inspection" */
  dm_expr_id expr;  /* its value over the situation: an integer */
  const char *const *words; /* [n_words] for values 0 .. n_words - 1, or NULL */
  uint32_t n_words;
  int32_t shift; /* shown as value + shift when there are no words */
  bool has_none; /* value 0 means "none"; others are shown as value+shift */
  bool memory;   /* owed to `remembers` (counted by `size`, `--memory`) */
} dm_core_key;

typedef struct dm_core_option {
  const char *name; /* "write", "propose.2" */
  const char *base; /* the author's word: "propose"; same as name mostly */
  const char *note;
  dm_expr_id guard; /* DM_NONE: always */
  bool announced;
  dm_span at;
} dm_core_option;

typedef struct dm_core_choice {
  const char *actor_choice; /* "us.diplomacy" */
  const char *name;         /* "diplomacy" */
  const char *note;
  uint32_t actor;
  uint32_t pick;                    /* variable */
  uint32_t first_option, n_options; /* into option; option i <=> pick value
                                       i + 1 */
  bool standing;
  bool every_round;
  dm_span at;
} dm_core_choice;

/* A decision of a choice in one round. */
typedef struct dm_core_decide {
  uint32_t choice;
  dm_expr_id open;            /* asked when true (DM_NONE: always) */
  dm_stmt_id after;           /* done when asked, with the pick, or DM_NONE */
  dm_stmt_id missed;          /* done when not asked, or DM_NONE */
  uint32_t first_key, n_keys; /* into key */
} dm_core_decide;

/* ---- steps ---------------------------------------------------------------- */

typedef struct dm_core_rule {
  const char *name; /* as in a message: "us.tighten", "snapback", "drift" */
  dm_stmt_id body;
  const uint8_t *on; /* [n_periods + 1], on[t] for period t; NULL: always */
  bool watch_scale;  /* report writes that this rule loses at a scale's end */
  dm_span at;
} dm_core_rule;

typedef enum dm_step_kind {
  DM_STEP_RULES,  /* rules [first, first + count) */
  DM_STEP_DECIDE, /* decide[first] */
  DM_STEP_RECALL, /* recall[first]: var := id of (old id, key values) */
  DM_STEP_ENDINGS /* endings in order; in the last period `otherwise` */
} dm_step_kind;

typedef struct dm_core_step {
  uint8_t kind;   /* dm_step_kind */
  uint8_t phase;  /* 0 start, 1..9 as in the reference, 10 the period's close */
  uint16_t round; /* from 1; 0 outside phases 3 to 5 */
  uint32_t first, count;
  const char *name; /* "calendar", "us.sanctions", ... */
} dm_core_step;

typedef struct dm_core_recall {
  uint32_t actor;
  uint32_t var;
  uint32_t first_key, n_keys;
} dm_core_recall;

/* After every step: if any expr differs between the step's first and its last
 * situation, var becomes 1 (standing choices: something visible changed). */
typedef struct dm_core_watch {
  uint32_t var;
  uint32_t first_expr, n_exprs; /* into watch_expr */
} dm_core_watch;

/* After every step but the start (and before an END takes effect): if var is 0
 * and cond holds on the new situation (edge: and did not on the old), var
 * becomes 1.  Only in periods first .. last.  Steps of phases 1 to 9 only. */
typedef struct dm_core_latch {
  uint32_t var;
  dm_expr_id cond;
  bool edge;
  uint32_t first, last; /* periods */
} dm_core_latch;

/* ---- outcomes ---------------------------------------------------------------- */

typedef struct dm_core_outcome {
  const char *name;
  const char *display;
  const char *note;
  dm_expr_id *payoff; /* [n_actors] over the final situation */
  dm_expr_id *tail;   /* [n_actors] paid in every period whose phase 8 was
                         skipped by the ending, or DM_NONE */
  dm_span at;
} dm_core_outcome;

typedef struct dm_core_ending {
  dm_expr_id cond;
  uint32_t outcome;
} dm_core_ending;

typedef struct dm_core_actor {
  const char *name;
  const char *display;
  const char *note;
  uint32_t type_var;  /* or DM_NONE */
  uint32_t sharpness; /* parameter, or DM_NONE (no choices) */
  uint32_t discount;  /* parameter, or DM_NONE for 1 */
  bool recalls;       /* remembers everything */
  bool ranked;
  const char *memory; /* what it remembers, in words, "" for nothing */
} dm_core_actor;

/* ---- questions -------------------------------------------------------------- */

typedef enum dm_event_kind {
  DM_EVENT_OUTCOME, /* outcome */
  DM_EVENT_COND     /* cond over the situation after a step */
} dm_event_kind;

typedef struct dm_core_event {
  uint8_t kind; /* dm_event_kind */
  bool by;      /* ever up to `date`, else in `date` only */
  bool pick;    /* cond tests a pick: latched when picked */
  uint32_t outcome;
  dm_expr_id cond;
  uint32_t date; /* period */
} dm_core_event;

typedef enum dm_force_kind {
  DM_FORCE_NONE,
  DM_FORCE_SURPRISES,
  DM_FORCE_KNOWN
} dm_force_kind;

typedef struct dm_core_question {
  const char *text;   /* as written, spaces folded */
  bool every_outcome; /* chance of each outcome by period */
  dm_core_event event;
  bool has_given;
  dm_core_event given;
  uint8_t force;                       /* dm_force_kind */
  uint32_t force_choice, force_option; /* option index within the choice; of
                                          options with open terms: the first */
  uint32_t force_n; /* number of options that the word names */
  uint32_t force_period;
  /* a `check` line: answer <relation> bound */
  uint8_t relation; /* DM_X_LT..DM_X_GE, DM_X_EQ, DM_X_NE; 0 for `ask` */
  double bound;
  dm_span at;
} dm_core_question;

/* ---- the whole ----------------------------------------------------------------- */

typedef struct dm_core {
  const char *name; /* scenario */
  const char *title;
  const char *note;
  const char *prose;         /* of a .md file, else "" */
  const char *clock_word;    /* "month" */
  const char *const *period; /* [n_periods + 1] labels, "2025-03"; [0] "" */
  uint32_t n_periods, rounds;
  uint32_t otherwise; /* outcome */

  DM_VEC(const char *) omits;
  DM_VEC(dm_core_param) param;
  DM_VEC(dm_core_expr) expr;
  DM_VEC(dm_core_stmt) stmt;
  DM_VEC(dm_stmt_id) stmt_list;
  DM_VEC(dm_core_branch) branch;
  DM_VEC(dm_core_var) var;
  DM_VEC(dm_core_actor) actor;
  DM_VEC(dm_core_choice) choice;
  DM_VEC(dm_core_option) option;
  DM_VEC(dm_core_decide) decide;
  DM_VEC(dm_core_key) key;
  DM_VEC(dm_core_rule) rule; /* the start step's rules are start_rules.. */
  uint32_t start_rules, n_start_rules;
  DM_VEC(dm_core_step) step;
  DM_VEC(dm_core_recall) recall;
  DM_VEC(dm_core_watch) watch;
  DM_VEC(dm_expr_id) watch_expr;
  DM_VEC(dm_core_latch) latch;
  DM_VEC(dm_core_outcome) outcome; /* payoff table order */
  DM_VEC(dm_core_ending) ending;
  DM_VEC(dm_core_question) ask;
  DM_VEC(dm_core_question) check;
  uint32_t n_sourced, n_judged; /* numbers of the file */
  dm_arena *arena;              /* holds everything above */
  struct dm_build
      *build; /* the checker's own: lets dm_core_ask add questions */
} dm_core;

/** The value of an expression on situation v [n_vars] in period t, parameters
 *  at `param` (NULL: base values). */
double dm_core_eval(
    const dm_core *core, dm_expr_id id, const int32_t *v, uint32_t t,
    const double *param);

/** Builders.  Equal expressions are not merged. */
dm_expr_id dm_core_number(dm_core *core, double number);
dm_expr_id dm_core_var_expr(dm_core *core, uint32_t var);
dm_expr_id dm_core_op2(
    dm_core *core, dm_core_op op, dm_expr_id a, dm_expr_id b);
dm_expr_id dm_core_if(
    dm_core *core, dm_expr_id cond, dm_expr_id then_id, dm_expr_id else_id);
dm_stmt_id dm_core_set(dm_core *core, uint32_t var, dm_expr_id expr);
dm_stmt_id dm_core_when(
    dm_core *core, dm_expr_id cond, dm_stmt_id then_id, dm_stmt_id else_id);
uint32_t dm_core_add_var(dm_core *core, dm_core_var var);

/** Prints the core in words, one line a thing. */
void dm_core_write(const dm_core *core, dm_str *out);

#endif
