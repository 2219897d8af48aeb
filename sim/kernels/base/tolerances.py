"""Every tolerance of the package: what is compared, in which unit, and how much is forgiven.

Payoffs are compared in units of the range of the player's payoffs, or of those that play can reach where a
payoff far from the others would blur them; probabilities as they are.  The order is
known and a test holds it: floats round by less than a ``TIE``, an iterative solver stops well inside what
the certificate forgives, and nothing that the certificate calls the same is told apart by an answer::

    EPSILON < ROUNDED < TIE < POLISHED < SETTLED < CERTIFIED

``tie`` and ``as_good`` say when payoffs count as equal; they take numbers in compiled code and arrays
outside it alike.  How far steps and boxes go is no tolerance and stays with its method.
"""

from __future__ import annotations

from typing import Any

from sim.kernels.lazy import in_compiled_code

# Rounding: what arithmetic may do to equal numbers.
EPSILON = 2.0**-52
"""Two payoffs and their difference are known up to this share of the largest."""
FORMULA = 4 * EPSILON
"""The value of a formula, and what a few sums make of it, is known up to this share of it."""
SAME_SHARE = 2.0**-48
"""Probabilities that differ by a smaller share of the larger are one: those of a strategy found twice."""
LEVEL_NOISE = 8 * EPSILON
"""Payoffs at a high level are known to this share of it; with more than a tolerance lost, nothing is claimed."""
SPECK = 1e-15
"""Numbers of the order of one that differ by less are equal."""
STANDING = 2e-15
"""What a coordinate that stands still seems to move."""
SINGULAR = 1e-14
"""A pivot below this share of its row is rounding."""
ROUNDED = 1e-13
"""Probabilities and numbers of the order of one, after a few operations: below it they are zero."""
ZERO = 1e-12
"""Entries of tableaux, determinants, weights and points of the order of one, after many: below it they are zero."""
LEAST_PIVOT = 1e-11
"""Entries of pivoted tableaus, of the order of one, below this are rounding."""
CONVERGED = 1e-14
"""Newton steps that leave no more have converged."""
SQUARED = 1e-30
"""What a distance squared is kept above where it is divided by."""

# Ties of payoffs, in units of the range of the player's payoffs: solver and certificate alike.
TIE = 1e-12
"""Payoffs, gains and what misses a constraint: nearer than this they are equal, and it just holds."""
DOMINATED = 1e-10
"""A dominating mixture gains more than this, and a quadratic form is positive if it stays so lowered by this."""
OUTWEIGHS = 1e-6
"""What outweighs a difference that vanishes somewhere, in a box that is kept."""

# What solvers reach: regrets in units of the range, smaller than what the certificate forgives.
POLISHED = 1e-11
"""Regret of an equilibrium found by polishing one support."""
SETTLED = 1e-10
"""Regret of an equilibrium found by search, and slack of a Markov policy."""
FORGIVEN = 1e-11
"""Obedience that misses by less is rounding, where a programme is repaired."""
RAISED = 1e-9
"""How far the raised values of a programme may go below zero for the sake of a larger pivot (Harris 1973)."""
DAMPING = 1e-11
"""Keeps least squares solvable where equilibria form a continuum."""
CONTINUUM = 1e-6
"""Pivots of a Jacobian below this share of the largest belong to a continuum."""
SHORTEST = 1e-9
"""Steps along a path below this are no progress."""
LOGARITHM = 1e-6
"""Rounding of sums of logarithms in floats."""
SMALL_DETERMINANT = 1e-5
"""Where no basis of a vertex has larger determinants, floats lose too many digits of its strategy."""
WIDE = 1e-5
"""Incentives smaller than this share of another are lost on programmes in floats."""
NEVER = 1e-290
"""Probabilities near the least that floats hold are as good as none."""
THIN = 1e-9
"""Margins below this are decided exactly."""
UNPLAYED = 1e-7
"""Probabilities below this at the far end of a logit path on a tree are those of actions that are not played."""
FAINT = 1e-9
"""A probability below this belongs to a smaller support, and is told as zero."""
GONE = 1e-10
"""A share below this at rest is on its way to zero."""

