/* tests/grammar/test_grammar.c -- docs/grammar.ebnf says what the reader reads.
 *
 * The page is read as a grammar; seeded random files are drawn from it, with
 * random line breaks and comments.  The reader must accept each; the formatter
 * must leave its tree alone and be a fixed point.  Every alternative of every
 * rule must have been drawn, so a rule cannot be dead.  Then each file is
 * damaged, and the reader must still come back with a message or a tree. */
#include "unit.h"

#include "../unit/lang/ast_text.h"
#include "lang/format.h"
#include "lang/parse.h"
#include "lang/words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  FILES = 600,
  DEEPEST = 16, /* rules within each other before the shortest way is taken */
  NODES = 4000,
  RULES = 128,
  PIECES = 60000
};

/* ---- the page ------------------------------------------------------------ */

typedef enum node_kind { SEQ, ALT, OPT, REP, LIT, TERM, REF } node_kind;

typedef struct node node;
struct node {
  node_kind kind;
  char text[32]; /* LIT, TERM, REF */
  node *part;    /* first of its parts */
  node *next;
  unsigned depth; /* rules needed at least */
  unsigned drawn;
};

typedef struct grammar {
  node pool[NODES];
  unsigned used;
  struct {
    char name[32];
    node *body;
  } rule[RULES];
  unsigned rules;
  const char *at;
} grammar;

static void skip_space(grammar *g)
{
  for (;;) {
    while (isspace((unsigned char)*g->at))
      g->at++;
    if (g->at[0] != '(' || g->at[1] != '*')
      return;
    const char *end = strstr(g->at, "*)");
    if (!end)
      FAIL("a comment of the grammar does not end");
    g->at = end + 2;
  }
}

static node *make(grammar *g, node_kind kind)
{
  if (g->used == NODES)
    FAIL("the grammar has more than %d nodes", (int)NODES);
  node *n = &g->pool[g->used++];
  n->kind = kind;
  return n;
}

static void copy_text(node *n, const char *from, size_t len)
{
  if (len >= sizeof n->text)
    FAIL("too long a word in the grammar: %.*s", (int)len, from);
  memcpy(n->text, from, len);
  n->text[len] = '\0';
}

static node *alternatives(grammar *g);

static node *one_part(grammar *g)
{
  skip_space(g);
  char c = *g->at;
  if (c == '[' || c == '{' || c == '(') {
    g->at++;
    node *inner = alternatives(g);
    skip_space(g);
    char close = c == '[' ? ']' : c == '{' ? '}' : ')';
    if (*g->at != close)
      FAIL("expected %c at: %.40s", close, g->at);
    g->at++;
    if (c == '(')
      return inner;
    node *n = make(g, c == '[' ? OPT : REP);
    n->part = inner;
    return n;
  }
  const char *from = g->at;
  if (c == '"') {
    const char *end = strchr(from + 1, '"');
    node *n = make(g, LIT);
    copy_text(n, from + 1, (size_t)(end - from - 1));
    g->at = end + 1;
    return n;
  }
  if (!isalpha((unsigned char)c))
    return NULL;
  while (isalnum((unsigned char)*g->at) || *g->at == '_')
    g->at++;
  node *n = make(g, isupper((unsigned char)c) ? TERM : REF);
  copy_text(n, from, (size_t)(g->at - from));
  return n;
}

static node *sequence(grammar *g)
{
  node *seq = make(g, SEQ);
  node **to = &seq->part;
  for (node *n = one_part(g); n; n = one_part(g)) {
    *to = n;
    to = &n->next;
  }
  return seq;
}

static node *alternatives(grammar *g)
{
  node *first = sequence(g);
  skip_space(g);
  if (*g->at != '|')
    return first;
  node *alt = make(g, ALT);
  alt->part = first;
  node **to = &first->next;
  while (*g->at == '|') {
    g->at++;
    node *n = sequence(g);
    *to = n;
    to = &n->next;
    skip_space(g);
  }
  return alt;
}

static node *rule_of(grammar *g, const char *name)
{
  for (unsigned i = 0; i < g->rules; i++)
    if (strcmp(g->rule[i].name, name) == 0)
      return g->rule[i].body;
  FAIL("the grammar has no rule %s", name);
  return NULL;
}

