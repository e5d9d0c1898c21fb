/* cli/commands.c -- one function a command; each returns the exit code. */
#include "cli.h"

#include <string.h>

int leave(dm_status why)
{
  if (why == DM_E_INTERRUPT)
    complain("interrupted");
  return dm_status_exit_code(why);
}

static int print_text(dm_status why, dm_text *text)
{
  if (why == DM_OK)
    file_print(text);
  else
    complain("%s", dm_status_text(why));
  dm_text_free(text);
  return leave(why);
}

/* Writes what was found even when the run ended early: sizes at a limit, the
 * reason of no convergence. */
static int run_and_print(cli *c, input *in, dm_analysis_kind kind)
{
  char toward[2][128];
  dm_analysis_options options = input_options(c, toward);
  dm_analysis *analysis = NULL;
  dm_status why =
      dm_analysis_run(in->scenario, kind, &options, in->diags, &analysis);
  terminal_clear_progress(c);
  if (analysis)
    input_messages(c, in, kind == DM_ANALYSIS_CHECK);
  else
    input_errors(c, in);
  if (analysis) {
    dm_print_options print = terminal_print(c);
    dm_text text = {0};
    dm_status wrote = dm_analysis_write(analysis, &print, &text);
    if (wrote == DM_OK)
      file_print(&text);
    else
      why = wrote;
    dm_text_free(&text);
  }
  bool told = dm_diags_count(in->diags, DM_ERROR) > 0;
  if (why == DM_E_CONVERGE)
    complain("%s: not converged: no odds are printed", in->name);
  else if (why == DM_E_LIMIT && !told)
    complain(
        "%s: too large for --max-situations or --max-memory; `demarche size "
        "--memory` tells what to round",
        in->name);
  else if (!analysis && why != DM_E_INTERRUPT && !told)
    complain("%s: %s", in->name, dm_status_text(why));
  dm_analysis_free(analysis);
  return leave(why);
}

static int analyse_open(cli *c, input *in, dm_status why, dm_analysis_kind kind)
{
  int code;
  if (why == DM_OK) {
    code = run_and_print(c, in, kind);
  } else {
    input_errors(c, in);
    code = leave(why);
  }
  input_close(in);
  return code;
}

static int analyse(cli *c, dm_analysis_kind kind)
{
  input in;
  dm_status why = input_open(c, c->operand, &in);
  return analyse_open(c, &in, why, kind);
}

int command_size(cli *c)
{
  return analyse(c, DM_ANALYSIS_SIZE);
}

/* A scenario's own solution unless the words, or the file, ask for more. */
int command_solve(cli *c)
{
  input in;
  dm_status why = input_read(c, c->operand, &in);
  file_kind kind = why == DM_OK ? input_kind(c, &in) : KIND_SCENARIO;
  if (why == DM_OK && (kind != KIND_SCENARIO || asks_for_game(c))) {
    int code = solve_game(c, &in, kind);
    input_close(&in);
    return code;
  }
  if (why == DM_OK)
    why = input_scenario(c, &in);
  return analyse_open(c, &in, why, DM_ANALYSIS_SOLVE);
}

int command_forecast(cli *c)
{
  bool all = given(c, OPT_EQUILIBRIA);
  if (all && strcmp(c->value[OPT_EQUILIBRIA], "all") != 0) {
    complain("--equilibria takes `all`: the range over those that are found");
    return dm_status_exit_code(DM_E_INPUT);
  }
  if (given(c, OPT_SEARCH) && !all) {
    complain("--search belongs to --equilibria all");
    return dm_status_exit_code(DM_E_INPUT);
  }
  return analyse(c, DM_ANALYSIS_FORECAST);
}

int command_test(cli *c)
{
  return analyse(c, DM_ANALYSIS_TEST);
}

int command_check(cli *c)
{
  input in;
  dm_status why = input_open(c, c->operand, &in);
  int code;
  if (why == DM_OK) {
    code = run_and_print(c, &in, DM_ANALYSIS_CHECK);
    size_t errors = dm_diags_count(in.diags, DM_ERROR);
    size_t warnings = dm_diags_count(in.diags, DM_WARNING) - errors;
    if (code == 0 && given(c, OPT_STRICT) && warnings > 0)
      code = dm_status_exit_code(DM_FINDINGS);
  } else {
    code = leave(why);
    input_errors(c, &in);
  }
  input_close(&in);
  return code;
}

/* ---- fmt ---------------------------------------------------------------------- */

static int put_format(const cli *c, const input *in, dm_text *text)
{
  bool same = text->len == in->text.len &&
              memcmp(text->at, in->text.at, text->len) == 0;
  if (given(c, OPT_CHECK)) {
    if (!same && !given(c, OPT_QUIET))
      complain("%s: the layout would change", in->name);
    return dm_status_exit_code(same ? DM_OK : DM_FINDINGS);
  }
  if (given(c, OPT_WRITE))
    return same ? 0 : dm_status_exit_code(file_replace(c->operand, text));
  file_print(text);
  return 0;
}

