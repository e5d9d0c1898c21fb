/* cli/options.c -- the words of the command line. */
#include "cli.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const option_info option_table[OPTION_COUNT] = {
#define OPTION_ROW(id, name, letter, value, help) {name, letter, value, help},
    OPTION_LIST(OPTION_ROW)
#undef OPTION_ROW
};

/* ---- the word that was meant -------------------------------------------------- */

enum { MAX_WORD = 32 };

/* Edits between two words: insert, delete, replace, swap neighbours. */
static size_t distance(const char *a, const char *b)
{
  size_t n = strlen(a), m = strlen(b);
  size_t row[3][MAX_WORD + 1];
  if (n > MAX_WORD || m > MAX_WORD)
    return MAX_WORD;
  for (size_t j = 0; j <= m; j++)
    row[0][j] = j;
  for (size_t i = 1; i <= n; i++) {
    size_t *now = row[i % 3];
    const size_t *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
    now[0] = i;
    for (size_t j = 1; j <= m; j++) {
      size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
      if (last[j] + 1 < best)
        best = last[j] + 1;
      if (now[j - 1] + 1 < best)
        best = now[j - 1] + 1;
      bool swapped =
          i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped && before[j - 2] + 1 < best)
        best = before[j - 2] + 1;
      now[j] = best;
    }
  }
  return row[n % 3][m];
}

const char *nearest(const char *word, const char *const *list, size_t n)
{
  const char *found = NULL;
  size_t len = strlen(word);
  size_t best = len < 4 ? 2 : len < 8 ? 3 : 4;
  for (size_t i = 0; i < n; i++) {
    size_t d = distance(word, list[i]);
    bool begins = len >= 2 && strncmp(word, list[i], len) == 0;
    if (begins && d > 1)
      d = 1;
    if (d < best) {
      best = d;
      found = list[i];
    }
  }
  return found;
}

/* ---- reading ------------------------------------------------------------------ */

static void unknown_option(const cli *c, const char *word, uint64_t allowed)
{
  const char *names[OPTION_COUNT];
  size_t n = 0;
  for (int id = 0; id < OPTION_COUNT; id++) {
    if (allowed & BIT(id))
      names[n++] = option_table[id].name;
  }
  const char *meant = nearest(word, names, n);
  const char *command = c->command ? c->command : "";
  if (meant)
    complain("no option --%s; did you mean --%s?", word, meant);
  else
    complain(
        "no option --%s; see `demarche help%s%s`", word, command[0] ? " " : "",
        command);
}

/* The option of a long name; an unambiguous beginning is not enough, so that
 * new options can be added without breaking scripts. */
static int find_long(const char *name, size_t len)
{
  for (int id = 0; id < OPTION_COUNT; id++) {
    if (strlen(option_table[id].name) == len &&
        strncmp(option_table[id].name, name, len) == 0)
      return id;
  }
  return -1;
}

static int find_short(char letter)
{
  for (int id = 0; id < OPTION_COUNT; id++) {
    if (letter && option_table[id].letter == letter)
      return id;
  }
  return -1;
}

/* A whole number, with a suffix where one makes sense. */
static bool read_number(option_id id, const char *text, uint64_t *out)
{
  char *end = NULL;
  if (!isdigit((unsigned char)text[0]))
    return false;
  unsigned long long n = strtoull(text, &end, 10);
  unsigned shift = 0;
  if (id == OPT_MAX_MEMORY && *end) {
    char suffix = (char)toupper((unsigned char)*end);
    shift = suffix == 'K' ? 10 : suffix == 'M' ? 20 : suffix == 'G' ? 30 : 0;
    if (shift == 0)
      return false;
    end++;
    if (strcmp(end, "iB") == 0 || strcmp(end, "B") == 0)
      end += strlen(end);
  }
  if (*end || n > UINT64_MAX >> shift || strlen(text) > 20)
    return false;
  *out = (uint64_t)n << shift;
  bool small = id == OPT_DRAWS || id == OPT_LEVERS || id == OPT_THREADS ||
               id == OPT_COLUMNS || id == OPT_SEARCH || id == OPT_MOST ||
               id == OPT_BINS;
  return !small || *out <= 1000000;
}

static bool wants(option_id id, const char *value)
{
  return option_table[id].value && strcmp(option_table[id].value, value) == 0;
}

static bool wants_number(option_id id)
{
  return wants(id, "N") || wants(id, "BYTES");
}

/* A number above 0, finite, decimal: *end behind it. */
static bool read_real(const char *text, double *out, const char **end)
{
  char *stop = NULL;
  if (!isdigit((unsigned char)text[0]) && text[0] != '.')
    return false;
  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
    return false;
  *out = strtod(text, &stop);
  *end = stop;
  return stop != text && isfinite(*out) && *out > 0;
}

