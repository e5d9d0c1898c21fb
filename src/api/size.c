/* api/size.c -- counting a scenario, and what each remembered item costs.
 *
 * The price of an item is what would be saved without it: the walk is done
 * again on a copy of the core in which the item is not part of any key.  A
 * variable that nobody reads any more is forgotten by the expansion, and the
 * situations that differed only in it become one. */
#define _POSIX_C_SOURCE 200809L
#include "api/handle.h"

#include <string.h>
#include <time.h>

/* Situations up to which a check also looks at play without aim, which takes
 * the game as a whole. */
enum { MOST_ADVISED = 1000000 };

static double clock_seconds(void)
{
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
    return 0;
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

typedef struct teller {
  const dm_analysis_options *options;
  const char *what;
} teller;

static bool tell(void *data, const dm_expand_progress *now)
{
  const teller *t = data;
  return !t->options->progress ||
         t->options->progress(
             t->options->progress_data, t->what, (double)now->situations, 0);
}

static dm_status walk(
    const dm_core *core, const dm_analysis_options *options, const char *what,
    dm_expansion **out)
{
  teller t = {options, what};
  dm_expand_options expand = dm_expand_defaults();
  if (options->max_situations)
    expand.max_situations = options->max_situations;
  if (options->max_memory)
    expand.max_bytes = options->max_memory;
  expand.count_only = true;
  expand.progress = tell;
  expand.progress_data = &t;
  return dm_expand(core, NULL, &expand, out);
}

/* ---- prices ---------------------------------------------------------------------- */

/* A copy of the core without the memory item `name` of an actor. */
static const dm_core *without(
    const dm_core *core, dm_arena *arena, uint32_t actor, const char *name)
{
  dm_core *copy = dm_arena_alloc(arena, sizeof *copy);
  *copy = *core;
  copy->key.at = dm_arena_array(arena, core->key.n + 1, sizeof *core->key.at);
  memcpy(copy->key.at, core->key.at, core->key.n * sizeof *core->key.at);
  copy->expr.at =
      dm_arena_array(arena, core->expr.n + 1, sizeof *core->expr.at);
  memcpy(copy->expr.at, core->expr.at, core->expr.n * sizeof *core->expr.at);
  dm_expr_id zero = copy->expr.n++;
  copy->expr.at[zero] = (dm_core_expr){.op = DM_X_NUMBER};
  for (uint32_t d = 0; d < core->decide.n; d++) {
    const dm_core_decide *decide = &core->decide.at[d];
    if (core->choice.at[decide->choice].actor != actor)
      continue;
    for (uint32_t k = 0; k < decide->n_keys; k++) {
      dm_core_key *key = &copy->key.at[decide->first_key + k];
      if (key->memory && strcmp(key->name, name) == 0)
        key->expr = zero;
    }
  }
  return copy;
}

/* How many values a memory item can take; 0: a record that grows. */
static uint64_t values_of(const dm_core *core, const dm_core_key *key)
{
  const dm_core_expr *x = &core->expr.at[key->expr];
  if (key->n_words > 0)
    return key->n_words;
  return x->op == DM_X_VAR ? core->var.at[x->a].size : 0;
}

typedef struct items {
  DM_VEC(dm_r_memory) item;
  DM_VEC(uint32_t) actor;
} items;

static void find_items(const dm_core *core, dm_arena *keep, items *out)
{
  for (uint32_t d = 0; d < core->decide.n; d++) {
    const dm_core_decide *decide = &core->decide.at[d];
    uint32_t actor = core->choice.at[decide->choice].actor;
    for (uint32_t k = 0; k < decide->n_keys; k++) {
      const dm_core_key *key = &core->key.at[decide->first_key + k];
      bool known = !key->memory;
      for (uint32_t i = 0; i < out->item.n && !known; i++)
        known = out->actor.at[i] == actor &&
                strcmp(out->item.at[i].item, key->name) == 0;
      if (known)
        continue;
      dm_r_memory item = {
          .actor = core->actor.at[actor].name,
          .item = key->name,
          .values = values_of(core, key)};
      DM_PUSH(keep, &out->item, item);
      DM_PUSH(keep, &out->actor, actor);
    }
  }
}

static dm_status price_all(
    const dm_core *core, const dm_analysis_options *options, dm_arena *keep,
    dm_r_size *out)
{
  items found = {{0}, {0}};
  dm_status why = DM_OK;
  find_items(core, keep, &found);
  for (uint32_t i = 0; i < found.item.n && why != DM_E_INTERRUPT; i++) {
    dm_r_memory *item = &found.item.at[i];
    const dm_core *copy = without(core, keep, found.actor.at[i], item->item);
    dm_expansion *expansion = NULL;
    why = walk(copy, options, "pricing memory", &expansion);
    if (why == DM_OK) {
      item->starts = expansion->n_starts;
      for (uint32_t t = 1; t <= core->n_periods; t++)
        item->situations += expansion->size[t].situations;
    }
    dm_expansion_free(expansion);
    if (why == DM_E_LIMIT || why == DM_E_INPUT)
      why = DM_OK; /* not counted: the report says so */
  }
  out->priced = true;
  out->n_memory = found.item.n;
  out->memory = found.item.at;
  return why;
}

static void list_items(const dm_core *core, dm_arena *keep, dm_r_size *out)
{
  items found = {{0}, {0}};
  find_items(core, keep, &found);
  out->n_memory = found.item.n;
  out->memory = found.item.at;
}

/* ---- the count --------------------------------------------------------------------- */

static void add_up(
    const dm_core *core, const dm_expansion *e, dm_arena *keep, dm_r_size *out)
{
  /* What the start's draws make belongs to no period, and to the whole. */
  out->starts = e->n_starts;
  out->situations = e->size[0].situations;
  out->sets = e->size[0].sets;
  out->edges = e->size[0].edges;
  out->period = dm_arena_array(keep, core->n_periods, sizeof *out->period);
  for (uint32_t t = 1; t <= core->n_periods; t++) {
    const dm_period_size *p = &e->size[t];
    if (p->situations == 0 && p->starts == 0)
      break;
    out->period[out->n_walked++] = (dm_r_period_size){
        .period = core->period[t],
        .starts = p->starts,
        .situations = p->situations,
        .sets = p->sets,
        .edges = p->edges};
    out->situations += p->situations;
    out->sets += p->sets;
    out->edges += p->edges;
  }
  out->bytes = e->game.bytes;
}

/* Outcomes that no path leads to (W008). */
static void tell_impossible(
    const dm_core *core, const dm_expansion *e, dm_diags *diags)
{
  for (uint32_t o = 0; o < core->outcome.n && o < 64; o++) {
    const dm_core_outcome *outcome = &core->outcome.at[o];
    if (e->outcome_first[o] > 0)
      continue;
    dm_str text = {0};
    dm_str_addf(&text, "No path of this file leads to `%s`.", outcome->name);
    dm_diags_add(
        diags, DM_WARNING, "W008", dm_code_title("W008"), outcome->at, 0,
        dm_str_text(&text),
        "Look at what would have to happen first, or take the outcome out.");
    dm_str_clear(&text);
  }
}

/* Advice is a service: what it cannot afford is not told. */
static dm_status advise(
    const dm_scenario *scenario, const dm_analysis_options *options,
    dm_diags *diags)
{
  dm_infer_options infer = dm_api_infer_options(scenario, options);
  dm_status why = dm_advice_tell(scenario->core, &infer, diags);
  return why == DM_E_LIMIT ? DM_OK : why;
}

dm_status dm_size_run(
    const dm_scenario *scenario, const dm_analysis_options *options,
    dm_arena *keep, bool warnings, dm_diags *diags, dm_r_size *out)
{
  const dm_core *core = scenario->core;
  double from = clock_seconds();
  dm_expansion *expansion = NULL;
  *out = (dm_r_size){
      .scenario = core->name,
      .title = core->title,
      .bound = dm_expand_bound(core),
      .max_situations =
          options->max_situations ? options->max_situations : 5000000,
      .max_memory = options->max_memory,
      .n_periods = core->n_periods,
      .n_sourced = core->n_sourced,
      .n_judged = core->n_judged,
      .n_omits = core->omits.n,
      .omits = core->omits.at};
  dm_status why = walk(core, options, "counting situations", &expansion);
  if (expansion) {
    dm_findings_tell(core, expansion, warnings, diags);
    if (warnings && why == DM_OK)
      tell_impossible(core, expansion, diags);
    add_up(core, expansion, keep, out);
  }
  out->stopped = why == DM_E_LIMIT;
  dm_expansion_free(expansion);
  if (warnings && why == DM_OK && out->situations <= MOST_ADVISED)
    why = advise(scenario, options, diags);
  if (out->stopped)
    list_items(core, keep, out);
  if (options->memory && (why == DM_OK || why == DM_E_LIMIT)) {
    dm_status priced = price_all(core, options, keep, out);
    why = why == DM_OK ? priced : why;
  }
  out->seconds = clock_seconds() - from;
  return why;
}
