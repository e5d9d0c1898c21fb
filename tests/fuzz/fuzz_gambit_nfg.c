/* tests/fuzz/fuzz_gambit_nfg.c -- the reader of .nfg files, the writer, and the
 * game that is made, on anything. */
#include "gambit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  return check_reader(data, size, DM_GAMBIT_NFG);
}
