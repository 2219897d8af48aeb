"""Bare names mean one's own scenarios and the library's, wherever the command runs."""

from __future__ import annotations

import warnings

import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.scenario.library import Overridden, find, folder, overridden, shelved, shipped
from tests.games import ROOT

OWN = 'schema = 1\ntitle = "my own"\n[players]\nA = ["x"]\nB = ["y"]\n[payoffs]\nA = 0\nB = 0\n'


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder that is not the repository."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_library_is_there_wherever_one_is(elsewhere):
    assert folder() == ROOT / "scenarios"
    assert sim.load("chicken").path == ROOT / "scenarios" / "chicken.toml"


def test_ones_own_scenarios_add_to_the_library(elsewhere):
    (elsewhere / "scenarios").mkdir()
    before = [path.stem for path in shipped()]
    (elsewhere / "scenarios" / "mine.toml").write_text(OWN)
    assert sorted([*before, "mine"]) == [path.stem for path in shipped()]
    assert sim.load("mine").title == "my own"
    assert sim.load("chicken").path == ROOT / "scenarios" / "chicken.toml"
    assert overridden() == []


def test_ones_own_scenario_wins_and_is_said_to(elsewhere):
    (elsewhere / "scenarios").mkdir()
    (elsewhere / "scenarios" / "chicken.toml").write_text(OWN)
    told = "scenarios/chicken.toml is used in place of the library's chicken"
    with pytest.warns(Overridden, match=told):
        assert sim.load("chicken").title == "my own"
    assert overridden() == [told]
    assert [path for path in shipped() if path.stem == "chicken"] == [shelved("scenarios/chicken.toml")]
    listed = CliRunner().invoke(main, ["list"])
    assert "my own" in listed.stdout
    assert listed.stderr == f"{told}\n"


def test_nothing_is_said_in_the_repository_itself(monkeypatch):
    monkeypatch.chdir(ROOT)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert str(find("chicken")) == "scenarios/chicken.toml"
    assert overridden() == []


def test_a_folder_of_the_same_name_hides_nothing(elsewhere):
    (elsewhere / "chicken").mkdir()
    assert sim.load("chicken").name == "chicken"
    assert CliRunner().invoke(main, ["solve", "chicken"]).exit_code == 0


def test_a_file_of_the_same_name_is_what_was_asked_for(elsewhere):
    (elsewhere / "chicken").write_text(OWN)
    assert sim.load("chicken").title == "my own"


def test_a_name_of_nobodys_says_where_was_looked_and_what_is_near(elsewhere):
    with pytest.raises(
        ValueError, match=r"no scenario of that name in scenarios/ or in the library .*'chicken'\?"
    ):
        find("chiken")


def test_a_file_where_the_command_runs_goes_by_its_bare_name(elsewhere):
    (elsewhere / "mine.toml").write_text(OWN)
    assert sim.load("mine").title == "my own"
    (elsewhere / "chicken.toml").write_text(OWN)
    with pytest.warns(Overridden, match="chicken.toml is used in place of the library's chicken"):
        assert sim.load("chicken").title == "my own"
    (elsewhere / "scenarios").mkdir()
    (elsewhere / "scenarios" / "mine.toml").write_text(OWN.replace("my own", "on the shelf"))
    assert sim.load("mine").title == "on the shelf"
