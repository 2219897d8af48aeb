"""``form = "bayesian"``: types as in a tree, and one move for each player, of which nobody sees those of others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.forms.bayesian import Bayesian
from sim.scenario.forms import FORMS, Draft, Reading, ScenarioForm, tree
from sim.scenario.names import Roster
from sim.scenario.problems import shown
from sim.scenario.turns import MovesInOrder, read_players, read_turns

__all__ = ["build", "read"]


def read(draft: Draft) -> Reading:
    """The reading of the tree in which nobody sees anything."""
    turns = read_turns(draft.data, draft.roster.players, draft.report)
    return tree.read_tree(draft, None if turns is None else at_once(turns, draft))


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


FORMS.add("bayesian", ScenarioForm(read, build, sections=tree.SECTIONS, roster=read_players))
