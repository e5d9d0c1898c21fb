/* infer/next.c -- the news that would move the odds most.
 *
 * In:     a checked core, evidence so far, the base equilibrium.
 * Out:    for what could come about from the last line's period on: its chance,
 *         the final odds if it does and if it does not, and the expected change
 *         (half the sum of absolute changes, weighed by chance), largest first.
 * News:   a move, round by round; a reading of a report; a status as it stands
 *         at a period's end.
 * Method: as for an update, all exact and given the lines so far.  With a
 *         backward pass for each outcome,
 *           P(news, lines, outcome) = sum of mass x rest
 *         over the edges of a move, or over the nodes at the period's end and
 *         the endings in it where a mark holds the reading or status.  Nothing
 *         is solved or expanded again for a candidate.
 * Not here: moves that an actor makes without anything else to do (the first
 *         option of a choice stands for that: it is news only in so far as the
 *         others are not), states behind statuses, and news of two things
 *         together. */
#include "infer/update_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NEWS_MOST = 20 };

void dm_next_free(dm_next *next)
{
  if (!next)
    return;
  dm_arena_clear(&next->arena);
  free(next);
}

typedef struct dm_news {
  uint32_t period;
  uint32_t decide, option; /* a move; decide DM_NONE: not one */
  uint32_t copy;           /* of watch.copy */
  int32_t mark;            /* its value there */
  dm_far *joint;           /* [n_outcomes] */
  double chance, move;
  double *if_so, *if_not; /* [n_outcomes] */
} dm_news;

typedef struct dm_search_news {
  dm_updating *u;
  uint32_t from; /* period */
  dm_watch_copy *copy;
  uint32_t n_copies;
  DM_VEC(dm_news) news;
  uint32_t *of_decide; /* [n_periods x n_decides] first news of its options */
  uint32_t *of_copy;   /* [n_periods x n_copies] first news of its marks */
  int32_t *v;
  const double *now; /* [n_outcomes] */
  dm_far total;
} dm_search_news;

/* ---- candidates ------------------------------------------------------------------- */

static void add_news(dm_search_news *s, dm_news news)
{
  dm_updating *u = s->u;
  uint32_t n = u->job.core->outcome.n;
  news.joint = dm_arena_array(&u->job.scratch, n, sizeof *news.joint);
  DM_PUSH(&u->job.scratch, &s->news, news);
}

static void find_copies(dm_search_news *s)
{
  const dm_core *core = s->u->job.core;
  s->copy = dm_arena_array(
      &s->u->job.scratch, (size_t)core->var.n + 1, sizeof *s->copy);
  for (uint32_t i = 0; i < core->var.n; i++)
    if (core->var.at[i].kind == DM_VAR_STATUS ||
        core->var.at[i].kind == DM_VAR_READING)
      s->copy[s->n_copies++] = (dm_watch_copy){i, DM_NONE};
}

static void list_news(dm_search_news *s)
{
  const dm_core *core = s->u->job.core;
  dm_arena *arena = &s->u->job.scratch;
  uint32_t periods = core->n_periods;
  s->of_decide = dm_arena_array(
      arena, (size_t)periods * core->decide.n + 1, sizeof *s->of_decide);
  s->of_copy = dm_arena_array(
      arena, (size_t)periods * s->n_copies + 1, sizeof *s->of_copy);
  for (uint32_t t = s->from; t <= periods; t++) {
    for (uint32_t d = 0; d < core->decide.n; d++) {
      uint32_t options = core->choice.at[core->decide.at[d].choice].n_options;
      s->of_decide[(size_t)(t - 1) * core->decide.n + d] = s->news.n;
      for (uint32_t k = 0; k < options; k++)
        add_news(s, (dm_news){.period = t, .decide = d, .option = k});
    }
    for (uint32_t c = 0; c < s->n_copies; c++) {
      uint32_t size = s->u->side->core->var.at[s->copy[c].mark].size;
      s->of_copy[(size_t)(t - 1) * s->n_copies + c] = s->news.n;
      for (uint32_t k = 1; k < size; k++)
        add_news(
            s,
            (dm_news){
                .period = t, .decide = DM_NONE, .copy = c, .mark = (int32_t)k});
    }
  }
}

