/* solve/logit.c -- logit agent quantal response equilibrium on the branch that
 * starts from all noise.
 *
 * In:     a sweep with parameters set; k_end.
 * Out:    log probabilities of the equilibrium at k_end; what it took.
 * Method: the points (z, k) with H(z, k) = 0 (system.h) form a curve from
 *         z = 0, k = 0.  It is followed by predictor and corrector:
 *         predict   by the polynomial through the last points, at most four, in
 *                   chord length;
 *         correct   by Newton's method in the plane through the prediction that
 *                   is orthogonal to the predicted move (pseudo-arclength:
 *                   Keller 1977; Allgower and Georg, "Introduction to Numerical
 *                   Continuation Methods", 2003).  The bordered system is
 *                   regular also where the curve turns back in k;
 *         adapt     the step to the prediction's error: it should stay near
 *                   ERROR_AIM in log odds, where Newton's method needs two or
 *                   three iterations.
 *         The first time the curve crosses k_end, k is fixed there and Newton's
 *         method finishes to the tolerance asked for.  Points on the way are
 *         only as accurate as the predictor can use.
 *         Fixed-point iteration with damping is used nowhere: its map stops
 *         being a contraction long before sharpness is interesting.
 * Symmetric games: rounding keeps the curve on the symmetric branch through a
 *         pitchfork, which is the branch that is connected to k = 0.
 * Cost:   per step 2 to 4 sweeps and some 20 to 100 tangent sweeps.
 * Not here: other branches, the limit of large k. */
#include "solve/solver.h"
#include "solve/system.h"

#include "num/expo.h"
#include "num/sum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HISTORY = 4 };

#define ERROR_AIM   0.3  /* log odds: prediction against corrected point */
#define ERROR_MOST  1.5  /* above, the point may lie on another branch */
#define ERROR_PART  0.4  /* of the predicted move: likewise */
#define PATH_TOL    1e-4 /* log odds: residual on the way */
#define CROSSING    0.03 /* log odds: a change of branch is believed below */
#define COS_LEAST   0.9
#define TANGENT_TOL 1e-5
#define MORE_CARE   0.3 /* second attempt: errors allowed are smaller by this */
#define SHRINK      0.3
#define GROW        3.0
#define LEAST       1e-9 /* of the length followed so far: give up */

typedef struct curve {
  dm_system system;
  const dm_solve_options *options;
  double *point[HISTORY]; /* [n + 1] each, newest first */
  double at[HISTORY];     /* chord length, newest first */
  uint32_t count;         /* points held */
  double *guess;          /* [n + 1] the prediction */
  double *tangent;        /* [n + 1] unit direction at point[0] */
  bool straight;          /* predict along `tangent` */
  double *block;
  double length; /* of the next step */
  double care;   /* 1, or MORE_CARE on the second attempt */
  int side;      /* sign of the bordered determinant on this branch */
  dm_solve_result *result;
} curve;

dm_solve_options dm_solve_defaults(void)
{
  return (dm_solve_options){
      .k_end = 1.0,
      .tol_residual = 1e-10,
      .max_steps = 2000,
      .max_newton = 8,
      .gmres_restart = 40,
  };
}

const char *dm_verdict_text(dm_verdict verdict)
{
  switch (verdict) {
  case DM_SOLVED:
    return "solved";
  case DM_NOT_CONVERGED:
    return "not converged";
  case DM_SINGULAR:
    return "stopped at a singular point";
  case DM_STOPPED:
    return "stopped on request";
  }
  return "unknown";
}

static double seconds_now(void)
{
  struct timespec now;
  return timespec_get(&now, TIME_UTC)
             ? (double)now.tv_sec + 1e-9 * (double)now.tv_nsec
             : 0.0;
}

/* Distance in the metric of the path. */
static double distance(const curve *walk, const double *a, const double *b)
{
  size_t n = walk->system.n + 1;
  double *gap = walk->system.step;
  for (size_t i = 0; i < n; i++)
    gap[i] = a[i] - b[i];
  return sqrt(dm_dot(gap, gap, n));
}

/* Weights of the points in the polynomial through them, at chord length t. */
static void weigh(const curve *walk, double t, double weight[HISTORY])
{
  for (uint32_t i = 0; i < walk->count; i++) {
    weight[i] = 1.0;
    for (uint32_t j = 0; j < walk->count; j++)
      if (j != i)
        weight[i] *= (t - walk->at[j]) / (walk->at[i] - walk->at[j]);
  }
}

static double predicted_k(const curve *walk, double t)
{
  const size_t n = walk->system.n;
  if (walk->straight)
    return (walk->point[0][n] + (t - walk->at[0]) * walk->tangent[n]) /
           walk->system.k_scale;
  double weight[HISTORY];
  weigh(walk, t, weight);
  double k = 0.0;
  for (uint32_t i = 0; i < walk->count; i++)
    k += weight[i] * walk->point[i][n];
  return k / walk->system.k_scale;
}

