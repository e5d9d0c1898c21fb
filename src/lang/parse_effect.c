/* lang/parse_effect.c -- effects, and the rules that bring them about.
 *
 *   effects  = sequence { ";" sequence }
 *   sequence = item { "," item }
 *   item     = act | chance ":" sequence { ";" branch } | "if" ... ":" ...
 *
 * Behind `;` a further `chance:` or `else:` belongs to the innermost phrase
 * that can still take one; anything else belongs to no branch at all. */
#include "lang/reader.h"

static void sequence(dm_reader *r, dm_ast_effects *out);

static void fields(dm_reader *r, dm_ast_effect *effect, const char *what)
{
  for (;;) {
    /* A comma goes on to the next field if NAME = stands behind it and to
     * the next effect otherwise; both begin alike, so fields stand without
     * commas. */
    if (dm_rd_ahead(r, 1)->kind != DM_T_EQ || !dm_rd_is_name(r))
      return;
    dm_ast_field field = {.name = dm_rd_name(r, what)};
    dm_rd_need(r, DM_T_EQ);
    field.value = dm_rd_value(r);
    if (r->bad)
      return;
    DM_PUSH(r->arena, &effect->fields, field);
  }
}

static const struct {
  dm_word word;
  dm_ast_effect_kind kind;
  const char *what;
} verbs[] = {
    {DM_W_SEND, DM_AST_DO_SEND, "the name of a letter"},
    {DM_W_ANSWER, DM_AST_DO_ANSWER, "the name of a letter"},
    {DM_W_PROPOSE, DM_AST_DO_PROPOSE, "the name of a deal"},
    {DM_W_ACCEPT, DM_AST_DO_ACCEPT, "the name of a deal"},
    {DM_W_LEAVE, DM_AST_DO_LEAVE, "the name of a deal"},
    {DM_W_END, DM_AST_DO_END, "the name of an outcome"},
};

static void act(dm_reader *r, dm_ast_effect *effect)
{
  for (size_t k = 0; k < sizeof verbs / sizeof *verbs; k++) {
    if (!dm_rd_take_word(r, verbs[k].word))
      continue;
    effect->kind = verbs[k].kind;
    effect->target = dm_rd_name(r, verbs[k].what);
    if (effect->kind == DM_AST_DO_SEND)
      fields(r, effect, "a field of the letter");
    else if (effect->kind == DM_AST_DO_PROPOSE)
      fields(r, effect, "a term of the deal");
    return;
  }
  effect->target = dm_rd_name(r, "the name of a state");
  if (dm_rd_take(r, DM_T_EQ)) {
    effect->kind = DM_AST_DO_SET;
    effect->value = dm_rd_value(r);
    return;
  }
  effect->kind = DM_AST_DO_ADD;
  if (!dm_rd_is(r, DM_T_PLUS) && !dm_rd_is(r, DM_T_MINUS)) {
    dm_rd_unexpected(r);
    return;
  }
  /* The sign belongs to the first factor: -6 + x is x - 6. */
  if (dm_rd_peek(r, DM_T_PLUS) && dm_rd_ahead(r, 1)->kind != DM_T_NUMBER) {
    r->lexed.toks.at[r->i].flags |= DM_TOK_SIGN;
    dm_rd_next(r);
  }
  effect->value = dm_rd_sum(r);
}

/* Whether a chance and not an act is next. */
static bool is_chance(const dm_reader *r)
{
  const dm_tok *tok = dm_rd_ahead(r, 0);
  if (tok->kind == DM_T_NUMBER || tok->kind == DM_T_OPEN ||
      dm_rd_peek_word(r, DM_W_MIN) || dm_rd_peek_word(r, DM_W_MAX))
    return true;
  if (tok->kind != DM_T_WORD || dm_word_reserved((dm_word)tok->word))
    return false;
  dm_tok_kind next = (dm_tok_kind)dm_rd_ahead(r, 1)->kind;
  return next == DM_T_COLON || next == DM_T_STAR || next == DM_T_SLASH ||
         next == DM_T_ARROW;
}

static bool is_else(const dm_reader *r, uint32_t ahead)
{
  const dm_tok *tok = dm_rd_ahead(r, ahead);
  return tok->kind == DM_T_WORD && tok->word == DM_W_ELSE;
}

static void branch_body(
    dm_reader *r, dm_ast_effect *effect, dm_ast_branch *branch)
{
  dm_rd_need(r, DM_T_COLON);
  sequence(r, &branch->effects);
  DM_PUSH(r->arena, &effect->branches, *branch);
}

static void else_branch(dm_reader *r, dm_ast_effect *effect)
{
  dm_ast_branch branch = {.at = dm_rd_span(r)};
  dm_rd_next(r);
  branch_body(r, effect, &branch);
}

