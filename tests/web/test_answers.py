"""What the page is answered is what the house says elsewhere: sweeps, `solve`, tipping points."""

from __future__ import annotations

import csv
import io
import json
import time
import tomllib

import numpy as np
import pytest
import xarray
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.explain import reasons, what_would_change
from sim.explain.sentences import whys
from sim.pictures.style import distinguish
from sim.pictures.style.regimes import tell_apart
from sim.scenario.tables import SweepTable
from sim.web.answers import Explored
from sim.web.app import PAGE_FILES, STATIC
from sim.web.cells import in_shape, picked, words_of_cells
from sim.web.landscape import Landscape
from sim.web.paint import square
from sim.web.turns import Superseded
from tests.web.asking import LIBRARY, Answer, ask, server

APP = server()
QUICK = sorted(set(LIBRARY) - {"misread_treaty"})
STANDOFF = Explored(sim.load(LIBRARY["standoff_2021"]))
PLANE = [("x", "threat:0:4"), ("y", "chill:0:2")]


def read(body):
    return Answer([{"status": 200, "headers": []}, {"body": body}]).map


def resting(explored, asked):
    while True:
        head, codes, dots = read(explored.map(explored.view([*asked, ("rest", "1")])))
        if head["done"]:
            return head, codes, dots


def test_the_files_of_the_page_are_few_and_ask_nobody_else():
    sizes = {name: (STATIC / name).stat().st_size for name, _ in PAGE_FILES.values()}
    assert set(sizes) | {"notebook.js", "notebook.css"} == {path.name for path in STATIC.iterdir()}
    assert sum(sizes.values()) <= 60_000
    for name in sizes:
        text = (STATIC / name).read_text()
        assert "https:" not in text
        assert "http:" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "innerHTML" not in text
        assert "eval(" not in text


@pytest.mark.parametrize("name", QUICK)
def test_every_scenario_opens_and_tells_its_game(name):
    about = ask(APP, f"/api/scenario/{name}").json
    assert about["title"]
    assert about["concept"] in [one["name"] for one in about["concepts"]]
    for one in about["parameters"]:
        assert one["low"] <= float(sim.expression.read_number(one["default"])) <= one["high"]
        assert one["step"] > 0
    point = ask(APP, f"/api/point/{name}?").json
    assert point["here"]["words"]
    assert point["verdict"]
    assert point["good"]
    assert len(point["equilibria"]) + point["more"] == point["count"]


def test_a_map_at_rest_is_the_picture_of_the_sweep():
    head, codes, dots = resting(STANDOFF, [*PLANE, ("points", "41"), ("set", "face_cost:1")])
    asked = {"threat": (0, 4, 41), "chill": (0, 2, 41)}
    found = distinguish(sim.sweep(STANDOFF.scenario, asked, set={"face_cost": 1}))
    assert head["whole"]
    assert head["solved"] == 41 * 41
    words = np.array([one["words"] for one in head["regimes"]])[list(codes)].reshape(41, 41)
    theirs = np.array([found.words(one) for one in found.regimes])[found.code]
    assert (words == theirs)[~found.knife_edge].all()
    assert len(set(words.ravel())) > 3
    assert np.array(list(dots)).reshape(41, 41).any() == found.dotted


@given(
    threat=st.integers(0, 40), chill=st.integers(0, 20), cost=st.integers(0, 40),
)  # fmt: skip
@settings(max_examples=25)
def test_the_map_the_point_and_solve_agree(threat, chill, cost):
    """At grid points of the plane, whatever else is set; on a border the map gives the point to a side."""
    asked = [*PLANE, ("points", "41"), ("set", f"build_up_cost:{cost / 10}")]
    head, codes, _ = resting(STANDOFF, asked)
    values = {"threat": threat / 10, "chill": chill / 10, "build_up_cost": cost / 10}
    here = STANDOFF.here(STANDOFF.view([("set", f"{name}:{value}") for name, value in values.items()]))
    solution = sim.solve(STANDOFF.scenario.game(**values))
    likely = (np.nan_to_num(solution.outcomes[0]) >= 0.5).any(axis=0)
    held = [name for name, one in zip(solution.game.outcomes.names, likely, strict=True) if one]
    assert here["here"]["outcomes"] == held
    assert here["count"] == solution.count[0]
    if not solution.degenerate[0]:
        regime = head["regimes"][codes[threat * 41 + 2 * chill]]
        assert regime["outcomes"] == held


