/* lang/choices.c -- choices: their options, and phase 4, in which picks are paid
 * for and take effect. */
#include "lang/build.h"

#include <string.h>

static const dm_b_deal *open_terms(
    dm_build *b, const dm_ast_effects *effects, uint32_t *n_codes)
{
  for (uint32_t i = 0; i < effects->n; i++) {
    const dm_ast_effect *e = &effects->at[i];
    for (uint32_t k = 0; k < e->branches.n; k++) {
      const dm_b_deal *found =
          open_terms(b, &e->branches.at[k].effects, n_codes);
      if (found)
        return found;
    }
    if (e->kind != DM_AST_DO_PROPOSE)
      continue;
    const dm_symbol *symbol = dm_lookup(b, e->target.text);
    if (!symbol || symbol->kind != DM_SYM_DEAL)
      continue;
    const dm_b_deal *deal = &b->deal[symbol->index];
    uint32_t codes = 1;
    bool open = false;
    for (uint32_t t = 0; t < deal->ast->terms.n; t++) {
      const dm_ast_term *term = &deal->ast->terms.at[t];
      bool given = false;
      for (uint32_t f = 0; f < e->fields.n; f++)
        given |= !strcmp(e->fields.at[f].name.text, term->name.text);
      if (given)
        continue;
      open = true;
      codes *= (uint32_t)(term->hi.value.num - term->lo.value.num) + 1;
    }
    if (open) {
      *n_codes = codes;
      return deal;
    }
  }
  return NULL;
}

/* The values of the open terms, ".2" or ".2.5", as they stand in its name. */
static const char *code_name(
    dm_build *b, const dm_ast_option *option, const dm_b_deal *deal,
    const dm_ast_effects *effects, uint32_t code)
{
  const char *tail = "";
  const dm_ast_effect *propose = NULL;
  for (uint32_t i = 0; i < effects->n && !propose; i++)
    if (effects->at[i].kind == DM_AST_DO_PROPOSE)
      propose = &effects->at[i];
  for (uint32_t t = deal->ast->terms.n; t-- > 0;) {
    const dm_ast_term *term = &deal->ast->terms.at[t];
    bool given = false;
    for (uint32_t f = 0; propose && f < propose->fields.n; f++)
      given |= !strcmp(propose->fields.at[f].name.text, term->name.text);
    if (given)
      continue;
    uint32_t size = (uint32_t)(term->hi.value.num - term->lo.value.num) + 1;
    tail = dm_format_in(
        b->arena, ".%lld%s", (long long)(term->lo.value.num + code % size),
        tail);
    code /= size;
  }
  return dm_format_in(b->arena, "%s%s", option->name.text, tail);
}

static void add_option(
    dm_build *b, dm_b_choice *choice, const dm_ast_option *ast, uint32_t code,
    const char *name, bool announced)
{
  dm_b_option option = {.ast = ast, .code = code};
  DM_PUSH(b->arena, &choice->option, option);
  dm_core_option core = {
      .name = name,
      .base = ast ? ast->name.text : name,
      .note = ast ? dm_first_note(&ast->remarks) : "",
      .guard = DM_NONE,
      .announced = announced,
      .at = ast ? ast->at : (dm_span){0, 0, 0}};
  DM_PUSH(b->arena, &b->core->option, core);
}

