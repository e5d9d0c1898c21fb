/* lang/evidence_read.c -- the reader of evidence files.
 *
 *   evidence = "evidence" "for" NAME
 *   source   = "source" NAME { "hit" chance "," "false" chance
 *              | "is" "report" NAME | "echo" "of" NAME | remark }
 *   line     = DATE [ "about" ] report { "from" NAME | GRADE | "at" "start"
 *              | "corrects" DATE | remark }
 *   report   = "no" "word" "of" event | event
 *   event    = condition | PATH "in" value ".." value
 *
 * requires: clauses from lex.c and the scenario's clock and units.  provides:
 * dm_ev_file, or messages of the same kind as the scenario reader's.  Every
 * line may stand in column 1 or indented below the head; behind a line in
 * column 1 an indented one goes on with it. */
#include "lang/evidence_parts.h"

#include "base/str.h"

/* ---- sources --------------------------------------------------------------- */

static const char *first_remark(const dm_ast_remarks *remarks)
{
  if (remarks->notes.n)
    return remarks->notes.at[0].text;
  return remarks->sources.n ? remarks->sources.at[0].text : "";
}

static dm_ast_number rate(dm_reader *r)
{
  dm_ast_number x = dm_rd_number(r);
  if (!r->bad && x.ranged)
    dm_rd_fail(
        r, x.range_at, "A source's rate takes no range.",
        "Leave the range away, or compare several evidence files.");
  return x;
}

static void read_rates(dm_reader *r, dm_ev_source *s, dm_span *given)
{
  dm_span at = dm_rd_span(r);
  dm_rd_next(r);
  dm_rd_once(r, *given, at, "hit");
  *given = at;
  s->rated = true;
  s->hit = rate(r);
  dm_rd_take(r, DM_T_COMMA);
  dm_rd_need_word(r, DM_W_FALSE);
  s->miss = rate(r);
}

static void read_source(dm_reader *r, dm_ev_file *file)
{
  dm_ev_source s = {.note = ""};
  dm_span rates = {0}, report = {0}, echo = {0};
  dm_ast_remarks remarks = {0};
  uint32_t first = r->i;
  r->what = "a source";
  dm_rd_next(r);
  s.name = dm_rd_name(r, "a name for the source");
  dm_rd_mark(r, DM_MARK_BODY);
  while (!r->bad && !dm_rd_done(r)) {
    dm_span at = dm_rd_span(r);
    if (dm_rd_is_word(r, DM_W_HIT)) {
      read_rates(r, &s, &rates);
    } else if (dm_rd_take_word(r, DM_W_IS)) {
      dm_rd_once(r, report, at, "is report");
      report = at;
      dm_rd_need_word(r, DM_W_REPORT);
      s.report = dm_rd_name(r, "the name of a report");
    } else if (dm_rd_take_word(r, DM_W_ECHO)) {
      dm_rd_once(r, echo, at, "echo of");
      echo = at;
      dm_rd_need_word(r, DM_W_OF);
      s.echo = dm_rd_name(r, "the name of a source");
    } else if (dm_rd_is_word(r, DM_W_NOTE) || dm_rd_is_word(r, DM_W_SOURCE)) {
      dm_rd_remarks(r, &remarks);
    } else {
      dm_rd_unexpected(r);
    }
  }
  s.at = dm_rd_span_from(r, first);
  s.note = first_remark(&remarks);
  if (!r->bad)
    DM_PUSH(r->arena, &file->source, s);
}

/* ---- what is reported -------------------------------------------------------- */

static dm_ast_expr *made(
    dm_reader *r, dm_ast_op op, dm_ast_expr *a, dm_ast_expr *b, dm_span at)
{
  dm_ast_expr *e = dm_arena_alloc(r->arena, sizeof *e);
  e->op = op;
  e->at = at;
  e->arg = dm_arena_array(r->arena, 2, sizeof(dm_ast_expr *));
  e->arg[0] = a;
  e->arg[1] = b;
  e->n_args = 2;
  e->depth = (a->depth > b->depth ? a->depth : b->depth) + 1;
  return e;
}

