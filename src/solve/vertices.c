/* solve/vertices.c -- the double description method on a player's plans.
 *
 * In:     the sequence form, a player.
 * Out:    all vertices of { (y, v): y a plan, v >= payoff of every reply }.
 * Method: without any reply the vertices are the pure plans, and v grows
 *         without end, which is one ray more.  Replies come in one at a time
 *         (Motzkin et al. 1953): vertices that break v >= reply(y) go, and
 *         where an edge leads from one that keeps it to one that breaks it, a
 *         new vertex is.  An edge joins two vertices if no third one lies on
 *         all the faces that both lie on.  Which reply next: the best one to a
 *         vertex for which v is too small.  When no vertex has one, all replies
 *         are respected, although most were never written down: a reply is
 *         found by a pass over the sets, so there is no need for the normal
 *         form.
 * Numerics: long double; a vertex on an edge is an average of two, so errors do
 *         not grow.  Values within TIE of the payoffs' size count as equal.
 * Source: Fukuda and Prodon, "Double description method revisited", LNCS 1120
 *         (1996); Avis, Rosenberg, Savani and von Stengel, Economic Theory 42
 *         (2010), for the polyhedron.
 * Cost:   exponential in the worst case, hence the effort's limit: looks are
 *         vertices made, pairs tried and COMPARISONS with third ones. */
#include "solve/vertices.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TIE 1e-13L

/* Most replies written down, most vertices held. */
enum { REPLIES_MOST = 1024, VERTICES_MOST = 30000 };

/* Looks between two calls of progress; comparisons that count as a look. */
enum { TELL = 4096, COMPARISONS = 64 };

typedef struct corner {
  long double *at;  /* [dim + 1] plan, then v; the ray has a plan of zeros */
  uint64_t *on;     /* [words] faces it lies on: sequences of weight 0, then
                       replies */
  long double room; /* v less the new reply */
  bool sure;        /* v is known to respect all replies */
} corner;

typedef struct cutter {
  const dm_sequence *sequence;
  int side;
  dm_effort *effort;
  uint32_t dim, words, n_replies;
  uint32_t free_dim; /* of the cone over the polyhedron */
  long double tie;
  long double *reply; /* [dim] payoff to the other of the new reply, by sequence
                         of this player */
  long double *value, *other; /* [sequences of the other] */
  corner *at;
  uint32_t n, cap;
} cutter;

dm_status dm_effort_look(dm_effort *effort)
{
  if (effort->looked >= effort->most)
    return DM_E_LIMIT;
  effort->looked++;
  if (effort->looked < effort->tell_at)
    return DM_OK;
  effort->tell_at = effort->looked + TELL;
  if (effort->progress &&
      !effort->progress(effort->progress_data, effort->looked, effort->most))
    return DM_E_INTERRUPT;
  return DM_OK;
}

/* ---- plans --------------------------------------------------------------- */

void dm_plan_payoffs(
    const dm_sequence *sequence, int side, const long double *other,
    long double *value)
{
  for (uint32_t i = 0; i < sequence->side[side].n_seqs; i++)
    value[i] = 0.0L;
  for (size_t i = 0; i < sequence->n_entries; i++) {
    const dm_seq_entry *e = &sequence->entry[i];
    value[e->seq[side]] += (long double)e->pay[side] * other[e->seq[1 - side]];
  }
}

/* The sequence of option k at set j of a group. */
static uint32_t option_seq(const dm_seq_group *group, uint32_t j, uint32_t k)
{
  return group->seq + k * group->n + j;
}

/* The best option of a set; at ties the first. */
static uint32_t best_option(
    const dm_seq_group *group, uint32_t j, const long double *value)
{
  uint32_t best = option_seq(group, j, 0);
  for (uint32_t k = 1; k < group->arity; k++)
    if (value[option_seq(group, j, k)] > value[best])
      best = option_seq(group, j, k);
  return best;
}

