/* bench/crisis_efg.c -- writes a tree of support/crisis.h as a Gambit file.
 *
 *   crisis_efg ROUNDS > game.efg
 *
 * Information sets are numbered for each player in the order of the game's own
 * sets; payoffs, which here may stand on any edge, are added up and written at
 * the endings, with 17 digits, so that a reader gets the same game. */
#include "support/crisis.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_DEPTH = 4096, PLAYERS = 2 };

typedef struct frame {
  uint32_t node, edge;
  double paid[PLAYERS];
} frame;

typedef struct writer {
  const dm_game *game;
  const double *cell;
  uint32_t *number; /* [n_sets] number of a set among its player's, from 1 */
  uint32_t endings;
  frame stack[MOST_DEPTH];
} writer;

static void head(const writer *w, const frame *f)
{
  const dm_game *g = w->game;
  uint32_t set = g->node_set[f->node];
  uint32_t begin = g->node_edge[f->node];
  uint32_t count = g->node_edge[f->node + 1] - begin;
  if (set == DM_NODE_CHANCE) {
    printf("c \"\" %u \"\" {", f->node + 1);
    for (uint32_t i = 0; i < count; i++)
      printf(" \"%u\" %.17g", i + 1, w->cell[g->edge_slot[begin + i]]);
  } else {
    printf("p \"\" %u %u \"\" {", g->set_player[set] + 1, w->number[set]);
    for (uint32_t i = 0; i < count; i++)
      printf(" \"%u\"", i + 1);
  }
  printf(" } 0\n");
}

static void enter(writer *w, frame *f, uint32_t node)
{
  f->node = node;
  f->edge = w->game->node_edge[node];
  if (w->game->node_set[node] < DM_NODE_END)
    head(w, f);
  else
    printf(
        "t \"\" %u \"\" { %.17g, %.17g }\n", ++w->endings, f->paid[0],
        f->paid[1]);
}

/* Depth first, options in order, as the format wants it. */
static bool write_tree(writer *w)
{
  const dm_game *g = w->game;
  uint32_t depth = 0;
  w->stack[0].paid[0] = w->stack[0].paid[1] = 0.0;
  enter(w, &w->stack[0], 0);
  for (;;) {
    frame *f = &w->stack[depth];
    if (f->edge == g->node_edge[f->node + 1]) {
      if (depth-- == 0)
        return true;
      continue;
    }
    if (depth + 1 == MOST_DEPTH)
      return false;
    frame *next = &w->stack[++depth];
    const uint32_t *row = g->row_cell + g->edge_row[f->edge] * PLAYERS;
    for (int a = 0; a < PLAYERS; a++)
      next->paid[a] = f->paid[a] + w->cell[row[a]];
    enter(w, next, g->edge_child[f->edge++]);
  }
}

int main(int argc, char **argv)
{
  crisis_options o = {
      .rounds = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0};
  dm_game game;
  if (o.rounds == 0 || crisis_build(&o, &game) != DM_OK) {
    fprintf(stderr, "usage: crisis_efg ROUNDS\n");
    return 2;
  }
  double *cell = calloc(game.n_cells, sizeof *cell);
  uint32_t *number = calloc(game.n_sets, sizeof *number);
  writer *w = calloc(1, sizeof *w);
  bool ok = cell && number && w;
  if (ok) {
    uint32_t count[PLAYERS] = {0};
    for (uint32_t s = 0; s < game.n_sets; s++)
      number[s] = ++count[game.set_player[s]];
    dm_cells_run(&game, game.param_base, cell);
    w->game = &game;
    w->cell = cell;
    w->number = number;
    printf(
        "EFG 2 R \"crisis, %u rounds\" { \"First\" \"Second\" }\n\"\"\n\n",
        o.rounds);
    ok = write_tree(w) && fflush(stdout) == 0;
  }
  free(w);
  free(number);
  free(cell);
  dm_game_clear(&game);
  return ok ? 0 : 1;
}
