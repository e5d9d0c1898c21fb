/* infer/forecast.c -- the whole forecast, part by part.
 *
 * Order: sizes, story and assumptions first, since they are told whatever comes
 * of the solution; then odds, and what is read off the sweeps; then what is
 * solved again (levers, draws, questions).  Without convergence every figure
 * that would be an answer is NaN and the later parts are left out. */
#include "infer/parts.h"

#include <demarche/version.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void dm_result_free(dm_result *result)
{
  if (!result)
    return;
  dm_arena_clear(&result->arena);
  free(result);
}

static double clock_seconds(void)
{
  struct timespec now;
  return timespec_get(&now, TIME_UTC)
             ? (double)now.tv_sec + 1e-9 * (double)now.tv_nsec
             : 0.0;
}

static const char *keep_text(dm_job *job, const char *text)
{
  return text ? dm_arena_text(job->keep, text, strlen(text)) : "";
}

/* ---- what is told whatever happens ---------------------------------------------- */

static void describe(dm_job *job)
{
  const dm_core *core = job->core;
  dm_result *r = job->result;
  r->scenario = keep_text(job, core->name);
  r->title = keep_text(job, core->title);
  r->clock_word = keep_text(job, core->clock_word);
  r->n_periods = core->n_periods;
  const char **period =
      dm_arena_array(job->keep, core->n_periods, sizeof *period);
  for (uint32_t t = 0; t < core->n_periods; t++)
    period[t] = keep_text(job, core->period[t + 1]);
  r->period = period;
  const char **omits = dm_arena_array(job->keep, core->omits.n, sizeof *omits);
  for (uint32_t i = 0; i < core->omits.n; i++)
    omits[i] = keep_text(job, core->omits.at[i]);
  r->omits = omits;
  r->n_omits = core->omits.n;
  r->n_sourced = core->n_sourced;
  r->n_judged = core->n_judged;
}

static void list_assumptions(dm_job *job)
{
  const dm_core *core = job->core;
  dm_result *r = job->result;
  r->assumption =
      dm_arena_array(job->keep, core->param.n, sizeof *r->assumption);
  r->n_assumptions = core->param.n;
  for (uint32_t i = 0; i < core->param.n; i++) {
    const dm_core_param *x = &core->param.at[i];
    r->n_ranges += x->has_range && !x->structural;
    r->assumption[i] = (dm_r_assumption){
        .path = x->path,
        .alias = x->alias,
        .note = x->note,
        .source = x->source,
        .value = job->solved->param[i],
        .lo = x->lo,
        .hi = x->hi,
        .has_range = x->has_range,
        .sourced = x->sourced,
        .chance = x->chance,
        .structural = x->structural,
        .implied = x->implied,
        .ranked = x->ranking != 0};
  }
}

/* "With sharpness (lambda) 0.10, an option worth 10 points more is 2.7 times as
 * likely": the points that make 2.7 are 1 over the sharpness. */
static const char *sharpness_words(dm_job *job)
{
  const dm_core *core = job->core;
  const char *text = "";
  double told[8];
  uint32_t n = 0;
  for (uint32_t a = 0; a < core->actor.n && n < 8; a++) {
    uint32_t p = core->actor.at[a].sharpness;
    double value = p == DM_NONE ? 0 : job->solved->param[p];
    bool known = !(value > 0);
    for (uint32_t i = 0; i < n; i++)
      known = known || told[i] == value;
    if (known)
      continue;
    told[n++] = value;
    char number[32];
    dm_number_text(value, number);
    double points = 1 / value;
    text = dm_infer_text(
        job->keep,
        "%s%sith sharpness (lambda) %s, an option worth %.*f points more is "
        "2.7 times as likely",
        text, n > 1 ? "; w" : "W", number, points < 10 ? 2 : 0, points);
  }
  return text[0] ? dm_infer_text(job->keep, "%s.", text)
                 : "Every option is as likely as any other: no sharpness.";
}

/* ---- the certificate ---------------------------------------------------------------- */

