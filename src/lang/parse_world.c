/* lang/parse_world.c -- letter, report, deal, every, schedule, benchmark.
 *
 * requires: a reader behind the word that names the block.  provides: the
 * block in the tree. */
#include "lang/reader.h"

/* ---- timing -------------------------------------------------------------- */

void dm_rd_timing(dm_reader *r, dm_ast_timing *out, bool after)
{
  uint32_t first = r->i;
  if (dm_rd_take_word(r, DM_W_IN)) {
    out->kind = DM_AST_IN_DATES;
    do {
      dm_ast_date date = dm_rd_date(r);
      if (!r->bad)
        DM_PUSH(r->arena, &out->dates, date);
    } while (dm_rd_take(r, DM_T_COMMA));
  } else if (dm_rd_take_word(r, DM_W_EVERY)) {
    out->kind = DM_AST_EVERY;
    out->periods = 1;
    if (dm_rd_is_number(r))
      out->periods = dm_rd_count(r, 1);
    dm_rd_clock_word(r);
    if (dm_rd_take_word(r, DM_W_FROM))
      out->from = dm_rd_date(r);
  } else if (after && dm_rd_is_number(r)) {
    out->kind = DM_AST_AFTER;
    out->periods = dm_rd_periods(r, 1);
    dm_rd_need_word(r, DM_W_AFTER);
    out->event = dm_rd_event(r);
  } else {
    dm_rd_unexpected(r);
  }
  out->at = dm_rd_span_from(r, first);
}

/* ---- letter -------------------------------------------------------------- */

static void via(dm_reader *r, dm_ast_letter *l)
{
  dm_rd_once(r, l->via.at, dm_rd_span(r), "via");
  l->via = dm_rd_name(r, "the courier");
  if (!dm_rd_take(r, DM_T_OPEN))
    return;
  if (dm_rd_take_word(r, DM_W_KNOWS)) {
    l->via_knows = true;
  } else {
    dm_rd_need_word(r, DM_W_CHOOSES);
    l->via_chooses = true;
    if (dm_rd_take(r, DM_T_COMMA)) {
      dm_rd_need_word(r, DM_W_READS);
      l->via_reads = true;
    }
  }
  dm_rd_need(r, DM_T_CLOSE);
}

static void arrives(dm_reader *r, dm_ast_letter *l)
{
  dm_rd_mark(r, DM_MARK_BODY);
  do {
    dm_ast_delay d = {.at = dm_rd_span(r)};
    if (dm_rd_take_word(r, DM_W_SAME)) {
      dm_rd_clock_word(r);
    } else if (dm_rd_take_word(r, DM_W_NEXT)) {
      d.periods = 1;
      dm_rd_clock_word(r);
    } else if (dm_rd_take_word(r, DM_W_AFTER)) {
      d.periods = dm_rd_periods(r, 1);
    } else {
      dm_rd_need_word(r, DM_W_NEVER);
      d.never = true;
    }
    d.chance = dm_rd_chance(r);
    if (r->bad)
      return;
    DM_PUSH(r->arena, &l->arrives, d);
  } while (dm_rd_take(r, DM_T_COMMA));
}

static void deadline(dm_reader *r, dm_ast_letter *l)
{
  dm_rd_mark(r, DM_MARK_BODY);
  l->has_deadline = true;
  l->deadline = dm_rd_periods(r, 0);
  dm_rd_need_word(r, DM_W_AFTER);
  dm_rd_need_word(r, DM_W_ARRIVAL);
}

static void learns(dm_reader *r, dm_ast_letter *l)
{
  dm_rd_need_word(r, DM_W_LEARNS);
  dm_rd_mark(r, DM_MARK_BODY);
  if (dm_rd_take_word(r, DM_W_NEVER)) {
    l->learns = DM_AST_LEARNS_NEVER;
    return;
  }
  dm_rd_need_word(r, DM_W_ON);
  if (dm_rd_take_word(r, DM_W_ARRIVAL)) {
    l->learns = DM_AST_LEARNS_ON_ARRIVAL;
  } else {
    dm_rd_need_word(r, DM_W_ANSWER);
    l->learns = DM_AST_LEARNS_ON_ANSWER;
  }
}

static void says(dm_reader *r, dm_ast_letter *l, dm_span at)
{
  dm_ast_says s = {.at = at};
  dm_rd_mark(r, DM_MARK_BODY);
  s.field = dm_rd_name(r, "a field of the letter");
  do {
    dm_ast_name value = dm_rd_loose(r, "what it may say");
    if (r->bad)
      return;
    DM_PUSH(r->arena, &s.values, value);
    if (dm_rd_peek(r, DM_T_SLASH))
      dm_rd_mark(r, DM_MARK_TIGHT);
  } while (dm_rd_take(r, DM_T_SLASH));
  dm_rd_remarks(r, &s.remarks);
  DM_PUSH(r->arena, &l->says, s);
}

