/* bench/lanes.c -- what a draw costs in lanes and alone.
 *
 *   lanes [NODES]
 *
 * Nanoseconds a situation and draw, the best of several repetitions, the two
 * ways taking turns.  Strategies differ from lane to lane. */
#include "support/crisis.h"
#include "support/triad.h"

#include "game/lanes.h"
#include "game/sweep.h"
#include "num/expo.h"

#include <stdio.h>
#include <stdlib.h>

enum { L = DM_LANES, PASSES = 12 };
enum { RUN, TANGENT, PRODUCT, KINDS };

typedef struct work {
  dm_sweep *sweep;
  dm_lanes *lanes;
  double *log_p, *move, *out;
  double *all_log_p, *all_move, *all_out;
} work;

static void alone(work *w, int kind)
{
  if (kind == RUN) {
    dm_sweep_run(w->sweep, w->log_p);
  } else if (kind == TANGENT) {
    dm_sweep_tangent(w->sweep, w->move, w->out);
  } else {
    dm_sweep_backsolve(w->sweep, 1.0, w->move, w->out);
    dm_sweep_belief_tangent(w->sweep, w->move, w->out);
  }
}

static void together(work *w, int kind)
{
  double k[L];
  for (int l = 0; l < L; l++)
    k[l] = 1.0;
  if (kind == RUN) {
    dm_lanes_run(w->lanes, w->all_log_p);
  } else if (kind == TANGENT) {
    dm_lanes_tangent(w->lanes, w->all_move, w->all_out);
  } else {
    dm_lanes_backsolve(w->lanes, k, w->all_move, w->all_out);
    dm_lanes_belief_tangent(w->lanes, w->all_move, w->all_out);
  }
}

static double seconds(work *w, int kind, bool lanes, int rounds)
{
  double began = bench_now();
  for (int r = 0; r < rounds; r++) {
    if (lanes)
      together(w, kind);
    else
      alone(w, kind);
  }
  return (bench_now() - began) / rounds;
}

static bool set_up(work *w, const dm_game *g)
{
  size_t n = g->n_slots;
  *w = (work){.sweep = dm_sweep_new(g), .lanes = dm_lanes_new(g)};
  w->log_p = calloc(n, sizeof(double));
  w->move = calloc(n, sizeof(double));
  w->out = calloc(n, sizeof(double));
  w->all_log_p = calloc(n * L, sizeof(double));
  w->all_move = calloc(n * L, sizeof(double));
  w->all_out = calloc(n * L, sizeof(double));
  if (!w->sweep || !w->lanes || !w->log_p || !w->move || !w->out ||
      !w->all_log_p || !w->all_move || !w->all_out)
    return false;
  for (size_t l = 0; l < L; l++) {
    for (size_t i = 0; i < n; i++) {
      w->log_p[i] = 0.1 * (double)((i * 7 + l * 3) % 11);
      w->move[i] = i % 3 == 0 ? 0.5 : -0.25;
    }
    for (uint32_t s = 0; s < g->n_sets; s++)
      dm_log_softmax(
          w->log_p + g->set_slot[s], g->set_slot[s + 1] - g->set_slot[s],
          w->log_p + g->set_slot[s]);
    for (size_t i = 0; i < n; i++) {
      w->all_log_p[i * L + l] = w->log_p[i];
      w->all_move[i * L + l] = w->move[i];
    }
  }
  return true;
}

static void tear_down(work *w)
{
  dm_sweep_free(w->sweep);
  dm_lanes_free(w->lanes);
  free(w->log_p);
  free(w->move);
  free(w->out);
  free(w->all_log_p);
  free(w->all_move);
  free(w->all_out);
}

static bool line(const char *name, const crisis_options *options)
{
  dm_game game;
  work w;
  if (crisis_build(options, &game) != DM_OK)
    return false;
  bool ok = set_up(&w, &game);
  int rounds = 1 + (int)(400000 / (game.n_nodes + 1));
  double best[2][KINDS];
  for (int kind = 0; ok && kind < KINDS; kind++)
    for (int both = 0; both < 2; both++)
      best[both][kind] = 1e300;
  for (int pass = 0; ok && pass < PASSES; pass++)
    for (int kind = 0; kind < KINDS; kind++)
      for (int both = 0; both < 2; both++) {
        double took = seconds(&w, kind, both == 1, rounds) / (both ? L : 1);
        best[both][kind] = took < best[both][kind] ? took : best[both][kind];
      }
  if (ok) {
    printf("| %s | %u | %u |", name, game.n_nodes, game.n_edges);
    for (int kind = 0; kind < KINDS; kind++)
      printf(
          " %.1f | %.2f | %.1f |", 1e9 * best[0][kind] / game.n_nodes,
          1e9 * best[1][kind] / game.n_nodes, best[0][kind] / best[1][kind]);
    printf(" %.0f |\n", (double)dm_lanes_held(&game) / L / game.n_nodes);
  }
  tear_down(&w);
  dm_game_clear(&game);
  return ok;
}

int main(int argc, char **argv)
{
  double sizes[] = {1e4, 1e5, 1e6};
  int count = 3;
  if (argc > 1) {
    sizes[0] = strtod(argv[1], NULL);
    count = 1;
  }
  printf(
      "| game | situations | edges | run alone, ns | in lanes | ratio |"
      " tangent | in lanes | ratio | product | in lanes | ratio | held, B |\n"
      "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
      " ---: | ---: | ---: | ---: |\n");
  for (int i = 0; i < count; i++) {
    crisis_options tree = {.rounds = crisis_tree_rounds(sizes[i])};
    uint32_t levels = sizes[i] < 3e4 ? 32 : 128;
    crisis_options graph = {
        .rounds = (uint32_t)(sizes[i] / (16.0 * levels)) + 1, .levels = levels};
    if (!line("tree", &tree) || !line("graph", &graph)) {
      fprintf(stderr, "lanes: memory ran out\n");
      return 1;
    }
  }
  return 0;
}
