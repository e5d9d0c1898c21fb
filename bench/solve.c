/* bench/solve.c -- what an equilibrium costs: work counts, the same on every
 * machine, and seconds.
 *
 *   solve                    the table of bench/README.md
 *   solve ROUNDS LEVELS K    one game (LEVELS 0: tree) at sharpness K */
#include "support/crisis.h"
#include "support/triad.h"

#include "solve/certificate.h"
#include "solve/solver.h"

#include <stdio.h>
#include <stdlib.h>

static bool line(const crisis_options *options, double k)
{
  dm_game game;
  if (crisis_build(options, &game) != DM_OK)
    return false;
  dm_sweep *sweep = dm_sweep_new(&game);
  double *log_p = calloc(game.n_slots, sizeof *log_p);
  dm_solve_options so = dm_solve_defaults();
  so.k_end = k;
  dm_solve_result r;
  dm_certificate c = {0};
  bool ok = sweep && log_p && dm_solve_logit(sweep, &so, log_p, &r) == DM_OK &&
            dm_certificate_verify(
                &game, dm_sweep_cells(sweep), log_p, r.k, &c) == DM_OK;
  if (ok)
    printf(
        "| %s, %u rounds | %u | %u | %u | %g | %s | %u | %u | %llu | %llu |"
        " %.1e | %.6f |\n",
        options->levels ? "graph" : "tree", options->rounds, game.n_nodes,
        game.n_sets, game.n_slots, r.k, dm_verdict_text(r.verdict), r.steps,
        r.newton, (unsigned long long)r.sweeps, (unsigned long long)r.tangents,
        c.residual, r.seconds);
  fflush(stdout);
  dm_certificate_clear(&c);
  free(log_p);
  dm_sweep_free(sweep);
  dm_game_clear(&game);
  return ok;
}

int main(int argc, char **argv)
{
  printf("| game | situations | sets | slots | lambda | verdict | steps |"
         " Newton | sweeps | products | certified residual | seconds |\n"
         "| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: |"
         " ---: | ---: | ---: |\n");
  if (argc > 3) {
    crisis_options o = {
        .rounds = (uint32_t)strtoul(argv[1], NULL, 10),
        .levels = (uint32_t)strtoul(argv[2], NULL, 10)};
    return line(&o, strtod(argv[3], NULL)) ? 0 : 1;
  }
  static const struct {
    crisis_options game;
    double k;
  } lines[] = {
      {{.rounds = 6}, 1},
      {{.rounds = 6}, 5},
      {{.rounds = 6}, 14},
      {{.rounds = 20}, 1},
      {{.rounds = 20}, 5},
      {{.rounds = 20}, 12},
      {{.rounds = 20}, 14},
      {{.rounds = 35}, 5},
      {{.rounds = 35}, 10},
      {{.rounds = 204}, 1},
      {{.rounds = 20, .levels = 25}, 14},
      {{.rounds = 100, .levels = 64}, 14},
      {{.rounds = 489, .levels = 128}, 1},
      {{.rounds = 489, .levels = 128}, 14},
  };
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
    if (!line(&lines[i].game, lines[i].k)) {
      fprintf(stderr, "solve: memory ran out\n");
      return 1;
    }
  return 0;
}
