/* num/prim.c -- boxes of inputs in which a thing happens (PRIM).
 *
 * In:     inputs of n draws; which of them are cases.
 * Out:    boxes as data: input, low, high; counts, coverage, density, quasi-p.
 * Method: peel: of all inputs and both sides, cut the outermost share `peel` of
 *         the box (equal values go together) where the density gained per draw
 *         cut is largest, until the box is at its least mass or all cases.
 *         choose: of the boxes on the way the best by `merit`: the harmonic
 *         mean of coverage and density, or cases at a given density.
 *         paste: put the nearest draws beyond a limit back, or cut a few more
 *         at it, while that helps, last draw by draw; once more after the
 *         next step.
 *         drop: a side of a limit whose quasi-p-value is above p_max goes, the
 *         worst first, unless the box were then less dense than asked for.
 *         Then the draws inside are set aside, and again.
 *         Ties: the lower input, the low side.
 * Source: see the header.
 * Cost:   a sort for each input, then O(n d) a peel and a paste; some
 *         log(mass_min) / log(1 - peel) peels a box.
 * Not here: boxes that are turned, words. */
#include "num/prim.h"

#include "num/expo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Peels of a single draw from a large sample end somewhere. */
enum { MOST_STEPS = 4000 };

typedef struct count {
  uint32_t n, hits;
} count;

/* A cut at one side of one input: what is left and the new bound. */
typedef struct cut {
  uint32_t input;
  bool high;
  double bound;
  count left;
} cut;

typedef struct work {
  const double *x;
  const uint8_t *hit;
  const dm_prim_options *options;
  uint32_t n, d;
  uint32_t *order;   /* [d x n] draws by their value of the input */
  uint8_t *live;     /* [n] in no earlier box */
  uint32_t *outside; /* [n] sides of the box that the draw is beyond */
  double *low;       /* [d] of the box */
  double *high;      /* [d] */
  cut *step;         /* [MOST_STEPS] the peels */
  count all;         /* live draws */
  dm_prim_box *box;  /* [options->boxes] */
} work;

dm_prim_options dm_prim_defaults(void)
{
  return (dm_prim_options){
      .peel = 0.05,
      .paste = 0.01,
      .mass_min = 0.03,
      .p_max = 0.01,
      .boxes = 4,
  };
}

double dm_binomial_tail(uint32_t n, uint32_t hits, double p)
{
  if (hits == 0)
    return 1;
  if (hits > n || !(p > 0))
    return 0;
  if (p >= 1)
    return 1;
  /* Terms in logarithms, then in proportion to each other. */
  double log_term = hits * dm_log(p) + (n - hits) * dm_log(1 - p);
  for (uint32_t i = 1; i <= hits; i++)
    log_term += dm_log((n - hits + (double)i) / i);
  double term = 1, sum = 0;
  for (uint32_t i = hits; i <= n; i++) {
    sum += term;
    term *= (n - i) / (i + 1.0) * (p / (1 - p));
    if (sum > 0x1p900) {
      sum *= 0x1p-900;
      term *= 0x1p-900;
      log_term += 900 * (DM_LN2_HI + DM_LN2_LO);
    }
  }
  double tail = dm_exp(log_term + dm_log(sum));
  return tail < 1 ? tail : 1;
}

/* ---- the box and its draws ----------------------------------------------- */

static double value(const work *w, uint32_t input, uint32_t k)
{
  return w->x[(size_t)input * w->n + k];
}

/* The bound of a side without a limit. */
static double open_side(bool high)
{
  return high ? (double)INFINITY : -(double)INFINITY;
}

static bool is_limited(const work *w, uint32_t i)
{
  return !isinf(w->low[i]) || !isinf(w->high[i]);
}

/* Recounts the sides that each draw is beyond; the draws inside. */
static count inspect(work *w)
{
  count in = {0, 0};
  memset(w->outside, 0, w->n * sizeof *w->outside);
  for (uint32_t i = 0; i < w->d; i++) {
    if (!is_limited(w, i))
      continue;
    for (uint32_t k = 0; k < w->n; k++) {
      double x = value(w, i, k);
      w->outside[k] += x < w->low[i] || x > w->high[i] ? 1 : 0;
    }
  }
  for (uint32_t k = 0; k < w->n; k++) {
    if (w->live[k] && !w->outside[k]) {
      in.n++;
      in.hits += w->hit[k] ? 1 : 0;
    }
  }
  return in;
}

