/* report/solution.c -- what `solve` found of a game, for people: sentences,
 * what the certificate means, the strategies, and other equilibria beside it. */
#include "report/parts.h"

#include <math.h>
#include <string.h>

enum {
  SHOWN_SETS = 60,
  SHOWN_OUTCOMES = 12,
  SHOWN_LIST = 8,
  SHOWN_PICKS = 24,
  SHOWN_EVENTS = 6
};

static const char *player_name(dm_doc *doc, const dm_r_solution *r, uint32_t a)
{
  return r->player[a][0] ? r->player[a] : dm_doc_f(doc, "player %u", a + 1);
}

static const char *outcome_name(const dm_r_solution *r, uint32_t o)
{
  return r->outcome[o][0] ? r->outcome[o] : "(no name)";
}

/* ---- what was found ------------------------------------------------------------ */

static const char *found_what(dm_doc *doc, const dm_r_solution *r)
{
  bool scenario = strcmp(r->source, "scenario") == 0;
  if (strcmp(r->method, "lp") == 0)
    return "Optimal play of a zero-sum game, exact up to rounding.";
  if (strcmp(r->method, "cfr") == 0)
    return dm_doc_f(
        doc,
        "Averages after %s iterations of regret minimisation: a best reply "
        "gains %s on the average of both players (exploitability).",
        dm_doc_count(doc, r->iterations),
        dm_doc_number(doc, r->exploitability));
  if (r->listed && strcmp(r->method, "logit") != 0)
    return r->n_equilibria == 1
               ? "There is one equilibrium in the list:"
               : dm_doc_f(
                     doc, "The first of %u equilibria in the list:",
                     r->n_equilibria);
  if (r->limit)
    return "A Nash equilibrium, where the logit equilibria lead as sharpness "
           "(lambda) grows without end; --sharpness L stops on the way.";
  if (scenario && r->asked == 1)
    return "The logit equilibrium at the declared sharpness of every actor.";
  if (scenario)
    return dm_doc_f(
        doc,
        "The logit equilibrium at %s times the declared sharpness of every "
        "actor.",
        dm_doc_number(doc, r->asked));
  return dm_doc_f(
      doc,
      "The logit equilibrium at sharpness (lambda) %s: an option worth %s "
      "more is 2.7 times as likely.",
      dm_doc_number(doc, r->asked), dm_doc_number(doc, 1 / r->asked));
}

static void odds(dm_doc *doc, const dm_r_solution *r, const dm_r_equilibrium *x)
{
  uint32_t left = 0;
  double rest = 0;
  uint32_t pick[SHOWN_OUTCOMES];
  uint32_t n = r->n_outcomes;
  uint32_t take = n < SHOWN_OUTCOMES ? n : SHOWN_OUTCOMES;
  for (uint32_t i = 0; i < take; i++)
    pick[i] = i;
  if (n > SHOWN_OUTCOMES) {
    /* The likeliest, in order of the file. */
    for (uint32_t o = take; o < n; o++) {
      uint32_t least = 0;
      for (uint32_t i = 1; i < take; i++)
        least = x->odds[pick[i]] < x->odds[pick[least]] ? i : least;
      if (!(x->odds[o] > x->odds[pick[least]]))
        continue;
      memmove(
          &pick[least], &pick[least + 1], (take - least - 1) * sizeof *pick);
      pick[take - 1] = o;
    }
    left = n - take;
    rest = 1;
  }
  for (uint32_t i = 0; i < take; i++) {
    dm_doc_item(
        doc, 9, dm_doc_percent(doc, x->odds[pick[i]]),
        outcome_name(r, pick[i]));
    rest -= x->odds[pick[i]];
  }
  if (left > 0)
    dm_doc_item(
        doc, 9, dm_doc_percent(doc, rest > 0 ? rest : 0),
        dm_doc_f(doc, "%u other outcomes together", left));
}

