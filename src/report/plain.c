/* report/plain.c -- text that a terminal may be given: control characters made
 * visible, and on request nothing beyond ASCII. */
#include "report/doc.h"

#include <string.h>

/* Latin-1 letters U+00C0 to U+00FF without their marks. */
static const char *const latin[64] = {
    "A", "A", "A", "A", "A",  "A",  "AE", "C", "E", "E", "E",  "E", "I",
    "I", "I", "I", "D", "N",  "O",  "O",  "O", "O", "O", "x",  "O", "U",
    "U", "U", "U", "Y", "Th", "ss", "a",  "a", "a", "a", "a",  "a", "ae",
    "c", "e", "e", "e", "e",  "i",  "i",  "i", "i", "d", "n",  "o", "o",
    "o", "o", "o", "/", "o",  "u",  "u",  "u", "u", "y", "th", "y"};

static const char *ascii_for(uint32_t c)
{
  if (c >= 0xC0 && c <= 0xFF)
    return latin[c - 0xC0];
  switch (c) {
  case 0xA0:
  case 0x202F:
    return " ";
  case 0xB1:
    return "+-";
  case 0xD7:
    return "x";
  case 0x2010:
  case 0x2011:
  case 0x2012:
  case 0x2013:
  case 0x2014:
  case 0x2212:
    return "-";
  case 0x2018:
  case 0x2019:
    return "'";
  case 0x201C:
  case 0x201D:
    return "\"";
  case 0x2026:
    return "...";
  case 0x2192:
    return "->";
  case 0x2264:
    return "<=";
  case 0x2265:
    return ">=";
  default:
    return "?";
  }
}

static uint32_t code_point(const char *text, size_t step)
{
  static const unsigned char first_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  uint32_t c = (unsigned char)text[0] & (uint32_t)first_mask[step];
  for (size_t i = 1; i < step; i++)
    c = c << 6 | ((unsigned char)text[i] & 0x3Fu);
  return c;
}

const char *dm_doc_plain(dm_arena *arena, const char *text, bool ascii)
{
  size_t len = strlen(text);
  /* The longest replacement is three bytes, for one byte that is not UTF-8. */
  char *out = dm_arena_alloc(arena, len * 3 + 1);
  size_t n = 0;
  for (size_t i = 0; i < len;) {
    size_t step = dm_utf8_step(text + i, len - i);
    uint32_t c = step ? code_point(text + i, step) : 0xFFFD;
    const char *put = NULL;
    /* A note may hold an escape sequence: it must not reach the terminal. */
    if (c == '\n' || (c >= 0x20 && c < 0x7f))
      ;
    else if (c < 0x20 || (c >= 0x7f && c < 0xA0))
      put = "?";
    else if (ascii && c != 0xA0)
      put = ascii_for(c); /* U+00A0 still has to keep words together */
    else if (!step)
      put = "\xEF\xBF\xBD";
    if (put) {
      size_t size = strlen(put);
      memcpy(out + n, put, size);
      n += size;
    } else {
      memcpy(out + n, text + i, step);
      n += step;
    }
    i += step ? step : 1;
  }
  out[n] = '\0';
  return out;
}
