/* Situations, merging, chances, forgetting: counts and odds known by hand. */
#include "reach.h"

/* One coin a period, counted: 1 + 2 + 3 starts, binomial odds. */
TEST(coins_merge_into_counts)
{
  dm_core c;
  cb_init(&c, 3);
  uint32_t x = cb_var(&c, "x", 0, 4, 0);
  uint32_t o[4];
  for (uint32_t k = 0; k < 4; k++)
    o[k] = cb_outcome(&c, "k", NULL);
  c.otherwise = o[0];
  for (uint32_t k = 1; k < 4; k++) {
    dm_expr_id last = cb_2(&c, DM_X_EQ, cb_period(&c), cb_num(&c, 3));
    cb_ending(&c, cb_2(&c, DM_X_AND, last, cb_is(&c, x, (int32_t)k)), o[k]);
  }
  cb_step_rule(&c, 1, cb_chance(&c, 0.25, cb_add(&c, x, 1), DM_NONE));
  cb_step(&c, DM_STEP_ENDINGS, 9, 0, 0);
  dm_expansion *e = reach_expand(&c);
  ASSERT_UINT(e->size[1].starts, 1);
  ASSERT_UINT(e->size[2].starts, 2);
  ASSERT_UINT(e->size[3].starts, 3);
  /* 1 + 2 + 3 starts, 4 last situations, 4 endings */
  ASSERT_UINT(e->game.n_nodes, 14);
  ASSERT_UINT(e->game.n_edges, 2 + 4 + 6 + 4);
  double want[4] = {0.421875, 0.421875, 0.140625, 0.015625};
  for (uint32_t k = 0; k < 4; k++)
    ASSERT_NEAR(reach_outcome(e, NULL, o[k], 3), want[k], 1e-15);
  dm_expansion_free(e);
  cb_clear(&c);
}

TEST_MAIN(CASE(coins_merge_into_counts))
