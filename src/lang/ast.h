/* lang/ast.h -- a scenario file as it was written.
 *
 * The reader turns text into this and knows only shape: which words stand
 * where.  Names are not looked up, chances not added, dates not compared with
 * the clock; that is the checker's.  Everything is owned by the arena given to
 * dm_ast_read and lives as long as it.
 *
 * Conventions.  A name that is absent has text NULL; a date, expression or
 * block that is absent has at.line 0 (or is a NULL pointer).  Lists are
 * DM_VEC: at[0..n-1], in file order.  `file_order` counts blocks from 0. */
#ifndef DM_LANG_AST_H
#define DM_LANG_AST_H

#include "base/arena.h"
#include "base/diags.h"
#include "base/ratio.h"

/* ---- names, text --------------------------------------------------------- */

typedef struct dm_ast_name {
  const char *text; /* NULL: absent */
  dm_span at;
} dm_ast_name;

typedef DM_VEC(dm_ast_name) dm_ast_names;

/* a, a.b, a.b.c, and option values: us.diplomacy.propose.0.2 (the parts of a
 * value are its digits, with a '-' if negative). */
enum { DM_AST_PATH_MAX = 6 };
typedef struct dm_ast_path {
  dm_ast_name part[DM_AST_PATH_MAX];
  uint32_t n; /* 0: absent */
  dm_span at; /* the whole path */
} dm_ast_path;

typedef DM_VEC(dm_ast_path) dm_ast_paths;

/* ---- the clock and dates ------------------------------------------------- */

typedef enum dm_ast_date_kind {
  DM_AST_NO_DATE,
  DM_AST_MONTH,   /* 2025-03: number 1..12 */
  DM_AST_WEEK,    /* 2025-W10: ISO week, number 1..53 */
  DM_AST_QUARTER, /* 2025-Q1: number 1..4 */
  DM_AST_YEAR,    /* 2025 on a clock of years */
  DM_AST_TURN,    /* 3 on a clock of turns: number */
  DM_AST_DAY      /* 2025-02-26: number the month, day the day */
} dm_ast_date_kind;

typedef struct dm_ast_date {
  dm_ast_date_kind kind; /* DM_AST_NO_DATE: absent */
  int32_t year;
  int32_t number;
  int32_t day;
  dm_span at;
} dm_ast_date;

typedef DM_VEC(dm_ast_date) dm_ast_dates;

typedef struct dm_ast_clock {
  dm_ast_date_kind kind; /* MONTH, WEEK, QUARTER, YEAR or TURN */
  dm_ast_date from;      /* first period */
  dm_ast_date to;        /* last period, not before from */
  dm_span at;            /* line 0: no clock was given */
} dm_ast_clock;

/* A period of a clock: 1 is the first, below 1 before it, above
 * dm_ast_period_count after it. */
typedef int32_t dm_period;
#define DM_PERIOD_NONE INT32_MIN

/** The period that holds `date`: a finer date (a day on a clock of months) is
 *  placed in the period it falls in, a week by its Thursday.  DM_PERIOD_NONE
 *  when the date is absent or coarser than the clock (dm_ast_read has refused
 *  such a date, except in `known on`). */
dm_period dm_ast_period(const dm_ast_clock *clock, dm_ast_date date);

/** Periods of the clock, at least 1; 0 without a clock. */
dm_period dm_ast_period_count(const dm_ast_clock *clock);

/** The date of period t, in the clock's kind, without a place. */
dm_ast_date dm_ast_period_date(const dm_ast_clock *clock, dm_period t);

/** The date as a file writes it ("2025-03", "2025-W10", "3"). */
void dm_ast_date_text(dm_ast_date date, char out[24]);

/** The first day of a date as a day number (0 is 1970-01-01), to compare dates
 *  of different kinds; turns have none (false). */
bool dm_ast_first_day(dm_ast_date date, int64_t *day);

/** "month", "week", "quarter", "year", "turn". */
const char *dm_ast_clock_word(dm_ast_date_kind kind);

