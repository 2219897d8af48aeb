"""The pipeline: points -> game -> claim -> certificate -> dataset, and the promises of scenarios."""

from sim.run.sweeping import any_refuted, level_asked, plan, sweep
from sim.solving import choose_solver, solve

__all__ = ["any_refuted", "choose_solver", "level_asked", "plan", "solve", "sweep"]
