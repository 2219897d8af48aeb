"""The grammar of all sentences: why, why not, and what would have to change.

Every sentence is made of what was computed, and of nothing else; nothing is computed here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sim.explain.change import Change, Held
from sim.explain.changes import Changes, Least, Nearest
from sim.explain.reasons import Better, Chooser, Leaving, NotHeld, Reasons, Why
from sim.expression import Number
from sim.kernels.base.tolerances import CERTAIN, CERTIFIED, FAINT, TIE, TOLD, ZERO
from sim.scenario import Scenario

__all__ = [
    "Paragraph",
    "changing",
    "every_change",
    "in_digits",
    "least_of",
    "listed",
    "looked_at",
    "nearest_of",
    "never_of",
    "not_reached",
    "span",
    "what_holds",
    "whys",
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


NONE = "no outcome reaches one half"  # of the probability, which is what a named one needs


def named(outcomes: Sequence[str]) -> str:
    """Held as they are quoted."""
    return listed(f'"{name}"' for name in outcomes) or "nothing named"


def what_holds(changes: Changes) -> str:
    """What holds here."""
    own = "equilibrium" if changes.usual else "answer"
    verb = "holds" if len(changes.outcomes) == 1 else f"hold, each in an {own} of its own"
    told = f"Here {named(changes.outcomes)} {verb}." if changes.outcomes else f"Here {NONE}."
    return (
        f"{told} You stand on a border: payoffs tie, and the outcomes of both sides hold."
        if changes.border
        else told
    )


def changing(scenario: Scenario, change: Change, *, usual: bool = True) -> str:
    """One tipping point: what moves from where to where, and what then holds, ``usual`` in equilibrium."""
    meaning = scenario.parameters[change.parameter].meaning.partition(";")[0].strip()
    what = f"{meaning} ({change.parameter})" if meaning else change.parameter
    if change.at == change.here:
        beyond = f"a little less, {holding(change.before)}; a little more, {holding(change.after)}"
        return f"{capitalised(what) if meaning else what} is on a border: {beyond}."  # names are as they are
    moved = "rose" if change.at > change.here else "fell"
    to = in_digits(change.at) if change.exact else f"about {in_digits(change.at)}"
    return f"If {what} {moved} from {in_digits(change.here)} to {to}, {turning(change.before, change.after, usual=usual)}."


def holding(outcomes: Held) -> str:
    """``"talks" holds``."""
    if not outcomes:
        return NONE
    return f"{named(outcomes)} hold{'s' if len(outcomes) == 1 else ''}"


def turning(before: Held, after: Held, *, usual: bool = True) -> str:
    """From some outcomes to others."""
    be = "be in equilibrium" if usual else "hold"
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    stay = [name for name in after if name in before]
    if not gone:
        if not stay:
            return f"{named(come)} would {be}, and now {NONE}"
        return f"{named(come)} would {be} beside {named(stay)}"
    if come and not stay:
        return f"{named(gone)} would give way to {named(come)}"
    if come:
        return f"{named(gone)} would give way to {named(come)}, and {named(stay)} would remain"
    return f"{named(gone)} would no longer {be}" + (f", and {named(stay)} would remain" if stay else "")


def every_change(scenario: Scenario, changes: Changes) -> list[str]:
    """The first flip of each parameter on each side, the nearest first; later ones are counted."""
    told: list[str] = []
    seen: dict[tuple[str, bool], int] = {}
    for change in changes.changes:
        side = (change.parameter, change.at > change.here)
        seen[side] = seen.get(side, 0) + 1
        if seen[side] == 1:
            told.append(changing(scenario, change, usual=changes.usual))
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
        them = "it is within its" if len(changes.never) == 1 else "they are within their"
        return f"No condition depends on {listed(changes.never)}: whatever {them} bounds, nothing changes."
    return f"No change was seen along {listed(changes.never)} alone."


def looked_at(changes: Changes) -> str:
    """Which changes are not proved, and why; nothing where all are."""
    if changes.exact:
        return ""
    some = any(one.exact for one in changes.changes)
    what = 'Changes told with "about"' if some else "These changes"
    return f"{what} are not proved: certified solutions were looked at along each parameter, because {changes.why}."


def nearest_of(nearest: Nearest) -> str:
    """How far the nearest change is when everything may move at once."""
    moves = listed(f"{name} to {in_digits(value)}" for name, value in nearest.point.items())
    one = len(nearest.point) == 1
    return (
        f"Nothing changes while no parameter moves by more than {100 * nearest.proved:.4g} % of its range (proved); "
        f"{moves}, {'' if one else 'each '}{100 * nearest.found:.4g} % of its range away, "
        f"{'brings' if one else 'together bring'} {named(nearest.after)}."
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


MOST_CHOOSERS, MOST_ANSWERS, MOST_NOT_HELD = 40, 12, 20
"""What is said at most; the numbers of all the others are in JSON."""


@dataclass(frozen=True)
class Paragraph:
    """A heading, and sentences that belong together."""

    title: str
    sentences: tuple[str, ...]


def number(value: float, digits: int = 4) -> str:
    """To four digits or more, with a true minus sign."""
    return f"{value + 0.0:.{digits}g}".replace("-", MINUS)


def apart(one: float, other: float) -> tuple[str, str, str]:
    """Two numbers, and how far apart they are, with as many digits as show that."""
    digits = next((d for d in range(4, 16) if number(one, d) != number(other, d)), 15)
    return number(one, digits), number(other, digits), number(abs(one - other))


def share(probability: float) -> str:
    """``14.3%``: a probability, never told as certain or impossible where it is not."""
    digits = next(
        d
        for d in range(3, 18)
        if f"{100 * probability:.{d}g}" not in {"100", "0"} or probability in {0.0, 1.0}
    )
    return f"{100 * probability:.{digits}g}%"


def span(low: float | Fraction, high: float | Fraction, digits: int = 6) -> str:
    """An interval of probabilities in words: ``0.3``, ``from 0.5 up``, ``up to 1/2``, ``from 0.2 to 0.5``."""
    least, most = (
        str(bound) if isinstance(bound, Fraction) else f"{bound + 0.0:.{digits}g}" for bound in (low, high)
    )
    if high - low <= TIE:
        return least
    if high == 1:
        return f"from {least} up"
    return f"up to {most}" if low == 0 else f"from {least} to {most}"


def whys(found: Reasons) -> list[Paragraph]:
    """Why each answer is one, and why nothing else holds, in words."""
    result = []
    for one in found.equilibria[:MOST_ANSWERS]:
        name = f" ({one.name})" if one.name else ""
        result.append(Paragraph(f"#{one.number}{name}: {played(one.outcomes)}", tuple(because(one, found))))
    if len(found.equilibria) > MOST_ANSWERS:
        more = len(found.equilibria) - MOST_ANSWERS
        result.append(Paragraph(f"and {more} more", ("Their reasons are in JSON.",)))
    if not found.equilibria:
        result.append(Paragraph("No play is claimed", (capitalised(f"{found.verdict}."), *of_set(found))))
    if found.not_held:
        lines = [why_not(one) for one in found.not_held[:MOST_NOT_HELD]]
        if len(found.not_held) > MOST_NOT_HELD:
            lines.append(f"{len(found.not_held) - MOST_NOT_HELD} more outcomes do not hold either.")
        result.append(
            Paragraph("Why nothing else holds" if found.complete else "Why others do not hold", tuple(lines))
        )
    return result


def capitalised(words: str) -> str:
    """With a capital at the beginning."""
    return words[:1].upper() + words[1:]


def of_set(found: Reasons) -> Iterator[str]:
    """What the certificate found of a claimed set."""
    if not math.isnan(found.set_misses):
        yield f"The payoffs that are claimed for the whole {missing(found.set_misses)}."


def missing(by: float) -> str:
    """A residual in words."""
    if by <= CERTIFIED:
        return "are what they must be (residual 0)"
    return f"miss what they must be by {number(by, 2)} of the range of payoffs (residual)"


def played(outcomes: Mapping[str, float]) -> str:
    """``frozen standoff``, or outcomes with their chances."""
    likely = sorted(outcomes.items(), key=lambda pair: -pair[1])
    return ", ".join(name if p >= CERTAIN else f"{name} {share(p)}" for name, p in likely[:6]) + (
        f" and {len(likely) - 6} more" if len(likely) > 6 else ""
    )


def because(one: Why, found: Reasons) -> Iterator[str]:
    """The reasons for one answer."""
    if one.choosers is None:
        yield from by_concept(one, found)
        return
    choosing = [each for each in one.choosers if not each.idle]
    for each in choosing[:MOST_CHOOSERS]:
        said = haggling(each) if not each.plays else lasting(each) if each.later > 0 else choosing_so(each)
        yield " ".join(said)
    if len(choosing) > MOST_CHOOSERS:
        yield f"{len(choosing) - MOST_CHOOSERS} more decisions are told in JSON."
    if any(not each.plays for each in choosing):
        yield f"That no single change of offers and answers gains anything {upheld(one.misses)}, recomputed from the game."
    if not choosing:
        yield "Nobody has anything to choose."
    if one.better is not None:
        yield " ".join(trap(one.better))


def by_concept(one: Why, found: Reasons) -> Iterator[str]:
    """Answers that are no best replies: what their concept says, whether it holds, and what it does not forbid."""
    yield f"{capitalised(found.summary)}: recomputed from the game, this {upheld(one.misses)}."
    if one.leaves is not None:
        yield f"It is no Nash equilibrium: {leaving(one.leaves)}, which this concept does not forbid."


def upheld(misses: float) -> str:
    """Whether what a concept demands is met, by its residual."""
    return (
        "holds (residual 0)"
        if misses <= CERTIFIED
        else f"is missed by {number(misses, 2)} of the range of payoffs (residual)"
    )


def subject(who: Chooser | Leaving) -> str:
    """``Russia``, ``Russia when massed``, ``NATO as cohesive, after build_up,``."""
    return f"{who.player} {who.when}" if who.when else who.player


def inserted(who: Chooser) -> str:
    """Who decides, with what it believes, before a verb."""
    if not who.beliefs:
        return subject(who) + ("," if "," in who.when else "")
    sure = [word for word, (low, _) in who.beliefs.items() if low == 1.0]
    beliefs = [f"{word} {span(low, high, 4)}" for word, (low, high) in who.beliefs.items() if high > 0]
    return f"{subject(who)}, {f'sure of {sure[0]}' if sure else f'believing {listed(beliefs)}'},"


def mixing(plays: Mapping[str, float]) -> str:
    """``a 14.3% and b 85.7%``."""
    return listed(f"{action} {share(p)}" for action, p in plays.items())


def condition(who: Chooser) -> str:
    """What the others are taken to do, before what it brings."""
    if len(who.facing) != 1:
        return "If the others do as said, " if who.facing else ""
    ((other, plays),) = who.facing.items()
    name = other.partition("@")[0]
    return f"If {name} mixes {mixing(plays)}, " if len(plays) > 1 else f"If {name} plays {listed(plays)}, "


def choosing_so(who: Chooser) -> Iterator[str]:
    """Why somebody does what it does: what that brings, and what the next best would cost it."""
    act = f"mixes: {mixing(who.plays)}" if who.mixes else f"plays {listed(who.plays)}"
    if who.comes:
        yield f"{inserted(who)} {act}."
    else:
        would = f"mix: {mixing(who.plays)}" if who.mixes else f"play {listed(who.plays)}"
        yield f"Play never comes to {subject(who)}; there it would {would}."
    if not who.worth:
        return
    if who.open_belief and not who.comes:
        yield f"That is best for it there {open_to(who)}."
        return
    yield capitalised(f"{condition(who)}{brings(who)}{instead(who)}.")
    if who.mixes and len(who.facing) == 1 and who.comes:
        ((other, plays),) = who.facing.items()
        if len(plays) > 1:
            name = other.partition("@")[0]
            yield f"Its shares leave {name} without a preference among what {name} plays."


def open_to(who: Chooser) -> str:
    """Beliefs of which a whole range supports the play."""
    words = [f"{word} {span(low, high, 4)}" for word, (low, high) in who.beliefs.items()]
    if len(words) > 2:
        return f"with some beliefs among these: {listed(words)}"
    if next(iter(who.beliefs.values())) == (0, 1):
        return "whatever it then believes"
    return f"if it then believes {words[0]}"


def brings(who: Chooser) -> str:
    """What the choice gives."""
    verb = "gives" if who.comes else "would give"
    value = apart(who.gets, who.gets - who.cost)[0] if who.next_best and not who.tied else number(who.gets)
    if who.mixes:
        mind = "does not mind" if who.comes else "would not mind"
        return f"each of these {verb} {who.player} {value}, so it {mind}"
    return f"that {verb} {who.player} {value}"


def instead(who: Chooser) -> str:
    """What the next best would give, and cost."""
    if not who.next_best:
        return ""
    several = len(who.next_best) > 1
    names = listed(who.next_best)
    if who.tied:
        return f"; {names} would give as much"
    _, other, cost = apart(who.gets, who.gets - who.cost)
    if who.cost < 0:
        return f"; {names} would give {other}, which is {cost} more, and makes no difference where play never comes"
    what = f"the next best, {names}," if not several else f"the next best, {names}, each"
    return f"; {what} would give {other}, which is {cost} less"


def lasting(who: Chooser) -> Iterator[str]:
    """Why somebody keeps to what is played for ever: what leaving brings once, and what can follow."""
    yield f"{who.player} plays {listed(who.plays)} throughout."
    gets, once = who.gets, who.gets - who.cost
    if not who.next_best:
        return
    names = listed(who.next_best)
    has = f"{condition(who)}it has {number(gets)} a stage"
    if who.tied:
        yield f"{capitalised(has)}; {names} would give as much once."
        return
    now, other, cost = apart(gets, once)
    has = f"{condition(who)}it has {now} a stage"
    if who.cost > 0:
        yield f"{capitalised(has)}; the next best, {names}, would give {other} even once, which is {cost} less."
        return
    yield f"{capitalised(has)}; {names} would give {other} once, which is {cost} more."
    if math.isnan(who.after):
        return
    stay, leave, lost = apart(gets, who.leaving)
    less = who.leaving < gets - TIE * max(1.0, abs(gets))
    yield (
        f"But then {number(who.after)} a stage can follow, the worst known equilibrium for it: with weight "
        f"{number(who.later)} on what follows, leaving is worth {leave}, "
        + (f"which is {lost} less than {stay}." if less else "no more than staying.")
    )


def haggling(who: Chooser) -> Iterator[str]:
    """What a side asks for or accepts, and what a refusal would be worth to it."""
    if not math.isnan(who.keeps):
        yield f"{inserted(who)} keeps {number(who.keeps)}."
        if not math.isnan(who.refusal):
            keeps, other, cost = apart(who.keeps, who.refusal)
            if abs(who.keeps - who.refusal) <= TIE * max(1.0, abs(who.keeps)):
                yield f"To be refused would be worth as much to {who.player}."
            else:
                more = "less" if who.refusal < who.keeps else "more"
                yield f"To be refused would be worth {other} to {who.player}, which is {cost} {more} than {keeps}."
    elif not math.isnan(who.accepts_from):
        yield f"{inserted(who)} accepts {number(who.accepts_from)} or more."
        if not math.isnan(who.refusal):
            yield f"To refuse is worth {number(who.refusal)} to it."
    elif who.passes:
        yield f"{inserted(who)} plays {passing(who.passes)}."
    else:
        yield f"{inserted(who)} makes no offer that is accepted."


def passing(does: Mapping[str, Any]) -> str:
    """``as firm 20%, as hard 80%``; with what is answered before it."""
    answers = {word: rest for word, rest in does.items() if isinstance(rest, Mapping)}
    if answers:
        return "; ".join(f"{word}: {passing(rest)}" for word, rest in answers.items())
    done = {word: float(p) for word, p in does.items() if p > FAINT}
    return next(iter(done)) if len(done) == 1 else mixing(done)


def leaving(who: Leaving) -> str:
    """``NATO would switch to refuse and gain 0.7``; where play goes on, what that brings once and what follows."""
    if who.later > 0:
        stay, leave, _ = apart(who.stays, who.stays + who.gain)
        return (
            f"{subject(who)} would leave for {who.to}: that gives {number(who.once)} once, and even with the worst "
            f"known equilibrium to follow, {number(who.after)} a stage, it is worth {leave}, {number(who.gain)} more "
            f"than {stay}"
        )
    return f"{subject(who)} would switch to {who.to} and gain {number(who.gain)}"


def with_actions(actions: Mapping[str, str]) -> str:
    """``build_up, refuse``; where agents are more than players, each with what it does."""
    if any("@" in label for label in actions):
        return "; ".join(f"{label}: {action}" for label, action in actions.items())
    return ", ".join(actions.values())


def trap(better: Better) -> Iterator[str]:
    """Something better for all that does not last, or that nobody expects."""
    values = ", ".join(f"{player} {number(value)}" for player, value in better.values.items())
    rest = "" if better.whole else ", all else as it is,"
    what = (
        f'with {with_actions(better.actions)} ("{better.outcome}"){rest} all would be better off ({values})'
    )
    if better.leaves is None:
        yield f"It is a failure of trust: {what}."
        yield "Nobody would leave that either, and expectations decide."
    else:
        yield f"It is a trap: {what}."
        yield f"It does not last: {leaving(better.leaves)}."


def why_not(one: NotHeld) -> str:
    """Who would leave an outcome that does not hold, and for what."""
    if not one.comes:
        return f'"{one.outcome}": as play goes in #{one.like}, it never comes to where that could happen.'
    like = f"; all else as in #{one.like}" if one.like else ""
    what = f'"{one.outcome}" ({with_actions(one.actions)}{like}): '
    return f"{what}{leaving(one.leaves)}." if one.leaves else f"{what}nobody would gain by leaving it alone."
