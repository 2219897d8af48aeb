"""Where to look in parameter space."""

from sim.designs.grid import Block, Grid, steps

__all__ = ["Block", "Grid", "steps"]
