/* lang/parse.c -- the reader's core: tokens, messages, blocks.
 *
 * requires: clauses from lex.c.  provides: dm_ast, or messages.  The phrases
 * inside a clause are in parse_expr.c and parse_effect.c, the blocks in
 * parse_actors.c, parse_world.c and parse_moves.c. */
#include "lang/parse.h"

#include "lang/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- tokens -------------------------------------------------------------- */

static const dm_tok the_end = {.kind = DM_T_END};

const dm_tok *dm_rd_ahead(const dm_reader *r, uint32_t ahead)
{
  return r->end - r->i > ahead ? &r->lexed.toks.at[r->i + ahead] : &the_end;
}

bool dm_rd_done(const dm_reader *r)
{
  return r->i >= r->end;
}

bool dm_rd_peek(const dm_reader *r, dm_tok_kind kind)
{
  return dm_rd_ahead(r, 0)->kind == kind;
}

bool dm_rd_peek_word(const dm_reader *r, dm_word word)
{
  const dm_tok *tok = dm_rd_ahead(r, 0);
  return tok->kind == DM_T_WORD && tok->word == word;
}

static void tried(dm_reader *r, dm_tok_kind kind, dm_word word)
{
  for (uint32_t k = 0; k < r->n_tried; k++)
    if (r->tried_kind[k] == kind && r->tried_word[k] == word)
      return;
  if (r->n_tried == DM_READ_TRIED_MAX)
    return;
  r->tried_kind[r->n_tried] = (uint8_t)kind;
  r->tried_word[r->n_tried] = (uint8_t)word;
  r->n_tried++;
}

bool dm_rd_is(dm_reader *r, dm_tok_kind kind)
{
  if (dm_rd_peek(r, kind))
    return true;
  tried(r, kind, DM_W_NONE);
  return false;
}

bool dm_rd_is_word(dm_reader *r, dm_word word)
{
  if (dm_rd_peek_word(r, word))
    return true;
  tried(r, DM_T_WORD, word);
  return false;
}

const dm_tok *dm_rd_next(dm_reader *r)
{
  const dm_tok *tok = dm_rd_ahead(r, 0);
  if (r->i < r->end)
    r->i++;
  r->n_tried = 0;
  r->tried_name = NULL;
  return tok;
}

bool dm_rd_take(dm_reader *r, dm_tok_kind kind)
{
  if (!dm_rd_is(r, kind))
    return false;
  dm_rd_next(r);
  return true;
}

bool dm_rd_take_word(dm_reader *r, dm_word word)
{
  if (!dm_rd_is_word(r, word))
    return false;
  dm_rd_next(r);
  return true;
}

void dm_rd_need(dm_reader *r, dm_tok_kind kind)
{
  if (!dm_rd_take(r, kind))
    dm_rd_unexpected(r);
}

void dm_rd_need_word(dm_reader *r, dm_word word)
{
  if (!dm_rd_take_word(r, word))
    dm_rd_unexpected(r);
}

void dm_rd_mark(dm_reader *r, dm_mark mark)
{
  if (r->i < r->end && r->lexed.toks.at[r->i].mark == DM_MARK_NONE)
    r->lexed.toks.at[r->i].mark = (uint8_t)mark;
}

/* ---- places -------------------------------------------------------------- */

dm_span dm_rd_span(const dm_reader *r)
{
  if (r->i < r->end)
    return dm_tok_span(&r->lexed, &r->lexed.toks.at[r->i]);
  if (r->i == 0)
    return (dm_span){1, 1, 1};
  /* The end of the clause: just behind its last word. */
  dm_span at = dm_tok_span(&r->lexed, &r->lexed.toks.at[r->i - 1]);
  return (dm_span){at.line, at.column + at.length, 1};
}

dm_span dm_rd_span_from(const dm_reader *r, uint32_t first)
{
  if (first >= r->i)
    return dm_rd_span(r);
  const dm_tok *tok = r->lexed.toks.at;
  dm_span at = dm_tok_span(&r->lexed, &tok[first]);
  uint32_t last = r->i - 1;
  /* A phrase that goes on over the line is marked to the end of the line. */
  while (last > first && tok[last].line != at.line)
    last--;
  dm_span end = dm_tok_span(&r->lexed, &tok[last]);
  at.length = end.column + end.length - at.column;
  return at;
}

