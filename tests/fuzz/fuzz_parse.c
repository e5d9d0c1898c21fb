/* tests/fuzz/fuzz_parse.c -- the reader, the formatter and Markdown, on
 * anything.
 *
 * Beyond not crashing: a refusal comes with a message whose place is in the
 * text, and what is accepted has a canonical layout that is read again and is
 * its own. */
#include "base/str.h"
#include "lang/format.h"
#include "lang/markdown.h"
#include "lang/parse.h"

#include <stdlib.h>
#include <string.h>

static void must(bool holds)
{
  if (!holds)
    abort();
}

static void check_messages(const dm_diags *diags)
{
  must(dm_diags_size(diags) > 0);
  for (size_t i = 0; i < dm_diags_size(diags); i++) {
    const dm_diag *diag = dm_diags_at(diags, i);
    must(diag->line > 0 && diag->column > 0 && diag->length > 0);
    must(diag->text[0] != '\0');
  }
}

static dm_status read_text(const char *text, size_t size, dm_diags *diags)
{
  dm_arena arena;
  dm_ast *ast;
  dm_arena_init(&arena, 0);
  dm_status status = dm_ast_read(&arena, text, size, diags, &ast);
  must((status == DM_OK) == (ast != NULL));
  dm_arena_clear(&arena);
  return status;
}

static void check_format(const char *text, size_t size, dm_diags *diags)
{
  dm_str once = {0};
  dm_str twice = {0};
  must(dm_format(text, size, diags, &once) == DM_OK);
  must(dm_format(dm_str_text(&once), once.len, diags, &twice) == DM_OK);
  must(strcmp(dm_str_text(&once), dm_str_text(&twice)) == 0);
  must(read_text(dm_str_text(&once), once.len, diags) == DM_OK);
  dm_str_clear(&once);
  dm_str_clear(&twice);
}

static void check_markdown(const char *text, size_t size, dm_diags *diags)
{
  dm_arena arena;
  dm_markdown parts;
  dm_arena_init(&arena, 0);
  if (setjmp(arena.jump) == 0 &&
      dm_markdown_read(&arena, text, size, diags, &parts) == DM_OK)
    must(parts.len <= size && parts.blocks > 0);
  dm_arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const char *text = (const char *)data;
  dm_diags *diags = dm_diags_new();
  if (!diags)
    return 0;
  if (read_text(text, size, diags) == DM_OK)
    check_format(text, size, diags);
  else
    check_messages(diags);
  check_markdown(text, size, diags);
  dm_diags_free(diags);
  return 0;
}
