/* cli/main.c -- demarche, the program: a thin user of libdemarche. */
#include "cli.h"

#include <string.h>

static int run(cli *c, int argc, char **argv)
{
  if (!options_read(c, argc, argv))
    return dm_status_exit_code(DM_E_INPUT);
  if (given(c, OPT_VERSION))
    return command_version(c);
  if (given(c, OPT_HELP))
    return command_help(c);
  if (!c->command) {
    complain("which command? see `demarche help`");
    return dm_status_exit_code(DM_E_INPUT);
  }
  return command_find(c->command)->run(c);
}

int main(int argc, char **argv)
{
  cli c;
  memset(&c, 0, sizeof c);
  terminal_look(&c);
  terminal_catch_signals();
  int code = run(&c, argc, argv);
  dm_status wrote = file_finish();
  return code == 0 ? dm_status_exit_code(wrote) : code;
}
