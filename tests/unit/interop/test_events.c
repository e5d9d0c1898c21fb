/* Coded event data become evidence through a mapping; what cannot be read is
 * refused with its place, and what no rule takes is listed. */
#include "unit.h"
#include "api/handle.h"
#include "interop/codes.h"
#include "lang/evidence.h"
#include "base/diags.h"

#include <demarche/ledger.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char mapping[] = "scenario tiny\nsource wire  hit 90%, false 5%\n"
                              "from wire\nmap NOR SOU 05* -> north.stop\n"
                              "map * * 9? -> drop\n";

/* Imports; the text is the caller's, NULL with `code` filed. */
static char *import(
    const char *rows, const char *map, dm_events_count *count, char code[8],
    uint32_t *line)
{
  dm_text out;
  dm_diags *diags = dm_diags_new();
  dm_status status = dm_events_import(
      rows, strlen(rows), map, strlen(map), diags, count, &out);
  code[0] = '\0';
  *line = 0;
  if (status == DM_E_INPUT) {
    ASSERT_TRUE(dm_diags_size(diags) >= 1 && dm_diags_size(diags) <= 5);
    const dm_diag *d = dm_diags_at(diags, 0);
    snprintf(code, 8, "%s", d->code);
    *line = d->line;
    ASSERT_NULL(out.at);
  } else {
    ASSERT_OK(status);
  }
  dm_diags_free(diags);
  return out.at;
}

static void sample(const char *rows, const char *map, const char *want)
{
  size_t size;
  char code[8];
  uint32_t line;
  dm_events_count n;
  char *a = unit_read_file(rows, &size), *b = unit_read_file(map, &size);
  char *c = unit_read_file(want, &size), *got = import(a, b, &n, code, &line);
  ASSERT_STR(code, "");
  ASSERT_STR(got, c);
  ASSERT_UINT(n.mapped + n.dropped + n.unmapped, n.rows);
  ASSERT_UINT(n.dropped, 1);
  free(a);
  free(b);
  free(c);
  free(got);
}

TEST(the_samples_come_out_as_they_should)
{
  sample(
      "tests/import/cameo.csv", "tests/import/cameo.map",
      "tests/import/cameo.evidence");
  sample(
      "tests/import/plover.tsv", "tests/import/plover.map",
      "tests/import/plover.evidence");
}

/* Whether what came out is evidence for the scenario that it names. */
static void check_evidence(const char *path, uint32_t lines)
{
  size_t size, len;
  char *story = unit_read_file("share/new/letter.standoff", &size);
  char *text = unit_read_file(path, &len);
  dm_diags *diags = dm_diags_new();
  dm_scenario *scenario = NULL;
  dm_evidence *evidence = NULL;
  ASSERT_OK(
      dm_scenario_read(story, size, DM_SOURCE_STANDOFF, diags, &scenario));
  dm_diags_reset(diags);
  if (dm_evidence_read(scenario->core, text, len, diags, &evidence) != DM_OK)
    FAIL("%s: %s", path, dm_diags_at(diags, 0)->text);
  ASSERT_UINT(evidence->line.n, lines);
  ASSERT_UINT(dm_diags_size(diags), 0);
  dm_diags_free(diags);
  dm_scenario_free(scenario);
  free(story);
  free(text);
}

TEST(the_samples_are_evidence)
{
  check_evidence("tests/import/cameo.evidence", 4);
  check_evidence("tests/import/plover.evidence", 3);
}

TEST(rows_of_every_shape)
{
  char code[8];
  uint32_t line;
  dm_events_count n;
  char *got = import(
      "2025-03-07,NOR,SOU,057\r\n2025-03-08, \"NOR\" ,SOU,\"05\"\n"
      "2025-03-09,NOR,SOU,\"05\nx\"\n2025-03-07,NOR,SOU,05\n"
      "2025-03-10,A,B,99\n2025-03-10,\"a \"\"b\"\"\",,1",
      mapping, &n, code, &line);
  ASSERT_STR(code, "");
  ASSERT_UINT(n.rows, 6);
  ASSERT_UINT(n.mapped, 4);
  ASSERT_UINT(n.repeated, 1);
  ASSERT_UINT(n.dropped, 1);
  ASSERT_UINT(n.unmapped, 1);
  ASSERT_CONTAINS(got, "\n2025-03-08  north.stop  from wire\n");
  ASSERT_CONTAINS(got, "#   a \"b\" - 1 (1)\n");
  free(got);
  got = import("", mapping, &n, code, &line);
  ASSERT_UINT(n.rows, 0);
  ASSERT_STR(got, "evidence for tiny\nsource wire  hit 90%, false 5%\n\n");
  free(got);
}

