/* The public ledger: what it refuses, how it scores, what it prints. */
#define _XOPEN_SOURCE 700
#include "unit.h"
#include "scratch.h"
#include "api/ledger.h"
#include "store/ledger_parts.h"

#include <math.h>

#if DM_HAVE_SQLITE

static const char *const three[] = {"deal", "standoff", "war"};
static const char *const yes_no[] = {"yes", "no"};

static dm_case *open_case(const scratch *s)
{
  dm_case *c = NULL;
  const char *why;
  ASSERT_OK(dm_case_open(s->path, DM_CASE_CREATE, &c, &why));
  return c;
}

static void say(
    dm_case *c, const char *question, const char *as_of, double a, double b,
    double d)
{
  double p[] = {a, b, d};
  dm_case_forecast f = {
      .as_of = as_of,
      .model = "letter",
      .question = question,
      .ranked = true,
      .n = 3,
      .answer = three,
      .p = p};
  if (dm_case_add_forecast(c, &f, NULL) != DM_OK)
    FAIL("%s", dm_case_why(c));
}

static dm_l_scores *scores_of(
    dm_case *c, dm_arena *arena, const dm_case_score_options *o)
{
  dm_l_case *all = NULL;
  ASSERT_OK(dm_case_load(c, arena, &all));
  if (setjmp(arena->jump) != 0)
    FAIL("out of memory");
  return dm_case_scores(all, o, UINT32_MAX);
}

TEST(scores_are_those_worked_out_by_hand)
{
  scratch s = scratch_new();
  dm_case *c = open_case(&s);
  /* In force for 10 days, then for 30. */
  say(c, "How?", "2025-01-01", 0.6, 0.3, 0.1);
  say(c, "How?", "2025-01-11", 0.2, 0.7, 0.1);
  say(c, "How?", "2025-02-10", 0, 1, 0); /* knows the answer */
  ASSERT_OK(dm_case_resolve(c, "How?", "standoff", "2025-02-10", NULL, NULL));
  dm_arena arena;
  dm_arena_init(&arena, 0);
  dm_case_score_options o = dm_case_score_defaults();
  dm_l_scores *x = scores_of(c, &arena, &o);
  ASSERT_UINT(x->score.n, 1);
  const dm_l_score *r = &x->score.at[0];
  ASSERT_UINT(r->used, 2);
  ASSERT_UINT(r->late, 1);
  ASSERT_UINT(r->hindsight, 2);
  double first = 0.86, second = 0.04 + 0.09 + 0.01;
  ASSERT_NEAR(r->brier, (10 * first + 30 * second) / 40, 1e-12);
  ASSERT_NEAR(r->last, second, 1e-12);
  ASSERT_NEAR(r->log, -(10 * log(0.3) + 30 * log(0.7)) / 40, 1e-12);
  ASSERT_NEAR(r->ranked, (10 * 0.185 + 30 * 0.025) / 40, 1e-12);
  ASSERT_NEAR(r->coverage, 1, 0);
  ASSERT_NEAR(r->uniform, 2.0 / 3, 1e-12);
  ASSERT_NEAR(r->previous, (10 * 2.0 / 3 + 30 * first) / 40, 1e-12);
  ASSERT_NAN(r->base);
  ASSERT_NEAR(x->uniform.skill, 1 - r->brier / (2.0 / 3), 1e-12);
  dm_arena_clear(&arena);
  dm_case_close(c);
  scratch_files(&s, true);
}

