"""TOML -> Scenario; every input error is raised here.

``positions`` finds where keys are, ``problems`` words what is wrong, ``fields`` and ``tables`` check
values, ``names`` knows what formulas may use, ``payoffs``, ``outcomes`` and ``questions`` read their
sections, ``forms/`` what each form adds, ``corners`` computes everything once before anybody relies on
it, ``load`` puts a ``Scenario`` together.
"""

from sim.scenario.load import load
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.schema import schema
from sim.scenario.tables import Axis, Parameter, Promise, Sweep

__all__ = ["Axis", "Parameter", "Problem", "Promise", "Scenario", "ScenarioError", "Sweep", "load", "schema"]
