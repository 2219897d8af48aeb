"""Laws of solvers: each is run on every solver, or says of which it does not speak and why.

    @law(but={"quantal_response": "its precision is per unit of payoff"})
    def units_do_not_matter(name, data): ...

makes one test for each solver.  ``but`` names solvers or concepts.
"""

from __future__ import annotations

import inspect
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.plugins import solvers
from tests.draw import (
    repeated_games,
    signalling_trees,
    symmetric_normal_forms,
    symmetric_repeated_games,
    trees,
)
from tests.drawers import DRAWERS

LAWS = {}
"""The laws by name: for each the solvers of which it does not speak, with the reason."""

PHASES = tuple(Phase)

ENDLESS = {"ends": False, "signals": False}  # what can be drawn for those who refuse horizons and signals

FITS = {
    "agent_supports": lambda: counts(2, 3).flatmap(reached),
    "decided_beliefs": lambda: counts(2, 3).flatmap(reached).filter(solvers["decided_beliefs"].accepts),
    "backward_induction": lambda: counts(1, 3).flatmap(lambda n: trees(n, 2, all_seen=True)),
    "belief_faces": lambda: signalling_trees(3),
    "polylines": lambda: signalling_trees(2),
    "nashpy": lambda: DRAWERS["normal"](players=2, most=2),
    "rounds_of_offers": lambda: counts(2, 3).flatmap(lambda n: DRAWERS["bargaining"](players=n, types=False)),
    "rubinstein": lambda: DRAWERS["bargaining"](types=False).filter(lasts),
    "hidden_resolve": lambda: DRAWERS["bargaining"]().filter(lambda game: bool(game.types)),
    "one_offer": lambda: DRAWERS["bargaining"]().filter(lambda game: bool(game.types)).map(once),
    "evolutionarily_stable": lambda: symmetric_normal_forms() | DRAWERS["normal"](players=2, most=3),
    "abreu_sannikov": lambda: repeated_games(signals=False),
    "critical_patience": lambda: repeated_games(**ENDLESS),
    "judd_yeltekin_conklin": lambda: counts(2, 3).flatmap(lambda n: repeated_games(n, 2, **ENDLESS)),
    "public_perfect": lambda: repeated_games(2, 2, ends=False),
    "strongly_symmetric": lambda: symmetric_repeated_games() | repeated_games(2, 2, ends=False),
    "transfers": lambda: counts(2, 3).flatmap(lambda n: repeated_games(n, 2, **ENDLESS)),
    "without_randomisation": lambda: repeated_games(most=2, **ENDLESS),
}
"""Games for solvers that ask for more than their form says; the others get what their form's drawer draws."""

FEW = {  # examples for those who take long, of the 25 of the quick profile
    "agent_supports": 8,
    "decided_beliefs": 8,
    "nashpy": 8,
    "judd_yeltekin_conklin": 5,
    "public_perfect": 3,
    "without_randomisation": 8,
    "state_payoff_sets": 12,
    "markov_tracing": 12,
    "sequence_form": 4,
    "belief_faces": 10,
}


def reached(players):
    """Bayesian games in which every type is drawn."""
    drawn = DRAWERS["bayesian"](players=players, most=3 if players == 2 else 2)
    return drawn.filter(solvers["agent_supports"].accepts)


def lasts(game):
    """Whether a bargain is one that the formula for two sides knows."""
    return game.rounds is None and game.offers != "random"


def once(game):
    """The bargain with one offer, by who has no types."""
    return replace(game, offers=game.players[0], rounds=1)


def counts(least, most):
    """Numbers of players."""
    return st.integers(least, most)


def form_name(name):
    """The name of the form that a solver takes."""
    return solvers[name].form.form


def games(name):
    """Games that a solver accepts."""
    if name in FITS:
        return FITS[name]()
    drawer, players = DRAWERS[form_name(name)], solvers[name].players
    if players:
        return drawer(players=players, most=3)
    return counts(2, 3).flatmap(lambda n: drawer(players=n, most=3 if n == 2 else 2))


def excused(name, but):
    """Whether a law leaves out a solver, by its name or its concept."""
    return name in but or solvers[name].concept in but


def law(but=None):
    """Make a test for each solver of ``check(name, data)`` or ``check(name)``."""
    reasons = dict(but or {})

    def register(check):
        LAWS[check.__name__] = reasons

        def test(name):
            if "data" not in inspect.signature(check).parameters:
                check(name)
                return

            def example(data):
                check(name, data)

            example.__qualname__ = example.__name__ = f"{check.__name__}_{name}"
            quick = settings()
            most = max(quick.max_examples * FEW.get(name, 25) // 25, 2)
            settings(quick, max_examples=most, phases=PHASES)(given(data=st.data())(example))()

        test.__name__, test.__doc__, test.__module__ = check.__name__, check.__doc__, check.__module__
        taken = [name for name in solvers if not excused(name, reasons)]
        return pytest.mark.parametrize("name", taken)(test)

    return register
