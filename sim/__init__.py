"""Standoff: a simulator of negotiation under threat.

A **scenario** (a TOML file) names players, actions, parameters and payoffs.  At given parameters it is
a **game**: a batch of cells, each one point in parameter space, in one of several forms.  A **solver**
claims strategies for all cells at once; one **certificate** recomputes values and regret from the game
and gives a verdict on every cell.  A **sweep** runs that over a grid, chunk by chunk, into a labelled
dataset; **measures** and **plots** see datasets only.

The rooms, from the top down; what a module imports stands in its own room or further down:

    cli          arguments in, text out: one command a file, no logic
    notebook     the explorer as a widget: the same answers over messages; without one a still picture
    web          the explorer in the browser: a page, the answers behind it, and who may ask for them
    making       what make makes of scenarios: checked, swept and drawn, in processes
    sustain      the public door to patience
    models       of the literature, where no scenario file expresses them: formulas with their regions of validity
    measures     the public door to the measures of datasets
    report       one page a scenario, their index, and two side by side
    output       answers as text, HTML, JSON, CSV, data frames; views/ what objects show of themselves
    explain      why these are the answers, what would have to change; the grammar of sentences
    pictures     which pictures to draw; plots/ one picture a file, style/ colours and words; sees datasets only
    run          points -> game -> solution -> dataset; promises
    engines      who does the work: threads of this machine, or a cluster of others
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
    forms        bargaining, bayesian, normal, repeated, stochastic, tree; stage: facts of a game that is played in rounds
    answers      what an Answer is: name, meaning, unit, dims, how it is told; each solver declares its own
    game         Agent, Game, Judgement: the protocol, and all that follows from it; checks of input
    kernels      compiled primitives by subject
    polynomials  payoffs as polynomials of the parameters: which ties hold everywhere
    expression   payoff formulas: parse, check, evaluate on arrays of cells
    markup       HTML as text: words are escaped, by their type
    plugins      a file in forms/, solvers/, concepts/, plots/, views/, commands/ is registered by being there
    version      the version, which results carry; digests of the code
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sim.version import __version__ as __version__

if TYPE_CHECKING:
    from sim.forms.bargaining import Bargaining
    from sim.forms.bayesian import Bayesian
    from sim.forms.normal import NormalForm
    from sim.forms.repeated import Repeated
    from sim.forms.stochastic import Stochastic
    from sim.forms.tree import Tree
    from sim.notebook.exploring import explore
    from sim.output.frames import dataset_table as table
    from sim.patience import critical_discount
    from sim.pictures import figure_of as plot
    from sim.run import sweep
    from sim.scenario import load
    from sim.selection import select
    from sim.solving import solve


__all__ = [
    "Bargaining",
    "Bayesian",
    "NormalForm",
    "Repeated",
    "Stochastic",
    "Tree",
    "critical_discount",
    "explore",
    "load",
    "plot",
    "select",
    "solve",
    "sweep",
    "table",
]

# module and name there; imported when first used, so that `standoff --help` does not wait for numpy
HOMES = {
    "Bargaining": "sim.forms.bargaining.Bargaining",
    "Bayesian": "sim.forms.bayesian.Bayesian",
    "NormalForm": "sim.forms.normal.NormalForm",
    "Repeated": "sim.forms.repeated.Repeated",
    "Stochastic": "sim.forms.stochastic.Stochastic",
    "Tree": "sim.forms.tree.Tree",
    "critical_discount": "sim.patience.critical_discount",
    "explore": "sim.notebook.exploring.explore",
    "load": "sim.scenario.load",
    "plot": "sim.pictures.figure_of",
    "select": "sim.selection.select",
    "solve": "sim.solving.solve",
    "sweep": "sim.run.sweep",
    "table": "sim.output.frames.dataset_table",
}


def __getattr__(name: str) -> Any:
    if name == "models":
        return importlib.import_module("sim.models")
    if name in HOMES:
        module, _, found = HOMES[name].rpartition(".")
        return getattr(importlib.import_module(module), found)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, "__doc__", "__version__"})
