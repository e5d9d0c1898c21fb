/* infer/tree.c -- a small regression tree over discrete facts.
 *
 * In:     n cases with a weight, a probability vector p and one small value a
 *         fact.
 * Out:    at most max_leaves rows: a conjunction of value sets, and the
 *         weighted mean of p over the cases that it covers.
 * Method: best-first growth.  Each leaf keeps the cut that takes most squared
 *         error away (Breiman, Friedman, Olshen, Stone, "Classification and
 *         Regression Trees", 1984: the regression case, vector-valued); the leaf
 *         whose cut takes most is cut next.  Then facts are taken out one at a
 *         time, the least missed first, and after them rows, as long as the
 *         error stays within `worth` of that of the first tree.
 * Error:  half the sum of absolute differences of probability, weighted mean over
 *         the cases: the chance by which a row's mean misjudges a pick.
 * Cost:   O(n x facts) a leaf and fit, and a fit per fact tried. */
#include "infer/parts.h"

#include <math.h>
#include <string.h>

enum { MOST_VALUES = 64, MOST_LEAVES = 16 };

/* Cases below this share of a row's weight do not count for its spread. */
static const double LEAST_SHARE = 1e-3;

typedef struct dm_cut {
  double gain; /* squared error taken away; 0: no cut */
  uint32_t fact;
  uint64_t left; /* values that go left */
} dm_cut;

typedef struct dm_branch {
  uint64_t *mask;    /* [n_facts] */
  uint32_t first, n; /* cases, into order */
  dm_cut cut;
} dm_branch;

typedef struct dm_grower {
  dm_arena *arena;
  const dm_tree_data *data;
  uint64_t allowed;
  uint32_t *order; /* [n] cases, by leaf */
  uint32_t *swap;  /* [n] */
  double *sum;     /* [64 x n_options] by value of the fact at hand */
  double *weight;  /* [64] */
  double *part;    /* [2 x n_options] */
  dm_branch leaf[MOST_LEAVES];
  uint32_t n_leaves;
} dm_grower;

/* -|S|^2 / W is what the mean of a group leaves of its squared error, up to
 * what no cut changes. */
static double score(const double *sum, double weight, uint32_t n)
{
  double total = 0;
  for (uint32_t o = 0; o < n; o++)
    total += sum[o] * sum[o];
  return weight > 0 ? total / weight : 0;
}

static void gather(dm_grower *g, const dm_branch *leaf, uint32_t fact)
{
  const dm_tree_data *d = g->data;
  uint32_t values = d->n_values[fact], m = d->n_options;
  memset(g->sum, 0, (size_t)values * m * sizeof *g->sum);
  memset(g->weight, 0, values * sizeof *g->weight);
  for (uint32_t i = leaf->first; i < leaf->first + leaf->n; i++) {
    size_t at = g->order[i];
    uint32_t v = d->value[at * d->n_facts + fact];
    g->weight[v] += d->weight[at];
    for (uint32_t o = 0; o < m; o++)
      g->sum[(size_t)v * m + o] += d->weight[at] * d->p[at * m + o];
  }
}

/* Tries the cut that sends `left` left; part[0] holds its sums. */
static void try_cut(
    dm_grower *g, uint32_t fact, uint64_t left, const double *total, double all,
    double w_left, double *best, dm_cut *cut)
{
  uint32_t m = g->data->n_options;
  double *other = g->part + m;
  double w_right = all - w_left;
  if (!(w_left > 0) || !(w_right > 0))
    return;
  for (uint32_t o = 0; o < m; o++)
    other[o] = total[o] - g->part[o];
  double gain = score(g->part, w_left, m) + score(other, w_right, m) -
                score(total, all, m);
  if (gain > *best) {
    *best = gain;
    *cut = (dm_cut){gain, fact, left};
  }
}