/* What a box is worth among the live draws; the larger the better. */
static double merit(const work *w, count in)
{
  double dense = in.n ? in.hits / (double)in.n : 0;
  double least = w->options->density_min;
  if (least > 0)
    return dense >= least ? 1 + in.hits : dense;
  return 2.0 * in.hits / ((double)in.n + w->all.hits);
}

/* Between two neighbours, and never equal to the one that is out. */
static double between(double inner, double outer)
{
  double middle = inner / 2 + outer / 2;
  return middle == outer ? inner : middle;
}

static uint32_t share_of(double share, uint32_t n)
{
  double want = floor(share * n);
  return want < 1 ? 1 : (uint32_t)want;
}

/* Entry j of an input's draws, counted from the low or the high end. */
static uint32_t from_end(const work *w, uint32_t input, bool high, uint32_t j)
{
  return w->order[(size_t)input * w->n + (high ? w->n - 1 - j : j)];
}

/* ---- peeling ------------------------------------------------------------- */

/* Cuts the outermost draws inside; false: none would be left. */
static bool try_peel(
    const work *w, uint32_t input, bool high, double share, count in, cut *out)
{
  uint32_t want = share_of(share, in.n), gone = 0, hits = 0;
  double last = 0;
  for (uint32_t j = 0; j < w->n; j++) {
    uint32_t k = from_end(w, input, high, j);
    if (!w->live[k] || w->outside[k])
      continue;
    double x = value(w, input, k);
    if (gone >= want && x != last) {
      *out =
          (cut){input, high, between(x, last), {in.n - gone, in.hits - hits}};
      return true;
    }
    gone++;
    hits += w->hit[k] ? 1 : 0;
    last = x;
  }
  return false;
}

static double gain(count in, count left)
{
  double more = left.hits / (double)left.n - in.hits / (double)in.n;
  return more / (in.n - left.n);
}

static bool best_peel(const work *w, count in, cut *out)
{
  double most = open_side(false), least = w->options->mass_min * w->n;
  for (uint32_t i = 0; i < 2 * w->d; i++) {
    cut c;
    if (!try_peel(w, i / 2, i % 2, w->options->peel, in, &c) ||
        c.left.n < least)
      continue;
    if (gain(in, c.left) > most) {
      most = gain(in, c.left);
      *out = c;
    }
  }
  return !isinf(most);
}

static void apply(work *w, const cut *c)
{
  *(c->high ? &w->high[c->input] : &w->low[c->input]) = c->bound;
}

static void open_box(work *w)
{
  for (uint32_t i = 0; i < w->d; i++) {
    w->low[i] = open_side(false);
    w->high[i] = open_side(true);
  }
}

/* Peels to the end, then goes back to the best box on the way. */
static count peel(work *w)
{
  uint32_t steps = 0, best = 0;
  open_box(w);
  count in = inspect(w);
  double most = merit(w, in);
  while (steps < MOST_STEPS && in.hits < in.n &&
         best_peel(w, in, &w->step[steps])) {
    apply(w, &w->step[steps]);
    in = inspect(w);
    steps++;
    if (merit(w, in) > most) {
      most = merit(w, in);
      best = steps;
    }
  }
  open_box(w);
  for (uint32_t s = 0; s < best; s++)
    apply(w, &w->step[s]);
  return inspect(w);
}

/* ---- pasting ------------------------------------------------------------- */

/* The draw is inside but for this side of this input. */
static bool beyond(const work *w, uint32_t input, bool high, uint32_t k)
{
  double x = value(w, input, k);
  return w->live[k] && w->outside[k] == 1 &&
         (high ? x > w->high[input] : x < w->low[input]);
}

/* Moves a limit outwards by a share of the box; where no draw is beyond, it
 * opens. */
