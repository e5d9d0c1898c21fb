/* bench/sweep.c -- what a sweep costs: nanoseconds a situation, bytes moved,
 * the share of a triad of the same size measured in the same run.
 *
 *   sweep            the table of bench/README.md
 *   sweep NODES      the same for games of about NODES situations only
 *
 * A forward and a backward pass together, one tangent, one product with the
 * preconditioned matrix of the solver; best of several repetitions each. */
#include "support/crisis.h"
#include "support/triad.h"

#include "game/sweep.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct timing {
  double run, tangent, product; /* seconds, best */
} timing;

typedef struct work {
  dm_sweep *sweep;
  double *log_p, *move, *out;
} work;

enum { KIND_RUN, KIND_TANGENT, KIND_PRODUCT };

static void once(work *w, int kind)
{
  if (kind == KIND_RUN) {
    dm_sweep_run(w->sweep, w->log_p);
  } else if (kind == KIND_TANGENT) {
    dm_sweep_tangent(w->sweep, w->move, w->out);
  } else {
    dm_sweep_backsolve(w->sweep, 1.0, w->move, w->out);
    dm_sweep_belief_tangent(w->sweep, w->move, w->out);
  }
}

static double best_of(work *w, int kind, uint32_t nodes)
{
  int rounds = 1 + (int)(2000000 / (nodes + 1));
  double best = 1e300;
  for (int pass = 0; pass < 10; pass++) {
    double began = bench_now();
    for (int r = 0; r < rounds; r++)
      once(w, kind);
    double took = (bench_now() - began) / rounds;
    best = took < best ? took : best;
  }
  return best;
}

static bool measure(const dm_game *game, timing *t, size_t *bytes)
{
  work w = {.sweep = dm_sweep_new(game)};
  w.log_p = calloc(game->n_slots, sizeof(double));
  w.move = calloc(game->n_slots, sizeof(double));
  w.out = calloc(game->n_slots, sizeof(double));
  bool ok = w.sweep && w.log_p && w.move && w.out;
  for (uint32_t i = 0; ok && i < game->n_slots; i++) {
    w.log_p[i] = -1.0986122886681098; /* log 1/3: three options each */
    w.move[i] = i % 3 == 0 ? 0.5 : -0.25;
  }
  if (ok) {
    t->run = best_of(&w, KIND_RUN, game->n_nodes);
    t->tangent = best_of(&w, KIND_TANGENT, game->n_nodes);
    t->product = best_of(&w, KIND_PRODUCT, game->n_nodes);
    *bytes = dm_sweep_bytes(w.sweep);
  }
  dm_sweep_free(w.sweep);
  free(w.log_p);
  free(w.move);
  free(w.out);
  return ok;
}

static bool line(const char *name, const crisis_options *options)
{
  dm_game game;
  timing t = {0};
  size_t moved = 0;
  if (crisis_build(options, &game) != DM_OK)
    return false;
  bool ok = measure(&game, &t, &moved);
  if (ok) {
    double n = game.n_nodes;
    size_t held = game.bytes + dm_sweep_held(&game);
    size_t lean = game.bytes + dm_sweep_held_for(&game, 0);
    double triad = bench_triad(held);
    double rate = (double)moved / t.run;
    printf(
        "| %s | %u | %u | %.1f | %.1f | %.1f | %.0f | %.0f | %.0f | %.1f | "
        "%.0f%% |"
        "\n",
        name, game.n_nodes, game.n_edges, 1e9 * t.run / n, 1e9 * t.tangent / n,
        1e9 * t.product / n, (double)lean / n, (double)held / n,
        (double)moved / n, 1e-9 * rate, 100.0 * rate / triad);
  }
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
  printf("| game | situations | edges | run, ns | tangent, ns | product, ns |"
         " lean, B | held, B | moved, B | GB/s | of triad |\n"
         "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
         " ---: |\n");
  for (int i = 0; i < count; i++) {
    double n = sizes[i];
    crisis_options tree = {.rounds = crisis_tree_rounds(n)};
    uint32_t levels = n < 3e4 ? 32 : 128;
    crisis_options graph = {
        .rounds = (uint32_t)(n / (16.0 * levels)) + 1, .levels = levels};
    crisis_options wild = graph;
    wild.shuffle = true;
    if (!line("tree", &tree) || !line("graph", &graph) ||
        !line("graph, scrambled", &wild)) {
      fprintf(stderr, "sweep: memory ran out\n");
      return 1;
    }
  }
  return 0;
}
