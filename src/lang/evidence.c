/* lang/evidence.c -- evidence checked against a scenario.
 *
 * requires: dm_ev_file and a core whose builder is still there.  provides:
 * dm_evidence: every line with its event as a core condition, its periods, and
 * the chance of such a line given the event and given its absence.
 *
 * Three passes, since each needs the one before it whole: sources, lines one by
 * one, lines against each other (corrections, echoes, contradictions). */
#include "lang/evidence.h"

#include "lang/build.h"
#include "lang/evidence_parts.h"

#include <string.h>

typedef struct dm_ev_check {
  dm_build *b;
  dm_arena *arena;
  const dm_ev_file *file;
  dm_evidence *out;
  bool *used; /* [sources] */
} dm_ev_check;

/* ---- sources ------------------------------------------------------------------ */

static uint32_t find_source(const dm_ev_file *file, const char *name)
{
  for (uint32_t i = 0; i < file->source.n; i++)
    if (strcmp(file->source.at[i].name.text, name) == 0)
      return i;
  return DM_NONE;
}

static uint32_t need_source(dm_ev_check *c, dm_ast_name name)
{
  if (!name.text)
    return DM_NONE;
  uint32_t i = find_source(c->file, name.text);
  if (i != DM_NONE)
    return i;
  const char **list =
      dm_arena_array(c->arena, (size_t)c->file->source.n + 1, sizeof *list);
  for (uint32_t k = 0; k < c->file->source.n; k++)
    list[k] = c->file->source.at[k].name.text;
  const char *near = dm_nearest(name.text, list, c->file->source.n);
  dm_say(
      c->b, "E062", name.at, 0,
      near ? dm_format_in(c->arena, "did you mean `%s`?", near)
           : dm_format_in(
                 c->arena, "declare it: `source %s hit 90%%, false 5%%`",
                 name.text),
      "there is no source `%s`", name.text);
  return DM_NONE;
}

static double rate(dm_ev_check *c, const dm_ast_number *x, const char *what)
{
  double p = dm_ratio_double(x->value);
  if (x->unit || !(p >= 0 && p <= 1)) {
    dm_say(
        c->b, "E072", x->at, 0, "write a percentage from 0% to 100%",
        "`%s` is no chance here", what);
    return 0.5;
  }
  return p;
}

static void check_source(dm_ev_check *c, uint32_t i)
{
  const dm_ev_source *ast = &c->file->source.at[i];
  dm_evidence_source s = {
      .name = ast->name.text,
      .note = ast->note,
      .hit = 0.5,
      .miss = 0.5,
      .rated = ast->rated,
      .echo_of = DM_NONE,
      .report = DM_NONE,
      .at = ast->at};
  uint32_t held = find_source(c->file, ast->name.text);
  if (held != i)
    dm_say(
        c->b, "E062", ast->name.at, c->file->source.at[held].at.line,
        "give one of the two another name",
        "`%s` is already a source, on line %u", ast->name.text,
        c->file->source.at[held].at.line);
  if (ast->rated) {
    s.hit = rate(c, &ast->hit, "hit");
    s.miss = rate(c, &ast->miss, "false");
  }
  if (ast->report.text)
    s.report = dm_need(c->b, ast->report, DM_SYM_REPORT);
  if (ast->report.text && (ast->rated || ast->echo.text))
    dm_say(
        c->b, "E066", ast->at, 0,
        "leave `hit`, `false` and `echo of` away, or take `is report` out",
        "`%s` is a report of the scenario, which has its own errors",
        ast->name.text);
  if (s.report != DM_NONE) {
    s.hit = 1;
    s.miss = 0;
  }
  s.echo_of = need_source(c, ast->echo);
  DM_PUSH(c->arena, &c->out->source, s);
}

/* The source that the words came from in the end. */
static uint32_t origin(const dm_ev_check *c, uint32_t source)
{
  uint32_t steps = 0;
  while (source != DM_NONE && steps++ < c->out->source.n &&
         c->out->source.at[source].echo_of != DM_NONE)
    source = c->out->source.at[source].echo_of;
  return source;
}

static void check_circles(dm_ev_check *c)
{
  for (uint32_t i = 0; i < c->out->source.n; i++) {
    uint32_t end = origin(c, i);
    if (c->out->source.at[end].echo_of == DM_NONE)
      continue;
    dm_say(
        c->b, "E074", c->file->source.at[i].echo.at, 0,
        "one of them must have it from elsewhere: leave its `echo of` away",
        "`%s` repeats `%s`, which goes back to itself",
        c->out->source.at[i].name,
        c->out->source.at[c->out->source.at[i].echo_of].name);
    return;
  }
}

