/* lang/build.h -- what the parts of the checker share.  Internal to lang. */
#ifndef DM_LANG_BUILD_H
#define DM_LANG_BUILD_H

#include "base/table.h"
#include "lang/check.h"

typedef enum dm_symbol_kind {
  DM_SYM_ACTOR,
  DM_SYM_STATE,
  DM_SYM_LETTER,
  DM_SYM_REPORT,
  DM_SYM_DEAL,
  DM_SYM_BENCHMARK,
  DM_SYM_ASSUMPTION,
  DM_SYM_OUTCOME,
  DM_SYM_SCHEDULE
} dm_symbol_kind;

typedef struct dm_symbol {
  const char *name;
  dm_symbol_kind kind;
  uint32_t index; /* into the list of its kind */
  dm_span at;
} dm_symbol;

typedef struct dm_b_state {
  const dm_ast_state *ast;
  uint32_t var;
  int32_t lo;
  uint32_t size;
  bool stepped;
  dm_ratio step; /* size of a step in the unit; 1 without one */
  uint64_t viewers;
} dm_b_state;

typedef struct dm_b_letter {
  const dm_ast_letter *ast;
  uint32_t from, to, via; /* actors; via DM_NONE unless it knows or chooses */
  uint32_t status, due, left, before; /* variables or DM_NONE */
  uint32_t *says;                     /* [fields] variables */
  uint32_t *said; /* [fields] what the sender last said; the same variable
                         unless the letter is repeatable */
  uint32_t sent_in, arrived_in; /* memory variables or DM_NONE */
  uint32_t choice;              /* dm_b_choice of the courier, or DM_NONE */
  uint32_t max_delay;
  dm_expr_id *delay; /* [arrives] chances, made once */
} dm_b_letter;

enum {
  DM_LETTER_UNSENT,
  DM_LETTER_HELD,
  DM_LETTER_UNDERWAY,
  DM_LETTER_LOST,
  DM_LETTER_ARRIVED,
  DM_LETTER_OVERDUE,
  DM_LETTER_ANSWERED
};

typedef struct dm_b_report {
  const dm_ast_report *ast;
  uint32_t state; /* dm_b_state */
  uint64_t viewers;
  uint8_t *due; /* [n_periods + 1] */
  bool kept;    /* something reads it after the period of its publication */
  uint32_t last, now, silent; /* variables; silent DM_NONE if it never is */
} dm_b_report;

typedef struct dm_b_deal {
  const dm_ast_deal *ast;
  uint32_t n_parties;
  uint32_t party[16];
  uint64_t parties, viewers;       /* actor masks; viewers of its status */
  uint32_t n_codes;                /* values of all terms together */
  uint32_t status, by, terms, age; /* variables; terms/age DM_NONE */
  uint32_t act[16];                /* per party: 0 none, 1 + code proposes */
  uint32_t accepts[16], leaves[16];
  uint32_t *met; /* [duties] or DM_NONE each */
  uint32_t max_age;
  uint32_t report;    /* dm_b_report or DM_NONE */
  dm_ratio tolerance; /* in steps */
} dm_b_deal;

enum {
  DM_DEAL_NONE,
  DM_DEAL_PROPOSED,
  DM_DEAL_IN_FORCE,
  DM_DEAL_BROKEN,
  DM_DEAL_LEFT
};

typedef struct dm_b_benchmark {
  const dm_ast_benchmark *ast;
  uint32_t var;
  uint64_t viewers;
} dm_b_benchmark;

/* An option as offered: an author's option that leaves terms open stands for
 * several, one after the other. */
typedef struct dm_b_option {
  const dm_ast_option *ast; /* NULL for a courier's */
  uint32_t code;            /* value of the open terms, or DM_NONE */
} dm_b_option;

