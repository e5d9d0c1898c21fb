/* tests/unit/lang/ast_text.h -- a tree as text, without places.
 *
 * One line a clause, parentheses around every operation: what two files mean
 * alike to the reader has one text.  Static, since each test is one file. */
#ifndef DM_TESTS_AST_TEXT_H
#define DM_TESTS_AST_TEXT_H

#include "base/str.h"
#include "lang/ast.h"

#include <inttypes.h>

#define MAYBE __attribute__((unused))

static void put_name(dm_str *s, dm_ast_name name)
{
  dm_str_addf(s, " %s", name.text ? name.text : "-");
}

static void put_names(dm_str *s, const dm_ast_names *names)
{
  for (uint32_t i = 0; i < names->n; i++)
    put_name(s, names->at[i]);
}

static void put_display(dm_str *s, const char *text)
{
  if (text)
    dm_str_addf(s, " \"%s\"", text);
}

static void put_path(dm_str *s, const dm_ast_path *path)
{
  dm_str_addc(s, ' ');
  for (uint32_t i = 0; i < path->n; i++)
    dm_str_addf(s, "%s%s", i ? "." : "", path->part[i].text);
}

static void put_paths(dm_str *s, const dm_ast_paths *paths)
{
  for (uint32_t i = 0; i < paths->n; i++)
    put_path(s, &paths->at[i]);
}

static void put_date(dm_str *s, dm_ast_date date)
{
  char text[24];
  dm_ast_date_text(date, text);
  dm_str_addf(s, " %d:%s", (int)date.kind, text);
}

static void put_ratio(dm_str *s, dm_ratio r)
{
  dm_str_addf(s, "%" PRId64 "/%" PRId64, r.num, r.den);
}

static void put_number(dm_str *s, const dm_ast_number *n)
{
  dm_str_addc(s, ' ');
  put_ratio(s, n->value);
  if (n->percent)
    dm_str_addc(s, '%');
  if (n->unit)
    dm_str_adds(s, n->unit);
  if (n->ranged) {
    dm_str_addc(s, '[');
    put_ratio(s, n->lo);
    dm_str_addc(s, ',');
    put_ratio(s, n->hi);
    dm_str_addc(s, ']');
  }
}

static void put_remarks(dm_str *s, const dm_ast_remarks *r)
{
  for (uint32_t i = 0; i < r->notes.n; i++)
    dm_str_addf(s, " note \"%s\"", r->notes.at[i].text);
  for (uint32_t i = 0; i < r->sources.n; i++) {
    dm_str_addf(s, " source \"%s\"", r->sources.at[i].text);
    put_date(s, r->sources.at[i].known);
  }
}

static void put_expr(dm_str *s, const dm_ast_expr *e)
{
  static const char *const op[] = {
      "",  "rest", "",  "",   "no",  "is",  "from", "until", "in",
      "=", "!=",   "<", "<=", ">",   ">=",  "not",  "and",   "or",
      "+", "-",    "*", "/",  "neg", "min", "max"};
  if (!e) {
    dm_str_adds(s, " -");
    return;
  }
  dm_str_addf(s, " (%s", op[e->op]);
  if (e->op == DM_AST_NUMBER)
    put_number(s, &e->number);
  if (e->path)
    put_path(s, e->path);
  if (e->op == DM_AST_STATUS)
    dm_str_addf(s, " %s", dm_ast_status_word(e->status));
  if (e->op == DM_AST_IS)
    put_name(s, e->type);
  if (e->op == DM_AST_FROM || e->op == DM_AST_UNTIL || e->op == DM_AST_IN)
    put_date(s, e->date);
  for (uint32_t i = 0; i < e->n_args; i++)
    put_expr(s, e->arg[i]);
  dm_str_addc(s, ')');
}

