/* cli/cli.h -- what the parts of the program share. */
#ifndef DM_CLI_CLI_H
#define DM_CLI_CLI_H

#include <demarche/demarche.h>
#include <stdio.h>

enum { MAX_REPEATED = 256, MAX_OPERANDS = 32 };

/* Every option once: enumerator, long name, short name or 0, word for its value
 * or NULL, help.  The order is that of the help text. */
#define OPTION_LIST(X)                                                         \
  X(OPT_SET, "set", 0, "NAME=VALUE", "use another number; may be repeated")    \
  X(OPT_ASK, "ask", 0, "QUESTION", "ask more than the file does")              \
  X(OPT_JSON, "json", 0, NULL, "print JSON, schema 1")                         \
  X(OPT_BRIEF, "brief", 0, NULL, "the first screen only")                      \
  X(OPT_DRAWS, "draws", 0, "N", "solve N draws over all ranges as well")       \
  X(OPT_LEVERS, "levers", 0, "N", "numbers tried at the ends of their range")  \
  X(OPT_TOWARD, "toward", 0, "A,B", "outcomes of the two directed histories")  \
  X(OPT_EQUILIBRIA, "equilibria", 0, "all", "the range over equilibria found") \
  X(OPT_METHOD, "method", 0, "METHOD", "logit, lp, cfr, pure or enumerate")    \
  X(OPT_SHARPNESS, "sharpness", 0, "X", "stop at this lambda")                 \
  X(OPT_LIMIT, "limit", 0, NULL, "go on to a Nash equilibrium")                \
  X(OPT_TOLERANCE, "tolerance", 0, "X", "regret there, part of the range")     \
  X(OPT_AT, "at", 0, "LIST", "lambdas to print on the way: 0.5,1,2")           \
  X(OPT_PATH, "path", 0, NULL, "print every point of the path")                \
  X(OPT_BRANCHES, "branches", 0, NULL, "follow branches that leave the path")  \
  X(OPT_SEARCH, "search", 0, "N", "look for more equilibria, from N starts")   \
  X(OPT_ITERATIONS, "iterations", 0, "N", "of cfr (1000)")                     \
  X(OPT_FORMAT, "format", 0, "FORMAT", "efg, nfg, json or dot")                \
  X(OPT_MAX_NODES, "max-nodes", 0, "N", "stop there (1 million)")              \
  X(OPT_STRICT, "strict", 0, NULL, "warnings are findings: exit 1")            \
  X(OPT_MEMORY, "memory", 0, NULL, "what each remembered item costs")          \
  X(OPT_WRITE, "write", 'w', NULL, "change the file itself")                   \
  X(OPT_CHECK, "check", 0, NULL, "exit 1 if the layout would change")          \
  X(OPT_CORE, "core", 0, "FILE", "the typed core of a file")                   \
  X(OPT_PHASES, "phases", 0, "FILE", "the order of a period in a file")        \
  X(OPT_WHO_SEES, "who-sees", 0, "FILE", "what each actor knows, and when")    \
  X(OPT_KIND, "kind", 'k', "KIND", "what to start from")                       \
  X(OPT_AS, "as", 0, "ACTOR", "whose chair to sit in")                         \
  X(OPT_REPLAY, "replay", 0, "FILE", "take the picks from a transcript")       \
  X(OPT_OUTPUT, "output", 'o', "FILE", "write there, not to the terminal")     \
  X(OPT_UNTIL, "until", 0, "DATE", "leave later lines of evidence out")        \
  X(OPT_EVIDENCE, "evidence", 0, "FILE", "the evidence that models are on")    \
  X(OPT_WEIGHTS, "weights", 0, "W,W", "of the models before it (equal)")       \
  X(OPT_SKIP_UNKNOWN, "skip-unknown", 0, NULL, "lines not known to all: out")  \
  X(OPT_MOST, "most", 0, "N", "reports listed (10)")                           \
  X(OPT_NO_CACHE, "no-cache", 0, NULL, "neither use nor keep solutions")       \
  X(OPT_BY, "by", 0, "PERIOD", "when the outcomes are asked for (the end)")    \
  X(OPT_OPENS, "opens", 0, "DATE", "from when a question is asked")            \
  X(OPT_ON, "on", 0, "DATE", "when it was settled")                            \
  X(OPT_SOURCE, "source", 0, "TEXT", "who says so")                            \
  X(OPT_NOTE, "note", 0, "TEXT", "a remark to keep")                           \
  X(OPT_QUESTION, "question", 0, "TEXT", "one question only")                  \
  X(OPT_BINS, "bins", 0, "N", "of the calibration table (10)")                 \
  X(OPT_BASE, "base", 0, "ANSWER=P", "a base rate to score against")           \
  X(OPT_SEED, "seed", 0, "N", "seed of everything drawn (default 1)")          \
  X(OPT_THREADS, "threads", 0, "N", "processors to use (default all)")         \
  X(OPT_MAX_SITUATIONS, "max-situations", 0, "N", "stop there (5 million)")    \
  X(OPT_MAX_MEMORY, "max-memory", 0, "BYTES", "stop there; suffix K, M or G")  \
  X(OPT_COLUMNS, "columns", 0, "N", "width of the text")                       \
  X(OPT_MARKDOWN, "markdown", 0, NULL, "the input is Markdown with fences")    \
  X(OPT_QUIET, "quiet", 'q', NULL, "no progress and no warnings")              \
  X(OPT_HELP, "help", 'h', NULL, "what a command does")                        \
  X(OPT_VERSION, "version", 0, NULL, "the version")

