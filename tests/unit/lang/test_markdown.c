/* Scenarios inside Markdown: lines stay, prose is kept apart. */
#include "unit.h"

#include "lang/markdown.h"

#include <string.h>

typedef struct taken {
  dm_arena arena;
  dm_diags *diags;
  dm_markdown parts;
  dm_status status;
} taken;

static void take(taken *t, const char *text)
{
  dm_arena_init(&t->arena, 0);
  t->diags = dm_diags_new();
  if (setjmp(t->arena.jump) != 0)
    FAIL("memory");
  t->status =
      dm_markdown_read(&t->arena, text, strlen(text), t->diags, &t->parts);
}

static void done(taken *t)
{
  dm_arena_clear(&t->arena);
  dm_diags_free(t->diags);
}

static void check(const char *text, const char *scenario, unsigned blocks)
{
  taken t;
  take(&t, text);
  ASSERT_OK(t.status);
  ASSERT_STR(t.parts.text, scenario);
  ASSERT_UINT(t.parts.len, strlen(scenario));
  ASSERT_UINT(t.parts.blocks, blocks);
  done(&t);
}

TEST(lines_stay)
{
  check("# T\n\n```standoff\na\n  b\n```\nc\n", "\n\n\na\n  b\n\n\n", 1);
  check("```standoff\na\n```\n~~~ standoff x\nb\n~~~\n", "\na\n\n\nb\n\n", 2);
  check("```standoff\na", "\na", 1);
  check("```standoff\na\n````  \nb", "\na\n\n", 1);
  check("````standoff\na\n```\nb\n````\nc\n", "\na\n```\nb\n\n\n", 1);
}

TEST(indented_fences_give_their_spaces_up)
{
  check("  ```standoff\n  a\n    b\n c\n  ```\n", "\na\n  b\nc\n\n", 1);
}

TEST(other_fences_are_prose)
{
  check("```c\n```standoff\n```\n```standoff\na\n```\n", "\n\n\n\na\n\n", 1);
  check("```standoffs\nx\n```\n```standoff\na\n", "\n\n\n\na\n", 1);
  check("    ```standoff\nx\n```standoff\na\n", "\n\n\na\n", 1);
  check("``` a`standoff\n```standoff\na\n", "\n\na\n", 1);
  check("~~~\n```standoff\n~~~\n```standoff\na\n", "\n\n\n\na\n", 1);
}

TEST(prose_is_kept_with_its_lines)
{
  taken t;
  take(&t, "one\ntwo\n```standoff\na\n```\nthree\n```standoff\nb\n```\n");
  ASSERT_OK(t.status);
  ASSERT_UINT(t.parts.prose.n, 2);
  ASSERT_UINT(t.parts.prose.at[0].line, 1);
  ASSERT_UINT(t.parts.prose.at[0].len, 8);
  ASSERT_MEM(t.parts.prose.at[0].text, "one\ntwo\n", 8);
  ASSERT_UINT(t.parts.prose.at[1].line, 6);
  ASSERT_MEM(t.parts.prose.at[1].text, "three\n", 6);
  done(&t);
}

TEST(refusals)
{
  taken t;
  take(&t, "# only prose\n");
  ASSERT_STATUS(t.status, DM_E_INPUT);
  ASSERT_STR(dm_diags_at(t.diags, 0)->code, "E004");
  ASSERT_CONTAINS(dm_diags_at(t.diags, 0)->text, "standoff");
  done(&t);
  take(&t, "caf\xe9\n");
  ASSERT_STATUS(t.status, DM_E_INPUT);
  ASSERT_STR(dm_diags_at(t.diags, 0)->code, "E001");
  done(&t);
}

TEST_MAIN(
    CASE(lines_stay), CASE(indented_fences_give_their_spaces_up),
    CASE(other_fences_are_prose), CASE(prose_is_kept_with_its_lines),
    CASE(refusals))
