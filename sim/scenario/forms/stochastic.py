"""``form = "stochastic"``: what can be done, what it pays and what comes next depend on a state."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator, Field, WithJsonSchema

from sim.expression import Number, Program
from sim.forms.stochastic import Stochastic
from sim.game import Outcomes
from sim.game.state_tables import spread_outcomes
from sim.kernels.base.tolerances import SAME_PLAY
from sim.scenario.corners import check_corners, where
from sim.scenario.fields import PAYOFFS, Name, Numeral, Table, Text, label, mistake
from sim.scenario.forms import FORMS, Draft, Reading, ScenarioForm
from sim.scenario.names import Names, Roster, StateTraits, attempt
from sim.scenario.outcomes import outcome_name
from sim.scenario.patience import ForEachPlayer, Interval, read_for_each
from sim.scenario.payoffs import Entry, Formulas, read_payoffs
from sim.scenario.positions import KeyPath
from sim.scenario.problems import shown
from sim.scenario.transitions import Transitions

__all__ = ["Dynamics", "StateTable", "StochasticTable", "build", "read"]

MOST_STATES = 64
MOST_PROBABILITIES = 250_000  # states x joint actions x states

NOBODY = "none"  # where nobody chooses; also what the one action of everybody is called there


def who_chooses(value: Any) -> Any:
    """The actions in a state as a file has them, None where nobody chooses."""
    if value == NOBODY:
        return None
    if isinstance(value, dict):
        return value
    raise mistake(
        f'expected "{NOBODY}", where nobody chooses, or a table {{ player = ["action", ...] }}, found {shown(value)}'
    )


PayoffsTable = Annotated[dict[str, Any] | None, WithJsonSchema(PAYOFFS)]
ActionsTable = Annotated[
    dict[str, list[str]] | None,
    BeforeValidator(who_chooses),
    WithJsonSchema({
        "anyOf": [
            {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
            {"const": NOBODY},
        ]
    }),
]  # fmt: skip


class StateTable(Table):
    """One state of the game."""

    traits: Annotated[
        dict[Name, Numeral], Field(description="numbers that formulas can use in this state")
    ] = Field(default_factory=dict)
    actions: Annotated[
        ActionsTable,
        Field(
            description='what players can do in this state, where that is not everything; "none": nobody chooses'
        ),
    ] = Field(default_factory=dict)
    payoffs: Annotated[PayoffsTable, Field(description="payoffs in this state, instead of [payoffs]")] = None
    outcome: Annotated[Text | None, Field(description="outcome of everything that happens in this state")] = (
        None
    )


class StochasticTable(Table):
    """States, what they lead to, and how patient the players are."""

    discount: Annotated[
        ForEachPlayer,
        Field(description="weight of the next period: one for all, or { player = number or formula }"),
    ]
    start: Annotated[Text | None, Field(description="first state; the first one listed if left out")] = None
    states: Annotated[
        dict[str, StateTable], Field(description="the states", min_length=1, max_length=MOST_STATES)
    ]
    transitions: Annotated[
        dict[str, Any],
        Field(description="from each state: the next state, or probabilities of next states"),
    ]


@dataclass(frozen=True)
class Dynamics:
    """States with their actions; formulas of transitions ``(C, S, S, A1, .., An)``, discounts ``(C, n)``."""

    states: tuple[str, ...]
    actions: tuple[tuple[tuple[str, ...], ...], ...]
    start: int
    transition: Formulas
    discount: Formulas


def read(draft: Draft) -> Reading:
    """Payoffs ``(C, n, S, A1, .., An)`` and dynamics; actions that a state lacks are NaN at the end."""
    roster, report = draft.roster, draft.report
    table: StochasticTable | None = draft.table
    program = Program()
    if table is None:
        return Reading(Formulas(program, (1,), ()), None)
    states = tuple(table.states)
    key: KeyPath = ("stochastic",)
    chosen = [read_state(name, table.states[name], draft, (*key, "states", name)) for name in states]
    rosters = [roster.restricted(own) for own in chosen]
    for s, name in enumerate(states):
        if table.states[name].actions is None:
            rosters[s] = replace(rosters[s], actions=((NOBODY,),) * len(roster.players))
    wanted = check_traits(table, draft)
    if table.start is not None and table.start not in states:
        report.unknown((*key, "start"), "state", table.start, states)
    if len(states) ** 2 * math.prod(roster.shape) > MOST_PROBABILITIES:
        size = " x ".join(str(number) for number in (len(states), *roster.shape, len(states)))
        report.add((*key, "states"), f"{size} probabilities; there are at most {MOST_PROBABILITIES}")
        return Reading(Formulas(program, (1,), ()), None)
    payoffs: list[Entry] = []
    transition: list[Entry] = []
    for s, name in enumerate(states):
        traits = {trait: table.states[name].traits.get(trait) for trait in wanted}
        names = in_state(draft, rosters[s], program, traits, (*key, "states", name, "traits"))
        own = table.states[name].payoffs
        if own is None:
            available = tuple({a: place for place, a in enumerate(kept)} for kept in chosen[s])
            found = read_payoffs(draft.data.get("payoffs"), roster, names, ("payoffs",), available)
        else:
            found = read_payoffs(own, rosters[s], names, (*key, "states", name, "payoffs"))
        everywhere = tuple(slice(size) for size in rosters[s].shape)
        for entry in found.entries:
            place = (entry.place[0], s, *(entry.place[1:] or everywhere))
            payoffs.append(Entry(place, entry.step, entry.key))
        if name in table.transitions:
            reader = Transitions(states, s, rosters[s], names)
            transition.extend(reader.read(table.transitions[name], (*key, "transitions", name)))
        else:
            report.add(
                (*key, "transitions"),
                f"nothing follows on {shown(name)}; if it lasts for ever: {name} = {shown(name, chr(34))}",
            )
    for name in table.transitions:
        if name not in states:
            report.unknown((*key, "transitions", name), "state", name, states)
    unclear = dict.fromkeys(wanted, 0.0)
    patience = in_state(draft, roster, program, unclear, (*key, "states", states[0], "traits"), plain=False)
    discount = read_for_each(table.discount, (*key, "discount"), Interval(open=True), patience, draft)
    formulas = Formulas(program, (len(roster.players), len(states), *roster.shape), tuple(payoffs))
    chain = Formulas(program, (len(states), len(states), *roster.shape), tuple(transition))
    outcomes = read_outcomes(table, rosters, chosen, draft)
    if draft.sound:
        check_corners(formulas, draft, lambda entry, place: said(states, rosters, entry.place[1], place))
        check_rows(chain, draft, states, rosters)
    start = states.index(table.start) if table.start in states else 0
    details = Dynamics(states, tuple(own.actions for own in rosters), start, chain, discount)
    return Reading(formulas, outcomes, details, states=states)


def said(states: tuple[str, ...], rosters: list[Roster], s: Any, joint_action: tuple[int, ...]) -> str:
    """A joint action in a state, in words."""
    return f"{rosters[s].spoken(joint_action)} in {shown(states[s])}"


def in_state(
    draft: Draft,
    roster: Roster,
    program: Program,
    traits: Mapping[str, Number | None],
    key: KeyPath,
    *,
    plain: bool = True,
) -> Names:
    """The names of a state; not ``plain``: where the state is not known, so that its traits have no value.

    A trait without a number is a mistake that was reported.
    """
    one = np.ones((1,) * len(roster.players))
    steps = {
        trait: (
            None if number is None else program.add("number", (), number) if plain else program.table(one),
            (*key, trait),
        )
        for trait, number in traits.items()
    }
    return draft.names(StateTraits(program, steps), roster)


def read_state(name: str, table: StateTable, draft: Draft, key: KeyPath) -> list[list[int]]:
    """Positions of the actions that each player has in a state, in the order of [players].

    Where nobody chooses it is the first of each, with its traits.
    """
    attempt(label, name, key, draft.report)
    roster = draft.roster
    if table.actions is None:
        return [[0] for _ in roster.players]
    for player, actions in table.actions.items():
        if player not in roster.players:
            draft.report.unknown((*key, "actions", player), "player", player, roster.players)
            continue
        own = roster.actions[roster.players.index(player)]
        for position, action in enumerate(actions):
            if action not in own:
                place = (*key, "actions", player, position)
                draft.report.unknown(place, "action", action, own, f"actions of {player}")
        if not actions:
            draft.report.add(
                (*key, "actions", player), "is empty; a player has at least one action in every state"
            )
    chosen = []
    for player, own in zip(roster.players, roster.actions, strict=True):
        kept = [a for a, action in enumerate(own) if action in table.actions.get(player, own)]
        chosen.append(kept or list(range(len(own))))
    return chosen


def check_traits(table: StochasticTable, draft: Draft) -> tuple[str, ...]:
    """The traits that all states have; a missing one is reported."""
    wanted = {trait: name for name, state in table.states.items() for trait in state.traits}
    for name, state in table.states.items():
        for trait, other in wanted.items():
            if trait not in state.traits:
                place: KeyPath = ("stochastic", "states", name)
                draft.report.add(place, f"trait {shown(trait)} is missing; state {shown(other)} has it")
    return tuple(wanted)


def check_rows(chain: Formulas, draft: Draft, states: tuple[str, ...], rosters: list[Roster]) -> None:
    """At corners of the bounds the probabilities of what follows are at least 0 and add up to 1."""
    tried = check_corners(chain, draft, lambda entry, place: said(states, rosters, entry.place[0], place))
    if not draft.sound:
        return
    for s, name in enumerate(states):
        rows = tried.computed[:, s][:, :, *(slice(size) for size in rosters[s].shape)]
        wrong = np.argwhere((np.abs(rows.sum(axis=1) - 1) > SAME_PLAY) | (rows.min(axis=1) < 0))
        if len(wrong):
            corner, *joint_action = (int(number) for number in wrong[0])
            row = rows[corner][:, *joint_action]
            listed = ", ".join(f"{states[t]} {shown(float(row[t]))}" for t in np.flatnonzero(row))
            used = sorted(
                frozenset().union(*(chain.program.inputs[e.step] for e in chain.entries if e.place[0] == s))
            )
            draft.report.add(
                ("stochastic", "transitions", name),
                f"after {rosters[s].spoken(joint_action)} {where(tried.values, corner, used)} come {listed}: "
                'probabilities must be at least 0 and add up to 1; "rest" takes what the others leave',
            )


def read_outcomes(
    table: StochasticTable, rosters: list[Roster], chosen: list[list[list[int]]], draft: Draft
) -> Outcomes | None:
    """Outcomes by state and joint action, ``of (S, A1, .., An)``; a state's own outcome goes first.

    Where nobody chooses it is that, or the name of the state.
    """
    actions = tuple(own.actions for own in rosters)
    shape = draft.roster.shape
    given = draft.outcomes()
    if given is None:
        return None
    base = spread_outcomes(None, tuple(table.states), actions, shape)
    if draft.data.get("outcomes") is not None:
        of = np.zeros(base.of.shape, dtype=np.int64)
        for s, kept in enumerate(chosen):
            of[s][tuple(slice(len(own)) for own in kept)] = given.of[np.ix_(*kept)]
        base = Outcomes(given.names, of)
    for s, (name, state) in enumerate(table.states.items()):
        own = name if state.outcome is None and state.actions is None else state.outcome
        if own is not None:
            attempt(outcome_name, own, ("stochastic", "states", name, "outcome"), draft.report)
            names = base.names if own in base.names else (*base.names, own)
            base.of[s] = names.index(own)
            base = Outcomes(names, base.of)
    used = [number for number in range(len(base.names)) if (base.of == number).any()]
    if draft.data.get("outcomes") is None and len(used) < len(base.names):
        base = Outcomes(tuple(base.names[number] for number in used), np.searchsorted(used, base.of))
    return base


def build(reading: Reading, roster: Roster, values: dict[str, Any], cells: int) -> Stochastic:
    """The batch of stochastic games at the given parameters."""
    dynamics: Dynamics = reading.details
    chain = dynamics.transition
    varying = any(np.ndim(values[name]) for name in chain.parameters)
    transition = chain.evaluate(values, cells if varying else 1)
    return Stochastic(
        reading.formulas.evaluate(values, cells),
        np.moveaxis(transition, 2, -1),
        dynamics.discount.evaluate(values, cells),
        players=roster.players,
        states=dynamics.states,
        actions=dynamics.actions,
        outcomes=reading.named,
        start=dynamics.start,
        rounded=reading.formulas.rounded(values, cells)
        | chain.rounded(values, cells)
        | dynamics.discount.rounded(values, cells),
    )


FORMS.add("stochastic", ScenarioForm(read, build, StochasticTable))
