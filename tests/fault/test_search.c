/* The heap under a search: whichever allocation fails, nothing is lost, and what
 * is listed is certified. */
#include "unit.h"

#include "alloc.h"
#include "models.h"

#include "solve/search.h"

static double *cells_of(const dm_game *game)
{
  double *cell = calloc(game->n_cells, sizeof *cell);
  ASSERT_NOT_NULL(cell);
  dm_cells_run(game, game->param_base, cell);
  return cell;
}

/* Memory that runs out in a step that may find nothing leaves the others. */
static void fail_each(dm_game *game, double k)
{
  double *cell = cells_of(game);
  dm_search_options options = {.k = k, .starts = 5, .seed = 3, .threads = 1};
  uint32_t refused = 0;
  unit_alloc_reset();
  for (size_t n = 1;; n += 1 + n / 40) {
    dm_equilibria list;
    unit_alloc_fail_at(n);
    dm_status status =
        dm_search_run(game, game->param_base, cell, &options, &list);
    bool failed = unit_alloc_failed();
    ASSERT_TRUE(status == DM_OK || (failed && status == DM_E_MEMORY));
    refused += status == DM_E_MEMORY;
    for (uint32_t i = 0; i < list.n; i++)
      ASSERT_TRUE(
          isfinite(k) ? list.at[i].certificate.residual <= list.residual
                      : list.at[i].gain <= list.tolerance);
    dm_equilibria_clear(&list);
    ASSERT_INT(unit_alloc_live(), 0);
    if (!failed)
      break;
  }
  unit_alloc_reset();
  ASSERT_TRUE(refused > 5);
  free(cell);
}

TEST(each_allocation_of_a_search_fails_once)
{
  dm_game game;
  model_chicken(&game);
  fail_each(&game, (double)INFINITY);
  fail_each(&game, 2.0);
  dm_game_clear(&game);
  model_horse(&game);
  fail_each(&game, (double)INFINITY);
  dm_game_clear(&game);
}

TEST_MAIN(CASE(each_allocation_of_a_search_fails_once))