TEST(what_cannot_be_read_is_refused_at_its_place)
{
  char code[8];
  uint32_t line;
  dm_events_count n;
  ASSERT_NULL(import(
      "2025-03-07,NOR,SOU,057\n\n2025-02-30,NOR,SOU,057\n", mapping, &n, code,
      &line));
  ASSERT_STR(code, "E122");
  ASSERT_UINT(line, 3);
  ASSERT_NULL(import(
      "2025-03-07,\"N\nR\",S,5\n7.3.,N,S,5\n", mapping, &n, code, &line));
  ASSERT_STR(code, "E122");
  ASSERT_UINT(line, 3);
  ASSERT_NULL(import("2025-03-07,NOR,SOU\n", mapping, &n, code, &line));
  ASSERT_STR(code, "E122");
  ASSERT_NULL(import("", "scenario a\n\nmap A B -> x\n", &n, code, &line));
  ASSERT_STR(code, "E121");
  ASSERT_UINT(line, 3);
  ASSERT_NULL(import("", "scenario a\nmap A B C -> x\n", &n, code, &line));
  ASSERT_STR(code, "E121");
  ASSERT_NULL(import("", "map A B C -> drop\n", &n, code, &line));
  ASSERT_STR(code, "E121");
}

TEST(text_cut_anywhere_never_breaks)
{
  size_t size;
  char *rows = unit_read_file("tests/import/cameo.csv", &size);
  for (size_t cut = 0; cut < size; cut++) {
    dm_text out;
    dm_events_count n;
    dm_diags *diags = dm_diags_new();
    char *part = malloc(cut + 1);
    memcpy(part, rows, cut);
    dm_status status =
        dm_events_import(part, cut, mapping, strlen(mapping), diags, &n, &out);
    ASSERT_TRUE(status == DM_OK || status == DM_E_INPUT);
    dm_text_free(&out);
    dm_diags_free(diags);
    free(part);
  }
  free(rows);
}

/* ---- the pages of the codes -------------------------------------------------- */

static void check_block(
    const char *code, bool is_mapping, bool wrong, const char *text, size_t len)
{
  static const char row[] = "2025-03-07,NOR,SOU,057\n";
  dm_text out;
  dm_events_count n;
  dm_diags *diags = dm_diags_new();
  dm_status status = dm_events_import(
      is_mapping ? row : text, is_mapping ? strlen(row) : len,
      is_mapping ? text : mapping, is_mapping ? len : strlen(mapping), diags,
      &n, &out);
  const dm_diag *d = dm_diags_at(diags, 0);
  if (wrong && (status != DM_E_INPUT || strcmp(d->code, code) != 0))
    FAIL("%s: its example brings %s", code, d ? d->code : "no message");
  if (!wrong && (status != DM_OK || n.mapped != 1))
    FAIL("%s: its repair brings %s", code, d ? d->text : "no line");
  dm_text_free(&out);
  dm_diags_free(diags);
}

static void check_page(const char *code)
{
  char path[64];
  size_t size;
  int shown = 0, mended = 0;
  snprintf(path, sizeof path, "docs/messages/%s.md", code);
  char *page = unit_read_file(path, &size);
  for (char *at = page; (at = strstr(at, "\n```")) != NULL;) {
    char *body = strchr(at + 1, '\n') + 1;
    bool is_mapping = strncmp(at, "\n```mapping ", 12) == 0;
    bool wrong = strstr(at, " error\n") && strstr(at, " error\n") < body;
    char *end = strstr(body, "```");
    ASSERT_NOT_NULL(end);
    check_block(code, is_mapping, wrong, body, (size_t)(end - body));
    shown += wrong;
    mended += !wrong;
    at = end + 3;
  }
  free(page);
  ASSERT_TRUE(shown >= 1 && mended >= 1);
}

TEST(pages_show_what_they_say)
{
#define CHECK_PAGE(name, severity, title) check_page(#name);
  DM_EVENTS_CODE_LIST(CHECK_PAGE)
#undef CHECK_PAGE
}

TEST_MAIN(
    CASE(the_samples_come_out_as_they_should), CASE(the_samples_are_evidence),
    CASE(rows_of_every_shape),
    CASE(what_cannot_be_read_is_refused_at_its_place),
    CASE(text_cut_anywhere_never_breaks), CASE(pages_show_what_they_say))
