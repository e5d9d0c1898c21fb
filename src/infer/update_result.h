/* infer/update_result.h -- what evidence says, as plain data for report. */
#ifndef DM_INFER_UPDATE_RESULT_H
#define DM_INFER_UPDATE_RESULT_H

#include "infer/result.h"

typedef struct dm_u_line {
  const char *date, *text, *source, *grade;
  const char *counted; /* "" or why it counts nothing: echo, superseded, after
                          the cut-off */
  double if_so, if_not;
  double chance;                  /* of the line, given the lines before it */
  const double *likelihood_ratio; /* [n_outcomes] P(line | outcome, before) /
                                     P(line | not outcome, before); the
                                     outcome at any date */
  const double *before, *odds;    /* [n_outcomes] final odds before and after */
  const double *without;          /* [n_outcomes] of all lines but this one */
} dm_u_line;

/* A private type or a declared state that somebody does not see. */
typedef struct dm_u_hidden {
  const char *name; /* "us.type", "stockpile" */
  bool is_type;
  uint32_t n_values;
  const char *const *value;
  const double *prior;    /* [n_values] at the start */
  const double *by;       /* [n_periods x n_values] smoothed: given all lines; a
                           type's rows are equal; of paths still going on at
                           the period's end, NaN where none is */
  const double *filtered; /* [n_periods x n_values] given lines up to the
                             period */
} dm_u_hidden;

typedef struct dm_u_outcome {
  const char *name, *display;
  const double *prior,
      *by;       /* [n_periods] cumulative: without, with the lines */
  double lo, hi; /* of the last over the equilibria found; NaN */
} dm_u_outcome;

typedef struct dm_update {
  dm_arena arena;
  const char *scenario, *title, *evidence_hash;
  uint32_t n_periods, n_outcomes, n_lines, n_hidden;
  const char *const *period;
  dm_u_outcome *outcome;
  dm_u_line *line;
  dm_u_hidden *hidden;
  double log_likelihood;
  uint32_t last_period; /* of the last line */
  uint32_t n_equilibria;
  const char *searched; /* "" or what was searched */
  dm_r_certificate certificate;
  bool cached; /* the solution came from the cache */
} dm_update;

typedef struct dm_n_item {
  const char *period, *text;    /* "iran picks answer", "inspection reads 3" */
  const char *sees;             /* who would have to see it: actors, or "nobody
                                but X" */
  double chance;                /* that it comes about */
  const double *if_so, *if_not; /* [n_outcomes] final odds */
  double move; /* expected sum of |change| over outcomes, halved: 0..1 */
} dm_n_item;

typedef struct dm_next {
  dm_arena arena;
  const char *scenario;
  uint32_t n_outcomes, n_items; /* by decreasing move */
  const char *const *outcome;
  const double *odds; /* [n_outcomes] now; NULL without a solution */
  dm_n_item *item;
  uint32_t n_looked_at; /* news with any effect, of which the first are items */
  const char *left_out; /* "" or what was not looked at */
  dm_r_certificate certificate;
} dm_next;

void dm_update_free(dm_update *update);
void dm_next_free(dm_next *next);

#endif
