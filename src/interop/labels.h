/* interop/labels.h -- labels that the strictest reader takes.
 *
 * A label has no control characters, no blank at its ends, no two blanks in a
 * row, and stands once in its scope if it is not empty.  A text in quotes
 * cannot end with a backslash, nor hold a single one before a quote. */
#ifndef DM_INTEROP_LABELS_H
#define DM_INTEROP_LABELS_H

#include "base/str.h"
#include "base/table.h"

typedef struct dm_scope {
  dm_arena *arena;
  dm_table used;
  DM_VEC(uint32_t) next; /* [used.n] suffix to try next */
} dm_scope;

/** One scope.  `reserved` (NULL: none) is a label that nobody may have. */
void dm_scope_init(dm_scope *scope, dm_arena *arena, const char *reserved);
/** Gives its storage back to the arena. */
void dm_scope_clear(dm_scope *scope);

/** [count] cleaned labels, each once: of several alike the first stays as it
 *  is, the others get _1, _2 ...  Borrowed from `text` or the arena. */
const char **dm_scope_make(
    dm_scope *scope, const char *const *text, uint32_t count);

/** A text in quotes. */
void dm_quote(dm_str *out, const char *text);

#endif