static void find_cut_by(
    dm_grower *g, const dm_branch *leaf, uint32_t fact, double *total,
    dm_cut *cut)
{
  const dm_tree_data *d = g->data;
  uint32_t values = d->n_values[fact], m = d->n_options;
  gather(g, leaf, fact);
  double all = 0, best = cut->gain, w_left = 0;
  memset(total, 0, m * sizeof *total);
  for (uint32_t v = 0; v < values; v++) {
    all += g->weight[v];
    for (uint32_t o = 0; o < m; o++)
      total[o] += g->sum[(size_t)v * m + o];
  }
  memset(g->part, 0, m * sizeof *g->part);
  uint64_t left = 0;
  for (uint32_t v = 0; v < values; v++) {
    if (!d->ordered[fact]) {
      left = 0;
      w_left = 0;
      memset(g->part, 0, m * sizeof *g->part);
    }
    left |= UINT64_C(1) << v;
    w_left += g->weight[v];
    for (uint32_t o = 0; o < m; o++)
      g->part[o] += g->sum[(size_t)v * m + o];
    if (g->weight[v] > 0)
      try_cut(g, fact, left, total, all, w_left, &best, cut);
  }
}

static void find_cut(dm_grower *g, dm_branch *leaf)
{
  const dm_tree_data *d = g->data;
  double *total = dm_arena_array(g->arena, d->n_options, sizeof *total);
  leaf->cut = (dm_cut){0};
  for (uint32_t f = 0; f < d->n_facts; f++) {
    if (g->allowed >> f & 1 && d->n_values[f] > 1)
      find_cut_by(g, leaf, f, total, &leaf->cut);
  }
}

/* Cuts leaf k in two; the new one stands behind all others. */
static void cut_leaf(dm_grower *g, uint32_t k)
{
  const dm_tree_data *d = g->data;
  dm_branch *leaf = &g->leaf[k], *right = &g->leaf[g->n_leaves++];
  dm_cut cut = leaf->cut;
  uint32_t n_left = 0, n_right = 0;
  for (uint32_t i = leaf->first; i < leaf->first + leaf->n; i++) {
    uint32_t at = g->order[i];
    if (cut.left >> d->value[(size_t)at * d->n_facts + cut.fact] & 1)
      g->order[leaf->first + n_left++] = at;
    else
      g->swap[n_right++] = at;
  }
  memcpy(g->order + leaf->first + n_left, g->swap, n_right * sizeof *g->swap);
  right->mask = dm_arena_array(g->arena, d->n_facts, sizeof *right->mask);
  memcpy(right->mask, leaf->mask, d->n_facts * sizeof *right->mask);
  right->first = leaf->first + n_left;
  right->n = n_right;
  leaf->n = n_left;
  leaf->mask[cut.fact] &= cut.left;
  right->mask[cut.fact] &= ~cut.left;
  find_cut(g, leaf);
  find_cut(g, right);
}

static void grow(dm_grower *g, uint32_t max_leaves)
{
  const dm_tree_data *d = g->data;
  dm_branch *root = &g->leaf[0];
  root->mask = dm_arena_array(g->arena, d->n_facts, sizeof *root->mask);
  for (uint32_t f = 0; f < d->n_facts; f++)
    root->mask[f] = d->n_values[f] < MOST_VALUES
                        ? (UINT64_C(1) << d->n_values[f]) - 1
                        : UINT64_MAX;
  root->first = 0;
  root->n = d->n;
  g->n_leaves = 1;
  double all = 0;
  for (uint32_t i = 0; i < d->n; i++) {
    g->order[i] = i;
    all += d->weight[i];
  }
  find_cut(g, root);
  while (g->n_leaves < max_leaves) {
    uint32_t best = 0;
    for (uint32_t k = 1; k < g->n_leaves; k++) {
      if (g->leaf[k].cut.gain > g->leaf[best].cut.gain)
        best = k;
    }
    /* A millionth of squared error is a tenth of a point: rounding, not a
     * reason. */
    if (!(g->leaf[best].cut.gain > 1e-6 * all))
      break;
    cut_leaf(g, best);
  }
}

/* Half the sum of absolute differences between case `at` and `mean`. */
static double distance(
    const dm_tree_data *d, uint32_t at, const double *mean, double *largest)
{
  double sum = 0, most = 0;
  for (uint32_t o = 0; o < d->n_options; o++) {
    double gap = fabs(d->p[(size_t)at * d->n_options + o] - mean[o]);
    sum += gap;
    most = fmax(most, gap);
  }
  *largest = most;
  return sum / 2;
}

