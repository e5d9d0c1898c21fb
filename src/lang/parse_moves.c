/* lang/parse_moves.c -- choice, outcome, payoff, each, ask, check.
 *
 * requires: a reader behind the word that names the block.  provides: the
 * block in the tree. */
#include "lang/reader.h"

/* ---- choice -------------------------------------------------------------- */

static bool option_part(dm_reader *r, dm_ast_option *o)
{
  dm_span at = dm_rd_span(r);
  if (dm_rd_is_word(r, DM_W_COSTS)) {
    uint32_t first = r->i;
    dm_ast_cost c = {.at = at};
    dm_rd_mark(r, DM_MARK_SUB);
    dm_rd_next(r);
    c.amount = dm_rd_sum(r);
    if (dm_rd_take_word(r, DM_W_WHILE))
      c.condition = dm_rd_condition(r);
    c.at = dm_rd_span_from(r, first);
    if (!r->bad)
      DM_PUSH(r->arena, &o->costs, c);
    return true;
  }
  if (dm_rd_is_word(r, DM_W_ANNOUNCED)) {
    dm_rd_mark(r, DM_MARK_SUB);
    dm_rd_next(r);
    o->announced = true;
    return true;
  }
  if (dm_rd_is_word(r, DM_W_AS)) {
    dm_rd_once(r, o->as.at, at, "as");
    dm_rd_mark(r, DM_MARK_SUB);
    dm_rd_next(r);
    o->as = dm_rd_any_case(r, "a PLOVER word");
    return true;
  }
  return false;
}

static void option(dm_reader *r, void *block)
{
  dm_ast_choice *c = block;
  dm_ast_option o = {.at = dm_rd_span(r)};
  o.name = dm_rd_loose(r, "a name for the option");
  o.display = dm_rd_display(r);
  if (dm_rd_is_word(r, DM_W_IF)) {
    uint32_t first = r->i;
    dm_rd_mark(r, DM_MARK_BODY);
    dm_rd_next(r);
    o.guard = dm_rd_condition(r);
    o.guard_at = dm_rd_span_from(r, first);
  }
  dm_rd_mark(r, DM_MARK_ARROW);
  if (dm_rd_take(r, DM_T_ARROW))
    dm_rd_effects(r, &o.effects);
  do
    dm_rd_remarks(r, &o.remarks);
  while (!r->bad && option_part(r, &o));
  if (!r->bad)
    DM_PUSH(r->arena, &c->options, o);
}

static bool choice_part(dm_reader *r, dm_ast_choice *c)
{
  if (!c->from.at.line && dm_rd_take_word(r, DM_W_FROM)) {
    c->from = dm_rd_date(r);
  } else if (!c->until.at.line && dm_rd_take_word(r, DM_W_UNTIL)) {
    c->until = dm_rd_date(r);
  } else if (!c->every_round && dm_rd_take_word(r, DM_W_EVERY)) {
    dm_rd_need_word(r, DM_W_ROUND);
    c->every_round = true;
  } else if (!c->standing && dm_rd_take_word(r, DM_W_STANDING)) {
    c->standing = true;
  } else if (!c->announced && dm_rd_take_word(r, DM_W_ANNOUNCED)) {
    c->announced = true;
  } else {
    return false;
  }
  return !r->bad;
}

void dm_rd_choice(dm_reader *r, dm_span at)
{
  dm_ast_choice c = {.at = at, .file_order = r->block};
  uint32_t errors = r->errors;
  c.name = dm_rd_name(r, "a name for the choice");
  c.display = dm_rd_display(r);
  dm_rd_need_word(r, DM_W_OF);
  c.actor = dm_rd_name(r, "the name of an actor");
  while (choice_part(r, &c)) {
  }
  dm_rd_remarks(r, &c.remarks);
  /* A misspelt `standing` must not become an option: none on this line. */
  dm_rd_finish(r);
  dm_rd_body(r, option, &c);
  if (!c.options.n)
    dm_rd_missing(
        r, errors, at, "This choice has no options.",
        "Write one option a line below it; the first is what happens when "
        "nothing is done.");
  DM_PUSH(r->arena, &r->ast->choices, c);
}

/* ---- outcome ------------------------------------------------------------- */

void dm_rd_outcome(dm_reader *r, dm_span at)
{
  dm_ast_outcome o = {.at = at, .file_order = r->block};
  o.name = dm_rd_name(r, "a name for the outcome");
  o.display = dm_rd_display(r);
  dm_rd_need_word(r, DM_W_WHEN);
  o.condition = dm_rd_condition(r);
  dm_rd_remarks(r, &o.remarks);
  if (!r->bad)
    DM_PUSH(r->arena, &r->ast->outcomes, o);
}

/* ---- payoff -------------------------------------------------------------- */

