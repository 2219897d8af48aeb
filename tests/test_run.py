from __future__ import annotations

import random
import signal
import time

import numpy as np
import pytest
import xarray

import sim
from sim.designs import Grid
from sim.run import blocks as run
from sim.solution import Status
from tests.stores import STANDOFF, contents, standoff, start

SWEEP = """
import sys
from pathlib import Path
import sim
from sim.run import blocks as run
run.BLOCK = 60
out, resume, workers = sys.argv[2:]
sim.sweep(sim.load(sys.argv[1]), "rifle", out=Path(out), resume=resume == "resume", workers=int(workers),
          points=30, solver="pure", full=True)
"""


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """The store of a sweep that nothing happened to."""
    out = tmp_path_factory.mktemp("whole")
    done = start(SWEEP, STANDOFF, out, "new", 1)
    assert done.communicate() == ("", "")
    return contents(out / "rifle.zarr")


def interrupt(out, how, workers, wait):
    """Start or go on with a sweep and send it a signal some time after it has finished more blocks."""
    marks = out / "rifle.zarr.unfinished" / "progress"
    before = len(list(marks.glob("[0-9]*.json")))
    process = start(SWEEP, STANDOFF, out, "resume", workers)
    while process.poll() is None and len(list(marks.glob("[0-9]*.json"))) <= before:
        time.sleep(0.002)
    time.sleep(wait)
    process.send_signal(how)
    process.communicate()
    return process.returncode


def kill_and_resume(out, how, rounds, chance):
    for _ in range(rounds):
        interrupt(out, how, chance.choice((1, 2)), chance.uniform(0, 0.1))
    process = start(SWEEP, STANDOFF, out, "resume", 2)
    assert process.communicate() == ("", "")
    assert [path.name for path in out.iterdir()] == ["rifle.zarr"]
    return contents(out / "rifle.zarr")


def test_a_killed_sweep_resumes_to_the_same_bytes(tmp_path, reference):
    assert kill_and_resume(tmp_path, signal.SIGKILL, 2, random.Random(1)) == reference


def test_an_interrupted_sweep_keeps_what_it_finished(tmp_path, reference):
    assert kill_and_resume(tmp_path, signal.SIGINT, 1, random.Random(2)) == reference


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(20))
def test_a_sweep_killed_again_and_again_resumes_to_the_same_bytes(tmp_path, reference, seed):
    chance = random.Random(seed)
    assert kill_and_resume(tmp_path, signal.SIGKILL, 6, chance) == reference


def test_workers_do_not_change_a_byte(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "BLOCK", 30)
    for workers in (1, 4):
        sim.sweep(standoff(), "rifle", out=tmp_path / str(workers), workers=workers)
    assert contents(tmp_path / "1" / "rifle.zarr") == contents(tmp_path / "4" / "rifle.zarr")


def test_blocks_and_batches_do_not_change_a_value(monkeypatch):
    whole = sim.sweep(standoff(), "rifle", full=True)
    monkeypatch.setattr(run, "BLOCK", 50)
    monkeypatch.setattr(run, "cells_at_once", lambda _: 7)
    xarray.testing.assert_identical(sim.sweep(standoff(), "rifle", full=True), whole)


def test_a_sweep_in_memory_is_the_sweep_on_disk(tmp_path):
    memory = sim.sweep(standoff(), "rifle")
    xarray.testing.assert_identical(sim.sweep(standoff(), "rifle", out=tmp_path).load(), memory)


def test_every_cell_is_what_solve_says_there():
    scenario = standoff()
    dataset = sim.sweep(scenario, "rifle", points=4, full=True)
    for x, cost in enumerate(dataset["build_up_cost"].values):
        for y, chill in enumerate(dataset["chill"].values):
            alone = sim.solve(scenario.game(build_up_cost=cost, chill=chill, prize=25))
            cell = dataset.isel(build_up_cost=x, chill=y)
            count = int(alone.count[0])
            assert cell["count"] == count
            np.testing.assert_array_equal(cell["strategy"].values[:count], alone.strategy[0, :count])
            np.testing.assert_array_equal(cell["value"].values[:count], alone.value[0, :count])


def test_points_of_a_coarse_sweep_are_points_of_a_fine_one():
    coarse, fine = (sim.sweep(standoff(), "rifle", points=points) for points in (5, 9))
    xarray.testing.assert_equal(
        fine.isel(build_up_cost=slice(None, None, 2), chill=slice(None, None, 2))["holds"], coarse["holds"]
    )


def test_large_sweeps_keep_what_a_map_needs(monkeypatch):
    monkeypatch.setattr(run, "MOST_COMPLETE", 100)
    dataset = sim.sweep(standoff(), "rifle")
    assert set(dataset.data_vars) == {"status", "count", "complete", "degenerate", "holds", "mixed"}
    assert dataset.attrs["keep"] == "map"
    assert "strategy" in sim.sweep(standoff(), "rifle", full=True, points=2)


