/* lang/letters.c -- a letter, defined by its expansion.
 *
 * Variables: its status (unsent, held by a courier, under way, lost, arrived,
 * overdue, answered); `due`, the months until it arrives; `left`, the months
 * until it is overdue; one variable a field of what it says.  The delay is drawn
 * when the letter is handed over: a slow letter and a lost one then look alike
 * to whoever does not see it arrive. */
#include "lang/build.h"

#include <string.h>

static uint32_t letter_var(
    dm_build *b, const dm_ast_letter *ast, dm_var_kind kind, uint32_t size,
    const char *what)
{
  const char *name = *what
                         ? dm_format_in(b->arena, "%s.%s", ast->name.text, what)
                         : ast->name.text;
  return dm_new_var(b, kind, size, name, ast->at);
}

static void letter_says(dm_build *b, dm_b_letter *letter)
{
  const dm_ast_letter *ast = letter->ast;
  letter->says = dm_arena_array(b->arena, ast->says.n + 1, sizeof(uint32_t));
  letter->said = dm_arena_array(b->arena, ast->says.n + 1, sizeof(uint32_t));
  for (uint32_t i = 0; i < ast->says.n; i++) {
    const dm_ast_says *field = &ast->says.at[i];
    const char **words =
        dm_arena_array(b->arena, field->values.n + 1, sizeof *words);
    words[0] = "nothing";
    for (uint32_t k = 0; k < field->values.n; k++)
      words[k + 1] = field->values.at[k].text;
    letter->says[i] = letter_var(
        b, ast, DM_VAR_DETAIL, field->values.n + 1, field->field.text);
    b->core->var.at[letter->says[i]].words = words;
    letter->said[i] = letter->says[i];
    if (!ast->repeatable)
      continue;
    /* A second letter may overtake the first; its sender does not see that. */
    letter->said[i] = letter_var(
        b, ast, DM_VAR_DETAIL, field->values.n + 1,
        dm_format_in(b->arena, "said.%s", field->field.text));
    b->core->var.at[letter->said[i]].words = words;
  }
}

static void one_letter(dm_build *b, dm_b_letter *letter)
{
  static const char *const words[] = {"unsent",  "held",    "under way", "lost",
                                      "arrived", "overdue", "answered"};
  const dm_ast_letter *ast = letter->ast;
  letter->from = dm_need(b, ast->from, DM_SYM_ACTOR);
  letter->to = dm_need(b, ast->to, DM_SYM_ACTOR);
  letter->via = DM_NONE;
  letter->choice = letter->before = letter->sent_in = letter->arrived_in =
      DM_NONE;
  letter->left = DM_NONE;
  const dm_symbol *via = ast->via.text ? dm_lookup(b, ast->via.text) : NULL;
  if (ast->via_chooses)
    letter->via = dm_need(b, ast->via, DM_SYM_ACTOR);
  else if (via && via->kind == DM_SYM_ACTOR && ast->via_knows)
    letter->via = via->index;
  letter->status = letter_var(b, ast, DM_VAR_STATUS, 7, "");
  b->core->var.at[letter->status].words = words;
  b->core->var.at[letter->status].display = ast->display ? ast->display : "";
  b->core->var.at[letter->status].note = dm_first_note(&ast->remarks);
  letter->max_delay = 0;
  for (uint32_t i = 0; i < ast->arrives.n; i++)
    if (!ast->arrives.at[i].never &&
        ast->arrives.at[i].periods > letter->max_delay)
      letter->max_delay = ast->arrives.at[i].periods;
  /* A delay past the clock's end is the same as one just past it. */
  if (letter->max_delay > b->n_periods)
    letter->max_delay = b->n_periods;
  letter->due = letter_var(b, ast, DM_VAR_DETAIL, letter->max_delay + 1, "due");
  if (ast->has_deadline) {
    uint32_t k = ast->deadline < b->n_periods ? ast->deadline : b->n_periods;
    letter->left = letter_var(b, ast, DM_VAR_DETAIL, k + 1, "left");
  }
  if (ast->repeatable)
    letter->before = letter_var(b, ast, DM_VAR_DETAIL, 2, "before");
  letter_says(b, letter);
}

void dm_build_letters(dm_build *b)
{
  uint32_t n = b->ast->letters.n;
  b->letter = dm_arena_array(b->arena, n + 1, sizeof *b->letter);
  for (uint32_t i = 0; i < n; i++) {
    b->letter[i].ast = &b->ast->letters.at[i];
    one_letter(b, &b->letter[i]);
  }
}

