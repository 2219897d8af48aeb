"""How sure, and what decides: in sentences and tables, and as the JSON object of ``standoff sensitivity --json``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dataset.sensitivity import RARE
from sim.explain.sentences import listed
from sim.output.numbers import as_number
from sim.output.page import columns

if TYPE_CHECKING:
    from sim.dataset.given import Box
    from sim.run.sensed import Told

__all__ = ["sensitivity_answer", "sensitivity_text"]

SLIGHT = 0.01  # parts below this are told together
MEANT = (
    "its part: Shapley effects, which add to 100 %; changes it alone: how often the outcomes change when only this "
    "parameter is drawn anew, as a share of how often two draws differ"
)
NAMED = 3  # parameters that the sentence names


def sensitivity_answer(told: Told) -> dict[str, Any]:
    """The object of the contract; ``box`` stands beside it where boxes were asked for."""
    dataset = told.dataset
    outcomes = [str(name) for name in dataset["outcome"].values]
    answer: dict[str, Any] = {
        "draws": int(dataset.attrs["draws"]),
        "cells": int(dataset.attrs["cells"]),
        "independent": bool(dataset.attrs.get("independent", True)),
        "shares": by_name(dataset["share"].values, outcomes),
    }
    for name in ("decides", "shapley", "total", "first", "pawn"):
        answer[name] = None
        if name in dataset:
            parameters = [str(parameter) for parameter in dataset["parameter"].values]
            values = dataset[name].values
            if values.ndim == 3:
                shown = [place for place, word in enumerate(outcomes) if word in (told.outcomes or outcomes)]
                words = [outcomes[place] for place in shown]
                answer[name] = {
                    parameter: by_name(row[shown], words)
                    for parameter, row in zip(parameters, values, strict=True)
                }
            else:
                answer[name] = by_name(values, parameters)
    answer["never"] = json.loads(str(dataset.attrs.get("never", "null")))
    if told.boxes is not None:
        answer["box"] = {"outcome": told.box, "boxes": [box_object(box) for box in told.boxes]}
    return answer


def by_name(values: Any, names: list[str]) -> dict[str, Any]:
    """Estimates by name: ``[value, low, high]``, or null where there is none."""
    found = {}
    for name, (value, low, high) in zip(names, np.asarray(values).tolist(), strict=True):
        known = as_number(value)
        found[name] = None if known is None else [known, as_number(low), as_number(high)]
    return found


def box_object(box: Box) -> dict[str, Any]:
    """A box as JSON; null where it has no bound."""
    return {
        "density": box.density,
        "coverage": box.coverage,
        "bounds": {name: [as_number(end) for end in ends] for name, ends in box.bounds.items()},
    }


def sensitivity_text(told: Told) -> str:
    """Sentences first, then shares, then the parameters in the order of what they decide."""
    return "\n\n".join(part for part in parts(told) if part)


def parts(told: Told) -> Iterator[str]:
    """What is told, from the general to the particular."""
    dataset = told.dataset
    attrs = dataset.attrs
    yield f"{attrs.get('scenario_title') or attrs.get('scenario', '')}\n{attrs.get('title', '')}"
    yield how(dataset)
    yield shares(dataset)
    if "decides" in dataset:
        yield deciding(dataset)
        yield from (of_outcome(dataset, outcome) for outcome in told.outcomes)
    elif "pawn" in dataset:
        yield shifting(dataset)
    if told.boxes is not None:
        yield boxed(told)


def how(dataset: Any) -> str:
    """How many draws of what, and what an interval is."""
    attrs = dataset.attrs
    draws, cells, replicates = (int(attrs[word]) for word in ("draws", "cells", "replicates"))
    points = "draws" if "design" in attrs else "points of a grid, each counted alike"
    among = ""
    if "design" in attrs:
        named = json.loads(str(attrs["distributions"]))
        from_what = "every value as likely" if attrs.get("uniform") else "from what the file believes of it"
        among = f" of {many(len(named), 'parameter')}, each drawn on its own, {from_what}"
    lines = [f"{draws:,} {points}{among}; {cells:,} cells solved"]
    if replicates > 1:
        lines.append(
            f"in brackets: where the true number lies with 95 % confidence, from {replicates} replicates"
        )
    unsolved = float(attrs.get("unsolved", 0.0))
    if unsolved:
        lines.append(f"{percent(unsolved)} of the draws have no certified answer and are left out of shares")
    return "\n".join(lines)


def shares(dataset: Any) -> str:
    """Every outcome with its share, the largest first; what holds in all draws or in none is said."""
    values = dataset["share"].values
    names = [str(name) for name in dataset["outcome"].values]
    rows = [("OUTCOME", "HOLDS IN", "")]
    rows += [
        (names[place], percent(values[place, 0]), bracketed(values[place], percent))
        for place in np.argsort(-values[:, 0], kind="stable")
    ]
    lines = [columns(rows)]
    for place, name in enumerate(names):
        share = float(values[place, 0])
        if share in {0.0, 1.0}:
            lines.append(f"{name} never varies: it holds in {'every draw' if share else 'no draw'}")
    return "\n".join(lines)


def deciding(dataset: Any) -> str:
    """Which parameters decide the regime."""
    names = [str(name) for name in dataset["parameter"].values]
    decides, shapley = dataset["decides"].values, dataset["shapley"].values
    if np.isnan(shapley[:, 0]).all():
        return "nothing decides which outcomes hold: it is the same in every draw"
    never = json.loads(str(dataset.attrs.get("never", "null")))
    order = [
        place for place in np.argsort(-shapley[:, 0], kind="stable") if names[place] not in (never or ())
    ]
    first = [
        f"{names[place]} ({percent(shapley[place, 0])})" for place in order[:NAMED] if shapley[place, 0] > 0
    ]
    lines = [f"which outcomes hold is decided by {listed(first)} first of all"]
    rows = [("PARAMETER", "ITS PART", "", "CHANGES IT ALONE", "")]
    rows += [
        (
            names[place], percent(shapley[place, 0]), bracketed(shapley[place], percent),
            percent(decides[place, 0]), bracketed(decides[place], percent),
        )
        for place in order
    ]  # fmt: skip
    lines += [
        columns(rows),
        MEANT,
    ]
    if never:
        lines.append(
            f"{listed(never)}: in no margin at all, so no value of theirs changes any outcome (proved)"
        )
    elif never is None:
        still = [names[place] for place in order if decides[place, 0] == 0]
        if still:
            lines.append(f"{listed(still)} changed nothing in any draw, which is seen and not proved")
    return "\n".join(lines)


def of_outcome(dataset: Any, outcome: str) -> str:
    """First and total indices of one outcome; where it is too rare, its share instead."""
    share = dataset["share"].sel(outcome=outcome).values
    total, first = (dataset[word].sel(outcome=outcome).values for word in ("total", "first"))
    if np.isnan(total[:, 0]).all():
        if share[0] in {0.0, 1.0}:
            return f"{outcome} never varies, so that nothing decides it"
        what = "holds in only" if share[0] < RARE else "holds in all but"
        rare = percent(share[0] if share[0] < RARE else 1 - share[0])
        return f"{outcome} {what} {rare} of the draws: too rare for indices, whose errors would be as large as they are"
    names = [str(name) for name in dataset["parameter"].values]
    rows = [("PARAMETER", "WITH OTHERS", "", "ALONE", "")]
    rows += [
        (
            names[place], percent(total[place, 0]), bracketed(total[place], percent),
            percent(first[place, 0]), bracketed(first[place], percent),
        )
        for place in np.argsort(-total[:, 0], kind="stable")
        if total[place, 0] > 0
    ]  # fmt: skip
    return f"what decides whether {outcome} holds (total and first Sobol' indices)\n{columns(rows)}"


def shifting(dataset: Any) -> str:
    """From a finished sample: how far each parameter shifts the shares."""
    values = dataset["pawn"].values
    names = [str(name) for name in dataset["parameter"].values]
    chance = float(dataset.attrs["by_chance"])
    rows = [("PARAMETER", "SHIFTS A SHARE BY", "")]
    rows += [
        (names[place], percent(values[place, 0]), bracketed(values[place], percent))
        for place in np.argsort(-values[:, 0], kind="stable")
    ]
    return (
        f"{columns(rows)}\nthe largest shift of the share of a set of outcomes between a slice of the parameter and "
        f"all draws (PAWN); by chance alone {percent(chance)}. Which parameter decides takes new cells: "
        "standoff sensitivity SCENARIO"
    )


def boxed(told: Told) -> str:
    """Boxes in which an outcome mostly holds."""
    assert told.boxes is not None
    if not told.boxes:
        return f"no box holds {told.box} better than all draws do"
    lines = []
    for number, box in enumerate(told.boxes, start=1):
        head = f"{told.box}, box {number}" if len(told.boxes) > 1 else f"{told.box}, in a box"
        lines.append(
            f"{head}: holds in {percent(box.density)} of the draws inside, which are {percent(box.coverage)} of its draws"
        )
        lines += [f"  {name} {ends(low, high)}" for name, (low, high) in box.bounds.items()]
    return "\n".join(lines)


def ends(low: float, high: float) -> str:
    """``from 1 to 2``, ``at least 1``, ``at most 2``."""
    if np.isinf(high):
        return f"at least {low:.6g}"
    return f"at most {high:.6g}" if np.isinf(low) else f"from {low:.6g} to {high:.6g}"


def percent(share: float) -> str:
    """``39.7 %``; small shares with two digits that count."""
    size = abs(100 * share)
    return f"{100 * share:.{1 if size >= 1 or size == 0 else 2 if size >= 0.1 else 3}f} %"


def bracketed(estimate: Any, told: Any) -> str:
    """``(39.4 % to 40.0 %)``; nothing where nobody knows."""
    _, low, high = estimate
    return "" if np.isnan(low) else f"({told(low)} to {told(high)})"


def many(number: int, word: str) -> str:
    """``1 parameter``, ``15 parameters``."""
    return f"{number} {word}{'s' * (number != 1)}"
