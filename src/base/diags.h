/* base/diags.h -- how a module files a message.  Adding never fails loudly: a
 * list whose memory ran out says so with dm_diags_failed, and still counts. */
#ifndef DM_BASE_DIAGS_H
#define DM_BASE_DIAGS_H

#include <demarche/diag.h>

/* A place in a text: byte offsets are turned into lines by the reader. */
typedef struct dm_span {
  uint32_t line;   /* from 1; 0: no place */
  uint32_t column; /* from 1, in code points */
  uint32_t length; /* code points */
} dm_span;

/** Starts a message; `text` and `repair` are formatted with the same
 *  arguments by the caller beforehand, so they are plain here.  Copied. */
void dm_diags_add(
    dm_diags *diags, dm_severity severity, const char *code, const char *title,
    dm_span at, uint32_t other_line, const char *text, const char *repair);

/** Sorts: errors before warnings, more fundamental codes first (E00x before
 *  E01x ...), then by place. */
void dm_diags_sort(dm_diags *diags);

bool dm_diags_failed(const dm_diags *diags);

/** Forgets everything filed. */
void dm_diags_reset(dm_diags *diags);

#endif
