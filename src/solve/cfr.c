/* solve/cfr.c -- regret minimisation for two players, in sequence form.
 *
 * In:     a two-player game with perfect recall.
 * Out:    average strategies, and what best replies gain against them.
 * Method: counterfactual regret minimisation.  For one player, with the other's
 *         realisation plan y:
 *           u = A y            payoff of each own sequence (sequence.h);
 *           up:    sets from the last to the first,
 *                    V(set) = sum over options of sigma u,
 *                    d = u - V  instantaneous regrets, added to R by the rule,
 *                    sigma proportional to the positive part of R,
 *                    u(sequence that leads to the set) += V(set);
 *           down:  x(option) = x(sequence that leads there) sigma(option), and
 *                    the average plan += weight x.
 *         Then the other player, against the plan just found (alternation).
 * Rules:  PLUS        R = max(0, R + d), weight t (Tammelin 2014)
 *         LINEAR      R = R t / (t + 1) + d, weight t
 *         DISCOUNTED  R = c R + d with c = t^a / (t^a + 1), a = 1.5, where R > 0
 *                     and 1/2 elsewhere; weight t^2 (Brown and Sandholm 2019)
 *         PREDICTIVE  R = max(0, R + d), and sigma proportional to the positive
 *                     part of R + d; weight t^2 (Farina, Kroer and Sandholm
 *                     2021)
 *         FORESEEING  the same with R = max(0, c R + d) and c R + d, a = 2.3;
 *                     weight t^5 (after Xu et al., IJCAI 2024)
 *         t in c counts the iterations that R has seen.
 * Layout: sets of one depth and number of options are a group, whose numbers
 *         are stored option by option; each step is a short loop over
 *         contiguous doubles without branches, which compilers spread over
 *         vector lanes.  No sum crosses lanes, so the bits depend neither on
 *         that nor on the compiler.  One loop over all options of a set at
 *         once was tried, for two and for three options: no faster, and gcc
 *         gave up on it when it saw several rules.
 * Zero regrets: a set whose regrets are all 0 plays uniformly.
 * Cost:   an iteration: both payoff matrices once, and some 20 flops a sequence.
 *         40 bytes a sequence, and the matrices.
 * Not here: sampling; more than two players; merged histories that forget. */
#include "solve/zero_sum.h"

#include "solve/sequence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct learner {
  const dm_seq_side *side;
  dm_product product;
  double *value;  /* [n_seqs] u */
  double *sigma;  /* [n_seqs] behaviour */
  double *regret; /* [n_seqs] R */
  double *plan;   /* [n_seqs] x; plan[0] = 1 */
  double *sum;    /* [n_seqs] weighted sum of plans; sum[0] of the weights */
} learner;

struct dm_cfr {
  dm_sequence *sequence;
  learner learner[2];
  double *scratch; /* [3 x sets of the widest group] */
  uint64_t iterations;
  dm_cfr_rule rule;
  bool zero_sum;
};

/* ---- one group of sets --------------------------------------------------- */

/* What an iteration does to old regrets. */
typedef struct keep_part {
  double high, low; /* of positive and negative regrets */
  double next;      /* of positive ones in the next iteration */
} keep_part;

/* max(0, x), exactly; a comparison would become a branch in some loops, and
 * those would not be spread over lanes. */
static inline double positive(double x)
{
  return 0.5 * (x + fabs(x));
}

/* Adds d to the regret *r; returns the option's weight in the new strategy. */
static inline double learn(
    const dm_cfr_rule rule, keep_part keep, double *r, double d)
{
  double old = *r;
  if (rule == DM_CFR_DISCOUNTED) {
    double high = positive(old);
    old = keep.high * high + keep.low * (old - high);
  }
  if (rule == DM_CFR_LINEAR || rule == DM_CFR_FORESEEING)
    old *= keep.high;
  double now = old + d;
  if (rule != DM_CFR_DISCOUNTED && rule != DM_CFR_LINEAR)
    now = positive(now);
  *r = now;
  if (rule == DM_CFR_PREDICTIVE)
    now += d;
  if (rule == DM_CFR_FORESEEING)
    now = now * keep.next + d;
  return positive(now);
}

