"""Pure and mixed Markov-perfect equilibria against published cases and against trying every policy."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

import sim
from sim.forms.normal import NormalForm
from sim.forms.stochastic import Stochastic
from sim.solution import Status
from tests.draw import generic_stochastic_games

CASES = json.loads((Path(__file__).parents[1] / "cases" / "stochastic.json").read_text())


def cases(model):
    return [pytest.param(case, id=case["id"]) for case in CASES if case.get("model", "dynamic") == model]


def policies(solution, cell=0):
    """The pure equilibria of a cell: for each, the action of every agent, by player and state."""
    game = solution.game
    shape = (len(game.players), len(game.states))
    strategy = solution.strategy[cell, : solution.count[cell]]
    assert ((strategy == 0) | (strategy == 1)).all()
    return {tuple(map(tuple, each.argmax(axis=-1).reshape(shape).tolist())) for each in strategy}


def told(game, cell, policies):
    """Those policies in which agents whose choice changes nothing do the first: one stands for all the same."""
    idle = game.immaterial[cell].reshape(len(game.players), len(game.states))
    return {policy for policy in policies if not np.array(policy)[idle].any()}


def every_policy(game, cell):
    """All pure equilibria by trying each policy, with the slack below which a gain is none."""
    one = game.take([cell])
    players, states = len(game.players), len(game.states)
    ranges = [range(len(agent.actions)) for agent in game.agents]
    found, near = set(), set()
    for choice in itertools.product(*ranges):
        play = np.zeros((1, *game.mask.shape))
        play[0, np.arange(len(choice)), choice] = 1.0
        gain = (one.gains(play)[0].reshape(players, states).max(axis=1) / one.scale[0]).max()
        policy = tuple(tuple(choice[i * states : (i + 1) * states]) for i in range(players))
        if gain <= 1e-11:
            found.add(policy)
        if gain <= 1e-9:
            near.add(policy)
    return found, near


@given(generic_stochastic_games(states=3, most=2))
def test_pure_equilibria_are_those_of_trying_every_policy(game):
    solution = sim.solve(game, "markov_perfect", "markov_enumeration", most=4096, mixed=False)
    for cell in range(game.cells):
        found, near = every_policy(game, cell)
        assert solution.claim.extra["pure_complete"][cell]
        assert told(game, cell, found) <= policies(solution, cell) <= told(game, cell, near)


@given(generic_stochastic_games())
def test_every_cell_ends_in_a_certified_equilibrium(game):
    solution = sim.solve(game, "markov_perfect")
    assert (solution.count >= 1).all()
    assert (solution.status <= Status.degenerate).all()


def pure_equilibria_of(payoffs):
    """Pure Nash equilibria of normal forms, action by player, for each cell."""
    solution = sim.solve(NormalForm(payoffs), "nash", "pure")
    return [
        {tuple(each.argmax(axis=-1).tolist()) for each in solution.strategy[c, : solution.count[c]]}
        for c in range(len(payoffs))
    ]


@given(generic_stochastic_games(players=2, states=1))
def test_one_state_is_the_stage_game_at_any_patience(game):
    """What is done now changes nothing later, so that patience does not matter."""
    solution = sim.solve(game, "markov_perfect", mixed=False, most=4096)
    expected = pure_equilibria_of(game.payoffs[:, :, 0])
    for cell in range(game.cells):
        wanted = {tuple((action,) for action in joint) for joint in expected[cell]}
        assert policies(solution, cell) == told(game, cell, wanted)


@given(generic_stochastic_games(players=2, states=2))
def test_without_future_every_state_is_its_stage_game(game):
    alone = Stochastic(game.payoffs, game.transition, 0.0)
    solution = sim.solve(alone, "markov_perfect", mixed=False, most=4096)
    stages = [pure_equilibria_of(game.payoffs[:, :, s]) for s in range(len(game.states))]
    for cell in range(game.cells):
        expected = set(itertools.product(*(stage[cell] for stage in stages)))
        wanted = {tuple(zip(*by_state, strict=True)) for by_state in expected}
        assert policies(solution, cell) == told(game, cell, wanted)


@pytest.mark.parametrize("case", cases("dynamic"))
def test_dynamic_cases(case):
    payoffs = np.moveaxis(np.array(case["payoffs"]), 1, 0)
    game = Stochastic(payoffs, np.array(case["transitions"]), case["delta"])
    solution = sim.solve(game, "markov_perfect")
    assert solution.count[0] >= 1
    if "mpe" not in case["expected"]:
        return
    expected = {tuple(map(tuple, np.array(each["policy"]).T.tolist())) for each in case["expected"]["mpe"]}
    assert solution.complete[0] == bool(expected)
    if expected:
        assert policies(solution) == expected
        values = game.take([0] * len(expected)).state_values(solution.strategy[0])
        key = lambda rows: sorted(np.round(np.array(rows).reshape(len(expected), -1), 6).tolist())  # noqa: E731
        given_values = [np.array(each["values"]).T for each in case["expected"]["mpe"]]
        np.testing.assert_allclose(key(values), key(given_values), atol=2e-6)


def tension(inputs):
    """Two states, calm and tense: escalation by anybody raises tension, joint restraint lowers it."""
    payoffs = np.zeros((2, 2, 2, 2))
    for s, mood in enumerate("ct"):
        t, r, p, k = (inputs[letter + mood] for letter in "TRPS")
        payoffs[0, s] = [[r, k], [t, p]]
        payoffs[1, s] = [[r, t], [k, p]]
    transition = np.zeros((2, 2, 2, 2))
    up, down = inputs["rho_up"], inputs["rho_down"]
    transition[0] = [1 - up, up]
    transition[0, 0, 0] = [1, 0]
    transition[1] = [0, 1]
    transition[1, 0, 0] = [down, 1 - down]
    return Stochastic(payoffs, transition, inputs["delta"], states=("calm", "tense"))


@pytest.mark.parametrize(
    "case", [case for case in cases("markov_perfect") if "Tc" in case.values[0]["inputs"]]
)
def test_tension(case):
    solution = sim.solve(tension(case["inputs"]), "markov_perfect")
    expected = case["expected"]["equilibria"]
    assert policies(solution) == {tuple(map(tuple, each["policy"])) for each in expected}
    assert solution.complete[0]
    for each in expected:
        play = np.eye(2)[np.array(each["policy"]).ravel()][np.newaxis]
        values = solution.game.state_values(play)[0]
        np.testing.assert_allclose(values, np.transpose([each["V_calm"], each["V_tense"]]), atol=case["tol"])


def test_big_match():
    """Gillette (1957): worth one half at any patience; stopping with l / (1 + l), l = 1 - d."""
    for case in (case.values[0] for case in cases("stochastic_zero_sum") if case.id.startswith("bigmatch")):
        transition = np.zeros((3, 2, 2, 3))
        transition[0, 0, 0, 1] = transition[0, 0, 1, 2] = 1  # stopped: 1 for ever, or 0 for ever
        transition[0, 1, :, 0] = 1
        transition[1, ..., 1] = transition[2, ..., 2] = 1
        payoffs = np.zeros((2, 3, 2, 2))
        payoffs[0, 0] = [[1, 0], [0, 1]]
        payoffs[0, 1] = 1
        payoffs[1] = -payoffs[0]
        game = Stochastic(payoffs, transition, case["inputs"]["delta"])
        solution = sim.solve(game, "markov_perfect")
        np.testing.assert_allclose(solution.value[0, 0, 0], case["expected"]["value"], atol=case["tol"])
        np.testing.assert_allclose(
            solution.strategy[0, 0, 0, 0], case["expected"]["stop_prob"], atol=case["tol"]
        )


def test_shapley_absorbing_game():
    """Shapley (1953): the game goes on after (1, 1) only."""
    case = next(case for case in CASES if case["id"] == "shapley_absorb_2")
    d = case["inputs"]["delta"]
    transition = np.zeros((2, 2, 2, 2))
    transition[0, ..., 1] = 1 - np.array(case["inputs"]["continue_on"])
    transition[0, ..., 0] = case["inputs"]["continue_on"]
    transition[1, ..., 1] = 1
    payoffs = np.zeros((2, 2, 2, 2))
    payoffs[0, 0] = case["inputs"]["payoff"]
    payoffs[1] = -payoffs[0]
    solution = sim.solve(Stochastic(payoffs, transition, d), "markov_perfect")
    np.testing.assert_allclose(solution.value[0, 0, 0] / (1 - d), case["expected"]["value"], atol=case["tol"])


def seed_game(case):
    """The standoff with Russia moving and NATO replying: a period is two steps, and discounts are per step.

    States: Russia's last move x trend, where Russia moves; the same x Russia's move now, where NATO
    replies; and the treaty.  Russia's part of a period's payoff that depends on the reply comes with it.
    """
    inputs = case["inputs"]
    q = inputs["parameters"]
    russia, nato = inputs["actions"]["Russia"], inputs["actions"]["NATO"]
    moves = [(last, trend) for last in russia for trend in (0, 1)]
    replies = [(last, trend, now) for last, trend in moves for now in russia]
    states = [f"last{last}_trend{trend}" for last, trend in moves]
    states += [f"{last}{trend}:{now}" for last, trend, now in replies] + ["treaty"]
    step = np.sqrt([q["dR"], q["dN"]])
    payoffs = np.zeros((2, len(states), 3, 5))
    transition = np.zeros((len(states), 3, 5, len(states)))
    place = {name: number for number, name in enumerate(states)}
    actions = []
    for last, trend in moves:
        s = place[f"last{last}_trend{trend}"]
        actions.append([tuple(russia), ("wait",)])
        for a, now in enumerate(russia):
            transition[s, a, :, place[f"{last}{trend}:{now}"]] = 1
    for last, trend, now in replies:
        s = place[f"{last}{trend}:{now}"]
        actions.append([("wait",), tuple(nato)])
        r, demand = russia[now]
        for b, (c, t, d) in enumerate(nato.values()):
            shamed = q["a"] * (1 - c) * (1 - q["phi"] * t) if last != "W" and demand == 0 else 0.0
            talks = t * (1 - q["xi"] * demand)
            payoffs[0, s, :, b] = (
                q["V_f"] * c
                + (q["I"] - q["Delta"] * trend - q["k"]) * r
                + q["tauR"] * talks
                - q["h"] * d
                - shamed
            )
            payoffs[1, s, :, b] = (
                -q["K_f"] * c
                - q["rho_f"] * c * r
                - q["x"] * r * (1 - c)
                + q["tauN"] * talks
                - q["sigma"] * t * r
                + (q["beta"] * r - q["e"]) * d
            )
            shift = 1.0 if trend else q["g0"] + q["g1"] * r
            if c:
                transition[s, :, b, place["treaty"]] = 1
            else:
                transition[s, :, b, place[f"last{now}_trend1"]] += shift
                transition[s, :, b, place[f"last{now}_trend0"]] += 1 - shift
    # a period's payoff p becomes p / (1 + step) in each of its two steps, discounted back for the first
    treaty = place["treaty"]
    actions.append([("wait",), ("wait",)])
    transition[treaty, ..., treaty] = 1
    payoffs[:, treaty] = np.array([q["V_f"], -q["K_f"]])[:, np.newaxis, np.newaxis]
    for i in range(2):
        payoffs[i, len(moves) : treaty] *= (1 + step[i]) / step[i]
    return (
        Stochastic(payoffs, transition, step, ("Russia", "NATO"), states, actions),
        place,
        list(russia),
        list(nato),
    )


@pytest.mark.parametrize("case", cases("seed_stochastic"))
def test_seed(case):
    game, place, russia, nato = seed_game(case)
    solution = sim.solve(game, "markov_perfect")
    expected = case["expected"]
    assert solution.count[0] == expected["n_pure_mpe"]
    assert solution.complete[0]
    ((move, reply),) = policies(solution)
    value = game.state_values(solution.strategy[:, 0])[0]
    for state, play in expected["play"].items():
        now = russia[move[place[state]]]
        last, trend = state.removeprefix("last").split("_trend")
        assert f"{now}-{nato[reply[place[f'{last}{trend}:{now}']]]}" == play
        np.testing.assert_allclose(value[0, place[state]], expected["V_R"][state], atol=1e-6)
        np.testing.assert_allclose(value[1, place[state]], expected["V_N"][state], atol=1e-6)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(60))
def test_any_game_is_searched_to_the_end_and_ends_in_an_equilibrium(seed):
    """Ties, transitions and patience of all kinds against trying every policy."""
    rng = np.random.default_rng(seed)
    states, shape = int(rng.integers(1, 5)), (2, 2)
    payoffs = rng.integers(-2, 3, (3, 2, states, *shape)).astype(float)
    if seed % 2:
        payoffs = rng.random(payoffs.shape)
    transition = rng.random((3, states, *shape, states))
    if seed % 3:
        transition = np.where(transition.argsort(axis=-1).argsort(axis=-1) < seed % 3, 1.0, 0.0)
    transition /= transition.sum(axis=-1, keepdims=True)
    game = Stochastic(payoffs, transition, rng.choice([0.01, 0.3, 0.7, 0.9, 0.99]))
    solution = sim.solve(game, "markov_perfect", most=4096)
    assert (solution.count > 0).all()
    assert (solution.status <= Status.degenerate).all()
    for cell in range(game.cells):
        assert solution.claim.extra["pure_complete"][cell]
        found, near = every_policy(game, cell)
        if found:
            assert told(game, cell, found) <= policies(solution, cell) <= told(game, cell, near)


def deterministic():
    rng = np.random.default_rng(1)
    transition = np.zeros((9, 3, 3, 9))
    np.put_along_axis(transition, rng.integers(0, 9, (9, 3, 3))[..., np.newaxis], 1.0, -1)
    return Stochastic(rng.random((2, 9, 3, 3)), transition, 0.95)


def test_nine_posture_states_are_searched_to_the_end_also_where_bounds_say_little():
    assert sim.solve(deterministic(), "markov_perfect").claim.extra["pure_complete"][0]


def test_out_of_budget_is_said():
    game = deterministic()
    solution = sim.solve(game, "markov_perfect", budget=3)
    assert not solution.complete[0]
    assert solution.count[0] == 1
    assert solution.status[0] == Status.ok


def test_a_cell_that_is_not_finite_harms_no_other():
    rng = np.random.default_rng(2)
    payoffs = rng.random((3, 2, 2, 2, 2))
    payoffs[1, 0, 1, 0, 1] = np.nan
    transition = rng.random((2, 2, 2, 2))
    transition /= transition.sum(axis=-1, keepdims=True)
    solution = sim.solve(Stochastic(payoffs, transition, 0.8), "markov_perfect")
    alone = sim.solve(Stochastic(payoffs[2], transition, 0.8), "markov_perfect")
    assert solution.status[1] == Status.nonfinite
    assert solution.count[1] == 0
    np.testing.assert_array_equal(solution.value[2, : alone.count[0]], alone.value[0])