static unsigned depth_of(grammar *g, const node *n)
{
  unsigned depth = 0;
  switch (n->kind) {
  case SEQ:
    for (const node *p = n->part; p; p = p->next) {
      unsigned d = depth_of(g, p);
      depth = d > depth ? d : depth;
    }
    return depth;
  case ALT:
    depth = 10000;
    for (const node *p = n->part; p; p = p->next) {
      unsigned d = depth_of(g, p);
      depth = d < depth ? d : depth;
    }
    return depth;
  case REF:
    return 1 + rule_of(g, n->text)->depth;
  case OPT:
  case REP:
  case LIT:
  case TERM:
    break;
  }
  return 0;
}

static void read_grammar(grammar *g, const char *text)
{
  g->at = text;
  for (skip_space(g); *g->at; skip_space(g)) {
    node *name = one_part(g);
    skip_space(g);
    if (!name || name->kind != REF || *g->at != '=' || g->rules == RULES)
      FAIL("expected a rule at: %.40s", g->at);
    g->at++;
    node *body = alternatives(g);
    skip_space(g);
    if (*g->at != ';')
      FAIL("rule %s: expected ; at: %.40s", name->text, g->at);
    g->at++;
    memcpy(g->rule[g->rules].name, name->text, sizeof name->text);
    body->depth = 1000;
    g->rule[g->rules++].body = body;
  }
  for (unsigned round = 0; round < RULES; round++)
    for (unsigned i = 0; i < g->rules; i++)
      g->rule[i].body->depth = depth_of(g, g->rule[i].body);
}

/* ---- drawing a file ------------------------------------------------------ */

typedef enum glue {
  APART,
  GLUED_NEXT,
  HEAD_LINE,
  CLAUSE_LINE,
  FIRST_LINE
} glue;

typedef struct piece {
  char text[40];
  glue how;
} piece;

typedef struct drawing {
  grammar *g;
  uint64_t seed;
  piece *piece; /* [PIECES] */
  unsigned n;
  unsigned depth;
  unsigned clock;   /* 0 .. 4 */
  unsigned columns; /* of the table of types that is being drawn */
  bool checking;    /* inside a check */
  bool plain;       /* no percentages: inside the event of a check */
} drawing;

static unsigned roll(drawing *d, unsigned n)
{
  d->seed ^= d->seed << 13;
  d->seed ^= d->seed >> 7;
  d->seed ^= d->seed << 17;
  return (unsigned)((d->seed >> 20) % n);
}

static void emit(drawing *d, const char *text, glue how)
{
  if (d->n == PIECES)
    FAIL("a drawn file has more than %d words", (int)PIECES);
  piece *p = &d->piece[d->n++];
  snprintf(p->text, sizeof p->text, "%s", text);
  p->how = how;
}

static const char *name_word(drawing *d)
{
  /* Contextual words among them: they are free. */
  static const char *const names[] = {
      "us",     "iran",  "stock",    "talks",    "offer", "deal_1", "_x",
      "force",  "type",  "terms",    "deadline", "a",     "x",      "round",
      "chance", "error", "standing", "letters",  "own",   "last",   "pays",
      "says",   "count", "at",       "once"};
  return names[roll(d, sizeof names / sizeof *names)];
}

static const char *any_word(drawing *d)
{
  for (;;) {
    dm_word w = (dm_word)(1 + roll(d, (unsigned)DM_W_COUNT_OF_WORDS - 1));
    if (w != DM_W_MIN && w != DM_W_MAX)
      return roll(d, 2) ? name_word(d) : dm_word_text(w);
  }
}

static void number_text(drawing *d, char *to, size_t size, bool percent)
{
  static const char *const forms[] = {"0",       "1",    "24",     "2.5",
                                      "0.10",    "1e2",  "2.5e-3", "007",
                                      "1000000", "33.25"};
  snprintf(
      to, size, "%s%s", forms[roll(d, sizeof forms / sizeof *forms)],
      percent ? "%" : "");
}

static void date_text(drawing *d, char *to, size_t size, bool own, unsigned n)
{
  if (!own && d->clock < 4 && roll(d, 5) == 0) {
    snprintf(to, size, "20%02u-%02u-%02u", 25 + n / 12, n % 12 + 1, 28u);
    return;
  }
  if (d->clock == 0)
    snprintf(to, size, "20%02u-%02u", 25 + n / 12, n % 12 + 1);
  else if (d->clock == 1)
    snprintf(to, size, "20%02u-W%02u", 25 + n / 52, n % 52 + 1);
  else if (d->clock == 2)
    snprintf(to, size, "20%02u-Q%u", 25 + n / 4, n % 4 + 1);
  else
    snprintf(to, size, "%u", d->clock == 3 ? 2025 + n : 1 + n);
}

