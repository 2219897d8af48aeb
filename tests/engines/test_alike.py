"""Which machines give the same bytes, and of which sweeps all of them do."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import sim
from sim.engines import differing, machine
from sim.run import blocks as run
from sim.run.planning import plan
from sim.run.portable import is_portable
from tests.stores import ROOT, STANDOFF, contents, standoff

HERE = {"Python": "3.12.1", "numpy": "2.4.6", "processor features": "AVX2 FMA3 fused"}


def test_a_machine_is_like_itself_and_says_what_decides_bytes():
    assert not differing(machine(), machine(), portable=False)
    assert {"text of Standoff", "Python", "C library", "numpy", "numba", "zarr", "numcodecs"} <= set(
        machine()
    )
    assert all(machine().values())


@pytest.mark.parametrize(
    ("there", "portable", "words"),
    [
        (
            {"numpy": "2.4.5"},
            True,
            "numpy is 2.4.5 there and 2.4.6 here: install the same versions on all machines",
        ),
        ({"numpy": ""}, True, "numpy is missing there and 2.4.6 here"),
        ({"processor features": "AVX2"}, True, ""),
        ({"processor features": "AVX2"}, False, "its processor differs from ours in FMA3, fused"),
    ],
)
def test_what_differs_is_said(there, portable, words):
    found = differing({**HERE, **there}, HERE, portable=portable)
    assert found.startswith(words)
    assert bool(found) == bool(words)


def scenario(tmp_path, payoff, belief="uniform"):
    path = tmp_path / "odd.toml"
    path.write_text(
        "schema = 1\ntitle = 'Odd'\n[players]\nA = ['x', 'y']\nB = ['x', 'y']\n"
        f"[parameters]\nrisk = {{ default = 1, low = 0.5, high = 2, distribution = '{belief}' }}\n"
        f"[payoffs]\nA = [['{payoff}', 0], [0, 1]]\nB = [[1, 0], [0, 2]]\n"
        "[sweeps.line]\nover = { risk = [0.5, 2, 5] }\n[sweeps.sure]\ndesign = 'sobol'\nover = ['risk']\n"
        "points = 4\nreplicates = 2\n"
    )
    return sim.load(path)


@pytest.mark.parametrize(
    ("payoff", "belief", "sweep", "portable"),
    [
        ("risk / 3 + sqrt(risk) * risk**2", "uniform", "line", True),
        ("max(risk, 1) if risk > 0.7 else -risk", "triangular", "sure", True),
        ("exp(risk)", "uniform", "line", False),
        ("log(risk)", "uniform", "line", False),
        ("risk**3", "uniform", "line", False),
        ("2**risk", "uniform", "line", False),
    ],
)
def test_formulas_and_beliefs_decide_what_is_portable(tmp_path, payoff, belief, sweep, portable):
    dataset = sim.sweep(scenario(tmp_path, payoff, belief), sweep)
    assert dataset.attrs["portable"] is portable


def test_bell_curves_and_unknown_solvers_are_not_called_portable():
    seed = sim.load("standoff_2021")
    _, grid, _ = plan(seed, "security_dilemma", {}, 3)
    _, points, _ = plan(seed, "how_sure", {}, 4)
    assert is_portable(seed, "support_enumeration", grid)
    assert not is_portable(seed, "quantal_response", grid)
    assert not is_portable(sim.load("standoff_2021_repeated"), "pure", grid)
    kinds = {type(belief).__name__ for belief in points.beliefs.values()}
    assert is_portable(seed, "support_enumeration", points) == (not kinds & {"Normal", "Beta", "LogUniform"})


CHILD = """
import sys
from pathlib import Path
import sim
from sim.run import blocks
blocks.BLOCK = 100
for solver in ("support_enumeration", "pure"):
    sim.sweep(sim.load(sys.argv[1]), "rifle", out=Path(sys.argv[2]) / solver, points=21, solver=solver, full=True)
"""
PLAIN = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR", "OPENBLAS_CORETYPE": "Nehalem"}


def bytes_on_a_plainer_processor(tmp_path, monkeypatch, **further):
    """Of portable sweeps, as this processor computes them and as one would that can do less."""
    monkeypatch.setattr(run, "BLOCK", 100)
    found = {}
    there = tmp_path / "there"
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(STANDOFF), str(there)],
        cwd=ROOT, env={**os.environ, **PLAIN, **further}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for solver in ("support_enumeration", "pure"):
        here = tmp_path / "here" / solver
        dataset = sim.sweep(standoff(), "rifle", out=here, points=21, solver=solver, full=True)
        assert dataset.attrs["portable"]
        found[solver] = contents(here / "rifle.zarr"), contents(there / solver / "rifle.zarr")
    return found


@pytest.mark.skipif(
    "x86" not in machine()["kind of processor"], reason="numpy names what to leave out on x86"
)
def test_portable_sweeps_are_the_same_bytes_where_numpy_leaves_instructions_out(tmp_path, monkeypatch):
    for here, there in bytes_on_a_plainer_processor(tmp_path, monkeypatch).values():
        assert here == there


@pytest.mark.deep
@pytest.mark.skipif(
    "x86" not in machine()["kind of processor"], reason="numpy names what to leave out on x86"
)
def test_portable_sweeps_are_the_same_bytes_compiled_for_any_processor(tmp_path, monkeypatch):
    further = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(tmp_path)}
    for here, there in bytes_on_a_plainer_processor(tmp_path, monkeypatch, **further).values():
        assert here == there
