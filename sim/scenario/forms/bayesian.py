"""``form = "bayesian"``: types as in a tree, and one move for each player, of which nobody sees those of others.

What can be done stands in [moves], as in a tree, or in the table [players], as in normal form; then payoffs are tables.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim.expression import Program
from sim.forms.bayesian import Bayesian
from sim.game import Outcomes
from sim.scenario.corners import check_corners
from sim.scenario.forms import FORMS, Draft, Reading, ScenarioForm, tree
from sim.scenario.growing import Conditions, Grown, grow
from sim.scenario.names import Names, Roster, read_roster
from sim.scenario.payoffs import Formulas
from sim.scenario.problems import Report, shown
from sim.scenario.tree_signs import CONCEPTS, TreeSigns
from sim.scenario.turns import JOINT, MovesInOrder, read_drawn_types, read_players, read_turns
from sim.scenario.type_tables import TypeTables, moves_at_once

__all__ = ["build", "read"]


def read(draft: Draft) -> Reading:
    """The reading of the tree in which nobody sees anything."""
    if isinstance(draft.data.get("players"), dict):
        return read_tables(draft)
    turns = read_turns(draft.data, draft.roster.players, draft.report)
    return tree.read_tree(draft, None if turns is None else at_once(turns, draft))


def who_chooses(data: dict[str, Any], report: Report) -> Roster | None:
    """Who plays: those of the table [players], or as :func:`read_players` finds them."""
    if not isinstance(data.get("players"), dict):
        return read_players(data, report)
    roster = read_roster(data["players"], report, data.get("payoffs"))
    if roster is not None and JOINT in roster.players:
        report.add(
            ("players", JOINT), f"{shown(JOINT)} cannot be a player; [types.{JOINT}] has a meaning of its own"
        )
        return None
    return roster


def read_tables(draft: Draft) -> Reading:
    """Actions of [players] and payoffs in tables, for each type."""
    roster, report, empty = draft.roster, draft.report, Formulas(Program(), (1,), ())
    for key in ("moves", "chance"):
        if key in draft.data:
            report.add(
                (key,),
                "what can be done stands in the table [players] already; "
                'for moves that are described, write players = ["..."], a list of names',
            )
    types = read_drawn_types(draft.data, roster.players, report)
    if types is None or not draft.sound:
        return Reading(empty, None)
    turns = moves_at_once(types, roster)
    words = tree.Words(draft, turns, lets_of(draft))
    plain = words.names()
    grown = grow(turns, plain, words.lets, roster.players, report)
    if grown is None:
        return Reading(empty, None)
    chance = words.chances(grown, turns)
    payoffs = TypeTables(draft.data, roster, turns.types, words.base.program, words.plain, report).read()
    shape = grown.shape
    if draft.sound:
        check_corners(payoffs, draft)
    if draft.sound:
        tree.check_chances(chance, shape, draft)
    return Reading(payoffs, outcomes_of(draft, grown, plain, words.lets), tree.Growth(shape, chance))


def lets_of(draft: Draft) -> dict[str, Any]:
    """The lines of [let]; none where it is mistaken."""
    lets = draft.data.get("let", {})
    return lets if isinstance(lets, dict) else {}


def outcomes_of(draft: Draft, grown: Grown, names: Names, lets: dict[str, Any]) -> Outcomes | None:
    """Outcomes as lists of joint actions, as in normal form, or as conditions on traits, as in a tree."""
    value = draft.data.get("outcomes")
    if not isinstance(value, dict) or not any(isinstance(one, list) for one in value.values()):
        return tree.read_conditions(draft, grown, Conditions(names, lets, grown.turns))
    found = draft.outcomes()
    if found is None:
        return None
    return Outcomes(found.names, np.resize(found.of.ravel(), len(grown.ends)))


def at_once(turns: MovesInOrder, draft: Draft) -> MovesInOrder | None:
    """The same moves, seen by nobody; None where somebody sees something, or moves twice."""
    before = len(draft.report.found)
    movers: dict[int, str] = {}
    for move in turns.moves:
        if move.sees:
            draft.report.add(
                (*move.key, "sees"), 'nobody sees anything in form = "bayesian"; write form = "tree"'
            )
        if move.player in movers:
            player = draft.roster.players[move.player]
            draft.report.add(
                move.key,
                f'{shown(player)} moves already in {movers[move.player]}; who moves twice plays form = "tree"',
            )
        movers[move.player] = move.name
    if len(draft.report.found) > before:
        return None
    return replace(turns, moves=tuple(replace(move, sees=()) for move in turns.moves))


def build(reading: Reading, roster: Roster, values: dict[str, Any], cells: int) -> Bayesian:
    """The batch of games at the given parameters."""
    return Bayesian.of_tree(tree.build(reading, roster, values, cells))


FORMS.add(
    "bayesian",
    ScenarioForm(read, build, proved=CONCEPTS, signs=TreeSigns, sections=tree.SECTIONS, roster=who_chooses),
)
