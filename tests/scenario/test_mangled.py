"""Mangled files: a ScenarioError that names the file, or a scenario; nothing else, and quickly."""

import time

import pytest

from sim.scenario import ScenarioError, load
from tests.scenario.mangle import GOOD, mangled


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path / "mangled.toml"


def answer(path):
    """Load and use a file; whether it was good."""
    try:
        scenario = load(path)
    except ScenarioError as found:
        error = found
    else:
        assert len(scenario.game().players) == len(scenario.players)
        return True
    assert error.problems
    assert all(str(problem).startswith(str(path)) for problem in error.problems)
    assert "pydantic" not in str(error)
    return False


def test_good_files_are_good():
    assert len(GOOD) >= 6
    assert all(answer(path) for path in GOOD)


@pytest.mark.parametrize("block", range(4))
def test_mangled_file_is_refused_or_used(path, block):
    for seed in range(100 * block, 100 * (block + 1)):
        path.write_bytes(mangled(seed))
        start = time.perf_counter()
        answer(path)
        assert time.perf_counter() - start < 5.0
    assert list(path.parent.iterdir()) == [path]  # no formula ran as code


@pytest.mark.deep
def test_mangled_file_is_refused_or_used_at_length(path):
    for seed in range(1000, 20_000):
        path.write_bytes(mangled(seed))
        answer(path)
