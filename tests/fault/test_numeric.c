/* The heap under the numeric heart: passes ask for nothing, and a solve whose
 * memory runs out changes nothing and keeps nothing. */
#include "unit.h"

#include "alloc.h"
#include "random_game.h"

#include "game/sweep.h"
#include "num/dense.h"
#include "num/expo.h"
#include "num/gmres.h"
#include "solve/certificate.h"
#include "solve/solver.h"

#include <math.h>

static void make(dm_game *game)
{
  random_game_options o = {
      .seed = 12, .players = 2, .layers = 6, .width = 10, .payoff = 1.0};
  random_game(&o, game);
}

TEST(passes_allocate_nothing)
{
  dm_game game;
  make(&game);
  dm_sweep *sweep = dm_sweep_new(&game);
  double *log_p = calloc(game.n_slots, sizeof *log_p);
  double *move = calloc(game.n_slots, sizeof *move);
  double *out = calloc(game.n_slots, sizeof *out);
  for (uint32_t s = 0; s < game.n_sets; s++)
    dm_log_softmax(
        log_p + game.set_slot[s], game.set_slot[s + 1] - game.set_slot[s],
        log_p + game.set_slot[s]);
  move[0] = 1.0;
  unit_alloc_reset();
  for (int i = 0; i < 3; i++) {
    dm_sweep_refill(sweep, game.param_base);
    dm_sweep_run(sweep, log_p);
    dm_sweep_tangent(sweep, move, out);
    dm_sweep_belief_tangent(sweep, move, out);
    dm_sweep_backsolve(sweep, 1.0, move, out);
  }
  ASSERT_UINT(unit_alloc_count(), 0);
  free(log_p);
  free(move);
  free(out);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
}

static void halve(void *data, const double *x, double *y)
{
  size_t n = *(const size_t *)data;
  for (size_t i = 0; i < n; i++)
    y[i] = 0.5 * x[i] + (i ? 0.1 * x[i - 1] : 0.0);
}

TEST(linear_systems_allocate_nothing)
{
  enum { N = 100 };
  size_t n = N;
  double b[N], x[N];
  for (int i = 0; i < N; i++)
    b[i] = i;
  dm_gmres *gmres = dm_gmres_new(n, 10);
  unit_alloc_reset();
  (void)dm_gmres_run(gmres, halve, &n, b, 1e-12, 200, x);
  ASSERT_UINT(unit_alloc_count(), 0);
  dm_gmres_free(gmres);
  dm_dense *dense = dm_dense_new(N);
  unit_alloc_reset();
  for (uint32_t i = 0; i < N; i++)
    dense->a[i * N + i] = 1.0 + i;
  dm_dense_factor(dense);
  dm_dense_solve(dense, b);
  ASSERT_UINT(unit_alloc_count(), 0);
  dm_dense_free(dense);
}

static dm_status solve(dm_sweep *sweep, double k, double *log_p)
{
  dm_solve_options options = dm_solve_defaults();
  options.k_end = k;
  dm_solve_result result;
  return dm_solve_logit(sweep, &options, log_p, &result);
}

/* A walk of many steps asks for no more than one of few. */
TEST(a_walk_allocates_once)
{
  dm_game game;
  make(&game);
  dm_sweep *sweep = dm_sweep_new(&game);
  double *log_p = calloc(game.n_slots, sizeof *log_p);
  unit_alloc_reset();
  ASSERT_OK(solve(sweep, 0.01, log_p));
  size_t few = unit_alloc_count();
  unit_alloc_reset();
  ASSERT_OK(solve(sweep, 20.0, log_p));
  ASSERT_UINT(unit_alloc_count(), few);
  ASSERT_INT(unit_alloc_live(), 0);
  free(log_p);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
}

TEST(each_allocation_of_a_solve_fails_once)
{
  dm_game game;
  make(&game);
  double *log_p = calloc(game.n_slots, sizeof *log_p);
  double *cell = calloc(game.n_cells, sizeof *cell);
  dm_cells_run(&game, game.param_base, cell);
  for (size_t n = 1;; n++) {
    unit_alloc_fail_at(n);
    dm_certificate c = {0};
    const char *why = NULL;
    dm_status status = dm_game_check(&game, cell, &why);
    dm_sweep *sweep = status == DM_OK ? dm_sweep_new(&game) : NULL;
    if (status == DM_OK)
      status = sweep ? solve(sweep, 1.0, log_p) : DM_E_MEMORY;
    if (status == DM_OK)
      status = dm_certificate_verify(&game, cell, log_p, 1.0, &c);
    if (!unit_alloc_failed()) {
      ASSERT_OK(status);
      ASSERT_TRUE(n > 10);
      dm_certificate_clear(&c);
      dm_sweep_free(sweep);
      break;
    }
    ASSERT_STATUS(status, DM_E_MEMORY);
    ASSERT_NULL(c.regret);
    dm_sweep_free(sweep);
    ASSERT_INT(unit_alloc_live(), 0);
  }
  free(log_p);
  free(cell);
  dm_game_clear(&game);
}

TEST_MAIN(
    CASE(passes_allocate_nothing), CASE(linear_systems_allocate_nothing),
    CASE(a_walk_allocates_once), CASE(each_allocation_of_a_solve_fails_once))
