/* store/cache.c -- numbers that were costly to find, kept between runs.
 *
 * In:     a folder, a key (text), doubles.
 * Out:    the doubles again, or nothing.
 * Layout: one file an entry, NAME.dmc, NAME the key's hash; in it a head of 64
 *         bytes (magic, byte order, count, key's length, checksum), the key,
 *         the doubles as this machine holds them.  The key stands there in
 *         full, so that two keys of one hash only replace each other.
 * Method: written beside under a name of its own and renamed, so that a reader
 *         meets a whole entry or none.  A crash can leave such a file; it is
 *         removed with the oldest entries once it is a day old.  Nothing is
 *         synced: a checksum that does not fit costs one solve.
 * Cost:   reading is one pass; putting also lists the folder. */
#define _POSIX_C_SOURCE 200809L
#include "store/cache.h"

#include "base/str.h"
#include "base/table.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SUFFIX     ".dmc"
#define UNFINISHED ".dmt"

enum { HEAD = 64, DAY_S = 86400, MOST_ENTRIES = 100000 };
static const uint64_t DEFAULT_BYTES = UINT64_C(256) << 20;

/* Packed by hand: a struct's padding would be on the disk. */
typedef struct head {
  char magic[8];
  uint64_t order, count, key_len, check;
} head;

static const char magic[8] = "dmcache1";
static const uint64_t order = UINT64_C(0x0102030405060708);

static void head_write(const head *h, unsigned char to[HEAD])
{
  memset(to, 0, HEAD);
  memcpy(to, h->magic, 8);
  memcpy(to + 8, &h->order, 8);
  memcpy(to + 16, &h->count, 8);
  memcpy(to + 24, &h->key_len, 8);
  memcpy(to + 32, &h->check, 8);
}

static head head_read(const unsigned char from[HEAD])
{
  head h;
  memcpy(h.magic, from, 8);
  memcpy(&h.order, from + 8, 8);
  memcpy(&h.count, from + 16, 8);
  memcpy(&h.key_len, from + 24, 8);
  memcpy(&h.check, from + 32, 8);
  return h;
}

static uint64_t checksum(const char *key, size_t len, const double *x, size_t n)
{
  uint64_t part[2] = {dm_hash(key, len), dm_hash(x, n * sizeof *x)};
  return dm_hash(part, sizeof part);
}

/* FOLDER/HASH.SUFFIX */
static bool name_of(
    const dm_cache *cache, const char *key, const char *suffix, dm_str *out)
{
  uint64_t hash = dm_hash(key, strlen(key));
  dm_str_addf(out, "%s/%016" PRIx64 "%s", cache->folder, hash, suffix);
  return !out->failed;
}

/* ---- reading --------------------------------------------------------------- */

/* The rest of an entry behind its head, if it is what it should be. */
static bool read_rest(
    FILE *file, const head *h, const char *key, size_t n, double *x)
{
  size_t len = strlen(key);
  if (memcmp(h->magic, magic, sizeof magic) != 0 || h->order != order ||
      h->count != n || h->key_len != len)
    return false;
  char *held = malloc(len + 1);
  double *found = malloc(n ? n * sizeof *found : 1);
  bool good = held && found && fread(held, 1, len, file) == len &&
              memcmp(held, key, len) == 0 &&
              fread(found, sizeof *found, n, file) == n && fgetc(file) == EOF &&
              h->check == checksum(key, len, found, n);
  if (good && n)
    memcpy(x, found, n * sizeof *x);
  free(held);
  free(found);
  return good;
}

bool dm_cache_get(const dm_cache *cache, const char *key, double *x, size_t n)
{
  if (!cache->folder || !cache->folder[0] || n > SIZE_MAX / sizeof *x)
    return false;
  dm_str name = {0};
  unsigned char raw[HEAD];
  FILE *file = NULL;
  if (name_of(cache, key, SUFFIX, &name))
    file = fopen(name.at, "rb");
  dm_str_clear(&name);
  if (!file)
    return false;
  bool good = fread(raw, 1, HEAD, file) == HEAD;
  if (good) {
    head h = head_read(raw);
    good = read_rest(file, &h, key, n, x);
  }
  (void)fclose(file);
  return good;
}

/* ---- room ------------------------------------------------------------------ */

typedef struct entry {
  char name[64];
  uint64_t bytes;
  int64_t when; /* seconds */
  long nanos;
} entry;

static int older_first(const void *a, const void *b)
{
  const entry *x = a, *y = b;
  if (x->when != y->when)
    return x->when < y->when ? -1 : 1;
  return (x->nanos > y->nanos) - (x->nanos < y->nanos);
}