@given(name=st.sampled_from(["standoff_2021", "deterrence", "chicken", "prisoners_dilemma"]), data=st.data())
@settings(max_examples=12, deadline=None)
def test_a_map_in_motion_differs_from_the_whole_by_slivers_at_most(name, data):
    explored = STANDOFF if name == "standoff_2021" else Explored(sim.load(LIBRARY[name]))
    free = [one for one, it in explored.scenario.parameters.items() if it.low < it.high]
    x, y = data.draw(st.permutations(free))[:2]
    view = explored.view([("x", x), ("y", y)])
    both = []
    for whole in (False, True):
        land = Landscape(explored.scenario, view, 101, whole=whole)
        land.work(float("inf"), lambda: None)
        head, codes, _ = land.told()
        both.append(np.array([one["words"] for one in head["regimes"]])[codes.ravel()])
    assert (both[0] != both[1]).mean() < 0.02


def test_proved_borders_part_what_holds():
    """Beside the middle of every straight piece, on its two sides, other outcomes hold; at every change there is one."""
    view = STANDOFF.view([("x", "threat:0:4"), ("y", "face_cost:0:4"), ("set", "build_up_cost:1.5")])
    told = STANDOFF.borders(view)
    assert "proved" in told["words"]
    assert "threat = 1.5" in told["words"]
    lines = [np.array(line).reshape(-1, 2) / 10_000 * 4 for line in told["lines"]]
    ends = np.concatenate([np.stack([line[:-1], line[1:]], axis=1) for line in lines])
    middle, along = ends.mean(axis=1), ends[:, 1] - ends[:, 0]
    across = np.column_stack([-along[:, 1], along[:, 0]]) / np.linalg.norm(along, axis=1, keepdims=True)

    def held(points):
        solution = sim.solve(
            STANDOFF.scenario.game(build_up_cost=1.5, threat=points[:, 0], face_cost=points[:, 1])
        )
        likely = np.nan_to_num(solution.outcomes) >= 0.5
        mixed = (solution.strategy.max(axis=-1) < 1).any(axis=-1)
        return np.concatenate([likely.any(axis=1), (likely & ~mixed[..., np.newaxis]).any(axis=1)], axis=1)

    sides = [held(np.round(np.clip(middle + way * 0.004 * across, 0, 4), 6)) for way in (1, -1)]
    assert len(middle) >= 4
    assert (sides[0] != sides[1]).any(axis=1).all()
    row = np.column_stack([np.linspace(0.0013, 3.9987, 400), np.full(400, 0.7013)])
    changes = (np.diff(held(row), axis=0)).any(axis=1).sum()
    crossed = ((ends[:, 0, 1] < 0.7013) != (ends[:, 1, 1] < 0.7013)).sum()
    assert changes == crossed > 1


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("standoff_2021", [*PLANE, ("concept", "correlated")]),
        ("standoff_2021", [*PLANE, ("select", "risk_dominant")]),
        ("standoff_2021", [*PLANE, ("solver", "pure")]),
        ("standoff_2021", [PLANE[0]]),
        ("alliance", [("x", "cost"), ("y", "first_step")]),
    ],
)
def test_where_nothing_is_proved_there_are_no_lines(name, asked):
    explored = Explored(sim.load(LIBRARY[name]))
    assert explored.borders(explored.view(asked)) == {"lines": [], "words": ""}


@pytest.mark.parametrize(
    ("name", "x", "y"), [("standoff_2021", "threat", "chill"), ("stag_hunt", "peace", "upper_hand")]
)
def test_regimes_told_from_the_cells_that_were_solved_are_those_of_all_cells(name, x, y):
    explored = Explored(sim.load(LIBRARY[name]))
    view = explored.view([("x", x), ("y", y)])
    land = Landscape(explored.scenario, view, 101, whole=False)
    land.work(float("inf"), lambda: None)
    solved, source = np.flatnonzero(land.refine.solved), land.refine.source
    assert solved.size < source.size
    some = land.regimes(land.cells, source, solved)
    every = tell_apart(
        in_shape(picked(land.cells, source), land.shape), words_of_cells(explored.scenario, "nash")
    )
    assert some.regimes == every.regimes
    assert some.extra == every.extra
    for one in ("code", "continuum", "knife_edge", "tie", "beyond"):
        assert (getattr(some, one) == getattr(every, one)).all()
    assert name != "stag_hunt" or every.beyond.any()


