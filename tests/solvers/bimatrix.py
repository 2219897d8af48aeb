"""What the tests of two-player solvers share: published games, sets of equilibria, games to draw."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np

CASES = Path(__file__).parents[1] / "cases"
BIMATRIX = [case for case in json.loads((CASES / "games.json").read_text()) if case["kind"] == "bimatrix"]
LITERATURE = json.loads((CASES / "normal_form.json").read_text())


def fractions(matrix):
    """A matrix of numbers and strings such as "1/3", as fractions."""
    return np.array([[Fraction(str(number)) for number in row] for row in matrix], dtype=object)


def expected(case):
    """The published extreme equilibria of a case, as a set of pairs of tuples of fractions."""
    pairs = case["expected"]["extreme_equilibria"]
    return {tuple(tuple(map(Fraction, strategy)) for strategy in pair) for pair in pairs}


def equilibria(strategy, shape, digits=7):
    """The equilibria of one cell ``(K, 2, A)``, rounded: a list of pairs of tuples."""
    real = strategy[~np.isnan(strategy[:, 0, 0])]
    return sorted(
        tuple(tuple((np.round(pair[i, : shape[i]], digits) + 0.0).tolist()) for i in range(2))
        for pair in real
    )


def draw_payoffs(family, cells, shape, seed):
    """Games of one of the families the solvers are tested on."""
    random = np.random.default_rng(seed)
    size = (cells, 2, *shape)
    draws = {
        "uniform": lambda: random.random(size),
        "normal": lambda: random.normal(size=size),
        "decimals": lambda: random.integers(-999, 1000, size) / 100,
        "integers": lambda: random.integers(-5, 6, size).astype(float),
        "signs": lambda: random.integers(-1, 2, size).astype(float),
    }
    return draws[family]()
