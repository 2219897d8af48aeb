"""Standoff: a simulator of negotiation under threat.

A **scenario** (a TOML file) names players, actions, parameters and payoffs.  At given parameters it is
a **game**: a batch of cells, each one point in parameter space, in one of several forms.  A **solver**
claims strategies for all cells at once; one **certificate** recomputes values and regret from the game
and gives a verdict on every cell.  A **sweep** runs that over a grid, chunk by chunk, into a labelled
dataset; **measures** and **plots** see datasets only.  Imports point down, in this order: plugins,
kernels and expression; game; given; forms; concepts; solution; iterate; solvers; designs; scenario; dataset;
measures and plots; run; cli.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.forms.normal import NormalForm
    from sim.forms.repeated import Repeated
    from sim.forms.stochastic import Stochastic
    from sim.run import solve, sweep
    from sim.scenario import load
    from sim.selection import select
    from sim.sustain import critical_discount

__version__ = "0.1.0"

__all__ = ["NormalForm", "Repeated", "Stochastic", "critical_discount", "load", "select", "solve", "sweep"]

# imported when first used, so that `standoff --help` does not wait for numpy
HOMES = {
    "NormalForm": "sim.forms.normal",
    "Repeated": "sim.forms.repeated",
    "Stochastic": "sim.forms.stochastic",
    "critical_discount": "sim.sustain",
    "load": "sim.scenario",
    "select": "sim.selection",
    "solve": "sim.run",
    "sweep": "sim.run",
}


def __getattr__(name: str) -> Any:
    if name in HOMES:
        return getattr(importlib.import_module(HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
