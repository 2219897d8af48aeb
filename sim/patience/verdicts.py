"""A border of patience looked at from both sides: what lasts just inside, and not just outside, each certified.

That a path lasts is shown by the profile that is meant: every one-shot deviation in every state is tried, on
values that solve a linear system.  That it does not is shown by a player who gains by leaving it in spite of
the hardest threat there can be: of stage equilibria and sticks the best there are, of optimal penal codes the
worst payoff of a set that is bounded from outside (:func:`sim.patience.outer_gap`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.automata import one_shot
from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated
from sim.game import Floats
from sim.kernels.base.tolerances import BESIDE
from sim.patience.certified import MAX_STEPS, payoff_sets
from sim.patience.critical import critical_discount, critical_discounts
from sim.patience.paths import path_gain
from sim.patience.profiles import sustaining
from sim.patience.punishments import THREAT_STEPS, checked, position
from sim.patience.sets import minmax, outer_gap
from sim.patience.two_phase import along_cycle
from sim.solution import TOLERANCE

__all__ = ["BothSides", "both_sides", "easiest_of"]

TOP = 0.99  # where what never lasts is looked at: sets only grow with a common discount

JointAction = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class BothSides:
    """What was certified about a border of patience, ``(C,)`` each.

    ``inside`` is the common discount just above the ``border`` at which the path was looked at, and ``lasts``
    whether it was certified to last there; ``outside`` that just below, and ``fails`` whether it was certified
    not to last.  NaN where there is no such side: nothing lies below 0, and what never lasts has no inside.
    """

    border: Floats
    inside: Floats
    lasts: NDArray[np.bool_]
    outside: Floats
    fails: NDArray[np.bool_]

    @property
    def proved(self) -> NDArray[np.bool_]:
        """Whether every side that there is was certified, ``(C,)``; else the border is numerical evidence only."""
        return np.asarray((self.lasts | np.isnan(self.inside)) & (self.fails | np.isnan(self.outside)))

    def sentence(self, cell: int = 0) -> str:
        """What was certified of one cell, and what is numerical evidence only."""
        inside, outside = float(self.inside[cell]), float(self.outside[cell])
        said = []
        if not np.isnan(inside):
            said.append((bool(self.lasts[cell]), f"to last at {inside:.9g}"))
        if not np.isnan(outside):
            said.append((bool(self.fails[cell]), f"not to last at {outside:.9g}"))
        parts = [
            f"{word} {' and '.join(text for found, text in said if found == sure)}"
            for sure, word in ((True, "certified"), (False, "by numerical evidence only"))
            if any(found == sure for found, _ in said)
        ]
        return "; ".join(parts)


def both_sides(
    stage: NormalForm,
    path: JointAction | list[JointAction],
    punishment: str = "optimal",
    *,
    border: Floats | None = None,
) -> BothSides:
    """Look anew at both sides of the least common discount that sustains a joint action, or a cycle, for ever.

    ``border (C,)`` is :func:`critical_discount` unless another is given, as that of a cycle must be.  The sides
    are 1e-6 away.  Where nothing sustains it (NaN) one discount is looked at, 0.99.
    Cost: some milliseconds a cell with ``"optimal"``, less without.
    Raises ValueError as :func:`critical_discount` does, and for a cycle without a border.
    """
    steps = [position(stage, step) for step in (path if isinstance(path, list) else [path])]
    checked(punishment)
    if border is None:
        if len(steps) > 1:
            raise ValueError("a cycle of joint actions has no critical discount of its own: give its border")
        border = critical_discount(stage, steps[0], punishment)
    return looked_at(stage, np.asarray(border, dtype=np.float64), [steps], 0, punishment)


def easiest_of(stage: NormalForm, joint_actions: list[JointAction], punishment: str = "optimal") -> BothSides:
    """The same of an outcome: one of its joint actions lasts just inside, and none just outside; of one cell."""
    least = np.array([critical_discounts(stage, punishment)[0][each] for each in joint_actions])
    first = int(np.where(np.isnan(least), np.inf, least).argmin())
    cycles = [[position(stage, each)] for each in joint_actions]
    return looked_at(stage, least[[first]], cycles, first, punishment)


def looked_at(
    stage: NormalForm, border: Floats, cycles: list[list[JointAction]], first: int, punishment: str
) -> BothSides:
    """Both sides of a border ``(C,)``: the ``first`` of some cycles lasts on one, none of them on the other."""
    never = np.isnan(border)
    # next to 1 there is little room
    apart = np.minimum(BESIDE, 0.5 * (1.0 - border))
    inside = border + apart
    outside = np.where(never, TOP, np.where(border > apart, border - apart, np.nan))
    outside[~stage.finite] = np.nan
    lasts, fails = np.zeros(stage.cells, np.bool_), np.zeros(stage.cells, np.bool_)
    some = np.flatnonzero(~never)
    if some.size:
        lasts[some] = certainly_lasts(common(stage, some, inside), cycles[first], punishment)
    some = np.flatnonzero(~np.isnan(outside))
    if some.size:
        game = common(stage, some, outside)
        held = minmax(game.stage)
        fails[some] = all_fail(game, cycles, punishment, held)
        left = np.flatnonzero(~fails[some])
        if punishment == "optimal" and left.size:  # no threat goes below the minmax, few come near it
            game = game.take(left)
            fails[some[left]] = all_fail(game, cycles, punishment, np.fmax(held[left], hardest(game)))
    return BothSides(border, inside, lasts, outside, fails)


def common(stage: NormalForm, cells: NDArray[np.int64], discount: Floats) -> Repeated:
    """The chosen cells at one discount for all players, ``(C,)``."""
    return Repeated(stage.take(cells), np.repeat(discount[cells, np.newaxis], len(stage.players), axis=1))


def certainly_lasts(game: Repeated, steps: list[JointAction], punishment: str) -> NDArray[np.bool_]:
    """Whether the profile that is meant to sustain a path does, by all one-shot deviations, ``(C,)``."""
    try:
        return one_shot(game, sustaining(game, steps, punishment)).perfect
    except ValueError:  # some cell has no such punishment: each by itself
        if game.cells == 1:
            return np.zeros(1, np.bool_)
    each = [certainly_lasts(game.take([c]), steps, punishment) for c in range(game.cells)]
    return np.concatenate(each)


def hardest(game: Repeated) -> Floats:
    """Payoffs that no equilibrium goes below, ``(C, 2)``, by sets that are bounded from outside.

    Infinite where it is proved that there is no equilibrium at all, minus infinity where nothing is proved.
    """
    sets = payoff_sets(game, THREAT_STEPS)
    beyond = outer_gap(game, sets, max_steps=MAX_STEPS)[:, np.newaxis]
    # the unit of the gap is the range rounded up to a power of two
    worst = np.fmin.reduce(sets, axis=1) - 2.0 * game.scale * beyond
    return np.asarray(np.where(np.isnan(worst), np.where(beyond == 0.0, np.inf, -np.inf), worst))


def all_fail(
    game: Repeated, cycles: list[list[JointAction]], punishment: str, held: Floats
) -> NDArray[np.bool_]:
    """Whether every one of some cycles certainly fails, ``(C,)``."""
    return np.all([certainly_fails(game, steps, punishment, held) for steps in cycles], axis=0)


def certainly_fails(
    game: Repeated, steps: list[JointAction], punishment: str, held: Floats
) -> NDArray[np.bool_]:
    """Whether somebody gains by leaving a path whatever threat of this kind follows, ``(C,)``.

    No threat goes below ``held (C, n)``.  By more than rounding: by :data:`sim.solution.TOLERANCE` of his range,
    weighed as it is discounted.  That there is no threat at all also counts.
    """
    leave, values = along_cycle(game, steps)  # (C, phases, n)
    scale, d = game.scale[:, np.newaxis], game.discount
    enough = TOLERANCE * (1.0 - d.max(axis=1))
    gain = ((leave + (d * held)[:, np.newaxis] - values) / scale).max(axis=(1, 2))
    sure = gain > enough
    if punishment != "optimal":
        least = path_gain(game, steps, punishment) / game.scale.max(axis=1)
        sure |= np.isnan(least) | (least > enough)
    return np.asarray(sure)
