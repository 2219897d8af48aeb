"""The recipes, done as they stand there: every command and every piece of Python runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import follow
from tests.pages import blocks

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "how-to.md").read_text()
COMMANDS = [line for block in blocks(PAGE, "console") for line in block.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where all commands of the page have been run in their order."""
    place = tmp_path_factory.mktemp("how_to")
    (place / "scenarios").symlink_to(ROOT / "scenarios")
    (place / "payoffs.csv").write_text(blocks(PAGE, "csv")[0])
    follow(COMMANDS, place)
    return place


def test_every_recipe_runs(folder):
    assert (folder / "results" / "standoff_2021_repeated" / "patience.png").exists()
    for command in COMMANDS:
        written = re.match(r"\S+ (?!sweep).* --out (\S+)", command)
        assert not written or (folder / written[1]).stat().st_size > 5_000, command
    assert (folder / "chicken.nfg").read_text().startswith("NFG 1 R")
    assert (folder / "game.toml").read_text().startswith("# From payoffs.csv")


@pytest.mark.parametrize("number", range(len(blocks(PAGE, "python"))))
def test_every_piece_of_python_runs(folder, number):
    code = blocks(PAGE, "python")[number]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
