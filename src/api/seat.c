/* api/seat.c -- one run of a solved scenario in which a person decides for one
 * actor.
 *
 * All draws are counter-based: draw k of seed s is a hash of (s, k), where k
 * counts the situations met.  So a transcript's picks and its seed give the
 * same run again, and a person's pick does not shift the draws behind it. */
#include "api/handle.h"
#include "infer/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct dm_seat {
  const dm_core *core;
  dm_solved *solved;
  uint32_t actor;
  dm_node_id node; /* where the run stands: own decision, or an ending */
  uint64_t seed;
  uint64_t drawn; /* draws so far */
  int32_t *last;  /* [n_keys of the core] value shown last */
  bool *shown;    /* [n_keys of the core] */
  dm_arena arena; /* of the text */
  dm_str text;
};

/* The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
static uint64_t mix(uint64_t x)
{
  x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
  return x ^ (x >> 31);
}

/* Draw k: uniform in [0, 1), 53 bits. */
static double draw(uint64_t seed, uint64_t k)
{
  uint64_t x = mix(mix(seed + UINT64_C(0x9e3779b97f4a7c15)) + k);
  return (double)(x >> 11) * 0x1p-53;
}

static double weight(const dm_seat *seat, uint32_t edge, bool chance)
{
  const dm_game *game = &seat->solved->expansion->game;
  uint32_t of = game->edge_slot[edge];
  return chance ? dm_sweep_cells(seat->solved->sweep)[of]
                : exp(seat->solved->log_p[of]);
}

/* Goes on from the node along one edge, drawn by its odds. */
static void step(dm_seat *seat)
{
  const dm_game *game = &seat->solved->expansion->game;
  uint32_t first = game->node_edge[seat->node];
  uint32_t end = game->node_edge[seat->node + 1];
  bool chance = game->node_set[seat->node] == DM_NODE_CHANCE;
  double at = draw(seat->seed, seat->drawn++), sum = 0;
  uint32_t taken = first;
  for (uint32_t e = first; e < end; e++) {
    double p = weight(seat, e, chance);
    if (p > 0)
      taken = e; /* rounding must not lead where nothing leads */
    sum += p;
    if (at < sum)
      break;
  }
  seat->node = game->edge_child[taken];
}

static bool is_end(const dm_seat *seat)
{
  return seat->solved->expansion->game.node_set[seat->node] >= DM_NODE_END;
}

static bool is_own(const dm_seat *seat)
{
  const dm_game *game = &seat->solved->expansion->game;
  uint32_t set = game->node_set[seat->node];
  return set < DM_NODE_CHANCE && game->set_player[set] == seat->actor;
}

/* ---- what the actor learns -------------------------------------------------------- */

static const dm_core_decide *decide_here(const dm_seat *seat, uint32_t *set)
{
  const dm_expansion *e = seat->solved->expansion;
  *set = e->game.node_set[seat->node];
  return &seat->core->decide.at[e->set_decide[*set]];
}

static void tell_decision(dm_seat *seat)
{
  const dm_expansion *e = seat->solved->expansion;
  const dm_core *core = seat->core;
  uint32_t set;
  const dm_core_decide *decide = decide_here(seat, &set);
  const int32_t *value = e->key_value + e->set_key[set];
  dm_str_addf(
      &seat->text, "\n%s: %s\n", core->period[e->set_period[set]],
      core->choice.at[decide->choice].actor_choice);
  for (uint32_t k = 0; k < decide->n_keys; k++) {
    const dm_core_key *key = &core->key.at[decide->first_key + k];
    const char *now = dm_infer_key_value(&seat->arena, key, value[k]);
    uint32_t same = decide->first_key + k;
    /* The same item was perhaps shown at another decision. */
    for (uint32_t i = 0; i < core->key.n; i++) {
      if (seat->shown[i] && strcmp(core->key.at[i].name, key->name) == 0)
        same = i;
    }
    bool news = seat->shown[same] && seat->last[same] != value[k];
    const char *before =
        news ? dm_infer_key_value(&seat->arena, key, seat->last[same]) : "";
    dm_str_addf(
        &seat->text, "    %s: %s%s%s%s\n", key->name, now,
        news ? "  (was " : "", before, news ? ")" : "");
    seat->shown[same] = true;
    seat->last[same] = value[k];
  }
}

