/* store/ledger_parts.h -- what the files of the ledger share.  Internal to
 * store. */
#ifndef DM_STORE_LEDGER_PARTS_H
#define DM_STORE_LEDGER_PARTS_H

#include "store/ledger.h"

#ifndef DM_HAVE_SQLITE
#define DM_HAVE_SQLITE 0
#endif

#if DM_HAVE_SQLITE
#include <sqlite3.h>

struct dm_ledger {
  sqlite3 *db;
  const char *why; /* static */
};

enum {
  DM_LEDGER_LAYOUT = 1,               /* user_version */
  DM_LEDGER_APPLICATION = 0x646d4c31, /* "dmL1" */
  DM_LEDGER_WAIT_MS = 10000           /* for another writer */
};

/** Status of an SQLite result code, and words for it. */
dm_status dm_ledger_words(int code, const char **why);

/** Files the words of `code` with the ledger; `code` SQLITE_OK clears them. */
dm_status dm_ledger_fail(dm_ledger *l, int code);

/** A ledger's tables and triggers: statement i, NULL past the end. */
const char *dm_ledger_layout(size_t i);

#endif
#endif
