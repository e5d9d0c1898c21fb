/* api/analysis.c -- running an analysis and reading its numbers. */
#include "api/handle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct dm_analysis {
  dm_analysis_kind kind;
  dm_arena arena; /* of the sizes */
  dm_r_size size; /* SIZE, CHECK, and whatever hit a limit */
  bool sized;
  dm_diags *diags;   /* CHECK: messages of the reading and of the walk */
  dm_result *result; /* SOLVE, FORECAST, TEST */
};

dm_analysis_options dm_analysis_defaults(void)
{
  return (dm_analysis_options){.seed = 1, .levers = 5};
}

dm_infer_options dm_api_infer_options(
    const dm_scenario *scenario, const dm_analysis_options *options)
{
  dm_infer_options infer = dm_infer_defaults();
  infer.max_situations = options->max_situations;
  infer.max_bytes = options->max_memory;
  infer.seed = options->seed;
  infer.draws = options->draws;
  infer.levers = options->levers;
  infer.starts = options->equilibria;
  infer.threads = options->threads;
  infer.toward[0] = options->toward[0];
  infer.toward[1] = options->toward[1];
  infer.progress = options->progress;
  infer.progress_data = options->progress_data;
  infer.input_hash = scenario->hash;
  return infer;
}

void dm_analysis_free(dm_analysis *analysis)
{
  if (!analysis)
    return;
  dm_result_free(analysis->result);
  dm_diags_free(analysis->diags);
  dm_arena_clear(&analysis->arena);
  free(analysis);
}

/* ---- running ------------------------------------------------------------------- */

static dm_status run_size(
    const dm_scenario *scenario, const dm_analysis_options *options,
    dm_diags *diags, dm_analysis *a)
{
  bool warnings = a->kind == DM_ANALYSIS_CHECK;
  dm_status why = (dm_status)setjmp(a->arena.jump);
  if (why == DM_OK)
    why = dm_size_run(scenario, options, &a->arena, warnings, diags, &a->size);
  a->sized = why == DM_OK || why == DM_E_LIMIT || why == DM_E_INPUT;
  if (why == DM_OK && dm_diags_count(diags, DM_ERROR) > 0)
    why = DM_E_INPUT;
  return why;
}

/* The assignments in force are told in every answer. */
static dm_status keep_sets(const dm_scenario *scenario, dm_result *result)
{
  dm_status why = (dm_status)setjmp(result->arena.jump);
  if (why != DM_OK)
    return why;
  uint32_t n = scenario->set.n;
  const char **set = dm_arena_array(&result->arena, n ? n : 1, sizeof *set);
  for (uint32_t i = 0; i < n; i++)
    set[i] = dm_arena_text(
        &result->arena, scenario->set.at[i], strlen(scenario->set.at[i]));
  result->n_set = n;
  result->set = set;
  return DM_OK;
}

static dm_status run_infer(
    const dm_scenario *scenario, const dm_analysis_options *options,
    dm_diags *diags, dm_analysis *a)
{
  dm_infer_options infer = dm_api_infer_options(scenario, options);
  bool forecast = a->kind == DM_ANALYSIS_FORECAST;
  infer.histories = infer.tables = forecast;
  infer.states = forecast;
  infer.questions = a->kind != DM_ANALYSIS_TEST;
  /* A solution is asked for strategies: the file's own questions wait. */
  if (a->kind == DM_ANALYSIS_SOLVE)
    infer.first_ask = scenario->file_asks;
  infer.checks = a->kind == DM_ANALYSIS_TEST;
  infer.strategies = a->kind == DM_ANALYSIS_SOLVE;
  if (!forecast)
    infer.levers = infer.draws = infer.starts = 0;
  dm_status why = dm_forecast_run(scenario->core, &infer, diags, &a->result);
  if (a->result) {
    a->result->asked = scenario->core->ask.n > scenario->file_asks;
    dm_status kept = keep_sets(scenario, a->result);
    why = kept != DM_OK ? kept : why;
  }
  return why;
}

/* A check line that does not hold is a finding. */
static dm_status judge_checks(const dm_result *result)
{
  for (uint32_t i = 0; result && i < result->n_questions; i++) {
    if (result->question[i].is_check && !result->question[i].passed)
      return DM_FINDINGS;
  }
  return DM_OK;
}

static dm_status copy_messages(const dm_diags *from, dm_analysis *a)
{
  a->diags = dm_diags_new();
  if (!a->diags)
    return DM_E_MEMORY;
  for (size_t i = 0; i < dm_diags_size(from); i++) {
    const dm_diag *d = dm_diags_at(from, i);
    dm_span at = {d->line, d->column, d->length};
    dm_diags_add(
        a->diags, d->severity, d->code, d->title, at, d->other_line, d->text,
        d->repair);
  }
  return dm_diags_failed(a->diags) ? DM_E_MEMORY : DM_OK;
}