/* ---- joint chances ------------------------------------------------------------------ */

static void add_joint(dm_search_news *s, uint32_t news, uint32_t o, dm_far x)
{
  dm_far *to = &s->news.at[news].joint[o];
  *to = dm_far_add(*to, x);
}

static void of_moves(dm_search_news *s, uint32_t o)
{
  const dm_side *side = s->u->side;
  const dm_expansion *x = side->e;
  const dm_game *game = &x->game;
  uint32_t decides = side->core->decide.n;
  for (dm_node_id n = 0; n < game->n_nodes; n++) {
    uint32_t set = game->node_set[n];
    if (set >= DM_NODE_CHANCE || side->mass[n].m == 0 ||
        x->set_period[set] < s->from)
      continue;
    uint32_t t = x->set_period[set];
    uint32_t first =
        s->of_decide[(size_t)(t - 1) * decides + x->set_decide[set]];
    for (uint32_t e = game->node_edge[n]; e < game->node_edge[n + 1]; e++) {
      dm_node_id c = game->edge_child[e];
      dm_far rest = side->rest[c];
      if (side->fact[c] != DM_NONE)
        rest = dm_far_mul(rest, side->weight[side->fact[c]]);
      rest = dm_far_mul(dm_far_mul(side->mass[n], side->p[e]), rest);
      add_joint(s, first + x->slot_option[game->edge_slot[e]], o, rest);
    }
  }
}

static void of_marks(dm_search_news *s, dm_node_id n, uint32_t t, uint32_t o)
{
  const dm_side *side = s->u->side;
  dm_far x = dm_far_mul(side->mass[n], side->rest[n]);
  if (x.m == 0)
    return;
  dm_expansion_decode(side->core, side->e, n, s->v);
  for (uint32_t c = 0; c < s->n_copies; c++) {
    int32_t mark = s->v[s->copy[c].mark];
    if (mark > 0)
      add_joint(
          s, s->of_copy[(size_t)(t - 1) * s->n_copies + c] + (uint32_t)mark - 1,
          o, x);
  }
}

static void of_period_ends(dm_search_news *s, uint32_t o)
{
  const dm_side *side = s->u->side;
  const dm_expansion *x = side->e;
  const dm_game *game = &x->game;
  for (uint32_t t = s->from; t < side->core->n_periods; t++) {
    uint32_t layer = x->period_layer[t + 1];
    for (dm_node_id n = game->layer_node[layer];
         n < game->layer_node[layer + 1]; n++)
      of_marks(s, n, t, o);
  }
  for (dm_node_id n = 0; n < game->n_nodes; n++) {
    if (game->node_set[n] < DM_NODE_END)
      continue;
    uint32_t end = game->node_set[n] - DM_NODE_END;
    uint32_t t = x->end_period[end] ? x->end_period[end] : 1;
    if (t >= s->from && x->end_outcome[end] == o)
      of_marks(s, n, t, o);
  }
}

static void weigh(dm_search_news *s)
{
  dm_updating *u = s->u;
  uint32_t n = u->job.core->outcome.n;
  for (uint32_t i = 0; i < s->news.n; i++) {
    dm_news *x = &s->news.at[i];
    double chance = 0;
    x->if_so = dm_arena_array(u->job.keep, n, sizeof *x->if_so);
    x->if_not = dm_arena_array(u->job.keep, n, sizeof *x->if_not);
    for (uint32_t o = 0; o < n; o++)
      chance += x->if_so[o] =
          dm_far_scaled(x->joint[o], s->total.e) / s->total.m;
    x->chance = chance;
    double so = 0, not_so = 0;
    for (uint32_t o = 0; o < n; o++) {
      double left = fmax(s->now[o] - x->if_so[o], 0);
      x->if_not[o] = chance < 1 ? left / (1 - chance) : (double)NAN;
      x->if_so[o] = chance > 0 ? x->if_so[o] / chance : (double)NAN;
      so += fabs(x->if_so[o] - s->now[o]);
      not_so += fabs(x->if_not[o] - s->now[o]);
    }
    /* What is sure, or cannot be, is no news; rounding makes it look like a
     * little. */
    bool open = chance > 1e-9 && chance < 1 - 1e-9;
    x->move = open ? (chance * so + (1 - chance) * not_so) / 2 : 0;
  }
}

