/* game/recall.h -- what each player remembers of its own play, read off the
 * game's structure.
 *
 * Perfect recall (Kuhn 1953): at every node of an information set the player
 * has gone through the same own information sets and picked the same options
 * there.  With it, a behaviour strategy is as good as any other, and a best
 * reply can be found by one backward pass.  Without it, an answer speaks for
 * the agent form: each information set decides for itself. */
#ifndef DM_GAME_RECALL_H
#define DM_GAME_RECALL_H

#include "game/game.h"

typedef enum dm_recall_kind {
  DM_RECALL_PERFECT,
  DM_RECALL_IMPERFECT, /* forgets an own set or pick */
  DM_RECALL_ABSENT     /* some path meets one of its sets twice */
} dm_recall_kind;

#define DM_RECALL_NONE UINT32_MAX

typedef struct dm_recall {
  uint8_t *kind;  /* [n_players] dm_recall_kind */
  uint32_t *set;  /* [n_players] a set where it shows, else DM_RECALL_NONE */
  uint32_t *last; /* [n_sets] own slot picked last before the set, or
                      DM_RECALL_NONE (none, or no perfect recall) */
  void *block;    /* holds the above */
} dm_recall;

/** O(nodes + edges) a player.  A player that forgets and has sets in several
 *  layers of a graph with merged situations costs up to (such sets) / 64 times
 *  the edges between its first and last node.  A set without nodes has last
 *  DM_RECALL_NONE.  *out is zeroed after an error (DM_E_MEMORY). */
dm_status dm_recall_find(const dm_game *game, dm_recall *out) DM_MUST_USE;
/** NULL is allowed. */
void dm_recall_clear(dm_recall *recall);

#endif
