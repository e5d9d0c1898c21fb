/* solve/polish.c -- Nash equilibrium to the last digit, from a profile near it.
 *
 * In:     a profile of full support, as of a high sharpness.
 * Out:    a Nash equilibrium with trembles, exact up to rounding.
 * Method: 1. guess which options are used: those above a threshold, several
 *            thresholds in turn;
 *         2. let the others be trembles: their logarithms all go down by one
 *            constant, so that beliefs off the path, which hang on their
 *            ratios, stay;
 *         3. solve  Q(i) = Q(best) for every used option i of every set, off
 *            the path too, for x: log p = x less the log of its set's sum.
 *         Logarithms keep probabilities positive, and reach off the path is a
 *         matter of ratios of trembles, which are unknowns like others: at such
 *         a set it may be the belief that indifference pins down.
 *         Equilibria often come as continua, and there are more unknowns than
 *         equations anyway: each step is the shortest that solves the
 *         linearised equations, by Levenberg and Marquardt's method with the
 *         squared residual as damping, which converges quadratically to a
 *         nearby point of a continuum too (Yamashita and Fukushima, Computing
 *         Supplement 15, 2001):
 *           step = J' (J J' + mu I)^-1 (-F),  J J' + mu I = R'R,
 *         R from a Householder factorisation of [J'; sqrt(mu) I], so that
 *         nothing is squared before it is rounded.
 *         4. certify.  The first credible one is taken, else the first Nash
 *            one, after another attempt to complete it off the path.
 * Not here: equations of more than MOST_EQUATIONS used options or in games of
 *         more than MOST_UNKNOWNS slots: they keep the path's own accuracy.  A
 *         guess in which every set uses one option has no equations, and is
 *         certified in games of any size.
 * Cost:   a tangent per slot and iteration; m^2 (n + m) for m equations. */
#include "num/expo.h"
#include "num/sum.h"
#include "solve/frozen.h"
#include "solve/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  MOST_EQUATIONS = 300,
  MOST_UNKNOWNS = 3000,
  MOST_ROUNDS = 25,
  MOST_ATTEMPTS = 6,
  MOST_SLOW = 3,
  THRESHOLDS = 5
};

#define MOST_WORK   2e9     /* slots x edges x players of a Jacobian */
#define TREMBLE_LOG (-46.0) /* largest tremble, as in complete.c */
#define USED_LEAST  1e-8    /* a used option ends above this */
#define STEP_MOST   2.0     /* log odds, a round */
#define SLOW        0.8     /* a round that shortens F by less */
#define DONE        1e-16   /* of the payoff range */
#define GOOD        1e-10   /* likewise: worth a certificate */

static const double threshold[THRESHOLDS] = {1e-3, 1e-5, 2e-2, 1e-7, 1e-1};

typedef struct polisher {
  const dm_game *game;
  const double *cell;
  dm_frozen frozen;
  double range;
  size_t n, m;     /* unknowns, equations */
  uint8_t *used;   /* [n_slots] */
  uint8_t *before; /* [n_slots] the guess before this one */
  uint32_t *row;   /* [m] slot of each equation */
  uint32_t *base;  /* [m] slot that it is compared with */
  double *x;       /* [n] log p */
  double *trial;   /* [n] */
  double *shift;   /* [n] a tangent's direction */
  double *d_q;     /* [n] */
  double *f;       /* [MOST_EQUATIONS] in units of the range */
  double *f_trial; /* [MOST_EQUATIONS] */
  double *y;       /* [MOST_EQUATIONS] */
  double *jacobi;  /* [m x n] row-major */
  double *work;    /* [m x (n + m)] columns of [J'; sqrt(mu) I] */
} polisher;

/* ---- the guess --------------------------------------------------------- */

/* True if the guess differs from the one before. */
static bool guess_used(polisher *w, const double *log_p, double least)
{
  const dm_game *g = w->game;
  memcpy(w->before, w->used, g->n_slots);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t best = g->set_slot[s];
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++) {
      best = log_p[i] > log_p[best] ? i : best;
      w->used[i] = dm_exp(log_p[i]) > least;
    }
    w->used[best] = 1;
  }
  return memcmp(w->before, w->used, g->n_slots) != 0;
}

/* Equations; false if there are too many. */
static bool list_equations(polisher *w, const double *log_p)
{
  const dm_game *g = w->game;
  w->m = 0;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t best = g->set_slot[s];
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      best = log_p[i] > log_p[best] ? i : best;
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++) {
      if (!w->used[i] || i == best)
        continue;
      if (w->m == MOST_EQUATIONS)
        return false;
      w->row[w->m] = i;
      w->base[w->m++] = best;
    }
  }
  return true;
}

/* Makes each set's probabilities sum to 1. */
static void normalise(const dm_game *g, double *x)
{
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t at = g->set_slot[s];
    dm_log_softmax(x + at, g->set_slot[s + 1] - at, x + at);
  }
}

