/* The walk as a whole: nodes and sets, what is forgotten, decoding, perfect
 * recall, matching, limits. */
#include "reach.h"

#include <string.h>

static const char *const yes_no[] = {"no", "yes"};

/* Each period: a coin is tossed into x, an actor who sees x picks, and y counts
 * the periods in which the pick was yes. */
typedef struct world {
  dm_core c;
  uint32_t us, x, y, pick, ch, decide;
} world;

static void begin(world *m, uint32_t periods, uint32_t y_size)
{
  dm_core *c = &m->c;
  cb_init(c, periods);
  uint32_t sharp = cb_param(c, "us.sharpness", 1);
  m->us = cb_actor(c, "us", sharp, DM_NONE);
  double ten = 10;
  c->otherwise = cb_outcome(c, "rest", &ten);
  m->x = cb_var(c, "x", 0, 2, 0);
  m->y = cb_var_kind(c, "y", 0, y_size, 0, DM_VAR_STATE);
  m->ch = cb_choice(c, "move", m->us, yes_no, 2);
  m->pick = c->choice.at[m->ch].pick;
  cb_step_rule(c, 1, cb_chance(c, 0.5, cb_set(c, m->x, 0), cb_set(c, m->x, 1)));
}

static void finish(world *m)
{
  dm_core *c = &m->c;
  cb_step(c, DM_STEP_DECIDE, 3, m->decide, 1);
  cb_step_rule(
      c, 4, cb_when(c, cb_is(c, m->pick, 2), cb_add(c, m->y, 1), DM_NONE));
  cb_step(c, DM_STEP_ENDINGS, 9, 0, 0);
}

TEST(nodes_and_sets_are_counted)
{
  world m;
  begin(&m, 2, 3);
  uint32_t key = cb_key(&m.c, "x", cb_v(&m.c, m.x));
  m.decide = cb_decide(&m.c, m.ch, key, 1);
  finish(&m);
  dm_expansion *e = reach_expand(&m.c);
  const dm_game *g = &e->game;
  /* y alone outlives a period: starts 1 and 2; under each start two decisions;
   * then 3 last situations and the ending. */
  ASSERT_UINT(e->size[1].starts, 1);
  ASSERT_UINT(e->size[2].starts, 2);
  ASSERT_UINT(g->n_nodes, 1 + 2 + 2 + 4 + 3 + 1);
  ASSERT_UINT(g->n_sets, 4);
  ASSERT_UINT(e->size[2].sets, 2);
  ASSERT_UINT(g->n_slots, 8);
  ASSERT_UINT(e->start_node[1], 0);
  ASSERT_UINT(e->start_node[2], 3);
  ASSERT_UINT(g->layer_node[e->final_layer], 9);
  /* Which decision, which knowledge, which options. */
  for (uint32_t s = 0; s < 4; s++) {
    ASSERT_UINT(e->set_decide[s], m.decide);
    ASSERT_UINT(e->set_period[s], s / 2 + 1);
    ASSERT_INT(e->key_value[e->set_key[s]], (int)(s % 2));
    ASSERT_UINT(e->slot_option[g->set_slot[s]], 0);
    ASSERT_UINT(e->slot_option[g->set_slot[s] + 1], 1);
    ASSERT_UINT(e->layer_step[g->set_layer[s]], 1);
  }
  /* Two situations of period 2 with the same x are one set. */
  uint32_t seen = 0;
  for (uint32_t n = 5; n < 9; n++)
    seen += g->node_set[n] == 2;
  ASSERT_UINT(seen, 2);
  /* Decoded, the last situations hold y = 0 .. 2 and have forgotten x. */
  bool had[3] = {false, false, false};
  for (uint32_t n = 9; n < 12; n++) {
    int32_t v[3];
    dm_expansion_decode(&m.c, e, n, v);
    ASSERT_INT(v[m.x], 0);
    had[v[m.y]] = true;
  }
  ASSERT_TRUE(had[0] && had[1] && had[2]);
  dm_expansion_free(e);
  cb_clear(&m.c);
}

