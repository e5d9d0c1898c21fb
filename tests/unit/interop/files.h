/* tests/unit/interop/files.h -- reading texts of game files in tests.
 * Included after unit.h. */
#ifndef DM_TESTS_INTEROP_FILES_H
#define DM_TESTS_INTEROP_FILES_H

#include "interop/gambit.h"

#include <string.h>

#define EFG2 "EFG 2 R \"g\" { \"A\" \"B\" }\n"

static inline dm_gambit *accept_bytes(
    const char *text, size_t len, dm_gambit_form form)
{
  dm_gambit *gambit = NULL;
  dm_diags *diags = dm_diags_new();
  dm_status status = dm_gambit_read(text, len, form, diags, &gambit);
  if (status != DM_OK) {
    const dm_diag *d = dm_diags_at(diags, 0);
    FAIL("refused: %s, %s", d ? d->code : "?", d ? d->text : "no message");
  }
  ASSERT_UINT(dm_diags_size(diags), 0);
  dm_diags_free(diags);
  return gambit;
}

static inline dm_gambit *accept_efg(const char *text)
{
  return accept_bytes(text, strlen(text), DM_GAMBIT_EFG);
}

static inline dm_gambit *accept_nfg(const char *text)
{
  return accept_bytes(text, strlen(text), DM_GAMBIT_NFG);
}

/* One message with this code at this place, whose words hold `part`, and a
 * repair. */
static inline void refuse_bytes(
    const char *text, size_t len, dm_gambit_form form, const char *code,
    uint32_t line, uint32_t column, uint32_t length, const char *part)
{
  dm_gambit *gambit = NULL;
  dm_diags *diags = dm_diags_new();
  ASSERT_STATUS(dm_gambit_read(text, len, form, diags, &gambit), DM_E_INPUT);
  ASSERT_NULL(gambit);
  ASSERT_UINT(dm_diags_size(diags), 1);
  const dm_diag *d = dm_diags_at(diags, 0);
  ASSERT_STR(d->code, code);
  ASSERT_CONTAINS(d->text, part);
  ASSERT_UINT(d->line, line);
  ASSERT_UINT(d->column, column);
  ASSERT_UINT(d->length, length);
  ASSERT_TRUE(d->title[0] != '\0' && d->repair[0] != '\0');
  dm_diags_free(diags);
}

#define REFUSE_EFG(text, code, line, column, length, part)                     \
  refuse_bytes(                                                                \
      text, strlen(text), DM_GAMBIT_EFG, code, line, column, length, part)
#define REFUSE_NFG(text, code, line, column, length, part)                     \
  refuse_bytes(                                                                \
      text, strlen(text), DM_GAMBIT_NFG, code, line, column, length, part)

static inline void write_text(const dm_gambit *gambit, dm_str *out)
{
  memset(out, 0, sizeof *out);
  ASSERT_OK(dm_gambit_write(gambit, out));
}

/* What is written of `text` is read and written again to the same bytes; the
 * first writing is returned in *out. */
static inline void fixed_point(
    const char *text, dm_gambit_form form, dm_str *out)
{
  dm_str again;
  dm_gambit *first = accept_bytes(text, strlen(text), form);
  write_text(first, out);
  dm_gambit *second = accept_bytes(dm_str_text(out), out->len, form);
  write_text(second, &again);
  ASSERT_STR(dm_str_text(&again), dm_str_text(out));
  dm_gambit_free(first);
  dm_gambit_free(second);
  dm_str_clear(&again);
}

#endif
