/* lang/parse_expr.c -- expressions and conditions.
 *
 *   condition = all { "or" all }
 *   all       = not { "and" not }
 *   not       = "not" not | test
 *   test      = "no" name | ("from" | "until" | "in") date
 *             | path status | path "is" name
 *             | sum [ comparison value ]
 *   sum       = product { ("+" | "-") product }
 *   product   = factor { ("*" | "/") factor }
 *   factor    = "-" factor | number | path | ("min" | "max") "(" list ")"
 *             | "(" condition ")"
 *
 * Whether a phrase is a number or a condition is the checker's to say; here
 * both have one shape, so that (a > b) + 1 is refused with better words.
 * Depth is limited twice: while descending, so that the C stack is safe, and
 * in the finished tree, so that those who walk it are. */
#include "lang/reader.h"

static dm_ast_expr *new_expr(dm_reader *r, dm_ast_op op, dm_span at)
{
  dm_ast_expr *e = dm_arena_alloc(r->arena, sizeof *e);
  e->op = op;
  e->at = at;
  e->depth = 1;
  return e;
}

/* Stands for what could not be read, so that no pointer is NULL. */
static dm_ast_expr *nothing(dm_reader *r)
{
  dm_ast_expr *e = new_expr(r, DM_AST_NUMBER, dm_rd_span(r));
  e->number.value = (dm_ratio){0, 1};
  e->number.lo = e->number.hi = e->number.value;
  return e;
}

static void too_deep(dm_reader *r, dm_span at)
{
  dm_rd_fail(
      r, at,
      dm_rd_text(r, "This is nested more than %d deep.", (int)DM_AST_DEPTH),
      "Split it, for example by naming a part as an assumption or a state.");
}

static bool descend(dm_reader *r)
{
  if (++r->depth <= DM_AST_DEPTH)
    return true;
  too_deep(r, dm_rd_span(r));
  return false;
}

typedef DM_VEC(dm_ast_expr *) expr_list;

static dm_ast_expr *with_args(
    dm_reader *r, dm_ast_op op, uint32_t first, const expr_list *list)
{
  dm_ast_expr *e = new_expr(r, op, dm_rd_span_from(r, first));
  e->arg = dm_arena_array(r->arena, list->n, sizeof(dm_ast_expr *));
  e->n_args = list->n;
  for (uint32_t k = 0; k < list->n; k++) {
    e->arg[k] = list->at[k];
    if (list->at[k]->depth >= e->depth)
      e->depth = list->at[k]->depth + 1;
  }
  if (e->depth > DM_AST_DEPTH && !r->bad)
    too_deep(r, e->at);
  return e;
}

static dm_ast_expr *join(
    dm_reader *r, dm_ast_op op, uint32_t first, dm_ast_expr *a, dm_ast_expr *b)
{
  dm_ast_expr *args[2] = {a, b};
  expr_list list = {args, b ? 2 : 1, 2};
  return with_args(r, op, first, &list);
}

/* ---- numbers ------------------------------------------------------------- */

static dm_ast_expr *number_expr(dm_reader *r)
{
  uint32_t first = r->i;
  dm_ast_expr *e = new_expr(r, DM_AST_NUMBER, dm_rd_span(r));
  e->number = dm_rd_number(r);
  e->at = dm_rd_span_from(r, first);
  return e;
}

static dm_ast_expr *path_expr(dm_reader *r, bool loose, const char *what)
{
  dm_ast_expr *e = new_expr(r, DM_AST_PATH, dm_rd_span(r));
  e->path = dm_arena_alloc(r->arena, sizeof *e->path);
  *e->path = dm_rd_path(r, loose, what);
  return e;
}

static dm_ast_expr *parens(dm_reader *r)
{
  bool cells = r->cells;
  dm_rd_next(r);
  r->cells = false;
  r->parens++;
  dm_ast_expr *e = dm_rd_condition(r);
  dm_rd_need(r, DM_T_CLOSE);
  r->parens--;
  r->cells = cells;
  return e;
}

