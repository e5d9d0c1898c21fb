/* cli/scenarios.c -- from the words of the command line to a scenario. */
#include "cli.h"

#include <string.h>

static bool ends_in(const char *text, const char *end)
{
  size_t n = strlen(text), m = strlen(end);
  return n >= m && strcmp(text + n - m, end) == 0;
}

void input_messages(const cli *c, const input *in, bool all)
{
  size_t errors = dm_diags_count(in->diags, DM_ERROR);
  size_t warnings = dm_diags_count(in->diags, DM_WARNING) - errors;
  if (errors + warnings == 0 || (errors == 0 && given(c, OPT_QUIET)))
    return;
  terminal_clear_progress(c);
  if (errors == 0 && !all) {
    (void)fprintf(
        stderr, "%s: %zu warning%s: see `demarche check %s`\n", in->name,
        warnings, warnings == 1 ? "" : "s", in->name);
    return;
  }
  dm_print_options print = terminal_print(c);
  print.json = false;
  print.color = c->color_err;
  dm_text text = {0};
  dm_status why = dm_diags_write(
      in->diags, in->name, in->text.at, in->text.len, &print, &text);
  if (why == DM_OK)
    (void)fwrite(text.at, 1, text.len, stderr);
  else
    complain("%s", dm_status_text(why));
  dm_text_free(&text);
}

void input_errors(const cli *c, const input *in)
{
  if (!in->diags)
    return;
  if (!given(c, OPT_JSON) || dm_diags_count(in->diags, DM_ERROR) == 0) {
    input_messages(c, in, false);
    return;
  }
  dm_print_options print = terminal_print(c);
  dm_text text = {0};
  dm_status why = dm_diags_write(
      in->diags, in->name, in->text.at, in->text.len, &print, &text);
  if (why == DM_OK)
    file_print(&text);
  else
    complain("%s", dm_status_text(why));
  dm_text_free(&text);
}

static dm_status prepare(const cli *c, input *in)
{
  dm_status why = dm_scenario_read(
      in->text.at, in->text.len, in->kind, in->diags, &in->scenario);
  for (uint32_t i = 0; why == DM_OK && i < c->n_set; i++)
    why = dm_scenario_set(in->scenario, c->set[i], in->diags);
  for (uint32_t i = 0; why == DM_OK && i < c->n_ask; i++)
    why = dm_scenario_ask(in->scenario, c->ask[i], in->diags);
  return why;
}

dm_status input_read(cli *c, const char *name, input *in)
{
  memset(in, 0, sizeof *in);
  in->name = strcmp(name, "-") == 0 ? "standard input" : name;
  bool markdown = given(c, OPT_MARKDOWN) || ends_in(name, ".md");
  in->kind = markdown ? DM_SOURCE_MARKDOWN : DM_SOURCE_STANDOFF;
  in->diags = dm_diags_new();
  if (!in->diags) {
    complain("%s", dm_status_text(DM_E_MEMORY));
    return DM_E_MEMORY;
  }
  return file_read(name, &in->text);
}

dm_status input_scenario(cli *c, input *in)
{
  if (input_kind(c, in) != KIND_SCENARIO) {
    complain(
        "%s is a game and no scenario: `demarche solve` and `demarche export` "
        "take it",
        in->name);
    return DM_E_INPUT;
  }
  dm_status why = prepare(c, in);
  if (why != DM_OK && dm_diags_count(in->diags, DM_ERROR) == 0)
    complain("%s: %s", in->name, dm_status_text(why));
  return why;
}

dm_status input_open(cli *c, const char *name, input *in)
{
  dm_status why = input_read(c, name, in);
  return why == DM_OK ? input_scenario(c, in) : why;
}

void input_close(input *in)
{
  dm_scenario_free(in->scenario);
  dm_diags_free(in->diags);
  dm_text_free(&in->text);
  memset(in, 0, sizeof *in);
}

dm_analysis_options input_options(cli *c, char toward[2][128])
{
  dm_analysis_options o = dm_analysis_defaults();
  if (given(c, OPT_MAX_SITUATIONS))
    o.max_situations = c->number[OPT_MAX_SITUATIONS];
  if (given(c, OPT_MAX_MEMORY))
    o.max_memory = c->number[OPT_MAX_MEMORY];
  if (given(c, OPT_SEED))
    o.seed = c->number[OPT_SEED];
  if (given(c, OPT_THREADS))
    o.threads = (uint32_t)c->number[OPT_THREADS];
  if (given(c, OPT_DRAWS))
    o.draws = (uint32_t)c->number[OPT_DRAWS];
  if (given(c, OPT_LEVERS))
    o.levers = (uint32_t)c->number[OPT_LEVERS];
  if (given(c, OPT_EQUILIBRIA))
    o.equilibria = given(c, OPT_SEARCH) ? (uint32_t)c->number[OPT_SEARCH] : 20;
  o.memory = given(c, OPT_MEMORY);
  const char *words = c->value[OPT_TOWARD];
  if (words && toward) {
    const char *comma = strchr(words, ',');
    size_t first = comma ? (size_t)(comma - words) : strlen(words);
    (void)snprintf(toward[0], 128, "%.*s", (int)first, words);
    (void)snprintf(toward[1], 128, "%s", comma ? comma + 1 : "");
    o.toward[0] = toward[0];
    o.toward[1] = toward[1][0] ? toward[1] : NULL;
  }
  o.progress = terminal_progress;
  o.progress_data = c;
  return o;
}