/* ---- numbers and remarks ------------------------------------------------- */

/* A literal with its sign: 65% [50%..80%], -60 [-90..-30], 275 kg. */
typedef struct dm_ast_number {
  dm_ratio value; /* percent already divided: 65% is 13/20 */
  bool percent;   /* written with % */
  bool ranged;    /* a range [lo..hi] follows */
  dm_ratio lo;    /* range ends as written, lo <= value <= hi not checked */
  dm_ratio hi;
  const char *unit; /* "kg" or NULL; only units of a state's (x 30 kg) */
  dm_span at;       /* number, % and unit, without the range */
  dm_span range_at; /* the range */
} dm_ast_number;

typedef struct dm_ast_source {
  const char *text;
  dm_ast_date known; /* `known on DATE`, any kind; may be absent */
  dm_span at;
} dm_ast_source;

typedef struct dm_ast_note {
  const char *text;
  dm_span at;
} dm_ast_note;

/* What may end any clause or head: note "..." and source "...". */
typedef struct dm_ast_remarks {
  DM_VEC(dm_ast_note) notes;
  DM_VEC(dm_ast_source) sources;
} dm_ast_remarks;

/* ---- expressions and conditions ------------------------------------------ */

typedef enum dm_ast_op {
  DM_AST_NUMBER, /* number */
  DM_AST_REST,   /* `rest`; only where a chance stands */
  DM_AST_PATH,   /* path: a name, word, option, reading, term ... */
  DM_AST_STATUS, /* path STATUSWORD: status */
  DM_AST_NO,     /* no path */
  DM_AST_IS,     /* path is type */
  DM_AST_FROM,   /* from date */
  DM_AST_UNTIL,  /* until date */
  DM_AST_IN,     /* in date */
  DM_AST_EQ,     /* arg[0] = arg[1] ... */
  DM_AST_NE,
  DM_AST_LT,
  DM_AST_LE,
  DM_AST_GT,
  DM_AST_GE,
  DM_AST_NOT, /* arg[0] */
  DM_AST_AND, /* arg[0 .. n_args-1], at least 2, flattened */
  DM_AST_OR,  /* the same */
  DM_AST_ADD, /* arg[0], arg[1] */
  DM_AST_SUB,
  DM_AST_MUL,
  DM_AST_DIV,
  DM_AST_NEG, /* arg[0]; the sign of a literal is in its number instead */
  DM_AST_MIN, /* arg[0 .. n_args-1], at least 1 */
  DM_AST_MAX
} dm_ast_op;

typedef enum dm_ast_status {
  DM_AST_UNSENT,
  DM_AST_SENT,
  DM_AST_ARRIVED,
  DM_AST_OVERDUE,
  DM_AST_ANSWERED,
  DM_AST_PROPOSED,
  DM_AST_IN_FORCE,
  DM_AST_BROKEN,
  DM_AST_LEFT,
  DM_AST_MET,
  DM_AST_MISSED,
  DM_AST_SILENT
} dm_ast_status;

/** "unsent", ..., "in force", ...: as a file writes it. */
const char *dm_ast_status_word(dm_ast_status status);

/* At most DM_AST_DEPTH levels deep. */
enum { DM_AST_DEPTH = 200 };
typedef struct dm_ast_expr dm_ast_expr;
struct dm_ast_expr {
  dm_ast_op op;
  uint32_t depth;       /* 1 for a leaf */
  dm_span at;           /* first to last word, if on one line; else to its
                          * first line's last word */
  dm_ast_number number; /* NUMBER */
  dm_ast_path *path;    /* PATH STATUS NO IS */
  dm_ast_status status; /* STATUS */
  dm_ast_name type;     /* IS */
  dm_ast_date date;     /* FROM UNTIL IN */
  dm_ast_expr **arg;    /* [n_args] operands */
  uint32_t n_args;
};

/* ---- effects ------------------------------------------------------------- */