/* ---- words ------------------------------------------------------------------------------ */

/* Whether a key item tells value `x` of a variable from all others. */
static bool tells(
    dm_search_news *s, dm_expr_id expr, uint32_t var, uint32_t now, int32_t x)
{
  const dm_core *core = s->u->job.core;
  const dm_core_var *of = &core->var.at[var];
  for (uint32_t i = 0; i < core->var.n; i++)
    s->v[i] = core->var.at[i].start;
  if (now != DM_NONE)
    s->v[now] = 1;
  s->v[var] = x;
  double here = dm_core_eval(core, expr, s->v, 1, NULL);
  for (uint32_t k = 0; k < of->size; k++) {
    s->v[var] = of->lo + (int32_t)k;
    if (s->v[var] != x && dm_core_eval(core, expr, s->v, 1, NULL) == here)
      return false;
  }
  return of->size > 1;
}

static uint32_t now_of(const dm_core *core, dm_arena *arena, uint32_t var)
{
  const char *name = dm_infer_text(arena, "%s.now", core->var.at[var].name);
  for (uint32_t i = 0; i < core->var.n; i++)
    if (core->var.at[i].name && strcmp(core->var.at[i].name, name) == 0)
      return i;
  return DM_NONE;
}

static bool sees(dm_search_news *s, uint32_t actor, uint32_t var, int32_t x)
{
  const dm_core *core = s->u->job.core;
  uint32_t now = core->var.at[var].kind == DM_VAR_READING
                     ? now_of(core, &s->u->job.scratch, var)
                     : DM_NONE;
  for (uint32_t d = 0; d < core->decide.n; d++) {
    const dm_core_decide *decide = &core->decide.at[d];
    if (core->choice.at[decide->choice].actor != actor)
      continue;
    for (uint32_t k = 0; k < decide->n_keys; k++)
      if (tells(s, core->key.at[decide->first_key + k].expr, var, now, x))
        return true;
  }
  return false;
}

static bool chooses(const dm_core *core, uint32_t actor)
{
  for (uint32_t c = 0; c < core->choice.n; c++)
    if (core->choice.at[c].actor == actor)
      return true;
  return false;
}

static const char *who_sees(dm_search_news *s, uint32_t var, int32_t x)
{
  const dm_core *core = s->u->job.core;
  const char *list = "";
  bool all = true;
  for (uint32_t a = 0; a < core->actor.n; a++) {
    if (!chooses(core, a))
      continue;
    if (!sees(s, a, var, x)) {
      all = false;
      continue;
    }
    list = list[0]
               ? dm_infer_text(
                     s->u->job.keep, "%s, %s", list, core->actor.at[a].name)
               : dm_infer_text(s->u->job.keep, "%s", core->actor.at[a].name);
  }
  return !list[0] ? "nobody" : all ? "everybody" : list;
}

static uint32_t round_of(const dm_core *core, uint32_t decide)
{
  for (uint32_t i = 0; i < core->step.n; i++)
    if (core->step.at[i].kind == DM_STEP_DECIDE &&
        core->step.at[i].first == decide)
      return core->step.at[i].round;
  return 1;
}

