/* The pages of the codes of game files: what each shows is refused with that
 * very code, and what mends it is read. */
#include "unit.h"

#include "files.h"
#include "interop/codes.h"

#include <stdio.h>
#include <stdlib.h>

/* "\xe9" stands for a byte that a page cannot hold. */
static size_t unescape(char *text, size_t len)
{
  char *at = strstr(text, "\\xe9");
  if (!at || at >= text + len)
    return len;
  *at = '\xe9';
  memmove(at + 1, at + 4, len - (size_t)(at - text) - 4);
  return len - 3;
}

static void check_block(
    const char *code, dm_gambit_form form, bool wrong, char *text, size_t len)
{
  dm_gambit *gambit = NULL;
  dm_diags *diags = dm_diags_new();
  len = unescape(text, len);
  dm_status status = dm_gambit_read(text, len, form, diags, &gambit);
  const dm_diag *d = dm_diags_at(diags, 0);
  if (wrong && (status != DM_E_INPUT || strcmp(d->code, code) != 0))
    FAIL("%s: its example brings %s", code, d ? d->code : "no message");
  if (!wrong && status != DM_OK)
    FAIL("%s: its repair brings %s, %s", code, d->code, d->text);
  dm_gambit_free(gambit);
  dm_diags_free(diags);
}

/* The next fenced block from *at: its head and its body. */
static bool next_block(char **at, char **head, char **body, size_t *len)
{
  char *fence = strstr(*at, "```");
  if (!fence)
    return false;
  *head = fence + 3;
  *body = strchr(fence, '\n') + 1;
  char *end = strstr(*body, "```");
  ASSERT_NOT_NULL(end);
  *len = (size_t)(end - *body);
  *at = end + 3;
  return true;
}

static void check_page(const char *code)
{
  char path[64];
  size_t size, len;
  snprintf(path, sizeof path, "docs/messages/%s.md", code);
  char *page = unit_read_file(path, &size);
  char *at = page, *head, *body;
  int shown = 0, mended = 0;
  while (next_block(&at, &head, &body, &len)) {
    dm_gambit_form form =
        strncmp(head, "efg ", 4) == 0 ? DM_GAMBIT_EFG : DM_GAMBIT_NFG;
    ASSERT_TRUE(form == DM_GAMBIT_EFG || strncmp(head, "nfg ", 4) == 0);
    bool wrong = strncmp(head + 4, "error\n", 6) == 0;
    ASSERT_TRUE(wrong || strncmp(head + 4, "nothing\n", 8) == 0);
    shown += wrong;
    mended += !wrong;
    check_block(code, form, wrong, body, len);
  }
  ASSERT_TRUE(shown > 0 && mended > 0);
  free(page);
}

TEST(every_page_keeps_its_word)
{
#define PAGE(code, severity, title) check_page(#code);
  DM_GAMBIT_CODE_LIST(PAGE)
#undef PAGE
}

TEST_MAIN(CASE(every_page_keeps_its_word))