static int by_size(const void *a, const void *b)
{
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* 0.5,1,2: sorted, each once. */
static bool read_list(cli *c, const char *text)
{
  uint32_t n = 0, kept = 0;
  for (;;) {
    if (n == MAX_REPEATED || !read_real(text, &c->at[n], &text))
      return false;
    n++;
    if (*text != ',')
      break;
    text++;
  }
  if (*text)
    return false;
  qsort(c->at, n, sizeof *c->at, by_size);
  for (uint32_t i = 0; i < n; i++) {
    if (kept == 0 || c->at[i] > c->at[kept - 1])
      c->at[kept++] = c->at[i];
  }
  c->n_at = kept;
  return true;
}

static bool take_real(cli *c, option_id id, const char *value)
{
  const char *end = "";
  if (wants(id, "LIST") && !read_list(c, value)) {
    complain(
        "--%s: `%s` is no list of numbers above 0, such as 0.5,1,2",
        option_table[id].name, value);
    return false;
  }
  if (wants(id, "X") && (!read_real(value, &c->real[id], &end) || *end)) {
    complain("--%s: `%s` is no number above 0", option_table[id].name, value);
    return false;
  }
  return true;
}

static bool take_value(cli *c, option_id id, const char *value)
{
  c->given |= BIT(id);
  c->value[id] = value;
  if (wants_number(id) && !read_number(id, value, &c->number[id])) {
    complain(
        "--%s: `%s` is no number%s", option_table[id].name, value,
        id == OPT_MAX_MEMORY ? " of bytes (2G, 512M)" : "");
    return false;
  }
  if (!take_real(c, id, value))
    return false;
  const char **list = id == OPT_SET ? c->set : id == OPT_ASK ? c->ask : NULL;
  uint32_t *n = id == OPT_SET ? &c->n_set : &c->n_ask;
  if (!list)
    return true;
  if (*n == MAX_REPEATED) {
    complain("--%s: more than %d times", option_table[id].name, MAX_REPEATED);
    return false;
  }
  list[(*n)++] = value;
  return true;
}

typedef struct words {
  int argc;
  char **argv;
  int at;
} words;

static bool one_option(cli *c, words *w, int id, const char *joined)
{
  const option_info *info = &option_table[id];
  if (!info->value) {
    if (joined) {
      complain("--%s takes no value", info->name);
      return false;
    }
    c->given |= BIT(id);
    return true;
  }
  const char *value = joined;
  if (!value) {
    if (w->at + 1 >= w->argc) {
      complain("--%s needs %s behind it", info->name, info->value);
      return false;
    }
    value = w->argv[++w->at];
  }
  return take_value(c, (option_id)id, value);
}

static bool long_option(cli *c, words *w, uint64_t allowed)
{
  const char *word = w->argv[w->at] + 2;
  const char *equals = strchr(word, '=');
  size_t len = equals ? (size_t)(equals - word) : strlen(word);
  int id = find_long(word, len);
  if (id < 0) {
    char copy[64];
    size_t keep = len < sizeof copy - 1 ? len : sizeof copy - 1;
    memcpy(copy, word, keep);
    copy[keep] = '\0';
    unknown_option(c, copy, allowed);
    return false;
  }
  if (!(allowed & BIT(id))) {
    complain(
        "%s%s has no option --%s; see `demarche help%s%s`",
        c->command ? "demarche " : "demarche", c->command ? c->command : "",
        option_table[id].name, c->command ? " " : "",
        c->command ? c->command : "");
    return false;
  }
  return one_option(c, w, id, equals ? equals + 1 : NULL);
}

/* -o FILE, -oFILE, -qw */
static bool short_options(cli *c, words *w, uint64_t allowed)
{
  const char *word = w->argv[w->at];
  for (size_t k = 1; word[k]; k++) {
    int id = find_short(word[k]);
    if (id < 0 || !(allowed & BIT(id))) {
      complain("no option -%c here; see `demarche help`", word[k]);
      return false;
    }
    const char *rest = word + k + 1;
    bool joined = option_table[id].value && rest[0];
    if (!one_option(c, w, id, joined ? rest : NULL))
      return false;
    if (option_table[id].value)
      break;
  }
  return true;
}

static bool unknown_command(const char *word)
{
  const char *names[32];
  size_t n = 0;
  for (const command_info *k = command_table(); k->name; k++)
    names[n++] = k->name;
  const char *meant = nearest(word, names, n);
  if (meant)
    complain("no command `%s`; did you mean `%s`?", word, meant);
  else
    complain("no command `%s`; see `demarche help`", word);
  return false;
}

static bool enough_operands(const cli *c, const command_info *info, uint32_t n)
{
  if (n > info->max_operands) {
    complain("too many words; usage: demarche %s", info->usage);
    return false;
  }
  uint64_t instead = BIT(OPT_CORE) | BIT(OPT_PHASES) | BIT(OPT_WHO_SEES) |
                     BIT(OPT_HELP) | BIT(OPT_VERSION);
  if (n < info->min_operands && !(c->given & instead)) {
    complain("something is missing; usage: demarche %s", info->usage);
    return false;
  }
  return true;
}

bool options_read(cli *c, int argc, char **argv)
{
  words w = {.argc = argc, .argv = argv, .at = 1};
  const command_info *info = NULL;
  uint64_t allowed = BIT(OPT_HELP) | BIT(OPT_VERSION);
  uint32_t operands = 0;
  bool options = true;
  for (; w.at < argc; w.at++) {
    const char *word = argv[w.at];
    if (options && strcmp(word, "--") == 0) {
      options = false;
    } else if (options && word[0] == '-' && word[1] == '-') {
      if (!long_option(c, &w, allowed))
        return false;
    } else if (options && word[0] == '-' && word[1]) {
      if (!short_options(c, &w, allowed))
        return false;
    } else if (!c->command) {
      info = command_find(word);
      if (!info)
        return unknown_command(word);
      c->command = info->name;
      allowed |= info->options;
    } else {
      if (operands < MAX_OPERANDS)
        c->operands[operands] = word;
      operands++;
      c->n_operands = operands < MAX_OPERANDS ? operands : MAX_OPERANDS;
      c->operand = word;
    }
  }
  return !info || enough_operands(c, info, operands);
}
