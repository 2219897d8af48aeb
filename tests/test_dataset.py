from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
import xarray
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.dataset import RESERVED, SCHEMA, Store, arrays, coordinates, describe, join, variables
from sim.designs import Grid
from sim.plugins import forms, solvers
from sim.solution import Status
from tests.draw import normal_forms
from tests.games import library
from tests.stores import contents, standoff

SCENARIO = standoff()
PLAN = SCENARIO.sweeps["rifle"]
GRID = Grid.over(PLAN.over)


def solve_block(block):
    return sim.solve(SCENARIO.game(**GRID.points(block)), "nash", "support_enumeration")


SOLVED = {
    cells: [(block, arrays(solve_block(block), "full")) for block in GRID.blocks(GRID.tile(cells))]
    for cells in (40,)
}


def store(path, *, resume=False, tile=40, **other):
    first = solve_block((slice(1), slice(1)))
    attrs = describe(SCENARIO, PLAN, GRID, {}, first, "support_enumeration", "full") | other
    return Store(
        path,
        GRID,
        GRID.tile(tile),
        arrays(first, "full"),
        coordinates(SCENARIO, GRID, first),
        attrs,
        resume=resume,
    )


def written(path, order):
    with store(path) as whole:
        for number in order:
            whole.write(*SOLVED[40][number])
        return whole.finish()


def test_two_sweeps_never_write_the_same_store(tmp_path):
    with store(tmp_path / "rifle.zarr") as begun:
        for resume in (False, True):
            with pytest.raises(ValueError, match=r"another sweep is writing .*rifle.zarr.unfinished: wait"):
                store(tmp_path / "rifle.zarr", resume=resume)
        assert len(begun.pending()) == len(SOLVED[40])
    with store(tmp_path / "rifle.zarr", resume=True) as resumed:
        assert len(resumed.pending()) == len(SOLVED[40])


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "rifle.zarr"
    written(path, range(len(SOLVED[40])))
    return path


def test_the_order_of_blocks_is_irrelevant(tmp_path, reference):
    order = np.random.default_rng(0).permutation(len(SOLVED[40]))
    written(tmp_path / "rifle.zarr", order)
    assert contents(tmp_path / "rifle.zarr") == contents(reference)


def test_a_store_begun_is_gone_on_with_to_the_same_bytes(tmp_path, reference):
    path = tmp_path / "rifle.zarr"
    with store(path) as begun:
        for block, data in SOLVED[40][3:5]:
            begun.write(block, data)
    (tmp_path / "rifle.zarr.unfinished" / "status" / "c" / "0.ab12.partial").parent.mkdir(
        exist_ok=True, parents=True
    )
    (tmp_path / "rifle.zarr.unfinished" / "status" / "c" / "0.ab12.partial").touch()
    assert not path.exists()
    resumed = store(path, resume=True)
    assert len(resumed.pending()) == len(SOLVED[40]) - 2
    for block, data in SOLVED[40]:
        if block in resumed.pending():
            resumed.write(block, data)
    resumed.finish()
    assert contents(path) == contents(reference)
    assert [item.name for item in tmp_path.iterdir()] == ["rifle.zarr"]


def test_plain_open_zarr_reads_a_store_and_says_nothing(reference):
    dataset = xarray.open_zarr(reference, chunks=None)
    known = {variable.name: variable for variable in SCHEMA}
    assert set(dataset.data_vars) == {name for name in known if not name.startswith("selected")}
    for name, variable in dataset.data_vars.items():
        assert variable.dims == ("build_up_cost", "chill", *known[name].dims)
        assert variable.dtype == known[name].dtype
    assert dataset.sizes["build_up_cost"] == 21
    assert dataset["holds"].sel(outcome="talks").any()


def test_what_comes_out_is_what_went_in(reference):
    dataset = xarray.open_zarr(reference, chunks=None)
    solution = solve_block((slice(21), slice(11)))
    for name, expected in arrays(solution, "full").items():
        found = dataset[name].values.reshape(expected.shape[:1] + dataset[name].shape[2:])
        np.testing.assert_array_equal(found, expected)


def test_coordinates_carry_meaning_units_and_bounds(reference):
    attrs = xarray.open_zarr(reference, chunks=None)["build_up_cost"].attrs
    parameter = SCENARIO.parameters["build_up_cost"]
    assert attrs == {
        "long_name": parameter.meaning, "units": parameter.unit, "source": parameter.source,
        "default": parameter.default, "low": parameter.low, "high": parameter.high,
    }  # fmt: skip


def test_attributes_say_where_results_come_from(reference):
    attrs = xarray.open_zarr(reference, chunks=None).attrs
    assert attrs["scenario_digest"] == SCENARIO.digest
    assert attrs["standoff_version"] == sim.__version__
    assert json.loads(attrs["actions"])["Russia"] == ["withdraw", "demand", "build_up"]
    assert json.loads(attrs["axes"])["chill"] == [0.0, 2.0, 11]


