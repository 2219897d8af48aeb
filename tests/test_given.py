"""What callers give is brought into form or refused in a sentence, never met by another exception."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.game.checks import labels, numbers
from tests.games import DILEMMA


@pytest.mark.parametrize(
    "value",
    [
        None,
        "3",
        ["1", "2"],
        [1, None],
        [[1, 2], [3]],
        1j,
        np.zeros(2, "M8[D]"),
        {},
        [10**400],
        object(),
    ],
    ids=lambda value: f"{type(value).__name__} {value}"[:20] if type(value) is not object else "object",
)
def test_what_are_no_numbers_is_refused_under_its_name(value):
    with pytest.raises(ValueError, match="patience must be numbers"):
        numbers("patience", value)


@pytest.mark.parametrize("value", [3, True, [1, 2**70], np.arange(4, dtype=np.int8), np.ones(3, bool)])
def test_numbers_of_any_type_become_floats(value):
    assert numbers("x", value).dtype == np.float64


def test_arrays_come_out_in_order_and_writable():
    frozen = np.ones((3, 4))
    frozen.setflags(write=False)
    for given in (frozen, np.ones((4, 3)).T, np.broadcast_to(1.0, (3, 4))):
        array = numbers("x", given)
        assert array.flags.writeable
        assert array.flags.c_contiguous
    own = np.ones((3, 4))
    assert numbers("x", own) is own


@pytest.mark.parametrize("given", ["ab", 3, ["a", "a"], [1, "1"]])
def test_wrong_labels_are_refused(given):
    with pytest.raises(ValueError, match="players must"):
        labels("players", given)


def test_labels_become_texts():
    assert labels("players", (1, "b")) == ("1", "b")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda _: sim.NormalForm(DILEMMA, players=3), "players must be a list"),
        (lambda _: sim.NormalForm(DILEMMA, players=("a", "a")), "'a' stands twice"),
        (lambda _: sim.NormalForm(DILEMMA, actions=("ab", "cd")), "actions of a player must be a list"),
        (lambda _: sim.Repeated(DILEMMA, 0.5), "NormalForm, not a ndarray"),
        (lambda game: sim.Repeated(game, None), "discount must be numbers"),
        (lambda game: sim.Repeated(game, 0.5, horizon="a"), "whole number of stages"),
        (lambda game: sim.Repeated(game, 0.5, horizon=1.5), "whole number of stages"),
        (lambda _: sim.solve(DILEMMA), "solve takes a game"),
        (lambda game: sim.solve(game, 3), "unknown concept 3"),
        (lambda game: sim.solve(game, "nash", 3), "unknown solver 3"),
        (lambda game: sim.solve(game, exacct=True), "unknown option 'exacct' .*Did you mean 'exact'"),
        (lambda game: sim.solve(sim.Repeated(game, 0.5), "nash"), "repeated game .*subgame_perfect"),
        (lambda game: sim.solve(game, "nash", "pure", exact=True), "exactly for it: support_enumeration"),
    ],
)
def test_wrong_games_and_questions_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong(sim.NormalForm(DILEMMA))
