"""Kernels as the Python they are: the same digits as compiled, no longer than that pays, and no compiler loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import defaultdict

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.kernels import interpreted, kernel
from sim.kernels.base.bits import bit_count, lowest
from sim.kernels.base.threads import over_blocks
from sim.kernels.lazy import Kernel
from sim.scenario.library import shipped
from tests.house import ROOT

SLOW = {
    (
        "misread_treaty",
        "public_perfect",
    ): "minutes as Python: tests/test_scenarios.py keeps its promises compiled",
}


@pytest.fixture(autouse=True)
def as_in_a_new_process(monkeypatch):
    """Nothing is loaded, and no time was spent."""
    monkeypatch.setattr(Kernel, "loaded", False)
    monkeypatch.setattr(interpreted, "SPENT", defaultdict(float))


@pytest.fixture
def endless(monkeypatch):
    """As much time as it takes."""
    monkeypatch.setattr(interpreted, "COMPILING", 1e9)
    monkeypatch.setattr(interpreted, "LOADING", 1e9)


@pytest.fixture
def soon(monkeypatch):
    """Hardly any time."""
    monkeypatch.setattr(interpreted, "COMPILING", 0.1)
    monkeypatch.setattr(interpreted, "LOADING", 0.1)


@pytest.fixture
def again(monkeypatch):
    """Why work began again, each time it did."""
    reasons = []
    monkeypatch.setattr(interpreted, "BEGUN_AGAIN", reasons)
    return reasons


def questions():
    """Every question that a scenario of the library asks, at its defaults, as words for the command line."""
    for path in shipped():
        scenario = sim.load(path)
        asked = {(sweep.concept, sweep.solver) for sweep in scenario.sweeps.values()}
        for concept, solver in sorted(asked, key=str):
            if (scenario.name, concept) not in SLOW:
                method = ["--solver", solver] if solver else []
                yield pytest.param(
                    "solve",
                    path.stem,
                    "--json",
                    "--concept",
                    concept,
                    *method,
                    id=f"{path.stem}-{concept}-{solver}",
                )
        if scenario.form == "repeated" and all(concept != "public_perfect" for concept, _ in asked):
            yield pytest.param("sustain", path.stem, "--json", id=f"{path.stem}-sustain")


def told(words):
    done = CliRunner().invoke(main.get_command(None, words[0]), words[1:], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


@pytest.mark.parametrize(
    "words", [list(each.values) for each in questions()], ids=[each.id for each in questions()]
)
def test_answers_are_the_same_to_the_last_byte(words, endless, again, monkeypatch):
    as_python = told(words)
    assert again == []  # nothing that Python refuses
    monkeypatch.setattr(interpreted, "interpreted", lambda work: work())
    assert told(words) == as_python


@kernel()
def reciprocals(numbers):
    least = 0.0
    for k in range(numbers.size):
        least = min(least, 1.0 / numbers[k])
    return 1.0 / least


@kernel()
def for_long(steps, counted):
    for _ in range(steps):
        counted[0] += 1
    return counted[0]


def test_no_warning_comes_of_python_and_what_it_refuses_is_compiled(again):
    numbers = np.array([0.0, 1.0])
    assert interpreted.interpreted(lambda: reciprocals(-numbers)) == 0.0  # -inf, and one by that
    assert again == []
    assert interpreted.interpreted(lambda: reciprocals(numbers)) == np.inf  # Python's own 1.0 / 0.0
    assert "ZeroDivisionError" in again[0]


def test_what_takes_long_begins_again_from_the_start(soon, again):
    worlds = []

    def work():
        worlds.append(np.zeros(1, np.int64))
        return for_long(20_000_000, worlds[-1])

    assert interpreted.interpreted(work) == 20_000_000
    assert again == ["time"]
    assert 0 < worlds[0][0] < 20_000_000 == worlds[1][0]
    assert not interpreted.now()


def test_time_adds_up_over_calls(monkeypatch, again):
    """Many questions that are each quick are worth compiling as one is that takes as long."""
    monkeypatch.setattr(interpreted, "LOADING", 1e9)
    monkeypatch.setattr(interpreted, "COMPILING", 0.5)

    @kernel()
    def for_a_while(steps):
        total = 0
        for step in range(steps):
            total += step
        return total

    for _ in range(1000):
        assert interpreted.interpreted(lambda: for_a_while(300_000)) == 44999850000
        if again:
            break
    assert again == ["time"]


def test_what_is_loaded_is_called_compiled(monkeypatch, again):
    monkeypatch.undo()
    counted = np.zeros(1, np.int64)
    for_long(1, counted)
    assert for_long.loaded
    ran = []
    monkeypatch.setattr(interpreted, "call", lambda *_: ran.append(True))
    assert interpreted.interpreted(lambda: for_long(2, counted)) == 3
    assert ran == again == []


def test_only_time_in_kernels_counts_and_nothing_else_is_interrupted(soon, again):
    """While modules are loading, an interruption would leave half of one."""

    def work():
        for_long(1, np.zeros(1, np.int64))
        end = time.process_time() + 0.5
        while time.process_time() < end:
            pass
        return for_long(3, np.zeros(1, np.int64))

    assert interpreted.interpreted(work) == 3
    assert again == []


def test_another_thread_compiles(again):
    def work():
        assert interpreted.now()
        return over_blocks(lambda first, last: (first, last, interpreted.now()), 4, 2)

    assert interpreted.interpreted(work) == [(0, 2, True), (2, 4, True)]
    assert over_blocks(lambda first, last: (first, last, interpreted.now()), 4, 2) == [
        (0, 2, False),
        (2, 4, False),
    ]


def test_an_error_of_the_user_is_his(again):
    def work():
        raise ValueError("x.toml: unknown name")

    with pytest.raises(ValueError, match="unknown name"):
        interpreted.interpreted(work)
    assert again == []
    assert not interpreted.now()


@pytest.mark.parametrize("number", [0, 1, 5, 2**62, -1, -(2**63)])
def test_bits_are_counted_alike(number):
    @kernel()
    def counted(number):
        return bit_count(number)

    wanted = f"{number & 2**64 - 1:b}".count("1")
    assert counted(np.int64(number)) == bit_count(np.int64(number)) == wanted
    if number:
        bits = np.uint64(number & 2**64 - 1)
        assert interpreted.interpreted(lambda: lowest(bits)) == (number & -number).bit_length() - 1


LIGHT = """
import sys, {module}
assert not {{"numba", "llvmlite"}} & set(sys.modules), "a compiler is loaded"
"""
SMALL = """
import sys
from click.testing import CliRunner
from sim.cli import main
done = CliRunner().invoke(main.get_command(None, sys.argv[1]), sys.argv[2:], catch_exceptions=False)
assert done.exit_code == 0
print(len(done.stdout), "numba" in sys.modules)
"""


def run(code, *words, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_importing_every_kernel_loads_no_compiler():
    package = ROOT / "sim" / "kernels"
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in package.rglob("*.py")
        if path.name not in {"cache.py", "compiler.py", "linking.py"}
    ]
    assert len(modules) > 50
    run(LIGHT.format(module=", ".join(modules)))
    run(LIGHT.format(module="sim.solving, sim.run, sim.pictures, sim.output, sim.sustain"))


@pytest.mark.parametrize(
    "words", [("solve", "standoff_2021"), ("sustain", "standoff_2021_repeated"), ("check", "chicken")]
)
def test_a_small_game_is_finished_before_a_compiler_is_loaded(words, tmp_path):
    assert run(SMALL, *words, NUMBA_CACHE_DIR=str(tmp_path))[1] == "False"  # where nothing is compiled yet


def test_the_answer_is_an_object(again):
    assert json.loads(told(["solve", "standoff_2021", "--json"]))["status"] == "ok"
