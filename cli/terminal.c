/* cli/terminal.c -- what the terminal can show, signals, progress. */
#define _POSIX_C_SOURCE 200809L
#include "cli.h"

#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
  (void)number;
  interrupted = 1;
}

void terminal_catch_signals(void)
{
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_interrupt;
  /* A second Ctrl-C ends the program whatever it is doing. */
  action.sa_flags = (int)SA_RESETHAND;
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
}

bool terminal_interrupted(void)
{
  return interrupted != 0;
}

static uint32_t width(void)
{
  const char *text = getenv("COLUMNS");
  if (text && text[0] >= '1' && text[0] <= '9' && strlen(text) <= 4)
    return (uint32_t)strtoul(text, NULL, 10);
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 80;
}

void terminal_look(cli *c)
{
  (void)setlocale(LC_CTYPE, "");
  const char *set = nl_langinfo(CODESET);
  c->ascii = strcasecmp(set, "UTF-8") != 0 && strcasecmp(set, "UTF8") != 0;
  c->out_tty = isatty(STDOUT_FILENO) == 1;
  c->err_tty = isatty(STDERR_FILENO) == 1;
  const char *no_color = getenv("NO_COLOR");
  const char *term = getenv("TERM");
  bool color = !(no_color && no_color[0]) && term && strcmp(term, "dumb") != 0;
  c->color_out = color && c->out_tty;
  c->color_err = color && c->err_tty;
  c->columns = width();
}

dm_print_options terminal_print(const cli *c)
{
  dm_print_options print = dm_print_defaults();
  print.json = given(c, OPT_JSON);
  print.brief = given(c, OPT_BRIEF);
  print.columns =
      given(c, OPT_COLUMNS) ? (uint32_t)c->number[OPT_COLUMNS] : c->columns;
  if (print.columns < 40)
    print.columns = 40;
  print.color = c->color_out;
  print.ascii = c->ascii;
  return print;
}

/* ---- progress --------------------------------------------------------------- */

/* When the line was last written; a fifth of a second apart is enough. */
static double last_shown;
static bool is_shown;

static double now_seconds(void)
{
  struct timespec t;
  if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
    return 0;
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

bool terminal_progress(void *data, const char *what, double done, double total)
{
  const cli *c = data;
  if (interrupted)
    return false;
  if (!c->err_tty || given(c, OPT_QUIET))
    return true;
  double now = now_seconds();
  if (now - last_shown < 0.2)
    return true;
  last_shown = now;
  is_shown = true;
  if (total > 0)
    (void)fprintf(stderr, "\r\033[K%.60s  %.0f %%", what, 100 * done / total);
  else
    (void)fprintf(stderr, "\r\033[K%.60s  %.0f", what, done);
  (void)fflush(stderr);
  return true;
}

void terminal_clear_progress(const cli *c)
{
  if (is_shown && c->err_tty)
    (void)fputs("\r\033[K", stderr);
  is_shown = false;
}
