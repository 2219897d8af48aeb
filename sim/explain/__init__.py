"""Why these are the answers, and what would have to change."""

from sim.explain.change import Change
from sim.explain.changes import Changes, Least, Nearest, what_would_change
from sim.explain.reasons import Reasons, reasons

__all__ = ["Change", "Changes", "Least", "Nearest", "Reasons", "reasons", "what_would_change"]