/* One option of each set of a group: values u, the sets' values.  sigma gets
 * the weights of the new strategy, and `sum` adds them up. */
typedef void learn_loop(
    keep_part keep, uint32_t n, const double *restrict u,
    const double *restrict value, double *restrict sigma, double *restrict r,
    double *restrict sum);

static inline void learn_all(
    const dm_cfr_rule rule, keep_part keep, uint32_t n,
    const double *restrict u, const double *restrict value,
    double *restrict sigma, double *restrict r, double *restrict sum)
{
  for (uint32_t j = 0; j < n; j++) {
    double t = learn(rule, keep, &r[j], u[j] - value[j]);
    sigma[j] = t;
    sum[j] += t;
  }
}

/* The rule is a constant in each of these, and their pointers are known not to
 * overlap, which compilers forget of functions that they inline. */
static void learn_plus(
    keep_part keep, uint32_t n, const double *restrict u,
    const double *restrict value, double *restrict sigma, double *restrict r,
    double *restrict sum)
{
  learn_all(DM_CFR_PLUS, keep, n, u, value, sigma, r, sum);
}

static void learn_linear(
    keep_part keep, uint32_t n, const double *restrict u,
    const double *restrict value, double *restrict sigma, double *restrict r,
    double *restrict sum)
{
  learn_all(DM_CFR_LINEAR, keep, n, u, value, sigma, r, sum);
}

static void learn_discounted(
    keep_part keep, uint32_t n, const double *restrict u,
    const double *restrict value, double *restrict sigma, double *restrict r,
    double *restrict sum)
{
  learn_all(DM_CFR_DISCOUNTED, keep, n, u, value, sigma, r, sum);
}

static void learn_predictive(
    keep_part keep, uint32_t n, const double *restrict u,
    const double *restrict value, double *restrict sigma, double *restrict r,
    double *restrict sum)
{
  learn_all(DM_CFR_PREDICTIVE, keep, n, u, value, sigma, r, sum);
}

static void learn_foreseeing(
    keep_part keep, uint32_t n, const double *restrict u,
    const double *restrict value, double *restrict sigma, double *restrict r,
    double *restrict sum)
{
  learn_all(DM_CFR_FORESEEING, keep, n, u, value, sigma, r, sum);
}

static void add_value(
    uint32_t n, const double *restrict u, const double *restrict sigma,
    double *restrict value)
{
  for (uint32_t j = 0; j < n; j++)
    value[j] += sigma[j] * u[j];
}

/* From the sum of the weights: what to multiply by, what to add. */
static void find_parts(
    uint32_t n, double even, double *restrict sum, double *restrict add)
{
  for (uint32_t j = 0; j < n; j++)
    add[j] = sum[j] > 0.0 ? 0.0 : 1.0;
  for (uint32_t j = 0; j < n; j++) {
    sum[j] = 1.0 / (sum[j] + add[j]);
    add[j] *= even;
  }
}

static void share(
    uint32_t n, const double *restrict part, const double *restrict add,
    double *restrict sigma)
{
  for (uint32_t j = 0; j < n; j++)
    sigma[j] = sigma[j] * part[j] + add[j];
}

