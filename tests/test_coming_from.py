"""For those who know other software: the page's commands and code run, where that software is installed."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.plugins import concepts, solvers
from tests.command import follow
from tests.pages import blocks

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "coming-from.md").read_text()
CODE = blocks(PAGE, "python")
OTHERS = ("nashpy", "pygambit", "quantecon")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the commands of the page have been run."""
    place = tmp_path_factory.mktemp("coming_from")
    (place / "scenarios").symlink_to(ROOT / "scenarios")
    follow([line for block in blocks(PAGE, "console") for line in block.splitlines()], place)
    return place


@pytest.mark.parametrize("number", range(len(CODE)))
def test_every_piece_of_python_runs(folder, number):
    wanted = re.findall(rf"^import ({'|'.join(OTHERS)})\b", CODE[number], re.MULTILINE)
    for name in wanted:
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CODE[number]],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_needs_other_software_is_the_lesser_part():
    foreign = [code for code in CODE if re.search(r"^import (pygambit|quantecon)\b", code, re.MULTILINE)]
    assert 2 * len(foreign) < len(CODE)


def test_its_words_are_ours():
    assert set(re.findall(r"--solver (\w+)", PAGE)) <= set(solvers)
    assert set(re.findall(r"--concept (\w+)", PAGE)) <= set(concepts)
