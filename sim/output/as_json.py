"""A solution as the JSON object of ``standoff solve --json``."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.answers import EACH
from sim.answers.refinements import REFINEMENTS
from sim.answers.shared import KINDS, OF_EACH
from sim.claim import Status
from sim.game import Game
from sim.kernels.bimatrix.exact import maximal_subsets
from sim.output.numbers import as_number
from sim.plugins import concepts
from sim.scenario.source import Source
from sim.selection import selections
from sim.solution import Solution

if TYPE_CHECKING:
    from sim.play import Record

__all__ = ["Exact", "assessed", "choosing", "exact_answers", "played_answer", "record", "subsets"]


BELIEFS = ("belief", "belief_low", "belief_high")
"""What ``rational_beliefs`` has as fractions, one row for each."""


@dataclass(frozen=True)
class Exact:
    """One equilibrium in fractions: ``strategy[h][a]``, ``values[i]``, probability of each outcome."""

    strategy: list[list[Fraction]]
    values: list[Fraction]
    outcomes: list[Fraction]


def record(
    source: Source, solution: Solution, solver: str, *, exact: bool = False, cell: int = 0
) -> dict[str, Any]:
    """The object of the contract for one cell; set-valued answers stand beside the solutions.

    ``immaterial`` are, in games with states, the agents whose choice changes nothing.
    Beside the contract's keys each solution has the ``residual`` of its concept and says by which selections
    it is ``selected``, and with ``exact``
    ``maximal_subsets`` lists sets of solutions (by position) whose strategies can be mixed at will.
    """
    game = solution.game
    count = int(solution.count[cell])
    fractions = exact_answers(solution, cell) if exact else [None] * count
    chosen = selections(solution)
    answer: dict[str, Any] = {
        "scenario": source.name,
        "form": source.form,
        "concept": solution.concept,
        "solver": solver,
        "parameters": {
            name: as_number(value if exact else float(value)) for name, value in source.parameters.items()
        },
        "status": Status(int(solution.status[cell])).name,
        "sentence": source.sentence(solution, cell),
        "complete": bool(solution.complete[cell]),
        "degenerate": bool(solution.degenerate[cell]),
        "solutions": [
            one(solution, cell, k, fractions[k])
            | ({"selected": [name for name in chosen if chosen[name][cell, k]]} if chosen else {})
            for k in range(count)
        ],
    }
    if game.states:
        answer["immaterial"] = [game.agents[h].label for h in np.flatnonzero(game.immaterial[cell])]
    if exact:
        answer["maximal_subsets"] = [
            {"component": int(solution.component[cell, members[0]]), "solutions": members}
            for members, _, _ in subsets(solution, cell)
        ]
    for told, array in solution.claim.answered():
        if told.name in OF_EACH or told.name in REFINEMENTS:
            continue  # told with the solution that it is of
        answer[told.name] = by_state(game, array[cell]) if told.by_state else plain(array[cell])
    if (
        "critical_discount" in solution.claim.extra
    ):  # of one cell, so that there is time to look at both sides
        from sim.output.border_text import borders_of, certified

        answer["verdicts"] = {name: certified(sides) for name, sides in borders_of(game.take([cell])).items()}
    if not np.isnan(solution.set_residual[cell]):
        answer["set_residual"] = float(solution.set_residual[cell])
    return answer


def played_answer(source: Source, game: Game, by: str, record: Record, verdict: str = "") -> dict[str, Any]:
    """What came of many crises, as one JSON object: the verdict on automata, or which equilibrium was played."""
    found: dict[str, Any] = {"verdict": verdict} if verdict else {}
    if record.equilibria is not None:
        found["equilibrium"] = {"number": 1, "of": int(record.equilibria.count[0])}
    return {"scenario": source.name, "by": by, **found, **record.summary(game)}


def by_state(game: Game, array: Any) -> Any:
    """What is by state, under the names of the states."""
    return {state: plain(part) for state, part in zip(game.states, array, strict=True)}


def one(solution: Solution, cell: int, k: int, exact: Exact | None) -> dict[str, Any]:
    """One equilibrium: strategies by agent, values by player, outcomes that have any probability."""
    game = solution.game
    strategy = exact.strategy if exact else solution.strategy[cell, k].tolist()
    values = exact.values if exact else solution.value[cell, k].tolist()
    outcomes = exact.outcomes if exact else solution.outcomes[cell, k].tolist()
    index = int(solution.index[cell, k]) if concepts[solution.concept].indexed else 0
    answer = {
        "strategies": {
            agent: {
                action: {word: as_number(part) for word, part in number.items()}
                if isinstance(number, dict)
                else as_number(number)
                for action, number in does.items()
            }
            for agent, does in game.told(strategy, answers_beside(solution, cell, k)).items()
        },
        "values": dict(zip(game.players, map(as_number, values), strict=True)),
        "outcomes": {
            name: as_number(probability)
            for name, probability in zip(game.outcomes.names, outcomes, strict=True)
            if probability > 0
        },
        "regret": as_number(float(solution.regret[cell, k])),
        "residual": as_number(float(solution.residual[cell, k])),
        "index": index or None,
        "component": int(solution.component[cell, k]),
    }
    if solution.claim.joint is None:
        follows = game.take([cell]).consequences(solution.strategy[cell, k][np.newaxis])
        answer |= {name: finite(labelled) for name, labelled in follows.items()}
        answer |= in_json(assessed(solution, cell, k, exact=exact is not None))
    if solution.claim.names:
        answer["name"] = solution.claim.names[k]
    if solution.claim.joint is not None:
        joint = solution.claim.joint[cell, k]
        answer["joint"] = {
            name: float(probability)
            for name, probability in zip(game.joint_actions, joint.ravel(), strict=True)
            if probability > 0
        }
    return answer


def assessed(solution: Solution, cell: int, k: int, *, exact: bool = False) -> dict[str, Any]:
    """Beliefs, reach and kind of one equilibrium, where its game has them; ``exact``: in fractions."""
    claimed = {name: one for name, one in answers_beside(solution, cell, k).items() if name in OF_EACH}
    strategy = solution.strategy
    if exact:
        strategy = solution.claim.extra["rational"]
        claimed = {name: one for name, one in claimed.items() if name not in BELIEFS}
        if "rational_beliefs" in solution.claim.extra:
            claimed |= dict(zip(BELIEFS, solution.claim.extra["rational_beliefs"][cell, k], strict=True))
    found = solution.game.take([cell]).assessment(strategy[cell, k][np.newaxis], claimed)
    kind = int(claimed.get("kind", 0))
    found |= {"kind": KINDS[kind]} if kind > 0 else {}
    extra = solution.claim.extra
    verdicts = {name: int(extra[name][cell, k]) for name in REFINEMENTS if name in extra}
    if verdicts:
        found["refinements"] = {name: None if holds < 0 else bool(holds) for name, holds in verdicts.items()}
        told = extra["reasons"][cell, k] or {} if "reasons" in extra else {}
        found["reasons"] = {name: sentence for name, sentence in told.items() if name in verdicts}
    return found


def answers_beside(solution: Solution, cell: int, k: int) -> dict[str, Any]:
    """What is answered for each equilibrium beside its strategies, of one of them."""
    told = solution.claim.answered()
    return {answer.name: array[cell, k] for answer, array in told if answer.dims[:1] == (EACH,)}


def finite(labelled: dict[str, Any]) -> dict[str, Any]:
    """Numbers by label, at any depth; null where one is infinite."""
    return {
        label: finite(value) if isinstance(value, dict) else as_number(value)
        for label, value in labelled.items()
    }


def in_json(value: Any) -> Any:
    """Fractions as texts, at any depth."""
    if isinstance(value, dict):
        return {name: in_json(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [in_json(inner) for inner in value]
    return as_number(value) if isinstance(value, Fraction) else value


def exact_answers(solution: Solution, cell: int = 0) -> list[Exact]:
    """Strategies as the solver's fractions; values and outcomes recomputed from the game in fractions."""
    game, sizes = solution.game, [len(agent.actions) for agent in solution.game.agents]
    answers = []
    for strategy in solution.claim.extra["rational"][cell, : int(solution.count[cell])]:
        values, outcomes = game.exactly(cell, strategy)
        answers.append(Exact([list(strategy[h, :size]) for h, size in enumerate(sizes)], values, outcomes))
    return answers


def subsets(solution: Solution, cell: int = 0) -> list[tuple[list[int], list[int], list[int]]]:
    """Maximal Nash subsets of an exactly solved cell, as :func:`sim.kernels.bimatrix.exact.maximal_subsets` gives them."""
    game, found = solution.game, solution.claim.extra["rational"][cell, : int(solution.count[cell])]
    if game.decisions and solution.concept != "nash":
        return []  # what is believed differs, so that play cannot be mixed at will
    return maximal_subsets(game.plans(found)[:, list(choosing(game))])


def choosing(game: Game) -> tuple[int, ...]:
    """The players of whom an exact answer is: all, without those who have nothing to choose where two do (positions)."""
    return game.essences[0].agents if game.essences else tuple(range(len(game.players)))


def plain(array: Any) -> Any:
    """An array as nested lists, padding rows (all NaN) left out and other NaN as null."""
    if array.ndim == 0:
        return as_number(array) if array.dtype.kind == "f" else array.item()
    if array.ndim >= 2 and array.dtype.kind == "f":
        array = array[~np.isnan(array).all(axis=tuple(range(1, array.ndim)))]
    return [plain(row) for row in array]
