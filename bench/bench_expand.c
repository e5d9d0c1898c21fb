/* bench/bench_expand.c -- expansion of a made standoff, in time and bytes a
 * situation.
 *
 *   bench_expand [PERIODS [MAX_SITUATIONS [count]]]
 *
 * The core has the parts of a real one: four types, six choices, a stockpile,
 * a letter under way, a deal with a timer, a report that is remembered, drift,
 * pay and endings; made by hand so that the figure does not depend on the
 * language. */
#define _POSIX_C_SOURCE 200809L

#include "../tests/support/corebuild.h"
#include "expand/expand.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { WAR, AGREEMENT, OVER, STALEMATE };

typedef struct bench {
  dm_core c;
  uint32_t us, iran, type_us, type_iran;
  uint32_t pressure, economy, stockpile, talks, offer, deal, months, last;
  uint32_t choice[6];
} bench;

static dm_expr_id between(dm_core *c, dm_expr_id a, dm_expr_id b)
{
  return cb_2(c, DM_X_AND, a, b);
}

static dm_stmt_id when_pick(
    bench *b, uint32_t choice, int32_t option, dm_stmt_id body)
{
  dm_core *c = &b->c;
  uint32_t pick = c->choice.at[b->choice[choice]].pick;
  return cb_when(c, cb_is(c, pick, option), body, DM_NONE);
}

static void make_vars(bench *b)
{
  dm_core *c = &b->c;
  uint32_t sharp = cb_param(c, "sharpness", 0.1);
  b->us = cb_actor(c, "us", sharp, DM_NONE);
  b->iran = cb_actor(c, "iran", sharp, DM_NONE);
  b->type_us = cb_var_kind(c, "us", 0, 2, 0, DM_VAR_TYPE);
  b->type_iran = cb_var_kind(c, "iran", 0, 2, 0, DM_VAR_TYPE);
  b->pressure = cb_var_kind(c, "pressure", 0, 5, 2, DM_VAR_STATE);
  b->economy = cb_var_kind(c, "economy", 0, 5, 2, DM_VAR_STATE);
  b->stockpile = cb_var_kind(c, "stockpile", 0, 25, 9, DM_VAR_STATE);
  b->talks = cb_var_kind(c, "talks", 0, 3, 0, DM_VAR_STATE);
  c->var.at[b->talks].ordered = true;
  b->offer = cb_var_kind(c, "offer", 0, 5, 0, DM_VAR_STATUS);
  b->deal = cb_var_kind(c, "deal", 0, 5, 0, DM_VAR_STATUS);
  b->months = cb_var(c, "months", 0, 4, 0);
  b->last = cb_var_kind(c, "last", 0, 26, 0, DM_VAR_MEMORY);
  for (int i = 0; i < 40; i++)
    cb_var(c, "detail", 0, 4, 0);
}

static uint32_t choice(
    bench *b, const char *name, uint32_t actor, const char *const *option,
    uint32_t n)
{
  return cb_choice(&b->c, name, actor, option, n);
}

static void guard(bench *b, uint32_t ch, uint32_t option, dm_expr_id cond)
{
  dm_core_choice *x = &b->c.choice.at[b->choice[ch]];
  b->c.option.at[x->first_option + option].guard = cond;
}

