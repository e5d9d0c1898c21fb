/* solve/lemke.c -- complementary pivoting on the sequence form.
 *
 * In:     the sequence form of a two-player game, a covering vector d > 0.
 * Out:    the plans x and y of one equilibrium.
 * Equations: with E x = e, F y = f the conditions on plans and A, B the payoffs
 *         (row player, column player), x and y are an equilibrium if there are
 *         free p, q with
 *           E'p - A y >= 0, x'(E'p - A y) = 0,
 *           F'q - B'x >= 0, y'(F'q - B'x) = 0.
 *         Each free vector is a difference of two others >= 0, each equation
 *         two inequalities, which makes it a linear complementarity problem
 *         w = M z + b >= 0, z >= 0, w'z = 0 with
 *           z = (x, y, p+, p-, q+, q-).
 * Method: Lemke (1965).  w = b + M z + d z0; z0 enters, the row with the least
 *         b/d leaves, and from then on the complement of what left enters,
 *         until z0 leaves.  It cannot end on a ray if no payoff is positive: so
 *         a constant over plans, K u'x v'y, is taken off, u and v positive.
 * Numerics: ties in the ratio test are broken lexicographically by the columns
 *         of the starting basis, so the path cannot cycle.  Dense, long double;
 *         the answer is measured by its certificate, not trusted.
 * Source: Koller, Megiddo and von Stengel, "Efficient computation of equilibria
 *         for extensive two-person games", GEB 14 (1996).
 * Cost:   O(N^2) a pivot, N = sequences + 2 sets + 4; pivots as a rule a few N.
 */
#include "solve/lemke.h"

#include "base/random.h"

#include <math.h>
#include <stdlib.h>

enum { SIZE_MOST = 1200, PIVOTS_A_ROW = 200, ENTRIES_A_LOOK = 1024 };

#define NOTHING 1e-14L /* an entry that may not be a pivot */
#define SAME    1e-13L /* ratios that are a tie */

/* Columns: w (n), z (n), z0, right side. */
typedef struct tableau {
  const dm_sequence *sequence;
  uint32_t n, width;
  uint32_t at[6];   /* first z of x, y, p+, p-, q+, q- */
  long double *row; /* [n x width] */
  uint32_t *basic;  /* [n] column that is basic in the row */
  uint32_t *used;   /* [width] columns in which the pivot row is not 0 */
} tableau;

static long double *cell(tableau *t, uint32_t row, uint32_t col)
{
  return &t->row[(size_t)row * t->width + col];
}

/* ---- the problem --------------------------------------------------------- */

/* Adds M's entry; the tableau holds w - M z - d z0 = b. */
static void add_m(tableau *t, uint32_t i, uint32_t j, long double m)
{
  *cell(t, i, t->n + j) -= m;
}

/* Weights u > 0 of sequences such that u'x is one number for all plans: what a
 * set weighs is what each of its options weighs with all that follows. */
static void even_weights(const dm_seq_side *side, long double *u)
{
  for (uint32_t i = 0; i < side->n_seqs; i++)
    u[i] = 0.0L; /* first: what follows the sequence */
  for (uint32_t i = side->n_groups; i-- > 0;) {
    const dm_seq_group *group = &side->group[i];
    for (uint32_t j = group->n; j-- > 0;) {
      long double most = 0.0L;
      for (uint32_t k = 0; k < group->arity; k++)
        most = fmaxl(most, u[group->seq + k * group->n + j]);
      for (uint32_t k = 0; k < group->arity; k++) {
        long double *option = &u[group->seq + k * group->n + j];
        *option = most + 1.0L - *option;
      }
      u[side->parent[group->set + j]] += most + 1.0L;
    }
  }
  u[0] = 1.0L;
}

/* Row 0: x_0 = 1.  Row s + 1: options of set s less their parent = 0.  The two
 * signed copies of the free variable and of the equation. */
static void add_condition(
    tableau *t, uint32_t plan, uint32_t dual, uint32_t row, uint32_t seq,
    long double value)
{
  uint32_t copies[2] = {t->at[dual] + row, t->at[dual + 1] + row};
  uint32_t z = t->at[plan] + seq;
  add_m(t, z, copies[0], value);
  add_m(t, z, copies[1], -value);
  add_m(t, copies[0], z, -value);
  add_m(t, copies[1], z, value);
}

