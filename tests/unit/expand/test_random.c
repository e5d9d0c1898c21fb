/* Cores made at random, against the enumeration of their paths: odds of each
 * outcome by period, values, information sets, states by date, monitors. */
#include "reach.h"
#include "enumerate.h"

typedef struct maker {
  uint64_t seed;
  dm_core c;
  uint32_t vars[16], n_vars; /* ordinary ones */
  uint32_t chance[3];
  bool may_conflict;
} maker;

static uint32_t pick(maker *m, uint32_t n)
{
  m->seed =
      m->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)(m->seed >> 33) % n;
}

static uint32_t any_var(maker *m)
{
  return m->vars[pick(m, m->n_vars)];
}

static dm_expr_id any_number(maker *m, int depth)
{
  dm_core *c = &m->c;
  static const dm_core_op op[] = {
      DM_X_ADD, DM_X_SUB, DM_X_MUL, DM_X_MIN, DM_X_MAX};
  switch (pick(m, depth > 0 ? 6 : 3)) {
  case 0:
    return cb_num(c, (double)pick(m, 5) - 2);
  case 1:
    return pick(m, 4) ? cb_v(c, any_var(m)) : cb_period(c);
  case 2:
    return cb_v(c, any_var(m));
  case 3: {
    dm_expr_id a = any_number(m, depth - 1);
    dm_expr_id b = cb_num(c, 2 + pick(m, 2));
    return cb_2(c, pick(m, 2) ? DM_X_MOD : DM_X_IDIV, a, b);
  }
  default: {
    dm_expr_id a = any_number(m, depth - 1);
    dm_expr_id b = any_number(m, depth - 1);
    return cb_2(c, op[pick(m, 5)], a, b);
  }
  }
}

static dm_expr_id any_cond(maker *m, int depth)
{
  dm_core *c = &m->c;
  if (depth > 0 && pick(m, 3) == 0) {
    dm_expr_id a = any_cond(m, depth - 1);
    if (pick(m, 4) == 0)
      return cb_x(c, DM_X_NOT, 0, a, 0, 0);
    dm_expr_id b = any_cond(m, depth - 1);
    return cb_2(c, pick(m, 2) ? DM_X_AND : DM_X_OR, a, b);
  }
  dm_expr_id a = any_number(m, depth), b = any_number(m, 0);
  return cb_2(c, (dm_core_op)(DM_X_EQ + (int)pick(m, 6)), a, b);
}

/* A payoff: numbers, variables and parameters. */
static dm_expr_id any_payoff(maker *m)
{
  dm_core *c = &m->c;
  dm_expr_id a = any_number(m, 1);
  dm_expr_id p = cb_p(c, m->chance[pick(m, 3)]);
  switch (pick(m, 5)) {
  case 0:
    return a;
  case 1:
    return cb_2(c, DM_X_MUL, p, a);
  case 2:
    return cb_x(c, DM_X_IF, 0, any_cond(m, 1), p, a);
  case 3:
    return cb_2(c, DM_X_SUB, a, p);
  default:
    return cb_x(c, DM_X_NEG, 0, cb_2(c, DM_X_MAX, p, a), 0, 0);
  }
}

static dm_stmt_id any_stmt(maker *m, int depth, bool draws);

static dm_stmt_id any_draw(maker *m, int depth)
{
  dm_core *c = &m->c;
  dm_stmt_id a = pick(m, 4) ? any_stmt(m, depth - 1, true) : DM_NONE;
  dm_stmt_id b = pick(m, 2) ? any_stmt(m, depth - 1, true) : DM_NONE;
  if (pick(m, 2))
    return cb_chance_p(c, m->chance[pick(m, 3)], a, b);
  if (pick(m, 3))
    return cb_chance(c, 0.25 * (1 + pick(m, 3)), a, b);
  dm_core_branch list[3] = {{0, a}, {0, b}, {0, DM_NONE}};
  list[0].chance = cb_num(c, 0.5);
  list[1].chance = cb_num(c, 0.375);
  list[2].chance = cb_num(c, 0.125);
  list[2].body = any_stmt(m, depth - 1, true);
  return cb_draw(c, list, 3);
}