def test_a_map_that_takes_long_is_told_part_by_part(monkeypatch):
    monkeypatch.setattr("sim.web.landscape.SLICE", 300)
    monkeypatch.setattr("sim.web.answers.stored_map", lambda *_: None)  # nor what `make` may have left
    explored = Explored(STANDOFF.scenario, share=0.0)
    explored.speeds["nash", None] = 5000.0
    solved = []

    def pause():
        if len(solved) % 2:
            raise Superseded  # the hand moved: what is done is kept

    view = explored.view([*PLANE, ("points", "41"), ("rest", "1")])
    while not solved or not solved[-1]["done"]:
        try:
            solved.append(read(explored.map(view, pause))[0])
        except Superseded:
            solved.append(solved[-1])
        explored.share = 0.01
    counts = [head["solved"] for head in solved]
    assert counts == sorted(counts)
    assert counts[-1] == 41 * 41
    assert len(set(counts)) > 2


def test_slow_games_wait_until_the_hand_rests():
    explored = Explored(STANDOFF.scenario)
    explored.speeds["nash", None] = 2.0
    head, codes, _ = read(explored.map(explored.view(PLANE)))
    assert (head["later"], len(codes)) == ("One game takes 0.5 s here: the map is drawn when you rest.", 0)
    assert explored.tracks(explored.view(PLANE))["later"]
    assert explored.finest(explored.view(PLANE)) == 11


def test_a_coarse_map_in_motion_is_not_taken_for_the_one_at_rest():
    explored = Explored(STANDOFF.scenario)
    explored.speeds["nash", None] = 2500.0
    head, codes, _ = read(explored.map(explored.view(PLANE)))
    assert (head["shape"], head["solved"], len(codes)) == ([11, 11], 121, 121)
    assert not head["whole"]


def test_fast_games_have_fine_maps():
    explored = Explored(STANDOFF.scenario)
    explored.speeds["nash", None] = 200_000.0
    head, codes, _ = read(explored.map(explored.view(PLANE)))
    assert head["shape"] == [201, 201]
    assert head["solved"] < 0.2 * len(codes)
    assert not head["whole"]


TWO = """
schema = 1
[players]
A = ["a", "b"]
B = ["a", "b"]
[parameters]
p = { default = 1, low = 0, high = 2 }
q = { default = 1, low = -2, high = 2 }
r = { default = 0, low = 0, high = 2 }
[payoffs.a]
a = ["p", 1]
b = ["r", 0]
[payoffs.b]
a = [0, 0]
b = [1, "q"]
[sweeps.plane]
over = { p = [0, 2, 11], q = [-2, 2, 7] }
"""


