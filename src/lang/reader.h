/* lang/reader.h -- what the parts of the reader share.  Internal to lang.
 *
 * A clause is read by recursive descent.  The first error of a clause files
 * its message and moves the reader to the clause's end: from there every
 * look-ahead sees DM_T_END and every loop stops, so no function returns a
 * status and the next clause starts clean.
 *
 * Each look-ahead notes what would have been accepted; the note is dropped
 * when a token is taken, and is what the message lists. */
#ifndef DM_LANG_READER_H
#define DM_LANG_READER_H

#include "base/table.h"
#include "lang/ast.h"
#include "lang/lex.h"

enum {
  DM_READ_ERRORS_MAX = 5,
  DM_READ_TRIED_MAX = 48,
  /* Actors, terms, options, cells ...: nothing has more of one kind. */
  DM_READ_LIST_MAX = 1000000
};

typedef struct dm_reader {
  dm_arena *arena;
  dm_diags *diags;
  dm_lexed lexed;
  dm_ast *ast;
  uint32_t i;       /* next token */
  uint32_t end;     /* one past the clause */
  uint32_t clause;  /* next clause */
  uint32_t block;   /* file_order of the block being read */
  const char *what; /* "a letter": for messages */
  bool bad;         /* this clause has an error */
  uint32_t errors;  /* filed */
  uint32_t depth;   /* of nested phrases */
  uint32_t parens;  /* open ones */
  bool cells;       /* a payoff row: white space separates */
  bool checking;    /* a `check`: a comparison with a percentage is its own */
  dm_ast_date_kind clock;
  dm_table units;                        /* names in (x 30 kg) */
  const dm_ast *context;                 /* of questions that are read alone */
  uint8_t tried_kind[DM_READ_TRIED_MAX]; /* dm_tok_kind; WORD with a word */
  uint8_t tried_word[DM_READ_TRIED_MAX];
  const char *tried_name; /* "a name for the state", or NULL */
  uint32_t n_tried;
} dm_reader;

/* ---- tokens (parse.c) ---------------------------------------------------- */

/** The token `ahead` of the next one, an END beyond the clause. */
const dm_tok *dm_rd_ahead(const dm_reader *r, uint32_t ahead);

/** The same without noting what was tried. */
bool dm_rd_peek(const dm_reader *r, dm_tok_kind kind);
bool dm_rd_peek_word(const dm_reader *r, dm_word word);

/** Whether the next token is so; noted for the message. */
bool dm_rd_is(dm_reader *r, dm_tok_kind kind);
bool dm_rd_is_word(dm_reader *r, dm_word word);

/** Takes the next token if it is so. */
bool dm_rd_take(dm_reader *r, dm_tok_kind kind);
bool dm_rd_take_word(dm_reader *r, dm_word word);

/** Takes it or files an error. */
void dm_rd_need(dm_reader *r, dm_tok_kind kind);
void dm_rd_need_word(dm_reader *r, dm_word word);

/** Takes whatever is next. */
const dm_tok *dm_rd_next(dm_reader *r);

bool dm_rd_done(const dm_reader *r);

/** Marks the next token for the formatter, unless it is marked already. */
void dm_rd_mark(dm_reader *r, dm_mark mark);

/** The place of the next token, and of the tokens from `first` to the last
 *  taken one. */
dm_span dm_rd_span(const dm_reader *r);
dm_span dm_rd_span_from(const dm_reader *r, uint32_t first);

/* ---- messages (parse.c) -------------------------------------------------- */

/** The token where what was tried is not: files E003, ends the clause. */
void dm_rd_unexpected(dm_reader *r);

/** E003 (or another code) with its own words; ends the clause. */
void dm_rd_fail(dm_reader *r, dm_span at, const char *text, const char *repair);
void dm_rd_fail_code(
    dm_reader *r, const char *code, const char *title, dm_span at,
    uint32_t other_line, const char *text, const char *repair);

/** Text made in the arena. */
const char *dm_rd_text(dm_reader *r, const char *format, ...) DM_PRINTF(2, 3);

/** A token as messages quote it, shortened when it is long. */
const char *dm_rd_quote(dm_reader *r, const dm_tok *tok);

/** Files E003 when `earlier` is a place: the clause was given before. */
void dm_rd_once(dm_reader *r, dm_span earlier, dm_span here, const char *what);

/** Files E004 for a block, if it had no error since `errors` was r->errors. */
void dm_rd_missing(
    dm_reader *r, uint32_t errors, dm_span at, const char *text,
    const char *repair);

/* ---- clauses (parse.c) --------------------------------------------------- */

/* Reads one clause of a block. */
typedef void dm_rd_clause(dm_reader *r, void *block);

/** What is left of the head's line, then the block's further clauses. */
void dm_rd_body(dm_reader *r, dm_rd_clause *read, void *block);

/** What does not belong to the clause any more is an error. */
void dm_rd_finish(dm_reader *r);

/* ---- names, numbers, dates, expressions (parse_expr.c) ------------------- */

