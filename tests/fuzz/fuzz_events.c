/* tests/fuzz/fuzz_events.c -- the import of coded events, on anything.
 *
 * The input is a mapping, a line `%%`, and rows.  A refusal has at most five
 * messages, all with a place; what is accepted adds up, and every line of it is
 * a head, a comment or begins with a date. */
#include "interop/events.h"

#include <stdlib.h>
#include <string.h>

static void must(bool holds)
{
  if (!holds)
    abort();
}

static void check_refusal(const dm_diags *diags)
{
  size_t n = dm_diags_size(diags);
  must(n >= 1 && n <= 5);
  for (size_t i = 0; i < n; i++) {
    const dm_diag *d = dm_diags_at(diags, i);
    must(d->line > 0 && d->column > 0 && d->length > 0);
    must(d->code[0] == 'E' && d->code[1] == '1' && d->code[2] == '2');
  }
}

/* Dated lines of the text. */
static uint64_t dated(const char *text)
{
  uint64_t n = 0;
  for (const char *line = text; *line;) {
    const char *end = strchr(line, '\n');
    must(end != NULL);
    bool digit = *line >= '0' && *line <= '9';
    must(!digit || (end - line > 12 && line[4] == '-' && line[7] == '-'));
    n += digit;
    line = end + 1;
  }
  return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  /* A block of its own, so that reading past its end shows. */
  char *all = malloc(size + 1);
  must(all != NULL);
  if (size)
    memcpy(all, data, size);
  all[size] = '\0';
  char *mark = strstr(all, "\n%%\n");
  size_t map_len = mark ? (size_t)(mark + 1 - all) : size;
  const char *rows = mark ? mark + 4 : all + size;
  size_t rows_len = size - (size_t)(rows - all);
  char *own = malloc(rows_len ? rows_len : 1);
  must(own != NULL);
  memcpy(own, rows, rows_len);
  dm_str out = {0};
  dm_events_count n;
  dm_diags *diags = dm_diags_new();
  dm_status why = dm_events_read(own, rows_len, all, map_len, diags, &n, &out);
  must(why == DM_OK || why == DM_E_INPUT);
  if (why == DM_OK) {
    must(n.mapped + n.dropped + n.unmapped == n.rows);
    must(strlen(dm_str_text(&out)) == out.len);
    must(dated(dm_str_text(&out)) == n.mapped - n.repeated);
  } else {
    check_refusal(diags);
  }
  dm_str_clear(&out);
  dm_diags_free(diags);
  free(own);
  free(all);
  return 0;
}
