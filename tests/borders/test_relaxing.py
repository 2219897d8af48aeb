"""Small linear programmes of least changes: the optimum, what proves it, and what cannot be met."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

import sim
from sim.borders.least import least_change
from sim.borders.relaxing import solved
from sim.expression.numbers import fraction
from sim.scenario.margins import ways_of

WHOLE = st.integers(-4, 4).map(float)


@given(st.data())
def test_optima_are_those_of_an_oracle_and_are_proved(data):
    columns, rows = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 6))
    matrix = data.draw(arrays(np.float64, (rows, columns), elements=WHOLE))
    limits = data.draw(arrays(np.float64, rows, elements=WHOLE))
    cost = data.draw(arrays(np.float64, columns, elements=WHOLE.map(abs)))
    low = data.draw(arrays(np.float64, columns, elements=WHOLE))
    ends = np.stack([low, low + data.draw(arrays(np.float64, columns, elements=WHOLE.map(abs)))], axis=1)
    found = solved(cost, matrix, limits, ends)
    oracle = linprog(cost, matrix, limits, bounds=ends)
    assert (found is None) == (oracle.status == 2)
    if found is not None:
        assert (matrix @ found.point <= limits + 1e-8).all()
        assert ((found.point >= ends[:, 0] - 1e-8) & (found.point <= ends[:, 1] + 1e-8)).all()
        assert cost @ found.point == pytest.approx(oracle.fun, abs=1e-8)
        assert found.bound == pytest.approx(oracle.fun, abs=1e-8)
        assert (found.weights >= 0).all()


def test_of_equally_good_moves_the_one_down_is_told():
    """x >= y from (1/4, 3/4): by half in all, whoever moves."""
    found = least_change([[{(1, 0): 1, (0, 1): -1}]], [0.25, 0.75])
    assert found.size == pytest.approx(0.5, abs=1e-9)
    assert found.point.tolist() == pytest.approx([0.25, 0.25])


def test_boxes_are_cut_where_it_counts():
    """The seed's least change to talks under the rifle, 17/60 of the ranges, is proved within eight boxes."""
    scenario = sim.load("scenarios/standoff_2021.toml")
    wanted = scenario.outcomes.names.index("talks under the rifle")
    names = list(scenario.parameters)
    low, high = (
        [fraction(getattr(one, end)) for one in scenario.parameters.values()] for end in ("low", "high")
    )
    here = [fraction(value) for value in scenario.values().values()]
    shares = [(at - below) / (above - below) for at, below, above in zip(here, low, high, strict=True)]
    every = ways_of(scenario, names, {}, low, high)
    ways = [one for number, one in every if number == wanted]
    found = least_change(ways, shares, most=8)
    assert found.size == pytest.approx(17 / 60, abs=1e-9)
    assert found.proved == pytest.approx(17 / 60, abs=1e-9)
