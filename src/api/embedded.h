/* api/embedded.h -- text files that are part of the library; the bodies are
 * generated from docs/messages/ and share/new/ by cmake/embed.cmake. */
#ifndef DM_API_EMBEDDED_H
#define DM_API_EMBEDDED_H

#include <demarche/status.h>

typedef struct dm_embedded {
  const char *folder; /* "messages", "new" */
  const char *name;   /* of the file, without its suffix */
  const char *text;   /* NUL-terminated */
  size_t len;
} dm_embedded;

/** Text i of all there are, by folder and name; NULL past the end. */
const dm_embedded *dm_embedded_at(size_t i);

/** A text of a folder by its name, or NULL. */
const dm_embedded *dm_embedded_find(const char *folder, const char *name);

/** Text i of a folder, 0-based; NULL past the end. */
const dm_embedded *dm_embedded_in(const char *folder, size_t i);

#endif
