/* game/lanes.c -- the sweeps of sweep.c and tangent.c, DM_LANES draws at a time.
 *
 * In:     a game; cell values and log probabilities of each lane.
 * Out:    reach, beliefs, values, Q of each lane.
 * Method: as there, line by line and in the same order of sums.  Every array
 *         has the lane as its last index; the inner loops run over lanes and
 *         hold nothing but products, sums and quotients, so a compiler needs no
 *         licence to reorder anything to make vector instructions of them.
 * Numerics: what differs between lanes, exponents of reach and chances of 0, is
 *         asked for all lanes at once by or-ing bits; only when one of them is
 *         out of the ordinary are lanes taken one by one.  The results are the
 *         scalar sweep's to the last bit: an exponent says where a mantissa
 *         stands and rounds nothing.
 * Cost:   one pass moves DM_LANES times a sweep's numbers, but the structure and
 *         the branches once. */
#include "game/lanes.h"

#include "game/sweep_impl.h"

#include <stdlib.h>
#include <string.h>

enum { L = DM_LANES };

struct dm_lanes {
  const dm_game *game; /* borrowed */
  void *block;
  dm_sweep *plan; /* lists and order of the sets, which all lanes share */
  uint32_t n_inner;
  bool small; /* some probability has an exponent of its own */

  double *cell_value; /* [n_cells x L] */
  double *row_value;  /* [n_rows x n_players x L] */
  double *p;          /* [n_slots x L] */
  int32_t *p_exp;     /* [n_slots x L] */
  double *q;          /* [n_slots x L] */
  double *reach;      /* [n_nodes x L] */
  int32_t *reach_exp; /* [n_nodes x L] */
  double *value;      /* [(n_inner + 1) x n_players x L] */
  double *belief;     /* [n_inner x L] */
  double *set_reach;  /* [n_sets x L] */
  int32_t *set_exp;   /* [n_sets x L] */
  double *d_reach;    /* [n_inner x L] */
  double *d_value;    /* as value */
  double *d_set;      /* [n_sets x L] */
  double *d_log_p;    /* [n_slots x L] */
  double *param;      /* [n_cells] scratch of refilling */
};

static void lay_out(dm_lanes *x, dm_carver *c)
{
  const dm_game *g = x->game;
  size_t values = ((size_t)x->n_inner + 1) * g->n_players;
  size_t rows = (size_t)g->n_rows * g->n_players;
  x->cell_value = dm_carve(c, g->n_cells, L, sizeof(double));
  x->row_value = dm_carve(c, rows, L, sizeof(double));
  x->p = dm_carve(c, g->n_slots, L, sizeof(double));
  x->p_exp = dm_carve(c, g->n_slots, L, sizeof(int32_t));
  x->q = dm_carve(c, g->n_slots, L, sizeof(double));
  x->reach = dm_carve(c, g->n_nodes, L, sizeof(double));
  x->reach_exp = dm_carve(c, g->n_nodes, L, sizeof(int32_t));
  x->value = dm_carve(c, values, L, sizeof(double));
  x->belief = dm_carve(c, x->n_inner, L, sizeof(double));
  x->set_reach = dm_carve(c, g->n_sets, L, sizeof(double));
  x->set_exp = dm_carve(c, g->n_sets, L, sizeof(int32_t));
  x->d_reach = dm_carve(c, x->n_inner, L, sizeof(double));
  x->d_value = dm_carve(c, values, L, sizeof(double));
  x->d_set = dm_carve(c, g->n_sets, L, sizeof(double));
  x->d_log_p = dm_carve(c, g->n_slots, L, sizeof(double));
  x->param = dm_carve(c, g->n_cells, 1, sizeof(double));
}

