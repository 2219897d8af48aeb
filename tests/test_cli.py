"""The command line keeps its contract: what it prints, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli import main
from sim.plugins import concepts
from tests.command import standoff

ROOT = Path(__file__).parents[1]


def test_list_names_scenarios_with_form_title_and_sweeps():
    done = standoff("list")
    assert done.returncode == 0
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("chicken ")]
    assert "normal" in line
    assert "disaster" in line


@pytest.mark.parametrize(
    ("option", "word"),
    [
        ("--solvers", "support_enumeration"),
        ("--concepts", "nash"),
        ("--selections", "risk_dominant"),
        ("--plots", "outcome_map"),
        ("--models", "chain_store_rounds"),
    ],
)
def test_list_names_what_is_registered(option, word):
    done = standoff("list", option)
    assert done.returncode == 0
    assert word in done.stdout


def test_solve_prints_the_bimatrix_with_best_replies():
    done = standoff("solve", "standoff_2021")
    assert done.returncode == 0
    assert "[-0.7*, -1.7*]" in done.stdout
    assert "frozen standoff" in done.stdout


def test_solve_json_is_the_object_of_the_contract():
    done = standoff("solve", "standoff_2021", "--set", "threat=3", "--json")
    answer = json.loads(done.stdout)
    assert (answer["scenario"], answer["form"], answer["concept"]) == ("standoff_2021", "normal", "nash")
    assert answer["parameters"]["threat"] == 3
    assert (answer["status"], answer["complete"], answer["degenerate"]) == ("ok", True, False)
    (solution,) = answer["solutions"]
    assert set(solution) >= {"strategies", "values", "outcomes", "regret", "index", "component"}
    assert solution["strategies"]["Russia"] == {"withdraw": 0.0, "demand": 0.0, "build_up": 1.0}
    assert solution["values"] == pytest.approx({"Russia": 0.3, "NATO": -1.7})


def test_exact_answers_are_fractions():
    answer = json.loads(standoff("solve", "chicken", "--exact", "--json").stdout)
    mixed = [item for item in answer["solutions"] if item["index"] == -1]
    assert mixed[0]["values"] == {"North": "14/3", "South": "14/3"}
    assert sum(Fraction(p) for p in mixed[0]["strategies"]["North"].values()) == 1


CHAIN_STORE = """NFG 1 R "chain store" { "Entrant" "Store" } { 2 2 }
1 5 0 0 1 5 2 2
"""


def test_solutions_say_by_what_they_are_selected(tmp_path):
    path = tmp_path / "chain_store.nfg"
    path.write_text(CHAIN_STORE)
    answer = json.loads(standoff("solve", path, "--exact", "--json").stdout)
    selected = [solution["selected"] for solution in answer["solutions"]]
    assert ["best_for Store" in names for names in selected] == [True, True, False]
    assert ["perfect" in names for names in selected] == [False, False, True]
    assert answer["maximal_subsets"] == [
        {"component": 0, "solutions": [0, 1]},
        {"component": 1, "solutions": [2]},
    ]
    table = standoff("solve", path, "--exact").stdout
    assert "worst for Store, risk dominant, perfect" in table
    assert "0          #1, #2      #1             #1, #2" in table


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("solve", "chiken"), "Did you mean 'chicken'?"),
        (("solve", "chicken", "--concept", "nahs"), "Did you mean 'nash'?"),
        (("solve", "chicken", "--set", "colision=1"), "Did you mean 'collision'?"),
        (("solve", "chicken", "--set", "collision=99"), "99"),
        (("solve", "chicken", "--set", "collision"), "NAME=NUMBER"),
        (("solve", "chicken", "--set", "collision=nan"), "collision"),
        (("sweep", "chicken", "disastr"), "Did you mean 'disaster'?"),
        (("sweep", "chicken", "--select", "prefect"), "Did you mean 'perfect'?"),
        (("map", "nowhere.zarr"), "no such dataset"),
        (("check", "tests"), "tests"),
        (("solve", "README.md"), "README.md"),
        (("solve", "chickne.toml"), "chickne.toml: no such file. Did you mean 'chicken'?"),
        (("solve", "docs/patience.png"), "looks like a PNG picture, as `standoff map` makes of a scenario"),
        (("map", "docs/patience.png"), "is the name of a picture; say what to draw"),
        (("map", "new.svg"), "standoff map SCENARIO --out new.svg"),
        (("solve", "chicken", "--param", "collision=1"), "No such option '--param'. Did you mean '--set'?"),
        (("sweep", "chicken", "collision"), "but a parameter: to sweep it, --over collision=-30:5"),
        (("sweep", "chicken", "disaster", "--over", "collision=0:1"), "give one or the other"),
        (("sweep", "chicken", "--points", "1"), "points"),
        (("solve", "beer_quiche", "--plot", "tree"), "add --out FILE"),
    ],
)
def test_wrong_input_ends_with_2_and_a_sentence(arguments, message, tmp_path):
    done = standoff(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_an_nfg_file_is_solved(tmp_path):
    (tmp_path / "hunt.nfg").write_text('NFG 1 R "hunt" { "A" "B" } { 2 2 } 4 4 3 0 0 3 2 2')
    answer = json.loads(standoff("solve", tmp_path / "hunt.nfg", "--json").stdout)
    assert len(answer["solutions"]) == 3
    (tmp_path / "bad.nfg").write_text('NFG 1 R "hunt" { "A" "B" } { 2 2 }\n4 4 3')
    done = standoff("solve", tmp_path / "bad.nfg")
    assert done.returncode == 2
    assert "bad.nfg:2:" in done.stderr


def test_a_game_goes_to_gambit_and_back(tmp_path):
    done = standoff("export", "chicken", tmp_path / "chicken.nfg", "--set", "collision=1")
    assert done.returncode == 0, done.stderr
    there = json.loads(standoff("solve", tmp_path / "chicken.nfg", "--json").stdout)
    here = json.loads(standoff("solve", "chicken", "--set", "collision=1", "--json").stdout)
    assert there["solutions"][0]["values"] == here["solutions"][0]["values"]
    assert standoff("export", "chicken").stdout.startswith("NFG 1 R")
    nodes = 'p "" 1 1 "" { "out" "in" } 0\nt "" 1 "" { 0, 2 }\np "" 2 2 "in" { "share" "fight" } 0'
    tree = f'EFG 2 R "entry" {{ "Entrant" "Owner" }}\n""\n\n{nodes}\nt "" 2 "" {{ 1, 1 }}\nt "" 3 "" {{ -1, -1 }}\n'
    (tmp_path / "entry.efg").write_text(tree)
    assert standoff("export", tmp_path / "entry.efg").stdout == tree
    answer = json.loads(standoff("solve", tmp_path / "entry.efg", "--json").stdout)
    assert answer["solutions"][0]["outcomes"] == {"in, share": 1}
    for arguments, words in [
        (("chicken", tmp_path / "chicken.txt"), "is written as .nfg"),
        ((tmp_path / "entry.efg", tmp_path / "entry.nfg"), "a tree game is written as .efg"),
        (("repeated_chicken",), "one-shot"),
    ]:
        done = standoff("export", *arguments)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr


def test_equilibria_go_to_spreadsheets():
    rows = standoff("solve", "chicken", "--csv").stdout.splitlines()
    assert rows[0].startswith("cell,equilibrium,status")
    assert len(rows) == 4
    done = standoff("solve", "chicken", "--csv", "--exact")
    assert (done.returncode, "--json" in done.stderr) == (2, True)


def test_sets_without_equilibria_are_drawn_as_sets(tmp_path):
    from sim.pictures.draw import choose_plot
    from tests.pictures.datasets import dataset, payoffs, pure

    assert choose_plot(None, payoffs()).name == "outcome_slice"
    sets = payoffs()
    assert choose_plot(None, sets.assign(count=0 * sets["count"])).name == "payoff_set"
    assert choose_plot(None, dataset(pure([[[-1]]]))).name == "outcome_map"


def test_a_sweep_is_drawn_as_it_says(tmp_path):
    text = (ROOT / "scenarios" / "chicken.toml").read_text()
    wanted = 'plot = { name = "scalar_map", variable = "mixed" }\n'
    (tmp_path / "drawn.toml").write_text(text.replace("[sweeps.stakes]\n", f"[sweeps.stakes]\n{wanted}"))
    done = standoff("sweep", tmp_path / "drawn.toml", "stakes", "--points", "9", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    picture = tmp_path / "drawn.svg"
    for options, there in (([], True), (["--plot", "outcome_map"], False), (["--at", "collision=1"], False)):
        assert standoff("map", tmp_path / "stakes.zarr", "--out", picture, *options).returncode == 0
        assert ("number of equilibria in which somebody mixes" in picture.read_text()) == there


def test_played_crises_are_drawn_the_same_every_time(tmp_path):
    options = ["chicken", "--by", "fictitious_play", "--tremble", "0.1", "--runs", "30", "--periods", "20"]
    for name in ("one.svg", "two.svg"):
        done = standoff("play", *options, "--out", tmp_path / name)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert "standoff play chicken --by fictitious_play" in (tmp_path / "one.svg").read_text()
    done = standoff("play", *options, "--out", tmp_path / "one.txt")
    assert (done.returncode, ".png" in done.stderr) == (2, True)
    done = standoff("map", "chicken", "--plot", "paths")
    assert done.returncode == 2


def test_maps_take_slices_and_options(tmp_path):
    store, picture = tmp_path / "stakes.zarr", tmp_path / "stakes.svg"
    assert standoff("sweep", "chicken", "stakes", "--points", "9", "--out", tmp_path).returncode == 0
    for options in (
        ["--at", "humiliation=2"],
        ["--variable", "mixed"],
        ["--option", "labels=false"],
        ["--plot", "scalar_map", "--option", "variable=count"],
    ):
        done = standoff("map", store, "--out", picture, *options)
        assert (done.returncode, picture.exists()) == (0, True), done.stderr
        picture.unlink()
    for options, words in [
        (["--at", "humilation=2"], "Did you mean 'humiliation'?"),
        (["--at", "humiliation=99"], "runs -5 .. 5"),
        (["--at", "humiliation=nan"], "lies outside"),
        (["--at", "humiliation=2", "--at", "collision=1"], "payoff set"),
        (["--variable", "cuont"], "Did you mean 'count'?"),
        (["--option", "labls=false"], "Did you mean 'labels'?"),
        (["--option", "labels=perhaps"], "expected true or false"),
        (["--option", "labels"], "NAME=VALUE"),
        (["--plot", "outcome_slice"], "fix others with --at"),
    ]:
        done = standoff("map", store, "--out", picture, *options)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr


def test_check_says_which_promise_is_broken(tmp_path):
    good = (ROOT / "scenarios" / "chicken.toml").read_text()
    (tmp_path / "bad.toml").write_text(
        good.replace('outcomes = ["North wins", "South wins"]', 'outcomes = ["collision"]')
    )
    done = standoff("check", tmp_path / "bad.toml")
    assert done.returncode == 2
    assert "promise not kept" in done.stderr


def test_sweep_and_map_leave_a_dataset_and_a_picture(tmp_path):
    out = tmp_path / "results" / "chicken"
    done = standoff("sweep", "chicken", "stakes", "--points", "9", "--out", out)
    assert done.returncode == 0, done.stderr
    done = standoff("map", out / "stakes.zarr", "--out", tmp_path / "stakes.svg")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "stakes.svg").read_text().startswith("<?xml")
    done = standoff("map", out / "stakes.zarr", "--select", "best_for North", "--out", tmp_path / "best.svg")
    assert done.returncode == 0, done.stderr
    assert "Nash equilibria best for North" in (tmp_path / "best.svg").read_text()
    done = standoff("map", out / "stakes.zarr", "--out", tmp_path / "stakes.xyz")
    assert done.returncode == 2
    assert ".png" in done.stderr


def test_an_interrupted_sweep_ends_with_130_and_goes_on(tmp_path):
    arguments = ["sweep", "chicken", "stakes", "--points", "1500", "--out", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments], cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.rglob("c/*")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate()
    if process.returncode != 0:  # it may have been quicker than we were
        assert process.returncode == 130, error
        assert b"--resume" in error
    assert standoff(*arguments, "--resume").returncode == 0
    assert (tmp_path / "stakes.zarr").is_dir()


def test_play_tells_what_came_of_many_crises():
    done = standoff("play", "chicken", "--by", "fictitious_play", "--runs", "10", "--periods", "20", "--json")
    answer = json.loads(done.stdout)
    assert abs(sum(answer["outcomes"].values()) - 1) < 1e-9
    done = standoff("play", "chicken", "--by", "ficticious_play")
    assert done.returncode == 2
    assert "Did you mean 'fictitious_play'?" in done.stderr


def test_the_schema_is_printed():
    assert json.loads(standoff("schema").stdout)["properties"]["schema"]


def test_automata_play_and_are_judged():
    done = standoff(
        "play", "standoff_2021_repeated", "--by", "no_rifle, until_the_rifle", "--runs", "20", "--json"
    )
    answer = json.loads(done.stdout)
    assert answer["outcomes"]["talks, demand standing"] == 1.0
    assert answer["verdict"].startswith("subgame perfect")
    assert (
        "not subgame perfect: East gains"
        in standoff("play", "repeated_prisoners_dilemma", "--by", "treaty").stdout
    )


def test_sustain_tells_how_patient_the_sides_must_be():
    done = standoff("sustain", "standoff_2021_repeated", "talks, demand dropped")
    assert "Lasts if Russia's patience is at least 0.64" in done.stdout
    answer = json.loads(standoff("sustain", "standoff_2021_repeated", "--json").stdout)
    assert answer["least_patience"]["legal guarantee"]["optimal"] is None
    done = standoff("sustain", "standoff_2021_repeated", "legal_guarantee")
    assert done.returncode == 2
    assert "Did you mean 'legal guarantee'?" in done.stderr


def test_every_word_of_other_programs_means_one_of_ours():
    from sim.cli import main
    from sim.cli.meant import COMMANDS, OPTIONS

    commands = main.list_commands(None)
    assert set(COMMANDS.values()) <= set(commands)
    assert not set(COMMANDS) & set(commands)
    options = {name for word in commands for one in main.get_command(None, word).params for name in one.opts}
    assert set(OPTIONS.values()) <= options
    assert not set(OPTIONS) & options


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plot", "chicken"), "No such command 'plot'. Did you mean 'map'?"),
        (("run", "chicken"), "No such command 'run'. Did you mean 'sweep'?"),
        (("chicken",), "No such command 'chicken'. It names a scenario: standoff solve chicken"),
        (("list", "--param", "x"), "No such option '--param'."),
        (("sweep", "chicken", "--threads", "2"), "No such option '--threads'. Did you mean '--workers'?"),
    ],
)
def test_what_other_programs_say_is_understood(words, message):
    from click.testing import CliRunner

    from sim.cli import main

    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2
    assert f"Error: {message}\n" in done.stderr


@pytest.mark.parametrize(
    ("players", "payoffs", "message"),
    [
        ("", "A = [[1, 0], [0, 1]]\nB = [[1, 0], [0, 1]]", "under [players]: payoffs has 'A' and 'B'"),
        (
            'A = ["x", "y"]',
            "A = [[1, 0], [0, 1]]\nB = [[1, 0], [0, 1]]",
            "a game has 2 to 12: payoffs has 'B' as well",
        ),
        (
            'A = ["x"]',
            "x = { l = [1, 2], r = [0, 1] }",
            "a game has 2 to 12: by payoffs, others choose from ['l', 'r']",
        ),
        (
            "",
            "x = { l = [1, 2], r = [0, 1] }",
            "under [players]: by payoffs, they choose from ['x'] and ['l', 'r']",
        ),
        (
            'A = ["x"]\nB = ["l"]',
            "A = 1\nB = 1\nEU = 1",
            "(players: A, B). If it plays too, list what it can do under",
        ),
    ],
)
def test_a_missing_player_is_guessed_from_the_payoffs(players, payoffs, message, tmp_path):
    import sim

    listed = f"[players]\n{players}\n" if players else ""
    (tmp_path / "x.toml").write_text(f"schema = 1\n{listed}[payoffs]\n{payoffs}\n")
    with pytest.raises(ValueError, match="player") as raised:
        sim.load(tmp_path / "x.toml")
    assert message in str(raised.value)


def test_the_nearest_command_is_named():
    done = standoff("solv", "chicken")
    assert done.returncode == 2
    assert "Did you mean 'solve'?" in done.stderr


def test_all_sweeps_are_looked_at_before_the_first_is_worked_on(tmp_path):
    done = standoff(
        "sweep", "chicken", "disaster", "stakes", "--set", "collision=7", "--out", tmp_path / "out"
    )
    assert done.returncode == 2
    assert "'collision' is swept" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_parameter_is_set_once():
    done = standoff("solve", "chicken", "--set", "collision=7", "--set", "collision=8")
    assert done.returncode == 2
    assert "'collision' is given twice" in done.stderr


def test_a_broken_promise_says_what_was_found_and_what_was_promised(tmp_path):
    good = (ROOT / "scenarios" / "chicken.toml").read_text()
    (tmp_path / "bad.toml").write_text(
        good.replace('outcomes = ["North wins", "South wins"]', 'outcomes = ["collision"]')
    )
    done = standoff("check", tmp_path / "bad.toml", "stag_hunt")
    assert (
        'promise not kept: "Exactly one side gives way; who, the game does not say." at the defaults: outcomes that hold: '
        "North wins, South wins; promised: collision; 'North wins' is played in #2 (North press_on; South give_way); "
        "'South wins' is played in #1 (North give_way; South press_on); 'collision' is played with probability 0.1111 "
        "at most, in #3 (North give_way 0.6667, press_on 0.3333; South give_way 0.6667, press_on 0.3333)"
    ) in done.stderr
    assert "stag_hunt.toml: good" in done.stdout


@pytest.mark.parametrize("wait", [0.02, 0.1, 0.4, 0.8])
def test_an_interruption_ends_with_130_whenever_it_comes(wait):
    arguments = ["play", "chicken", "--by", "best_reply", "--runs", "10000", "--periods", "100000"]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments], cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    time.sleep(wait)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    # within the first moments, longer on a busy machine, there is only an interpreter yet to answer
    early = wait < 0.4 and b"/cli/" not in error
    assert process.returncode == 130 or early
    assert b"Traceback" not in error or early
    assert b"--resume" not in error


def test_check_finds_questions_that_no_solver_answers(tmp_path):
    good = (ROOT / "scenarios" / "chicken.toml").read_text()
    (tmp_path / "bad.toml").write_text(
        good.replace("[sweeps.disaster]", '[sweeps.disaster]\nconcept = "markov_perfect"').replace(
            "[[expect]]", '[[expect]]\nconcept = "subgame_perfect"', 1
        )
    )
    done = standoff("check", tmp_path / "bad.toml")
    assert done.returncode == 2
    assert "bad.toml: sweeps.disaster: no solver finds 'markov_perfect' for a normal game" in done.stderr
    assert "bad.toml: expect[1]: no solver finds 'subgame_perfect'" in done.stderr


def test_map_can_list_all_parameters_and_refuses_another_caption(tmp_path):
    import sim
    from sim.pictures import draw

    sim.sweep(sim.load("chicken"), "stakes", points=3, out=tmp_path)
    store = str(tmp_path / "stakes.zarr")
    full, short = tmp_path / "full.svg", tmp_path / "short.svg"
    assert draw(store, out=full, caption="full") == [full]
    assert draw(store, out=short) == [short]
    words = [path.read_text().partition("</metadata>")[2] for path in (full, short)]
    assert ["triumph" in text for text in words] == [True, False]
    assert "triumph" in short.read_text()  # in the metadata in any case
    with pytest.raises(ValueError, match="Did you mean 'full'"):
        draw(store, caption="ful")


@pytest.mark.parametrize("name", ["chicken", "beer_quiche", "rubinstein_outside"])
def test_whatever_is_asked_is_told_to_programs(name):
    """What a concept answers beside strategies has shapes of its own, and names that others use too."""
    told = []
    for concept in concepts:
        done = CliRunner().invoke(main, ["solve", name, "--concept", concept, "--json"])
        assert done.exit_code in {0, 2}, done.output  # 2: not judged for this form
        if done.exit_code == 0:
            assert json.loads(done.stdout)["concept"] == concept
            told.append(concept)
    assert told