def test_status_carries_its_sentences(reference):
    attrs = xarray.open_zarr(reference, chunks=None)["status"].attrs
    assert attrs["flag_values"] == [int(status) for status in Status]
    assert attrs["flag_meanings"].split() == [status.name for status in Status]
    assert json.loads(attrs["sentences"]) == [status.sentence for status in Status]


def test_another_sweep_is_not_resumed(tmp_path, reference):
    store(tmp_path / "rifle.zarr").lock.close()
    with pytest.raises(ValueError, match=r"its concept is 'nash', now 'logit'.*without --resume") as raised:
        store(tmp_path / "rifle.zarr", resume=True, concept="logit")
    assert "rifle.zarr.unfinished cannot be resumed" in str(raised.value)
    assert "scenario" not in str(raised.value).split("sweep:")[1]
    with pytest.raises(ValueError, match="its sweep is 'rifle', now 'other'"):
        store(reference, resume=True, sweep="other")


def test_a_finished_store_needs_nothing_more(reference):
    before = contents(reference)
    again = store(reference, resume=True)
    assert again.pending() == []
    assert again.finish().sizes["chill"] == 11
    assert contents(reference) == before


def test_an_older_store_stands_until_the_new_one_is_whole(tmp_path, reference):
    path = tmp_path / "rifle.zarr"
    written(path, range(len(SOLVED[40])))
    begun = store(path, title="new")
    assert contents(path) == contents(reference)
    for block, data in SOLVED[40]:
        begun.write(block, data)
    assert begun.finish().attrs["title"] == "new"
    assert xarray.open_zarr(path, chunks=None).attrs["title"] == "new"
    assert [item.name for item in tmp_path.iterdir()] == ["rifle.zarr"]


def test_labels_that_do_not_match_are_an_error(reference):
    dataset = xarray.open_zarr(reference, chunks=None)
    with pytest.raises(xarray.AlignmentError):
        dataset["count"] + dataset["count"].isel(chill=slice(3))


@given(normal_forms(cells=6), st.integers(1, 3))
def test_joined_batches_are_the_whole_batch(game, size):
    whole = arrays(sim.solve(game, "nash", "support_enumeration"), "full")
    cuts = [slice(first, first + size) for first in range(0, game.cells, size)]
    parts = [arrays(sim.solve(game.take(cut), "nash", "support_enumeration"), "full") for cut in cuts]
    joined = join(parts, variables(whole))
    assert joined.keys() == whole.keys()
    for name, values in whole.items():
        np.testing.assert_array_equal(joined[name], values, err_msg=name)


@given(normal_forms(cells=4))
def test_holds_and_mixed_are_what_the_strategies_say(game):
    solution = sim.solve(game, "nash", "support_enumeration")
    found = arrays(solution, "map")
    for cell in range(game.cells):
        held, mixing = set(), 0
        for k in range(solution.count[cell]):
            rows, columns = solution.strategy[cell, k]
            mixing += bool(rows.max() <= 1 - 1e-9 or columns.max() <= 1 - 1e-9)
            shares = dict.fromkeys(range(len(game.outcomes.names)), 0.0)
            for a, b in itertools.product(*map(range, game.outcomes.of.shape)):
                shares[game.outcomes.of[a, b]] += rows[a] * columns[b]
            held |= {outcome for outcome, share in shares.items() if share >= 0.5}
        assert set(np.nonzero(found["holds"][cell])[0]) == held
        assert found["mixed"][cell] == mixing


def test_no_axis_takes_the_name_of_a_variable_or_of_a_dim():
    answers = {one for method in solvers.values() for one in method.answers if not one.numbered}
    answers |= {one for form in forms.values() for one in form.landmark_answers}
    names = {variable.name for variable in SCHEMA} | {dim for one in (*SCHEMA, *answers) for dim in one.dims}
    assert names <= RESERVED


def test_numbers_of_solvers_are_labelled_with_words_and_units():
    scenario = library("repeated_prisoners_dilemma")
    dataset = sim.sweep(scenario, "patience", points=5)
    assert dataset["payoff_set"].dims == ("patience", "vertex", "player")
    assert dataset["feasible"].dims == ("patience", "corner", "player")
    assert dataset["minmax"].attrs["units"] == "payoff"
    assert dataset["inner_gap"].attrs["long_name"].startswith("what the payoff set lacks")
    assert dataset["value"].attrs["units"] == "payoff"
    states = sim.sweep(library("arms_race"), "patience", points=3, concept="subgame_perfect")
    assert states["payoff_set"].dims == ("patience", "state", "vertex", "player")
    assert list(states["state"].values) == ["calm", "tense"]


def test_payoff_sets_have_their_landmarks_beside_them():
    game = library("repeated_prisoners_dilemma").game()
    marks = game.landmarks()
    (nash,) = marks["stage_nash"][0]
    np.testing.assert_allclose(nash, [1.0, 1.0])
    assert len(marks["feasible"][0]) == 4
    payoffs = {tuple(point) for point in game.payoffs[0].reshape(2, -1).T}
    assert {tuple(point) for point in marks["feasible"][0]} <= payoffs
