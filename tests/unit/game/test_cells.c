/* Cells: equal ones are one, nothing but 0 and 1 is folded, all operations. */
#include "unit.h"

#include "tree.h"

#include <math.h>

typedef struct pool {
  dm_arena arena;
  dm_cell_pool cells;
} pool;

static void open_pool(pool *p)
{
  dm_arena_init(&p->arena, 0);
  if (setjmp(p->arena.jump) != 0)
    FAIL("memory ran out");
  dm_cells_init(&p->cells, &p->arena);
}

static double value_of(const pool *p, uint32_t cell, const double *param)
{
  dm_game game = {.n_cells = p->cells.cell.n, .cell = p->cells.cell.at};
  double value[64];
  ASSERT_TRUE(game.n_cells <= 64);
  dm_cells_run(&game, param, value);
  return value[cell];
}

TEST(equal_cells_are_one)
{
  pool p;
  open_pool(&p);
  dm_cell_pool *c = &p.cells;
  ASSERT_UINT(dm_cells_number(c, 0.0), 0);
  ASSERT_UINT(dm_cells_number(c, -0.0), 0);
  ASSERT_UINT(dm_cells_number(c, 1.0), 1);
  uint32_t half = dm_cells_number(c, 0.5);
  uint32_t x = dm_cells_param(c, 0);
  ASSERT_UINT(dm_cells_number(c, 0.5), half);
  ASSERT_UINT(dm_cells_param(c, 0), x);
  ASSERT_TRUE(dm_cells_param(c, 1) != x);
  uint32_t sum = dm_cells_op(c, DM_CELL_ADD, x, half);
  ASSERT_UINT(dm_cells_op(c, DM_CELL_ADD, half, x), sum);
  uint32_t gap = dm_cells_op(c, DM_CELL_SUB, x, half);
  ASSERT_TRUE(dm_cells_op(c, DM_CELL_SUB, half, x) != gap);
  dm_arena_clear(&p.arena);
}

TEST(only_nought_and_one_are_absorbed)
{
  pool p;
  open_pool(&p);
  dm_cell_pool *c = &p.cells;
  uint32_t x = dm_cells_param(c, 0);
  ASSERT_UINT(dm_cells_op(c, DM_CELL_ADD, x, 0), x);
  ASSERT_UINT(dm_cells_op(c, DM_CELL_ADD, 0, x), x);
  ASSERT_UINT(dm_cells_op(c, DM_CELL_MUL, x, 1), x);
  ASSERT_UINT(dm_cells_op(c, DM_CELL_MUL, 0, x), 0);
  ASSERT_UINT(dm_cells_op(c, DM_CELL_SUB, x, 0), x);
  ASSERT_UINT(dm_cells_op(c, DM_CELL_DIV, x, 1), x);
  ASSERT_UINT(dm_cells_op(c, DM_CELL_MIN, x, x), x);
  uint32_t two = dm_cells_number(c, 2.0);
  uint32_t n = c->cell.n;
  (void)dm_cells_op(c, DM_CELL_MUL, two, two);
  ASSERT_UINT(c->cell.n, n + 1);
  dm_arena_clear(&p.arena);
}

TEST(all_operations)
{
  pool p;
  open_pool(&p);
  dm_cell_pool *c = &p.cells;
  uint32_t x = dm_cells_param(c, 0);
  uint32_t y = dm_cells_param(c, 1);
  const dm_cell_op op[] = {DM_CELL_ADD, DM_CELL_SUB, DM_CELL_MUL,
                           DM_CELL_DIV, DM_CELL_MIN, DM_CELL_MAX};
  const double want[] = {8.0, 4.0, 12.0, 3.0, 2.0, 6.0};
  const double swapped[] = {8.0, -4.0, 12.0, 1.0 / 3.0, 2.0, 6.0};
  for (int i = 0; i < 6; i++) {
    uint32_t cell = dm_cells_op(c, op[i], x, y);
    ASSERT_SAME_BITS(value_of(&p, cell, (double[]){6.0, 2.0}), want[i]);
    ASSERT_SAME_BITS(value_of(&p, cell, (double[]){2.0, 6.0}), swapped[i]);
  }
  dm_arena_clear(&p.arena);
}

TEST_MAIN(
    CASE(equal_cells_are_one), CASE(only_nought_and_one_are_absorbed),
    CASE(all_operations))