def test_a_file_read_lazily_is_not_in_memory(tmp_path):
    dataset = sim.sweep(standoff(), "rifle", out=tmp_path)
    assert not dataset["holds"].variable._in_memory


def test_values_of_other_parameters_are_recorded():
    dataset = sim.sweep(standoff(), "rifle", points=2, set={"prize": 7})
    assert '"prize": 7.0' in dataset.attrs["fixed"]
    assert '"chill"' not in dataset.attrs["fixed"]
    assert dataset.attrs["command"] == "standoff sweep standoff rifle --set prize=7 --points 2"


def test_progress_ends_with_all_cells(monkeypatch):
    monkeypatch.setattr(run, "BLOCK", 50)
    told = []
    sim.sweep(standoff(), "rifle", progress=lambda done, cells: told.append((done, cells)))
    assert told == sorted(told)
    assert told[-1] == (231, 231)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"set": {"prise": 1}}, "unknown parameter 'prise'"),
        ({"set": {"prize": 1000}}, "outside its bounds"),
        ({"set": {"chill": 1}}, "'chill' is swept"),
        ({"concept": "nahs"}, "Did you mean 'nash'"),
        ({"solver": "pur"}, "Did you mean 'pure'"),
        ({"points": 0}, "at least 1 point"),
    ],
)
def test_wrong_requests_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        sim.sweep(standoff(), "rifle", **options)


def test_an_unknown_sweep_is_refused_with_what_there_is():
    with pytest.raises(ValueError, match=r"unknown sweep 'rifel'.*Did you mean 'rifle'"):
        sim.sweep(standoff(), "rifel")


def scenario_with(tmp_path, payoff, name="danger"):
    path = tmp_path / "odd.toml"
    path.write_text(
        "schema = 1\ntitle = 'Odd'\n[players]\nA = ['x', 'y']\nB = ['x', 'y']\n"
        f"[parameters]\n{name} = {{ default = 1, low = -1, high = 1 }}\n"
        f"[payoffs]\nA = [['{payoff}', 0], [0, 1]]\nB = [[1, 0], [0, 2]]\n"
        f"[sweeps.line]\nover = {{ {name} = [-1, 1, 5] }}\n"
    )
    return sim.load(path)


def test_cells_without_finite_payoffs_harm_no_other(tmp_path):
    dataset = sim.sweep(scenario_with(tmp_path, "1 / danger"), "line")
    assert dataset["danger"].values.tolist() == [-1, -0.5, 0, 0.5, 1]
    assert dataset["status"].values.tolist() == [Status.ok] * 2 + [Status.nonfinite] + [Status.ok] * 2
    assert dataset["count"].values.tolist() == [1, 1, 0, 3, 3]
    assert dataset["complete"].values.tolist() == [True, True, False, True, True]


def test_a_parameter_named_as_a_variable_is_refused(tmp_path):
    with pytest.raises(ValueError, match="'count' has a meaning of its own"):
        sim.sweep(scenario_with(tmp_path, "count", name="count"), "line")


def test_a_block_that_fails_says_where_and_keeps_the_others(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "BLOCK", 40)
    solve = run.solve

    def failing(game, *arguments):
        if game.payoffs[:, 0, 2, 2].min() < 0:  # a costly rifle
            raise FloatingPointError("no such luck")
        return solve(game, *arguments)

    monkeypatch.setattr(run, "solve", failing)
    with pytest.raises(FloatingPointError, match="no such luck") as raised:
        sim.sweep(standoff(), "rifle", out=tmp_path, workers=2)
    assert any("build_up_cost from" in note for note in raised.value.__notes__)
    assert not (tmp_path / "rifle.zarr").exists()
    monkeypatch.setattr(run, "solve", solve)
    resumed = sim.sweep(standoff(), "rifle", out=tmp_path, resume=True)
    xarray.testing.assert_identical(resumed.load(), sim.sweep(standoff(), "rifle"))


def test_three_axes_and_one():
    scenario = standoff()
    plan = scenario.sweeps["rifle"]
    ranges = {
        "build_up_cost": plan.over["build_up_cost"],
        "chill": plan.over["chill"],
        "face": plan.over["chill"],
    }
    for names in (("build_up_cost",), ("build_up_cost", "chill", "face")):
        other = type(plan)(name="other", title="", over={name: ranges[name] for name in names})
        dataset = sim.sweep(scenario, other, points=3)
        assert dataset["status"].dims == names
        assert dataset.attrs["command"] == ""
        assert dataset["count"].shape == Grid.over(other.over, 3).shape
