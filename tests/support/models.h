/* tests/support/models.h -- canonical small games of the field, each built by a
 * function model_NAME(dm_game *).  Sets are numbered in the order that the
 * comment of each gives.  Included after unit.h. */
#ifndef DM_TESTS_MODELS_H
#define DM_TESTS_MODELS_H

#include "tree.h"

#include <math.h>

#define MODEL_PAY(...) ((const double[]){__VA_ARGS__})

/* Chicken: sets row, column; options yield, stand. */
static inline void model_chicken(dm_game *game)
{
  tree *t = tree_new(2, 4);
  uint32_t row = tree_set(t, 0, 2, 1.0);
  uint32_t column = tree_set(t, 1, 2, 1.0);
  uint32_t root = tree_move(t, row);
  uint32_t yield = tree_move(t, column);
  uint32_t stand = tree_move(t, column);
  tree_edge(t, root, yield, 0, NULL);
  tree_edge(t, root, stand, 0, NULL);
  tree_leaf(t, yield, 0, 0, MODEL_PAY(0, 0));
  tree_leaf(t, yield, 1, 0, MODEL_PAY(-1, 1));
  tree_leaf(t, stand, 2, 0, MODEL_PAY(1, -1));
  tree_leaf(t, stand, 3, 0, MODEL_PAY(-10, -10));
  tree_finish(t, game, NULL);
}

/* Selten (1975), the horse: sets one, two, three; options R, L. */
static inline void model_horse(dm_game *game)
{
  tree *t = tree_new(3, 5);
  uint32_t one = tree_set(t, 0, 2, 1.0);
  uint32_t two = tree_set(t, 1, 2, 1.0);
  uint32_t three = tree_set(t, 2, 2, 1.0);
  uint32_t root = tree_move(t, one);
  uint32_t second = tree_move(t, two);
  uint32_t after_two = tree_move(t, three);
  uint32_t after_one = tree_move(t, three);
  tree_edge(t, root, second, 0, NULL);
  tree_edge(t, root, after_one, 0, NULL);
  tree_leaf(t, second, 0, 0, MODEL_PAY(1, 1, 1));
  tree_edge(t, second, after_two, 0, NULL);
  tree_leaf(t, after_two, 1, 0, MODEL_PAY(4, 4, 0));
  tree_leaf(t, after_two, 2, 0, MODEL_PAY(0, 0, 1));
  tree_leaf(t, after_one, 3, 0, MODEL_PAY(3, 2, 2));
  tree_leaf(t, after_one, 4, 0, MODEL_PAY(0, 0, 0));
  tree_finish(t, game, NULL);
}

/* Schultz (1998), audience costs, q = 0.3, a = 0.5: sets of A resolute
 * (challenge, accept), A irresolute, B (concede, resist), A then resolute
 * (fight, back down), A then irresolute. */
static inline void model_schultz(dm_game *game)
{
  tree *t = tree_new(2, 5);
  uint32_t first[2], then[2];
  first[0] = tree_set(t, 0, 2, 1.0);
  first[1] = tree_set(t, 0, 2, 1.0);
  uint32_t b = tree_set(t, 1, 2, 1.0);
  then[0] = tree_set(t, 0, 2, 1.0);
  then[1] = tree_set(t, 0, 2, 1.0);
  uint32_t root = tree_chance(t);
  for (uint32_t type = 0; type < 2; type++) {
    uint32_t a = tree_move(t, first[type]);
    uint32_t reply = tree_move(t, b);
    uint32_t last = tree_move(t, then[type]);
    tree_edge(t, root, a, type == 0 ? 0.3 : 0.7, NULL);
    tree_edge(t, a, reply, 0, NULL);
    tree_leaf(t, a, 0, 0, MODEL_PAY(0, 1));
    tree_leaf(t, reply, 1, 0, MODEL_PAY(1, 0));
    tree_edge(t, reply, last, 0, NULL);
    tree_leaf(t, last, 2, 0, MODEL_PAY(type == 0 ? 0.2 : -1.0, -1));
    tree_leaf(t, last, 3, 0, MODEL_PAY(-0.5, 1));
  }
  tree_finish(t, game, NULL);
}

/* Spence (1973) in numbers of ours: sets worker high (none, educate), worker
 * low, firm after none (wages 1, 1.2, 2), firm after education. */
