/* A folder of one test's own, whole files, and a forecast to write. */
#ifndef DM_TESTS_LEDGER_SCRATCH_H
#define DM_TESTS_LEDGER_SCRATCH_H

#include "store/ledger.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct scratch {
  char folder[256], path[300];
} scratch;

static inline scratch scratch_new(void)
{
  scratch s;
  const char *base = getenv("TMPDIR");
  snprintf(
      s.folder, sizeof s.folder, "%s/dm-ledger-XXXXXX",
      base && *base && strlen(base) < 200 ? base : P_tmpdir);
  ASSERT_NOT_NULL(mkdtemp(s.folder));
  snprintf(s.path, sizeof s.path, "%s/a.case", s.folder);
  return s;
}

/* Files in the folder; removes them if asked, and the folder. */
static inline int scratch_files(const scratch *s, bool remove_all)
{
  int n = 0;
  char name[600];
  DIR *dir = opendir(s->folder);
  ASSERT_NOT_NULL(dir);
  for (struct dirent *d; (d = readdir(dir)) != NULL;) {
    if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
      continue;
    n++;
    snprintf(name, sizeof name, "%s/%s", s->folder, d->d_name);
    if (remove_all)
      unlink(name);
  }
  closedir(dir);
  if (remove_all)
    rmdir(s->folder);
  return n;
}

static inline unsigned char *file_read(const char *path, size_t *len)
{
  FILE *file = fopen(path, "rb");
  ASSERT_NOT_NULL(file);
  unsigned char *all = malloc(1 << 24);
  ASSERT_NOT_NULL(all);
  *len = fread(all, 1, 1 << 24, file);
  fclose(file);
  return all;
}

static inline void file_write(const char *path, const void *from, size_t len)
{
  FILE *file = fopen(path, "wb");
  ASSERT_NOT_NULL(file);
  ASSERT_UINT(fwrite(from, 1, len, file), len);
  ASSERT_INT(fclose(file), 0);
}

/* A forecast that says its number in three places. */
static inline dm_status add_numbered(dm_ledger *l, unsigned i, int64_t *id)
{
  char question[40];
  const char *answer[] = {"peace", "war", "neither"};
  double p[] = {(i % 1000) / 2000.0, 0.25, 0.75 - (i % 1000) / 2000.0};
  snprintf(question, sizeof question, "question %u", i);
  dm_ledger_forecast f = {
      .made = "2025-03-07T10:00:00Z",
      .as_of = "2025-03-07",
      .model = "test",
      .scenario_hash = "",
      .evidence_hash = "",
      .question = question,
      .opens = "",
      .by = "",
      .n = 3,
      .answer = answer,
      .p = p,
      .version = "0"};
  return dm_ledger_add_forecast(l, &f, id);
}

/* Which numbers are on record, each whole. */
typedef struct found {
  unsigned char *seen; /* [cap] times */
  unsigned cap, total;
} found;

static inline bool found_one(void *data, const dm_ledger_forecast *f)
{
  found *x = data;
  unsigned i = 0;
  ASSERT_INT(sscanf(f->question, "question %u", &i), 1);
  ASSERT_TRUE(i < x->cap);
  ASSERT_UINT(f->n, 3);
  ASSERT_STR(f->answer[2], "neither");
  ASSERT_NEAR(f->p[0], (i % 1000) / 2000.0, 0);
  ASSERT_NEAR(f->p[2], 0.75 - (i % 1000) / 2000.0, 0);
  x->seen[i]++;
  x->total++;
  return true;
}

static inline dm_ledger *open_or_fail(const char *path, dm_ledger_mode mode)
{
  dm_ledger *l = NULL;
  const char *why = NULL;
  if (dm_ledger_open(path, mode, &l, &why) != DM_OK)
    FAIL("%s: %s", path, why);
  return l;
}

#endif
