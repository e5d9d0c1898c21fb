/* cli/case.c -- the case ledger: init, log, forecast, resolve, history, score,
 * export; and coded events as evidence. */
#include "cli.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- the ledger's own words ------------------------------------------------------- */

static dm_status open_case(const char *path, dm_case_mode mode, dm_case **out)
{
  const char *why = "";
  dm_status status = dm_case_open(path, mode, out, &why);
  if (status != DM_OK)
    complain("%s: %s", path, why[0] ? why : dm_status_text(status));
  return status;
}

static dm_status told(const char *path, const dm_case *ledger, dm_status why)
{
  const char *words = dm_case_why(ledger);
  if (why != DM_OK)
    complain("%s: %s", path, words[0] ? words : dm_status_text(why));
  return why;
}

static dm_status print_and_free(dm_text *text, dm_status why)
{
  if (why == DM_OK)
    file_print(text);
  dm_text_free(text);
  return why;
}

/* The file's name without its folders: what a version is called. */
static const char *base_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash && slash[1] ? slash + 1 : path;
}

static dm_status keep_version(
    const char *path, dm_case *ledger, const char *kind, const input *in,
    char hash[DM_CASE_HASH])
{
  return told(
      path, ledger,
      dm_case_add_document(
          ledger, kind, base_name(in->name), in->text.at, in->text.len, hash));
}

/* ---- init, log ---------------------------------------------------------------------- */

static dm_status keep_note(cli *c, const char *path, dm_case *ledger)
{
  if (!given(c, OPT_NOTE))
    return DM_OK;
  return told(path, ledger, dm_case_add_note(ledger, c->value[OPT_NOTE]));
}

static dm_status case_init(cli *c, const char *path)
{
  dm_case *ledger = NULL;
  dm_status why = open_case(path, DM_CASE_NEW, &ledger);
  if (why == DM_OK)
    why = keep_note(c, path, ledger);
  dm_case_close(ledger);
  return why;
}

/* A log that is wrong would be found out at the next forecast only: with a
 * scenario it is checked, lines and all, before it is kept. */
static dm_status check_log(cli *c, input *in, input *evidence)
{
  dm_news_options options = news_options(c);
  dm_news *news = NULL;
  dm_status why = dm_news_update(
      in->scenario, evidence->text.at, evidence->text.len, &options,
      evidence->diags, &news);
  terminal_clear_progress(c);
  evidence_messages(c, evidence);
  if (why != DM_OK && dm_diags_count(evidence->diags, DM_ERROR) == 0)
    news_complain(c, in, why);
  dm_news_free(news);
  return why;
}

static dm_status log_files(cli *c, const char *path, dm_case *ledger)
{
  input evidence = {.diags = NULL}, in = {.diags = NULL};
  char hash[DM_CASE_HASH];
  dm_status why = evidence_open(c->operands[2], &evidence);
  if (why == DM_OK && c->n_operands > 3) {
    why = input_open(c, c->operands[3], &in);
    if (why != DM_OK)
      input_errors(c, &in);
    else
      why = check_log(c, &in, &evidence);
    if (why == DM_OK)
      why = keep_version(path, ledger, "scenario", &in, hash);
    if (why == DM_OK)
      (void)printf("scenario %s %s\n", hash, in.name);
  }
  if (why == DM_OK)
    why = keep_version(path, ledger, "evidence", &evidence, hash);
  if (why == DM_OK)
    (void)printf("evidence %s %s\n", hash, evidence.name);
  input_close(&evidence);
  input_close(&in);
  return why;
}

static dm_status case_log(cli *c, const char *path)
{
  dm_case *ledger = NULL;
  if (c->n_operands < 3 && !given(c, OPT_NOTE)) {
    complain("log what? demarche case log CASE EVIDENCE, or --note TEXT");
    return DM_E_INPUT;
  }
  dm_status why = open_case(path, DM_CASE_WRITE, &ledger);
  if (why == DM_OK && c->n_operands > 2)
    why = log_files(c, path, ledger);
  if (why == DM_OK)
    why = keep_note(c, path, ledger);
  dm_case_close(ledger);
  return why;
}

