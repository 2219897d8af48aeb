"""What good files say, and what their scenarios compute."""

import pickle
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from sim.scenario import ScenarioError, load

CASES = Path(__file__).parents[1] / "cases" / "scenarios"

# Russia and NATO at the baseline of the stage game, rows withdraw, demand, build_up
BASELINE = [
    [[20, 0.2, -3, -4.5, -1.3], [20, 1, 0, -1.5, -0.5], [20.8, 1.8, 0.8, -0.7, 0.3]],
    [[-15, 1.5, 0, -0.8, 0.7], [-15, 0.75, 0, -0.8, -0.05], [-18, -2.75, -2.5, -1.7, -1.95]],
]


@pytest.fixture(scope="module")
def standoff():
    return load(CASES / "standoff.toml")


def written(tmp_path, text):
    path = tmp_path / "written.toml"
    path.write_text("schema = 1\n" + text)
    return load(path)


def test_scenario_says_what_the_file_says(standoff):
    assert (standoff.name, standoff.form) == ("standoff", "normal")
    assert standoff.players == ("Russia", "NATO")
    assert standoff.actions[0] == ("withdraw", "demand", "build_up")
    assert standoff.parameters["prize"].meaning == "worth to Russia of a legally closed door"
    assert len(standoff.digest) == 64
    sweep = standoff.sweeps["rifle"]
    assert list(sweep.over) == ["build_up_cost", "chill"]
    assert (sweep.over["chill"].high, sweep.over["build_up_cost"].points, sweep.set) == (
        2.0,
        21,
        {"prize": 25.0},
    )
    assert standoff.promises[2].values == {"Russia": (-1.0, 0.0), "NATO": (-1.7, -1.7)}


def test_each_joint_action_has_its_outcome(standoff):
    names, of = standoff.outcomes.names, standoff.outcomes.of
    assert names[of[2, 2]] == names[of[2, 3]] == "frozen standoff"
    assert {names[number] for number in of[:, 0]} == {"legal guarantee"}


def test_payoffs_by_formula_over_traits(standoff):
    np.testing.assert_allclose(standoff.payoffs()[0], BASELINE, atol=1e-12)
    exact = standoff.payoffs(exact=True)[0]
    assert [[[float(item) for item in row] for row in table] for table in exact] == BASELINE
    assert all(isinstance(item, Fraction) for item in exact.flat)


def test_a_batch_is_its_cells_one_at_a_time(standoff):
    grip, chill = np.linspace(0, 6, 7), np.linspace(0, 3, 7)
    together = standoff.payoffs(grip=grip, chill=chill)
    assert together.shape == (7, 2, 3, 5)
    for cell in range(7):
        alone = standoff.payoffs(grip=float(grip[cell]), chill=float(chill[cell]))
        np.testing.assert_array_equal(together[cell], alone[0])


def test_large_batches_are_computed_in_blocks(standoff):
    grip = np.linspace(0, 6, 20_001)
    together = standoff.payoffs(grip=grip)
    for cell in (0, 8737, 8738, 20_000):
        np.testing.assert_array_equal(together[cell], standoff.payoffs(grip=float(grip[cell]))[0])


def test_game_has_names_and_exact_payoffs(standoff):
    game = standoff.game(chill=[0.1, 1.0])
    assert (game.players, game.actions, game.cells) == (standoff.players, standoff.actions, 2)
    assert game.outcomes.names == standoff.outcomes.names
    exact = game.rational(np.array([0]))
    assert exact[0, 1, 2, 1] == Fraction(-185, 100)
    np.testing.assert_allclose(game.payoffs[0], exact[0].astype(float), atol=1e-12)


