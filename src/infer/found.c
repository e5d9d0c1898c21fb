/* infer/found.c -- what the expansion saw, as messages.
 *
 * The expansion names rules and variables; here they become a place in the
 * file, a date, the moves, and a situation as an example. */
#include "infer/parts.h"
#include "lang/codes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MOST_TEXT = 1024 };

static const char *title_of(const char *code)
{
#define DM_CODE_TITLE(name, severity, title)                                   \
  if (strcmp(code, #name) == 0)                                                \
    return title;
  DM_CODE_LIST(DM_CODE_TITLE)
#undef DM_CODE_TITLE
  return "";
}

static const dm_core_rule *rule_of(const dm_core *core, uint32_t rule)
{
  return rule < core->rule.n ? &core->rule.at[rule] : NULL;
}

static const char *rule_name(const dm_core *core, uint32_t rule)
{
  const dm_core_rule *r = rule_of(core, rule);
  return r && r->name ? r->name : "a rule";
}

static const char *var_name(const dm_core *core, uint32_t var)
{
  const char *name = var < core->var.n ? core->var.at[var].name : NULL;
  return name ? name : "a value";
}

DM_PRINTF(6, 7)
static void say(
    const dm_core *core, const dm_found *it, dm_diags *diags, const char *code,
    const char *repair, const char *format, ...)
{
  char text[MOST_TEXT];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  const dm_core_rule *rule = rule_of(core, it->rule);
  const dm_core_rule *other = rule_of(core, it->other);
  dm_span at = {0};
  if (rule && rule->at.line)
    at = rule->at;
  else if (other)
    at = other->at;
  else if (it->var < core->var.n)
    at = core->var.at[it->var].at;
  uint32_t other_line = other && other->at.line != at.line ? other->at.line : 0;
  dm_diags_add(
      diags, code[0] == 'E' ? DM_ERROR : DM_WARNING, code, title_of(code), at,
      other_line, text, repair);
}

static void conflict(
    const dm_core *core, const dm_found *it, const char *date,
    const char *state, dm_diags *diags)
{
  if (it->rule == DM_NONE && it->other == DM_NONE) {
    say(core, it, diags, "E031", "", "`%s` in %s: %s.", var_name(core, it->var),
        date, state);
    return;
  }
  say(core, it, diags, "E031",
      "Guard one of the two so that both cannot happen in one phase, or order "
      "the words with <, so that the later one wins.",
      "In %s `%s` and `%s` give `%s` different values in one phase%s%s.", date,
      rule_name(core, it->rule), rule_name(core, it->other),
      var_name(core, it->var), state[0] ? ", for example with " : "", state);
}

static void tell(
    const dm_core *core, const dm_found *it, bool warnings, dm_diags *diags)
{
  const char *date =
      core->period[it->period <= core->n_periods ? it->period : 0];
  const char *state = it->state ? it->state : "";
  const char *lead = state[0] ? ", for example with " : "";
  switch ((dm_found_kind)it->kind) {
  case DM_FOUND_CONFLICT:
    conflict(core, it, date, state, diags);
    return;
  case DM_FOUND_FRACTION:
    say(core, it, diags, "E065",
        "Use whole steps: min, max or a condition can do what the fraction "
        "meant to.",
        "In %s `%s` writes to `%s` what is no whole number of steps%s%s.", date,
        rule_name(core, it->rule), var_name(core, it->var), lead, state);
    return;
  case DM_FOUND_CHANCES:
    say(core, it, diags, "E011",
        "Chances lie between 0 % and 100 % whatever the state; min and max can "
        "hold them there.",
        "In %s a chance of `%s` is below 0 %% or above 100 %%%s%s.", date,
        rule_name(core, it->rule), lead, state);
    return;
  case DM_FOUND_SATURATES:
    if (warnings)
      say(core, it, diags, "W005",
          "What passes the end of a scale is lost: widen the scale, or guard "
          "the rule.",
          "From %s on `%s` can push `%s` past the end of its scale%s%s.", date,
          rule_name(core, it->rule), var_name(core, it->var), lead, state);
    return;
  case DM_FOUND_TIE:
    if (warnings)
      say(core, it, diags, "W007",
          "The outcome that stands first in the payoff table wins.",
          "From %s on `%s` and `%s` can end the game in the same phase with "
          "different outcomes%s%s.",
          date, rule_name(core, it->rule), rule_name(core, it->other), lead,
          state);
    return;
  }
}

void dm_findings_tell(
    const dm_core *core, const dm_expansion *expansion, bool warnings,
    dm_diags *diags)
{
  for (uint32_t i = 0; expansion && i < expansion->found.n; i++)
    tell(core, &expansion->found.at[i], warnings, diags);
}
