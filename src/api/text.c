/* api/text.c -- texts that leave the library, and those that are part of it. */
#include "api/embedded.h"
#include "api/handle.h"
#include "interop/codes.h"
#include "lang/codes.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *dm_version(void)
{
  return DM_VERSION_TEXT;
}

void dm_text_free(dm_text *text)
{
  if (!text)
    return;
  free(text->at);
  text->at = NULL;
  text->len = 0;
}

dm_status dm_text_take(dm_str *str, dm_text *out)
{
  if (!str->at)
    dm_str_add(str, "", 0);
  if (str->failed || !str->at) {
    dm_str_clear(str);
    return DM_E_MEMORY;
  }
  out->at = str->at;
  out->len = str->len;
  memset(str, 0, sizeof *str);
  return DM_OK;
}

dm_print_options dm_print_defaults(void)
{
  return (dm_print_options){.columns = 80};
}

/* ---- embedded texts --------------------------------------------------------- */

const dm_embedded *dm_embedded_in(const char *folder, size_t i)
{
  const dm_embedded *text;
  for (size_t k = 0; (text = dm_embedded_at(k)) != NULL; k++) {
    if (strcmp(text->folder, folder) == 0 && i-- == 0)
      return text;
  }
  return NULL;
}

const dm_embedded *dm_embedded_find(const char *folder, const char *name)
{
  const dm_embedded *text;
  for (size_t k = 0; (text = dm_embedded_in(folder, k)) != NULL; k++) {
    if (strcmp(text->name, name) == 0)
      return text;
  }
  return NULL;
}

const char *dm_code_title(const char *code)
{
#define CODE_TITLE(name, severity, title)                                      \
  if (strcmp(code, #name) == 0)                                                \
    return title;
  DM_CODE_LIST(CODE_TITLE)
  DM_GAMBIT_CODE_LIST(CODE_TITLE)
  DM_EVENTS_CODE_LIST(CODE_TITLE)
#undef CODE_TITLE
  return "";
}

const char *dm_code_at(size_t i)
{
  static const char *const code[] = {
#define CODE_NAME(name, severity, title) #name,
      DM_CODE_LIST(CODE_NAME) DM_GAMBIT_CODE_LIST(CODE_NAME)
          DM_EVENTS_CODE_LIST(CODE_NAME)
#undef CODE_NAME
  };
  return i < sizeof code / sizeof *code ? code[i] : NULL;
}

dm_status dm_code_explain(
    const char *code, const dm_print_options *print, dm_text *out)
{
  memset(out, 0, sizeof *out);
  char upper[8] = "";
  for (size_t i = 0; i < sizeof upper - 1 && code[i]; i++)
    upper[i] = (char)toupper((unsigned char)code[i]);
  const dm_embedded *page =
      strlen(code) < sizeof upper ? dm_embedded_find("messages", upper) : NULL;
  if (!page)
    return DM_E_RANGE;
  dm_str str = {0};
  dm_status why = dm_report_page(page->name, page->text, print, &str);
  if (why == DM_OK)
    return dm_text_take(&str, out);
  dm_str_clear(&str);
  return why;
}

const char *dm_scenario_new_kind(size_t i)
{
  const dm_embedded *text = dm_embedded_in("new", i);
  return text ? text->name : NULL;
}

dm_status dm_scenario_new(const char *kind, dm_text *out)
{
  memset(out, 0, sizeof *out);
  const dm_embedded *text = dm_embedded_find("new", kind);
  if (!text)
    return DM_E_RANGE;
  dm_str str = {0};
  dm_str_add(&str, text->text, text->len);
  return dm_text_take(&str, out);
}

dm_status dm_diags_write(
    const dm_diags *diags, const char *file_name, const char *text, size_t len,
    const dm_print_options *print, dm_text *out)
{
  memset(out, 0, sizeof *out);
  dm_str str = {0};
  dm_status why = dm_report_diags(diags, file_name, text, len, print, &str);
  if (why == DM_OK)
    return dm_text_take(&str, out);
  dm_str_clear(&str);
  return why;
}