TEST(misses_first_and_base_rates)
{
  scratch s = scratch_new();
  dm_case *c = open_case(&s);
  static const char *const asked[] = {"a?", "b?", "c?"};
  static const char *const came[] = {"war", "war", "deal"};
  for (int i = 0; i < 3; i++) {
    say(c, asked[i], "2025-01-01", 0.5 + 0.1 * i, 0.2, 0.3 - 0.1 * i);
    ASSERT_OK(dm_case_resolve(c, asked[i], came[i], "2025-03", "", ""));
  }
  say(c, "open?", "2025-01-01", 0.5, 0.2, 0.3);
  dm_arena arena;
  dm_arena_init(&arena, 0);
  dm_case_score_options o = dm_case_score_defaults();
  dm_l_scores *x = scores_of(c, &arena, &o);
  ASSERT_STR(x->score.at[0].question, "b?");
  ASSERT_STR(x->score.at[1].question, "a?");
  ASSERT_STR(x->score.at[2].question, "c?");
  ASSERT_UINT(x->unscored.n, 1);
  ASSERT_CONTAINS(x->unscored.at[0].why, "not settled");
  /* For c? the others say war twice: (0 + 1, 0 + 1, 2 + 1) / 5. */
  ASSERT_NEAR(x->score.at[2].base, 0.64 + 0.04 + 0.36, 1e-12);
  /* For a? one war and one deal: (2, 1, 2) / 5. */
  ASSERT_NEAR(x->score.at[1].base, 0.16 + 0.04 + 0.36, 1e-12);
  dm_arena_clear(&arena);
  /* Given: war 40 %, the rest shared by the two others. */
  double base = 0.4;
  o.n_base = 1;
  o.base = &base;
  o.base_answer = &three[2];
  dm_arena_init(&arena, 0);
  x = scores_of(c, &arena, &o);
  ASSERT_NEAR(x->score.at[1].base, 0.09 + 0.09 + 0.36, 1e-12);
  dm_arena_clear(&arena);
  dm_case_close(c);
  scratch_files(&s, true);
}

TEST(a_correction_holds_and_models_are_kept_apart)
{
  scratch s = scratch_new();
  dm_case *c = open_case(&s);
  double p[] = {0.9, 0.1}, q[] = {0.2, 0.8};
  dm_case_forecast f = {
      .as_of = "2025-01",
      .model = "A",
      .question = "Sent?",
      .opens = "2025-01-01",
      .n = 2,
      .answer = yes_no,
      .p = p};
  ASSERT_OK(dm_case_add_forecast(c, &f, NULL));
  f.model = "B";
  f.p = q;
  ASSERT_OK(dm_case_add_forecast(c, &f, NULL));
  ASSERT_OK(dm_case_resolve(c, "Sent?", "no", "2025-03-02", "", ""));
  ASSERT_OK(dm_case_resolve(c, "Sent?", "yes", "2025-03-02", "x", "late"));
  dm_arena arena;
  dm_arena_init(&arena, 0);
  dm_case_score_options o = dm_case_score_defaults();
  dm_l_scores *x = scores_of(c, &arena, &o);
  ASSERT_UINT(x->score.n, 2);
  ASSERT_UINT(x->questions, 1);
  ASSERT_STR(x->score.at[0].model, "B");
  ASSERT_NEAR(x->score.at[0].brier, 1.28, 1e-12);
  ASSERT_NEAR(x->score.at[1].brier, 0.02, 1e-12);
  /* Open on 1 January, forecast at the end of the month: 30 of 60 days. */
  ASSERT_NEAR(x->score.at[0].coverage, 0.5, 1e-12);
  /* A question of two answers is one yes-or-no forecast a forecast. */
  ASSERT_UINT(x->binary, 2);
  dm_arena_clear(&arena);
  dm_case_close(c);
  scratch_files(&s, true);
}

static void refused(dm_case *c, const dm_case_forecast *f, const char *says)
{
  ASSERT_STATUS(dm_case_add_forecast(c, f, NULL), DM_E_RANGE);
  ASSERT_CONTAINS(dm_case_why(c), says);
}

