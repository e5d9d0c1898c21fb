/* solve/certificate.h -- what an answer is worth, recomputed from the raw game
 * by code that shares nothing with the sweeps or the solvers: plain passes over
 * arrays in long double and libm, beliefs by Bayes' rule in logarithms.
 *
 * It vouches for the arithmetic, never for the assumptions. */
#ifndef DM_SOLVE_CERTIFICATE_H
#define DM_SOLVE_CERTIFICATE_H

#include "game/game.h"

/* A set counts as reached when its reach is above this. */
#define DM_REACHED 1e-9

typedef struct dm_certificate {
  double residual; /* largest |log odds - k sharpness (Q - Q')| over pairs of
                      options of a set; NaN for Nash */
  double *regret;  /* [n_players] largest over sets of max Q - sum p Q,
                              given that the set is reached, payoff units as of
                              the start: sequential rationality */
  double *regret_reached;  /* [n_players] the same over reached sets only: what
                              Nash asks of each set */
  double *regret_weighted; /* [n_players] sum over sets of reach x regret */
  double *gain;     /* [n_players] what the best reply of a player to the others
                      adds to its payoff (its share of exploitability); NaN
                      without perfect recall */
  double *value;    /* [n_players] expected payoff */
  double *end_odds; /* [n_ends] probability of each ending class */
  uint8_t *recall;  /* [n_players] dm_recall_kind */
  double total;     /* sum of end_odds: 1 up to rounding */
} dm_certificate;

/** Cell values [n_cells] and log_p [n_slots] borrowed; k as solved, INFINITY
 *  for Nash.  log_p may be -INFINITY (a probability of 0; the residual is then
 *  INFINITY unless k is), and beliefs at sets of reach 0 are uniform over their
 *  nodes.  Payoffs of any size that dm_game_check admits.  The arrays of *out
 *  are one block owned by the caller, freed by dm_certificate_clear.
 *  DM_E_MEMORY: *out is zeroed. */
dm_status dm_certificate_verify(
    const dm_game *game, const double *cell_value, const double *log_p,
    double k, dm_certificate *out) DM_MUST_USE;
/** NULL is allowed. */
void dm_certificate_clear(dm_certificate *certificate);

#endif
