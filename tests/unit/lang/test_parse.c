/* Text to tree: precedence, effects, numbers, dates, blocks, messages. */
#include "unit.h"

#include "reading.h"

#include <stdio.h>

/* ---- expressions --------------------------------------------------------- */

static void check_condition(const char *text, const char *want)
{
  char file[700];
  reading r;
  dm_str s = {0};
  snprintf(
      file, sizeof file,
      HEAD "state\n  st 0..4 = 2 (x 30 kg)\noutcome o when %s\n", text);
  read_well(&r, file);
  put_expr(&s, r.ast->outcomes.at[0].condition);
  ASSERT_STR(dm_str_text(&s), want);
  dm_str_clear(&s);
  read_close(&r);
}

TEST(precedence)
{
  check_condition(
      "a = 1 or b and not c", " (or (= ( a) ( 1/1)) (and ( b) "
                              "(not ( c))))");
  check_condition("a + b * c - d", " (- (+ ( a) (* ( b) ( c))) ( d))");
  check_condition("a / b / c", " (/ (/ ( a) ( b)) ( c))");
  check_condition("-2 * x", " (* ( -2/1) ( x))");
  check_condition("-x * -(y)", " (* (neg ( x)) (neg ( y)))");
  check_condition("2 -3", " (- ( 2/1) ( 3/1))");
  check_condition("a - -3", " (- ( a) ( -3/1))");
  check_condition(
      "(a or b) and (c > 1 + 2)",
      " (and (or ( a) ( b)) (> ( c) (+ ( 1/1) ( 2/1))))");
  check_condition(
      "min(a, 2 + b, c) <= max(1)",
      " (<= (min ( a) (+ ( 2/1) ( b)) ( c)) (max ( 1/1)))");
  check_condition(
      "a and b and c or d or e", " (or (and ( a) ( b) ( c)) ( d) ( e))");
}

TEST(status_tests)
{
  check_condition("not interim in force", " (not ( interim in force))");
  check_condition(
      "no interim and offer arrived", " (and (no interim) ( offer arrived))");
  check_condition("us is hawk", " (is us hawk)");
  check_condition("us.b broken or b met", " (or ( us.b broken) ( b met))");
  check_condition(
      "from 2025-05 and until 2025-08 or in 2025-06",
      " (or (and (from 1:2025-05) (until 1:2025-08)) (in "
      "1:2025-06))");
  check_condition("x = 2025 - 3", " (= ( x) (- ( 2025/1) ( 3/1)))");
  check_condition(
      "(us is hawk) = (offer sent)", " (= (is us hawk) ( offer sent))");
}

TEST(keywords_behind_equals_are_words)
{
  check_condition("us.statement = silent", " (= ( us.statement) ( silent))");
  check_condition(
      "talks != broken and d broken",
      " (and (!= ( talks) ( broken)) ( d broken))");
  check_condition("x = not or y", " (or (= ( x) ( not)) ( y))");
  check_condition("x = min(1, 2)", " (= ( x) (min ( 1/1) ( 2/1)))");
  check_condition("x = max", " (= ( x) ( max))");
  check_condition("force = terms", " (= ( force) ( terms))");
}

TEST(numbers_are_exact)
{
  check_condition("x > 0.10", " (> ( x) ( 1/10))");
  check_condition("x > 65%", " (> ( x) ( 13/20%))");
  check_condition("x > 12.50%", " (> ( x) ( 1/8%))");
  check_condition("x > 1e3", " (> ( x) ( 1000/1))");
  check_condition("x > 25e-2", " (> ( x) ( 1/4))");
  check_condition("x > 0e99999", " (> ( x) ( 0/1))");
  check_condition("x > 100 kg", " (> ( x) ( 100/1kg))");
  check_condition("x > -60 [-90..-30]", " (> ( x) ( -60/1[-90/1,-30/1]))");
  check_condition(
      "x > 9223372036854775807", " (> ( x) ( 9223372036854775807/1))");
  check_condition(
      "x > 0.000000000000000001", " (> ( x) ( 1/1000000000000000000))");
  check_condition("x > 0.50000000000000000000000000", " (> ( x) ( 1/2))");
  check_condition("x > 000000000000000000000000000012.5", " (> ( x) ( 25/2))");
}

