/* cli/games.c -- games of other programs: solve and export. */
#include "cli.h"

#include <string.h>

/* ---- what a file holds --------------------------------------------------------- */

static bool ends_in(const char *text, const char *end)
{
  size_t n = strlen(text), m = strlen(end);
  return n >= m && strcmp(text + n - m, end) == 0;
}

static bool begins(const dm_text *text, const char *word)
{
  static const char bom[] = "\xEF\xBB\xBF";
  const char *at = text->at ? text->at : "";
  size_t len = strlen(word);
  if (strncmp(at, bom, 3) == 0)
    at += 3;
  at += strspn(at, " \t\r\n");
  return strncmp(at, word, len) == 0 && strchr(" \t\r\n", at[len]) && at[len];
}

file_kind input_kind(const cli *c, const input *in)
{
  if (ends_in(in->name, ".efg"))
    return KIND_EFG;
  if (ends_in(in->name, ".nfg"))
    return KIND_NFG;
  if (ends_in(in->name, ".standoff") || in->kind == DM_SOURCE_MARKDOWN ||
      given(c, OPT_MARKDOWN))
    return KIND_SCENARIO;
  return begins(&in->text, "EFG")   ? KIND_EFG
         : begins(&in->text, "NFG") ? KIND_NFG
                                    : KIND_SCENARIO;
}

static dm_game_format format_of(file_kind kind)
{
  return kind == KIND_NFG ? DM_GAME_NFG : DM_GAME_EFG;
}

/* ---- solve: words ---------------------------------------------------------------- */

static const char *const METHOD[] = {"logit", "lp", "cfr", "pure", "enumerate"};
enum { N_METHODS = 5 };

bool asks_for_game(const cli *c)
{
  return (c->given &
          (BIT(OPT_METHOD) | BIT(OPT_SHARPNESS) | BIT(OPT_LIMIT) |
           BIT(OPT_TOLERANCE) | BIT(OPT_AT) | BIT(OPT_PATH) |
           BIT(OPT_BRANCHES) | BIT(OPT_SEARCH) | BIT(OPT_ITERATIONS))) != 0;
}

static bool refuse(const cli *c, option_id id, bool fits, const char *why)
{
  if (!given(c, id) || fits)
    return false;
  complain("--%s %s", option_table[id].name, why);
  return true;
}

static bool read_method(const cli *c, dm_solve_method *out)
{
  const char *word = given(c, OPT_METHOD) ? c->value[OPT_METHOD] : METHOD[0];
  for (int i = 0; i < N_METHODS; i++) {
    if (strcmp(word, METHOD[i]) == 0) {
      *out = (dm_solve_method)i;
      return true;
    }
  }
  const char *meant = nearest(word, METHOD, N_METHODS);
  complain(
      "no method `%s`%s%s; there are logit, lp, cfr, pure and enumerate", word,
      meant ? "; did you mean " : "", meant ? meant : "");
  return false;
}

/* Whether the options go together and with the file. */
static bool fit(const cli *c, file_kind kind, dm_solve_method method)
{
  static const char path[] =
      "belongs to --method logit, which follows a path of lambda";
  static const char none[] =
      "changes a scenario's numbers, and this file is a game";
  bool logit = method == DM_SOLVE_LOGIT;
  bool scenario = kind == KIND_SCENARIO;
  bool limit = given(c, OPT_LIMIT);
  double end = c->n_at > 0 ? c->at[c->n_at - 1] : 0;
  if (refuse(c, OPT_SET, scenario, none) ||
      refuse(
          c, OPT_ASK, false,
          "asks about dates: use it without the options "
          "of games, on a scenario") ||
      refuse(c, OPT_SHARPNESS, logit, path) || refuse(c, OPT_AT, logit, path) ||
      refuse(c, OPT_PATH, logit, path) ||
      refuse(c, OPT_BRANCHES, logit, path) ||
      refuse(c, OPT_SEARCH, logit, "belongs to --method logit") ||
      refuse(
          c, OPT_ITERATIONS, method == DM_SOLVE_CFR,
          "belongs to --method cfr") ||
      refuse(
          c, OPT_SHARPNESS, !limit,
          "and --limit are two ends of the path: one of them"))
    return false;
  if (given(c, OPT_SHARPNESS) && end > c->real[OPT_SHARPNESS]) {
    complain("--at %g lies beyond --sharpness %g", end, c->real[OPT_SHARPNESS]);
    return false;
  }
  if (given(c, OPT_TOLERANCE) && c->real[OPT_TOLERANCE] >= 1) {
    complain("--tolerance is a part of the payoff range: below 1");
    return false;
  }
  return true;
}