typedef struct dm_b_choice {
  const dm_ast_choice *ast; /* NULL for a courier's */
  uint32_t letter;          /* a courier's letter, or DM_NONE */
  const char *name;
  uint32_t actor;
  uint32_t core;         /* core choice */
  uint32_t pick, heard;  /* variables; heard DM_NONE: nothing is announced */
  uint32_t asked, fresh; /* standing only: to be asked; picked this round */
  uint32_t recalled;     /* last decide phase's pick, for perfect recall */
  uint32_t file_order, stage;
  uint32_t from, until; /* periods, 1 .. n_periods + 1 */
  bool every_round, standing;
  uint32_t *round_pick; /* [rounds + 1] copies of earlier rounds' picks or
                               DM_NONE: for obligations */
  DM_VEC(dm_b_option) option;
} dm_b_choice;

typedef struct dm_b_memory {
  const dm_ast_memory *ast;
  uint32_t actor;
  uint32_t var; /* first of n_vars, or DM_NONE when another holds it */
  uint32_t n_vars;
  uint32_t bin;                                 /* steps a bin, 0 none */
  uint32_t report, state, choice, deal, letter; /* what; DM_NONE */
} dm_b_memory;

typedef DM_VEC(dm_core_rule) dm_rules;

typedef struct dm_build {
  const dm_ast *ast;
  dm_core *core;
  dm_arena *arena;
  dm_diags *diags;
  uint32_t n_periods, rounds, n_actors;

  dm_table names; /* id = index into symbol */
  DM_VEC(dm_symbol) symbol;
  DM_VEC(uint32_t) assumption; /* parameters */
  dm_b_state *state;
  dm_b_letter *letter;
  dm_b_report *report;
  dm_b_deal *deal;
  dm_b_benchmark *benchmark;
  DM_VEC(dm_b_choice) choice; /* in the order of the decide phase */
  DM_VEC(dm_b_memory) memory;
  uint32_t *stage; /* [n_actors] */
  uint32_t n_stages;
  uint32_t round_var; /* the round, when there are several; else DM_NONE */

  /* rules by step; per-round lists are [rounds + 1] */
  dm_rules start, calendar, reports, reports_book, deals, drift, drift_book,
      pay, close;
  dm_rules *resolve, *resolve_book, *mail, *mail_book;
} dm_build;

/* ---- scope.c: names, dates, messages ---------------------------------- */

/** Formats into the arena. */
const char *dm_format_in(dm_arena *arena, const char *format, ...)
    DM_PRINTF(2, 3);

/** Files a message; its title and severity come from codes.h. */
void dm_say(
    dm_build *b, const char *code, dm_span at, uint32_t other_line,
    const char *repair, const char *format, ...) DM_PRINTF(6, 7);

/** Declares a name; a second declaration is E062. */
void dm_declare(
    dm_build *b, dm_ast_name name, dm_symbol_kind kind, uint32_t index);
/** The symbol or NULL, without a message. */
const dm_symbol *dm_lookup(const dm_build *b, const char *name);
/** The index of a name of one kind; DM_NONE with E062 otherwise. */
uint32_t dm_need(dm_build *b, dm_ast_name name, dm_symbol_kind kind);
const char *dm_symbol_kind_text(dm_symbol_kind kind);

/** Period of a date: E061 before the clock (then 1), W001 after it (then
 *  n_periods + 1). */
uint32_t dm_date(dm_build *b, dm_ast_date date, const char *what);

uint64_t dm_viewers(
    dm_build *b, const dm_ast_viewers *viewers, uint64_t unsaid);
uint64_t dm_everyone(const dm_build *b);

const char *dm_first_note(const dm_ast_remarks *remarks);

/* ---- numbers.c: parameters and chances --------------------------------- */

/* Where a number stands, for its name. */
typedef struct dm_place {
  const char *path;
  const dm_ast_remarks *remarks; /* or NULL */
  uint32_t literals;             /* literals met so far */
  uint32_t expected;             /* literals in all: 1 keeps the bare path */
} dm_place;

/** Exact value of a constant expression at base values; false: not constant. */
bool dm_constant(dm_build *b, const dm_ast_expr *expr, dm_ratio *out);

/** A parameter for a literal; its id. */
uint32_t dm_literal(
    dm_build *b, const dm_ast_number *number, const char *path,
    const dm_ast_remarks *remarks, bool chance);

/** A parameter that must be one number or one assumption name. */
uint32_t dm_single(
    dm_build *b, const dm_ast_expr *expr, const char *path,
    const dm_ast_remarks *remarks);

