/* lang/format.h -- a scenario file in its canonical layout. */
#ifndef DM_LANG_FORMAT_H
#define DM_LANG_FORMAT_H

#include "base/diags.h"
#include "base/str.h"

/**
 * Lays a scenario out afresh: two spaces before a clause, four before what
 * continues it, columns aligned, one blank line between blocks, comments kept.
 * Words, their order and the author's line breaks inside a clause stay, so the
 * result means the same; formatting it again changes nothing.  Tabs are
 * accepted and replaced.
 *
 * @param out  Appended to; nothing is appended after an error.
 * @return DM_OK; DM_E_INPUT when the text cannot be read (messages filed);
 *         DM_E_MEMORY.
 */
dm_status dm_format(const char *text, size_t len, dm_diags *diags, dm_str *out)
    DM_MUST_USE;

#endif
