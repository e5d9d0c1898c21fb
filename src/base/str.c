/* base/str.c -- text that grows, numbers as text, UTF-8 steps. */
#include "base/str.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void dm_str_clear(dm_str *str)
{
  free(str->at);
  memset(str, 0, sizeof *str);
}

static bool room(dm_str *str, size_t more)
{
  if (str->failed)
    return false;
  if (more > SIZE_MAX / 4 - str->len) {
    str->failed = true;
    return false;
  }
  size_t need = str->len + more + 1;
  if (need <= str->cap)
    return true;
  size_t cap = str->cap ? str->cap : 64;
  while (cap < need)
    cap *= 2;
  char *moved = realloc(str->at, cap);
  if (!moved) {
    str->failed = true;
    return false;
  }
  str->at = moved;
  str->cap = cap;
  return true;
}

void dm_str_add(dm_str *str, const char *text, size_t len)
{
  if (!room(str, len))
    return;
  if (len)
    memcpy(str->at + str->len, text, len);
  str->len += len;
  str->at[str->len] = '\0';
}

void dm_str_adds(dm_str *str, const char *text)
{
  dm_str_add(str, text, strlen(text));
}

void dm_str_addc(dm_str *str, char c)
{
  dm_str_add(str, &c, 1);
}

void dm_str_fill(dm_str *str, char c, size_t count)
{
  if (!room(str, count))
    return;
  memset(str->at + str->len, c, count);
  str->len += count;
  str->at[str->len] = '\0';
}

void dm_str_addf(dm_str *str, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  int len = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (len < 0) {
    str->failed = true;
    return;
  }
  if (!room(str, (size_t)len))
    return;
  va_start(args, format);
  vsnprintf(str->at + str->len, (size_t)len + 1, format, args);
  va_end(args);
  str->len += (size_t)len;
}

const char *dm_str_text(const dm_str *str)
{
  return str->at ? str->at : "";
}

void dm_number_text(double x, char out[32])
{
  if (isnan(x)) {
    strcpy(out, "nan");
    return;
  }
  if (isinf(x)) {
    strcpy(out, x < 0 ? "-inf" : "inf");
    return;
  }
  if (x == 0)
    x = 0; /* no minus sign on zero */
  /* Fifteen digits give back any decimal that has no more, and %g drops the
   * zeros at its end: nothing shorter need be tried, but where a double has
   * fewer digits. */
  bool thin = fabs(x) < DBL_MIN;
  for (int digits = thin ? 1 : DBL_DIG; digits <= 17; digits++) {
    snprintf(out, 32, "%.*g", digits, x);
    if (strtod(out, NULL) == x)
      break;
  }
  /* "2e+03" is shorter than "2000" and worse to read. */
  const char *e = strchr(out, 'e');
  long exponent = e ? strtol(e + 1, NULL, 10) : 0;
  if (exponent > 0 && exponent < 16)
    snprintf(out, 32, "%.*g", (int)exponent + 1, x);
  /* A locale may print a comma; the text is for files and JSON. */
  for (char *c = out; *c; c++)
    if (*c == ',')
      *c = '.';
}

size_t dm_utf8_step(const char *text, size_t len)
{
  const unsigned char *s = (const unsigned char *)text;
  if (len == 0)
    return 0;
  if (s[0] < 0x80)
    return 1;
  size_t n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
  if (s[0] < 0xc2 || s[0] > 0xf4 || n > len)
    return 0;
  for (size_t i = 1; i < n; i++)
    if ((s[i] & 0xc0) != 0x80)
      return 0;
  if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
      (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
    return 0;
  return n;
}

static uint32_t code_point(const unsigned char *s, size_t n)
{
  static const unsigned char first[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  uint32_t c = s[0] & first[n];
  for (size_t i = 1; i < n; i++)
    c = c << 6 | (s[i] & 0x3f);
  return c;
}

static size_t columns(uint32_t c)
{
  if (c >= 0x300 && c <= 0x36f)
    return 0;
  if ((c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
      (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
      (c >= 0xff00 && c <= 0xff60) || (c >= 0x1f300 && c <= 0x1faff))
    return 2;
  return 1;
}

size_t dm_text_width(const char *text, size_t len)
{
  size_t width = 0;
  for (size_t i = 0; i < len;) {
    size_t n = dm_utf8_step(text + i, len - i);
    if (n == 0) {
      width++;
      i++;
      continue;
    }
    width += columns(code_point((const unsigned char *)text + i, n));
    i += n;
  }
  return width;
}
