/* lang/names.c -- what a name means where it stands.
 *
 * States, letters, reports, deals and the like share one space; a choice's name
 * is its actor's own, an option's its choice's own.  In an actor's own choices
 * its own words come first. */
#include "lang/build.h"

#include <string.h>

/* ---- names --------------------------------------------------------------- */

static const dm_entity nothing = {.kind = DM_IS_NOTHING};

/* Options of a choice whose word is part[from ..]: `propose`, `propose.2`. */
bool dm_find_options(
    dm_build *b, uint32_t choice, const dm_ast_path *path, uint32_t from,
    dm_entity *out)
{
  const dm_core_choice *c = &b->core->choice.at[b->choice.at[choice].core];
  dm_str word = {0};
  for (uint32_t i = from; i < path->n; i++) {
    if (i > from)
      dm_str_addc(&word, '.');
    dm_str_adds(&word, path->part[i].text);
  }
  /* Half a word must not be taken for another name. */
  if (word.failed) {
    dm_str_clear(&word);
    dm_arena_throw(b->arena, DM_E_MEMORY);
  }
  *out = (dm_entity){.kind = DM_IS_OPTION, .index = choice};
  for (uint32_t i = 0; i < c->n_options; i++) {
    const dm_core_option *o = &b->core->option.at[c->first_option + i];
    if (strcmp(o->name, dm_str_text(&word)) != 0 &&
        strcmp(o->base, dm_str_text(&word)) != 0)
      continue;
    if (!out->count)
      out->first = i;
    out->count++;
  }
  dm_str_clear(&word);
  return out->count > 0;
}

static uint32_t choice_of(const dm_build *b, uint32_t actor, const char *name)
{
  for (uint32_t i = 0; i < b->choice.n; i++)
    if (b->choice.at[i].actor == actor &&
        strcmp(b->choice.at[i].name, name) == 0)
      return i;
  return DM_NONE;
}

/* A choice named without its actor: one's own, or the only one. */
static uint32_t bare_choice(
    dm_build *b, const dm_context *ctx, const dm_ast_name *name, bool quiet)
{
  if (ctx->owner != DM_NONE) {
    uint32_t own = choice_of(b, ctx->owner, name->text);
    if (own != DM_NONE)
      return own;
  }
  uint32_t found = DM_NONE;
  for (uint32_t i = 0; i < b->choice.n; i++) {
    if (strcmp(b->choice.at[i].name, name->text) != 0)
      continue;
    if (found != DM_NONE && !quiet) {
      const char *x = b->core->actor.at[b->choice.at[found].actor].name;
      const char *y = b->core->actor.at[b->choice.at[i].actor].name;
      dm_say(
          b, "E062", name->at, 0,
          dm_format_in(
              b->arena, "write `%s.%s` or `%s.%s`", x, name->text, y,
              name->text),
          "several actors have a choice `%s`", name->text);
      return found;
    }
    found = i;
  }
  return found;
}

static dm_entity of_actor(dm_build *b, uint32_t actor, const dm_ast_path *path)
{
  uint32_t choice = choice_of(b, actor, path->part[1].text);
  dm_entity out;
  if (choice != DM_NONE && path->n == 2)
    return (dm_entity){.kind = DM_IS_CHOICE, .index = choice};
  if (choice != DM_NONE && dm_find_options(b, choice, path, 2, &out))
    return out;
  for (uint32_t i = 0; i < b->choice.n; i++)
    if (b->choice.at[i].actor == actor && dm_find_options(b, i, path, 1, &out))
      return out;
  return nothing;
}