static void word_move(dm_search_news *s, const dm_news *x, dm_n_item *out)
{
  const dm_core *core = s->u->job.core;
  const dm_core_choice *c = &core->choice.at[core->decide.at[x->decide].choice];
  const dm_core_option *o = &core->option.at[c->first_option + x->option];
  const char *actor = core->actor.at[c->actor].name;
  out->text =
      c->every_round && core->rounds > 1
          ? dm_infer_text(
                s->u->job.keep, "%s picks %s (round %u)", actor, o->name,
                round_of(core, x->decide))
          : dm_infer_text(s->u->job.keep, "%s picks %s", actor, o->name);
  out->sees = o->announced
                  ? "everybody"
                  : dm_infer_text(s->u->job.keep, "nobody but %s", actor);
}

static const char *reading_word(dm_search_news *s, uint32_t var, int32_t x)
{
  const dm_core *core = s->u->job.core;
  for (uint32_t i = 0; i < core->key.n; i++) {
    const dm_core_expr *e = &core->expr.at[core->key.at[i].expr];
    if (e->op == DM_X_VAR && e->a == var)
      return dm_infer_key_value(s->u->job.keep, &core->key.at[i], x);
  }
  return dm_infer_text(s->u->job.keep, "%d", x - 1);
}

static void word_mark(dm_search_news *s, const dm_news *x, dm_n_item *out)
{
  const dm_core *core = s->u->job.core;
  uint32_t v = s->copy[x->copy].var;
  const dm_core_var *var = &core->var.at[v];
  bool reading = var->kind == DM_VAR_READING;
  int32_t value = reading ? x->mark : var->lo + x->mark - 1;
  const char *word = reading && !var->words
                         ? reading_word(s, v, value)
                         : dm_infer_value(s->u->job.keep, var, value);
  out->text =
      reading ? dm_infer_text(s->u->job.keep, "%s reads %s", var->name, word)
              : dm_infer_text(
                    s->u->job.keep, "%s %s at the end of the %s", var->name,
                    word, core->clock_word);
  out->sees = who_sees(s, v, value);
}

static int by_move(const void *a, const void *b)
{
  const dm_news *x = a, *y = b;
  if (x->move != y->move)
    return x->move > y->move ? -1 : 1;
  if (x->period != y->period)
    return x->period < y->period ? -1 : 1;
  return 0;
}

/* The first option is what happens where nothing else can be done, and such
 * situations have no edge of their own: its chance would be too small. */
static bool told(const dm_news *x)
{
  return x->move > 0 && (x->decide == DM_NONE || x->option > 0);
}

static void list_items(dm_search_news *s, dm_next *out)
{
  dm_updating *u = s->u;
  uint32_t n = 0;
  for (uint32_t i = 0; i < s->news.n; i++)
    if (told(&s->news.at[i]))
      s->news.at[n++] = s->news.at[i];
  s->news.n = n;
  if (n > 0)
    qsort(s->news.at, n, sizeof *s->news.at, by_move);
  out->n_looked_at = n;
  out->n_items = n < NEWS_MOST ? n : NEWS_MOST;
  out->item = dm_arena_array(u->job.keep, out->n_items, sizeof *out->item);
  for (uint32_t i = 0; i < out->n_items; i++) {
    const dm_news *x = &s->news.at[i];
    dm_n_item *item = &out->item[i];
    *item = (dm_n_item){
        .period =
            dm_infer_text(u->job.keep, "%s", u->job.core->period[x->period]),
        .chance = x->chance,
        .if_so = x->if_so,
        .if_not = x->if_not,
        .move = x->move};
    if (x->decide != DM_NONE)
      word_move(s, x, item);
    else
      word_mark(s, x, item);
  }
}

/* ---- the whole ------------------------------------------------------------------------- */

static void describe(dm_updating *u, dm_next *out)
{
  const dm_core *core = u->job.core;
  const char **name =
      dm_arena_array(u->job.keep, core->outcome.n, sizeof *name);
  for (uint32_t o = 0; o < core->outcome.n; o++)
    name[o] = dm_infer_text(u->job.keep, "%s", core->outcome.at[o].name);
  out->scenario = dm_infer_text(u->job.keep, "%s", core->name);
  out->n_outcomes = core->outcome.n;
  out->outcome = name;
  out->left_out = "";
}