/* ---- messages ------------------------------------------------------------ */

const char *dm_rd_text(dm_reader *r, const char *format, ...)
{
  if (!format)
    return "";
  va_list args;
  va_start(args, format);
  va_list again;
  va_copy(again, args);
  int n = vsnprintf(NULL, 0, format, args);
  va_end(args);
  size_t size = n < 0 ? 1 : (size_t)n + 1;
  char *out = dm_arena_alloc(r->arena, size);
  vsnprintf(out, size, format, again);
  va_end(again);
  return out;
}

void dm_rd_fail_code(
    dm_reader *r, const char *code, const char *title, dm_span at,
    uint32_t other_line, const char *text, const char *repair)
{
  bool file = !r->bad && r->errors < DM_READ_ERRORS_MAX;
  r->bad = true;
  r->i = r->end;
  if (!file)
    return;
  r->errors++;
  dm_diags_add(r->diags, DM_ERROR, code, title, at, other_line, text, repair);
}

void dm_rd_fail(dm_reader *r, dm_span at, const char *text, const char *repair)
{
  dm_rd_fail_code(r, "E003", "syntax", at, 0, text, repair);
}

void dm_rd_missing(
    dm_reader *r, uint32_t errors, dm_span at, const char *text,
    const char *repair)
{
  /* A block that was misread is not blamed for what it seems to lack. */
  if (r->errors != errors || r->lexed.errors)
    return;
  r->bad = false;
  dm_rd_fail_code(
      r, "E004", "something essential is missing", at, 0, text, repair);
}

void dm_rd_once(dm_reader *r, dm_span earlier, dm_span here, const char *what)
{
  if (!earlier.line || r->bad)
    return;
  dm_rd_fail_code(
      r, "E003", "syntax", here, earlier.line,
      dm_rd_text(
          r, "`%s` was given before, on line %u.", what,
          (unsigned)earlier.line),
      "Keep one of the two.");
}

/* Long tokens are cut: a message is no place for a page of text. */
enum { QUOTE_MAX = 32 };

const char *dm_rd_quote(dm_reader *r, const dm_tok *tok)
{
  if (tok->kind == DM_T_END)
    return "the end of the clause";
  const char *text = r->lexed.text + tok->at;
  size_t n = tok->len;
  bool cut = dm_text_points(text, n) > QUOTE_MAX;
  if (cut) {
    n = QUOTE_MAX;
    while (n && ((unsigned char)text[n] & 0xC0) == 0x80)
      n--;
  }
  return dm_rd_text(r, "`%.*s%s`", (int)n, text, cut ? "..." : "");
}

static const char *kind_text(uint8_t kind)
{
  static const char *const text[DM_T_KINDS] = {
      "the end", "a name", "a number", "a date", "a text in quotes",
      "`,`",     "`;`",    "`:`",      "`(`",    "`)`",
      "`[`",     "`]`",    "`..`",     "`->`",   "`+`",
      "`-`",     "`*`",    "`/`",      "`=`",    "`!=`",
      "`<`",     "`<=`",   "`>`",      "`>=`",   "`~`",
      "nothing"};
  return text[kind];
}

/* How little it helps to list it: only the most helpful are. */
static int vagueness(uint8_t kind)
{
  if (kind == DM_T_EQ)
    return 1;
  return (kind >= DM_T_PLUS && kind <= DM_T_GE) || kind == DM_T_OPEN_RANGE ||
                 kind == DM_T_OPEN
             ? 2
             : 0;
}

static const char *expected_one(dm_reader *r, uint32_t k)
{
  if (r->tried_kind[k] == DM_T_WORD && r->tried_word[k] != DM_W_NONE)
    return dm_rd_text(r, "`%s`", dm_word_text((dm_word)r->tried_word[k]));
  return kind_text(r->tried_kind[k]);
}

