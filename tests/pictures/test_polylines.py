from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

import sim
from sim.dataset import signal_lines
from sim.pictures.plots.polylines import polylines
from tests.draw import signalling_trees
from tests.pictures.datasets import quarters, signals, words


def breakfast(surly):
    """Beer and quiche (Cho and Kreps 1987): who is surly likes beer, and nobody wants to be challenged."""

    def answered(signal, strong):
        liked = float((signal == "beer") == strong)
        return {f"B@{signal}": {"duel": (liked, float(not strong)), "walk": (liked + 2, float(strong))}}

    types = {
        name: (
            share,
            {f"A@{name}": {signal: answered(signal, name == "surly") for signal in ("beer", "quiche")}},
        )
        for name, share in (("weak", 1 - surly), ("surly", surly))
    }
    return sim.Tree({"chance": types}, ("A", "B"))


def test_beer_and_quiche():
    data = signal_lines(sim.solve(breakfast(0.9)), {})
    assert data["gain"].values.tolist() == [[0, 1], [2, 3], [1, 0], [3, 2]]
    assert data["belief_low"].values.tolist() == [0, 0.5, 0, 0.5]
    assert data["belief_high"].values.tolist() == [0.5, 1, 0.5, 1]
    told = sorted(zip(data["sent"].values.tolist(), data["value"].values.tolist(), strict=True))
    assert told == [("beer", [2, 3]), ("quiche", [3, 2])]
    said = words(polylines(data))
    assert "A@weak" in said
    assert "beer" in said


def test_every_equilibrium_that_stands_apart_has_its_number():
    """Two in a row, less than half an inch apart: one number goes to the left of its star, as does the next."""

    def answered(signal, cost, share):
        return {f"B@{signal}": {"yes": (2 - cost, share), "no": (-cost, 0)}}

    types = {}
    for name, chance, share, factor in (("strong", 0.4, 0.5, 1), ("weak", 0.6, -0.5, 2)):
        costs = {"high": 1.1 * factor, "middle": 0.55 * factor, "low": 0}
        types[name] = (
            chance,
            {f"A@{name}": {signal: answered(signal, cost, share) for signal, cost in costs.items()}},
        )
    figure = polylines(signal_lines(sim.solve(sim.Tree({"chance": types}, ("A", "B"))), {}))
    panel = figure.axes[0]
    assert {text.get_text() for text in panel.texts} >= {"1", "2", "3"}


def gaps(value, line):
    """How far payoffs of the two types are from each piece of a line, at the nearest point of it."""
    pieces = list(pairwise(line)) or [(line[0], line[0])]
    for a, b in pieces:
        length = ((b - a) ** 2).sum()
        at = np.clip((value - a) @ (b - a) / length, 0, 1) if length else 0.0
        yield a + at * (b - a) - value


@given(signalling_trees(types=2, cells=1))
def test_equilibria_lie_on_the_lines_of_the_signals_that_both_types_send(tree):
    solution = sim.solve(tree)
    data = signal_lines(solution, {})
    senders = [k for k, agent in enumerate(tree.agents) if agent.player == 0]
    for k in range(int(solution.count[0])):
        value = data["value"].values[k]
        np.testing.assert_allclose(
            value @ tree.chance[0], solution.value[0, k, 0], atol=1e-9
        )  # chance draws the types in this order
        plan = solution.strategy[0, k][senders]
        for m, name in enumerate(tree.agents[senders[0]].actions):
            line = data["gain"].values[data["signal"].values == name]
            if (plan[:, m] > 1e-9).all():
                assert min(np.abs(gap).max() for gap in gaps(value, line)) < 1e-6
            else:  # what nobody, or one type, sends does not tempt the others wherever beliefs may be
                assert (line.min(axis=0) <= value + 1e-6).all()


def test_what_is_no_signalling_game_is_refused():
    with pytest.raises(ValueError, match="--plot polylines"):
        polylines(quarters())
    with pytest.raises(ValueError, match="in this tree there is none"):
        signal_lines(sim.solve(sim.Tree({"A": {"x": (1,), "y": (0,)}})), {})
    with pytest.raises(ValueError, match="is never drawn here"):
        signal_lines(sim.solve(breakfast(1.0)), {})


def test_equilibria_with_the_same_payoffs_stand_together():
    assert "1: build up; 2: $withdraw$" in words(polylines(signals()))
