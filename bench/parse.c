/* bench/parse.c -- reading a game file of a million nodes, making the game of
 * it, writing it again: nanoseconds and bytes a node.
 *
 *   parse [LEVELS [ROUNDS]]
 *
 * The file is a binary tree of two players (2^20 - 1 nodes by default), four
 * nodes an information set, an outcome of its own with two decimal payoffs at
 * every ending.  Once in full, as most programs write, and once with later
 * nodes of a set giving its number alone.  The least of the rounds counts. */
#define _POSIX_C_SOURCE 200809L

#include "interop/gambit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void add_node(
    dm_str *out, uint32_t level, uint32_t levels, uint32_t place, bool full)
{
  if (level + 1 == levels) {
    dm_str_addf(
        out, "t \"\" %u \"\" { %u.%02u, %d }\n", place + 1, place % 37,
        place % 4 * 25, (int)(place % 41) - 20);
    return;
  }
  uint32_t set = (1u << level) / 4 + place / 4 + 1;
  dm_str_addf(out, "p \"\" %u %u ", 1 + level % 2, set);
  if (full || place % 4 == 0)
    dm_str_adds(out, "\"\" { \"wait\" \"strike\" } ");
  dm_str_adds(out, "0\n");
}

/* Preorder without recursion: `place` counts the nodes of a level. */
static void make_text(dm_str *out, uint32_t levels, bool full)
{
  dm_str_adds(out, "EFG 2 R \"a binary tree\" { \"north\" \"south\" }\n\n");
  uint32_t level = 0, place = 0;
  for (;;) {
    add_node(out, level, levels, place, full);
    if (level + 1 < levels) {
      level++;
      place *= 2;
      continue;
    }
    while (level > 0 && place % 2 == 1) {
      level--;
      place /= 2;
    }
    if (level == 0)
      return;
    place++;
  }
}

typedef struct figures {
  double read, make, write;
  uint32_t nodes;
  size_t bytes;
} figures;

static bool run(const dm_str *text, figures *f)
{
  dm_gambit *gambit = NULL;
  dm_gambit_game *game = NULL;
  dm_str out = {0};
  double start = seconds();
  if (dm_gambit_read(text->at, text->len, DM_GAMBIT_EFG, NULL, &gambit))
    return false;
  double read = seconds() - start;
  start = seconds();
  bool good = dm_gambit_game_make(gambit, &game) == DM_OK;
  double make = seconds() - start;
  start = seconds();
  good = good && dm_gambit_write(gambit, &out) == DM_OK;
  double write = seconds() - start;
  if (good) {
    f->read = read < f->read ? read : f->read;
    f->make = make < f->make ? make : f->make;
    f->write = write < f->write ? write : f->write;
    f->nodes = gambit->n_nodes;
    f->bytes = game->game.bytes;
  }
  dm_str_clear(&out);
  dm_gambit_game_free(game);
  dm_gambit_free(gambit);
  return good;
}

int main(int argc, char **argv)
{
  uint32_t levels = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 20;
  uint32_t rounds = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 5;
  if (levels < 1 || levels > 24 || rounds < 1) {
    fprintf(stderr, "usage: parse [LEVELS 1..24 [ROUNDS]]\n");
    return 2;
  }
  for (int full = 1; full >= 0; full--) {
    dm_str text = {0};
    figures f = {.read = 1e9, .make = 1e9, .write = 1e9};
    make_text(&text, levels, full == 1);
    for (uint32_t i = 0; i < rounds; i++)
      if (text.failed || !run(&text, &f))
        return 1;
    double n = f.nodes;
    printf(
        "parse %s: %u nodes, %.1f bytes a node in the file; read %.1f, make "
        "%.1f, both %.1f, write %.1f ns a node; game %.1f bytes a node\n",
        full ? "full " : "short", (unsigned)f.nodes, (double)text.len / n,
        f.read / n * 1e9, f.make / n * 1e9, (f.read + f.make) / n * 1e9,
        f.write / n * 1e9, (double)f.bytes / n);
    dm_str_clear(&text);
  }
  return 0;
}
