/* solve/home.c -- where a start of a search leads.
 *
 * In:     play, with zeros, and sizes of trembles; or nothing, for the branch
 *         from noise.
 * Out:    equilibria, at k or in the Nash limit.
 * Method: several ways from each start, cheap ones first.
 *         1. Nash: pure play itself, completed off the path.
 *         2. Best replies under the start's trembles: at first by those who
 *            answer the sets that tell types apart, then by a random part of
 *            the sets that regret, until none does.  Where nothing settles,
 *            averages (fictitious play), from which indifferences are solved.
 *         3. The Newton homotopy from the start, through several crossings, at
 *            k itself, or for the Nash limit at a moderate sharpness, from
 *            where indifferences are solved (polish.c), at need after going on
 *            to sharper play.  At a finite k also from the logit answer to
 *            what 2. came to.  Starts of trembles solve the game with least
 *            probabilities first.
 *         Whatever comes of it is certified before it counts.
 * Source: multistart and globally convergent homotopies: Allgower and Georg,
 *         "Introduction to Numerical Continuation Methods", 2003.
 * Cost:   some 100 sweeps for 1 and 2, a path or a few for 3. */
#include "solve/search_parts.h"

#include "base/random.h"
#include "num/expo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  HELD_PASSES = 12,
  FREE_PASSES = 50,
  MIXED_PASSES = 80,
  CROSSINGS = 7,
  PATH_STEPS = 300,
  LEAST_STEPS = 60,
  LIMIT_STEPS = 2000,
  MOST_BRANCHES = 16,
  RUNGS = 5,
  LEVELS = 3
};

#define SMOOTH      0.1  /* part of even play in a start of the homotopy */
#define MOVE_PART   0.6  /* of the sets that regret, at one time */
#define RUNG        4.0  /* factor of sharpness */
#define NASH_FLOOR  1e-4 /* largest least probability of a set's options */
#define LOGIT_FLOOR 0.05
#define MOST_SHARP  1e9 /* log odds that the whole range may be worth */
#define SAME_FORK   1e-3
#define STEP_EDGES  2000.0 /* edges up to which a path has all its steps */
#define WALK_WORK   3e9    /* edges passed by sweeps and tangents of one walk */
#define STILL       0.05   /* reached probability: polishing moves no further */

static const double levels[LEVELS] = {12.0, 40.0, 150.0};

static bool nash(const dm_seeker *seeker)
{
  return isinf(seeker->task->options->k);
}

static bool stopped(dm_seeker *seeker)
{
  if (seeker->pulse && !seeker->pulse(seeker->pulse_data))
    atomic_store(&seeker->task->stop, true);
  return atomic_load(&seeker->task->stop);
}

static bool go_on(void *data, double k, uint32_t step)
{
  (void)k;
  (void)step;
  return !stopped(data);
}

dm_solve_options dm_seek_options(dm_seeker *seeker)
{
  dm_solve_options options = dm_solve_defaults();
  options.max_work = WALK_WORK;
  options.progress = go_on;
  options.progress_data = seeker;
  return options;
}

/* Steps of a path: fewer in large games, where each is a matter of a second. */
static uint32_t steps_for(const dm_task *task, uint32_t most, uint32_t least)
{
  double steps = STEP_EDGES * most / (1.0 + task->game->n_edges);
  return steps > most ? most : steps < least ? least : (uint32_t)steps;
}

/* ---- what is found ----------------------------------------------------- */

static void keep(
    dm_finds *finds, const double *log_p, size_t n, uint32_t origin)
{
  if (finds->n == DM_FINDS_MOST)
    return;
  double *copy = malloc((n + 1) * sizeof *copy);
  if (!copy) {
    finds->status = DM_E_MEMORY;
    return;
  }
  memcpy(copy, log_p, n * sizeof *copy);
  finds->log_p[finds->n] = copy;
  finds->origin[finds->n++] = origin;
}

bool dm_seek_offer(dm_seeker *seeker, const double *log_p, uint32_t origin)
{
  const dm_task *task = seeker->task;
  const dm_game *g = task->game;
  dm_standing standing = DM_STANDING_NASH;
  dm_status status = DM_OK;
  if (nash(seeker)) {
    status = dm_equilibrium_stand(g, task->cell, log_p, &standing);
    if (status != DM_OK)
      seeker->finds->status = status;
  }
  if (standing == DM_STANDING_NONE || status != DM_OK)
    return false;
  keep(seeker->finds, log_p, g->n_slots, origin);
  /* Beliefs that make others indifferent off the path may be worth a search:
   * the list prefers what is credible. */
  if (nash(seeker) && standing == DM_STANDING_NASH &&
      dm_polish(g, task->cell, log_p, seeker->spare))
    keep(seeker->finds, seeker->spare, g->n_slots, origin);
  return true;
}

