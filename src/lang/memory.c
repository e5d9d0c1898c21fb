/* lang/memory.c -- what actors remember: variables that books after a phase
 * keep, and nothing else.  An item in bins keeps the bin only, so that what is
 * not remembered does not split situations. */
#include "lang/build.h"

#include <math.h>
#include <string.h>

const dm_b_memory *dm_memory_of_report(
    const dm_build *b, uint32_t actor, uint32_t report)
{
  for (uint32_t i = 0; i < b->memory.n; i++) {
    const dm_b_memory *m = &b->memory.at[i];
    if (m->actor == actor && m->report == report && m->ast->kind == DM_AST_LAST)
      return m;
  }
  return NULL;
}

static uint32_t memory_var(
    dm_build *b, const dm_b_memory *m, uint32_t size, const char *what)
{
  const char *name = dm_format_in(
      b->arena, "%s remembers %s", b->core->actor.at[m->actor].name, what);
  return dm_new_var(b, DM_VAR_MEMORY, size, name, m->ast->at);
}

static uint32_t bin_steps(
    dm_build *b, const dm_b_memory *m, const dm_b_state *state)
{
  int64_t steps;
  if (!m->ast->binned)
    return 0;
  if (state) {
    if (!dm_steps(b, state, &m->ast->bin, true, &steps))
      return 0;
  } else if (m->ast->bin.unit || m->ast->bin.value.den != 1) {
    dm_say(
        b, "E065", m->ast->bin.at, 0, "write a whole number",
        "these bins hold a whole number");
    return 0;
  } else {
    steps = m->ast->bin.value.num;
  }
  if (steps < 1 || steps > 1000000) {
    dm_say(
        b, "E013", m->ast->bin.at, 0, "a bin holds one step or more",
        "a bin of this size remembers nothing");
    return 0;
  }
  return (uint32_t)steps;
}

/* Number of codes for values lo .. lo + size - 1 in bins, plus one for none. */
static uint32_t binned_size(const dm_b_state *state, uint32_t bin)
{
  if (!bin)
    return state->size + 1;
  double low = floor((double)state->lo / bin);
  double high = floor(((double)state->lo + state->size - 1) / bin);
  return (uint32_t)(high - low) + 2;
}

/* The code of a state value: 0 is none. */
static dm_expr_id binned_code(
    dm_build *b, const dm_b_state *state, uint32_t bin, dm_expr_id value)
{
  if (!bin)
    return dm_op(b, DM_X_ADD, value, dm_num(b, 1.0 - state->lo));
  double low = floor((double)state->lo / bin);
  return dm_op(
      b, DM_X_ADD, dm_op(b, DM_X_IDIV, value, dm_num(b, bin)),
      dm_num(b, 1 - low));
}

static const dm_b_state *measured(const dm_build *b, const dm_b_memory *m)
{
  return m->report != DM_NONE  ? &b->state[b->report[m->report].state]
         : m->state != DM_NONE ? &b->state[m->state]
                               : NULL;
}

static const char *item_text(dm_build *b, const dm_ast_memory *ast)
{
  const char *text = "";
  for (uint32_t i = 0; i < ast->path.n; i++)
    text = dm_format_in(
        b->arena, "%s%s%s", text, i ? "." : "", ast->path.part[i].text);
  return text;
}

static bool sees_report(dm_build *b, const dm_b_memory *m)
{
  const dm_b_report *r = &b->report[m->report];
  if (r->viewers >> m->actor & 1)
    return true;
  dm_say(
      b, "E021", m->ast->at, r->ast->at.line,
      dm_format_in(b->arena, "add it to `seen by` of `%s`", r->ast->name.text),
      "`%s` does not see `%s` and cannot remember it",
      b->core->actor.at[m->actor].name, r->ast->name.text);
  return false;
}

static void remember_last(dm_build *b, dm_b_memory *m)
{
  const char *what = item_text(b, m->ast);
  if (m->report != DM_NONE) {
    if (!sees_report(b, m))
      return;
    const dm_b_state *state = measured(b, m);
    m->bin = bin_steps(b, m, state);
    if (m->ast->k <= 1 && !m->bin) {
      m->var = b->report[m->report].last; /* one and the same */
      m->n_vars = 1;
      return;
    }
    m->n_vars = m->ast->k ? m->ast->k : 1;
    if (m->n_vars > 64) {
      dm_say(
          b, "E081", m->ast->at, 0, "remember fewer",
          "at most 64 readings can be remembered");
      m->n_vars = 1;
    }
    for (uint32_t i = 0; i < m->n_vars; i++) {
      uint32_t var = memory_var(
          b, m, binned_size(state, m->bin),
          dm_format_in(b->arena, "%s (%u back)", what, i + 1));
      if (i == 0)
        m->var = var;
    }
    return;
  }
  const dm_b_choice *choice = &b->choice.at[m->choice];
  if (choice->actor != m->actor && choice->heard == DM_NONE) {
    dm_say(
        b, "E021", m->ast->at, choice->ast ? choice->ast->at.line : 0,
        "announce its options, or remember something that is seen",
        "`%s` never hears of `%s`", b->core->actor.at[m->actor].name, what);
    return;
  }
  m->n_vars = 1;
  m->var = memory_var(b, m, choice->option.n + 1, what);
  b->core->var.at[m->var].words = b->core->var.at[choice->pick].words;
}

