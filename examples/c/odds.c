/* odds.c -- the odds of each outcome of a file, by period.
 *
 *   odds FILE.standoff
 *
 * The whole way through libdemarche: read, run, look at numbers, free. */
#include <demarche/demarche.h>

#include <stdio.h>
#include <stdlib.h>

enum { MOST_BYTES = 1 << 20 };

static size_t read_file(const char *name, char *text)
{
  FILE *file = fopen(name, "rb");
  size_t len = 0;
  if (!file)
    return 0;
  len = fread(text, 1, MOST_BYTES, file);
  (void)fclose(file);
  return len;
}

/* Everything that was said about the file, with places and repairs. */
static void print_messages(
    const dm_diags *diags, const char *name, const char *text, size_t len)
{
  dm_print_options print = dm_print_defaults();
  dm_text words = {0};
  if (dm_diags_write(diags, name, text, len, &print, &words) == DM_OK)
    (void)fputs(words.at, stderr);
  dm_text_free(&words);
}

static void print_odds(const dm_scenario *scenario, const dm_analysis *analysis)
{
  uint32_t periods = dm_scenario_period_count(scenario);
  uint32_t outcomes = dm_scenario_outcome_count(scenario);
  for (uint32_t t = 0; t < periods; t++) {
    (void)printf("%s", dm_scenario_period(scenario, t));
    for (uint32_t o = 0; o < outcomes; o++)
      (void)printf(
          "  %s %.4f", dm_scenario_outcome(scenario, o),
          dm_analysis_odds(analysis, o, t));
    (void)putchar('\n');
  }
}

static dm_status odds(
    const char *name, const char *text, size_t len, dm_diags *diags)
{
  dm_analysis_options options = dm_analysis_defaults();
  dm_scenario *scenario = NULL;
  dm_analysis *analysis = NULL;
  dm_status why =
      dm_scenario_read(text, len, DM_SOURCE_STANDOFF, diags, &scenario);
  if (why == DM_OK)
    why = dm_analysis_run(
        scenario, DM_ANALYSIS_SOLVE, &options, diags, &analysis);
  if (why == DM_OK)
    print_odds(scenario, analysis);
  if (dm_diags_count(diags, DM_ERROR) > 0)
    print_messages(diags, name, text, len);
  dm_analysis_free(analysis);
  dm_scenario_free(scenario);
  return why;
}

int main(int argc, char **argv)
{
  if (argc != 2) {
    (void)fputs("usage: odds FILE.standoff\n", stderr);
    return 2;
  }
  char *text = malloc(MOST_BYTES);
  dm_diags *diags = dm_diags_new();
  dm_status why = DM_E_MEMORY;
  if (text && diags)
    why = odds(argv[1], text, read_file(argv[1], text), diags);
  if (why != DM_OK)
    (void)fprintf(stderr, "%s: %s\n", argv[1], dm_status_text(why));
  dm_diags_free(diags);
  free(text);
  return dm_status_exit_code(why);
}
