/* solve/lp.c -- value and optimal strategies of a two-player zero-sum game, by
 * a linear program over realisation plans.
 *
 * In:     a two-player game with perfect recall whose payoffs add up to one
 *         constant everywhere.
 * Out:    the value, and one optimal behaviour strategy of each player.
 * Method: the first player maximises what the second's best reply leaves it.
 *         With plan x >= 0, payoffs A (first player's), and one free v per
 *         information set of the second player (v_0 for the start):
 *           maximise v_0
 *           for each sequence b of the second, at set s(b):
 *             v_s(b) - sum of v over sets that b leads to - (A' x)_b <= 0
 *           for each set of the first: its options' weights - weight of the
 *             sequence that leads there = 0;  x_0 = 1.
 *         The prices of the rows b are an optimal plan of the second player.
 *         Koller, Megiddo and von Stengel, GEB 14 (1996), section 4.
 * Scale:  payoffs are divided by the largest entry, so that the library's
 *         tolerances mean the same in every game.
 * Checked: both plans are made exactly feasible, and best replies to them are
 *         computed here; the value lies between what they guarantee.  When those
 *         two are further apart than TOLERANCE the answer is refused.
 * Library: CLP behind this file alone (docs/decisions/0008).  Without it the
 *         calls say so.
 * Cost:   as many rows and columns as sequences and sets; the simplex method.
 * Not here: all optimal strategies (enumerate.c); general sums. */
#include "solve/zero_sum.h"

#include "solve/sequence.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef DM_HAVE_CLP
#include <coin/Clp_C_Interface.h>
#endif

#define TOLERANCE 1e-9 /* of the largest payoff entry */

bool dm_lp_available(void)
{
#ifdef DM_HAVE_CLP
  return true;
#else
  return false;
#endif
}

#ifdef DM_HAVE_CLP

/* Columns: plan x_1, x_2, ..., then v_0, then v of the second player's sets.
 * Rows: the second player's sequences, then the first player's sets. */
typedef struct program {
  const dm_sequence *sequence;
  double scale; /* largest |entry| of the first player */
  uint32_t n_rows, n_cols;
  uint32_t n_x;         /* columns of x */
  uint32_t *kids[2];    /* [n_seqs + 1] first set behind a sequence */
  uint32_t *kid[2];     /* [n_sets] sets by the sequence that leads there */
  uint32_t *own_set[2]; /* [n_seqs] set of a sequence */
  CoinBigIndex *start;  /* [n_cols + 1] */
  int *index;
  double *value;
  double *col_lower, *col_upper, *goal;
  double *row_lower, *row_upper;
  CoinBigIndex n;
  double *plan[2]; /* [n_seqs] */
  double *reply;   /* [n_seqs] of either */
  dm_arena arena;
} program;

/* ---- the rows ------------------------------------------------------------ */

static void *room(program *lp, size_t n, size_t size)
{
  return dm_arena_resize(&lp->arena, NULL, n * size + 1);
}

/* Sets by the sequence that leads to them, and the set of each sequence. */
static void index_side(program *lp, int a)
{
  const dm_seq_side *s = &lp->sequence->side[a];
  uint32_t *first = room(lp, (size_t)s->n_seqs + 2, sizeof *first);
  uint32_t *list = room(lp, s->n_sets, sizeof *list);
  uint32_t *own = room(lp, s->n_seqs, sizeof *own);
  memset(first, 0, ((size_t)s->n_seqs + 2) * sizeof *first);
  for (uint32_t i = 0; i < s->n_sets; i++)
    first[s->parent[i] + 2]++;
  for (uint32_t i = 0; i < s->n_seqs; i++)
    first[i + 2] += first[i + 1];
  for (uint32_t i = 0; i < s->n_sets; i++)
    list[first[s->parent[i] + 1]++] = i;
  own[0] = 0;
  for (uint32_t i = 0; i < s->n_groups; i++) {
    const dm_seq_group *g = &s->group[i];
    for (uint32_t k = 0; k < g->n * g->arity; k++)
      own[g->seq + k] = g->set + k % g->n;
  }
  lp->kids[a] = first;
  lp->kid[a] = list;
  lp->own_set[a] = own;
}

static void put(program *lp, uint32_t row, double value)
{
  lp->index[lp->n] = (int)row;
  lp->value[lp->n++] = value;
}

