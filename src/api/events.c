/* api/events.c -- coded event data as the text of an evidence file. */
#include "api/handle.h"
#include "interop/events.h"

#include <string.h>

dm_status dm_events_import(
    const char *rows, size_t rows_len, const char *mapping, size_t mapping_len,
    dm_diags *diags, dm_events_count *count, dm_text *out)
{
  dm_str str = {0};
  memset(out, 0, sizeof *out);
  dm_status why =
      dm_events_read(rows, rows_len, mapping, mapping_len, diags, count, &str);
  if (why == DM_OK)
    return dm_text_take(&str, out);
  dm_str_clear(&str);
  return why;
}