/* What rounding leaves of nothing is nothing. */
static const char *payoff(dm_doc *doc, const dm_r_solution *r, double x)
{
  return dm_doc_number(doc, fabs(x) <= 1e-12 * r->range ? 0 : x);
}

static void values(
    dm_doc *doc, const dm_r_solution *r, const dm_r_equilibrium *x)
{
  const char *all = "";
  for (uint32_t a = 0; a < r->n_players; a++)
    all = dm_doc_f(
        doc, "%s%s%s" DM_NBSP "%s", all, a ? ", " : "", player_name(doc, r, a),
        dm_doc_number(doc, x->value[a]));
  if (r->n_players > 0)
    dm_doc_paragraph(doc, 0, dm_doc_f(doc, "Expected payoffs: %s.", all));
}

/* ---- what was met on the way ----------------------------------------------------- */

static bool is_kind(const dm_r_point *x, const char *kind)
{
  return strcmp(x->kind, kind) == 0;
}

/* "0.787669 (2 ways) and 5.36559": branches that cross at one place in several
 * directions are one place. */
static const char *splits(dm_doc *doc, const dm_r_solution *r, uint32_t *places)
{
  const char *all = "";
  uint32_t n = 0, ways = 0;
  double last = 0;
  for (uint32_t i = 0; i <= r->n_points; i++) {
    const dm_r_point *x = i < r->n_points ? &r->point[i] : NULL;
    if (x && !is_kind(x, "bifurcation"))
      continue;
    bool same = x && ways > 0 && fabs(x->lambda - last) <= 1e-5 * last;
    if (ways > 0 && !same && n++ < SHOWN_EVENTS)
      all = dm_doc_f(
          doc, "%s%s%.6g%s", all, n > 1 ? ", " : "", last,
          ways > 1 ? dm_doc_f(doc, " (%u ways)", ways) : "");
    ways = same ? ways + 1 : 1;
    last = x ? x->lambda : 0;
  }
  *places = n;
  return n > SHOWN_EVENTS
             ? dm_doc_f(doc, "%s and %u places more", all, n - SHOWN_EVENTS)
             : all;
}

static void events(dm_doc *doc, const dm_r_solution *r)
{
  uint32_t places = 0, turns = 0;
  double first = 0;
  const char *where = splits(doc, r, &places);
  if (places > 0)
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc,
            "The branch splits at lambda %s: this answer is on the part that "
            "goes on as it came%s.",
            where, r->listed ? "" : ", and --branches follows the others"));
  for (uint32_t i = 0; i < r->n_points; i++) {
    if (is_kind(&r->point[i], "turn") && turns++ == 0)
      first = r->point[i].lambda;
  }
  if (turns > 0)
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc,
            "The path turns %u time%s, first at lambda %.6g: between turns "
            "there are several equilibria on it.",
            turns, turns == 1 ? "" : "s", first));
}

static void path(dm_doc *doc, const dm_r_solution *r)
{
  uint32_t shown = 0;
  for (uint32_t i = 0; i < r->n_points; i++)
    shown += r->point[i].p != NULL;
  if (shown == 0)
    return;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "The path");
  uint32_t few = r->n_slots < 6 ? r->n_slots : 6;
  dm_doc_table *table = dm_doc_add_table(doc, 0, r->n_points, 3 + few);
  table->head[0] = "point";
  table->head[1] = "lambda";
  table->head[2] = "regret";
  for (uint32_t c = 1; c < 3 + few; c++)
    table->right[c] = true;
  uint32_t set = 0;
  for (uint32_t k = 0; k < few; k++) {
    while (set + 1 < r->n_sets && r->set[set + 1].slot <= k)
      set++;
    table->head[3 + k] = dm_doc_f(
        doc, "%u:%lld" DM_NBSP "%s", r->set[set].player,
        (long long)r->set[set].number, r->slot[k]);
  }
  for (uint32_t i = 0; i < r->n_points; i++) {
    const char **cell = &table->cell[(size_t)i * (3 + few)];
    const dm_r_point *x = &r->point[i];
    cell[0] = x->kind;
    cell[1] = dm_doc_f(doc, "%.6g", x->lambda);
    cell[2] = dm_doc_number(doc, x->regret);
    for (uint32_t k = 0; k < few; k++)
      cell[3 + k] = x->p ? dm_doc_f(doc, "%.4f", x->p[k]) : "";
  }
  if (few < r->n_slots)
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc, "The first %u of %u probabilities; --json gives all.", few,
            r->n_slots));
}