/* V of the sets of a group into `value` [3 n]. */
static void up_group(
    learn_loop *rule, keep_part keep, const dm_seq_group *g, const learner *l,
    double *value)
{
  uint32_t n = g->n;
  const double *u = l->value + g->seq;
  if (g->arity == 1) {
    memcpy(value, u, n * sizeof *value);
    return;
  }
  double *sigma = l->sigma + g->seq;
  double *r = l->regret + g->seq;
  double *sum = value + n;
  double *add = sum + n;
  size_t end = (size_t)n * g->arity;
  memset(value, 0, 2 * (size_t)n * sizeof *value);
  for (size_t at = 0; at < end; at += n)
    add_value(n, u + at, sigma + at, value);
  for (size_t at = 0; at < end; at += n)
    rule(keep, n, u + at, value, sigma + at, r + at, sum);
  find_parts(n, 1.0 / g->arity, sum, add);
  for (size_t at = 0; at < end; at += n)
    share(n, sum, add, sigma + at);
}

/* ---- one player ---------------------------------------------------------- */

static learn_loop *loop_of(dm_cfr_rule rule)
{
  switch (rule) {
  case DM_CFR_PLUS:
    return learn_plus;
  case DM_CFR_LINEAR:
    return learn_linear;
  case DM_CFR_PREDICTIVE:
    return learn_predictive;
  case DM_CFR_FORESEEING:
    return learn_foreseeing;
  case DM_CFR_DISCOUNTED:
  case DM_CFR_RULES:
    break;
  }
  return learn_discounted;
}

static void up(
    learn_loop *rule, keep_part keep, const learner *l, double *scratch)
{
  const dm_seq_side *side = l->side;
  for (uint32_t i = side->n_groups; i-- > 0;) {
    const dm_seq_group *g = &side->group[i];
    const uint32_t *parent = side->parent + g->set;
    up_group(rule, keep, g, l, scratch);
    for (uint32_t j = 0; j < g->n; j++)
      l->value[parent[j]] += scratch[j];
  }
}

static void down_option(
    uint32_t n, double weight, const double *restrict before,
    const double *restrict sigma, double *restrict plan, double *restrict sum)
{
  for (uint32_t j = 0; j < n; j++) {
    double x = before[j] * sigma[j];
    plan[j] = x;
    sum[j] += weight * x;
  }
}

static void down(const learner *l, double weight, double *scratch)
{
  const dm_seq_side *side = l->side;
  l->sum[0] += weight;
  for (uint32_t i = 0; i < side->n_groups; i++) {
    const dm_seq_group *g = &side->group[i];
    const uint32_t *parent = side->parent + g->set;
    for (uint32_t j = 0; j < g->n; j++)
      scratch[j] = l->plan[parent[j]];
    for (uint32_t at = g->seq, k = 0; k < g->arity; k++, at += g->n)
      down_option(
          g->n, weight, scratch, l->sigma + at, l->plan + at, l->sum + at);
  }
}

/* ---- iterations ---------------------------------------------------------- */

/* t^a / (t^a + 1) for a = 1.5 and 2.3.  Roots are rounded alike everywhere,
 * pow() is not: t^2.3 is taken as t^2 t^(1/4) t^(1/16), a = 2.3125. */
static double discount(dm_cfr_rule rule, double t)
{
  double root = sqrt(t);
  double grown = t * root;
  if (rule == DM_CFR_FORESEEING) {
    double fourth = sqrt(root);
    grown = t * t * fourth * sqrt(sqrt(fourth));
  }
  return grown / (grown + 1.0);
}

/* For iteration t, counted from 1. */
static keep_part kept_part(dm_cfr_rule rule, double t)
{
  if (rule == DM_CFR_LINEAR)
    return (keep_part){(t - 1.0) / t, (t - 1.0) / t, 1.0};
  if (rule == DM_CFR_DISCOUNTED || rule == DM_CFR_FORESEEING)
    return (keep_part){discount(rule, t - 1.0), 0.5, discount(rule, t)};
  return (keep_part){1.0, 1.0, 1.0};
}

static double weight_of(dm_cfr_rule rule, double t)
{
  switch (rule) {
  case DM_CFR_DISCOUNTED:
  case DM_CFR_PREDICTIVE:
    return t * t;
  case DM_CFR_FORESEEING:
    return t * t * t * t * t;
  case DM_CFR_PLUS:
  case DM_CFR_LINEAR:
  case DM_CFR_RULES:
    break;
  }
  return t;
}