long double dm_plan_reply(
    const dm_seq_side *side, long double *value, long double *plan)
{
  for (uint32_t i = side->n_groups; i-- > 0;) {
    const dm_seq_group *group = &side->group[i];
    for (uint32_t j = group->n; j-- > 0;)
      value[side->parent[group->set + j]] +=
          value[best_option(group, j, value)];
  }
  if (!plan)
    return value[0];
  memset(plan, 0, side->n_seqs * sizeof *plan);
  plan[0] = 1.0L;
  for (uint32_t i = 0; i < side->n_groups; i++) {
    const dm_seq_group *group = &side->group[i];
    for (uint32_t j = 0; j < group->n; j++)
      plan[best_option(group, j, value)] = plan[side->parent[group->set + j]];
  }
  return value[0];
}

/* ---- corners ------------------------------------------------------------- */

static bool bit(const uint64_t *set, uint32_t i)
{
  return set[i / 64] >> (i % 64) & 1;
}

static void set_bit(uint64_t *set, uint32_t i)
{
  set[i / 64] |= UINT64_C(1) << (i % 64);
}

static uint32_t used_words(const cutter *c)
{
  return (c->dim + c->n_replies + 63) / 64;
}

static void corner_free(corner *v)
{
  free(v->at);
  free(v->on);
}

/* A new corner with nothing in it, or NULL. */
static corner *push(cutter *c)
{
  if (c->n == c->cap) {
    uint32_t cap = c->cap ? 2 * c->cap : 64;
    corner *more = realloc(c->at, cap * sizeof *more);
    if (!more)
      return NULL;
    c->at = more;
    c->cap = cap;
  }
  corner *v = &c->at[c->n];
  *v = (corner){0};
  v->at = calloc((size_t)c->dim + 1, sizeof *v->at);
  v->on = calloc(c->words, sizeof *v->on);
  if (!v->at || !v->on) {
    corner_free(v);
    return NULL;
  }
  c->n++;
  return v;
}

static dm_status push_look(cutter *c, corner **out)
{
  *out = NULL;
  if (c->n >= VERTICES_MOST)
    return DM_E_LIMIT;
  dm_status status = dm_effort_look(c->effort);
  if (status == DM_OK && !(*out = push(c)))
    status = DM_E_MEMORY;
  return status;
}

/* Splits each plan that comes to a set into one for each option. */
static dm_status split_plans(
    cutter *c, const dm_seq_group *group, uint32_t j, uint32_t parent)
{
  uint32_t before = c->n;
  for (uint32_t i = 1; i < before; i++) {
    if (!(c->at[i].at[parent] > 0.0L))
      continue;
    for (uint32_t k = 1; k < group->arity; k++) {
      corner *v;
      dm_status status = push_look(c, &v);
      if (status != DM_OK)
        return status;
      memcpy(v->at, c->at[i].at, c->dim * sizeof *v->at);
      v->at[option_seq(group, j, k)] = 1.0L;
    }
    c->at[i].at[option_seq(group, j, 0)] = 1.0L;
  }
  return DM_OK;
}

/* The ray, then all pure plans. */
static dm_status start(cutter *c)
{
  const dm_seq_side *side = &c->sequence->side[c->side];
  corner *ray, *first;
  dm_status status = push_look(c, &ray);
  if (status != DM_OK)
    return status;
  ray->at[c->dim] = 1.0L;
  ray->sure = true;
  status = push_look(c, &first);
  if (status != DM_OK)
    return status;
  first->at[0] = 1.0L;
  for (uint32_t i = 0; i < side->n_groups; i++)
    for (uint32_t j = 0; j < side->group[i].n; j++) {
      uint32_t parent = side->parent[side->group[i].set + j];
      status = split_plans(c, &side->group[i], j, parent);
      if (status != DM_OK)
        return status;
    }
  for (uint32_t i = 0; i < c->n; i++)
    for (uint32_t k = 0; k < c->dim; k++)
      if (c->at[i].at[k] == 0.0L)
        set_bit(c->at[i].on, k);
  return DM_OK;
}

