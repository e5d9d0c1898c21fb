/* lang/core_write.c -- the typed core in words: what `explain --core` prints.
 *
 * Recursion is bounded by the depth of the reader's expressions and effects. */
#include "lang/core.h"

static void write_expr(const dm_core *core, dm_expr_id id, dm_str *out);

static void write_number(double x, dm_str *out)
{
  char text[32];
  dm_number_text(x, text);
  dm_str_adds(out, text);
}

static void write_pair(
    const dm_core *core, const dm_core_expr *x, const char *sign, dm_str *out)
{
  dm_str_addc(out, '(');
  write_expr(core, x->a, out);
  dm_str_adds(out, sign);
  write_expr(core, x->b, out);
  dm_str_addc(out, ')');
}

static void write_call(
    const dm_core *core, const dm_core_expr *x, const char *name, dm_str *out)
{
  dm_str_adds(out, name);
  write_pair(core, x, ", ", out);
}

static void write_expr(const dm_core *core, dm_expr_id id, dm_str *out)
{
  static const char *const sign[] = {
      [DM_X_ADD] = " + ",    [DM_X_SUB] = " - ",   [DM_X_MUL] = " * ",
      [DM_X_DIV] = " / ",    [DM_X_EQ] = " = ",    [DM_X_NE] = " != ",
      [DM_X_LT] = " < ",     [DM_X_LE] = " <= ",   [DM_X_GT] = " > ",
      [DM_X_GE] = " >= ",    [DM_X_AND] = " and ", [DM_X_OR] = " or ",
      [DM_X_IDIV] = " div ", [DM_X_MOD] = " mod "};
  const dm_core_expr *x = &core->expr.at[id];
  switch ((dm_core_op)x->op) {
  case DM_X_NUMBER:
    write_number(x->number, out);
    return;
  case DM_X_PARAM:
    dm_str_addf(out, "{%s}", core->param.at[x->a].path);
    return;
  case DM_X_VAR:
    dm_str_adds(out, core->var.at[x->a].name);
    return;
  case DM_X_PERIOD:
    dm_str_adds(out, "period");
    return;
  case DM_X_NEG:
    dm_str_adds(out, "-");
    write_expr(core, x->a, out);
    return;
  case DM_X_NOT:
    dm_str_adds(out, "not ");
    write_expr(core, x->a, out);
    return;
  case DM_X_IF:
    dm_str_adds(out, "(if ");
    write_expr(core, x->a, out);
    dm_str_adds(out, " then ");
    write_expr(core, x->b, out);
    dm_str_adds(out, " else ");
    write_expr(core, x->c, out);
    dm_str_addc(out, ')');
    return;
  case DM_X_MIN:
    write_call(core, x, "min", out);
    return;
  case DM_X_MAX:
    write_call(core, x, "max", out);
    return;
  case DM_X_ADD:
  case DM_X_SUB:
  case DM_X_MUL:
  case DM_X_DIV:
  case DM_X_IDIV:
  case DM_X_MOD:
  case DM_X_EQ:
  case DM_X_NE:
  case DM_X_LT:
  case DM_X_LE:
  case DM_X_GT:
  case DM_X_GE:
  case DM_X_AND:
  case DM_X_OR:
    break;
  }
  write_pair(core, x, sign[x->op], out);
}