dm_lanes *dm_lanes_new(const dm_game *game)
{
  dm_lanes *x = calloc(1, sizeof *x);
  if (!x)
    return NULL;
  x->game = game;
  x->n_inner = dm_inner_nodes(game);
  dm_carver c = {0};
  lay_out(x, &c);
  size_t bytes = c.used;
  x->plan = dm_sweep_new_for(game, DM_SWEEP_LISTS);
  if (!c.overflow && x->plan)
    x->block = calloc(1, bytes + 64);
  if (!x->block) {
    dm_lanes_free(x);
    return NULL;
  }
  size_t off = (size_t)((uintptr_t)x->block % 64);
  c = (dm_carver){.at = (unsigned char *)x->block + (off ? 64 - off : 0)};
  lay_out(x, &c);
  for (size_t i = 0; i < (size_t)x->n_inner * L; i++)
    x->belief[i] = 1.0;
  for (uint32_t l = 0; l < L; l++)
    dm_lanes_refill(x, l, game->param_base);
  return x;
}

void dm_lanes_free(dm_lanes *lanes)
{
  if (!lanes)
    return;
  dm_sweep_free(lanes->plan);
  free(lanes->block);
  free(lanes);
}

void dm_lanes_refill(dm_lanes *lanes, uint32_t lane, const double *param)
{
  const dm_game *g = lanes->game;
  dm_cells_run(g, param, lanes->param);
  for (size_t i = 0; i < g->n_cells; i++)
    lanes->cell_value[i * L + lane] = lanes->param[i];
  size_t n = (size_t)g->n_rows * g->n_players;
  for (size_t i = 0; i < n; i++)
    lanes->row_value[i * L + lane] = lanes->param[g->row_cell[i]];
}

/* ---- lanes of numbers ---------------------------------------------------- */

/* The loops below read all lanes before they write one: a compiler cannot know
 * that the arrays are different ones. */

static inline void put(double *out, const double from[L])
{
  for (int l = 0; l < L; l++)
    out[l] = from[l];
}

/* out += a b */
static inline void add_product(double *out, const double *a, const double *b)
{
  double sum[L];
  for (int l = 0; l < L; l++)
    sum[l] = out[l] + a[l] * b[l];
  put(out, sum);
}

/* out += a (b + c) */
static inline void add_scaled(
    double *out, const double *a, const double *b, const double *c)
{
  double sum[L];
  for (int l = 0; l < L; l++)
    sum[l] = out[l] + a[l] * (b[l] + c[l]);
  put(out, sum);
}

/* ---- reach --------------------------------------------------------------- */

/* Whether any of L exponents differ. */
static inline bool differ(const int32_t *a, const int32_t *b)
{
  uint64_t any = 0;
  for (int l = 0; l < L; l += 2) {
    uint64_t u, v;
    memcpy(&u, a + l, sizeof u);
    memcpy(&v, b + l, sizeof v);
    any |= u ^ v;
  }
  return any != 0;
}

/* All lanes of a node into range. */
static inline void settle(double *m, int32_t *e)
{
  uint64_t any = 0;
  for (int l = 0; l < L; l++) {
    uint64_t u;
    memcpy(&u, m + l, sizeof u);
    any |= u ^ DM_REACH_RANGE;
  }
  if (any >> 60 == 0)
    return;
  for (int l = 0; l < L; l++)
    dm_reach_settle(&m[l], &e[l]);
}

static void merge(double *m, int32_t *e, const double *dm, const int32_t *de)
{
  for (int l = 0; l < L; l++)
    dm_reach_add(&m[l], &e[l], dm[l], de[l]);
}

static inline void add(double *m, int32_t *e, const double *dm, int32_t *de)
{
  if (differ(e, de)) {
    merge(m, e, dm, de);
    return;
  }
  double sum[L];
  for (int l = 0; l < L; l++)
    sum[l] = m[l] + dm[l];
  put(m, sum);
}

static void split_slots(dm_lanes *x, const double *restrict log_p)
{
  double *restrict p = x->p;
  int32_t *restrict p_exp = x->p_exp;
  size_t n = (size_t)x->game->n_slots * L;
  uint32_t any = 0;
  for (size_t i = 0; i < n; i++) {
    p[i] = dm_chance_split(log_p[i], &p_exp[i]);
    any |= (uint32_t)p_exp[i];
  }
  x->small = any != 0;
}