static dm_entity of_symbol(
    dm_build *b, const dm_symbol *symbol, const dm_ast_path *path)
{
  switch (symbol->kind) {
  case DM_SYM_ACTOR:
    if (path->n > 1)
      return of_actor(b, symbol->index, path);
    break;
  case DM_SYM_STATE:
    if (path->n == 1)
      return (dm_entity){.kind = DM_IS_STATE, .index = symbol->index};
    break;
  case DM_SYM_REPORT:
    if (path->n == 1)
      return (dm_entity){.kind = DM_IS_READING, .index = symbol->index};
    break;
  case DM_SYM_ASSUMPTION:
    if (path->n == 1)
      return (dm_entity){.kind = DM_IS_ASSUMPTION, .index = symbol->index};
    break;
  case DM_SYM_OUTCOME:
    if (path->n == 1)
      return (dm_entity){.kind = DM_IS_OUTCOME, .index = symbol->index};
    break;
  case DM_SYM_DEAL: {
    const dm_ast_deal *deal = b->deal[symbol->index].ast;
    for (uint32_t i = 0; path->n == 2 && i < deal->terms.n; i++)
      if (strcmp(deal->terms.at[i].name.text, path->part[1].text) == 0)
        return (dm_entity){
            .kind = DM_IS_TERM, .index = symbol->index, .second = i};
    break;
  }
  case DM_SYM_LETTER: {
    const dm_ast_letter *letter = b->letter[symbol->index].ast;
    for (uint32_t i = 0; path->n == 2 && i < letter->says.n; i++)
      if (strcmp(letter->says.at[i].field.text, path->part[1].text) == 0)
        return (dm_entity){
            .kind = DM_IS_FIELD, .index = symbol->index, .second = i};
    break;
  }
  case DM_SYM_BENCHMARK:
  case DM_SYM_SCHEDULE:
    break;
  }
  if (path->n == 1)
    return (dm_entity){.kind = DM_IS_OTHER, .index = symbol->index};
  return nothing;
}

const char *dm_path_text(dm_build *b, const dm_ast_path *path)
{
  const char *text = path->part[0].text;
  for (uint32_t i = 1; i < path->n; i++)
    text = dm_format_in(b->arena, "%s.%s", text, path->part[i].text);
  return text;
}

void dm_unknown(dm_build *b, const dm_ast_path *path)
{
  uint32_t room = b->symbol.n + b->choice.n + b->core->option.n;
  const char **list = dm_arena_array(b->arena, room + 1, sizeof *list);
  size_t n = 0;
  for (uint32_t i = 0; i < b->symbol.n; i++)
    list[n++] = b->symbol.at[i].name;
  for (uint32_t i = 0; i < b->choice.n; i++)
    list[n++] = b->choice.at[i].name;
  for (uint32_t i = 0; i < b->core->option.n; i++)
    list[n++] = b->core->option.at[i].name;
  const dm_ast_name *last = &path->part[path->n - 1];
  const char *near = dm_nearest(last->text, list, n);
  dm_say(
      b, "E062", path->at, 0,
      near && strcmp(near, last->text) != 0
          ? dm_format_in(b->arena, "did you mean `%s`?", near)
          : "states, letters, reports, deals, choices, actors and "
            "assumptions can be named here",
      "nothing here is called `%s`", dm_path_text(b, path));
}

dm_entity dm_resolve(
    dm_build *b, const dm_context *ctx, const dm_ast_path *path, bool quiet)
{
  const dm_symbol *symbol = dm_lookup(b, path->part[0].text);
  dm_entity out = nothing;
  /* In an actor's own choices its own words come first. */
  uint32_t own = ctx->owner == DM_NONE
                     ? DM_NONE
                     : choice_of(b, ctx->owner, path->part[0].text);
  if (symbol && own == DM_NONE)
    out = of_symbol(b, symbol, path);
  if (out.kind == DM_IS_NOTHING) {
    uint32_t choice = bare_choice(b, ctx, &path->part[0], quiet);
    if (choice != DM_NONE && path->n == 1)
      return (dm_entity){.kind = DM_IS_CHOICE, .index = choice};
    if (choice != DM_NONE && dm_find_options(b, choice, path, 1, &out))
      return out;
    out = nothing;
  }
  if (out.kind == DM_IS_NOTHING && !quiet)
    dm_unknown(b, path);
  return out;
}