static void make_choices(bench *b)
{
  dm_core *c = &b->c;
  static const char *const sanctions[] = {"keep", "tighten", "ease"};
  static const char *const write[] = {"wait", "write", "propose", "leave"};
  static const char *const force[] = {"refrain", "strike"};
  static const char *const enrich[] = {"freeze", "steady", "surge"};
  static const char *const say[] = {"silent", "deny", "refuse"};
  static const char *const reply[] = {"wait", "answer", "accept", "walk_out"};
  b->choice[0] = choice(b, "sanctions", b->us, sanctions, 3);
  b->choice[1] = choice(b, "diplomacy", b->us, write, 4);
  b->choice[2] = choice(b, "force", b->us, force, 2);
  b->choice[3] = choice(b, "enrichment", b->iran, enrich, 3);
  b->choice[4] = choice(b, "statement", b->iran, say, 3);
  b->choice[5] = choice(b, "reply", b->iran, reply, 4);
  guard(b, 0, 1, cb_2(c, DM_X_LT, cb_v(c, b->pressure), cb_num(c, 4)));
  guard(
      b, 0, 2,
      between(
          c, cb_2(c, DM_X_GT, cb_v(c, b->pressure), cb_num(c, 0)),
          cb_is(c, b->talks, 1)));
  guard(b, 1, 1, cb_is(c, b->offer, 0));
  guard(b, 1, 2, between(c, cb_is(c, b->talks, 1), cb_is(c, b->deal, 0)));
  guard(b, 1, 3, cb_is(c, b->deal, 2));
  guard(b, 5, 1, cb_is(c, b->offer, 2));
  guard(b, 5, 2, cb_is(c, b->deal, 1));
  guard(b, 5, 3, cb_is(c, b->talks, 1));
  for (uint32_t i = 0; i < 6; i++) {
    bool us = i < 3;
    uint32_t first = cb_key(c, "type", cb_v(c, us ? b->type_us : b->type_iran));
    cb_key(c, "pressure", cb_v(c, b->pressure));
    cb_key(c, "economy", cb_v(c, b->economy));
    cb_key(c, "talks", cb_v(c, b->talks));
    cb_key(c, "deal", cb_v(c, b->deal));
    cb_key(c, "months", cb_v(c, b->months));
    cb_key(
        c, "offer",
        us ? cb_2(c, DM_X_NE, cb_v(c, b->offer), cb_num(c, 0))
           : cb_2(c, DM_X_MAX, cb_num(c, 1), cb_v(c, b->offer)));
    cb_key(c, "last", cb_v(c, b->last));
    if (!us)
      cb_key(c, "stockpile", cb_v(c, b->stockpile));
    for (uint32_t k = us ? 0 : 3; k < i; k++)
      cb_key(c, "own", cb_v(c, c->choice.at[b->choice[k]].pick));
    uint32_t d = cb_decide(c, b->choice[i], first, c->key.n - first);
    if (i == 2)
      c->decide.at[d].open = cb_2(c, DM_X_GE, cb_period(c), cb_num(c, 3));
    cb_step(c, DM_STEP_DECIDE, 3, d, 1);
  }
}

static void make_report(bench *b)
{
  dm_core *c = &b->c;
  dm_core_branch list[3];
  for (int i = 0; i < 3; i++) {
    dm_expr_id x = cb_2(c, DM_X_ADD, cb_v(c, b->stockpile), cb_num(c, i - 1));
    x = cb_2(c, DM_X_MIN, cb_2(c, DM_X_MAX, x, cb_num(c, 0)), cb_num(c, 24));
    list[i].chance = cb_num(c, i == 1 ? 0.9 : 0.05);
    list[i].body =
        cb_write(c, DM_DO_SET, b->last, cb_2(c, DM_X_ADD, x, cb_num(c, 1)));
  }
  dm_expr_id due = cb_2(
      c, DM_X_EQ, cb_2(c, DM_X_MOD, cb_period(c), cb_num(c, 3)), cb_num(c, 0));
  cb_step_rule(c, 2, cb_when(c, due, cb_draw(c, list, 3), DM_NONE));
}

static void make_resolve(bench *b)
{
  dm_core *c = &b->c;
  uint32_t p = cb_param(c, "strike", 0.85);
  dm_stmt_id rule[16];
  uint32_t n = 0;
  rule[n++] = when_pick(b, 0, 2, cb_add(c, b->pressure, 1));
  rule[n++] = when_pick(b, 0, 3, cb_add(c, b->pressure, -1));
  rule[n++] = when_pick(b, 1, 2, cb_set(c, b->offer, 1));
  rule[n++] = when_pick(b, 1, 3, cb_set(c, b->deal, 1));
  rule[n++] = when_pick(b, 1, 4, cb_set(c, b->deal, 4));
  rule[n++] = when_pick(
      b, 2, 2,
      cb_chance_p(
          c, p, cb_end(c, WAR),
          cb_seq2(c, cb_add(c, b->stockpile, -6), cb_set(c, b->talks, 2))));
  rule[n++] = when_pick(
      b, 3, 2, cb_chance(c, 0.5, cb_add(c, b->stockpile, 1), DM_NONE));
  rule[n++] = when_pick(
      b, 3, 3,
      cb_chance(
          c, 0.5, cb_add(c, b->stockpile, 1), cb_add(c, b->stockpile, 2)));
  dm_expr_id cost = cb_num(c, -3);
  rule[n++] = when_pick(
      b, 4, 2,
      cb_when(c, cb_is(c, b->offer, 2), cb_pay(c, b->iran, cost), DM_NONE));
  rule[n++] = when_pick(
      b, 5, 2, cb_seq2(c, cb_set(c, b->talks, 1), cb_set(c, b->offer, 4)));
  rule[n++] = when_pick(
      b, 5, 3, cb_seq2(c, cb_set(c, b->deal, 2), cb_set(c, b->months, 0)));
  rule[n++] = when_pick(b, 5, 4, cb_set(c, b->talks, 2));
  cb_step_rules(c, 4, rule, n);
}

