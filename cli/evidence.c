/* cli/evidence.c -- update, next and compare: news moves the odds. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_PATH_BYTES = 4096 };

/* ---- where solutions are kept ---------------------------------------------------- */

/* By the XDG base directory rules; NULL: nowhere. */
static const char *cache_folder(const cli *c, char *room)
{
  const char *base = getenv("XDG_CACHE_HOME");
  const char *home = getenv("HOME");
  int n = -1;
  if (given(c, OPT_NO_CACHE))
    return NULL;
  if (base && base[0] == '/')
    n = snprintf(room, MAX_PATH_BYTES, "%s/demarche", base);
  else if (home && home[0] == '/')
    n = snprintf(room, MAX_PATH_BYTES, "%s/.cache/demarche", home);
  return n > 0 && n < MAX_PATH_BYTES ? room : NULL;
}

dm_news_options news_options(cli *c)
{
  dm_news_options o = dm_news_defaults();
  dm_analysis_options plain = input_options(c, NULL);
  o.until = c->value[OPT_UNTIL];
  o.equilibria = plain.equilibria;
  o.skip_unknown = given(c, OPT_SKIP_UNKNOWN);
  o.max_situations = plain.max_situations;
  o.max_memory = plain.max_memory;
  o.seed = plain.seed;
  o.threads = plain.threads;
  o.progress = plain.progress;
  o.progress_data = plain.progress_data;
  if (given(c, OPT_MOST))
    o.most = (uint32_t)c->number[OPT_MOST];
  o.cache = cache_folder(c, c->cache);
  return o;
}

/* ---- evidence files ---------------------------------------------------------------- */

dm_status evidence_open(const char *name, input *in)
{
  memset(in, 0, sizeof *in);
  in->name = strcmp(name, "-") == 0 ? "standard input" : name;
  in->diags = dm_diags_new();
  if (!in->diags) {
    complain("%s", dm_status_text(DM_E_MEMORY));
    return DM_E_MEMORY;
  }
  return file_read(name, &in->text);
}

void evidence_messages(const cli *c, const input *evidence)
{
  if (dm_diags_count(evidence->diags, DM_ERROR) > 0)
    input_errors(c, evidence);
  else
    input_messages(c, evidence, true);
}

void news_complain(const cli *c, const input *in, dm_status why)
{
  if (why == DM_E_CONVERGE)
    complain("%s: not converged: no odds are printed", in->name);
  else if (why == DM_E_LIMIT)
    complain(
        "%s: too large for --max-situations or --max-memory; fewer lines, or "
        "`demarche size --memory`, tell what to round",
        in->name);
  else if (why == DM_E_RANGE && given(c, OPT_UNTIL))
    complain(
        "--until: `%s` is no date, such as 2025-03-31", c->value[OPT_UNTIL]);
  else if (why != DM_E_INTERRUPT)
    complain("%s: %s", in->name, dm_status_text(why));
}

static bool two_inputs_fit(const cli *c)
{
  uint32_t stdin_words = 0;
  for (uint32_t i = 0; i < c->n_operands; i++)
    stdin_words += strcmp(c->operands[i], "-") == 0;
  stdin_words +=
      given(c, OPT_EVIDENCE) && strcmp(c->value[OPT_EVIDENCE], "-") == 0;
  if (stdin_words > 1) {
    complain("standard input can be one of the files only");
    return false;
  }
  return true;
}

bool equilibria_fit(const cli *c)
{
  bool all = given(c, OPT_EQUILIBRIA);
  if (all && strcmp(c->value[OPT_EQUILIBRIA], "all") != 0) {
    complain("--equilibria takes `all`: the range over those that are found");
    return false;
  }
  if (given(c, OPT_SEARCH) && !all) {
    complain("--search belongs to --equilibria all");
    return false;
  }
  return true;
}

static dm_status print_news(const cli *c, const dm_news *news)
{
  dm_print_options print = terminal_print(c);
  dm_text text = {0};
  dm_status why = dm_news_write(news, &print, &text);
  if (why == DM_OK)
    file_print(&text);
  else
    complain("%s", dm_status_text(why));
  dm_text_free(&text);
  return why;
}

typedef dm_status (*news_call)(
    dm_scenario *scenario, const char *text, size_t len,
    const dm_news_options *options, dm_diags *diags, dm_news **out);

static dm_status run_news(
    cli *c, input *in, input *evidence, news_call call, dm_news **out)
{
  dm_news_options options = news_options(c);
  bool file = evidence->text.at != NULL;
  dm_status why = call(
      in->scenario, evidence->text.at, evidence->text.len, &options,
      file ? evidence->diags : in->diags, out);
  terminal_clear_progress(c);
  if (why == DM_OK || dm_diags_count(in->diags, DM_ERROR) == 0)
    input_messages(c, in, false);
  else
    input_errors(c, in);
  if (file)
    evidence_messages(c, evidence);
  bool told = dm_diags_count(evidence->diags, DM_ERROR) +
                  dm_diags_count(in->diags, DM_ERROR) >
              0;
  if (why != DM_OK && !told)
    news_complain(c, in, why);
  return why;
}