static void push_chance(dm_lanes *x, uint32_t n)
{
  const dm_game *g = x->game;
  const double *m = x->reach + (size_t)n * L;
  const int32_t *e = x->reach_exp + (size_t)n * L;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    const double *p = x->cell_value + (size_t)g->edge_slot[i] * L;
    size_t child = (size_t)g->edge_child[i] * L;
    double dm[L];
    int32_t de[L];
    for (int l = 0; l < L; l++) {
      bool tiny = p[l] < DM_CHANCE_LEAST;
      dm[l] = m[l] * (tiny ? p[l] * 0x1p512 : p[l]);
      de[l] = tiny ? e[l] - 512 : e[l];
    }
    add(x->reach + child, x->reach_exp + child, dm, de);
  }
}

static inline void push_slots(dm_lanes *x, uint32_t n, const bool small)
{
  const dm_game *g = x->game;
  const double *m = x->reach + (size_t)n * L;
  const int32_t *e = x->reach_exp + (size_t)n * L;
  size_t slot = (size_t)g->set_slot[g->node_set[n]] * L;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    size_t child = (size_t)g->edge_child[i] * L;
    double dm[L];
    int32_t de[L];
    for (int l = 0; l < L; l++)
      dm[l] = m[l] * x->p[slot + (size_t)l];
    for (int l = 0; l < L; l++)
      de[l] = small ? e[l] + x->p_exp[slot + (size_t)l] : e[l];
    add(x->reach + child, x->reach_exp + child, dm, de);
    slot += L;
  }
}

static inline void forward_all(dm_lanes *x, const bool small)
{
  const dm_game *g = x->game;
  for (uint32_t n = 0; n < x->n_inner; n++) {
    double *m = x->reach + (size_t)n * L;
    int32_t *e = x->reach_exp + (size_t)n * L;
    settle(m, e);
    uint32_t set = g->node_set[n];
    if (set == DM_NODE_CHANCE)
      push_chance(x, n);
    if (set >= DM_NODE_CHANCE)
      continue;
    add(x->set_reach + (size_t)set * L, x->set_exp + (size_t)set * L, m, e);
    push_slots(x, n, small);
  }
}

static void forward(dm_lanes *x)
{
  const dm_game *g = x->game;
  memset(x->reach, 0, (size_t)g->n_nodes * L * sizeof *x->reach);
  memset(x->set_reach, 0, (size_t)g->n_sets * L * sizeof *x->set_reach);
  for (uint32_t l = 0; l < L; l++) {
    x->reach[l] = 1.0;
    x->reach_exp[l] = 0;
  }
  if (x->small)
    forward_all(x, true);
  else
    forward_all(x, false);
}

/* ---- backward ------------------------------------------------------------ */

static void beliefs(dm_lanes *x, uint32_t n, uint32_t set)
{
  double *belief = x->belief + (size_t)n * L;
  const double *m = x->reach + (size_t)n * L;
  const int32_t *e = x->reach_exp + (size_t)n * L;
  const double *total = x->set_reach + (size_t)set * L;
  const int32_t *top = x->set_exp + (size_t)set * L;
  bool usual = !differ(e, top);
  for (int l = 0; l < L; l++)
    usual = usual && total[l] != 0.0;
  if (usual) {
    double part[L];
    for (int l = 0; l < L; l++)
      part[l] = m[l] / total[l];
    put(belief, part);
    return;
  }
  const uint32_t *first = x->plan->set_first + set;
  for (int l = 0; l < L; l++)
    belief[l] = total[l] == 0.0 ? 1.0 / (double)(first[1] - first[0])
                                : dm_shifted(m[l], e[l] - top[l]) / total[l];
}

/* Probabilities of a slot as plain numbers. */
static inline void plain_p(
    const dm_lanes *x, size_t slot, const bool small, double p[L])
{
  for (int l = 0; l < L; l++)
    p[l] = x->p[slot + (size_t)l];
  for (int l = 0; small && l < L; l++)
    p[l] = dm_plain_p(x->p, x->p_exp, slot + (size_t)l);
}

typedef struct group {
  uint32_t first, width; /* players first .. first + width - 1 */
  size_t stride;         /* players x L */
  bool small;
} group;

