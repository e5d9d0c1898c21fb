/* The ledger's file: what is written comes back, nothing can be changed, and
 * what is no ledger keeps its every byte. */
#define _XOPEN_SOURCE 700
#include "unit.h"
#include "../../ledger/scratch.h"
#include "store/ledger_parts.h"

#include <sys/wait.h>

#if DM_HAVE_SQLITE

static const dm_ledger_document version = {
    .kind = "scenario",
    .name = "letter",
    .hash = "0123456789abcdef",
    .text = "scenario letter\n",
    .len = 16,
    .added = "2025-03-07T00:00:00Z"};

typedef struct seen {
  unsigned n;
  char words[400];
} seen;

static bool see_document(void *data, const dm_ledger_document *d)
{
  seen *s = data;
  s->n++;
  ASSERT_STR(d->kind, "scenario");
  ASSERT_STR(d->hash, version.hash);
  ASSERT_UINT(d->len, 16);
  ASSERT_MEM(d->text, version.text, 16);
  return true;
}

static bool see_resolution(void *data, const dm_ledger_resolution *r)
{
  seen *s = data;
  s->n++;
  strcat(s->words, r->answer);
  strcat(s->words, ";");
  return true;
}

static bool see_note(void *data, const char *when, const char *text)
{
  seen *s = data;
  s->n++;
  ASSERT_STR(when, "2025-03-08T00:00:00Z");
  strcat(s->words, text);
  return s->n < 2;
}

TEST(what_is_written_comes_back)
{
  scratch s = scratch_new();
  dm_ledger *l = open_or_fail(s.path, DM_LEDGER_CREATE);
  ASSERT_OK(dm_ledger_add_document(l, &version));
  ASSERT_OK(dm_ledger_add_document(l, &version));
  int64_t id[3];
  for (unsigned i = 0; i < 3; i++)
    ASSERT_OK(add_numbered(l, i, &id[i]));
  ASSERT_TRUE(id[0] < id[1] && id[1] < id[2]);
  dm_ledger_resolution r = {
      .written = "2025-03-08T00:00:00Z",
      .question = "question 1",
      .answer = "war",
      .resolved = "2025-03-08",
      .source = "",
      .note = ""};
  ASSERT_OK(dm_ledger_add_resolution(l, &r, NULL));
  r.answer = "peace";
  ASSERT_OK(dm_ledger_add_resolution(l, &r, NULL));
  for (int i = 0; i < 3; i++)
    ASSERT_OK(dm_ledger_add_note(l, "2025-03-08T00:00:00Z", "x"));
  dm_ledger_close(l);

  l = open_or_fail(s.path, DM_LEDGER_READ);
  unsigned char times[3] = {0};
  found all = {times, 3, 0}, one = {times, 3, 0};
  ASSERT_OK(dm_ledger_hold(l));
  ASSERT_OK(dm_ledger_forecasts(l, NULL, found_one, &all));
  ASSERT_UINT(all.total, 3);
  ASSERT_OK(dm_ledger_forecasts(l, "question 1", found_one, &one));
  dm_ledger_release(l);
  ASSERT_UINT(one.total, 1);
  ASSERT_UINT(times[1], 2);
  seen d = {0}, e = {0}, n = {0};
  ASSERT_OK(dm_ledger_documents(l, see_document, &d));
  ASSERT_UINT(d.n, 1);
  ASSERT_OK(dm_ledger_resolutions(l, see_resolution, &e));
  ASSERT_STR(e.words, "war;peace;");
  ASSERT_OK(dm_ledger_notes(l, see_note, &n));
  ASSERT_STR(n.words, "xx");
  ASSERT_STATUS(add_numbered(l, 9, NULL), DM_E_SYSTEM);
  dm_ledger_close(l);
  ASSERT_INT(scratch_files(&s, true), 1);
}

TEST(what_contradicts_the_record_is_refused)
{
  scratch s = scratch_new();
  dm_ledger *l = open_or_fail(s.path, DM_LEDGER_CREATE);
  ASSERT_OK(dm_ledger_add_document(l, &version));
  dm_ledger_document other = version;
  other.text = "scenario litter\n";
  ASSERT_STATUS(dm_ledger_add_document(l, &other), DM_E_RANGE);
  ASSERT_CONTAINS(dm_ledger_why(l), "same hash");
  const char *answer[] = {"yes", "no"};
  double p[] = {0.5, 0.5};
  dm_ledger_forecast f = {
      .made = "2025",
      .as_of = "2025",
      .model = "m",
      .scenario_hash = "ffff",
      .evidence_hash = "",
      .question = "q",
      .opens = "",
      .by = "",
      .n = 2,
      .answer = answer,
      .p = p,
      .version = "0"};
  ASSERT_STATUS(dm_ledger_add_forecast(l, &f, NULL), DM_E_RANGE);
  ASSERT_CONTAINS(dm_ledger_why(l), "hash");
  f.scenario_hash = version.hash;
  ASSERT_OK(dm_ledger_add_forecast(l, &f, NULL));
  ASSERT_STR(dm_ledger_why(l), "");
  dm_ledger_close(l);
  scratch_files(&s, true);
}

