/* cli/help.c -- the list of commands and what they say of themselves. */
#include "cli.h"

#include <string.h>

#define COMMON  (BIT(OPT_QUIET) | BIT(OPT_COLUMNS) | BIT(OPT_MARKDOWN))
#define NUMBERS (BIT(OPT_SET) | BIT(OPT_SEED) | BIT(OPT_THREADS))
#define LIMITS  (BIT(OPT_MAX_SITUATIONS) | BIT(OPT_MAX_MEMORY))
#define GAMES                                                                  \
  (BIT(OPT_METHOD) | BIT(OPT_SHARPNESS) | BIT(OPT_LIMIT) |                     \
   BIT(OPT_TOLERANCE) | BIT(OPT_AT) | BIT(OPT_PATH) | BIT(OPT_BRANCHES) |      \
   BIT(OPT_SEARCH) | BIT(OPT_ITERATIONS))
#define NEWS  (BIT(OPT_UNTIL) | BIT(OPT_NO_CACHE))
#define FILES (BIT(OPT_CORE) | BIT(OPT_PHASES) | BIT(OPT_WHO_SEES))

static const command_info commands[] = {
    {"forecast", "forecast FILE [options]",
     "the odds, the reasons and the levers of a standoff",
     "Solves the file and prints a first screen (the case, a sentence per "
     "outcome,\nthe numbers that move it most, what is made up and what is "
     "left out), then\nodds by date, states, options, histories, decision "
     "tables, questions,\nassumptions and the certificate.",
     COMMON | NUMBERS | LIMITS | BIT(OPT_JSON) | BIT(OPT_ASK) | BIT(OPT_BRIEF) |
         BIT(OPT_DRAWS) | BIT(OPT_LEVERS) | BIT(OPT_TOWARD) |
         BIT(OPT_EQUILIBRIA) | BIT(OPT_SEARCH),
     1, 1, command_forecast},
    {"update", "update SCENARIO EVIDENCE [--until DATE]",
     "the odds given what was reported, line by line",
     "Conditions the forecast on an evidence file: the odds now and before, "
     "what each\nline says for and against each outcome, the odds without it, "
     "and what is believed\nof types and hidden states.  Strategies stay those "
     "of the equilibrium.",
     COMMON | NUMBERS | LIMITS | NEWS | BIT(OPT_JSON) | BIT(OPT_ASK) |
         BIT(OPT_BRIEF) | BIT(OPT_EQUILIBRIA) | BIT(OPT_SEARCH),
     2, 2, command_update},
    {"next", "next SCENARIO [EVIDENCE] [--until DATE]",
     "the news that would move the odds most",
     "Reports that may still come, by how far each is expected to move the "
     "odds, and who\nwould have to see it.",
     COMMON | NUMBERS | LIMITS | NEWS | BIT(OPT_JSON) | BIT(OPT_BRIEF) |
         BIT(OPT_MOST),
     1, 2, command_next},
    {"compare", "compare SCENARIO SCENARIO ... --evidence FILE",
     "rival models, weighted by how well they foresaw the news",
     "A line that one of the models cannot read is an error; --skip-unknown "
     "leaves it\nout for all of them, since weights on unlike news mean "
     "nothing.",
     COMMON | NUMBERS | LIMITS | NEWS | BIT(OPT_JSON) | BIT(OPT_BRIEF) |
         BIT(OPT_EVIDENCE) | BIT(OPT_WEIGHTS) | BIT(OPT_SKIP_UNKNOWN),
     2, MAX_OPERANDS, command_compare},
    {"case",
     "case init|log|forecast|resolve|history|score|export FILE.case ...",
     "forecasts on record, and whether they were any good",
     "  init FILE.case                            a new ledger\n"
     "  log FILE.case EVIDENCE [SCENARIO]         keep a version, checked\n"
     "  forecast FILE.case SCENARIO [EVIDENCE]    keep the odds, and those of "
     "--ask\n"
     "  resolve FILE.case QUESTION ANSWER --on DATE [--source TEXT]\n"
     "  history FILE.case                         what was said, and when\n"
     "  score FILE.case                           misses first\n"
     "  export FILE.case [--format json|csv]      everything\n\n"
     "Nothing that is on record is ever changed.",
     COMMON | NUMBERS | LIMITS | NEWS | BIT(OPT_JSON) | BIT(OPT_ASK) |
         BIT(OPT_BY) | BIT(OPT_OPENS) | BIT(OPT_ON) | BIT(OPT_SOURCE) |
         BIT(OPT_NOTE) | BIT(OPT_QUESTION) | BIT(OPT_BINS) | BIT(OPT_BASE) |
         BIT(OPT_FORMAT) | BIT(OPT_OUTPUT),
     1, 4, command_case},
    {"score", "score FILE.case", "the scores of a case, misses first",
     "Brier and its parts, log score and ranked probability over the life of "
     "each\nquestion, calibration, and the baselines beside them.",
     BIT(OPT_QUIET) | BIT(OPT_COLUMNS) | BIT(OPT_JSON) | BIT(OPT_QUESTION) |
         BIT(OPT_BINS) | BIT(OPT_BASE),
     1, 1, command_score},
    {"import", "import MAP ROWS [-o FILE]", "coded events as an evidence file",
     "MAP says which event words of which actors are which moves of a "
     "scenario; "
     "ROWS\nare date, source, target and word, with commas or tabs.",
     BIT(OPT_QUIET) | BIT(OPT_COLUMNS) | BIT(OPT_JSON) | BIT(OPT_OUTPUT), 2, 2,
     command_import},
    {"check", "check FILE [--strict] [--memory]",
     "read a file and say what is wrong or odd in it",
     "Errors stop at five, the most fundamental first.  Without errors the "
     "warnings,\nthe number of sourced and judged numbers, and sizes.",
     COMMON | NUMBERS | LIMITS | BIT(OPT_JSON) | BIT(OPT_STRICT) |
         BIT(OPT_MEMORY),
     1, 1, command_check},
    {"size", "size FILE [--memory]", "count the situations of a file",
     "An upper bound, then starts of periods, situations, information sets "
     "and edges\nby period.",
     COMMON | NUMBERS | LIMITS | BIT(OPT_JSON) | BIT(OPT_MEMORY), 1, 1,
     command_size},
    {"solve", "solve FILE [options]", "strategies and their certificate",
     "What every actor does at every information set, with values and reach.  "
     "FILE may\nalso be a game of another program, .efg or .nfg: without "
     "--sharpness it is solved\nto the limit.  For a scenario --sharpness "
     "multiplies what is declared, and\n--limit, --search and --method work "
     "as for a game.",
     COMMON | NUMBERS | LIMITS | GAMES | BIT(OPT_JSON) | BIT(OPT_ASK) |
         BIT(OPT_BRIEF),
     1, 1, command_solve},
    {"export", "export FILE [--format FORMAT] [-o OUT]",
     "a scenario or a game as a game file",
     "Formats: efg and nfg (Gambit), json, dot (Graphviz); by the ending of "
     "OUT, else\nefg.  An .efg repeats merged situations once a path.",
     COMMON | LIMITS | BIT(OPT_SET) | BIT(OPT_FORMAT) | BIT(OPT_OUTPUT) |
         BIT(OPT_MAX_NODES),
     1, 1, command_export},
    {"test", "test FILE", "the `check` lines of a file",
     "Exit 0 when all hold, 1 when one does not.",
     COMMON | NUMBERS | LIMITS | BIT(OPT_JSON), 1, 1, command_test},
    {"walk", "walk FILE --as ACTOR [--replay TRANSCRIPT]",
     "sit in one actor's chair against the model",
     "Shows what the actor learns and asks for its picks; all others, and "
     "chance, are\ndrawn from the solution by the seed.  What is printed is a "
     "transcript that\n--replay takes.",
     COMMON | NUMBERS | LIMITS | BIT(OPT_AS) | BIT(OPT_REPLAY), 1, 1,
     command_walk},
    {"fmt", "fmt FILE [-w | --check]", "the canonical layout of a file",
     "Prints it, or with -w puts it into the file.",
     BIT(OPT_QUIET) | BIT(OPT_COLUMNS) | BIT(OPT_MARKDOWN) | BIT(OPT_WRITE) |
         BIT(OPT_CHECK),
     1, 1, command_fmt},
    {"explain", "explain CODE | --core FILE | --phases FILE | --who-sees FILE",
     "a message code, or how a file is understood",
     "The page of a code such as E021; or the typed core of a file, the order "
     "of its\nperiod, or what each actor knows when it decides.",
     COMMON | BIT(OPT_JSON) | BIT(OPT_SET) | FILES, 1, 1, command_explain},
    {"new", "new [--kind KIND] [-o FILE]", "a commented file to start from",
     "Kinds: letter, ultimatum, sanctions, deal, inspection, mediation, "
     "escalation,\nblank.",
     BIT(OPT_KIND) | BIT(OPT_OUTPUT) | BIT(OPT_QUIET), 0, 0, command_new},
    {"help", "help [COMMAND]", "this text, or that of a command", "", 0, 0, 1,
     command_help},
    {"version", "version", "the version", "", 0, 0, 0, command_version},
    {NULL, NULL, NULL, NULL, 0, 0, 0, NULL}};

