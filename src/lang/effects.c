/* lang/effects.c -- effects of options and rules as core statements. */
#include "lang/build.h"

#include <string.h>

dm_stmt_id dm_assign(dm_build *b, uint32_t var, int32_t value)
{
  return dm_core_set(b->core, var, dm_num(b, value));
}

dm_stmt_id dm_increase(dm_build *b, uint32_t var, dm_expr_id by)
{
  dm_stmt_id id = dm_core_set(b->core, var, by);
  b->core->stmt.at[id].op = DM_DO_ADD;
  return id;
}

dm_stmt_id dm_when(
    dm_build *b, dm_expr_id cond, dm_stmt_id then_id, dm_stmt_id else_id)
{
  if (then_id == DM_NONE && else_id == DM_NONE)
    return DM_NONE;
  if (cond == DM_NONE)
    return then_id;
  return dm_core_when(b->core, cond, then_id, else_id);
}

dm_stmt_id dm_sequence(dm_build *b, const dm_stmts *list)
{
  dm_core *core = b->core;
  uint32_t first = core->stmt_list.n, n = 0;
  dm_stmt_id only = DM_NONE;
  for (uint32_t i = 0; i < list->n; i++) {
    if (list->at[i] == DM_NONE)
      continue;
    only = list->at[i];
    n++;
    DM_PUSH(b->arena, &core->stmt_list, only);
  }
  if (n <= 1) {
    core->stmt_list.n = first;
    return only;
  }
  DM_PUSH(
      b->arena, &core->stmt,
      ((dm_core_stmt){
          .op = DM_DO_SEQ,
          .first = first,
          .count = n,
          .then_id = DM_NONE,
          .else_id = DM_NONE}));
  return core->stmt.n - 1;
}

dm_stmt_id dm_draw(
    dm_build *b, const dm_expr_id *chance, const dm_stmt_id *body, uint32_t n)
{
  dm_core *core = b->core;
  uint32_t first = core->branch.n;
  for (uint32_t i = 0; i < n; i++)
    DM_PUSH(
        b->arena, &core->branch,
        ((dm_core_branch){.chance = chance[i], .body = body[i]}));
  DM_PUSH(
      b->arena, &core->stmt,
      ((dm_core_stmt){
          .op = DM_DO_DRAW,
          .first = first,
          .count = n,
          .then_id = DM_NONE,
          .else_id = DM_NONE}));
  return core->stmt.n - 1;
}

void dm_rule(
    dm_build *b, dm_rules *list, const char *name, dm_stmt_id body,
    const uint8_t *on, bool watch_scale, dm_span at)
{
  if (body == DM_NONE)
    return;
  DM_PUSH(
      b->arena, list,
      ((dm_core_rule){
          .name = name,
          .body = body,
          .on = on,
          .watch_scale = watch_scale,
          .at = at}));
}

uint32_t dm_new_var(
    dm_build *b, dm_var_kind kind, uint32_t size, const char *name, dm_span at)
{
  return dm_core_add_var(
      b->core, (dm_core_var){
                   .name = name,
                   .display = "",
                   .note = "",
                   .unit = "",
                   .unit_step = 1,
                   .size = size,
                   .kind = (uint8_t)kind,
                   .at = at});
}

/* One walk over the effects of one option or rule. */
typedef struct walk {
  dm_build *b;
  dm_context *ctx;
  const dm_b_option *option; /* NULL in a rule */
  const char *path;          /* for the names of chances */
  const dm_ast_remarks *remarks;
  uint32_t chances; /* numbered so far */
} walk;

static dm_stmt_id all_effects(walk *w, const dm_ast_effects *effects);

static dm_stmt_id change_state(walk *w, const dm_ast_effect *e)
{
  dm_build *b = w->b;
  uint32_t index = dm_need(b, e->target, DM_SYM_STATE);
  if (index == DM_NONE)
    return DM_NONE;
  const dm_b_state *state = &b->state[index];
  int64_t value;
  if (e->kind == DM_AST_DO_SET &&
      (state->ast->worded || e->value->op == DM_AST_NUMBER))
    return dm_state_value(b, state, e->value, &value)
               ? dm_assign(b, state->var, (int32_t)value)
               : DM_NONE;
  if (state->ast->worded) {
    dm_say(
        b, "E066", e->at, state->ast->at.line, "write `STATE = WORD`",
        "`%s` has words; it cannot be counted up", e->target.text);
    return DM_NONE;
  }
  if (e->value->op == DM_AST_NUMBER) {
    if (!dm_steps(b, state, &e->value->number, true, &value))
      return DM_NONE;
    return dm_increase(b, state->var, dm_num(b, (double)value));
  }
  w->ctx->unit_state = index;
  dm_expr_id expr = dm_compile(b, w->ctx, e->value);
  w->ctx->unit_state = DM_NONE;
  return e->kind == DM_AST_DO_SET ? dm_core_set(b->core, state->var, expr)
                                  : dm_increase(b, state->var, expr);
}