def test_what_was_made_before_is_shown_where_games_are_slow(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.toml").write_text(TWO)
    scenario = sim.load("two.toml")
    sim.sweep(scenario, "plane", out=tmp_path / "results" / "two")
    explored = Explored(scenario)
    explored.speeds["nash", None] = 2.0
    asked = [("x", "p:0:2"), ("y", "q:-2:2"), ("rest", "1")]
    head, codes, _ = read(explored.map(explored.view(asked)))
    assert head["stored"] == "plane.zarr"
    assert head["shape"] == [11, 7]
    words = [head["regimes"][code]["words"] for code in codes]
    found = distinguish(sim.sweep(scenario, "plane"))
    assert words == [found.words(found.regimes[code]) for code in found.code.ravel()]
    for other in ([("set", "r:1")], [("select", "risk_dominant"), ("solver", "vertex_enumeration")]):
        assert "stored" not in read(explored.map(explored.view([*asked, *other])))[0]
    (tmp_path / "two.toml").write_text(TWO.replace('"r", 0', '"r", -1'))
    changed = Explored(sim.load("two.toml"))
    changed.speeds["nash", None] = 2.0
    assert "stored" not in read(changed.map(changed.view(asked)))[0]


def test_tracks_are_maps_of_one_axis():
    view = STANDOFF.view([("set", "threat:1.5")])
    from sim.web.along import tracks

    found = tracks(STANDOFF.scenario, view, 21)
    for name in ("threat", "face_cost", "prize"):
        one = STANDOFF.scenario.parameters[name]
        land = Landscape(
            STANDOFF.scenario, STANDOFF.view([("x", name), ("set", "threat:1.5")]), 21, whole=True
        )
        land.work(float("inf"), lambda: None)
        head, codes, _ = land.told()
        theirs = [head["regimes"][code]["words"] for code in codes.ravel()]
        ours = [found["regimes"][code]["words"] for code in found["tracks"][name]]
        assert ours == theirs
        assert one.low < one.high


def test_tips_are_the_nearest_changes_and_lead_beyond_them():
    view = STANDOFF.view([])
    found = STANDOFF.tips(view)
    changes = what_would_change(STANDOFF.scenario, to=[STANDOFF.scenario.outcomes.names[0]])
    first = {change.parameter: change for change in reversed(changes.changes)}
    assert {one["parameter"] for one in found["tips"]} == set(first)
    for tip in found["tips"]:
        change = next(
            one for one in changes.changes if one.parameter == tip["parameter"] and one.at == tip["at"]
        )
        there = STANDOFF.here(STANDOFF.view([("set", f"{tip['parameter']}:{tip['go']}")]))
        assert sorted(there["here"]["outcomes"]) == sorted(change.after)
        assert tip["text"].startswith("If ")


@pytest.mark.parametrize(
    "name", ["beer_quiche", "arms_race", "alliance", "standoff_2021_repeated", "screening"]
)
def test_where_nothing_is_proved_tips_are_looked_for_and_still_lead_beyond(name):
    explored = Explored(sim.load(LIBRARY[name]))
    found = explored.tips(explored.view([]))
    assert not found.get("exact")
    assert found["tips"] or found["notes"]
    before = explored.here(explored.view([]))["here"]["outcomes"]
    for tip in found["tips"]:
        there = explored.here(explored.view([("set", f"{tip['parameter']}:{tip['go']}")]))["here"]["outcomes"]
        assert there != before


@pytest.mark.parametrize(
    ("name", "asked", "whose"),
    [
        ("standoff_2021", [("concept", "correlated"), ("set", "threat:1.5")], "Correlated equilibria"),
        ("stag_hunt", [("select", "risk_dominant")], "Nash equilibria, of them risk dominant"),
    ],
)
def test_tips_of_another_question_say_whose_they_are_and_lead_beyond(name, asked, whose, monkeypatch):
    monkeypatch.setattr("sim.web.tips.SLOWEST", np.inf)  # however busy this machine is
    explored = STANDOFF if name == "standoff_2021" else Explored(sim.load(LIBRARY[name]))
    view = explored.view(asked)
    found = explored.tips(view)
    assert not found["exact"]
    assert found["notes"][0].lower() == f"{whose}: found by looking along each parameter, not proved.".lower()
    before = explored.here(view)["here"]["outcomes"]
    assert found["tips"]
    for tip in found["tips"]:
        assert "about" in tip["text"]
        assert "in equilibrium" not in tip["text"]
        there = [pair for pair in asked if not pair[1].startswith(f"{tip['parameter']}:")]
        moved = explored.view([*there, ("set", f"{tip['parameter']}:{tip['go']}")])
        assert explored.here(moved)["here"]["outcomes"] != before


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("chicken", [("solver", "pure"), ("set", "humiliation:0.5")]),
        ("beer_quiche", [("solver", "pure_assessments")]),
    ],
)
def test_tips_of_pure_equilibria_are_exact(name, asked):
    explored = Explored(sim.load(LIBRARY[name]))
    found = explored.tips(explored.view(asked))
    assert found["exact"]
    assert found["tips"]
    assert not any("about" in tip["text"] or "in equilibrium" in tip["text"] for tip in found["tips"])


def test_a_selection_leaves_the_others_on_the_page():
    hunt = Explored(sim.load(LIBRARY["stag_hunt"]))
    here = hunt.here(hunt.view([("select", "risk_dominant")]))
    assert here["count"] == 3
    assert sum(one["chosen"] for one in here["equilibria"]) == 1
    assert len(here["here"]["outcomes"]) == 1


