/* solve/logit.c -- logit agent quantal response equilibrium.
 *
 * In:     a sweep with parameters set; k_end, or a start at k_end.
 * Out:    log probabilities of an equilibrium at k_end; what it took.
 * Method: a curve of solutions is followed (curve.c).
 *         From noise: from z = 0 at k = 0; the first time it crosses k_end is
 *         the answer: the principal branch.
 *         From a start z0: H(z) = (1 - t) H(z0) at k_end, from t = 0 (Newton
 *         homotopy: Smale 1976; Allgower and Georg, "Introduction to Numerical
 *         Continuation Methods", 2003, chapter 11).  Each crossing of t = 1 is
 *         an equilibrium, and the curve may cross again further on.
 * Numerics: far from t = 1, where (1 - t) H(z0) drowns k s Q, the curve only runs
 *         away; it is left there. */
#include "solve/curve.h"
#include "solve/solver.h"

#include "num/sum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MORE_CARE 0.3 /* second attempt: errors allowed are smaller by this */
#define RING      0.1 /* log odds: nearer to the start, it is the start */
#define RUNAWAY                                                                \
  80.0 /* log odds: options beyond it are as good as never taken */

typedef struct walk {
  dm_curve curve;
  const dm_solve_options *options;
  double *answer; /* [n + 1] the last place where the curve landed */
  double *first;  /* [n + 1] from a start: the first such place */
  double *origin; /* [n + 1] from a start: itself */
  bool landed;
  bool backward;      /* from a start: t falls first */
  bool gone;          /* the curve has left for good */
  uint32_t next_at;   /* of options->at */
  uint32_t crossings; /* from a start */
  dm_solve_result *result;
} walk;

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

/* Tells of the point of the last evaluation.  False: the caller wants to stop. */
static bool tell(walk *w, dm_point_kind kind, const double *direction)
{
  const dm_solve_options *options = w->options;
  const dm_system *system = &w->curve.system;
  if (!options->point)
    return true;
  dm_path_point point = {
      .kind = kind,
      .k = dm_system_k(system),
      .residual = system->residual,
      .regret = dm_system_regret(system),
      .log_p = system->log_p,
      .direction = direction};
  if (options->point(options->point_data, &point) || kind == DM_POINT_END)
    return true;
  w->result->verdict = DM_STOPPED;
  return false;
}

static void keep_answer(walk *w)
{
  const dm_system *system = &w->curve.system;
  memcpy(w->answer, system->z, (system->n + 1) * sizeof *w->answer);
  w->landed = true;
}

/* Aims at the next k of options->at ahead, or else at k_end. */
static void aim(walk *w)
{
  const dm_solve_options *options = w->options;
  dm_curve *curve = &w->curve;
  double here = dm_system_k(&curve->system);
  while (w->next_at < options->n_at && !(options->at[w->next_at] > here))
    w->next_at++;
  curve->target = options->k_end;
  if (w->next_at < options->n_at && options->at[w->next_at] < options->k_end)
    curve->target = options->at[w->next_at];
  curve->toward = 1;
}

/* z = 0 at k = 0, and the scale of k against z.  The direction there is
 * (gain, 1) without any solving. */
static void start_at_noise(walk *w)
{
  dm_curve *curve = &w->curve;
  dm_system *system = &curve->system;
  const size_t n = system->n;
  memset(system->z, 0, (n + 1) * sizeof *system->z);
  dm_system_evaluate(system);
  double gain = sqrt(dm_dot(system->gain, system->gain, n));
  dm_system_set_scale(system, gain);
  double rate = 1.0 / sqrt(gain * gain + system->scale * system->scale);
  for (size_t i = 0; i < n; i++)
    curve->tangent[i] = rate * system->gain[i];
  curve->tangent[n] = rate * system->scale;
  curve->side = 1; /* of [1, -gain; border] with a border that points forward */
  w->next_at = 0;
  aim(w);
  dm_curve_begin(curve);
}

/* z0 at t = 0, and the scale of t against z.  False: no direction to be had, or
 * none needed. */
