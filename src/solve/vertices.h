/* solve/vertices.h -- corners of what one player can do, cut up by what the
 * other replies.
 *
 * For a player's realisation plans y and the other's best payoff v, the
 * polyhedron { (y, v): y a plan, v >= payoff of each pure reply to y }.  Its
 * vertices are the plans that extreme equilibria are made of. */
#ifndef DM_SOLVE_VERTICES_H
#define DM_SOLVE_VERTICES_H

#include "solve/sequence.h"

/* Work allowed, shared by several calls. */
typedef struct dm_effort {
  uint64_t looked, most;
  uint64_t tell_at; /* looks at which progress is called next; starts at 0 */
  bool (*progress)(void *data, uint64_t done, uint64_t of); /* or NULL */
  void *progress_data;
} dm_effort;

/** Counts one look.  DM_OK; DM_E_LIMIT; DM_E_INTERRUPT (progress said so). */
dm_status dm_effort_look(dm_effort *effort);

typedef struct dm_vertices {
  uint32_t n, dim;      /* dim: sequences of the player */
  long double *plan;    /* [n x dim], row-major */
  long double *replied; /* [n] the other's best payoff */
  void *block;
} dm_vertices;

/** Of player `side`.  DM_E_LIMIT: too many; DM_E_INTERRUPT; DM_E_MEMORY; *out
 *  zeroed after an error. */
dm_status dm_vertices_find(
    const dm_sequence *sequence, int side, dm_effort *effort,
    dm_vertices *out) DM_MUST_USE;
void dm_vertices_clear(dm_vertices *vertices);

/** Payoffs to `side` of its sequences [n_seqs] against the other's plan. */
void dm_plan_payoffs(
    const dm_sequence *sequence, int side, const long double *other,
    long double *value);

/** The best reply's payoff; `value` as from dm_plan_payoffs, overwritten; pure
 *  plan [n_seqs] out, or NULL. */
long double dm_plan_reply(
    const dm_seq_side *side, long double *value, long double *plan);

#endif
