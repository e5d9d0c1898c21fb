/* lang/actors.c -- actors, their types, assumptions, and declared states. */
#include "lang/build.h"

#include <string.h>

static void assumptions(dm_build *b)
{
  for (uint32_t i = 0; i < b->ast->assumptions.n; i++) {
    const dm_ast_assumption *ast = &b->ast->assumptions.at[i];
    uint32_t param = dm_single(b, ast->value, ast->name.text, &ast->remarks);
    if (param != DM_NONE && param + 1 == b->core->param.n)
      b->core->param.at[param].alias = ast->name.text;
    DM_PUSH(b->arena, &b->assumption, param);
  }
}

static void actor_types(dm_build *b, uint32_t index)
{
  const dm_ast_actor *ast = &b->ast->actors.at[index];
  dm_core_actor *actor = &b->core->actor.at[index];
  actor->type_var = DM_NONE;
  if (!ast->types.n)
    return;
  uint32_t var =
      dm_new_var(b, DM_VAR_TYPE, ast->types.n, ast->name.text, ast->types_at);
  actor->type_var = var;
  const char **words = dm_arena_array(b->arena, ast->types.n, sizeof *words);
  for (uint32_t i = 0; i < ast->types.n; i++) {
    words[i] = ast->types.at[i].name.text;
    for (uint32_t k = 0; k < i; k++)
      if (!strcmp(words[i], words[k]))
        dm_say(
            b, "E062", ast->types.at[i].name.at, ast->types_at.line,
            "give one of the two another name", "two types are called `%s`",
            words[i]);
  }
  b->core->var.at[var].words = words;
  b->core->var.at[var].viewers = UINT64_C(1) << index;
}

static bool in_table(const dm_build *b, uint32_t actor)
{
  for (uint32_t i = 0; i < b->ast->types.n; i++)
    for (uint32_t k = 0; k < b->ast->types.at[i].actors.n; k++)
      if (!strcmp(
              b->ast->types.at[i].actors.at[k].text,
              b->ast->actors.at[actor].name.text))
        return true;
  return false;
}

static void draw_types(dm_build *b, uint32_t index)
{
  const dm_ast_actor *ast = &b->ast->actors.at[index];
  uint32_t n = ast->types.n;
  if (!n || in_table(b, index))
    return;
  const dm_ast_expr **list = dm_arena_array(b->arena, n, sizeof *list);
  const char **paths = dm_arena_array(b->arena, n, sizeof *paths);
  dm_expr_id *chance = dm_arena_array(b->arena, n, sizeof *chance);
  dm_stmt_id *body = dm_arena_array(b->arena, n, sizeof *body);
  uint32_t var = b->core->actor.at[index].type_var;
  for (uint32_t i = 0; i < n; i++) {
    if (!ast->types.at[i].chance) {
      dm_say(
          b, "E011", ast->types.at[i].name.at, 0,
          "write its chance behind it, or a `types` block with joint chances",
          "the type `%s` has no chance", ast->types.at[i].name.text);
      return;
    }
    list[i] = ast->types.at[i].chance;
    paths[i] = dm_format_in(
        b->arena, "%s.%s", ast->name.text, ast->types.at[i].name.text);
    body[i] = dm_assign(b, var, (int32_t)i);
  }
  dm_expr_id rest;
  dm_chances(
      b, list, n, paths, &ast->types_remarks, ast->types_at, false, chance,
      &rest);
  dm_rule(
      b, &b->start, ast->name.text, dm_draw(b, chance, body, n), NULL, false,
      ast->at);
}

/* A label TYPE or ACTOR.TYPE of a joint table. */
static bool type_label(
    dm_build *b, const dm_ast_types *table, const dm_ast_path *path,
    uint32_t *actor, uint32_t *type)
{
  uint32_t found = 0;
  const char *word = path->part[path->n - 1].text;
  for (uint32_t k = 0; k < table->actors.n; k++) {
    const dm_symbol *symbol = dm_lookup(b, table->actors.at[k].text);
    if (!symbol || symbol->kind != DM_SYM_ACTOR ||
        (path->n == 2 && strcmp(path->part[0].text, symbol->name) != 0))
      continue;
    const dm_ast_actor *ast = &b->ast->actors.at[symbol->index];
    for (uint32_t i = 0; i < ast->types.n; i++)
      if (!strcmp(ast->types.at[i].name.text, word)) {
        *actor = symbol->index;
        *type = i;
        found++;
      }
  }
  if (found == 1)
    return true;
  dm_say(
      b, "E062", path->at, table->at.line,
      "write ACTOR.TYPE with an actor of this table",
      found ? "`%s` is a type of several actors" : "there is no type `%s`",
      word);
  return false;
}

