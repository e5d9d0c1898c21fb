/* infer/tables.c -- for each choice, what it turns on.
 *
 * The information sets of a choice, weighted by reach, are the cases of a
 * regression tree (tree.c) over the facts in their keys, the period and the
 * round.  Facts that can go at a price of less than two points of probability
 * go; what is left is the decision table.  A fact with more than 64 values (a
 * record under perfect recall) is no fact that a table can show.
 *
 * `spread` is the largest difference of a probability between a row and an
 * information set that it covers; sets with less than a thousandth of the row's
 * askings are left out of it. */
#include "infer/parts.h"

#include <string.h>

enum { MOST_FACTS = 64, MOST_VALUES = 64, MOST_ROWS = 8 };

static const double WORTH = 0.02;

/* What a decide does not have among its keys. */
#define NO_VALUE INT32_MIN

typedef struct dm_fact {
  const char *name;
  const dm_core_key *key; /* NULL: period or round */
  bool period;
  uint32_t n;                 /* values seen; MOST_VALUES + 1: too many */
  int32_t value[MOST_VALUES]; /* increasing */
} dm_fact;

typedef struct dm_cases {
  dm_job *job;
  uint32_t choice;
  uint32_t *place; /* [n_facts x n_decides] key item of a fact, or DM_NONE */
  DM_VEC(dm_fact) fact;
  DM_VEC(dm_set_id) set;
} dm_cases;

/* ---- facts ----------------------------------------------------------------- */

static uint32_t fact_called(const dm_cases *c, const char *name)
{
  for (uint32_t f = 0; f < c->fact.n; f++) {
    if (c->fact.at[f].key && strcmp(c->fact.at[f].name, name) == 0)
      return f;
  }
  return DM_NONE;
}

/* The period, the round, and every key item of the choice's decides. */
static void list_facts(dm_cases *c)
{
  const dm_core *core = c->job->core;
  dm_arena *arena = &c->job->scratch;
  DM_PUSH(
      arena, &c->fact, ((dm_fact){.name = core->clock_word, .period = true}));
  if (core->rounds > 1)
    DM_PUSH(arena, &c->fact, ((dm_fact){.name = "round"}));
  for (uint32_t d = 0; d < core->decide.n; d++) {
    const dm_core_decide *decide = &core->decide.at[d];
    for (uint32_t i = 0; decide->choice == c->choice && i < decide->n_keys;
         i++) {
      const dm_core_key *key = &core->key.at[decide->first_key + i];
      if (fact_called(c, key->name) == DM_NONE)
        DM_PUSH(arena, &c->fact, ((dm_fact){.name = key->name, .key = key}));
    }
  }
  c->place = dm_arena_array(
      arena, (size_t)c->fact.n * core->decide.n, sizeof *c->place);
  for (size_t f = 0; f < c->fact.n; f++) {
    for (uint32_t d = 0; d < core->decide.n; d++) {
      const dm_core_decide *decide = &core->decide.at[d];
      uint32_t *place = &c->place[f * core->decide.n + d];
      *place = DM_NONE;
      for (uint32_t i = 0; c->fact.at[f].key && i < decide->n_keys; i++) {
        if (strcmp(
                core->key.at[decide->first_key + i].name, c->fact.at[f].name) ==
            0)
          *place = i;
      }
    }
  }
}

static uint32_t round_of(const dm_core *core, uint32_t decide)
{
  for (uint32_t i = 0; i < core->step.n; i++) {
    if (core->step.at[i].kind == DM_STEP_DECIDE &&
        core->step.at[i].first == decide)
      return core->step.at[i].round;
  }
  return 0;
}

static int32_t fact_value(const dm_cases *c, uint32_t f, dm_set_id s)
{
  const dm_core *core = c->job->core;
  const dm_expansion *e = c->job->solved->expansion;
  const dm_fact *fact = &c->fact.at[f];
  if (fact->period)
    return e->set_period[s];
  if (!fact->key)
    return (int32_t)round_of(core, e->set_decide[s]);
  uint32_t place = c->place[(size_t)f * core->decide.n + e->set_decide[s]];
  return place == DM_NONE ? NO_VALUE : e->key_value[e->set_key[s] + place];
}

