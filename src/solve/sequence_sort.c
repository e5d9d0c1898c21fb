/* solve/sequence_sort.c -- stable radix sort of 64-bit keys.
 *
 * In:     items with a key and where they came from.
 * Out:    the same, by key; equal keys keep their order, so sums over them have
 *         one order whatever the platform's qsort does.
 * Method: least significant byte first; bytes in which all keys agree are
 *         skipped (sequence numbers rarely fill 32 bits).
 * Cost:   two passes a byte that varies. */
#include "solve/sequence.h"

#include <string.h>

enum { DIGITS = 256, BYTES = 8 };

static void pass(
    const dm_keyed *restrict from, dm_keyed *restrict to, size_t n, int shift)
{
  size_t start[DIGITS] = {0};
  for (size_t i = 0; i < n; i++)
    start[(from[i].key >> shift) & 0xff]++;
  size_t sum = 0;
  for (int d = 0; d < DIGITS; d++) {
    size_t count = start[d];
    start[d] = sum;
    sum += count;
  }
  for (size_t i = 0; i < n; i++)
    to[start[(from[i].key >> shift) & 0xff]++] = from[i];
}

void dm_keyed_sort(dm_keyed *item, dm_keyed *spare, size_t n)
{
  uint64_t differ = 0;
  for (size_t i = 1; i < n; i++)
    differ |= item[i].key ^ item[0].key;
  dm_keyed *from = item;
  dm_keyed *to = spare;
  for (int b = 0; b < BYTES; b++) {
    if (((differ >> (8 * b)) & 0xff) == 0)
      continue;
    pass(from, to, n, 8 * b);
    dm_keyed *held = from;
    from = to;
    to = held;
  }
  if (from != item)
    memcpy(item, from, n * sizeof *item);
}