/* ---- events ---------------------------------------------------------------------- */

/* What a condition reads, by kind of variable. */
typedef struct dm_ev_reads {
  bool pick, reading, other, type, any;
  uint32_t first; /* the first variable: what the line is about */
} dm_ev_reads;

typedef DM_VEC(dm_expr_id) expr_list;

static void push_operands(
    dm_arena *arena, const dm_core_expr *x, expr_list *todo)
{
  if (x->op <= DM_X_PERIOD)
    return;
  if (x->op == DM_X_IF)
    DM_PUSH(arena, todo, x->c);
  if (x->op != DM_X_NEG && x->op != DM_X_NOT)
    DM_PUSH(arena, todo, x->b);
  DM_PUSH(arena, todo, x->a);
}

static dm_ev_reads reads_of(dm_ev_check *c, dm_expr_id cond)
{
  dm_ev_reads out = {.first = DM_NONE};
  expr_list todo = {0};
  DM_PUSH(c->arena, &todo, cond);
  while (todo.n > 0) {
    dm_core_expr x = c->b->core->expr.at[todo.at[--todo.n]];
    push_operands(c->arena, &x, &todo);
    if (x.op != DM_X_VAR)
      continue;
    uint8_t kind = c->b->core->var.at[x.a].kind;
    out.any = true;
    out.pick = out.pick || kind == DM_VAR_PICK;
    out.reading = out.reading || kind == DM_VAR_READING;
    out.type = out.type || kind == DM_VAR_TYPE;
    out.other = out.other || (kind != DM_VAR_PICK && kind != DM_VAR_READING &&
                              kind != DM_VAR_TYPE);
    if (out.first == DM_NONE)
      out.first = x.a;
  }
  return out;
}

static bool same_condition(dm_ev_check *c, dm_expr_id a, dm_expr_id b)
{
  expr_list todo = {0};
  DM_PUSH(c->arena, &todo, a);
  DM_PUSH(c->arena, &todo, b);
  while (todo.n > 0) {
    dm_core_expr y = c->b->core->expr.at[todo.at[--todo.n]];
    dm_core_expr x = c->b->core->expr.at[todo.at[--todo.n]];
    bool leaf = x.op <= DM_X_PERIOD;
    if (x.op != y.op || (x.op == DM_X_NUMBER && x.number != y.number) ||
        (leaf && x.op != DM_X_NUMBER && x.a != y.a))
      return false;
    if (leaf)
      continue;
    expr_list xs = {0}, ys = {0};
    push_operands(c->arena, &x, &xs);
    push_operands(c->arena, &y, &ys);
    for (uint32_t i = 0; i < xs.n; i++) {
      DM_PUSH(c->arena, &todo, xs.at[i]);
      DM_PUSH(c->arena, &todo, ys.at[i]);
    }
  }
  return true;
}

static bool same_event(
    dm_ev_check *c, const dm_core_event *a, const dm_core_event *b)
{
  if (a->kind != b->kind || a->outcome != b->outcome)
    return false;
  return a->kind == DM_EVENT_OUTCOME || same_condition(c, a->cond, b->cond);
}

/* A name that is no event by itself; true when a message was filed. */
static bool bare_name(dm_ev_check *c, const dm_ast_expr *ast, dm_entity e)
{
  const char *name = dm_path_text(c->b, ast->path);
  const char *repair = NULL;
  if (e.kind == DM_IS_STATE || e.kind == DM_IS_READING ||
      e.kind == DM_IS_TERM || e.kind == DM_IS_ASSUMPTION)
    repair = dm_format_in(
        c->arena, "say which value: `%s = 2`, or between which: `%s in 1..3`",
        name, name);
  else if (e.kind == DM_IS_CHOICE)
    repair = "say which option was picked: `ACTOR.OPTION`";
  else if (e.kind == DM_IS_FIELD)
    repair = dm_format_in(c->arena, "say what was read: `%s = WORD`", name);
  else if (e.kind == DM_IS_OTHER)
    repair = dm_format_in(
        c->arena,
        "say what became of it: `%s arrived`, `%s in force`, `%s missed`", name,
        name, name);
  if (repair)
    dm_say(
        c->b, "E066", ast->at, 0, repair,
        "`%s` is the name of a thing, and a report says that something "
        "happened or held",
        name);
  return repair != NULL;
}