static bool start_at_start(walk *w)
{
  dm_curve *curve = &w->curve;
  dm_system *system = &curve->system;
  const size_t n = system->n;
  memcpy(system->z, w->options->start_log_p, n * sizeof *system->z);
  dm_system_centre(system, system->z);
  dm_system_start_t(system, w->options->k_end);
  dm_system_evaluate(system);
  if (system->offset_most <= fmax(curve->tol, system->noise)) {
    keep_answer(w);
    w->result->verdict = DM_SOLVED;
    (void)tell(w, DM_POINT_END, NULL);
    return false;
  }
  memcpy(curve->point[0], system->z, (n + 1) * sizeof *system->z);
  dm_curve_border(curve, true);
  if (!(dm_system_tangent(system, 1e-5) < 0.1) || !(system->step[n] > 0.0))
    return false;
  const double way_t = w->backward ? -1.0 : 1.0;
  double per_t = way_t / system->step[n];
  double way = fabs(per_t) * sqrt(dm_dot(system->step, system->step, n));
  dm_system_set_scale(system, way);
  double rate = 1.0 / sqrt(way * way + system->scale * system->scale);
  for (size_t i = 0; i < n; i++)
    curve->tangent[i] = rate * per_t * system->step[i];
  curve->tangent[n] = way_t * rate * system->scale;
  memcpy(w->origin, system->z, (n + 1) * sizeof *w->origin);
  curve->side = 0;
  curve->target = 1.0;
  curve->toward = 1;
  dm_curve_begin(curve);
  return true;
}

/* Whether the first crossing has been met again: the curve is a ring. */
static bool ring_closed(const walk *w)
{
  const dm_system *system = &w->curve.system;
  double gap = 0.0;
  for (size_t i = 0; i < system->n; i++)
    gap = fmax(gap, fabs(system->z[i] - w->first[i]));
  return gap <= 1e-6 * (1.0 + dm_max_abs(w->first, system->n));
}

/* From a start, t = 1 was crossed.  False: the walk is over. */
static bool crossed(walk *w)
{
  const dm_system *system = &w->curve.system;
  w->result->verdict = DM_SOLVED;
  if (w->crossings > 0 && ring_closed(w))
    return false;
  if (w->crossings == 0)
    memcpy(w->first, system->z, (system->n + 1) * sizeof *w->first);
  keep_answer(w);
  bool last = ++w->crossings >= w->options->most_crossings;
  bool more = tell(w, last ? DM_POINT_END : DM_POINT_AT, NULL);
  w->curve.toward = -w->curve.toward;
  return more && !last;
}

/* The curve has landed.  False: the walk is over. */
static bool landed(walk *w)
{
  const dm_solve_options *options = w->options;
  dm_curve *curve = &w->curve;
  if (options->homotopy == DM_FROM_START)
    return crossed(w);
  keep_answer(w);
  if (curve->target >= options->k_end) {
    w->result->verdict = DM_SOLVED;
    (void)tell(w, DM_POINT_END, NULL);
    return false;
  }
  bool more = tell(w, DM_POINT_AT, NULL);
  aim(w);
  return more;
}

/* At k = `tol_regret` reached: polished there. */
static bool at_limit(walk *w)
{
  dm_curve *curve = &w->curve;
  dm_system *system = &curve->system;
  if (!w->options->limit ||
      !(dm_system_regret(system) <= w->options->tol_regret))
    return false;
  dm_correction how =
      dm_curve_polish(curve, w->options->tol_residual, curve->max_newton);
  if (how != DM_CORRECTED ||
      !(dm_system_regret(system) <= w->options->tol_regret)) {
    memcpy(system->z, curve->point[0], (system->n + 1) * sizeof *system->z);
    dm_system_evaluate(system);
    return false;
  }
  keep_answer(w);
  w->result->verdict = DM_SOLVED;
  (void)tell(w, DM_POINT_END, NULL);
  return true;
}

/* From a start, without a crossing yet: whether the last step passed the start
 * again, so that the curve is a ring. */
static bool ring(walk *w)
{
  dm_curve *curve = &w->curve;
  if (!curve->system.by_t || w->crossings > 0 || curve->count < 4 ||
      !dm_curve_between(curve, 0.0))
    return false;
  double gap = 0.0;
  for (size_t i = 0; i < curve->system.n; i++)
    gap = fmax(gap, fabs(curve->guess[i] - w->origin[i]));
  return gap <= RING;
}

/* Whether the curve has left for good. */
static bool gone(walk *w)
{
  const dm_system *system = &w->curve.system;
  double at = dm_curve_at(&w->curve);
  if (!system->by_t)
    return at < 0.0;
  double push = fabs(1.0 - at) * system->offset_most;
  return w->gone = push > system->offset_most + RUNAWAY +
                              4.0 * fabs(system->k_fixed) * system->loudest;
}

