/* Words, places and clauses. */
#include "unit.h"

#include "base/str.h"
#include "lang/lex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct lexing {
  dm_arena arena;
  dm_diags *diags;
  dm_lexed out;
  dm_status status;
} lexing;

static void lex(lexing *x, const char *text, size_t len, bool tabs)
{
  dm_arena_init(&x->arena, 0);
  x->diags = dm_diags_new();
  ASSERT_NOT_NULL(x->diags);
  if (setjmp(x->arena.jump) != 0)
    FAIL("memory");
  x->status = dm_lex_read(&x->arena, text, len, tabs, x->diags, &x->out);
}

static void done(lexing *x)
{
  dm_arena_clear(&x->arena);
  dm_diags_free(x->diags);
}

/* Kinds and texts of all tokens, clauses apart by /. */
static void check_tokens(const char *text, const char *want)
{
  lexing x;
  dm_str s = {0};
  lex(&x, text, strlen(text), false);
  ASSERT_OK(x.status);
  ASSERT_UINT(x.out.errors, 0);
  uint32_t clause = 0;
  for (uint32_t i = 0; i + 1 < x.out.toks.n; i++) {
    const dm_tok *t = &x.out.toks.at[i];
    if (clause < x.out.clauses.n && x.out.clauses.at[clause].first == i)
      dm_str_adds(&s, x.out.clauses.at[clause++].head ? "/ " : "// ");
    dm_str_addf(&s, "%u:%.*s ", (unsigned)t->kind, (int)t->len, text + t->at);
  }
  ASSERT_STR(dm_str_text(&s), want);
  dm_str_clear(&s);
  done(&x);
}

static void check_refusal(
    const char *text, size_t len, const char *code, unsigned line,
    unsigned column, const char *part)
{
  lexing x;
  lex(&x, text, len, false);
  ASSERT_STATUS(x.status, DM_E_INPUT);
  ASSERT_UINT(dm_diags_size(x.diags), 1);
  const dm_diag *d = dm_diags_at(x.diags, 0);
  ASSERT_STR(d->code, code);
  ASSERT_UINT(d->line, line);
  ASSERT_UINT(d->column, column);
  ASSERT_CONTAINS(d->text, part);
  done(&x);
}

TEST(numbers_dates_and_ranges)
{
  check_tokens("a 0..4", "/ 1:a 2:0 12:.. 2:4 ");
  check_tokens("a 65% 0.10 1e3 2.5E-3%", "/ 1:a 2:65% 2:0.10 2:1e3 2:2.5E-3% ");
  check_tokens("a 2025-03 2025-3", "/ 1:a 3:2025-03 2:2025 15:- 2:3 ");
  check_tokens(
      "a 2025-W10 2025-Q1 2025-02-26 2025-031",
      "/ 1:a 3:2025-W10 3:2025-Q1 3:2025-02-26 2:2025 15:- 2:031 ");
  check_tokens("a 30kg", "/ 1:a 2:30 1:kg ");
  check_tokens("a 2025 - 03", "/ 1:a 2:2025 15:- 2:03 ");
}

TEST(paths_are_one_token)
{
  check_tokens("us.a.b", "/ 1:us.a.b ");
  check_tokens("d.propose.0.-2", "/ 1:d.propose.0.-2 ");
  check_tokens("a..b", "/ 1:a 12:.. 1:b ");
}

TEST(signs_take_the_longest)
{
  check_tokens(
      "-> - > >= <= != = < ~", "/ 13:-> 15:- 22:> 23:>= 21:<= 19:!= 18:= 20:< "
                               "24:~ ");
  check_tokens(
      "[1..2] (a) , ; :", "/ 10:[ 2:1 12:.. 2:2 11:] 8:( 1:a 9:) 5:, "
                          "6:; 7:: ");
}

TEST(strings_and_comments)
{
  check_tokens("a \"b # c\" # d \"", "/ 1:a 4:\"b # c\" ");
  lexing x;
  const char *text = "a # one \n  # two\nb";
  lex(&x, text, strlen(text), false);
  ASSERT_UINT(x.out.comments.n, 2);
  ASSERT_UINT(x.out.comments.at[0].len, 5);
  ASSERT_FALSE(x.out.comments.at[0].alone);
  ASSERT_TRUE(x.out.comments.at[1].alone);
  ASSERT_UINT(x.out.comments.at[1].line, 2);
  ASSERT_UINT(x.out.comments.at[1].column, 3);
  done(&x);
}

TEST(indentation_makes_clauses)
{
  check_tokens(
      "a b\n  c\n    d\n  e\nf\n    g\n     h\n    i",
      "/ 1:a 1:b // 1:c 1:d // 1:e / 1:f // 1:g 1:h // 1:i ");
  check_tokens("a\n\n  # no line of its own\n\n  b\n", "/ 1:a // 1:b ");
}