/* ---- strategies ------------------------------------------------------------------- */

static const char *mixture(
    dm_doc *doc, const dm_r_solution *r, const dm_r_set *set, const double *p)
{
  const char *all = "";
  for (uint32_t i = set->slot; i < set->slot + set->n_options; i++)
    all = dm_doc_f(
        doc, "%s%s%s" DM_NBSP "%s", all, i > set->slot ? ", " : "", r->slot[i],
        dm_doc_percent(doc, p[i]));
  return all;
}

static bool among_shown(const dm_r_solution *r, const double *reach, uint32_t i)
{
  uint32_t above = 0;
  if (r->n_sets <= SHOWN_SETS)
    return true;
  for (uint32_t k = 0; k < r->n_sets && above < SHOWN_SETS; k++)
    above += reach[k] > reach[i] || (!(reach[k] < reach[i]) && k < i);
  return above < SHOWN_SETS;
}

static void strategies(
    dm_doc *doc, const dm_r_solution *r, const dm_r_equilibrium *x)
{
  uint32_t shown = r->n_sets < SHOWN_SETS ? r->n_sets : SHOWN_SETS, row = 0;
  if (r->n_sets == 0)
    return;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Strategies");
  dm_doc_table *table = dm_doc_add_table(doc, 0, shown, 4);
  static const char *const head[] = {
      "player", "information set", "reached", "picks"};
  for (uint32_t c = 0; c < 4; c++)
    table->head[c] = head[c];
  table->right[2] = true;
  for (uint32_t s = 0; s < r->n_sets && row < shown; s++) {
    const dm_r_set *set = &r->set[s];
    if (!among_shown(r, x->reach, s))
      continue;
    const char **cell = &table->cell[(size_t)row++ * 4];
    cell[0] = player_name(doc, r, set->player - 1);
    cell[1] = set->label[0] ? dm_doc_f(
                                  doc, "%lld" DM_NBSP "%s",
                                  (long long)set->number, set->label)
                            : dm_doc_f(doc, "%lld", (long long)set->number);
    cell[2] = dm_doc_percent(doc, x->reach[s]);
    cell[3] = mixture(doc, r, set, x->p);
  }
  if (shown < r->n_sets)
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc,
            "The %u information sets reached most are shown, of %u: --json "
            "gives all.",
            shown, r->n_sets));
}

/* ---- side by side ------------------------------------------------------------------- */

typedef struct rows {
  dm_doc *doc;
  dm_doc_table *table;
  uint32_t n_cols, next;
  uint32_t pick[SHOWN_LIST]; /* places in the list, of each column */
} rows;

/* One equilibrium an outcome, in the order of the list; `outcomes` of them. */
static uint32_t pick_columns(
    const dm_r_solution *r, uint32_t pick[SHOWN_LIST], uint32_t *outcomes)
{
  uint32_t n = 0;
  *outcomes = 0;
  for (uint32_t i = 0; i < r->n_equilibria; i++) {
    if (r->equilibrium[i].outcome != i)
      continue;
    if (n < SHOWN_LIST)
      pick[n++] = i;
    ++*outcomes;
  }
  return n;
}

static const char **row(rows *w, const char *name)
{
  const char **cell = &w->table->cell[(size_t)w->next++ * w->n_cols];
  cell[0] = name;
  return cell;
}

