"""Repeated games: the same stage again and again, seen by all or through public signals, valued with patience.

In every stage the players choose at the same time, everybody sees what was chosen, or a signal that may
mislead, and payoffs are averages per stage: player i values a path ``(1 - d_i) sum d_i^t u_i``, or with a
horizon of T stages the same divided by ``1 - d_i^T`` (Mailath and Samuelson 2006, chapter 2).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Self, TypeGuard

import numpy as np
from numpy.typing import NDArray

from sim.answers import Answer
from sim.answers.shared import FEASIBLE, STAGE_NASH
from sim.forms.normal import NormalForm
from sim.forms.stage import pure_equilibria
from sim.game import Agent, Floats, Game, Judgement, Outcomes
from sim.game.checks import checked_discount, numbers, rounded_cells, with_exact
from sim.kernels.base.tolerances import SAME_PLAY
from sim.plugins import forms

__all__ = ["LONGEST", "Repeated", "is_repeated", "misreading", "refuse_signals"]

LONGEST = 10**9
"""Most stages of a game that ends; with more its end is not felt, and it is one without an end."""


@dataclass(frozen=True, eq=False)
class Repeated(Game):
    """A batch of repeated games: a stage game, patience, and how long it lasts.

    ``discount`` is a number, one for each player, or ``(C, n)``, each in [0, 1); ``horizon`` is the
    number of stages, None for ever.  ``continuation`` is the probability of a next stage, another way to
    write patience: what counts is ``discount * continuation``, which is what the field ``discount`` holds.
    ``rounded (C,)`` are cells in which numbers were written that floats round.
    ``monitoring (C, A1, .., An, Y)`` (or without C) is the probability of each public signal after each joint
    action; None where everybody sees what was played.  Payoffs are then what a joint action is worth on
    average, and a player learns no more from his own than from the signal.
    A single stage game and many discounts, or the other way round, make a batch.

    Raises ValueError for discounts or probabilities that are none and for numbers of cells that do not fit.

    >>> stage = NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], ("Row", "Column"))
    >>> game = Repeated(stage, discount=[0.6, 0.9], continuation=0.5)
    >>> game.discount.tolist(), game.horizon
    ([[0.3, 0.45]], None)
    """

    form: ClassVar[str] = "repeated"
    default_concept: ClassVar[str] = "subgame_perfect"
    landmark_answers: ClassVar[tuple[Answer, ...]] = (FEASIBLE, STAGE_NASH)
    holding: ClassVar[tuple[str, str]] = ("can last", "cannot last")
    stage: NormalForm = field()  # not the stage that every game has
    discount: Floats
    horizon: int | None = None
    continuation: Any = 1.0
    monitoring: Floats | None = None
    rounded: Any = field(default=False, repr=False)  # (C,) once made

    def __post_init__(self) -> None:
        if not isinstance(self.stage, NormalForm):
            raise ValueError(  # noqa: TRY004 - the one error of wrong input
                f"the stage of a repeated game is a NormalForm, not a {type(self.stage).__name__}"
            )
        whole = isinstance(self.horizon, int | np.integer) and not isinstance(self.horizon, bool)
        if self.horizon is not None and not (whole and 1 <= self.horizon <= LONGEST):
            raise ValueError(
                f"horizon must be a whole number of stages from 1 to {LONGEST}, got {str(self.horizon)[:60]}"
            )
        written = [with_exact("discount", self.discount)[1], with_exact("continuation", self.continuation)[1]]
        signals = None if self.monitoring is None else with_exact("monitoring", self.monitoring)[1]
        players = len(self.stage.players)
        discount = checked_discount("discount", self.discount, players, one=self.horizon is not None)
        discount = discount * checked_discount("continuation", self.continuation, players, one=True)
        stage = self.stage
        monitoring = checked_monitoring(self.monitoring, stage.payoffs.shape[2:])
        cells = max(len(discount), 1 if monitoring is None else len(monitoring))
        if stage.cells == 1 < cells:
            stage = stage.take(np.zeros(cells, dtype=np.int64))
        if len(discount) not in (1, stage.cells):
            raise ValueError(f"discount has {len(discount)} cells, the stage game {stage.cells}")
        if monitoring is not None:
            if len(monitoring) not in (1, stage.cells):
                raise ValueError(f"monitoring has {len(monitoring)} cells, the stage game {stage.cells}")
            monitoring = np.broadcast_to(monitoring, (stage.cells, *monitoring.shape[1:]))
        discount = np.array(np.broadcast_to(discount, (stage.cells, len(stage.players))), order="C")
        # frozen: the constructor is the one place where fields are brought into their final form
        object.__setattr__(self, "stage", stage)
        object.__setattr__(self, "discount", discount)
        object.__setattr__(self, "continuation", 1.0)
        object.__setattr__(self, "monitoring", monitoring)
        # every number of the batch is looked at, whichever cell it is of
        odd = any(table is not None for table in (*written, signals))
        object.__setattr__(self, "rounded", rounded_cells(self.rounded, stage.cells) | stage.rounded | odd)

    @property
    def usual_concept(self) -> str:
        """Where signals mislead, what depends on them alone."""
        return self.default_concept if self.monitoring is None else "public_perfect"

    def facts(self) -> dict[str, Any]:
        """Patience, how long it lasts, and whether all is seen."""
        result: dict[str, Any] = {"patience": dict(zip(self.players, self.discount[0].tolist(), strict=True))}
        if self.horizon is not None:
            result["stages"] = str(self.horizon)
        if self.monitoring is not None:
            result["seen"] = "public signals, which may mislead"
        return result

    def spoken(self, place: tuple[int, ...]) -> str:
        """A joint action of the stage in words."""
        return self.stage.spoken(place)

    @property
    def players(self) -> tuple[str, ...]:  # type: ignore[override]
        """Names of the players."""
        return self.stage.players

    @property
    def payoffs(self) -> Floats:  # type: ignore[override]
        """Payoffs of the stage, ``(C, n, A1, .., An)``."""
        return self.stage.payoffs

    @property
    def outcomes(self) -> Outcomes:  # type: ignore[override]
        """Outcomes of the stage."""
        return self.stage.outcomes

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """Labels of the actions in the stage."""
        return self.stage.actions

    @property
    def agents(self) -> tuple[Agent, ...]:
        """One agent for each player: a strategy here is stationary play on the path."""
        return self.stage.agents

    @cached_property
    def finite(self) -> NDArray[np.bool_]:
        """Cells whose payoffs and discounts are all finite, ``(C,)``."""
        result: NDArray[np.bool_] = self.stage.finite & np.isfinite(self.discount).all(axis=1)
        return result

    def expect(self, table: Floats, strategy: Floats) -> Floats:
        """Per-stage average of a table when the same play goes on: the stage's expectation."""
        return self.stage.expect(table, strategy)

    def deviations(self, strategy: Floats) -> Floats:
        """Payoff of each action once, with the same play ever after, ``(C, n, A) -> (C, n, A)``.

        Nothing punishes here; what punishment can do is judged by the concept.
        """
        later = self.weight_of_later[..., np.newaxis]
        return (1.0 - later) * self.stage.deviations(strategy) + later * self.values(strategy)[
            ..., np.newaxis
        ]

    @cached_property
    def weight_of_later(self) -> Floats:
        """Weight of all stages but the first in a player's average, ``(C, n)``."""
        if self.horizon is None:
            return self.discount
        one, d = self.discount == 1.0, self.discount
        total = np.where(one, self.horizon, (1.0 - d**self.horizon) / np.where(one, 1.0, 1.0 - d))
        result: Floats = 1.0 - 1.0 / total
        return result

    def facing(self, agent: int) -> tuple[int, ...]:
        """All others: a stage is played at the same time."""
        return self.stage.facing(agent)

    def judge(self, strategy: Floats, generic: NDArray[np.bool_] | None = None) -> Judgement:
        """Values, and regret of play without memory (index and component do not apply)."""
        now = 1.0 - self.weight_of_later
        if not (now == now[:, :1]).all():
            return super().judge(strategy, generic)
        # gains from a deviation are those of the stage, for one stage
        of, now = self.stage.judge(strategy, generic), now[:, :1]
        nothing = np.zeros_like(of.index)
        return Judgement(of.value, of.regret * now, of.relative * now, nothing, of.component)

    def landmarks(self) -> dict[str, Floats]:
        """What one round can give two players: ``feasible (C, V, 2)``, ``stage_nash (C, P, 2)``, NaN-padded.

        Corners of the hull of the stage's payoffs, and payoffs of its pure equilibria.
        """
        if len(self.players) != 2:
            return {}
        from sim.kernels.repeated.finite_horizon import (
            feasible_rational_sets,  # compiled: only when asked for
        )

        payoffs = np.array(self.payoffs)
        flat = payoffs.reshape(self.cells, 2, -1)
        feasible = np.full((self.cells, flat.shape[-1] + 6, 2), np.nan)
        feasible_rational_sets(payoffs, flat.min(axis=-1), self.stage.finite, feasible)
        nash = pure_equilibria(payoffs, self.scale).reshape(self.cells, -1)
        points = np.where(nash[..., np.newaxis], flat.swapaxes(1, 2), np.nan)
        first = np.argsort(~nash, axis=1, kind="stable")[..., np.newaxis]
        points = np.take_along_axis(points, first, axis=1)
        return {
            name: array[:, : max(int((~np.isnan(array[..., 0])).sum(axis=1).max(initial=0)), 1)]
            for name, array in (("feasible", feasible), ("stage_nash", points))
        }

    def take(self, cells: Any) -> Self:
        """The batch of the chosen cells."""
        signals = None if self.monitoring is None else self.monitoring[cells]
        return type(self)(
            self.stage.take(cells), self.discount[cells], self.horizon, monitoring=signals,
            rounded=self.rounded[cells],
        )  # fmt: skip

    def with_payoffs(self, payoffs: Floats) -> Self:
        """The same game with other payoffs of the stage."""
        return replace(self, stage=self.stage.with_payoffs(payoffs))

    def rational(self, cells: NDArray[Any]) -> NDArray[Any]:
        """Payoffs of the stage as fractions."""
        return self.stage.rational(cells)