static void remember_value(dm_build *b, dm_b_memory *m)
{
  const dm_b_state *state = measured(b, m);
  if (!state)
    return;
  if (m->report != DM_NONE && !sees_report(b, m))
    return;
  if (m->state != DM_NONE && !(state->viewers >> m->actor & 1)) {
    dm_say(
        b, "E021", m->ast->at, state->ast->at.line,
        "remember a report of it instead", "`%s` does not see `%s`",
        b->core->actor.at[m->actor].name, state->ast->name.text);
    return;
  }
  m->bin = bin_steps(b, m, state);
  m->n_vars = 1;
  m->var = memory_var(
      b, m, binned_size(state, m->bin),
      dm_format_in(
          b->arena, "%s %s", m->ast->kind == DM_AST_FIRST ? "first" : "highest",
          item_text(b, m->ast)));
}

static void letter_dates(dm_build *b, dm_b_memory *m)
{
  bool own = m->ast->kind == DM_AST_OWN_LETTERS;
  m->bin = bin_steps(b, m, NULL);
  for (uint32_t i = 0; i < b->ast->letters.n; i++) {
    dm_b_letter *letter = &b->letter[i];
    uint32_t *var = own ? &letter->sent_in : &letter->arrived_in;
    if ((own ? letter->from : letter->to) != m->actor || *var != DM_NONE)
      continue;
    *var = memory_var(
        b, m, b->n_periods + 1,
        dm_format_in(
            b->arena, "when %s %s", letter->ast->name.text,
            own ? "was sent" : "arrived"));
  }
}

static void remember_others(dm_build *b, dm_b_memory *m)
{
  dm_ast_name name =
      m->ast->path.n ? m->ast->path.part[0] : (dm_ast_name){NULL, m->ast->at};
  if (m->ast->kind == DM_AST_TERMS_OF) {
    m->deal = dm_need(b, name, DM_SYM_DEAL);
    if (m->deal == DM_NONE)
      return;
    m->n_vars = 1;
    m->var = memory_var(
        b, m, b->deal[m->deal].n_codes + 1,
        dm_format_in(b->arena, "terms of %s", name.text));
  } else if (m->ast->kind == DM_AST_SAYS_OF) {
    m->letter = dm_need(b, name, DM_SYM_LETTER);
    if (m->letter == DM_NONE)
      return;
    const dm_b_letter *letter = &b->letter[m->letter];
    if (letter->to != m->actor && letter->from != m->actor)
      dm_say(
          b, "E021", m->ast->at, letter->ast->at.line, NULL,
          "`%s` neither writes nor reads `%s`",
          b->core->actor.at[m->actor].name, name.text);
    m->n_vars = letter->ast->says.n;
    for (uint32_t i = 0; i < m->n_vars; i++) {
      uint32_t var = memory_var(
          b, m, b->core->var.at[letter->says[i]].size,
          letter->ast->says.at[i].field.text);
      b->core->var.at[var].words = b->core->var.at[letter->says[i]].words;
      if (i == 0)
        m->var = var;
    }
  } else if (m->ast->kind == DM_AST_COUNT_OF) {
    dm_context ctx = dm_context_of(DM_MODE_STATE);
    ctx.owner = m->actor;
    dm_entity e = dm_resolve(b, &ctx, &m->ast->path, false);
    if (e.kind != DM_IS_OPTION) {
      if (e.kind != DM_IS_NOTHING)
        dm_say(
            b, "E066", m->ast->at, 0, "write `count of ACTOR.OPTION`",
            "only picks of an option can be counted");
      return;
    }
    m->choice = e.index;
    m->bin = bin_steps(b, m, NULL);
    m->n_vars = 1;
    m->var = memory_var(
        b, m, b->n_periods * b->rounds + 1,
        dm_format_in(b->arena, "count of %s", item_text(b, m->ast)));
  } else if (m->ast->kind == DM_AST_OWN_OPTIONS) {
    for (uint32_t i = 0; i < b->choice.n; i++) {
      const dm_b_choice *choice = &b->choice.at[i];
      if (choice->actor != m->actor)
        continue;
      uint32_t var = memory_var(
          b, m, choice->option.n + 1,
          dm_format_in(b->arena, "own %s", choice->name));
      b->core->var.at[var].words = b->core->var.at[choice->pick].words;
      if (!m->n_vars++)
        m->var = var;
    }
  }
}

