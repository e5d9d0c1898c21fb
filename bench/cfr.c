/* bench/cfr.c -- regret minimisation on poker, liar's dice and a crisis.
 *
 *   cfr                     the tables of bench/README.md
 *   cfr GAME ITERATIONS     one game (kuhn, leduc, ranks, dice, crisis),
 *                           nothing else: for instruction counts
 *
 * An iteration updates both players.  A pass is the update of one: it goes over
 * the game once down and once up.  Times are processor time.  Bytes moved are
 * those of matrices, plans, strategies and regrets, each counted once where it
 * is read and once where it is written; what loops over a group keep for
 * themselves is not counted. */
#include "support/crisis.h"
#include "support/poker.h"
#include "support/triad.h"

#include "solve/zero_sum.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { GAMES = 5, RULES = DM_CFR_RULES, PASSES = 11 };

typedef struct subject {
  const char *name;
  dm_game game;
  double *cell;
} subject;

static bool make(subject *s, const char *name)
{
  s->name = name;
  crisis_options crisis = {.rounds = 20};
  dm_status status = DM_E_RANGE;
  if (strcmp(name, "kuhn") == 0)
    status = poker_build(POKER_KUHN, 0, &s->game);
  else if (strcmp(name, "leduc") == 0)
    status = poker_build(POKER_LEDUC, 0, &s->game);
  else if (strcmp(name, "ranks") == 0)
    status = poker_build(POKER_LEDUC_RANKS, 0, &s->game);
  else if (strcmp(name, "dice") == 0)
    status = poker_build(POKER_DICE, 6, &s->game);
  else if (strcmp(name, "crisis") == 0)
    status = crisis_build(&crisis, &s->game);
  if (status != DM_OK)
    return false;
  const char *why = "";
  s->cell = malloc(s->game.n_cells * sizeof *s->cell);
  if (!s->cell)
    return false;
  dm_cells_run(&s->game, s->game.param_base, s->cell);
  if (dm_game_check(&s->game, s->cell, &why) == DM_OK)
    return true;
  fprintf(stderr, "cfr: %s: %s\n", name, why);
  return false;
}

static void drop(subject *s)
{
  dm_game_clear(&s->game);
  free(s->cell);
  *s = (subject){0};
}

static dm_cfr *learner(const subject *s)
{
  dm_cfr *cfr = NULL;
  const char *why = "";
  if (dm_cfr_new(&s->game, s->cell, &cfr, &why) != DM_OK)
    fprintf(stderr, "cfr: %s: %s\n", s->name, why);
  return cfr;
}

static int by_size(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* Processor time: what else runs on the machine counts less. */
static double spent(void)
{
  return (double)clock() / CLOCKS_PER_SEC;
}

/* Median and best seconds an iteration, or a certificate. */
static void measure(dm_cfr *cfr, bool certify, double *median, double *best)
{
  double took[PASSES];
  double began = spent();
  uint64_t rounds = 0;
  double gain[2];
  while (spent() - began < 0.05) {
    dm_cfr_run(cfr, 1);
    rounds++;
  }
  for (int pass = 0; pass < PASSES; pass++) {
    began = spent();
    if (certify)
      for (uint64_t i = 0; i < rounds; i++)
        (void)dm_cfr_exploitability(cfr, gain);
    else
      dm_cfr_run(cfr, rounds);
    took[pass] = (spent() - began) / (double)rounds;
  }
  qsort(took, PASSES, sizeof *took, by_size);
  *median = took[PASSES / 2];
  *best = took[0];
}

static bool speed_line(const char *name)
{
  subject s = {0};
  dm_cfr *cfr = NULL;
  double began = bench_now();
  bool ok = make(&s, name);
  double built = bench_now();
  ok = ok && (cfr = learner(&s));
  double planned = bench_now();
  for (int rule = 0; ok && rule < RULES; rule++) {
    double median, best, check, ignored;
    dm_cfr_set_rule(cfr, (dm_cfr_rule)rule);
    measure(cfr, false, &median, &best);
    measure(cfr, true, &check, &ignored);
    double moved = (double)dm_cfr_moved(cfr);
    double n = s.game.n_nodes;
    printf(
        "| %s | %s | %u | %u | %.1f | %.1f | %.2f | %.2f | %.2f | %.3f | %.1f "
        "| "
        "%.0f%% |\n",
        name, dm_cfr_rule_text((dm_cfr_rule)rule), s.game.n_nodes,
        s.game.n_sets, (double)s.game.bytes / n, (double)dm_cfr_bytes(cfr) / n,
        1e6 * median, 1e6 * best, 1e6 * check,
        1e9 * median / (2.0 * s.game.n_edges), 1e-9 * moved / median,
        100.0 * moved / median / bench_triad(dm_cfr_bytes(cfr)));
  }
  if (ok)
    fprintf(
        stderr, "%s: built in %.3f s, planned in %.3f s\n", name, built - began,
        planned - built);
  dm_cfr_free(cfr);
  drop(&s);
  return ok;
}

/* NashConv / 2 after iterations, and after seconds. */
static bool reach_line(const char *name)
{
  subject s = {0};
  dm_cfr *cfr = NULL;
  bool ok = make(&s, name) && (cfr = learner(&s));
  double gain[2];
  double value[2] = {0.0, 0.0};
  for (int rule = 0; ok && rule < RULES; rule++) {
    dm_cfr_set_rule(cfr, (dm_cfr_rule)rule);
    printf("| %s | %s |", name, dm_cfr_rule_text((dm_cfr_rule)rule));
    for (uint64_t t = 10; t <= 10000; t *= 10) {
      dm_cfr_run(cfr, t - dm_cfr_iterations(cfr));
      printf(" %.2e |", 0.5 * dm_cfr_exploitability(cfr, gain));
    }
    dm_cfr_set_rule(cfr, (dm_cfr_rule)rule);
    double began = spent();
    double limit = 0.1;
    for (int step = 0; step < 2; step++, limit *= 10.0) {
      while (spent() - began < limit)
        dm_cfr_run(cfr, 8);
      printf(" %.2e |", 0.5 * dm_cfr_exploitability(cfr, gain));
    }
    dm_cfr_value(cfr, value);
    printf(" %.8f | %.8f |\n", value[0], value[1]);
  }
  dm_cfr_free(cfr);
  drop(&s);
  return ok;
}

static int count_only(const char *name, const char *iterations)
{
  subject s = {0};
  dm_cfr *cfr = NULL;
  bool ok = make(&s, name) && (cfr = learner(&s));
  if (ok)
    dm_cfr_run(cfr, strtoull(iterations, NULL, 10));
  dm_cfr_free(cfr);
  drop(&s);
  return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
  static const char *const names[GAMES] = {
      "kuhn", "leduc", "ranks", "dice", "crisis"};
  if (argc > 2)
    return count_only(argv[1], argv[2]);
  bool ok = true;
  printf(
      "| game | rule | nodes | sets | game, B a node | solver, B a node | "
      "iteration, us | best, us | certificate, us | ns an edge and pass | "
      "GB/s | of triad |\n"
      "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | "
      "---: | ---: |\n");
  for (int i = 0; i < GAMES; i++)
    ok = speed_line(names[i]) && ok;
  printf("\n| game | rule | 10 | 100 | 1,000 | 10,000 | after 0.1 s | "
         "after 1 s | value, first | value, second |\n| --- | --- | ---: | "
         "---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  for (int i = 0; i < GAMES; i++)
    ok = reach_line(names[i]) && ok;
  return ok ? 0 : 1;
}
