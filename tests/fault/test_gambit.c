/* Every allocation of reading, making, writing and exporting a game fails once:
 * the call says so, gives nothing and keeps nothing. */
#include "unit.h"
#include "alloc.h"

#include "interop/gambit.h"

#include <stdlib.h>
#include <string.h>

static const char TEXT[] =
    "EFG 2 R \"t\" { \"A\" \"A\" }\n\"c\"\n"
    "c \"n\" 1 \"\" { \"l\" 1/3 \"r\" 2/3 } 1 \"r\" { 1 2 }\n"
    "p \"n\" 1 1 \"s\" { \"a\" \"a\" } 0\n"
    "p \"\" 2 1 \"\" { \" x \" } 0\nt \"\" 2 \"o\" { 1/7 3 }\nt \"\" 0\n"
    "p \"\" 2 1 0\np \"\" 1 1 0\nt \"\" 3 \"o\" { 1 1 }\nt \"\" 2\n";

static const char TABLE[] =
    "NFG 1 R \"t\" { \"A\" \"B\" } { { \"u\" \"d\" } { \"l\" \"r\" } }\n"
    "1 2 3 4 5 6 7 8\n";

static void kept_nothing(size_t n, dm_status status, const void *out)
{
  if (status != DM_E_MEMORY)
    FAIL("request %zu: %s", n, dm_status_text(status));
  ASSERT_NULL(out);
  if (unit_alloc_live() != 0)
    FAIL("request %zu: %ld blocks are kept", n, unit_alloc_live());
}

static dm_gambit *read_failing(const char *text, dm_gambit_form form)
{
  unit_alloc_reset();
  dm_gambit *gambit = NULL;
  dm_diags *diags = dm_diags_new();
  for (size_t n = 1;; n++) {
    unit_alloc_fail_at(n);
    dm_status status = dm_gambit_read(text, strlen(text), form, diags, &gambit);
    if (!unit_alloc_failed()) {
      ASSERT_OK(status);
      break;
    }
    kept_nothing(n, status, gambit);
  }
  dm_diags_free(diags);
  return gambit;
}

static dm_gambit_game *make_failing(const dm_gambit *gambit)
{
  dm_gambit_game *game = NULL;
  for (size_t n = 1;; n++) {
    unit_alloc_fail_at(n);
    dm_status status = dm_gambit_game_make(gambit, &game);
    if (!unit_alloc_failed()) {
      ASSERT_OK(status);
      break;
    }
    kept_nothing(n, status, game);
  }
  return game;
}

static void write_failing(const dm_gambit *gambit)
{
  for (size_t n = 1;; n++) {
    dm_str out = {0};
    unit_alloc_fail_at(n);
    dm_status status = dm_gambit_write(gambit, &out);
    dm_str_clear(&out);
    if (!unit_alloc_failed()) {
      ASSERT_OK(status);
      break;
    }
    kept_nothing(n, status, NULL);
  }
}

static void export_failing(const dm_game *game)
{
  unit_alloc_reset();
  double *cell = calloc(game->n_cells, sizeof *cell);
  dm_cells_run(game, game->param_base, cell);
  for (size_t n = 1;; n++) {
    dm_gambit *out = NULL;
    const char *why = NULL;
    unit_alloc_fail_at(n);
    dm_status status = dm_gambit_from_game(game, cell, NULL, 1000, &out, &why);
    if (!unit_alloc_failed()) {
      ASSERT_OK(status);
      dm_gambit_free(out);
      break;
    }
    kept_nothing(n, status, out);
    ASSERT_NOT_NULL(why);
  }
  free(cell);
}

static void run(const char *text, dm_gambit_form form)
{
  dm_gambit *gambit = read_failing(text, form);
  dm_gambit_game *game = make_failing(gambit);
  write_failing(gambit);
  export_failing(&game->game);
  unit_alloc_reset();
  dm_gambit_game_free(game);
  dm_gambit_free(gambit);
}

TEST(an_extensive_game_fails_cleanly)
{
  run(TEXT, DM_GAMBIT_EFG);
}

TEST(a_strategic_game_fails_cleanly)
{
  run(TABLE, DM_GAMBIT_NFG);
}

TEST_MAIN(
    CASE(an_extensive_game_fails_cleanly), CASE(a_strategic_game_fails_cleanly))
