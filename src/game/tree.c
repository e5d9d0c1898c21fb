/* game/tree.c -- layers for a tree.
 *
 * In:     parents, sets, payoff rows and chances of a tree's nodes.
 * Out:    the layered game.
 * Method: nodes of an information set are contracted to one vertex; a node of
 *         nature is a vertex of its own.  The layer of a vertex is its longest
 *         distance from the root, found by peeling vertices without
 *         predecessors (Kahn 1962).  If some cannot be peeled, two sets precede
 *         one another or one precedes itself: the strongly connected parts are
 *         found (Tarjan 1972, with a stack of our own), the sets inside them
 *         are taken apart into their nodes, and the peeling is done again.
 *         What is left then has no cycle: one that remained would lie inside a
 *         part whose sets are all taken apart, that is, in the tree.
 *         Endings go to the last layer, one node each or one node a class.
 * Order:  by layer, then set, then the tree's own order, by counting: the nodes
 *         of a set are neighbours.
 * Cost:   O(nodes), about ten passes. */
#include "game/tree.h"

#include <string.h>

#define NONE UINT32_MAX

typedef struct layout {
  const dm_tree *t;
  dm_arena *arena;
  uint32_t *first_child; /* [n_nodes + 1] into child */
  uint32_t *child;       /* [n_nodes - 1] */
  uint32_t *vertex;      /* [n_nodes] set, or n_sets + node */
  uint32_t *member;      /* [n_sets + n_nodes] first node, NONE */
  uint32_t *next;        /* [n_nodes] next node of the same vertex */
  uint32_t *layer;       /* [n_sets + n_nodes] of a vertex */
  unsigned char *apart;  /* [n_sets] taken apart */
} layout;

static uint32_t *grab(dm_arena *arena, size_t n, unsigned char fill)
{
  uint32_t *at = dm_arena_resize(arena, NULL, (n + 1) * sizeof *at);
  memset(at, fill, (n + 1) * sizeof *at);
  return at;
}

static bool is_end(const dm_tree *t, uint32_t n)
{
  return t->node_set[n] >= DM_NODE_END;
}

static void list_children(layout *l)
{
  const dm_tree *t = l->t;
  l->first_child = grab(l->arena, t->n_nodes, 0);
  l->child = grab(l->arena, t->n_nodes, 0);
  for (uint32_t n = 1; n < t->n_nodes; n++)
    l->first_child[t->parent[n] + 1]++;
  for (uint32_t n = 0; n < t->n_nodes; n++)
    l->first_child[n + 1] += l->first_child[n];
  /* Filling moves first_child[n] to the start of n + 1: moved back after. */
  for (uint32_t n = 1; n < t->n_nodes; n++)
    l->child[l->first_child[t->parent[n]]++] = n;
  for (uint32_t n = t->n_nodes; n > 0; n--)
    l->first_child[n] = l->first_child[n - 1];
  l->first_child[0] = 0;
}

/* Endings have no vertex. */
static void list_members(layout *l)
{
  const dm_tree *t = l->t;
  size_t n_vertices = (size_t)t->n_sets + t->n_nodes;
  memset(l->member, 0xff, n_vertices * sizeof *l->member);
  for (uint32_t n = t->n_nodes; n-- > 0;) {
    uint32_t set = t->node_set[n];
    l->vertex[n] = NONE;
    if (set >= DM_NODE_END)
      continue;
    bool alone = set == DM_NODE_CHANCE || l->apart[set];
    l->vertex[n] = alone ? t->n_sets + n : set;
    l->next[n] = l->member[l->vertex[n]];
    l->member[l->vertex[n]] = n;
  }
}

