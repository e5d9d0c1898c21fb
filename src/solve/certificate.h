/* solve/certificate.h -- what an answer is worth, recomputed from the raw game
 * by code that shares nothing with the sweeps or the solver: plain recursion
 * over arrays in long double, beliefs by Bayes' rule in logarithms.
 *
 * It vouches for the arithmetic, never for the assumptions. */
#ifndef DM_SOLVE_CERTIFICATE_H
#define DM_SOLVE_CERTIFICATE_H

#include "game/game.h"

typedef struct dm_certificate {
  double residual; /* largest |log odds - k sharpness (Q - Q')| over pairs of
                      options of a set */
  double *regret;  /* [n_players] largest over sets of max Q - sum p Q,
                              given that the set is reached, payoff units as of
                              the start */
  double *regret_weighted; /* [n_players] sum over sets of reach x regret */
  double *gain;     /* [n_players] what the best reply of a player to the others
                      adds to its payoff (its share of exploitability); NaN
                      without perfect recall */
  double *value;    /* [n_players] expected payoff */
  uint8_t *recall;  /* [n_players] dm_recall_kind */
  double *end_odds; /* [n_ends] probability of each ending class */
  double total;     /* sum of end_odds: 1 up to rounding */
} dm_certificate;

/** k INFINITY: Nash, no residual (NaN).  Cell values [n_cells] and log_p [n_slots] borrowed; k as solved.  The arrays
 *  of *out are one block owned by the caller, freed by dm_certificate_clear. */
dm_status dm_certificate_verify(
    const dm_game *game, const double *cell_value, const double *log_p,
    double k, dm_certificate *out) DM_MUST_USE;
void dm_certificate_clear(dm_certificate *certificate);

#endif
