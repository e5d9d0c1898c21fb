/* interop/labels.c -- labels that the strictest reader takes.
 *
 * Method: cleaning keeps what is clean; a scope hands out every label once, the
 *         later of two alike with the lowest suffix that no label has, so that
 *         what was written once is written again as it is.
 * Cost:   O(bytes) and one look-up a label; equal ones go on where the suffix
 *         of the last ended. */
#include "interop/labels.h"

#include <stdio.h>
#include <string.h>

/* Bytes of a control character at text[0], 0 if it is none: C0, DEL and C1. */
static size_t control(const char *text)
{
  const unsigned char *s = (const unsigned char *)text;
  if ((s[0] > 0 && s[0] < 0x20) || s[0] == 0x7f)
    return 1;
  return s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f ? 2 : 0;
}

static bool is_clean(const char *text)
{
  char before = ' ';
  for (const char *c = text; *c; c++) {
    if (control(c) || *c == '\\' || (*c == ' ' && before == ' '))
      return false;
    before = *c;
  }
  return text[0] == '\0' || before != ' ';
}

/* A run of backslashes that a text in quotes cannot hold. */
static bool unwritable(const char *after, size_t run)
{
  return *after == '\0' || (*after == '"' && run == 1);
}

/* Turns the backslashes that cannot be written into strokes, in place. */
static void mend_backslashes(char *text)
{
  for (char *c = text; *c;) {
    size_t run = strspn(c, "\\");
    if (run > 0 && unwritable(c + run, run))
      memset(c, '/', run);
    c += run > 0 ? run : 1;
  }
}

static const char *clean(dm_arena *arena, const char *text)
{
  if (is_clean(text))
    return text;
  size_t len = strlen(text), n = 0;
  char *copy = dm_arena_text(arena, text, len);
  for (size_t i = 0; i < len;) {
    size_t step = control(text + i);
    char c = step ? ' ' : text[i];
    i += step ? step : 1;
    if (c != ' ' || (n > 0 && copy[n - 1] != ' '))
      copy[n++] = c;
  }
  if (n > 0 && copy[n - 1] == ' ')
    n--;
  copy[n] = '\0';
  mend_backslashes(copy);
  return copy;
}

void dm_scope_init(dm_scope *scope, dm_arena *arena, const char *reserved)
{
  memset(scope, 0, sizeof *scope);
  scope->arena = arena;
  dm_table_init(&scope->used, arena, 0);
  if (reserved) {
    (void)dm_table_intern(&scope->used, reserved, strlen(reserved), NULL);
    DM_PUSH(arena, &scope->next, 1);
  }
}

void dm_scope_clear(dm_scope *scope)
{
  dm_table_clear(&scope->used);
  dm_arena_release(scope->arena, scope->next.at);
  memset(&scope->next, 0, sizeof scope->next);
}

/* The id of a label in the table; *fresh: nobody has it yet. */
static uint32_t take(dm_scope *scope, const char *text, bool *fresh)
{
  uint32_t id = dm_table_intern(&scope->used, text, strlen(text), fresh);
  if (*fresh)
    DM_PUSH(scope->arena, &scope->next, 1);
  return id;
}

static const char *with_suffix(dm_scope *scope, const char *text, uint32_t id)
{
  size_t len = strlen(text);
  char *tried = dm_arena_alloc(scope->arena, len + 12);
  memcpy(tried, text, len);
  bool fresh = false;
  while (!fresh) {
    snprintf(tried + len, 12, "_%u", (unsigned)scope->next.at[id]++);
    (void)take(scope, tried, &fresh);
  }
  return tried;
}

const char **dm_scope_make(
    dm_scope *scope, const char *const *text, uint32_t count)
{
  dm_arena *arena = scope->arena;
  const char **out = dm_arena_array(arena, (size_t)count + 1, sizeof *out);
  unsigned char *again = dm_arena_array(arena, (size_t)count + 1, 1);
  /* First all that are there, so that no suffix makes one of them. */
  for (uint32_t i = 0; i < count; i++) {
    out[i] = clean(arena, text[i]);
    bool fresh = true;
    if (out[i][0] != '\0')
      (void)take(scope, out[i], &fresh);
    again[i] = !fresh;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (!again[i])
      continue;
    bool fresh;
    out[i] = with_suffix(scope, out[i], take(scope, out[i], &fresh));
  }
  return out;
}

void dm_quote(dm_str *out, const char *text)
{
  size_t run = 0;
  dm_str_addc(out, '"');
  for (const char *c = text; *c; c++) {
    if (*c == '\\') {
      run = strspn(c, "\\");
      dm_str_fill(out, unwritable(c + run, run) ? '/' : '\\', run);
      c += run - 1;
      continue;
    }
    /* Two backslashes or more keep the quote from closing by themselves. */
    if (*c == '"' && run < 2)
      dm_str_addc(out, '\\');
    dm_str_addc(out, *c);
    run = 0;
  }
  dm_str_addc(out, '"');
}
