"""Equilibria as a CSV table, for spreadsheets and statistics packages."""

from __future__ import annotations

import csv
import io

from sim.claim import Status
from sim.solution import Solution

__all__ = ["equilibria_csv"]

RUNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With these begins what spreadsheets run; the last four are the wide forms of the first."""


def equilibria_csv(solution: Solution) -> str:
    """One row for each equilibrium of each cell; numbers are written so that they read back exactly.

    Columns: cell, equilibrium, status, complete, degenerate, component, index, regret, then
    ``value:<player>``, ``outcome:<name>`` and ``<agent>:<action>``.  A cell without equilibria has one row.
    A label that a spreadsheet would run, such as ``=1+1``, stands behind an apostrophe.
    """
    game = solution.game
    actions = [(h, a) for h, agent in enumerate(game.agents) for a in range(len(agent.actions))]
    header = ["cell", "equilibrium", "status", "complete", "degenerate", "component", "index", "regret"]
    header += [f"value:{player}" for player in game.players]
    header += [f"outcome:{name}" for name in game.outcomes.names]
    header += [f"{game.agents[h].label}:{game.agents[h].actions[a]}" for h, a in actions]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(defused, header))
    for cell in range(game.cells):
        facts = (bool(solution.complete[cell]), bool(solution.degenerate[cell]))
        verdict = [Status(int(solution.status[cell])).name, *facts]
        for k in range(int(solution.count[cell])):
            numbers = [
                solution.regret[cell, k],
                *solution.value[cell, k],
                *solution.outcomes[cell, k],
                *(solution.strategy[cell, k, h, a] for h, a in actions),
            ]
            place = [int(solution.component[cell, k]), int(solution.index[cell, k]) or ""]
            writer.writerow([cell, k, *verdict, *place, *(repr(float(number)) for number in numbers)])
        if solution.count[cell] == 0:
            writer.writerow([cell, "", *verdict, *[""] * (len(header) - 5)])
    return text.getvalue()


def defused(label: str) -> str:
    """A label in one line and, where a spreadsheet would run it as a formula, behind an apostrophe."""
    text = "".join(letter if letter.isprintable() else " " for letter in label)
    return f"'{text}" if text.lstrip().startswith(RUNS) else text
