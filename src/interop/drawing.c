/* interop/drawing.c -- a game for Graphviz, and as JSON.
 *
 * Both show the graph as it is: a merged situation stands once, so that a game
 * whose tree would fill a disk is a page.
 *
 * Cost:   O(nodes + edges). */
#include "base/json.h"
#include "interop/gambit.h"

#include <math.h>
#include <string.h>

typedef struct drawing {
  const dm_game *g;
  const double *cell;
  const dm_game_names *names; /* every list there, or NULL */
  dm_str *out;
} drawing;

static const char *name_at(const char *const *list, uint32_t i)
{
  return list && list[i] ? list[i] : "";
}

#define NAME(d, list, i) name_at((d)->names ? (d)->names->list : NULL, (i))

static bool is_end(const dm_game *g, uint32_t n)
{
  return g->node_set[n] >= DM_NODE_END;
}

/* ---- Graphviz ------------------------------------------------------------ */

/* Inside a text in quotes of the dot language. */
static void escape(dm_str *out, const char *text)
{
  size_t len = strlen(text);
  for (size_t i = 0; i < len;) {
    size_t step = dm_utf8_step(text + i, len - i);
    unsigned char c = (unsigned char)text[i];
    if (step == 0)
      dm_str_addc(out, '?');
    else if (c == '"' || c == '\\')
      dm_str_addf(out, "\\%c", c);
    else if (c < 0x20 || c == 0x7f)
      dm_str_adds(out, c == '\n' ? "\\n" : " ");
    else
      dm_str_add(out, text + i, step);
    i += step ? step : 1;
  }
}

/* A name, or a word and a number where it has none. */
static void named(dm_str *out, const char *name, const char *word, uint32_t i)
{
  if (name[0] != '\0')
    escape(out, name);
  else
    dm_str_addf(out, "%s %lu", word, (unsigned long)i + 1);
}

static void dot_node(const drawing *d, uint32_t n)
{
  const dm_game *g = d->g;
  uint32_t set = g->node_set[n];
  dm_str_addf(d->out, "  n%lu [", (unsigned long)n);
  if (set >= DM_NODE_END) {
    dm_str_adds(d->out, "shape=box, label=\"");
    named(d->out, NAME(d, end, set - DM_NODE_END), "ending", set - DM_NODE_END);
    dm_str_adds(d->out, "\"];\n");
    return;
  }
  if (set == DM_NODE_CHANCE) {
    dm_str_adds(d->out, "shape=circle, label=\"\"];\n");
    return;
  }
  uint32_t player = g->set_player[set];
  dm_str_adds(d->out, "shape=ellipse, label=\"");
  named(d->out, NAME(d, player, player), "player", player);
  dm_str_adds(d->out, "\\n");
  named(d->out, NAME(d, set, set), "set", set);
  dm_str_adds(d->out, "\"];\n");
}

static void dot_payoffs(const drawing *d, uint32_t row)
{
  const dm_game *g = d->g;
  const uint32_t *cell = g->row_cell + (size_t)row * g->n_players;
  dm_str_adds(d->out, "\\n(");
  for (uint32_t a = 0; a < g->n_players; a++) {
    char text[32];
    dm_number_text(d->cell[cell[a]], text);
    dm_str_addf(d->out, "%s%s", a > 0 ? ", " : "", text);
  }
  dm_str_addc(d->out, ')');
}

static void dot_edges(const drawing *d, uint32_t n)
{
  const dm_game *g = d->g;
  uint32_t set = g->node_set[n];
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    dm_str_addf(
        d->out, "  n%lu -> n%lu [label=\"", (unsigned long)n,
        (unsigned long)g->edge_child[i]);
    if (set == DM_NODE_CHANCE) {
      char text[32];
      dm_number_text(d->cell[g->edge_slot[i]], text);
      const char *word = NAME(d, edge, i);
      escape(d->out, word);
      dm_str_addf(d->out, "%s%s", word[0] ? "\\n" : "", text);
    } else {
      uint32_t slot = g->edge_slot[i];
      named(d->out, NAME(d, slot, slot), "option", slot - g->set_slot[set]);
    }
    if (g->edge_row[i] != 0)
      dot_payoffs(d, g->edge_row[i]);
    dm_str_adds(d->out, "\"];\n");
  }
}

/* Nodes of a set are joined by a dashed line, each to the one before. */
static dm_status dot_sets(const drawing *d)
{
  const dm_game *g = d->g;
  dm_arena arena;
  dm_arena_init(&arena, 0);
  dm_status status = (dm_status)setjmp(arena.jump);
  if (status == DM_OK) {
    uint32_t *last =
        dm_arena_array(&arena, (size_t)g->n_sets + 1, sizeof *last);
    for (uint32_t n = 0; n < g->n_nodes; n++) {
      uint32_t set = g->node_set[n];
      if (set >= DM_NODE_CHANCE)
        continue;
      if (last[set] > 0)
        dm_str_addf(
            d->out,
            "  n%lu -> n%lu [style=dashed, dir=none, constraint=false];\n",
            (unsigned long)last[set] - 1, (unsigned long)n);
      last[set] = n + 1;
    }
  }
  dm_arena_clear(&arena);
  return status;
}

