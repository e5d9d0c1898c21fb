/* solve/starts.c -- the play that each start of a search begins with.
 *
 * In:     the seed and the number of the start.
 * Out:    probabilities, zeros allowed, and sizes of trembles.
 * Method: start 0 is the principal branch.  The others take turns:
 *         pure       the next pure profile, in the order of counting, if they
 *                    all have a turn; else a random one;
 *         informed   information sets that one player may hold in one layer with
 *                    as many options are taken for its types (or for states that
 *                    only it has seen).  They all do the same, or each the
 *                    option of its place, shifted and turned about, or
 *                    neighbours do the same; the others answer that;
 *         random     mixtures, from nearly even ones to nearly pure ones;
 *         trembles   as pure or informed, under trembles drawn over eight orders
 *                    of magnitude: beliefs off the path of all kinds.
 *         A number depends on the seed, the start and the place alone.
 * Cost:   O(slots). */
#include "solve/search_parts.h"

#include "base/random.h"
#include "num/expo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS = 4 };

#define LEAST_POWER 0.2
#define POWERS_LOG  3.7 /* up to 8 */

static const dm_origin turns[KINDS] = {
    DM_ORIGIN_PURE, DM_ORIGIN_INFORMED, DM_ORIGIN_RANDOM, DM_ORIGIN_TREMBLE};

static uint64_t pure_starts(const dm_task *task)
{
  return task->options->starts / KINDS;
}

/* Number of start i among those of its kind. */
static uint64_t turn_of(uint64_t i)
{
  return (i - 1) / KINDS;
}

static bool all_pure(const dm_task *task)
{
  return task->pure <= pure_starts(task);
}

dm_origin dm_start_origin(const dm_task *task, uint64_t i)
{
  if (i == 0)
    return DM_ORIGIN_PRINCIPAL;
  dm_origin kind = turns[(i - 1) % KINDS];
  if (kind == DM_ORIGIN_PURE && all_pure(task) && turn_of(i) >= task->pure)
    return DM_ORIGIN_RANDOM;
  return kind;
}

/* ---- the task ---------------------------------------------------------- */

static uint64_t count_pure(const dm_game *g)
{
  uint64_t count = 1;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint64_t options = g->set_slot[s + 1] - g->set_slot[s];
    if (count > UINT64_MAX / (options + 1))
      return UINT64_MAX;
    count *= options;
  }
  return count;
}

/* One key a group, and the set; ordered, groups lie together. */
typedef struct type_key {
  uint32_t player, layer, options, set;
} type_key;

static int compare_keys(const void *a, const void *b)
{
  const type_key *x = a;
  const type_key *y = b;
  if (x->player != y->player)
    return x->player < y->player ? -1 : 1;
  if (x->layer != y->layer)
    return x->layer < y->layer ? -1 : 1;
  if (x->options != y->options)
    return x->options < y->options ? -1 : 1;
  return x->set < y->set ? -1 : x->set > y->set;
}

static bool same_group(const type_key *a, const type_key *b)
{
  return a->player == b->player && a->layer == b->layer &&
         a->options == b->options;
}

static bool find_groups(dm_task *task)
{
  const dm_game *g = task->game;
  type_key *key = calloc((size_t)g->n_sets + 1, sizeof *key);
  task->group = calloc(3 * (size_t)g->n_sets + 1, sizeof *task->group);
  if (!key || !task->group) {
    free(key);
    return false;
  }
  task->rank = task->group + g->n_sets;
  task->group_size = task->rank + g->n_sets;
  for (uint32_t s = 0; s < g->n_sets; s++)
    key[s] = (type_key){
        g->set_player[s], g->set_layer[s], g->set_slot[s + 1] - g->set_slot[s],
        s};
  qsort(key, g->n_sets, sizeof *key, compare_keys);
  for (uint32_t i = 0; i < g->n_sets; i++) {
    task->n_groups += i == 0 || !same_group(&key[i - 1], &key[i]);
    uint32_t group = task->n_groups - 1;
    task->group[key[i].set] = group;
    task->rank[key[i].set] = task->group_size[group]++;
  }
  free(key);
  return true;
}

dm_status dm_task_init(
    dm_task *task, const dm_game *game, const double *param, const double *cell,
    const dm_search_options *options)
{
  memset(task, 0, sizeof *task);
  task->game = game;
  task->param = param;
  task->cell = cell;
  task->options = options;
  atomic_init(&task->stop, false);
  task->range = dm_payoff_range(game, cell);
  if (isnan(task->range) || !find_groups(task))
    return DM_E_MEMORY;
  task->tolerance = fmax(1e-8 * task->range, 1e-12);
  task->pure = count_pure(game);
  double sum = 0.0;
  uint32_t count = 0;
  for (uint32_t s = 0; s < game->n_sets; s++) {
    double sharp = cell[game->set_sharp[s]];
    sum += sharp > 0.0 ? dm_log(sharp) : 0.0;
    count += sharp > 0.0;
  }
  double sharp = count > 0 ? dm_exp(sum / count) : 1.0;
  task->unit = task->range > 0.0 ? 1.0 / (sharp * task->range) : 1.0;
  return DM_OK;
}

void dm_task_clear(dm_task *task)
{
  free(task->group);
  task->group = NULL;
}

/* ---- draws ------------------------------------------------------------- */

typedef struct draw {
  uint64_t seed, start, key;
} draw;

static double unit(const draw *d, uint64_t place)
{
  return dm_random_uniform(d->seed, d->start, d->key, place);
}

