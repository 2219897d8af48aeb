"""A proved map as it is stored, and the proof that what is stored is true.

Everything in the file is exact: factors with whole coefficients, corners of blocks as binary fractions of each range.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from sim.borders.blocks import Inversion, Leaf, Map
from sim.borders.conditions import Margins, NoMarginsError, functions_of, in_order
from sim.borders.decide import MOST_OPEN
from sim.expression import Program, parse
from sim.polynomials import Atom, Polynomial, PolynomialReader, functions_named, table_of

__all__ = ["as_record", "faults", "formula", "from_record", "read_map"]


def formula(conditions: Margins, number: int) -> str:
    """A factor as a formula: ``threat - build_up_cost``."""
    return str(conditions.polynomials[number]).replace("^", "**")


def as_record(proved: Map) -> dict[str, Any]:
    """Everything, as JSON has it."""
    conditions = proved.conditions
    return {
        "outcomes": list(conditions.outcomes),
        "doubted": conditions.doubted,
        "low": [str(one) for one in proved.low],
        "high": [str(one) for one in proved.high],
        "labels": [[int(bit) for bit in bits] for bits in proved.labels],
        "factors": [formula(conditions, number) for number in range(len(conditions.factors))],
        "evaluated": proved.evaluated,
        "leaves": [
            {
                "low": [*block.low],
                "high": [*block.high],
                "signs": "".join("0+-"[sign] for sign in block.signs),
                "margins": [*block.margins],
                "table": [*block.table],
            }
            for block in proved.blocks
        ],
        "open": [{"low": [*block.low], "high": [*block.high]} for block in proved.undecided],
    }


def from_record(record: dict[str, Any], conditions: Margins) -> Map:
    """A stored map; ``conditions`` are those of the scenario that it is of.  Raises ValueError where it is none."""
    try:
        blocks = tuple(
            Leaf(
                tuple(map(float, leaf["low"])),
                tuple(map(float, leaf["high"])),
                tuple({"0": 0, "+": 1, "-": -1}[sign] for sign in leaf["signs"]),
                tuple(map(int, leaf["margins"])),
                tuple(map(int, leaf["table"])),
            )
            for leaf in record["leaves"]
        )
        undecided = tuple(
            Leaf(tuple(map(float, leaf["low"])), tuple(map(float, leaf["high"])), (), (), ())
            for leaf in record["open"]
        )
        low, high = (tuple(Fraction(one) for one in record[end]) for end in ("low", "high"))
        labels = tuple(tuple(bool(bit) for bit in bits) for bits in record["labels"])
        return Map(conditions, low, high, blocks, undecided, labels, int(record["evaluated"]))
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise ValueError(f"this is no stored map of borders: {type(error).__name__} {error}") from None


def read_map(record: dict[str, Any], variables: tuple[str, ...]) -> Map:
    """A stored map as it says of itself, to be looked at: its formulas are read, and nothing is proved.

    Raises ValueError where it is none.
    """
    try:
        read = [read_formula(text, variables) for text in record["factors"]]
        functions = in_order({name: atom for _, found in read for name, atom in found.items()})
        every = (*variables, *functions)
        factors = tuple(
            {place: int(value) for place, value in table_of(polynomial, every).items()}
            for polynomial, _ in read
        )
        outcomes, doubted = tuple(map(str, record["outcomes"])), bool(record.get("doubted"))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"this is no stored map of borders: {type(error).__name__} {error}") from None
    margins = Margins(every, factors, (), outcomes, functions=functions_of(functions, every), doubted=doubted)
    return from_record(record, margins)


def read_formula(text: str, variables: tuple[str, ...]) -> tuple[Polynomial, dict[str, Atom]]:
    """A formula that :func:`formula` gave, and the functions in it."""
    program = Program()
    steps = {name: program.name(name) for name in variables}
    reader = PolynomialReader(program, {})
    return functions_named(reader.read(program.formula(parse(text), steps), ()), reader.atoms)


def faults(record: dict[str, Any], conditions: Margins) -> list[str]:
    """What is false in a stored map, in sentences; nothing where all of it is proved anew, in exact arithmetic."""
    proved = from_record(record, conditions)
    found = []
    names = [formula(conditions, number) for number in range(len(conditions.factors))]
    if list(conditions.outcomes) != record["outcomes"] or names != record["factors"]:
        found.append("outcomes or margins are not those of the scenario")
        return found
    if not fills([*proved.blocks, *proved.undecided], len(proved.low)):
        found.append("the blocks are not halves of halves of the whole")
    work = Inversion(conditions, proved.low, proved.high, 0)
    for place, block in enumerate(proved.blocks):
        told = fault(block, proved, work)
        if told:
            found.append(f"leaf {place}: {told}")
    return found


def fault(block: Leaf, proved: Map, work: Inversion) -> str:
    """What is false in a leaf; nothing where all of it is true."""
    count = len(proved.conditions.factors)
    if len(block.signs) != count or len(block.table) != 2 ** len(block.margins):
        return "its signs or its table are of a wrong length"
    if not all(0 <= number < len(proved.labels) for number in block.table):
        return "its table names a label that is none"
    try:
        bounds = work.enclosure.exactly(block.low, block.high)
    except NoMarginsError as error:
        return f"in it {error}"
    for number, sign in enumerate(block.signs):
        if sign:
            least, most = bounds(number)
            if not (least > 0 if sign > 0 else most < 0):
                return f"the sign of its margin {number} is not proved"
    signs = np.array([block.signs], np.int8)
    unknown = np.nonzero(work.decide(signs).open[0])[0]
    if len(unknown) > MOST_OPEN:
        return "too many of its signs are not known"
    margins, labels = work.decide.table(signs[0], unknown, MOST_OPEN)
    if margins != block.margins or labels != tuple(proved.labels[one] for one in block.table):
        return "its table is not what the signs decide"
    return ""


def fills(blocks: Sequence[Leaf], axes: int) -> bool:
    """Whether blocks are what comes of halving the unit box again and again."""
    ahead = [(tuple([0.0] * axes), tuple([1.0] * axes), list(blocks))]
    while ahead:
        low, high, inside = ahead.pop()
        if len(inside) == 1 and (inside[0].low, inside[0].high) == (low, high):
            continue
        halves = None
        for axis in range(axes):
            middle = (low[axis] + high[axis]) / 2
            first = [one for one in inside if one.high[axis] <= middle]
            second = [one for one in inside if one.low[axis] >= middle]
            if first and second and len(first) + len(second) == len(inside):
                halves = axis, middle, first, second
                break
        if halves is None:
            return False
        axis, middle, first, second = halves
        ahead.append((low, (*high[:axis], middle, *high[axis + 1 :]), first))
        ahead.append(((*low[:axis], middle, *low[axis + 1 :]), high, second))
    return True