def checked_monitoring(monitoring: Any, sizes: tuple[int, ...]) -> Floats | None:
    """Probabilities of public signals as floats ``(C or 1, A1, .., An, Y)``."""
    if monitoring is None:
        return None
    array = numbers("monitoring", monitoring)
    if array.ndim == len(sizes) + 1:
        array = array[np.newaxis]
    if array.ndim != len(sizes) + 2 or array.shape[1:-1] != sizes or array.shape[-1] == 0:
        raise ValueError(
            f"monitoring has shape {array.shape}; it must be (cells, {', '.join(map(str, sizes))}, signals)"
        )
    if not (array >= 0.0).all() or np.abs(array.sum(axis=-1) - 1.0).max(initial=0.0) > SAME_PLAY:
        raise ValueError("monitoring must hold probabilities: none negative, and one in sum over signals")
    return array


def misreading(sizes: tuple[int, ...], error: Any) -> Floats:
    """Monitoring in which each player's action is read wrongly, by all alike: ``(C, A1, .., An, Y)``.

    ``error (C, n)``, ``(n,)`` or a number is the probability that what a player does is taken for one of
    his other actions, each as likely.  The signal is the joint action that was read, in C order; a player
    with one action is always read right.
    """
    wrong = numbers("error", error)
    wrong = np.broadcast_to(wrong, (len(wrong) if wrong.ndim == 2 else 1, len(sizes)))
    if not ((wrong >= 0.0) & (wrong <= 1.0)).all():
        raise ValueError(f"error must be from 0 to 1, got {wrong[~((wrong >= 0.0) & (wrong <= 1.0))][0]}")
    result = np.ones((len(wrong), *(1,) * (2 * len(sizes))))
    for i, size in enumerate(sizes):
        own = wrong[:, i, np.newaxis, np.newaxis] / max(size - 1, 1)
        same = np.eye(size, dtype=np.bool_)
        read = np.where(same, 1.0 - own * (size - 1), own)
        shape = [len(wrong)] + [1] * (2 * len(sizes))
        shape[1 + i], shape[1 + len(sizes) + i] = size, size
        result = result * read.reshape(shape)
    return result.reshape(len(wrong), *sizes, -1)


def refuse_signals(game: Repeated) -> None:
    """Raise ValueError where players see signals only: for methods that need perfect monitoring."""
    if game.monitoring is not None:
        raise ValueError(
            "this method takes it that everybody sees what was played, and this game has public signals: "
            "ask for the concept 'public_perfect'"
        )


def is_repeated(game: object) -> TypeGuard[Repeated]:
    """Whether it is a repeated game: for rooms that are about those and need to say so to whoever errs."""
    return isinstance(game, Repeated)


forms.add(Repeated.form, Repeated)
