"""The default for trees: pure equilibria, or the end of the path where there is none."""

from __future__ import annotations

import numpy as np

import sim
from sim.claim import Status

PENNIES = sim.Tree({
    "A": {
        "heads": {"B": {"heads": (1, -1), "tails": (-1, 1)}},
        "tails": {"B": {"heads": (-1, 1), "tails": (1, -1)}},
    }
})  # fmt: skip


def test_hidden_pennies_are_mixed():
    solution = sim.solve(PENNIES, "sequential", "pure_or_path")
    assert solution.status[0] == Status.ok
    np.testing.assert_allclose(0.5, solution.strategy[0, 0], atol=1e-9)


def test_where_there_are_pure_ones_they_are_listed():
    chicken = np.array([[[2.0, 1], [3, 0]], [[2, 3], [1, 0]]])
    game = sim.Tree({
        "A": {a: {"B": {b: tuple(chicken[:, i, j]) for j, b in enumerate("xy")}} for i, a in enumerate("xy")}
    })  # fmt: skip
    solution = sim.solve(game, "sequential", "pure_or_path")
    assert solution.count[0] == 2
    assert not solution.complete[0]
