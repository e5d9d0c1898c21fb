/* lang/codes.h -- every message code, once: its severity and its title.
 *
 * Numbers are frozen with the first release.  Each has a page in
 * docs/messages/ and an example among the tests. */
#ifndef DM_LANG_CODES_H
#define DM_LANG_CODES_H

#define DM_CODE_LIST(X)                                                        \
  X(E001, DM_ERROR, "unreadable text")                                         \
  X(E002, DM_ERROR, "tab")                                                     \
  X(E003, DM_ERROR, "syntax")                                                  \
  X(E004, DM_ERROR, "something essential is missing")                          \
  X(E011, DM_ERROR, "chances do not add up")                                   \
  X(E012, DM_ERROR, "number too long")                                         \
  X(E013, DM_ERROR, "a range that cannot be")                                  \
  X(E014, DM_ERROR, "sharpness missing")                                       \
  X(E021, DM_ERROR, "guard leak")                                              \
  X(E023, DM_ERROR, "guard on a first option")                                 \
  X(E031, DM_ERROR, "conflicting writes")                                      \
  X(E041, DM_ERROR, "an obligation nobody can see")                            \
  X(E051, DM_ERROR, "outcome without a payoff row")                            \
  X(E052, DM_ERROR, "a missing cell")                                          \
  X(E053, DM_ERROR, "payoff too large")                                        \
  X(E061, DM_ERROR, "date before the clock")                                   \
  X(E062, DM_ERROR, "name unknown or not unique")                              \
  X(E063, DM_ERROR, "start off the scale")                                     \
  X(E064, DM_ERROR, "not allowed to")                                          \
  X(E065, DM_ERROR, "no whole number of steps")                                \
  X(E066, DM_ERROR, "not the kind that is needed")                             \
  X(E067, DM_ERROR, "a value that cannot be set")                              \
  X(E071, DM_ERROR, "impossible evidence")                                     \
  X(E072, DM_ERROR, "report without rates")                                    \
  X(E073, DM_ERROR, "nothing to correct")                                      \
  X(E074, DM_ERROR, "echoes in a circle")                                      \
  X(E081, DM_ERROR, "too large")                                               \
  X(W001, DM_WARNING, "date after the clock")                                  \
  X(W002, DM_WARNING, "source known too late")                                 \
  X(W003, DM_WARNING, "types with equal payoffs")                              \
  X(W004, DM_WARNING, "options with equal effects")                            \
  X(W005, DM_WARNING, "scale saturates")                                       \
  X(W006, DM_WARNING, "act without its object")                                \
  X(W007, DM_WARNING, "moves that can tie")                                    \
  X(W008, DM_WARNING, "outcome that cannot happen")                            \
  X(W010, DM_WARNING, "an early ending saves or loses pay")                    \
  X(W011, DM_WARNING, "odds from noise alone")                                 \
  X(W012, DM_WARNING, "assumption that nothing reads")                         \
  X(W021, DM_WARNING, "source that says nothing")                              \
  X(W022, DM_WARNING, "same report twice")                                     \
  X(W023, DM_WARNING, "grade that is not used")                                \
  X(W024, DM_WARNING, "evidence for another scenario")                         \
  X(W025, DM_WARNING, "source against itself")

#endif
