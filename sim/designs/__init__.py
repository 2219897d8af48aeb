"""Where to look in parameter space."""

from sim.designs.grid import RESERVED, Block, Grid, steps

__all__ = ["RESERVED", "Block", "Grid", "steps"]
