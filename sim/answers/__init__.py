"""What is answered beside strategies: every entry of ``claim.extra`` is declared, once, as an :class:`Answer`.

A solver names the answers it gives where it is registered, ``@solver(.., answers=(PAYOFF_SET, WORST))``.  Names
of datasets, their axes, units and descriptions, what ``standoff solve`` says and what ``--json`` holds are made
from these declarations.  :mod:`sim.answers.shared` lists those that several solvers give; what only one gives
may be declared in its own file.
"""

from sim.answers.answer import KEEPS, LEVELS, Answer, Tell
from sim.answers.solved import EACH, JOINT, RESERVED, SOLVED

__all__ = ["EACH", "JOINT", "KEEPS", "LEVELS", "RESERVED", "SOLVED", "Answer", "Tell"]