/* Prediction for chord length t into guess. */
static void predict(curve *walk, double t)
{
  const size_t n = walk->system.n;
  if (walk->straight) {
    for (size_t i = 0; i <= n; i++)
      walk->guess[i] = walk->point[0][i] + (t - walk->at[0]) * walk->tangent[i];
    return;
  }
  double weight[HISTORY];
  weigh(walk, t, weight);
  for (size_t i = 0; i <= n; i++) {
    double sum = weight[0] * walk->point[0][i];
    for (uint32_t j = 1; j < walk->count; j++)
      sum += weight[j] * walk->point[j][i];
    walk->guess[i] = sum;
  }
  dm_system_centre(&walk->system, walk->guess);
}

static double newest_k(const curve *walk)
{
  return walk->point[0][walk->system.n] / walk->system.k_scale;
}

/* Where between chord lengths `low` and `high` the polynomial crosses k_end
 * upward; false if it is not above k_end at `high`. */
static bool crossing_between(
    const curve *walk, double low, double high, double *where)
{
  double k_end = walk->options->k_end;
  if (predicted_k(walk, high) < k_end)
    return false;
  for (int i = 0; i < 60; i++) {
    double middle = 0.5 * (low + high);
    if (predicted_k(walk, middle) < k_end)
      low = middle;
    else
      high = middle;
  }
  *where = high;
  return true;
}

static bool crossing(const curve *walk, double t, double *where)
{
  return crossing_between(walk, walk->at[0], t, where);
}

/* The corrector works in the plane through the guess that is orthogonal to
 * this; (0, 1) holds k still. */
static void set_border(curve *walk, bool hold_k)
{
  const size_t n = walk->system.n;
  double *border = walk->system.border;
  memset(border, 0, n * sizeof *border);
  border[n] = 1.0;
  double length = distance(walk, walk->guess, walk->point[0]);
  if (hold_k || !(length > 0.0))
    return;
  for (size_t i = 0; i <= n; i++)
    border[i] = (walk->guess[i] - walk->point[0][i]) / length;
}

/* Corrects the guess; *error is how far it was off in log odds. */
static dm_correction correct(curve *walk, double tol, double *error)
{
  const size_t n = walk->system.n;
  double *z = walk->system.z;
  memcpy(z, walk->guess, (n + 1) * sizeof *z);
  dm_correction how = dm_system_correct(
      &walk->system, tol, walk->options->max_newton, &walk->result->newton);
  double most = 0.0;
  double move = 0.0;
  for (size_t i = 0; i < n; i++) {
    most = fmax(most, fabs(z[i] - walk->guess[i]));
    move = fmax(move, fabs(walk->guess[i] - walk->point[0][i]));
  }
  *error = most;
  bool near = most <= walk->care * fmin(ERROR_MOST, ERROR_PART * move + 1e-6);
  return how == DM_CORRECTED && !near ? DM_DIVERGED : how;
}

/* Cosine of the angle between the corrected step and the curve's direction, or
 * the step before where that is not known; 1 if there was none.  At a bend
 * Newton's method may find the piece that the walk came from. */
static double turn(const curve *walk)
{
  if (walk->count < 2 && !walk->straight)
    return 1.0;
  const double *z = walk->system.z;
  const double *here = walk->point[0];
  const double *last = walk->point[1];
  double *step = walk->system.step;
  double *way = walk->guess;
  size_t n = walk->system.n + 1;
  for (size_t i = 0; i < n; i++) {
    step[i] = z[i] - here[i];
    way[i] = walk->straight ? walk->tangent[i] : here[i] - last[i];
  }
  double both = dm_dot(step, step, n) * dm_dot(way, way, n);
  return both > 0.0 ? dm_dot(step, way, n) / sqrt(both) : 1.0;
}

/* Whether the corrected point may lie on another branch: the determinant's sign
 * differs.  It does so rightly where branches cross, as at the pitchfork of a
 * symmetric game; so once the step is small the change is believed. */
static bool strayed(curve *walk)
{
  const size_t n = walk->system.n;
  double most = 0.0;
  for (size_t i = 0; i < n; i++)
    most = fmax(most, fabs(walk->system.z[i] - walk->point[0][i]));
  memcpy(walk->guess, walk->system.z, (n + 1) * sizeof *walk->guess);
  set_border(walk, false);
  int side = dm_system_sign(&walk->system);
  if (side == 0 || side == walk->side)
    return false;
  if (most > CROSSING)
    return true;
  walk->side = side;
  return false;
}

