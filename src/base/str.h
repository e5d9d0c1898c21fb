/* base/str.h -- text that grows: a NUL-terminated builder.
 *
 * Failure is sticky: after memory ran out appends do nothing and
 * dm_str_failed() tells, so a writer checks once at its end. */
#ifndef DM_BASE_STR_H
#define DM_BASE_STR_H

#include <demarche/status.h>

typedef struct dm_str {
  char *at;    /* [len] and a NUL; NULL while empty */
  size_t len;  /* bytes */
  size_t cap;  /* bytes held */
  bool failed; /* memory ran out: the text is not complete */
} dm_str;

void dm_str_clear(dm_str *str);
void dm_str_add(dm_str *str, const char *text, size_t len);
void dm_str_adds(dm_str *str, const char *text);
void dm_str_addc(dm_str *str, char c);
void dm_str_fill(dm_str *str, char c, size_t count);
void dm_str_addf(dm_str *str, const char *format, ...) DM_PRINTF(2, 3);

/** The text so far; "" while empty.  Borrowed. */
const char *dm_str_text(const dm_str *str);

/** The shortest decimal text that reads back as `x`, always with '.' whatever
 *  the locale; "nan", "inf", "-inf" otherwise.  At most 32 bytes with NUL. */
void dm_number_text(double x, char out[32]);

/** Columns a UTF-8 text takes on a terminal: code points, with wide ones (East
 *  Asian) counted as two and combining marks as none. */
size_t dm_text_width(const char *text, size_t len);

/** Bytes of the valid UTF-8 sequence at text[0], 1..4; 0 when it is not one. */
size_t dm_utf8_step(const char *text, size_t len);

#endif
