/* vary.c -- how the answer to a question moves with one number.
 *
 * The scenario is in the program; one assumption is set to several values, each
 * solved anew. */
#include <demarche/demarche.h>

#include <stdio.h>
#include <string.h>

static const char text[] =
    "scenario ultimatum \"A demand under threat\"\n"
    "  turns 1 to 2\n"
    "  otherwise quiet\n"
    "assume risk 20%\n"
    "actor north sharpness 0.1\n"
    "actor south sharpness 0.1\n"
    "state demand none < made = none public\n"
    "choice voice of north until 1\n"
    "  keep_quiet\n"
    "  demand -> demand = made\n"
    "choice reply of south from 2\n"
    "  yield\n"
    "  refuse -> if demand = made: risk: end war\n"
    "outcome settled when demand = made and south.reply = yield\n"
    "payoff     north  south\n"
    "  war      -40    -60\n"
    "  settled  20     -15\n"
    "  quiet    0      0\n";

/* One value: NaN when it could not be had. */
static dm_status answer_at(const char *assignment, double *out)
{
  dm_analysis_options options = dm_analysis_defaults();
  dm_diags *diags = dm_diags_new();
  dm_scenario *scenario = NULL;
  dm_analysis *analysis = NULL;
  dm_status why = diags ? DM_OK : DM_E_MEMORY;
  options.levers = 0; /* only the answer is wanted */
  if (why == DM_OK)
    why = dm_scenario_read(
        text, strlen(text), DM_SOURCE_STANDOFF, diags, &scenario);
  if (why == DM_OK)
    why = dm_scenario_set(scenario, assignment, diags);
  if (why == DM_OK)
    why = dm_scenario_ask(scenario, "chance of war given north.demand", diags);
  if (why == DM_OK)
    why = dm_analysis_run(
        scenario, DM_ANALYSIS_FORECAST, &options, diags, &analysis);
  if (why == DM_OK)
    *out = dm_analysis_answer(analysis, 0);
  dm_analysis_free(analysis);
  dm_scenario_free(scenario);
  dm_diags_free(diags);
  return why;
}

int main(void)
{
  for (int percent = 10; percent <= 50; percent += 10) {
    char assignment[32];
    double war = 0;
    (void)snprintf(assignment, sizeof assignment, "risk=%d%%", percent);
    dm_status why = answer_at(assignment, &war);
    if (why != DM_OK) {
      (void)fprintf(stderr, "%s: %s\n", assignment, dm_status_text(why));
      return dm_status_exit_code(why);
    }
    (void)printf("%s: war after a demand %.4f\n", assignment, war);
  }
  return 0;
}
