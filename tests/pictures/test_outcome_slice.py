from __future__ import annotations

import numpy as np
import pytest

from sim.pictures.plots.outcome_slice import outcome_slice
from sim.pictures.style.palette import to_line
from tests.pictures.datasets import colour, dataset, failed, line, pure, quarters, words


def curves(panel, **style):
    """The lines of a panel that have these properties, as arrays."""
    return [
        np.array(item.get_data(), dtype=float).T
        for item in panel.get_lines()
        if len(item.get_xdata()) > 2
        and all(getattr(item, f"get_{name}")() == value for name, value in style.items())
    ]


def test_three_panels_share_the_parameter():
    figure = outcome_slice(line())
    outcomes, values, count = figure.axes
    assert outcomes.get_xlim() == values.get_xlim() == count.get_xlim() == (0.0, 4.0)


def test_rows_are_the_outcomes_that_occur():
    shown = words(outcome_slice(line()))
    assert "talks" in shown
    assert "frozen standoff" in shown
    assert "legal guarantee" not in shown


def test_a_jump_is_a_gap_and_not_a_slope():
    data = dataset(pure(np.where(np.arange(50) < 25, 1, 3)[:, None]))
    values = outcome_slice(data).axes[1]
    for curve in curves(values):
        assert np.abs(np.diff(curve[:, 1])).max() < 0.1
    assert len(curves(values)) == 4  # two branches for each of two sides


def test_a_branch_goes_on_in_the_order_of_equilibria_of_each_cell():
    both = np.where(np.arange(50)[:, None] % 2, [1, 3], [3, 1])
    values = outcome_slice(dataset(pure(both))).axes[1]
    assert sorted(len(curve) for curve in curves(values)) == [50] * 4


def test_values_have_the_colour_of_the_outcome_and_the_line_of_the_player():
    values = outcome_slice(dataset(pure(np.full((80, 1), 2)))).axes[1]
    first, second = (np.array(item.get_color()) for item in values.get_lines()[:2])
    assert np.allclose(first, to_line(colour(2)))
    assert np.allclose(second, 0.6 * first)
    assert len({str(line.get_linestyle()) + str(line._dash_pattern) for line in values.get_lines()[:2]}) == 2


def test_the_number_of_equilibria_is_a_step_function():
    data = line(50)
    (step,) = outcome_slice(data).axes[2].patches
    assert np.array_equal(step.get_data().values, data["count"].values)


def test_probabilities_are_heights_in_the_rows():
    share = np.linspace(0, 1, 80)
    mixing = np.stack([0 * share, share, 1 - share, 0 * share], axis=-1)[:, None]
    rows = outcome_slice(dataset(mixing, mixed=np.ones(80))).axes[0]
    (talks,) = curves(rows, color=to_line(colour(1)))
    inside = ~np.isnan(talks[:, 1])
    assert np.allclose((talks[inside, 1] - 1) / 0.86, share[inside])


def test_a_dataset_without_values_shows_where_outcomes_hold():
    figure = outcome_slice(line(30, detail=False))
    assert len(figure.axes) == 2
    assert "filled: some equilibrium plays" in words(figure)


def test_cells_without_an_answer_have_a_row_of_their_own():
    shown = words(outcome_slice(failed((7,))))
    assert "other cells" in shown
    assert "refuted" in shown


def tied(after):
    at = np.arange(31)
    outcome = np.stack([np.where(at < 15, 1, after), np.where(at == 15, 0, -1)], axis=-1)
    return words(outcome_slice(dataset(pure(outcome), degenerate=at == 15)))


def test_a_tie_of_one_cell_at_a_border_is_not_worth_a_word():
    assert "this value" not in tied(2)
    assert "legal guarantee" not in tied(2)


def test_a_tie_of_one_cell_that_parts_nothing_is_a_line_with_its_outcomes():
    assert "at this value alone also: legal guarantee" in tied(1)


def test_the_number_of_equilibria_has_a_panel_only_where_it_varies():
    figure = outcome_slice(dataset(pure(np.full((50, 1), 2))))
    assert len(figure.axes) == 2
    assert "One equilibrium everywhere." in words(figure)


def test_each_side_is_named_beside_its_line():
    values = outcome_slice(line()).axes[1]
    assert {text.get_text() for text in values.texts} == {"Russia", "NATO"}


def test_the_finding_is_told_along_the_axis():
    data = dataset(pure(np.where(np.arange(50) < 25, 1, 3)[:, None]))
    assert "Up to build_up_cost = 2: talks; from 2 on open conflict." in words(outcome_slice(data))


def test_two_axes_are_refused():
    with pytest.raises(ValueError, match="one axis, this dataset 2"):
        outcome_slice(quarters(4))
