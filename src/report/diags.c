/* report/diags.c -- messages: code, title, place, the line itself with the word
 * marked, what is wrong, how to mend it. */
#include "report/parts.h"

#include <string.h>

enum { MAX_ERRORS = 5 };

typedef struct page {
  dm_str *out;
  dm_arena *arena;
  const char *file, *text;
  size_t len;
  uint32_t columns;
  bool color, ascii;
} page;

static const char *color_of(const page *p, dm_severity severity)
{
  if (!p->color)
    return "";
  return severity == DM_ERROR     ? "\033[1;31m"
         : severity == DM_WARNING ? "\033[1;33m"
                                  : "\033[1m";
}

/* Line `number` of the text without its end; NULL past the end. */
static const char *source_line(const page *p, uint32_t number)
{
  const char *at = p->text, *end = p->text + p->len;
  for (uint32_t line = 1; at && at < end; line++) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    size_t len = (size_t)((stop ? stop : end) - at);
    if (line == number) {
      if (len > 0 && at[len - 1] == '\r')
        len--;
      return dm_arena_text(p->arena, at, len);
    }
    at = stop ? stop + 1 : NULL;
  }
  return NULL;
}

/* A line as it can be shown: tabs as single blanks, so that marks below it
 * stand right, and columns of code points kept. */
static const char *shown(const page *p, const char *line)
{
  char *copy = dm_arena_text(p->arena, line, strlen(line));
  for (char *c = copy; *c; c++) {
    if (*c == '\t')
      *c = ' ';
  }
  return dm_doc_plain(p->arena, copy, p->ascii);
}

/* Bytes of the first `count` code points. */
static size_t bytes_of(const char *text, uint32_t count)
{
  size_t at = 0, len = strlen(text);
  while (count-- > 0 && at < len) {
    size_t step = dm_utf8_step(text + at, len - at);
    at += step ? step : 1;
  }
  return at;
}

static void heading(const page *p, const dm_diag *d)
{
  dm_doc doc = {.arena = p->arena};
  const char *left = dm_doc_f(&doc, "%s  %s", d->code, d->title);
  const char *file = dm_doc_plain(p->arena, p->file, p->ascii);
  const char *right =
      d->line > 0 ? dm_doc_f(&doc, "%s:%u:%u", file, d->line, d->column) : file;
  size_t taken =
      dm_text_width(left, strlen(left)) + dm_text_width(right, strlen(right));
  dm_str_addf(p->out, "%s%s", color_of(p, d->severity), left);
  if (p->color)
    dm_str_adds(p->out, "\033[0m");
  if (taken + 2 <= p->columns) {
    dm_str_fill(p->out, ' ', p->columns - taken);
  } else {
    dm_str_adds(p->out, "\n      ");
  }
  dm_str_addf(p->out, "%s\n", right);
}

/* Where to cut a line so that the marked part can be seen: a line of a megabyte
 * is not printed whole. */
static const char *excerpt(const page *p, const char *line, uint32_t *column)
{
  size_t room = p->columns > 20 ? p->columns - 8 : 12;
  size_t len = strlen(line);
  if (dm_text_width(line, len) <= room)
    return line;
  size_t from = 0;
  if (*column > room / 2) {
    uint32_t skip = *column - (uint32_t)(room / 2);
    from = bytes_of(line, skip);
    *column -= skip;
  }
  size_t end = from;
  while (end < len && dm_text_width(line + from, end - from) < room) {
    size_t step = dm_utf8_step(line + end, len - end);
    end += step ? step : 1;
  }
  return dm_arena_text(p->arena, line + from, end - from);
}

static void source(
    const page *p, uint32_t number, uint32_t column, uint32_t length,
    dm_severity severity)
{
  const char *raw = number > 0 && p->text ? source_line(p, number) : NULL;
  if (!raw)
    return;
  raw = excerpt(p, raw, &column);
  dm_str_addf(p->out, "%5u | %s\n", number, shown(p, raw));
  if (length == 0 || column == 0)
    return;
  size_t before = bytes_of(raw, column - 1);
  size_t marked = bytes_of(raw + before, length);
  char *head = dm_arena_text(p->arena, raw, before);
  char *word = dm_arena_text(p->arena, raw + before, marked);
  const char *head_shown = shown(p, head), *word_shown = shown(p, word);
  size_t wide = dm_text_width(word_shown, strlen(word_shown));
  dm_str_adds(p->out, "      | ");
  dm_str_fill(p->out, ' ', dm_text_width(head_shown, strlen(head_shown)));
  dm_str_adds(p->out, color_of(p, severity));
  dm_str_fill(p->out, '^', wide > 0 ? wide : 1);
  if (p->color)
    dm_str_adds(p->out, "\033[0m");
  dm_str_addc(p->out, '\n');
}

/* Wraps each line of a text on its own; one that is indented is an example and
 * stays as it is. */
