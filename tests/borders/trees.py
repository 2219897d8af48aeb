"""Drawn trees whose payoffs and chances are polynomials of two parameters, and what the solver says of them."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

import sim
from sim.borders.trees import tree_conditions
from sim.forms.tree import Tree
from sim.polynomials import Case, Polynomial
from tests.borders.games import NAMES, polynomial, value, whole

PLAYERS = ("A", "B")
OUTCOMES = ("one", "two", "three")
CHANCES = (
    (Fraction(1, 3), 0, 0),
    (0, Fraction(1, 2), 0),
    (0, 0, Fraction(1, 4)),
    (Fraction(1), Fraction(-1, 2), 0),
)
"""Of the first of two ways, between 0 and 1 where x is up to 2 and y up to 4: constant, of x, of y."""


class Drawn(NamedTuple):
    """``shape`` of a tree, payoffs ``(2, Z)`` and chances ``(E,)`` as polynomials, outcomes of ends by number."""

    shape: object
    payoffs: np.ndarray
    chance: list
    of: np.ndarray


@st.composite
def moves(draw, ends, depth=3, past=""):
    """Moves inside moves in which all is seen, with ends ``(0, 0)``; ``ends`` counts them."""
    kind = draw(st.sampled_from(["A", "B", "A", "B", "chance", "end"])) if depth and ends[0] < 12 else "end"
    if kind == "end" and past:
        ends[0] += 1
        return (0, 0)
    kind = "A" if kind == "end" else kind
    below = [
        draw(moves(ends, depth - 1, f"{past}{way}"))
        for way in range(draw(st.integers(2, 3 if kind != "chance" else 2)))
    ]
    if kind == "chance" and past:
        return {"chance": {f"c{way}": (0.5, one) for way, one in enumerate(below)}}
    return {f"{'A' if kind == 'chance' else kind}@{past}": {f"a{way}": one for way, one in enumerate(below)}}


@st.composite
def polynomial_trees(draw):
    """Trees of two players, in which everybody sees all that happened."""
    return filled(draw, draw(moves([0])))


@st.composite
def signalling_trees(draw):
    """Trees in which one of two types sends a signal, and who replies does not know which; perhaps another move follows."""
    replies = [
        draw(st.integers(0, 3)) for _ in range(draw(st.integers(2, 3)))
    ]  # on each signal; 0: it ends play
    last = draw(st.booleans())

    def after(kind, signal, reply):
        if last and signal == reply == 0:
            return {f"A@{kind}, again": {"stop": (0, 0), "go on": (0, 0)}}
        return (0, 0)

    def sent(kind, signal):
        ways = {f"r{reply}": after(kind, signal, reply) for reply in range(replies[signal])}
        return {f"B@s{signal}": ways} if ways else (0, 0)

    return filled(
        draw,
        {
            "chance": {
                kind: (
                    0.5,
                    {f"A@{kind}": {f"s{signal}": sent(kind, signal) for signal in range(len(replies))}},
                )
                for kind in ("t0", "t1")
            }
        },
    )


@st.composite
def trees_with_a_stage(draw):
    """Trees in which who moves second does not see what was done, with a move before or none."""
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(2, 3))
    stage = {"A@in": {f"a{a}": {"B": {f"b{b}": (0, 0) for b in range(columns)}} for a in range(rows)}}
    return filled(draw, {"B@first": {"out": (0, 0), "in": stage}} if draw(st.booleans()) else stage)


def filled(draw, nested):
    """A tree with drawn payoffs, chances and outcomes."""
    tree = Tree(nested, PLAYERS)
    ends = len(tree.shape.ends)
    payoffs = np.empty((2, ends), object)
    for place in np.ndindex(payoffs.shape):
        payoffs[place] = polynomial(*(draw(whole) for _ in range(4)))
    chance = [Polynomial.number(0)] * sum(map(len, tree.shape.chances))
    for first, second in tree.shape.chances:
        chance[first] = polynomial(*draw(st.sampled_from(CHANCES)), 0)
        chance[second] = Polynomial.number(1) - chance[first]
    return Drawn(tree.shape, payoffs, chance, np.array([draw(st.integers(0, 2)) for _ in range(ends)]))


def conditions(drawn, *, mixed=False):
    """The conditions of a drawn tree."""
    table = np.full((3, max(drawn.payoffs.shape[1], len(drawn.chance))), Polynomial.number(0), object)
    table[:2, : drawn.payoffs.shape[1]] = drawn.payoffs
    table[2, : len(drawn.chance)] = drawn.chance
    return tree_conditions([Case((), table)], NAMES, OUTCOMES, drawn.of, drawn.shape, mixed=mixed)


def solved(drawn, x, y, solver=None):
    """What the solver says at points: which outcomes hold, and that nobody mixes, ``(B, 4)``."""
    result = np.zeros((len(x), 4), bool)
    for cell, (one, other) in enumerate(zip(x, y, strict=True)):
        at = {"x": Fraction(str(one)), "y": Fraction(str(other))}
        payoffs = np.array([[value(each, at) for each in own] for own in drawn.payoffs], object)
        chance = np.array([[value(each, at) for each in drawn.chance]], object).reshape(1, -1)
        outcomes = sim.game.Outcomes(OUTCOMES, drawn.of)
        game = Tree(payoffs[np.newaxis], PLAYERS, drawn.shape, chance, outcomes)
        result[cell, :3] = sim.solve(game, "sequential", solver, exact=True).holds[0]
    return result