static void must_refuse(sqlite3 *db, const char *sql)
{
  char *why = NULL;
  if (sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK)
    FAIL("%s: done", sql);
  ASSERT_CONTAINS(why, "only added to");
  sqlite3_free(why);
}

TEST(no_record_can_be_changed)
{
  scratch s = scratch_new();
  dm_ledger *l = open_or_fail(s.path, DM_LEDGER_CREATE);
  ASSERT_OK(dm_ledger_add_document(l, &version));
  ASSERT_OK(add_numbered(l, 1, NULL));
  ASSERT_OK(dm_ledger_add_note(l, "2025-03-08T00:00:00Z", "x"));
  dm_ledger_close(l);
  sqlite3 *db = NULL;
  ASSERT_INT(sqlite3_open(s.path, &db), SQLITE_OK);
  must_refuse(db, "UPDATE forecast SET as_of = '2025-01-01'");
  must_refuse(db, "DELETE FROM forecast");
  must_refuse(db, "UPDATE answer SET p = 1 WHERE place = 1");
  must_refuse(db, "DELETE FROM answer");
  must_refuse(db, "UPDATE document SET text = ''");
  must_refuse(db, "DELETE FROM document");
  must_refuse(db, "DELETE FROM note");
  sqlite3_close(db);
  scratch_files(&s, true);
}

/* ---- files that are no ledger -------------------------------------------- */

/* In every way of opening: refused, and not a byte or a file more or less. */
static void check_untouched(const scratch *s, const char *says)
{
  size_t before, after;
  unsigned char *was = file_read(s->path, &before);
  int files = scratch_files(s, false);
  static const dm_ledger_mode modes[] = {
      DM_LEDGER_READ, DM_LEDGER_WRITE, DM_LEDGER_CREATE};
  for (size_t i = 0; i < 3; i++) {
    dm_ledger *l = NULL;
    const char *why = NULL;
    dm_status status = dm_ledger_open(s->path, modes[i], &l, &why);
    if (status != DM_E_INPUT)
      FAIL("%s: status %d, %s", says, (int)status, why);
    ASSERT_NULL(l);
    ASSERT_CONTAINS(why, says);
    ASSERT_CONTAINS(why, "left as it is");
  }
  unsigned char *is = file_read(s->path, &after);
  ASSERT_UINT(after, before);
  ASSERT_MEM(is, was, before);
  ASSERT_INT(scratch_files(s, false), files);
  free(was);
  free(is);
}

/* A sound ledger's bytes. */
static unsigned char *sample(const scratch *s, size_t *len)
{
  dm_ledger *l = open_or_fail(s->path, DM_LEDGER_CREATE);
  for (unsigned i = 0; i < 200; i++)
    ASSERT_OK(add_numbered(l, i, NULL));
  dm_ledger_close(l);
  return file_read(s->path, len);
}

TEST(foreign_files_are_left_alone)
{
  scratch s = scratch_new();
  file_write(s.path, "", 0);
  check_untouched(&s, "not a ledger");
  file_write(s.path, "dear diary,\n", 12);
  check_untouched(&s, "not a ledger");
  static unsigned char noise[5000];
  for (size_t i = 0; i < sizeof noise; i++)
    noise[i] = (unsigned char)(i * 37 + i / 7);
  file_write(s.path, noise, sizeof noise);
  check_untouched(&s, "not a ledger");
  unlink(s.path);
  sqlite3 *db = NULL;
  ASSERT_INT(sqlite3_open(s.path, &db), SQLITE_OK);
  sqlite3_exec(db, "CREATE TABLE t (x)", NULL, NULL, NULL);
  sqlite3_close(db);
  check_untouched(&s, "not a ledger");
  scratch_files(&s, true);
}