/* ---- forecast ------------------------------------------------------------------------ */

enum { MAX_ANSWERS = 64, MAX_TEXT = 1024 };

typedef struct making {
  const char *path;
  dm_case *ledger;
  const dm_scenario *scenario;
  const dm_news *news;
  const char *as_of, *opens, *scenario_hash, *evidence_hash;
  uint32_t period; /* of the question about outcomes */
} making;

/* A period's last month or year as the ledger writes dates; "" if it is none:
 * weeks and turns resolve on no day that could be named here. */
static void end_of(const char *period, char out[16])
{
  size_t n = strlen(period);
  bool year = n >= 4;
  for (size_t i = 0; i < 4 && year; i++)
    year = isdigit((unsigned char)period[i]) != 0;
  out[0] = '\0';
  if (!year)
    return;
  if (n == 4 || (n == 7 && isdigit((unsigned char)period[5])))
    (void)snprintf(out, 16, "%s", period);
  else if (n == 7 && period[5] == 'Q')
    (void)snprintf(out, 16, "%.4s-%02d", period, 3 * (period[6] - '0'));
}

static dm_status keep_forecast(
    const making *m, const char *question, const char *by, uint32_t n,
    const char *const *answer, const double *p)
{
  int64_t id = 0;
  dm_case_forecast f = {
      .as_of = m->as_of,
      .model = dm_scenario_name(m->scenario),
      .scenario_hash = m->scenario_hash,
      .evidence_hash = m->evidence_hash,
      .question = question,
      .opens = m->opens,
      .by = by,
      .n = n,
      .answer = answer,
      .p = p};
  dm_status why = dm_case_add_forecast(m->ledger, &f, &id);
  if (told(m->path, m->ledger, why) != DM_OK)
    return why;
  (void)printf("forecast %lld  %s:", (long long)id, question);
  for (uint32_t i = 0; i < n; i++)
    (void)printf("%s %s %.1f %%", i ? "," : "", answer[i], 100 * p[i]);
  (void)putchar('\n');
  return DM_OK;
}

/* One question with an answer an outcome; before the clock's end things may also
 * still be open. */
static dm_status keep_outcomes(const making *m)
{
  const char *answer[MAX_ANSWERS];
  double p[MAX_ANSWERS], left = 1;
  char question[MAX_TEXT], by[16];
  uint32_t n = dm_scenario_outcome_count(m->scenario);
  const char *period = dm_scenario_period(m->scenario, m->period);
  if (n >= MAX_ANSWERS || !period) {
    complain("more than %d outcomes", MAX_ANSWERS - 1);
    return DM_E_LIMIT;
  }
  for (uint32_t o = 0; o < n; o++) {
    answer[o] = dm_scenario_outcome(m->scenario, o);
    p[o] = dm_news_odds(m->news, o, m->period);
    left -= p[o];
  }
  if (m->period + 1 < dm_scenario_period_count(m->scenario)) {
    answer[n] = "still open";
    p[n++] = left > 0 ? left : 0;
  }
  if (n < 2)
    return DM_OK; /* one outcome is no question */
  end_of(period, by);
  (void)snprintf(question, sizeof question, "outcome by %s", period);
  return keep_forecast(m, question, by, n, answer, p);
}

/* The date behind the last `by` or `in` of a question, else the clock's end. */
static void date_of(const making *m, const char *text, char out[16])
{
  uint32_t n = dm_scenario_period_count(m->scenario);
  const char *best = dm_scenario_period(m->scenario, n - 1);
  const char *space = strrchr(text, ' ');
  for (uint32_t t = 0; space && t < n; t++) {
    if (strcmp(space + 1, dm_scenario_period(m->scenario, t)) == 0)
      best = space + 1;
  }
  end_of(best, out);
}

