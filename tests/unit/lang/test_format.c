/* The canonical layout, word for word, and that it is a fixed point. */
#include "unit.h"

#include "lang/format.h"
#include "reading.h"

/* `text` must come out as `want`, and `want` as itself, with the same tree. */
static void check(const char *text, const char *want)
{
  const char *both[2] = {text, want};
  dm_str tree[2] = {{0}, {0}};
  for (int i = 0; i < 2; i++) {
    dm_diags *diags = dm_diags_new();
    dm_str out = {0};
    ASSERT_OK(dm_format(both[i], strlen(both[i]), diags, &out));
    ASSERT_STR(dm_str_text(&out), want);
    dm_str_clear(&out);
    dm_diags_free(diags);
    /* Tabs can only be formatted. */
    if (strchr(both[i], '\t'))
      continue;
    reading r;
    read_well(&r, both[i]);
    put_ast(&tree[i], r.ast);
    read_close(&r);
  }
  if (tree[0].at)
    ASSERT_STR(tree[0].at, tree[1].at);
  dm_str_clear(&tree[0]);
  dm_str_clear(&tree[1]);
}

#define TOP                                                                    \
  "scenario s\n"                                                               \
  "  months      2025-03 to 2025-12\n"

TEST(clauses_and_spaces)
{
  check(
      "scenario   s\n"
      "      months 2025-03   to 2025-12 \n"
      "      rounds\n"
      "          2\n"
      "actor us \"US\"\n"
      " type a 65%[50% .. 80%],b rest\n"
      " sharpness 0.10   # lambda\n",
      "scenario s\n"
      "  months      2025-03 to 2025-12\n"
      "  rounds\n"
      "    2\n"
      "\n"
      "actor us \"US\"\n"
      "  type        a 65% [50%..80%], b rest\n"
      "  sharpness   0.10                               # lambda\n");
}

TEST(signs_and_fractions)
{
  check(
      TOP "assume\n p 1/3\n q -2\n"
          "each month pay\n us -1*( 4-e )/ 2\n iran 2 - -3 if a>=-1\n"
          "outcome o when not(a<2)or min( a , -b )= -3\n",
      TOP "\n"
          "assume\n"
          "  p           1/3\n"
          "  q           -2\n"
          "\n"
          "each month pay\n"
          "  us          -1 * (4 - e) / 2\n"
          "  iran        2 - -3 if a >= -1\n"
          "\n"
          "outcome o when not (a < 2) or min(a, -b) = -3\n");
}

TEST(states_and_deals_have_columns)
{
  check(
      TOP "state\n a 0..4 = 2 public\n stockpile 0..24 = 9 (x 30 kg) seen by "
          "us note \"n\"\n w none<open<broken_for_good = none hidden\n"
          "deal d between us,iran\n iran must x = y every month\n us must not "
          "us.z = tighten by 2025-06\n checked at once\n after 3 months->end "
          "o\n",
      TOP "\n"
          "state\n"
          "  a           0..4 = 2             public\n"
          "  stockpile   0..24 = 9 (x 30 kg)  seen by us note \"n\"\n"
          "  w           none < open < broken_for_good = none hidden\n"
          "\n"
          "deal d between us, iran\n"
          "  iran must   x = y                every month\n"
          "  us must     not us.z = tighten   by 2025-06\n"
          "  checked     at once\n"
          "  after 3 months -> end o\n");
}

TEST(options_share_an_arrow_column)
{
  check(
      TOP "choice c of us\n keep\n tighten if p < 4 -> p +1 costs 3 while x "
          "announced # c\n ease -> p -1\n"
          "choice b of iran\n wait\n go if talks = open and no interim -> end "
          "w\n",
      TOP "\n"
          "choice c of us\n"
          "  keep\n"
          "  tighten     if p < 4                       -> p +1\n"
          "    costs 3 while x\n"
          "    announced                                    # c\n"
          "  ease                                       -> p -1\n"
          "\n"
          "choice b of iran\n"
          "  wait\n"
          "  go          if talks = open and no interim -> end w\n");
}

