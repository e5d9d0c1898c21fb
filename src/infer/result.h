/* infer/result.h -- what an analysis found, as plain data.
 *
 * The only thing that passes from infer to report.  Arrays are in the result's
 * own arena, and so is all text but what stands in the scenario (names, notes,
 * units, words), which is borrowed from it; probabilities are in [0, 1], NaN
 * where a number is not to be had (not converged, not defined); periods are
 * counted from 0 here: by[0] is the first period. */
#ifndef DM_INFER_RESULT_H
#define DM_INFER_RESULT_H

#include "base/arena.h"

/* What vouches for the arithmetic, and never for the assumptions. */
typedef struct dm_r_certificate {
  bool converged;
  const char *verdict; /* words */
  double residual;     /* largest difference of log odds */
  uint32_t n_actors;
  const char *const *actor;
  const double *regret;          /* [n_actors] at one information set */
  const double *regret_weighted; /* [n_actors] weighted by reach */
  const double *sharpness;       /* [n_actors] base value, NaN without one */
  const char *const *memory;     /* [n_actors] memory assumption in words */
  const bool *recalls;           /* [n_actors] remembers everything */
  const double *noise_floor;     /* [n_outcomes] odds at sharpness 0 */
  uint64_t starts, situations, sets, edges, slots, bytes;
  uint32_t steps, newton;
  uint64_t sweeps, tangents;
  double seconds, expand_seconds, solve_seconds;
  const char *version;
  const char *input_hash; /* 16 hexadecimal digits of the text's hash */
  uint64_t seed;
} dm_r_certificate;

typedef struct dm_r_outcome {
  const char *name, *display, *note;
  const double *by;   /* [n_periods] cumulative, base case */
  double lo, hi;      /* range of the last value over the levers tried and
                            draws; NaN if neither was asked */
  const char *reason; /* strongest reason, one clause, or "" */
  int32_t first;      /* first period in which it can happen; -1: never */
  const double *p05, *p50, *p95, *mean; /* [n_periods] over draws, or NULL */
} dm_r_outcome;

typedef struct dm_r_lever {
  const char *name; /* parameter path */
  const char *note, *source;
  bool sourced;
  double base, lo, hi;
  double *at_lo, *at_hi; /* [n_outcomes] last cumulative odds; NaN: failed */
  double move;           /* largest |at_hi - at_lo| over outcomes */
  uint32_t outcome;      /* the one it moves most */
} dm_r_lever;

typedef struct dm_r_assumption {
  const char *path, *alias, *note, *source;
  double value, lo, hi;
  bool has_range, sourced, chance, structural, implied, ranked;
} dm_r_assumption;

/* Expected value of a declared state at each period's end, among paths that
 * are still going on. */
typedef struct dm_r_state {
  const char *name, *display, *unit;
  double unit_step;
  const char *const *words; /* or NULL */
  int32_t lo_value;
  uint32_t size;
  const double *mean, *sd; /* [n_periods], in steps of the scale */
  const double *odds;      /* [n_periods x size], row-major */
} dm_r_state;

/* An option of a choice: chance that it is picked in a period (at least in one
 * round), and given that the choice is asked. */
typedef struct dm_r_option {
  const char *actor, *choice, *option;
  const double *picked; /* [n_periods] expected number of picks in the period */
  const double *asked;  /* [n_periods] expected number of askings */
} dm_r_option;

typedef struct dm_r_history {
  const char *title; /* "likeliest", "likeliest to war" */
  double chance;     /* of exactly this path of merged situations */
  const char *outcome;
  uint32_t n_lines;
  const char *const *when; /* [n_lines] period label */
  const char *const *line; /* [n_lines] what happened in it */
} dm_r_history;

/* A decision table that keeps only the facts which change the choice. */
typedef struct dm_r_table {
  const char *actor, *choice;
  const char *actor_display;
  uint32_t n_facts, n_options, n_rows, n_sets;
  const char *const *fact;   /* [n_facts] names */
  const char *const *option; /* [n_options] */
  const char *const *value;  /* [n_rows x n_facts], "" for any */
  const double *p;           /* [n_rows x n_options]; reach-weighted means */
  const double *reach;       /* [n_rows] expected number of askings */
  const double *spread;      /* [n_rows] largest difference from the mean of a
                                set that the row covers, sets with less than a
                                thousandth of the row's askings left out */
} dm_r_table;

typedef struct dm_r_question {
  const char *text;
  double answer;     /* of the question as asked */
  bool forced;       /* the three numbers below are present */
  double given_move; /* given that the move is made */
  double surprises, known;
  double open;         /* chance that the move is open at its date */
  double chance_given; /* P(F) for `given F`; NaN without one */
  const double *each; /* [n_outcomes x n_periods] for `each outcome`, or NULL */
  bool is_check, passed; /* a check line */
  const char *why;       /* when answer is NaN: the reason, else "" */
  uint32_t line;
} dm_r_question;

typedef struct dm_r_strategy {
  const char *actor, *choice, *period;
  uint32_t round;
  uint32_t n_known, n_options;
  const char *const *known;  /* [n_known] names */
  const char *const *value;  /* [n_known] words */
  const char *const *option; /* [n_options] */
  const double *p;           /* [n_options] */
  const double *q;           /* [n_options] expected payoff, as of the period */
  double reach;
} dm_r_strategy;

