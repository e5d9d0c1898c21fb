/* base/table.c -- interning of byte keys by open addressing, linear probing,
 * at most half full. */
#include "base/table.h"

#include <string.h>

static uint64_t mix(uint64_t x)
{
  x ^= x >> 32;
  x *= UINT64_C(0xd6e8feb86659fd93);
  x ^= x >> 32;
  x *= UINT64_C(0xd6e8feb86659fd93);
  x ^= x >> 32;
  return x;
}

uint64_t dm_hash(const void *data, size_t len)
{
  const unsigned char *s = data;
  uint64_t h = UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)len;
  for (; len >= 8; len -= 8, s += 8) {
    uint64_t word;
    memcpy(&word, s, 8);
    h = (h ^ mix(word)) * UINT64_C(0x9fb21c651e98df25);
  }
  if (len) {
    uint64_t word = 0;
    memcpy(&word, s, len);
    h = (h ^ mix(word)) * UINT64_C(0x9fb21c651e98df25);
  }
  return mix(h);
}

void dm_table_init(dm_table *table, dm_arena *arena, size_t key_len)
{
  memset(table, 0, sizeof *table);
  table->arena = arena;
  table->key_len = key_len;
}

void dm_table_clear(dm_table *table)
{
  dm_arena *arena = table->arena;
  dm_arena_release(arena, table->key);
  dm_arena_release(arena, table->key_at);
  dm_arena_release(arena, table->slot);
  dm_arena_release(arena, table->hash);
  dm_table_init(table, arena, table->key_len);
}

const void *dm_table_key(const dm_table *table, uint32_t id, size_t *len)
{
  if (table->key_len) {
    if (len)
      *len = table->key_len;
    return table->key + (size_t)id * table->key_len;
  }
  if (len)
    *len = table->key_at[id + 1] - table->key_at[id];
  return table->key + table->key_at[id];
}

static bool same(
    const dm_table *table, uint32_t id, const void *key, size_t len)
{
  size_t held;
  const void *mine = dm_table_key(table, id, &held);
  return held == len && (len == 0 || memcmp(mine, key, len) == 0);
}

/* The place of the key, or the free place where it would go. */
static uint32_t probe(
    const dm_table *table, const void *key, size_t len, uint32_t h)
{
  uint32_t mask = table->cap - 1;
  uint32_t i = h & mask;
  while (table->slot[i] &&
         !(table->hash[i] == h && same(table, table->slot[i] - 1, key, len)))
    i = (i + 1) & mask;
  return i;
}

static void grow(dm_table *table)
{
  if (table->cap > UINT32_MAX / 4)
    dm_arena_throw(table->arena, DM_E_LIMIT);
  uint32_t cap = table->cap ? table->cap * 2 : 16;
  dm_arena *arena = table->arena;
  uint32_t *slot = dm_arena_resize(arena, NULL, (size_t)cap * sizeof *slot);
  uint32_t *hash = dm_arena_resize(arena, NULL, (size_t)cap * sizeof *hash);
  memset(slot, 0, (size_t)cap * sizeof *slot);
  for (uint32_t i = 0; i < table->cap; i++) {
    if (!table->slot[i])
      continue;
    uint32_t j = table->hash[i] & (cap - 1);
    while (slot[j])
      j = (j + 1) & (cap - 1);
    slot[j] = table->slot[i];
    hash[j] = table->hash[i];
  }
  dm_arena_release(arena, table->slot);
  dm_arena_release(arena, table->hash);
  table->slot = slot;
  table->hash = hash;
  table->cap = cap;
}

static void store_key(dm_table *table, const void *key, size_t len)
{
  if (len > table->key_cap - table->key_bytes) {
    size_t cap = table->key_cap ? table->key_cap : 256;
    while (cap - table->key_bytes < len) {
      if (cap > SIZE_MAX / 4)
        dm_arena_throw(table->arena, DM_E_MEMORY);
      cap *= 2;
    }
    table->key = dm_arena_resize(table->arena, table->key, cap);
    table->key_cap = cap;
  }
  if (len)
    memcpy(table->key + table->key_bytes, key, len);
  if (!table->key_len) {
    while (table->n + 1 >= table->key_at_cap)
      table->key_at = dm_vec_grow(
          table->arena, table->key_at, &table->key_at_cap,
          sizeof *table->key_at);
    table->key_at[table->n] = table->key_bytes;
    table->key_at[table->n + 1] = table->key_bytes + len;
  }
  table->key_bytes += len;
}

uint32_t dm_table_intern(
    dm_table *table, const void *key, size_t len, bool *fresh)
{
  if (table->n >= table->cap / 2)
    grow(table);
  uint32_t h = (uint32_t)dm_hash(key, len);
  uint32_t i = probe(table, key, len, h);
  if (fresh)
    *fresh = !table->slot[i];
  if (table->slot[i])
    return table->slot[i] - 1;
  store_key(table, key, len);
  table->slot[i] = table->n + 1;
  table->hash[i] = h;
  return table->n++;
}

uint32_t dm_table_find(const dm_table *table, const void *key, size_t len)
{
  if (!table->cap)
    return UINT32_MAX;
  uint32_t i = probe(table, key, len, (uint32_t)dm_hash(key, len));
  return table->slot[i] ? table->slot[i] - 1 : UINT32_MAX;
}
