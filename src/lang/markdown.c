/* lang/markdown.c -- a scenario inside a Markdown text.
 *
 * requires: any bytes.  provides: scenario text with the lines of the file it
 * came from, and the prose around it.
 *
 * Fences follow CommonMark 0.31, section 4.5, for fences outside lists and
 * quotes: at least three ` or ~ behind at most three spaces; closed by at
 * least as many of the same; one that is not closed goes on to the end. */
#include "lang/markdown.h"

#include "lang/lex.h"

#include <string.h>

typedef struct fence {
  char sign;     /* 0: none is open */
  size_t length; /* signs */
  size_t indent; /* spaces before it, taken off its lines too */
  bool ours;     /* marked `standoff` */
} fence;

typedef struct line_text {
  const char *at;
  size_t len; /* with its line feed */
} line_text;

static size_t run(const char *text, size_t len, char c)
{
  size_t n = 0;
  while (n < len && text[n] == c)
    n++;
  return n;
}

static bool is_space(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool marked(const char *info, size_t len)
{
  static const char word[] = "standoff";
  size_t n = sizeof word - 1;
  while (len && is_space(*info)) {
    info++;
    len--;
  }
  return len >= n && memcmp(info, word, n) == 0 &&
         (len == n || is_space(info[n]));
}

static bool opens(line_text line, fence *out)
{
  size_t indent = run(line.at, line.len, ' ');
  const char *at = line.at + indent;
  size_t left = line.len - indent;
  if (indent > 3 || !left || (*at != '`' && *at != '~'))
    return false;
  size_t length = run(at, left, *at);
  const char *info = at + length;
  size_t info_len = left - length;
  if (length < 3 || (*at == '`' && memchr(info, '`', info_len)))
    return false;
  *out = (fence){
      .sign = *at,
      .length = length,
      .indent = indent,
      .ours = marked(info, info_len)};
  return true;
}

static bool closes(line_text line, const fence *open)
{
  size_t indent = run(line.at, line.len, ' ');
  size_t length = run(line.at + indent, line.len - indent, open->sign);
  if (indent > 3 || length < open->length)
    return false;
  for (size_t i = indent + length; i < line.len; i++)
    if (!is_space(line.at[i]))
      return false;
  return true;
}

typedef struct splitter {
  dm_arena *arena;
  dm_markdown *out;
  char *to; /* scenario text so far */
  size_t n;
  dm_prose prose; /* being collected */
} splitter;

static void blank(splitter *s, line_text line)
{
  if (line.at[line.len - 1] == '\n')
    s->to[s->n++] = '\n';
}

static void keep_prose(splitter *s, line_text line, uint32_t number)
{
  if (!s->prose.len)
    s->prose = (dm_prose){line.at, 0, number};
  s->prose.len += line.len;
  blank(s, line);
}

static void end_prose(splitter *s)
{
  if (s->prose.len)
    DM_PUSH(s->arena, &s->out->prose, s->prose);
  s->prose.len = 0;
}

static void keep_scenario(splitter *s, line_text line, size_t indent)
{
  size_t spaces = run(line.at, line.len, ' ');
  size_t skip = spaces < indent ? spaces : indent;
  memcpy(s->to + s->n, line.at + skip, line.len - skip);
  s->n += line.len - skip;
}

static void take_line(splitter *s, fence *open, line_text line, uint32_t number)
{
  if (open->sign && closes(line, open)) {
    if (open->ours)
      blank(s, line);
    else
      keep_prose(s, line, number);
    open->sign = 0;
  } else if (open->sign && open->ours) {
    keep_scenario(s, line, open->indent);
  } else if (!open->sign && opens(line, open) && open->ours) {
    end_prose(s);
    s->out->blocks++;
    blank(s, line);
  } else {
    keep_prose(s, line, number);
  }
}

dm_status dm_markdown_read(
    dm_arena *arena, const char *text, size_t len, dm_diags *diags,
    dm_markdown *out)
{
  *out = (dm_markdown){.text = ""};
  dm_status status = dm_lex_check_bytes(diags, text, len);
  if (status != DM_OK)
    return status;
  splitter s = {
      .arena = arena, .out = out, .to = dm_arena_alloc(arena, len + 1)};
  fence open = {.sign = 0};
  uint32_t number = 1;
  for (size_t pos = 0; pos < len; number++) {
    const char *from = text + pos;
    const char *end = memchr(from, '\n', len - pos);
    line_text line = {from, end ? (size_t)(end - from) + 1 : len - pos};
    take_line(&s, &open, line, number);
    pos += line.len;
  }
  end_prose(&s);
  out->text = s.to;
  out->len = s.n;
  if (out->blocks)
    return DM_OK;
  dm_span top = {1, 1, 1};
  dm_diags_add(
      diags, DM_ERROR, "E004", "something essential is missing", top, 0,
      "No fenced block of this Markdown file is marked `standoff`.",
      "Begin the block with ```standoff on a line of its own and end it with "
      "```.");
  return DM_E_INPUT;
}
