/* lang/parse.h -- the reader: text to dm_ast. */
#ifndef DM_LANG_PARSE_H
#define DM_LANG_PARSE_H

#include "lang/ast.h"
#include "lang/lex.h"

/**
 * Reads a scenario.  Files E001, E002, E003, E004 and E012, at most five.
 *
 * @param text   Borrowed while the call lasts, `len` bytes, no NUL needed.
 * @param out    Owned by the arena; NULL after an error.  The arena's jump is
 *               put back; memory that ran out is returned, not thrown.
 * @return DM_OK; DM_E_INPUT when an error was filed; DM_E_MEMORY, DM_E_LIMIT.
 */
dm_status dm_ast_read(
    dm_arena *arena, const char *text, size_t len, dm_diags *diags,
    dm_ast **out) DM_MUST_USE;

/**
 * Reads questions alone, as they stand behind `ask` ("chance of war by
 * 2025-06; chance of each outcome by month"), with the clock and the units of
 * a scenario that was read before.  Places count from the text's first line.
 *
 * @param out  Only asks are filled.
 */
dm_status dm_ast_read_asks(
    dm_arena *arena, const char *text, size_t len, const dm_ast *scenario,
    dm_diags *diags, dm_ast **out) DM_MUST_USE;

#endif
