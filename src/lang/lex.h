/* lang/lex.h -- text to words, and words to clauses.
 *
 * A block's head stands in column 1; the first indented line after it sets
 * the column of the block's clauses; a line indented deeper continues the
 * clause above.  The reader therefore sees a list of clauses, each a run of
 * tokens, and never white space. */
#ifndef DM_LANG_LEX_H
#define DM_LANG_LEX_H

#include "base/arena.h"
#include "base/diags.h"
#include "lang/words.h"

/* Larger files are refused: positions are 32 bits and nobody wrote them. */
enum { DM_LEX_BYTES_MAX = 16 * 1024 * 1024 };

typedef enum dm_tok_kind {
  DM_T_END, /* of the clause, when asked of the reader */
  DM_T_WORD,
  DM_T_NUMBER, /* digits, decimals, exponent, % */
  DM_T_DATE,
  DM_T_STRING, /* with its quotes */
  DM_T_COMMA,
  DM_T_SEMI,
  DM_T_COLON,
  DM_T_OPEN,
  DM_T_CLOSE,
  DM_T_OPEN_RANGE,
  DM_T_CLOSE_RANGE,
  DM_T_DOTS,
  DM_T_ARROW,
  DM_T_PLUS,
  DM_T_MINUS,
  DM_T_STAR,
  DM_T_SLASH,
  DM_T_EQ,
  DM_T_NE,
  DM_T_LT,
  DM_T_LE,
  DM_T_GT,
  DM_T_GE,
  DM_T_TILDE,
  DM_T_BAD, /* a message has been filed */
  DM_T_KINDS
} dm_tok_kind;

/* What the reader found out about a token, for the formatter. */
typedef enum dm_mark {
  DM_MARK_NONE,
  DM_MARK_BODY,   /* first word behind the clause's label */
  DM_MARK_COLUMN, /* begins a further column of its block */
  DM_MARK_CELL,   /* begins a cell of a table */
  DM_MARK_ARROW,  /* the arrow of an option */
  DM_MARK_SUB,    /* begins a line of its own under an option */
  DM_MARK_TIGHT   /* the / of v1/v2: no spaces */
} dm_mark;

enum {
  DM_TOK_SPACE = 1,  /* white space or a line break before it */
  DM_TOK_FIRST = 2,  /* first on its line */
  DM_TOK_DOTTED = 4, /* a.b */
  DM_TOK_UPPER = 8,  /* has capitals */
  DM_TOK_SIGN = 16   /* a sign, not an operation: no space behind it */
};

typedef struct dm_tok {
  uint32_t at;     /* byte offset */
  uint32_t len;    /* bytes */
  uint32_t line;   /* from 1 */
  uint32_t column; /* from 1, code points */
  uint8_t kind;    /* dm_tok_kind */
  uint8_t word;    /* dm_word of a WORD that is not dotted */
  uint8_t flags;
  uint8_t mark; /* dm_mark, set by the reader */
} dm_tok;

typedef struct dm_clause {
  uint32_t first; /* token */
  uint32_t end;   /* one past its last */
  bool head;      /* begins in column 1 */
} dm_clause;

typedef struct dm_comment {
  uint32_t at; /* of the # */
  uint32_t len;
  uint32_t line;
  uint32_t column;
  bool alone; /* nothing else on its line */
} dm_comment;

typedef struct dm_lexed {
  const char *text; /* borrowed */
  size_t len;
  DM_VEC(dm_tok) toks; /* the last is an END */
  DM_VEC(dm_clause) clauses;
  DM_VEC(dm_comment) comments;
  uint32_t errors; /* messages filed */
} dm_lexed;

/**
 * Splits a text.  With `tabs` a tab counts as spaces up to the next multiple
 * of eight columns; without, it is an error.
 *
 * @return DM_OK, also with errors of syntax (out->errors tells); DM_E_INPUT
 *         when the text cannot be read at all (E001) or has tabs (E002).
 */
dm_status dm_lex_read(
    dm_arena *arena, const char *text, size_t len, bool tabs, dm_diags *diags,
    dm_lexed *out) DM_MUST_USE;

/** Refuses what is no UTF-8 text, or too long for one: E001, DM_E_INPUT. */
dm_status dm_lex_check_bytes(dm_diags *diags, const char *text, size_t len)
    DM_MUST_USE;

/** The place of a token. */
dm_span dm_tok_span(const dm_lexed *lexed, const dm_tok *tok);

/** Code points in `len` bytes of checked UTF-8. */
uint32_t dm_text_points(const char *text, size_t len);

#endif
