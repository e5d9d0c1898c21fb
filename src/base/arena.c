/* base/arena.c -- memory that is released all at once. */
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

enum { SMALL_BLOCK = 64 * 1024, ALIGN = 16 };

struct dm_block {
  dm_block *next;
  dm_block *prev; /* big blocks only: they leave the list one by one */
  size_t size;    /* payload bytes */
  size_t used;    /* small blocks only */
};

/* The payload starts at a multiple of ALIGN behind the header. */
static const size_t header = (sizeof(dm_block) + ALIGN - 1) / ALIGN * ALIGN;

static unsigned char *payload(dm_block *block)
{
  return (unsigned char *)block + header;
}

static dm_block *block_of(void *data)
{
  return (dm_block *)(void *)((unsigned char *)data - header);
}

void dm_arena_init(dm_arena *arena, size_t limit)
{
  memset(arena, 0, sizeof *arena);
  arena->limit = limit;
}

static void free_list(dm_block *block)
{
  while (block) {
    dm_block *next = block->next;
    free(block);
    block = next;
  }
}

void dm_arena_clear(dm_arena *arena)
{
  free_list(arena->small);
  free_list(arena->big);
  arena->small = NULL;
  arena->big = NULL;
  arena->bytes = 0;
}

_Noreturn void dm_arena_throw(dm_arena *arena, dm_status why)
{
  longjmp(arena->jump, (int)why);
}

static void charge(dm_arena *arena, size_t size)
{
  if (size > SIZE_MAX / 2 - header)
    dm_arena_throw(arena, DM_E_MEMORY);
  if (arena->limit &&
      (size > arena->limit || arena->bytes > arena->limit - size))
    dm_arena_throw(arena, DM_E_LIMIT);
}

void *dm_arena_alloc(dm_arena *arena, size_t size)
{
  charge(arena, size);
  size = (size + ALIGN - 1) / ALIGN * ALIGN;
  dm_block *block = arena->small;
  if (!block || block->size - block->used < size) {
    size_t room = size > SMALL_BLOCK / 4 ? size : SMALL_BLOCK;
    block = calloc(1, header + room);
    if (!block)
      dm_arena_throw(arena, DM_E_MEMORY);
    block->size = room;
    arena->bytes += room;
    block->next = arena->small;
    arena->small = block;
  }
  void *data = payload(block) + block->used;
  block->used += size;
  return data;
}

void *dm_arena_array(dm_arena *arena, size_t count, size_t size)
{
  if (size && count > SIZE_MAX / 4 / size)
    dm_arena_throw(arena, DM_E_MEMORY);
  return dm_arena_alloc(arena, count * size);
}

static void unlink_big(dm_arena *arena, dm_block *block)
{
  if (block->prev)
    block->prev->next = block->next;
  else
    arena->big = block->next;
  if (block->next)
    block->next->prev = block->prev;
  arena->bytes -= block->size;
}

static void link_big(dm_arena *arena, dm_block *block, size_t size)
{
  block->size = size;
  block->prev = NULL;
  block->next = arena->big;
  if (arena->big)
    arena->big->prev = block;
  arena->big = block;
  arena->bytes += size;
}

void *dm_arena_resize(dm_arena *arena, void *old, size_t size)
{
  dm_block *block = old ? block_of(old) : NULL;
  size_t held = block ? block->size : 0;
  if (size > held)
    charge(arena, size - held);
  if (block)
    unlink_big(arena, block);
  dm_block *moved = realloc(block, header + size);
  if (!moved) {
    if (block)
      link_big(arena, block, held);
    dm_arena_throw(arena, DM_E_MEMORY);
  }
  link_big(arena, moved, size);
  return payload(moved);
}

void dm_arena_release(dm_arena *arena, void *old)
{
  if (!old)
    return;
  unlink_big(arena, block_of(old));
  free(block_of(old));
}

void *dm_arena_detach(dm_arena *arena, void *old)
{
  if (old)
    unlink_big(arena, block_of(old));
  return old;
}

void dm_block_free(void *detached)
{
  if (detached)
    free(block_of(detached));
}

char *dm_arena_text(dm_arena *arena, const char *text, size_t len)
{
  if (len == SIZE_MAX)
    dm_arena_throw(arena, DM_E_MEMORY);
  char *copy = dm_arena_alloc(arena, len + 1);
  if (len)
    memcpy(copy, text, len);
  copy[len] = '\0';
  return copy;
}

void *dm_vec_grow(dm_arena *arena, void *at, uint32_t *cap, size_t size)
{
  uint32_t more = *cap ? *cap : 4;
  if (*cap > UINT32_MAX / 2)
    dm_arena_throw(arena, DM_E_LIMIT);
  uint32_t now = *cap + more;
  if ((size_t)now > SIZE_MAX / 4 / size)
    dm_arena_throw(arena, DM_E_MEMORY);
  void *moved = dm_arena_resize(arena, at, (size_t)now * size);
  *cap = now;
  return moved;
}
