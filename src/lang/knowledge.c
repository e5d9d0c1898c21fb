/* lang/knowledge.c -- phase 3: who decides what, knowing what.
 *
 * The key of an information set is a list of expressions over the situation;
 * two situations in which they are all equal are the same to the actor.  Nobody
 * draws information sets by hand: everything here follows from what was
 * declared to be seen, announced or remembered. */
#include "lang/build.h"

#include <math.h>

typedef struct knower {
  dm_build *b;
  uint32_t actor;
  uint32_t round;
} knower;

static dm_core_key *item(knower *k, const char *name, dm_expr_id expr)
{
  dm_core_key key = {.name = name, .expr = expr};
  DM_PUSH(k->b->arena, &k->b->core->key, key);
  return &k->b->core->key.at[k->b->core->key.n - 1];
}

static void worded_item(
    knower *k, const char *name, dm_expr_id expr, const char *const *words,
    uint32_t n)
{
  dm_core_key *key = item(k, name, expr);
  key->words = words;
  key->n_words = n;
}

static void var_item(knower *k, const char *name, uint32_t var, bool memory)
{
  const dm_core_var *v = &k->b->core->var.at[var];
  dm_expr_id expr = dm_var(k->b, var);
  if (v->lo)
    expr = dm_op(k->b, DM_X_SUB, expr, dm_num(k->b, v->lo));
  dm_core_key *key = item(k, name, expr);
  v = &k->b->core->var.at[var];
  key->words = v->words;
  key->n_words = v->words ? v->size : 0;
  key->shift = v->lo;
  key->memory = memory;
}

static void reading_item(
    knower *k, const char *name, dm_expr_id expr, const dm_b_report *r,
    uint32_t bin, bool memory)
{
  const dm_build *b = k->b;
  const dm_b_state *state = &b->state[r->state];
  dm_core_key *key = item(k, name, expr);
  key->has_none = true;
  key->memory = memory;
  key->shift =
      bin ? (int32_t)floor((double)state->lo / bin) - 1 : state->lo - 1;
  if (!bin && b->core->var.at[r->last].words) {
    key->words = b->core->var.at[r->last].words;
    key->n_words = state->size + 1;
  }
}

static void know_reports(knower *k)
{
  dm_build *b = k->b;
  for (uint32_t i = 0; i < b->ast->reports.n; i++) {
    const dm_b_report *r = &b->report[i];
    const char *name = r->ast->name.text;
    if (!(r->viewers >> k->actor & 1))
      continue;
    const dm_b_memory *m = dm_memory_of_report(b, k->actor, i);
    bool whole = m && m->var == r->last;
    dm_expr_id last = dm_var(b, r->last);
    if (whole)
      reading_item(
          k, dm_format_in(b->arena, "last %s", name), last, r, 0, true);
    else
      reading_item(
          k, name, dm_core_if(b->core, dm_is(b, r->now, 1), last, dm_num(b, 0)),
          r, 0, false);
    if (r->silent != DM_NONE) {
      static const char *const words[] = {"no", "yes"};
      worded_item(
          k, dm_format_in(b->arena, "%s silent", name), dm_var(b, r->silent),
          words, 2);
    }
  }
}

static void know_letters(knower *k)
{
  dm_build *b = k->b;
  for (uint32_t i = 0; i < b->ast->letters.n; i++) {
    const dm_b_letter *letter = &b->letter[i];
    const dm_ast_letter *ast = letter->ast;
    const char *const *words;
    uint32_t n;
    dm_expr_id view = dm_letter_view(b, letter, k->actor, &words, &n);
    if (view == DM_NONE)
      continue;
    worded_item(k, ast->name.text, view, words, n);
    bool sender = k->actor == letter->from;
    bool reader =
        k->actor == letter->to || (ast->via_reads && k->actor == letter->via);
    for (uint32_t f = 0; (sender || reader) && f < ast->says.n; f++) {
      uint32_t var = sender ? letter->said[f] : letter->says[f];
      uint32_t st = letter->status;
      dm_expr_id open;
      if (sender)
        open =
            ast->learns == DM_AST_LEARNS_NEVER
                ? dm_num(b, 1)
                : dm_op(
                      b, DM_X_NE, dm_var(b, st), dm_num(b, DM_LETTER_ANSWERED));
      else if (k->actor == letter->to)
        open = dm_or(
            b, dm_is(b, st, DM_LETTER_ARRIVED),
            dm_is(b, st, DM_LETTER_OVERDUE));
      else
        open = dm_is(b, st, DM_LETTER_HELD);
      worded_item(
          k,
          dm_format_in(
              b->arena, "%s.%s", ast->name.text, ast->says.at[f].field.text),
          dm_core_if(b->core, open, dm_var(b, var), dm_num(b, 0)),
          b->core->var.at[var].words, b->core->var.at[var].size);
    }
  }
}

