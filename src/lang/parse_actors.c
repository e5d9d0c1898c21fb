/* lang/parse_actors.c -- scenario, actor, types, assume, state.
 *
 * requires: a reader behind the word that names the block.  provides: the
 * block in the tree. */
#include "lang/reader.h"

/* ---- scenario ------------------------------------------------------------ */

static void clock(dm_reader *r, dm_ast_scenario *s, dm_span at)
{
  dm_rd_once(r, s->clock.at, at, "the clock");
  uint32_t first = r->i;
  dm_rd_clock_word(r);
  dm_rd_mark(r, DM_MARK_BODY);
  s->clock.kind = r->clock;
  s->clock.from = dm_rd_date(r);
  dm_rd_need_word(r, DM_W_TO);
  s->clock.to = dm_rd_date(r);
  s->clock.at = dm_rd_span_from(r, first);
  if (r->bad)
    return;
  if (s->clock.from.kind != s->clock.kind || s->clock.to.kind != s->clock.kind)
    dm_rd_fail(
        r, s->clock.at, "The clock's ends are not written in its own unit.",
        "For example `months 2025-03 to 2025-12`.");
  else if (dm_ast_period(&s->clock, s->clock.to) < 1)
    dm_rd_fail(
        r, s->clock.at, "The clock ends before it begins.",
        "Both ends are included; the first comes first.");
}

static void order(dm_reader *r, dm_ast_scenario *s)
{
  dm_rd_mark(r, DM_MARK_BODY);
  do {
    dm_ast_stage stage = {.actors = {NULL, 0, 0}};
    dm_rd_names(r, &stage.actors, "the name of an actor");
    if (r->bad)
      return;
    DM_PUSH(r->arena, &s->order, stage);
  } while (dm_rd_take_word(r, DM_W_THEN));
}

static void scenario_clause(dm_reader *r, void *block)
{
  dm_ast_scenario *s = block;
  dm_span at = dm_rd_span(r);
  if (dm_rd_is_clock_word(r, 0)) {
    clock(r, s, at);
  } else if (dm_rd_take_word(r, DM_W_ROUNDS)) {
    dm_rd_once(r, s->rounds_at, at, "rounds");
    dm_rd_mark(r, DM_MARK_BODY);
    s->rounds = dm_rd_count(r, 1);
    s->rounds_at = at;
  } else if (dm_rd_take_word(r, DM_W_ORDER)) {
    dm_rd_once(r, s->order_at, at, "order");
    s->order_at = at;
    order(r, s);
  } else if (dm_rd_take_word(r, DM_W_OTHERWISE)) {
    dm_rd_once(r, s->otherwise.at, at, "otherwise");
    dm_rd_mark(r, DM_MARK_BODY);
    s->otherwise = dm_rd_name(r, "the name of an outcome");
  } else if (dm_rd_take_word(r, DM_W_OMITS)) {
    dm_rd_mark(r, DM_MARK_BODY);
    do {
      dm_ast_note note = {NULL, dm_rd_span(r)};
      note.text = dm_rd_string(r);
      if (!r->bad)
        DM_PUSH(r->arena, &s->omits, note);
    } while (dm_rd_take(r, DM_T_COMMA));
  } else if (!dm_rd_is_word(r, DM_W_NOTE) && !dm_rd_is_word(r, DM_W_SOURCE)) {
    dm_rd_is_word(r, DM_W_MONTHS);
    dm_rd_is_word(r, DM_W_WEEKS);
    dm_rd_is_word(r, DM_W_QUARTERS);
    dm_rd_is_word(r, DM_W_YEARS);
    dm_rd_is_word(r, DM_W_TURNS);
    dm_rd_unexpected(r);
  }
  dm_rd_remarks(r, &s->remarks);
}

void dm_rd_scenario(dm_reader *r, dm_span at)
{
  dm_ast_scenario *s = &r->ast->scenario;
  dm_rd_once(r, s->at, at, "scenario");
  s->at = at;
  s->file_order = r->block;
  s->name = dm_rd_name(r, "a name for the scenario");
  s->title = dm_rd_display(r);
  dm_rd_remarks(r, &s->remarks);
  dm_rd_body(r, scenario_clause, s);
}

