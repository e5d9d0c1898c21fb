/* solve/curve.c -- a curve of solutions, followed by predictor and corrector.
 *
 * In:     a solution and the curve's direction there; a value of the parameter
 *         to land on.
 * Out:    one point further, or the point at that value.
 * Method: the points (z, parameter) with H = 0 (system.h) form a curve.
 *         predict   by the polynomial through the last points, at most four, in
 *                   chord length;
 *         correct   by Newton's method in the plane through the prediction that
 *                   is orthogonal to the predicted move (pseudo-arclength:
 *                   Keller 1977; Allgower and Georg, "Introduction to Numerical
 *                   Continuation Methods", 2003).  The bordered system is
 *                   regular also where the curve turns back;
 *         adapt     the step to the prediction's error: it should stay near
 *                   ERROR_AIM in log odds, where Newton's method needs two or
 *                   three iterations.
 *         Where the curve crosses the target, the parameter is fixed there and
 *         Newton's method finishes to the tolerance asked for.  Points on the
 *         way are only as accurate as the predictor can use.
 *         Fixed-point iteration with damping is used nowhere: its map stops
 *         being a contraction long before sharpness is interesting.
 * Symmetric games: rounding keeps the curve on the symmetric branch through a
 *         pitchfork, which is the branch that it came by.
 * Cost:   per step 2 to 4 sweeps and some 20 to 100 tangent sweeps. */
#include "solve/curve.h"

#include "num/expo.h"
#include "num/sum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HISTORY = DM_CURVE_HISTORY };

#define ERROR_AIM  0.3  /* log odds: prediction against corrected point */
#define ERROR_MOST 1.5  /* above, the point may lie on another branch */
#define ERROR_PART 0.4  /* of the predicted move: likewise */
#define PATH_TOL   1e-4 /* log odds, and of the move: residual on the way */
#define FINE_TOL                                                               \
  1e-8 /* the same in small games, where branches are told apart */
#define CROSSING    0.03 /* log odds: a change of branch is believed below */
#define FAR         50.0 /* log odds: beyond it, errors count in proportion */
#define COS_LEAST   0.9
#define TANGENT_TOL 1e-5
#define SHRINK      0.3
#define GROW        3.0
#define LEAST       1e-9 /* of the length followed so far: give up */

dm_status dm_curve_init(
    dm_curve *curve, dm_sweep *sweep, const double *floor, uint32_t restart,
    uint32_t max_newton)
{
  memset(curve, 0, sizeof *curve);
  dm_status status = dm_system_init(&curve->system, sweep, floor, restart);
  if (status != DM_OK)
    return status;
  size_t room = curve->system.n + 1;
  curve->block = calloc(room * (HISTORY + 2), sizeof(double));
  if (!curve->block) {
    dm_system_clear(&curve->system);
    return DM_E_MEMORY;
  }
  for (uint32_t i = 0; i < HISTORY; i++)
    curve->point[i] = curve->block + i * room;
  curve->guess = curve->block + HISTORY * room;
  curve->tangent = curve->guess + room;
  curve->care = 1.0;
  curve->fine = curve->system.dense;
  curve->tol = 1e-10;
  curve->max_newton = max_newton;
  return DM_OK;
}

void dm_curve_clear(dm_curve *curve)
{
  dm_system_clear(&curve->system);
  free(curve->block);
  memset(curve, 0, sizeof *curve);
}

/* Distance in the metric of the path. */
static double distance(const dm_curve *curve, const double *a, const double *b)
{
  size_t n = curve->system.n + 1;
  double *gap = curve->system.step;
  for (size_t i = 0; i < n; i++)
    gap[i] = a[i] - b[i];
  return sqrt(dm_dot(gap, gap, n));
}

/* Weights of the points in the polynomial through them, at chord length t. */
static void weigh(const dm_curve *curve, double t, double weight[HISTORY])
{
  for (uint32_t i = 0; i < curve->count; i++) {
    weight[i] = 1.0;
    for (uint32_t j = 0; j < curve->count; j++)
      if (j != i)
        weight[i] *= (t - curve->at[j]) / (curve->at[i] - curve->at[j]);
  }
}

