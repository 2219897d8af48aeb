from __future__ import annotations

import pytest

import sim
from sim.cli import main
from sim.dataset import unfolded
from sim.output.as_json import assessed
from sim.pictures.plots.tree import THICKEST, tree
from tests.pictures.datasets import quarters, unfolded_tree, words


def lines(figure):
    """The lines into nodes, with their thickness and colour."""
    return [
        (line.get_linewidth(), line.get_linestyle())
        for line in figure.axes[0].lines
        if len(line.get_xdata()) == 3
    ]


def spoken(figure):
    """Words on the panel."""
    return [text.get_text() for text in figure.axes[0].texts]


def test_paths_are_thick_as_likely():
    data = unfolded_tree()
    figure = tree(data)
    reach = data["reach"].values[1:]
    found = sorted(width for width, _ in lines(figure))
    assert found[-1] == THICKEST * reach.max() == THICKEST * 0.75
    assert len(found) == len(reach)
    assert sum(style != "-" for _, style in lines(figure)) == (data["probability"].values == 0).sum()


def test_every_way_says_how_likely_it_is_and_every_mover_what_he_believes():
    """Selten (1975), figure 1: player 3, who is never reached, believes in a mistake of player 2's at least two thirds."""
    horse = sim.Tree(
        {"1": {"R": {"2": {"R": (1, 1, 1), "L": {"3": {"R": (4, 4, 0), "L": (0, 0, 1)}}}},
               "L": {"3": {"R": (3, 2, 2), "L": (0, 0, 0)}}}}
    )  # fmt: skip
    solution = sim.solve(horse)
    figure = tree(unfolded(solution, assessed(solution, 0, 0), {}))
    said = spoken(figure)
    assert "3: belief 0.667 to 1" in said
    assert "3: belief 0 to 0.333" in said
    assert "1, 1, 1;  R, R" in said
    assert said.count("R  1") == 2
    assert "never taken" in words(figure)


def test_what_is_no_tree_or_too_large_is_refused():
    with pytest.raises(ValueError, match="standoff solve FILE --out"):
        tree(quarters())
    with pytest.raises(ValueError, match="has 511 nodes; 200 at most"):
        tree(unfolded_tree(7))
    chicken = sim.NormalForm([[[3, 1], [4, 0]], [[3, 4], [1, 0]]])
    with pytest.raises(ValueError, match="this is a normal game"):
        unfolded(sim.solve(chicken), {}, {})


def test_the_command_draws_the_tree_it_solves(tmp_path):
    from click.testing import CliRunner

    path = tmp_path / "entry.efg"
    path.write_text(
        'EFG 2 R "entry" { "A" "B" } p "" 1 1 "" { "out" "in" } 0 t "" 1 "" { 0, 2 } t "" 2 "" { 1, 1 }'
    )
    done = CliRunner().invoke(main, ["solve", str(path), "--out", str(tmp_path / "entry.svg")])
    assert done.exit_code == 0, done.stderr
    picture = (tmp_path / "entry.svg").read_text()
    assert "out  0" in picture
    assert "in  1" in picture
    done = CliRunner().invoke(main, ["solve", str(path), "--out", str(tmp_path / "x.svg"), "--number", "2"])
    assert (done.exit_code, "there is no equilibrium 2" in done.stderr) == (2, True)
