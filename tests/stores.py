"""What tests of sweeps share: a scenario, and the bytes of a store."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import sim

ROOT = Path(__file__).parents[1]
STANDOFF = ROOT / "tests" / "cases" / "scenarios" / "standoff.toml"


def standoff():
    return sim.load(STANDOFF)


def contents(store):
    """Every file of a store and its bytes."""
    return {str(path.relative_to(store)): path.read_bytes() for path in store.rglob("*") if path.is_file()}


def start(code, *arguments):
    """Run Python code in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
