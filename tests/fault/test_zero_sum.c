/* The heap under regret minimisation and linear programs: iterations ask for
 * nothing, and a start whose memory runs out keeps nothing. */
#include "unit.h"

#include "alloc.h"
#include "../unit/solve/zero_games.h"

#include "solve/zero_sum.h"

TEST(iterations_allocate_nothing)
{
  dm_game game;
  zero_random_tree(31, 7, false, &game);
  double *cell = zero_cells(&game);
  dm_cfr *cfr = NULL;
  const char *why = NULL;
  double gain[2];
  ASSERT_OK(dm_cfr_new(&game, cell, &cfr, &why));
  unit_alloc_reset();
  for (int rule = 0; rule < DM_CFR_RULES; rule++) {
    dm_cfr_set_rule(cfr, (dm_cfr_rule)rule);
    dm_cfr_run(cfr, 20);
    (void)dm_cfr_exploitability(cfr, gain);
  }
  ASSERT_UINT(unit_alloc_count(), 0);
  dm_cfr_free(cfr);
  free(cell);
  dm_game_clear(&game);
}

TEST(each_allocation_of_a_start_fails_once)
{
  dm_game game;
  unit_alloc_reset();
  zero_random_tree(32, 6, false, &game);
  double *cell = zero_cells(&game);
  for (size_t n = 1;; n++) {
    dm_cfr *cfr = NULL;
    const char *why = NULL;
    unit_alloc_fail_at(n);
    dm_status status = dm_cfr_new(&game, cell, &cfr, &why);
    if (!unit_alloc_failed()) {
      ASSERT_OK(status);
      ASSERT_TRUE(n > 20);
      dm_cfr_free(cfr);
      break;
    }
    ASSERT_STATUS(status, DM_E_MEMORY);
    ASSERT_NULL(cfr);
    ASSERT_INT(unit_alloc_live(), 0);
  }
  free(cell);
  dm_game_clear(&game);
}

TEST(each_allocation_of_a_program_fails_once)
{
  if (!dm_lp_available())
    return;
  dm_game game;
  unit_alloc_reset();
  zero_random_tree(32, 6, false, &game);
  double *cell = zero_cells(&game);
  double *p = calloc(game.n_slots, sizeof *p);
  double value[2];
  for (size_t n = 1;; n++) {
    const char *why = NULL;
    unit_alloc_fail_at(n);
    dm_status status = dm_lp_solve(&game, cell, p, value, &why);
    if (!unit_alloc_failed()) {
      ASSERT_OK(status);
      ASSERT_TRUE(n > 20);
      break;
    }
    ASSERT_STATUS(status, DM_E_MEMORY);
    ASSERT_INT(unit_alloc_live(), 0);
  }
  free(p);
  free(cell);
  dm_game_clear(&game);
}

TEST_MAIN(
    CASE(iterations_allocate_nothing),
    CASE(each_allocation_of_a_start_fails_once),
    CASE(each_allocation_of_a_program_fails_once))
