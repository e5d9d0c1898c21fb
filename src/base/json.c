/* base/json.c -- writing JSON (RFC 8259). */
#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void dm_json_init(dm_json *json, dm_str *out)
{
  memset(json, 0, sizeof *json);
  json->out = out;
}

static void add_escaped(dm_str *out, const char *text)
{
  size_t len = strlen(text);
  dm_str_addc(out, '"');
  for (size_t i = 0; i < len;) {
    unsigned char c = (unsigned char)text[i];
    size_t step = dm_utf8_step(text + i, len - i);
    if (step == 0) {
      /* Not UTF-8: the replacement character keeps the document valid. */
      dm_str_adds(out, "\xEF\xBF\xBD");
      i++;
      continue;
    }
    if (c == '"' || c == '\\') {
      dm_str_addc(out, '\\');
      dm_str_addc(out, (char)c);
    } else if (c == '\n') {
      dm_str_adds(out, "\\n");
    } else if (c == '\t') {
      dm_str_adds(out, "\\t");
    } else if (c < 0x20 || c == 0x7f) {
      dm_str_addf(out, "\\u%04x", (unsigned)c);
    } else {
      dm_str_add(out, text + i, step);
    }
    i += step;
  }
  dm_str_addc(out, '"');
}

/* What goes before a value: a comma, a line or a blank, a key. */
static void lead(dm_json *json, const char *key)
{
  uint32_t d = json->depth;
  if (json->filled[d])
    dm_str_addc(json->out, ',');
  if (d > 0 && !json->flat[d]) {
    dm_str_addc(json->out, '\n');
    dm_str_fill(json->out, ' ', 2 * (size_t)d);
  } else if (json->filled[d]) {
    dm_str_addc(json->out, ' ');
  }
  json->filled[d] = true;
  if (key) {
    add_escaped(json->out, key);
    dm_str_adds(json->out, ": ");
  }
}

static void open(
    dm_json *json, const char *key, char mark, char close, bool flat)
{
  lead(json, key);
  dm_str_addc(json->out, mark);
  if (json->depth == DM_JSON_DEPTH) {
    json->out->failed = true;
    return;
  }
  bool inside_flat = json->flat[json->depth] && json->depth > 0;
  json->depth++;
  json->filled[json->depth] = false;
  json->flat[json->depth] = flat || inside_flat;
  json->close[json->depth] = close;
}

void dm_json_object(dm_json *json, const char *key, bool flat)
{
  open(json, key, '{', '}', flat);
}

void dm_json_list(dm_json *json, const char *key, bool flat)
{
  open(json, key, '[', ']', flat);
}

void dm_json_close(dm_json *json)
{
  if (json->depth == 0)
    return;
  uint32_t d = json->depth--;
  if (json->filled[d] && !json->flat[d]) {
    dm_str_addc(json->out, '\n');
    dm_str_fill(json->out, ' ', 2 * (size_t)json->depth);
  }
  dm_str_addc(json->out, json->close[d]);
}

void dm_json_end(dm_json *json)
{
  while (json->depth > 0)
    dm_json_close(json);
  dm_str_addc(json->out, '\n');
}

void dm_json_text(dm_json *json, const char *key, const char *text)
{
  lead(json, key);
  if (text)
    add_escaped(json->out, text);
  else
    dm_str_adds(json->out, "null");
}

void dm_json_number(dm_json *json, const char *key, double x)
{
  char text[32];
  lead(json, key);
  if (!isfinite(x)) {
    dm_str_adds(json->out, "null");
    return;
  }
  /* -0 is 0 to every reader of odds. */
  dm_number_text(x == 0 ? 0.0 : x, text);
  dm_str_adds(json->out, text);
}

void dm_json_count(dm_json *json, const char *key, uint64_t n)
{
  lead(json, key);
  dm_str_addf(json->out, "%" PRIu64, n);
}

void dm_json_integer(dm_json *json, const char *key, int64_t n)
{
  lead(json, key);
  dm_str_addf(json->out, "%" PRId64, n);
}

void dm_json_bool(dm_json *json, const char *key, bool truth)
{
  lead(json, key);
  dm_str_adds(json->out, truth ? "true" : "false");
}

void dm_json_null(dm_json *json, const char *key)
{
  lead(json, key);
  dm_str_adds(json->out, "null");
}

void dm_json_numbers(dm_json *json, const char *key, const double *x, size_t n)
{
  if (!x) {
    dm_json_null(json, key);
    return;
  }
  dm_json_list(json, key, true);
  for (size_t i = 0; i < n; i++)
    dm_json_number(json, NULL, x[i]);
  dm_json_close(json);
}

void dm_json_texts(
    dm_json *json, const char *key, const char *const *text, size_t n)
{
  dm_json_list(json, key, true);
  for (size_t i = 0; i < n; i++)
    dm_json_text(json, NULL, text[i]);
  dm_json_close(json);
}