static int party_of(const dm_b_deal *deal, uint32_t actor)
{
  for (uint32_t i = 0; i < deal->n_parties; i++)
    if (deal->party[i] == actor)
      return (int)i;
  return -1;
}

static bool term_value(
    dm_build *b, const dm_ast_term *term, const dm_ast_field *field,
    uint32_t *out)
{
  dm_ratio value;
  if (!dm_constant(b, field->value, &value) || value.den != 1) {
    dm_say(
        b, "E066", field->value->at, term->at.line,
        "write a whole number of the term's range",
        "the term `%s` needs a number here", term->name.text);
    return false;
  }
  if (dm_ratio_compare(value, term->lo.value) < 0 ||
      dm_ratio_compare(value, term->hi.value) > 0) {
    dm_say(
        b, "E063", field->value->at, term->at.line, NULL,
        "%lld is outside the range of the term `%s`", (long long)value.num,
        term->name.text);
    return false;
  }
  *out = (uint32_t)(value.num - term->lo.value.num);
  return true;
}

/* The code of the terms that a `propose` names: fixed ones from its fields,
 * open ones from the option's own value. */
static bool proposal_code(
    walk *w, const dm_b_deal *deal, const dm_ast_effect *e, uint32_t *out)
{
  dm_build *b = w->b;
  const dm_ast_deal *ast = deal->ast;
  for (uint32_t f = 0; f < e->fields.n; f++) {
    bool known = false;
    for (uint32_t i = 0; i < ast->terms.n; i++)
      known |= !strcmp(ast->terms.at[i].name.text, e->fields.at[f].name.text);
    if (!known)
      dm_say(
          b, "E062", e->fields.at[f].name.at, ast->at.line, NULL,
          "the deal `%s` has no term `%s`", ast->name.text,
          e->fields.at[f].name.text);
  }
  uint32_t code = 0, open = w->option ? w->option->code : DM_NONE;
  uint32_t digits[16] = {0};
  for (uint32_t i = ast->terms.n; i-- > 0;) {
    const dm_ast_term *term = &ast->terms.at[i];
    uint32_t size = (uint32_t)(term->hi.value.num - term->lo.value.num) + 1;
    const dm_ast_field *field = NULL;
    for (uint32_t f = 0; f < e->fields.n; f++)
      if (!strcmp(term->name.text, e->fields.at[f].name.text))
        field = &e->fields.at[f];
    if (field) {
      if (!term_value(b, term, field, &digits[i]))
        return false;
    } else if (open != DM_NONE) {
      digits[i] = open % size;
      open /= size;
    }
  }
  for (uint32_t i = 0; i < ast->terms.n; i++) {
    const dm_ast_term *term = &ast->terms.at[i];
    code = code * ((uint32_t)(term->hi.value.num - term->lo.value.num) + 1) +
           digits[i];
  }
  *out = code;
  return true;
}

static dm_stmt_id deal_act(walk *w, const dm_ast_effect *e)
{
  dm_build *b = w->b;
  uint32_t index = dm_need(b, e->target, DM_SYM_DEAL);
  if (index == DM_NONE)
    return DM_NONE;
  const dm_b_deal *deal = &b->deal[index];
  uint32_t actor = b->choice.at[w->ctx->choice].actor;
  int party = party_of(deal, actor);
  if (party < 0) {
    dm_say(
        b, "E064", e->at, deal->ast->at.line,
        "name it among the deal's parties, or leave this to a party",
        "`%s` is no party to the deal `%s`", b->core->actor.at[actor].name,
        deal->ast->name.text);
    return DM_NONE;
  }
  if (e->kind == DM_AST_DO_ACCEPT)
    return dm_assign(b, deal->accepts[party], 1);
  if (e->kind == DM_AST_DO_LEAVE)
    return dm_assign(b, deal->leaves[party], 1);
  uint32_t code;
  if (!proposal_code(w, deal, e, &code))
    return DM_NONE;
  return dm_assign(b, deal->act[party], (int32_t)code + 1);
}

static dm_stmt_id letter_act(walk *w, const dm_ast_effect *e)
{
  dm_build *b = w->b;
  uint32_t index = dm_need(b, e->target, DM_SYM_LETTER);
  if (index == DM_NONE)
    return DM_NONE;
  const dm_b_letter *letter = &b->letter[index];
  uint32_t actor = b->choice.at[w->ctx->choice].actor;
  bool send = e->kind == DM_AST_DO_SEND;
  uint32_t who = send ? letter->from : letter->to;
  if (who != actor) {
    dm_say(
        b, "E064", e->at, letter->ast->at.line,
        send ? "only its sender can send a letter"
             : "only its addressee can answer a letter",
        "`%s` cannot %s `%s`", b->core->actor.at[actor].name,
        send ? "send" : "answer", letter->ast->name.text);
    return DM_NONE;
  }
  return send ? dm_letter_send(b, index, e) : dm_letter_answer(b, index);
}

