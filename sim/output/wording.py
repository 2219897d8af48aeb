"""Numbers, chances and lines as readers see them: specks are nothing, and lines have an end."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from sim.kernels.base.tolerances import FAINT

__all__ = ["KEPT", "amount", "chances", "filled"]

WIDTH = 100  # characters of a line
KEPT = "\N{NO-BREAK SPACE}"
"""A blank at which a line must not end."""


def chances(labels: Iterable[str], probabilities: Iterable[Any]) -> str:
    """What has any probability, likeliest first: ``talk 0.75, refuse 0.25``, or the one sure thing."""
    likely: list[tuple[str, Any]] = sorted(
        ((label, p) for label, p in zip(labels, probabilities, strict=False) if p > floor(p)),
        key=lambda pair: -pair[1],
    )
    apart = "; " if any("," in label for label, _ in likely) else ", "
    return (
        apart.join(label if p >= 1 - floor(p) else f"{label} {amount(p)}" for label, p in likely) or "never"
    )


def floor(probability: Any) -> float:
    """Below it a probability is told as zero, and as far from one as one; fractions are what they are."""
    return 0.0 if isinstance(probability, Fraction) else FAINT


def amount(value: Any, tiny: float = 0.0) -> str:
    """A fraction as it is; a float to six digits, 0 where it is no more than ``tiny``; an endless wait is never over."""
    if not isinstance(value, float | np.floating):
        return str(value)
    number = float(value)
    return "never" if number == math.inf else f"{0.0 if abs(number) <= tiny else number + 0.0:.6g}"


def filled(words: str, indent: str = "") -> str:
    """The words in lines that can be read, those after the first behind ``indent``; brackets are not torn apart."""
    words = re.sub(r"\([^()]*\)", lambda found: found[0].replace(" ", KEPT), words)
    lines = textwrap.fill(
        words, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return lines.replace(KEPT, " ")