static inline void model_spence(dm_game *game)
{
  static const double wage[3] = {1, 1.2, 2};
  tree *t = tree_new(2, 6);
  uint32_t worker[2] = {tree_set(t, 0, 2, 1.0), tree_set(t, 0, 2, 1.0)};
  uint32_t firm[2] = {tree_set(t, 1, 3, 1.0), tree_set(t, 1, 3, 1.0)};
  uint32_t root = tree_chance(t);
  for (uint32_t type = 0; type < 2; type++) {
    double theta = type == 0 ? 2 : 1;
    uint32_t w = tree_move(t, worker[type]);
    tree_edge(t, root, w, type == 0 ? 0.2 : 0.8, NULL);
    for (uint32_t degree = 0; degree < 2; degree++) {
      uint32_t f = tree_move(t, firm[degree]);
      double cost = 1.25 * degree / theta;
      tree_edge(t, w, f, 0, NULL);
      for (uint32_t i = 0; i < 3; i++) {
        double miss = wage[i] - theta;
        tree_leaf(
            t, f, 3 * degree + i, 0, MODEL_PAY(wage[i] - cost, -miss * miss));
      }
    }
  }
  tree_finish(t, game, NULL);
}

/* Cho and Kreps (1987): sets sender strong (beer, quiche), sender weak,
 * receiver after beer (duel, retreat), receiver after quiche. */
static inline void model_beer_quiche(dm_game *game)
{
  tree *t = tree_new(2, 4);
  uint32_t sender[2] = {tree_set(t, 0, 2, 1.0), tree_set(t, 0, 2, 1.0)};
  uint32_t receiver[2] = {tree_set(t, 1, 2, 1.0), tree_set(t, 1, 2, 1.0)};
  uint32_t root = tree_chance(t);
  for (uint32_t weak = 0; weak < 2; weak++) {
    uint32_t s = tree_move(t, sender[weak]);
    tree_edge(t, root, s, weak ? 0.1 : 0.9, NULL);
    for (uint32_t meal = 0; meal < 2; meal++) {
      uint32_t r = tree_move(t, receiver[meal]);
      double liked = meal == weak;
      tree_edge(t, s, r, 0, NULL);
      tree_leaf(t, r, 2 * meal, 0, MODEL_PAY(liked, weak));
      tree_leaf(t, r, 2 * meal + 1, 0, MODEL_PAY(2 + liked, 1.0 - weak));
    }
  }
  tree_finish(t, game, NULL);
}

/* Reiley et al. (2008): sets professor king (bet, fold), professor queen,
 * student (call, fold). */
static inline void model_stripped_poker(dm_game *game)
{
  tree *t = tree_new(2, 4);
  uint32_t hand[2] = {tree_set(t, 0, 2, 1.0), tree_set(t, 0, 2, 1.0)};
  uint32_t student = tree_set(t, 1, 2, 1.0);
  uint32_t root = tree_chance(t);
  for (uint32_t queen = 0; queen < 2; queen++) {
    uint32_t p = tree_move(t, hand[queen]);
    uint32_t s = tree_move(t, student);
    double stake = queen ? -2 : 2;
    tree_edge(t, root, p, 0.5, NULL);
    tree_edge(t, p, s, 0, NULL);
    tree_leaf(t, p, 0, 0, MODEL_PAY(-1, 1));
    tree_leaf(t, s, 1 + queen, 0, MODEL_PAY(stake, -stake));
    tree_leaf(t, s, 3, 0, MODEL_PAY(1, -1));
  }
  tree_finish(t, game, NULL);
}

/* Kuhn's poker.  Sets: one J Q K (check, bet); two after a check J Q K (pass,
 * bet); one after check and bet J Q K (fold, call); two after a bet J Q K. */
static inline void model_kuhn(dm_game *game)
{
  tree *t = tree_new(2, 5);
  uint32_t set[4][3];
  for (uint32_t i = 0; i < 4; i++)
    for (uint32_t card = 0; card < 3; card++)
      set[i][card] = tree_set(t, i % 2, 2, 1.0);
  uint32_t root = tree_chance(t);
  for (uint32_t one = 0; one < 3; one++) {
    for (uint32_t two = 0; two < 3; two++) {
      double sign = one > two ? 1 : -1;
      if (one == two)
        continue;
      uint32_t first = tree_move(t, set[0][one]);
      uint32_t checked = tree_move(t, set[1][two]);
      uint32_t then = tree_move(t, set[2][one]);
      uint32_t bet = tree_move(t, set[3][two]);
      tree_edge(t, root, first, 1.0 / 6, NULL);
      tree_edge(t, first, checked, 0, NULL);
      tree_edge(t, first, bet, 0, NULL);
      tree_leaf(t, checked, 0, 0, MODEL_PAY(sign, -sign));
      tree_edge(t, checked, then, 0, NULL);
      tree_leaf(t, then, 1, 0, MODEL_PAY(-1, 1));
      tree_leaf(t, then, 2, 0, MODEL_PAY(2 * sign, -2 * sign));
      tree_leaf(t, bet, 3, 0, MODEL_PAY(1, -1));
      tree_leaf(t, bet, 4, 0, MODEL_PAY(2 * sign, -2 * sign));
    }
  }
  tree_finish(t, game, NULL);
}