void dm_cfr_run(dm_cfr *cfr, uint64_t iterations)
{
  learn_loop *rule = loop_of(cfr->rule);
  for (uint64_t i = 0; i < iterations; i++) {
    double t = (double)++cfr->iterations;
    keep_part keep = kept_part(cfr->rule, t);
    double weight = weight_of(cfr->rule, t);
    for (int a = 0; a < 2; a++) {
      learner *l = &cfr->learner[a];
      dm_product_run(&l->product, cfr->learner[1 - a].plan, l->value);
      up(rule, keep, l, cfr->scratch);
      down(l, weight, cfr->scratch);
    }
  }
}

static void start(dm_cfr *cfr)
{
  cfr->iterations = 0;
  for (int a = 0; a < 2; a++) {
    learner *l = &cfr->learner[a];
    size_t bytes = l->side->n_seqs * sizeof(double);
    memset(l->regret, 0, bytes);
    for (uint32_t i = 0; i < l->side->n_groups; i++) {
      const dm_seq_group *g = &l->side->group[i];
      for (uint32_t s = 0; s < g->n * g->arity; s++)
        l->sigma[g->seq + s] = 1.0 / g->arity;
    }
    l->plan[0] = 1.0;
    memset(l->sum, 0, bytes);
    down(l, 0.0, cfr->scratch);
  }
}

static double *doubles(dm_arena *arena, size_t n)
{
  return dm_arena_resize(arena, NULL, n * sizeof(double));
}

static dm_status allocate(dm_cfr *cfr)
{
  dm_sequence *s = cfr->sequence;
  dm_arena *arena = &s->arena;
  dm_status status = (dm_status)setjmp(arena->jump);
  if (status != DM_OK)
    return status;
  uint32_t widest = 1;
  for (int a = 0; a < 2; a++) {
    learner *l = &cfr->learner[a];
    uint32_t n = s->side[a].n_seqs;
    widest = s->side[a].widest > widest ? s->side[a].widest : widest;
    l->side = &s->side[a];
    l->value = doubles(arena, n);
    l->sigma = doubles(arena, n);
    l->regret = doubles(arena, n);
    l->plan = doubles(arena, n);
    l->sum = doubles(arena, n);
    l->sigma[0] = l->regret[0] = 0.0;
  }
  cfr->scratch = doubles(arena, 3 * (size_t)widest);
  return DM_OK;
}

static dm_status fill(dm_cfr *cfr)
{
  dm_status status = DM_OK;
  dm_sequence *s = cfr->sequence;
  for (int a = 0; a < 2 && status == DM_OK; a++)
    status = dm_product_plan(&s->arena, s, a, &cfr->learner[a].product);
  if (status == DM_OK)
    status = allocate(cfr);
  if (status != DM_OK)
    return status;
  dm_sequence_drop_entries(s);
  dm_cfr_set_rule(cfr, DM_CFR_DISCOUNTED);
  return DM_OK;
}

dm_status dm_cfr_new(
    const dm_game *game, const double *cell, dm_cfr **out, const char **why)
{
  *out = NULL;
  *why = "";
  dm_cfr *cfr = calloc(1, sizeof *cfr);
  if (!cfr)
    return DM_E_MEMORY;
  dm_status status = dm_sequence_new(game, cell, &cfr->sequence, why);
  if (status == DM_OK)
    status = fill(cfr);
  if (status == DM_OK) {
    const char *reason;
    dm_status sum = dm_zero_sum_check(game, cell, &reason);
    cfr->zero_sum = sum == DM_OK;
    status = sum == DM_E_MEMORY ? sum : DM_OK;
  }
  if (status == DM_OK)
    *out = cfr;
  else
    dm_cfr_free(cfr);
  return status;
}