static void know_deals(knower *k)
{
  dm_build *b = k->b;
  for (uint32_t i = 0; i < b->ast->deals.n; i++) {
    const dm_b_deal *deal = &b->deal[i];
    const char *name = deal->ast->name.text;
    if (!(deal->viewers >> k->actor & 1))
      continue;
    var_item(k, name, deal->status, false);
    dm_core_key *by = item(
        k, dm_format_in(b->arena, "%s proposed by", name), dm_var(b, deal->by));
    const char **words =
        dm_arena_array(b->arena, (size_t)1 << deal->n_parties, sizeof *words);
    for (uint32_t mask = 0; mask < UINT32_C(1) << deal->n_parties; mask++) {
      words[mask] = mask ? "" : "nobody";
      for (uint32_t p = 0; p < deal->n_parties; p++)
        if (mask >> p & 1)
          words[mask] = dm_format_in(
              b->arena, "%s%s%s", words[mask], *words[mask] ? " and " : "",
              b->core->actor.at[deal->party[p]].name);
    }
    by = &b->core->key.at[b->core->key.n - 1];
    by->words = words;
    by->n_words = UINT32_C(1) << deal->n_parties;
    dm_expr_id shown = dm_or(
        b, dm_is(b, deal->status, DM_DEAL_PROPOSED),
        dm_is(b, deal->status, DM_DEAL_IN_FORCE));
    for (uint32_t t = 0; t < deal->ast->terms.n; t++) {
      const dm_ast_term *term = &deal->ast->terms.at[t];
      int32_t lo = (int32_t)term->lo.value.num;
      dm_expr_id value = dm_term_value(b, deal, t, dm_var(b, deal->terms));
      dm_core_key *key = item(
          k, dm_format_in(b->arena, "%s.%s", name, term->name.text),
          dm_core_if(
              b->core, shown, dm_op(b, DM_X_ADD, value, dm_num(b, 1 - lo)),
              dm_num(b, 0)));
      key->has_none = true;
      key->shift = lo - 1;
    }
    if (deal->age != DM_NONE)
      var_item(
          k, dm_format_in(b->arena, "%s months in force", name), deal->age,
          false);
  }
}

static void know_memory(knower *k)
{
  dm_build *b = k->b;
  for (uint32_t i = 0; i < b->memory.n; i++) {
    const dm_b_memory *m = &b->memory.at[i];
    if (m->actor != k->actor)
      continue;
    dm_ast_memory_kind kind = m->ast->kind;
    if (kind == DM_AST_OWN_LETTERS || kind == DM_AST_LETTERS_IN) {
      bool own = kind == DM_AST_OWN_LETTERS;
      for (uint32_t l = 0; l < b->ast->letters.n; l++) {
        const dm_b_letter *letter = &b->letter[l];
        uint32_t var = own ? letter->sent_in : letter->arrived_in;
        if ((own ? letter->from : letter->to) != k->actor || var == DM_NONE)
          continue;
        dm_expr_id date = dm_var(b, var);
        if (m->bin)
          date = dm_op(
              b, DM_X_IDIV, dm_op(b, DM_X_ADD, date, dm_num(b, m->bin - 1.0)),
              dm_num(b, m->bin));
        dm_core_key *key = item(k, b->core->var.at[var].name, date);
        key->has_none = true;
        key->memory = true;
      }
      continue;
    }
    if (m->var == DM_NONE ||
        (m->report != DM_NONE && m->var == b->report[m->report].last))
      continue;
    for (uint32_t v = m->var; v < m->var + m->n_vars; v++) {
      const char *name = b->core->var.at[v].name;
      if (kind == DM_AST_COUNT_OF && m->bin) {
        item(k, name, dm_op(b, DM_X_IDIV, dm_var(b, v), dm_num(b, m->bin)))
            ->memory = true;
      } else if (m->report != DM_NONE) {
        reading_item(
            k, name, dm_var(b, v), &b->report[m->report], m->bin, true);
      } else if (m->state != DM_NONE) {
        dm_core_key *key = item(k, name, dm_var(b, v));
        key->memory = true;
        key->has_none = true;
        key->shift =
            m->bin ? (int32_t)floor((double)b->state[m->state].lo / m->bin) - 1
                   : b->state[m->state].lo - 1;
      } else {
        var_item(k, name, v, true);
      }
    }
  }
}