static void check_too_long(const char *number)
{
  char file[200];
  char want[60];
  snprintf(file, sizeof file, HEAD "assume\n  p %s\n", number);
  snprintf(want, sizeof want, "E012 4:5+%zu 64-bit", strlen(number));
  read_badly(file, want);
}

TEST(numbers_too_long_are_refused)
{
  check_too_long("9223372036854775808");
  check_too_long("1e308");
  check_too_long("0.00000000000000000001");
  check_too_long("3.14159265358979323846264338327");
  check_too_long("1e99999999999999999999");
  check_too_long("1e-99999999999999999999");
}

static void deep(const char *before, const char *middle, const char *after)
{
  dm_str s = {0};
  reading r;
  for (unsigned n = 190; n <= 5190; n += 5000) {
    dm_str_adds(&s, HEAD "outcome o when ");
    for (unsigned i = 0; i < n; i++)
      dm_str_adds(&s, before);
    dm_str_adds(&s, middle);
    for (unsigned i = 0; i < n; i++)
      dm_str_adds(&s, after);
    read_open(&r, dm_str_text(&s));
    ASSERT_STATUS(r.status, n == 190 ? DM_OK : DM_E_INPUT);
    if (n > 190) {
      ASSERT_STR(dm_diags_at(r.diags, 0)->code, "E003");
      ASSERT_CONTAINS(dm_diags_at(r.diags, 0)->text, "more than 200 deep");
    }
    read_close(&r);
    dm_str_clear(&s);
  }
}

TEST(depth_is_limited)
{
  deep("(", "a", ")");
  deep("not ", "a", "");
  deep("- ", "a > 0", "");
  deep("min(", "a", ")");
  deep("", "a", " + a");
  deep("", "a", " * a");
}

/* ---- effects ------------------------------------------------------------- */

static void check_effects(const char *text, const char *want)
{
  char file[700];
  reading r;
  dm_str s = {0};
  snprintf(file, sizeof file, HEAD "choice c of a\n  o -> %s\n", text);
  read_well(&r, file);
  put_effects(&s, &r.ast->choices.at[0].options.at[0].effects);
  ASSERT_STR(dm_str_text(&s), want);
  dm_str_clear(&s);
  read_close(&r);
}

TEST(acts)
{
  check_effects(
      "p +1, q -1.5, r = open, s = 2 + t",
      " {add p ( 1/1), add q ( -3/2), set r ( open), set s (+ ( "
      "2/1) ( t))}");
  check_effects(
      "p -6 + 2 * x, q +x, r -(y)",
      " {add p (+ ( -6/1) (* ( 2/1) ( x))), add q ( x), add r (neg "
      "( y))}");
  check_effects(
      "send l tone = soft kind = formal, answer l",
      " {send l tone ( soft) kind ( formal), answer l}");
  check_effects(
      "propose d relief = 2, accept d, leave d, end war",
      " {propose d relief ( 2/1), accept d, leave d, end war}");
}

TEST(branches)
{
  check_effects(
      "85%: end war; else: p -6, q = broken",
      " {chance | ( 17/20%) {end war} | else {add p ( -6/1), set q "
      "( broken)}}");
  check_effects(
      "5%: end a; p: end b; else: end c",
      " {chance | ( 1/20%) {end a} | ( p) {end b} | else {end c}}");
  check_effects(
      "if x: end a; else: end b", " {if | ( x) {end a} | else {end b}}");
  /* Behind ; whatever is no branch stands by itself. */
  check_effects(
      "50%: p +1; q +1", " {chance | ( 1/2%) {add p ( 1/1)}, add q ( 1/1)}");
  check_effects(
      "if x: p +1; if y: q +1",
      " {if | ( x) {add p ( 1/1)}, if | ( y) {add q ( 1/1)}}");
  /* else belongs to the innermost. */
  check_effects(
      "50%: if x: p +1; else: q +1; else: r +1",
      " {chance | ( 1/2%) {if | ( x) {add p ( 1/1)} | else {add q ( "
      "1/1)}} | else {add r ( 1/1)}}");
  check_effects(
      "if x: 50%: p +1; 20%: q +1",
      " {if | ( x) {chance | ( 1/2%) {add p ( 1/1)} | ( 1/5%) {add "
      "q ( 1/1)}}}");
  check_effects(
      "p +1, 1/3: q +1; (1 - c): r +1",
      " {add p ( 1/1), chance | (/ ( 1/1) ( 3/1)) {add q ( 1/1)} | "
      "(- ( 1/1) ( c)) {add r ( 1/1)}}");
}

