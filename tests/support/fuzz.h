/* tests/support/fuzz.h -- the one function a fuzz target defines.
 *
 * It is put before every target by the build.  It returns 0, leaks nothing,
 * keeps nothing between calls, and takes any bytes. */
#ifndef DM_TESTS_FUZZ_H
#define DM_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
