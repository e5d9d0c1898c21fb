/* interop/reading.h -- what the two readers share: a place in the text, the
 * tokens of Gambit's formats, and refusing with place, reason and repair.
 *
 * Every call that cannot do its work files a message and leaves through the
 * arena's jump with DM_E_INPUT. */
#ifndef DM_INTEROP_READING_H
#define DM_INTEROP_READING_H

#include "interop/gambit.h"

/* Payoffs beyond this are refused: 2^32 of them still add up to a number that
 * the solvers can square. */
#define DM_GAMBIT_MOST 1e140

typedef struct dm_reading {
  const char *text;
  size_t len;
  size_t at;
  dm_gambit *gambit; /* its arena holds all that is read */
  dm_diags *diags;
  char *room; /* where the next text is copied: all of them fit `len` + 2 */
} dm_reading;

/* A token: text[from .. to - 1]. */
typedef struct dm_token {
  size_t from, to;
} dm_token;

/** Checks the encoding and takes room for the texts. */
void dm_reading_start(dm_reading *r);

/** Passes white space; the byte there, or -1 at the end. */
int dm_reading_peek(dm_reading *r);

/** What stands here: a text in quotes, a mark, or a word up to white space. */
dm_token dm_reading_here(const dm_reading *r);

/** Files `code` at a token (or at the last word of the text if it is past the
 *  end) and leaves.  `text` from the format, `repair` plain; `other` is the
 *  offset of another place, or SIZE_MAX. */
_Noreturn void dm_reading_fail(
    dm_reading *r, const char *code, dm_token at, size_t other,
    const char *repair, const char *format, ...) DM_PRINTF(6, 7);

/** The line of an offset, from 1. */
uint32_t dm_reading_line(const dm_reading *r, size_t at);

/** E103: `wanted` belongs here. */
_Noreturn void dm_reading_expected(dm_reading *r, const char *wanted);

/** Passes one of { } if it is next. */
bool dm_reading_mark(dm_reading *r, char mark);
/** Passes it or fails: `wanted` says what belongs here. */
void dm_reading_need(dm_reading *r, char mark, const char *wanted);

/** A bare word up to white space; to == from at the end. */
dm_token dm_reading_word(dm_reading *r);
bool dm_reading_is(const dm_reading *r, dm_token token, const char *word);

/** A text in quotes, copied. */
const char *dm_reading_text(dm_reading *r, const char *wanted);

/** A whole number of 64 bits; *token its place. */
int64_t dm_reading_integer(dm_reading *r, const char *wanted, dm_token *token);

/** A number, kept as written.  Payoffs are at most DM_GAMBIT_MOST. */
dm_gambit_number dm_reading_number(dm_reading *r, const char *wanted);

/** One payoff per player, with optional commas, up to the closing brace. */
const dm_gambit_number *dm_reading_payoffs(dm_reading *r);

/** EFG 2 or NFG 1, R or D, the title and the players. */
void dm_reading_head(dm_reading *r);

/** The words of the form: "EFG" or "NFG". */
const char *dm_gambit_form_word(dm_gambit_form form);

void dm_efg_read(dm_reading *r);
void dm_nfg_read(dm_reading *r);

#endif