typedef enum option_id {
#define OPTION_ENUM(id, name, letter, value, help) id,
  OPTION_LIST(OPTION_ENUM)
#undef OPTION_ENUM
      OPTION_COUNT
} option_id;

typedef struct option_info {
  const char *name;
  char letter;
  const char *value;
  const char *help;
} option_info;

extern const option_info option_table[OPTION_COUNT];

#define BIT(id) (UINT64_C(1) << (id))

/* The words of the command line, and what the terminal can show. */
typedef struct cli {
  const char *command;
  const char *operand; /* the last word; NULL without one */
  const char *operands[MAX_OPERANDS];
  uint32_t n_operands;
  uint64_t given;                  /* BIT(option_id) */
  const char *value[OPTION_COUNT]; /* last value of each option */
  const char *set[MAX_REPEATED];
  uint32_t n_set;
  const char *ask[MAX_REPEATED];
  uint32_t n_ask;
  uint64_t number[OPTION_COUNT]; /* of options that take a number */
  double real[OPTION_COUNT];     /* of those that take a real one */
  double at[MAX_REPEATED];       /* of --at, increasing */
  uint32_t n_at;
  bool out_tty, err_tty;
  bool color_out, color_err, ascii;
  uint32_t columns;
  char cache[4096]; /* folder of kept solutions */
} cli;

typedef struct command_info {
  const char *name;
  const char *usage;
  const char *summary;
  const char *detail;
  uint64_t options;
  uint32_t min_operands;
  uint32_t max_operands;
  int (*run)(cli *c);
} command_info;

/* Commands, the last with name NULL. */
const command_info *command_table(void);
const command_info *command_find(const char *name);

static inline bool given(const cli *c, option_id id)
{
  return (c->given & BIT(id)) != 0;
}

/* ---- options.c ------------------------------------------------------------- */

/** Reads the words; false after a message on standard error. */
bool options_read(cli *c, int argc, char **argv);
/** The word of a list that was probably meant, or NULL. */
const char *nearest(const char *word, const char *const *list, size_t n);

/* ---- terminal.c ------------------------------------------------------------ */

void terminal_look(cli *c);
dm_print_options terminal_print(const cli *c);
void terminal_catch_signals(void);
bool terminal_interrupted(void);
/** A dm_progress; `data` is the cli. */
bool terminal_progress(void *data, const char *what, double done, double total);
void terminal_clear_progress(const cli *c);

/* ---- files.c --------------------------------------------------------------- */

/** A whole file, "-" for standard input.  DM_E_INPUT after a message. */
dm_status file_read(const char *name, dm_text *out);
/** A new file; one that exists is left alone.  A message after a failure. */
dm_status file_create(const char *name, const dm_text *text);
/** Replaces a file at once: it is the old or the new one, never half. */
dm_status file_replace(const char *name, const dm_text *text);
/** Standard output; failures are found at the end by file_finish. */
void file_print(const dm_text *text);
/** DM_OK when everything printed has arrived, else DM_E_SYSTEM with a message. */
dm_status file_finish(void);

/* ---- scenarios.c ----------------------------------------------------------- */

typedef struct input {
  const char *name; /* for messages */
  dm_text text;
  dm_source_kind kind;
  dm_diags *diags;
  dm_scenario *scenario; /* NULL after an error */
} input;

/** Reads FILE's bytes, and no more. */
dm_status input_read(cli *c, const char *name, input *in);
/** Makes a scenario of them, applies --set and --ask; a game of another program
 *  is none. */
dm_status input_scenario(cli *c, input *in);
/** Both in turn. */
dm_status input_open(cli *c, const char *name, input *in);
void input_close(input *in);
/** Prints errors, and warnings if `all`; else their number. */
void input_messages(const cli *c, const input *in, bool all);
/** What stopped the work: with --json an object on standard output. */
void input_errors(const cli *c, const input *in);
dm_analysis_options input_options(cli *c, char toward[2][128]);

/* ---- games.c ----------------------------------------------------------------- */

typedef enum file_kind { KIND_SCENARIO, KIND_EFG, KIND_NFG } file_kind;

/** By the name's ending, else by the first word. */
file_kind input_kind(const cli *c, const input *in);
/** Whether the words ask for more than a scenario's own solution. */
bool asks_for_game(const cli *c);
/** `solve` of a game file, or of a scenario as a game; the exit code. */
int solve_game(cli *c, input *in, file_kind kind);

/* ---- evidence.c -------------------------------------------------------------- */

dm_news_options news_options(cli *c);
/** Reads a file that is no scenario. */
dm_status evidence_open(const char *name, input *in);
/** Errors, or all warnings: they are few, and each is about a line. */
void evidence_messages(const cli *c, const input *evidence);
/** What no message has told. */
void news_complain(const cli *c, const input *in, dm_status why);
/** Whether --equilibria and --search go together. */
bool equilibria_fit(const cli *c);

/* ---- commands ---------------------------------------------------------------- */

int command_check(cli *c);
int command_fmt(cli *c);
int command_explain(cli *c);
int command_size(cli *c);
int command_solve(cli *c);
int command_export(cli *c);
int command_forecast(cli *c);
int command_update(cli *c);
int command_next(cli *c);
int command_compare(cli *c);
int command_case(cli *c);
int command_score(cli *c);
int command_import(cli *c);
int command_test(cli *c);
int command_new(cli *c);
int command_walk(cli *c);
int command_help(cli *c);
int command_version(cli *c);

/** The exit code of a status, with a word on what nobody has told yet. */
int leave(dm_status why);

/** "demarche: MESSAGE" on standard error. */
void complain(const char *format, ...) DM_PRINTF(1, 2);

#endif
