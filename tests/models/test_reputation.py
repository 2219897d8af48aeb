"""The chain store round by round: best replies and Bayes' rule all along, and the tree of few rounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.dataset import reputation
from sim.models import chain_store_rounds


def worth(a, b, belief, left):
    """What a weak incumbent gets from so many entrants, if each does as the rounds say and he what is best for him."""
    if left == 0:
        return 0.0
    found = chain_store_rounds(a, b, belief, left)
    out, after = found["p_out"][0], found["belief"][1]
    kept = a + worth(a, b, belief, left - 1) if out > 0 else 0.0
    return out * kept + (1 - out) * max(-1 + worth(a, b, after, left - 1), 0.0)


@given(st.floats(1.05, 5), st.floats(0.1, 0.9), st.floats(0.001, 0.95), st.integers(1, 7))
def test_nobody_gains_and_beliefs_are_those_of_bayes(a, b, tough, entrants):
    """By what each would get from the other choice, worked back from the last entrant."""
    found = chain_store_rounds(a, b, tough, entrants)
    for k in range(entrants):
        belief, out, fights = (found[name][k] for name in ("belief", "p_out", "p_fight_weak"))
        fought = belief + (1 - belief) * fights
        assert found["belief"][k + 1] == pytest.approx(belief / fought)
        enters = b * (1 - fought) + (b - 1) * fought
        assert enters <= 1e-9 or out == 0
        assert enters >= -1e-9 or out == 1
        gain = -1 + worth(a, b, found["belief"][k + 1], entrants - k - 1)
        assert gain <= 1e-9 or fights == pytest.approx(1)
        assert gain >= -1e-9 or fights == 0


@pytest.mark.parametrize("toughness", [0.1, 0.2])
def test_the_tree_of_two_rounds_says_the_same(toughness):
    found = chain_store_rounds(2, 0.5, toughness, 2)
    data = reputation(sim.solve(sim.load("chain_store").game(toughness=toughness)), {})
    np.testing.assert_allclose(data["belief"].sel(type="tough"), found["belief"], atol=1e-9)
    np.testing.assert_allclose(data["plays"].sel(type="weak"), found["p_fight_weak"], atol=1e-9)
    np.testing.assert_allclose(1 - data["tested"], found["p_out"], atol=1e-9)


def test_a_name_is_kept_for_long_by_few():
    """With one in a thousand tough, and b one half: the first of twenty stay out, and the last ten or so try."""
    found = chain_store_rounds(2, 0.5, 0.001, 20)
    assert found["p_out"][:10] == [1] * 10
    assert found["p_out"][-1] == 0.5
    assert found["p_fight_weak"][-1] == 0
    np.testing.assert_allclose(found["belief"][-2], 0.5)


def test_what_is_no_number_of_entrants_is_refused():
    with pytest.raises(ValueError, match="entrants is a whole number above 0 and at most 10000, got 0"):
        chain_store_rounds(2, 0.5, 0.1, 0)
