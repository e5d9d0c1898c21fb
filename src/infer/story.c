/* infer/story.c -- the case retold from the file's own words.
 *
 * A note that is a sentence (a capital at its start, a full stop at its end)
 * is the author's telling of a thing: of the scenario, a letter, a state, a
 * choice, an actor.  These are told in that order, at most five; the scenario's
 * own, which sums the others up, gives way when there are five without it.
 * Where the file tells less, what its names and displays say fills in.  A last
 * sentence counts.  Nothing is added of our own. */
#include "infer/parts.h"

#include <ctype.h>
#include <string.h>

enum { MOST_TOLD = 5, MOST_LINES = 8 };

typedef struct dm_story {
  dm_job *job;
  const char **line; /* [MOST_LINES] */
  uint32_t n;
} dm_story;

static bool is_sentence(const char *note)
{
  size_t len = note ? strlen(note) : 0;
  return len > 10 && isupper((unsigned char)note[0]) && note[len - 1] == '.';
}

static void tell(dm_story *s, const char *note)
{
  if (!is_sentence(note) || s->n >= MOST_TOLD)
    return;
  for (uint32_t i = 0; i < s->n; i++) {
    if (strcmp(s->line[i], note) == 0)
      return;
  }
  s->line[s->n++] = note;
}

static void tell_vars(dm_story *s, dm_var_kind kind)
{
  const dm_core *core = s->job->core;
  for (uint32_t i = 0; i < core->var.n; i++) {
    if (core->var.at[i].kind == kind)
      tell(s, core->var.at[i].note);
  }
}

/* "the United States, Iran and Russia" */
static const char *list_actors(dm_job *job)
{
  const dm_core *core = job->core;
  const char *text = "";
  for (uint32_t a = 0; a < core->actor.n; a++)
    text = dm_infer_text(
        job->keep, "%s%s%s", text,
        a == 0                   ? ""
        : a == core->actor.n - 1 ? " and "
                                 : ", ",
        dm_infer_actor(core, a));
  return text;
}

static const char *list_outcomes(dm_job *job)
{
  const dm_core *core = job->core;
  const char *text = "";
  for (uint32_t o = 0; o < core->outcome.n; o++) {
    const dm_core_outcome *x = &core->outcome.at[o];
    text = dm_infer_text(
        job->keep, "%s%s%s", text,
        o == 0                     ? ""
        : o == core->outcome.n - 1 ? " or "
                                   : ", ",
        x->display && x->display[0] ? x->display : x->name);
  }
  return text;
}

static const char *upper_first(dm_job *job, const char *text)
{
  size_t len = strlen(text);
  char *copy = dm_arena_text(job->keep, text, len);
  if (len)
    copy[0] = (char)toupper((unsigned char)copy[0]);
  return copy;
}

/* What names and displays say, where the author says little. */
static void fill(dm_story *s)
{
  dm_job *job = s->job;
  const dm_core *core = job->core;
  const char *actors = list_actors(job);
  if (core->actor.n > 0)
    s->line[s->n++] = upper_first(
        job, dm_infer_text(
                 job->keep, "%s %s from %s to %s.", actors,
                 core->actor.n == 1 ? "decides" : "decide", core->period[1],
                 core->period[core->n_periods]));
  if (core->outcome.n > 0)
    s->line[s->n++] =
        dm_infer_text(job->keep, "It can end in %s.", list_outcomes(job));
}

static const char *plural(dm_job *job, uint32_t n, const char *word)
{
  return dm_infer_text(job->keep, "%u %s%s", n, word, n == 1 ? "" : "s");
}

static void count(dm_story *s)
{
  dm_job *job = s->job;
  const dm_core *core = job->core;
  uint32_t types = 0;
  for (uint32_t a = 0; a < core->actor.n; a++)
    types += core->actor.at[a].type_var != DM_NONE;
  s->line[s->n++] = dm_infer_text(
      job->keep, "The file has %s, %s%s, %s and %s.",
      plural(job, core->n_periods, core->clock_word),
      plural(job, core->actor.n, "actor"),
      types == 0 ? ""
                 : dm_infer_text(job->keep, " (%u of private type)", types),
      plural(job, core->choice.n, "choice"),
      plural(job, core->outcome.n, "outcome"));
}

static void tell_parts(dm_story *s)
{
  const dm_core *core = s->job->core;
  tell_vars(s, DM_VAR_STATUS);
  tell_vars(s, DM_VAR_STATE);
  tell_vars(s, DM_VAR_READING);
  for (uint32_t c = 0; c < core->choice.n; c++)
    tell(s, core->choice.at[c].note);
  for (uint32_t a = 0; a < core->actor.n; a++)
    tell(s, core->actor.at[a].note);
}

void dm_infer_story(dm_job *job)
{
  dm_story s = {.job = job};
  s.line = dm_arena_array(job->keep, MOST_LINES, sizeof *s.line);
  tell_parts(&s);
  if (s.n < MOST_TOLD) {
    s.n = 0;
    tell(&s, job->core->note);
    tell_parts(&s);
  }
  if (s.n < 3)
    fill(&s);
  count(&s);
  job->result->story = s.line;
  job->result->n_story = s.n;
}