/* ---- actor --------------------------------------------------------------- */

static void actor_types(dm_reader *r, dm_ast_actor *a)
{
  dm_rd_mark(r, DM_MARK_BODY);
  do {
    dm_ast_type type = {.name = dm_rd_name(r, "a name for the type")};
    type.display = dm_rd_display(r);
    if (dm_rd_is_chance(r))
      type.chance = dm_rd_chance(r);
    if (r->bad)
      return;
    DM_PUSH(r->arena, &a->types, type);
  } while (dm_rd_take(r, DM_T_COMMA));
}

/* What `last`, `first` ... are followed by: X, or `3 of X`. */
static void memory_of(dm_reader *r, dm_ast_memory *m, dm_ast_memory_kind kind)
{
  m->kind = kind;
  if (kind == DM_AST_LAST && dm_rd_is_number(r)) {
    m->k = dm_rd_count(r, 1);
    dm_rd_need_word(r, DM_W_OF);
  } else if (
      kind == DM_AST_COUNT_OF || kind == DM_AST_TERMS_OF ||
      kind == DM_AST_SAYS_OF) {
    dm_rd_need_word(r, DM_W_OF);
  }
  m->path = dm_rd_path(r, kind == DM_AST_COUNT_OF, "the name of what it is");
}

static void memory(dm_reader *r, dm_ast_actor *a)
{
  static const struct {
    dm_word word;
    dm_ast_memory_kind kind;
  } kinds[] = {
      {DM_W_LAST, DM_AST_LAST},       {DM_W_FIRST, DM_AST_FIRST},
      {DM_W_HIGHEST, DM_AST_HIGHEST}, {DM_W_TERMS, DM_AST_TERMS_OF},
      {DM_W_SAYS, DM_AST_SAYS_OF},    {DM_W_COUNT, DM_AST_COUNT_OF},
  };
  dm_ast_memory m = {.k = 1};
  uint32_t first = r->i;
  bool found = false;
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds && !found; k++) {
    found = dm_rd_take_word(r, kinds[k].word);
    if (found)
      memory_of(r, &m, kinds[k].kind);
  }
  if (found) {
    /* done */
  } else if (dm_rd_take_word(r, DM_W_OWN)) {
    if (dm_rd_take_word(r, DM_W_LETTERS)) {
      m.kind = DM_AST_OWN_LETTERS;
    } else {
      m.kind = DM_AST_OWN_OPTIONS;
      dm_rd_need_word(r, DM_W_LAST);
      dm_rd_need_word(r, DM_W_OPTIONS);
    }
  } else if (dm_rd_take_word(r, DM_W_LETTERS)) {
    m.kind = DM_AST_LETTERS_IN;
    dm_rd_need_word(r, DM_W_RECEIVED);
  } else if (dm_rd_take_word(r, DM_W_EVERYTHING)) {
    m.kind = DM_AST_EVERYTHING;
  } else {
    dm_rd_unexpected(r);
  }
  if (dm_rd_take_word(r, DM_W_IN)) {
    dm_rd_need_word(r, DM_W_BINS);
    dm_rd_need_word(r, DM_W_OF);
    m.binned = true;
    m.bin = dm_rd_number(r);
  }
  m.at = dm_rd_span_from(r, first);
  if (!r->bad)
    DM_PUSH(r->arena, &a->remembers, m);
}

