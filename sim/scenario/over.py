"""Questions that a file does not hold: parameters swept over ranges that are given when one asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from sim.expression import Number
from sim.plugins import forms, unknown
from sim.scenario.fields import validated
from sim.scenario.positions import Positions
from sim.scenario.problems import Report, ScenarioError, shown
from sim.scenario.questions import Checker
from sim.scenario.scenario import Scenario
from sim.scenario.tables import DESIGNS, Axis, Sample, Sweep, too_many_draws, usual_points

__all__ = ["chosen_sweeps", "drawn_instead", "everything", "no_such_sweep", "over_words", "sweep_over"]

NAMED = "over-"
EVERYTHING = "everything"


def sweep_over(scenario: Scenario, ranges: Mapping[str, Any]) -> Sweep:
    """The sweep of ``ranges``: by parameter ``(low, high)``, ``(low, high, points)`` or an :class:`Axis`.

    It is called ``over-NAME-NAME``, names sorted; its axes come in the order given, with 201 points on one axis and
    101 on each of more where none are said, and its concept is that of the form.
    Raises ScenarioError with everything that is wrong: no such parameter, a range that is none or leaves the bounds,
    a sweep of the file with the same name.
    """
    report = Report(str(scenario.path), Positions(""))
    check = Checker(dict(scenario.parameters), report)
    usual = usual_points(len(ranges))
    axes: dict[str, Axis] = {}
    for name, given in ranges.items():
        axis = read_range(given, usual, name, report)
        if axis is not None:
            check.axis(name, axis, ("over", name))
            axes[name] = axis
    called = NAMED + "-".join(sorted(ranges))
    if not ranges:
        report.add(
            (), f"over nothing: name a parameter ({', '.join(scenario.parameters) or 'there are none'})"
        )
    if called in scenario.sweeps:
        report.add(("sweeps", called), "the file has a sweep of that name, whose results these would replace")
    if report.found:
        raise ScenarioError(replace(problem, line=0) for _, problem in report.found)
    title = f"What follows from {' and '.join(axes)}"
    return Sweep(
        called, title, axes, concept=scenario.reading.concept or str(forms[scenario.form].default_concept)
    )


def read_range(given: Any, usual: int, name: str, report: Report) -> Axis | None:
    """One range as an axis, with the usual number of points where none is said; None with the mistake reported."""
    if isinstance(given, Axis):
        return given
    key = ("over", name)
    if not isinstance(given, (list, tuple)) or len(given) not in {2, 3}:
        report.add(key, f"expected (low, high) or (low, high, points), found {shown(given)}")
        return None
    low, high, points = (plain(value) for value in (*given, usual)[:3])
    axis: Axis | None = validated(Axis, {"low": low, "high": high, "points": points}, key, report)
    return axis


def plain(value: Any) -> Any:
    """A number of numpy's or a decimal as one that files have."""
    if isinstance(value, np.generic):
        return value.item()
    return Fraction(value) if isinstance(value, Decimal) and value.is_finite() else value


def everything(scenario: Scenario, given: Mapping[str, Any]) -> Sweep:
    """The question how sure it is where all parameters are as believed, but those that are ``given``.

    Raises ValueError where nothing is left to draw.
    """
    ranges = {
        name: (one.low, one.high)
        for name, one in scenario.parameters.items()
        if one.low < one.high and name not in given
    }
    if not ranges:
        raise ValueError(f"{scenario.path}: there is no parameter to draw: none has a range that is not set")
    return Sweep(
        EVERYTHING,
        f"How sure is it where {counted_words(len(ranges), 'parameter')} may be anything believed?",
        {},
        concept=str(forms[scenario.form].default_concept),
        sample=Sample("sobol", ranges),
    )


def counted_words(number: int, word: str) -> str:
    """``1 parameter``, ``15 parameters``."""
    return f"{number} {word}{'s' * (number != 1)}"


def drawn_instead(
    scenario: Scenario, sweep: Sweep, design: str | None, points: int | None, keep: str | None
) -> Sample | None:
    """What a sweep draws, with another design or number of points if these are given; None where it is a grid.

    A grid that is drawn from draws its axes.  Raises ValueError for a design that is none, numbers that no sample
    has, and a grid of what has no axes.
    """
    if design is not None and design not in DESIGNS:
        raise ValueError(unknown("design", design, DESIGNS))
    sample = sweep.sample
    if design == "grid" and sample is not None:
        raise ValueError(
            f"sweep {sweep.name} draws its points and has no axes: ask for a grid with --over NAME=LOW:HIGH"
        )
    if sample is None and design in {None, "grid"}:
        return None
    if sample is None:
        report = Report(str(scenario.path), Positions(""))
        ranges = Checker(dict(scenario.parameters), report).drawn(
            {name: (axis.low, axis.high) for name, axis in sweep.over.items()}, ("sweeps", sweep.name, "over")
        )
        if report.found:
            raise ScenarioError(replace(problem, line=0) for _, problem in report.found)
        sample = Sample(str(design), ranges)
    sample = replace(sample, design=design or sample.design, points=points or sample.points)
    wrong = too_many_draws(sample.design, sample.points, sample.replicates, keep)
    if wrong:
        raise ValueError(f"sweep {sweep.name}: {wrong}")
    return sample


def chosen_sweeps(
    scenario: Scenario, names: Iterable[str] = (), over: Mapping[str, Any] | None = None
) -> tuple[Sweep, ...]:
    """The sweeps that a command is asked for: those named, or the one over ``over``, or all of the file.

    Raises ValueError for names that are no sweeps, for names together with ``over``, and where there is nothing to
    sweep.
    """
    names = tuple(names)
    if over and names:
        raise ValueError(
            f"--over asks a question of its own, and {names[0]!r} names one of the file: give one or the other"
        )
    if over:
        return (sweep_over(scenario, over),)
    for name in names:
        if name not in scenario.sweeps:
            raise ValueError(f"{scenario.path}: {no_such_sweep(scenario, name)}")
    if not scenario.sweeps:
        remedy = (
            f"ask with --over, as in {example(scenario, next(iter(scenario.parameters)))}"
            if scenario.parameters
            else "and it has no parameters to sweep"
        )
        raise ValueError(f"{scenario.path}: has no sweeps: {remedy}")
    return tuple(scenario.sweeps[name] for name in names or scenario.sweeps)


def no_such_sweep(scenario: Scenario, name: str) -> str:
    """The message for a word that names no sweep; where it is a parameter, how to sweep that."""
    if name not in scenario.parameters:
        return unknown("sweep", name, scenario.sweeps)
    sweeps = ", ".join(scenario.sweeps) or "none"
    return f"{name!r} is no sweep (sweeps: {sweeps}) but a parameter: to sweep it, {example(scenario, name)}"


def example(scenario: Scenario, name: str) -> str:
    """How to sweep a parameter over all of its bounds."""
    parameter = scenario.parameters[name]
    return f"--over {name}={shown(parameter.low)}:{shown(parameter.high)}"


def over_words(scenario: Scenario, sweep: Sweep) -> list[str]:
    """The options that ask this question, ``["--over", "threat=0:4:81"]``; none where it is no such question."""
    if not sweep.name.startswith(NAMED) or sweep != sweep_over(scenario, sweep.over):
        return []
    return [
        word
        for name, axis in sweep.over.items()
        for word in ("--over", f"{name}={exactly(axis.low)}:{exactly(axis.high)}:{axis.points}")
    ]


def exactly(value: Number) -> str:
    """A number so that it reads back as it is."""
    return shown(value) if isinstance(value, float) else str(value)
