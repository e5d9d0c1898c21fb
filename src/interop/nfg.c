/* interop/nfg.c -- reading a strategic game.
 *
 * In:     NFG 1 R "title" { players } { 2 3 } or { { "a" "b" } { ... } }
 *         ["comment"], then
 *           payoffs, all players a cell, or
 *           { { "outcome" payoffs } ... } and one outcome's number a cell
 *           (0: payoffs of zero).
 * Out:    the record of interop/gambit.h; cells in the order of the file, the
 *         first player's strategy varying fastest.
 * Method: one pass.  The number of cells is known before they are read and is
 *         compared with the bytes that are left: each takes two of them, so a
 *         head that promises 10^12 cells takes no memory.
 * Cost:   O(bytes). */
#include "interop/reading.h"

#include <string.h>

static void no_strategy(dm_reading *r, dm_token at, uint32_t player)
{
  dm_reading_fail(
      r, "E116", at, SIZE_MAX, "give every player at least one strategy",
      "player \"%.80s\" has no strategy", r->gambit->player[player]);
}

static void read_counts(dm_reading *r, uint32_t *count)
{
  dm_gambit *g = r->gambit;
  for (uint32_t a = 0; a < g->n_players; a++) {
    dm_token at;
    int64_t n = dm_reading_integer(r, "a number of strategies", &at);
    if (n < 1)
      no_strategy(r, at, a);
    if (n > INT32_MAX)
      dm_reading_fail(
          r, "E106", at, SIZE_MAX, "correct it",
          "no player can have so many strategies");
    count[a] = (uint32_t)n;
  }
}

static void read_names(dm_reading *r, uint32_t *count)
{
  dm_gambit *g = r->gambit;
  const char *const **all =
      dm_arena_array(&g->arena, g->n_players, sizeof *all);
  for (uint32_t a = 0; a < g->n_players; a++) {
    DM_VEC(const char *) name = {0};
    dm_token at = dm_reading_here(r);
    dm_reading_need(
        r, '{', "the list of strategies of the next player, { ... },");
    while (!dm_reading_mark(r, '}'))
      DM_PUSH(
          &g->arena, &name,
          dm_reading_text(r, "a strategy's name, in quotes, or }"));
    if (name.n == 0)
      no_strategy(r, at, a);
    all[a] = name.at;
    count[a] = name.n;
  }
  g->strategy = all;
}

static void read_strategies(dm_reading *r)
{
  dm_gambit *g = r->gambit;
  uint32_t *count = dm_arena_array(&g->arena, g->n_players, sizeof *count);
  dm_reading_need(
      r, '{',
      "a list of numbers or names of strategies, { 2 2 } or { { \"a\" } ... "
      "},");
  if (dm_reading_peek(r) == '{')
    read_names(r, count);
  else
    read_counts(r, count);
  dm_reading_need(r, '}', "the closing brace of the strategies");
  g->n_strategies = count;
}

static void count_cells(dm_reading *r)
{
  dm_gambit *g = r->gambit;
  g->n_cells = 1;
  for (uint32_t a = 0; a < g->n_players; a++) {
    if (g->n_strategies[a] > (r->len + 1) / g->n_cells)
      dm_reading_fail(
          r, "E114", (dm_token){r->len, r->len}, SIZE_MAX,
          "the file may have been cut off, or a number of strategies is wrong",
          "the file is too short for a cell for each pick of strategies");
    g->n_cells *= g->n_strategies[a];
  }
}

static void read_payoffs(dm_reading *r)
{
  dm_gambit *g = r->gambit;
  uint64_t n = g->n_cells * g->n_players;
  if (n > 0 && (r->len - r->at) / n == 0)
    dm_reading_fail(
        r, "E114", (dm_token){r->len, r->len}, SIZE_MAX,
        "give all players' payoffs for every cell, the first player's "
        "strategy moving fastest",
        "%llu cells of %u payoffs each do not fit in what is left of the file",
        (unsigned long long)g->n_cells, (unsigned)g->n_players);
  dm_gambit_number *pay = dm_arena_array(&g->arena, (size_t)n, sizeof *pay);
  for (uint64_t i = 0; i < n; i++) {
    if (dm_reading_peek(r) == ',')
      dm_reading_fail(
          r, "E103", dm_reading_here(r), SIZE_MAX, "leave the comma out",
          "payoffs of a table are separated by blanks only");
    pay[i] = dm_reading_number(r, "a payoff");
  }
  g->cell_pay = pay;
}

static void read_outcomes(dm_reading *r)
{
  dm_gambit *g = r->gambit;
  DM_VEC(dm_gambit_outcome) outcome = {0};
  dm_reading_need(r, '{', "the outcomes, { { \"name\" 1 2 } ... },");
  while (!dm_reading_mark(r, '}')) {
    dm_gambit_outcome one = {.id = (int64_t)outcome.n + 1};
    dm_reading_need(r, '{', "an outcome, { \"name\" 1 2 }, or }");
    one.label = dm_reading_text(r, "the outcome's name, in quotes,");
    one.pay = dm_reading_payoffs(r);
    DM_PUSH(&g->arena, &outcome, one);
  }
  g->outcome = outcome.at;
  g->n_outcomes = outcome.n;
}

static void read_cells(dm_reading *r)
{
  dm_gambit *g = r->gambit;
  if ((r->len - r->at) / g->n_cells == 0)
    dm_reading_fail(
        r, "E114", (dm_token){r->len, r->len}, SIZE_MAX,
        "give an outcome's number for every cell",
        "%llu cells do not fit in what is left of the file",
        (unsigned long long)g->n_cells);
  uint32_t *cell = dm_arena_array(&g->arena, (size_t)g->n_cells, sizeof *cell);
  for (uint64_t i = 0; i < g->n_cells; i++) {
    dm_token at;
    int64_t id = dm_reading_integer(r, "the number of an outcome", &at);
    if (id < 0 || id > (int64_t)g->n_outcomes)
      dm_reading_fail(
          r, "E110", at, SIZE_MAX,
          "outcomes are numbered from 1 in the order of their list; 0 is none",
          "there are %u outcomes, and no outcome %lld", (unsigned)g->n_outcomes,
          (long long)id);
    cell[i] = (uint32_t)id;
  }
  g->cell_outcome = cell;
}

void dm_nfg_read(dm_reading *r)
{
  dm_gambit *g = r->gambit;
  read_strategies(r);
  if (dm_reading_peek(r) == '"')
    g->comment = dm_reading_text(r, "the comment");
  count_cells(r);
  g->by_outcome = dm_reading_peek(r) == '{';
  if (!g->by_outcome) {
    read_payoffs(r);
    return;
  }
  read_outcomes(r);
  read_cells(r);
}
