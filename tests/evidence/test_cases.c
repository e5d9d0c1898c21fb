/* tests/evidence/test_cases.c -- updates against brute force.
 *
 * Every file of tests/evidence/cases holds a scenario, evidence, and numbers that
 * oracle.py found by walking every path.  They must come out to 1e-12.  The base
 * solution is polished first and handed in as a cached one, so that what is
 * compared is the conditioning, not the solver's tolerance. */
#define _POSIX_C_SOURCE 200809L
#include "unit.h"

#include "infer/parts.h"
#include "infer/update.h"
#include "lang/check.h"
#include "lang/parse.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES "tests/evidence/cases"

static const double CLOSE = 1e-12;

typedef struct ev_case {
  char name[300];
  dm_arena arena;
  dm_diags *diags;
  char *text;
  const char *evidence, *numbers;
  dm_core *core;
  dm_evidence *lines;
  double *log_p;
} ev_case;

/* ---- reading a case --------------------------------------------------------- */

/* Cuts at the next line `---`; the part behind it. */
static char *cut(char *text)
{
  char *at = strstr(text, "\n---\n");
  ASSERT_NOT_NULL(at);
  at[1] = '\0';
  return at + 5;
}

static void read_core(ev_case *c, const char *evidence)
{
  dm_ast *ast = NULL;
  size_t len = strlen(c->text);
  dm_status why = (dm_status)setjmp(c->arena.jump);
  if (why == DM_OK)
    why = dm_ast_read(&c->arena, c->text, len, c->diags, &ast);
  if (why == DM_OK)
    why = dm_core_build(ast, &c->arena, c->diags, &c->core);
  if (why == DM_OK)
    why = dm_evidence_read(
        c->core, evidence, strlen(evidence), c->diags, &c->lines);
  if (why != DM_OK)
    FAIL(
        "%s: %s", c->name,
        dm_diags_size(c->diags) ? dm_diags_at(c->diags, 0)->text : "refused");
}

static void polish(ev_case *c)
{
  dm_infer_options infer = dm_infer_defaults();
  dm_solved *s = NULL;
  dm_status why = dm_solved_new(c->core, NULL, &infer, c->diags, &s);
  if (why != DM_OK)
    FAIL("%s: not solved", c->name);
  size_t n = s->expansion->game.n_slots;
  dm_solve_options how = dm_solve_defaults();
  dm_solve_result result;
  c->log_p = calloc(n + 1, sizeof *c->log_p);
  ASSERT_NOT_NULL(c->log_p);
  how.start_log_p = s->log_p;
  how.tol_residual = 1e-14;
  why = dm_solve_logit(s->sweep, &how, c->log_p, &result);
  /* Where the last bit cannot be had the solver's own answer must do. */
  if (why != DM_OK || result.verdict != DM_SOLVED)
    memcpy(c->log_p, s->log_p, n * sizeof *c->log_p);
  dm_solved_free(s);
}

static void open_case(ev_case *c, const char *name)
{
  size_t size;
  memset(c, 0, sizeof *c);
  snprintf(c->name, sizeof c->name, CASES "/%s", name);
  c->text = unit_read_file(c->name, &size);
  char *evidence = cut(c->text);
  c->numbers = cut(evidence);
  c->evidence = evidence;
  dm_arena_init(&c->arena, 0);
  c->diags = dm_diags_new();
  read_core(c, c->evidence);
  polish(c);
}

static void close_case(ev_case *c)
{
  free(c->log_p);
  free(c->text);
  dm_diags_free(c->diags);
  dm_arena_clear(&c->arena);
}

static dm_status update(ev_case *c, dm_update **out)
{
  dm_update_options options = {.log_p = c->log_p};
  return dm_update_run(c->core, c->lines, &options, c->diags, out);
}

/* ---- comparing ---------------------------------------------------------------- */

static uint32_t outcome_of(const dm_update *u, const char *name)
{
  for (uint32_t o = 0; o < u->n_outcomes; o++)
    if (strcmp(u->outcome[o].name, name) == 0)
      return o;
  FAIL("no outcome %s", name);
  return 0;
}

