/* api/game_write.c -- games and scenarios as files of other programs. */
#include "api/game_file.h"
#include "api/handle.h"
#include "infer/scenario_game.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NODES = 1000000 };

static dm_status take(dm_status why, dm_str *str, dm_text *out)
{
  if (why == DM_OK)
    return dm_text_take(str, out);
  dm_str_clear(str);
  return why;
}

static dm_status write_tree(
    const dm_game *game, const double *cell, const dm_game_names *names,
    uint64_t max_nodes, dm_str *out, const char **why)
{
  dm_gambit *gambit = NULL;
  dm_status status =
      dm_gambit_from_game(game, cell, names, max_nodes, &gambit, why);
  if (status == DM_OK)
    status = dm_gambit_write(gambit, out);
  dm_gambit_free(gambit);
  return status;
}

static dm_status write_game(
    const dm_game *game, const double *cell, const dm_game_names *names,
    dm_game_format format, uint64_t max_nodes, dm_str *out, const char **why)
{
  dm_status status = DM_E_RANGE;
  max_nodes = max_nodes ? max_nodes : MOST_NODES;
  switch (format) {
  case DM_GAME_EFG:
    return write_tree(game, cell, names, max_nodes, out, why);
  case DM_GAME_NFG:
    *why = "a tree is not written as .nfg: its table has a cell for every "
           "combination of plans";
    return DM_E_RANGE;
  case DM_GAME_JSON:
    status = dm_game_write_json(game, cell, names, max_nodes, out);
    break;
  case DM_GAME_DOT:
    status = dm_game_write_dot(game, cell, names, max_nodes, out);
    break;
  }
  *why = status == DM_E_LIMIT ? "more nodes than --max-nodes" : "";
  return status;
}

static dm_status write_made(
    const dm_game_file *file, dm_game_format format, uint64_t max_nodes,
    dm_str *out, const char **why)
{
  const dm_gambit *from = file->gambit;
  dm_gambit_game *made = NULL;
  dm_status status = dm_gambit_game_make(from, &made);
  if (status != DM_OK)
    return status;
  const dm_game *game = &made->game;
  double *cell = calloc((size_t)game->n_cells + 1, sizeof *cell);
  const char **edge = dm_gambit_edge_labels(from, made);
  dm_game_names names = {
      .title = from->title,
      .comment = from->comment,
      .player = from->player,
      .set = made->set_label,
      .slot = made->slot_label,
      .end = made->end_label,
      .edge = edge};
  if (cell && edge) {
    dm_cells_run(game, game->param_base, cell);
    status = write_game(game, cell, &names, format, max_nodes, out, why);
  } else {
    status = DM_E_MEMORY;
  }
  free(edge);
  free(cell);
  dm_gambit_game_free(made);
  return status;
}

dm_status dm_game_file_write(
    const dm_game_file *file, dm_game_format format, uint64_t max_nodes,
    dm_text *out, const char **why)
{
  memset(out, 0, sizeof *out);
  const char *reason = "";
  dm_str str = {0};
  dm_gambit_form form = file->gambit->form;
  bool same = (format == DM_GAME_EFG && form == DM_GAMBIT_EFG) ||
              (format == DM_GAME_NFG && form == DM_GAMBIT_NFG);
  dm_status status = same ? dm_gambit_write(file->gambit, &str)
                          : write_made(file, format, max_nodes, &str, &reason);
  if (why)
    *why = reason ? reason : "";
  return take(status, &str, out);
}

dm_status dm_scenario_export(
    const dm_scenario *scenario, dm_game_format format,
    const dm_analysis_options *options, uint64_t max_nodes, dm_diags *diags,
    dm_text *out, const char **why)
{
  memset(out, 0, sizeof *out);
  dm_analysis_options defaults = dm_analysis_defaults();
  dm_infer_options infer =
      dm_api_infer_options(scenario, options ? options : &defaults);
  const char *reason = "";
  dm_scenario_game *made = NULL;
  dm_str str = {0};
  dm_status status = dm_scenario_game_new(scenario->core, &infer, diags, &made);
  dm_diags_sort(diags);
  if (status == DM_OK) {
    dm_game_names names = {
        .title = made->labels.title,
        .player = made->labels.player,
        .set = made->labels.set_label,
        .slot = made->labels.slot,
        .end = made->end_dated};
    status = write_game(
        &made->expansion->game, made->cell, &names, format, max_nodes, &str,
        &reason);
  } else if (status == DM_E_LIMIT) {
    reason = "more situations than --max-situations or --max-memory allow";
  }
  dm_scenario_game_free(made);
  if (why)
    *why = reason ? reason : "";
  return take(status, &str, out);
}
