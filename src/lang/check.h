/* lang/check.h -- from a file as written to the typed core.
 *
 * Looks up names, checks who may know and do what, adds up chances, and
 * expresses every construct in the core.  The desugaring of each construct is
 * its definition: see letters.c, reports.c, deals.c, rules.c, memory.c. */
#ifndef DM_LANG_CHECK_H
#define DM_LANG_CHECK_H

#include "lang/ast.h"
#include "lang/core.h"

/** Builds the core in `arena` (whose jump the caller has set).  Requires an
 *  AST without errors.  DM_E_INPUT when a message of severity error was filed;
 *  then *out is NULL. */
dm_status dm_core_build(
    const dm_ast *ast, dm_arena *arena, dm_diags *diags,
    dm_core **out) DM_MUST_USE;

/** Adds questions to a core that was built from `ast`: their AST is in `more`
 *  (asks only). */
dm_status dm_core_ask(
    const dm_ast *ast, dm_core *core, const dm_ast *more,
    dm_diags *diags) DM_MUST_USE;

/** The parameter that `name` means: its path, its alias, or the end of its path
 *  behind a dot when that is unique.  DM_NONE otherwise; *many tells several. */
uint32_t dm_core_find_param(const dm_core *core, const char *name, bool *many);

/** The listed word nearest to `word` (an edit or two away), or NULL. */
const char *dm_nearest(const char *word, const char *const *list, size_t n);

#endif
