/* lang/scope.c -- names, dates and messages of the checker. */
#include "lang/build.h"
#include "lang/codes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *format_args(
    dm_arena *arena, const char *format, va_list args) DM_PRINTF(2, 0);

static const char *format_args(
    dm_arena *arena, const char *format, va_list args)
{
  va_list again;
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (len < 0)
    return "";
  char *text = dm_arena_alloc(arena, (size_t)len + 1);
  vsnprintf(text, (size_t)len + 1, format, args);
  return text;
}

const char *dm_format_in(dm_arena *arena, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  const char *text = format_args(arena, format, args);
  va_end(args);
  return text;
}

static void code_facts(
    const char *code, dm_severity *severity, const char **title)
{
  static const struct {
    const char *code;
    dm_severity severity;
    const char *title;
  } facts[] = {
#define DM_CODE_FACT(code, severity, title) {#code, severity, title},
      DM_CODE_LIST(DM_CODE_FACT)
#undef DM_CODE_FACT
  };
  for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
    if (strcmp(facts[i].code, code) == 0) {
      *severity = facts[i].severity;
      *title = facts[i].title;
      return;
    }
  *severity = DM_ERROR;
  *title = "";
}

void dm_say(
    dm_build *b, const char *code, dm_span at, uint32_t other_line,
    const char *repair, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  const char *text = format_args(b->arena, format, args);
  va_end(args);
  dm_severity severity;
  const char *title;
  code_facts(code, &severity, &title);
  dm_diags_add(
      b->diags, severity, code, title, at, other_line, text,
      repair ? repair : "");
}

const char *dm_symbol_kind_text(dm_symbol_kind kind)
{
  static const char *const words[] = {
      "an actor",    "a state",       "a letter",   "a report",  "a deal",
      "a benchmark", "an assumption", "an outcome", "a schedule"};
  return words[kind];
}

void dm_declare(
    dm_build *b, dm_ast_name name, dm_symbol_kind kind, uint32_t index)
{
  bool fresh;
  uint32_t id =
      dm_table_intern(&b->names, name.text, strlen(name.text), &fresh);
  if (!fresh) {
    const dm_symbol *held = &b->symbol.at[id];
    dm_say(
        b, "E062", name.at, held->at.line, "give one of the two another name",
        "`%s` is already %s, declared on line %u", name.text,
        dm_symbol_kind_text(held->kind), held->at.line);
    return;
  }
  DM_PUSH(
      b->arena, &b->symbol,
      ((dm_symbol){
          .name = name.text, .kind = kind, .index = index, .at = name.at}));
}

const dm_symbol *dm_lookup(const dm_build *b, const char *name)
{
  uint32_t id = dm_table_find(&b->names, name, strlen(name));
  return id == UINT32_MAX ? NULL : &b->symbol.at[id];
}

/* Edit distance, given up beyond 2; words are short. */
static size_t distance(const char *x, const char *y)
{
  enum { LONGEST = 48 };
  size_t nx = strlen(x), ny = strlen(y);
  if (nx > LONGEST || ny > LONGEST || nx > ny + 2 || ny > nx + 2)
    return 9;
  size_t row[LONGEST + 1];
  for (size_t j = 0; j <= ny; j++)
    row[j] = j;
  for (size_t i = 1; i <= nx; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= ny; j++) {
      size_t best = diagonal + (x[i - 1] != y[j - 1]);
      diagonal = row[j];
      if (row[j] + 1 < best)
        best = row[j] + 1;
      if (row[j - 1] + 1 < best)
        best = row[j - 1] + 1;
      row[j] = best;
    }
  }
  return row[ny];
}

const char *dm_nearest(const char *word, const char *const *list, size_t n)
{
  const char *nearest = NULL;
  size_t least = strlen(word) <= 4 ? 2 : 3; /* exclusive */
  for (size_t i = 0; i < n; i++) {
    size_t d = distance(word, list[i]);
    if (d < least) {
      least = d;
      nearest = list[i];
    }
  }
  return nearest;
}

static const char *nearest_symbol(dm_build *b, const char *name, int kind)
{
  const char **list = dm_arena_array(b->arena, b->symbol.n, sizeof *list);
  size_t n = 0;
  for (uint32_t i = 0; i < b->symbol.n; i++)
    if (kind < 0 || (int)b->symbol.at[i].kind == kind)
      list[n++] = b->symbol.at[i].name;
  return dm_nearest(name, list, n);
}

uint32_t dm_need(dm_build *b, dm_ast_name name, dm_symbol_kind kind)
{
  const dm_symbol *symbol = name.text ? dm_lookup(b, name.text) : NULL;
  if (symbol && symbol->kind == kind)
    return symbol->index;
  if (!name.text)
    return DM_NONE;
  if (symbol) {
    dm_say(
        b, "E062", name.at, symbol->at.line, NULL,
        "`%s` is %s (line %u); here %s is needed", name.text,
        dm_symbol_kind_text(symbol->kind), symbol->at.line,
        dm_symbol_kind_text(kind));
    return DM_NONE;
  }
  const char *near = nearest_symbol(b, name.text, (int)kind);
  dm_say(
      b, "E062", name.at, 0,
      near ? dm_format_in(b->arena, "did you mean `%s`?", near) : NULL,
      "there is no `%s`; here %s is needed", name.text,
      dm_symbol_kind_text(kind));
  return DM_NONE;
}

uint32_t dm_date(dm_build *b, dm_ast_date date, const char *what)
{
  dm_period t = dm_ast_period(&b->ast->scenario.clock, date);
  char text[24], first[24], last[24];
  if (t == DM_PERIOD_NONE || (t >= 1 && t <= (dm_period)b->n_periods))
    return t == DM_PERIOD_NONE ? 1 : (uint32_t)t;
  dm_ast_date_text(date, text);
  dm_ast_date_text(b->ast->scenario.clock.from, first);
  dm_ast_date_text(b->ast->scenario.clock.to, last);
  if (t < 1) {
    dm_say(
        b, "E061", date.at, b->ast->scenario.clock.at.line,
        dm_format_in(
            b->arena, "start the clock earlier, or take a date from %s on",
            first),
        "%s of %s is before the clock, which starts in %s", text, what, first);
    return 1;
  }
  dm_say(
      b, "W001", date.at, b->ast->scenario.clock.at.line, NULL,
      "%s of %s is after the clock's end (%s): what it schedules never "
      "happens",
      text, what, last);
  return b->n_periods + 1;
}

uint64_t dm_everyone(const dm_build *b)
{
  return b->n_actors >= 64 ? UINT64_MAX : (UINT64_C(1) << b->n_actors) - 1;
}

uint64_t dm_viewers(dm_build *b, const dm_ast_viewers *viewers, uint64_t unsaid)
{
  switch (viewers->view) {
  case DM_AST_VIEW_UNSAID:
    return unsaid;
  case DM_AST_PUBLIC:
    return dm_everyone(b);
  case DM_AST_HIDDEN:
    return 0;
  case DM_AST_SEEN_BY:
    break;
  }
  uint64_t mask = 0;
  for (uint32_t i = 0; i < viewers->names.n; i++) {
    uint32_t actor = dm_need(b, viewers->names.at[i], DM_SYM_ACTOR);
    if (actor != DM_NONE)
      mask |= UINT64_C(1) << actor;
  }
  return mask;
}

const char *dm_first_note(const dm_ast_remarks *remarks)
{
  return remarks && remarks->notes.n ? remarks->notes.at[0].text : "";
}
