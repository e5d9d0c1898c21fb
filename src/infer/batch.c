/* infer/batch.c -- the same game solved again at many parameter points.
 *
 * In:     the base solution, and a function that gives point k.
 * Out:    odds of each point by (outcome, period), and whether it converged.
 * Method: every point is solved from the base solution on its own, by whichever
 *         thread takes it next; a thread has a sweep, a parameter vector and a
 *         strategy profile of its own.  A point's result depends on nothing but
 *         the point, so it has the same bits for any number of threads.
 * Cost:   per thread the memory of one sweep. */
#define _POSIX_C_SOURCE 200809L
#include "infer/parts.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_THREADS = 64 };

typedef struct dm_worker {
  struct dm_pool *pool;
  dm_sweep *sweep; /* the caller's own for the first worker */
  double *param, *log_p;
  pthread_t thread;
  bool started;
} dm_worker;

typedef struct dm_pool {
  dm_job *job;
  const dm_batch *batch;
  double *odds;
  dm_status *status;
  pthread_mutex_t lock;
  uint32_t next; /* point to be taken */
  bool stop;
  uint32_t n_workers;
  dm_worker worker[MOST_THREADS];
} dm_pool;

/* The next point, or the number of points when there is none. */
static uint32_t take(dm_pool *pool)
{
  pthread_mutex_lock(&pool->lock);
  uint32_t k = pool->stop ? pool->batch->n : pool->next;
  if (k < pool->batch->n)
    pool->next++;
  pthread_mutex_unlock(&pool->lock);
  return k;
}

static void stop(dm_pool *pool)
{
  pthread_mutex_lock(&pool->lock);
  pool->stop = true;
  pthread_mutex_unlock(&pool->lock);
}

static void solve_point(dm_pool *pool, dm_worker *w, uint32_t k)
{
  const dm_job *job = pool->job;
  const dm_core *core = job->core;
  size_t cells = (size_t)core->outcome.n * core->n_periods;
  memcpy(w->param, job->solved->param, core->param.n * sizeof *w->param);
  pool->batch->point(pool->batch->data, k, w->param);
  pool->status[k] = dm_infer_resolve(
      job->solved, w->sweep, w->param, w->log_p, pool->odds + k * cells);
  if (pool->status[k] != DM_OK && pool->status[k] != DM_E_CONVERGE)
    stop(pool);
}

static void *work(void *data)
{
  dm_worker *w = data;
  for (;;) {
    uint32_t k = take(w->pool);
    if (k >= w->pool->batch->n)
      return NULL;
    solve_point(w->pool, w, k);
  }
}

/* The calling thread works too, and alone tells the progress. */
static bool work_and_tell(dm_pool *pool)
{
  const dm_batch *batch = pool->batch;
  for (;;) {
    uint32_t k = take(pool);
    if (k >= batch->n)
      return true;
    if (!dm_infer_tell(pool->job->options, batch->what, k, batch->n)) {
      stop(pool);
      return false;
    }
    solve_point(pool, &pool->worker[0], k);
  }
}

static bool open_worker(dm_pool *pool, uint32_t i)
{
  const dm_solved *s = pool->job->solved;
  dm_worker *w = &pool->worker[i];
  w->pool = pool;
  w->sweep = i == 0 ? s->sweep : dm_sweep_new(&s->expansion->game);
  w->param = calloc((size_t)s->core->param.n + 1, sizeof *w->param);
  w->log_p = calloc((size_t)s->expansion->game.n_slots + 1, sizeof *w->log_p);
  return w->sweep && w->param && w->log_p;
}

static void close_worker(dm_pool *pool, uint32_t i)
{
  dm_worker *w = &pool->worker[i];
  if (w->started)
    pthread_join(w->thread, NULL);
  if (i > 0)
    dm_sweep_free(w->sweep);
  free(w->param);
  free(w->log_p);
}

static uint32_t threads_for(const dm_job *job, uint32_t n)
{
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  uint32_t threads = job->options->threads;
  if (threads == 0)
    threads = online > 0 && online < MOST_THREADS ? (uint32_t)online : 1;
  if (threads > MOST_THREADS)
    threads = MOST_THREADS;
  return threads < n ? threads : n;
}

/* False: not even the calling thread has what it needs.  What a further thread
 * cannot have, the others do without. */
static bool open_pool(dm_pool *pool, uint32_t threads)
{
  bool first = open_worker(pool, 0);
  pool->n_workers = 1;
  for (uint32_t i = 1; first && i < threads; i++) {
    pool->n_workers = i + 1;
    if (!open_worker(pool, i))
      break;
    dm_worker *w = &pool->worker[i];
    w->started = pthread_create(&w->thread, NULL, work, w) == 0;
    if (!w->started)
      break;
  }
  return first;
}

static dm_status outcome(const dm_pool *pool)
{
  for (uint32_t k = 0; k < pool->batch->n; k++) {
    if (pool->status[k] != DM_OK && pool->status[k] != DM_E_CONVERGE)
      return pool->status[k];
  }
  return DM_OK;
}

dm_status dm_infer_batch(
    dm_job *job, const dm_batch *batch, double *odds, dm_status *status)
{
  dm_pool *pool = calloc(1, sizeof *pool);
  if (!pool)
    return DM_E_MEMORY;
  if (pthread_mutex_init(&pool->lock, NULL) != 0) {
    free(pool);
    return DM_E_SYSTEM;
  }
  pool->job = job;
  pool->batch = batch;
  pool->odds = odds;
  pool->status = status;
  bool told = true;
  bool opened = open_pool(pool, threads_for(job, batch->n));
  if (opened)
    told = work_and_tell(pool);
  for (uint32_t i = 0; i < pool->n_workers; i++)
    close_worker(pool, i);
  dm_status result = !opened ? DM_E_MEMORY
                     : !told ? DM_E_INTERRUPT
                             : outcome(pool);
  pthread_mutex_destroy(&pool->lock);
  free(pool);
  dm_infer_restore(job->solved);
  return result;
}
