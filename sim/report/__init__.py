"""One page for each scenario, an index of them, and two side by side; each page is one file that asks for nothing."""

from sim.report.compare import compare
from sim.report.index import index
from sim.report.write import Entry, write

__all__ = ["Entry", "compare", "index", "write"]