/* Column of x: its own set, the sets it leads to, its payoffs. */
static void plan_columns(program *lp)
{
  const dm_sequence *s = lp->sequence;
  uint32_t sets = s->side[1].n_seqs; /* rows of the first player's sets */
  size_t e = 0;
  while (e < s->n_entries && s->entry[e].seq[0] == 0)
    e++;
  for (uint32_t a = 1; a < s->side[0].n_seqs; a++) {
    lp->start[a - 1] = lp->n;
    lp->col_lower[a - 1] = 0.0;
    lp->col_upper[a - 1] = DBL_MAX;
    lp->goal[a - 1] = 0.0;
    for (; e < s->n_entries && s->entry[e].seq[0] == a; e++)
      if (s->entry[e].pay[0] != 0.0)
        put(lp, s->entry[e].seq[1], -s->entry[e].pay[0] / lp->scale);
    put(lp, sets + lp->own_set[0][a], 1.0);
    for (uint32_t i = lp->kids[0][a]; i < lp->kids[0][a + 1]; i++)
      put(lp, sets + lp->kid[0][i], -1.0);
  }
}

static void free_column(program *lp, uint32_t col, double goal)
{
  lp->start[col] = lp->n;
  lp->col_lower[col] = -DBL_MAX;
  lp->col_upper[col] = DBL_MAX;
  lp->goal[col] = goal;
}

static void value_columns(program *lp)
{
  const dm_seq_side *s = &lp->sequence->side[1];
  free_column(lp, lp->n_x, -1.0); /* the library minimises */
  put(lp, 0, 1.0);
  for (uint32_t i = 0; i < s->n_groups; i++) {
    const dm_seq_group *g = &s->group[i];
    for (uint32_t j = 0; j < g->n; j++) {
      free_column(lp, lp->n_x + 1 + g->set + j, 0.0);
      put(lp, s->parent[g->set + j], -1.0);
      for (uint32_t k = 0; k < g->arity; k++)
        put(lp, g->seq + k * g->n + j, 1.0);
    }
  }
  lp->start[lp->n_cols] = lp->n;
}

/* What x_0 = 1 leaves on the right. */
static void bounds(program *lp)
{
  const dm_sequence *s = lp->sequence;
  uint32_t sets = s->side[1].n_seqs;
  for (uint32_t b = 0; b < sets; b++) {
    lp->row_lower[b] = -DBL_MAX;
    lp->row_upper[b] = 0.0;
  }
  for (size_t e = 0; e < s->n_entries && s->entry[e].seq[0] == 0; e++)
    lp->row_upper[s->entry[e].seq[1]] = s->entry[e].pay[0] / lp->scale;
  for (uint32_t i = 0; i < s->side[0].n_sets; i++) {
    double right = s->side[0].parent[i] == 0 ? 1.0 : 0.0;
    lp->row_lower[sets + i] = right;
    lp->row_upper[sets + i] = right;
  }
}

static void write_program(program *lp)
{
  const dm_seq_side *side = lp->sequence->side;
  size_t n = lp->sequence->n_entries + side[0].n_seqs + side[0].n_sets +
             side[1].n_seqs + side[1].n_sets + 1;
  lp->n_x = side[0].n_seqs - 1;
  lp->n_cols = lp->n_x + 1 + side[1].n_sets;
  lp->n_rows = side[1].n_seqs + side[0].n_sets;
  lp->start = room(lp, (size_t)lp->n_cols + 1, sizeof *lp->start);
  lp->index = room(lp, n, sizeof *lp->index);
  lp->value = room(lp, n, sizeof *lp->value);
  lp->col_lower = room(lp, lp->n_cols, sizeof(double));
  lp->col_upper = room(lp, lp->n_cols, sizeof(double));
  lp->goal = room(lp, lp->n_cols, sizeof(double));
  lp->row_lower = room(lp, lp->n_rows, sizeof(double));
  lp->row_upper = room(lp, lp->n_rows, sizeof(double));
  for (int a = 0; a < 2; a++) {
    index_side(lp, a);
    lp->plan[a] = room(lp, side[a].n_seqs, sizeof(double));
  }
  lp->reply = room(lp, (size_t)side[0].n_seqs + side[1].n_seqs, sizeof(double));
  plan_columns(lp);
  value_columns(lp);
  bounds(lp);
}

/* ---- the library --------------------------------------------------------- */

static bool run_library(program *lp)
{
  Clp_Simplex *model = Clp_newModel();
  if (!model)
    return false;
  Clp_setLogLevel(model, 0);
  Clp_setPrimalTolerance(model, 1e-9);
  Clp_setDualTolerance(model, 1e-9);
  Clp_loadProblem(
      model, (int)lp->n_cols, (int)lp->n_rows, lp->start, lp->index, lp->value,
      lp->col_lower, lp->col_upper, lp->goal, lp->row_lower, lp->row_upper);
  Clp_initialDualSolve(model);
  bool good = Clp_status(model) == 0;
  if (good) {
    const double *x = Clp_primalColumnSolution(model);
    const double *y = Clp_dualRowSolution(model);
    lp->plan[0][0] = lp->plan[1][0] = 1.0;
    for (uint32_t i = 0; i < lp->n_x; i++)
      lp->plan[0][i + 1] = fmax(x[i], 0.0);
    for (uint32_t i = 1; i < lp->sequence->side[1].n_seqs; i++)
      lp->plan[1][i] = fmax(-y[i], 0.0);
  }
  Clp_deleteModel(model);
  return good;
}

