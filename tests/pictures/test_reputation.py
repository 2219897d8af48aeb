from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.cli import main
from sim.dataset import reputation, reputation_by_rounds
from sim.pictures.plots.reputation import reputation as drawn
from tests.pictures.datasets import quarters, texts, words


def chain_store(toughness=0.1):
    return sim.solve(sim.load("chain_store").game(toughness=toughness))


@pytest.mark.parametrize("toughness", [0.1, 0.2])
def test_a_name_grows_as_kreps_and_wilson_say(toughness):
    """Kreps and Wilson (1982): who is weak fights so often that the next entrant is indifferent."""
    found = sim.models.chain_store(a=2, b=0.5, p_tough=toughness, stages_left=2)
    last = sim.models.chain_store(a=2, b=0.5, p_tough=found["posterior_after_fight"], stages_left=1)
    data = reputation(chain_store(toughness), {})
    np.testing.assert_allclose(
        data["belief"].sel(type="tough"), [toughness, found["posterior_after_fight"], 1], atol=1e-9
    )
    np.testing.assert_allclose(data["plays"].sel(type="weak"), [found["p_fight_weak"], 0], atol=1e-9)
    assert data["plays"].sel(type="tough").values.tolist() == [1, 1]
    np.testing.assert_allclose(data["tested"], [1 - found["p_out"], 1 - last["p_out"]], atol=1e-9)
    assert data["lost"].values.tolist() == [0, 0]
    assert data["kept"].values.tolist() == ["fight", "fight"]
    assert data["test"].values.tolist() == ["Entrant 1: enter", "Entrant 2: enter"]


def test_a_name_for_weakness_is_kept_by_giving_way():
    data = reputation(chain_store(), {}, name="weak")
    assert data["kept"].values.tolist() == ["give_way", "give_way"]
    assert data["belief"].sel(type="weak").values[1:].tolist() == [1, 1]


def test_what_others_do_unexpectedly_tells_nothing_of_the_type():
    """In the crisis NATO knows nothing of resolve: whatever it does, the belief is what it was before."""
    data = reputation(sim.solve(sim.load("crisis_2021").game()), {})
    assert data["kept"].values.tolist() == ["build_up", "attack"]
    np.testing.assert_allclose(data["belief"].sel(type="resolved"), [0.3, 0.3, 1])
    np.testing.assert_allclose(data["tested"], [1, 0.9])  # the divided concede


def test_the_picture_says_who_mixes():
    figure = drawn(reputation(chain_store(), {}))
    said = words(figure)
    assert "belief that Owner is tough" in said
    assert "the belief in tough goes from 0.1 to 1" in said.replace("The belief", "the belief")
    assert "move 1 (fight): weak 0.111" in said
    assert any("once it does not" in text for text in texts(figure))
    assert figure.axes[0].lines[-1].get_ydata().tolist() == pytest.approx([0.1, 0.5, 1])


def test_the_command_draws_it(tmp_path, capsys):
    path = tmp_path / "name.svg"
    with pytest.raises(SystemExit) as ended:
        main(["solve", "chain_store", "--plot", "reputation", "--out", str(path)])
    assert ended.value.code in {0, None}
    assert "Owner" in path.read_text(encoding="utf-8")
    assert "certified" in capsys.readouterr().out


def test_a_name_of_any_number_of_entrants_is_that_of_the_tree_of_two():
    """Belief state and tree say the same, and the picture shows as many rounds as there are entrants."""
    tree = reputation(chain_store(), {})
    data = reputation_by_rounds(sim.models.chain_store_rounds(2, 0.5, 0.1, 2), {})
    for name in ("belief", "lost", "plays", "tested"):
        np.testing.assert_allclose(data[name], tree[name], atol=1e-9, err_msg=name)
    long = reputation_by_rounds(sim.models.chain_store_rounds(2, 0.5, 0.001, 16), {})
    assert np.isnan(
        long["lost"].values[0]
    )  # where the weak always fight nobody says what giving in would tell
    assert drawn(long).axes[1].lines[0].get_xdata().tolist() == list(range(1, 17))


def test_where_nobody_has_a_name_is_said():
    with pytest.raises(ValueError, match="--plot reputation"):
        drawn(quarters())
    with pytest.raises(ValueError, match="in this tree there is none"):
        reputation(sim.solve(sim.Tree({"A": {"x": (1,), "y": (0,)}})), {})
    with pytest.raises(ValueError, match="this is a normal game"):
        reputation(sim.solve(sim.NormalForm([[[3, 1], [4, 0]], [[3, 4], [1, 0]]])), {})
    with pytest.raises(ValueError, match="no type is called 'soft'"):
        reputation(chain_store(), {}, name="soft")
