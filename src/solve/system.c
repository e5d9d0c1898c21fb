/* solve/system.c -- residual, Newton step and Newton's method for logit
 * equilibrium.
 *
 * In:     a sweep with its parameters set; a point (z, k).
 * Method: H and its derivative are one sweep and one tangent sweep; no matrix
 *         is formed.  A step solves the bordered system by GMRES
 *           [ I - k s C Q'(z)   -slope ] [dz]   [-H]
 *           [      border^T            ] [d ] = [ 0]
 *         as accurately as Newton's method can use it (Eisenstat and Walker,
 *         SIAM J. Sci. Comput. 17, 1996).
 * Numerics: there is no damping.  A step that does not reduce the residual is
 *         reported; the path then takes a shorter one.  The residual cannot
 *         fall below the rounding of k s Q itself, which is allowed for.
 * Cost:   one sweep and some 5 to 60 tangent sweeps a Newton step. */
#include "solve/system.h"

#include "num/expo.h"
#include "num/sum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  MOST_PRODUCTS = 400, /* a linear system */
  DENSE_MOST = 64,     /* unknowns: up to so many, a matrix is formed */
  LARGE = 20000,       /* slots */
  LARGE_RESTART = 24
};

/* Largest payoff of any row times the largest sharpness: what is added up to
 * make the equations, and so rounded, even where sums cancel. */
static double loudness(const dm_system *system)
{
  const dm_game *g = system->game;
  const double *cells = dm_sweep_cells(system->sweep);
  double pay = 0.0;
  double sharp = 0.0;
  size_t n = (size_t)g->n_rows * g->n_players;
  for (size_t i = 0; i < n; i++)
    pay = fmax(pay, fabs(cells[g->row_cell[i]]));
  for (uint32_t s = 0; s < g->n_sets; s++)
    sharp = fmax(sharp, cells[g->set_sharp[s]]);
  return pay * sharp;
}

/* Whether every set's floors are finite, not negative, and leave something. */
static bool floors_fit(const dm_game *g, const double *floor)
{
  for (uint32_t s = 0; floor && s < g->n_sets; s++) {
    double sum = 0.0;
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++) {
      if (!(floor[i] >= 0.0))
        return false;
      sum += floor[i];
    }
    if (!(sum < 1.0))
      return false;
  }
  return true;
}

dm_status dm_system_init(
    dm_system *system, dm_sweep *sweep, const double *floor, uint32_t restart)
{
  memset(system, 0, sizeof *system);
  if (!floors_fit(dm_sweep_game(sweep), floor))
    return DM_E_RANGE;
  system->sweep = sweep;
  system->game = dm_sweep_game(sweep);
  system->n = system->game->n_slots;
  system->scale = 1.0;
  system->floor = floor;
  size_t n = system->n;
  size_t room = n + 1;
  /* In large games Krylov vectors would outweigh the game itself; there, few
   * are needed, since the preconditioner does most of the work. */
  if (n > LARGE && restart > LARGE_RESTART)
    restart = LARGE_RESTART;
  if (restart > room)
    restart = (uint32_t)room;
  /* Means do not move: so many unknowns are left, and the parameter. */
  size_t unknowns = n - system->game->n_sets + 1;
  bool small = unknowns <= DENSE_MOST;
  if (small)
    system->dense = dm_dense_new((uint32_t)unknowns);
  else
    system->gmres = dm_gmres_new(n + 1, restart);
  double *all = room > SIZE_MAX / 256
                    ? NULL
                    : calloc(room * (floor ? 14 : 12), sizeof *all);
  double *matrix = calloc(small ? unknowns * unknowns : 1, sizeof *matrix);
  if ((!system->gmres && !system->dense) || !all || !matrix) {
    free(all);
    free(matrix);
    dm_gmres_free(system->gmres);
    dm_dense_free(system->dense);
    memset(system, 0, sizeof *system);
    return DM_E_MEMORY;
  }
  system->z = all;
  system->matrix = matrix;
  system->log_p = all + room;
  system->gain = all + 2 * room;
  system->rest = all + 3 * room;
  system->border = all + 4 * room;
  system->step = all + 5 * room;
  system->move = all + 6 * room;
  system->shift = all + 7 * room;
  system->inner = all + 8 * room;
  system->before = all + 9 * room;
  system->slope = all + 10 * room;
  system->offset = all + 11 * room;
  system->soft = floor ? all + 12 * room : NULL;
  system->share = floor ? all + 13 * room : NULL;
  system->border[n] = 1.0;
  system->loud = loudness(system);
  return DM_OK;
}

