import pytest

from sim.pictures.plots.outcome_box import outcome_box
from tests.pictures.datasets import sample, words


def test_the_box_is_drawn_over_what_it_bounds():
    figure = outcome_box(sample(draws=2048), outcome="frozen standoff")
    (box, *_) = figure.axes[0].patches
    left, bottom = box.get_xy()
    assert {"build_up_cost", "chill"} <= set(words(figure).split(" | "))
    across = figure.axes[0].get_xlim()
    ends = {round(left, 1), round(left + box.get_width(), 1), round(bottom, 1)}
    assert {0.6, 0.3} <= ends | {round(bottom + box.get_height(), 1)}
    assert across[0] < 0.01


def test_axes_and_outcome_can_be_chosen():
    figure = outcome_box(sample(), outcome="talks", x="prize", y="chill")
    assert {"prize", "chill"} <= set(words(figure).split(" | "))
    with pytest.raises(ValueError, match="Did you mean 'talks'"):
        outcome_box(sample(), outcome="talk")
    with pytest.raises(ValueError, match="unknown parameter"):
        outcome_box(sample(), x="warmth")