/* Evidence by its name, or else by its first word that is no comment. */
static bool is_evidence(const char *name, const dm_text *text)
{
  static const char word[] = "evidence";
  size_t len = strlen(name);
  if (len > 9 && strcmp(name + len - 9, ".evidence") == 0)
    return true;
  for (size_t i = 0; i < text->len;) {
    if (text->at[i] == '#')
      while (i < text->len && text->at[i] != '\n')
        i++;
    else if (!strchr(" \r\n", text->at[i]))
      return text->len - i > sizeof word - 1 &&
             memcmp(text->at + i, word, sizeof word - 1) == 0;
    else
      i++;
  }
  return false;
}

int command_fmt(cli *c)
{
  size_t len = strlen(c->operand);
  bool md = len > 3 && strcmp(c->operand + len - 3, ".md") == 0;
  if (md || given(c, OPT_MARKDOWN)) {
    complain("fmt lays out plain .standoff text, not Markdown");
    return dm_status_exit_code(DM_E_INPUT);
  }
  if (given(c, OPT_WRITE) && strcmp(c->operand, "-") == 0) {
    complain("--write needs a file, not standard input");
    return dm_status_exit_code(DM_E_INPUT);
  }
  input in = {
      .name = strcmp(c->operand, "-") == 0 ? "standard input" : c->operand};
  dm_text text = {0};
  int code;
  dm_status why = file_read(c->operand, &in.text);
  in.diags = dm_diags_new();
  if (why == DM_OK && !in.diags)
    why = DM_E_MEMORY;
  if (why == DM_OK && is_evidence(in.name, &in.text))
    why = dm_evidence_layout(in.text.at, in.text.len, in.diags, &text);
  else if (why == DM_OK)
    why = dm_scenario_format(in.text.at, in.text.len, in.diags, &text);
  if (why == DM_OK) {
    code = put_format(c, &in, &text);
  } else {
    if (in.diags)
      input_messages(c, &in, true);
    code = leave(why);
  }
  dm_text_free(&text);
  input_close(&in);
  return code;
}

/* ---- explain, new ---------------------------------------------------------------- */

static int explain_code(const cli *c)
{
  dm_print_options print = terminal_print(c);
  dm_text text = {0};
  dm_status why = dm_code_explain(c->operand, &print, &text);
  if (why == DM_E_RANGE) {
    const char *codes[128];
    size_t n = 0;
    while (n < 128 && (codes[n] = dm_code_at(n)) != NULL)
      n++;
    const char *meant = nearest(c->operand, codes, n);
    if (meant)
      complain("no code `%s`; did you mean %s?", c->operand, meant);
    else
      complain("no code `%s`; codes look like E021", c->operand);
    dm_text_free(&text);
    return dm_status_exit_code(why);
  }
  return print_text(why, &text);
}

int command_explain(cli *c)
{
  const option_id option[] = {OPT_CORE, OPT_PHASES, OPT_WHO_SEES};
  const dm_explain_kind kind[] = {
      DM_EXPLAIN_CORE, DM_EXPLAIN_PHASES, DM_EXPLAIN_WHO_SEES};
  int chosen = -1;
  for (int i = 0; i < 3; i++) {
    if (!given(c, option[i]))
      continue;
    if (chosen >= 0 || c->operand) {
      complain("explain one thing at a time");
      return dm_status_exit_code(DM_E_INPUT);
    }
    chosen = i;
  }
  if (chosen < 0)
    return explain_code(c);
  input in;
  dm_status why = input_open(c, c->value[option[chosen]], &in);
  int code;
  if (why == DM_OK) {
    dm_print_options print = terminal_print(c);
    dm_text text = {0};
    why = dm_scenario_explain(in.scenario, kind[chosen], &print, &text);
    code = print_text(why, &text);
  } else {
    if (in.diags)
      input_messages(c, &in, false);
    code = leave(why);
  }
  input_close(&in);
  return code;
}

int command_new(cli *c)
{
  const char *kind = given(c, OPT_KIND) ? c->value[OPT_KIND] : "blank";
  dm_text text = {0};
  dm_status why = dm_scenario_new(kind, &text);
  if (why == DM_E_RANGE) {
    const char *kinds[32];
    size_t n = 0;
    while (n < 32 && (kinds[n] = dm_scenario_new_kind(n)) != NULL)
      n++;
    const char *meant = nearest(kind, kinds, n);
    (void)fprintf(stderr, "demarche: no kind `%s`", kind);
    if (meant)
      (void)fprintf(stderr, "; did you mean %s?", meant);
    (void)fputs(meant ? " There are" : "; there are", stderr);
    for (size_t i = 0; i < n; i++)
      (void)fprintf(stderr, "%s %s", i ? "," : "", kinds[i]);
    (void)fputc('\n', stderr);
    return dm_status_exit_code(why);
  }
  if (why == DM_OK && given(c, OPT_OUTPUT)) {
    why = file_create(c->value[OPT_OUTPUT], &text);
    dm_text_free(&text);
    return dm_status_exit_code(why);
  }
  return print_text(why, &text);
}