static void actor_clause(dm_reader *r, void *block)
{
  dm_ast_actor *a = block;
  dm_span at = dm_rd_span(r);
  if (dm_rd_take_word(r, DM_W_TYPE)) {
    dm_rd_once(r, a->types_at, at, "type");
    a->types_at = at;
    actor_types(r, a);
    dm_rd_remarks(r, &a->types_remarks);
  } else if (dm_rd_take_word(r, DM_W_SHARPNESS)) {
    if (a->sharpness)
      dm_rd_once(r, a->sharpness->at, at, "sharpness");
    dm_rd_mark(r, DM_MARK_BODY);
    a->sharpness = dm_rd_sum(r);
    dm_rd_remarks(r, &a->sharpness_remarks);
  } else if (dm_rd_take_word(r, DM_W_DISCOUNT)) {
    if (a->discount)
      dm_rd_once(r, a->discount->at, at, "discount");
    dm_rd_mark(r, DM_MARK_BODY);
    a->discount = dm_rd_sum(r);
    dm_rd_remarks(r, &a->discount_remarks);
  } else if (dm_rd_take_word(r, DM_W_REMEMBERS)) {
    dm_rd_once(r, a->remembers_at, at, "remembers");
    a->remembers_at = at;
    dm_rd_mark(r, DM_MARK_BODY);
    do
      memory(r, a);
    while (dm_rd_take(r, DM_T_COMMA));
    dm_rd_remarks(r, &a->remarks);
  } else {
    dm_rd_unexpected(r);
  }
}

void dm_rd_actor(dm_reader *r, dm_span at)
{
  dm_ast_actor a = {.at = at, .file_order = r->block};
  a.name = dm_rd_name(r, "a name for the actor");
  a.display = dm_rd_display(r);
  dm_rd_remarks(r, &a.remarks);
  dm_rd_body(r, actor_clause, &a);
  DM_PUSH(r->arena, &r->ast->actors, a);
}

/* ---- types --------------------------------------------------------------- */

static void types_row(dm_reader *r, void *block)
{
  dm_ast_types *t = block;
  dm_ast_types_row row = {.at = dm_rd_span(r)};
  do {
    dm_ast_path label = dm_rd_path(r, false, "the name of a type");
    if (r->bad)
      return;
    DM_PUSH(r->arena, &row.labels, label);
  } while (dm_rd_take(r, DM_T_COMMA));
  r->cells = true;
  do {
    dm_rd_mark(r, DM_MARK_CELL);
    dm_ast_expr *cell = dm_rd_chance(r);
    if (r->bad)
      return;
    DM_PUSH(r->arena, &row.cells, cell);
  } while (!dm_rd_done(r) && !dm_rd_is_word(r, DM_W_NOTE) &&
           !dm_rd_is_word(r, DM_W_SOURCE));
  r->cells = false;
  dm_rd_mark(r, DM_MARK_COLUMN);
  dm_rd_remarks(r, &row.remarks);
  uint32_t wanted = t->columns.n ? t->columns.n : 1;
  if (!r->bad && row.cells.n != wanted)
    dm_rd_fail(
        r, row.at,
        dm_rd_text(
            r, "This row has %u cell%s where the table has %u column%s.",
            (unsigned)row.cells.n, row.cells.n == 1 ? "" : "s",
            (unsigned)wanted, wanted == 1 ? "" : "s"),
        "Every cell is a chance, and one of them may be `rest`.");
  DM_PUSH(r->arena, &t->rows, row);
}

void dm_rd_types(dm_reader *r, dm_span at)
{
  dm_ast_types t = {.at = at, .file_order = r->block};
  dm_rd_names(r, &t.actors, "the name of an actor");
  while (!r->bad && dm_rd_is(r, DM_T_WORD) && !dm_rd_is_word(r, DM_W_NOTE) &&
         !dm_rd_is_word(r, DM_W_SOURCE)) {
    dm_rd_mark(r, DM_MARK_CELL);
    dm_ast_path column = dm_rd_path(r, false, "the name of a type");
    if (!r->bad)
      DM_PUSH(r->arena, &t.columns, column);
  }
  dm_rd_remarks(r, &t.remarks);
  dm_rd_finish(r);
  dm_rd_body(r, types_row, &t);
  DM_PUSH(r->arena, &r->ast->types, t);
}

/* ---- assume -------------------------------------------------------------- */

static void assume_clause(dm_reader *r, void *block)
{
  (void)block;
  dm_ast_assumption a = {.at = dm_rd_span(r), .file_order = r->block};
  a.name = dm_rd_name(r, "a name for the assumption");
  a.display = dm_rd_display(r);
  dm_rd_mark(r, DM_MARK_BODY);
  a.value = dm_rd_sum(r);
  dm_rd_mark(r, DM_MARK_COLUMN);
  dm_rd_remarks(r, &a.remarks);
  if (!r->bad)
    DM_PUSH(r->arena, &r->ast->assumptions, a);
}

