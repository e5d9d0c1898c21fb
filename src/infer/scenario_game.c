/* infer/scenario_game.c -- a scenario's game with names.
 *
 * An information set is named by its date, its choice and what the actor knows
 * there, and numbered within the actor in the order of the game: "2025-03
 * reply: talks open, offer arrived".  An ending is named by its outcome, so
 * that endings at different dates add up. */
#include "infer/scenario_game.h"
#include "infer/parts.h"

#include <stdlib.h>
#include <string.h>

static const char *set_label(
    dm_arena *arena, const dm_core *core, const dm_expansion *e, dm_set_id s)
{
  const dm_core_decide *d = &core->decide.at[e->set_decide[s]];
  const char *all = dm_infer_text(
      arena, "%s %s", core->period[e->set_period[s]],
      core->choice.at[d->choice].name);
  for (uint32_t i = 0; i < d->n_keys; i++) {
    const dm_core_key *key = &core->key.at[d->first_key + i];
    all = dm_infer_text(
        arena, "%s%s %s %s", all, i ? "," : ":", key->name,
        dm_infer_key_value(arena, key, e->key_value[e->set_key[s] + i]));
  }
  return all;
}

static void name_sets(dm_scenario_game *g, const dm_core *core)
{
  const dm_expansion *e = g->expansion;
  const dm_game *game = &e->game;
  uint32_t n = game->n_sets;
  uint32_t *player = dm_arena_array(&g->arena, n, sizeof *player);
  int64_t *number = dm_arena_array(&g->arena, n, sizeof *number);
  int64_t *count = dm_arena_array(&g->arena, game->n_players, sizeof *count);
  const char **label = dm_arena_array(&g->arena, n, sizeof *label);
  const char **slot = dm_arena_array(&g->arena, game->n_slots, sizeof *slot);
  for (dm_set_id s = 0; s < n; s++) {
    uint32_t choice = core->decide.at[e->set_decide[s]].choice;
    const dm_core_choice *c = &core->choice.at[choice];
    player[s] = game->set_player[s] + 1;
    number[s] = ++count[game->set_player[s]];
    label[s] = set_label(&g->arena, core, e, s);
    for (uint32_t i = game->set_slot[s]; i < game->set_slot[s + 1]; i++)
      slot[i] = core->option.at[c->first_option + e->slot_option[i]].name;
  }
  g->labels.set_player = player;
  g->labels.set_number = number;
  g->labels.set_label = label;
  g->labels.slot = slot;
}

static void name_ends(dm_scenario_game *g, const dm_core *core)
{
  const dm_expansion *e = g->expansion;
  uint32_t n = e->game.n_ends;
  const char **end = dm_arena_array(&g->arena, n, sizeof *end);
  const char **dated = dm_arena_array(&g->arena, n, sizeof *dated);
  for (uint32_t i = 0; i < n; i++) {
    uint32_t t = e->end_period[i];
    end[i] = core->outcome.at[e->end_outcome[i]].name;
    dated[i] =
        dm_infer_text(&g->arena, "%s %s", end[i], core->period[t > 0 ? t : 1]);
  }
  g->labels.end = end;
  g->end_dated = dated;
}

static void name_all(dm_scenario_game *g, const dm_core *core)
{
  const char **player =
      dm_arena_array(&g->arena, core->actor.n, sizeof *player);
  for (uint32_t a = 0; a < core->actor.n; a++)
    player[a] = core->actor.at[a].name;
  bool titled = core->title && core->title[0];
  g->labels.source = "scenario";
  g->labels.title = titled ? core->title : core->name;
  const char **outcome =
      dm_arena_array(&g->arena, core->outcome.n, sizeof *outcome);
  for (uint32_t o = 0; o < core->outcome.n; o++)
    outcome[o] = core->outcome.at[o].name;
  g->labels.player = player;
  g->labels.n_outcomes = core->outcome.n;
  g->labels.outcome = outcome;
  name_sets(g, core);
  name_ends(g, core);
}

static dm_status fill(
    dm_scenario_game *g, const dm_core *core, const dm_infer_options *options,
    dm_diags *diags)
{
  g->param = calloc((size_t)core->param.n + 1, sizeof *g->param);
  if (!g->param)
    return DM_E_MEMORY;
  for (uint32_t i = 0; i < core->param.n; i++)
    g->param[i] = core->param.at[i].base;
  dm_expand_options expand = dm_expand_defaults();
  dm_status status =
      dm_infer_expand(core, g->param, options, &expand, &g->expansion);
  if (status == DM_E_INPUT)
    dm_findings_tell(core, g->expansion, false, diags);
  if (status != DM_OK)
    return status;
  g->cell = calloc((size_t)g->expansion->game.n_cells + 1, sizeof *g->cell);
  if (!g->cell)
    return DM_E_MEMORY;
  dm_cells_run(&g->expansion->game, g->param, g->cell);
  status = (dm_status)setjmp(g->arena.jump);
  if (status == DM_OK)
    name_all(g, core);
  return status;
}

dm_status dm_scenario_game_new(
    const dm_core *core, const dm_infer_options *options, dm_diags *diags,
    dm_scenario_game **out)
{
  *out = NULL;
  dm_scenario_game *g = calloc(1, sizeof *g);
  if (!g)
    return DM_E_MEMORY;
  dm_arena_init(&g->arena, 0);
  dm_status status = fill(g, core, options, diags);
  if (status == DM_OK)
    *out = g;
  else
    dm_scenario_game_free(g);
  return status;
}

void dm_scenario_game_free(dm_scenario_game *game)
{
  if (!game)
    return;
  dm_expansion_free(game->expansion);
  free(game->param);
  free(game->cell);
  dm_arena_clear(&game->arena);
  free(game);
}