static void add_side(tableau *t, int who)
{
  const dm_seq_side *side = &t->sequence->side[who];
  uint32_t plan = (uint32_t)who;
  uint32_t dual = who ? 4 : 2;
  add_condition(t, plan, dual, 0, 0, 1.0L);
  for (uint32_t i = 0; i < side->n_groups; i++) {
    const dm_seq_group *group = &side->group[i];
    for (uint32_t j = 0; j < group->n; j++) {
      uint32_t set = group->set + j;
      add_condition(t, plan, dual, set + 1, side->parent[set], -1.0L);
      for (uint32_t k = 0; k < group->arity; k++)
        add_condition(
            t, plan, dual, set + 1, group->seq + k * group->n + j, 1.0L);
    }
  }
  /* w of the first equation's copies: x_0 - 1 and 1 - x_0, up to sign. */
  *cell(t, t->at[dual], t->width - 1) = 1.0L;
  *cell(t, t->at[dual + 1], t->width - 1) = -1.0L;
}

static void add_payoffs(tableau *t, const long double *u, const long double *v)
{
  const dm_sequence *q = t->sequence;
  long double most[2] = {0.0L, 0.0L};
  for (size_t i = 0; i < q->n_entries; i++)
    for (int who = 0; who < 2; who++)
      most[who] = fmaxl(most[who], fabsl((long double)q->entry[i].pay[who]));
  for (int who = 0; who < 2; who++) {
    /* Scaled to 1, then lowered until none is positive. */
    long double scale = most[who] > 0.0L ? 1.0L / most[who] : 1.0L;
    for (uint32_t i = 0; i < q->side[0].n_seqs; i++)
      for (uint32_t j = 0; j < q->side[1].n_seqs; j++) {
        uint32_t x = t->at[0] + i, y = t->at[1] + j;
        add_m(t, who ? y : x, who ? x : y, 1.0L * u[i] * v[j]);
      }
    for (size_t i = 0; i < q->n_entries; i++) {
      uint32_t x = t->at[0] + q->entry[i].seq[0];
      uint32_t y = t->at[1] + q->entry[i].seq[1];
      add_m(
          t, who ? y : x, who ? x : y,
          -scale * (long double)q->entry[i].pay[who]);
    }
  }
}

static bool lay_out(tableau *t)
{
  const dm_seq_side *one = &t->sequence->side[0];
  const dm_seq_side *two = &t->sequence->side[1];
  uint32_t length[6] = {one->n_seqs,     two->n_seqs,     one->n_sets + 1,
                        one->n_sets + 1, two->n_sets + 1, two->n_sets + 1};
  t->n = 0;
  for (int i = 0; i < 6; i++) {
    t->at[i] = t->n;
    t->n += length[i];
  }
  t->width = 2 * t->n + 2;
  t->row = calloc((size_t)t->n * t->width, sizeof *t->row);
  t->basic = calloc(t->n, sizeof *t->basic);
  t->used = calloc(t->width, sizeof *t->used);
  return t->row && t->basic && t->used;
}

static bool fill(tableau *t, uint64_t seed)
{
  const dm_seq_side *side = t->sequence->side;
  long double *u = calloc((size_t)side[0].n_seqs + side[1].n_seqs, sizeof *u);
  if (!u)
    return false;
  long double *v = u + side[0].n_seqs;
  even_weights(&side[0], u);
  even_weights(&side[1], v);
  add_payoffs(t, u, v);
  add_side(t, 0);
  add_side(t, 1);
  free(u);
  uint64_t key = dm_random_key("lemke.cover");
  for (uint32_t i = 0; i < t->n; i++) {
    double d = seed ? 0.05 + dm_random_uniform(seed, 0, key, i) : 1.0;
    *cell(t, i, i) = 1.0L;
    *cell(t, i, 2 * t->n) = -(long double)d;
    t->basic[i] = i;
  }
  return true;
}

/* ---- pivoting ------------------------------------------------------------ */

static void pivot(tableau *t, uint32_t row, uint32_t col)
{
  long double *top = cell(t, row, 0);
  long double scale = 1.0L / top[col];
  uint32_t n_used = 0;
  for (uint32_t j = 0; j < t->width; j++) {
    top[j] *= scale;
    if (top[j] != 0.0L)
      t->used[n_used++] = j;
  }
  top[col] = 1.0L;
  for (uint32_t i = 0; i < t->n; i++) {
    long double *here = cell(t, i, 0);
    long double factor = here[col];
    if (i == row || factor == 0.0L)
      continue;
    for (uint32_t j = 0; j < n_used; j++)
      here[t->used[j]] -= factor * top[t->used[j]];
    here[col] = 0.0L;
  }
  t->basic[row] = col;
}

