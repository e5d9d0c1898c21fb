/* api/game_later.c -- writing games is not joined yet. */
#include "api/game_file.h"
#include "api/handle.h"

#include <string.h>

dm_status dm_game_file_write(
    const dm_game_file *file, dm_game_format format, uint64_t max_nodes,
    dm_text *out, const char **why)
{
  (void)file;
  (void)format;
  (void)max_nodes;
  memset(out, 0, sizeof *out);
  if (why)
    *why = "this build does not write games yet";
  return DM_E_RANGE;
}

dm_status dm_scenario_export(
    const dm_scenario *scenario, dm_game_format format,
    const dm_analysis_options *options, uint64_t max_nodes, dm_diags *diags,
    dm_text *out, const char **why)
{
  (void)scenario;
  (void)options;
  (void)diags;
  return dm_game_file_write(NULL, format, max_nodes, out, why);
}