/* PATH `in` LO `..` HI, behind a condition whose last word is the path. */
static void read_interval(dm_reader *r, dm_ast_expr **event)
{
  dm_ast_expr **last = event;
  while ((*last)->n_args > 0 &&
         ((*last)->op == DM_AST_NOT || (*last)->op == DM_AST_AND ||
          (*last)->op == DM_AST_OR))
    last = &(*last)->arg[(*last)->n_args - 1];
  if ((*last)->op != DM_AST_PATH || !dm_rd_take_word(r, DM_W_IN))
    return;
  dm_ast_expr *of = *last;
  dm_ast_expr *lo = dm_rd_value(r);
  dm_rd_need(r, DM_T_DOTS);
  dm_ast_expr *hi = r->bad ? lo : dm_rd_value(r);
  *last = made(
      r, DM_AST_AND, made(r, DM_AST_GE, of, lo, of->at),
      made(r, DM_AST_LE, of, hi, of->at), of->at);
}

static bool silence_next(const dm_reader *r)
{
  const dm_tok *word = dm_rd_ahead(r, 1), *of = dm_rd_ahead(r, 2);
  return dm_rd_peek_word(r, DM_W_NO) && word->kind == DM_T_WORD &&
         word->word == DM_W_WORD && of->kind == DM_T_WORD &&
         of->word == DM_W_OF;
}

static void read_event(dm_reader *r, dm_ev_line *line)
{
  if (silence_next(r)) {
    line->silence = true;
    for (int k = 0; k < 3; k++)
      dm_rd_next(r);
  }
  line->event = dm_rd_condition(r);
  if (!r->bad)
    read_interval(r, &line->event);
  while (!r->bad && line->event->op == DM_AST_NOT) {
    line->negated = !line->negated;
    line->event = line->event->arg[0];
  }
}

/* ---- what stands behind -------------------------------------------------------- */

static bool is_grade(dm_reader *r)
{
  const dm_tok *tok = dm_rd_ahead(r, 0);
  if (!r->tried_name)
    r->tried_name = "a grade such as `B2`";
  return tok->kind == DM_T_WORD && (tok->flags & DM_TOK_UPPER) != 0;
}

static void read_grade(dm_reader *r, dm_ev_line *line)
{
  dm_span at = dm_rd_span(r);
  dm_rd_once(r, line->grade.at, at, "grade");
  dm_ast_name grade = dm_rd_any_case(r, "a grade");
  if (r->bad)
    return;
  const char *t = grade.text;
  bool letter = t[0] >= 'A' && t[0] <= 'F';
  bool digit =
      letter && (t[1] == '\0' || (t[1] >= '1' && t[1] <= '6' && t[2] == '\0'));
  if (!digit)
    dm_rd_fail(
        r, at, dm_rd_text(r, "`%s` is no grade.", t),
        "A grade is a letter from A (reliable) to F (cannot be judged) and, "
        "if you like, a digit from 1 to 6.");
  line->grade = grade;
}

static void read_behind(dm_reader *r, dm_ev_line *line, dm_ast_remarks *remarks)
{
  dm_span at = dm_rd_span(r);
  if (dm_rd_take_word(r, DM_W_FROM)) {
    dm_rd_once(r, line->from.at, at, "from");
    line->from = dm_rd_name(r, "the name of a source");
    dm_rd_mark(r, DM_MARK_CELL);
  } else if (dm_rd_take_word(r, DM_W_AT)) {
    dm_rd_once(r, line->start_at, at, "at start");
    dm_rd_need_word(r, DM_W_START);
    line->start_at = at;
  } else if (dm_rd_take_word(r, DM_W_CORRECTS)) {
    dm_rd_once(r, line->corrects.at, at, "corrects");
    line->corrects = dm_rd_date(r);
  } else if (dm_rd_is_word(r, DM_W_NOTE) || dm_rd_is_word(r, DM_W_SOURCE)) {
    dm_rd_remarks(r, remarks);
  } else if (is_grade(r)) {
    read_grade(r, line);
  } else {
    dm_rd_unexpected(r);
  }
}

/* Tokens first .. end with one space where there was any. */
static const char *folded(dm_reader *r, uint32_t first, uint32_t end)
{
  dm_str out = {0};
  for (uint32_t i = first; i < end; i++) {
    const dm_tok *tok = &r->lexed.toks.at[i];
    if (i > first && (tok->flags & (DM_TOK_SPACE | DM_TOK_FIRST)))
      dm_str_addc(&out, ' ');
    dm_str_add(&out, r->lexed.text + tok->at, tok->len);
  }
  bool failed = out.failed;
  const char *text =
      failed ? "" : dm_arena_text(r->arena, dm_str_text(&out), out.len);
  dm_str_clear(&out);
  if (failed)
    dm_arena_throw(r->arena, DM_E_MEMORY);
  return text;
}