/* ---- the Nash limit ---------------------------------------------------- */

/* Largest difference in p, reach not counted. */
static double moved(const dm_game *g, const double *a, const double *b)
{
  double most = 0.0;
  for (uint32_t i = 0; i < g->n_slots; i++)
    most = fmax(most, fabs(dm_exp(a[i]) - dm_exp(b[i])));
  return most;
}

/* From an equilibrium `log_p` at k to sharper and sharper play, until
 * indifferences can be solved or nobody regrets anything. */
static bool sharpen(dm_seeker *seeker, double k, double *log_p, uint32_t origin)
{
  const dm_task *task = seeker->task;
  const dm_game *g = task->game;
  for (uint32_t rung = 0; rung <= RUNGS; rung++) {
    if (dm_polish(g, task->cell, log_p, seeker->exact) &&
        dm_seek_offer(seeker, seeker->exact, origin))
      return true;
    if (dm_seek_offer(seeker, log_p, origin))
      return true;
    if (rung == RUNGS || stopped(seeker))
      return false;
    k *= RUNG;
    for (uint32_t s = 0; s < g->n_sets; s++) {
      uint32_t begin = g->set_slot[s];
      for (uint32_t i = begin; i < g->set_slot[s + 1]; i++)
        seeker->start[i] = RUNG * log_p[i];
      dm_log_softmax(
          seeker->start + begin, g->set_slot[s + 1] - begin,
          seeker->start + begin);
    }
    dm_solve_options options = dm_seek_options(seeker);
    dm_solve_result result;
    options.k_end = k;
    options.homotopy = DM_FROM_START;
    options.start_log_p = seeker->start;
    options.most_crossings = 1;
    options.max_steps = steps_for(task, PATH_STEPS, LEAST_STEPS);
    dm_status status =
        dm_solve_logit(seeker->sweep, &options, seeker->answer, &result);
    if (status != DM_OK || result.verdict != DM_SOLVED)
      return false;
    memcpy(log_p, seeker->answer, g->n_slots * sizeof *log_p);
  }
  return false;
}

/* ---- best replies ------------------------------------------------------ */

static void run(dm_seeker *seeker)
{
  dm_play_tremble(&seeker->play);
  dm_sweep_run(seeker->sweep, seeker->play.log_p);
}

/* One round of replies by those of whom `may` is true; whether any moved. */
static bool reply(dm_seeker *seeker, uint32_t round, bool held, double part)
{
  const dm_task *task = seeker->task;
  uint64_t key = dm_random_key("search.reply");
  bool any = false;
  for (uint32_t s = 0; s < task->game->n_sets; s++) {
    double regret = 0.0;
    if (held && dm_start_held(seeker, s))
      continue;
    uint32_t best = dm_play_best(&seeker->play, s, &regret);
    if (regret <= seeker->play.tolerance)
      continue;
    any = true;
    uint64_t place = ((uint64_t)round << 32) + s;
    if (held || part < 1.0 ||
        dm_random_uniform(task->options->seed, seeker->index, key, place) <
            MOVE_PART)
      dm_play_move(&seeker->play, s, best, part);
  }
  return any;
}

/* Those who only answer do so; whose moves are held, keep them. */
static void answer_held(dm_seeker *seeker)
{
  for (uint32_t round = 0; round < HELD_PASSES; round++) {
    run(seeker);
    if (!reply(seeker, round, true, 1.0))
      return;
  }
}

/* True: nobody regrets anything. */
static bool settle(dm_seeker *seeker)
{
  for (uint32_t round = 0; round < FREE_PASSES + MIXED_PASSES; round++) {
    bool mixed = round >= FREE_PASSES;
    run(seeker);
    double part = mixed ? 1.0 / (double)(round - FREE_PASSES + 2) : 1.0;
    if (!reply(seeker, round, false, part))
      return true;
    if (stopped(seeker))
      return false;
  }
  run(seeker);
  return false;
}

/* ---- homotopies -------------------------------------------------------- */

typedef struct crossings {
  dm_seeker *seeker;
  uint32_t n;
  double *log_p; /* [CROSSINGS x n_slots] */
} crossings;

static bool cross(void *data, const dm_path_point *point)
{
  crossings *c = data;
  size_t n = c->seeker->task->game->n_slots;
  if (point->kind != DM_POINT_AT && point->kind != DM_POINT_END)
    return true;
  if (c->n == CROSSINGS)
    return false;
  memcpy(c->log_p + c->n++ * n, point->log_p, n * sizeof *c->log_p);
  return true;
}

