"""Automata at play: many runs at once, each player with the state that he believes to be in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.automata.automaton import Automaton
from sim.automata.builtin import BUILT_IN
from sim.game import Floats
from sim.play.learning import Rule
from sim.plugins import unknown

__all__ = ["Followed", "named"]


@dataclass
class Followed(Rule):
    """Every player follows an automaton (its first cell).

    Lotteries of an automaton that plays for several are public: one lot decides for all of them.  Where
    signals are mistaken its players may come to believe in different states.
    """

    automata: Sequence[Automaton] = ()
    state: NDArray[np.int64] = field(init=False)  # (R, n)

    def start(self, lots: np.random.Generator) -> None:
        """Everybody in the first state, by lot where there are several."""
        self.state = np.zeros((self.runs, len(self.game.players)), dtype=np.int64)
        for automaton in self.automata:
            first = np.broadcast_to(automaton.start[0], (self.runs, len(automaton.states)))
            self.state[:, list(automaton.players)] = drawn(first, lots.random(self.runs))[:, np.newaxis]

    def choose(self) -> Floats:
        """What each player's state says, ``(R, n, A)``."""
        result = np.empty(self.shape)
        for automaton in self.automata:
            for place, i in enumerate(automaton.players):
                result[:, i] = automaton.play[0, self.state[:, i], place]
        return result

    def observe(self, seen: NDArray[np.int64], lots: np.random.Generator) -> None:
        """Each player goes where the joint action that he saw leads."""
        for automaton in self.automata:
            lot = lots.random(self.runs)
            for i in automaton.players:
                follow = automaton.follow[(0, self.state[:, i], *seen[:, i].T)]
                self.state[:, i] = drawn(follow, lot)


def drawn(chances: Floats, lot: Floats) -> NDArray[np.int64]:
    """What each lot in [0, 1) picks from its row of chances, ``(R, S), (R,) -> (R,)``."""
    levels = np.cumsum(chances, axis=-1)
    picked: NDArray[np.int64] = (lot[:, np.newaxis] * levels[:, -1:] >= levels).sum(axis=-1)
    return picked


def named(names: Sequence[str], own: Mapping[str, Automaton], shape: tuple[int, ...]) -> list[Automaton]:
    """One automaton for each player, by names: of a scenario (``own``) or built in.

    Those of a scenario know for whom they play; built-in ones are for the other players in order, and one
    alone for all.  Raises ValueError for unknown names, and where players are left over or out.
    """
    for name in names:
        if name not in own and name not in BUILT_IN:
            raise ValueError(
                unknown("automaton", name, [*own, *BUILT_IN]).replace("automatons:", "automata:")
            )
    automata = [own[name] for name in names if name in own]
    taken = [player for automaton in automata for player in automaton.players]
    left = [player for player in range(len(shape)) if player not in taken]
    given = [name for name in names if name not in own]
    if len(given) == 1:
        given *= len(left)
    if len(set(taken)) < len(taken) or len(given) != len(left):
        raise ValueError(
            f"{', '.join(names)}: {len(taken) + len(given)} automata for {len(shape)} players; "
            "each player needs one, and a built-in one alone is for all who have none"
        )
    return automata + [BUILT_IN[name](shape, player) for name, player in zip(given, left, strict=True)]