static void put_effects(dm_str *s, const dm_ast_effects *effects)
{
  static const char *const kind[] = {"add",     "set",    "send",  "answer",
                                     "propose", "accept", "leave", "end",
                                     "chance",  "if"};
  dm_str_adds(s, " {");
  for (uint32_t i = 0; i < effects->n; i++) {
    const dm_ast_effect *e = &effects->at[i];
    dm_str_addf(s, "%s%s", i ? ", " : "", kind[e->kind]);
    if (e->target.text)
      put_name(s, e->target);
    if (e->value)
      put_expr(s, e->value);
    for (uint32_t k = 0; k < e->fields.n; k++) {
      put_name(s, e->fields.at[k].name);
      put_expr(s, e->fields.at[k].value);
    }
    for (uint32_t k = 0; k < e->branches.n; k++) {
      const dm_ast_branch *b = &e->branches.at[k];
      dm_str_adds(s, " |");
      if (b->chance || b->condition)
        put_expr(s, b->chance ? b->chance : b->condition);
      else
        dm_str_adds(s, " else");
      put_effects(s, &b->effects);
    }
  }
  dm_str_addc(s, '}');
}

static void put_chances(dm_str *s, const dm_ast_chances *list)
{
  for (uint32_t i = 0; i < list->n; i++) {
    put_expr(s, list->at[i].value);
    put_expr(s, list->at[i].chance);
  }
}

static void put_viewers(dm_str *s, const dm_ast_viewers *v)
{
  dm_str_addf(s, " view %d", (int)v->view);
  put_names(s, &v->names);
}

static void put_timing(dm_str *s, const dm_ast_timing *t)
{
  dm_str_addf(s, " timing %d %u", (int)t->kind, (unsigned)t->periods);
  for (uint32_t i = 0; i < t->dates.n; i++)
    put_date(s, t->dates.at[i]);
  put_date(s, t->from);
  put_expr(s, t->event);
}

static void put_rules(dm_str *s, const dm_ast_rules *rules)
{
  for (uint32_t i = 0; i < rules->n; i++) {
    const dm_ast_rule *r = &rules->at[i];
    dm_str_addf(s, "\n  rule %d", (int)r->kind);
    put_name(s, r->target);
    put_expr(s, r->amount);
    put_expr(s, r->toward);
    put_expr(s, r->chance);
    dm_str_adds(s, r->unless ? " unless" : " if");
    put_expr(s, r->condition);
    put_effects(s, &r->effects);
    put_remarks(s, &r->remarks);
  }
}

static void put_consequences(
    dm_str *s, const char *what, const dm_ast_consequences *list)
{
  for (uint32_t i = 0; i < list->n; i++) {
    dm_str_addf(s, "\n  %s %u", what, (unsigned)list->at[i].periods);
    put_effects(s, &list->at[i].effects);
    put_remarks(s, &list->at[i].remarks);
  }
}

static void put_head(
    dm_str *s, const char *what, uint32_t order, dm_ast_name name,
    const char *display)
{
  dm_str_addf(s, "\n%u %s", (unsigned)order, what);
  put_name(s, name);
  put_display(s, display);
}

static void put_scenario(dm_str *s, const dm_ast_scenario *a)
{
  put_head(s, "scenario", a->file_order, a->name, a->title);
  dm_str_addf(s, "\n  clock %d", (int)a->clock.kind);
  put_date(s, a->clock.from);
  put_date(s, a->clock.to);
  dm_str_addf(s, "\n  rounds %u order", (unsigned)a->rounds);
  for (uint32_t i = 0; i < a->order.n; i++) {
    dm_str_adds(s, " |");
    put_names(s, &a->order.at[i].actors);
  }
  dm_str_adds(s, "\n  otherwise");
  put_name(s, a->otherwise);
  for (uint32_t i = 0; i < a->omits.n; i++)
    dm_str_addf(s, " omits \"%s\"", a->omits.at[i].text);
  put_remarks(s, &a->remarks);
}