static dm_ast_expr *least_or_most(dm_reader *r, dm_ast_op op)
{
  uint32_t first = r->i;
  bool cells = r->cells;
  expr_list list = {NULL, 0, 0};
  dm_rd_next(r);
  r->cells = false;
  r->parens++;
  dm_rd_need(r, DM_T_OPEN);
  do {
    dm_ast_expr *e = dm_rd_sum(r);
    DM_PUSH(r->arena, &list, e);
  } while (dm_rd_take(r, DM_T_COMMA));
  dm_rd_need(r, DM_T_CLOSE);
  r->parens--;
  r->cells = cells;
  return with_args(r, op, first, &list);
}

static dm_ast_expr *factor(dm_reader *r)
{
  dm_ast_expr *e;
  if (r->bad || !descend(r))
    return nothing(r);
  uint32_t first = r->i;
  const dm_tok *tok = dm_rd_ahead(r, 0);
  bool sign = tok->kind == DM_T_MINUS || tok->kind == DM_T_PLUS;
  if (tok->kind == DM_T_NUMBER ||
      (sign && dm_rd_ahead(r, 1)->kind == DM_T_NUMBER)) {
    e = number_expr(r);
  } else if (tok->kind == DM_T_MINUS) {
    r->lexed.toks.at[r->i].flags |= DM_TOK_SIGN;
    dm_rd_next(r);
    e = join(r, DM_AST_NEG, first, factor(r), NULL);
  } else if (tok->kind == DM_T_OPEN) {
    e = parens(r);
  } else if (dm_rd_peek_word(r, DM_W_MIN)) {
    e = least_or_most(r, DM_AST_MIN);
  } else if (dm_rd_peek_word(r, DM_W_MAX)) {
    e = least_or_most(r, DM_AST_MAX);
  } else {
    (void)dm_rd_is(r, DM_T_NUMBER);
    e = path_expr(r, false, "a name");
  }
  r->depth--;
  return e;
}

static dm_ast_expr *product(dm_reader *r)
{
  uint32_t first = r->i;
  dm_ast_expr *e = factor(r);
  for (;;) {
    if (dm_rd_take(r, DM_T_STAR))
      e = join(r, DM_AST_MUL, first, e, factor(r));
    else if (dm_rd_take(r, DM_T_SLASH))
      e = join(r, DM_AST_DIV, first, e, factor(r));
    else
      return e;
  }
}

/* In a payoff row `2 -3` is two cells and `2 - 3` one. */
static bool begins_cell(const dm_reader *r)
{
  if (!r->cells)
    return false;
  return (dm_rd_ahead(r, 0)->flags & DM_TOK_SPACE) &&
         !(dm_rd_ahead(r, 1)->flags & DM_TOK_SPACE);
}

dm_ast_expr *dm_rd_sum(dm_reader *r)
{
  uint32_t first = r->i;
  dm_ast_expr *e = product(r);
  while (!begins_cell(r)) {
    if (dm_rd_take(r, DM_T_PLUS))
      e = join(r, DM_AST_ADD, first, e, product(r));
    else if (dm_rd_take(r, DM_T_MINUS))
      e = join(r, DM_AST_SUB, first, e, product(r));
    else
      break;
  }
  return e;
}

dm_ast_expr *dm_rd_chance(dm_reader *r)
{
  dm_span at = dm_rd_span(r);
  if (dm_rd_take_word(r, DM_W_REST))
    return new_expr(r, DM_AST_REST, at);
  return dm_rd_sum(r);
}

/* Behind `=` no keyword can begin a phrase but min( and max(, so any word
 * there is an option, a state's word or a field's value. */
dm_ast_expr *dm_rd_value(dm_reader *r)
{
  const dm_tok *tok = dm_rd_ahead(r, 0);
  bool keyword = tok->kind == DM_T_WORD && dm_word_reserved((dm_word)tok->word);
  bool call = dm_rd_ahead(r, 1)->kind == DM_T_OPEN &&
              (tok->word == DM_W_MIN || tok->word == DM_W_MAX);
  if (keyword && !call)
    return path_expr(r, true, "a word");
  return dm_rd_sum(r);
}

