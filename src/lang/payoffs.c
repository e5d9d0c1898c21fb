/* lang/payoffs.c -- outcomes, the payoff table, rankings, monthly pay. */
#include "lang/build.h"

#include <string.h>

/* One column of the table or a ranking, by actor and type (DM_NONE: all). */
typedef struct column {
  uint32_t actor, type;
} column;

static bool read_column(dm_build *b, const dm_ast_path *path, column *out)
{
  out->actor = dm_need(b, path->part[0], DM_SYM_ACTOR);
  out->type = DM_NONE;
  if (out->actor == DM_NONE)
    return false;
  if (path->n == 1)
    return true;
  const dm_ast_actor *actor = &b->ast->actors.at[out->actor];
  for (uint32_t i = 0; i < actor->types.n; i++)
    if (!strcmp(actor->types.at[i].name.text, path->part[1].text))
      out->type = i;
  if (out->type != DM_NONE && path->n == 2)
    return true;
  dm_say(
      b, "E062", path->at, actor->at.line, NULL, "`%s` has no type `%s`",
      actor->name.text, path->part[1].text);
  return false;
}

/* cells [n_outcomes x n_actors x types]: payoffs by outcome, actor, type */
typedef struct table {
  dm_build *b;
  dm_expr_id **cell; /* [n_actors] -> [n_outcomes x n_types] */
  uint32_t *n_types; /* [n_actors], at least 1 */
  uint32_t n_outcomes;
} table;

static void put(
    table *t, uint32_t outcome, column c, dm_expr_id expr, dm_span at)
{
  uint32_t n = t->n_types[c.actor];
  bool twice = false;
  for (uint32_t i = 0; i < n; i++) {
    if (c.type != DM_NONE && c.type != i)
      continue;
    dm_expr_id *cell = &t->cell[c.actor][outcome * n + i];
    twice |= *cell != DM_NONE;
    *cell = expr;
  }
  if (twice)
    dm_say(
        t->b, "E062", at, 0, "leave one of the two",
        "this payoff of `%s` is given twice",
        t->b->core->actor.at[c.actor].name);
}

static const char *cell_path(
    dm_build *b, const char *outcome, const dm_ast_path *path)
{
  return path->n == 1
             ? dm_format_in(
                   b->arena, "payoff.%s.%s", outcome, path->part[0].text)
             : dm_format_in(
                   b->arena, "payoff.%s.%s.%s", outcome, path->part[0].text,
                   path->part[1].text);
}

static dm_expr_id pay_expr(
    dm_build *b, const dm_ast_expr *expr, const char *path,
    const dm_ast_remarks *remarks)
{
  dm_place place = {
      .path = path, .remarks = remarks, .expected = dm_count_literals(expr)};
  dm_context ctx = dm_context_of(DM_MODE_PAY);
  ctx.place = &place;
  return dm_compile(b, &ctx, expr);
}

static void then_pays(
    dm_build *b, const dm_ast_payoff_row *row, dm_core_outcome *outcome)
{
  for (uint32_t i = 0; i < row->then_pays.n; i++) {
    const dm_ast_then_pays *pays = &row->then_pays.at[i];
    const char *path = dm_format_in(
        b->arena, i ? "payoff.%s.then.%u" : "payoff.%s.then", row->outcome.text,
        i + 1);
    dm_expr_id amount = pay_expr(b, pays->amount, path, &row->remarks);
    for (uint32_t a = 0; a < b->n_actors; a++) {
      bool named = !pays->actors.n;
      for (uint32_t k = 0; k < pays->actors.n; k++)
        named |= !strcmp(pays->actors.at[k].text, b->core->actor.at[a].name);
      if (!named)
        continue;
      outcome->tail[a] = outcome->tail[a] == DM_NONE
                             ? amount
                             : dm_op(b, DM_X_ADD, outcome->tail[a], amount);
    }
    for (uint32_t k = 0; k < pays->actors.n; k++)
      dm_need(b, pays->actors.at[k], DM_SYM_ACTOR);
  }
}