/* All that is known before anything of this decide phase: the part that
 * perfect recall writes down. */
static void know_before(knower *k)
{
  dm_build *b = k->b;
  uint32_t type = b->core->actor.at[k->actor].type_var;
  if (type != DM_NONE)
    var_item(k, "type", type, false);
  for (uint32_t i = 0; i < b->ast->states.n; i++)
    if (b->state[i].viewers >> k->actor & 1)
      var_item(k, b->state[i].ast->name.text, b->state[i].var, false);
  for (uint32_t i = 0; i < b->choice.n; i++) {
    const dm_b_choice *choice = &b->choice.at[i];
    if (choice->heard != DM_NONE)
      var_item(
          k,
          dm_format_in(
              b->arena, "%s announced",
              b->core->choice.at[choice->core].actor_choice),
          choice->heard, false);
  }
  know_letters(k);
  know_deals(k);
  for (uint32_t i = 0; i < b->ast->benchmarks.n; i++)
    if (b->benchmark[i].viewers >> k->actor & 1)
      var_item(k, b->benchmark[i].ast->name.text, b->benchmark[i].var, false);
  know_reports(k);
  know_memory(k);
}

/* An announced pick of an actor that came earlier in this phase. */
static void know_announced(knower *k, const dm_b_choice *choice)
{
  dm_build *b = k->b;
  const dm_core_choice *core = &b->core->choice.at[choice->core];
  dm_expr_id told = DM_NONE;
  for (uint32_t i = 0; i < core->n_options; i++)
    if (b->core->option.at[core->first_option + i].announced)
      told = dm_or(b, told, dm_is(b, choice->pick, (int32_t)i + 1));
  if (told == DM_NONE)
    return;
  worded_item(
      k, dm_format_in(b->arena, "%s now", core->actor_choice),
      dm_core_if(b->core, told, dm_var(b, choice->pick), dm_num(b, 0)),
      b->core->var.at[choice->pick].words, core->n_options + 1);
}

static void know_now(knower *k, uint32_t index)
{
  dm_build *b = k->b;
  for (uint32_t i = 0; i < b->choice.n; i++) {
    const dm_b_choice *choice = &b->choice.at[i];
    const char *name = b->core->choice.at[choice->core].name;
    bool active = k->round == 1 || choice->every_round;
    if (choice->actor == k->actor) {
      if ((i < index && active) || k->round > 1 || choice->standing)
        var_item(
            k, dm_format_in(b->arena, "own %s", name), choice->pick, false);
    } else if (choice->stage < b->choice.at[index].stage && active) {
      know_announced(k, choice);
    }
  }
}

/* ---- standing choices ----------------------------------------------------------- */

static void date_changes(
    const dm_build *b, const dm_ast_expr *expr, uint8_t *on)
{
  dm_period t = dm_ast_period(&b->ast->scenario.clock, expr->date);
  dm_period last = (dm_period)b->n_periods;
  bool from = expr->op == DM_AST_FROM || expr->op == DM_AST_IN;
  bool until = expr->op == DM_AST_UNTIL || expr->op == DM_AST_IN;
  if (from && t >= 1 && t <= last)
    on[t] = 1;
  if (until && t >= 0 && t + 1 <= last)
    on[t + 1] = 1;
  for (uint32_t i = 0; i < expr->n_args; i++)
    date_changes(b, expr->arg[i], on);
}