void dm_rd_assume(dm_reader *r, dm_span at)
{
  (void)at;
  dm_rd_body(r, assume_clause, NULL);
}

/* ---- state --------------------------------------------------------------- */

bool dm_rd_is_viewers(dm_reader *r)
{
  return dm_rd_is_word(r, DM_W_PUBLIC) || dm_rd_is_word(r, DM_W_HIDDEN) ||
         dm_rd_is_word(r, DM_W_SEEN);
}

void dm_rd_viewers(dm_reader *r, dm_ast_viewers *out, bool label)
{
  dm_span at = dm_rd_span(r);
  uint32_t first = r->i;
  dm_rd_once(r, out->at, at, "who sees it");
  if (dm_rd_take_word(r, DM_W_PUBLIC)) {
    out->view = DM_AST_PUBLIC;
  } else if (dm_rd_take_word(r, DM_W_HIDDEN)) {
    out->view = DM_AST_HIDDEN;
  } else {
    dm_rd_need_word(r, DM_W_SEEN);
    dm_rd_need_word(r, DM_W_BY);
    if (label)
      dm_rd_mark(r, DM_MARK_BODY);
    if (dm_rd_take_word(r, DM_W_EVERYONE)) {
      out->view = DM_AST_PUBLIC;
    } else {
      out->view = DM_AST_SEEN_BY;
      dm_rd_names(r, &out->names, "the name of an actor");
    }
  }
  out->at = dm_rd_span_from(r, first);
}

static void words(dm_reader *r, dm_ast_state *s)
{
  s->worded = true;
  do {
    dm_ast_name word = dm_rd_loose(r, "a word");
    if (r->bad)
      return;
    DM_PUSH(r->arena, &s->words, word);
  } while (dm_rd_take(r, DM_T_LT));
  if (s->words.n < 2)
    dm_rd_fail(
        r, s->words.at[0].at, "A state has at least two values.",
        "Write a scale such as 0..4, or ordered words such as none < open < "
        "broken.");
}

static void start(dm_reader *r, dm_ast_state *s)
{
  dm_ast_chance first = {.value = dm_rd_chance_value(r)};
  if (r->bad || !dm_rd_is_chance(r)) {
    s->start = first.value;
    return;
  }
  first.chance = dm_rd_chance(r);
  DM_PUSH(r->arena, &s->start_chances, first);
  if (dm_rd_take(r, DM_T_COMMA))
    dm_rd_chances(r, &s->start_chances);
}

static void step(dm_reader *r, dm_ast_state *s)
{
  dm_rd_next(r);
  dm_rd_next(r);
  s->stepped = true;
  s->step = dm_rd_number(r);
  dm_rd_need(r, DM_T_CLOSE);
}

static void state_clause(dm_reader *r, void *block)
{
  (void)block;
  dm_ast_state s = {.at = dm_rd_span(r), .file_order = r->block};
  s.name = dm_rd_name(r, "a name for the state");
  s.display = dm_rd_display(r);
  dm_rd_mark(r, DM_MARK_BODY);
  if (dm_rd_is_number(r)) {
    s.lo = dm_rd_number(r);
    dm_rd_need(r, DM_T_DOTS);
    s.hi = dm_rd_number(r);
  } else {
    words(r, &s);
  }
  dm_rd_need(r, DM_T_EQ);
  start(r, &s);
  for (bool more = !r->bad; more;) {
    more = false;
    if (!s.stepped && dm_rd_is_step(r)) {
      step(r, &s);
      more = true;
    } else if (!s.viewers.at.line && dm_rd_is_viewers(r)) {
      dm_rd_mark(r, DM_MARK_COLUMN);
      dm_rd_viewers(r, &s.viewers, false);
      more = true;
    }
  }
  dm_rd_remarks(r, &s.remarks);
  if (!r->bad)
    DM_PUSH(r->arena, &r->ast->states, s);
}

void dm_rd_state(dm_reader *r, dm_span at)
{
  (void)at;
  dm_rd_body(r, state_clause, NULL);
}