static void joint_types(dm_build *b, const dm_ast_types *table)
{
  uint32_t columns = table->columns.n ? table->columns.n : 1;
  uint32_t room = columns * table->rows.n;
  const dm_ast_expr **list = dm_arena_array(b->arena, room + 1, sizeof *list);
  const char **paths = dm_arena_array(b->arena, room + 1, sizeof *paths);
  dm_expr_id *chance = dm_arena_array(b->arena, room + 1, sizeof *chance);
  dm_stmt_id *body = dm_arena_array(b->arena, room + 1, sizeof *body);
  uint32_t n = 0;
  for (uint32_t k = 0; k < table->actors.n; k++)
    dm_need(b, table->actors.at[k], DM_SYM_ACTOR);
  for (uint32_t r = 0; r < table->rows.n; r++) {
    const dm_ast_types_row *row = &table->rows.at[r];
    if (row->cells.n != columns) {
      dm_say(
          b, "E052", row->at, table->at.line, NULL,
          "this row has %u of %u chances", row->cells.n, columns);
      return;
    }
    for (uint32_t c = 0; c < columns; c++) {
      dm_stmts set = {0};
      const char *path = "types";
      uint32_t actor, type;
      for (uint32_t i = 0; i < row->labels.n; i++) {
        if (!type_label(b, table, &row->labels.at[i], &actor, &type))
          return;
        path = dm_format_in(
            b->arena, "%s.%s", path,
            b->ast->actors.at[actor].types.at[type].name.text);
        DM_PUSH(
            b->arena, &set,
            dm_assign(b, b->core->actor.at[actor].type_var, (int32_t)type));
      }
      if (table->columns.n) {
        if (!type_label(b, table, &table->columns.at[c], &actor, &type))
          return;
        path = dm_format_in(
            b->arena, "%s.%s", path,
            b->ast->actors.at[actor].types.at[type].name.text);
        DM_PUSH(
            b->arena, &set,
            dm_assign(b, b->core->actor.at[actor].type_var, (int32_t)type));
      }
      if (set.n != table->actors.n) {
        dm_say(
            b, "E052", row->at, table->at.line,
            "name one type of each actor, by row and column",
            "this entry names %u types; the table is over %u actors", set.n,
            table->actors.n);
        return;
      }
      list[n] = row->cells.at[c];
      paths[n] = path;
      body[n++] = dm_sequence(b, &set);
    }
  }
  dm_expr_id rest;
  dm_chances(
      b, list, n, paths, &table->remarks, table->at, false, chance, &rest);
  dm_rule(
      b, &b->start, "types", dm_draw(b, chance, body, n), NULL, false,
      table->at);
}

static const char *memory_words(dm_build *b, const dm_ast_actor *ast)
{
  static const char *const verbs[] = {
      [DM_AST_LAST] = "last",
      [DM_AST_FIRST] = "first",
      [DM_AST_HIGHEST] = "highest",
      [DM_AST_OWN_LETTERS] = "when own letters were sent",
      [DM_AST_LETTERS_IN] = "when letters arrived",
      [DM_AST_TERMS_OF] = "terms of",
      [DM_AST_SAYS_OF] = "what was said in",
      [DM_AST_OWN_OPTIONS] = "own last options",
      [DM_AST_COUNT_OF] = "count of",
      [DM_AST_EVERYTHING] = "everything (perfect recall)"};
  const char *text = "";
  for (uint32_t i = 0; i < ast->remembers.n; i++) {
    const dm_ast_memory *m = &ast->remembers.at[i];
    const char *what = "";
    for (uint32_t k = 0; k < m->path.n; k++)
      what = dm_format_in(
          b->arena, "%s%s%s", what, k ? "." : " ", m->path.part[k].text);
    const char *several = m->kind == DM_AST_LAST && m->k > 1
                              ? dm_format_in(b->arena, " %u of", m->k)
                              : "";
    text = dm_format_in(
        b->arena, "%s%s%s%s%s%s", text, i ? ", " : "", verbs[m->kind], several,
        what, m->binned ? " (in bins)" : "");
  }
  return text;
}

static void one_actor(dm_build *b, uint32_t i)
{
  const dm_ast_actor *ast = &b->ast->actors.at[i];
  dm_core_actor actor = {
      .name = ast->name.text,
      .display = ast->display ? ast->display : "",
      .note = dm_first_note(&ast->remarks),
      .type_var = DM_NONE,
      .sharpness = DM_NONE,
      .discount = DM_NONE,
      .memory = memory_words(b, ast)};
  if (ast->sharpness) {
    actor.sharpness = dm_single(
        b, ast->sharpness,
        dm_format_in(b->arena, "%s.sharpness", ast->name.text),
        &ast->sharpness_remarks);
    if (actor.sharpness != DM_NONE && b->core->param.at[actor.sharpness].lo < 0)
      dm_say(
          b, "E013", ast->sharpness->at, 0, "0 means pure noise",
          "sharpness cannot be negative");
  }
  if (ast->discount) {
    actor.discount = dm_single(
        b, ast->discount, dm_format_in(b->arena, "%s.discount", ast->name.text),
        &ast->discount_remarks);
    if (actor.discount != DM_NONE &&
        (b->core->param.at[actor.discount].lo <= 0 ||
         b->core->param.at[actor.discount].hi > 1))
      dm_say(
          b, "E013", ast->discount->at, 0, "1 means no discounting",
          "a discount lies above 0 and at most at 1");
  }
  for (uint32_t k = 0; k < ast->remembers.n; k++)
    actor.recalls |= ast->remembers.at[k].kind == DM_AST_EVERYTHING;
  DM_PUSH(b->arena, &b->core->actor, actor);
  actor_types(b, i);
}