static dm_stmt_id any_stmt(maker *m, int depth, bool draws)
{
  dm_core *c = &m->c;
  uint32_t kind = pick(m, depth > 0 ? 12 : 6);
  if (kind < 3)
    return cb_write(c, DM_DO_ADD, any_var(m), any_number(m, 1));
  if (kind < 5)
    return cb_write(c, DM_DO_SET, any_var(m), any_number(m, 1));
  if (kind == 5) {
    if (pick(m, 8) == 0)
      return cb_end(c, pick(m, c->outcome.n));
    return cb_pay(c, pick(m, c->actor.n), any_payoff(m));
  }
  if (kind < 8 && draws)
    return any_draw(m, depth);
  if (kind < 10) {
    dm_stmt_id a = any_stmt(m, depth - 1, draws);
    return cb_seq2(c, a, any_stmt(m, depth - 1, draws));
  }
  dm_stmt_id a = any_stmt(m, depth - 1, draws);
  dm_stmt_id b = pick(m, 2) ? any_stmt(m, depth - 1, draws) : DM_NONE;
  return cb_when(c, any_cond(m, 1), a, b);
}

static void make_world(maker *m)
{
  dm_core *c = &m->c;
  cb_init(c, 1 + pick(m, 3));
  m->chance[0] = cb_param(c, "p", 0.3);
  m->chance[1] = cb_param(c, "q", 0.6);
  m->chance[2] = cb_param(c, "r", 0);
  uint32_t discount = cb_param(c, "discount", 0.9);
  m->n_vars = 2 + pick(m, 4);
  for (uint32_t i = 0; i < m->n_vars; i++) {
    int32_t lo = (int32_t)pick(m, 3) - 1;
    uint32_t size = 1 + pick(m, 4);
    m->vars[i] = cb_var_kind(
        c, "v", lo, size, lo + (int32_t)pick(m, size),
        pick(m, 3) ? DM_VAR_DETAIL : DM_VAR_STATE);
  }
  uint32_t n = 1 + pick(m, 2);
  for (uint32_t i = 0; i < n; i++)
    cb_actor(c, "a", m->chance[0], pick(m, 2) ? discount : DM_NONE);
  n = 2 + pick(m, 2);
  for (uint32_t o = 0; o < n; o++) {
    cb_outcome(c, "o", NULL);
    for (uint32_t i = 0; i < c->actor.n; i++) {
      c->outcome.at[o].payoff[i] = any_payoff(m);
      if (pick(m, 3) == 0)
        c->outcome.at[o].tail[i] = any_payoff(m);
    }
  }
  c->otherwise = pick(m, n);
}

static void make_decide(maker *m, uint32_t recall_var)
{
  dm_core *c = &m->c;
  static const char *const names[] = {"a", "b", "c"};
  uint32_t n = 2 + pick(m, 2);
  bool again = c->choice.n && pick(m, 4) == 0; /* another round of it */
  uint32_t ch = again ? pick(m, c->choice.n)
                      : cb_choice(c, "ch", pick(m, c->actor.n), names, n);
  uint32_t var = any_var(m);
  uint32_t first = cb_key(c, "var", cb_v(c, var));
  if (!again && pick(m, 2)) {
    c->option.at[c->choice.at[ch].first_option + 1].guard =
        cb_2(c, DM_X_GE, cb_v(c, var), cb_num(c, (double)pick(m, 3) - 1));
  }
  dm_expr_id guard = c->option.at[c->choice.at[ch].first_option + 1].guard;
  if (guard != DM_NONE) /* a guard must be known to its owner */
    cb_key(c, "guard", guard);
  if (pick(m, 2))
    cb_key(c, "more", any_number(m, 1));
  if (recall_var != DM_NONE)
    cb_key(c, "past", cb_v(c, recall_var));
  uint32_t d = cb_decide(c, ch, first, c->key.n - first);
  if (pick(m, 3) == 0)
    c->decide.at[d].open = any_cond(m, 1);
  if (pick(m, 3) == 0)
    c->decide.at[d].after = any_stmt(m, 2, false);
  if (pick(m, 3) == 0)
    c->decide.at[d].missed = any_stmt(m, 2, true);
  if (m->n_vars < 16 && pick(m, 2))
    m->vars[m->n_vars++] = c->choice.at[ch].pick;
  cb_step(c, DM_STEP_DECIDE, 3, d, 1);
}