/* Makes the corrected point the newest of the history. */
static void keep(curve *walk)
{
  const size_t n = walk->system.n;
  double length = distance(walk, walk->system.z, walk->point[0]);
  double *oldest = walk->point[HISTORY - 1];
  for (uint32_t i = HISTORY - 1; i > 0; i--) {
    walk->point[i] = walk->point[i - 1];
    walk->at[i] = walk->at[i - 1];
  }
  walk->point[0] = oldest;
  walk->at[0] = walk->at[1] + length;
  memcpy(oldest, walk->system.z, (n + 1) * sizeof *oldest);
  walk->count += walk->count < HISTORY;
  walk->straight = false;
}

static void adapt(curve *walk, double error)
{
  double wish = dm_log(walk->care * ERROR_AIM / fmax(error, 1e-12));
  double factor = dm_exp(wish / (double)walk->count);
  walk->length *= fmin(GROW, fmax(SHRINK, 0.9 * factor));
}

/* The start, z = 0 at k = 0, and the scale of k against z. */
static void start(curve *walk)
{
  dm_system *system = &walk->system;
  const size_t n = system->n;
  memset(system->z, 0, (n + 1) * sizeof *system->z);
  dm_system_evaluate(system);
  double gain = sqrt(dm_dot(system->gain, system->gain, n));
  double largest = dm_max_abs(system->gain, n);
  double k_end = walk->options->k_end;
  system->k_scale = gain > 0.0 ? gain : 1.0;
  /* The direction at k = 0 is (gain, 1) without any solving. */
  double rate = 1.0 / sqrt(gain * gain + system->k_scale * system->k_scale);
  for (size_t i = 0; i < n; i++)
    walk->tangent[i] = rate * system->gain[i];
  walk->tangent[n] = rate * system->k_scale;
  double first_k = fmin(k_end, walk->care * ERROR_AIM / fmax(largest, 1e-300));
  walk->length = first_k / rate;
  memset(walk->point[0], 0, (n + 1) * sizeof *walk->point[0]);
  walk->at[0] = 0.0;
  walk->count = 1;
  walk->straight = true;
  walk->side = 1; /* of [1, -gain; border] with a border that points forward */
}

/* Finishes at k_end from the prediction at chord length t. */
static dm_correction land(curve *walk, double t)
{
  predict(walk, t);
  walk->guess[walk->system.n] = walk->options->k_end * walk->system.k_scale;
  set_border(walk, true);
  double error = 0.0;
  dm_correction how = correct(walk, walk->options->tol_residual, &error);
  if (how == DM_CORRECTED && strayed(walk))
    how = DM_DIVERGED;
  if (how == DM_CORRECTED)
    keep(walk);
  return how;
}

/* Takes the newest point back: where it lies, k_end was passed, and the landing
 * between it and the one before failed. */
static void forget(curve *walk)
{
  double *newest = walk->point[0];
  for (uint32_t i = 0; i + 1 < HISTORY; i++) {
    walk->point[i] = walk->point[i + 1];
    walk->at[i] = walk->at[i + 1];
  }
  walk->point[HISTORY - 1] = newest;
  walk->count--;
  walk->straight = false;
}

/* After a step that failed: the polynomial through points far apart need not
 * even point forward, so the next attempt goes along the curve's own direction,
 * which takes one more linear system. */
static void face_forward(curve *walk)
{
  const size_t n = walk->system.n;
  double *border = walk->system.border;
  if (walk->straight)
    return;
  memcpy(walk->system.z, walk->point[0], (n + 1) * sizeof *border);
  dm_system_evaluate(&walk->system);
  memcpy(walk->guess, walk->point[0], (n + 1) * sizeof *border);
  memset(border, 0, n * sizeof *border);
  border[n] = 1.0;
  double length =
      walk->count > 1 ? distance(walk, walk->point[0], walk->point[1]) : 0.0;
  for (size_t i = 0; length > 0.0 && i <= n; i++)
    border[i] = (walk->point[0][i] - walk->point[1][i]) / length;
  if (dm_system_tangent(&walk->system, TANGENT_TOL) > 0.1)
    return;
  memcpy(walk->tangent, walk->system.step, (n + 1) * sizeof *border);
  walk->straight = true;
}

/* One step to chord length t.  True when the walk has landed at k_end. */
static bool advance(curve *walk, double t, dm_correction *how)
{
  double where = 0.0;
  if (crossing(walk, t, &where)) {
    *how = land(walk, where);
    return *how == DM_CORRECTED;
  }
  predict(walk, t);
  set_border(walk, false);
  double error = 0.0;
  double most = 0.0;
  for (size_t i = 0; i < walk->system.n; i++)
    most = fmax(most, fabs(walk->guess[i] - walk->point[0][i]));
  *how = correct(walk, fmin(PATH_TOL, fmax(1e-10, 1e-4 * most)), &error);
  if (*how == DM_CORRECTED && (turn(walk) < COS_LEAST || strayed(walk)))
    *how = DM_DIVERGED;
  if (*how != DM_CORRECTED)
    return false;
  keep(walk);
  if (newest_k(walk) < walk->options->k_end) {
    adapt(walk, error);
    return false;
  }
  /* k_end was passed unforeseen: land between the two newest points, and drop
   * the newest if that fails. */
  double newest = walk->at[0];
  if (crossing_between(walk, walk->at[1], newest, &where)) {
    *how = land(walk, where);
    if (*how == DM_CORRECTED)
      return true;
  }
  forget(walk);
  *how = DM_DIVERGED;
  return false;
}