/* ---- conditions ---------------------------------------------------------- */

static const struct {
  dm_word word;
  dm_ast_status status;
} statuses[] = {
    {DM_W_UNSENT, DM_AST_UNSENT},     {DM_W_SENT, DM_AST_SENT},
    {DM_W_ARRIVED, DM_AST_ARRIVED},   {DM_W_OVERDUE, DM_AST_OVERDUE},
    {DM_W_ANSWERED, DM_AST_ANSWERED}, {DM_W_PROPOSED, DM_AST_PROPOSED},
    {DM_W_BROKEN, DM_AST_BROKEN},     {DM_W_LEFT, DM_AST_LEFT},
    {DM_W_MET, DM_AST_MET},           {DM_W_MISSED, DM_AST_MISSED},
    {DM_W_SILENT, DM_AST_SILENT},
};

/* The status behind a path: takes it. */
static bool take_status(dm_reader *r, dm_ast_status *status)
{
  for (size_t k = 0; k < sizeof statuses / sizeof *statuses; k++)
    if (dm_rd_take_word(r, statuses[k].word)) {
      *status = statuses[k].status;
      return true;
    }
  const dm_tok *next = dm_rd_ahead(r, 1);
  if (dm_rd_peek_word(r, DM_W_IN) && next->kind == DM_T_WORD &&
      next->word == DM_W_FORCE) {
    dm_rd_next(r);
    dm_rd_next(r);
    *status = DM_AST_IN_FORCE;
    return true;
  }
  return false;
}

/* A path that is alone, not the start of a sum. */
static dm_ast_expr *behind_path(dm_reader *r, uint32_t first, dm_ast_expr *e)
{
  if (dm_rd_take_word(r, DM_W_IS)) {
    e->op = DM_AST_IS;
    e->type = dm_rd_name(r, "the name of a type");
  } else if (take_status(r, &e->status)) {
    e->op = DM_AST_STATUS;
  }
  e->at = dm_rd_span_from(r, first);
  return e;
}

/* Both lists have the six comparisons in one order. */
bool dm_rd_comparison(const dm_reader *r, dm_ast_op *op)
{
  int sign = (int)dm_rd_ahead(r, 0)->kind - (int)DM_T_EQ;
  if (sign < 0 || sign > (int)DM_T_GE - (int)DM_T_EQ)
    return false;
  *op = (dm_ast_op)((int)DM_AST_EQ + sign);
  return true;
}

/* `chance of war < 90%`: the comparison is the check's, not the event's. */
static bool checks_own(const dm_reader *r)
{
  if (!r->checking || r->parens)
    return false;
  const dm_tok *tok = dm_rd_ahead(r, 1);
  return tok->kind == DM_T_NUMBER &&
         r->lexed.text[tok->at + tok->len - 1] == '%';
}

static dm_ast_expr *compared(dm_reader *r, uint32_t first, dm_ast_expr *e)
{
  dm_ast_op op;
  if (!dm_rd_comparison(r, &op)) {
    /* Only to be listed, should the next word be unexpected. */
    (void)dm_rd_is(r, DM_T_EQ);
    return e;
  }
  if (checks_own(r))
    return e;
  dm_rd_next(r);
  e = join(r, op, first, e, dm_rd_value(r));
  if (!r->bad && dm_rd_comparison(r, &op) && !checks_own(r) && !r->checking)
    dm_rd_fail(
        r, dm_rd_span(r), "Two comparisons stand in a row.",
        "Join them: `a < b and b < c`.");
  return e;
}

static dm_ast_expr *dated(dm_reader *r, dm_ast_op op)
{
  uint32_t first = r->i;
  dm_rd_next(r);
  dm_ast_expr *e = new_expr(r, op, dm_rd_span(r));
  e->date = dm_rd_date(r);
  e->at = dm_rd_span_from(r, first);
  return e;
}