static bool compile_event(
    dm_ev_check *c, const dm_ast_expr *ast, dm_core_event *out)
{
  dm_context ctx = dm_context_of(DM_MODE_STATE);
  *out = (dm_core_event){
      .kind = DM_EVENT_COND, .outcome = DM_NONE, .cond = DM_NONE};
  size_t before = dm_diags_count(c->b->diags, DM_ERROR);
  if (ast->op == DM_AST_PATH) {
    dm_entity e = dm_resolve(c->b, &ctx, ast->path, true);
    if (e.kind == DM_IS_OUTCOME) {
      out->kind = DM_EVENT_OUTCOME;
      out->outcome = e.index;
      return true;
    }
    if (bare_name(c, ast, e))
      return false;
  }
  out->cond = dm_compile(c->b, &ctx, ast);
  if (dm_diags_count(c->b->diags, DM_ERROR) > before)
    return false;
  bool number = ast->op == DM_AST_NUMBER || ast->op == DM_AST_REST ||
                (ast->op >= DM_AST_ADD && ast->op <= DM_AST_MAX);
  dm_ev_reads reads = reads_of(c, out->cond);
  if (number || !reads.any)
    dm_say(
        c->b, "E066", ast->at, 0,
        "report a move (`us.write`), a status (`offer arrived`), a reading or "
        "a value (`pressure = 2`), or an outcome",
        number ? "a number stands where something must have happened or held"
               : "nothing that can differ from path to path stands here");
  out->pick = reads.pick;
  return !number && reads.any;
}

/* ---- lines one by one --------------------------------------------------------------- */

static bool place_line(
    dm_ev_check *c, const dm_ev_line *ast, dm_evidence_line *l)
{
  const dm_ast_clock *clock = &c->b->ast->scenario.clock;
  dm_period t = dm_ast_period(clock, ast->date);
  dm_period lo = t - ast->about, hi = t + ast->about;
  dm_period n = (dm_period)c->b->n_periods;
  char first[24], last[24];
  dm_ast_date_text(clock->from, first);
  dm_ast_date_text(clock->to, last);
  if (hi < 1) {
    dm_say(
        c->b, "E061", ast->date.at, 0,
        "start the clock earlier, or put what was so by then into the "
        "scenario's first states",
        "%s is before the scenario's clock, which starts in %s", l->date,
        first);
    return false;
  }
  if (lo > n)
    dm_say(
        c->b, "W001", ast->date.at, 0, NULL,
        "%s is after the scenario's clock, which ends in %s: the line counts "
        "nothing",
        l->date, last);
  l->first = lo < 1 ? 1 : lo > n ? (uint32_t)n + 1 : (uint32_t)lo;
  l->last = lo > n ? l->first : hi > n ? (uint32_t)n : (uint32_t)hi;
  return true;
}

static void time_of_event(
    dm_ev_check *c, const dm_ev_line *ast, dm_evidence_line *l)
{
  bool lasting = l->event.kind == DM_EVENT_COND;
  if (lasting) {
    dm_ev_reads reads = reads_of(c, l->event.cond);
    lasting = !reads.pick && !reads.reading;
  }
  l->when = lasting ? DM_WHEN_END : DM_WHEN_HAPPENED;
  if (!ast->start_at.line)
    return;
  l->when = DM_WHEN_START;
  if (!lasting)
    dm_say(
        c->b, "E066", ast->start_at, 0,
        "leave `at start` away: the line asks whether it happened in the "
        "period",
        "`at start` is for what holds: statuses and states");
}

/* A source that is a report can only say its readings, or be silent. */
static void check_reading(
    dm_ev_check *c, const dm_ev_line *ast, const dm_evidence_line *l)
{
  uint32_t report =
      l->source == DM_NONE ? DM_NONE : c->out->source.at[l->source].report;
  if (report == DM_NONE)
    return;
  const dm_b_report *r = &c->b->report[report];
  bool fits = l->event.kind == DM_EVENT_COND;
  expr_list todo = {0};
  if (fits)
    DM_PUSH(c->arena, &todo, l->event.cond);
  while (todo.n > 0) {
    dm_core_expr x = c->b->core->expr.at[todo.at[--todo.n]];
    push_operands(c->arena, &x, &todo);
    if (x.op == DM_X_VAR)
      fits = fits && (x.a == r->last || x.a == r->now || x.a == r->silent);
  }
  const char *name = r->ast->name.text;
  if (!fits)
    dm_say(
        c->b, "E066", l->at, 0,
        dm_format_in(
            c->arena, "write `%s = 2`, `%s in 1..3` or `%s silent`", name, name,
            name),
        "`%s` is the report `%s`, and can only say what it read",
        c->out->source.at[l->source].name, name);
  if (ast->grade.text)
    dm_say(
        c->b, "W023", ast->grade.at, 0, "leave the grade away",
        "`%s` is a report, which has its own errors: the grade `%s` is not "
        "used",
        c->out->source.at[l->source].name, ast->grade.text);
}