static uint32_t below(const draw *d, uint64_t place, uint32_t n)
{
  uint32_t k = (uint32_t)(unit(d, place) * n);
  return k < n ? k : n - 1;
}

static draw draw_for(const dm_seeker *seeker, uint64_t i, const char *what)
{
  return (draw){seeker->task->options->seed, i, dm_random_key(what)};
}

static void pick(dm_seeker *seeker, uint32_t s, uint32_t option)
{
  const dm_game *g = seeker->task->game;
  for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
    seeker->play.p[i] = i - g->set_slot[s] == option ? 1.0 : 0.0;
}

static uint32_t options_of(const dm_game *g, uint32_t s)
{
  return g->set_slot[s + 1] - g->set_slot[s];
}

/* ---- kinds ------------------------------------------------------------- */

/* The profile of that number: the last set counts fastest. */
static void count_out(dm_seeker *seeker, uint64_t number)
{
  const dm_game *g = seeker->task->game;
  for (uint32_t s = g->n_sets; s-- > 0;) {
    uint32_t options = options_of(g, s);
    pick(seeker, s, (uint32_t)(number % options));
    number /= options;
  }
}

static void random_pure(dm_seeker *seeker, uint64_t i)
{
  const dm_game *g = seeker->task->game;
  draw d = draw_for(seeker, i, "search.pure");
  for (uint32_t s = 0; s < g->n_sets; s++)
    pick(seeker, s, below(&d, s, options_of(g, s)));
}

/* Weights that are powers of exponentially distributed numbers; to the first
 * power that is uniform over all mixtures, above it nearer to pure ones. */
static void random_mix(dm_seeker *seeker, uint64_t i)
{
  const dm_game *g = seeker->task->game;
  draw d = draw_for(seeker, i, "search.random");
  draw c = draw_for(seeker, i, "search.concentration");
  double power = LEAST_POWER * dm_exp(POWERS_LOG * unit(&c, 0));
  double *p = seeker->play.p;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t begin = g->set_slot[s];
    uint32_t end = g->set_slot[s + 1];
    for (uint32_t k = begin; k < end; k++)
      p[k] = power * dm_log(-dm_log(unit(&d, k)));
    dm_log_softmax(p + begin, end - begin, p + begin);
    for (uint32_t k = begin; k < end; k++)
      p[k] = dm_exp(p[k]);
  }
}

/* Ways in which the sets of a group move. */
enum { ALIKE, ONE_EACH, NEIGHBOURS, WAYS };

static uint32_t informed_option(const dm_task *task, const draw *d, uint32_t s)
{
  uint32_t options = options_of(task->game, s);
  uint32_t group = task->group[s];
  uint32_t shift = below(d, 4 * (uint64_t)group + 1, options);
  bool turned = unit(d, 4 * (uint64_t)group + 2) < 0.5;
  uint32_t place = task->rank[s];
  uint32_t types = task->group_size[group];
  switch (below(d, 4 * (uint64_t)group, WAYS)) {
  case ALIKE:
    return shift;
  case NEIGHBOURS: {
    /* From 2 to as many classes as there are options. */
    uint32_t classes =
        options < 2 ? 1 : 2 + below(d, 4 * (uint64_t)group + 3, options - 1);
    place = (uint32_t)((uint64_t)place * classes / types);
    break;
  }
  case ONE_EACH:
  default:
    break;
  }
  if (turned)
    place = types - 1 - place;
  return (place + shift) % options;
}

static void informed(dm_seeker *seeker, uint64_t i)
{
  const dm_game *g = seeker->task->game;
  draw d = draw_for(seeker, i, "search.informed");
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t options = options_of(g, s);
    if (dm_start_held(seeker, s)) {
      pick(seeker, s, informed_option(seeker->task, &d, s));
      continue;
    }
    for (uint32_t k = g->set_slot[s]; k < g->set_slot[s + 1]; k++)
      seeker->play.p[k] = 1.0 / options;
  }
}

/* One player's groups, or everybody's: those with company. */
bool dm_start_held(const dm_seeker *seeker, dm_set_id s)
{
  const dm_task *task = seeker->task;
  const dm_game *g = task->game;
  draw d = draw_for(seeker, seeker->index, "search.held");
  uint32_t who = below(&d, 0, g->n_players + 1);
  return (who == g->n_players || who == g->set_player[s]) &&
         task->group_size[task->group[s]] > 1;
}

void dm_start_make(dm_seeker *seeker, uint64_t i)
{
  const dm_task *task = seeker->task;
  draw d = draw_for(seeker, i, "search.kind");
  seeker->index = i;
  seeker->origin = dm_start_origin(task, i);
  dm_play_even(&seeker->play);
  switch ((dm_origin)seeker->origin) {
  case DM_ORIGIN_PURE:
    if (all_pure(task))
      count_out(seeker, turn_of(i));
    else
      random_pure(seeker, i);
    return;
  case DM_ORIGIN_INFORMED:
    informed(seeker, i);
    return;
  case DM_ORIGIN_TREMBLE:
    dm_play_draw(&seeker->play, task->options->seed, i);
    if (unit(&d, 0) < 0.5)
      informed(seeker, i);
    else
      random_pure(seeker, i);
    return;
  case DM_ORIGIN_RANDOM:
  case DM_ORIGIN_PRINCIPAL:
  case DM_ORIGIN_BRANCH:
  case DM_ORIGIN_ENUMERATED:
  case DM_ORIGIN_PROGRAM:
  case DM_ORIGIN_REGRET:
  case DM_ORIGIN_CONTINUUM:
  case DM_ORIGIN_LEFT:
  default:
    random_mix(seeker, i);
    return;
  }
}