TEST(rules)
{
  reading r;
  dm_str s = {0};
  read_well(
      &r, HEAD "every month\n"
               "  e moves 1 toward 4 - p, 60%\n"
               "  5% -> end w\n"
               "  5%: end w; else: e +1\n"
               "  if x -> e +1\n"
               "  if x: e +1; else: e -1\n"
               "schedule s every 2 months from 2025-05\n"
               "  unless x -> e = 1\n"
               "schedule t 2 months after us.strike -> e = 1\n");
  put_rules(&s, &r.ast->drifts.at[0].rules);
  put_timing(&s, &r.ast->schedules.at[0].timing);
  put_rules(&s, &r.ast->schedules.at[0].rules);
  put_timing(&s, &r.ast->schedules.at[1].timing);
  ASSERT_STR(
      dm_str_text(&s),
      "\n  rule 1 e ( 1/1) (- ( 4/1) ( p)) ( 3/5%) if - {}"
      "\n  rule 0 - - - ( 1/20%) if - {end w}"
      "\n  rule 0 - - - - if - {chance | ( 1/20%) {end w} | else {add e ( "
      "1/1)}}"
      "\n  rule 0 - - - - if ( x) {add e ( 1/1)}"
      "\n  rule 0 - - - - if - {if | ( x) {add e ( 1/1)} | else {add e ( "
      "-1/1)}}"
      " timing 1 2 1:2025-05 -"
      "\n  rule 0 - - - - unless ( x) {set e ( 1/1)}"
      " timing 2 2 0: ( us.strike)");
  dm_str_clear(&s);
  read_close(&r);
}

/* ---- dates --------------------------------------------------------------- */

static void check_period(
    const char *clock, const char *date, int period, int count)
{
  char file[300];
  reading r;
  snprintf(
      file, sizeof file, "scenario s\n  %s\nbenchmark b x by %s\n", clock,
      date);
  read_well(&r, file);
  const dm_ast_clock *c = &r.ast->scenario.clock;
  ASSERT_INT(dm_ast_period(c, r.ast->benchmarks.at[0].by), period);
  ASSERT_INT(dm_ast_period_count(c), count);
  /* The text of every period's date comes back as that period. */
  for (int t = -3; t <= count + 3; t++)
    ASSERT_INT(dm_ast_period(c, dm_ast_period_date(c, t)), t);
  read_close(&r);
}

TEST(periods)
{
  check_period("months 2025-03 to 2025-12", "2025-03", 1, 10);
  check_period("months 2025-03 to 2025-12", "2026-01", 11, 10);
  check_period("months 2025-03 to 2025-12", "2024-12", -2, 10);
  check_period("months 2025-03 to 2025-12", "2025-05-31", 3, 10);
  check_period("quarters 2025-Q1 to 2026-Q4", "2026-Q1", 5, 8);
  check_period("quarters 2025-Q1 to 2026-Q4", "2025-06", 2, 8);
  check_period("years 2025 to 2030", "2027", 3, 6);
  check_period("years 2025 to 2030", "2026-12", 2, 6);
  check_period("turns 1 to 6", "4", 4, 6);
  check_period("turns 3 to 6", "2", 0, 4);
  /* 2020 has 53 weeks, 2025 has 52. */
  check_period("weeks 2020-W52 to 2021-W02", "2020-W53", 2, 4);
  check_period("weeks 2020-W52 to 2021-W02", "2021-W01", 3, 4);
  check_period("weeks 2025-W50 to 2026-W20", "2026-W01", 4, 23);
  check_period("weeks 2025-W50 to 2026-W20", "2025-12-29", 4, 23);
  check_period("weeks 2025-W50 to 2026-W20", "2025-12-28", 3, 23);
  /* Week 1 of 2026 has its Thursday on 1 January. */
  check_period("months 2025-11 to 2026-03", "2026-W01", 3, 5);
}

