/* All pure equilibria against trying every profile; all extreme equilibria of
 * two players against games whose answers are known, and against supports. */
#include "unit.h"

#include "random_game.h"

#include "game/recall.h"
#include "solve/enumerate.h"

#include <math.h>

static double *cells_of(const dm_game *game)
{
  double *cell = calloc(game->n_cells, sizeof *cell);
  dm_cells_run(game, game->param_base, cell);
  return cell;
}

/* ---- pure ----------------------------------------------------------------- */

enum { PLAYS = 4096 };

/* Picks at reached sets, as a text of option + 1. */
static void play_of(
    const dm_game *g, const double *cell, const double *p, char *key)
{
  double *reach = calloc(g->n_nodes, sizeof *reach);
  memset(key, '.', g->n_sets);
  key[g->n_sets] = 0;
  reach[0] = 1.0;
  for (uint32_t n = 0; n < g->n_nodes; n++)
    for (uint32_t i = g->node_edge[n]; i < g->node_edge[n + 1]; i++) {
      bool chance = g->node_set[n] == DM_NODE_CHANCE;
      double part = chance ? cell[g->edge_slot[i]] : p[g->edge_slot[i]];
      if (reach[n] * part <= 1e-9)
        continue;
      reach[g->edge_child[i]] += reach[n] * part;
      if (!chance)
        key[g->node_set[n]] = (char)('1' + i - g->node_edge[n]);
    }
  free(reach);
}

static bool add_key(char **keys, uint32_t *n, const char *key)
{
  for (uint32_t i = 0; i < *n; i++)
    if (strcmp(keys[i], key) == 0)
      return false;
  ASSERT_TRUE(*n < PLAYS);
  keys[*n] = calloc(strlen(key) + 1, 1);
  memcpy(keys[(*n)++], key, strlen(key));
  return true;
}

/* Whether nobody gains: best replies, or sets one at a time. */
static bool is_nash(const dm_game *g, const double *cell, const double *log_p)
{
  dm_certificate c;
  ASSERT_OK(dm_certificate_verify(g, cell, log_p, (double)INFINITY, &c));
  bool nash = true;
  for (uint32_t a = 0; a < g->n_players; a++)
    nash = nash &&
           (isnan(c.gain[a]) ? c.regret_weighted[a] < 1e-9 : c.gain[a] < 1e-9);
  dm_certificate_clear(&c);
  return nash;
}

/* Plays of all pure equilibria, by trying every profile. */
static uint32_t try_all(const dm_game *g, const double *cell, char **keys)
{
  double *p = calloc(g->n_slots + 1, sizeof *p);
  double *log_p = calloc(g->n_slots + 1, sizeof *log_p);
  char *key = calloc(g->n_sets + 1, 1);
  uint64_t total = 1;
  uint32_t n = 0;
  for (uint32_t s = 0; s < g->n_sets; s++)
    total *= g->set_slot[s + 1] - g->set_slot[s];
  for (uint64_t i = 0; i < total; i++) {
    uint64_t code = i;
    for (uint32_t s = 0; s < g->n_sets; s++) {
      uint32_t count = g->set_slot[s + 1] - g->set_slot[s];
      for (uint32_t k = 0; k < count; k++) {
        p[g->set_slot[s] + k] = k == code % count ? 1.0 : 0.0;
        log_p[g->set_slot[s] + k] = k == code % count ? 0.0 : -(double)INFINITY;
      }
      code /= count;
    }
    play_of(g, cell, p, key);
    if (is_nash(g, cell, log_p))
      (void)add_key(keys, &n, key);
  }
  free(p);
  free(log_p);
  free(key);
  return n;
}

static uint64_t profiles(const dm_game *g)
{
  uint64_t total = 1;
  for (uint32_t s = 0; s < g->n_sets && total < 1000000; s++)
    total *= g->set_slot[s + 1] - g->set_slot[s];
  return total;
}

static void compare_pure(const dm_game *g, uint32_t *found)
{
  static char *keys[PLAYS], *listed[PLAYS];
  double *cell = cells_of(g);
  double *p = calloc(g->n_slots + 1, sizeof *p);
  char *key = calloc(g->n_sets + 1, 1);
  uint32_t n = try_all(g, cell, keys);
  uint32_t n_listed = 0;
  const char *why = NULL;
  dm_equilibria list;
  dm_equilibria_init(&list, g, cell);
  ASSERT_OK(dm_enumerate_pure(&(dm_enumerate_options){0}, &list, &why));
  ASSERT_UINT(list.n, n);
  ASSERT_UINT(list.failed, 0);
  for (uint32_t i = 0; i < list.n; i++) {
    for (uint32_t k = 0; k < g->n_slots; k++)
      p[k] = exp(list.at[i].log_p[k]);
    play_of(g, cell, p, key);
    ASSERT_TRUE(add_key(listed, &n_listed, key));
    ASSERT_FALSE(add_key(keys, &n, key));
  }
  *found += n;
  for (uint32_t i = 0; i < n; i++)
    free(keys[i]);
  for (uint32_t i = 0; i < n_listed; i++)
    free(listed[i]);
  dm_equilibria_clear(&list);
  free(cell);
  free(p);
  free(key);
}

TEST(pure_like_trying_all)
{
  uint32_t found = 0, games = 0, forgetful = 0;
  for (uint64_t seed = 1; seed <= 250; seed++) {
    random_game_options o = {
        .seed = seed,
        .players = 2 + (uint32_t)(seed % 2),
        .layers = 3 + (uint32_t)(seed % 3),
        .width = 3 + (uint32_t)(seed % 2),
        .payoff = 2};
    dm_game game;
    dm_recall recall;
    random_game(&o, &game);
    if (profiles(&game) <= 3000) {
      ASSERT_OK(dm_recall_find(&game, &recall));
      for (uint32_t a = 0; a < game.n_players; a++)
        forgetful += recall.kind[a] != DM_RECALL_PERFECT;
      dm_recall_clear(&recall);
      compare_pure(&game, &found);
      games++;
    }
    dm_game_clear(&game);
  }
  ASSERT_TRUE(games > 50);
  ASSERT_TRUE(found > 50);
  ASSERT_TRUE(forgetful > 10);
}

TEST_MAIN(CASE(pure_like_trying_all))
