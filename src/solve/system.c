/* solve/system.c -- residual, Newton step and Newton's method for logit
 * equilibrium.
 *
 * In:     a sweep with its parameters set; a point (z, k).
 * Method: H and its derivative are one sweep and one tangent sweep; no matrix
 *         is formed.  A step solves the bordered system by GMRES
 *           [ I - k s C Q'(z)   -s C Q ] [dz]   [-H]
 *           [      border^T            ] [dk] = [ 0]
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
  SIGN_MOST = 64,      /* unknowns, for the sign of a determinant */
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

dm_status dm_system_init(dm_system *system, dm_sweep *sweep, uint32_t restart)
{
  memset(system, 0, sizeof *system);
  system->sweep = sweep;
  system->game = dm_sweep_game(sweep);
  system->n = system->game->n_slots;
  system->k_scale = 1.0;
  size_t n = system->n;
  size_t room = n + 1;
  /* In large games Krylov vectors would outweigh the game itself; there, few
   * are needed, since the preconditioner does most of the work. */
  if (n > LARGE && restart > LARGE_RESTART)
    restart = LARGE_RESTART;
  size_t unknowns = n - system->game->n_sets + 1;
  if (unknowns <= SIGN_MOST && restart <= unknowns)
    restart = (uint32_t)unknowns + 1;
  if (restart > room)
    restart = (uint32_t)room;
  system->gmres = dm_gmres_new(n + 1, restart);
  double *all = room > SIZE_MAX / 256 ? NULL : calloc(room * 10, sizeof *all);
  if (!system->gmres || !all) {
    free(all);
    dm_gmres_free(system->gmres);
    memset(system, 0, sizeof *system);
    return DM_E_MEMORY;
  }
  system->z = all;
  system->log_p = all + room;
  system->gain = all + 2 * room;
  system->rest = all + 3 * room;
  system->border = all + 4 * room;
  system->step = all + 5 * room;
  system->move = all + 6 * room;
  system->shift = all + 7 * room;
  system->inner = all + 8 * room;
  system->before = all + 9 * room;
  system->border[n] = 1.0;
  system->loud = loudness(system);
  return DM_OK;
}

void dm_system_clear(dm_system *system)
{
  dm_gmres_free(system->gmres);
  free(system->z);
  memset(system, 0, sizeof *system);
}

double dm_system_k(const dm_system *system)
{
  return system->z[system->n] / system->k_scale;
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

void dm_system_evaluate(dm_system *system)
{
  const dm_game *g = system->game;
  const double k = dm_system_k(system);
  for (uint32_t s = 0; s < g->n_sets; s++)
    dm_log_softmax(
        system->z + g->set_slot[s], g->set_slot[s + 1] - g->set_slot[s],
        system->log_p + g->set_slot[s]);
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
  system->rest[system->n] = 0.0;
  system->residual = dm_max_abs(system->rest, system->n);
  /* Q is a sum of payoffs rounded to 2^-53 of the largest; log p, rounded to
   * 2^-53 of itself, makes the beliefs in it as uncertain. */
  double unit = 0x1p-53 * fabs(k) * loudest;
  system->noise = 64.0 * unit;
  system->rough = (64.0 + 4.0 * dm_max_abs(system->z, system->n)) * unit;
}

/* d log p of each set when its z moves by x. */
static void log_p_move(const dm_system *system, const double *x, double *move)
{
  const dm_game *g = system->game;
  const double *p = dm_sweep_p(system->sweep);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double mean = 0.0;
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      mean += p[i] * x[i];
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      move[i] = x[i] - mean;
  }
}

/* One product with the bordered matrix times the preconditioner, A M^-1 y with
 * M = I - k s C Q'_V (values move, beliefs do not) in the part of z.  Where M
 * is inverted exactly,
 *   A M^-1 = I - k s C Q'_B M^-1,
 * and only the movement of beliefs is left to compute. */
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
  if (dm_sweep_timed(system->sweep)) {
    dm_sweep_belief_tangent(system->sweep, system->move, system->shift);
  } else {
    dm_sweep_tangent(system->sweep, system->move, system->shift);
    base = x;
  }
  system->tangents++;
  dm_system_centre(system, system->shift);
  const double dk = y[n] / system->k_scale;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double scale = k * cells[g->set_sharp[s]];
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      out[i] = base[i] - scale * system->shift[i] - dk * system->gain[i];
  }
  out[n] = dm_dot(system->border, x, n + 1);
}

/* Solves the bordered system for the right-hand side in `rest`, into `step`. */
static double solve_bordered(dm_system *system, double tol)
{
  const size_t n = system->n;
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

int dm_system_sign(dm_system *system)
{
  const size_t n = system->n;
  /* Means do not move: so many unknowns are left, and k. */
  size_t unknowns = n - system->game->n_sets + 1;
  if (unknowns > SIGN_MOST)
    return 0;
  double *start = system->before;
  /* Any vector that is not special will do, as long as it is always the same:
   * a game's symmetry must not hide a direction. */
  uint64_t seed = 88172645463325252u;
  for (size_t i = 0; i < n; i++) {
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    start[i] = (double)(seed >> 11) * 0x1p-53 - 0.5;
  }
  dm_system_centre(system, start);
  start[n] = 1.0;
  return dm_gmres_sign(system->gmres, apply, system, start, SIGN_MOST + 1);
}