static void follow(curve *walk)
{
  const dm_solve_options *options = walk->options;
  dm_solve_result *result = walk->result;
  start(walk);
  for (;;) {
    dm_correction how = DM_CORRECTED;
    double before = walk->at[0];
    double length = walk->length;
    bool landed = advance(walk, before + length, &how);
    result->steps++;
    result->verdict = landed                    ? DM_SOLVED
                      : how == DM_LINEAR_FAILED ? DM_SINGULAR
                                                : DM_NOT_CONVERGED;
    if (landed)
      return;
    if (how != DM_CORRECTED) {
      walk->length = SHRINK * length;
      face_forward(walk);
      if (walk->length <= LEAST * before || walk->length <= 1e-300)
        return;
    }
    if (result->steps >= options->max_steps || newest_k(walk) < 0.0)
      return;
    if (options->progress &&
        !options->progress(
            options->progress_data, newest_k(walk), result->steps)) {
      result->verdict = DM_STOPPED;
      return;
    }
  }
}

/* Newton's method at k_end from the caller's profile. */
static bool jump(curve *walk)
{
  dm_system *system = &walk->system;
  const size_t n = system->n;
  memcpy(system->z, walk->options->start_log_p, n * sizeof *system->z);
  dm_system_centre(system, system->z);
  system->z[n] = walk->options->k_end * system->k_scale;
  memset(system->border, 0, n * sizeof *system->border);
  system->border[n] = 1.0;
  dm_correction how = dm_system_correct(
      system, walk->options->tol_residual, 2 * walk->options->max_newton,
      &walk->result->newton);
  if (how != DM_CORRECTED)
    return false;
  memcpy(walk->point[0], system->z, (n + 1) * sizeof *system->z);
  walk->result->verdict = DM_SOLVED;
  return true;
}

static dm_status walk_init(
    curve *walk, dm_sweep *sweep, const dm_solve_options *options,
    dm_solve_result *result)
{
  memset(walk, 0, sizeof *walk);
  dm_status status =
      dm_system_init(&walk->system, sweep, options->gmres_restart);
  if (status != DM_OK)
    return status;
  size_t room = walk->system.n + 1;
  walk->block = calloc(room * (HISTORY + 2), sizeof(double));
  if (!walk->block) {
    dm_system_clear(&walk->system);
    return DM_E_MEMORY;
  }
  for (uint32_t i = 0; i < HISTORY; i++)
    walk->point[i] = walk->block + i * room;
  walk->guess = walk->block + HISTORY * room;
  walk->tangent = walk->guess + room;
  walk->options = options;
  walk->result = result;
  return DM_OK;
}

dm_status dm_solve_logit(
    dm_sweep *sweep, const dm_solve_options *options, double *log_p,
    dm_solve_result *result)
{
  memset(result, 0, sizeof *result);
  result->verdict = DM_NOT_CONVERGED;
  if (!(options->k_end >= 0.0) || !isfinite(options->k_end) ||
      !(options->tol_residual > 0.0) || options->gmres_restart == 0)
    return DM_E_RANGE;
  double began = seconds_now();
  curve walk;
  dm_status status = walk_init(&walk, sweep, options, result);
  if (status != DM_OK)
    return status;
  if (!options->start_log_p || !jump(&walk)) {
    walk.care = 1.0;
    follow(&walk);
    /* Many folds close together: a step may have gone over to a piece of the
     * curve that leads back, or nowhere. */
    if (result->verdict == DM_NOT_CONVERGED || result->verdict == DM_SINGULAR) {
      walk.care = MORE_CARE;
      follow(&walk);
    }
  }
  /* Strategies and the sweep's arrays are left at the point that is returned:
   * the last good one if the walk failed. */
  dm_system *system = &walk.system;
  memcpy(system->z, walk.point[0], (system->n + 1) * sizeof *system->z);
  dm_system_evaluate(system);
  memcpy(log_p, system->log_p, system->n * sizeof *log_p);
  result->k =
      result->verdict == DM_SOLVED ? options->k_end : dm_system_k(system);
  result->residual = system->residual;
  result->sweeps = system->sweeps;
  result->tangents = system->tangents;
  result->seconds = seconds_now() - began;
  dm_system_clear(system);
  free(walk.block);
  return DM_OK;
}
