"""Whether answers have the same digits on every processor of a kind.

Sums, products, quotients, square roots and comparisons are rounded alike everywhere.  ``exp``, ``log`` and powers are
not: numpy and the C library choose among formulas by what a processor can do (numpy issue 23523), and so do linear
algebra packages.
"""

from __future__ import annotations

from sim.designs import Design, Points
from sim.designs.distributions import Choices, Quantiles, Triangular, Uniform
from sim.expression import Program
from sim.scenario import Scenario

__all__ = ["is_portable"]

SOLVERS = {
    ("normal", "pure"),
    ("normal", "support_enumeration"),
}  # by form: arithmetic alone, their certificate too
UNLIKE = {"exp", "log"}
BELIEFS = (Uniform, Triangular, Quantiles, Choices)


def is_portable(scenario: Scenario, solver: str, design: Design) -> bool:
    """Whether a sweep gives the same bytes on every processor of a kind, as far as is known."""
    return (
        (scenario.form, solver) in SOLVERS
        and all_alike(scenario.reading.formulas.program)
        and (
            not isinstance(design, Points) or all(isinstance(one, BELIEFS) for one in design.beliefs.values())
        )
    )


def all_alike(program: Program) -> bool:
    """Whether all formulas are rounded alike everywhere; a square is a product."""
    return not any(
        operation in UNLIKE or (operation == "**" and program.constants.get(arguments[1]) != 2.0)
        for operation, arguments, _ in program.steps
    )
