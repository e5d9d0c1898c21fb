/* solve/watch.c -- what is met between two points of the curve.
 *
 * In:     a walk whose curve made a step, evaluated at its newest point.
 * Out:    turns (folds) and crossings of branches (bifurcations), each located
 *         and told of.
 * Method: Turn: k changes its direction; where the direction of the curve has
 *         no part in k, by regula falsi.
 *         Branch: the bordered matrix A is singular there and nowhere else, with
 *         a border that points forward (Keller 1977).  One step of inverse
 *         iteration is made at each point, w = A^-1 r with r = u + a little of a
 *         fixed b and u the direction of the last w: u turns towards the
 *         eigenvalue that is nearest to 0, and b keeps others from being
 *         forgotten.  1 / (u . w) is near that eigenvalue; where it changes its
 *         sign, its zero is found by regula falsi with u and r held still, and
 *         w there is the direction in which the other branch leaves.  Unlike
 *         the determinant it sees also two eigenvalues that vanish at once, as
 *         between several alike players.  Where w is largest without changing
 *         sides, it is looked for whether it grows without bound: several
 *         eigenvalues that depend on one another.
 * Regula falsi is Illinois' (Dowell and Jarratt, BIT 11, 1971).
 * Numerics: small games have w by elimination.  In large ones GMRES solves for
 *         it, loosely.  What is not seen: two different crossings within one
 *         step, and in large games a crossing whose eigenvalue went through 0
 *         so fast that u had not turned to it.
 * Cost:   one linear system a step, unless crossings are not wanted; some 15 for
 *         each event.  Nothing, if nobody is to be told and the walk cannot come
 *         back to a crossing.
 * Not here: following the other branches (branch.c). */
#include "solve/walk.h"

#include "num/sum.h"

#include <math.h>
#include <string.h>

enum { TRIES = 60 };

#define PROBE_TOL 1e-2 /* of GMRES for w */
#define SPICE     0.1  /* of b in r */
#define PEAK      1e5  /* w beside its neighbours: without bound */
#define ROUGHLY   1e-3 /* residual of a place that will do */
#define SAME      1e-3 /* log odds between two crossings that are one */
#define AWAY      0.1  /* length followed before a crossing can be that again */
#define CLOSE     1e-9 /* of k, or of the step: located */

typedef struct hunt {
  dm_walk *walk;
  double low, high; /* chord lengths */
  double f_low, f_high;
  double f_last;                               /* at the last visit */
  bool (*value)(struct hunt *hunt, double *f); /* at the point visited */
} hunt;

/* Regula falsi until the interval is closed or a value vanishes; the system is
 * left at the last visit.  False: no point of the curve was found. */
static bool close_in(hunt *h)
{
  dm_curve *curve = &h->walk->curve;
  const double tol = h->walk->options->tol_residual;
  const double width = h->high - h->low;
  double k_last = -1.0;
  int side = 0;
  for (int i = 0; i < TRIES; i++) {
    double part = h->f_low / (h->f_low - h->f_high);
    /* Far out at one end, halving is better. */
    if (!(part > 0.01 && part < 0.99) || i % 4 == 3)
      part = 0.5;
    double t = h->low + part * (h->high - h->low);
    double f = 0.0;
    /* Very near to where branches cross Newton's method may fail; the curve
     * between its points is known well enough. */
    if (dm_curve_visit(curve, t, tol) != DM_CORRECTED)
      dm_curve_look(curve, t);
    if (!(curve->system.residual < ROUGHLY) || !h->value(h, &f))
      return false;
    double k = dm_system_k(&curve->system);
    h->f_last = f;
    if (f == 0.0 || h->high - h->low < CLOSE * width ||
        fabs(k - k_last) < 1e-3 * CLOSE * k)
      return true;
    k_last = k;
    if ((f < 0.0) == (h->f_low < 0.0)) {
      h->low = t;
      h->f_low = f;
      h->f_high *= side < 0 ? 0.5 : 1.0;
      side = -1;
    } else {
      h->high = t;
      h->f_high = f;
      h->f_low *= side > 0 ? 0.5 : 1.0;
      side = 1;
    }
  }
  return true;
}

