"""In a notebook: what objects show of themselves, data frames, and figures."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.output.page import Page, Rows
from sim.plugins import forms
from tests.games import DILEMMA
from tests.house import ROOT

LIBRARY = ROOT / "scenarios"
HOSTILE = "<script>alert('x')</script>&<b onload=\"y\">"


class Tags(HTMLParser):
    """Every tag with its attributes, and all text outside of style."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open, self.text = [], [], ""
        self.feed(text)
        assert self.open == [], "every tag is closed"

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.text += data


def pages():
    scenario = sim.load(LIBRARY / "chicken.toml")
    batch = scenario.game(collision=[0.0, 1.0, 2.0, 5.0])
    repeated = sim.Repeated(sim.NormalForm(DILEMMA), 0.6)
    posture = sim.load(LIBRARY / "standoff_2021_posture.toml").game()
    return [scenario, scenario.game(), batch, sim.solve(scenario.game()), sim.solve(batch), repeated, posture]


PAGES = pages()


@pytest.mark.parametrize("thing", PAGES, ids=lambda thing: type(thing).__name__)
def test_pages_are_html_without_script_and_with_a_style_of_one_class(thing):
    html = thing._repr_html_()
    tags = Tags(html)
    assert {tag for tag, _ in tags.found} <= {
        "div", "style", "strong", "pre", "p", "table", "caption", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert {key for _, attrs in tags.found for key in attrs} <= {"class"}
    (style,) = re.findall(r"<style>(.*?)</style>", html)
    selectors = [one for rule in style.split("}") for one in rule.partition("{")[0].split(",") if one.strip()]
    assert selectors
    assert all(selector.strip().startswith(".standoff-page ") for selector in selectors)


@pytest.mark.parametrize("thing", PAGES, ids=lambda thing: type(thing).__name__)
def test_text_and_html_say_the_same(thing):
    text = re.sub(r"\s", "", repr(thing))
    html = re.sub(r"\s", "", Tags(thing._repr_html_()).text)
    if thing is PAGES[3]:  # pages tell the reasons as well
        assert html.startswith(text)
        assert "Northplaysgive_way.IfSouthplayspress_on,thatgivesNorth2;" in html
    else:
        assert text == html


def test_labels_cannot_leave_their_place():
    game = sim.NormalForm(DILEMMA, (HOSTILE, "B"), ((HOSTILE, "b"), ("c", "d")))
    for thing in (
        game,
        sim.solve(game),
        sim.solve(sim.NormalForm(DILEMMA[np.newaxis].repeat(3, 0), (HOSTILE, "B"))),
    ):
        html = thing._repr_html_()
        assert "<script" not in html
        assert "<b " not in html
        Tags(html)
    assert HOSTILE in Tags(game._repr_html_()).text


@given(st.text(), st.text())
def test_any_text_is_shown_as_it_is(title, entry):
    page = Page(["one", title, Rows([("head", "b"), (entry, title)], title=entry, note=title)])
    tags = Tags(page.html())
    assert tags.text == "one" + title + entry + "headb" + entry + title + title


def test_a_page_shows_what_a_reader_needs():
    scenario = sim.load(LIBRARY / "chicken.toml")
    assert "triumph      7        0 .. 15    utility" in repr(scenario)
    game = repr(scenario.game())
    assert game.startswith("NormalForm: game of North and South")
    assert "press_on       [7*, 2*]   0, 0" in game
    assert '<td class="marked">[7*, 2*]</td>' in scenario.game()._repr_html_()
    one, many = repr(sim.solve(scenario.game())), repr(sim.solve(scenario.game(collision=[0.0, 1.0, 5.0])))
    assert "3 solutions, complete" in one
    assert "#3" in one
    assert re.search(r"^3 +2 +66\.7%$", many, re.MULTILINE)
    assert re.search(r"^collision +1 +33\.3%$", many, re.MULTILINE)
    assert "collision = 0 .. 5" in many
    assert "patience: player 1 0.6, player 2 0.6" in repr(sim.Repeated(sim.NormalForm(DILEMMA), 0.6))
    assert "start: rifle" in repr(sim.load(LIBRARY / "standoff_2021_posture.toml").game())


def test_empty_and_impossible_games_are_shown_too():
    empty = sim.NormalForm(np.empty((0, 2, 2, 2)), ("A", "B"))
    assert "0 games" in repr(empty)
    assert "0 normal games" in repr(sim.solve(empty))
    broken = sim.NormalForm(np.full((2, 2, 2), np.nan), ("A", "B"))
    assert "no solution" in repr(sim.solve(broken))
    assert "nonfinite" in repr(sim.solve(broken))
    large = sim.NormalForm(np.zeros((2, 30, 30)))
    assert len(repr(large)) < 2000


def test_every_form_is_shown_alike():
    assert len(forms) >= 3
    for form in forms.values():
        assert form.__repr__.__qualname__ == "Game.__repr__", form


def test_dir_has_what_can_be_called():
    assert set(sim.__all__) < set(dir(sim))
    assert all(name in sim.__all__ or name.startswith("__") for name in dir(sim))


def test_showing_waits_for_whoever_is_shown():
    code = "import sim, sys; sim.load; assert 'pandas' not in sys.modules and 'matplotlib' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


COLUMNS = [
    "triumph", "compromise", "humiliation", "collision", "equilibrium", "North", "South", "p(both give way)",
    "p(South wins)", "p(North wins)", "p(collision)", "regret", "index", "component", "status",
]  # fmt: skip


def test_a_solution_is_a_table_of_cells_and_equilibria():
    scenario = sim.load(LIBRARY / "chicken.toml")
    solution = sim.solve(scenario.game(collision=[0.0, 1.0, 5.0]))
    frame = solution.to_dataframe()
    assert frame.columns.tolist() == COLUMNS
    assert frame.index.tolist() == [0, 0, 0, 1, 1, 1, 2]
    assert frame["equilibrium"].tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert frame["collision"].tolist() == [0.0] * 3 + [1.0] * 3 + [5.0]
    assert {7.0} == set(frame["triumph"])
    np.testing.assert_array_equal(solution.value[solution.component >= 0], frame[["North", "South"]])
    np.testing.assert_allclose(1.0, frame.filter(like="p(").sum(axis=1))
    assert frame.groupby("cell")["index"].sum().tolist() == [1, 1, 1]
    assert {"ok"} == set(frame["status"])


def test_games_of_no_scenario_have_no_parameters_and_cells_without_equilibria_a_row():
    payoffs = np.array([DILEMMA, np.full_like(DILEMMA, np.nan, dtype=float), DILEMMA])
    frame = sim.solve(sim.NormalForm(payoffs, ("A", "B"), (("x", "y"), ("z", "w")))).to_dataframe()
    assert frame.columns.tolist()[:4] == ["equilibrium", "A", "B", "p(x, z)"]
    assert frame.index.tolist() == [0, 1, 2]
    assert frame["equilibrium"].isna().tolist() == [False, True, False]
    assert frame["status"].tolist() == ["ok", "nonfinite", "ok"]
    assert frame.loc[1, ["A", "B", "regret", "index", "component"]].isna().all()


def test_names_that_stand_for_two_things_are_told_apart():
    frame = sim.solve(sim.NormalForm(DILEMMA, ("status", "index"))).to_dataframe()
    assert "value:status" in frame
    assert "value:index" in frame
    assert frame["status"].tolist() == ["ok"]


def test_an_answer_that_is_a_set_has_a_row_a_path():
    frame = sim.solve(sim.Repeated(sim.NormalForm(DILEMMA), 0.9)).to_dataframe()
    assert frame["equilibrium"].tolist() == [0, 1]
    assert frame["index"].isna().all()


def test_a_dataset_has_the_table_of_its_solution():
    scenario = sim.load(LIBRARY / "chicken.toml")
    dataset = sim.sweep(scenario, "stakes", points=4, set={"triumph": 8})
    frame = sim.table(dataset)
    assert frame.columns.tolist() == COLUMNS
    one, two = np.meshgrid(dataset["collision"], dataset["humiliation"], indexing="ij")
    same = scenario.game(collision=one.ravel(), humiliation=two.ravel(), triumph=8)
    assert frame.equals(sim.solve(same).to_dataframe())
    assert frame.equals(sim.table(dataset.transpose("humiliation", ...).transpose("collision", ...)))


def test_a_selection_has_its_own_rows():
    from sim.measures import selected

    dataset = sim.sweep(sim.load(LIBRARY / "chicken.toml"), "disaster", points=3)
    whole, best = sim.table(dataset), sim.table(selected(dataset, "best_for North"))
    assert len(best) < len(whole)
    assert best["North"].tolist() == whole.groupby("cell")["North"].max().tolist()


def test_what_is_no_whole_dataset_is_refused(monkeypatch):
    with pytest.raises(ValueError, match="table takes the dataset of a sweep"):
        sim.table("results")
    with pytest.raises(ValueError, match="plot draws the dataset of a sweep"):
        sim.plot("results")
    monkeypatch.setattr("sim.run.blocks.MOST_COMPLETE", 1)
    small = sim.sweep(sim.load(LIBRARY / "chicken.toml"), "disaster", points=3)
    with pytest.raises(ValueError, match="keeps only what a map needs"):
        sim.table(small)


def test_plots_are_figures_that_show_themselves():
    scenario = sim.load(LIBRARY / "chicken.toml")
    dataset = sim.sweep(scenario, "stakes", points=4)
    for figure in (
        sim.plot(dataset),
        sim.plot(dataset, "scalar_map", variable="count"),
        sim.plot(dataset, at={"collision": 0}, select="best_for North"),
        scenario.plot(points=4),
        scenario.plot("stakes", "scalar_map", points=4, set={"triumph": 8}, variable="count"),
    ):
        assert type(figure).__name__ == "Figure"
        assert figure._repr_png_().startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="Did you mean 'scalar_map'"):
        sim.plot(dataset, "scalar_mop")
    with pytest.raises(ValueError, match="Did you mean 'stakes'"):
        scenario.plot("steaks")


def test_a_scenario_without_sweeps_says_so(tmp_path):
    from sim.interchange.nfg import write_nfg

    write_nfg(sim.NormalForm(DILEMMA), tmp_path / "dilemma.nfg")
    with pytest.raises(ValueError, match="dilemma has no sweeps"):
        sim.load(tmp_path / "dilemma.nfg").plot()


def test_a_bare_name_is_enough(monkeypatch, tmp_path):
    assert sim.load("chicken").name == "chicken"
    monkeypatch.chdir(tmp_path)
    assert sim.load("chicken").name == "chicken"
    with pytest.raises(ValueError, match="Did you mean 'chicken'"):
        sim.load("chiken")


def test_games_remember_the_parameters_that_made_them_and_nothing_that_is_made_of_them_does():
    game = sim.load(LIBRARY / "chicken.toml").game(collision=1)
    assert game.parameters["collision"] == 1
    assert dict(game.take([0]).parameters) == {}
    assert dict(game.with_payoffs(game.payoffs).parameters) == {}
    assert dict(sim.NormalForm(DILEMMA).parameters) == {}