TEST(what_is_no_forecast_is_refused)
{
  scratch s = scratch_new();
  dm_case *c = open_case(&s);
  double p[] = {0.9, 0.1};
  const dm_case_forecast good = {
      .model = "A", .question = "Sent?", .n = 2, .answer = yes_no, .p = p};
  dm_case_forecast f = good;
  f.as_of = "2025-02-29";
  refused(c, &f, "no date");
  f = good;
  f.by = "soon";
  refused(c, &f, "no date");
  f = good;
  f.model = "";
  refused(c, &f, "nobody");
  f = good;
  f.question = "";
  refused(c, &f, "no words");
  f = good;
  f.n = 1;
  refused(c, &f, "two answers");
  f = good;
  f.scenario_hash = "0000000000000000";
  refused(c, &f, "hash");
  p[1] = 0.2;
  refused(c, &good, "add up to 1.1");
  p[1] = (double)NAN;
  refused(c, &good, "not between 0 and 1");
  p[1] = 0.1;
  static const char *const twice[] = {"yes", "yes"};
  f = good;
  f.answer = twice;
  refused(c, &f, "twice");
  ASSERT_OK(dm_case_add_forecast(c, &good, NULL));
  ASSERT_STATUS(dm_case_resolve(c, "Sent", "yes", "2025", "", ""), DM_E_RANGE);
  ASSERT_STATUS(
      dm_case_resolve(c, "Sent?", "maybe", "2025", "", ""), DM_E_RANGE);
  ASSERT_CONTAINS(dm_case_why(c), "yes, no");
  ASSERT_STATUS(dm_case_resolve(c, "Sent?", "yes", "", "", ""), DM_E_RANGE);
  dm_text out;
  dm_print_options print = dm_print_defaults();
  ASSERT_STATUS(dm_case_history(c, "Sent", &print, &out), DM_E_RANGE);
  ASSERT_NULL(out.at);
  dm_case_close(c);
  scratch_files(&s, true);
}

TEST(the_warning_the_history_and_the_exports)
{
  scratch s = scratch_new();
  dm_case *c = open_case(&s);
  char hash[DM_CASE_HASH];
  dm_text out;
  dm_print_options print = dm_print_defaults();
  dm_case_score_options o = dm_case_score_defaults();
  ASSERT_OK(dm_case_add_document(c, "evidence", "log", "a \"b\"\n", 6, hash));
  ASSERT_OK(dm_case_add_note(c, "a remark"));
  say(c, "=How?", "2025-01-01", 0.6, 0.3, 0.1);
  ASSERT_OK(dm_case_resolve(c, "=How?", "war", "2025-02", "s", "n"));
  ASSERT_OK(dm_case_score(c, &o, &print, &out));
  ASSERT_CONTAINS(out.at, "n = 1 question:");
  ASSERT_CONTAINS(out.at, "validate nothing");
  ASSERT_CONTAINS(out.at, "Hindsight: 1 of 1");
  dm_text_free(&out);
  ASSERT_OK(dm_case_history(c, NULL, &print, &out));
  ASSERT_CONTAINS(out.at, "a remark");
  ASSERT_CONTAINS(out.at, "60.0 %");
  dm_text_free(&out);
  ASSERT_OK(dm_case_export(c, DM_CASE_JSON, &out));
  ASSERT_CONTAINS(out.at, "\"intact\": true");
  ASSERT_CONTAINS(out.at, "a \\\"b\\\"\\n");
  dm_text_free(&out);
  ASSERT_OK(dm_case_export(c, DM_CASE_CSV, &out));
  ASSERT_CONTAINS(out.at, "\"'=How?\"");
  ASSERT_CONTAINS(out.at, "\"war\",0.1,1,\"2025-02\"");
  dm_text_free(&out);
  dm_case_close(c);
  scratch_files(&s, true);
}

TEST(dates)
{
  dm_day a, b;
  ASSERT_TRUE(dm_date_read("1970-01-01", false, &a));
  ASSERT_INT(a, 0);
  ASSERT_TRUE(dm_date_read("2024-02", true, &a));
  ASSERT_TRUE(dm_date_read("2024-02-29", false, &b));
  ASSERT_INT(a, b);
  ASSERT_TRUE(dm_date_read("2000-12-31T23:59:59Z", false, &a));
  ASSERT_TRUE(dm_date_read("2000", true, &b));
  ASSERT_INT(a, b);
  ASSERT_INT(a, 11322);
  static const char *const bad[] = {
      "",           "20250307",    "2025-13", "2025-2",    "2025-00",
      "2025-04-31", "2025-03-07x", "soon",    "1900-02-29"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    ASSERT_FALSE(dm_date_read(bad[i], false, &a));
}

TEST_MAIN(
    CASE(scores_are_those_worked_out_by_hand),
    CASE(misses_first_and_base_rates),
    CASE(a_correction_holds_and_models_are_kept_apart),
    CASE(what_is_no_forecast_is_refused),
    CASE(the_warning_the_history_and_the_exports), CASE(dates))

#else

int main(void)
{
  return 77; /* skipped: no ledger without SQLite */
}

#endif
