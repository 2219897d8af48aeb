"""Results that are not what the file asks for are noticed, and said to be so."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings

import pytest

import sim
from sim.dataset import Stale, unlike_the_file
from sim.dataset.asked import replaces
from sim.pictures import draw
from tests.games import ROOT

TEXT = """
schema = 1
[players]
A = ["x", "y"]
B = ["l", "r"]
[parameters]
t = { default = 1, low = 0, high = 2, meaning = "worth of x" }
[payoffs]
A = [["t", 0], [0, 1]]
B = [[1, 0], [0, 1]]
[sweeps.worth]
over = { t = [0, 2, 5] }
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "g.toml"
    path.write_text(TEXT)
    return path


def swept(file, **options):
    sim.sweep(sim.load(file), "worth", out=file.parent / "out", **options)
    return file.parent / "out" / "worth.zarr"


def test_what_the_file_asks_for_is_not_made_again(file):
    assert not unlike_the_file(swept(file), sim.load(file), "worth")


def test_what_is_not_there_has_to_be_made(file):
    assert unlike_the_file(file.parent / "out" / "worth.zarr", sim.load(file), "worth") == "is not there"


def test_an_interrupted_sweep_has_no_dataset_yet(file):
    def stop(done, cells):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        swept(file, progress=stop)
    path = file.parent / "out" / "worth.zarr"
    assert path.with_name("worth.zarr.unfinished").is_dir()
    assert unlike_the_file(path, sim.load(file), "worth") == "is not there"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"points": 3}, "--points 3"),
        ({"set": {}, "concept": "correlated"}, "--concept correlated"),
        ({"solver": "pure"}, "--solver pure"),
        ({"select": "risk_dominant"}, "--select risk_dominant"),
        ({"full": True}, "--full"),
    ],
)
def test_other_options_are_named(file, options, words):
    assert unlike_the_file(swept(file, **options), sim.load(file), "worth") == f"was made with {words}"


def test_another_version_of_the_file_is_noticed(file):
    path = swept(file)
    file.write_text(TEXT.replace("[0, 2, 5]", "[0, 2, 6]"))
    assert unlike_the_file(path, sim.load(file), "worth") == f"was made from another version of {file}"


def test_another_version_of_the_code_is_noticed(file, monkeypatch):
    path = swept(file)
    monkeypatch.setattr("sim.dataset.asked.__version__", "99.0")
    assert unlike_the_file(path, sim.load(file), "worth") == f"was made by Standoff {sim.__version__}"


def test_a_picture_of_another_version_of_the_file_says_so(file, monkeypatch):
    monkeypatch.chdir(file.parent)
    swept(file)
    (file.parent / "out").rename(file.parent / "g")
    (file.parent / "results").mkdir()
    (file.parent / "g").rename(file.parent / "results" / "g")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw("g.toml")
        draw("results/g/worth.zarr")
    file.write_text(TEXT.replace("default = 1", "default = 2"))
    for source in ("g.toml", "results/g/worth.zarr"):
        with pytest.warns(
            Stale, match=r"worth.zarr was made from another version of g.toml: `standoff sweep g.toml`"
        ):
            (picture,) = draw(source)
        assert picture.exists()


def test_what_the_file_asks_for_is_not_replaced_without_a_word(file):
    path, scenario = swept(file), sim.load(file)
    asked = scenario.sweeps["worth"]
    assert not replaces(path, scenario, asked, "standoff sweep g worth")
    told = replaces(path, scenario, asked, "standoff sweep g worth --points 3")
    assert told == (
        f"{path} is what {file} asks for, and is replaced by one with --points 3; "
        "`standoff sweep g worth` makes it again, and --out puts the new one elsewhere"
    )
    swept(file, points=3)
    assert not replaces(path, scenario, asked, "standoff sweep g worth --points 4")
    assert not replaces(path.with_name("other.zarr"), scenario, asked, "standoff sweep g worth --points 4")


def test_the_command_says_what_it_replaces(file):
    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "sim", "sweep", "g.toml", *words],
            cwd=file.parent, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    assert "replaced" not in run().stderr
    done = run("--points", "3")
    assert done.returncode == 0
    assert (
        "results/g/worth.zarr is what g.toml asks for, and is replaced by one with --points 3" in done.stderr
    )
    assert "replaced" not in run("--points", "4").stderr