static double predicted_at(const dm_curve *curve, double t)
{
  const size_t n = curve->system.n;
  if (curve->straight)
    return (curve->point[0][n] + (t - curve->at[0]) * curve->tangent[n]) /
           curve->system.scale;
  double weight[HISTORY];
  weigh(curve, t, weight);
  double k = 0.0;
  for (uint32_t i = 0; i < curve->count; i++)
    k += weight[i] * curve->point[i][n];
  return k / curve->system.scale;
}

/* Prediction for chord length t into guess. */
static void predict(dm_curve *curve, double t)
{
  const size_t n = curve->system.n;
  if (curve->straight) {
    for (size_t i = 0; i <= n; i++)
      curve->guess[i] =
          curve->point[0][i] + (t - curve->at[0]) * curve->tangent[i];
    return;
  }
  double weight[HISTORY];
  weigh(curve, t, weight);
  for (size_t i = 0; i <= n; i++) {
    double sum = weight[0] * curve->point[0][i];
    for (uint32_t j = 1; j < curve->count; j++)
      sum += weight[j] * curve->point[j][i];
    curve->guess[i] = sum;
  }
  dm_system_centre(&curve->system, curve->guess);
}

double dm_curve_at(const dm_curve *curve)
{
  return curve->point[0][curve->system.n] / curve->system.scale;
}

static bool beyond(const dm_curve *curve, double value)
{
  return curve->toward > 0 ? value >= curve->target : value <= curve->target;
}

/* Where between chord lengths `low` and `high` the polynomial crosses the
 * target; false if it is not beyond it at `high`. */
static bool crossing_between(
    const dm_curve *curve, double low, double high, double *where)
{
  if (!beyond(curve, predicted_at(curve, high)))
    return false;
  for (int i = 0; i < 60; i++) {
    double middle = 0.5 * (low + high);
    if (beyond(curve, predicted_at(curve, middle)))
      high = middle;
    else
      low = middle;
  }
  *where = high;
  return true;
}

bool dm_curve_between(dm_curve *curve, double value)
{
  const size_t n = curve->system.n;
  double low = curve->at[1];
  double high = curve->at[0];
  double from = curve->point[1][n] / curve->system.scale - value;
  if (curve->count < 2 || from * (dm_curve_at(curve) - value) > 0.0)
    return false;
  for (int i = 0; i < 60; i++) {
    double middle = 0.5 * (low + high);
    if ((predicted_at(curve, middle) - value) * from > 0.0)
      low = middle;
    else
      high = middle;
  }
  predict(curve, high);
  return true;
}

void dm_curve_border(dm_curve *curve, bool hold)
{
  const size_t n = curve->system.n;
  double *border = curve->system.border;
  memset(border, 0, n * sizeof *border);
  border[n] = 1.0;
  double length = distance(curve, curve->guess, curve->point[0]);
  if (hold || !(length > 0.0))
    return;
  for (size_t i = 0; i <= n; i++)
    border[i] = (curve->guess[i] - curve->point[0][i]) / length;
}

/* How far the odds at `z` have gone: 1, or the largest beside FAR. */
static double far_out(const dm_curve *curve, const double *z)
{
  return fmax(1.0, dm_max_abs(z, curve->system.n) / FAR);
}

/* Corrects the guess; *error is how far it was off in log odds. */
static dm_correction correct(dm_curve *curve, double tol, double *error)
{
  const size_t n = curve->system.n;
  double *z = curve->system.z;
  memcpy(z, curve->guess, (n + 1) * sizeof *z);
  dm_correction how =
      dm_system_correct(&curve->system, tol, curve->max_newton, &curve->newton);
  double most = 0.0;
  double move = 0.0;
  for (size_t i = 0; i < n; i++) {
    double unit = fmax(1.0, fabs(z[i]) / FAR);
    most = fmax(most, fabs(z[i] - curve->guess[i]) / unit);
    move = fmax(move, fabs(curve->guess[i] - curve->point[0][i]));
  }
  *error = most;
  bool near = most <= curve->care * fmin(ERROR_MOST, ERROR_PART * move + 1e-6);
  return how == DM_CORRECTED && !near ? DM_DIVERGED : how;
}

/* Cosine of the angle between the corrected step and the curve's direction, or
 * the step before where that is not known; 1 if there was none.  At a bend
 * Newton's method may find the piece that the curve came from. */
