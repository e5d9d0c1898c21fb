/* tests/unit/infer/scenario.h -- a scenario's text, and the forecast of it. */
#ifndef DM_TESTS_INFER_SCENARIO_H
#define DM_TESTS_INFER_SCENARIO_H

#include "unit.h"

#include "api/handle.h"
#include "infer/parts.h"

#include <string.h>

static inline dm_scenario *read_text(const char *text)
{
  dm_diags *diags = dm_diags_new();
  dm_scenario *scenario = NULL;
  dm_status status = dm_scenario_read(
      text, strlen(text), DM_SOURCE_STANDOFF, diags, &scenario);
  if (status != DM_OK) {
    const dm_diag *d = dm_diags_at(diags, 0);
    FAIL(
        "line %u: %s: %s", d ? d->line : 0, d ? d->code : "?",
        d ? d->text : "no message");
  }
  dm_diags_free(diags);
  return scenario;
}

static inline dm_result *run_text(
    dm_scenario *scenario, const dm_infer_options *options)
{
  dm_result *result = NULL;
  ASSERT_OK(dm_forecast_run(scenario->core, options, NULL, &result));
  return result;
}

/* Column of an outcome, or a failed case. */
static inline const dm_r_outcome *outcome_of(
    const dm_result *r, const char *name)
{
  for (uint32_t o = 0; o < r->n_outcomes; o++) {
    if (strcmp(r->outcome[o].name, name) == 0)
      return &r->outcome[o];
  }
  FAIL("no outcome %s", name);
  return NULL;
}

static inline const dm_r_option *option_of(
    const dm_result *r, const char *choice, const char *name)
{
  for (uint32_t i = 0; i < r->n_options; i++) {
    if (strcmp(r->option[i].choice, choice) == 0 &&
        strcmp(r->option[i].option, name) == 0)
      return &r->option[i];
  }
  FAIL("no option %s", name);
  return NULL;
}

#endif