static void table_rows(table *t, const dm_ast_payoff *payoff)
{
  dm_build *b = t->b;
  column *columns =
      dm_arena_array(b->arena, payoff->columns.n + 1, sizeof *columns);
  bool good = true;
  for (uint32_t c = 0; c < payoff->columns.n; c++)
    good &= read_column(b, &payoff->columns.at[c], &columns[c]);
  for (uint32_t r = 0; r < payoff->rows.n; r++) {
    const dm_ast_payoff_row *row = &payoff->rows.at[r];
    const dm_symbol *symbol = dm_lookup(b, row->outcome.text);
    if (!symbol || symbol->kind != DM_SYM_OUTCOME)
      continue;
    then_pays(b, row, &b->core->outcome.at[symbol->index]);
    if (row->cells.n != payoff->columns.n) {
      dm_say(
          b, "E052", row->at, payoff->at.line,
          "write one number below each column",
          "the row `%s` has %u payoffs for %u columns", row->outcome.text,
          row->cells.n, payoff->columns.n);
      continue;
    }
    for (uint32_t c = 0; good && c < row->cells.n; c++)
      put(t, symbol->index, columns[c],
          pay_expr(
              b, row->cells.at[c],
              cell_path(b, row->outcome.text, &payoff->columns.at[c]),
              &row->remarks),
          row->cells.at[c]->at);
  }
}

static void ranking(table *t, const dm_ast_ranking *ast, uint32_t number)
{
  dm_build *b = t->b;
  column c;
  if (!read_column(b, &ast->column, &c))
    return;
  uint32_t n = ast->outcomes.n, places = 1;
  for (uint32_t i = 0; i + 1 < n; i++)
    places += ast->relations.at[i] == '>';
  uint32_t place = places; /* from the top */
  for (uint32_t i = 0; i < n; i++) {
    if (i == 0 || ast->relations.at[i - 1] == '>')
      place--;
    uint32_t outcome = dm_need(b, ast->outcomes.at[i], DM_SYM_OUTCOME);
    if (outcome == DM_NONE)
      continue;
    double value = places > 1 ? 100.0 * place / (places - 1) : 0;
    dm_core_param param = {
        .path = cell_path(b, ast->outcomes.at[i].text, &ast->column),
        .note = dm_first_note(&ast->remarks),
        .source = "",
        .exact = {100 * (int64_t)place, places > 1 ? places - 1 : 1},
        .base = value,
        .lo = value,
        .hi = value,
        .ranking = number,
        .rank = place,
        .n_ranks = places,
        .at = ast->outcomes.at[i].at};
    if (ast->remarks.sources.n) {
      param.sourced = true;
      param.source = ast->remarks.sources.at[0].text;
      b->core->n_sourced++;
    } else {
      b->core->n_judged++;
    }
    dm_ratio_make(param.exact.num, param.exact.den, &param.exact);
    DM_PUSH(b->arena, &b->core->param, param);
    DM_PUSH(
        b->arena, &b->core->expr,
        ((dm_core_expr){.op = DM_X_PARAM, .a = b->core->param.n - 1}));
    put(t, outcome, c, b->core->expr.n - 1, ast->outcomes.at[i].at);
  }
}

static void missing_cell(
    table *t, uint32_t outcome, uint32_t actor, uint32_t type)
{
  dm_build *b = t->b;
  const dm_ast_actor *ast = &b->ast->actors.at[actor];
  const char *name = ast->name.text;
  if (ast->types.n)
    name = dm_format_in(b->arena, "%s.%s", name, ast->types.at[type].name.text);
  dm_say(
      b, "E052", b->core->outcome.at[outcome].at, ast->at.line,
      dm_format_in(
          b->arena, "add a column `%s`, or a ranking `%s: ...`", name, name),
      "the outcome `%s` has no payoff for `%s`",
      b->core->outcome.at[outcome].name, name);
}