static dm_status keep_questions(const making *m)
{
  static const char *const answer[] = {"yes", "no"};
  char by[16];
  dm_status why = DM_OK;
  uint32_t n = dm_news_answer_count(m->news);
  for (uint32_t i = 0; i < n && why == DM_OK; i++) {
    const char *text = dm_news_question(m->news, i);
    double p[2] = {dm_news_answer(m->news, i), 0};
    p[1] = 1 - p[0];
    if (!(p[0] >= 0 && p[0] <= 1)) {
      complain("%s: no answer, so no forecast", text);
      return DM_E_INPUT;
    }
    date_of(m, text, by);
    why = keep_forecast(m, text, by, 2, answer, p);
  }
  return why;
}

static bool find_period(const cli *c, making *m)
{
  uint32_t n = dm_scenario_period_count(m->scenario);
  m->period = n - 1;
  if (!given(c, OPT_BY))
    return true;
  for (uint32_t t = 0; t < n; t++) {
    if (strcmp(dm_scenario_period(m->scenario, t), c->value[OPT_BY]) == 0) {
      m->period = t;
      return true;
    }
  }
  complain(
      "--by: `%s` is no period of the clock, %s to %s", c->value[OPT_BY],
      dm_scenario_period(m->scenario, 0),
      dm_scenario_period(m->scenario, n - 1));
  return false;
}

static dm_status forecast_now(
    cli *c, making *m, input *in, input *evidence, dm_news **news)
{
  dm_news_options options = news_options(c);
  bool file = evidence->text.at != NULL;
  dm_diags *diags = file ? evidence->diags : in->diags;
  dm_status why = dm_news_update(
      in->scenario, evidence->text.at, evidence->text.len, &options, diags,
      news);
  terminal_clear_progress(c);
  if (file)
    evidence_messages(c, evidence);
  else
    input_errors(c, in);
  if (why != DM_OK && dm_diags_count(diags, DM_ERROR) == 0)
    news_complain(c, in, why);
  if (why != DM_OK)
    return why;
  const char *last = dm_news_last_date(*news);
  m->news = *news;
  m->as_of = given(c, OPT_UNTIL) ? c->value[OPT_UNTIL] : last;
  return DM_OK;
}

static dm_status keep_all(cli *c, making *m, input *in, input *evidence)
{
  char hash[2][DM_CASE_HASH] = {"", ""};
  dm_news *news = NULL;
  m->scenario = in->scenario;
  m->opens = c->value[OPT_OPENS];
  if (!find_period(c, m))
    return DM_E_INPUT;
  dm_status why = forecast_now(c, m, in, evidence, &news);
  if (why == DM_OK)
    why = open_case(m->path, DM_CASE_CREATE, &m->ledger);
  if (why == DM_OK)
    why = keep_version(m->path, m->ledger, "scenario", in, hash[0]);
  if (why == DM_OK && evidence->text.at)
    why = keep_version(m->path, m->ledger, "evidence", evidence, hash[1]);
  m->scenario_hash = hash[0];
  m->evidence_hash = hash[1];
  if (why == DM_OK)
    why = keep_outcomes(m);
  if (why == DM_OK)
    why = keep_questions(m);
  if (why == DM_OK)
    why = keep_note(c, m->path, m->ledger);
  dm_case_close(m->ledger);
  dm_news_free(news);
  return why;
}

static dm_status case_forecast(cli *c, const char *path)
{
  input in = {.diags = NULL}, evidence = {.diags = NULL};
  making m = {.path = path};
  if (c->n_operands < 3) {
    complain("usage: demarche case forecast CASE SCENARIO [EVIDENCE]");
    return DM_E_INPUT;
  }
  if (c->n_set > 0) {
    complain("a forecast on record is that of a file as it stands: write "
             "--set into the file");
    return DM_E_INPUT;
  }
  dm_status why = input_open(c, c->operands[2], &in);
  if (why != DM_OK)
    input_errors(c, &in);
  if (why == DM_OK && c->n_operands > 3)
    why = evidence_open(c->operands[3], &evidence);
  if (why == DM_OK)
    why = keep_all(c, &m, &in, &evidence);
  input_close(&evidence);
  input_close(&in);
  return why;
}

