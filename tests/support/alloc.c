/* tests/support/alloc.c -- the heap's functions, wrapped by the linker
 * (-Wl,--wrap=malloc and so on).  Counters are atomic: what is tested may have
 * threads. */
#include "alloc.h"

#include <stdatomic.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *block);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void __wrap_free(void *block);

static atomic_size_t n_asked;
static atomic_size_t fail_at;
static atomic_long n_live;
static atomic_bool has_failed;

void unit_alloc_reset(void)
{
  unit_alloc_fail_at(0);
}

size_t unit_alloc_count(void)
{
  return n_asked;
}

long unit_alloc_live(void)
{
  return n_live;
}

void unit_alloc_fail_at(size_t n)
{
  n_asked = 0;
  n_live = 0;
  has_failed = false;
  fail_at = n;
}

bool unit_alloc_failed(void)
{
  return has_failed;
}

/* Counts a request; true if it is the one to refuse. */
static bool refused(void)
{
  size_t at = atomic_fetch_add(&n_asked, 1) + 1;

  if (at == fail_at) {
    has_failed = true;
    return true;
  }
  return false;
}

static void *given(void *block)
{
  if (block != NULL) {
    n_live++;
  }
  return block;
}

void *__wrap_malloc(size_t size)
{
  return refused() ? NULL : given(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
  return refused() ? NULL : given(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
  bool fresh = block == NULL;
  void *moved = refused() ? NULL : __real_realloc(block, size);

  return fresh ? given(moved) : moved;
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
  return refused() ? NULL : given(__real_aligned_alloc(alignment, size));
}

void __wrap_free(void *block)
{
  if (block != NULL) {
    n_live--;
  }
  __real_free(block);
}
