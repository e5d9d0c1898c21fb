/* infer/advice.c -- what `check` says about play that nobody steers.
 *
 * With every strategy uniform, which is sharpness 0, two things can be told
 * without a solution: how likely an act that can end the game is by sheer
 * noise (W011), and how much monthly pay an early ending skips (W010).  For
 * the second the game is expanded once more without any other payoff, so that
 * the value of a period's start is the pay that is still to come.
 *
 * Cost: one expansion and one sweep each; nothing is solved. */
#include "infer/parts.h"
#include "lang/codes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An act that is all but certain though nobody wants it.  Three askings with
 * two options make 88 %, four 94 %. */
static const double MOST_NOISE = 0.9;

typedef struct noise {
  const dm_core *core;
  dm_expansion *expansion;
  dm_sweep *sweep;
  double *param;
  double *log_p;
  double *chance; /* [n_nodes] of the act at hand, from there on */
  dm_arena arena;
} noise;

static const char *title_of(const char *code)
{
#define DM_CODE_TITLE(name, severity, title)                                   \
  if (strcmp(code, #name) == 0)                                                \
    return title;
  DM_CODE_LIST(DM_CODE_TITLE)
#undef DM_CODE_TITLE
  return "";
}

static void noise_clear(noise *x)
{
  dm_sweep_free(x->sweep);
  dm_expansion_free(x->expansion);
  free(x->param);
  free(x->log_p);
  free(x->chance);
  dm_arena_clear(&x->arena);
}

static void uniform(const dm_game *game, double *log_p)
{
  for (dm_set_id s = 0; s < game->n_sets; s++) {
    double n = (double)(game->set_slot[s + 1] - game->set_slot[s]);
    for (uint32_t k = game->set_slot[s]; k < game->set_slot[s + 1]; k++)
      log_p[k] = -log(n);
  }
}

static double *doubles(size_t n)
{
  return calloc(n ? n : 1, sizeof(double));
}

static dm_status noise_run(
    noise *x, const dm_core *core, const dm_infer_options *options)
{
  dm_expand_options expand = dm_expand_defaults();
  expand.skip_findings = true;
  x->core = core;
  x->param = doubles(core->param.n);
  if (!x->param)
    return DM_E_MEMORY;
  for (uint32_t i = 0; i < core->param.n; i++)
    x->param[i] = core->param.at[i].base;
  dm_status why =
      dm_infer_expand(core, x->param, options, &expand, &x->expansion);
  if (why != DM_OK)
    return why;
  const dm_game *game = &x->expansion->game;
  x->sweep = dm_sweep_new(game);
  x->log_p = doubles(game->n_slots);
  x->chance = doubles(game->n_nodes);
  if (!x->sweep || !x->log_p || !x->chance)
    return DM_E_MEMORY;
  dm_sweep_refill(x->sweep, x->param);
  uniform(game, x->log_p);
  dm_sweep_run(x->sweep, x->log_p);
  return DM_OK;
}

/* ---- statements ------------------------------------------------------------ */

typedef DM_VEC(dm_stmt_id) dm_stmt_stack;

static void push(dm_arena *arena, dm_stmt_stack *stack, dm_stmt_id id)
{
  if (id != DM_NONE)
    DM_PUSH(arena, stack, id);
}

/* The statements right inside one. */
static void push_parts(
    const dm_core *core, dm_arena *arena, dm_stmt_stack *stack, dm_stmt_id id)
{
  const dm_core_stmt *s = &core->stmt.at[id];
  if (s->op == DM_DO_IF) {
    push(arena, stack, s->then_id);
    push(arena, stack, s->else_id);
  } else if (s->op == DM_DO_SEQ) {
    for (uint32_t i = 0; i < s->count; i++)
      push(arena, stack, core->stmt_list.at[s->first + i]);
  } else if (s->op == DM_DO_DRAW) {
    for (uint32_t i = 0; i < s->count; i++)
      push(arena, stack, core->branch.at[s->first + i].body);
  }
}

/* Statements nest no deeper than this in files that people write. */
enum { DEEPEST = 64 };

/* A chance as the file states it; 1 where it depends on the situation. */
static double chance_of(const dm_core *core, dm_expr_id id, uint32_t depth)
{
  const dm_core_expr *x = &core->expr.at[id];
  if (depth == 0)
    return 1;
  if (x->op == DM_X_NUMBER)
    return x->number;
  if (x->op == DM_X_PARAM)
    return core->param.at[x->a].base;
  if (x->op != DM_X_ADD && x->op != DM_X_SUB)
    return 1;
  double a = chance_of(core, x->a, depth - 1);
  double b = chance_of(core, x->b, depth - 1);
  return x->op == DM_X_ADD ? a + b : a - b;
}

/* The chance that a statement ends the game, at its likeliest. */
static double end_chance(const dm_core *core, dm_stmt_id id, uint32_t depth)
{
  if (id == DM_NONE || depth == 0)
    return 0;
  const dm_core_stmt *s = &core->stmt.at[id];
  double goes_on = 1, sum = 0;
  switch ((dm_core_do)s->op) {
  case DM_DO_END:
    return 1;
  case DM_DO_IF:
    return fmax(
        end_chance(core, s->then_id, depth - 1),
        end_chance(core, s->else_id, depth - 1));
  case DM_DO_SEQ:
    for (uint32_t i = 0; i < s->count; i++)
      goes_on *=
          1 - end_chance(core, core->stmt_list.at[s->first + i], depth - 1);
    return 1 - goes_on;
  case DM_DO_DRAW:
    for (uint32_t i = 0; i < s->count; i++) {
      const dm_core_branch *branch = &core->branch.at[s->first + i];
      sum += chance_of(core, branch->chance, DEEPEST) *
             end_chance(core, branch->body, depth - 1);
    }
    return fmin(sum, 1);
  case DM_DO_SET:
  case DM_DO_ADD:
  case DM_DO_PAY:
    break;
  }
  return 0;
}

static double rule_ends(const dm_core *core, const char *rule)
{
  double most = 0;
  for (uint32_t r = 0; r < core->rule.n; r++) {
    if (core->rule.at[r].name && strcmp(core->rule.at[r].name, rule) == 0)
      most = fmax(most, end_chance(core, core->rule.at[r].body, DEEPEST));
  }
  return most;
}

/* ---- noise ----------------------------------------------------------------- */

/* The chance that option `option` of a choice ever ends the game; `ends`: the
 * chance that picking it does so at once.  Where the game has ended nothing is
 * added, so the later chances count only the runs that go on. */
static double ever_ends(noise *x, uint32_t choice, uint32_t option, double ends)
{
  const dm_expansion *e = x->expansion;
  const dm_game *game = &e->game;
  const double *cell = dm_sweep_cells(x->sweep);
  const double *p = dm_sweep_p(x->sweep);
  for (dm_node_id n = game->n_nodes; n-- > 0;) {
    uint32_t set = game->node_set[n];
    double sum = 0;
    bool mine = set < game->n_sets &&
                x->core->decide.at[e->set_decide[set]].choice == choice;
    for (uint32_t k = game->node_edge[n]; k < game->node_edge[n + 1]; k++) {
      uint32_t slot = game->edge_slot[k];
      double weight = set < game->n_sets ? p[slot] : cell[slot];
      bool hit = mine && e->slot_option[slot] == option;
      sum += weight * ((hit ? ends : 0) + x->chance[game->edge_child[k]]);
    }
    x->chance[n] = sum;
  }
  double all = 0;
  for (dm_node_id n = 0; n < game->layer_node[1]; n++)
    all += dm_sweep_reach(x->sweep, n) * x->chance[n];
  return all;
}

/* How often it is asked about, on average. */
static double askings(const noise *x, uint32_t choice)
{
  const dm_expansion *e = x->expansion;
  double sum = 0;
  for (dm_set_id s = 0; s < e->game.n_sets; s++) {
    if (x->core->decide.at[e->set_decide[s]].choice == choice)
      sum += dm_sweep_set_reach(x->sweep, s);
  }
  return sum;
}

static void tell_noise(noise *x, dm_diags *diags)
{
  const dm_core *core = x->core;
  for (uint32_t c = 0; c < core->choice.n; c++) {
    const dm_core_choice *choice = &core->choice.at[c];
    for (uint32_t i = 0; i < choice->n_options; i++) {
      const dm_core_option *option = &core->option.at[choice->first_option + i];
      dm_str text = {0};
      dm_str_addf(&text, "%s.%s", choice->actor_choice, option->name);
      if (text.failed) {
        dm_str_clear(&text);
        continue;
      }
      double ends = rule_ends(core, dm_str_text(&text));
      double odds = ends > 0 ? fmin(ever_ends(x, c, i, ends), 1) : 0;
      if (odds >= MOST_NOISE) {
        dm_str_clear(&text);
        dm_str_addf(
            &text,
            "`%s.%s` can end the game and is asked about %.1f times on "
            "average: if nobody cared (sharpness 0) it would do so sooner "
            "or later with a chance of %.0f %%.",
            choice->actor_choice, option->name, askings(x, c), 100 * odds);
        dm_diags_add(
            diags, DM_WARNING, "W011", title_of("W011"), option->at, 0,
            dm_str_text(&text),
            "Ask less often: `standing` behind the choice's head asks again "
            "only after news, `from` and `until` shorten the time, a coarser "
            "clock has fewer periods.");
      }
      dm_str_clear(&text);
    }
  }
}

/* ---- pay that an ending skips ---------------------------------------------- */

/* Marks the payments of phase 8; how many there are. */
static uint32_t mark_pay(const dm_core *core, dm_arena *arena, bool *is_pay)
{
  dm_stmt_stack stack = {0};
  uint32_t n = 0;
  for (uint32_t i = 0; i < core->step.n; i++) {
    const dm_core_step *step = &core->step.at[i];
    if (step->kind != DM_STEP_RULES || step->phase != 8)
      continue;
    for (uint32_t r = 0; r < step->count; r++)
      push(arena, &stack, core->rule.at[step->first + r].body);
  }
  while (stack.n > 0) {
    dm_stmt_id id = stack.at[--stack.n];
    if (core->stmt.at[id].op == DM_DO_PAY) {
      is_pay[id] = true;
      n++;
    }
    push_parts(core, arena, &stack, id);
  }
  return n;
}

/* A copy in which monthly pay is all that anybody gets; NULL without any. */
static const dm_core *only_pay(const dm_core *core, dm_arena *arena)
{
  bool *is_pay = dm_arena_array(arena, core->stmt.n + 1, sizeof *is_pay);
  if (mark_pay(core, arena, is_pay) == 0)
    return NULL;
  dm_core *copy = dm_arena_alloc(arena, sizeof *copy);
  *copy = *core;
  copy->expr.at =
      dm_arena_array(arena, core->expr.n + 1, sizeof *copy->expr.at);
  memcpy(copy->expr.at, core->expr.at, core->expr.n * sizeof *copy->expr.at);
  dm_expr_id zero = copy->expr.n++;
  copy->expr.at[zero] = (dm_core_expr){.op = DM_X_NUMBER};
  copy->stmt.at =
      dm_arena_array(arena, core->stmt.n + 1, sizeof *copy->stmt.at);
  memcpy(copy->stmt.at, core->stmt.at, core->stmt.n * sizeof *copy->stmt.at);
  for (uint32_t i = 0; i < core->stmt.n; i++) {
    if (core->stmt.at[i].op == DM_DO_PAY && !is_pay[i])
      copy->stmt.at[i].expr = zero;
  }
  copy->outcome.at =
      dm_arena_array(arena, core->outcome.n + 1, sizeof *copy->outcome.at);
  for (uint32_t o = 0; o < core->outcome.n; o++) {
    dm_core_outcome *outcome = &copy->outcome.at[o];
    *outcome = core->outcome.at[o];
    outcome->payoff =
        dm_arena_array(arena, core->actor.n + 1, sizeof *outcome->payoff);
    outcome->tail =
        dm_arena_array(arena, core->actor.n + 1, sizeof *outcome->tail);
    for (uint32_t a = 0; a < core->actor.n; a++) {
      outcome->payoff[a] = zero;
      outcome->tail[a] = DM_NONE;
    }
  }
  return copy;
}

/* What is still to be paid to an actor from the start of period t on, on
 * average over the runs that get there. */
static double still_to_pay(const noise *x, uint32_t t, uint32_t actor)
{
  const dm_expansion *e = x->expansion;
  uint32_t layer = e->period_layer[t];
  double sum = 0, reach = 0;
  for (dm_node_id n = e->game.layer_node[layer];
       n < e->game.layer_node[layer + 1]; n++) {
    double r = dm_sweep_reach(x->sweep, n);
    reach += r;
    sum += r * dm_sweep_value(x->sweep, n, actor);
  }
  return reach > 0 ? sum / reach : 0;
}

static void tell_saved(const noise *x, const dm_core *core, dm_diags *diags)
{
  uint32_t last = core->n_periods;
  for (uint32_t o = 0; o < core->outcome.n && o < 64; o++) {
    const dm_core_outcome *outcome = &core->outcome.at[o];
    uint32_t first = x->expansion->outcome_first[o];
    if (first == 0 || first >= last)
      continue;
    dm_str all = {0}, text = {0};
    for (uint32_t a = 0; a < core->actor.n; a++) {
      bool mended = outcome->tail && outcome->tail[a] != DM_NONE;
      double early = mended ? 0 : still_to_pay(x, first, a);
      double late = mended ? 0 : still_to_pay(x, last, a);
      if (!mended && (fabs(early) > 1e-9 || fabs(late) > 1e-9))
        dm_str_addf(
            &all, "%s%.1f and %.1f for `%s`", all.len ? ", " : "", early, late,
            core->actor.at[a].name);
    }
    if (all.len > 0) {
      dm_str_addf(
          &text,
          "An early end by `%s` skips the monthly pay that is left: in %s "
          "and in %s, on average at sharpness 0, %s.",
          outcome->name, core->period[first], core->period[last],
          dm_str_text(&all));
      dm_diags_add(
          diags, DM_WARNING, "W010", title_of("W010"), outcome->at, 0,
          dm_str_text(&text),
          "If it would go on, add `then pays N a month to the end for ACTOR` "
          "to the row; if it would not, say so with N = 0.");
    }
    dm_str_clear(&all);
    dm_str_clear(&text);
  }
}

/* ---- both ------------------------------------------------------------------ */

static dm_status run_noise(
    noise *x, const dm_core *core, const dm_infer_options *options,
    dm_diags *diags)
{
  dm_status why = (dm_status)setjmp(x->arena.jump);
  if (why == DM_OK)
    why = noise_run(x, core, options);
  if (why == DM_OK)
    tell_noise(x, diags);
  return why;
}

static dm_status run_saved(
    noise *x, const dm_core *core, const dm_infer_options *options,
    dm_diags *diags)
{
  dm_status why = (dm_status)setjmp(x->arena.jump);
  if (why != DM_OK)
    return why;
  const dm_core *pay = only_pay(core, &x->arena);
  if (!pay)
    return DM_OK;
  why = noise_run(x, pay, options);
  if (why == DM_OK)
    tell_saved(x, core, diags);
  return why;
}

dm_status dm_advice_tell(
    const dm_core *core, const dm_infer_options *options, dm_diags *diags)
{
  noise x = {0};
  dm_arena_init(&x.arena, 0);
  dm_status why = run_noise(&x, core, options, diags);
  noise_clear(&x);
  if (why != DM_OK)
    return why;
  memset(&x, 0, sizeof x);
  dm_arena_init(&x.arena, 0);
  why = run_saved(&x, core, options, diags);
  noise_clear(&x);
  return why;
}