TEST(damaged_and_newer_files_are_left_alone)
{
  scratch s = scratch_new();
  size_t len;
  unsigned char *all = sample(&s, &len);
  ASSERT_TRUE(len > 5 * 4096);
  file_write(s.path, all, len / 2 / 4096 * 4096);
  check_untouched(&s, "");
  file_write(s.path, all, len - 1000);
  check_untouched(&s, "");
  file_write(s.path, all, 100);
  check_untouched(&s, "");
  unsigned char *copy = malloc(len);
  for (size_t page = 1; page < len / 4096; page++) {
    memcpy(copy, all, len);
    memset(copy + page * 4096, 0x5a, 4096);
    file_write(s.path, copy, len);
    check_untouched(&s, "damaged");
  }
  memcpy(copy, all, len);
  copy[63] = DM_LEDGER_LAYOUT + 1; /* user_version, big-endian at 60 */
  file_write(s.path, copy, len);
  check_untouched(&s, "newer");
  file_write(s.path, all, len);
  sqlite3 *db = NULL;
  ASSERT_INT(sqlite3_open(s.path, &db), SQLITE_OK);
  ASSERT_INT(
      sqlite3_exec(
          db,
          "CREATE TRIGGER sly AFTER INSERT ON note BEGIN "
          "INSERT INTO note (written, text) VALUES ('', ''); END",
          NULL, NULL, NULL),
      SQLITE_OK);
  sqlite3_close(db);
  check_untouched(&s, "tables");
  free(all);
  free(copy);
  scratch_files(&s, true);
}

TEST(a_journal_of_somebody_else_is_not_played_back)
{
  /* A foreign file beside which a journal lies: nothing of it may be used. */
  scratch s = scratch_new();
  sqlite3 *db = NULL;
  ASSERT_INT(sqlite3_open(s.path, &db), SQLITE_OK);
  pid_t child = fork();
  if (child == 0) {
    sqlite3 *own = NULL;
    sqlite3_open(s.path, &own);
    sqlite3_exec(
        own,
        "PRAGMA cache_size = 1; CREATE TABLE t (x); "
        "INSERT INTO t VALUES (zeroblob(100000)); BEGIN; "
        "UPDATE t SET x = zeroblob(200000); "
        "INSERT INTO t VALUES (zeroblob(900000))",
        NULL, NULL, NULL);
    _exit(0); /* in the middle */
  }
  int ended;
  ASSERT_INT(waitpid(child, &ended, 0), child);
  sqlite3_close(db);
  ASSERT_INT(scratch_files(&s, false), 2);
  size_t before, after;
  unsigned char *was = file_read(s.path, &before);
  dm_ledger *l = NULL;
  const char *why = NULL;
  ASSERT_TRUE(dm_ledger_open(s.path, DM_LEDGER_CREATE, &l, &why) != DM_OK);
  ASSERT_NULL(l);
  unsigned char *is = file_read(s.path, &after);
  ASSERT_UINT(after, before);
  ASSERT_MEM(is, was, before);
  ASSERT_INT(scratch_files(&s, false), 2);
  free(was);
  free(is);
  scratch_files(&s, true);
}

/* A writer that dies in the middle of a record, pages on the disk already. */
static void die_half_written(const char *path)
{
  sqlite3 *db = NULL;
  sqlite3_open(path, &db);
  sqlite3_exec(
      db,
      "PRAGMA cache_size = 1; BEGIN IMMEDIATE; "
      "INSERT INTO note (written, text) VALUES ('', hex(zeroblob(9000))); "
      "INSERT INTO forecast SELECT 900, made, as_of, model, scenario, "
      "evidence, "
      "'question 2', opens, by, ranked, answers, version FROM forecast "
      "WHERE id = 1; INSERT INTO note (written, text) "
      "VALUES ('', hex(zeroblob(900000)))",
      NULL, NULL, NULL);
  _exit(0);
}

TEST(what_a_killed_writer_left_is_taken_back)
{
  static const dm_ledger_mode modes[] = {
      DM_LEDGER_READ, DM_LEDGER_WRITE, DM_LEDGER_CREATE};
  for (size_t i = 0; i < 3; i++) {
    scratch s = scratch_new();
    dm_ledger *l = open_or_fail(s.path, DM_LEDGER_CREATE);
    ASSERT_OK(add_numbered(l, 1, NULL));
    dm_ledger_close(l);
    size_t before, half, after;
    unsigned char *was = file_read(s.path, &before);
    int ended;
    pid_t child = fork();
    if (child == 0)
      die_half_written(s.path);
    ASSERT_INT(waitpid(child, &ended, 0), child);
    unsigned char *is = file_read(s.path, &half);
    ASSERT_TRUE(half > before);
    ASSERT_INT(scratch_files(&s, false), 2);
    free(is);
    l = open_or_fail(s.path, modes[i]);
    unsigned char times[3] = {0};
    found all = {times, 3, 0};
    ASSERT_OK(dm_ledger_forecasts(l, NULL, found_one, &all));
    ASSERT_UINT(all.total, 1);
    dm_ledger_close(l);
    is = file_read(s.path, &after);
    ASSERT_UINT(after, before);
    ASSERT_MEM(is, was, before);
    free(was);
    free(is);
    ASSERT_INT(scratch_files(&s, true), 1);
  }
}