def test_scenarios_and_games_can_be_sent_to_workers(standoff):
    copy = pickle.loads(pickle.dumps(standoff))
    np.testing.assert_array_equal(copy.payoffs(grip=3), standoff.payoffs(grip=3))
    pickle.loads(pickle.dumps(standoff.game()))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"prise": 1}, "unknown parameter 'prise' .*Did you mean 'prize'"),
        (
            {"prize": 41},
            r"prize = 41 lies outside its bounds 0 .. 40 \(worth to Russia of a legally closed door, utility",
        ),
        ({"prize": [1, 2, -1]}, "prize = -1 lies outside"),
        ({"prize": float("nan")}, "prize = nan lies outside"),
        ({"prize": "many"}, "no number"),
        ({"prize": [[1, 2]]}, "shape"),
        ({"prize": []}, "shape"),
        ({"prize": [1, 2], "grip": [1, 2, 3]}, "different lengths"),
    ],
)
def test_values_are_checked(standoff, given, message):
    for method in (standoff.values, standoff.payoffs, standoff.game):
        with pytest.raises(ScenarioError, match=message):
            method(**given)


def test_matrices_and_cells_and_formulas_say_the_same(tmp_path):
    parameters = "[parameters]\nx = { default = 2, low = 0, high = 4 }\n"
    lists = '[players]\nA = ["a", "b"]\nB = ["c", "d", "e"]\n'
    traits = "[players]\nA = { a = { p = 0 }, b = { p = 1 } }\n"
    traits += "B = { c = { q = 0 }, d = { q = 1 }, e = { q = 2 } }\n"
    formula = {"A": "x * p - q", "B": "x + p * q"}
    matrices = cells = "[payoffs]\n"
    for player, item in formula.items():
        rows = [[f'"{item.replace("p", str(p)).replace("q", str(q))}"' for q in range(3)] for p in range(2)]
        matrices += f"{player} = [{', '.join('[' + ', '.join(row) + ']' for row in rows)}]\n"
    for (p, row), (q, column) in product(enumerate("ab"), enumerate("cde")):
        pair = ", ".join(f'"{item.replace("p", str(p)).replace("q", str(q))}"' for item in formula.values())
        cells += f"{row}.{column} = [{pair}]\n"
    by_trait = "[payoffs]\n" + "".join(f'{player} = "{item}"\n' for player, item in formula.items())
    x = np.array([0.5, 3.0])
    expected = written(tmp_path, parameters + traits + by_trait).payoffs(x=x)
    assert expected.shape == (2, 2, 2, 3)
    for text in (lists + matrices, lists + cells, traits + matrices, traits + cells):
        np.testing.assert_array_equal(written(tmp_path, parameters + text).payoffs(x=x), expected)


def test_traits_in_cells_are_those_of_the_joint_action():
    alliance = load(CASES / "alliance.toml")
    payoffs = alliance.payoffs(needed=2)[0]
    assert alliance.outcomes.names[alliance.outcomes.of[0, 1, 0]] == "some stand"
    # C at (stand, shirk, stand) is "deterrence * deterred - effort * c" with two who stand
    assert payoffs[2, 0, 1, 0] == 5 - 2
    assert payoffs[2, 1, 0, 0] == 5 - 2
    assert payoffs[0, 0, 0, 0] == 3


def test_default_outcomes_are_the_joint_actions():
    matrices = load(CASES / "matrices.toml")
    assert matrices.outcomes.names == (
        "swerve, swerve",
        "swerve, drive on",
        "drive on, swerve",
        "drive on, drive on",
    )


def test_crlf_and_byte_order_mark_are_read(tmp_path):
    text = (CASES / "cells.toml").read_text()
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load(path).players == ("First", "Second")


def test_form_decides_the_default_concept():
    assert load(CASES / "matrices.toml").sweeps["crash"].concept == "nash"
    assert load(CASES / "repeated.toml").sweeps["patience"].concept == "subgame_perfect"


def test_repeated_game_multiplies_discount_and_continuation():
    game = load(CASES / "repeated.toml").game(patience=[0.5, 0.8])
    np.testing.assert_allclose(game.discount, [[0.45, 0.81], [0.72, 0.81]])
    assert game.stage.cells == 2