void dm_system_clear(dm_system *system)
{
  dm_gmres_free(system->gmres);
  dm_dense_free(system->dense);
  free(system->matrix);
  free(system->z);
  memset(system, 0, sizeof *system);
}

void dm_system_set_scale(dm_system *system, double scale)
{
  int exponent = 0;
  (void)frexp(scale, &exponent);
  system->scale = scale > 0.0 && isfinite(scale) ? ldexp(1.0, exponent) : 1.0;
}

double dm_system_at(const dm_system *system)
{
  return system->z[system->n] / system->scale;
}

double dm_system_k(const dm_system *system)
{
  return system->by_t ? system->k_fixed : dm_system_at(system);
}

void dm_system_start_t(dm_system *system, double k)
{
  const size_t n = system->n;
  system->by_t = true;
  system->k_fixed = k;
  system->scale = 1.0;
  system->z[n] = 1.0; /* no offset: H alone */
  dm_system_evaluate(system);
  memcpy(system->offset, system->rest, n * sizeof *system->offset);
  system->offset_most = system->residual;
  system->z[n] = 0.0;
}

double dm_system_regret(const dm_system *system)
{
  const dm_game *g = system->game;
  const double *q = dm_sweep_q(system->sweep);
  const double *p = dm_sweep_p(system->sweep);
  double most = 0.0;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t begin = g->set_slot[s];
    uint32_t end = g->set_slot[s + 1];
    double best = q[begin];
    for (uint32_t i = begin; i < end; i++)
      best = fmax(best, q[i]);
    /* Differences first: regret may be far below the payoffs themselves. */
    double regret = 0.0;
    for (uint32_t i = begin; i < end; i++)
      regret += p[i] * (best - q[i]);
    most = fmax(most, regret);
  }
  return most;
}

void dm_system_centre(const dm_system *system, double *z)
{
  const dm_game *g = system->game;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t begin = g->set_slot[s];
    uint32_t end = g->set_slot[s + 1];
    double sum = 0.0;
    for (uint32_t i = begin; i < end; i++)
      sum += z[i];
    double mean = sum / (double)(end - begin);
    for (uint32_t i = begin; i < end; i++)
      z[i] -= mean;
  }
}

/* log p of one set with floors, where log_p holds log softmax: the larger of the
 * two terms is taken out, so what is left has no cancellation. */
static void raise_set(dm_system *system, uint32_t begin, uint32_t end)
{
  const double *floor = system->floor;
  double sum = 0.0;
  for (uint32_t i = begin; i < end; i++)
    sum += floor[i];
  const double free_part = dm_log(1.0 - sum);
  for (uint32_t i = begin; i < end; i++) {
    double own = system->log_p[i] + free_part;
    system->soft[i] = dm_exp(system->log_p[i]);
    if (!(floor[i] > 0.0)) {
      system->share[i] = 1.0;
      system->log_p[i] = own;
      continue;
    }
    double least = dm_log(floor[i]);
    double ratio = dm_exp(-fabs(own - least));
    double more = dm_log(1.0 + ratio);
    system->log_p[i] = fmax(own, least) + more;
    system->share[i] = (own > least ? 1.0 : ratio) / (1.0 + ratio);
  }
}

static void find_log_p(dm_system *system)
{
  const dm_game *g = system->game;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t begin = g->set_slot[s];
    uint32_t end = g->set_slot[s + 1];
    dm_log_softmax(system->z + begin, end - begin, system->log_p + begin);
    if (system->floor)
      raise_set(system, begin, end);
  }
}

/* The parameter's part of H, and its derivative. */
static void find_slope(dm_system *system)
{
  if (!system->by_t) {
    memcpy(system->slope, system->gain, system->n * sizeof *system->slope);
    return;
  }
  const double left = 1.0 - dm_system_at(system);
  for (size_t i = 0; i < system->n; i++) {
    system->rest[i] -= left * system->offset[i];
    system->slope[i] = -system->offset[i];
  }
}