/* Place of a value among those seen, or where it belongs. */
static uint32_t find_value(const dm_fact *fact, int32_t value)
{
  uint32_t low = 0, high = fact->n;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (fact->value[middle] < value)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void see_value(dm_fact *fact, int32_t value)
{
  if (fact->n > MOST_VALUES)
    return;
  uint32_t at = find_value(fact, value);
  if (at < fact->n && fact->value[at] == value)
    return;
  if (fact->n == MOST_VALUES) {
    fact->n++;
    return;
  }
  memmove(
      &fact->value[at + 1], &fact->value[at],
      (fact->n - at) * sizeof *fact->value);
  fact->value[at] = value;
  fact->n++;
}

/* Keeps the facts that a table can show, at most 64. */
static void sift_facts(dm_cases *c)
{
  uint32_t n = 0, n_decides = c->job->core->decide.n;
  for (uint32_t f = 0; f < c->fact.n; f++) {
    for (uint32_t i = 0; i < c->set.n; i++)
      see_value(&c->fact.at[f], fact_value(c, f, c->set.at[i]));
    bool fits = c->fact.at[f].n > 1 && c->fact.at[f].n <= MOST_VALUES;
    if (!fits || n == MOST_FACTS)
      continue;
    memmove(
        &c->place[(size_t)n * n_decides], &c->place[(size_t)f * n_decides],
        n_decides * sizeof *c->place);
    c->fact.at[n++] = c->fact.at[f];
  }
  c->fact.n = n;
}

/* ---- the tree's data ------------------------------------------------------------ */

static dm_tree_data tree_data(dm_cases *c)
{
  const dm_core *core = c->job->core;
  const dm_expansion *e = c->job->solved->expansion;
  const dm_sweep *sweep = c->job->solved->sweep;
  dm_arena *arena = &c->job->scratch;
  size_t n = c->set.n, m = core->choice.at[c->choice].n_options;
  size_t facts = c->fact.n;
  double *weight = dm_arena_array(arena, n, sizeof *weight);
  double *p = dm_arena_array(arena, n * m, sizeof *p);
  uint8_t *value = dm_arena_array(arena, n * facts, sizeof *value);
  uint8_t *n_values = dm_arena_array(arena, facts, sizeof *n_values);
  bool *ordered = dm_arena_array(arena, facts, sizeof *ordered);
  for (size_t f = 0; f < facts; f++) {
    const dm_fact *fact = &c->fact.at[f];
    n_values[f] = (uint8_t)fact->n;
    ordered[f] = !fact->key || !fact->key->words;
  }
  for (size_t i = 0; i < n; i++) {
    dm_set_id s = c->set.at[i];
    weight[i] = dm_sweep_set_reach(sweep, s);
    for (uint32_t k = e->game.set_slot[s]; k < e->game.set_slot[s + 1]; k++)
      p[i * m + e->slot_option[k]] = dm_sweep_p(sweep)[k];
    for (size_t f = 0; f < facts; f++)
      value[i * facts + f] =
          (uint8_t)find_value(&c->fact.at[f], fact_value(c, (uint32_t)f, s));
  }
  return (dm_tree_data){
      .n = (uint32_t)n,
      .n_facts = (uint32_t)facts,
      .n_options = (uint32_t)m,
      .weight = weight,
      .p = p,
      .value = value,
      .n_values = n_values,
      .ordered = ordered};
}

/* ---- rows in words ---------------------------------------------------------------- */

static const char *one_value(dm_cases *c, const dm_fact *fact, uint32_t k)
{
  const dm_core *core = c->job->core;
  int32_t value = fact->value[k];
  if (value == NO_VALUE)
    return "not known";
  if (fact->period)
    return core->period[value];
  if (!fact->key)
    return dm_infer_text(c->job->keep, "%d", value);
  return dm_infer_key_value(c->job->keep, fact->key, value);
}

static const char *range_text(
    dm_cases *c, const dm_fact *fact, uint32_t first, uint32_t last)
{
  dm_arena *arena = c->job->keep;
  const char *from = one_value(c, fact, first);
  const char *to = one_value(c, fact, last);
  if (first == last)
    return from;
  if (fact->period && first == 0)
    return dm_infer_text(arena, "until %s", to);
  if (fact->period && last == fact->n - 1)
    return dm_infer_text(arena, "from %s", from);
  /* "none" is not below a number, so an end at it is spelled out. */
  bool none = fact->key && fact->key->has_none && fact->value[first] == 0;
  if (none && last == 1)
    return dm_infer_text(arena, "%s or %s", from, to);
  if (none)
    return dm_infer_text(arena, "%s or up to %s", from, to);
  if (first == 0)
    return dm_infer_text(arena, "at most %s", to);
  if (last == fact->n - 1)
    return dm_infer_text(arena, "at least %s", from);
  return dm_infer_text(arena, "%s to %s", from, to);
}

/* Every value except one.  A word may itself be a negation ("not arrived"):
 * two in a row are left to nobody to work out. */
static const char *all_but(dm_cases *c, const dm_fact *fact, uint32_t missing)
{
  const char *word = one_value(c, fact, missing);
  bool negation = strncmp(word, "not ", 4) == 0;
  return dm_infer_text(
      c->job->keep, negation ? "all but \"%s\"" : "not %s", word);
}

static const char *mask_text(dm_cases *c, const dm_fact *fact, uint64_t mask)
{
  dm_arena *arena = c->job->keep;
  uint32_t count = 0, first = DM_NONE, last = 0, missing = DM_NONE;
  for (uint32_t k = 0; k < fact->n; k++) {
    if (mask >> k & 1) {
      count++;
      last = k;
      if (first == DM_NONE)
        first = k;
    } else {
      missing = k;
    }
  }
  if (count == fact->n || count == 0)
    return "";
  bool ordered = !fact->key || !fact->key->words;
  if (count == 1 || (ordered && last - first + 1 == count))
    return range_text(c, fact, first, last);
  if (count == fact->n - 1)
    return all_but(c, fact, missing);
  const char *text = "";
  for (uint32_t k = 0; k < fact->n; k++) {
    if (mask >> k & 1)
      text = dm_infer_text(
          arena, "%s%s%s", text, text[0] ? " or " : "", one_value(c, fact, k));
  }
  return text;
}

/* Whether row x stands before row y: by the lowest value of the first fact in
 * which they differ. */
static bool before(
    const dm_tree_leaf *x, const dm_tree_leaf *y, uint32_t n_facts)
{
  for (uint32_t f = 0; f < n_facts; f++) {
    uint64_t a = x->mask[f], b = y->mask[f];
    if (a == b)
      continue;
    uint64_t low_a = a & (~a + 1), low_b = b & (~b + 1);
    return low_a != low_b ? low_a < low_b : a < b;
  }
  return false;
}

static void sort_rows(dm_tree *tree, uint32_t n_facts)
{
  for (uint32_t i = 1; i < tree->n_leaves; i++) {
    dm_tree_leaf leaf = tree->leaf[i];
    uint32_t k = i;
    for (; k > 0 && before(&leaf, &tree->leaf[k - 1], n_facts); k--)
      tree->leaf[k] = tree->leaf[k - 1];
    tree->leaf[k] = leaf;
  }
}

static void write_table(dm_cases *c, dm_tree *tree, dm_r_table *out)
{
  const dm_core *core = c->job->core;
  const dm_core_choice *choice = &core->choice.at[c->choice];
  dm_arena *arena = c->job->keep;
  size_t rows = tree->n_leaves, m = choice->n_options;
  uint32_t shown[MOST_FACTS], n = 0;
  for (uint32_t f = 0; f < c->fact.n; f++) {
    if (tree->facts >> f & 1)
      shown[n++] = f;
  }
  const char **fact = dm_arena_array(arena, n, sizeof *fact);
  const char **option = dm_arena_array(arena, m, sizeof *option);
  const char **value = dm_arena_array(arena, rows * n, sizeof *value);
  double *p = dm_arena_array(arena, rows * m, sizeof *p);
  double *reach = dm_arena_array(arena, rows, sizeof *reach);
  double *spread = dm_arena_array(arena, rows, sizeof *spread);
  for (uint32_t k = 0; k < n; k++)
    fact[k] = c->fact.at[shown[k]].name;
  for (size_t k = 0; k < m; k++)
    option[k] = core->option.at[choice->first_option + k].name;
  for (size_t i = 0; i < rows; i++) {
    const dm_tree_leaf *leaf = &tree->leaf[i];
    reach[i] = leaf->weight;
    spread[i] = leaf->spread;
    memcpy(p + i * m, leaf->mean, m * sizeof *p);
    for (uint32_t k = 0; k < n; k++)
      value[i * n + k] =
          mask_text(c, &c->fact.at[shown[k]], leaf->mask[shown[k]]);
  }
  *out = (dm_r_table){
      .actor = core->actor.at[choice->actor].name,
      .choice = choice->name,
      .actor_display = dm_infer_actor(core, choice->actor),
      .n_facts = n,
      .n_options = (uint32_t)m,
      .n_rows = (uint32_t)rows,
      .n_sets = c->set.n,
      .fact = fact,
      .option = option,
      .value = value,
      .p = p,
      .reach = reach,
      .spread = spread};
}

/* False: the choice is never a choice. */
static bool table_of(dm_job *job, uint32_t choice, dm_r_table *out)
{
  const dm_core *core = job->core;
  const dm_expansion *e = job->solved->expansion;
  dm_cases c = {.job = job, .choice = choice};
  for (dm_set_id s = 0; s < e->game.n_sets; s++) {
    if (core->decide.at[e->set_decide[s]].choice == choice &&
        dm_sweep_set_reach(job->solved->sweep, s) > 0)
      DM_PUSH(&job->scratch, &c.set, s);
  }
  if (c.set.n == 0)
    return false;
  list_facts(&c);
  sift_facts(&c);
  dm_tree_data data = tree_data(&c);
  uint64_t all = c.fact.n < 64 ? (UINT64_C(1) << c.fact.n) - 1 : UINT64_MAX;
  dm_tree tree = dm_tree_fit(&job->scratch, &data, all, MOST_ROWS, WORTH);
  sort_rows(&tree, c.fact.n);
  write_table(&c, &tree, out);
  return true;
}

void dm_infer_tables(dm_job *job)
{
  const dm_core *core = job->core;
  dm_result *r = job->result;
  r->table = dm_arena_array(job->keep, core->choice.n, sizeof *r->table);
  for (uint32_t c = 0; c < core->choice.n; c++)
    r->n_tables += table_of(job, c, &r->table[r->n_tables]);
}
