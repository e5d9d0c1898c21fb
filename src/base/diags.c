/* base/diags.c -- a list of messages. */
#include "base/diags.h"

#include <stdlib.h>
#include <string.h>

struct dm_diags {
  dm_diag *at;
  size_t n, cap;
  size_t count[3]; /* by severity, also of those that could not be kept */
  bool failed;
};

dm_diags *dm_diags_new(void)
{
  return calloc(1, sizeof(dm_diags));
}

static void drop(dm_diag *diag)
{
  /* The strings were allocated here; the public struct shows them const. */
  free((void *)(uintptr_t)diag->code);
  free((void *)(uintptr_t)diag->title);
  free((void *)(uintptr_t)diag->text);
  free((void *)(uintptr_t)diag->repair);
}

void dm_diags_reset(dm_diags *diags)
{
  for (size_t i = 0; i < diags->n; i++)
    drop(&diags->at[i]);
  free(diags->at);
  memset(diags, 0, sizeof *diags);
}

void dm_diags_free(dm_diags *diags)
{
  if (!diags)
    return;
  dm_diags_reset(diags);
  free(diags);
}

static char *copy(const char *text)
{
  size_t len = strlen(text ? text : "") + 1;
  char *out = malloc(len);
  if (out)
    memcpy(out, text ? text : "", len);
  return out;
}

void dm_diags_add(
    dm_diags *diags, dm_severity severity, const char *code, const char *title,
    dm_span at, uint32_t other_line, const char *text, const char *repair)
{
  if (!diags)
    return;
  diags->count[severity]++;
  if (diags->n == diags->cap) {
    size_t cap = diags->cap ? diags->cap * 2 : 8;
    dm_diag *moved = realloc(diags->at, cap * sizeof *moved);
    if (!moved) {
      diags->failed = true;
      return;
    }
    diags->at = moved;
    diags->cap = cap;
  }
  dm_diag *diag = &diags->at[diags->n];
  *diag = (dm_diag){
      .severity = severity,
      .code = copy(code),
      .title = copy(title),
      .text = copy(text),
      .repair = copy(repair),
      .line = at.line,
      .column = at.column,
      .length = at.length,
      .other_line = other_line};
  if (!diag->code || !diag->title || !diag->text || !diag->repair) {
    drop(diag);
    diags->failed = true;
    return;
  }
  diags->n++;
}

static int by_weight(const void *a, const void *b)
{
  const dm_diag *x = a, *y = b;
  if (x->severity != y->severity)
    return x->severity > y->severity ? -1 : 1;
  /* E001..E003 hide everything behind them: unreadable text first. */
  bool xf = strncmp(x->code, "E00", 3) == 0;
  bool yf = strncmp(y->code, "E00", 3) == 0;
  if (xf != yf)
    return xf ? -1 : 1;
  if (x->line != y->line)
    return x->line < y->line ? -1 : 1;
  if (x->column != y->column)
    return x->column < y->column ? -1 : 1;
  int order = strcmp(x->code, y->code);
  return order ? order : strcmp(x->text, y->text);
}

void dm_diags_sort(dm_diags *diags)
{
  if (diags->n > 1)
    qsort(diags->at, diags->n, sizeof *diags->at, by_weight);
}

size_t dm_diags_count(const dm_diags *diags, dm_severity at_least)
{
  size_t count = 0;
  for (int s = (int)at_least; s <= (int)DM_ERROR; s++)
    count += diags ? diags->count[s] : 0;
  return count;
}

size_t dm_diags_size(const dm_diags *diags)
{
  return diags ? diags->n : 0;
}

const dm_diag *dm_diags_at(const dm_diags *diags, size_t i)
{
  return diags && i < diags->n ? &diags->at[i] : NULL;
}

bool dm_diags_failed(const dm_diags *diags)
{
  return diags->failed;
}
