/* demarche/demarche.h -- the whole public interface. */
#ifndef DEMARCHE_DEMARCHE_H
#define DEMARCHE_DEMARCHE_H

#include <demarche/analysis.h>
#include <demarche/diag.h>
#include <demarche/evidence.h>
#include <demarche/game.h>
#include <demarche/ledger.h>
#include <demarche/scenario.h>
#include <demarche/status.h>
#include <demarche/version.h>

#endif
