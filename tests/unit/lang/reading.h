/* tests/unit/lang/reading.h -- reading a short text, for the tests of lang.
 * Includes unit.h's assertions from the file that includes it. */
#ifndef DM_TESTS_READING_H
#define DM_TESTS_READING_H

#include "ast_text.h"
#include "lang/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "scenario s\n  months 2025-03 to 2025-12\n"

/* A file that has been read, and what goes with it. */
typedef struct reading {
  dm_arena arena;
  dm_diags *diags;
  dm_ast *ast;
  dm_status status;
} reading;

static void read_open(reading *r, const char *text)
{
  dm_arena_init(&r->arena, 0);
  r->diags = dm_diags_new();
  ASSERT_NOT_NULL(r->diags);
  r->status = dm_ast_read(&r->arena, text, strlen(text), r->diags, &r->ast);
}

static void read_close(reading *r)
{
  dm_arena_clear(&r->arena);
  dm_diags_free(r->diags);
}

/* "E003 3:1+4 text|repair" of each message, one a line. */
MAYBE static void put_messages(dm_str *s, const dm_diags *diags)
{
  for (size_t i = 0; i < dm_diags_size(diags); i++) {
    const dm_diag *d = dm_diags_at(diags, i);
    dm_str_addf(
        s, "%s %u:%u+%u %s|%s\n", d->code, (unsigned)d->line,
        (unsigned)d->column, (unsigned)d->length, d->text, d->repair);
  }
}

/* The text must be read without a message. */
MAYBE static void read_well(reading *r, const char *text)
{
  read_open(r, text);
  if (r->status == DM_OK && dm_diags_size(r->diags) == 0)
    return;
  dm_str s = {0};
  put_messages(&s, r->diags);
  FAIL("refused: %s%s", dm_str_text(&s), text);
}

/* The text must be refused with these messages: `want` holds, a line each,
 * code, place and a part of the text. */
MAYBE static void read_badly(const char *text, const char *want)
{
  reading r;
  read_open(&r, text);
  ASSERT_STATUS(r.status, DM_E_INPUT);
  ASSERT_NULL(r.ast);
  size_t n = 0;
  for (const char *line = want; *line; n++) {
    char part[200];
    size_t len = strcspn(line, "\n");
    ASSERT_TRUE(len < sizeof part);
    memcpy(part, line, len);
    part[len] = '\0';
    line += len + (line[len] == '\n');
    if (n >= dm_diags_size(r.diags))
      FAIL("no message for: %s", part);
    const dm_diag *d = dm_diags_at(r.diags, n);
    char place[60];
    snprintf(
        place, sizeof place, "%s %u:%u+%u ", d->code, (unsigned)d->line,
        (unsigned)d->column, (unsigned)d->length);
    size_t place_len = strcspn(part, " ") + 1;
    place_len += strcspn(part + place_len, " ") + 1;
    char got[60];
    snprintf(got, sizeof got, "%.*s", (int)place_len, part);
    if (strcmp(got, place) != 0)
      FAIL("expected %s, got %s%s", part, place, d->text);
    char both[600];
    snprintf(both, sizeof both, "%s|%s", d->text, d->repair);
    ASSERT_CONTAINS(both, part + place_len);
  }
  ASSERT_UINT(dm_diags_size(r.diags), n);
  read_close(&r);
}

#endif
