/* equilibria.c -- a game with several equilibria, found from many starts.
 *
 *   equilibria
 *
 * Two drivers head for each other; each holds or swerves.  The symmetric
 * equilibrium, to which the logit path leads, is one of three. */
#include <demarche/demarche.h>

#include <stdio.h>
#include <string.h>

static const char CHICKEN[] =
    "NFG 1 R \"Chicken\" { \"left\" \"right\" } "
    "{ { \"hold\" \"swerve\" } { \"hold\" \"swerve\" } }\n"
    "-10 -10  -1 2  2 -1  0 0\n";

/* Option 0 of each player, who has one information set, is to hold. */
static void print_equilibria(const dm_solution *solution)
{
  uint32_t n = dm_solution_count(solution);
  for (uint32_t i = 0; i < n; i++) {
    (void)printf(
        "left holds %.4f, right holds %.4f\n",
        dm_solution_probability(solution, i, 0),
        dm_solution_probability(solution, i, 2));
  }
  (void)printf(
      "%u found; the path leads to %.4f\n", (unsigned)n,
      dm_solution_probability(solution, UINT32_MAX, 0));
}

static dm_status run(dm_diags *diags)
{
  dm_game_options options = dm_game_defaults();
  dm_game_file *game = NULL;
  dm_solution *solution = NULL;
  dm_status why =
      dm_game_file_read(CHICKEN, strlen(CHICKEN), DM_GAME_NFG, diags, &game);
  options.limit = true;
  options.search = 20;
  if (why == DM_OK)
    why = dm_game_file_solve(game, &options, diags, &solution);
  if (why == DM_OK)
    print_equilibria(solution);
  dm_solution_free(solution);
  dm_game_file_free(game);
  return why;
}

int main(void)
{
  dm_diags *diags = dm_diags_new();
  dm_status why = diags ? run(diags) : DM_E_MEMORY;
  if (why != DM_OK)
    (void)fprintf(stderr, "equilibria: %s\n", dm_status_text(why));
  dm_diags_free(diags);
  return dm_status_exit_code(why);
}
