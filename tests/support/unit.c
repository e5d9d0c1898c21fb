/* tests/support/unit.c -- bodies of the assertions of unit.h. */
#include "unit.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef DM_SOURCE_DIR
#define DM_SOURCE_DIR "."
#endif

void unit_fail(const char *file, int line, const char *format, ...)
{
  char text[1024];
  va_list args;

  va_start(args, format);
  (void)vsnprintf(text, sizeof text, format, args);
  va_end(args);
  print_error("%s:%d: %s\n", file, line, text);
  _fail(file, line);
}

void unit_true(
    bool got, bool want, const char *what, const char *file, int line)
{
  if (got != want) {
    unit_fail(file, line, "%s is %s", what, got ? "true" : "false");
  }
}

void unit_int(
    intmax_t got, intmax_t want, const char *what, const char *file, int line)
{
  if (got != want) {
    unit_fail(file, line, "%s is %" PRIdMAX ", not %" PRIdMAX, what, got, want);
  }
}

void unit_uint(
    uintmax_t got, uintmax_t want, const char *what, const char *file, int line)
{
  if (got != want) {
    unit_fail(file, line, "%s is %" PRIuMAX ", not %" PRIuMAX, what, got, want);
  }
}

void unit_null(
    const void *p, bool want, const char *what, const char *file, int line)
{
  if ((p == NULL) != want) {
    unit_fail(file, line, "%s is %s", what, want ? "not NULL" : "NULL");
  }
}

void unit_ptr(
    const void *got, const void *want, const char *what, const char *file,
    int line)
{
  if (got != want) {
    unit_fail(file, line, "%s is %p, not %p", what, got, want);
  }
}

void unit_str(
    const char *got, const char *want, const char *what, const char *file,
    int line)
{
  if (got == NULL || want == NULL) {
    if (got != want) {
      unit_fail(
          file, line, "%s is %s%s%s, not %s%s%s", what, got ? "\"" : "",
          got ? got : "NULL", got ? "\"" : "", want ? "\"" : "",
          want ? want : "NULL", want ? "\"" : "");
    }
    return;
  }
  if (strcmp(got, want) != 0) {
    size_t at = 0;
    while (got[at] == want[at]) {
      at++;
    }
    unit_fail(
        file, line, "%s differs at byte %zu:\n  got:  \"%s\"\n  want: \"%s\"",
        what, at, got, want);
  }
}

void unit_contains(
    const char *text, const char *part, const char *what, const char *file,
    int line)
{
  if (text == NULL || part == NULL) {
    unit_fail(file, line, "%s: NULL text", what);
  } else if (strstr(text, part) == NULL) {
    unit_fail(file, line, "%s lacks \"%s\"; it reads:\n%s", what, part, text);
  }
}

void unit_mem(
    const void *got, const void *want, size_t n, const char *what,
    const char *file, int line)
{
  const unsigned char *a = got;
  const unsigned char *b = want;

  for (size_t i = 0; i < n; i++) {
    if (a[i] != b[i]) {
      unit_fail(
          file, line, "%s: byte %zu of %zu is %#x, not %#x", what, i, n,
          (unsigned)a[i], (unsigned)b[i]);
    }
  }
}

/* Equality first, so that two equal infinities are near; a NaN anywhere makes
 * the last comparison false, which is what an assertion wants. */
static bool is_near(double got, double want, double tol)
{
  return got == want || fabs(got - want) <= tol;
}

/* An infinite tolerance would let everything pass; so would |inf - x| <= inf
 * in the relative form. */
static bool may_compare(double got, double want, double tol)
{
  return isfinite(tol) && tol >= 0.0 &&
         (got == want || (isfinite(got) && isfinite(want)));
}

void unit_near(
    double got, double want, double tol, const char *what, const char *file,
    int line)
{
  if (!may_compare(got, want, tol) || !is_near(got, want, tol)) {
    unit_fail(
        file, line, "%s is %.17g (%a), not %.17g (%a): off by %.3g, allowed %g",
        what, got, got, want, want, got - want, tol);
  }
}

void unit_near_rel(
    double got, double want, double tol, const char *what, const char *file,
    int line)
{
  double scale = fmax(fabs(got), fabs(want));

  if (!may_compare(got, want, tol) || !is_near(got, want, tol * scale)) {
    unit_fail(
        file, line,
        "%s is %.17g (%a), not %.17g (%a): off by %.3g of its size, allowed %g",
        what, got, got, want, want, (got - want) / scale, tol);
  }
}

void unit_same_bits(
    double got, double want, const char *what, const char *file, int line)
{
  if (memcmp(&got, &want, sizeof got) != 0) {
    unit_fail(
        file, line, "%s is %.17g (%a), not the bits of %.17g (%a)", what, got,
        got, want, want);
  }
}

void unit_nan(double x, const char *what, const char *file, int line)
{
  if (!isnan(x)) {
    unit_fail(file, line, "%s is %.17g, not NaN", what, x);
  }
}

void unit_finite(double x, const char *what, const char *file, int line)
{
  if (!isfinite(x)) {
    unit_fail(file, line, "%s is %g, not finite", what, x);
  }
}

void unit_near_array(
    const double *got, const double *want, size_t n, double tol,
    const char *what, const char *file, int line)
{
  for (size_t i = 0; i < n; i++) {
    if (!may_compare(got[i], want[i], tol) || !is_near(got[i], want[i], tol)) {
      unit_fail(
          file, line,
          "%s[%zu] of %zu is %.17g (%a), not %.17g (%a): off by %.3g, "
          "allowed %g",
          what, i, n, got[i], got[i], want[i], want[i], got[i] - want[i], tol);
    }
  }
}

char *unit_path(const char *relative)
{
  size_t size = strlen(DM_SOURCE_DIR) + 1 + strlen(relative) + 1;
  char *path = malloc(size);

  if (path == NULL) {
    unit_fail(UNIT_HERE, "out of memory");
    return NULL;
  }
  (void)snprintf(path, size, "%s/%s", DM_SOURCE_DIR, relative);
  return path;
}

char *unit_read_file(const char *relative, size_t *size)
{
  char *path = unit_path(relative);
  FILE *in = fopen(path, "rb");
  char *text = NULL;
  long length = -1;
  bool whole = false;

  if (in != NULL && fseek(in, 0, SEEK_END) == 0) {
    length = ftell(in);
  }
  if (length >= 0 && fseek(in, 0, SEEK_SET) == 0) {
    text = malloc((size_t)length + 1);
  }
  if (text != NULL) {
    whole = fread(text, 1, (size_t)length, in) == (size_t)length;
    text[length] = '\0';
  }
  if (in != NULL) {
    (void)fclose(in);
  }
  free(path);
  if (!whole) {
    free(text);
    unit_fail(UNIT_HERE, "cannot read %s", relative);
    return NULL;
  }
  if (size != NULL) {
    *size = (size_t)length;
  }
  return text;
}
