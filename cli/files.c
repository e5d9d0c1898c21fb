/* cli/files.c -- reading and writing files, and nothing lost in silence. */
#define _XOPEN_SOURCE 700
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than anybody writes by hand; a device that never ends stops here. */
enum { MAX_BYTES = 64 << 20 };

void complain(const char *format, ...)
{
  va_list list;
  va_start(list, format);
  (void)fputs("demarche: ", stderr);
  (void)vfprintf(stderr, format, list);
  (void)fputc('\n', stderr);
  va_end(list);
}

static dm_status read_all(FILE *file, const char *name, dm_text *out)
{
  size_t cap = 1 << 16, len = 0;
  char *at = malloc(cap + 1);
  if (!at)
    return DM_E_MEMORY;
  for (;;) {
    errno = 0;
    len += fread(at + len, 1, cap - len, file);
    if (len < cap)
      break;
    if (cap >= MAX_BYTES) {
      complain("%s: more than %d MiB", name, MAX_BYTES >> 20);
      free(at);
      return DM_E_INPUT;
    }
    char *moved = realloc(at, cap * 2 + 1);
    if (!moved) {
      free(at);
      return DM_E_MEMORY;
    }
    at = moved;
    cap *= 2;
  }
  if (ferror(file)) {
    bool stopped = errno == EINTR && terminal_interrupted();
    if (!stopped)
      complain("%s: %s", name, strerror(errno ? errno : EIO));
    free(at);
    return stopped ? DM_E_INTERRUPT : DM_E_INPUT;
  }
  at[len] = '\0';
  out->at = at;
  out->len = len;
  return DM_OK;
}

dm_status file_read(const char *name, dm_text *out)
{
  memset(out, 0, sizeof *out);
  if (strcmp(name, "-") == 0)
    return read_all(stdin, "standard input", out);
  FILE *file = fopen(name, "rb");
  if (!file) {
    complain("%s: %s", name, strerror(errno));
    return DM_E_INPUT;
  }
  dm_status why = read_all(file, name, out);
  (void)fclose(file);
  return why;
}

/* All bytes to a descriptor that is closed afterwards; errno tells. */
static bool write_close(int fd, const dm_text *text)
{
  size_t at = 0;
  while (at < text->len) {
    ssize_t n = write(fd, text->at + at, text->len - at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      int why = errno;
      (void)close(fd);
      errno = why;
      return false;
    }
    at += (size_t)n;
  }
  return close(fd) == 0;
}

dm_status file_create(const char *name, const dm_text *text)
{
  int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (fd < 0) {
    complain("%s: %s", name, strerror(errno));
    return errno == EEXIST ? DM_E_INPUT : DM_E_SYSTEM;
  }
  if (!write_close(fd, text)) {
    complain("%s: %s", name, strerror(errno));
    (void)unlink(name);
    return DM_E_SYSTEM;
  }
  return DM_OK;
}

dm_status file_replace(const char *name, const dm_text *text)
{
  dm_status why = DM_E_SYSTEM;
  struct stat old;
  char *real = realpath(name, NULL);
  size_t size = real ? strlen(real) + 8 : 0;
  char *temporary = real ? malloc(size) : NULL;
  if (!temporary || stat(real, &old) != 0) {
    complain("%s: %s", name, strerror(errno));
    goto done;
  }
  (void)snprintf(temporary, size, "%s.XXXXXX", real);
  int fd = mkstemp(temporary);
  if (fd < 0) {
    complain("%s: %s", name, strerror(errno));
    goto done;
  }
  if (fchmod(fd, old.st_mode & 07777) != 0 || !write_close(fd, text) ||
      rename(temporary, real) != 0) {
    complain("%s: %s", name, strerror(errno));
    (void)unlink(temporary);
    goto done;
  }
  why = DM_OK;
done:
  free(temporary);
  free(real);
  return why;
}

/* Why standard output failed first: later calls may succeed or say less. */
static int print_failed;

void file_print(const dm_text *text)
{
  errno = 0;
  if (text->at && fwrite(text->at, 1, text->len, stdout) < text->len &&
      !print_failed)
    print_failed = errno;
}

dm_status file_finish(void)
{
  errno = 0;
  bool failed = fflush(stdout) != 0 || ferror(stdout);
  int why = print_failed ? print_failed : errno;
  /* Some file systems report a full disk only when the file is closed. */
  if (fclose(stdout) != 0 && !failed) {
    failed = true;
    why = errno;
  }
  if (!failed)
    return DM_OK;
  if (why != EPIPE)
    complain("standard output: %s", strerror(why ? why : EIO));
  return DM_E_SYSTEM;
}