static void add_options(dm_build *b, dm_b_choice *choice)
{
  if (!choice->ast) {
    add_option(b, choice, NULL, DM_NONE, "hold", false);
    add_option(b, choice, NULL, DM_NONE, "pass", false);
    return;
  }
  const dm_ast_choice *ast = choice->ast;
  for (uint32_t i = 0; i < ast->options.n; i++) {
    const dm_ast_option *option = &ast->options.at[i];
    for (uint32_t k = 0; k < i; k++)
      if (!strcmp(ast->options.at[k].name.text, option->name.text))
        dm_say(
            b, "E062", option->name.at, ast->options.at[k].at.line,
            "give one of the two another name",
            "the choice `%s` has two options `%s`", ast->name.text,
            option->name.text);
    bool announced = ast->announced || option->announced;
    uint32_t codes = 0;
    const dm_b_deal *deal = open_terms(b, &option->effects, &codes);
    if (!deal) {
      add_option(b, choice, option, DM_NONE, option->name.text, announced);
      continue;
    }
    if (codes > 200) {
      dm_say(
          b, "E081", option->at, deal->ast->at.line,
          "use coarser terms, or fix some of them in the proposal",
          "`%s` stands for %u options, one for each combination of terms; "
          "at most 200 are allowed",
          option->name.text, codes);
      continue;
    }
    for (uint32_t c = 0; c < codes; c++)
      add_option(
          b, choice, option, c, code_name(b, option, deal, &option->effects, c),
          announced);
  }
  if (ast->options.n && ast->options.at[0].guard)
    dm_say(
        b, "E023", ast->options.at[0].guard_at, ast->at.line,
        "put an option without `if` first, such as `wait`",
        "the first option of a choice takes no guard: there must always be "
        "something to do");
}

static void choice_window(dm_build *b, dm_b_choice *choice)
{
  choice->from = 1;
  choice->until = b->n_periods;
  if (!choice->ast)
    return;
  const char *what = dm_format_in(b->arena, "the choice `%s`", choice->name);
  if (choice->ast->from.kind != DM_AST_NO_DATE)
    choice->from = dm_date(b, choice->ast->from, what);
  if (choice->ast->until.kind != DM_AST_NO_DATE)
    choice->until = dm_date(b, choice->ast->until, what);
}

static void choice_vars(dm_build *b, dm_b_choice *choice, bool announced)
{
  dm_core_choice *core = &b->core->choice.at[choice->core];
  const char *name = core->actor_choice;
  uint32_t size = core->n_options + 1;
  const char **words = dm_arena_array(b->arena, size, sizeof *words);
  words[0] = "none";
  for (uint32_t i = 0; i < core->n_options; i++)
    words[i + 1] = b->core->option.at[core->first_option + i].name;
  dm_span at = core->at;
  choice->pick = dm_new_var(b, DM_VAR_PICK, size, name, at);
  b->core->var.at[choice->pick].words = words;
  core->pick = choice->pick;
  choice->heard = choice->asked = choice->fresh = choice->recalled = DM_NONE;
  if (announced) {
    choice->heard = dm_new_var(
        b, DM_VAR_HEARD, size, dm_format_in(b->arena, "%s heard", name), at);
    b->core->var.at[choice->heard].words = words;
  }
  if (choice->standing) {
    choice->asked = dm_new_var(
        b, DM_VAR_ASKED, 2, dm_format_in(b->arena, "%s asked", name), at);
    b->core->var.at[choice->asked].start = 1;
    choice->fresh = dm_new_var(
        b, DM_VAR_DETAIL, 2, dm_format_in(b->arena, "%s fresh", name), at);
  }
  choice->round_pick =
      dm_arena_array(b->arena, b->rounds + 1, sizeof *choice->round_pick);
  for (uint32_t r = 0; r <= b->rounds; r++) {
    choice->round_pick[r] = DM_NONE;
    if (r >= 1 && r < b->rounds && choice->every_round && b->ast->deals.n)
      choice->round_pick[r] = dm_new_var(
          b, DM_VAR_DETAIL, size,
          dm_format_in(b->arena, "%s in round %u", name, r), at);
  }
  if (b->core->actor.at[choice->actor].recalls)
    choice->recalled = dm_new_var(
        b, DM_VAR_MEMORY, size, dm_format_in(b->arena, "%s recalled", name),
        at);
}

