/* store/ledger.h -- the case ledger: one SQLite file, created on first use.
 *
 * Append-only: scenario and evidence versions by hash, dated immutable
 * forecasts, resolutions, notes.  Nothing that was acknowledged is lost by a
 * kill or a second writer (WAL or rollback journal with synchronous FULL,
 * BEGIN IMMEDIATE, a busy timeout).  A file that is not a ledger, or is
 * damaged, is left untouched. */
#ifndef DM_STORE_LEDGER_H
#define DM_STORE_LEDGER_H

#include <demarche/status.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dm_ledger dm_ledger;

/** *why: words (owned by the ledger or static) on failure.  DM_E_INPUT: foreign,
 *  newer or damaged; DM_E_SYSTEM: cannot be opened, locked for too long. */
dm_status dm_ledger_open(
    const char *path, bool create, dm_ledger **out, const char **why);
void dm_ledger_close(dm_ledger *ledger);
const char *dm_ledger_why(const dm_ledger *ledger);

typedef struct dm_ledger_document {
  const char *kind; /* "scenario", "evidence" */
  const char *name, *hash, *text;
  size_t len;
} dm_ledger_document;

typedef struct dm_ledger_forecast {
  int64_t id;        /* given by the ledger */
  const char *made;  /* when it was written, ISO 8601 UTC */
  const char *as_of; /* date of the evidence's cut-off */
  const char *scenario_hash, *evidence_hash; /* latter "" without */
  const char *question;                      /* text */
  const char *by; /* ISO date by which it resolves, or "" */
  uint32_t n;     /* answers: exclusive, exhaustive, in order if ranked */
  const char *const *answer;
  const double *p;
  const char *version; /* of the program */
} dm_ledger_forecast;

typedef struct dm_ledger_resolution {
  int64_t id;
  const char *question, *answer, *resolved, *source, *note; /* dates ISO */
} dm_ledger_resolution;

dm_status dm_ledger_add_document(dm_ledger *l, const dm_ledger_document *d);
dm_status dm_ledger_add_forecast(
    dm_ledger *l, const dm_ledger_forecast *f, int64_t *id);
/** A second resolution of a question corrects the first, which stays. */
dm_status dm_ledger_add_resolution(
    dm_ledger *l, const dm_ledger_resolution *r, int64_t *id);
dm_status dm_ledger_add_note(dm_ledger *l, const char *when, const char *text);

/** Walks in the order of writing; false from `each`: stop.  Texts are borrowed
 *  during the call. */
dm_status dm_ledger_forecasts(
    dm_ledger *l, const char *question,
    bool (*each)(void *data, const dm_ledger_forecast *f), void *data);
dm_status dm_ledger_resolutions(
    dm_ledger *l, bool (*each)(void *data, const dm_ledger_resolution *r),
    void *data);
dm_status dm_ledger_documents(
    dm_ledger *l, bool (*each)(void *data, const dm_ledger_document *d),
    void *data);
dm_status dm_ledger_notes(
    dm_ledger *l, bool (*each)(void *data, const char *when, const char *text),
    void *data);

#endif