/* With the marks of readings and statuses, or, if that is too large, without. */
static dm_status open_side(dm_search_news *s, const bool *present, dm_next *out)
{
  dm_updating *u = s->u;
  dm_watch watch = {
      .evidence = u->evidence,
      .line = u->evidence->line.at,
      .wanted = present,
      .copy = s->copy,
      .n_copies = s->n_copies,
      .copy_from = s->from};
  dm_status status = dm_side_open(u, &watch, s->n_copies == 0);
  if (status != DM_E_LIMIT || s->n_copies == 0)
    return status;
  dm_side_close(u);
  out->left_out = "readings and statuses: with them the scenario has too many "
                  "situations";
  s->n_copies = watch.n_copies = 0;
  return dm_side_open(u, &watch, true);
}

static dm_status run(dm_updating *u, dm_next *out)
{
  dm_status status = dm_updating_solve(u);
  if (!u->job.solved)
    return status;
  describe(u, out);
  dm_infer_certify(&u->job, status == DM_OK, &out->certificate);
  if (status != DM_OK)
    return status;
  const dm_core *core = u->job.core;
  dm_arena *scratch = &u->job.scratch;
  size_t lines = (size_t)u->evidence->line.n + 1;
  bool *present = dm_arena_array(scratch, lines, sizeof *present);
  bool *counts = dm_arena_array(scratch, lines, sizeof *counts);
  dm_updating_present(u, present);
  dm_lines_count(core, u->evidence, present, counts);
  dm_search_news s = {.u = u, .from = 1};
  for (uint32_t i = 0; i < u->evidence->line.n; i++)
    if (counts[i] && u->evidence->line.at[i].last > s.from)
      s.from = u->evidence->line.at[i].last;
  find_copies(&s);
  status = open_side(&s, present, out);
  if (status == DM_OK)
    status = dm_updating_check(u, counts);
  if (status != DM_OK)
    return status;
  s.v = dm_arena_array(scratch, u->side->core->var.n, sizeof *s.v);
  list_news(&s);
  dm_subset now = *dm_subset_of(u, counts);
  s.now = now.odds;
  s.total = now.total;
  double *odds = dm_arena_array(u->job.keep, core->outcome.n, sizeof *odds);
  memcpy(odds, now.odds, core->outcome.n * sizeof *odds);
  out->odds = odds;
  for (uint32_t o = 0; o < core->outcome.n; o++) {
    if (!dm_infer_tell(u->job.options, "news", o, core->outcome.n))
      return DM_E_INTERRUPT;
    dm_side_backward(u, o);
    of_moves(&s, o);
    of_period_ends(&s, o);
  }
  weigh(&s);
  list_items(&s, out);
  return DM_OK;
}

static dm_status run_in(dm_updating *u, dm_next *out)
{
  dm_status why = (dm_status)setjmp(out->arena.jump);
  if (why != DM_OK)
    return why;
  why = (dm_status)setjmp(u->job.scratch.jump);
  if (why != DM_OK)
    return why;
  return run(u, out);
}

dm_status dm_next_run(
    const dm_core *core, const dm_evidence *evidence,
    const dm_update_options *options, dm_diags *diags, dm_next **out)
{
  *out = NULL;
  dm_updating *u = calloc(1, sizeof *u);
  dm_next *next = calloc(1, sizeof *next);
  if (!u || !next) {
    free(u);
    free(next);
    return DM_E_MEMORY;
  }
  dm_arena_init(&next->arena, 0);
  dm_updating_init(u, core, evidence, options, diags, &next->arena);
  dm_status status = run_in(u, next);
  bool given = u->job.solved && (status == DM_OK || status == DM_E_CONVERGE);
  dm_updating_clear(u);
  free(u);
  if (given)
    *out = next;
  else
    dm_next_free(next);
  return status;
}
