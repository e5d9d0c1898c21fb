/* tests/fuzz/gambit.h -- what both readers of game files promise, on anything.
 *
 * A refusal comes with one message whose place lies in the text.  What is
 * accepted is written, read and written again to the same bytes, and says the
 * same; a game is made of it that passes every check and can be swept. */
#ifndef DM_TESTS_FUZZ_GAMBIT_H
#define DM_TESTS_FUZZ_GAMBIT_H

#include "game/sweep.h"
#include "interop/gambit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static inline void must(bool holds)
{
  if (!holds)
    abort();
}

static inline void check_refusal(
    const dm_diags *diags, const char *text, size_t size)
{
  must(dm_diags_size(diags) == 1);
  const dm_diag *diag = dm_diags_at(diags, 0);
  uint32_t lines = 1;
  for (size_t i = 0; i < size; i++)
    lines += text[i] == '\n';
  must(diag->line > 0 && diag->line <= lines);
  must(diag->column > 0 && diag->length > 0 && diag->other_line <= diag->line);
  must(diag->text[0] != '\0' && diag->repair[0] != '\0');
  must(diag->code[0] == 'E' && diag->code[1] == '1' && diag->title[0] != '\0');
}

static inline void same_numbers(
    const dm_gambit_number *a, const dm_gambit_number *b, uint64_t n)
{
  for (uint64_t i = 0; i < n; i++)
    must(
        strcmp(a[i].text, b[i].text) == 0 &&
        memcmp(&a[i].value, &b[i].value, sizeof a[i].value) == 0);
}

/* All but the labels, which are made unique. */
static inline void same_record(const dm_gambit *a, const dm_gambit *b)
{
  must(a->n_players == b->n_players && a->n_sets == b->n_sets);
  must(a->n_nodes == b->n_nodes && a->n_outcomes == b->n_outcomes);
  must(a->n_cells == b->n_cells && a->by_outcome == b->by_outcome);
  must(!a->comment == !b->comment && strcmp(a->title, b->title) == 0);
  must(!a->comment || strcmp(a->comment, b->comment) == 0);
  for (uint32_t s = 0; s < a->n_sets; s++) {
    const dm_gambit_set *x = &a->set[s], *y = &b->set[s];
    must(x->id == y->id && x->player == y->player);
    must(x->n_actions == y->n_actions && x->first_node == y->first_node);
    must(!x->chance == !y->chance);
    if (x->chance)
      same_numbers(x->chance, y->chance, x->n_actions);
  }
  for (uint32_t o = 0; o < a->n_outcomes; o++) {
    must(a->outcome[o].id == b->outcome[o].id);
    same_numbers(a->outcome[o].pay, b->outcome[o].pay, a->n_players);
  }
  for (uint32_t n = 0; n < a->n_nodes; n++) {
    const dm_gambit_node *x = &a->node[n], *y = &b->node[n];
    must(x->kind == y->kind && x->set == y->set);
    must(x->outcome == y->outcome && x->parent == y->parent);
  }
  for (uint64_t c = 0; c < a->n_cells && a->by_outcome; c++)
    must(a->cell_outcome[c] == b->cell_outcome[c]);
  if (a->n_cells > 0 && !a->by_outcome)
    same_numbers(a->cell_pay, b->cell_pay, a->n_cells * a->n_players);
}

static inline void check_written(const dm_gambit *first, dm_diags *diags)
{
  dm_str once = {0}, twice = {0};
  dm_gambit *second = NULL;
  must(dm_gambit_write(first, &once) == DM_OK);
  must(
      dm_gambit_read(
          dm_str_text(&once), once.len, first->form, diags, &second) == DM_OK);
  same_record(first, second);
  must(dm_gambit_write(second, &twice) == DM_OK);
  must(once.len == twice.len && memcmp(once.at, twice.at, once.len) == 0);
  dm_gambit_free(second);
  dm_str_clear(&once);
  dm_str_clear(&twice);
}

static inline void check_sweep(const dm_game *game)
{
  dm_sweep *sweep = dm_sweep_new(game);
  double *log_p = calloc((size_t)game->n_slots + 1, sizeof *log_p);
  if (sweep && log_p) {
    for (uint32_t s = 0; s < game->n_sets; s++)
      for (uint32_t i = game->set_slot[s]; i < game->set_slot[s + 1]; i++)
        log_p[i] = -log(game->set_slot[s + 1] - game->set_slot[s]);
    dm_sweep_run(sweep, log_p);
    for (uint32_t i = 0; i < game->n_slots; i++)
      must(isfinite(dm_sweep_q(sweep)[i]));
  }
  free(log_p);
  dm_sweep_free(sweep);
}

static inline void check_game(const dm_gambit *gambit)
{
  dm_gambit_game *made = NULL;
  must(dm_gambit_game_make(gambit, &made) == DM_OK);
  const char *why = NULL;
  double *cell = calloc(made->game.n_cells, sizeof *cell);
  if (cell) {
    dm_cells_run(&made->game, made->game.param_base, cell);
    must(dm_game_check(&made->game, cell, &why) == DM_OK);
    check_sweep(&made->game);
  }
  for (uint32_t i = 0; i < made->game.n_slots; i++)
    must(made->slot_label[i] && made->slot_label[i][0] != '\0');
  for (uint32_t i = 0; i < made->game.n_ends; i++)
    must(made->end_label[i] != NULL);
  free(cell);
  dm_gambit_game_free(made);
}

static inline int check_reader(
    const uint8_t *data, size_t size, dm_gambit_form form)
{
  dm_gambit *gambit = NULL;
  dm_diags *diags = dm_diags_new();
  if (!diags)
    return 0;
  dm_status status =
      dm_gambit_read((const char *)data, size, form, diags, &gambit);
  must((status == DM_OK) == (gambit != NULL));
  if (status == DM_OK) {
    must(dm_diags_size(diags) == 0);
    check_written(gambit, diags);
    check_game(gambit);
  } else if (status == DM_E_INPUT) {
    check_refusal(diags, (const char *)data, size);
  }
  dm_gambit_free(gambit);
  dm_diags_free(diags);
  return 0;
}

#endif
