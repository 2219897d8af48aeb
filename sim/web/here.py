"""The game at one point: what holds there, its table, every equilibrium, and why."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from sim.claim import Status
from sim.explain import reasons
from sim.explain.sentences import MOST_ANSWERS, whys
from sim.game import Game
from sim.output import as_text
from sim.output.answer_text import extras
from sim.output.page import Rows
from sim.output.wording import filled
from sim.pictures.style.regimes import tell_apart
from sim.scenario import Scenario
from sim.scenario.source import Source
from sim.selection import select
from sim.solution import Solution
from sim.solving import choose_solver, solve
from sim.web.asked import View
from sim.web.cells import seen_in, words_of_cells
from sim.web.paint import looks

__all__ = ["game_here", "source_of", "why_here"]

MOST_TOLD = 24  # equilibria


def source_of(scenario: Scenario, view: View) -> Source:
    """Where the game of a view came from."""
    return Source(
        scenario.name, scenario.title, scenario.form, dict(view.values), scenario.automata, scenario.tones,
        {name: one.default for name, one in scenario.parameters.items()},
    )  # fmt: skip


def game_here(scenario: Scenario, view: View) -> dict[str, Any]:
    """What stands on the right of the page."""
    game = scenario.game(**view.values)
    solution = solve(game, view.concept, view.solver)
    method = choose_solver(game, view.concept, view.solver).name
    found = tell_apart(seen_in(solution, view.select), words_of_cells(scenario, view.concept))
    count = int(solution.count[0])
    chosen = select(solution, view.select)[0] if view.select else np.ones(count, np.bool_)
    verdict = as_text.verdict(source_of(scenario, view), solution, method)
    good = Status(int(solution.status[0])) in {Status.ok, Status.degenerate}
    return {
        "values": {name: float(value) for name, value in view.values.items()},
        "here": looks(found)[int(found.code.ravel()[0])],
        "colours": looks_of_outcomes(scenario),
        "verdict": [line for line in verdict.split("\n") if line],
        "good": good,
        "count": count,
        "complete": bool(solution.complete[0]),
        "tables": tables(scenario, game),
        "equilibria": [told(solution, k, chosen=bool(chosen[k])) for k in range(min(count, MOST_TOLD))],
        "more": max(count - MOST_TOLD, 0),
        "beside": [filled(line, "  ") for line in extras(solution)],
        "tree": picture_of(game),
    }


def picture_of(game: Game) -> str:
    """What there is to see of the game with its first equilibrium, in words; nothing where there is no picture."""
    if game.states:
        return "The states, what is done in each, and where play goes, with the first equilibrium"
    return "The tree of moves, with the first equilibrium" if game.decisions else ""


def why_here(scenario: Scenario, view: View) -> dict[str, Any]:
    """Why each answer is one, in the order of the answers, and why nothing else holds."""
    game = scenario.game(**view.values)
    found = reasons(solve(game, view.concept, view.solver))
    paragraphs = [{"title": one.title, "sentences": list(one.sentences)} for one in whys(found)]
    answers = min(len(found.equilibria), MOST_ANSWERS)
    return {"each": [one["sentences"] for one in paragraphs[:answers]], "others": paragraphs[answers:]}


def told(solution: Solution, k: int, *, chosen: bool) -> dict[str, Any]:
    """One equilibrium: the rows that `standoff solve` tells, and what most likely comes of it."""
    telling = as_text.telling(solution)
    rows: Rows = as_text.equilibrium(solution, k, None, [name for name in telling if telling[name][0, k]])
    outcomes = np.nan_to_num(solution.outcomes[0, k])
    return {
        "title": rows.title,
        "rows": [[label.strip(), text] for label, text in rows.rows],
        "outcome": int(outcomes.argmax()) if outcomes.max() >= 0.5 else None,
        "chosen": chosen,
    }


def tables(scenario: Scenario, game: Game) -> list[dict[str, Any]]:
    """The payoffs of everybody, a table for each joint action of further players.

    Of each cell the numbers, which of them are best replies, whether all are, and its outcome.
    """
    rows = as_text.payoff_tables(game)
    if not rows:
        return []
    stage = game.stage
    actions = [agent.actions for agent in stage.agents]
    rest = itertools.product(*(range(len(labels)) for labels in actions[2:]))
    words = looks_of_outcomes(scenario)
    result = []
    for table, others in zip(rows, rest, strict=True):
        head, *body = table.rows
        cells = [
            [
                {
                    "payoffs": [
                        {"text": part.rstrip("*").replace("-", "\u2212"), "best": part.endswith("*")}
                        for part in text.strip(" []").split(", ")
                    ],
                    "all": (r + 1, c + 1) in table.marked,
                    "outcome": int(stage.outcomes.of[(r, c, *others) if len(actions) > 1 else (r,)]),
                }
                for c, text in enumerate(row[1:])
            ]
            for r, row in enumerate(body)
        ]
        result.append(
            {
                "title": table.title,
                "corner": head[0],
                "columns": list(head[1:]),
                "rows": [{"label": row[0], "cells": line} for row, line in zip(body, cells, strict=True)],
                "outcomes": [
                    {"name": name, "colour": colour}
                    for name, colour in zip(stage.outcomes.names, words, strict=False)
                ],
                "players": list(stage.players),
            }
        )
    return result


def looks_of_outcomes(scenario: Scenario) -> list[str]:
    """The plain colour of each outcome."""
    palette = words_of_cells(scenario, "nash").palette
    return ["#" + "".join(f"{round(255 * part):02x}" for part in paint.rgb) for paint in palette.paints]