static void put_actor(dm_str *s, const dm_ast_actor *a)
{
  put_head(s, "actor", a->file_order, a->name, a->display);
  put_remarks(s, &a->remarks);
  for (uint32_t i = 0; i < a->types.n; i++) {
    dm_str_adds(s, "\n  type");
    put_name(s, a->types.at[i].name);
    put_display(s, a->types.at[i].display);
    put_expr(s, a->types.at[i].chance);
  }
  put_remarks(s, &a->types_remarks);
  dm_str_adds(s, "\n  sharpness");
  put_expr(s, a->sharpness);
  put_remarks(s, &a->sharpness_remarks);
  dm_str_adds(s, "\n  discount");
  put_expr(s, a->discount);
  put_remarks(s, &a->discount_remarks);
  for (uint32_t i = 0; i < a->remembers.n; i++) {
    const dm_ast_memory *m = &a->remembers.at[i];
    dm_str_addf(s, "\n  remembers %d %u", (int)m->kind, (unsigned)m->k);
    put_path(s, &m->path);
    if (m->binned)
      put_number(s, &m->bin);
  }
}

static void put_types(dm_str *s, const dm_ast_types *t)
{
  dm_str_addf(s, "\n%u types", (unsigned)t->file_order);
  put_names(s, &t->actors);
  dm_str_adds(s, " :");
  put_paths(s, &t->columns);
  put_remarks(s, &t->remarks);
  for (uint32_t i = 0; i < t->rows.n; i++) {
    dm_str_adds(s, "\n ");
    put_paths(s, &t->rows.at[i].labels);
    for (uint32_t k = 0; k < t->rows.at[i].cells.n; k++)
      put_expr(s, t->rows.at[i].cells.at[k]);
    put_remarks(s, &t->rows.at[i].remarks);
  }
}

static void put_state(dm_str *s, const dm_ast_state *a)
{
  put_head(s, "state", a->file_order, a->name, a->display);
  if (a->worded) {
    put_names(s, &a->words);
  } else {
    put_number(s, &a->lo);
    put_number(s, &a->hi);
  }
  put_expr(s, a->start);
  put_chances(s, &a->start_chances);
  if (a->stepped)
    put_number(s, &a->step);
  put_viewers(s, &a->viewers);
  put_remarks(s, &a->remarks);
}

static void put_letter(dm_str *s, const dm_ast_letter *l)
{
  put_head(s, "letter", l->file_order, l->name, l->display);
  put_name(s, l->from);
  put_name(s, l->to);
  put_name(s, l->via);
  dm_str_addf(
      s, " %d%d%d deadline %d %u learns %d repeatable %d", l->via_knows,
      l->via_chooses, l->via_reads, l->has_deadline, (unsigned)l->deadline,
      (int)l->learns, l->repeatable);
  for (uint32_t i = 0; i < l->arrives.n; i++) {
    const dm_ast_delay *d = &l->arrives.at[i];
    dm_str_addf(s, "\n  arrives %d %u", d->never, (unsigned)d->periods);
    put_expr(s, d->chance);
  }
  put_remarks(s, &l->arrives_remarks);
  for (uint32_t i = 0; i < l->says.n; i++) {
    dm_str_adds(s, "\n  says");
    put_name(s, l->says.at[i].field);
    put_names(s, &l->says.at[i].values);
    put_remarks(s, &l->says.at[i].remarks);
  }
  put_remarks(s, &l->remarks);
}

static void put_report(dm_str *s, const dm_ast_report *p)
{
  put_head(s, "report", p->file_order, p->name, p->display);
  put_name(s, p->by);
  put_timing(s, &p->timing);
  dm_str_adds(s, " measures");
  put_name(s, p->measures);
  put_viewers(s, &p->viewers);
  dm_str_adds(s, " silent");
  put_expr(s, p->silent);
  for (uint32_t i = 0; i < p->errors.n; i++) {
    dm_str_adds(s, "\n  error");
    put_chances(s, &p->errors.at[i].list);
    put_expr(s, p->errors.at[i].condition);
    put_remarks(s, &p->errors.at[i].remarks);
  }
  put_remarks(s, &p->remarks);
}