static void one_memory(dm_build *b, dm_b_memory *m)
{
  dm_ast_memory_kind kind = m->ast->kind;
  bool thing =
      kind == DM_AST_LAST || kind == DM_AST_FIRST || kind == DM_AST_HIGHEST;
  if (thing) {
    dm_context ctx = dm_context_of(DM_MODE_STATE);
    ctx.owner = m->actor;
    dm_entity e = dm_resolve(b, &ctx, &m->ast->path, false);
    if (e.kind == DM_IS_NOTHING)
      return;
    if (e.kind == DM_IS_READING)
      m->report = e.index;
    else if (e.kind == DM_IS_STATE && kind == DM_AST_HIGHEST)
      m->state = e.index;
    else if (e.kind == DM_IS_CHOICE && kind == DM_AST_LAST && m->ast->k <= 1)
      m->choice = e.index;
    else {
      dm_say(
          b, "E066", m->ast->at, 0,
          "`last` takes a report or a choice, `first` a report, `highest` "
          "a report or a state; what is visible now need not be remembered",
          "this cannot be remembered in this way");
      return;
    }
    if (kind == DM_AST_LAST)
      remember_last(b, m);
    else
      remember_value(b, m);
  } else if (kind == DM_AST_OWN_LETTERS || kind == DM_AST_LETTERS_IN) {
    letter_dates(b, m);
  } else {
    remember_others(b, m);
  }
}

void dm_build_memory(dm_build *b)
{
  for (uint32_t a = 0; a < b->n_actors; a++) {
    const dm_ast_actor *ast = &b->ast->actors.at[a];
    for (uint32_t i = 0; i < ast->remembers.n; i++) {
      dm_b_memory m = {
          .ast = &ast->remembers.at[i],
          .actor = a,
          .var = DM_NONE,
          .report = DM_NONE,
          .state = DM_NONE,
          .choice = DM_NONE,
          .deal = DM_NONE,
          .letter = DM_NONE};
      one_memory(b, &m);
      DM_PUSH(b->arena, &b->memory, m);
    }
  }
}

/* ---- the books ------------------------------------------------------------------ */

static void book_report(dm_build *b, const dm_b_memory *m)
{
  const dm_b_report *r = &b->report[m->report];
  const dm_b_state *state = measured(b, m);
  if (m->var == r->last)
    return;
  dm_expr_id value =
      dm_op(b, DM_X_ADD, dm_var(b, r->last), dm_num(b, (double)state->lo - 1));
  dm_expr_id code = binned_code(b, state, m->bin, value);
  dm_stmts list = {0};
  dm_expr_id when = dm_is(b, r->now, 1);
  if (m->ast->kind == DM_AST_LAST) {
    for (uint32_t i = m->n_vars; i-- > 1;)
      DM_PUSH(
          b->arena, &list,
          dm_core_set(b->core, m->var + i, dm_var(b, m->var + i - 1)));
    DM_PUSH(b->arena, &list, dm_core_set(b->core, m->var, code));
  } else if (m->ast->kind == DM_AST_FIRST) {
    when = dm_and(b, when, dm_is(b, m->var, 0));
    DM_PUSH(b->arena, &list, dm_core_set(b->core, m->var, code));
  } else {
    DM_PUSH(
        b->arena, &list,
        dm_core_set(
            b->core, m->var, dm_op(b, DM_X_MAX, dm_var(b, m->var), code)));
  }
  dm_rule(
      b, &b->reports_book, "memory",
      dm_when(b, when, dm_sequence(b, &list), DM_NONE), r->due, false,
      m->ast->at);
}

/* The highest value a state ever had, looked at after every phase that can
 * change it. */
static void book_highest(dm_build *b, const dm_b_memory *m)
{
  const dm_b_state *state = measured(b, m);
  dm_expr_id code = binned_code(b, state, m->bin, dm_var(b, state->var));
  dm_stmt_id set =
      dm_core_set(b->core, m->var, dm_op(b, DM_X_MAX, dm_var(b, m->var), code));
  dm_rule(b, &b->reports_book, "memory", set, NULL, false, m->ast->at);
  for (uint32_t r = 1; r <= b->rounds; r++)
    dm_rule(b, &b->resolve_book[r], "memory", set, NULL, false, m->ast->at);
  dm_rule(b, &b->drift, "memory", set, NULL, false, m->ast->at);
  dm_rule(b, &b->drift_book, "memory", set, NULL, false, m->ast->at);
}