static inline void backward_node(dm_lanes *x, const group c, uint32_t n)
{
  const dm_game *g = x->game;
  const uint32_t set = g->node_set[n];
  const bool decision = set != DM_NODE_CHANCE;
  const uint32_t owner = decision ? g->set_player[set] - c.first : UINT32_MAX;
  const double *row_value = x->row_value + (size_t)c.first * L;
  double *value = x->value + (size_t)c.first * L;
  const double *belief = x->belief + (size_t)n * L;
  double sum[DM_GROUP * L];
  memset(sum, 0, c.width * L * sizeof *sum);
  if (owner < c.width)
    beliefs(x, n, set);
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    size_t slot = (size_t)g->edge_slot[i] * L;
    const double *child =
        value + dm_value_at(g->edge_child[i], x->n_inner) * c.stride;
    const double *row = row_value + g->edge_row[i] * c.stride;
    double p[L];
    if (decision)
      plain_p(x, slot, c.small, p);
    else
      memcpy(p, x->cell_value + slot, sizeof p);
    for (uint32_t a = 0; a < c.width; a++)
      for (uint32_t l = 0; l < L; l++)
        sum[a * L + l] += p[l] * (row[a * L + l] + child[a * L + l]);
    if (owner < c.width) {
      const size_t own = (size_t)owner * L;
      add_scaled(x->q + slot, belief, row + own, child + own);
    }
  }
  memcpy(value + n * c.stride, sum, c.width * L * sizeof *sum);
}

static inline void backward_group(dm_lanes *x, const group c)
{
  for (uint32_t n = x->n_inner; n-- > 0;)
    if (x->game->node_set[n] < DM_NODE_END)
      backward_node(x, c, n);
}

static group group_at(const dm_lanes *x, uint32_t first, uint32_t width)
{
  return (group){first, width, (size_t)x->game->n_players * L, x->small};
}

static void backward(dm_lanes *x)
{
  const uint32_t players = x->game->n_players;
  memset(x->q, 0, (size_t)x->game->n_slots * L * sizeof *x->q);
  if (players == 2 && !x->small) {
    backward_group(x, (group){0, 2, 2 * L, false});
    return;
  }
  if (players == 3 && !x->small) {
    backward_group(x, (group){0, 3, 3 * L, false});
    return;
  }
  for (uint32_t first = 0; first < players; first += DM_GROUP) {
    uint32_t left = players - first;
    backward_group(x, group_at(x, first, left < DM_GROUP ? left : DM_GROUP));
  }
}

void dm_lanes_run(dm_lanes *lanes, const double *log_p)
{
  split_slots(lanes, log_p);
  forward(lanes);
  backward(lanes);
}

/* ---- tangents ------------------------------------------------------------ */

/* The child's share of the movement of one edge, lanes one by one. */
static void move_unlike(
    double *d_child, const double *w, const double *move, const int32_t *by)
{
  for (int l = 0; l < L; l++)
    if (w[l] != 0.0)
      d_child[l] += dm_shifted(w[l], by[l]) * move[l];
}

/* d_child += w 2^(e - child's exponent) move. */
static inline void move_child(
    dm_lanes *x, uint32_t child, const double *w, const int32_t *e,
    const double *move)
{
  double *d_child = x->d_reach + (size_t)child * L;
  const int32_t *at = x->reach_exp + (size_t)child * L;
  if (differ(e, at)) {
    int32_t by[L];
    for (int l = 0; l < L; l++)
      by[l] = e[l] - at[l];
    move_unlike(d_child, w, move, by);
    return;
  }
  add_product(d_child, w, move);
}

static void move_chances(dm_lanes *x, uint32_t n, const double *dl)
{
  const dm_game *g = x->game;
  const double *m = x->reach + (size_t)n * L;
  const int32_t *e = x->reach_exp + (size_t)n * L;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    const double *p = x->cell_value + (size_t)g->edge_slot[i] * L;
    double w[L];
    int32_t de[L];
    if (g->edge_child[i] >= x->n_inner)
      continue;
    for (int l = 0; l < L; l++) {
      bool tiny = p[l] < DM_CHANCE_LEAST;
      w[l] = m[l] * (tiny ? p[l] * 0x1p512 : p[l]);
      de[l] = tiny ? e[l] - 512 : e[l];
    }
    move_child(x, g->edge_child[i], w, de, dl);
  }
}