static void path(drawing *d)
{
  char text[40];
  size_t n = (size_t)snprintf(text, sizeof text, "%s", name_word(d));
  for (unsigned k = roll(d, 3); k && n < sizeof text - 12; k--)
    n += (size_t)snprintf(
        text + n, sizeof text - n, ".%s", roll(d, 2) ? name_word(d) : "yes");
  if (roll(d, 8) == 0 && n < sizeof text - 6)
    snprintf(text + n, sizeof text - n, ".%s", roll(d, 2) ? "0" : "-12");
  emit(d, text, APART);
}

static void date_term(drawing *d, const char *t)
{
  char text[40];
  bool any = strcmp(t, "ANY_DATE") == 0;
  bool own = strcmp(t, "DATE") != 0;
  unsigned n = strcmp(t, "FIRST_DATE") == 0  ? roll(d, 5)
               : strcmp(t, "LAST_DATE") == 0 ? 5 + roll(d, 20)
                                             : roll(d, 30);
  date_text(d, text, sizeof text, own, n);
  emit(d, any ? "2025-02-26" : text, APART);
}

static void terminal(drawing *d, const char *t)
{
  static const char *const one[] = {"month", "week", "quarter", "year", "turn"};
  static const char *const many[] = {
      "months", "weeks", "quarters", "years", "turns"};
  static const char *const strings[] = {
      "\"\"", "\"A text # with; signs\"", "\"caf\xc3\xa9\""};
  char text[40];
  bool percent = strcmp(t, "PERCENT") == 0;
  if (strcmp(t, "HEAD") == 0) {
    emit(d, "", HEAD_LINE);
  } else if (strcmp(t, "CLAUSE") == 0) {
    emit(d, "", CLAUSE_LINE);
  } else if (strcmp(t, "FIRST") == 0) {
    emit(d, "", FIRST_LINE);
  } else if (strcmp(t, "NAME") == 0) {
    emit(d, name_word(d), APART);
  } else if (strcmp(t, "WORD") == 0) {
    emit(d, any_word(d), APART);
  } else if (strcmp(t, "PATH") == 0) {
    path(d);
  } else if (strcmp(t, "STRING") == 0) {
    emit(d, strings[roll(d, 3)], APART);
  } else if (strcmp(t, "NUMBER") == 0 || percent) {
    number_text(d, text, sizeof text, percent && !d->plain);
    emit(d, text, APART);
  } else if (strcmp(t, "COUNT") == 0) {
    emit(d, roll(d, 2) ? "1" : "12", APART);
  } else if (strcmp(t, "UNIT") == 0) {
    emit(d, "kg", APART);
  } else if (strcmp(t, "PERIOD") == 0) {
    emit(d, one[d->clock], APART);
  } else if (strcmp(t, "PERIODS") == 0) {
    emit(d, many[d->clock], APART);
  } else if (strstr(t, "DATE")) {
    date_term(d, t);
  } else if (strcmp(t, "MINUS") == 0 || strcmp(t, "PLUS") == 0) {
    emit(d, *t == 'M' ? "-" : "+", GLUED_NEXT);
  } else if (strcmp(t, "CALL") == 0) {
    emit(d, "(", APART);
  } else if (strcmp(t, "SLASH") == 0) {
    emit(d, "/", APART);
  } else {
    FAIL("the grammar uses a token that the test does not know: %s", t);
  }
}

static void draw(drawing *d, node *n);

static void draw_rule(drawing *d, const char *name)
{
  bool plain = d->plain;
  bool checking = d->checking;
  if (strcmp(name, "types") == 0)
    d->columns = 0;
  else if (strcmp(name, "column") == 0)
    d->columns++;
  else if (strcmp(name, "checked_answer") == 0)
    d->checking = true;
  else if (strcmp(name, "condition") == 0)
    d->plain = d->checking;
  d->depth++;
  if (strcmp(name, "types_cells") == 0) {
    /* As many as columns, which no grammar of this kind can say. */
    for (node *p = rule_of(d->g, name)->part; p; p = p->next)
      if (p->kind == REP)
        p->part->drawn++;
    for (unsigned k = 0; k == 0 || k < d->columns; k++)
      draw(d, rule_of(d->g, "types_cell"));
  } else {
    draw(d, rule_of(d->g, name));
  }
  d->depth--;
  d->plain = plain;
  d->checking = checking;
}

