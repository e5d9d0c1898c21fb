/* The cache gives back what it was given, or nothing. */
#define _XOPEN_SOURCE 700
#include "unit.h"
#include "../../ledger/scratch.h"
#include "store/cache.h"

#include <fcntl.h>

static const double numbers[] = {0.1, -2.5, 1e300, 0};

/* The path of the folder's only entry. */
static void only_entry(const char *folder, char *path, size_t size)
{
  DIR *dir = opendir(folder);
  ASSERT_NOT_NULL(dir);
  int n = 0;
  for (struct dirent *d; (d = readdir(dir)) != NULL;) {
    if (d->d_name[0] == '.')
      continue;
    snprintf(path, size, "%s/%s", folder, d->d_name);
    n++;
  }
  closedir(dir);
  ASSERT_INT(n, 1);
}

TEST(what_was_put_is_got)
{
  scratch s = scratch_new();
  dm_cache c = {.folder = s.folder};
  double x[4] = {7, 7, 7, 7};
  ASSERT_FALSE(dm_cache_get(&c, "key", x, 4));
  ASSERT_TRUE(dm_cache_put(&c, "key", numbers, 4));
  ASSERT_FALSE(dm_cache_get(&c, "other", x, 4));
  ASSERT_FALSE(dm_cache_get(&c, "key", x, 3));
  ASSERT_NEAR(x[0], 7, 0);
  ASSERT_TRUE(dm_cache_get(&c, "key", x, 4));
  ASSERT_MEM(x, numbers, sizeof numbers);
  ASSERT_TRUE(dm_cache_put(&c, "key", numbers + 1, 1));
  ASSERT_TRUE(dm_cache_get(&c, "key", x, 1));
  ASSERT_NEAR(x[0], -2.5, 0);
  ASSERT_TRUE(dm_cache_put(&c, "nothing", NULL, 0));
  ASSERT_TRUE(dm_cache_get(&c, "nothing", NULL, 0));
  ASSERT_INT(scratch_files(&s, true), 2);
}

TEST(a_damaged_entry_is_none_and_is_replaced)
{
  scratch s = scratch_new();
  dm_cache c = {.folder = s.folder};
  char path[600];
  size_t len;
  double x[4] = {0};
  ASSERT_TRUE(dm_cache_put(&c, "key", numbers, 4));
  only_entry(s.folder, path, sizeof path);
  unsigned char *all = file_read(path, &len);
  for (size_t i = 0; i < len; i++) {
    bool unused = i >= 40 && i < 64; /* the rest of the head */
    all[i] ^= 0x10;
    file_write(path, all, len);
    if (dm_cache_get(&c, "key", x, 4) != unused)
      FAIL("byte %zu", i);
    all[i] ^= 0x10;
  }
  for (size_t cut = 0; cut < len; cut += 7) {
    file_write(path, all, cut);
    ASSERT_FALSE(dm_cache_get(&c, "key", x, 4));
  }
  ASSERT_TRUE(dm_cache_put(&c, "key", numbers, 4));
  ASSERT_TRUE(dm_cache_get(&c, "key", x, 4));
  free(all);
  scratch_files(&s, true);
}

TEST(the_oldest_make_room)
{
  scratch s = scratch_new();
  static double many[1000];
  dm_cache c = {.folder = s.folder, .max_bytes = 20000};
  double x[1000];
  ASSERT_TRUE(dm_cache_put(&c, "first", many, 1000));
  char path[600];
  only_entry(s.folder, path, sizeof path);
  struct timespec old[2] = {{1000, 0}, {1000, 0}};
  ASSERT_INT(utimensat(AT_FDCWD, path, old, 0), 0);
  ASSERT_TRUE(dm_cache_put(&c, "second", many, 1000));
  ASSERT_TRUE(dm_cache_get(&c, "first", x, 1000));
  ASSERT_TRUE(dm_cache_put(&c, "third", many, 1000));
  ASSERT_FALSE(dm_cache_get(&c, "first", x, 1000));
  ASSERT_TRUE(dm_cache_get(&c, "second", x, 1000));
  ASSERT_TRUE(dm_cache_get(&c, "third", x, 1000));
  static double too_many[3000];
  ASSERT_FALSE(dm_cache_put(&c, "large", too_many, 3000));
  ASSERT_INT(scratch_files(&s, true), 2);
}

TEST(a_cache_that_cannot_be_is_no_error)
{
  double x[4];
  dm_cache none = {.folder = NULL};
  ASSERT_FALSE(dm_cache_put(&none, "key", numbers, 4));
  ASSERT_FALSE(dm_cache_get(&none, "key", x, 4));
  scratch s = scratch_new();
  file_write(s.path, "x", 1);
  dm_cache file = {.folder = s.path};
  ASSERT_FALSE(dm_cache_put(&file, "key", numbers, 4));
  ASSERT_FALSE(dm_cache_get(&file, "key", x, 4));
  char deep[400];
  snprintf(deep, sizeof deep, "%s/a/b", s.folder);
  dm_cache made = {.folder = deep};
  ASSERT_TRUE(dm_cache_put(&made, "key", numbers, 4));
  ASSERT_TRUE(dm_cache_get(&made, "key", x, 4));
  char path[600];
  only_entry(deep, path, sizeof path);
  unlink(path);
  rmdir(deep);
  snprintf(deep, sizeof deep, "%s/a", s.folder);
  rmdir(deep);
  scratch_files(&s, true);
}

TEST_MAIN(
    CASE(what_was_put_is_got), CASE(a_damaged_entry_is_none_and_is_replaced),
    CASE(the_oldest_make_room), CASE(a_cache_that_cannot_be_is_no_error))
