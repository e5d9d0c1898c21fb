/* store/ledger_read.c -- records are walked through.
 *
 * In:     a ledger.
 * Out:    each record once, in the order of writing.
 * Method: one statement a kind of record; a forecast's answers are read by a
 *         second one into storage that grows to the longest. */
#include "store/ledger_parts.h"

#if DM_HAVE_SQLITE

#include <stdlib.h>
#include <string.h>

static const char *text_at(sqlite3_stmt *s, int column)
{
  const char *text = (const char *)sqlite3_column_text(s, column);
  return text ? text : "";
}

dm_status dm_ledger_hold(dm_ledger *l)
{
  int code = sqlite3_exec(l->db, "BEGIN", NULL, NULL, NULL);
  /* A plain BEGIN takes no lock before the first reading. */
  if (code == SQLITE_OK)
    code = sqlite3_exec(
        l->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
  if (code != SQLITE_OK)
    dm_ledger_release(l);
  return dm_ledger_fail(l, code);
}

void dm_ledger_release(dm_ledger *l)
{
  if (!sqlite3_get_autocommit(l->db))
    (void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
}

/* Answers of one forecast: their texts end to end, and where each begins. */
typedef struct answers {
  char *text;
  size_t len, cap;
  size_t *at;
  const char **name;
  double *p;
  uint32_t n, room;
} answers;

static void drop(answers *a)
{
  free(a->text);
  free(a->at);
  free(a->name);
  free(a->p);
}

/* realloc that leaves the old block alone when it fails. */
static bool grow(void **at, size_t count, size_t size)
{
  if (count > SIZE_MAX / size)
    return false;
  void *more = realloc(*at, count * size);
  if (more)
    *at = more;
  return more != NULL;
}

static bool room(answers *a, size_t bytes)
{
  if (a->n == a->room) {
    uint32_t next = a->room ? a->room * 2 : 8;
    void *at = a->at, *p = a->p, *name = a->name;
    bool good = next > a->room;
    good = good && grow(&at, next, sizeof *a->at);
    a->at = at;
    good = good && grow(&p, next, sizeof *a->p);
    a->p = p;
    good = good && grow(&name, next, sizeof *a->name);
    a->name = name;
    if (!good)
      return false;
    a->room = next;
  }
  if (bytes > a->cap - a->len) {
    size_t next = (a->len + bytes) * 2;
    void *text = a->text;
    if (!grow(&text, next, 1))
      return false;
    a->text = text;
    a->cap = next;
  }
  return true;
}

static int read_answers(sqlite3_stmt *s, int64_t forecast, answers *a)
{
  int code;
  a->n = 0;
  a->len = 0;
  (void)sqlite3_bind_int64(s, 1, forecast);
  while ((code = sqlite3_step(s)) == SQLITE_ROW) {
    const char *name = text_at(s, 0);
    size_t bytes = strlen(name) + 1;
    if (!room(a, bytes)) {
      (void)sqlite3_reset(s);
      return SQLITE_NOMEM;
    }
    a->at[a->n] = a->len;
    a->p[a->n++] = sqlite3_column_double(s, 1);
    memcpy(a->text + a->len, name, bytes);
    a->len += bytes;
  }
  for (uint32_t i = 0; i < a->n; i++)
    a->name[i] = a->text + a->at[i];
  return sqlite3_reset(s);
}

static dm_ledger_forecast forecast_at(sqlite3_stmt *s, const answers *a)
{
  return (dm_ledger_forecast){
      .id = sqlite3_column_int64(s, 0),
      .made = text_at(s, 1),
      .as_of = text_at(s, 2),
      .model = text_at(s, 3),
      .scenario_hash = text_at(s, 4),
      .evidence_hash = text_at(s, 5),
      .question = text_at(s, 6),
      .opens = text_at(s, 7),
      .by = text_at(s, 8),
      .version = text_at(s, 9),
      .ranked = sqlite3_column_int(s, 10) != 0,
      .n = a->n,
      .answer = a->name,
      .p = a->p,
  };
}

dm_status dm_ledger_forecasts(
    dm_ledger *l, const char *question,
    bool (*each)(void *data, const dm_ledger_forecast *f), void *data)
{
  sqlite3_stmt *s = NULL, *inner = NULL;
  answers a = {0};
  int step = SQLITE_DONE;
  int code = sqlite3_prepare_v2(
      l->db,
      "SELECT id, made, as_of, model, scenario, evidence, question, opens, by, "
      "version, ranked, answers FROM forecast "
      "WHERE ?1 IS NULL OR question = ?1 ORDER BY id",
      -1, &s, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_prepare_v2(
        l->db,
        "SELECT answer, p FROM answer WHERE forecast = ?1 ORDER BY place", -1,
        &inner, NULL);
  if (code == SQLITE_OK && question)
    code = sqlite3_bind_text(s, 1, question, -1, SQLITE_STATIC);
  bool on = true;
  while (code == SQLITE_OK && on && (step = sqlite3_step(s)) == SQLITE_ROW) {
    code = read_answers(inner, sqlite3_column_int64(s, 0), &a);
    if (code == SQLITE_OK && sqlite3_column_int64(s, 11) != a.n)
      code = SQLITE_CORRUPT;
    dm_ledger_forecast f = forecast_at(s, &a);
    on = code == SQLITE_OK && each(data, &f);
  }
  if (code == SQLITE_OK && step != SQLITE_ROW && step != SQLITE_DONE)
    code = step;
  (void)sqlite3_finalize(inner);
  (void)sqlite3_finalize(s);
  drop(&a);
  return dm_ledger_fail(l, code);
}

/* ---- records of texts ------------------------------------------------------ */

/* What a walk is told; one of the three is set. */
typedef struct visitor {
  bool (*resolution)(void *data, const dm_ledger_resolution *r);
  bool (*document)(void *data, const dm_ledger_document *d);
  bool (*note)(void *data, const char *when, const char *text);
  void *data;
} visitor;

static bool visit(sqlite3_stmt *s, const visitor *v)
{
  if (v->resolution) {
    dm_ledger_resolution r = {
        .id = sqlite3_column_int64(s, 0),
        .written = text_at(s, 1),
        .question = text_at(s, 2),
        .answer = text_at(s, 3),
        .resolved = text_at(s, 4),
        .source = text_at(s, 5),
        .note = text_at(s, 6),
    };
    return v->resolution(v->data, &r);
  }
  if (v->note)
    return v->note(v->data, text_at(s, 0), text_at(s, 1));
  const void *text = sqlite3_column_blob(s, 4);
  dm_ledger_document d = {
      .kind = text_at(s, 0),
      .name = text_at(s, 1),
      .hash = text_at(s, 2),
      .added = text_at(s, 3),
      .text = text ? text : "",
      .len = text ? (size_t)sqlite3_column_bytes(s, 4) : 0,
  };
  return v->document(v->data, &d);
}

static dm_status walk(dm_ledger *l, const char *sql, const visitor *v)
{
  sqlite3_stmt *s = NULL;
  int step = SQLITE_DONE;
  int code = sqlite3_prepare_v2(l->db, sql, -1, &s, NULL);
  while (code == SQLITE_OK && (step = sqlite3_step(s)) == SQLITE_ROW) {
    if (!visit(s, v))
      break;
  }
  if (code == SQLITE_OK && step != SQLITE_ROW && step != SQLITE_DONE)
    code = step;
  (void)sqlite3_finalize(s);
  return dm_ledger_fail(l, code);
}

dm_status dm_ledger_resolutions(
    dm_ledger *l, bool (*each)(void *data, const dm_ledger_resolution *r),
    void *data)
{
  visitor v = {.resolution = each, .data = data};
  return walk(
      l,
      "SELECT id, written, question, answer, resolved, source, note "
      "FROM resolution ORDER BY id",
      &v);
}

dm_status dm_ledger_documents(
    dm_ledger *l, bool (*each)(void *data, const dm_ledger_document *d),
    void *data)
{
  visitor v = {.document = each, .data = data};
  return walk(
      l, "SELECT kind, name, hash, added, text FROM document ORDER BY id", &v);
}

dm_status dm_ledger_notes(
    dm_ledger *l, bool (*each)(void *data, const char *when, const char *text),
    void *data)
{
  visitor v = {.note = each, .data = data};
  return walk(l, "SELECT written, text FROM note ORDER BY id", &v);
}

#endif
