/* infer/histories.c -- the likeliest course of events, overall and to an
 * outcome, in words.
 *
 * best(n) = max over edges e of log weight(e) + best(child(e)), backward over
 * the nodes; best of an ending is 0, or minus infinity if it is not the outcome
 * asked for.  The path of the maxima is then read from the root.  Its chance is
 * that of one path of merged situations: small as a rule, since there are many.
 *
 * In words: options other than a choice's first (the first is to do nothing
 * new), and every state, status and reading when it changes.  A variable that
 * does not live at a node says nothing there, so each is compared with the last
 * value seen. */
#include "infer/parts.h"

#include <math.h>
#include <string.h>

enum { N_HISTORIES = 3 };

typedef struct dm_line {
  const char *when; /* period label of the first period it covers */
  const char *last; /* and of the last */
  const char *text;
} dm_line;

typedef struct dm_teller {
  dm_job *job;
  dm_arena *keep;
  int32_t *v;        /* [n_vars] at the node at hand */
  int32_t *seen;     /* [n_vars] last value while it lived */
  int32_t *before;   /* [n_vars] last value before the period */
  uint32_t *changed; /* [n_changed] variables, in order of last change */
  uint32_t n_changed;
  const char **pick; /* [n_actors] options of the period, "" for none */
  uint32_t period;
  DM_VEC(dm_line) line;
} dm_teller;

/* ---- the path ----------------------------------------------------------------- */

/* [n_nodes]; outcome DM_NONE: any. */
static void find_best(dm_job *job, uint32_t outcome, double *best)
{
  const dm_expansion *e = job->solved->expansion;
  const dm_game *g = &e->game;
  for (dm_node_id n = g->n_nodes; n-- > 0;) {
    if (g->node_set[n] >= DM_NODE_END) {
      uint32_t end = g->node_set[n] - DM_NODE_END;
      bool wanted = outcome == DM_NONE || e->end_outcome[end] == outcome;
      best[n] = wanted ? 0 : -(double)INFINITY;
      continue;
    }
    best[n] = -(double)INFINITY;
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      double here =
          dm_infer_edge_log(job->solved, n, i) + best[g->edge_child[i]];
      if (here > best[n])
        best[n] = here;
    }
  }
}

static uint32_t best_edge(dm_job *job, const double *best, dm_node_id n)
{
  const dm_game *g = &job->solved->expansion->game;
  uint32_t found = g->node_edge[n];
  double most = -(double)INFINITY;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    double here = dm_infer_edge_log(job->solved, n, i) + best[g->edge_child[i]];
    if (here > most) {
      most = here;
      found = i;
    }
  }
  return found;
}

/* ---- words -------------------------------------------------------------------- */

static uint32_t layer_of(const dm_game *g, dm_node_id n)
{
  uint32_t low = 0, high = g->n_layers;
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (g->layer_node[middle] <= n)
      low = middle;
    else
      high = middle;
  }
  return low;
}

static const char *join(
    dm_teller *t, const char *list, const char *mark, const char *more)
{
  if (!list[0])
    return more;
  return dm_infer_text(t->keep, "%s%s%s", list, mark, more);
}

/* A reading is kept as 1 and up; an actor's key that holds it knows the scale. */
static const char *reading_word(dm_teller *t, uint32_t var, int32_t value)
{
  const dm_core *core = t->job->core;
  for (uint32_t i = 0; i < core->key.n; i++) {
    const dm_core_key *key = &core->key.at[i];
    const dm_core_expr *x = &core->expr.at[key->expr];
    if (x->op == DM_X_VAR && x->a == var)
      return dm_infer_key_value(t->keep, key, value);
  }
  return dm_infer_text(t->keep, "%d", value - 1);
}

/* What a changed variable is called, or NULL if it is not told. */
static const char *change(dm_teller *t, uint32_t var, int32_t value)
{
  const dm_core_var *x = &t->job->core->var.at[var];
  const char *word = dm_infer_value(t->keep, x, value);
  const char *name = x->display && x->display[0] ? x->display : x->name;
  switch ((dm_var_kind)x->kind) {
  case DM_VAR_STATE:
  case DM_VAR_STATUS:
    return dm_infer_text(t->keep, "%s %s", name, word);
  case DM_VAR_READING:
    /* 0 is no reading; the last one read is told, not that it is over. */
    if (value == 0)
      return NULL;
    return dm_infer_text(
        t->keep, "%s reads %s", name,
        x->words ? word : reading_word(t, var, value));
  case DM_VAR_TYPE:
    return dm_infer_text(t->keep, "%s is %s", x->name, word);
  case DM_VAR_PICK:
  case DM_VAR_HEARD:
  case DM_VAR_DETAIL:
  case DM_VAR_MEMORY:
  case DM_VAR_RECALL:
  case DM_VAR_ASKED:
  case DM_VAR_MONITOR:
    return NULL;
  }
  return NULL;
}

