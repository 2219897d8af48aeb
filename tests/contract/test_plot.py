"""Laws that hold for every picture of every dataset."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text

import sim
from sim.pictures.style.words import concept_words
from sim.plugins import plots, solvers
from sim.run import any_refuted
from sim.solution import Status
from tests.pictures.datasets import dataset, pure, sample, tiny

CHICKEN = sim.load(Path(__file__).parents[2] / "scenarios" / "chicken.toml")
DATASETS = {
    **tiny(),
    "sample": sample(),
    "sample of many outcomes": sample(outcomes=[f"outcome number {n} with a long name" for n in range(15)]),
}


def shows(plot, data):
    """Whether a plot can show a dataset."""
    if "draw" in data.dims:
        return not plot.axes and plot.sample
    if "status" not in data:
        return not (plot.axes or plot.sample) and plot.of in data
    needed = {"payoff_set": "payoff_set", "belief_slice": "belief_low"}.get(plot.name, "status")
    return data["status"].ndim in plot.axes and needed in data


FITTING = [
    pytest.param(plot, data, id=f"{plot.name}-{name}")
    for plot in plots.values()
    for name, data in DATASETS.items()
    if shows(plot, data)
]


def texts(figure):
    """Every text that is to be seen, with its box in pixels."""
    renderer = figure.canvas.get_renderer()
    for image in figure.findobj(AxesImage):
        image.set_visible(False)  # only words are looked at
    figure.draw_without_rendering()
    hidden = set()
    for axes in figure.axes:
        for axis, (low, high) in (
            (axes.xaxis, sorted(axes.get_xlim())),
            (axes.yaxis, sorted(axes.get_ylim())),
        ):
            slack = 1e-9 * (high - low)
            for tick in axis.get_major_ticks():
                if not low - slack <= tick.get_loc() <= high + slack:
                    hidden |= {tick.label1, tick.label2}
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and text not in hidden:
            yield text.get_text(), text.get_window_extent(renderer)


@pytest.mark.parametrize(("plot", "data"), FITTING)
def test_a_figure_comes_out_whose_words_neither_overlap_nor_leave_the_sheet(plot, data):
    figure = plot.function(data)
    assert isinstance(figure, Figure)
    found = list(texts(figure))
    assert found
    sheet = figure.bbox.padded(0.5)
    for words, box in found:
        assert sheet.x0 <= box.x0 <= box.x1 <= sheet.x1, words
        assert sheet.y0 <= box.y0 <= box.y1 <= sheet.y1, words
    for (words, box), (others, other) in combinations(found, 2):
        width = min(box.x1, other.x1) - max(box.x0, other.x0)
        height = min(box.y1, other.y1) - max(box.y0, other.y0)
        # boxes hold room for letters that reach below or above the line; a sliver of it may be shared
        assert width <= 1 or height <= 5, f"{words!r} overlaps {others!r}"


@pytest.mark.parametrize("plot", plots.values(), ids=plots)
def test_a_picture_leaves_its_dataset_as_it_was(plot):
    data = next(param.values[1] for param in FITTING if param.values[0] is plot)
    before = data.copy(deep=True)
    plot.function(data)
    assert data.identical(before)


@pytest.mark.parametrize("plot", plots.values(), ids=plots)
def test_three_axes_are_refused_with_the_remedy(plot):
    cube = dataset(pure([[[[1]] * 2] * 2] * 2))
    with pytest.raises(ValueError, match="--"):
        plot.function(cube)


def test_no_picture_touches_pyplot():
    import subprocess
    import sys

    code = (
        "import sys; from sim.plugins import plots; import sim.pictures.style; len(plots); "
        "assert 'matplotlib' not in sys.modules, 'matplotlib is loaded before anything is drawn'"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "matplotlib.pyplot" not in sys.modules


ONE_SHOT = sorted({item.concept for item in solvers.values() if item.form is sim.NormalForm})


@pytest.mark.parametrize("concept", ONE_SHOT)
@pytest.mark.parametrize("sweep", ["stakes", "disaster"])
def test_every_concept_of_one_shot_games_can_be_mapped_and_sliced(concept, sweep):
    data = sim.sweep(CHICKEN, sweep, points=3, concept=concept)
    assert not any_refuted(data)
    assert (data["status"] <= Status.degenerate).any()
    for plot in (plots["outcome_map"], plots["scalar_map"], plots["outcome_slice"]):
        if data["status"].ndim in plot.axes:
            assert any(concept_words(concept) in words for words, _ in texts(plot.function(data))) or (
                plot.name == "scalar_map"
            )
