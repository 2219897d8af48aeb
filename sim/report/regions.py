"""The regions of a map in words: how large each is, a point deep inside, and why what holds there holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.explain import reasons
from sim.explain.sentences import Paragraph, in_digits, listed, whys
from sim.report.maps import Shown
from sim.scenario import Scenario
from sim.selection import select
from sim.solution import Solution
from sim.solving import solve

__all__ = ["Region", "told_regions"]

LEAST, MOST = 0.01, 8  # share of a map from which on a region is told, and how many are


@dataclass(frozen=True, eq=False)
class Region:
    """One regime of a map: its words and share, a point far from its borders, what is solved there and why it holds."""

    words: str
    share: float
    point: str
    solution: Solution
    why: tuple[Paragraph, ...]


def told_regions(scenario: Scenario, dataset: Any, shown: Shown) -> Iterator[Region]:
    """Every region of some size, the largest first."""
    from scipy.ndimage import distance_transform_edt

    fixed = json.loads(str(dataset.attrs.get("fixed") or "{}"))
    concept, chosen = str(dataset.attrs.get("concept", "")) or None, str(dataset.attrs.get("selected", ""))
    shares = shown.found.shares()
    for number in np.argsort(-shares, kind="stable").tolist()[:MOST]:
        if shares[number] < LEAST or not shown.found.regimes[number].solved:
            continue
        inside = np.pad((shown.found.code == number) & ~shown.found.knife_edge, 1)
        deep = distance_transform_edt(inside)[1:-1, 1:-1]
        a, b = np.unravel_index(int(deep.argmax()), deep.shape)
        at = {shown.plane.dims[0]: float(shown.plane.x[a]), shown.plane.dims[1]: float(shown.plane.y[b])}
        solution = solve(scenario.game(**{**fixed, **at}), concept, dataset.attrs.get("solver") or None)
        point = listed(f"{name} = {in_digits(value)}" for name, value in at.items())
        meant = {k + 1 for k in np.flatnonzero(select(solution, chosen)[0]).tolist()} if chosen else None
        told = whys(reasons(solution))
        if meant is not None:  # the map shows what is selected alone
            told = [
                one
                for one in told
                if not one.title.startswith("#") or int(one.title[1:].split(":")[0].split()[0]) in meant
            ]
        yield Region(
            shown.found.words(shown.found.regimes[number]),
            float(shares[number]),
            point,
            solution,
            tuple(told),
        )
