"""What ``standoff sustain`` says: a table of punishments, a sentence, and the strategies that are meant."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.automata import Automaton, spelled
from sim.forms.repeated import Repeated
from sim.game import Floats, Game
from sim.output.border_text import borders_of, certified, proof
from sim.output.numbers import as_number
from sim.output.page import columns
from sim.patience import minmax, threats, threats_of
from sim.patience.exact import exactly
from sim.patience.penal_codes import penal_code
from sim.patience.sustained_paths import (
    Sustained,
    easiest,
    endless,
    least_patience,
    named_paths,
    punishments_for,
    sustained,
)
from sim.scenario.source import Source

__all__ = ["answer", "report"]

MOST_STATES = 20  # of an automaton, that are told


def report(source: Source, game: Game, path: str | None) -> str:
    """All outcomes with the patience that each punishment asks for, or one path at length."""
    game = endless(game)
    parts = [source.title or source.name, patience(game)]
    if path is None:
        parts += [overview(game), held_to(game)]
    else:
        paths = named_paths(game.stage, path)
        shown = easiest(game, paths)
        if len(shown) < len(paths):
            parts.append(
                f"{path}: {len(paths)} joint actions, of which these {len(shown)} need the least patience"
            )
        for label, cycle in shown.items():
            found = [sustained(game, cycle, punishment) for punishment in punishments_for(game)]
            parts += [label, columns(rows(game, found)), sentence(game, found)]
            parts += [exact_text(source, game, cycle), strategies(game, found)]
    return "\n\n".join(filter(None, parts))


def answer(source: Source, game: Game, path: str | None) -> dict[str, Any]:
    """The same as one JSON object."""
    game = endless(game)
    head: dict[str, Any] = {
        "scenario": source.name,
        "parameters": dict(source.parameters),
        "patience": dict(zip(game.players, game.discount[0].tolist(), strict=True)),
    }
    if path is None:
        least = {name: least_patience(game.stage, name).tolist() for name in punishments_for(game)}
        head["least_patience"] = {
            outcome: {name: as_number(values[k]) for name, values in least.items()}
            for k, outcome in enumerate(game.outcomes.names)
        }
        head["verdicts"] = {outcome: certified(sides) for outcome, sides in borders_of(game).items()}
        head["minmax"] = dict(zip(game.players, map(as_number, minmax(game.stage)[0]), strict=True))
        if len(game.players) == 2:
            worst = threats(game)[0]
            head["worst"] = dict(zip(game.players, map(as_number, worst), strict=True))
            if not np.isnan(worst).any():
                head["penal_codes"] = {player: code(game, i) for i, player in enumerate(game.players)}
        return head
    head["paths"] = {}
    for label, cycle in easiest(game, named_paths(game.stage, path)).items():
        found = [sustained(game, cycle, punishment) for punishment in punishments_for(game)]
        head["paths"][label] = {
            "sentence": sentence(game, found),
            "exactly": exact_answer(source, game, cycle),
            "punishments": {each.punishment: plain(game, each) for each in found},
        }
    return head


def exact_answer(source: Source, game: Repeated, cycle: list[tuple[int, ...]]) -> dict[str, Any] | None:
    """The critical discount by equilibria of one stage as a fraction and a formula; None for what is no joint action."""
    if len(cycle) > 1:
        return None
    found = exactly(game.stage, cycle[0])
    return {
        "least": None if found.least is None else str(found.least),
        "settled": found.settled,
        "deterred": [
            {
                "player": game.players[one.player],
                "by": game.spoken(one.after),
                "from": game.actions[one.player][one.leaving[one.player]],
                "least": str(one.least),
                "formula": source.critical(cycle[0], one),
            }
            for one in found.deterrents
        ],
    }


def exact_text(source: Source, game: Repeated, cycle: list[tuple[int, ...]]) -> str:
    """The same in words; nothing where nobody is tempted, or no equilibrium of one stage deters."""
    found = exact_answer(source, game, cycle)
    if found is None or not found["deterred"]:
        return ""
    lines = [
        f"Exactly, {one['player']} is kept from {one['from']} by {one['by']} for ever from "
        f"{' = '.join(filter(None, [one['formula'], one['least']]))} on."
        for one in found["deterred"]
    ]
    return "\n".join([*lines, "No punishment does with less patience."] if found["settled"] else lines)


def code(game: Repeated, player: int) -> dict[str, Any]:
    """The penal code of a player: where it begins, and its states."""
    automaton = penal_code(game, player)
    return {
        "start": automaton.states[int(automaton.start[0].argmax())],
        "states": spelled(automaton, game.players, game.actions),
    }


def plain(game: Repeated, found: Sustained) -> dict[str, Any]:
    """One punishment as a JSON object."""
    tempting = None
    if found.player is not None:
        tempting = {
            "player": game.players[found.player],
            "action": game.actions[found.player][found.action],
            "state": found.state,
            "gain": as_number(found.gain),
        }
    result = {
        "holds": found.holds,
        "common": found.common.tolist(),
        "alone": dict(zip(game.players, (own.tolist() for own in found.alone), strict=True)),
        "tempting": tempting,
        "verdict": certified(found.sides),
    }
    if found.automaton is not None:
        result["automaton"] = spelled(found.automaton, game.players, game.actions)
    return result | ({"reason": found.reason} if found.reason else {})


def patience(game: Repeated) -> str:
    """How patient everybody is."""
    return "patience: " + ", ".join(
        f"{player} {d:g}" for player, d in zip(game.players, game.discount[0], strict=True)
    )


def overview(game: Repeated) -> str:
    """The least common patience for each outcome to last, by punishment."""
    names = punishments_for(game)
    least = [least_patience(game.stage, name) for name in names]
    table = [("OUTCOME", *(name.replace("_", " ") for name in names))]
    table += [
        (outcome, *("never" if np.isnan(values[k]) else f"{values[k]:.6g}" for values in least))
        for k, outcome in enumerate(game.outcomes.names)
    ]
    text = columns(table) + "\nleast common patience at which some joint action of the outcome lasts for ever"
    sides = borders_of(game)
    return f"{text}\n{proof('the last column is', sides)}"


def held_to(game: Repeated) -> str:
    """The least that each player can be held to, and the penal code that does it (Abreu 1988)."""
    stage, two = game.stage, len(game.players) == 2
    pure, equilibria = minmax(stage)[0], threats_of(stage, "nash_reversion")[0]
    mixed = minmax(stage, mixed=True)[0] if two else np.full(len(game.players), np.nan)
    worst = threats(game)[0] if two else np.full(len(game.players), np.nan)
    table: list[tuple[str, ...]] = [
        ("PLAYER", "MINMAX", "MIXED MINMAX", "WORST OF ONE STAGE", "WORST AT THIS PATIENCE")
    ]
    table += [
        (player, *("-" if np.isnan(value) else f"{value + 0.0:.6g}" for value in values))
        for player, *values in zip(game.players, pure, mixed, equilibria, worst, strict=True)
    ]
    text = columns(table) + "\nthe least that each player can be held to"
    if not two or np.isnan(worst).any():
        return text
    codes = [penal_code(game, i) for i in (0, 1)]
    lines = {state: told for code in codes for state, told in words(game, code).items()}
    first = sorted(lines.items(), key=lambda line: not line[0].startswith("punishing"))
    return f"{text}, with these penal codes:\n{told(dict(first))}"


def told(lines: dict[str, str]) -> str:
    """States and what is done in them, the first few of many."""
    table = [(f"  {state}:", text) for state, text in list(lines.items())[:MOST_STATES]]
    more = len(lines) - len(table)
    return columns(table) + (f"\n  ... and {more} more states; --json gives them all" if more else "")


def words(game: Repeated, automaton: Automaton) -> dict[str, str]:
    """An automaton in words, chances rounded."""
    return spelled(automaton, game.players, game.actions, digits=6)


def rows(game: Repeated, found: list[Sustained]) -> list[tuple[str, ...]]:
    """A line for each punishment."""
    table = [
        ("PUNISHMENT", "HOLDS", "COMMON PATIENCE", *(f"{player} ALONE" for player in game.players), "TEMPTED")
    ]
    for each in found:
        if each.reason:
            table.append((each.punishment.replace("_", " "), "no", each.reason))
            table[-1] += ("",) * (len(table[0]) - 3)
            continue
        table.append(
            (
                each.punishment.replace("_", " "),
                "yes" if each.holds else "no",
                intervals(each.common),
                *(intervals(own) for own in each.alone),
                "nobody" if each.player is None else tempting(game, each),
            )
        )
    return table


def tempting(game: Repeated, found: Sustained) -> str:
    """``Russia by build_up, 0.8 at once``; on a punishment where that is the harder part."""
    assert found.player is not None
    where = "" if found.state.startswith("path") else f" instead of {found.state!r}"
    doing = game.actions[found.player][found.action]
    return f"{game.players[found.player]} by {doing}, {found.gain:.4g} at once{where}"


def intervals(found: Floats) -> str:
    """``0.64 .. 1``, ``any`` or ``never``."""
    if not len(found):
        return "never"
    if everything(found):
        return "any"
    return ", ".join(f"{low:.6g} .. {high:.6g}" for low, high in found)


def everything(found: Floats) -> bool:
    """Whether intervals are all of [0, 1)."""
    return len(found) == 1 and found[0, 0] <= 0.0 and found[0, 1] >= 1.0


def sentence(game: Repeated, found: list[Sustained]) -> str:
    """What the hardest punishment that helps makes of it, in words."""
    best = next((each for each in reversed(found) if len(each.common)), found[-1])
    return f"{plainly(game, found, best)}\nIn common patience {best.sides.sentence()}."


def plainly(game: Repeated, found: list[Sustained], best: Sustained) -> str:
    """The same, before it is said what was certified of it."""
    if not len(best.common):
        who = next((each for each in reversed(found) if each.player is not None), None)
        return "Does not last at any common patience" + (f"; {temptation(game, who)}." if who else ".")
    if everything(best.common):
        return "Lasts at any patience: it is an equilibrium of a single stage."
    whose = [i for i, own in enumerate(best.alone) if len(own) and not everything(own)]
    if len(whose) == 1 and len(best.alone[whose[0]]) == 1 and best.alone[whose[0]][0, 1] >= 1.0:
        start = f"{game.players[whose[0]]}'s patience is at least {best.alone[whose[0]][0, 0]:.6g}"
    elif len(best.common) > 1 or best.common[0, 1] < 1.0:
        start = f"the common patience lies in {intervals(best.common)}"
    else:
        start = f"the common patience is at least {best.common[0, 0]:.6g}"
    return f"Lasts if {start}, by {best.punishment.replace('_', ' ')} punishments; {temptation(game, best)}."


def temptation(game: Repeated, found: Sustained) -> str:
    """``Russia's temptation is one stage of build_up, worth 1.6``."""
    if found.player is None:
        return "nobody is tempted in any single stage"
    who, doing = game.players[found.player], game.actions[found.player][found.action]
    where = "" if found.state.startswith("path") else f" instead of {found.state!r}"
    return f"{who}'s temptation is one stage of {doing}{where}, worth {found.gain:.4g}"


def strategies(game: Repeated, found: list[Sustained]) -> str:
    """The simplest profile that holds at this patience, in words."""
    chosen = next((each for each in found if each.holds and each.automaton is not None), None)
    if chosen is None or chosen.automaton is None or everything(chosen.common):
        return ""
    return f"It holds by {chosen.punishment.replace('_', ' ')}:\n{told(words(game, chosen.automaton))}"