static inline double model_phi(double z)
{
  return 0.5 * (1.0 + erf(z / sqrt(2.0)));
}

/* Avenhaus, von Stengel and Zamir (2002), inspection with errors: sets
 * inspector (thresholds 0.5, 1, 1.5, 2, 2.5, 3), inspectee (violate, legal). */
static inline void model_avenhaus(dm_game *game)
{
  tree *t = tree_new(2, 12);
  uint32_t inspector = tree_set(t, 0, 6, 1.0);
  uint32_t inspectee = tree_set(t, 1, 2, 1.0);
  uint32_t root = tree_move(t, inspector);
  for (uint32_t i = 0; i < 6; i++) {
    double z = 0.5 * (i + 1);
    double alarm = 1.0 - model_phi(z);
    double miss = model_phi(z - 2.0);
    uint32_t n = tree_move(t, inspectee);
    tree_edge(t, root, n, 0, NULL);
    tree_leaf(
        t, n, 2 * i, 0, MODEL_PAY(-0.5 * (1 - miss) - miss, 2 * miss - 1));
    tree_leaf(t, n, 2 * i + 1, 0, MODEL_PAY(-0.3 * alarm, -0.5 * alarm));
  }
  tree_finish(t, game, NULL);
}

/* Dresher (1962), three periods, one inspection, seen when it is made; in the
 * last period what is left is used.  Sets: inspector first (inspect, skip),
 * inspectee first (violate, legal), inspector second, inspectee second after a
 * skip, inspectee later after inspection in 1: second, third; in 2: third; last
 * after two skips. */
static inline void model_dresher(dm_game *game)
{
  static const double caught[2] = {1, -1};
  static const double escaped[2] = {-1, 1};
  tree *t = tree_new(2, 3);
  uint32_t set[8];
  for (uint32_t i = 0; i < 8; i++)
    set[i] = tree_set(t, i == 0 || i == 2 ? 0 : 1, 2, 1.0);
  uint32_t n[10];
  static const uint32_t of[10] = {0, 1, 1, 4, 5, 2, 3, 3, 6, 7};
  for (uint32_t i = 0; i < 10; i++)
    n[i] = tree_move(t, set[of[i]]);
  tree_edge(t, n[0], n[1], 0, NULL);
  tree_edge(t, n[0], n[2], 0, NULL);
  tree_leaf(t, n[1], 0, 0, caught);
  tree_edge(t, n[1], n[3], 0, NULL);
  tree_leaf(t, n[3], 1, 0, escaped);
  tree_edge(t, n[3], n[4], 0, NULL);
  tree_leaf(t, n[4], 1, 0, escaped);
  tree_leaf(t, n[4], 2, 0, NULL);
  tree_leaf(t, n[2], 1, 0, escaped);
  tree_edge(t, n[2], n[5], 0, NULL);
  tree_edge(t, n[5], n[6], 0, NULL);
  tree_edge(t, n[5], n[7], 0, NULL);
  tree_leaf(t, n[6], 0, 0, caught);
  tree_edge(t, n[6], n[8], 0, NULL);
  tree_leaf(t, n[8], 1, 0, escaped);
  tree_leaf(t, n[8], 2, 0, NULL);
  tree_leaf(t, n[7], 1, 0, escaped);
  tree_edge(t, n[7], n[9], 0, NULL);
  tree_leaf(t, n[9], 0, 0, caught);
  tree_leaf(t, n[9], 2, 0, NULL);
  tree_finish(t, game, NULL);
}

enum { MODEL_MARKETS = 3 };

/* What a history of the chain store (digits base 3, first market first: out,
 * fought, acquiesced) pays. */