static double turn(const dm_curve *curve)
{
  if (curve->count < 2 && !curve->straight)
    return 1.0;
  const double *z = curve->system.z;
  const double *here = curve->point[0];
  const double *last = curve->point[1];
  double *step = curve->system.step;
  double *way = curve->guess;
  size_t n = curve->system.n + 1;
  for (size_t i = 0; i < n; i++) {
    step[i] = z[i] - here[i];
    way[i] = curve->straight ? curve->tangent[i] : here[i] - last[i];
  }
  double both = dm_dot(step, step, n) * dm_dot(way, way, n);
  return both > 0.0 ? dm_dot(step, way, n) / sqrt(both) : 1.0;
}

/* Whether the corrected point may lie on another branch: the determinant's sign
 * differs.  It does so rightly where branches cross, as at the pitchfork of a
 * symmetric game; so once the step is small the change is believed. */
static bool strayed(dm_curve *curve)
{
  const size_t n = curve->system.n;
  double most = 0.0;
  for (size_t i = 0; i < n; i++)
    most = fmax(most, fabs(curve->system.z[i] - curve->point[0][i]));
  memcpy(curve->guess, curve->system.z, (n + 1) * sizeof *curve->guess);
  dm_curve_border(curve, false);
  int side = dm_system_sign(&curve->system);
  if (side == 0 || side == curve->side)
    return false;
  if (most > CROSSING && curve->side != 0)
    return true;
  curve->side = side;
  return false;
}

/* Makes the corrected point the newest of the history. */
static void keep(dm_curve *curve)
{
  const size_t n = curve->system.n;
  double length = distance(curve, curve->system.z, curve->point[0]);
  if (!(length > 0.0))
    return;
  double *oldest = curve->point[HISTORY - 1];
  for (uint32_t i = HISTORY - 1; i > 0; i--) {
    curve->point[i] = curve->point[i - 1];
    curve->at[i] = curve->at[i - 1];
  }
  curve->point[0] = oldest;
  curve->at[0] = curve->at[1] + length;
  memcpy(oldest, curve->system.z, (n + 1) * sizeof *oldest);
  curve->count += curve->count < HISTORY;
  curve->straight = false;
}

static void adapt(dm_curve *curve, double error)
{
  double wish = dm_log(curve->care * ERROR_AIM / fmax(error, 1e-12));
  double factor = dm_exp(wish / (double)curve->count);
  curve->length *= fmin(GROW, fmax(SHRINK, 0.9 * factor));
}

void dm_curve_begin(dm_curve *curve)
{
  dm_system *system = &curve->system;
  const size_t n = system->n;
  memcpy(curve->point[0], system->z, (n + 1) * sizeof *system->z);
  curve->at[0] = 0.0;
  curve->count = 1;
  curve->straight = true;
  double largest = dm_max_abs(curve->tangent, n);
  curve->length = curve->care * ERROR_AIM / fmax(largest, 1e-300);
  /* A little more than the whole way lands at once. */
  double rate = fabs(curve->tangent[n]) / system->scale;
  double way = fabs(curve->target - dm_curve_at(curve));
  if (rate * curve->length > way)
    curve->length = 1.0001 * way / rate;
}

void dm_curve_resume(dm_curve *curve)
{
  curve->at[0] = 0.0;
  curve->count = 1;
  keep(curve);
  curve->length = curve->at[0];
}

dm_correction dm_curve_visit(dm_curve *curve, double t, double tol)
{
  dm_system *system = &curve->system;
  predict(curve, t);
  memcpy(system->z, curve->guess, (system->n + 1) * sizeof *system->z);
  return dm_system_correct(system, tol, 2 * curve->max_newton, &curve->newton);
}

void dm_curve_look(dm_curve *curve, double t)
{
  dm_system *system = &curve->system;
  predict(curve, t);
  memcpy(system->z, curve->guess, (system->n + 1) * sizeof *system->z);
  dm_system_evaluate(system);
}

void dm_curve_return(dm_curve *curve)
{
  dm_system *system = &curve->system;
  memcpy(system->z, curve->point[0], (system->n + 1) * sizeof *system->z);
  dm_system_evaluate(system);
}

dm_correction dm_curve_polish(dm_curve *curve, double tol, uint32_t most)
{
  dm_curve_border(curve, true);
  return dm_system_correct(&curve->system, tol, most, &curve->newton);
}

