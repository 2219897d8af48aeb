"""The graph model for conflict resolution: by its definitions for two, and the Elmira conflict for three."""

from __future__ import annotations

import numpy as np
import pytest

from sim import models


def by_definition(moves, rank, size):
    """Fang, Hipel and Kilgour (1993), for two decision makers: the other answers with one move."""
    go = [{s: {t for a, t in own if a == s} for s in range(size)} for own in moves]
    found = {name: [] for name in ("nash", "gmr", "smr", "seq")}
    for s in range(size):
        verdict = dict.fromkeys(found, True)
        for i in (0, 1):
            j, worth = 1 - i, rank[i]
            for t in go[i][s]:
                if worth[t] >= worth[s]:
                    continue
                verdict["nash"] = False
                hurts = [u for u in go[j][t] if worth[u] >= worth[s]]
                verdict["gmr"] &= bool(hurts)
                verdict["smr"] &= any(all(worth[v] >= worth[s] for v in go[i][u]) for u in hurts)
                verdict["seq"] &= any(rank[j][u] < rank[j][t] for u in hurts)
        for name, holds in verdict.items():
            if holds:
                found[name].append(s)
    return found


@pytest.mark.parametrize("seed", range(40))
def test_two_decision_makers(seed):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 7))
    moves = [[[int(a), int(b)] for a, b in rng.integers(0, size, (size * 2, 2)) if a != b] for _ in (0, 1)]
    rank = [rng.integers(0, size, size).tolist() for _ in (0, 1)]
    assert models.graph_stability(moves, rank, size) == by_definition(moves, rank, size)


def test_the_elmira_conflict():
    """Hipel and others (1997) report states 5, 8 and 9 under Nash and sequential stability, 1 and 4 too under others."""
    moves = [
        [[1, 2], [3, 4], [5, 6], [7, 8]],
        [[1, 3], [2, 4], [5, 7], [6, 8], *([s, 9] for s in range(1, 9))],
        [[1, 5], [2, 6], [3, 7], [4, 8], [5, 1], [6, 2], [7, 3], [8, 4]],
    ]
    best = [[7, 3, 4, 8, 5, 1, 2, 6, 9], [1, 4, 8, 5, 9, 3, 7, 2, 6], [7, 3, 5, 1, 8, 6, 4, 2, 9]]
    from_zero = [[[a - 1, b - 1] for a, b in own] for own in moves]
    rank = [[order.index(s) for s in range(1, 10)] for order in best]
    found = {
        name: [s + 1 for s in states] for name, states in models.graph_stability(from_zero, rank, 9).items()
    }
    assert found == {"nash": [5, 8, 9], "gmr": [1, 4, 5, 8, 9], "smr": [1, 4, 5, 8, 9], "seq": [5, 8, 9]}


def test_states_that_are_none_are_refused():
    with pytest.raises(ValueError, match="states are 0 to 1"):
        models.graph_stability([[[0, 2]], []], [[0, 1], [1, 0]], 2)
