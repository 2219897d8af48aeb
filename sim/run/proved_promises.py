"""Promises that are kept by a proof: where outcomes change along a parameter, and what holds everywhere in a box."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import product

import numpy as np

from sim.borders.blocks import Leaf, Map
from sim.borders.enclosing import Enclosure
from sim.borders.looking import NO_LABEL, labels_at
from sim.borders.roots import Way
from sim.borders.tipping import flips_from, stretches
from sim.expression.numbers import fraction
from sim.kernels.base.tolerances import TOLD
from sim.run.proving import prove
from sim.scenario import Promise, Scenario, Sweep
from sim.scenario.margins import margins_of, signs_of
from sim.scenario.problems import shown
from sim.scenario.tables import Axis, Proof

__all__ = ["off_region", "off_tips"]

LOOKED = 9  # points along each side of a block in which a region that is not proved is looked at


def equilibria_meant(scenario: Scenario, promise: Promise) -> str:
    """Which equilibria a promise is about: pure ones if it says so."""
    signs = signs_of(scenario)
    return "pure" if promise.solver == signs.pure else signs.usual


def off_tips(scenario: Scenario, promise: Promise) -> list[str]:
    """Parameters along which outcomes change elsewhere than promised, in words.

    Raises ValueError where no signs of polynomials decide the outcomes.
    """
    wrong = []
    for name, values in (promise.tips or {}).items():
        parameter = scenario.parameters[name]
        low, high = fraction(parameter.low), fraction(parameter.high)
        mixed = equilibria_meant(scenario, promise) == "all"
        conditions = margins_of(scenario, (name,), promise.at, mixed=mixed)
        along = stretches(conditions, Way([Fraction(0)], [Fraction(1)]), low, high)
        if along is None:
            wrong.append(f"{name} runs along a border, and nothing is proved of its changes")
            continue
        if any(one.perhaps for one in along):
            wrong.append(
                f"along {name} harder punishments than equilibria of one stage decide, of which nothing is proved"
            )
            continue
        found = sorted(flip.at for flip in flips_from(along, low))
        promised = [fraction(value) for value in values]
        near = float(high - low) * TOLD
        if len(found) != len(promised) or any(
            abs(one - other) > near for one, other in zip(found, promised, strict=True)
        ):
            wrong.append(f"along {name} outcomes change at {listed(found)}; promised: {listed(promised)}")
    return wrong


def listed(values: Iterable[Fraction]) -> str:
    """``1.2, 1/3``; ``no value``."""
    return ", ".join(shown(float(f"{float(value):.9g}")) for value in values) or "no value"


def off_region(scenario: Scenario, promise: Promise) -> list[str]:
    """A point of the region at which other outcomes hold than promised, in words; or that nothing is proved of a part.

    Raises ValueError where no signs of polynomials decide the outcomes.
    """
    box = promise.region or {}
    axes = {name: Axis(low=low, high=high, points=2) for name, (low, high) in box.items()}
    proof = Proof(equilibria=equilibria_meant(scenario, promise))
    sweep = Sweep("region", "", axes, dict(promise.at), signs_of(scenario).concepts[0], proof=proof)
    proved = prove(scenario, sweep).map
    labels = [proved.conditions.told(bits) for bits in proved.labels]
    wanted = {
        number
        for number, one in enumerate(labels)
        if set(one.outcomes) == set(promise.outcomes or ()) and not one.perhaps
    }
    unsure: list[Leaf] = []
    for block in proved.blocks:
        if set(block.table) <= wanted or set(within(block, proved)) <= wanted:
            continue
        unsure.append(block)
        told = elsewhere(block, proved, wanted, tuple(box))
        if told:
            return [f"{told}; promised everywhere: {', '.join(sorted(promise.outcomes or ())) or 'none'}"]
    left = share(unsure) + proved.share_undecided
    return [f"a share of {left:.2g} of the region is not proved"] if unsure or left > TOLD else []


def within(block: Leaf, proved: Map) -> list[int]:
    """Labels that a block may have inside, numbers of them, where a margin that is 0 only on its edge has a sign.

    A region that ends on a border has margins that reach 0 there and go no further: exact bounds see that.
    """
    bounds = Enclosure(proved.conditions, proved.low, proved.high).exactly(block.low, block.high)
    ways: list[tuple[int, ...]] = []
    for margin in block.margins:
        least, most = bounds(margin)
        ways.append((1,) if least >= 0 else (0,) if most <= 0 else (0, 1))
    found = []
    for way in product(*ways):
        place = 0
        for positive in way:
            place = 2 * place + positive
        found.append(block.table[place])
    return found


def elsewhere(block: Leaf, proved: Map, wanted: set[int], axes: tuple[str, ...]) -> str:
    """A point in a block that has another label than those wanted, and what holds there; nothing if none is seen."""
    low = np.array([float(one) for one in proved.low])
    width = np.array([float(one) for one in proved.high]) - low
    steps = (np.arange(LOOKED) + 0.5) / LOOKED
    sides = [start + (end - start) * steps for start, end in zip(block.low, block.high, strict=True)]
    shares = np.stack([one.ravel() for one in np.meshgrid(*sides, indexing="ij")], axis=1)
    points = np.array([[float(f"{one:.6g}") for one in point] for point in low + width * shares])
    points = points.clip(low, low + width)
    labels = labels_at(proved, list(points.T))
    for point, label in zip(points, labels.tolist(), strict=True):
        if label != NO_LABEL and label not in wanted:
            at = ", ".join(
                f"{name} = {shown(value)}" for name, value in zip(axes, point.tolist(), strict=True)
            )
            told = proved.conditions.told(proved.labels[label])
            more = f", perhaps {', '.join(sorted(told.perhaps))}" if told.perhaps else ""
            return f"at {at}: outcomes that hold: {', '.join(sorted(told.outcomes)) or 'none'}{more}"
    return ""


def share(blocks: Iterable[Leaf]) -> float:
    """The share of a region that blocks have together."""
    return float(sum(np.prod(np.subtract(block.high, block.low)) for block in blocks))
