from __future__ import annotations

import numpy as np
import pytest

from sim.pictures.plots.scalar_map import scalar_map
from tests.pictures.datasets import quarters, words


def with_number(values, **attrs):
    data = quarters(len(values))
    return data.assign(critical_patience=(data["status"].dims, values, attrs))


def slope(size=12):
    return np.add.outer(np.linspace(0, 1, size), np.linspace(0, 1, size)) / 2


def pixels(figure):
    return np.asarray(figure.axes[0].images[0].get_array()) / 255


def test_the_first_number_of_a_solver_is_drawn_with_its_meaning_and_unit():
    figure = scalar_map(with_number(slope(), long_name="least patience for talks", units="share"))
    assert "least patience for talks (share)" in words(figure)
    assert pixels(figure)[0, 0].sum() < pixels(figure)[-1, -1].sum()  # darker is less


def test_contours_carry_their_numbers():
    labels = {float(text.get_text()) for text in scalar_map(with_number(slope())).axes[0].texts}
    assert labels
    assert all(0 < label < 1 for label in labels)


def test_where_there_is_none_the_map_has_a_gap_and_says_never():
    values = slope()
    values[:6] = np.nan
    figure = scalar_map(with_number(values))
    assert "never" in words(figure)
    assert np.ptp(pixels(figure)[:, :100], axis=-1).max() < 0.01


def test_a_cell_that_failed_is_not_never():
    data = with_number(slope())
    status = data["status"].copy()
    status[:6] = 2
    data["critical_patience"][:6] = np.nan
    shown = words(scalar_map(data.assign(status=status)))
    assert "max steps" in shown
    assert "never" not in shown


def test_without_a_number_of_its_own_a_dataset_shows_how_many_equilibria():
    figure = scalar_map(quarters(12))
    assert {"1", "3"} <= {text.get_text() for text in figure.texts}


def test_a_number_that_is_the_same_everywhere_is_drawn():
    assert "0.37" in words(scalar_map(with_number(np.full((9, 9), 0.37))))


def test_an_unknown_name_is_told_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'critical_patience'"):
        scalar_map(with_number(slope()), variable="critical_patienc")


def test_numbers_by_outcome_or_player_are_shown_for_one_of_them():
    data = quarters(12)
    number = np.random.default_rng(1).random((12, 12, 4))
    number[..., 0] = np.nan
    by_outcome = data.assign(critical=((*data["status"].dims, "outcome"), number))
    shown = " | ".join(text.get_text() for text in scalar_map(by_outcome, variable="critical").texts)
    assert "critical: talks" in shown
    chosen = scalar_map(by_outcome, variable="critical", outcome="open conflict")
    assert "critical: open conflict" in " | ".join(text.get_text() for text in chosen.texts)
    with pytest.raises(ValueError, match="Did you mean 'talks'"):
        scalar_map(by_outcome, variable="critical", outcome="talk")
    with pytest.raises(ValueError, match="not a number by outcome"):
        scalar_map(by_outcome, variable="count", outcome="talks")


def test_contours_do_not_run_through_a_jump_and_the_legend_says_that_it_jumps():
    values = slope(24)
    values[12:] += 2
    figure = scalar_map(with_number(values))
    assert "here it jumps" in words(figure)
    assert "here it jumps" not in words(scalar_map(with_number(slope(24))))