/* "`a`, `b` or `c`", at most eight. */
static const char *expected_list(dm_reader *r)
{
  enum { MOST = 8 };
  const char *item[MOST];
  uint32_t n = 0;
  for (int vague = 0; vague <= 2 && n == 0; vague++) {
    if (vague == 0 && r->tried_name)
      item[n++] = r->tried_name;
    for (uint32_t k = 0; k < r->n_tried && n < MOST; k++)
      if (vagueness(r->tried_kind[k]) == vague)
        item[n++] = expected_one(r, k);
  }
  const char *text = n ? item[0] : "";
  for (uint32_t k = 1; k < n; k++)
    text = dm_rd_text(r, "%s%s%s", text, k + 1 == n ? " or " : ", ", item[k]);
  return text;
}

/* The keyword that a misspelt word was perhaps meant to be. */
static dm_word meant(const dm_reader *r, const dm_tok *tok)
{
  dm_word best = DM_W_NONE;
  unsigned least = UINT32_MAX;
  if (tok->kind != DM_T_WORD)
    return best;
  for (uint32_t k = 0; k < r->n_tried; k++) {
    dm_word word = (dm_word)r->tried_word[k];
    const char *text = dm_word_text(word);
    unsigned d;
    if (r->tried_kind[k] == DM_T_WORD && word != DM_W_NONE &&
        dm_word_close(
            r->lexed.text + tok->at, tok->len, text, strlen(text), &d) &&
        d < least) {
      least = d;
      best = word;
    }
  }
  return best;
}

void dm_rd_unexpected(dm_reader *r)
{
  if (r->bad)
    return;
  const dm_tok *tok = dm_rd_ahead(r, 0);
  if (tok->kind == DM_T_BAD) {
    /* Its message has been filed by the lexer. */
    r->bad = true;
    r->i = r->end;
    return;
  }
  const char *expected = expected_list(r);
  dm_word word = meant(r, tok);
  const char *repair = "";
  if (word != DM_W_NONE)
    repair = dm_rd_text(r, "Perhaps `%s` was meant.", dm_word_text(word));
  else if (
      tok->kind == DM_T_WORD && r->tried_name &&
      dm_word_reserved((dm_word)tok->word))
    repair = dm_rd_text(
        r, "%s is a keyword; only options may be called like one.",
        dm_rd_quote(r, tok));
  const char *text;
  const char *found =
      tok->kind == DM_T_END
          ? "The clause ends here"
          : dm_rd_text(r, "%s cannot stand here", dm_rd_quote(r, tok));
  if (r->what && *expected)
    text = dm_rd_text(r, "%s, in %s: expected %s.", found, r->what, expected);
  else if (*expected)
    text = dm_rd_text(r, "%s: expected %s.", found, expected);
  else
    text = dm_rd_text(r, "%s.", found);
  dm_rd_fail(r, dm_rd_span(r), text, repair);
}

/* ---- clauses ------------------------------------------------------------- */

void dm_rd_finish(dm_reader *r)
{
  if (!r->bad && !dm_rd_done(r))
    dm_rd_unexpected(r);
}

static void enter(dm_reader *r, const dm_clause *clause)
{
  r->i = clause->first;
  r->end = clause->end;
  r->bad = false;
  r->depth = 0;
  r->parens = 0;
  r->cells = false;
  r->checking = false;
  r->n_tried = 0;
  r->tried_name = NULL;
}

static bool more_clauses(const dm_reader *r)
{
  return r->clause < r->lexed.clauses.n &&
         !r->lexed.clauses.at[r->clause].head && r->errors < DM_READ_ERRORS_MAX;
}

void dm_rd_body(dm_reader *r, dm_rd_clause *read, void *block)
{
  if (!dm_rd_done(r))
    read(r, block);
  dm_rd_finish(r);
  while (more_clauses(r)) {
    enter(r, &r->lexed.clauses.at[r->clause++]);
    read(r, block);
    dm_rd_finish(r);
  }
}

typedef void block_reader(dm_reader *r, dm_span at);