/* Lowers unused options together until they are trembles. */
static void lower_unused(polisher *w, double *x)
{
  double most = -(double)INFINITY;
  for (size_t i = 0; i < w->n; i++)
    if (!w->used[i])
      most = fmax(most, x[i]);
  for (size_t i = 0; i < w->n && most > TREMBLE_LOG; i++)
    if (!w->used[i])
      x[i] -= most - TREMBLE_LOG;
  normalise(w->game, x);
}

/* ---- equations --------------------------------------------------------- */

/* F at x, in units of the payoff range; its length. */
static double evaluate(polisher *w, const double *x, double *f)
{
  dm_sweep_run(w->frozen.sweep, x);
  const double *q = dm_sweep_q(w->frozen.sweep);
  for (size_t e = 0; e < w->m; e++)
    f[e] = (q[w->row[e]] - q[w->base[e]]) / w->range;
  return sqrt(dm_dot(f, f, w->m));
}

/* Derivatives of F by every x, at the point of the last sweep. */
static void differentiate(polisher *w)
{
  const dm_game *g = w->game;
  const double *p = dm_sweep_p(w->frozen.sweep);
  memset(w->shift, 0, w->n * sizeof *w->shift);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t begin = g->set_slot[s];
    uint32_t end = g->set_slot[s + 1];
    for (uint32_t j = begin; j < end; j++) {
      for (uint32_t i = begin; i < end; i++)
        w->shift[i] = (i == j ? 1.0 : 0.0) - p[j];
      dm_sweep_tangent(w->frozen.sweep, w->shift, w->d_q);
      for (size_t e = 0; e < w->m; e++)
        w->jacobi[e * w->n + j] =
            (w->d_q[w->row[e]] - w->d_q[w->base[e]]) / w->range;
    }
    for (uint32_t i = begin; i < end; i++)
      w->shift[i] = 0.0;
  }
}

/* ---- the step ---------------------------------------------------------- */

/* Householder's factorisation of the columns of `work`, R left on and above the
 * diagonal: R(i, j) = work[j * rows + i]. */
static void factorise(polisher *w, double damping)
{
  const size_t rows = w->n + w->m;
  double root = sqrt(damping);
  for (size_t e = 0; e < w->m; e++) {
    double *column = w->work + e * rows;
    memcpy(column, w->jacobi + e * w->n, w->n * sizeof *column);
    memset(column + w->n, 0, w->m * sizeof *column);
    column[w->n + e] = root;
  }
  for (size_t e = 0; e < w->m; e++) {
    double *v = w->work + e * rows;
    double length = sqrt(dm_dot(v + e, v + e, rows - e));
    if (!(length > 0.0))
      continue;
    double pivot = v[e] > 0.0 ? -length : length;
    v[e] -= pivot;
    double square = dm_dot(v + e, v + e, rows - e);
    for (size_t j = e + 1; j < w->m; j++) {
      double *u = w->work + j * rows;
      double part = 2.0 * dm_dot(v + e, u + e, rows - e) / square;
      for (size_t i = e; i < rows; i++)
        u[i] -= part * v[i];
    }
    v[e] = pivot;
  }
}

/* y = (R'R)^-1 (-F). */
static void solve_normal(polisher *w)
{
  const size_t rows = w->n + w->m;
  const size_t m = w->m;
  for (size_t i = 0; i < m; i++) {
    double sum = -w->f[i];
    for (size_t j = 0; j < i; j++)
      sum -= w->work[i * rows + j] * w->y[j];
    double pivot = w->work[i * rows + i];
    w->y[i] = fabs(pivot) > 0.0 ? sum / pivot : 0.0;
  }
  for (size_t i = m; i-- > 0;) {
    double sum = w->y[i];
    for (size_t j = i + 1; j < m; j++)
      sum -= w->work[j * rows + i] * w->y[j];
    double pivot = w->work[i * rows + i];
    w->y[i] = fabs(pivot) > 0.0 ? sum / pivot : 0.0;
  }
}

/* trial = x + step, no longer than STEP_MOST anywhere. */
static void take_step(polisher *w)
{
  memset(w->shift, 0, w->n * sizeof *w->shift);
  for (size_t e = 0; e < w->m; e++)
    for (size_t i = 0; i < w->n; i++)
      w->shift[i] += w->jacobi[e * w->n + i] * w->y[e];
  double most = dm_max_abs(w->shift, w->n);
  double part = most > STEP_MOST ? STEP_MOST / most : 1.0;
  for (size_t i = 0; i < w->n; i++)
    w->trial[i] = w->x[i] + part * w->shift[i];
  normalise(w->game, w->trial);
}

/* Damping below which rounding in dependent equations would be taken for
 * directions: singular values smaller than 1e-9 of the largest. */
static double least_damping(const polisher *w)
{
  double most = 0.0;
  for (size_t e = 0; e < w->m; e++) {
    const double *row = w->jacobi + e * w->n;
    most = fmax(most, dm_dot(row, row, w->n));
  }
  return fmax(1e-18 * most, 1e-300);
}

