import sim
from sim.dataset.measures import shares
from sim.pictures.plots.share_bars import share_bars
from tests.games import library
from tests.pictures.datasets import sample, words


def test_bars_are_as_long_as_shares():
    data = sample()
    (panel,) = share_bars(data).axes
    assert sorted(bar.get_width() for bar in panel.patches) == sorted(shares(data).values)


def test_what_was_counted_and_not_kept_is_shown_alike():
    drawn = {"triumph": (6, 7), "collision": (-8, 4)}
    data = sim.sweep(library("chicken"), drawn, design="latin", points=16, keep="shares")
    figure = share_bars(data)
    assert "256 draws of 2 parameters" in words(figure)
    assert len(figure.axes[0].patches) == data.sizes["outcome"]