/* Finishes at the target from the prediction in guess. */
static dm_correction land(dm_curve *curve)
{
  curve->guess[curve->system.n] = curve->target * curve->system.scale;
  dm_curve_border(curve, true);
  double error = 0.0;
  dm_correction how = correct(curve, curve->tol, &error);
  if (how == DM_CORRECTED && strayed(curve))
    how = DM_DIVERGED;
  if (how == DM_CORRECTED)
    keep(curve);
  return how;
}

/* Takes the newest point back: the target lies before it. */
static void forget(dm_curve *curve)
{
  double *newest = curve->point[0];
  for (uint32_t i = 0; i + 1 < HISTORY; i++) {
    curve->point[i] = curve->point[i + 1];
    curve->at[i] = curve->at[i + 1];
  }
  curve->point[HISTORY - 1] = newest;
  curve->count--;
  curve->straight = false;
}

/* After a step that failed: the polynomial through points far apart need not
 * even point forward, so the next attempt goes along the curve's own direction,
 * which takes one more linear system. */
static void face_forward(dm_curve *curve)
{
  const size_t n = curve->system.n;
  double *border = curve->system.border;
  if (curve->straight)
    return;
  memcpy(curve->system.z, curve->point[0], (n + 1) * sizeof *border);
  dm_system_evaluate(&curve->system);
  memcpy(curve->guess, curve->point[0], (n + 1) * sizeof *border);
  memset(border, 0, n * sizeof *border);
  border[n] = 1.0;
  double length = curve->count > 1
                      ? distance(curve, curve->point[0], curve->point[1])
                      : 0.0;
  for (size_t i = 0; length > 0.0 && i <= n; i++)
    border[i] = (curve->point[0][i] - curve->point[1][i]) / length;
  double tol = TANGENT_TOL / far_out(curve, curve->point[0]);
  if (dm_system_tangent(&curve->system, fmax(1e-12, tol)) > 0.1)
    return;
  memcpy(curve->tangent, curve->system.step, (n + 1) * sizeof *border);
  curve->straight = true;
}

/* One step to chord length t.  True when the curve has landed. */
static bool attempt(dm_curve *curve, double t, dm_correction *how)
{
  double where = 0.0;
  if (crossing_between(curve, curve->at[0], t, &where)) {
    predict(curve, where);
    *how = land(curve);
    return *how == DM_CORRECTED;
  }
  predict(curve, t);
  dm_curve_border(curve, false);
  double error = 0.0;
  double most = 0.0;
  for (size_t i = 0; i < curve->system.n; i++)
    most = fmax(most, fabs(curve->guess[i] - curve->point[0][i]));
  double part = curve->fine ? FINE_TOL : PATH_TOL;
  double tol = part * fmin(1.0, fmax(1e-6, most));
  *how = correct(curve, tol / far_out(curve, curve->guess), &error);
  if (*how == DM_CORRECTED && (turn(curve) < COS_LEAST || strayed(curve)))
    *how = DM_DIVERGED;
  if (*how != DM_CORRECTED)
    return false;
  keep(curve);
  if (!beyond(curve, dm_curve_at(curve))) {
    adapt(curve, error);
    return false;
  }
  /* The target was passed unforeseen: land between the two newest points; the
   * newest is dropped, since the curve may have to go on from the landing. */
  bool found = crossing_between(curve, curve->at[1], curve->at[0], &where);
  if (found)
    predict(curve, where);
  forget(curve);
  *how = found ? land(curve) : DM_DIVERGED;
  return *how == DM_CORRECTED;
}

dm_curve_step dm_curve_advance(dm_curve *curve)
{
  dm_correction how = DM_CORRECTED;
  double before = curve->at[0];
  double length = curve->length;
  if (attempt(curve, before + length, &how))
    return DM_CURVE_LANDED;
  if (how == DM_CORRECTED)
    return DM_CURVE_ON;
  curve->length = SHRINK * length;
  face_forward(curve);
  if (curve->length > LEAST * before && curve->length > 1e-300)
    return DM_CURVE_BACK;
  return how == DM_LINEAR_FAILED ? DM_CURVE_SINGULAR : DM_CURVE_STUCK;
}
