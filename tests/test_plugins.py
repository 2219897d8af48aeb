from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.plugins import Registry, nearest, solvers, unknown
from sim.run import choose_solver

GAME = sim.NormalForm(np.zeros((1, 2, 2, 2)))
THREE = sim.NormalForm(np.zeros((1, 3, 2, 2, 2)))


def test_a_file_in_the_folder_is_registered():
    assert "pure" in solvers
    assert solvers["pure"].summary.startswith("All equilibria in pure strategies")


def test_a_name_is_registered_once():
    registry = Registry("sim.solvers")
    registry.add("x", 1)
    with pytest.raises(ValueError, match="two files"):
        registry.add("x", 2)


def test_unknown_names_get_the_nearest():
    assert nearest("nahs", ["nash", "pure"]) == " Did you mean 'nash'?"
    assert nearest("zzz", ["nash"]) == ""
    assert "(plots of one game: tree)" in unknown("plot of one game", "map", ["tree"])
    assert unknown("plot", "mep", ["map"]) == "unknown plot 'mep' (plots: map). Did you mean 'map'?"


@pytest.mark.parametrize(
    ("game", "concept", "solver", "message"),
    [
        (GAME, "nahs", None, "unknown concept 'nahs'.*Did you mean 'nash'"),
        (GAME, "nash", "puer", "unknown solver 'puer'.*Did you mean 'pure'"),
        (THREE, "nash", "nashpy", "'nashpy' does not find 'nash' for a normal game of 3 players"),
    ],
)
def test_a_choice_that_does_not_fit_is_explained(game, concept, solver, message):
    with pytest.raises(ValueError, match=message):
        choose_solver(game, concept, solver)


def test_the_lowest_rank_is_the_default():
    assert choose_solver(GAME).name == "support_enumeration"
    assert choose_solver(GAME, exact=True).exact