typedef enum dm_ast_effect_kind {
  DM_AST_DO_ADD,     /* target +value: value carries its sign */
  DM_AST_DO_SET,     /* target = value: an expression, or a word as a PATH */
  DM_AST_DO_SEND,    /* send target [fields] */
  DM_AST_DO_ANSWER,  /* answer target */
  DM_AST_DO_PROPOSE, /* propose target [fields] */
  DM_AST_DO_ACCEPT,  /* accept target */
  DM_AST_DO_LEAVE,   /* leave target */
  DM_AST_DO_END,     /* end target */
  DM_AST_DO_CHANCE,  /* branches with chances; the last may be else */
  DM_AST_DO_IF       /* branches[0] if its condition, [1] the else, if any */
} dm_ast_effect_kind;

/* FIELD = VALUE of a send or propose. */
typedef struct dm_ast_field {
  dm_ast_name name;
  dm_ast_expr *value; /* a word is a PATH */
} dm_ast_field;

typedef struct dm_ast_effect dm_ast_effect;
typedef DM_VEC(dm_ast_effect) dm_ast_effects;

typedef struct dm_ast_branch {
  dm_ast_expr *chance;    /* DO_CHANCE: NULL for else */
  dm_ast_expr *condition; /* DO_IF: NULL for else */
  dm_ast_effects effects; /* what happens in this branch */
  dm_span at;             /* the chance, `if` or `else` */
} dm_ast_branch;

struct dm_ast_effect {
  dm_ast_effect_kind kind;
  dm_ast_name target; /* state, letter, deal or outcome */
  dm_ast_expr *value; /* DO_ADD, DO_SET */
  DM_VEC(dm_ast_field) fields;
  DM_VEC(dm_ast_branch) branches; /* DO_CHANCE, DO_IF */
  dm_span at;
};

/* ---- parts that several blocks share ------------------------------------- */

/* One entry of a list of chances: VALUE CHANCE. */
typedef struct dm_ast_chance {
  dm_ast_expr *value;  /* a signed number, or a word as a PATH */
  dm_ast_expr *chance; /* number, name, expression or REST */
} dm_ast_chance;

typedef DM_VEC(dm_ast_chance) dm_ast_chances;

typedef enum dm_ast_view {
  DM_AST_VIEW_UNSAID, /* nothing was written */
  DM_AST_PUBLIC,      /* `public`, `seen by everyone` */
  DM_AST_HIDDEN,      /* `hidden` */
  DM_AST_SEEN_BY      /* `seen by` names */
} dm_ast_view;

typedef struct dm_ast_viewers {
  dm_ast_view view;
  dm_ast_names names;
  dm_span at;
} dm_ast_viewers;

typedef enum dm_ast_timing_kind {
  DM_AST_IN_DATES, /* `in DATE, DATE` */
  DM_AST_EVERY,    /* `every k months [from DATE]` */
  DM_AST_AFTER     /* `k months after EVENT` */
} dm_ast_timing_kind;

typedef struct dm_ast_timing {
  dm_ast_timing_kind kind;
  dm_ast_dates dates; /* IN_DATES, at least one */
  uint32_t periods;   /* EVERY, AFTER: k, at least 1 */
  dm_ast_date from;   /* EVERY: may be absent (the clock's first period) */
  dm_ast_expr *event; /* AFTER: a STATUS or a PATH (an option) */
  dm_span at;
} dm_ast_timing;

typedef enum dm_ast_rule_kind {
  DM_AST_RULE_EFFECTS, /* [chance] [if/unless condition] -> effects */
  DM_AST_RULE_MOVES    /* target moves amount toward toward [, chance] */
} dm_ast_rule_kind;

/* A clause of `every month` or of a schedule. */
typedef struct dm_ast_rule {
  dm_ast_rule_kind kind;
  dm_ast_name target;     /* MOVES: the state */
  dm_ast_expr *amount;    /* MOVES */
  dm_ast_expr *toward;    /* MOVES */
  dm_ast_expr *chance;    /* both; NULL: certain */
  dm_ast_expr *condition; /* EFFECTS; NULL: always */
  bool unless;            /* the condition was given with `unless` */
  dm_ast_effects effects; /* EFFECTS */
  dm_ast_remarks remarks;
  dm_span at;
} dm_ast_rule;