static void read_line(dm_reader *r, dm_ev_file *file)
{
  dm_ev_line line = {.note = ""};
  dm_ast_remarks remarks = {0};
  r->what = "a report";
  line.about = dm_rd_take_word(r, DM_W_ABOUT);
  line.date = dm_rd_date(r);
  if (!line.about && !r->bad)
    line.about = dm_rd_take_word(r, DM_W_ABOUT);
  uint32_t first = r->i;
  dm_rd_mark(r, DM_MARK_BODY);
  if (!r->bad)
    read_event(r, &line);
  line.at = dm_rd_span_from(r, first);
  uint32_t end = r->i;
  dm_rd_mark(r, DM_MARK_COLUMN);
  while (!r->bad && !dm_rd_done(r))
    read_behind(r, &line, &remarks);
  if (r->bad)
    return;
  line.note = first_remark(&remarks);
  line.text = folded(r, first, end);
  if (line.start_at.line)
    line.text = dm_rd_text(r, "%s at start", line.text);
  if (line.about)
    line.text = dm_rd_text(r, "about then: %s", line.text);
  DM_PUSH(r->arena, &file->line, line);
}

/* ---- the file ------------------------------------------------------------------- */

static void enter(dm_reader *r, uint32_t first, uint32_t end)
{
  r->i = first;
  r->end = end;
  r->bad = false;
  r->depth = 0;
  r->parens = 0;
  r->n_tried = 0;
  r->tried_name = NULL;
}

static void read_head(dm_reader *r, dm_ev_file *file)
{
  dm_span at = dm_rd_span(r);
  r->what = "the head of an evidence file";
  dm_rd_next(r);
  dm_rd_once(r, file->at, at, "evidence for");
  dm_rd_need_word(r, DM_W_FOR);
  file->scenario = dm_rd_name(r, "the name of the scenario");
  file->at = at;
  dm_rd_finish(r);
}

static void read_one(dm_reader *r, dm_ev_file *file)
{
  if (dm_rd_peek_word(r, DM_W_EVIDENCE)) {
    read_head(r, file);
  } else if (!file->at.line) {
    file->at = dm_rd_span(r); /* once is enough */
    dm_rd_fail_code(
        r, "E004", "something essential is missing", file->at, 0,
        "The file does not say which scenario it is evidence for.",
        "Begin with `evidence for NAME`.");
  } else if (dm_rd_peek_word(r, DM_W_SOURCE)) {
    read_source(r, file);
  } else if (dm_rd_is_date(r, 0) || dm_rd_peek_word(r, DM_W_ABOUT)) {
    read_line(r, file);
  } else {
    dm_rd_fail(
        r, dm_rd_span(r),
        dm_rd_text(
            r, "%s does not begin a line of evidence.",
            dm_rd_quote(r, dm_rd_ahead(r, 0))),
        "A line begins with its date, or with `source NAME`.");
  }
}

void dm_ev_read(dm_reader *r, dm_ev_file *out)
{
  const dm_clause *clause = r->lexed.clauses.at;
  uint32_t n = r->lexed.clauses.n, c = 0;
  bool below_head = false;
  r->errors = r->lexed.errors;
  while (c < n && r->errors < DM_READ_ERRORS_MAX) {
    uint32_t first = clause[c].first, end = clause[c].end;
    bool head = clause[c].head;
    if (head)
      below_head = r->lexed.toks.at[first].word == DM_W_EVIDENCE;
    c++;
    /* What is indented behind a line in column 1 goes on with it. */
    while (head && !below_head && c < n && !clause[c].head)
      end = clause[c++].end;
    enter(r, first, end);
    read_one(r, out);
  }
  if (!out->at.line && !r->errors) {
    r->bad = false;
    dm_rd_fail_code(
        r, "E004", "something essential is missing", (dm_span){1, 1, 1}, 0,
        "The file is empty.", "Begin with `evidence for NAME`.");
  }
}