/* ---- resolve, history, score, export ---------------------------------------------------- */

static dm_status case_resolve(cli *c, const char *path)
{
  dm_case *ledger = NULL;
  if (c->n_operands != 4 || !given(c, OPT_ON)) {
    complain("usage: demarche case resolve CASE QUESTION ANSWER --on DATE "
             "[--source TEXT]");
    return DM_E_INPUT;
  }
  dm_status why = open_case(path, DM_CASE_WRITE, &ledger);
  if (why == DM_OK)
    why = told(
        path, ledger,
        dm_case_resolve(
            ledger, c->operands[2], c->operands[3], c->value[OPT_ON],
            c->value[OPT_SOURCE], c->value[OPT_NOTE]));
  dm_case_close(ledger);
  return why;
}

static dm_status case_history(cli *c, const char *path)
{
  dm_case *ledger = NULL;
  dm_text text = {0};
  dm_print_options print = terminal_print(c);
  dm_status why = open_case(path, DM_CASE_READ, &ledger);
  if (why == DM_OK)
    why = told(
        path, ledger,
        dm_case_history(ledger, c->value[OPT_QUESTION], &print, &text));
  dm_case_close(ledger);
  return print_and_free(&text, why);
}

/* --base ANSWER=P */
static bool read_base(const cli *c, char *room, const char **answer, double *p)
{
  const char *word = c->value[OPT_BASE];
  const char *equals = strrchr(word, '=');
  char *end = NULL;
  size_t len = equals ? (size_t)(equals - word) : 0;
  if (len > 0 && len < MAX_TEXT) {
    memcpy(room, word, len);
    room[len] = '\0';
    *answer = room;
    *p = isdigit((unsigned char)equals[1]) ? strtod(equals + 1, &end) : -1;
    if (end && strcmp(end, "%") == 0) {
      *p /= 100;
      end++;
    }
    if (end && !*end && *p >= 0 && *p <= 1)
      return true;
  }
  complain("--base: `%s` is no ANSWER=CHANCE, such as yes=30%%", word);
  return false;
}

static dm_status case_score(cli *c, const char *path)
{
  dm_case *ledger = NULL;
  dm_text text = {0};
  char room[MAX_TEXT];
  const char *answer = NULL;
  double base = 0;
  dm_print_options print = terminal_print(c);
  dm_case_score_options o = dm_case_score_defaults();
  o.question = c->value[OPT_QUESTION];
  if (given(c, OPT_BINS))
    o.bins = (uint32_t)c->number[OPT_BINS];
  if (given(c, OPT_BINS) && (o.bins < 1 || o.bins > 100)) {
    complain("--bins: from 1 to 100");
    return DM_E_INPUT;
  }
  if (given(c, OPT_BASE)) {
    if (!read_base(c, room, &answer, &base))
      return DM_E_INPUT;
    o.n_base = 1;
    o.base_answer = &answer;
    o.base = &base;
  }
  dm_status why = open_case(path, DM_CASE_READ, &ledger);
  if (why == DM_OK)
    why = told(path, ledger, dm_case_score(ledger, &o, &print, &text));
  dm_case_close(ledger);
  return print_and_free(&text, why);
}

static dm_status case_export(cli *c, const char *path)
{
  dm_case *ledger = NULL;
  dm_text text = {0};
  const char *word = given(c, OPT_FORMAT) ? c->value[OPT_FORMAT] : "json";
  bool csv = strcmp(word, "csv") == 0;
  if (!csv && strcmp(word, "json") != 0) {
    complain("no format `%s`; there are json and csv", word);
    return DM_E_INPUT;
  }
  dm_status why = open_case(path, DM_CASE_READ, &ledger);
  if (why == DM_OK)
    why = told(
        path, ledger,
        dm_case_export(ledger, csv ? DM_CASE_CSV : DM_CASE_JSON, &text));
  dm_case_close(ledger);
  if (why == DM_OK && given(c, OPT_OUTPUT)) {
    why = file_create(c->value[OPT_OUTPUT], &text);
    dm_text_free(&text);
    return why;
  }
  return print_and_free(&text, why);
}