/* Asked when something visible changed, or on a date when its options do. */
static dm_expr_id standing_open(dm_build *b, const dm_b_choice *choice)
{
  uint8_t *on = dm_arena_alloc(b->arena, b->n_periods + 2);
  for (uint32_t i = 0; i < choice->ast->options.n; i++)
    if (choice->ast->options.at[i].guard)
      date_changes(b, choice->ast->options.at[i].guard, on);
  dm_expr_id open = dm_is(b, choice->asked, 1);
  for (uint32_t t = 1; t <= b->n_periods; t++) {
    if (!on[t])
      continue;
    open = dm_or(b, open, dm_op(b, DM_X_EQ, dm_now(b), dm_num(b, t)));
  }
  return open;
}

static void watch(dm_build *b, const dm_b_choice *choice)
{
  dm_core *core = b->core;
  uint32_t a = choice->actor;
  dm_core_watch w = {.var = choice->asked, .first_expr = core->watch_expr.n};
  for (uint32_t i = 0; i < b->ast->states.n; i++)
    if (b->state[i].viewers >> a & 1)
      DM_PUSH(b->arena, &core->watch_expr, dm_var(b, b->state[i].var));
  for (uint32_t i = 0; i < b->ast->letters.n; i++) {
    const char *const *words;
    uint32_t n;
    dm_expr_id view = dm_letter_view(b, &b->letter[i], a, &words, &n);
    if (view != DM_NONE)
      DM_PUSH(b->arena, &core->watch_expr, view);
  }
  for (uint32_t i = 0; i < b->ast->deals.n; i++) {
    const dm_b_deal *deal = &b->deal[i];
    if (!(deal->viewers >> a & 1))
      continue;
    DM_PUSH(b->arena, &core->watch_expr, dm_var(b, deal->status));
    DM_PUSH(b->arena, &core->watch_expr, dm_var(b, deal->by));
    dm_expr_id shown = dm_or(
        b, dm_is(b, deal->status, DM_DEAL_PROPOSED),
        dm_is(b, deal->status, DM_DEAL_IN_FORCE));
    DM_PUSH(
        b->arena, &core->watch_expr,
        dm_core_if(core, shown, dm_var(b, deal->terms), dm_num(b, 0)));
  }
  for (uint32_t i = 0; i < b->ast->benchmarks.n; i++)
    if (b->benchmark[i].viewers >> a & 1)
      DM_PUSH(b->arena, &core->watch_expr, dm_var(b, b->benchmark[i].var));
  w.n_exprs = core->watch_expr.n - w.first_expr;
  DM_PUSH(b->arena, &core->watch, w);
}

/* ---- decisions --------------------------------------------------------------------- */

static dm_expr_id in_window(dm_build *b, const dm_b_choice *choice)
{
  dm_expr_id open = DM_NONE;
  dm_expr_id now = dm_now(b);
  if (choice->from > 1)
    open = dm_op(b, DM_X_GE, now, dm_num(b, choice->from));
  if (choice->until < b->n_periods)
    open = dm_and(b, open, dm_op(b, DM_X_LE, now, dm_num(b, choice->until)));
  return open;
}

static void guards(dm_build *b, uint32_t index)
{
  dm_b_choice *choice = &b->choice.at[index];
  const dm_core_choice *core = &b->core->choice.at[choice->core];
  for (uint32_t i = 0; i < choice->option.n; i++) {
    const dm_ast_option *ast = choice->option.at[i].ast;
    if (!ast || !ast->guard)
      continue;
    if (i && choice->option.at[i - 1].ast == ast) {
      b->core->option.at[core->first_option + i].guard =
          b->core->option.at[core->first_option + i - 1].guard;
      continue;
    }
    dm_context ctx = dm_context_of(DM_MODE_GUARD);
    ctx.owner = choice->actor;
    ctx.choice = index;
    dm_expr_id guard = dm_compile(b, &ctx, ast->guard);
    core = &b->core->choice.at[choice->core];
    b->core->option.at[core->first_option + i].guard = guard;
  }
}

