/* interop/gambit.h -- Gambit's .efg and .nfg files.
 *
 * A file is read into a record of exactly what it says: labels and the text of
 * every number, so that what is written again is what was read.  From that a
 * game for the solvers is made, and the way back from its sets and slots to the
 * players and information sets of the file. */
#ifndef DM_INTEROP_GAMBIT_H
#define DM_INTEROP_GAMBIT_H

#include "base/diags.h"
#include "base/str.h"
#include "game/game.h"

typedef enum dm_gambit_form { DM_GAMBIT_EFG, DM_GAMBIT_NFG } dm_gambit_form;

typedef enum dm_gambit_kind {
  DM_GAMBIT_END,
  DM_GAMBIT_CHANCE,
  DM_GAMBIT_MOVE
} dm_gambit_kind;

/* Numbers are kept as written, with their value. */
typedef struct dm_gambit_number {
  const char *text;
  double value; /* the nearest double */
} dm_gambit_number;

typedef struct dm_gambit_outcome {
  int64_t id; /* as in the file */
  const char *label;
  const dm_gambit_number *pay; /* [n_players] */
} dm_gambit_outcome;

typedef struct dm_gambit_set {
  int64_t id;
  uint32_t player; /* 0-based; chance: UINT32_MAX */
  const char *label;
  uint32_t n_actions;
  const char *const *action;
  const dm_gambit_number *chance; /* [n_actions], chance only */
  uint32_t first_node;
} dm_gambit_set;

/* Nodes in preorder; an efg only. */
typedef struct dm_gambit_node {
  uint8_t kind; /* dm_gambit_kind */
  const char *label;
  uint32_t set;     /* index, or UINT32_MAX */
  uint32_t outcome; /* index + 1, or 0 */
  uint32_t parent;  /* UINT32_MAX at the root */
} dm_gambit_node;

typedef struct dm_gambit {
  dm_arena arena;
  dm_gambit_form form;
  const char *title, *comment; /* comment NULL without one */
  uint32_t n_players, n_sets, n_nodes, n_outcomes;
  const char *const *player;
  dm_gambit_set *set;
  dm_gambit_node *node;
  dm_gambit_outcome *outcome;
  /* nfg only */
  const uint32_t *n_strategies;       /* [n_players] */
  const char *const *const *strategy; /* [n_players][n_strategies], or NULL
                                         where only counts were given */
  bool by_outcome;                    /* cells name outcomes */
  uint64_t n_cells;
  const uint32_t *cell_outcome;     /* [n_cells] index + 1 or 0; by_outcome */
  const dm_gambit_number *cell_pay; /* [n_cells x n_players]; else */
} dm_gambit;

/** Reads a text.  DM_E_INPUT: see diags (codes E1xx: place, reason, repair). */
dm_status dm_gambit_read(
    const char *text, size_t len, dm_gambit_form form, dm_diags *diags,
    dm_gambit **out) DM_MUST_USE;
void dm_gambit_free(dm_gambit *gambit);

/** Writes what the strictest reader takes; a fixed point of reading. */
dm_status dm_gambit_write(const dm_gambit *gambit, dm_str *out) DM_MUST_USE;

/* A game and the way back. */
typedef struct dm_gambit_game {
  dm_game game;
  uint32_t *set_player;    /* [game.n_sets] 1-based, as in the file */
  int64_t *set_id;         /* [game.n_sets] as in the file */
  const char **set_label;  /* [game.n_sets] borrowed from the gambit */
  const char **slot_label; /* [game.n_slots] */
  const char **end_label;  /* [game.n_ends] outcome classes: the label of the
                               outcome, or its number; "none" for endings
                               without one; the picks of an nfg's cell */
  uint32_t *node;          /* [n_nodes of the file] its node in the game;
                               endings of one class are one node */
  dm_arena arena;          /* holds the above */
} dm_gambit_game;

/** Sets in the order of (player, first appearance).  An nfg becomes a tree in
 *  which the players pick one after the other and unseen. */
dm_status dm_gambit_game_make(const dm_gambit *gambit, dm_gambit_game **out)
    DM_MUST_USE;
void dm_gambit_game_free(dm_gambit_game *game);

/** Labels of nature's branches, [game.n_edges], NULL on other edges: what
 *  dm_game_names.edge takes.  Texts borrowed from `gambit`; the array is owned
 *  by the caller (free).  NULL: memory. */
const char **dm_gambit_edge_labels(
    const dm_gambit *gambit, const dm_gambit_game *game);

/* Names for a game that comes from elsewhere; every text borrowed. */
typedef struct dm_game_names {
  const char *title, *comment;
  const char *const *player; /* [n_players] */
  const char *const *set;    /* [n_sets] */
  const char *const *slot;   /* [n_slots] */
  const char *const *end;    /* [n_ends] */
  /* NULL, or words for an edge of a chance node, [n_edges], may be NULL each. */
  const char *const *edge;
} dm_game_names;

/** A game as an .efg tree: merged situations are written out once a path.
 *  Differences of sharpness between players are scaled into payoffs, and the
 *  comment says so; differences within a player cannot be: DM_E_RANGE.
 *  DM_E_LIMIT: more than max_nodes.  *why says which (static). */
dm_status dm_gambit_from_game(
    const dm_game *game, const double *cell, const dm_game_names *names,
    uint64_t max_nodes, dm_gambit **out, const char **why) DM_MUST_USE;

/** Graphviz and JSON of a game, merged situations drawn once.  DM_E_LIMIT as
 *  above. */
dm_status dm_game_write_dot(
    const dm_game *game, const double *cell, const dm_game_names *names,
    uint64_t max_nodes, dm_str *out) DM_MUST_USE;
dm_status dm_game_write_json(
    const dm_game *game, const double *cell, const dm_game_names *names,
    uint64_t max_nodes, dm_str *out) DM_MUST_USE;

#endif