static bool has_choices(const dm_build *b, uint32_t actor)
{
  for (uint32_t i = 0; i < b->choice.n; i++)
    if (b->choice.at[i].actor == actor)
      return true;
  return false;
}

/* The payoff of an outcome to an actor: by its type where columns differ. */
static void join(table *t, uint32_t outcome, uint32_t actor)
{
  dm_build *b = t->b;
  uint32_t n = t->n_types[actor];
  const dm_expr_id *cell = &t->cell[actor][outcome * n];
  dm_expr_id expr = DM_NONE;
  for (uint32_t i = n; i-- > 0;) {
    if (cell[i] == DM_NONE) {
      if (has_choices(b, actor))
        missing_cell(t, outcome, actor, i);
      return;
    }
    expr = expr == DM_NONE || expr == cell[i]
               ? cell[i]
               : dm_core_if(
                     b->core,
                     dm_is(b, b->core->actor.at[actor].type_var, (int32_t)i),
                     cell[i], expr);
  }
  b->core->outcome.at[outcome].payoff[actor] = expr;
}

static void declare_outcome(
    dm_build *b, dm_ast_name name, const char *display,
    const dm_ast_remarks *remarks)
{
  const dm_symbol *held = dm_lookup(b, name.text);
  if (held && held->kind == DM_SYM_OUTCOME)
    return;
  dm_declare(b, name, DM_SYM_OUTCOME, b->core->outcome.n);
  dm_core_outcome outcome = {
      .name = name.text,
      .display = display ? display : "",
      .note = dm_first_note(remarks),
      .payoff = dm_arena_array(b->arena, b->n_actors + 1, sizeof(dm_expr_id)),
      .tail = dm_arena_array(b->arena, b->n_actors + 1, sizeof(dm_expr_id)),
      .at = name.at};
  for (uint32_t a = 0; a < b->n_actors; a++)
    outcome.tail[a] = DM_NONE;
  DM_PUSH(b->arena, &b->core->outcome, outcome);
}

/* Outcomes are declared by their rows; without rows, by a ranking. */
void dm_declare_outcomes(dm_build *b)
{
  for (uint32_t i = 0; i < b->ast->payoffs.n; i++) {
    const dm_ast_payoff *payoff = &b->ast->payoffs.at[i];
    for (uint32_t r = 0; r < payoff->rows.n; r++) {
      const dm_ast_payoff_row *row = &payoff->rows.at[r];
      declare_outcome(b, row->outcome, row->display, &row->remarks);
    }
  }
  for (uint32_t i = 0; i < b->ast->payoffs.n; i++)
    for (uint32_t r = 0; r < b->ast->payoffs.at[i].rankings.n; r++) {
      const dm_ast_ranking *rank = &b->ast->payoffs.at[i].rankings.at[r];
      for (uint32_t k = 0; k < rank->outcomes.n; k++)
        if (!dm_lookup(b, rank->outcomes.at[k].text))
          declare_outcome(b, rank->outcomes.at[k], NULL, NULL);
    }
}

static void imply_sharpness(dm_build *b)
{
  for (uint32_t a = 0; a < b->n_actors; a++) {
    dm_core_actor *actor = &b->core->actor.at[a];
    if (!actor->ranked || actor->sharpness != DM_NONE || !has_choices(b, a))
      continue;
    dm_core_param param = {
        .path = dm_format_in(b->arena, "%s.sharpness", actor->name),
        .note = "assumed for a ranking, on its scale of 0 to 100",
        .source = "",
        .exact = {1, 10},
        .base = 0.1,
        .lo = 0.1,
        .hi = 0.1,
        .implied = true};
    DM_PUSH(b->arena, &b->core->param, param);
    b->core->n_judged++;
    actor->sharpness = b->core->param.n - 1;
  }
}