static void make_rest(bench *b)
{
  dm_core *c = &b->c;
  cb_step_rule(
      c, 5,
      cb_when(
          c, cb_is(c, b->offer, 1),
          cb_chance(c, 0.75, cb_set(c, b->offer, 2), DM_NONE), DM_NONE));
  dm_expr_id full = cb_2(c, DM_X_GE, cb_v(c, b->months), cb_num(c, 3));
  cb_step_rule(
      c, 6,
      cb_when(
          c, cb_is(c, b->deal, 2),
          cb_when(
              c, full, cb_end(c, AGREEMENT),
              cb_seq2(c, cb_add(c, b->months, 1), cb_add(c, b->stockpile, -1))),
          DM_NONE));
  dm_expr_id goal = cb_2(c, DM_X_SUB, cb_num(c, 4), cb_v(c, b->pressure));
  dm_expr_id up = cb_2(c, DM_X_GT, goal, cb_v(c, b->economy));
  dm_expr_id down = cb_2(c, DM_X_LT, goal, cb_v(c, b->economy));
  cb_step_rule(
      c, 7,
      cb_chance(
          c, 0.6,
          cb_when(
              c, up, cb_add(c, b->economy, 1),
              cb_when(c, down, cb_add(c, b->economy, -1), DM_NONE)),
          DM_NONE));
  dm_stmt_id pay[2];
  dm_expr_id loss = cb_2(c, DM_X_SUB, cb_v(c, b->economy), cb_num(c, 4));
  pay[0] = cb_pay(c, b->iran, loss);
  pay[1] = cb_when(
      c, cb_2(c, DM_X_GE, cb_v(c, b->stockpile), cb_num(c, 16)),
      cb_pay(c, b->us, cb_num(c, -2)), DM_NONE);
  cb_step_rules(c, 8, pay, 2);
  cb_ending(c, cb_is(c, b->stockpile, 24), OVER);
  cb_step(c, DM_STEP_ENDINGS, 9, 0, 0);
  dm_stmt_id reset[6];
  for (int i = 0; i < 6; i++)
    reset[i] = cb_set(c, c->choice.at[b->choice[i]].pick, 0);
  cb_step_rules(c, 10, reset, 6);
}

static void make(bench *b, uint32_t periods)
{
  dm_core *c = &b->c;
  cb_init(c, periods);
  make_vars(b);
  static const double payoff[4][4] = {
      {-60, -20, -90, -70},
      {70, 30, 60, 20},
      {-80, -95, 10, 55},
      {-20, -15, -15, 0}};
  for (uint32_t o = 0; o < 4; o++) {
    cb_outcome(c, "outcome", payoff[o]);
    for (uint32_t i = 0; i < 2; i++) {
      uint32_t type = i ? b->type_iran : b->type_us;
      c->outcome.at[o].payoff[i] = cb_x(
          c, DM_X_IF, 0, cb_is(c, type, 0), cb_num(c, payoff[o][2 * i]),
          cb_num(c, payoff[o][2 * i + 1]));
    }
  }
  c->otherwise = STALEMATE;
  cb_step(c, DM_STEP_RULES, 1, 0, 0);
  make_report(b);
  make_choices(b);
  make_resolve(b);
  make_rest(b);
  cb_start_rule(c, cb_chance(c, 0.35, cb_set(c, b->type_us, 1), DM_NONE));
  cb_start_rule(c, cb_chance(c, 0.55, cb_set(c, b->type_iran, 1), DM_NONE));
}

static double now_s(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
  bench b;
  uint32_t periods = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 10;
  make(&b, periods);
  dm_expand_options options = dm_expand_defaults();
  options.max_situations = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
  options.count_only = argc > 3;
  dm_expansion *e = NULL;
  double start = now_s();
  dm_status status = dm_expand(&b.c, NULL, &options, &e);
  double seconds = now_s() - start;
  uint64_t n = 0, edges = 0, sets = 0;
  for (uint32_t t = 0; e && t <= periods; t++) {
    n += e->size[t].situations;
    edges += e->size[t].edges;
    sets += e->size[t].sets;
  }
  printf(
      "%s: bound %.3g, %" PRIu64 " starts, %" PRIu64 " situations, %" PRIu64
      " sets, %" PRIu64 " edges\n",
      dm_status_text(status), dm_expand_bound(&b.c), e ? e->n_starts : 0, n,
      sets, edges);
  if (n)
    printf(
        "%.3f s, %.2f s per million situations; %.1f bytes a situation, "
        "%" PRIu32 " cells, %" PRIu32 " rows\n",
        seconds, seconds / (double)n * 1e6,
        (double)(e->game.bytes + e->arena.bytes) / (double)n, e->game.n_cells,
        e->game.n_rows);
  dm_expansion_free(e);
  cb_clear(&b.c);
  return status == DM_OK || status == DM_E_LIMIT ? 0 : 1;
}