static dm_game_options options_of(
    cli *c, file_kind kind, dm_solve_method method)
{
  dm_game_options o = dm_game_defaults();
  bool scenario = kind == KIND_SCENARIO;
  o.method = method;
  o.at = c->at;
  o.n_at = c->n_at;
  /* A scenario declares its sharpness; a game of others has none. */
  o.limit = given(c, OPT_LIMIT) ||
            (!scenario && !given(c, OPT_SHARPNESS) && c->n_at == 0);
  if (given(c, OPT_SHARPNESS))
    o.sharpness = c->real[OPT_SHARPNESS];
  else if (c->n_at > 0)
    o.sharpness = c->at[c->n_at - 1];
  if (given(c, OPT_TOLERANCE))
    o.tolerance = c->real[OPT_TOLERANCE];
  o.path = given(c, OPT_PATH);
  o.branches = given(c, OPT_BRANCHES);
  if (given(c, OPT_SEARCH))
    o.search = (uint32_t)c->number[OPT_SEARCH];
  if (given(c, OPT_ITERATIONS))
    o.iterations = c->number[OPT_ITERATIONS];
  if (given(c, OPT_SEED))
    o.seed = c->number[OPT_SEED];
  if (given(c, OPT_THREADS))
    o.threads = (uint32_t)c->number[OPT_THREADS];
  if (given(c, OPT_MAX_SITUATIONS))
    o.max_situations = c->number[OPT_MAX_SITUATIONS];
  if (given(c, OPT_MAX_MEMORY))
    o.max_memory = c->number[OPT_MAX_MEMORY];
  o.progress = terminal_progress;
  o.progress_data = c;
  return o;
}

/* ---- solve: the work -------------------------------------------------------------- */

/* What else could be tried when a method does not fit the game. */
static const char *repair(dm_solve_method method)
{
  switch (method) {
  case DM_SOLVE_LP:
    return "--method logit takes any game, --method enumerate two players";
  case DM_SOLVE_CFR:
  case DM_SOLVE_ENUMERATE:
  case DM_SOLVE_PURE:
    return "--method logit takes any game";
  case DM_SOLVE_LOGIT:
    break;
  }
  return "";
}

static void tell(
    const input *in, dm_solve_method method, dm_status why,
    const dm_solution *solution)
{
  const char *reason = solution ? dm_solution_why(solution) : "";
  if (why == DM_E_CONVERGE && solution && dm_solution_count(solution) > 0)
    complain(
        "%s: the path did not converge; what else was found is listed",
        in->name);
  else if (why == DM_E_CONVERGE)
    complain(
        "%s: not converged: no numbers are printed%s%s", in->name,
        reason[0] ? ": " : "", reason);
  else if (why == DM_E_RANGE && reason[0])
    complain(
        "%s: --method %s does not fit: %s; %s", in->name, METHOD[method],
        reason, repair(method));
  else if (why == DM_E_LIMIT && !solution)
    complain(
        "%s: too large for --max-situations or --max-memory; `demarche size "
        "--memory` tells what to round",
        in->name);
  else if (why != DM_OK && why != DM_E_INTERRUPT)
    complain("%s: %s", in->name, reason[0] ? reason : dm_status_text(why));
}

static dm_status print_solution(cli *c, const dm_solution *solution)
{
  dm_print_options print = terminal_print(c);
  dm_text text = {0};
  dm_status why = dm_solution_write(solution, &print, &text);
  if (why == DM_OK)
    file_print(&text);
  dm_text_free(&text);
  return why;
}