/* The border from one of the points held to the newest. */
static void set_border(dm_curve *curve, uint32_t from)
{
  const size_t n = curve->system.n + 1;
  double *border = curve->system.border;
  for (size_t i = 0; i < n; i++)
    border[i] = curve->point[0][i] - curve->point[from][i];
  double length = sqrt(dm_dot(border, border, n));
  for (size_t i = 0; length > 0.0 && i < n; i++)
    border[i] /= length;
}

/* ---- turns ---------------------------------------------------------------- */

static bool rise_of_k(hunt *h, double *f)
{
  dm_system *system = &h->walk->curve.system;
  if (dm_system_tangent(system, 1e-8) > 1e-3)
    return false;
  *f = system->step[system->n];
  return true;
}

static bool watch_turn(dm_walk *walk)
{
  dm_curve *curve = &walk->curve;
  const size_t n = curve->system.n;
  if (curve->count < 3)
    return true;
  double newer = curve->point[0][n] - curve->point[1][n];
  double older = curve->point[1][n] - curve->point[2][n];
  if (!(newer * older < 0.0))
    return true;
  hunt h = {
      .walk = walk,
      .low = curve->at[2],
      .high = curve->at[0],
      .value = rise_of_k};
  set_border(curve, 2);
  const double tol = walk->options->tol_residual;
  bool found = dm_curve_visit(curve, h.low, tol) == DM_CORRECTED &&
               rise_of_k(&h, &h.f_low) &&
               dm_curve_visit(curve, h.high, tol) == DM_CORRECTED &&
               rise_of_k(&h, &h.f_high) && h.f_low * h.f_high < 0.0 &&
               close_in(&h);
  bool more = !found || dm_walk_tell(walk, DM_POINT_TURN, NULL);
  dm_curve_return(curve);
  return more;
}

/* ---- branches ------------------------------------------------------------- */

/* w of the last evaluation, of unit length, into `probe`; its length. */
static bool probe(dm_walk *walk, double *length)
{
  dm_system *system = &walk->curve.system;
  const size_t n = system->n + 1;
  (void)dm_system_inverse(system, walk->rhs, PROBE_TOL);
  *length = sqrt(dm_dot(system->step, system->step, n));
  if (!(*length > 0.0) || !isfinite(*length))
    return false;
  for (size_t i = 0; i < n; i++)
    walk->probe[i] = system->step[i] / *length;
  return true;
}

/* 1 / (u . w) */
static double nearness(const dm_walk *walk, double length)
{
  size_t n = walk->curve.system.n + 1;
  double along = length * dm_dot(walk->probe, walk->weight, n);
  return 1.0 / (along != 0.0 ? along : 1e-300);
}

static bool side_of_branch(hunt *h, double *f)
{
  double length = 0.0;
  if (!probe(h->walk, &length))
    return false;
  *f = nearness(h->walk, length);
  return true;
}

/* Whether what was closed in upon is a crossing of branches: not a place where
 * u . w vanishes, and 1 / (u . w) has no zero but a pole. */
static bool is_branch(const hunt *h, double f_before, double f_behind)
{
  return fabs(h->f_last) < 1e-3 * fmax(fabs(f_before), fabs(f_behind));
}

/* Whether the crossing is the one where the walk began. */
static bool came_back(const dm_walk *walk)
{
  const dm_system *system = &walk->curve.system;
  if (!walk->ring || walk->curve.at[0] < AWAY)
    return false;
  double gap = 0.0;
  for (size_t i = 0; i < system->n; i++)
    gap = fmax(gap, fabs(system->z[i] - walk->origin[i]));
  return gap < SAME;
}

/* The point of the last visit is a crossing.  False: to stop. */
static bool report(dm_walk *walk)
{
  const size_t n = walk->curve.system.n;
  double length = sqrt(dm_dot(walk->probe, walk->probe, n));
  for (size_t i = 0; length > 0.0 && i < n; i++)
    walk->probe[i] /= length;
  if (!dm_walk_tell(walk, DM_POINT_BRANCH, walk->probe))
    return false;
  if (!came_back(walk))
    return true;
  walk->result->verdict = DM_CLOSED;
  return false;
}