static void list_rows(rows *w, const dm_r_solution *r, uint32_t outcomes)
{
  dm_doc *doc = w->doc;
  uint32_t n = w->n_cols - 1;
  const dm_r_equilibrium *x[SHOWN_LIST];
  for (uint32_t i = 0; i < n; i++)
    x[i] = &r->equilibrium[w->pick[i]];
  for (uint32_t o = 0; o < outcomes; o++) {
    const char **cell = row(w, outcome_name(r, o));
    for (uint32_t i = 0; i < n; i++)
      cell[i + 1] = dm_doc_percent(doc, x[i]->odds[o]);
  }
  for (uint32_t a = 0; a < r->n_players; a++) {
    const char **cell =
        row(w, dm_doc_f(doc, "value to %s", player_name(doc, r, a)));
    for (uint32_t i = 0; i < n; i++)
      cell[i + 1] = payoff(doc, r, x[i]->value[a]);
  }
  const char **regret = row(w, "regret");
  const char **found = row(w, "found");
  for (uint32_t i = 0; i < n; i++) {
    double most = 0;
    for (uint32_t a = 0; a < r->n_players; a++)
      most = x[i]->regret[a] > most ? x[i]->regret[a] : most;
    regret[i + 1] = payoff(doc, r, most);
    found[i + 1] = dm_doc_f(doc, "%u", x[i]->found);
  }
  if (!r->limit)
    return;
  const char **credible = row(w, "credible");
  for (uint32_t i = 0; i < n; i++)
    credible[i + 1] = x[i]->credible ? "yes" : "no";
}

/* Where each came from, unless all came from one place. */
static void origins(const rows *w, const dm_r_solution *r)
{
  dm_doc *doc = w->doc;
  bool same = true;
  for (uint32_t i = 1; i < r->n_equilibria; i++)
    same =
        same && strcmp(r->equilibrium[i].origin, r->equilibrium[0].origin) == 0;
  for (uint32_t i = 0; !same && i + 1 < w->n_cols; i++)
    dm_doc_item(
        doc, 4, dm_doc_f(doc, "%u:", w->pick[i] + 1),
        dm_doc_f(doc, "from %s", r->equilibrium[w->pick[i]].origin));
}

/* Small games: what each would do, so that equal odds can be told apart. */
static void list_picks(rows *w, const dm_r_solution *r)
{
  dm_doc *doc = w->doc;
  for (uint32_t s = 0; s < r->n_sets; s++) {
    const dm_r_set *set = &r->set[s];
    for (uint32_t i = set->slot; i < set->slot + set->n_options; i++) {
      const char **cell =
          row(w, dm_doc_f(
                     doc, "%s %lld: %s", player_name(doc, r, set->player - 1),
                     (long long)set->number, r->slot[i]));
      for (uint32_t k = 0; k + 1 < w->n_cols; k++)
        cell[k + 1] = dm_doc_percent(doc, r->equilibrium[w->pick[k]].p[i]);
    }
  }
}

/* What the table leaves out. */
static void left_out(
    dm_doc *doc, const dm_r_solution *r, uint32_t n, uint32_t distinct)
{
  uint32_t alike = r->n_equilibria - distinct;
  if (alike > 0)
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc,
            "And %u more with the same odds and values as one of these: --json "
            "gives all.",
            alike));
  if (n < distinct)
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc, "The first %u of %u are shown; --json gives all.", n,
            distinct));
}