static inline void move_slots(
    dm_lanes *x, uint32_t n, const double *dl, const double *d_log_p,
    const bool small)
{
  const dm_game *g = x->game;
  const double *m = x->reach + (size_t)n * L;
  const int32_t *e = x->reach_exp + (size_t)n * L;
  size_t slot = (size_t)g->set_slot[g->node_set[n]] * L;
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++, slot += L) {
    double w[L], move[L];
    int32_t de[L];
    if (g->edge_child[i] >= x->n_inner)
      continue;
    for (size_t l = 0; l < L; l++) {
      w[l] = m[l] * x->p[slot + l];
      move[l] = dl[l] + d_log_p[slot + l];
    }
    for (size_t l = 0; l < L; l++)
      de[l] = small ? e[l] + x->p_exp[slot + l] : e[l];
    move_child(x, g->edge_child[i], w, de, move);
  }
}

static inline void move_all(
    dm_lanes *x, const double *d_log_p, const bool small)
{
  const dm_game *g = x->game;
  for (uint32_t n = 0; n < x->n_inner; n++) {
    const uint32_t set = g->node_set[n];
    if (set >= DM_NODE_END)
      continue;
    const double *m = x->reach + (size_t)n * L;
    double dl[L];
    for (size_t l = 0; l < L; l++)
      dl[l] = x->d_reach[(size_t)n * L + l];
    for (int l = 0; l < L; l++)
      dl[l] = m[l] == 0.0 ? 0.0 : dl[l] / m[l];
    put(x->d_reach + (size_t)n * L, dl);
    if (set == DM_NODE_CHANCE) {
      move_chances(x, n, dl);
      continue;
    }
    const double *belief = x->belief + (size_t)n * L;
    add_product(x->d_set + (size_t)set * L, belief, dl);
    move_slots(x, n, dl, d_log_p, small);
  }
}

static void forward_tangent(dm_lanes *x, const double *d_log_p)
{
  memset(x->d_reach, 0, (size_t)x->n_inner * L * sizeof *x->d_reach);
  memset(x->d_set, 0, (size_t)x->game->n_sets * L * sizeof *x->d_set);
  if (x->small)
    move_all(x, d_log_p, true);
  else
    move_all(x, d_log_p, false);
}

/* belief (dL - dS) of a node; 0 where it has no reach. */
static inline void shifts(
    const dm_lanes *x, uint32_t n, uint32_t set, double shift[L])
{
  const double *m = x->reach + (size_t)n * L;
  const double *dl = x->d_reach + (size_t)n * L;
  const double *ds = x->d_set + (size_t)set * L;
  for (int l = 0; l < L; l++)
    shift[l] = m[l] == 0.0 ? 0.0 : dl[l] - ds[l];
}

/* Values and movements of one edge, as seen by a group of players. */
typedef struct edge_view {
  const double *row, *child, *d_child;
} edge_view;

static inline edge_view view(const dm_lanes *x, const group c, uint32_t i)
{
  const dm_game *g = x->game;
  const size_t from = (size_t)c.first * L;
  size_t child = dm_value_at(g->edge_child[i], x->n_inner) * c.stride + from;
  return (edge_view){
      x->row_value + g->edge_row[i] * c.stride + from, x->value + child,
      x->d_value + child};
}

static inline void chance_tangent(dm_lanes *x, const group c, uint32_t n)
{
  const dm_game *g = x->game;
  double sum[DM_GROUP * L];
  memset(sum, 0, c.width * L * sizeof *sum);
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    const edge_view at = view(x, c, i);
    const double *p = x->cell_value + (size_t)g->edge_slot[i] * L;
    for (uint32_t a = 0; a < c.width; a++)
      for (uint32_t l = 0; l < L; l++)
        sum[a * L + l] += p[l] * at.d_child[a * L + l];
  }
  memcpy(
      x->d_value + n * c.stride + (size_t)c.first * L, sum,
      c.width * L * sizeof *sum);
}

