"""Whoever begins has a file that runs, and loses none that is there."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.scenario.schema import KEYS
from sim.scenario.skeleton import begin


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def standoff(*words):
    return CliRunner().invoke(main, list(words))


def test_the_file_is_written_and_the_next_steps_are_said(folder):
    done = standoff("new", "border_talks")
    assert (done.exit_code, done.stdout) == (0, "border_talks.toml\n")
    steps = re.findall(r"standoff (\w+) border_talks.toml", done.stderr)
    assert steps == ["check", "solve", "sweep", "map"]
    assert sim.load("border_talks").title == "Border talks"


def test_it_runs_as_it_stands():
    begin("crisis")
    assert standoff("check", "crisis").stdout == "crisis.toml: good; 2 promises kept\n"
    solved = standoff("solve", "crisis.toml")
    assert solved.exit_code == 0
    assert "3 solutions, complete, nondegenerate" in solved.stdout
    scenario = sim.load("crisis.toml")
    for name in scenario.sweeps:
        sim.sweep(scenario, name, out="results/crisis", points=7)
    drawn = standoff("map", "crisis.toml")
    assert drawn.exit_code == 0
    assert drawn.stdout.split() == ["results/crisis/deterrence.png", "results/crisis/stakes.png"]


def test_its_default_is_on_no_border():
    begin("crisis")
    scenario = sim.load("crisis")
    for name, parameter in scenario.parameters.items():
        for step in (-0.1, 0.1):
            near = sim.solve(scenario.game(**{name: float(parameter.default) + step}))
            assert near.count.tolist() == [3]


def test_every_part_of_a_file_is_in_it():
    text = begin("crisis").read_text()
    parts = {"let", "form"}  # words for later
    for key in set(KEYS) - parts:
        assert re.search(rf"^(\[+)?{key}\b", text, flags=re.MULTILINE), key
    assert len(re.findall(r"^# ", text, flags=re.MULTILINE)) >= 10


@pytest.mark.parametrize("word", ["crisis", "crisis.toml"])
def test_no_file_is_overwritten(folder, word):
    (folder / "crisis.toml").write_text("mine")
    done = standoff("new", word)
    assert done.exit_code == 2
    assert done.stderr == "crisis.toml is there already, and is not overwritten: choose another name\n"
    assert (folder / "crisis.toml").read_text() == "mine"


def test_a_name_that_is_none_is_refused(folder):
    assert "no such folder" in standoff("new", "nowhere/crisis").stderr
    assert "a name has at most 150" in standoff("new", "x" * 300).stderr
    assert standoff("new", "new\nline").exit_code == 2
    assert list(folder.iterdir()) == []


def test_a_title_is_written_so_that_it_reads_back(folder):
    (folder / "sub").mkdir()
    assert sim.load(begin('sub/a "quoted"\\name')).title == 'A "quoted"\\name'
