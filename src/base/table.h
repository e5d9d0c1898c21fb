/* base/table.h -- interning of byte keys: equal keys get equal 32-bit ids.
 *
 * Ids count up from 0 in the order of first arrival, so a run is repeatable
 * whatever the hash seed.  Keys have one fixed length a table, except in a
 * table of length 0, where each carries its own. */
#ifndef DM_BASE_TABLE_H
#define DM_BASE_TABLE_H

#include "base/arena.h"

typedef struct dm_table {
  dm_arena *arena;
  size_t key_len;     /* bytes a key; 0: keys carry their own length */
  unsigned char *key; /* fixed: [n x key_len]; else all keys end to end */
  size_t key_bytes;   /* bytes used in key */
  size_t key_cap;
  size_t *key_at; /* [n + 1] offsets; keys of own length only */
  uint32_t key_at_cap;
  uint32_t *slot; /* [cap] id + 1, 0 for free; cap a power of two */
  uint32_t *hash; /* [cap] */
  uint32_t cap;
  uint32_t n; /* ids given out */
} dm_table;

void dm_table_init(dm_table *table, dm_arena *arena, size_t key_len);

/** Gives all storage back to the arena. */
void dm_table_clear(dm_table *table);

/** The id of a key, new if it was not there (*fresh tells; may be NULL). */
uint32_t dm_table_intern(
    dm_table *table, const void *key, size_t len, bool *fresh);

/** The id of a key or UINT32_MAX. */
uint32_t dm_table_find(const dm_table *table, const void *key, size_t len);

/** The bytes of key `id`; *len may be NULL.  Borrowed until the next intern. */
const void *dm_table_key(const dm_table *table, uint32_t id, size_t *len);

/** 64-bit hash of bytes (the same on every machine of one byte order). */
uint64_t dm_hash(const void *data, size_t len);

#endif
