"""The public door to :mod:`sim.dataset.measures`: what can be read off a dataset."""

from sim.dataset.measures import *  # noqa: F403 - every public name
from sim.dataset.measures import __all__ as __all__  # noqa: PLC0414 - the same names
