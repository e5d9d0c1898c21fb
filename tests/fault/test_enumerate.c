/* The heap under recall, best replies and enumeration: whatever allocation
 * fails, the call says so, and nothing is kept but what the caller holds. */
#include "unit.h"

#include "alloc.h"
#include "recalling_game.h"

#include "game/recall.h"
#include "solve/enumerate.h"
#include "solve/lemke.h"

static double *cells_of(const dm_game *game)
{
  double *cell = calloc(game->n_cells, sizeof *cell);
  dm_cells_run(game, game->param_base, cell);
  return cell;
}

/* One set on two layers, met twice by one path; merged or not. */
static void make_driver(dm_game *game, bool merged)
{
  tree *t = tree_new(1, 1);
  uint32_t set = tree_set(t, 0, 2, 1.0);
  uint32_t root = tree_chance(t);
  uint32_t first = tree_move(t, set);
  uint32_t next = tree_move(t, set);
  tree_edge(t, root, first, 0.5, NULL);
  if (merged)
    tree_edge(t, root, next, 0.5, NULL);
  else
    tree_leaf(t, root, 0, 0.5, NULL);
  tree_edge(t, first, next, 0.0, NULL);
  tree_leaf(t, first, 0, 0.0, NULL);
  tree_leaf(t, next, 0, 0.0, (double[]){4.0});
  tree_leaf(t, next, 0, 0.0, (double[]){1.0});
  tree_finish(t, game, NULL);
}

TEST(recall)
{
  for (int merged = 0; merged < 2; merged++) {
    dm_game game;
    make_driver(&game, merged != 0);
    for (size_t n = 1;; n++) {
      unit_alloc_fail_at(n);
      dm_recall r;
      dm_status status = dm_recall_find(&game, &r);
      if (!unit_alloc_failed()) {
        ASSERT_OK(status);
        ASSERT_TRUE(n > 5);
        ASSERT_UINT(r.kind[0], DM_RECALL_ABSENT);
        dm_recall_clear(&r);
        break;
      }
      ASSERT_STATUS(status, DM_E_MEMORY);
      ASSERT_NULL(r.kind);
      ASSERT_INT(unit_alloc_live(), 0);
    }
    unit_alloc_reset();
    dm_game_clear(&game);
  }
}

/* With and without perfect recall. */
TEST(certificate)
{
  for (int forgets = 0; forgets < 2; forgets++) {
    dm_game game;
    if (forgets)
      make_driver(&game, true);
    else
      make_recalling(&game, 3, 2, 4);
    double *cell = cells_of(&game);
    double *log_p = calloc(game.n_slots + 1, sizeof *log_p);
    for (size_t n = 1;; n++) {
      unit_alloc_fail_at(n);
      dm_certificate c;
      dm_status status = dm_certificate_verify(&game, cell, log_p, 1.0, &c);
      if (!unit_alloc_failed()) {
        ASSERT_OK(status);
        ASSERT_TRUE(n > 12);
        dm_certificate_clear(&c);
        break;
      }
      ASSERT_STATUS(status, DM_E_MEMORY);
      ASSERT_NULL(c.regret);
      ASSERT_INT(unit_alloc_live(), 0);
    }
    unit_alloc_reset();
    free(log_p);
    free(cell);
    dm_game_clear(&game);
  }
}

/* kind 0: pure; 1: corners; 2: pivoting, corners being too many. */
static dm_status enumerate(int kind, dm_equilibria *list)
{
  const char *why = NULL;
  bool complete = false;
  dm_enumerate_options o = {.most = kind == 2 ? 150 : 0};
  return kind == 0 ? dm_enumerate_pure(&o, list, &why)
                   : dm_enumerate_two(&o, list, &complete, &why);
}

TEST(enumeration)
{
  for (int kind = 0; kind < 3; kind++) {
    dm_game game;
    make_recalling(&game, 3, 2, 3);
    double *cell = cells_of(&game);
    uint32_t told = 0;
    for (size_t n = 1;; n++) {
      dm_equilibria list;
      unit_alloc_fail_at(n);
      dm_equilibria_init(&list, &game, cell);
      dm_status status = enumerate(kind, &list);
      bool failed = unit_alloc_failed();
      dm_equilibria_clear(&list);
      ASSERT_INT(unit_alloc_live(), 0);
      if (!failed) {
        ASSERT_OK(status);
        ASSERT_TRUE(n > 20);
        break;
      }
      /* Where only the payoff range is not to be had, tolerances are the
       * smallest and the call goes on. */
      told += status == DM_E_MEMORY;
      ASSERT_TRUE(status == DM_E_MEMORY || status == DM_OK);
    }
    unit_alloc_reset();
    ASSERT_TRUE(told > 20);
    free(cell);
    dm_game_clear(&game);
  }
}

TEST_MAIN(CASE(recall), CASE(certificate), CASE(enumeration))
