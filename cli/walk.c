/* cli/walk.c -- sit in one actor's chair.
 *
 * What is printed is the transcript: a first line with scenario, actor and
 * seed, what the actor learns, and a line "> OPTION" for every pick.  Fed back
 * with --replay it gives the same run, byte for byte. */
#include "cli.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINE = 512, MAX_TRANSCRIPT_LINE = 4096 };

/* Picks of a transcript, then those typed. */
typedef struct picks {
  dm_text text;   /* of the transcript, or empty */
  const char *at; /* what is left of it, NULL when there is none */
} picks;

/* The next line that starts with "> " or "# "; false at the end. */
static bool next_marked(picks *p, char mark, char *out, size_t size)
{
  while (p->at && *p->at) {
    const char *line = p->at;
    size_t len = strcspn(line, "\n");
    p->at = line + len + (line[len] == '\n');
    if (len >= 2 && line[0] == mark && line[1] == ' ') {
      size_t keep = len - 2 < size - 1 ? len - 2 : size - 1;
      memcpy(out, line + 2, keep);
      out[keep] = '\0';
      while (keep > 0 && isspace((unsigned char)out[keep - 1]))
        out[--keep] = '\0';
      return true;
    }
  }
  return false;
}

static void list_options(dm_seat *seat, bool chances)
{
  uint32_t n = dm_seat_option_count(seat);
  for (uint32_t i = 0; i < n; i++) {
    (void)printf("  %u  %s", i + 1, dm_seat_option(seat, i));
    if (chances)
      (void)printf(
          "  (the model's own: %.1f %%)", 100 * dm_seat_option_chance(seat, i));
    (void)putchar('\n');
  }
}

/* The option that a word or a number means; -1 if none. */
static int find_option(const dm_seat *seat, const char *word)
{
  uint32_t n = dm_seat_option_count(seat);
  for (uint32_t i = 0; i < n; i++) {
    if (strcmp(dm_seat_option(seat, i), word) == 0)
      return (int)i;
  }
  char *end = NULL;
  unsigned long k = strtoul(word, &end, 10);
  if (isdigit((unsigned char)word[0]) && *end == '\0' && k >= 1 && k <= n)
    return (int)(k - 1);
  return -1;
}

/* One word typed; false at the end of the input. */
static bool typed(char *out, size_t size)
{
  if (!fgets(out, (int)size, stdin))
    return false;
  size_t len = strlen(out);
  while (len > 0 && isspace((unsigned char)out[len - 1]))
    out[--len] = '\0';
  size_t skip = strspn(out, " \t");
  memmove(out, out + skip, len - skip + 1);
  return true;
}

/* Asks until an option is named.  -1: no more to come; -2: a bad replay. */
static int choose(const cli *c, dm_seat *seat, picks *p)
{
  char word[MAX_LINE];
  if (next_marked(p, '>', word, sizeof word)) {
    int pick = find_option(seat, word);
    if (pick < 0) {
      complain("the transcript picks `%s`, which is not open here", word);
      return -2;
    }
    return pick;
  }
  if (given(c, OPT_REPLAY))
    return -1;
  for (;;) {
    if (c->out_tty) {
      (void)fputs("number or name, ? for the model's own odds: ", stdout);
      (void)fflush(stdout);
    }
    if (!typed(word, sizeof word) || strcmp(word, "q") == 0)
      return -1;
    if (strcmp(word, "?") == 0) {
      list_options(seat, true);
      continue;
    }
    int pick = find_option(seat, word);
    if (pick >= 0)
      return pick;
    if (word[0])
      complain("`%s` is not open here; the options are listed above", word);
  }
}

static dm_status sit(const cli *c, dm_seat *seat, picks *p)
{
  for (;;) {
    if (terminal_interrupted())
      return DM_E_INTERRUPT;
    (void)fputs(dm_seat_text(seat), stdout);
    if (dm_seat_option_count(seat) == 0)
      return DM_OK;
    list_options(seat, false);
    int pick = choose(c, seat, p);
    if (terminal_interrupted())
      return DM_E_INTERRUPT;
    if (pick == -2)
      return DM_E_INPUT;
    if (pick < 0) {
      (void)puts("(left before the end)");
      return DM_OK;
    }
    (void)printf("> %s\n", dm_seat_option(seat, (uint32_t)pick));
    dm_status why = dm_seat_pick(seat, (uint32_t)pick);
    if (why != DM_OK)
      return why;
  }
}