static void letter_clause(dm_reader *r, void *block)
{
  dm_ast_letter *l = block;
  dm_span at = dm_rd_span(r);
  if (dm_rd_take_word(r, DM_W_ARRIVES)) {
    dm_rd_once(r, l->arrives_at, at, "arrives");
    l->arrives_at = at;
    arrives(r, l);
    dm_rd_remarks(r, &l->arrives_remarks);
    return;
  }
  if (dm_rd_take_word(r, DM_W_DEADLINE)) {
    dm_rd_once(r, l->deadline_at, at, "deadline");
    l->deadline_at = at;
    deadline(r, l);
  } else if (dm_rd_take_word(r, DM_W_SENDER)) {
    dm_rd_once(r, l->learns_at, at, "sender learns");
    l->learns_at = at;
    learns(r, l);
  } else if (dm_rd_take_word(r, DM_W_SAYS)) {
    says(r, l, at);
  } else if (dm_rd_take_word(r, DM_W_REPEATABLE)) {
    l->repeatable = true;
  } else if (dm_rd_take_word(r, DM_W_VIA)) {
    dm_rd_mark(r, DM_MARK_BODY);
    via(r, l);
  } else {
    dm_rd_unexpected(r);
  }
  dm_rd_remarks(r, &l->remarks);
}

void dm_rd_letter(dm_reader *r, dm_span at)
{
  dm_ast_letter l = {.at = at, .file_order = r->block};
  l.name = dm_rd_name(r, "a name for the letter");
  l.display = dm_rd_display(r);
  dm_rd_need_word(r, DM_W_FROM);
  l.from = dm_rd_name(r, "the sender");
  dm_rd_need_word(r, DM_W_TO);
  l.to = dm_rd_name(r, "the addressee");
  if (dm_rd_take_word(r, DM_W_VIA))
    via(r, &l);
  dm_rd_remarks(r, &l.remarks);
  dm_rd_body(r, letter_clause, &l);
  DM_PUSH(r->arena, &r->ast->letters, l);
}

/* ---- report -------------------------------------------------------------- */

typedef struct report_block {
  dm_ast_report *report;
  dm_ast_error otherwise; /* the list without a condition */
  bool has_otherwise;
} report_block;

static void error_list(dm_reader *r, report_block *b, dm_span at)
{
  dm_ast_error e = {.at = at};
  dm_rd_mark(r, DM_MARK_BODY);
  dm_rd_chances(r, &e.list);
  if (dm_rd_take_word(r, DM_W_IF))
    e.condition = dm_rd_condition(r);
  dm_rd_remarks(r, &e.remarks);
  if (r->bad)
    return;
  if (e.condition) {
    DM_PUSH(r->arena, &b->report->errors, e);
    return;
  }
  if (b->has_otherwise)
    dm_rd_once(r, b->otherwise.at, at, "error");
  b->has_otherwise = true;
  b->otherwise = e;
}

static void report_clause(dm_reader *r, void *block)
{
  report_block *b = block;
  dm_ast_report *p = b->report;
  dm_span at = dm_rd_span(r);
  if (dm_rd_take_word(r, DM_W_MEASURES)) {
    dm_rd_once(r, p->measures.at, at, "measures");
    dm_rd_mark(r, DM_MARK_BODY);
    p->measures = dm_rd_name(r, "the name of a state");
    at = dm_rd_span(r);
    if (dm_rd_take(r, DM_T_COMMA)) {
      dm_rd_need_word(r, DM_W_ERROR);
      error_list(r, b, at);
      return;
    }
  } else if (dm_rd_take_word(r, DM_W_ERROR)) {
    error_list(r, b, at);
    return;
  } else if (dm_rd_take_word(r, DM_W_SILENT)) {
    dm_rd_once(r, p->silent_at, at, "silent");
    p->silent_at = at;
    dm_rd_mark(r, DM_MARK_BODY);
    dm_rd_need_word(r, DM_W_IF);
    p->silent = dm_rd_condition(r);
  } else if (dm_rd_is_word(r, DM_W_SEEN)) {
    dm_rd_viewers(r, &p->viewers, true);
  } else {
    dm_rd_unexpected(r);
  }
  dm_rd_remarks(r, &p->remarks);
}

