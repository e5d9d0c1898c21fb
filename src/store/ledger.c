/* store/ledger.c -- records are added.
 *
 * In:     a ledger open for writing, a record.
 * Out:    DM_OK once the record is on the disk, and not before.
 * Method: each call is one transaction that takes the writer's lock at its
 *         start (BEGIN IMMEDIATE), so that what it has checked still holds when
 *         it writes; on any failure it is rolled back. */
#include "store/ledger_parts.h"

#if DM_HAVE_SQLITE

#include <math.h>
#include <string.h>

static int prepare(dm_ledger *l, const char *sql, sqlite3_stmt **s)
{
  return sqlite3_prepare_v2(l->db, sql, -1, s, NULL);
}

static void bind_texts(sqlite3_stmt *s, const char *const *text, int n)
{
  for (int i = 0; i < n; i++) {
    const char *value = text[i] ? text[i] : "";
    (void)sqlite3_bind_text(s, i + 1, value, -1, SQLITE_STATIC);
  }
}

/* Runs a statement that gives no rows, and ends it. */
static int finish(sqlite3_stmt *s)
{
  (void)sqlite3_step(s);
  return sqlite3_finalize(s);
}

static dm_status begin(dm_ledger *l)
{
  return dm_ledger_fail(
      l, sqlite3_exec(l->db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
}

/* Ends a transaction: all of it, or nothing with the words of `why` kept. */
static dm_status end(dm_ledger *l, dm_status why)
{
  if (why == DM_OK)
    why = dm_ledger_fail(l, sqlite3_exec(l->db, "COMMIT", NULL, NULL, NULL));
  if (why != DM_OK && !sqlite3_get_autocommit(l->db))
    (void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
  return why;
}

static dm_status refuse(dm_ledger *l, const char *words)
{
  l->why = words;
  return DM_E_RANGE;
}

/* ---- documents ------------------------------------------------------------- */

typedef enum presence { ABSENT, SAME, OTHER } presence;

/* Is there a version with this hash, and (text not NULL) is it this text? */
static int look_up(
    dm_ledger *l, const char *kind, const char *hash, const char *text,
    size_t len, presence *found)
{
  sqlite3_stmt *s = NULL;
  *found = ABSENT;
  int code =
      prepare(l, "SELECT text FROM document WHERE kind = ?1 AND hash = ?2", &s);
  if (code != SQLITE_OK)
    return code;
  bind_texts(s, (const char *const[]){kind, hash}, 2);
  if (sqlite3_step(s) == SQLITE_ROW) {
    const void *held = sqlite3_column_blob(s, 0);
    size_t bytes = (size_t)sqlite3_column_bytes(s, 0);
    bool same = !text || (bytes == len &&
                          (len == 0 || (held && !memcmp(held, text, len))));
    *found = same ? SAME : OTHER;
  }
  return sqlite3_finalize(s);
}

static dm_status insert_document(dm_ledger *l, const dm_ledger_document *d)
{
  sqlite3_stmt *s = NULL;
  int code = prepare(
      l,
      "INSERT INTO document (kind, name, hash, added, text) "
      "VALUES (?1, ?2, ?3, ?4, ?5)",
      &s);
  if (code != SQLITE_OK)
    return dm_ledger_fail(l, code);
  bind_texts(s, (const char *const[]){d->kind, d->name, d->hash, d->added}, 4);
  code =
      sqlite3_bind_blob64(s, 5, d->len ? d->text : "", d->len, SQLITE_STATIC);
  int last = finish(s);
  return dm_ledger_fail(l, code != SQLITE_OK ? code : last);
}

dm_status dm_ledger_add_document(dm_ledger *l, const dm_ledger_document *d)
{
  dm_status why = begin(l);
  if (why != DM_OK)
    return why;
  presence found;
  int code = look_up(l, d->kind, d->hash, d->text, d->len, &found);
  why = dm_ledger_fail(l, code);
  if (why == DM_OK && found == ABSENT)
    why = insert_document(l, d);
  else if (why == DM_OK && found == OTHER)
    why = refuse(l, "another version on record has the same hash");
  return end(l, why);
}

/* ---- forecasts ------------------------------------------------------------- */

static dm_status known(dm_ledger *l, const char *kind, const char *hash)
{
  presence found = SAME;
  if (!hash || !hash[0])
    return DM_OK;
  dm_status why = dm_ledger_fail(l, look_up(l, kind, hash, NULL, 0, &found));
  if (why == DM_OK && found == ABSENT)
    why = refuse(l, "no version on record has the hash that it names");
  return why;
}

static int insert_answers(dm_ledger *l, const dm_ledger_forecast *f, int64_t id)
{
  sqlite3_stmt *s = NULL;
  int code = prepare(
      l,
      "INSERT INTO answer (answer, forecast, place, p) "
      "VALUES (?1, ?2, ?3, ?4)",
      &s);
  for (uint32_t i = 0; code == SQLITE_OK && i < f->n; i++) {
    bind_texts(s, &f->answer[i], 1);
    (void)sqlite3_bind_int64(s, 2, id);
    (void)sqlite3_bind_int64(s, 3, i);
    (void)sqlite3_bind_double(s, 4, f->p[i]);
    (void)sqlite3_step(s);
    code = sqlite3_reset(s);
  }
  (void)sqlite3_finalize(s);
  return code;
}

static dm_status insert_forecast(
    dm_ledger *l, const dm_ledger_forecast *f, int64_t *id)
{
  sqlite3_stmt *s = NULL;
  int code = prepare(
      l,
      "INSERT INTO forecast (made, as_of, model, scenario, evidence, question, "
      "opens, by, version, ranked, answers) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      &s);
  if (code != SQLITE_OK)
    return dm_ledger_fail(l, code);
  bind_texts(
      s,
      (const char *const[]){
          f->made, f->as_of, f->model, f->scenario_hash, f->evidence_hash,
          f->question, f->opens, f->by, f->version},
      9);
  (void)sqlite3_bind_int(s, 10, f->ranked ? 1 : 0);
  (void)sqlite3_bind_int64(s, 11, f->n);
  code = finish(s);
  *id = sqlite3_last_insert_rowid(l->db);
  if (code == SQLITE_OK)
    code = insert_answers(l, f, *id);
  return dm_ledger_fail(l, code);
}

dm_status dm_ledger_add_forecast(
    dm_ledger *l, const dm_ledger_forecast *f, int64_t *id)
{
  for (uint32_t i = 0; i < f->n; i++) {
    if (!isfinite(f->p[i]))
      return refuse(l, "a chance is not a number");
  }
  dm_status why = begin(l);
  if (why != DM_OK)
    return why;
  int64_t given = 0;
  why = known(l, "scenario", f->scenario_hash);
  if (why == DM_OK)
    why = known(l, "evidence", f->evidence_hash);
  if (why == DM_OK)
    why = insert_forecast(l, f, &given);
  why = end(l, why);
  if (why == DM_OK && id)
    *id = given;
  return why;
}

/* ---- resolutions and notes ------------------------------------------------- */

static dm_status add_texts(
    dm_ledger *l, const char *sql, const char *const *text, int n, int64_t *id)
{
  dm_status why = begin(l);
  if (why != DM_OK)
    return why;
  sqlite3_stmt *s = NULL;
  int code = prepare(l, sql, &s);
  if (code == SQLITE_OK) {
    bind_texts(s, text, n);
    code = finish(s);
  }
  int64_t given = sqlite3_last_insert_rowid(l->db);
  why = end(l, dm_ledger_fail(l, code));
  if (why == DM_OK && id)
    *id = given;
  return why;
}

dm_status dm_ledger_add_resolution(
    dm_ledger *l, const dm_ledger_resolution *r, int64_t *id)
{
  return add_texts(
      l,
      "INSERT INTO resolution (written, question, answer, resolved, source, "
      "note) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      (const char *const[]){
          r->written, r->question, r->answer, r->resolved, r->source, r->note},
      6, id);
}

dm_status dm_ledger_add_note(dm_ledger *l, const char *when, const char *text)
{
  return add_texts(
      l, "INSERT INTO note (written, text) VALUES (?1, ?2)",
      (const char *const[]){when, text}, 2, NULL);
}

#endif