static const struct {
  dm_word word;
  const char *what;
  block_reader *read;
} blocks[] = {
    {DM_W_SCENARIO, "a scenario", dm_rd_scenario},
    {DM_W_ACTOR, "an actor", dm_rd_actor},
    {DM_W_TYPES, "a table of types", dm_rd_types},
    {DM_W_ASSUME, "the assumptions", dm_rd_assume},
    {DM_W_STATE, "the state", dm_rd_state},
    {DM_W_LETTER, "a letter", dm_rd_letter},
    {DM_W_REPORT, "a report", dm_rd_report},
    {DM_W_DEAL, "a deal", dm_rd_deal},
    {DM_W_CHOICE, "a choice", dm_rd_choice},
    {DM_W_EVERY, "a rule of every period", dm_rd_every},
    {DM_W_SCHEDULE, "a schedule", dm_rd_schedule},
    {DM_W_BENCHMARK, "a benchmark", dm_rd_benchmark},
    {DM_W_OUTCOME, "an outcome", dm_rd_outcome},
    {DM_W_PAYOFF, "the payoffs", dm_rd_payoff},
    {DM_W_EACH, "the pay of each period", dm_rd_each},
    {DM_W_ASK, "a question", dm_rd_ask},
    {DM_W_CHECK, "a check", dm_rd_check},
};

static void skip_block(dm_reader *r)
{
  while (r->clause < r->lexed.clauses.n && !r->lexed.clauses.at[r->clause].head)
    r->clause++;
}

static void read_block(dm_reader *r)
{
  r->what = NULL;
  dm_span at = dm_rd_span(r);
  for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
    if (!dm_rd_take_word(r, blocks[k].word))
      continue;
    r->what = blocks[k].what;
    blocks[k].read(r, at);
    dm_rd_finish(r);
    r->block++;
    return;
  }
  const dm_tok *tok = dm_rd_ahead(r, 0);
  dm_word word = meant(r, tok);
  if (tok->kind == DM_T_BAD)
    dm_rd_unexpected(r);
  else
    dm_rd_fail(
        r, at, dm_rd_text(r, "%s does not begin a block.", dm_rd_quote(r, tok)),
        word == DM_W_NONE
            ? "What begins in column 1 is the head of a block (`actor`, "
              "`state`, `choice`, ...); its clauses are indented."
            : dm_rd_text(r, "Perhaps `%s` was meant.", dm_word_text(word)));
  skip_block(r);
}

/* ---- the file ------------------------------------------------------------ */

static dm_ast_date_kind clock_of_word(dm_word word)
{
  static const struct {
    dm_word word;
    dm_ast_date_kind kind;
  } clocks[] = {
      {DM_W_MONTHS, DM_AST_MONTH},     {DM_W_WEEKS, DM_AST_WEEK},
      {DM_W_QUARTERS, DM_AST_QUARTER}, {DM_W_YEARS, DM_AST_YEAR},
      {DM_W_TURNS, DM_AST_TURN},
  };
  for (size_t k = 0; k < sizeof clocks / sizeof *clocks; k++)
    if (clocks[k].word == word)
      return clocks[k].kind;
  return DM_AST_NO_DATE;
}

/* Dates and durations are read by the clock, units by the states, wherever in
 * the file those stand; so both are looked for before. */
static void scan_ahead(dm_reader *r)
{
  bool scenario = false;
  for (uint32_t c = 0; c < r->lexed.clauses.n; c++) {
    const dm_clause *clause = &r->lexed.clauses.at[c];
    const dm_tok *tok = &r->lexed.toks.at[clause->first];
    if (clause->head)
      scenario = tok->kind == DM_T_WORD && tok->word == DM_W_SCENARIO;
    if (!scenario || r->clock != DM_AST_NO_DATE || tok->kind != DM_T_WORD)
      continue;
    for (uint32_t i = clause->first;
         i < clause->end && r->clock == DM_AST_NO_DATE; i++) {
      const dm_tok *word = &r->lexed.toks.at[i];
      if (word->kind == DM_T_WORD)
        r->clock = clock_of_word((dm_word)word->word);
      if (!clause->head)
        break;
    }
  }
  for (uint32_t i = 0; i + 3 < r->lexed.toks.n; i++) {
    const dm_tok *tok = &r->lexed.toks.at[i];
    if (tok[0].kind == DM_T_OPEN && tok[1].kind == DM_T_WORD &&
        tok[1].word == DM_W_X && tok[2].kind == DM_T_NUMBER &&
        tok[3].kind == DM_T_WORD)
      (void)dm_table_intern(
          &r->units, r->lexed.text + tok[3].at, tok[3].len, NULL);
  }
}