TEST(days)
{
  int64_t day;
  dm_ast_date date = {.kind = DM_AST_DAY, .year = 1970, .number = 1, .day = 1};
  ASSERT_TRUE(dm_ast_first_day(date, &day));
  ASSERT_INT(day, 0);
  date = (dm_ast_date){.kind = DM_AST_DAY, .year = 2000, .number = 3, .day = 1};
  ASSERT_TRUE(dm_ast_first_day(date, &day));
  ASSERT_INT(day, 11017);
  date = (dm_ast_date){.kind = DM_AST_WEEK, .year = 2025, .number = 1};
  ASSERT_TRUE(dm_ast_first_day(date, &day));
  ASSERT_INT(day, 20087); /* Monday, 30 December 2024 */
  date.kind = DM_AST_TURN;
  ASSERT_FALSE(dm_ast_first_day(date, &day));
}

TEST(dates_that_are_none)
{
  read_badly(
      "scenario s\n  months 2025-13 to 2025-12\n", "E003 2:10+7 month 13");
  read_badly(
      "scenario s\n  weeks 2025-W53 to 2026-W01\n", "E003 2:9+8 week 53");
  read_badly(
      "scenario s\n  weeks 2025-W5 to 2026-W01\n", "E003 2:9+7 2025-W05");
  read_badly(
      "scenario s\n  quarters 2025-Q5 to 2026-Q1\n", "E003 2:12+7 quarter 5");
  read_badly(
      "scenario s\n  months 2025-05 to 2025-03\n",
      "E003 2:3+25 ends before it begins");
  read_badly(
      "scenario s\n  months 2025-Q1 to 2025-Q2\n", "E003 2:10+7 no month");
  read_badly(HEAD "benchmark b x by 2025\n", "E003 3:18+4 no month");
  read_badly(HEAD "benchmark b x by 2025-Q3\n", "E003 3:18+7 2025-03");
  read_badly(
      HEAD "assume\n  p 1 source \"a\" known on 2025-02-29\n",
      "E003 4:27+10 no day 29");
  read_badly(
      "scenario s\n  turns 1 to 3\nbenchmark b x by 2025-03\n",
      "E003 3:18+7 no turn");
}

/* ---- blocks -------------------------------------------------------------- */

TEST(payoff_cells)
{
  reading r;
  dm_str s = {0};
  read_well(
      &r, HEAD "payoff us iran.x eu\n"
               "  war   -60 [-90..-30]  70 - 5 * p   -2\n"
               "  pact  a-b -c (d)\n"
               "  calm  2 -3 min(1, 2) then pays -2 a month to the end for us\n"
               "  iran.y: war > pact = calm ~ x\n");
  put_payoff(&s, &r.ast->payoffs.at[0]);
  ASSERT_STR(
      dm_str_text(&s),
      "\n1 payoff us iran.x eu"
      "\n  war ( -60/1[-90/1,-30/1]) (- ( 70/1) (* ( 5/1) ( p))) ( -2/1)"
      "\n  pact (- ( a) ( b)) (neg ( c)) ( d)"
      "\n  calm ( 2/1) ( -3/1) (min ( 1/1) ( 2/1)) then ( -2/1) us"
      "\n  ranking iran.y war > pact = calm ~ x");
  dm_str_clear(&s);
  read_close(&r);
}

