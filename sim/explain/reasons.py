"""Why these are the answers: what each choice brings, what the next best would cost, and who would leave anything else.

Everything is read off a certified solution and its game, by agents and deviations, so for every form; sentences are
made of it in :mod:`sim.explain.sentences`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers import EACH
from sim.game import Floats, Game
from sim.kernels.base.tolerances import CERTIFIED, FAINT, TIE
from sim.plugins import concepts
from sim.solution import Solution

__all__ = ["Better", "Chooser", "Leaving", "NotHeld", "Reasons", "Why", "reasons"]

AT_ONCE = 2_000_000  # payoffs of copies of the game that are looked at side by side
MOST_WAYS = 20_000  # to bring outcomes about: with more nothing is said of what does not hold


@dataclass(frozen=True)
class Chooser:
    """One agent in one equilibrium: what it does, what each of its actions is worth to it, what the next best costs.

    ``when`` is when or as what it decides; ``comes`` whether play ever comes to it.  ``worth`` is by action, once it
    is its turn and all else kept; empty where nothing says what it thinks there.  ``facing`` is what those do who
    choose at the same moment, ``beliefs`` how likely it takes what it does not know, each the least and the most that
    supports the play.  ``next_best`` are the best of the other actions, all worth ``gets - cost``.

    In games that go on, ``worth`` is of one stage, ``after`` the worst equilibrium that can follow on leaving and
    ``later`` its weight.  In bargains ``keeps`` or ``accepts_from`` is a share, and ``refusal`` what a refusal is worth;
    ``passes`` is which obstinate types it passes for, each with its chance, by what it answers if it does.
    """

    agent: str
    player: str
    when: str
    comes: bool
    idle: bool
    plays: Mapping[str, float]
    gets: float
    worth: Mapping[str, float]
    next_best: tuple[str, ...] = ()
    cost: float = np.nan
    tied: bool = False
    facing: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    beliefs: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    open_belief: bool = False
    after: float = np.nan
    later: float = np.nan
    keeps: float = np.nan
    accepts_from: float = np.nan
    refusal: float = np.nan
    passes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def mixes(self) -> bool:
        """Whether it leaves its choice to chance."""
        return len(self.plays) > 1

    @property
    def leaving(self) -> float:
        """In games that go on: what leaving for the next best is worth, with the worst that can follow."""
        once = self.gets - self.cost
        return (1.0 - self.later) * once + self.later * self.after if self.later > 0 else once


@dataclass(frozen=True)
class Leaving:
    """Who would leave play for which action, and what it gains by that.

    Where play goes on it brings ``once``, and ``after`` it the worst that can follow, of weight ``later``; ``stays`` is
    what staying is worth.
    """

    agent: str
    player: str
    when: str
    to: str
    gain: float
    once: float = np.nan
    after: float = np.nan
    later: float = np.nan
    stays: float = np.nan


@dataclass(frozen=True)
class Better:
    """Play that is better for everybody: what is done, by agent, what it brings, and who would leave it, if anybody.

    ``whole`` is True where all choices are said, else everybody does elsewhere as in the equilibrium.
    """

    actions: Mapping[str, str]
    outcome: str
    values: Mapping[str, float]
    leaves: Leaving | None
    whole: bool


@dataclass(frozen=True)
class NotHeld:
    """An outcome that holds in no equilibrium: of the ways to it that with the least to gain from leaving, and who would.

    ``like`` is the number of the equilibrium that everybody else keeps to, 0 where all choices are said; ``comes`` is
    False where play never comes there, and nobody needs to leave.
    """

    outcome: str
    actions: Mapping[str, str]
    leaves: Leaving | None
    like: int = 0
    comes: bool = True


@dataclass(frozen=True)
class Why:
    """One answer: its number, name, outcomes and values, why each side does as it does, and what would be better for all.

    ``misses`` is by how much it misses its concept, in units of the range of payoffs.  ``choosers`` are None where the
    concept is not one of best replies: then ``leaves`` says who could gain by changing alone, if anybody.
    """

    number: int
    name: str
    outcomes: Mapping[str, float]
    values: Mapping[str, float]
    misses: float
    choosers: tuple[Chooser, ...] | None
    better: Better | None = None
    leaves: Leaving | None = None


@dataclass(frozen=True)
class Reasons:
    """Why every answer of one cell is one, and why nothing else is.

    ``title`` and ``summary`` are those of the concept; ``complete`` says whether these are known to be all;
    ``lasting`` that play goes on for ever, ``set_misses`` by how much a claimed set of payoffs misses what it must be.
    """

    concept: str
    title: str
    summary: str
    verdict: str
    complete: bool
    lasting: bool
    equilibria: tuple[Why, ...]
    not_held: tuple[NotHeld, ...]
    set_misses: float = np.nan


def reasons(solution: Solution, cell: int = 0) -> Reasons:
    """Why the answers of one cell are what they are."""
    concept = concepts[solution.concept]
    view = View(solution, cell)
    each = tuple(why(view, k) for k in range(int(solution.count[cell])))
    return Reasons(
        concept.name,
        concept.title,
        concept.summary,
        solution.sentence(cell),
        bool(solution.complete[cell]),
        view.lasting,
        each,
        tuple(not_held(view)) if each and view.by_replies else (),
        float(solution.set_residual[cell]),
    )


class View:
    """One cell of a solution, its game as a batch of one, and what leaving is followed by where play goes on."""

    def __init__(self, solution: Solution, cell: int) -> None:
        self.solution, self.cell = solution, cell
        self.game: Game = solution.game.take([cell])
        self.labels = tuple(agent.label for agent in self.game.agents)
        self.owner = np.array([agent.player for agent in self.game.agents], dtype=np.int64)
        self.room = CERTIFIED * self.game.scale[0]
        self.lasting = self.game.stage is not self.game
        self.worst, self.later = self.threat()
        rivals = concepts[solution.concept].rivals or solution.concept == "subgame_perfect"
        self.by_replies = solution.claim.joint is None and rivals
        self.haggling = self.game.refusals(self.claimed(0)) if solution.count[cell] else None

    def threat(self) -> tuple[Floats, Floats]:
        """The worst that can follow on leaving, and the weight of all that follows, ``(n,)`` each; 0 where nothing does."""
        players = len(self.game.players)
        nothing = np.zeros(players)
        if not self.game.endless:
            return nothing, nothing
        extra = self.solution.claim.extra
        name = next((name for name in ("payoff_points", "payoff_set") if name in extra), "")
        if not name:
            return np.full(players, np.nan), self.game.weight_of_later[0]
        worst = np.fmin.reduce(extra[name][self.cell], axis=0)
        return self.without_specks(worst), self.game.weight_of_later[0]

    def strategy(self, k: int) -> Floats:
        """Play of one answer, ``(1, H, A)``."""
        return np.asarray(self.solution.strategy[self.cell, k][np.newaxis])

    def claimed(self, k: int) -> dict[str, NDArray[Any]]:
        """What is answered for each equilibrium beside its strategies, of one of them."""
        told = self.solution.claim.answered()
        return {answer.name: array[self.cell, k] for answer, array in told if answer.dims[:1] == (EACH,)}

    def worth(self, game: Game, strategy: Floats, belief: Floats | None = None) -> Floats:
        """What each action is worth, ``(C, H, A)``: where play goes on, in one stage."""
        found = game.stage.worth(strategy, belief) if self.lasting else game.worth(strategy, belief)
        return self.without_specks(found, self.owner[:, np.newaxis])

    def without_specks(self, payoffs: Floats, whose: Any = slice(None)) -> Floats:
        """Payoffs that are no more than rounding are 0."""
        return np.where(np.abs(payoffs) <= TIE * self.game.scale[0][whose], 0.0, payoffs)

    def after_leaving(self, once: Floats) -> Floats:
        """What one stage of something else is worth with the worst that can follow, ``(.., H, A)``."""
        later, worst = self.later[self.owner][:, np.newaxis], self.worst[self.owner][:, np.newaxis]
        return np.asarray((1.0 - later) * once + np.where(later > 0, later * worst, 0.0))


def why(view: View, k: int) -> Why:
    """One answer and its reasons."""
    solution, cell, game = view.solution, view.cell, view.game
    values = dict(zip(game.players, view.without_specks(solution.value[cell, k]).tolist(), strict=True))
    chances = zip(game.outcomes.names, solution.outcomes[cell, k].tolist(), strict=True)
    outcomes = {name: p for name, p in chances if p > FAINT}
    name = solution.claim.names[k] if solution.claim.names else ""
    misses = float(solution.residual[cell, k])
    if view.haggling is not None:
        return Why(k + 1, name, outcomes, values, misses, tuple(offers(view, k)))
    if not view.by_replies:
        told = solution.claim.joint is None and not view.lasting  # of the first stage alone nothing follows
        leaves = tempted(view, view.strategy(k)) if told else None
        return Why(k + 1, name, outcomes, values, misses, None, None, leaves)
    choosers = tuple(chooser(view, k))
    return Why(k + 1, name, outcomes, values, misses, choosers, better(view, k))


def done(view: View, h: int, strategy: Floats) -> dict[str, float]:
    """What an agent does, the likeliest first, specks left out."""
    pairs = zip(view.game.agents[h].actions, strategy[h].tolist(), strict=False)
    return dict(sorted(((a, p) for a, p in pairs if p > FAINT), key=lambda pair: -pair[1]))


def chooser(view: View, k: int) -> Iterator[Chooser]:
    """Why each agent does what it does."""
    game, strategy, claimed = view.game, view.strategy(k), view.claimed(k)
    belief = game.believed(strategy, claimed)
    worth = view.worth(game, strategy, belief)[0]
    comes = game.comes_to(strategy)[0]
    beliefs = {} if belief is None else thoughts(game, strategy, claimed, belief)
    for h, agent in enumerate(game.agents):
        own = worth[h, : len(agent.actions)]
        plays = done(view, h, strategy[0])
        played = np.array([action in plays for action in agent.actions])
        thought = beliefs.get(agent.label, {})
        details: dict[str, Any] = {
            "facing": {view.labels[j]: done(view, j, strategy[0]) for j in game.facing(h)},
            "beliefs": thought,
            "open_belief": any(high - low > TIE for low, high in thought.values()),
        }
        if view.lasting and game.endless:
            details |= {"after": float(view.worst[agent.player]), "later": float(view.later[agent.player])}
        known = not np.isnan(own).any()
        gets = float((np.where(played, strategy[0, h, : len(own)], 0.0) * own).sum()) if known else np.nan
        if known and not played.all():
            best = own[~played].max()
            room = view.room[agent.player]
            near = ~played & (own >= best - TIE * game.scale[0, agent.player])
            details |= {
                "next_best": tuple(np.array(agent.actions)[near].tolist()),
                "cost": gets - float(best),
                "tied": bool(abs(gets - best) <= room),
            }
        yield Chooser(
            agent.label,
            game.players[agent.player],
            game.called(h),
            bool(comes[h]),
            len(own) == 1 or bool(game.immaterial[0, h]),
            plays,
            gets,
            dict(zip(agent.actions, own.tolist(), strict=True)) if known else {},
            **details,
        )


def thoughts(
    game: Game, strategy: Floats, claimed: Mapping[str, NDArray[Any]], belief: Floats
) -> dict[str, dict[str, tuple[float, float]]]:
    """What each agent thinks of what it does not know, by its label: the least and the most that supports the play."""
    known = game.assessment(strategy, {"belief": belief[0], **claimed}).get("beliefs", {})
    return {
        label: {word: (low, high) for word, (low, high) in own.items()}
        for label, own in known.items()
        if not any(np.isnan(low) for low, _ in own.values())
    }


def offers(view: View, k: int) -> Iterator[Chooser]:
    """What each side asks for and accepts, and what a refusal is worth to it."""
    game, claimed = view.game, view.claimed(k)
    refusals = game.refusals(claimed)
    told = game.told(view.strategy(k)[0], claimed)
    assert refusals is not None, "who haggles can refuse"
    for h, agent in enumerate(game.agents):
        share = told[agent.label]
        yield Chooser(
            agent.label, game.players[agent.player], game.called(h), True, False, {}, np.nan, {},
            keeps=float(share.get("offer", np.nan)), accepts_from=float(share.get("accepts_from", np.nan)),
            refusal=float(refusals[h]), passes={} if share.keys() & {"offer", "accepts_from"} else share,
        )  # fmt: skip


def tempted(view: View, strategy: Floats) -> Leaving | None:
    """Who could gain most by changing alone, in units of his range; None where nobody could by more than rounding."""
    game = view.game
    worth = np.where(game.mask, view.worth(game, strategy), -np.inf)
    found = leavers(view, game, strategy, worth)
    return found[0][0]


def leavers(view: View, game: Game, strategy: Floats, worth: Floats) -> list[tuple[Leaving | None, float]]:
    """For each cell the agent that gains most by leaving play, and its gain as a share of its range.

    ``strategy (C, H, A)``, ``worth (C, H, A)`` with minus infinity beyond the last action; agents to whom play does
    not come, or of whom nothing says what they think, do not count.
    """
    once = worth
    total = np.where(np.isfinite(once), view.after_leaving(np.where(np.isfinite(once), once, 0.0)), -np.inf)
    kept = np.where(strategy > 0, strategy * np.where(np.isfinite(worth), worth, 0.0), 0.0).sum(axis=-1)
    if view.lasting and game.endless:  # to stay is no deviation: the worst does not follow on it
        total = np.where(strategy > 0, -np.inf, total)
    gain = total.max(axis=-1) - kept
    comes = game.comes_to(strategy) & ~np.isnan(worth).any(axis=-1)
    gain = np.where(comes, gain, -np.inf)
    share = gain / view.game.scale[0][view.owner]
    result: list[tuple[Leaving | None, float]] = []
    for c, h in enumerate(share.argmax(axis=1).tolist()):
        player = int(view.owner[h])
        if not gain[c, h] > view.room[player]:
            result.append((None, max(float(share[c, h]), 0.0)))
            continue
        agent = view.game.agents[h]
        a = int(total[c, h].argmax())
        going_on = (
            (float(once[c, h, a]), float(view.worst[player]), float(view.later[player]), float(kept[c, h]))
            if view.later[player] > 0
            else ()
        )
        leaving = Leaving(
            agent.label,
            view.game.players[player],
            view.game.called(h),
            agent.actions[a],
            float(gain[c, h]),
            *going_on,
        )
        result.append((leaving, float(share[c, h])))
    return result


@dataclass(frozen=True, eq=False)
class Ways:
    """Ways to bring outcomes about while all else stays as in one answer: play ``(W, H, A)``, of which outcome, by whom."""

    play: Floats
    actions: NDArray[np.int64]  # (W, H), -1 where it is as in the answer
    outcome: NDArray[np.int64]  # (W,)


def ways(view: View, k: int) -> Ways:
    """Every way to every outcome; none where there are too many of them."""
    game = view.game
    found = [game.bringing(o) for o in range(len(game.outcomes.names))]
    total = sum(map(len, found))
    if total > MOST_WAYS:
        found = [one[:0] for one in found]
    actions = np.concatenate([np.empty((0, len(game.agents)), np.int64), *found])
    outcome = np.repeat(np.arange(len(found)), [len(one) for one in found])
    play = np.repeat(view.strategy(k), len(actions), axis=0)
    w, h = np.nonzero(actions >= 0)
    play[w, h] = 0.0
    play[w, h, actions[w, h]] = 1.0
    return Ways(play, actions, outcome)


def portions(view: View, count: int) -> Iterator[tuple[slice, Game]]:
    """Copies of the game, as many at once as may be held."""
    size = max(1, AT_ONCE // max(view.game.payoffs[0].size, 1))
    for first in range(0, count, size):
        part = slice(first, min(first + size, count))
        yield part, view.game.take(np.zeros(part.stop - part.start, np.int64))


@dataclass(frozen=True, eq=False)
class Judged:
    """What each way is worth, ``values (W, n)``, who gains most by leaving it, and whether play comes to it."""

    values: Floats
    leaving: list[tuple[Leaving | None, float]]
    comes: NDArray[np.bool_]  # (W,)


def judged_ways(view: View, found: Ways) -> Judged:
    """Every way judged by the game."""
    values = np.empty((len(found.play), len(view.game.players)))
    leaving: list[tuple[Leaving | None, float]] = []
    comes = np.empty(len(found.play), np.bool_)
    for part, game in portions(view, len(found.play)):
        play = found.play[part]
        values[part] = game.values(play)
        worth = np.where(game.mask, view.worth(game, play), -np.inf)
        leaving += leavers(view, game, play, worth)
        happens = np.take_along_axis(game.shares(play), found.outcome[part, np.newaxis], axis=1)[:, 0] > FAINT
        comes[part] = (game.comes_to(play) | (found.actions[part] < 0)).all(axis=1) & happens
    return Judged(values, leaving, comes)


def said(view: View, actions: NDArray[np.int64]) -> dict[str, str]:
    """What a way asks of each agent that it asks something of, where there is anything to choose."""
    agents = view.game.agents
    asked = np.flatnonzero(actions >= 0).tolist()
    choosing = [h for h in asked if len(agents[h].actions) > 1] or asked
    return {agents[h].label: agents[h].actions[actions[h]] for h in choosing}


def better(view: View, k: int) -> Better | None:
    """Certain choices that are better for all: some that nobody would leave, else those best for who gains least."""
    found = ways(view, k)
    own = view.solution.value[view.cell, k]
    if not len(found.play):
        return None
    judged = judged_ways(view, found)
    gain = ((judged.values - own) / view.game.scale[0]).min(axis=1)
    good = (judged.values > own + view.room).all(axis=1) & judged.comes
    if not good.any():
        return None
    stays = np.array([one is None for one, _ in judged.leaving])
    w = int(np.lexsort((-gain, ~stays, ~good))[0])
    outcome = view.game.outcomes.names[int(found.outcome[w])]
    values = dict(zip(view.game.players, view.without_specks(judged.values[w]).tolist(), strict=True))
    whole = bool((found.actions >= 0).all())
    return Better(said(view, found.actions[w]), outcome, values, judged.leaving[w][0], whole)


def not_held(view: View) -> Iterator[NotHeld]:
    """Every outcome that no answer plays at least half of the time, and who would leave the way to it, least gain first."""
    solution, cell = view.solution, view.cell
    likely = solution.holds[cell]
    ever = (np.nan_to_num(solution.outcomes[cell]) > FAINT).any(axis=0)
    found = ways(view, 0)
    if view.haggling is not None or not len(found.play):
        return
    judged = judged_ways(view, found)
    like = 0 if bool((found.actions >= 0).all()) else 1
    best: list[tuple[bool, float, int]] = []
    for o in np.flatnonzero(~likely).tolist():
        rows = np.flatnonzero(found.outcome == o)
        least = min(
            ((not judged.comes[w], judged.leaving[w][1], int(w)) for w in rows.tolist()), default=None
        )
        if least is not None and not (
            ever[o] and judged.leaving[least[2]][0] is None
        ):  # else it is part of what is played
            best.append(least)
    for away, _, w in sorted(best):
        outcome = view.game.outcomes.names[int(found.outcome[w])]
        leaves = None if away else judged.leaving[w][0]
        yield NotHeld(outcome, said(view, found.actions[w]), leaves, like, not away)
