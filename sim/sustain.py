"""The public door to :mod:`sim.patience`: what patience can sustain."""

from sim.patience import *  # noqa: F403 - every public name
from sim.patience import __all__ as __all__  # noqa: PLC0414 - the same names
