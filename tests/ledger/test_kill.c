/* A ledger whose writers are killed, race, or run out of disk loses nothing
 * that was acknowledged.
 *
 * A writer is a process that reports the number of each record through a pipe
 * once the call has returned; it is killed after a random time, and then every
 * number that came through must be on record, whole and once. */
#define _XOPEN_SOURCE 700
#include "unit.h"
#include "scratch.h"
#include "store/ledger_parts.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#if DM_HAVE_SQLITE

enum { ENOUGH = 1000, MOST = 40000 };

typedef struct writer {
  pid_t pid;
  int from; /* end of the pipe that its numbers come out of */
} writer;

/* In the child: adds numbers first, first + step ... until `last`, or until it
 * fails; 0 if all went well, else 10 + status. */
static int write_on(
    const char *path, unsigned first, unsigned step, unsigned last, int to)
{
  dm_ledger *l = NULL;
  const char *why = NULL;
  dm_status status = dm_ledger_open(path, DM_LEDGER_CREATE, &l, &why);
  for (unsigned i = first; status == DM_OK && i < last; i += step) {
    status = add_numbered(l, i, NULL);
    if (status == DM_OK && write(to, &i, sizeof i) != (ssize_t)sizeof i)
      return 9;
  }
  dm_ledger_close(l);
  return status == DM_OK ? 0 : 10 + (int)status;
}

static writer start(
    const char *path, unsigned first, unsigned step, unsigned last, rlim_t size)
{
  int ends[2];
  ASSERT_INT(pipe(ends), 0);
  pid_t pid = fork();
  ASSERT_TRUE(pid >= 0);
  if (pid == 0) {
    close(ends[0]);
    if (size) {
      struct rlimit limit = {size, size};
      signal(SIGXFSZ, SIG_IGN);
      if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        _exit(8);
    }
    _exit(write_on(path, first, step, last, ends[1]));
  }
  close(ends[1]);
  return (writer){pid, ends[0]};
}

/* Waits for the end of a writer; marks what it has acknowledged. */
static int end_of(
    writer w, unsigned char *said, unsigned *acknowledged, unsigned *highest)
{
  unsigned i;
  int ended;
  while (read(w.from, &i, sizeof i) == (ssize_t)sizeof i) {
    ASSERT_TRUE(i < MOST);
    said[i] = 1;
    (*acknowledged)++;
    if (highest && i >= *highest)
      *highest = i + 1;
  }
  close(w.from);
  ASSERT_INT(waitpid(w.pid, &ended, 0), w.pid);
  return ended;
}

static void check_all(
    const char *path, const unsigned char *said, unsigned acknowledged,
    unsigned most_more)
{
  unsigned char *times = calloc(MOST, 1);
  found x = {times, MOST, 0};
  dm_ledger *l = open_or_fail(path, DM_LEDGER_WRITE);
  ASSERT_OK(dm_ledger_forecasts(l, NULL, found_one, &x));
  for (unsigned i = 0; i < MOST; i++) {
    if (said[i] && times[i] != 1)
      FAIL("record %u was acknowledged and is there %u times", i, times[i]);
  }
  ASSERT_TRUE(x.total >= acknowledged);
  ASSERT_TRUE(x.total <= acknowledged + most_more);
  dm_ledger_close(l);
  free(times);
}

static void sleep_us(long us)
{
  struct timespec t = {us / 1000000, us % 1000000 * 1000};
  while (nanosleep(&t, &t) != 0 && errno == EINTR)
    ;
}

static unsigned draw(uint64_t *state)
{
  *state =
      *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (unsigned)(*state >> 33);
}

TEST(kills_at_random_moments_lose_nothing)
{
  scratch s = scratch_new();
  static unsigned char said[MOST];
  unsigned acknowledged = 0, next = 0, rounds = 0;
  uint64_t random = 20250307;
  int files = 0;
  time_t begin = time(NULL);
  while (acknowledged < ENOUGH) {
    writer w = start(s.path, next, 1, MOST, 0);
    /* The first rounds fall into the file's creation. */
    sleep_us(rounds < 20 ? draw(&random) % 6000 : draw(&random) % 60000);
    ASSERT_INT(kill(w.pid, SIGKILL), 0);
    int ended = end_of(w, said, &acknowledged, &next);
    ASSERT_TRUE(WIFSIGNALED(ended));
    rounds++;
    /* A record may be on the disk without its number having come through. */
    next++;
    if (access(s.path, F_OK) == 0 && (rounds < 20 || rounds % 5 == 0))
      check_all(s.path, said, acknowledged, rounds);
    /* A disk on which a commit takes a tenth of a second. */
    if (time(NULL) - begin > 120)
      break;
  }
  check_all(s.path, said, acknowledged, rounds);
  files = scratch_files(&s, true);
  print_message(
      "%u records acknowledged, %u kills, %d files left\n", acknowledged,
      rounds, files);
  ASSERT_TRUE(acknowledged > 50);
  /* One file, and at most one name a kill in the middle of creating it. */
  ASSERT_TRUE(files >= 1 && files <= 21);
}

