/* Every allocation of `solve` fails once: the call says so or has an answer
 * that stands, and keeps nothing. */
#include "unit.h"
#include "alloc.h"

#include <demarche/demarche.h>

#include <math.h>
#include <string.h>

static const char PENNIES[] = "EFG 2 R \"Pennies\" { \"a\" \"b\" }\n"
                              "p \"\" 1 1 \"\" { \"h\" \"t\" } 0\n"
                              "p \"\" 2 1 \"\" { \"h\" \"t\" } 0\n"
                              "t \"\" 1 \"hh\" { 3, -3 }\n"
                              "t \"\" 2 \"apart\" { -1, 1 }\n"
                              "p \"\" 2 1 0\n"
                              "t \"\" 2\n"
                              "t \"\" 3 \"tt\" { 1, -1 }\n";

static const char SMALL[] = "scenario small\n"
                            "  turns 1 to 2\n"
                            "  otherwise quiet\n"
                            "actor us sharpness 0.1\n"
                            "choice act of us\n"
                            "  wait\n"
                            "  stop -> end peace\n"
                            "payoff us\n"
                            "  peace 10\n"
                            "  quiet 0\n";

/* What was solved is freed here; the answer, if there is one, must be right. */
static void judge(dm_status status, dm_solution *solution, size_t n)
{
  bool absorbed = status == DM_OK || status == DM_E_CONVERGE;
  if (!absorbed && status != DM_E_MEMORY)
    FAIL("request %zu: %s", n, dm_status_text(status));
  if (status == DM_OK && !dm_solution_answered(solution))
    FAIL("request %zu: done without an answer", n);
  dm_solution_free(solution);
  if (unit_alloc_live() != 0)
    FAIL("request %zu: %ld blocks are kept", n, unit_alloc_live());
}

static void solve_again(
    const dm_game_file *file, const dm_game_options *options)
{
  size_t n = 1;
  for (;; n++) {
    dm_solution *solution = NULL;
    unit_alloc_fail_at(n);
    dm_status status = dm_game_file_solve(file, options, NULL, &solution);
    if (!unit_alloc_failed()) {
      unit_alloc_reset();
      ASSERT_OK(status);
      ASSERT_NEAR(
          dm_solution_probability(solution, UINT32_MAX, 0),
          options->limit ? 1.0 / 3 : 0.3689, options->limit ? 1e-3 : 0.2);
      dm_solution_free(solution);
      break;
    }
    judge(status, solution, n);
  }
  ASSERT_TRUE(n > 10);
}

static dm_game_file *pennies(void)
{
  dm_diags *diags = dm_diags_new();
  dm_game_file *file = NULL;
  ASSERT_OK(
      dm_game_file_read(PENNIES, strlen(PENNIES), DM_GAME_EFG, diags, &file));
  dm_diags_free(diags);
  return file;
}

TEST(a_path_fails_cleanly)
{
  dm_game_file *file = pennies();
  const double at[] = {0.5, 1};
  dm_game_options options = dm_game_defaults();
  options.sharpness = 2;
  options.at = at;
  options.n_at = 2;
  options.path = options.branches = true;
  solve_again(file, &options);
  options = dm_game_defaults();
  options.limit = true;
  solve_again(file, &options);
  dm_game_file_free(file);
}

TEST(a_search_fails_cleanly)
{
  dm_game_file *file = pennies();
  dm_game_options options = dm_game_defaults();
  options.limit = true;
  options.search = 2;
  options.threads = 1;
  solve_again(file, &options);
  dm_game_file_free(file);
}

TEST(other_methods_fail_cleanly)
{
  dm_game_file *file = pennies();
  const dm_solve_method method[] = {
      DM_SOLVE_LP, DM_SOLVE_CFR, DM_SOLVE_ENUMERATE};
  for (size_t i = 0; i < sizeof method / sizeof *method; i++) {
    dm_game_options options = dm_game_defaults();
    options.method = method[i];
    options.limit = true;
    options.iterations = 3000;
    solve_again(file, &options);
  }
  dm_game_file_free(file);
}

TEST(a_scenario_as_a_game_fails_cleanly)
{
  dm_diags *diags = dm_diags_new();
  dm_scenario *scenario = NULL;
  ASSERT_OK(dm_scenario_read(
      SMALL, strlen(SMALL), DM_SOURCE_STANDOFF, diags, &scenario));
  dm_game_options options = dm_game_defaults();
  for (size_t n = 1;; n++) {
    dm_solution *solution = NULL;
    unit_alloc_fail_at(n);
    dm_status status = dm_scenario_solve(scenario, &options, diags, &solution);
    if (!unit_alloc_failed()) {
      unit_alloc_reset();
      ASSERT_OK(status);
      dm_solution_free(solution);
      break;
    }
    judge(status, solution, n);
  }
  dm_scenario_free(scenario);
  dm_diags_free(diags);
}

TEST(writing_fails_cleanly)
{
  dm_game_file *file = pennies();
  dm_game_options options = dm_game_defaults();
  dm_solution *solution = NULL;
  options.limit = true;
  options.search = 2;
  ASSERT_OK(dm_game_file_solve(file, &options, NULL, &solution));
  for (int json = 0; json < 2; json++) {
    dm_print_options print = dm_print_defaults();
    print.json = json == 1;
    for (size_t n = 1;; n++) {
      dm_text text = {0};
      unit_alloc_fail_at(n);
      dm_status status = dm_solution_write(solution, &print, &text);
      if (!unit_alloc_failed()) {
        unit_alloc_reset();
        ASSERT_OK(status);
        dm_text_free(&text);
        break;
      }
      if (status != DM_E_MEMORY)
        FAIL("request %zu: %s", n, dm_status_text(status));
      ASSERT_NULL(text.at);
      if (unit_alloc_live() != 0)
        FAIL("request %zu: %ld blocks are kept", n, unit_alloc_live());
    }
  }
  dm_solution_free(solution);
  dm_game_file_free(file);
}

TEST_MAIN(
    CASE(a_path_fails_cleanly), CASE(a_search_fails_cleanly),
    CASE(other_methods_fail_cleanly), CASE(a_scenario_as_a_game_fails_cleanly),
    CASE(writing_fails_cleanly))