/* Reads the transcript and takes seed and actor from its first line. */
static dm_status open_transcript(cli *c, const input *in, picks *p)
{
  char head[MAX_TRANSCRIPT_LINE], name[256], actor[256];
  unsigned long long seed;
  dm_status why = file_read(c->value[OPT_REPLAY], &p->text);
  if (why != DM_OK)
    return why;
  p->at = p->text.at;
  if (!next_marked(p, '#', head, sizeof head) ||
      sscanf(head, "walk %255s as %255s seed %llu", name, actor, &seed) != 3) {
    complain("%s: no transcript of a walk", c->value[OPT_REPLAY]);
    return DM_E_INPUT;
  }
  if (strcmp(name, dm_scenario_name(in->scenario)) != 0 ||
      (given(c, OPT_AS) && strcmp(actor, c->value[OPT_AS]) != 0)) {
    complain(
        "%s: the transcript is of %s in %s's chair", c->value[OPT_REPLAY], name,
        actor);
    return DM_E_INPUT;
  }
  if (!given(c, OPT_SEED)) {
    c->number[OPT_SEED] = seed;
    c->given |= BIT(OPT_SEED);
  }
  return DM_OK;
}

static dm_status check_actor(const cli *c, const dm_scenario *scenario)
{
  const char *names[64];
  uint32_t n = dm_scenario_actor_count(scenario);
  n = n < 64 ? n : 64;
  for (uint32_t i = 0; i < n; i++) {
    names[i] = dm_scenario_actor(scenario, i);
    if (strcmp(names[i], c->value[OPT_AS]) == 0)
      return DM_OK;
  }
  const char *meant = nearest(c->value[OPT_AS], names, n);
  if (meant)
    complain("no actor `%s`; did you mean %s?", c->value[OPT_AS], meant);
  else
    complain("no actor `%s`", c->value[OPT_AS]);
  return DM_E_INPUT;
}

static dm_status walk(cli *c, input *in, picks *p)
{
  dm_seat *seat = NULL;
  dm_status why = DM_OK;
  if (given(c, OPT_REPLAY))
    why = open_transcript(c, in, p);
  if (why == DM_OK)
    why = check_actor(c, in->scenario);
  if (why != DM_OK)
    return why;
  dm_analysis_options options = input_options(c, NULL);
  why = dm_seat_new(in->scenario, c->value[OPT_AS], &options, in->diags, &seat);
  terminal_clear_progress(c);
  input_messages(c, in, false);
  if (why == DM_OK) {
    (void)printf(
        "# walk %s as %s seed %llu\n", dm_scenario_name(in->scenario),
        c->value[OPT_AS], (unsigned long long)options.seed);
    why = sit(c, seat, p);
  } else if (dm_diags_count(in->diags, DM_ERROR) == 0) {
    complain("%s: %s", in->name, dm_status_text(why));
  }
  dm_seat_free(seat);
  return why;
}

int command_walk(cli *c)
{
  input in;
  picks p = {.at = NULL};
  if (!given(c, OPT_AS)) {
    complain("whose chair? --as ACTOR");
    return dm_status_exit_code(DM_E_INPUT);
  }
  if (strcmp(c->operand, "-") == 0 && !given(c, OPT_REPLAY)) {
    complain("standard input is needed for the picks: name a file, or "
             "--replay a transcript");
    return dm_status_exit_code(DM_E_INPUT);
  }
  dm_status why = input_open(c, c->operand, &in);
  if (why == DM_OK)
    why = walk(c, &in, &p);
  else if (in.diags)
    input_messages(c, &in, false);
  dm_text_free(&p.text);
  input_close(&in);
  return dm_status_exit_code(why);
}
