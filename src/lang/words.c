/* lang/words.c -- looking words up, and what a misspelt one may have meant. */
#include "lang/words.h"

#include <string.h>

static const struct {
  const char *text;
  bool reserved;
} words[] = {
    {"", false},
#define DM_WORD_ROW(id, text, reserved) {text, reserved},
    DM_WORD_LIST(DM_WORD_ROW)
#undef DM_WORD_ROW
};

dm_word dm_word_find(const char *text, size_t len)
{
  int lo = 1;
  int hi = DM_W_COUNT_OF_WORDS;
  while (lo < hi) {
    int mid = lo + (hi - lo) / 2;
    const char *word = words[mid].text;
    int order = strncmp(text, word, len);
    if (order == 0 && word[len] != '\0')
      order = -1;
    if (order == 0)
      return (dm_word)mid;
    if (order < 0)
      hi = mid;
    else
      lo = mid + 1;
  }
  return DM_W_NONE;
}

const char *dm_word_text(dm_word word)
{
  return words[word].text;
}

bool dm_word_reserved(dm_word word)
{
  return words[word].reserved;
}

/* Longer spellings are no slips of a keyword. */
enum { WORD_MAX = 24 };

static unsigned least(unsigned a, unsigned b)
{
  return a < b ? a : b;
}

/* Edit distance with swaps of neighbours (optimal string alignment). */
static unsigned distance_of(
    const char *a, size_t a_len, const char *b, size_t b_len)
{
  unsigned d[WORD_MAX + 1][WORD_MAX + 1];
  for (size_t i = 0; i <= a_len; i++) {
    for (size_t j = 0; j <= b_len; j++) {
      if (i == 0 || j == 0) {
        d[i][j] = (unsigned)(i + j);
        continue;
      }
      unsigned best = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u);
      best = least(best, d[i - 1][j] + 1u);
      best = least(best, d[i][j - 1] + 1u);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        best = least(best, d[i - 2][j - 2] + 1u);
      d[i][j] = best;
    }
  }
  return d[a_len][b_len];
}

bool dm_word_close(
    const char *a, size_t a_len, const char *b, size_t b_len,
    unsigned *distance)
{
  if (a_len > WORD_MAX || b_len > WORD_MAX)
    return false;
  *distance = distance_of(a, a_len, b, b_len);
  /* Of very short words every other one is a slip away. */
  if (a_len < 3 || b_len < 3)
    return false;
  return *distance <= (a_len >= 6 ? 2u : 1u);
}
