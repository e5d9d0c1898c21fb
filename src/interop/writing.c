/* interop/writing.c -- an .efg or .nfg from its record.
 *
 * Out:    text that the strictest reader takes: every information set and
 *         outcome described in full wherever it stands, numbers as they were
 *         read, labels once in their scope and without odd blanks.
 * Invariant: write(read(write(x))) is write(x), byte by byte.
 * Cost:   O(bytes written). */
#include "interop/gambit.h"
#include "interop/labels.h"

#include <inttypes.h>
#include <string.h>

typedef struct writer {
  const dm_gambit *g;
  dm_arena *arena; /* scratch */
  dm_str *out;
  const char **outcome;       /* labels */
  const char **set;           /* labels */
  const char *const **action; /* [n_sets] labels */
} writer;

static const char **alone(
    writer *w, const char *const *text, uint32_t count, const char *reserved)
{
  dm_scope scope;
  dm_scope_init(&scope, w->arena, reserved);
  const char **made = dm_scope_make(&scope, text, count);
  dm_scope_clear(&scope);
  return made;
}

/* "{ "a" "b" }" */
static void write_texts(dm_str *out, const char *const *text, uint32_t count)
{
  dm_str_addc(out, '{');
  for (uint32_t i = 0; i < count; i++) {
    dm_str_addc(out, ' ');
    dm_quote(out, text[i]);
  }
  dm_str_adds(out, " }");
}

static void write_payoffs(writer *w, const dm_gambit_number *pay)
{
  dm_str_addc(w->out, '{');
  for (uint32_t a = 0; a < w->g->n_players; a++) {
    dm_str_adds(w->out, a > 0 ? ", " : " ");
    dm_str_adds(w->out, pay[a].text);
  }
  dm_str_adds(w->out, " }");
}

static void write_head(writer *w)
{
  const dm_gambit *g = w->g;
  dm_str_adds(w->out, g->form == DM_GAMBIT_EFG ? "EFG 2 R " : "NFG 1 R ");
  dm_quote(w->out, g->title);
  dm_str_addc(w->out, ' ');
  write_texts(
      w->out, alone(w, g->player, g->n_players, "Chance"), g->n_players);
  dm_str_addc(w->out, '\n');
}

static void write_comment(writer *w)
{
  if (!w->g->comment)
    return;
  dm_quote(w->out, w->g->comment);
  dm_str_addc(w->out, '\n');
}

static void outcome_labels(writer *w)
{
  const dm_gambit *g = w->g;
  const char **text =
      dm_arena_array(w->arena, (size_t)g->n_outcomes + 1, sizeof *text);
  for (uint32_t o = 0; o < g->n_outcomes; o++)
    text[o] = g->outcome[o].label;
  w->outcome = alone(w, text, g->n_outcomes, NULL);
}

/* ---- extensive games ----------------------------------------------------- */

/* Labels of the sets of one player (or of chance), once each. */
static void label_sets_of(
    writer *w, const uint32_t *set, uint32_t count, const char **text)
{
  for (uint32_t i = 0; i < count; i++)
    text[i] = w->g->set[set[i]].label;
  const char **made = alone(w, text, count, NULL);
  for (uint32_t i = 0; i < count; i++)
    w->set[set[i]] = made[i];
}

static void set_labels(writer *w)
{
  const dm_gambit *g = w->g;
  size_t n = (size_t)g->n_sets + 1;
  w->set = dm_arena_array(w->arena, n, sizeof *w->set);
  w->action = dm_arena_array(w->arena, n, sizeof *w->action);
  const char **text = dm_arena_array(w->arena, n, sizeof *text);
  /* Sets by player, chance last, by counting. */
  uint32_t *start =
      dm_arena_array(w->arena, (size_t)g->n_players + 2, sizeof *start);
  uint32_t *order = dm_arena_array(w->arena, n, sizeof *order);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    const dm_gambit_set *set = &g->set[s];
    uint32_t owner = set->player == UINT32_MAX ? g->n_players : set->player;
    start[owner + 1]++;
    w->action[s] =
        (const char *const *)alone(w, set->action, set->n_actions, NULL);
  }
  for (uint32_t a = 0; a <= g->n_players; a++)
    start[a + 1] += start[a];
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t player = g->set[s].player;
    order[start[player == UINT32_MAX ? g->n_players : player]++] = s;
  }
  uint32_t first = 0;
  for (uint32_t a = 0; a <= g->n_players; a++) {
    label_sets_of(w, order + first, start[a] - first, text);
    first = start[a];
  }
}

static const char **node_labels(writer *w)
{
  const dm_gambit *g = w->g;
  const char **text =
      dm_arena_array(w->arena, (size_t)g->n_nodes + 1, sizeof *text);
  for (uint32_t n = 0; n < g->n_nodes; n++)
    text[n] = g->node[n].label;
  return alone(w, text, g->n_nodes, NULL);
}

