/* infer/words.c -- values, chances, actors and equilibria in words. */
#include "base/str.h"
#include "infer/parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

const char *dm_infer_text(dm_arena *arena, const char *format, ...)
{
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int need = vsnprintf(NULL, 0, format, args);
  va_end(args);
  char *out = dm_arena_alloc(arena, need < 0 ? 1 : (size_t)need + 1);
  if (need >= 0)
    vsnprintf(out, (size_t)need + 1, format, again);
  va_end(again);
  return out;
}

const char *dm_infer_actor(const dm_core *core, uint32_t actor)
{
  const dm_core_actor *a = &core->actor.at[actor];
  return a->display && a->display[0] ? a->display : a->name;
}

static const char *number(dm_arena *arena, double x)
{
  char text[32];
  dm_number_text(x, text);
  return dm_infer_text(arena, "%s", text);
}

const char *dm_infer_value(
    dm_arena *arena, const dm_core_var *var, int32_t value)
{
  int64_t place = (int64_t)value - var->lo;
  if (var->words && place >= 0 && place < (int64_t)var->size)
    return var->words[place];
  if (var->unit && var->unit[0])
    return dm_infer_text(
        arena, "%s %s", number(arena, value * var->unit_step), var->unit);
  return number(arena, value);
}

const char *dm_infer_key_value(
    dm_arena *arena, const dm_core_key *key, int32_t value)
{
  if (key->words && value >= 0 && value < (int64_t)key->n_words)
    return key->words[value];
  if (key->has_none && value == 0)
    return "none";
  return number(arena, (double)value + key->shift);
}

const char *dm_infer_percent(dm_arena *arena, double p)
{
  double x = 100 * p;
  if (!isfinite(x))
    return "-";
  if (x > 0 && x < 0.05)
    return "under 0.1 %";
  if (x > 99.95 && x < 100 - 1e-9)
    return "over 99.9 %";
  if (x > 99.95)
    return "100 %";
  return dm_infer_text(arena, x < 10 || x > 90 ? "%.1f %%" : "%.0f %%", x);
}

/* ---- equilibria ----------------------------------------------------------------- */

const char *dm_infer_origin(dm_arena *arena, uint32_t origin)
{
  static const struct {
    uint32_t bit;
    const char *words;
  } from[] = {
      {DM_ORIGIN_PRINCIPAL, "principal branch"},
      {DM_ORIGIN_BRANCH, "branch"},
      {DM_ORIGIN_RANDOM, "random start"},
      {DM_ORIGIN_PURE, "pure start"},
      {DM_ORIGIN_INFORMED, "telling start"},
      {DM_ORIGIN_TREMBLE, "trembles"},
      {DM_ORIGIN_ENUMERATED, "enumeration"},
      {DM_ORIGIN_PROGRAM, "linear program"},
      {DM_ORIGIN_REGRET, "regret minimisation"}};
  const char *all = "";
  for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
    if (origin & from[i].bit)
      all = dm_infer_text(
          arena, "%s%s%s", all, all[0] ? ", " : "", from[i].words);
  }
  return all;
}

const char *dm_infer_searched(
    dm_arena *arena, const dm_equilibria *list, uint64_t seed)
{
  return dm_infer_text(
      arena,
      "Searched from %u starts (seed %llu): all noise, branches that leave its "
      "path, random and pure strategies, moves that tell types apart or hide "
      "them, and games with trembles. %u led to an equilibrium, %u nowhere. "
      "What was not found may still exist: absence is no proof.",
      list->tried, (unsigned long long)seed, list->tried - list->failed,
      list->failed);
}