/* Longest distances; false if some vertex cannot be peeled. */
static bool peel(layout *l, uint32_t *n_layers)
{
  const dm_tree *t = l->t;
  size_t n_vertices = (size_t)t->n_sets + t->n_nodes;
  uint32_t *waits = grab(l->arena, n_vertices, 0);
  uint32_t *ready = grab(l->arena, t->n_nodes, 0);
  uint32_t n_ready = 0, n_done = 0, total = 0;
  for (uint32_t n = 1; n < t->n_nodes; n++)
    if (l->vertex[n] != NONE)
      waits[l->vertex[n]]++;
  for (uint32_t n = 0; n < t->n_nodes; n++)
    total += l->vertex[n] != NONE && l->member[l->vertex[n]] == n;
  *n_layers = 0;
  memset(l->layer, 0, n_vertices * sizeof *l->layer);
  if (l->vertex[0] != NONE && waits[l->vertex[0]] == 0)
    ready[n_ready++] = l->vertex[0];
  while (n_done < n_ready) {
    uint32_t v = ready[n_done++];
    uint32_t below = l->layer[v] + 1;
    if (below > *n_layers)
      *n_layers = below;
    for (uint32_t n = l->member[v]; n != NONE; n = l->next[n]) {
      for (uint32_t i = l->first_child[n]; i < l->first_child[n + 1]; i++) {
        uint32_t w = l->vertex[l->child[i]];
        if (w == NONE)
          continue;
        if (l->layer[w] < below)
          l->layer[w] = below;
        if (--waits[w] == 0)
          ready[n_ready++] = w;
      }
    }
  }
  dm_arena_release(l->arena, waits);
  dm_arena_release(l->arena, ready);
  return n_done == total;
}

/* ---- sets that cannot be timed ------------------------------------------- */

/* Tarjan's walk, one frame a vertex: which member and child come next. */
typedef struct walk {
  layout *l;
  uint32_t *order, *low; /* [n vertices] 0: not yet seen */
  uint32_t *node, *edge; /* [n vertices] where the walk stands in v */
  uint32_t *path;        /* vertices being walked */
  uint32_t *part;        /* vertices of open parts */
  unsigned char *open;   /* [n vertices] is in `part` */
  uint32_t n_path, n_part, count;
} walk;

static void step_into(walk *w, uint32_t v)
{
  w->order[v] = w->low[v] = ++w->count;
  w->node[v] = w->l->member[v];
  w->edge[v] = w->l->first_child[w->node[v]];
  w->path[w->n_path++] = v;
  w->part[w->n_part++] = v;
  w->open[v] = 1;
}

/* The next vertex that v leads to, or NONE. */
static uint32_t next_of(walk *w, uint32_t v)
{
  const layout *l = w->l;
  while (w->node[v] != NONE) {
    while (w->edge[v] < l->first_child[w->node[v] + 1]) {
      uint32_t to = l->vertex[l->child[w->edge[v]++]];
      if (to != NONE)
        return to;
    }
    w->node[v] = l->next[w->node[v]];
    if (w->node[v] != NONE)
      w->edge[v] = l->first_child[w->node[v]];
  }
  return NONE;
}

static void close_part(walk *w, uint32_t v)
{
  const dm_tree *t = w->l->t;
  bool several = w->part[w->n_part - 1] != v;
  uint32_t u;
  do {
    u = w->part[--w->n_part];
    w->open[u] = 0;
    if (several && u < t->n_sets)
      w->l->apart[u] = 1;
  } while (u != v);
}

static void take_apart(layout *l)
{
  const dm_tree *t = l->t;
  size_t n = (size_t)t->n_sets + t->n_nodes;
  walk w = {.l = l};
  w.order = grab(l->arena, n, 0);
  w.low = grab(l->arena, n, 0);
  w.node = grab(l->arena, n, 0);
  w.edge = grab(l->arena, n, 0);
  w.path = grab(l->arena, n, 0);
  w.part = grab(l->arena, n, 0);
  w.open = dm_arena_array(l->arena, n, 1);
  step_into(&w, l->vertex[0]);
  while (w.n_path > 0) {
    uint32_t v = w.path[w.n_path - 1];
    uint32_t to = next_of(&w, v);
    if (to == NONE) {
      if (w.low[v] == w.order[v])
        close_part(&w, v);
      w.n_path--;
      if (w.n_path > 0) {
        uint32_t up = w.path[w.n_path - 1];
        w.low[up] = w.low[v] < w.low[up] ? w.low[v] : w.low[up];
      }
    } else if (w.order[to] == 0) {
      step_into(&w, to);
    } else if (w.open[to] && w.order[to] < w.low[v]) {
      w.low[v] = w.order[to];
    }
    if (to == v && v < t->n_sets)
      l->apart[v] = 1;
  }
  uint32_t *done[] = {w.order, w.low, w.node, w.edge, w.path, w.part};
  for (size_t i = 0; i < sizeof done / sizeof *done; i++)
    dm_arena_release(l->arena, done[i]);
}

/* ---- numbering ----------------------------------------------------------- */

