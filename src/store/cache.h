/* store/cache.h -- numbers that were costly to find, kept between runs.
 *
 * A cache is a help and never a cause of failure: what cannot be read is
 * missing, what cannot be written is not kept, and what is damaged, of another
 * size or of another layout is replaced.  Entries are files of their own,
 * written beside and renamed, so that readers and writers need no lock. */
#ifndef DM_STORE_CACHE_H
#define DM_STORE_CACHE_H

#include <demarche/status.h>

typedef struct dm_cache {
  const char *folder; /* borrowed; made when something is put; NULL: no cache */
  uint64_t max_bytes; /* of all entries; 0: 256 MiB.  The oldest go first */
} dm_cache;

/** Reads the entry of `key` (any text) into x [n].  False, and x as it was,
 *  unless there is a sound entry of exactly n numbers. */
bool dm_cache_get(const dm_cache *cache, const char *key, double *x, size_t n);

/** Keeps x [n] under `key`; tells whether it did. */
bool dm_cache_put(
    const dm_cache *cache, const char *key, const double *x, size_t n);

#endif
