/* demarche/status.h -- what a call returns, and the marks of the public
 * interface.
 *
 * Two channels are kept apart: a dm_status says whether the call could do its
 * work; what it found (a message about a scenario, "not converged") is in the
 * result.  Ownership words used in all headers: borrowed, copied, owned by the
 * caller, NULL after an error. */
#ifndef DEMARCHE_STATUS_H
#define DEMARCHE_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define DM_API          __attribute__((visibility("default")))
#define DM_MUST_USE     __attribute__((warn_unused_result))
#define DM_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define DM_API
#define DM_MUST_USE
#define DM_PRINTF(f, a)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* One list: enumerator, exit code of the command line, words. */
#define DM_STATUS_LIST(X)                                                      \
  X(DM_OK, 0, "ok")                                                            \
  X(DM_FINDINGS, 1, "there are findings")                                      \
  X(DM_E_INPUT, 2, "the input cannot be used")                                 \
  X(DM_E_CONVERGE, 3, "not converged")                                         \
  X(DM_E_LIMIT, 4, "a limit was reached")                                      \
  X(DM_E_MEMORY, 4, "out of memory")                                           \
  X(DM_E_SYSTEM, 4, "the system refused")                                      \
  X(DM_E_INTERRUPT, 130, "interrupted")                                        \
  X(DM_E_RANGE, 2, "an argument is out of range")

typedef enum dm_status {
#define DM_STATUS_ENUM(name, code, words) name,
  DM_STATUS_LIST(DM_STATUS_ENUM)
#undef DM_STATUS_ENUM
      DM_STATUS_COUNT
} dm_status;

/** Words for a status; never NULL.  Static storage, borrowed. */
DM_API const char *dm_status_text(dm_status status);

/** The exit code that the command line gives for a status, 0..130. */
DM_API int dm_status_exit_code(dm_status status);

#ifdef __cplusplus
}
#endif
#endif