static void tell_end(dm_seat *seat)
{
  const dm_expansion *e = seat->solved->expansion;
  uint32_t end = e->game.node_set[seat->node] - DM_NODE_END;
  const dm_core_outcome *outcome = &seat->core->outcome.at[e->end_outcome[end]];
  bool named = outcome->display && outcome->display[0];
  dm_str_addf(
      &seat->text, "\n%s: it ends in %s%s%s%s.\n",
      seat->core->period[e->end_period[end]], outcome->name, named ? " (" : "",
      named ? outcome->display : "", named ? ")" : "");
}

static dm_status run_on(dm_seat *seat)
{
  seat->text.len = 0;
  dm_status why = (dm_status)setjmp(seat->arena.jump);
  if (why != DM_OK)
    return why;
  while (!is_end(seat) && !is_own(seat))
    step(seat);
  if (is_end(seat))
    tell_end(seat);
  else
    tell_decision(seat);
  return seat->text.failed ? DM_E_MEMORY : DM_OK;
}

/* ---- the public calls ------------------------------------------------------------- */

void dm_seat_free(dm_seat *seat)
{
  if (!seat)
    return;
  dm_solved_free(seat->solved);
  dm_arena_clear(&seat->arena);
  dm_str_clear(&seat->text);
  free(seat->last);
  free(seat->shown);
  free(seat);
}

static uint32_t find_actor(const dm_core *core, const char *name)
{
  for (uint32_t a = 0; a < core->actor.n; a++) {
    if (strcmp(core->actor.at[a].name, name) == 0)
      return a;
  }
  return DM_NONE;
}

static dm_status sit_down(
    const dm_scenario *scenario, uint32_t actor,
    const dm_analysis_options *options, dm_diags *diags, dm_seat *seat)
{
  const dm_core *core = scenario->core;
  seat->core = core;
  seat->actor = actor;
  seat->seed = options->seed;
  seat->last = calloc((size_t)core->key.n + 1, sizeof *seat->last);
  seat->shown = calloc((size_t)core->key.n + 1, sizeof *seat->shown);
  if (!seat->last || !seat->shown)
    return DM_E_MEMORY;
  dm_infer_options infer = dm_api_infer_options(scenario, options);
  dm_status why = dm_solved_new(core, NULL, &infer, diags, &seat->solved);
  return why == DM_OK ? run_on(seat) : why;
}

dm_status dm_seat_new(
    const dm_scenario *scenario, const char *actor,
    const dm_analysis_options *options, dm_diags *diags, dm_seat **out)
{
  *out = NULL;
  dm_analysis_options defaults = dm_analysis_defaults();
  uint32_t who = find_actor(scenario->core, actor);
  if (who == DM_NONE)
    return DM_E_RANGE;
  dm_seat *seat = calloc(1, sizeof *seat);
  if (!seat)
    return DM_E_MEMORY;
  dm_arena_init(&seat->arena, 0);
  dm_status why =
      sit_down(scenario, who, options ? options : &defaults, diags, seat);
  dm_diags_sort(diags);
  if (why != DM_OK) {
    dm_seat_free(seat);
    return why;
  }
  *out = seat;
  return DM_OK;
}

const char *dm_seat_text(dm_seat *seat)
{
  return dm_str_text(&seat->text);
}

uint32_t dm_seat_option_count(const dm_seat *seat)
{
  const dm_game *game = &seat->solved->expansion->game;
  if (is_end(seat))
    return 0;
  return game->node_edge[seat->node + 1] - game->node_edge[seat->node];
}

const char *dm_seat_option(const dm_seat *seat, uint32_t i)
{
  const dm_expansion *e = seat->solved->expansion;
  uint32_t set;
  if (i >= dm_seat_option_count(seat))
    return NULL;
  const dm_core_decide *decide = decide_here(seat, &set);
  const dm_core_choice *choice = &seat->core->choice.at[decide->choice];
  uint32_t option = e->slot_option[e->game.set_slot[set] + i];
  return seat->core->option.at[choice->first_option + option].name;
}

double dm_seat_option_chance(const dm_seat *seat, uint32_t i)
{
  const dm_game *game = &seat->solved->expansion->game;
  if (i >= dm_seat_option_count(seat))
    return (double)NAN;
  return exp(
      seat->solved->log_p[game->set_slot[game->node_set[seat->node]] + i]);
}

dm_status dm_seat_pick(dm_seat *seat, uint32_t i)
{
  const dm_game *game = &seat->solved->expansion->game;
  if (i >= dm_seat_option_count(seat))
    return DM_E_RANGE;
  /* A pick takes the place of a draw, so that the next ones are the same. */
  seat->drawn++;
  seat->node = game->edge_child[game->node_edge[seat->node] + i];
  return run_on(seat);
}