TEST(questions)
{
  reading r;
  dm_str s = {0};
  read_well(
      &r, HEAD "ask chance of war by 2025-06; chance of each outcome by month\n"
               "ask\n"
               "  chance of x = 13 in 2025-06 given offer arrived by 2025-05\n"
               "  chance of war if us.ease in 2025-04 known note \"n\"\n"
               "check chance of war < 90%; chance of x = 13 < 20%\n"
               "check chance of war = 3/8\n"
               "check chance of a and b by 2025-04 >= c\n");
  for (uint32_t i = 0; i < r.ast->asks.n; i++)
    put_question(&s, "ask", &r.ast->asks.at[i]);
  for (uint32_t i = 0; i < r.ast->checks.n; i++)
    put_question(&s, "check", &r.ast->checks.at[i]);
  ASSERT_STR(
      dm_str_text(&s),
      "\n1 ask ( war) when 1 1:2025-06 - when 0 0: force 0  0: -"
      "\n1 ask each outcome - when 3 0: - when 0 0: force 0  0: -"
      "\n2 ask (= ( x) ( 13/1)) when 2 1:2025-06 ( offer arrived) when 1 "
      "1:2025-05 force 0  0: -"
      "\n2 ask ( war) when 0 0: - when 0 0: force 2 us.ease 1:2025-04 - note "
      "\"n\""
      "\n3 check ( war) when 0 0: - when 0 0: force 0  0: compare 11 ( 9/10%)"
      "\n3 check (= ( x) ( 13/1)) when 0 0: - when 0 0: force 0  0: compare 11 "
      "( 1/5%)"
      "\n4 check ( war) when 0 0: - when 0 0: force 0  0: compare 9 (/ ( 3/1) "
      "( 8/1))"
      "\n5 check (and ( a) ( b)) when 1 1:2025-04 - when 0 0: force 0  0: "
      "compare 14 ( c)");
  ASSERT_STR(r.ast->asks.at[1].text, "chance of each outcome by month");
  ASSERT_STR(r.ast->checks.at[1].text, "chance of x = 13 < 20%");
  dm_str_clear(&s);
  read_close(&r);
}

TEST(questions_alone)
{
  reading r;
  dm_ast *asks;
  const char *text = "chance of st > 60 kg by 2025-06; chance of war";
  read_well(&r, HEAD "state\n  st 0..4 = 2 (x 30 kg)\n");
  ASSERT_OK(
      dm_ast_read_asks(&r.arena, text, strlen(text), r.ast, r.diags, &asks));
  ASSERT_UINT(asks->asks.n, 2);
  ASSERT_STR(asks->asks.at[0].event->arg[1]->number.unit, "kg");
  text = "chance of war by 2025-W06";
  ASSERT_OK(
      dm_ast_read_asks(&r.arena, text, strlen(text), r.ast, r.diags, &asks));
  text = "chance war";
  ASSERT_STATUS(
      dm_ast_read_asks(&r.arena, text, strlen(text), r.ast, r.diags, &asks),
      DM_E_INPUT);
  ASSERT_NULL(asks);
  read_close(&r);
}

TEST(heads_and_one_line_blocks)
{
  reading r;
  read_well(
      &r, "scenario s \"Title\" turns 1 to 6\n"
          "actor us \"U\" note \"n\" sharpness 0.1\n"
          "assume p 3%\n"
          "state a 0..4 = 2 public\n"
          "choice force of us from 2 until 4 every round standing announced\n"
          "  a\n  silent\n  rest\n"
          "deal d between us, iran us must x every turn\n");
  ASSERT_STR(r.ast->scenario.title, "Title");
  ASSERT_INT(r.ast->scenario.clock.kind, DM_AST_TURN);
  ASSERT_NOT_NULL(r.ast->actors.at[0].sharpness);
  ASSERT_UINT(r.ast->actors.at[0].remarks.notes.n, 1);
  ASSERT_UINT(r.ast->assumptions.n, 1);
  ASSERT_UINT(r.ast->states.n, 1);
  ASSERT_UINT(r.ast->choices.at[0].options.n, 3);
  ASSERT_STR(r.ast->choices.at[0].options.at[1].name.text, "silent");
  ASSERT_INT(r.ast->choices.at[0].until.number, 4);
  ASSERT_UINT(r.ast->deals.at[0].duties.n, 1);
  ASSERT_UINT(r.ast->deals.at[0].file_order, 5);
  ASSERT_UINT(r.ast->n_blocks, 6);
  read_close(&r);
}

