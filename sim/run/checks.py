"""What callers of :func:`sim.sweep` give, of the right kind, or refused in a sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.scenario import Scenario, Sweep
from sim.scenario.tables import MOST_POINTS

__all__ = ["check_cluster", "check_options", "check_question"]

MOST_WORKERS = 256


def wrong(what: str, wanted: str, value: Any) -> ValueError:
    """``points must be a whole number from 1 to 100000, not 2.5``."""
    return ValueError(f"{what} must be {wanted}, not {repr(value)[:60]}")


def is_whole(value: Any, least: int, most: int) -> bool:
    """Whether a value is a whole number from ``least`` to ``most``."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    return bool(whole and least <= value <= most)


def check_question(scenario: Any, sweep: Any, given: Any, points: Any) -> None:
    """Raise ValueError where a sweep is asked of no scenario, or is none, or its settings are of a wrong kind."""
    if not isinstance(scenario, Scenario):
        raise wrong("scenario", "one that sim.load has read", scenario)
    asked = isinstance(sweep, Mapping) and all(isinstance(name, str) for name in sweep)
    if not asked and not isinstance(sweep, (str, Sweep)):
        raise wrong("sweep", "the name of a sweep of the scenario, a Sweep, or ranges by parameter", sweep)
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise wrong("set", "a mapping of names of parameters to numbers", given)
    if points is not None and not is_whole(points, 1, sys.maxsize):
        raise wrong("points", f"a whole number, at least 1 point and at most {MOST_POINTS}", points)


def check_options(
    out: Any, workers: Any, words: Mapping[str, Any], switches: Mapping[str, Any], progress: Any
) -> None:
    """Raise ValueError for options of a wrong kind; ``words`` are texts or left out, ``switches`` True or False."""
    if out is not None and not isinstance(out, (str, os.PathLike)):
        raise wrong("out", "the path of a folder", out)
    if not is_whole(workers, 1, MOST_WORKERS):
        raise ValueError(f"workers = {repr(workers)[:60]}; expected a whole number from 1 to {MOST_WORKERS}")
    for name, word in words.items():
        if word is not None and not isinstance(word, str):
            raise wrong(name, "a text", word)
    for name, switch in switches.items():
        if not isinstance(switch, (bool, np.bool_)):
            raise wrong(name, "True or False", switch)
    if progress is not None and not callable(progress):
        raise wrong("progress", "a function of two numbers", progress)


def check_cluster(scheduler: str | None, out: Any, workers: int) -> None:
    """Raise ValueError where what is asked for does not go with a cluster."""
    if scheduler is None:
        return
    if out is None:
        raise ValueError("on a cluster a dataset is written: say where, out = a folder")
    if workers != 1:
        raise ValueError(
            "workers are threads of this machine, and on a cluster its own workers solve: leave them out"
        )
