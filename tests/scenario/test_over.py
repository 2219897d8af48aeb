"""A question need not stand in the file: ranges given when it is asked are checked as the file's are."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import sim
from sim.scenario import Axis, ScenarioError
from sim.scenario.over import chosen_sweeps, over_words, sweep_over
from tests.games import ROOT, library

CHICKEN = library("chicken")


def test_points_are_many_on_one_axis_and_fewer_on_each_of_more():
    assert sweep_over(CHICKEN, {"collision": (-20, 0)}).over["collision"].points == 201
    two = sweep_over(CHICKEN, {"collision": (-20, 0), "triumph": (6, 9, 7)})
    assert [axis.points for axis in two.over.values()] == [101, 7]


def test_the_name_does_not_depend_on_the_order_and_the_axes_do():
    one = sweep_over(CHICKEN, {"triumph": (6, 9), "collision": (-20, 0)})
    other = sweep_over(CHICKEN, {"collision": (-20, 0), "triumph": (6, 9)})
    assert one.name == other.name == "over-collision-triumph"
    assert list(one.over) == ["triumph", "collision"]


@pytest.mark.parametrize("low", ["1/3", Fraction(1, 3)])
def test_numbers_are_what_was_written(low):
    assert sweep_over(CHICKEN, {"collision": (low, 1, 3)}).over["collision"].low == Fraction(1, 3)


def test_numbers_of_other_kinds_are_read():
    axis = sweep_over(CHICKEN, {"collision": (np.float64(-2), Decimal("0.5"), np.int64(4))}).over["collision"]
    assert axis == Axis(low=-2, high=0.5, points=4)
    assert sweep_over(CHICKEN, {"collision": axis}).over["collision"] is axis


def test_the_concept_is_that_of_the_form():
    repeated = library("standoff_2021_repeated")
    assert sweep_over(repeated, {"threat": (0, 2)}).concept == "subgame_perfect"


@pytest.mark.parametrize(
    ("ranges", "message"),
    [
        ({"colision": (0, 1)}, r"chicken.toml: over.colision: unknown parameter 'colision' .*'collision'\?"),
        ({"collision": (-20, 6)}, r"runs -20 .. 6; collision allows -30 .. 5 \(both press on, utility\)"),
        ({"collision": (1, 0)}, "runs from 1 to 0; the first must be the smaller"),
        ({"collision": (0, 1, 1)}, "points = 1; an axis has 2 to 100000 points"),
        ({"collision": (0, 1, 2.5)}, "points: expected a whole number"),
        ({"collision": ("x", 1)}, "low: expected a number, found 'x'"),
        ({"collision": (0, float("nan"))}, "high: expected a number"),
        ({"collision": (0,)}, r"expected \(low, high\) or \(low, high, points\)"),
        ({"collision": 3}, r"expected \(low, high\)"),
        ({}, "over nothing: name a parameter"),
    ],
)
def test_wrong_ranges_are_refused_in_a_sentence(ranges, message):
    with pytest.raises(ScenarioError, match=message):
        sweep_over(CHICKEN, ranges)


def test_all_that_is_wrong_is_told_together():
    with pytest.raises(ScenarioError) as raised:
        sweep_over(CHICKEN, {"x": (0, 1), "collision": (1, 0)})
    assert len(raised.value.problems) == 2
    assert str(raised.value).startswith(f"{CHICKEN.path}: over.x:")


def test_a_sweep_of_the_file_is_not_taken_for_one(tmp_path):
    text = CHICKEN.path.read_text().replace("[sweeps.disaster]", "[sweeps.over-collision]")
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(ScenarioError, match="the file has a sweep of that name"):
        sweep_over(sim.load(tmp_path / "c.toml"), {"collision": (0, 1)})


def test_a_parameter_in_the_place_of_a_sweep_is_told_how_to_be_swept():
    for ask in (lambda: chosen_sweeps(CHICKEN, ["collision"]), lambda: sim.sweep(CHICKEN, "collision")):
        with pytest.raises(
            ValueError, match=r"no sweep .* but a parameter: to sweep it, --over collision=-30:5"
        ):
            ask()


def test_a_file_without_sweeps_says_how_to_ask(tmp_path):
    text = CHICKEN.path.read_text().partition("[sweeps.disaster]")[0]
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(ValueError, match="has no sweeps: ask with --over, as in --over triumph=0:15"):
        chosen_sweeps(sim.load(tmp_path / "c.toml"))
    (tmp_path / "g.nfg").write_text('NFG 1 R "" { "A" "B" } { 1 1 } 1 2')
    with pytest.raises(ValueError, match="has no sweeps: and it has no parameters to sweep"):
        chosen_sweeps(sim.load(tmp_path / "g.nfg"))


def test_only_such_questions_are_written_as_options():
    asked = sweep_over(CHICKEN, {"collision": ("1/3", 1.25)})
    assert over_words(CHICKEN, asked) == ["--over", "collision=1/3:1.25:201"]
    assert over_words(CHICKEN, CHICKEN.sweeps["disaster"]) == []


def test_python_asks_as_the_command_does(tmp_path):
    """The dataset says by which command it is made, and that command makes it, to the byte."""
    here = sim.sweep(CHICKEN, {"collision": (-20, 0, 5)}, set={"triumph": 8.5}, out=tmp_path / "here")
    assert here.sizes["collision"] == 5
    words = ["sweep", "chicken", "--over", "collision=-20:0:5", "--set", "triumph=8.5"]
    assert here.attrs["command"] == " ".join(["standoff", *words])
    done = subprocess.run(
        [sys.executable, "-m", "sim", *words, "--out", str(tmp_path / "there")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    one, other = (tmp_path / place / "over-collision.zarr" for place in ("here", "there"))
    assert (one / "zarr.json").read_bytes() == (other / "zarr.json").read_bytes()
    assert (one / "value" / "c" / "0" / "0" / "0").exists()


@pytest.mark.parametrize("text", ["collision", "collision=1", "collision=1:2:3:4", "=1:2", "collision=:2"])
def test_what_is_no_range_is_refused(text):
    from click.testing import CliRunner

    from sim.cli import main

    done = CliRunner().invoke(main, ["sweep", "chicken", "--over", text])
    assert done.exit_code == 2
    assert "is not NAME=LOW:HIGH or NAME=LOW:HIGH:POINTS, as in threat=0:4:81" in done.stderr


def test_a_name_that_lists_many_axes_may_be_long(tmp_path):
    text = CHICKEN.path.read_text()
    for name in ("collision", "triumph", "humiliation"):
        text = text.replace(name, f"{name}_of_the_convoys_in_the_strait")
    (tmp_path / "c.toml").write_text(text)
    scenario = sim.load(tmp_path / "c.toml")
    ranges = dict.fromkeys(scenario.parameters, (1, 2, 2))
    dataset = sim.sweep(scenario, ranges, out=tmp_path)
    assert len(dataset.attrs["sweep"]) > 60
    assert (tmp_path / f"{dataset.attrs['sweep']}.zarr").is_dir()