static void follow(walk *w)
{
  const dm_solve_options *options = w->options;
  dm_solve_result *result = w->result;
  for (;;) {
    dm_curve_step step = dm_curve_advance(&w->curve);
    result->steps++;
    if (step == DM_CURVE_LANDED && !landed(w))
      return;
    if (step == DM_CURVE_ON && at_limit(w))
      return;
    if (step == DM_CURVE_ON && !tell(w, DM_POINT_STEP, NULL))
      return;
    if (w->crossings == 0)
      result->verdict =
          step == DM_CURVE_SINGULAR ? DM_SINGULAR : DM_NOT_CONVERGED;
    if (step == DM_CURVE_STUCK || step == DM_CURVE_SINGULAR ||
        result->steps >= options->max_steps || gone(w) ||
        (step == DM_CURVE_ON && ring(w)))
      return;
    if (options->progress &&
        !options->progress(
            options->progress_data, dm_system_k(&w->curve.system),
            result->steps)) {
      result->verdict = DM_STOPPED;
      return;
    }
  }
}

/* Newton's method at k_end from the caller's profile. */
static bool jump(walk *w)
{
  dm_system *system = &w->curve.system;
  const size_t n = system->n;
  memcpy(system->z, w->options->start_log_p, n * sizeof *system->z);
  dm_system_centre(system, system->z);
  system->z[n] = w->options->k_end * system->scale;
  dm_correction how = dm_curve_polish(
      &w->curve, w->options->tol_residual, 2 * w->options->max_newton);
  if (how != DM_CORRECTED)
    return false;
  keep_answer(w);
  w->result->verdict = DM_SOLVED;
  (void)tell(w, DM_POINT_END, NULL);
  return true;
}

static void solve(walk *w)
{
  const dm_solve_options *options = w->options;
  dm_solve_result *result = w->result;
  bool from_start = options->homotopy == DM_FROM_START;
  if (!from_start && options->start_log_p && jump(w))
    return;
  /* A second attempt.  Many folds close together: a step may have gone over to
   * a piece of the curve that leads back, or nowhere.  From a start: the curve
   * comes from one infinite t and goes to the other (or is a ring); so there is
   * an odd number of crossings on both sides of the start together. */
  for (int attempt = 0; attempt < 2; attempt++) {
    w->backward = w->gone && from_start;
    w->curve.care = attempt == 0 || w->backward ? 1.0 : MORE_CARE;
    if (w->crossings == 0)
      result->verdict = DM_SINGULAR;
    if (!from_start)
      start_at_noise(w);
    else if (!start_at_start(w))
      return;
    follow(w);
    bool other_side =
        w->gone && !w->backward && w->crossings < options->most_crossings;
    if (result->verdict == DM_STOPPED ||
        (result->verdict == DM_SOLVED && !other_side))
      return;
  }
}

static bool options_fit(const dm_solve_options *options)
{
  return options->k_end >= 0.0 && isfinite(options->k_end) &&
         options->tol_residual > 0.0 && options->gmres_restart > 0 &&
         (options->homotopy == DM_FROM_NOISE || options->start_log_p);
}

/* Strategies and the sweep's arrays are left at the point that is returned: the
 * last good one if the walk failed. */
static void hand_over(walk *w, double *log_p)
{
  dm_curve *curve = &w->curve;
  dm_system *system = &curve->system;
  dm_solve_result *result = w->result;
  const double *from =
      w->landed && result->verdict == DM_SOLVED ? w->answer : curve->point[0];
  memcpy(system->z, from, (system->n + 1) * sizeof *system->z);
  dm_system_evaluate(system);
  memcpy(log_p, system->log_p, system->n * sizeof *log_p);
  result->k = dm_system_k(system);
  result->residual = system->residual;
  result->newton = curve->newton;
  result->sweeps = system->sweeps;
  result->tangents = system->tangents;
}

dm_status dm_solve_logit(
    dm_sweep *sweep, const dm_solve_options *options, double *log_p,
    dm_solve_result *result)
{
  memset(result, 0, sizeof *result);
  result->verdict = DM_NOT_CONVERGED;
  if (!options_fit(options))
    return DM_E_RANGE;
  double began = seconds_now();
  walk w = {.options = options, .result = result};
  dm_status status = dm_curve_init(
      &w.curve, sweep, options->floor, options->gmres_restart,
      options->max_newton);
  if (status != DM_OK)
    return status;
  w.curve.tol = options->tol_residual;
  w.answer = calloc(3 * (w.curve.system.n + 1), sizeof *w.answer);
  if (!w.answer) {
    dm_curve_clear(&w.curve);
    return DM_E_MEMORY;
  }
  w.first = w.answer + w.curve.system.n + 1;
  w.origin = w.first + w.curve.system.n + 1;
  solve(&w);
  hand_over(&w, log_p);
  result->seconds = seconds_now() - began;
  free(w.answer);
  dm_curve_clear(&w.curve);
  return DM_OK;
}