static void write_stmt(
    const dm_core *core, dm_stmt_id id, size_t indent, dm_str *out)
{
  if (id == DM_NONE) {
    dm_str_fill(out, ' ', indent);
    dm_str_adds(out, "nothing\n");
    return;
  }
  const dm_core_stmt *s = &core->stmt.at[id];
  if (s->op == DM_DO_SEQ) {
    for (uint32_t i = 0; i < s->count; i++)
      write_stmt(core, core->stmt_list.at[s->first + i], indent, out);
    return;
  }
  dm_str_fill(out, ' ', indent);
  switch ((dm_core_do)s->op) {
  case DM_DO_IF:
    dm_str_adds(out, "if ");
    write_expr(core, s->expr, out);
    dm_str_addc(out, '\n');
    write_stmt(core, s->then_id, indent + 2, out);
    if (s->else_id == DM_NONE)
      return;
    dm_str_fill(out, ' ', indent);
    dm_str_adds(out, "else\n");
    write_stmt(core, s->else_id, indent + 2, out);
    return;
  case DM_DO_DRAW:
    dm_str_adds(out, "rand\n");
    for (uint32_t i = 0; i < s->count; i++) {
      dm_str_fill(out, ' ', indent + 2);
      write_expr(core, core->branch.at[s->first + i].chance, out);
      dm_str_addc(out, '\n');
      write_stmt(core, core->branch.at[s->first + i].body, indent + 4, out);
    }
    return;
  case DM_DO_SET:
  case DM_DO_ADD:
    dm_str_addf(
        out, "%s %s ", s->op == DM_DO_SET ? "set" : "add",
        core->var.at[s->target].name);
    break;
  case DM_DO_PAY:
    dm_str_addf(out, "util %s ", core->actor.at[s->target].name);
    break;
  case DM_DO_END:
    dm_str_addf(out, "end %s\n", core->outcome.at[s->target].name);
    return;
  case DM_DO_SEQ:
    return;
  }
  write_expr(core, s->expr, out);
  dm_str_addc(out, '\n');
}

static void write_vars(const dm_core *core, dm_str *out)
{
  for (uint32_t i = 0; i < core->var.n; i++) {
    const dm_core_var *v = &core->var.at[i];
    if (v->kind == DM_VAR_RECALL) {
      dm_str_addf(out, "var %s: everything known so far\n", v->name);
      continue;
    }
    dm_str_addf(
        out, "var %s: %d..%d", v->name, v->lo,
        (int)(v->lo + (int64_t)v->size - 1));
    for (uint32_t k = 0; v->words && k < v->size; k++)
      dm_str_addf(out, "%s%s", k ? ", " : " (", v->words[k]);
    dm_str_addf(out, "%s = %d\n", v->words ? ")" : "", v->start);
  }
}

static void write_keys(
    const dm_core *core, uint32_t first, uint32_t n, dm_str *out)
{
  for (uint32_t i = first; i < first + n; i++) {
    const dm_core_key *key = &core->key.at[i];
    dm_str_addf(out, "  %s %s: ", key->memory ? "mem" : "obs", key->name);
    write_expr(core, key->expr, out);
    dm_str_addc(out, '\n');
  }
}

static void write_decide(
    const dm_core *core, const dm_core_decide *decide, dm_str *out)
{
  const dm_core_choice *choice = &core->choice.at[decide->choice];
  dm_str_addf(
      out, "decide %s by %s\n", choice->actor_choice,
      core->actor.at[choice->actor].name);
  if (decide->open != DM_NONE) {
    dm_str_adds(out, "  open if ");
    write_expr(core, decide->open, out);
    dm_str_addc(out, '\n');
  }
  for (uint32_t i = 0; i < choice->n_options; i++) {
    const dm_core_option *option = &core->option.at[choice->first_option + i];
    dm_str_addf(out, "  option %u %s", i + 1, option->name);
    if (option->guard != DM_NONE) {
      dm_str_adds(out, " if ");
      write_expr(core, option->guard, out);
    }
    dm_str_adds(out, option->announced ? " (announced)\n" : "\n");
  }
  if (decide->after != DM_NONE) {
    dm_str_adds(out, "  when asked\n");
    write_stmt(core, decide->after, 4, out);
  }
  if (decide->missed != DM_NONE) {
    dm_str_adds(out, "  when not asked\n");
    write_stmt(core, decide->missed, 4, out);
  }
  write_keys(core, decide->first_key, decide->n_keys, out);
}

static void write_periods(const dm_core *core, const uint8_t *on, dm_str *out)
{
  if (!on)
    return;
  uint32_t n = 0;
  for (uint32_t t = 1; t <= core->n_periods; t++)
    n += on[t];
  if (n == core->n_periods)
    return;
  dm_str_adds(out, " in");
  for (uint32_t t = 1; t <= core->n_periods; t++)
    if (on[t])
      dm_str_addf(out, " %s", core->period[t]);
  if (!n)
    dm_str_adds(out, " no period");
}