static void list(dm_doc *doc, const dm_r_solution *r, bool brief)
{
  rows w = {.doc = doc};
  uint32_t distinct = 0;
  uint32_t n = pick_columns(r, w.pick, &distinct);
  if (!r->listed)
    return;
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "Equilibria found");
  if (n == 0)
    dm_doc_paragraph(doc, 0, "None.");
  if (n > 0) {
    uint32_t outcomes =
        r->n_outcomes < SHOWN_OUTCOMES ? r->n_outcomes : SHOWN_OUTCOMES;
    uint32_t picks = brief || r->n_slots > SHOWN_PICKS ? 0 : r->n_slots;
    uint32_t n_rows = outcomes + r->n_players + 2 + r->limit + picks;
    w.n_cols = n + 1;
    w.table = dm_doc_add_table(doc, 0, n_rows, n + 1);
    for (uint32_t i = 0; i < n; i++) {
      w.table->head[i + 1] = dm_doc_f(doc, "%u", w.pick[i] + 1);
      w.table->right[i + 1] = true;
    }
    list_rows(&w, r, outcomes);
    if (picks > 0)
      list_picks(&w, r);
    if (!brief)
      origins(&w, r);
    if (outcomes < r->n_outcomes)
      dm_doc_paragraph(
          doc, 0,
          dm_doc_f(
              doc, "The first %u of %u outcomes are shown.", outcomes,
              r->n_outcomes));
    left_out(doc, r, n, distinct);
    if (r->limit)
      dm_doc_paragraph(
          doc, 0,
          "Credible: at every information set, also where play never gets, "
          "nobody would rather do something else (given beliefs that small "
          "trembles leave).");
  }
  dm_doc_paragraph(doc, 0, r->said);
}

/* ---- what it is worth ---------------------------------------------------------------- */

static void agent_form(dm_doc *doc, const dm_r_solution *r)
{
  for (uint32_t a = 0; r->recall && a < r->n_players; a++) {
    if (strcmp(r->recall[a], "perfect") == 0)
      continue;
    bool absent = strcmp(r->recall[a], "absent-minded") == 0;
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc,
            "%s %s: the answer is one of the agent form, in which each of its "
            "information sets decides for itself, and what a best reply would "
            "gain is not computed for it.",
            player_name(doc, r, a),
            absent ? "can meet an information set twice on one path"
                   : "forgets what it knew or did"));
  }
}

static void players(
    dm_doc *doc, const dm_r_solution *r, const dm_r_equilibrium *x)
{
  dm_doc_table *table = dm_doc_add_table(doc, 0, r->n_players, 4);
  static const char *const head[] = {
      "player", "payoff", "regret", "gain of a best reply"};
  for (uint32_t c = 0; c < 4; c++) {
    table->head[c] = head[c];
    table->right[c] = c > 0;
  }
  for (uint32_t a = 0; a < r->n_players; a++) {
    const char **cell = &table->cell[(size_t)a * 4];
    cell[0] = player_name(doc, r, a);
    cell[1] = payoff(doc, r, x->value[a]);
    cell[2] = payoff(doc, r, x->regret[a]);
    cell[3] = isnan(x->gain[a]) ? "not computed" : payoff(doc, r, x->gain[a]);
  }
}

static void trust(
    dm_doc *doc, const dm_r_solution *r, const dm_r_equilibrium *x)
{
  dm_doc_gap(doc);
  dm_doc_heading(doc, 2, "What this is worth");
  dm_doc_paragraph(
      doc, 0,
      "The certificate vouches for the arithmetic, never for the "
      "assumptions. It is recomputed from the raw game.");
  if (!r->limit)
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc,
            "The largest difference of log odds from the logit equations is "
            "%.1e. Regret and gain belong to a finite sharpness and are no "
            "error.",
            x->residual));
  else
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(
            doc,
            "A Nash equilibrium has no regret and no gain; here anything up "
            "to %.1e counts as none (payoffs range over %s).",
            r->tolerance, dm_doc_number(doc, r->range)));
  dm_doc_gap(doc);
  players(doc, r, x);
  dm_doc_paragraph(
      doc, 0,
      "Regret: what the best option would add at one information set, given "
      "that it is reached, the largest. Gain: what the best reply to the "
      "others would add to the payoff as a whole.");
  if (r->limit && !r->listed)
    dm_doc_paragraph(
        doc, 0,
        x->credible ? "It is credible: also where play never gets, nobody "
                      "would rather do something else."
                    : "It is not credible everywhere: at an information set "
                      "that play hardly or never reaches, somebody would "
                      "rather do something else.");
  agent_form(doc, r);
  if (r->iterations > 0)
    dm_doc_paragraph(doc, 0, r->rule);
  else if (r->rule[0])
    dm_doc_paragraph(
        doc, 0,
        dm_doc_f(doc, "Which one when there are several: %s.", r->rule));
  if (!r->listed)
    dm_doc_paragraph(
        doc, 0, "Others were not looked for: --search N looks for them.");
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc,
          "demarche %s, %s nodes, %s information sets, seed %llu, "
          "%.2f" DM_NBSP "seconds.",
          r->version, dm_doc_count(doc, r->nodes), dm_doc_count(doc, r->n_sets),
          (unsigned long long)r->seed, r->seconds));
}

