/* infer/solved.c -- a core expanded, solved and certified.
 *
 * In:      a checked core and one number a parameter.
 * Out:     strategies on the principal branch at the declared sharpness, the
 *          sweep that holds their reach and payoffs, and the certificate.
 * Odds:    an ending class is (outcome, period); its odds are the reach of its
 *          nodes, so odds by date are exact and nothing is sampled.
 * Floor:   the same sum with every strategy uniform, which is sharpness 0.
 * Trust:   a solution counts as converged when the solver says so and the
 *          certificate, which shares no code with it, finds a residual below
 *          MOST_RESIDUAL as well. */
#define _POSIX_C_SOURCE 200809L
#include "infer/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Far above what rounding leaves, far below what would show in the odds. */
static const double MOST_RESIDUAL = 1e-6;

/* Log odds, when solved again by the hundred: what is printed has four digits. */
static const double TOL_AGAIN = 1e-6;

dm_infer_options dm_infer_defaults(void)
{
  return (dm_infer_options){
      .levers = 5,
      .histories = true,
      .tables = true,
      .states = true,
      .questions = true,
      .checks = true,
      .input_hash = ""};
}

static double clock_seconds(void)
{
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
    return 0;
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- progress --------------------------------------------------------------- */

bool dm_infer_tell(
    const dm_infer_options *options, const char *what, double done,
    double total)
{
  return !options || !options->progress ||
         options->progress(options->progress_data, what, done, total);
}

typedef struct dm_teller {
  const dm_infer_options *options;
  uint32_t n_periods;
} dm_teller;

static bool tell_expand(void *data, const dm_expand_progress *now)
{
  const dm_teller *t = data;
  return dm_infer_tell(
      t->options, "situations", (double)now->period, (double)t->n_periods);
}

static bool tell_solve(void *data, double k, uint32_t step)
{
  (void)step;
  const dm_teller *t = data;
  return dm_infer_tell(t->options, "solution", k, 1);
}

dm_status dm_infer_expand(
    const dm_core *core, const double *param, const dm_infer_options *options,
    dm_expand_options *expand, dm_expansion **out)
{
  dm_teller teller = {options, core->n_periods};
  if (options && options->max_situations)
    expand->max_situations = options->max_situations;
  if (options && options->max_bytes)
    expand->max_bytes = options->max_bytes;
  expand->progress = tell_expand;
  expand->progress_data = &teller;
  return dm_expand(core, param, expand, out);
}

/* ---- odds --------------------------------------------------------------------- */

void dm_infer_odds(
    const dm_core *core, const dm_expansion *expansion, const dm_sweep *sweep,
    double *out)
{
  const dm_game *game = &expansion->game;
  size_t periods = core->n_periods;
  memset(out, 0, core->outcome.n * periods * sizeof *out);
  for (dm_node_id n = 0; n < game->n_nodes; n++) {
    if (game->node_set[n] < DM_NODE_END)
      continue;
    uint32_t end = game->node_set[n] - DM_NODE_END;
    uint32_t t = expansion->end_period[end];
    /* An ending before the first period belongs to it. */
    size_t column = t > 0 ? t - 1 : 0;
    out[expansion->end_outcome[end] * periods + column] +=
        dm_sweep_reach(sweep, n);
  }
  for (size_t o = 0; o < core->outcome.n; o++) {
    for (size_t t = 1; t < periods; t++)
      out[o * periods + t] += out[o * periods + t - 1];
  }
}

void dm_solved_odds(const dm_solved *solved, double *out)
{
  dm_infer_odds(solved->core, solved->expansion, solved->sweep, out);
}

double dm_infer_edge_log(const dm_solved *solved, dm_node_id n, uint32_t e)
{
  const dm_game *game = &solved->expansion->game;
  uint32_t of = game->edge_slot[e];
  if (game->node_set[n] == DM_NODE_CHANCE)
    return log(dm_sweep_cells(solved->sweep)[of]);
  return solved->log_p[of];
}

/* ---- solving -------------------------------------------------------------------- */

static void uniform(const dm_game *game, double *log_p)
{
  for (dm_set_id s = 0; s < game->n_sets; s++) {
    uint32_t first = game->set_slot[s], end = game->set_slot[s + 1];
    for (uint32_t k = first; k < end; k++)
      log_p[k] = -log((double)(end - first));
  }
}

static double *doubles(size_t n)
{
  if (n > SIZE_MAX / sizeof(double) - 1)
    return NULL;
  return calloc(n + 1, sizeof(double));
}

static double *copy_params(const dm_core *core, const double *param)
{
  double *copy = doubles(core->param.n);
  for (uint32_t i = 0; copy && i < core->param.n; i++)
    copy[i] = param ? param[i] : core->param.at[i].base;
  return copy;
}

static dm_status verdict_status(dm_verdict verdict)
{
  if (verdict == DM_STOPPED)
    return DM_E_INTERRUPT;
  return verdict == DM_SOLVED ? DM_OK : DM_E_CONVERGE;
}

static dm_status solve(dm_solved *s, const dm_infer_options *options)
{
  dm_teller teller = {options, s->core->n_periods};
  dm_solve_options how = dm_solve_defaults();
  how.progress = tell_solve;
  how.progress_data = &teller;
  dm_status status = dm_solve_logit(s->sweep, &how, s->log_p, &s->result);
  return status != DM_OK ? status : verdict_status(s->result.verdict);
}

static dm_status certify(dm_solved *s)
{
  dm_sweep_run(s->sweep, s->log_p);
  dm_status status = dm_certificate_verify(
      &s->expansion->game, dm_sweep_cells(s->sweep), s->log_p, s->result.k,
      &s->certificate);
  if (status != DM_OK)
    return status;
  if (s->certificate.residual <= MOST_RESIDUAL)
    return DM_OK;
  if (s->result.verdict == DM_SOLVED)
    s->result.verdict = DM_NOT_CONVERGED;
  return DM_E_CONVERGE;
}

/* ---- solutions that were kept ------------------------------------------------ */

/* What is kept behind the strategies, so that a certificate reads the same. */
enum { KEPT_COUNTS = 6 };

static void keep(const dm_keeper *keeper, const dm_solved *s)
{
  size_t n = s->expansion->game.n_slots;
  double *x = doubles(n + KEPT_COUNTS);
  if (!x)
    return;
  const dm_solve_result *r = &s->result;
  const double count[KEPT_COUNTS] = {
      r->k,
      r->residual,
      (double)r->steps,
      (double)r->newton,
      (double)r->sweeps,
      (double)r->tangents};
  memcpy(x, s->log_p, n * sizeof *x);
  memcpy(x + n, count, sizeof count);
  keeper->put(keeper->data, x, n + KEPT_COUNTS);
  free(x);
}

/* Strategies as kept, if they are strategies of this game and the certificate
 * confirms them; else everything is as before. */
static bool recalled(const dm_keeper *keeper, dm_solved *s)
{
  const dm_game *game = &s->expansion->game;
  size_t n = game->n_slots;
  double *x = doubles(n + KEPT_COUNTS);
  bool good = x && keeper->get(keeper->data, x, n + KEPT_COUNTS);
  for (dm_set_id i = 0; good && i < game->n_sets; i++) {
    double sum = 0;
    for (uint32_t k = game->set_slot[i]; k < game->set_slot[i + 1]; k++)
      sum += exp(x[k]);
    good = fabs(sum - 1) < 1e-9;
  }
  for (size_t i = 0; good && i < KEPT_COUNTS; i++)
    good = x[n + i] >= 0 && x[n + i] < 4e9;
  if (good) {
    s->result = (dm_solve_result){
        .verdict = DM_SOLVED,
        .k = x[n],
        .residual = x[n + 1],
        .steps = (uint32_t)x[n + 2],
        .newton = (uint32_t)x[n + 3],
        .sweeps = (uint64_t)x[n + 4],
        .tangents = (uint64_t)x[n + 5]};
    memcpy(s->log_p, x, n * sizeof *x);
    good = s->result.k == 1 && certify(s) == DM_OK;
  }
  if (x && !good) {
    dm_certificate_clear(&s->certificate);
    memset(&s->certificate, 0, sizeof s->certificate);
    memset(&s->result, 0, sizeof s->result);
    s->result.verdict = DM_NOT_CONVERGED;
    uniform(game, s->log_p);
  }
  free(x);
  return good;
}

static dm_status run(
    dm_solved *s, const dm_infer_options *options, const dm_keeper *keeper)
{
  const dm_game *game = &s->expansion->game;
  s->sweep = dm_sweep_new(game);
  s->log_p = doubles(game->n_slots);
  s->floor = doubles(s->core->outcome.n);
  size_t periods = s->core->n_periods;
  double *odds = doubles(s->core->outcome.n * periods);
  if (!s->sweep || !s->log_p || !s->floor || !odds) {
    free(odds);
    return DM_E_MEMORY;
  }
  dm_sweep_refill(s->sweep, s->param);
  uniform(game, s->log_p);
  dm_sweep_run(s->sweep, s->log_p);
  dm_solved_odds(s, odds);
  for (uint32_t o = 0; o < s->core->outcome.n; o++)
    s->floor[o] = odds[o * periods + periods - 1];
  free(odds);
  s->cached = keeper && recalled(keeper, s);
  if (s->cached)
    return DM_OK;
  dm_status solved = solve(s, options);
  if (solved != DM_OK && solved != DM_E_CONVERGE)
    return solved;
  dm_status vouched = certify(s);
  if (keeper && solved == DM_OK && vouched == DM_OK)
    keep(keeper, s);
  return vouched != DM_OK ? vouched : solved;
}

dm_status dm_solved_new(
    const dm_core *core, const double *param, const dm_infer_options *options,
    dm_diags *diags, dm_solved **out)
{
  *out = NULL;
  dm_solved *s = calloc(1, sizeof *s);
  if (!s)
    return DM_E_MEMORY;
  s->core = core;
  s->result.verdict = DM_NOT_CONVERGED;
  dm_status status = DM_E_MEMORY;
  s->param = copy_params(core, param);
  if (s->param) {
    double before = clock_seconds();
    dm_expand_options expand = dm_expand_defaults();
    status = dm_infer_expand(core, s->param, options, &expand, &s->expansion);
    s->expand_seconds = clock_seconds() - before;
  }
  if (status == DM_E_INPUT)
    dm_findings_tell(core, s->expansion, false, diags);
  const dm_keeper *keeper = options ? options->keeper : NULL;
  if (keeper && (param || keeper->core != core))
    keeper = NULL;
  if (status == DM_OK)
    status = run(s, options, keeper);
  if (status == DM_OK || status == DM_E_CONVERGE || status == DM_E_LIMIT) {
    *out = s;
    return status;
  }
  dm_solved_free(s);
  return status;
}

void dm_solved_free(dm_solved *solved)
{
  if (!solved)
    return;
  dm_certificate_clear(&solved->certificate);
  dm_sweep_free(solved->sweep);
  dm_expansion_free(solved->expansion);
  free(solved->param);
  free(solved->log_p);
  free(solved->floor);
  free(solved);
}

/* ---- again, elsewhere ------------------------------------------------------------- */

dm_status dm_infer_resolve(
    const dm_solved *solved, dm_sweep *sweep, const double *param,
    double *log_p, double *odds)
{
  const dm_core *core = solved->core;
  dm_solve_options how = dm_solve_defaults();
  dm_solve_result result;
  how.start_log_p = solved->log_p;
  how.tol_residual = TOL_AGAIN;
  dm_sweep_refill(sweep, param);
  dm_status status = dm_solve_logit(sweep, &how, log_p, &result);
  if (status == DM_OK)
    status = verdict_status(result.verdict);
  size_t n = (size_t)core->outcome.n * core->n_periods;
  if (status == DM_OK) {
    dm_sweep_run(sweep, log_p);
    dm_infer_odds(core, solved->expansion, sweep, odds);
  }
  for (size_t i = 0; status != DM_OK && i < n; i++)
    odds[i] = (double)NAN;
  return status;
}

void dm_infer_restore(dm_solved *solved)
{
  dm_sweep_refill(solved->sweep, solved->param);
  dm_sweep_run(solved->sweep, solved->log_p);
}