/* Sorts `from` into `to` by key[], stably. */
static void sort_by(
    dm_arena *arena, const uint32_t *key, uint32_t n_keys, const uint32_t *from,
    uint32_t *to, uint32_t n)
{
  uint32_t *start = grab(arena, n_keys, 0);
  for (uint32_t i = 0; i < n; i++)
    start[key[from[i]] + 1]++;
  for (uint32_t k = 0; k < n_keys; k++)
    start[k + 1] += start[k];
  for (uint32_t i = 0; i < n; i++)
    to[start[key[from[i]]]++] = from[i];
  dm_arena_release(arena, start);
}

/* Layers of nodes, endings in the last one. */
static uint32_t *node_layers(const layout *l, uint32_t last)
{
  const dm_tree *t = l->t;
  uint32_t *depth = grab(l->arena, t->n_nodes, 0);
  for (uint32_t n = 0; n < t->n_nodes; n++)
    depth[n] = l->vertex[n] == NONE ? last : l->layer[l->vertex[n]];
  return depth;
}

/* Gives ids by (layer, set, order); returns the number of nodes made. */
static uint32_t number_nodes(
    const layout *l, const uint32_t *depth, uint32_t n_layers, uint32_t *new_id,
    uint32_t *layer_node)
{
  const dm_tree *t = l->t;
  uint32_t n = t->n_nodes;
  uint32_t *key = grab(l->arena, n, 0);
  uint32_t *as_is = grab(l->arena, n, 0);
  uint32_t *order = grab(l->arena, n, 0);
  for (uint32_t i = 0; i < n; i++) {
    uint32_t set = t->node_set[i];
    key[i] = set == DM_NODE_CHANCE ? 0
             : set < DM_NODE_END   ? set + 1
                                   : (t->merge_ends ? set - DM_NODE_END : 0);
    as_is[i] = i;
  }
  uint32_t n_keys = t->n_sets + 1 > t->n_ends ? t->n_sets + 1 : t->n_ends;
  sort_by(l->arena, key, n_keys, as_is, order, n);
  memcpy(as_is, order, n * sizeof *order);
  sort_by(l->arena, depth, n_layers, as_is, order, n);
  uint32_t id = 0, layer = 0, class_before = NONE;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t node = order[i];
    for (; layer <= depth[node]; layer++)
      layer_node[layer] = id;
    uint32_t set = t->node_set[node];
    if (t->merge_ends && set == class_before && set >= DM_NODE_END) {
      new_id[node] = id - 1;
      continue;
    }
    class_before = set;
    new_id[node] = id++;
  }
  layer_node[n_layers] = id;
  dm_arena_release(l->arena, key);
  dm_arena_release(l->arena, as_is);
  dm_arena_release(l->arena, order);
  return id;
}

/* ---- the game ------------------------------------------------------------ */

static void fill_edges(const layout *l, const uint32_t *new_id, dm_game *g)
{
  const dm_tree *t = l->t;
  for (uint32_t n = 0; n < t->n_nodes; n++) {
    if (is_end(t, n))
      g->node_set[new_id[n]] = t->node_set[n];
    else
      g->node_edge[new_id[n] + 1] = l->first_child[n + 1] - l->first_child[n];
  }
  for (uint32_t n = 0; n < g->n_nodes; n++)
    g->node_edge[n + 1] += g->node_edge[n];
  for (uint32_t n = 0; n < t->n_nodes; n++) {
    uint32_t set = t->node_set[n];
    if (set >= DM_NODE_END)
      continue;
    g->node_set[new_id[n]] = set;
    uint32_t e = g->node_edge[new_id[n]];
    for (uint32_t i = l->first_child[n]; i < l->first_child[n + 1]; i++, e++) {
      uint32_t c = l->child[i];
      g->edge_child[e] = new_id[c];
      g->edge_slot[e] = set == DM_NODE_CHANCE
                            ? t->cell[c]
                            : t->set_slot[set] + (i - l->first_child[n]);
      g->edge_row[e] = t->row[c];
    }
  }
}

static void fill_sets(const layout *l, const uint32_t *depth, dm_game *g)
{
  const dm_tree *t = l->t;
  memcpy(g->set_slot, t->set_slot, ((size_t)t->n_sets + 1) * sizeof(uint32_t));
  if (t->n_sets > 0) {
    memcpy(g->set_player, t->set_player, t->n_sets * sizeof(uint32_t));
    memcpy(g->set_sharp, t->set_sharp, t->n_sets * sizeof(uint32_t));
  }
  for (uint32_t n = 0; n < t->n_nodes; n++) {
    uint32_t set = t->node_set[n];
    if (set < DM_NODE_CHANCE && depth[n] < g->set_layer[set])
      g->set_layer[set] = depth[n];
  }
}