/* f_behind: at the newest point.  False: there is none. */
static bool locate_branch(dm_walk *walk, double f_behind, bool *more)
{
  dm_curve *curve = &walk->curve;
  hunt h = {
      .walk = walk,
      .low = curve->at[1],
      .high = curve->at[0],
      .f_high = f_behind,
      .value = side_of_branch};
  const double tol = walk->options->tol_residual;
  bool found = dm_curve_visit(curve, h.low, tol) == DM_CORRECTED &&
               side_of_branch(&h, &h.f_low) && h.f_low * h.f_high < 0.0;
  double f_before = h.f_low;
  found = found && close_in(&h) && is_branch(&h, f_before, f_behind);
  if (found)
    *more = report(walk);
  dm_curve_return(curve);
  return found;
}

/* w grew up to the point before the newest and then shrank, on one side: where
 * it is largest it may be without bound.  So it is where several eigenvalues
 * vanish at once and depend on one another, as in a game played twice. */
static bool locate_peak(dm_walk *walk, double least)
{
  dm_curve *curve = &walk->curve;
  const double tol = walk->options->tol_residual;
  const double golden = 0.3819660112501051;
  double low = curve->at[2];
  double high = curve->at[0];
  double t = low + golden * (high - low);
  double best = 0.0;
  set_border(curve, 2);
  if (dm_curve_visit(curve, t, tol) == DM_CORRECTED)
    (void)probe(walk, &best);
  /* Newton's method fails at last, where w is without bound indeed. */
  for (int i = 0; i < TRIES && best > 0.0; i++) {
    bool right = high - t > t - low;
    double other = right ? t + golden * (high - t) : t - golden * (t - low);
    double length = 0.0;
    if (dm_curve_visit(curve, other, tol) != DM_CORRECTED ||
        !probe(walk, &length))
      break;
    *(length > best ? (right ? &low : &high) : (right ? &high : &low)) =
        length > best ? t : other;
    t = length > best ? other : t;
    best = fmax(length, best);
  }
  bool more = true;
  if (best > PEAK * least && dm_curve_visit(curve, t, tol) == DM_CORRECTED &&
      probe(walk, &best))
    more = report(walk);
  dm_curve_return(curve);
  return more;
}

/* b: any vector that is not special will do, as long as it is always the same:
 * a game's symmetry must not hide a direction. */
static void first_weight(dm_walk *walk)
{
  const size_t n = walk->curve.system.n;
  uint64_t seed = 88172645463325252u;
  for (size_t i = 0; i < n; i++) {
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    walk->noise[i] = (double)(seed >> 11) * 0x1p-53 - 0.5;
  }
  dm_system_centre(&walk->curve.system, walk->noise);
  walk->noise[n] = 0.0;
  double length = sqrt(dm_dot(walk->noise, walk->noise, n));
  for (size_t i = 0; length > 0.0 && i < n; i++)
    walk->noise[i] /= length;
  memcpy(walk->weight, walk->noise, (n + 1) * sizeof *walk->weight);
}

static bool watch_branch(dm_walk *walk)
{
  const size_t n = walk->curve.system.n + 1;
  if (walk->probed == 0)
    first_weight(walk);
  for (size_t i = 0; i < n; i++)
    walk->rhs[i] = walk->weight[i] + SPICE * walk->noise[i];
  double length = 0.0;
  set_border(&walk->curve, 1);
  if (!probe(walk, &length)) {
    walk->probed = 0;
    return true;
  }
  const double f = nearness(walk, length);
  const double before = walk->length_old;
  const double oldest = walk->length_oldest;
  bool flipped = walk->probed > 0 && f * walk->f_old < 0.0;
  bool peak = walk->probed > 1 && before > length && before > oldest;
  walk->probed++;
  walk->f_old = f;
  walk->length_oldest = before;
  walk->length_old = length;
  bool more = true;
  /* What was just crossed is a peak of w too: do not meet it again. */
  if (flipped && locate_branch(walk, f, &more))
    walk->probed = 1;
  else if (peak)
    more = locate_peak(walk, fmin(length, oldest));
  if (flipped || peak) {
    set_border(&walk->curve, 1);
    if (!probe(walk, &length))
      walk->probed = 0;
  }
  memcpy(walk->weight, walk->probe, n * sizeof *walk->weight);
  return more;
}

bool dm_walk_watch(dm_walk *walk)
{
  const dm_curve *curve = &walk->curve;
  bool idle = !walk->options->point && !walk->ring;
  if (idle || curve->system.by_t || curve->count < 2)
    return true;
  if (!watch_turn(walk))
    return false;
  return (walk->options->no_crossings && !walk->ring) || watch_branch(walk);
}