static bool try_paste(
    const work *w, uint32_t input, bool high, double share, count in, cut *out)
{
  uint32_t want = share_of(share, in.n), back = 0;
  double last = 0;
  *out = (cut){input, high, open_side(high), in};
  for (uint32_t j = 0; j < w->n; j++) {
    /* From the limit outwards: the high side is met from below. */
    uint32_t k = from_end(w, input, !high, j);
    if (!beyond(w, input, high, k))
      continue;
    double x = value(w, input, k);
    if (back >= want && x != last) {
      out->bound = between(last, x);
      return true;
    }
    back++;
    out->left.n++;
    out->left.hits += w->hit[k] ? 1 : 0;
    last = x;
  }
  return back > 0;
}

/* Moves one limit out or in by a share of the box, whichever helps most, until
 * none helps.  No input gets its first limit here. */
static count refine(work *w, double share, count in)
{
  double least = w->options->mass_min * w->n;
  for (uint32_t round = 0; round < MOST_STEPS; round++) {
    double most = merit(w, in);
    bool found = false;
    cut best = {0, false, 0, in};
    for (uint32_t i = 0; i < 4 * w->d; i++) {
      cut c;
      uint32_t input = i / 4;
      bool high = i / 2 % 2, inwards = i % 2;
      if (isinf(high ? w->high[input] : w->low[input]))
        continue;
      bool some = inwards ? try_peel(w, input, high, share, in, &c)
                          : try_paste(w, input, high, share, in, &c);
      if (!some || (inwards && c.left.n < least) || merit(w, c.left) <= most)
        continue;
      most = merit(w, c.left);
      best = c;
      found = true;
    }
    if (!found)
      break;
    apply(w, &best);
    in = inspect(w);
  }
  return in;
}

/* By `paste`, then by ever smaller shares, last draw by draw: what a coarse
 * limit leaves outside would come back as a thin box of its own. */
static count settle(work *w, count in)
{
  double share = w->options->paste;
  for (;;) {
    in = refine(w, share, in);
    if (share * in.n <= 1)
      return in;
    share /= 4;
  }
}

/* ---- limits that do not matter ------------------------------------------- */

/* The draws inside if the sides were open. */
static count without(
    const work *w, uint32_t input, bool low, bool high, count in)
{
  for (uint32_t k = 0; k < w->n; k++) {
    if ((low && beyond(w, input, false, k)) ||
        (high && beyond(w, input, true, k))) {
      in.n++;
      in.hits += w->hit[k] ? 1 : 0;
    }
  }
  return in;
}

static double quasi_p(count in, count open)
{
  return dm_binomial_tail(in.n, in.hits, open.hits / (double)open.n);
}

/* A box as dense as was asked for stays so. */
static bool dense_enough(const work *w, count in, count open)
{
  double least = w->options->density_min;
  return in.hits < least * in.n || open.hits >= least * open.n;
}

static count drop(work *w, count in)
{
  for (;;) {
    double worst = w->options->p_max;
    uint32_t which = UINT32_MAX;
    for (uint32_t i = 0; i < 2 * w->d; i++) {
      if (isinf(i % 2 ? w->high[i / 2] : w->low[i / 2]))
        continue;
      count open = without(w, i / 2, !(i % 2), i % 2, in);
      double p = quasi_p(in, open);
      if (p > worst && dense_enough(w, in, open)) {
        worst = p;
        which = i;
      }
    }
    if (which == UINT32_MAX)
      return in;
    cut open = {which / 2, which % 2, open_side(which % 2), in};
    apply(w, &open);
    in = inspect(w);
  }
}

/* ---- one box, all boxes -------------------------------------------------- */

static uint32_t count_limits(const work *w)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < w->d; i++)
    n += is_limited(w, i);
  return n;
}

/* Writes the box down and sets its draws aside. */
static dm_status keep(work *w, count in, dm_prim_box *box)
{
  uint32_t limits = count_limits(w), all_cases = 0, at = 0;
  *box = (dm_prim_box){
      .n_limits = limits, .fresh_draws = in.n, .fresh_cases = in.hits};
  box->limit = malloc(limits * sizeof *box->limit);
  if (!box->limit)
    return DM_E_MEMORY;
  for (uint32_t i = 0; i < w->d; i++) {
    if (is_limited(w, i))
      box->limit[at++] = (dm_prim_limit){
          i, w->low[i], w->high[i], quasi_p(in, without(w, i, true, true, in))};
  }
  for (uint32_t k = 0; k < w->n; k++) {
    all_cases += w->hit[k] ? 1 : 0;
    if (w->outside[k])
      continue;
    box->draws++;
    box->cases += w->hit[k] ? 1 : 0;
    w->live[k] = 0;
  }
  box->coverage = box->cases / (double)all_cases;
  box->density = box->cases / (double)box->draws;
  w->all.n -= in.n;
  w->all.hits -= in.hits;
  return DM_OK;
}