TEST(places)
{
  reading r;
  read_well(
      &r, HEAD "choice c of us\n"
               "  tighten   if pressure < 4 and us.x = y\n"
               "            -> pressure +1\n");
  const dm_ast_option *o = &r.ast->choices.at[0].options.at[0];
  ASSERT_UINT(o->guard_at.line, 4);
  ASSERT_UINT(o->guard_at.column, 13);
  ASSERT_UINT(o->guard_at.length, 28);
  const dm_ast_expr *left = o->guard->arg[0]->arg[0];
  ASSERT_UINT(left->at.column, 16);
  ASSERT_UINT(left->at.length, 8);
  const dm_ast_path *path = o->guard->arg[1]->arg[0]->path;
  ASSERT_UINT(path->part[1].at.column, 36);
  ASSERT_UINT(o->effects.at[0].at.line, 5);
  read_close(&r);
}

/* ---- messages ------------------------------------------------------------ */

TEST(misspelt_words)
{
  read_badly(HEAD "actr us\n", "E003 3:1+4 Perhaps `actor`");
  read_badly(HEAD "actor us\n  sharpnes 0.1\n", "E003 4:3+8 `sharpness` was");
  read_badly(
      HEAD "letter l from a to b\n  arives same month 5%\n",
      "E003 4:3+6 `arrives` was meant");
  read_badly(
      HEAD "choice c of us satnding\n  a\n", "E003 3:16+8 Perhaps `standing`");
  read_badly(
      HEAD "hello\n  world\n    x\n", "E003 3:1+5 does not begin a block");
}

TEST(each_clause_has_its_own_message)
{
  read_badly(
      HEAD "actor us\n  typ a\n  sharpness 0.1\n  discount\n  x\nstat\n  b\n"
           "choice c us\n  a\n",
      "E003 4:3+3 `type`\n"
      "E003 6:11+1 expected a name or a number\n"
      "E003 7:3+1 in an actor\n"
      "E003 8:1+4 `state`\n"
      "E003 10:10+2 expected `of`\n");
  /* No more than five. */
  read_badly(
      HEAD "a1\na2\na3\na4\na5\na6\na7\n",
      "E003 3:1+2 block\nE003 4:1+2 block\nE003 5:1+2 block\nE003 6:1+2 block\n"
      "E003 7:1+2 block\n");
}

TEST(reserved_words_and_capitals)
{
  read_badly(HEAD "actor month\n", "E003 3:7+5 only options may be called");
  read_badly(HEAD "actor Iran\n", "E003 3:7+4 lower case");
  read_badly(HEAD "actor us.x\n", "E003 3:7+4 has a dot");
  read_badly(HEAD "outcome o when a.b.c.d.e.f.g\n", "E003 3:16+13 more than 6");
}

TEST(other_clocks_words)
{
  read_badly(HEAD "every week\n  a +1\n", "E003 3:7+4 Write `month`.");
  read_badly(
      HEAD "letter l from a to b\n  arrives same month 100%\n"
           "  deadline 2 weeks after arrival\n",
      "E003 5:14+5 Write `months`.");
  read_badly(HEAD "each turn pay\n  us 1\n", "E003 3:6+4 counts in months");
}

TEST(said_twice)
{
  reading r;
  read_open(&r, HEAD "actor us\n  sharpness 0.1\n  sharpness 0.2\n");
  ASSERT_STATUS(r.status, DM_E_INPUT);
  ASSERT_UINT(dm_diags_at(r.diags, 0)->line, 5);
  ASSERT_UINT(dm_diags_at(r.diags, 0)->other_line, 4);
  read_close(&r);
  read_badly(HEAD "scenario t\n  rounds 2\n", "E003 3:1+8 before, on line 1");
  read_badly(
      "scenario s\n  turns 1 to 2\n  turns 1 to 3\n",
      "E003 3:3+5 before, on line 2");
}

