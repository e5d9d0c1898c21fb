/* tests/support/replay.c -- runs a fuzz target over files, without a fuzzer.
 *
 * Linked to tests/fuzz/fuzz_NAME.c in every ordinary build, so that whatever
 * the fuzzer once found stays tested.  Arguments are files; the program ends
 * with 0 unless a file cannot be read, and a crash is the finding.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

/* An exact-size copy on the heap: a read past the end is then a read past the
 * block, which the sanitizers see. */
static int replay(const char *path)
{
  FILE *in = fopen(path, "rb");
  uint8_t *data = NULL;
  long length = -1;
  int failed = 1;

  if (in != NULL && fseek(in, 0, SEEK_END) == 0) {
    length = ftell(in);
  }
  if (length >= 0 && fseek(in, 0, SEEK_SET) == 0) {
    data = malloc(length > 0 ? (size_t)length : 1);
  }
  if (data != NULL && fread(data, 1, (size_t)length, in) == (size_t)length) {
    (void)LLVMFuzzerTestOneInput(data, (size_t)length);
    failed = 0;
  }
  if (failed) {
    (void)fprintf(stderr, "cannot read %s\n", path);
  }
  free(data);
  if (in != NULL) {
    (void)fclose(in);
  }
  return failed;
}

int main(int argc, char **argv)
{
  static const uint8_t nothing[1];
  int failed = 0;

  (void)LLVMFuzzerTestOneInput(nothing, 0);
  for (int i = 1; i < argc; i++) {
    failed += replay(argv[i]);
  }
  (void)printf("%d passed, %d failed\n", argc - failed, failed);
  return failed == 0 ? 0 : 1;
}