static void write_rules(
    const dm_core *core, uint32_t first, uint32_t n, dm_str *out)
{
  for (uint32_t i = first; i < first + n; i++) {
    const dm_core_rule *rule = &core->rule.at[i];
    dm_str_addf(out, "rule %s", rule->name);
    write_periods(core, rule->on, out);
    dm_str_addc(out, '\n');
    write_stmt(core, rule->body, 2, out);
  }
}

static void write_steps(const dm_core *core, dm_str *out)
{
  for (uint32_t i = 0; i < core->step.n; i++) {
    const dm_core_step *step = &core->step.at[i];
    dm_str_addf(out, "\nphase %u: %s", (unsigned)step->phase, step->name);
    if (core->rounds > 1 && step->round)
      dm_str_addf(out, ", round %u", (unsigned)step->round);
    dm_str_addc(out, '\n');
    switch ((dm_step_kind)step->kind) {
    case DM_STEP_RULES:
      write_rules(core, step->first, step->count, out);
      break;
    case DM_STEP_DECIDE:
      write_decide(core, &core->decide.at[step->first], out);
      break;
    case DM_STEP_RECALL: {
      const dm_core_recall *recall = &core->recall.at[step->first];
      dm_str_addf(
          out, "mem %s := what it held, and\n", core->var.at[recall->var].name);
      write_keys(core, recall->first_key, recall->n_keys, out);
      break;
    }
    case DM_STEP_ENDINGS:
      for (uint32_t e = 0; e < core->ending.n; e++) {
        dm_str_addf(
            out, "end %s if ",
            core->outcome.at[core->ending.at[e].outcome].name);
        write_expr(core, core->ending.at[e].cond, out);
        dm_str_addc(out, '\n');
      }
      dm_str_addf(
          out, "end %s in %s\n", core->outcome.at[core->otherwise].name,
          core->period[core->n_periods]);
      break;
    }
  }
}

static void write_outcomes(const dm_core *core, dm_str *out)
{
  dm_str_addc(out, '\n');
  for (uint32_t o = 0; o < core->outcome.n; o++)
    for (uint32_t a = 0; a < core->actor.n; a++) {
      const dm_core_outcome *outcome = &core->outcome.at[o];
      dm_str_addf(
          out, "util %s to %s: ", outcome->name, core->actor.at[a].name);
      write_expr(core, outcome->payoff[a], out);
      if (outcome->tail[a] != DM_NONE) {
        dm_str_addf(out, ", then each %s ", core->clock_word);
        write_expr(core, outcome->tail[a], out);
      }
      dm_str_addc(out, '\n');
    }
}

static void write_latches(const dm_core *core, dm_str *out)
{
  for (uint32_t i = 0; i < core->latch.n; i++) {
    const dm_core_latch *latch = &core->latch.at[i];
    dm_str_addf(
        out, "\nafter every step: set %s 1 when ",
        core->var.at[latch->var].name);
    write_expr(core, latch->cond, out);
    dm_str_adds(out, latch->edge ? " comes true\n" : "\n");
  }
  for (uint32_t i = 0; i < core->watch.n; i++) {
    const dm_core_watch *watch = &core->watch.at[i];
    dm_str_addf(
        out, "\nafter every step: set %s 1 when one changes:",
        core->var.at[watch->var].name);
    for (uint32_t k = 0; k < watch->n_exprs; k++) {
      dm_str_adds(out, k ? ", " : " ");
      write_expr(core, core->watch_expr.at[watch->first_expr + k], out);
    }
    dm_str_addc(out, '\n');
  }
}

void dm_core_write(const dm_core *core, dm_str *out)
{
  dm_str_addf(
      out, "scenario %s: %u %ss, %u round%s\n", core->name, core->n_periods,
      core->clock_word, core->rounds, core->rounds == 1 ? "" : "s");
  for (uint32_t i = 0; i < core->param.n; i++) {
    dm_str_addf(out, "param {%s} = ", core->param.at[i].path);
    write_number(core->param.at[i].base, out);
    dm_str_addc(out, '\n');
  }
  write_vars(core, out);
  dm_str_adds(out, "\nphase 0: start\n");
  write_rules(core, core->start_rules, core->n_start_rules, out);
  write_steps(core, out);
  write_outcomes(core, out);
  write_latches(core, out);
}