# What the certificate forgives: more than any solver asks of itself.
CERTIFIED = 1e-9
"""Regret of an equilibrium, and every other residual."""
STABLE = 1e-9
"""Replies this near are equally good where evolutionary stability is judged; its solver says ``DOMINATED``."""
SLOW = 1e-8
"""Growth this slow is tied as far as an integration can tell."""

# One and the same: answers that would not be told apart.
SAME_PLAY = 1e-9
"""Strategies nearer than this are one, and a sum of probabilities is one."""
SAME_VALUE = 1e-9
"""Payoffs nearer than this share of the range are equal to who selects among equilibria."""
SAME_ROOT = 1e-7
"""Roots of the equations of a support nearer than this are one equilibrium."""
SAME_FOREIGN = 1e-6
"""Answers of a foreign program nearer than this are one."""
SAME_LIMIT = 1e-5
"""The traced and the solved equilibrium differ by less."""
CERTAIN = 1 - SAME_PLAY
"""An action played with more than this probability is played for certain."""
HALF = 0.5 - ROUNDED
"""An outcome played with at least this probability, one half after a few operations, holds."""
ROW = 1e-6
"""Rows of probabilities may miss the sum of one by so much, and are mended."""
ONE_PERIOD = 1e-8
"""Least weight of one period: with less every deviation is as good as none to within rounding."""

# Polygons, in units of each player's range.
ON_LINE = 1e-12
"""A vertex within this of a line is on it."""
FLAT = 1e-14
"""What sticks out by less is no vertex."""
SNAP = 1e-13
"""Abscissae nearer than this are made equal."""
MERGED = 1e-10
"""Corners of an answer that are nearer than this are one."""

# Payoff sets, in units of each player's range: from the finest step to what is told.
FLAT_CLIPPED = 1e-13
"""Corners that unequal discounts pile up are dropped below this."""
STILL = 1e-13
"""A step that moves nothing by more has arrived."""
FAR = 1.5e-13
"""Nothing is leapt over where the steps are smaller."""
STILL_CLIPPED = 1e-12
STILL_OUTSIDE = 1e-11
CROWDED = 1e-11
"""Dropping corners that stick out by less is harmless."""
EQUAL = 1e-11
"""Joint actions that miss by no more than this beyond the best one serve as well."""
MET = 2e-11
"""Bounds of a critical discount this near have met, where sets move slowly ``MET_SLOWLY``."""
MET_SLOWLY = 5e-10
CAPPED = 1e-9
"""A move this small is the last once steps have stalled."""
HAIR = 5e-10
"""Moves that rounding can explain where sets have corners without end."""
KEPT = 1e-10
"""A point that lacks no more than this generates itself, and a set thinner in some direction has no inside."""
FINE = 1e-5
"""A set that generates itself need not grow by less, where corners are few."""
CLOSE = 1e-9
"""Inner and outer bounds nearer than this are one."""
MEET = 2e-9
"""Critical discounts of which the bounds are nearer than this are known."""
PASSING = 1e-9
"""A set that still moves by more passes slowly by what would hold it a little higher."""
BESIDE = 1e-6
"""How far from a border of patience or of outcomes its two sides are looked at."""
EDGE = 1e-9
"""Decisions closer than this are marked as knife edges."""
NEAR_SET = 1e-7
"""Symmetric payoffs are given where bounds are as close as this."""

OUTWARD = 2.0**-40
"""Share by which bounds of ``exp``, ``log`` and powers are moved outward: libraries err by some 2**-51."""
UNDERFLOW = 1e-300
"""More than what is lost where numbers become too small to be told apart."""

# Borders, in shares of each parameter's range.
BORDER = 1e-9
"""Blocks on a border are cut no finer unless it is asked for."""
BESIDE_BORDER = 1e-6
"""Share of the range of a parameter at which it is seen what holds beside a border."""
TOLD = 1e-6
"""What is found and what is proved are told as one where they are nearer."""


def tie(a: Any, b: Any, size: Any) -> Any:
    """Whether two payoffs of a player whose payoffs range over ``size`` count as equal."""
    return abs(a - b) <= TIE * size


def as_good(value: Any, best: Any, size: Any) -> Any:
    """Whether a payoff falls short of the best by no more than a tie, in a range of ``size``."""
    return value >= best - TIE * size


in_compiled_code(lambda compiler: compiler.copied(tie))
in_compiled_code(lambda compiler: compiler.copied(as_good))
