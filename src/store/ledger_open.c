/* store/ledger_open.c -- a ledger is looked at, created, opened.
 *
 * In:     a path.
 * Out:    a ledger, or words and a file that is as it was.
 * Method: an existing file is first opened for reading alone: its application
 *         id, layout, tables and SQLite's own check of its pages must hold
 *         before anything opens it for writing.  Only a file that a killed
 *         program left half-written cannot be looked at in this way; if its
 *         head says that it is a ledger, SQLite restores it from its journal.
 *         A new ledger is made whole under a name of its own and then linked
 *         to its place, so that nobody ever meets half of one, and of two that
 *         create one at a time one wins and both write to it.
 * Journal: rollback (DELETE), not WAL: the promise is one file, and a WAL
 *         leaves two more beside it after a kill.  Synchronous EXTRA also
 *         syncs the folder after the journal is gone; a commit is thus as
 *         durable as the disk is honest.
 * Source: SQLite's file format and pragmas, https://sqlite.org/fileformat2.html
 * Cost:   opening reads the whole file once (the check of its pages). */
#define _POSIX_C_SOURCE 200809L
#include "store/ledger_parts.h"

#if DM_HAVE_SQLITE

#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Written as SQLite keeps them, since the tables of a file are compared with
 * these texts. */
#define FIXED(table)                                                           \
  "CREATE TRIGGER " table "_update BEFORE UPDATE ON " table                    \
  " BEGIN SELECT RAISE(ABORT, 'a ledger is only added to'); END",              \
      "CREATE TRIGGER " table "_delete BEFORE DELETE ON " table                \
      " BEGIN SELECT RAISE(ABORT, 'a ledger is only added to'); END"

static const char *const layout[] = {
    "CREATE TABLE document (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, "
    "name TEXT NOT NULL, hash TEXT NOT NULL, added TEXT NOT NULL, "
    "text BLOB NOT NULL)",
    "CREATE UNIQUE INDEX document_hash ON document (kind, hash)",
    "CREATE TABLE forecast (id INTEGER PRIMARY KEY, made TEXT NOT NULL, "
    "as_of TEXT NOT NULL, model TEXT NOT NULL, scenario TEXT NOT NULL, "
    "evidence TEXT NOT NULL, question TEXT NOT NULL, opens TEXT NOT NULL, "
    "by TEXT NOT NULL, ranked INTEGER NOT NULL, answers INTEGER NOT NULL, "
    "version TEXT NOT NULL)",
    "CREATE TABLE answer (forecast INTEGER NOT NULL REFERENCES forecast, "
    "place INTEGER NOT NULL, answer TEXT NOT NULL, p REAL NOT NULL, "
    "PRIMARY KEY (forecast, place)) WITHOUT ROWID",
    "CREATE TABLE resolution (id INTEGER PRIMARY KEY, written TEXT NOT NULL, "
    "question TEXT NOT NULL, answer TEXT NOT NULL, resolved TEXT NOT NULL, "
    "source TEXT NOT NULL, note TEXT NOT NULL)",
    "CREATE TABLE note (id INTEGER PRIMARY KEY, written TEXT NOT NULL, "
    "text TEXT NOT NULL)",
    FIXED("document"),
    FIXED("forecast"),
    FIXED("answer"),
    FIXED("resolution"),
    FIXED("note"),
};

enum { N_LAYOUT = sizeof layout / sizeof *layout };

const char *dm_ledger_layout(size_t i)
{
  return i < N_LAYOUT ? layout[i] : NULL;
}