/** A plain name that is not reserved; `what` as in "the name of a state". */
dm_ast_name dm_rd_name(dm_reader *r, const char *what);

/** A word that may be spelt like a keyword: an option, a state's word. */
dm_ast_name dm_rd_loose(dm_reader *r, const char *what);

/** The same in capitals or not: a word of somebody else's list. */
dm_ast_name dm_rd_any_case(dm_reader *r, const char *what);

bool dm_rd_is_name(dm_reader *r);

/** Names with commas between, at least one. */
void dm_rd_names(dm_reader *r, dm_ast_names *out, const char *what);

/** a.b.c; with `loose` a single part may be spelt like a keyword. */
dm_ast_path dm_rd_path(dm_reader *r, bool loose, const char *what);

/** A display name, or NULL. */
const char *dm_rd_display(dm_reader *r);

/** A quoted text; several in a row are joined by a space. */
const char *dm_rd_string(dm_reader *r);

/** note "..." and source "..." [known on DATE], any number. */
void dm_rd_remarks(dm_reader *r, dm_ast_remarks *out);

/** A number with its sign, unit and range. */
dm_ast_number dm_rd_number(dm_reader *r);
bool dm_rd_is_number(dm_reader *r);

/** A whole number from `least` on, without sign or unit. */
uint32_t dm_rd_count(dm_reader *r, uint32_t least);

/** `2 months`, in the clock's own word. */
uint32_t dm_rd_periods(dm_reader *r, uint32_t least);

/** `month`, in the clock's own word; `months` where `many`. */
void dm_rd_clock_word(dm_reader *r);
bool dm_rd_is_clock_word(const dm_reader *r, uint32_t ahead);

dm_ast_date dm_rd_date(dm_reader *r);     /* of the clock, or finer */
dm_ast_date dm_rd_any_date(dm_reader *r); /* of any kind */
bool dm_rd_is_date(const dm_reader *r, uint32_t ahead);

dm_ast_expr *dm_rd_condition(dm_reader *r);
dm_ast_expr *dm_rd_sum(dm_reader *r);
dm_ast_expr *dm_rd_chance(dm_reader *r); /* a sum, or `rest` */

/** Whether a comparison is next, and which. */
bool dm_rd_comparison(const dm_reader *r, dm_ast_op *op);

/** What may stand behind `=`: a sum, or a word spelt like a keyword. */
dm_ast_expr *dm_rd_value(dm_reader *r);

/** `offer arrived` or `us.strike`. */
dm_ast_expr *dm_rd_event(dm_reader *r);

/** Whether `(x 30` is next. */
bool dm_rd_is_step(const dm_reader *r);

/** Whether a chance can begin here. */
bool dm_rd_is_chance(dm_reader *r);

/** A signed number, or a word that may be spelt like a keyword. */
dm_ast_expr *dm_rd_chance_value(dm_reader *r);

/** VALUE CHANCE, VALUE CHANCE ... */
void dm_rd_chances(dm_reader *r, dm_ast_chances *out);

/* ---- effects (parse_effect.c) -------------------------------------------- */

void dm_rd_effects(dm_reader *r, dm_ast_effects *out);

/** A clause of `every month` or of a schedule. */
dm_ast_rule dm_rd_rule(dm_reader *r, bool drift);

/* ---- shared parts and blocks --------------------------------------------- */

/** With `label`, `seen by` is the label of a clause. */
void dm_rd_viewers(dm_reader *r, dm_ast_viewers *out, bool label);
bool dm_rd_is_viewers(dm_reader *r);
void dm_rd_timing(dm_reader *r, dm_ast_timing *out, bool after);

/* Each begins behind the word that names the block; `at` is that word. */
void dm_rd_scenario(dm_reader *r, dm_span at);
void dm_rd_actor(dm_reader *r, dm_span at);
void dm_rd_types(dm_reader *r, dm_span at);
void dm_rd_assume(dm_reader *r, dm_span at);
void dm_rd_state(dm_reader *r, dm_span at);
void dm_rd_letter(dm_reader *r, dm_span at);
void dm_rd_report(dm_reader *r, dm_span at);
void dm_rd_deal(dm_reader *r, dm_span at);
void dm_rd_choice(dm_reader *r, dm_span at);
void dm_rd_every(dm_reader *r, dm_span at);
void dm_rd_schedule(dm_reader *r, dm_span at);
void dm_rd_benchmark(dm_reader *r, dm_span at);
void dm_rd_outcome(dm_reader *r, dm_span at);
void dm_rd_payoff(dm_reader *r, dm_span at);
void dm_rd_each(dm_reader *r, dm_span at);
void dm_rd_ask(dm_reader *r, dm_span at);
void dm_rd_check(dm_reader *r, dm_span at);

/** Reads a whole text that has been split; the caller has set the jump.  Also
 *  what the formatter calls, for the marks. */
void dm_rd_file(dm_reader *r);

/** Reads questions, `;` between them. */
void dm_rd_questions(dm_reader *r, bool check);

#endif
