"""Where to look in parameter space."""

from sim.designs.blocks import Block, Design
from sim.designs.grid import Grid, steps
from sim.designs.points import SAMPLED, Points
from sim.designs.refine import Refine
from sim.designs.rows import BlockRows

__all__ = ["SAMPLED", "Block", "BlockRows", "Design", "Grid", "Points", "Refine", "steps"]