static void make_rules(maker *m, uint8_t phase)
{
  dm_stmt_id list[3];
  uint32_t n = 1 + pick(m, 3);
  for (uint32_t i = 0; i < n; i++)
    list[i] = any_stmt(m, 3, true);
  uint32_t step = cb_step_rules(&m->c, phase, list, n);
  for (uint32_t i = 0; i < n; i++) {
    if (pick(m, 4))
      continue;
    uint8_t *on = dm_arena_alloc(m->c.arena, m->c.n_periods + 1);
    for (uint32_t t = 0; t <= m->c.n_periods; t++)
      on[t] = (uint8_t)pick(m, 2);
    m->c.rule.at[m->c.step.at[step].first + i].on = on;
  }
}

static void make_recall(maker *m, uint32_t var)
{
  dm_core *c = &m->c;
  dm_core_recall r = {0};
  r.var = var;
  r.first_key = cb_key(c, "now", cb_v(c, any_var(m)));
  r.n_keys = 1;
  DM_PUSH(c->arena, &c->recall, r);
  cb_step(c, DM_STEP_RECALL, 3, c->recall.n - 1, 1);
}

static void make_monitors(maker *m)
{
  dm_core *c = &m->c;
  uint32_t n = pick(m, 3);
  for (uint32_t i = 0; i < n; i++) {
    uint32_t var = cb_var_kind(
        c, "latch", 0, 2, 0, pick(m, 2) ? DM_VAR_MONITOR : DM_VAR_DETAIL);
    uint32_t first = 1 + pick(m, c->n_periods);
    uint32_t last = first + pick(m, 2);
    cb_latch(c, var, any_cond(m, 1), pick(m, 2), first, last);
    if (m->n_vars < 16)
      m->vars[m->n_vars++] = var;
  }
  if (pick(m, 2)) {
    dm_core_watch watch = {0};
    watch.var = cb_var(c, "asked", 0, 2, 1);
    watch.first_expr = c->watch_expr.n;
    watch.n_exprs = 1 + pick(m, 2);
    for (uint32_t i = 0; i < watch.n_exprs; i++) {
      dm_expr_id x = any_number(m, 1);
      DM_PUSH(c->arena, &c->watch_expr, x);
    }
    DM_PUSH(c->arena, &c->watch, watch);
    if (m->n_vars < 16)
      m->vars[m->n_vars++] = watch.var;
  }
}

static void make(maker *m)
{
  make_world(m);
  dm_core *c = &m->c;
  make_monitors(m);
  uint32_t recall = DM_NONE;
  if (pick(m, 3) == 0)
    recall = cb_var_kind(c, "past", 0, 0, 0, DM_VAR_RECALL);
  uint32_t n = 1 + pick(m, 4);
  for (uint32_t i = 0; i < n; i++) {
    uint32_t kind = pick(m, 5);
    if (kind < 2)
      make_decide(m, pick(m, 2) ? recall : DM_NONE);
    else if (kind == 2 && recall != DM_NONE)
      make_recall(m, recall);
    else
      make_rules(m, (uint8_t)(1 + 2 * i));
  }
  if (pick(m, 6)) {
    if (pick(m, 2))
      cb_ending(c, any_cond(m, 1), pick(m, c->outcome.n));
    cb_step(c, DM_STEP_ENDINGS, 9, 0, 0);
  }
  if (pick(m, 2))
    make_rules(m, 10);
  if (pick(m, 3) == 0)
    cb_start_rule(c, any_stmt(m, 2, true));
  if (pick(m, 3) == 0)
    cb_start_rule(c, any_stmt(m, 2, true));
  for (uint32_t i = 0; i < c->var.n; i++)
    c->var.at[i].ordered = !m->may_conflict;
}

/* ---- comparing ----------------------------------------------------------- */