static bool relation(dm_reader *r, char *out)
{
  if (dm_rd_take(r, DM_T_GT))
    *out = '>';
  else if (dm_rd_take(r, DM_T_EQ))
    *out = '=';
  else if (dm_rd_take(r, DM_T_TILDE))
    *out = '~';
  else
    return false;
  return true;
}

static void ranking(dm_reader *r, dm_ast_payoff *p)
{
  dm_ast_ranking k = {.at = dm_rd_span(r)};
  uint32_t first = r->i;
  k.column = dm_rd_path(r, false, "an actor or ACTOR.TYPE");
  dm_rd_need(r, DM_T_COLON);
  for (;;) {
    char sign = 0;
    dm_ast_name name = dm_rd_name(r, "the name of an outcome");
    if (r->bad)
      return;
    DM_PUSH(r->arena, &k.outcomes, name);
    if (!relation(r, &sign))
      break;
    DM_PUSH(r->arena, &k.relations, sign);
  }
  k.at = dm_rd_span_from(r, first);
  dm_rd_remarks(r, &k.remarks);
  DM_PUSH(r->arena, &p->rankings, k);
}

static void then_pays(dm_reader *r, dm_ast_payoff_row *row)
{
  dm_ast_then_pays t = {.at = dm_rd_span(r)};
  uint32_t first = r->i;
  dm_rd_next(r);
  dm_rd_need_word(r, DM_W_PAYS);
  t.amount = dm_rd_sum(r);
  dm_rd_need_word(r, DM_W_A);
  dm_rd_clock_word(r);
  dm_rd_need_word(r, DM_W_TO);
  dm_rd_need_word(r, DM_W_THE);
  dm_rd_need_word(r, DM_W_END);
  if (dm_rd_take_word(r, DM_W_FOR))
    dm_rd_names(r, &t.actors, "the name of an actor");
  t.at = dm_rd_span_from(r, first);
  if (!r->bad)
    DM_PUSH(r->arena, &row->then_pays, t);
}

static bool row_ends(dm_reader *r)
{
  return dm_rd_done(r) || dm_rd_is_word(r, DM_W_THEN) ||
         dm_rd_is_word(r, DM_W_NOTE) || dm_rd_is_word(r, DM_W_SOURCE);
}

static void payoff_row(dm_reader *r, void *block)
{
  dm_ast_payoff *p = block;
  if (dm_rd_ahead(r, 1)->kind == DM_T_COLON) {
    ranking(r, p);
    return;
  }
  dm_ast_payoff_row row = {.at = dm_rd_span(r)};
  row.outcome = dm_rd_name(r, "the name of an outcome");
  row.display = dm_rd_display(r);
  r->cells = true;
  while (!r->bad && !row_ends(r)) {
    dm_rd_mark(r, DM_MARK_CELL);
    dm_ast_expr *cell = dm_rd_sum(r);
    if (!r->bad)
      DM_PUSH(r->arena, &row.cells, cell);
  }
  r->cells = false;
  dm_rd_mark(r, DM_MARK_COLUMN);
  while (!r->bad && dm_rd_is_word(r, DM_W_THEN))
    then_pays(r, &row);
  dm_rd_remarks(r, &row.remarks);
  if (!r->bad)
    DM_PUSH(r->arena, &p->rows, row);
}

void dm_rd_payoff(dm_reader *r, dm_span at)
{
  dm_ast_payoff p = {.at = at, .file_order = r->block};
  uint32_t errors = r->errors;
  while (!r->bad && !row_ends(r) && dm_rd_ahead(r, 1)->kind != DM_T_COLON) {
    dm_rd_mark(r, DM_MARK_CELL);
    dm_ast_path column = dm_rd_path(r, false, "an actor or ACTOR.TYPE");
    if (!r->bad)
      DM_PUSH(r->arena, &p.columns, column);
  }
  dm_rd_remarks(r, &p.remarks);
  dm_rd_body(r, payoff_row, &p);
  if (!p.rows.n && !p.rankings.n)
    dm_rd_missing(
        r, errors, at, "The payoff table has no rows.",
        "Write the columns (`us iran`) on this line and one outcome a line "
        "below it.");
  DM_PUSH(r->arena, &r->ast->payoffs, p);
}

/* ---- each month pay ------------------------------------------------------ */

static void pay(dm_reader *r, void *block)
{
  (void)block;
  dm_ast_pay p = {.at = dm_rd_span(r), .file_order = r->block};
  p.who = dm_rd_path(r, false, "an actor or ACTOR.TYPE");
  dm_rd_mark(r, DM_MARK_BODY);
  p.amount = dm_rd_sum(r);
  dm_rd_mark(r, DM_MARK_COLUMN);
  if (dm_rd_take_word(r, DM_W_IF))
    p.condition = dm_rd_condition(r);
  dm_rd_remarks(r, &p.remarks);
  if (!r->bad)
    DM_PUSH(r->arena, &r->ast->pays, p);
}

