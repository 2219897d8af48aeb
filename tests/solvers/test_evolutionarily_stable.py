from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import sim
from sim.solution import Status, certify
from tests.draw import quarters

CASES = json.loads((Path(__file__).parents[1] / "cases" / "evolutionary.json").read_text())


def symmetric(own):
    own = np.asarray(own, dtype=float)
    return sim.NormalForm(np.stack([own, own.swapaxes(-1, -2)], axis=-3), cells=np.ndim(own) == 3)


@st.composite
def symmetric_games(draw, most=4):
    size = draw(st.integers(1, most))
    return symmetric(draw(arrays(np.float64, (draw(st.integers(1, 3)), size, size), elements=quarters)))


def resists(own, x, mutants):
    """The definition: at a small share of mutants, the strategy does better than they do."""
    share = 1e-4
    mixed = (1 - share) * x + share * mutants
    return np.einsum("ma,ab,mb->m", x - mutants, own, mixed)


@pytest.mark.parametrize(
    "case", [c for c in CASES if c["id"].startswith("hawk")], ids=lambda case: case["id"]
)
def test_hawks_and_doves(case):
    """Maynard Smith and Price (1973): the share of hawks is V / C, or all if fighting pays."""
    value, cost = case["inputs"]["V"], case["inputs"]["C"]
    solution = sim.solve(symmetric([[(value - cost) / 2, value], [0, value / 2]]), "evolutionarily_stable")
    assert solution.count[0] == 1
    assert solution.strategy[0, 0, 0, 0] == pytest.approx(case["expected"]["hawk_share"])
    assert solution.value[0, 0, 0] == pytest.approx(case["expected"]["payoff"])


@pytest.mark.parametrize(("win", "count"), [(2.0, 1), (1.0, 0), (0.5, 0)])
def test_rock_paper_scissors_is_stable_when_wins_outweigh_losses(win, count):
    """Zeeman (1980); Hofbauer and Sigmund (1998), chapter 7."""
    solution = sim.solve(symmetric([[0, -1, win], [win, 0, -1], [-1, win, 0]]), "evolutionarily_stable")
    assert solution.count[0] == count
    assert solution.status[0] == Status.ok
    assert solution.complete[0]


@given(symmetric_games(), st.integers(0, 2**32 - 1))
def test_stable_strategies_resist_every_mutant(game, seed):
    solution = sim.solve(game, "evolutionarily_stable")
    assert (solution.status == Status.ok).all()
    size = game.payoffs.shape[2]
    mutants = np.concatenate([np.eye(size), np.random.default_rng(seed).dirichlet(np.full(size, 0.5), 200)])
    for cell in range(game.cells):
        for x in solution.strategy[cell, : solution.count[cell], 0]:
            far = mutants[np.abs(mutants - x).max(axis=1) > 0.05]
            assert (resists(game.payoffs[cell, 0], x, far) > 0).all()


@given(symmetric_games(most=3))
def test_the_certificate_tells_stable_equilibria_from_the_others(game):
    """Two criteria: copositivity in the solver, stationary mutants in the certificate."""
    stable, nash = sim.solve(game, "evolutionarily_stable"), sim.solve(game, "nash")
    for cell in range(game.cells):
        found = stable.strategy[cell, : stable.count[cell], 0]
        for x, y in nash.strategy[cell, : nash.count[cell]]:
            if np.abs(x - y).max() < 1e-12:
                claim = replace(stable.claim, strategy=np.array([[[x, x]]]), **one_cell(stable.claim, cell))
                verdict = certify(game.take([cell]), claim, "evolutionarily_stable").status[0]
                listed = bool(found.size) and bool((np.abs(found - x).max(axis=1) < 1e-9).any())
                assert (verdict == Status.ok) == listed


def one_cell(claim, cell):
    return {name: getattr(claim, name)[[cell]] for name in ("status", "complete", "degenerate")}


@given(symmetric_games())
def test_relabelling_relabels(game):
    order = np.arange(game.payoffs.shape[2])[::-1]
    other = sim.NormalForm(game.payoffs[:, :, order][:, :, :, order], cells=True)
    first, second = (sim.solve(each, "evolutionarily_stable") for each in (game, other))
    np.testing.assert_array_equal(first.count, second.count)
    for cell in range(game.cells):
        expected = first.strategy[cell, : first.count[cell], 0][:, order]
        found = second.strategy[cell, : second.count[cell], 0]
        for x in expected:
            assert np.abs(found - x).max(axis=1).min() < 1e-9


def test_games_that_are_not_symmetric_are_named():
    game = sim.NormalForm([[[1.0, 0.0], [0.0, 2.0]], [[1.0, 3.0], [0.0, 2.0]]])
    assert sim.solve(game, "evolutionarily_stable").status[0] == Status.not_found


def test_wrong_claims_are_refuted():
    game = symmetric([[0, -1, 0.5], [0.5, 0, -1], [-1, 0.5, 0]])
    claim = sim.solve(game, "evolutionarily_stable").claim
    unstable = replace(claim, strategy=np.full((1, 1, 2, 3), 1 / 3))
    assert certify(game, unstable, "evolutionarily_stable").status[0] == Status.refuted
    neutral = symmetric(np.zeros((2, 2)))
    drift = replace(claim, strategy=np.array([[[[1.0, 0.0], [1.0, 0.0]]]]))
    assert certify(neutral, drift, "evolutionarily_stable").status[0] == Status.refuted
