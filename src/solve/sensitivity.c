/* solve/sensitivity.c -- derivatives of odds and values by all parameters,
 * one linear system for all of them.
 *
 * In:     an equilibrium (z, parameters) of H = z - k s C Q(softmax z) = 0, and
 *         an answer a(z, parameters), a sum of reaches of endings
 *         and of values at the start.
 * Out:    da/dparameter, what it took and how far it is to be trusted.
 * Method: implicit function theorem with the adjoint system
 *           H_z^T mu = a_z,   da = a_param - mu^T H_param.
 *         With q' = k s C mu the last is one reverse sweep (game/adjoint.c),
 *         which yields derivatives by cells, and these those by parameters.
 *         H_z^T = I - P^T Q_z^T C s k, P taking the mean under p away.
 *         GMRES on H_z^T M^-T y = a_z, M the part of H_z that goes through
 *         values alone, inverted by one forward substitution; what is left is
 *         I less the feedback of beliefs, so y stays of the size of a_z but
 *         near folds and crossings of branches.  That is the test of trust.
 * Source: Giles and Pierce, "An introduction to the adjoint approach to
 *         design", Flow, Turbulence and Combustion 65 (2000).
 * Cost:   as one Newton step of the solver and three sweeps, whatever the
 *         number of parameters. */
#include "solve/sensitivity.h"

#include "num/gmres.h"
#include "num/sum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PRODUCTS = 400, RESTART = 40, LARGE = 20000, LARGE_RESTART = 24 };

static const double TOL = 1e-11;
static const double MOST_OFF = 1e-6;
static const double MOST_RESIDUAL = 1e-7;
static const double MOST_GROWTH = 300.0;
/* Of the answer: derivatives below are what rounding leaves of none. */
static const double ROUNDING = 1e-14;

typedef struct dm_adjoint {
  dm_sweep *sweep;
  const dm_game *game;
  double k;
  bool timed;
  double *direct;   /* [n_slots] a_z */
  double *before;   /* [n_slots] y */
  double *mu;       /* [n_slots] */
  double *q_bar;    /* [n_slots] k s C mu */
  double *log_p;    /* [n_slots] derivatives by log p */
  double *cell_bar; /* [n_cells] */
  dm_gmres *gmres;
  uint32_t products;
} dm_adjoint;

/* x less its sum in each set times p: the transpose of taking the mean under p
 * away. */
static void less_sum(const dm_adjoint *a, double *x)
{
  const dm_game *g = a->game;
  const double *p = dm_sweep_p(a->sweep);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double sum = 0.0;
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      sum += x[i];
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      x[i] -= p[i] * sum;
  }
}

static void find_q_bar(dm_adjoint *a)
{
  const dm_game *g = a->game;
  const double *cells = dm_sweep_cells(a->sweep);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t begin = g->set_slot[s];
    uint32_t end = g->set_slot[s + 1];
    double scale = a->k * cells[g->set_sharp[s]];
    double sum = 0.0;
    for (uint32_t i = begin; i < end; i++)
      sum += a->mu[i];
    double mean = sum / (double)(end - begin);
    for (uint32_t i = begin; i < end; i++)
      a->q_bar[i] = scale * (a->mu[i] - mean);
  }
}

/* out = H_z^T M^-T y; mu on the way. */
static void apply(void *data, const double *y, double *out)
{
  dm_adjoint *a = data;
  const size_t n = a->game->n_slots;
  const double *base = y;
  a->products++;
  if (a->timed) {
    dm_sweep_foresolve(a->sweep, a->k, y, a->mu);
    find_q_bar(a);
    dm_sweep_belief_adjoint(a->sweep, a->q_bar, a->log_p);
  } else {
    memcpy(a->mu, y, n * sizeof *y);
    find_q_bar(a);
    dm_sweep_adjoint(a->sweep, a->q_bar, NULL, a->log_p, NULL);
  }
  less_sum(a, a->log_p);
  for (size_t i = 0; i < n; i++)
    out[i] = base[i] - a->log_p[i];
}

static void solve(dm_adjoint *a)
{
  (void)dm_gmres_run(
      a->gmres, apply, a, a->direct, TOL, MOST_PRODUCTS, a->before);
  if (a->timed)
    dm_sweep_foresolve(a->sweep, a->k, a->before, a->mu);
  else
    memcpy(a->mu, a->before, a->game->n_slots * sizeof *a->mu);
  find_q_bar(a);
}

/* Sharpness stands in H by itself; the residual of the point on the way. */
static void by_sharpness(
    dm_adjoint *a, const double *log_p, dm_sensitivity *out)
{
  const dm_game *g = a->game;
  const double *q = dm_sweep_q(a->sweep);
  const double *cells = dm_sweep_cells(a->sweep);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t begin = g->set_slot[s];
    uint32_t end = g->set_slot[s + 1];
    double sharp = cells[g->set_sharp[s]];
    double mean_q = 0.0;
    double mean_z = 0.0;
    for (uint32_t i = begin; i < end; i++) {
      mean_q += q[i];
      mean_z += log_p[i];
    }
    mean_q /= (double)(end - begin);
    mean_z /= (double)(end - begin);
    double sum = 0.0;
    for (uint32_t i = begin; i < end; i++) {
      double gain = q[i] - mean_q;
      sum += a->mu[i] * gain;
      out->off = fmax(out->off, fabs(log_p[i] - mean_z - a->k * sharp * gain));
    }
    a->cell_bar[g->set_sharp[s]] += a->k * sum;
    out->by_k += sharp * sum;
  }
}