static void book_pick(dm_build *b, const dm_b_memory *m)
{
  const dm_b_choice *choice = &b->choice.at[m->choice];
  const dm_core_choice *core = &b->core->choice.at[choice->core];
  dm_entity e = {.first = 0, .count = core->n_options};
  if (m->ast->kind == DM_AST_COUNT_OF) {
    dm_context ctx = dm_context_of(DM_MODE_STATE);
    ctx.owner = m->actor;
    e = dm_resolve(b, &ctx, &m->ast->path, true);
  }
  dm_expr_id known = DM_NONE;
  for (uint32_t i = e.first; i < e.first + e.count; i++)
    if (choice->actor == m->actor ||
        b->core->option.at[core->first_option + i].announced)
      known = dm_or(b, known, dm_is(b, choice->pick, (int32_t)i + 1));
  if (known == DM_NONE)
    return; /* never heard of: it stays at none */
  if (choice->fresh != DM_NONE)
    known = dm_and(b, dm_is(b, choice->fresh, 1), known);
  dm_stmt_id body = m->ast->kind == DM_AST_COUNT_OF
                        ? dm_increase(b, m->var, dm_num(b, 1))
                        : dm_core_set(b->core, m->var, dm_var(b, choice->pick));
  dm_stmt_id rule = dm_when(b, known, body, DM_NONE);
  uint32_t rounds = choice->every_round ? b->rounds : 1;
  for (uint32_t r = 1; r <= rounds; r++)
    dm_rule(b, &b->resolve_book[r], "memory", rule, NULL, false, m->ast->at);
}

static void book_terms(dm_build *b, const dm_b_memory *m)
{
  const dm_b_deal *deal = &b->deal[m->deal];
  if (!(deal->viewers >> m->actor & 1))
    return;
  dm_expr_id shown = dm_or(
      b, dm_is(b, deal->status, DM_DEAL_PROPOSED),
      dm_is(b, deal->status, DM_DEAL_IN_FORCE));
  dm_stmt_id set = dm_core_set(
      b->core, m->var,
      dm_op(b, DM_X_ADD, dm_var(b, deal->terms), dm_num(b, 1)));
  dm_rule(
      b, &b->drift_book, "memory", dm_when(b, shown, set, DM_NONE), NULL, false,
      m->ast->at);
}

static void book_says(dm_build *b, const dm_b_memory *m)
{
  const dm_b_letter *letter = &b->letter[m->letter];
  bool sender = letter->from == m->actor;
  dm_stmts list = {0};
  for (uint32_t i = 0; i < m->n_vars; i++)
    DM_PUSH(
        b->arena, &list,
        dm_core_set(
            b->core, m->var + i,
            dm_var(b, sender ? letter->said[i] : letter->says[i])));
  dm_expr_id known = dm_op(
      b, DM_X_GE, dm_var(b, letter->status),
      dm_num(b, sender ? DM_LETTER_HELD : DM_LETTER_ARRIVED));
  dm_stmt_id rule = dm_when(b, known, dm_sequence(b, &list), DM_NONE);
  for (uint32_t r = 1; r <= b->rounds; r++)
    dm_rule(b, &b->mail_book[r], "memory", rule, NULL, false, m->ast->at);
}

static void book_own(dm_build *b, const dm_b_memory *m)
{
  uint32_t var = m->var;
  for (uint32_t i = 0; i < b->choice.n; i++) {
    const dm_b_choice *choice = &b->choice.at[i];
    if (choice->actor != m->actor)
      continue;
    dm_rule(
        b, &b->close, "memory",
        dm_core_set(b->core, var++, dm_var(b, choice->pick)), NULL, false,
        m->ast->at);
  }
}

void dm_build_memory_rules(dm_build *b)
{
  for (uint32_t i = 0; i < b->memory.n; i++) {
    const dm_b_memory *m = &b->memory.at[i];
    if (m->var == DM_NONE)
      continue;
    if (m->report != DM_NONE)
      book_report(b, m);
    else if (m->state != DM_NONE)
      book_highest(b, m);
    else if (m->choice != DM_NONE)
      book_pick(b, m);
    else if (m->deal != DM_NONE)
      book_terms(b, m);
    else if (m->letter != DM_NONE)
      book_says(b, m);
    else if (m->ast->kind == DM_AST_OWN_OPTIONS)
      book_own(b, m);
  }
}