void dm_cfr_free(dm_cfr *cfr)
{
  if (!cfr)
    return;
  dm_sequence_free(cfr->sequence);
  free(cfr);
}

void dm_cfr_set_rule(dm_cfr *cfr, dm_cfr_rule rule)
{
  cfr->rule = rule;
  start(cfr);
}

const char *dm_cfr_rule_text(dm_cfr_rule rule)
{
  switch (rule) {
  case DM_CFR_PLUS:
    return "CFR+";
  case DM_CFR_LINEAR:
    return "linear CFR";
  case DM_CFR_DISCOUNTED:
    return "discounted CFR (1.5, 0, 2)";
  case DM_CFR_PREDICTIVE:
    return "predictive CFR+";
  case DM_CFR_FORESEEING:
    return "predictive discounted CFR+";
  case DM_CFR_RULES:
    break;
  }
  return "unknown";
}

uint64_t dm_cfr_iterations(const dm_cfr *cfr)
{
  return cfr->iterations;
}

/* ---- answers ------------------------------------------------------------- */

/* Weighted sum of plans; before the first iteration the plan itself. */
static const double *average_of(const dm_cfr *cfr, int a)
{
  const learner *l = &cfr->learner[a];
  return cfr->iterations > 0 ? l->sum : l->plan;
}

void dm_cfr_average(const dm_cfr *cfr, double *p)
{
  for (int a = 0; a < 2; a++)
    dm_sequence_strategy(cfr->sequence, a, average_of(cfr, a), p);
}

/* Payoffs of a's sequences against the other's average, into a's u; returns
 * the value of its own average, in units of both weights. */
static double respond(dm_cfr *cfr, int a)
{
  learner *l = &cfr->learner[a];
  const double *own = average_of(cfr, a);
  dm_product_run(&l->product, average_of(cfr, 1 - a), l->value);
  double value = 0.0;
  for (uint32_t i = 0; i < l->side->n_seqs; i++)
    value += own[i] * l->value[i];
  return value / (own[0] * average_of(cfr, 1 - a)[0]);
}

double dm_cfr_exploitability(dm_cfr *cfr, double gain[2])
{
  for (int a = 0; a < 2; a++) {
    learner *l = &cfr->learner[a];
    double value = respond(cfr, a);
    double best = dm_sequence_best(l->side, l->value);
    gain[a] = best / average_of(cfr, 1 - a)[0] - value;
  }
  return gain[0] + gain[1];
}

void dm_cfr_value(dm_cfr *cfr, double value[2])
{
  for (int a = 0; a < 2; a++)
    value[a] = respond(cfr, a);
}

const char *dm_cfr_guarantee(const dm_cfr *cfr)
{
  return cfr->zero_sum
             ? "The game is zero-sum: the average strategies approach an "
               "equilibrium, and half of NashConv bounds how far they are from "
               "its value."
             : "The game is not zero-sum: what both played on the way, taken "
               "together, approaches a coarse correlated equilibrium; the "
               "average strategies shown here need not be near any Nash "
               "equilibrium. Judge them by what best replies gain.";
}

size_t dm_cfr_bytes(const dm_cfr *cfr)
{
  return sizeof *cfr + sizeof *cfr->sequence + cfr->sequence->arena.bytes;
}

/* Up: u, sigma and R read, sigma and R written, V through the parent.  Down:
 * sigma and the average read, plan and average written, plan through the
 * parent. */
size_t dm_cfr_moved(const dm_cfr *cfr)
{
  size_t bytes = 0;
  for (int a = 0; a < 2; a++) {
    const learner *l = &cfr->learner[a];
    bytes += dm_product_moved(&l->product);
    bytes += (size_t)l->side->n_seqs * 9 * sizeof(double);
    bytes +=
        (size_t)l->side->n_sets * (2 * sizeof(uint32_t) + 7 * sizeof(double));
  }
  return bytes;
}