void dm_rd_each(dm_reader *r, dm_span at)
{
  (void)at;
  dm_rd_clock_word(r);
  dm_rd_need_word(r, DM_W_PAY);
  dm_rd_body(r, pay, NULL);
}

/* ---- questions ----------------------------------------------------------- */

static void when(dm_reader *r, dm_ast_when *w, bool by_period)
{
  if (dm_rd_take_word(r, DM_W_BY)) {
    if (by_period && dm_rd_is_clock_word(r, 0)) {
      dm_rd_clock_word(r);
      w->kind = DM_AST_WHEN_BY_PERIOD;
      return;
    }
    w->kind = DM_AST_WHEN_BY;
    w->date = dm_rd_date(r);
  } else if (dm_rd_take_word(r, DM_W_IN)) {
    w->kind = DM_AST_WHEN_IN;
    w->date = dm_rd_date(r);
  }
}

static void forced(dm_reader *r, dm_ast_question *q)
{
  q->forced = dm_rd_path(r, true, "an option, such as us.ease");
  if (dm_rd_take_word(r, DM_W_IN))
    q->forced_in = dm_rd_date(r);
  if (dm_rd_take_word(r, DM_W_SURPRISES)) {
    q->force = DM_AST_SURPRISES;
  } else {
    dm_rd_need_word(r, DM_W_KNOWN);
    q->force = DM_AST_KNOWN;
  }
}

static bool compares(dm_ast_op op)
{
  return op >= DM_AST_EQ && op <= DM_AST_GE;
}

static void bound(dm_reader *r, dm_ast_question *q)
{
  q->compared = true;
  if (dm_rd_comparison(r, &q->compare)) {
    dm_rd_next(r);
    q->bound = dm_rd_sum(r);
    return;
  }
  /* `chance of war = 3/8` was read as an event that compares. */
  dm_ast_expr *e = q->event;
  if (e && compares(e->op) && q->when.kind == DM_AST_WHEN_UNSAID && !q->given &&
      q->force == DM_AST_NOT_FORCED) {
    q->compare = e->op;
    q->bound = e->arg[1];
    q->event = e->arg[0];
    return;
  }
  (void)dm_rd_is(r, DM_T_EQ);
  (void)dm_rd_is(r, DM_T_LT);
  (void)dm_rd_is(r, DM_T_GT);
  dm_rd_unexpected(r);
}

static const char *as_written(dm_reader *r, uint32_t first)
{
  const dm_tok *tok = r->lexed.toks.at;
  size_t room = 1;
  for (uint32_t i = first; i < r->i; i++)
    room += (size_t)tok[i].len + 1;
  char *out = dm_arena_alloc(r->arena, room);
  size_t n = 0;
  for (uint32_t i = first; i < r->i; i++) {
    if (i > first && (tok[i].flags & DM_TOK_SPACE))
      out[n++] = ' ';
    for (uint32_t k = 0; k < tok[i].len; k++)
      out[n++] = r->lexed.text[tok[i].at + k];
  }
  return out;
}

static void question(dm_reader *r, bool check)
{
  dm_ast_question q = {.at = dm_rd_span(r), .file_order = r->block};
  uint32_t first = r->i;
  r->checking = check;
  dm_rd_need_word(r, DM_W_CHANCE);
  dm_rd_need_word(r, DM_W_OF);
  if (dm_rd_take_word(r, DM_W_EACH)) {
    dm_rd_need_word(r, DM_W_OUTCOME);
    q.each_outcome = true;
  } else {
    q.event = dm_rd_condition(r);
  }
  when(r, &q.when, !check);
  if (dm_rd_take_word(r, DM_W_GIVEN)) {
    q.given = dm_rd_condition(r);
    when(r, &q.given_when, false);
  }
  if (dm_rd_take_word(r, DM_W_IF))
    forced(r, &q);
  if (check && !r->bad)
    bound(r, &q);
  r->checking = false;
  if (r->bad)
    return;
  q.text = as_written(r, first);
  q.at = dm_rd_span_from(r, first);
  dm_rd_remarks(r, &q.remarks);
  if (check)
    DM_PUSH(r->arena, &r->ast->checks, q);
  else
    DM_PUSH(r->arena, &r->ast->asks, q);
}

void dm_rd_questions(dm_reader *r, bool check)
{
  do
    question(r, check);
  while (dm_rd_take(r, DM_T_SEMI));
}

static void ask_clause(dm_reader *r, void *block)
{
  (void)block;
  dm_rd_questions(r, false);
}

static void check_clause(dm_reader *r, void *block)
{
  (void)block;
  dm_rd_questions(r, true);
}

void dm_rd_ask(dm_reader *r, dm_span at)
{
  (void)at;
  dm_rd_mark(r, DM_MARK_BODY);
  dm_rd_body(r, ask_clause, NULL);
}

void dm_rd_check(dm_reader *r, dm_span at)
{
  (void)at;
  dm_rd_mark(r, DM_MARK_BODY);
  dm_rd_body(r, check_clause, NULL);
}
