/* interop/codes.h -- every message code of the readers of game files, once: its
 * severity and its title.
 *
 * Like lang/codes.h: numbers are frozen with the first release, each has a page
 * in docs/messages/ whose blocks are read by the tests. */
#ifndef DM_INTEROP_CODES_H
#define DM_INTEROP_CODES_H

#define DM_GAMBIT_CODE_LIST(X)                                                 \
  X(E101, DM_ERROR, "unreadable game file")                                    \
  X(E102, DM_ERROR, "not a game file of this kind")                            \
  X(E103, DM_ERROR, "something else belongs here")                             \
  X(E104, DM_ERROR, "a quote is not closed")                                   \
  X(E105, DM_ERROR, "not a number")                                            \
  X(E106, DM_ERROR, "a number too large or too long")                          \
  X(E107, DM_ERROR, "no such player")                                          \
  X(E108, DM_ERROR, "information set not described")                           \
  X(E109, DM_ERROR, "information set described twice")                         \
  X(E110, DM_ERROR, "no such outcome")                                         \
  X(E111, DM_ERROR, "outcome described twice")                                 \
  X(E112, DM_ERROR, "one payoff for each player")                              \
  X(E113, DM_ERROR, "chances of a move of nature")                             \
  X(E114, DM_ERROR, "the game is not finished")                                \
  X(E115, DM_ERROR, "text after the end")                                      \
  X(E116, DM_ERROR, "a move or a player without a choice")

/* Coded event data and the mappings that turn them into evidence. */
#define DM_EVENTS_CODE_LIST(X)                                                 \
  X(E121, DM_ERROR, "unreadable mapping")                                      \
  X(E122, DM_ERROR, "unreadable row of events")

#endif