static bool grade_rates(char letter, double *hit, double *miss)
{
  static const struct {
    char letter;
    double hit, miss;
  } grades[] = {{'A', 0.98, 0.01}, {'B', 0.90, 0.05}, {'C', 0.75, 0.15},
                {'D', 0.60, 0.30}, {'E', 0.50, 0.50}, {'F', 0.50, 0.50}};
  for (size_t i = 0; i < sizeof grades / sizeof *grades; i++) {
    if (grades[i].letter != letter)
      continue;
    *hit = grades[i].hit;
    *miss = grades[i].miss;
    return true;
  }
  return false;
}

/* Rates of the source go before those of the grade, and these before the rates
 * of the source that is repeated. */
static bool find_rates(
    dm_ev_check *c, const dm_evidence_line *l, double *hit, double *miss)
{
  uint32_t s = l->source;
  for (uint32_t steps = 0; steps <= c->out->source.n; steps++) {
    const dm_evidence_source *from =
        s == DM_NONE ? NULL : &c->out->source.at[s];
    if (from && (from->rated || from->report != DM_NONE)) {
      *hit = from->hit;
      *miss = from->miss;
      return true;
    }
    if (grade_rates(l->grade, hit, miss))
      return true;
    if (!from || from->echo_of == DM_NONE)
      return false;
    s = from->echo_of;
  }
  return false;
}

static void weigh_line(
    dm_ev_check *c, const dm_ev_line *ast, dm_evidence_line *l)
{
  double so = 0.5, not_so = 0.5;
  /* What was not found has had its message. */
  bool missing =
      ast->from.text && (l->source == DM_NONE ||
                         c->file->source.at[l->source].report.text != NULL);
  if (!find_rates(c, l, &so, &not_so) && !missing)
    dm_say(
        c->b, "E072", l->at, 0,
        ast->from.text
            ? dm_format_in(
                  c->arena,
                  "give the source its rates, `source %s hit 90%%, false "
                  "5%%`, or the line a grade from A to F",
                  ast->from.text)
            : "say who reports it, `from SOURCE`, or give the line a grade "
              "from A to F",
        "it is not said how far this report can be trusted");
  if (l->negated) {
    double held = so;
    so = not_so;
    not_so = held;
  }
  l->if_so = l->silence ? 1 - so : so;
  l->if_not = l->silence ? 1 - not_so : not_so;
}

static bool check_line(dm_ev_check *c, const dm_ev_line *ast)
{
  char date[24];
  dm_ast_date_text(ast->date, date);
  dm_evidence_line l = {
      .text = ast->text,
      .date = dm_format_in(c->arena, "%s", date),
      .negated = ast->negated,
      .silence = ast->silence,
      .source = need_source(c, ast->from),
      .same_as = DM_NONE,
      .superseded_by = DM_NONE,
      .note = ast->note,
      .at = ast->at};
  if (ast->grade.text) {
    l.grade = ast->grade.text[0];
    l.digit = ast->grade.text[1];
  }
  if (l.source != DM_NONE)
    c->used[l.source] = true;
  bool good = compile_event(c, ast->event, &l.event);
  good = place_line(c, ast, &l) && good;
  if (good) {
    time_of_event(c, ast, &l);
    check_reading(c, ast, &l);
  }
  weigh_line(c, ast, &l);
  DM_PUSH(c->arena, &c->out->line, l);
  return good;
}

/* ---- lines against each other ---------------------------------------------------------- */

static bool same_date(dm_ast_date a, dm_ast_date b)
{
  return a.kind == b.kind && a.year == b.year && a.number == b.number &&
         a.day == b.day;
}

/* What a line is about: an outcome at all, or the first variable it reads. */
static uint32_t subject(dm_ev_check *c, const dm_evidence_line *l)
{
  return l->event.kind == DM_EVENT_OUTCOME ? DM_NONE - 1
                                           : reads_of(c, l->event.cond).first;
}