/* Whether row a goes before b: the right side and then the starting columns,
 * divided by the entry, are compared.  Where the right side is a tie, z0
 * leaves, since that is the end. */
static bool goes_before(tableau *t, uint32_t a, uint32_t b, uint32_t col)
{
  long double part_a = 1.0L / *cell(t, a, col);
  long double part_b = 1.0L / *cell(t, b, col);
  for (uint32_t j = 0; j <= t->n; j++) {
    uint32_t at = j == 0 ? t->width - 1 : j - 1;
    long double x = *cell(t, a, at) * part_a;
    long double y = *cell(t, b, at) * part_b;
    if (fabsl(x - y) > SAME * (1.0L + fabsl(x) + fabsl(y)))
      return x < y;
    if (j == 0 && (t->basic[a] == 2 * t->n || t->basic[b] == 2 * t->n))
      return t->basic[a] == 2 * t->n;
  }
  return false;
}

/* The row that leaves, or n: a ray. */
static uint32_t leaving(tableau *t, uint32_t col)
{
  uint32_t best = t->n;
  for (uint32_t i = 0; i < t->n; i++) {
    if (!(*cell(t, i, col) > NOTHING))
      continue;
    if (best == t->n || goes_before(t, i, best, col))
      best = i;
  }
  return best;
}

/* The row in which w is most negative against d, ties lexicographically. */
static uint32_t first_leaving(tableau *t)
{
  uint32_t z0 = 2 * t->n;
  uint32_t worst = 0;
  for (uint32_t i = 1; i < t->n; i++) {
    long double a = *cell(t, i, t->width - 1) / *cell(t, i, z0);
    long double b = *cell(t, worst, t->width - 1) / *cell(t, worst, z0);
    /* Entries of z0 are negative: the largest quotient is the worst.  The
     * starting columns are unit vectors, so a tie goes to the later row. */
    if (a >= b - SAME)
      worst = i;
  }
  return worst;
}

static void read_plans(tableau *t, long double *const plan[2])
{
  const dm_seq_side *side = t->sequence->side;
  for (int who = 0; who < 2; who++)
    for (uint32_t i = 0; i < side[who].n_seqs; i++)
      plan[who][i] = 0.0L;
  for (uint32_t i = 0; i < t->n; i++) {
    if (t->basic[i] < t->n || t->basic[i] == 2 * t->n)
      continue;
    uint32_t z = t->basic[i] - t->n;
    long double value = *cell(t, i, t->width - 1);
    if (z < t->at[1])
      plan[0][z] = value;
    else if (z < t->at[2])
      plan[1][z - t->at[1]] = value;
  }
}

static dm_status walk(tableau *t, dm_effort *effort)
{
  uint32_t z0 = 2 * t->n;
  uint32_t row = first_leaving(t);
  uint32_t left = t->basic[row];
  pivot(t, row, z0);
  for (uint64_t i = 0; i < (uint64_t)PIVOTS_A_ROW * t->n; i++) {
    if (left == z0)
      return DM_OK;
    effort->looked += (uint64_t)t->n * t->width / ENTRIES_A_LOOK;
    dm_status status = dm_effort_look(effort);
    if (status != DM_OK)
      return status;
    uint32_t enter = left < t->n ? left + t->n : left - t->n;
    row = leaving(t, enter);
    if (row == t->n)
      return DM_E_CONVERGE;
    left = t->basic[row];
    pivot(t, row, enter);
  }
  return DM_E_LIMIT;
}

dm_status dm_lemke_run(
    const dm_sequence *sequence, uint64_t seed, dm_effort *effort,
    long double *const plan[2])
{
  const dm_seq_side *side = sequence->side;
  uint64_t size = (uint64_t)side[0].n_seqs + side[1].n_seqs +
                  2 * ((uint64_t)side[0].n_sets + side[1].n_sets) + 4;
  if (size > SIZE_MOST)
    return DM_E_LIMIT;
  tableau t = {.sequence = sequence};
  dm_status status = DM_E_MEMORY;
  if (lay_out(&t) && fill(&t, seed)) {
    status = walk(&t, effort);
    if (status == DM_OK)
      read_plans(&t, plan);
  }
  free(t.row);
  free(t.basic);
  free(t.used);
  return status;
}
