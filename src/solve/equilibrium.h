/* solve/equilibrium.h -- equilibria found, whatever the method, each with its
 * certificate, and the list of the distinct ones.
 *
 * Strategies have full support: an option that is never picked has a tiny
 * probability (a tremble, all those of a set together at most
 * DM_TREMBLE_MOST), and sizes of trembles stand for the beliefs at sets that
 * are not reached.  So one certificate serves all: regret at a set that trembles
 * alone reach tells whether a threat or promise there is credible
 * (Kreps and Wilson, "Sequential equilibria", Econometrica 50, 1982).
 *
 * What is let in.  At a finite k: residual at most `residual`.  Nash: nobody
 * gains more than `tolerance` by its best reply; of a player without perfect
 * recall, reach-weighted regret at its sets is asked instead (agent form).
 * What is one: equal play on the path.  Different beliefs and threats off the
 * path are not told apart; one that is credible is kept rather than one that is
 * not.  Which is named first: the principal branch, if it was followed. */
#ifndef DM_SOLVE_EQUILIBRIUM_H
#define DM_SOLVE_EQUILIBRIUM_H

#include "solve/certificate.h"

#define DM_TREMBLE_MOST 1e-12

/* Where an equilibrium came from; bits, since several ways may lead to one. */
typedef enum dm_origin {
  DM_ORIGIN_PRINCIPAL = 1, /* the branch from all noise */
  DM_ORIGIN_BRANCH = 2,    /* a branch that leaves another one */
  DM_ORIGIN_RANDOM = 4,    /* random strategies */
  DM_ORIGIN_PURE = 8,      /* pure strategies */
  DM_ORIGIN_INFORMED = 16, /* moves that tell types apart, or hide them */
  DM_ORIGIN_TREMBLE = 32,  /* least probabilities for every option */
  DM_ORIGIN_ENUMERATED = 64,
  DM_ORIGIN_PROGRAM = 128,   /* linear program or complementarity */
  DM_ORIGIN_REGRET = 256,    /* regret minimisation */
  DM_ORIGIN_CONTINUUM = 512, /* on from others of its continuum to its end */
  DM_ORIGIN_LEFT = 1024 /* Newton's method from where the principal branch was
                           given up: near to it, and not its limit */
} dm_origin;

enum { DM_ORIGINS = 11 };

/* What became of the starts of one kind. */
typedef struct dm_origin_tally {
  uint32_t tried; /* starts */
  uint32_t led;   /* of them, that led to an equilibrium */
} dm_origin_tally;

typedef struct dm_equilibrium {
  double *log_p;   /* [n_slots] */
  double *reached; /* [n_slots] probability x reach of the set */
  double k;        /* scale of sharpness; INFINITY: Nash */
  dm_certificate certificate;
  double regret; /* largest over players and sets, reached or not */
  double gain;   /* largest over players that have a best reply; NaN: none */
  bool credible; /* regret within the tolerance at every set; at a finite k
                    every set obeys the one rule, and this is true */
  uint32_t origin;
  uint32_t found; /* starts that ended here */
  /* Filled by dm_equilibria_sort and dm_equilibria_join. */
  uint32_t outcome; /* place of the first with equal odds of all endings and
                       equal values: itself, or as good as renamed */
  uint32_t family;  /* place of the first that it is joined to by a straight
                       line of equilibria: itself, or one continuum */
  uint32_t members; /* of the first of a family: starts aside, how many others
                       were found and are not listed */
} dm_equilibrium;

typedef struct dm_equilibria {
  const dm_game *game; /* borrowed */
  const double *cell;  /* [n_cells] borrowed */
  double range;        /* of payoffs */
  double tolerance;    /* of regret and gain, payoff units */
  double residual;     /* at a finite k, log odds */
  double same;         /* two are one when no reached probability, weighted
                           by reach, differs by more */
  uint32_t n;
  dm_equilibrium *at;
  uint32_t tried;                    /* starts */
  uint32_t failed;                   /* that led nowhere */
  dm_origin_tally tally[DM_ORIGINS]; /* by the number of the bit */
} dm_equilibria;

/** An empty list; game and cell borrowed.  tolerance: 1e-8 of the payoff range
 *  (at least 1e-12); residual and same: 1e-6.  Change them before the first is
 *  added. */
void dm_equilibria_init(
    dm_equilibria *list, const dm_game *game, const double *cell);
void dm_equilibria_clear(dm_equilibria *list);

/** Largest payoff minus smallest of one player over the endings that some path
 *  of positive chances reaches; of all players the largest such difference.
 *  0 for a game without payoffs, NaN when memory runs out. */
double dm_payoff_range(const dm_game *game, const double *cell);

/** Certifies a profile (copied) and adds it, or counts it with the one that it
 *  equals.  *where: its place in the list, or UINT32_MAX when the certificate
 *  refuses it (counted in `failed`). */
dm_status dm_equilibria_add(
    dm_equilibria *list, const double *log_p, double k, uint32_t origin,
    uint32_t *where) DM_MUST_USE;

/** Counts a start of a kind (one bit of dm_origin). */
void dm_equilibria_tell(dm_equilibria *list, uint32_t origin, bool led);

/** Order: principal first, then by `found`, then by profile. */
void dm_equilibria_sort(dm_equilibria *list);

/** Nash, games of moderate size: finds which equilibria lie on one continuum,
 *  follows a continuum to both its ends, and keeps of each the first, the ends,
 *  and those with the least and the most odds of an ending or value for a
 *  player.  Sorts. */
dm_status dm_equilibria_join(dm_equilibria *list) DM_MUST_USE;

/** Words for a bit of dm_origin, by its number, static storage: "random
 *  strategies". */
const char *dm_origin_text(uint32_t number);

typedef enum dm_standing {
  DM_STANDING_NONE, /* no Nash equilibrium */
  DM_STANDING_NASH,
  DM_STANDING_CREDIBLE /* at every set, reached or not */
} dm_standing;

/** What a profile would be in a list, at the list's own tolerance. */
dm_status dm_equilibrium_stand(
    const dm_game *game, const double *cell, const double *log_p,
    dm_standing *out) DM_MUST_USE;

/** Makes a Nash profile with trembles from probabilities p [n_slots], zeros
 *  allowed (up to DM_TREMBLE_MOST counts as zero): on the path p; off it p where
 *  that is a best reply to the beliefs that trembles give, else a best reply.
 *  Trembles are even ones, or, in games of moderate size, the first of some
 *  drawn ones that make all of it credible.  Where no trembles do without
 *  losing the equilibrium, p is kept off the path too: an equilibrium by threats
 *  that need not be credible.  log_p [n_slots] out. */
dm_status dm_equilibrium_complete(
    const dm_game *game, const double *cell, const double *p,
    double *log_p) DM_MUST_USE;

#endif
