from __future__ import annotations

import json

import numpy as np
import pytest
import xarray
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import measures
from sim.solution import Status
from tests.stores import standoff

OUTCOMES = ["talks", "standoff", "war"]


def dataset(holds, status=None, value=None):
    """A dataset of one axis as sweeps make them: which outcomes hold, and values of up to K equilibria."""
    holds = np.asarray(holds, bool)
    cells = len(holds)
    variables = {
        "status": ("cost", np.asarray(status if status is not None else np.zeros(cells), np.int8)),
        "holds": (("cost", "outcome"), holds),
        "count": ("cost", holds.sum(axis=1).astype(np.int32)),
    }
    if value is not None:
        variables["value"] = (("cost", "equilibrium", "player"), np.asarray(value, float))
    coords = {"cost": np.arange(cells) / 2, "outcome": OUTCOMES[: holds.shape[1]], "player": ["A", "B"]}
    return xarray.Dataset(variables, coords)


rows = st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=8)


@given(rows, st.data())
def test_a_regime_names_the_outcomes_that_hold(holds, data):
    status = data.draw(st.lists(st.sampled_from(list(Status)), min_size=len(holds), max_size=len(holds)))
    codes = measures.regime(dataset(holds, status))
    table = json.loads(codes.attrs["regimes"])
    for code, row, verdict in zip(codes.values, holds, status, strict=True):
        if verdict > Status.degenerate:
            assert code == -1
        else:
            assert table[code] == [name for name, held in zip(OUTCOMES, row, strict=True) if held]
    used = codes.values[codes.values >= 0]
    sizes = [(used == number).sum() for number in range(len(table))]
    assert sizes == sorted(sizes, reverse=True)
    assert all(sizes)


def test_regimes_do_not_depend_on_how_much_is_read_at_a_time(monkeypatch):
    whole = sim.sweep(standoff(), "rifle")
    expected = measures.regime(whole), measures.shares(whole)
    monkeypatch.setattr(measures, "SLAB", 20)
    xarray.testing.assert_identical(measures.regime(whole), expected[0])
    xarray.testing.assert_allclose(measures.shares(whole), expected[1])


def test_shares_count_solved_cells_only():
    result = measures.shares(dataset([[1, 0, 0], [1, 1, 0], [1, 1, 1], [0, 0, 0]], status=[0, 1, 4, 0]))
    np.testing.assert_allclose(result.values, [2 / 3, 1 / 3, 0])
    assert result.sel(outcome="standoff") == pytest.approx(1 / 3)


def test_shares_of_nothing_are_none():
    assert np.isnan(measures.shares(dataset([[1, 0, 0]], status=[5])).values).all()
    assert np.isnan(measures.multiplicity(dataset([[1, 0, 0]], status=[5])).values).all()


def test_multiplicity_is_a_distribution():
    result = measures.multiplicity(dataset([[1, 0, 0], [1, 1, 1], [1, 1, 1], [0, 0, 0]]))
    assert result.values.tolist() == [0.25, 0.25, 0, 0.5]
    assert result["count"].values.tolist() == [0, 1, 2, 3]


def test_tipping_points_lie_between_different_regimes():
    line = dataset([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]], status=[0, 0, 0, 4, 0])
    assert measures.tipping_points(line) == [
        (0.5, 1.0, ("talks",), ("standoff",)),
        (1.0, 2.0, ("standoff",), ("war",)),
    ]


def test_the_rifle_tips_where_theory_says():
    # Russia keeps the rifle while grip >= build_up_cost = 2, the seed model's closed form
    line = sim.sweep(standoff(), "rifle").sel(chill=1.6)
    (tipping,) = [
        point
        for point in measures.tipping_points(line)
        if "frozen standoff" in point.before and "frozen standoff" not in point.after
    ]
    assert tipping.below <= 2 <= tipping.above


def test_tipping_points_of_a_map_need_a_line():
    with pytest.raises(ValueError, match="choose one value for each of the others"):
        measures.tipping_points(sim.sweep(standoff(), "rifle", points=3))


NONE = [np.nan, np.nan]
pairs = st.one_of(st.just(NONE), st.lists(st.integers(0, 3), min_size=2, max_size=2))
values = st.lists(st.lists(pairs, min_size=3, max_size=3), min_size=1, max_size=5)


@given(values)
def test_selections_are_what_their_definitions_say(value):
    data = dataset(np.ones((len(value), 3)), value=value)
    found = {
        "best": measures.best_for(data, "A"),
        "worst": measures.worst_for(data, "B"),
        "dominant": measures.payoff_dominant(data),
        "undominated": measures.undominated(data),
    }
    for cell, equilibria in enumerate(value):
        there = [pair for pair in equilibria if pair != NONE and not np.isnan(pair[0])]
        for k, (a, b) in enumerate(equilibria):
            exists = not np.isnan(a)
            expected = {
                "best": exists and a == max(x for x, _ in there),
                "worst": exists and b == min(y for _, y in there),
                "dominant": exists and all(a >= x and b >= y for x, y in there),
                "undominated": exists and not any(x >= a and y >= b and (x, y) != (a, b) for x, y in there),
            }
            for name, mask in found.items():
                assert mask.values[cell, k] == expected[name], name


def test_selections_work_on_sweeps_of_several_axes():
    data = sim.sweep(standoff(), "rifle", points=6)
    for mask in (
        measures.best_for(data, "Russia"),
        measures.payoff_dominant(data),
        measures.undominated(data),
    ):
        assert mask.dims == ("build_up_cost", "chill", "equilibrium")
        assert not mask.where(data["component"] < 0, False).any()
    assert measures.undominated(data).any("equilibrium").all()