/* One step of the method; true if it came nearer. */
static bool nearer(polisher *w, double *now, double *factor)
{
  differentiate(w);
  double least = least_damping(w);
  for (uint32_t attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    factorise(w, fmax(*factor * *now * *now, least));
    solve_normal(w);
    take_step(w);
    double then = evaluate(w, w->trial, w->f_trial);
    if (then < *now) {
      memcpy(w->x, w->trial, w->n * sizeof *w->x);
      memcpy(w->f, w->f_trial, w->m * sizeof *w->f);
      *now = then;
      *factor = fmax(0.1 * *factor, 1e-6);
      return true;
    }
    *factor *= 10.0;
  }
  return false;
}

/* Solves the equations from x; false: no solution near. */
static bool settle(polisher *w)
{
  double now = evaluate(w, w->x, w->f);
  double factor = 1.0;
  uint32_t slow = 0;
  for (uint32_t round = 0; round < MOST_ROUNDS && now > DONE; round++) {
    double last = now;
    if (!nearer(w, &now, &factor))
      break;
    slow += now > SLOW * last;
    if (slow > MOST_SLOW)
      break;
  }
  return now <= GOOD;
}

/* Whether used options are still used. */
static bool holds(const polisher *w)
{
  for (size_t i = 0; i < w->n; i++)
    if (w->used[i] && !(dm_exp(w->x[i]) > USED_LEAST))
      return false;
  return true;
}

/* ---- all of it --------------------------------------------------------- */

static bool make(polisher *w, const dm_game *game, const double *cell)
{
  memset(w, 0, sizeof *w);
  w->game = game;
  w->cell = cell;
  w->n = game->n_slots;
  w->range = dm_payoff_range(game, cell);
  if (!(w->range > 0.0))
    w->range = 1.0;
  if (dm_frozen_init(&w->frozen, game, cell) != DM_OK)
    return false;
  size_t n = w->n;
  w->used = calloc(2 * n + 1, sizeof *w->used);
  w->row = calloc(2 * MOST_EQUATIONS, sizeof *w->row);
  w->x = calloc(4 * n + 3 * MOST_EQUATIONS + 1, sizeof *w->x);
  if (!w->used || !w->row || !w->x)
    return false;
  w->before = w->used + n;
  w->base = w->row + MOST_EQUATIONS;
  w->trial = w->x + n;
  w->shift = w->trial + n;
  w->d_q = w->shift + n;
  w->f = w->d_q + n;
  w->f_trial = w->f + MOST_EQUATIONS;
  w->y = w->f_trial + MOST_EQUATIONS;
  return true;
}

static void unmake(polisher *w)
{
  dm_frozen_clear(&w->frozen);
  free(w->used);
  free(w->row);
  free(w->x);
}

/* One guess; what comes of it. */
static dm_standing attempt(polisher *w, const double *log_p)
{
  dm_standing found = DM_STANDING_NONE;
  memcpy(w->x, log_p, w->n * sizeof *w->x);
  lower_unused(w, w->x);
  w->jacobi = calloc(w->m * w->n + 1, sizeof *w->jacobi);
  w->work = calloc(w->m * (w->n + w->m) + 1, sizeof *w->work);
  if (w->jacobi && w->work && settle(w) && holds(w)) {
    lower_unused(w, w->x);
    if (dm_equilibrium_stand(w->game, w->cell, w->x, &found) != DM_OK)
      found = DM_STANDING_NONE;
  }
  free(w->jacobi);
  free(w->work);
  return found;
}

/* An equilibrium that is not credible yet: other play off the path. */
static void make_credible(polisher *w, double *log_p)
{
  dm_standing found = DM_STANDING_NONE;
  for (size_t i = 0; i < w->n; i++)
    w->trial[i] = log_p[i] > -27.0 ? dm_exp(log_p[i]) : 0.0;
  if (dm_equilibrium_complete(w->game, w->cell, w->trial, w->x) == DM_OK &&
      dm_equilibrium_stand(w->game, w->cell, w->x, &found) == DM_OK &&
      found == DM_STANDING_CREDIBLE)
    memcpy(log_p, w->x, w->n * sizeof *log_p);
}

bool dm_polish(
    const dm_game *game, const double *cell, const double *log_p,
    double *out_log_p)
{
  const double work = (double)game->n_slots * game->n_edges * game->n_players;
  const bool large = game->n_slots > MOST_UNKNOWNS || work > MOST_WORK;
  polisher w;
  dm_standing best = DM_STANDING_NONE;
  bool made = make(&w, game, cell);
  for (uint32_t t = 0; made && t < THRESHOLDS; t++) {
    if (best == DM_STANDING_CREDIBLE)
      break;
    if (!guess_used(&w, log_p, threshold[t]) || !list_equations(&w, log_p))
      continue;
    if (large && w.m > 0)
      continue;
    dm_standing here = attempt(&w, log_p);
    if (here > best) {
      memcpy(out_log_p, w.x, w.n * sizeof *out_log_p);
      best = here;
    }
  }
  if (best == DM_STANDING_NASH)
    make_credible(&w, out_log_p);
  unmake(&w);
  return best != DM_STANDING_NONE;
}