def test_the_table_marks_best_replies_equilibria_and_outcomes():
    (table,) = STANDOFF.here(STANDOFF.view([]))["tables"]
    row = table["rows"][2]
    cell = row["cells"][3]
    assert (row["label"], table["columns"][3]) == ("build_up", "reinforce")
    assert cell["all"]
    assert [part["text"] for part in cell["payoffs"]] == ["\u22120.7", "\u22121.7"]
    assert table["outcomes"][cell["outcome"]]["name"] == "frozen standoff"
    framed = [one for line in table["rows"] for one in line["cells"] if one["all"]]
    assert framed == [cell]


def test_games_of_three_have_a_table_for_each_action_of_the_third():
    here = Explored(sim.load(LIBRARY["alliance"])).here
    explored = Explored(sim.load(LIBRARY["alliance"]))
    tables = here(explored.view([]))["tables"]
    assert len(tables) == len(explored.scenario.actions[2])
    stage = explored.game
    for third, table in enumerate(tables):
        for r, row in enumerate(table["rows"]):
            for c, cell in enumerate(row["cells"]):
                assert cell["outcome"] == stage.outcomes.of[r, c, third]
                assert len(cell["payoffs"]) == 3


def test_squares_are_the_pixels_of_the_pictures():
    head, *_ = resting(STANDOFF, [*PLANE, ("points", "41"), ("set", "face_cost:1")])
    explored = distinguish(
        sim.sweep(STANDOFF.scenario, {"threat": (0, 4, 41), "chill": (0, 2, 41)}, set={"face_cost": 1})
    )
    row, column = (grid.ravel() for grid in np.indices((90, 70)))
    seen = set()
    for regime in explored.regimes:
        made = square(explored.palette, regime)
        size, cells = made["size"], np.array(made["cells"])
        at = (row + column) % size if len(cells) == size else (row % size) * size + column % size
        colours = [made["colours"][number] for number in cells[at]]
        pixels = np.round(255 * explored.palette.paint(regime, row, column)).astype(int)
        assert colours == [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in pixels]
        seen.add(size)
    assert len(seen) > 1
    assert head["regimes"]


def test_exports_hold_every_cell_and_open(tmp_path):
    asked = "x=threat:0:4&y=chill:0:2&set=face_cost:1/3&points=21"
    answer = ask(APP, f"/api/picture/standoff_2021/csv?{asked}")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
    assert len(rows) == 21 * 21
    assert set(rows[0]) == {"threat", "chill", "outcomes", "equilibria", "status"}
    assert answer.headers["content-disposition"] == 'attachment; filename="standoff_2021.csv"'
    (tmp_path / "a.nc").write_bytes(ask(APP, f"/api/picture/standoff_2021/nc?{asked}").body)
    with xarray.open_dataset(tmp_path / "a.nc", engine="scipy") as dataset:
        assert dataset.sizes["threat"] == 21
        assert dataset.attrs["scenario"] == "standoff_2021"
        for row in rows[::37]:
            cell = dataset.sel(threat=float(row["threat"]), chill=float(row["chill"]), method="nearest")
            assert int(cell["count"]) == int(row["equilibria"])
    assert ask(APP, f"/api/picture/standoff_2021/png?{asked}").body.startswith(b"\x89PNG")
    assert ask(APP, "/api/picture/beer_quiche/tree.svg?").body.startswith(b"<?xml")
    assert ask(APP, "/api/picture/standoff_2021/exe?").status == 404


@pytest.mark.parametrize(
    ("name", "what", "said"),
    [
        ("standoff_2021_posture", "states", "then climbed down 80%"),
        ("chain_store", "tree", "never taken"),
        ("chicken", "", ""),
    ],
)
def test_the_game_here_has_a_picture_by_its_form(name, what, said):
    told = ask(APP, f"/api/point/{name}?").json["tree"]
    assert what in told
    assert bool(what) == bool(told)
    if what:
        assert said in ask(APP, f"/api/picture/{name}/tree.svg?").body.decode()