typedef DM_VEC(dm_ast_rule) dm_ast_rules;

/* ---- blocks -------------------------------------------------------------- */

/* order us, eu then iran: stages {us, eu}, {iran} */
typedef struct dm_ast_stage {
  dm_ast_names actors;
} dm_ast_stage;

typedef struct dm_ast_scenario {
  dm_ast_name name;
  const char *title; /* or NULL */
  dm_ast_clock clock;
  uint32_t rounds; /* at least 1; 1 when unsaid */
  dm_span rounds_at;
  DM_VEC(dm_ast_stage) order; /* empty: all at once */
  dm_span order_at;
  dm_ast_name otherwise; /* outcome, or absent */
  DM_VEC(dm_ast_note) omits;
  dm_ast_remarks remarks; /* of the head and of its clauses */
  dm_span at;             /* line 0: no scenario block */
  uint32_t file_order;
} dm_ast_scenario;

typedef struct dm_ast_type {
  dm_ast_name name;
  const char *display; /* or NULL */
  dm_ast_expr *chance; /* NULL: none given (a types table has it) */
} dm_ast_type;

typedef enum dm_ast_memory_kind {
  DM_AST_LAST,        /* `last X`, `last 3 of X`: report or choice; k */
  DM_AST_FIRST,       /* `first R` */
  DM_AST_HIGHEST,     /* `highest X` */
  DM_AST_OWN_LETTERS, /* `own letters` */
  DM_AST_LETTERS_IN,  /* `letters received` */
  DM_AST_TERMS_OF,    /* `terms of D` */
  DM_AST_SAYS_OF,     /* `says of L` */
  DM_AST_OWN_OPTIONS, /* `own last options` */
  DM_AST_COUNT_OF,    /* `count of X`: an option */
  DM_AST_EVERYTHING   /* `everything` */
} dm_ast_memory_kind;

typedef struct dm_ast_memory {
  dm_ast_memory_kind kind;
  dm_ast_path path; /* what; absent for own letters, letters received ... */
  uint32_t k;       /* DM_AST_LAST: at least 1 */
  bool binned;      /* `in bins of N` */
  dm_ast_number bin;
  dm_span at;
} dm_ast_memory;

typedef struct dm_ast_actor {
  dm_ast_name name;
  const char *display;
  DM_VEC(dm_ast_type) types; /* empty: one unnamed type */
  dm_span types_at;
  dm_ast_remarks types_remarks;
  dm_ast_expr *sharpness; /* NULL: unsaid */
  dm_ast_remarks sharpness_remarks;
  DM_VEC(dm_ast_memory) remembers;
  dm_span remembers_at;
  dm_ast_expr *discount; /* NULL: unsaid (1) */
  dm_ast_remarks discount_remarks;
  dm_ast_remarks remarks; /* of the head and of `remembers` */
  dm_span at;
  uint32_t file_order;
} dm_ast_actor;

/* types us, iran   iran.soft  iran.hard
 *   us.soft           40%        25%
 *   us.hard           10%        rest
 * A column names a type of one actor and a row label (one name, or several
 * with commas) types of the others; without columns a row names one type per
 * actor and has one cell.  A label is TYPE or ACTOR.TYPE. */
typedef struct dm_ast_types_row {
  dm_ast_paths labels;
  DM_VEC(dm_ast_expr *) cells; /* as many as columns, or 1 without */
  dm_ast_remarks remarks;
  dm_span at;
} dm_ast_types_row;

typedef struct dm_ast_types {
  dm_ast_names actors;
  dm_ast_paths columns; /* may be empty */
  DM_VEC(dm_ast_types_row) rows;
  dm_ast_remarks remarks;
  dm_span at;
  uint32_t file_order;
} dm_ast_types;

