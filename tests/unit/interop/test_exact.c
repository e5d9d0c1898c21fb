/* Numbers of game files: what is one, its double, its sign, exact sums. */
#include "unit.h"

#include "interop/chances.h"
#include "interop/exact.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static dm_exact_form form_of(const char *text)
{
  double value;
  return dm_exact_read(text, strlen(text), &value);
}

static double value_of(const char *text)
{
  double value = (double)NAN;
  ASSERT_INT(dm_exact_read(text, strlen(text), &value), DM_EXACT_GOOD);
  return value;
}

TEST(forms)
{
  static const char *const good[] = {
      "0",   "-0",   "12",    "1.",   "1.5", "-1.5", ".5",    "-.5",  "1e3",
      "1E3", "1e-3", "1.5e2", "1.e2", "1/3", "-1/3", "00/07", "-.5e3"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    if (form_of(good[i]) != DM_EXACT_GOOD)
      FAIL("%s is a number", good[i]);
  static const char *const bad[] = {"",      "-",   ".",    "-.",    "e3",
                                    "1e",    "1e-", "0x10", "inf",   "nan",
                                    "1.2.3", "--1", "1a",   "1e3.5", "1e3e3"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    if (form_of(bad[i]) != DM_EXACT_NO_NUMBER)
      FAIL("%s is no number", bad[i]);
  ASSERT_INT(form_of("+1"), DM_EXACT_PLUS);
  ASSERT_INT(form_of("1e+3"), DM_EXACT_PLUS);
  ASSERT_INT(form_of("1/-3"), DM_EXACT_FRACTION);
  ASSERT_INT(form_of("1/3.5"), DM_EXACT_FRACTION);
  ASSERT_INT(form_of("1.5/3"), DM_EXACT_FRACTION);
  ASSERT_INT(form_of("1/"), DM_EXACT_FRACTION);
  ASSERT_INT(form_of("1/00"), DM_EXACT_ZERO_DIVIDE);
  ASSERT_INT(form_of(".5e3"), DM_EXACT_DOT_EXPONENT);
}

TEST(doubles_are_the_nearest)
{
  static const char *const decimal[] = {
      "0.1",
      "0.3",
      "123456789012345678901234567890",
      "1e22",
      "1e23",
      "9e-324",
      "2.2250738585072011e-308",
      "4.9406564584124654e-324",
      "0.000000000000000000000000000000000000000001",
      "9007199254740993",
      "9007199254740993.00000000000000000000000000000001",
      "179769313486231570000000000000000000000e270",
      "1.7976931348623157e308"};
  for (size_t i = 0; i < sizeof decimal / sizeof *decimal; i++)
    ASSERT_SAME_BITS(value_of(decimal[i]), strtod(decimal[i], NULL));
  ASSERT_SAME_BITS(value_of("1/3"), 1.0 / 3.0);
  ASSERT_SAME_BITS(value_of("-2/7"), -2.0 / 7.0);
  ASSERT_SAME_BITS(value_of("0/7"), 0.0);
  ASSERT_TRUE(isinf(value_of("1e400")));
  ASSERT_SAME_BITS(value_of("1e-400"), 0.0);
  ASSERT_TRUE(isinf(value_of("1e99999999999999999999")));
}

static dm_exact_total total(
    const char *a, const char *b, const char *c, char sum[DM_EXACT_TEXT])
{
  dm_gambit_number number[3] = {{.text = a}, {.text = b}, {.text = c}};
  return dm_exact_add(number, c ? 3 : b ? 2 : 1, sum);
}

/* Whether the library was built with GMP; a little less is promised without. */
static bool long_numbers(void)
{
  char sum[DM_EXACT_TEXT];
  return total("1e-400", "1", NULL, sum) != DM_EXACT_TOO_LONG;
}

TEST(long_fractions_are_rounded_once)
{
  ASSERT_NEAR_REL(
      value_of("100000000000000000000000000/300000000000000000000000000"),
      1.0 / 3.0, 5e-16);
  if (!long_numbers())
    return;
  ASSERT_SAME_BITS(
      value_of("100000000000000000000000000/300000000000000000000000000"),
      1.0 / 3.0);
  ASSERT_SAME_BITS(value_of("9007199254740993/9007199254740992"), 1.0);
  /* 2^53 + 1 over 2^53 is a tie, which goes to the even neighbour; a little
   * more is none. */
  ASSERT_SAME_BITS(
      value_of("9007199254740993000000000001/9007199254740992000000000000"),
      1.0 + 0x1p-52);
  ASSERT_SAME_BITS(
      value_of("-9007199254740993000000000001/9007199254740992000000000000"),
      -1.0 - 0x1p-52);
}

TEST(signs)
{
  ASSERT_INT(dm_exact_sign("-0"), 0);
  ASSERT_INT(dm_exact_sign("-0.000e5"), 0);
  ASSERT_INT(dm_exact_sign("0/5"), 0);
  ASSERT_INT(dm_exact_sign("-1e-400"), -1);
  ASSERT_INT(dm_exact_sign("1e-400"), 1);
  ASSERT_INT(dm_exact_sign(".05"), 1);
}

TEST(sums)
{
  char sum[DM_EXACT_TEXT];
  ASSERT_INT(total("1/3", "1/3", "1/3", sum), DM_EXACT_IS_ONE);
  ASSERT_INT(total("0.333", "1/3", "1/3", sum), DM_EXACT_IS_NOT_ONE);
  ASSERT_STR(sum, "2999/3000");
  ASSERT_INT(total("1e-1", "9E-1", NULL, sum), DM_EXACT_IS_ONE);
  ASSERT_INT(total(".25", "75.e-2", "0", sum), DM_EXACT_IS_ONE);
  ASSERT_INT(total("2", NULL, NULL, sum), DM_EXACT_IS_NOT_ONE);
  ASSERT_STR(sum, "2");
  ASSERT_INT(total("1e-2000", "1", NULL, sum), DM_EXACT_TOO_LONG);
  if (!long_numbers())
    return;
  ASSERT_INT(
      total(
          "0.3333333333333333333333333", "0.6666666666666666666666667", NULL,
          sum),
      DM_EXACT_IS_ONE);
  ASSERT_INT(
      total(
          "0.3333333333333333333333333", "0.6666666666666666666666666", NULL,
          sum),
      DM_EXACT_IS_NOT_ONE);
  ASSERT_CONTAINS(sum, "9999999999999999999999999/");
  ASSERT_INT(total("1e-400", "1", NULL, sum), DM_EXACT_IS_NOT_ONE);
  ASSERT_CONTAINS(sum, "about 1");
}

/* ---- the way back -------------------------------------------------------- */

static void check_chances(const double *x, uint32_t n, double tol)
{
  char sum[DM_EXACT_TEXT];
  dm_arena arena;
  dm_gambit_number out[64];
  dm_arena_init(&arena, 0);
  if (setjmp(arena.jump) != 0)
    FAIL("no texts");
  dm_chances_for(&arena, x, n, out);
  ASSERT_INT(dm_exact_add(out, n, sum), DM_EXACT_IS_ONE);
  uint32_t largest = 0;
  for (uint32_t i = 0; i < n; i++)
    largest = x[i] > x[largest] ? i : largest;
  for (uint32_t i = 0; i < n; i++) {
    if (i == largest)
      ASSERT_NEAR(out[i].value, x[i], tol);
    else
      ASSERT_SAME_BITS(out[i].value, x[i]);
    ASSERT_SAME_BITS(value_of(out[i].text), out[i].value);
  }
  dm_arena_clear(&arena);
}

TEST(chances_add_up_as_text)
{
  check_chances((double[]){1.0}, 1, 0.0);
  check_chances((double[]){0.35, 0.65}, 2, 0.0);
  check_chances((double[]){1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0}, 3, 0.0);
  check_chances((double[]){1.0 / 7.0, 2.0 / 7.0, 4.0 / 7.0, 0.0}, 4, 0.0);
  check_chances((double[]){1.0, 0.0}, 2, 0.0);
}

TEST(a_remainder_is_written_as_it_was_meant)
{
  dm_arena arena;
  dm_gambit_number out[2];
  dm_arena_init(&arena, 0);
  if (setjmp(arena.jump) != 0)
    FAIL("no texts");
  dm_chances_for(&arena, (double[]){0.9, 1.0 - 0.9}, 2, out);
  ASSERT_STR(out[0].text, "0.9");
  ASSERT_STR(out[1].text, "0.1");
  dm_arena_clear(&arena);
}

TEST(chances_that_need_the_rest)
{
  if (!long_numbers())
    return;
  uint64_t seed = 88172645463325252u;
  for (int round = 0; round < 300; round++) {
    double x[64], sum = 0.0;
    uint32_t n = 2 + (uint32_t)round % 30;
    for (uint32_t i = 0; i < n; i++) {
      seed ^= seed << 13;
      seed ^= seed >> 7;
      seed ^= seed << 17;
      x[i] = (double)(seed >> 11) * 0x1p-53;
      if (round % 3 == 0)
        x[i] = pow(x[i], 40.0);
      sum += x[i];
    }
    for (uint32_t i = 0; i < n; i++)
      x[i] /= sum;
    check_chances(x, n, 1e-14);
  }
}

TEST(numbers_have_no_plus)
{
  dm_arena arena;
  dm_arena_init(&arena, 0);
  if (setjmp(arena.jump) != 0)
    FAIL("no texts");
  ASSERT_STR(dm_number_for(&arena, 1e20).text, "1e20");
  ASSERT_STR(dm_number_for(&arena, -2.5e-7).text, "-2.5e-07");
  ASSERT_STR(dm_number_for(&arena, -0.0).text, "0");
  ASSERT_SAME_BITS(dm_number_for(&arena, 0.1 + 0.2).value, 0.1 + 0.2);
  dm_arena_clear(&arena);
}

TEST_MAIN(
    CASE(forms), CASE(doubles_are_the_nearest),
    CASE(long_fractions_are_rounded_once), CASE(signs), CASE(sums),
    CASE(chances_add_up_as_text), CASE(a_remainder_is_written_as_it_was_meant),
    CASE(chances_that_need_the_rest), CASE(numbers_have_no_plus))
