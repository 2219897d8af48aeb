"""What is claimed of a bargain, judged: by plans where all is open, by type where something is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game.attrition import judge_attrition
from sim.game.demands import judge_demands
from sim.game.offers import Plan, Terms, plan_outcomes, plan_regret, plan_values, waiting_values
from sim.game.private import Drawn
from sim.game.protocol import Floats
from sim.game.skimming import judge_skimming
from sim.game.sorting import judge_sorting

__all__ = ["Talks", "judged_talks", "kind_of_talks", "not_written", "told_refusals"]

Roles = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, eq=False)
class Talks:
    """The answers that a claim holds, by name, cell first."""

    answers: Mapping[str, NDArray[Any]]

    def take(self, cells: Any) -> Talks:
        """What is claimed in the chosen cells."""
        return Talks({name: array[cells] for name, array in self.answers.items()})


def kind_of_talks(rounds: int | None, leaving: str, hidden: bool, demands: int) -> str:
    """Which talks these are: "open" where nothing is hidden, else "obstinate", "demands", "screening" or "leaving".

    ``demands`` is how many obstinate types the side has that has most: of several, one that reasons chooses among them.
    """
    if demands:
        return "obstinate" if demands == 1 else "demands"
    if not hidden:
        return "open"
    return "screening" if rounds == 1 or leaving == "never" else "leaving"


def not_written(
    offers: str, rounds: int | None, leaving: str, players: Sequence[str], drawn: Sequence[tuple[int, bool]]
) -> tuple[str, str] | None:
    """Which key stands in the way, and why, of a bargain with hidden types that nobody has solved yet.

    ``drawn`` are players with types, and whether any of these is obstinate.
    """
    if not drawn:
        return None
    informed = [players[place] for place, _ in drawn]
    if len(players) > 2:
        return "types", f"types are for two players; here {len(players)} bargain"
    if any(insist for _, insist in drawn):
        return obstinate_not_written(offers, rounds, leaving, players, informed)
    if len(drawn) > 1:
        return (
            "types",
            (
                f"types of {informed[0]} and of {informed[1]} are both hidden, which is solved for obstinate types only; "
                'leave those of one side out, or write the talks as form = "tree"'
            ),
        )
    if offers == "random":
        return "offers", 'with types offers are "alternating" or made by the side without types'
    if offers == informed[0]:
        return (
            "offers",
            f'{informed[0]} makes all offers and its type is hidden: offers would tell it; write it as form = "tree"',
        )
    if offers == "alternating" and players[0] == informed[0]:
        return (
            "offers",
            (
                f"{informed[0]} would propose first and its type is hidden: its offer would tell it; "
                "list the other side first in [players]"
            ),
        )
    if leaving == "never" and offers == "alternating" and rounds != 1:
        return (
            "offers",
            (
                f"nobody may leave and {informed[0]}, whose type is hidden, proposes too: let one side make all offers, "
                'or let them leave: outside = "after_rejecting"'
            ),
        )
    if leaving == "never" and rounds is None:
        return (
            "rounds",
            "types that nobody lets leave are sorted in a number of rounds; give rounds = 2 or more",
        )
    return None


def obstinate_not_written(
    offers: str, rounds: int | None, leaving: str, players: Sequence[str], informed: Sequence[str]
) -> tuple[str, str] | None:
    """The same where types are obstinate."""
    if len(informed) < 2:
        other = next(player for player in players if player not in informed)
        return (
            "types",
            f"only {informed[0]} can be obstinate; {other} would give in at once: give it types as well",
        )
    if offers != "alternating" or rounds is not None or leaving != "never":
        return (
            "types",
            'obstinate types wear each other out: offers = "alternating", rounds = "unlimited", outside = "never"',
        )
    return None


def judged_talks(
    kind: str, terms: Terms, drawn: Sequence[Drawn], talks: Talks, there: NDArray[np.bool_], roles: Roles
) -> tuple[Floats, Floats, Floats]:
    """Values ``(C, K, n)``, largest gain of a deviation ``(C, K)``, outcomes ``(C, K, 4)``; NaN where not ``there``."""
    cell, place = np.nonzero(there)
    value = np.full((*there.shape, terms.discount.shape[1]), np.nan)
    gain, outcomes = np.full(there.shape, np.nan), np.full((*there.shape, 4), np.nan)
    if cell.size:
        rows = {name: array[cell, place] for name, array in talks.answers.items()}
        own, types = terms.take(cell), [each.take(cell) for each in drawn]
        judge = {
            "open": judge_open, "leaving": judge_sorting, "screening": judge_skimming,
            "obstinate": judge_attrition, "demands": judge_demands,
        }[kind]  # fmt: skip
        value[cell, place], gain[cell, place], outcomes[cell, place] = judge(own, types, rows, roles)
    return value, gain, outcomes


def judge_open(
    terms: Terms, _types: Sequence[Drawn], rows: Mapping[str, NDArray[Any]], roles: Roles
) -> tuple[Floats, Floats, Floats]:
    """Talks in which nothing is hidden: plans are followed, and deviated from once."""
    plan = Plan(rows["shares"], rows["accepted"], rows["leaves"].astype(np.bool_))
    value = plan_values(terms, plan)
    gain = plan_regret(terms, plan, value).max(axis=-1)
    told = np.abs(rows["offer"] - told_offers(terms, plan, roles))
    told = np.fmax(told, np.abs(rows["accepts_from"] - told_borders(terms, plan, roles)))
    gain = np.fmax(gain, np.where(np.isnan(told), 0.0, told).max(axis=-1))
    return np.einsum("s,msn->mn", terms.first, value[:, 0]), gain, plan_outcomes(terms, plan)


def first_round(terms: Terms, proposer: int) -> int:
    """The first round in which a player proposes, 0 where rounds are alike."""
    reach = terms.first
    for t in range(terms.rounds or 1):
        if reach[proposer] > 0.0:
            return t
        reach = reach @ terms.order
    return 0


def told_offers(terms: Terms, plan: Plan, roles: Roles) -> Floats:
    """What each agent keeps in its first offer, ``(M, H)``; NaN for those who answer, and where none is made."""
    made = np.where(plan.offers()[..., np.newaxis], plan.shares, np.nan)
    nothing = np.full(len(made), np.nan)
    return np.stack(
        [made[:, first_round(terms, s), s, i] if i == s else nothing for i, s, _ in roles], axis=-1
    )


def told_borders(terms: Terms, plan: Plan, roles: Roles) -> Floats:
    """The least share that each agent accepts when it first answers, ``(M, H)``; NaN for those who propose."""
    turns = sorted({s for i, s, _ in roles if i == s}, key=lambda s: first_round(terms, s))
    found = []
    for i, s, _ in roles:
        asking = s if s >= 0 else next(turn for turn in turns if turn != i)
        border = plan.accepts_from[:, first_round(terms, asking), asking, i]
        found.append(np.full(len(border), np.nan) if i == s else border)
    return np.stack(found, axis=-1)


def told_refusals(terms: Terms, plan: Plan, roles: Roles) -> Floats:
    """What it is worth to each agent that the first offer it makes or answers is refused, ``(M, H)``.

    To him who proposes: that all refuse, as they would plan to; to him who answers: that he does as he plans to.
    """
    on = waiting_values(terms, plan_values(terms, plan))
    outside = np.broadcast_to(terms.outside[:, np.newaxis, np.newaxis], on.shape)
    turns = sorted({s for i, s, _ in roles if i == s}, key=lambda s: first_round(terms, s))
    found = []
    for i, s, _ in roles:
        asking = s if s >= 0 else next(turn for turn in turns if turn != i)
        at = (slice(None), first_round(terms, asking), asking)
        others = [j for j in range(on.shape[-1]) if j != asking]
        left = plan.leaves[at][:, others].any(axis=-1) if i == asking else plan.leaves[at][:, i]
        found.append(np.where(left, outside[at][:, i], on[at][:, i]))
    return np.stack(found, axis=-1)