/* What is different from the period before, and forgets it.  A change that was
 * taken back is no news. */
static const char *take_news(dm_teller *t)
{
  const char *news = "";
  for (uint32_t i = 0; i < t->n_changed; i++) {
    uint32_t var = t->changed[i];
    const char *words =
        t->seen[var] != t->before[var] ? change(t, var, t->seen[var]) : NULL;
    if (words)
      news = join(t, news, ", ", words);
    t->before[var] = t->seen[var];
  }
  t->n_changed = 0;
  return news;
}

static void note_change(dm_teller *t, uint32_t var, int32_t value)
{
  uint32_t kept = 0;
  for (uint32_t i = 0; i < t->n_changed; i++) {
    if (t->changed[i] != var)
      t->changed[kept++] = t->changed[i];
  }
  t->changed[kept] = var;
  t->n_changed = kept + 1;
  t->seen[var] = value;
}

static void push_line(dm_teller *t, const char *when, const char *text)
{
  if (t->line.n > 0) {
    dm_line *before = &t->line.at[t->line.n - 1];
    if (strcmp(before->text, text) == 0) {
      before->last = when;
      return;
    }
  }
  DM_PUSH(&t->job->scratch, &t->line, ((dm_line){when, when, text}));
}

/* Ends the line of the period at hand; `last` is said behind all else. */
static void flush(dm_teller *t, const char *last)
{
  const dm_core *core = t->job->core;
  const char *text = "";
  for (uint32_t a = 0; a < core->actor.n; a++) {
    if (t->pick[a][0])
      text = join(
          t, text, "; ",
          dm_infer_text(
              t->keep, "%s: %s", dm_infer_actor(core, a), t->pick[a]));
    t->pick[a] = "";
  }
  const char *news = take_news(t);
  if (news[0])
    text = join(t, text, "; ", news);
  if (last[0])
    text = join(t, text, "; ", last);
  push_line(
      t, t->period ? core->period[t->period] : "at the start",
      text[0] ? text : "nothing new");
}

static void tell_pick(dm_teller *t, dm_node_id n, uint32_t edge)
{
  const dm_core *core = t->job->core;
  const dm_expansion *e = t->job->solved->expansion;
  dm_set_id s = e->game.node_set[n];
  const dm_core_choice *c =
      &core->choice.at[core->decide.at[e->set_decide[s]].choice];
  uint32_t option = e->slot_option[e->game.edge_slot[edge]];
  /* The first option is mostly doing nothing, and is told only where it is what
   * ends the game. */
  dm_node_id child = e->game.edge_child[edge];
  if (option == 0 && e->game.node_set[child] < DM_NODE_END)
    return;
  const char *name = core->option.at[c->first_option + option].name;
  t->pick[c->actor] = join(t, t->pick[c->actor], ", ", name);
}

static bool lives(const dm_expansion *e, uint32_t layer, uint32_t var)
{
  const uint64_t *set = e->layer_live + (size_t)layer * e->n_live_words;
  return set[var / 64] >> var % 64 & 1;
}

/* Reads node n: what changed since it was last seen. */
static void tell_changes(dm_teller *t, dm_node_id n, uint32_t layer)
{
  const dm_core *core = t->job->core;
  const dm_expansion *e = t->job->solved->expansion;
  dm_expansion_decode(core, e, n, t->v);
  for (uint32_t i = 0; i < core->var.n; i++) {
    if (!lives(e, layer, i) || t->v[i] == t->seen[i])
      continue;
    note_change(t, i, t->v[i]);
  }
}

/* The first situation: all types and all that was drawn. */
static void tell_start(dm_teller *t, dm_node_id n, uint32_t layer)
{
  const dm_core *core = t->job->core;
  const dm_expansion *e = t->job->solved->expansion;
  for (uint32_t i = 0; i < core->var.n; i++) {
    if (core->var.at[i].kind == DM_VAR_TYPE && lives(e, layer, i))
      t->seen[i] = t->before[i] = INT32_MIN;
  }
  tell_changes(t, n, layer);
  if (t->n_changed > 0)
    flush(t, "");
}

