/* demarche/game.h -- games of other programs, equilibria of any game.
 *
 * Gambit's .efg and .nfg files are read, solved and written; a scenario can be
 * solved by the same methods and exported. */
#ifndef DEMARCHE_GAME_H
#define DEMARCHE_GAME_H

#include <demarche/analysis.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum dm_game_format {
  DM_GAME_EFG,
  DM_GAME_NFG,
  DM_GAME_JSON, /**< written only */
  DM_GAME_DOT   /**< Graphviz; written only */
} dm_game_format;

typedef struct dm_game_file dm_game_file;

/** Reads a game.  @return DM_OK; DM_E_INPUT (see diags); DM_E_MEMORY. */
DM_API dm_status dm_game_file_read(
    const char *text, size_t len, dm_game_format format, dm_diags *diags,
    dm_game_file **out) DM_MUST_USE;
DM_API void dm_game_file_free(dm_game_file *file);

/**
 * Writes a game again, in its own or another format.
 *
 * @param max_nodes  The most that is written out; 0: a million.
 * @param out        Owned by the caller: dm_text_free.  Empty after an error.
 * @param why        Out, or NULL: the reason of an error, static storage.
 * @return DM_OK; DM_E_RANGE (the format cannot hold it, such as a tree as
 *         .nfg); DM_E_LIMIT; DM_E_MEMORY.
 */
DM_API dm_status dm_game_file_write(
    const dm_game_file *file, dm_game_format format, uint64_t max_nodes,
    dm_text *out, const char **why) DM_MUST_USE;

/** A compiled scenario as a game file, at its base values.  Arguments as of
 *  dm_game_file_write.  @return as dm_analysis_run; DM_E_RANGE when the format
 *  cannot hold it. */
DM_API dm_status dm_scenario_export(
    const dm_scenario *scenario, dm_game_format format,
    const dm_analysis_options *options, uint64_t max_nodes, dm_diags *diags,
    dm_text *out, const char **why) DM_MUST_USE;

typedef enum dm_solve_method {
  DM_SOLVE_LOGIT,    /**< path-following from all noise */
  DM_SOLVE_LP,       /**< exact value, zero-sum with perfect recall */
  DM_SOLVE_CFR,      /**< regret minimisation, two players */
  DM_SOLVE_PURE,     /**< all pure equilibria */
  DM_SOLVE_ENUMERATE /**< all extreme equilibria of two players */
} dm_solve_method;

typedef struct dm_game_options {
  dm_solve_method method;
  double sharpness; /**< lambda, 1 / payoff unit; a scenario's own declared
                             sharpness is multiplied by it (1: as declared) */
  bool limit;       /**< instead: the Nash limit */
  double tolerance; /**< regret at the limit, part of the payoff range */
  const double *at; /**< lambdas to print on the way, increasing.
                             Borrowed. */
  uint32_t n_at;
  bool path;           /**< every point of the path */
  bool branches;       /**< follow branches that leave it too */
  uint32_t search;     /**< starts of a search for further equilibria */
  uint64_t iterations; /**< DM_SOLVE_CFR; 0: 1000 */
  uint64_t most;       /**< profiles looked at by PURE, ENUMERATE; 0: ours */
  uint64_t seed;
  uint32_t threads; /**< 0: as many as there are processors */
  uint64_t max_situations, max_memory; /**< of a scenario's expansion */
  dm_progress progress;                /**< or NULL */
  void *progress_data;
} dm_game_options;

DM_API dm_game_options dm_game_defaults(void);

typedef struct dm_solution dm_solution;

/** @return DM_OK; DM_E_CONVERGE, DM_E_LIMIT, DM_E_RANGE (*out says why and
 *  has no numbers); DM_E_INTERRUPT; DM_E_MEMORY. */
DM_API dm_status dm_game_file_solve(
    const dm_game_file *file, const dm_game_options *options, dm_diags *diags,
    dm_solution **out) DM_MUST_USE;
DM_API dm_status dm_scenario_solve(
    const dm_scenario *scenario, const dm_game_options *options,
    dm_diags *diags, dm_solution **out) DM_MUST_USE;
DM_API void dm_solution_free(dm_solution *solution);
DM_API dm_status dm_solution_write(
    const dm_solution *solution, const dm_print_options *print,
    dm_text *out) DM_MUST_USE;

/** Whether there is an answer that the certificate confirms. */
DM_API bool dm_solution_answered(const dm_solution *solution);
/** Why there is none; "" if there is one.  Borrowed. */
DM_API const char *dm_solution_why(const dm_solution *solution);
/** Largest regret of the answer, or of equilibrium i; NaN without. */
DM_API double dm_solution_regret(const dm_solution *solution, uint32_t i);
/** Equilibria listed; 0 without a search. */
DM_API uint32_t dm_solution_count(const dm_solution *solution);
/** Probability of option `slot` (0-based, sets in the order of the file) in
 *  equilibrium i, or in the answer for i = UINT32_MAX; NaN without. */
DM_API double dm_solution_probability(
    const dm_solution *solution, uint32_t i, uint32_t slot);

#ifdef __cplusplus
}
#endif
#endif
