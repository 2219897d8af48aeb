"""Automata in words, one line for each state: what is done there, and what leads elsewhere.

    talking:  talk; if Russia build_up: guarding
    guarding: reinforce; if Russia withdraw or demand: talking

First the action (one for each player, with commas, where the automaton plays for all).  Then rules, of
which the first that fits counts; where none does the state stays.  A condition is a player with actions
joined by ``or``, or a player (or ``anybody``) who ``deviates``, does other than told; ``and`` joins
conditions.  ``else: STATE`` is for everything else.  Chances follow what they belong to:
``talk 0.9 or refuse 0.1``, ``guarding 0.5 or talking 0.5``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.automata.automaton import Automaton
from sim.game import Floats
from sim.kernels.base.tolerances import SAME_PLAY
from sim.plugins import nearest

__all__ = ["SpellingError", "State", "along", "assembled", "read_state"]

NUMBER = re.compile(r"[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?")
SEPARATOR = re.compile(r"\s(?:or|and)\s|[,;:]")
ENDS = " ,;:"
MOST_SHOWN = 60  # characters of what was found
ANYBODY, DEVIATES = "anybody", "deviates"  # words of the language, unless a label is the same
Labels = tuple[tuple[str, ...], ...]


class SpellingError(ValueError):
    """What is wrong with the text of one state."""


@dataclass(frozen=True, eq=False)
class State:
    """One state: the probabilities of actions ``(P, A)`` and of next states ``(A1, .., An, S)``."""

    play: Floats
    follow: Floats


@dataclass
class Reader:
    """Reads one text from left to right; labels are known, so that they may have spaces in them."""

    text: str
    players: tuple[str, ...]
    actions: Labels
    states: tuple[str, ...]
    whose: tuple[int, ...]  # for whom the automaton plays
    at: int = 0

    def word(self, options: Iterable[str]) -> str | None:
        """The longest of the options with which the text goes on, passed over."""
        self.blank()
        for option in sorted(options, key=len, reverse=True):
            end = self.at + len(option)
            if self.text.startswith(option, self.at) and (end == len(self.text) or self.text[end] in ENDS):
                self.at = end
                return option
        return None

    def sign(self, sign: str) -> bool:
        """Whether a sign comes next; it is passed over."""
        self.blank()
        found = self.text.startswith(sign, self.at)
        self.at += len(sign) if found else 0
        return found

    def blank(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def found(self) -> str:
        """What stands here, for messages: up to the next separator."""
        self.blank()
        word = SEPARATOR.split(self.text[self.at :], maxsplit=1)[0].strip()
        word = word if len(word) <= MOST_SHOWN else word[:MOST_SHOWN] + "..."
        return word or self.text[self.at : self.at + 1] or "the end"

    def one_of(self, kind: str, options: Sequence[str], title: str) -> int:
        """The position of the word that comes next; raises SpellingError where it is none of them."""
        word = self.word(options)
        if word is None:
            found = self.found()
            raise SpellingError(
                f"unknown {kind} {found!r} ({title}: {', '.join(options)}).{nearest(found, options)}"
            )
        return options.index(word)

    def mixture(self, kind: str, options: Sequence[str], title: str) -> Floats:
        """One option, or several with their chances, joined by ``or``."""
        weights = np.zeros(len(options))
        chances: list[float | None] = []
        while True:
            position = self.one_of(kind, options, title)
            self.blank()
            match = NUMBER.match(self.text, self.at)
            chances.append(float(match[0]) if match else None)
            self.at = match.end() if match else self.at
            weights[position] += 1.0 if chances[-1] is None else chances[-1]
            if not self.word(["or"]):
                break
        if len(chances) > 1 and None in chances:
            raise SpellingError(f"each {kind} of several needs a chance, as in '{options[0]} 0.5 or ...'")
        if not abs(weights.sum() - 1.0) <= SAME_PLAY:
            raise SpellingError(f"chances must add up to 1; they add up to {weights.sum():g}")
        return weights

    def condition(self, told: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Where a condition holds, ``(A1, .., An)``; ``told (n, A)`` is what the automaton may do here."""
        shape = tuple(map(len, self.actions))
        fits = np.ones(shape, dtype=bool)
        while True:
            who = self.word([*self.players, ANYBODY])
            if who is None:
                self.one_of("player", [*self.players, ANYBODY], "players")
            elif who == ANYBODY and ANYBODY not in self.players:
                if self.word([DEVIATES]) is None:
                    raise SpellingError(f"expected {DEVIATES!r} after {ANYBODY!r}, found {self.found()!r}")
                kept = np.ones(shape, dtype=bool)
                for i in self.whose:
                    kept &= along(told[i, : shape[i]], i, shape)
                fits &= ~kept
            else:
                i = self.players.index(who)
                fits &= along(self.doing(i, told[i, : shape[i]]), i, shape)
            if not self.word(["and"]):
                return fits

    def doing(self, i: int, told: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The actions of player i that a condition names."""
        if DEVIATES not in self.actions[i] and self.word([DEVIATES]):
            if i not in self.whose:
                raise SpellingError(
                    f"{self.players[i]} {DEVIATES!r}: this automaton does not say what {self.players[i]} "
                    "should do; name the actions"
                )
            return ~told
        named = np.zeros(len(self.actions[i]), dtype=bool)
        while True:
            named[self.one_of("action", self.actions[i], f"actions of {self.players[i]}")] = True
            if not self.word(["or"]):
                return named

    def state(self, own: int) -> State:
        """The whole text of the state at position ``own``."""
        shape = tuple(map(len, self.actions))
        play = np.zeros((len(self.whose), max(shape)))
        for place, i in enumerate(self.whose):
            if place and not self.sign(","):
                raise SpellingError(
                    f"expected ', ' and an action of {self.players[i]}, found {self.found()!r}"
                )
            title = f"actions of {self.players[i]}"
            play[place, : shape[i]] = self.mixture("action", self.actions[i], title)
        told = np.ones((len(shape), max(shape)), dtype=bool)
        told[list(self.whose)] = play > 0
        rules: list[tuple[NDArray[np.bool_], Floats]] = []
        closed = False
        while self.sign(";"):
            self.blank()
            if self.at == len(self.text):
                break
            if closed:
                raise SpellingError("nothing can follow 'else'; put it last")
            fits = np.ones(shape, dtype=bool)
            if self.word(["if"]):
                fits = self.condition(told)
            elif self.word(["else"]):
                closed = True
            else:
                raise SpellingError(f"expected 'if' or 'else', found {self.found()!r}")
            if not self.sign(":"):
                raise SpellingError(f"expected ':' and the next state, found {self.found()!r}")
            rules.append((fits, self.mixture("state", self.states, "states")))
        self.blank()
        if self.at < len(self.text):
            raise SpellingError(f"expected ';' and another rule, found {self.found()!r}")
        follow = np.zeros((*shape, len(self.states)))
        follow[..., own] = 1.0
        for fits, target in reversed(rules):
            follow[fits] = target
        return State(play, follow)


def along(truths: NDArray[np.bool_], axis: int, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Truths about one player's action, ready for joint actions."""
    result: NDArray[np.bool_] = truths.reshape([-1 if i == axis else 1 for i in range(len(shape))])
    return result


def read_state(
    text: str,
    name: str,
    states: tuple[str, ...],
    players: tuple[str, ...],
    actions: Labels,
    player: str | None,
) -> State:
    """The state ``name`` of an automaton for one player, or for all (None).  Raises SpellingError."""
    whose = tuple(range(len(players))) if player is None else (players.index(player),)
    return Reader(text, players, actions, states, whose).state(states.index(name))


def assembled(
    read: Sequence[State], states: tuple[str, ...], start: str, players: tuple[str, ...], player: str | None
) -> Automaton:
    """The automaton of states that have been read."""
    whose = tuple(range(len(players))) if player is None else (players.index(player),)
    first = np.eye(len(states))[states.index(start)]
    return Automaton(
        whose, states, first, np.stack([state.play for state in read]), np.stack([s.follow for s in read])
    )