TEST(what_nobody_reads_is_forgotten)
{
  world m;
  begin(&m, 2, 3);
  /* Blind: x is read by nobody, so the coin is no branch. */
  m.decide = cb_decide(&m.c, m.ch, 0, 0);
  finish(&m);
  dm_expansion *e = reach_expand(&m.c);
  ASSERT_UINT(e->game.n_nodes, 1 + 1 + 2 + 2 + 3 + 1);
  ASSERT_UINT(e->game.n_sets, 2);
  dm_expansion_free(e);
  cb_clear(&m.c);
}

TEST(closed_and_single_options_make_no_node)
{
  world m;
  begin(&m, 2, 3);
  m.decide = cb_decide(&m.c, m.ch, 0, 0);
  dm_expr_id late = cb_2(&m.c, DM_X_GE, cb_period(&m.c), cb_num(&m.c, 2));
  m.c.decide.at[m.decide].open = late;
  m.c.decide.at[m.decide].missed = cb_add(&m.c, m.y, 2);
  m.c.option.at[m.c.choice.at[m.ch].first_option + 1].guard =
      cb_2(&m.c, DM_X_LT, cb_v(&m.c, m.y), cb_num(&m.c, 2));
  finish(&m);
  dm_expansion *e = reach_expand(&m.c);
  ASSERT_UINT(e->game.n_sets, 0);
  ASSERT_UINT(e->game.n_nodes, 4); /* start, start, last, ending */
  int32_t v[3];
  dm_expansion_decode(&m.c, e, 2, v);
  ASSERT_INT(v[m.y], 2);
  dm_expansion_free(e);
  cb_clear(&m.c);
}

TEST(one_set_must_offer_the_same)
{
  world m;
  begin(&m, 1, 3);
  m.decide = cb_decide(&m.c, m.ch, 0, 0);
  static const char *const three[] = {"a", "b", "c"};
  m.ch = cb_choice(&m.c, "other", m.us, three, 3);
  m.c.decide.at[m.decide].choice = m.ch;
  m.c.option.at[m.c.choice.at[m.ch].first_option + 2].guard =
      cb_is(&m.c, m.x, 1);
  finish(&m);
  dm_expansion *e = NULL;
  ASSERT_STATUS(dm_expand(&m.c, NULL, NULL, &e), DM_E_INPUT);
  ASSERT_UINT(e->found.n, 1);
  ASSERT_CONTAINS(e->found.at[0].state, "different options");
  dm_expansion_free(e);
  cb_clear(&m.c);
}

/* Perfect recall of x and the pick: sets double with every coin and pick. */
static void make_recall(world *m, uint32_t periods, uint32_t monitors)
{
  begin(m, periods, 2);
  dm_core *c = &m->c;
  uint32_t past = cb_var_kind(c, "past", 0, 0, 0, DM_VAR_RECALL);
  uint32_t key = cb_key(c, "x", cb_v(c, m->x));
  cb_key(c, "past", cb_v(c, past));
  m->decide = cb_decide(c, m->ch, key, 2);
  cb_step(c, DM_STEP_DECIDE, 3, m->decide, 1);
  dm_core_recall r = {0};
  r.actor = m->us;
  r.var = past;
  r.first_key = cb_key(c, "x", cb_v(c, m->x));
  cb_key(c, "pick", cb_v(c, m->pick));
  r.n_keys = 2;
  DM_PUSH(c->arena, &c->recall, r);
  cb_step(c, DM_STEP_RECALL, 3, 0, 1);
  cb_step_rule(
      c, 4, cb_when(c, cb_is(c, m->pick, 2), cb_set(c, m->y, 1), DM_NONE));
  cb_step(c, DM_STEP_ENDINGS, 9, 0, 0);
  for (uint32_t i = 0; i < monitors; i++) {
    uint32_t ever = cb_var_kind(c, "ever", 0, 2, 0, DM_VAR_MONITOR);
    cb_latch(c, ever, cb_is(c, m->pick, (int32_t)i + 1), false, 1, periods);
  }
}

TEST(perfect_recall_splits_sets)
{
  world m;
  make_recall(&m, 4, 0);
  dm_expansion *e = reach_expand(&m.c);
  uint64_t want = 2;
  for (uint32_t t = 1; t <= 4; t++, want *= 4)
    ASSERT_UINT(e->size[t].sets, want);
  dm_expansion_free(e);
  cb_clear(&m.c);
}