static inline void model_market_pay(
    const uint32_t *did, bool strong, double pay[MODEL_MARKETS + 1])
{
  static const double entrant[3] = {0, -0.5, 0.5};
  memset(pay, 0, (MODEL_MARKETS + 1) * sizeof *pay);
  for (uint32_t m = 0; m < MODEL_MARKETS; m++) {
    pay[m] = entrant[did[m]];
    pay[MODEL_MARKETS] += did[m] == 0                  ? 2.0
                          : did[m] == (strong ? 2 : 1) ? -1.0
                                                       : 0.0;
  }
}

typedef struct model_store {
  uint32_t entrant[MODEL_MARKETS][9]; /* by market, history */
  uint32_t monopolist[2][MODEL_MARKETS][9];
} model_store;

/* Kreps and Wilson (1982), three markets, chance 0.1 of a store that likes to
 * fight: player m enters (in, out) market m, player 3 fights or acquiesces.
 * An ending is a history. */
static inline void model_chain_store(dm_game *game, model_store *sets)
{
  tree *t = tree_new(MODEL_MARKETS + 1, 27);
  static const uint32_t histories[MODEL_MARKETS] = {1, 3, 9};
  for (uint32_t m = 0; m < MODEL_MARKETS; m++)
    for (uint32_t h = 0; h < histories[m]; h++) {
      sets->entrant[m][h] = tree_set(t, m, 2, 1.0);
      for (uint32_t weak = 0; weak < 2; weak++)
        sets->monopolist[weak][m][h] = tree_set(t, MODEL_MARKETS, 2, 1.0);
    }
  uint32_t root = tree_chance(t);
  for (uint32_t weak = 0; weak < 2; weak++) {
    uint32_t here[27];
    here[0] = tree_move(t, sets->entrant[0][0]);
    tree_edge(t, root, here[0], weak ? 0.9 : 0.1, NULL);
    for (uint32_t m = 0; m < MODEL_MARKETS; m++) {
      uint32_t next[27];
      for (uint32_t h = 0; h < histories[m]; h++) {
        uint32_t store = tree_move(t, sets->monopolist[weak][m][h]);
        double pay[3][MODEL_MARKETS + 1];
        for (uint32_t did = 0; did < 3; did++) {
          uint32_t code = 3 * h + did;
          uint32_t all[3] = {code / 9, code / 3 % 3, code % 3};
          bool last = m + 1 == MODEL_MARKETS;
          memset(pay[did], 0, sizeof pay[did]);
          if (last)
            model_market_pay(all, !weak, pay[did]);
          next[code] = last ? tree_end(t, code)
                            : tree_move(t, sets->entrant[m + 1][code]);
        }
        tree_edge(t, here[h], store, 0, NULL);
        tree_edge(t, here[h], next[3 * h], 0, pay[0]);
        tree_edge(t, store, next[3 * h + 1], 0, pay[1]);
        tree_edge(t, store, next[3 * h + 2], 0, pay[2]);
      }
      memcpy(here, next, sizeof here);
    }
  }
  tree_finish(t, game, NULL);
}

/* A sender of `n` equally likely types (k + 1/2) / n with n messages and a
 * receiver with 2n - 1 actions k / (2n), k = 1 .. 2n - 1; losses squared, the
 * sender would have the action `bias` higher.  Crawford and Sobel (1982), on a
 * grid.  Sets: sender type 0 .., then receiver message 0 ... */
static inline void model_cheap_talk(dm_game *game, uint32_t n, double bias)
{
  tree *t = tree_new(2, n * (2 * n - 1));
  uint32_t type[8], message[8];
  ASSERT_TRUE(n <= 8);
  for (uint32_t i = 0; i < n; i++)
    type[i] = tree_set(t, 0, n, 1.0);
  for (uint32_t i = 0; i < n; i++)
    message[i] = tree_set(t, 1, 2 * n - 1, 1.0);
  uint32_t root = tree_chance(t);
  for (uint32_t i = 0; i < n; i++) {
    double state = (i + 0.5) / n;
    uint32_t s = tree_move(t, type[i]);
    tree_edge(t, root, s, 1.0 / n, NULL);
    for (uint32_t m = 0; m < n; m++) {
      uint32_t r = tree_move(t, message[m]);
      tree_edge(t, s, r, 0, NULL);
      for (uint32_t a = 0; a < 2 * n - 1; a++) {
        double action = (a + 1) / (2.0 * n);
        double mine = action - state - bias;
        double yours = action - state;
        tree_leaf(
            t, r, i * (2 * n - 1) + a, 0,
            MODEL_PAY(-mine * mine, -yours * yours));
      }
    }
  }
  tree_finish(t, game, NULL);
}

#endif
