"""Values of a profile of automata, and whether anybody gains by one deviation in any state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.automata.automaton import Automaton
from sim.designs.intervals import discounts_where
from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated
from sim.game import Floats
from sim.solution import TOLERANCE

__all__ = ["OneShot", "best_reply_gains", "one_shot", "perfect_discounts", "tempted"]

MOST_ROUNDS = 1000


@dataclass(frozen=True, eq=False)
class OneShot:
    """The one-shot deviation check of a profile of automata; S states, averages per stage.

    ``value (C, n)`` from the start, ``values (C, n, S)`` from each state, ``gains (C, n, S, A)`` of doing
    something else once, NaN for what is done anyway.  The most tempting deviation is ``action (C,)`` of
    ``player (C,)`` in ``state (C,)`` (-1 where nobody can do anything else), and ``gain (C,)`` what it
    brings, negative where all are better off without.  ``perfect (C,)`` says that the profile is
    subgame perfect: no gain is above rounding, in units of the player's range of payoffs.
    """

    value: Floats
    values: Floats
    gains: Floats
    player: NDArray[np.int64]
    state: NDArray[np.int64]
    action: NDArray[np.int64]
    gain: Floats
    perfect: NDArray[np.bool_]


def one_shot(repeated: Repeated, automaton: Automaton, *, tolerance: float = TOLERANCE) -> OneShot:
    """Values and gains of a profile in every state; Mailath and Samuelson (2006), proposition 2.4.1.

    Values solve a linear system exactly, for all cells at once.  Raises ValueError where the profile does
    not fit the game.
    """
    game = automaton.game(repeated)
    strategy = automaton.strategy(game.cells)
    values, deviations = game.evaluate(strategy)
    cells, n, size = values.shape
    gains = deviations.reshape(cells, n, size, -1) - values[..., np.newaxis]
    gains[strategy.reshape(gains.shape) == 1.0] = np.nan
    relative = np.where(np.isnan(gains), -np.inf, gains / repeated.scale[:, :, np.newaxis, np.newaxis])
    flat = relative.reshape(cells, -1)
    best = flat.argmax(axis=1)
    found = np.isfinite(flat[np.arange(cells), best])
    where = np.unravel_index(best, gains.shape[1:])
    player, state, action = (np.where(found, place, -1) for place in where)
    gain = np.where(found, gains.reshape(cells, -1)[np.arange(cells), best], 0.0)
    sound = np.isfinite(values).all(axis=(1, 2))
    perfect = sound & ((flat.max(axis=1) <= tolerance) | ~found)
    start = np.broadcast_to(automaton.start, (cells, size))
    value = np.einsum("cns,cs->cn", values, start)
    return OneShot(value, values, gains, player, state, action, np.where(sound, gain, np.nan), perfect)


def best_reply_gains(repeated: Repeated, automaton: Automaton) -> Floats:
    """What each player's best strategy of all gains over the profile from its start, ``(C, n)``.

    A profile is a Nash equilibrium where nobody gains; deviations may be of any length.  By policy
    iteration (Howard 1960), for all cells at once.  Raises ValueError as :func:`one_shot` does.
    """
    game = automaton.game(repeated)
    given = automaton.strategy(game.cells)
    n, size = len(game.players), len(automaton.states)
    start = np.broadcast_to(automaton.start, (game.cells, size))
    before, _ = game.evaluate(given)
    result = np.zeros((game.cells, n))
    for i in range(n):
        own = slice(i * size, (i + 1) * size)
        strategy = given.copy()
        for _ in range(MOST_ROUNDS):
            values, deviations = game.evaluate(strategy)
            replies = np.where(game.mask[own], deviations[:, own], -np.inf)
            gain = replies.max(axis=-1) - values[:, i]
            better = gain > TOLERANCE * repeated.scale[:, i : i + 1]
            if not better.any():
                break
            best = np.eye(replies.shape[-1])[replies.argmax(axis=-1)]
            strategy[:, own] = np.where(better[..., np.newaxis], best, strategy[:, own])
        result[:, i] = ((values[:, i] - before[:, i]) * start).sum(axis=-1)
    return result


def perfect_discounts(stage: NormalForm, automaton: Automaton, *, points: int = 99) -> list[Floats]:
    """Common discounts at which a profile is subgame perfect: intervals ``(intervals, 2)`` for each cell.

    Ends are found to 1e-9 by :func:`sim.designs.intervals.discounts_where`, from ``points`` discounts.
    """

    def holds(cells: NDArray[np.int64], discount: Floats) -> NDArray[np.bool_]:
        patience = np.repeat(discount[:, np.newaxis], len(stage.players), axis=1)
        return one_shot(Repeated(stage.take(cells), patience), automaton.take(cells)).perfect

    return discounts_where(holds, stage.cells, points=points)


def tempted(found: OneShot, repeated: Repeated, automaton: Automaton, cell: int = 0) -> str:
    """Who is tempted by what and where, in words: ``Russia gains 0.8 by build_up in talking``."""
    player, state, action = found.player[cell], found.state[cell], found.action[cell]
    if player < 0:
        return "nobody can do anything else"
    gain = float(found.gain[cell])
    verb = "gains" if gain >= 0 else "loses"
    amount = f"{abs(gain):.4g}" if abs(gain) > TOLERANCE * repeated.scale[cell, player] else "nothing"
    doing = repeated.actions[player][action]
    return f"{repeated.players[player]} {verb} {amount} by {doing} in {automaton.states[state]!r}"
