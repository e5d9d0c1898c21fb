/* lang/evidence.h -- evidence files: what was reported, by whom, checked
 * against a scenario.
 *
 * A line is a report of an event of the scenario, dated, from a source with
 * known error rates.  It multiplies the weight of every path by the chance of
 * such a report, given whether the event came about on the path (language page,
 * section 8).  Conditions are compiled into the scenario's core, whose lists
 * grow; nothing in the base game reads them. */
#ifndef DM_LANG_EVIDENCE_H
#define DM_LANG_EVIDENCE_H

#include "base/str.h"
#include "lang/core.h"

typedef struct dm_evidence_source {
  const char *name, *note;
  double hit, miss; /* P(reported | it happened), P(reported | it did not) */
  bool rated;       /* rates were written here; else grades give them */
  uint32_t echo_of; /* source whose words it repeats, or DM_NONE */
  uint32_t report;  /* `is report R`: index of the report, or DM_NONE */
  dm_span at;
} dm_evidence_source;

typedef enum dm_evidence_when {
  DM_WHEN_HAPPENED, /* an option, a reading, an outcome: in the period(s) */
  DM_WHEN_END,      /* a status or a state: at the period's end */
  DM_WHEN_START,    /* likewise, at its start */
  DM_WHEN_EVER      /* of a question: at the end of some phase */
} dm_evidence_when;

typedef struct dm_evidence_line {
  const char *text;      /* as written, without the date; spaces folded */
  const char *date;      /* as written */
  uint32_t first, last;  /* periods that it may speak of; differ for `about` */
  uint8_t when;          /* dm_evidence_when */
  bool negated, silence; /* `not E`; `no word of E from S` */
  dm_core_event event;   /* as questions have it */
  uint32_t source;
  char grade; /* 'A' .. 'F', or 0 */
  char digit; /* '1' .. '6', or 0: printed, never used */
  /* Chance of this line given the event, and given its absence: `negated` and
   * `silence` are in them already. */
  double if_so, if_not;
  uint32_t same_as;       /* earlier line with the same event and origin: this
                             one counts nothing (echo); DM_NONE */
  uint32_t superseded_by; /* later line that corrects this one; DM_NONE */
  const char *note;
  dm_span at;
} dm_evidence_line;

typedef struct dm_evidence {
  const char *scenario; /* name in the head */
  DM_VEC(dm_evidence_source) source;
  DM_VEC(dm_evidence_line) line; /* in the order of the file */
} dm_evidence;

/** Reads and checks; messages E00x, E062, E066, E07x ... in `diags`, places in
 *  the evidence text.  Everything is in the core's arena. */
dm_status dm_evidence_read(
    dm_core *core, const char *text, size_t len, dm_diags *diags,
    dm_evidence **out) DM_MUST_USE;

/** Whether a date ("2025-03-07", "2025-03", "2025-W10", "3" ...) is later than
 *  another; a date coarser than a day counts as its last day. */
bool dm_evidence_after(const char *date, const char *cut_off);

/** The canonical layout of an evidence file (`demarche fmt`). */
dm_status dm_evidence_format(
    const char *text, size_t len, dm_diags *diags, dm_str *out) DM_MUST_USE;

#endif