/** A chance: a number in %, an assumption, or an expression over them.  Not
 *  `rest`.  E011 when its base value is outside 0..1. */
dm_expr_id dm_chance(
    dm_build *b, const dm_ast_expr *expr, const char *path,
    const dm_ast_remarks *remarks);

/** A list of exclusive chances: exprs[n] out.  `partial`: may add up to less
 *  than 1 (no complaint), the remainder in *remainder (DM_NONE when it is 0).
 *  paths[n] name the entries. */
void dm_chances(
    dm_build *b, const dm_ast_expr *const *list, uint32_t n,
    const char *const *paths, const dm_ast_remarks *remarks, dm_span at,
    bool partial, dm_expr_id *exprs, dm_expr_id *remainder);

uint32_t dm_count_literals(const dm_ast_expr *expr);
void dm_structural(dm_build *b, uint32_t param, dm_span at);

/* ---- names.c and express.c: names and expressions ----------------------- */

typedef enum dm_entity_kind {
  DM_IS_NOTHING,
  DM_IS_STATE,
  DM_IS_READING,
  DM_IS_TERM,   /* index: deal, second: term */
  DM_IS_FIELD,  /* index: letter, second: field */
  DM_IS_CHOICE, /* index: dm_b_choice */
  DM_IS_OPTION, /* index: dm_b_choice, options first .. first + count - 1 */
  DM_IS_ASSUMPTION,
  DM_IS_OUTCOME,
  DM_IS_OTHER /* a symbol that is no value: index of the symbol */
} dm_entity_kind;

typedef struct dm_entity {
  dm_entity_kind kind;
  uint32_t index, second, first, count;
} dm_entity;

typedef enum dm_mode {
  DM_MODE_STATE, /* conditions and effects: whatever is the case */
  DM_MODE_GUARD, /* what `owner` knows at its decision */
  DM_MODE_PAY    /* payoffs: literals are parameters */
} dm_mode;

typedef struct dm_context {
  dm_mode mode;
  uint32_t owner;      /* actor or DM_NONE */
  uint32_t choice;     /* dm_b_choice whose guard or effect it is, or DM_NONE */
  uint32_t pick_round; /* obligations: use the picks of this round; 0: last */
  uint32_t reading_of; /* dm_b_state that `reading` replaces, or DM_NONE */
  dm_expr_id reading;
  bool only_reading;   /* anything but it and numbers is E041 */
  uint32_t unit_state; /* dm_b_state whose step divides units, or DM_NONE */
  dm_place *place;     /* DM_MODE_PAY */
  dm_span declared;    /* of the clause, for a second line in messages */
} dm_context;

dm_context dm_context_of(dm_mode mode);
dm_entity dm_resolve(
    dm_build *b, const dm_context *ctx, const dm_ast_path *path, bool quiet);
/** Options of a choice whose word stands in path->part[from ..]: `propose`
 *  (all its values) or `propose.2`.  False: there is none. */
bool dm_find_options(
    dm_build *b, uint32_t choice, const dm_ast_path *path, uint32_t from,
    dm_entity *out);
/** The path as written. */
const char *dm_path_text(dm_build *b, const dm_ast_path *path);
/** E062 for a path that means nothing, with the nearest word. */
void dm_unknown(dm_build *b, const dm_ast_path *path);
dm_expr_id dm_compile(dm_build *b, dm_context *ctx, const dm_ast_expr *expr);
/** pick in options first .. first + count - 1 of a choice, given the variable
 *  that holds a pick. */
dm_expr_id dm_pick_test(
    dm_build *b, uint32_t var, uint32_t first, uint32_t count);
/** If `expr` tests an option, who learns whether it was picked: everybody when
 *  it is announced, else the owner of the choice.  False: it tests none. */
bool dm_option_viewers(dm_build *b, const dm_ast_expr *expr, uint64_t *out);
/** Value of a term, given the expression of its deal's code. */
dm_expr_id dm_term_value(
    dm_build *b, const dm_b_deal *deal, uint32_t term, dm_expr_id code);