static void make_arrays(const layout *l, dm_game *g)
{
  const dm_tree *t = l->t;
  dm_arena *arena = l->arena;
  g->n_players = t->n_players;
  g->n_edges = t->n_nodes - 1;
  g->n_sets = t->n_sets;
  g->n_slots = t->set_slot[t->n_sets];
  g->n_cells = t->n_cells;
  g->n_rows = t->n_rows;
  g->n_ends = t->n_ends;
  g->node_edge = grab(arena, (size_t)g->n_nodes + 1, 0);
  g->node_set = grab(arena, g->n_nodes, 0);
  g->edge_child = grab(arena, g->n_edges, 0);
  g->edge_slot = grab(arena, g->n_edges, 0);
  g->edge_row = grab(arena, g->n_edges, 0);
  g->set_slot = grab(arena, (size_t)g->n_sets + 1, 0);
  g->set_player = grab(arena, g->n_sets, 0);
  g->set_sharp = grab(arena, g->n_sets, 0);
  g->set_layer = grab(arena, g->n_sets, 0xff);
  size_t n_row_cells = (size_t)g->n_rows * g->n_players;
  g->row_cell = grab(arena, n_row_cells, 0);
  if (n_row_cells > 0)
    memcpy(g->row_cell, t->row_cell, n_row_cells * sizeof(uint32_t));
  g->cell = dm_arena_resize(arena, NULL, (size_t)g->n_cells * sizeof *g->cell);
  memcpy(g->cell, t->cells, (size_t)g->n_cells * sizeof *g->cell);
  g->param_base = dm_arena_resize(arena, NULL, sizeof *g->param_base);
  g->param_base[0] = 0.0;
}

static size_t held(const dm_game *g)
{
  size_t ids = (size_t)g->n_layers + 1 + 2 * ((size_t)g->n_nodes + 1) +
               3 * (size_t)g->n_edges + 4 * (size_t)g->n_sets + 1 +
               (size_t)g->n_rows * g->n_players;
  return ids * sizeof(uint32_t) + (size_t)g->n_cells * sizeof *g->cell;
}

static void keep(dm_arena *arena, dm_game *g)
{
  void *kept[] = {g->layer_node, g->node_edge, g->node_set, g->edge_child,
                  g->edge_slot,  g->edge_row,  g->set_slot, g->set_player,
                  g->set_sharp,  g->set_layer, g->row_cell, g->param_base,
                  g->cell};
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
    (void)dm_arena_detach(arena, kept[i]);
}

static void build(layout *l, dm_game *g, uint32_t *new_id)
{
  const dm_tree *t = l->t;
  size_t n_vertices = (size_t)t->n_sets + t->n_nodes;
  if (n_vertices >= DM_NODE_CHANCE || t->n_ends >= DM_NODE_CHANCE)
    dm_arena_throw(l->arena, DM_E_LIMIT);
  l->vertex = grab(l->arena, t->n_nodes, 0);
  l->member = grab(l->arena, n_vertices, 0);
  l->next = grab(l->arena, t->n_nodes, 0);
  l->layer = grab(l->arena, n_vertices, 0);
  l->apart = dm_arena_array(l->arena, (size_t)t->n_sets + 1, 1);
  list_children(l);
  list_members(l);
  uint32_t n_inner;
  if (!peel(l, &n_inner)) {
    take_apart(l);
    list_members(l);
    (void)peel(l, &n_inner);
  }
  uint32_t *depth = node_layers(l, n_inner);
  g->n_layers = n_inner + 1;
  g->layer_node = grab(l->arena, (size_t)g->n_layers + 1, 0);
  g->n_nodes = number_nodes(l, depth, g->n_layers, new_id, g->layer_node);
  make_arrays(l, g);
  fill_edges(l, new_id, g);
  fill_sets(l, depth, g);
  g->bytes = held(g);
}

dm_status dm_tree_game(const dm_tree *tree, dm_game *out, uint32_t *new_id)
{
  dm_arena arena;
  dm_game *game = out;
  memset(game, 0, sizeof *game);
  dm_arena_init(&arena, 0);
  layout l = {.t = tree, .arena = &arena};
  dm_status status = (dm_status)setjmp(arena.jump);
  if (status == DM_OK) {
    build(&l, game, new_id);
    keep(&arena, game);
  } else {
    memset(game, 0, sizeof *game);
  }
  dm_arena_clear(&arena);
  return status;
}
