/* api/game.c -- games of other programs, and scenarios as games. */
#include "api/game_file.h"
#include "api/handle.h"
#include "infer/scenario_game.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct dm_solution {
  dm_r_solution *result;
};

/* ---- reading ---------------------------------------------------------------- */

dm_status dm_game_file_read(
    const char *text, size_t len, dm_game_format format, dm_diags *diags,
    dm_game_file **out)
{
  *out = NULL;
  if (format != DM_GAME_EFG && format != DM_GAME_NFG)
    return DM_E_RANGE;
  dm_game_file *file = calloc(1, sizeof *file);
  if (!file)
    return DM_E_MEMORY;
  dm_gambit_form form = format == DM_GAME_EFG ? DM_GAMBIT_EFG : DM_GAMBIT_NFG;
  dm_status why = dm_gambit_read(text, len, form, diags, &file->gambit);
  dm_diags_sort(diags);
  if (why != DM_OK) {
    dm_game_file_free(file);
    return why;
  }
  *out = file;
  return DM_OK;
}

void dm_game_file_free(dm_game_file *file)
{
  if (!file)
    return;
  dm_gambit_free(file->gambit);
  free(file);
}

/* ---- solving ------------------------------------------------------------------ */

dm_game_options dm_game_defaults(void)
{
  return (dm_game_options){
      .method = DM_SOLVE_LOGIT,
      .sharpness = 1,
      .tolerance = 1e-8,
      .iterations = 1000,
      .seed = 1};
}

static dm_method method_of(dm_solve_method method)
{
  switch (method) {
  case DM_SOLVE_LOGIT:
    return DM_METHOD_LOGIT;
  case DM_SOLVE_LP:
    return DM_METHOD_LP;
  case DM_SOLVE_CFR:
    return DM_METHOD_CFR;
  case DM_SOLVE_PURE:
    return DM_METHOD_PURE;
  case DM_SOLVE_ENUMERATE:
    return DM_METHOD_ENUMERATE;
  }
  return DM_METHOD_LOGIT;
}

static bool sensible(const dm_game_options *o)
{
  bool rising = true;
  for (uint32_t i = 0; i < o->n_at; i++)
    rising = rising && isfinite(o->at[i]) && o->at[i] > 0 &&
             (i == 0 || o->at[i] > o->at[i - 1]);
  return rising && (o->limit || (isfinite(o->sharpness) && o->sharpness > 0)) &&
         isfinite(o->tolerance) && o->tolerance > 0 && o->tolerance < 1;
}

static dm_solution_options options_of(const dm_game_options *o)
{
  return (dm_solution_options){
      .method = method_of(o->method),
      .sharpness = o->sharpness,
      .limit = o->limit,
      .tolerance = o->tolerance,
      .at = o->at,
      .n_at = o->n_at,
      .path = o->path,
      .branches = o->branches,
      .search = o->search,
      .iterations = o->iterations ? o->iterations : 1000,
      .seed = o->seed,
      .most = o->most,
      .threads = o->threads,
      .progress = o->progress,
      .progress_data = o->progress_data};
}

static dm_status solve(
    const dm_game *game, const double *param, const dm_labels *labels,
    const dm_game_options *options, dm_solution **out)
{
  dm_solution *solution = calloc(1, sizeof *solution);
  if (!solution)
    return DM_E_MEMORY;
  dm_solution_options how = options_of(options);
  dm_status status =
      dm_solution_run(game, param, labels, &how, &solution->result);
  if (solution->result)
    *out = solution;
  else
    free(solution);
  return status;
}

/* Texts of the file live as long as the file: the result copies them. */
static dm_labels labels_of(const dm_gambit *from, const dm_gambit_game *made)
{
  return (dm_labels){
      .source = from->form == DM_GAMBIT_EFG ? "efg" : "nfg",
      .title = from->title,
      .player = from->player,
      .end = made->end_label,
      .set_player = made->set_player,
      .set_number = made->set_id,
      .set_label = made->set_label,
      .slot = made->slot_label};
}

dm_status dm_game_file_solve(
    const dm_game_file *file, const dm_game_options *options, dm_diags *diags,
    dm_solution **out)
{
  *out = NULL;
  (void)diags; /* a file that could be read leaves nothing to say */
  dm_game_options plain = dm_game_defaults();
  options = options ? options : &plain;
  if (!sensible(options))
    return DM_E_RANGE;
  dm_gambit_game *made = NULL;
  dm_status status = dm_gambit_game_make(file->gambit, &made);
  if (status != DM_OK)
    return status;
  dm_labels labels = labels_of(file->gambit, made);
  status = solve(&made->game, made->game.param_base, &labels, options, out);
  dm_gambit_game_free(made);
  return status;
}

dm_status dm_scenario_solve(
    const dm_scenario *scenario, const dm_game_options *options,
    dm_diags *diags, dm_solution **out)
{
  *out = NULL;
  dm_game_options plain = dm_game_defaults();
  options = options ? options : &plain;
  if (!sensible(options))
    return DM_E_RANGE;
  dm_analysis_options limits = dm_analysis_defaults();
  limits.max_situations = options->max_situations;
  limits.max_memory = options->max_memory;
  limits.progress = options->progress;
  limits.progress_data = options->progress_data;
  dm_infer_options infer = dm_api_infer_options(scenario, &limits);
  dm_scenario_game *made = NULL;
  dm_status status = dm_scenario_game_new(scenario->core, &infer, diags, &made);
  dm_diags_sort(diags);
  if (status != DM_OK)
    return status;
  status =
      solve(&made->expansion->game, made->param, &made->labels, options, out);
  dm_scenario_game_free(made);
  return status;
}

void dm_solution_free(dm_solution *solution)
{
  if (!solution)
    return;
  dm_r_solution_free(solution->result);
  free(solution);
}

/* ---- reading the answer ---------------------------------------------------------- */

dm_status dm_solution_write(
    const dm_solution *solution, const dm_print_options *print, dm_text *out)
{
  memset(out, 0, sizeof *out);
  dm_str str = {0};
  dm_status why = dm_report_solution(solution->result, print, &str);
  if (why == DM_OK)
    return dm_text_take(&str, out);
  dm_str_clear(&str);
  return why;
}

bool dm_solution_answered(const dm_solution *solution)
{
  return solution->result->answered;
}

const char *dm_solution_why(const dm_solution *solution)
{
  return solution->result->answered ? "" : solution->result->why;
}

uint32_t dm_solution_count(const dm_solution *solution)
{
  return solution->result->n_equilibria;
}

static const dm_r_equilibrium *equilibrium_at(
    const dm_solution *solution, uint32_t i)
{
  const dm_r_solution *r = solution->result;
  if (i == UINT32_MAX)
    return r->answered ? &r->answer : NULL;
  return i < r->n_equilibria ? &r->equilibrium[i] : NULL;
}

double dm_solution_probability(
    const dm_solution *solution, uint32_t i, uint32_t slot)
{
  const dm_r_equilibrium *x = equilibrium_at(solution, i);
  return x && slot < solution->result->n_slots ? x->p[slot] : (double)NAN;
}

double dm_solution_regret(const dm_solution *solution, uint32_t i)
{
  const dm_r_equilibrium *x = equilibrium_at(solution, i);
  double most = x ? 0 : (double)NAN;
  for (uint32_t a = 0; x && a < solution->result->n_players; a++)
    most = x->regret[a] > most ? x->regret[a] : most;
  return most;
}