static uint32_t period_of(const dm_update *u, const char *name)
{
  for (uint32_t t = 0; t < u->n_periods; t++)
    if (strcmp(u->period[t], name) == 0)
      return t;
  FAIL("no period %s", name);
  return 0;
}

static double of_line(const dm_update *u, const char *label)
{
  unsigned i;
  char what[16], outcome[64] = "";
  int n = sscanf(label, "line %u %15s %63s", &i, what, outcome);
  ASSERT_TRUE(n >= 2 && i >= 1 && i <= u->n_lines);
  const dm_u_line *l = &u->line[i - 1];
  if (strcmp(what, "chance") == 0)
    return l->chance;
  uint32_t o = outcome_of(u, outcome);
  if (strcmp(what, "odds") == 0)
    return l->odds[o];
  if (strcmp(what, "ratio") == 0)
    return l->likelihood_ratio[o];
  ASSERT_TRUE(strcmp(what, "without") == 0);
  return l->without[o];
}

static double of_hidden(const ev_case *c, const dm_update *u, const char *label)
{
  char what[16], name[64], period[32], value[64];
  int n = sscanf(label, "%15s %63s %31s %63s", what, name, period, value);
  ASSERT_TRUE(n == 4);
  uint32_t t = period_of(u, period);
  for (uint32_t k = 0; k < u->n_hidden; k++) {
    const dm_u_hidden *h = &u->hidden[k];
    if (strcmp(h->name, name) != 0)
      continue;
    uint32_t at = UINT32_MAX;
    for (uint32_t i = 0; h->is_type && i < h->n_values; i++)
      if (strcmp(h->value[i], value) == 0)
        at = i;
    for (uint32_t v = 0; !h->is_type && v < c->core->var.n; v++)
      if (c->core->var.at[v].name && !strcmp(c->core->var.at[v].name, name))
        at = (uint32_t)(atoi(value) - c->core->var.at[v].lo);
    ASSERT_TRUE(at < h->n_values);
    const double *rows = strcmp(what, "smoothed") == 0 ? h->by : h->filtered;
    return rows[t * h->n_values + at];
  }
  FAIL("%s: no hidden %s", c->name, name);
  return 0;
}

static double found(const ev_case *c, const dm_update *u, const char *label)
{
  char outcome[64], period[32];
  if (strncmp(label, "line ", 5) == 0)
    return of_line(u, label);
  if (strcmp(label, "likelihood") == 0)
    return exp(u->log_likelihood);
  if (sscanf(label, "by %63s %31s", outcome, period) == 2)
    return u->outcome[outcome_of(u, outcome)].by[period_of(u, period)];
  return of_hidden(c, u, label);
}

static void check_impossible(ev_case *c)
{
  unsigned line;
  char period[32];
  dm_update *u = NULL;
  ASSERT_TRUE(sscanf(c->numbers, "E071 line %u = %31s", &line, period) == 2);
  ASSERT_TRUE(line >= 1 && line <= c->lines->line.n);
  dm_status why = update(c, &u);
  if (why != DM_E_INPUT || u)
    FAIL("%s: not refused", c->name);
  const dm_diag *d = dm_diags_at(c->diags, dm_diags_size(c->diags) - 1);
  if (strcmp(d->code, "E071") != 0 ||
      d->line != c->lines->line.at[line - 1].at.line)
    FAIL("%s: %s at line %u", c->name, d->code, (unsigned)d->line);
  if (!strstr(d->repair, strcmp(period, "never") ? period : "at no date"))
    FAIL("%s: expected %s in: %s", c->name, period, d->repair);
}