typedef struct dm_ast_assumption {
  dm_ast_name name;
  const char *display;
  dm_ast_expr *value; /* NUMBER with its range; or a constant: 1/3 */
  dm_ast_remarks remarks;
  dm_span at;
  uint32_t file_order;
} dm_ast_assumption;

typedef struct dm_ast_state {
  dm_ast_name name;
  const char *display;
  bool worded;      /* ordered words instead of a scale */
  dm_ast_number lo; /* scale, ends included */
  dm_ast_number hi;
  dm_ast_names words;           /* worded: lowest first, at least 2 */
  dm_ast_expr *start;           /* one value; NULL when start_chances is used */
  dm_ast_chances start_chances; /* START as a list of chances */
  bool stepped;                 /* (x 30 kg) */
  dm_ast_number step;
  dm_ast_viewers viewers;
  dm_ast_remarks remarks;
  dm_span at;
  uint32_t file_order;
} dm_ast_state;

/* arrives ...: one entry of the list */
typedef struct dm_ast_delay {
  bool never;
  uint32_t periods; /* 0 same month, 1 next month, k `after k months` */
  dm_ast_expr *chance;
  dm_span at;
} dm_ast_delay;

typedef enum dm_ast_learns {
  DM_AST_LEARNS_NEVER, /* also when unsaid */
  DM_AST_LEARNS_ON_ARRIVAL,
  DM_AST_LEARNS_ON_ANSWER
} dm_ast_learns;

/* says FIELD v1/v2 */
typedef struct dm_ast_says {
  dm_ast_name field;
  dm_ast_names values;
  dm_ast_remarks remarks;
  dm_span at;
} dm_ast_says;

typedef struct dm_ast_letter {
  dm_ast_name name;
  const char *display;
  dm_ast_name from;
  dm_ast_name to;
  dm_ast_name via; /* courier, or absent */
  bool via_knows;
  bool via_chooses;
  bool via_reads;               /* only with via_chooses */
  DM_VEC(dm_ast_delay) arrives; /* empty: unsaid */
  dm_span arrives_at;
  dm_ast_remarks arrives_remarks;
  bool has_deadline;
  uint32_t deadline; /* periods after arrival, may be 0 */
  dm_span deadline_at;
  dm_ast_learns learns;
  dm_span learns_at; /* line 0: unsaid */
  DM_VEC(dm_ast_says) says;
  bool repeatable;
  dm_ast_remarks remarks; /* of the head and of the other clauses */
  dm_span at;
  uint32_t file_order;
} dm_ast_letter;

/* An error list; the one with a NULL condition holds otherwise. */
typedef struct dm_ast_error {
  dm_ast_chances list;
  dm_ast_expr *condition;
  dm_ast_remarks remarks;
  dm_span at;
} dm_ast_error;

typedef struct dm_ast_report {
  dm_ast_name name;
  const char *display;
  dm_ast_name by;       /* any label */
  dm_ast_timing timing; /* IN_DATES or EVERY */
  dm_ast_name measures; /* the state */
  DM_VEC(dm_ast_error)
  errors; /* conditional ones first, in file order; the
                                * one without a condition, if any, last;
                                * empty: exact */
  dm_ast_viewers viewers;
  dm_ast_expr *silent; /* `silent if COND`, or NULL */
  dm_span silent_at;
  dm_ast_remarks remarks; /* of the head and clauses other than error lists */
  dm_span at;
  uint32_t file_order;
} dm_ast_report;

typedef struct dm_ast_term {
  dm_ast_name name;
  const char *display;
  dm_ast_number lo;
  dm_ast_number hi;
  dm_ast_remarks remarks;
  dm_span at;
} dm_ast_term;

typedef enum dm_ast_duty_kind {
  DM_AST_DUTY_EVERY, /* every month */
  DM_AST_DUTY_BY,    /* by DATE */
  DM_AST_DUTY_WITHIN /* within k months */
} dm_ast_duty_kind;