/* What was counted before a limit stopped a solution. */
static dm_status size_at_limit(
    const dm_scenario *scenario, const dm_analysis_options *options,
    dm_diags *diags, dm_analysis *a)
{
  dm_analysis_options plain = *options;
  plain.memory = false;
  dm_status why = run_size(scenario, &plain, diags, a);
  return why == DM_E_LIMIT || why == DM_OK ? DM_E_LIMIT : why;
}

static dm_status run(
    const dm_scenario *scenario, const dm_analysis_options *options,
    dm_diags *diags, dm_analysis *a)
{
  dm_status why;
  switch (a->kind) {
  case DM_ANALYSIS_SIZE:
  case DM_ANALYSIS_CHECK:
    why = run_size(scenario, options, diags, a);
    dm_diags_sort(diags);
    if (a->kind == DM_ANALYSIS_CHECK && a->sized) {
      dm_status copied = copy_messages(diags, a);
      why = copied != DM_OK ? copied : why;
    }
    return why;
  case DM_ANALYSIS_SOLVE:
  case DM_ANALYSIS_FORECAST:
  case DM_ANALYSIS_TEST:
    why = run_infer(scenario, options, diags, a);
    if (why == DM_E_LIMIT) {
      /* Half a game has no odds: what was counted is all that can be said. */
      dm_result_free(a->result);
      a->result = NULL;
      why = size_at_limit(scenario, options, diags, a);
    }
    dm_diags_sort(diags);
    if (why == DM_OK && a->kind == DM_ANALYSIS_TEST)
      why = judge_checks(a->result);
    return why;
  }
  return DM_E_RANGE;
}

dm_status dm_analysis_run(
    const dm_scenario *scenario, dm_analysis_kind kind,
    const dm_analysis_options *options, dm_diags *diags, dm_analysis **out)
{
  *out = NULL;
  dm_analysis_options defaults = dm_analysis_defaults();
  dm_analysis *a = calloc(1, sizeof *a);
  if (!a)
    return DM_E_MEMORY;
  a->kind = kind;
  dm_arena_init(&a->arena, 0);
  dm_status why = run(scenario, options ? options : &defaults, diags, a);
  bool kept = a->result || a->sized;
  if (!kept || why == DM_E_MEMORY || why == DM_E_INTERRUPT) {
    dm_analysis_free(a);
    return why;
  }
  *out = a;
  return why;
}

/* ---- reading ------------------------------------------------------------------- */

static dm_status write(
    const dm_analysis *a, const dm_print_options *print, dm_str *out)
{
  if (!a->result)
    return a->kind == DM_ANALYSIS_CHECK
               ? dm_report_check(&a->size, a->diags, print, out)
               : dm_report_size(&a->size, print, out);
  if (a->kind == DM_ANALYSIS_TEST)
    return dm_report_test(a->result, print, out);
  if (a->kind == DM_ANALYSIS_SOLVE)
    return dm_report_solve(a->result, print, out);
  return dm_report_forecast(a->result, print, out);
}

dm_status dm_analysis_write(
    const dm_analysis *analysis, const dm_print_options *print, dm_text *out)
{
  memset(out, 0, sizeof *out);
  dm_str str = {0};
  dm_status why = write(analysis, print, &str);
  if (why == DM_OK)
    return dm_text_take(&str, out);
  dm_str_clear(&str);
  return why;
}

bool dm_analysis_converged(const dm_analysis *analysis)
{
  return analysis->result && analysis->result->certificate.converged;
}

double dm_analysis_odds(
    const dm_analysis *analysis, uint32_t outcome, uint32_t period)
{
  const dm_result *r = analysis->result;
  if (!dm_analysis_converged(analysis) || outcome >= r->n_outcomes ||
      period >= r->n_periods)
    return (double)NAN;
  return r->outcome[outcome].by[period];
}

double dm_analysis_residual(const dm_analysis *analysis)
{
  return analysis->result ? analysis->result->certificate.residual
                          : (double)NAN;
}

double dm_analysis_answer(const dm_analysis *analysis, uint32_t i)
{
  const dm_result *r = analysis->result;
  if (!dm_analysis_converged(analysis) || i >= r->n_questions)
    return (double)NAN;
  return r->question[i].answer;
}

uint64_t dm_analysis_situations(const dm_analysis *analysis)
{
  return analysis->result ? analysis->result->certificate.situations
                          : analysis->size.situations;
}