static void words(const page *p, const char *text)
{
  dm_print_options print = {.columns = p->columns, .ascii = p->ascii};
  while (*text) {
    size_t len = strcspn(text, "\n");
    dm_doc doc = {.arena = p->arena};
    const char *line = dm_arena_text(p->arena, text, len);
    if (line[0] == ' ')
      dm_doc_code(&doc, 2, line);
    else
      dm_doc_paragraph(&doc, 2, line);
    dm_doc_write_text(&doc, &print, p->out);
    text += len + (text[len] == '\n');
  }
}

/* A text as sentences: the first letter is a capital and the last word has its
 * full stop, whoever wrote it.  A name in quotes, an example on a line of its
 * own, and an end that is no word stay as they are. */
static const char *sentence(dm_arena *arena, const char *text)
{
  size_t len = strlen(text);
  char *copy = dm_arena_alloc(arena, len + 2);
  memcpy(copy, text, len + 1);
  if (copy[0] >= 'a' && copy[0] <= 'z')
    copy[0] = (char)(copy[0] - 'a' + 'A');
  const char *last = strrchr(copy, '\n');
  last = last ? last + 1 : copy;
  bool open = len > 0 && last[0] != ' ' && last[0] != '\0' &&
              !strchr(".!?:\n", copy[len - 1]);
  if (open) {
    copy[len] = '.';
    copy[len + 1] = '\0';
  }
  return copy;
}

static void message(const page *p, const dm_diag *d)
{
  heading(p, d);
  source(p, d->line, d->column, d->length, d->severity);
  if (d->other_line != d->line)
    source(p, d->other_line, 0, 0, d->severity);
  words(p, sentence(p->arena, d->text));
  words(p, sentence(p->arena, d->repair));
  dm_str_addc(p->out, '\n');
}

static void all_messages(const page *p, const dm_diags *diags)
{
  size_t n = dm_diags_size(diags);
  size_t errors = dm_diags_count(diags, DM_ERROR);
  size_t shown_errors = 0, hidden_warnings = 0;
  for (size_t i = 0; i < n; i++) {
    const dm_diag *d = dm_diags_at(diags, i);
    if (d->severity == DM_ERROR && shown_errors == MAX_ERRORS)
      continue;
    if (d->severity != DM_ERROR && errors > 0) {
      /* What else may be amiss can wait until the file can be read. */
      hidden_warnings++;
      continue;
    }
    shown_errors += d->severity == DM_ERROR;
    message(p, d);
  }
  if (errors > shown_errors)
    dm_str_addf(
        p->out, "and %zu more error%s\n", errors - shown_errors,
        errors - shown_errors == 1 ? "" : "s");
  if (hidden_warnings > 0)
    dm_str_addf(
        p->out, "and %zu warning%s\n", hidden_warnings,
        hidden_warnings == 1 ? "" : "s");
}

void dm_json_messages(dm_json *json, const dm_diags *diags)
{
  static const char *const severity[] = {"note", "warning", "error"};
  dm_json_count(json, "errors", dm_diags_count(diags, DM_ERROR));
  dm_json_count(
      json, "warnings",
      dm_diags_count(diags, DM_WARNING) - dm_diags_count(diags, DM_ERROR));
  dm_json_list(json, "messages", false);
  for (size_t i = 0; i < dm_diags_size(diags); i++) {
    const dm_diag *d = dm_diags_at(diags, i);
    dm_json_object(json, NULL, false);
    dm_json_text(json, "severity", severity[d->severity]);
    dm_json_text(json, "code", d->code);
    dm_json_text(json, "title", d->title);
    dm_json_count(json, "line", d->line);
    dm_json_count(json, "column", d->column);
    dm_json_count(json, "length", d->length);
    dm_json_count(json, "other_line", d->other_line);
    dm_json_text(json, "text", d->text);
    dm_json_text(json, "repair", d->repair);
    dm_json_close(json);
  }
  dm_json_close(json);
}

dm_status dm_report_diags(
    const dm_diags *diags, const char *file_name, const char *text, size_t len,
    const dm_print_options *print, dm_str *out)
{
  if (print->json) {
    dm_json json;
    dm_json_init(&json, out);
    dm_json_object(&json, NULL, false);
    dm_json_head(&json, "messages");
    dm_json_text(&json, "file", file_name);
    dm_json_messages(&json, diags);
    dm_json_end(&json);
    return out->failed ? DM_E_MEMORY : DM_OK;
  }
  dm_arena arena;
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why == DM_OK) {
    uint32_t columns = print->columns ? print->columns : 80;
    page p = {
        .out = out,
        .arena = &arena,
        .file = file_name ? file_name : "",
        .text = text,
        .len = len,
        .columns = columns < 40 ? 40 : columns,
        .color = print->color,
        .ascii = print->ascii};
    all_messages(&p, diags);
  }
  dm_arena_clear(&arena);
  return why != DM_OK ? why : out->failed ? DM_E_MEMORY : DM_OK;
}
