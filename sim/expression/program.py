"""Many formulas as one program of steps, evaluated on blocks of cells.

Equal sub-expressions are one step, computed once, whichever formulas they occur in.  A step is a scalar
as long as it depends on no array, so a sweep over two parameters pays for those two.  While they are
computed values have the cell as their *last* axis, which gives numpy long inner loops: ``(B,)`` for what
depends on swept parameters only, ``(A1, .., An, B)``, with ones where possible, for what depends on traits.

``exact=True`` computes in fractions: a number is the shortest decimal that names it (0.1 is one tenth),
arithmetic is exact, and ``sqrt``, ``exp``, ``log`` and broken powers give the fraction of the shortest
decimal of their floating-point result.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.expression.formula import Formula, FormulaError
from sim.expression.numbers import fraction
from sim.expression.operations import EXACT, FLOATING

__all__ = ["Program"]

LARGEST_EXPONENT = 100  # of exponents written as numbers
MOST_STEPS = 200_000
MOST_VALUES = 2_000_000  # of all steps together in one cell
MOST_READ = 1_000_000  # numbers, names and operations of all formulas, repeats included
BLOCK = 2**17  # values of one step in one block of cells
MEMORY = 2**24  # values of all steps in one block of cells

Step = tuple[str, tuple[int, ...], Any]


class Program:
    """Steps ``(operation, arguments, detail)``; arguments are numbers of earlier steps.

    Besides the operations of formulas there are ``number`` (detail: the float, or the fraction where no float
    tells it), ``name`` (an input), ``table`` (detail: such numbers over joint actions, last axis 1) and
    ``pick`` (detail: a joint action; the value of the argument there).
    """

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.numbers: dict[Any, int] = {}
        self.constants: dict[int, float] = {}
        self.inputs: list[frozenset[str]] = []
        self.shapes: list[tuple[int, ...]] = []
        self.values = 0
        self.read = 0
        self.orders: dict[tuple[int, ...], list[int]] = {}

    def add(self, operation: str, arguments: tuple[int, ...] = (), detail: Any = None) -> int:
        """The number of the step, which is a new one unless there is such a step already."""
        key = (
            operation,
            arguments,
            detail if operation != "table" else table_key(detail),
        )
        if key not in self.numbers:
            shape = self.shape(operation, arguments, detail)
            self.values += math.prod(shape)
            if len(self.steps) == MOST_STEPS or self.values > MOST_VALUES:
                raise FormulaError(
                    f"is too much: a scenario has at most {MOST_STEPS} expressions and {MOST_VALUES} values"
                )
            self.note_constant(operation, arguments, detail)
            self.shapes.append(shape)
            used = frozenset([detail]) if operation == "name" else frozenset()
            self.inputs.append(used.union(*(self.inputs[argument] for argument in arguments)))
            self.numbers[key] = len(self.steps)
            self.steps.append((operation, arguments, detail))
        return self.numbers[key]

    def shape(self, operation: str, arguments: tuple[int, ...], detail: Any) -> tuple[int, ...]:
        """The shape of a step's value in one cell: ``()`` or ``(A1, .., An)`` with ones where it is alike."""
        if operation == "table":
            return tuple(detail.shape[:-1])
        if operation == "pick":
            return ()
        return tuple(np.broadcast_shapes(*(self.shapes[argument] for argument in arguments)))

    def note_constant(self, operation: str, arguments: tuple[int, ...], detail: Any) -> None:
        """Remember the value of steps made of numbers only, and refuse runaway exponents."""
        if operation == "number":
            self.constants[len(self.steps)] = float(detail)
        elif operation == "**" and abs(self.constants.get(arguments[1], 0.0)) > LARGEST_EXPONENT:
            found = self.constants[arguments[1]]
            raise FormulaError(
                f"has the exponent {found:g}; exponents go from -{LARGEST_EXPONENT} to {LARGEST_EXPONENT}"
            )
        elif operation in FLOATING and all(argument in self.constants for argument in arguments):
            with np.errstate(all="ignore"):
                values = (np.float64(self.constants[argument]) for argument in arguments)
                self.constants[len(self.steps)] = float(FLOATING[operation](*values))

    def name(self, name: str) -> int:
        """The step that stands for an input."""
        return self.add("name", (), name)

    def table(self, values: NDArray[Any]) -> int:
        """The step that stands for numbers over joint actions, ``(A1, .., An)``, 1 where they are alike."""
        return self.add("table", (), values[..., np.newaxis])

    def formula(
        self, formula: Formula, known: Mapping[str, int], joint_action: tuple[int, ...] | None = None
    ) -> int:
        """The step that computes a formula whose names stand for the steps ``known``.

        With ``joint_action`` names that depend on the joint action mean their value at this one.
        Raises KeyError for unknown names, FormulaError for what no program may hold.
        """
        stack: list[int] = []
        self.read += len(formula.code)
        if self.read > MOST_READ:
            raise FormulaError(
                f"is too much: a scenario has at most {MOST_READ} numbers, names and operations"
            )
        for kind, item in formula.code:
            if kind == "number":
                stack.append(self.add("number", (), item))
            elif kind == "name":
                step = known[item]
                if joint_action is not None and self.shapes[step]:
                    step = self.add("pick", (step,), joint_action)
                stack.append(step)
            else:
                arguments = tuple(stack[len(stack) - item :])
                del stack[len(stack) - item :]
                stack.append(self.add(kind, arguments))
        return stack[0]

    def blocks(
        self,
        wanted: Sequence[int],
        inputs: Mapping[str, Any],
        cells: int,
        size: int,
        *,
        exact: bool = False,
    ) -> Iterator[tuple[slice, list[Any]]]:
        """The values of the wanted steps, block of cells by block of cells.

        ``inputs`` are floats or arrays ``(cells,)``; ``size`` is the number of joint actions.  Values
        are scalars, ``(B,)`` or ``(A1, .., An, B)``; axes may be 1 where nothing varies along them.
        """
        order = self.needed(wanted)
        swept = {name for name, value in inputs.items() if np.ndim(value)}
        varying = [step for step in order if self.inputs[step] & swept]
        fixed = [step for step in order if not self.inputs[step] & swept]
        last = {argument: step for step in varying for argument in self.steps[step][1]}
        kept = {*wanted, *fixed}
        calculate = Calculator(self.steps, exact)
        with np.errstate(all="ignore"):
            constant: dict[int, Any] = {}
            for step in fixed:
                constant[step] = calculate(step, constant, inputs)
            total = sum(math.prod(self.shapes[step]) for step in varying)
            length = max(1, min(cells, BLOCK // size, MEMORY // max(total, 1)))
            for start in range(0, cells, length):
                block = slice(start, min(start + length, cells))
                here = {name: value[block] if name in swept else value for name, value in inputs.items()}
                values = dict(constant)
                for step in varying:
                    values[step] = calculate(step, values, here)
                    for argument in set(self.steps[step][1]):
                        if last[argument] == step and argument not in kept:
                            del values[argument]
                yield block, [values[step] for step in wanted]

    def rounds(self, wanted: Sequence[int], inputs: Mapping[str, Any]) -> NDArray[np.bool_]:
        """Cells in which floats round some number that was written, ``(cells,)`` or ``()`` for all alike."""
        result = np.zeros((), np.bool_)
        for step in self.needed(wanted):
            operation, _, detail = self.steps[step]
            if operation == "name":
                given = np.asarray(inputs[detail])
                if given.dtype == object:
                    result = result | np.array([isinstance(item, Fraction) for item in given.flat]).reshape(
                        given.shape
                    )
            elif operation == "number":
                result = result | isinstance(detail, Fraction)
            elif operation == "table":
                result = result | (detail.dtype == object)
        return np.asarray(result)

    def needed(self, wanted: Sequence[int]) -> list[int]:
        """All steps the wanted ones depend on, in the order of computation."""
        key = tuple(wanted)
        if key not in self.orders:
            self.orders[key] = self.depended_on(key)
        return self.orders[key]

    def depended_on(self, wanted: tuple[int, ...]) -> list[int]:
        """The same, found anew: which steps a step depends on never changes."""
        found = set(wanted)
        ahead = list(found)
        while ahead:
            for argument in self.steps[ahead.pop()][1]:
                if argument not in found:
                    found.add(argument)
                    ahead.append(argument)
        return sorted(found)


def table_key(values: NDArray[Any]) -> Any:
    """What two tables of the same numbers have in common."""
    numbers = tuple(values.ravel().tolist()) if values.dtype == object else values.tobytes()
    return values.shape, numbers


class Calculator:
    """Computes one step from the values of earlier ones, in floats or in fractions."""

    def __init__(self, steps: list[Step], exact: bool) -> None:
        self.steps = steps
        self.exact = exact
        self.convert: Any = (
            np.frompyfunc(fraction, 1, 1) if exact else lambda value: np.asarray(value, np.float64)[()]
        )

    def __call__(self, step: int, values: Mapping[int, Any], inputs: Mapping[str, Any]) -> Any:
        operation, arguments, detail = self.steps[step]
        if operation == "name":
            return self.convert(inputs[detail])
        if operation in ("number", "table"):
            return self.convert(detail)
        given = [values[argument] for argument in arguments]
        if operation == "pick":
            return pick(given[0], detail)
        if self.exact:
            return np.frompyfunc(EXACT[operation], len(given), 1)(*given)
        return FLOATING[operation](*given)


def pick(value: Any, joint_action: tuple[int, ...]) -> Any:
    """``(A1, .., An, B) -> (B,)`` at one joint action; what has no such axes is the same everywhere."""
    if np.ndim(value) <= 1:
        return value
    return value[tuple(0 if size == 1 else a for size, a in zip(value.shape, joint_action, strict=False))]