void dm_build_payoffs(dm_build *b)
{
  table t = {.b = b, .n_outcomes = b->core->outcome.n};
  t.cell = dm_arena_array(b->arena, b->n_actors + 1, sizeof *t.cell);
  t.n_types = dm_arena_array(b->arena, b->n_actors + 1, sizeof *t.n_types);
  for (uint32_t a = 0; a < b->n_actors; a++) {
    uint32_t n = b->ast->actors.at[a].types.n;
    t.n_types[a] = n ? n : 1;
    size_t room = (size_t)t.n_outcomes * t.n_types[a];
    t.cell[a] = dm_arena_array(b->arena, room + 1, sizeof(dm_expr_id));
    for (size_t i = 0; i < room; i++)
      t.cell[a][i] = DM_NONE;
  }
  uint32_t number = 0;
  for (uint32_t i = 0; i < b->ast->payoffs.n; i++) {
    table_rows(&t, &b->ast->payoffs.at[i]);
    for (uint32_t k = 0; k < b->ast->payoffs.at[i].rankings.n; k++)
      ranking(&t, &b->ast->payoffs.at[i].rankings.at[k], ++number);
  }
  dm_expr_id zero = dm_num(b, 0);
  for (uint32_t o = 0; o < t.n_outcomes; o++)
    for (uint32_t a = 0; a < b->n_actors; a++) {
      b->core->outcome.at[o].payoff[a] = zero;
      join(&t, o, a);
    }
  imply_sharpness(b);
  for (uint32_t i = 0; i < b->ast->outcomes.n; i++) {
    const dm_ast_outcome *ast = &b->ast->outcomes.at[i];
    const dm_symbol *symbol = dm_lookup(b, ast->name.text);
    if (!symbol || symbol->kind != DM_SYM_OUTCOME) {
      dm_say(
          b, "E051", ast->name.at, 0, "add a row to the payoff table",
          "the outcome `%s` has no payoff row", ast->name.text);
      continue;
    }
    dm_context ctx = dm_context_of(DM_MODE_STATE);
    dm_core_ending ending = {
        .cond = dm_compile(b, &ctx, ast->condition), .outcome = symbol->index};
    DM_PUSH(b->arena, &b->core->ending, ending);
    dm_core_outcome *outcome = &b->core->outcome.at[symbol->index];
    if (ast->display && !*outcome->display)
      outcome->display = ast->display;
    if (!*outcome->note)
      outcome->note = dm_first_note(&ast->remarks);
  }
}

void dm_build_pays(dm_build *b)
{
  uint32_t *number = dm_arena_array(b->arena, b->n_actors + 1, sizeof *number);
  for (uint32_t i = 0; i < b->ast->pays.n; i++) {
    const dm_ast_pay *ast = &b->ast->pays.at[i];
    column c;
    if (!read_column(b, &ast->who, &c))
      continue;
    const char *name = b->core->actor.at[c.actor].name;
    number[c.actor]++;
    const char *path =
        number[c.actor] == 1
            ? dm_format_in(b->arena, "pay.%s", name)
            : dm_format_in(b->arena, "pay.%s.%u", name, number[c.actor]);
    dm_stmt_id id = dm_core_set(
        b->core, c.actor, pay_expr(b, ast->amount, path, &ast->remarks));
    b->core->stmt.at[id].op = DM_DO_PAY;
    dm_context ctx = dm_context_of(DM_MODE_STATE);
    dm_expr_id cond =
        ast->condition ? dm_compile(b, &ctx, ast->condition) : DM_NONE;
    if (c.type != DM_NONE)
      cond = dm_and(
          b, cond,
          dm_is(b, b->core->actor.at[c.actor].type_var, (int32_t)c.type));
    dm_rule(
        b, &b->pay, path, dm_when(b, cond, id, DM_NONE), NULL, false, ast->at);
  }
}
