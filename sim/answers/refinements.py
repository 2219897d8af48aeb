"""Refinements of equilibria with beliefs: which of them hold, for each equilibrium, and why not."""

from __future__ import annotations

from functools import partial

from sim.answers.answer import Answer

__all__ = ["D1", "INTUITIVE", "REASONS", "REFINEMENTS", "UNDEFEATED", "VERDICTS"]

judged = partial(Answer, dims=("equilibrium",), dtype="int8", fill=-1, level="equilibria", tell=None)

HOW = "(1 it holds, 0 it fails, -1 it does not apply)"
INTUITIVE = judged("intuitive", f"intuitive criterion of Cho and Kreps (1987) {HOW}")
D1 = judged("d1", f"criterion D1 of Banks and Sobel (1987) {HOW}")
UNDEFEATED = judged(
    "undefeated", f"undefeated, as Mailath, Okuno-Fujiwara and Postlewaite (1993) mean it {HOW}"
)
REASONS = Answer(
    "reasons", "why refinements fail, by their names", "", ("equilibrium",), "object", level="full", tell=None
).sometimes()

VERDICTS = (INTUITIVE, D1, UNDEFEATED)
REFINEMENTS = tuple(answer.name for answer in VERDICTS)
"""Names of refinements; they mark equilibria and drop none."""
