"""The documentation is true: commands run, scenarios load, Python works, links lead somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from tests.command import follow
from tests.pages import blocks

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text()


@pytest.fixture
def folder(tmp_path):
    """An empty place with the scenario library and the README's own scenario."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    (tmp_path / "convoys.toml").write_text(blocks(README, "toml")[0])
    return tmp_path


def test_the_readmes_commands_run(folder):
    commands = [line for block in blocks(README, "console") for line in block.splitlines()]
    assert {"make", "make test"} <= set(commands)  # run by `make` itself and by whoever runs this
    follow([command for command in commands if not command.startswith("make")], folder)
    assert (folder / "results" / "convoys" / "damage.png").stat().st_size > 10_000


def test_the_readmes_scenario_is_good(folder):
    scenario = sim.load(folder / "convoys.toml")
    assert sim.solve(scenario.game()).count[0] == 3


def test_the_readmes_python_runs():
    (code,) = blocks(README, "python")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if not target.startswith(("http", "#")):
            assert (page.parent / target.partition("#")[0]).exists(), f"{page.name}: {target}"


def test_every_target_of_the_contract_exists():
    text = (ROOT / "Makefile").read_text()
    for target in (
        "results",
        "test",
        "check",
        "sweep",
        "maps",
        "bench",
        "test-deep",
        "clean",
        "help",
        "setup",
    ):
        assert re.search(rf"^{target}:", text, flags=re.MULTILINE), target


def test_the_lock_names_no_registry():
    assert "://" not in (ROOT / "requirements.lock").read_text()


def test_nothing_committed_names_a_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    home = re.compile(r"/(home|root|Users|work)/\w")
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in {".py", ".toml", ".md", ".json", ".txt", ".cff", ".lock"} and path.exists():
            assert not home.search(path.read_text(errors="replace")), name
    assert os.sep == "/" or listed.returncode == 0


REFERENCE = (ROOT / "docs" / "reference.md").read_text()


def test_the_reference_names_every_command_and_option():
    from sim.cli import main

    for name in main.list_commands(None):
        row = next(line for line in REFERENCE.splitlines() if line.startswith(f"| `standoff {name}"))
        for parameter in main.get_command(None, name).params:
            option = parameter.opts[0]
            assert not option.startswith("--") or f"`{option}" in row, f"{name} {option}"


def test_the_reference_names_every_python_call():
    for name in sim.__all__:
        assert f"`sim.{name}(" in REFERENCE, name
    for word in re.findall(r"`(?:nfg|efg|objects|table)\.(\w+)`", REFERENCE):
        assert any(
            f"def {word}(" in path.read_text() for path in (ROOT / "sim" / "interchange").glob("*.py")
        ), word


def test_the_references_python_runs():
    (code,) = blocks(REFERENCE, "python")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