def test_discount_may_be_impossible_between_the_corners(tmp_path):
    scenario = written(
        tmp_path,
        'form = "repeated"\n[players]\nA = ["a"]\nB = ["b"]\n[payoffs]\nA = 0\nB = 0\n'
        '[repeated]\ndiscount = "4.4 * x * (1 - x)"\n[parameters]\nx = { default = 0, low = 0, high = 1 }\n',
    )
    assert scenario.game(x=0.2).cells == 1
    with pytest.raises(ScenarioError, match="no game at these parameters"):
        scenario.game(x=0.5)


def test_infinite_formula_is_told_with_its_corner(tmp_path):
    names = [f"x{i}" for i in range(20)]
    text = '[players]\nA = ["a"]\nB = ["b"]\n[parameters]\n'
    text += "".join(f"{name} = {{ default = 1, low = 0, high = 2 }}\n" for name in names)
    text += f'[payoffs]\nA = "1 / max({", ".join(names)})"\nB = 0\n'
    with pytest.raises(
        ScenarioError, match=r"payoffs.A: is infinite at x0 = 0, .* more for a, b: a division by zero"
    ):
        written(tmp_path, text)


@pytest.fixture(scope="module")
def posture():
    return load(CASES / "posture.toml")


def test_stochastic_game_has_payoffs_and_transitions_by_state(posture):
    game = posture.game(war_chance=[0.2, 0.8])
    assert game.states == ("calm", "tense", "war")
    assert game.actions[0] == (("stand_down", "build_up"), ("wait", "reinforce"))
    assert game.actions[2] == (("attack",), ("reinforce",))
    np.testing.assert_allclose(game.payoffs[0, 0, 0, :2], [[0, 0], [-1, -1]])
    np.testing.assert_allclose(game.payoffs[0, 0, 1], [[2, 2], [1, 1], [0, 0]])
    np.testing.assert_allclose(game.payoffs[0, :, 2, 0, 0], [-3, -8])
    np.testing.assert_allclose(game.transition[:, 1, 2, 0], [[0, 0.8, 0.2], [0, 0.2, 0.8]])
    np.testing.assert_allclose(game.transition[0, 0, 1, 1], [0, 1, 0])
    np.testing.assert_allclose(game.transition.sum(axis=-1), 1)
    assert game.discount.tolist() == [[0.9, 0.9]] * 2


def test_state_has_its_own_outcome(posture):
    assert posture.outcomes.names[-1] == "war"
    assert posture.game().outcomes.names == posture.outcomes.names
    assert posture.outcomes.names[posture.outcomes.of[1, 2, 1]] == "tense: attack, reinforce"


def test_matrices_of_probabilities_and_cells_say_the_same(tmp_path):
    head = (
        'form = "stochastic"\n[players]\nA = ["a", "b"]\nB = ["c", "d"]\n[payoffs]\nA = [[1, 2], [3, 4]]\n'
        "B = 0\n[stochastic]\ndiscount = 0.5\nstart = 't'\n[stochastic.states]\ns = {}\nt = {}\n"
        "[stochastic.transitions]\nt = 't'\n"
    )
    matrix = head + 's = { t = [[0, 0.5], ["1 / 4", 1]], s = "rest" }\n'
    cells = head + '[stochastic.transitions.s]\na = { c = "s", d = { s = 0.5, t = 0.5 } }\n'
    cells += 'b = { c = { t = 0.25, s = "rest" }, d = "t" }\n'
    one, other = written(tmp_path, matrix).game(), written(tmp_path, cells).game()
    np.testing.assert_array_equal(one.transition, other.transition)
    np.testing.assert_allclose(one.transition[0, 0, :, :, 1], [[0, 0.5], [0.25, 1]])
    assert one.start.tolist() == [0, 1]
