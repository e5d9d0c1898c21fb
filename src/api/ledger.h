/* api/ledger.h -- what stands behind a dm_case, and a ledger read into memory.
 * Internal to api. */
#ifndef DM_API_LEDGER_H
#define DM_API_LEDGER_H

#include "base/arena.h"
#include "base/json.h"
#include "num/score.h"
#include "report/doc.h"
#include "store/ledger.h"
#include <demarche/ledger.h>
#include <demarche/version.h>

struct dm_case {
  dm_ledger *ledger;
  char why[256];
};

/* A day counted from 1970-01-01; dates of a ledger are no finer. */
typedef int64_t dm_day;

/** Reads YYYY, YYYY-MM, YYYY-MM-DD or that with a time behind it: its first or
 *  its last day. */
bool dm_date_read(const char *text, bool last, dm_day *day);

typedef struct dm_l_forecast {
  dm_ledger_forecast is; /* texts in the arena */
  dm_day made, as_of;
} dm_l_forecast;

typedef struct dm_l_question {
  const char *text;
  DM_VEC(const char *) model;              /* in order of appearance */
  DM_VEC(dm_l_forecast) forecast;          /* by as_of, then by number */
  DM_VEC(dm_ledger_resolution) resolution; /* the last one holds */
} dm_l_question;

typedef struct dm_l_note {
  const char *when, *text;
} dm_l_note;

/* Everything on record. */
typedef struct dm_l_case {
  dm_arena *arena;
  DM_VEC(dm_ledger_document) document;
  DM_VEC(dm_l_question) question; /* in order of appearance */
  DM_VEC(dm_l_note) note;
  uint32_t n_forecasts;
} dm_l_case;

/** Loads one state of the ledger into `arena`, whose `jump` it sets.  On
 *  failure c->why holds the words. */
dm_status dm_case_load(dm_case *c, dm_arena *arena, dm_l_case **out)
    DM_MUST_USE;

/* Adds an answer to `out`; what it allocates is in all->arena.  `with` is what
 * the caller gave.  On failure it files the words. */
typedef dm_status dm_case_writer(
    dm_case *c, const dm_l_case *all, const void *with, dm_str *out);

/** Loads the ledger and gives the writer's text to the caller. */
dm_status dm_case_write(
    dm_case *c, dm_case_writer *writer, const void *with,
    dm_text *out) DM_MUST_USE;

/** The index of a question's text or UINT32_MAX. */
uint32_t dm_case_question(const dm_l_case *all, const char *text);

/** Likewise, *only; UINT32_MAX for text NULL.  DM_E_RANGE: not on record. */
dm_status dm_case_only(
    dm_case *c, const dm_l_case *all, const char *text,
    uint32_t *only) DM_MUST_USE;

/** Files words with the handle and gives `status` back. */
dm_status dm_case_fail(dm_case *c, dm_status status, const char *format, ...)
    DM_PRINTF(3, 4);

/** "schema" and "kind" of an object that it opens. */
void dm_case_json_head(dm_json *json, dm_str *out, const char *kind);

/** Whether a version's text still has the hash that it was kept under. */
bool dm_case_intact(const dm_ledger_document *d);

/* One model's forecasts of one resolved question, scored. */
typedef struct dm_l_score {
  const char *question, *model, *answer, *resolved;
  uint32_t used, late, hindsight;      /* forecasts */
  double brier, log, ranked, coverage; /* over the life; ranked may be NaN */
  double last, last_p; /* Brier of the last forecast, what it gave the answer */
  double uniform, base, previous; /* Brier of the baselines; base may be NaN */
  double uniform_log, base_log, previous_log;
} dm_l_score;

typedef struct dm_l_unscored {
  const char *question, *model, *why;
} dm_l_unscored;

typedef struct dm_l_mean {
  uint32_t n;
  double value, skill; /* 1 - ours / baseline over the same n; NaN */
} dm_l_mean;

typedef struct dm_l_scores {
  DM_VEC(dm_l_score) score; /* worst Brier first */
  DM_VEC(dm_l_unscored) unscored;
  uint32_t questions, forecasts, hindsight, binary, bins;
  dm_l_mean brier, log, ranked, coverage, last;
  dm_l_mean uniform, base, previous;
  dm_l_mean uniform_log, base_log, previous_log;
  dm_murphy murphy;
  dm_bin *bin; /* [bins] */
} dm_l_scores;

/** Scores what is resolved; `only` UINT32_MAX: every question. */
dm_l_scores *dm_case_scores(
    const dm_l_case *all, const dm_case_score_options *options, uint32_t only);

/** Why a few cases prove nothing, in a sentence; hindsight in another, "". */
const char *dm_case_warning(dm_doc *doc, const dm_l_scores *s);
const char *dm_case_hindsight(dm_doc *doc, const dm_l_scores *s);

void dm_case_score_doc(dm_doc *doc, const dm_l_scores *s);
void dm_case_score_json(dm_doc *doc, const dm_l_scores *s, dm_str *out);

#endif
