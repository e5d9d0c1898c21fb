/* base/status.c -- words and exit codes of dm_status. */
#include <demarche/status.h>

const char *dm_status_text(dm_status status)
{
  static const char *const words[] = {
#define DM_STATUS_WORDS(name, code, text) [name] = text,
      DM_STATUS_LIST(DM_STATUS_WORDS)
#undef DM_STATUS_WORDS
  };
  if ((unsigned)status >= DM_STATUS_COUNT)
    return "unknown status";
  return words[status];
}

int dm_status_exit_code(dm_status status)
{
  static const int codes[] = {
#define DM_STATUS_CODE(name, code, text) [name] = code,
      DM_STATUS_LIST(DM_STATUS_CODE)
#undef DM_STATUS_CODE
  };
  if ((unsigned)status >= DM_STATUS_COUNT)
    return 4;
  return codes[status];
}