static void add_choice(dm_build *b, dm_b_choice *choice)
{
  choice->core = b->core->choice.n;
  choice->stage = b->stage[choice->actor];
  choice->standing = choice->ast && choice->ast->standing;
  choice->every_round = !choice->ast || choice->ast->every_round;
  dm_core_choice core = {
      .actor_choice = dm_format_in(
          b->arena, "%s.%s", b->core->actor.at[choice->actor].name,
          choice->name),
      .name = choice->name,
      .note = choice->ast ? dm_first_note(&choice->ast->remarks) : "",
      .actor = choice->actor,
      .first_option = b->core->option.n,
      .standing = choice->standing,
      .every_round = choice->every_round,
      .at = choice->ast ? choice->ast->at : b->letter[choice->letter].ast->at};
  for (uint32_t i = 0; i < b->choice.n; i++)
    if (b->choice.at[i].actor == choice->actor &&
        !strcmp(b->choice.at[i].name, choice->name))
      dm_say(
          b, "E062", core.at, b->core->choice.at[b->choice.at[i].core].at.line,
          "give one of the two another name", "`%s` has two choices `%s`",
          b->core->actor.at[choice->actor].name, choice->name);
  DM_PUSH(b->arena, &b->core->choice, core);
  add_options(b, choice);
  b->core->choice.at[choice->core].n_options = choice->option.n;
  bool announced = false;
  for (uint32_t i = 0; i < choice->option.n; i++)
    announced |= b->core->option.at[core.first_option + i].announced;
  choice_window(b, choice);
  choice_vars(b, choice, announced);
  if (b->core->actor.at[choice->actor].sharpness == DM_NONE &&
      !b->core->actor.at[choice->actor].ranked) {
    const dm_ast_actor *ast = &b->ast->actors.at[choice->actor];
    dm_say(
        b, "E014", ast->at, core.at.line,
        "add a line such as `sharpness 0.10 [0.05..0.20]`",
        "`%s` has choices and so needs a sharpness", ast->name.text);
  }
  DM_PUSH(b->arena, &b->choice, *choice);
}

static void play_order(dm_build *b)
{
  const dm_ast_scenario *s = &b->ast->scenario;
  b->stage = dm_arena_array(b->arena, b->n_actors + 1, sizeof *b->stage);
  b->n_stages = s->order.n ? s->order.n : 1;
  for (uint32_t a = 0; a < b->n_actors; a++)
    b->stage[a] = s->order.n ? DM_NONE : 0;
  for (uint32_t i = 0; i < s->order.n; i++)
    for (uint32_t k = 0; k < s->order.at[i].actors.n; k++) {
      uint32_t actor = dm_need(b, s->order.at[i].actors.at[k], DM_SYM_ACTOR);
      if (actor != DM_NONE)
        b->stage[actor] = i;
    }
}

static void check_order(dm_build *b)
{
  for (uint32_t i = 0; i < b->choice.n; i++) {
    uint32_t actor = b->choice.at[i].actor;
    if (b->stage[actor] != DM_NONE)
      continue;
    dm_say(
        b, "E004", b->ast->scenario.order_at, 0,
        "name every actor that has a choice",
        "`order` does not name `%s`, which has choices",
        b->core->actor.at[actor].name);
    b->stage[actor] = 0;
    b->choice.at[i].stage = 0;
  }
}

static void sort_choices(dm_build *b)
{
  /* Insertion sort: few choices, already nearly in order, and stable. */
  for (uint32_t i = 1; i < b->choice.n; i++) {
    dm_b_choice held = b->choice.at[i];
    uint32_t k = i;
    while (k > 0 && (b->choice.at[k - 1].stage > held.stage ||
                     (b->choice.at[k - 1].stage == held.stage &&
                      b->choice.at[k - 1].file_order > held.file_order))) {
      b->choice.at[k] = b->choice.at[k - 1];
      k--;
    }
    b->choice.at[k] = held;
  }
  for (uint32_t i = 0; i < b->choice.n; i++)
    if (b->choice.at[i].letter != DM_NONE)
      b->letter[b->choice.at[i].letter].choice = i;
}