static void certify_actors(dm_job *job, dm_r_certificate *c)
{
  const dm_core *core = job->core;
  const dm_certificate *from = &job->solved->certificate;
  uint32_t n = core->actor.n;
  const char **actor = dm_arena_array(job->keep, n, sizeof *actor);
  const char **memory = dm_arena_array(job->keep, n, sizeof *memory);
  double *regret = dm_arena_array(job->keep, n, sizeof *regret);
  double *weighted = dm_arena_array(job->keep, n, sizeof *weighted);
  double *sharpness = dm_arena_array(job->keep, n, sizeof *sharpness);
  bool *recalls = dm_arena_array(job->keep, n, sizeof *recalls);
  for (uint32_t a = 0; a < n; a++) {
    const dm_core_actor *x = &core->actor.at[a];
    actor[a] = x->name;
    memory[a] = x->memory ? x->memory : "";
    recalls[a] = x->recalls;
    regret[a] = from->regret ? from->regret[a] : (double)NAN;
    weighted[a] =
        from->regret_weighted ? from->regret_weighted[a] : (double)NAN;
    sharpness[a] = x->sharpness == DM_NONE ? (double)NAN
                                           : job->solved->param[x->sharpness];
  }
  c->n_actors = n;
  c->actor = actor;
  c->memory = memory;
  c->regret = regret;
  c->regret_weighted = weighted;
  c->sharpness = sharpness;
  c->recalls = recalls;
}

static void certify_sizes(dm_job *job, dm_r_certificate *c)
{
  const dm_expansion *e = job->solved->expansion;
  c->starts = e->n_starts;
  c->situations = e->game.n_nodes;
  c->sets = e->game.n_sets;
  c->edges = e->game.n_edges;
  c->slots = e->game.n_slots;
  c->bytes = e->game.bytes;
  /* Without a game: what was counted until a limit. */
  for (uint32_t t = 0; e->game.n_nodes == 0 && t <= job->core->n_periods; t++) {
    c->situations += e->size[t].situations;
    c->sets += e->size[t].sets;
    c->edges += e->size[t].edges;
  }
}

void dm_infer_certify(dm_job *job, bool converged, dm_r_certificate *c)
{
  const dm_solved *s = job->solved;
  c->converged = converged;
  c->verdict = dm_verdict_text(s->result.verdict);
  c->residual = s->sweep ? s->certificate.residual : (double)NAN;
  certify_actors(job, c);
  double *floor =
      dm_arena_array(job->keep, job->core->outcome.n, sizeof *floor);
  for (uint32_t o = 0; o < job->core->outcome.n; o++)
    floor[o] = s->floor ? s->floor[o] : (double)NAN;
  c->noise_floor = floor;
  if (s->expansion)
    certify_sizes(job, c);
  c->steps = s->result.steps;
  c->newton = s->result.newton;
  c->sweeps = s->result.sweeps;
  c->tangents = s->result.tangents;
  c->expand_seconds = s->expand_seconds;
  c->solve_seconds = s->result.seconds;
  c->version = DM_VERSION_TEXT;
  c->input_hash = keep_text(job, job->options->input_hash);
  c->seed = job->options->seed;
}

/* ---- the odds ------------------------------------------------------------------------- */

static void list_outcomes(dm_job *job, bool converged)
{
  const dm_core *core = job->core;
  const dm_expansion *e = job->solved->expansion;
  dm_result *r = job->result;
  size_t periods = core->n_periods, cells = core->outcome.n * periods;
  job->odds = dm_arena_array(job->keep, cells, sizeof *job->odds);
  for (size_t i = 0; i < cells; i++)
    job->odds[i] = (double)NAN;
  if (converged)
    dm_solved_odds(job->solved, job->odds);
  r->n_outcomes = core->outcome.n;
  r->outcome = dm_arena_array(job->keep, core->outcome.n, sizeof *r->outcome);
  for (uint32_t o = 0; o < core->outcome.n; o++) {
    const dm_core_outcome *x = &core->outcome.at[o];
    uint32_t first = o < 64 && e ? e->outcome_first[o] : 0;
    r->outcome[o] = (dm_r_outcome){
        .name = x->name,
        .display = x->display ? x->display : "",
        .note = x->note ? x->note : "",
        .by = job->odds + o * periods,
        .lo = (double)NAN,
        .hi = (double)NAN,
        .reason = "",
        .first = (int32_t)first - 1};
    /* Of outcomes beyond the 64th the first date is read off the odds. */
    for (uint32_t t = 0; o >= 64 && r->outcome[o].first < 0 && t < periods; t++)
      if (r->outcome[o].by[t] > 0)
        r->outcome[o].first = (int32_t)t;
  }
}

