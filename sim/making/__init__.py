"""What ``standoff make`` makes of scenarios: checked, swept and drawn, where that is out of date."""

from sim.making.scenarios import make, order
from sim.making.stamps import is_made
from sim.making.workers import Made, in_processes

__all__ = ["Made", "in_processes", "is_made", "make", "order"]