/* A standing pick whose guard fails falls back to the first option. */
static dm_stmt_id fall_back(dm_build *b, const dm_b_choice *choice)
{
  const dm_core_choice *core = &b->core->choice.at[choice->core];
  dm_expr_id fails = DM_NONE;
  for (uint32_t i = 0; i < core->n_options; i++) {
    dm_expr_id guard = b->core->option.at[core->first_option + i].guard;
    if (guard != DM_NONE)
      fails = dm_or(
          b, fails,
          dm_and(b, dm_is(b, choice->pick, (int32_t)i + 1), dm_not(b, guard)));
  }
  if (fails == DM_NONE)
    return DM_NONE;
  dm_expr_id window = in_window(b, choice);
  return dm_when(
      b, dm_and(b, window, fails), dm_assign(b, choice->pick, 1), DM_NONE);
}

static void rules_step(
    dm_build *b, const dm_rules *rules, uint32_t phase, uint32_t round,
    const char *name)
{
  dm_core *core = b->core;
  uint32_t first = core->rule.n;
  for (uint32_t i = 0; i < rules->n; i++)
    DM_PUSH(b->arena, &core->rule, rules->at[i]);
  if (!rules->n)
    return;
  dm_core_step step = {
      .kind = DM_STEP_RULES,
      .phase = (uint8_t)phase,
      .round = (uint16_t)round,
      .first = first,
      .count = rules->n,
      .name = name};
  DM_PUSH(b->arena, &core->step, step);
}

/* Right before its owner's turn, so that the owner knows what stands (T8). */
static void fall_back_step(
    dm_build *b, const dm_b_choice *choice, uint32_t round)
{
  const dm_core_choice *core = &b->core->choice.at[choice->core];
  dm_rules rules = {0};
  dm_rule(
      b, &rules, core->actor_choice, fall_back(b, choice), NULL, false,
      core->at);
  rules_step(b, &rules, 3, round, "what no longer stands");
}

static void decide_step(dm_build *b, uint32_t index, uint32_t round)
{
  dm_b_choice *choice = &b->choice.at[index];
  dm_core *core = b->core;
  knower k = {.b = b, .actor = choice->actor, .round = round};
  dm_core_decide decide = {
      .choice = choice->core,
      .open = in_window(b, choice),
      .after = DM_NONE,
      .missed = DM_NONE};
  if (choice->letter != DM_NONE)
    decide.open = dm_is(b, b->letter[choice->letter].status, DM_LETTER_HELD);
  if (choice->standing) {
    decide.open = dm_and(b, decide.open, standing_open(b, choice));
    dm_stmts after = {0};
    DM_PUSH(b->arena, &after, dm_assign(b, choice->asked, 0));
    DM_PUSH(b->arena, &after, dm_assign(b, choice->fresh, 1));
    decide.after = dm_sequence(b, &after);
    fall_back_step(b, choice, round);
  } else if (choice->every_round && round > 1) {
    /* Not open in this round: every test of its options is false. */
    decide.missed = dm_assign(b, choice->pick, 0);
  }
  decide.first_key = core->key.n;
  uint32_t recall = DM_NONE;
  for (uint32_t i = 0; i < core->recall.n; i++)
    if (core->recall.at[i].actor == choice->actor)
      recall = core->recall.at[i].var;
  if (recall != DM_NONE)
    item(&k, "everything so far", dm_var(b, recall))->memory = true;
  else
    know_before(&k);
  know_now(&k, index);
  decide.n_keys = core->key.n - decide.first_key;
  DM_PUSH(b->arena, &core->decide, decide);
  dm_core_step step = {
      .kind = DM_STEP_DECIDE,
      .phase = 3,
      .round = (uint16_t)round,
      .first = core->decide.n - 1,
      .count = 1,
      .name = core->choice.at[choice->core].actor_choice};
  DM_PUSH(b->arena, &core->step, step);
}

