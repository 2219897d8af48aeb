"""Solution, and the one certificate that makes it of a claim.

A solver claims; :func:`certify` recomputes values, regret, index and component from the game and
gives the verdict.  A wrong solver therefore shows as ``refuted`` cells, never as a wrong answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.answers.shared import INNER_GAP, PAYOFF_SET
from sim.claim import Claim, Status
from sim.game import Floats, Game
from sim.game.unfit import unfit
from sim.kernels.base.tolerances import CERTIFIED, HALF, LEVEL_NOISE, SAME_PLAY, SAME_VALUE, TIE
from sim.kernels.judge.verdicts import verdicts
from sim.plugins import concepts, views

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TOLERANCE", "Claim", "Solution", "Status", "certify"]

TOLERANCE = CERTIFIED
"""Largest residual of a certified claim, in units of a player's range of payoffs."""

ROUNDED = "numbers were rounded: some were written with more digits than floats hold"


PAIRS = 4096  # of a cell and an equilibrium, looked at side by side

BLURRED = 1e3
"""Payoffs that differ by fewer tolerances than this may be what an iterative claim misses by."""


@dataclass(frozen=True, eq=False, repr=False)
class Solution:
    """A certified claim; made only by :func:`certify`.  Arrays have the cell first.

    ``count (C,)``, ``value (C, K, n)``, ``regret (C, K)`` in units of payoff, ``residual (C, K)`` of the
    concept (relative), ``index (C, K)`` Shapley's or 0, ``component (C, K)`` or -1, ``degenerate (C,)``,
    ``complete (C,)``, ``status (C,)`` of :class:`Status`; ``set_residual (C,)`` of what is claimed for a
    cell as a whole, NaN where nothing is.
    """

    game: Game
    concept: str
    claim: Claim
    count: NDArray[np.int64]
    value: Floats
    regret: Floats
    residual: Floats
    index: NDArray[np.int8]
    component: NDArray[np.int32]
    degenerate: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    status: NDArray[np.int8]
    set_residual: Floats

    def __repr__(self) -> str:
        text: str = views["solution_page"](self).text()
        return text

    def _repr_html_(self) -> str:
        """For notebooks: of one cell with the reasons."""
        page: str = views["solution_page"](self, why=True).html()
        return page

    def to_dataframe(self) -> pd.DataFrame:
        """A row for each cell and equilibrium, and one for a cell without any; the index is the cell.

        Columns: the parameters, where a scenario made the game, ``equilibrium``, the value of each player under
        his name, the probability ``p(outcome)`` of each outcome, ``regret``, ``index`` and ``component``, which
        are missing where there is none, and ``status``, as a word.
        """
        frame: pd.DataFrame = views["frame_of_solution"](self)
        return frame

    @property
    def strategy(self) -> Floats:
        """Probability of each action of each agent in each equilibrium, ``(C, K, H, A)``."""
        return self.claim.strategy

    @property
    def rounded(self) -> NDArray[np.bool_]:
        """Cells whose answer rests on floats that round numbers as they were written, ``(C,)``.

        A solver that says which cells it decided in exact arithmetic answers the others completely only where
        no rounding matters.
        """
        sure = np.zeros(self.game.cells, np.bool_) if self.claim.exact is None else self.complete
        return np.asarray(self.game.rounded & ~sure)

    def sentence(self, cell: int = 0, *, at: str = "", remedy: str = "mend the payoffs") -> str:
        """The verdict on a cell in words, with the remedy; ``at`` says where it is, in words as well."""
        status = Status(int(self.status[cell]))
        words = status.sentence
        if status == Status.nonfinite:
            where = at or (f"in cell {cell}" if self.game.cells > 1 else "")
            words = f"{' '.join(filter(None, (unfit(self.game, cell), where)))}: {remedy}"
        if status == Status.degenerate:
            words = self.ties(cell) or words
        return f"{words}; {ROUNDED}" if self.rounded[cell] else words

    def ties(self, cell: int = 0) -> str:
        """What ties of payoffs mean for a degenerate cell, in words; nothing where that is not known."""
        there = self.component[cell] >= 0
        component, value = self.component[cell, there], self.value[cell, there]
        if not self.complete[cell]:
            return ""
        if np.unique(component).size == component.size:
            return f"{Status.ok.sentence}; payoffs tie, and yet each equilibrium stands alone"
        first = np.array([np.argmax(component == one) for one in component])
        other = np.abs(value - value[first]) > SAME_VALUE * self.game.scale[cell]
        elsewhere = np.abs(self.outcomes[cell, there] - self.outcomes[cell, there][first]) > SAME_PLAY
        if other.any() or elsewhere.any():
            return f"{Status.ok.sentence}; payoffs tie, and a continuum joins the equilibria of a component"
        return (
            f"{Status.ok.sentence}; payoffs tie only off the path of play, or where it makes no difference: "
            "equilibria of one component share values and outcome"
        )

    @cached_property
    def holds(self) -> NDArray[np.bool_]:
        """Outcomes that some equilibrium plays with probability 1/2 or more, ``(C, outcome)``."""
        return self.holding(np.ones(self.outcomes.shape[:2], np.bool_))

    def holding(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The same of the ``chosen`` equilibria ``(C, K)``."""
        likely = np.nan_to_num(self.outcomes) >= HALF
        return np.asarray((likely & chosen[..., np.newaxis]).any(axis=1))

    @cached_property
    def outcomes(self) -> Floats:
        """Probability of each outcome in each equilibrium, ``(C, K, outcome)``; NaN beyond the last."""
        if self.claim.joint is None:
            return self.game.played(self.claim.extra).outcome_probabilities(self.claim.strategy)
        joint = self.claim.joint.reshape(*self.claim.joint.shape[:2], -1)
        tables = self.game.outcomes.tables
        return np.einsum("ckm,om->cko", joint, tables.reshape(len(tables), -1))


CODES = (int(Status.ok), int(Status.degenerate), int(Status.refuted))


def certify(
    game: Game,
    claim: Claim,
    concept: str = "nash",
    *,
    tolerance: float = TOLERANCE,
    asked: Game | None = None,
) -> Solution:
    """Judge a claim by the game alone.

    ``asked`` is the game that the solution is of, where cells that cannot be computed are left out of ``game``.

    Whatever is claimed, cells whose payoffs are not finite are ``nonfinite``.  A cell is ``refuted`` where an
    answer misses its concept by more than ``tolerance``, or a set that is claimed without reserve does; where
    that may be the rounding of its payoffs, since they are large and differ by little, or of a method that works
    in units of their range, it is ``nonfinite``.
    Equilibria that a continuum links make a cell ``degenerate``, and so do, with more than two players, best
    replies that an equilibrium does not play, whether or not the solver says so.
    ``complete`` stands only where the solver claims it and, for Nash equilibria of nondegenerate two-player games
    that were not decided in exact arithmetic, where the indices sum to +1 (Shapley 1974).
    Raises ValueError for a concept that is not judged for games of this form.
    """
    judged = concepts[concept]
    residual_of, whole_of = judged.judge(game)
    if not game.finite.all():
        claim = where_finite(claim, game.finite)
    exact = np.zeros(claim.status.shape, np.bool_) if claim.exact is None else claim.exact
    judgement = game.played(claim.extra).judge(claim.strategy, exact & ~claim.degenerate)
    linking = judged.linking(game)
    if linking is not None:
        judgement = replace(judgement, component=linking(game, claim, judgement))
    choosing = game.essences[0].game if game.essences else game
    if judged.rivals and not (judged.indexed and len(choosing.players) == 2 and claim.complete.all()):
        tied = linked(judgement.component)  # of two players whoever lists all of them knows
        if judged.indexed and len(choosing.players) > 2:
            tied |= with_other_replies(game, claim.strategy)
        claim = replace(claim, degenerate=claim.degenerate | tied)
    # a batch of no cells has nothing to judge
    residual = residual_of(game, claim, judgement) if game.cells else judgement.regret
    whole = np.full(game.cells, np.nan)
    if whole_of is not None and game.cells:
        whole = whole_of(game, claim)
        if PAYOFF_SET.name in claim.extra:
            declared = {INNER_GAP.name: INNER_GAP, **claim.answers}
            claim = replace(claim, extra={INNER_GAP.name: whole} | claim.extra, answers=declared)
    count, status = np.empty(game.cells, np.int64), np.empty(game.cells, np.int8)
    complete = np.empty(game.cells, np.bool_)
    indexed = judged.indexed and len(choosing.players) == 2
    verdicts(
        (claim.status, claim.complete, claim.degenerate, exact), judgement.component, residual, whole,
        judgement.index, indexed, tolerance, CODES, count, status, complete,
    )  # fmt: skip
    refuted = status == Status.refuted
    if refuted.any():
        status[refuted & indistinct(game, tolerance)] = Status.nonfinite
    left = np.nonzero(status == Status.refuted)[0]
    if left.size:
        pure = ((claim.strategy[left] > 0).sum(axis=-1) <= 1).all(axis=-1)
        wrong = ~(residual[left] <= tolerance) & ~np.isnan(claim.strategy[left, :, 0, 0]) & pure
        told = wrong.any(axis=1) & (concept == "nash")  # pure play is not rounded: what is wrong is wrong
        status[left[blurred(game.take(left), tolerance) & ~told]] = Status.nonfinite
    value = judgement.value
    if claim.joint is not None:
        value = np.einsum("cnm,ckm->ckn", flat(game.payoffs), flat(claim.joint))
    return Solution(
        game if asked is None else asked, concept, claim, count, value, judgement.regret, residual, judgement.index,
        judgement.component, claim.degenerate, complete, status, whole,
    )  # fmt: skip


def linked(component: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Cells in which several equilibria share a component, ``(C, K) -> (C,)``: a continuum links them."""
    return np.asarray(component.max(axis=1, initial=-1) + 1 < (component >= 0).sum(axis=1))


def with_other_replies(game: Game, strategy: Floats) -> NDArray[np.bool_]:
    """Cells with an equilibrium to which somebody has a best reply that he does not play, ``(C, K, H, A) -> (C,)``.

    Regular equilibria have none, so that payoffs tie where there is one (Harsanyi 1973).  Equal is what is so but for
    rounding of the payoffs that play and the reply can reach.  For games in which each player chooses once.
    """
    result = np.zeros(game.cells, np.bool_)
    cells, which = np.nonzero(~np.isnan(strategy[:, :, 0, 0]))
    for first in range(0, cells.size, PAIRS):
        some = cells[first : first + PAIRS]
        play, each = strategy[some, which[first : first + PAIRS]], game.take(some)
        gain = np.where(game.mask, each.deviations(play), -np.inf)
        size = each.with_payoffs(np.abs(each.payoffs)).deviations(play)
        level = each.values(play).reshape(*each.payoffs.shape[:2], *(1,) * (each.payoffs.ndim - 2))
        apart = each.with_payoffs(np.abs(each.payoffs - level)).deviations(play)
        room = np.where(game.mask, LEVEL_NOISE * size + TIE * apart, 0.0)
        room += np.take_along_axis(room, gain.argmax(axis=-1)[..., np.newaxis], axis=-1)
        best = gain >= gain.max(axis=-1, keepdims=True) - room
        np.logical_or.at(result, some, (best & (play == 0)).any(axis=(1, 2)))
    return result


def where_finite(claim: Claim, finite: NDArray[np.bool_]) -> Claim:
    """The claim without the cells in which payoffs are not finite, whatever it says of them."""
    strategy, joint = np.array(claim.strategy), None if claim.joint is None else np.array(claim.joint)
    strategy[~finite] = np.nan
    if joint is not None:
        joint[~finite] = np.nan
    status = np.where(finite, claim.status, np.int8(Status.nonfinite))
    return replace(
        claim, strategy=strategy, joint=joint, status=status, degenerate=claim.degenerate & finite
    )  # fmt: skip


def indistinct(game: Game, tolerance: float) -> NDArray[np.bool_]:
    """Cells in which some player's payoffs are rounded by more than ``tolerance`` of their range, ``(C,)``."""
    with np.errstate(invalid="ignore"):
        size = np.abs(flat(game.payoffs)).max(axis=-1)
        return np.asarray((LEVEL_NOISE * size > tolerance * game.scale).any(axis=1))


def blurred(game: Game, tolerance: float) -> NDArray[np.bool_]:
    """Cells in which some player's payoffs differ by next to nothing beside the largest difference, ``(C,)``.

    What iterates in units of the range cannot tell them apart, and misses by them.
    """
    gap = np.diff(np.sort(flat(game.payoffs), axis=-1), axis=-1)
    least = np.where(gap > 0, gap, np.inf).min(axis=-1, initial=np.inf)
    return np.asarray((least < BLURRED * tolerance * game.scale).any(axis=1))


def flat(array: Floats) -> Floats:
    """The first two axes kept, the joint actions in one."""
    return array.reshape(*array.shape[:2], -1)