/* ---- the check ----------------------------------------------------------- */

/* Makes the plan feasible to the last bit that doubles have. */
static void straighten(const program *lp, int a)
{
  const dm_seq_side *s = &lp->sequence->side[a];
  double *plan = lp->plan[a];
  for (uint32_t i = 0; i < s->n_groups; i++) {
    const dm_seq_group *g = &s->group[i];
    for (uint32_t j = 0; j < g->n; j++) {
      double *x = plan + g->seq + j;
      double sum = 0.0;
      for (uint32_t k = 0; k < g->arity; k++)
        sum += x[(size_t)k * g->n];
      double have = plan[s->parent[g->set + j]];
      for (uint32_t k = 0; k < g->arity; k++)
        x[(size_t)k * g->n] =
            sum > 0.0 ? have * (x[(size_t)k * g->n] / sum) : have / g->arity;
    }
  }
}

/* What player a gets at most against the other's plan. */
static double best_against(const program *lp, int a)
{
  const dm_sequence *s = lp->sequence;
  memset(lp->reply, 0, s->side[a].n_seqs * sizeof *lp->reply);
  for (size_t e = 0; e < s->n_entries; e++) {
    const dm_seq_entry *entry = &s->entry[e];
    lp->reply[entry->seq[a]] +=
        entry->pay[a] * lp->plan[1 - a][entry->seq[1 - a]];
  }
  return dm_sequence_best(&s->side[a], lp->reply);
}

/* total: what both get together. */
static dm_status conclude(program *lp, double total, double *p, double value[2])
{
  double most[2] = {best_against(lp, 0), best_against(lp, 1)};
  double gap = most[0] + most[1] - total;
  if (!(gap <= TOLERANCE * fmax(lp->scale, fabs(total))))
    return DM_E_CONVERGE;
  value[0] = most[0] - 0.5 * gap;
  value[1] = most[1] - 0.5 * gap;
  for (int a = 0; a < 2; a++)
    dm_sequence_strategy(lp->sequence, a, lp->plan[a], p);
  return DM_OK;
}

/* Payoffs of both at their first plan: every pair of plans has the same sum. */
static double total_of(const program *lp)
{
  const dm_sequence *s = lp->sequence;
  double total = 0.0;
  for (size_t e = 0; e < s->n_entries; e++) {
    const dm_seq_entry *entry = &s->entry[e];
    double weight = lp->plan[0][entry->seq[0]] * lp->plan[1][entry->seq[1]];
    total += weight * (entry->pay[0] + entry->pay[1]);
  }
  return total;
}

static dm_status solve(program *lp, double *p, double value[2])
{
  const dm_sequence *s = lp->sequence;
  for (size_t e = 0; e < s->n_entries; e++)
    lp->scale = fmax(lp->scale, fabs(s->entry[e].pay[0]));
  if (lp->scale == 0.0)
    lp->scale = 1.0;
  write_program(lp);
  if (!run_library(lp))
    return DM_E_CONVERGE;
  straighten(lp, 0);
  straighten(lp, 1);
  return conclude(lp, total_of(lp), p, value);
}

dm_status dm_lp_solve(
    const dm_game *game, const double *cell, double *p, double value[2],
    const char **why)
{
  dm_sequence *sequence = NULL;
  dm_status status = dm_zero_sum_check(game, cell, why);
  if (status == DM_OK)
    status = dm_sequence_new(game, cell, &sequence, why);
  if (status != DM_OK)
    return status;
  program lp = {.sequence = sequence};
  dm_arena_init(&lp.arena, 0);
  volatile dm_status done = (dm_status)setjmp(lp.arena.jump);
  if (done == DM_OK)
    done = solve(&lp, p, value);
  if (done == DM_E_CONVERGE)
    *why = "the linear program was not solved to the accuracy asked for";
  dm_arena_clear(&lp.arena);
  dm_sequence_free(sequence);
  return done;
}

#else

dm_status dm_lp_solve(
    const dm_game *game, const double *cell, double *p, double value[2],
    const char **why)
{
  (void)p;
  (void)value;
  dm_status status = dm_zero_sum_check(game, cell, why);
  if (status != DM_OK)
    return status;
  *why = "built without a linear-programming library";
  return DM_E_RANGE;
}

#endif
