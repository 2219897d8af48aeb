"""Proved maps and what would have to change, on the standoff of 2021, in one run; writes borders.md.

The peer, python-adaptive's LearnerND with linear interpolation, takes part where it is installed.  It samples the map
of threat by face_cost with our solver as its function; that is not timed, only what it does itself is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.borders import Map, proved_map
from sim.borders.looking import NO_LABEL, labels_at
from sim.dataset.schema import arrays
from sim.explain import Changes, what_would_change
from sim.expression.numbers import fraction
from sim.scenario.margins import margins_of, margins_of_all
from sim.solving import solve

SCENARIO = sim.load("standoff_2021")
CASES = (
    (("threat", "build_up_cost"), True, 2, 20_000),
    (("threat", "chill"), True, 2, 20_000),
    (("threat", "face_cost"), True, 2, 20_000),
    (("threat", "chill", "face_cost"), True, 8, 20_000),
    (("threat", "chill", "face_cost", "talks_value_nato"), False, 8, 20_000),
    (("threat", "chill", "face_cost", "talks_value_nato"), True, 8, 3_000),
)
PEER_POINTS = 4_000
CHECKED = 100_000
REPEATS = 3


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """The least processor time of some runs, after one that warms what is compiled, and the result."""
    result = work()
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        result = work()
        times.append(time.process_time() - start)
    return min(times), result


def proved(axes: Sequence[str], mixed: bool, tables: int, most: int) -> Map:
    """The map over the whole ranges of some parameters, from the formulas on."""
    parameters = [SCENARIO.parameters[name] for name in axes]
    conditions = margins_of(SCENARIO, axes, {}, mixed=mixed)
    low, high = ([fraction(getattr(one, end)) for one in parameters] for end in ("low", "high"))
    return proved_map(conditions, low, high, tables=tables, most=most)


def drawn(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of threat by face_cost, short decimals, off every line of a grid."""
    draws = np.random.default_rng(2021).random((2, count))
    ends = [SCENARIO.parameters[name] for name in ("threat", "face_cost")]
    return tuple(
        np.round(float(end.low) + draw * float(end.high - end.low), 5)
        for draw, end in zip(draws, ends, strict=True)
    )  # type: ignore[return-value]


def solved(threat: np.ndarray, face_cost: np.ndarray) -> np.ndarray:
    """What the solver says: outcomes that hold, and whether somebody mixes."""
    found = arrays(solve(SCENARIO.game(threat=threat, face_cost=face_cost)), "map")
    return np.concatenate([found["holds"], found["mixed"][:, np.newaxis] > 0], axis=1)


def wrong(found: Map, points: tuple[np.ndarray, np.ndarray]) -> tuple[int, int]:
    """How many of some points the map tells otherwise than the solver, and how many it tells."""
    labels = labels_at(found, points)
    sure = labels != NO_LABEL
    told = np.array(found.labels)[labels[sure]]
    return int((told != solved(*(one[sure] for one in points))).any(axis=1).sum()), int(sure.sum())


def peer(points: tuple[np.ndarray, np.ndarray]) -> tuple[float, float] | None:
    """Processor time of the peer without our solver's, and the share of points that it tells wrong."""
    try:
        from adaptive import LearnerND
    except ImportError:
        return None
    regimes: dict[bytes, int] = {}
    bounds = [
        tuple(map(float, (SCENARIO.parameters[name].low, SCENARIO.parameters[name].high)))
        for name in ("threat", "face_cost")
    ]
    learner = LearnerND(None, bounds=bounds)
    start, ours = time.process_time(), 0.0
    while learner.npoints < PEER_POINTS:
        asked, _ = learner.ask(100)
        began = time.process_time()
        labels = solved(*np.array(asked).T)
        values = [regimes.setdefault(label.tobytes(), len(regimes)) for label in labels]
        ours += time.process_time() - began
        learner.tell_many(asked, values)
    spent = time.process_time() - start - ours
    told = np.round(learner._ip()(np.array(points).T)).ravel()  # noqa: SLF001 (it has no other door)
    truth = [regimes.setdefault(label.tobytes(), len(regimes)) for label in solved(*points)]
    return spent, float((told != np.array(truth)).mean())


def explained() -> Changes:
    """What `explain` says at the defaults, from the formulas on."""
    margins_of_all.cache_clear()
    return what_would_change(SCENARIO)


def main() -> None:
    """Measure, and write the table beside this file."""
    lines = [
        "# Borders", "", "`python benchmarks/borders.py`, standoff_2021, one core, processor time after start.",
        "From formulas to a proved map, borders to a billionth of each range:", "",
        "| axes | equilibria | blocks | undecided | seconds |", "|---|---|---|---|---|",
    ]  # fmt: skip
    seconds: dict[tuple[str, ...], float] = {}
    for axes, mixed, tables, most in CASES:
        spent, found = timed(lambda case=(axes, mixed, tables, most): proved(*case))
        if mixed:
            seconds[axes] = spent
        lines.append(
            f"| {' x '.join(axes)} | {'all' if mixed else 'pure'} | {found.evaluated} | {found.share_undecided:.1e} "
            f"| {spent:.3f} |"
        )
    axes = ("threat", "face_cost")
    points = drawn(CHECKED)
    false, told = wrong(proved(axes, True, 2, 20_000), points)
    lines += ["", f"Threat x face_cost at {told} points off the borders: {false} wrong."]
    other = peer(points)
    lines.append(
        "LearnerND of python-adaptive is not installed here."
        if other is None
        else f"LearnerND of python-adaptive with {PEER_POINTS} points: {other[0]:.1f} s beside the solver's time, "
        f"{other[0] / seconds[axes]:.0f} times ours, {100 * other[1]:.3f} % wrong."
    )
    spent, changes = timed(explained)
    gap = changes.nearest.found - changes.nearest.proved if changes.nearest else float("nan")
    radius = float("nan") if changes.nearest is None else changes.nearest.found
    least = max(one.share - one.proved for one in changes.least)
    said = (
        f"`explain` at the defaults: {spent:.2f} s, {len(changes.changes)} tipping points, radius {radius:.9f} with a gap "
        f"of {gap:.1e}, {len(changes.least)} least changes with a gap of at most {least:.1e}."
    )
    lines += ["", said]
    text = "\n".join(lines) + "\n"
    Path(__file__).with_suffix(".md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