void dm_build_choices(dm_build *b)
{
  play_order(b);
  for (uint32_t i = 0; i < b->ast->payoffs.n; i++)
    for (uint32_t k = 0; k < b->ast->payoffs.at[i].rankings.n; k++) {
      const dm_ast_path *column = &b->ast->payoffs.at[i].rankings.at[k].column;
      const dm_symbol *symbol = dm_lookup(b, column->part[0].text);
      if (symbol && symbol->kind == DM_SYM_ACTOR)
        b->core->actor.at[symbol->index].ranked = true;
    }
  for (uint32_t i = 0; i < b->ast->choices.n; i++) {
    const dm_ast_choice *ast = &b->ast->choices.at[i];
    dm_b_choice choice = {
        .ast = ast,
        .letter = DM_NONE,
        .name = ast->name.text,
        .actor = dm_need(b, ast->actor, DM_SYM_ACTOR),
        .file_order = ast->file_order};
    if (choice.actor == DM_NONE)
      continue;
    if (!ast->options.n)
      dm_say(
          b, "E004", ast->at, 0, "write one option a line",
          "the choice `%s` has no options", ast->name.text);
    else
      add_choice(b, &choice);
  }
  for (uint32_t i = 0; i < b->ast->letters.n; i++) {
    const dm_b_letter *letter = &b->letter[i];
    if (!letter->ast->via_chooses || letter->via == DM_NONE)
      continue;
    dm_b_choice choice = {
        .letter = i,
        .name = letter->ast->name.text,
        .actor = letter->via,
        .file_order = letter->ast->file_order};
    add_choice(b, &choice);
  }
  check_order(b);
  sort_choices(b);
}

/* ---- phase 4 ----------------------------------------------------------------- */

static dm_stmt_id costs(
    dm_build *b, const dm_b_choice *choice, const dm_ast_option *option,
    const char *path)
{
  dm_stmts list = {0};
  for (uint32_t i = 0; i < option->costs.n; i++) {
    const dm_ast_cost *cost = &option->costs.at[i];
    dm_place place = {
        .path = i ? dm_format_in(b->arena, "%s.cost.%u", path, i + 1)
                  : dm_format_in(b->arena, "%s.cost", path),
        .remarks = &option->remarks,
        .expected = dm_count_literals(cost->amount)};
    dm_context pay = dm_context_of(DM_MODE_PAY);
    pay.owner = choice->actor;
    pay.place = &place;
    dm_expr_id amount =
        dm_op(b, DM_X_NEG, dm_compile(b, &pay, cost->amount), 0);
    dm_stmt_id id = dm_core_set(b->core, choice->actor, amount);
    b->core->stmt.at[id].op = DM_DO_PAY;
    dm_context ctx = dm_context_of(DM_MODE_STATE);
    ctx.owner = choice->actor;
    if (cost->condition)
      id = dm_when(b, dm_compile(b, &ctx, cost->condition), id, DM_NONE);
    DM_PUSH(b->arena, &list, id);
  }
  return dm_sequence(b, &list);
}

static void option_rule(
    dm_build *b, uint32_t index, uint32_t i, dm_stmt_id *shared_costs,
    const dm_ast_option **last)
{
  const dm_b_choice *choice = &b->choice.at[index];
  const dm_b_option *option = &choice->option.at[i];
  const dm_core_choice *core = &b->core->choice.at[choice->core];
  const dm_ast_option *ast = option->ast;
  if (!ast)
    return;
  const char *path =
      dm_format_in(b->arena, "%s.%s", core->actor_choice, ast->name.text);
  /* Options that differ in terms only share their numbers. */
  if (*last != ast)
    *shared_costs = costs(b, choice, ast, path);
  *last = ast;
  dm_context ctx = dm_context_of(DM_MODE_STATE);
  ctx.owner = choice->actor;
  ctx.choice = index;
  dm_stmts list = {0};
  DM_PUSH(b->arena, &list, *shared_costs);
  DM_PUSH(
      b->arena, &list,
      dm_effects(b, &ctx, &ast->effects, option, path, &ast->remarks));
  dm_expr_id picked = dm_is(b, choice->pick, (int32_t)i + 1);
  if (choice->fresh != DM_NONE)
    picked = dm_and(b, dm_is(b, choice->fresh, 1), picked);
  dm_stmt_id body = dm_when(b, picked, dm_sequence(b, &list), DM_NONE);
  uint32_t rounds = choice->every_round ? b->rounds : 1;
  const char *name = dm_format_in(
      b->arena, "%s.%s", core->actor_choice,
      b->core->option.at[core->first_option + i].name);
  for (uint32_t r = 1; r <= rounds; r++)
    dm_rule(b, &b->resolve[r], name, body, NULL, true, ast->at);
}