static inline void slot_values(
    dm_lanes *x, const group c, uint32_t n, const double *d_log_p)
{
  const dm_game *g = x->game;
  double sum[DM_GROUP * L];
  memset(sum, 0, c.width * L * sizeof *sum);
  for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
    const edge_view at = view(x, c, i);
    const size_t slot = (size_t)g->edge_slot[i] * L;
    const double *d = d_log_p + slot;
    double p[L];
    plain_p(x, slot, c.small, p);
    for (uint32_t a = 0; a < c.width; a++)
      for (uint32_t l = 0; l < L; l++) {
        const size_t al = (size_t)a * L + l;
        sum[al] += p[l] * (d[l] * (at.row[al] + at.child[al]) + at.d_child[al]);
      }
  }
  memcpy(
      x->d_value + n * c.stride + (size_t)c.first * L, sum,
      c.width * L * sizeof *sum);
}

static inline void backward_tangent(
    dm_lanes *x, const group c, const double *d_log_p, double *restrict d_q)
{
  const dm_game *g = x->game;
  for (uint32_t n = x->n_inner; n-- > 0;) {
    const uint32_t set = g->node_set[n];
    if (set >= DM_NODE_END)
      continue;
    if (set == DM_NODE_CHANCE) {
      chance_tangent(x, c, n);
      continue;
    }
    slot_values(x, c, n, d_log_p);
    const uint32_t owner = g->set_player[set] - c.first;
    if (owner >= c.width)
      continue;
    const double *belief = x->belief + (size_t)n * L;
    double shift[L];
    shifts(x, n, set, shift);
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      const edge_view at = view(x, c, i);
      double *out = d_q + (size_t)g->edge_slot[i] * L;
      double sum[L];
      for (size_t l = 0; l < L; l++) {
        const size_t al = (size_t)owner * L + l;
        sum[l] = out[l] + belief[l] * (shift[l] * (at.row[al] + at.child[al]) +
                                       at.d_child[al]);
      }
      put(out, sum);
    }
  }
}

void dm_lanes_tangent(dm_lanes *lanes, const double *d_log_p, double *d_q)
{
  const uint32_t players = lanes->game->n_players;
  forward_tangent(lanes, d_log_p);
  memset(d_q, 0, (size_t)lanes->game->n_slots * L * sizeof *d_q);
  for (uint32_t first = 0; first < players; first += DM_GROUP) {
    uint32_t left = players - first;
    backward_tangent(
        lanes, group_at(lanes, first, left < DM_GROUP ? left : DM_GROUP),
        d_log_p, d_q);
  }
}

void dm_lanes_belief_tangent(
    dm_lanes *lanes, const double *d_log_p, double *d_q)
{
  const dm_game *g = lanes->game;
  const group all = {0, 0, (size_t)g->n_players * L, lanes->small};
  forward_tangent(lanes, d_log_p);
  memset(d_q, 0, (size_t)g->n_slots * L * sizeof *d_q);
  for (uint32_t n = lanes->n_inner; n-- > 0;) {
    const uint32_t set = g->node_set[n];
    if (set >= DM_NODE_CHANCE)
      continue;
    const size_t owner = (size_t)g->set_player[set] * L;
    const double *belief = lanes->belief + (size_t)n * L;
    double weight[L];
    shifts(lanes, n, set, weight);
    for (int l = 0; l < L; l++)
      weight[l] *= belief[l];
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      const edge_view at = view(lanes, all, i);
      add_scaled(
          d_q + (size_t)g->edge_slot[i] * L, weight, at.row + owner,
          at.child + owner);
    }
  }
}

/* ---- backward substitution ------------------------------------------------ */

static void gather(dm_lanes *x, uint32_t layer, double *d_q)
{
  const dm_game *g = x->game;
  const size_t stride = (size_t)g->n_players * L;
  uint32_t n = g->layer_node[layer + 1];
  for (n = n < x->n_inner ? n : x->n_inner; n-- > g->layer_node[layer];) {
    const uint32_t set = g->node_set[n];
    if (set >= DM_NODE_CHANCE)
      continue;
    const double *d_value = x->d_value + (size_t)g->set_player[set] * L;
    const double *belief = x->belief + (size_t)n * L;
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      const double *d_child =
          d_value + dm_value_at(g->edge_child[i], x->n_inner) * stride;
      add_product(d_q + (size_t)g->edge_slot[i] * L, belief, d_child);
    }
  }
}