/* One equilibrium at the declared sharpness, of those that a search found. */
typedef struct dm_r_found {
  const double *by; /* [n_outcomes x n_periods] cumulative, row-major */
  double residual;
  uint32_t found;     /* starts that ended here */
  bool principal;     /* the one that everything else here speaks of */
  const char *origin; /* words */
} dm_r_found;

typedef struct dm_result {
  dm_arena arena;
  const char *scenario, *title, *clock_word;
  uint32_t n_periods;
  const char *const *period; /* [n_periods] */
  uint32_t n_story;
  const char *const *story; /* the case in a few sentences */
  uint32_t n_outcomes;
  dm_r_outcome *outcome;
  uint32_t starts_asked; /* of the search for equilibria; 0: none was made */
  uint32_t starts_failed, n_found;
  const dm_r_found *found;
  /* [n_outcomes x n_periods] lowest and highest over them; NULL: no search */
  const double *found_lo, *found_hi;
  const char *found_said;
  uint32_t n_levers, n_ranges; /* levers shown; parameters with a range */
  dm_r_lever *lever;           /* by decreasing move */
  uint32_t n_assumptions;
  dm_r_assumption *assumption;
  uint32_t n_sourced, n_judged;
  uint32_t n_omits;
  const char *const *omits;
  uint32_t n_states;
  dm_r_state *state;
  const double *going; /* [n_periods] chance that it is still going on
                                    at the period's end */
  uint32_t n_options;
  dm_r_option *option;
  uint32_t n_histories;
  dm_r_history *history;
  uint32_t n_tables;
  dm_r_table *table;
  uint32_t n_questions;
  bool asked; /* some were asked on the command line: shown in any case */
  dm_r_question *question;
  uint32_t n_strategies;
  dm_r_strategy *strategy;
  uint32_t n_set; /* --set values in force */
  const char *const *set;
  uint32_t draws, draws_failed;
  bool draws_ranked;           /* rankings were drawn too */
  const char *sharpness_words; /* what the sharpness means, one sentence */
  dm_r_certificate certificate;
} dm_result;

void dm_result_free(dm_result *result);

/* ---- solve: one game, by any method --------------------------------------- */

typedef struct dm_r_set {
  uint32_t player; /* 1-based */
  int64_t number;  /* as in the file */
  const char *label;
  uint32_t slot, n_options; /* first slot */
} dm_r_set;

/* One equilibrium.  Probabilities below 1e-11 of a Nash equilibrium are
 * trembles; they are 0 here, and `credible` has judged what they reach. */
typedef struct dm_r_equilibrium {
  const double *p;      /* [n_slots] */
  const double *reach;  /* [n_sets] */
  const double *odds;   /* [n_outcomes] */
  const double *value;  /* [n_players] */
  double lambda;        /* INFINITY: Nash */
  double residual;      /* NaN for Nash */
  const double *regret; /* [n_players] largest at a set, given that it is
                           reached */
  const double *gain; /* [n_players] of the best reply; NaN: does not recall */
  bool credible;
  uint32_t found;
  uint32_t outcome;   /* in a list: place of the first with equal odds of all
                         endings and equal values: its own, or another name of
                         the same */
  const char *origin; /* words */
} dm_r_equilibrium;

typedef struct dm_r_point {
  const char *kind; /* "step", "at", "turn", "bifurcation", "end" */
  double lambda, residual, regret;
  const double *p; /* [n_slots] of "at" and "end", or all with --path */
} dm_r_point;

typedef struct dm_r_solution {
  dm_arena arena;
  const char *source; /* "efg", "nfg" or "scenario" */
  const char *title, *method;
  const char *why; /* when there is no answer; else "" */
  uint32_t n_players, n_sets, n_slots, n_outcomes;
  uint64_t nodes, edges;
  const char *const *player;
  const char *const *recall; /* [n_players] "perfect", "imperfect",
                                "absent-minded"; NULL: not looked at */
  const char *const *outcome;
  const dm_r_set *set;
  const char *const *slot;
  double range;     /* of payoffs */
  bool limit;       /* the Nash limit was asked for */
  double asked;     /* sharpness asked for; INFINITY at the limit */
  double reached;   /* lambda where the path ended; NaN without a path */
  double tolerance; /* of regret, payoff units */
  bool answered;
  bool finished; /* limit: the path's end was made exact by Newton's method */
  dm_r_equilibrium answer; /* the one asked for */
  uint32_t n_points;
  const dm_r_point *point;
  uint32_t n_equilibria; /* of --search, --branches, pure, enumerate */
  const dm_r_equilibrium *equilibrium;
  bool listed;   /* a list was asked for: it may still be empty */
  bool complete; /* the list is all there are of its kind */
  uint32_t tried, failed;
  const char *said;      /* what was searched, and what it does not prove */
  const char *rule;      /* how one equilibrium was picked */
  double exploitability; /* cfr: half of both best replies' gains; NaN else */
  uint64_t iterations;
  uint32_t steps, newton;
  uint64_t sweeps, tangents;
  double seconds;
  const char *verdict, *version;
  uint64_t seed;
} dm_r_solution;

#endif