static void put_deal(dm_str *s, const dm_ast_deal *d)
{
  put_head(s, "deal", d->file_order, d->name, d->display);
  put_names(s, &d->parties);
  for (uint32_t i = 0; i < d->terms.n; i++) {
    dm_str_adds(s, "\n  term");
    put_name(s, d->terms.at[i].name);
    put_display(s, d->terms.at[i].display);
    put_number(s, &d->terms.at[i].lo);
    put_number(s, &d->terms.at[i].hi);
    put_remarks(s, &d->terms.at[i].remarks);
  }
  for (uint32_t i = 0; i < d->duties.n; i++) {
    const dm_ast_duty *u = &d->duties.at[i];
    dm_str_addf(s, "\n  duty %d %u", (int)u->kind, (unsigned)u->within);
    put_name(s, u->party);
    put_expr(s, u->condition);
    put_date(s, u->by);
    put_remarks(s, &u->remarks);
  }
  dm_str_adds(s, "\n  checked");
  put_name(s, d->checked_by);
  if (d->has_tolerance)
    put_number(s, &d->tolerance);
  dm_str_adds(s, d->silence_is_breach ? " silence" : "");
  put_consequences(s, "gives", &d->gives);
  put_consequences(s, "after", &d->after);
  put_consequences(s, "broken", &d->if_broken);
  put_remarks(s, &d->remarks);
}

static void put_choice(dm_str *s, const dm_ast_choice *c)
{
  put_head(s, "choice", c->file_order, c->name, c->display);
  put_name(s, c->actor);
  put_date(s, c->from);
  put_date(s, c->until);
  dm_str_addf(s, " %d%d%d", c->every_round, c->standing, c->announced);
  put_remarks(s, &c->remarks);
  for (uint32_t i = 0; i < c->options.n; i++) {
    const dm_ast_option *o = &c->options.at[i];
    dm_str_adds(s, "\n  option");
    put_name(s, o->name);
    put_display(s, o->display);
    put_expr(s, o->guard);
    put_effects(s, &o->effects);
    for (uint32_t k = 0; k < o->costs.n; k++) {
      dm_str_adds(s, " costs");
      put_expr(s, o->costs.at[k].amount);
      put_expr(s, o->costs.at[k].condition);
    }
    dm_str_adds(s, o->announced ? " announced as" : " as");
    put_name(s, o->as);
    put_remarks(s, &o->remarks);
  }
}

static void put_payoff(dm_str *s, const dm_ast_payoff *p)
{
  dm_str_addf(s, "\n%u payoff", (unsigned)p->file_order);
  put_paths(s, &p->columns);
  put_remarks(s, &p->remarks);
  for (uint32_t i = 0; i < p->rows.n; i++) {
    const dm_ast_payoff_row *row = &p->rows.at[i];
    dm_str_adds(s, "\n ");
    put_name(s, row->outcome);
    put_display(s, row->display);
    for (uint32_t k = 0; k < row->cells.n; k++)
      put_expr(s, row->cells.at[k]);
    for (uint32_t k = 0; k < row->then_pays.n; k++) {
      dm_str_adds(s, " then");
      put_expr(s, row->then_pays.at[k].amount);
      put_names(s, &row->then_pays.at[k].actors);
    }
    put_remarks(s, &row->remarks);
  }
  for (uint32_t i = 0; i < p->rankings.n; i++) {
    const dm_ast_ranking *k = &p->rankings.at[i];
    dm_str_adds(s, "\n  ranking");
    put_path(s, &k->column);
    for (uint32_t j = 0; j < k->outcomes.n; j++) {
      if (j)
        dm_str_addf(s, " %c", k->relations.at[j - 1]);
      put_name(s, k->outcomes.at[j]);
    }
    put_remarks(s, &k->remarks);
  }
}