/* A must COND ... */
typedef struct dm_ast_duty {
  dm_ast_name party;
  dm_ast_expr *condition;
  dm_ast_duty_kind kind;
  dm_ast_date by;
  uint32_t within; /* at least 1 */
  dm_ast_remarks remarks;
  dm_span at;
} dm_ast_duty;

/* gives EFFECTS every month (periods 0); after k months -> EFFECTS. */
typedef struct dm_ast_consequence {
  uint32_t periods;
  dm_ast_effects effects;
  dm_ast_remarks remarks;
  dm_span at;
} dm_ast_consequence;

typedef DM_VEC(dm_ast_consequence) dm_ast_consequences;

typedef struct dm_ast_deal {
  dm_ast_name name;
  const char *display;
  dm_ast_names parties;
  DM_VEC(dm_ast_term) terms;
  DM_VEC(dm_ast_duty) duties;
  dm_ast_name checked_by; /* a report; absent: at once */
  bool has_tolerance;
  dm_ast_number tolerance; /* steps, or with a unit */
  bool silence_is_breach;
  dm_span checked_at; /* the clause; line 0: unsaid */
  dm_ast_consequences gives;
  dm_ast_consequences after;
  dm_ast_consequences if_broken;
  dm_ast_remarks remarks;
  dm_span at;
  uint32_t file_order;
} dm_ast_deal;

/* costs N [while COND] */
typedef struct dm_ast_cost {
  dm_ast_expr *amount;
  dm_ast_expr *condition; /* NULL: always */
  dm_span at;
} dm_ast_cost;

typedef struct dm_ast_option {
  dm_ast_name name; /* may be spelt like a keyword */
  const char *display;
  dm_ast_expr *guard; /* NULL: always open */
  dm_span guard_at;   /* from `if` on */
  dm_ast_effects effects;
  DM_VEC(dm_ast_cost) costs;
  bool announced; /* said of this option; see also the choice's */
  dm_ast_name as; /* PLOVER word, or absent */
  dm_ast_remarks remarks;
  dm_span at;
} dm_ast_option;

typedef struct dm_ast_choice {
  dm_ast_name name;
  const char *display;
  dm_ast_name actor;
  dm_ast_date from;
  dm_ast_date until;
  bool every_round;
  bool standing;
  bool announced; /* all options */
  DM_VEC(dm_ast_option) options;
  dm_ast_remarks remarks;
  dm_span at;
  uint32_t file_order;
} dm_ast_choice;

/* every month */
typedef struct dm_ast_drift {
  dm_ast_rules rules;
  dm_span at;
  uint32_t file_order;
} dm_ast_drift;

typedef struct dm_ast_schedule {
  dm_ast_name name;
  const char *display;
  dm_ast_timing timing;
  dm_ast_rules rules; /* RULE_EFFECTS without chance */
  dm_ast_remarks remarks;
  dm_span at;
  uint32_t file_order;
} dm_ast_schedule;

typedef struct dm_ast_benchmark {
  dm_ast_name name;
  const char *display;
  dm_ast_expr *condition;
  dm_ast_date by;
  dm_ast_name judged_by; /* a report, or absent */
  dm_ast_remarks remarks;
  dm_span at;
  uint32_t file_order;
} dm_ast_benchmark;

typedef struct dm_ast_outcome {
  dm_ast_name name;
  const char *display;
  dm_ast_expr *condition;
  dm_ast_remarks remarks;
  dm_span at;
  uint32_t file_order;
} dm_ast_outcome;

/* then pays N a month to the end [for A, B] */
typedef struct dm_ast_then_pays {
  dm_ast_expr *amount;
  dm_ast_names actors; /* empty: every actor */
  dm_span at;
} dm_ast_then_pays;

typedef struct dm_ast_payoff_row {
  dm_ast_name outcome; /* declares it */
  const char *display;
  DM_VEC(dm_ast_expr *) cells; /* as written: the number may be wrong */
  DM_VEC(dm_ast_then_pays) then_pays;
  dm_ast_remarks remarks;
  dm_span at;
} dm_ast_payoff_row;

