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
  const char *all = "";
  for (uint32_t i = 0; i < DM_ORIGINS; i++) {
    if (origin & (UINT32_C(1) << i))
      all = dm_infer_text(
          arena, "%s%s%s", all, all[0] ? ", " : "", dm_origin_text(i));
  }
  return all;
}

const char *dm_infer_searched(
    dm_arena *arena, const dm_equilibria *list, uint64_t seed)
{
  const char *kinds = "";
  for (uint32_t i = 0; i < DM_ORIGINS; i++) {
    if (list->tally[i].tried > 0)
      kinds = dm_infer_text(
          arena, "%s%s %s %u (%u)", kinds, kinds[0] ? "," : ":",
          dm_origin_text(i), list->tally[i].tried, list->tally[i].led);
  }
  return dm_infer_text(
      arena,
      "Searched from %u start%s (seed %llu)%s; in brackets how many led to an "
      "equilibrium. What was not found may still exist: absence is no proof.",
      list->tried, list->tried == 1 ? "" : "s", (unsigned long long)seed,
      kinds);
}
