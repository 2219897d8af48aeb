"""Whether a path lasts, under every punishment: what is found, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.output.sustain_text import answer, report
from sim.patience.sustained_paths import (
    easiest,
    endless,
    least_patience,
    named_paths,
    punishments_for,
    sustained,
)
from sim.scenario.source import Source
from tests.games import DILEMMA, library

SOURCE = Source("name", "Title", "repeated")
LABELS = ("East", "West"), (("keep", "arm"), ("keep", "arm"))
PD = sim.NormalForm(DILEMMA, *LABELS)
STANDOFF = library("standoff_2021_repeated")


def test_talks_and_russias_patience():
    """(I - k + a (1 - phi) - xi tauR) / (tauR (1 - xi) + h) = 0.64 of the seed model."""
    game = endless(STANDOFF.game())
    for punishment in ("grim", "nash_reversion", "optimal"):
        found = sustained(game, [(0, 1)], punishment)
        assert found.holds
        np.testing.assert_allclose(found.common, [[0.64, 1.0]], atol=1e-8)
        np.testing.assert_allclose(found.alone[0], [[0.64, 1.0]], atol=1e-8)
        np.testing.assert_allclose(found.alone[1], [[0.0, 1.0]], atol=1e-8)
        assert (found.player, game.actions[0][found.action], found.state) == (0, "build_up", "path")
        assert found.gain == pytest.approx(1.6)
    text = report(SOURCE, game, "talks, demand dropped")
    assert (
        "Lasts if Russia's patience is at least 0.64, by optimal punishments; "
        "Russia's temptation is one stage of build_up, worth 1.6." in text
    )
    assert "path:           withdraw, talk; if anybody deviates: punishing all" in text


def test_what_nobody_is_tempted_to_leave_and_what_never_lasts():
    game = endless(sim.Repeated(PD, 0.6))
    text = report(SOURCE, game, "arm, arm")
    assert "Lasts at any patience: it is an equilibrium of a single stage." in text
    assert "temptation" not in text
    for path, who in (("keep, arm", "East"), ("arm, keep", "West")):
        text = report(SOURCE, game, path)
        assert (
            f"Does not last at any common patience; {who}'s temptation is one stage of arm, worth 1." in text
        )


def test_taking_turns_needs_one_quarter():
    """(5 + 0 d) / (1 + d) and 0 + 5 d / (1 + d) against 1 for ever: the fooled side needs d >= 1/4."""
    game = endless(sim.Repeated(PD, 0.6))
    found = sustained(game, named_paths(PD, "keep, arm; arm, keep")["keep, arm; arm, keep"], "grim")
    np.testing.assert_allclose(found.common, [[0.25, 1.0]], atol=1e-8)
    assert (found.player, found.action, found.state) == (0, 1, "path 1")


def test_too_much_patience_is_told():
    stage = sim.NormalForm([[[3.0, 0.0], [5.0, 1.0]], [[0.0, -9.0], [0.0, 1.0]]])
    found = sustained(endless(sim.Repeated(stage, 0.7)), [(0, 0)], "grim")
    assert found.holds
    np.testing.assert_allclose(found.common, [[0.5, 0.9]], atol=1e-8)
    assert not sustained(endless(sim.Repeated(stage, 0.95)), [(0, 0)], "grim").holds


def test_outcomes_by_the_least_patience_of_their_joint_actions():
    least = least_patience(endless(STANDOFF.game()).stage, "optimal")
    names = STANDOFF.outcomes.names
    assert least[names.index("talks, demand standing")] == pytest.approx(0.32)
    assert least[names.index("frozen standoff")] == 0
    assert np.isnan(least[names.index("legal guarantee")])
    assert "talks, demand dropped" in report(SOURCE, STANDOFF.game(), None)


def test_of_many_joint_actions_the_easiest_are_shown():
    game = endless(library("abreu_cournot").game())
    paths = named_paths(game.stage, "other outputs")
    assert list(easiest(game, paths))[:2] == ["seven, nine", "nine, seven"]
    assert len(easiest(game, paths)) == 4


def test_the_answer_for_programs():
    found = answer(SOURCE, sim.Repeated(PD, 0.6), "keep, keep")["paths"]["keep, keep"]["punishments"]
    assert found["grim"]["common"] == [[0.5, 1.0]]
    assert found["grim"]["tempting"]["gain"] == 2.0
    assert found["grim"]["automaton"]["punishing all"] == "arm, arm"
    whole = answer(SOURCE, sim.Repeated(PD, 0.6), None)
    assert whole["least_patience"]["keep, keep"]["grim"] == 0.5
    assert whole["minmax"] == whole["worst"] == {"East": 1.0, "West": 1.0}
    assert whole["penal_codes"]["East"] == {
        "start": "punishing both",
        "states": {"punishing both": "arm, arm"},
    }


def test_of_many_states_the_first_are_told():
    payoffs = np.random.default_rng(0).random((1, 2, 3, 3))
    text = report(SOURCE, sim.Repeated(sim.NormalForm(payoffs), [0.9, 0.98]), None)
    assert " more states; --json gives them all" in text
    assert text.index("punishing") < text.index("corner")


def test_three_players_have_the_punishments_that_can_be_computed():
    payoffs = np.random.default_rng(0).random((1, 3, 2, 2, 2))
    game = endless(sim.Repeated(sim.NormalForm(payoffs), 0.5))
    assert punishments_for(game) == ("grim", "nash_reversion", "stick_and_carrot")
    assert "player 3 ALONE" in report(SOURCE, game, "1, 1, 1")


def test_no_stage_equilibrium_is_a_reason_and_no_error():
    pennies = sim.NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    found = sustained(endless(sim.Repeated(pennies, 0.5)), [(0, 0)], "grim")
    assert not found.holds
    assert "no equilibrium in pure actions" in found.reason


def test_wrong_words_are_told():
    with pytest.raises(ValueError, match=r"is no outcome.*Did you mean 'keep, keep'"):
        named_paths(PD, "keep keep")
    with pytest.raises(ValueError, match=r"unknown action 'amr' \(actions of West: keep, arm\).*'arm'"):
        named_paths(PD, "keep, amr")
    with pytest.raises(ValueError, match='form = "repeated"'):
        endless(PD)
    with pytest.raises(ValueError, match="horizon"):
        endless(sim.Repeated(PD, 0.5, horizon=4))


def test_penal_codes_in_words():
    """Abreu (1988): whoever deviates floods the market alone next month, and is forgiven by lot."""
    text = report(SOURCE, library("abreu_cournot").game(), None)
    assert "A       49      49            56                  49" in text
    assert "punishing A:  six, ten; if A deviates: punishing A; if B deviates: punishing B" in text
    assert "punishing both:  build_up, reinforce" in report(SOURCE, STANDOFF.game(), None)
