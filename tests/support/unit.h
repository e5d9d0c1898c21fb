/* tests/support/unit.h -- what every unit test includes, and includes first.
 *
 * cmocka runs the cases; the assertions below replace those of cmocka that
 * hide or bend a value.  Its assert_float_equal casts to float and lets 1e-9
 * pass at a tolerance of 1e-12, so doubles are compared here and only here.
 *
 * A test program:
 *
 *   #include "unit.h"
 *   #include "base/arena.h"
 *
 *   TEST(arena_gives_aligned_blocks)
 *   {
 *     ASSERT_NEAR(0.1 + 0.2, 0.3, 1e-15);
 *   }
 *
 *   TEST_MAIN(CASE(arena_gives_aligned_blocks))
 *
 * Each macro evaluates its arguments once.  A failed assertion ends the case.
 */
#ifndef DM_TESTS_UNIT_H
#define DM_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>

#ifdef __GNUC__
#define UNIT_UNUSED __attribute__((unused))
#else
#define UNIT_UNUSED
#endif

/* Defines one case; `state` is what the set-up left, NULL without one. */
#define TEST(name) static void name(void **state UNIT_UNUSED)

/* One entry of TEST_MAIN. */
#define CASE(name) cmocka_unit_test(name)
#define CASE_WITH(name, setup, teardown)                                       \
  cmocka_unit_test_setup_teardown(name, setup, teardown)

/* The program: runs the cases in order, fails if one of them does. */
#define TEST_MAIN(...)                                                         \
  int main(void)                                                               \
  {                                                                            \
    const struct CMUnitTest cases[] = {__VA_ARGS__};                           \
    return cmocka_run_group_tests(cases, NULL, NULL) == 0 ? 0 : 1;             \
  }

#define UNIT_HERE __FILE__, __LINE__

#define ASSERT_TRUE(x)  unit_true((x) ? true : false, true, #x, UNIT_HERE)
#define ASSERT_FALSE(x) unit_true((x) ? true : false, false, #x, UNIT_HERE)

/* Integers of any type that fits; signed and unsigned compare by value. */
#define ASSERT_INT(got, want)                                                  \
  unit_int((intmax_t)(got), (intmax_t)(want), #got, UNIT_HERE)
#define ASSERT_UINT(got, want)                                                 \
  unit_uint((uintmax_t)(got), (uintmax_t)(want), #got, UNIT_HERE)

/* Whatever returns a dm_status: compared as a number, 0 being success. */
#define ASSERT_OK(call) unit_int((intmax_t)(call), 0, #call, UNIT_HERE)

/* Or a certain failure. */
#define ASSERT_STATUS(call, want) ASSERT_INT(call, want)

#define ASSERT_NULL(p)     unit_null((const void *)(p), true, #p, UNIT_HERE)
#define ASSERT_NOT_NULL(p) unit_null((const void *)(p), false, #p, UNIT_HERE)
#define ASSERT_PTR(got, want)                                                  \
  unit_ptr((const void *)(got), (const void *)(want), #got, UNIT_HERE)

/* NUL-terminated text; NULL equals only NULL. */
#define ASSERT_STR(got, want) unit_str((got), (want), #got, UNIT_HERE)
/* `part` occurs somewhere in `text`. */
#define ASSERT_CONTAINS(text, part)                                            \
  unit_contains((text), (part), #text, UNIT_HERE)
/* Exactly n bytes. */
#define ASSERT_MEM(got, want, n) unit_mem((got), (want), (n), #got, UNIT_HERE)

/* |got - want| <= tol; NaN is near nothing, an infinity only to itself. */
#define ASSERT_NEAR(got, want, tol)                                            \
  unit_near((got), (want), (tol), #got, UNIT_HERE)
/* |got - want| <= tol * max(|got|, |want|). */
#define ASSERT_NEAR_REL(got, want, tol)                                        \
  unit_near_rel((got), (want), (tol), #got, UNIT_HERE)
/* The same 64 bits: tells 0 from -0, and one NaN from another. */
#define ASSERT_SAME_BITS(got, want)                                            \
  unit_same_bits((got), (want), #got, UNIT_HERE)
#define ASSERT_NAN(x)    unit_nan((x), #x, UNIT_HERE)
#define ASSERT_FINITE(x) unit_finite((x), #x, UNIT_HERE)
/* [n] doubles each; names the first entry that is off. */
#define ASSERT_NEAR_ARRAY(got, want, n, tol)                                   \
  unit_near_array((got), (want), (n), (tol), #got, UNIT_HERE)

/* Ends the case as failed, with a printf-like reason. */
#define FAIL(...) unit_fail(UNIT_HERE, __VA_ARGS__)

void unit_true(
    bool got, bool want, const char *what, const char *file, int line);
void unit_int(
    intmax_t got, intmax_t want, const char *what, const char *file, int line);
void unit_uint(
    uintmax_t got, uintmax_t want, const char *what, const char *file,
    int line);
void unit_null(
    const void *p, bool want, const char *what, const char *file, int line);
void unit_ptr(
    const void *got, const void *want, const char *what, const char *file,
    int line);
void unit_str(
    const char *got, const char *want, const char *what, const char *file,
    int line);
void unit_contains(
    const char *text, const char *part, const char *what, const char *file,
    int line);
void unit_mem(
    const void *got, const void *want, size_t n, const char *what,
    const char *file, int line);
void unit_near(
    double got, double want, double tol, const char *what, const char *file,
    int line);
void unit_near_rel(
    double got, double want, double tol, const char *what, const char *file,
    int line);
void unit_same_bits(
    double got, double want, const char *what, const char *file, int line);
void unit_nan(double x, const char *what, const char *file, int line);
void unit_finite(double x, const char *what, const char *file, int line);
void unit_near_array(
    const double *got, const double *want, size_t n, double tol,
    const char *what, const char *file, int line);
#ifdef __GNUC__
__attribute__((format(printf, 3, 4)))
#endif
void unit_fail(const char *file, int line, const char *format, ...);

/* A file of the source tree, e.g. unit_path("examples/letter_2025.standoff").
 * Owned by the caller (free); fails the case when memory is out. */
char *unit_path(const char *relative);

/* The whole of a file of the source tree, NUL added after *size bytes.
 * Owned by the caller (free); fails the case when it cannot be read. */
char *unit_read_file(const char *relative, size_t *size);

#endif