static node *choose(drawing *d, node *alt)
{
  unsigned count = 0;
  unsigned least = 10000;
  for (node *p = alt->part; p; p = p->next) {
    unsigned depth = depth_of(d->g, p);
    least = depth < least ? depth : least;
    count++;
  }
  if (d->depth > DEEPEST) {
    for (node *p = alt->part; p; p = p->next)
      if (depth_of(d->g, p) == least)
        return p;
  }
  node *p = alt->part;
  if (roll(d, 6) == 0) {
    for (node *q = p; q; q = q->next)
      p = q->drawn < p->drawn ? q : p;
    return p;
  }
  for (unsigned k = roll(d, count); k; k--)
    p = p->next;
  return p;
}

static void draw(drawing *d, node *n)
{
  n->drawn++;
  switch (n->kind) {
  case SEQ:
    for (node *p = n->part; p; p = p->next)
      draw(d, p);
    break;
  case ALT:
    draw(d, choose(d, n));
    break;
  case OPT:
    if (d->depth <= DEEPEST && roll(d, 3) == 0)
      draw(d, n->part);
    break;
  case REP:
    if (d->depth > DEEPEST)
      break;
    for (unsigned k = roll(d, d->depth < 2 ? 7 : 6); k > 3 || k == 1; k--)
      draw(d, n->part);
    break;
  case LIT:
    emit(d, n->text, APART);
    break;
  case TERM:
    terminal(d, n->text);
    break;
  case REF:
    draw_rule(d, n->text);
    break;
  }
}

static void lay_out(drawing *d, dm_str *out)
{
  bool start = true;
  bool glued = false;
  bool in_head = true; /* and so not to be broken */
  for (unsigned i = 0; i < d->n; i++) {
    const piece *p = &d->piece[i];
    if (p->how == HEAD_LINE || p->how == CLAUSE_LINE ||
        (p->how == FIRST_LINE && roll(d, 2))) {
      if (roll(d, 6) == 0)
        dm_str_adds(out, "  # a comment");
      dm_str_adds(out, roll(d, 8) ? "\n" : "\n\n# alone\n");
      start = true;
      in_head = p->how == HEAD_LINE;
      if (!in_head)
        dm_str_adds(out, "  ");
      continue;
    }
    if (p->how == FIRST_LINE)
      continue;
    if (!start && !glued)
      dm_str_adds(
          out, roll(d, 30)             ? " "
               : roll(d, 2) || in_head ? "   "
                                       : "\n      ");
    dm_str_adds(out, p->text);
    glued = p->how == GLUED_NEXT;
    start = false;
  }
  /* Declares the unit. */
  dm_str_adds(out, "\nstate\n  kilos 0..4 = 2 (x 30 kg) public\n");
}

/* ---- what must hold ------------------------------------------------------ */

static dm_status tree_text(const char *text, size_t len, dm_str *out)
{
  dm_arena arena;
  dm_diags *diags = dm_diags_new();
  dm_ast *ast;
  ASSERT_NOT_NULL(diags);
  dm_arena_init(&arena, 0);
  dm_status status = dm_ast_read(&arena, text, len, diags, &ast);
  if (status == DM_OK) {
    put_ast(out, ast);
  } else if (dm_diags_size(diags) == 0) {
    FAIL("an error without a message");
  } else {
    const dm_diag *diag = dm_diags_at(diags, 0);
    const char *line = text;
    for (unsigned k = 1; k < diag->line && strchr(line, '\n'); k++)
      line = strchr(line, '\n') + 1;
    dm_str_addf(
        out, "%s %u:%u %s\n%.*s", diag->code, (unsigned)diag->line,
        (unsigned)diag->column, diag->text, (int)strcspn(line, "\n"), line);
  }
  dm_arena_clear(&arena);
  dm_diags_free(diags);
  return status;
}

static void format_text(const char *text, size_t len, dm_str *out)
{
  dm_diags *diags = dm_diags_new();
  dm_status status = dm_format(text, len, diags, out);
  if (status != DM_OK)
    FAIL("the formatter refuses what the reader takes:\n%.*s", (int)len, text);
  dm_diags_free(diags);
}

