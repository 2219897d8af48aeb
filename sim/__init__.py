"""Standoff: a simulator of negotiation under threat.

A **scenario** (a TOML file) names players, actions, parameters and payoffs.  At given parameters it is
a **game**: a batch of cells, each one point in parameter space, in one of several forms.  A **solver**
claims strategies for all cells at once; one **certificate** recomputes values and regret from the game
and gives a verdict on every cell.  A **sweep** runs that over a grid, chunk by chunk, into a labelled
dataset; **measures** and **plots** see datasets only.

The rooms, from the top down; what a module imports stands in its own room or further down:

    cli          arguments in, text out: one command a file, no logic
    sustain      the public door to patience
    measures     the public door to the measures of datasets
    output       answers for readers and programs: text, JSON, CSV
    explain      why these are the answers, what would have to change; the grammar of sentences
    pictures     which pictures to draw; plots/ one picture a file, style/ colours and words; sees datasets only
    run          points -> game -> solution -> dataset; promises
    dataset      the result schema, labels, store and measures; nothing else builds a Dataset
    scenario     TOML -> Scenario; every input error is raised here; forms/ reads each form's own table
    borders      where the answer changes: margins as polynomials, certified blocks, tipping points
    play         crises played out: rules, automata, learning
    patience     what can last: critical discounts, punishments, penal codes
    automata     strategies with memory
    selection    which equilibrium a theory chooses
    solving      choose a solver, solve: the only caller of solvers
    interchange  Gambit, nashpy, pygambit, tables
    solution     certify
    concepts     one concept a file: its words, its residual by form; methods/ what several share
    solvers      one method a file, registered by being there; methods/ what several share
    designs      where to look in parameter space
    claim        what a solver says, and nothing derived
    forms        normal, repeated, stochastic; stage: facts of a game that is played in rounds
    answers      what an Answer is: name, meaning, unit, dims, how it is told; each solver declares its own
    game         Agent, Game, Judgement: the protocol, and all that follows from it; checks of input
    kernels      compiled primitives by subject
    polynomials  payoffs as polynomials of the parameters: which ties hold everywhere
    expression   payoff formulas: parse, check, evaluate on arrays of cells
    plugins      a file in forms/, solvers/, concepts/, plots/, commands/ is registered by being there
    version      the version, which results carry
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sim.version import __version__ as __version__

if TYPE_CHECKING:
    from sim.forms.normal import NormalForm
    from sim.forms.repeated import Repeated
    from sim.forms.stochastic import Stochastic
    from sim.patience import critical_discount
    from sim.run import sweep
    from sim.scenario import load
    from sim.selection import select
    from sim.solving import solve


__all__ = [
    "NormalForm",
    "Repeated",
    "Stochastic",
    "critical_discount",
    "load",
    "select",
    "solve",
    "sweep",
]

# imported when first used, so that `standoff --help` does not wait for numpy
HOMES = {
    "NormalForm": "sim.forms.normal",
    "Repeated": "sim.forms.repeated",
    "Stochastic": "sim.forms.stochastic",
    "critical_discount": "sim.patience",
    "load": "sim.scenario",
    "select": "sim.selection",
    "solve": "sim.solving",
    "sweep": "sim.run",
}


def __getattr__(name: str) -> Any:
    if name in HOMES:
        return getattr(importlib.import_module(HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