static void put_when(dm_str *s, const dm_ast_when *w)
{
  dm_str_addf(s, " when %d", (int)w->kind);
  put_date(s, w->date);
}

static void put_question(dm_str *s, const char *what, const dm_ast_question *q)
{
  dm_str_addf(s, "\n%u %s", (unsigned)q->file_order, what);
  if (q->each_outcome)
    dm_str_adds(s, " each outcome");
  put_expr(s, q->event);
  put_when(s, &q->when);
  put_expr(s, q->given);
  put_when(s, &q->given_when);
  dm_str_addf(s, " force %d", (int)q->force);
  put_path(s, &q->forced);
  put_date(s, q->forced_in);
  if (q->compared)
    dm_str_addf(s, " compare %d", (int)q->compare);
  put_expr(s, q->bound);
  put_remarks(s, &q->remarks);
}

#define FOR_EACH(list, call)                                                   \
  for (uint32_t i = 0; i < (list).n; i++)                                      \
  call

/* Appends the whole tree. */
MAYBE static void put_ast(dm_str *s, const dm_ast *a)
{
  put_scenario(s, &a->scenario);
  FOR_EACH(a->actors, put_actor(s, &a->actors.at[i]));
  FOR_EACH(a->types, put_types(s, &a->types.at[i]));
  for (uint32_t i = 0; i < a->assumptions.n; i++) {
    const dm_ast_assumption *p = &a->assumptions.at[i];
    put_head(s, "assume", p->file_order, p->name, p->display);
    put_expr(s, p->value);
    put_remarks(s, &p->remarks);
  }
  FOR_EACH(a->states, put_state(s, &a->states.at[i]));
  FOR_EACH(a->letters, put_letter(s, &a->letters.at[i]));
  FOR_EACH(a->reports, put_report(s, &a->reports.at[i]));
  FOR_EACH(a->deals, put_deal(s, &a->deals.at[i]));
  FOR_EACH(a->choices, put_choice(s, &a->choices.at[i]));
  for (uint32_t i = 0; i < a->drifts.n; i++) {
    dm_str_addf(s, "\n%u every", (unsigned)a->drifts.at[i].file_order);
    put_rules(s, &a->drifts.at[i].rules);
  }
  for (uint32_t i = 0; i < a->schedules.n; i++) {
    const dm_ast_schedule *p = &a->schedules.at[i];
    put_head(s, "schedule", p->file_order, p->name, p->display);
    put_timing(s, &p->timing);
    put_remarks(s, &p->remarks);
    put_rules(s, &p->rules);
  }
  for (uint32_t i = 0; i < a->benchmarks.n; i++) {
    const dm_ast_benchmark *p = &a->benchmarks.at[i];
    put_head(s, "benchmark", p->file_order, p->name, p->display);
    put_expr(s, p->condition);
    put_date(s, p->by);
    put_name(s, p->judged_by);
    put_remarks(s, &p->remarks);
  }
  for (uint32_t i = 0; i < a->outcomes.n; i++) {
    const dm_ast_outcome *p = &a->outcomes.at[i];
    put_head(s, "outcome", p->file_order, p->name, p->display);
    put_expr(s, p->condition);
    put_remarks(s, &p->remarks);
  }
  FOR_EACH(a->payoffs, put_payoff(s, &a->payoffs.at[i]));
  for (uint32_t i = 0; i < a->pays.n; i++) {
    const dm_ast_pay *p = &a->pays.at[i];
    dm_str_addf(s, "\n%u pay", (unsigned)p->file_order);
    put_path(s, &p->who);
    put_expr(s, p->amount);
    put_expr(s, p->condition);
    put_remarks(s, &p->remarks);
  }
  FOR_EACH(a->asks, put_question(s, "ask", &a->asks.at[i]));
  FOR_EACH(a->checks, put_question(s, "check", &a->checks.at[i]));
  dm_str_addf(s, "\n%u blocks\n", (unsigned)a->n_blocks);
}

#endif