/* ---- places -------------------------------------------------------------- */

static dm_status try_open(const char *path, dm_ledger_mode mode)
{
  dm_ledger *l = NULL;
  const char *why = NULL;
  dm_status status = dm_ledger_open(path, mode, &l, &why);
  if (status != DM_OK)
    ASSERT_TRUE(why[0] != '\0');
  dm_ledger_close(l);
  return status;
}

TEST(files_that_are_not_there_and_files_that_are)
{
  scratch s = scratch_new();
  ASSERT_STATUS(try_open(s.path, DM_LEDGER_READ), DM_E_SYSTEM);
  ASSERT_STATUS(try_open(s.path, DM_LEDGER_WRITE), DM_E_SYSTEM);
  ASSERT_INT(scratch_files(&s, false), 0);
  ASSERT_OK(try_open(s.path, DM_LEDGER_NEW));
  ASSERT_STATUS(try_open(s.path, DM_LEDGER_NEW), DM_E_SYSTEM);
  ASSERT_OK(try_open(s.path, DM_LEDGER_CREATE));
  ASSERT_STATUS(try_open(s.folder, DM_LEDGER_CREATE), DM_E_SYSTEM);
  ASSERT_STATUS(try_open("", DM_LEDGER_CREATE), DM_E_RANGE);
  char inside[400];
  snprintf(inside, sizeof inside, "%s/b", s.path);
  ASSERT_STATUS(try_open(inside, DM_LEDGER_CREATE), DM_E_SYSTEM);
  ASSERT_INT(scratch_files(&s, true), 1);
}

/* Permissions mean nothing to root, who becomes somebody else for this. */
static int as_somebody(const scratch *s)
{
  if (geteuid() == 0 && setuid(65534) != 0)
    return 2;
  char other[400];
  dm_ledger *l = NULL;
  const char *why = NULL;
  snprintf(other, sizeof other, "%s/other.case", s->folder);
  if (dm_ledger_open(other, DM_LEDGER_CREATE, &l, &why) != DM_E_SYSTEM)
    return 3;
  if (dm_ledger_open(s->path, DM_LEDGER_WRITE, &l, &why) != DM_E_SYSTEM)
    return 4;
  if (dm_ledger_open(s->path, DM_LEDGER_READ, &l, &why) != DM_OK)
    return 5;
  unsigned char times[3] = {0};
  found all = {times, 3, 0};
  if (dm_ledger_forecasts(l, NULL, found_one, &all) != DM_OK || all.total != 1)
    return 6;
  dm_ledger_close(l);
  return 0;
}

TEST(folders_that_cannot_be_written)
{
  scratch s = scratch_new();
  dm_ledger *l = open_or_fail(s.path, DM_LEDGER_CREATE);
  ASSERT_OK(add_numbered(l, 1, NULL));
  dm_ledger_close(l);
  ASSERT_INT(chmod(s.path, 0444), 0);
  ASSERT_INT(chmod(s.folder, 0555), 0);
  pid_t child = fork();
  if (child == 0)
    _exit(as_somebody(&s));
  int ended;
  ASSERT_INT(waitpid(child, &ended, 0), child);
  ASSERT_INT(chmod(s.folder, 0755), 0);
  ASSERT_TRUE(WIFEXITED(ended));
  ASSERT_INT(WEXITSTATUS(ended), 0);
  ASSERT_INT(scratch_files(&s, true), 1);
}

TEST_MAIN(
    CASE(what_is_written_comes_back),
    CASE(what_contradicts_the_record_is_refused),
    CASE(no_record_can_be_changed), CASE(foreign_files_are_left_alone),
    CASE(damaged_and_newer_files_are_left_alone),
    CASE(a_journal_of_somebody_else_is_not_played_back),
    CASE(what_a_killed_writer_left_is_taken_back),
    CASE(files_that_are_not_there_and_files_that_are),
    CASE(folders_that_cannot_be_written))

#else

TEST(without_sqlite_no_ledger_opens)
{
  dm_ledger *l = NULL;
  const char *why = NULL;
  ASSERT_STATUS(
      dm_ledger_open("a.case", DM_LEDGER_CREATE, &l, &why), DM_E_RANGE);
  ASSERT_CONTAINS(why, "SQLite");
}

TEST_MAIN(CASE(without_sqlite_no_ledger_opens))

#endif