static dm_ast_expr *test(dm_reader *r)
{
  uint32_t first = r->i;
  if (dm_rd_is_word(r, DM_W_FROM))
    return dated(r, DM_AST_FROM);
  if (dm_rd_is_word(r, DM_W_UNTIL))
    return dated(r, DM_AST_UNTIL);
  if (dm_rd_is_word(r, DM_W_IN))
    return dated(r, DM_AST_IN);
  if (dm_rd_take_word(r, DM_W_NO)) {
    dm_ast_expr *e = path_expr(r, false, "the name of a deal");
    e->op = DM_AST_NO;
    e->at = dm_rd_span_from(r, first);
    return e;
  }
  dm_ast_expr *e = dm_rd_sum(r);
  if (e->op == DM_AST_PATH && r->i == first + 1) {
    e = behind_path(r, first, e);
    if (e->op != DM_AST_PATH)
      return e;
  }
  return compared(r, first, e);
}

static dm_ast_expr *negation(dm_reader *r)
{
  uint32_t first = r->i;
  if (!dm_rd_is_word(r, DM_W_NOT))
    return test(r);
  if (!descend(r))
    return nothing(r);
  dm_rd_next(r);
  dm_ast_expr *e = join(r, DM_AST_NOT, first, negation(r), NULL);
  r->depth--;
  return e;
}

static dm_ast_expr *all_of(dm_reader *r)
{
  uint32_t first = r->i;
  dm_ast_expr *e = negation(r);
  if (!dm_rd_is_word(r, DM_W_AND))
    return e;
  expr_list list = {NULL, 0, 0};
  DM_PUSH(r->arena, &list, e);
  while (dm_rd_take_word(r, DM_W_AND)) {
    e = negation(r);
    DM_PUSH(r->arena, &list, e);
  }
  return with_args(r, DM_AST_AND, first, &list);
}

dm_ast_expr *dm_rd_condition(dm_reader *r)
{
  uint32_t first = r->i;
  dm_ast_expr *e = all_of(r);
  if (!dm_rd_is_word(r, DM_W_OR))
    return e;
  expr_list list = {NULL, 0, 0};
  DM_PUSH(r->arena, &list, e);
  while (dm_rd_take_word(r, DM_W_OR)) {
    e = all_of(r);
    DM_PUSH(r->arena, &list, e);
  }
  return with_args(r, DM_AST_OR, first, &list);
}

dm_ast_expr *dm_rd_event(dm_reader *r)
{
  uint32_t first = r->i;
  dm_ast_expr *e = path_expr(r, false, "what happens: a status or an option");
  if (r->bad)
    return e;
  return behind_path(r, first, e);
}

/* ---- lists of chances ---------------------------------------------------- */

bool dm_rd_is_step(const dm_reader *r)
{
  const dm_tok *next = dm_rd_ahead(r, 1);
  return dm_rd_peek(r, DM_T_OPEN) && next->kind == DM_T_WORD &&
         next->word == DM_W_X && dm_rd_ahead(r, 2)->kind == DM_T_NUMBER;
}

bool dm_rd_is_chance(dm_reader *r)
{
  const dm_tok *tok = dm_rd_ahead(r, 0);
  bool path = tok->kind == DM_T_WORD && !dm_word_reserved((dm_word)tok->word);
  return path || dm_rd_is(r, DM_T_NUMBER) || dm_rd_is_word(r, DM_W_REST) ||
         dm_rd_peek(r, DM_T_MINUS) || dm_rd_peek(r, DM_T_PLUS) ||
         (dm_rd_peek(r, DM_T_OPEN) && !dm_rd_is_step(r)) ||
         dm_rd_peek_word(r, DM_W_MIN) || dm_rd_peek_word(r, DM_W_MAX);
}

dm_ast_expr *dm_rd_chance_value(dm_reader *r)
{
  if (dm_rd_is_number(r))
    return number_expr(r);
  return path_expr(r, true, "a value");
}

void dm_rd_chances(dm_reader *r, dm_ast_chances *out)
{
  do {
    dm_ast_chance one;
    one.value = dm_rd_chance_value(r);
    one.chance = dm_rd_chance(r);
    if (r->bad)
      return;
    DM_PUSH(r->arena, out, one);
  } while (dm_rd_take(r, DM_T_COMMA));
}