const command_info *command_table(void)
{
  return commands;
}

const command_info *command_find(const char *name)
{
  for (const command_info *k = commands; k->name; k++) {
    if (strcmp(k->name, name) == 0)
      return k;
  }
  return NULL;
}

static void print_options(uint64_t options)
{
  (void)puts("\nOptions:");
  for (int id = 0; id < OPTION_COUNT; id++) {
    const option_info *o = &option_table[id];
    char left[40];
    if (!(options & BIT(id)))
      continue;
    (void)snprintf(
        left, sizeof left, "%s%c%s--%s %s", o->letter ? "-" : "  ",
        o->letter ? o->letter : ' ', o->letter ? ", " : " ", o->name,
        o->value ? o->value : "");
    (void)printf("  %-28s %s\n", left, o->help);
  }
}

static void print_command(const command_info *k)
{
  (void)printf("demarche %s\n\n%s.\n", k->usage, k->summary);
  if (k->detail[0])
    (void)printf("\n%s\n", k->detail);
  if (k->options)
    print_options(k->options);
  bool games = k->run == command_solve || k->run == command_export;
  (void)printf(
      "\nFILE is a .standoff or .md file%s; - is standard input.\n",
      games ? ", an .efg or an .nfg" : "");
}

static void print_all(void)
{
  (void)printf(
      "demarche %s: write a standoff as text; get the odds, the reasons and "
      "the levers.\n\nusage: demarche COMMAND [words and options]\n\n",
      dm_version());
  for (const command_info *k = commands; k->name; k++)
    (void)printf("  %-9s %s\n", k->name, k->summary);
  (void)puts(
      "\n`demarche help COMMAND` tells more.  Exit codes: 0 done, 1 findings, "
      "2 the input\nor the command line cannot be used, 3 not converged, 4 a "
      "limit or the system,\n130 interrupted.");
}

int command_help(cli *c)
{
  const char *word = c->operand;
  if (!word || given(c, OPT_HELP)) {
    const command_info *own = c->command ? command_find(c->command) : NULL;
    if (own && strcmp(own->name, "help") != 0)
      print_command(own);
    else
      print_all();
    return 0;
  }
  const command_info *k = command_find(word);
  if (!k) {
    const char *names[32];
    size_t n = 0;
    for (const command_info *i = commands; i->name; i++)
      names[n++] = i->name;
    const char *meant = nearest(word, names, n);
    if (meant)
      complain("no command `%s`; did you mean `%s`?", word, meant);
    else
      complain("no command `%s`; see `demarche help`", word);
    return dm_status_exit_code(DM_E_INPUT);
  }
  print_command(k);
  return 0;
}

int command_version(cli *c)
{
  (void)c;
  (void)printf("demarche %s\n", dm_version());
  return 0;
}