static void tell_path(dm_teller *t, const double *best, uint32_t *outcome)
{
  const dm_expansion *e = t->job->solved->expansion;
  const dm_game *g = &e->game;
  dm_node_id n = 0;
  while (g->node_set[n] < DM_NODE_END) {
    uint32_t layer = layer_of(g, n);
    uint32_t period = e->layer_period[layer];
    uint32_t edge = best_edge(t->job, best, n);
    if (period != t->period) {
      if (t->period)
        flush(t, "");
      /* Periods between hold no node: there was nothing to decide or draw. */
      for (t->period++; t->period < period; t->period++)
        flush(t, "");
    }
    if (g->node_set[n] != DM_NODE_CHANCE)
      tell_pick(t, n, edge);
    dm_node_id child = g->edge_child[edge];
    if (g->node_set[child] < DM_NODE_END) {
      uint32_t below = layer_of(g, child);
      if (period == 0 && e->layer_period[below] > 0)
        tell_start(t, child, below);
      else
        tell_changes(t, child, below);
    }
    n = child;
  }
  uint32_t end = g->node_set[n] - DM_NODE_END;
  const dm_core_outcome *o = &t->job->core->outcome.at[e->end_outcome[end]];
  const char *name = o->display && o->display[0] ? o->display : o->name;
  flush(t, dm_infer_text(t->keep, "it ends in %s", name));
  *outcome = e->end_outcome[end];
}

/* ---- the histories --------------------------------------------------------------- */

static void tell_history(
    dm_job *job, const char *title, uint32_t wanted, double *best,
    dm_r_history *out)
{
  const dm_core *core = job->core;
  *out = (dm_r_history){.title = title, .outcome = ""};
  find_best(job, wanted, best);
  if (!(best[0] > -(double)INFINITY))
    return;
  dm_teller t = {.job = job, .keep = job->keep};
  t.v = dm_arena_array(&job->scratch, core->var.n, sizeof *t.v);
  t.seen = dm_arena_array(&job->scratch, core->var.n, sizeof *t.seen);
  t.before = dm_arena_array(&job->scratch, core->var.n, sizeof *t.before);
  t.changed = dm_arena_array(&job->scratch, core->var.n, sizeof *t.changed);
  t.pick = dm_arena_array(&job->scratch, core->actor.n, sizeof *t.pick);
  for (uint32_t i = 0; i < core->var.n; i++)
    t.seen[i] = t.before[i] = core->var.at[i].start;
  for (uint32_t a = 0; a < core->actor.n; a++)
    t.pick[a] = "";
  uint32_t outcome = 0;
  tell_path(&t, best, &outcome);
  const char **when = dm_arena_array(job->keep, t.line.n, sizeof *when);
  const char **line = dm_arena_array(job->keep, t.line.n, sizeof *line);
  for (uint32_t i = 0; i < t.line.n; i++) {
    const dm_line *x = &t.line.at[i];
    when[i] = x->when == x->last
                  ? x->when
                  : dm_infer_text(job->keep, "%s to %s", x->when, x->last);
    line[i] = x->text;
  }
  out->chance = exp(best[0]);
  out->outcome = core->outcome.at[outcome].name;
  out->n_lines = t.line.n;
  out->when = when;
  out->line = line;
}

/* ---- the two outcomes least alike -------------------------------------------------- */

/* Distance of two outcomes: their payoffs at the start, each actor's measured
 * by the range of its own column. */
static double distance(
    const dm_job *job, const double *pay, uint32_t x, uint32_t y)
{
  size_t actors = job->core->actor.n, outcomes = job->core->outcome.n;
  double sum = 0;
  for (size_t a = 0; a < actors; a++) {
    double lo = pay[a], hi = pay[a];
    for (size_t o = 1; o < outcomes; o++) {
      lo = fmin(lo, pay[o * actors + a]);
      hi = fmax(hi, pay[o * actors + a]);
    }
    double gap = pay[x * actors + a] - pay[y * actors + a];
    if (hi > lo)
      sum += gap / (hi - lo) * (gap / (hi - lo));
  }
  return sum;
}

