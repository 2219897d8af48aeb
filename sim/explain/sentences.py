"""The grammar of sentences about change; every sentence is made of what was computed, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from sim.explain.change import Change, Held
from sim.explain.changes import Changes, Least, Nearest
from sim.expression import Number
from sim.kernels.base.tolerances import TOLD, ZERO
from sim.scenario import Scenario

__all__ = [
    "changing",
    "every_change",
    "in_digits",
    "least_of",
    "listed",
    "nearest_of",
    "never_of",
    "not_reached",
    "what_holds",
]

MINUS = "\u2212"


def in_digits(value: Number) -> str:
    """To six digits, with a true minus sign; a fraction with a small denominator as one."""
    exact = Fraction(value).limit_denominator(99) if isinstance(value, float) else Fraction(value)
    if isinstance(value, float) and abs(float(exact) - value) > ZERO * max(1.0, abs(value)):
        text = f"{value:.6g}"
    elif decimal(exact):
        text = f"{float(exact):.10g}"
    else:
        text = str(exact)
    return text.replace("-", MINUS)


def decimal(value: Fraction) -> bool:
    """Whether a fraction is a short decimal."""
    return 10**4 % value.denominator == 0


def listed(words: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    every = list(words)
    return " and ".join(filter(None, [", ".join(every[:-1]), *every[-1:]]))


def named(outcomes: Sequence[str]) -> str:
    """Held as they are quoted."""
    return listed(f'"{name}"' for name in outcomes) or "nothing named"


def what_holds(changes: Changes) -> str:
    """What holds here."""
    verb = "holds" if len(changes.outcomes) == 1 else "hold, each in an equilibrium of its own"
    told = f"Here {named(changes.outcomes)} {verb}."
    return (
        f"{told} You stand on a border: payoffs tie, and the outcomes of both sides hold."
        if changes.border
        else told
    )


def changing(scenario: Scenario, change: Change) -> str:
    """One tipping point: what moves from where to where, and what then holds."""
    meaning = scenario.parameters[change.parameter].meaning.partition(";")[0].strip()
    what = f"{meaning} ({change.parameter})" if meaning else change.parameter
    if change.at == change.here:
        beyond = f"a little less, {holding(change.before)}; a little more, {holding(change.after)}"
        return f"{what[:1].upper()}{what[1:]} is on a border: {beyond}."
    moved = "rose" if change.at > change.here else "fell"
    to = in_digits(change.at) if change.exact else f"about {in_digits(change.at)}"
    return f"If {what} {moved} from {in_digits(change.here)} to {to}, {turning(change.before, change.after)}."


def holding(outcomes: Held) -> str:
    """``"talks" holds``."""
    return f"{named(outcomes)} hold{'s' if len(outcomes) == 1 else ''}"


def turning(before: Held, after: Held) -> str:
    """From some outcomes to others."""
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    stay = [name for name in after if name in before]
    if not gone:
        return f"{named(come)} would be in equilibrium beside {named(stay)}"
    if come and not stay:
        return f"{named(gone)} would give way to {named(come)}"
    if come:
        return f"{named(gone)} would give way to {named(come)}, and {named(stay)} would remain"
    return f"{named(gone)} would no longer be in equilibrium" + (
        f", and {named(stay)} would remain" if stay else ""
    )


def every_change(scenario: Scenario, changes: Changes) -> list[str]:
    """The first flip of each parameter on each side, the nearest first; later ones are counted."""
    told: list[str] = []
    seen: dict[tuple[str, bool], int] = {}
    for change in changes.changes:
        side = (change.parameter, change.at > change.here)
        seen[side] = seen.get(side, 0) + 1
        if seen[side] == 1:
            told.append(changing(scenario, change))
    more = sum(count - 1 for count in seen.values())
    if more:
        told.append(
            f"Beyond these, outcomes change {more} more time{'s' if more > 1 else ''} within the bounds."
        )
    return told


def never_of(changes: Changes) -> str:
    """Parameters that change nothing."""
    if not changes.never:
        return ""
    if changes.exact:
        alone = listed(changes.never)
        return f"Nothing changes, whatever they are within their bounds, with {alone}: no condition has them."
    return f"No change was seen along {listed(changes.never)} alone."


def nearest_of(nearest: Nearest) -> str:
    """How far the nearest change is when everything may move at once."""
    moves = listed(f"{name} to {in_digits(value)}" for name, value in nearest.point.items())
    return (
        f"Nothing changes while no parameter moves by more than {100 * nearest.proved:.4g} % of its range (proved); "
        f"{moves}, each {100 * nearest.found:.4g} % of its range away, brings {named(nearest.after)}."
    )


def least_of(least: Least, norm: str) -> str:
    """The least change to an outcome."""
    if not least.changes:
        return f'"{least.to}" is an outcome of an equilibrium already.'
    moves = listed(f"{name} = {in_digits(value)}" for name, value in least.changes.items()) or "nothing"
    size = {"sum": "in all", "max": "each at most", "euclid": "as a distance"}[norm]
    close = least.share - least.proved <= TOLD
    proof = "none smaller, proved" if close else f"none below {100 * least.proved:.4g} %, proved"
    return f'"{least.to}" becomes an equilibrium with {moves}: {100 * least.share:.4g} % of ranges {size} ({proof}).'


def not_reached(outcome: str, *, only: bool) -> str:
    """An outcome that was asked for and that no change was found to bring about."""
    what = "the only outcome just beyond it" if only else "an equilibrium"
    return f'No change within the bounds was found that makes "{outcome}" {what}.'