static double *all_reach(const dm_expansion *e, const double *cell)
{
  const dm_game *g = &e->game;
  double *reach = calloc(g->n_nodes, sizeof *reach);
  ASSERT_NOT_NULL(reach);
  reach[0] = 1;
  for (uint32_t n = 0; n < g->n_nodes; n++)
    for (uint32_t x = g->node_edge[n]; x < g->node_edge[n + 1]; x++)
      reach[g->edge_child[x]] += reach[n] * reach_odds(g, cell, n, x);
  return reach;
}

static void layer_means(
    const dm_core *c, const dm_expansion *e, const double *reach,
    uint32_t layer, const double *want)
{
  double mean[EN_VARS] = {0};
  int32_t v[EN_VARS];
  const dm_game *g = &e->game;
  for (uint32_t n = g->layer_node[layer]; n < g->layer_node[layer + 1]; n++) {
    dm_expansion_decode(c, e, n, v);
    for (uint32_t i = 0; i < c->var.n; i++)
      mean[i] += reach[n] * v[i];
  }
  for (uint32_t i = 0; i < c->var.n; i++)
    if (c->var.at[i].kind == DM_VAR_STATE)
      ASSERT_NEAR(mean[i], want[i], 1e-9);
}

static void end_means(
    const dm_core *c, const dm_expansion *e, const double *reach,
    const double *want)
{
  double mean[EN_VARS] = {0};
  int32_t v[EN_VARS];
  for (uint32_t n = 0; n < e->game.n_nodes; n++) {
    if (e->game.node_set[n] < DM_NODE_END)
      continue;
    dm_expansion_decode(c, e, n, v);
    for (uint32_t i = 0; i < c->var.n; i++)
      mean[i] += reach[n] * v[i];
  }
  for (uint32_t i = 0; i < c->var.n; i++)
    if (c->var.at[i].kind == DM_VAR_MONITOR)
      ASSERT_NEAR(mean[i], want[i], 1e-9);
}

static void compare(const dm_core *c, const enumeration *en)
{
  dm_expansion *e = reach_expand(c);
  const dm_game *g = &e->game;
  double *cell = reach_cells(g, g->param_base);
  double *reach = all_reach(e, cell);
  for (uint32_t o = 0; o < c->outcome.n; o++)
    for (uint32_t t = 1; t <= c->n_periods; t++) {
      double sum = 0;
      for (uint32_t n = 0; n < g->n_nodes; n++) {
        uint32_t end = g->node_set[n] - DM_NODE_END;
        if (g->node_set[n] >= DM_NODE_END && e->end_outcome[end] == o &&
            e->end_period[end] == t)
          sum += reach[n];
      }
      ASSERT_NEAR(sum, en->ended[o][t], 1e-9);
    }
  for (uint32_t i = 0; i < c->actor.n; i++) {
    double value = 0;
    for (uint32_t n = 0; n < g->n_nodes; n++)
      for (uint32_t x = g->node_edge[n]; x < g->node_edge[n + 1]; x++)
        value +=
            reach[n] * reach_odds(g, cell, n, x) * reach_pay(g, cell, x, i);
    ASSERT_NEAR(value, en->value[i], 1e-8);
  }
  ASSERT_UINT(g->n_sets, en->n_sets);
  for (uint32_t t = 1; t <= c->n_periods; t++)
    layer_means(c, e, reach, e->period_layer[t], en->mean[t]);
  layer_means(c, e, reach, e->final_layer, en->mean[c->n_periods + 1]);
  end_means(c, e, reach, en->at_end);
  free(reach);
  free(cell);
  dm_expansion_free(e);
}

TEST(random_cores_agree_with_their_paths)
{
  uint32_t compared = 0, paths = 0;
  for (uint64_t seed = 1; seed <= 3000; seed++) {
    maker m = {.seed = seed * 7919};
    make(&m);
    enumeration *en = en_core(&m.c, 20000);
    if (!en->too_big) {
      compare(&m.c, en);
      compared++;
      paths += (uint32_t)en->leaves;
    }
    en_free(en);
    cb_clear(&m.c);
  }
  /* Most must be small enough, and some of them not trivial. */
  ASSERT_TRUE(compared > 1500);
  ASSERT_TRUE(paths > 100000);
}

TEST_MAIN(CASE(random_cores_agree_with_their_paths))