/* ---- a reply ------------------------------------------------------------- */

/* The other's best payoff against a corner; its pure plan into c->other. */
static long double best_against(cutter *c, const corner *v)
{
  dm_plan_payoffs(c->sequence, 1 - c->side, v->at, c->value);
  return dm_plan_reply(&c->sequence->side[1 - c->side], c->value, c->other);
}

/* What the reply in c->other pays against each sequence. */
static void write_down(cutter *c)
{
  const dm_sequence *q = c->sequence;
  for (uint32_t i = 0; i < c->dim; i++)
    c->reply[i] = 0.0L;
  for (size_t i = 0; i < q->n_entries; i++) {
    const dm_seq_entry *e = &q->entry[i];
    c->reply[e->seq[c->side]] +=
        (long double)e->pay[1 - c->side] * c->other[e->seq[1 - c->side]];
  }
  c->n_replies++;
}

static long double room_of(const cutter *c, const corner *v)
{
  long double room = v->at[c->dim];
  for (uint32_t i = 0; i < c->dim; i++)
    room -= c->reply[i] * v->at[i];
  return fabsl(room) <= c->tie ? 0.0L : room;
}

static bool within(const uint64_t *part, const uint64_t *whole, uint32_t words)
{
  for (uint32_t w = 0; w < words; w++)
    if (part[w] & ~whole[w])
      return false;
  return true;
}

static uint32_t ones(uint64_t x)
{
  uint32_t n = 0;
  for (; x; x &= x - 1)
    n++;
  return n;
}

/* Whether an edge joins corners a and b among the first n; `both` out.  Long
 * searches for a third one count as more looks. */
static bool adjacent(
    cutter *c, uint32_t a, uint32_t b, uint32_t n, uint64_t *both)
{
  uint32_t words = used_words(c);
  uint32_t count = 0;
  for (uint32_t w = 0; w < words; w++) {
    both[w] = c->at[a].on[w] & c->at[b].on[w];
    count += ones(both[w]);
  }
  if (count + 2 < c->free_dim)
    return false;
  uint32_t i = 0;
  while (i < n && (i == a || i == b || !within(both, c->at[i].on, words)))
    i++;
  c->effort->looked += i / COMPARISONS;
  return i == n;
}

/* The corner on the edge from a, which keeps the reply, to b, which does not.
 */
static dm_status cut_edge(
    cutter *c, uint32_t a, uint32_t b, const uint64_t *both)
{
  corner *v;
  dm_status status = push_look(c, &v);
  if (status != DM_OK)
    return status;
  const corner *keep = &c->at[a];
  const corner *lose = &c->at[b];
  for (uint32_t i = 0; i <= c->dim; i++)
    v->at[i] = keep->room * lose->at[i] - lose->room * keep->at[i];
  long double scale = v->at[0];
  for (uint32_t i = 0; i <= c->dim; i++)
    v->at[i] /= scale;
  for (uint32_t i = 0; i < c->dim; i++)
    if (bit(both, i))
      v->at[i] = 0.0L;
  memcpy(v->on, both, used_words(c) * sizeof *both);
  set_bit(v->on, c->dim + c->n_replies - 1);
  return DM_OK;
}

static void drop_losers(cutter *c, uint32_t before)
{
  uint32_t kept = 0;
  for (uint32_t i = 0; i < c->n; i++) {
    if (i < before && c->at[i].room < 0.0L)
      corner_free(&c->at[i]);
    else
      c->at[kept++] = c->at[i];
  }
  c->n = kept;
}

static dm_status cut(cutter *c)
{
  uint64_t both[(REPLIES_MOST + 64) / 64 + 64];
  uint32_t before = c->n;
  uint32_t face = c->dim + c->n_replies - 1;
  for (uint32_t i = 0; i < before; i++) {
    c->at[i].room = room_of(c, &c->at[i]);
    if (c->at[i].room == 0.0L)
      set_bit(c->at[i].on, face);
  }
  for (uint32_t b = 0; b < before; b++) {
    if (!(c->at[b].room < 0.0L))
      continue;
    for (uint32_t a = 0; a < before; a++) {
      if (!(c->at[a].room > 0.0L))
        continue;
      dm_status status = dm_effort_look(c->effort);
      if (status == DM_OK && adjacent(c, a, b, before, both))
        status = cut_edge(c, a, b, both);
      if (status != DM_OK)
        return status;
    }
  }
  drop_losers(c, before);
  return DM_OK;
}