/* The formatted text means the same and stays. */
static void check_format(const char *text, size_t len, const char *tree)
{
  dm_str once = {0};
  dm_str twice = {0};
  dm_str again = {0};
  format_text(text, len, &once);
  format_text(once.at, once.len, &twice);
  ASSERT_STR(dm_str_text(&twice), dm_str_text(&once));
  if (tree_text(once.at, once.len, &again) != DM_OK)
    FAIL("formatted, it is refused: %s\n%s", again.at, once.at);
  if (strcmp(again.at, tree) != 0)
    FAIL("formatted, it means something else:\n%.*s", (int)len, text);
  dm_str_clear(&once);
  dm_str_clear(&twice);
  dm_str_clear(&again);
}

/* A stretch taken out, or put in twice. */
static void damage(drawing *d, const dm_str *text)
{
  dm_str out = {0};
  dm_str tree = {0};
  size_t from = roll(d, (unsigned)text->len);
  size_t len = 1 + roll(d, 12);
  if (len > text->len - from)
    len = text->len - from;
  dm_str_add(&out, text->at, from);
  if (roll(d, 2)) {
    dm_str_add(&out, text->at + from, len);
    dm_str_add(&out, text->at + from, len);
  }
  dm_str_add(&out, text->at + from + len, text->len - from - len);
  dm_status status = tree_text(dm_str_text(&out), out.len, &tree);
  if (status == DM_OK)
    check_format(out.at, out.len, tree.at);
  else
    ASSERT_STATUS(status, DM_E_INPUT);
  dm_str_clear(&out);
  dm_str_clear(&tree);
}

static void all_drawn(const grammar *g)
{
  for (unsigned i = 0; i < g->used; i++) {
    const node *n = &g->pool[i];
    if (n->kind != ALT && n->kind != OPT && n->kind != REP)
      continue;
    for (const node *p = n->part; p; p = p->next)
      if (!p->drawn)
        FAIL(
            "never drawn: an alternative that begins with %s",
            p->part ? p->part->text : p->text);
  }
}

TEST(the_reader_takes_what_the_grammar_makes)
{
  size_t size;
  char *page = unit_read_file("docs/grammar.ebnf", &size);
  grammar *g = calloc(1, sizeof *g);
  drawing d = {.g = g, .seed = 0x9E3779B97F4A7C15u};
  d.piece = calloc(PIECES, sizeof *d.piece);
  ASSERT_NOT_NULL(g);
  ASSERT_NOT_NULL(d.piece);
  read_grammar(g, page);
  size_t bytes = 0;
  for (unsigned file = 0; file < FILES; file++) {
    dm_str text = {0};
    dm_str tree = {0};
    d.n = 0;
    d.depth = 0;
    d.clock = roll(&d, 5);
    draw(&d, rule_of(g, "file"));
    lay_out(&d, &text);
    if (tree_text(text.at, text.len, &tree) != DM_OK)
      FAIL("file %u: refused: %s", file, tree.at);
    check_format(text.at, text.len, tree.at);
    for (unsigned k = 0; k < 4; k++)
      damage(&d, &text);
    bytes += text.len;
    dm_str_clear(&text);
    dm_str_clear(&tree);
  }
  ASSERT_TRUE(bytes > 100 * (size_t)FILES);
  all_drawn(g);
  free(d.piece);
  free(g);
  free(page);
}

/* The words of a section of the page, in order. */
static void check_words(const char *page, const char *title, bool reserved)
{
  const char *at = strstr(page, title);
  ASSERT_NOT_NULL(at);
  at = strchr(at, '\n');
  for (int w = 1; w < (int)DM_W_COUNT_OF_WORDS; w++) {
    if (dm_word_reserved((dm_word)w) != reserved)
      continue;
    const char *word = dm_word_text((dm_word)w);
    while (isspace((unsigned char)*at))
      at++;
    size_t len = strcspn(at, " \n");
    if (len != strlen(word) || memcmp(at, word, len) != 0)
      FAIL("%s: expected %s, found %.*s", title, word, (int)len, at);
    at += len;
  }
  while (isspace((unsigned char)*at))
    at++;
  ASSERT_TRUE(strncmp(at, "====", 4) == 0);
}

TEST(the_page_lists_all_words)
{
  size_t size;
  char *page = unit_read_file("docs/grammar.ebnf", &size);
  check_words(page, "==== RESERVED", true);
  check_words(page, "==== CONTEXTUAL", false);
  free(page);
}

TEST_MAIN(
    CASE(the_page_lists_all_words),
    CASE(the_reader_takes_what_the_grammar_makes))