/* iran.keeps_option: stalemate > agreement ~ talks = war */
typedef struct dm_ast_ranking {
  dm_ast_path column; /* ACTOR or ACTOR.TYPE */
  dm_ast_names outcomes;
  DM_VEC(char)
  relations; /* [outcomes.n - 1]: '>', '=' or '~', between i and
                           * i + 1 */
  dm_ast_remarks remarks;
  dm_span at;
} dm_ast_ranking;

/* A file may split a wide table into several payoff blocks. */
typedef struct dm_ast_payoff {
  dm_ast_paths columns; /* ACTOR or ACTOR.TYPE; may be empty */
  DM_VEC(dm_ast_payoff_row) rows;
  DM_VEC(dm_ast_ranking) rankings;
  dm_ast_remarks remarks;
  dm_span at;
  uint32_t file_order;
} dm_ast_payoff;

/* each month pay: ACTOR EXPR [if COND] */
typedef struct dm_ast_pay {
  dm_ast_path who; /* ACTOR or ACTOR.TYPE */
  dm_ast_expr *amount;
  dm_ast_expr *condition; /* NULL: always */
  dm_ast_remarks remarks;
  dm_span at;
  uint32_t file_order;
} dm_ast_pay;

typedef enum dm_ast_when_kind {
  DM_AST_WHEN_UNSAID,
  DM_AST_WHEN_BY,       /* ever up to and including date */
  DM_AST_WHEN_IN,       /* in date */
  DM_AST_WHEN_BY_PERIOD /* `by month`: one number a period */
} dm_ast_when_kind;

typedef struct dm_ast_when {
  dm_ast_when_kind kind;
  dm_ast_date date; /* BY, IN */
} dm_ast_when;

/* if X in DATE surprises / known */
typedef enum dm_ast_force_kind {
  DM_AST_NOT_FORCED,
  DM_AST_SURPRISES,
  DM_AST_KNOWN
} dm_ast_force_kind;

/* One `ask` or `check`: chance of ... */
typedef struct dm_ast_question {
  bool each_outcome;  /* chance of each outcome ... */
  dm_ast_expr *event; /* NULL with each_outcome */
  dm_ast_when when;
  dm_ast_expr *given; /* NULL: none */
  dm_ast_when given_when;
  dm_ast_force_kind force;
  dm_ast_path forced;    /* the option */
  dm_ast_date forced_in; /* may be absent */
  bool compared;         /* check: EQ NE LT LE GT GE bound */
  dm_ast_op compare;
  dm_ast_expr *bound; /* a constant: 90%, 3/8 */
  const char *text;   /* the question as written, one space a gap */
  dm_ast_remarks remarks;
  dm_span at;
  uint32_t file_order;
} dm_ast_question;

/* ---- the file ------------------------------------------------------------ */

typedef struct dm_ast {
  dm_ast_scenario scenario;
  DM_VEC(dm_ast_actor) actors;
  DM_VEC(dm_ast_types) types;
  DM_VEC(dm_ast_assumption) assumptions;
  DM_VEC(dm_ast_state) states;
  DM_VEC(dm_ast_letter) letters;
  DM_VEC(dm_ast_report) reports;
  DM_VEC(dm_ast_deal) deals;
  DM_VEC(dm_ast_choice) choices;
  DM_VEC(dm_ast_drift) drifts;
  DM_VEC(dm_ast_schedule) schedules;
  DM_VEC(dm_ast_benchmark) benchmarks;
  DM_VEC(dm_ast_outcome) outcomes;
  DM_VEC(dm_ast_payoff) payoffs;
  DM_VEC(dm_ast_pay) pays;
  DM_VEC(dm_ast_question) asks;
  DM_VEC(dm_ast_question) checks;
  uint32_t n_blocks;
} dm_ast;

#endif