void dm_rd_report(dm_reader *r, dm_span at)
{
  dm_ast_report p = {.at = at, .file_order = r->block};
  uint32_t errors = r->errors;
  p.name = dm_rd_name(r, "a name for the report");
  p.display = dm_rd_display(r);
  dm_rd_need_word(r, DM_W_BY);
  p.by = dm_rd_name(r, "who reports");
  dm_rd_timing(r, &p.timing, false);
  dm_rd_remarks(r, &p.remarks);
  report_block b = {.report = &p};
  dm_rd_body(r, report_clause, &b);
  if (!p.measures.text)
    dm_rd_missing(
        r, errors, at, "This report does not say what it measures.",
        "Add a clause such as `measures stockpile, error -1 5%, 0 90%, +1 "
        "5%`.");
  if (b.has_otherwise)
    DM_PUSH(r->arena, &p.errors, b.otherwise);
  DM_PUSH(r->arena, &r->ast->reports, p);
}

/* ---- deal ---------------------------------------------------------------- */

static void duty(dm_reader *r, dm_ast_deal *d)
{
  dm_ast_duty u = {.at = dm_rd_span(r)};
  u.party = dm_rd_name(r, "a party");
  dm_rd_need_word(r, DM_W_MUST);
  dm_rd_mark(r, DM_MARK_BODY);
  u.condition = dm_rd_condition(r);
  dm_rd_mark(r, DM_MARK_COLUMN);
  if (dm_rd_take_word(r, DM_W_EVERY)) {
    u.kind = DM_AST_DUTY_EVERY;
    dm_rd_clock_word(r);
  } else if (dm_rd_take_word(r, DM_W_BY)) {
    u.kind = DM_AST_DUTY_BY;
    u.by = dm_rd_date(r);
  } else {
    dm_rd_need_word(r, DM_W_WITHIN);
    u.kind = DM_AST_DUTY_WITHIN;
    u.within = dm_rd_periods(r, 1);
  }
  dm_rd_remarks(r, &u.remarks);
  if (!r->bad)
    DM_PUSH(r->arena, &d->duties, u);
}

static void checked(dm_reader *r, dm_ast_deal *d)
{
  dm_rd_mark(r, DM_MARK_BODY);
  if (dm_rd_take_word(r, DM_W_AT)) {
    dm_rd_need_word(r, DM_W_ONCE);
    return;
  }
  dm_rd_need_word(r, DM_W_BY);
  d->checked_by = dm_rd_name(r, "the name of a report");
  while (dm_rd_take(r, DM_T_COMMA)) {
    if (!d->has_tolerance && dm_rd_take_word(r, DM_W_TOLERANCE)) {
      d->has_tolerance = true;
      d->tolerance = dm_rd_number(r);
    } else {
      dm_rd_need_word(r, DM_W_SILENCE);
      dm_rd_need_word(r, DM_W_IS);
      dm_rd_need_word(r, DM_W_A);
      dm_rd_need_word(r, DM_W_BREACH);
      d->silence_is_breach = true;
    }
  }
}

static void terms(dm_reader *r, dm_ast_deal *d, dm_span at)
{
  dm_rd_mark(r, DM_MARK_BODY);
  do {
    dm_ast_term t = {.at = at};
    t.name = dm_rd_name(r, "a name for the term");
    t.display = dm_rd_display(r);
    t.lo = dm_rd_number(r);
    dm_rd_need(r, DM_T_DOTS);
    t.hi = dm_rd_number(r);
    dm_rd_remarks(r, &t.remarks);
    if (!r->bad)
      DM_PUSH(r->arena, &d->terms, t);
  } while (dm_rd_take(r, DM_T_COMMA));
}

static void consequence(
    dm_reader *r, dm_ast_consequences *out, dm_ast_consequence c)
{
  dm_rd_mark(r, DM_MARK_BODY);
  dm_rd_need(r, DM_T_ARROW);
  dm_rd_effects(r, &c.effects);
  dm_rd_remarks(r, &c.remarks);
  if (!r->bad)
    DM_PUSH(r->arena, out, c);
}

static void gives(dm_reader *r, dm_ast_deal *d, dm_span at)
{
  dm_ast_consequence c = {.at = at};
  dm_rd_mark(r, DM_MARK_BODY);
  dm_rd_effects(r, &c.effects);
  dm_rd_mark(r, DM_MARK_COLUMN);
  dm_rd_need_word(r, DM_W_EVERY);
  dm_rd_clock_word(r);
  dm_rd_remarks(r, &c.remarks);
  if (!r->bad)
    DM_PUSH(r->arena, &d->gives, c);
}

