"""Cells as the map sees them: solved and certified, and reduced to what decides how they look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claim import Status
from sim.kernels.base.tolerances import CERTAIN, HALF, SAME_PLAY
from sim.pictures.style.palette import Palette
from sim.pictures.style.regimes import CellWords, Seen, all_alike, likeliest
from sim.scenario import Scenario
from sim.selection import select
from sim.solution import Solution
from sim.solving import solve
from sim.web.asked import View

__all__ = ["alike", "each", "in_shape", "picked", "seen_at", "seen_in", "solved_at", "words_of_cells"]


def solved_at(scenario: Scenario, view: View, values: Mapping[str, NDArray[Any]]) -> Solution:
    """The certified answer at points ``values[name] (C,)``, all other parameters as the view has them."""
    return solve(scenario.game(**{**view.values, **values}), view.concept, view.solver)


def seen_at(scenario: Scenario, view: View, values: Mapping[str, NDArray[Any]]) -> Seen:
    """The same, reduced to what a map shows, ``(C,)`` and ``(C, outcome)``."""
    return seen_in(solved_at(scenario, view, values), view.select)


def seen_in(solution: Solution, selection: str | None) -> Seen:
    """What a map shows of a batch: of its equilibria those that a selection chooses, if one is asked for."""
    likely = np.asarray(np.nan_to_num(solution.outcomes) >= HALF)
    play = solution.strategy
    # a row without numbers mixes nothing
    pure = np.asarray(((play > CERTAIN).any(axis=-1) | np.isnan(play[..., 0])).all(axis=-1))
    count = solution.count
    shares = np.asarray(solution.outcomes)
    half = np.asarray(np.abs(np.nan_to_num(solution.outcomes) - HALF) < SAME_PLAY)
    if selection:
        chosen = select(solution, selection)
        count = chosen.sum(axis=1)
        likely, half = likely & chosen[..., np.newaxis], half & chosen[..., np.newaxis]
        shares = np.where(chosen[..., np.newaxis], shares, np.nan)
    holds = np.asarray(likely.any(axis=1))
    certain = (likely & pure[..., np.newaxis]).any(axis=1)
    return Seen(
        np.asarray(solution.status),
        np.asarray(count),
        holds,
        holds & ~certain,
        np.asarray(solution.degenerate, dtype=bool) & ~ending_alike(solution),
        np.asarray(half.any(axis=(1, 2))),
        likeliest(shares, holds) if shares.shape[1] else np.zeros_like(holds),
    )


def ending_alike(solution: Solution) -> NDArray[np.bool_]:
    """Cells whose equilibria all end alike, ``(C,)``."""
    likely = np.asarray(solution.outcomes)
    return all_alike(likely) if likely.shape[1] else np.zeros(len(likely), dtype=bool)


def alike(seen: Seen) -> NDArray[np.uint64]:
    """Numbers that are equal for cells that look alike, ``(C,)``."""
    flags = np.column_stack(
        [seen.holds, seen.mixed, seen.degenerate, seen.half, seen.leading, seen.count > 0, seen.count > 1]
    )
    weights = np.random.default_rng(1).integers(1, 2**63, flags.shape[1], np.uint64)
    status = seen.status.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    result: NDArray[np.uint64] = flags.astype(np.uint64) @ weights + status
    return result


def picked(seen: Seen, source: NDArray[np.int64]) -> Seen:
    """The cells at these positions."""
    return each(seen, lambda array: array[source])


def in_shape(seen: Seen, shape: tuple[int, ...]) -> Seen:
    """Cells in a row as cells of a grid."""
    return each(seen, lambda array: array.reshape(*shape, *array.shape[1:]))


def each(seen: Seen, made: Callable[[NDArray[Any]], NDArray[Any]]) -> Seen:
    """The same of which every array is made into another one."""
    return Seen(*(made(getattr(seen, one.name)) for one in fields(seen)))


def words_of_cells(scenario: Scenario, concept: str) -> CellWords:
    """The words and looks of a scenario's cells."""
    outcomes = tuple(scenario.outcomes.names)
    return CellWords(
        statuses(), sentences(), outcomes, palette_of(outcomes, tuple(scenario.tones.items())), concept
    )


@lru_cache(maxsize=256)
def palette_of(outcomes: tuple[str, ...], tones: tuple[tuple[str, str], ...]) -> Palette:
    """The looks of outcomes with these tones."""
    return Palette.named(outcomes, dict(tones))


@cache
def statuses() -> dict[int, str]:
    """Names of the verdicts by number."""
    return {int(status): status.name for status in Status}


@cache
def sentences() -> tuple[str, ...]:
    """A sentence for each."""
    return tuple(status.sentence for status in Status)