dm_status dm_ledger_words(int code, const char **why)
{
  switch (code & 0xff) {
  case SQLITE_OK:
    *why = "";
    return DM_OK;
  case SQLITE_NOMEM:
    *why = "out of memory";
    return DM_E_MEMORY;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    *why = "another program has been writing to the ledger for too long";
    return DM_E_SYSTEM;
  case SQLITE_FULL:
    *why = "the disk is full; the ledger is as it was";
    return DM_E_SYSTEM;
  case SQLITE_READONLY:
    *why = "the ledger, or its folder, cannot be written to";
    return DM_E_SYSTEM;
  case SQLITE_CORRUPT:
    *why = "the file is damaged; it was left as it is";
    return DM_E_INPUT;
  case SQLITE_NOTADB:
    *why = "the file is not a ledger; it was left as it is";
    return DM_E_INPUT;
  case SQLITE_TOOBIG:
    *why = "a text is too long for the ledger";
    return DM_E_RANGE;
  case SQLITE_CONSTRAINT:
    *why = "the record contradicts what the ledger holds";
    return DM_E_RANGE;
  case SQLITE_CANTOPEN:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    *why = "the file cannot be opened";
    return DM_E_SYSTEM;
  case SQLITE_IOERR:
    *why = "the system could not read or write the file (a full disk, a limit "
           "on sizes, a failing device); nothing new is on record";
    return DM_E_SYSTEM;
  default:
    *why = "SQLite failed";
    return DM_E_SYSTEM;
  }
}

dm_status dm_ledger_fail(dm_ledger *l, int code)
{
  return dm_ledger_words(code, &l->why);
}

/* The first number of a statement's first row. */
static int number_of(sqlite3 *db, const char *sql, int64_t *x)
{
  sqlite3_stmt *s = NULL;
  int code = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_step(s);
  if (code == SQLITE_ROW) {
    *x = sqlite3_column_int64(s, 0);
    code = SQLITE_OK;
  } else if (code == SQLITE_DONE) {
    code = SQLITE_CORRUPT;
  }
  int last = sqlite3_finalize(s);
  return code == SQLITE_OK ? last : code;
}

/* Whether the tables are ours, word for word: a trigger of somebody else's
 * would run with whatever we write. */
static int same_layout(sqlite3 *db, bool *same)
{
  sqlite3_stmt *s = NULL;
  size_t found = 0;
  int code = sqlite3_prepare_v2(
      db, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid",
      -1, &s, NULL);
  *same = true;
  while (code == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW) {
    const char *sql = (const char *)sqlite3_column_text(s, 0);
    const char *want = dm_ledger_layout(found++);
    *same = *same && sql && want && strcmp(sql, want) == 0;
  }
  *same = *same && found == N_LAYOUT;
  int last = sqlite3_finalize(s);
  return code == SQLITE_OK ? last : code;
}

static int sound(sqlite3 *db, bool *good)
{
  sqlite3_stmt *s = NULL;
  int code = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &s, NULL);
  *good = false;
  if (code == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW) {
    const char *said = (const char *)sqlite3_column_text(s, 0);
    *good = said && strcmp(said, "ok") == 0;
  }
  int last = sqlite3_finalize(s);
  return code == SQLITE_OK ? last : code;
}

static dm_status wrong(const char **why, const char *words)
{
  *why = words;
  return DM_E_INPUT;
}

/* Is this open file a ledger that we can write to?  Reads only. */
static int looked_at(sqlite3 *db, dm_status *verdict, const char **why)
{
  int64_t application = 0, version = 0;
  bool same = false, good = false;
  *verdict = DM_OK;
  int code = number_of(db, "PRAGMA application_id", &application);
  if (code == SQLITE_OK)
    code = number_of(db, "PRAGMA user_version", &version);
  if (code != SQLITE_OK)
    return code;
  if (application != DM_LEDGER_APPLICATION) {
    *verdict = wrong(
        why, "the file is not a ledger (empty, or of another program); it was "
             "left as it is");
    return SQLITE_OK;
  }
  if (version > DM_LEDGER_LAYOUT) {
    *verdict = wrong(
        why, "the ledger was written by a newer version of this program; it "
             "was left as it is");
    return SQLITE_OK;
  }
  code = sound(db, &good);
  if (code == SQLITE_OK && good)
    code = same_layout(db, &same);
  if (code != SQLITE_OK)
    return code;
  if (!good)
    *verdict = wrong(why, "the file is damaged; it was left as it is");
  else if (!same || version != DM_LEDGER_LAYOUT)
    *verdict = wrong(
        why, "its tables are not those of a ledger; it was left as it is");
  return SQLITE_OK;
}