dm_status dm_game_write_dot(
    const dm_game *game, const double *cell, const dm_game_names *names,
    uint64_t max_nodes, dm_str *out)
{
  if (game->n_nodes > max_nodes)
    return DM_E_LIMIT;
  drawing d = {.g = game, .cell = cell, .names = names, .out = out};
  const char *title = names && names->title ? names->title : "";
  dm_str_adds(out, "digraph game {\n  label=\"");
  escape(out, title);
  dm_str_adds(out, "\";\n  rankdir=LR;\n");
  for (uint32_t n = 0; n < game->n_nodes; n++)
    dot_node(&d, n);
  for (uint32_t n = 0; n < game->n_nodes; n++)
    dot_edges(&d, n);
  dm_status status = dot_sets(&d);
  dm_str_adds(out, "}\n");
  return status != DM_OK ? status : out->failed ? DM_E_MEMORY : DM_OK;
}

/* ---- JSON ---------------------------------------------------------------- */

static void json_lists(const drawing *d, dm_json *json)
{
  const dm_game *g = d->g;
  dm_json_list(json, "players", true);
  for (uint32_t a = 0; a < g->n_players; a++)
    dm_json_text(json, NULL, NAME(d, player, a));
  dm_json_close(json);
  dm_json_list(json, "outcomes", true);
  for (uint32_t c = 0; c < g->n_ends; c++)
    dm_json_text(json, NULL, NAME(d, end, c));
  dm_json_close(json);
  dm_json_list(json, "information_sets", false);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    dm_json_object(json, NULL, true);
    dm_json_count(json, "player", (uint64_t)g->set_player[s] + 1);
    dm_json_text(json, "label", NAME(d, set, s));
    dm_json_number(json, "sharpness", d->cell[g->set_sharp[s]]);
    dm_json_list(json, "options", true);
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      dm_json_text(json, NULL, NAME(d, slot, i));
    dm_json_close(json);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void json_edge(const drawing *d, dm_json *json, uint32_t n, uint32_t i)
{
  const dm_game *g = d->g;
  dm_json_object(json, NULL, true);
  dm_json_count(json, "to", g->edge_child[i]);
  if (g->node_set[n] == DM_NODE_CHANCE) {
    dm_json_number(json, "p", d->cell[g->edge_slot[i]]);
    if (NAME(d, edge, i)[0] != '\0')
      dm_json_text(json, "label", NAME(d, edge, i));
  }
  if (g->edge_row[i] != 0) {
    const uint32_t *row = g->row_cell + (size_t)g->edge_row[i] * g->n_players;
    dm_json_list(json, "pays", true);
    for (uint32_t a = 0; a < g->n_players; a++)
      dm_json_number(json, NULL, d->cell[row[a]]);
    dm_json_close(json);
  }
  dm_json_close(json);
}

static void json_node(const drawing *d, dm_json *json, uint32_t n)
{
  const dm_game *g = d->g;
  uint32_t set = g->node_set[n];
  dm_json_object(json, NULL, true);
  dm_json_count(json, "node", n);
  if (is_end(g, n)) {
    dm_json_count(json, "outcome", (uint64_t)(set - DM_NODE_END) + 1);
  } else {
    if (set == DM_NODE_CHANCE)
      dm_json_bool(json, "chance", true);
    else
      dm_json_count(json, "information_set", (uint64_t)set + 1);
    dm_json_list(json, "edges", true);
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++)
      json_edge(d, json, n, i);
    dm_json_close(json);
  }
  dm_json_close(json);
}

dm_status dm_game_write_json(
    const dm_game *game, const double *cell, const dm_game_names *names,
    uint64_t max_nodes, dm_str *out)
{
  if (game->n_nodes > max_nodes)
    return DM_E_LIMIT;
  dm_json json;
  drawing d = {.g = game, .cell = cell, .names = names, .out = out};
  dm_json_init(&json, out);
  dm_json_object(&json, NULL, false);
  dm_json_integer(&json, "schema", 1);
  dm_json_text(&json, "kind", "graph");
  dm_json_text(&json, "title", names && names->title ? names->title : "");
  if (names && names->comment)
    dm_json_text(&json, "comment", names->comment);
  json_lists(&d, &json);
  dm_json_list(&json, "nodes", false);
  for (uint32_t n = 0; n < game->n_nodes; n++)
    json_node(&d, &json, n);
  dm_json_close(&json);
  dm_json_end(&json);
  return out->failed ? DM_E_MEMORY : DM_OK;
}
