"""The pipeline: points -> game -> claim -> certificate -> dataset, and the promises of scenarios."""

from sim.run.planning import level_asked, plan
from sim.run.sweeping import any_refuted, sweep
from sim.solving import choose_solver, solve

__all__ = ["any_refuted", "choose_solver", "level_asked", "plan", "solve", "sweep"]
