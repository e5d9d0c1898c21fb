/* Every allocation of ours fails once while a ledger is opened, written, read,
 * scored and exported, while events are imported and the cache is used: the
 * call says so and keeps nothing.  SQLite's own memory is not ours to fail. */
#define _XOPEN_SOURCE 700
#include "unit.h"
#include "alloc.h"
#include "../ledger/scratch.h"
#include "store/cache.h"
#include "store/ledger_parts.h"
#include <demarche/ledger.h>

#if DM_HAVE_SQLITE

static dm_case *opened(const scratch *s)
{
  dm_case *c = NULL;
  const char *why;
  ASSERT_OK(dm_case_open(s->path, DM_CASE_CREATE, &c, &why));
  return c;
}

static void fill(dm_case *c)
{
  static const char *const answer[] = {"peace", "war"};
  double p[] = {0.25, 0.75};
  char hash[DM_CASE_HASH];
  dm_case_forecast f = {
      .as_of = "2025-03-07",
      .model = "m",
      .question = "q",
      .n = 2,
      .answer = answer,
      .p = p};
  ASSERT_OK(dm_case_add_document(c, "scenario", "n", "text", 4, hash));
  ASSERT_OK(dm_case_add_forecast(c, &f, NULL));
  ASSERT_OK(dm_case_resolve(c, "q", "war", "2025-04", "", ""));
  ASSERT_OK(dm_case_add_note(c, "a note"));
}

TEST(opening)
{
  scratch s = scratch_new();
  for (size_t n = 1;; n++) {
    dm_case *c = NULL;
    const char *why = "";
    unlink(s.path);
    unit_alloc_fail_at(n);
    dm_status status = dm_case_open(s.path, DM_CASE_CREATE, &c, &why);
    bool failed = unit_alloc_failed();
    unit_alloc_fail_at(0);
    if (!failed) {
      ASSERT_OK(status);
      dm_case_close(c);
      break;
    }
    ASSERT_STATUS(status, DM_E_MEMORY);
    ASSERT_NULL(c);
    ASSERT_TRUE(why[0] != '\0');
  }
  ASSERT_INT(scratch_files(&s, true), 1);
}

static dm_status give(dm_case *c, int what, dm_text *out)
{
  dm_print_options print = dm_print_defaults();
  dm_case_score_options o = dm_case_score_defaults();
  print.json = what % 2;
  switch (what / 2) {
  case 0:
    return dm_case_history(c, NULL, &print, out);
  case 1:
    return dm_case_score(c, &o, &print, out);
  default:
    return dm_case_export(c, what % 2 ? DM_CASE_JSON : DM_CASE_CSV, out);
  }
}

TEST(reading)
{
  scratch s = scratch_new();
  dm_case *c = opened(&s);
  fill(c);
  for (int what = 0; what < 6; what++) {
    for (size_t n = 1;; n++) {
      dm_text out;
      unit_alloc_fail_at(n);
      dm_status status = give(c, what, &out);
      bool failed = unit_alloc_failed();
      if (!failed) {
        ASSERT_OK(status);
        ASSERT_TRUE(out.len > 20);
        dm_text_free(&out);
        break;
      }
      if (status != DM_E_MEMORY)
        FAIL("%d, request %zu: %s", what, n, dm_status_text(status));
      ASSERT_NULL(out.at);
      ASSERT_TRUE(dm_case_why(c)[0] != '\0');
      if (unit_alloc_live() != 0)
        FAIL("%d, request %zu: %ld blocks", what, n, unit_alloc_live());
    }
  }
  unit_alloc_fail_at(0);
  /* Nothing was left open: the ledger still takes records. */
  ASSERT_OK(dm_case_add_note(c, "another"));
  dm_case_close(c);
  scratch_files(&s, true);
}

TEST(importing)
{
  static const char rows[] = "2025-03-07,A,B,1\n2025-03-07,A,B,2\n";
  static const char map[] = "scenario s\nsource w\nfrom w\nmap A B 1 -> x\n";
  dm_diags *diags = dm_diags_new();
  for (size_t n = 1;; n++) {
    dm_text out;
    dm_events_count count;
    unit_alloc_fail_at(n);
    dm_status status = dm_events_import(
        rows, strlen(rows), map, strlen(map), diags, &count, &out);
    if (!unit_alloc_failed()) {
      ASSERT_OK(status);
      dm_text_free(&out);
      break;
    }
    ASSERT_STATUS(status, DM_E_MEMORY);
    ASSERT_NULL(out.at);
    if (unit_alloc_live() != 0)
      FAIL("request %zu: %ld blocks", n, unit_alloc_live());
  }
  unit_alloc_fail_at(0);
  dm_diags_free(diags);
}

TEST(caching)
{
  scratch s = scratch_new();
  dm_cache c = {.folder = s.folder};
  static const double x[3] = {1, 2, 3};
  for (size_t n = 1;; n++) {
    double y[3] = {0};
    unit_alloc_fail_at(n);
    bool put = dm_cache_put(&c, "key", x, 3);
    bool got = dm_cache_get(&c, "key", y, 3);
    bool failed = unit_alloc_failed();
    if (got)
      ASSERT_MEM(x, y, sizeof x);
    if (!failed) {
      ASSERT_TRUE(put && got);
      break;
    }
  }
  unit_alloc_fail_at(0);
  ASSERT_INT(scratch_files(&s, true), 1);
}

TEST_MAIN(CASE(opening), CASE(reading), CASE(importing), CASE(caching))

#else

int main(void)
{
  return 77; /* skipped: no ledger without SQLite */
}

#endif