static void write_set(writer *w, uint32_t s)
{
  const dm_gambit_set *set = &w->g->set[s];
  dm_str *out = w->out;
  dm_str_addf(out, "%" PRId64 " ", set->id);
  dm_quote(out, w->set[s]);
  dm_str_adds(out, " {");
  for (uint32_t i = 0; i < set->n_actions; i++) {
    dm_str_addc(out, ' ');
    dm_quote(out, w->action[s][i]);
    if (!set->chance)
      continue;
    dm_str_addc(out, ' ');
    dm_str_adds(out, set->chance[i].text);
  }
  dm_str_adds(out, " } ");
}

static void write_outcome(writer *w, uint32_t outcome)
{
  if (outcome == 0) {
    dm_str_adds(w->out, "0\n");
    return;
  }
  const dm_gambit_outcome *o = &w->g->outcome[outcome - 1];
  dm_str_addf(w->out, "%" PRId64 " ", o->id);
  dm_quote(w->out, w->outcome[outcome - 1]);
  dm_str_addc(w->out, ' ');
  write_payoffs(w, o->pay);
  dm_str_addc(w->out, '\n');
}

static void write_efg(writer *w)
{
  const dm_gambit *g = w->g;
  write_comment(w);
  dm_str_addc(w->out, '\n');
  set_labels(w);
  const char **label = node_labels(w);
  for (uint32_t n = 0; n < g->n_nodes; n++) {
    const dm_gambit_node *node = &g->node[n];
    dm_str_adds(
        w->out, node->kind == DM_GAMBIT_END      ? "t "
                : node->kind == DM_GAMBIT_CHANCE ? "c "
                                                 : "p ");
    dm_quote(w->out, label[n]);
    dm_str_addc(w->out, ' ');
    if (node->kind == DM_GAMBIT_MOVE)
      dm_str_addf(w->out, "%" PRIu32 " ", g->set[node->set].player + 1);
    if (node->kind != DM_GAMBIT_END)
      write_set(w, node->set);
    write_outcome(w, node->outcome);
  }
}

/* ---- strategic games ----------------------------------------------------- */

static void write_strategies(writer *w)
{
  const dm_gambit *g = w->g;
  dm_str_addc(w->out, '{');
  for (uint32_t a = 0; a < g->n_players; a++) {
    dm_str_addc(w->out, ' ');
    if (g->strategy)
      write_texts(
          w->out, alone(w, g->strategy[a], g->n_strategies[a], NULL),
          g->n_strategies[a]);
    else
      dm_str_addf(w->out, "%" PRIu32, g->n_strategies[a]);
  }
  dm_str_adds(w->out, " }\n");
}

/* A line for every round of the first player's strategies. */
static void end_cell(writer *w, uint64_t cell)
{
  uint64_t width = w->g->n_players > 0 ? w->g->n_strategies[0] : 1;
  dm_str_addc(w->out, (cell + 1) % width == 0 ? '\n' : ' ');
}

static void write_nfg(writer *w)
{
  const dm_gambit *g = w->g;
  write_strategies(w);
  write_comment(w);
  dm_str_addc(w->out, '\n');
  if (!g->by_outcome) {
    for (uint64_t c = 0; c < g->n_cells && g->n_players > 0; c++) {
      for (uint32_t a = 0; a < g->n_players; a++) {
        if (a > 0)
          dm_str_addc(w->out, ' ');
        dm_str_adds(w->out, g->cell_pay[c * g->n_players + a].text);
      }
      end_cell(w, c);
    }
    return;
  }
  dm_str_adds(w->out, "{\n");
  for (uint32_t o = 0; o < g->n_outcomes; o++) {
    const dm_gambit_number *pay = g->outcome[o].pay;
    dm_str_adds(w->out, "{ ");
    dm_quote(w->out, w->outcome[o]);
    for (uint32_t a = 0; a < g->n_players; a++) {
      dm_str_adds(w->out, a > 0 ? ", " : " ");
      dm_str_adds(w->out, pay[a].text);
    }
    dm_str_adds(w->out, " }\n");
  }
  dm_str_adds(w->out, "}\n");
  for (uint64_t c = 0; c < g->n_cells; c++) {
    dm_str_addf(w->out, "%" PRIu32, g->cell_outcome[c]);
    end_cell(w, c);
  }
}

dm_status dm_gambit_write(const dm_gambit *gambit, dm_str *out)
{
  dm_arena arena;
  dm_arena_init(&arena, 0);
  writer w = {.g = gambit, .arena = &arena, .out = out};
  dm_status status = (dm_status)setjmp(arena.jump);
  if (status == DM_OK) {
    outcome_labels(&w);
    write_head(&w);
    if (gambit->form == DM_GAMBIT_EFG)
      write_efg(&w);
    else
      write_nfg(&w);
  }
  dm_arena_clear(&arena);
  return status != DM_OK ? status : out->failed ? DM_E_MEMORY : DM_OK;
}