/* What the letter's fields become by this `send`. */
static void say_fields(
    dm_build *b, const dm_b_letter *letter, const dm_ast_effect *effect,
    dm_stmts *says, dm_stmts *said)
{
  const dm_ast_letter *ast = letter->ast;
  for (uint32_t f = 0; effect && f < effect->fields.n; f++) {
    bool known = false;
    for (uint32_t i = 0; i < ast->says.n; i++)
      known |=
          !strcmp(ast->says.at[i].field.text, effect->fields.at[f].name.text);
    if (!known)
      dm_say(
          b, "E062", effect->fields.at[f].name.at, ast->at.line, NULL,
          "the letter `%s` does not speak of `%s`", ast->name.text,
          effect->fields.at[f].name.text);
  }
  for (uint32_t i = 0; i < ast->says.n; i++) {
    const dm_ast_says *field = &ast->says.at[i];
    int32_t value = 0;
    for (uint32_t f = 0; effect && f < effect->fields.n; f++) {
      const dm_ast_field *given = &effect->fields.at[f];
      if (strcmp(field->field.text, given->name.text) != 0)
        continue;
      const char *word = given->value->op == DM_AST_PATH
                             ? given->value->path->part[0].text
                             : "";
      for (uint32_t k = 0; k < field->values.n; k++)
        if (!strcmp(field->values.at[k].text, word))
          value = (int32_t)k + 1;
      if (!value)
        dm_say(
            b, "E063", given->value->at, field->at.line,
            "take one of the words behind `says`", "`%s` of `%s` is never `%s`",
            field->field.text, ast->name.text, word);
    }
    DM_PUSH(b->arena, says, dm_assign(b, letter->says[i], value));
    if (letter->said[i] != letter->says[i])
      DM_PUSH(b->arena, said, dm_assign(b, letter->said[i], value));
  }
}

/* Chances of the delays, one entry each; one set of parameters a letter,
 * however many options send it. */
static const dm_expr_id *delay_chances(dm_build *b, dm_b_letter *letter)
{
  const dm_ast_letter *ast = letter->ast;
  uint32_t n = ast->arrives.n;
  if (letter->delay)
    return letter->delay;
  const dm_ast_expr **list = dm_arena_array(b->arena, n + 1, sizeof *list);
  const char **paths = dm_arena_array(b->arena, n + 1, sizeof *paths);
  dm_expr_id *out = dm_arena_array(b->arena, n + 1, sizeof *out);
  for (uint32_t i = 0; i < n; i++) {
    const dm_ast_delay *delay = &ast->arrives.at[i];
    list[i] = delay->chance;
    paths[i] =
        delay->never
            ? dm_format_in(b->arena, "%s.arrives.never", ast->name.text)
            : dm_format_in(
                  b->arena, "%s.arrives.%u", ast->name.text, delay->periods);
  }
  dm_expr_id rest;
  dm_chances(
      b, list, n, paths, &ast->arrives_remarks, ast->arrives_at, false, out,
      &rest);
  letter->delay = out;
  return out;
}

static uint32_t capped_delay(const dm_b_letter *letter, uint32_t i)
{
  uint32_t d = letter->ast->arrives.at[i].periods;
  return d < letter->max_delay ? d : letter->max_delay;
}

/* Handing the letter over: under way with a delay, or lost. */
static dm_stmt_id hand_over(
    dm_build *b, const dm_b_letter *letter, const dm_expr_id *chance)
{
  uint32_t n = letter->ast->arrives.n;
  if (n == 0) { /* unsaid: it arrives at once */
    dm_stmts list = {0};
    DM_PUSH(b->arena, &list, dm_assign(b, letter->status, DM_LETTER_UNDERWAY));
    DM_PUSH(b->arena, &list, dm_assign(b, letter->due, 0));
    return dm_sequence(b, &list);
  }
  dm_stmt_id *body = dm_arena_array(b->arena, n, sizeof *body);
  for (uint32_t i = 0; i < n; i++) {
    bool never = letter->ast->arrives.at[i].never;
    dm_stmts list = {0};
    DM_PUSH(
        b->arena, &list,
        dm_assign(
            b, letter->status, never ? DM_LETTER_LOST : DM_LETTER_UNDERWAY));
    DM_PUSH(
        b->arena, &list,
        dm_assign(
            b, letter->due, never ? 0 : (int32_t)capped_delay(letter, i)));
    body[i] = dm_sequence(b, &list);
  }
  return dm_draw(b, chance, body, n);
}

