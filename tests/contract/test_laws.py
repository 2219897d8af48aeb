"""The laws of solvers can fail: each is broken by a solver that is made wrong in the way it forbids."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase

from sim.plugins import solvers
from sim.solution import Status
from tests.contract import laws
from tests.contract import test_solver as lawbook

ONE_OF_EACH_FORM = ["pure", "transfers", "markov_enumeration"]


def even_play(game, claim):
    """Everybody plays everything, which is an equilibrium of few games."""
    play = game.mask / game.mask.sum(axis=1, keepdims=True)
    strategy = np.broadcast_to(play, (game.cells, 1, *play.shape)).copy()
    return replace(claim, strategy=strategy, status=np.zeros(game.cells, np.int8))


def more_than_certain(_game, claim):
    """Probabilities sum to two."""
    return replace(claim, strategy=2 * claim.strategy)


def nothing(_game, claim):
    """No answer ever, and nothing beside it."""
    never = np.full_like(claim.status, Status.not_found)
    silent = {
        key: array & False if array.dtype == bool else array * np.nan for key, array in claim.extra.items()
    }
    return replace(claim, strategy=claim.strategy[:, :0], status=never, extra=silent)


def something_beside(_game, claim):
    """An answer that nobody has said what it is."""
    return replace(claim, extra={**claim.extra, "afterthought": claim.status.astype(float)})


def in_company(game, claim):
    """What is said depends on how many cells there are."""
    return replace(
        claim, complete=claim.complete | (game.cells > 1), degenerate=claim.degenerate | (game.cells > 1)
    )


def wealth_counts(game, claim):
    """Nothing is found where payoffs are high."""
    with np.errstate(invalid="ignore"):
        high = game.payoffs.reshape(game.cells, -1).max(axis=1) > 4
    strategy = claim.strategy.copy()
    strategy[high] = np.nan
    return replace(claim, strategy=strategy)


def first_things_last(_game, claim):
    """Answers in which the first player starts with his first action are left out."""
    strategy = claim.strategy.copy()
    strategy[strategy[:, :, 0, 0] == 1] = np.nan
    return replace(claim, strategy=strategy)


PLANTED = [
    (lawbook.test_the_certificate_never_refutes, even_play),
    (lawbook.test_strategies_are_probabilities, more_than_certain),
    (lawbook.test_drawn_games_put_the_solver_to_work, nothing),
    (lawbook.test_shapes_are_what_the_contract_says, something_beside),
    (lawbook.test_a_batch_is_its_cells_one_at_a_time, in_company),
    (lawbook.test_units_of_payoff_do_not_matter, wealth_counts),
    (lawbook.test_relabelled_actions_relabel_the_answer, first_things_last),
    (lawbook.test_exchanged_players_exchange_the_answer, first_things_last),
]


@pytest.mark.parametrize("name", ONE_OF_EACH_FORM)
@pytest.mark.parametrize(("rule", "fault"), PLANTED, ids=lambda item: item.__name__.removeprefix("test_"))
def test_a_wrong_solver_breaks_the_law(name, rule, fault, monkeypatch):
    item = solvers[name]
    wrong = replace(item, function=lambda game: fault(game, item.function(game)))
    monkeypatch.setitem(solvers.discover(), name, wrong)
    monkeypatch.setattr(laws, "PHASES", (Phase.generate,))  # one example is enough: it need not be small
    # the house itself refuses what is not declared
    with pytest.raises((AssertionError, pytest.fail.Exception, RuntimeError)):
        rule(name)