TEST(sets_are_matched_by_what_is_known)
{
  world m, n;
  make_recall(&m, 4, 0);
  make_recall(&n, 4, 2);
  dm_expansion *a = reach_expand(&m.c), *b = reach_expand(&n.c);
  ASSERT_UINT(a->game.n_sets, b->game.n_sets);
  ASSERT_TRUE(b->game.n_nodes > a->game.n_nodes);
  bool *hit = calloc(b->game.n_sets, sizeof *hit);
  for (uint32_t s = 0; s < a->game.n_sets; s++) {
    dm_set_id r = dm_expansion_match(a, s, b);
    ASSERT_TRUE(r != DM_NONE);
    ASSERT_FALSE(hit[r]);
    hit[r] = true;
    ASSERT_UINT(b->set_period[r], a->set_period[s]);
    /* x is the first key item; the second is a record's number, which need not
     * be the same in both. */
    ASSERT_INT(b->key_value[b->set_key[r]], a->key_value[a->set_key[s]]);
    ASSERT_UINT(dm_expansion_match(b, r, a), s);
  }
  free(hit);
  dm_expansion_free(a);
  dm_expansion_free(b);
  cb_clear(&m.c);
  cb_clear(&n.c);
}

TEST(what_is_not_there_is_not_matched)
{
  world m, n;
  make_recall(&m, 3, 0);
  make_recall(&n, 2, 0);
  dm_expansion *a = reach_expand(&m.c), *b = reach_expand(&n.c);
  for (uint32_t s = 0; s < a->game.n_sets; s++)
    ASSERT_TRUE(
        (dm_expansion_match(a, s, b) == DM_NONE) == (a->set_period[s] == 3));
  dm_expansion_free(a);
  dm_expansion_free(b);
  cb_clear(&m.c);
  cb_clear(&n.c);
}

/* ---- limits -------------------------------------------------------------- */

static void make_big(world *m)
{
  begin(m, 12, 2);
  dm_core *c = &m->c;
  for (uint32_t i = 0; i < 12; i++) {
    uint32_t x = cb_var_kind(c, "bit", 0, 2, 0, DM_VAR_STATE);
    cb_step_rule(
        c, 2,
        cb_chance(
            c, 0.5,
            cb_write(
                c, DM_DO_SET, x, cb_2(c, DM_X_SUB, cb_num(c, 1), cb_v(c, x))),
            DM_NONE));
  }
  m->decide = cb_decide(c, m->ch, cb_key(c, "x", cb_v(c, m->x)), 1);
  finish(m);
}

TEST(too_many_situations_stop)
{
  world m;
  make_big(&m);
  dm_expand_options options = dm_expand_defaults();
  options.max_situations = 5000;
  dm_expansion *e = NULL;
  ASSERT_STATUS(dm_expand(&m.c, NULL, &options, &e), DM_E_LIMIT);
  ASSERT_NOT_NULL(e);
  uint64_t n = 0;
  for (uint32_t t = 0; t <= 12; t++)
    n += e->size[t].situations;
  ASSERT_UINT(n, 5000);
  ASSERT_UINT(e->game.n_nodes, 0);
  dm_expansion_free(e);
  cb_clear(&m.c);
}

TEST(too_many_bytes_stop)
{
  world m;
  make_big(&m);
  dm_expand_options options = dm_expand_defaults();
  options.max_bytes = 1u << 20;
  dm_expansion *e = NULL;
  ASSERT_STATUS(dm_expand(&m.c, NULL, &options, &e), DM_E_LIMIT);
  ASSERT_NOT_NULL(e);
  ASSERT_TRUE(e->size[1].situations > 0);
  ASSERT_TRUE(e->arena.bytes < 1u << 20);
  dm_expansion_free(e);
  cb_clear(&m.c);
}

static bool stop_later(void *data, const dm_expand_progress *now)
{
  uint32_t *calls = data;
  ASSERT_TRUE(now->period >= 1 && now->period <= 12);
  ASSERT_TRUE(now->bytes > 0);
  return ++*calls < 3;
}

TEST(progress_can_stop_the_walk)
{
  world m;
  make_big(&m);
  uint32_t calls = 0;
  dm_expand_options options = dm_expand_defaults();
  options.progress = stop_later;
  options.progress_data = &calls;
  dm_expansion *e = NULL;
  ASSERT_STATUS(dm_expand(&m.c, NULL, &options, &e), DM_E_INTERRUPT);
  ASSERT_NULL(e);
  ASSERT_UINT(calls, 3);
  cb_clear(&m.c);
}