void dm_system_evaluate(dm_system *system)
{
  const dm_game *g = system->game;
  const double k = dm_system_k(system);
  system->assembled = false;
  find_log_p(system);
  dm_sweep_run(system->sweep, system->log_p);
  system->sweeps++;
  const double *q = dm_sweep_q(system->sweep);
  const double *cells = dm_sweep_cells(system->sweep);
  double loudest = system->loud;
  memcpy(system->gain, q, system->n * sizeof *q);
  dm_system_centre(system, system->gain);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double sharp = cells[g->set_sharp[s]];
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++) {
      system->gain[i] *= sharp;
      system->rest[i] = system->z[i] - k * system->gain[i];
      loudest = fmax(loudest, fabs(sharp * q[i]));
    }
  }
  system->loudest = loudest;
  find_slope(system);
  system->rest[system->n] = 0.0;
  system->residual = dm_max_abs(system->rest, system->n);
  /* Q is a sum of payoffs rounded to 2^-53 of the largest; log p, rounded to
   * 2^-53 of itself, makes the beliefs in it as uncertain. */
  double far =
      system->by_t ? fabs(1.0 - dm_system_at(system)) * system->offset_most : 0;
  double unit = 0x1p-53 * (fabs(k) * loudest + far);
  system->noise = 64.0 * unit;
  system->rough = (64.0 + 4.0 * dm_max_abs(system->z, system->n)) * unit;
}

/* d log p of each set when its z moves by x. */
static void log_p_move(const dm_system *system, const double *x, double *move)
{
  const dm_game *g = system->game;
  const double *p = system->floor ? system->soft : dm_sweep_p(system->sweep);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double mean = 0.0;
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      mean += p[i] * x[i];
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      move[i] = x[i] - mean;
  }
  for (size_t i = 0; system->floor && i < system->n; i++)
    move[i] *= system->share[i];
}

/* out = x - k s C Q'(x), the matrix's part of z and none of its border. */
static void plain_product(dm_system *system, const double *x, double *out)
{
  const dm_game *g = system->game;
  const double k = dm_system_k(system);
  const double *cells = dm_sweep_cells(system->sweep);
  log_p_move(system, x, system->move);
  dm_sweep_tangent(system->sweep, system->move, system->shift);
  system->tangents++;
  dm_system_centre(system, system->shift);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double scale = k * cells[g->set_sharp[s]];
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      out[i] = x[i] - scale * system->shift[i];
  }
}

/* ---- small games: a matrix ------------------------------------------------ */

/* A vector in coordinates: all but the last entry of each set, which is minus
 * the sum of the others, and the parameter.  Coordinate c of slot i:
 * coordinates are numbered in the order of the slots. */
static void to_coordinates(const dm_system *system, const double *x, double *y)
{
  const dm_game *g = system->game;
  for (uint32_t s = 0; s < g->n_sets; s++)
    for (uint32_t i = g->set_slot[s]; i + 1 < g->set_slot[s + 1]; i++)
      *y++ = x[i];
  *y = x[system->n];
}

static void from_coordinates(
    const dm_system *system, const double *y, double *x)
{
  const dm_game *g = system->game;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t last = g->set_slot[s + 1] - 1;
    x[last] = 0.0;
    for (uint32_t i = g->set_slot[s]; i < last; i++) {
      x[i] = *y++;
      x[last] -= x[i];
    }
  }
  x[system->n] = *y;
}

/* All rows but that of the border, at the last evaluation. */
static void assemble(dm_system *system)
{
  const dm_game *g = system->game;
  const uint32_t m = system->dense->n;
  double *x = system->inner;
  double *out = system->before;
  double *column = system->dense->a; /* not in use until it is filled */
  uint32_t c = 0;
  memset(x, 0, (system->n + 1) * sizeof *x);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t last = g->set_slot[s + 1] - 1;
    for (uint32_t i = g->set_slot[s]; i < last; i++, c++) {
      x[i] = 1.0;
      x[last] = -1.0;
      plain_product(system, x, out);
      x[i] = x[last] = 0.0;
      out[system->n] = 0.0;
      to_coordinates(system, out, column);
      for (uint32_t r = 0; r < m; r++)
        system->matrix[(size_t)r * m + c] = column[r];
    }
  }
  for (size_t i = 0; i < system->n; i++)
    out[i] = -system->slope[i] / system->scale;
  out[system->n] = 0.0;
  to_coordinates(system, out, column);
  for (uint32_t r = 0; r < m; r++)
    system->matrix[(size_t)r * m + c] = column[r];
  system->assembled = true;
}

/* Factors the bordered matrix of the last evaluation. */
static void factor(dm_system *system)
{
  const dm_game *g = system->game;
  dm_dense *dense = system->dense;
  if (!system->assembled)
    assemble(system);
  memcpy(
      dense->a, system->matrix, (size_t)dense->n * dense->n * sizeof *dense->a);
  double *row = dense->a + (size_t)(dense->n - 1) * dense->n;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t last = g->set_slot[s + 1] - 1;
    for (uint32_t i = g->set_slot[s]; i < last; i++)
      *row++ = system->border[i] - system->border[last];
  }
  *row = system->border[system->n];
  dm_dense_factor(dense);
}