/* What everyone hears of a pick: announced options only. */
static dm_expr_id announced_pick(dm_build *b, const dm_b_choice *choice)
{
  const dm_core_choice *core = &b->core->choice.at[choice->core];
  dm_expr_id told = DM_NONE;
  bool all = true;
  for (uint32_t i = 0; i < core->n_options; i++) {
    if (b->core->option.at[core->first_option + i].announced)
      told = dm_or(b, told, dm_is(b, choice->pick, (int32_t)i + 1));
    else
      all = false;
  }
  dm_expr_id pick = dm_var(b, choice->pick);
  return all ? pick : dm_core_if(b->core, told, pick, dm_num(b, 0));
}

static void after_picks(dm_build *b, const dm_b_choice *choice)
{
  const char *name = b->core->choice.at[choice->core].actor_choice;
  dm_span at = b->core->choice.at[choice->core].at;
  for (uint32_t r = 1; r <= b->rounds; r++) {
    bool active = r == 1 || choice->every_round;
    dm_stmts list = {0};
    if (choice->heard != DM_NONE && (active || !choice->standing))
      DM_PUSH(
          b->arena, &list,
          active
              ? dm_core_set(b->core, choice->heard, announced_pick(b, choice))
              : dm_assign(b, choice->heard, 0));
    if (choice->recalled != DM_NONE)
      DM_PUSH(
          b->arena, &list,
          active
              ? dm_core_set(b->core, choice->recalled, dm_var(b, choice->pick))
              : dm_assign(b, choice->recalled, 0));
    if (r < b->rounds && choice->round_pick[r] != DM_NONE)
      DM_PUSH(
          b->arena, &list,
          dm_core_set(b->core, choice->round_pick[r], dm_var(b, choice->pick)));
    if (choice->fresh != DM_NONE)
      DM_PUSH(b->arena, &list, dm_assign(b, choice->fresh, 0));
    dm_rule(
        b, &b->resolve_book[r], name, dm_sequence(b, &list), NULL, false, at);
  }
  /* The period's close forgets picks, but for one that stands. */
  if (!choice->standing) {
    dm_rule(b, &b->close, name, dm_assign(b, choice->pick, 0), NULL, false, at);
  } else if (choice->until < b->n_periods) {
    uint8_t *on = dm_arena_alloc(b->arena, b->n_periods + 1);
    on[choice->until] = 1;
    dm_rule(b, &b->close, name, dm_assign(b, choice->pick, 0), on, false, at);
  }
  for (uint32_t r = 1; r < b->rounds; r++)
    if (choice->round_pick[r] != DM_NONE)
      dm_rule(
          b, &b->close, name, dm_assign(b, choice->round_pick[r], 0), NULL,
          false, at);
}

void dm_build_choice_rules(dm_build *b)
{
  for (uint32_t i = 0; i < b->choice.n; i++) {
    dm_stmt_id shared = DM_NONE;
    const dm_ast_option *last = NULL;
    for (uint32_t k = 0; k < b->choice.at[i].option.n; k++)
      option_rule(b, i, k, &shared, &last);
    after_picks(b, &b->choice.at[i]);
  }
}