TEST(counting_counts_the_same)
{
  world m;
  make_big(&m);
  dm_expansion *a = reach_expand(&m.c), *b = NULL;
  dm_expand_options options = dm_expand_defaults();
  options.count_only = true;
  ASSERT_OK(dm_expand(&m.c, NULL, &options, &b));
  ASSERT_MEM(a->size, b->size, 13 * sizeof *a->size);
  ASSERT_UINT(a->n_starts, b->n_starts);
  ASSERT_NULL(b->game.edge_child);
  ASSERT_TRUE((double)a->size[12].starts <= dm_expand_bound(&m.c));
  ASSERT_NEAR(dm_expand_bound(&m.c), 8192, 0);
  dm_expansion_free(a);
  dm_expansion_free(b);
  cb_clear(&m.c);
}

/* A state of many words: 300 variables that all matter to the end. */
TEST(hundreds_of_variables_are_kept)
{
  dm_core c;
  cb_init(&c, 2);
  uint32_t o[2] = {cb_outcome(&c, "no", NULL), cb_outcome(&c, "yes", NULL)};
  c.otherwise = o[0];
  dm_expr_id all = cb_num(&c, 1);
  uint32_t first = c.var.n;
  for (uint32_t i = 0; i < 300; i++)
    cb_var(&c, "x", -1, 3 + i % 5, 0);
  for (uint32_t i = 0; i < 300; i++) {
    cb_step_rule(&c, 1, cb_add(&c, first + i, i % 3 == 0 ? 1 : -1));
    all = cb_2(&c, DM_X_AND, all, cb_is(&c, first + i, i % 3 == 0 ? 1 : -1));
  }
  cb_step_rule(
      &c, 4,
      cb_when(
          &c, cb_is(&c, first, 1),
          cb_chance(&c, 0.25, cb_add(&c, first + 299, 1), DM_NONE), DM_NONE));
  cb_ending(&c, all, o[1]);
  cb_step(&c, DM_STEP_ENDINGS, 9, 0, 0);
  dm_expansion *e = reach_expand(&c);
  ASSERT_TRUE(e->n_words > 8);
  ASSERT_NEAR(reach_outcome(e, NULL, o[1], 1), 0.75, 1e-15);
  int32_t v[300];
  dm_expansion_decode(&c, e, e->start_node[2], v);
  for (uint32_t i = 0; i < 299; i++)
    ASSERT_INT(v[i], i % 3 == 0 ? 1 : -1);
  ASSERT_INT(v[299], 0);
  dm_expansion_free(e);
  cb_clear(&c);
}

/* A structural parameter is read from the caller's values. */
TEST(structural_parameters_are_read)
{
  world m;
  begin(&m, 1, 3);
  uint32_t p = cb_param(&m.c, "threshold", 5);
  m.c.param.at[p].structural = true;
  m.decide = cb_decide(&m.c, m.ch, 0, 0);
  m.c.option.at[m.c.choice.at[m.ch].first_option + 1].guard =
      cb_2(&m.c, DM_X_LT, cb_p(&m.c, p), cb_num(&m.c, 3));
  finish(&m);
  dm_expansion *e = reach_expand(&m.c);
  ASSERT_UINT(e->game.n_sets, 0);
  dm_expansion_free(e);
  double param[2] = {1, 2};
  ASSERT_OK(dm_expand(&m.c, param, NULL, &e));
  ASSERT_UINT(e->game.n_sets, 1);
  ASSERT_NEAR(e->game.param_base[p], 2, 0);
  dm_expansion_free(e);
  cb_clear(&m.c);
}

TEST_MAIN(
    CASE(nodes_and_sets_are_counted), CASE(what_nobody_reads_is_forgotten),
    CASE(closed_and_single_options_make_no_node),
    CASE(one_set_must_offer_the_same), CASE(perfect_recall_splits_sets),
    CASE(sets_are_matched_by_what_is_known),
    CASE(what_is_not_there_is_not_matched), CASE(too_many_situations_stop),
    CASE(too_many_bytes_stop), CASE(progress_can_stop_the_walk),
    CASE(counting_counts_the_same), CASE(hundreds_of_variables_are_kept),
    CASE(structural_parameters_are_read))