static double solve_dense(dm_system *system)
{
  factor(system);
  to_coordinates(system, system->rest, system->before);
  dm_dense_solve(system->dense, system->before);
  from_coordinates(system, system->before, system->step);
  double most = dm_max_abs(system->step, system->n + 1);
  return isfinite(most) && system->dense->sign != 0 ? 0.0 : 1.0;
}

/* ---- large games: products ------------------------------------------------ */

/* One product with the bordered matrix times the preconditioner, A M^-1 y with
 * M = I - k s C Q'_V (values move, beliefs do not) in the part of z.  Where M
 * is inverted exactly,
 *   A M^-1 = I - k s C Q'_B M^-1,
 * and only the movement of beliefs is left to compute.  With floors M is but an
 * approximation, since it takes p for softmax z. */
static void apply(void *data, const double *y, double *out)
{
  dm_system *system = data;
  const dm_game *g = system->game;
  const size_t n = system->n;
  const double k = dm_system_k(system);
  const double *cells = dm_sweep_cells(system->sweep);
  double *x = system->inner;
  const double *base = y;
  dm_sweep_backsolve(system->sweep, k, y, x);
  x[n] = y[n];
  log_p_move(system, x, system->move);
  if (dm_sweep_timed(system->sweep) && !system->floor) {
    dm_sweep_belief_tangent(system->sweep, system->move, system->shift);
  } else {
    dm_sweep_tangent(system->sweep, system->move, system->shift);
    base = x;
  }
  system->tangents++;
  dm_system_centre(system, system->shift);
  const double by = y[n] / system->scale;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double scale = k * cells[g->set_sharp[s]];
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      out[i] = base[i] - scale * system->shift[i] - by * system->slope[i];
  }
  out[n] = dm_dot(system->border, x, n + 1);
}

/* Solves the bordered system for the right-hand side in `rest`, into `step`. */
static double solve_bordered(dm_system *system, double tol)
{
  const size_t n = system->n;
  if (system->dense)
    return solve_dense(system);
  dm_gmres_result found = dm_gmres_run(
      system->gmres, apply, system, system->rest, tol, MOST_PRODUCTS,
      system->before);
  dm_sweep_backsolve(
      system->sweep, dm_system_k(system), system->before, system->step);
  system->step[n] = system->before[n];
  return found.residual;
}

double dm_system_solve(dm_system *system, double tol)
{
  for (size_t i = 0; i < system->n; i++)
    system->rest[i] = -system->rest[i];
  system->rest[system->n] = 0.0;
  return solve_bordered(system, tol);
}

double dm_system_tangent(dm_system *system, double tol)
{
  const size_t n = system->n;
  memset(system->rest, 0, n * sizeof *system->rest);
  system->rest[n] = 1.0;
  double residual = solve_bordered(system, tol);
  double length = sqrt(dm_dot(system->step, system->step, n + 1));
  for (size_t i = 0; length > 0.0 && i <= n; i++)
    system->step[i] /= length;
  return residual;
}

dm_correction dm_system_correct(
    dm_system *system, double tol, uint32_t max_newton, uint32_t *newton)
{
  double before = 0.0;
  double forcing = 0.05;
  dm_system_evaluate(system);
  for (uint32_t it = 0;; it++) {
    double now = system->residual;
    double enough = fmax(tol, system->noise);
    if (now <= enough)
      return DM_CORRECTED;
    if (!isfinite(now) || it >= max_newton)
      return DM_DIVERGED;
    if (it > 0) {
      double ratio = now / before;
      if (ratio > 0.5 && now <= system->rough)
        return DM_CORRECTED;
      if (ratio > (it == 1 ? 2.0 : 0.9))
        return DM_DIVERGED;
      forcing = fmin(0.05, 0.9 * ratio * ratio);
    }
    /* No more accuracy than the last step needs. */
    forcing = fmax(forcing, fmax(1e-10, 0.3 * enough / now));
    before = now;
    if (!(dm_system_solve(system, forcing) < 0.9))
      return DM_LINEAR_FAILED;
    for (size_t i = 0; i <= system->n; i++)
      system->z[i] += system->step[i];
    dm_system_centre(system, system->z);
    ++*newton;
    dm_system_evaluate(system);
  }
}

double dm_system_inverse(dm_system *system, const double *rhs, double tol)
{
  memcpy(system->rest, rhs, (system->n + 1) * sizeof *rhs);
  return solve_bordered(system, tol);
}

int dm_system_sign(dm_system *system)
{
  if (!system->dense)
    return 0;
  factor(system);
  return system->dense->sign;
}