TEST(what_is_missing)
{
  read_badly("", "E004 1:1+1 no `scenario` block");
  read_badly("scenario s\n", "E004 1:1+8 no clock");
  read_badly(HEAD "choice c of us\n", "E004 3:1+6 no options");
  read_badly(
      HEAD "report r by w in 2025-06\n  seen by us\n",
      "E004 3:1+6 what it measures");
  read_badly(HEAD "payoff us\n", "E004 3:1+6 no rows");
  read_badly(HEAD "schedule s in 2025-06\n", "E004 3:1+8 does nothing");
  read_badly(HEAD "benchmark b\n", "E004 3:1+9 no condition");
}

TEST(slips)
{
  read_badly(HEAD "outcome o when a < b < c\n", "E003 3:22+1 Join them");
  read_badly(HEAD "outcome o when a = = b\n", "E003 3:20+1 cannot stand");
  read_badly(HEAD "outcome o when a\n  b\n", "E003 4:3+1 takes no clauses");
  read_badly(HEAD "state\n  a 0..4 = 2 [50%..3]\n", "E003 4:14+8 alike");
  read_badly(HEAD "state\n  a 0..4\n", "E003 4:9+1 expected `=`");
  read_badly(HEAD "state\n  a one = one\n", "E003 4:5+3 two values");
  read_badly(HEAD "outcome o when (a or b\n", "E003 3:23+1 clause ends here");
  read_badly(
      "  a\nscenario s\n  turns 1 to 2\n", "E003 1:3+1 no block has begun");
  read_badly(
      HEAD "types us, iran iran.a iran.b\n  us.a 50%\n",
      "E003 4:3+4 1 cell where the table has 2 columns");
}

/* Too little memory is returned, not thrown: the caller's jump is its own
 * again, whatever happens. */
static dm_status read_within(const char *text, size_t limit)
{
  dm_arena arena;
  dm_diags *diags = dm_diags_new();
  dm_ast *ast;
  dm_arena_init(&arena, limit);
  if (setjmp(arena.jump) != 0)
    FAIL("the caller's jump was taken");
  dm_status status = dm_ast_read(&arena, text, strlen(text), diags, &ast);
  ASSERT_TRUE((status == DM_OK) == (ast != NULL));
  ASSERT_UINT(dm_diags_size(diags), 0);
  dm_arena_clear(&arena);
  dm_diags_free(diags);
  return status;
}

TEST(memory_runs_out)
{
  const char *text = HEAD "actor us\n  type a 5%, b rest\n"
                          "outcome o when a and b and c\n";
  size_t refused = 0;
  size_t taken = 0;
  for (size_t limit = 1; limit < 400000; limit += limit < 3000 ? 50 : 20000) {
    dm_status status = read_within(text, limit);
    if (status != DM_OK)
      ASSERT_STATUS(status, DM_E_LIMIT);
    refused += status != DM_OK;
    taken += status == DM_OK;
  }
  ASSERT_TRUE(refused > 0 && taken > 0);
}

TEST_MAIN(
    CASE(precedence), CASE(status_tests),
    CASE(keywords_behind_equals_are_words), CASE(numbers_are_exact),
    CASE(numbers_too_long_are_refused), CASE(depth_is_limited), CASE(acts),
    CASE(branches), CASE(rules), CASE(periods), CASE(days),
    CASE(dates_that_are_none), CASE(payoff_cells), CASE(questions),
    CASE(questions_alone), CASE(heads_and_one_line_blocks), CASE(places),
    CASE(misspelt_words), CASE(each_clause_has_its_own_message),
    CASE(reserved_words_and_capitals), CASE(other_clocks_words),
    CASE(said_twice), CASE(what_is_missing), CASE(slips), CASE(memory_runs_out))