static void deal_clause(dm_reader *r, void *block)
{
  dm_ast_deal *d = block;
  const dm_tok *next = dm_rd_ahead(r, 1);
  dm_ast_consequence c = {.at = dm_rd_span(r)};
  if (next->kind == DM_T_WORD && next->word == DM_W_MUST) {
    duty(r, d);
  } else if (dm_rd_take_word(r, DM_W_TERMS)) {
    terms(r, d, c.at);
  } else if (dm_rd_take_word(r, DM_W_CHECKED)) {
    dm_rd_once(r, d->checked_at, c.at, "checked");
    d->checked_at = c.at;
    checked(r, d);
    dm_rd_remarks(r, &d->remarks);
  } else if (dm_rd_take_word(r, DM_W_GIVES)) {
    gives(r, d, c.at);
  } else if (dm_rd_take_word(r, DM_W_AFTER)) {
    c.periods = dm_rd_periods(r, 1);
    consequence(r, &d->after, c);
  } else if (dm_rd_take_word(r, DM_W_IF)) {
    dm_rd_need_word(r, DM_W_BROKEN);
    consequence(r, &d->if_broken, c);
  } else {
    r->tried_name = "PARTY `must`";
    dm_rd_unexpected(r);
  }
}

void dm_rd_deal(dm_reader *r, dm_span at)
{
  dm_ast_deal d = {.at = at, .file_order = r->block};
  d.name = dm_rd_name(r, "a name for the deal");
  d.display = dm_rd_display(r);
  dm_rd_need_word(r, DM_W_BETWEEN);
  dm_rd_names(r, &d.parties, "a party");
  dm_rd_remarks(r, &d.remarks);
  dm_rd_body(r, deal_clause, &d);
  DM_PUSH(r->arena, &r->ast->deals, d);
}

/* ---- every, schedule, benchmark ------------------------------------------ */

static void drift_clause(dm_reader *r, void *block)
{
  dm_ast_drift *d = block;
  dm_ast_rule rule = dm_rd_rule(r, true);
  if (!r->bad)
    DM_PUSH(r->arena, &d->rules, rule);
}

void dm_rd_every(dm_reader *r, dm_span at)
{
  dm_ast_drift d = {.at = at, .file_order = r->block};
  dm_rd_clock_word(r);
  dm_rd_body(r, drift_clause, &d);
  DM_PUSH(r->arena, &r->ast->drifts, d);
}

static void schedule_clause(dm_reader *r, void *block)
{
  dm_ast_schedule *s = block;
  dm_ast_rule rule = dm_rd_rule(r, false);
  if (!r->bad)
    DM_PUSH(r->arena, &s->rules, rule);
}

void dm_rd_schedule(dm_reader *r, dm_span at)
{
  dm_ast_schedule s = {.at = at, .file_order = r->block};
  uint32_t errors = r->errors;
  s.name = dm_rd_name(r, "a name for the schedule");
  s.display = dm_rd_display(r);
  dm_rd_timing(r, &s.timing, true);
  dm_rd_remarks(r, &s.remarks);
  dm_rd_body(r, schedule_clause, &s);
  if (!s.rules.n)
    dm_rd_missing(
        r, errors, at, "This schedule does nothing.",
        "Add a clause such as `unless interim in force -> pressure = 4`.");
  DM_PUSH(r->arena, &r->ast->schedules, s);
}

static void benchmark_clause(dm_reader *r, void *block)
{
  dm_ast_benchmark *b = block;
  if (b->condition)
    dm_rd_once(r, b->condition->at, dm_rd_span(r), "the benchmark's condition");
  b->condition = dm_rd_condition(r);
  dm_rd_need_word(r, DM_W_BY);
  b->by = dm_rd_date(r);
  if (dm_rd_take_word(r, DM_W_JUDGED)) {
    dm_rd_need_word(r, DM_W_BY);
    b->judged_by = dm_rd_name(r, "the name of a report");
  }
  dm_rd_remarks(r, &b->remarks);
}

void dm_rd_benchmark(dm_reader *r, dm_span at)
{
  dm_ast_benchmark b = {.at = at, .file_order = r->block};
  uint32_t errors = r->errors;
  b.name = dm_rd_name(r, "a name for the benchmark");
  b.display = dm_rd_display(r);
  dm_rd_remarks(r, &b.remarks);
  dm_rd_body(r, benchmark_clause, &b);
  if (!b.condition)
    dm_rd_missing(
        r, errors, at, "This benchmark has no condition.",
        "Add a clause such as `economy >= 3 by 2025-09`.");
  DM_PUSH(r->arena, &r->ast->benchmarks, b);
}