/* The first reply: v of the pure plans starts on it. */
static void lift(cutter *c)
{
  for (uint32_t k = 0; k < c->dim; k++)
    c->reply[k] = 0.0L;
  (void)best_against(c, &c->at[1]);
  write_down(c);
  for (uint32_t i = 1; i < c->n; i++) {
    corner *v = &c->at[i];
    for (uint32_t k = 0; k < c->dim; k++)
      v->at[c->dim] += c->reply[k] * v->at[k];
    set_bit(v->on, c->dim);
  }
}

static dm_status cut_all(cutter *c)
{
  lift(c);
  for (uint32_t i = 1; i < c->n; i++) {
    corner *v = &c->at[i];
    if (v->sure)
      continue;
    if (best_against(c, v) <= v->at[c->dim] + c->tie) {
      v->sure = true;
      continue;
    }
    if (c->n_replies == REPLIES_MOST)
      return DM_E_LIMIT;
    write_down(c);
    dm_status status = cut(c);
    if (status != DM_OK)
      return status;
    i = 0; /* places have moved */
  }
  return DM_OK;
}

/* ---- all of it ----------------------------------------------------------- */

static dm_status copy_out(const cutter *c, dm_vertices *out)
{
  size_t dim = c->dim;
  out->block = calloc((c->n - 1) * (dim + 1), sizeof *out->plan);
  if (!out->block)
    return DM_E_MEMORY;
  out->n = c->n - 1;
  out->dim = c->dim;
  out->plan = out->block;
  out->replied = out->plan + out->n * dim;
  for (uint32_t i = 0; i < out->n; i++) {
    memcpy(out->plan + i * dim, c->at[i + 1].at, dim * sizeof *out->plan);
    out->replied[i] = c->at[i + 1].at[dim];
  }
  return DM_OK;
}

/* Size of the other's payoffs, for ties. */
static long double size_of(const dm_sequence *sequence, int side)
{
  long double most = 0.0L;
  for (size_t i = 0; i < sequence->n_entries; i++)
    most = fmaxl(most, fabsl((long double)sequence->entry[i].pay[side]));
  return most;
}

dm_status dm_vertices_find(
    const dm_sequence *sequence, int side, dm_effort *effort, dm_vertices *out)
{
  *out = (dm_vertices){0};
  const dm_seq_side *own = &sequence->side[side];
  cutter c = {.sequence = sequence, .side = side, .effort = effort};
  c.dim = own->n_seqs;
  if (c.dim > 64 * 64)
    return DM_E_LIMIT;
  c.words = (c.dim + REPLIES_MOST + 63) / 64;
  c.free_dim = own->n_seqs - own->n_sets + 1;
  c.tie = TIE * size_of(sequence, 1 - side);
  uint32_t others = sequence->side[1 - side].n_seqs;
  dm_status status = DM_E_MEMORY;
  c.reply = calloc((size_t)c.dim + 2 * (size_t)others + 1, sizeof *c.reply);
  if (c.reply) {
    c.value = c.reply + c.dim;
    c.other = c.value + others;
    status = start(&c);
  }
  if (status == DM_OK)
    status = cut_all(&c);
  if (status == DM_OK)
    status = copy_out(&c, out);
  for (uint32_t i = 0; i < c.n; i++)
    corner_free(&c.at[i]);
  free(c.at);
  free(c.reply);
  return status;
}

void dm_vertices_clear(dm_vertices *vertices)
{
  if (!vertices)
    return;
  free(vertices->block);
  *vertices = (dm_vertices){0};
}
