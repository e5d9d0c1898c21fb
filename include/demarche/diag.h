/* demarche/diag.h -- messages about an input: place, code, words, repair. */
#ifndef DEMARCHE_DIAG_H
#define DEMARCHE_DIAG_H

#include <demarche/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum dm_severity { DM_NOTE, DM_WARNING, DM_ERROR } dm_severity;

/** One message.  All texts are owned by its list and NUL-terminated. */
typedef struct dm_diag {
  dm_severity severity;
  const char *code;    /**< "E021", "W003"; never NULL. */
  const char *title;   /**< A few words, the same for every such message. */
  const char *text;    /**< What is wrong, in the story's terms. */
  const char *repair;  /**< What to do; "" when there is nothing to add. */
  uint32_t line;       /**< From 1; 0 when no place applies. */
  uint32_t column;     /**< From 1, in code points. */
  uint32_t length;     /**< Code points to mark, at least 1 with a line. */
  uint32_t other_line; /**< A second line that is part of it, or 0. */
} dm_diag;

typedef struct dm_diags dm_diags;

/** An empty list; NULL when memory ran out. */
DM_API dm_diags *dm_diags_new(void);
DM_API void dm_diags_free(dm_diags *diags);
DM_API size_t dm_diags_count(const dm_diags *diags, dm_severity at_least);
DM_API size_t dm_diags_size(const dm_diags *diags);
/** Message i of dm_diags_size, in order of place after sorting.  Borrowed. */
DM_API const dm_diag *dm_diags_at(const dm_diags *diags, size_t i);

#ifdef __cplusplus
}
#endif
#endif