static double length(const double *x, size_t n)
{
  return sqrt(dm_dot(x, x, n));
}

/* H_z^T mu - a_z again, from the last reverse sweep: with a_z in it, its
 * derivatives by log p are mu but for the error. */
static void judge(dm_adjoint *a, dm_sensitivity *out)
{
  const size_t n = a->game->n_slots;
  const double size = length(a->direct, n);
  less_sum(a, a->log_p);
  for (size_t i = 0; i < n; i++)
    a->log_p[i] -= a->mu[i];
  out->residual = size > 0.0 ? length(a->log_p, n) / size : 0.0;
  out->growth = size > 0.0 ? length(a->before, n) / size : 1.0;
  if (!(out->off <= MOST_OFF))
    out->doubt |= DM_DOUBT_POINT;
  if (!(out->residual <= MOST_RESIDUAL))
    out->doubt |= DM_DOUBT_LINEAR;
  if (!(out->growth <= MOST_GROWTH))
    out->doubt |= DM_DOUBT_TURN;
}

static double most_pay(const dm_sweep *sweep)
{
  const dm_game *g = dm_sweep_game(sweep);
  const double *cells = dm_sweep_cells(sweep);
  double most = 0.0;
  for (size_t i = 0; i < (size_t)g->n_rows * g->n_players; i++)
    most = fmax(most, fabs(cells[g->row_cell[i]]));
  return most;
}

/* The answer, and of what size are the numbers that make it. */
static double answer(
    const dm_sweep *sweep, const dm_weights *weights, double *size)
{
  const dm_game *g = dm_sweep_game(sweep);
  double sum = 0.0;
  *size = 0.0;
  for (uint32_t n = 0; weights->end && n < g->n_nodes; n++) {
    double w = g->node_set[n] >= DM_NODE_END
                   ? weights->end[g->node_set[n] - DM_NODE_END]
                   : 0.0;
    double part = w != 0.0 ? w * dm_sweep_reach(sweep, n) : 0.0;
    sum += part;
    *size += fabs(part);
  }
  const double pay = weights->value ? most_pay(sweep) : 0.0;
  for (uint32_t a = 0; weights->value && a < g->n_players; a++) {
    sum += weights->value[a] * dm_sweep_value(sweep, 0, a);
    *size += fabs(weights->value[a]) * pay;
  }
  return sum;
}

static void run(
    dm_adjoint *a, const double *log_p, const dm_weights *weights,
    double *by_param, dm_sensitivity *out)
{
  const dm_game *g = a->game;
  dm_sweep_run(a->sweep, log_p);
  double size;
  out->answer = answer(a->sweep, weights, &size);
  dm_sweep_adjoint(a->sweep, NULL, weights, a->direct, NULL);
  less_sum(a, a->direct);
  if (dm_max_abs(a->direct, g->n_slots) > ROUNDING * size)
    solve(a);
  else
    memset(a->direct, 0, g->n_slots * sizeof *a->direct);
  dm_sweep_adjoint(a->sweep, a->q_bar, weights, a->log_p, a->cell_bar);
  by_sharpness(a, log_p, out);
  judge(a, out);
  dm_cells_adjoint(g, dm_sweep_cells(a->sweep), a->cell_bar, by_param);
  out->products = a->products;
  out->passes = a->products > 0 ? 4 : 3;
}

dm_status dm_sensitivity_run(
    dm_sweep *sweep, const double *log_p, double k, const dm_weights *weights,
    double *by_param, dm_sensitivity *out)
{
  const dm_game *g = dm_sweep_game(sweep);
  const size_t n = g->n_slots;
  uint32_t restart = n > LARGE ? LARGE_RESTART : RESTART;
  if (restart > n + 1)
    restart = (uint32_t)n + 1;
  memset(out, 0, sizeof *out);
  dm_adjoint a = {
      .sweep = sweep, .game = g, .k = k, .timed = dm_sweep_timed(sweep)};
  double *all = calloc(5 * n + g->n_cells + 1, sizeof *all);
  a.gmres = dm_gmres_new(n > 0 ? n : 1, restart);
  if (!all || !a.gmres) {
    free(all);
    dm_gmres_free(a.gmres);
    return DM_E_MEMORY;
  }
  a.direct = all;
  a.before = all + n;
  a.mu = all + 2 * n;
  a.q_bar = all + 3 * n;
  a.log_p = all + 4 * n;
  a.cell_bar = all + 5 * n;
  run(&a, log_p, weights, by_param, out);
  free(all);
  dm_gmres_free(a.gmres);
  return DM_OK;
}

const char *dm_doubt_text(unsigned doubt)
{
  if (doubt & DM_DOUBT_POINT)
    return "the point is no equilibrium";
  if (doubt & DM_DOUBT_LINEAR)
    return "the linear system was not solved";
  if (doubt & DM_DOUBT_TURN)
    return "branches of equilibria turn or cross nearby";
  return "";
}
