/* Every allocation of a forecast fails once: the call says so, gives nothing
 * and keeps nothing. */
#include "unit.h"
#include "alloc.h"

#include "api/handle.h"
#include "infer/forecast.h"

#include <string.h>

static const char TEXT[] = "scenario small\n"
                           "  turns 1 to 2\n"
                           "  otherwise quiet\n"
                           "actor us sharpness 0.1 [0.05..0.2]\n"
                           "actor iran\n"
                           "  type hard 40% [20%..60%], soft rest\n"
                           "  sharpness 0.1\n"
                           "state heat 0..2 = 0 public\n"
                           "choice act of us\n"
                           "  wait\n"
                           "  push -> heat +1\n"
                           "choice reply of iran\n"
                           "  wait\n"
                           "  hit if heat > 0 -> end war\n"
                           "payoff us iran.hard iran.soft\n"
                           "  war -10 5 -5\n"
                           "  quiet (5 * heat) (-5 * heat) 0\n"
                           "ask chance of heat = 2 given us.push in 1\n"
                           "ask chance of war if us.push in 1 known\n";

TEST(a_forecast_fails_cleanly)
{
  dm_diags *diags = dm_diags_new();
  dm_scenario *s = NULL;
  ASSERT_OK(
      dm_scenario_read(TEXT, strlen(TEXT), DM_SOURCE_STANDOFF, diags, &s));
  dm_infer_options options = dm_infer_defaults();
  options.threads = 1;
  options.draws = 3;
  options.strategies = true;
  size_t n = 1;
  for (;; n++) {
    dm_result *result = NULL;
    unit_alloc_fail_at(n);
    dm_status status = dm_forecast_run(s->core, &options, NULL, &result);
    if (!unit_alloc_failed()) {
      ASSERT_OK(status);
      dm_result_free(result);
      break;
    }
    if (status != DM_E_MEMORY)
      FAIL("request %zu: %s", n, dm_status_text(status));
    ASSERT_NULL(result);
    if (unit_alloc_live() != 0)
      FAIL("request %zu: %ld blocks are kept", n, unit_alloc_live());
  }
  ASSERT_TRUE(n > 50);
  dm_scenario_free(s);
  dm_diags_free(diags);
}

TEST_MAIN(CASE(a_forecast_fails_cleanly))
