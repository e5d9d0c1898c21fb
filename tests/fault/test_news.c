/* Every allocation of update, next and compare fails once: the call says so or
 * has an answer that stands, and keeps nothing. */
#include "unit.h"
#include "alloc.h"

#include <demarche/demarche.h>

#include <math.h>
#include <string.h>

static const char SMALL[] = "scenario small\n"
                            "  turns 1 to 2\n"
                            "  otherwise quiet\n"
                            "actor us\n"
                            "  type soft 40%, hard rest\n"
                            "  sharpness 0.1\n"
                            "state store 0..1 = 0 hidden\n"
                            "choice act of us\n"
                            "  wait\n"
                            "  build -> 50%: store +1\n"
                            "outcome full when store = 1\n"
                            "payoff us.soft us.hard\n"
                            "  full 10 0\n"
                            "  quiet 0 5\n";

/* States and outcomes only: the look-up of an option's words takes a failed
 * request for an unknown name (lang/names.c). */
static const char NEWS[] = "evidence for small\n"
                           "source wire hit 90%, false 20%\n"
                           "source copy echo of wire\n"
                           "1  store = 0  from wire\n"
                           "1  store = 0  from copy\n"
                           "2  not full   B2\n"
                           "1  stock = 1  from wire\n";

typedef enum task { UPDATE, NEXT, COMPARE } task;

static dm_status ask(
    task what, dm_scenario *const scenario[2], size_t len, dm_diags *diags,
    dm_news **out)
{
  dm_news_options options = dm_news_defaults();
  options.skip_unknown = true;
  options.threads = 1;
  if (what == UPDATE)
    return dm_news_update(scenario[0], NEWS, len, &options, diags, out);
  if (what == NEXT)
    return dm_news_next(scenario[0], NEWS, len, &options, diags, out);
  return dm_news_compare(
      scenario, 2, NULL, NEWS, len, &options, diags, NULL, out);
}

/* All of it, so that what the scenario keeps for itself is given back too. */
static dm_status whole(task what, dm_text *text)
{
  /* Only compare may leave the last line out. */
  size_t len = strlen(NEWS);
  if (what != COMPARE)
    len -= strlen("1  stock = 1  from wire\n");
  dm_scenario *scenario[2] = {NULL, NULL};
  dm_news *news = NULL;
  dm_diags *diags = dm_diags_new();
  dm_status status = diags ? DM_OK : DM_E_MEMORY;
  for (size_t i = 0; i < 2 && status == DM_OK; i++)
    status = dm_scenario_read(
        SMALL, strlen(SMALL), DM_SOURCE_STANDOFF, diags, &scenario[i]);
  if (status == DM_OK && what == UPDATE)
    status = dm_scenario_ask(scenario[0], "chance of full by 1", diags);
  if (status == DM_OK)
    status = ask(what, scenario, len, diags, &news);
  dm_print_options print = dm_print_defaults();
  if (status == DM_OK)
    status = dm_news_write(news, &print, text);
  dm_news_free(news);
  dm_scenario_free(scenario[0]);
  dm_scenario_free(scenario[1]);
  dm_diags_free(diags);
  return status;
}

static void again(task what, const char *word)
{
  size_t n = 1;
  for (;; n++) {
    dm_text text = {NULL, 0};
    unit_alloc_fail_at(n);
    dm_status status = whole(what, &text);
    bool failed = unit_alloc_failed();
    if (status == DM_OK)
      ASSERT_TRUE(strstr(text.at, word) != NULL);
    else if (status != DM_E_MEMORY || !failed)
      FAIL("request %zu: %s", n, dm_status_text(status));
    dm_text_free(&text);
    if (unit_alloc_live() != 0)
      FAIL("request %zu: %ld blocks are kept", n, unit_alloc_live());
    if (!failed)
      break;
  }
  unit_alloc_reset();
  ASSERT_TRUE(n > 50);
}

TEST(an_update_fails_cleanly)
{
  again(UPDATE, "What each line says");
}

TEST(the_next_news_fails_cleanly)
{
  again(NEXT, "The odds then");
}

TEST(a_comparison_fails_cleanly)
{
  again(COMPARE, "Left out:");
}

TEST_MAIN(
    CASE(an_update_fails_cleanly), CASE(the_next_news_fails_cleanly),
    CASE(a_comparison_fails_cleanly))
