/* api/news.h -- what the files of the evidence interface share. */
#ifndef DM_API_NEWS_H
#define DM_API_NEWS_H

#include "api/handle.h"
#include "infer/compare.h"
#include "infer/update.h"
#include "lang/evidence.h"
#include "report/news.h"
#include "store/cache.h"
#include <demarche/evidence.h>

enum { DM_MODELS_MOST = 32 };

typedef enum dm_news_kind {
  DM_NEWS_UPDATE,
  DM_NEWS_NEXT,
  DM_NEWS_COMPARE
} dm_news_kind;

struct dm_news {
  dm_news_kind kind;
  dm_arena arena; /* texts and lists below */
  dm_update *update[DM_MODELS_MOST];
  uint32_t n_updates;
  dm_next *next;
  dm_compare *compare;
  dm_n_more more; /* what report prints beside the results */
  const char *last_date;
};

/* What was solved in this call, and the folder of what earlier ones solved. */
typedef struct dm_keeping {
  dm_keeper keeper;
  dm_cache cache;
  dm_str key;
  double *x;
  size_t n;
} dm_keeping;

typedef struct dm_news_work {
  dm_scenario *scenario;
  const dm_news_options *options;
  dm_diags *diags;
  dm_news *news;
  dm_keeping kept;
  dm_infer_options infer;
  dm_update_options update;
  dm_evidence *evidence;
} dm_news_work;

/** What one call on one scenario needs; closed also after a failure. */
void dm_news_open(
    dm_news_work *work, dm_scenario *scenario, const dm_news_options *options,
    dm_diags *diags, dm_news *news);
void dm_news_close(dm_news_work *work);

/** NULL when memory ran out. */
dm_news *dm_news_make(dm_news_kind kind);

/** Reads the text (NULL: no lines) and updates into news->update. */
dm_status dm_news_one(dm_news_work *work, const char *text, size_t len)
    DM_MUST_USE;

typedef dm_status (*dm_news_task)(
    dm_news_work *work, const char *text, size_t len);

/** Runs a task; memory that runs out in the scenario's arena or in the answer's
 *  own comes back as a status. */
dm_status dm_news_guard(
    dm_news_work *work, dm_news_task run, const char *text,
    size_t len) DM_MUST_USE;

/** Whether the options can be used: a cut-off is a date. */
bool dm_news_sensible(const dm_news_options *options);

#endif
