/* game/cells.c -- the numbers of a game: building cells and evaluating them.
 *
 * Equal cells are one: a cell's key is (op, operands, bits of its number).
 * Sums and products sort their operands first, so that a + b is b + a, and
 * drop what cannot matter (x + 0, x * 1, x * 0).  Two numbers are not folded
 * any further: base values and draws then round in the same order. */
#include "game/game.h"

#include "base/table.h"

#include <string.h>

typedef struct cell_key {
  double value;
  uint32_t a, b;
  uint32_t op;
  uint32_t zero; /* no padding bytes: the key is hashed whole */
} cell_key;

static dm_cell_id intern(dm_cell_pool *pool, const dm_cell *cell)
{
  cell_key key = {
      .value = cell->value, .a = cell->a, .b = cell->b, .op = cell->op};
  bool fresh = false;
  uint32_t id = dm_table_intern(pool->index, &key, sizeof key, &fresh);
  if (fresh)
    DM_PUSH(pool->arena, &pool->cell, *cell);
  return id;
}

void dm_cells_init(dm_cell_pool *pool, dm_arena *arena)
{
  memset(pool, 0, sizeof *pool);
  pool->arena = arena;
  pool->index = dm_arena_alloc(arena, sizeof *pool->index);
  dm_table_init(pool->index, arena, sizeof(cell_key));
  (void)dm_cells_number(pool, 0.0);
  (void)dm_cells_number(pool, 1.0);
}

dm_cell_id dm_cells_number(dm_cell_pool *pool, double value)
{
  /* -0 and 0 are the same number here. */
  dm_cell cell = {.value = value == 0.0 ? 0.0 : value, .op = DM_CELL_NUMBER};
  return intern(pool, &cell);
}

dm_cell_id dm_cells_param(dm_cell_pool *pool, uint32_t param)
{
  dm_cell cell = {.a = param, .op = DM_CELL_PARAM};
  return intern(pool, &cell);
}

enum { ZERO, ONE };
#define NONE UINT32_MAX

/* The operand that the result equals, or NONE. */
static dm_cell_id absorbed(dm_cell_op op, dm_cell_id a, dm_cell_id b)
{
  switch (op) {
  case DM_CELL_ADD:
    return a == ZERO ? b : b == ZERO ? a : NONE;
  case DM_CELL_SUB:
    return b == ZERO ? a : NONE;
  case DM_CELL_MUL:
    if (a == ZERO || b == ZERO)
      return ZERO;
    return a == ONE ? b : b == ONE ? a : NONE;
  case DM_CELL_DIV:
    return b == ONE ? a : NONE;
  case DM_CELL_MIN:
  case DM_CELL_MAX:
    return a == b ? a : NONE;
  case DM_CELL_NUMBER:
  case DM_CELL_PARAM:
  default:
    return NONE;
  }
}

dm_cell_id dm_cells_op(
    dm_cell_pool *pool, dm_cell_op op, dm_cell_id a, dm_cell_id b)
{
  dm_cell_id same = absorbed(op, a, b);
  if (same != NONE)
    return same;
  bool commutes = op == DM_CELL_ADD || op == DM_CELL_MUL || op == DM_CELL_MIN ||
                  op == DM_CELL_MAX;
  bool swap = commutes && a > b;
  dm_cell cell = {.a = swap ? b : a, .b = swap ? a : b, .op = (uint8_t)op};
  return intern(pool, &cell);
}

static double combine(dm_cell_op op, double a, double b)
{
  switch (op) {
  case DM_CELL_ADD:
    return a + b;
  case DM_CELL_SUB:
    return a - b;
  case DM_CELL_MUL:
    return a * b;
  case DM_CELL_DIV:
    return a / b;
  case DM_CELL_MIN:
    return a < b ? a : b;
  case DM_CELL_MAX:
    return a > b ? a : b;
  case DM_CELL_NUMBER:
  case DM_CELL_PARAM:
  default:
    return 0.0;
  }
}

void dm_cells_run(const dm_game *game, const double *param, double *cell_value)
{
  for (uint32_t i = 0; i < game->n_cells; i++) {
    const dm_cell *cell = &game->cell[i];
    if (cell->op == DM_CELL_NUMBER)
      cell_value[i] = cell->value;
    else if (cell->op == DM_CELL_PARAM)
      cell_value[i] = param[cell->a];
    else
      cell_value[i] = combine(
          (dm_cell_op)cell->op, cell_value[cell->a], cell_value[cell->b]);
  }
}