TEST(payoffs_stand_under_their_heads)
{
  check(
      TOP "payoff us.prefers_deal iran\n war -60 -120\n agreement 70 5 note "
          "\"x\"\n calm p - 1 -(q) then pays 1 a month to the end\n"
          "types us,iran iran.a iran.b\n us.c 10% 20%\n us.d 5% rest\n",
      TOP "\n"
          "payoff        us.prefers_deal  iran\n"
          "  war               -60        -120\n"
          "  agreement          70           5  note \"x\"\n"
          "  calm            p - 1        -(q)  then pays 1 a month to the "
          "end\n"
          "\n"
          "types us, iran   iran.a  iran.b\n"
          "  us.c            10%     20%\n"
          "  us.d             5%    rest\n");
}

TEST(comments_stay_where_they_belong)
{
  check(
      "# top\n\n#second\nscenario s # of the head\n"
      "# to the clock\n    months 2025-03 to 2025-12\n"
      "\n\n\n    # last of the block\n"
      "# of the next\nactor us\n    sharpness\n# deep\n       0.1\n\n"
      "    discount 1\n# the end",
      "# top\n\n#second\n"
      "scenario s                                       # of the head\n"
      "  # to the clock\n"
      "  months      2025-03 to 2025-12\n"
      "\n"
      "  # last of the block\n"
      "\n"
      "# of the next\n"
      "actor us\n"
      "  sharpness\n"
      "    # deep\n"
      "    0.1\n"
      "\n"
      "  discount    1\n"
      "# the end\n");
}

TEST(one_line_blocks_may_stand_together)
{
  check(
      TOP "ask chance of w\ncheck chance of w < 9%\n\noutcome o when x\n"
          "outcome p when y\nask\n chance of o\ncheck chance of o = 0%\n",
      TOP "\n"
          "ask           chance of w\n"
          "check         chance of w < 9%\n"
          "\n"
          "outcome o when x\n"
          "outcome p when y\n"
          "\n"
          "ask\n"
          "  chance of o\n"
          "\n"
          "check         chance of o = 0%\n");
}

TEST(tabs_and_line_ends_are_mended)
{
  check(
      "scenario s\r\n\tmonths\t2025-03 to 2025-12\r\n"
      "actor us\n\ttype a\t#\tx\n",
      TOP "\n"
          "actor us\n"
          "  type        a                                  #\tx\n");
}

TEST(what_cannot_be_read_is_not_formatted)
{
  dm_diags *diags = dm_diags_new();
  dm_str out = {0};
  dm_str_adds(&out, "before");
  const char *text = TOP "actr us\n";
  ASSERT_STATUS(dm_format(text, strlen(text), diags, &out), DM_E_INPUT);
  ASSERT_STR(dm_str_text(&out), "before");
  ASSERT_UINT(dm_diags_size(diags), 1);
  dm_str_clear(&out);
  dm_diags_free(diags);
}

/* Tables far wider than anybody writes: their columns are not aligned. */
TEST(very_many_cells)
{
  dm_str s = {0};
  dm_str tree[2] = {{0}, {0}};
  dm_str out = {0};
  dm_str_adds(&s, TOP "payoff");
  for (int i = 0; i < 700; i++)
    dm_str_addf(&s, " a%d", i);
  dm_str_adds(&s, "\n  war");
  for (int i = 0; i < 700; i++)
    dm_str_addf(&s, " -%d", i);
  dm_str_adds(&s, "\n");
  dm_diags *diags = dm_diags_new();
  ASSERT_OK(dm_format(s.at, s.len, diags, &out));
  const char *text[2] = {s.at, out.at};
  for (int i = 0; i < 2; i++) {
    reading r;
    read_well(&r, text[i]);
    ASSERT_UINT(r.ast->payoffs.at[0].rows.at[0].cells.n, 700);
    put_ast(&tree[i], r.ast);
    read_close(&r);
  }
  ASSERT_STR(tree[0].at, tree[1].at);
  dm_str_clear(&s);
  dm_str_clear(&out);
  dm_str_clear(&tree[0]);
  dm_str_clear(&tree[1]);
  dm_diags_free(diags);
}

TEST_MAIN(
    CASE(clauses_and_spaces), CASE(signs_and_fractions),
    CASE(states_and_deals_have_columns), CASE(options_share_an_arrow_column),
    CASE(payoffs_stand_under_their_heads),
    CASE(comments_stay_where_they_belong),
    CASE(one_line_blocks_may_stand_together),
    CASE(tabs_and_line_ends_are_mended),
    CASE(what_cannot_be_read_is_not_formatted), CASE(very_many_cells))
