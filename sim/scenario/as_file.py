"""A game of other software, written as a scenario file: every number as it is, and words on how to go on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from sim.interchange.files import MOST_BYTES, SCENARIO, read_file
from sim.scenario.names import MOST_JOINT_ACTIONS
from sim.scenario.positions import BARE
from sim.scenario.scenario import Scenario

__all__ = ["as_file"]

HEAD = """\
# From {origin}, by `standoff import`; every number is what was written there.
# To ask what follows from a number, make it a parameter: uncomment the lines below that begin with #:, put
# its name, in quotes, in the place of the number, and then: standoff sweep FILE; standoff map FILE
schema = 1
title = {title}
"""
PARAMETER = """
#: [parameters.stake]
#: default = 1.0
#: low = 0.0
#: high = 10.0
#: meaning = "what it stands for, in plain words"
"""
SWEEP = """
#: [sweeps.stake]
#: title = "What follows from the stake?"
#: over = { stake = [0.0, 10.0, 201] }
"""
DIGITS = 40  # of a decimal; what has more is written as a fraction


def as_file(scenario: Scenario) -> str:
    """The text of a scenario file that holds the game of a scenario that other software wrote.

    Raises ValueError for one that was read from a scenario file, and for a game that is larger than those may be.
    """
    if read_file(scenario.path).kind == SCENARIO:
        raise ValueError(f"{scenario.path}: is a scenario file already")
    joint = math.prod(scenario.roster.shape)
    larger = f"{scenario.path}: is larger than a scenario file may be; `standoff solve` takes it as it is"
    if joint > MOST_JOINT_ACTIONS:
        raise ValueError(f"{larger} ({joint} joint actions, at most {MOST_JOINT_ACTIONS})")
    players = "".join(
        f"{key(player)} = [{', '.join(map(quoted, own))}]\n"
        for player, own in zip(scenario.players, scenario.actions, strict=True)
    )
    head = HEAD.format(origin=scenario.path.name, title=quoted(scenario.title))
    about = f"about = {quoted(scenario.about)}\n" if scenario.about else ""
    payoffs = "\n".join(cells(scenario.actions, scenario.payoffs(exact=True)[0]))
    text = f"{head}{about}\n[players]\n{players}{PARAMETER}\n{payoffs}{SWEEP}"
    if len(text.encode()) > MOST_BYTES[SCENARIO]:
        raise ValueError(f"{larger} ({len(text.encode())} bytes, at most {MOST_BYTES[SCENARIO]})")
    return text


def cells(actions: Sequence[Sequence[str]], payoffs: Any) -> list[str]:
    """Tables of the actions of all players but the last, whose actions are keys; ``payoffs (n, A1, .., An)``."""
    lines = []
    for outer in product(*(range(len(own)) for own in actions[:-1])):
        table = ".".join(["payoffs", *(key(own[a]) for own, a in zip(actions, outer, strict=False))])
        lines.append(f"[{table}]")
        for last, action in enumerate(actions[-1]):
            numbers = ", ".join(numeral(own[(*outer, last)]) for own in payoffs)
            lines.append(f"{key(action)} = [{numbers}]")
        lines.append("")
    return lines


def numeral(value: Fraction) -> str:
    """A number as scenario files write it: a decimal where it is one of few digits, else a text, ``"1/3"``."""
    if value.denominator == 1 and len(str(value)) <= DIGITS:
        return str(value)
    twos, rest = 0, value.denominator
    for prime in (2, 5):
        times = 0
        while rest % prime == 0:
            rest //= prime
            times += 1
        twos = max(twos, times)
    if rest == 1 and twos <= DIGITS:
        sign, digits = (
            "-" * (value < 0),
            str(abs(value.numerator) * 10**twos // value.denominator).zfill(twos + 1),
        )
        return f"{sign}{digits[:-twos]}.{digits[-twos:]}"
    return f'"{value}"'


def key(word: str) -> str:
    """A key of a TOML table, in quotes where it needs them."""
    return word if BARE.fullmatch(word) else quoted(word)


def quoted(word: str) -> str:
    """A TOML text: what is neither plain nor printable is escaped."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else escape(sign) for sign in escaped) + '"'


def escape(sign: str) -> str:
    """A sign that is not printed, as TOML writes it."""
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"