TEST(columns_count_code_points)
{
  lexing x;
  const char *text = "\xef\xbb\xbf"
                     "a \"caf\xc3\xa9\" b\r\nc";
  lex(&x, text, strlen(text), false);
  ASSERT_OK(x.status);
  ASSERT_UINT(x.out.toks.n, 5);
  ASSERT_UINT(x.out.toks.at[0].column, 1);
  ASSERT_UINT(x.out.toks.at[2].column, 10);
  ASSERT_UINT(dm_tok_span(&x.out, &x.out.toks.at[1]).length, 6);
  ASSERT_UINT(x.out.toks.at[3].line, 2);
  ASSERT_UINT(x.out.toks.at[3].column, 1);
  done(&x);
}

TEST(what_is_no_text_is_refused)
{
  check_refusal("a\0b", 3, "E001", 1, 2, "zero byte");
  check_refusal("\xff\xfe", 2, "E001", 1, 1, "UTF-16");
  check_refusal("a\n\xc3(", 4, "E001", 2, 1, "not UTF-8");
  check_refusal("a\x1b", 2, "E001", 1, 2, "control");
  check_refusal("a\rb", 3, "E001", 1, 2, "carriage return");
  check_refusal("\xed\xa0\x80", 3, "E001", 1, 1, "not UTF-8");
}

TEST(too_large_a_file_is_refused)
{
  size_t size = (size_t)DM_LEX_BYTES_MAX + 1;
  char *text = calloc(size, 1);
  ASSERT_NOT_NULL(text);
  memset(text, ' ', size);
  check_refusal(text, size, "E001", 1, 1, "16 MiB");
  lexing x;
  lex(&x, text, size - 1, false);
  ASSERT_OK(x.status);
  done(&x);
  free(text);
}

TEST(tabs_are_refused_once_or_taken_as_spaces)
{
  const char *text = "a\n\tb\n\tc \td\n";
  check_refusal(text, strlen(text), "E002", 2, 1, "2 lines");
  lexing x;
  lex(&x, text, strlen(text), true);
  ASSERT_OK(x.status);
  ASSERT_UINT(x.out.clauses.n, 3);
  ASSERT_UINT(x.out.toks.at[1].column, 9);
  ASSERT_UINT(x.out.toks.at[3].column, 17);
  done(&x);
}

/* Errors of syntax do not stop the lexer; one a line is filed. */
static void check_slip(
    const char *text, unsigned line, unsigned column, const char *part,
    const char *repair)
{
  lexing x;
  lex(&x, text, strlen(text), false);
  ASSERT_OK(x.status);
  ASSERT_UINT(x.out.errors, 1);
  ASSERT_UINT(dm_diags_size(x.diags), 1);
  const dm_diag *d = dm_diags_at(x.diags, 0);
  ASSERT_STR(d->code, "E003");
  ASSERT_UINT(d->line, line);
  ASSERT_UINT(d->column, column);
  ASSERT_CONTAINS(d->text, part);
  ASSERT_CONTAINS(d->repair, repair);
  done(&x);
}

TEST(foreign_signs_get_their_repair)
{
  check_slip("a == b == c", 1, 3, "`==`", "= once");
  check_slip("a && b", 1, 3, "`&&`", "`and`");
  check_slip("a \xe2\x86\x92 b", 1, 3, "is not a sign", "->");
  check_slip("a \xe2\x80\x9cx\xe2\x80\x9d", 1, 3, "is not a sign", "quote");
  check_slip("a 5 %", 1, 5, "`%`", "65%");
  check_slip("x \"abc\nd", 1, 3, "no closing quote", "Close it");
  check_slip("a\n    b\n  c\n", 3, 3, "indented by 2", "one column");
}

TEST(words_are_in_order_and_found)
{
  for (int w = 1; w < (int)DM_W_COUNT_OF_WORDS; w++) {
    const char *text = dm_word_text((dm_word)w);
    ASSERT_INT(dm_word_find(text, strlen(text)), w);
    ASSERT_TRUE(dm_word_find(text, strlen(text) - 1) != (dm_word)w);
    if (w > 1)
      ASSERT_TRUE(strcmp(dm_word_text((dm_word)(w - 1)), text) < 0);
  }
  ASSERT_INT(dm_word_find("monthss", 7), DM_W_NONE);
  ASSERT_INT(dm_word_find("", 0), DM_W_NONE);
}

TEST(slips_are_close)
{
  unsigned d;
  ASSERT_TRUE(dm_word_close("actr", 4, "actor", 5, &d));
  ASSERT_UINT(d, 1);
  ASSERT_TRUE(dm_word_close("sharpenss", 9, "sharpness", 9, &d));
  ASSERT_UINT(d, 1);
  ASSERT_TRUE(dm_word_close("deadlnie", 8, "deadline", 8, &d));
  ASSERT_FALSE(dm_word_close("actors_x", 8, "actor", 5, &d));
  ASSERT_FALSE(dm_word_close("of", 2, "or", 2, &d));
}

TEST_MAIN(
    CASE(numbers_dates_and_ranges), CASE(paths_are_one_token),
    CASE(signs_take_the_longest), CASE(strings_and_comments),
    CASE(indentation_makes_clauses), CASE(columns_count_code_points),
    CASE(what_is_no_text_is_refused), CASE(too_large_a_file_is_refused),
    CASE(tabs_are_refused_once_or_taken_as_spaces),
    CASE(foreign_signs_get_their_repair), CASE(words_are_in_order_and_found),
    CASE(slips_are_close))
