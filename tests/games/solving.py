"""Running `demarche solve` on a game file, and looking its answer over.

Every answer is judged again by efg.Judge, which shares nothing with the
program: a Solution that can be made has payoffs, odds, regrets and gains of
best replies that agree with the program's certificate.
"""

import json
import math
import os
import subprocess
import tempfile

import efg

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.environ.get("DM_SOURCE") or os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.path.abspath(
    os.environ.get("DEMARCHE") or os.path.join(ROOT, "build", "demarche"))
SLOW = bool(os.environ.get("DM_INSTRUMENTED"))
LIMIT = 600 if SLOW else 120


class Disagreement(Exception):
    pass


def run(words, text=None):
    """-> (exit code, stdout, stderr)."""
    surroundings = dict(os.environ, LC_ALL="C.UTF-8")
    for name in ("COLUMNS", "NO_COLOR"):
        surroundings.pop(name, None)
    ran = subprocess.run(
        [PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        input=(text or "").encode(), env=surroundings, timeout=LIMIT)
    return (ran.returncode, ran.stdout.decode("utf-8", "replace"),
            ran.stderr.decode("utf-8", "replace"))


def near(got, wanted, tolerance):
    if wanted is None or got is None:
        return got is wanted
    if math.isnan(wanted):
        return got is None or math.isnan(got)
    return abs(got - wanted) <= tolerance


class Point:
    """One profile of the answer, and what the judge finds in it."""

    def __init__(self, judge, data, lam):
        self.data, self.lam = data, lam
        self.profile = {}
        for s in data["profile"]:
            self.profile[s["player"], s["information_set"]] = [
                o["p"] for o in s["options"]]
        if set(self.profile) != set(judge.game.sets):
            raise Disagreement("not the information sets of the file")
        for s in data["profile"]:
            label, actions, _ = judge.game.sets[
                s["player"], s["information_set"]]
            if [o["name"] for o in s["options"]] != actions:
                raise Disagreement("not the options of %s" % label)
            if s.get("label", label) != label:
                raise Disagreement("not the label of %s" % label)
            total = math.fsum(o["p"] for o in s["options"])
            if abs(total - 1.0) > 1e-9:
                raise Disagreement("%s sums to %r" % (label, total))
        self.judged = judge.run(self.profile)
        self.value, self.odds = self.judged.value, self.judged.odds
        self.sets = {judge.game.sets[k][0]: dict(zip(
            judge.game.sets[k][1], p)) for k, p in self.profile.items()}
        self.q = {judge.game.sets[k][0]: dict(zip(
            judge.game.sets[k][1], q)) for k, q in self.judged.q.items()
            if q is not None}
        self.regret = max([r for k, r in self.judged.regret.items()
                           if r is not None] + [0.0])
        # Beliefs at a set of several nodes that only trembles reach cannot
        # be read off probabilities printed as 0.
        self.regret_reached = max([
            r for k, r in self.judged.regret.items()
            if r is not None and self.judged.set_reach[k] > 1e-9] + [0.0])
        self.gain = {}
        for player in range(1, judge.n_players + 1):
            if judge.recall(player) == efg.PERFECT:
                self.gain[player] = judge.gain(self.profile, player)
        self.credible = data.get("credible")
        self.found = data.get("found", 0)
        self.agree(judge)

    def agree(self, judge):
        """The program's payoffs, odds, reach and gains are the judge's; at a
        set of several nodes that trembles alone reach the judge knows no
        beliefs, so the program's regret may be larger there."""
        told = self.data
        if "certificate" in told:
            rows = told["certificate"]["players"]
            told = dict(told, values=[r["value"] for r in rows],
                        gain=[r["gain"] for r in rows],
                        regret=[r["regret"] for r in rows])
        small = 1e-9 * max(judge.span(), 1.0)
        for k, value in enumerate(self.value):
            self.same("value of player %d" % (k + 1), told["values"][k],
                      value, small)
            self.same("gain of player %d" % (k + 1), told["gain"][k],
                      self.gain.get(k + 1), small)
            least = max([r for s, r in self.judged.regret.items()
                         if r is not None and s[0] == k + 1
                         and (self.judged.set_reach[s] > 1e-9)] + [0.0])
            if told["regret"][k] < least - small:
                raise Disagreement("regret of player %d: told %r, is %r" % (
                    k + 1, told["regret"][k], least))
        for outcome, odds in self.odds.items():
            name = "none" if outcome is None else outcome
            if name in told["outcomes"]:
                self.same("odds of %s" % name, told["outcomes"][name], odds,
                          1e-9)
        self.same("all odds", math.fsum(told["outcomes"].values()), 1.0, 1e-9)
        for s in told["profile"]:
            key = s["player"], s["information_set"]
            self.same("reach of %d:%d" % key, s["reach"],
                      self.judged.set_reach[key], 1e-9)

    @staticmethod
    def same(what, told, found, tolerance):
        if not near(told, found, tolerance):
            raise Disagreement("%s: told %r, is %r" % (what, told, found))


class Solution:
    def __init__(self, text, words):
        """words: what stands after the file name."""
        self.text = text
        self.game = efg.read(text)
        self.judge = efg.Judge(self.game)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "game.efg")
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
            self.code, self.out, self.err = run(
                ["solve", path, "--json", "--quiet", *words])
        try:
            self.data = json.loads(self.out)
        except ValueError:
            raise Disagreement("solve %s: exit %d: %s" % (
                " ".join(words), self.code, (self.err or self.out)[:400]))
        self.lam = self.data.get("lambda")
        self.span = self.judge.span() or 1.0
        self.answer = None
        if self.data["certificate"]["converged"]:
            self.answer = Point(self.judge, self.data, self.lam)
        elif "equilibria" not in self.data:
            raise Disagreement("solve %s: exit %d, no answer: %s" % (
                " ".join(words), self.code, self.data.get("why")))
        self.equilibria = [Point(self.judge, e, e.get("lambda", self.lam))
                           for e in self.data.get("equilibria", [])]
        if self.answer and self.answer.lam is not None:
            self.check_residual(self.answer, self.data["residual"])
        for e in self.equilibria:
            if e.lam is not None:
                self.check_residual(e, e.data["residual"])

    def check_residual(self, point, told):
        """Told by a sum in another precision: alike, and small."""
        found = self.judge.residual(point.profile, point.lam, point.judged)
        slack = 1e-9 * max(1.0, point.lam * self.span)
        if not abs(found - told) <= slack:
            raise Disagreement("residual: told %r, is %r" % (told, found))

    def at(self):
        """{lambda: ({set: {option: p}}, odds)} of what --at asked for."""
        found = {}
        for point in self.data.get("path", []):
            if point["kind"] in ("at", "end"):
                profile = {(s["player"], s["information_set"]):
                           [o["p"] for o in s["options"]]
                           for s in point["profile"]}
                judged = self.judge.run(profile)
                if not self.judge.residual(
                        profile, point["lambda"], judged) < 1e-8:
                    raise Disagreement("at %r: no equilibrium" %
                                       point["lambda"])
                found[point["lambda"]] = {
                    s["label"]: {o["name"]: o["p"] for o in s["options"]}
                    for s in point["profile"]}, judged.odds
        return found


