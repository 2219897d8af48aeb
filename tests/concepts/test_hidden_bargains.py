"""Claims about bargains with types are judged: what is told, what is planned, who leaves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.claim import Status
from sim.solution import certify

RESOLVE = {"resolved": {"chance": 0.4, "outside": 0.4}, "bluffing": {"chance": 0.6, "outside": 0.2}}
FLOWS = {
    "resolved": {"chance": 0.3, "outside": 0.5, "inside": 0.5},
    "bluffing": {"chance": 0.7, "outside": 0.1, "inside": 0.1},
}
STUBBORN = {
    side: {"obstinate": {"chance": chance, "obstinate": share}, "rational": {"chance": 1 - chance}}
    for side, chance, share in (("A", 0.1, 0.7), ("B", 0.2, 0.6))
}
GAMES = {
    "one demand": sim.Bargaining(("A", "B"), 0.9, [0.4, 0.0], offers="A", rounds=1, types={"B": RESOLVE}),
    "leaving": sim.Bargaining(("A", "B"), [0.8, 0.7], [0.2, 0.0], types={"B": RESOLVE}),
    "demands in a row": sim.Bargaining(
        ("A", "B"), 0.8, offers="A", rounds=3, leaving="never", types={"B": FLOWS}
    ),
    "attrition": sim.Bargaining(("A", "B"), [0.9, 0.8], leaving="never", types=STUBBORN),
}


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("step", [-1e-6, 1e-6])
def test_a_share_that_is_a_millionth_off_is_refuted(name, step):
    solution = sim.solve(GAMES[name])
    assert solution.status[0] == Status.ok
    for answer in ("offer", "accepts_from"):
        for h in np.flatnonzero(~np.isnan(solution.claim.extra[answer][0, 0])):
            wrong = {key: array.copy() for key, array in solution.claim.extra.items()}
            wrong[answer][0, 0, h] += step
            judged = certify(GAMES[name], replace(solution.claim, extra=wrong), "perfect_bayesian")
            assert judged.status[0] == Status.refuted, (answer, h)


@pytest.mark.parametrize("name", ["demands in a row", "one demand"])
def test_a_schedule_that_is_off_is_refuted(name):
    solution = sim.solve(GAMES[name])
    for answer in ("schedule", "ends", "until"):
        array = solution.claim.extra[answer]
        for place in np.argwhere(~np.isnan(array)):
            if answer == "ends" and (array[tuple(place)] == 1.0 or place[2] == 0):
                continue  # where what nobody has yet agreed to is divided changes nothing
            if answer == "until" and place[2] == 0 and place[3] > 0:
                continue  # pieces of the first round in which nobody begins
            wrong = {key: values.copy() for key, values in solution.claim.extra.items()}
            wrong[answer][tuple(place)] += 1e-5 if answer != "until" else -0.05
            judged = certify(GAMES[name], replace(solution.claim, extra=wrong), "perfect_bayesian")
            assert judged.status[0] == Status.refuted, (answer, place)


def test_who_leaves_is_judged():
    solution = sim.solve(GAMES["leaving"])
    exits = solution.claim.extra["exits"]
    assert exits[0, 0].tolist() == [True, False]
    for kind in (0, 1):
        wrong = exits.copy()
        wrong[0, 0, kind] = ~wrong[0, 0, kind]
        claim = replace(solution.claim, extra={**solution.claim.extra, "exits": wrong})
        assert certify(GAMES["leaving"], claim, "perfect_bayesian").status[0] == Status.refuted


@pytest.mark.parametrize("answer", ["concession_rate", "concedes_at_once", "all_conceded"])
def test_concessions_that_are_off_are_refuted(answer):
    solution = sim.solve(GAMES["attrition"])
    wrong = {key: array.copy() for key, array in solution.claim.extra.items()}
    wrong[answer] += 1e-6
    judged = certify(GAMES["attrition"], replace(solution.claim, extra=wrong), "perfect_bayesian")
    assert judged.status[0] == Status.refuted


def test_without_types_it_is_subgame_perfection():
    game = sim.Bargaining(("A", "B"), [0.9, 0.6])
    both = [sim.solve(game, concept).value[0, 0] for concept in ("perfect_bayesian", "subgame_perfect")]
    np.testing.assert_array_equal(*both)
