/* base/json.h -- writing JSON: escaped, indented, and never a number that a
 * reader of JSON would choke on (what is not finite becomes null). */
#ifndef DM_BASE_JSON_H
#define DM_BASE_JSON_H

#include "base/str.h"

enum { DM_JSON_DEPTH = 32 };

typedef struct dm_json {
  dm_str *out;
  uint32_t depth;
  bool filled[DM_JSON_DEPTH + 1]; /* something stands at this depth already */
  bool flat[DM_JSON_DEPTH + 1];   /* on one line */
  char close[DM_JSON_DEPTH + 1];
} dm_json;

void dm_json_init(dm_json *json, dm_str *out);

/** Opens an object or a list, a line an element; `flat`: all on one line. */
void dm_json_object(dm_json *json, const char *key, bool flat);
void dm_json_list(dm_json *json, const char *key, bool flat);
void dm_json_close(dm_json *json);
/** Closes whatever is open and ends the line. */
void dm_json_end(dm_json *json);

/* Values.  `key` NULL inside a list. */
void dm_json_text(dm_json *json, const char *key, const char *text);
void dm_json_number(dm_json *json, const char *key, double x);
void dm_json_count(dm_json *json, const char *key, uint64_t n);
void dm_json_integer(dm_json *json, const char *key, int64_t n);
void dm_json_bool(dm_json *json, const char *key, bool truth);
void dm_json_null(dm_json *json, const char *key);
/** A list of numbers on one line; `x` NULL: null. */
void dm_json_numbers(dm_json *json, const char *key, const double *x, size_t n);
void dm_json_texts(
    dm_json *json, const char *key, const char *const *text, size_t n);

#endif