static int news(cli *c, news_call call)
{
  input in = {.diags = NULL}, evidence = {.diags = NULL};
  dm_news *answer = NULL;
  if (!two_inputs_fit(c) || !equilibria_fit(c))
    return dm_status_exit_code(DM_E_INPUT);
  dm_status why = input_open(c, c->operands[0], &in);
  if (why != DM_OK)
    input_errors(c, &in);
  if (why == DM_OK && c->n_operands > 1)
    why = evidence_open(c->operands[1], &evidence);
  else if (why == DM_OK && !(evidence.diags = dm_diags_new()))
    why = DM_E_MEMORY;
  if (why == DM_OK)
    why = run_news(c, &in, &evidence, call, &answer);
  if (why == DM_OK)
    why = print_news(c, answer);
  dm_news_free(answer);
  input_close(&evidence);
  input_close(&in);
  return leave(why);
}

int command_update(cli *c)
{
  return news(c, dm_news_update);
}

int command_next(cli *c)
{
  return news(c, dm_news_next);
}

/* ---- compare ------------------------------------------------------------------------- */

/* W1,W2,...: one a model. */
static bool read_weights(const cli *c, uint32_t n, double *weight)
{
  const char *at = c->value[OPT_WEIGHTS];
  for (uint32_t i = 0; i < n; i++) {
    char *end = NULL;
    bool begins = (at[0] >= '0' && at[0] <= '9') || at[0] == '.';
    weight[i] = begins ? strtod(at, &end) : -1;
    if (!begins || end == at || *end != (i + 1 < n ? ',' : '\0')) {
      complain(
          "--weights: `%s` is no list of %u numbers, one a model, such as 1,1",
          c->value[OPT_WEIGHTS], n);
      return false;
    }
    at = end + 1;
  }
  return true;
}

typedef struct models {
  input in[MAX_OPERANDS];
  dm_scenario *scenario[MAX_OPERANDS];
  double weight[MAX_OPERANDS];
  uint32_t n;
  input evidence;
} models;

static dm_status open_models(cli *c, models *m)
{
  dm_status why = evidence_open(c->value[OPT_EVIDENCE], &m->evidence);
  for (uint32_t i = 0; i < c->n_operands && why == DM_OK; i++) {
    why = input_open(c, c->operands[i], &m->in[i]);
    m->n = i + 1;
    if (why == DM_OK)
      input_messages(c, &m->in[i], false);
    else
      input_errors(c, &m->in[i]);
    m->scenario[i] = m->in[i].scenario;
  }
  return why;
}

static dm_status compare(cli *c, models *m)
{
  dm_news_options options = news_options(c);
  uint32_t failed = m->n;
  dm_news *answer = NULL;
  const double *weight = given(c, OPT_WEIGHTS) ? m->weight : NULL;
  dm_status why = dm_news_compare(
      m->scenario, m->n, weight, m->evidence.text.at, m->evidence.text.len,
      &options, m->evidence.diags, &failed, &answer);
  terminal_clear_progress(c);
  evidence_messages(c, &m->evidence);
  bool told = dm_diags_count(m->evidence.diags, DM_ERROR) > 0;
  if (why == DM_E_INPUT && told && failed < m->n)
    complain(
        "%s is read for %s here%s", m->evidence.name, m->in[failed].name,
        given(c, OPT_SKIP_UNKNOWN)
            ? ""
            : "; --skip-unknown leaves lines that some model lacks the names "
              "for out for all of them");
  else if (why == DM_E_RANGE && !given(c, OPT_UNTIL))
    complain("--weights: none may be negative, and some must be above 0");
  else if (why != DM_OK && !told)
    news_complain(c, failed < m->n ? &m->in[failed] : &m->evidence, why);
  if (why == DM_OK)
    why = print_news(c, answer);
  dm_news_free(answer);
  return why;
}

int command_compare(cli *c)
{
  if (!given(c, OPT_EVIDENCE)) {
    complain("which news? --evidence FILE");
    return dm_status_exit_code(DM_E_INPUT);
  }
  models *m = calloc(1, sizeof *m);
  if (!m) {
    complain("%s", dm_status_text(DM_E_MEMORY));
    return dm_status_exit_code(DM_E_MEMORY);
  }
  dm_status why = DM_E_INPUT;
  if (two_inputs_fit(c) &&
      (!given(c, OPT_WEIGHTS) || read_weights(c, c->n_operands, m->weight)))
    why = open_models(c, m);
  if (why == DM_OK)
    why = compare(c, m);
  for (uint32_t i = 0; i < m->n; i++)
    input_close(&m->in[i]);
  input_close(&m->evidence);
  free(m);
  return leave(why);
}