static bool ends_in(const char *name, const char *suffix)
{
  size_t len = strlen(name), tail = strlen(suffix);
  return len >= tail && strcmp(name + len - tail, suffix) == 0;
}

/* Entries of the folder, [*n]; owned by the caller.  Takes away what a crash
 * left unfinished. */
static entry *list(int folder, DIR *dir, size_t *n)
{
  entry *all = NULL;
  size_t cap = 0;
  *n = 0;
  for (struct dirent *d; (d = readdir(dir)) != NULL && *n < MOST_ENTRIES;) {
    struct stat st;
    bool half = ends_in(d->d_name, UNFINISHED);
    if ((!half && !ends_in(d->d_name, SUFFIX)) ||
        strlen(d->d_name) >= sizeof all->name ||
        fstatat(folder, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(st.st_mode))
      continue;
    if (half) {
      if (time(NULL) - st.st_mtime > DAY_S)
        (void)unlinkat(folder, d->d_name, 0);
      continue;
    }
    if (*n == cap) {
      size_t next = cap ? cap * 2 : 64;
      entry *more = realloc(all, next * sizeof *all);
      if (!more)
        break;
      all = more;
      cap = next;
    }
    entry *e = &all[(*n)++];
    memcpy(e->name, d->d_name, strlen(d->d_name) + 1);
    e->bytes = (uint64_t)st.st_size;
    e->when = (int64_t)st.st_mtim.tv_sec;
    e->nanos = st.st_mtim.tv_nsec;
  }
  return all;
}

/* Removes the oldest entries until `room` more bytes fit. */
static void make_room(const dm_cache *cache, uint64_t room)
{
  uint64_t most = cache->max_bytes ? cache->max_bytes : DEFAULT_BYTES, held = 0;
  DIR *dir = opendir(cache->folder);
  if (!dir)
    return;
  int folder = dirfd(dir);
  size_t n;
  entry *all = list(folder, dir, &n);
  for (size_t i = 0; i < n; i++)
    held += all[i].bytes;
  if (n)
    qsort(all, n, sizeof *all, older_first);
  for (size_t i = 0; i < n && held + room > most; i++) {
    if (unlinkat(folder, all[i].name, 0) == 0)
      held -= all[i].bytes;
  }
  free(all);
  (void)closedir(dir);
}

/* ---- writing --------------------------------------------------------------- */

/* The folder and those above it. */
static bool make_folder(const char *path)
{
  dm_str part = {0};
  for (const char *at = path; *at; at++) {
    if (*at == '/' && at > path && !part.failed)
      (void)mkdir(dm_str_text(&part), 0700);
    dm_str_addc(&part, *at);
  }
  struct stat st;
  (void)mkdir(dm_str_text(&part), 0700);
  bool there = !part.failed && stat(part.at, &st) == 0 && S_ISDIR(st.st_mode);
  dm_str_clear(&part);
  return there;
}

static bool write_all(FILE *file, const char *key, const double *x, size_t n)
{
  unsigned char raw[HEAD];
  size_t len = strlen(key);
  head h = {.order = order, .count = n, .key_len = len};
  memcpy(h.magic, magic, sizeof magic);
  h.check = checksum(key, len, x, n);
  head_write(&h, raw);
  return fwrite(raw, 1, HEAD, file) == HEAD &&
         fwrite(key, 1, len, file) == len &&
         (n == 0 || fwrite(x, sizeof *x, n, file) == n);
}

bool dm_cache_put(
    const dm_cache *cache, const char *key, const double *x, size_t n)
{
  if (!cache->folder || !cache->folder[0] || n > SIZE_MAX / sizeof *x / 2)
    return false;
  uint64_t most = cache->max_bytes ? cache->max_bytes : DEFAULT_BYTES;
  uint64_t bytes = HEAD + strlen(key) + n * sizeof *x;
  if (bytes > most || !make_folder(cache->folder))
    return false;
  make_room(cache, bytes);
  dm_str made = {0}, name = {0};
  char unique[40];
  int fd = -1;
  (void)snprintf(unique, sizeof unique, ".%ld" UNFINISHED, (long)getpid());
  bool good =
      name_of(cache, key, SUFFIX, &name) && name_of(cache, key, unique, &made);
  if (good)
    fd = open(made.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  FILE *file = fd >= 0 ? fdopen(fd, "wb") : NULL;
  if (fd >= 0 && !file)
    (void)close(fd);
  good = good && file != NULL && write_all(file, key, x, n);
  if (file && fclose(file) != 0)
    good = false;
  good = good && rename(made.at, name.at) == 0;
  if (!good && fd >= 0)
    (void)unlink(made.at);
  dm_str_clear(&made);
  dm_str_clear(&name);
  return good;
}
