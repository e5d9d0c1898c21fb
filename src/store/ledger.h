/* store/ledger.h -- the case ledger: one SQLite file, created on first use.
 *
 * Append-only: scenario and evidence versions by hash, dated immutable
 * forecasts, resolutions, notes.  Nothing that was acknowledged is lost by a
 * kill or a second writer (rollback journal, synchronous EXTRA, BEGIN
 * IMMEDIATE, a busy timeout).  A file that is not a ledger, or is damaged, is
 * left untouched; one that was half-written by a killed program is first
 * brought back to what it last acknowledged.
 *
 * Whoever calls checks what a record says; here only what the file must hold
 * together is checked. */
#ifndef DM_STORE_LEDGER_H
#define DM_STORE_LEDGER_H

#include <demarche/status.h>

typedef struct dm_ledger dm_ledger;

typedef enum dm_ledger_mode {
  DM_LEDGER_READ,   /* there must be one */
  DM_LEDGER_WRITE,  /* there must be one */
  DM_LEDGER_CREATE, /* created if there is none */
  DM_LEDGER_NEW     /* created; an error if anything is there */
} dm_ledger_mode;

/** *why: words, static, "" on success.  DM_E_INPUT: foreign, newer or damaged;
 *  DM_E_SYSTEM: not there, cannot be opened or written, locked for too long;
 *  DM_E_RANGE: built without SQLite. */
dm_status dm_ledger_open(
    const char *path, dm_ledger_mode mode, dm_ledger **out,
    const char **why) DM_MUST_USE;
void dm_ledger_close(dm_ledger *ledger);
/** Why the last call failed; "" if it did not.  Owned by the ledger. */
const char *dm_ledger_why(const dm_ledger *ledger);

typedef struct dm_ledger_document {
  const char *kind; /* "scenario", "evidence" */
  const char *name, *hash, *text;
  size_t len;
  const char *added; /* when, ISO 8601 UTC */
} dm_ledger_document;

typedef struct dm_ledger_forecast {
  int64_t id;        /* given by the ledger, counting up */
  const char *made;  /* when it was written, ISO 8601 UTC */
  const char *as_of; /* date of the evidence's cut-off */
  const char *model; /* name of the scenario, or who judged */
  const char *scenario_hash, *evidence_hash; /* "" without */
  const char *question;                      /* text */
  const char *opens, *by; /* ISO dates: asked from, resolves by; or "" */
  bool ranked;            /* answers are in an order */
  uint32_t n;             /* answers: exclusive, exhaustive */
  const char *const *answer;
  const double *p;     /* finite */
  const char *version; /* of the program */
} dm_ledger_forecast;

typedef struct dm_ledger_resolution {
  int64_t id;
  const char *written; /* when, ISO 8601 UTC */
  const char *question, *answer, *resolved, *source, *note; /* dates ISO */
} dm_ledger_resolution;

/** One that is there already is not added again.  DM_E_RANGE: another text has
 *  this hash. */
dm_status dm_ledger_add_document(dm_ledger *l, const dm_ledger_document *d)
    DM_MUST_USE;
/** DM_E_RANGE: no version has such a hash. */
dm_status dm_ledger_add_forecast(
    dm_ledger *l, const dm_ledger_forecast *f, int64_t *id) DM_MUST_USE;
/** A second resolution of a question corrects the first, which stays. */
dm_status dm_ledger_add_resolution(
    dm_ledger *l, const dm_ledger_resolution *r, int64_t *id) DM_MUST_USE;
dm_status dm_ledger_add_note(dm_ledger *l, const char *when, const char *text)
    DM_MUST_USE;

/** Between these two, walks see one state of the file and writers wait. */
dm_status dm_ledger_hold(dm_ledger *l) DM_MUST_USE;
void dm_ledger_release(dm_ledger *l);

/** Walks in the order of writing; false from `each`: stop.  Texts are borrowed
 *  during the call.  `question` NULL: all. */
dm_status dm_ledger_forecasts(
    dm_ledger *l, const char *question,
    bool (*each)(void *data, const dm_ledger_forecast *f),
    void *data) DM_MUST_USE;
dm_status dm_ledger_resolutions(
    dm_ledger *l, bool (*each)(void *data, const dm_ledger_resolution *r),
    void *data) DM_MUST_USE;
dm_status dm_ledger_documents(
    dm_ledger *l, bool (*each)(void *data, const dm_ledger_document *d),
    void *data) DM_MUST_USE;
dm_status dm_ledger_notes(
    dm_ledger *l, bool (*each)(void *data, const char *when, const char *text),
    void *data) DM_MUST_USE;

#endif
