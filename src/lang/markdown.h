/* lang/markdown.h -- a scenario inside a Markdown text.
 *
 * Fenced blocks whose info string begins with `standoff` are the scenario, in
 * the order in which they stand; the rest is prose for the report. */
#ifndef DM_LANG_MARKDOWN_H
#define DM_LANG_MARKDOWN_H

#include "base/arena.h"
#include "base/diags.h"

typedef struct dm_prose {
  const char *text; /* whole lines, as written; not NUL-terminated; borrowed */
  size_t len;
  uint32_t line; /* of its first line */
} dm_prose;

typedef struct dm_markdown {
  const char *text; /* the scenario: what is prose is left as empty lines, so
                     * that places are those of the Markdown file */
  size_t len;
  uint32_t blocks;        /* fenced blocks marked `standoff` */
  DM_VEC(dm_prose) prose; /* what stands before, between and behind them */
} dm_markdown;

/**
 * Takes a Markdown text apart.  The arena's jump must be set.
 *
 * @param text  Borrowed by the prose.
 * @return DM_OK; DM_E_INPUT when it is no text (E001), or when no block is
 *         marked `standoff` (E004).
 */
dm_status dm_markdown_read(
    dm_arena *arena, const char *text, size_t len, dm_diags *diags,
    dm_markdown *out) DM_MUST_USE;

#endif