/* Mean, weight and spread of a leaf; returns its weighted error. */
static double measure(dm_grower *g, const dm_branch *b, dm_tree_leaf *leaf)
{
  const dm_tree_data *d = g->data;
  leaf->mask = b->mask;
  leaf->mean = dm_arena_array(g->arena, d->n_options, sizeof *leaf->mean);
  leaf->weight = leaf->spread = 0;
  for (uint32_t i = b->first; i < b->first + b->n; i++) {
    size_t at = g->order[i];
    leaf->weight += d->weight[at];
    for (uint32_t o = 0; o < d->n_options; o++)
      leaf->mean[o] += d->weight[at] * d->p[at * d->n_options + o];
  }
  for (uint32_t o = 0; o < d->n_options && leaf->weight > 0; o++)
    leaf->mean[o] /= leaf->weight;
  double error = 0;
  for (uint32_t i = b->first; i < b->first + b->n; i++) {
    double largest, w = d->weight[g->order[i]];
    error += w * distance(d, g->order[i], leaf->mean, &largest);
    if (w >= LEAST_SHARE * leaf->weight)
      leaf->spread = fmax(leaf->spread, largest);
  }
  return error;
}

static dm_tree fit(dm_grower *g, uint64_t allowed, uint32_t max_leaves)
{
  const dm_tree_data *d = g->data;
  dm_tree tree = {0};
  g->allowed = allowed;
  grow(g, max_leaves);
  tree.n_leaves = g->n_leaves;
  tree.leaf = dm_arena_array(g->arena, g->n_leaves, sizeof *tree.leaf);
  double all = 0;
  for (uint32_t k = 0; k < g->n_leaves; k++) {
    tree.error += measure(g, &g->leaf[k], &tree.leaf[k]);
    all += tree.leaf[k].weight;
    for (uint32_t f = 0; f < d->n_facts; f++) {
      uint64_t full = d->n_values[f] < MOST_VALUES
                          ? (UINT64_C(1) << d->n_values[f]) - 1
                          : UINT64_MAX;
      if (g->leaf[k].mask[f] != full)
        tree.facts |= UINT64_C(1) << f;
    }
  }
  if (all > 0)
    tree.error /= all;
  return tree;
}

/* The best tree that does without one of the tree's facts. */
static bool without_one(
    dm_grower *g, const dm_tree *tree, uint32_t max_leaves, dm_tree *best)
{
  bool found = false;
  for (uint32_t f = 0; f < g->data->n_facts; f++) {
    if (!(tree->facts >> f & 1))
      continue;
    dm_tree less = fit(g, tree->facts & ~(UINT64_C(1) << f), max_leaves);
    if (!found || less.error < best->error)
      *best = less;
    found = true;
  }
  return found;
}

dm_tree dm_tree_fit(
    dm_arena *arena, const dm_tree_data *data, uint64_t allowed,
    uint32_t max_leaves, double worth)
{
  dm_grower g = {.arena = arena, .data = data};
  if (max_leaves > MOST_LEAVES)
    max_leaves = MOST_LEAVES;
  g.order = dm_arena_array(arena, data->n, sizeof *g.order);
  g.swap = dm_arena_array(arena, data->n, sizeof *g.swap);
  g.sum = dm_arena_array(
      arena, (size_t)MOST_VALUES * data->n_options, sizeof *g.sum);
  g.weight = dm_arena_array(arena, MOST_VALUES, sizeof *g.weight);
  g.part = dm_arena_array(arena, data->n_options, 2 * sizeof *g.part);
  dm_tree tree = fit(&g, allowed, max_leaves);
  double most = tree.error + worth;
  while (tree.facts) {
    dm_tree best;
    if (!without_one(&g, &tree, max_leaves, &best) || !(best.error < most))
      break;
    tree = best;
  }
  while (tree.n_leaves > 1) {
    dm_tree less = fit(&g, tree.facts, tree.n_leaves - 1);
    if (!(less.error < most))
      break;
    tree = less;
  }
  return tree;
}
