/* solve/search.c -- more than one equilibrium, from many starts.
 *
 * In:     a game, a sharpness or the Nash limit, a number of starts.
 * Out:    the distinct equilibria found, each certified, and what was tried.
 * Method: a start depends on the seed and its number alone; whichever thread is
 *         free takes the next.  What starts find is merged in their order, as
 *         soon as all before have been; so the list has the same bits for any
 *         number of threads, and little waits in memory.
 * Cost:   see home.c; a sweep and the solver's vectors a thread. */
#define _POSIX_C_SOURCE 200809L
#include "solve/search.h"
#include "solve/search_parts.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_THREADS = 64 };

typedef struct pool pool;

typedef struct worker {
  pool *pool;
  dm_seeker seeker;
  pthread_t thread;
  bool started;
} worker;

struct pool {
  dm_task task;
  dm_equilibria *list;
  dm_finds *finds; /* [starts] */
  bool *done;      /* [starts] */
  dm_status status;
  bool told; /* false: the caller wants to stop */
  pthread_mutex_t take_lock, merge_lock;
  uint32_t next;   /* start to be taken */
  uint32_t merged; /* starts merged */
  uint32_t n_workers;
  worker worker[MOST_THREADS];
};

/* ---- merging ----------------------------------------------------------- */

static void clear_finds(dm_finds *finds)
{
  for (uint32_t i = 0; i < finds->n; i++)
    free(finds->log_p[i]);
  finds->n = 0;
}

/* Adds what start i found.  A start counts once for each equilibrium. */
static dm_status merge(pool *p, uint32_t i)
{
  dm_equilibria *list = p->list;
  dm_finds *finds = &p->finds[i];
  uint32_t seen[DM_FINDS_MOST];
  uint32_t n_seen = 0;
  dm_status status = finds->status;
  uint32_t failed = list->failed;
  for (uint32_t j = 0; j < finds->n && status == DM_OK; j++) {
    uint32_t where = UINT32_MAX;
    status = dm_equilibria_add(
        list, finds->log_p[j], p->task.options->k, finds->origin[j], &where);
    if (where == UINT32_MAX)
      continue;
    bool again = false;
    for (uint32_t m = 0; m < n_seen; m++)
      again = again || seen[m] == where;
    list->at[where].found -= again;
    seen[n_seen] = where;
    n_seen += !again;
  }
  list->failed = failed;
  dm_equilibria_tell(list, (uint32_t)dm_start_origin(&p->task, i), n_seen > 0);
  return status;
}

/* Start i is done: merges it and those after that waited for it. */
static void hand_in(pool *p, uint32_t i)
{
  pthread_mutex_lock(&p->merge_lock);
  p->done[i] = true;
  while (p->merged < p->task.options->starts && p->done[p->merged]) {
    dm_status status = p->status == DM_OK ? merge(p, p->merged) : p->status;
    clear_finds(&p->finds[p->merged]);
    p->merged++;
    if (status != DM_OK) {
      p->status = status;
      atomic_store(&p->task.stop, true);
    }
  }
  pthread_mutex_unlock(&p->merge_lock);
}

/* ---- threads ----------------------------------------------------------- */

/* The next start, or the number of starts when there is none. */
static uint32_t take(pool *p)
{
  uint32_t starts = p->task.options->starts;
  pthread_mutex_lock(&p->take_lock);
  uint32_t i = atomic_load(&p->task.stop) ? starts : p->next;
  if (i < starts)
    p->next++;
  pthread_mutex_unlock(&p->take_lock);
  return i;
}

static void seek(worker *w, uint32_t i)
{
  dm_seeker *seeker = &w->seeker;
  seeker->finds = &w->pool->finds[i];
  if (i == 0) {
    seeker->origin = DM_ORIGIN_PRINCIPAL;
    dm_seek_principal(seeker);
  } else {
    dm_start_make(seeker, i);
    dm_seek_home(seeker);
  }
  hand_in(w->pool, i);
}

static void *work(void *data)
{
  worker *w = data;
  for (;;) {
    uint32_t i = take(w->pool);
    if (i >= w->pool->task.options->starts)
      return NULL;
    seek(w, i);
  }
}

/* Asks the caller whether to go on; in the calling thread only. */
static bool pulse(void *data)
{
  pool *p = data;
  const dm_search_options *options = p->task.options;
  if (!options->progress || !p->told)
    return p->told;
  pthread_mutex_lock(&p->merge_lock);
  uint32_t done = p->merged;
  pthread_mutex_unlock(&p->merge_lock);
  p->told = options->progress(options->progress_data, done, options->starts);
  return p->told;
}

