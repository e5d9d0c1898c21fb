/* lang/evidence_parts.h -- an evidence file as it was written.  Internal to
 * lang: evidence_read.c fills it, evidence.c looks names up. */
#ifndef DM_LANG_EVIDENCE_PARTS_H
#define DM_LANG_EVIDENCE_PARTS_H

#include "lang/reader.h"

typedef struct dm_ev_source {
  dm_ast_name name;
  bool rated;
  dm_ast_number hit, miss;
  dm_ast_name report; /* `is report R`, or absent */
  dm_ast_name echo;   /* `echo of S`, or absent */
  const char *note;   /* "" if none */
  dm_span at;
} dm_ev_source;

typedef struct dm_ev_line {
  dm_ast_date date;
  bool about;         /* one period either side as well */
  bool silence;       /* `no word of` */
  bool negated;       /* `not` in front of all the rest */
  dm_ast_expr *event; /* without that `not`; intervals are two comparisons */
  dm_ast_name from;   /* source, or absent */
  dm_ast_name grade;  /* "C3", "C", or absent */
  dm_span start_at;   /* `at start`; line 0: it was not said */
  dm_ast_date corrects;
  const char *text; /* what is reported, spaces folded */
  const char *note; /* "" if none */
  dm_span at;       /* what is reported */
} dm_ev_line;

typedef struct dm_ev_file {
  dm_ast_name scenario;
  dm_span at; /* of the head; line 0: there is none */
  DM_VEC(dm_ev_source) source;
  DM_VEC(dm_ev_line) line;
} dm_ev_file;

/** Reads a text that has been split; `r` has the arena, messages, clock and
 *  context.  Errors are counted in r->errors. */
void dm_ev_read(dm_reader *r, dm_ev_file *out);

#endif