/* The one line of --brief. */
static void certificate_line(
    dm_doc *doc, const dm_r_solution *r, const dm_r_equilibrium *x)
{
  uint32_t worst = 0;
  for (uint32_t a = 1; a < r->n_players; a++)
    worst = x->regret[a] > x->regret[worst] ? a : worst;
  const char *regret = r->n_players == 0 ? "nobody decides"
                                         : dm_doc_f(
                                               doc, "regret %s (%s)",
                                               payoff(doc, r, x->regret[worst]),
                                               player_name(doc, r, worst));
  const char *residual =
      r->limit ? "" : dm_doc_f(doc, "residual %.1e, ", x->residual);
  dm_doc_paragraph(
      doc, 0,
      dm_doc_f(
          doc, "Certificate: %s%s%s, %s nodes.", residual, regret,
          !r->limit     ? ""
          : x->credible ? ", credible everywhere"
                        : ", not credible everywhere",
          dm_doc_count(doc, r->nodes)));
}

static void no_answer(dm_doc *doc, const dm_r_solution *r)
{
  bool none = r->complete && r->n_equilibria == 0;
  if (none)
    return;
  dm_doc_warning(
      doc, dm_doc_f(
               doc, "No answer: %s.",
               r->why[0] ? r->why : "the method did not get there"));
}

static void solution(
    dm_doc *doc, const dm_r_solution *r, const dm_print_options *print)
{
  const dm_r_equilibrium *x = r->answered ? &r->answer : NULL;
  dm_doc_heading(doc, 1, r->title[0] ? r->title : "A game without a title");
  if (x) {
    dm_doc_paragraph(doc, 0, found_what(doc, r));
    odds(doc, r, x);
    values(doc, r, x);
  } else {
    no_answer(doc, r);
  }
  events(doc, r);
  if (x && !print->brief)
    strategies(doc, r, x);
  path(doc, r);
  list(doc, r, print->brief);
  if (x && print->brief)
    certificate_line(doc, r, x);
  else if (x)
    trust(doc, r, x);
}

dm_status dm_report_solution(
    const dm_r_solution *r, const dm_print_options *print, dm_str *out)
{
  if (print->json) {
    dm_json json;
    dm_json_init(&json, out);
    dm_json_object(&json, NULL, false);
    dm_json_solution(&json, r);
    dm_json_end(&json);
    return out->failed ? DM_E_MEMORY : DM_OK;
  }
  dm_arena arena;
  dm_arena_init(&arena, 0);
  dm_status why = (dm_status)setjmp(arena.jump);
  if (why == DM_OK) {
    dm_doc doc = {.arena = &arena};
    solution(&doc, r, print);
    dm_doc_write_text(&doc, print, out);
  }
  dm_arena_clear(&arena);
  return why != DM_OK ? why : out->failed ? DM_E_MEMORY : DM_OK;
}
