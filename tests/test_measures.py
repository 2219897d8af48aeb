from __future__ import annotations

import json

import numpy as np
import pytest
import xarray
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.dataset import measures
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


@pytest.mark.parametrize("name", ["best_for Russia", "payoff_dominant", "payoff_undominated"])
def test_selections_by_value_are_made_of_any_dataset(name):
    data = sim.sweep(standoff(), "rifle", points=6)
    asked = sim.sweep(standoff(), "rifle", points=6, select=name)
    mask = measures.chosen(data, name)
    assert mask.dims == ("build_up_cost", "chill", "equilibrium")
    np.testing.assert_array_equal(mask.values, asked["selected"].values)
    np.testing.assert_array_equal(mask.values & (data["component"].values < 0), False)
    xarray.testing.assert_equal(
        measures.selected(data, name), measures.selected(asked).drop_vars(
            ["selected", "selected_count", "selected_holds", "selected_mixed"]
        )
    )  # fmt: skip


def test_a_view_of_selected_equilibria_counts_no_other():
    data = sim.sweep(standoff(), "rifle", points=8, select="best_for NATO", full=True)
    view = measures.selected(data)
    mask = data["selected"].values
    np.testing.assert_array_equal(view["count"].values, mask.sum(axis=-1))
    np.testing.assert_array_equal(np.isnan(view["value"].values).any(axis=-1), ~mask)
    np.testing.assert_array_equal(
        view["holds"].values, (view["probability"] >= 0.5).any("equilibrium").values
    )
    likeliest = view["strategy"].max("action")
    mixes = ((likeliest < 1 - 1e-9).any("agent") & view["regret"].notnull()).sum("equilibrium")
    np.testing.assert_array_equal(view["mixed"].values, mixes.values)
    assert (data["mixed"].values >= view["mixed"].values).all()
    assert view.attrs["selected"] == "best_for NATO"
    xarray.testing.assert_identical(measures.selected(data, "all"), data)


def test_what_a_dataset_cannot_select_it_says():
    data = sim.sweep(standoff(), "rifle", points=3)
    with pytest.raises(ValueError, match=r"values alone do not decide.*sweep again with --select"):
        measures.selected(data, "risk_dominant")
    with pytest.raises(
        ValueError, match=r"unknown selection 'best_for Rusia'.*Did you mean 'best_for Russia'"
    ):
        measures.selected(data, "best_for Rusia")
    small = data.drop_vars(["value", "probability", "regret", "index", "component", "mixes"])
    with pytest.raises(ValueError, match="keeps only what a map needs"):
        measures.selected(small, "payoff_dominant")
    kept = sim.sweep(standoff(), "rifle", points=3, select="risk_dominant")
    only_map = kept.drop_vars(["value", "probability", "regret", "index", "component", "mixes", "selected"])
    assert (measures.selected(only_map)["count"] <= 1).all()