/* All crossings at k from seeker->start; `floor` or NULL. */
static void cross_all(
    dm_seeker *seeker, double k, const double *floor, crossings *c)
{
  c->seeker = seeker;
  c->n = 0;
  dm_solve_options options = dm_seek_options(seeker);
  dm_solve_result result;
  options.k_end = k;
  options.homotopy = DM_FROM_START;
  options.start_log_p = seeker->start;
  options.most_crossings = CROSSINGS;
  options.max_steps = steps_for(seeker->task, PATH_STEPS, LEAST_STEPS);
  options.floor = floor;
  options.point = cross;
  options.point_data = c;
  dm_status status =
      dm_solve_logit(seeker->sweep, &options, seeker->answer, &result);
  if (status == DM_E_MEMORY)
    seeker->finds->status = status;
}

/* Least probabilities in the proportions of the start's trembles. */
static const double *make_floor(dm_seeker *seeker, double most)
{
  const dm_game *g = seeker->task->game;
  if (seeker->origin != DM_ORIGIN_TREMBLE)
    return NULL;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double options = g->set_slot[s + 1] - g->set_slot[s];
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      seeker->floor[i] = most / options * dm_exp(seeker->play.size[i]);
  }
  return seeker->floor;
}

/* seeker->start: the play at hand, with some even play in it. */
static void start_from_play(dm_seeker *seeker)
{
  const dm_game *g = seeker->task->game;
  for (uint32_t s = 0; s < g->n_sets; s++) {
    double even = SMOOTH / (double)(g->set_slot[s + 1] - g->set_slot[s]);
    for (uint32_t i = g->set_slot[s]; i < g->set_slot[s + 1]; i++)
      seeker->start[i] = dm_log((1.0 - SMOOTH) * seeker->play.p[i] + even);
  }
}

/* seeker->start: the logit answer to the last run. */
static void start_from_answer(dm_seeker *seeker, double k)
{
  const dm_task *task = seeker->task;
  const dm_game *g = task->game;
  const double *q = dm_sweep_q(seeker->sweep);
  for (uint32_t s = 0; s < g->n_sets; s++) {
    uint32_t begin = g->set_slot[s];
    double scale = k * task->cell[g->set_sharp[s]];
    for (uint32_t i = begin; i < g->set_slot[s + 1]; i++)
      seeker->start[i] = scale * q[i];
    dm_log_softmax(
        seeker->start + begin, g->set_slot[s + 1] - begin,
        seeker->start + begin);
  }
}

static void cross_logit(dm_seeker *seeker, const double *floor, crossings *c)
{
  const size_t n = seeker->task->game->n_slots;
  double k = seeker->task->options->k;
  cross_all(seeker, k, floor, c);
  if (floor && c->n > 0) {
    /* The game itself, from an equilibrium of the one with trembles. */
    memcpy(seeker->start, c->log_p + (c->n - 1) * n, n * sizeof(double));
    cross_all(seeker, k, NULL, c);
  }
  for (uint32_t i = 0; i < c->n; i++)
    (void)dm_seek_offer(seeker, c->log_p + i * n, seeker->origin);
}

static void home_logit(dm_seeker *seeker, crossings *c)
{
  const double *floor = make_floor(seeker, LOGIT_FLOOR);
  start_from_play(seeker);
  cross_logit(seeker, floor, c);
  if (stopped(seeker))
    return;
  (void)settle(seeker);
  start_from_answer(seeker, seeker->task->options->k);
  cross_logit(seeker, NULL, c);
}

static void home_nash(dm_seeker *seeker, crossings *c)
{
  const dm_task *task = seeker->task;
  const size_t n = task->game->n_slots;
  if (seeker->origin == DM_ORIGIN_PURE &&
      dm_equilibrium_complete(
          task->game, task->cell, seeker->play.p, seeker->answer) == DM_OK)
    (void)dm_seek_offer(seeker, seeker->answer, seeker->origin);
  const double *floor = make_floor(seeker, NASH_FLOOR);
  start_from_play(seeker);
  if (settle(seeker))
    (void)dm_seek_offer(seeker, seeker->play.log_p, seeker->origin);
  else if (dm_polish(task->game, task->cell, seeker->play.log_p, seeker->exact))
    (void)dm_seek_offer(seeker, seeker->exact, seeker->origin);
  if (stopped(seeker))
    return;
  double level = dm_random_uniform(
      task->options->seed, seeker->index, dm_random_key("search.level"), 0);
  double k = levels[(uint32_t)(level * LEVELS)] * task->unit;
  cross_all(seeker, k, floor, c);
  for (uint32_t i = 0; i < c->n && !stopped(seeker); i++)
    (void)sharpen(seeker, k, c->log_p + i * n, seeker->origin);
}

