"""Bargains with types: screening, leaving, obstinacy, each against another way to compute it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

import sim
from sim.claim import Status

MANY = 24


def keeps(solution, label):
    """What an agent keeps or accepts from in the first cell."""
    place = [agent.label for agent in solution.game.agents].index(label)
    word = "offer" if label.endswith("proposing") else "accepts_from"
    return solution.claim.extra[word][0, 0, place]


@pytest.mark.parametrize("patience", [0.0, 0.5, 0.95])
def test_many_types_screen_as_a_continuum_does(patience):
    """Sobel and Takahashi (1983): two offers to values uniform on 0 to 1, which are types of equal chance here."""
    worth = (np.arange(MANY) + 0.5) / MANY
    types = {f"{v:.3f}": {"chance": 1 / MANY, "outside": 1 - v, "inside": 1 - v} for v in worth}
    game = sim.Bargaining(("S", "B"), patience, offers="S", rounds=2, leaving="never", types={"B": types})
    solution = sim.solve(game)
    formula = sim.models.two_offers(patience)
    assert solution.status[0] == Status.ok
    assert keeps(solution, "S@proposing") == pytest.approx(formula["p1"], abs=1 / MANY)
    assert 1 - solution.outcomes[0, 0, 0] == pytest.approx(formula["prob_no_deal_first"], abs=1.5 / MANY)


def two_offers_by_search(chance, low, high, patience):
    """The best first share against two types when the second offer is the best one for who is left, by grids."""
    best = -np.inf
    for first in np.linspace(0, 1, 1001):
        for agreed in np.linspace(0, 1, 201):  # how many of the needy agree at once
            left = chance * (1 - agreed)
            safe = (left + 1 - chance) * (1 - high)
            second = high if safe >= left * (1 - low) else low
            rejecting = (1 - patience) * low + patience * max(second, low)
            willing = first >= rejecting - 1e-12
            if (agreed == 1 and willing) or (agreed == 0 and first <= rejecting + 1e-12):
                after = safe if second == high else left * (1 - low)
                best = max(best, chance * agreed * (1 - first) + patience * after)
            mixing = low - 1e-9 <= first <= (1 - patience) * low + patience * high + 1e-9
            if (
                0 < agreed < 1 and abs(left * (1 - low) - safe) < 5e-3 and mixing
            ):  # the second offer is drawn by lot
                best = max(best, chance * agreed * (1 - first) + patience * safe)
    return best


@pytest.mark.parametrize("chance", [0.3, 0.6, 0.75, 0.9])
def test_two_offers_to_two_types_agree_with_a_search(chance):
    low, high, patience = 0.1, 0.5, 0.8
    types = {
        "needy": {"chance": chance, "outside": low, "inside": low},
        "tough": {"chance": 1 - chance, "outside": high, "inside": high},
    }
    game = sim.Bargaining(("S", "B"), patience, offers="S", rounds=2, leaving="never", types={"B": types})
    found = sim.solve(game).value[0, 0, 0]
    everybody = 1 - high  # who offers enough for all at once
    assert found == pytest.approx(max(two_offers_by_search(chance, low, high, patience), everybody), abs=1e-2)


def test_the_tough_leave_and_who_waits_is_taken_for_needy():
    """Board and Pycia (2014): with options to leave, one who makes all offers loses nothing by time to come."""
    types = {"tough": {"chance": 0.3, "outside": 0.5}, "needy": {"chance": 0.7, "outside": 0.1}}
    once, ever = (
        sim.solve(sim.Bargaining(("S", "B"), 0.9, offers="S", rounds=rounds, types={"B": types}))
        for rounds in (1, None)
    )
    np.testing.assert_allclose(once.value, ever.value)
    np.testing.assert_allclose(once.outcomes, ever.outcomes)
    assert ever.outcomes[0, 0].tolist() == pytest.approx([0.7, 0, 0.3, 0])


def test_a_type_that_is_certain_is_no_secret():
    """At both ends of what is believed the division is that without types, whoever else might have been there."""
    for certain, other in (("tough", "needy"), ("needy", "tough")):
        worth = {"tough": 0.55, "needy": 0.1}
        types = {
            certain: {"chance": 1.0, "outside": worth[certain]},
            other: {"chance": 0.0, "outside": worth[other]},
        }
        hidden = sim.solve(sim.Bargaining(("A", "B"), [0.8, 0.6], types={"B": types}))
        known = sim.solve(sim.Bargaining(("A", "B"), [0.8, 0.6], [0.0, worth[certain]]))
        np.testing.assert_allclose(hidden.value, known.value, atol=1e-12)


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_at_the_ends_of_belief_demands_in_a_row_are_those_one_step_inside(chance):
    def solved(resolved):
        types = {
            "resolved": {"chance": resolved, "outside": 0.5, "inside": 0.5},
            "needy": {"chance": 1 - resolved, "outside": 0.1, "inside": 0.1},
        }
        game = sim.Bargaining(("S", "B"), 0.8, offers="S", rounds=3, leaving="never", types={"B": types})
        return sim.solve(game)

    end, inside = solved(chance), solved(abs(chance - 1e-9))
    assert end.status[0] == inside.status[0] == Status.ok
    for name in ("offer", "accepts_from"):
        np.testing.assert_allclose(end.claim.extra[name], inside.claim.extra[name], atol=1e-6)
    np.testing.assert_allclose(end.value, inside.value, atol=1e-6)


@pytest.mark.parametrize(
    ("z1", "z2", "a1", "a2"), [(0.1, 0.1, 0.6, 0.6), (0.1, 0.3, 0.7, 0.6), (0.3, 0.02, 0.55, 0.75)]
)
def test_obstinate_sides_make_each_other_indifferent(z1, z2, a1, a2):
    """Abreu and Gul (2000): giving in at any moment until all have is worth the same, by quadrature."""
    rate = 1.0, 0.8
    types = {
        side: {"obstinate": {"chance": z, "obstinate": a}, "rational": {"chance": 1 - z}}
        for side, z, a in (("A", z1, a1), ("B", z2, a2))
    }
    game = sim.Bargaining(("A", "B"), np.exp(-np.array(rate)), leaving="never", types=types)
    solution = sim.solve(game)
    extra = solution.claim.extra
    hazard, atom = extra["concession_rate"][0, 0], extra["concedes_at_once"][0, 0]
    end = extra["all_conceded"][0, 0]
    for i, (own, other) in enumerate(((a1, a2), (a2, a1))):
        j = 1 - i

        def density(s, i=i, j=j):
            return math.exp(-rate[i] * s) * (1 - atom[j]) * hazard[j] * math.exp(-hazard[j] * s)

        worth = []
        for moment in np.linspace(0, end, 7):
            won = atom[j] + quad(density, 0, moment)[0]
            last = math.exp(-(rate[i] + hazard[j]) * moment) * (1 - atom[j])
            worth.append(own * won + (1 - other) * last)
        assert np.ptp(worth) < 1e-7
    assert solution.outcomes[0, 0, 3] == pytest.approx(z1 * z2)
    assert min(atom) == 0