/* The line that `corrects DATE` of line i means; DM_NONE with a message. */
static uint32_t corrected(dm_ev_check *c, uint32_t i)
{
  const dm_ev_line *ast = &c->file->line.at[i];
  const dm_evidence_line *line = c->out->line.at;
  uint32_t found = DM_NONE, n = 0, close = DM_NONE, n_close = 0;
  for (uint32_t j = 0; j < i; j++) {
    if (line[j].source != line[i].source ||
        !same_date(c->file->line.at[j].date, ast->corrects))
      continue;
    found = j;
    n++;
    if (subject(c, &line[j]) == subject(c, &line[i])) {
      close = j;
      n_close++;
    }
  }
  if (n_close == 1 || n == 1)
    return n_close == 1 ? close : found;
  char date[24];
  dm_ast_date_text(ast->corrects, date);
  const char *who = line[i].source == DM_NONE
                        ? "nobody in particular"
                        : c->out->source.at[line[i].source].name;
  dm_say(
      c->b, "E073", ast->corrects.at, 0,
      n ? "correct each of them by a line of its own that begins with the same "
          "name, or take the wrong one out"
        : "give the date of an earlier line of the same source, as it is "
          "written there",
      n ? "above this line, several lines of %s are dated %s, and it is not "
          "plain which one is meant"
        : "above this line, no line of %s is dated %s",
      who, date);
  return DM_NONE;
}

static void correct(dm_ev_check *c, uint32_t i)
{
  dm_evidence_line *line = c->out->line.at;
  const dm_ev_line *ast = &c->file->line.at[i];
  if (ast->corrects.kind == DM_AST_NO_DATE)
    return;
  uint32_t j = corrected(c, i);
  if (j == DM_NONE)
    return;
  /* Of several corrections of one line each supersedes the one before. */
  uint32_t steps = 0;
  while (line[j].superseded_by != DM_NONE && steps++ < c->out->line.n)
    j = line[j].superseded_by;
  line[j].superseded_by = i;
  if (!ast->about) {
    line[i].first = line[j].first;
    line[i].last = line[j].last;
  }
  if (line[i].when == DM_WHEN_END && line[j].when == DM_WHEN_START)
    line[i].when = DM_WHEN_START;
}

static bool same_question(dm_ev_check *c, uint32_t i, uint32_t j)
{
  const dm_evidence_line *a = &c->out->line.at[i], *b = &c->out->line.at[j];
  return a->first == b->first && a->last == b->last && a->when == b->when &&
         same_event(c, &a->event, &b->event);
}

/* Lines of one origin about one thing count once; of one source and opposite,
 * something is amiss. */
static void compare(dm_ev_check *c, uint32_t i)
{
  dm_evidence_line *line = c->out->line.at;
  for (uint32_t j = 0; j < i; j++) {
    bool same_source = line[i].source == line[j].source;
    bool unsourced = line[i].source == DM_NONE || line[j].source == DM_NONE;
    bool common = unsourced
                      ? same_source && line[i].grade == line[j].grade &&
                            strcmp(line[i].date, line[j].date) == 0
                      : origin(c, line[i].source) == origin(c, line[j].source);
    if (!common || line[j].superseded_by == i || !same_question(c, i, j))
      continue;
    bool same_way = line[i].negated == line[j].negated &&
                    line[i].silence == line[j].silence;
    const char *from =
        c->file->line.at[j].date.at.line
            ? dm_format_in(
                  c->arena, "line %u", c->file->line.at[j].date.at.line)
            : "an earlier line";
    if (same_way && line[i].same_as == DM_NONE) {
      line[i].same_as = line[j].same_as == DM_NONE ? j : line[j].same_as;
      if (same_source)
        dm_say(
            c->b, "W022", line[i].at, line[j].at.line, NULL,
            "%s says the same, of the same source and the same time: the two "
            "count once",
            from);
    } else if (
        !same_way && same_source && !unsourced &&
        line[i].silence == line[j].silence &&
        line[j].superseded_by == DM_NONE) {
      dm_say(
          c->b, "W025", line[i].at, line[j].at.line,
          dm_format_in(
              c->arena, "if it takes the other back, add `corrects %s`",
              line[j].date),
          "`%s` says the opposite on %s; both lines count",
          c->out->source.at[line[i].source].name, from);
    }
  }
}

/* ---- the file ------------------------------------------------------------------------ */