/** A number with or without unit in steps of a state; false with E065. */
bool dm_steps(
    dm_build *b, const dm_b_state *state, const dm_ast_number *number,
    bool difference, int64_t *out);
/** A word or number as a value of a state; false with a message. */
bool dm_state_value(
    dm_build *b, const dm_b_state *state, const dm_ast_expr *value,
    int64_t *out);

/* Small builders. */
dm_expr_id dm_num(dm_build *b, double number);
dm_expr_id dm_var(dm_build *b, uint32_t var);
dm_expr_id dm_now(dm_build *b); /* the period */
dm_expr_id dm_op(dm_build *b, dm_core_op op, dm_expr_id x, dm_expr_id y);
dm_expr_id dm_is(dm_build *b, uint32_t var, int32_t value);
dm_expr_id dm_and(dm_build *b, dm_expr_id x, dm_expr_id y); /* DM_NONE: true */
dm_expr_id dm_or(dm_build *b, dm_expr_id x, dm_expr_id y);  /* DM_NONE: false */
dm_expr_id dm_not(dm_build *b, dm_expr_id x);
dm_stmt_id dm_assign(dm_build *b, uint32_t var, int32_t value);
dm_stmt_id dm_increase(dm_build *b, uint32_t var, dm_expr_id by);
dm_stmt_id dm_when(
    dm_build *b, dm_expr_id cond, dm_stmt_id then_id, dm_stmt_id else_id);

/* A list of statements being gathered. */
typedef DM_VEC(dm_stmt_id) dm_stmts;
dm_stmt_id dm_sequence(dm_build *b, const dm_stmts *list); /* DM_NONE: empty */
dm_stmt_id dm_draw(
    dm_build *b, const dm_expr_id *chance, const dm_stmt_id *body, uint32_t n);

void dm_rule(
    dm_build *b, dm_rules *list, const char *name, dm_stmt_id body,
    const uint8_t *on, bool watch_scale, dm_span at);
uint32_t dm_new_var(
    dm_build *b, dm_var_kind kind, uint32_t size, const char *name, dm_span at);

/* ---- the constructs, a file each --------------------------------------- */

void dm_build_actors(dm_build *b);
void dm_build_states(dm_build *b);
void dm_build_letters(dm_build *b); /* variables */
void dm_build_letter_rules(dm_build *b);
void dm_build_reports(dm_build *b);
void dm_build_report_rules(dm_build *b);
void dm_build_deals(dm_build *b);
void dm_build_deal_rules(dm_build *b);
void dm_build_benchmarks(dm_build *b);
void dm_build_benchmark_rules(dm_build *b);
void dm_build_choices(dm_build *b);
void dm_build_choice_rules(dm_build *b);
void dm_build_decides(dm_build *b); /* guards, keys, steps of phase 3 */
void dm_build_schedules(dm_build *b);
void dm_build_drift(dm_build *b);
void dm_build_memory(dm_build *b);
void dm_build_memory_rules(dm_build *b);
void dm_declare_outcomes(dm_build *b);
void dm_build_payoffs(dm_build *b);
void dm_build_pays(dm_build *b);
void dm_build_steps(dm_build *b);
void dm_build_questions(dm_build *b);
void dm_build_warnings(dm_build *b);

/** Sending a letter (from an option's effects or a courier's passing). */
dm_stmt_id dm_letter_send(
    dm_build *b, uint32_t letter, const dm_ast_effect *effect);
dm_stmt_id dm_letter_answer(dm_build *b, uint32_t letter);

/** Effects of an option (`choice` given) or of a rule (DM_NONE). */
dm_stmt_id dm_effects(
    dm_build *b, dm_context *ctx, const dm_ast_effects *effects,
    const dm_b_option *option, const char *path, const dm_ast_remarks *remarks);

/** The expression of an actor's view of a letter: 0 nothing, then as
 *  dm_letter_view_words lists. */
dm_expr_id dm_letter_view(
    dm_build *b, const dm_b_letter *letter, uint32_t actor,
    const char *const **words, uint32_t *n_words);

/** The memory of an actor that holds a report's last reading, or NULL. */
const dm_b_memory *dm_memory_of_report(
    const dm_build *b, uint32_t actor, uint32_t report);

#endif
