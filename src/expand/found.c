/* expand/found.c -- what the walk saw that an author should know: each thing
 * once, with the first date and a situation as an example. */
#include "expand/walk.h"

#include <string.h>

enum { MOST_TEXT = 320 };

typedef struct dm_words {
  char at[MOST_TEXT];
  size_t n;
} dm_words;

static void add(dm_words *out, const char *text)
{
  size_t len = strlen(text);
  if (len > MOST_TEXT - 1 - out->n)
    len = MOST_TEXT - 1 - out->n;
  memcpy(out->at + out->n, text, len);
  out->n += len;
}

static void add_number(dm_words *out, int64_t x)
{
  char text[32];
  dm_number_text((double)x, text);
  add(out, text);
}

static void add_var(dm_walk *w, dm_words *out, uint32_t i)
{
  const dm_core_var *var = &w->core->var.at[i];
  int64_t place = (int64_t)w->now_v[i] - var->lo;
  if (out->n)
    add(out, ", ");
  add(out, var->name ? var->name : "?");
  add(out, " ");
  if (var->words && place >= 0 && place < (int64_t)var->size)
    add(out, var->words[place]);
  else
    add_number(out, w->now_v[i]);
}

/* The live variables that an author wrote, while they fit. */
static const char *state_text(dm_walk *w)
{
  dm_words out = {.n = 0};
  const dm_plan *plan = &w->plan[w->now_pos];
  for (uint32_t i = 0; w->now_v && i < w->n_vars; i++) {
    uint8_t kind = w->core->var.at[i].kind;
    bool told = kind == DM_VAR_STATE || kind == DM_VAR_TYPE ||
                kind == DM_VAR_STATUS ||
                (kind == DM_VAR_PICK && w->now_v[i] != 0);
    if (!told || !dm_bit_get(plan->live, i))
      continue;
    if (out.n > MOST_TEXT - 80) {
      add(&out, ", ...");
      break;
    }
    add_var(w, &out, i);
  }
  return dm_arena_text(w->perm, out.at, out.n);
}

static bool push(
    dm_walk *w, dm_found_kind kind, uint32_t rule, uint32_t other, uint32_t var,
    const char *text)
{
  uint32_t key[4] = {(uint32_t)kind, rule, other, var};
  bool fresh;
  dm_table_intern(&w->found, key, sizeof key, &fresh);
  if (!fresh)
    return false;
  dm_found it = {0};
  it.kind = (uint8_t)kind;
  it.rule = rule;
  it.other = other;
  it.var = var;
  it.period = w->now_period ? w->now_period : 1;
  it.state = text ? text : state_text(w);
  DM_PUSH(w->perm, &w->out->found, it);
  return true;
}

void dm_found_add(
    dm_walk *w, dm_found_kind kind, uint32_t rule, uint32_t other, uint32_t var)
{
  bool error = kind == DM_FOUND_CONFLICT || kind == DM_FOUND_FRACTION ||
               kind == DM_FOUND_CHANCES;
  w->bad = w->bad || error;
  if (w->options.skip_findings && !error)
    return;
  push(w, kind, rule, other, var, NULL);
}

/* Two situations that look the same to an actor offer it different options: a
 * fault of the checks above this module, told rather than solved. */
void dm_found_options(dm_walk *w, uint32_t pick)
{
  w->bad = true;
  push(
      w, DM_FOUND_CONFLICT, DM_NONE, DM_NONE, pick,
      "internal error: the situations of one information set offer different "
      "options");
}