def solve(tree, *words, **how):
    """Of a description (see efg.write) or the text of a file."""
    text = tree if isinstance(tree, str) else efg.write(tree, **how)
    return Solution(text, [str(w) for w in words])


class Told:
    """An answer taken at its word: games too large for the judge."""

    def __init__(self, text, words):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "game.efg")
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
            code, out, err = run(["solve", path, "--json", "--quiet", *words])
        if code:
            raise Disagreement("solve %s: exit %d: %s" % (
                " ".join(words), code, err[:400]))
        data = json.loads(out)
        players = data["certificate"]["players"]
        self.value = [p["value"] for p in players]
        self.gain = {p["player"]: p["gain"] for p in players}
        self.odds = data["outcomes"]
        self.sets = {s["label"]: {o["name"]: o["p"] for o in s["options"]}
                     for s in data["profile"]}


class Tally:
    """Counts what held; says what did not."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, ok, what):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print(what)
        return ok

    def near(self, what, got, wanted, tolerance):
        ok = got is not None and abs(got - wanted) <= tolerance
        return self.check(ok, "%s: got %r, expected %r +- %g" % (
            what, got, wanted, tolerance))

    def guard(self, what, call, *args):
        """A case that cannot be run has failed, and the others go on."""
        try:
            return call(*args)
        except (Disagreement, KeyError, IndexError, TypeError, ValueError,
                AttributeError, subprocess.TimeoutExpired) as problem:
            self.check(False, "%s: %s: %s" % (
                what, type(problem).__name__, problem))
            return None

    def end(self):
        print("%d passed, %d failed" % (self.passed, self.failed))
        return 1 if self.failed or not self.passed else 0
