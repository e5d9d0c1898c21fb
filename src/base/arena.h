/* base/arena.h -- memory that is released all at once.
 *
 * Reading a file and expanding a model allocate thousands of small things that
 * die together.  An arena hands them out and never returns NULL: when memory
 * (or the arena's own byte limit) runs out it jumps to `jump`, which the entry
 * point of the module has set, clears, and returns the status.  So no call in
 * between needs an error path for memory, and a failed call changes nothing.
 *
 *   dm_arena a;
 *   dm_arena_init(&a, 0);
 *   dm_status why = (dm_status)setjmp(a.jump);
 *   if (why != DM_OK) { dm_arena_clear(&a); return why; }
 *
 * Locals changed after setjmp must live in the arena or be volatile. */
#ifndef DM_BASE_ARENA_H
#define DM_BASE_ARENA_H

#include <demarche/status.h>
#include <setjmp.h>

typedef struct dm_block dm_block;

typedef struct dm_arena {
  dm_block *small; /* current block of small pieces, newest first */
  dm_block *big;   /* blocks that were asked for singly, newest first */
  size_t bytes;    /* bytes held from the system */
  size_t limit;    /* most bytes to hold; 0: no limit */
  jmp_buf jump;    /* where to go when memory runs out */
} dm_arena;

/** `limit` in bytes, 0 for none.  Allocates nothing. */
void dm_arena_init(dm_arena *arena, size_t limit);

/** Releases everything; the arena may be used again. */
void dm_arena_clear(dm_arena *arena);

/** `size` zeroed bytes, aligned to 16.  Never NULL: jumps. */
void *dm_arena_alloc(dm_arena *arena, size_t size);

/** count x size zeroed bytes, the product checked.  Never NULL: jumps. */
void *dm_arena_array(dm_arena *arena, size_t count, size_t size);

/** A block of its own, resized: `old` NULL or from this call.  New bytes are
 *  not zeroed.  Never NULL: jumps.  */
void *dm_arena_resize(dm_arena *arena, void *old, size_t size);

/** Gives a block of dm_arena_resize back early.  NULL is allowed. */
void dm_arena_release(dm_arena *arena, void *old);

/** Takes a block of dm_arena_resize out of the arena: the caller owns it and
 *  gives it to free() through dm_block_free.  NULL is allowed. */
void *dm_arena_detach(dm_arena *arena, void *old);
void dm_block_free(void *detached);

/** A copy of `len` bytes with a NUL behind. */
char *dm_arena_text(dm_arena *arena, const char *text, size_t len);

/** Leaves through `jump` with `why`, which must not be DM_OK. */
_Noreturn void dm_arena_throw(dm_arena *arena, dm_status why);

/* A growing list of T: at [n], cap.  Zero-initialise before use. */
#define DM_VEC(T)                                                              \
  struct {                                                                     \
    T *at;                                                                     \
    uint32_t n;                                                                \
    uint32_t cap;                                                              \
  }

/* Makes room for one more element. */
#define DM_VEC_ROOM(arena, v)                                                      \
  ((v)->n == (v)->cap                                                              \
       ? (void)((v)->at = dm_vec_grow(arena, (v)->at, &(v)->cap, sizeof *(v)->at)) \
       : (void)0)
#define DM_PUSH(arena, v, x) (DM_VEC_ROOM(arena, v), (v)->at[(v)->n++] = (x))

/** Doubles a list's storage (checked to stay below 2^32 elements). */
void *dm_vec_grow(dm_arena *arena, void *at, uint32_t *cap, size_t size);

#endif