/* ---- the commands ---------------------------------------------------------------------- */

static const struct {
  const char *name;
  dm_status (*run)(cli *c, const char *path);
  uint32_t most; /* words, the sub-command and the case included */
} sub_command[] = {{"init", case_init, 2},         {"log", case_log, 4},
                   {"forecast", case_forecast, 4}, {"resolve", case_resolve, 4},
                   {"history", case_history, 2},   {"score", case_score, 2},
                   {"export", case_export, 2}};
enum { N_SUB = sizeof sub_command / sizeof *sub_command };

int command_case(cli *c)
{
  const char *names[N_SUB];
  for (size_t i = 0; i < N_SUB; i++) {
    names[i] = sub_command[i].name;
    if (strcmp(c->operands[0], names[i]) != 0)
      continue;
    if (c->n_operands < 2) {
      complain("which case? demarche case %s FILE.case", names[i]);
      return dm_status_exit_code(DM_E_INPUT);
    }
    if (c->n_operands > sub_command[i].most) {
      complain("too many words; see `demarche help case`");
      return dm_status_exit_code(DM_E_INPUT);
    }
    return leave(sub_command[i].run(c, c->operands[1]));
  }
  const char *meant = nearest(c->operands[0], names, N_SUB);
  complain(
      "no `case %s`%s%s%s There are init, log, forecast, resolve, history, "
      "score and export",
      c->operands[0], meant ? "; did you mean `" : ".", meant ? meant : "",
      meant ? "`?" : "");
  return dm_status_exit_code(DM_E_INPUT);
}

int command_score(cli *c)
{
  return leave(case_score(c, c->operands[0]));
}

/* ---- coded events ------------------------------------------------------------------------ */

/* E122 is about the rows, everything else about the mapping. */
static void import_messages(const cli *c, const input *map, const input *rows)
{
  input shown = *map;
  for (size_t i = 0; i < dm_diags_size(map->diags); i++) {
    if (strcmp(dm_diags_at(map->diags, i)->code, "E122") == 0) {
      shown.name = rows->name;
      shown.text = rows->text;
    }
  }
  if (dm_diags_count(map->diags, DM_ERROR) > 0)
    input_errors(c, &shown);
  else
    input_messages(c, &shown, true);
}

int command_import(cli *c)
{
  input map = {.diags = NULL}, rows = {.diags = NULL};
  dm_text text = {0};
  dm_events_count count = {0};
  if (strcmp(c->operands[0], "-") == 0 && strcmp(c->operands[1], "-") == 0) {
    complain("standard input can be one of the files only");
    return dm_status_exit_code(DM_E_INPUT);
  }
  dm_status why = evidence_open(c->operands[0], &map);
  if (why == DM_OK)
    why = evidence_open(c->operands[1], &rows);
  if (why == DM_OK) {
    why = dm_events_import(
        rows.text.at, rows.text.len, map.text.at, map.text.len, map.diags,
        &count, &text);
    import_messages(c, &map, &rows);
    if (why != DM_OK && dm_diags_count(map.diags, DM_ERROR) == 0)
      complain("%s: %s", rows.name, dm_status_text(why));
  }
  if (why == DM_OK && !given(c, OPT_QUIET))
    (void)fprintf(
        stderr, "%s: %llu rows, %llu mapped, %llu dropped, %llu unmapped\n",
        rows.name, (unsigned long long)count.rows,
        (unsigned long long)count.mapped, (unsigned long long)count.dropped,
        (unsigned long long)count.unmapped);
  if (why == DM_OK && given(c, OPT_OUTPUT))
    why = file_create(c->value[OPT_OUTPUT], &text);
  else if (why == DM_OK)
    file_print(&text);
  dm_text_free(&text);
  input_close(&rows);
  input_close(&map);
  return leave(why);
}