static bool open_worker(pool *p, uint32_t i)
{
  worker *w = &p->worker[i];
  dm_seeker *seeker = &w->seeker;
  const dm_game *g = p->task.game;
  size_t n = g->n_slots;
  w->pool = p;
  seeker->task = &p->task;
  seeker->sweep = dm_sweep_new(g);
  seeker->block = calloc(5 * n + 1, sizeof *seeker->block);
  if (!seeker->sweep || !seeker->block ||
      dm_play_init(&seeker->play, g, seeker->sweep) != DM_OK)
    return false;
  dm_sweep_refill(seeker->sweep, p->task.param);
  seeker->play.tolerance = 0.5 * p->task.tolerance;
  seeker->start = seeker->block;
  seeker->answer = seeker->start + n;
  seeker->floor = seeker->answer + n;
  seeker->exact = seeker->floor + n;
  seeker->spare = seeker->exact + n;
  return true;
}

static void close_worker(pool *p, uint32_t i)
{
  worker *w = &p->worker[i];
  if (w->started)
    pthread_join(w->thread, NULL);
  dm_play_clear(&w->seeker.play);
  dm_sweep_free(w->seeker.sweep);
  free(w->seeker.block);
}

static uint32_t threads_for(const dm_search_options *options)
{
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  uint32_t threads = options->threads;
  if (threads == 0)
    threads = online > 0 && online < MOST_THREADS ? (uint32_t)online : 1;
  if (threads > MOST_THREADS)
    threads = MOST_THREADS;
  return threads < options->starts ? threads : options->starts;
}

/* The calling thread works too, and alone tells the progress.  What a further
 * thread cannot have, the others do without. */
static dm_status run_pool(pool *p)
{
  uint32_t threads = threads_for(p->task.options);
  bool first = open_worker(p, 0);
  p->n_workers = 1;
  for (uint32_t i = 1; first && i < threads; i++) {
    worker *w = &p->worker[i];
    p->n_workers = i + 1;
    if (!open_worker(p, i))
      break;
    w->started = pthread_create(&w->thread, NULL, work, w) == 0;
    if (!w->started)
      break;
  }
  if (first) {
    p->worker[0].seeker.pulse = pulse;
    p->worker[0].seeker.pulse_data = p;
    (void)work(&p->worker[0]);
  }
  for (uint32_t i = 0; i < p->n_workers; i++)
    close_worker(p, i);
  if (!first)
    return DM_E_MEMORY;
  return p->status != DM_OK ? p->status : p->told ? DM_OK : DM_E_INTERRUPT;
}

static dm_status open_pool(pool *p)
{
  p->told = true;
  uint32_t starts = p->task.options->starts;
  p->finds = calloc((size_t)starts + 1, sizeof *p->finds);
  p->done = calloc((size_t)starts + 1, sizeof *p->done);
  if (!p->finds || !p->done)
    return DM_E_MEMORY;
  if (pthread_mutex_init(&p->take_lock, NULL) != 0)
    return DM_E_SYSTEM;
  if (pthread_mutex_init(&p->merge_lock, NULL) != 0) {
    pthread_mutex_destroy(&p->take_lock);
    return DM_E_SYSTEM;
  }
  dm_status status = run_pool(p);
  /* After an interruption some may wait for a start that was never taken. */
  for (uint32_t i = p->merged; i < starts; i++) {
    if (status == DM_E_INTERRUPT && p->done[i] && merge(p, i) != DM_OK)
      status = DM_E_MEMORY;
    clear_finds(&p->finds[i]);
  }
  pthread_mutex_destroy(&p->take_lock);
  pthread_mutex_destroy(&p->merge_lock);
  return status;
}

dm_status dm_search_run(
    const dm_game *game, const double *param, const double *cell,
    const dm_search_options *options, dm_equilibria *list)
{
  dm_equilibria_init(list, game, cell);
  if (options->starts == 0 || !(options->k >= 0.0))
    return DM_E_RANGE;
  pool *p = calloc(1, sizeof *p);
  if (!p)
    return DM_E_MEMORY;
  p->list = list;
  dm_status status = dm_task_init(&p->task, game, param, cell, options);
  if (status == DM_OK)
    status = open_pool(p);
  free(p->finds);
  free(p->done);
  dm_task_clear(&p->task);
  free(p);
  if (status == DM_OK)
    return dm_equilibria_join(list);
  dm_equilibria_sort(list);
  return status;
}
