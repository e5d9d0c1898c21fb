/* lang/words.h -- the closed list of words with a meaning.
 *
 * A reserved word can end or begin a phrase wherever a name may stand, so it
 * cannot be a name itself (options, words of a state and values of a letter's
 * field are looked for only where no phrase can go on, and may be spelt like
 * one).  The others mean something in one place only and stay free. */
#ifndef DM_LANG_WORDS_H
#define DM_LANG_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* X(enumerator, spelling, reserved), in alphabetical order of spelling. */
#define DM_WORD_LIST(X)                                                        \
  X(DM_W_A, "a", false)                                                        \
  X(DM_W_ABOUT, "about", false)                                                \
  X(DM_W_ACCEPT, "accept", true)                                               \
  X(DM_W_ACTOR, "actor", true)                                                 \
  X(DM_W_AFTER, "after", true)                                                 \
  X(DM_W_AND, "and", true)                                                     \
  X(DM_W_ANNOUNCED, "announced", true)                                         \
  X(DM_W_ANSWER, "answer", true)                                               \
  X(DM_W_ANSWERED, "answered", true)                                           \
  X(DM_W_ARRIVAL, "arrival", false)                                            \
  X(DM_W_ARRIVED, "arrived", true)                                             \
  X(DM_W_ARRIVES, "arrives", false)                                            \
  X(DM_W_AS, "as", true)                                                       \
  X(DM_W_ASK, "ask", true)                                                     \
  X(DM_W_ASSUME, "assume", true)                                               \
  X(DM_W_AT, "at", false)                                                      \
  X(DM_W_BENCHMARK, "benchmark", true)                                         \
  X(DM_W_BETWEEN, "between", true)                                             \
  X(DM_W_BINS, "bins", false)                                                  \
  X(DM_W_BREACH, "breach", false)                                              \
  X(DM_W_BROKEN, "broken", true)                                               \
  X(DM_W_BY, "by", true)                                                       \
  X(DM_W_CHANCE, "chance", false)                                              \
  X(DM_W_CHECK, "check", true)                                                 \
  X(DM_W_CHECKED, "checked", false)                                            \
  X(DM_W_CHOICE, "choice", true)                                               \
  X(DM_W_CHOOSES, "chooses", false)                                            \
  X(DM_W_CORRECTS, "corrects", false)                                          \
  X(DM_W_COSTS, "costs", true)                                                 \
  X(DM_W_COUNT, "count", false)                                                \
  X(DM_W_DEADLINE, "deadline", false)                                          \
  X(DM_W_DEAL, "deal", true)                                                   \
  X(DM_W_DISCOUNT, "discount", false)                                          \
  X(DM_W_EACH, "each", true)                                                   \
  X(DM_W_ECHO, "echo", false)                                                  \
  X(DM_W_ELSE, "else", true)                                                   \
  X(DM_W_END, "end", true)                                                     \
  X(DM_W_ERROR, "error", false)                                                \
  X(DM_W_EVERY, "every", true)                                                 \
  X(DM_W_EVERYONE, "everyone", false)                                          \
  X(DM_W_EVERYTHING, "everything", false)                                      \
  X(DM_W_EVIDENCE, "evidence", false)                                          \
  X(DM_W_FALSE, "false", false)                                                \
  X(DM_W_FIRST, "first", false)                                                \
  X(DM_W_FOR, "for", true)                                                     \
  X(DM_W_FORCE, "force", false)                                                \
  X(DM_W_FROM, "from", true)                                                   \
  X(DM_W_GIVEN, "given", true)                                                 \
  X(DM_W_GIVES, "gives", false)                                                \
  X(DM_W_HIDDEN, "hidden", true)                                               \
  X(DM_W_HIGHEST, "highest", false)                                            \
  X(DM_W_HIT, "hit", false)                                                    \
  X(DM_W_IF, "if", true)                                                       \
  X(DM_W_IN, "in", true)                                                       \
  X(DM_W_IS, "is", true)                                                       \
  X(DM_W_JUDGED, "judged", true)                                               \
  X(DM_W_KNOWN, "known", true)                                                 \
  X(DM_W_KNOWS, "knows", false)                                                \
  X(DM_W_LAST, "last", false)                                                  \
  X(DM_W_LEARNS, "learns", false)                                              \
  X(DM_W_LEAVE, "leave", true)                                                 \
  X(DM_W_LEFT, "left", true)                                                   \
  X(DM_W_LETTER, "letter", true)                                               \
  X(DM_W_LETTERS, "letters", false)                                            \
  X(DM_W_MAX, "max", true)                                                     \
  X(DM_W_MEASURES, "measures", false)                                          \
  X(DM_W_MET, "met", true)                                                     \
  X(DM_W_MIN, "min", true)                                                     \
  X(DM_W_MISSED, "missed", true)                                               \
  X(DM_W_MONTH, "month", true)                                                 \
  X(DM_W_MONTHS, "months", true)                                               \
  X(DM_W_MOVES, "moves", true)                                                 \
  X(DM_W_MUST, "must", true)                                                   \
  X(DM_W_NEVER, "never", true)                                                 \
  X(DM_W_NEXT, "next", true)                                                   \
  X(DM_W_NO, "no", true)                                                       \
  X(DM_W_NOT, "not", true)                                                     \
  X(DM_W_NOTE, "note", true)                                                   \
  X(DM_W_OF, "of", true)                                                       \
  X(DM_W_OMITS, "omits", false)                                                \
  X(DM_W_ON, "on", true)                                                       \
  X(DM_W_ONCE, "once", false)                                                  \
  X(DM_W_OPTIONS, "options", false)                                            \
  X(DM_W_OR, "or", true)                                                       \
  X(DM_W_ORDER, "order", false)                                                \
  X(DM_W_OTHERWISE, "otherwise", false)                                        \
  X(DM_W_OUTCOME, "outcome", true)                                             \
  X(DM_W_OVERDUE, "overdue", true)                                             \
  X(DM_W_OWN, "own", false)                                                    \
  X(DM_W_PAY, "pay", false)                                                    \
  X(DM_W_PAYOFF, "payoff", true)                                               \
  X(DM_W_PAYS, "pays", false)                                                  \
  X(DM_W_PROPOSE, "propose", true)                                             \
  X(DM_W_PROPOSED, "proposed", true)                                           \
  X(DM_W_PUBLIC, "public", true)                                               \
  X(DM_W_QUARTER, "quarter", true)                                             \
  X(DM_W_QUARTERS, "quarters", true)                                           \
  X(DM_W_READS, "reads", false)                                                \
  X(DM_W_RECEIVED, "received", false)                                          \
  X(DM_W_REMEMBERS, "remembers", false)                                        \
  X(DM_W_REPEATABLE, "repeatable", false)                                      \
  X(DM_W_REPORT, "report", true)                                               \
  X(DM_W_REST, "rest", true)                                                   \
  X(DM_W_ROUND, "round", false)                                                \
  X(DM_W_ROUNDS, "rounds", false)                                              \
  X(DM_W_SAME, "same", true)                                                   \
  X(DM_W_SAYS, "says", false)                                                  \
  X(DM_W_SCENARIO, "scenario", true)                                           \
  X(DM_W_SCHEDULE, "schedule", true)                                           \
  X(DM_W_SEEN, "seen", true)                                                   \
  X(DM_W_SEND, "send", true)                                                   \
  X(DM_W_SENDER, "sender", false)                                              \
  X(DM_W_SENT, "sent", true)                                                   \
  X(DM_W_SHARPNESS, "sharpness", false)                                        \
  X(DM_W_SILENCE, "silence", false)                                            \
  X(DM_W_SILENT, "silent", true)                                               \
  X(DM_W_SOURCE, "source", true)                                               \
  X(DM_W_STANDING, "standing", false)                                          \
  X(DM_W_START, "start", false)                                                \
  X(DM_W_STATE, "state", true)                                                 \
  X(DM_W_SURPRISES, "surprises", true)                                         \
  X(DM_W_TERMS, "terms", false)                                                \
  X(DM_W_THE, "the", false)                                                    \
  X(DM_W_THEN, "then", true)                                                   \
  X(DM_W_TO, "to", true)                                                       \
  X(DM_W_TOLERANCE, "tolerance", false)                                        \
  X(DM_W_TOWARD, "toward", true)                                               \
  X(DM_W_TURN, "turn", true)                                                   \
  X(DM_W_TURNS, "turns", true)                                                 \
  X(DM_W_TYPE, "type", false)                                                  \
  X(DM_W_TYPES, "types", true)                                                 \
  X(DM_W_UNLESS, "unless", true)                                               \
  X(DM_W_UNSENT, "unsent", true)                                               \
  X(DM_W_UNTIL, "until", true)                                                 \
  X(DM_W_VIA, "via", true)                                                     \
  X(DM_W_WEEK, "week", true)                                                   \
  X(DM_W_WEEKS, "weeks", true)                                                 \
  X(DM_W_WHEN, "when", true)                                                   \
  X(DM_W_WHILE, "while", true)                                                 \
  X(DM_W_WITHIN, "within", true)                                               \
  X(DM_W_WORD, "word", false)                                                  \
  X(DM_W_X, "x", false)                                                        \
  X(DM_W_YEAR, "year", true)                                                   \
  X(DM_W_YEARS, "years", true)

typedef enum dm_word {
  DM_W_NONE,
#define DM_WORD_ENUM(id, text, reserved) id,
  DM_WORD_LIST(DM_WORD_ENUM)
#undef DM_WORD_ENUM
      DM_W_COUNT_OF_WORDS
} dm_word;

/** The word spelt so, or DM_W_NONE. */
dm_word dm_word_find(const char *text, size_t len);

/** How a word is spelt; "" for DM_W_NONE. */
const char *dm_word_text(dm_word word);

bool dm_word_reserved(dm_word word);

/** Whether two spellings are one slip apart (two in words of six letters and
 *  more): a letter too many, too few, wrong, or two swapped. */
bool dm_word_close(
    const char *a, size_t a_len, const char *b, size_t b_len,
    unsigned *distance);

#endif
