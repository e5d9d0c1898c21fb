/* store/ledger_none.c -- the ledger of a library that was built without SQLite.
 *
 * In:     the calls of store/ledger.h.
 * Out:    no ledger can be opened, and the reason why; so nothing else is ever
 *         called with one. */
#include "store/ledger_parts.h"

#if !DM_HAVE_SQLITE

#define NONE "this program was built without SQLite and keeps no ledger"

dm_status dm_ledger_open(
    const char *path, dm_ledger_mode mode, dm_ledger **out, const char **why)
{
  (void)path;
  (void)mode;
  *out = NULL;
  *why = NONE;
  return DM_E_RANGE;
}

void dm_ledger_close(dm_ledger *ledger)
{
  (void)ledger;
}

const char *dm_ledger_why(const dm_ledger *ledger)
{
  (void)ledger;
  return NONE;
}

dm_status dm_ledger_add_document(dm_ledger *l, const dm_ledger_document *d)
{
  (void)l;
  (void)d;
  return DM_E_RANGE;
}

dm_status dm_ledger_add_forecast(
    dm_ledger *l, const dm_ledger_forecast *f, int64_t *id)
{
  (void)l;
  (void)f;
  (void)id;
  return DM_E_RANGE;
}

dm_status dm_ledger_add_resolution(
    dm_ledger *l, const dm_ledger_resolution *r, int64_t *id)
{
  (void)l;
  (void)r;
  (void)id;
  return DM_E_RANGE;
}

dm_status dm_ledger_add_note(dm_ledger *l, const char *when, const char *text)
{
  (void)l;
  (void)when;
  (void)text;
  return DM_E_RANGE;
}

dm_status dm_ledger_hold(dm_ledger *l)
{
  (void)l;
  return DM_E_RANGE;
}

void dm_ledger_release(dm_ledger *l)
{
  (void)l;
}

dm_status dm_ledger_forecasts(
    dm_ledger *l, const char *question,
    bool (*each)(void *data, const dm_ledger_forecast *f), void *data)
{
  (void)l;
  (void)question;
  (void)each;
  (void)data;
  return DM_E_RANGE;
}

dm_status dm_ledger_resolutions(
    dm_ledger *l, bool (*each)(void *data, const dm_ledger_resolution *r),
    void *data)
{
  (void)l;
  (void)each;
  (void)data;
  return DM_E_RANGE;
}

dm_status dm_ledger_documents(
    dm_ledger *l, bool (*each)(void *data, const dm_ledger_document *d),
    void *data)
{
  (void)l;
  (void)each;
  (void)data;
  return DM_E_RANGE;
}

dm_status dm_ledger_notes(
    dm_ledger *l, bool (*each)(void *data, const char *when, const char *text),
    void *data)
{
  (void)l;
  (void)each;
  (void)data;
  return DM_E_RANGE;
}

#endif