def test_the_question_can_be_put_into_the_file(tmp_path):
    asked = "x=threat:0:4&y=chill:0:2&set=face_cost:1/3&select=risk_dominant&points=21"
    text = ask(APP, f"/api/picture/standoff_2021/toml?{asked}").body.decode()
    table = tomllib.loads(text)["sweeps"]["explored"]
    SweepTable.model_validate(table)
    assert table["set"] == {"face_cost": "1/3"}
    file = tmp_path / "mine.toml"
    file.write_text(LIBRARY["standoff_2021"].read_text() + "\n" + text)
    scenario = sim.load(file)
    assert scenario.sweeps["explored"].select == "risk_dominant"
    assert list(scenario.sweeps["explored"].over) == ["threat", "chill"]


def test_scenarios_without_a_plane_say_so(tmp_path):
    text = (
        'schema = 1\ntitle = "one"\n[players]\nA = ["a", "b"]\nB = ["a", "b"]\n[parameters.p]\ndefault = 1\nlow = 0\nhigh = 2\n'
        '[payoffs.a]\na = ["p", 1]\nb = [0, 0]\n[payoffs.b]\na = [0, 0]\nb = [1, "p"]\n'
    )
    file = tmp_path / "one.toml"
    file.write_text(text)
    bare = tmp_path / "none.toml"
    bare.write_text(text.replace("[parameters.p]\ndefault = 1\nlow = 0\nhigh = 2\n", "").replace('"p"', "1"))
    app = server({"one": file, "none": bare}, "one")
    head, codes, _ = ask(app, "/api/map/one?x=p&rest=1").map
    assert head["shape"] == [201, 1]
    assert len(codes) == 201
    head, codes, _ = ask(app, "/api/map/none?").map
    assert head["none"].startswith("No parameter")
    assert ask(app, "/api/tracks/none?").json == {"regimes": [], "tracks": {}}
    assert ask(app, "/api/picture/none/png?").status == 422
    assert ask(app, "/api/tips/none?").status == 200


def test_a_file_that_is_wrong_is_told_without_its_path(tmp_path):
    file = tmp_path / "wrong.toml"
    file.write_text("schema = 1\n[players]\nA = 3\n")
    answer = ask(server({"wrong": file}, "wrong"), "/api/scenario/wrong")
    assert answer.status == 422
    assert str(tmp_path) not in answer.body.decode()
    assert "a game has 2 to 12" in answer.body.decode()


def test_work_for_a_page_that_moved_on_is_answered_with_nothing():
    assert ask(APP, "/api/point/chicken?turn=old.5").status == 200
    assert ask(APP, "/api/map/chicken?x=collision&rest=1&turn=old.4").status == 204
    assert ask(APP, "/api/tips/chicken?turn=old.4").status == 204
    assert ask(APP, "/api/tips/chicken?turn=old.5").status == 200


@pytest.mark.parametrize("name", ["standoff_2021", "beer_quiche", "repeated_prisoners_dilemma", "talks_2021"])
def test_reasons_are_those_of_the_house_each_with_its_answer(name):
    why = ask(APP, f"/api/why/{name}?").json
    solution = sim.solve(sim.load(LIBRARY[name]).game())
    told = whys(reasons(solution))
    assert len(why["each"]) == solution.count[0]
    assert why["each"] == [list(one.sentences) for one in told[: len(why["each"])]]
    assert [one["title"] for one in why["others"]] == [one.title for one in told[len(why["each"]) :]]
    assert all(line.endswith(".") for lines in why["each"] for line in lines)


def test_numbers_that_no_float_tells_stay_what_they_are():
    view = STANDOFF.view([("set", "face_cost:1/3")])
    assert str(view.values["face_cost"]) == "1/3"
    solution = sim.solve(STANDOFF.scenario.game(face_cost=view.values["face_cost"]))
    held = (solution.outcomes[0] >= 0.5).any(axis=0)
    assert STANDOFF.here(view)["here"]["outcomes"] == [
        name for name, one in zip(solution.game.outcomes.names, held, strict=True) if one
    ]


def test_answers_are_strict_json_and_quick_to_make():
    begun = time.process_time()
    body = ask(APP, "/api/point/standoff_2021?").body
    json.loads(body, parse_constant=pytest.fail)
    assert time.process_time() - begun < 5