static double *payoffs(const dm_job *job, dm_arena *arena)
{
  const dm_core *core = job->core;
  size_t actors = core->actor.n;
  double *pay = dm_arena_array(arena, core->outcome.n * actors, sizeof *pay);
  int32_t *v = dm_arena_array(arena, core->var.n, sizeof *v);
  for (uint32_t i = 0; i < core->var.n; i++)
    v[i] = core->var.at[i].start;
  for (size_t o = 0; o < core->outcome.n; o++) {
    for (size_t a = 0; a < actors; a++) {
      dm_expr_id id = core->outcome.at[o].payoff[a];
      double x =
          id == DM_NONE
              ? 0
              : dm_core_eval(core, id, v, core->n_periods, job->solved->param);
      pay[o * actors + a] = isfinite(x) ? x : 0;
    }
  }
  return pay;
}

static void choose(dm_job *job, uint32_t toward[2])
{
  const dm_core *core = job->core;
  toward[0] = toward[1] = DM_NONE;
  for (uint32_t k = 0; k < 2; k++) {
    for (uint32_t o = 0; o < core->outcome.n && job->options->toward[k]; o++) {
      if (strcmp(core->outcome.at[o].name, job->options->toward[k]) == 0)
        toward[k] = o;
    }
  }
  if (toward[0] != DM_NONE && toward[1] != DM_NONE)
    return;
  const double *pay = payoffs(job, &job->scratch);
  size_t last = core->n_periods - 1u;
  double most = -1;
  uint32_t pair[2] = {DM_NONE, DM_NONE};
  for (uint32_t x = 0; x < core->outcome.n; x++) {
    for (uint32_t y = x + 1; y < core->outcome.n; y++) {
      bool fits = (toward[0] == DM_NONE || toward[0] == x || toward[0] == y) &&
                  (toward[1] == DM_NONE || toward[1] == x || toward[1] == y);
      bool can = job->odds[x * (last + 1) + last] > 0 &&
                 job->odds[y * (last + 1) + last] > 0;
      double far = distance(job, pay, x, y);
      if (!fits || !can || !(far > most))
        continue;
      most = far;
      pair[0] = x;
      pair[1] = y;
    }
  }
  if (pair[0] == DM_NONE)
    return;
  bool swap = toward[0] == pair[1] || toward[1] == pair[0];
  toward[0] = pair[swap];
  toward[1] = pair[!swap];
}

static const char *display(const dm_core *core, uint32_t outcome)
{
  const dm_core_outcome *o = &core->outcome.at[outcome];
  return o->display && o->display[0] ? o->display : o->name;
}

/* The likeliest outcome that no history shows yet. */
static uint32_t not_shown(const dm_job *job)
{
  const dm_result *r = job->result;
  size_t periods = job->core->n_periods;
  uint32_t best = DM_NONE;
  for (uint32_t o = 0; o < job->core->outcome.n; o++) {
    double p = job->odds[o * periods + periods - 1];
    bool shown = !(p > 0);
    for (uint32_t i = 0; i < r->n_histories; i++)
      shown = shown ||
              strcmp(r->history[i].outcome, job->core->outcome.at[o].name) == 0;
    if (!shown &&
        (best == DM_NONE || p > job->odds[best * periods + periods - 1]))
      best = o;
  }
  return best;
}

static void tell_toward(dm_job *job, uint32_t outcome, double *best)
{
  dm_result *r = job->result;
  const char *title =
      dm_infer_text(job->keep, "likeliest to %s", display(job->core, outcome));
  tell_history(job, title, outcome, best, &r->history[r->n_histories++]);
}

void dm_infer_histories(dm_job *job)
{
  const dm_core *core = job->core;
  dm_result *r = job->result;
  uint32_t toward[2];
  choose(job, toward);
  double *best = dm_arena_array(
      &job->scratch, job->solved->expansion->game.n_nodes, sizeof *best);
  r->history = dm_arena_array(job->keep, N_HISTORIES, sizeof *r->history);
  dm_r_history *first = &r->history[r->n_histories++];
  tell_history(job, "likeliest", DM_NONE, best, first);
  for (uint32_t k = 0; k < 2; k++) {
    if (toward[k] == DM_NONE || (k == 1 && toward[1] == toward[0]))
      continue;
    /* The likeliest path of all is the likeliest to its own end. */
    if (strcmp(core->outcome.at[toward[k]].name, first->outcome) == 0)
      first->title = dm_infer_text(
          job->keep, "likeliest, and so likeliest to %s",
          display(core, toward[k]));
    else
      tell_toward(job, toward[k], best);
  }
  uint32_t other = not_shown(job);
  if (r->n_histories < N_HISTORIES && other != DM_NONE)
    tell_toward(job, other, best);
}