TEST(two_writers_lose_nothing)
{
  scratch s = scratch_new();
  static unsigned char said[MOST];
  unsigned acknowledged = 0;
  writer a = start(s.path, 0, 2, 500, 0), b = start(s.path, 1, 2, 500, 0);
  int x = end_of(a, said, &acknowledged, NULL);
  int y = end_of(b, said, &acknowledged, NULL);
  ASSERT_TRUE(WIFEXITED(x) && WIFEXITED(y));
  ASSERT_INT(WEXITSTATUS(x), 0);
  ASSERT_INT(WEXITSTATUS(y), 0);
  ASSERT_UINT(acknowledged, 500);
  check_all(s.path, said, 500, 0);
  ASSERT_INT(scratch_files(&s, true), 1);
}

TEST(one_of_two_writers_is_killed)
{
  scratch s = scratch_new();
  static unsigned char said[MOST];
  unsigned acknowledged = 0, victims = 0;
  writer a = start(s.path, 0, 2, 400, 0);
  uint64_t random = 7;
  unsigned next = 1;
  for (int i = 0; i < 8; i++) {
    writer b = start(s.path, next, 2, MOST, 0);
    sleep_us(20000 + draw(&random) % 40000);
    ASSERT_INT(kill(b.pid, SIGKILL), 0);
    end_of(b, said, &victims, &next);
    next = (next + 3) | 1;
  }
  int ended = end_of(a, said, &acknowledged, NULL);
  ASSERT_TRUE(WIFEXITED(ended));
  ASSERT_INT(WEXITSTATUS(ended), 0);
  ASSERT_UINT(acknowledged, 200);
  check_all(s.path, said, acknowledged + victims, 8);
  scratch_files(&s, true);
}

TEST(a_full_disk_is_told_and_loses_nothing)
{
  scratch s = scratch_new();
  static unsigned char said[MOST];
  unsigned acknowledged = 0;
  writer a = start(s.path, 0, 1, 20, 0);
  ASSERT_INT(end_of(a, said, &acknowledged, NULL), 0);
  struct stat st;
  ASSERT_INT(stat(s.path, &st), 0);
  /* Each limit falls into another place: the file, its journal, a page. */
  unsigned next = 20;
  for (rlim_t more = 0; more <= 20000; more += 2500) {
    writer b = start(s.path, next, 1, MOST, (rlim_t)st.st_size + more);
    int ended = end_of(b, said, &acknowledged, &next);
    ASSERT_TRUE(WIFEXITED(ended));
    ASSERT_INT(WEXITSTATUS(ended), 10 + (int)DM_E_SYSTEM);
    check_all(s.path, said, acknowledged, 0);
  }
  writer c = start(s.path, next, 1, next + 5, 0);
  ASSERT_INT(end_of(c, said, &acknowledged, NULL), 0);
  check_all(s.path, said, acknowledged, 0);
  scratch_files(&s, true);
}

TEST(a_disk_that_is_full_from_the_start)
{
  scratch s = scratch_new();
  unsigned char said[1] = {0};
  unsigned acknowledged = 0;
  writer a = start(s.path, 0, 1, 1, 5000);
  int ended = end_of(a, said, &acknowledged, NULL);
  ASSERT_TRUE(WIFEXITED(ended));
  ASSERT_INT(WEXITSTATUS(ended), 10 + (int)DM_E_SYSTEM);
  ASSERT_INT(scratch_files(&s, true), 0);
}

TEST_MAIN(
    CASE(kills_at_random_moments_lose_nothing), CASE(two_writers_lose_nothing),
    CASE(one_of_two_writers_is_killed),
    CASE(a_full_disk_is_told_and_loses_nothing),
    CASE(a_disk_that_is_full_from_the_start))

#else

int main(void)
{
  return 77; /* skipped: no ledger without SQLite */
}

#endif
