"""Published facts on famous automata, and laws that every profile of automata obeys."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.automata import BUILT_IN, Automaton, best_reply_gains, one_shot, perfect_discounts, profile
from sim.solution import Claim, certify
from tests.draw import normal_forms

CASES = json.loads((Path(__file__).parents[1] / "cases" / "repeated_literature.json").read_text())
DILEMMAS = [case for case in CASES if case["id"].startswith("folk_pd")]
SHAPE = (2, 2)


def both(name, shape=SHAPE):
    return profile([BUILT_IN[name](shape, i) for i in range(len(shape))])


def dilemma(case):
    t, r, p, s = (case["inputs"][letter] for letter in "TRPS")
    return sim.NormalForm([[[r, s], [t, p]], [[r, t], [s, p]]])


@st.composite
def profiles(draw, shape, states=3):
    """Random joint automata, with lotteries and mixed play."""
    size = draw(st.integers(1, states))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def rows(*lead, sizes):
        weights = random.integers(0, 3, (*lead, max(sizes))) * 1.0
        for place, own in enumerate(sizes):
            weights[..., place, own:] = 0.0
            weights[..., place, 0] += weights[..., place, :].sum(axis=-1) == 0
        return weights / weights.sum(axis=-1, keepdims=True)

    play = rows(size, len(shape), sizes=shape)
    follow = rows(size, *shape, sizes=[size] * shape[-1])
    start = random.dirichlet(np.ones(size))
    names = tuple(f"s{k}" for k in range(size))
    return Automaton(tuple(range(len(shape))), names, start, play, follow)


@pytest.mark.parametrize("case", DILEMMAS, ids=lambda case: case["id"])
@pytest.mark.parametrize(
    ("name", "key"),
    [("grim", "grim"), ("win_stay_lose_shift", "wsls"), *((f"punish_{k}",) * 2 for k in (1, 2, 3))],
)
def test_least_patience_in_the_prisoners_dilemma(case, name, key):
    """Friedman (1971), Mailath and Samuelson (2006) chapter 2: each is perfect from one discount on."""
    (found,) = perfect_discounts(dilemma(case), both(name))
    least = case["expected"][key]
    assert found.tolist() == ([] if least is None else [[pytest.approx(least, abs=case["tol"]), 1.0]])


@pytest.mark.parametrize("case", DILEMMAS, ids=lambda case: case["id"])
def test_tit_for_tat_is_nash_from_a_discount_on_but_not_perfect(case):
    """Axelrod (1984); perfect only at the knife edge (T-R)/(R-S), and only if T + S = P + R."""
    stage, automaton, least = dilemma(case), both("tit_for_tat"), case["expected"]["tft_nash"]
    for step, nash in ((-1e-6, False), (1e-6, True)):
        gains = best_reply_gains(sim.Repeated(stage, least + step), automaton)
        assert (gains.max() <= 1e-9) == nash
    assert np.ptp(perfect_discounts(stage, automaton)[0], axis=1).sum() <= 1e-8
    values = case["inputs"]
    knife_edge = (values["T"] - values["R"]) / (values["R"] - values["S"])
    if knife_edge < 1:
        perfect = one_shot(sim.Repeated(stage, knife_edge), automaton).perfect
        assert perfect[0] == case["expected"]["tft_spe_at_knife_edge"]


def test_who_is_tempted_where_by_what():
    """At patience 0.4 grim breaks where there is trust: 0.6 * 5 + 0.4 * 1 - 3 = 0.4."""
    stage = sim.NormalForm([[[3, 0], [6, 1]], [[3, 5], [0, 1]]])
    found = one_shot(sim.Repeated(stage, 0.4), both("grim"))
    assert (found.player[0], found.state[0], found.action[0]) == (0, 0, 1)
    assert found.gain[0] == pytest.approx(0.6 * 6 + 0.4 - 3)
    np.testing.assert_allclose(found.values[0], [[3, 1], [3, 1]])
    assert not found.perfect[0]


def test_values_of_alternation():
    """Taking turns, at discount d the first mover gets (5 + d 0) / (1 + d), the other d times that."""
    follow = np.zeros((2, 2, 2, 2))
    follow[0, ..., 1] = follow[1, ..., 0] = 1.0
    play = np.eye(2)[[[1, 0], [0, 1]]]
    turns = Automaton((0, 1), ("first", "second"), [1, 0], play, follow)
    stage = sim.NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    found = one_shot(sim.Repeated(stage, [0.5, 0.8]), turns)
    np.testing.assert_allclose(found.value, [[5 / 1.5, 0.8 * 5 / 1.8]])


@given(st.data())
def test_the_houses_certificate_says_the_same(data):
    stage = data.draw(normal_forms(cells=2, most=3))
    automaton = data.draw(profiles(stage.payoffs.shape[2:]))
    repeated = sim.Repeated(stage, data.draw(st.sampled_from([0.0, 0.5, 0.9])))
    found = one_shot(repeated, automaton)
    game = automaton.game(repeated)
    nothing = np.zeros(game.cells, dtype=bool)
    claim = Claim(automaton.strategy(game.cells)[:, np.newaxis], nothing.astype(np.int8), nothing, nothing)
    verdict = certify(game, claim, "markov_perfect")
    np.testing.assert_array_equal(found.perfect, verdict.status == 0)
    np.testing.assert_allclose(found.value, verdict.value[:, 0], atol=1e-9)
    assert (np.where(found.player < 0, 0.0, found.gain) <= verdict.regret[:, 0] + 1e-9).all()


@given(st.data())
def test_other_units_and_other_names_change_nothing(data):
    stage = data.draw(normal_forms(cells=2, most=3))
    automaton = data.draw(profiles(stage.payoffs.shape[2:]))
    unit, shift = np.array([4.0, 0.5]), np.array([-3.0, 7.0])
    along = (1, 2, 1, 1)
    other = sim.NormalForm(stage.payoffs * unit.reshape(along) + shift.reshape(along))
    plain, moved = (one_shot(sim.Repeated(game, 0.7), automaton) for game in (stage, other))
    np.testing.assert_allclose(plain.value * unit + shift, moved.value, atol=1e-9)
    np.testing.assert_array_equal(plain.perfect, moved.perfect)
    # the same game with the second player's actions and the states in the other order
    turned = sim.NormalForm(stage.payoffs[..., ::-1])
    second, size = stage.payoffs.shape[3], len(automaton.states)
    play = automaton.play[:, ::-1].copy()
    play[:, :, 1, :second] = play[:, :, 1, :second][..., ::-1]
    renamed = Automaton(
        (0, 1), automaton.states[::-1], automaton.start[:, ::-1], play,
        automaton.follow[:, ::-1, :, ::-1, ::-1],
    )  # fmt: skip
    again = one_shot(sim.Repeated(turned, 0.7), renamed)
    np.testing.assert_allclose(again.values[:, :, ::-1], plain.values, atol=1e-9)
    np.testing.assert_array_equal(again.perfect, plain.perfect)
    assert len(renamed.states) == size


@given(st.data())
def test_no_strategy_gains_over_a_perfect_profile_and_one_shot_gains_are_gains(data):
    """The one-shot deviation principle, both ways (Mailath and Samuelson 2006, proposition 2.2.1)."""
    stage = data.draw(normal_forms(cells=1, most=2))
    automaton = data.draw(profiles(stage.payoffs.shape[2:], states=2))
    repeated = sim.Repeated(stage, 0.6)
    found = one_shot(repeated, automaton)
    for s in range(len(automaton.states)):
        begun = Automaton(
            (0, 1), automaton.states, np.eye(len(automaton.states))[s], automaton.play[0], automaton.follow[0]
        )
        gains = best_reply_gains(repeated, begun)
        assert (gains >= -1e-9).all()
        if found.perfect[0]:
            assert (gains <= 1e-8).all()
    own = found.gains[0][~np.isnan(found.gains[0])]
    assert found.perfect[0] == (own.size == 0 or own.max() <= 1e-9 * stage.scale.max())