static dm_status solve_file(
    input *in, file_kind kind, const dm_game_options *options,
    dm_solution **out)
{
  dm_game_file *file = NULL;
  dm_status why = dm_game_file_read(
      in->text.at, in->text.len, format_of(kind), in->diags, &file);
  if (why == DM_OK)
    why = dm_game_file_solve(file, options, in->diags, out);
  dm_game_file_free(file);
  return why;
}

int solve_game(cli *c, input *in, file_kind kind)
{
  dm_solve_method method = DM_SOLVE_LOGIT;
  dm_solution *solution = NULL;
  if (!read_method(c, &method) || !fit(c, kind, method))
    return dm_status_exit_code(DM_E_INPUT);
  dm_game_options options = options_of(c, kind, method);
  dm_status why = DM_OK;
  if (kind == KIND_SCENARIO)
    why = input_scenario(c, in);
  if (why != DM_OK) {
    input_errors(c, in);
    return leave(why);
  }
  why = kind == KIND_SCENARIO
            ? dm_scenario_solve(in->scenario, &options, in->diags, &solution)
            : solve_file(in, kind, &options, &solution);
  terminal_clear_progress(c);
  input_errors(c, in);
  bool shown = solution && (why != DM_E_RANGE || given(c, OPT_JSON));
  if (shown) {
    dm_status wrote = print_solution(c, solution);
    why = wrote == DM_OK ? why : wrote;
  }
  if (dm_diags_count(in->diags, DM_ERROR) == 0)
    tell(in, method, why, solution);
  dm_solution_free(solution);
  return leave(why);
}

/* ---- export ------------------------------------------------------------------------- */

static const char *const FORMAT[] = {"efg", "nfg", "json", "dot"};
enum { N_FORMATS = 4 };

static bool read_format(const cli *c, file_kind kind, dm_game_format *out)
{
  const char *word = given(c, OPT_FORMAT) ? c->value[OPT_FORMAT] : NULL;
  const char *file = given(c, OPT_OUTPUT) ? c->value[OPT_OUTPUT] : "";
  for (int i = 0; i < N_FORMATS; i++) {
    char end[8];
    (void)snprintf(end, sizeof end, ".%s", FORMAT[i]);
    if (word ? strcmp(word, FORMAT[i]) == 0 : ends_in(file, end)) {
      *out = (dm_game_format)i;
      return true;
    }
  }
  if (word) {
    complain("no format `%s`; there are efg, nfg, json and dot", word);
    return false;
  }
  *out = format_of(kind);
  return true;
}

static dm_status export_to(
    cli *c, input *in, file_kind kind, dm_game_format format, dm_text *text,
    const char **reason)
{
  uint64_t most = given(c, OPT_MAX_NODES) ? c->number[OPT_MAX_NODES] : 0;
  if (kind == KIND_SCENARIO) {
    dm_analysis_options options = input_options(c, NULL);
    dm_status why = input_scenario(c, in);
    return why != DM_OK ? why
                        : dm_scenario_export(
                              in->scenario, format, &options, most, in->diags,
                              text, reason);
  }
  dm_game_file *file = NULL;
  dm_status why = dm_game_file_read(
      in->text.at, in->text.len, format_of(kind), in->diags, &file);
  if (why == DM_OK)
    why = dm_game_file_write(file, format, most, text, reason);
  dm_game_file_free(file);
  return why;
}

int command_export(cli *c)
{
  input in;
  dm_text text = {0};
  dm_game_format format = DM_GAME_EFG;
  const char *reason = "";
  dm_status why = input_read(c, c->operand, &in);
  if (why == DM_OK) {
    file_kind kind = input_kind(c, &in);
    bool known = read_format(c, kind, &format);
    bool fits = known && !refuse(
                             c, OPT_SET, kind == KIND_SCENARIO,
                             "changes a scenario's numbers, and this file is "
                             "a game");
    why = fits ? export_to(c, &in, kind, format, &text, &reason) : DM_E_INPUT;
    terminal_clear_progress(c);
    input_messages(c, &in, false);
    if (reason[0])
      complain("%s: %s", in.name, reason);
  }
  if (why == DM_OK && given(c, OPT_OUTPUT))
    why = file_create(c->value[OPT_OUTPUT], &text);
  else if (why == DM_OK)
    file_print(&text);
  dm_text_free(&text);
  input_close(&in);
  return leave(why);
}