static void recall_step(
    dm_build *b, uint32_t actor, uint32_t var, uint32_t round)
{
  dm_core *core = b->core;
  knower k = {.b = b, .actor = actor, .round = round};
  dm_core_recall recall = {
      .actor = actor, .var = var, .first_key = core->key.n};
  know_before(&k);
  for (uint32_t i = 0; i < b->choice.n; i++)
    if (b->choice.at[i].actor == actor)
      var_item(&k, "own last pick", b->choice.at[i].recalled, true);
  recall.n_keys = core->key.n - recall.first_key;
  DM_PUSH(b->arena, &core->recall, recall);
  dm_core_step step = {
      .kind = DM_STEP_RECALL,
      .phase = 3,
      .round = (uint16_t)round,
      .first = core->recall.n - 1,
      .count = 1,
      .name = core->actor.at[actor].name};
  DM_PUSH(b->arena, &core->step, step);
}

/* Steps of phase 3 in one round; called once a round, in order. */
static void decide_phase(dm_build *b, uint32_t round, const uint32_t *recall)
{
  for (uint32_t a = 0; a < b->n_actors; a++)
    if (recall[a] != DM_NONE)
      recall_step(b, a, recall[a], round);
  for (uint32_t i = 0; i < b->choice.n; i++) {
    if (round > 1 && !b->choice.at[i].every_round)
      continue;
    if (round == 1)
      guards(b, i);
    decide_step(b, i, round);
  }
}

/* A reading that nobody remembers whole is forgotten when its period closes, so
 * that it does not keep situations apart. */
static void forget_readings(dm_build *b)
{
  for (uint32_t i = 0; i < b->ast->reports.n; i++) {
    dm_b_report *r = &b->report[i];
    bool kept = r->kept;
    for (uint32_t k = 0; k < b->memory.n; k++)
      kept |= b->memory.at[k].var == r->last;
    if (!kept)
      dm_rule(
          b, &b->close, r->ast->name.text, dm_assign(b, r->last, 0), r->due,
          false, r->ast->at);
  }
}

void dm_build_steps(dm_build *b)
{
  dm_core *core = b->core;
  core->start_rules = core->rule.n;
  core->n_start_rules = b->start.n;
  for (uint32_t i = 0; i < b->start.n; i++)
    DM_PUSH(b->arena, &core->rule, b->start.at[i]);
  uint32_t *recall = dm_arena_array(b->arena, b->n_actors + 1, sizeof *recall);
  for (uint32_t a = 0; a < b->n_actors; a++) {
    recall[a] = DM_NONE;
    bool decides = false;
    for (uint32_t i = 0; i < b->choice.n; i++)
      decides |= b->choice.at[i].actor == a;
    if (decides && core->actor.at[a].recalls)
      recall[a] = dm_new_var(
          b, DM_VAR_RECALL, 0,
          dm_format_in(b->arena, "%s recalls", core->actor.at[a].name),
          b->ast->actors.at[a].remembers_at);
  }
  for (uint32_t i = 0; i < b->choice.n; i++)
    if (b->choice.at[i].standing)
      watch(b, &b->choice.at[i]);
  forget_readings(b);
  rules_step(b, &b->calendar, 1, 0, "calendar");
  rules_step(b, &b->reports, 2, 0, "reports");
  rules_step(b, &b->reports_book, 2, 0, "what reports change");
  for (uint32_t r = 1; r <= b->rounds; r++) {
    decide_phase(b, r, recall);
    rules_step(b, &b->resolve[r], 4, r, "resolve");
    rules_step(b, &b->resolve_book[r], 4, r, "what picks change");
    rules_step(b, &b->mail[r], 5, r, "mail");
    rules_step(b, &b->mail_book[r], 5, r, "what mail changes");
  }
  rules_step(b, &b->deals, 6, 0, "deals");
  rules_step(b, &b->drift, 7, 0, "drift");
  rules_step(b, &b->drift_book, 7, 0, "what drift changes");
  rules_step(b, &b->pay, 8, 0, "pay");
  dm_core_step endings = {
      .kind = DM_STEP_ENDINGS, .phase = 9, .name = "endings"};
  DM_PUSH(b->arena, &core->step, endings);
  rules_step(b, &b->close, 10, 0, "close");
}
