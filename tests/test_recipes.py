"""The recipes of docs/recipes.md, carried out as they stand in a copy of the tree."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.kernels.folder import chosen_folder

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "recipes.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n# (\S+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
FILES = {path: text for language, path, text in BLOCKS if language != "diff"}
CHANGES = [(path, text) for language, path, text in BLOCKS if language == "diff"]
WORDS = "".join(re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
FORM = [path for path in FILES if re.search(r"turns|look_ahead", path)]


def changed(text, hunks):
    """A file after a change: context and what goes must stand in it exactly once."""
    for hunk in re.split(r"^@@.*\n", hunks, flags=re.MULTILINE)[1:]:
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -").rstrip("\n")
        after = "".join(line[1:] for line in lines if line[0] in " +").rstrip("\n")
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the tree in which every recipe has been followed."""
    place = tmp_path_factory.mktemp("recipes")
    for name in ("sim", "tests", "docs", "scenarios"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", place)
    for path, text in FILES.items():
        target = place / path
        assert not target.exists(), path
        target.write_text(text)
    for path, hunks in CHANGES:
        target = place / path
        target.write_text(changed(target.read_text(), hunks))
    page = place / "docs" / "glossary.md"
    page.write_text(page.read_text().replace("| `form` |", WORDS + "| `form` |"))
    entry = place / "scenarios" / "entry.toml"
    entry.write_text(entry.read_text() + 'asked_by = "the owner"\n')
    return place


def run(tree, *words):
    # the kernels are the same, and so is what they were compiled to
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(chosen_folder().parent)}
    done = subprocess.run(
        [sys.executable, *words], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def standoff(tree, *words):
    return run(tree, "-m", "sim", *words)


def test_a_form_takes_at_most_eight_files():
    assert len(FORM) == 8  # its solver, its concept and all tests included


def test_plug_ins_are_known_by_being_there(tree):
    assert "strict" in standoff(tree, "list", "--solvers")
    assert "by_turns" in standoff(tree, "list", "--concepts")
    assert "how_many" in standoff(tree, "list", "--plots")
    assert "One market, and who was there first" in standoff(tree, "list")


def test_they_solve_sweep_and_draw(tree):
    answer = json.loads(standoff(tree, "solve", "entry", "--json"))
    assert answer["form"] == "turns"
    assert answer["solutions"][0]["outcomes"] == {"shared": 1.0}
    assert answer["solutions"][0]["strategies"]["Owner@in"] == {"share": 1.0, "fight": 0.0}
    assert "weak: 0" in standoff(tree, "solve", "chicken", "--solver", "strict")
    standoff(tree, "sweep", "entry", "--out", "out")
    standoff(tree, "map", "out/threat.zarr")
    standoff(tree, "map", "out/threat.zarr", "--plot", "how_many", "--out", "out/many.png")
    assert min((tree / "out" / name).stat().st_size for name in ("threat.png", "many.png")) > 5_000
    code = "import xarray; print(xarray.open_zarr('out/threat.zarr').attrs['asked_by'])"
    assert run(tree, "-c", code).strip() == "the owner"


def test_they_keep_the_laws_of_the_house(tree):
    """Their own tests, the arrows, the words, and every law of the contract that is about them."""
    own = [path for path in FILES if path.startswith("tests/") and "test_" in path]
    whole = [*own, "tests/test_architecture.py", "tests/test_words.py"]
    laws = ["tests/contract/test_form.py", "tests/contract/test_solver.py", "tests/concepts"]
    about = " or ".join(["turns", "look_ahead", "strict", *(Path(path).stem for path in whole)])
    run(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", *whole, *laws, "-k", about)