static void need_scenario(dm_reader *r)
{
  const dm_ast_scenario *s = &r->ast->scenario;
  if (r->errors)
    return;
  r->bad = false;
  if (!s->at.line)
    dm_rd_fail_code(
        r, "E004", "something essential is missing", (dm_span){1, 1, 1}, 0,
        "The file has no `scenario` block.",
        "Begin with `scenario NAME \"title\"` and, indented below it, the "
        "clock: `months 2025-03 to 2025-12`.");
  else if (!s->clock.at.line)
    dm_rd_fail_code(
        r, "E004", "something essential is missing", s->at, 0,
        "The scenario has no clock.",
        "Add a clause such as `months 2025-03 to 2025-12`, `weeks 2025-W10 to "
        "2025-W20`, `quarters 2025-Q1 to 2026-Q4`, `years 2025 to 2030` or "
        "`turns 1 to 6`.");
}

void dm_rd_file(dm_reader *r)
{
  r->ast = dm_arena_alloc(r->arena, sizeof *r->ast);
  r->ast->scenario.rounds = 1;
  r->errors = r->lexed.errors;
  dm_table_init(&r->units, r->arena, 0);
  scan_ahead(r);
  while (r->clause < r->lexed.clauses.n && r->errors < DM_READ_ERRORS_MAX) {
    const dm_clause *clause = &r->lexed.clauses.at[r->clause++];
    enter(r, clause);
    if (clause->head) {
      read_block(r);
      continue;
    }
    dm_rd_fail(
        r, dm_rd_span(r),
        r->block ? "This line is indented, but the block above it takes no "
                   "clauses."
                 : "This line is indented, but no block has begun.",
        "A block's head stands in column 1.");
    skip_block(r);
  }
  r->ast->n_blocks = r->block;
  need_scenario(r);
}

/* Runs `read` over a text, with the arena's jump set and put back. */
static dm_status run(
    dm_reader *r, const char *text, size_t len, void (*read)(dm_reader *),
    dm_ast **out)
{
  dm_arena *arena = r->arena;
  jmp_buf saved;
  memcpy(&saved, &arena->jump, sizeof saved);
  dm_status status = (dm_status)setjmp(arena->jump);
  if (status == DM_OK) {
    status = dm_lex_read(arena, text, len, false, r->diags, &r->lexed);
    if (status == DM_OK) {
      read(r);
      status = r->errors ? DM_E_INPUT : DM_OK;
      *out = status == DM_OK ? r->ast : NULL;
    }
  }
  memcpy(&arena->jump, &saved, sizeof saved);
  return status;
}

dm_status dm_ast_read(
    dm_arena *arena, const char *text, size_t len, dm_diags *diags,
    dm_ast **out)
{
  *out = NULL;
  dm_reader r = {.arena = arena, .diags = diags};
  return run(&r, text, len, dm_rd_file, out);
}

static void read_asks(dm_reader *r)
{
  r->ast = dm_arena_alloc(r->arena, sizeof *r->ast);
  r->errors = r->lexed.errors;
  r->what = "a question";
  dm_table_init(&r->units, r->arena, 0);
  for (uint32_t k = 0; k < r->context->states.n; k++) {
    const char *unit = r->context->states.at[k].step.unit;
    if (unit)
      (void)dm_table_intern(&r->units, unit, strlen(unit), NULL);
  }
  dm_clause all = {0, r->lexed.toks.n - 1, true};
  enter(r, &all);
  dm_rd_take_word(r, DM_W_ASK);
  dm_rd_questions(r, false);
  dm_rd_finish(r);
}

dm_status dm_ast_read_asks(
    dm_arena *arena, const char *text, size_t len, const dm_ast *scenario,
    dm_diags *diags, dm_ast **out)
{
  *out = NULL;
  dm_reader r = {
      .arena = arena,
      .diags = diags,
      .clock = scenario->scenario.clock.kind,
      .context = scenario};
  return run(&r, text, len, read_asks, out);
}