static dm_status find(work *w, dm_prim_result *out)
{
  while (out->n_boxes < w->options->boxes && w->all.hits > 0) {
    count in = peel(w);
    in = settle(w, in);
    in = drop(w, in);
    in = settle(w, in);
    double base = w->all.hits / (double)w->all.n;
    if (count_limits(w) == 0 || !(in.hits > base * in.n))
      break;
    dm_prim_box *box = &w->box[out->n_boxes];
    dm_status status = keep(w, in, box);
    if (status != DM_OK)
      return status;
    out->n_boxes++;
    out->covered += box->fresh_cases;
  }
  return DM_OK;
}

typedef struct placed {
  double x;
  uint32_t k;
} placed;

static int by_value(const void *p, const void *q)
{
  const placed *a = p, *b = q;
  if (a->x != b->x)
    return a->x < b->x ? -1 : 1;
  return a->k < b->k ? -1 : a->k > b->k;
}

static void sort(work *w, placed *list)
{
  for (uint32_t i = 0; i < w->d; i++) {
    for (uint32_t k = 0; k < w->n; k++)
      list[k] = (placed){value(w, i, k), k};
    qsort(list, w->n, sizeof *list, by_value);
    for (uint32_t k = 0; k < w->n; k++)
      w->order[(size_t)i * w->n + k] = list[k].k;
  }
  memset(w->live, 1, w->n);
}

static bool is_allowed(
    const double *x, uint32_t n, uint32_t d, const dm_prim_options *o)
{
  if (n == 0 || d == 0 || n > SIZE_MAX / 32 / d || d > UINT32_MAX / 2)
    return false;
  if (!(o->peel > 0 && o->peel <= 0.5 && o->paste > 0 && o->paste <= 0.5 &&
        o->mass_min >= 0 && o->mass_min < 1 && o->density_min >= 0 &&
        o->density_min <= 1 && o->p_max >= 0 && o->p_max <= 1))
    return false;
  for (size_t j = 0; j < (size_t)n * d; j++) {
    if (!isfinite(x[j]))
      return false;
  }
  return true;
}

dm_status dm_prim_find(
    const double *x, const uint8_t *hit, uint32_t n, uint32_t d,
    const dm_prim_options *options, dm_prim_result *out)
{
  *out = (dm_prim_result){0};
  if (!is_allowed(x, n, d, options))
    return DM_E_RANGE;
  work w = {.x = x, .hit = hit, .options = options, .n = n, .d = d};
  out->draws = n;
  for (uint32_t k = 0; k < n; k++)
    out->cases += hit[k] ? 1 : 0;
  w.all = (count){n, out->cases};
  w.order = malloc((size_t)n * d * sizeof *w.order);
  w.live = malloc(n);
  w.outside = malloc(n * sizeof *w.outside);
  w.low = malloc(d * sizeof *w.low);
  w.high = malloc(d * sizeof *w.high);
  w.step = malloc(MOST_STEPS * sizeof *w.step);
  w.box = calloc((size_t)options->boxes + 1, sizeof *w.box);
  placed *list = malloc(n * sizeof *list);
  dm_status status = DM_E_MEMORY;
  out->box = w.box;
  if (w.order && w.live && w.outside && w.low && w.high && w.step && w.box &&
      list) {
    sort(&w, list);
    status = find(&w, out);
  }
  if (status != DM_OK)
    dm_prim_clear(out);
  free(w.order);
  free(w.live);
  free(w.outside);
  free(w.low);
  free(w.high);
  free(w.step);
  free(list);
  return status;
}

void dm_prim_clear(dm_prim_result *result)
{
  for (uint32_t b = 0; b < result->n_boxes; b++)
    free(result->box[b].limit);
  free(result->box);
  *result = (dm_prim_result){0};
}
