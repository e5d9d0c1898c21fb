/* bench/support/triad.h -- clocks, and how fast this machine moves memory. */
#ifndef DM_BENCH_TRIAD_H
#define DM_BENCH_TRIAD_H

#include <stddef.h>

/** Seconds since some fixed moment. */
double bench_now(void);

/** Bytes per second of a[i] = b[i] + s c[i], the best of ten passes over three
 *  arrays of doubles that take `bytes` together (24 bytes counted an element,
 *  as STREAM does).  0 if memory runs out. */
double bench_triad(size_t bytes);

#endif
