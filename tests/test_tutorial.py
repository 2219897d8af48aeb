"""The tutorial, done as it says: every command runs, every figure it quotes is what comes out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli import main
from tests.pages import blocks

ROOT = Path(__file__).parents[1]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text()
COMMANDS = [line for block in blocks(TUTORIAL, "console") for line in block.splitlines()]
FIRST, MORE = blocks(TUTORIAL, "toml")


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What each command prints, in the order of the page, in an empty folder with the library."""
    folder = tmp_path_factory.mktemp("tutorial")
    (folder / "scenarios").symlink_to(ROOT / "scenarios")
    (folder / "river.toml").write_text(FIRST)
    printed = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in COMMANDS[1:]:
            program, *arguments = shlex.split(command)
            assert program == ".venv/bin/standoff"
            if printed and arguments == ["check", "river.toml"] and (folder / "results" / "river").exists():
                (folder / "river.toml").write_text(FIRST + MORE)
            done = CliRunner().invoke(main, arguments, catch_exceptions=False)
            assert done.exit_code == 0, f"{command}: {done.output}"
            printed.append((arguments, done.stdout))
    assert (folder / "results" / "standoff_2021" / "security_dilemma.png").stat().st_size > 10_000
    assert (folder / "results" / "river" / "river.png").stat().st_size > 10_000
    return printed


def test_it_begins_with_make():
    assert COMMANDS[0] == "make"


def test_the_rifle_tells_nothing_and_then_everything(answers):
    alike, apart = (text for arguments, text in answers if arguments[:2] == ["solve", "crisis_2021"])
    assert re.search(
        r"NATO@divided, build_up +concede .*believes in resolved with 0\.3, in bluffing with 0\.7", alike
    )
    assert "standoff 0.63, war 0.27, legal guarantee 0.1" in alike
    assert "never reached: any belief" in alike
    assert re.search(r"Russia@bluffing +demand", apart)
    assert "sure of resolved" in apart
    assert "standoff 0" not in apart


def test_the_standoff_is_frozen_as_the_text_says(answers):
    baseline, quiet, dilemma, first = (
        text for arguments, text in answers if arguments[:2] == ["solve", "standoff_2021"]
    )
    assert "[-0.7*, -1.7*]" in baseline
    assert re.search(r"demand .*1, 0\.75", baseline)
    assert "frozen standoff" in baseline
    assert "talks, demand standing" in quiet
    assert "3 solutions" in dilemma
    assert "talks, demand standing" in first
    assert "Russia 1, NATO 0.75" in first
    assert re.search(r"build_up .*1\.8\*, -2\.75", baseline)  # what tempts Russia once NATO talks


def test_the_river_is_off_the_knife_edge_and_on_it_as_the_text_says(answers):
    river, edge = (text for arguments, text in answers if arguments[:2] == ["solve", "river.toml"])
    assert "3 solutions, complete, nondegenerate" in river
    assert "payoffs tie" in edge
    assert "continuum" in edge


def test_the_promise_of_the_river_is_kept(answers):
    assert "1 promise" in answers[-1][1]


def test_the_mistake_is_answered_as_shown(tmp_path, monkeypatch):
    (shown,) = blocks(TUTORIAL, "text")
    monkeypatch.chdir(tmp_path)
    Path("river.toml").write_text(FIRST.replace('"4 + gain",', '"4 + gian",', 1))
    done = CliRunner().invoke(main, ["check", "river.toml"])
    assert done.exit_code == 2
    assert shown.strip() in done.output