/* Sent again while under way: the earlier arrival counts. */
static dm_stmt_id overtake(
    dm_build *b, const dm_b_letter *letter, const dm_expr_id *chance,
    dm_stmt_id says)
{
  uint32_t n = letter->ast->arrives.n;
  if (n == 0)
    return says;
  dm_stmt_id *body = dm_arena_array(b->arena, n, sizeof *body);
  for (uint32_t i = 0; i < n; i++) {
    body[i] = DM_NONE;
    if (letter->ast->arrives.at[i].never)
      continue;
    double d = capped_delay(letter, i);
    dm_stmts list = {0};
    DM_PUSH(b->arena, &list, dm_assign(b, letter->due, (int32_t)d));
    DM_PUSH(b->arena, &list, says);
    body[i] = dm_when(
        b, dm_op(b, DM_X_LE, dm_num(b, d), dm_var(b, letter->due)),
        dm_sequence(b, &list), DM_NONE);
  }
  return dm_draw(b, chance, body, n);
}

dm_stmt_id dm_letter_send(
    dm_build *b, uint32_t index, const dm_ast_effect *effect)
{
  dm_b_letter *letter = &b->letter[index];
  const dm_ast_letter *ast = letter->ast;
  dm_stmts says = {0}, said = {0}, fresh = {0}, all = {0};
  say_fields(b, letter, effect, &says, &said);
  dm_stmt_id says_id = dm_sequence(b, &says);
  dm_stmt_id said_id = dm_sequence(b, &said);
  bool held = ast->via_chooses;
  const dm_expr_id *chance =
      held || !ast->arrives.n ? NULL : delay_chances(b, letter);
  uint32_t st = letter->status;
  dm_expr_id ready = dm_is(b, st, DM_LETTER_UNSENT);
  if (ast->repeatable)
    ready = dm_or(
        b, ready,
        dm_or(
            b, dm_is(b, st, DM_LETTER_LOST), dm_is(b, st, DM_LETTER_ANSWERED)));
  DM_PUSH(
      b->arena, &fresh,
      held ? dm_assign(b, st, DM_LETTER_HELD) : hand_over(b, letter, chance));
  DM_PUSH(b->arena, &fresh, says_id);
  if (letter->before != DM_NONE)
    DM_PUSH(
        b->arena, &fresh,
        dm_when(
            b, dm_is(b, st, DM_LETTER_ANSWERED),
            dm_assign(b, letter->before, 1), DM_NONE));
  dm_stmt_id again = DM_NONE;
  dm_expr_id under_way = dm_is(b, st, DM_LETTER_UNDERWAY);
  bool twice = ast->repeatable && !held;
  if (twice)
    again =
        dm_when(b, under_way, overtake(b, letter, chance, says_id), DM_NONE);
  DM_PUSH(b->arena, &all, dm_when(b, ready, dm_sequence(b, &fresh), again));
  /* What the sender knows of its own sending. */
  dm_stmts own = {0};
  DM_PUSH(b->arena, &own, said_id);
  if (letter->sent_in != DM_NONE) {
    DM_PUSH(b->arena, &own, dm_core_set(b->core, letter->sent_in, dm_now(b)));
  }
  DM_PUSH(
      b->arena, &all,
      dm_when(
          b, twice ? dm_or(b, ready, under_way) : ready, dm_sequence(b, &own),
          DM_NONE));
  return dm_sequence(b, &all);
}

dm_stmt_id dm_letter_answer(dm_build *b, uint32_t index)
{
  const dm_b_letter *letter = &b->letter[index];
  dm_stmts list = {0};
  DM_PUSH(b->arena, &list, dm_assign(b, letter->status, DM_LETTER_ANSWERED));
  if (letter->left != DM_NONE)
    DM_PUSH(b->arena, &list, dm_assign(b, letter->left, 0));
  return dm_when(
      b,
      dm_and(
          b,
          dm_op(
              b, DM_X_GE, dm_var(b, letter->status),
              dm_num(b, DM_LETTER_ARRIVED)),
          dm_op(
              b, DM_X_LE, dm_var(b, letter->status),
              dm_num(b, DM_LETTER_OVERDUE))),
      dm_sequence(b, &list), DM_NONE);
}

/* Arrival in a round's phase 5; `last`: of the last round, where deadlines are
 * counted. */