/* Whether behind the `;` that is next a further chance of this list stands.
 * A sum is read to its end to see the colon, then put back. */
static bool chance_goes_on(dm_reader *r)
{
  uint32_t here = r->i;
  dm_rd_next(r);
  bool on = is_chance(r);
  r->i = here;
  return on;
}

static void chance_list(dm_reader *r, dm_ast_effect *effect)
{
  effect->kind = DM_AST_DO_CHANCE;
  for (;;) {
    dm_ast_branch branch = {.at = dm_rd_span(r)};
    uint32_t first = r->i;
    branch.chance = dm_rd_sum(r);
    branch.at = dm_rd_span_from(r, first);
    branch_body(r, effect, &branch);
    if (r->bad || !dm_rd_is(r, DM_T_SEMI))
      return;
    if (is_else(r, 1)) {
      dm_rd_next(r);
      else_branch(r, effect);
      return;
    }
    if (!chance_goes_on(r))
      return;
    dm_rd_next(r);
  }
}

static void conditional(dm_reader *r, dm_ast_effect *effect)
{
  dm_ast_branch branch = {.at = dm_rd_span(r)};
  effect->kind = DM_AST_DO_IF;
  dm_rd_next(r);
  branch.condition = dm_rd_condition(r);
  branch_body(r, effect, &branch);
  if (r->bad || !dm_rd_is(r, DM_T_SEMI) || !is_else(r, 1))
    return;
  dm_rd_next(r);
  else_branch(r, effect);
}

static void item(dm_reader *r, dm_ast_effects *out)
{
  dm_ast_effect effect = {.at = dm_rd_span(r)};
  uint32_t first = r->i;
  if (r->bad)
    return;
  if (++r->depth > DM_AST_DEPTH) {
    dm_rd_fail(
        r, effect.at,
        dm_rd_text(
            r, "Effects are nested more than %d deep.", (int)DM_AST_DEPTH),
        "Split them over several options or rules.");
    return;
  }
  if (is_chance(r))
    chance_list(r, &effect);
  else if (dm_rd_is_word(r, DM_W_IF))
    conditional(r, &effect);
  else
    act(r, &effect);
  r->depth--;
  if (r->bad)
    return;
  effect.at = dm_rd_span_from(r, first);
  DM_PUSH(r->arena, out, effect);
}

static void sequence(dm_reader *r, dm_ast_effects *out)
{
  do
    item(r, out);
  while (dm_rd_take(r, DM_T_COMMA));
}

void dm_rd_effects(dm_reader *r, dm_ast_effects *out)
{
  do
    sequence(r, out);
  while (dm_rd_take(r, DM_T_SEMI));
}

/* ---- rules --------------------------------------------------------------- */

static void moves(dm_reader *r, dm_ast_rule *rule)
{
  rule->kind = DM_AST_RULE_MOVES;
  rule->target = dm_rd_name(r, "the name of a state");
  dm_rd_mark(r, DM_MARK_BODY);
  dm_rd_need_word(r, DM_W_MOVES);
  rule->amount = dm_rd_sum(r);
  dm_rd_need_word(r, DM_W_TOWARD);
  rule->toward = dm_rd_sum(r);
  if (dm_rd_take(r, DM_T_COMMA))
    rule->chance = dm_rd_sum(r);
}

/* The phrase in front of `->`, if there is one; else nothing is taken, so
 * that `5%: A` and `if c: A` are read as effects. */
static void before_arrow(dm_reader *r, dm_ast_rule *rule, bool drift)
{
  uint32_t here = r->i;
  bool iff = dm_rd_is_word(r, DM_W_IF);
  if (iff || dm_rd_is_word(r, DM_W_UNLESS)) {
    dm_rd_next(r);
    rule->unless = !iff;
    rule->condition = dm_rd_condition(r);
  } else if (drift && is_chance(r)) {
    rule->chance = dm_rd_sum(r);
  }
  if (!r->bad && r->i != here && !rule->unless && dm_rd_peek(r, DM_T_COLON)) {
    r->i = here;
    rule->condition = NULL;
    rule->chance = NULL;
    return;
  }
  if (r->i != here)
    dm_rd_need(r, DM_T_ARROW);
  else
    (void)dm_rd_take(r, DM_T_ARROW);
}

dm_ast_rule dm_rd_rule(dm_reader *r, bool drift)
{
  dm_ast_rule rule = {.at = dm_rd_span(r)};
  uint32_t first = r->i;
  const dm_tok *next = dm_rd_ahead(r, 1);
  if (drift && next->kind == DM_T_WORD && next->word == DM_W_MOVES) {
    moves(r, &rule);
  } else {
    before_arrow(r, &rule, drift);
    dm_rd_effects(r, &rule.effects);
  }
  rule.at = dm_rd_span_from(r, first);
  dm_rd_remarks(r, &rule.remarks);
  return rule;
}