static unsigned check_case(const char *name)
{
  ev_case c;
  unsigned n = 0;
  open_case(&c, name);
  if (strncmp(c.numbers, "E071", 4) == 0) {
    check_impossible(&c);
    close_case(&c);
    return 1;
  }
  dm_update *u = NULL;
  if (update(&c, &u) != DM_OK)
    FAIL("%s: no update", c.name);
  ASSERT_TRUE(u->cached);
  for (const char *at = c.numbers; *at; n++) {
    char label[200];
    double value;
    if (sscanf(at, "%199[^=]= %lf", label, &value) != 2)
      FAIL("%s: cannot read: %.60s", c.name, at);
    label[strlen(label) - 1] = '\0';
    double here = found(&c, u, label);
    if (!(fabs(here - value) <= CLOSE * (1 + fabs(value))))
      FAIL("%s: %s: %.17g, expected %.17g", c.name, label, here, value);
    at = strchr(at, '\n') + 1;
  }
  dm_update_free(u);
  close_case(&c);
  return n;
}

/* ---- the cases ------------------------------------------------------------------ */

static int by_name(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of the cases, sorted; each and the list from malloc. */
static char **list_cases(size_t *n)
{
  char **name = calloc(1000, sizeof *name);
  DIR *dir = opendir(CASES);
  ASSERT_NOT_NULL(dir);
  ASSERT_NOT_NULL(name);
  *n = 0;
  for (struct dirent *e; (e = readdir(dir)) != NULL && *n < 1000;) {
    size_t len = strlen(e->d_name);
    if (len < 6 || strcmp(e->d_name + len - 5, ".case") != 0)
      continue;
    name[*n] = malloc(len + 1);
    memcpy(name[(*n)++], e->d_name, len + 1);
  }
  closedir(dir);
  qsort(name, *n, sizeof *name, by_name);
  return name;
}

TEST(updates_equal_brute_force)
{
  size_t n;
  unsigned numbers = 0;
  char **name = list_cases(&n);
  ASSERT_TRUE(n >= 40);
  for (size_t i = 0; i < n; i++) {
    numbers += check_case(name[i]);
    free(name[i]);
  }
  free(name);
  ASSERT_TRUE(numbers > 40 * n);
}

/* The file with its dated lines in reverse. */
static void reverse_lines(const char *text, char *out, size_t size)
{
  const char *line[100];
  size_t n = 0, at = 0;
  for (const char *p = text; *p; p = strchr(p, '\n') + 1) {
    if (*p >= '0' && *p <= '9') {
      ASSERT_TRUE(n < 100);
      line[n++] = p;
      continue;
    }
    size_t len = (size_t)(strchr(p, '\n') - p) + 1;
    ASSERT_TRUE(at + len < size);
    memcpy(out + at, p, len);
    at += len;
  }
  while (n-- > 0) {
    size_t len = (size_t)(strchr(line[n], '\n') - line[n]) + 1;
    ASSERT_TRUE(at + len < size);
    memcpy(out + at, line[n], len);
    at += len;
  }
  out[at] = '\0';
}

static bool reverses(const ev_case *c)
{
  return strncmp(c->numbers, "E071", 4) != 0 &&
         !strstr(c->evidence, "corrects") && !strstr(c->evidence, "echo of") &&
         !strstr(c->evidence, "\nabout");
}

TEST(the_order_of_lines_does_not_matter)
{
  size_t n;
  unsigned reversed = 0;
  char **name = list_cases(&n);
  for (size_t i = 0; i < n; i++) {
    ev_case c;
    open_case(&c, name[i]);
    if (reverses(&c)) {
      char text[4000];
      dm_update *u = NULL, *v = NULL;
      reverse_lines(c.evidence, text, sizeof text);
      ASSERT_TRUE(update(&c, &u) == DM_OK);
      dm_arena_clear(&c.arena);
      read_core(&c, text);
      ASSERT_TRUE(update(&c, &v) == DM_OK);
      for (uint32_t o = 0; o < u->n_outcomes; o++)
        for (uint32_t t = 0; t < u->n_periods; t++)
          ASSERT_NEAR(u->outcome[o].by[t], v->outcome[o].by[t], 1e-13);
      ASSERT_NEAR(u->log_likelihood, v->log_likelihood, 1e-12);
      dm_update_free(u);
      dm_update_free(v);
      reversed++;
    }
    close_case(&c);
    free(name[i]);
  }
  free(name);
  ASSERT_TRUE(reversed > 15);
}

TEST_MAIN(
    CASE(updates_equal_brute_force), CASE(the_order_of_lines_does_not_matter))