static void finish_set(
    dm_lanes *x, uint32_t s, const double *k, const double *rhs, double *out)
{
  const dm_game *g = x->game;
  const size_t begin = (size_t)g->set_slot[s] * L;
  const size_t end = (size_t)g->set_slot[s + 1] * L;
  const double *sharp = x->cell_value + (size_t)g->set_sharp[s] * L;
  double mean[L] = {0}, shift[L] = {0}, scale[L], p[L];
  for (size_t i = begin; i < end; i += L)
    for (size_t l = 0; l < L; l++)
      mean[l] += out[i + l];
  for (int l = 0; l < L; l++) {
    scale[l] = k[l] * sharp[l];
    mean[l] /= (double)(g->set_slot[s + 1] - g->set_slot[s]);
  }
  for (size_t i = begin; i < end; i += L) {
    plain_p(x, i, x->small, p);
    for (size_t l = 0; l < L; l++) {
      out[i + l] = rhs[i + l] + scale[l] * (out[i + l] - mean[l]);
      shift[l] += p[l] * out[i + l];
    }
  }
  for (size_t i = begin; i < end; i += L)
    for (size_t l = 0; l < L; l++)
      x->d_log_p[i + l] = out[i + l] - shift[l];
}

static inline void layer_values(dm_lanes *x, uint32_t layer, const group c)
{
  const dm_game *g = x->game;
  uint32_t n = g->layer_node[layer + 1];
  for (n = n < x->n_inner ? n : x->n_inner; n-- > g->layer_node[layer];) {
    if (g->node_set[n] < DM_NODE_CHANCE)
      slot_values(x, c, n, x->d_log_p);
    else if (g->node_set[n] == DM_NODE_CHANCE)
      chance_tangent(x, c, n);
  }
}

void dm_lanes_backsolve(
    dm_lanes *lanes, const double *k, const double *rhs, double *x)
{
  const dm_game *g = lanes->game;
  const dm_sweep *plan = lanes->plan;
  const uint32_t players = g->n_players;
  memset(x, 0, (size_t)g->n_slots * L * sizeof *x);
  for (uint32_t layer = g->n_layers; layer-- > 0;) {
    gather(lanes, layer, x);
    for (uint32_t i = plan->layer_set[layer]; i < plan->layer_set[layer + 1];
         i++)
      finish_set(lanes, plan->set_order[i], k, rhs, x);
    for (uint32_t first = 0; first < players; first += DM_GROUP) {
      uint32_t left = players - first;
      layer_values(
          lanes, layer,
          group_at(lanes, first, left < DM_GROUP ? left : DM_GROUP));
    }
  }
}

/* ---- reading ------------------------------------------------------------- */

const double *dm_lanes_q(const dm_lanes *lanes)
{
  return lanes->q;
}

const double *dm_lanes_cells(const dm_lanes *lanes)
{
  return lanes->cell_value;
}

const double *dm_lanes_p(const dm_lanes *lanes)
{
  return lanes->p;
}

bool dm_lanes_timed(const dm_lanes *lanes)
{
  return dm_sweep_timed(lanes->plan);
}

double dm_lanes_value(
    const dm_lanes *lanes, dm_node_id n, uint32_t a, uint32_t lane)
{
  const size_t players = lanes->game->n_players;
  size_t at = dm_value_at(n, lanes->n_inner) * players + a;
  return lanes->value[at * L + lane];
}

double dm_lanes_reach(const dm_lanes *lanes, dm_node_id n, uint32_t lane)
{
  size_t at = (size_t)n * L + lane;
  return dm_reach_plain(lanes->reach[at], lanes->reach_exp[at]);
}

double dm_lanes_set_reach(const dm_lanes *lanes, dm_set_id s, uint32_t lane)
{
  size_t at = (size_t)s * L + lane;
  return dm_reach_plain(lanes->set_reach[at], lanes->set_exp[at]);
}

size_t dm_lanes_held(const dm_game *game)
{
  dm_lanes lanes = {.game = game, .n_inner = dm_inner_nodes(game)};
  dm_carver c = {0};
  lay_out(&lanes, &c);
  size_t plan = dm_sweep_held_for(game, DM_SWEEP_LISTS);
  return c.overflow || plan > SIZE_MAX - c.used ? SIZE_MAX : c.used + plan;
}