static dm_stmt_id chance_effect(walk *w, const dm_ast_effect *e)
{
  dm_build *b = w->b;
  uint32_t n = e->branches.n, n_listed = 0;
  const dm_ast_expr **list = dm_arena_array(b->arena, n, sizeof *list);
  const char **paths = dm_arena_array(b->arena, n, sizeof *paths);
  dm_expr_id *chance = dm_arena_array(b->arena, n + 1, sizeof *chance);
  dm_stmt_id *body = dm_arena_array(b->arena, n + 1, sizeof *body);
  const dm_ast_branch *otherwise = NULL;
  for (uint32_t i = 0; i < n; i++) {
    const dm_ast_branch *branch = &e->branches.at[i];
    if (!branch->chance) {
      otherwise = branch;
      continue;
    }
    w->chances++;
    paths[n_listed] =
        w->chances == 1
            ? dm_format_in(b->arena, "%s.chance", w->path)
            : dm_format_in(b->arena, "%s.chance.%u", w->path, w->chances);
    list[n_listed++] = branch->chance;
  }
  dm_expr_id rest;
  dm_chances(b, list, n_listed, paths, w->remarks, e->at, true, chance, &rest);
  for (uint32_t i = 0, k = 0; i < n; i++)
    if (e->branches.at[i].chance)
      body[k++] = all_effects(w, &e->branches.at[i].effects);
  uint32_t count = n_listed;
  if (rest != DM_NONE) {
    chance[count] = rest;
    body[count++] = otherwise ? all_effects(w, &otherwise->effects) : DM_NONE;
  }
  return dm_draw(b, chance, body, count);
}

static dm_stmt_id if_effect(walk *w, const dm_ast_effect *e)
{
  dm_build *b = w->b;
  dm_expr_id cond = dm_compile(b, w->ctx, e->branches.at[0].condition);
  dm_stmt_id then_id = all_effects(w, &e->branches.at[0].effects);
  dm_stmt_id else_id =
      e->branches.n > 1 ? all_effects(w, &e->branches.at[1].effects) : DM_NONE;
  return dm_when(b, cond, then_id, else_id);
}

static dm_stmt_id one_effect(walk *w, const dm_ast_effect *e)
{
  dm_build *b = w->b;
  switch (e->kind) {
  case DM_AST_DO_ADD:
  case DM_AST_DO_SET:
    return change_state(w, e);
  case DM_AST_DO_CHANCE:
    return chance_effect(w, e);
  case DM_AST_DO_IF:
    return if_effect(w, e);
  case DM_AST_DO_END: {
    const dm_symbol *symbol = dm_lookup(b, e->target.text);
    if (!symbol || symbol->kind != DM_SYM_OUTCOME) {
      dm_say(
          b, "E051", e->target.at, 0, "give it a row in the payoff table",
          "`end %s`: there is no payoff row `%s`", e->target.text,
          e->target.text);
      return DM_NONE;
    }
    dm_stmt_id id = dm_assign(b, symbol->index, 0);
    b->core->stmt.at[id].op = DM_DO_END;
    return id;
  }
  case DM_AST_DO_SEND:
  case DM_AST_DO_ANSWER:
  case DM_AST_DO_PROPOSE:
  case DM_AST_DO_ACCEPT:
  case DM_AST_DO_LEAVE:
    break;
  }
  if (w->ctx->choice == DM_NONE) {
    dm_say(
        b, "E064", e->at, 0,
        "let an option of the actor do it, or set a state here",
        "letters and deals are acts of actors: they stand in options only");
    return DM_NONE;
  }
  bool letter = e->kind == DM_AST_DO_SEND || e->kind == DM_AST_DO_ANSWER;
  return letter ? letter_act(w, e) : deal_act(w, e);
}

static dm_stmt_id all_effects(walk *w, const dm_ast_effects *effects)
{
  dm_stmts list = {0};
  for (uint32_t i = 0; i < effects->n; i++) {
    dm_stmt_id id = one_effect(w, &effects->at[i]);
    DM_PUSH(w->b->arena, &list, id);
  }
  return dm_sequence(w->b, &list);
}

dm_stmt_id dm_effects(
    dm_build *b, dm_context *ctx, const dm_ast_effects *effects,
    const dm_b_option *option, const char *path, const dm_ast_remarks *remarks)
{
  walk w = {
      .b = b, .ctx = ctx, .option = option, .path = path, .remarks = remarks};
  return all_effects(&w, effects);
}
