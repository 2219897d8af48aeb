"""Bargaining: who offers what to whom, who may leave, and what each gets without agreement.

A pie is divided.  In every round one side proposes and all others answer; agreement of all ends it.  Whoever rejects
may leave, which gives everybody what he gets outside; otherwise talks break down with some risk, or a round passes.
Shares are of the pie, what comes a round later is worth ``discount`` of it (Rubinstein 1982; Binmore, Rubinstein and
Wolinsky 1986; Binmore, Shaked and Sutton 1989).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from sim.game import Agent, Floats, Game, Judgement, Outcomes
from sim.game.checks import labels, numbers
from sim.game.demands import told_demands
from sim.game.offers import Plan, Terms
from sim.game.private import Drawn, read_types
from sim.game.talks import Talks, judged_talks, kind_of_talks, not_written, told_refusals
from sim.kernels.base.extremes import LARGEST, SMALLEST
from sim.plugins import forms, unknown

__all__ = ["Bargaining"]

PROTOCOLS = ("alternating", "random")
LEAVING = ("after_rejecting", "any_time", "never")
MOST_ROUNDS = 200
MOST_PLAYERS = 12
RESULTS = ("agreement at once", "agreement after delay", "outside", "breakdown")
NEITHER = RESULTS.index("outside")


@dataclass(frozen=True, eq=False)
class Bargaining(Game):
    """A batch of bargains over a pie; numbers, or arrays with the cell first.

    ``discount``, ``outside``, ``breakdown`` and ``inside`` are one number for all players, one for each, or
    ``(C, n)``: the weight of a round later; what each gets when anybody leaves, or when the last round is over; what
    when talks break down; what each round without agreement is worth (as a flow: ``1 - discount`` of it a round).
    ``pie`` and ``risk`` are numbers or ``(C,)``; ``risk`` is the probability that a rejection ends the talks.
    ``offers`` is "alternating" (in the order of the players, the first begins), "random" (all alike) or the player who
    makes all of them; ``rounds`` how many there are, None for no end; ``leaving`` who may leave when:
    "after_rejecting", "any_time" (also in place of an offer), "never".
    ``types`` is ``{player: {type: {"chance": .., "outside": .., "obstinate": ..}}}``: what the others do not know;
    of several obstinate types of a side, one that reasons chooses for which it passes.
    ``payoffs (C, n, 1, .., 1)`` is what each has beside, whatever comes of the talks.

    Raises ValueError for what is no bargain, and for one that nobody has solved yet, with what to do instead.

    >>> game = Bargaining(("Row", "Column"), discount=[0.9, 0.5])
    >>> [agent.label for agent in game.agents]
    ['Row@proposing', 'Row@answering', 'Column@proposing', 'Column@answering']
    """

    form: ClassVar[str] = "bargaining"
    default_concept: ClassVar[str] = "subgame_perfect"
    picture: ClassVar[str] = "bargaining_range"
    players: tuple[str, ...]
    discount: Any
    outside: Any = 0.0
    breakdown: Any = 0.0
    inside: Any = 0.0
    pie: Any = 1.0
    risk: Any = 0.0
    offers: str = "alternating"
    rounds: int | None = None
    leaving: str = "after_rejecting"
    types: Any = field(default_factory=dict)
    payoffs: Floats = None  # type: ignore[assignment] # filled in by __post_init__
    outcomes: Outcomes = None  # type: ignore[assignment] # filled in by __post_init__
    talks: Talks | None = field(default=None, repr=False)  # what was claimed, while it is judged

    def __post_init__(self) -> None:
        players = labels("players", self.players)
        if not 2 <= len(players) <= MOST_PLAYERS:
            raise ValueError(f"{len(players)} players cannot bargain; a bargain has 2 to {MOST_PLAYERS}")
        checked_protocol(self.offers, self.rounds, self.leaving, players)
        own = {name: by_player(name, getattr(self, name), len(players)) for name in PER_PLAYER}
        alone = {name: np.atleast_1d(numbers(name, getattr(self, name))) for name in ("pie", "risk")}
        for name, array in (("discount", own["discount"]), ("risk", alone["risk"])):
            wrong = ~(((array >= 0.0) & (array <= 1.0)) | np.isnan(array))
            if wrong.any():
                raise ValueError(f"{name} must be from 0 to 1, got {array[wrong].ravel()[0]}")
        if (alone["pie"] <= 0.0).any():
            raise ValueError(f"the pie must be larger than 0, got {alone['pie'].min()}")
        drawn = self.types
        if isinstance(drawn, Mapping):
            drawn = tuple(read_types(drawn, players, own))
        ones = (1,) * len(players)
        payoffs = (
            np.zeros((1, len(players), *ones)) if self.payoffs is None else numbers("payoffs", self.payoffs)
        )
        payoffs = payoffs.reshape(payoffs.size // len(players), len(players), *ones)
        tables = [*own.values(), *alone.values(), payoffs, *(each.chance for each in drawn)]
        tables += [
            array for each in drawn for array in (each.outside, each.breakdown, each.inside, each.obstinate)
        ]
        cells = next((len(array) for array in tables if len(array) != 1), 1)
        if any(len(array) not in (1, cells) for array in tables):
            raise ValueError(f"arrays of {sorted({len(array) for array in tables})} cells make no batch")
        drawn = tuple(replace_cells(each, cells) for each in drawn)
        problem = not_written(
            self.offers,
            self.rounds,
            self.leaving,
            players,
            [(each.player, bool(each.demands)) for each in drawn],
        )
        if problem:
            raise ValueError(problem[1])
        final = {"players": players, "types": drawn, "payoffs": spread(payoffs, cells)}
        final |= {name: spread(array, cells) for name, array in (own | alone).items()}
        outcomes = self.outcomes or Outcomes(RESULTS, np.full(ones, NEITHER, np.int64))
        # frozen: the constructor is the one place where fields are brought into their final form
        for name, value in {**final, "outcomes": outcomes}.items():
            object.__setattr__(self, name, value)

    @property
    def usual_concept(self) -> str:
        """With types it is beliefs as well that must be right."""
        return "perfect_bayesian" if self.types else self.default_concept

    @cached_property
    def kind(self) -> str:
        """Which talks these are: "open" where nothing is hidden, else by what types do (:mod:`sim.game.talks`)."""
        most = max((len(each.demands) for each in self.types), default=0)
        return kind_of_talks(self.rounds, self.leaving, bool(self.types), most)

    @property
    def proposers(self) -> tuple[int, ...]:
        """Who ever makes an offer, in the order of their first."""
        if self.offers in self.players:
            return (self.players.index(self.offers),)
        most = len(self.players) if self.rounds is None or self.offers == "random" else self.rounds
        return tuple(range(len(self.players)))[:most]

    @cached_property
    def roles(self) -> tuple[tuple[int, int, int], ...]:
        """Each agent as ``(player, proposer, type)``: the proposer is himself where he proposes; -1 where any or none.

        Of three and more who propose in turn, whoever answers may ask for more from one proposer than from another.
        """
        found = []
        by_proposer = len(self.players) > 2 and self.offers == "alternating"
        for i in range(len(self.players)):
            kinds = next((range(len(each.labels)) for each in self.types if each.player == i), (-1,))
            for kind in kinds:
                if i in self.proposers:
                    found.append((i, i, kind))
                offering = [s for s in self.proposers if s != i]
                found += [(i, s, kind) for s in offering] if by_proposer else [(i, -1, kind)] * bool(offering)
        return tuple(found)

    @cached_property
    def agents(self) -> tuple[Agent, ...]:
        """Each side when it proposes and when it answers, by type where it has types; one action that stands for all."""
        return tuple(Agent(i, self.spoken_role(i, s, kind), ("talk",)) for i, s, kind in self.roles)

    def spoken_role(self, player: int, proposer: int, kind: int) -> str:
        """``NATO@firm, answering``."""
        words = [each.labels[kind] for each in self.types if each.player == player]
        doing = "proposing" if proposer == player else "answering"
        if proposer not in (player, -1):
            doing += f" {self.players[proposer]}"
        return f"{self.players[player]}@{', '.join([*words, doing])}"

    @cached_property
    def terms(self) -> Terms:
        """What the bargain is about, as :mod:`sim.game.offers` has it."""
        count = len(self.players)
        unit = np.eye(count)
        if self.offers in self.players:
            order = np.tile(unit[self.players.index(self.offers)], (count, 1))
            first = order[0]
        elif self.offers == "random":
            order, first = np.full((count, count), 1.0 / count), np.full(count, 1.0 / count)
        else:
            order, first = np.roll(unit, 1, axis=1), unit[0]
        return Terms(
            self.pie, self.discount, self.outside, self.breakdown, self.inside, self.risk, order, first,
            self.rounds, self.leaving != "never", self.leaving == "any_time",
        )  # fmt: skip

    @cached_property
    def finite(self) -> NDArray[np.bool_]:
        """Cells whose numbers are all finite and of a size to compute with, ``(C,)``."""
        tables = [getattr(self, name) for name in (*PER_PLAYER, "payoffs")]
        tables += [
            array for each in self.types for array in (each.chance, each.outside, each.breakdown, each.inside)
        ]
        result = (self.pie > SMALLEST) & (self.pie < LARGEST) & np.isfinite(self.risk)
        for table in tables:
            result = result & np.isfinite(table).all(axis=tuple(range(1, table.ndim)))
        return np.asarray(result)

    def called(self, agent: int) -> str:
        """``"as firm, when it answers"``."""
        player, proposer, kind = self.roles[agent]
        drawn = [f"as {each.labels[kind]}" for each in self.types if each.player == player]
        doing = "when it proposes" if proposer == player else "when it answers"
        if proposer not in (player, -1):
            doing += f" {self.players[proposer]}"
        return ", ".join([*drawn, doing])

    def expect(self, table: Floats, strategy: Floats) -> Floats:
        """Expectation of a table of what is had beside: there is one joint action, ``(C or 1, 1, .., 1) -> (C,)``."""
        weight = strategy[:, :, 0].prod(axis=1)
        return np.broadcast_to(table.reshape(-1), weight.shape) * weight

    def deviations(self, strategy: Floats) -> Floats:
        """What each has beside: offers and answers are no actions, and are judged with the talks."""
        whose = [agent.player for agent in self.agents]
        beside = self.payoffs.reshape(self.cells, len(self.players))[:, whose]
        return beside[..., np.newaxis] * np.ones_like(strategy)

    def take(self, cells: Any) -> Self:
        """The batch of the chosen cells."""
        numbers = {name: getattr(self, name)[cells] for name in (*PER_PLAYER, "pie", "risk", "payoffs")}
        drawn = tuple(each.take(cells) for each in self.types)
        talks = None if self.talks is None else self.talks.take(cells)
        return replace(self, **numbers, types=drawn, talks=talks)

    def played(self, answers: Mapping[str, NDArray[Any]]) -> Self:
        """The game with the talks that are claimed, so that they are judged."""
        return replace(self, talks=Talks(dict(answers)))

    def told(self, strategy: Any, answers: Mapping[str, NDArray[Any]]) -> dict[str, dict[str, Any]]:  # noqa: ARG002
        """What each agent does in one answer of one cell: the share it keeps, or the least it accepts.

        Who reasons and chooses among several demands of obstinate types passes for each of them with a chance.
        """
        result = {}
        passing = told_demands(self.types, answers) if self.kind == "demands" else {}
        for h, (player, proposer, _) in enumerate(self.roles):
            word = "offer" if player == proposer else "accepts_from"
            share = float(answers[word][h])
            chooses = player in passing and player == proposer and math.isnan(share)
            result[self.agents[h].label] = passing.get(player, {}) if chooses else {word: share}
        return result

    def bringing(self, outcome: int) -> NDArray[np.int64]:  # noqa: ARG002 - as every form has it
        """None: it is offers and answers that bring outcomes about."""
        return np.empty((0, len(self.roles)), np.int64)

    def refusals(self, claimed: Mapping[str, NDArray[Any]]) -> Floats:
        """What it is worth to each agent that the first offer it makes or answers is refused; NaN where that is not known.

        Known in talks in which nothing is hidden.
        """
        if self.kind != "open":
            return np.full(len(self.roles), np.nan)
        shares, accepted, leaves = (claimed[name][np.newaxis] for name in ("shares", "accepted", "leaves"))
        plan = Plan(shares, accepted, leaves.astype(np.bool_))
        return told_refusals(self.terms, plan, self.roles)[0]

    def judge(self, strategy: Floats, generic: NDArray[np.bool_] | None = None) -> Judgement:
        """Values of the talks that are claimed, and the most that one deviation gains (:mod:`sim.game.offers`)."""
        found = super().judge(strategy, generic)
        if self.talks is None:
            return found
        value, gain, _ = self.verdict(strategy)
        beside = self.payoffs.reshape(self.cells, 1, len(self.players))
        relative = gain / self.pie[:, np.newaxis]
        return replace(found, value=value + beside, regret=gain, relative=relative)

    def outcome_probabilities(self, strategy: Floats) -> Floats:
        """Chance of each outcome in each claim, ``(C, K, H, A) -> (C, K, outcome)``; NaN where there is none."""
        if self.talks is None:
            return super().outcome_probabilities(strategy)
        return self.verdict(strategy)[2]

    def verdict(self, strategy: Floats) -> tuple[Floats, Floats, Floats]:
        """Values ``(C, K, n)``, gains ``(C, K)`` and outcomes ``(C, K, 4)`` of what is claimed, NaN where nothing is."""
        assert self.talks is not None, "what is judged was claimed"
        there = ~np.isnan(strategy[..., 0, 0])
        return judged_talks(self.kind, self.terms, self.types, self.talks, there, self.roles)


PER_PLAYER = ("discount", "outside", "breakdown", "inside")


def checked_protocol(offers: str, rounds: Any, leaving: str, players: tuple[str, ...]) -> None:
    """Raise ValueError for words and numbers that are none."""
    if offers not in (*PROTOCOLS, *players):
        raise ValueError(f"offers: {unknown('protocol', offers, (*PROTOCOLS, *players))}")
    if leaving not in LEAVING:
        raise ValueError(f"leaving: {unknown('rule', leaving, LEAVING)}")
    whole = isinstance(rounds, int | np.integer) and not isinstance(rounds, bool)
    if rounds is not None and not (whole and 1 <= rounds <= MOST_ROUNDS):
        raise ValueError(
            f"rounds must be a whole number from 1 to {MOST_ROUNDS} or None, got {str(rounds)[:60]}"
        )


def by_player(name: str, value: Any, players: int) -> Floats:
    """One number for each player in each cell, ``(C or 1, n)``."""
    array = numbers(name, value)
    if array.ndim > 2 or (array.ndim > 0 and array.shape[-1] not in {1, players}):
        raise ValueError(
            f"{name} has shape {array.shape}; it must be a number, one for each of {players} players, "
            f"or (cells, {players})"
        )
    return np.broadcast_to(array, (len(array) if array.ndim == 2 else 1, players))


def spread(array: Floats, cells: int) -> Floats:
    """The array with the cell first, its own copy."""
    return np.array(np.broadcast_to(array, (cells, *array.shape[1:])), order="C")


def replace_cells(each: Drawn, cells: int) -> Drawn:
    """The types of a player in as many cells as there are."""
    return Drawn(
        each.player, each.labels, spread(each.chance, cells), spread(each.outside, cells),
        spread(each.breakdown, cells), spread(each.inside, cells), spread(each.obstinate, cells),
    )  # fmt: skip


forms.add(Bargaining.form, Bargaining)