static dm_stmt_id arrive(dm_build *b, const dm_b_letter *letter, bool last)
{
  uint32_t st = letter->status;
  dm_stmts list = {0};
  uint32_t k =
      letter->left == DM_NONE ? 0 : b->core->var.at[letter->left].size - 1;
  bool overdue = last && letter->left != DM_NONE && k == 0;
  DM_PUSH(
      b->arena, &list,
      dm_assign(b, st, overdue ? DM_LETTER_OVERDUE : DM_LETTER_ARRIVED));
  if (letter->left != DM_NONE && k > 0)
    DM_PUSH(
        b->arena, &list,
        dm_assign(b, letter->left, (int32_t)(last ? k - 1 : k)));
  if (letter->arrived_in != DM_NONE) {
    DM_PUSH(
        b->arena, &list, dm_core_set(b->core, letter->arrived_in, dm_now(b)));
  }
  dm_stmt_id arrives = dm_sequence(b, &list);
  dm_stmt_id count = DM_NONE;
  if (last && letter->left != DM_NONE)
    count = dm_when(
        b, dm_is(b, st, DM_LETTER_ARRIVED),
        dm_when(
            b, dm_is(b, letter->left, 0), dm_assign(b, st, DM_LETTER_OVERDUE),
            dm_increase(b, letter->left, dm_num(b, -1))),
        DM_NONE);
  dm_expr_id now =
      dm_and(b, dm_is(b, st, DM_LETTER_UNDERWAY), dm_is(b, letter->due, 0));
  return dm_when(b, now, arrives, count);
}

void dm_build_letter_rules(dm_build *b)
{
  for (uint32_t i = 0; i < b->ast->letters.n; i++) {
    dm_b_letter *letter = &b->letter[i];
    const dm_ast_letter *ast = letter->ast;
    for (uint32_t r = 1; r <= b->rounds; r++)
      dm_rule(
          b, &b->mail[r], ast->name.text, arrive(b, letter, r == b->rounds),
          NULL, false, ast->at);
    if (letter->max_delay > 0)
      dm_rule(
          b, &b->close, ast->name.text,
          dm_when(
              b, dm_op(b, DM_X_GT, dm_var(b, letter->due), dm_num(b, 0)),
              dm_increase(b, letter->due, dm_num(b, -1)), DM_NONE),
          NULL, false, ast->at);
    if (letter->choice == DM_NONE)
      continue;
    /* The courier passes it on: option 2 of its choice. */
    const dm_b_choice *courier = &b->choice.at[letter->choice];
    const dm_expr_id *chance = ast->arrives.n ? delay_chances(b, letter) : NULL;
    dm_stmt_id pass = dm_when(
        b,
        dm_and(
            b, dm_is(b, courier->pick, 2),
            dm_is(b, letter->status, DM_LETTER_HELD)),
        hand_over(b, letter, chance), DM_NONE);
    const char *name = b->core->choice.at[courier->core].actor_choice;
    for (uint32_t r = 1; r <= b->rounds; r++)
      dm_rule(b, &b->resolve[r], name, pass, NULL, false, ast->at);
  }
}

/* ---- what an actor sees of it ---------------------------------------------- */

static dm_expr_id at_least(dm_build *b, uint32_t var, int32_t value)
{
  return dm_op(b, DM_X_GE, dm_var(b, var), dm_num(b, value));
}

dm_expr_id dm_letter_view(
    dm_build *b, const dm_b_letter *letter, uint32_t actor,
    const char *const **words, uint32_t *n_words)
{
  static const char *const sender[] = {
      "unsent", "sent", "arrived", "overdue", "answered"};
  static const char *const receiver[] = {
      "not arrived", "arrived", "overdue", "answered"};
  static const char *const courier[] = {"not here", "held"};
  uint32_t st = letter->status;
  dm_expr_id zero = dm_num(b, 0), one = dm_num(b, 1);
  if (actor == letter->from) {
    *words = sender;
    *n_words = 5;
    dm_expr_id sent = dm_core_if(b->core, at_least(b, st, 1), one, zero);
    if (letter->ast->learns == DM_AST_LEARNS_ON_ANSWER)
      return dm_core_if(
          b->core, dm_is(b, st, DM_LETTER_ANSWERED), dm_num(b, 4), sent);
    if (letter->ast->learns == DM_AST_LEARNS_ON_ARRIVAL)
      return dm_core_if(
          b->core, at_least(b, st, DM_LETTER_ARRIVED),
          dm_op(b, DM_X_SUB, dm_var(b, st), dm_num(b, 2)), sent);
    return sent;
  }
  bool knows = letter->ast->via_knows && actor == letter->via;
  if (actor == letter->to || knows) {
    *words = receiver;
    *n_words = 4;
    dm_expr_id unseen =
        letter->before == DM_NONE
            ? zero
            : dm_core_if(
                  b->core, dm_is(b, letter->before, 1), dm_num(b, 3), zero);
    return dm_core_if(
        b->core, at_least(b, st, DM_LETTER_ARRIVED),
        dm_op(b, DM_X_SUB, dm_var(b, st), dm_num(b, DM_LETTER_ARRIVED - 1)),
        unseen);
  }
  if (letter->ast->via_chooses && actor == letter->via) {
    *words = courier;
    *n_words = 2;
    return dm_is(b, st, DM_LETTER_HELD);
  }
  return DM_NONE;
}