static int connect(const char *path, int flags, sqlite3 **db)
{
  int code = sqlite3_open_v2(path, db, flags, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_busy_timeout(*db, DM_LEDGER_WAIT_MS);
  if (code == SQLITE_OK)
    code = sqlite3_exec(
        *db,
        "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; "
        "PRAGMA foreign_keys = ON",
        NULL, NULL, NULL);
  return code;
}

/* The head of a file that SQLite cannot read before it has restored it: the
 * application id stands there since the file was created. */
static bool head_is_ours(const char *path)
{
  static const unsigned char id[4] = {0x64, 0x6d, 0x4c, 0x31};
  unsigned char head[100];
  FILE *file = fopen(path, "rb");
  if (!file)
    return false;
  bool whole = fread(head, 1, sizeof head, file) == sizeof head;
  (void)fclose(file);
  return whole && memcmp(head, "SQLite format 3", 16) == 0 &&
         memcmp(head + 68, id, sizeof id) == 0;
}

/* Looks at an existing file without writing; restores it if it must be. */
static dm_status look(const char *path, const char **why)
{
  sqlite3 *db = NULL;
  dm_status verdict = DM_OK;
  int code = connect(path, SQLITE_OPEN_READONLY, &db);
  if (code == SQLITE_OK)
    code = looked_at(db, &verdict, why);
  int extended = db ? sqlite3_extended_errcode(db) : code;
  (void)sqlite3_close(db);
  if (code == SQLITE_OK)
    return verdict;
  bool half = (extended & 0xff) == SQLITE_READONLY ||
              (extended & 0xff) == SQLITE_CANTOPEN;
  if (!half || !head_is_ours(path))
    return dm_ledger_words(code, why);
  db = NULL;
  code = connect(path, SQLITE_OPEN_READWRITE, &db);
  if (code == SQLITE_OK)
    code = looked_at(db, &verdict, why);
  (void)sqlite3_close(db);
  return code == SQLITE_OK ? verdict : dm_ledger_words(code, why);
}

/* ---- creating -------------------------------------------------------------- */

static int lay_out(const char *path)
{
  sqlite3 *db = NULL;
  char numbers[96];
  int code = connect(path, SQLITE_OPEN_READWRITE, &db);
  (void)snprintf(
      numbers, sizeof numbers,
      "PRAGMA application_id = %d; PRAGMA user_version = %d",
      DM_LEDGER_APPLICATION, DM_LEDGER_LAYOUT);
  /* Nobody else has this name yet, and half of it is thrown away. */
  if (code == SQLITE_OK)
    code =
        sqlite3_exec(db, "PRAGMA journal_mode = OFF; BEGIN", NULL, NULL, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_exec(db, numbers, NULL, NULL, NULL);
  for (size_t i = 0; code == SQLITE_OK && i < N_LAYOUT; i++)
    code = sqlite3_exec(db, layout[i], NULL, NULL, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
  int last = sqlite3_close(db);
  return code == SQLITE_OK ? last : code;
}

/* A new file beside `path` that nobody else has; its name in *name. */
static bool beside(const char *path, dm_str *name)
{
  for (unsigned i = 0; i < 100; i++) {
    dm_str_clear(name);
    dm_str_addf(name, "%s.new-%ld-%u", path, (long)getpid(), i);
    if (name->failed)
      return false;
    int file = open(name->at, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0)
      return close(file) == 0;
    if (errno != EEXIST)
      return false;
  }
  return false;
}

/* The entries of a path's folder reach the disk.  Cuts the path off there. */
static void sync_folder(char *path)
{
  char *slash = strrchr(path, '/');
  slash[slash == path ? 1 : 0] = '\0';
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return;
  (void)fsync(file);
  (void)close(file);
}

/* Gives a whole ledger its name; *taken: something has it already. */
static bool put_in_place(const char *made, const char *path, bool *taken)
{
  bool placed = link(made, path) == 0;
  *taken = !placed && errno == EEXIST;
  if (!placed && !*taken &&
      (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS ||
       errno == EINVAL)) {
    /* A file system without links; the moment between is accepted there. */
    struct stat there;
    *taken = stat(path, &there) == 0;
    return !*taken && rename(made, path) == 0;
  }
  (void)unlink(made);
  return placed;
}

static dm_status create(const char *path, bool must, const char **why)
{
  dm_str name = {0};
  bool taken = false;
  *why = "the ledger cannot be created here";
  if (!beside(path, &name)) {
    bool memory = name.failed;
    dm_str_clear(&name);
    return memory ? DM_E_MEMORY : DM_E_SYSTEM;
  }
  int code = lay_out(name.at);
  dm_status status = DM_OK;
  if (code != SQLITE_OK) {
    status = dm_ledger_words(code, why);
    (void)unlink(name.at);
  } else if (!put_in_place(name.at, path, &taken)) {
    (void)unlink(name.at);
    if (taken && must)
      *why = "there is a file already; it was left as it is";
    if (!taken || must)
      status = DM_E_SYSTEM;
  } else {
    sync_folder(name.at);
  }
  dm_str_clear(&name);
  return status;
}

/* ---- opening --------------------------------------------------------------- */

static dm_status begin_use(
    const char *path, bool write, dm_ledger *l, const char **why)
{
  int code = connect(
      path, write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY, &l->db);
  if (code == SQLITE_OK && write && sqlite3_db_readonly(l->db, "main") != 0)
    code = SQLITE_READONLY;
  if (code == SQLITE_OK && write)
    code = sqlite3_exec(
        l->db, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA", NULL,
        NULL, NULL);
  return dm_ledger_words(code, why);
}

static dm_status open_at(
    const char *path, dm_ledger_mode mode, dm_ledger **out, const char **why)
{
  struct stat there;
  bool exists = stat(path, &there) == 0;
  if (!exists && errno != ENOENT) {
    *why = "the file cannot be opened";
    return DM_E_SYSTEM;
  }
  if (exists && mode == DM_LEDGER_NEW) {
    *why = "there is a file already; it was left as it is";
    return DM_E_SYSTEM;
  }
  if (exists && !S_ISREG(there.st_mode)) {
    *why = "this is no ordinary file";
    return DM_E_SYSTEM;
  }
  if (!exists && mode != DM_LEDGER_CREATE && mode != DM_LEDGER_NEW) {
    *why = "there is no such file";
    return DM_E_SYSTEM;
  }
  dm_status status = DM_OK;
  if (!exists)
    status = create(path, mode == DM_LEDGER_NEW, why);
  if (status == DM_OK)
    status = look(path, why);
  if (status != DM_OK)
    return status;
  dm_ledger *l = calloc(1, sizeof *l);
  if (!l)
    return dm_ledger_words(SQLITE_NOMEM, why);
  l->why = "";
  status = begin_use(path, mode != DM_LEDGER_READ, l, why);
  if (status == DM_OK)
    *out = l;
  else
    dm_ledger_close(l);
  return status;
}

dm_status dm_ledger_open(
    const char *path, dm_ledger_mode mode, dm_ledger **out, const char **why)
{
  *out = NULL;
  *why = "";
  if ((unsigned)mode > DM_LEDGER_NEW || !path[0]) {
    *why = "no path, or no such way to open it";
    return DM_E_RANGE;
  }
  /* ":memory:" and the like are names of files here. */
  dm_str place = {0};
  dm_str_addf(&place, "%s%s", path[0] == '/' ? "" : "./", path);
  dm_status status = place.failed ? dm_ledger_words(SQLITE_NOMEM, why)
                                  : open_at(place.at, mode, out, why);
  dm_str_clear(&place);
  return status;
}

void dm_ledger_close(dm_ledger *ledger)
{
  if (!ledger)
    return;
  (void)sqlite3_close(ledger->db);
  free(ledger);
}

const char *dm_ledger_why(const dm_ledger *ledger)
{
  return ledger->why;
}

#endif
