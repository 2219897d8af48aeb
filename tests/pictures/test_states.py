from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.dataset import led_on
from sim.pictures.plots.states import THICKEST, states
from tests.pictures.datasets import crisis_states, quarters, unfolded_tree, words


def ways(figure):
    """Thickness of the lines between states."""
    return sorted(line.get_linewidth() for line in figure.axes[0].lines if len(line.get_xdata()) == 40)


def spoken(figure):
    """Words on the panel."""
    return [text.get_text() for text in figure.axes[0].texts]


def test_ways_are_thick_as_likely_and_told():
    data = led_on(sim.solve(sim.load("scenarios/standoff_2021_posture.toml").game()), {})
    figure = states(data)
    following = data["following"].values
    assert np.allclose(following.sum(axis=1), 1)
    others = following[~np.eye(len(following), dtype=bool)]
    assert ways(figure) == pytest.approx(sorted(np.maximum(THICKEST * others[others > 0], 0.6)))
    said = spoken(figure)
    assert "rifle: play begins here" in said
    assert "then climbed down 80%, climbed down late 20%" in said
    assert said.count("it stays") == 2
    assert said.count("Russia withdraw; NATO reinforce") == 2
    assert "withdrawal not yet answered" in words(figure)


def test_who_mixes_is_told_with_shares():
    """Matching pennies in a state that lasts: both mix evenly (von Neumann 1928)."""
    pennies = np.array([[1.0, -1.0], [-1.0, 1.0]])
    payoffs = np.stack([pennies, -pennies])[np.newaxis, :, np.newaxis]
    game = sim.Stochastic(payoffs, np.ones((1, 1, 2, 2, 1)), 0.9, ("A", "B"), ("here",), [["h", "t"]] * 2)
    said = spoken(states(led_on(sim.solve(game), {})))
    assert said == [
        "here: play begins here, 100% of the long run",
        "A h 50 % or t 50 %; B h 50 % or t 50 %",
        "it stays",
    ]


def test_more_states_than_can_be_read_are_refused():
    with pytest.raises(ValueError, match="has 41 states; 40 at most"):
        states(crisis_states(41))


def test_what_has_no_states_is_refused():
    with pytest.raises(ValueError, match="--plot states --out"):
        states(quarters())
    with pytest.raises(ValueError, match="--plot states --out"):
        states(unfolded_tree())
    with pytest.raises(ValueError, match="this is a normal game"):
        led_on(sim.solve(sim.NormalForm([[[3, 1], [4, 0]], [[3, 4], [1, 0]]])), {})


def test_the_command_draws_them(tmp_path):
    out = tmp_path / "states.svg"
    done = CliRunner().invoke(main, ["solve", "standoff_2021_posture", "--plot", "states", "--out", str(out)])
    assert done.exit_code == 0, done.stderr
    assert "climbed down late" in out.read_text()