void dm_seek_home(dm_seeker *seeker)
{
  crossings c = {.seeker = seeker};
  c.log_p = malloc(
      (CROSSINGS * (size_t)seeker->task->game->n_slots + 1) * sizeof *c.log_p);
  if (!c.log_p) {
    seeker->finds->status = DM_E_MEMORY;
    return;
  }
  if (seeker->origin == DM_ORIGIN_INFORMED ||
      seeker->origin == DM_ORIGIN_TREMBLE)
    answer_held(seeker);
  if (nash(seeker))
    home_nash(seeker, &c);
  else
    home_logit(seeker, &c);
  free(c.log_p);
}

/* ---- the branch from noise --------------------------------------------- */

typedef struct forks {
  uint32_t n;
  size_t n_slots;
  double k[MOST_BRANCHES];
  double *at[MOST_BRANCHES]; /* log_p, then direction */
} forks;

/* A branch may lead back to where it left. */
static bool known_fork(const forks *f, const dm_path_point *point)
{
  for (uint32_t i = 0; i < f->n; i++) {
    double gap = fabs(point->k / f->k[i] - 1.0);
    for (size_t j = 0; j < f->n_slots && gap <= SAME_FORK; j++)
      gap = fmax(gap, fabs(dm_exp(point->log_p[j]) - dm_exp(f->at[i][j])));
    if (gap <= SAME_FORK)
      return true;
  }
  return false;
}

static bool note_fork(void *data, const dm_path_point *point)
{
  forks *f = data;
  if (point->kind != DM_POINT_BRANCH || !point->direction ||
      !(point->k > 0.0) || !isfinite(point->k) || f->n == MOST_BRANCHES ||
      known_fork(f, point))
    return true;
  double *at = malloc((2 * f->n_slots + 1) * sizeof *at);
  if (!at)
    return false;
  memcpy(at, point->log_p, f->n_slots * sizeof *at);
  memcpy(at + f->n_slots, point->direction, f->n_slots * sizeof *at);
  f->k[f->n] = point->k;
  f->at[f->n++] = at;
  return true;
}

/* Offers where a path of `origin` has ended. */
static void offer_end(
    dm_seeker *seeker, const dm_solve_result *result, uint32_t origin)
{
  const dm_task *task = seeker->task;
  if (!nash(seeker)) {
    if (result->verdict == DM_SOLVED)
      (void)dm_seek_offer(seeker, seeker->answer, origin);
    return;
  }
  /* The path's own end unless the exact point is the same equilibrium. */
  if (dm_polish(task->game, task->cell, seeker->answer, seeker->exact) &&
      moved(task->game, seeker->answer, seeker->exact) <= STILL)
    (void)dm_seek_offer(seeker, seeker->exact, origin);
  else if (!dm_seek_offer(seeker, seeker->answer, origin))
    (void)sharpen(seeker, result->k, seeker->answer, DM_ORIGIN_BRANCH);
}

void dm_seek_principal(dm_seeker *seeker)
{
  const dm_task *task = seeker->task;
  forks f = {.n_slots = task->game->n_slots};
  dm_solve_options options = dm_seek_options(seeker);
  dm_solve_result result;
  options.point = note_fork;
  options.point_data = &f;
  options.k_end = nash(seeker) ? MOST_SHARP * task->unit : task->options->k;
  options.limit = nash(seeker);
  if (nash(seeker))
    options.max_steps = steps_for(task, LIMIT_STEPS, PATH_STEPS);
  options.tol_regret = task->tolerance;
  dm_status status =
      dm_solve_logit(seeker->sweep, &options, seeker->answer, &result);
  if (status == DM_OK)
    offer_end(seeker, &result, DM_ORIGIN_PRINCIPAL);
  /* The list grows while branches of branches are met. */
  for (uint32_t i = 0; i < f.n && status == DM_OK && !stopped(seeker); i++) {
    for (int sign = -1; sign <= 1 && status == DM_OK; sign += 2) {
      dm_path_point from = {
          .kind = DM_POINT_BRANCH,
          .k = f.k[i],
          .log_p = f.at[i],
          .direction = f.at[i] + f.n_slots};
      status = dm_solve_branch(
          seeker->sweep, &options, &from, sign, seeker->answer, &result);
      if (status == DM_OK && result.verdict != DM_STOPPED)
        offer_end(seeker, &result, DM_ORIGIN_BRANCH);
      status = status == DM_E_RANGE ? DM_OK : status;
    }
  }
  if (status != DM_OK)
    seeker->finds->status = status;
  for (uint32_t i = 0; i < f.n; i++)
    free(f.at[i]);
}
