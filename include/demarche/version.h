/* demarche/version.h -- the version of the headers and of the library. */
#ifndef DEMARCHE_VERSION_H
#define DEMARCHE_VERSION_H

#include <demarche/status.h>

#define DM_VERSION_MAJOR 0
#define DM_VERSION_MINOR 1
#define DM_VERSION_PATCH 0
#define DM_VERSION_TEXT  "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/** The library's own version, "0.1.0".  Static storage. */
DM_API const char *dm_version(void);

/** The version of everything printed with `--json`. */
#define DM_SCHEMA 1

#ifdef __cplusplus
}
#endif
#endif