static void check_head(dm_ev_check *c)
{
  const dm_ast_name *name = &c->file->scenario;
  if (strcmp(name->text, c->b->core->name) != 0)
    dm_say(
        c->b, "W024", name->at, 0, NULL,
        "this is evidence for `%s`, and the scenario is called `%s`",
        name->text, c->b->core->name);
}

static void check_unused(dm_ev_check *c)
{
  for (uint32_t i = 0; i < c->out->source.n; i++) {
    bool repeated = c->used[i];
    for (uint32_t k = 0; k < c->out->source.n; k++)
      repeated = repeated || c->out->source.at[k].echo_of == i;
    if (!repeated)
      dm_say(
          c->b, "W021", c->file->source.at[i].name.at, 0, NULL,
          "no line is from `%s`", c->out->source.at[i].name);
  }
}

static dm_evidence *check_file(dm_build *b, const dm_ev_file *file)
{
  dm_ev_check c = {.b = b, .arena = b->arena, .file = file};
  size_t before = dm_diags_count(b->diags, DM_ERROR);
  c.out = dm_arena_alloc(c.arena, sizeof *c.out);
  c.out->scenario = file->scenario.text;
  c.used = dm_arena_array(c.arena, (size_t)file->source.n + 1, sizeof *c.used);
  check_head(&c);
  for (uint32_t i = 0; i < file->source.n; i++)
    check_source(&c, i);
  check_circles(&c);
  bool good = true;
  for (uint32_t i = 0; i < file->line.n; i++)
    good = check_line(&c, &file->line.at[i]) && good;
  if (!good || dm_diags_count(b->diags, DM_ERROR) > before)
    return NULL;
  for (uint32_t i = 0; i < file->line.n; i++) {
    correct(&c, i);
    compare(&c, i);
  }
  if (dm_diags_count(b->diags, DM_ERROR) > before)
    return NULL;
  check_unused(&c);
  return c.out;
}

static void add_units(dm_reader *r)
{
  dm_table_init(&r->units, r->arena, 0);
  for (uint32_t k = 0; k < r->context->states.n; k++) {
    const char *unit = r->context->states.at[k].step.unit;
    if (unit)
      (void)dm_table_intern(&r->units, unit, strlen(unit), NULL);
  }
}

static dm_status read_all(
    dm_core *core, const char *text, size_t len, dm_diags *own,
    dm_evidence **out)
{
  dm_build *b = core->build;
  dm_reader *r = dm_arena_alloc(core->arena, sizeof *r);
  *r = (dm_reader){
      .arena = core->arena,
      .diags = own,
      .clock = b->ast->scenario.clock.kind,
      .context = b->ast};
  r->ast = dm_arena_alloc(core->arena, sizeof *r->ast);
  /* Texts of the result may point into what was read. */
  const char *copy = dm_arena_text(core->arena, text, len);
  add_units(r);
  dm_status status = dm_lex_read(core->arena, copy, len, false, own, &r->lexed);
  if (status != DM_OK)
    return status;
  dm_ev_file *file = dm_arena_alloc(core->arena, sizeof *file);
  dm_ev_read(r, file);
  if (r->errors)
    return DM_E_INPUT;
  *out = check_file(b, file);
  return *out ? DM_OK : DM_E_INPUT;
}

/* A second line that a message of the compiler names is one of the scenario,
 * not of the evidence: it must not be shown beside it. */
static void hand_over(const dm_diags *own, dm_diags *diags)
{
  for (size_t i = 0; i < dm_diags_size(own); i++) {
    const dm_diag *d = dm_diags_at(own, i);
    bool here = strcmp(d->code, "W022") == 0 || strcmp(d->code, "W025") == 0;
    dm_span at = {d->line, d->column, d->length};
    dm_diags_add(
        diags, d->severity, d->code, d->title, at, here ? d->other_line : 0,
        d->text, d->repair);
  }
}

dm_status dm_evidence_read(
    dm_core *core, const char *text, size_t len, dm_diags *diags,
    dm_evidence **out)
{
  *out = NULL;
  dm_diags *own = dm_diags_new();
  if (!own)
    return DM_E_MEMORY;
  dm_build *b = core->build;
  dm_diags *held = b->diags;
  jmp_buf saved;
  memcpy(&saved, &core->arena->jump, sizeof saved);
  b->diags = own;
  dm_status status = (dm_status)setjmp(core->arena->jump);
  if (status == DM_OK)
    status = read_all(core, text, len, own, out);
  memcpy(&core->arena->jump, &saved, sizeof saved);
  b->diags = held;
  hand_over(own, diags);
  dm_diags_free(own);
  return status;
}
