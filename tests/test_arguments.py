"""Arguments of a wrong kind are a ValueError with a sentence, never a traceback from within."""

from __future__ import annotations

import numpy as np
import pytest

import sim

FLAT = np.zeros((2, 2, 2))
MASKED = np.ma.masked_greater(np.arange(8.0).reshape(2, 2, 2), 4)


@pytest.fixture(scope="module")
def chicken():
    return sim.load("chicken")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("points", 2.5, "points must be a whole number, at least 1 point and at most 100000, not 2.5"),
        ("points", True, "points must be"),
        ("points", "3", "points must be"),
        ("points", 10**9, "an axis has at most 100000"),
        ("workers", 0, "expected a whole number from 1 to 256"),
        ("workers", 1.5, "workers = 1.5"),
        ("set", ["collision"], "set must be a mapping"),
        ("set", {"triumph": None}, "triumph = 'None' is no number"),
        ("set", {1: 2}, "set must be a mapping"),
        ("out", 3, "out must be the path of a folder"),
        ("concept", 3, "concept must be a text"),
        ("solver", 3, "solver must be a text"),
        ("select", 3, "select must be a text"),
        ("resume", "no", "resume must be True or False"),
        ("full", "no", "full must be True or False"),
        ("progress", 3, "progress must be a function"),
    ],
)
def test_options_of_a_sweep(chicken, name, value, message):
    with pytest.raises(ValueError, match=message):
        sim.sweep(chicken, "disaster", **{"points": 2, name: value})


@pytest.mark.parametrize(
    ("scenario", "sweep"),
    [(None, "disaster"), ("chicken", "disaster"), (..., None), (..., 3), (..., ["disaster"])],
)
def test_what_is_no_scenario_or_no_sweep(chicken, scenario, sweep):
    with pytest.raises(ValueError, match=r"(scenario|sweep) must be"):
        sim.sweep(chicken if scenario is ... else scenario, sweep)


def test_a_sweep_of_too_many_cells_is_refused_before_it_begins(chicken):
    with pytest.raises(ValueError, match="10000000000 cells; a sweep has at most 100000000"):
        sim.sweep(chicken, "stakes", points=100_000)


@pytest.mark.parametrize("horizon", [10**30, 0, -1, 2.5, True, "3", float("inf"), float("nan")])
def test_horizons(horizon):
    with pytest.raises(ValueError, match="horizon must be a whole number of stages from 1"):
        sim.Repeated(sim.NormalForm(FLAT), 0.5, horizon)


@pytest.mark.parametrize(
    "make",
    [
        lambda: sim.NormalForm(MASKED),
        lambda: sim.NormalForm([MASKED[0], MASKED[1]]),
        lambda: sim.Repeated(sim.NormalForm(FLAT), np.ma.array([0.5, 0.5], mask=[0, 1])),
        lambda: sim.Stochastic(np.zeros((2, 1, 2, 2)), np.ma.ones((1, 2, 2, 1)), 0.5),
        lambda: sim.critical_discount(
            sim.NormalForm(FLAT), (0, 0), threats=np.ma.array([0.0, 1.0], mask=[1, 0])
        ),
    ],
)
def test_masked_arrays(make):
    with pytest.raises(ValueError, match="masked"):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: sim.NormalForm(FLAT, players=3), "players must be a list"),
        (lambda: sim.NormalForm(FLAT, actions=3), "actions must be a list"),
        (lambda: sim.NormalForm(FLAT, actions=[1, 2]), "actions of a player must be a list"),
        (lambda: sim.NormalForm(FLAT, outcomes=3), "outcomes must be"),
        (
            lambda: sim.NormalForm(FLAT, outcomes=sim.NormalForm(np.zeros((2, 3, 2))).outcomes),
            "outcomes have shape",
        ),
        (
            lambda: sim.Stochastic(np.zeros((2, 1, 2, 2)), np.ones((1, 2, 2, 1)), 0.5, actions=3),
            "actions must be",
        ),
        (
            lambda: sim.Stochastic(np.zeros((2, 1, 2, 2)), np.ones((1, 2, 2, 1)), 0.5, outcomes=3),
            "outcomes must be",
        ),
        (lambda: sim.Stochastic(np.zeros((2, 1, 1, 3)), np.ones((1, 1, 3, 1)), 0.5), "two ways"),
        (lambda: sim.solve(3), "solve takes a game"),
        (lambda: sim.solve(sim.NormalForm(FLAT), 3), "unknown concept 3"),
        (lambda: sim.solve(sim.NormalForm(FLAT), exact="yes"), "exact must be True or False"),
        (lambda: sim.select(3, "perfect"), "not a int"),
        (lambda: sim.select(sim.solve(sim.NormalForm(FLAT)), 3), "unknown selection 3"),
        (lambda: sim.critical_discount(3, (0, 0)), "a stage game is a NormalForm"),
        (lambda: sim.critical_discount(sim.NormalForm(FLAT), (0, 0), 3), "unknown punishment 3"),
        (lambda: sim.critical_discount(sim.NormalForm(FLAT), (0.5, 0)), "is none of a game"),
    ],
)
def test_games_and_questions(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("aim", ["nan, nan", "inf, 0", "1", "one, two", ""])
def test_what_is_no_payoff_to_aim_at(aim):
    from sim.play import play_by

    game = sim.Repeated(sim.NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]), 0.9)
    with pytest.raises(ValueError, match=r"payoff: .*number"):
        play_by(game, f"payoff: {aim}", runs=1)


def test_payoffs_to_aim_at_are_finite():
    from sim.patience.penal_codes import delivering

    game = sim.Repeated(sim.NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]), 0.9)
    for aim in ([np.nan, 1.0], [np.inf, 1.0], [1.0], "x"):
        with pytest.raises(ValueError, match="the payoff to aim at"):
            delivering(game, aim)