void dm_build_actors(dm_build *b)
{
  assumptions(b);
  for (uint32_t i = 0; i < b->n_actors; i++)
    one_actor(b, i);
  for (uint32_t i = 0; i < b->n_actors; i++)
    draw_types(b, i);
  for (uint32_t i = 0; i < b->ast->types.n; i++)
    joint_types(b, &b->ast->types.at[i]);
}

/* ---- states ----------------------------------------------------------------- */

static void worded(dm_build *b, dm_b_state *state, dm_core_var *var)
{
  const dm_ast_names *names = &state->ast->words;
  const char **words = dm_arena_array(b->arena, names->n, sizeof *words);
  for (uint32_t i = 0; i < names->n; i++)
    words[i] = names->at[i].text;
  state->lo = 0;
  state->size = names->n;
  var->words = words;
  var->ordered = true;
}

static void scaled(dm_build *b, dm_b_state *state)
{
  const dm_ast_state *ast = state->ast;
  dm_ratio lo = ast->lo.value, hi = ast->hi.value;
  state->lo = 0;
  state->size = 1;
  if (lo.den != 1 || hi.den != 1 || hi.num < lo.num || lo.num < INT32_MIN / 4 ||
      hi.num > INT32_MAX / 4 || hi.num - lo.num > 100000) {
    dm_say(
        b, "E063", ast->lo.at.line ? ast->lo.at : ast->at, 0,
        "write LOWEST..HIGHEST in whole steps, at most 100,000 apart",
        "the scale of `%s` is not usable", ast->name.text);
    return;
  }
  state->lo = (int32_t)lo.num;
  state->size = (uint32_t)(hi.num - lo.num) + 1;
}

static void start_chances(dm_build *b, dm_b_state *state)
{
  const dm_ast_chances *start = &state->ast->start_chances;
  uint32_t n = start->n;
  const dm_ast_expr **list = dm_arena_array(b->arena, n, sizeof *list);
  const char **paths = dm_arena_array(b->arena, n, sizeof *paths);
  dm_expr_id *chance = dm_arena_array(b->arena, n, sizeof *chance);
  dm_stmt_id *body = dm_arena_array(b->arena, n, sizeof *body);
  for (uint32_t i = 0; i < n; i++) {
    int64_t value = state->lo;
    dm_state_value(b, state, start->at[i].value, &value);
    list[i] = start->at[i].chance;
    paths[i] = dm_format_in(
        b->arena, "%s.start.%lld", state->ast->name.text, (long long)value);
    body[i] = dm_assign(b, state->var, (int32_t)value);
  }
  dm_expr_id rest;
  dm_chances(
      b, list, n, paths, &state->ast->remarks, state->ast->at, false, chance,
      &rest);
  dm_rule(
      b, &b->start, state->ast->name.text, dm_draw(b, chance, body, n), NULL,
      false, state->ast->at);
}

void dm_build_states(dm_build *b)
{
  uint32_t n = b->ast->states.n;
  b->state = dm_arena_array(b->arena, n + 1, sizeof *b->state);
  for (uint32_t i = 0; i < n; i++) {
    const dm_ast_state *ast = &b->ast->states.at[i];
    dm_b_state *state = &b->state[i];
    state->ast = ast;
    state->viewers = dm_viewers(b, &ast->viewers, dm_everyone(b));
    dm_core_var var = {
        .name = ast->name.text,
        .display = ast->display ? ast->display : "",
        .note = dm_first_note(&ast->remarks),
        .unit = "",
        .unit_step = 1,
        .viewers = state->viewers,
        .kind = DM_VAR_STATE,
        .saturates = true,
        .at = ast->at};
    if (ast->worded)
      worded(b, state, &var);
    else
      scaled(b, state);
    state->stepped = ast->stepped;
    state->step = (dm_ratio){1, 1};
    if (ast->stepped && ast->step.value.num > 0) {
      state->step = ast->step.value;
      var.unit = ast->step.unit ? ast->step.unit : "";
      var.unit_step = dm_ratio_double(state->step);
    } else if (ast->stepped) {
      dm_say(
          b, "E063", ast->step.at, 0, "such as `(x 30 kg)`",
          "the step of `%s` must be above 0", ast->name.text);
    }
    var.lo = state->lo;
    var.size = state->size;
    var.start = state->lo;
    state->var = dm_core_add_var(b->core, var);
    int64_t start;
    if (ast->start_chances.n) {
      start_chances(b, state);
    } else if (!ast->start) {
      dm_say(
          b, "E004", ast->at, 0, "write `= START` behind the scale",
          "the state `%s` has no start", ast->name.text);
    } else if (dm_state_value(b, state, ast->start, &start)) {
      b->core->var.at[state->var].start = (int32_t)start;
      if (ast->remarks.sources.n)
        b->core->n_sourced++;
    }
  }
}