static void read_off(dm_job *job)
{
  const dm_infer_options *options = job->options;
  if (options->states)
    dm_infer_states(job);
  if (options->states || options->tables)
    dm_infer_options_of(job);
  if (options->histories)
    dm_infer_histories(job);
  if (options->tables)
    dm_infer_tables(job);
  if (options->strategies)
    dm_infer_strategies(job);
}

static dm_status solve_again(dm_job *job)
{
  dm_status status = dm_infer_levers(job);
  if (status == DM_OK)
    status = dm_infer_draws(job);
  if (status == DM_OK)
    status = dm_infer_equilibria(job);
  if (status == DM_OK)
    status = dm_infer_questions(job);
  return status;
}

/* Without a solution the questions are still listed, without answers. */
static void list_questions(dm_job *job)
{
  const dm_core *core = job->core;
  dm_result *r = job->result;
  uint32_t first = job->options->first_ask;
  uint32_t asks = job->options->questions ? core->ask.n - first : 0;
  uint32_t checks = job->options->checks ? core->check.n : 0;
  double nan = (double)NAN;
  r->question =
      dm_arena_array(job->keep, (size_t)asks + checks, sizeof *r->question);
  for (uint32_t i = 0; i < asks + checks; i++) {
    const dm_core_question *q =
        i < asks ? &core->ask.at[first + i] : &core->check.at[i - asks];
    r->question[i] = (dm_r_question){
        .text = q->text,
        .answer = nan,
        .given_move = nan,
        .surprises = nan,
        .known = nan,
        .open = nan,
        .chance_given = nan,
        .is_check = i >= asks,
        .why = "not converged",
        .line = q->at.line};
  }
  r->n_questions = asks + checks;
}

static dm_status run(dm_job *job)
{
  dm_status solved =
      dm_solved_new(job->core, NULL, job->options, job->diags, &job->solved);
  if (!job->solved)
    return solved;
  bool converged = solved == DM_OK;
  describe(job);
  list_assumptions(job);
  job->result->sharpness_words = sharpness_words(job);
  dm_infer_certify(job, converged, &job->result->certificate);
  list_outcomes(job, converged);
  if (job->solved->sweep)
    dm_infer_story(job);
  if (!converged) {
    list_questions(job);
    return solved;
  }
  read_off(job);
  dm_status status = solve_again(job);
  if (status == DM_OK)
    dm_infer_reasons(job);
  return status;
}

static dm_status run_in(dm_job *job)
{
  dm_status why = (dm_status)setjmp(job->result->arena.jump);
  if (why != DM_OK)
    return why;
  why = (dm_status)setjmp(job->scratch.jump);
  if (why != DM_OK)
    return why;
  return run(job);
}

dm_status dm_forecast_run(
    const dm_core *core, const dm_infer_options *options, dm_diags *diags,
    dm_result **out)
{
  *out = NULL;
  dm_infer_options plain = dm_infer_defaults();
  dm_job *job = calloc(1, sizeof *job);
  dm_result *result = calloc(1, sizeof *result);
  if (!job || !result) {
    free(job);
    free(result);
    return DM_E_MEMORY;
  }
  double before = clock_seconds();
  dm_arena_init(&result->arena, 0);
  dm_arena_init(&job->scratch, 0);
  job->core = core;
  job->options = options ? options : &plain;
  job->diags = diags;
  job->result = result;
  job->keep = &result->arena;
  dm_status status = run_in(job);
  result->certificate.seconds = clock_seconds() - before;
  bool told = job->solved && (status == DM_OK || status == DM_E_CONVERGE ||
                              status == DM_E_LIMIT);
  if (job->has_list)
    dm_equilibria_clear(&job->list);
  free(job->side_log_p);
  dm_sweep_free(job->side_sweep);
  dm_expansion_free(job->side);
  dm_solved_free(job->solved);
  dm_arena_clear(&job->scratch);
  free(job);
  if (told)
    *out = result;
  else
    dm_result_free(result);
  return status;
}
