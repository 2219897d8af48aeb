"""Games of moves in order played out: types drawn, paths, what is believed on them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.play import play_by
from sim.play.moves import play_out, words_of_path
from tests.forms.test_tree import BEER


def test_paths_are_as_likely_as_play_makes_them():
    strategy = np.array([[1.0, 0], [0.5, 0.5], [0, 1], [0.25, 0.75]])
    ends, chosen = play_out(BEER, strategy, 40_000, np.random.default_rng(3))
    share = np.array([(ends == v).mean() for v in BEER.shape.ends])
    expected = BEER.reach(strategy[np.newaxis])[0, BEER.shape.ends]
    np.testing.assert_allclose(expected, share, atol=0.01)
    np.testing.assert_allclose(0.25, chosen[3, 0] / chosen[3].sum(), atol=0.02)
    again, _ = play_out(BEER, strategy, 40_000, np.random.default_rng(3))
    np.testing.assert_array_equal(ends, again)


def test_hands_that_slip_do_what_was_not_meant():
    strategy = np.array([[1.0, 0], [1, 0], [0, 1], [1, 0]])
    _, chosen = play_out(BEER, strategy, 20_000, np.random.default_rng(0), tremble=0.1)
    np.testing.assert_allclose(0.1, chosen[0, 1] / chosen[0].sum(), atol=0.02)


def test_a_path_says_what_was_believed_on_it():
    end = int(BEER.shape.ends[1])
    assert words_of_path(BEER, end) == "wimp, beer, not: peace"
    belief = np.array([1, 1, 0.1, 0.9, 0.5, 0.5])
    assert (
        words_of_path(BEER, end, belief) == "wimp, beer (Receiver believes wimp 0.1, surly 0.9), not: peace"
    )


def test_a_record_of_many_crises():
    record = play_by(BEER, "equilibrium", runs=2000, seed=1)
    summary = record.summary(BEER)
    assert summary["outcomes"]["peace"] == 1
    assert sum(summary["paths"].values()) == 2000
    assert summary["values"]["Receiver"] == pytest.approx(0.9, abs=0.03)
    with pytest.raises(ValueError, match="who sees what is part of a game"):
        play_by(BEER, "equilibrium", runs=10, mistake=0.1)
    with pytest.raises(ValueError, match="of moves in order is played by equilibrium"):
        play_by(BEER, "fictitious_play", runs=10)
